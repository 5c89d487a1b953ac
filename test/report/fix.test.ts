/** Suggestions: every edit that is proposed for an example compiles and removes the escape, as the real compiler says. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { heapRemarks } from "../../src/report/explain/decisions.ts";
import { Scene } from "../../src/report/explain/scene.ts";
import { unifiedDiff } from "../../src/report/fix/edits.ts";
import { type Suggestion, suggestions } from "../../src/report/fix/suggest.ts";
import { scanImports } from "../../src/syntax/imports.ts";
import { findGoroot } from "../goroot.ts";
import { analyzeFile } from "./analysis.ts";

const examples = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "examples");

function sceneOf(file: string, source?: string): Scene | string {
  const { session, result } = analyzeFile(file, source);
  if (result.checked === null || result.errors.length > 0) return result.errors.map((error) => error.msg).join("\n");
  return new Scene(session, "command-line-arguments", result);
}

interface Tried extends Suggestion {
  readonly example: string;
  /** The message that is to go. */
  readonly msg: string;
  readonly source: string;
}

function suggestionsFor(file: string, source?: string): Tried[] {
  const scene = sceneOf(file, source);
  if (typeof scene === "string") throw new Error(scene);
  return heapRemarks(scene).flatMap((remark) => {
    const examine = (drafts: ReadonlyMap<string, Uint8Array>) =>
      sceneOf(file, new TextDecoder().decode(drafts.get(file)));
    return suggestions(scene, remark, examine).map((suggestion) => ({
      ...suggestion,
      example: basename(file, ".go"),
      msg: remark.msg,
      source: new TextDecoder().decode(suggestion.files.get(file)),
    }));
  });
}

function textOf(program: string): string[] {
  return suggestionsFor("/p/x.go", program).map(({ source }) => source);
}

describe("suggestions for the examples", () => {
  const files = readdirSync(examples).filter((name) => {
    if (!name.endsWith(".go")) return false;
    return scanImports(readFileSync(join(examples, name))).imports.every((spec) => spec.path === "unsafe");
  });
  const all = files.flatMap((name) => suggestionsFor(join(examples, name)));

  it("are there for the common rules", () => {
    const served = new Set(all.map(({ example }) => example));
    for (const name of [
      "address-of",
      "append-pointer",
      "closure-large-capture",
      "defer",
      "field-merge",
      "generic",
      "generic-type",
      "global-store",
      "indirect-store",
      "interface-call",
      "leaking-param",
      "loop-depth",
      "loop-variable",
      "make-map",
      "make-slice",
      "map-literal",
      "map-put",
      "new",
      "new-expr",
      "pointer-literal",
      "range-int",
      "range-value",
      "result-variable",
      "select",
      "send-pointer",
      "slice-element",
      "slice-literal",
    ]) {
      expect([...served]).toContain(name);
    }
  });

  const goroot = findGoroot();
  const dir = mkdtempSync(join(tmpdir(), "goesc-fix-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.skipIf(goroot === null)("compile, and remove the escape under the real compiler", { timeout: 300_000 }, () => {
    writeFileSync(join(dir, "go.mod"), "module fix\n\ngo 1.26\n");
    // As a library nothing is linked, which would take most of the time.
    const write = (pkg: string, source: string) => {
      mkdirSync(join(dir, pkg), { recursive: true });
      writeFileSync(join(dir, pkg, "x.go"), source.replace(/^package main$/m, "package p"));
    };
    for (const name of files) write(`before/${basename(name, ".go")}`, readFileSync(join(examples, name), "utf8"));
    for (const [i, { source }] of all.entries()) write(`after/s${i}`, source);
    const heap = heapMessages(goroot as string, dir);
    all.forEach(({ example, msg, candidate }, i) => {
      const before = heap.get(`fix/before/${example}`) ?? [];
      const after = heap.get(`fix/after/s${i}`) ?? [];
      const count = (list: readonly string[]) => list.filter((text) => text === msg).length;
      expect(count(before), `${example}: ${msg}`).toBeGreaterThan(0);
      expect(count(after), `${example}: ${candidate.title}`).toBeLessThan(count(before));
      expect(after.length, `${example}: ${candidate.title}`).toBeLessThan(before.length);
    });
  });
});

