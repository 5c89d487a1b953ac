/** `goesc test -cover`. `profile.want` is what `go test -covermode=count -coverprofile` writes. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = join(dirname(fileURLToPath(import.meta.url)), "covered");
const goesc = join(here, "..", "..", "..", "dist", "goesc.js");
const dir = mkdtempSync(join(tmpdir(), "goesc-coverage-"));
afterAll(() => rmSync(dir, { recursive: true }));

function test(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, ...rest } = spawnSync(process.execPath, [goesc, "test", ...args], {
    cwd: here,
    encoding: "utf8",
    timeout: 240_000,
  });
  return { ...rest, stdout: stdout.replace(/\d+\.\d+s/g, "T") };
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))("coverage", { timeout: 300_000 }, () => {
  it("is that of go test, with its profile", () => {
    const profile = join(dir, "profile");
    const { stdout, stderr, status } = test("-covermode=count", `-coverprofile=${profile}`, "./...");
    expect(stderr).toBe("");
    expect(stdout).toBe("ok  \tcov\tT\tcoverage: 87.0% of statements\n\tcov/none\t\tcoverage: 0.0% of statements\n");
    expect(status).toBe(0);
    expect(readFileSync(profile, "utf8")).toBe(readFileSync(join(here, "profile.want"), "utf8"));
  });

  it("is printed by the test program", () => {
    const { stdout } = test("-cover");
    expect(stdout).toBe("PASS\ncoverage: 87.0% of statements\nok  \tcov\tT\n");
  });

  it("needs a mode that there is", () => {
    const { stderr, status } = test("-covermode=some", ".");
    expect(stderr).toMatch(/invalid value "some" for flag -covermode/);
    expect(status).toBe(2);
    expect(test("-cover=maybe", ".").stderr).toBe(
      'goesc: invalid boolean value "maybe" for -cover; write -cover or -cover=false\n' +
        "usage: goesc test [flags] [packages] [-args program arguments]\nRun 'goesc help test' for details.\n",
    );
  });
});
