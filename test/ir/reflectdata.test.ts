/** Functions generated to compare and hash values: what the compilers of several releases, for machines that load at any
 *  address and for one that does not, say of them (`go tool compile -p main -complete -m=2 types.go`). */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { genEq, genHash } from "../../src/ir/reflectdata/alg.ts";
import { eqSignature, signatureSize } from "../../src/ir/reflectdata/signature.ts";
import { sizeOf } from "../../src/ir/typeops.ts";
import { TKind, type Type } from "../../src/ir/types.ts";
import { analyzePackage } from "../../src/report/analyze.ts";
import { explanationLines, remarkLine } from "../../src/report/remark.ts";
import { Session } from "../../src/report/session.ts";
import { lower } from "./lower.ts";

const dir = new URL("reflectdata/", import.meta.url);
const source = readFileSync(new URL("types.go", dir));

function output(goarch: string, minor: number): string {
  const session = new Session({ readFile: () => source, readSummary: () => null }, goarch, minor);
  const unit = {
    importPath: "command-line-arguments",
    compilerPath: "main",
    goFiles: ["types.go"],
    imports: new Map(),
    goVersion: `go1.${minor}`,
    complete: true,
    isStd: false,
  };
  const compile = { l: 0, N: false, smallFrames: false, mutations: false, zeroCopy: true };
  const options = { m: 2, compile, explain: false, graphs: false, debug: null };
  const { entries, errors } = analyzePackage(session, unit, options);
  expect(errors).toEqual([]);
  const lines = entries.flatMap((entry) =>
    "remark" in entry ? [remarkLine(session.fset, entry.remark)] : explanationLines(session.fset, entry.explanation),
  );
  return `${lines.join("\n")}\n`;
}

describe("generated functions", () => {
  for (const name of readdirSync(dir)) {
    const match = /^types\.(\w+)\.go1\.(\d+)\.want$/.exec(name);
    if (match === null) continue;
    const [, goarch, minor] = match;
    it(`are those of Go 1.${minor} on ${goarch}`, () => {
      expect(output(goarch, Number(minor))).toBe(readFileSync(new URL(name, dir), "utf8"));
    });
  }
});

describe("types", () => {
  const { n } = lower(`package u
    type plain struct { a, b int32; c [4]int16 }
    type padded struct { a int8; b int64; c int8 }
    type words [7]string
    type floats struct { f float32; _ int; c complex64; g [3]float64 }
    type single struct { s string }
    type empty struct {}
    type faces struct { e any; n error; x [2]struct { s string; b bool } }
    type none []int
  `);
  const type = (name: string) => n.localPkg.lookup(name).def as Type;
  const { runtimeTypes: rt } = n;

  it.each([
    ["plain", "M16"],
    ["padded", "M1K7M9"],
    ["words", "S[3SS]"],
    ["floats", "FK12FFGGG"],
    ["single", "S"],
    ["empty", ""],
    ["faces", "EI[2SM1K7]"],
  ])("%s have the signature %s", (name, want) => {
    const t = type(name);
    expect(eqSignature(t, rt.target)).toBe(want);
    // What does not count at the end is left out.
    expect(signatureSize(want, rt.target)).toBeLessThanOrEqual(sizeOf(t, rt.target));
  });

  it("that the runtime can compare get no function", () => {
    for (const name of ["plain", "single", "empty", "none"]) expect(genEq(rt, type(name))).toBeNull();
    expect(genHash(rt, rt.universe.types[TKind.STRING])).toBeNull();
    expect(() => genHash(rt, type("none"))).toThrow("cannot be compared");
  });

  it("get one function of each kind", () => {
    const eq = genEq(rt, type("faces"));
    expect(eq?.sym.name).toBe(".eq.ex.com/u.faces");
    expect(genEq(rt, type("faces"))).toBe(eq);
    const before = rt.funcs.length;
    const hash = genHash(rt, type("words"));
    expect(rt.funcs.slice(before)).toEqual([hash]);
    expect(genHash(rt, type("words"))).toBe(hash);
  });
});
