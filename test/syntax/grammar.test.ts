/** The concrete trees that the tree-sitter reader relies on, and what it does with them: see grammar-tests/README.md. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createReader, read, readCst } from "./reading.ts";

interface Case {
  readonly title: string;
  readonly outcome: "" | "passed on" | "error";
  readonly source: string;
  readonly tree: string;
}

const folder = new URL("../../grammar-tests/", import.meta.url);
const update = process.env.UPDATE_GRAMMAR === "1";
const reader = await createReader();

function casesOf(text: string): Case[] {
  const parts = text.split(/^====\n(.*)\n====\n/m).slice(1);
  const cases: Case[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const [head, tree = ""] = parts[i + 1].split(/^----\n/m);
    const outcome = /^reader: (passed on|error)$/m.exec(head)?.[1] ?? "";
    const source = head.replace(/^(?:(?:reader:|#).*\n)*/, "");
    cases.push({ title: parts[i], outcome: outcome as Case["outcome"], source, tree: oneLine(tree) });
  }
  return cases;
}

function oneLine(tree: string): string {
  return tree.trim().replace(/\s+/g, " ");
}

/** An S-expression with one node a line. */
function pretty(tree: string): string {
  let depth = 0;
  return tree.replace(/ ?(\w+: )?\(|\)/g, (match) => {
    if (match === ")") {
      depth--;
      return match;
    }
    const line = depth === 0 ? match.trim() : `\n${"  ".repeat(depth)}${match.trim()}`;
    depth++;
    return line;
  });
}

for (const name of readdirSync(folder).filter((file) => file.endsWith(".txt"))) {
  const url = new URL(name, folder);
  const text = readFileSync(url, "utf8");
  if (update) {
    const trees = casesOf(text).map((each) => pretty(reader.sexp(each.source)));
    let next = 0;
    writeFileSync(
      url,
      text.replace(/^----\n[\s\S]*?(?=^====\n.*\n====\n|(?![\s\S]))/gm, () => `----\n${trees[next++]}\n\n`).trimEnd() +
        "\n",
    );
  }
  describe(name, () => {
    test.each(casesOf(readFileSync(url, "utf8")))("$title", ({ outcome, source, tree }) => {
      expect(oneLine(reader.sexp(source))).toBe(tree);
      const parsed = read(source);
      const cst = readCst(reader, source);
      expect(cst.errors).toEqual(parsed.errors);
      expect(cst.tree).toBe(parsed.tree);
      expect(cst.fallback === null).toBe(outcome === "");
      expect(parsed.errors.length > 0).toBe(outcome === "error");
    });
  });
}
