/** Untyped expressions: which type they take where they are used, and how it reaches their operands.
 *
 *  Mirrors updateExprType, updateExprVal and implicitTypeAndValue of types2/expr.go. */
import type { Value } from "../base/constant.ts";
import { type Expr, Kind, Mode, type Operation } from "../syntax/ast.ts";
import { Op } from "../syntax/tokens.ts";
import type { Checker, ExprInfo } from "./check.ts";
import { convertUntyped, representation } from "./const.ts";
import { Code } from "./errorcodes.ts";
import { errorf, invalidOp } from "./errors.ts";
import { newOperand, type Operand } from "./operand.ts";
import { isComparison, isShift } from "./operations.ts";
import {
  allInteger,
  defaultType,
  hasNil,
  isBoolean,
  isNumeric,
  isString,
  isTyped,
  isTypeParam,
  isUntyped,
  isValid,
  maxType,
} from "./predicates.ts";
import { recordTypeAndValue } from "./recording.ts";
import { type Basic, BasicKind, type Type, TypeKind } from "./types.ts";
import { empty } from "./typeset.ts";
import { under, underIs } from "./under.ts";

/** Gives the expression x, if it has no final type yet, the type `type`, and its operands what follows from that. The
 *  type is recorded once it is typed or `final`. A constant must then be representable, a shifted operand an
 *  integer; `fits` says that the constant x itself is known to be. */
export function updateExprType(c: Checker, x: Expr, type: Type, final: boolean, fits = false): void {
  const old = c.untyped.get(x);
  if (old === undefined) return;

  switch (x.kind) {
    case Kind.CallExpr: // an untyped constant: the call took care of its arguments
    case Kind.Name:
    case Kind.BasicLit:
    case Kind.SelectorExpr:
      break;
    case Kind.ParenExpr:
      updateExprType(c, x.x, type, final);
      break;
    case Kind.Operation:
      // Operands of constants never become values; they keep what they have until the end of the run.
      if (old.val !== null) break;
      if (takesOperandTypes(x)) {
        updateChain(c, x, type, final);
        return;
      }
      if (x.y !== null) break; // a comparison says nothing about its operands, which have their final types
      if (x.op === Op.Mul) return;
      updateExprType(c, x.x, type, final);
      break;
    default:
      return; // never untyped
  }
  updateSelf(c, x, old, type, final, fits);
}

/** A binary operation, no comparison: its operands (the left one only of a shift) have its type. */
function takesOperandTypes(x: Operation): boolean {
  return x.y !== null && !isComparison(x.op);
}

/** Updates `a op b op c …` of untyped values, which leans to the left, without descending once per operator. */
function updateChain(c: Checker, x: Operation, type: Type, final: boolean): void {
  const chain: Operation[] = [x];
  let left = x.x;
  while (left.kind === Kind.Operation && takesOperandTypes(left) && c.untyped.get(left)?.val === null) {
    chain.push(left);
    left = left.x;
  }
  updateExprType(c, left, type, final);
  for (let i = chain.length - 1; i >= 0; i--) {
    const op = chain[i];
    if (!isShift(op.op)) updateExprType(c, op.y!, type, final);
    const old = c.untyped.get(op);
    if (old !== undefined) updateSelf(c, op, old, type, final, false);
  }
}

/** The operands are done: what remains is x on its own. */
function updateSelf(c: Checker, x: Expr, old: ExprInfo, type: Type, final: boolean, fits: boolean): void {
  if (!final && isUntyped(type)) {
    old.type = under(type) as Basic;
    return;
  }
  c.untyped.delete(x);

  if (old.isLhs && !allInteger(type)) {
    errorf(c, x, Code.InvalidShiftOperand, `${invalidOp}shifted operand %s (type %s) must be integer`, x, type);
    return;
  }
  if (old.val !== null && !fits) {
    const constant = newOperand(old.mode, x, old.type, old.val);
    convertUntyped(c, constant, type);
    if (constant.mode === Mode.Invalid) return;
  }
  recordTypeAndValue(c, x, old.mode, type, old.val);
}

export function updateExprVal(c: Checker, x: Expr, val: Value): void {
  const info = c.untyped.get(x);
  if (info !== undefined) info.val = val;
}

export interface ImplicitType {
  /** null if x cannot be used as the target type; then `code` says why. */
  readonly newType: Type | null;
  /** Of a constant: its representation in the type. */
  readonly val: Value | null;
  readonly code: Code | null;
}

/** The type (and value) that x takes where the type `target` is expected. */
export function implicitTypeAndValue(c: Checker, x: Operand, target: Type): ImplicitType {
  if (x.mode === Mode.Invalid || isTyped(x.type) || !isValid(target)) return { newType: x.type, val: null, code: null };

  if (isUntyped(target)) {
    const newType = maxType(x.type, target);
    return newType === null ? impossible : { newType, val: null, code: null };
  }
  if (x.mode === Mode.NilValue) return hasNil(target) ? { newType: target, val: null, code: null } : impossible;

  const u = under(target);
  if (u.kind === TypeKind.Basic) {
    if (x.mode === Mode.Constant) {
      const { val, code } = representation(c, x, u);
      return code === null ? { newType: target, val, code } : { newType: null, val: null, code };
    }
    return mayBecome((x.type as Basic).basic, target) ? { newType: target, val: null, code: null } : impossible;
  }
  if (u.kind === TypeKind.Interface) {
    if (isTypeParam(target)) {
      const ok = underIs(target, (u) => u !== null && implicitTypeAndValue(c, x, u).newType !== null);
      return ok ? { newType: target, val: null, code: null } : impossible;
    }
    // Values in an interface have a concrete type. Only an empty interface takes values of predeclared types.
    return empty(u) ? { newType: defaultType(x.type), val: null, code: null } : impossible;
  }
  return impossible;
}

const impossible: ImplicitType = { newType: null, val: null, code: Code.InvalidUntypedConversion };

/** Whether untyped values that are no constants (comparisons, shifts) can take the target type. */
function mayBecome(kind: BasicKind, target: Type): boolean {
  switch (kind) {
    case BasicKind.UntypedBool:
      return isBoolean(target);
    case BasicKind.UntypedInt:
    case BasicKind.UntypedRune:
    case BasicKind.UntypedFloat:
    case BasicKind.UntypedComplex:
      return isNumeric(target);
    case BasicKind.UntypedString:
      return isString(target);
    default:
      return false;
  }
}
