/** `npm run fidelity -- [--flags='-m -l'] [--pgo=FILE|auto] [--toolchain=go1.27.4] [-C DIR] [--only PKG] [--diff]
 *  [--samples N] [--fresh] PATTERN…`
 *
 *  Runs the real `go build -gcflags=FLAGS` and goesc with the same arguments and compares what they print, package by
 *  package: as multisets of lines and byte for byte. A directory as PATTERN is the directory to work in, with `./...`.
 *  With --toolchain the real go command brings that release of Go (GOTOOLCHAIN), and goesc reads its GOROOT.
 *
 *  The real tool's output is kept in a temporary directory (its build cache replays it), so that only the first run is
 *  slow. Exits 1 if less than 99.9 % of the lines agree. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { nodeHost } from "../src/host/node-host.ts";
import { findGoRoot } from "../src/load/goroot.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    flags: { type: "string", default: "-m -l" },
    pgo: { type: "string", default: "off" },
    toolchain: { type: "string" },
    C: { type: "string", short: "C" },
    only: { type: "string" },
    diff: { type: "boolean", default: false },
    samples: { type: "string", default: "3" },
    fresh: { type: "boolean", default: false },
  },
});

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

const root = process.env.GOESC_ROOT ?? process.cwd();
const from = process.env.INIT_CWD ?? process.cwd(); // where npm was called
let cwd = resolve(from, values.C ?? ".");
let patterns = positionals;
if (patterns.length === 1 && values.C === undefined && isDirectory(resolve(from, patterns[0]))) {
  cwd = resolve(from, patterns[0]);
  patterns = ["./..."];
}
if (patterns.length === 0) {
  console.error(
    "usage: npm run fidelity -- [--flags='-m -l'] [--pgo=FILE|auto] [--toolchain=go1.N.P] [-C DIR] [--only PKG] [--diff] [--samples N] [--fresh] PATTERN…",
  );
  process.exit(2);
}

/** Where the release named lies; "" for the Go installation that is found. */
function toolchainRoot(): string {
  const { toolchain } = values;
  if (toolchain === undefined) return "";
  const result = spawnSync("go", ["env", "GOROOT"], {
    cwd: from,
    env: { ...process.env, GOTOOLCHAIN: toolchain },
    encoding: "utf8",
  });
  if (result.status === 0) return result.stdout.trim();
  console.error(`fidelity: ${result.stderr}`);
  process.exit(2);
}

const goroot = findGoRoot(nodeHost(), toolchainRoot());
if (goroot === null) {
  console.error("fidelity: no Go installation found");
  process.exit(2);
}
const env: NodeJS.ProcessEnv = {
  ...process.env,
  GOROOT: goroot.dir,
  CGO_ENABLED: process.env.CGO_ENABLED ?? "0",
  PWD: cwd,
  ...(values.toolchain === undefined ? {} : { GOTOOLCHAIN: "local" }),
};
delete env.NODE_OPTIONS;

const pgo = values.pgo === "off" || values.pgo === "auto" ? values.pgo : resolve(from, values.pgo);

interface Output {
  readonly packages: Map<string, string[]>;
  readonly seconds: number;
  readonly status: number;
  /** Lines before the first header. */
  readonly stray: string[];
}

function splitPackages(text: string): { packages: Map<string, string[]>; stray: string[] } {
  const packages = new Map<string, string[]>();
  const stray: string[] = [];
  let current = stray;
  for (const line of text.split("\n")) {
    if (line.startsWith("# ")) {
      const name = line.slice(2);
      current = packages.get(name) ?? [];
      packages.set(name, current);
    } else if (line !== "") {
      current.push(line);
    }
  }
  return { packages, stray };
}

const work = join(tmpdir(), "goesc-fidelity");
mkdirSync(work, { recursive: true });

function hash(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);
}

