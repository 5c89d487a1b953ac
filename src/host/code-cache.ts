/** The engine's code cache for goesc's own bundles: what earlier runs have compiled of a bundle is read instead of being
 *  compiled again, which is half of a short run.
 *
 *  A bundle is two files: NAME.js starts NAME.code.cjs (launch.ts), which is the program. The code lies among the
 *  summaries of the build, under the name of the engine's version and flags, and begins with a line that says which
 *  **uses** of the program had been made when it was written: functions that no such use has called are not in it. A
 *  run that makes another use writes it anew at its end.
 *
 *  Until there is such a file, the code that the build made on trial runs (NAME.code.bin, scripts/build.mjs) serves those
 *  who have the same engine. The engine does not compare code with its text, so that both say of which text they are. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { buildOf, Cache, generationDir } from "./cache.ts";
import { cacheDir } from "./cache-dir.ts";
import { type StartedCode, startedCode } from "./started-code.ts";
import { SummaryStore, summaryKey } from "./summary-store.ts";

/** The file that holds the program which `entry` starts: it tells builds apart. */
export function programFile(entry: string): string {
  const code = entry.replace(/\.js$/, ".code.cjs");
  return existsSync(code) ? code : entry;
}

/** The engine's version and flags, which may change while a program runs. */
export function engineTag(): string {
  return String(cachedDataVersionTag());
}

/** The name of the code of a text in `file`. */
export function codeKey(file: string): string {
  return summaryKey(["code", basename(file), engineTag()]);
}

export interface KnownCode {
  readonly uses: readonly string[];
  readonly data: Buffer;
}

/** The code that earlier runs or the build have left; null if there is none. `program` tells builds apart, `text` is that
 *  of `file`, which is that program or a part of it. */
export function readCode(program: string, file: string, key: string, text: string): KnownCode | null {
  const bytes = new SummaryStore(generationDir(cacheDir(), buildOf(program))).read(key);
  if (bytes !== null) return parseCode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const id = textId(text);
  if (id === "") return null;
  let built: Buffer;
  try {
    built = readFileSync(builtCode(file));
  } catch {
    return null;
  }
  const code = parseCode(built);
  const [ofText, ofEngine, ...uses] = code.uses;
  return ofText === id && ofEngine === key ? { uses, data: code.data } : null;
}

function parseCode(content: Buffer): KnownCode {
  const end = content.indexOf(10);
  return { uses: content.toString("latin1", 0, end).split(" "), data: content.subarray(end + 1) };
}

function builtCode(file: string): string {
  return file.replace(/\.cjs$/, ".bin");
}

/** The hash that the build has put before a text, in a comment; "" if there is none. */
function textId(text: string): string {
  return /^\/\*([0-9a-f]{32})\*\//.exec(text)?.[1] ?? "";
}

/** Says what the program is used for, so that the functions for it will be in the code that is kept. */
export function noteUse(use: string): void {
  startedCode()?.uses.add(use);
}

/** To be called at the end of a run: keeps its code if it is more than was known. `entry` is the program's file. */
export function keepCode(entry: string, limit: number): void {
  const started = startedCode();
  if (started === null) return;
  const { script, file, known, uses, key } = started;
  if (process.env.GOESC_BUILD_CODE === "1") {
    leaveBuiltCode(started);
    return;
  }
  // With other flags than it started with, nobody could read it.
  if ([...uses].every((use) => known.has(use)) || codeKey(file) !== key) return;
  const build = buildOf(programFile(entry));
  const head = Buffer.from(`${[...new Set([...known, ...uses])].join(" ")}\n`, "latin1");
  const content = Buffer.concat([head, script.createCachedData()]);
  const store = new SummaryStore(generationDir(cacheDir(), build));
  if (store.write(key, content)) new Cache(cacheDir(), limit, build).added(content.length);
}

/** On a trial run of the build. */
function leaveBuiltCode({ script, file, known, uses, key }: StartedCode): void {
  const head = [textId(readFileSync(file, "latin1")), key, ...new Set([...known, ...uses])].join(" ");
  writeFileSync(builtCode(file), Buffer.concat([Buffer.from(`${head}\n`, "latin1"), script.createCachedData()]));
}
