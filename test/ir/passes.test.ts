/** The passes between lowering and escape analysis; what they do to small programs, as go1.26.8 has it. */
import { describe, expect, it } from "vitest";
import { devirtualizePackage } from "../../src/inline/interleaved.ts";
import { reportElidedBounds } from "../../src/ir/bounds.ts";
import { deadLocals } from "../../src/ir/deadlocals.ts";
import { dumpFunc } from "../../src/ir/dump.ts";
import { funcName } from "../../src/ir/func.ts";
import { forCapture } from "../../src/ir/loopvar.ts";
import type { Func } from "../../src/ir/node.ts";
import { Op } from "../../src/ir/op.ts";
import { ReassignOracle } from "../../src/ir/reassign.ts";
import { visitFuncsBottomUp } from "../../src/ir/scc.ts";
import { makeTask } from "../../src/ir/staticinit/pkginit.ts";
import { type Lowered, lower, nodesOf } from "./lowered.ts";

/** The statements left of `fn`, printed. */
function body(l: Lowered, fn: Func): string[] {
  return fn.body.map((n) => l.str(n));
}

describe("bottom-up order", () => {
  const groups = (source: string): string[] => {
    const out: string[] = [];
    visitFuncsBottomUp(lower(source).n.target.funcs, (group, recursive) => {
      out.push(`${group.map(funcName).join(" ")}${recursive ? " *" : ""}`);
    });
    return out;
  };
  it("puts callees first and mutual recursion together", () => {
    expect(groups("package p\nfunc a() { b(); c() }\nfunc b() { d() }\nfunc c() { c() }\nfunc d() { b() }\n")).toEqual([
      "b d *",
      "c *",
      "a",
    ]);
  });
  it("keeps capturing literals with their function, and others before it", () => {
    expect(
      groups("package p\nfunc f(x int) { g := func() int { return x }; h := func() int { return 1 }; g(); h() }\n"),
    ).toEqual(["f.func2", "f f.func1"]);
  });
});

describe("reassignment", () => {
  it("tells variables that are assigned once", () => {
    const l = lower(`package p
func f(p, q int) {
	a := 1
	b := 2
	b = 3
	c := 4
	d := &c
	e, g := 5, 6
	func() { g++ }()
	q++
	_, _, _, _, _, _, _ = a, b, c, d, e, g, p
}`);
    const fn = l.fn("f");
    const oracle = new ReassignOracle(fn);
    const once = fn.dcl.filter((v) => !oracle.reassigned(v)).map((v) => v.sym.name);
    expect(once).toEqual(["p", "a", "d", "e"]);
    const use = fn.body[fn.body.length - 1];
    expect(use.list2.map((n) => l.str(oracle.staticValue(n)))).toEqual(["1", "b", "c", "&c", "5", "g", "p"]);
  });
});

describe("static initialisation", () => {
  const left = (declarations: string): string[] => {
    const l = lower(
      `package p\ntype T struct { a int; b *int; e any }\nfunc f() *T { return nil }\nfunc (t T) M() {}\n${declarations}\n`,
    );
    makeTask(l.n);
    return l.n.target.inits.flatMap((fn) => body(l, fn));
  };
  it.each([
    ["var x = 5", []],
    ["var g int; var x = &T{a: 1, b: &g}", []],
    ["var x any = T{}", []],
    ["var x = []any{1, T{}, func() {}}", []],
    ['var x = []byte("abc")', []],
    ["var y = &T{}; var x = y", []],
    ["var x = T.M", []],
    ["var _ = T{}", []],
    ["var x = f()", ["x = f()"]],
    ["var x = new(T)", ["x = new(T)"]],
    ["var y = f(); var x = y", ["y = f()", "x = y"]],
    ['var s = "a"; var x = s', ["x = s"]],
    ["var x = T{a: 1, b: new(int)}", ["(*int)(p.x@8) = new(int)"]],
    ["var x = &T{e: map[int]int{}}", ["(map[int]int)(p..stmp_0@24) = map[int]int{}"]],
    ["var x = make([]int, 3)", ["x = make([]int, 3)"]],
  ])("%s", (declarations, want) => {
    const got = left(declarations as string);
    expect(got.filter((s) => s !== "")).toEqual(want);
  });

  it("gives large map initialisers a function of their own", () => {
    const pairs = Array.from({ length: 10 }, (_, i) => `${i}: "${i}"`).join(", ");
    const l = lower(`package p\nvar m = map[int]string{${pairs}}\n`);
    expect(l.n.target.funcs.map(funcName)).toEqual(["init", "map.init.0"]);
    expect(body(l, l.fn("init"))).toEqual(["map.init.0()"]);
    const small = lower(`package p\nvar m = map[int]string{1: "1"}\n`);
    expect(small.n.target.funcs.map(funcName)).toEqual(["init"]);
  });
});

