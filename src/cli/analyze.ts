/** Analyses the packages of a request, imported ones first, in this thread.
 *
 *  Packages that are only imported are checked without their function bodies. */
import type { Diagnostic } from "../base/diag.ts";
import { FileSet } from "../base/pos.ts";
import { FileError } from "../load/fs.ts";
import type { LoadedPackage } from "../load/package.ts";
import { isRuntimePackage } from "../load/special.ts";
import { errorText } from "../report/errors.ts";
import type { File } from "../syntax/ast.ts";
import { isSyntaxError, parseFile } from "../syntax/parse.ts";
import { checkPackage } from "../types/check.ts";
import { Context } from "../types/context.ts";
import type { Package } from "../types/types.ts";
import { type Sizes, sizesFor } from "../types/sizes.ts";
import { type CompilerFlags, UsageError } from "./args.ts";
import type { AnalysisRequest, PackageOutput } from "./run.ts";

export async function analyzePackages(request: AnalysisRequest): Promise<void> {
  const { load } = request;
  const sizes = sizesFor(load.env.goarch);
  if (sizes === null) throw new UsageError(`GOARCH=${load.env.goarch} is not supported`);
  const session = new CheckSession(request, sizes);
  let done = 0;
  for (const pkg of load.packages) {
    request.progress(done++, pkg.importPath);
    session.check(pkg);
  }
}

class CheckSession {
  private readonly request: AnalysisRequest;
  private readonly sizes: Sizes;
  private readonly fset = new FileSet();
  private readonly context = new Context();
  private readonly checked = new Map<LoadedPackage, Package>();

  constructor(request: AnalysisRequest, sizes: Sizes) {
    this.request = request;
    this.sizes = sizes;
  }

  check(pkg: LoadedPackage): void {
    if (pkg.goFiles.length === 0) return;
    const flags = this.request.flags(pkg);
    const { files, errors } = this.parse(pkg);
    if (!errors.some(isSyntaxError)) {
      const result = checkPackage(
        {
          goVersion: flags.lang || pkg.goVersion,
          importer: { importPackage: (path) => this.imported(pkg, path) },
          sizes: this.sizes,
          fset: this.fset,
          context: this.context,
          ignoreFuncBodies: !pkg.isRequested,
          complete: pkg.complete,
          hadErrors: errors.length > 0,
        },
        pkg.compilerPath,
        files,
      );
      this.checked.set(pkg, result.pkg);
      errors.push(...result.errors);
    }
    if (pkg.isRequested) this.emit(pkg, flags, errors);
  }

  private emit(pkg: LoadedPackage, flags: CompilerFlags, errors: readonly Diagnostic[]): void {
    // What cannot be imported has been reported; the checker would only repeat it.
    const text = pkg.incomplete ? "" : errorText(this.fset, errors, flags.e);
    const output: PackageOutput = { pkg, out: "", errors: text };
    if (text !== "") this.request.emit(output);
  }

  private parse(pkg: LoadedPackage): { files: File[]; errors: Diagnostic[] } {
    const files: File[] = [];
    const errors: Diagnostic[] = [];
    for (const name of pkg.goFiles) {
      let source: Uint8Array;
      try {
        source = this.request.host.fs.readFile(name);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        errors.push({ pos: 0, msg: error.message, code: "file", soft: false });
        continue;
      }
      const result = parseFile(this.fset, name, source, { std: pkg.isStd, compilingRuntime: isRuntimePackage(pkg.importPath) });
      if (result.file !== null) files.push(result.file);
      errors.push(...result.errors);
    }
    return { files, errors };
  }

  private imported(pkg: LoadedPackage, path: string): Package | null {
    const target = pkg.imports.get(path);
    return target === undefined ? null : (this.checked.get(target) ?? null);
  }
}
