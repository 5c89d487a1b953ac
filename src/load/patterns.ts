/** Package patterns: `./...`, `std`, `cmd/...`, `example.com/x/...`, `all`.
 *
 *  Mirrors cmd/internal/pkgpattern, cmd/go/internal/search (MatchDirs, MatchPackages) and modload/search.go. */
import type { BuildContext } from "./context.ts";
import { EntryKind, FileError, inDir, isFile, type LoadHost, shortPath } from "./fs.ts";
import { findModuleRoot } from "./main-modules.ts";
import type { Modules } from "./modules.ts";
import { type BuildPackage, DirProblem } from "./package-dir.ts";
import { cleanSlash, isLocalImport, isStandardImportPath, joinSlash } from "./paths.ts";
import type { Resolver } from "./resolve.ts";
import { isToolchainPath } from "./semver.ts";

/** What one pattern stands for: directories for local ones, import paths for the others. */
export interface Match {
  readonly pattern: string;
  /** Names one package, whether it exists or not. */
  readonly isLiteral: boolean;
  /** A file-system path. */
  readonly isLocal: boolean;
  readonly dirs: string[];
  readonly paths: string[];
  readonly errors: string[];
}

const metaPatterns = new Set(["std", "cmd", "tool", "work", "all"]);

/** Stands for `vendor` elements, which `...` must not match. */
const vendorMark = "\u0000";
const wildcard = `[^${vendorMark}]*`;

function markVendor(path: string): string {
  if (!path.includes("vendor")) return path;
  const elems = path.split("/");
  for (let i = 0; i < elems.length - 1; i++) if (elems[i] === "vendor") elems[i] = vendorMark;
  return elems.join("/");
}

/** A predicate for a pattern with `...`: `x/...` also matches `x`, and a `vendor` element only where the pattern has it. */
export function matchPattern(pattern: string): (name: string) => boolean {
  let source = markVendor(pattern).replace(/[*+?^${}()|[\]\\]/g, "\\$&");
  const vendorTail = `${vendorMark}/...`;
  if (source.endsWith(`/${vendorTail}`)) {
    source = `${source.slice(0, -vendorTail.length - 1)}(/vendor|/${vendorTail})`;
  } else if (source.endsWith("/...")) {
    source = `${source.slice(0, -"/...".length)}(/...)?`;
  }
  source = source.replaceAll("...", "\n").replaceAll(".", "\\.").replaceAll("\n", wildcard);
  const regexp = new RegExp(`^${source}$`, "s");
  return (name) => regexp.test(markVendor(name));
}

