/** Unary and binary operations, comparisons and shifts. Mirrors the second half of types2/expr.go. */

import {
  type BinaryOperator,
  binaryOp,
  type ComparisonOperator,
  compareConst,
  imag,
  real,
  shift as shiftConst,
  sign,
  toInt,
  type UnaryOperator,
  Unknown,
  UnknownValue,
  uint64Val,
  unaryOp,
  type Value,
} from "../base/constant.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { ChanDir, type Expr, Kind, Mode, type Operation } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import { Op, opText } from "../syntax/tokens.ts";
import { unparen } from "../syntax/walk.ts";
import type { Checker } from "./check.ts";
import { convertUntyped, overflow, representable } from "./const.ts";
import { isPointer } from "./conversions.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, invalidOp, type Poser } from "./errors.ts";
import { expr } from "./expr.ts";
import { sprintf } from "./format.ts";
import { assignableTo, compositeKind, Operand } from "./operand.ts";
import {
  allBoolean,
  allInteger,
  allNumeric,
  allNumericOrString,
  allOrdered,
  allString,
  allUnsigned,
  comparable,
  comparableType,
  defaultType,
  hasNil,
  identical,
  isComplex,
  isInteger,
  isNonTypeParamInterface,
  isTyped,
  isTypeParam,
  isUnsigned,
  isUntyped,
  isValid,
} from "./predicates.ts";
import { sizeof } from "./sizes.ts";
import { BasicKind, type Chan, Pointer, type Type, TypeKind } from "./types.ts";
import { commonUnder, typeErrorf, under } from "./under.ts";
import { Typ } from "./universe.ts";
import { updateExprType } from "./untyped.ts";
import { go1_13, verifyVersionf } from "./version.ts";

/** Where an operation is reported: at its operator; other expressions at their start. */
export function opPos(x: Expr | null): Pos {
  if (x === null) return NoPos;
  return x.kind === Kind.Operation ? x.pos : startPos(x);
}

/** The name of an operation that may overflow, otherwise "". */
export function opName(x: Expr | null): string {
  if (x === null || x.kind !== Kind.Operation) return "";
  if (x.y === null) return x.op === Op.Xor ? "bitwise complement" : "";
  switch (x.op) {
    case Op.Add:
      return "addition";
    case Op.Sub:
      return "subtraction";
    case Op.Xor:
      return "bitwise XOR";
    case Op.Mul:
      return "multiplication";
    case Op.Shl:
      return "shift";
    default:
      return "";
  }
}

export function isShift(op: Op): boolean {
  return op === Op.Shl || op === Op.Shr;
}

export function isComparison(op: Op): boolean {
  return op >= Op.Eql && op <= Op.Geq;
}

// ---------------------------------------------------------------------------------------------------- unary

export function unary(c: Checker, x: Operand, e: Operation): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.Invalid) return;

  let op = e.op;
  switch (op) {
    case Op.And:
      if (x.mode !== Mode.Variable && unparen(e.x).kind !== Kind.CompositeLit) {
        errorf(c, x, Code.UnaddressableOperand, `${invalidOp}cannot take address of %s`, x);
        x.mode = Mode.Invalid;
        return;
      }
      x.mode = Mode.Value;
      x.type = new Pointer(x.type);
      return;

    case Op.Recv: {
      const elem = chanElem(c, x, x, true);
      if (elem === null) {
        x.mode = Mode.Invalid;
        return;
      }
      x.mode = Mode.CommaOk;
      x.type = elem;
      c.hasCallOrRecv = true;
      return;
    }

    case Op.Tilde:
      if (!allInteger(x.type)) {
        error(c, e, Code.UndefinedOp, "cannot use ~ outside of interface or type constraint");
        x.mode = Mode.Invalid;
        return;
      }
      error(
        c,
        e,
        Code.UndefinedOp,
        "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)",
      );
      op = Op.Xor;
  }

  if (!unaryDefined(op, x.type)) {
    undefinedOp(c, x, op);
    return;
  }
  if (x.mode !== Mode.Constant) {
    x.mode = Mode.Value;
    return;
  }
  if (x.val instanceof Unknown) return;
  const bits = isUnsigned(x.type) ? sizeof(c.conf, x.type) * 8 : 0;
  x.val = unaryOp(opText[op] as UnaryOperator, x.val!, bits);
  x.expr = e;
  overflow(c, x, opPos(e));
}

