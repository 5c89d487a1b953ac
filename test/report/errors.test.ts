import { expect, test } from "vitest";
import type { Diagnostic } from "../../src/base/diag.ts";
import { FileSet } from "../../src/base/pos.ts";
import { errorText } from "../../src/report/errors.ts";

function sources(...names: string[]): { fset: FileSet; at: (file: number, line: number, msg: string) => Diagnostic } {
  const fset = new FileSet();
  const lines = Array.from({ length: 100 }, (_, i) => i * 10);
  const files = names.map((name) => fset.addFile(name, 1000, lines));
  const at = (file: number, line: number, msg: string): Diagnostic => ({
    pos: files[file].base + (line - 1) * 10,
    msg,
    code: "",
    soft: false,
  });
  return { fset, at };
}

test("files come in the order in which errors were found in them, lines in their own", () => {
  const { fset, at } = sources("a.go", "b.go");
  const found = [at(1, 7, "x"), at(0, 3, "y"), at(1, 2, "z")];
  expect(errorText(fset, found, false)).toBe("b.go:2:1: z\nb.go:7:1: x\na.go:3:1: y\n");
});

test("an error is said once a line", () => {
  const { fset, at } = sources("a.go");
  const found = [at(0, 3, "x"), at(0, 3, "x"), at(0, 4, "x"), at(0, 3, "syntax error: p"), at(0, 3, "syntax error: q")];
  expect(errorText(fset, found, false)).toBe("a.go:3:1: x\na.go:3:1: syntax error: p\na.go:4:1: x\n");
});

test("the tenth error is the last", () => {
  const { fset, at } = sources("a.go");
  const found = Array.from({ length: 12 }, (_, i) => at(0, 20 - i, `e${i}`));
  const lines = errorText(fset, found, false).trimEnd().split("\n");
  expect(lines.length).toBe(11);
  expect(lines[0]).toBe("a.go:11:1: e9");
  expect(lines[10]).toBe("a.go:11:1: too many errors");
  expect(errorText(fset, found, true).trimEnd().split("\n").length).toBe(12);
});

test("a //line directive that names no file leaves none to print", () => {
  const { fset, at } = sources("a.go");
  fset.files[0].directives = [{ offset: 40, filename: "", line: 7, col: 0 }];
  expect(errorText(fset, [at(0, 6, "x")], false)).toBe(":8: x\n");
});
