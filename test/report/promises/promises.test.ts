/** Promises: which comments make them, about what, and what breaks them. */
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/report/findings/model.ts";
import { reportOn } from "../findings.ts";

const head =
  "package m\n\ntype T struct{ a, b int }\n\nvar sink any\nvar keep *T\nvar list []int\nvar table = map[string]int{}\n\n";

/** Broken promises as `line: rule: message`, the program's first line being 1. */
function broken(program: string): string[] {
  const { findings } = reportOn(head + program, { groups: [] });
  const first = head.split("\n").length - 1;
  const text = ({ range, rule, message }: Finding): string => `${range.line - first}: ${rule}: ${message}`;
  return findings.map(text).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
}

describe("noescape", () => {
  it("of a function is about every value in it", () => {
    expect(
      broken("//goesc:noescape\nfunc f() *T {\n\tt := T{}\n\treturn &t\n}\nfunc g() *T { return &T{} }\n"),
    ).toEqual(["3: promise-noescape: moved to heap: t: f promises goesc:noescape"]);
    expect(broken("//goesc:noescape\nfunc f() int {\n\tt := &T{1, 2}\n\treturn t.a\n}\n")).toEqual([]);
  });

  it("of a line is about that line, or the next line of code", () => {
    expect(broken("func f() {\n\tvar t T //goesc:noescape\n\tvar u T\n\tkeep = &t\n\tkeep = &u\n}\n")).toEqual([
      "2: promise-noescape: moved to heap: t: this line promises goesc:noescape",
    ]);
    expect(
      broken("func f() {\n\tvar t T\n\t// a remark\n\t//goesc:noescape\n\n\tvar u T\n\tkeep = &t\n\tkeep = &u\n}\n"),
    ).toEqual(["6: promise-noescape: moved to heap: u: this line promises goesc:noescape"]);
  });

  it("of a parameter's line is about its leaking", () => {
    const program = "func f(\n\tp *T, //goesc:noescape\n\tq *T,\n) {\n\tkeep = p\n\tkeep = q\n}\n";
    expect(broken(program)).toEqual(["2: promise-noescape: leaking param: p: this line promises goesc:noescape"]);
  });

  it("prints the path and the promise", () => {
    const { findings } = reportOn(`${head}//goesc:noescape\nfunc f() {\n\tt := T{}\n\tkeep = &t\n}\n`, { groups: [] });
    expect(findings[0].flow.map((step) => step.text)).toEqual([
      "The address of `t` is taken.",
      "`keep = &t` stores it in the package variable `keep`, which lives as long as the program.",
    ]);
    expect(findings[0].related[0]).toMatchObject({ text: "The promise: goesc:noescape", range: { line: 10 } });
  });
});

describe("noalloc", () => {
  it("is about operations that the compiler does not remark upon", () => {
    const cases: [body: string, what: string][] = [
      ["list = append(list, 1)", "append(list, 1) may grow the slice"],
      ["table[s] = 1", "table[s] = … may grow the map"],
      ["sink = s + s", "s + s makes a string"],
      ["s += s; _ = s", "s += s makes a string"],
      ["table[s] += n", "table[s] = … may grow the map"],
      ["table[s]++", "table[s] = … may grow the map"],
      ["c := make(chan int); _ = c", "make(chan int): channels are on the heap"],
      ["go g()", "a goroutine is started"],
      ["b := []byte(s); b[0] = 1; h(b)", "([]byte)(s) copies"],
      ["for range n { defer g() }", "a call is deferred in a loop"],
      [
        "x := make([]int, n); _ = x[0]",
        "make([]int, n) allocates when it is large: its size is only known at run time",
      ],
    ];
    for (const [body, what] of cases) {
      const program = `//goesc:noalloc\nfunc f(s string, n int) {\n\t${body}\n}\n//go:noinline\nfunc g() {}\n//go:noinline\nfunc h(b []byte) {}\n`;
      expect(broken(program), body).toContain(`3: promise-noalloc: ${what}: f promises goesc:noalloc`);
    }
  });

  it("is kept by what needs no storage", () => {
    for (const body of [
      "_ = table[string(b)]",
      'if string(b) == "x" { n++ }',
      "for range []byte(s) { n++ }",
      "sink = keep",
      "sink = struct{}{}",
      'sink = "constant"',
      "sink = byte(n)",
      "x := [8]int{}; n = x[n]",
      "t := &T{}; n = t.a",
      "f2 := func() { n++ }; f2()",
      'panic("x" + s)',
      "n = len([]rune(s))",
    ]) {
      expect(broken(`//goesc:noalloc\nfunc f(s string, b []byte, n int) {\n\t${body}\n}\n`), body).toEqual([]);
    }
  });

  it("follows callees only when it is transitive", () => {
    const callees = "//go:noinline\nfunc g() { h() }\n\n//go:noinline\nfunc h() { sink = new(T) }\n";
    expect(broken(`//goesc:noalloc\nfunc f() { g() }\n\n${callees}`)).toEqual([]);
    expect(broken(`//goesc:noalloc transitive\nfunc f() { g() }\n\n${callees}`)).toEqual([
      "2: promise-noalloc: g is called, where new(T) escapes to heap: f promises goesc:noalloc transitive",
    ]);
  });

  it("prints the chain of calls", () => {
    const program = `${head}//goesc:noalloc transitive\nfunc f() { g() }\n//go:noinline\nfunc g() { h() }\n//go:noinline\nfunc h() { sink = new(T) }\n`;
    const [finding] = reportOn(program, { groups: [] }).findings;
    expect(finding.flow.map(({ text, depth, range }) => `${depth} ${range?.line} ${text}`)).toEqual([
      "0 11 g is called, where new(T) escapes to heap",
      "1 13 example.com/m.h is called",
      "2 15 new(T) escapes to heap",
    ]);
  });

  it("does not trust what it cannot see", () => {
    const program =
      "type I interface{ M() }\n//goesc:noalloc transitive\nfunc f(i I, fn func()) {\n\ti.M()\n\tfn()\n}\n";
    expect(broken(program).map((line) => line.slice(0, 40))).toEqual([
      "4: promise-noalloc: i.M is a method of a".slice(0, 40),
      "5: promise-noalloc: fn is a function val".slice(0, 40),
    ]);
  });

  it("ends in recursion", () => {
    const program =
      "//goesc:noalloc transitive\nfunc f(n int) { if n > 0 { g(n - 1) } }\n//go:noinline\nfunc g(n int) { if n > 0 { f(n - 1) } }\n";
    expect(broken(program)).toEqual([]);
    expect(broken(program.replace("f(n - 1)", "f(n - 1); keep = new(T)")).length).toBe(1);
  });
});

