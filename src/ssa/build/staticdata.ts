/** Values that are data: constants and literals of constants, and package-level variables with what is known of their
 *  initial values (cmd/compile/internal/staticdata, the static part of staticinit and walk/complit.go). */

import { float32Val, float64Val, imag, real, toComplex, toFloat } from "../../base/constant.ts";
import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import { isStaticLiteral } from "../../ir/box.ts";
import { bigVal, int64Val, isZero } from "../../ir/const.ts";
import { methodSym } from "../../ir/expr.ts";
import { Class, type Name, type Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { type StaticStore, StoreKind } from "../../ir/staticinit/schedule.ts";
import { typeString } from "../../ir/typefmt.ts";
import { alignOf, isBlankSym, isDirectIface, isEmptyInterface, isPtrShaped, sizeOf } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { pointerWords } from "../layout.ts";
import { DataKind, type DataSymbol } from "../object.ts";
import { funcSym, funcValue } from "../reflectdata/closures.ts";
import { itabSym } from "../reflectdata/itab.ts";
import { stringSym } from "../reflectdata/names.ts";
import { typeSym } from "../reflectdata/types.ts";
import { bytesOf, DataWriter } from "../reflectdata/writer.ts";
import { type EmbeddedFile, embedded, embedProblem } from "./embed.ts";
import type { PkgState } from "./state.ts";

// ---------------------------------------------------------------------------------------------------- read-only

/** The read-only symbol that holds the value of `n`, if that is a constant or a literal of constants; else null. */
export function readOnlySym(p: PkgState, n: Node): string | null {
  return isStaticLiteral(n, p.target) ? constantSym(p, n, n.type!, DataKind.ReadOnly) : null;
}

/** A symbol with the value of constant literal `n`, as one of type `t`. */
export function constantSym(p: PkgState, n: Node, t: Type, kind: DataKind): string {
  const w = new DataWriter(sizeOf(t, p.target));
  putConstant(p, w, 0, n, t);
  const name = p.privateName("stmp");
  p.addData(finish(p, w, name, t, kind));
  return name;
}

function finish(p: PkgState, w: DataWriter, name: string, t: Type, kind: DataKind, dupok = false): DataSymbol {
  const pointers = kind === DataKind.ReadOnly ? [] : pointerWords(t, p.target);
  return w.finish(name, { kind, size: sizeOf(t, p.target), align: alignOf(t, p.target), dupok, pointers });
}

/** Writes constant literal `n` of type `t` at `at`. */
export function putConstant(p: PkgState, w: DataWriter, at: number, n: Node, t: Type): void {
  switch (n.op) {
    case Op.ONIL:
      return;
    case Op.OLITERAL:
      if (!isZero(n)) putScalar(p, w, at, n, t);
      return;
    case Op.OSTRUCTLIT:
      sizeOf(n.type!, p.target); // lays out the fields: a conversion may have given the value another type than its literal
      for (const field of n.list) {
        if (!isBlankSym(field.sel!.sym)) putConstant(p, w, at + field.sel!.offset, field.x!, field.sel!.type);
      }
      return;
    case Op.OARRAYLIT:
    case Op.OSLICELIT: {
      const elem = t.elem!;
      const size = sizeOf(elem, p.target);
      let index = 0;
      for (const x of n.list) {
        let value = x;
        if (x.op === Op.OKEY) {
          index = int64Val(x.x!);
          value = x.y!;
        }
        putConstant(p, w, at + index * size, value, elem);
        index++;
      }
      return;
    }
    case Op.OCONVIFACE: {
      let val: Node = n;
      while (val.op === Op.OCONVIFACE) val = val.x!;
      const from = val.type!;
      if (from.kind === TKind.INTER) return;
      putTypeWord(p, w, at, from, t);
      if (isDirectIface(from, p.target)) putConstant(p, w, at + 8, val, from);
      else w.addr(at + 8, constantSym(p, val, from, DataKind.ReadOnly));
      return;
    }
    default:
      throw new InternalError(`operation ${n.op} is no constant`);
  }
}

function putTypeWord(p: PkgState, w: DataWriter, at: number, t: Type, iface: Type): void {
  w.addr(at, isEmptyInterface(iface) ? typeSym(p, t) : itabSym(p, t, iface));
}

function putScalar(p: PkgState, w: DataWriter, at: number, n: Node, t: Type): void {
  const val = n.val!;
  switch (t.kind) {
    case TKind.BOOL:
      w.u8(at, val === true ? 1 : 0);
      return;
    case TKind.STRING: {
      const text = val as string;
      w.addr(at, text === "" ? null : stringSym(p, text));
      w.u64(at + 8, text.length);
      return;
    }
    case TKind.FLOAT32:
      w.f32(at, float32Val(toFloat(val)));
      return;
    case TKind.FLOAT64:
      w.f64(at, float64Val(toFloat(val)));
      return;
    case TKind.COMPLEX64:
    case TKind.COMPLEX128: {
      const c = toComplex(val);
      const re = toFloat(real(c));
      const im = toFloat(imag(c));
      if (t.kind === TKind.COMPLEX64) {
        w.f32(at, float32Val(re));
        w.f32(at + 4, float32Val(im));
      } else {
        w.f64(at, float64Val(re));
        w.f64(at + 8, float64Val(im));
      }
      return;
    }
    default:
      putInt(w, at, bigVal(n), isPtrShaped(t) ? 8 : sizeOf(t, p.target));
  }
}

function putInt(w: DataWriter, at: number, v: bigint, size: number): void {
  switch (size) {
    case 1:
      w.u8(at, Number(BigInt.asUintN(8, v)));
      return;
    case 2:
      w.u16(at, Number(BigInt.asUintN(16, v)));
      return;
    case 4:
      w.u32(at, Number(BigInt.asUintN(32, v)));
      return;
    default:
      w.u64(at, v);
  }
}

// ---------------------------------------------------------------------------------------------------- variables

/** Lays out the package-level variables, and those that only the initial values of others refer to. */
export function globals(
  p: PkgState,
  embeds: ReadonlyMap<string, readonly EmbeddedFile[]> = new Map(),
  error: (pos: Pos, msg: string) => void = () => {},
): void {
  const writers = new Map<Name, DataWriter>();
  for (const store of p.n.target.staticStores) {
    let w = writers.get(store.name);
    if (w === undefined) {
      w = new DataWriter(sizeOf(store.name.type!, p.target));
      writers.set(store.name, w);
    }
    putStore(p, w, store);
  }
  const names = new Set<Name>(writers.keys());
  for (const store of p.n.target.staticStores) if (store.target !== null) addLocal(p, names, store.target);
  for (const name of p.n.target.externs) names.add(name);
  for (const name of names) {
    const linkName = p.varName(name);
    if (!p.claimData(linkName)) continue;
    const files = name.sym.pkg === p.n.localPkg ? embeds.get(name.sym.name) : undefined;
    if (files !== undefined) {
      const problem = embedProblem(name.type!, typeString(name.type!, p.n.localPkg), files);
      if (problem === "") writers.set(name, embedded(p, linkName, name.type!, files));
      else error(name.pos, problem);
    }
    const w = writers.get(name);
    const kind = w === undefined ? DataKind.Zero : DataKind.Data;
    const linked = p.linkname(name.sym) !== undefined;
    p.addData(finish(p, w ?? new DataWriter(0), linkName, name.type!, kind, linked));
  }
}

/** Variables of other packages are theirs. */
function addLocal(p: PkgState, names: Set<Name>, name: Name): void {
  if (name.class === Class.PEXTERN && name.sym.pkg === p.n.localPkg) names.add(name);
}

function putStore(p: PkgState, w: DataWriter, store: StaticStore): void {
  const { offset } = store;
  switch (store.kind) {
    case StoreKind.Const:
      putConstant(p, w, offset, store.node!, store.type!);
      return;
    case StoreKind.Func:
      w.addr(offset, closureOf(p, store.node!));
      return;
    case StoreKind.Addr:
      w.addr(offset, p.varName(store.target!), store.n);
      return;
    case StoreKind.Slice:
      w.addr(offset, p.varName(store.target!));
      w.u64(offset + 8, store.n);
      w.u64(offset + 16, store.n);
      return;
    case StoreKind.Bytes: {
      const text = store.node!.val as string;
      if (text !== "") w.addr(offset, bytesSym(p, text));
      else w.addr(offset, "runtime.zerobase");
      w.u64(offset + 8, text.length);
      w.u64(offset + 16, text.length);
      return;
    }
    case StoreKind.TypeWord:
      putTypeWord(p, w, offset, store.type!, store.iface!);
  }
}

/** Writable bytes. */
function bytesSym(p: PkgState, text: string): string {
  const name = p.privateName("gobytes");
  const w = new DataWriter(text.length);
  w.put(0, bytesOf(text));
  p.addData(w.finish(name, { kind: DataKind.Data, align: 1, dupok: false }));
  return name;
}

function closureOf(p: PkgState, n: Node): string {
  return n.op === Op.ONAME ? funcValue(p, (n as Name).func!) : funcSym(p, functionName(p, n));
}

/** Link name of the function that a name, a method expression or a literal without captured variables denotes. */
export function functionName(p: PkgState, n: Node): string {
  switch (n.op) {
    case Op.ONAME:
      return p.funcName((n as Name).func!);
    case Op.OCLOSURE:
      return p.funcName(n.func!);
    case Op.OMETHEXPR:
      return p.symName(methodSym(n.x!.type!, n.sel!.sym!, p.universe.goPkg));
    default:
      throw new InternalError(`operation ${n.op} denotes no function`);
  }
}
