/** Contents of a data symbol under construction: little-endian bytes, and words that the linker fills in. */
import { DataKind, type DataReloc, DataRelocKind, type DataSymbol } from "../object.ts";

export class DataWriter {
  readonly relocs: DataReloc[] = [];
  /** Which methods the MethodOff32 words stand for (DataSymbol.methods). */
  private methods: string[] | null = null;
  private bytes: Uint8Array;
  private view: DataView;
  /** End of what has been written. */
  private length = 0;

  /** `size` is a guess that spares copying. */
  constructor(size = 64) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  private reserve(end: number): void {
    if (end > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(end, 2 * this.bytes.length));
      bytes.set(this.bytes);
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer);
    }
    if (end > this.length) this.length = end;
  }

  u8(at: number, value: number): void {
    this.reserve(at + 1);
    this.bytes[at] = value;
  }

  u16(at: number, value: number): void {
    this.reserve(at + 2);
    this.view.setUint16(at, value, true);
  }

  u32(at: number, value: number): void {
    this.reserve(at + 4);
    this.view.setUint32(at, value, true);
  }

  u64(at: number, value: number | bigint): void {
    this.reserve(at + 8);
    this.view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
  }

  f32(at: number, value: number): void {
    this.reserve(at + 4);
    this.view.setFloat32(at, value, true);
  }

  f64(at: number, value: number): void {
    this.reserve(at + 8);
    this.view.setFloat64(at, value, true);
  }

  put(at: number, bytes: Uint8Array): void {
    this.reserve(at + bytes.length);
    this.bytes.set(bytes, at);
  }

  /** Address of data symbol `sym`; null is nil. */
  addr(at: number, sym: string | null, add = 0): void {
    this.reserve(at + 8);
    if (sym !== null) this.relocs.push({ offset: at, kind: DataRelocKind.Addr, sym, add });
  }

  /** Data symbol `sym` is in every program that this one is in. */
  keep(sym: string): void {
    this.relocs.push({ offset: 0, kind: DataRelocKind.Keep, sym, add: 0 });
  }

  /** Code address of function `sym`. */
  func(at: number, sym: string, orElse?: string): void {
    this.reserve(at + 8);
    const reloc = { offset: at, kind: DataRelocKind.Func, sym, add: 0 };
    this.relocs.push(orElse === undefined ? reloc : { ...reloc, orElse });
  }

  /** Address of data symbol `sym` in 4 bytes. */
  off32(at: number, sym: string, kind = DataRelocKind.Off32): void {
    this.reserve(at + 4);
    this.relocs.push({ offset: at, kind, sym, add: 0 });
  }

  /** Code address of the function behind method `method` of a type, in 4 bytes. */
  methodOff32(at: number, sym: string, method: string): void {
    this.method(method);
    this.off32(at, sym, DataRelocKind.MethodOff32);
  }

  /** The same in 8 bytes, of an itab. */
  methodFunc(at: number, sym: string, method: string): void {
    this.method(method);
    this.func(at, sym);
  }

  private method(method: string): void {
    this.methods ??= [];
    this.methods[this.relocs.length] = method;
  }

  /** The symbol; `size` if there is more than has been written. */
  finish(name: string, options: SymbolOptions): DataSymbol {
    const { kind = DataKind.ReadOnly, size = this.length, align = 8, dupok = true, pointers = noPointers } = options;
    const symbol = { name, kind, size, align, bytes: this.bytes.slice(0, this.length), relocs: this.relocs };
    if (this.methods === null) return { ...symbol, pointers, dupok };
    const methods = this.relocs.map((_, i) => this.methods![i] ?? "");
    return { ...symbol, pointers, dupok, methods };
  }
}

const noPointers: readonly number[] = [];

export interface SymbolOptions {
  readonly kind?: DataKind;
  readonly size?: number;
  readonly align?: number;
  readonly dupok?: boolean;
  readonly pointers?: readonly number[];
}

/** The bytes of a string with one char code a byte. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
