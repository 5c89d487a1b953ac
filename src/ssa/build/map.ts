/** Maps: access, assignment, delete, make, literals, iteration (cmd/compile/internal/walk: walkIndexMap, walkDelete,
 *  walkMakeMap, maplit, walkRange), in the runtime's variants for keys of 4 and 8 bytes and for strings. */
import { isStaticLiteral } from "../../ir/box.ts";
import { bigVal, isSmallIntConst } from "../../ir/const.ts";
import { EscNone } from "../../ir/name.ts";
import type { Node } from "../../ir/node.ts";
import { AlgKind, algType } from "../../ir/reflectdata/algtype.ts";
import type { Type } from "../../ir/types.ts";
import type { Variable } from "../builder.ts";
import { Num } from "../num.ts";
import {
  MapField,
  mapCtrlEmpty,
  mapGroupSlots,
  mapGroupType,
  mapHeaderType,
  mapIterType,
  mapMaxElemBytes,
} from "../reflectdata/maptype.ts";
import { DataWriter } from "../reflectdata/writer.ts";
import { Mem, type Slot, type Value, VT } from "../value.ts";
import { addrOf, hasAddress, scaled, spilled } from "./addr.ts";
import { expr, scalar } from "./expr.ts";
import { bitsOf, rtype, zeroAddr } from "./iface.ts";
import { intArg } from "./intarg.ts";
import { hold, order } from "./order.ts";
import { countSaved } from "./saved.ts";
import type { FnState } from "./state.ts";
import { putConstant } from "./staticdata.ts";
import { stringOperand } from "./string.ts";

/** Elements up to this size are zero at runtime.zeroVal (abi.ZeroValSize). */
const zeroValSize = 1024;

const enum Fast {
  Slow,
  Fast32,
  Fast64,
  Fast64Ptr,
  FastStr,
}

/** Which variants of the runtime functions a map has. */
function mapFast(s: FnState, t: Type): Fast {
  if (s.size(t.elem!) > mapMaxElemBytes) return Fast.Slow;
  const key = t.key!;
  switch (algType(key, s.p.target)) {
    case AlgKind.Mem32:
      return Fast.Fast32;
    case AlgKind.Mem64:
      if (!s.hasPointers(key)) return Fast.Fast64;
      return Fast.Fast64Ptr;
    case AlgKind.String:
      return Fast.FastStr;
    default:
      return Fast.Slow;
  }
}

function suffix(fast: Fast, assigns: boolean): string {
  switch (fast) {
    case Fast.Slow:
      return "";
    case Fast.Fast32:
      return "_fast32";
    case Fast.Fast64:
      return "_fast64";
    case Fast.Fast64Ptr:
      return assigns ? "_fast64ptr" : "_fast64";
    case Fast.FastStr:
      return "_faststr";
  }
}

/** The key as the variant takes it: a value, or an address. */
function keyArgs(s: FnState, fast: Fast, key: Node, t: Type, assigns: boolean): Value[] {
  const { b } = s;
  switch (fast) {
    case Fast.Fast32:
      return [bitsOf(s, key, t, Mem.I32)];
    case Fast.Fast64:
      return [bitsOf(s, key, t, Mem.I64)];
    case Fast.Fast64Ptr: {
      const [ptr] = s.inRegisters(t) ? expr(s, key) : [b.load(Mem.Ptr, addrOf(s, key))];
      return assigns ? [ptr] : [b.num(Num.I64ExtendI32U, ptr)];
    }
    case Fast.FastStr:
      // Looking a string up does not keep it.
      return assigns ? expr(s, key) : stringOperand(s, key);
    case Fast.Slow:
      if (s.inRegisters(t) && (s.done.has(key) || !hasAddress(s, key)))
        return [spilled(s, t, keyValue(s, key, assigns))];
      return [addrOf(s, key)];
  }
}

/** The components of a key; strings in it need not be copied for looking up. */
function keyValue(s: FnState, key: Node, assigns: boolean): Value[] {
  return assigns ? expr(s, key) : stringOperand(s, key);
}

