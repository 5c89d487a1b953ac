/** What packages said is kept, and printed again without an analysis as long as nothing has changed. */
import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { analyzePackages } from "../../src/cli/analyze.ts";
import { flagsFor, readSettings } from "../../src/cli/settings.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { SummaryStore } from "../../src/host/summary-store.ts";
import { loadPackages } from "../../src/load/load.ts";
import { findGoroot } from "../goroot.ts";
import { twoPackages } from "./two-packages.ts";

const module = twoPackages("kept");

async function printed(gcflags: string): Promise<Record<string, string>> {
  const settings = readSettings({ gcflags: [gcflags] }, ["./..."]);
  const host = nodeHost({ chdir: module.dir });
  const load = loadPackages(host, { patterns: settings.patterns });
  const said: Record<string, string> = {};
  await analyzePackages({
    host,
    load,
    settings,
    profiles: new Map(),
    flags: (pkg) => flagsFor(settings.rules, pkg, (path) => path),
    emit: ({ pkg, out, errors }) => {
      said[pkg.importPath] = out + errors;
    },
    progress: () => {},
  });
  return said;
}

/** The kept texts, by file. */
function kept(): Map<string, string> {
  const texts = new Map<string, string>();
  for (const name of readdirSync(join(module.dir, "cache"), { recursive: true, encoding: "utf8" })) {
    if (!/[0-9a-f]{32}$/.test(name)) continue;
    const file = join(module.dir, "cache", name);
    try {
      const bytes = new SummaryStore(dirname(dirname(file))).read(basename(file));
      if (bytes !== null) texts.set(file, inflateRawSync(bytes).toString());
    } catch {
      // a summary
    }
  }
  return texts;
}

it.skipIf(findGoroot() === null)("is printed again until something changes", { timeout: 60_000 }, async () => {
  const first = await printed("-m");
  expect(first["ex.com/a/b"]).toContain("new(int) escapes to heap");
  expect(await printed("-m")).toEqual(first);

  // It is read, not made again.
  for (const [file, text] of kept()) {
    const marked = deflateRawSync(text.replace("can inline New", "CAN INLINE New"));
    new SummaryStore(dirname(dirname(file))).write(basename(file), marked);
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
