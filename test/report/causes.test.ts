/** Rules: their texts are those of the examples, and each is recognised in its example. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Causes } from "../../src/report/causes.ts";
import { Functions } from "../../src/report/functions.ts";
import { rules } from "../../src/report/rules.ts";
import { Trees } from "../../src/report/trees.ts";
import { scanImports } from "../../src/syntax/imports.ts";
import { analyzeFile } from "./analysis.ts";

const examples = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "examples");
const files = readdirSync(examples).filter((name) => name.endsWith(".go"));

/** The compiler says nothing of channels. */
const silent = new Set(["make-chan"]);

function rulesIn(file: string): Set<string> {
  const { session, result } = analyzeFile(file);
  const functions = new Functions(session.fset, result.files);
  const causes = new Causes(new Trees(session.fset, result.files), functions);
  const found = new Set<string>();
  for (const entry of result.entries) {
    if ("remark" in entry) for (const id of causes.of(entry.remark)) found.add(id);
  }
  return found;
}

it("tells what inlined code allocates by how it is written", () => {
  const source = `package main

func one() *int          { return new(int) }
func many(n int) []int   { return make([]int, n) }
func table() map[int]int { return map[int]int{} }
func boxed(n int) any    { return n }

var (
	p *int
	s []int
	m map[int]int
	b any
)

func main() { p, s, m, b = one(), many(cap(s)), table(), boxed(cap(s)) }
`;
  const { session, result } = analyzeFile("/p/x.go", source, 0);
  const causes = new Causes(new Trees(session.fset, result.files), new Functions(session.fset, result.files));
  const found = new Map<string, string>();
  for (const entry of result.entries) {
    if (!("remark" in entry) || entry.remark.pos >= 0 || !entry.remark.msg.endsWith("escapes to heap")) continue;
    found.set(entry.remark.msg.replace(" escapes to heap", ""), causes.of(entry.remark)[0]);
  }
  expect(Object.fromEntries(found)).toEqual({
    "new(int)": "new",
    "make([]int, n)": "make-slice-variable",
    "map[int]int{}": "make-map",
    n: "interface-conversion",
  });
});

describe("rules", () => {
  it("are the head comments of the examples", () => {
    expect(rules.map((rule) => `${rule.id}.go`).sort()).toEqual([...files].sort());
    for (const rule of rules) {
      const lines = readFileSync(join(examples, `${rule.id}.go`), "utf8").split("\n");
      const head = lines.slice(
        0,
        lines.findIndex((line) => !line.startsWith("//")),
      );
      const text = head.map((line) => line.slice(3)).join(" ");
      const lower = rule.text[0].toLowerCase() + rule.text.slice(1);
      const said = [rule.text, lower].map((t) => `Rule: ${t}${rule.instead === "" ? "" : ` ${rule.instead}`}`);
      expect(said, rule.id).toContain(text);
    }
  });

  for (const name of files) {
    const file = join(examples, name);
    const imports = scanImports(readFileSync(file)).imports.map((spec) => spec.path);
    const id = basename(name, ".go");
    if (silent.has(id) || imports.some((path) => path !== "unsafe")) continue;
    it(`recognise ${id}`, () => expect([...rulesIn(file)]).toContain(id));
  }
});
