/** The tree of a file with every form of the language, against the compiler's own. `testdata/forms.tree` was printed by
 *  a Go program around cmd/compile/internal/syntax of Go 1.26.8, in the format of src/syntax/dump.ts. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FileSet } from "../../src/base/pos.ts";
import { dump } from "../../src/syntax/dump.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { createReader, read, readCst } from "./reading.ts";

const source = readFileSync(new URL("testdata/forms.go", import.meta.url));
const want = readFileSync(new URL("testdata/forms.tree", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

test("the parser gives the compiler's tree", () => {
  const fset = new FileSet();
  const result = parseFile(fset, "forms.go", source);
  expect(result.errors).toEqual([]);
  expect(dump(fset, result.file!).split("\n")).toEqual(want);
});

test("the tree-sitter reader gives the same tree, ends included", async () => {
  const cst = readCst(await createReader(), source);
  expect(cst.fallback).toBe(null);
  expect(cst.tree.split("\n")).toEqual(read(source).tree.split("\n"));
});