describe("per-iteration loop variables", () => {
  const transformed = (source: string): string[] => {
    const l = lower(`package p\nvar fs []func()\nvar ps []*int\n${source}\n`);
    return l.n.target.funcs.flatMap((fn) =>
      forCapture(fn, l.n.universe, l.n.localPkg, l.n.fset).map((v) => v.name.sym.name),
    );
  };
  it("are for what is captured or address-taken", () => {
    expect(transformed("func f() { for i := 0; i < 3; i++ { println(i) } }")).toEqual([]);
    expect(transformed("func f() { for i, j := 0, 0; i < 3; i++ { ps = append(ps, &j) } }")).toEqual(["j"]);
    expect(
      transformed("func f(x []int) { for i, v := range x { fs = append(fs, func() { println(v) }); _ = i } }"),
    ).toEqual(["v"]);
  });
  it("are not for what leaves with a return", () => {
    expect(transformed("func f() *int { for i := 0; ; i++ { return &i } }")).toEqual([]);
  });
  it("rewrite continue", () => {
    const l = lower(
      "package p\nvar ps []*int\nfunc f() { for i := 0; i < 3; i++ { if i == 1 { continue }; ps = append(ps, &i) } }\n",
    );
    const fn = l.fn("f");
    forCapture(fn, l.n.universe, l.n.localPkg, l.n.fset);
    const ops = nodesOf(fn).map((n) => n.op);
    expect(ops).not.toContain(Op.OCONTINUE);
    expect(ops).toContain(Op.OGOTO);
    const loop = fn.body.find((n) => n.op === Op.OFOR)!;
    expect([loop.x, loop.y]).toEqual([null, null]);
    expect(loop.body.map((n) => l.str(n))).toEqual([
      "i := .autotmp_1",
      "if var .autotmp_2 bool; .autotmp_2 { .autotmp_2 = false } else { i++ }",
      "if !(i < 3) { break }",
      "if i == 1 { goto .3clNext_1 }",
      "ps = append(ps, &i)",
      ".3clNext_1: ",
      ".autotmp_1 = i",
    ]);
  });
});

describe("dead locals", () => {
  it("drops values that nobody uses", () => {
    const l = lower(`package p
func f(q *int) {
	x, y := 1, func() { println(q) }
	var a int
	a, _ = x, y
	b, _ := q, new(int)
	_, _ = a, b
}`);
    deadLocals(l.n.target.funcs, l.n.blankNode, l.n.universe);
    expect(body(l, l.fn("f")).filter((s) => !s.startsWith("var "))).toEqual([
      "x, _ := 1, 0",
      "a = <nil>",
      "a, _ = x, 0",
      "b, _ := q, new(int)",
      "_, _ = a, b",
    ]);
  });
  it("takes a use for a use of what the variable was given", () => {
    const l = lower("package p\nfunc f(q int) { x := q; y := x; println(y) }\n");
    deadLocals(l.n.target.funcs, l.n.blankNode, l.n.universe);
    expect(body(l, l.fn("f"))).toContain("x := q");
  });
});

