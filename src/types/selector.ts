/** Selectors x.f: qualified identifiers, fields, methods and method expressions. Mirrors selector of types2/call.go. */
import { Kind, Mode, type SelectorExpr } from "../syntax/ast.ts";
import { addDeclDep, type Checker, lookup } from "./check.ts";
import { objDecl } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf } from "./errors.ts";
import { lookupError } from "./errsupport.ts";
import { exprOrType } from "./expr.ts";
import { interfacePtrError, isInterfacePtr, lookupFieldOrMethod } from "./lookup.ts";
import { equalFold, isExported, newParam } from "./object.ts";
import type { Operand } from "./operand.ts";
import { isValid, isValidName } from "./predicates.ts";
import { recordSelection, recordUse } from "./recording.ts";
import { cloneSignature } from "./subst.ts";
import {
  BasicKind,
  type Func,
  type Obj,
  ObjKind,
  type PkgName,
  type Scope,
  SelectionKind,
  Signature,
  Tuple,
} from "./types.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";

export function selector(c: Checker, x: Operand, e: SelectorExpr, wantType: boolean): void {
  if (!select(c, x, e, wantType)) {
    x.mode = Mode.Invalid;
    x.type = Typ[BasicKind.Invalid];
  }
  x.expr = e;
}

/** false after an error. */
function select(c: Checker, x: Operand, e: SelectorExpr, wantType: boolean): boolean {
  if (e.x.kind === Kind.Name) {
    const obj = lookup(c, e.x.value);
    if (obj !== null && obj.kind === ObjKind.PkgName) {
      recordUse(c, e.x, obj);
      obj.used = true;
      return qualifiedIdent(c, x, e, obj);
    }
  }

  const sel = e.sel.value;
  exprOrType(c, x, e.x, false);
  if (x.mode === Mode.Invalid) return false;
  if (x.mode === Mode.Builtin) {
    errorf(c, e.pos, Code.UncalledBuiltin, "invalid use of %s in selector expression", x);
    return false;
  }
  // What follows is no type; x may even be a type that is not complete yet.
  if (wantType) {
    errorf(c, e.sel, Code.NotAType, "%s is not a type", e);
    return false;
  }

  const { obj, index, indirect } = lookupFieldOrMethod(x.type, x.mode === Mode.Variable, c.pkg, sel, false);
  if (obj === null) {
    if (isValid(under(x.type))) notFound(c, x, e, index !== null, indirect);
    return false;
  }
  if (obj.kind === ObjKind.Func) objDecl(c, obj); // its signature may not be set up yet

  if (x.mode === Mode.TypExpr) {
    if (obj.kind !== ObjKind.Func) {
      const format = "%s.%s undefined (type %s has no method %s)";
      errorf(c, e.sel, Code.MissingFieldOrMethod, format, x.expr, sel, x.type, sel);
      return false;
    }
    recordSelection(c, e, SelectionKind.MethodExpr, x.type, obj, index!, indirect);
    return methodExpr(c, x, e, obj);
  }

  if (obj.kind === ObjKind.Var) {
    recordSelection(c, e, SelectionKind.FieldVal, x.type, obj, index!, indirect);
    if (x.mode !== Mode.Variable && !indirect) x.mode = Mode.Value;
    else x.mode = Mode.Variable;
    x.type = obj.type!;
    return true;
  }
  recordSelection(c, e, SelectionKind.MethodVal, x.type, obj, index!, indirect);
  x.mode = Mode.Value;
  const sig = cloneSignature(obj.type!);
  sig.recv = null;
  x.type = sig;
  addDeclDep(c, obj);
  return true;
}

/** p.X for an imported package p. */
function qualifiedIdent(c: Checker, x: Operand, e: SelectorExpr, pkgName: PkgName): boolean {
  const sel = e.sel.value;
  const pkg = pkgName.imported;
  const exp = pkg.scope.lookupQualified(sel);
  if (exp === null) {
    if (!pkg.fake && isValidName(sel)) {
      const alt = lookupIgnoringCase(pkg.scope, sel);
      if (alt !== null) errorf(c, e.sel, Code.UndeclaredImportedName, "undefined: %s (but have %s)", e, alt.name);
      else errorf(c, e.sel, Code.UndeclaredImportedName, "undefined: %s", e);
    }
    return false;
  }
  if (!isExported(exp.name)) {
    errorf(c, e.sel, Code.UnexportedName, "name %s not exported by package %s", sel, pkg.name);
  }
  recordUse(c, e.sel, exp);

  // Like a plain name, but imported objects are complete.
  switch (exp.kind) {
    case ObjKind.Const:
      x.mode = Mode.Constant;
      x.val = exp.val;
      break;
    case ObjKind.TypeName:
      x.mode = Mode.TypExpr;
      break;
    case ObjKind.Var:
      x.mode = Mode.Variable;
      break;
    case ObjKind.Func:
      x.mode = Mode.Value;
      break;
    case ObjKind.Builtin:
      x.mode = Mode.Builtin;
      x.id = exp.id;
      break;
    default:
      return false;
  }
  x.type = exp.type!;
  return true;
}

/** The first exported object whose name differs in case only. */
function lookupIgnoringCase(scope: Scope, name: string): Obj | null {
  for (const candidate of scope.names()) {
    if (isExported(candidate) && equalFold(candidate, name)) return scope.lookup(candidate);
  }
  return null;
}

/** T.m: the receiver becomes the first parameter. */
function methodExpr(c: Checker, x: Operand, e: SelectorExpr, m: Func): boolean {
  const sig = m.type!;
  if (sig.recv === null) {
    error(c, e, Code.InvalidDeclCycle, "illegal cycle in method declaration");
    return false;
  }
  // The parameters are all named or all unnamed, as signatures in messages are.
  const params = sig.params.vars;
  let name = "";
  if (params.length > 0 && params[0].name !== "") name = sig.recv.name === "" ? "_" : sig.recv.name;
  const fn = new Signature();
  fn.tparams = sig.tparams;
  fn.params = new Tuple([newParam(sig.recv.pos, sig.recv.pkg, name, x.type), ...params]);
  fn.results = sig.results;
  fn.variadic = sig.variadic;
  x.mode = Mode.Value;
  x.type = fn;
  addDeclDep(c, m);
  return true;
}

/** Says why x has no e.sel. */
function notFound(c: Checker, x: Operand, e: SelectorExpr, ambiguous: boolean, indirect: boolean): void {
  const sel = e.sel.value;
  if (ambiguous) {
    errorf(c, e.sel, Code.AmbiguousSelector, "ambiguous selector %s.%s", x.expr, sel);
    return;
  }
  if (indirect) {
    if (x.mode === Mode.TypExpr) {
      const format = "invalid method expression %s.%s (needs pointer receiver (*%s).%s)";
      errorf(c, e.sel, Code.InvalidMethodExpr, format, x.type, sel, x.type, sel);
    } else {
      errorf(c, e.sel, Code.InvalidMethodExpr, "cannot call pointer method %s on %s", sel, x.type);
    }
    return;
  }
  let why: string;
  if (isInterfacePtr(x.type)) why = interfacePtrError(c, x.type);
  else {
    const alt = lookupFieldOrMethod(x.type, x.mode === Mode.Variable, c.pkg, sel, true);
    why = lookupError(c, x.type, sel, alt.obj, false);
  }
  errorf(c, e.sel, Code.MissingFieldOrMethod, "%s.%s undefined (%s)", x.expr, sel, why);
}
