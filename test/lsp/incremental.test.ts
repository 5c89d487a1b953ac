/** What the engine knows after an edit is what it finds out from scratch. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine } from "../../src/lsp/engine/engine.ts";
import type { FileView, FunctionView } from "../../src/lsp/engine/model.ts";
import { nodeEngineHost } from "../../src/lsp/node-host.ts";

// Processes are started and packages analysed, on machines that may be busy.

const encoder = new TextEncoder();

const source = `package p

import (
	"fmt"
	"strings"
)

type node struct {
	next *node
	val  int
}

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

var table = map[string]int{"a": leaf(1)}

var sink any

func leaf(n int) int { return n + 1 }

func link(a, b *node) *node {
	a.next = b
	return a
}

func store(p *node) { sink = p }

func pass(p *node) int { return use(p) + leaf(2) }

//go:noinline
func use(p *node) int { return p.val }

func even(n int, p *node) bool {
	if n == 0 {
		return true
	}
	return odd(n-1, p)
}

func odd(n int, p *node) bool {
	if n == 0 {
		return false
	}
	return even(n-1, p)
}

func pair[T any](v T) *T { return &v }

func main() {
	n := &node{val: leaf(3)}
	m := link(n, &node{})
	fmt.Println(pass(m), strings.Repeat("世界🎉", 2), even(3, m))
	var s shape = square{2}
	f := func() int { return s.area() + n.val }
	fmt.Println(f(), *pair(3))
}
`;

/** Each is applied to the result of the one before: text, replacement. */
const edits: readonly (readonly [string, string])[] = [
  ["return n + 1", "return n + 2"],
  ["return p.val", "sink = p\n\treturn p.val"],
  ["sink = p\n\treturn p.val", "return p.val /* 世界 */"],
  ["a.next = b\n", "a.next = b\n\ta.val = leaf(b.val)\n"],
  ["return n + 2", "x := new(int)\n\tsink = x\n\tfmt.Println(n)\n\treturn n + *x"],
  ["return false\n", "sink = p\n\t\treturn false\n"],
  ["n := &node{val: leaf(3)}", "var n node\n\tk := &n"],
  ["m := link(n, ", "m := link(k, "],
  ["/* 世界 */", "+"],
  ["p.val +", "p.val + 1"],
  ["\n\nvar sink any", "\n// a comment 世界\n\nvar sink any"],
  ["func pair[T any](v T) *T { return &v }", "func pair[T any](v T) *T { w := v; return &w }"],
  ["*pair(3)", '*pair("x"), *pair(3)'],
  ["type square struct{ side int }", "type square struct{ side, other int }"],
  ["s.side * s.side", "s.side * leaf(s.other)"],
  ["sink = p\n\t\treturn false", "return false"],
  ["x := new(int)\n\tsink = x\n\tfmt.Println(n)\n\treturn n + *x", "return n"],
  ["\tfmt.Println(f(), ", "\tfor i := range 3 {\n\t\tdefer fmt.Println(i)\n\t}\n\tfmt.Println(f(), "],
];

class Session {
  last: FileView | null = null;
  private readonly engine: Engine;
  private version = 0;
  private readonly known = new Map<string, FunctionView>();

  constructor(private readonly file: string) {
    const host = nodeEngineHost(() => false);
    this.engine = new Engine(host, { view: (view) => this.take(view), progress: () => {}, log: () => {} });
    this.engine.configure({ goroot: "off", tags: null, env: {}, noInline: false });
  }

  private take(view: FileView): void {
    const functions = view.functions.map((fn) => ({
      ...fn,
      findings: fn.findings ?? this.known.get(fn.key)!.findings,
    }));
    for (const fn of functions) this.known.set(fn.key, fn);
    this.last = { ...view, functions };
  }

  async set(text: string): Promise<FileView> {
    this.engine.setDocument(this.file, ++this.version, encoder.encode(text));
    for (let delay = this.engine.delay(); delay !== null; delay = this.engine.delay()) {
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      this.engine.step();
    }
    return this.last!;
  }

