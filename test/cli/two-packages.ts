/** A module with two packages, one of which imports the other, in a directory with a cache of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Makes it before the tests of a file, and takes it away after them; `dir` is there from then on. */
export function twoPackages(name: string): { dir: string } {
  const module = { dir: "" };
  const before = process.env.GOESC_CACHE;
  beforeAll(() => {
    const dir = mkdtempSync(join(tmpdir(), `goesc-${name}-`));
    module.dir = dir;
    process.env.GOESC_CACHE = join(dir, "cache");
    mkdirSync(join(dir, "b"));
    writeFileSync(join(dir, "go.mod"), "module ex.com/a\n\ngo 1.26\n");
    writeFileSync(join(dir, "a.go"), 'package a\n\nimport "ex.com/a/b"\n\nvar V = b.New()\n');
    writeFileSync(join(dir, "b", "b.go"), "package b\n\nfunc New() *int { return new(int) }\n");
  });
  afterAll(() => {
    if (before === undefined) delete process.env.GOESC_CACHE;
    else process.env.GOESC_CACHE = before;
    rmSync(module.dir, { recursive: true, force: true });
  });
  return module;
}
