/** Arithmetic with Go's semantics: integers wrap around, shifts by more than the width give 0 or the sign, division is
 *  checked, and the smallest integer divided by -1 is itself. */
import { bigVal } from "../../ir/const.ts";
import type { Node } from "../../ir/node.ts";
import { NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isComplex, isFloat, isSigned } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { FnFlag, SOp, type Value, VT } from "../value.ts";
import { expr, intConst, scalar } from "./expr.ts";
import { normalize } from "./numconv.ts";
import type { FnState } from "./state.ts";

export function binary(s: FnState, n: Node): Value[] {
  const x = expr(s, n.x!);
  if (n.op === Op.OLSH || n.op === Op.ORSH) return [shift(s, n.op, n.type!, x[0], n.y!, n)];
  return arith(s, n.op, n.type!, x, expr(s, n.y!), n);
}

/** `x op y` for values of type `t`; also for assignments with an operation. */
export function arith(s: FnState, op: Op, t: Type, x: readonly Value[], y: readonly Value[], n: Node): Value[] {
  if (isComplex(t)) return complexArith(s, op, t, x, y, n);
  if (isFloat(t)) return [floatArith(s, op, x[0], y[0], n)];
  return [intArith(s, op, t, x[0], y[0], n)];
}

function floatArith(s: FnState, op: Op, x: Value, y: Value, n: Node): Value {
  const wide = x.type === VT.F64;
  switch (op) {
    case Op.OADD:
      return s.b.num(wide ? Num.F64Add : Num.F32Add, x, y);
    case Op.OSUB:
      return s.b.num(wide ? Num.F64Sub : Num.F32Sub, x, y);
    case Op.OMUL:
      return s.b.num(wide ? Num.F64Mul : Num.F32Mul, x, y);
    case Op.ODIV:
      return s.b.num(wide ? Num.F64Div : Num.F32Div, x, y);
    default:
      throw s.unsupported(`floating-point operation ${op}`, n);
  }
}

function intArith(s: FnState, op: Op, t: Type, x: Value, y: Value, n: Node): Value {
  const { b } = s;
  const wide = x.type === VT.I64;
  switch (op) {
    case Op.OADD:
      return normalize(s, b.num(wide ? Num.I64Add : Num.I32Add, x, y), t);
    case Op.OSUB:
      return normalize(s, b.num(wide ? Num.I64Sub : Num.I32Sub, x, y), t);
    case Op.OMUL:
      return normalize(s, b.num(wide ? Num.I64Mul : Num.I32Mul, x, y), t);
    case Op.OAND:
      return b.num(wide ? Num.I64And : Num.I32And, x, y);
    case Op.OOR:
      return b.num(wide ? Num.I64Or : Num.I32Or, x, y);
    case Op.OXOR:
      return b.num(wide ? Num.I64Xor : Num.I32Xor, x, y);
    case Op.OANDNOT:
      return b.num(wide ? Num.I64And : Num.I32And, x, complement(s, y));
    case Op.ODIV:
      return divide(s, t, x, y);
    case Op.OMOD:
      checkDivisor(s, y);
      return b.num(wide ? (isSigned(t) ? Num.I64RemS : Num.I64RemU) : isSigned(t) ? Num.I32RemS : Num.I32RemU, x, y);
    default:
      throw s.unsupported(`integer operation ${op}`, n);
  }
}

function complement(s: FnState, v: Value): Value {
  const { b } = s;
  return v.type === VT.I64 ? b.num(Num.I64Xor, v, b.i64(-1)) : b.num(Num.I32Xor, v, b.i32(-1));
}

function constOf(v: Value): bigint | null {
  return v.op === SOp.Const64 ? v.big : v.op === SOp.Const32 ? BigInt(v.aux) : null;
}

function checkDivisor(s: FnState, y: Value): void {
  const c = constOf(y);
  if ((s.b.fn.flags & FnFlag.Unchecked) !== 0) return;
  if (c === null || c === 0n) s.b.value(SOp.DivCheck, VT.Void, y);
}

function divide(s: FnState, t: Type, x: Value, y: Value): Value {
  const { b } = s;
  checkDivisor(s, y);
  const wide = x.type === VT.I64;
  if (!isSigned(t)) return b.num(wide ? Num.I64DivU : Num.I32DivU, x, y);
  const div = wide ? Num.I64DivS : Num.I32DivS;
  const c = constOf(y);
  if (c !== null && c !== -1n) return b.num(div, x, y);
  // Dividing by -1 is negation, which wraps.
  const negated = normalize(s, wide ? b.num(Num.I64Sub, b.i64(0), x) : b.num(Num.I32Sub, b.i32(0), x), t);
  if (c !== null) return negated;
  const minusOne = wide ? b.num(Num.I64Eq, y, b.i64(-1)) : b.num(Num.I32Eq, y, b.i32(-1));
  const safe = b.select(minusOne, wide ? b.i64(1) : b.i32(1), y);
  return b.select(minusOne, negated, b.num(div, x, safe));
}

