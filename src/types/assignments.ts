/** Initialisations and assignments. Mirrors types2/assignments.go. */

import { NoPos } from "../base/pos.ts";
import { type Expr, Kind, Mode, type Name, type ReturnStmt } from "../syntax/ast.ts";
import { endPos } from "../syntax/positions.ts";
import { exprString } from "../syntax/printer.ts";
import { unparen } from "../syntax/walk.ts";
import { exprList, use, useLHS, useLHSList, useList } from "./call.ts";
import { type Checker, lookup, processDelayed } from "./check.ts";
import { declare } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { addf, errorf, newError, type Poser, report, softErrorf } from "./errors.ts";
import {
  expr,
  implicitTypeAndValue,
  multiExpr,
  newTarget,
  singleValue,
  type Target,
  updateExprType,
  updateExprVal,
} from "./expr.ts";
import { sprintf } from "./format.ts";
import { assignableTo, type Cause, Operand } from "./operand.ts";
import { defaultType, isNonTypeParamInterface, isNumeric, isUntyped, isValid } from "./predicates.ts";
import { recordCommaOkTypes, recordDef, recordUse } from "./recording.ts";
import { type Basic, BasicKind, type Const, ObjKind, type Type, TypeKind, Var, VarKind } from "./types.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";

/** In what an assignment takes place, for messages. A called function stands for `argument to f`, put into words only
 *  when there is an error. */
export type Context = string | Expr;

function contextText(context: Context): string {
  return typeof context === "string" ? context : `argument to ${exprString(context)}`;
}

/** Checks that x can be assigned to a variable of type T (null: the blank identifier) and gives an untyped x its type.
 *  Invalidates x if it cannot. */
export function assignment(c: Checker, x: Operand, T: Type | null, context: Context): void {
  singleValue(c, x);
  switch (x.mode) {
    case Mode.Invalid:
      return;
    case Mode.NilValue:
    case Mode.Constant:
    case Mode.Variable:
    case Mode.MapIndex:
    case Mode.Value:
    case Mode.CommaOk:
    case Mode.CommaErr:
      break;
    default: // after other errors
      errorf(c, x, Code.IncompatibleAssign, "cannot assign %s to %s in %s", x, T, contextText(context));
      x.mode = Mode.Invalid;
      return;
  }
  if (isUntyped(x.type) && !assignUntyped(c, x, T, context)) {
    x.mode = Mode.Invalid;
    return;
  }

  if (x.type.kind === TypeKind.Signature && x.type.tparams.length > 0) {
    const format = "cannot use generic function %s without instantiation in %s";
    errorf(c, x, Code.WrongTypeArgCount, format, x, contextText(context));
    x.mode = Mode.Invalid;
    return;
  }
  if (T === null || x.type === T) return;

  const code = assignableTo(x, c, T, null);
  if (code === null) return;
  // Now that it matters, find out why.
  const cause: Cause = { text: "" };
  assignableTo(x, c, T, cause);
  const where = contextText(context);
  if (cause.text !== "") errorf(c, x, code, "cannot use %s as %s value in %s: %s", x, T, where, cause.text);
  else errorf(c, x, code, "cannot use %s as %s value in %s", x, T, where);
  x.mode = Mode.Invalid;
}

/** Gives the untyped x the type T, or its default type if T is an interface or null. */
function assignUntyped(c: Checker, x: Operand, T: Type | null, context: Context): boolean {
  let target = T;
  if (x.mode === Mode.NilValue) {
    if (T === null) {
      errorf(c, x, Code.UntypedNilUse, "use of untyped nil in %s", contextText(context));
      return false;
    }
  } else if (T === null || isNonTypeParamInterface(T)) {
    target = defaultType(x.type);
  }
  const { newType, val, code } = implicitTypeAndValue(c, x, target!);
  if (code !== null) {
    const msg = sprintf(c, "cannot use %s as %s value in %s", x, target, contextText(context));
    if (code === Code.TruncatedFloat) errorf(c, x, code, "%s (truncated)", msg);
    else if (code === Code.NumericOverflow) errorf(c, x, code, "%s (overflows)", msg);
    else errorf(c, x, Code.IncompatibleAssign, "%s", msg);
    return false;
  }
  if (val !== null) {
    x.val = val;
    updateExprVal(c, x.expr!, val);
  }
  if (newType !== x.type) {
    x.type = newType!;
    updateExprType(c, x.expr!, newType!, false, val !== null);
  }
  return true;
}

