/** append (ssagen: append; walk: appendSlice, extendSlice).
 *
 *  A slice that does not escape begins with a small array in the frame, once for each variable that is appended to. */
import { EscNone } from "../../ir/name.ts";
import { newArray } from "../../ir/newtype.ts";
import { type Node, NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { sizeOf } from "../../ir/typeops.ts";
import type { Type } from "../../ir/types.ts";
import type { Variable } from "../builder.ts";
import { Num } from "../num.ts";
import { type Slot, type Value, VT } from "../value.ts";
import { addrOf, elemAddr } from "./addr.ts";
import { expr } from "./expr.ts";
import { rtype } from "./iface.ts";
import { intArg } from "./intarg.ts";
import { countSaved } from "./saved.ts";
import { bytesOfElems, clearElems, memMove, pointerAligned } from "./slice.ts";
import type { FnState } from "./state.ts";

/** Bytes of the array in the frame. */
export const backingStoreSize = 32;

/** The array in the frame for the slices that one node denotes. */
export interface BackingStore {
  readonly slot: Slot;
  /** Type of the slot. */
  readonly type: Type;
  /** Elements in it. */
  readonly count: number;
  /** It has been given to a slice. */
  readonly used: Variable;
  /** An append gives it to a slice: others would rarely find the slice empty. */
  tried: boolean;
}

/** OAPPEND */
export function append(s: FnState, n: Node): Value[] {
  if (n.list.length === 1) return expr(s, n.list[0]);
  if ((n.flags & NodeFlag.DDD) === 0) return appendElems(s, n);
  return isAppendOfMake(n) && !s.done.has(n.list[1]) ? extend(s, n) : appendSlice(s, n);
}

/** `append(x, make([]T, y)...)`: the elements are made in place. */
export function isAppendOfMake(n: Node): boolean {
  if (n.op !== Op.OAPPEND || (n.flags & NodeFlag.DDD) === 0 || n.list.length !== 2) return false;
  const make = n.list[1];
  return make.op === Op.OMAKESLICE && make.y === null;
}

function descriptor(s: FnState, n: Node): Value {
  return rtype(s, n.type!.elem!, n.rtti?.type ?? null);
}

const sliceParts = [
  { vt: VT.I32, pointer: true },
  { vt: VT.I64, pointer: false },
];

/** Room for `num` more elements in slice `x`: its pointer and capacity. `newLen` is the length with them. */
function grow(s: FnState, n: Node, x: readonly Value[], newLen: Value, num: Value): Value[] {
  const { b } = s;
  const [ptr, , cap] = x;
  return b.ifElse(
    b.num(Num.I64LtU, cap, newLen),
    sliceParts,
    () => {
      const r = s.rtcall("growslice", [ptr, newLen, cap, num, descriptor(s, n)], "pll");
      return [r[0], r[2]];
    },
    () => [ptr, cap],
    -1,
  );
}

/** append(x, e1, e2 …) */
function appendElems(s: FnState, n: Node): Value[] {
  const { b } = s;
  const elem = n.type!.elem!;
  const x = expr(s, n.list[0]);
  const values = n.list.slice(1).map((arg) => (s.inRegisters(elem) ? expr(s, arg) : [addrOf(s, arg)]));
  const num = b.i64(values.length);
  const newLen = b.num(Num.I64Add, x[1], num);
  const store = n.esc === EscNone ? backingStore(s, n.list[0], elem) : null;
  let grown: Value[];
  if (store === null) grown = grow(s, n, x, newLen, num);
  else if ((n.flags & NodeFlag.UseBuf) !== 0) grown = growInBuf(s, n, x, newLen, num, store);
  else if (store.tried) grown = grow(s, n, x, newLen, num);
  else grown = growOnStack(s, n, x, newLen, num, store);
  const [ptr, cap] = grown;
  const first = elemAddr(s, ptr, x[1], elem);
  const size = s.size(elem);
  values.forEach((value, i) => {
    if (s.inRegisters(elem)) s.store(elem, first, value, i * size);
    else s.move(elem, b.offset(first, i * size), value[0]);
  });
  return [ptr, newLen, cap];
}

/** The array for slices that `x` denotes; null if elements are too large. */
function backingStore(s: FnState, x: Node, elem: Type): BackingStore | null {
  const size = sizeOf(elem, s.p.target);
  if (size === 0 || size > backingStoreSize) return null;
  const known = s.backingStores.get(x);
  if (known !== undefined) return known;
  const count = Math.floor(backingStoreSize / size);
  const type = pointerAligned(s, newArray(elem, count));
  const store = {
    slot: s.slot("~append", type),
    type,
    count,
    used: s.b.newVariable("~used", VT.I32, false),
    tried: false,
  };
  s.backingStores.set(x, store);
  return store;
}

function growOnStack(
  s: FnState,
  n: Node,
  x: readonly Value[],
  newLen: Value,
  num: Value,
  store: BackingStore,
): Value[] {
  const { b } = s;
  const [ptr, len, cap] = x;
  store.tried = true;
  return b.ifElse(
    b.num(Num.I64LtU, cap, newLen),
    sliceParts,
    () => {
      const fits = b.num(Num.I64LeS, newLen, b.i64(store.count));
      const unused = b.num(Num.I32Eqz, b.read(store.used));
      const empty = b.num(Num.I64Eqz, len);
      return b.ifElse(
        b.num(Num.I32And, b.num(Num.I32And, fits, unused), empty),
        sliceParts,
        () => {
          const addr = b.slotAddr(store.slot);
          s.zeroAt(store.type, addr);
          countSaved(s, n, s.size(store.type));
          b.write(store.used, b.i32(1));
          return [addr, b.i64(store.count)];
        },
        () => {
          const r = s.rtcall("growslice", [ptr, newLen, cap, num, descriptor(s, n)], "pll");
          return [r[0], r[2]];
        },
      );
    },
    () => [ptr, cap],
    -1,
  );
}

/** The array in the frame is used in steps, like blocks of the heap. */
function growInBuf(s: FnState, n: Node, x: readonly Value[], newLen: Value, num: Value, store: BackingStore): Value[] {
  const { b } = s;
  const [ptr, , cap] = x;
  return b.ifElse(
    b.num(Num.I64LtU, cap, newLen),
    sliceParts,
    () => {
      const buf = [b.slotAddr(store.slot), b.i64(store.count)];
      const r = s.rtcall("growsliceBuf", [ptr, newLen, cap, num, descriptor(s, n), ...buf], "pll");
      return [r[0], r[2]];
    },
    () => [ptr, cap],
    -1,
  );
}

/** append(x, y...), where y may be a string */
function appendSlice(s: FnState, n: Node): Value[] {
  const { b } = s;
  const elem = n.type!.elem!;
  const x = expr(s, n.list[0]);
  const [from, num] = expr(s, n.list[1]);
  const newLen = b.num(Num.I64Add, x[1], num);
  const [ptr, cap] = grow(s, n, x, newLen, num);
  const to = elemAddr(s, ptr, x[1], elem);
  if (s.hasPointers(elem)) s.rtcall("typedslicecopy", [descriptor(s, n), to, num, from, num], "l");
  else if (s.size(elem) > 0) memMove(s, to, from, bytesOfElems(s, num, elem));
  return [ptr, newLen, cap];
}

/** append(x, make([]T, y)...) */
function extend(s: FnState, n: Node): Value[] {
  const { b } = s;
  const elem = n.type!.elem!;
  const x = expr(s, n.list[0]);
  const num = intArg(s, n.list[1].x!);
  b.ifThen(b.num(Num.I64LtS, num, b.i64(0)), () => s.rtpanic("panicmakeslicelen"), -1);
  const [ptr, len, cap] = x;
  const newLen = b.num(Num.I64Add, len, num);
  const pointers = s.hasPointers(elem);
  const clear = (at: Value): void => clearElems(s, elemAddr(s, at, len, elem), num, elem);
  const grown = b.ifElse(
    b.num(Num.I64LtU, cap, newLen),
    sliceParts,
    () => {
      const r = s.rtcall("growslice", [ptr, newLen, cap, num, descriptor(s, n)], "pll");
      return [r[0], r[2]];
    },
    () => {
      // What growslice allocates for pointers is clear.
      if (pointers) clear(ptr);
      return [ptr, cap];
    },
    -1,
  );
  if (!pointers) clear(grown[0]);
  return [grown[0], newLen, grown[1]];
}