function runGo(): Output {
  const target = ["GOOS", "GOARCH", "GOAMD64", "GOFLAGS", "GOEXPERIMENT", "CGO_ENABLED"].map(
    (name) => `${name}=${env[name] ?? ""}`,
  );
  const stable = patterns.every((pattern) => /^(?:std|cmd)(?:\/|$)/.test(pattern));
  const saved = join(
    work,
    `go-${hash(goroot?.version ?? "", cwd, values.flags, values.pgo, ...target, ...patterns)}.txt`,
  );
  if (stable && !values.fresh && existsSync(saved)) {
    const [head, ...rest] = readFileSync(saved, "utf8").split("\n");
    const [seconds, status] = head.split(" ").map(Number);
    return { ...splitPackages(rest.join("\n")), seconds, status };
  }
  const start = performance.now();
  // The cache replays the compiler's output in the form of the first run, so each directory has one of its own.
  const result = spawnSync(
    join(goroot?.dir ?? "", "bin", "go"),
    ["build", `-pgo=${pgo}`, `-gcflags=${values.flags}`, ...buildArguments()],
    { cwd, env: { ...env, GOCACHE: join(work, `cache-${hash(cwd)}`) }, encoding: "utf8", maxBuffer: 1 << 30 },
  );
  const seconds = (performance.now() - start) / 1000;
  const status = result.status ?? 1;
  writeFileSync(saved, `${seconds} ${status}\n${result.stderr}`);
  return { ...splitPackages(result.stderr), seconds, status };
}

/** Arguments that keep commands from being written to the working directory. Of several packages `go build` writes
 *  nothing, and `unsafe` is one that is never compiled; files make one package, which goes to a file of ours. (A
 *  directory as -o would build commands only.) */
function buildArguments(): string[] {
  if (patterns.some((pattern) => pattern.endsWith(".go"))) return ["-o", join(work, "linked"), ...patterns];
  return [...patterns, "unsafe"];
}

