/** `goesc run -check` catches wrong decisions of the escape analysis (made on purpose, by -d=wrongstack), and leaves right
 *  ones alone. Reads the built command. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const goesc = join(here, "..", "..", "dist", "goesc.js");

/** Name or line of what is wrongly kept on the stack, the program, and what the sanitizer says of it. */
const wrong: readonly (readonly [string, string, string, string])[] = [
  [
    "a returned pointer",
    "x",
    "//go:noinline\nfunc f() *int { x := 1; return &x }\nfunc main() { println(*f()) }",
    "a function returns a pointer into its own frame",
  ],
  [
    "a package variable",
    "x",
    "var p *int\n//go:noinline\nfunc f() { x := 1; p = &x }\nfunc main() { f(); println(*p) }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "a field of a heap object",
    "x",
    "type t struct { p *int }\nvar g *t\n//go:noinline\nfunc f(v *t) { x := 1; v.p = &x }\nfunc main() { g = new(t); f(g) }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "a variable of the caller",
    "x",
    "//go:noinline\nfunc f(p **int) { x := 1; *p = &x }\nfunc main() { var p *int; f(&p); println(*p) }",
    "a pointer into a frame is stored in the frame of a caller",
  ],
  [
    "a variable that a goroutine captures",
    "x",
    "func main() { x := 1; done := make(chan bool); go func() { x++; done <- true }(); <-done; println(x) }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "an element that is appended",
    "x",
    "var s []*int\n//go:noinline\nfunc f() { x := 1; s = append(s, &x) }\nfunc main() { f() }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "a value of a map",
    "x",
    "var m = map[int]*int{}\n//go:noinline\nfunc f() { x := 1; m[1] = &x }\nfunc main() { f() }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "a value that is sent",
    "x",
    "var c = make(chan *int, 1)\n//go:noinline\nfunc f() { x := 1; c <- &x }\nfunc main() { f() }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "a value in an interface",
    "5",
    "var i any\n//go:noinline\nfunc f(n int) { i = n }\nfunc main() { f(1000); println(i.(int)) }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "a struct with a pointer that is copied",
    "x",
    "type t struct { a [8]int; p *int }\nvar g t\n//go:noinline\nfunc f() { x := 1; var v t; v.p = &x; g = v }\nfunc main() { f() }",
    "a pointer into the stack is stored in the heap",
  ],
  [
    "a closure",
    "x",
    "//go:noinline\nfunc f() func() int { x := 1; return func() int { x++; return x } }\nfunc main() { println(f()()) }",
    "a pointer into the stack is stored in the heap",
  ],
];

describe.skipIf(findGoroot() === null || !existsSync(goesc))("run -check", () => {
  let dir = "";
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "goesc-check-"));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const run = (flags: readonly string[], file: string): { out: string; status: number | null } => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [goesc, "run", ...flags, file], {
      encoding: "utf8",
    });
    return { out: stdout + stderr, status };
  };

  it.each(wrong)("catches %s", { timeout: 300_000 }, (_, what, source, message) => {
    const file = join(dir, "wrong.go");
    writeFileSync(file, `package main\n\n${source}\n`);
    const { out, status } = run(["-check", `-gcflags=-d=wrongstack=${what}`], file);
    expect(out.split("\n")[0]).toBe(`fatal error: check: ${message}`);
    expect(status).toBe(2);
  });

  it.each(["operations.go", "found.go", "checked.go"])(
    "says nothing of right decisions in %s",
    { timeout: 300_000 },
    (name) => {
      const file = join(here, "testdata", name);
      const { out, status } = run(["-check", "-gc-stress=20"], file);
      expect(out).toBe(readFileSync(file.replace(/\.go$/, ".want"), "utf8"));
      expect(status).toBe(0);
    },
  );
});
