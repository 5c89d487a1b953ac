/** Builds the import graph of a request, with the go command's errors.
 *
 *  Mirrors cmd/go/internal/load/pkg.go (loadImport, Package.load, disallowInternal …). One object a run; packages are
 *  loaded once, by import path. */
import { hashHex } from "../base/hash.ts";
import type { Position } from "../base/pos.ts";
import { placeInFile } from "../syntax/parse.ts";
import { BuildContext } from "./context.ts";
import { resolveEmbed } from "./embed.ts";
import type { GoEnv } from "./env.ts";
import { FileIndex } from "./file-index.ts";
import { inDir, type LoadHost, shortPath } from "./fs.ts";
import { isValidImportText } from "./header-error.ts";
import { Pruning } from "./modules.ts";
import type { ImportStep, PackageNode, PackageProblem } from "./package.ts";
import { type BuildPackage, DirProblem, type FilePlace, readPackageDir } from "./package-dir.ts";
import { hasPathPrefix, isLocalImport, isStandardImportPath } from "./paths.ts";
import { isResolveError, type Resolved, type ResolveError, type Resolver } from "./resolve.ts";
import type { ModuleVersion } from "./semver.ts";
import { StdIndex } from "./std-index.ts";
import { variantContext, variantsId, variantWithoutAssembly } from "./without-assembly.ts";

/** `line:col` of a byte offset. */
export function lineCol(source: Uint8Array, offset: number): string {
  let line = 1;
  let start = 0;
  for (let i = source.indexOf(10); i >= 0 && i < offset; i = source.indexOf(10, i + 1)) {
    line++;
    start = i + 1;
  }
  return `${line}:${offset - start + 1}`;
}

export class GraphLoader {
  readonly host: LoadHost;
  readonly env: GoEnv;
  readonly resolver: Resolver;
  /** For the standard library: goesc reads its pure Go files. */
  readonly stdContext: BuildContext;
  readonly context: BuildContext;
  /** Null for a development tree of Go. */
  readonly stdIndex: StdIndex | null = null;
  /** Null outside of modules. */
  readonly fileIndex: FileIndex | null = null;
  readonly nodes = new Map<string, PackageNode>();
  private readonly builds = new Map<string, BuildPackage>();
  /** Of packages that are taken in another variant, by directory. */
  private readonly variants = new Map<string, BuildContext>();
  private readonly stack: ImportStep[] = [];

  /** `noAssembly`: packages with assembly are to be taken without, where they offer that. */
  constructor(
    host: LoadHost,
    env: GoEnv,
    resolver: Resolver,
    tags: readonly string[],
    overlayId = "",
    private readonly noAssembly = false,
  ) {
    this.host = host;
    this.env = env;
    this.resolver = resolver;
    this.stdContext = new BuildContext(env, false, tags);
    const { goroot } = env;
    if (goroot.embedded !== undefined) {
      const index = goroot.embedded.index(`${env.goos}/${env.goarch}`);
      this.stdIndex = StdIndex.embedded(host, resolver.gorootSrc, index ?? "[]");
      resolver.stdIndex = this.stdIndex;
    } else if (goroot.released > 0 && host.cache !== null) {
      const parts = [goroot.version, String(goroot.released), env.goos, env.goarch, tags.join(), env.toolTags.join()];
      if (overlayId !== "") parts.push(overlayId);
      this.stdIndex = StdIndex.kept(host, resolver.gorootSrc, parts);
      resolver.stdIndex = this.stdIndex;
    }
    const [main] = resolver.modules.main;
    if (main !== undefined && host.cache !== null) {
      const parts = [main.dir, goroot.version, env.goos, env.goarch, tags.join(), env.toolTags.join(), String(env.cgo)];
      this.fileIndex = new FileIndex(host, parts);
    }
    this.context = env.cgo === true ? new BuildContext(env, true, tags) : this.stdContext;
  }

