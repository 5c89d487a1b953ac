/** Untyped constants: what type can represent them, overflow, rounding. Mirrors types2/const.go. */
import {
  bitLen,
  Complex,
  Float,
  imag,
  Rat,
  real,
  roundFloat32,
  roundFloat64,
  toComplex,
  toFloat,
  toInt,
  Unknown,
  UnknownValue,
  type Value,
} from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { Mode } from "../syntax/ast.ts";
import { assert, type Checker } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf } from "./errors.ts";
import { implicitTypeAndValue, opName, updateExprType, updateExprVal } from "./expr.ts";
import type { Operand } from "./operand.ts";
import { isInteger, isNumeric, isTyped, isTypeParam } from "./predicates.ts";
import { sizeof } from "./sizes.ts";
import { type Basic, BasicInfo, BasicKind, type Type, TypeKind } from "./types.ts";
import { under } from "./under.ts";

/** Bits that an untyped integer may have. */
const maxUntypedBits = 512;

/** Checks that the constant x is representable by its type; untyped ones only must not become arbitrarily large. */
export function overflow(c: Checker, x: Operand, opPos: Pos): void {
  const val = x.val;
  if (val instanceof Unknown) {
    error(c, opPos, Code.InvalidConstVal, "constant result is not representable");
    return;
  }
  if (isTyped(x.type)) {
    const u = under(x.type);
    if (u.kind !== TypeKind.Basic) throw new InternalError("constant of a type that is not basic");
    representable(c, x, u);
    return;
  }
  if (typeof val === "bigint" && bitLen(val) > maxUntypedBits) {
    const op = opName(x.expr);
    errorf(c, opPos, Code.InvalidConstVal, "constant %soverflow", op === "" ? "" : `${op} `);
    x.val = UnknownValue;
  }
}

/** The value that x becomes in type `type`, rounded where that loses precision only; null if it has none. */
export function representableConst(x: Value, c: Checker, type: Basic): Value | null {
  if (x instanceof Unknown) return x;
  if (type.info & BasicInfo.Integer) {
    const int = toInt(x);
    return typeof int === "bigint" && fitsInteger(int, c, type) ? int : null;
  }
  if (type.info & BasicInfo.Float) return representableFloat(x, type.basic);
  if (type.info & BasicInfo.Complex) return representableComplex(x, type.basic);
  if (type.info & BasicInfo.String) return typeof x === "string" ? x : null;
  if (type.info & BasicInfo.Boolean) return typeof x === "boolean" ? x : null;
  return null;
}

function fitsInteger(x: bigint, c: Checker, type: Basic): boolean {
  switch (type.basic) {
    case BasicKind.UntypedInt:
    case BasicKind.UntypedRune:
      return true;
    case BasicKind.Int:
      return fitsBits(x, sizeof(c.conf, type) * 8, false);
    case BasicKind.Int8:
      return fitsBits(x, 8, false);
    case BasicKind.Int16:
      return fitsBits(x, 16, false);
    case BasicKind.Int32:
      return fitsBits(x, 32, false);
    case BasicKind.Int64:
      return fitsBits(x, 64, false);
    case BasicKind.Uint:
    case BasicKind.Uintptr:
      return fitsBits(x, sizeof(c.conf, type) * 8, true);
    case BasicKind.Uint8:
      return fitsBits(x, 8, true);
    case BasicKind.Uint16:
      return fitsBits(x, 16, true);
    case BasicKind.Uint32:
      return fitsBits(x, 32, true);
    case BasicKind.Uint64:
      return fitsBits(x, 64, true);
    default:
      throw new InternalError("not an integer type");
  }
}

function fitsBits(x: bigint, bits: number, unsigned: boolean): boolean {
  if (x >= 0n && x <= 127n) return true; // most constants
  if (unsigned) return x >= 0n && bitLen(x) <= bits;
  return bitLen(x < 0n ? -x - 1n : x) < bits;
}

function representableFloat(x: Value, kind: BasicKind): Value | null {
  const float = toFloat(x);
  if (!(float instanceof Rat || float instanceof Float)) return null;
  switch (kind) {
    case BasicKind.Float32:
      return roundFloat32(float);
    case BasicKind.Float64:
      return roundFloat64(float);
    default:
      return x; // an untyped float keeps its form
  }
}

function representableComplex(x: Value, kind: BasicKind): Value | null {
  const complex = toComplex(x);
  if (!(complex instanceof Complex)) return null;
  if (kind === BasicKind.UntypedComplex) return x;
  const round = kind === BasicKind.Complex64 ? roundFloat32 : roundFloat64;
  const re = round(real(complex));
  const im = round(imag(complex));
  return re === null || im === null ? null : new Complex(re, im);
}

/** Rounds the constant x to the basic type; reports an error and invalidates x if it is not representable. */
export function representable(c: Checker, x: Operand, type: Basic): void {
  const { val, code } = representation(c, x, type);
  if (code !== null) {
    invalidConversion(c, code, x, type);
    x.mode = Mode.Invalid;
    return;
  }
  x.val = val;
}

export interface Representation {
  readonly val: Value | null;
  /** Not null: there is no representation. */
  readonly code: Code | null;
}

/** The representation of the constant x in the basic type. */
export function representation(c: Checker, x: Operand, type: Basic): Representation {
  assert(x.mode === Mode.Constant);
  const val = representableConst(x.val!, c, type);
  if (val !== null) return { val, code: null };
  if (!isNumeric(x.type) || !isNumeric(type)) return { val, code: Code.InvalidConstVal };
  const truncated = !isInteger(x.type) && isInteger(type);
  return { val, code: truncated ? Code.TruncatedFloat : Code.NumericOverflow };
}

export function invalidConversion(c: Checker, code: Code, x: Operand, target: Type): void {
  let format = "cannot convert %s to type %s";
  if (code === Code.TruncatedFloat) format = "%s truncated to %s";
  else if (code === Code.NumericOverflow) format = "%s overflows %s";
  errorf(c, x, code, format, x, target);
}

/** Gives the untyped x the target type, if it is untyped; invalidates x if it cannot have it. */
export function convertUntyped(c: Checker, x: Operand, target: Type): void {
  if (x.mode === Mode.Invalid || isTyped(x.type)) return;
  const { newType, val, code } = implicitTypeAndValue(c, x, target);
  if (code !== null) {
    invalidConversion(c, code, x, isTypeParam(target) ? target : under(target));
    x.mode = Mode.Invalid;
    return;
  }
  if (val !== null) {
    x.val = val;
    updateExprVal(c, x.expr!, val);
  }
  if (newType !== x.type) {
    x.type = newType!;
    updateExprType(c, x.expr!, newType!, false, val !== null);
  }
}
