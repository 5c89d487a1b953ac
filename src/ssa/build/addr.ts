/** Variables and addresses: where things are, with the checks for nil and bounds (ssagen: addr, canSSA, boundsCheck). */

import { ValueKind } from "../../base/constant.ts";
import { InternalError } from "../../base/diag.ts";
import { isConst } from "../../ir/const.ts";
import { EscHeap } from "../../ir/name.ts";
import { Class, type Name, type Node, NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isSigned } from "../../ir/typeops.ts";
import { type Field, TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { funcValue } from "../reflectdata/closures.ts";
import { BoundsKind, Mem, SOp, type Value, VT } from "../value.ts";
import { expr, exprTo, scalar } from "./expr.ts";
import type { FnState, Place } from "./state.ts";

// ---------------------------------------------------------------------------------------------------- variables

export function placeOf(s: FnState, n: Name): Place {
  const place = s.places.get(n);
  if (place !== undefined) return place;
  if (n.class !== Class.PAUTO || n.type === null) throw s.unsupported(`variable ${n.sym.name} without place`, n);
  return declareLocal(s, n, n.type);
}

/** The place of a local variable, when it is first met. */
function declareLocal(s: FnState, n: Name, t: Type): Place {
  const place: Place =
    n.esc === EscHeap
      ? { regs: null, slot: null, ptr: s.b.newVariable(`&${n.sym.name}`, VT.I32, true), ptrSlot: null }
      : n.addrtaken || !s.inRegisters(t)
        ? { regs: null, slot: s.slot(n.sym.name, t), ptr: null, ptrSlot: null }
        : { regs: s.newRegs(n.sym.name, t), slot: null, ptr: null, ptrSlot: null };
  s.places.set(n, place);
  return place;
}

/** The value of a variable or function, in registers. */
export function readName(s: FnState, n: Name): Value[] {
  const { b } = s;
  if (n.class === Class.PFUNC) return [b.addr(funcValue(s.p, n.func!))];
  if (n.class === Class.PEXTERN) return s.load(n.type!, externAddr(s, n));
  const place = placeOf(s, n);
  if (place.regs !== null) return s.readRegs(place.regs);
  return s.load(n.type!, placeAddr(s, place));
}

/** Address of a package-level variable, or of the part of one that is assigned by itself. Those without size are all in
 *  one place, where allocated ones are, too. */
function externAddr(s: FnState, n: Name): Value {
  if (s.size(n.type!) === 0) return s.b.addr("runtime.zerobase");
  return n.partOf === null ? s.b.addr(s.p.varName(n)) : s.b.addr(s.p.varName(n.partOf), n.partOffset);
}

export function placeAddr(s: FnState, place: Place): Value {
  if (place.slot !== null) return s.b.slotAddr(place.slot);
  if (place.ptr !== null) return s.b.read(place.ptr);
  if (place.ptrSlot !== null) return s.b.load(Mem.Ptr, s.b.slotAddr(place.ptrSlot));
  throw new InternalError("a variable in registers has no address");
}

// ---------------------------------------------------------------------------------------------------- addresses

/** Address of `n`: of what it denotes if that has an address, else of a temporary with its value. */
export function addrOf(s: FnState, n: Node): Value {
  const { b } = s;
  const done = s.done.get(n);
  if (done !== undefined) return s.inRegisters(n.type!) ? spilled(s, n.type!, done) : done[0];
  const { pos } = b;
  if (n.op > Op.OLITERAL) b.pos = n.pos;
  const addr = addr1(s, n);
  b.pos = pos;
  return addr;
}

function addr1(s: FnState, n: Node): Value {
  const { b } = s;
  switch (n.op) {
    case Op.ONAME: {
      const name = n as Name;
      if (name.class === Class.PEXTERN) return externAddr(s, name);
      if (name.class === Class.PFUNC) break;
      const place = placeOf(s, name);
      if (place.regs !== null) break;
      return placeAddr(s, place);
    }
    case Op.OPAREN:
    case Op.OCONVNOP:
      if (s.inRegisters(n.type!) && !s.inRegisters(n.x!.type!)) break;
      return addrOf(s, n.x!);
    case Op.ODEREF:
      return checkedPtr(s, n.x!, n);
    case Op.ODOTPTR:
      return b.offset(checkedPtr(s, n.x!, n), fieldOffset(s, n.x!.type!.elem!, n.sel!));
    case Op.ODOT:
      if (s.inRegisters(n.x!.type!) && !hasAddress(s, n.x!)) break;
      return b.offset(addrOf(s, n.x!), fieldOffset(s, n.x!.type!, n.sel!));
    case Op.OINDEX: {
      const addr = indexAddr(s, n);
      if (addr !== null) return addr;
      break;
    }
  }
  if (!s.inRegisters(n.type!) && n.op !== Op.OSTRUCTLIT && n.op !== Op.OARRAYLIT) return expr(s, n)[0];
  // A value: put it into memory.
  const addr = s.temp(n.type!);
  exprTo(s, n, addr);
  return addr;
}

/** Address of a variable or a part of one, which is in memory as its address is taken somewhere. */
export function variableAddr(s: FnState, n: Node): Value {
  if (!hasAddress(s, n))
    throw s.unsupported(
      `address of ${n.op === Op.ONAME ? `variable ${(n as Name).sym.name}` : `operation ${n.op}`} in registers`,
      n,
    );
  return addrOf(s, n);
}

/** `n` denotes something in memory. */
export function hasAddress(s: FnState, n: Node): boolean {
  switch (n.op) {
    case Op.ONAME: {
      const name = n as Name;
      if (name.class === Class.PEXTERN) return true;
      return name.class !== Class.PFUNC && placeOf(s, name).regs === null;
    }
    case Op.ODEREF:
    case Op.ODOTPTR:
      return true;
    case Op.OPAREN:
    case Op.OCONVNOP:
      return hasAddress(s, n.x!);
    case Op.ODOT:
      return hasAddress(s, n.x!) || !s.inRegisters(n.x!.type!);
    case Op.OINDEX:
      switch (n.x!.type!.kind) {
        case TKind.SLICE:
        case TKind.PTR:
        case TKind.STRING:
          return true;
        default:
          return hasAddress(s, n.x!) || !s.inRegisters(n.x!.type!);
      }
    default:
      return false;
  }
}

/** The value in a temporary of its own. */
export function spilled(s: FnState, t: Type, values: readonly Value[]): Value {
  const addr = s.temp(t);
  s.store(t, addr, values);
  return addr;
}

/** A pointer that is about to be followed. */
export function checkedPtr(s: FnState, n: Node, deref: Node): Value {
  const ptr = scalar(s, n);
  if ((deref.flags & NodeFlag.NonNil) === 0 && !isDict(n)) nilCheck(s, ptr);
  return ptr;
}

/** The dictionary of a generic function is always there. */
function isDict(n: Node): boolean {
  return n.op === Op.ONAME && (n as Name).sym.name === ".dict";
}

export function nilCheck(s: FnState, ptr: Value): void {
  if (ptr.op !== SOp.Addr && ptr.op !== SOp.SlotAddr) s.b.nilCheck(ptr);
}

// ---------------------------------------------------------------------------------------------------- fields

export function fieldIndex(st: Type, sel: Field): number {
  const i = st.fields.indexOf(sel);
  if (i >= 0) return i;
  const byName = st.fields.findIndex((f) => f.sym === sel.sym || (f.sym !== null && f.sym.name === sel.sym?.name));
  if (byName < 0) throw new InternalError(`no field ${sel.sym?.name}`);
  return byName;
}

export function fieldOffset(s: FnState, st: Type, sel: Field): number {
  s.size(st); // lays the fields out
  return st.fields[fieldIndex(st, sel)].offset;
}

// ---------------------------------------------------------------------------------------------------- elements

/** x[i] of an array, slice or string. */
export function indexValue(s: FnState, n: Node): Value[] {
  const addr = indexAddr(s, n);
  if (addr !== null) return s.load(n.type!, addr);
  // An array in registers: of one element, or none.
  const x = n.x!;
  const values = expr(s, x);
  index(s, n, s.b.i64(x.type!.len));
  return x.type!.len === 0 ? s.zero(n.type!) : values;
}

/** Address of x[i]; null if x is an array in registers. */
function indexAddr(s: FnState, n: Node): Value | null {
  const { b } = s;
  const x = n.x!;
  const t = x.type!;
  switch (t.kind) {
    case TKind.STRING:
    case TKind.SLICE: {
      const values = expr(s, x);
      const i = index(s, n, values[1]);
      return elemAddr(s, values[0], i, n.type!);
    }
    case TKind.PTR: {
      // Pointer to array.
      const ptr = scalar(s, x);
      if (!isDict(x)) nilCheck(s, ptr);
      const i = index(s, n, b.i64(t.elem!.len));
      return elemAddr(s, ptr, i, n.type!);
    }
    case TKind.ARRAY: {
      if (s.inRegisters(t) && !hasAddress(s, x)) return null;
      const base = addrOf(s, x);
      const i = index(s, n, b.i64(t.len));
      return elemAddr(s, base, i, n.type!);
    }
    default:
      throw s.unsupported(`index of kind ${t.kind}`, n);
  }
}

/** The checked index of an OINDEX, I64. */
function index(s: FnState, n: Node, len: Value): Value {
  const i = n.y!;
  const t = n.x!.type!;
  const v = extendIndex(s, i);
  if ((n.flags & NodeFlag.Bounded) !== 0) return v;
  if (v.op === SOp.Const64 && isConst(i, ValueKind.Int)) {
    const fixed = t.kind === TKind.ARRAY ? t.len : t.kind === TKind.PTR ? t.elem!.len : -1;
    if (v.big >= 0n && v.big < BigInt(fixed)) return v;
  }
  s.b.boundsCheck(isSigned(i.type!) ? BoundsKind.Index : BoundsKind.IndexU, v, len);
  return v;
}

/** An integer of any type as I64. */
export function extendIndex(s: FnState, n: Node): Value {
  const v = scalar(s, n);
  return toI64(s, v, isSigned(n.type!));
}

export function toI64(s: FnState, v: Value, signed: boolean): Value {
  if (v.type === VT.I64) return v;
  if (v.op === SOp.Const32) return s.b.i64(signed ? v.aux : v.aux >>> 0);
  return s.b.num(signed ? Num.I64ExtendI32S : Num.I64ExtendI32U, v);
}

/** Address of element number `i` (I64, in range) of type `t`. */
export function elemAddr(s: FnState, base: Value, i: Value, t: Type): Value {
  const { b } = s;
  const size = s.size(t);
  if (size === 0) return base;
  if (i.op === SOp.Const64) return b.offset(base, Number(i.big) * size);
  return b.pointer(b.num(Num.I32Add, base, scaled(s, b.num(Num.I32WrapI64, i), size)));
}

/** `i * size`, I32. */
export function scaled(s: FnState, i: Value, size: number): Value {
  const { b } = s;
  if (size === 1) return i;
  if (size === 0) return b.i32(0);
  if ((size & (size - 1)) === 0) return b.num(Num.I32Shl, i, b.i32(31 - Math.clz32(size)));
  return b.num(Num.I32Mul, i, b.i32(size));
}
