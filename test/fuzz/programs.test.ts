/** A sample of `npm run fuzz -- --programs`: random programs mean the same to the real compiler and to goesc. */
import { describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";
import { generateProgram } from "./programs/program.ts";
import { runPrograms } from "./programs/run.ts";
import { shrink } from "./programs/shrink.ts";

const goroot = findGoroot();

describe("random programs", () => {
  it("are the same for the same seed", () => {
    expect(generateProgram(7, { std: false })).toBe(generateProgram(7, { std: false }));
    expect(generateProgram(7, { std: false })).not.toBe(generateProgram(8, { std: false }));
  });

  it("become small", () => {
    const source = generateProgram(3, { std: false });
    const small = shrink(source, (candidate) => /^func main\(\)/m.test(candidate));
    expect(small.trim().split(/\n+/)).toEqual(["package main", "func main() {", "}"]);
  });

  for (const [m, l] of [
    [1, 1],
    [1, 0],
    [2, 1],
    [2, 0],
  ]) {
    it.skipIf(goroot === null)(`-m=${m} -l=${l}`, async () => {
      const options = {
        count: 4,
        seed: 100 + m + l,
        flags: { m, l },
        std: false,
        shrink: false,
        only: null,
        limit: 1,
        pairs: 50,
        compiler: "",
        file: null,
      };
      const outcome = await runPrograms({ ...options, goroot: goroot as string });
      expect(outcome.findings.map((finding) => finding.difference)).toEqual([]);
      expect(outcome.lines).toBeGreaterThan(100);
    });
  }
});
