/** Damages Go files of GOROOT/test (and our examples) and has them parsed, checked and, where they check, analysed with
 *  all that `-m=2` prints. Looks for crashes, for runs of more than two seconds, and for errors without a position.
 *  Prints the seed of each finding: `--seed S --only N` repeats it; its file is written to the temporary directory. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { NoPos } from "../../src/base/pos.ts";
import { headerError } from "../../src/load/header-error.ts";
import { mutate, Random } from "./mutate.ts";
import { Analyzer } from "./programs/ours.ts";

const LimitMs = 2000;
/** Every so many files go through the whole command, too, in a process of its own. */
const CommandEvery = 100;
const MaxSourceBytes = 20_000;

export interface MutationOptions {
  readonly goroot: string;
  readonly count: number;
  readonly seed: number;
  readonly only: number | null;
}

function goFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".go"))
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size < MaxSourceBytes)
    .sort();
}

/** Time of the processor, so that a busy machine finds nothing of its own. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs the command on a file as people do; what is wrong with what it says, or null. */
function misbehaves(bundle: string, dir: string, bytes: Uint8Array): string | null {
  writeFileSync(join(dir, "x.go"), bytes);
  const run = spawnSync(process.execPath, [bundle, "-m", "-l", "x.go"], {
    cwd: dir,
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 28,
    env: { ...process.env, GOWORK: "off", GOFLAGS: "", PWD: dir },
  });
  if (run.signal !== null) return `command killed by ${run.signal}`;
  if (run.status !== 0 && run.status !== 1) return `exit code ${run.status}: ${run.stderr.slice(0, 300)}`;
  if ((run.status === 0) !== (run.stderr === ""))
    return `exit code ${run.status} with ${run.stderr.length} bytes of errors`;
  if (run.stderr.includes("internal error")) return run.stderr.slice(0, 300);
  // A file that cannot be loaded has one error, which says which file; others have the header first.
  const first = run.stderr.split("\n")[run.stderr.startsWith("# ") ? 1 : 0];
  // (The go command names only the file where a //go:build line cannot be parsed.)
  const placed =
    /^\S+:\d+(?::\d+)?: |^\S+\.go: parsing \/\/go:build line: |^package |^\S.* is not in std|^no Go files/.test(first);
  return run.stderr === "" || placed ? null : `no position: ${run.stderr.slice(0, 300)}`;
}

/** Returns the number of findings. */
export function fuzzMutations({ goroot, count, seed, only }: MutationOptions): number {
  const root = process.env.GOESC_ROOT ?? dirname(process.cwd());
  const sources = [...goFiles(join(root, "examples")), ...goFiles(join(goroot, "test"))];
  const work = join(tmpdir(), "goesc-fuzz");
  mkdirSync(work, { recursive: true });
  const bundle = join(root, "dist", "goesc.js");
  const analyzer = new Analyzer(["std"]);
  let findings = 0;
  let withErrors = 0;
  let slowest = 0;
  for (let i = only ?? 0; i < (only === null ? count : only + 1); i++) {
    const random = new Random(seed * 1_000_003 + i);
    const path = random.pick(sources);
    const { bytes, story } = mutate(random, readFileSync(path));
    const report = (what: string): void => {
      findings++;
      const saved = join(work, `${seed}-${i}.go`);
      writeFileSync(saved, bytes);
      console.log(`${what}\n    --seed ${seed} --only ${i}: ${path} (${story}), saved as ${saved}`);
    };
    const flags = { m: 2, l: i % 2 };
    let start = cpuMs();
    try {
      analyzer.prepare(bytes); // checks packages that others import, too: not the file's time
      start = cpuMs();
      headerError(bytes);
      const { session, result } = analyzer.analyze(bytes, flags);
      if (result.errors.length > 0) withErrors++;
      for (const { pos, msg } of result.errors) {
        if (pos === NoPos || session.fset.absolute(pos).line === 0) report(`no position: ${msg}`);
      }
    } catch (error) {
      analyzer.reset();
      report(`crash: ${(error as Error).stack?.split("\n").slice(0, 6).join("\n    ")}`);
    }
    const elapsed = cpuMs() - start;
    if (existsSync(bundle) && (i % CommandEvery === 0 || only !== null)) {
      const problem = misbehaves(bundle, work, bytes);
      if (problem !== null) report(problem);
    }
    slowest = Math.max(slowest, elapsed);
    if (elapsed > LimitMs) report(`slow: ${elapsed.toFixed(0)} ms`);
    if (process.stderr.isTTY && i % 500 === 0) process.stderr.write(`\r${i}/${count}`);
  }
  console.log(
    `${only === null ? count : 1} files, seed ${seed}: ${withErrors} with errors, ${findings} findings, the slowest took ${slowest.toFixed(0)} ms`,
  );
  return findings;
}
