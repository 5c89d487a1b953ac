/** Finds the packages that a request means, and all they import, in dependency order.
 *
 *  Mirrors cmd/go/internal/load (PackagesAndErrors, GoFilesPackage, PackageErrors). Nothing is run and nothing is
 *  fetched: goesc reads what lies on this machine. */

import type { CoveredFile, CoverMode } from "./cover.ts";
import { type GoEnv, LoadError, readGoEnv } from "./env.ts";
import { CachedFileSystem, isDir, isFile, type LoadHost } from "./fs.ts";
import type { MainSettings } from "./godebug.ts";
import { compareGoVersions, DefaultGoModVersion, langVersion } from "./gover.ts";
import { GraphLoader, noGoMessage } from "./graph.ts";
import { Modules } from "./modules.ts";
import { type LoadedPackage, type ModuleInfo, type PackageNode, problemText } from "./package.ts";
import { type BuildPackage, DirProblem } from "./package-dir.ts";
import { PatternMatcher } from "./patterns.ts";
import { isResolveError, Resolver } from "./resolve.ts";
import { dependents, loadTestProgram } from "./test-program.ts";

export interface LoadRequest {
  /** Package patterns or `.go` files; none means the current directory. */
  readonly patterns: readonly string[];
  /** -tags; null to take GOFLAGS. */
  readonly tags?: readonly string[] | null;
  /** -mod; null to take GOFLAGS. */
  readonly mod?: string | null;
  /** -modfile; null to take GOFLAGS. */
  readonly modFile?: string | null;
  /** The Go installation to read ("" to look for one). */
  readonly goroot?: string;
  /** Settings already read. */
  readonly env?: GoEnv;
  /** Packages of the standard library that are loaded too, before all others, whether somebody imports them or not. */
  readonly implicit?: readonly string[];
  /** What the files of GOROOT are changed by (the host's file system shows the result); "" for nothing. */
  readonly overlayId?: string;
  /** Of packages outside of the standard library that come with assembly, the variant in Go is taken if there is one. */
  readonly noAssembly?: boolean;
  /** Of a test program: how what runs of the package under test is counted; null or absent if it is not. */
  readonly cover?: CoverMode | null;
  /** For tests: patterns mean packages of nothing but test files, too. */
  readonly tests?: boolean;
}

export interface LoadResult {
  readonly env: GoEnv;
  /** Every package of the build except `unsafe`, imported ones first. */
  readonly packages: readonly LoadedPackage[];
  /** The packages named, in the order of the command line. */
  readonly requested: readonly LoadedPackage[];
  /** What the go command prints before it gives up, in its order. */
  readonly errors: readonly string[];
  /** `go: warning: …`: the run goes on. */
  readonly warnings: readonly string[];
  /** Hashes of the contents of files, as far as they are known already. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly mainSettings: MainSettings;
  /** The files with the checksums of modules; none for those of a vendor directory. */
  readonly sumFiles: readonly string[];
}

/** Throws a {@link LoadError} for what stops the run before any package is read (no Go found, a broken go.mod). */
export function loadPackages(rawHost: LoadHost, request: LoadRequest): LoadResult {
  return openRequest(rawHost, request).run(request.patterns, request.implicit ?? []);
}

function openRequest(rawHost: LoadHost, request: LoadRequest): Request {
  const host: LoadHost = { ...rawHost, fs: new CachedFileSystem(rawHost.fs) };
  const env = request.env ?? readGoEnv(host, request.goroot ?? "");
  const tags = request.tags ?? splitTags(flagOfEnv(env, "tags") ?? "");
  const modules = new Modules(host, env, {
    mod: request.mod ?? flagOfEnv(env, "mod") ?? "",
    modFile: request.modFile ?? flagOfEnv(env, "modfile") ?? "",
  });
  return new Request(host, env, modules, tags, request);
}

/** A test program; `main` is null if the package under test cannot be loaded. */
export interface LoadedTest extends LoadResult {
  readonly main: LoadedPackage | null;
  /** The file of the generated main package, which is nowhere on disk. */
  readonly mainFile: string;
  readonly source: Uint8Array;
  /** Absolute names of the files of the package under test that count what runs. */
  readonly covered: ReadonlyMap<string, CoveredFile>;
}

/** Loads the program that tests the one package that the request's patterns name; null if it has no test files. Throws
 *  a TestFileError for test functions with a wrong signature. */
export function loadTest(rawHost: LoadHost, request: LoadRequest): LoadedTest | null {
  return openRequest(rawHost, request).test(request.patterns, request.implicit ?? [], () =>
    openRequest(rawHost, request),
  );
}

