/** Syntax errors in the compiler's words and places. Expectations were printed by Go 1.26.8. */
import { describe, expect, test } from "vitest";
import { FileSet } from "../../src/base/pos.ts";
import { Kind } from "../../src/syntax/ast.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { bytesOf, read } from "./reading.ts";

const inFunc = (body: string): string => `package p\nfunc f() {\n${body}\n}\n`;

describe("errors", () => {
  test.each<[string, string, string[]]>([
    ["no package", "func f() {}\n", ["1:1: syntax error: package statement must be first"]],
    [
      "late import",
      'package p\nvar x int\nimport "a"\n',
      ["3:1: syntax error: imports must appear before other declarations"],
    ],
    [
      "statement outside",
      "package p\nx := 1\n",
      ["2:1: syntax error: non-declaration statement outside function body"],
    ],
    [
      "brace on next line",
      "package p\nfunc f()\n{\n}\n",
      ["3:1: syntax error: unexpected semicolon or newline before {"],
    ],
    ["missing brace", inFunc("if x\n{\n}"), ["3:5: syntax error: unexpected newline, expected { after if clause"]],
    ["assignment as condition", inFunc("if x = 1 {}"), ["3:6: syntax error: cannot use assignment x = 1 as value"]],
    ["no condition", inFunc("if ; false {}; if {}"), ["3:19: syntax error: missing condition in if statement"]],
    [
      "call without comma",
      inFunc("f(1\n)"),
      ["3:4: syntax error: unexpected newline in argument list; possibly missing comma or )"],
    ],
    ["two statements", inFunc("a b"), ["3:3: syntax error: unexpected name b at end of statement"]],
    ["missing operand", inFunc("x := 1 +"), ["4:1: syntax error: unexpected }, expected expression"]],
    ["bad literal", inFunc("x := 08"), ["3:7: invalid digit '8' in octal literal"]],
    ["separator", inFunc("x := 1__0"), ["3:8: '_' must separate successive digits"]],
    ["escape", inFunc('x := "\\q"'), ["3:8: unknown escape"]],
    ["open string", inFunc('x := "a'), ["3:8: newline in string"]],
    ["open comment", "package p\n/* a\n", ["2:1: comment not terminated"]],
    ["rune", inFunc("x := 'ab'"), ["3:6: more than one character in rune literal"]],
    [
      "character",
      inFunc("x := 1 # 2"),
      ["3:8: invalid character U+0023 '#'", "3:10: syntax error: unexpected literal 2 at end of statement"],
    ],
    ["parameter names", "package p\nfunc f(a, b.c, d int) {}\n", ["2:11: syntax error: missing parameter name"]],
    ["parameter types", "package p\nfunc f(a int, b) {}\n", ["2:16: syntax error: missing parameter type"]],
    ["dots", "package p\nfunc f(a ...int, b int) {}\n", ["2:10: can only use ... with final parameter"]],
    ["type parameters", "package p\ntype T[P any, Q] int\n", ["2:16: syntax error: missing type constraint"]],
    ["receiver", "package p\nfunc () m() {}\n", ["2:9: method has no receiver"]],
    ["defer in parentheses", inFunc("defer (f())"), ["3:7: expression in defer must not be parenthesized"]],
    [
      "literal in header",
      inFunc("if x == T{} {}"),
      [
        "3:13: syntax error: unexpected { at end of statement",
        "4:1: syntax error: non-declaration statement outside function body",
      ],
    ],
    ["channel of channel", inFunc("var c <-<-chan int"), ["3:9: syntax error: unexpected <-, expected keyword chan"]],
    [
      "range in parentheses",
      inFunc("for (range x) {}"),
      ["3:6: syntax error: unexpected keyword range, expected expression"],
    ],
    ["three indices", inFunc("x[1::2]"), ["3:5: middle index required in 3-index slice"]],
    ["points at a line end", inFunc("x..\ny"), ["4:2: syntax error: unexpected ., expected name or ("]],
    [
      "only branch errors",
      inFunc("break; L: goto M"),
      [
        "3:1: break is not in a loop, switch, or select",
        "3:16: label M not defined",
        "3:8: label L defined and not used",
      ],
    ],
    ["jump over", inFunc("goto L; x := 1; L:"), ["3:6: goto L jumps over declaration of x at p.go:3:11"]],
    ["jump into", inFunc("goto L; { L: }"), ["3:6: goto L jumps into block starting at p.go:3:9"]],
    ["label twice", inFunc("L: L: goto L"), ["3:4: label L already defined at p.go:3:1"]],
    ["fallthrough", inFunc("switch { case x: fallthrough }"), ["3:18: cannot fallthrough final case in switch"]],
  ])("%s", (_, source, want) => {
    expect(read(source).errors).toEqual(want);
  });

  test("a broken declaration leaves the others", () => {
    const { file, errors } = read("package p\nvar a = 1 2\nfunc f() { x y }\nvar b int\nfunc g() {}\n");
    expect(errors).toEqual([
      "2:11: syntax error: unexpected literal 2 after top level declaration",
      "3:14: syntax error: unexpected name y at end of statement",
    ]);
    expect(file?.decls.map((decl) => decl.kind)).toEqual([Kind.VarDecl, Kind.FuncDecl, Kind.VarDecl, Kind.FuncDecl]);
  });
});

