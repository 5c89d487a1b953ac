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

/** types2's tests have a predeclared `assert`; here it is declared beside the files that call it. */
const assertFile = (pkgName: string): Source => ({
  name: "assert.go",
  bytes: new TextEncoder().encode(`package ${pkgName}\nfunc assert(bool) {}\n`),
});

function callsAssert(sources: readonly Source[]): boolean {
  const texts = sources.map(({ bytes }) => new TextDecoder().decode(bytes));
  return (
    texts.some((text) => /(?<![.\w])assert(?: |\/\*.*?\*\/)*\(/.test(text)) &&
    !texts.some((text) => /func assert\b/.test(text))
  );
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
    const withAssert = options.likeTypes2Tests === true && callsAssert(sources);
    for (const { name, bytes } of withAssert ? [...sources, assertFile(options.path)] : sources) {
      const result = parseFile(fset, name, bytes, { std: options.std, compilingRuntime: options.compilingRuntime });
      if (result.file !== null) files.push(result.file);
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
    if (withAssert) errors.push(...failedAssertions(files));
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

/** Calls of `assert` whose argument is not the constant true. */
function failedAssertions(files: readonly File[]): Diagnostic[] {
  const failed: Diagnostic[] = [];
  for (const file of files) {
    inspect(file, (node) => {
      if (
        node?.kind === Kind.CallExpr &&
        node.fun.kind === Kind.Name &&
        node.fun.value === "assert" &&
        node.args.length === 1
      ) {
        const [arg] = node.args;
        if (arg.mode === Mode.Constant && arg.val !== null && valueString(arg.val) !== "true") {
          failed.push({ pos: node.pos, msg: `${exprString(node)} failed`, code: "Test", soft: false });
        } else if (arg.mode !== Mode.Constant && arg.mode !== Mode.Invalid) {
          failed.push({ pos: arg.pos, msg: `${exprString(arg)} is not a boolean constant`, code: "Test", soft: false });
        }
      }
      return true;
    });
  }
  return failed;
}
