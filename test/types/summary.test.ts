/** Package summaries: what is written is what is read, and no sooner than it is asked for. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { valueString } from "../../src/base/constant.ts";
import { FileSet, type Pos } from "../../src/base/pos.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { loadPackages } from "../../src/load/load.ts";
import type { File } from "../../src/syntax/ast.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { checkPackage } from "../../src/types/check.ts";
import { Context } from "../../src/types/context.ts";
import { method, numMethods } from "../../src/types/named.ts";
import { objectString } from "../../src/types/object.ts";
import { identical } from "../../src/types/predicates.ts";
import { sizesFor } from "../../src/types/sizes.ts";
import { readPackage, SummaryError } from "../../src/types/summary-read.ts";
import { writePackage } from "../../src/types/summary-write.ts";
import { type Func, type FuncSummary, type Named, ObjKind, type Package, TypeKind } from "../../src/types/types.ts";
import { typeString } from "../../src/types/typestring.ts";
import { under } from "../../src/types/under.ts";
import { findGoroot } from "../goroot.ts";

/** A run that imports every package through its summary. */
class Run {
  readonly fset = new FileSet();
  readonly context = new Context();
  readonly summaries = new Map<string, Uint8Array>();
  private readonly read = new Map<string, Package>();

  import(path: string): Package {
    let pkg = this.read.get(path);
    if (pkg === undefined) {
      pkg = readPackage(this.summaries.get(path)!, (p) => this.import(p), this.fset, this.context);
      this.read.set(path, pkg);
    }
    return pkg;
  }

  check(path: string, files: readonly { name: string; source: Uint8Array }[], std = false): Package {
    const trees: File[] = [];
    for (const { name, source } of files) {
      const { file, errors } = parseFile(this.fset, name, source, { std, compilingRuntime: std });
      expect(errors).toEqual([]);
      trees.push(file!);
    }
    const conf = {
      goVersion: "go1.26",
      fset: this.fset,
      context: this.context,
      sizes: sizesFor("amd64")!,
      importer: { importPackage: (p: string) => this.import(p) },
    };
    const { pkg, errors } = checkPackage(conf, path, trees);
    expect(errors.map((e) => e.msg)).toEqual([]);
    this.summaries.set(path, writePackage(pkg, { fset: this.fset, files: trees, facts }));
    return pkg;
  }

  checkSource(path: string, source: string): Package {
    return this.check(path, [{ name: `${path}.go`, source: new TextEncoder().encode(source) }]);
  }

  place(pos: Pos): string {
    const { filename, line, col } = this.fset.position(pos);
    return `${filename}:${line}:${col}`;
  }

  /** Everything that importers can see, as text. */
  describe(pkg: Package): string[] {
    const lines = [`${pkg.path} ${pkg.name} ${pkg.goVersion} imports ${pkg.imports.map((p) => p.path)}`];
    for (const name of pkg.scope.names()) {
      const obj = pkg.scope.lookup(name)!;
      lines.push(`${this.place(obj.pos)} ${objectString(obj, null)}`);
      if (obj.kind === ObjKind.Const) lines.push(`= ${valueString(obj.val!)} (${typeof obj.val})`);
      const type = obj.type!;
      if (obj.kind !== ObjKind.TypeName || type.kind !== TypeKind.Named) continue;
      for (let i = 0; i < numMethods(type); i++) {
        const m = method(type, i);
        lines.push(`${this.place(m.pos)} ${objectString(m, null)} ${m.hasPtrRecv}`);
      }
      const u = under(type);
      const members = u.kind === TypeKind.Struct ? u.fields : u.kind === TypeKind.Interface ? u.methods : [];
      for (const m of members) lines.push(`${this.place(m.pos)} ${m.pkg?.path} ${objectString(m, null)}`);
      for (const p of type.tparams) lines.push(`${this.place(p.obj.pos)} ${p.index} ${typeString(p.bound, null)}`);
    }
    return lines;
  }
}

function facts(fn: Func): FuncSummary | null {
  if (fn.name.startsWith("no")) return null;
  const inl = fn.name.startsWith("Inl") ? { cost: 300, canDelayResults: true } : null;
  return { tags: ["", fn.name], pragma: fn.name.length, inl };
}

const base = `package base
import u "unsafe"
const (
	Small, Neg = 42, -7
	Big = 1 << 200
	Third = 1.0 / 3
	Huge = 1e3000
	Cplx = 1 + 2i
	Text = "a\\xff\\u00e9\\n"
	Yes = true
)
type hidden struct { x int; Y string "tag" }
type Node[K interface{ ~int | ~string }, V any] struct {
	left, right *Node[K, V]
	key K
	Val V
}
func (n *Node[K, V]) Find(k K) (v V, ok bool) { return n.left.Find(k) }
func (n Node[A, _]) Key() A { return n.key }
type Walker interface { Walk(f func(depth int, w Walker) error, rest ...any); error; unexported() }
type Set[T comparable] = map[T]struct{}
type Ptr u.Pointer
type Rec []Rec
type Func func(Func) (Func, chan<- Rec)
var V, W = &hidden{}, Node[int, *hidden]{}
var Lit struct { hidden; F func(<-chan []byte) [4]rune }
func Map[M ~map[K]V, K comparable, V any](m M, f func(V) V) M { return nil }
func nofacts(Set[string]) (r hidden) { return }
`;

test("all kinds of objects come back as they were", () => {
  const run = new Run();
  const written = run.checkSource("base", base);
  const read = run.import("base");
  expect(run.describe(read)).toEqual(run.describe(written));
  expect([...read.scope.declaredNames()]).toEqual([...written.scope.declaredNames()]);
  expect(read.scope.lookup("nothing")).toBeNull();
  expect((read.scope.lookup("Map") as Func).summary).toEqual({ tags: ["", "Map"], pragma: 3, inl: null });
  expect((read.scope.lookup("nofacts") as Func).summary).toBeNull();
});

