/** The algorithms on types: identity, type sets, lookup, instances, sizes, and how types are printed. */
import { expect, test } from "vitest";
import { Context } from "../../src/types/context.ts";
import { instantiate } from "../../src/types/instantiate.ts";
import { lookupFieldOrMethod, lookupSelection, missingMethod } from "../../src/types/lookup.ts";
import { method, numMethods, typeParams } from "../../src/types/named.ts";
import { objectString } from "../../src/types/object.ts";
import { comparableType, defaultType, hasNil, identical, isTypeLit, maxType } from "../../src/types/predicates.ts";
import { selectionString } from "../../src/types/selection.ts";
import { sizesFor } from "../../src/types/sizes.ts";
import { termlistString } from "../../src/types/termlist.ts";
import {
  ArrayT,
  BasicKind,
  type Interface,
  type Named,
  ObjKind,
  type Package,
  type Signature,
  type Struct,
  type Type,
  type TypeParam,
} from "../../src/types/types.ts";
import { hasTerms, interfaceMethods, isComparable, isEmpty, typeSet } from "../../src/types/typeset.ts";
import { relativeTo, typeString } from "../../src/types/typestring.ts";
import { coreType, under } from "../../src/types/under.ts";
import { Typ, Universe, universeByte, universeRune } from "../../src/types/universe.ts";
import { asGoVersion, cmp, compareVersions } from "../../src/types/version.ts";
import { check } from "./checker.ts";

function pkgOf(source: string): Package {
  const { result, errors } = check(`package p\n${source}`);
  expect(errors).toEqual([]);
  return result.pkg;
}

function typeOf(pkg: Package, name: string): Type {
  return pkg.scope.lookup(name)!.type!;
}

function show(pkg: Package, t: Type | null): string {
  return typeString(t, relativeTo(pkg));
}

test("types print as the compiler prints them", () => {
  const pkg = pkgOf(`
import "unsafe"
type T[P any, Q, R interface{ ~int | string }] struct { next *T[P, Q, R]; p P }
type I interface { m(x int, ys ...string) (n int, err error); comparable }
type A = map[string][]byte
var (
	a [3]*int
	b struct { x, y int "tag\\n"; *I2; F }
	c chan (<-chan int)
	d <-chan chan<- rune
	e func(int, ...any) (a, b error)
	f A
	g T[int, int, string]
	h unsafe.Pointer
	i interface { error; f() }
)
type I2 struct{}
type F func()
func gen[P interface{ ~[]E }, E any](P) {}
`);
  const text = (name: string): string => show(pkg, typeOf(pkg, name));
  expect(text("a")).toBe("[3]*int");
  expect(text("b")).toBe('struct{x int "tag\\n"; y int "tag\\n"; *I2; F}');
  expect(text("c")).toBe("chan (<-chan int)");
  expect(text("d")).toBe("<-chan chan<- rune");
  expect(text("e")).toBe("func(int, ...any) (a error, b error)");
  expect(text("f")).toBe("A");
  expect(text("g")).toBe("T[int, int, string]");
  expect(text("h")).toBe("unsafe.Pointer");
  expect(text("i")).toBe("interface{f(); error}");
  expect(text("gen")).toBe("func[P interface{~[]E}, E any](P)");
  expect(text("T")).toBe("T[P any, Q, R interface{~int | string}]");
  expect(objectString(pkg.scope.lookup("A")!, relativeTo(pkg))).toBe("type A = map[string][]byte");
  expect(objectString(pkg.scope.lookup("I")!, null)).toBe(
    "type p.I interface{m(x int, ys ...string) (n int, err error); comparable}",
  );
  expect(objectString(Universe.lookup("any")!, null)).toBe("type any = interface{}");
  expect(objectString(Universe.lookup("len")!, null)).toBe("builtin len");
});