export function initConst(c: Checker, lhs: Const, x: Operand): void {
  if (x.mode === Mode.Invalid || !isValid(x.type) || (lhs.type !== null && !isValid(lhs.type))) {
    lhs.type ??= Typ[BasicKind.Invalid];
    return;
  }
  if (x.mode !== Mode.Constant) {
    errorf(c, x, Code.InvalidConstInit, "%s is not constant", x);
    lhs.type ??= Typ[BasicKind.Invalid];
    return;
  }
  lhs.type ??= x.type;
  assignment(c, x, lhs.type, "constant declaration");
  if ((x.mode as Mode) === Mode.Invalid) return;
  lhs.val = x.val;
}

/** Checks the initialisation of a variable, which takes the type of x if it has none yet. */
export function initVar(c: Checker, lhs: Var, x: Operand, context: Context): void {
  if (x.mode === Mode.Invalid || !isValid(x.type) || (lhs.type !== null && !isValid(lhs.type))) {
    lhs.type ??= Typ[BasicKind.Invalid];
    x.mode = Mode.Invalid;
    return;
  }
  if (lhs.type === null) {
    let type = x.type;
    if (isUntyped(type)) {
      if (type === Typ[BasicKind.UntypedNil]) {
        errorf(c, x, Code.UntypedNilUse, "use of untyped nil in %s", contextText(context));
        lhs.type = Typ[BasicKind.Invalid];
        x.mode = Mode.Invalid;
        return;
      }
      type = defaultType(type);
    }
    lhs.type = type;
  }
  assignment(c, x, lhs.type, context);
}

/** The type of the left side of an assignment: null for `_`, the invalid type after an error. Being assigned to is no
 *  use of a variable. */
function lhsVar(c: Checker, lhs: Expr): Type | null {
  const operand = unparen(lhs);
  const ident = operand.kind === Kind.Name ? operand : null;
  if (ident !== null && ident.value === "_") {
    recordDef(c, ident, null);
    return null;
  }
  const obj = ident === null ? null : lookup(c, ident.value);
  const v = obj !== null && obj.kind === ObjKind.Var && obj.pkg === c.pkg ? obj : null;
  const used = v?.used ?? false;

  const x = new Operand();
  expr(c, null, x, lhs);
  if (v !== null) v.used = used;
  if (x.mode === Mode.Invalid || !isValid(x.type)) return Typ[BasicKind.Invalid];
  if (x.mode === Mode.Variable || x.mode === Mode.MapIndex) return x.type;

  if (x.expr!.kind === Kind.SelectorExpr) {
    const op = new Operand();
    expr(c, null, op, x.expr!.x);
    if (op.mode === Mode.MapIndex) {
      const format = "cannot assign to struct field %s in map";
      errorf(c, x, Code.UnaddressableFieldAssign, format, exprString(x.expr!));
      return Typ[BasicKind.Invalid];
    }
  }
  const format = "cannot assign to %s (neither addressable nor a map index expression)";
  errorf(c, x, Code.UnassignableOperand, format, x.expr);
  return Typ[BasicKind.Invalid];
}

/** Checks `lhs = rhs`, or `lhs = x` where rhs (then ignored) has been evaluated. */
export function assignVar(c: Checker, lhs: Expr, rhs: Expr | null, x: Operand | null, context: Context): void {
  const T = lhsVar(c, lhs);
  if (T !== null && !isValid(T)) {
    if (x !== null) x.mode = Mode.Invalid;
    else use(c, rhs);
    return;
  }
  if (x === null) {
    let target: Target | null = null;
    if (T !== null && under(T).kind === TypeKind.Signature) target = newTarget(T, exprString(lhs));
    x = new Operand();
    expr(c, target, x, rhs!);
  }
  if (T === null && context === "assignment") context = "assignment to _ identifier";
  assignment(c, x, T, context);
}

