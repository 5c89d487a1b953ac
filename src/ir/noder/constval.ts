/** Constant values in the form that their type holds (noder/helpers.go FixValue and idealType, typecheck/const.go
 *  ConvertVal). */
import {
  binaryOp,
  float32Val,
  float64Val,
  imag,
  kindOf,
  makeFloat64,
  makeImag,
  real,
  sign,
  toComplex,
  toFloat,
  toInt,
  type Value,
  ValueKind,
} from "../../base/constant.ts";
import type * as types from "../../types/types.ts";
import { BasicKind, TypeKind } from "../../types/types.ts";
import { Typ } from "../../types/universe.ts";
import { isInteger } from "../typeops.ts";
import { TKind, type Type } from "../types.ts";

/** `val` as a value of type `t`: floating-point numbers are rounded to its size. */
export function fixValue(t: Type, val: Value): Value {
  if (typeof val === "bigint" && isInteger(t)) return val;
  switch (t.kind) {
    case TKind.BOOL:
    case TKind.STRING:
      return val;
    case TKind.FLOAT32:
    case TKind.FLOAT64:
      return roundFloat(toFloat(realPart(val)), t.kind === TKind.FLOAT32);
    case TKind.COMPLEX64:
    case TKind.COMPLEX128: {
      const value = toComplex(val);
      const single = t.kind === TKind.COMPLEX64;
      const re = roundFloat(toFloat(real(value)), single);
      return binaryOp(re, "+", makeImag(roundFloat(toFloat(imag(value)), single)));
    }
    case TKind.IDEAL:
      return val;
    default:
      return toInt(realPart(val));
  }
}

/** Whether a constant converted to `t` stays one. */
export function holdsConstant(t: Type, val: Value): boolean {
  switch (kindOf(val)) {
    case ValueKind.Bool:
      return t.kind === TKind.BOOL;
    case ValueKind.String:
      return t.kind === TKind.STRING;
    default:
      return isInteger(t) || (t.kind >= TKind.COMPLEX64 && t.kind <= TKind.FLOAT64);
  }
}

function realPart(val: Value): Value {
  return typeof val === "object" ? real(val) : val;
}

function roundFloat(val: Value, single: boolean): Value {
  return makeFloat64(single ? float32Val(val) : float64Val(val));
}

/** The type that a constant gets where the language needs none: shift counts, conditions, copied strings, ranges. */
export function idealType(t: types.Type, val: Value): types.Type {
  if (t.kind !== TypeKind.Basic) return t;
  switch (t.basic) {
    case BasicKind.UntypedInt:
    case BasicKind.UntypedFloat:
    case BasicKind.UntypedComplex:
      return Typ[sign(toInt(val)) < 0 ? BasicKind.Int : BasicKind.Uint];
    case BasicKind.UntypedBool:
      return Typ[BasicKind.Bool];
    case BasicKind.UntypedString:
      return Typ[BasicKind.String];
    case BasicKind.UntypedRune:
      return Typ[BasicKind.Int32];
    default:
      return t;
  }
}