test("objects are made when they are asked for", () => {
  const run = new Run();
  run.checkSource("base", base);
  const files = run.fset.files.length;
  const pkg = run.import("base");
  expect(run.fset.files.length).toBe(files);
  const node = pkg.scope.lookup("Node")!.type as Named;
  expect([node.loader === null, node.fromRHS]).toEqual([false, null]);
  expect(numMethods(node)).toBe(2);
  expect(node.loader).toBeNull();
  expect(run.fset.files.length).toBe(files + 1); // for the positions
});

test("imported generic code can be used and instances are shared", () => {
  const run = new Run();
  run.checkSource("base", base);
  run.checkSource(
    "user",
    `package user
import . "base"
var N Node[string, int]
func Use(s Set[string]) (int, bool) { _ = Map(s, func(x struct{}) struct{} { return x }); return N.Find("x") }
type Own struct { *Node[string, int]; Walker }
`,
  );
  const top = run.checkSource(
    "top",
    `package top
import ("base"; "user")
var A base.Node[string, int] = user.N
var B, OK = user.Own{}.Find("k")
var C = base.Third * 3 == 1
`,
  );
  expect(top.scope.lookup("A")!.type).toBe(run.import("user").scope.lookup("N")!.type);
  expect(typeString(top.scope.lookup("B")!.type, null)).toBe("int");
});

test("files, their imports and the places of declarations", () => {
  const run = new Run();
  run.checkSource("base", base);
  run.checkSource("user", 'package user\nimport "base"\nimport _ "unsafe"\nfunc F() { _ = base.Yes }\n');
  const { summary } = run.import("user");
  expect(summary!.files()).toEqual([
    {
      name: "user.go",
      size: 71,
      goVersion: "",
      imports: [
        { name: "base", path: "base" },
        { name: "_", path: "unsafe" },
      ],
    },
  ]);
  const pkg = run.import("base");
  const find = method(pkg.scope.lookup("Node")!.type as Named, 0);
  const range = pkg.summary!.declRange(find)!;
  expect(base.slice(range.start, range.end)).toBe("(n *Node[K, V]) Find(k K) (v V, ok bool) { return n.left.Find(k) }");
  expect(range.localTypesBefore).toBe(0);
  const local = run.checkSource(
    "local",
    "package local\nfunc F() { type A int; type B int }\nfunc G[T any]() { type C []T }\n",
  );
  const g = run.import("local").scope.lookup("G") as Func;
  expect(local.summary).toBeNull();
  expect(run.import("local").summary!.declRange(g)!.localTypesBefore).toBe(2);
  const source = pkg.summary!.sourceFile(range.file);
  expect(run.place(source.base + range.start)).toBe(`base.go:${base.slice(0, range.start).split("\n").length}:6`);
});

test("unexported objects are visible from outside if exported ones lead to them", () => {
  const run = new Run();
  run.checkSource(
    "lib",
    `package lib
type byType struct{}
type byMethod struct{}
type E struct { x byType }
func (E) m() byMethod { return byMethod{} }
func byBody() byResult { return byResult{} }
type byResult struct{}
func Gen[T any]() { byBody() }
func Plain() { hidden() }
func hidden() {}
func Inl() { byInline() }
func byInline() {}
const c = 1
`,
  );
  const { scope } = run.import("lib");
  const visible = ["E", "byType", "byMethod", "byBody", "byResult", "byInline", "hidden", "c"].map((n) =>
    scope.lookupQualified(n),
  );
  expect(visible.map((obj) => obj !== null)).toEqual([true, true, true, true, true, true, false, false]);
  expect((scope.lookup("Inl") as Func).summary!.inl).toEqual({ cost: 300, canDelayResults: true });
  expect(scope.lookup("hidden")).not.toBeNull();
});

test("broken summaries are refused", () => {
  const run = new Run();
  run.checkSource("base", base);
  const bytes = run.summaries.get("base")!;
  const read = (b: Uint8Array) => () => readPackage(b, () => run.import(""), run.fset);
  expect(read(new Uint8Array(3))).toThrow(SummaryError);
  expect(read(bytes.map((x) => x ^ 1))).toThrow(SummaryError);
});

const goroot = findGoroot();

test.skipIf(goroot === null)("packages of the standard library", () => {
  const patterns = ["cmp", "sync/atomic", "math/cmplx", "container/list", "internal/abi"];
  const run = new Run();
  let methods = 0;
  for (const p of loadPackages(nodeHost(), { patterns, goroot: goroot! }).packages) {
    const files = p.goFiles.map((name) => ({ name, source: readFileSync(name) }));
    const written = run.check(p.importPath, files, true);
    const read = run.import(p.importPath);
    expect(run.describe(read)).toEqual(run.describe(written));
    for (const name of written.scope.names()) {
      const a = written.scope.lookup(name)!.type!;
      const b = read.scope.lookup(name)!.type!;
      if (a.kind !== TypeKind.Named && a.kind !== TypeKind.Alias && a.kind !== TypeKind.Signature) continue;
      if (a.kind === TypeKind.Named && b.kind === TypeKind.Named) methods += numMethods(b);
      else if (a.kind === TypeKind.Signature && a.tparams.length === 0)
        expect(typeString(b, null)).toBe(typeString(a, null));
      else if (a.kind === TypeKind.Alias && a.tparams.length === 0 && under(a).kind === TypeKind.Basic) {
        expect(identical(a, b)).toBe(true);
      }
    }
  }
  expect(methods).toBeGreaterThan(80);
});
