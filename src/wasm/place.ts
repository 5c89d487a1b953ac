/** Where in memory the data of a program is, and what stands there when it starts: read-only data, the linker's tables,
 *  data, variables that start as zero. */
import { DataKind, type DataReloc, DataRelocKind, type DataSymbol } from "../ssa/object.ts";
import { Bytes } from "./bytes.ts";
import { sigKey } from "./compile.ts";
import { ArgumentArea, ResultArea } from "./memory.ts";
import { FirstAddress, type LinkedData, type LinkedProgram, LinkInfo } from "./program.ts";
import { makeTables } from "./tables.ts";
import { isThreadLocal } from "./threads.ts";

/** Data begins at a multiple of this, so that what is in it can be placed before its address is known. */
const SectionAlign = 64;

export class Placement {
  private tablesStart = 0;
  private dataStart = 0;
  private lists: Uint8Array = new Uint8Array(0);
  private fillLinkInfo: (view: DataView, at: number) => void = () => undefined;

  constructor(private readonly program: LinkedProgram) {}

  /** Read-only data, the linker's tables, data, variables that start as zero. */
  place(): void {
    let at = this.placeKind(DataKind.ReadOnly, FirstAddress);
    at = this.placeTables((at + 15) & -16);
    this.dataStart = (at + SectionAlign - 1) & -SectionAlign;
    at = this.placeKind(DataKind.Data, this.dataStart);
    at = this.placeKind(DataKind.Zero, (at + 15) & -16);
    this.program.dataEnd = (at + 15) & -16;
    // Variables of no size are all at one place, like what new gives for such types.
    const zero = this.program.dataByName.get("runtime.zerobase")?.address ?? 0;
    if (zero !== 0)
      for (const d of this.program.data) if (d.data.size === 0 && d.data.kind !== DataKind.ReadOnly) d.address = zero;
  }

  private placeKind(kind: DataKind, start: number): number {
    if (kind !== DataKind.Zero || !this.program.threads) return this.placeSome(start, (data) => data.kind === kind);
    this.program.threadStart = (start + SectionAlign - 1) & -SectionAlign;
    this.program.threadEnd = this.placeSome(this.program.threadStart, ({ name }) => isThreadLocal(name));
    return this.placeSome(this.program.threadEnd, (data) => data.kind === kind && !isThreadLocal(data.name));
  }

  private placeSome(start: number, isMeant: (data: DataSymbol) => boolean): number {
    let at = start;
    for (const d of this.program.data) {
      if (!isMeant(d.data)) continue;
      const align = Math.max(1, d.data.align);
      at = Math.ceil(at / align) * align;
      d.address = at;
      // What has no size has an address of its own all the same.
      at += Math.max(1, d.data.size);
    }
    return at;
  }

  private placeTables(start: number): number {
    const funcs = this.program.funcs.map(({ func, object, entry }) => {
      const sig = object.sigs[func.sig];
      return { func, entry, sig: this.program.thunkOf.get(sigKey(sig)) ?? 0, places: object.places };
    });
    this.program.tables = makeTables(funcs, this.program.codeEnd, start);
    this.tablesStart = start;
    const lists = new Bytes(1 << 12);
    const base = start + this.program.tables.bytes.length;
    const list = (values: readonly number[]): number => {
      const address = base + lists.length;
      for (const v of values) lists.u32(v);
      return address;
    };
    const inits: number[] = [];
    let early = 0;
    const { initOrder, runtimePackages } = this.program.options;
    for (let i = 0; i < initOrder.length; i++) {
      if (i === runtimePackages) early = inits.length;
      inits.push(...this.initsOf(initOrder[i]));
    }
    if (runtimePackages >= initOrder.length) early = inits.length;
    const initsAt = list(inits);
    // Addresses of read-only data are known by now; those of data and variables are not, but types are read-only.
    const types = typeLinks(this.program.data, (sym) => this.program.dataByName.get(sym)?.data);
    const typesAt = list(types.map((d) => d.address));
    const itabs = this.program.data.filter((d) => d.data.name.startsWith("go:itab."));
    const itabsAt = list(itabs.map((d) => d.address));
    const bits = this.pointerBits();
    const bitsAt = base + lists.length;
    lists.bytes(bits);
    this.lists = lists.finish();
    const info = this.program.dataByName.get(LinkInfo);
    if (info !== undefined) {
      this.fillLinkInfo = (view, at) => {
        const args = this.program.dataByName.get(ArgumentArea)!;
        const results = this.program.dataByName.get(ResultArea)!;
        const words = [
          this.program.dataEnd,
          initsAt,
          inits.length,
          early,
          this.program.funcByName.get("main.main")?.entry ?? 0,
          this.program.tables.records,
          this.program.funcs.length,
          this.dataStart,
          this.dataStart + bits.length * 64,
          bitsAt,
          this.program.tables.byPC,
          this.program.codeEnd,
          start,
          0,
          0,
          0,
          args.address,
          args.data.size,
          results.address,
          results.data.size,
          typesAt,
          types.length,
          itabsAt,
          itabs.length,
          this.program.threadStart,
          this.program.threadEnd,
        ];
        for (let i = 0; i < words.length; i++) view.setUint32(at + i * 4, words[i], true);
      };
    }
    return base + this.lists.length;
  }

