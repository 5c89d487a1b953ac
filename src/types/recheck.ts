/** Checks the body of a single function of a package that is known already: of one whose declarations alone were
 *  checked, or of an imported one whose generic functions come with their source text.
 *
 *  The names in the declaration's signature are bound to the objects that the function has, so that its type
 *  parameters and variables are the same in the body and for those who instantiate or call it. */
import { type Diagnostic, InternalError } from "../base/diag.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { type Field, type FuncDecl, Mode, type Name } from "../syntax/ast.ts";
import { Checker, type Config, cleanup, enterEnvironment, needsCleanup, processDelayed } from "./check.ts";
import { declare } from "./decl.ts";
import { recordDef, recordTypeAndValue, recordUntyped, recordUse } from "./recording.ts";
import { dotImport, unpackRecv } from "./resolver.ts";
import { newScope } from "./scope.ts";
import { funcType } from "./signature.ts";
import { funcBody } from "./stmt.ts";
import {
  BasicKind,
  Func,
  type Obj,
  type Package,
  PkgName,
  type Scope,
  Signature,
  type Type,
  TypeKind,
  type TypeParam,
  type Var,
} from "./types.ts";
import { Typ, Unsafe } from "./universe.ts";
import { asGoVersion } from "./version.ts";

/** An import of the file that the function stands in; the path is resolved. */
export interface FileImport {
  /** The name in the file: the package's own, another, `.` or `_`. */
  readonly name: string;
  readonly path: string;
}

export interface RecheckOptions {
  /** Language version of the file, if it is not the package's. */
  readonly goVersion?: string;
  /** How many types are declared in functions before this one in the package. */
  readonly localTypesBefore?: number;
  /** Nobody has checked this text, nor will: what has to be looked at beside the types (postcheck.ts) is an error then. */
  readonly isUnseen?: boolean;
}

/** Checks the body of `decl`, the declaration of `fn` in package `pkg`; its names, types and values are then written
 *  into the tree. */
export function recheckFuncDecl(
  conf: Config,
  pkg: Package,
  fn: Func,
  decl: FuncDecl,
  imports: readonly FileImport[],
  options: RecheckOptions = {},
): Diagnostic[] {
  if (decl.body === null) return [];
  const { c, fileScope } = inFile(conf, pkg, imports, options);
  const sig = fn.type!;
  if (sig.recv !== null) adoptInstances(c, sig.recv.type!);
  adoptInstances(c, sig.params);
  adoptInstances(c, sig.results);
  const outer = sig.scope;
  sig.scope = signatureScope(c, fileScope, sig, decl);
  recordDef(c, decl.name, fn);
  funcBody(c, null, fn.name, sig, decl.body, null);
  processDelayed(c, 0);
  cleanup(c);
  recordUntyped(c);
  sig.scope = outer;

  c.localTypes.sort((a, b) => a.pos - b.pos);
  let last = options.localTypesBefore ?? 0;
  for (const obj of c.localTypes) obj.localIndex = ++last;
  if (options.isUnseen === true && c.localDirectives.length + c.largeTypes.length + c.interfaces.length > 0) {
    c.errors.push({ pos: decl.pos, msg: "the package has to be checked as a whole", code: "", soft: false });
  }
  return c.errors;
}

/** Declares a function that is new in the package: one without receiver and type parameters. */
export function declareFunc(
  conf: Config,
  pkg: Package,
  decl: FuncDecl,
  imports: readonly FileImport[],
  options: RecheckOptions = {},
): { readonly fn: Func; readonly errors: Diagnostic[] } {
  const { c } = inFile(conf, pkg, imports, options);
  const sig = new Signature();
  const fn = new Func(decl.name.pos, pkg, decl.name.value, sig);
  funcType(c, sig, null, [], decl.type);
  processDelayed(c, 0);
  cleanup(c);
  sig.scope = null;
  if (pkg.scope.insert(fn) !== null) throw new InternalError(`${fn.name} is declared already`);
  return { fn, errors: c.errors };
}

