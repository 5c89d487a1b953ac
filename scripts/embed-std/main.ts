/** `npm run embed-std -- [--platforms=linux/amd64,…] [--out=FILE] [GOROOT]`
 *
 *  Makes assets/std.bin: what programs can see of the standard library, for machines where no Go is installed. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { hashHex } from "../../src/base/hash.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { indexItem, packArchive, sourceItem, summaryItem } from "../../src/host/std-archive.ts";
import { findGoRoot } from "../../src/load/goroot.ts";
import { Session } from "../../src/report/session.ts";
import type { Package } from "../../src/types/types.ts";
import { analyseStd } from "./analyse.ts";
import { Reach } from "./reach.ts";
import { PackageReducer } from "./reduce.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    platforms: { type: "string", default: "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64" },
    out: { type: "string" },
  },
});
const root = process.env.GOESC_ROOT ?? process.cwd();
const out = resolve(values.out ?? join(root, "assets", "std.bin"));
const platforms = values.platforms.split(",");
const goroot = positionals[0] ?? findGoRoot(nodeHost(), "")?.dir;
if (goroot === undefined) {
  console.error("embed-std: no Go installation found; name one");
  process.exit(2);
}

/** Programs can import it. */
function isImportable(path: string): boolean {
  return !/(?:^|\/)(?:internal|vendor)(?:\/|$)/.test(path);
}

const files = new Map<string, Uint8Array>();
function readFile(path: string): Uint8Array {
  let bytes = files.get(path);
  if (bytes === undefined) {
    bytes = readFileSync(path);
    files.set(path, bytes);
  }
  return bytes;
}

const encoder = new TextEncoder();
const items = new Map<string, Map<string, Uint8Array>>();
function addItem(name: string, platform: string, bytes: Uint8Array): void {
  let item = items.get(name);
  if (item === undefined) {
    item = new Map();
    items.set(name, item);
  }
  item.set(platform, bytes);
}

let goVersion = "";
for (const platform of platforms) {
  const started = performance.now();
  const std = analyseStd(goroot, platform, readFile);
  goVersion = std.goVersion;
  addItem(indexItem, platform, encoder.encode(std.index));

  const session = new Session({ readFile, readSummary: (path) => std.summaries.get(path) ?? null, goroot }, std.goarch);
  const importPackage = (path: string): Package => session.importPackage(path)!;
  const reach = new Reach(importPackage, std.mentions);
  const paths = [...std.summaries.keys()].sort();
  for (const path of paths) if (isImportable(path)) reach.addPackage(importPackage(path));
  const sizes = { summaries: 0, sources: 0, objects: reach.objects.size, bodies: reach.bodies.size };
  for (const path of paths) {
    const pkg = importPackage(path);
    const { summary, sources } = new PackageReducer(pkg, session.fset, reach, std.mentions, readFile, goroot).run();
    addItem(summaryItem(path), platform, summary);
    sizes.summaries += summary.length;
    if (Object.keys(sources).length === 0) continue;
    const text = encoder.encode(JSON.stringify(sources));
    addItem(sourceItem(path), platform, text);
    sizes.sources += text.length;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${platform}: ${paths.length} packages, ${sizes.objects} objects, ${sizes.bodies} bodies, ` +
      `${sizes.summaries} bytes of summaries, ${sizes.sources} of source text, ${seconds} s`,
  );
}

const text = [...items].map(([name, byPlatform]) => [
  name,
  ...[...byPlatform].flat().map((x) => (typeof x === "string" ? x : hashHex(x))),
]);
const bytes = packArchive(goVersion, platforms, items, hashHex(encoder.encode(JSON.stringify(text))));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, bytes);
console.log(`${out}: ${bytes.length} bytes, go${goVersion}, ${platforms.join(" ")}`);
