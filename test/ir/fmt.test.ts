import { describe, expect, it } from "vitest";
import { isImplicit } from "../../src/ir/expr.ts";
import type { Node } from "../../src/ir/node.ts";
import { Op } from "../../src/ir/op.ts";
import { opGoNames, opNames, opPrec } from "../../src/ir/optables.ts";
import { linkString, pathToPrefix, splitVargenSuffix, typeString } from "../../src/ir/typefmt.ts";
import { Pkg } from "../../src/ir/types.ts";
import { lower } from "./lowered.ts";

const declarations = `package p
import "unsafe"
type T struct{ x int; s []int; t *T; e E }
type E struct{ n int }
func (t *T) M(x int) int { return x }
func (t T) V() int { return 0 }
type I interface{ M(int) int }
type MyInt int
type MyStr string
func g(xs ...int) int { return 0 }
var arr [4]int
var t T
var p *T
var pp **int
var xs []int
var str string
var bs []byte
var i I
var a, b, c int
var f float64
var f32 float32
var u8 uint8
var r rune
var m map[string]int
var ch chan int
var fn func()
var ok bool
var up unsafe.Pointer
func use(any) {}
`;

/** Source of an expression → how the compiler prints it. Taken from go1.26.8. */
const expressions: readonly (readonly [string, string])[] = [
  ["a + b*c", "a + b * c"],
  ["(a + b) * c", "(a + b) * c"],
  ["a - (b - c)", "a - (b - c)"],
  ["-(-a)", "- (-a)"],
  ["^a &^ b", "^a &^ b"],
  ["!(a < b)", "!(a < b)"],
  ["ok && (a < b || a == c)", "ok && (a < b || a == c)"],
  ["**pp", "*(*pp)"],
  ["&t.x", "&t.x"],
  ["(*p).x", "(*p).x"],
  ["p.x", "p.x"],
  ["&T{x: 1}", "&T{...}"],
  ["T{}", "T{}"],
  ["[]int{1}", "[]int{...}"],
  ["map[string]int{}", "map[string]int{}"],
  ["p.M(1)", "(*T).M(p, 1)"],
  ["t.V()", "T.V(t)"],
  ["i.M(2)", "i.M(2)"],
  ["p.M", "p.M"],
  ["(*T).M", "(*T).M"],
  ["g(1, 2)", "g(... argument...)"],
  ["g(xs...)", "g(xs...)"],
  ["g()", "g(nil...)"],
  ["func() {}", "func literal"],
  ["xs[a:b:c]", "xs[a:b:c]"],
  ["xs[:a]", "xs[:a]"],
  ["xs[a+1]", "xs[a + 1]"],
  ["m[str]", "m[str]"],
  ["make([]int, a)", "make([]int, a)"],
  ["make([]int, a, b)", "make([]int, a, b)"],
  ["make(map[string]int)", "make(map[string]int)"],
  ["make(chan int, 3)", "make(chan int, 3)"],
  ["new(T)", "new(T)"],
  ["append(xs, 1)", "append(xs, 1)"],
  ["len(xs)", "len(xs)"],
  ["min(a, 2)", "min(a, 2)"],
  ["<-ch", "<-ch"],
  ["string(bs)", "string(bs)"],
  ["[]byte(str)", "([]byte)(str)"],
  ["MyStr(str)", "MyStr(str)"],
  ["(*int)(up)", "(*int)(up)"],
  ["any(a)", "any(a)"],
  ["interface{}(a)", "(interface {})(a)"],
  ["i.(*T)", "i.(*T)"],
  ['str + "x" + str', 'str + "x" + str'],
  ["a << 1", "a << uint(1)"],
  ["5", "5"],
  ["3.0", "3"],
  ["1e100", "1e+100"],
  ["3.14159265", "3.14159"],
  ["float32(1.5)", "float32(1.5)"],
  ["'a'", "'a'"],
  ["'\\n'", "'\\n'"],
  ["int64(5)", "int64(5)"],
  ["byte(97)", "byte(97)"],
  ["uint8(200)", "uint8(200)"],
  ["MyInt(-5)", "MyInt(-5)"],
  ["1 + 2i", "(1 + 2i)"],
  ["complex64(3i)", "complex64((0 + 3i))"],
  ["true", "true"],
  ['"q\\"\\t"', '"q\\"\\t"'],
  [
    '"0123456789012345678901234567890123456789012345678901234567890123456789012"',
    '"01234567890123456789012345678901234567890123456789012345678901234567...',
  ],
  ["unsafe.Add(up, a)", "unsafe.Add(up, a)"],
  ["unsafe.String(&bs[0], a)", "<node unsafe.String>"],
];

