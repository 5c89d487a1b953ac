/** Expressions: the dispatch over their kinds, and values that must be single, non-generic or of a type.
 *
 *  Mirrors types2/expr.go. Operators are in operations.ts, untyped expressions that get their final type in
 *  untyped.ts. An expression is checked top down into an Operand; an invalid one means that the error was reported.
 *  Untyped results wait in `Checker.untyped` until assignment or use gives them a type. */
import { type Expr, Kind, Mode, type Operation } from "../syntax/ast.ts";
import { Op } from "../syntax/tokens.ts";
import { callExpr, funcInst, selector, use } from "./call.ts";
import type { Checker } from "./check.ts";
import { finiteSize } from "./cycles.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, invalidOp } from "./errors.ts";
import { indexExpr, sliceExpr } from "./index.ts";
import { basicLit, compositeLit, funcLit } from "./literals.ts";
import { assertableTo } from "./lookup.ts";
import { type Cause, newOperand, Operand } from "./operand.ts";
import { binaryRest, unary } from "./operations.ts";
import { identical, isGeneric, isTypeParam, isValid } from "./predicates.ts";
import { record } from "./recording.ts";
import { BasicKind, Pointer, type Signature, type Type, TypeKind } from "./types.ts";
import { ident, typ, validVarType, varType } from "./typexpr.ts";
import { under, underIs } from "./under.ts";
import { ExprKind, Typ, universeError } from "./universe.ts";

export { convertUntyped } from "./const.ts";
export { binary, comparison, matchTypes, opName, opPos } from "./operations.ts";
export { implicitTypeAndValue, updateExprType, updateExprVal } from "./untyped.ts";

/** The variable or result that an expression is assigned to, where its function type helps to infer type arguments. */
export interface Target {
  readonly sig: Signature;
  readonly desc: string;
}

/** null if the type is no function type. */
export function newTarget(type: Type | null, desc: string): Target | null {
  if (type === null) return null;
  const sig = under(type);
  return sig.kind === TypeKind.Signature ? { sig, desc } : null;
}

/** Checks e; x is its value or type. `T` helps to infer the type arguments of a generic function; `hint` is the
 *  element type where e is an element of a composite literal; `allowGeneric` accepts uninstantiated functions and
 *  types. */
export function rawExpr(
  c: Checker,
  T: Target | null,
  x: Operand,
  e: Expr,
  hint: Type | null,
  allowGeneric: boolean,
): ExprKind {
  const kind = exprInternal(c, T, x, e, hint);
  finishExpr(c, T, x, allowGeneric);
  return kind;
}

/** What remains to be done for every checked expression. */
export function finishExpr(c: Checker, T: Target | null, x: Operand, allowGeneric: boolean): void {
  if (!allowGeneric) nonGeneric(c, T, x);
  pendingType(c, x);
  record(c, x);
}

/** Refuses generic types, and generic functions whose type arguments the target does not tell. */
export function nonGeneric(c: Checker, T: Target | null, x: Operand): void {
  if (x.mode === Mode.Invalid || x.mode === Mode.NoValue) return;
  let what = "";
  const type = x.type;
  switch (type.kind) {
    case TypeKind.Alias:
    case TypeKind.Named:
      if (isGeneric(type)) what = "type";
      break;
    case TypeKind.Signature:
      if (type.tparams.length > 0) {
        if (T !== null) {
          funcInst(c, T, x.pos, x, null, true);
          return;
        }
        what = "function";
      }
  }
  if (what === "") return;
  errorf(c, x.expr!, Code.WrongTypeArgCount, "cannot use generic %s %s without instantiation", what, x.expr);
  x.mode = Mode.Invalid;
  x.type = Typ[BasicKind.Invalid];
}

/** Refuses values of a type that is still being declared: `type T [unsafe.Sizeof(T{})]int`. */
export function pendingType(c: Checker, x: Operand): void {
  if (x.mode === Mode.Invalid || x.mode === Mode.NoValue) return;
  switch (x.type.kind) {
    case TypeKind.Named:
    case TypeKind.Alias:
    case TypeKind.Array:
    case TypeKind.Struct:
      if (finiteSize(c, x.type)) return;
      break;
    default:
      return;
  }
  x.mode = Mode.Invalid;
  x.type = Typ[BasicKind.Invalid];
}

