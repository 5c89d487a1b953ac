import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";
import { fuzzEdits } from "./fuzz.ts";
import { EditedModule, type Outcome } from "./module.ts";

const a = `package p

import (
	"errors"
	"sort"
)

var start = first(3)

// first cannot be inlined.
func first(n int) *int {
	defer println("first")
	return &n
}

func small(n int) int { return n + 1 }

func caller(list []int) error {
	defer println("caller")
	if len(list) > small(2) {
		return errors.New("long")
	}
	sort.Ints(list)
	return nil
}

func alone(p *int) {
	defer println(*p)
	q := small(*p)
	println(q)
}

type T struct{ p *int }

func (t *T) Set(p *int) {
	defer println("Set")
	t.p = p
}

func ping(n int) {
	defer println("ping")
	if n > 0 {
		pong(n - 1)
	}
}
`;
const b = `package p

func later(n int) *int {
	defer println("later")
	return &n
}

func pong(n int) {
	defer println("pong")
	ping(n)
}
`;

const command = `package main

func main() {
	println(1)
}
`;

describe("edits", () => {
  const work = mkdtempSync(join(tmpdir(), "goesc-edits-test-"));
  let module: EditedModule;
  const files = { a: join(work, "p", "a.go"), b: join(work, "p", "b.go"), command: join(work, "command", "main.go") };

  beforeAll(async () => {
    mkdirSync(join(work, "p"));
    writeFileSync(join(work, "go.mod"), "module m\n\ngo 1.24\n");
    writeFileSync(files.a, a);
    writeFileSync(files.b, b);
    mkdirSync(join(work, "command"));
    writeFileSync(files.command, command);
    module = await EditedModule.open(work, join(work, "cache"), false);
  });

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const analyze = (textA: string, textB = b): Outcome =>
    module.analyze(
      module.packages.find(({ name }) => name === "p")!,
      new Map([
        [files.a, textA],
        [files.b, textB],
      ]),
    );

  beforeEach(() => {
    analyze(`${a}\nvar whole int\n`);
    expect(analyze(a)).toMatchObject({ isAlone: false, errors: "", difference: "" });
  });

  const replaced = (from: string, to: string, text = a): string => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

  const alone: readonly [string, () => string, (() => string)?][] = [
    ["a function at the end", () => `${a}\nfunc more() *int { return new(int) }\n`],
    [
      "a function before others, with a comment",
      () => replaced("type T", "// more is new.\nfunc more(p *int) any { return p }\n\ntype T"),
    ],
    ["a function first in the package", () => replaced("// first", "func more() *int { return new(int) }\n\n// first")],
    ["a function that calls one before it", () => replaced("type T", "func more() int { return small(2) }\n\ntype T")],
    ["a body that nothing mentions", () => replaced("println(q)", "println(new(int), q)")],
    ["a body with lines more", () => replaced("\tprintln(q)\n", "\tx := new(int)\n\tdefer func() { *x = q }()\n")],
    ["a body that others call, for whom it stays the same", () => a, () => replaced('"later"', '"late", new(int)', b)],
    ["a method's body", () => replaced("\tt.p = p\n", "\tprintln(new(int))\n\tt.p = p\n")],
    [
      "a variable that initialisers lead to",
      () => replaced("\treturn &n\n}\n\nfunc small", "\tprintln(n, new(int))\n\treturn &n\n}\n\nfunc small"),
    ],
    ["comments", () => replaced("// first cannot", "// first\n// really cannot")],
    ["a comment before the package", () => `// Package p is there.\n${a}`],
  ];
  it.each(alone)("%s is analysed alone", (_, text, textB) => {
    expect(analyze(text(), textB?.() ?? b)).toMatchObject({ isAlone: true, errors: "", difference: "" });
  });

  it("says whether lines have moved", () => {
    expect(analyze(`${a}\nfunc more() *int { return new(int) }\n`).linesMoved).toBe(false);
    expect(analyze(`// Package p is there.\n${a}`).linesMoved).toBe(true);
  });

  it("knows commands, too", () => {
    const pkg = module.packages.find(({ name }) => name === "main")!;
    const analyzeCommand = (text: string): Outcome => module.analyze(pkg, new Map([[files.command, text]]));
    expect(analyzeCommand(command)).toMatchObject({ isAlone: false, errors: "" });
    const first = command.replace("println(1)", "println(new(int))");
    expect(analyzeCommand(first)).toMatchObject({ isAlone: true, errors: "", difference: "" });
    const second = first.replace("func main", "func fresh() {}\n\nfunc main");
    expect(analyzeCommand(second)).toMatchObject({ isAlone: true, errors: "", difference: "" });
    expect(analyzeCommand(second.replace("main()", "mine()"))).toMatchObject({ isAlone: false, difference: "" });
  });

  it("goes from edit to edit", () => {
    let text = a;
    for (let n = 0; n < 6; n++) {
      text = replaced("type T", `func more${n}() *int { x := ${n}; return &x }\n\ntype T`, text);
      text = replaced("println(q", "println(q, new(int)", text);
      expect(analyze(text)).toMatchObject({ isAlone: true, errors: "", difference: "" });
    }
    // A function that came with an edit changes, and goes.
    text = replaced("x := 3; return &x", "return new(int)", text);
    expect(analyze(text)).toMatchObject({ isAlone: true, difference: "" });
    text = replaced("func more3() *int { return new(int) }\n\n", "", text);
    expect(analyze(text)).toMatchObject({ isAlone: true, difference: "" });
    // What the summary does not know is not called.
    text = replaced("println(q,", "println(more2(), q,", text);
    expect(analyze(text)).toMatchObject({ isAlone: false, errors: "", difference: "" });
  });

  it("keeps the order of functions that come later", () => {
    const before = a.replace("defer println(*p)\n\tq := small(*p)", "println(*p)\n\tq := later(*p)");
    expect(analyze(before)).toMatchObject({ isAlone: false, errors: "", difference: "" });
    const after = before.replace("println(q)", "println(q, new(int))");
    expect(analyze(after)).toMatchObject({ isAlone: true, errors: "", difference: "" });
    // Literals are visited before the function, and before what it calls if they stand before the call.
    const literal = after.replace("println(*p)", "defer func() { println(*p) }()");
    expect(analyze(literal)).toMatchObject({ isAlone: false, errors: "", difference: "" });
  });

  const whole: readonly [string, string, string?][] = [
    ["a type", a.replace("struct{ p *int }", "struct{ p, q *int }")],
    ["a signature", a.replace("alone(p *int)", "alone(p, r *int)")],
    ["a function that can be inlined", a.replace("return n + 1", "return n + 2")],
    ["an exported function", `${a}\nfunc More() {}\n`],
    ["a directive", a.replace("func small", "//go:noinline\nfunc small")],
    ["a function that others call and that leaks more", a.replace("\tt.p = p\n", "\tt.p = nil\n")],
    [
      "an instance",
      a.replace("println(q)", "println(q, max[int](1, 2))").concat("\nfunc max[E any](a, b E) E { return a }\n"),
    ],
    ["a call of a function that comes later", a.replace("println(q)", "println(later(q))")],
    ["functions that reach each other", a.replace('println("ping")', 'println("ping", new(int))')],
    ["a local type", a.replace("println(q)", "type U struct{ *T }\n\tprintln(q, U{})")],
    ["wrappers of a type without a name", a.replace("println(q)", "var s any = struct{ *T }{}\n\tprintln(q, s)")],
    ["a method value", a.replace("println(q)", "f := new(T).Set\n\tf(&q)")],
    [
      "two functions that mention each other",
      a.replace("println(q)", "println(q, fresh())").concat("\nfunc fresh() *int { return new(int) }\n"),
    ],
    ["two files", a.replace("println(q)", "println(q, new(int))"), b.replace('println("later")', "println(new(int))")],
    ["a name that is used already", a.replace("type T", "func len(n []int) int { return 1 }\n\ntype T")],
    [
      "a global that an initialiser now depends on",
      a.replace("\treturn &n\n}\n\nfunc small", "\tprintln(other)\n\treturn &n\n}\n\nvar other = 2\n\nfunc small"),
    ],
  ];
  it.each(whole)("%s calls for the whole package", (_, textA, textB = b) => {
    expect(textA + textB).not.toBe(a + b);
    expect(analyze(textA, textB)).toMatchObject({ isAlone: false, errors: "", difference: "" });
  });

  it.each([
    ["an import that is used no more", a.replace("\tsort.Ints(list)\n", "")],
    ["a cycle of initialisers", a.replace('println("first")', "println(start)")],
    ["a variable that is not used", a.replace("println(q)", "r := 1")],
    ["a misplaced directive", a.replace("q := small(*p)", "//go:noinline\n\tvar q = small(*p)")],
    ["a type that is too large", a.replace("println(q)", "var z [1 << 51]int\n\tprintln(q, len(z))")],
    ["a syntax error", a.replace("println(q)", "println(")],
    ["a function declared twice", `${a}\nfunc small() {}\n`],
  ])("reports %s", (_, textA) => {
    const { isAlone, errors, difference } = analyze(textA);
    expect(errors).not.toBe("");
    expect({ isAlone, difference }).toEqual({ isAlone: false, difference: "" });
  });

  it.skipIf(findGoroot() === null)("agrees with analyses of the whole over random edits", async () => {
    const wrong: string[] = [];
    const { edits, alone } = await fuzzEdits({
      patterns: ["bufio", "text/tabwriter", "strconv"],
      edits: 30,
      seed: 7,
      lines: 10_000,
      go: false,
      wrong: (where, difference) => wrong.push(`${where}: ${difference}`),
    });
    expect(wrong).toEqual([]);
    expect(edits).toBeGreaterThanOrEqual(60);
    expect(alone).toBeGreaterThan(5);
  });
});
