/** Analyses single-file programs in this process, with the standard library as `go build` compiles it. */
import { nodeHost } from "../../../src/host/node-host.ts";
import { loadPackages } from "../../../src/load/load.ts";
import type { LoadedPackage } from "../../../src/load/package.ts";
import { analyzePackage, type CompileOptions, type PackageResult } from "../../../src/report/analyze.ts";
import { errorText } from "../../../src/report/errors.ts";
import { renderResult } from "../../../src/report/render.ts";
import { Session } from "../../../src/report/session.ts";
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
  private readonly summaries = new Map<string, Uint8Array>();

  /** `std`: programs may import packages of GOROOT. */
  constructor(private readonly packages: readonly LoadedPackage[]) {
    this.session = this.newSession();
    for (const pkg of packages) this.summarize(pkg);
  }

  /** An analyzer for programs that import the given packages of GOROOT. */
  static for(imports: readonly string[]): Analyzer {
    if (imports.length === 0) return new Analyzer([]);
    const host = nodeHost({ env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" } });
    return new Analyzer(loadPackages(host, { patterns: [...imports] }).packages);
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
    const result = analyzePackage(session, unit, { m: 0, compile: defaults, explain: false, graphs: false, debug: null });
    if (result.checked === null) return;
    const summary = writePackage(result.checked.pkg, {
      fset: session.fset,
      files: result.files,
      facts: (fn) => result.facts.get(fn) ?? null,
      resolveImport: (path) => session.importPackage(imports.get(path) ?? path),
    });
    this.summaries.set(importPath, summary);
  }

  /** What goesc prints for a program of one file, x.go. Throws what the analysis throws. */
  run(source: Uint8Array, flags: Flags): string {
    const { session, result } = this.analyze(source, flags);
    if (result.checked === null || result.errors.length > 0) return errorText(session.fset, result.errors, false);
    return renderResult(session.fset, "command-line-arguments", result, { json: false, dump: null, debug: false });
  }

  analyze(source: Uint8Array, { m, l }: Flags): { session: Session; result: PackageResult } {
    // Positions are integers that grow with every file; start afresh before they run out.
    if (this.uses++ % 500 === 499) this.session = this.newSession();
    const { session } = this;
    this.source = source;
    const imports = new Map(this.packages.map(({ importPath }) => [importPath, importPath]));
    const result = analyzePackage(
      session,
      {
        importPath: "command-line-arguments",
        compilerPath: "main",
        goFiles: ["x.go"],
        imports,
        goVersion: "go1.26",
        complete: true,
        isStd: false,
      },
      { m, compile: { ...defaults, l }, explain: false, graphs: false, debug: null },
    );
    return { session, result };
  }
}
