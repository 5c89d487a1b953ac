/** `npm run bench [-- --runs N] [--flags='-m -l'] [--only std|hello|module|linear|lsp]`
 *
 *  goesc against the real tool, in one run on one machine, as ratios (with -m, unless other flags are given):
 *  - `std` from a cold cache against `go build -a -gcflags=-m std`, with peak memory of two workers;
 *  - one hello-world file, changed between runs, against `go build -gcflags=-m`;
 *  - a module of 50,000 lines of which one file is changed between runs, against the same;
 *  - time against lines on 10, 50 and 100 % of std;
 *  - the language server (bench/lsp.ts). */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nodeHost } from "../src/host/node-host.ts";
import { loadPackages } from "../src/load/load.ts";
import type { LoadedPackage } from "../src/load/package.ts";
import { makeModule } from "./module.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    flags: { type: "string", default: "-m" },
    only: { type: "string", default: "" },
  },
});
const gcflags = `-gcflags=${values.flags}`;
const runs = Number(values.runs);
const root = process.env.GOESC_ROOT ?? process.cwd();
const bundle = join(root, "dist", "goesc.js");
if (!existsSync(bundle)) {
  console.error("bench: dist/goesc.js is missing: npm run build");
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), "goesc-bench-"));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  CGO_ENABLED: "0",
  GOFLAGS: "",
  GOWORK: "off",
  GOESC_CACHE: join(work, "goesc"),
};
delete env.NODE_OPTIONS;
const load = loadPackages(nodeHost({ env }), { patterns: ["std"] });
const go = join(load.env.goroot.dir, "bin", "go");

interface Run {
  readonly seconds: number;
  /** Peak of the process and its threads, in bytes; 0 if the system does not say. */
  readonly peakBytes: number;
  readonly status: number;
  readonly stderr: string;
}

