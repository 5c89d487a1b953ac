/** Run-time type descriptors in the layout of internal/abi, so that GOROOT's reflect and internal/runtime/maps work on
 *  them (cmd/compile/internal/reflectdata/reflect.go).
 *
 *  Asking for a descriptor's symbol queues the type; {@link writeRuntimeTypes} lays out what has been queued. Types that
 *  another package is in charge of are only named. */

import { methodSym } from "../../ir/expr.ts";
import { recvParams } from "../../ir/func.ts";
import { newMethodType, newPtr, newSignature, newSlice } from "../../ir/newtype.ts";
import { calcMethods, isMethodApplicable } from "../../ir/noder/methods.ts";
import { sha256 } from "../../ir/noder/sha256.ts";
import { isRegularMemory } from "../../ir/reflectdata/algtype.ts";
import { formalType, needEmit } from "../../ir/reflectdata/reflect.ts";
import { linkString, nameString } from "../../ir/typefmt.ts";
import {
  alignOf,
  isBlankSym,
  isDirectIface,
  isExported,
  notInHeap,
  ptrDataSize,
  receiverBaseType,
  sizeOf,
} from "../../ir/typeops.ts";
import { Field, type Pkg, type Sym, TKind, type Type } from "../../ir/types.ts";
import { ChanDir } from "../../syntax/ast.ts";
import type { PkgState } from "../build/state.ts";
import { pointerWords } from "../layout.ts";
import { DataKind, DataRelocKind } from "../object.ts";
import { eqClosure, hashClosure } from "./closures.ts";
import { funcStubs } from "./funcstub.ts";
import {
  type HiddenType,
  hashMightPanic,
  MapFlag,
  mapGroupType,
  mapMaxElemBytes,
  mapMaxKeyBytes,
  needKeyUpdate,
  slotType,
} from "./maptype.ts";
import { importPathSym, methodNameSym, nameSym } from "./names.ts";
import { DataWriter } from "./writer.ts";

/** Size of abi.Type, which all descriptors begin with. */
const commonSize = 48;
const uncommonSize = 16;
const methodSize = 16;
const imethodSize = 8;
const structFieldSize = 24;
/** Longer pointer masks are made at run time (abi.MaxPtrmaskBytes). */
const maxPtrmaskBytes = 2048;

/** abi.TFlag */
const enum TFlag {
  Uncommon = 1 << 0,
  ExtraStar = 1 << 1,
  Named = 1 << 2,
  RegularMemory = 1 << 3,
  GCMaskOnDemand = 1 << 4,
  DirectIface = 1 << 5,
}

/** abi.Kind by TKind. */
const abiKinds: readonly number[] = [
  3, 8, 4, 9, 5, 10, 6, 11, 2, 7, 12, 15, 16, 13, 14, 1, 22, 19, 23, 17, 25, 18, 21, 20, 24, 26,
];

/** The symbol of the descriptor of `t`. */
export function typeSym(p: PkgState, t: Type): string {
  const known = p.typeSyms.get(t);
  if (known !== undefined) return known;
  const formal = formalType(p.universe, t);
  const hidden = p.mapTypes.hidden.get(formal);
  const sym = hidden === undefined ? `type:${linkString(formal)}` : `type:noalg.${hidden.link}`;
  p.typeSyms.set(t, sym);
  const { elem } = formal;
  const base = formal.kind === TKind.PTR && formal.sym === null && elem!.sym !== null ? elem! : formal;
  if (needEmit(p.universe, p.n.localPkg, base) && p.claimData(sym)) p.pendingTypes.push(formal);
  return sym;
}

/** Lays out the descriptors that have been asked for, and those that they need. */
export function writeRuntimeTypes(p: PkgState): void {
  for (;;) {
    const t = p.pendingTypes.pop();
    if (t === undefined) return;
    writeType(p, t, typeSym(p, t));
  }
}

/** Asks for the descriptors that other packages rely on: those of all defined types of the package and, in package
 *  runtime, those of predeclared types. */
export function exportedTypes(p: PkgState, wanted: (name: string) => boolean): void {
  for (const def of p.n.localPkg.definedTypes()) {
    if (def.sym === null || isBlankSym(def.sym) || def.hasShape) continue;
    if (!wanted(def.sym.name)) continue;
    typeSym(p, def);
    typeSym(p, newPtr(def));
  }
  if (p.n.localPkg.path === "runtime") basicTypes(p);
}

function basicTypes(p: PkgState): void {
  const { types, errorType, emptyInterface } = p.universe;
  const list: Type[] = [];
  for (let kind = 0; kind <= TKind.BOOL; kind++) list.push(types[kind]);
  list.push(types[TKind.STRING], types[TKind.UNSAFEPTR], emptyInterface, errorType);
  for (const t of list) {
    typeSym(p, newPtr(t));
    typeSym(p, newPtr(newSlice(t)));
  }
  const params = [new Field(0, null, errorType)];
  typeSym(p, newPtr(newSignature(null, params, [new Field(0, null, types[TKind.STRING])])));
}

