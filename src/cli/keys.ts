/** Keys of package summaries: what a package's analysis depends on, in one hash. */
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { summaryKey } from "../host/summary-store.ts";
import type { LoadResult } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";

/** Changes with every build of goesc, so that no build reads what another one wrote. */
function buildId(): string {
  const self = fileURLToPath(import.meta.url);
  const { size, mtimeMs } = statSync(self);
  return `${self} ${size} ${mtimeMs}`;
}

/** Keys by import path. Packages of the installation are identified by its version, others by their content and the
 *  keys of what they import; a package whose files cannot be read has none. */
export function packageKeys(load: LoadResult, tags: readonly string[]): Map<string, string> {
  const { env } = load;
  const { goroot } = env;
  const build = [
    buildId(),
    goroot.dir,
    goroot.version,
    env.goos,
    env.goarch,
    env.toolTags.join(),
    tags.join(),
    String(env.cgo),
  ];
  const run = summaryKey(build);
  const keys = new Map<string, string>();
  for (const pkg of load.packages) {
    const key = pkg.isStd ? summaryKey([run, pkg.importPath]) : contentKey(run, pkg, keys);
    if (key !== null) keys.set(pkg.importPath, key);
  }
  return keys;
}

function contentKey(run: string, pkg: LoadedPackage, keys: ReadonlyMap<string, string>): string | null {
  const parts: (string | Uint8Array)[] = [run, pkg.importPath, pkg.compilerPath, pkg.goVersion, String(pkg.complete)];
  for (const [path, imported] of pkg.imports)
    parts.push(path, imported.importPath, keys.get(imported.importPath) ?? "");
  try {
    for (const file of pkg.goFiles) parts.push(file, readFileSync(file));
  } catch {
    return null;
  }
  return summaryKey(parts);
}
