/** Comparisons (walk/compare.go). */

import type { Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { genEq } from "../../ir/reflectdata/alg.ts";
import { AlgKind, typesAlgType } from "../../ir/reflectdata/algtype.ts";
import { isBlankSym, isEmptyInterface, isSigned } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { itabSym } from "../reflectdata/itab.ts";
import { Mem, SOp, type Value, VT } from "../value.ts";
import { addrOf } from "./addr.ts";
import { expr } from "./expr.ts";
import { rtype, unboxed } from "./iface.ts";
import type { FnState } from "./state.ts";
import { stringOperand } from "./string.ts";

/** x op y, I32. */
export function compare(s: FnState, n: Node): Value {
  const x = n.x!;
  const y = n.y!;
  const { b } = s;
  if (n.op === Op.OEQ || n.op === Op.ONE) {
    const eq = equal(s, x, y);
    return n.op === Op.OEQ ? eq : not(s, eq);
  }
  const t = x.type!;
  if (t.kind === TKind.STRING) {
    const [order] = s.rtcall("cmpstring", [...stringOperand(s, x), ...stringOperand(s, y)], "l");
    return b.num(ordered(n.op, VT.I64, true), order, b.i64(0));
  }
  const [v] = expr(s, x);
  const [w] = expr(s, y);
  return b.num(ordered(n.op, v.type, isSigned(t)), v, w);
}

/** The wasm comparison of an ordering. */
function ordered(op: Op, vt: VT, signed: boolean): Num {
  // Columns: OLT, OLE, OGT, OGE.
  const column = op === Op.OLT ? 0 : op === Op.OLE ? 1 : op === Op.OGT ? 2 : 3;
  switch (vt) {
    case VT.I32:
      return (
        signed ? [Num.I32LtS, Num.I32LeS, Num.I32GtS, Num.I32GeS] : [Num.I32LtU, Num.I32LeU, Num.I32GtU, Num.I32GeU]
      )[column];
    case VT.I64:
      return (
        signed ? [Num.I64LtS, Num.I64LeS, Num.I64GtS, Num.I64GeS] : [Num.I64LtU, Num.I64LeU, Num.I64GtU, Num.I64GeU]
      )[column];
    case VT.F32:
      return [Num.F32Lt, Num.F32Le, Num.F32Gt, Num.F32Ge][column];
    default:
      return [Num.F64Lt, Num.F64Le, Num.F64Gt, Num.F64Ge][column];
  }
}

function not(s: FnState, v: Value): Value {
  return s.b.num(Num.I32Eqz, v);
}

function equal(s: FnState, x: Node, y: Node): Value {
  const { b } = s;
  if (x.op === Op.ONIL || y.op === Op.ONIL) {
    const [v] = expr(s, x.op === Op.ONIL ? y : x);
    return not(s, v);
  }
  const t = x.type!;
  const u = y.type!;
  if ((t.kind === TKind.INTER) !== (u.kind === TKind.INTER)) {
    return t.kind === TKind.INTER ? equalMixed(s, x, y) : equalMixed(s, y, x);
  }
  if (t.kind === TKind.STRING) return equalStrings(s, stringOperand(s, x), stringOperand(s, y));
  if (t.kind === TKind.INTER) {
    return equalInterfaces(s, expr(s, x), expr(s, y), isEmptyInterface(t), isEmptyInterface(u));
  }
  if (s.inRegisters(t)) return equalValues(s, t, expr(s, x), expr(s, y));
  const p = addrOf(s, x);
  const q = addrOf(s, y);
  return b.num(Num.I32Ne, equalMemory(s, t, p, q), b.i32(0));
}

/** An interface and a value of a concrete type. */
function equalMixed(s: FnState, x: Node, y: Node): Value {
  const { b } = s;
  const iface = x.type!;
  const t = y.type!;
  const [tab, data] = expr(s, x);
  const inRegisters = s.inRegisters(t);
  const value = inRegisters ? expr(s, y) : [addrOf(s, y)];
  const want = isEmptyInterface(iface) ? rtype(s, t) : b.addr(itabSym(s.p, t, iface));
  return both(s, b.num(Num.I32Eq, tab, want), () => {
    const held = unboxed(s, t, data);
    return inRegisters ? equalValues(s, t, held, value) : equalMemory(s, t, held[0], value[0]);
  });
}

/** `x && y()` */
function both(s: FnState, x: Value, y: () => Value): Value {
  const { b } = s;
  return b.ifElse(
    x,
    [{ vt: VT.I32, pointer: false }],
    () => [y()],
    () => [b.i32(0)],
  )[0];
}

export function equalStrings(s: FnState, x: readonly Value[], y: readonly Value[]): Value {
  const { b } = s;
  const sameLength = b.num(Num.I64Eq, x[1], y[1]);
  if (isZero(x[1]) || isZero(y[1])) return sameLength;
  return both(s, sameLength, () => equalBytes(s, x[0], y[0], y[1].op === SOp.Const64 ? y[1] : x[1]));
}

/** Bytes up to this number are compared in place. */
const maxInlineEqual = 16n;

/** The same bytes are at two valid addresses. Two loads that overlap take what is no power of two. */
export function equalBytes(s: FnState, p: Value, q: Value, length: Value): Value {
  const { b } = s;
  const n = Number(length.big);
  if (length.op !== SOp.Const64 || length.big > maxInlineEqual || length.big <= 0n)
    return s.rtcall("memequal", [p, q, length], "i")[0];
  const at = (mem: Mem, offset: number): [Value, Value] => [b.load(mem, p, offset), b.load(mem, q, offset)];
  const mem = n >= 8 ? Mem.I64 : n >= 4 ? Mem.I32 : n >= 2 ? Mem.I16U : Mem.I8U;
  const width = n >= 8 ? 8 : n >= 4 ? 4 : n >= 2 ? 2 : 1;
  const wide = mem === Mem.I64;
  if (n === width) return b.num(wide ? Num.I64Eq : Num.I32Eq, ...at(mem, 0));
  const xor = wide ? Num.I64Xor : Num.I32Xor;
  const differ = b.num(wide ? Num.I64Or : Num.I32Or, b.num(xor, ...at(mem, 0)), b.num(xor, ...at(mem, n - width)));
  return b.num(wide ? Num.I64Eqz : Num.I32Eqz, differ);
}

function isZero(v: Value): boolean {
  return v.op === SOp.Const64 && v.big === 0n;
}

function equalInterfaces(s: FnState, x: readonly Value[], y: readonly Value[], empty: boolean, other: boolean): Value {
  const { b } = s;
  if (empty !== other) throw s.unsupported("comparison of two kinds of interfaces", b);
  return both(s, b.num(Num.I32Eq, x[0], y[0]), () => {
    return s.rtcall(empty ? "efaceeq" : "ifaceeq", [x[0], x[1], y[1]], "i")[0];
  });
}

/** Two values of type `t` in registers. */
export function equalValues(s: FnState, t: Type, x: readonly Value[], y: readonly Value[]): Value {
  const { b } = s;
  switch (t.kind) {
    case TKind.STRING:
      return equalStrings(s, x, y);
    case TKind.INTER: {
      const empty = isEmptyInterface(t);
      return equalInterfaces(s, x, y, empty, empty);
    }
    case TKind.STRUCT: {
      // What needs no call comes first, as the compiler has it.
      const cheap: (() => Value)[] = [];
      const dear: (() => Value)[] = [];
      let at = 0;
      for (const f of t.fields) {
        const { length } = s.parts(f.type);
        const part = at;
        at += length;
        if (isBlankSym(f.sym) || length === 0) continue;
        const test = (): Value => equalValues(s, f.type, x.slice(part, part + length), y.slice(part, part + length));
        (isCheap(f.type) ? cheap : dear).push(test);
      }
      let result: Value | null = null;
      for (const test of cheap) result = result === null ? test() : b.num(Num.I32And, result, test());
      for (const test of dear) result = result === null ? test() : both(s, result, test);
      return result ?? b.i32(1);
    }
    case TKind.ARRAY:
      return t.len === 0 ? b.i32(1) : equalValues(s, t.elem!, x, y);
    default: {
      let result: Value | null = null;
      x.forEach((v, i) => {
        const eq = b.num(equalCode(v.type), v, y[i]);
        result = result === null ? eq : b.num(Num.I32And, result, eq);
      });
      return result ?? b.i32(1);
    }
  }
}

function isCheap(t: Type): boolean {
  switch (t.kind) {
    case TKind.STRING:
    case TKind.INTER:
      return false;
    case TKind.STRUCT:
      return t.fields.every((f) => isCheap(f.type));
    case TKind.ARRAY:
      return t.len === 0 || isCheap(t.elem!);
    default:
      return true;
  }
}

function equalCode(vt: VT): Num {
  return vt === VT.I32 ? Num.I32Eq : vt === VT.I64 ? Num.I64Eq : vt === VT.F32 ? Num.F32Eq : Num.F64Eq;
}

/** Two values of type `t` at `p` and `q`. */
export function equalMemory(s: FnState, t: Type, p: Value, q: Value): Value {
  const { b } = s;
  const alg = typesAlgType(t, s.p.target);
  if (alg === AlgKind.Mem) return equalBytes(s, p, q, b.i64(s.size(t)));
  const fn = genEq(s.p.n.runtimeTypes, t);
  if (fn === null) throw s.unsupported("comparison", { pos: b.pos });
  return b.call(s.p.funcName(fn), { params: [VT.I32, VT.I32], results: [VT.I32] }, [p, q])[0];
}
