/** The type checker: its state, its configuration and the order of its phases.
 *
 *  Mirrors types2/check.go. `checkPackage` is the entry point; recheck.ts checks single functions of packages that
 *  are already known. Findings are written into the syntax tree (recording.ts). */
import type { Value } from "../base/constant.ts";
import type { Diagnostic, ErrorSink } from "../base/diag.ts";
import { InternalError } from "../base/diag.ts";
import { type FileSet, NoPos, type Pos } from "../base/pos.ts";
import type { CallExpr, Decl, Expr, File, FuncDecl, Mode, Name, TypeDecl } from "../syntax/ast.ts";
import { Context } from "./context.ts";
import { directCycles } from "./cycles.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf } from "./errors.ts";
import type { Importer } from "./importer.ts";
import { initOrder } from "./initorder.ts";
import { MonoGraph, monomorph } from "./mono.ts";
import { cleanup as cleanupNamed } from "./named.ts";
import { afterCheck } from "./postcheck.ts";
import { recordUntyped } from "./recording.ts";
import { collectObjects, packageObjects, sortObjects, unusedImports } from "./resolver.ts";
import type { Sizes } from "./sizes.ts";
import { cleanup as cleanupTypeParam } from "./typeparam.ts";
import {
  type ArrayT,
  type Basic,
  type Chan,
  type Func,
  type Interface,
  type Named,
  type Obj,
  Package,
  type PkgName,
  type Scope,
  type Signature,
  TypeKind,
  type TypeName,
  type TypeParam,
  type Var,
} from "./types.ts";
import { cleanup as cleanupInterface } from "./typeset.ts";
import { Universe } from "./universe.ts";
import { asGoVersion, cmp, type GoVersion, go1_21, goCurrent, isValid as isValidVersion } from "./version.ts";

export interface Config {
  /** The accepted language version as the go command passes it (`go1.26`, also `go1.21.3`); "" accepts all. */
  readonly goVersion: string;
  /** The newest language version of the release in use; by default the newest one known. */
  readonly newestVersion?: GoVersion;
  readonly importer: Importer;
  readonly sizes: Sizes;
  /** Where positions of diagnostics and of "other declaration" lines come from. */
  readonly fset: FileSet;
  /** Positions of imported packages below this directory are shown as `$GOROOT/...`, as in export data. */
  readonly goroot?: string;
  /** Shared by packages that are checked in one run, so that equal instances are one object. */
  readonly context?: Context;
  /** Told of each diagnostic in the order of discovery. */
  readonly error?: ErrorSink;
  /** Check declarations only; bodies can be checked later, one by one (recheck.ts). */
  readonly ignoreFuncBodies?: boolean;
  /** Default true: the parser has checked labels and branches already, as the compiler's does. */
  readonly ignoreBranchErrors?: boolean;
  /** There are no files in other languages, so each function needs a body. */
  readonly complete?: boolean;
  /** Bodies of functions that nobody calls were taken away: imports may be unused. */
  readonly partial?: boolean;
  /** The parser reported errors that are none of syntax: what the compiler checks after the types is left out. */
  readonly hadErrors?: boolean;
  /** Accept `import "C"` without looking it up. */
  readonly fakeImportC?: boolean;
  /** Called between function bodies; what it throws ends the check. */
  readonly checkpoint?: () => void;
}

/** What is known about an expression that has no final type yet. */
export interface ExprInfo {
  /** The expression is the left operand of a shift whose check is delayed. */
  isLhs: boolean;
  mode: Mode;
  type: Basic;
  val: Value | null;
}

/** A package-level const, var, type or func declaration. */
export class DeclInfo {
  /** Left-hand side of an n:1 variable declaration; null otherwise. */
  lhs: Var[] | null = null;
  /** Declared type of constants and variables. */
  vtyp: Expr | null = null;
  init: Expr | null = null;
  /** The initialisation is repeated from a constant declaration before this one. */
  inherited = false;
  tdecl: TypeDecl | null = null;
  fdecl: FuncDecl | null = null;
  /** What the initialisation (or function body) refers to. */
  deps: Set<Obj> | null = null;
  constructor(
    /** Scope of the file with the declaration. */
    readonly file: Scope,
    readonly version: GoVersion,
  ) {}

