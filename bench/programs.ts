/** `npm run bench:run [-- --runs N] [--only NAME]`
 *
 *  Programs of bench/programs run by goesc, by the native binary, and by Go's own js/wasm port in Node: wall time with
 *  start-up, the best of N runs each, taken in turns, as ratios to native. Then hello world with a warm and a cold cache,
 *  and the peak memory of small and of large trees, and of many goroutines that wait. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { findGoroot } from "../test/goroot.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, only: { type: "string", default: "" } },
});
const runs = Number(values.runs);
const root = process.env.GOESC_ROOT ?? process.cwd();
const bundle = join(root, "dist", "goesc.js");
const found = findGoroot();
if (found === null || !existsSync(bundle)) {
  console.error(found === null ? "bench: no Go installation found" : "bench: dist/goesc.js is missing: npm run build");
  process.exit(2);
}
const goroot: string = found;
const work = mkdtempSync(join(tmpdir(), "goesc-bench-"));
const env: NodeJS.ProcessEnv = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOESC_CACHE: join(work, "cache") };
// With it Node reads certificates before anything else: 30 ms that say nothing about programs.
delete env.NODE_EXTRA_CA_CERTS;

interface Measured {
  readonly seconds: number;
  readonly peak: number;
  readonly out: string;
  readonly status: number | null;
}

function measure(command: readonly string[], more: NodeJS.ProcessEnv = {}): Measured {
  const report = join(work, "time");
  const timed = existsSync("/usr/bin/time") ? ["/usr/bin/time", "-f", "%M", "-o", report, ...command] : command;
  const start = performance.now();
  const result = spawnSync(timed[0], timed.slice(1), {
    env: { ...env, ...more },
    maxBuffer: 1 << 28,
    encoding: "utf8",
  });
  const seconds = (performance.now() - start) / 1000;
  const peak = timed === command ? 0 : Number(readFileSync(report, "utf8").trim().split("\n").pop()) * 1024;
  return { seconds, peak, out: result.stdout + result.stderr, status: result.status };
}

function goBuild(file: string, out: string, more: NodeJS.ProcessEnv = {}): void {
  const go = join(goroot, "bin", "go");
  const { status, stderr } = spawnSync(go, ["build", "-o", out, file], { env: { ...env, ...more }, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** What starts js/wasm programs; it moved between releases. */
function wasmRunner(): string {
  const places = ["lib/wasm/go_js_wasm_exec", "misc/wasm/go_js_wasm_exec"].map((name) => join(goroot, name));
  return places.find((path) => existsSync(path)) ?? places[0];
}

function seconds(n: number): string {
  return `${n.toFixed(2)} s`;
}

const programs = readdirSync(join(root, "bench", "programs"))
  .filter((name) => name.endsWith(".go") && name.includes(values.only))
  .sort();
const ratios: number[] = [];
console.log("program        native    goesc     js/wasm   goesc/native  goesc/js-wasm");
for (const name of programs) {
  const file = join(root, "bench", "programs", name);
  const native = join(work, basename(name, ".go"));
  const wasm = `${native}.wasm`;
  goBuild(file, native);
  goBuild(file, wasm, { GOOS: "js", GOARCH: "wasm" });
  const commands = [[native], [process.execPath, bundle, "run", file], [wasmRunner(), wasm]];
  const best = commands.map(() => Number.POSITIVE_INFINITY);
  const outs = new Set<string>();
  measure(commands[1]); // fills the cache
  for (let i = 0; i < runs; i++) {
    for (const [k, command] of commands.entries()) {
      const { seconds: s, out, status } = measure(command);
      if (status !== 0) outs.add(`${command.join(" ")}: exit ${status}: ${out.slice(0, 200)}`);
      else outs.add(out);
      best[k] = Math.min(best[k], s);
    }
  }
  const [n, g, w] = best;
  const same = outs.size === 1 ? "" : `  OUTPUT DIFFERS: ${[...outs].join(" / ").slice(0, 300)}`;
  if (outs.size === 1) ratios.push(g / n);
  console.log(
    `${basename(name, ".go").padEnd(14)} ${seconds(n).padEnd(9)} ${seconds(g).padEnd(9)} ${seconds(w).padEnd(9)} ` +
      `${(g / n).toFixed(2).padEnd(13)} ${(g / w).toFixed(2)}${same}`,
  );
}
if (ratios.length > 0) {
  const mean = Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);
  console.log(`geometric mean of ${ratios.length} programs: ${mean.toFixed(2)} x native`);
}
if (values.only === "") {
  const hello = join(work, "hello.go");
  writeFileSync(hello, 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n');
  rmSync(join(work, "cache"), { recursive: true, force: true });
  const cold = measure([process.execPath, bundle, "run", hello]);
  const warm = Array.from({ length: 5 }, () => measure([process.execPath, bundle, "run", hello]).seconds).sort();
  console.log(`hello world with fmt: cold ${seconds(cold.seconds)}, warm ${seconds(warm[2])}`);
  // The large trees show what the heap takes; of the small ones most is what Node takes with a thread that does nothing.
  const idle = join(work, "idle.js");
  writeFileSync(
    idle,
    'const { Worker, isMainThread } = require("node:worker_threads");\nif (isMainThread) new Worker(__filename);\n',
  );
  const floor = measure([process.execPath, idle]).peak;
  console.log(`peak of Node with an idle thread: ${floor >> 20} MiB`);
  const trees = join("programs", "trees.go");
  for (const [file, ...args] of [[trees], [trees, "large"], ["parked.go"]]) {
    const source = join(root, "bench", file);
    const binary = join(work, "memory");
    goBuild(source, binary);
    const run = [process.execPath, bundle, "run", source, ...args];
    measure(run); // fills the cache
    const native = measure([binary, ...args]).peak;
    const ours = measure(run).peak;
    console.log(
      `peak of ${[basename(file), ...args].join(" ")}: native ${native >> 20} MiB, goesc ${ours >> 20} MiB, ${(ours / native).toFixed(2)} x`,
    );
  }
}
rmSync(work, { recursive: true, force: true });