describe("allocs<=N", () => {
  it("counts what one call makes", () => {
    const two = "func f() {\n\tkeep = new(T)\n\tsink = new(T)\n}\n";
    expect(broken(`//goesc:allocs<=2\n${two}`)).toEqual([]);
    expect(broken(`//goesc:allocs<=1\n${two}`)).toEqual([
      "2: promise-allocs: f makes 2 allocations a call, and promises goesc:allocs<=1",
    ]);
  });

  it("has no number for loops", () => {
    expect(broken("//goesc:allocs<=9\nfunc f(n int) {\n\tfor range n {\n\t\tkeep = new(T)\n\t}\n}\n")).toEqual([
      "2: promise-allocs: f makes any number of allocations a call, and promises goesc:allocs<=9",
    ]);
  });
});

describe("inline", () => {
  it("of a function says why it cannot be", () => {
    const [line] = broken("//goesc:inline\nfunc f(n int) { defer g(); _ = n }\nfunc g() {}\n");
    expect(line).toBe("2: promise-inline: f promises goesc:inline, but cannot be inlined: unhandled op DEFER");
    expect(broken("//goesc:inline\nfunc f(n int) int { return n + 1 }\nfunc g() int { return f(1) }\n")).toEqual([]);
  });

  it("of a line is about its calls", () => {
    const callee = "//go:noinline\nfunc f(n int) int { return n }\nfunc g() int {\n\treturn f(1) //goesc:inline\n}\n";
    expect(broken(callee)).toEqual([
      "4: promise-inline: the call of f is not inlined, as goesc:inline promises: marked go:noinline",
    ]);
  });
});

describe("the spellings of others", () => {
  it("gcassert", () => {
    expect(broken("func f() {\n\t// gcassert:noescape\n\tt := T{}\n\tkeep = &t\n}\n")).toHaveLength(1);
    expect(broken("//go:noinline\nfunc f() {}\nfunc g() {\n\tf() //gcassert:inline\n}\n")).toHaveLength(1);
    const [bce] = broken("func f(a []int) int {\n\treturn a[0] //gcassert:bce\n}\n");
    expect(bce).toContain("promise-unknown: not checked: gcassert:bce");
  });

  it("go-escape-lint", () => {
    expect(broken("func f() {\n\tvar t T //no-escape\n\tkeep = &t\n}\n")).toHaveLength(1);
    expect(broken("//go:noinline\nfunc f() {}\nfunc g() {\n\tf() // must-inline\n}\n")).toHaveLength(1);
  });

  it("checkescape, with its exemptions and its inverse", () => {
    expect(broken("// +checkescape\nfunc f() { list = append(list, 1) }\n")).toHaveLength(1);
    expect(broken("// +checkescape\nfunc f() {\n\tlist = append(list, 1) // escapes: once\n}\n")).toEqual([]);
    expect(broken("// +checkescape:heap\nfunc f() { list = append(list, 1) }\n")).toEqual([]);
    expect(broken("// +checkescape:interface\nfunc f(e error) { _ = e.Error() }\n")).toHaveLength(1);
    expect(broken("// +mustescape:heap\nfunc f() { keep = new(T) }\n")).toEqual([]);
    expect(broken("// +mustescape:heap\nfunc f() {}\n")).toHaveLength(1);
  });

  it("TinyGo's noheap is about values only", () => {
    expect(broken("//go:noheap\nfunc f() { list = append(list, 1) }\n")).toEqual([]);
    expect(broken("//go:noheap\nfunc f() { keep = new(T) }\n")).toHaveLength(1);
  });

  it("misspelt promises are said", () => {
    expect(broken("//goesc:noalocs\nfunc f() {}\n")[0]).toContain('there is no promise "noalocs"');
    expect(broken("//goesc:noalloc always\nfunc f() {}\n")[0]).toContain('"always" is not known after noalloc');
  });

  it("text in strings and block comments promises nothing", () => {
    expect(
      broken(
        "func f() {\n\tkeep = new(T)\n\tsink = `\n//goesc:noalloc\n`\n}\n/*\n//goesc:noalloc\n*/\nfunc g() { keep = new(T) }\n",
      ),
    ).toEqual([]);
  });
});
