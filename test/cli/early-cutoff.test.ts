/** A package is not analysed again while what it can see of its imports stays the same; and it is when that changes. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SummaryStore } from "../../src/host/summary-store.ts";
import { findGoroot } from "../goroot.ts";
import { printed } from "./printed.ts";

const dir = mkdtempSync(join(tmpdir(), "goesc-cutoff-"));
const cacheBefore = process.env.GOESC_CACHE;

const c = `package c

const size = 10

type T struct{ n int }

type box[E any] struct{ e *E }

func Small() []byte { return make([]byte, size) }

func Keep(p *int) *int {
	for *p > 0 {
		*p--
	}
	return helper(p)
}

func helper(p *int) *int { return p }

func New() *T { return &T{n: 1} }

func Box[E any](e E) *E { return box[E]{&e}.e }

var Sum = func() int { return internal([]int{1}) }

func internal(xs []int) int {
	sum := 0
	for _, x := range xs {
		sum += x
	}
	return sum
}
`;
const b = `package b

import "ex.com/a/c"

type Pair struct{ A, B *c.T }

func Two() Pair { return Pair{c.New(), c.New()} }

func Bytes() int { return len(c.Small()) }

func Same(n int) int { return *c.Keep(&n) + *c.Box(n) }
`;
const a = `package main

import "ex.com/a/b"

func main() {
	p := b.Two()
	println(p.A != p.B, b.Bytes(), b.Same(1))
}
`;

beforeAll(() => {
  mkdirSync(join(dir, "b"));
  mkdirSync(join(dir, "c"));
  writeFileSync(join(dir, "go.mod"), "module ex.com/a\n\ngo 1.26\n");
  writeFileSync(join(dir, "a.go"), a);
  writeFileSync(join(dir, "b", "b.go"), b);
});
afterAll(() => {
  if (cacheBefore === undefined) delete process.env.GOESC_CACHE;
  else process.env.GOESC_CACHE = cacheBefore;
  rmSync(dir, { recursive: true, force: true });
});

function say(text: string, cache: string): Promise<Record<string, string>> {
  writeFileSync(join(dir, "c", "c.go"), text);
  process.env.GOESC_CACHE = join(dir, cache);
  return printed(dir, "-m=2");
}

/** Marks the kept output of the packages that import others, to tell it from output that is made anew. */
function mark(cache: string): void {
  for (const entry of readdirSync(join(dir, cache), { recursive: true, withFileTypes: true })) {
    if (!/^[0-9a-f]{32}$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const store = new SummaryStore(dirname(dirname(file)));
    const text = Buffer.from(store.read(basename(file)) ?? []).toString();
    if (text.startsWith("\0") && !text.includes("kept\n")) store.write(basename(file), Buffer.from(`${text}kept\n`));
  }
}

/** The packages whose output was not made anew after `text` took the place of {@link c}. */
async function keptAfter(text: string, cache: string): Promise<string[]> {
  await say(c, cache);
  mark(cache);
  const said = await say(text, cache);
  const names: string[] = [];
  const plain: Record<string, string> = {};
  for (const [path, out] of Object.entries(said)) {
    if (out.endsWith("kept\n")) names.push(path);
    plain[path] = out.replace(/kept\n$/, "");
  }
  // Whatever was kept, it is what a run without a cache says.
  expect(plain).toEqual(await say(text, `${cache}-fresh`));
  return names.sort();
}

const everything = ["ex.com/a", "ex.com/a/b"];

/** Changes of package c, and what stays. */
const changes: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["the body of a function that is not inlined", "sum := 0", "sum := 1", everything],
  [
    "a function that nobody can see",
    "return sum\n}\n",
    "return sum\n}\n\nfunc more() *int { return new(int) }\n",
    everything,
  ],
  ["lines behind all that is visible", "\tsum := 0\n", "\tsum := 0\n\tprintln(sum)\n", everything],
  ["a constant that an inlined body mentions", "size = 10", "size = 100000", []],
  ["the body of a function that is inlined", "&T{n: 1}", "&T{n: 2}", []],
  ["what a function leaks", "return helper(p)", "return nil", []],
  ["a field of a type", "n int", "n int; more [4]int", []],
  ["the body of a generic function", "box[E]{&e}.e", "new(E)", []],
  ["what only a generic body mentions", "struct{ e *E }", "struct{ e *E; f int }", []],
  ["lines before what is visible", "const size", "// a comment\n\nconst size", []],
];

describe.skipIf(findGoroot() === null)("early cutoff", () => {
  it.each(changes)("%s", async (name, from, to, kept) => {
    expect(c).toContain(from);
    const cache = `cache-${name.replaceAll(" ", "-")}`;
    expect(await keptAfter(c.replace(from, to), cache)).toEqual(kept);
  });

  it("what b says does not reach a, as long as b looks the same", async () => {
    const cache = "cache-through-b";
    await say(c, cache);
    mark(cache);
    const said = await say(c.replace("sum := 0", "sum := 2"), cache);
    expect(said["ex.com/a"]).toMatch(/kept\n$/);
    writeFileSync(join(dir, "b", "b.go"), `${b}\nfunc more(n int) *int { return c.Keep(&n) }\n`);
    try {
      const again = await say(c, cache);
      expect(again["ex.com/a"]).toMatch(/kept\n$/);
      expect(again["ex.com/a/b"]).toContain("can inline more");
    } finally {
      writeFileSync(join(dir, "b", "b.go"), b);
    }
  });

  it("goes back and forth between contents", async () => {
    const cache = "cache-back";
    const other = c.replace("sum := 0", "sum := 5");
    await say(other, cache);
    await say(c, cache);
    mark(cache);
    for (const text of [other, c, other]) expect((await say(text, cache))["ex.com/a"]).toMatch(/kept\n$/);
  });
});