function mapRtype(s: FnState, n: Node, t: Type): Value {
  return rtype(s, t, n.rtti?.type ?? null);
}

// ---------------------------------------------------------------------------------------------------- access

/** Address of m[k], or of a zero value: not to be written to. */
export function mapAccess(s: FnState, n: Node): Value {
  const m = scalar(s, n.x!);
  const t = n.x!.type!;
  const fast = mapFast(s, t);
  const args = [m, ...keyArgs(s, fast, n.y!, t.key!, false)];
  const type = mapRtype(s, n, t);
  if (s.size(t.elem!) > zeroValSize) return s.rtcall("mapaccess1_fat", [type, ...args, zeroAddr(s, t.elem!)], "p")[0];
  return s.rtcall(`mapaccess1${suffix(fast, false)}`, [type, ...args], "p")[0];
}

/** m[k]: its components, or the address of it. */
export function mapIndex(s: FnState, n: Node): Value[] {
  const addr = mapAccess(s, n);
  const t = n.type!;
  return s.inRegisters(t) ? s.load(t, addr) : [addr];
}

/** The values of `v, ok := m[k]`. */
export function mapAccess2(s: FnState, n: Node): Value[][] {
  const m = scalar(s, n.x!);
  const t = n.x!.type!;
  const elem = t.elem!;
  const fast = mapFast(s, t);
  const args = [mapRtype(s, n, t), m, ...keyArgs(s, fast, n.y!, t.key!, false)];
  const call = (): Value[] => {
    if (s.size(elem) > zeroValSize) return s.rtcall("mapaccess2_fat", [...args, zeroAddr(s, elem)], "pi");
    if (fast === Fast.Slow) return s.rtcall("mapaccess2", args, "pi");
    // The zero value stands for what is not there.
    const [found] = s.rtcall(`mapaccess1${suffix(fast, false)}`, args, "p");
    return [found, s.b.num(Num.I32Ne, found, s.b.addr("runtime.zeroVal"))];
  };
  const [addr, ok] = call();
  return [s.inRegisters(elem) ? s.load(elem, addr) : [addr], [ok]];
}

/** Address of the entry m[k], made if it is not there. */
export function mapAssign(s: FnState, n: Node): Value {
  const m = scalar(s, n.x!);
  const t = n.x!.type!;
  const fast = mapFast(s, t);
  const key = keyArgs(s, fast, n.y!, t.key!, true);
  return s.rtcall(`mapassign${suffix(fast, true)}`, [mapRtype(s, n, t), m, ...key], "p")[0];
}

/** ODELETE */
export function mapDelete(s: FnState, n: Node): void {
  const [map, key] = n.list;
  const m = scalar(s, map);
  const t = map.type!;
  const fast = mapFast(s, t);
  const args = keyArgs(s, fast, key, t.key!, false);
  s.rtcall(`mapdelete${suffix(fast, false)}`, [mapRtype(s, n, t), m, ...args]);
}

// ---------------------------------------------------------------------------------------------------- making

/** OMAKEMAP */
export function makeMap(s: FnState, n: Node): Value {
  const { b } = s;
  const t = n.type!;
  const hint = n.x!;
  const constant = isSmallIntConst(hint) ? bigVal(hint) : null;
  const small = constant !== null && constant <= BigInt(mapGroupSlots);
  if (n.esc !== EscNone) {
    if (small) return s.rtcall("makemap_small", [], "p")[0];
    return s.rtcall("makemap", [mapRtype(s, n, t), intArg(s, hint), b.nil()], "p")[0];
  }
  const count = small ? null : intArg(s, hint);
  const header = mapHeaderType(s.p);
  const m = b.slotAddr(s.slot("~map", header));
  s.zeroAt(header, m);
  countSaved(s, n, s.size(header));
  if (constant === null || small) {
    const group = mapGroupType(s.p, t);
    const slot = s.slot("~group", group);
    const useGroup = (): void => {
      const g = b.slotAddr(slot);
      s.zeroAt(group, g);
      countSaved(s, n, s.size(group), 0);
      b.store(Mem.I64, g, b.i64(mapCtrlEmpty));
      b.store(Mem.Ptr, m, g, MapField.DirPtr);
    };
    if (small) useGroup();
    else b.ifThen(b.num(Num.I64LeS, count!, b.i64(mapGroupSlots)), useGroup, 1);
  }
  if (small) {
    b.store(Mem.I64, m, s.rtcall("rand", [], "l")[0], MapField.Seed);
    return m;
  }
  return s.rtcall("makemap", [mapRtype(s, n, t), count!, m], "p")[0];
}

