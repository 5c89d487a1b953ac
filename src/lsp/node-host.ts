/** The engine's host in Node: files of the machine, summaries in goesc's cache directory. */
import { fileURLToPath } from "node:url";
import { openStdArchive } from "../host/assets.ts";
import { buildOf, Cache, defaultCacheLimit, generationDir } from "../host/cache.ts";
import { cacheDir } from "../host/cache-dir.ts";
import { nodeHost } from "../host/node-host.ts";
import { SummaryStore } from "../host/summary-store.ts";
import type { EngineHost } from "./engine/host.ts";

export function nodeEngineHost(interrupted: () => boolean): EngineHost {
  const build = buildOf(fileURLToPath(import.meta.url));
  const store = new SummaryStore(generationDir(cacheDir(), build));
  const cache = new Cache(cacheDir(), defaultCacheLimit, build);
  return {
    loadHost: (cwd) => ({ ...nodeHost(), cwd }),
    std: openStdArchive(),
    readSummary: (key) => store.read(key),
    writeSummary: (key, bytes) => {
      if (store.write(key, bytes)) cache.added(bytes.length);
    },
    interrupted,
  };
}
