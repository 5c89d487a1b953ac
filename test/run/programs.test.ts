/** Whole programs on goesc's own runtime print what the real toolchain's binaries print (the `.want` files, standard
 *  error included). A first line `// -FLAG …` has flags for both. Reads the built command: `npm run build` comes first. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

  it("copies the report of a failure to where the program wants it", { timeout: 300_000 }, () => {
    const dir = mkdtempSync(join(tmpdir(), "goesc-crash-"));
    const file = join(dir, "main.go");
    const imports = 'import (\n\t"os"\n\t"runtime/debug"\n)\n';
    const body = 'f, _ := os.Create(os.Args[1])\n\tdebug.SetCrashOutput(f, debug.CrashOptions{})\n\tpanic("copied")';
    writeFileSync(file, `package main\n\n${imports}\nfunc main() {\n\t${body}\n}\n`);
    const copy = join(dir, "copy");
    const { stderr, status } = spawnSync(process.execPath, [goesc, "run", file, copy], { encoding: "utf8" });
    expect(readFileSync(copy, "utf8")).toBe(stderr);
    expect(stderr).toContain("panic: copied\n\ngoroutine 1 [running]:\nmain.main()");
    expect(status).toBe(2);
    rmSync(dir, { recursive: true });
  });

  it.skipIf(!existsSync("/usr/bin/script"))("asks terminals for their modes", { timeout: 300_000 }, () => {
    const command = `${process.execPath} ${goesc} run ${join(here, "terminal", "term.go")}`;
    // What script's terminal is like to begin with: the real binary prints the same.
    const { stdout } = spawnSync("/usr/bin/script", ["-qec", command, "/dev/null"], { input: "", encoding: "utf8" });
    expect(stdout.replaceAll("\r", "").split("\n").slice(0, 7)).toEqual([
      "errno 0",
      "0x500 0x5 0x8a3b [3 28 127 21 4 0 1 0 17 19 26 0 18 15 23 22 0]",
      "errno 0 [0 0 0 0]",
      "errno 0",
      "errno 0 true 3",
      "errno 0",
      "inappropriate ioctl for device",
    ]);
  });
});