function unaryDefined(op: Op, type: Type): boolean {
  switch (op) {
    case Op.Add:
    case Op.Sub:
      return allNumeric(type);
    case Op.Xor:
      return allInteger(type);
    default: // Not
      return allBoolean(type);
  }
}

function undefinedOp(c: Checker, x: Operand, op: Op): void {
  errorf(c, x, Code.UndefinedOp, `${invalidOp}operator %s not defined on %s`, opText[op], x);
  x.mode = Mode.Invalid;
}

/** The element type of the channel x for a receive or a send; reports why it has none. */
export function chanElem(c: Checker, at: Poser, x: Operand, recv: boolean): Type | null {
  const { type, err } = commonUnder(x.type, (t, u) => {
    if (u === null) return typeErrorf("no specific channel type");
    if (u.kind !== TypeKind.Chan) return typeErrorf("non-channel %s", t);
    if (recv && u.dir === ChanDir.SendOnly) return typeErrorf("send-only channel %s", t);
    if (!recv && u.dir === ChanDir.RecvOnly) return typeErrorf("receive-only channel %s", t);
    return null;
  });
  if (type !== null) return (type as Chan).elem;

  const cause = err!.format(c);
  const what = recv ? "cannot receive from" : "cannot send to";
  const code = recv ? Code.InvalidReceive : Code.InvalidSend;
  if (isTypeParam(x.type)) errorf(c, at, code, `${invalidOp}${what} %s: %s`, x, cause);
  else errorf(c, at, code, `${invalidOp}${what} %s %s`, cause, x);
  return null;
}

// ---------------------------------------------------------------------------------------------------- comparison

/** Checks `x op y`, or with `switchCase` whether the tag y of a switch can be compared to the case x. */
export function comparison(c: Checker, x: Operand, y: Operand, op: Op, switchCase: boolean): void {
  if (!isValid(x.type) || !isValid(y.type)) {
    x.mode = Mode.Invalid;
    return;
  }
  if (switchCase) op = Op.Eql;

  if (assignableTo(x, c, y.type, null) !== null && assignableTo(y, c, x.type, null) !== null) {
    const cause = sprintf(c, "mismatched types %s and %s", x.type, y.type);
    invalidComparison(c, x, y, op, switchCase, Code.MismatchedTypes, y, cause);
    return;
  }

  let errOp: Operand | null = null;
  let cause = "";
  if (op === Op.Eql || op === Op.Neq) {
    if (x.mode === Mode.NilValue || y.mode === Mode.NilValue) {
      if (!hasNil(x.mode === Mode.NilValue ? y.type : x.type)) errOp = y;
    } else if (!comparable(x.type)) {
      errOp = x;
      cause = incomparableCause(c, x.type);
    } else if (!comparable(y.type)) {
      errOp = y;
      cause = incomparableCause(c, y.type);
    }
  } else if (!allOrdered(x.type)) errOp = x;
  else if (!allOrdered(y.type)) errOp = y;
  if (errOp !== null) {
    invalidComparison(c, x, y, op, switchCase, Code.UndefinedOp, errOp, cause);
    return;
  }

  if (x.mode === Mode.Constant && y.mode === Mode.Constant) {
    x.val = compareConst(x.val!, opText[op] as ComparisonOperator, y.val!);
  } else {
    x.mode = Mode.Value;
    // The operands are values at run time: untyped ones take their default types.
    updateExprType(c, x.expr!, defaultType(x.type), true);
    updateExprType(c, y.expr!, defaultType(y.type), true);
  }
  x.type = Typ[BasicKind.UntypedBool];
}

function invalidComparison(
  c: Checker,
  x: Operand,
  y: Operand,
  op: Op,
  switchCase: boolean,
  code: Code,
  errOp: Operand,
  cause: string,
): void {
  if (cause === "") {
    if (isTypeParam(x.type) || isTypeParam(y.type)) {
      if (!isTypeParam(x.type)) errOp = y;
      cause = sprintf(c, "type parameter %s cannot use operator %s", errOp.type, opText[op]);
    } else {
      const what = compositeKind(errOp.type);
      cause = sprintf(c, "operator %s not defined on %s", opText[op], what === "" ? errOp.type : what);
    }
  }
  if (switchCase) errorf(c, x, code, "invalid case %s in switch on %s (%s)", x.expr, y.expr, cause);
  else errorf(c, errOp, code, `${invalidOp}%s %s %s (%s)`, x.expr, opText[op], y.expr, cause);
  x.mode = Mode.Invalid;
}

