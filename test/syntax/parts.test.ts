/** The smaller parts: heads of files, directives, constraints, printing, places, comments. */
import { describe, expect, test } from "vitest";
import { Interner } from "../../src/base/intern.ts";
import { FileSet } from "../../src/base/pos.ts";
import { type Expr, type FuncDecl, Kind, type Node, type VarDecl } from "../../src/syntax/ast.ts";
import { goVersion } from "../../src/syntax/constraint.ts";
import { scanImports } from "../../src/syntax/imports.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { endPos, startPos } from "../../src/syntax/positions.ts";
import { asPragmaFlag, checkPragmas, PragmaFlag, parseGoEmbed, pragmaFlag } from "../../src/syntax/pragma.ts";
import { exprString } from "../../src/syntax/printer.ts";
import { unquote } from "../../src/syntax/quote.ts";
import { crawl, inspect } from "../../src/syntax/walk.ts";
import { bytesOf, createReader, read, readCst } from "./reading.ts";

const reader = await createReader();

test("interned names are one string each", () => {
  const names = new Interner();
  const numbers = Array.from({ length: 5_000 }, (_, i) => names.numberOf(`name${i}`));
  expect(numbers).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  expect(names.numberOf("name4321")).toBe(4_321);
  expect(names.strings[4_321]).toBe("name4321");
});

describe("scanImports", () => {
  test("name, imports with offsets, constraint", () => {
    const source =
      '// c\n\n//go:build linux\n\npackage p\nimport "a"\nimport (\n  b "b/é"\n  . `c`; _ "C"\n)\nvar x = 1 1\n';
    expect(scanImports(bytesOf(source))).toEqual({
      pkgName: "p",
      imports: [
        { path: "a", offset: source.indexOf('"a"') },
        { path: "b/é", offset: source.indexOf('b "b/') },
        { path: "c", offset: source.indexOf(". `c`") + 1 },
        { path: "C", offset: source.indexOf('_ "C"') + 1 },
      ],
      buildConstraint: "go:build linux",
      cgo: true,
      embeds: [],
      error: null,
    });
  });

  test("errors in the head count, later ones do not", () => {
    expect(scanImports(bytesOf('package p\nimport "a" "b"\n')).error).toEqual({
      msg: 'syntax error: unexpected literal "b" after top level declaration',
      offset: 21,
    });
    expect(scanImports(bytesOf('package p\nimport "a"\n@')).error).toBe(null);
    expect(scanImports(bytesOf("pakage p\n")).error?.msg).toBe("syntax error: package statement must be first");
  });

  test("heads longer than usual", () => {
    const source = `/*${" ".repeat(40_000)}*/package p\nimport "a"\n`;
    expect(scanImports(bytesOf(source)).imports).toEqual([{ path: "a", offset: source.indexOf('"a"') }]);
  });

  test("patterns to embed", () => {
    const source = 'package p\nimport _ "embed"\n\n//go:embed a "b c" `d`\nvar s string\n';
    const at = (text: string): number => source.indexOf(text);
    expect(scanImports(bytesOf(source)).embeds).toEqual([
      { pattern: "a", offset: at('a "b') },
      { pattern: "b c", offset: at('"b c"') },
      { pattern: "d", offset: at("`d`") },
    ]);
  });
});

describe("directives", () => {
  test("belong to the declaration after them", () => {
    const { file, errors } = read(
      "//go:build go1.20\n\npackage p\n\n//go:noinline\n//go:nosplit\nfunc f() {}\n\nfunc g() {}\n\n//go:linkname f x.f\n",
    );
    expect(errors).toEqual([]);
    expect(file!.goVersion).toBe("go1.20");
    expect(asPragmaFlag(file!.directives)).toBe(PragmaFlag.GoBuildPragma);
    expect(asPragmaFlag((file!.decls[0] as FuncDecl).directives)).toBe(
      PragmaFlag.Noinline | PragmaFlag.Nosplit | PragmaFlag.NoCheckPtr,
    );
    expect((file!.decls[1] as FuncDecl).directives).toEqual([]);
    expect(file!.linknames).toMatchObject([{ local: "f", remote: "x.f" }]);
  });

  test.each<[string, string[]]>([
    ["package p\n\n//go:noinline\nvar (\n\tx int\n)\n", ["3:3: misplaced compiler directive"]],
    ["package p\n\nfunc f() {\n\t//go:noinline\n\tg()\n}\n", ["4:4: misplaced compiler directive"]],
    ["package p\n\nvar x int //go:noinline\n", ["3:13: misplaced compiler directive"]],
    [
      "package p\n\n//go:linkname f\n//go:linkname\n//go:linkname a b c\n",
      ["5:3: usage: //go:linkname localname [linkname]"],
    ],
    ["package p\n\n//go:systemstack\nfunc f()\n", ["3:3: //go:systemstack only allowed in runtime"]],
    [
      "package p\n\n//go:uintptrkeepalive\nfunc f()\n",
      ["3:3: //go:uintptrkeepalive is only allowed in the standard library"],
    ],
    ['package p\n\n//go:cgo_ldflag "x"\n', ['3:3: //go:cgo_ldflag "x" only allowed in cgo-generated code']],
    ["package p\n\n//go:embed\nvar x string\n", ["3:3: usage: //go:embed pattern..."]],
    [
      'package p\n\n//go:embed "x\nvar x string\n',
      ['3:3: invalid quoted string in //go:embed: "x', "3:3: usage: //go:embed pattern..."],
    ],
  ])("%j", (source, want) => {
    expect(read(source).errors).toEqual(want);
    expect(readCst(reader, source).errors).toEqual(want);
  });

  test("on the wrong declaration", () => {
    const { file } = read("package p\n\n//go:noinline\nvar x int\n");
    const found: string[] = [];
    checkPragmas((file!.decls[0] as VarDecl).directives, 0, true, (_, msg) => found.push(msg));
    expect(found).toEqual(["misplaced compiler directive"]);
  });

  test("flags that imply others", () => {
    expect(pragmaFlag("go:uintptrescapes")).toBe(PragmaFlag.UintptrEscapes | PragmaFlag.UintptrKeepAlive);
    expect(pragmaFlag("go:nointerface")).toBe(0);
  });

  test("embed patterns", () => {
    expect(parseGoEmbed(' a\t"b\\tc" `d` ').list).toEqual(["a", "b\tc", "d"]);
    expect(parseGoEmbed('"a"b').error).toBe("invalid quoted string in //go:embed: b");
  });
});

