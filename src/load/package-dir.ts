/** Reads one directory: which of its files belong to the package, what they import.
 *
 *  Mirrors go/build (Context.Import from "Found:" on). Files come in directory order, which is the order in which the
 *  compiler gets them. */
import { scanImports } from "../syntax/imports.ts";
import { ConstraintError, parseFileHeader, shouldBuild } from "./constraint.ts";
import type { BuildContext } from "./context.ts";
import { emptyScan, type FileFacts, type FileIndex } from "./file-index.ts";
import { type DirEntry, EntryKind, FileError, type LoadHost } from "./fs.ts";
import { headerError } from "./header-error.ts";

/** A place in a source file. */
export interface FilePlace {
  readonly file: string;
  /** In bytes. */
  readonly offset: number;
}

export const enum DirProblem {
  /** No Go file is left. */
  NoGo,
  /** A Go file's package clause or imports do not parse; the place is known. */
  Scan,
  /** Anything else: several packages, unreadable files, bad constraints. */
  Other,
}

export interface DirError {
  readonly kind: DirProblem;
  readonly msg: string;
  readonly place: FilePlace | null;
}

export interface BuildPackage {
  readonly dir: string;
  name: string;
  readonly goFiles: string[];
  readonly cgoFiles: string[];
  readonly ignoredGoFiles: string[];
  readonly invalidGoFiles: string[];
  /** `_test.go` files, of the package and of its `_test` companion. */
  readonly testGoFiles: string[];
  /** Other sources by extension: `.s`, `.c`, `.h`, `.syso` … */
  readonly otherFiles: Map<string, string[]>;
  /** Import paths as written, sorted, each with the places that name it. */
  readonly imports: Map<string, FilePlace[]>;
  /** `//go:embed` patterns with the place of the first. */
  readonly embeds: Map<string, FilePlace>;
  /** Where the first `import "C"` is that the context leaves out or that needs a C compiler. */
  cgoPlace: FilePlace | null;
  error: DirError | null;
}

/** One of which nothing is known yet. */
export function newBuildPackage(dir: string, name: string): BuildPackage {
  return {
    dir,
    name,
    goFiles: [],
    cgoFiles: [],
    ignoredGoFiles: [],
    invalidGoFiles: [],
    testGoFiles: [],
    otherFiles: new Map(),
    imports: new Map(),
    embeds: new Map(),
    cgoPlace: null,
    error: null,
  };
}

/** How to treat a directory. */
export interface ReadOptions {
  /** Take these names, in this order, whatever their constraints (files named on the command line). */
  readonly files?: readonly string[];
  /** Read `_test.go` files too: they take part in the "found packages" check. */
  readonly tests: boolean;
  /** Null to read all files. */
  readonly index: FileIndex | null;
}

const otherExtensions = new Set(
  ".c .cc .cpp .cxx .m .h .hh .hpp .hxx .f .F .for .f90 .s .S .sx .swig .swigcxx .syso".split(" "),
);

/** Reads the package in `dir`; problems are in `error`, never thrown. */
export function readPackageDir(host: LoadHost, context: BuildContext, dir: string, options: ReadOptions): BuildPackage {
  const reader = new DirReader(host, context, dir, options);
  return reader.read();
}

class DirReader {
  private readonly host: LoadHost;
  private readonly context: BuildContext;
  private readonly options: ReadOptions;
  private readonly pkg: BuildPackage;
  private firstFile = "";

  constructor(host: LoadHost, context: BuildContext, dir: string, options: ReadOptions) {
    this.host = host;
    this.context = context;
    this.options = options;
    this.pkg = newBuildPackage(dir, "");
  }

