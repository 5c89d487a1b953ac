/** `npm run allocations -- [--only TEXT] [FILE.go ...]`
 *
 *  What programs allocate, line by line: `goesc run -allocs` against the heap profile of the real binary with
 *  MemProfileRate = 1, over the programs of examples/ and test/run/testdata (or those named). Objects and bytes have to be
 *  equal at every line of the program's own file. The real binary is built from a copy whose `main` is called by another
 *  one, which writes the profile. Exits 1 if a line differs. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Profile } from "pprof-format";
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

function ours(file: string): Counts | string {
  const report = join(work, "allocs.json");
  const { status, stderr } = spawnSync(process.execPath, [goesc, "run", `-allocs=json:${report}`, file], {
    env,
    encoding: "utf8",
  });
  if (status !== 0 && !stderr.includes("panic")) return `goesc: exit ${status}: ${stderr.slice(0, 200)}`;
  const { sites } = JSON.parse(readFileSync(report, "utf8")) as { sites: SiteTotal[] };
  const counts: Counts = new Map();
  for (const site of sites) if (site.file === file) add(counts, site.line, site.objects, site.bytes);
  return counts;
}

const harness = `package main

import (
	"os"
	"runtime"
	"runtime/pprof"
)

func init() { runtime.MemProfileRate = 1 }

func main() {
	defer func() {
		recover()
		runtime.MemProfileRate = 0
		runtime.GC()
		runtime.GC()
		f, _ := os.Create(os.Getenv("HEAP_PROFILE"))
		pprof.WriteHeapProfile(f)
		f.Close()
	}()
	profiledMain()
}
`;

function theirs(file: string): Counts | string {
  const source = readFileSync(file, "utf8");
  const name = basename(file);
  if (!/^func main\(\)/m.test(source)) return "no main function";
  writeFileSync(join(work, name), source.replace(/^func main\(\)/m, "func profiledMain()"));
  // Files are initialised in the order of their names: the rate is set first.
  writeFileSync(join(work, "0main.go"), harness);
  const binary = join(work, "program");
  const built = spawnSync(go, ["build", "-o", binary, "0main.go", name], { cwd: work, env, encoding: "utf8" });
  if (built.status !== 0) return `go build: ${built.stderr.slice(0, 300)}`;
  const report = join(work, "heap.pb.gz");
  spawnSync(binary, [], { env: { ...env, HEAP_PROFILE: report, GODEBUG: "memprofilerate=1" } });
  const profile = Profile.decode(gunzipSync(readFileSync(report)));
  const { strings } = profile.stringTable;
  const functions = new Map(profile.function.map((fn) => [Number(fn.id), fn]));
  const locations = new Map(profile.location.map((location) => [Number(location.id), location]));
  const counts: Counts = new Map();
  for (const sample of profile.sample) {
    const lines = sample.locationId.flatMap((id) => locations.get(Number(id))?.line ?? []);
    // The innermost function that is not the runtime's is charged.
    const line = lines.find(({ functionId }) => {
      const fn = functions.get(Number(functionId));
      return fn !== undefined && !/^(?:runtime|internal\/runtime\/[\w/]+)\./.test(strings[Number(fn.name)]);
    });
    const fn = line === undefined ? undefined : functions.get(Number(line.functionId));
    if (line === undefined || fn === undefined || basename(strings[Number(fn.filename)]) !== name) continue;
    add(counts, Number(line.line), Number(sample.value[0]), Number(sample.value[1]));
  }
  return counts;
}

const named = args.filter((arg) => arg.endsWith(".go"));
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
let skipped = 0;
for (const file of files) {
  const real = theirs(file);
  if (typeof real === "string") {
    console.log(`skip ${basename(file)}: ${real}`);
    skipped++;
    continue;
  }
  programs++;
  const own = ours(file);
  if (typeof own === "string") {
    console.log(`FAIL ${basename(file)}: ${own}`);
    continue;
  }
  const wrong: string[] = [];
  const none: Count = { objects: 0, bytes: 0 };
  for (const line of [...new Set([...real.keys(), ...own.keys()])].sort((a, b) => a - b)) {
    const [a, b] = [real.get(line) ?? none, own.get(line) ?? none];
    lines++;
    if (a.objects !== b.objects || a.bytes !== b.bytes)
      wrong.push(`line ${line}: real ${a.objects} objects, ${a.bytes} bytes; goesc ${b.objects}, ${b.bytes}`);
  }
  if (wrong.length === 0) equal++;
  else console.log(`DIFF ${basename(file)}: ${wrong.join("; ")}`);
}
rmSync(work, { recursive: true, force: true });
console.log(`${equal} of ${programs} programs allocate the same, ${lines} lines compared, ${skipped} skipped`);
process.exit(equal === programs ? 0 : 1);