/** Runs a command; GNU time or /proc tell the peak of its memory. */
function run(command: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Run {
  const timer = existsSync("/usr/bin/time");
  const report = join(work, "time.txt");
  const full = timer ? ["/usr/bin/time", "-f", "%M", "-o", report, command, ...args] : [command, ...args];
  const start = performance.now();
  const result = spawnSync(full[0], full.slice(1), { cwd, env: { ...env, ...more, PWD: cwd }, maxBuffer: 1 << 30 });
  const seconds = (performance.now() - start) / 1000;
  const peakBytes = timer ? Number(readFileSync(report, "utf8").trim().split("\n").pop()) * 1024 : 0;
  return { seconds, peakBytes, status: result.status ?? 1, stderr: String(result.stderr) };
}

function goesc(args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Run {
  // Without /usr/bin/time the process itself writes down its peak.
  if (existsSync("/usr/bin/time")) return run(process.execPath, [bundle, ...args], cwd, more);
  const probe = join(work, "peak.mjs");
  const report = join(work, "peak.txt");
  writeFileSync(
    probe,
    `import { writeFileSync } from "node:fs"; import { isMainThread } from "node:worker_threads";
     if (isMainThread) process.on("exit", () => writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS * 1024)));`,
  );
  const result = run(process.execPath, ["--import", probe, bundle, ...args], cwd, more);
  return { ...result, peakBytes: Number(readFileSync(report, "utf8")) };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((x, y) => x - y)[Math.floor(numbers.length / 2)];
}

function countLines(packages: readonly LoadedPackage[]): number {
  let lines = 0;
  for (const pkg of packages) {
    for (const file of pkg.goFiles) {
      const bytes = readFileSync(file);
      for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) lines++;
    }
  }
  return lines;
}

function benchStd(): void {
  const real = run(go, ["build", "-a", gcflags, "std"], work, { GOCACHE: join(work, "gocache-std") });
  rmSync(join(work, "goesc"), { recursive: true, force: true });
  const cold = goesc([gcflags, "-j", "2", "std"], work);
  const warm = goesc([gcflags, "std"], work);
  const gib = (cold.peakBytes / 2 ** 30).toFixed(2);
  console.log(
    `std, cold     go ${real.seconds.toFixed(2)} s   goesc ${cold.seconds.toFixed(2)} s   ratio ${(cold.seconds / real.seconds).toFixed(2)}   (at most 1.00)`,
  );
  console.log(`std, again                   goesc ${warm.seconds.toFixed(2)} s`);
  console.log(`std, memory                  goesc ${gib} GiB at its peak   with two workers   (under 2.00)`);
}

/** Alternates the two tools, so that what else the machine does hits both. */
function benchHello(): void {
  const dir = join(work, "hello");
  mkdirSync(dir);
  const file = join(dir, "x.go");
  const change = (n: number): void =>
    writeFileSync(file, `package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello", ${n}) }\n`);
  const cache = { GOCACHE: join(work, "gocache-hello") };
  const output = join(work, "hello", "x");
  alternate("hello world", 1, change, [
    () => run(go, ["build", "-o", output, gcflags, "x.go"], dir, cache),
    () => goesc([gcflags, "x.go"], dir),
  ]);
}

function benchModule(): void {
  const dir = join(work, "module");
  const made = makeModule(dir, load.packages, 50_000, load.env.goroot.minor);
  const cache = { GOCACHE: join(work, "gocache-module") };
  console.log(`module        ${made.lines} lines in ${made.packages} packages, one file changed:`);
  alternate("module", 0.5, made.change, [
    () => run(go, ["build", gcflags, "./..."], dir, cache),
    () => goesc([gcflags, "./..."], dir),
  ]);
}

/** Each time something has changed. */
function alternate(
  name: string,
  limit: number,
  change: (n: number) => void,
  [real, ours]: readonly [() => Run, () => Run],
): void {
  const goTimes: number[] = [];
  const ourTimes: number[] = [];
  for (let i = -1; i < runs; i++) {
    change(i);
    // Which of the two goes first alternates; both see the change for the first time.
    const first = i % 2 === 0 ? real() : ours();
    const second = i % 2 === 0 ? ours() : real();
    const [a, b] = i % 2 === 0 ? [first, second] : [second, first];
    if (a.status !== 0 || b.status !== 0) {
      const { stderr, status } = a.status !== 0 ? a : b;
      throw new Error(`${name}: exit code ${status}: ${stderr.slice(0, 1000)}`);
    }
    if (i < 0) continue; // fills the caches
    goTimes.push(a.seconds);
    ourTimes.push(b.seconds);
  }
  const [a, b] = [median(goTimes), median(ourTimes)];
  console.log(
    `${name.padEnd(14)}go ${(a * 1000).toFixed(0)} ms   goesc ${(b * 1000).toFixed(0)} ms   ratio ${(b / a).toFixed(2)}   (at most ${limit.toFixed(2)}; medians of ${runs})`,
  );
}

/** The first packages of std in dependency order, up to a share of its lines. */
function benchLinear(): void {
  const packages = load.packages.filter((pkg) => pkg.goFiles.length > 0);
  const total = countLines(packages);
  for (const share of [0.1, 0.5, 1]) {
    const part: LoadedPackage[] = [];
    let lines = 0;
    for (const pkg of packages) {
      if (lines >= share * total) break;
      part.push(pkg);
      lines += countLines([pkg]);
    }
    rmSync(join(work, "goesc"), { recursive: true, force: true });
    const { seconds } = goesc([gcflags, ...part.map((pkg) => pkg.importPath)], work);
    const rate = lines / seconds / 1000;
    console.log(
      `linear        ${String(Math.round(share * 100)).padStart(3)} % of std: ${lines} lines in ${seconds.toFixed(2)} s, ${rate.toFixed(0)} thousand lines/s`,
    );
  }
}

console.log(
  `node ${process.version}, ${values.flags}, go${load.env.goroot.version}, ${cpus().length} CPUs, ${cpus()[0]?.model ?? ""}`,
);
if (values.only === "" || values.only === "hello") benchHello();
if (values.only === "" || values.only === "module") benchModule();
if (values.only === "" || values.only === "linear") benchLinear();
if (values.only === "" || values.only === "std") benchStd();
if (values.only === "" || values.only === "lsp")
  spawnSync(process.execPath, [join(root, "scripts", "run.mjs"), join(root, "bench", "lsp.ts")], { stdio: "inherit" });
rmSync(work, { recursive: true, force: true });
