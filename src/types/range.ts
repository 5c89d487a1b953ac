/** Range statements. Mirrors types2/range.go. */
import { ChanDir, type Expr, type ForStmt, Kind, Mode } from "../syntax/ast.ts";
import { assignment, assignVar, initVar } from "./assignments.ts";
import { arrayPtrDeref } from "./builtins.ts";
import type { Checker } from "./check.ts";
import { declare } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, type Poser, softErrorf } from "./errors.ts";
import { expr } from "./expr.ts";
import { sprintf } from "./format.ts";
import { newOperand, Operand } from "./operand.ts";
import { identical, isBoolean, isInteger, isString } from "./predicates.ts";
import { record, recordDef } from "./recording.ts";
import { closeScope, openScope, type StmtContext, stmt } from "./stmt.ts";
import { BasicKind, type Signature, type Type, TypeKind, Var, VarKind } from "./types.ts";
import { commonUnder, typeErrorf, under } from "./under.ts";
import { Typ, universeBool, universeRune } from "./universe.ts";
import { allowVersion, cmp, go1_22, go1_23, go1_25, goCurrent } from "./version.ts";

/** Checks `for key, value = range x { ... }`; with `isDef` the variables are declared. `extra` is a third variable,
 *  which is an error. */
export function rangeStmt(
  c: Checker,
  inner: StmtContext,
  s: ForStmt,
  noNewVarPos: Poser,
  key: Expr | null,
  value: Expr | null,
  extra: Expr | null,
  rangeVar: Expr,
  isDef: boolean,
): void {
  const x = new Operand();
  c.hasCallOrRecv = false;
  expr(c, null, x, rangeVar);
  if (x.mode !== Mode.Invalid && value === null && !c.hasCallOrRecv) recordArrayLength(c, x, rangeVar);

  let keyType: Type | null = null;
  let valueType: Type | null = null;
  if (x.mode !== Mode.Invalid) {
    const r = rangeKeyVal(c, x.type, (v) => allowVersion(c, v));
    if (!r.ok) {
      if (r.cause !== "") softErrorf(c, x, Code.InvalidRangeExpr, "cannot range over %s: %s", x, r.cause);
      else softErrorf(c, x, Code.InvalidRangeExpr, "cannot range over %s", x);
    } else if (r.key === null && key !== null) {
      softErrorf(c, key, Code.InvalidIterVar, "range over %s permits no iteration variables", x);
    } else if (r.val === null && value !== null) {
      softErrorf(c, value, Code.InvalidIterVar, "range over %s permits only one iteration variable", x);
    } else if (extra !== null) {
      softErrorf(c, extra, Code.InvalidIterVar, "range clause permits at most two iteration variables");
    }
    keyType = r.key;
    valueType = r.val;
  }

  // The variables belong to the statement, after the range clause.
  openScope(c, s);
  const lhs = [key, value];
  const rhs = [keyType, valueType];
  const overInt = isInteger(x.type);
  if (isDef) defineIterVars(c, s, x, lhs, rhs, overInt, noNewVarPos);
  else if (key !== null) assignIterVars(c, x, lhs, rhs, overInt);
  else if (overInt) assignment(c, x, null, "range clause"); // an untyped integer needs its type all the same
  stmt(c, inner, s.body);
  closeScope(c);
}

/** With at most one variable a range over an array whose length is constant does not evaluate it: the lowering finds
 *  the length in its place. The checker of Go 1.24 did not care. */
function recordArrayLength(c: Checker, x: Operand, rangeVar: Expr): void {
  if (cmp(c.conf.newestVersion ?? goCurrent, go1_25) < 0) return;
  const array = arrayPtrDeref(under(x.type));
  if (array.kind !== TypeKind.Array) return;
  while (rangeVar.kind === Kind.ParenExpr) rangeVar = rangeVar.x;
  record(c, newOperand(Mode.Constant, rangeVar, Typ[BasicKind.Int], BigInt(array.len)));
}