// ---------------------------------------------------------------------------------------------------- messages

export function operandTypes(list: readonly Operand[]): Type[] {
  return list.map((x) => x.type);
}

export function varTypes(list: readonly Var[]): (Type | null)[] {
  return list.map((v) => v.type);
}

/** `(T1, T2, ...)` in words for users: untyped numbers are `number`, the last of variadic parameters is `...E`, the
 *  last argument of a call with dots `T...`. */
export function typesSummary(c: Checker, list: readonly (Type | null)[], variadic: boolean, hasDots: boolean): string {
  const words: string[] = [];
  for (let i = 0; i < list.length; i++) {
    const t = list[i];
    let word: string;
    if (t === null || !isValid(t)) word = "unknown type";
    else if (isUntyped(t)) word = isNumeric(t) ? "number" : (t as Basic).name.replaceAll("untyped ", "");
    else word = sprintf(c, "%s", t);
    if (i === list.length - 1) {
      if (variadic) word = `...${t !== null && t.kind === TypeKind.Slice ? sprintf(c, "%s", t.elem) : word}`;
      else if (hasDots) word += "...";
    }
    words.push(word);
  }
  return `(${words.join(", ")})`;
}

export function measure(x: number, unit: string): string {
  return `${x} ${unit}${x === 1 ? "" : "s"}`;
}

export function assignError(c: Checker, rhs: readonly Expr[], l: number, r: number): void {
  const vars = measure(l, "variable");
  const vals = measure(r, "value");
  const rhs0 = rhs[0];
  const call = rhs.length === 1 ? unparen(rhs0) : null;
  if (call !== null && call.kind === Kind.CallExpr) {
    const format = "assignment mismatch: %s but %s returns %s";
    errorf(c, rhs0, Code.WrongAssignCount, format, vars, call.fun, vals);
    return;
  }
  errorf(c, rhs0, Code.WrongAssignCount, "assignment mismatch: %s but %s", vars, vals);
}

export function returnError(c: Checker, at: Poser, lhs: readonly Var[], rhs: readonly Operand[]): void {
  const l = lhs.length;
  const r = rhs.length;
  let qualifier = "not enough";
  if (r > l) {
    at = rhs[l]; // the first surplus value
    qualifier = "too many";
  } else if (r > 0) {
    at = rhs[r - 1];
  }
  const err = newError(c, Code.WrongResultCount);
  addf(err, at, "%s return values", qualifier);
  addf(err, NoPos, "have %s", typesSummary(c, operandTypes(rhs), false, false));
  addf(err, NoPos, "want %s", typesSummary(c, varTypes(lhs), false, false));
  report(err);
}

// ---------------------------------------------------------------------------------------------------- lists

function isSingleCall(list: readonly Expr[]): boolean {
  return list.length === 1 && unparen(list[0]).kind === Kind.CallExpr;
}

/** Checks the initialisation of variables, or with `returnStmt` that of result parameters. */
export function initVars(
  c: Checker,
  lhs: readonly Var[],
  origRhs: readonly Expr[],
  returnStmt: ReturnStmt | null,
): void {
  const context = returnStmt === null ? "assignment" : "return statement";
  const l = lhs.length;

  // A single call is not handled as 1:1, for the sake of the message if it has several results.
  if (l === origRhs.length && !isSingleCall(origRhs)) {
    const x = new Operand();
    for (let i = 0; i < l; i++) {
      const v = lhs[i];
      const desc = returnStmt !== null && v.name === "" ? "result variable" : v.name;
      expr(c, newTarget(v.type, desc), x, origRhs[i]);
      initVar(c, v, x, context);
    }
    return;
  }

  if (origRhs.length !== 1) {
    // After other errors a mismatch is no news.
    if (useList(c, origRhs)) {
      if (returnStmt !== null) returnError(c, returnStmt, lhs, exprList(c, origRhs));
      else assignError(c, origRhs, l, origRhs.length);
    }
    invalidateVars(lhs);
    return;
  }

  const { list: rhs, commaOk } = multiExpr(c, origRhs[0], l === 2 && returnStmt === null);
  if (l === rhs.length) {
    for (let i = 0; i < l; i++) initVar(c, lhs[i], rhs[i], context);
    recordCommaOk(c, commaOk, origRhs[0], rhs);
    return;
  }
  if (rhs[0].mode !== Mode.Invalid) {
    if (returnStmt !== null) returnError(c, returnStmt, lhs, rhs);
    else assignError(c, origRhs, l, rhs.length);
  }
  invalidateVars(lhs);
}