/** What the real compiler puts on the heap, by package. */
function heapMessages(goroot: string, dir: string): Map<string, string[]> {
  const go = join(goroot, "bin", "go");
  const env = {
    ...process.env,
    CGO_ENABLED: "0",
    GOFLAGS: "",
    GOWORK: "off",
    GOTOOLCHAIN: "local",
    GOCACHE: join(dir, "cache"),
  };
  const args = ["-c", `"${go}" build -p 1 -gcflags='-m -l' ./before/... ./after/... 2>&1`];
  const out = execFileSync("sh", args, { cwd: dir, env, encoding: "utf8", maxBuffer: 1 << 26 });
  const heap = new Map<string, string[]>();
  let pkg = "";
  for (const line of out.split("\n")) {
    if (line.startsWith("# ")) pkg = line.slice(2);
    const msg = /^\S+?:\d+:\d+: (.*)$/.exec(line)?.[1] ?? "";
    if (!/^moved to heap: | escapes to heap$/.test(msg)) continue;
    const list = heap.get(pkg);
    if (list === undefined) heap.set(pkg, [msg]);
    else list.push(msg);
  }
  return heap;
}

describe("values instead of pointers", () => {
  const main = (body: string) => `package main\n\n${body}\n`;

  it("rewrite constructors with the uses of what they return", () => {
    const [source] = textOf(
      main(
        "type counter struct{ n int }\n\nfunc (c *counter) add() { c.n++ }\n\nfunc newCounter() *counter {\n\tc := &counter{n: 1}\n\treturn c\n}\n\nfunc main() {\n\tc := newCounter()\n\tc.add()\n\tprintln(c.n)\n}",
      ),
    );
    expect(source).toContain("func newCounter() counter {\n\tc := counter{n: 1}\n\treturn c");
  });

  it.each([
    [
      "nil is a result",
      "func f(b bool) *int {\n\tif b {\n\t\treturn nil\n\t}\n\tx := 1\n\treturn &x\n}\n\nfunc main() { println(f(true) == nil) }",
    ],
    ["pointers are compared", "var a, b *int\n\nfunc main() {\n\tx := 1\n\ta = &x\n\tb = a\n\tprintln(a == b)\n}"],
    [
      "the variable changes later",
      "var kept *int\n\nfunc main() {\n\tx := 1\n\tkept = &x\n\tx = 2\n\tprintln(*kept)\n}",
    ],
    [
      "the pointee changes later",
      "var kept *int\n\nfunc main() {\n\tx := 1\n\tkept = &x\n\t*kept = 2\n\tprintln(x)\n}",
    ],
    [
      "the copy would be of an earlier round",
      "func main() {\n\tvar all []*int\n\tx := 0\n\tfor i := 0; i < 3; i++ {\n\t\tx = i\n\t\tall = append(all, &x)\n\t}\n\tprintln(*all[0])\n}",
    ],
    [
      "a closure changes it",
      "func main() {\n\tx := 0\n\tall := []*int{&x}\n\tc := make(chan *int, 1)\n\tc <- all[0]\n\tfunc() { x++ }()\n\tprintln(*<-c)\n}",
    ],
    [
      "unknown code gets the pointer",
      "func f(g func(*int)) {\n\tx := 1\n\tg(&x)\n}\n\nfunc main() { f(func(*int) {}) }",
    ],
    [
      "the type refers to itself",
      "type node struct{ next *node }\n\nvar list *node\n\nfunc main() {\n\tlist = &node{next: list}\n\tprintln(list.next == nil)\n}",
    ],
  ])("give up where %s", (_, body) => expect(textOf(main(body))).toEqual([]));
});

describe("unifiedDiff", () => {
  it("shows three lines around each change", () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const before = "a\nb\nc\nd\ne\nf\ng\nh\n";
    expect(unifiedDiff("x", bytes(before), bytes(before.replace("e\n", "E\n")))).toBe(
      "--- x\n+++ x\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n",
    );
  });

  it("separates changes that are far apart", () => {
    const bytes = (list: readonly number[]) => new TextEncoder().encode(list.map((n) => `${n}\n`).join(""));
    const before = Array.from({ length: 30 }, (_, i) => i);
    const after = before.filter((n) => n !== 2 && n !== 25);
    const diff = unifiedDiff("x", bytes(before), bytes(after));
    expect(diff.match(/^@@.*@@$/gm)).toEqual(["@@ -1,6 +1,5 @@", "@@ -23,7 +22,6 @@"]);
  });
});