  read(): BuildPackage {
    const { pkg } = this;
    for (const name of this.names()) this.readEntry(name);
    // gcc compiles .S and .sx, so they count only beside cgo files.
    if (pkg.cgoFiles.length === 0) {
      pkg.otherFiles.delete(".S");
      pkg.otherFiles.delete(".sx");
    }
    const sorted = [...pkg.imports].sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0));
    pkg.imports.clear();
    for (const [path, places] of sorted) pkg.imports.set(path, places);
    if (pkg.error === null && pkg.goFiles.length + pkg.cgoFiles.length + pkg.testGoFiles.length === 0) {
      pkg.error = { kind: DirProblem.NoGo, msg: `no buildable Go source files in ${pkg.dir}`, place: null };
    }
    return pkg;
  }

  private names(): string[] {
    if (this.options.files !== undefined) return [...this.options.files];
    try {
      const entries = this.host.fs.readDir(this.pkg.dir);
      return entries.filter((entry) => this.isCandidate(entry)).map((entry) => entry.name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.pkg.error = { kind: DirProblem.Other, msg: error.message, place: null };
      return [];
    }
  }

  private isCandidate(entry: DirEntry): boolean {
    if (entry.kind === EntryKind.Dir) return false;
    if (entry.kind !== EntryKind.Symlink) return true;
    return this.host.fs.stat(this.host.paths.join(this.pkg.dir, entry.name))?.isDir !== true;
  }

  private readEntry(name: string): void {
    if (name.startsWith("_") || name.startsWith(".")) return;
    const dot = name.lastIndexOf(".");
    const ext = dot < 0 ? "" : name.slice(dot);
    if (ext === ".go") this.readGoFile(name);
    else if (otherExtensions.has(ext)) this.readOtherFile(name, ext);
  }

  private get explicit(): boolean {
    return this.options.files !== undefined;
  }

  private readOtherFile(name: string, ext: string): void {
    if (!this.explicit && !this.context.goodFileName(name)) return;
    if (ext !== ".syso") {
      const source = this.readSource(name);
      if (source === null || this.fits(name, source) !== true) return;
    }
    const list = this.pkg.otherFiles.get(ext);
    if (list === undefined) this.pkg.otherFiles.set(ext, [name]);
    else list.push(name);
  }

  private readGoFile(name: string): void {
    const { pkg, context } = this;
    const isTest = name.endsWith("_test.go");
    if (!this.explicit && !context.goodFileName(name)) {
      pkg.ignoredGoFiles.push(name);
      return;
    }
    if (isTest && !this.options.tests) {
      pkg.testGoFiles.push(name);
      return;
    }
    const file = this.host.paths.join(pkg.dir, name);
    const facts = this.options.index?.get(file) ?? this.readFacts(name, file);
    if (facts === null) return;
    if (!facts.fits) {
      pkg.ignoredGoFiles.push(name);
      return;
    }
    const { scan } = facts;
    let pkgName = scan.pkgName;
    if (pkgName === "documentation") {
      pkg.ignoredGoFiles.push(name);
      return;
    }
    if (isTest && pkgName.endsWith("_test") && pkg.name !== pkgName) pkgName = pkgName.slice(0, -"_test".length);
    if (pkg.name === "") {
      pkg.name = pkgName;
      this.firstFile = name;
    } else if (pkgName !== pkg.name) {
      const msg = `found packages ${pkg.name} (${this.firstFile}) and ${pkgName} (${name}) in ${pkg.dir}`;
      this.bad(name, { kind: DirProblem.Other, msg, place: null });
    }
    if (isTest) {
      pkg.testGoFiles.push(name);
      return;
    }
    if (scan.cgo) {
      const place = scan.imports.find((spec) => spec.path === "C");
      pkg.cgoPlace ??= { file, offset: place?.offset ?? 0 };
      if (!context.cgo) {
        pkg.ignoredGoFiles.push(name);
        return;
      }
      pkg.cgoFiles.push(name);
    } else {
      pkg.goFiles.push(name);
    }
    for (const spec of scan.imports) {
      const places = pkg.imports.get(spec.path);
      if (places === undefined) pkg.imports.set(spec.path, [{ file, offset: spec.offset }]);
      else places.push({ file, offset: spec.offset });
    }
    for (const embed of scan.embeds) {
      if (!pkg.embeds.has(embed.pattern)) pkg.embeds.set(embed.pattern, { file, offset: embed.offset });
    }
  }

  /** What a Go file says at its head; null (and an error) if it cannot be read. */
  private readFacts(name: string, file: string): Pick<FileFacts, "fits" | "scan"> | null {
    const source = this.readSource(name);
    if (source === null) return null;
    const fits = this.fits(name, source);
    if (fits === null) return null;
    const facts = this.options.index?.add(file, source, fits) ?? { fits, scan: fits ? scanImports(source) : emptyScan };
    const { error } = facts.scan;
    if (error !== null) {
      const problem = headerError(source) ?? { offset: error.offset, msg: error.msg };
      this.bad(name, { kind: DirProblem.Scan, msg: problem.msg, place: { file, offset: problem.offset } });
    }
    return facts;
  }

  /** Whether the file's constraints hold; null (and an error) if they cannot be read. */
  private fits(name: string, source: Uint8Array): boolean | null {
    try {
      const header = parseFileHeader(source);
      return shouldBuild(header, this.context.match) || this.explicit;
    } catch (error) {
      if (!(error instanceof ConstraintError)) throw error;
      if (name.endsWith(".go")) {
        this.bad(name, { kind: DirProblem.Other, msg: `${name}: ${error.message}`, place: null });
      }
      return null;
    }
  }

  private readSource(name: string): Uint8Array | null {
    try {
      return this.host.fs.readFile(this.host.paths.join(this.pkg.dir, name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (name.endsWith(".go")) this.bad(name, { kind: DirProblem.Other, msg: error.message, place: null });
      return null;
    }
  }

  /** The first bad file speaks for the directory. */
  private bad(name: string, error: DirError): void {
    this.pkg.error ??= error;
    if (!this.pkg.invalidGoFiles.includes(name)) this.pkg.invalidGoFiles.push(name);
  }
}
