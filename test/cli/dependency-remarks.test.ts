import { expect, it } from "vitest";
import { analyzePackages } from "../../src/cli/analyze.ts";
import { parseGcflags } from "../../src/cli/args.ts";
import { flagsFor, readSettings } from "../../src/cli/settings.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { loadPackages } from "../../src/load/load.ts";
import { findGoroot } from "../goroot.ts";
import { twoPackages } from "./two-packages.ts";

const module = twoPackages("all");

async function linesOf(gcflags: string): Promise<string[]> {
  const settings = readSettings({ gcflags: [gcflags] }, ["."]);
  const host = nodeHost({ chdir: module.dir });
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
