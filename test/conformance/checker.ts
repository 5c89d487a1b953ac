/** Checks Go files in this process, their imports read from GOROOT's sources on demand. */

import { valueString } from "../../src/base/constant.ts";
import type { Diagnostic } from "../../src/base/diag.ts";
import { FileSet } from "../../src/base/pos.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { loadPackages } from "../../src/load/load.ts";
import type { LoadedPackage } from "../../src/load/package.ts";
import { isRuntimePackage } from "../../src/load/special.ts";
import { type File, Kind, Mode } from "../../src/syntax/ast.ts";
import { isSyntaxError, parseFile } from "../../src/syntax/parse.ts";
import { exprString } from "../../src/syntax/printer.ts";
import { inspect } from "../../src/syntax/walk.ts";
import { checkPackage } from "../../src/types/check.ts";
import { Context } from "../../src/types/context.ts";
import { type Sizes, sizesFor } from "../../src/types/sizes.ts";
import type { Package } from "../../src/types/types.ts";

export interface Source {
  /** As positions show it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface CheckOptions {
  readonly path: string;
  /** "" for the newest. */
  readonly goVersion?: string;
  /** Every function must have a body, as the compiler's -complete. */
  readonly complete?: boolean;
  /** As types2's own tests: labels are the checker's business, and a file with syntax errors is checked all the same. */
  readonly likeTypes2Tests?: boolean;
  readonly fakeImportC?: boolean;
  /** The compiler's -std and -+. */
  readonly std?: boolean;
  readonly compilingRuntime?: boolean;
  /** Packages that are not in the standard library, by import path as written. */
  readonly locals?: ReadonlyMap<string, Package>;
}

export interface Checked {
  readonly pkg: Package | null;
  /** In the order in which they were found. */
  readonly errors: Diagnostic[];
  readonly fset: FileSet;
}

/** What the parser says of labels and branches, which types2's tests leave to the checker. */
const branchError =
  /^(?:label |break is not|continue is not|invalid break label|invalid continue label|goto |fallthrough |cannot fallthrough|break label |continue label )/;

/** What the compiler checks after types2, which types2's tests do not know. */
const afterTypes2 = /^invalid recursive type: anonymous interface refers to itself/;

/** types2's tests have a predeclared `assert` for constants. Here `assert(x)` is read as `(x)`, or `_ = (x)` where a
 *  statement is needed, with every column in its place; {@link failedAssertions} looks at the values. */
function withoutAsserts(bytes: Uint8Array): { bytes: Uint8Array; asserted: Set<number> } {
  const text = Buffer.from(bytes).toString("latin1"); // a character a byte
  const asserted = new Set<number>();
  if (/func assert\b/.test(text)) return { bytes, asserted };
  const plain = text.replace(/(?<![.\w])assert(?=\()/g, (word, at: number) => {
    asserted.add(at + word.length);
    return /=\s*$/.test(text.slice(Math.max(0, at - 40), at)) ? "      " : "_   = ";
  });
  return { bytes: Buffer.from(plain, "latin1"), asserted };
}

export class SourceChecker {
  private readonly fset = new FileSet();
  private readonly context = new Context();
  private readonly sizes: Sizes = sizesFor("amd64") as Sizes;
  private readonly standard = new Map<string, LoadedPackage>();
  private readonly imported = new Map<LoadedPackage, Package>();

  constructor() {
    const host = nodeHost({
      env: { ...process.env, CGO_ENABLED: "0", GOOS: "linux", GOARCH: "amd64", GOWORK: "off", GOFLAGS: "" },
    });
    for (const pkg of loadPackages(host, { patterns: ["std"] }).packages) this.standard.set(pkg.importPath, pkg);
  }

  /** Only parses. */
  parse(name: string, bytes: Uint8Array): { errors: Diagnostic[]; fset: FileSet } {
    return { errors: parseFile(this.fset, name, bytes).errors, fset: this.fset };
  }

  check(sources: readonly Source[], options: CheckOptions): Checked {
    const { fset } = this;
    const errors: Diagnostic[] = [];
    const files: File[] = [];
    const failed: (() => Diagnostic[])[] = [];
    for (const { name, bytes: original } of sources) {
      const { bytes, asserted } = options.likeTypes2Tests
        ? withoutAsserts(original)
        : { bytes: original, asserted: new Set<number>() };
      const result = parseFile(fset, name, bytes, { std: options.std, compilingRuntime: options.compilingRuntime });
      const { file, source } = result;
      if (file !== null) {
        files.push(file);
        if (asserted.size > 0) failed.push(() => failedAssertions(file, source.base, asserted));
      }
      errors.push(
        ...(options.likeTypes2Tests ? result.errors.filter((error) => !branchError.test(error.msg)) : result.errors),
      );
    }
    const stops = options.likeTypes2Tests ? files.length < sources.length : errors.some(isSyntaxError);
    if (stops) return { pkg: null, errors, fset };
    const result = checkPackage(
      {
        goVersion: options.goVersion ?? "",
        importer: {
          importPackage: (path) => options.locals?.get(path) ?? this.importStandard(this.standard.get(path)),
        },
        sizes: this.sizes,
        fset,
        context: new Context(),
        complete: options.complete,
        ignoreBranchErrors: !options.likeTypes2Tests,
        fakeImportC: options.fakeImportC,
      },
      options.path,
      files,
    );
    errors.push(
      ...(options.likeTypes2Tests ? result.errors.filter((error) => !afterTypes2.test(error.msg)) : result.errors),
    );
    for (const find of failed) errors.push(...find());
    return { pkg: result.pkg, errors, fset };
  }

  private importStandard(loaded: LoadedPackage | undefined): Package | null {
    if (loaded === undefined) return null;
    const known = this.imported.get(loaded);
    if (known !== undefined) return known;
    const std = { std: true, compilingRuntime: isRuntimePackage(loaded.importPath) };
    const host = nodeHost();
    const files = loaded.goFiles.map((name) => parseFile(this.fset, name, host.fs.readFile(name), std).file as File);
    const { pkg } = checkPackage(
      {
        goVersion: loaded.goVersion,
        importer: { importPackage: (path) => this.importStandard(loaded.imports.get(path)) },
        sizes: this.sizes,
        fset: this.fset,
        context: this.context,
        ignoreFuncBodies: true,
      },
      loaded.importPath,
      files,
    );
    this.imported.set(loaded, pkg);
    return pkg;
  }
}

/** Arguments of `assert` that are constants other than true; `base` is the file's place in the position space. */
function failedAssertions(file: File, base: number, asserted: ReadonlySet<number>): Diagnostic[] {
  const failed: Diagnostic[] = [];
  inspect(file, (node) => {
    if (node?.kind === Kind.ParenExpr && asserted.has(node.pos - base)) {
      const { x } = node;
      if (x.mode === Mode.Constant && x.val !== null && valueString(x.val) === "false") {
        failed.push({ pos: node.pos, msg: `assert${exprString(node)} failed`, code: "Test", soft: false });
      }
    }
    return true;
  });
  return failed;
}