function defineIterVars(
  c: Checker,
  s: ForStmt,
  x: Operand,
  lhs: readonly (Expr | null)[],
  rhs: readonly (Type | null)[],
  overInt: boolean,
  noNewVarPos: Poser,
): void {
  const vars: Var[] = [];
  for (let i = 0; i < lhs.length; i++) {
    const e = lhs[i];
    if (e === null) continue;
    let obj: Var;
    if (e.kind === Kind.Name) {
      obj = new Var(e.pos, c.pkg, e.value, null, VarKind.LocalVar);
      recordDef(c, e, obj);
      if (e.value !== "_") vars.push(obj);
    } else {
      errorf(c, e, Code.InvalidSyntaxTree, "cannot declare %s", e);
      obj = new Var(e.pos, c.pkg, "_", null, VarKind.LocalVar);
    }
    const type = rhs[i];
    if (type === null || type === Typ[BasicKind.Invalid]) {
      obj.type = Typ[BasicKind.Invalid];
      obj.used = true; // no error on top of the one reported
    } else if (overInt) {
      initVar(c, obj, x, "range clause");
    } else {
      initVar(c, obj, newOperand(Mode.Value, e, type), "assignment"); // the error is at the variable
    }
  }
  if (vars.length === 0) {
    error(c, noNewVarPos, Code.NoNewVar, "no new variables on left side of :=");
    return;
  }
  for (const obj of vars) declare(c, c.scope, null, obj, s.body.pos);
}

function assignIterVars(
  c: Checker,
  x: Operand,
  lhs: readonly (Expr | null)[],
  rhs: readonly (Type | null)[],
  overInt: boolean,
): void {
  for (let i = 0; i < lhs.length; i++) {
    const e = lhs[i];
    const type = rhs[i];
    if (e === null || type === null || type === Typ[BasicKind.Invalid]) continue;
    if (!overInt) {
      assignVar(c, e, null, newOperand(Mode.Value, e, type), "assignment");
      continue;
    }
    assignVar(c, e, null, x, "range clause");
    // An untyped x has got its type from the variable.
    if (x.mode !== Mode.Invalid && !isInteger(x.type)) {
      softErrorf(c, e, Code.InvalidRangeExpr, "cannot use iteration variable of type %s", x.type);
    }
  }
}

export interface RangeKeyVal {
  readonly key: Type | null;
  readonly val: Type | null;
  /** Why it is not allowed, possibly "". */
  readonly cause: string;
  readonly ok: boolean;
}

/** What a range clause over a value of type `orig` yields. `allow` tells whether a language version is in force. */
export function rangeKeyVal(c: Checker | null, orig: Type, allow: ((version: string) => boolean) | null): RangeKeyVal {
  const { type: rtyp, err } = commonUnder(orig, (t, u) =>
    u !== null && u.kind === TypeKind.Chan && u.dir === ChanDir.SendOnly
      ? typeErrorf("receive from send-only channel %s", t)
      : null,
  );
  if (rtyp === null) return bad(err!.format(c));

  const u = arrayPtrDeref(rtyp);
  switch (u.kind) {
    case TypeKind.Basic:
      if (isString(u)) return good(Typ[BasicKind.Int], universeRune);
      if (isInteger(u)) return allow === null || allow(go1_22) ? good(orig, null) : bad("requires go1.22 or later");
      break;
    case TypeKind.Array:
    case TypeKind.Slice:
      return good(Typ[BasicKind.Int], u.elem);
    case TypeKind.Map:
      return good(u.key, u.elem);
    case TypeKind.Chan:
      return good(u.elem, null);
    case TypeKind.Signature:
      return allow === null || allow(go1_23) ? rangeOverFunc(c, u) : bad("requires go1.23 or later");
  }
  return { key: null, val: null, cause: "", ok: false };
}

function good(key: Type | null, val: Type | null): RangeKeyVal {
  return { key, val, cause: "", ok: true };
}

function bad(cause: string): RangeKeyVal {
  return { key: Typ[BasicKind.Invalid], val: Typ[BasicKind.Invalid], cause, ok: false };
}

const iteratorForm = "func must be func(yield func(...) bool): ";

function rangeOverFunc(c: Checker | null, sig: Signature): RangeKeyVal {
  if (c !== null) c.hasRangeFunc = true;
  if (sig.params.vars.length !== 1) return bad(`${iteratorForm}wrong argument count`);
  if (sig.results.vars.length !== 0) return bad(`${iteratorForm}unexpected results`);
  const { type: yieldType, err } = commonUnder(sig.params.vars[0].type!, null);
  if (yieldType === null || yieldType.kind !== TypeKind.Signature) {
    if (err !== null) return bad(sprintf(c, `${iteratorForm}in yield type, %s`, err.format(c)));
    return bad(`${iteratorForm}argument is not func`);
  }
  const params = yieldType.params.vars;
  const results = yieldType.results.vars;
  if (params.length > 2) return bad(`${iteratorForm}yield func has too many parameters`);
  if (results.length !== 1 || !identical(results[0].type!, universeBool)) {
    if (results.length === 1 && isBoolean(results[0].type!)) {
      return bad(`${iteratorForm}yield func returns user-defined boolean, not bool`);
    }
    return bad(`${iteratorForm}yield func does not return bool`);
  }
  return good(params.length >= 1 ? params[0].type : null, params.length >= 2 ? params[1].type : null);
}
