/** Declarations that are read alone are those of the whole file, directives included. */
import { expect, test } from "vitest";
import { FileSet, SourceFile } from "../../src/base/pos.ts";
import { type FuncDecl, Kind } from "../../src/syntax/ast.ts";
import { commentsBefore, parseFile, parseFuncDecl } from "../../src/syntax/parse.ts";
import { bytesOf } from "./reading.ts";

/** By name: the verbs of the directives, with the whole file and with the declaration alone; null where only the whole
 *  file can tell. */
function bothWays(text: string): Map<string, [number[], number[] | null]> {
  const source = bytesOf(text);
  const fset = new FileSet();
  const options = { std: true, compilingRuntime: true };
  const { file, source: whole } = parseFile(fset, "x.go", source, options);
  const found = new Map<string, [number[], number[] | null]>();
  for (const decl of file?.decls ?? []) {
    if (decl.kind !== Kind.FuncDecl) continue;
    const start = decl.pos - whole.base;
    const from = commentsBefore(source, start);
    const place = new SourceFile("x.go", whole.base, source.length, [0]);
    const range = { start, end: (decl.body?.end ?? decl.end) - whole.base + 1 };
    const alone = from < 0 ? null : parseFuncDecl(fset, place, source, range, { from });
    if (alone !== null) expect(alone.pos).toBe(decl.pos);
    const flags = (d: FuncDecl): number[] => d.directives.map(({ pos, flag }) => pos * 1_000_000 + flag);
    found.set(decl.name.value, [flags(decl), alone === null ? null : flags(alone)]);
  }
  return found;
}

test("directives before a function are read with it", () => {
  const found = bothWays(`package p
func First[T any]() {}

//go:noinline
func A[T any](x T) {}
// text
//go:nosplit

//go:noinline
// more
func B[T any](x T) { _ = "//go:noinline" }
var x = 1 // trailing
func C[T any]() {}
`);
  expect([...found.keys()]).toEqual(["First", "A", "B", "C"]);
  for (const [whole, alone] of found.values()) expect(alone).toEqual(whole);
  expect([...found.values()].map(([whole]) => whole.length)).toEqual([0, 1, 2, 0]);
});

test("where lines do not tell, the whole file is read", () => {
  const found = bothWays(`package p
/*
//go:noinline
*/
func A[T any]() {}
/* c
// d */
func B[T any]() {}
var s = \`
//go:noinline\`
func C[T any]() {}
var t = 1 //go:noinline
func D[T any]() {}
; func E[T any]() {}
`);
  expect([...found]).toHaveLength(5);
  for (const [, alone] of found.values()) expect(alone).toBeNull();
});