/** The value of a flag in GOFLAGS; the last one counts. */
export function flagOfEnv(env: GoEnv, name: string): string | null {
  let value: string | null = null;
  for (const flag of env.goflags) {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(flag);
    if (match !== null && match[1] === name) value = match[2] ?? "";
  }
  return value;
}

/** -tags takes a comma-separated list; spaces are the old form. */
export function splitTags(text: string): string[] {
  return text.split(/[\s,]+/).filter((tag) => tag !== "");
}

/** Packages of the standard library whose bodiless functions the runtime supplies (cmd/go/internal/work/gc.go). */
export const suppliedByRuntime: ReadonlySet<string> = new Set(
  "bytes internal/poll net os runtime/metrics runtime/pprof runtime/trace sync syscall time".split(" "),
);

/** Packages that only document what the compiler knows by itself: there is nothing to compile. */
function isFake(importPath: string): boolean {
  return importPath === "unsafe" || importPath === "builtin";
}

class Request {
  private readonly host: LoadHost;
  private readonly env: GoEnv;
  private readonly modules: Modules;
  private readonly resolver: Resolver;
  private readonly loader: GraphLoader;
  private readonly warnings: string[] = [];
  private readonly tests: boolean;
  private readonly cover: CoverMode | null;

  constructor(host: LoadHost, env: GoEnv, modules: Modules, tags: readonly string[], request: LoadRequest) {
    this.host = host;
    this.env = env;
    this.modules = modules;
    this.resolver = new Resolver(host, modules);
    const { overlayId, noAssembly, tests = false, cover = null } = request;
    this.tests = tests;
    this.cover = cover;
    this.loader = new GraphLoader(host, env, this.resolver, tags, overlayId, noAssembly);
  }

  run(patterns: readonly string[], implicit: readonly string[]): LoadResult {
    const first = implicit.map((path) => this.loader.loadStd(path));
    return this.collect(first, this.requested(patterns));
  }

  private requested(patterns: readonly string[]): PackageNode[] {
    if (!patterns.some((pattern) => this.isGoFile(pattern))) return this.matches(patterns);
    const node = this.files(patterns);
    return this.tests || !isTestOnly(node) ? [node] : [];
  }

  /** The program that tests the one package that `patterns` name; null if it has no tests. */
  test(patterns: readonly string[], implicit: readonly string[], fresh: () => Request): LoadedTest | null {
    const [tested] = fresh().requested(patterns);
    if (tested.incomplete) {
      const nothing = { main: null, mainFile: "", source: new Uint8Array(), covered: new Map() };
      return { ...this.collect([], [tested]), ...nothing };
    }
    // First, since what is tested may be what the implicit packages import.
    const program = loadTestProgram(this.loader, tested, this.moduleInfo(tested)?.path ?? "", this.cover);
    if (program === null) return null;
    const first = implicit.map((path) => this.loader.loadStd(path));
    const { main, mainFile, source, covered } = program;
    const changed = dependents(postOrder([main]), (node) => node.dir === tested.dir);
    const variants = new Map<PackageNode, string>();
    for (const node of changed) variants.set(node, `[${tested.importPath}.test]`);
    const load = this.collect(first, [main], variants);
    return { ...load, main: load.requested[0], mainFile, source, covered };
  }

  private collect(
    first: readonly PackageNode[],
    requested: readonly PackageNode[],
    variants: ReadonlyMap<PackageNode, string> = new Map(),
  ): LoadResult {
    const nodes = postOrder([...first, ...requested]);
    if (this.env.goroot.embedded !== undefined) this.checkEmbedded(nodes);
    for (const node of nodes) this.checkTestOnly(node);
    this.loader.stdIndex?.save();
    this.loader.fileIndex?.save();
    const packages = new Map<PackageNode, LoadedPackage>();
    const errors: string[] = [];
    for (const node of nodes) {
      const variant = variants.get(node) ?? "";
      // A program that is tested is a library of the test program (ForceLibrary of cmd/go/internal/load/test.go).
      const isCommand = node.build?.name === "main" && (variant === "" || requested.includes(node));
      const loaded = this.finish(node, packages, variant, isCommand);
      packages.set(node, loaded);
      errors.push(...loaded.errors);
    }
    // Imports of a cycle were not there yet when their importer was finished.
    for (const [node, loaded] of packages) {
      for (const [source, imported] of node.importMap)
        loaded.imports.set(source, packages.get(imported) as LoadedPackage);
    }
    return {
      env: this.env,
      packages: [...packages.values()],
      requested: requested.map((node) => packages.get(node) as LoadedPackage),
      errors,
      warnings: this.warnings,
      hashes: this.loader.fileIndex?.hashes ?? new Map(),
      mainSettings: this.modules.mainSettings(),
      sumFiles: this.modules.sumFiles(),
    };
  }