  hasInitializer(): boolean {
    return this.init !== null || (this.fdecl !== null && this.fdecl.body !== null);
  }
}

/** `lhs = rhs` of package variables, in initialisation order. */
export interface Initializer {
  readonly lhs: Var[];
  readonly rhs: Expr;
}

interface Action {
  readonly version: GoVersion;
  readonly f: () => void;
}

/** The part of the state that belongs to the object being checked; saved and restored around each. */
export interface Environment {
  decl: DeclInfo | null;
  scope: Scope;
  version: GoVersion;
  iota: Value | null;
  errpos: Pos;
  inTParamList: boolean;
  sig: Signature | null;
  isPanic: Set<CallExpr> | null;
  hasLabel: boolean;
  hasCallOrRecv: boolean;
}

export class Checker implements Environment {
  readonly conf: Config;
  readonly ctxt: Context;
  readonly fset: FileSet;
  readonly pkg: Package;

  /** Package-level objects and methods, in source order, with their declarations. */
  readonly objMap = new Map<Obj, DeclInfo>();
  objList: Obj[] = [];
  /** Some loop ranges over a function. */
  hasRangeFunc = false;
  /** Imported packages by path. */
  readonly impMap = new Map<string, Package>();
  /** Package name → import paths seen under it, for error messages only. Owned by format.ts. */
  pkgPathMap: Map<string, Set<string>> | null = null;
  seenPkgMap: Set<Package> | null = null;

  files: File[] = [];
  /** Language version of each file. */
  readonly versions = new Map<File, string>();
  imports: PkgName[] = [];
  /** Dot-imported objects: file scope → name → the import they came through. */
  dotImportMap: Map<Scope, Map<string, PkgName>> | null = null;
  readonly mono = new MonoGraph();

  readonly errors: Diagnostic[] = [];
  firstErr: Diagnostic | null = null;
  /** Methods collected for a type name whose declaration has not been checked yet. */
  methods: Map<TypeName, Func[]> | null = null;
  /** Expressions without final type. */
  readonly untyped = new Map<Expr, ExprInfo>();
  readonly delayed: Action[] = [];
  /** Objects whose declaration is being checked, outermost first, and the place of each in the path. */
  readonly objPath: Obj[] = [];
  readonly objPathIdx = new Map<Obj, number>();
  readonly cleaners: (Named | Interface | TypeParam)[] = [];
  // Kept for the checks that follow (postcheck.ts), in order of discovery.
  /** Types declared in functions. */
  readonly localTypes: TypeName[] = [];
  readonly typeDecls: TypeDecl[] = [];
  /** Interface types with methods, as they stand in the source. */
  readonly interfaces: { readonly pos: Pos; readonly type: Interface }[] = [];
  /** Names of instantiated functions and types. */
  readonly instances: Name[] = [];
  /** Channels and long arrays, whose sizes are limited. */
  readonly largeTypes: (ArrayT | Chan)[] = [];
  /** Declarations in functions that directives stand before. */
  readonly localDirectives: Decl[] = [];
  initOrder: Initializer[] = [];

  // the environment
  decl: DeclInfo | null = null;
  scope: Scope;
  version: GoVersion;
  iota: Value | null = null;
  errpos: Pos = NoPos;
  inTParamList = false;
  sig: Signature | null = null;
  isPanic: Set<CallExpr> | null = null;
  hasLabel = false;
  hasCallOrRecv = false;

  constructor(conf: Config, pkg: Package) {
    this.conf = conf;
    this.ctxt = conf.context ?? new Context();
    this.fset = conf.fset;
    this.pkg = pkg;
    this.scope = pkg.scope;
    this.version = asGoVersion(conf.goVersion);
  }
}