  /** The package in `dir`, read once. Test files matter where they can be wrong: in the user's own packages. */
  readDir(dir: string): BuildPackage {
    let build = this.builds.get(dir);
    if (build === undefined) {
      const inStd = this.host.paths.hasPrefix(dir, this.resolver.gorootSrc);
      const known = inStd ? (this.stdIndex?.get(dir) ?? null) : null;
      if (known !== null) {
        this.builds.set(dir, known);
        return known;
      }
      const inCache = this.env.modCache !== "" && this.host.paths.hasPrefix(dir, this.env.modCache);
      const context = inStd ? this.stdContext : this.context;
      const index = inStd ? null : this.fileIndex;
      build = readPackageDir(this.host, context, dir, { tests: !inStd && !inCache, index });
      // With nothing but tests, their constraints decide whether there is a package at all.
      if (build.goFiles.length + build.cgoFiles.length === 0 && build.testGoFiles.length > 0) {
        build = readPackageDir(this.host, context, dir, { tests: true, index });
      }
      if (!inStd && this.noAssembly && build.otherFiles.has(".s")) build = this.withoutAssembly(dir, build, inCache);
      this.builds.set(dir, build);
      if (inStd) this.stdIndex?.set(build);
    }
    return build;
  }

  /** The package as the variant gives it that needs no assembly, if there is one. What is in the module cache does not
   *  change, nor does the answer. */
  private withoutAssembly(dir: string, build: BuildPackage, inCache: boolean): BuildPackage {
    const { host, context } = this;
    const key = JSON.stringify([variantsId, dir, build.goFiles]);
    const name = `variant-${hashHex(new TextEncoder().encode(key))}`;
    const read = (index: number): BuildPackage =>
      readPackageDir(host, variantContext(context, index), dir, { tests: !inCache, index: null });
    const kept = inCache ? (host.cache?.read(name) ?? null) : null;
    let variant: number | null;
    if (kept?.startsWith(`${key}\n`) === true) {
      variant = JSON.parse(kept.slice(key.length + 1)) as number | null;
    } else {
      variant = variantWithoutAssembly(host, dir, build.goFiles, (index) => read(index).goFiles);
      if (inCache) host.cache?.write(name, `${key}\n${JSON.stringify(variant)}`);
    }
    if (variant === null) return build;
    this.variants.set(dir, variantContext(context, variant));
    return read(variant);
  }

  /** Takes `build` for what is in `dir`. */
  override(dir: string, build: BuildPackage): void {
    this.builds.set(dir, build);
  }

  /** The constraints that files in `dir` are held against. */
  contextOf(dir: string): BuildContext {
    if (this.host.paths.hasPrefix(dir, this.resolver.gorootSrc)) return this.stdContext;
    this.readDir(dir); // finds the variant
    return this.variants.get(dir) ?? this.context;
  }

  /** A package that belongs to the test program of `tested`, with what it imports. */
  addNode(importPath: string, build: BuildPackage, tested: PackageNode): PackageNode {
    const node = this.newNode(importPath, build, tested.dir, tested.isStd, tested.mod, tested.cmdlineFiles);
    node.testOf = tested.importPath;
    this.nodes.set(importPath, node);
    this.loadNode(node, importPath, null);
    return node;
  }

  /** A package of the command line, by import path. */
  loadRequested(path: string, found: Resolved | null): PackageNode {
    const node = this.loadImport(path, null, found, null).node;
    node.isRequested = true;
    return node;
  }

  /** A package of the standard library that the build needs by itself. */
  loadStd(path: string): PackageNode {
    return this.loadImport(path, null, null, null).node;
  }

  /** The package made of the files on the command line. */
  loadFiles(dir: string, names: readonly string[]): PackageNode {
    const build = readPackageDir(this.host, this.context, dir, { files: names, tests: true, index: null });
    const node = this.newNode("command-line-arguments", build, dir, false, null, true);
    node.isRequested = true;
    this.loadNode(node, "command-line-arguments", null);
    return node;
  }

  /** A node that only carries a problem. */
  failed(path: string, msg: string): PackageNode {
    const node = this.newNode(path, null, "", false, null, false);
    node.problem = { stack: [], pos: "", msg, isCycle: false, alwaysStack: false };
    node.incomplete = true;
    node.imports = [];
    node.isRequested = true;
    return node;
  }

  private newNode(
    importPath: string,
    build: BuildPackage | null,
    dir: string,
    isStd: boolean,
    mod: ModuleVersion | null,
    cmdlineFiles: boolean,
  ): PackageNode {
    return {
      importPath,
      build,
      dir,
      isStd,
      mod,
      imports: null,
      importMap: new Map(),
      problem: null,
      incomplete: false,
      isRequested: false,
      embeds: new Map(),
      cmdlineFiles,
      testOf: "",
    };
  }

