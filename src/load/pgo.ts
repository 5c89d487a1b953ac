/** Which packages are compiled with which profile (cmd/go/internal/load/pkg.go: setPGOProfilePath).
 *
 *  A main package's `default.pgo` holds for all that it imports, too. If other packages are named beside it, those are
 *  built once more for it: the copies have the main package in brackets behind their import path. */
import { isFile, type LoadHost } from "./fs.ts";
import type { LoadResult } from "./load.ts";
import type { LoadedPackage } from "./package.ts";

/** Gives packages their profiles; `pgo` is `off`, `auto` or a file name. */
export function setProfiles(host: LoadHost, load: LoadResult, pgo: string): LoadResult {
  if (pgo === "off") return load;
  if (pgo === "auto") return defaultProfiles(host, load);
  const file = host.paths.abs(pgo, host.cwd);
  for (const pkg of load.packages) pkg.profile = file;
  return load;
}

function defaultProfiles(host: LoadHost, load: LoadResult): LoadResult {
  const { requested } = load;
  let split = false;
  for (const main of requested) {
    const file = main.isCommand ? host.paths.join(main.dir, "default.pgo") : "";
    if (file === "" || !isFile(host.fs, file)) continue;
    if (requested.length === 1) {
      for (const pkg of load.packages) pkg.profile = file;
      return load;
    }
    split = true;
    main.profile = file;
    const variants = new Map<LoadedPackage, LoadedPackage>();
    const embedded = load.env.goroot.embedded !== undefined;
    for (const [path, imported] of main.imports) main.imports.set(path, variantOf(imported, main, variants, embedded));
  }
  return split ? { ...load, packages: postOrder(requested) } : load;
}

/** The copy of `pkg` that is built for `main`. There is none of a standard library whose sources are not here. */
function variantOf(
  pkg: LoadedPackage,
  main: LoadedPackage,
  variants: Map<LoadedPackage, LoadedPackage>,
  embedded: boolean,
): LoadedPackage {
  if (embedded && pkg.isStd) return pkg;
  const known = variants.get(pkg);
  if (known !== undefined) return known;
  const imports = new Map<string, LoadedPackage>();
  const importPath = `${pkg.importPath} [${main.importPath}]`;
  const variant: LoadedPackage = { ...pkg, importPath, imports, profile: main.profile };
  variants.set(pkg, variant);
  for (const [path, imported] of pkg.imports) imports.set(path, variantOf(imported, main, variants, embedded));
  return variant;
}

/** All that is left of the request, imported packages first. */
function postOrder(roots: readonly LoadedPackage[]): LoadedPackage[] {
  const seen = new Set<LoadedPackage>();
  const out: LoadedPackage[] = [];
  const walk = (pkg: LoadedPackage): void => {
    if (seen.has(pkg)) return;
    seen.add(pkg);
    for (const imported of pkg.imports.values()) walk(imported);
    out.push(pkg);
  };
  for (const root of roots) walk(root);
  return out;
}
