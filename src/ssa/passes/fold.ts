/** Arithmetic on constants, and operations that come to one of their arguments or to a simpler operation. */
import { Num } from "../num.ts";
import { SOp, type Value, VT } from "../value.ts";

/** The argument that a numeric operation or selection comes to, or null. May turn `v` itself into a constant or into a
 *  simpler operation. The arguments are final. */
export function fold(v: Value): Value | null {
  if (v.op === SOp.Select) {
    const [cond, yes, no] = v.args;
    if (cond.op === SOp.Const32) return cond.aux !== 0 ? yes : no;
    return yes === no ? yes : null;
  }
  if (v.op !== SOp.Num) return null;
  const [x, y] = v.args;
  if (v.args.length === 1) {
    if (x.op === SOp.Const32 || x.op === SOp.Const64) foldUnary(v, x);
    else return simplifyUnary(v, x);
    return null;
  }
  if (x.op === SOp.Const32 && y.op === SOp.Const32) foldBinary32(v, x.aux, y.aux);
  else if (x.op === SOp.Const64 && y.op === SOp.Const64) foldBinary64(v, x.big, y.big);
  else if (x === y && foldSame(v)) return null;
  else if (x.type === VT.I32) return simplify32(v, x, y);
  else if (x.type === VT.I64) return simplify64(v, x, y);
  return null;
}

/** Comparisons of an integer with itself: generic code asks so for numbers that are none. */
function foldSame(v: Value): boolean {
  switch (v.aux as Num) {
    case Num.I32Eq:
    case Num.I32LeS:
    case Num.I32LeU:
    case Num.I32GeS:
    case Num.I32GeU:
    case Num.I64Eq:
    case Num.I64LeS:
    case Num.I64LeU:
    case Num.I64GeS:
    case Num.I64GeU:
      set32(v, 1);
      return true;
    case Num.I32Ne:
    case Num.I32LtS:
    case Num.I32LtU:
    case Num.I32GtS:
    case Num.I32GtU:
    case Num.I64Ne:
    case Num.I64LtS:
    case Num.I64LtU:
    case Num.I64GtS:
    case Num.I64GtU:
      set32(v, 0);
      return true;
    default:
      return false;
  }
}

function set32(v: Value, n: number): void {
  v.op = SOp.Const32;
  v.aux = n | 0;
  v.args = noArgs;
}

function set64(v: Value, n: bigint): void {
  v.op = SOp.Const64;
  v.aux = 0;
  v.big = BigInt.asIntN(64, n);
  v.args = noArgs;
}

const noArgs: Value[] = [];

function foldUnary(v: Value, x: Value): void {
  switch (v.aux as Num) {
    case Num.I32Eqz:
      set32(v, x.aux === 0 ? 1 : 0);
      break;
    case Num.I64Eqz:
      set32(v, x.big === 0n ? 1 : 0);
      break;
    case Num.I32WrapI64:
      set32(v, Number(BigInt.asIntN(32, x.big)));
      break;
    case Num.I64ExtendI32S:
      set64(v, BigInt(x.aux));
      break;
    case Num.I64ExtendI32U:
      set64(v, BigInt(x.aux >>> 0));
      break;
    case Num.I32Extend8S:
      set32(v, (x.aux << 24) >> 24);
      break;
    case Num.I32Extend16S:
      set32(v, (x.aux << 16) >> 16);
      break;
    case Num.I64Extend8S:
      set64(v, BigInt.asIntN(8, x.big));
      break;
    case Num.I64Extend16S:
      set64(v, BigInt.asIntN(16, x.big));
      break;
    case Num.I64Extend32S:
      set64(v, BigInt.asIntN(32, x.big));
      break;
  }
}