  /** Loads what `path` means in `parent`; `problem` is the importer's fault, not the package's. */
  private loadImport(
    path: string,
    parent: PackageNode | null,
    known: Resolved | null,
    places: readonly FilePlace[] | null,
  ): { node: PackageNode; problem: PackageProblem | null } {
    const resolved = known ?? this.resolver.resolve(path, parent === null ? null : resolvedOf(parent));
    const importPath = isResolveError(resolved) ? path : resolved.path;
    const cached = this.nodes.get(importPath);
    let node: PackageNode;
    if (cached !== undefined) {
      node = cached;
      this.push(path, places);
      this.reuse(node);
      this.stack.pop();
    } else {
      node = isResolveError(resolved)
        ? this.newNode(importPath, null, "", false, null, false)
        : this.newNode(importPath, this.readDir(resolved.dir), resolved.dir, resolved.isStd, resolved.mod, false);
      this.nodes.set(importPath, node);
      if (isResolveError(resolved)) this.fail(node, resolved, path, places);
      else this.loadNode(node, path, places);
    }
    return { node, problem: parent === null ? null : this.disallowed(path, parent, node, places) };
  }

  private push(path: string, places: readonly FilePlace[] | null): void {
    this.stack.push({ path, from: places?.[0] ?? null });
  }

  private fail(node: PackageNode, error: ResolveError, path: string, places: readonly FilePlace[] | null): void {
    node.imports = [];
    this.setProblem(node, error.msg, path, places);
  }

  /** Records a problem of the import itself: it is shown at the import declaration. */
  private setProblem(node: PackageNode, msg: string, path: string, places: readonly FilePlace[] | null): void {
    node.incomplete = true;
    if (node.problem !== null) return;
    const top = this.stack[this.stack.length - 1];
    const pos =
      top !== undefined && top.path !== path && places !== null && places.length > 0 ? this.position(places[0]) : "";
    node.problem = { stack: [...this.stack], pos, msg, isCycle: false, alwaysStack: false };
  }

  /** `file:line:col` with the file's name as short as it gets. */
  position(place: FilePlace): string {
    return this.placeText(place, (file) => shortPath(this.host, file));
  }

  /** As go/scanner, which takes names in `//line` directives for those of files in the same directory. */
  private placeText(place: FilePlace, shown: (file: string) => string): string {
    const { filename, line, col } = this.placeOf(place);
    const name = filename === "" ? "" : `${shown(filename)}:`;
    return col > 0 ? `${name}${line}:${col}` : `${name}${line}`;
  }

  placeOf({ file, offset }: FilePlace): Position {
    const { paths, fs } = this.host;
    const at = placeInFile(file, fs.readFile(file), offset);
    return { ...at, filename: at.filename === "" ? "" : paths.abs(at.filename, paths.dir(file)) };
  }

  private loadNode(node: PackageNode, path: string, places: readonly FilePlace[] | null): void {
    const build = node.build as BuildPackage;
    if (build.error !== null) this.setDirProblem(node, build, path, places);
    this.push(path, places);
    this.resolveEmbeds(node, build);
    this.checkCgo(node, build);
    const parent = resolvedOf(node);
    const imports: PackageNode[] = [];
    const implicit = this.implicitRequirement(node, build, parent);
    if (implicit !== null && node.problem === null) {
      node.problem = { stack: this.stack.slice(0, -1), pos: "", msg: implicit, isCycle: false, alwaysStack: false };
      node.incomplete = true;
    }
    for (const [source, where] of build.imports) {
      if (source === "C" || source === "unsafe") continue;
      if (!isValidImportText(source)) {
        this.badImportText(node, source, where[0]);
        continue;
      }
      const { node: imported, problem } = this.loadImport(source, node, null, where);
      if (problem !== null && node.problem === null) {
        node.problem = problem;
        node.incomplete = true;
      }
      node.importMap.set(source, imported);
      imports.push(imported);
      if (imported.incomplete) node.incomplete = true;
    }
    this.checkOtherSources(node, build);
    this.stack.pop();
    node.imports = imports;
  }

  /** C and Fortran sources belong to cgo packages. */
  private checkOtherSources(node: PackageNode, build: BuildPackage): void {
    if (build.cgoFiles.length > 0 || node.problem !== null) return;
    const kinds: readonly (readonly [string, readonly string[]])[] = [
      ["C", this.context.cgo ? [".c"] : []],
      ["C++", this.context.cgo ? [".cc", ".cpp", ".cxx"] : []],
      ["Objective-C", this.context.cgo ? [".m"] : []],
      ["Fortran", [".f", ".F", ".for", ".f90"]],
    ];
    for (const [language, extensions] of kinds) {
      const files = extensions.flatMap((ext) => build.otherFiles.get(ext) ?? []).sort();
      if (files.length === 0) continue;
      const msg = `${language} source files not allowed when not using cgo or SWIG: ${files.join(" ")}`;
      node.problem = { stack: [...this.stack], pos: "", msg, isCycle: false, alwaysStack: false };
      node.incomplete = true;
      return;
    }
  }

