/** Function types: receivers, type parameters, parameters and results. Mirrors types2/signature.go. */
import type { Pos } from "../base/pos.ts";
import { type Expr, type Field, type FuncType, Kind, Mode, type Name } from "../syntax/ast.ts";
import { Op } from "../syntax/tokens.ts";
import { aliasRHS, unalias } from "./alias.ts";
import { measure } from "./assignments.ts";
import { type Checker, later } from "./check.ts";
import { collectTypeParams, declare, declareTypeParam } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf } from "./errors.ts";
import { instance } from "./instantiate.ts";
import { deref } from "./lookup.ts";
import { recordCanon } from "./mono.ts";
import { typeParams } from "./named.ts";
import type { Cause } from "./operand.ts";
import { isValid } from "./predicates.ts";
import { recordInstance, recordTypeAndValue, recordUse } from "./recording.ts";
import { unpackRecv } from "./resolver.ts";
import { closeScope, openScope } from "./stmt.ts";
import { makeRenameMap, subst } from "./subst.ts";
import { bindTParams } from "./typeparam.ts";
import {
  BasicKind,
  emptyTuple,
  type Named,
  Pointer,
  type Signature,
  Slice,
  Tuple,
  type Type,
  TypeKind,
  type TypeName,
  type TypeParam,
  Var,
  VarKind,
} from "./types.ts";
import { genericType, varType } from "./typexpr.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";
import { go1_18, verifyVersionf } from "./version.ts";

/** Fills in `sig` for a function or method type; its scope stays reachable through `sig.scope` for the body. */
export function funcType(
  c: Checker,
  sig: Signature,
  recvPar: Field | null,
  tparams: readonly Field[],
  ftyp: FuncType,
): void {
  openScope(c, ftyp);
  c.scope.isFunc = true;
  sig.scope = c.scope;

  let recv: Var | null = null;
  let rparams: readonly TypeParam[] = [];
  if (recvPar !== null) ({ recv, rparams } = collectRecv(c, recvPar, ftyp.pos));
  if (tparams.length > 0) collectTypeParams(c, sig, tparams);

  const params = collectParams(c, VarKind.ParamVar, ftyp.params);
  const results = collectParams(c, VarKind.ResultVar, ftyp.results);

  const scopePos = ftyp.end; // parameters are visible after the signature
  if (recv !== null && recv.name !== "") declare(c, c.scope, recvPar!.name, recv, scopePos);
  declareParams(c, ftyp.params, params.vars, scopePos);
  declareParams(c, ftyp.results, results.vars, scopePos);

  sig.recv = recv;
  sig.rparams = rparams;
  sig.params = params.vars.length > 0 ? new Tuple(params.vars) : emptyTuple;
  sig.results = results.vars.length > 0 ? new Tuple(results.vars) : emptyTuple;
  sig.variadic = params.variadic;
  closeScope(c);
}

/** The receiver and its type parameters. These are declared in the current scope, the receiver is not yet. */
function collectRecv(c: Checker, rparam: Field, scopePos: Pos): { recv: Var; rparams: readonly TypeParam[] } {
  const { ptr, base, tparams: names } = unpackRecv(c, rparam.type, true);
  let recvType: Type = Typ[BasicKind.Invalid];
  let rparams: readonly TypeParam[] = [];
  if (names === null) {
    recvType = varType(c, rparam.type);
    if (throughInstantiatedAlias(c, base, recvType)) recvType = Typ[BasicKind.Invalid];
  } else {
    // The base type is looked up before the type parameters are declared, which may have its name.
    const baseType = genericBase(c, base);
    const recvTParams: TypeParam[] = [];
    for (const name of names) {
      const tpar = declareTypeParam(c, name, scopePos);
      recvTParams.push(tpar);
      recordUse(c, name, tpar.obj);
      recordTypeAndValue(c, name, Mode.TypExpr, tpar, null);
    }
    rparams = bindTParams(recvTParams);
    if (baseType !== null) {
      copyBounds(c, base, baseType, recvTParams);
      verifyVersionf(c, base, go1_18, "type instantiation");
      recvType = instance(c, rparam.type.pos, baseType, recvTParams, null, c.ctxt);
      recordInstance(c, base, recvTParams, recvType);
      if (ptr && isValid(recvType)) recvType = new Pointer(recvType);
      recordParenthesizedRecvTypes(c, rparam.type, recvType);
    }
  }

  const rname = rparam.name;
  const recv =
    rname !== null && rname.value !== ""
      ? new Var(rname.pos, c.pkg, rname.value, recvType, VarKind.RecvVar)
      : new Var(rparam.pos, c.pkg, "", recvType, VarKind.RecvVar);
  later(c, () => validRecv(c, base, recv));
  return { recv, rparams };
}

/** Reports a receiver that is an alias, at whatever distance, of an instantiated type. */
function throughInstantiatedAlias(c: Checker, base: Expr, recvType: Type): boolean {
  let t = unpointer(recvType);
  while (t.kind === TypeKind.Alias) {
    const rhs = unpointer(aliasRHS(t) ?? Typ[BasicKind.Invalid]);
    if ((rhs.kind === TypeKind.Named || rhs.kind === TypeKind.Alias) && rhs.targs.length > 0) {
      errorf(c, base, Code.InvalidRecv, "cannot define new methods on instantiated type %s", rhs);
      return true;
    }
    t = rhs;
  }
  return false;
}

