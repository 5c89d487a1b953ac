/** `goesc run -allocs` says what stayed on the stack, and how often. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { StackSite } from "../../src/runtime/profile.ts";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const goesc = join(here, "..", "..", "dist", "goesc.js");
const program = join(here, "testdata", "saved.go");

function goescRun(...flags: string[]): string {
  return spawnSync(process.execPath, [goesc, "run", ...flags, program], { encoding: "utf8" }).stderr;
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))("what stays on the stack", () => {
  it("is counted by line: times, bytes, and what it is", { timeout: 300_000 }, () => {
    const out = goescRun("-allocs=json");
    const { stack } = JSON.parse(out.slice(out.indexOf("{"))) as { stack: StackSite[] };
    expect(stack.every(({ func, file }) => func === "main.work" && file === program)).toBe(true);
    // work(100) and work(7): 107 rounds of the loop; 100 % 8 and 7 % 8 elements of four bytes; a map's header and group.
    expect(stack.map(({ line, what, times, bytes }) => `${line} ${what}: ${times}, ${bytes}`)).toEqual([
      "28 &pair{...} does not escape: 107, 1712",
      "26 v stays on the stack: 107, 856",
      "34 map[int]int{...} does not escape: 2, 368",
      "31 make([]int, 10) does not escape: 2, 160",
      "42 append does not escape: 2, 64",
      "33 make([]int32, n % 8) does not escape: 2, 44",
      "35 new(pair) does not escape: 2, 32",
      "38 func literal does not escape: 2, 32",
      "24 total stays on the stack: 2, 16",
      "39 n does not escape: 2, 16",
    ]);
  });

  it("costs a run without the report nothing", { timeout: 300_000 }, () => {
    expect(goescRun("-dump=ssa,main.work")).toBe("");
    const dump = spawnSync(process.execPath, [goesc, "run", "-dump=ssa,main.work", program], { encoding: "utf8" });
    expect(dump.stdout).toContain("main.work");
    expect(dump.stdout).not.toContain("goesc.saved");
  });
});