  private badImportText(node: PackageNode, source: string, place: FilePlace): void {
    node.incomplete = true;
    const pos = this.placeText(place, (file) => file);
    node.problem ??= { stack: [], pos, msg: `invalid import path: ${source}`, isCycle: false, alwaysStack: false };
  }

  private setDirProblem(
    node: PackageNode,
    build: BuildPackage,
    path: string,
    places: readonly FilePlace[] | null,
  ): void {
    const error = build.error as NonNullable<BuildPackage["error"]>;
    if (error.kind === DirProblem.Other) {
      this.setProblem(node, error.msg, path, places);
      return;
    }
    node.incomplete = true;
    this.push(path, places);
    const pos = error.place === null ? "" : this.position(error.place);
    if (error.kind === DirProblem.NoGo && this.needsCgo(node, build)) {
      this.stack.pop();
      return; // checkCgo says it
    }
    const msg = error.kind === DirProblem.NoGo ? noGoMessage(build) : error.msg;
    node.problem = { stack: [...this.stack], pos, msg, isCycle: false, alwaysStack: false };
    this.stack.pop();
  }

  private resolveEmbeds(node: PackageNode, build: BuildPackage): void {
    if (node.isStd && this.env.goroot.embedded !== undefined) return;
    // In the go command's order: the first that is wrong is the error.
    for (const [pattern, place] of [...build.embeds].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const files = resolveEmbed(this.host, node.dir, pattern);
      if (typeof files !== "string") {
        node.embeds.set(pattern, files);
        continue;
      }
      node.incomplete = true;
      node.problem ??= {
        stack: [...this.stack],
        pos: this.position(place),
        msg: files,
        isCycle: false,
        alwaysStack: false,
      };
      return;
    }
  }

  /** cgo translates Go files before the compiler sees them; goesc has no C compiler to do so. */
  private checkCgo(node: PackageNode, build: BuildPackage): void {
    if (build.cgoPlace === null || !this.needsCgo(node, build) || node.problem !== null) return;
    node.incomplete = true;
    node.problem = {
      stack: [...this.stack],
      pos: this.position(build.cgoPlace),
      msg: 'import "C" needs a C compiler, which goesc does not use; set CGO_ENABLED=0 to leave such files out, as go does then',
      isCycle: false,
      alwaysStack: false,
    };
  }

  /** The package has files for cgo, which nobody said to leave out. */
  private needsCgo(node: PackageNode, build: BuildPackage): boolean {
    return build.cgoPlace !== null && !node.isStd && this.env.cgo !== false;
  }

  /** With a pruned module graph, go.mod must itself require what the main module's packages import. */
  private implicitRequirement(node: PackageNode, build: BuildPackage, self: Resolved): string | null {
    const { modules } = this.resolver;
    if (modules.pruning === Pruning.Workspace || modules.buildMod === "mod" || !modules.hasMain) return null;
    if (node.mod === null || node.mod.version !== "" || node.isStd || modules.vendor !== null) return null;
    for (const source of build.imports.keys()) {
      if (isStandardImportPath(source) || !isValidImportText(source)) continue;
      const resolved = this.resolver.resolve(source, self);
      if (isResolveError(resolved) || resolved.mod === null || modules.isMain(resolved.mod.path)) continue;
      if (modules.rootVersion(resolved.mod.path) !== null) continue;
      return (
        `package ${node.importPath} imports ${source} from implicitly required module; ` +
        `to add missing requirements, run:\n\tgo get ${resolved.mod.path}@${resolved.mod.version}`
      );
    }
    return null;
  }

  private reuse(node: PackageNode): void {
    if (node.imports === null) {
      if (node.problem === null) {
        node.problem = {
          stack: [...this.stack],
          pos: "",
          msg: "import cycle not allowed",
          isCycle: true,
          alwaysStack: false,
        };
      } else {
        node.problem.isCycle = true;
      }
      node.incomplete = true;
    }
    const { problem } = node;
    if (problem !== null && problem.stack.length > 0 && !problem.isCycle && this.isShorter(problem.stack)) {
      node.problem = { ...problem, stack: [...this.stack] };
    }
  }

