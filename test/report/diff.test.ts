import { describe, expect, it } from "vitest";
import { baselineText, changesText, compareFindings, type Finding, readFindings } from "../../src/report/diff.ts";

const finding = (func: string, text: string, line = 1): Finding => ({
  package: "p",
  func,
  file: "p/x.go",
  line,
  col: 2,
  text,
});

describe("compareFindings", () => {
  it("looks at functions and messages, not at lines", () => {
    const changes = compareFindings(
      [finding("f", "moved to heap: x", 3), finding("g", "y escapes to heap", 9)],
      [finding("g", "y escapes to heap", 7), finding("f", "moved to heap: x", 13)],
    );
    expect(changes).toEqual({ added: [], gone: [], moved: [] });
  });

  it("counts equal messages", () => {
    const one = finding("f", "new(int) escapes to heap", 3);
    const two = finding("f", "new(int) escapes to heap", 4);
    expect(compareFindings([one], [one, two]).added).toEqual([two]);
    expect(compareFindings([one, two], [one]).gone).toHaveLength(1);
  });

  it("tells what moved to another function from what is new", () => {
    const before = finding("f", "moved to heap: x");
    const after = finding("g", "moved to heap: x");
    const changes = compareFindings([before], [after, finding("g", "moved to heap: y")]);
    expect(changes.moved).toEqual([{ from: before, to: after }]);
    expect(changesText(changes)).toBe(
      "new    p/x.go:1:2: moved to heap: y (in g)\nmoved  p/x.go:1:2: moved to heap: x (in g), before in f\n1 new, 0 gone, 1 moved\n",
    );
  });
});

describe("readFindings", () => {
  it("reads the compiler's text", () => {
    const text = "# p\n./x.go:3:6: can inline f\n./x.go:4:2: moved to heap: x\n./x.go:300: y escapes to heap\n";
    expect(readFindings(text)).toEqual([
      { package: "p", func: "", file: "./x.go", line: 4, col: 2, text: "moved to heap: x" },
      { package: "p", func: "", file: "./x.go", line: 300, col: 0, text: "y escapes to heap" },
    ]);
  });

  it("reads records and its own baselines", () => {
    const records = [finding("f", "moved to heap: x", 4), finding("f", "s does not escape", 5)];
    const json = records.map((record) => `${JSON.stringify({ kind: "moved", ...record })}\n`).join("");
    const read = readFindings(json) as Finding[];
    expect(read).toEqual([records[0]]);
    const baseline = baselineText(read);
    expect(baseline).not.toContain("line");
    expect(compareFindings(readFindings(baseline) as Finding[], read)).toEqual({ added: [], gone: [], moved: [] });
  });

  it("knows what it cannot read", () => {
    expect(readFindings("{ no json\n")).toBeNull();
    expect(readFindings("hello\n")).toBeNull();
    expect(readFindings("")).toEqual([]);
  });
});