/** Why values of the type cannot be compared, "" if there is no more to say. */
export function incomparableCause(c: Checker, type: Type): string {
  switch (under(type).kind) {
    case TypeKind.Slice:
    case TypeKind.Signature:
    case TypeKind.Map:
      return `${compositeKind(type)} can only be compared to nil`;
  }
  return comparableType(type, true, null)?.format(c) ?? "";
}

// ---------------------------------------------------------------------------------------------------- shifts

/** Checks `x op y`; e is the shift itself, null in `x op= y`. */
function shift(c: Checker, x: Operand, y: Operand, e: Expr | null, op: Op): void {
  const xval = x.mode === Mode.Constant ? toInt(x.val!) : null;
  if (!allInteger(x.type) && !(isUntyped(x.type) && typeof xval === "bigint")) {
    invalidShiftOperand(c, x);
    return;
  }
  const yval = y.mode === Mode.Constant ? toInt(y.val!) : null;
  if (!checkShiftCount(c, y, yval)) {
    x.mode = Mode.Invalid;
    return;
  }

  if (x.mode === Mode.Constant) {
    if (y.mode === Mode.Constant) {
      constantShift(c, x, y, xval!, yval!, e, op);
      return;
    }
    // The constant's type is what it would be without the shift: it is checked once that is known. After an error
    // it may have become typed already.
    if (isUntyped(x.type)) {
      const info = c.untyped.get(x.expr!);
      if (info !== undefined) info.isLhs = true;
      x.mode = Mode.Value;
      return;
    }
  }

  if (!allInteger(x.type)) {
    invalidShiftOperand(c, x);
    return;
  }
  x.mode = Mode.Value;
}

function invalidShiftOperand(c: Checker, x: Operand): void {
  errorf(c, x, Code.InvalidShiftOperand, `${invalidOp}shifted operand %s must be integer`, x);
  x.mode = Mode.Invalid;
}

/** A constant count must be representable by uint (it is not converted), any other must be an integer. */
function checkShiftCount(c: Checker, y: Operand, yval: Value | null): boolean {
  if (y.mode === Mode.Constant) {
    if (typeof yval === "bigint" && yval < 0n) {
      errorf(c, y, Code.InvalidShiftCount, `${invalidOp}negative shift count %s`, y);
      return false;
    }
    if (!isUntyped(y.type)) return true;
    representable(c, y, Typ[BasicKind.Uint]);
    return (y.mode as Mode) !== Mode.Invalid;
  }
  if (allInteger(y.type)) {
    return allUnsigned(y.type) || verifyVersionf(c, y, go1_13, `${invalidOp}signed shift count %s`, y);
  }
  if (isUntyped(y.type)) {
    convertUntyped(c, y, Typ[BasicKind.Uint]);
    return y.mode !== Mode.Invalid;
  }
  errorf(c, y, Code.InvalidShiftCount, `${invalidOp}shift count %s must be integer`, y);
  return false;
}

/** Counts go up to what the smallest denormal float64 takes to be written. */
const maxShift = 1023n - 1n + 52n;

function constantShift(c: Checker, x: Operand, y: Operand, xval: Value, yval: Value, e: Expr | null, op: Op): void {
  if (x.val instanceof Unknown || y.val instanceof Unknown) {
    x.val = UnknownValue;
    if (!isInteger(x.type)) x.type = Typ[BasicKind.UntypedInt];
    return;
  }
  const count = uint64Val(yval);
  if (count === null || count > maxShift) {
    errorf(c, y, Code.InvalidShiftCount, `${invalidOp}invalid shift count %s`, y);
    x.mode = Mode.Invalid;
    return;
  }
  if (!isInteger(x.type)) x.type = Typ[BasicKind.UntypedInt]; // 2.0 << 1 is an integer
  x.val = shiftConst(xval, op === Op.Shl ? "<<" : ">>", Number(count));
  x.expr = e;
  overflow(c, x, opPos(e));
}

// ---------------------------------------------------------------------------------------------------- binary

/** Checks `lhs op rhs`; e is the operation, null where it is implied by an assignment operator. */
export function binary(c: Checker, x: Operand, e: Expr | null, lhs: Expr, rhs: Expr, op: Op): void {
  expr(c, null, x, lhs);
  binaryRest(c, x, e, lhs, rhs, op);
}