  /** Code addresses of the functions that initialise a package. */
  private initsOf(path: string): number[] {
    const out: number[] = [];
    for (const object of this.program.objects) {
      if (object.path !== path || object.initTask === null) continue;
      const task = this.program.dataByName.get(object.initTask);
      for (const r of task?.data.relocs ?? []) out.push(this.program.funcByName.get(r.sym)?.entry ?? 0);
    }
    return out;
  }

  /** A bit for each 8 bytes of data and variables, from {@link dataStart}: the collector's roots. */
  private pointerBits(): Uint8Array {
    const end = this.placeKind(DataKind.Zero, (this.placeKind(DataKind.Data, 0) + 15) & -16);
    const bits = new Uint8Array((end + 63) >> 6);
    for (const d of this.program.data) {
      if (d.data.kind === DataKind.ReadOnly) continue;
      const word = d.address >> 3;
      for (const p of d.data.pointers) bits[(word + p) >> 3] |= 1 << ((word + p) & 7);
    }
    return bits;
  }

  dataImage(): { start: number; bytes: Uint8Array } {
    let end = this.tablesStart + this.program.tables.bytes.length + this.lists.length;
    for (const d of this.program.data) if (d.data.kind !== DataKind.Zero) end = Math.max(end, d.address + d.data.size);
    const bytes = new Uint8Array(end - FirstAddress);
    bytes.set(this.program.tables.bytes, this.tablesStart - FirstAddress);
    bytes.set(this.lists, this.tablesStart + this.program.tables.bytes.length - FirstAddress);
    const view = new DataView(bytes.buffer);
    for (const d of this.program.data) {
      if (d.data.kind === DataKind.Zero) continue;
      const base = d.address - FirstAddress;
      bytes.set(d.data.bytes, base);
      for (const r of d.data.relocs) this.fill(view, base + r.offset, r);
    }
    const info = this.program.dataByName.get(LinkInfo);
    if (info !== undefined && info.address !== 0) this.fillLinkInfo(view, info.address - FirstAddress);
    return { start: FirstAddress, bytes };
  }

  private fill(view: DataView, at: number, r: DataReloc): void {
    switch (r.kind) {
      case DataRelocKind.Addr:
        view.setUint32(at, (this.program.dataByName.get(r.sym)?.address ?? 0) + r.add, true);
        view.setUint32(at + 4, 0, true);
        break;
      case DataRelocKind.Off32:
      case DataRelocKind.WeakOff32:
        view.setUint32(at, (this.program.dataByName.get(r.sym)?.address ?? 0) + r.add, true);
        break;
      case DataRelocKind.Func:
        // The first word of an itab must not be 0 though nobody calls the method.
        view.setInt32(at, this.program.funcByName.get(this.program.target(r))?.entry || -1, true);
        view.setUint32(at + 4, 0, true);
        break;
      case DataRelocKind.FuncOff32:
      case DataRelocKind.MethodOff32:
        // Methods that are never called are left out.
        view.setInt32(at, this.program.funcByName.get(r.sym)?.entry || -1, true);
        break;
    }
  }
}

/** Descriptors of types without name that reflection finds by their text, sorted by it (obj.dodata: typelinks). */
function typeLinks(data: readonly LinkedData[], find: (sym: string) => DataSymbol | undefined): LinkedData[] {
  const kindOffset = 23;
  const flagOffset = 20;
  const named = 1 << 2;
  const extraStar = 1 << 1;
  const nameOffset = 40;
  const kinds = new Set([17, 18, 19, 21, 22, 23, 25]);
  const found: { d: LinkedData; text: string }[] = [];
  for (const d of data) {
    const { name, bytes, relocs } = d.data;
    if (!name.startsWith("type:") || name[5] === "." || name.startsWith("type:noalg.") || bytes.length < 48) continue;
    if (!kinds.has(bytes[kindOffset] & 31) || (bytes[flagOffset] & named) !== 0) continue;
    const ref = relocs.find((r) => r.offset === nameOffset);
    const text = ref === undefined ? undefined : find(ref.sym);
    if (text === undefined) continue;
    // abi.Name: flags, length as a varint, bytes.
    let at = 1;
    while (text.bytes[at] >= 0x80) at++;
    const start = at + 1 + ((bytes[flagOffset] & extraStar) !== 0 ? 1 : 0);
    found.push({ d, text: latin1(text.bytes.subarray(start)) });
  }
  found.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return found.map((f) => f.d);
}

/** A string that compares as the bytes do. */
function latin1(bytes: Uint8Array): string {
  let out = "";
  for (const b of bytes) out += String.fromCharCode(b);
  return out;
}
