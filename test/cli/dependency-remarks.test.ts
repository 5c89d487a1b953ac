/** `-gcflags='all=-m'`: imported packages print in every run, also when their summaries are kept. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { analyzePackages } from "../../src/cli/analyze.ts";
import { parseGcflags } from "../../src/cli/args.ts";
import { flagsFor, readSettings } from "../../src/cli/settings.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { loadPackages } from "../../src/load/load.ts";
import { findGoroot } from "../goroot.ts";

let dir = "";
const before = process.env.GOESC_CACHE;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "goesc-all-"));
  process.env.GOESC_CACHE = join(dir, "cache");
  mkdirSync(join(dir, "b"));
  writeFileSync(join(dir, "go.mod"), "module ex.com/a\n\ngo 1.26\n");
  writeFileSync(join(dir, "a.go"), 'package a\n\nimport "ex.com/a/b"\n\nvar V = b.New()\n');
  writeFileSync(join(dir, "b", "b.go"), "package b\n\nfunc New() *int { return new(int) }\n");
});
afterAll(() => {
  if (before === undefined) delete process.env.GOESC_CACHE;
  else process.env.GOESC_CACHE = before;
  rmSync(dir, { recursive: true, force: true });
});

async function linesOf(gcflags: string): Promise<string[]> {
  const settings = readSettings({ gcflags: [gcflags] }, ["."]);
  const host = nodeHost({ chdir: dir });
  const load = loadPackages(host, { patterns: settings.patterns });
  const lines: string[] = [];
  await analyzePackages({
    host,
    load,
    settings,
    profiles: new Map(),
    flags: (pkg) => flagsFor(settings.rules, pkg, (path) => path),
    emit: ({ pkg, out, errors }) => lines.push(`${pkg.importPath}: ${errors}${out.slice(out.indexOf(":") + 1)}`),
    progress: () => {},
  });
  return lines;
}

it.skipIf(findGoroot() === null)("an imported package prints again", async () => {
  expect(parseGcflags("all=-m -l").pattern).toBe("all");
  const want = ["ex.com/a/b: 3:29: new(int) escapes to heap\n"];
  expect(await linesOf("all=-m -l")).toEqual(want);
  expect(await linesOf("all=-m -l")).toEqual(want);
});
