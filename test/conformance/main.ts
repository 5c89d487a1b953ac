/** `npm run conformance -- [--show] [--only TEXT] [--kind errorcheck|compile|types|syntax|remarks]`
 *
 *  Runs Go's own error corpora through goesc and prints a table. `--show` lists what is missing and surplus. Exits 1 if
 *  a share is below the project's measure: 97 % of the expected errors, at most 1 % surplus, all valid files accepted. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { errorText } from "../../src/report/errors.ts";
import type { Package } from "../../src/types/types.ts";
import { findGoroot } from "../goroot.ts";
import { type Comparison, compareComments, compareLines, type FoundError } from "./annotations.ts";
import { type Checked, SourceChecker } from "./checker.ts";
import { dirPackages, type TestFile, testFiles, typesFlags, typesTests, upstreamFailures } from "./corpus.ts";
import { isRemarks, RemarkTests } from "./remarks.ts";

const args = process.argv.slice(2);
const show = args.includes("--show");
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : "";
const kind = args.includes("--kind") ? args[args.indexOf("--kind") + 1] : "";

const goroot = findGoroot();
if (goroot === null) {
  console.error("conformance: no Go installation found");
  process.exit(2);
}

interface Row {
  readonly title: string;
  files: number;
  filesOk: number;
  expected: number;
  matched: number;
  missing: number;
  surplus: number;
  farOff: number;
  crashed: number;
}

const rows: Row[] = [];
const checker = new SourceChecker();

function addRow(title: string): Row {
  const row: Row = {
    title,
    files: 0,
    filesOk: 0,
    expected: 0,
    matched: 0,
    missing: 0,
    surplus: 0,
    farOff: 0,
    crashed: 0,
  };
  rows.push(row);
  return row;
}

/** Runs one test; what it throws is counted and shown. */
function record(row: Row, name: string, run: () => Comparison): void {
  if (only !== "" && !name.includes(only)) return;
  row.files++;
  try {
    const { expected, matched, farOff, missing, surplus } = run();
    row.expected += expected;
    row.matched += matched;
    row.farOff += farOff;
    row.missing += missing.length;
    row.surplus += surplus.length;
    if (missing.length + surplus.length === 0) row.filesOk++;
    if (show) {
      for (const text of missing) console.log(`${name}: missing ${text}`);
      for (const text of surplus) console.log(`${name}: surplus ${text}`);
    }
  } catch (error) {
    row.crashed++;
    if (show) console.log(`${name}: CRASH ${(error as Error).stack?.split("\n").slice(0, 6).join("\n    ")}`);
  }
}

/** The compiler's output with -C: positions without columns, continuation lines kept with their line. */
function outputLines({ fset, errors }: Checked, flags: readonly string[] = []): string[] {
  const lines: string[] = [];
  for (const line of errorText(fset, errors, !flags.includes("-e=0")).split("\n")) {
    if (line.startsWith("\t")) lines[lines.length - 1] += `\n${line}`;
    else if (line.trim() !== "") lines.push(line.replace(/^([^:\s]+:\d+):\d+: /, "$1: "));
  }
  return lines;
}

/** What the compiler's flags mean to the checker. */
function checkFlags(flags: readonly string[]): {
  goVersion: string;
  std: boolean;
  compilingRuntime: boolean;
  complete: boolean;
} {
  return {
    goVersion: flags.find((flag) => flag.startsWith("-lang="))?.slice("-lang=".length) ?? "",
    std: flags.includes("-std"),
    compilingRuntime: flags.includes("-+"),
    complete: flags.includes("-complete"),
  };
}

/** Checks the packages of a directory test one after the other; they import each other by `./name` or `test/name`. */
function checkDir(test: TestFile): { name: string; checked: Checked; sources: Map<string, string> }[] {
  const { dir, packages } = dirPackages(test);
  const locals = new Map<string, Package>();
  return packages.map((pkg) => {
    const sources = pkg.files.map((name) => ({ name, bytes: readFileSync(join(dir, name)) }));
    const path = `test/${pkg.files[0].replace(/\.go$/, "")}`;
    const checked = checker.check(sources, { path, ...checkFlags(test.flags), locals });
    if (checked.pkg !== null) {
      const base = pkg.files[0].replace(/\.go$/, "");
      for (const local of [`./${base}`, path, base]) locals.set(local, checked.pkg);
    }
    return {
      name: pkg.name,
      checked,
      sources: new Map(sources.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])),
    };
  });
}

const tests = testFiles(goroot);
/** These flags print what a later stage finds out. */
const isBackend = (test: TestFile): boolean =>
  test.flags.some((flag) => /^-(?:d=|live|\+|l$|N$|S|race)/.test(flag) && !/^-d=panic$/.test(flag)) && !test.wantError;

