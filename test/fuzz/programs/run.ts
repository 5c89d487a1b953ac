/** Random programs through the real compiler and goesc: what they print must be the same, byte for byte. */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Oracle, type OracleResult, tookTooLong } from "./oracle.ts";
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
export function ourText(ours: Analyzer, bytes: Uint8Array, flags: Flags): { text: string; failed: boolean } {
  try {
    return ours.run(bytes, flags);
  } catch (error) {
    ours.reset();
    const stack = (error as Error).stack ?? String(error);
    return { text: `crash: ${stack.split("\n").slice(0, 5).join("\n")}\n`, failed: true };
  }
}

/** Programs that the real compiler works on while goesc analyses the one before. */
const ahead = 2;

interface Running {
  readonly index: number;
  readonly source: string;
  readonly want: Promise<OracleResult>;
}

export async function runPrograms(options: Options): Promise<Outcome> {
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
  const running: Running[] = [];
  let next = options.only ?? 0;
  const end = options.only === null ? count : Math.min(count, options.only + 1);
  while (findings.length < options.limit) {
    for (; next < end && running.length <= ahead; next++) {
      const source = generateProgram(seed * 1_000_003 + next, { std: options.std });
      running.push({ index: next, source, want: oracle.start(`slot${next % (ahead + 1)}`, source, flags) });
    }
    const program = running.shift();
    if (program === undefined) break;
    programs++;
    const { index, source } = program;
    const have = ourText(ours, encoder.encode(source), flags);
    const want = await program.want;
    lines += want.text.split("\n").length - 1;
    if (want.failed) rejected.push(`${index}: ${refusal(want.text)}`);
    if (options.only !== null) writeFileSync(join(dir, `${index}.go`), source);
    if (programs % 1000 === 0 && options.shrink) console.log(`… ${programs} programs, ${lines} lines`);
    if (want.text === have.text || isCompilerBug(want.text)) continue;
    const file = join(dir, `${seed}-${index}.go`);
    writeFileSync(file, source);
    let difference = firstDifference(want.text, have.text);
    console.log(`--seed ${seed} --only ${index}: ${file}\n${difference}`);
    if (options.shrink) {
      const small = shrink(source, (candidate) => differs(oracle, ours, candidate, flags, want.failed, difference));
      difference = firstDifference(oracle.run(small, flags).text, ourText(ours, encoder.encode(small), flags).text);
      writeFileSync(join(dir, `${seed}-${index}.small.go`), small);
      console.log(`${small}\n${difference}\n`);
    }
    findings.push({ index, file, difference });
  }
  await Promise.all(running.map((program) => program.want));
  return { programs, lines, rejected, findings };
}

/** What the compiler has against a program, in one line. */
function refusal(text: string): string {
  const lines = text.split("\n");
  return lines.find((line) => line.includes("internal compiler error")) ?? lines[0];
}

/** The real compiler failed on the program, mostly in its back end: there is nothing to compare with. */
function isCompilerBug(want: string): boolean {
  return want.includes("internal compiler error") || want === tookTooLong;
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
  const crashed = have.text.startsWith("crash");
  if (!invalid && have.failed && !crashed) return false;
  const want = oracle.run(candidate, flags);
  if (want.failed !== invalid || want.text === have.text || isCompilerBug(want.text)) return false;
  return difference.includes("crash") === crashed;
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
