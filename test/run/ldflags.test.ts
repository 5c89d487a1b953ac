/** `-ldflags=-X`: the wants are what the real binary prints. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readLdflags } from "../../src/cli/ldflags.ts";
import { findGoroot } from "../goroot.ts";

const goesc = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "goesc.js");
const dir = mkdtempSync(join(tmpdir(), "goesc-ldflags-"));
afterAll(() => rmSync(dir, { recursive: true }));

function run(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(process.execPath, [goesc, ...args], { cwd: dir, encoding: "utf8", timeout: 240_000 });
}

describe("-ldflags", () => {
  it("is read as the go command reads it", () => {
    expect(readLdflags("-s -w -X 'main.a=b c' -X=x/y.v1.Z=")).toEqual([
      { variable: "main.a", value: "b c" },
      { variable: "x/y%2ev1.Z", value: "" },
    ]);
    expect(() => readLdflags("-X main=1")).toThrow("of the form importpath.name=value");
    expect(() => readLdflags("-extld=gcc")).toThrow('"-extld=gcc" has no meaning here');
  });
});

describe.skipIf(findGoroot() === null || !existsSync(goesc))("programs with -ldflags", { timeout: 300_000 }, () => {
  mkdirSync(join(dir, "sub.v2"));
  writeFileSync(join(dir, "go.mod"), "module example.com/x\n\ngo 1.26\n");
  writeFileSync(join(dir, "sub.v2", "sub.go"), 'package sub\n\nvar Name = "name"\n');
  writeFileSync(
    join(dir, "main.go"),
    `package main

import "example.com/x/sub.v2"

var version = "dev"
var commit string
var copied = version
var computed = string([]byte(version))
var number = 1

func main() { println(version, commit, copied, computed, number, sub.Name) }
`,
  );
  writeFileSync(
    join(dir, "main_test.go"),
    'package main\n\nimport "testing"\n\nfunc TestVersion(t *testing.T) {\n\tif version != "3" {\n\t\tt.Error(version)\n\t}\n}\n',
  );

  it("have other values in their strings", () => {
    expect(run("run", ".").stderr).toBe("dev  dev dev 1 name\n");
    const flags =
      "-X main.version=2 -X 'main.commit=a b' -X example.com/x/sub.v2.Name=q -X main.computed=z -X main.no=1";
    expect(run("run", "-ldflags", flags, ".").stderr).toBe("2 a b 2 2 1 q\n");
    expect(run("run", "-ldflags=-X main.version=", ".").stderr).toBe("    1 name\n");
  });

  it("have them in tests", () => {
    const { stdout, status } = run("test", "-ldflags", "-X example.com/x.version=3", ".");
    expect(stdout).toMatch(/^ok/);
    expect(status).toBe(0);
  });

  it("need variables that are strings, and no race detector", () => {
    const { stderr, status } = run("run", "-ldflags=-X main.number=3", ".");
    expect(stderr).toBe("# example.com/x\nmain.number: cannot set with -X: not a var of type string\n");
    expect(status).toBe(1);
    expect(run("run", "-race", ".").stderr).toContain("goesc run has no -race: programs run without that detector");
  });
});