  /** What comes with goesc is enough to import a package of the standard library, but not to analyse it. */
  private checkEmbedded(nodes: readonly PackageNode[]): void {
    let used = false;
    for (const node of nodes) {
      if (!node.isStd) continue;
      used = true;
      if (!node.isRequested) continue;
      const msg = `package ${node.importPath}: no Go installation found, whose sources are needed; install Go, or set GOROOT`;
      node.problem ??= { stack: [], pos: "", msg, isCycle: false, alwaysStack: false };
      node.incomplete = true;
    }
    const { goroot, goos, goarch } = this.env;
    if (used) {
      this.warnings.push(
        `goesc: no Go installation found; taking the standard library of go${goroot.version} ${goos}/${goarch} that comes ` +
          "with goesc: with another release of Go the output may differ",
      );
    }
  }

  /** A package of nothing but tests cannot be built; patterns leave it out (see matches). */
  private checkTestOnly(node: PackageNode): void {
    const { build } = node;
    if (build === null || node.problem !== null || build.goFiles.length + build.cgoFiles.length > 0) return;
    if (this.tests && node.isRequested) return;
    const msg = `${node.importPath}: ${noGoMessage({ ...build, ignoredGoFiles: [] })}`;
    node.problem = { stack: [], pos: "", msg, isCycle: false, alwaysStack: false };
    node.incomplete = true;
  }

  private isGoFile(pattern: string): boolean {
    return pattern.endsWith(".go") && isFile(this.host.fs, this.host.paths.abs(pattern, this.host.cwd));
  }

  private files(patterns: readonly string[]): PackageNode {
    const { host, loader } = this;
    let dir: string | null = null;
    const names: string[] = [];
    for (const pattern of patterns) {
      if (!pattern.endsWith(".go")) return loader.failed(pattern, `named files must be .go files: ${pattern}`);
    }
    for (const pattern of patterns) {
      const path = host.paths.abs(pattern, host.cwd);
      if (isDir(host.fs, path)) throw new LoadError(`${pattern} is a directory, should be a Go file`);
      if (!isFile(host.fs, path)) throw new LoadError(`stat ${pattern}: no such file or directory`);
      const parent = host.paths.dir(pattern);
      if (dir !== null && dir !== parent) {
        throw new LoadError(`named files must all be in one directory; have ${dir} and ${parent}`);
      }
      dir = parent;
      names.push(host.paths.base(pattern));
    }
    return loader.loadFiles(host.paths.abs(dir ?? ".", host.cwd), names);
  }

  private matches(patterns: readonly string[]): PackageNode[] {
    const { loader, resolver, host } = this;
    const matcher = new PatternMatcher(host, resolver, loader.context, (dir) => loader.readDir(dir));
    const requested = new Set<PackageNode>();
    for (const raw of patterns.length === 0 ? ["."] : patterns) {
      const match = matcher.match(raw);
      for (const error of match.errors)
        requested.add(loader.failed(match.pattern, match.isLiteral ? error : `pattern ${match.pattern}: ${error}`));
      for (const dir of match.dirs) {
        const node = this.directory(dir, match.isLiteral, match.pattern);
        if (node !== null && (match.isLiteral || this.tests || !isTestOnly(node))) requested.add(node);
      }
      const paths = match.pattern === "all" ? this.closeOverImports(match.paths) : match.paths;
      for (const path of paths) {
        const node = this.literal(path, match.isLiteral);
        if (match.isLiteral || this.tests || !isTestOnly(node)) requested.add(node);
      }
      if (!match.isLiteral && match.dirs.length === 0 && match.paths.length === 0 && match.errors.length === 0) {
        this.warnings.push(`go: warning: ${JSON.stringify(match.pattern)} matched no packages`);
      }
    }
    for (const node of requested) if (node.isStd && isFake(node.importPath)) requested.delete(node);
    return [...requested];
  }

  private literal(path: string, isLiteral: boolean): PackageNode {
    // The go command takes a misspelt file for an import path, and says so in terms of modules.
    if (isLiteral && path.endsWith(".go")) {
      const isDirectory = isDir(this.host.fs, this.host.paths.abs(path, this.host.cwd));
      const problem = isDirectory
        ? `${path} is a directory; write ./${path} for the package in it`
        : `stat ${path}: no such file or directory`;
      return this.loader.failed(path, problem);
    }
    return this.loader.loadRequested(path, null);
  }

