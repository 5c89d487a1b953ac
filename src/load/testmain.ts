/** The main package of a test program: finds tests, benchmarks, fuzz targets and examples in test files, and writes the
 *  source that runs them. Mirrors the second half of cmd/go/internal/load/test.go and go/doc/example.go. */
import { FileSet, formatPosition } from "../base/pos.ts";
import { type Comment, type File, type FuncDecl, Kind } from "../syntax/ast.ts";
import { parseFile } from "../syntax/parse.ts";
import { Op } from "../syntax/tokens.ts";
import { type CoveredFile, type CoverMode, sortedBlocks } from "./cover.ts";

interface TestFunc {
  /** The name under which its package is imported: `_test` or `_xtest`. */
  readonly pkg: string;
  readonly name: string;
}

interface Example extends TestFunc {
  /** What it must print, as bytes. */
  readonly output: string;
  readonly unordered: boolean;
}

/** A test file that cannot be used; the message starts with its position where there is one. */
export class TestFileError extends Error {
  override name = "TestFileError";
}

/** What is counted: files of the package under test, by the names that profiles have for them, in their order. */
export interface Coverage {
  readonly mode: CoverMode;
  readonly files: ReadonlyMap<string, CoveredFile>;
}

export class TestFuncs {
  private readonly tests: TestFunc[] = [];
  private readonly benchmarks: TestFunc[] = [];
  private readonly fuzzTargets: TestFunc[] = [];
  private readonly examples: Example[] = [];
  private main: TestFunc | null = null;
  /** Packages that have test files, and those of which something is called. */
  private readonly imported = new Set<string>();
  private readonly needed = new Set<string>();
  private readonly fset = new FileSet();

  /** Adds the functions of a file. Throws a {@link TestFileError}. */
  load(fileName: string, source: Uint8Array, pkg: "_test" | "_xtest"): void {
    const { file, errors } = parseFile(this.fset, fileName, source, { comments: true });
    if (file === null || errors.length > 0) {
      const [error] = errors;
      throw new TestFileError(`${formatPosition(this.fset.position(error.pos))}: ${error.msg}`);
    }
    for (const decl of file.decls) {
      if (decl.kind === Kind.FuncDecl && decl.recv === null) this.addFunc(file, decl, pkg, source);
    }
  }

  private addFunc(file: File, decl: FuncDecl, pkg: string, source: Uint8Array): void {
    const name = decl.name.value;
    const add = (list: TestFunc[], arg: string): void => {
      this.check(decl, arg, source);
      list.push({ pkg, name });
      this.imported.add(pkg);
      this.needed.add(pkg);
    };
    if (name === "TestMain" && !takesPointerTo(decl, "T")) {
      const mains: TestFunc[] = [];
      add(mains, "M");
      if (this.main !== null) throw new TestFileError("multiple definitions of TestMain");
      this.main = mains[0];
    } else if (isTestName(name, "Test")) add(this.tests, "T");
    else if (isTestName(name, "Benchmark")) add(this.benchmarks, "B");
    else if (isTestName(name, "Fuzz")) add(this.fuzzTargets, "F");
    else if (isTestName(name, "Example")) this.addExample(file, decl, pkg, source);
  }

  private check(decl: FuncDecl, arg: string, source: Uint8Array): void {
    let why = "";
    if (!takesPointerTo(decl, arg)) why = `must be: func ${decl.name.value}(${arg.toLowerCase()} *testing.${arg})`;
    if (decl.tparams.length > 0) why = "test functions cannot have type parameters";
    if (why === "") return;
    // Shown where the declaration begins: at its `func`.
    const { base } = this.fset.file(decl.pos)!;
    let at = decl.pos - base - "func".length;
    while (!isFunc(source, at)) at--;
    const where = formatPosition(this.fset.position(base + at));
    throw new TestFileError(`${where}: wrong signature for ${decl.name.value}, ${why}`);
  }

  private addExample(file: File, decl: FuncDecl, pkg: string, source: Uint8Array): void {
    if (decl.type.params.length > 0 || decl.type.results.length > 0 || decl.body === null) return;
    this.imported.add(pkg); // also when it is not run
    const expected = expectedOutput(file, decl.body.pos, decl.body.rbrace, this.fset, source);
    if (expected === null) return;
    this.examples.push({ pkg, name: decl.name.value, ...expected });
    this.needed.add(pkg);
  }

  /** The names that have to be imported: `_test` is the package under test. */
  imports(pkg: "_test" | "_xtest"): boolean {
    return this.imported.has(pkg);
  }

