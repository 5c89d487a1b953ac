/** Literal nodes and their values (cmd/compile/internal/ir: const.go, val.go, IsZero of expr.go). */

import {
  compareConst,
  int64Val as constInt64Val,
  uint64Val as constUint64Val,
  kindOf,
  sign,
  toFloat,
  toInt,
  type Value,
  ValueKind,
} from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { newLiteral, newNil } from "./make.ts";
import { Node } from "./node.ts";
import { Op } from "./op.ts";
import { hasNil, isComplex, isFloat, isInteger, isUnsigned } from "./typeops.ts";
import { TKind, type Type } from "./types.ts";
import type { Universe } from "./universe.ts";

export function newBool(u: Universe, pos: Pos, b: boolean): Node {
  return newLiteral(pos, u.untypedBool, b);
}

export function newInt(u: Universe, pos: Pos, v: number | bigint): Node {
  return newLiteral(pos, u.untypedInt, BigInt(v));
}

export function newUintptr(u: Universe, pos: Pos, v: number | bigint): Node {
  return newLiteral(pos, u.types[TKind.UINTPTR], BigInt(v));
}

/** The zero value of `type`, which must not be a struct or an array unless a literal node of it will do. */
export function newZero(pos: Pos, type: Type): Node {
  if (hasNil(type)) return newNil(pos, type);
  if (isInteger(type) || isFloat(type) || isComplex(type)) return newLiteral(pos, type, 0n);
  if (type.kind === TKind.BOOL) return newLiteral(pos, type, false);
  if (type.kind === TKind.STRING) return newLiteral(pos, type, "");
  if (type.kind === TKind.ARRAY) return new Node(Op.OARRAYLIT, pos, type);
  if (type.kind === TKind.STRUCT) return new Node(Op.OSTRUCTLIT, pos, type);
  throw new InternalError(`no zero value of kind ${type.kind}`);
}

/** The kind of a literal's value as its type has it: 1 of type float64 is a floating-point constant. */
export function constType(n: Node | null): ValueKind {
  if (n === null || n.op !== Op.OLITERAL) return ValueKind.Unknown;
  const t = n.type;
  if (t === null) return kindOf(n.val!);
  if (isInteger(t)) return ValueKind.Int;
  if (isFloat(t)) return ValueKind.Float;
  if (isComplex(t)) return ValueKind.Complex;
  return kindOf(n.val!);
}

export function isConst(n: Node | null, kind: ValueKind): boolean {
  return constType(n) === kind;
}

export function isSmallIntConst(n: Node): boolean {
  if (n.op !== Op.OLITERAL) return false;
  const v = typeof n.val === "bigint" ? n.val : null;
  return v !== null && v >= -0x80000000n && v <= 0x7fffffffn;
}

/** The value of an integer literal as a number; exact up to 2^53. */
export function int64Val(n: Node): number {
  return Number(bigVal(n));
}

export function bigVal(n: Node): bigint {
  const v = n.op === Op.OLITERAL ? toInt(n.val!) : null;
  if (typeof v !== "bigint") throw new InternalError("not an integer literal");
  return v;
}

/** `v` as an int64; values of uint64 above its range wrap. */
export function intVal(t: Type, v: Value): bigint {
  const x = isUnsigned(t) ? constUint64Val(v) : constInt64Val(v);
  if (x === null) throw new InternalError("integer constant out of range");
  return BigInt.asIntN(64, x);
}

/** The bytes of a string literal. */
export function stringVal(n: Node): string {
  if (typeof n.val !== "string") throw new InternalError("not a string literal");
  return n.val;
}

/** The value is the zero value of its type, known without evaluating anything. */
export function isZero(n: Node): boolean {
  switch (n.op) {
    case Op.ONIL:
      return true;
    case Op.OLITERAL: {
      const v = n.val!;
      if (typeof v === "string") return v === "";
      if (typeof v === "boolean") return !v;
      return sign(v) === 0;
    }
    case Op.OARRAYLIT:
      for (const elem of n.list) if (!isZero(elem.op === Op.OKEY ? elem.y! : elem)) return false;
      return true;
    case Op.OSTRUCTLIT:
      for (const elem of n.list) if (!isZero(elem.x!)) return false;
      return true;
    default:
      return false;
  }
}

/** Two literals have equal values. */
export function sameConst(a: Value, b: Value): boolean {
  if (typeof a === "bigint" && typeof b === "bigint") return a === b;
  if (typeof a !== typeof b && (typeof a === "string" || typeof b === "string")) return false;
  if (typeof a === "boolean" || typeof b === "boolean") return a === b;
  return compareConst(a, "==", b);
}

/** The literal's value in the representation that its type prices: what prints with `%v`. */
export function typedValue(n: Node): Value {
  const v = n.val!;
  return typeof v === "bigint" && n.type !== null && isFloat(n.type) ? toFloat(v) : v;
}
