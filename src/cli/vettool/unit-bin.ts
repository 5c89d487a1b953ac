/** The program that analyses a unit of `go vet`: bin.ts loads it when more is wanted of a package than where its facts
 *  will be. */
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";
import { defaultCacheLimit, limitOf } from "../../host/cache.ts";
import { keepCode, noteUse } from "../../host/code-cache.ts";
import { isStackOverflow } from "../crash.ts";
import { parseVetArgs, readVetConfig } from "./protocol.ts";
import { runUnit } from "./unit.ts";

const self = fileURLToPath(import.meta.url);

function main(): void {
  // bin.ts has looked at both.
  const args = parseVetArgs(process.argv.slice(2))!;
  const config = readVetConfig(args.config)!;
  try {
    process.exitCode = runUnit(config, args);
  } catch (error) {
    // A thread may have a deeper stack than this one.
    if (!(isMainThread && isStackOverflow(error))) throw error;
    const worker = new Worker(self, { argv: process.argv.slice(2), resourceLimits: { stackSizeMb: 256 } });
    worker.on("exit", (code) => {
      process.exitCode = code;
    });
    return;
  }
  noteUse("unit");
  keepCode(self, limitOf() ?? defaultCacheLimit);
}

main();