function exprInternal(c: Checker, T: Target | null, x: Operand, e: Expr, hint: Type | null): ExprKind {
  x.mode = Mode.Invalid; // in case of an error
  x.type = Typ[BasicKind.Invalid];

  switch (e.kind) {
    case Kind.Name:
      ident(c, x, e, false);
      x.expr = e;
      return ExprKind.Expression;

    case Kind.SelectorExpr:
      selector(c, x, e, false);
      x.expr = e;
      return ExprKind.Expression;

    case Kind.CallExpr:
      return callExpr(c, x, e);

    case Kind.BasicLit:
      if (!e.bad) basicLit(c, x, e);
      break;

    case Kind.Operation:
      return operation(c, x, e);

    case Kind.IndexExpr:
      if (indexExpr(c, x, e)) funcInst(c, T, e.pos, x, e, true);
      break;

    case Kind.ParenExpr: {
      const kind = rawExpr(c, null, x, e.x, null, false); // inference does not go past parentheses
      x.expr = e;
      return kind;
    }

    case Kind.CompositeLit:
      compositeLit(c, x, e, hint);
      break;

    case Kind.FuncLit:
      funcLit(c, x, e);
      break;

    case Kind.SliceExpr:
      sliceExpr(c, x, e);
      break;

    case Kind.AssertExpr:
      expr(c, null, x, e.x);
      if (x.mode === Mode.Invalid) break;
      if (isTypeParam(x.type)) {
        errorf(c, x, Code.InvalidAssert, `${invalidOp}cannot use type assertion on type parameter value %s`, x);
        x.mode = Mode.Invalid;
      } else if (under(x.type).kind !== TypeKind.Interface) {
        errorf(c, x, Code.InvalidAssert, `${invalidOp}%s is not an interface`, x);
        x.mode = Mode.Invalid;
      } else {
        const asserted = varType(c, e.typeExpr);
        if (isValid(asserted)) {
          typeAssertion(c, e, x, asserted, false);
          x.mode = Mode.CommaOk;
          x.type = asserted;
        } else {
          x.mode = Mode.Invalid;
        }
      }
      break;

    case Kind.TypeSwitchGuard:
      error(c, e, Code.InvalidSyntaxTree, "use of .(type) outside type switch");
      use(c, e.x);
      break;

    case Kind.DotsType:
      error(c, e, Code.InvalidSyntaxTree, "invalid use of ...");
      break;

    case Kind.ListExpr:
      error(c, e, Code.InvalidSyntaxTree, "unexpected list of expressions");
      break;

    case Kind.KeyValueExpr:
      error(c, e, Code.InvalidSyntaxTree, "no key:value expected");
      break;

    case Kind.ArrayType:
    case Kind.SliceType:
    case Kind.StructType:
    case Kind.FuncType:
    case Kind.InterfaceType:
    case Kind.MapType:
    case Kind.ChanType:
      x.mode = Mode.TypExpr;
      x.type = typ(c, e);
      break;

    case Kind.BadExpr:
      break; // reported before
  }

  x.expr = e;
  return x.mode === Mode.Invalid ? ExprKind.Statement : ExprKind.Expression; // a statement: no follow-up error
}

function operation(c: Checker, x: Operand, e: Operation): ExprKind {
  let kind = ExprKind.Expression;
  if (e.y !== null) binaryChain(c, x, e);
  else if (e.op === Op.Mul) indirection(c, x, e);
  else {
    unary(c, x, e);
    if (e.op === Op.Recv) kind = ExprKind.Statement;
  }
  x.expr = e;
  return x.mode === Mode.Invalid ? ExprKind.Statement : kind;
}

/** Checks `a op b op c …`, which leans to the left, without descending once per operator: generated code has
 *  concatenations of many thousand terms. */
function binaryChain(c: Checker, x: Operand, e: Operation): void {
  let left = e.x;
  if (left.kind !== Kind.Operation || left.y === null) {
    expr(c, null, x, left);
    binaryRest(c, x, e, left, e.y!, e.op);
    return;
  }
  const chain: Operation[] = [e];
  while (left.kind === Kind.Operation && left.y !== null) {
    chain.push(left);
    left = left.x;
  }
  expr(c, null, x, left);
  for (let i = chain.length - 1; i >= 0; i--) {
    const op = chain[i];
    binaryRest(c, x, op, op.x, op.y!, op.op);
    if (i === 0) return;
    x.expr = op;
    finishExpr(c, null, x, false);
    excludeNonValues(c, x);
    singleValue(c, x);
  }
}