/** The current environment, to be given back to {@link restoreEnvironment}. */
export function saveEnvironment(c: Checker): Environment {
  return {
    decl: c.decl,
    scope: c.scope,
    version: c.version,
    iota: c.iota,
    errpos: c.errpos,
    inTParamList: c.inTParamList,
    sig: c.sig,
    isPanic: c.isPanic,
    hasLabel: c.hasLabel,
    hasCallOrRecv: c.hasCallOrRecv,
  };
}

export function restoreEnvironment(c: Checker, env: Environment): void {
  c.decl = env.decl;
  c.scope = env.scope;
  c.version = env.version;
  c.iota = env.iota;
  c.errpos = env.errpos;
  c.inTParamList = env.inTParamList;
  c.sig = env.sig;
  c.isPanic = env.isPanic;
  c.hasLabel = env.hasLabel;
  c.hasCallOrRecv = env.hasCallOrRecv;
}

/** Starts over with an empty environment in `scope`. */
export function enterEnvironment(c: Checker, scope: Scope, version: GoVersion): void {
  c.decl = null;
  c.scope = scope;
  c.version = version;
  c.iota = null;
  c.errpos = NoPos;
  c.inTParamList = false;
  c.sig = null;
  c.isPanic = null;
  c.hasLabel = false;
  c.hasCallOrRecv = false;
}

/** The object that `name` denotes here and the scope it was found in. (The scope need not be the object's
 *  parent: dot-imported objects keep theirs.) */
export function lookupScope(c: Checker, name: string): { scope: Scope; obj: Obj } | null {
  for (let scope: Scope | null = c.scope; scope !== null; scope = scope.parent) {
    const obj = scope.lookup(name);
    if (obj !== null) return { scope, obj };
  }
  return null;
}

export function lookup(c: Checker, name: string): Obj | null {
  for (let scope: Scope | null = c.scope; scope !== null; scope = scope.parent) {
    const obj = scope.lookup(name);
    if (obj !== null) return obj;
  }
  return null;
}

/** Notes that the declaration being checked refers to the package-level object `to`. */
export function addDeclDep(c: Checker, to: Obj): void {
  const from = c.decl;
  if (from === null || to.order === 0 || to.pkg !== c.pkg || !c.objMap.has(to)) return;
  from.deps ??= new Set();
  from.deps.add(to);
}

export function rememberUntyped(c: Checker, e: Expr, isLhs: boolean, mode: Mode, type: Basic, val: Value | null): void {
  c.untyped.set(e, { isLhs, mode, type, val });
}

/** Postpones `f` to the end of the current statement; outside functions, to the end of all declarations. */
export function later(c: Checker, f: () => void): void {
  c.delayed.push({ version: c.version, f });
}

export function push(c: Checker, obj: Obj): void {
  c.objPathIdx.set(obj, c.objPath.length);
  c.objPath.push(obj);
}

export function pop(c: Checker): void {
  c.objPathIdx.delete(c.objPath.pop()!);
}

export function needsCleanup(c: Checker, t: Named | Interface | TypeParam): void {
  c.cleaners.push(t);
}

/** Runs the delayed actions from index `top` on, and those they add. */
export function processDelayed(c: Checker, top: number): void {
  if (c.delayed.length === top) return;
  const version = c.version;
  for (let i = top; i < c.delayed.length; i++) {
    const action = c.delayed[i];
    if (top === 0) c.conf.checkpoint?.();
    c.version = action.version;
    action.f();
  }
  c.delayed.length = top;
  c.version = version;
}

/** Final work on types; may find more of them. */
export function cleanup(c: Checker): void {
  for (let i = 0; i < c.cleaners.length; i++) {
    const t = c.cleaners[i];
    switch (t.kind) {
      case TypeKind.Named:
        cleanupNamed(t, c);
        break;
      case TypeKind.TypeParam:
        cleanupTypeParam(t, c);
        break;
      case TypeKind.Interface:
        cleanupInterface(t);
    }
  }
  c.cleaners.length = 0;
}

