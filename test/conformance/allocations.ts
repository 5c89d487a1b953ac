/** `npm run allocations -- [--only TEXT] [--runs N] [FILE.go ...]`
 *
 *  What programs allocate, line by line: `goesc run -allocs` against the heap profile of the real binary with
 *  MemProfileRate = 1, over the programs of examples/ and test/run/testdata (or those named). Objects and bytes have to be
 *  equal at every line of the program's own file. Both are built from a copy whose `main` is called by another one, which
 *  prints the real binary's profile; that is run five times (N): where it gives several answers (which goroutine's sudog or tiny
 *  block is used again is a matter of its threads), one of them is asked for. Exits 1 if a line differs. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { SiteTotal } from "../../src/runtime/profile.ts";
import { findGoroot } from "../goroot.ts";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : "";
const root = process.env.GOESC_ROOT ?? process.cwd();
const goesc = join(root, "dist", "goesc.js");
const found = findGoroot();
if (found === null) {
  console.error("allocations: no Go installation found");
  process.exit(2);
}
const go = join(found, "bin", "go");
const work = mkdtempSync(join(tmpdir(), "goesc-allocations-"));
/** How often the real binary is run. */
const runs = args.includes("--runs") ? Number(args[args.indexOf("--runs") + 1]) : 5;
const MARK = "goesc-profile";
const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "" };

interface Count {
  objects: number;
  bytes: number;
}

/** By line of the program's file. */
type Counts = Map<number, Count>;

function add(counts: Counts, line: number, objects: number, bytes: number): void {
  const count = counts.get(line) ?? { objects: 0, bytes: 0 };
  count.objects += objects;
  count.bytes += bytes;
  counts.set(line, count);
}

/** What goesc's program allocated: the same two files. */
function ours(name: string): Counts | string {
  const report = join(work, "allocs.json");
  const { status, stderr } = spawnSync(process.execPath, [goesc, "run", `-allocs=json:${report}`, "harness.go", name], {
    cwd: work,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) return `goesc: exit ${status}: ${stderr.slice(0, 200)}`;
  const { sites } = JSON.parse(readFileSync(report, "utf8")) as { sites: SiteTotal[] };
  const counts: Counts = new Map();
  for (const site of sites) if (basename(site.file) === name) add(counts, site.line, site.objects, site.bytes);
  return counts;
}

/** Imports nothing but package runtime: what other packages allocate when they are initialised would be the harness's. */
const harness = `package main

import "runtime"

var stats runtime.MemStats

func profiled() {
	recover()
	runtime.MemProfileRate = 0
	runtime.GC()
	runtime.GC()
	n, _ := runtime.MemProfile(nil, true)
	records := make([]runtime.MemProfileRecord, n+100)
	n, _ = runtime.MemProfile(records, true)
	for _, record := range records[:n] {
		print("\\n${MARK} ", record.AllocObjects, " ", record.AllocBytes)
		frames := runtime.CallersFrames(record.Stack())
		for more := true; more; {
			var frame runtime.Frame
			frame, more = frames.Next()
			print(" ", frame.Function, " ", frame.File, ":", frame.Line)
		}
	}
	println()
}

func main() {
	defer profiled()
	// Has the next tiny object begin a block: where it would go else depends on the strings of the environment.
	runtime.ReadMemStats(&stats)
	profiledMain()
}
`;

/** What one run of the real binary allocated, by line of the file. */
function profileOf(stderr: string, name: string): Counts {
  const counts: Counts = new Map();
  for (const line of stderr.split("\n")) {
    if (!line.startsWith(`${MARK} `)) continue;
    // Go's collector starts workers when it runs first, and charges their descriptors to who happens to be there.
    if (line.includes(" runtime.gcBgMarkStartWorkers ")) continue;
    const [, objects, bytes, ...frames] = line.split(" ");
    // The innermost function that is not the runtime's is charged.
    for (let i = 0; i + 1 < frames.length; i += 2) {
      if (/^(?:runtime|internal\/runtime\/[\w/]+)\./.test(frames[i])) continue;
      const colon = frames[i + 1].lastIndexOf(":");
      if (basename(frames[i + 1].slice(0, colon)) === name)
        add(counts, Number(frames[i + 1].slice(colon + 1)), Number(objects), Number(bytes));
      break;
    }
  }
  return counts;
}

/** What the real binary allocated in each of `runs` runs. */
function theirs(file: string): Counts[] | string {
  const source = readFileSync(file, "utf8");
  const name = basename(file);
  if (!/^func main\(\)/m.test(source)) return "no main function";
  writeFileSync(join(work, name), source.replace(/^func main\(\)/m, "func profiledMain()"));
  writeFileSync(join(work, "harness.go"), harness);
  const binary = join(work, "program");
  const built = spawnSync(go, ["build", "-o", binary, "harness.go", name], { cwd: work, env, encoding: "utf8" });
  if (built.status !== 0) return `go build: ${built.stderr.slice(0, 300)}`;
  const all: Counts[] = [];
  for (let run = 0; run < runs; run++) {
    const { stderr } = spawnSync(binary, [], {
      env: { ...env, GODEBUG: "memprofilerate=1" },
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (!stderr.includes(MARK)) return `the real binary wrote no profile: ${stderr.slice(0, 200)}`;
    all.push(profileOf(stderr, name));
  }
  return all;
}

const named = args.filter((arg) => arg.endsWith(".go")).map((arg) => resolve(arg));
const dirs = [join(root, "examples"), join(root, "test", "run", "testdata")];
const files =
  named.length > 0
    ? named
    : dirs.flatMap((dir) =>
        readdirSync(dir)
          .filter((name) => name.endsWith(".go") && name.includes(only))
          .sort()
          .map((name) => join(dir, name)),
      );
let programs = 0;
let equal = 0;
let lines = 0;
let varying = 0;
let skipped = 0;
for (const file of files) {
  const real = theirs(file);
  if (typeof real === "string") {
    console.log(`skip ${basename(file)}: ${real}`);
    skipped++;
    continue;
  }
  programs++;
  const own = ours(basename(file));
  if (typeof own === "string") {
    console.log(`FAIL ${basename(file)}: ${own}`);
    continue;
  }
  const wrong: string[] = [];
  const show = (counts: Counts, line: number): string => {
    const { objects, bytes } = counts.get(line) ?? { objects: 0, bytes: 0 };
    return `${objects} objects, ${bytes} bytes`;
  };
  for (const line of [...new Set([...real, own].flatMap((counts) => [...counts.keys()]))].sort((a, b) => a - b)) {
    const seen = [...new Set(real.map((counts) => show(counts, line)))];
    lines++;
    if (seen.length > 1) varying++;
    if (!seen.includes(show(own, line)))
      wrong.push(`line ${line}: real ${seen.join(" or ")}; goesc ${show(own, line)}`);
  }
  if (wrong.length === 0) equal++;
  else console.log(`DIFF ${basename(file)}: ${wrong.join("; ")}`);
}
rmSync(work, { recursive: true, force: true });
console.log(
  `${equal} of ${programs} programs allocate the same, ${lines} lines compared, ${varying} of them with several answers, ${skipped} skipped`,
);
process.exit(equal === programs ? 0 : 1);
