/** Random programs through the real compiler and goesc: what they print must be the same, byte for byte. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Oracle, type OracleResult, type Program, tookTooLong } from "./oracle.ts";
import { Analyzer, type Flags } from "./ours.ts";
import { generatePair, generateProgram } from "./program.ts";
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
  /** How many of a hundred programs come with a package that they import. */
  readonly pairs: number;
  /** Another compiler than that of GOROOT; "" for none. */
  readonly compiler: string;
  readonly shrink: boolean;
  /** A program that was written down, instead of random ones. */
  readonly file: string | null;
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

const encoder = new TextEncoder();

/** What goesc prints, or how it failed. */
export function ourText(
  ours: Analyzer,
  { main, lib, libPath }: Program,
  flags: Flags,
): { text: string; failed: boolean } {
  try {
    let text = "";
    if (lib !== null) {
      const file = `${libPath}.go`;
      ours.set(file, encoder.encode(lib));
      const result = ours.runPackage({ path: libPath, files: [file], complete: true, isStd: false }, flags, [libPath]);
      if (result.failed) return result;
      text = result.text;
    }
    const result = ours.run(encoder.encode(main), flags);
    return { text: text + result.text, failed: result.failed };
  } catch (error) {
    ours.reset();
    const stack = (error as Error).stack ?? String(error);
    return { text: `crash: ${stack.split("\n").slice(0, 5).join("\n")}\n`, failed: true };
  }
}

/** The program with number `index`. */
function generate({ seed, std, pairs, file }: Options, index: number): Program {
  if (file !== null) return programOf(readFileSync(file, "utf8"));
  const number = seed * 1_000_003 + index;
  const libPath = `lib${index}`;
  if (index % 100 >= pairs) return { main: generateProgram(number, { std }), lib: null, libPath };
  return { ...generatePair(number, { std }, libPath), libPath };
}

function textOf({ main, lib, libPath }: Program): string {
  return lib === null ? main : `${lib}\n// ${libPath} ends here\n\n${main}`;
}

/** The program that {@link textOf} has written down. */
export function programOf(text: string): Program {
  const match = /\n\/\/ (\w+) ends here\n\n/.exec(text);
  if (match === null) return { main: text, lib: null, libPath: "" };
  return { lib: text.slice(0, match.index), main: text.slice(match.index + match[0].length), libPath: match[1] };
}

/** Programs that the real compiler works on while goesc analyses the one before. */
const ahead = 2;

interface Running {
  readonly index: number;
  readonly program: Program;
  readonly want: Promise<OracleResult>;
}

export async function runPrograms(options: Options): Promise<Outcome> {
  const { count, seed, flags } = options;
  const dir = join(tmpdir(), "goesc-fuzz", `programs-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  const imports = options.std ? libraryPackages : [];
  const oracle = new Oracle(options.goroot, dir, imports, options.compiler);
  const ours = new Analyzer(imports);
  const findings: Finding[] = [];
  let lines = 0;
  const rejected: string[] = [];
  let programs = 0;
  const running: Running[] = [];
  let next = options.only ?? 0;
  const end = options.only === null ? count : Math.min(count, options.only + 1);
  while (findings.length < options.limit) {
    for (; next < end && running.length <= ahead; next++) {
      const program = generate(options, next);
      running.push({ index: next, program, want: oracle.start(`slot${next % (ahead + 1)}`, program, flags) });
    }
    const first = running.shift();
    if (first === undefined) break;
    programs++;
    const { index, program } = first;
    const have = ourText(ours, program, flags);
    const want = await first.want;
    lines += want.text.split("\n").length - 1;
    if (want.failed) rejected.push(`${index}: ${refusal(want.text)}`);
    if (options.only !== null) writeFileSync(join(dir, `${index}.go`), textOf(program));
    if (programs % 1000 === 0) console.log(`… ${programs} programs, ${lines} lines`);
    if (want.text === have.text || isCompilerBug(want.text)) continue;
    const file = join(dir, `${seed}-${index}.go`);
    writeFileSync(file, textOf(program));
    let difference = firstDifference(want.text, have.text);
    console.log(`--seed ${seed} --only ${index}: ${file}\n${difference}`);
    if (options.shrink) {
      const small = smaller(oracle, ours, program, flags, want.failed, difference);
      difference = firstDifference(oracle.run(small, flags).text, ourText(ours, small, flags).text);
      writeFileSync(join(dir, `${seed}-${index}.small.go`), textOf(small));
      console.log(`${textOf(small)}\n${difference}\n`);
    }
    findings.push({ index, file, difference });
  }
  await Promise.all(running.map((program) => program.want));
  return { programs, lines, rejected, findings };
}

/** What the compiler has against a program, in one line. */
function refusal(text: string): string {
  const lines = text.split("\n");
  const remark =
    / (?:inline|inlining|escapes?|leaks?|leaking|capturing|flow:|from|devirtualizing|elided) |moved to heap/;
  return (
    lines.find((line) => line.includes("internal compiler error")) ??
    lines.find((line) => line !== "" && !remark.test(line)) ??
    lines[0]
  );
}

/** The real compiler failed on the program, mostly in its back end: there is nothing to compare with. */
function isCompilerBug(want: string): boolean {
  return want.includes("internal compiler error") || want === tookTooLong;
}

/** A smaller program with the same sort of difference. */
function smaller(
  oracle: Oracle,
  ours: Analyzer,
  program: Program,
  flags: Flags,
  invalid: boolean,
  difference: string,
): Program {
  let tries = 0;
  // What was read of a library is remembered by its name.
  const named = (part: Partial<Program>, to = `small${tries++}`): Program => {
    const next = { ...program, ...part };
    return { ...next, main: next.main.replaceAll(`"${next.libPath}"`, `"${to}"`), libPath: to };
  };
  const holds = (part: Partial<Program>): boolean =>
    differs(oracle, ours, program.lib === null ? { ...program, ...part } : named(part), flags, invalid, difference);
  const main = shrink(program.main, (candidate) => holds({ main: candidate }));
  if (program.lib === null) return { ...program, main };
  const lib = shrink(program.lib, (candidate) => holds({ main, lib: candidate }));
  return named({ main, lib }, "lib");
}

/** The same sort of difference remains. Programs that goesc refuses are not worth the real compiler's time. */
function differs(
  oracle: Oracle,
  ours: Analyzer,
  candidate: Program,
  flags: Flags,
  invalid: boolean,
  difference: string,
): boolean {
  const have = ourText(ours, candidate, flags);
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
