/** Which directory an import path stands for.
 *
 *  Mirrors cmd/go/internal/modload/import.go (importFromModules, queryImport), load.go (stdVendor, resolveLocalPackage)
 *  and, with GO111MODULE=off, the GOPATH look-up of go/build. */
import { LoadError } from "./env.ts";
import { FileError, inDir, isDir, isFile, type LoadHost, shortPath } from "./fs.ts";
import { findModuleRoot, type MainModule } from "./main-modules.ts";
import { ModuleGraph } from "./modgraph.ts";
import { isSummaryError, type Modules, Pruning, summaryErrorText } from "./modules.ts";
import { hasPathPrefix, isLocalImport, isStandardImportPath, joinSlash } from "./paths.ts";
import { checkImportPath, isToolchainPath, type ModuleVersion, moduleKey } from "./semver.ts";
import type { StdIndex } from "./std-index.ts";

/** Where a package is: its directory and its module (null for the standard library). */
export interface Resolved {
  /** The full import path: `vendor/` prefixes of the standard library included. */
  readonly path: string;
  readonly dir: string;
  readonly mod: ModuleVersion | null;
  readonly isStd: boolean;
}

/** Why an import path stands for nothing. `aboutPath`: the text names the path, so it is not repeated before it. */
export interface ResolveError {
  readonly msg: string;
  readonly aboutPath: boolean;
}

export function isResolveError(result: Resolved | ResolveError): result is ResolveError {
  return (result as ResolveError).msg !== undefined;
}

const metaPackages = new Set(["std", "cmd", "tool", "work", "all"]);

export class Resolver {
  private readonly host: LoadHost;
  readonly modules: Modules;
  readonly gorootSrc: string;
  /** What is known of GOROOT/src from earlier runs. */
  stdIndex: StdIndex | null = null;
  private graphCache: ModuleGraph | null = null;
  private readonly cache = new Map<string, Resolved | ResolveError>();
  private readonly goDirs = new Map<string, boolean>();
  private readonly stdDirs = new Map<string, boolean>();

  constructor(host: LoadHost, modules: Modules) {
    this.host = host;
    this.modules = modules;
    this.gorootSrc = host.paths.join(modules.env.goroot.dir, "src");
    // Read whether or not it is needed, since it may lack checksums.
    if (modules.hasMain && modules.pruning === Pruning.Unpruned && modules.buildMod === "readonly") this.graph();
  }

  graph(): ModuleGraph {
    if (this.graphCache === null) {
      this.graphCache = new ModuleGraph(this.modules);
      const { error, lacksSum } = this.graphCache;
      // A module whose graph is not pruned needs all of it.
      if (lacksSum && this.modules.pruning === Pruning.Unpruned) throw new LoadError(`go: ${error}`);
    }
    return this.graphCache;
  }

  /** What `path` means in a package with import path `parent` (null: on the command line). */
  resolve(path: string, parent: Resolved | null): Resolved | ResolveError {
    const full = parent?.isStd ? this.stdVendor(parent.path, path) : path;
    let result = this.cache.get(full);
    if (result === undefined) {
      result = this.modules.env.modulesOff ? this.fromGopath(full) : this.fromModules(full, parent);
      this.cache.set(full, result);
    }
    return result;
  }

  /** The standard library has copies of golang.org/x packages in vendor directories of its own. */
  private stdVendor(parent: string, path: string): string {
    if (isStandardImportPath(path)) return path;
    const vendored = joinSlash(hasPathPrefix(parent, "cmd") ? "cmd/vendor" : "vendor", path);
    const dir = this.stdDir(vendored);
    return this.stdIndex?.has(dir) || isDir(this.host.fs, dir) ? vendored : path;
  }

  private stdDir(path: string): string {
    return this.host.paths.join(this.gorootSrc, this.host.paths.fromSlash(path));
  }

  /** A directory below GOROOT/src with Go files. */
  isStandardPackage(path: string): boolean {
    if (!isStandardImportPath(path)) return false;
    let standard = this.stdDirs.get(path);
    if (standard === undefined) {
      const dir = this.stdDir(path);
      standard = this.stdIndex?.has(dir) || this.hasGoFiles(dir);
      this.stdDirs.set(path, standard);
    }
    return standard;
  }

  hasGoFiles(dir: string): boolean {
    let found = this.goDirs.get(dir);
    if (found === undefined) {
      found = false;
      try {
        found = isDir(this.host.fs, dir) && this.host.fs.readDir(dir).some((entry) => entry.name.endsWith(".go"));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
      }
      this.goDirs.set(dir, found);
    }
    return found;
  }

  private invalid(msg: string, aboutPath = true): ResolveError {
    return { msg, aboutPath };
  }

