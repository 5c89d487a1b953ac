/** `goesc cache`: what the cache holds; `goesc cache clean`: empties it. */
import { Cache, EntryKind, limitOf, sizeText } from "../host/cache.ts";
import { cacheDir } from "../host/cache-dir.ts";
import { thisBuild } from "./analyze.ts";
import { UsageError } from "./args.ts";

/** GOESC_CACHE_SIZE in bytes. Throws a {@link UsageError}. */
export function cacheLimit(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const size = limitOf(env);
  if (size === null) throw new UsageError(`GOESC_CACHE_SIZE=${env.GOESC_CACHE_SIZE} is no size; write 512M or 2G`);
  return size;
}

const kinds: readonly (readonly [EntryKind, string])[] = [
  [EntryKind.Summary, "summaries, output, code"],
  [EntryKind.OtherBuild, "of other builds"],
  [EntryKind.Index, "indexes"],
  [EntryKind.Stale, "stale"],
];

export function runCache(args: readonly string[]): number {
  const cache = new Cache(cacheDir(), cacheLimit(), thisBuild());
  if (args.length === 0) show(cache);
  else if (args.length === 1 && args[0] === "clean") {
    const { files, bytes } = cache.clean();
    process.stdout.write(`removed ${filesText(files)}, ${sizeText(bytes)}\n`);
  } else throw new UsageError("usage: goesc cache [clean]");
  return 0;
}

function show(cache: Cache): void {
  const use = cache.show();
  let total = 0;
  for (const { bytes } of use.values()) total += bytes;
  const lines: [string, string][] = [
    ["directory", cache.dir],
    ["size", `${sizeText(total)}, at most ${sizeText(cache.limit)}`],
  ];
  for (const [kind, name] of kinds) {
    const part = use.get(kind);
    if (part !== undefined) lines.push([name, `${filesText(part.files)}, ${sizeText(part.bytes)}`]);
  }
  process.stdout.write(lines.map(([name, text]) => `${name.padEnd(24)}${text}\n`).join(""));
}

function filesText(n: number): string {
  return n === 1 ? "1 file" : `${n} files`;
}