/** The argument of each call of `use`, without the conversion to any. */
function usedArguments(source: string): string[] {
  const l = lower(source);
  const found: string[] = [];
  for (const stmt of l.fn("test").body) {
    if (stmt.op !== Op.OCALLFUNC) continue;
    let arg: Node = stmt.list[0];
    if (arg.op === Op.OCONVIFACE && isImplicit(arg)) arg = arg.x!;
    found.push(l.str(arg));
  }
  return found;
}

describe("printing of expressions", () => {
  const body = expressions.map(([source]) => `\tuse(${source})\n`).join("");
  const printed = usedArguments(`${declarations}func test() {\n${body}}\n`);
  it.each(expressions.map(([source, want], i) => ({ source, want, i })))("$source", ({ want, i }) => {
    expect(printed[i]).toBe(want);
  });
});

describe("printing of statements", () => {
  it("abbreviates", () => {
    const l = lower(`${declarations}func test() {
	x := 1
	var y int
	x++
	y += 3
	x, y = y, x
	if x > 2 { y = x } else { g() }
	for { break }
	switch x { case 1: }
	select {}
	go fn()
	defer fn()
	use(y)
}`);
    const statements = l.fn("test").body.map((n) => l.str(n));
    expect(statements).toContain("x := 1");
    expect(statements).toContain("y = <nil>");
    expect(statements).toContain("x++");
    expect(statements).toContain("y += 3");
    expect(statements).toContain("x, y = y, x");
    expect(statements).toContain("if x > 2 { y = x } else { g(nil...) }");
    expect(statements).toContain("for loop");
    expect(statements).toContain("switch statement");
    expect(statements).toContain("select statement");
    expect(statements).toContain("go fn()");
    expect(statements).toContain("defer fn()");
  });
});

describe("types", () => {
  const l = lower(`package p
type L struct{ n int }
type G[T any] struct{ v T }
type Int = int
var a struct { A int "json:\\"a\\""; b L; *L; Int }
var b interface { M(int) error; n(); K(...string) (int, error) }
var c func(int, ...string) (error, <-chan int)
var d chan (<-chan int)
var e map[string][3]*byte
var f G[[]L]
var g any
var h interface{}
var i chan<- rune
`);
  const typeOf = (name: string) => l.n.target.externs.find((v) => v.sym.name === name)!.type!;
  const str = (name: string) => typeString(typeOf(name), l.n.localPkg);

  it("prints them for people", () => {
    expect(str("a")).toBe('struct { A int "json:\\"a\\""; b L; *L; int }');
    // The unexported method switches what follows it to link form.
    expect(str("b")).toBe("interface { K(...string) (int, error); M(int) error; p.n() }");
    expect(str("c")).toBe("func(int, ...string) (error, <-chan int)");
    expect(str("d")).toBe("chan (<-chan int)");
    expect(str("e")).toBe("map[string][3]*byte");
    expect(str("f")).toBe("G[[]p.L]");
    expect(str("g")).toBe("any");
    expect(str("h")).toBe("interface {}");
    expect(str("i")).toBe("chan<- rune");
  });

  it("prints them for the linker", () => {
    expect(linkString(typeOf("a"))).toBe('struct { A int "json:\\"a\\""; p.b p.L; *p.L; Int = int }');
    expect(linkString(typeOf("e"))).toBe("map[string][3]*uint8");
    expect(linkString(typeOf("g"))).toBe("interface {}");
    expect(linkString(typeOf("i"))).toBe("chan<- int32");
  });

  it("qualifies other packages", () => {
    expect(typeString(typeOf("f"), new Pkg("q", "q"))).toBe("p.G[[]p.L]");
  });
});

describe("symbols", () => {
  it("escapes package paths", () => {
    expect(pathToPrefix("ex.com/m/a.b")).toBe("ex.com/m/a%2eb");
    expect(pathToPrefix("a%b")).toBe("a%25b");
    expect(pathToPrefix("é/x")).toBe("%c3%a9/x");
  });
  it("splits the number of a local type off", () => {
    expect(splitVargenSuffix("T·12")).toEqual({ base: "T", suffix: "·12" });
    expect(splitVargenSuffix("T12")).toEqual({ base: "T12", suffix: "" });
  });
});

describe("tables of operations", () => {
  it("are as long as the enumeration", () => {
    const count = Op.OCHECKNIL + 1;
    expect([opNames.length, opGoNames.length, opPrec.length]).toEqual([count, count, count]);
    expect(opNames[Op.ODYNAMICTYPE]).toBe("DYNAMICTYPE");
    expect(opGoNames[Op.OANDNOT]).toBe("&^");
    expect(opPrec[Op.OSWITCH]).toBe(-1);
  });
});
