/** Interface values: how they are made of other values, and what type assertions get out of them
 *  (cmd/compile/internal/walk/convert.go, and dottype in ssagen/ssa.go).
 *
 *  The data of an interface value is never written, so a value that lives in memory is the address that the data word
 *  holds. */
import { isByte, soleComponent } from "../../ir/box.ts";
import { isZero } from "../../ir/const.ts";
import { EscNone } from "../../ir/name.ts";
import { type Node, NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { alignOf, isDirectIface, isEmptyInterface } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { DataKind } from "../object.ts";
import { itabSym, itabType } from "../reflectdata/itab.ts";
import { typeSym } from "../reflectdata/types.ts";
import { DataWriter } from "../reflectdata/writer.ts";
import { Mem, SOp, type Value, VT } from "../value.ts";
import { addrOf, spilled } from "./addr.ts";
import { expr, exprTo, scalar } from "./expr.ts";
import { countSaved } from "./saved.ts";
import type { FnState } from "./state.ts";
import { readOnlySym } from "./staticdata.ts";

/** Larger values are not kept on the stack for interfaces that do not escape. */
const maxStackBox = 1024;
/** Bytes of runtime.zeroVal. */
const zeroValSize = 1024;

/** Address of the descriptor of `t`; `word` where only the dictionary knows it. */
export function rtype(s: FnState, t: Type, word: Node | null = null): Value {
  return word !== null ? scalar(s, word) : s.b.addr(typeSym(s.p, t));
}

// ---------------------------------------------------------------------------------------------------- conversions

/** T(x), T an interface type. */
export function convIface(s: FnState, n: Node): Value[] {
  const { b } = s;
  const from = n.x!.type!;
  const to = n.type!;
  if (from.kind !== TKind.INTER) {
    // The data first: it may panic.
    const data = dataWord(s, n);
    return [typeWord(s, n), data];
  }
  const x = expr(s, n.x!);
  if (isEmptyInterface(from) && isEmptyInterface(to)) return x;
  const type = isEmptyInterface(from) ? x[0] : typeOfItab(s, x[0]);
  if (isEmptyInterface(to)) return [type, x[1]];
  const word = n.rtti?.type ?? null;
  const [itab] = b.ifElse(
    type,
    [{ vt: VT.I32, pointer: false }],
    () => [findItab(s, to, word, type, true)],
    () => [b.i32(0)],
    1,
  );
  return [itab, b.pointer(b.select(itab, x[1], b.nil()))];
}

/** The first word of the interface that a concrete value is converted to. */
function typeWord(s: FnState, n: Node): Value {
  const { b } = s;
  const word = n.rtti?.type ?? null;
  if (word !== null) return scalar(s, word);
  const from = n.x!.type!;
  const to = n.type!;
  if (isEmptyInterface(to)) return b.addr(typeSym(s.p, from));
  return b.addr(itabSym(s.p, from, to));
}

/** The descriptor in an itab; 0 for none. */
export function typeOfItab(s: FnState, itab: Value): Value {
  const { b } = s;
  return b.ifElse(
    itab,
    [{ vt: VT.I32, pointer: false }],
    () => [loadType(s, itab)],
    () => [b.i32(0)],
    1,
  )[0];
}

/** The descriptor in an itab that is there. */
export function loadType(s: FnState, itab: Value): Value {
  return loadWord(s, itab, itabType);
}

/** A pointer word that is not for the collector. */
export function loadWord(s: FnState, addr: Value, offset: number): Value {
  const v = s.b.value(SOp.Load, VT.I32, addr);
  v.mem = Mem.Ptr;
  v.aux = offset;
  return v;
}

/** The data word for the operand of conversion `n`, a concrete value. */
function dataWord(s: FnState, n: Node): Value {
  const { b } = s;
  const x = n.x!;
  const t = x.type!;
  if (isDirectIface(t, s.p.target)) return expr(s, x)[0];
  const size = s.size(t);
  if (size === 0) {
    if (s.inRegisters(t)) expr(s, x);
    else addrOf(s, x);
    return b.addr("runtime.zerobase");
  }
  if (isByte(t, s.p.target)) return byteBox(s, expr(s, x)[0]);
  const constant = readOnlySym(s.p, x) ?? constantVariable(s, x, t);
  if (constant !== null) return b.addr(constant);
  if (n.esc === EscNone && size <= maxStackBox) {
    // Evaluated before the slot is written: the value may be made of what is in it.
    const slot = s.slot("~iface", t);
    countSaved(s, n, size);
    if (s.inRegisters(t)) {
      const values = expr(s, x);
      const addr = b.slotAddr(slot);
      s.store(t, addr, values);
      return addr;
    }
    const addr = b.slotAddr(slot);
    exprTo(s, x, addr);
    return addr;
  }
  return boxed(s, x, t, n.rtti?.src ?? null);
}

/** The symbol with the value of variable `x`, if that is a literal of constants and never changes: read-only data then, as for
 *  the literal (addrTemp of walk/order.go); else null. Only of types that conversions are given the address of. */
function constantVariable(s: FnState, x: Node, t: Type): string | null {
  let name: Node | null = x; // null: what stands for a value that was computed before
  while (name?.op === Op.OCONVNOP) name = name.x;
  if (name?.op !== Op.ONAME || !takenByAddress(s, t)) return null;
  const value = s.staticValue(name);
  if (value.op !== Op.OSTRUCTLIT && value.op !== Op.OARRAYLIT) return null;
  if (isZero(value) && s.size(t) <= zeroValSize) return "runtime.zeroVal";
  return readOnlySym(s.p, value);
}

/** Address of one of the 256 values that a byte can have. */
function byteBox(s: FnState, v: Value): Value {
  const { b } = s;
  const index = b.num(Num.I32Shl, b.num(Num.I32And, v, b.i32(0xff)), b.i32(3));
  return b.pointer(b.num(Num.I32Add, b.addr("runtime.staticuint64s"), index));
}

/** Whether the runtime is given the address of a value of type `t` to box, not the value (dataWordFuncName). */
function takenByAddress(s: FnState, t: Type): boolean {
  const size = s.size(t);
  if (alignOf(t, s.p.target) === size && (size === 2 || ((size === 4 || size === 8) && !s.hasPointers(t))))
    return false;
  const sole = soleComponent(t)?.kind;
  return sole !== TKind.STRING && sole !== TKind.SLICE;
}

/** Address of a copy of `x` in the heap. */
function boxed(s: FnState, x: Node, t: Type, word: Node | null): Value {
  const { b } = s;
  const size = s.size(t);
  const align = alignOf(t, s.p.target);
  const noPointers = !s.hasPointers(t);
  if (size === 2 && align === 2) return s.rtcall("convT16", [bitsOf(s, x, t, Mem.I16U)], "p")[0];
  if (size === 4 && align === 4 && noPointers) return s.rtcall("convT32", [bitsOf(s, x, t, Mem.I32)], "p")[0];
  if (size === 8 && align === 8 && noPointers) return s.rtcall("convT64", [bitsOf(s, x, t, Mem.I64)], "p")[0];
  const sole = soleComponent(t);
  if (sole?.kind === TKind.STRING) return s.rtcall("convTstring", expr(s, x), "p")[0];
  if (sole?.kind === TKind.SLICE) return s.rtcall("convTslice", expr(s, x), "p")[0];
  const addr = s.inRegisters(t) ? spilled(s, t, expr(s, x)) : addrOf(s, x);
  const type = rtype(s, t, word);
  return b.pointer(s.rtcall(noPointers ? "convTnoptr" : "convT", [type, addr], "p")[0]);
}

/** A value of 2, 4 or 8 bytes as an integer: unsigned, as the runtime takes it. */
export function bitsOf(s: FnState, x: Node, t: Type, mem: Mem): Value {
  const { b } = s;
  if (s.inRegisters(t)) {
    const values = expr(s, x);
    if (values.length === 1) {
      const [v] = values;
      switch (v.type) {
        case VT.I32:
          return mem === Mem.I16U ? b.num(Num.I32And, v, b.i32(0xffff)) : v;
        case VT.I64:
          return v;
        case VT.F32:
          return b.num(Num.I32ReinterpretF32, v);
        default:
          return b.num(Num.I64ReinterpretF64, v);
      }
    }
    return b.load(mem, spilled(s, t, values));
  }
  return b.load(mem, addrOf(s, x));
}

// ---------------------------------------------------------------------------------------------------- assertions

/** What a type assertion gives: the components of the value, or the address of one that lives in memory. */
export interface Asserted {
  readonly values: Value[];
  /** I32: it held. The form with one result does not come back otherwise. */
  readonly ok: Value;
}

/** x.(T) */
export function dotType(s: FnState, n: Node): Value[] {
  return assertion(s, n, false).values;
}

/** x.(T) with two results. */
export function dotType2(s: FnState, n: Node): Asserted {
  return assertion(s, n, true);
}

/** ODOTTYPE has its type in `type`; of ODYNAMICDOTTYPE, y is the descriptor, z the itab, w the operand's descriptor. */
function assertion(s: FnState, n: Node, commaOk: boolean): Asserted {
  const x = expr(s, n.x!);
  if ((n.flags & NodeFlag.NilPanic) !== 0) s.b.nilCheck(x[0]);
  return assertTo(s, x, n.x!.type!, n.type!, commaOk, n.y, n.z, n.w);
}

export function assertTo(
  s: FnState,
  x: readonly Value[],
  from: Type,
  to: Type,
  commaOk: boolean,
  rtypeNode: Node | null,
  itabNode: Node | null,
  srcNode: Node | null,
): Asserted {
  if (to.kind === TKind.INTER) return toInterface(s, x, from, to, commaOk, rtypeNode);
  const { b } = s;
  const viaItab = !isEmptyInterface(from);
  let want: Value;
  if (viaItab) want = itabNode !== null ? scalar(s, itabNode) : b.addr(itabSym(s.p, to, from));
  else want = rtype(s, to, rtypeNode);
  const ok = b.num(Num.I32Eq, x[0], want);
  if (!commaOk) {
    b.ifThen(
      b.num(Num.I32Eqz, ok),
      () => {
        const wantType = viaItab && itabNode !== null ? loadType(s, want) : rtype(s, to, viaItab ? null : rtypeNode);
        s.rtpanic(viaItab ? "panicdottypeI" : "panicdottypeE", [x[0], wantType, rtype(s, from, srcNode)]);
      },
      -1,
    );
    return { values: unboxed(s, to, x[1]), ok };
  }
  if (isDirectIface(to, s.p.target)) return { values: [b.pointer(b.select(ok, x[1], b.nil()))], ok };
  if (!s.inRegisters(to)) return { values: [b.pointer(b.select(ok, x[1], zeroAddr(s, to)))], ok };
  const parts = s.parts(to);
  const values = b.ifElse(
    ok,
    parts,
    () => s.load(to, x[1]),
    () => s.zero(to),
  );
  return { values, ok };
}

/** The value of type `t` behind data word `data`. */
export function unboxed(s: FnState, t: Type, data: Value): Value[] {
  if (isDirectIface(t, s.p.target) || !s.inRegisters(t)) return [data];
  return s.load(t, data);
}

/** Address of a zero value of type `t`, which is not written to. */
export function zeroAddr(s: FnState, t: Type): Value {
  const size = s.size(t);
  if (size <= zeroValSize) return s.b.addr("runtime.zeroVal");
  // As large as the largest that a package asks for: the linker keeps one of each size.
  const name = `go:map.zero.${size}`;
  if (s.p.claimData(name)) s.p.addData(new DataWriter(0).finish(name, { kind: DataKind.Zero, size, align: 16 }));
  return s.b.addr(name);
}

function toInterface(
  s: FnState,
  x: readonly Value[],
  from: Type,
  to: Type,
  commaOk: boolean,
  rtypeNode: Node | null,
): Asserted {
  const { b } = s;
  const type = isEmptyInterface(from) ? x[0] : typeOfItab(s, x[0]);
  if (!commaOk) {
    b.ifThen(b.num(Num.I32Eqz, type), () => s.rtpanic("panicnildottype", [rtype(s, to, rtypeNode)]), -1);
    if (isEmptyInterface(to)) return { values: [type, x[1]], ok: type };
    return { values: [findItab(s, to, rtypeNode, type, false), x[1]], ok: type };
  }
  if (isEmptyInterface(to)) return { values: [type, x[1]], ok: b.num(Num.I32Ne, type, b.i32(0)) };
  const [itab] = b.ifElse(
    type,
    [{ vt: VT.I32, pointer: false }],
    () => [findItab(s, to, rtypeNode, type, true)],
    () => [b.i32(0)],
    1,
  );
  const ok = b.num(Num.I32Ne, itab, b.i32(0));
  return { values: [itab, b.pointer(b.select(ok, x[1], b.nil()))], ok };
}

/** The itab of dynamic type `type`, which is there, for interface `to`; 0 if it does not implement it and `canFail`,
 *  else a panic. */
export function findItab(s: FnState, to: Type, rtypeNode: Node | null, type: Value, canFail: boolean): Value {
  if (rtypeNode !== null) return s.rtcall(canFail ? "assertE2I2" : "assertE2I", [scalar(s, rtypeNode), type], "i")[0];
  const { b } = s;
  const site = b.addr(typeAssertSym(s, to, canFail));
  const last = loadWord(s, site, siteItab);
  // Address 0 and what follows it is never used, so an empty site has type 0.
  return b.ifElse(
    b.num(Num.I32Eq, loadType(s, last), type),
    [{ vt: VT.I32, pointer: false }],
    () => [last],
    () => s.rtcall("typeAssert", [site, type], "i"),
    1,
  )[0];
}

/** Where a site has the itab that it found last. */
const siteItab = 24;

/** runtime.assertSite: what a place in the program remembers of its assertions. */
function typeAssertSym(s: FnState, to: Type, canFail: boolean): string {
  const { p } = s;
  const name = p.privateName("typeAssert");
  const w = new DataWriter(24);
  w.u64(0, 0); // the cache
  w.addr(8, typeSym(p, to));
  w.u64(16, canFail ? 1 : 0);
  p.addData(w.finish(name, { kind: DataKind.Data, size: 40, dupok: false }));
  return name;
}
