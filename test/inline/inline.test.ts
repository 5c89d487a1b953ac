/** What is said without -l, byte for byte what go1.26.8 says (testdata/*.m1 with -m, *.m2 with -m=2). */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FileSet } from "../../src/base/pos.ts";
import { analyzePackage } from "../../src/report/analyze.ts";
import { explanationLines, remarkLine } from "../../src/report/remark.ts";
import { Session } from "../../src/report/session.ts";
import { writePackage } from "../../src/types/summary-write.ts";
import { options } from "../report/analysis.ts";

const testdata = join(dirname(fileURLToPath(import.meta.url)), "testdata");

interface Unit {
  readonly path: string;
  readonly file: string;
  readonly imports: readonly string[];
}

/** Analyses packages one after the other; the lines of the last one. */
function lines(units: readonly Unit[], m: number, l = 0): string[] {
  const summaries = new Map<string, Uint8Array>();
  const host = { readFile: (path: string) => readFileSync(path), readSummary: (p: string) => summaries.get(p) ?? null };
  // As in the command: what is imported was analysed elsewhere.
  let out: string[] = [];
  for (const { path, file, imports } of units) {
    const session = new Session(host, "amd64");
    const name = join(testdata, file);
    const result = analyzePackage(
      session,
      {
        importPath: path,
        compilerPath: path,
        goFiles: [name],
        imports: new Map(imports.map((p) => [p, p])),
        goVersion: "go1.26",
        complete: true,
        isStd: false,
      },
      { ...options, m, compile: { ...options.compile, l } },
    );
    expect(result.errors.map((error) => error.msg)).toEqual([]);
    out = [];
    for (const entry of result.entries) {
      if ("remark" in entry) out.push(remarkLine(session.fset, entry.remark));
      else out.push(...explanationLines(session.fset, entry.explanation));
    }
    summaries.set(
      path,
      writePackage(result.checked!.pkg, {
        fset: session.fset,
        files: result.files,
        facts: (fn) => result.facts.get(fn) ?? null,
        resolveImport: (p) => session.importPackage(p),
      }),
    );
  }
  return out.map((line) => line.replaceAll(`${testdata}/`, "./").replaceAll("./across/", "./"));
}

function golden(name: string): string[] {
  return readFileSync(join(testdata, name), "utf8").trimEnd().split("\n");
}

describe("inlining", () => {
  for (const name of ["calls", "shapes", "places"]) {
    for (const m of [1, 2]) {
      it(`says of ${name}.go at -m=${m} what the compiler says`, () => {
        expect(lines([{ path: "main", file: `${name}.go`, imports: [] }], m)).toEqual(golden(`${name}.m${m}`));
      });
    }
  }

  for (const m of [3, 4]) {
    it(`prints the trees of -m=${m}`, () => {
      const said = lines([{ path: "main", file: "trees.go", imports: [] }], m);
      expect(said.join("\n").trimEnd().split("\n")).toEqual(golden(`trees.m${m}`));
    });
  }

  const inner: Unit = { path: "example.com/across/inner", file: "across/inner/inner.go", imports: [] };
  const lib: Unit = { path: "example.com/across/lib", file: "across/lib/lib.go", imports: [inner.path] };
  const main: Unit = { path: "main", file: "across/main.go", imports: [lib.path] };
  for (const m of [1, 2]) {
    it(`inlines functions of other packages at -m=${m}`, () => {
      expect(lines([inner, lib], m).map((line) => line.replace(/\.\/lib/g, "lib"))).toEqual(golden(`across/lib.m${m}`));
      expect(lines([inner, lib, main], m)).toEqual(golden(`across/main.m${m}`));
    });
  }

  it("says nothing about inlining with -l", () => {
    const said = lines([{ path: "main", file: "calls.go", imports: [] }], 2, 1);
    expect(said.length).toBeGreaterThan(10);
    expect(said.filter((line) => /inline|inlining/.test(line))).toEqual([]);
  });

  it("inlines more with -l=4, where calls cost nothing", () => {
    const said = lines([{ path: "main", file: "shapes.go", imports: [] }], 1, 4);
    expect(said.some((line) => line.includes("can inline tooBig"))).toBe(true);
    expect(golden("shapes.m1").some((line) => line.includes("can inline tooBig"))).toBe(false);
  });
});

describe("positions of inlined code", () => {
  it("print as the outermost call and know where they come from", () => {
    const fset = new FileSet();
    const file = fset.addFile("a.go", 100, [0, 10, 20, 30, 40]);
    const outer = fset.addInlining(file.base + 41, file.base + 10, file.base + 19);
    const call = fset.inlined(outer, file.base + 12);
    const nested = fset.addInlining(call, file.base + 20, file.base + 29);
    const pos = fset.inlined(nested, file.base + 25);
    expect(pos).toBeLessThan(0);
    expect(fset.position(pos)).toEqual({ filename: "a.go", line: 5, col: 2 });
    expect(fset.innermost(pos)).toBe(file.base + 25);
    expect(fset.inliningOf(pos)).toBe(nested);
    expect(fset.inlinedCallPos(nested)).toBe(call);
    expect(fset.inliningOf(call)).toBe(outer);
    expect(fset.outermost(pos)).toBe(file.base + 41);
  });
  it("may lie outside the text of the function", () => {
    const fset = new FileSet();
    const file = fset.addFile("a.go", 100, [0, 10]);
    const inlining = fset.addInlining(file.base + 2, file.base + 50, file.base + 60);
    const pos = fset.inlined(inlining, file.base + 70);
    expect(fset.innermost(pos)).toBe(file.base + 70);
    expect(fset.inliningOf(pos)).toBe(inlining);
    expect(fset.outermost(pos)).toBe(file.base + 2);
    expect(fset.inlined(inlining, 0)).toBe(0);
  });
});