/** The language version of `file`: a `//go:build` line may change that of the package, down to go1.21. */
export function fileVersion(conf: Config, file: File): string {
  const own = asGoVersion(file.goVersion);
  if (!isValidVersion(own)) return conf.goVersion;
  return cmp(own, go1_21) > 0 ? file.goVersion : "go1.21";
}

/** Errors about a file as a whole are reported at its first byte. */
function fileStart(c: Checker, file: File): Pos {
  return c.fset.file(file.pos)?.base ?? file.pos;
}

function initFiles(c: Checker, files: readonly File[]): void {
  const pkg = c.pkg;
  for (const file of files) {
    const name = file.pkgName.value;
    if (pkg.name === "") {
      if (name !== "_") pkg.name = name;
      else error(c, file.pkgName, Code.BlankPkgName, "invalid package name _");
      c.files.push(file);
    } else if (name === pkg.name) {
      c.files.push(file);
    } else {
      errorf(c, fileStart(c, file), Code.MismatchedPkgName, "package %s; expected package %s", name, pkg.name);
    }
  }

  const newest = c.conf.newestVersion ?? goCurrent;
  const pkgVersion = asGoVersion(c.conf.goVersion);
  if (isValidVersion(pkgVersion) && files.length > 0 && cmp(pkgVersion, newest) > 0) {
    const format = "package requires newer Go version %v (application built with %v)";
    errorf(c, fileStart(c, files[0]), Code.TooNew, format, pkgVersion, newest);
  }
  for (const file of c.files) {
    c.versions.set(file, fileVersion(c.conf, file));
    const own = asGoVersion(file.goVersion);
    if (isValidVersion(own) && cmp(own, newest) > 0) {
      errorf(c, file.pkgName, Code.TooNew, "file requires newer Go version %v", own);
    }
  }
}

/** Checks a package's files. Reports as it goes instead of stopping, so valid parts get their types in any case. */
export function checkFiles(c: Checker, files: readonly File[]): void {
  initFiles(c, files);
  collectObjects(c);
  sortObjects(c);
  directCycles(c);
  packageObjects(c);
  processDelayed(c, 0); // all function bodies among them
  cleanup(c);
  initOrder(c);
  unusedImports(c);
  recordUntyped(c);
  if (c.firstErr === null) monomorph(c);
  numberLocalTypes(c);
  c.pkg.scope.children.length = 0;
  c.pkg.goVersion = c.conf.goVersion;
  c.pkg.complete = true;
}

/** Numbers the types declared in functions in the order in which they stand in the source (noder/writer.go). */
function numberLocalTypes(c: Checker): void {
  const rank = new Map(c.files.map((file, i) => [c.fset.file(file.pos), i] as const));
  const fileRank = (obj: TypeName): number => rank.get(c.fset.file(obj.pos)) ?? 0;
  c.localTypes.sort((a, b) => fileRank(a) - fileRank(b) || a.pos - b.pos);
  let last = 0;
  for (const obj of c.localTypes) obj.localIndex = ++last;
}

export interface CheckResult {
  readonly pkg: Package;
  /** In the order of discovery. (The compiler gives up after the tenth, and prints those by position.) */
  readonly errors: Diagnostic[];
  readonly initOrder: Initializer[];
  /** Language version of each file. */
  readonly versions: ReadonlyMap<File, string>;
  /** Some loop ranges over a function. */
  readonly hasRangeFunc: boolean;
}

/** Checks the files of one package: types2 as the compiler configures it, and what the compiler checks right after. */
export function checkPackage(conf: Config, path: string, files: readonly File[]): CheckResult {
  const pkg = new Package(path, "", Universe);
  const c = new Checker(conf, pkg);
  checkFiles(c, files);
  if (c.firstErr === null && conf.hadErrors !== true && conf.ignoreFuncBodies !== true) afterCheck(c);
  return { pkg, errors: c.errors, initOrder: c.initOrder, versions: c.versions, hasRangeFunc: c.hasRangeFunc };
}

export function assert(ok: boolean): asserts ok {
  if (!ok) throw new InternalError("type checker: assertion failed");
}