function runGoesc(): Output {
  const bundle = join(root, "dist", "goesc.js");
  const start = performance.now();
  const result = spawnSync(process.execPath, [bundle, `-pgo=${pgo}`, `-gcflags=${values.flags}`, ...patterns], {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const seconds = (performance.now() - start) / 1000;
  const out = splitPackages(result.stdout);
  // Errors come on the other stream; the real tool has one.
  const errors = splitPackages(result.stderr);
  for (const [name, lines] of errors.packages) out.packages.set(name, [...(out.packages.get(name) ?? []), ...lines]);
  return { packages: out.packages, stray: [...out.stray, ...errors.stray], seconds, status: result.status ?? 1 };
}

/** The message with names and expressions taken out. */
function kindOf(line: string): string {
  const text = line.replace(/^(?:\S+?:\d+(?::\d+)?|<autogenerated>:\d+): /, "");
  const rules: readonly (readonly [RegExp, string])[] = [
    [/^moved to heap: .*/s, "moved to heap: X"],
    [/ escapes to heap(?: in .*)?:?$/s, "X escapes to heap"],
    [/^append escapes to heap$/, "append escapes to heap"],
    [/ does not escape$/s, "X does not escape"],
    [/^leaking param content: .*/s, "leaking param content: X"],
    [/^leaking param: .* to result .* level=(\d+)$/s, "leaking param: X to result Y level=N"],
    [/^leaking param: .*/s, "leaking param: X"],
    [/ ignoring self-assignment in .*/s, "ignoring self-assignment in X"],
    [/^can inline .*/s, "can inline X"],
    [/^cannot inline .*/s, "cannot inline X"],
    [/^inlining call to .*/s, "inlining call to X"],
    [/^(?:partially )?devirtualizing .*/s, "devirtualizing X"],
    [/^PGO devirtualizing .*/s, "PGO devirtualizing X"],
    [/^index bounds check elided$/, "index bounds check elided"],
    [/^zero-copy .*/s, "zero-copy conversion"],
    [/^(?:assuming|marking) .*/s, "uintptr"],
    [/^ {2,}(?:flow|from)\b.*/s, "flow"],
    [/^parameter .* leaks to .*/s, "parameter X leaks to Y"],
  ];
  for (const [pattern, name] of rules) if (pattern.test(text)) return name;
  return text
    .replace(/"[^"]*"|`[^`]*`/g, "S")
    .replace(/\b[\w.]*\d[\w.]*\b/g, "N")
    .slice(0, 60);
}

interface KindDifference {
  count: number;
  readonly samples: string[];
}

function tally(into: Map<string, KindDifference>, pkg: string, line: string): void {
  const kind = kindOf(line);
  const entry = into.get(kind) ?? { count: 0, samples: [] };
  into.set(kind, entry);
  entry.count++;
  if (entry.samples.length < Number(values.samples)) entry.samples.push(`${pkg}: ${line}`);
}

function counts(lines: readonly string[]): Map<string, number> {
  const map = new Map<string, number>();
  for (const line of lines) map.set(line, (map.get(line) ?? 0) + 1);
  return map;
}

const want = runGo();
const have = runGoesc();

const missing = new Map<string, KindDifference>();
const surplus = new Map<string, KindDifference>();
const different: string[] = [];
let wantLines = 0;
let haveLines = 0;
let common = 0;
let identical = 0;
let compared = 0;
for (const name of new Set([...want.packages.keys(), ...have.packages.keys()])) {
  if (values.only !== undefined && name !== values.only) continue;
  compared++;
  const a = want.packages.get(name) ?? [];
  const b = have.packages.get(name) ?? [];
  wantLines += a.length;
  haveLines += b.length;
  if (a.length === b.length && a.every((line, i) => line === b[i])) {
    identical++;
    common += a.length;
    continue;
  }
  const left = counts(b);
  let gone = 0;
  for (const line of a) {
    const n = left.get(line) ?? 0;
    if (n > 0) {
      left.set(line, n - 1);
      common++;
    } else {
      gone++;
      tally(missing, name, line);
    }
  }
  let extra = 0;
  for (const [line, n] of left) {
    for (let i = 0; i < n; i++) tally(surplus, name, line);
    extra += n;
  }
  different.push(`${name}: ${gone} missing, ${extra} surplus${gone + extra === 0 ? " (order)" : ""}`);
  if (values.diff) printDiff(name, a, b);
}

function printDiff(name: string, a: readonly string[], b: readonly string[]): void {
  const files = [a, b].map((lines, i) => {
    const file = join(work, `${process.pid}-${i}`);
    writeFileSync(file, `${lines.join("\n")}\n`);
    return file;
  });
  const { stdout } = spawnSync("diff", ["-u", "--label", `${name} (go)`, "--label", `${name} (goesc)`, ...files], {
    encoding: "utf8",
  });
  process.stdout.write(stdout);
}

function printKinds(title: string, kinds: ReadonlyMap<string, KindDifference>): void {
  if (kinds.size === 0) return;
  console.log(`\n${title}:`);
  for (const [kind, { count, samples }] of [...kinds].sort((x, y) => y[1].count - x[1].count).slice(0, 40)) {
    console.log(`${String(count).padStart(7)}  ${kind}`);
    for (const sample of samples) console.log(`           ${sample.slice(0, 240)}`);
  }
}

for (const line of want.stray.slice(0, 10)) console.log(`go:    ${line}`);
for (const line of have.stray.slice(0, 10)) console.log(`goesc: ${line}`);
printKinds("missing lines", missing);
printKinds("surplus lines", surplus);
if (different.length > 0) {
  console.log(
    `\npackages that differ:\n${different
      .slice(0, 60)
      .map((line) => `  ${line}`)
      .join("\n")}`,
  );
  if (different.length > 60) console.log(`  … and ${different.length - 60} more`);
}
const share = wantLines === 0 ? 1 : common / wantLines;
console.log(
  `\n${(100 * share).toFixed(3)} % of ${wantLines} lines (goesc prints ${haveLines}); ` +
    `${identical} of ${compared} packages byte-identical; go ${want.seconds.toFixed(1)} s, goesc ${have.seconds.toFixed(1)} s` +
    `${want.status === have.status ? "" : `; exit codes ${want.status} and ${have.status}`}`,
);
process.exitCode = share >= 0.999 && haveLines <= wantLines * 1.001 ? 0 : 1;