test("identical types", () => {
  const pkg = pkgOf(`
type N int
type G[T any] struct { x T }
var (
	a0 []int; a1 []int; a2 []N
	b0 struct { X int; y string }; b1 struct { X int; y string }; b2 struct { X int "t"; y string }
	c0 func(a int) (r error); c1 func(int) error; c2 func(...int) error
	d0 interface { m(); n(int) }; d1 interface { n(int); m() }; d2 interface { m() }
	e0 G[int]; e1 G[int]; e2 G[N]
	f0 map[byte]rune; f1 map[uint8]int32; f2 map[int8]rune
	g0 chan int; g1 chan int; g2 <-chan int
	h0 interface { I }; h1 I; h2 interface { m2() }
)
type I = interface { m() }
func f[P, Q any](P, Q) {}
func g[A, B any](x A, y B) {}
func h[A any, B comparable](x A, y B) {}
`);
  const at = (name: string): Type => typeOf(pkg, name);
  for (const c of "abcdefgh") {
    expect([c, identical(at(`${c}0`), at(`${c}1`))]).toEqual([c, true]);
    expect([c, identical(at(`${c}0`), at(`${c}2`))]).toEqual([c, false]);
  }
  expect(identical(at("f"), at("g"))).toBe(true); // up to the names of type parameters
  expect(identical(at("f"), at("h"))).toBe(false);
  expect(at("e0")).toBe(at("e1")); // one object within a run
  expect(identical(universeByte, Typ[BasicKind.Uint8])).toBe(true);
  expect(universeByte).not.toBe(Typ[BasicKind.Uint8]);
});

test("identity of interfaces that mention themselves ends", () => {
  const { result, errors } = check(`package p
type T interface { m() interface{ T } }
type U interface { m() interface{ U } }
`);
  expect(errors.length).toBe(2); // the compiler refuses such types, but only later
  const pkg = result.pkg;
  const t = under(typeOf(pkg, "T"));
  const u = under(typeOf(pkg, "U"));
  expect(identical(t, u)).toBe(true);
});

test("type sets", () => {
  const pkg = pkgOf(`
type Int interface { ~int | ~int8 }
type Both interface { Int; int8 | string }
type None interface { int; string }
type Cmp interface { comparable; m() }
type Mix interface { Int | float64 }
type A interface { a(); C }
type B interface { A; b(); C }
type C interface { c() }
`);
  const set = (name: string) => typeSet(under(typeOf(pkg, name)) as Interface);
  const terms = (name: string): string => termlistString(set(name).terms).replaceAll("p.", "");
  expect(terms("Int")).toBe("~int | ~int8");
  expect(terms("Both")).toBe("int8");
  expect(isEmpty(set("None"))).toBe(true);
  expect(terms("Mix")).toBe("~int | ~int8 | float64");
  expect(hasTerms(set("Cmp"))).toBe(false);
  expect(isComparable(set("Cmp"), null)).toBe(true);
  expect(isComparable(set("Int"), null)).toBe(true);
  expect(interfaceMethods(under(typeOf(pkg, "B")) as Interface).map((m) => m.name)).toEqual(["a", "b", "c"]);
  expect(check("package p\ntype O interface { ~int | int }").errors).toEqual(["2:27: overlapping terms int and ~int"]);
});

test("comparability and its reasons", () => {
  const pkg = pkgOf(`
type S struct { a int; f []int }
type OK struct { a int; i any; p *S }
func f[P any, Q comparable, R ~[]int | int]() (p P, q Q, r R) { return }
`);
  const why = (t: Type, dynamic = true): string | null => {
    const err = comparableType(t, dynamic, null);
    return err === null ? null : err.format(null);
  };
  expect(why(typeOf(pkg, "S"))).toBe("struct containing []int cannot be compared");
  expect(why(typeOf(pkg, "OK"))).toBeNull();
  expect(why(typeOf(pkg, "OK"), false)).toBe("struct containing any cannot be compared");
  const [p, q, r] = (typeOf(pkg, "f") as Signature).tparams;
  expect([why(p), why(q), why(r)]).toEqual(["incomparable types in type set", null, "incomparable types in type set"]);
  expect([hasNil(p), hasNil(Typ[BasicKind.UnsafePointer]), isTypeLit(typeOf(pkg, "S"))]).toEqual([false, true, false]);
});

test("default and common types of untyped constants", () => {
  expect(defaultType(Typ[BasicKind.UntypedRune])).toBe(universeRune);
  expect(defaultType(Typ[BasicKind.UntypedNil])).toBe(Typ[BasicKind.UntypedNil]);
  expect(maxType(Typ[BasicKind.UntypedInt], Typ[BasicKind.UntypedFloat])).toBe(Typ[BasicKind.UntypedFloat]);
  expect(maxType(Typ[BasicKind.UntypedInt], Typ[BasicKind.UntypedString])).toBeNull();
});

