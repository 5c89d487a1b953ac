/** Conversions between numbers, with the results of amd64 where the language leaves them open (ssagen: conv). */
import type { Node } from "../../ir/node.ts";
import { isComplex, isFloat, isInteger, isPtrShaped, isSigned } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { SOp, type Value, VT } from "../value.ts";
import { expr, scalar } from "./expr.ts";
import type { FnState } from "./state.ts";

/** OCONV. */
export function convert(s: FnState, n: Node): Value[] {
  const from = n.x!.type!;
  const to = n.type!;
  if (isComplex(from) && isComplex(to)) {
    const [re, im] = expr(s, n.x!);
    const part = to.kind === TKind.COMPLEX64 ? TKind.FLOAT32 : TKind.FLOAT64;
    return [toFloatKind(s, re, part), toFloatKind(s, im, part)];
  }
  if (isComplex(to)) {
    const part = s.p.universe.types[to.kind === TKind.COMPLEX64 ? TKind.FLOAT32 : TKind.FLOAT64];
    return [convertValue(s, scalar(s, n.x!), from, part), part.kind === TKind.FLOAT32 ? s.b.f32(0) : s.b.f64(0)];
  }
  if (isNumber(from) && isNumber(to)) return [convertValue(s, scalar(s, n.x!), from, to)];
  return expr(s, n.x!);
}

function isNumber(t: Type): boolean {
  return isInteger(t) || isFloat(t) || isPtrShaped(t);
}

/** A number (no complex one) of type `from` as one of type `to`. */
export function convertValue(s: FnState, v: Value, from: Type, to: Type): Value {
  if (isFloat(from)) return isFloat(to) ? toFloatKind(s, v, to.kind) : floatToInt(s, v, to);
  if (isFloat(to)) return intToFloat(s, v, isSigned(from), to.kind);
  return convertInt(s, v, isSigned(from), to);
}

function toFloatKind(s: FnState, v: Value, kind: TKind): Value {
  if (kind === TKind.FLOAT32) return v.type === VT.F32 ? v : s.b.num(Num.F32DemoteF64, v);
  return v.type === VT.F64 ? v : s.b.num(Num.F64PromoteF32, v);
}

/** An integer as one of type `to`. */
export function convertInt(s: FnState, v: Value, signed: boolean, to: Type): Value {
  const { b } = s;
  const [part] = s.parts(to);
  if (part.vt === VT.I64) {
    if (v.type === VT.I64) return v;
    if (v.op === SOp.Const32) return b.i64(signed ? v.aux : v.aux >>> 0);
    return b.num(signed ? Num.I64ExtendI32S : Num.I64ExtendI32U, v);
  }
  const small = v.type === VT.I64 ? b.num(Num.I32WrapI64, v) : v;
  return normalize(s, small, to);
}

/** An I32 of which only the low bits count, extended as type `t` says. */
export function normalize(s: FnState, v: Value, t: Type): Value {
  const { b } = s;
  switch (s.size(t)) {
    case 1:
      return isSigned(t) ? b.num(Num.I32Extend8S, v) : b.num(Num.I32And, v, b.i32(0xff));
    case 2:
      return isSigned(t) ? b.num(Num.I32Extend16S, v) : b.num(Num.I32And, v, b.i32(0xffff));
    default:
      return v;
  }
}

function intToFloat(s: FnState, v: Value, signed: boolean, kind: TKind): Value {
  const { b } = s;
  if (v.type === VT.I64) {
    if (kind === TKind.FLOAT32) return b.num(signed ? Num.F32ConvertI64S : Num.F32ConvertI64U, v);
    return b.num(signed ? Num.F64ConvertI64S : Num.F64ConvertI64U, v);
  }
  if (kind === TKind.FLOAT32) return b.num(signed ? Num.F32ConvertI32S : Num.F32ConvertI32U, v);
  return b.num(signed ? Num.F64ConvertI32S : Num.F64ConvertI32U, v);
}

function floatToInt(s: FnState, v: Value, to: Type): Value {
  const { b } = s;
  const size = s.size(to);
  const x = toFloatKind(s, v, TKind.FLOAT64); // exact
  if (isSigned(to) || size < 4) return size === 8 ? truncate64(s, x) : normalize(s, truncate32(s, x), to);
  const saturate = s.p.n.switches.converthash;
  if (size === 4 && !saturate) return b.num(Num.I32WrapI64, truncate64(s, x));
  // Below the cutoff like the signed type, from there on the rest with the top bit set.
  const cutoff = b.f64(size === 8 ? 2 ** 63 : 2 ** 31);
  const rest = b.num(Num.F64Sub, x, cutoff);
  const high =
    size === 8
      ? b.num(Num.I64Or, truncate64(s, rest), b.i64(-(2n ** 63n)))
      : b.num(Num.I32Or, truncate32(s, rest), b.i32(-0x80000000));
  let low = size === 8 ? truncate64(s, x) : truncate32(s, x);
  if (saturate) low = b.select(b.num(Num.F64Lt, x, b.f64(0)), size === 8 ? b.i64(0n) : b.i32(0), low);
  return b.select(b.num(Num.F64Lt, x, cutoff), low, high);
}

/** CVTTSD2SQ: what does not fit becomes the smallest int64; if conversions saturate, the largest for positive signs. */
function truncate64(s: FnState, x: Value): Value {
  const { b } = s;
  const fits = b.num(Num.F64Lt, x, b.f64(2 ** 63));
  const v = b.select(fits, b.num(Num.I64TruncSatF64S, x), b.i64(-(2n ** 63n)));
  if (!s.p.n.switches.converthash) return v;
  const positive = b.num(Num.I64Xor, b.num(Num.I64ReinterpretF64, x), b.i64(-1n));
  return b.num(Num.I64Xor, v, b.num(Num.I64ShrS, b.num(Num.I64And, v, positive), b.i64(63n)));
}

/** CVTTSD2SL: what does not fit becomes the smallest int32. */
function truncate32(s: FnState, x: Value): Value {
  const { b } = s;
  const fits = b.num(Num.F64Lt, x, b.f64(2 ** 31));
  const v = b.select(fits, b.num(Num.I32TruncSatF64S, x), b.i32(-0x80000000));
  if (!s.p.n.switches.converthash) return v;
  const sign = b.num(Num.I32WrapI64, b.num(Num.I64ShrU, b.num(Num.I64ReinterpretF64, x), b.i64(32n)));
  const positive = b.num(Num.I32Xor, sign, b.i32(-1));
  return b.num(Num.I32Xor, v, b.num(Num.I32ShrS, b.num(Num.I32And, v, positive), b.i32(31)));
}
