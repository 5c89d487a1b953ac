/** `npm run package-tests -- [--only PKG,PKG] [--list FILE] [--logs DIR] [--reference DIR] [--timeout SECONDS] [--goesc FILE]`
 *
 *  Runs tests of the standard library's own packages with `goesc test` and with `go test`, both `-short -v`, and
 *  prints what passed. Subtests count too; a test that `go test` skips or fails is left out. `--reference` keeps what `go
 *  test` printed, for the next time; `--logs` what goesc printed. `--list` names the tests that do not pass. Exits 1 if
 *  less than 95 % of what passes with `go test` passes with goesc. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findGoroot } from "../goroot.ts";

/** Cheap ones first. */
const packages =
  "errors maps container/heap container/list container/ring math/bits slices sort unicode unicode/utf8 unicode/utf16 \
   strconv strings bytes bufio math context sync text/template regexp fmt reflect time encoding/json math/big".split(
    /\s+/,
  );

const args = process.argv.slice(2);
const option = (name: string): string => (args.includes(name) ? args[args.indexOf(name) + 1] : "");
const timeout = Number(option("--timeout") || "900") * 1000;
const root = process.env.GOESC_ROOT ?? dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = option("--goesc") || join(root, "dist", "goesc.js");
const only = option("--only") === "" ? packages : option("--only").split(",");
const threshold = 0.95;
const attempts = 4;

const goroot = findGoroot();
if (goroot === null) {
  console.error("package-tests: no Go installation found");
  process.exit(2);
}

interface Outcome {
  /** By name of the test. */
  readonly passed: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  /** How the run ended, if not by itself: the last line that no test printed. */
  readonly end: string;
}

/** Runs the command; what it printed, on both streams. */
function output(command: string, argv: readonly string[], logDir: string, pkg: string): string {
  const { stdout, stderr, error } = spawnSync(command, argv, {
    cwd: join(goroot!, "src"),
    encoding: "latin1",
    maxBuffer: 1 << 28,
    timeout,
    killSignal: "SIGKILL",
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  const text = `${stdout}${stderr}${error === undefined ? "" : `\n${error.message}\n`}`;
  if (logDir !== "") {
    mkdirSync(logDir, { recursive: true });
    writeFileSync(logFile(logDir, pkg), text, "latin1");
  }
  return text;
}

function logFile(dir: string, pkg: string): string {
  return join(dir, `${pkg.replaceAll("/", "_")}.txt`);
}

function parse(text: string): Outcome {
  const passed = new Set<string>();
  const failed = new Set<string>();
  // What a test prints may stand before the mark, on its line.
  for (const [, result, name] of text.matchAll(/--- (PASS|FAIL): (\S+) \(\d+\.\d+s\)$/gm))
    (result === "PASS" ? passed : failed).add(name.replace(/0x[0-9a-f]+/g, "0x?"));
  const lines = text.trimEnd().split("\n");
  const end =
    lines.findLast((line) =>
      /^(?:goesc: (?!undefined)|panic: |fatal error: |spawnSync |FAIL\t.*failed\])/.test(line),
    ) ?? "";
  return { passed, failed, end };
}

function reference(pkg: string): Outcome {
  const dir = option("--reference");
  const known = dir === "" ? "" : logFile(dir, pkg);
  if (known !== "" && existsSync(known)) return parse(readFileSync(known, "latin1"));
  return parse(output(join(goroot!, "bin", "go"), ["test", "-short", "-v", "-vet=off", "-p=1", pkg], dir, pkg));
}

/** What passes with goesc. A test that ends the whole run, by a panic, is left out of the next run. */
function tested(pkg: string, real: Outcome): Outcome {
  const passed = new Set<string>();
  const failed = new Set<string>();
  const skipped: string[] = [];
  let first = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    const skip = skipped.length === 0 ? [] : ["-skip", `^(?:${skipped.join("|")})$`];
    const text = output(process.execPath, [goesc, "test", "-short", "-v", ...skip, pkg], option("--logs"), pkg);
    const outcome = parse(text);
    for (const name of outcome.passed) passed.add(name);
    for (const name of outcome.failed) failed.add(name);
    if (attempt === 0) first = outcome.end;
    const panicked = /^--- FAIL: (\S+) .*\npanic: /m.exec(text);
    const [, last] = panicked ?? [...text.matchAll(/^=== RUN {3}([^/\s]+)/gm)].at(-1) ?? ["", ""];
    const whole = [...real.passed].every((name) => passed.has(name) || failed.has(name) || skipped.includes(name));
    if (whole || last === "" || skipped.includes(last)) break;
    skipped.push(last);
  }
  return { passed, failed, end: first };
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`;
}

const missing: string[] = [];
let all = 0;
let good = 0;
console.log(
  `${"package".padEnd(18)}${"go test".padStart(8)}${"goesc".padStart(8)}${"failed".padStart(8)}${"".padStart(9)}`,
);
for (const pkg of only) {
  const real = reference(pkg);
  const started = Date.now();
  const ours = tested(pkg, real);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const left = [...real.passed].filter((name) => !ours.passed.has(name));
  const passed = real.passed.size - left.length;
  const failed = left.filter((name) => ours.failed.has(name)).length;
  for (const name of left) missing.push(`${pkg} ${name}${ours.failed.has(name) ? "" : " (did not end)"}`);
  const figures = [real.passed.size, passed, failed].map((n) => String(n).padStart(8)).join("");
  const end = left.length > 0 && ours.end !== "" ? `  ${ours.end.slice(0, 100)}` : "";
  console.log(
    `${pkg.padEnd(18)}${figures}${percent(passed, real.passed.size).padStart(9)} ${seconds.padStart(4)} s${end}`,
  );
  all += real.passed.size;
  good += passed;
}
console.log(`${good} of ${all} pass (${percent(good, all)})`);
if (option("--list") !== "") writeFileSync(option("--list"), missing.map((line) => `${line}\n`).join(""));
process.exit(all > 0 && good / all >= threshold ? 0 : 1);
