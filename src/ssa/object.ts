/** Data that compiled code refers to: string bytes, type descriptors, itabs, static closures, variables. */

/** Names of counters of what stays on the stack (build/saved.ts) begin with this; file, line, function and what it is
 *  follow, with zero bytes between them. */
export const SavedPrefix = "goesc.saved\0";

/** A line of a source file in a function, which may have been inlined. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  /** Link name of the function. */
  readonly func: string;
}

/** A word of the data that the linker fills in. */
export interface DataReloc {
  /** Where in the data, in bytes. */
  readonly offset: number;
  readonly kind: DataRelocKind;
  readonly sym: string;
  readonly add: number;
  /** Function that stands for `sym` if nobody defines that, or if it has another signature than this one. */
  readonly orElse?: string;
}

export const enum DataRelocKind {
  /** 8 bytes: address of a data symbol. */
  Addr,
  /** 4 bytes: address of a data symbol (nameOff, typeOff). */
  Off32,
  /** 8 bytes: code address (function table index) of a function. */
  Func,
  /** 4 bytes: the same (textOff). */
  FuncOff32,
  /** 4 bytes: address of a data symbol if something else keeps it, else 0. */
  WeakOff32,
  /** 4 bytes: code address of a method if the method can be called by reflection or an interface, else -1. The linker
   *  keeps methods of types that become interface values; see `method`. */
  MethodOff32,
  /** No word: the data symbol is kept if this one is. */
  Keep,
}

export const enum DataKind {
  /** Never written; equal ones may be shared. */
  ReadOnly,
  /** Variables with contents. */
  Data,
  /** Variables that start as zero; `bytes` is empty. */
  Zero,
}

export interface DataSymbol {
  readonly name: string;
  readonly kind: DataKind;
  readonly size: number;
  readonly align: number;
  /** Contents from the start; what is beyond is zero. */
  readonly bytes: Uint8Array;
  readonly relocs: readonly DataReloc[];
  /** Of Data and Zero: offsets of words (8 bytes each) that the collector scans, in units of 8 bytes. */
  readonly pointers: readonly number[];
  readonly dupok: boolean;
  /** Of methods in types and itabs: which method the word is, `Name(signature link string)`, by reloc index, "" for
   *  other words; the linker drops methods that no interface and no reflection can reach. Empty for other data. */
  readonly methods?: readonly string[];
}