/** OMAPLIT */
export function mapLit(s: FnState, n: Node): Value {
  const { b } = s;
  const t = n.type!;
  const entries = n.list;
  let m: Value;
  if (n.esc === EscNone && entries.length <= mapGroupSlots) {
    m = stackMap(s, n, t);
  } else if (n.esc === EscNone) {
    const header = mapHeaderType(s.p);
    const mem = b.slotAddr(s.slot("~map", header));
    s.zeroAt(header, mem);
    countSaved(s, n, s.size(header));
    m = s.rtcall("makemap", [mapRtype(s, n, t), b.i64(entries.length), mem], "p")[0];
  } else if (entries.length <= mapGroupSlots) {
    m = s.rtcall("makemap_small", [], "p")[0];
  } else {
    m = s.rtcall("makemap", [mapRtype(s, n, t), b.i64(entries.length), b.nil()], "p")[0];
  }
  return fillMap(s, n, m);
}

/** An empty map in the frame, with room for one group. */
function stackMap(s: FnState, n: Node, t: Type): Value {
  const { b } = s;
  const header = mapHeaderType(s.p);
  const m = b.slotAddr(s.slot("~map", header));
  s.zeroAt(header, m);
  const group = mapGroupType(s.p, t);
  const g = b.slotAddr(s.slot("~group", group));
  s.zeroAt(group, g);
  countSaved(s, n, s.size(header) + s.size(group));
  b.store(Mem.I64, g, b.i64(mapCtrlEmpty));
  b.store(Mem.Ptr, m, g, MapField.DirPtr);
  b.store(Mem.I64, m, s.rtcall("rand", [], "l")[0], MapField.Seed);
  return m;
}

/** More entries that are constants than this are in tables, and added in a loop. */
const maxUnrolled = 25;

/** Adds the entries of literal `n` to map `m`: first those that are constants. */
function fillMap(s: FnState, n: Node, m: Value): Value {
  const { b } = s;
  // The map is needed after each call that adds an entry.
  const map = b.newVariable("~map", VT.I32, true);
  b.write(map, m);
  const statics: Node[] = [];
  const dynamics: Node[] = [];
  for (const entry of n.list) {
    const constant = isStaticLiteral(entry.x!, s.p.target) && isStaticLiteral(entry.y!, s.p.target);
    (constant ? statics : dynamics).push(entry);
  }
  if (statics.length > maxUnrolled) addConstants(s, n, statics, map);
  else for (const entry of statics) addEntry(s, n, entry, map);
  for (const entry of dynamics) {
    const mark = s.markTemps();
    order(s, entry.x);
    hold(s, entry.x!);
    order(s, entry.y);
    addEntry(s, n, entry, map);
    s.done.delete(entry.x!);
    s.popTemps(mark);
  }
  return b.read(map);
}

function addEntry(s: FnState, n: Node, entry: Node, map: Variable): void {
  const { b } = s;
  const { pos } = b;
  const t = n.type!;
  const elem = t.elem!;
  b.pos = entry.y!.pos;
  const value = s.inRegisters(elem) ? expr(s, entry.y!) : [addrOf(s, entry.y!)];
  const fast = mapFast(s, t);
  b.pos = entry.x!.pos;
  const key = keyArgs(s, fast, entry.x!, t.key!, true);
  // It is the literal that adds the entries: what the map allocates is charged to its line.
  b.pos = pos;
  const type = mapRtype(s, n, t);
  const [addr] = s.rtcall(`mapassign${suffix(fast, true)}`, [type, b.read(map), ...key], "p");
  if (s.inRegisters(elem)) s.store(elem, addr, value);
  else s.move(elem, addr, value[0]);
}