  /** `all`: the main modules' packages and everything they import. */
  private closeOverImports(paths: readonly string[]): string[] {
    const nodes = postOrder(paths.map((path) => this.loader.loadRequested(path, null)));
    return nodes.map((node) => node.importPath).sort();
  }

  private directory(dir: string, isLiteral: boolean, pattern: string): PackageNode | null {
    const { loader, resolver, host } = this;
    if (!isDir(host.fs, dir)) {
      const what = isFile(host.fs, dir) ? "not a directory" : "directory not found";
      return loader.failed(pattern, `stat ${dir}: ${what}`);
    }
    const build: BuildPackage = loader.readDir(dir);
    if (build.error?.kind === DirProblem.NoGo && build.ignoredGoFiles.length === 0) {
      return loader.failed(pattern, noGoMessage(build).replace("no non-test Go", "no Go"));
    }
    const resolved = resolver.localPath(dir);
    if (isResolveError(resolved)) {
      if (!isLiteral && /"builtin"|GOROOT\/src is/.test(resolved.msg)) return null;
      if (!this.modules.hasMain && this.modules.work === null && !this.env.modulesOff)
        throw new LoadError(`go: ${resolved.msg}`);
      return loader.failed(pattern, resolved.msg);
    }
    return loader.loadRequested(resolved.path, resolved);
  }

  private finish(
    node: PackageNode,
    done: ReadonlyMap<PackageNode, LoadedPackage>,
    variant: string,
    isCommand: boolean,
  ): LoadedPackage {
    const { build } = node;
    const { paths } = this.host;
    const imports = new Map<string, LoadedPackage>();
    for (const [source, imported] of node.importMap) {
      const loaded = done.get(imported);
      if (loaded !== undefined) imports.set(source, loaded);
    }
    const name = build?.name ?? "";
    const module = this.moduleInfo(node);
    const isEmbedded = node.isStd && this.env.goroot.embedded !== undefined;
    return {
      importPath: node.importPath,
      compilerPath: isCommand ? "main" : node.importPath,
      dir: node.dir,
      name,
      goFiles: build === null || isEmbedded ? [] : build.goFiles.map((file) => paths.join(build.dir, file)),
      complete: build !== null && this.isComplete(node, build),
      asmFiles: build === null ? [] : (build.otherFiles.get(".s") ?? []).map((file) => paths.join(build.dir, file)),
      imports,
      goVersion: this.goVersion(module),
      isStd: node.isStd,
      module,
      embeds: node.embeds,
      isRequested: node.isRequested,
      isCommand,
      profile: "",
      variant,
      errors:
        node.problem === null
          ? []
          : [problemText(node.problem, (place) => paths.base(this.loader.placeOf(place).filename))],
      incomplete: node.incomplete,
    };
  }

  /** No other sources that could hold bodies (the -complete of cmd/go/internal/work/gc.go). C files count only beside
   *  cgo files, which are an error here. */
  private isComplete(node: PackageNode, build: BuildPackage): boolean {
    if (node.isStd && suppliedByRuntime.has(node.importPath)) return false;
    return ![".s", ".S", ".sx", ".f", ".F", ".for", ".f90", ".syso"].some((ext) => build.otherFiles.has(ext));
  }

  private moduleInfo(node: PackageNode): ModuleInfo | null {
    const { mod } = node;
    if (mod === null || node.isStd) return null;
    const isMain = mod.version === "" && this.modules.isMain(mod.path);
    const replacedBy = isMain ? null : this.modules.replacedBy(mod);
    return { path: mod.path, version: mod.version, goVersion: this.modules.goVersion(mod), isMain, replacedBy };
  }

  /** The release's own language version, or the module's if that is older. */
  private goVersion(module: ModuleInfo | null): string {
    const release = this.env.goroot.version;
    if (module === null) return `go${langVersion(release)}`;
    const version = module.goVersion || DefaultGoModVersion;
    return `go${langVersion(compareGoVersions(version, release) > 0 ? release : version)}`;
  }
}

function isTestOnly(node: PackageNode): boolean {
  return node.problem === null && node.build !== null && node.build.goFiles.length + node.build.cgoFiles.length === 0;
}

/** Imported packages before their importers, each once, in the order of import paths as written. */
function postOrder(roots: readonly PackageNode[]): PackageNode[] {
  const seen = new Set<PackageNode>();
  const out: PackageNode[] = [];
  const walk = (node: PackageNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const imported of node.imports ?? []) walk(imported);
    out.push(node);
  };
  for (const root of roots) walk(root);
  return out;
}