// ---------------------------------------------------------------------------------------------------- shifts

/** `x op count` for x of type `t`. */
export function shift(s: FnState, op: Op, t: Type, x: Value, count: Node, n: Node): Value {
  const { b } = s;
  const width = 8 * s.size(t);
  const wide = x.type === VT.I64;
  const lanes = wide ? 64 : 32;
  const signed = isSigned(t);
  const right = op === Op.ORSH;
  const apply = (by: Value): Value => {
    if (right) return b.num(wide ? (signed ? Num.I64ShrS : Num.I64ShrU) : signed ? Num.I32ShrS : Num.I32ShrU, x, by);
    return normalize(s, b.num(wide ? Num.I64Shl : Num.I32Shl, x, by), t);
  };
  if (count.op === Op.OLITERAL) {
    const by = bigVal(count);
    const amount = wide ? (k: bigint) => b.i64(k) : (k: bigint) => b.i32(Number(k));
    if (by >= BigInt(width)) return right && signed ? apply(amount(BigInt(lanes - 1))) : intConst(s, t, 0n);
    return apply(amount(by));
  }
  let by = scalar(s, count);
  if (isSigned(count.type!) && (n.flags & NodeFlag.Bounded) === 0) b.value(SOp.ShiftCheck, VT.Void, by);
  const bounded = (n.flags & NodeFlag.Bounded) !== 0 || maskedBelow(by, lanes);
  // Wasm takes counts modulo the width.
  const large = bounded
    ? null
    : by.type === VT.I64
      ? b.num(Num.I64GeU, by, b.i64(lanes))
      : b.num(Num.I32GeU, by, b.i32(lanes));
  if (wide && by.type === VT.I32) by = b.num(Num.I64ExtendI32U, by);
  else if (!wide && by.type === VT.I64) by = b.num(Num.I32WrapI64, by);
  if (large === null) return apply(by);
  if (right && signed) return apply(b.select(large, wide ? b.i64(63) : b.i32(31), by));
  return b.select(large, wide ? b.i64(0) : b.i32(0), apply(by));
}

/** The value is an AND with a constant below `limit`. */
function maskedBelow(v: Value, limit: number): boolean {
  if (v.op !== SOp.Num || (v.aux !== Num.I64And && v.aux !== Num.I32And)) return false;
  return v.args.some((arg) => {
    const c = constOf(arg);
    return c !== null && c >= 0n && c < BigInt(limit);
  });
}

// ---------------------------------------------------------------------------------------------------- unary

export function unary(s: FnState, n: Node): Value[] {
  const { b } = s;
  const t = n.type!;
  const x = expr(s, n.x!);
  if (n.op === Op.OBITNOT) return [normalize(s, complement(s, x[0]), t)];
  if (isFloat(t) || isComplex(t)) return x.map((v) => b.num(v.type === VT.F64 ? Num.F64Neg : Num.F32Neg, v));
  const zero = x[0].type === VT.I64 ? b.i64(0) : b.i32(0);
  return [normalize(s, b.num(x[0].type === VT.I64 ? Num.I64Sub : Num.I32Sub, zero, x[0]), t)];
}

// ---------------------------------------------------------------------------------------------------- complex

function complexArith(s: FnState, op: Op, t: Type, x: readonly Value[], y: readonly Value[], n: Node): Value[] {
  const { b } = s;
  const wide = t.kind === TKind.COMPLEX128;
  switch (op) {
    case Op.OADD:
    case Op.OSUB: {
      const code = op === Op.OADD ? (wide ? Num.F64Add : Num.F32Add) : wide ? Num.F64Sub : Num.F32Sub;
      return [b.num(code, x[0], y[0]), b.num(code, x[1], y[1])];
    }
    case Op.OMUL: {
      // Products of complex64 are computed in float64, as by the compiler.
      const [a, c, d, e] = [x[0], x[1], y[0], y[1]].map((v) => (wide ? v : b.num(Num.F64PromoteF32, v)));
      const re = b.num(Num.F64Sub, b.num(Num.F64Mul, a, d), b.num(Num.F64Mul, c, e));
      const im = b.num(Num.F64Add, b.num(Num.F64Mul, a, e), b.num(Num.F64Mul, c, d));
      return wide ? [re, im] : [b.num(Num.F32DemoteF64, re), b.num(Num.F32DemoteF64, im)];
    }
    case Op.ODIV: {
      const args = [...x, ...y].map((v) => (wide ? v : b.num(Num.F64PromoteF32, v)));
      const [re, im] = s.rtcall("complex128div", args, "dd");
      return wide ? [re, im] : [b.num(Num.F32DemoteF64, re), b.num(Num.F32DemoteF64, im)];
    }
    default:
      throw s.unsupported(`complex operation ${op}`, n);
  }
}
