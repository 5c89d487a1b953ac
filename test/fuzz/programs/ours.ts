/** Analyses single-file programs in this process, with the standard library as `go build` compiles it. */
import { readFileSync } from "node:fs";
import { type CompilerFlags, noCompilerFlags } from "../../../src/cli/args.ts";
import { nodeHost } from "../../../src/host/node-host.ts";
import { loadPackages } from "../../../src/load/load.ts";
import type { LoadedPackage } from "../../../src/load/package.ts";
import { analyzePackage, type CompileOptions, type PackageResult } from "../../../src/report/analyze.ts";
import { errorText } from "../../../src/report/errors.ts";
import { renderResult } from "../../../src/report/render.ts";
import { Session } from "../../../src/report/session.ts";
import { scanImports } from "../../../src/syntax/imports.ts";
import { writePackage } from "../../../src/types/summary-write.ts";

const defaults: CompileOptions = { l: 0, N: false, smallFrames: false, mutations: false, zeroCopy: true };

/** `-m=2 -l` and the like: what {@link parseCompilerFlags} gives, or part of it. */
export interface Flags extends Partial<CompilerFlags> {
  readonly m: number;
  readonly l: number;
}

/** A package as the compiler is given it. */
export interface PackageFiles {
  /** The compiler's -p. */
  readonly path: string;
  /** Names of files; those of a program are set with {@link Analyzer.set}. */
  readonly files: readonly string[];
  /** Every function needs a body. */
  readonly complete: boolean;
  readonly isStd: boolean;
}

export class Analyzer {
  private session: Session;
  private uses = 0;
  /** Files that are nowhere on disk. */
  private readonly sources = new Map<string, Uint8Array>();
  private readonly packages = new Map<string, LoadedPackage>();
  private readonly summaries = new Map<string, Uint8Array>();
  private readonly imports = new Map<string, string>();

  /** Programs may import the given packages of GOROOT. */
  constructor(patterns: readonly string[]) {
    this.session = this.newSession();
    if (patterns.length === 0) return;
    const env = { ...process.env, CGO_ENABLED: "0", GOOS: "linux", GOARCH: "amd64", GOWORK: "off", GOFLAGS: "" };
    for (const pkg of loadPackages(nodeHost({ env }), { patterns: [...patterns] }).packages) {
      this.packages.set(pkg.importPath, pkg);
      this.imports.set(pkg.importPath, pkg.importPath);
    }
  }

  /** Analyses what `source` imports, unless that was done before. */
  prepare(source: Uint8Array): void {
    for (const { path } of scanImports(source).imports) this.require(this.packages.get(path));
  }

  private require(pkg: LoadedPackage | undefined): void {
    if (pkg === undefined || this.summaries.has(pkg.importPath)) return;
    for (const imported of pkg.imports.values()) this.require(imported);
    this.summarize(pkg);
  }

  private newSession(): Session {
    const files = nodeHost().fs;
    return new Session(
      {
        readFile: (name) => this.sources.get(name) ?? files.readFile(name),
        readSummary: (path) => this.summaries.get(path) ?? null,
      },
      "amd64",
    );
  }

  private summarize(pkg: LoadedPackage): void {
    if (pkg.goFiles.length === 0) return;
    const { session } = this;
    const imports = new Map<string, string>();
    for (const [path, imported] of pkg.imports) imports.set(path, imported.importPath);
    const { importPath, compilerPath, goFiles, goVersion, complete, isStd } = pkg;
    const unit = { importPath, compilerPath, goFiles, imports, goVersion, complete, isStd };
    const result = analyzePackage(session, unit, {
      m: 0,
      compile: defaults,
      explain: false,
      graphs: false,
      debug: null,
    });
    if (result.checked !== null) this.summaries.set(importPath, this.summary(session, result, imports));
  }

  private summary(session: Session, result: PackageResult, imports: ReadonlyMap<string, string>): Uint8Array {
    return writePackage(result.checked!.pkg, {
      fset: session.fset,
      files: result.files,
      facts: (fn) => result.facts.get(fn) ?? null,
      resolveImport: (path) => session.importPackage(imports.get(path) ?? path),
    });
  }

  /** After a crash. */
  reset(): void {
    this.session = this.newSession();
  }

  /** What goesc prints for a program of one file, x.go. Throws what the analysis throws. */
  run(source: Uint8Array, flags: Flags): { text: string; failed: boolean } {
    this.prepare(source);
    const { session, result } = this.analyze(source, flags);
    if (result.checked === null || result.errors.length > 0) {
      return { text: errorText(session.fset, result.errors, false), failed: true };
    }
    const view = { json: false, dump: null, debug: false };
    return { text: renderResult(session.fset, "command-line-arguments", result, view), failed: false };
  }

  analyze(source: Uint8Array, flags: Flags): { session: Session; result: PackageResult } {
    this.sources.set("x.go", source);
    return this.analyzeFiles({ path: "main", files: ["x.go"], complete: true, isStd: false }, flags);
  }

  /** A file as if it were there. Sessions remember what they have read: another content needs another name. */
  set(name: string, source: Uint8Array): void {
    this.sources.set(name, source);
  }

  /** What goesc prints for a package. Others may import it afterwards, as `names`. */
  runPackage(pkg: PackageFiles, flags: Flags, names: readonly string[] = []): { text: string; failed: boolean } {
    for (const file of pkg.files) this.prepare(this.sources.get(file) ?? readFileSync(file));
    const { session, result } = this.analyzeFiles(pkg, flags);
    if (result.checked === null || result.errors.length > 0) {
      return { text: errorText(session.fset, result.errors, false), failed: true };
    }
    for (const name of names) this.imports.set(name, pkg.path);
    if (names.length > 0) this.summaries.set(pkg.path, this.summary(session, result, this.imports));
    const view = { json: false, dump: null, debug: false };
    return { text: renderResult(session.fset, pkg.path, result, view), failed: false };
  }

  private analyzeFiles(pkg: PackageFiles, flags: Flags): { session: Session; result: PackageResult } {
    // Positions are integers that grow with every file; start afresh before they run out.
    if (this.uses++ % 500 === 499) this.session = this.newSession();
    const { session } = this;
    const { m, l, N, smallFrames, mutations, zeroCopy, switches } = { ...noCompilerFlags, ...flags };
    const result = analyzePackage(
      session,
      {
        importPath: pkg.path === "main" ? "command-line-arguments" : pkg.path,
        compilerPath: pkg.path,
        goFiles: pkg.files,
        imports: this.imports,
        goVersion: "go1.26",
        complete: pkg.complete,
        isStd: pkg.isStd,
      },
      {
        m,
        compile: { l, N, smallFrames, mutations, zeroCopy, switches },
        explain: false,
        graphs: false,
        debug: null,
      },
    );
    return { session, result };
  }
}
