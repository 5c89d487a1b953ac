/** The same program under the rules of several releases, inlining included: lines of `go tool compile -p p -m=2` of
 *  go1.24.10, go1.25.4, go1.26.8 and go1.27.4. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { analyzePackage } from "../../src/report/analyze.ts";
import { explanationLines, remarkLine } from "../../src/report/remark.ts";
import { Session } from "../../src/report/session.ts";
import { options } from "../report/analysis.ts";

const text = readFileSync(new URL("testdata/versions.go", import.meta.url));

function output(minor: number, source: Uint8Array = text): string {
  const session = new Session({ readFile: () => source, readSummary: () => null }, "amd64", minor);
  const { entries, errors } = analyzePackage(
    session,
    {
      importPath: "p",
      compilerPath: "p",
      goFiles: ["versions.go"],
      imports: new Map(),
      goVersion: `go1.${minor}`,
      complete: false,
      isStd: false,
    },
    { ...options, m: 2, compile: { ...options.compile, l: 0 } },
  );
  expect(errors).toEqual([]);
  const lines = entries.flatMap((entry) =>
    "remark" in entry ? [remarkLine(session.fset, entry.remark)] : explanationLines(session.fset, entry.explanation),
  );
  return `${lines.join("\n")}\n`;
}

describe("the inliner of Go releases", () => {
  for (const minor of [24, 25, 26, 27]) {
    it(`says what that of 1.${minor} says`, () => {
      expect(output(minor)).toBe(readFileSync(new URL(`testdata/versions.go1.${minor}.want`, import.meta.url), "utf8"));
    });
  }

  it("takes promoted fields as keys in a package with generic declarations", () => {
    const source = `package p
type in struct{ f int }
type out struct{ in }
func id[T any](x T) T { return x }
func F() *out { return id(&out{f: 1}) }
`;
    expect(output(27, new TextEncoder().encode(source))).toContain("5:6: can inline F with cost");
  });
});
