/** `npm run fuzz -- [--count 20000] [--seed 1] [--only N]`
 *
 *  Damages Go files of GOROOT/test (and our examples) and has them parsed, checked and, where they check, analysed. Looks
 *  for crashes, for runs of more than two seconds, and for errors without a position. Prints the seed of each finding:
 *  `--seed S --only N` repeats it; its file is written to the temporary directory. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { NoPos } from "../../src/base/pos.ts";
import { headerError } from "../../src/load/header-error.ts";
import { scanImports } from "../../src/syntax/imports.ts";
import { SourceChecker } from "../conformance/checker.ts";
import { findGoroot } from "../goroot.ts";
import { mutate, Random } from "./mutate.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
const LimitMs = 2000;
const MaxSourceBytes = 20_000;

function goFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".go"))
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size < MaxSourceBytes)
    .sort();
}

const root = process.env.GOESC_ROOT ?? dirname(process.cwd());
const goroot = findGoroot();
if (goroot === null) {
  console.error("fuzz: no Go installation found (the checker reads imports from its sources)");
  process.exit(2);
}
const sources = [...goFiles(join(root, "examples")), ...goFiles(join(goroot, "test"))];

const work = join(tmpdir(), "goesc-fuzz");
mkdirSync(work, { recursive: true });
let checker = new SourceChecker();
/** Time of the processor, so that a busy machine finds nothing of its own. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let findings = 0;
let withErrors = 0;
let slowest = 0;

function report(index: number, what: string, story: string, file: string, bytes: Uint8Array): void {
  findings++;
  const saved = join(work, `${seed}-${index}.go`);
  writeFileSync(saved, bytes);
  console.log(`${what}\n    --seed ${seed} --only ${index}: ${file} (${story}), saved as ${saved}`);
}

for (let i = 0; i < count; i++) {
  if (values.only !== undefined && i !== Number(values.only)) continue;
  // Positions are integers that grow with every file; start afresh before they run out.
  if (i % 2000 === 1999) checker = new SourceChecker();
  const random = new Random(seed * 1_000_003 + i);
  const path = random.pick(sources);
  const { bytes, story } = mutate(random, readFileSync(path));
  const start = cpuMs();
  try {
    scanImports(bytes);
    headerError(bytes);
    const { errors, fset } = checker.check([{ name: "x.go", bytes }], { path: "p" });
    if (errors.length > 0) withErrors++;
    for (const { pos, msg } of errors) {
      const { line } = fset.absolute(pos);
      if (pos === NoPos || line === 0) report(i, `no position: ${msg}`, story, path, bytes);
    }
  } catch (error) {
    report(i, `crash: ${(error as Error).stack?.split("\n").slice(0, 4).join("\n    ")}`, story, path, bytes);
  }
  let elapsed = cpuMs() - start;
  if (elapsed > LimitMs) {
    // The first use of an import checks its package: what counts is the file itself.
    const again = cpuMs();
    try {
      checker.check([{ name: "x.go", bytes }], { path: "p" });
    } catch {
      // reported above
    }
    elapsed = cpuMs() - again;
  }
  slowest = Math.max(slowest, elapsed);
  if (elapsed > LimitMs) report(i, `slow: ${elapsed.toFixed(0)} ms`, story, path, bytes);
  if (process.stderr.isTTY && i % 500 === 0) process.stderr.write(`\r${i}/${count}`);
}
console.log(
  `${count} files, seed ${seed}: ${withErrors} with errors, ${findings} findings, the slowest took ${slowest.toFixed(0)} ms`,
);
process.exitCode = findings > 0 ? 1 : 0;
