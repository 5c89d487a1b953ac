/** `npm run programs -- [--show] [--only TEXT] [--check] [--list FILE] [--again FILE] [--timeout SECONDS] [--sample N]`
 *
 *  Runs the programs of GOROOT/test with `goesc run`, by the rules of Go's own runner (cmd/internal/testdir): exit code 0,
 *  and the output, standard error included, is that of the `.out` file or empty. Exits 1 if less than 97 % agree.
 *
 *  `--sample N` takes every N-th. Failures are named, with `--show` also what is out of scope; `--list` writes them to a
 *  file, and `--again` runs those of such a file.
 *
 *  `--check` turns the sanitizer on, collects at every 100th allocation, and takes 200 programs: of all that are in scope,
 *  in their order (files by name, folders after that), those at i·N/200. All of them have to agree. */
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findGoroot } from "../goroot.ts";
import { dirPackages, programFiles, type TestFile } from "./corpus.ts";

const args = process.argv.slice(2);
const option = (name: string): string => (args.includes(name) ? args[args.indexOf(name) + 1] : "");
const show = args.includes("--show");
const only = option("--only");
const check = args.includes("--check");
const extra = check ? ["-check", "-gc-stress=100"] : [];
const checkSample = 200;
const again =
  option("--again") === ""
    ? null
    : new Set(
        readFileSync(option("--again"), "utf8")
          .split("\n")
          .map((line) => line.split(": ")[0]),
      );
const timeout = Number(option("--timeout") || (args.includes("--check") ? "600" : "120")) * 1000;
const root = process.env.GOESC_ROOT ?? dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = option("--goesc") || join(root, "dist", "goesc.js");

/** Tests of what goesc does not have: the reason, by what their source or name says. */
const outOfScope: readonly (readonly [RegExp, string])[] = [
  [/"C"/, "cgo"],
  [/"net(?:\/\w+)?"/, "network"],
  [/"internal\/|"cmd\//, "internals of the toolchain"],
  [/\bMmap\(|SYS_MMAP|\bmmap\b/, "maps memory"],
  [/linear memory is not executable/, "jumps into data"],
  [/"plugin"|"debug\/(?:dwarf|elf|gosym|macho|pe)"/, "reads its own binary"],
];

interface Outcome {
  readonly ok: boolean;
  readonly why: string;
}

interface RunResult {
  readonly code: number | null;
  readonly out: string;
  readonly timedOut: boolean;
}

let importConfigFile = "";

/** The file with which programs that start the compiler find the standard library, as Go's own runner has it. */
function importConfig(): string {
  if (importConfigFile !== "") return importConfigFile;
  importConfigFile = join(mkdtempSync(join(tmpdir(), "goesc-importcfg-")), "importcfg");
  const format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
  const list = spawnSync(join(goroot!, "bin", "go"), ["list", "-export", "-f", format, "std"], { encoding: "utf8" });
  writeFileSync(importConfigFile, list.stdout);
  process.on("exit", () => rmSync(dirname(importConfigFile), { recursive: true, force: true }));
  return importConfigFile;
}

/** Standard output and error go to one file, as one buffer takes both in Go's runner: their order counts. */
function run(cwd: string, argv: readonly string[]): Promise<RunResult> {
  return new Promise((resolve) => {
    const dir = mkdtempSync(join(tmpdir(), "goesc-output-"));
    const path = join(dir, "out");
    const fd = openSync(path, "a");
    const env = { ...process.env, STDLIB_IMPORTCFG: importConfig() };
    const child = spawn(process.execPath, [goesc, ...argv], { cwd, env, stdio: ["ignore", fd, fd] });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeout);
    child.on("close", (code) => {
      clearTimeout(timer);
      closeSync(fd);
      const out = readFileSync(path, "latin1");
      rmSync(dir, { recursive: true, force: true });
      resolve({ code, out, timedOut });
    });
  });
}

function judge(test: TestFile, result: RunResult): Outcome {
  const expected = outputFile(test);
  if (result.timedOut) return { ok: false, why: "timeout" };
  if (result.code !== 0) return { ok: false, why: `exit ${result.code}: ${firstLines(result.out)}` };
  if (result.out.replaceAll("\r\n", "\n") !== expected)
    return { ok: false, why: `output differs: ${firstLines(result.out) || "(empty)"}` };
  return { ok: true, why: "" };
}

function outputFile(test: TestFile): string {
  const path = test.path.replace(/\.go$/, ".out");
  return existsSync(path) ? readFileSync(path, "latin1") : "";
}

function firstLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, 3).join(" | ").slice(0, 300);
}

/** Flags of the test's line, split into those for goesc and the program's arguments. */
function split(test: TestFile): { flags: string[]; argv: string[] } {
  const flags: string[] = [];
  const argv: string[] = [];
  for (const word of test.flags) {
    if (/^-(?:gcflags|tags|l|N)\b/.test(word)) flags.push(word);
    else if (!word.startsWith("-")) argv.push(word);
  }
  return { flags, argv };
}

