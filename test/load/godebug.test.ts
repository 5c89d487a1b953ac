/** The default of GODEBUG is the go command's, whatever module, workspace and files say. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { nodeHost } from "../../src/host/node-host.ts";
import { defaultGodebug } from "../../src/load/godebug.ts";
import { loadPackages } from "../../src/load/load.ts";
import { findGoroot } from "../goroot.ts";

const goroot = findGoroot();
const dir = mkdtempSync(join(tmpdir(), "goesc-godebug-"));
afterAll(() => rmSync(dir, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
}

function ours(): { value: string; error: string } {
  const host = nodeHost({ chdir: dir });
  const load = loadPackages(host, { patterns: ["."] });
  return defaultGodebug(host, load.env.goroot, load.mainSettings, load.requested[0].goFiles);
}

function theirs(): string {
  const env = { ...process.env, GOFLAGS: "", GOTOOLCHAIN: "local" };
  const args = ["list", "-f", "{{.DefaultGODEBUG}}", "."];
  return execFileSync(join(goroot ?? "", "bin", "go"), args, { cwd: dir, env, encoding: "utf8" }).trim();
}

describe.skipIf(goroot === null)("the default of GODEBUG", () => {
  it.each([
    ["no go line", "module m\n", ""],
    ["go 1.18", "module m\ngo 1.18\n", ""],
    ["go 1.22.3", "module m\ngo 1.22.3\n", ""],
    ["go 1.26", "module m\ngo 1.26\n", ""],
    ["godebug lines", "module m\ngo 1.26\ngodebug (\n\tpanicnil=1\n\tdefault=go1.21\n)\n", ""],
    ["a directive", "module m\ngo 1.26\ngodebug panicnil=1\n", "//go:debug panicnil=0\n//go:debug execerrdot=0\n"],
    ["an older default", "module m\ngo 1.26\n", "// M.\n\n//go:debug default=go1.20\n//go:debug tlssha1=0\n"],
  ])("%s", (_, mod, directives) => {
    write({ "go.mod": mod, "main.go": `${directives}package main\n\nfunc main() {}\n` });
    expect(ours()).toEqual({ value: theirs(), error: "" });
  });

  it("is the workspace's", () => {
    write({ "go.mod": "module m\ngo 1.18\ngodebug panicnil=0\n", "go.work": "go 1.22\nuse .\ngodebug winsymlink=1\n" });
    expect(ours()).toEqual({ value: theirs(), error: "" });
    rmSync(join(dir, "go.work"));
  });

  it.each([
    ["//go:debug nosuch=1", 'unknown //go:debug setting "nosuch"'],
    ["//go:debug panicnil", "missing key=value"],
    ["//go:debug default=1.20", "value for default= must be goVERSION"],
    ["//go:debug default=go1.999", "default=go1.999 too new (toolchain is go"],
    ["//go:debug x509sha1=1", 'use of removed //go:debug setting "x509sha1", see https://go.dev/doc/godebug#go-124'],
    ["//go:debug panicnil=1,2", "value contains comma"],
  ])("says what is wrong with %s", (line, problem) => {
    write({ "go.mod": "module m\ngo 1.26\n", "main.go": `// M.\n\n${line}\npackage main\n\nfunc main() {}\n` });
    expect(ours().error).toContain(`main.go:3:1: invalid //go:debug: ${problem}`);
  });
});
