/** The outline of a file (syntax/outline.ts) agrees with its tree. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Interner } from "../../src/base/intern.ts";
import { FileSet } from "../../src/base/pos.ts";
import { type Expr, Kind } from "../../src/syntax/ast.ts";
import { type Outline, outlineFile } from "../../src/syntax/outline.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { findGoroot } from "../goroot.ts";

const encoder = new TextEncoder();

function outline(text: string): { names: Interner; outline: Outline } {
  const names = new Interner();
  return { names, outline: outlineFile(encoder.encode(text), names) };
}

describe("outline", () => {
  const text = `package p

import ( "fmt"; m "math/rand" )

//go:linkname pull other/pkg.F
func pull() interface{ Close() error }

type S struct {
	*E
	fmt.Stringer "tag"
	a, b int
}
type R = m.Rand
type I interface {
	Len() int
	fmt.Stringer
	~int | ~string
}

func (s *S) Do(x struct{ y int }) (r struct{ z int }) { // }
	type local int
	_ = "}" + \`}\` + string('}')
	return s.a.
		Next(fmt.Sprint)
}

func (g G[T]) Gen() {}

var v, w = func() int { return 1 }(),
	2

func switches(x any) { switch x.(type) {} }
`;
  const { names, outline: got } = outline(text);
  const word = (list: readonly number[]): string[] => list.map((n) => names.strings[n]);
  const decl = (name: string) => got.decls.find((d) => names.strings[d.name] === name)!;

  it("knows imports and linknames", () => {
    expect(got.imports).toEqual([
      { name: "", path: "fmt" },
      { name: "m", path: "math/rand" },
    ]);
    expect(got.linknames).toEqual([{ local: "pull", remote: "other/pkg.F" }]);
  });

  it("finds bodies", () => {
    expect(decl("pull").bodyStart).toBe(-1);
    const { bodyStart, bodyEnd } = decl("Do");
    expect(text.slice(bodyStart, bodyStart + 4)).toBe("{ //");
    expect(text.slice(bodyEnd, bodyEnd + 8)).toBe("}\n\nfunc ");
  });

  it("says which functions stay as they are", () => {
    expect([decl("Do").fixed, decl("Gen").fixed, decl("switches").fixed]).toEqual([true, true, false]);
  });

  it("knows what is mentioned", () => {
    expect(word(decl("Do").qualified)).toEqual(["s", "a", "fmt", "Sprint"]);
    expect(word(decl("Do").selectors)).toEqual(["Next"]);
    expect(word([decl("Do").recv])).toEqual(["S"]);
    const type = (name: string) =>
      decl(name).embeds.map(([pkg, n]) => [pkg < 0 ? "" : names.strings[pkg], names.strings[n]]);
    expect(type("S")).toEqual([
      ["", "E"],
      ["fmt", "Stringer"],
    ]);
    expect(type("R")).toEqual([["m", "Rand"]]);
    expect(word(decl("I").interfaces[0].methods)).toEqual(["Len"]);
    expect(got.decls.filter((d) => d.name < 0)).toHaveLength(1);
  });
});

describe("variables", () => {
  const source = `package p
var (
	table = []T{{1, f}, {2, nil}}
	Ptr   = &pkg.T{A: map[string]int{"}": 1}}
	alias = table
	calls = []int{f()}
	waits = []int{<-c}
	array = [...]int{1, 2}
	part  = []int{1}[0]
	typed []int = []int{1}
	a, b = []int{}, []int{}
	other = pkg.V
	address = &table
	anon = []struct{ a int }{{1}}
)
const c = 1
`;
  const { names, outline: of } = outline(source);
  const found = new Map(of.decls.filter((d) => d.isVar).map((d) => [names.strings[d.name], d] as const));

  it("tells those whose values can be left out", () => {
    expect([...found.keys()]).toEqual(["table", "Ptr", "alias", "other", "anon"]);
    const inside = (name: string): string => source.slice(found.get(name)!.bodyStart, found.get(name)!.bodyEnd + 1);
    expect(inside("table")).toBe("{{1, f}, {2, nil}}");
    expect(inside("Ptr")).toBe('{A: map[string]int{"}": 1}}');
    expect(inside("anon")).toBe("{{1}}");
    expect(found.get("alias")!.bodyStart).toBe(-1);
    expect(names.strings[found.get("alias")!.alias]).toBe("table");
  });
});

const goroot = findGoroot();
const dirs = ["fmt", "reflect", "os", "go/parser", "internal/runtime/maps", "net/http", "slices", "crypto/tls"];

describe.skipIf(goroot === null)("outlines of the standard library", () => {
  it.each(dirs)("%s", (dir) => {
    const from = join(goroot!, "src", dir);
    for (const file of readdirSync(from)) {
      if (!file.endsWith(".go")) continue;
      const source = readFileSync(join(from, file));
      const names = new Interner();
      const { decls } = outlineFile(source, names);
      const got = decls.flatMap((d) =>
        d.isFunc
          ? [`${d.recv < 0 ? "" : `${names.strings[d.recv]}.`}${names.strings[d.name]} ${d.bodyStart} ${d.bodyEnd}`]
          : [],
      );
      expect(got, file).toEqual(funcsOf(source, file));
    }
  });
});

function funcsOf(source: Uint8Array, name: string): string[] {
  const fset = new FileSet();
  const { file, source: base } = parseFile(fset, name, source, { std: true, compilingRuntime: true });
  const out: string[] = [];
  for (const decl of file!.decls) {
    if (decl.kind !== Kind.FuncDecl) continue;
    const recv = decl.recv === null ? "" : `${receiver(decl.recv.type!)}.`;
    const [start, end] = decl.body === null ? [-1, -1] : [decl.body.pos - base.base, decl.body.rbrace - base.base];
    // Names of other letters than ASCII's are read byte by byte.
    out.push(Buffer.from(`${recv}${decl.name.value} ${start} ${end}`).toString("latin1"));
  }
  return out;
}

function receiver(x: Expr): string {
  if (x.kind === Kind.Name) return x.value;
  if (x.kind === Kind.IndexExpr || x.kind === Kind.Operation || x.kind === Kind.ParenExpr) return receiver(x.x);
  throw new Error(`receiver of kind ${x.kind}`);
}