/** A checker in a scope of its own for the file. */
function inFile(
  conf: Config,
  pkg: Package,
  imports: readonly FileImport[],
  options: RecheckOptions,
): { c: Checker; fileScope: Scope } {
  const c = new Checker({ ...conf, ignoreFuncBodies: false }, pkg);
  // Not a child of the package scope, which would keep it.
  const fileScope = newScope(null, NoPos, NoPos);
  fileScope.parent = pkg.scope;
  for (const { name, path } of imports) importInto(c, fileScope, name, path);
  enterEnvironment(c, fileScope, asGoVersion(options.goVersion ?? (pkg.goVersion || conf.goVersion)));
  return { c, fileScope };
}

function importInto(c: Checker, fileScope: Scope, name: string, path: string): void {
  if (name === "_") return;
  const imp = path === "unsafe" ? Unsafe : c.conf.importer.importPackage(path, "");
  if (imp === null) return;
  const pkgName = new PkgName(NoPos, c.pkg, name, imp);
  pkgName.type = Typ[BasicKind.Invalid];
  if (name === ".") dotImport(c, null, imp, fileScope, pkgName);
  else fileScope.insert(pkgName);
}

/** Instances in an imported signature become the checker's, as they were when the package was checked: what they are
 *  expanded to is then the same as what the body writes. */
function adoptInstances(c: Checker, t: Type): void {
  switch (t.kind) {
    case TypeKind.Named:
      if (t.targs.length === 0 || t.check !== null) return;
      t.check = c;
      needsCleanup(c, t);
      for (const targ of t.targs) adoptInstances(c, targ);
      return;
    case TypeKind.Pointer:
      adoptInstances(c, t.base);
      return;
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Chan:
      adoptInstances(c, t.elem);
      return;
    case TypeKind.Map:
      adoptInstances(c, t.key);
      adoptInstances(c, t.elem);
      return;
    case TypeKind.Signature:
      adoptInstances(c, t.params);
      adoptInstances(c, t.results);
      return;
    case TypeKind.Tuple:
      for (const v of t.vars) adoptInstances(c, v.type!);
      return;
  }
}

/** The function's scope: its type parameters, receiver, parameters and results under the names they have in `decl`. */
function signatureScope(c: Checker, fileScope: Scope, sig: Signature, decl: FuncDecl): Scope {
  const scope = newScope(null, decl.pos, decl.end);
  scope.parent = fileScope;
  scope.isFunc = true;
  if (decl.recv !== null) {
    const { tparams } = unpackRecv(c, decl.recv.type, true);
    if (tparams !== null) {
      for (let i = 0; i < tparams.length; i++) bindTypeParam(c, scope, tparams[i], sig.rparams[i]);
    }
    if (sig.recv !== null) bindVars(c, scope, [decl.recv], [sig.recv]);
  }
  for (let i = 0; i < decl.tparams.length; i++) bindTypeParam(c, scope, decl.tparams[i].name!, sig.tparams[i]);
  bindVars(c, scope, decl.type.params, sig.params.vars);
  bindVars(c, scope, decl.type.results, sig.results.vars);
  return scope;
}

function bindTypeParam(c: Checker, scope: Scope, name: Name, tpar: TypeParam): void {
  bind(c, scope, name, tpar.obj);
  recordUse(c, name, tpar.obj);
  recordTypeAndValue(c, name, Mode.TypExpr, tpar, null);
}

function bindVars(c: Checker, scope: Scope, fields: readonly Field[], vars: readonly Var[]): void {
  for (let i = 0; i < fields.length; i++) {
    const name = fields[i].name;
    if (name !== null && name.value !== "") bind(c, scope, name, vars[i]);
  }
}

function bind(c: Checker, scope: Scope, name: Name, obj: Obj): void {
  declare(c, scope, name, obj, obj.scopePos);
}

/** Objects that the signature declares stand where the new text has them. */
export function movePositions(fn: Func, decl: FuncDecl): void {
  fn.pos = decl.name.pos;
  const sig = fn.type!;
  const move = (v: Var | null, field: { name: { pos: Pos } | null; type: { pos: Pos } } | null): void => {
    if (v !== null && field !== null) v.pos = field.name?.pos ?? field.type.pos;
  };
  move(sig.recv, decl.recv);
  for (let i = 0; i < sig.params.vars.length; i++) move(sig.params.vars[i], decl.type.params[i] ?? null);
  for (let i = 0; i < sig.results.vars.length; i++) move(sig.results.vars[i], decl.type.results[i] ?? null);
}