function simplifyUnary(v: Value, x: Value): Value | null {
  if (x.op !== SOp.Num) return null;
  switch (v.aux as Num) {
    case Num.I32WrapI64:
      if (x.aux === Num.I64ExtendI32S || x.aux === Num.I64ExtendI32U) {
        // A pointer that was a number for a while must stay one for the collector.
        const [inner] = x.args;
        return inner.isPointer || !v.isPointer ? inner : null;
      }
      return null;
    case Num.I32Eqz: {
      const inverse = negated(x.aux);
      if (inverse < 0) return null;
      v.aux = inverse;
      v.args = [...x.args];
      return null;
    }
    default:
      return null;
  }
}

/** The comparison that holds where `code` does not; -1 for floats and what is no comparison. */
export function negated(code: Num): number {
  switch (code) {
    case Num.I32Eq:
      return Num.I32Ne;
    case Num.I32Ne:
      return Num.I32Eq;
    case Num.I32LtS:
      return Num.I32GeS;
    case Num.I32LtU:
      return Num.I32GeU;
    case Num.I32GtS:
      return Num.I32LeS;
    case Num.I32GtU:
      return Num.I32LeU;
    case Num.I32LeS:
      return Num.I32GtS;
    case Num.I32LeU:
      return Num.I32GtU;
    case Num.I32GeS:
      return Num.I32LtS;
    case Num.I32GeU:
      return Num.I32LtU;
    case Num.I64Eq:
      return Num.I64Ne;
    case Num.I64Ne:
      return Num.I64Eq;
    case Num.I64LtS:
      return Num.I64GeS;
    case Num.I64LtU:
      return Num.I64GeU;
    case Num.I64GtS:
      return Num.I64LeS;
    case Num.I64GtU:
      return Num.I64LeU;
    case Num.I64LeS:
      return Num.I64GtS;
    case Num.I64LeU:
      return Num.I64GtU;
    case Num.I64GeS:
      return Num.I64LtS;
    case Num.I64GeU:
      return Num.I64LtU;
    default:
      return -1;
  }
}

function foldBinary32(v: Value, a: number, b: number): void {
  const bool = (is: boolean): void => set32(v, is ? 1 : 0);
  switch (v.aux as Num) {
    case Num.I32Add:
      set32(v, a + b);
      break;
    case Num.I32Sub:
      set32(v, a - b);
      break;
    case Num.I32Mul:
      set32(v, Math.imul(a, b));
      break;
    case Num.I32And:
      set32(v, a & b);
      break;
    case Num.I32Or:
      set32(v, a | b);
      break;
    case Num.I32Xor:
      set32(v, a ^ b);
      break;
    case Num.I32Shl:
      set32(v, a << (b & 31));
      break;
    case Num.I32ShrS:
      set32(v, a >> (b & 31));
      break;
    case Num.I32ShrU:
      set32(v, a >>> (b & 31));
      break;
    case Num.I32Eq:
      bool(a === b);
      break;
    case Num.I32Ne:
      bool(a !== b);
      break;
    case Num.I32LtS:
      bool(a < b);
      break;
    case Num.I32LtU:
      bool(a >>> 0 < b >>> 0);
      break;
    case Num.I32GtS:
      bool(a > b);
      break;
    case Num.I32GtU:
      bool(a >>> 0 > b >>> 0);
      break;
    case Num.I32LeS:
      bool(a <= b);
      break;
    case Num.I32LeU:
      bool(a >>> 0 <= b >>> 0);
      break;
    case Num.I32GeS:
      bool(a >= b);
      break;
    case Num.I32GeU:
      bool(a >>> 0 >= b >>> 0);
      break;
  }
}

