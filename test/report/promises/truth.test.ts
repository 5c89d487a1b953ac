/** What //goesc:noalloc says of a function, against the allocations that the running program makes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findGoroot } from "../../goroot.ts";
import { reportOn } from "../findings.ts";

const goroot = findGoroot();

/** Bodies of functions of a string s, its bytes b and a small number n. */
const bodies = [
  // None of these allocates.
  "_ = table[string(b)]",
  'if string(b) == "x" { n++ }',
  "for range []byte(s) { n++ }",
  "sink = keep",
  "sink = struct{}{}",
  'sink = "constant"',
  "sink = byte(n)",
  "sink = struct{ p *T }{keep}",
  "sink = T{1, 2}",
  "x := [8]int{}; n = x[n&7]",
  "t := &T{}; n = t.a",
  "f := func() { n++ }; f()",
  "n = len([]rune(s))",
  'switch string(b) { case "a": n++; case "b": n-- }',
  "x := make([]int, 10); n = x[n&7]",
  "delete(table, s)",
  "defer func() { n++ }()",
  "y := b[1:]; n = len(y)",
  "copy(b, s)",
  'if n > 1000 { panic("no " + s) }',
  "n = anys[n+1000]",
  "if sink == any(n+1000) { n++ }",
  "for range seq { n++ }",
  "f := keep.method; n = f()",
  "a := [4]byte(b[:4]); n = int(a[0])",
  "p := (*[4]byte)(b); n = int(p[0])",
  "n = len(max(s, text))",
  "x := s[1:]; n = len(x)",
  "var e error; n = len(fmtError(e))",
  "n = len(table); clear(scratch)",
  // These do.
  "sink = keep.method",
  "sink = box(n + 1000)",
  "sink = string(rune(n + 0x4e00))",
  "x := append([]byte(nil), s...); use(x)",
  "values <- n + 1000; <-values",
  "sink, n = pair(n)",
  "table[string(b)] = n",
  "text = s + string(b)",
  "x := map[int]int{}; for i := range n * 10 { x[i] = i }; n = len(x)",
  "sink = [2]int{n, n}",
  "for i := range n { defer func() { n += i }() }",
  "anys[n+1000] = n",
  "kept = append(kept[:0:0], n)",
  "x := T{n, n}; keep = &x",
  "list = append(list, 1)",
  "sink = s + s",
  "text += s",
  "x := s; x += s; text = x",
  'x := s; for i := range n { if i > 2 { x += "y" } }; n = len(x)',
  "sink = make(chan int)",
  "x := []byte(s); x[0] = 1; use(x)",
  "sink = n + 1000",
  "keep = new(T)",
  "sink = s",
  "sink = []rune(s)",
  "sink = func() { n++ }",
  "sink = make([]int, n+1)",
  "x := make([]byte, n*100); use(x)",
];

const functions = `type T struct{ a, b int }

var sink any
var keep = new(T)
var text string
var anys = map[any]int{}
var scratch = map[int]int{}
var values = make(chan any, 1)
var kept []int

func (t *T) method() int { return t.a }

func box[V any](v V) any { return v }

func seq(yield func() bool) { _ = yield() && yield() }

//go:noinline
func pair(n int) (int, int) { return n + 1000, n }

//go:noinline
func fmtError(e error) string { if e == nil { return "" }; return e.Error() }
var list []int
var table = map[string]int{"zz": 1}

//go:noinline
func use(b []byte) { b[0]++ }

${bodies.map((body, i) => `//goesc:noalloc\n//go:noinline\nfunc f${i}(s string, b []byte, n int) int {\n\t${body}\n\treturn n\n}\n`).join("\n")}`;

const program = `package main

import "runtime"

${functions}
func count(i int, f func(string, []byte, int) int) {
	b := []byte("abababababababababababababababababababababababababababababababab")
	s := string(b)
	var before, after runtime.MemStats
	f(s, b, 5)
	runtime.ReadMemStats(&before)
	for range 100 {
		list = nil
		f(s, b, 5)
	}
	runtime.ReadMemStats(&after)
	println(i, (after.Mallocs-before.Mallocs)/100)
}

func main() {
${bodies.map((_, i) => `\tcount(${i}, f${i})`).join("\n")}
}
`;

describe("noalloc", () => {
  it.skipIf(goroot === null)("is kept exactly where the program does not allocate", () => {
    const dir = mkdtempSync(join(tmpdir(), "goesc-truth-"));
    try {
      writeFileSync(join(dir, "main.go"), program);
      const env = { ...process.env, GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" };
      const { stderr, status } = spawnSync(join(goroot!, "bin", "go"), ["run", "main.go"], {
        cwd: dir,
        encoding: "utf8",
        env,
      });
      expect(status, stderr).toBe(0);
      const real = new Map(
        stderr
          .trim()
          .split("\n")
          .map((line) => line.split(" ").map(Number) as [number, number]),
      );
      const { findings } = reportOn(`package m\n\n${functions}`, { groups: [] });
      const broken = new Set(findings.map((finding) => finding.func));
      for (const [i, body] of bodies.entries()) expect([body, broken.has(`f${i}`)]).toEqual([body, real.get(i)! > 0]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