if (kind === "" || kind === "errorcheck") {
  const row = addRow("GOROOT/test errorcheck");
  const skipped = addRow("  of later stages (not run)");
  const known = addRow("  fail upstream too (not run)");
  const knownFailures = upstreamFailures(goroot);
  for (const test of tests) {
    if (!test.action.startsWith("errorcheck") || isRemarks(test)) continue;
    if (isBackend(test)) {
      skipped.files++;
      continue;
    }
    if (knownFailures.has(test.name)) {
      known.files++;
      continue;
    }
    record(row, test.name, () => {
      if (test.action === "errorcheck") {
        const bytes = readFileSync(test.path);
        const name = basename(test.path);
        const checked = checker.check([{ name, bytes }], { path: "p", ...checkFlags(test.flags) });
        return compareLines(outputLines(checked, test.flags), new Map([[name, bytes.toString("utf8")]]));
      }
      const parts = checkDir(test).map(({ checked, sources }) => compareLines(outputLines(checked), sources));
      return parts.reduce((sum, part) => ({
        expected: sum.expected + part.expected,
        matched: sum.matched + part.matched,
        farOff: 0,
        missing: [...sum.missing, ...part.missing],
        surplus: [...sum.surplus, ...part.surplus],
      }));
    });
  }
}

if (kind === "" || kind === "compile") {
  const row = addRow("GOROOT/test compile (valid)");
  for (const test of tests) {
    if (!test.action.startsWith("compile")) continue;
    record(row, test.name, () => {
      const surplus: string[] = [];
      if (test.action === "compile") {
        const source = { name: basename(test.path), bytes: readFileSync(test.path) };
        surplus.push(...outputLines(checker.check([source], { path: "p", ...checkFlags(test.flags) })));
      } else {
        for (const { checked } of checkDir(test)) surplus.push(...outputLines(checked));
      }
      return { expected: 0, matched: 0, farOff: 0, missing: [], surplus };
    });
  }
}

if (kind === "" || kind === "types") {
  const row = addRow("internal/types/testdata");
  for (const test of typesTests(goroot)) {
    record(row, test.name, () => {
      const sources = test.files.map((path) => ({ name: basename(path), bytes: readFileSync(path) }));
      const texts = new Map(sources.map(({ name, bytes }) => [name, bytes.toString("utf8")]));
      const { lang, fakeImportC } = typesFlags(texts.values().next().value ?? "");
      const { errors, fset } = checker.check(sources, {
        path: /^package\s+(\w+)/m.exec(texts.values().next().value ?? "")?.[1] ?? "p",
        goVersion: lang,
        likeTypes2Tests: true,
        fakeImportC,
      });
      const found: FoundError[] = errors.map(({ pos, msg }) => {
        const { filename, line, col } = fset.absolute(pos);
        return { file: filename, line, col, msg };
      });
      return compareComments(found, texts, test.tolerance);
    });
  }
}

if (kind === "" || kind === "syntax") {
  const row = addRow("syntax/testdata");
  const dir = join(goroot, "src", "cmd", "compile", "internal", "syntax", "testdata");
  for (const name of readdirSync(dir).sort()) {
    if (!name.endsWith(".go")) continue;
    record(row, name, () => {
      const bytes = readFileSync(join(dir, name));
      return compareSyntax(name, bytes);
    });
  }
}

/** syntax/error_test.go: `ERROR re` comments, of the token before or, on a line of their own, of the line before. */
function compareSyntax(name: string, bytes: Uint8Array): Comparison {
  const text = new TextDecoder().decode(bytes);
  const { errors, fset } = checker.parse(name, bytes);
  const wanted = [...text.matchAll(/(?:\/\/|\/\*) ?(?:GC_)?ERROR (.*?)(?:\*\/|$)/gm)].map((match) => ({
    line: text.slice(0, match.index).split("\n").length,
    text: match[1].trim(),
  }));
  const missing: string[] = [];
  const rest = errors.map(({ pos, msg }) => ({ ...fset.absolute(pos), msg }));
  for (const want of wanted) {
    const at = rest.findIndex((error) => error.line === want.line && new RegExp(want.text).test(error.msg));
    if (at < 0) missing.push(`${name}:${want.line}: ${want.text}`);
    else rest.splice(at, 1);
  }
  const surplus = rest.map((error) => `${name}:${error.line}:${error.col}: ${error.msg}`);
  return { expected: wanted.length, matched: wanted.length - missing.length, farOff: 0, missing, surplus };
}

if (kind === "" || kind === "remarks") {
  const remarkTests = tests.filter(isRemarks);
  const runner = new RemarkTests(goroot, remarkTests);
  const row = addRow("GOROOT/test -m");
  const text = addRow("  of one file, whole text");
  for (const test of remarkTests) {
    record(row, test.name, () => runner.comparePatterns(test));
    if (test.action === "errorcheck") record(text, test.name, () => runner.compareText(test));
  }
  runner.close();
}

const percent = (part: number, whole: number): string => (whole === 0 ? "" : `${((100 * part) / whole).toFixed(2)} %`);
console.log(
  "corpus                         files    exact  crashed  expected  matched  missing  surplus  matched %  surplus %  far columns",
);
for (const row of rows) {
  console.log(
    row.title.padEnd(30) +
      String(row.files).padStart(6) +
      String(row.filesOk).padStart(9) +
      String(row.crashed).padStart(9) +
      String(row.expected).padStart(10) +
      String(row.matched).padStart(9) +
      String(row.missing).padStart(9) +
      String(row.surplus).padStart(9) +
      percent(row.matched, row.expected).padStart(11) +
      percent(row.surplus, row.expected).padStart(11) +
      String(row.farOff).padStart(13),
  );
}
const failed = rows.some(
  (row) =>
    row.crashed > 0 ||
    (row.expected > 0 && (row.matched < 0.97 * row.expected || row.surplus > 0.01 * row.expected)) ||
    (row.expected === 0 && row.surplus > 0),
);
process.exitCode = failed ? 1 : 0;
