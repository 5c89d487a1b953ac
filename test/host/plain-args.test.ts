/** Which command lines get by with a part of the program, and that this part says what the whole says. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, test } from "vitest";
import { isPlain } from "../../src/host/plain-args.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = join(root, "dist", "goesc.js");
const work = mkdtempSync(join(tmpdir(), "goesc-plain-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

test.each([
  ["-m"],
  ["-m=2", "std"],
  ["--m", "-l", "x.go"],
  ["-gcflags=-m", "./..."],
  ["-gcflags=-m=2 -l", "-j", "2", "./p"],
  ["./x.go", "-m"],
])("plain: %s", (...args) => {
  expect(isPlain(args)).toBe(true);
});

test.each([
  [],
  ["run", "-m", "x.go"],
  ["explain", "x.go:3"],
  ["lsp"],
  ["-m", "--json", "."],
  ["-m", "-h"],
  ["-gcflags=all=-m", "."],
  ["-gcflags=-m -json=0,dir", "."],
  ["-m=3", "."],
  ["-m", "--sarif=x", "."],
  ["-m", "--reader=tree-sitter", "."],
  ["-m", "-"],
  ["-m", ""],
])("not plain: %s", (...args) => {
  expect(isPlain(args)).toBe(false);
});

describe.skipIf(!existsSync(goesc))("the part and the whole", () => {
  const run = (...args: string[]): unknown => {
    const env = { ...process.env, GOESC_CACHE: join(work, `cache${isPlain(args)}`), GOROOT: "off" };
    const { status, stdout, stderr } = spawnSync(process.execPath, [goesc, ...args], {
      cwd: work,
      env,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const files = {
    sound:
      'package p\n\nimport "fmt"\n\nfunc F(n int) any { fmt.Println(n); return &n }\n\nfunc g() any { return F(1) }\n',
    broken: "package p\n\nfunc F() int { return x }\n",
    cut: "package p\n\nfunc F( {\n",
  };
  it.each(["-m", "-m=2", "-gcflags=-m -l"])("%s", (flag) => {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(work, `${name}.go`), text);
      const part = run(flag, `${name}.go`);
      expect(part).toEqual(run("-tags=other", flag, `${name}.go`)); // which is not plain
      expect(JSON.stringify(part)).not.toMatch(/internal|TypeError|is not a/);
    }
    expect(run(flag, "./nowhere")).toEqual(run("-tags=other", flag, "./nowhere"));
  });
});
