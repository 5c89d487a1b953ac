/** How Go values are made of machine values: which types live in locals, and as what (ssagen.TypeOK and decompose). */
import { InternalError } from "../base/diag.ts";
import { recvParams } from "../ir/func.ts";
import type { Target } from "../ir/target.ts";
import { alignOf, calcSize, isPtrShaped, sizeOf } from "../ir/typeops.ts";
import { TKind, type Type } from "../ir/types.ts";
import { Mem, type Sig, VT } from "./value.ts";

/** One machine value of a Go value. */
export interface Component {
  readonly vt: VT;
  /** How it is read from and written to memory. */
  readonly mem: Mem;
  /** Bytes from the start of the value. */
  readonly offset: number;
  readonly pointer: boolean;
}

/** In {@link FrameLayout}: what is passed is the address. */
export const ByAddress = 9;

export interface FrameLayout {
  readonly slots: number[];
  /** Bytes. */
  readonly size: number;
  /** Offsets of pointers, in words. */
  readonly pointers: number[];
}

/** Layout of types, computed once for each. */
export class Layout {
  private readonly cache = new Map<Type, readonly Component[] | null>();
  constructor(readonly target: Target) {}

  size(t: Type): number {
    return sizeOf(t, this.target);
  }

  /** The machine values that a value of type `t` is made of; null if it only lives in memory. Types of size 0 have
   *  none. */
  components(t: Type): readonly Component[] | null {
    let known = this.cache.get(t);
    if (known === undefined) {
      const out: Component[] = [];
      known = this.canSSA(t) && this.collect(t, 0, out) ? out : null;
      this.cache.set(t, known);
    }
    return known;
  }

  inRegisters(t: Type): boolean {
    return this.components(t) !== null;
  }

  /** The lowered signature of a Go function type. Parameters that only live in memory are passed as the address of
   *  the caller's copy, which the callee may change; results that only live in memory as addresses, before the
   *  parameters, of where to put them. */
  signature(t: Type): { sig: Sig; pointers: boolean[] } {
    const params: VT[] = [];
    const pointers: boolean[] = [];
    const results: VT[] = [];
    for (const { type } of t.results) {
      const parts = this.components(type);
      if (parts === null) {
        params.push(VT.I32);
        pointers.push(true);
      } else for (const part of parts) results.push(part.vt);
    }
    for (const { type } of recvParams(t)) {
      const parts = this.components(type);
      if (parts === null) {
        params.push(VT.I32);
        pointers.push(true);
      } else {
        for (const part of parts) {
          params.push(part.vt);
          pointers.push(part.pointer);
        }
      }
    }
    return { sig: { params, results }, pointers };
  }

  /** How package reflect lays out a call of a function of type `t` in memory: receiver and parameters, then, from a
   *  multiple of 8 on, the results. `slots` has first the number of wasm parameters, then for each of them and for each
   *  wasm result its place there: the offset, with the memory access ({@link Mem}) in the upper byte, or `ByAddress` if
   *  the address is passed. */
  frameLayout(t: Type): FrameLayout {
    const pointers: number[] = [];
    let size = 0;
    const place = (type: Type): number => {
      const align = alignOf(type, this.target);
      const offset = Math.ceil(size / align) * align;
      size = offset + this.size(type);
      pointerWords(type, this.target, offset, pointers);
      return offset;
    };
    const parts = (type: Type, offset: number): number[] =>
      (this.components(type) ?? []).map((part) => ((part.mem << 24) | (offset + part.offset)) >>> 0);
    const params: number[] = [];
    for (const { type } of recvParams(t)) {
      const offset = place(type);
      if (this.inRegisters(type)) params.push(...parts(type, offset));
      else params.push(((ByAddress << 24) | offset) >>> 0);
    }
    size = (size + 7) & -8;
    const memoryResults: number[] = [];
    const results: number[] = [];
    for (const { type } of t.results) {
      const offset = place(type);
      if (this.inRegisters(type)) results.push(...parts(type, offset));
      else memoryResults.push(((ByAddress << 24) | offset) >>> 0);
    }
    const count = memoryResults.length + params.length;
    return { slots: [count, ...memoryResults, ...params, ...results], size: (size + 7) & -8, pointers };
  }