test("fields and methods through embedding", () => {
  const pkg = pkgOf(`
type A struct { x, amb int }
func (A) val() {}
func (*A) ptr() {}
type B struct { amb int; *C }
type C struct { deep int; B2 }
type B2 struct { *B }
type T struct { A; B; own int }
type P *T
type I interface { val() }
type E struct { I }
`);
  const T = typeOf(pkg, "T");
  const find = (t: Type, name: string, addressable = false): string => {
    const { obj, index, indirect } = lookupFieldOrMethod(t, addressable, pkg, name, false);
    return `${obj?.name ?? "-"} ${index?.join(".") ?? "-"} ${indirect}`;
  };
  expect(find(T, "own")).toBe("own 2 false");
  expect(find(T, "x")).toBe("x 0.0 false");
  expect(find(T, "amb")).toBe("- 1.0 false"); // ambiguous
  expect(find(T, "deep")).toBe("deep 1.1.0 true");
  expect(find(T, "val")).toBe("val 0.0 false");
  expect(find(T, "ptr")).toBe("- - true"); // needs an addressable value
  expect(find(T, "ptr", true)).toBe("ptr 0.1 false");
  expect(find(typeOf(pkg, "P"), "own")).toBe("own 2 true");
  expect(find(typeOf(pkg, "P"), "val")).toBe("- - false"); // named pointers have no methods
  expect(find(typeOf(pkg, "E"), "val")).toBe("val 0.0 false");
  expect(find(T, "_")).toBe("- - false");
  expect(find(T, "nothing")).toBe("- - false");
  expect(selectionString(lookupSelection(T, true, pkg, "ptr")!, relativeTo(pkg))).toBe("method (T) ptr()");
  expect(selectionString(lookupSelection(T, true, pkg, "x")!, relativeTo(pkg))).toBe("field (T) x int");
});

test("why a type does not implement an interface", () => {
  const pkg = pkgOf(`
type I interface { M(x int) string }
type J interface { M(x int) string; N() }
type T0 struct{}
type T1 struct{}
func (T1) M(x int) {}
type T2 struct{}
func (*T2) M(x int) string { return "" }
type T3 struct{}
func (T3) m(x int) string { return "" }
type T4 struct { M int }
type T5 struct { T1; T6 }
type T6 struct{}
func (T6) M(x int) {}
`);
  const cause = (v: string, t = "I"): string | null => {
    const cause = { text: "" };
    return missingMethod(null, typeOf(pkg, v), typeOf(pkg, t), true, identical, cause) === null ? null : cause.text;
  };
  expect(cause("T0")).toBe("(missing method M)");
  expect(cause("T1")).toBe("(wrong type for method M)\n\t\thave M(int)\n\t\twant M(int) string");
  expect(cause("T2")).toBe("(method M has pointer receiver)");
  expect(cause("T3")).toBe("(missing method M)\n\t\thave m(int) string\n\t\twant M(int) string");
  expect(cause("T4")).toBe("(p.T4.M is a field, not a method)");
  expect(cause("T5")).toBe("(ambiguous selector p.T5.M)");
  expect(cause("I", "J")).toBe("(missing method N)");
  expect(cause("J")).toBeNull();
});

test("instances expand when they are asked", () => {
  const pkg = pkgOf(`
type List[T any] struct { head *node[T]; len int }
type node[T any] struct { next *node[T]; val T }
func (l *List[T]) Push(v T) *List[T] { return l }
func (l List[E]) Each(f func(E) bool) {}
type Tree[K comparable, V any] interface { Get(K) (V, bool); Sub() Tree[K, V] }
`);
  const list = typeOf(pkg, "List") as Named;
  const ctxt = new Context();
  const ints = instantiate(ctxt, list, [Typ[BasicKind.Int]]) as Named;
  expect(ints.underlyingType).toBeNull();
  expect(instantiate(ctxt, list, [Typ[BasicKind.Int]])).toBe(ints);
  expect(show(pkg, under(ints))).toBe("struct{head *node[int]; len int}");
  expect(numMethods(ints)).toBe(2);
  expect(objectString(method(ints, 0), relativeTo(pkg))).toBe("func (*List[int]).Push(v int) *List[int]");
  expect(method(ints, 0)).toBe(method(ints, 0));
  expect(method(ints, 0).origin).toBe(method(list, 0));
  expect((method(ints, 0).type!.results.vars[0].type as { base: Type }).base).toBe(ints);
  expect(show(pkg, method(ints, 1).type)).toBe("func(f func(int) bool)");
  expect(typeParams(ints).map((t) => t.obj.name)).toEqual(["T"]);

  const tree = instantiate(ctxt, typeOf(pkg, "Tree") as Named, [Typ[BasicKind.String], Typ[BasicKind.Int]]) as Named;
  const methods = interfaceMethods(under(tree) as Interface);
  expect(methods.map((m) => objectString(m, relativeTo(pkg)))).toEqual([
    "func (Tree[string, int]).Get(string) (int, bool)",
    "func (Tree[string, int]).Sub() Tree[string, int]",
  ]);
  expect(methods[1].type!.results.vars[0].type).toBe(tree);
});