function genericBase(c: Checker, base: Expr): Named | null {
  const cause: Cause = { text: "" };
  const t = genericType(c, base, cause);
  if (!isValid(t)) {
    if (cause.text !== "") errorf(c, base, Code.InvalidRecv, "%s", cause.text);
    return null;
  }
  if (t.kind === TypeKind.Named) return t;
  errorf(c, base, Code.InvalidRecv, "cannot define new methods on generic alias type %s", t);
  return null;
}

/** Receiver type parameters have the constraints of those of the base type, in terms of their own names. */
function copyBounds(c: Checker, base: Expr, baseType: Named, recvTParams: readonly TypeParam[]): void {
  const baseTParams = typeParams(baseType);
  if (recvTParams.length !== baseTParams.length) {
    const got = measure(recvTParams.length, "type parameter");
    const format = "receiver declares %s, but receiver base type declares %d";
    errorf(c, base, Code.BadRecv, format, got, baseTParams.length);
    return;
  }
  const smap = makeRenameMap(baseTParams, recvTParams);
  for (let i = 0; i < recvTParams.length; i++) {
    const tpar = recvTParams[i];
    recordCanon(c.mono, tpar, baseTParams[i]);
    tpar.bound = subst(c, tpar.obj.pos, baseTParams[i].bound!, smap, null, c.ctxt);
  }
}

function unpointer(t: Type): Type {
  while (t.kind === TypeKind.Pointer) t = t.base;
  return t;
}

/** Records the type for `*(T[P])`, `(T[P])` and `T[P]` in turn. */
function recordParenthesizedRecvTypes(c: Checker, expr: Expr, type: Type): void {
  for (;;) {
    recordTypeAndValue(c, expr, Mode.TypExpr, type, null);
    if (expr.kind === Kind.ParenExpr) {
      expr = expr.x;
    } else if (
      expr.kind === Kind.Operation &&
      expr.op === Op.Mul &&
      expr.y === null &&
      type.kind === TypeKind.Pointer
    ) {
      expr = expr.x;
      type = type.base;
    } else {
      return;
    }
  }
}

function collectParams(c: Checker, kind: VarKind, list: readonly Field[]): { vars: Var[]; variadic: boolean } {
  const vars: Var[] = [];
  let variadic = false;
  let named = false;
  let anonymous = false;
  let type: Type = Typ[BasicKind.Invalid];
  let prev: Expr | null = null;
  for (let i = 0; i < list.length; i++) {
    const field = list[i];
    let ftype = field.type;
    if (ftype !== prev) {
      prev = ftype;
      if (ftype.kind === Kind.DotsType) {
        if (kind === VarKind.ParamVar && i === list.length - 1) variadic = true;
        else error(c, ftype, Code.InvalidSyntaxTree, "invalid use of ...");
        ftype = ftype.elem;
      }
      type = varType(c, ftype);
    }
    if (field.name !== null) {
      vars.push(new Var(field.name.pos, c.pkg, field.name.value, type, kind));
      named = true;
    } else {
      vars.push(new Var(field.pos, c.pkg, "", type, kind));
      anonymous = true;
    }
  }
  if (named && anonymous) {
    error(c, list[0], Code.InvalidSyntaxTree, "list contains both named and anonymous parameters");
  }
  if (variadic) {
    const last = vars[vars.length - 1];
    last.type = new Slice(last.type!);
    recordTypeAndValue(c, list[list.length - 1].type, Mode.TypExpr, last.type, null);
  }
  return { vars, variadic };
}

function declareParams(c: Checker, fields: readonly Field[], vars: readonly Var[], scopePos: Pos): void {
  for (let i = 0; i < vars.length; i++) {
    const name: Name | null = fields[i].name;
    if (name !== null && name.value !== "") declare(c, c.scope, name, vars[i], scopePos);
  }
}

/** Receivers are `T` or `*T` for a T declared in this package that is no pointer or interface. */
function validRecv(c: Checker, at: Expr, recv: Var): void {
  const rtyp = deref(recv.type!).type;
  const atyp = unalias(rtyp);
  if (!isValid(atyp)) return;
  switch (atyp.kind) {
    case TypeKind.Named: {
      if (atyp.obj.pkg !== c.pkg || isCGoTypeObj(c, atyp.obj)) {
        errorf(c, at, Code.InvalidRecv, "cannot define new methods on non-local type %s", rtyp);
        return;
      }
      const u = under(atyp);
      let cause = "";
      if (u.kind === TypeKind.Basic && u.basic === BasicKind.UnsafePointer) cause = "unsafe.Pointer";
      else if (u.kind === TypeKind.Pointer || u.kind === TypeKind.Interface) cause = "pointer or interface type";
      if (cause !== "") errorf(c, at, Code.InvalidRecv, "invalid receiver type %s (%s)", rtyp, cause);
      return;
    }
    case TypeKind.Basic:
      errorf(c, at, Code.InvalidRecv, "cannot define new methods on non-local type %s", rtyp);
      return;
    default:
      errorf(c, at, Code.InvalidRecv, "invalid receiver type %s", recv.type);
  }
}

function isCGoTypeObj(c: Checker, obj: TypeName): boolean {
  if (obj.name.startsWith("_Ctype_")) return true;
  const file = c.fset.file(obj.pos)?.name ?? "";
  return file.slice(file.lastIndexOf("/") + 1).startsWith("_cgo_");
}