  get stats(): { whole: number; parts: number; functions: number; failures: number } {
    return Object.values(this.engine.stats())[0];
  }
}

function lines({ functions }: FileView): string[] {
  return functions.flatMap(({ start, name, findings }) =>
    findings!.map(
      (finding) =>
        `${start + finding.start}-${start + finding.end} ${name}: ${finding.message} ${finding.size} ${finding.rule}`,
    ),
  );
}

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "goesc-incremental-"));
  writeFileSync(join(folder, "go.mod"), "module example.com/p\n\ngo 1.26\n");
  process.env.GOESC_CACHE = join(folder, "cache");
});

afterAll(() => {
  delete process.env.GOESC_CACHE;
  rmSync(folder, { recursive: true, force: true });
});

describe("edits", () => {
  it("give the decisions of a fresh analysis, valid files or not", async () => {
    const file = join(folder, "p.go");
    writeFileSync(file, source);
    const session = new Session(file);
    let text = source;
    await session.set(text);
    for (const [from, to] of edits) {
      expect(text).toContain(from);
      text = text.replace(from, () => to);
      const view = await session.set(text);
      const fresh = await new Session(file).set(text);
      if (fresh.problem !== "") {
        expect(view.problem, to).not.toBe("");
        continue;
      }
      expect(view.problem, to).toBe("");
      expect(lines(view), to).toEqual(lines(fresh));
    }
    const { stats } = session;
    expect(stats.failures).toBe(0);
    expect(stats.parts).toBeGreaterThan(8);
    expect(stats.whole).toBeLessThan(10);
  });

  it("of one body do not analyse the package", async () => {
    const file = join(folder, "p.go");
    const session = new Session(file);
    await session.set(source);
    const { whole } = session.stats;
    for (let i = 0; i < 20; i++) await session.set(source.replace("a.next = b", `a.next = b\n\ta.val = ${i}`));
    expect(session.stats.whole).toBe(whole);
  });

  it("move what is known of a broken function", async () => {
    const file = join(folder, "p.go");
    const session = new Session(file);
    const before = await session.set(source);
    const count = before.functions.find(({ name }) => name === "main")!.findings!.length;
    const view = await session.set(source.replace("\tn := &node{", "\t// new\n\tif {\n\tn := &node{"));
    const main = view.functions.find(({ name }) => name === "main")!;
    expect(main.isFresh).toBe(false);
    expect(main.findings).toHaveLength(count);
    const text = source.replace("\tn := &node{", "\t// new\n\tif {\n\tn := &node{");
    const bytes = encoder.encode(text);
    const boxed = main.findings!.find(({ message }) => message.startsWith('"') || message.includes("Repeat"));
    if (boxed !== undefined) {
      const place = new TextDecoder().decode(bytes.subarray(main.start + boxed.start, main.start + boxed.end));
      expect(text).toContain(place);
    }
    expect(view.functions.filter(({ isFresh }) => isFresh).length).toBeGreaterThan(5);
  });
});

describe("functions whose ends are in a comment", () => {
  it("are several again when it is closed", async () => {
    const file = join(folder, "p.go");
    const valid =
      "package p\n\nfunc a() *int {\n\t/* é */ return new(int)\n}\n\nfunc b() *int { /* é */ return new(int) }\n";
    const session = new Session(file);
    const broken = await session.set(valid.replace("/* é */ return", "/* é return"));
    expect(broken.functions.map(({ name }) => name)).toEqual(["a"]);
    const view = await session.set(valid);
    expect(view.problem).toBe("");
    expect(lines(view)).toEqual(lines(await new Session(file).set(valid)));
    expect(view.functions.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("a folder of programs", () => {
  it("has each file on its own", async () => {
    const text = "package main\n\nvar S any\n\nfunc main() { S = new(int) }\n";
    const dir = mkdtempSync(join(folder, "programs-"));
    for (const name of ["a.go", "b.go"]) writeFileSync(join(dir, name), text);
    const view = await new Session(join(dir, "a.go")).set(text);
    expect(view.problem).toBe("");
    expect(lines(view).some((line) => line.includes("main: new(int) escapes to heap 8"))).toBe(true);
  });
});