  private fromModules(path: string, parent: Resolved | null): Resolved | ResolveError {
    const { modules, host } = this;
    if (path.includes("@"))
      return this.invalid(
        "can only use path@version syntax with 'go get' and 'go install' in module-aware mode",
        false,
      );
    const quoted = JSON.stringify(path);
    if (isLocalImport(path)) {
      return this.invalid(`${quoted} is relative, but relative import paths are not supported in module mode`);
    }
    if (host.paths.isAbs(path)) return this.invalid(`${quoted} is not a package path; see 'go help packages'`);
    if (metaPackages.has(path)) return this.invalid(`${quoted} is not an importable package; see 'go help packages'`);
    const malformed = checkImportPath(path);
    if (malformed !== null) return this.invalid(malformed);

    const standard = this.isStandardPackage(path);
    if (standard) {
      const owner = modules.main.find(
        (main) => main.prefix === "" && this.dirInModule(path, "", main.dir, true) !== null,
      );
      const mod = owner === undefined ? null : { path: owner.path, version: "" };
      const cmd = hasPathPrefix(path, "cmd") ? modules.main.find((main) => main.path === "cmd") : undefined;
      return { path, dir: this.stdDir(path), mod: cmd === undefined ? mod : { path: "cmd", version: "" }, isStd: true };
    }
    if (modules.buildMod === "vendor") return this.fromVendor(path);

    const useGraph = modules.pruning === Pruning.Unpruned && modules.hasMain;
    if (!useGraph) {
      const found = this.search(path, parent, (prefix) => modules.rootVersion(prefix));
      if (found !== null) return found;
    }
    const graph = this.graph();
    const found = this.search(path, parent, (prefix) => graph.version(prefix));
    return found ?? this.missing(path);
  }