/** Whether anything at or below `name` can match. */
function treeCanMatch(pattern: string): (name: string) => boolean {
  const dots = pattern.indexOf("...");
  const prefix = dots < 0 ? pattern : pattern.slice(0, dots);
  const under = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}/`);
  return (name) =>
    (name.length <= prefix.length && under(pattern, name)) || (dots >= 0 && name.startsWith(prefix)) || name === "";
}

/** `go.mod`'s ignore directives: directories that no pattern enters. */
class IgnoreList {
  private readonly relative: string[] = [];
  private readonly anywhere: string[] = [];

  constructor(patterns: readonly string[]) {
    const wrap = (path: string): string => `/${path.replace(/^\/+|\/+$/g, "")}/`;
    for (const pattern of patterns) {
      if (pattern.startsWith("./")) this.relative.push(wrap(pattern.slice(2)));
      else this.anywhere.push(wrap(pattern));
    }
  }

  ignores(dir: string): boolean {
    if (dir === "" || dir === ".") return false;
    const path = `/${dir.replace(/^\/+|\/+$/g, "")}/`;
    return this.relative.some((p) => path.startsWith(p)) || this.anywhere.some((p) => path.includes(p));
  }
}

const noIgnores = new IgnoreList([]);

/** The last part of where a pattern begins; "" for `.` and `..`. */
function lastElement(start: string): string {
  const last = cleanSlash(start).split("/").at(-1)!;
  return last === "." || last === ".." ? "" : last;
}

export class PatternMatcher {
  private readonly host: LoadHost;
  private readonly modules: Modules;
  private readonly resolver: Resolver;
  private readonly context: BuildContext;
  private readonly readDir: (dir: string) => BuildPackage;

  constructor(host: LoadHost, resolver: Resolver, context: BuildContext, readDir: (dir: string) => BuildPackage) {
    this.host = host;
    this.resolver = resolver;
    this.modules = resolver.modules;
    this.context = context;
    this.readDir = readDir;
  }

  match(raw: string): Match {
    const pattern = cleanPattern(this.host, raw);
    const isLocal = isLocalImport(pattern) || this.host.paths.isAbs(pattern);
    const isLiteral = !pattern.includes("...") && !metaPatterns.has(pattern);
    const match: Match = { pattern, isLiteral, isLocal, dirs: [], paths: [], errors: [] };
    if (isLocal) this.matchDirs(match);
    else if (isLiteral) match.paths.push(pattern);
    else this.matchPackages(match);
    return match;
  }

  private matchDirs(match: Match): void {
    const { host } = this;
    const { paths } = host;
    const { pattern } = match;
    if (match.isLiteral) {
      match.dirs.push(paths.abs(pattern, host.cwd));
      return;
    }
    const slashed = paths.toSlash(pattern);
    const prefix = slashed.slice(0, slashed.indexOf("..."));
    const start = prefix.slice(0, prefix.lastIndexOf("/") + 1) || ".";
    const top = paths.abs(paths.fromSlash(start), host.cwd);
    const moduleRoot = findModuleRoot(host, top);
    const main = this.modules.main.find((module) => module.dir === moduleRoot);
    if (!this.modules.env.modulesOff && main === undefined && !this.isKnownTree(top)) {
      const scope =
        this.modules.work !== null
          ? "modules listed in go.work or their selected dependencies"
          : "main module or its selected dependencies";
      match.errors.push(`directory prefix ${shortPath(host, top)} does not contain ${scope}`);
      return;
    }
    const ignores = main === undefined ? noIgnores : new IgnoreList(main.file.ignore);
    const stat = host.fs.stat(top);
    if (stat?.isDir !== true) {
      match.errors.push(`lstat ${start}: ${stat === null ? "no such file or directory" : "not a directory"}`);
      return;
    }
    const matches = matchPattern(paths.isAbs(pattern) ? slashed : cleanSlash(slashed));
    this.walk(top, (dir) => {
      const isTop = dir === top;
      const name = isTop ? lastElement(start) : paths.base(dir);
      if (name.startsWith(".") || name.startsWith("_") || name === "testdata") return false;
      if (main !== undefined && ignores.ignores(paths.toSlash(paths.below(dir, main.dir) ?? ""))) return false;
      if (!isTop && !this.modules.env.modulesOff && isFile(host.fs, paths.join(dir, "go.mod"))) return false;
      // As it is reached from where the pattern begins: `../...` means this directory, too.
      const shown = joinSlash(
        paths.isAbs(pattern) ? paths.toSlash(top) : start,
        paths.toSlash(paths.below(dir, top) ?? ""),
      );
      if (matches(shown) && this.hasPackage(dir)) match.dirs.push(dir);
      return true;
    });
  }

  /** Below GOROOT/src or below a module that takes part in the build. */
  private isKnownTree(dir: string): boolean {
    if (inDir(this.host, dir, this.resolver.gorootSrc) !== null) return true;
    if (!this.modules.hasMain) return false;
    for (const mod of this.resolver.graph().buildList()) {
      const place = this.modules.place(mod);
      if (place.error === "" && inDir(this.host, dir, place.dir) !== null) return true;
    }
    return false;
  }

  private hasPackage(dir: string): boolean {
    if (!this.resolver.hasGoFiles(dir)) return false;
    const pkg = this.readDir(dir);
    return pkg.error?.kind !== DirProblem.NoGo;
  }

  private matchPackages(match: Match): void {
    const { pattern } = match;
    const { modules, resolver } = this;
    const found = new Set<string>(["builtin"]);
    if (!this.context.cgo) found.add("runtime/cgo");
    const { gorootSrc } = resolver;
    if (pattern === "std" || pattern === "cmd") {
      if (modules.env.goroot.embedded !== undefined) {
        match.errors.push("no Go installation found, whose sources are needed; install Go, or set GOROOT");
        return;
      }
      const isMatch =
        pattern === "std"
          ? (name: string) => isStandardImportPath(name) && name !== "cmd" && !name.startsWith("cmd/")
          : (name: string) => name === "cmd" || name.startsWith("cmd/");
      this.collect(match, gorootSrc, "", found, isMatch, isMatch, { vendor: false, goMod: false });
      if (pattern === "cmd") this.dropVendoredCommands(match);
      return;
    }
    if (pattern === "tool") {
      for (const main of modules.main) match.paths.push(...main.file.tools);
      return;
    }
    const meta = metaPatterns.has(pattern);
    const isMatch = meta ? () => true : matchPattern(pattern);
    const canMatch = meta ? () => true : treeCanMatch(pattern);
    if (!meta) {
      this.collect(match, gorootSrc, "", found, isMatch, canMatch, { vendor: false, goMod: true });
      if (canMatch("cmd")) {
        const cmdDir = this.host.paths.join(gorootSrc, "cmd");
        this.collect(match, cmdDir, "cmd", found, isMatch, canMatch, { vendor: false, goMod: true });
      }
    }
    for (const main of modules.main) {
      const prune = { vendor: true, goMod: true };
      this.collect(match, main.dir, main.prefix, found, isMatch, canMatch, prune, new IgnoreList(main.file.ignore));
    }
    if (!meta && modules.vendor !== null) {
      this.collect(match, modules.vendor.dir, "", found, isMatch, canMatch, { vendor: true, goMod: false });
    } else if (!meta && modules.hasMain) {
      for (const mod of resolver.graph().buildList()) {
        if (mod.version === "" || isToolchainPath(mod.path) || !canMatch(mod.path)) continue;
        const place = modules.place(mod);
        if (place.error !== "") {
          match.errors.push(place.error);
          continue;
        }
        const prune = { vendor: true, goMod: place.isLocal };
        this.collect(match, place.dir, mod.path, found, isMatch, canMatch, prune);
      }
    }
    if (pattern === "all") for (const main of modules.main) match.paths.push(...main.file.tools);
    match.paths.sort();
  }

  /** Commands that only the go distribution's own build uses. */
  private dropVendoredCommands(match: Match): void {
    const kept = match.paths.filter((path) => {
      if (!path.startsWith("cmd/vendor")) return true;
      const dir = this.host.paths.join(this.resolver.gorootSrc, this.host.paths.fromSlash(path));
      return this.readDir(dir).name !== "main";
    });
    match.paths.length = 0;
    match.paths.push(...kept);
  }

  private collect(
    match: Match,
    root: string,
    prefix: string,
    found: Set<string>,
    isMatch: (name: string) => boolean,
    canMatch: (name: string) => boolean,
    prune: { readonly vendor: boolean; readonly goMod: boolean },
    ignores: IgnoreList = noIgnores,
  ): void {
    const { paths, fs } = this.host;
    this.walk(root, (dir) => {
      const sub = dir === root ? "" : paths.toSlash(paths.below(dir, root) ?? "");
      const elem = paths.base(dir);
      if (sub !== "" && (elem.startsWith(".") || elem.startsWith("_") || elem === "testdata")) return false;
      if (sub !== "" && ignores.ignores(sub)) return false;
      const name = joinSlash(prefix, sub);
      if (name === "") return true; // GOROOT/src itself is no package
      if (!canMatch(name)) return false;
      if (sub !== "" && prune.goMod && isFile(fs, paths.join(dir, "go.mod"))) return false;
      if (!found.has(name)) {
        found.add(name);
        if (isMatch(name) && this.hasPackage(dir)) match.paths.push(name);
      }
      return !(elem === "vendor" && prune.vendor && sub !== "");
    });
  }

  /** Visits `dir` and the directories below it in name order; `enter` says whether to go down. Links are not followed. */
  private walk(dir: string, enter: (dir: string) => boolean): void {
    if (!enter(dir)) return;
    let entries: ReturnType<typeof this.host.fs.readDir>;
    try {
      entries = this.host.fs.readDir(dir);
    } catch (error) {
      if (error instanceof FileError) return;
      throw error;
    }
    for (const entry of entries) {
      if (entry.kind === EntryKind.Dir) this.walk(this.host.paths.join(dir, entry.name), enter);
    }
  }
}

/** The canonical form of a pattern (search.CleanPatterns). */
export function cleanPattern(host: LoadHost, pattern: string): string {
  if (host.paths.isAbs(pattern)) return host.paths.clean(pattern);
  const slashed = pattern.replaceAll("\\", "/");
  if (!slashed.startsWith("./")) return cleanSlash(slashed);
  const clean = `./${cleanSlash(slashed)}`;
  return clean === "./." ? "." : clean;
}
