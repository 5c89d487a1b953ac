/** Slices: make, copy, clear, min and max, unsafe.Slice and its like, conversions to arrays
 *  (cmd/compile/internal/walk/builtin.go, walk/convert.go; ssagen for what is left to it). */
import { int64Val, isSmallIntConst } from "../../ir/const.ts";
import { EscNone } from "../../ir/name.ts";
import { newArray, newStruct } from "../../ir/newtype.ts";
import type { Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isSigned } from "../../ir/typeops.ts";
import { Field, Sym, TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { BoundsKind, SOp, type Value, VT } from "../value.ts";
import { scaled } from "./addr.ts";
import { expr, scalar } from "./expr.ts";
import { rtype } from "./iface.ts";
import { intArg } from "./intarg.ts";
import { countSaved } from "./saved.ts";
import type { FnState } from "./state.ts";

/** Bytes of the buffer for slices whose size is only known at run time (-d=variablemakethreshold). */
const variableMakeThreshold = 32;

// ---------------------------------------------------------------------------------------------------- make

/** OMAKESLICE */
export function makeSlice(s: FnState, n: Node): Value[] {
  const { b } = s;
  const elem = n.type!.elem!;
  const len = intArg(s, n.x!);
  const cap = n.y === null ? len : intArg(s, n.y);
  if (n.esc === EscNone) {
    const size = n.y ?? n.x!;
    if (isSmallIntConst(size)) return stackArray(s, n, elem, len, int64Val(size));
    const elemSize = s.size(elem);
    const most = elemSize === 0 ? 0 : Math.floor(variableMakeThreshold / elemSize);
    if (most > 0) {
      const type = pointerAligned(s, newArray(elem, most));
      const [ptr] = b.ifElse(
        b.num(Num.I64LeU, cap, b.i64(most)),
        [{ vt: VT.I32, pointer: true }],
        () => {
          checkLen(s, len, cap);
          const slot = s.slot("~make", type);
          s.zeroAt(type, b.slotAddr(slot));
          countSaved(s, n, b.num(Num.I64Mul, cap, b.i64(elemSize)));
          return [b.slotAddr(slot)];
        },
        () => [makeOnHeap(s, n, elem, len, cap)],
      );
      return [ptr, len, cap];
    }
  }
  return [makeOnHeap(s, n, elem, len, cap), len, cap];
}

function makeOnHeap(s: FnState, n: Node, elem: Type, len: Value, cap: Value): Value {
  return s.rtcall("makeslice", [rtype(s, elem, n.rtti?.type ?? null), len, cap], "p")[0];
}

/** A slice of `len` elements of an array of `cap` in the frame. */
function stackArray(s: FnState, n: Node, elem: Type, len: Value, cap: number): Value[] {
  const { b } = s;
  const capacity = b.i64(cap);
  if (len.op !== SOp.Const64 || len.big < 0n || len.big > BigInt(cap)) checkLen(s, len, capacity);
  const type = newArray(elem, cap);
  if (s.size(type) === 0) return [b.addr("runtime.zerobase"), len, capacity];
  const slot = s.slot("~make", type);
  s.zeroAt(type, b.slotAddr(slot));
  countSaved(s, n, s.size(type));
  return [b.slotAddr(slot), len, capacity];
}

/** Panics as make does unless 0 <= len <= cap. */
function checkLen(s: FnState, len: Value, cap: Value): void {
  const { b } = s;
  if (len === cap) return;
  b.ifThen(
    b.num(Num.I64GtU, len, cap),
    () => {
      b.ifThen(b.num(Num.I64LtS, len, b.i64(0)), () => s.rtpanic("panicmakeslicelen"));
      s.rtpanic("panicmakeslicecap");
    },
    -1,
  );
}

/** `t` with the alignment of a pointer, which people came to rely on. */
export function pointerAligned(s: FnState, t: Type): Type {
  const word = newArray(s.p.universe.types[TKind.UINTPTR], 0);
  return newStruct([new Field(0, new Sym(null, "_"), word), new Field(0, new Sym(null, "arr"), t)]);
}

// ---------------------------------------------------------------------------------------------------- copy, clear

/** OCOPY: the number of elements copied. */
export function copySlice(s: FnState, n: Node): Value {
  const { b } = s;
  const elem = n.x!.type!.elem!;
  const [to, toLen] = expr(s, n.x!);
  const [from, fromLen] = expr(s, n.y!);
  if (s.hasPointers(elem)) {
    const type = rtype(s, elem, n.rtti?.type ?? null);
    return s.rtcall("typedslicecopy", [type, to, toLen, from, fromLen], "l")[0];
  }
  const count = b.select(b.num(Num.I64LtS, fromLen, toLen), fromLen, toLen);
  if (s.size(elem) > 0) memMove(s, to, from, bytesOfElems(s, count, elem));
  return count;
}

/** Copies `size` bytes (I32), which may overlap and hold no pointers. */
export function memMove(s: FnState, to: Value, from: Value, size: Value): void {
  s.b.value(SOp.MemCopy, VT.Void, to, from, size);
}

/** Bytes of `count` elements (I64), as I32. */
export function bytesOfElems(s: FnState, count: Value, elem: Type): Value {
  return scaled(s, s.b.num(Num.I32WrapI64, count), s.size(elem));
}

/** OCLEAR */
export function clear(s: FnState, n: Node): void {
  const t = n.x!.type!;
  if (t.kind === TKind.MAP) {
    const m = scalar(s, n.x!);
    s.rtcall("mapclear", [rtype(s, t, n.rtti?.type ?? null), m]);
    return;
  }
  const elem = t.elem!;
  const [ptr, len] = expr(s, n.x!);
  clearElems(s, ptr, len, elem);
}

/** Zeroes `count` elements (I64). */
export function clearElems(s: FnState, ptr: Value, count: Value, elem: Type): void {
  const { b } = s;
  const size = s.size(elem);
  if (size === 0) return;
  if (s.hasPointers(elem)) {
    const bytes = size === 1 ? count : b.num(Num.I64Mul, count, b.i64(size));
    b.ifThen(b.num(Num.I64Ne, count, b.i64(0)), () => s.rtcall("memclrHasPointers", [ptr, bytes]));
    return;
  }
  b.value(SOp.MemFill, VT.Void, ptr, b.i32(0), bytesOfElems(s, count, elem));
}

// ---------------------------------------------------------------------------------------------------- min, max

/** OMIN and OMAX */
export function minMax(s: FnState, n: Node): Value[] {
  const isMin = n.op === Op.OMIN;
  const t = n.type!;
  let acc = expr(s, n.list[0]);
  for (let i = 1; i < n.list.length; i++) acc = minMax2(s, t, isMin, acc, expr(s, n.list[i]));
  return acc;
}

function minMax2(s: FnState, t: Type, isMin: boolean, x: readonly Value[], y: readonly Value[]): Value[] {
  const { b } = s;
  switch (t.kind) {
    case TKind.STRING:
      return s.rtcall(isMin ? "strmin" : "strmax", [...x, ...y], "pl");
    case TKind.FLOAT32:
      return [b.num(isMin ? Num.F32Min : Num.F32Max, x[0], y[0])];
    case TKind.FLOAT64:
      return [b.num(isMin ? Num.F64Min : Num.F64Max, x[0], y[0])];
  }
  let less: Num;
  if (x[0].type === VT.I64) less = isSigned(t) ? Num.I64LtS : Num.I64LtU;
  else less = isSigned(t) ? Num.I32LtS : Num.I32LtU;
  const cond = isMin ? b.num(less, y[0], x[0]) : b.num(less, x[0], y[0]);
  return [b.select(cond, y[0], x[0])];
}

// ---------------------------------------------------------------------------------------------------- unsafe

/** OUNSAFEADD */
export function unsafeAdd(s: FnState, n: Node): Value {
  const { b } = s;
  const ptr = scalar(s, n.x!);
  return b.pointer(b.num(Num.I32Add, ptr, b.num(Num.I32WrapI64, intArg(s, n.y!))));
}

/** OUNSAFESLICE */
export function unsafeSlice(s: FnState, n: Node): Value[] {
  const { b } = s;
  const ptr = scalar(s, n.x!);
  const len = intArg(s, n.y!);
  b.ifThen(b.num(Num.I64LtS, len, b.i64(0)), () => s.rtpanic("panicunsafeslicelen"), -1);
  const size = s.size(n.type!.elem!);
  const zero = b.i64(0);
  if (size === 0) {
    b.ifThen(
      b.num(Num.I32And, b.num(Num.I32Eqz, ptr), b.num(Num.I64GtS, len, zero)),
      () => s.rtpanic("panicunsafeslicenilptr"),
      -1,
    );
    return [ptr, len, len];
  }
  // The end of the address space is that of a 64-bit machine, to which the highest addresses are closest.
  const address = b.num(Num.I64ExtendI32S, ptr);
  const bytes = size === 1 ? len : b.num(Num.I64Mul, len, b.i64(size));
  const most = ((1n << 64n) - 1n) / BigInt(size);
  let bad = b.num(Num.I64GtU, bytes, b.num(Num.I64Sub, zero, address));
  if (size > 1) bad = b.num(Num.I32Or, bad, b.num(Num.I64GtU, len, b.i64(most)));
  b.ifThen(
    bad,
    () => {
      b.ifThen(b.num(Num.I32Eqz, ptr), () => s.rtpanic("panicunsafeslicenilptr"));
      s.rtpanic("panicunsafeslicelen");
    },
    -1,
  );
  return [ptr, len, len];
}

/** OUNSAFESTRING */
export function unsafeString(s: FnState, n: Node): Value[] {
  const { b } = s;
  const ptr = scalar(s, n.x!);
  const len = intArg(s, n.y!);
  const zero = b.i64(0);
  b.ifThen(b.num(Num.I64LtS, len, zero), () => s.rtpanic("panicunsafestringlen"), -1);
  b.ifThen(
    b.num(Num.I64GtU, len, b.num(Num.I64Sub, zero, b.num(Num.I64ExtendI32S, ptr))),
    () => {
      b.ifThen(b.num(Num.I32Eqz, ptr), () => s.rtpanic("panicunsafestringnilptr"));
      s.rtpanic("panicunsafestringlen");
    },
    -1,
  );
  return [ptr, len];
}

// ---------------------------------------------------------------------------------------------------- to arrays

/** OSLICE2ARRPTR */
export function sliceToArrayPtr(s: FnState, n: Node): Value {
  return arrayPtr(s, n.x!, n.type!.elem!.len);
}

/** Pointer to the array of `count` elements that slice `x` begins with. */
export function arrayPtr(s: FnState, x: Node, count: number): Value {
  const { b } = s;
  const [ptr, len] = expr(s, x);
  b.boundsCheck(BoundsKind.Convert, b.i64(count), len);
  return ptr;
}

/** OSLICE2ARR: the components of the array, or the address of one that lives in memory. */
export function sliceToArray(s: FnState, n: Node): Value[] {
  const t = n.type!;
  const ptr = arrayPtr(s, n.x!, t.len);
  if (!s.inRegisters(t)) return [ptr];
  return s.size(t) === 0 ? s.zero(t) : s.load(t, ptr);
}
