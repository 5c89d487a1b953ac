/** The compiler's own error tests, read where Go is installed: the `ERROR` comments of cmd/compile/internal/syntax
 *  (exact places) and of GOROOT/test/syntax (lines). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Interner } from "../../src/base/intern.ts";
import { FileSet, lineStarts, SourceFile } from "../../src/base/pos.ts";
import { parseFile } from "../../src/syntax/parse.ts";
import { Scanner } from "../../src/syntax/scanner.ts";
import { TokenKind } from "../../src/syntax/tokens.ts";
import { compareLines, goRegExp } from "../conformance/annotations.ts";
import { findGoroot } from "../goroot.ts";

const goroot = findGoroot();

class CommentScanner extends Scanner {
  protected override directive(): void {}
}

/** Patterns by `line:col` of the token after the comment, or `line:0` for line comments. */
function declaredErrors(source: Uint8Array): Map<string, string> {
  const file = new SourceFile("", 0, source.length, lineStarts(source));
  const scanner = new CommentScanner(file, source, new Interner(), true);
  const declared = new Map<string, string>();
  let seen = 0;
  const lineOf = (offset: number): number => file.lineIndex(offset) + 1;
  do {
    scanner.next();
    let pattern = "";
    for (; seen < scanner.comments.length; seen++) {
      const { text, pos } = scanner.comments[seen];
      if (text.startsWith("// ERROR ")) declared.set(`${lineOf(pos)}:0`, text.slice(9).trim());
      else if (text.startsWith("/* ERROR ")) pattern = text.slice(9, -2).trim();
    }
    const line = lineOf(scanner.pos);
    if (pattern !== "") declared.set(`${line}:${scanner.pos - file.lines[line - 1] + 1}`, pattern);
  } while (scanner.tok !== TokenKind.EOF);
  return declared;
}

describe.skipIf(goroot === null)("upstream errors", () => {
  const testdata = join(goroot ?? "", "src/cmd/compile/internal/syntax/testdata");
  const names = goroot === null ? [] : readdirSync(testdata).filter((name) => name.endsWith(".go"));

  test.each(names)("%s", (name) => {
    const source = readFileSync(join(testdata, name));
    const declared = declaredErrors(source);
    const fset = new FileSet();
    const wrong: string[] = [];
    for (const error of parseFile(fset, name, source).errors) {
      const { line, col } = fset.absolute(error.pos);
      const key = declared.has(`${line}:${col}`) ? `${line}:${col}` : `${line}:0`;
      const pattern = declared.get(key);
      if (pattern === undefined || !goRegExp(pattern).test(error.msg)) wrong.push(`${line}:${col}: ${error.msg}`);
      else declared.delete(key);
    }
    expect(wrong).toEqual([]);
    expect([...declared]).toEqual([]);
  });

  test("GOROOT/test/syntax", () => {
    const dir = join(goroot ?? "", "test/syntax");
    const found: string[] = [];
    let expected = 0;
    for (const name of readdirSync(dir)) {
      const source = readFileSync(join(dir, name));
      const fset = new FileSet();
      const lines = new Map<number, string>(); // the compiler prints one syntax error a line
      for (const error of parseFile(fset, name, source).errors) {
        const { line } = fset.position(error.pos);
        if (!lines.has(line)) lines.set(line, `${name}:${line}: ${error.msg}`);
      }
      const output = [...lines.values()];
      const result = compareLines(output, new Map([[name, source.toString()]]));
      expected += result.expected;
      found.push(...result.missing, ...result.surplus);
    }
    expect(expected).toBeGreaterThan(20);
    expect(found).toEqual([]);
  });
});