  /** Mirrors ssa.CanSSA: at most four words, structs of at most four fields, arrays of at most one element. */
  private canSSA(t: Type): boolean {
    calcSize(t, this.target);
    if (this.size(t) > 32) return false;
    if (t.kind === TKind.ARRAY) return t.len === 0 || (t.len === 1 && this.canSSA(t.elem!));
    if (t.kind === TKind.STRUCT) return t.fields.length <= 4 && t.fields.every((f) => this.canSSA(f.type));
    return true;
  }

  private collect(t: Type, offset: number, out: Component[]): boolean {
    const add = (vt: VT, mem: Mem, at = offset, pointer = false): void => {
      out.push({ vt, mem, offset: at, pointer });
    };
    if (isPtrShaped(t)) {
      add(VT.I32, Mem.Ptr, offset, true);
      return true;
    }
    switch (t.kind) {
      case TKind.BOOL:
      case TKind.UINT8:
        add(VT.I32, Mem.I8U);
        return true;
      case TKind.INT8:
        add(VT.I32, Mem.I8S);
        return true;
      case TKind.INT16:
        add(VT.I32, Mem.I16S);
        return true;
      case TKind.UINT16:
        add(VT.I32, Mem.I16U);
        return true;
      case TKind.INT32:
      case TKind.UINT32:
        add(VT.I32, Mem.I32);
        return true;
      case TKind.INT64:
      case TKind.UINT64:
      case TKind.INT:
      case TKind.UINT:
      case TKind.UINTPTR:
        add(VT.I64, Mem.I64);
        return true;
      case TKind.FLOAT32:
        add(VT.F32, Mem.F32);
        return true;
      case TKind.FLOAT64:
        add(VT.F64, Mem.F64);
        return true;
      case TKind.COMPLEX64:
        add(VT.F32, Mem.F32);
        add(VT.F32, Mem.F32, offset + 4);
        return true;
      case TKind.COMPLEX128:
        add(VT.F64, Mem.F64);
        add(VT.F64, Mem.F64, offset + 8);
        return true;
      case TKind.STRING:
        add(VT.I32, Mem.Ptr, offset, true);
        add(VT.I64, Mem.I64, offset + 8);
        return true;
      case TKind.SLICE:
        add(VT.I32, Mem.Ptr, offset, true);
        add(VT.I64, Mem.I64, offset + 8);
        add(VT.I64, Mem.I64, offset + 16);
        return true;
      case TKind.INTER:
        // Itabs and type descriptors are never collected (types.TypePtrmask says the same).
        add(VT.I32, Mem.Ptr, offset);
        add(VT.I32, Mem.Ptr, offset + 8, true);
        return true;
      case TKind.ARRAY:
        return t.len === 0 || this.collect(t.elem!, offset, out);
      case TKind.STRUCT:
        return t.fields.every((f) => this.collect(f.type, offset + f.offset, out));
      case TKind.TUPLE:
        return false;
      default:
        throw new InternalError(`type of kind ${t.kind} has no layout`);
    }
  }
}

/** Offsets, in words, of the pointers in a value of type `t` whose size is known. */
export function pointerWords(t: Type, target: Target, base = 0, out: number[] = []): number[] {
  calcSize(t, target);
  const word = base / 8;
  if (isPtrShaped(t)) {
    out.push(word);
    return out;
  }
  switch (t.kind) {
    case TKind.STRING:
    case TKind.SLICE:
      out.push(word);
      break;
    case TKind.INTER:
      out.push(word + 1);
      break;
    case TKind.ARRAY: {
      const first = pointerWords(t.elem!, target);
      if (first.length === 0) break;
      const step = sizeOf(t.elem!, target) / 8;
      for (let i = 0; i < t.len; i++) for (const w of first) out.push(word + i * step + w);
      break;
    }
    case TKind.STRUCT:
      for (const f of t.fields) pointerWords(f.type, target, base + f.offset, out);
      break;
  }
  return out;
}