async function perform(test: TestFile, work: string): Promise<Outcome> {
  const { flags, argv } = split(test);
  const testRoot = test.path.slice(0, -test.name.length);
  switch (test.action) {
    case "run":
      // Go's runner starts the file in its own folder's root, under its relative name.
      return judge(test, await run(testRoot, ["run", ...extra, ...flags, test.name, ...argv]));
    case "runoutput": {
      const files = argv.filter((word) => word.endsWith(".go")).map((word) => join(dirname(test.path), word));
      const made = await run(testRoot, ["run", ...extra, test.path, ...files]);
      if (made.code !== 0) return { ok: false, why: `the generator failed: ${firstLines(made.out)}` };
      const file = join(work, "generated.go");
      writeFileSync(file, Buffer.from(made.out, "latin1"));
      return judge(test, await run(work, ["run", ...extra, file]));
    }
    case "rundir": {
      const { dir, packages } = dirPackages(test);
      writeFileSync(join(work, "go.mod"), "module test\n\ngo 1.26\n");
      // Without the flag -complete, functions need no body.
      const incomplete = packages.some(({ files }) =>
        files.some((file) => /^func \w+\([^{]*\)[^{]*$/m.test(readFileSync(join(dir, file), "latin1"))),
      );
      if (incomplete) writeFileSync(join(work, "empty.s"), "");
      const main = packages.findLast((pkg) => pkg.name === "main") ?? packages[packages.length - 1];
      for (const pkg of packages) {
        const to = pkg === main ? work : join(work, basename(pkg.files[0], ".go"));
        mkdirSync(to, { recursive: true });
        for (const file of pkg.files) {
          const source = readFileSync(join(dir, file), "latin1").replace(/"\.\/(\w+)"/g, '"test/$1"');
          // Files named like tests belong to the package as well.
          const name = file.replace(/_test\.go$/, "_test_.go");
          writeFileSync(join(to, name), Buffer.from(source, "latin1"));
        }
      }
      return judge(test, await run(work, ["run", ...extra, "."]));
    }
    case "runindir": {
      copyTree(test.path.replace(/\.go$/, ".dir"), work);
      const name = basename(test.path, ".go");
      writeFileSync(join(work, "go.mod"), `module ${name}.dir\ngo ${flagValue(test, "-gomodversion") || "1.14"}\n`);
      return judge(test, await run(work, ["run", ...extra, "."]));
    }
    default:
      return { ok: false, why: `action ${test.action}` };
  }
}

/** The text of the test, and of the packages of its folder. */
function sourceOf(test: TestFile): string {
  let source = readFileSync(test.path, "latin1");
  if (test.action !== "rundir") return source;
  const { dir, packages } = dirPackages(test);
  for (const { files } of packages) for (const file of files) source += readFileSync(join(dir, file), "latin1");
  return source;
}

function hasAssembly(test: TestFile): boolean {
  const dir = test.path.replace(/\.go$/, ".dir");
  return existsSync(dir) && readdirSync(dir).some((name) => name.endsWith(".s"));
}

/** The value of a flag of the runner's. */
function flagValue(test: TestFile, flag: string): string {
  const at = test.flags.indexOf(flag);
  return at < 0 ? "" : test.flags[at + 1];
}

function copyTree(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true });
      copyTree(source, target);
    } else writeFileSync(target, readFileSync(source));
  }
}

const goroot = findGoroot();
if (goroot === null) {
  console.error("programs: no Go installation found");
  process.exit(2);
}
const table = new Map<string, { files: number; ok: number; skipped: number }>();
const skippedFor = new Map<string, number>();
const queue: TestFile[] = [];
const sample = Number(option("--sample") || "1");
let seen = 0;
for (const test of programFiles(goroot)) {
  if (only !== "" && !test.name.includes(only)) continue;
  if (again !== null && !again.has(test.name)) continue;
  const row = table.get(test.action) ?? { files: 0, ok: 0, skipped: 0 };
  table.set(test.action, row);
  const source = sourceOf(test);
  const reason = test.flags.some((flag) => flag === "-race" || flag === "-goexperiment")
    ? `needs ${test.flags[0]}`
    : hasAssembly(test)
      ? "assembly"
      : outOfScope.find(([pattern]) => pattern.test(source))?.[1];
  if (reason !== undefined) {
    row.skipped++;
    skippedFor.set(reason, (skippedFor.get(reason) ?? 0) + 1);
    if (show) console.log(`skip ${test.name}: ${reason}`);
    continue;
  }
  if (seen++ % sample !== 0) continue;
  queue.push(test);
}
if (check && only === "" && again === null) {
  const all = queue.splice(0);
  for (let i = 0; i < checkSample; i++) queue.push(all[Math.floor((i * all.length) / checkSample)]);
}
for (const test of queue) table.get(test.action)!.files++;
const failures: string[] = [];
const workers = [0, 1].map(async () => {
  for (let test = queue.shift(); test !== undefined; test = queue.shift()) {
    const work = mkdtempSync(join(tmpdir(), "goesc-programs-"));
    const { ok, why } = await perform(test, work);
    rmSync(work, { recursive: true, force: true });
    const row = table.get(test.action);
    if (ok && row !== undefined) row.ok++;
    else {
      failures.push(`${test.name}: ${why}`);
      console.log(`FAIL ${test.name}: ${why}`);
    }
  }
});
await Promise.all(workers);
let all = 0;
let good = 0;
for (const [action, { files, ok, skipped }] of table) {
  console.log(
    `${action.padEnd(10)} ${ok} of ${files} agree (${((100 * ok) / Math.max(files, 1)).toFixed(1)} %), ${skipped} out of scope`,
  );
  all += files;
  good += ok;
}
for (const [reason, count] of skippedFor) console.log(`out of scope: ${count} ${reason}`);
if (option("--list") !== "") writeFileSync(option("--list"), `${failures.sort().join("\n")}\n`);
process.exit(good >= (check ? 1 : 0.97) * all ? 0 : 1);