/** The hash in the descriptor of `t` (types.TypeHash). */
export function typeHash(t: Type): number {
  return hashOfLink(linkString(t));
}

function hashOfLink(link: string): number {
  const sum = sha256(new TextEncoder().encode(link));
  return (((sum[0] ^ 0xff) | (sum[1] << 8) | (sum[2] << 16)) + sum[3] * 0x1000000) >>> 0;
}

// ---------------------------------------------------------------------------------------------------- methods

/** A method of a type, as its descriptor lists it. */
export interface TypeMethod {
  readonly field: Field;
  /** Link name of the function for calls through interfaces: its receiver is a data word. */
  readonly ifn: string;
  /** Link name of the function whose receiver is a value of the type. */
  readonly tfn: string;
}

/** The methods of non-interface type `t`, sorted by name. */
export function methodsOf(p: PkgState, t: Type): readonly TypeMethod[] {
  if (t.hasShape || t.kind === TKind.INTER) return noMethods;
  const base = receiverBaseType(t);
  if (base === null) return noMethods;
  const all = calcMethods(base);
  if (all.length === 0) return noMethods;
  const methods: TypeMethod[] = [];
  const word = isDirectIface(t, p.target) ? t : newPtr(t);
  for (const field of all) {
    if (!isMethodApplicable(t, field)) continue;
    const tfn = methodName(p, t, field.sym!);
    methods.push({ field, ifn: word === t ? tfn : methodName(p, word, field.sym!), tfn });
  }
  return methods;
}

const noMethods: readonly TypeMethod[] = [];

/** Link name of method `sym` with receiver `recv`. */
export function methodName(p: PkgState, recv: Type, sym: Sym): string {
  return p.symName(methodSym(recv, sym, p.universe.goPkg));
}

/** What the linker matches methods by: name and signature. */
export function methodKey(sym: Sym, sig: Type): string {
  return methodKeyName(sym) + linkString(newMethodType(sig, null, 0)).slice("func".length);
}

/** The name in a method's key: names that are not exported are those of a package. */
function methodKeyName(sym: Sym): string {
  return isExported(sym.name) || sym.pkg === null ? sym.name : `${sym.pkg.path}.${sym.name}`;
}

// ---------------------------------------------------------------------------------------------------- layout

function writeType(p: PkgState, t: Type, sym: string): void {
  const hidden = p.mapTypes.hidden.get(t);
  const methods = methodsOf(p, t);
  const extra = t.sym !== null || methods.length > 0;
  const fixed = commonSize + fixedSize(t.kind);
  const tail = extra ? fixed + uncommonSize : fixed;
  const w = new DataWriter(128);
  writeCommon(p, w, t, extra, hidden);
  const end = writeRest(p, w, t, tail);
  if (extra) writeUncommon(p, w, t, methods, fixed, end);
  const base = t.kind === TKind.PTR && t.sym === null ? t.elem! : t;
  const dupok = base.sym === null || base.isFullyInstantiated || base.hasShape;
  p.addData(w.finish(sym, { dupok }));
}

/** Bytes between the common part and what is of variable length. */
function fixedSize(kind: TKind): number {
  switch (kind) {
    case TKind.ARRAY:
      return 24;
    case TKind.SLICE:
    case TKind.PTR:
    case TKind.FUNC:
      return 8;
    case TKind.CHAN:
      return 16;
    case TKind.INTER:
    case TKind.STRUCT:
      return 32;
    case TKind.MAP:
      return 64;
    default:
      return 0;
  }
}

