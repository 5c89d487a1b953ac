import { describe, expect, it } from "vitest";
import { linkString } from "../../src/ir/typefmt.ts";
import {
  alignOf,
  compareSyms,
  hasPointers,
  identical,
  identicalStrict,
  isComparable,
  isDirectIface,
  numComponents,
  ptrDataSize,
  sizeOf,
} from "../../src/ir/typeops.ts";
import { Pkg, type Type } from "../../src/ir/types.ts";
import { lower } from "./lowered.ts";

const source = `package p
type node struct{ next *node; v int32; b bool }
type ptr struct{ p *int; z struct{} }
type one struct{ p *int }
type E struct{}
var a struct{ b bool; i int64; c bool }
var b struct{ s string; n int; x [2][]int; t int64 }
var c node
var d one
var e [1]one
var f ptr
var g struct{ n int; z struct{} }
var h any
var i [0]*int
var j complex128
var k struct{}
var l func()
var m map[int]int
var n []byte
var o [3]struct{ p *int; q int }
var q1 struct{ X []byte }
var q2 struct{ X []uint8 }
var q3 interface{}
var q4 struct{ _ int; f float64 }
func use(E) {}
`;

function types(goarch: string): { of: (name: string) => Type; size: (name: string) => number[] } {
  const l = lower(source, goarch);
  const of = (name: string): Type => l.n.target.externs.find((v) => v.sym.name === name)!.type!;
  const size = (name: string): number[] => {
    const t = of(name);
    return [sizeOf(t, l.target), alignOf(t, l.target), ptrDataSize(t, l.target)];
  };
  return { of, size };
}

describe("layout", () => {
  it("on a 64-bit machine", () => {
    const { size } = types("amd64");
    expect(size("a")).toEqual([24, 8, 0]);
    expect(size("b")).toEqual([80, 8, 56]);
    expect(size("c")).toEqual([16, 8, 8]);
    expect(size("g")).toEqual([16, 8, 0]); // nothing may point past the end
    expect(size("h")).toEqual([16, 8, 16]);
    expect(size("i")).toEqual([0, 8, 0]);
    expect(size("j")).toEqual([16, 8, 0]);
    expect(size("k")).toEqual([0, 1, 0]);
    expect(size("o")).toEqual([48, 8, 40]);
  });
  it("on a 32-bit machine", () => {
    const { size } = types("386");
    expect(size("a")).toEqual([16, 4, 0]);
    expect(size("b")).toEqual([44, 4, 28]);
    expect(size("j")).toEqual([16, 4, 0]);
    expect(size("l")).toEqual([4, 4, 4]);
  });
});

describe("predicates", () => {
  const { of } = types("amd64");
  const target = lower(source).target;
  it("knows what an interface stores directly", () => {
    expect(["d", "e", "l", "m"].map((v) => isDirectIface(of(v), target))).toEqual([true, true, true, true]);
    expect(["a", "f", "h", "n", "i"].map((v) => isDirectIface(of(v), target))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
  it("knows what can be compared", () => {
    expect(isComparable(of("b"))).toBe(false);
    expect(isComparable(of("a"))).toBe(true);
  });
  it("sees through byte and any", () => {
    expect(of("q1") === of("q2")).toBe(false);
    expect(identical(of("q1"), of("q2"))).toBe(true);
    expect(identicalStrict(of("q1"), of("q2"))).toBe(true);
    expect(linkString(of("q1"))).toBe(linkString(of("q2")));
    expect(identical(of("h"), of("q3"))).toBe(true);
    expect(identical(of("a"), of("g"))).toBe(false);
  });
  it("counts primitive parts", () => {
    expect(numComponents(of("o"), true)).toBe(6);
    expect(numComponents(of("q4"), false)).toBe(1);
    expect(hasPointers(of("q4"), target)).toBe(false);
  });
});

describe("order of methods", () => {
  it("puts exported names first, then compares names and packages", () => {
    const p = new Pkg("a/p", "p");
    const q = new Pkg("b/q", "q");
    const syms = [q.lookup("x"), p.lookup("x"), p.lookup("b"), p.lookup("Z"), q.lookup("A")];
    const sorted = syms.slice().sort(compareSyms);
    expect(sorted.map((s) => `${s.pkg!.name}.${s.name}`)).toEqual(["q.A", "p.Z", "p.b", "p.x", "q.x"]);
  });
});