  /** Reports whether the current import path is a better explanation than `stack`. */
  private isShorter(stack: readonly ImportStep[]): boolean {
    if (this.stack.length !== stack.length) return this.stack.length < stack.length;
    for (let i = 0; i < stack.length; i++) {
      if (this.stack[i].path !== stack[i].path) return this.stack[i].path < stack[i].path;
    }
    return false;
  }

  /** Rules about who may import what. */
  private disallowed(
    path: string,
    parent: PackageNode,
    node: PackageNode,
    places: readonly FilePlace[] | null,
  ): PackageProblem | null {
    const problem = (msg: string, alwaysStack = false): PackageProblem => {
      const pos = places !== null && places.length > 0 ? this.position(places[0]) : "";
      return { stack: [...this.stack], pos, msg, isCycle: false, alwaysStack };
    };
    if (node.problem === null && this.isForeignInternal(parent, node)) {
      return problem(`use of internal package ${node.importPath} not allowed`, true);
    }
    if (this.isForeignVendor(parent, node)) return problem("use of vendored package not allowed");
    if (/(?:^|\/)vendor\//.test(path)) {
      const plain = path.slice(path.lastIndexOf("vendor/") + "vendor/".length);
      return problem(`${path} must be imported as ${plain}`);
    }
    if (node.build?.name === "main" && parent.dir !== node.dir) {
      return problem(`import ${JSON.stringify(path)} is a program, not an importable package`);
    }
    if (isLocalImport(path) && !parent.cmdlineFiles) {
      return problem(
        path === "."
          ? `${path}: cannot import current directory`
          : `local import ${JSON.stringify(path)} in non-local package`,
      );
    }
    return null;
  }

  /** A vendor directory serves the tree that it lies in. */
  private isForeignVendor(parent: PackageNode, node: PackageNode): boolean {
    const { importPath, dir } = node;
    const at = `/${importPath}`.lastIndexOf("/vendor/");
    if (at < 0) return false;
    const above = dir.length - importPath.length + Math.max(at - 1, 0);
    if (above < 0) return false;
    return inDir(this.host, parent.dir, this.host.paths.clean(dir.slice(0, above))) === null;
  }

  private isForeignInternal(parent: PackageNode, node: PackageNode): boolean {
    const { importPath } = node;
    const match = /^(?:.*\/)?internal(?=\/|$)/.exec(importPath);
    if (match === null) return false;
    const at = match[0].length - "internal".length;
    const above = importPath.slice(0, Math.max(at - 1, 0));
    let importer = parent.testOf || parent.importPath;
    const fips = "crypto/internal/fips140";
    if (hasPathPrefix(importer, "crypto") && hasPathPrefix(importPath, fips)) return false;
    if (hasPathPrefix(importer, fips)) return !hasPathPrefix(importPath, "crypto/internal");
    if (node.mod === null) {
      const { paths } = this.host;
      const tail = importPath.length - above.length;
      return inDir(this.host, parent.dir, paths.clean(node.dir.slice(0, node.dir.length - tail) || paths.sep)) === null;
    }
    if (parent.cmdlineFiles) importer = this.dirImportPath(parent.dir);
    return !hasPathPrefix(importer, above);
  }

  /** The import path that a directory of the main modules would have. */
  private dirImportPath(dir: string): string {
    const { paths } = this.host;
    let best = ".";
    let bestPrefix = "";
    for (const main of this.resolver.modules.main) {
      const sub = paths.below(dir, main.dir);
      if (sub === null || (best !== "." && main.prefix <= bestPrefix)) continue;
      bestPrefix = main.prefix;
      best = sub === "." ? main.prefix : `${main.prefix}/${paths.toSlash(sub)}`;
    }
    return best;
  }
}

function resolvedOf(node: PackageNode): Resolved {
  return { path: node.importPath, dir: node.dir, mod: node.mod, isStd: node.isStd };
}

function noGoMessage(build: BuildPackage): string {
  if (build.ignoredGoFiles.length > 0) return `build constraints exclude all Go files in ${build.dir}`;
  if (build.testGoFiles.length > 0) return `no non-test Go files in ${build.dir}`;
  return `no Go files in ${build.dir}`;
}

export { noGoMessage };
