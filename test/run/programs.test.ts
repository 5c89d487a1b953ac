/** Whole programs on goesc's own runtime print what the real toolchain's binaries print (the `.want` files, standard
 *  error included). A first line `// -FLAG …` has flags for both. Reads the built command: `npm run build` comes first. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const testdata = join(here, "testdata");
const goesc = join(here, "..", "..", "dist", "goesc.js");
const programs = readdirSync(testdata).filter((name) => name.endsWith(".go"));

describe.skipIf(findGoroot() === null || !existsSync(goesc))("programs", () => {
  it.each(programs)("%s", { timeout: 300_000 }, (name) => {
    const file = join(testdata, name);
    const flags = /^\/\/ (-.*)/.exec(readFileSync(file, "utf8"))?.[1].split(" ") ?? [];
    const { stdout, stderr, status } = spawnSync(process.execPath, [goesc, "run", ...flags, file], {
      encoding: "utf8",
    });
    expect(stdout + stderr).toBe(readFileSync(join(testdata, name.replace(/\.go$/, ".want")), "utf8"));
    expect(status).toBe(0);
  });

  // Packages with assembly; files in variables; what GODEBUG is by the module's go version and the program's directives.
  it.each(["assembly", "embed", "godebug", "buildinfo"])("the module %s", { timeout: 300_000 }, (name) => {
    const cwd = join(testdata, name);
    const { GODEBUG, ...env } = process.env;
    const { stdout, stderr, status } = spawnSync(process.execPath, [goesc, "run", "."], { cwd, env, encoding: "utf8" });
    expect(stdout + stderr).toBe(readFileSync(join(testdata, `${name}.want`), "utf8"));
    expect(status).toBe(0);
  });
});
