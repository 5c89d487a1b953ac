/** What `-race` changes: calls of sync/atomic are calls, which the detector sees. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { printed } from "../cli/printed.ts";
import { findGoroot } from "../goroot.ts";

const dir = mkdtempSync(join(tmpdir(), "goesc-race-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.skipIf(findGoroot() === null)("functions of atomics cost more under -race", async () => {
  mkdirSync(join(dir, "m"));
  writeFileSync(join(dir, "m", "go.mod"), "module m\n\ngo 1.26\n");
  const source =
    'package m\n\nimport "sync/atomic"\n\ntype Counter struct{ a, b int64 }\n\nfunc (c *Counter) Sum() int64 { return atomic.LoadInt64(&c.a) + atomic.LoadInt64(&c.b) }\n';
  writeFileSync(join(dir, "m", "m.go"), source);
  const lines = async (flags: string): Promise<string[]> =>
    Object.values(await printed(join(dir, "m"), flags, ["."]))
      .join("")
      .split("\n")
      .filter((line) => line.includes("can inline"));
  expect(await lines("-m")).toEqual([expect.stringContaining("7:6: can inline (*Counter).Sum")]);
  expect(await lines("-m -race")).toEqual([]);
});
