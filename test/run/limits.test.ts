/** What `goesc run` cannot do ends with one clear error. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const goesc = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "goesc.js");
const dir = mkdtempSync(join(tmpdir(), "goesc-limits-"));
afterAll(() => rmSync(dir, { recursive: true }));

function run(files: Record<string, string>, target: string): { out: string; status: number | null } {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const { stdout, stderr, status } = spawnSync(process.execPath, [goesc, "run", target], {
    cwd: dir,
    encoding: "utf8",
  });
  for (const name of Object.keys(files)) rmSync(join(dir, name));
  return { out: stdout + stderr, status };
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))("limits of running programs", { timeout: 300_000 }, () => {
  it("a function in assembly, where it is called", () => {
    const asm = `#include "textflag.h"\nTEXT ·f(SB),NOSPLIT,$0-8\n\tRET\n`;
    const main = 'package main\n\nfunc f(int)\n\nfunc main() {\n\tprintln("before")\n\tf(1)\n}\n';
    const { out, status } = run({ "go.mod": "module m\n", "main.go": main, "f_amd64.s": asm }, ".");
    expect(out).toContain(
      "before\nfatal error: call of main.f, which has no body in Go: goesc runs no assembly, and found no variant of the package without any\n",
    );
    expect(out).toContain("goroutine 1 [running]:\nmain.main()\n");
    expect(out).toMatch(/main\.go:7 /);
    expect(status).toBe(2);
  });

  it("a function whose body is elsewhere and has other parameters, as a value", () => {
    const main = (name: string): string =>
      `package main\n\nimport _ "unsafe"\n\n//go:linkname f ${name}\nfunc f(string, int) string\n\n` +
      'var g = f\n\nfunc main() {\n\tprintln("before")\n\tprintln(g("x", 1))\n}\n';
    for (const [name, why] of [
      ["runtime.nanotime", "whose parameters or results are not those that it is declared with here"],
      [
        "other.none",
        "which has no body in Go: goesc runs no assembly, and found no variant of the package without any",
      ],
    ]) {
      const { out, status } = run({ "go.mod": "module m\n", "main.go": main(name), "empty.s": "" }, ".");
      expect(out).toContain(`before\nfatal error: call of ${name}, ${why}\n\ngoroutine 1 [running]:\nmain.main()\n`);
      expect(status).toBe(2);
    }
  });

  it('a program that is all import "C"', () => {
    const { out, status } = run({ "x.go": 'package main\n\nimport "C"\n\nfunc main() { C.f() }\n' }, "x.go");
    expect(out).toContain("build constraints exclude all Go files in ");
    expect(out).toContain(
      'goesc runs programs without cgo: files that import "C" are left out, as under CGO_ENABLED=0\n',
    );
    expect(status).toBe(1);
  });
});