  /** Tries every prefix of `path` as a module path, the longest first. Null if no module of the build has it. */
  private search(
    path: string,
    parent: Resolved | null,
    version: (prefix: string) => string | null,
  ): Resolved | ResolveError | null {
    const found: { mod: ModuleVersion; dir: string }[] = [];
    const lackSum: ModuleVersion[] = [];
    for (let prefix = path; prefix !== ""; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0))) {
      if (isToolchainPath(prefix)) continue;
      const selected = version(prefix);
      if (selected === null || selected === "none") continue;
      const mod = { path: prefix, version: selected };
      const place = this.modules.place(mod);
      if (place.lacksSum) {
        lackSum.unshift(mod);
        continue;
      }
      if (place.error !== "") return this.invalid(place.error, false);
      const main = selected === "" ? this.modules.main.find((module) => module.path === prefix) : undefined;
      const dir = this.dirInModule(path, main?.prefix ?? prefix, place.dir, place.isLocal);
      if (dir !== null) found.push({ mod, dir });
    }
    if (found.length < 2 && lackSum.length > 0) return this.lacksSum(path, parent, lackSum, found.length > 0);
    if (found.length === 0) return null;
    if (found.length === 1) {
      const [{ mod, dir }] = found;
      const summary = mod.version === "" ? null : this.modules.summary(mod);
      if (summary !== null && isSummaryError(summary)) return this.invalid(summaryErrorText(summary), false);
      return { path, dir, mod, isStd: false };
    }
    const lines = found.reverse().map(({ mod, dir }) => {
      return `\n\t${mod.version === "" ? mod.path : `${mod.path} ${mod.version}`} (${dir})`;
    });
    return this.invalid(`ambiguous import: found package ${path} in multiple modules:${lines.join("")}`);
  }

  /** No module may be looked into without a checksum (ImportMissingSumError of cmd/go/internal/modload). */
  private lacksSum(
    path: string,
    parent: Resolved | null,
    mods: readonly ModuleVersion[],
    found: boolean,
  ): ResolveError {
    const by = parent === null ? "" : ` (imported by ${parent.path})`;
    const what = found
      ? `missing go.sum entry needed to verify package ${path}${by} is provided by exactly one module`
      : `missing go.sum entry for module providing package ${path}${by}`;
    const version = parent === null || parent.mod === null || parent.mod.version === "" ? "" : `@${parent.mod.version}`;
    const command =
      parent === null ? `go mod download ${mods.map((mod) => mod.path).join(" ")}` : `go get ${parent.path}${version}`;
    return this.invalid(`${what}; to add:\n\t${command}`);
  }

  /** The directory of `path` in a module, if it has Go files and no other module's go.mod is in between. */
  private dirInModule(path: string, prefix: string, root: string, isLocal: boolean): string | null {
    const { paths, fs } = this.host;
    let dir: string;
    if (path === prefix) dir = root;
    else if (prefix === "") dir = paths.join(root, paths.fromSlash(path));
    else if (hasPathPrefix(path, prefix)) dir = paths.join(root, paths.fromSlash(path.slice(prefix.length + 1)));
    else return null;
    if (isLocal) {
      for (let d = dir; d !== root && d.length > root.length; d = paths.dir(d)) {
        if (isFile(fs, paths.join(d, "go.mod"))) return null;
      }
    }
    return this.hasGoFiles(dir) ? dir : null;
  }

  private fromVendor(path: string): Resolved | ResolveError {
    const { modules } = this;
    const found: { mod: ModuleVersion; dir: string }[] = [];
    for (const main of modules.main) {
      const dir = this.dirInModule(path, main.prefix, main.dir, true);
      if (dir !== null) found.push({ mod: { path: main.path, version: "" }, dir });
    }
    const { vendor } = modules;
    if (vendor !== null) {
      const dir = this.dirInModule(path, "", vendor.dir, false);
      const mod = vendor.packages.get(path);
      if (dir !== null && mod !== undefined) found.push({ mod, dir });
    }
    if (found.length > 1) {
      const dirs = found.map(({ dir }) => `\n\t${dir}`).join("");
      return this.invalid(`ambiguous import: found package ${path} in multiple directories:${dirs}`);
    }
    return found.length === 1 ? { path, dir: found[0].dir, mod: found[0].mod, isStd: false } : this.missing(path);
  }

  private missing(path: string): ResolveError {
    const { modules, host } = this;
    if (isStandardImportPath(path)) {
      const replaced = this.replacedProvider(path);
      if (replaced !== null) return replaced;
      return this.invalid(this.notEmbedded(path) ?? `package ${path} is not in std (${this.stdDir(path)})`);
    }
    const error = this.graphCache?.error ?? null;
    if (error !== null) return this.invalid(error, false);
    if (modules.buildMod === "mod") return this.invalid(`cannot find module providing package ${path}`);
    const replaced = this.replacedProvider(path);
    if (replaced !== null) return replaced;
    const message = `no required module provides package ${path}`;
    if (!modules.hasMain) {
      const none =
        modules.work !== null
          ? "no modules were found in the current workspace; see 'go help work'"
          : "go.mod file not found in current directory or any parent directory; see 'go help modules'";
      return this.invalid(`${message}: ${none}`);
    }
    if (modules.buildModExplicit || modules.buildModReason !== "") {
      const reason = modules.buildModExplicit ? "" : `\n\t(${modules.buildModReason})`;
      const disabled = `import lookup disabled by -mod=${modules.buildMod}${reason}`;
      return this.invalid(`cannot find module providing package ${path}: ${disabled}`);
    }
    const here = modules.mainAtCwd();
    if (here === null && modules.main.length === 1) {
      return this.invalid(`${message}; to add it:\n\tcd ${shortPath(host, modules.main[0].dir)}\n\tgo get ${path}`);
    }
    return this.invalid(`${message}; to add it:\n\tgo get ${path}`);
  }

  /** Without a Go installation, only some platforms have a standard library. */
  private notEmbedded(path: string): string | null {
    const { goroot, goos, goarch } = this.modules.env;
    const platform = `${goos}/${goarch}`;
    if (goroot.embedded === undefined || goroot.embedded.platforms.includes(platform)) return null;
    const known = goroot.embedded.platforms.join(", ");
    const have = known === "" ? "" : `, and goesc itself knows the standard library only for ${known}`;
    return `package ${path} for ${platform}: no Go installation found${have}; install Go, or set GOROOT`;
  }

  /** A replace directive may provide a package that no require directive asks for. */
  private replacedProvider(path: string): ResolveError | null {
    const { modules } = this;
    const candidates = modules.replacedPaths().filter((prefix) => path === prefix || hasPathPrefix(path, prefix));
    candidates.sort((x, y) => y.length - x.length);
    for (const prefix of candidates) {
      if (modules.rootVersion(prefix) !== null) continue;
      const place = modules.place({ path: prefix, version: "" });
      if (place.error !== "" || this.dirInModule(path, prefix, place.dir, place.isLocal) === null) continue;
      return this.invalid(
        `module ${prefix} provides package ${path} and is replaced but not required; to add it:\n\tgo get ${prefix}`,
      );
    }
    return null;
  }

  private fromGopath(path: string): Resolved | ResolveError {
    if (this.isStandardPackage(path)) return { path, dir: this.stdDir(path), mod: null, isStd: true };
    const { host, modules } = this;
    const tried = [`\t${this.stdDir(path)} (from $GOROOT)`];
    for (const root of modules.env.gopath) {
      const dir = host.paths.join(root, "src", host.paths.fromSlash(path));
      if (isDir(host.fs, dir)) return { path, dir, mod: null, isStd: false };
      tried.push(`\t${dir}${tried.length === 1 ? " (from $GOPATH)" : ""}`);
    }
    if (modules.env.gopath.length === 0) tried.push("\t($GOPATH not set. For more details see: 'go help gopath')");
    return this.invalid(`cannot find package ${JSON.stringify(path)} in any of:\n${tried.join("\n")}`);
  }

  /** The import path of a directory that the command line names; `dir` is absolute. */
  localPath(dir: string): Resolved | ResolveError {
    const { host, modules } = this;
    const gorootSub = inDir(host, dir, this.gorootSrc);
    for (const main of modules.main) {
      if (dir !== main.dir) continue;
      if (dir === this.gorootSrc) return this.invalid("GOROOT/src is not an importable package", false);
      return this.inMain(main, main.prefix, dir, gorootSub !== null);
    }
    let problem: ResolveError | null = null;
    for (const main of modules.main) {
      const sub = host.paths.below(dir, main.dir);
      if (sub === null || sub === "." || sub.includes("@")) continue;
      const suffix = host.paths.toSlash(sub);
      if (suffix.startsWith("vendor/") && main.prefix !== "") {
        if (modules.vendor === null)
          return this.invalid(`without -mod=vendor, directory ${dir} has no package path`, false);
        const path = suffix.slice("vendor/".length);
        const mod = modules.vendor.packages.get(path);
        if (mod === undefined)
          return this.invalid(`directory ${dir} is not a package listed in vendor/modules.txt`, false);
        return { path, dir, mod, isStd: false };
      }
      const path = joinSlash(main.prefix, suffix);
      if (path === "builtin") return this.invalid('"builtin" is a pseudo-package, not an importable package', false);
      if (this.dirInModule(path, main.prefix, main.dir, true) !== null || main.prefix === "") {
        return this.inMain(main, path, dir, gorootSub !== null);
      }
      problem ??= this.invalid(`main module (${main.path}) does not contain package ${path}`);
    }
    if (problem !== null) return problem;
    if (gorootSub !== null && gorootSub !== "." && !gorootSub.includes("@")) {
      const path = host.paths.toSlash(gorootSub);
      if (path === "builtin") return this.invalid('"builtin" is a pseudo-package, not an importable package', false);
      return { path, dir, mod: null, isStd: isStandardImportPath(path) };
    }
    return modules.env.modulesOff ? this.localInGopath(dir) : (this.inModuleCache(dir) ?? this.outside(dir));
  }

  private inMain(main: MainModule, path: string, dir: string, inGoroot: boolean): Resolved {
    return { path, dir, mod: { path: main.path, version: "" }, isStd: inGoroot && isStandardImportPath(path) };
  }

  private localInGopath(dir: string): Resolved {
    const { host, modules } = this;
    for (const root of modules.env.gopath) {
      const sub = host.paths.below(dir, host.paths.join(root, "src"));
      if (sub !== null && sub !== ".") return { path: host.paths.toSlash(sub), dir, mod: null, isStd: false };
    }
    return { path: `_${host.paths.toSlash(dir)}`, dir, mod: null, isStd: false };
  }

  /** A directory of a module that takes part in the build. */
  private inModuleCache(dir: string): Resolved | null {
    const { host, modules } = this;
    for (const mod of this.graph().buildList()) {
      if (mod.version === "" || isToolchainPath(mod.path)) continue;
      const place = modules.place(mod);
      const sub = place.error === "" ? inDir(host, dir, place.dir) : null;
      if (sub === null) continue;
      const slashed = host.paths.toSlash(sub);
      if (slashed.startsWith("vendor/") || slashed.includes("/vendor/") || slashed.includes("@")) continue;
      return { path: joinSlash(mod.path, slashed), dir, mod, isStd: false };
    }
    return null;
  }

  private outside(dir: string): ResolveError {
    const { host, modules } = this;
    if (!modules.hasMain && modules.work === null) {
      const msg = "go.mod file not found in current directory or any parent directory; see 'go help modules'";
      return this.invalid(msg, false);
    }
    const short = shortPath(host, dir);
    const what = short === "." ? "current directory" : `directory ${short}`;
    if (modules.work !== null) {
      const root = findModuleRoot(host, dir);
      if (root !== "") {
        return this.invalid(
          `${what} is contained in a module that is not one of the workspace modules listed in go.work. ` +
            `You can add the module to the workspace using:\n\tgo work use ${shortPath(host, root)}`,
          false,
        );
      }
      return this.invalid(`${what} outside modules listed in go.work or their selected dependencies`, false);
    }
    return this.invalid(`${what} outside main module or its selected dependencies`, false);
  }

  /** Reports whether go.mod of the main module requires `mod` itself. */
  isRoot(mod: ModuleVersion): boolean {
    return this.modules.rootVersion(mod.path) !== null || moduleKey(mod) === "";
  }
}
