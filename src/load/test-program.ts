/** The packages of a test program: the package under test with its test files, its external tests, and a main package
 *  that runs them. Mirrors TestPackagesFor of cmd/go/internal/load/test.go: every package of the program that imports
 *  the one under test imports the one with test files. */
import { scanImports } from "../syntax/imports.ts";
import { type CoveredFile, type CoverMode, coverFile } from "./cover.ts";
import type { GraphLoader } from "./graph.ts";
import type { PackageNode } from "./package.ts";
import { type BuildPackage, type FilePlace, newBuildPackage, readPackageDir } from "./package-dir.ts";
import { TestFuncs } from "./testmain.ts";

export interface TestProgram {
  /** The generated main package, `path.test`. */
  readonly main: PackageNode;
  /** Absolute name and text of its only file, which is nowhere on disk. */
  readonly mainFile: string;
  readonly source: Uint8Array;
  /** Absolute names of the files of the package under test that count what runs. */
  readonly covered: ReadonlyMap<string, CoveredFile>;
}

/** Makes the test program of `pkg`, which has been loaded with the loader of another request; null if there are no test
 *  files. Throws a TestFileError for tests with a wrong signature. */
export function loadTestProgram(
  loader: GraphLoader,
  pkg: PackageNode,
  modulePath: string,
  mode: CoverMode | null,
): TestProgram | null {
  const { host } = loader;
  const { dir, importPath } = pkg;
  const build = pkg.build as BuildPackage;
  const read = readPackageDir(host, loader.contextOf(dir), dir, {
    tests: true,
    index: null,
    ...(pkg.cmdlineFiles ? { files: [...build.goFiles, ...build.testGoFiles] } : {}),
  });
  if (read.testGoFiles.length === 0) return null;
  const funcs = new TestFuncs();
  const internal = new TestFiles(read, read.goFiles, read.imports);
  const external = new TestFiles(read, [], new Map());
  external.build.name = `${read.name}_test`;
  for (const name of read.testGoFiles) {
    const file = host.paths.join(dir, name);
    const source = host.fs.readFile(file);
    const scan = scanImports(source);
    const isExternal = scan.pkgName.endsWith("_test") && scan.pkgName !== read.name;
    const files = isExternal ? external : internal;
    for (const spec of scan.imports) files.addImport(spec.path, { file, offset: spec.offset });
    for (const { pattern, offset } of scan.embeds) files.build.embeds.set(pattern, { file, offset });
    files.build.goFiles.push(name);
    funcs.load(file, source, isExternal ? "_xtest" : "_test");
  }
  if (internal.build.goFiles.length > read.goFiles.length) loader.override(dir, internal.build);
  const main = newBuildPackage(dir, "main");
  main.goFiles.push("_testmain.go");
  const mainNode = loader.addNode(`${importPath}.test`, main, pkg);
  const link = (path: string, node: PackageNode): void => {
    mainNode.importMap.set(path, node);
    (mainNode.imports as PackageNode[]).push(node);
    if (node.incomplete) mainNode.incomplete = true;
  };
  const covered = new Map<string, CoveredFile>();
  const profiled = new Map<string, CoveredFile>();
  for (const name of mode === null ? [] : [...read.goFiles].sort()) {
    const file = host.paths.join(dir, name);
    const one = coverFile(file, host.fs.readFile(file), counterName(name), mode!);
    if (one === null || one.blocks.length === 0) continue;
    covered.set(file, one);
    profiled.set(pkg.cmdlineFiles ? file : `${importPath}/${name}`, one);
  }
  const std = ["os", "testing", "testing/internal/testdeps"];
  const text = funcs.source(importPath, modulePath, mode === null ? null : { mode, files: profiled });
  if (text.includes('\t"reflect"\n')) std.push("reflect");
  for (const path of std.sort()) link(path, loader.loadStd(path));
  if (funcs.imports("_test") || !funcs.imports("_xtest") || profiled.size > 0) {
    link(
      importPath,
      pkg.cmdlineFiles ? loader.addNode(importPath, internal.build, pkg) : loader.loadRequested(importPath, null),
    );
  }
  if (funcs.imports("_xtest")) link(`${importPath}_test`, loader.addNode(`${importPath}_test`, external.sorted(), pkg));
  mainNode.isRequested = true;
  return {
    main: mainNode,
    mainFile: host.paths.join(dir, "_testmain.go"),
    source: new TextEncoder().encode(text),
    covered,
  };
}

/** The variable with the counters of a file: the main package of the test reads it. */
export function counterName(file: string): string {
  return `GoescCover_${[...new TextEncoder().encode(file)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Marks what differs from a build without tests: packages that depend on one of `changed`. */
export function dependents(nodes: readonly PackageNode[], changed: (node: PackageNode) => boolean): Set<PackageNode> {
  const found = new Set<PackageNode>();
  for (const node of nodes) {
    if (changed(node) || (node.imports ?? []).some((imported) => found.has(imported))) found.add(node);
  }
  return found;
}

/** The files of one of the two packages that test files belong to. */
class TestFiles {
  readonly build: BuildPackage;
  constructor(read: BuildPackage, goFiles: readonly string[], imports: ReadonlyMap<string, FilePlace[]>) {
    this.build = {
      ...newBuildPackage(read.dir, read.name),
      goFiles: [...goFiles],
      otherFiles: new Map(),
      error: read.error,
    };
    if (goFiles.length > 0) for (const [ext, names] of read.otherFiles) this.build.otherFiles.set(ext, names);
    for (const [path, places] of imports) this.build.imports.set(path, [...places]);
    if (goFiles.length > 0) for (const [pattern, place] of read.embeds) this.build.embeds.set(pattern, place);
  }

  addImport(path: string, place: FilePlace): void {
    const places = this.build.imports.get(path);
    if (places === undefined) this.build.imports.set(path, [place]);
    else places.push(place);
  }

  sorted(): BuildPackage {
    const imports = [...this.build.imports].sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0));
    return { ...this.build, imports: new Map(imports) };
  }
}
