/** The teaching set: every example says what the real compiler says, and its second half does keep the value on the
 *  stack. Examples without imports run where no Go is installed. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { analyzePackage } from "../src/report/analyze.ts";
import { remarkLine } from "../src/report/remark.ts";
import { Session } from "../src/report/session.ts";
import { scanImports } from "../src/syntax/imports.ts";

const examples = join(dirname(fileURLToPath(import.meta.url)), "..", "examples");

interface Example {
  readonly name: string;
  readonly file: string;
  readonly golden: string;
  readonly imports: readonly string[];
}

function readExamples(): Example[] {
  const list: Example[] = [];
  for (const name of readdirSync(examples).sort()) {
    const isDir = statSync(join(examples, name)).isDirectory();
    if (!isDir && !name.endsWith(".go")) continue;
    if (name === "run") continue; // programs: test/run/alone.test.ts
    const file = isDir ? join(examples, name, `${name}.go`) : join(examples, name);
    const golden = readFileSync(file.replace(/\.go$/, ".want"), "utf8");
    const imports = scanImports(readFileSync(file)).imports.map((spec) => spec.path);
    list.push({ name: basename(name, ".go"), file, golden, imports });
  }
  return list;
}

/** Remarks of `-m -l` on a file that imports nothing but unsafe. */
function remarks(file: string): string[] {
  const session = new Session({ readFile: (path) => readFileSync(path), readSummary: () => null }, "amd64");
  const result = analyzePackage(
    session,
    {
      importPath: "command-line-arguments",
      compilerPath: "main",
      goFiles: [file],
      imports: new Map(),
      goVersion: "go1.26",
      complete: false,
      isStd: false,
    },
    {
      m: 1,
      compile: { l: 1, N: false, smallFrames: false, mutations: false, zeroCopy: true },
      explain: false,
      graphs: false,
      debug: null,
    },
  );
  expect(result.errors.map((error) => error.msg)).toEqual([]);
  const lines: string[] = [];
  for (const entry of result.entries) {
    if ("remark" in entry) lines.push(remarkLine(session.fset, entry.remark).replace(`${file}:`, ""));
  }
  return lines;
}

/** The golden's lines without header and file name. */
function wanted(example: Example): string[] {
  return example.golden
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "))
    .map((line) => line.replace(/^\S+\.go:/, ""));
}

const all = readExamples();
const selfContained = all.filter((example) => example.imports.every((path) => path === "unsafe"));

describe("examples", () => {
  it("are there", () => {
    expect(all.length).toBeGreaterThan(60);
    expect(selfContained.length).toBeGreaterThan(55);
  });

  for (const example of selfContained) {
    it(example.name, () => expect(remarks(example.file)).toEqual(wanted(example)));
  }

  it("have a rule and a way to keep the value on the stack each", () => {
    for (const { name, file } of all) {
      const source = readFileSync(file, "utf8");
      expect(source, name).toMatch(/^\/\/ Rule: /);
      expect(source, name).toMatch(/^(func|var) (\([^)]*\) )?(escapes|leaks|skip|push|top)\b|^func escapes/m);
      expect(source, name).toMatch(/\b(stays|topValue)\b/);
    }
  });
});