/** Like {@link binary} once x is the checked `lhs`. */
export function binaryRest(c: Checker, x: Operand, e: Expr | null, lhs: Expr, rhs: Expr, op: Op): void {
  const y = new Operand();
  expr(c, null, y, rhs);
  if (x.mode === Mode.Invalid) return;
  if (y.mode === Mode.Invalid) {
    x.mode = Mode.Invalid;
    x.expr = y.expr;
    return;
  }
  if (isShift(op)) {
    shift(c, x, y, e, op);
    return;
  }
  matchTypes(c, x, y);
  if ((x.mode as Mode) === Mode.Invalid) return;
  if (isComparison(op)) {
    comparison(c, x, y, op, false);
    return;
  }

  if (x.type !== y.type && !identical(x.type, y.type)) {
    if (isValid(x.type) && isValid(y.type)) {
      if (e !== null) {
        errorf(c, x, Code.MismatchedTypes, `${invalidOp}%s (mismatched types %s and %s)`, e, x.type, y.type);
      } else {
        const format = `${invalidOp}%s %s= %s (mismatched types %s and %s)`;
        errorf(c, x, Code.MismatchedTypes, format, lhs, opText[op], rhs, x.type, y.type);
      }
    }
    x.mode = Mode.Invalid;
    return;
  }
  if (!binaryDefined(op, x.type)) {
    undefinedOp(c, x, op);
    return;
  }
  if ((op === Op.Div || op === Op.Rem) && isZeroDivisor(x, y)) {
    error(c, y, Code.DivByZero, `${invalidOp}division by zero`);
    x.mode = Mode.Invalid;
    return;
  }
  if (x.mode !== Mode.Constant || y.mode !== Mode.Constant) {
    x.mode = Mode.Value;
    return;
  }
  if (x.val instanceof Unknown || y.val instanceof Unknown) {
    x.val = UnknownValue;
    return;
  }
  const operator = op === Op.Div && isInteger(x.type) ? "div" : (opText[op] as BinaryOperator);
  x.val = binaryOp(x.val!, operator, y.val!);
  x.expr = e;
  overflow(c, x, opPos(e));
}

function binaryDefined(op: Op, type: Type): boolean {
  switch (op) {
    case Op.Add:
      return allNumericOrString(type);
    case Op.Sub:
    case Op.Mul:
    case Op.Div:
      return allNumeric(type);
    case Op.AndAnd:
    case Op.OrOr:
      return allBoolean(type);
    default: // Rem, And, Or, Xor, AndNot
      return allInteger(type);
  }
}

function isZeroDivisor(x: Operand, y: Operand): boolean {
  if (y.mode !== Mode.Constant) return false;
  const val = y.val!;
  if ((x.mode === Mode.Constant || allInteger(x.type)) && sign(val) === 0) return true;
  // The norm of a complex divisor may underflow to zero.
  if (x.mode !== Mode.Constant || !isComplex(x.type)) return false;
  const re = real(val);
  const im = imag(val);
  return sign(binaryOp(re, "*", re)) === 0 && sign(binaryOp(im, "*", im)) === 0;
}

/** Converts an untyped operand to the type of the other where that may succeed; else the types are left to the caller
 *  to compare. */
export function matchTypes(c: Checker, x: Operand, y: Operand): void {
  if (!mayConvert(x, y)) return;
  convertUntyped(c, x, y.type);
  if (x.mode === Mode.Invalid) return;
  convertUntyped(c, y, x.type);
  if (y.mode === Mode.Invalid) x.mode = Mode.Invalid;
}

function mayConvert(x: Operand, y: Operand): boolean {
  if (isTyped(x.type) && isTyped(y.type)) return false;
  if (allNumeric(x.type) !== allNumeric(y.type)) return false;
  if (isNonTypeParamInterface(x.type) || isNonTypeParamInterface(y.type)) return true;
  if (allBoolean(x.type) !== allBoolean(y.type)) return false;
  if (allString(x.type) !== allString(y.type)) return false;
  if (x.mode === Mode.NilValue) return hasNil(y.type);
  if (y.mode === Mode.NilValue) return hasNil(x.type);
  return !isPointer(x.type) && !isPointer(y.type);
}
