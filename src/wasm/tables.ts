/** The tables by which the runtime finds its way in frames: which function a pc belongs to, how large its frame is, where
 *  pointers are, what to print in tracebacks. docs/execution.md, "Tables", has the layout of the records. */

import type { SourcePlace } from "../ssa/object.ts";
import { Bytes, utf8 } from "./bytes.ts";
import type { FuncObject } from "./object.ts";
import { FirstEntry } from "./program.ts";

/** Bytes of a function record. */
export const FuncRecordSize = 80;

export interface TableFunc {
  readonly func: FuncObject;
  /** Code address. */
  readonly entry: number;
  /** Number of its thunks. */
  readonly sig: number;
  readonly places: readonly (readonly SourcePlace[])[];
}

export interface Tables {
  readonly bytes: Uint8Array;
  /** Addresses. */
  readonly records: number;
  /** Of the word for code address 0, though the first is {@link FirstEntry}. */
  readonly byPC: number;
}

/** Lays the tables out for address `base`. */
export function makeTables(funcs: readonly TableFunc[], codeEnd: number, base: number): Tables {
  return new TableWriter(base).write(funcs, codeEnd);
}

/** Where a text lies. */
interface Text {
  readonly at: number;
  readonly length: number;
}

const noText: Text = { at: 0, length: 0 };

class TableWriter {
  private readonly out = new Bytes(1 << 16);
  private readonly texts = new Map<string, Text>();
  private readonly lists = new Map<string, number>();
  private readonly places = new Map<string, number>();
  constructor(private readonly base: number) {}

  write(funcs: readonly TableFunc[], codeEnd: number): Tables {
    const { out } = this;
    // The tables of fixed size first; strings, lists and places behind them.
    const byPC = this.base - FirstEntry * 4;
    const records = byPC + codeEnd * 4;
    const pcTables: number[] = [];
    let at = records + funcs.length * FuncRecordSize;
    for (const { func } of funcs) {
      pcTables.push(at);
      at += func.pcPos.length * 8;
    }
    const fixed = at - this.base;
    out.reserve(fixed);
    out.buf.fill(0, 0, fixed);
    out.length = fixed;
    const rows: number[][] = [];
    const pcRows: number[][] = [];
    for (let i = 0; i < funcs.length; i++) {
      const { func, entry, sig, places } = funcs[i];
      const name = this.text(func.name);
      const [own = null] = places[func.pcPos[0]];
      const file = own === null ? noText : this.text(own.file);
      rows.push([
        entry,
        func.pcPos.length,
        name.at,
        name.length,
        file.at,
        file.length,
        own === null ? 0 : own.line,
        func.frameSize,
        func.flags,
        func.effects,
        sig,
        func.deferExit === 0 ? 0 : entry + func.deferExit,
        this.list(func.paramPointers.flatMap((p, k) => (p ? [k] : []))),
        this.slots(func),
        pcTables[i],
        this.list(func.frameLayout),
        this.list(func.traceArgs),
        func.traceArgs.length === 0 ? 0 : this.list([...func.paramPlaces]),
        this.list([...func.pcArgs]),
      ]);
      const maps = func.maps.map((m) => this.list(m));
      const pcs: number[] = [];
      const known: number[] = []; // most positions have several pcs
      for (let k = 0; k < func.pcPos.length; k++) {
        const pos = func.pcPos[k];
        known[pos] ??= this.place(places[pos], 0);
        pcs.push(maps[func.pcMaps[k]], known[pos]);
      }
      pcRows.push(pcs);
    }
    const bytes = out.finish();
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < funcs.length; i++) {
      const record = records + i * FuncRecordSize;
      for (let k = 0; k < rows[i].length; k++) view.setUint32(record - this.base + k * 4, rows[i][k], true);
      for (let k = 0; k < pcRows[i].length; k++) view.setUint32(pcTables[i] - this.base + k * 4, pcRows[i][k], true);
      const { entry, func } = funcs[i];
      for (let k = 0; k <= func.pcPos.length; k++) view.setUint32(byPC + (entry + k) * 4 - this.base, record, true);
    }
    return { bytes, records, byPC };
  }

  private text(text: string): Text {
    let known = this.texts.get(text);
    if (known === undefined) {
      const bytes = utf8(text);
      known = { at: this.base + this.out.length, length: bytes.length };
      this.texts.set(text, known);
      this.out.bytes(bytes);
    }
    return known;
  }

  private align(): void {
    while ((this.out.length & 3) !== 0) this.out.u8(0);
  }

  /** Address of a count and so many numbers; 0 for none. */
  private list(numbers: readonly number[]): number {
    if (numbers.length === 0) return 0;
    const key = numbers.join(" ");
    let at = this.lists.get(key);
    if (at === undefined) {
      this.align();
      at = this.base + this.out.length;
      this.lists.set(key, at);
      this.out.u32(numbers.length);
      for (const n of numbers) this.out.u32(n);
    }
    return at;
  }

  /** Address of the offsets of pointers in slots, as a list, and right after it of the list of objects; 0 without slots. */
  private slots({ slotPointers, objects }: FuncObject): number {
    if (slotPointers.length === 0) return 0;
    const key = `${slotPointers.join(" ")}/${objects.join(" ")}`;
    let at = this.lists.get(key);
    if (at === undefined) {
      this.align();
      at = this.base + this.out.length;
      this.lists.set(key, at);
      for (const list of [slotPointers, objects]) {
        this.out.u32(list.length);
        for (const n of list) this.out.u32(n);
      }
    }
    return at;
  }

  /** Address of the record of place number `i` of a list of places, innermost first; 0 for none. */
  private place(places: readonly SourcePlace[], i: number): number {
    if (i >= places.length) return 0;
    const { line } = places[i];
    const outer = this.place(places, i + 1);
    const file = this.text(places[i].file);
    const func = this.text(places[i].func);
    const key = `${file.at} ${line} ${func.at} ${outer}`;
    let at = this.places.get(key);
    if (at === undefined) {
      const words = [file.at, file.length, line, func.at, func.length, outer];
      this.align();
      at = this.base + this.out.length;
      this.places.set(key, at);
      for (const w of words) this.out.u32(w);
    }
    return at;
  }
}
