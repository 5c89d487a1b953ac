/** What packages said is kept, and printed again without an analysis as long as nothing has changed. */
import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { SummaryStore } from "../../src/host/summary-store.ts";
import { findGoroot } from "../goroot.ts";
import { printed as printedOf } from "./printed.ts";
import { twoPackages } from "./two-packages.ts";

const module = twoPackages("kept");

const printed = (gcflags: string): Promise<Record<string, string>> => printedOf(module.dir, gcflags);

/** The kept texts, by file. */
function kept(): Map<string, string> {
  const texts = new Map<string, string>();
  for (const name of readdirSync(join(module.dir, "cache"), { recursive: true, encoding: "utf8" })) {
    if (!/[0-9a-f]{32}$/.test(name)) continue;
    const file = join(module.dir, "cache", name);
    try {
      const bytes = new SummaryStore(dirname(dirname(file))).read(basename(file));
      if (bytes?.[0] === 0) texts.set(file, Buffer.from(bytes.subarray(1)).toString());
    } catch {
      // gone
    }
  }
  return texts;
}

it.skipIf(findGoroot() === null)("is printed again until something changes", async () => {
  const first = await printed("-m");
  expect(first["ex.com/a/b"]).toContain("new(int) escapes to heap");
  expect(await printed("-m")).toEqual(first);

  // It is read, not made again.
  for (const [file, text] of kept()) {
    const marked = text.replace("can inline New", "CAN INLINE New");
    new SummaryStore(dirname(dirname(file))).write(basename(file), Buffer.from(`\0${marked}`));
  }
  expect((await printed("-m"))["ex.com/a/b"]).toContain("CAN INLINE New");
  expect((await printed("-m=2"))["ex.com/a/b"]).toContain("can inline New with cost");

  for (const file of kept().keys()) truncateSync(file, 10);
  expect(await printed("-m")).toEqual(first);

  writeFileSync(join(module.dir, "b", "b.go"), "package b\n\nvar x int\n\nfunc New() *int { return &x }\n");
  const second = await printed("-m");
  expect(second["ex.com/a/b"]).not.toContain("escapes");
  expect(second["ex.com/a"]).not.toContain("escapes"); // it inlines the function

  writeFileSync(join(module.dir, "b", "b.go"), "package b\n\nfunc New() *int { return 1 }\n");
  expect((await printed("-m"))["ex.com/a/b"]).toContain("cannot use 1");
  expect((await printed("-m"))["ex.com/a/b"]).toContain("cannot use 1");
});
