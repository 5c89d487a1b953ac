/** What goesc prints for the packages of a module, in this process. */
import { analyzePackages } from "../../src/cli/analyze.ts";
import { flagsFor, readSettings } from "../../src/cli/settings.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { loadPackages } from "../../src/load/load.ts";

/** Output and errors by import path. */
export async function printed(
  dir: string,
  gcflags: string,
  patterns: readonly string[] = ["./..."],
): Promise<Record<string, string>> {
  const settings = readSettings({ gcflags: [gcflags] }, patterns);
  const host = nodeHost({ chdir: dir });
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
