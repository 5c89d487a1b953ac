/** Analyses single-file programs in this process, with the standard library as `go build` compiles it. */
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

/** `-m=2 -l` and the like. */
export interface Flags {
  readonly m: number;
  readonly l: number;
}

export class Analyzer {
  private session: Session;
  private uses = 0;
  private source: Uint8Array = new Uint8Array(0);
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
        readFile: (name) => (name === "x.go" ? this.source : files.readFile(name)),
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
    if (result.checked === null) return;
    const summary = writePackage(result.checked.pkg, {
      fset: session.fset,
      files: result.files,
      facts: (fn) => result.facts.get(fn) ?? null,
      resolveImport: (path) => session.importPackage(imports.get(path) ?? path),
    });
    this.summaries.set(importPath, summary);
  }

  /** After a crash. */
  reset(): void {
    this.session = this.newSession();
  }

  /** What goesc prints for a program of one file, x.go. Throws what the analysis throws. */
  run(source: Uint8Array, flags: Flags): string {
    this.prepare(source);
    const { session, result } = this.analyze(source, flags);
    if (result.checked === null || result.errors.length > 0) return errorText(session.fset, result.errors, false);
    return renderResult(session.fset, "command-line-arguments", result, { json: false, dump: null, debug: false });
  }

  analyze(source: Uint8Array, { m, l }: Flags): { session: Session; result: PackageResult } {
    // Positions are integers that grow with every file; start afresh before they run out.
    if (this.uses++ % 500 === 499) this.session = this.newSession();
    const { session } = this;
    this.source = source;
    const result = analyzePackage(
      session,
      {
        importPath: "command-line-arguments",
        compilerPath: "main",
        goFiles: ["x.go"],
        imports: this.imports,
        goVersion: "go1.26",
        complete: true,
        isStd: false,
      },
      { m, compile: { ...defaults, l }, explain: false, graphs: false, debug: null },
    );
    return { session, result };
  }
}
