/** What the analyses of several packages share: positions, instances, and the packages that others import.
 *
 *  A package is known by its summary (types/summary-read.ts): what it declares is made object by object when somebody
 *  asks, and the declaration of a generic function is read again from its source. Sessions are independent of each
 *  other; every worker has one. */
import { InternalError } from "../base/diag.ts";
import { defaultMinor, type GoRules, goRules } from "../base/goversion.ts";
import { FileSet } from "../base/pos.ts";
import { fromSerialized, Profile } from "../inline/pgo/profile.ts";
import { type Target, targetOf } from "../ir/target.ts";
import { type FuncDecl, Kind } from "../syntax/ast.ts";
import { commentsBefore, parseFile, parseFuncDecl } from "../syntax/parse.ts";
import type { Config } from "../types/check.ts";
import { Context } from "../types/context.ts";
import type { Importer } from "../types/importer.ts";
import { recheckFuncDecl } from "../types/recheck.ts";
import { type Sizes, sizesFor } from "../types/sizes.ts";
import { readPackage } from "../types/summary-read.ts";
import type { Func, Package } from "../types/types.ts";

/** Where a session gets its bytes from. */
export interface SessionHost {
  readFile(path: string): Uint8Array;
  /** The summary of a package that was analysed before; null if there is none. */
  readSummary(importPath: string): Uint8Array | null;
  /** Reads a source file into its tree; {@link parseFile} if there is no other reader. */
  readonly parse?: typeof parseFile;
  /** Where the Go installation is. */
  readonly goroot?: string;
  /** The serialised profile of that name (inline/pgo/profile.ts). */
  readProfile?(name: string): string;
}

export class Session {
  readonly fset = new FileSet();
  readonly context = new Context();
  readonly target: Target;
  readonly sizes: Sizes;
  readonly rules: GoRules;
  private readonly packages = new Map<string, Package>();
  /** Declarations of files that generic functions were read from, by the offset of their position. */
  private readonly declarations = new Map<string, Map<number, FuncDecl>>();
  /** Files that functions were read from one by one. */
  private readonly bytes = new Map<string, Uint8Array>();
  private readonly profiles = new Map<string, Profile>();
  /** Functions that were read from their source. */
  private readonly checked = new Map<Func, FuncDecl>();

  constructor(
    readonly host: SessionHost,
    readonly goarch: string,
    /** The release 1.N whose rules hold. */
    readonly minor = defaultMinor,
  ) {
    this.rules = goRules(minor);
    this.target = targetOf(goarch, this.rules);
    const sizes = sizesFor(goarch);
    if (sizes === null) throw new InternalError(`no sizes for GOARCH=${goarch}`);
    this.sizes = sizes;
  }

  /** The profile of that name. */
  profile(name: string): Profile {
    let profile = this.profiles.get(name);
    if (profile === undefined) {
      const text = this.host.readProfile?.(name);
      if (text === undefined) throw new InternalError(`no profile ${name}`);
      profile = new Profile(fromSerialized(text));
      this.profiles.set(name, profile);
    }
    return profile;
  }

  /** The package with the given path as its importers see it; null if it has no summary. */
  importPackage(importPath: string): Package | null {
    const known = this.packages.get(importPath);
    if (known !== undefined) return known;
    const bytes = this.host.readSummary(importPath);
    if (bytes === null) return null;
    // What is built once more for a main package, as in `p [main]`, imports packages that are so too.
    const variant = /^[^ ]*( \[.*\])?$/.exec(importPath)?.[1] ?? "";
    const find = (path: string): Package | null =>
      (variant === "" ? null : this.importPackage(path + variant)) ?? this.importPackage(path);
    const resolve = (path: string): Package => {
      const pkg = find(path);
      if (pkg === null) throw new InternalError(`${importPath} imports ${path}, which has no summary`);
      return pkg;
    };
    const pkg = readPackage(bytes, resolve, this.fset, this.context);
    pkg.loadFuncDecl = (fn) => this.readFuncDecl(pkg, fn, { importPackage: find });
    this.packages.set(importPath, pkg);
    return pkg;
  }

  /** An importer for a package whose imports, as written, mean the given paths. */
  importerFor(imports: ReadonlyMap<string, string>): Importer {
    return { importPackage: (path) => this.importPackage(imports.get(path) ?? path) };
  }

  /** How packages of the session are checked. */
  checkConfig(goVersion: string, importer: Importer): Config {
    const { minor, sizes, fset, context } = this;
    return { goVersion, newestVersion: `go1.${minor}`, importer, sizes, fset, context };
  }

  /** Reads and checks the declaration of an imported function. */
  private readFuncDecl(pkg: Package, fn: Func, importer: Importer): FuncDecl | null {
    const known = this.checked.get(fn);
    if (known !== undefined) return known;
    const summary = pkg.summary;
    const range = summary?.declRange(fn) ?? null;
    if (summary === null || range === null) return null;
    const source = summary.files()[range.file];
    const sig = fn.type!;
    const bytes = this.bytesOf(source.name);
    // Directives count for instances; what they say of other functions is in the summary.
    const isGeneric = sig.tparams.length > 0 || sig.rparams.length > 0;
    const from = isGeneric ? commentsBefore(bytes, range.start) : range.start;
    const { genericMethods } = this.rules;
    const decl =
      from < 0
        ? this.declarationsOf(source.name).get(range.start)
        : parseFuncDecl(this.fset, summary.sourceFile(range.file), bytes, range, { from, genericMethods });
    if (decl === undefined) return null;
    const errors = recheckFuncDecl(this.checkConfig(pkg.goVersion, importer), pkg, fn, decl, source.imports, {
      localTypesBefore: range.localTypesBefore,
      ...(source.goVersion === "" ? {} : { goVersion: source.goVersion }),
    });
    if (errors.length > 0) throw new InternalError(`${source.name}: ${errors[0].msg}`);
    this.checked.set(fn, decl);
    return decl;
  }

  private bytesOf(name: string): Uint8Array {
    let bytes = this.bytes.get(name);
    if (bytes === undefined) {
      bytes = this.host.readFile(name);
      this.bytes.set(name, bytes);
    }
    return bytes;
  }

  /** The functions that a file declares, by the offset of their position. */
  private declarationsOf(name: string): Map<number, FuncDecl> {
    let decls = this.declarations.get(name);
    if (decls === undefined) {
      decls = new Map();
      // Directives were checked when the package was analysed.
      const { file, source } = parseFile(this.fset, name, this.host.readFile(name), {
        std: true,
        compilingRuntime: true,
        genericMethods: this.rules.genericMethods,
      });
      for (const decl of file?.decls ?? []) if (decl.kind === Kind.FuncDecl) decls.set(decl.pos - source.base, decl);
      this.declarations.set(name, decls);
    }
    return decls;
  }
}