describe("devirtualisation", () => {
  const remarks = (source: string): string[] => {
    const l = lower(`package p
type I interface { M(); N(*int) }
type A struct{}
func (A) M() {}
func (A) N(*int) {}
type B struct{}
func (*B) M() {}
func (*B) N(*int) {}
type P struct{ I }
${source}
`);
    devirtualizePackage(l.n, l.n.target.funcs, l.say);
    return l.remarks;
  };
  it("follows all assignments", () => {
    expect(remarks("func f() { var i I = A{}; j := i; j.M() }")).toEqual(["10:38: devirtualizing j.M to A"]);
    expect(remarks("func f(c bool) { var i I = A{}; if c { i = &B{} }; i.M() }")).toEqual([]);
    expect(remarks("func f() { var i I; i = nil; i.M() }")).toEqual([]);
    expect(remarks("func f(i I) { i.M() }")).toEqual([]);
  });
  it("stops at promoted interface methods", () => {
    expect(remarks("func f() { i := I(P{A{}}); i.M() }")).toEqual(["10:31: partially devirtualizing i.M to P"]);
  });
  it("leaves calls of go and defer alone, but not those in their wrappers", () => {
    expect(remarks("func f() { var i I = &B{}; defer i.M(); go i.N(nil) }")).toEqual([
      "10:37: devirtualizing .autotmp_1.M to *B",
      "10:47: devirtualizing .autotmp_2.N to *B",
    ]);
  });
});

describe("elided bounds checks", () => {
  const places = (statements: string): string[] => {
    const l = lower(`package p
func f(a *[256]int, b [16]int, s []int, u uint8, i int, w uint32, g func(int) int) (r int) {
	${statements}
	return
}`);
    reportElidedBounds(l.n.target.funcs, l.target, l.say);
    return l.remarks.map((r) => r.replace(": index bounds check elided", ""));
  };
  it.each([
    ["r = a[u]", ["3:7"]],
    ["r = a[3]", []],
    ["r = s[u]", []],
    ["r = b[i&15]", ["3:7"]],
    ["r = b[i&16]", []],
    ["r = b[w%16] + b[i%16]", ["3:7"]],
    ["r = b[w>>28] + b[u/16]", ["3:7", "3:18"]],
    ["r = b[i&^-16]", ["3:7"]],
    ['r = int("0123"[u&3])', ["3:16"]],
    ["r = b[u&1] + g(b[u&3])", ["3:18", "3:7"]],
    ["s = append(s, b[i&3], a[u], a[u>>1], b[w&1]+1)", ["3:25", "3:31", "3:40"]],
  ])("%s", (statements, want) => {
    expect(places(statements as string)).toEqual(want);
  });
});

describe("range over functions", () => {
  it("becomes a call with the body as a literal", () => {
    const l = lower(
      "package p\nfunc f(it func(func(int) bool)) int {\n\tfor i := range it {\n\t\tif i > 2 { return i }\n\t}\n\treturn 0\n}\n",
    );
    expect(l.n.target.funcs.map(funcName)).toEqual(["f", "f-range1"]);
    expect(body(l, l.fn("f")).filter((s) => !s.startsWith("var "))).toContain("#yield1 := func literal");
    const text = dumpFunc("f", l.fn("f"), l.fset);
    expect(text).toContain("NAME-p.#rv1");
    expect(text).toContain("NAME-p.#next");
    expect(l.fn("f-range1").dcl.map((v) => v.sym.name)).toContain("#tmpState");
  });
  it("numbers nested bodies and literals on the outermost function", () => {
    const l = lower(
      "package p\nfunc f(it func(func() bool)) {\n\tfor range it {\n\t\tfor range it {\n\t\t\tfunc() {}()\n\t\t}\n\t}\n}\n",
    );
    expect(l.n.target.funcs.map(funcName)).toEqual(["f", "f-range1", "f-range2", "f.func1"]);
  });
});
