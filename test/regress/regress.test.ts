/** Small programs that once told goesc and the real compiler apart, mostly found by `npm run fuzz -- --programs`. The first
 *  line of each has the flags; NAME.want is what the compiler prints. A file may hold a package and the program that
 *  imports it. No Go is needed. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseCompilerFlags } from "../../src/cli/args.ts";
import { Analyzer } from "../fuzz/programs/ours.ts";
import { ourText, programOf } from "../fuzz/programs/run.ts";

const dir = dirname(fileURLToPath(import.meta.url));
const programs = readdirSync(dir).filter((name) => name.endsWith(".go"));

describe("regressions", () => {
  it("are there", () => expect(programs.length).toBeGreaterThan(0));

  for (const name of programs) {
    it(name, () => {
      const source = readFileSync(join(dir, name), "utf8");
      const flags = /^\/\/ (-.*)/.exec(source)?.[1].split(" ") ?? [];
      const want = readFileSync(join(dir, name.replace(/\.go$/, ".want")), "utf8");
      expect(ourText(new Analyzer([]), programOf(source), parseCompilerFlags(flags)).text).toBe(want);
    });
  }
});