function writeCommon(p: PkgState, w: DataWriter, t: Type, extra: boolean, hidden: HiddenType | undefined): void {
  const { target } = p;
  const size = sizeOf(t, target);
  const pointerBytes = ptrDataSize(t, target);
  let flags = 0;
  if (extra) flags |= TFlag.Uncommon;
  if (t.sym !== null && t.sym.name !== "") flags |= TFlag.Named;
  if (hidden === undefined && isRegularMemory(t, target)) flags |= TFlag.RegularMemory;
  if (isDirectIface(t, target)) flags |= TFlag.DirectIface;
  const onDemand = pointerBytes / 8 > maxPtrmaskBytes * 8;
  if (onDemand) flags |= TFlag.GCMaskOnDemand;
  let text = hidden === undefined ? nameString(t) : hidden.name;
  let exported = false;
  if (text.startsWith("*")) {
    const named = t.elem?.sym ?? null;
    exported = named !== null && isExported(named.name);
  } else {
    // `T` is the end of `*T`, which most programs have as well.
    text = `*${text}`;
    flags |= TFlag.ExtraStar;
    exported = t.sym !== null && isExported(t.sym.name);
  }
  w.u64(0, size);
  w.u64(8, pointerBytes);
  w.u32(16, hidden === undefined ? typeHash(t) : hashOfLink(hidden.link));
  w.u8(20, flags);
  const align = alignOf(t, target);
  w.u8(21, align);
  w.u8(22, align);
  w.u8(23, abiKinds[t.kind]);
  w.addr(24, hidden === undefined ? eqClosure(p, t) : null);
  w.addr(32, onDemand ? gcMaskOnDemandSym(p, t) : gcMaskSym(p, t, pointerBytes));
  w.off32(40, nameSym(p, text, "", null, exported, false));
  if (hidden === undefined && (t.kind !== TKind.PTR || t.ptrTo !== null)) {
    const ptr = newPtr(t);
    const weak = t.sym === null && methodsOf(p, ptr).length === 0;
    w.off32(44, typeSym(p, ptr), weak ? DataRelocKind.WeakOff32 : DataRelocKind.Off32);
  } else {
    w.u32(44, 0);
  }
}

/** A bit for each word up to the last pointer. */
export function gcMaskSym(p: PkgState, t: Type, pointerBytes: number): string {
  const bytes = new Uint8Array(Math.ceil(pointerBytes / 512) * 8);
  if (pointerBytes > 0) for (const word of gcWords(p, t)) bytes[word >> 3] |= 1 << (word & 7);
  let name = "runtime.gcbits.";
  for (const b of bytes) name += b.toString(16).padStart(2, "0");
  if (p.claimData(name)) {
    const w = new DataWriter(bytes.length);
    w.put(0, bytes);
    p.addData(w.finish(name, { align: 1 }));
  }
  return name;
}

/** Offsets of pointers in words; interfaces count with both words, types outside the heap not at all. */
export function gcWords(p: PkgState, t: Type, base = 0, out: number[] = []): number[] {
  switch (t.kind) {
    case TKind.INTER:
      out.push(base + 1);
      break;
    case TKind.PTR:
    case TKind.SLICE:
      if (!notInHeap(t.elem!)) out.push(base);
      break;
    case TKind.ARRAY: {
      if (ptrDataSize(t, p.target) === 0) break;
      const step = sizeOf(t.elem!, p.target) / 8;
      for (let i = 0; i < t.len; i++) gcWords(p, t.elem!, base + i * step, out);
      break;
    }
    case TKind.STRUCT:
      if (ptrDataSize(t, p.target) === 0) break;
      for (const f of t.fields) if (ptrDataSize(f.type, p.target) > 0) gcWords(p, f.type, base + f.offset / 8, out);
      break;
    default:
      for (const word of pointerWords(t, p.target)) out.push(base + word);
  }
  return out;
}

/** A pointer to a mask that the runtime makes when it needs one. */
function gcMaskOnDemandSym(p: PkgState, t: Type): string {
  const name = `type:.gcmask.${linkString(t)}`;
  if (p.claimData(name)) p.addData(new DataWriter(0).finish(name, { kind: DataKind.Zero, size: 8 }));
  return name;
}

/** What descriptors of this kind have besides; `at` is where parts of variable length go. Returns their end. */
function writeRest(p: PkgState, w: DataWriter, t: Type, at: number): number {
  const c = commonSize;
  switch (t.kind) {
    case TKind.ARRAY:
      w.addr(c, typeSym(p, t.elem!));
      w.addr(c + 8, typeSym(p, newSlice(t.elem!)));
      w.u64(c + 16, t.len);
      return at;
    case TKind.SLICE:
    case TKind.PTR:
      w.addr(c, typeSym(p, t.elem!));
      return at;
    case TKind.CHAN:
      w.addr(c, typeSym(p, t.elem!));
      w.u64(c + 8, t.dir === ChanDir.RecvOnly ? 1 : t.dir === ChanDir.SendOnly ? 2 : 3);
      return at;
    case TKind.FUNC: {
      const params = recvParams(t);
      w.u16(c, params.length);
      w.u16(c + 2, t.results.length | (t.variadic ? 0x8000 : 0));
      w.u32(c + 4, 0);
      w.off32(c + 4, funcStubs(p, t), DataRelocKind.WeakOff32);
      for (const list of [params, t.results]) {
        for (const f of list) {
          w.addr(at, typeSym(p, f.type));
          at += 8;
        }
      }
      return at;
    }
    case TKind.INTER:
      return writeInterface(p, w, t, at);
    case TKind.MAP:
      writeMap(p, w, t);
      return at;
    case TKind.STRUCT:
      return writeStruct(p, w, t, at);
    default:
      return at;
  }
}

