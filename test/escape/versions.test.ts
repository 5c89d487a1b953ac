/** The same program under the rules of several releases: lines of `go tool compile -p p -l -m=2` of each. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultMinor, goRules } from "../../src/base/goversion.ts";
import { analyzePackage } from "../../src/report/analyze.ts";
import { explanationLines, remarkLine } from "../../src/report/remark.ts";
import { Session } from "../../src/report/session.ts";

const file = new URL("testdata/versions.go", import.meta.url);

function output(minor: number): string {
  const text = readFileSync(file);
  const session = new Session({ readFile: () => text, readSummary: () => null }, "amd64", minor);
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
    {
      m: 2,
      compile: { l: 1, N: false, smallFrames: false, mutations: false, zeroCopy: true },
      explain: false,
      graphs: false,
      debug: null,
    },
  );
  expect(errors).toEqual([]);
  const lines = entries.flatMap((entry) =>
    "remark" in entry ? [remarkLine(session.fset, entry.remark)] : explanationLines(session.fset, entry.explanation),
  );
  return `${lines.join("\n")}\n`;
}

describe("rules of Go releases", () => {
  for (const minor of [24, 25, 26, 27]) {
    it(`are those of 1.${minor}`, () => {
      expect(output(minor)).toBe(readFileSync(new URL(`testdata/versions.go1.${minor}.want`, import.meta.url), "utf8"));
    });
  }

  it("hold on beyond the ends of the table", () => {
    expect(goRules(12)).toEqual(goRules(24));
    expect(goRules(99)).toEqual(goRules(27));
    expect(goRules(defaultMinor)).not.toEqual(goRules(defaultMinor - 1));
  });
});
