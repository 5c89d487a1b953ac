/** What compiling a package leaves: functions as WebAssembly code with holes, data, and what the linker has to know to
 *  number, place and describe them. Plain data, so that it can be cached and sent between workers. */
import type { DataSymbol, SourcePlace } from "../ssa/object.ts";
import type { Sig } from "../ssa/value.ts";

/** What stands in a hole of the code; the holes have no bytes of their own. */
export const enum RelocKind {
  /** uleb: index of function `sym`, which is called with signature number `add`. */
  Func,
  /** sleb: code address of function `sym` plus `add`. */
  Code,
  /** sleb: pc number `add` of the function itself. */
  PC,
  /** sleb: address of data symbol `sym` plus `add`. */
  Data,
  /** uleb: index of the type of signature `sym` (a number in `sigs`). */
  Type,
  /** uleb: index of the morestack thunk of signature `sym`. */
  MoreStack,
  /** Nothing: the branch instruction here is rarely (`sym` 0) or nearly always (1) taken. */
  Branch,
}

/** Relocations are rows of four numbers: offset in the code, kind, symbol (in `symbols`, or signature), addend. */
export const RelocWords = 4;

/** What a call of a function may entail: bits. */
export const enum Effect {
  /** The frames of callers are looked at: it may panic, or calls what does. */
  Walks = 1 << 0,
  /** The collector may run. */
  Collects = 1 << 1,
  /** The goroutine may be suspended, or its stack may grow. */
  Parks = 1 << 2,
  /** It may take long: there are loops, in it or in what it calls. */
  Loops = 1 << 3,
}

export interface FuncObject {
  readonly name: string;
  /** In `sigs`. */
  readonly sig: number;
  /** FnFlag. */
  readonly flags: number;
  /** Effect bits. */
  readonly effects: number;
  /** Bytes of its frames and those of plain functions it calls, at most. */
  readonly depth: number;
  readonly code: Uint8Array;
  readonly relocs: Int32Array;
  /** Bytes. */
  readonly frameSize: number;
  /** Which wasm parameters are pointers. */
  readonly paramPointers: readonly boolean[];
  /** How package reflect lays out its calls (Layout.frameLayout, slots). */
  readonly frameLayout: readonly number[];
  /** What tracebacks show of the arguments (ssa/traceargs.ts). */
  readonly traceArgs: readonly number[];
  /** Where parameters (wasm) are in the frame, 0 for nowhere. */
  readonly paramPlaces: Int32Array;
  /** For each pc, which of them are there, as bits; empty for none anywhere. */
  readonly pcArgs: Int32Array;
  /** Methods that it calls through interfaces or looks up by reflection (methods.ts). */
  readonly usedMethods: readonly string[];
  /** Offsets of pointer words (8 bytes) in the frame's slots, in bytes. */
  readonly slotPointers: Int32Array;
  /** Slots that pointers may point to: offset, size, place of its pointers in `slotPointers`, their number. */
  readonly objects: Int32Array;
  /** Place of each pc, in `places`: pcs are numbered from 1; number 0 is where the function begins. */
  readonly pcPos: Int32Array;
  /** For each pc, the index in `maps` of what is live. */
  readonly pcMaps: Int32Array;
  /** Sets of offsets (bytes) of pointers, spilled ones (4 bytes each) and words of slots. */
  readonly maps: readonly (readonly number[])[];
  /** pcs up to this one are resume points. */
  readonly resumePoints: number;
  /** pc of the deferExit block, 0 without. */
  readonly deferExit: number;
}

export interface PackageObject {
  readonly path: string;
  /** What positions stand for, innermost function first. */
  readonly places: readonly (readonly SourcePlace[])[];
  /** The data symbol of its initialisation task. */
  readonly initTask: string | null;
  readonly funcs: readonly FuncObject[];
  readonly data: readonly DataSymbol[];
  /** Names of functions of the package that were not compiled: no program came to them so far (demand.ts). */
  readonly left?: readonly string[];
  readonly sigs: readonly Sig[];
  /** Names that relocations refer to. */
  readonly symbols: readonly string[];
}