function foldBinary64(v: Value, a: bigint, b: bigint): void {
  const bool = (is: boolean): void => set32(v, is ? 1 : 0);
  const ua = BigInt.asUintN(64, a);
  const ub = BigInt.asUintN(64, b);
  switch (v.aux as Num) {
    case Num.I64Add:
      set64(v, a + b);
      break;
    case Num.I64Sub:
      set64(v, a - b);
      break;
    case Num.I64Mul:
      set64(v, a * b);
      break;
    case Num.I64And:
      set64(v, a & b);
      break;
    case Num.I64Or:
      set64(v, a | b);
      break;
    case Num.I64Xor:
      set64(v, a ^ b);
      break;
    case Num.I64Shl:
      set64(v, a << (b & 63n));
      break;
    case Num.I64ShrS:
      set64(v, a >> (b & 63n));
      break;
    case Num.I64ShrU:
      set64(v, ua >> (b & 63n));
      break;
    case Num.I64Eq:
      bool(a === b);
      break;
    case Num.I64Ne:
      bool(a !== b);
      break;
    case Num.I64LtS:
      bool(a < b);
      break;
    case Num.I64LtU:
      bool(ua < ub);
      break;
    case Num.I64GtS:
      bool(a > b);
      break;
    case Num.I64GtU:
      bool(ua > ub);
      break;
    case Num.I64LeS:
      bool(a <= b);
      break;
    case Num.I64LeU:
      bool(ua <= ub);
      break;
    case Num.I64GeS:
      bool(a >= b);
      break;
    case Num.I64GeU:
      bool(ua >= ub);
      break;
  }
}

/** `x` stands for `v` unless that would hide a pointer from the collector. */
function instead(v: Value, x: Value): Value | null {
  return v.isPointer && !x.isPointer ? null : x;
}

function simplify32(v: Value, x: Value, y: Value): Value | null {
  if (y.op !== SOp.Const32) return null;
  const n = y.aux;
  if (v.aux === Num.I32Add && (x.op === SOp.SlotAddr || x.op === SOp.Addr) && n >= 0) {
    // An address within a variable.
    v.op = x.op;
    v.sym = x.sym;
    v.obj = x.obj;
    v.aux = x.aux + n;
    v.args = noArgs;
    return null;
  }
  switch (v.aux as Num) {
    case Num.I32Add:
    case Num.I32Sub:
    case Num.I32Or:
    case Num.I32Xor:
    case Num.I32Shl:
    case Num.I32ShrS:
    case Num.I32ShrU:
      return n === 0 ? instead(v, x) : null;
    case Num.I32Mul:
      if (n === 1) return instead(v, x);
      if (n === 0) set32(v, 0);
      return null;
    case Num.I32And:
      if (n === -1) return instead(v, x);
      if (n === 0) set32(v, 0);
      // What a byte or half word was read as is not cut again.
      if (x.op === SOp.Load && ((x.mem === 5 && n === 0xff) || (x.mem === 7 && n === 0xffff))) return instead(v, x);
      return null;
    case Num.I32Ne:
      return n === 0 && isBool(x) ? x : null;
    case Num.I32Eq:
      if (n === 0) {
        v.aux = Num.I32Eqz;
        v.args = [x];
        return simplifyUnary(v, x);
      }
      return null;
    default:
      return null;
  }
}

function simplify64(v: Value, x: Value, y: Value): Value | null {
  if (y.op !== SOp.Const64) return null;
  const n = y.big;
  switch (v.aux as Num) {
    case Num.I64Add:
    case Num.I64Sub:
    case Num.I64Or:
    case Num.I64Xor:
    case Num.I64Shl:
    case Num.I64ShrS:
    case Num.I64ShrU:
      return n === 0n ? x : null;
    case Num.I64Mul:
      if (n === 1n) return x;
      if (n === 0n) set64(v, 0n);
      return null;
    case Num.I64And:
      if (n === -1n) return x;
      if (n === 0n) set64(v, 0n);
      return null;
    case Num.I64Eq:
      if (n === 0n) {
        v.aux = Num.I64Eqz;
        v.args = [x];
      }
      return null;
    default:
      return null;
  }
}

/** The value is 0 or 1. */
export function isBool(v: Value): boolean {
  if (v.op === SOp.Const32) return v.aux === 0 || v.aux === 1;
  return v.op === SOp.Num && v.aux >= Num.I32Eqz && v.aux <= Num.F64Ge;
}
