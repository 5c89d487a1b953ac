/** The commands as users run them: a bundle is built once and started. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseTarget } from "../../src/cli/explain.ts";
import { readSettings } from "../../src/cli/settings.ts";
import { bundleCommand } from "../bundle.ts";
import { findGoroot } from "../goroot.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goroot = findGoroot();
const dir = mkdtempSync(join(tmpdir(), "goesc-explain-"));
const bundle = join(dir, "goesc.mjs");

beforeAll(() => {
  bundleCommand(bundle);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function goesc(cwd: string, ...args: string[]): { out: string; err: string; code: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [bundle, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, GOESC_CACHE: join(dir, "cache"), GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" },
  });
  return { out: stdout, err: stderr, code: status };
}

describe("targets of explain", () => {
  it.each([
    ["x.go:3", { kind: "place", file: "x.go", line: 3, col: null }],
    ["a/x.go:3:14", { kind: "place", file: "a/x.go", line: 3, col: 14 }],
    ["f", { kind: "function", pattern: ".", name: "f" }],
    [".f", { kind: "function", pattern: ".", name: "f" }],
    ["(*T).m", { kind: "function", pattern: ".", name: "(*T).m" }],
    ["fmt.Println", { kind: "function", pattern: "fmt", name: "Println" }],
    ["net/http.(*Client).Do", { kind: "function", pattern: "net/http", name: "(*Client).Do" }],
    ["./sub.F", { kind: "function", pattern: "./sub", name: "F" }],
    ["example.com/m/v2.F", { kind: "function", pattern: "example.com/m/v2", name: "F" }],
  ])("%s", (text, want) => expect(parseTarget(text)).toEqual(want));

  it("refuse files without a line", () => expect(() => parseTarget("x.go")).toThrow("FILE.go:LINE"));
});

describe("options", () => {
  it("say what they do not know", () => {
    expect(() => readSettings({ only: "heap" }, [])).toThrow("there are escape, leak, stay, inline");
    expect(() => readSettings({ sort: "size" }, [])).toThrow("there are line, func, cost");
  });
});

describe.skipIf(goroot === null)("goesc explain", () => {
  const examples = join(root, "examples");

  it("finds functions by their package's name, and says which are near", () => {
    const at = (...path: string[]): string => join(dir, "named", ...path);
    mkdirSync(at("cart"), { recursive: true });
    writeFileSync(at("go.mod"), "module example.com/named\n\ngo 1.26\n");
    const source =
      "package cart\n\ntype Cart struct{ n *int }\n\nfunc (c *Cart) Add() { c.n = new(int) }\n\nfunc Label() {}\n";
    writeFileSync(at("cart", "cart.go"), source);
    for (const [cwd, name] of [
      [at("cart"), "cart.Cart.Add"],
      [at("cart"), ".Cart.Add"],
      [at("cart"), "Cart.Add"],
      [at(), "cart.(*Cart).Add"],
    ]) {
      const { out, code } = goesc(cwd, "explain", name);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(out).toMatch(/cart\.go:5:\d+: `new\(int\)` allocates on the heap\./);
    }
    const problem = (name: string): string => {
      const { err, out, code } = goesc(at("cart"), "explain", name);
      expect({ out, code }).toEqual({ out: "", code: 1 });
      return err;
    };
    const missing = "there is no such function in example.com/named/cart;";
    expect(problem("cart.Lable")).toBe(`goesc: Lable: ${missing} did you mean Label?\n`);
    expect(problem(".Add")).toBe(`goesc: Add: ${missing} did you mean (*Cart).Add?\n`);
    expect(problem("cart.Cart.Ad")).toBe(`goesc: Cart.Ad: ${missing} did you mean (*Cart).Add?\n`);
    expect(problem(".Zzzzzz")).toBe(`goesc: Zzzzzz: ${missing} there are (*Cart).Add, Label\n`);
    expect(problem("nosuch.F")).toMatch(/^package nosuch is not in std/);
  });

  it("says of inlined code of other packages that it stores a value for good", () => {
    const at = (...path: string[]): string => join(dir, "inlined", ...path);
    mkdirSync(at("low"), { recursive: true });
    writeFileSync(at("go.mod"), "module example.com/inlined\n\ngo 1.26\n");
    writeFileSync(at("low", "l.go"), "package low\n\nvar kept *int\n\nfunc Keep() { p := new(int); kept = p }\n");
    writeFileSync(at("x.go"), 'package inlined\n\nimport "example.com/inlined/low"\n\nfunc F() { low.Keep() }\n');
    const { out, code } = goesc(at(), "explain", "F");
    expect(code).toBe(0);
    expect(out).toContain("`low.kept = low.p` stores it where it outlives the call.");
    expect(out).not.toContain("{heap}");
  });

  it("takes a mistyped command for what it is, unless there is such a package", () => {
    const { err, code } = goesc(examples, "chekc", "./...");
    expect(code).toBe(2);
    expect(err).toContain('goesc: unknown command "chekc", and no package; did you mean check?\n');
    expect(goesc(examples, "explian", "F").err).toContain("did you mean explain?");
    const own = join(dir, "chec");
    mkdirSync(own);
    writeFileSync(join(own, "go.mod"), "module chec\n\ngo 1.26\n");
    writeFileSync(join(own, "c.go"), "package chec\n");
    expect(goesc(own, "chec")).toMatchObject({ code: 0, err: "" });
  });

  it("explains a file on its own where its directory is no package", () => {
    const { out, code } = goesc(examples, "explain", "-l", "address-of.go:6");
    expect(code).toBe(0);
    expect(out).toMatch(/^\.\/address-of\.go:6:2: `x` is a variable on the heap\.\n/);
    expect(out).toContain("Rule address-of:");
    expect(out).toContain("-func escapes() *int {");
  });

  it("follows arguments into the standard library, and proposes what does not box", () => {
    const { out, err } = goesc(examples, "explain", "-l", "fmt-print.go:12:14");
    expect(err).toBe("");
    expect(out).toContain("`p.arg = arg` stores it through a pointer");
    expect(out).toContain("fmt/print.go");
    const changed = goesc(examples, "explain", "-l", "--fix=1", "fmt-print.go:12:14");
    writeFileSync(join(dir, "changed.go"), changed.out);
    const again = goesc(dir, "-only=escape", "-l", "changed.go");
    expect(again).toMatchObject({ out: "", code: 0 });
    const go = spawnSync(
      join(goroot as string, "bin", "go"),
      ["build", "-gcflags=-m -l", "-o", join(dir, "out"), "changed.go"],
      {
        cwd: dir,
        encoding: "utf8",
        env: { ...process.env, GOFLAGS: "", GOTOOLCHAIN: "local", CGO_ENABLED: "0" },
      },
    );
    expect(go.status).toBe(0);
    expect(go.stderr).not.toMatch(/escapes to heap|moved to heap/);
  });

  it("puts texts together without fmt, and says why nothing else helps", () => {
    const mod = join(dir, "texts");
    mkdirSync(mod);
    writeFileSync(join(mod, "go.mod"), "module m\n\ngo 1.26\n");
    const program = `package m

import "fmt"

type place struct{ line, col int }

func (p *place) String() string { return fmt.Sprintf("line %d, 100%% of %v", p.line, p.col) }

func fail(name string, n int64) error { return fmt.Errorf("%q: only %d", name, n) }

func kept(err error) error { return fmt.Errorf("%w of %d", err, 1+cap(errs)) }

func Make() *place { return &place{1, 2} }

var errs []error

func grow(err error) { errs = append(errs, err) }
`;
    const file = join(mod, "x.go");
    writeFileSync(file, program);
    for (const line of [7, 9]) {
      const { code, err } = goesc(mod, "explain", "-fix=1", "-w", `x.go:${line}`);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      // Imports have grown: what follows stands further down.
      const text = readFileSync(file, "utf8");
      if (line === 7) {
        expect(text).toContain('return "line " + strconv.Itoa(p.line) + ", 100% of " + strconv.Itoa(p.col)');
        writeFileSync(file, text.replace(/import \([^)]*\)\n/, 'import ("fmt"; "strconv")\n'));
      } else {
        expect(text).toContain('return errors.New(strconv.Quote(name) + ": only " + strconv.FormatInt(n, 10))');
      }
    }
    const go = spawnSync(join(goroot as string, "bin", "go"), ["build", "-gcflags=-m", "."], {
      cwd: mod,
      encoding: "utf8",
      env: { ...process.env, GOFLAGS: "", GOTOOLCHAIN: "local", CGO_ENABLED: "0" },
    });
    expect(go.status).toBe(0);
    expect(go.stderr).toContain("escapes to heap");
    expect(go.stderr).not.toMatch(/(?:p\.line|p\.col|name|n) escapes to heap/);

    const said = (name: string) => goesc(mod, "explain", name).out.replace(/\n +/g, " ");
    expect(said("kept")).toContain("No edit is known that keeps it on the stack.");
    expect(said("Make")).toMatch(/But Make is inlined \(its cost is \d+\): where a caller keeps the result/);
    expect(said("grow")).toContain("append finds out how much room there is only when it runs");
  });

  it("explains functions, and writes fixes", () => {
    const mod = join(dir, "mod");
    mkdirSync(mod);
    writeFileSync(join(mod, "go.mod"), "module m\n\ngo 1.26\n");
    cpSync(join(examples, "pointer-literal.go"), join(mod, "x.go"));
    expect(goesc(mod, "explain", "escapes").out).toContain("`&point{...}` allocates on the heap.");
    expect(goesc(mod, "explain", "nothing").code).toBe(1);
    expect(goesc(mod, "explain", "nowhere.f").err).toMatch(/^package nowhere is not in std .*\n$/);
    expect(goesc(mod, "explain", "-l", "-fix=1", "-w", "x.go:8").out).toBe("./x.go\n");
    expect(readFileSync(join(mod, "x.go"), "utf8")).toContain("func escapes() point {\n\treturn point{1, 2}");
  });

  it("offers an edit once that helps two values of a line", () => {
    const mod = join(dir, "shared");
    mkdirSync(mod);
    const x = [
      "package main",
      "type reader interface{ read(p []byte) }",
      "type zeros struct{}",
      "func (zeros) read(p []byte) { clear(p) }",
      "func fill(r reader) byte {",
      "\tvar a, b [4]byte",
      "\tr.read(a[:])",
      "\tr.read(b[:])",
      "\treturn a[0] + b[0]",
      "}",
      "func main() { println(fill(zeros{})) }",
    ];
    writeFileSync(join(mod, "x.go"), `${x.join("\n")}\n`);
    const { out } = goesc(mod, "explain", "x.go:6");
    expect(out.match(/concrete type `zeros`/g)).toHaveLength(1);
    expect(out).toContain("     Helps here, and at ./x.go:6:9.\n");
    expect(out).toContain("  Edit 1, shown at ./x.go:6:6, keeps it on the stack too.\n");
    expect(goesc(mod, "explain", "-fix=2", "x.go:6").err).toContain("there is no suggestion 2, but 1 in all");
    const records = goesc(mod, "explain", "-json", "x.go:6")
      .out.trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records.map(({ suggestions }) => suggestions.map(({ number }: { number: number }) => number))).toEqual([
      [1],
      [1],
    ]);
  });

  it("says of what escapes whether it needs memory at all", () => {
    const mod = join(dir, "free");
    mkdirSync(mod);
    writeFileSync(join(mod, "go.mod"), "module m\n\ngo 1.26\n");
    const source = `package m

type pair struct{ x, y int }

func f(b bool, one [1]uint8, n int) []any {
	return []any{b, one, n, "text", pair{1, 2}, pair{n, 2}, struct{}{}, new(struct{})}
}
`;
    writeFileSync(join(mod, "x.go"), source);
    const { out } = goesc(mod, "explain", "-l", "f");
    const free = [...out.matchAll(/^\S+: (`.*`) outlives its function, but nothing is allocated: (.*)\.$/gm)];
    expect(free.map(([, what, why]) => `${what}: ${why}`)).toEqual([
      "`b`: the runtime has a table of all values of one byte",
      "`one`: the runtime has a table of all values of one byte",
      '`"text"`: constants are kept in read-only data',
      "`pair{...}`: constants are kept in read-only data",
      "`struct {}{}`: it has no bytes",
      expect.stringMatching(/^`new\(struct \{\}\)`: .*those without bytes need no memory$/),
    ]);
    const kept = [...out.matchAll(/^\S+: (`.*`) allocates on the heap/gm)].map(([, what]) => what);
    expect(kept).toEqual(["`[]any{...}`", "`n`", "`pair{...}`"]);
  });

  it("says the same of several instances once, and where code is decided that no instance is made of", () => {
    const mod = join(dir, "instances");
    mkdirSync(mod);
    writeFileSync(join(mod, "go.mod"), "module m\n\ngo 1.26\n");
    const source = `package m

type box[T any] struct{ v T }

func keep() *int { return new(int) }

func (b *box[T]) get() (T, *int) { return b.v, keep() }

func (b *Free[T]) make(n int) []T {
	return make([]T, n)
}

type Free[T any] struct{}

var A, B = (&box[int]{}).get, (&box[string]{}).get
`;
    writeFileSync(join(mod, "x.go"), source);
    const { out } = goesc(mod, "explain", "x.go:7");
    expect(out.match(/`new\(int\)` allocates on the heap/g)).toHaveLength(2); // in the method, and in its wrapper
    const text =
      "(*Free).make is generic, and m makes no instance of it: what its code does to values is decided in packages that do, with goesc -m there.\n";
    expect(goesc(mod, "explain", "x.go:10:9").out).toBe(`x.go:10:9: ${text}`);
    expect(goesc(mod, "explain", "Free.make").out).toBe(`Free.make: ${text}`);
    expect(goesc(mod, "explain", "x.go:2").out).toMatch(/nothing there is allocated/);
  });

  it("tells what is wrong with a place, and how to name functions of files", () => {
    const at = join(dir, "places");
    mkdirSync(at);
    writeFileSync(join(at, "x.go"), "package main\n\nfunc main() { println(1) }\n");
    const wrong = (...args: string[]) => goesc(at, "explain", ...args);
    expect(wrong("y.go:3")).toEqual({ out: "", err: "goesc: y.go:3: there is no such file\n", code: 1 });
    expect(wrong("x.go:4")).toEqual({ out: "", err: "goesc: x.go:4: the file has only 3 lines\n", code: 1 });
    expect(wrong("main").err).toMatch(/\ngoesc: outside of a module, name the files: goesc explain main FILE\.go\n$/);
    expect(wrong("main", "x.go").code).toBe(0);
  });

  it("compares with a baseline", () => {
    const mod = join(dir, "base");
    mkdirSync(mod);
    writeFileSync(join(mod, "go.mod"), "module m\n\ngo 1.26\n");
    const source = readFileSync(join(examples, "global-store.go"), "utf8");
    writeFileSync(join(mod, "x.go"), source);
    expect(goesc(mod, "-l", "-write-baseline=heap.json", ".")).toMatchObject({ code: 0 });
    writeFileSync(join(mod, "x.go"), source.replace("package main", "package main\n\n// Further down."));
    expect(goesc(mod, "-l", "-baseline=heap.json", ".")).toMatchObject({ out: "0 new, 0 gone, 0 moved\n", code: 0 });
    writeFileSync(join(mod, "x.go"), `${source}\nvar more *int\n\nfunc added() { y := 2; more = &y }\n`);
    const { out, code } = goesc(mod, "-l", "-baseline=heap.json", ".");
    expect(code).toBe(1);
    expect(out).toMatch(/^new {4}x\.go:\d+:16: moved to heap: y \(in added\)\n1 new, 0 gone, 0 moved\n$/);
    writeFileSync(join(mod, "x.go"), "package main\n\nfunc main() { undefined() }\n");
    expect(goesc(mod, "-l", "-baseline=heap.json", ".").code).toBe(2);
  });
});