test.each([
  ["//go:build linux && go1.22", "go1.22"],
  ["//go:build (linux && go1.22) || (windows && go1.20)", "go1.20"],
  ["//go:build linux || (windows && go1.22)", ""],
  ["//go:build !go1.22", ""],
  ["//go:build !(!go1.5 || !go1.6)", "go1.6"],
  ["//go:build go1", "go1"],
  ["//go:build go1.5 &&", null],
  ["//go:buildx go1.5", null],
])("goVersion %s", (line, want) => {
  expect(goVersion(line)).toBe(want);
});

test.each([
  ["a.b[c](d, e...)", "a.b[c](d, e...)"],
  ["-x+(y)*z", "-x + (y) * z"],
  ["func(a, b int, c ...string) (d error) { return nil }", "func(a, b int, c ...string) (d error) {…}"],
  ["func() int {}", "func() int {}"],
  ["T{1, 2}", "T{…}"],
  ["[...]int{}", "[...]int{}"],
  ["struct{ a, b int; c string `x`; D }{}", "struct{a, b int; c string `x`; D}{}"],
  ["interface{ m(int) bool; ~int | E }(nil)", "interface{m(int) bool; ~int | E}(nil)"],
  ["chan (<-chan int)(nil)", "chan (<-chan int)(nil)"],
  ["(chan<- map[k]v)(nil)", "(chan<- map[k]v)(nil)"],
  ["x[1:2:3].(T)", "x[1:2:3].(T)"],
  ["<-c == *p && &q != nil", "<-c == *p && &q != nil"],
])("exprString %s", (source, want) => {
  const { file } = read(`package p\nvar x = ${source}\n`);
  expect(exprString((file!.decls[0] as VarDecl).values!)).toBe(want);
});

test("where nodes start and end", () => {
  const source = "package p\nvar x = a.b(c)[1] + (d)\n";
  const { file, fset } = read(source);
  const x = (file!.decls[0] as VarDecl).values as Expr;
  const place = (pos: number): number => fset.position(pos).col;
  expect(place(x.pos)).toBe(19);
  expect(place(startPos(x))).toBe(9);
  expect(place(endPos(x))).toBe(23); // the compiler does not count the parenthesis
  expect(place(x.end)).toBe(24);
});

test("inspect visits every node and reports when it leaves one", () => {
  const { file } = read("package p\nfunc f(a, b int) { a = b }\n");
  const names: string[] = [];
  let depth = 0;
  inspect(file!, (node: Node | null) => {
    depth += node === null ? -1 : 1;
    if (node?.kind === Kind.Name) names.push(node.value);
    return true;
  });
  expect(names).toEqual(["p", "f", "a", "int", "b", "int", "a", "b"]);
  expect(depth).toBe(0);
});

test("long chains of operators", () => {
  const { file } = read(`package p\nvar x = ${"a + ".repeat(2_000)}a\n`);
  let names = 0;
  crawl((file!.decls[0] as VarDecl).values!, (node) => {
    if (node.kind === Kind.Name) names++;
    return false;
  });
  expect(names).toBe(2_001);
});

test("comments on request", () => {
  const source = "// a\npackage p /* b\n*/\nvar x int // c\n";
  const result = parseFile(new FileSet(), "p.go", bytesOf(source), { comments: true });
  expect(result.file!.comments.map((comment) => comment.text)).toEqual(["// a", "/* b\n*/", "// c"]);
  expect(read(source).file!.comments).toEqual([]);
});

test.each([
  ['"a\\n\\x41\\u00e9"', "a\nAé"],
  ["`a\r\nb`", "a\nb"],
  ['"a', null],
  ["'a'", null],
])("unquote %j", (literal, want) => {
  expect(unquote(literal)).toBe(want);
});
