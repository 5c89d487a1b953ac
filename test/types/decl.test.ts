import { expect, test } from "vitest";
import { NoPos } from "../../src/base/pos.ts";
import { recheckFuncDecl } from "../../src/types/recheck.ts";
import { type Func, ObjKind, type TypeName } from "../../src/types/types.ts";
import { check } from "./checker.ts";

const errorsOf = (source: string): string[] => check(`package p\n${source}`).errors;

test("a correct package has no errors", () => {
  expect(
    errorsOf(`
type List[T any] struct { next *List[T]; val T }
func (l *List[T]) Push(v T) *List[T] { return &List[T]{l, v} }
var a, b = f()
func f() (int, string) { return 1, "x" }
const ( c0 = iota; c1; c2 )
var arr [c2]int
func g(xs ...int) (n int) { for _, x := range xs { n += x }; return }
`),
  ).toEqual([]);
});

test("redeclarations name the other declaration", () => {
  expect(errorsOf("var x int\nfunc x() {}")).toEqual([
    "3:6: x redeclared in this block\n\tp.go:2:5: other declaration of x",
  ]);
  expect(errorsOf("type T struct { a int; a string }")).toEqual([
    "2:24: a redeclared\n\tp.go:2:17: other declaration of a",
  ]);
  expect(errorsOf("type T struct { m int }\nfunc (T) m() {}")).toEqual([
    "3:10: field and method with the same name m\n\tp.go:2:17: other declaration of m",
  ]);
  expect(errorsOf("type T int\nfunc (T) m() {}\nfunc (T) m() {}")).toEqual([
    "4:10: method T.m already declared at p.go:3:10",
  ]);
});

test("unused variables and imports", () => {
  expect(errorsOf("func f() { x := 1; { y := 2 } }")).toEqual([
    "2:12: declared and not used: x",
    "2:22: declared and not used: y",
  ]);
  expect(errorsOf("func f(i any) { switch x := i.(type) { case int: } }")).toEqual(["2:24: x declared and not used"]);
  expect(errorsOf('import "unsafe"')).toEqual(['2:8: "unsafe" imported and not used']);
  expect(errorsOf('import u "unsafe"')).toEqual(['2:8: "unsafe" imported as u and not used']);
});

test("cycles through declarations", () => {
  expect(errorsOf("type T struct { t T }")).toEqual(["2:6: invalid recursive type: T refers to itself"]);
  expect(errorsOf("type A B\ntype B A")).toEqual([
    "2:6: invalid recursive type A\n\tp.go:2:6: A refers to B\n\tp.go:3:6: B refers to A",
  ]);
  expect(errorsOf("var x = f()\nfunc f() int { return x }")).toEqual([
    "2:5: initialization cycle for x\n\tp.go:2:5: x refers to f\n\tp.go:3:6: f refers to x",
  ]);
});

test("declarations that do not fit together", () => {
  expect(errorsOf("const ( a, b = 1, 2; c )")).toEqual(["2:22: extra init expr at p.go:2:19"]);
  expect(errorsOf("const ( a, b = 1, 2; c, d, e )")).toEqual(["2:28: missing init expr for e"]);
  expect(errorsOf("var a, b = 1, 2, 3")).toEqual(["2:18: extra init expr 3"]);
  expect(errorsOf("func f() int { for { break } }")).toEqual(["2:30: missing return"]);
  expect(errorsOf("func (x *int) m() {}")).toEqual(["2:10: cannot define new methods on non-local type int"]);
  expect(errorsOf("func init(x int) {}")).toEqual(["2:6: func init must have no arguments and no return values"]);
  expect(errorsOf("type T[P any] struct{}\nvar x T")).toEqual([
    "3:7: cannot use generic type T[P any] without instantiation",
  ]);
});

test("switch and select cases", () => {
  expect(errorsOf("func f(x int) { switch x { case 1, 2: case 2: } }")).toEqual([
    "2:44: duplicate case 2 (constant of type int) in expression switch\n\tp.go:2:36: previous case",
  ]);
  expect(errorsOf("func f(x any) { switch x.(type) { case int, nil: case int: } }")).toEqual([
    "2:55: duplicate case int in type switch\n\tp.go:2:40: previous case",
  ]);
});

test("variables are initialised in the order of their dependencies", () => {
  const { result } = check("package p\nvar a = b + 1\nvar b = f()\nvar c = 3\nfunc f() int { return c }");
  expect(result.initOrder.map((init) => init.lhs.map((v) => v.name).join())).toEqual(["c", "b", "a"]);
});

test("types declared in functions are numbered in source order", () => {
  const { file } = check("package p\nfunc f() { type A int; _ = func() { type B int } }\nfunc g() { type A string }");
  const found: string[] = [];
  for (const decl of file.decls) {
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) for (const n of node) visit(n);
      if (node === null || typeof node !== "object") return;
      const obj = (node as { name?: { obj?: TypeName } }).name?.obj;
      if (obj?.kind === ObjKind.TypeName && !found.includes(`${obj.name}${obj.localIndex}`)) {
        found.push(`${obj.name}${obj.localIndex}`);
      }
      for (const [key, n] of Object.entries(node)) if (!["obj", "type", "selection"].includes(key)) visit(n);
    };
    if ("body" in decl) visit(decl.body);
  }
  expect(found).toEqual(["A1", "B2", "A3"]);
});

test("language versions: the file's //go:build line overrides the package's", () => {
  const source = "package p\nfunc f() { for range 10 {} }";
  expect(check(source, { goVersion: "go1.21" }).errors).toEqual([
    "2:22: cannot range over 10 (untyped int constant): requires go1.22 or later (-lang was set to go1.21; check go.mod)",
  ]);
  expect(check(`//go:build go1.22\n\n${source}`, { goVersion: "go1.21" }).errors).toEqual([]);
});

test("bodies can be checked later, with the function's own parameters", () => {
  const checked = check("package p\nfunc F[T any](x T) T { var y T = x; return y }", { ignoreFuncBodies: true });
  expect(checked.errors).toEqual([]);
  const fn = checked.result.pkg.scope.lookup("F") as Func;
  expect(recheckFuncDecl(checked.conf, checked.result.pkg, fn, fn.decl!, [])).toEqual([]);
  const body = fn.decl!.body!.list[1] as unknown as { results: { type: unknown } };
  expect(body.results.type).toBe(fn.type!.tparams[0]);
  expect(fn.type!.params.vars[0].pos).not.toBe(NoPos);
});
