/** Random programs through the real compiler and goesc: what they print must be the same, byte for byte. */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Oracle } from "./oracle.ts";
import { Analyzer, type Flags } from "./ours.ts";
import { generateProgram } from "./program.ts";
import { shrink } from "./shrink.ts";

export const libraryPackages: readonly string[] = [
  ..."bytes errors fmt maps os slices sort strconv strings sync unicode".split(" "),
];

export interface Options {
  readonly goroot: string;
  readonly count: number;
  readonly seed: number;
  readonly flags: Flags;
  /** Programs import packages of the standard library, too. */
  readonly std: boolean;
  readonly shrink: boolean;
  /** Only the program with this number. */
  readonly only: number | null;
  /** Stop after so many findings. */
  readonly limit: number;
}

export interface Finding {
  readonly index: number;
  readonly file: string;
  /** The first line that differs. */
  readonly difference: string;
}

export interface Outcome {
  readonly programs: number;
  readonly lines: number;
  /** What the compiler said of programs that it refused: mistakes of the generator. */
  readonly rejected: readonly string[];
  readonly findings: readonly Finding[];
}

/** What goesc prints, or how it failed. */
export function ourText(ours: Analyzer, bytes: Uint8Array, flags: Flags): string {
  try {
    return ours.run(bytes, flags);
  } catch (error) {
    ours.reset();
    const stack = (error as Error).stack ?? String(error);
    return `crash: ${stack.split("\n").slice(0, 5).join("\n")}\n`;
  }
}

export function runPrograms(options: Options): Outcome {
  const { count, seed, flags } = options;
  const dir = join(tmpdir(), "goesc-fuzz", `programs-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  const imports = options.std ? libraryPackages : [];
  const oracle = new Oracle(options.goroot, dir, imports);
  const ours = new Analyzer(imports);
  const encoder = new TextEncoder();
  const findings: Finding[] = [];
  let lines = 0;
  const rejected: string[] = [];
  let programs = 0;
  for (let i = 0; i < count && findings.length < options.limit; i++) {
    if (options.only !== null && i !== options.only) continue;
    programs++;
    const source = generateProgram(seed * 1_000_003 + i, { std: options.std });
    const want = oracle.run(source, flags);
    const have = ourText(ours, encoder.encode(source), flags);
    lines += want.split("\n").length - 1;
    if (isRejected(want) || isCompilerBug(want)) rejected.push(`${i}: ${want.split("\n", 1)[0]}`);
    if (options.only !== null) writeFileSync(join(dir, `${i}.go`), source);
    if (want === have || isCompilerBug(want)) continue;
    const file = join(dir, `${seed}-${i}.go`);
    writeFileSync(file, source);
    let difference = firstDifference(want, have);
    console.log(`--seed ${seed} --only ${i}: ${file}\n${difference}`);
    if (options.shrink) {
      const small = shrink(source, (candidate) =>
        differs(oracle, ours, candidate, flags, isRejected(want), difference),
      );
      difference = firstDifference(oracle.run(small, flags), ourText(ours, encoder.encode(small), flags));
      writeFileSync(join(dir, `${seed}-${i}.small.go`), small);
      console.log(`${small}\n${difference}\n`);
    }
    findings.push({ index: i, file, difference });
  }
  return { programs, lines, rejected, findings };
}

/** The real compiler's back end failed on the program: there is nothing to compare with. */
function isCompilerBug(want: string): boolean {
  return want.includes("internal compiler error");
}

/** The compiler refused the program. */
function isRejected(want: string): boolean {
  return /^x\.go:\d+:\d+: (?!.*(?:escape|moved to heap|leaking|can inline|inlining|self-assignment|devirtual))/m.test(
    want.split("\n", 1)[0],
  );
}

/** The same sort of difference remains. Programs that goesc refuses are not worth the real compiler's time. */
function differs(
  oracle: Oracle,
  ours: Analyzer,
  candidate: string,
  flags: Flags,
  invalid: boolean,
  difference: string,
): boolean {
  const have = ourText(ours, new TextEncoder().encode(candidate), flags);
  if (!invalid && isRejected(have) && !have.startsWith("crash")) return false;
  const want = oracle.run(candidate, flags);
  if (isRejected(want) !== invalid || want === have) return false;
  return difference.includes("crash") === have.startsWith("crash");
}

export function firstDifference(want: string, have: string): string {
  const a = want.split("\n");
  const b = have.split("\n");
  if (have.startsWith("crash")) return `    ${have}`;
  const i = a.findIndex((line, k) => line !== b[k]);
  const at = i < 0 ? a.length : i;
  const missing = a.filter((line) => !b.includes(line));
  const surplus = b.filter((line) => !a.includes(line));
  return [
    `    go:    ${a[at] ?? "(end)"}`,
    `    goesc: ${b[at] ?? "(end)"}`,
    ...missing.slice(0, 6).map((line) => `      - ${line}`),
    ...surplus.slice(0, 6).map((line) => `      + ${line}`),
  ].join("\n");
}