/** `for i := 0; i < n; i++ { m[keys[i]] = elems[i] }` */
function addConstants(s: FnState, n: Node, entries: readonly Node[], map: Variable): void {
  const { b } = s;
  const t = n.type!;
  const key = t.key!;
  const elem = t.elem!;
  const table = (of: Type, value: (entry: Node) => Node): Value => {
    const w = new DataWriter(entries.length * s.size(of));
    for (let i = 0; i < entries.length; i++) putConstant(s.p, w, i * s.size(of), value(entries[i]), of);
    const name = s.p.privateName("stmp");
    s.p.addData(w.finish(name, { size: entries.length * s.size(of), dupok: false }));
    return b.addr(name);
  };
  const keys = table(key, (entry) => entry.x!);
  const elems = table(elem, (entry) => entry.y!);
  const index = b.newVariable("~i", VT.I32, false);
  b.write(index, b.i32(0));
  const head = b.newBlock();
  const body = b.newBlock();
  const end = b.newBlock();
  b.jump(head);
  b.start(head);
  b.branch(b.num(Num.I32LtU, b.read(index), b.i32(entries.length)), body, end, 1);
  b.startSealed(body);
  const i = b.read(index);
  const from = b.num(Num.I32Add, keys, scaled(s, i, s.size(key)));
  const args = keyArgsAt(s, mapFast(s, t), key, from);
  const name = `mapassign${suffix(mapFast(s, t), true)}`;
  const [addr] = s.rtcall(name, [mapRtype(s, n, t), b.read(map), ...args], "p");
  s.move(elem, addr, b.num(Num.I32Add, elems, scaled(s, i, s.size(elem))));
  b.write(index, b.num(Num.I32Add, b.read(index), b.i32(1)));
  b.jump(head);
  b.seal(head);
  b.startSealed(end);
}

/** The key at `addr` as the variant takes it. */
function keyArgsAt(s: FnState, fast: Fast, key: Type, addr: Value): Value[] {
  const { b } = s;
  switch (fast) {
    case Fast.Fast32:
      return [b.load(Mem.I32, addr)];
    case Fast.Fast64:
      return [b.load(Mem.I64, addr)];
    case Fast.Fast64Ptr:
      return [b.load(Mem.Ptr, addr)];
    case Fast.FastStr:
      return s.load(key, addr);
    case Fast.Slow:
      return [addr];
  }
}

// ---------------------------------------------------------------------------------------------------- iteration

/** An iteration over a map: the iterator is in the frame. */
export interface MapIteration {
  readonly iter: Slot;
}

/** Begins `for … range m`. */
export function mapIterStart(s: FnState, t: Type, m: Value, word: Node | null): MapIteration {
  const { b } = s;
  const type = mapIterType(s.p);
  const iter = s.slot("~iter", type);
  s.zeroAt(type, b.slotAddr(iter));
  s.rtcall("mapIterStart", [rtype(s, t, word), m, b.slotAddr(iter)]);
  return { iter };
}

/** Address of the current key; 0 at the end. */
export function mapIterKey(s: FnState, { iter }: MapIteration): Value {
  return s.b.load(Mem.Ptr, s.b.slotAddr(iter), 0);
}

/** Address of the current element. */
export function mapIterElem(s: FnState, { iter }: MapIteration): Value {
  return s.b.load(Mem.Ptr, s.b.slotAddr(iter), 8);
}

export function mapIterNext(s: FnState, { iter }: MapIteration): void {
  s.rtcall("mapIterNext", [s.b.slotAddr(iter)]);
}