describe("odd input", () => {
  test("empty", () => {
    expect(read("").errors).toEqual(["1:1: syntax error: package statement must be first"]);
  });

  test("NUL, BOM and invalid UTF-8", () => {
    const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(read(bytes("\xef\xbb\xbfpackage p\n")).errors).toEqual([]);
    expect(read(bytes("package p\nvar x\0y \xef\xbb\xbfint\n")).errors).toEqual([
      "2:6: invalid NUL character",
      "2:9: invalid BOM in the middle of the file",
    ]);
    expect(read(bytes("package p\nvar x = `\xff`\n")).errors).toEqual(["2:10: invalid UTF-8 encoding"]);
  });

  test("each bad byte is reported once", () => {
    const bytes = Uint8Array.from("package p\n/\xff\xff/ c\n", (c) => c.charCodeAt(0));
    expect(read(bytes).errors).toEqual(["2:2: invalid UTF-8 encoding", "2:3: invalid UTF-8 encoding"]);
  });

  test("columns count bytes, and carriage returns are white space", () => {
    const { errors } = read('package p\r\nvar x = "é𐐀" y\r\n');
    expect(errors).toEqual(["2:18: syntax error: unexpected name y after top level declaration"]);
  });

  test("identifiers beyond ASCII", () => {
    expect(read("package p\nvar é世, x€ int\n").errors).toEqual(["2:13: invalid character U+20AC '€' in identifier"]);
  });

  test.each([
    ["parentheses", "(", ")"],
    ["blocks", "{", "}"],
    ["calls", "f(", ")"],
    ["slices", "[]", ""],
    ["functions", "func() { x = ", "}"],
    ["labels", "_: ", ""],
    ["else", "if x {} else ", "{}"],
  ])("nesting without end: %s", (_, open, close) => {
    const maxNesting = 1000;
    const deep = (n: number): string[] => read(inFunc(`${open.repeat(n)}x${close.repeat(n)}`), { maxNesting }).errors;
    expect(deep(100_000).at(-1)).toMatch(/syntax error: exceeded max nesting depth$/);
    expect(deep(maxNesting / 4).filter((error) => error.includes("nesting"))).toEqual([]);
  });

  test("a million characters on one line", () => {
    const source = bytesOf(`package p\nvar x = f(${"1, ".repeat(300_000)}${"1+".repeat(50_000)}) y\n`);
    const { file, errors } = parseFile(new FileSet(), "p.go", source);
    expect(file?.decls.length).toBe(1);
    expect(errors.map((error) => error.pos)).toHaveLength(2);
  });
});

describe("line directives", () => {
  test("change the places of errors", () => {
    const { errors } = read("package p\n//line a.go:10\nx\n//line :20:5\ny\n/*line b.go:7:3*/z\n");
    expect(errors[0]).toBe("a.go:10: syntax error: non-declaration statement outside function body");
  });

  test("say what is wrong with them", () => {
    const { errors } = read("package p\n//line a.go:x\n//line a.go:0\n/*line a.go:1:0*/\n//line a.go\n");
    expect(errors).toEqual([
      "2:13: invalid line number: x",
      "3:13: invalid line number: 0",
      "4:15: invalid column number: 0",
    ]);
  });
});