test("instances whose arguments are written differently are identical, but print as written", () => {
  const pkg = pkgOf("type G[T any] struct{ x T }\nvar a G[byte]\nvar b G[uint8]\nvar c G[any]\nvar d G[interface{}]");
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => typeOf(pkg, name));
  expect([identical(a, b), identical(c, d), identical(a, c)]).toEqual([true, true, false]);
  expect([a, b, c, d].map((t) => show(pkg, t))).toEqual(["G[byte]", "G[uint8]", "G[any]", "G[interface{}]"]);
});

test("generic types that nest without end are only expanded as far as needed", () => {
  const { result, errors } = check("package p\ntype T[P any] struct { f *T[[]P] }");
  expect(errors).toEqual(["2:8: instantiation cycle:\n\tp.go:2:29: P instantiated as []P"]);
  const pkg = result.pkg;
  let t = instantiate(null, typeOf(pkg, "T") as Named, [Typ[BasicKind.Int]]);
  for (let i = 0; i < 5; i++) t = ((under(t) as Struct).fields[0].type as { base: Type }).base;
  expect(show(pkg, t)).toBe("T[[][][][][]int]");
});

test("core types", () => {
  const pkg = pkgOf(`
func f[A ~[]int, B []int | S, C chan int | <-chan int, D chan<- int | <-chan int, E any, F int | string]() {}
type S []int
`);
  const core = (typeOf(pkg, "f") as Signature).tparams.map((t: TypeParam) => coreType(t));
  expect(core.map((t) => (t === null ? null : typeString(t, null)))).toEqual([
    "[]int",
    "[]int",
    "<-chan int",
    null,
    null,
    null,
  ]);
});

test("sizes, alignments and offsets", () => {
  const pkg = pkgOf(`
type S struct { a bool; b int64; c byte; d string; e struct{} }
type C struct { a bool; c complex128; f [3]int16 }
type E struct {}
type A [1 << 20]S
`);
  const row = (arch: string, name: string): number[] => {
    const s = sizesFor(arch)!;
    const t = typeOf(pkg, name);
    const u = under(t);
    return [
      s.sizeof(t),
      s.alignof(t),
      ...(u.kind === under(typeOf(pkg, "S")).kind ? s.offsetsof((u as Struct).fields) : []),
    ];
  };
  expect(row("amd64", "S")).toEqual([48, 8, 0, 8, 16, 24, 40]);
  expect(row("386", "S")).toEqual([28, 4, 0, 4, 12, 16, 24]);
  expect(row("amd64", "C")).toEqual([32, 8, 0, 8, 24]);
  expect(row("386", "C")).toEqual([28, 4, 0, 4, 20]);
  expect(row("wasm", "E")).toEqual([0, 1]);
  expect(row("arm64", "A")[0]).toBe(48 * 2 ** 20);
  const huge = new ArrayT(new ArrayT(Typ[BasicKind.Uint8], 2 ** 40), 2 ** 40);
  expect(sizesFor("amd64")!.sizeof(huge)).toBe(-1);
  expect(sizesFor("pdp11")).toBeNull();
});

test("language versions", () => {
  expect(["go1.21.3", "go1.22rc1", "go1", "go1.20-custom", "1.21", "go1.x", ""].map(asGoVersion)).toEqual([
    "go1.21",
    "go1.22",
    "go1",
    "go1.20",
    "",
    "",
    "",
  ]);
  expect(Math.sign(cmp("go1.9", "go1.10"))).toBe(-1);
  const ordered = ["", "go1.20rc1", "go1.20", "go1.20.1", "go1.21", "go1.21rc2", "go1.21.0", "go1.100"];
  for (let i = 1; i < ordered.length; i++) expect(compareVersions(ordered[i - 1], ordered[i])).toBeLessThan(0);
  expect(compareVersions("go1.20", "go1.20.0")).toBe(0);
});

test("universe", () => {
  expect(Universe.lookup("nil")!.kind).toBe(ObjKind.Nil);
  expect(typeString(Universe.lookup("any")!.type, null)).toBe("any");
  expect(typeString(under(Universe.lookup("error")!.type!), null)).toBe("interface{Error() string}");
  expect(Universe.lookup("Sizeof")).toBeNull();
});