function invalidateVars(list: readonly Var[]): void {
  for (const v of list) v.type ??= Typ[BasicKind.Invalid];
}

function recordCommaOk(c: Checker, commaOk: boolean, rhs: Expr, list: readonly Operand[]): void {
  if (commaOk && list[0].mode !== Mode.Invalid && list[1].mode !== Mode.Invalid) recordCommaOkTypes(c, rhs, list);
}

export function assignVars(c: Checker, lhs: readonly Expr[], origRhs: readonly Expr[]): void {
  const l = lhs.length;
  if (l === origRhs.length && !isSingleCall(origRhs)) {
    for (let i = 0; i < l; i++) assignVar(c, lhs[i], origRhs[i], null, "assignment");
    return;
  }
  if (origRhs.length !== 1) {
    const okLHS = useLHSList(c, lhs);
    const okRHS = useList(c, origRhs);
    if (okLHS && okRHS) assignError(c, origRhs, l, origRhs.length);
    return;
  }

  const { list: rhs, commaOk } = multiExpr(c, origRhs[0], l === 2);
  if (l === rhs.length) {
    for (let i = 0; i < l; i++) assignVar(c, lhs[i], null, rhs[i], "assignment");
    recordCommaOk(c, commaOk, origRhs[0], rhs);
    return;
  }
  if (rhs[0].mode !== Mode.Invalid) assignError(c, origRhs, l, rhs.length);
  useLHSList(c, lhs);
}

export function shortVarDecl(c: Checker, pos: Poser, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  const top = c.delayed.length;
  const scope = c.scope;

  const seen = lhs.length > 1 ? new Set<string>() : null;
  const lhsVars: Var[] = [];
  const newVars: Var[] = [];
  let hasErr = false;
  for (const e of lhs) {
    const v = shortVar(c, e, seen, newVars);
    if (v === null) hasErr = true;
    lhsVars.push(v ?? new Var(e.pos, c.pkg, "_", null, VarKind.LocalVar));
  }

  initVars(c, lhsVars, rhs, null);
  processDelayed(c, top); // function literals on the right do not see the new variables

  if (newVars.length === 0 && !hasErr) {
    softErrorf(c, pos, Code.NoNewVar, "no new variables on left side of :=");
    return;
  }
  const scopePos = endPos(rhs[rhs.length - 1]);
  for (const v of newVars) declare(c, scope, null, v, scopePos);
}

/** The variable, new or redeclared, that a name on the left of `:=` stands for; null after an error. */
function shortVar(c: Checker, lhs: Expr, seen: Set<string> | null, newVars: Var[]): Var | null {
  if (lhs.kind !== Kind.Name) {
    useLHS(c, lhs);
    errorf(c, lhs, Code.BadDecl, "non-name %s on left side of :=", lhs);
    return null;
  }
  const ident: Name = lhs;
  const name = ident.value;
  if (name !== "_" && seen !== null) {
    if (seen.has(name)) {
      errorf(c, lhs, Code.RepeatedDecl, "%s repeated on left side of :=", lhs);
      return null;
    }
    seen.add(name);
  }
  // Variables come into scope after the declaration: only what is in this very scope is redeclared.
  const alt = c.scope.lookup(name);
  if (alt !== null) {
    recordUse(c, ident, alt);
    if (alt.kind === ObjKind.Var) return alt;
    errorf(c, lhs, Code.UnassignableOperand, "cannot assign to %s", lhs);
    return null;
  }
  const v = new Var(ident.pos, c.pkg, name, null, VarKind.LocalVar);
  if (name !== "_") newVars.push(v);
  recordDef(c, ident, v);
  return v;
}