/** `*x`, of a value or a type. */
function indirection(c: Checker, x: Operand, e: Operation): void {
  exprOrType(c, x, e.x, false);
  if (x.mode === Mode.Invalid) return;
  if (x.mode === Mode.TypExpr) {
    validVarType(c, e.x, x.type);
    x.type = new Pointer(x.type);
    return;
  }
  let base: Type | null = null;
  const ok = underIs(x.type, (u) => {
    if (u === null || u.kind !== TypeKind.Pointer) {
      errorf(c, x, Code.InvalidIndirection, `${invalidOp}cannot indirect %s`, x);
      return false;
    }
    if (base !== null && !identical(u.base, base)) {
      errorf(c, x, Code.InvalidIndirection, `${invalidOp}pointers of %s must have identical base types`, x);
      return false;
    }
    base = u.base;
    return true;
  });
  if (!ok || base === null) {
    x.mode = Mode.Invalid;
    return;
  }
  x.mode = Mode.Variable;
  x.type = base;
}

/** Checks x.(T) for an interface x. */
export function typeAssertion(c: Checker, e: Expr, x: Operand, T: Type, typeSwitch: boolean): void {
  const cause: Cause = { text: "" };
  if (assertableTo(c, x.type, T, cause)) return;
  if (typeSwitch) {
    const format = "impossible type switch case: %s\n\t%s cannot have dynamic type %s %s";
    errorf(c, e, Code.ImpossibleAssert, format, e, x, T, cause.text);
  } else {
    const format = "impossible type assertion: %s\n\t%s does not implement %s %s";
    errorf(c, e, Code.ImpossibleAssert, format, e, T, x.type, cause.text);
  }
}

/** Checks an expression that must be a single value. */
export function expr(c: Checker, T: Target | null, x: Operand, e: Expr): void {
  rawExpr(c, T, x, e, null, false);
  excludeNonValues(c, x);
  singleValue(c, x);
}

/** Like {@link expr}, but the value may be a generic function. */
export function genericExpr(c: Checker, x: Operand, e: Expr): void {
  rawExpr(c, null, x, e, null, true);
  excludeNonValues(c, x);
  singleValue(c, x);
}

/** Checks an expression that may have several values. With `allowCommaOk` a comma-ok expression has two. The first
 *  operand is invalid after an error. */
export function multiExpr(c: Checker, e: Expr, allowCommaOk: boolean): { list: Operand[]; commaOk: boolean } {
  const x = new Operand();
  rawExpr(c, null, x, e, null, false);
  excludeNonValues(c, x);

  const type = x.type;
  if (type.kind === TypeKind.Tuple && x.mode !== Mode.Invalid) {
    return { list: type.vars.map((v) => newOperand(Mode.Value, e, v.type!)), commaOk: false };
  }
  if (allowCommaOk && (x.mode === Mode.MapIndex || x.mode === Mode.CommaOk || x.mode === Mode.CommaErr)) {
    const second = x.mode === Mode.CommaErr ? universeError : Typ[BasicKind.UntypedBool];
    return { list: [x, newOperand(Mode.Value, e, second)], commaOk: true };
  }
  return { list: [x], commaOk: false };
}

/** Checks a value that may be a composite literal without type. */
export function exprWithHint(c: Checker, x: Operand, e: Expr, hint: Type): void {
  rawExpr(c, null, x, e, hint, false);
  excludeNonValues(c, x);
  singleValue(c, x);
}

export function exprOrType(c: Checker, x: Operand, e: Expr, allowGeneric: boolean): void {
  rawExpr(c, null, x, e, null, allowGeneric);
  exclude(c, x, 1 << Mode.NoValue);
  singleValue(c, x);
}

const notValues = (1 << Mode.NoValue) | (1 << Mode.Builtin) | (1 << Mode.TypExpr);

export function excludeNonValues(c: Checker, x: Operand): void {
  if ((notValues & (1 << x.mode)) !== 0) exclude(c, x, notValues);
}

/** Refuses operands whose mode is one of the bits of `modeset`: NoValue, Builtin, TypExpr. */
export function exclude(c: Checker, x: Operand, modeset: number): void {
  if ((modeset & (1 << x.mode)) === 0) return;
  switch (x.mode) {
    case Mode.NoValue:
      if (modeset & (1 << Mode.TypExpr)) errorf(c, x, Code.TooManyValues, "%s used as value", x);
      else errorf(c, x, Code.TooManyValues, "%s used as value or type", x);
      break;
    case Mode.Builtin:
      errorf(c, x, Code.UncalledBuiltin, "%s must be called", x);
      break;
    case Mode.TypExpr:
      errorf(c, x, Code.NotAnExpr, "%s is not an expression", x);
  }
  x.mode = Mode.Invalid;
}

/** Refuses calls with several results. */
export function singleValue(c: Checker, x: Operand): void {
  if (x.mode !== Mode.Value || x.type.kind !== TypeKind.Tuple) return;
  errorf(c, x, Code.TooManyValues, "multiple-value %s in single-value context", x);
  x.mode = Mode.Invalid;
}
