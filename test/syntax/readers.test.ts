/** Both readers give the same trees and errors: over a part of GOROOT, and over programs that a random change has
 *  broken (or not). bench/readers.ts compares them over everything. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findGoroot } from "../goroot.ts";
import { type CstReading, createReader, type Reading, read, readCst } from "./reading.ts";

const goroot = findGoroot();
const reader = await createReader();

function difference(source: Uint8Array | string): { wrong: string | null; cst: CstReading; parsed: Reading } {
  const options = { std: true, compilingRuntime: true };
  const parsed = read(source, options);
  const cst = readCst(reader, source, options);
  let wrong: string | null = null;
  if (parsed.tree !== cst.tree) wrong = "trees";
  else if (parsed.errors.toSorted().join("\n") !== cst.errors.toSorted().join("\n")) wrong = "errors";
  return { wrong, cst, parsed };
}

function goFiles(dir: string): string[] {
  const path = join(goroot ?? "", dir);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))
    .map((name) => join(path, name));
}

describe.skipIf(goroot === null)("GOROOT", () => {
  test.each(["src/errors", "src/sort", "src/container/list", "src/strings", "src/internal/poll"])("%s", (dir) => {
    const files = goFiles(dir);
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const { wrong, cst, parsed } = difference(readFileSync(name));
      expect({ name, wrong, fallback: cst.fallback, errors: parsed.errors }).toEqual({
        name,
        wrong: null,
        fallback: null,
        errors: [],
      });
    }
  });

  test.each(["test/syntax", "test/typeparam/mdempsky"])("%s, errors among them", (dir) => {
    for (const name of goFiles(dir))
      expect({ name, wrong: difference(readFileSync(name)).wrong }).toEqual({ name, wrong: null });
  });
});

/** A pseudo-random sequence (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}

const inserts =
  "( ) { } [ ] , ; : . := = * & <- ... ~ | x 1 L: func if for range switch case type var go defer chan struct return";

/** Drops, doubles, swaps or inserts a token. */
function mutate(source: string, next: () => number): string {
  const tokens =
    source.match(/\/\/.*|"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\])+'|\w+|\s+|:=|<-|\.\.\.|[^\s\w]/g) ?? [];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)];
  const places = tokens.map((_, i) => i).filter((i) => !tokens[i].startsWith("//") && tokens[i].trim() !== "");
  const at = pick(places);
  switch (Math.floor(next() * 5)) {
    case 0:
      tokens[at] = "";
      break;
    case 1:
      tokens[at] += ` ${tokens[at]}`;
      break;
    case 2:
      tokens[at] = pick(inserts.split(" "));
      break;
    case 3:
      tokens[at] += ` ${pick(inserts.split(" "))}\n`;
      break;
    default: {
      const other = pick(places);
      [tokens[at], tokens[other]] = [tokens[other], tokens[at]];
    }
  }
  return tokens.join("");
}

test("changed programs", () => {
  const source = readFileSync(new URL("testdata/forms.go", import.meta.url), "utf8");
  let accepted = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const changed = mutate(source, random(seed));
    const { wrong, cst, parsed } = difference(changed);
    expect({ seed, wrong }).toEqual({ seed, wrong: null });
    if (cst.fallback !== null) continue;
    accepted++;
    expect({ seed, errors: parsed.errors.filter((error) => error.includes("syntax error")) }).toEqual({
      seed,
      errors: [],
    });
  }
  expect(accepted).toBeGreaterThan(3);
});