  /** Source of the main package; `importPath` is that of the package under test, `modulePath` "" outside modules. */
  source(importPath: string, modulePath: string, coverage: Coverage | null = null): string {
    const lines = ["package main", "", "import ("];
    const add = (line: string): void => {
      lines.push(line);
    };
    add(`\t"os"`);
    if (this.main !== null) add(`\t"reflect"`);
    add(`\t"testing"`);
    add(`\t"testing/internal/testdeps"`);
    for (const [pkg, suffix] of [
      ["_test", ""],
      ["_xtest", "_test"],
    ]) {
      if (this.imported.has(pkg)) add(`\t${this.needed.has(pkg) ? pkg : "_"} ${JSON.stringify(importPath + suffix)}`);
    }
    if (coverage !== null && coverage.files.size > 0) add(`\t_cover ${JSON.stringify(importPath)}`);
    add(")");
    this.addTable(lines, "tests", "InternalTest", this.tests);
    this.addTable(lines, "benchmarks", "InternalBenchmark", this.benchmarks);
    this.addTable(lines, "fuzzTargets", "InternalFuzzTarget", this.fuzzTargets);
    add("var examples = []testing.InternalExample{");
    for (const { pkg, name, output, unordered } of this.examples)
      add(`\t{"${name}", ${pkg}.${name}, ${JSON.stringify(output)}, ${unordered}},`);
    add("}");
    add("func init() {");
    add(`\ttestdeps.ModulePath = ${JSON.stringify(modulePath)}`);
    add(`\ttestdeps.ImportPath = ${JSON.stringify(importPath === "command-line-arguments" ? "" : importPath)}`);
    if (coverage !== null) {
      add(`\ttestdeps.CoverMode = "${coverage.mode}"`);
      for (const [name, { variable, blocks }] of coverage.files) {
        const numbers = sortedBlocks(blocks).flatMap((b) => [
          b.counter,
          ...[b.startLine, b.startColumn, b.endLine, b.endColumn, b.statements],
        ]);
        add(`\ttestdeps.AddCoverage(${JSON.stringify(name)}, _cover.${variable}[:], []uint32{${numbers.join(",")}})`);
      }
    }
    add("}");
    add("func main() {");
    add("\tm := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, examples)");
    if (this.main === null) add("\tos.Exit(m.Run())");
    else {
      add(`\t${this.main.pkg}.${this.main.name}(m)`);
      add(`\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))`);
    }
    add("}");
    return `${lines.join("\n")}\n`;
  }

  private addTable(lines: string[], name: string, type: string, funcs: readonly TestFunc[]): void {
    lines.push(`var ${name} = []testing.${type}{`);
    for (const fn of funcs) lines.push(`\t{"${fn.name}", ${fn.pkg}.${fn.name}},`);
    lines.push("}");
  }
}

function isFunc(source: Uint8Array, at: number): boolean {
  return [..."func"].every((letter, i) => source[at + i] === letter.charCodeAt(0));
}

/** A test's name goes on, if at all, with something that is no lower-case letter. */
function isTestName(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\p{Ll}/u.test(name.slice(prefix.length));
}

/** One parameter, of type `*arg` or `*p.arg`, and no results. */
function takesPointerTo(decl: FuncDecl, arg: string): boolean {
  const { params, results } = decl.type;
  if (params.length !== 1 || results.length > 0) return false;
  const { type } = params[0];
  if (type.kind !== Kind.Operation || type.op !== Op.Mul || type.y !== null) return false;
  const elem = type.x;
  return (elem.kind === Kind.Name && elem.value === arg) || (elem.kind === Kind.SelectorExpr && elem.sel.value === arg);
}

/** What the last comment of an example's body says it prints; null if it does not say so. */
function expectedOutput(
  file: File,
  start: number,
  end: number,
  fset: FileSet,
  source: Uint8Array,
): { output: string; unordered: boolean } | null {
  const inside = file.comments.filter((c) => c.pos >= start && c.end <= end);
  if (inside.length === 0) return null;
  // The last group: comments on lines that follow each other without code between them.
  let first = inside.length - 1;
  const base = fset.file(start)!.base;
  const alone = (c: Comment): boolean => isAlone(source, c.pos - base);
  while (
    first > 0 &&
    alone(inside[first]) &&
    alone(inside[first - 1]) &&
    adjoin(inside[first - 1], inside[first], fset)
  )
    first--;
  const text = commentText(inside.slice(first));
  const match = /^\s*(unordered )?output:/i.exec(text);
  if (match === null) return null;
  const output = text.slice(match[0].length).replace(/^ +/, "").replace(/^\n/, "");
  return { output, unordered: match[1] !== undefined };
}

/** Whether there is nothing before `offset` on its line. */
function isAlone(source: Uint8Array, offset: number): boolean {
  let i = offset - 1;
  while (i >= 0 && (source[i] === 0x20 || source[i] === 0x09)) i--;
  return i < 0 || source[i] === 0x0a;
}

function adjoin(a: Comment, b: Comment, fset: FileSet): boolean {
  const lines = a.text.split("\n").length;
  return fset.position(a.pos).line + lines === fset.position(b.pos).line;
}

/** Without comment marks, directives, trailing blanks, and blank lines at either end; several blank lines are one. */
function commentText(group: readonly Comment[]): string {
  const lines: string[] = [];
  for (const { text } of group) {
    let body = text.slice(2);
    if (text.startsWith("//")) {
      if (body.startsWith(" ")) body = body.slice(1);
      else if (/^(?:line |extern |export |[a-z0-9]+:[a-z0-9])/.test(body)) continue;
    } else body = body.slice(0, -2);
    for (const line of body.split("\n")) lines.push(line.replace(/[ \t\r\n]+$/, ""));
  }
  const out: string[] = [];
  for (const line of lines) if (line !== "" || (out.length > 0 && out[out.length - 1] !== "")) out.push(line);
  if (out.length > 0 && out[out.length - 1] !== "") out.push("");
  return out.join("\n");
}
