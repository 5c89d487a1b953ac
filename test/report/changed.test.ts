/** What `git diff` says about lines. */
import { describe, expect, it } from "vitest";
import { readDiff } from "../../src/report/findings/changed.ts";

describe("a diff", () => {
  it("names the lines that are new or other, by file", () => {
    const text = [
      "diff --git a.go a.go",
      "--- a.go",
      "+++ a.go",
      "@@ -3 +3 @@ func f() {",
      "-old",
      "+new",
      "@@ -10,0 +11,2 @@",
      "+one",
      "+two",
      "@@ -20,2 +22,0 @@",
      "-gone",
      "-gone too",
      "diff --git old name.go new name.go",
      "similarity index 90%",
      "rename from old name.go",
      "rename to new name.go",
      "--- old name.go\t",
      "+++ new name.go\t",
      "@@ -1 +1 @@",
      "-x",
      "\\ No newline at end of file",
      "+y",
      "\\ No newline at end of file",
      "diff --git gone.go gone.go",
      "--- gone.go",
      "+++ /dev/null",
      "@@ -1,2 +0,0 @@",
      "-package p",
      "-",
      "",
    ].join("\n");
    expect([...readDiff(text)]).toEqual([
      [
        "a.go",
        [
          [3, 3],
          [11, 12],
        ],
      ],
      ["new name.go", [[1, 1]]],
    ]);
  });

  it("is not misled by lines that look like its own", () => {
    const text =
      "--- a.go\n+++ a.go\n@@ -1,2 +1,2 @@\n--- b.go\n-@@ -1 +1 @@\n+++ c.go\n+@@ -9 +9 @@\n@@ -7,0 +8 @@\n+z\n";
    expect([...readDiff(text)]).toEqual([
      [
        "a.go",
        [
          [1, 2],
          [8, 8],
        ],
      ],
    ]);
  });
});