/** Position of the slice header in the fixed part of struct and interface descriptors, whose elements are at `at`. */
function writeSlice(w: DataWriter, sym: string, at: number, length: number): void {
  w.addr(commonSize + 8, sym, at);
  w.u64(commonSize + 16, length);
  w.u64(commonSize + 24, length);
}

function writeInterface(p: PkgState, w: DataWriter, t: Type, at: number): number {
  const pkg = t.sym === null || t === p.universe.errorType ? null : t.sym.pkg;
  w.addr(commonSize, pkg === null ? null : importPathSym(p, pkg));
  writeSlice(w, typeSym(p, t), at, t.fields.length);
  for (const m of t.fields) {
    w.off32(at, methodNameSym(p, m.sym!.name, m.sym!.pkg, pkg));
    w.off32(at + 4, typeSym(p, newMethodType(m.type, null, 0)));
    at += imethodSize;
  }
  return at;
}

/** Offset of method `i` in the descriptor of interface type `t`: what calls of it are noted by. */
export function interfaceMethodOffset(t: Type, i: number): number {
  return commonSize + 32 + (t.sym === null ? 0 : uncommonSize) + i * imethodSize;
}

function writeStruct(p: PkgState, w: DataWriter, t: Type, at: number): number {
  sizeOf(t, p.target); // lays out the fields
  const { fields } = t;
  let pkg: Pkg | null = null;
  for (const f of fields) {
    if (isExported(f.sym!.name)) continue;
    pkg = f.sym!.pkg;
    break;
  }
  w.addr(commonSize, pkg === null ? null : importPathSym(p, pkg));
  writeSlice(w, typeSym(p, t), at, fields.length);
  for (const f of fields) {
    const name = f.sym!.name;
    w.addr(at, nameSym(p, name, f.note, null, isExported(name), f.embedded));
    w.addr(at + 8, typeSym(p, f.type));
    w.u64(at + 16, f.offset);
    at += structFieldSize;
  }
  return at;
}

function writeMap(p: PkgState, w: DataWriter, t: Type): void {
  const { target } = p;
  const group = mapGroupType(p, t);
  const slot = slotType(group);
  const key = t.key!;
  const elem = t.elem!;
  const c = commonSize;
  w.addr(c, typeSym(p, key));
  w.addr(c + 8, typeSym(p, elem));
  w.addr(c + 16, typeSym(p, group));
  w.addr(c + 24, hashClosure(p, key));
  w.u64(c + 32, sizeOf(group, target));
  w.u64(c + 40, sizeOf(slot, target));
  w.u64(c + 48, slot.fields[1].offset);
  let flags = 0;
  if (needKeyUpdate(key)) flags |= MapFlag.NeedKeyUpdate;
  if (hashMightPanic(key)) flags |= MapFlag.HashMightPanic;
  if (sizeOf(key, target) > mapMaxKeyBytes) flags |= MapFlag.IndirectKey;
  if (sizeOf(elem, target) > mapMaxElemBytes) flags |= MapFlag.IndirectElem;
  w.u64(c + 56, flags);
  // Package reflect must find the plain map type instead of making one, whose hash function would be another.
  if (t.underlying !== t) w.keep(typeSym(p, t.underlying));
}

/** abi.UncommonType at `at`, and the methods at `array`. */
function writeUncommon(
  p: PkgState,
  w: DataWriter,
  t: Type,
  methods: readonly TypeMethod[],
  at: number,
  array: number,
): void {
  const pkg = typePkg(t);
  if (pkg === null) w.u32(at, 0);
  else w.off32(at, importPathSym(p, pkg));
  let exported = 0;
  while (exported < methods.length && isExported(methods[exported].field.sym!.name)) exported++;
  w.u16(at + 4, methods.length);
  w.u16(at + 6, exported);
  w.u32(at + 8, array - at);
  w.u32(at + 12, 0);
  for (let i = 0; i < methods.length; i++) {
    const { field, ifn, tfn } = methods[i];
    const sym = field.sym!;
    const to = array + i * methodSize;
    const key = methodKey(sym, field.type);
    w.off32(to, methodNameSym(p, sym.name, sym.pkg, pkg));
    w.off32(to + 4, typeSym(p, newMethodType(field.type, null, 0)));
    w.methodOff32(to + 8, ifn, key);
    w.methodOff32(to + 12, tfn, key);
  }
}

/** The package that a type, or what it is an array, slice, pointer or channel of, is defined in. */
function typePkg(t: Type): Pkg | null {
  let { sym } = t;
  if (sym === null) {
    switch (t.kind) {
      case TKind.ARRAY:
      case TKind.SLICE:
      case TKind.PTR:
      case TKind.CHAN:
        sym = t.elem!.sym;
    }
  }
  return sym === null ? null : sym.pkg;
}
