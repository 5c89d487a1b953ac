/** What a program can come to, told from names (load/reach.ts). */
import { expect, it } from "vitest";
import { Interner } from "../../src/base/intern.ts";
import type { LoadedPackage } from "../../src/load/package.ts";
import { reachedParts } from "../../src/load/reach.ts";
import { outlineFile } from "../../src/syntax/outline.ts";

/** Packages by import path: what they import, their text. The first one is the program. */
function reach(
  sources: Readonly<Record<string, string>>,
): Record<string, { funcs: string[]; methods: string[]; vars: string[] }> {
  const names = new Interner();
  const packages = new Map<string, LoadedPackage>();
  for (const path of Object.keys(sources)) {
    const imports = new Map<string, LoadedPackage>();
    packages.set(path, { importPath: path, name: path, imports } as unknown as LoadedPackage);
  }
  const outlines = new Map<LoadedPackage, ReturnType<typeof outlineFile>[]>();
  for (const [path, text] of Object.entries(sources)) {
    const outline = outlineFile(new TextEncoder().encode(`package p\n${text}`), names);
    const pkg = packages.get(path)!;
    for (const spec of outline.imports) pkg.imports.set(spec.path, packages.get(spec.path)!);
    outlines.set(pkg, [outline]);
  }
  const [main] = packages.values();
  const parts = reachedParts(names, {
    packages: [...packages.values()],
    outlines: (pkg) => outlines.get(pkg)!,
    isWhole: (pkg) => pkg === main,
  });
  return Object.fromEntries(
    [...parts].map(([pkg, { funcs, methods, vars }]) => [
      pkg.importPath,
      { funcs: [...funcs].sort(), methods: [...methods].sort(), vars: [...vars].sort() },
    ]),
  );
}

it("leaves out the values of variables that nobody mentions", () => {
  const { a } = reach({
    main: 'import "a"\n//go:linkname mine a.linked\nvar mine []int\nfunc main() { a.F(); _ = a.Exported }',
    a: `var Exported, rest = aliased, 1
var (
	used = []T{{g}}
	unused = []T{{h}}
	Alias = hidden
	Seen = shown
	hidden, shown = 1, 2
	other = []int{}
	Other = other
	fn = named
	linked = []int{1}
)
func F() { _ = used }
func G() { _, _ = unused, Other }
func g() {}
func h() {}
func named() {}`,
  });
  expect(a.vars).toEqual(["linked", "used"]);
  expect(a.funcs).toEqual(["F", "g", "named"]);
});

it("follows calls through packages", () => {
  const { a, b } = reach({
    main: 'import "a"\nfunc main() { a.F() }',
    a: 'import "b"\nfunc F() { local() }\nfunc local() { b.G() }\nfunc Unused() { b.H() }',
    b: "func G() {}\nfunc H() {}",
  });
  expect(a.funcs).toEqual(["F", "local"]);
  expect(b.funcs).toEqual(["G"]);
});

it("takes methods of types that a package can have", () => {
  const { a, b } = reach({
    main: 'import "a"\nfunc main() { a.F().Do() }',
    a: 'import "b"\ntype T struct{}\nfunc (T) Do() {}\nfunc (T) Other() {}\nfunc F() T { b.F(); return T{} }',
    b: "type T struct{}\nfunc (T) Do() {}\nfunc F() { _ = T{} }",
  });
  expect(a.funcs).toEqual(["F", "T.Do"]);
  expect(b.funcs).toEqual(["F"]); // nobody who calls Do sees b.T
});

it("sees types that another package exports", () => {
  const { b } = reach({
    main: 'import "a"\nfunc main() { a.F().Do() }',
    a: 'import "b"\nfunc F() b.T { return b.T{} }',
    b: "type T struct{}\nfunc (T) Do() {}",
  });
  expect(b.funcs).toEqual(["T.Do"]);
});

it("takes methods that are called through interfaces", () => {
  const { a, b } = reach({
    main: 'import "a"\nfunc main() { a.F() }',
    a: 'import "b"\ntype Doer interface{ Do() }\nfunc F() { call(b.New()) }\nfunc call(d Doer) { d.Do() }',
    b: "type Base struct{}\nfunc (Base) Do() {}\ntype t struct{ Base }\nfunc New() any { return t{} }",
  });
  expect(a.funcs).toEqual(["F", "call"]);
  expect(b.funcs).toEqual(["Base.Do", "New"]);
  expect(b.methods).toEqual(["Base.Do", "t.Do"]); // t needs a wrapper
});

it("takes initialisers and what a linkname gives away", () => {
  const { a, b } = reach({
    main: 'import "a"\nfunc main() { a.F() }',
    a: 'import "b"\nvar x = f()\nfunc f() int { return 1 }\nfunc init() {}\n//go:linkname F b.F\nfunc F()',
    b: "func F() { g() }\nfunc g() {}\nfunc H() {}",
  });
  expect(a.funcs).toEqual(["F", "f", "init"]);
  expect(b.funcs).toEqual(["F", "g"]);
});

it("takes all exported methods where they are looked up by name", () => {
  const { a } = reach({
    main: 'import "a"\nimport "reflect"\nfunc main() { reflect.ValueOf(a.T{}).MethodByName("Do") }',
    a: "type T struct{}\nfunc (T) Do() {}\nfunc (T) private() {}",
    reflect: "func ValueOf(any) Value\ntype Value struct{}\nfunc (Value) MethodByName(string) {}",
  });
  expect(a.funcs).toEqual(["T.Do"]);
});

it("knows the method of errors that are embedded", () => {
  const { a } = reach({
    main: 'import "a"\nfunc main() { print(a.F().Error()) }',
    a: "type wrapped struct{ error }\ntype other struct{ wrapped; n int }\nfunc F() error { return other{} }",
  });
  expect(a.methods).toEqual(["other.Error", "wrapped.Error"]);
});
