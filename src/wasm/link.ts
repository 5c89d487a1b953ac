/** Links objects into one module: what the roots reach is kept, numbered, placed in memory, and its holes are filled. */

import { Num } from "../ssa/num.ts";
import { DataKind, type DataReloc, DataRelocKind, type DataSymbol, SavedPrefix } from "../ssa/object.ts";
import { StubsPrefix } from "../ssa/reflectdata/funcstub.ts";
import { Mem, type Sig, VT } from "../ssa/value.ts";
import { Bytes } from "./bytes.ts";
import { CodeWriter, wasmType } from "./code.ts";
import { HostPrefix, sigKey } from "./compile.ts";
import { ArgumentArea, ResultArea } from "./emit.ts";
import { memoryPages } from "./memory.ts";
import { Methods } from "./methods.ts";
import { Effect, type FuncObject, type PackageObject, RelocKind, RelocWords } from "./object.ts";
import { Op, WasmType } from "./op.ts";
import { RunLoopFuncs, runLoop, runSig } from "./runloop.ts";
import { makeTables, type Tables } from "./tables.ts";
import { addThread, initData, isThreadLocal, ThreadRegister } from "./threads.ts";
import { type Area, ArgumentsStart, callThunk, locals, moreStackThunk, resumeThunk } from "./thunks.ts";

export interface LinkOptions {
  /** Paths of packages in the order of their initialisation; the first `runtimePackages` are those that the runtime
   *  needs before goroutines run. */
  readonly initOrder: readonly string[];
  readonly runtimePackages: number;
  /** Symbols that are called from outside; each becomes an export under its name. */
  readonly roots: readonly string[];
  /** Write the names of functions into the module. */
  readonly names: boolean;
  /** The module is to run on several threads: it imports its memory, and exports `initdata`. */
  readonly threads?: boolean;
}

export interface LinkedModule {
  readonly bytes: Uint8Array;
  /** Functions and data that something refers to and nobody defines. */
  readonly missing: readonly string[];
  /** Address of a data symbol, 0 if it is not there. */
  address(sym: string): number;
  /** Code address of a function. */
  entry(sym: string): number;
  /** Address of the table of function records by pc. */
  readonly recordsByPC: number;
  /** Where the memory that the linker has not used begins. */
  readonly dataEnd: number;
  /** Counters of what stays on the stack. */
  readonly saved: readonly SavedCounter[];
}

/** A counter in the program's data (ssa/build/saved.ts): two 64-bit words, times and bytes. */
export interface SavedCounter {
  readonly address: number;
  readonly file: string;
  readonly line: number;
  readonly func: string;
  readonly what: string;
}

/** Function of package runtime that ends the program when a function is called that nobody defines: `func(name string)`. */
export const MissingFunc = "runtime.missingfunc";
/** Makes function values at run time: needs a body for each type of function. */
export const StubUser = "reflect.stubFor";
/** Begins the names of the data symbols with the names of such functions. */
const MissingPrefix = "goesc.missing.";

/** Variable of package runtime with the addresses of what the linker makes. */
export const LinkInfo = "runtime.linkinfo";
/** Data begins at a multiple of this, so that what is in it can be placed before its address is known. */
const SectionAlign = 64;
/** Address 0 to here stays unused: checks for nil take it so. */
const FirstAddress = 4096;
/** Of the number of its thunks in a function record. */
const SigOffset = 40;

const registers = ["SP", "Limit", "Ctxt", "Status", "Resuming", "Barrier", "G"] as const;

export function link(objects: readonly PackageObject[], options: LinkOptions): LinkedModule {
  return new Linker(objects, options).link();
}

interface LinkedFunc {
  readonly object: PackageObject;
  readonly func: FuncObject;
  /** Code address. */
  entry: number;
  /** Wasm function index. */
  index: number;
  /** Its number is taken as a value, or it can be resumed: it needs a place in the table. */
  inTable: boolean;
}

interface LinkedData {
  data: DataSymbol;
  address: number;
}

interface HostFunc {
  readonly sym: string;
  readonly sig: Sig;
  index: number;
}

class Linker {
  private readonly funcByName = new Map<string, LinkedFunc>();
  private readonly dataByName = new Map<string, LinkedData>();
  private readonly hostByName = new Map<string, HostFunc>();
  private readonly funcs: LinkedFunc[] = [];
  private readonly data: LinkedData[] = [];
  private readonly hosts: HostFunc[] = [];
  private readonly missing = new Set<string>();
  private readonly types: { sig: Sig; key: string }[] = [];
  private readonly typeIndex = new Map<string, number>();
  /** Signatures of functions in the table: each has thunks. */
  private readonly thunkSigs: Sig[] = [];
  private readonly thunkOf = new Map<string, number>();
  private readonly stubs: { readonly sym: string; readonly sig: Sig }[] = [];
  private readonly stubOf = new Map<string, number>();
  private dataEnd = FirstAddress;
  private tables: Tables = { bytes: new Uint8Array(0), records: 0, byPC: 0 };

  constructor(
    private readonly objects: readonly PackageObject[],
    private readonly options: LinkOptions,
  ) {
    this.threads = options.threads === true;
  }

  link(): LinkedModule {
    this.index();
    this.reach();
    this.number();
    this.place();
    const bytes = this.write();
    return {
      bytes,
      missing: [...this.missing],
      address: (sym) => this.dataByName.get(sym)?.address ?? 0,
      entry: (sym) => this.funcByName.get(sym)?.entry ?? 0,
      recordsByPC: this.tables.byPC,
      dataEnd: this.dataEnd,
      saved: this.savedCounters(),
    };
  }

  private savedCounters(): SavedCounter[] {
    const counters: SavedCounter[] = [];
    for (const { data, address } of this.data) {
      if (!data.name.startsWith(SavedPrefix)) continue;
      const [file, line, func, what] = data.name.slice(SavedPrefix.length).split("\0");
      counters.push({ address, file, line: Number(line), func, what });
    }
    return counters;
  }

  private index(): void {
    for (const object of this.objects) {
      for (const func of object.funcs) {
        if (!this.funcByName.has(func.name))
          this.funcByName.set(func.name, { object, func, entry: 0, index: -1, inTable: false });
      }
      for (const data of object.data) {
        // A linkname may leave a variable declared twice, with contents in one place.
        const known = this.dataByName.get(data.name);
        if (known === undefined || (known.data.kind === DataKind.Zero && data.kind !== DataKind.Zero))
          this.dataByName.set(data.name, { data, address: 0 });
      }
    }
    // The linker gives this variable its contents.
    const info = this.dataByName.get(LinkInfo);
    if (info !== undefined) info.data = { ...info.data, kind: DataKind.Data, bytes: new Uint8Array(info.data.size) };
    let widest = 1;
    for (const object of this.objects)
      for (const { params, results } of object.sigs) widest = Math.max(widest, params.length, results.length);
    for (const name of [ResultArea, ArgumentArea]) {
      this.dataByName.set(name, {
        data: {
          name,
          kind: DataKind.Zero,
          size: ArgumentsStart + widest * 8,
          align: 8,
          bytes: new Uint8Array(0),
          relocs: [],
          pointers: [],
          dupok: false,
        },
        address: 0,
      });
    }
  }

  // -------------------------------------------------------------------------------------------- reachability

  private reach(): void {
    const funcs: LinkedFunc[] = [];
    const data: LinkedData[] = [];
    const seenFuncs = new Set<LinkedFunc>();
    const seenData = new Set<LinkedData>();
    const func = (sym: string, taken: boolean, sig: Sig | null = null): void => {
      const f = this.funcByName.get(sym);
      if (f === undefined) {
        if (sig !== null && sym.startsWith(HostPrefix)) this.host(sym, sig);
        else {
          this.missing.add(sym);
          if (sig !== null) datum(this.stub(sym, sig));
        }
        return;
      }
      if (sig !== null && !hasSig(f, sig)) {
        this.missing.add(`${sym} with another signature`);
        datum(this.stub(sym, sig));
      }
      if (taken) f.inTable = true;
      if (seenFuncs.has(f)) return;
      seenFuncs.add(f);
      funcs.push(f);
    };
    const stubs: string[] = [];
    const methods = new Methods((sym) => func(sym, true));
    const datum = (sym: string): void => {
      const d = this.dataByName.get(sym);
      if (d === undefined) {
        this.missing.add(sym);
        return;
      }
      if (seenData.has(d)) return;
      seenData.add(d);
      data.push(d);
    };
    for (const root of this.options.roots) func(root, true);
    if (this.funcByName.has(MissingFunc)) func(MissingFunc, false);
    for (const object of this.objects) {
      if (object.initTask !== null && this.options.initOrder.includes(object.path)) datum(object.initTask);
    }
    if (this.dataByName.has(LinkInfo)) datum(LinkInfo);
    datum(ResultArea);
    datum(ArgumentArea);
    let f = 0;
    let d = 0;
    while (f < funcs.length || d < data.length) {
      if (f < funcs.length) {
        const { func: fn, object } = funcs[f++];
        const { relocs } = fn;
        for (const use of fn.usedMethods) methods.use(use);
        for (let i = 0; i < relocs.length; i += RelocWords) {
          const kind = relocs[i + 1] as RelocKind;
          if (kind === RelocKind.Func) func(object.symbols[relocs[i + 2]], false, object.sigs[relocs[i + 3]]);
          else if (kind === RelocKind.Code) func(object.symbols[relocs[i + 2]], true);
          else if (kind === RelocKind.Data) datum(object.symbols[relocs[i + 2]]);
        }
      } else {
        const { relocs, methods: keys } = data[d++].data;
        for (let i = 0; i < relocs.length; i++) {
          const reloc = relocs[i];
          const key = keys === undefined ? "" : keys[i];
          if (key !== "") methods.add(key, reloc.sym);
          else if (isFuncReloc(reloc)) func(reloc.sym, true);
          else if (reloc.kind !== DataRelocKind.WeakOff32) datum(reloc.sym);
          else if (reloc.sym.startsWith(StubsPrefix)) stubs.push(reloc.sym);
        }
      }
      const user = stubs.length > 0 ? this.funcByName.get(StubUser) : undefined;
      if (user !== undefined && seenFuncs.has(user)) {
        for (const sym of stubs) datum(sym);
        stubs.length = 0;
      }
    }
    this.funcs.push(...funcs);
    this.data.push(...data);
  }

  private host(sym: string, sig: Sig): void {
    if (this.hostByName.has(sym)) return;
    const host = { sym, sig, index: -1 };
    this.hostByName.set(sym, host);
    this.hosts.push(host);
  }

  /** Calls of what nobody defines, or defines otherwise, come to a function that says so. Returns the data symbol with
   *  its name. */
  private stub(sym: string, sig: Sig): string {
    const key = stubKey(sym, sig);
    const name = MissingPrefix + sym;
    if (this.stubOf.has(key)) return name;
    this.stubOf.set(key, this.stubs.length);
    this.stubs.push({ sym, sig });
    if (!this.dataByName.has(name)) {
      const bytes = new TextEncoder().encode(sym);
      const rest = { align: 1, relocs: [], pointers: [], dupok: true };
      const data = { name, kind: DataKind.ReadOnly, size: bytes.length, bytes, ...rest };
      this.dataByName.set(name, { data, address: 0 });
    }
    return name;
  }

  // -------------------------------------------------------------------------------------------- numbers

  private number(): void {
    let index = 0;
    for (const host of this.hosts) {
      host.index = index++;
      this.type(host.sig);
    }
    let entry = 1;
    for (const f of this.funcs) {
      f.index = index++;
      f.entry = entry;
      // One more: the number after a call is its return address, and belongs to the same function.
      entry += f.func.pcPos.length + 1;
      const sig = f.object.sigs[f.func.sig];
      this.type(sig);
      if ((f.func.effects & Effect.Parks) !== 0) f.inTable = true;
      if (f.inTable) this.thunk(sig);
      const { relocs } = f.func;
      for (let i = 0; i < relocs.length; i += RelocWords) {
        const kind = relocs[i + 1] as RelocKind;
        if (kind === RelocKind.Type) this.type(f.object.sigs[relocs[i + 2]]);
        else if (kind === RelocKind.MoreStack) this.thunk(f.object.sigs[relocs[i + 2]]);
      }
    }
    this.codeEnd = entry;
    this.firstThunk = index;
    this.firstStub = index + this.thunkSigs.length * 3 + 3;
  }

  /** Where the variables of which each thread has its own begin and end; 0 without threads. */
  private threadStart = 0;
  private threadEnd = 0;
  private readonly threads: boolean;

  /** Number of the register with the distance of the running thread's variables. */
  private readonly threadRegister = registers.length + 1;

  private codeEnd = 1;
  private firstThunk = 0;
  private firstStub = 0;

  private type(sig: Sig): number {
    const key = sigKey(sig);
    let index = this.typeIndex.get(key);
    if (index === undefined) {
      index = this.types.length;
      this.types.push({ sig, key });
      this.typeIndex.set(key, index);
    }
    return index;
  }

  private thunk(sig: Sig): number {
    const key = sigKey(sig);
    let n = this.thunkOf.get(key);
    if (n === undefined) {
      n = this.thunkSigs.length;
      this.thunkSigs.push(sig);
      this.thunkOf.set(key, n);
    }
    return n;
  }

  // -------------------------------------------------------------------------------------------- memory

  /** Read-only data, the linker's tables, data, variables that start as zero. */
  private place(): void {
    let at = this.placeKind(DataKind.ReadOnly, FirstAddress);
    at = this.placeTables((at + 15) & -16);
    this.dataStart = (at + SectionAlign - 1) & -SectionAlign;
    at = this.placeKind(DataKind.Data, this.dataStart);
    at = this.placeKind(DataKind.Zero, (at + 15) & -16);
    this.dataEnd = (at + 15) & -16;
    // Variables of no size are all at one place, like what new gives for such types.
    const zero = this.dataByName.get("runtime.zerobase")?.address ?? 0;
    if (zero !== 0)
      for (const d of this.data) if (d.data.size === 0 && d.data.kind !== DataKind.ReadOnly) d.address = zero;
  }

  private placeKind(kind: DataKind, start: number): number {
    if (kind !== DataKind.Zero || !this.threads) return this.placeSome(start, (data) => data.kind === kind);
    this.threadStart = (start + SectionAlign - 1) & -SectionAlign;
    this.threadEnd = this.placeSome(this.threadStart, ({ name }) => isThreadLocal(name));
    return this.placeSome(this.threadEnd, (data) => data.kind === kind && !isThreadLocal(data.name));
  }

  private placeSome(start: number, isMeant: (data: DataSymbol) => boolean): number {
    let at = start;
    for (const d of this.data) {
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
    const funcs = this.funcs.map(({ func, object, entry }) => {
      const sig = object.sigs[func.sig];
      return { func, entry, sig: this.thunkOf.get(sigKey(sig)) ?? 0, places: object.places };
    });
    this.tables = makeTables(funcs, this.codeEnd, start);
    this.tablesStart = start;
    const lists = new Bytes(1 << 12);
    const base = start + this.tables.bytes.length;
    const list = (values: readonly number[]): number => {
      const address = base + lists.length;
      for (const v of values) lists.u32(v);
      return address;
    };
    const inits: number[] = [];
    let early = 0;
    const { initOrder, runtimePackages } = this.options;
    for (let i = 0; i < initOrder.length; i++) {
      if (i === runtimePackages) early = inits.length;
      inits.push(...this.initsOf(initOrder[i]));
    }
    if (runtimePackages >= initOrder.length) early = inits.length;
    const initsAt = list(inits);
    // Addresses of read-only data are known by now; those of data and variables are not, but types are read-only.
    const types = typeLinks(this.data, (sym) => this.dataByName.get(sym)?.data);
    const typesAt = list(types.map((d) => d.address));
    const itabs = this.data.filter((d) => d.data.name.startsWith("go:itab."));
    const itabsAt = list(itabs.map((d) => d.address));
    const bits = this.pointerBits();
    const bitsAt = base + lists.length;
    lists.bytes(bits);
    this.lists = lists.finish();
    const info = this.dataByName.get(LinkInfo);
    if (info !== undefined) {
      this.fillLinkInfo = (view, at) => {
        const args = this.dataByName.get(ArgumentArea)!;
        const results = this.dataByName.get(ResultArea)!;
        const words = [
          this.dataEnd,
          initsAt,
          inits.length,
          early,
          this.funcByName.get("main.main")?.entry ?? 0,
          this.tables.records,
          this.funcs.length,
          this.dataStart,
          this.dataStart + bits.length * 64,
          bitsAt,
          this.tables.byPC,
          this.codeEnd,
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
          this.threadStart,
          this.threadEnd,
        ];
        for (let i = 0; i < words.length; i++) view.setUint32(at + i * 4, words[i], true);
      };
    }
    return base + this.lists.length;
  }

  private tablesStart = 0;
  private dataStart = 0;
  private lists: Uint8Array = new Uint8Array(0);
  private fillLinkInfo: (view: DataView, at: number) => void = () => undefined;

  /** Code addresses of the functions that initialise a package. */
  private initsOf(path: string): number[] {
    const out: number[] = [];
    for (const object of this.objects) {
      if (object.path !== path || object.initTask === null) continue;
      const task = this.dataByName.get(object.initTask);
      for (const r of task?.data.relocs ?? []) out.push(this.funcByName.get(r.sym)?.entry ?? 0);
    }
    return out;
  }

  /** A bit for each 8 bytes of data and variables, from {@link dataStart}: the collector's roots. */
  private pointerBits(): Uint8Array {
    const end = this.placeKind(DataKind.Zero, (this.placeKind(DataKind.Data, 0) + 15) & -16);
    const bits = new Uint8Array((end + 63) >> 6);
    for (const d of this.data) {
      if (d.data.kind === DataKind.ReadOnly) continue;
      const word = d.address >> 3;
      for (const p of d.data.pointers) bits[(word + p) >> 3] |= 1 << ((word + p) & 7);
    }
    return bits;
  }

  private dataImage(): { start: number; bytes: Uint8Array } {
    let end = this.tablesStart + this.tables.bytes.length + this.lists.length;
    for (const d of this.data) if (d.data.kind !== DataKind.Zero) end = Math.max(end, d.address + d.data.size);
    const bytes = new Uint8Array(end - FirstAddress);
    bytes.set(this.tables.bytes, this.tablesStart - FirstAddress);
    bytes.set(this.lists, this.tablesStart + this.tables.bytes.length - FirstAddress);
    const view = new DataView(bytes.buffer);
    for (const d of this.data) {
      if (d.data.kind === DataKind.Zero) continue;
      const base = d.address - FirstAddress;
      bytes.set(d.data.bytes, base);
      for (const r of d.data.relocs) this.fill(view, base + r.offset, r);
    }
    const info = this.dataByName.get(LinkInfo);
    if (info !== undefined && info.address !== 0) this.fillLinkInfo(view, info.address - FirstAddress);
    return { start: FirstAddress, bytes };
  }

  private fill(view: DataView, at: number, r: DataReloc): void {
    switch (r.kind) {
      case DataRelocKind.Addr:
        view.setUint32(at, (this.dataByName.get(r.sym)?.address ?? 0) + r.add, true);
        view.setUint32(at + 4, 0, true);
        break;
      case DataRelocKind.Off32:
      case DataRelocKind.WeakOff32:
        view.setUint32(at, (this.dataByName.get(r.sym)?.address ?? 0) + r.add, true);
        break;
      case DataRelocKind.Func:
        // The first word of an itab must not be 0 though nobody calls the method.
        view.setInt32(at, this.funcByName.get(r.sym)?.entry || -1, true);
        view.setUint32(at + 4, 0, true);
        break;
      case DataRelocKind.FuncOff32:
      case DataRelocKind.MethodOff32:
        // Methods that are never called are left out.
        view.setInt32(at, this.funcByName.get(r.sym)?.entry || -1, true);
        break;
    }
  }

  // -------------------------------------------------------------------------------------------- module

  private write(): Uint8Array {
    const image = this.dataImage();
    const runs = nonZeroRuns(image.bytes, this.threads ? ThreadsGap : DataGap);
    const thunks = this.thunks();
    if (this.threads) {
      const w = new CodeWriter();
      initData(w, image.start, runs);
      const index = this.firstThunk + thunks.length;
      const names = { name: "initdata", debugName: "initdata" };
      thunks.push({ sig: { params: [], results: [] }, body: w.out.finish(), code: -1, index, ...names });
    }
    const out = new Bytes(1 << 20);
    out.bytes(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    section(out, 1, (b) => {
      b.uleb(this.types.length);
      for (const { sig } of this.types) {
        b.u8(0x60);
        b.uleb(sig.params.length);
        for (const vt of sig.params) b.u8(wasmType(vt));
        b.uleb(sig.results.length);
        for (const vt of sig.results) b.u8(wasmType(vt));
      }
    });
    section(out, 2, (b) => {
      b.uleb(this.hosts.length + (this.threads ? 1 : 0));
      if (this.threads) {
        b.name("goesc");
        b.name("memory");
        b.u8(2);
        b.u8(3); // shared, with a maximum
        b.uleb(memoryPages(this.dataEnd));
        b.uleb(65536);
      }
      for (const { sym, sig } of this.hosts) {
        b.name("goesc");
        b.name(sym.slice("runtime.".length));
        b.u8(0);
        b.uleb(this.type(sig));
      }
    });
    section(out, 3, (b) => {
      b.uleb(this.funcs.length + thunks.length);
      for (const f of this.funcs) b.uleb(this.type(f.object.sigs[f.func.sig]));
      for (const t of thunks) b.uleb(this.type(t.sig));
    });
    section(out, 4, (b) => {
      b.uleb(1);
      b.u8(WasmType.FuncRef);
      b.u8(1);
      b.uleb(this.tableSize);
      b.uleb(this.tableSize);
    });
    if (!this.threads) {
      section(out, 5, (b) => {
        b.uleb(1);
        b.u8(1);
        b.uleb(memoryPages(this.dataEnd));
        b.uleb(65536);
      });
    }
    section(out, 6, (b) => {
      // Behind the registers comes the run loop's own.
      const count = registers.length + (this.threads ? 2 : 1);
      b.uleb(count);
      for (let i = 0; i < count; i++) {
        b.u8(WasmType.I32);
        b.u8(1);
        b.u8(Op.I32Const);
        b.sleb(0);
        b.u8(Op.End);
      }
    });
    section(out, 7, (b) => {
      const roots = this.options.roots.filter((r) => this.funcByName.has(r));
      const named = thunks.filter((t) => t.name !== "").length;
      b.uleb(2 + registers.length + (this.threads ? 1 : 0) + roots.length + named);
      b.name("memory");
      b.u8(2);
      b.uleb(0);
      b.name("table");
      b.u8(1);
      b.uleb(0);
      for (let i = 0; i < registers.length; i++) {
        b.name(registers[i]);
        b.u8(3);
        b.uleb(i);
      }
      if (this.threads) {
        b.name(ThreadRegister);
        b.u8(3);
        b.uleb(this.threadRegister);
      }
      for (const root of roots) {
        b.name(root);
        b.u8(0);
        b.uleb(this.funcByName.get(root)!.index);
      }
      for (const t of thunks) {
        if (t.name === "") continue;
        b.name(t.name);
        b.u8(0);
        b.uleb(t.index);
      }
    });
    section(out, 9, (b) => {
      const inTable = this.funcs.filter((f) => f.inTable);
      b.uleb(inTable.length + thunks.filter((t) => t.code >= 0).length);
      const segment = (code: number, index: number): void => {
        b.u8(0);
        b.u8(Op.I32Const);
        b.sleb(code);
        b.u8(Op.End);
        b.uleb(1);
        b.uleb(index);
      };
      for (const f of inTable) segment(f.entry, f.index);
      for (const t of thunks) if (t.code >= 0) segment(t.code, t.index);
    });
    if (this.threads) section(out, 12, (b) => b.uleb(runs.length / 2));
    // What is known of branches stands before the code, and is known after it.
    const code = new Bytes(1 << 20);
    const branches = new Bytes(1 << 16);
    let hinted = 0;
    section(code, 10, (b) => {
      b.uleb(this.funcs.length + thunks.length);
      const body = new Bytes(1 << 16);
      const hints: number[] = [];
      for (const f of this.funcs) {
        body.length = 0;
        hints.length = 0;
        this.code(body, f, hints);
        b.uleb(body.length);
        b.copy(body.buf, 0, body.length);
        if (hints.length === 0) continue;
        hinted++;
        branches.uleb(f.index);
        branches.uleb(hints.length / 2);
        for (let i = 0; i < hints.length; i += 2) {
          branches.uleb(hints[i]);
          branches.u8(1);
          branches.u8(hints[i + 1]);
        }
      }
      for (const t of thunks) {
        b.uleb(t.body.length);
        b.bytes(t.body);
      }
    });
    section(out, 0, (b) => {
      b.name("metadata.code.branch_hint");
      b.uleb(hinted);
      b.copy(branches.buf, 0, branches.length);
    });
    out.copy(code.buf, 0, code.length);
    section(out, 11, (b) => {
      b.uleb(runs.length / 2);
      for (let i = 0; i < runs.length; i += 2) {
        if (this.threads) b.u8(1);
        else {
          b.u8(0);
          b.u8(Op.I32Const);
          b.sleb(image.start + runs[i]);
          b.u8(Op.End);
        }
        b.uleb(runs[i + 1] - runs[i]);
        b.copy(image.bytes, runs[i], runs[i + 1]);
      }
    });
    if (this.options.names) this.nameSection(out, thunks);
    return out.finish();
  }

  private nameSection(out: Bytes, thunks: readonly Thunk[]): void {
    section(out, 0, (b) => {
      b.name("name");
      const body = new Bytes(1 << 16);
      body.uleb(this.hosts.length + this.funcs.length + thunks.length);
      for (const host of this.hosts) {
        body.uleb(host.index);
        body.name(host.sym);
      }
      for (const f of this.funcs) {
        body.uleb(f.index);
        body.name(f.func.name);
      }
      for (const t of thunks) {
        body.uleb(t.index);
        body.name(t.debugName);
      }
      b.u8(1);
      b.uleb(body.length);
      b.copy(body.buf, 0, body.length);
    });
  }

  /** The code of a function with its holes filled; `hints` gets where its branches are of which something is known, and what. */
  private code(b: Bytes, f: LinkedFunc, hints: number[]): void {
    const { code, relocs } = f.func;
    const { symbols, sigs } = f.object;
    let from = 0;
    for (let i = 0; i < relocs.length; i += RelocWords) {
      const at = relocs[i];
      b.copy(code, from, at);
      from = at;
      const ref = relocs[i + 2];
      const add = relocs[i + 3];
      switch (relocs[i + 1] as RelocKind) {
        case RelocKind.Func: {
          const sym = symbols[ref];
          const target = this.funcByName.get(sym);
          const sig = sigs[add];
          if (target !== undefined && hasSig(target, sig)) b.uleb(target.index);
          else b.uleb(this.hostByName.get(sym)?.index ?? this.firstStub + this.stubOf.get(stubKey(sym, sig))!);
          break;
        }
        case RelocKind.Code:
          b.sleb((this.funcByName.get(symbols[ref])?.entry ?? 0) + add);
          break;
        case RelocKind.PC:
          b.sleb(f.entry + add);
          break;
        case RelocKind.Data:
          b.sleb((this.dataByName.get(symbols[ref])?.address ?? 0) + add);
          if (this.threads && isThreadLocal(symbols[ref])) addThread(b, this.threadRegister);
          break;
        case RelocKind.Type:
          b.uleb(this.type(sigs[ref]));
          break;
        case RelocKind.MoreStack:
          b.uleb(this.firstThunk + this.thunk(sigs[ref]));
          break;
        case RelocKind.Branch:
          hints.push(b.length, ref);
          break;
      }
    }
    b.copy(code, from, code.length);
  }

  // -------------------------------------------------------------------------------------------- thunks

  private get tableSize(): number {
    return this.codeEnd + this.thunkSigs.length * 2;
  }

  /** For each signature a morestack, a resume and a call thunk; then the dispatchers that the host calls. */
  private thunks(): Thunk[] {
    const out: Thunk[] = [];
    const count = this.thunkSigs.length;
    const args = this.area(ArgumentArea);
    const results = this.area(ResultArea);
    const sigI: Sig = { params: [VT.I32], results: [] };
    const add = (sig: Sig, body: Uint8Array, code: number, name: string, debugName: string): void => {
      this.type(sig);
      out.push({ sig, body, code, name, debugName, index: this.firstThunk + out.length });
    };
    for (const sig of this.thunkSigs) {
      add(
        { params: [...sig.params, VT.I32], results: [] },
        moreStackThunk(sig, args),
        -1,
        "",
        `morestack ${sigKey(sig)}`,
      );
    }
    for (let i = 0; i < count; i++) {
      const sig = this.thunkSigs[i];
      add(sigI, resumeThunk(sig, this.type(sig), results), this.codeEnd + i * 2, "", `resume ${sigKey(sig)}`);
    }
    for (let i = 0; i < count; i++) {
      const sig = this.thunkSigs[i];
      add(sigI, callThunk(sig, this.type(sig), args, results), this.codeEnd + i * 2 + 1, "", `call ${sigKey(sig)}`);
    }
    const unary = this.type(sigI);
    // Calls the thunk that the record of the function of `pc` says, with the code address.
    const enter = (w: CodeWriter, pc: () => void, record: number, thunk: number): void => {
      pc();
      w.i32(2);
      w.op(Num.I32Shl);
      w.load(Mem.I32, this.tables.byPC);
      w.set(record);
      w.get(record);
      w.load(Mem.I32, 0);
      w.out.u8(Op.LocalGet);
      w.out.uleb(record);
      w.load(Mem.I32, SigOffset);
      w.i32(1);
      w.op(Num.I32Shl);
      w.i32(this.codeEnd + thunk);
      w.op(Num.I32Add);
      w.op(Op.CallIndirect);
      w.out.uleb(unary);
      w.out.u8(0);
    };
    // resume(pc) and restart(): the record of the function says which thunk.
    for (const name of ["resume", "restart"]) {
      const w = new CodeWriter();
      const resumes = name === "resume";
      locals(w, resumes ? [VT.I32] : [VT.I32, VT.I32]);
      const pc = (): void => {
        if (resumes) w.get(0);
        else {
          args(w);
          w.load(Mem.I32, 0);
        }
      };
      enter(w, pc, resumes ? 1 : 0, resumes ? 0 : 1);
      w.op(Op.End);
      add(resumes ? sigI : { params: [], results: [] }, w.out.finish(), -1, name, name);
    }
    const restart = out[out.length - 1].index;
    const funcs = RunLoopFuncs.map(([sym, sig]) => {
      const f = this.funcByName.get(sym);
      return f !== undefined && f.index >= 0 && hasSig(f, sig) ? f.index : -1;
    });
    const current = registers.length;
    const whole = funcs.every((f) => f >= 0);
    const body = whole
      ? runLoop({ funcs, resume: (w, pc, record) => enter(w, pc, record, 0), restart, current })
      : Uint8Array.of(0, Op.Unreachable, Op.End);
    add(runSig, body, -1, "run", "run");
    for (const { sym, sig } of this.stubs) add(sig, this.stubBody(sym), -1, "", `missing ${sym}`);
    return out;
  }

  /** Puts the address of one of the areas on the stack. */
  private area(sym: string): Area {
    const { address } = this.dataByName.get(sym)!;
    return (w) => {
      w.i32(address);
      if (this.threads) addThread(w.out, this.threadRegister);
    };
  }

  private stubBody(sym: string): Uint8Array {
    const w = new CodeWriter();
    w.out.uleb(0);
    const fn = this.funcByName.get(MissingFunc);
    if (fn !== undefined && hasSig(fn, missingSig)) {
      const { data, address } = this.dataByName.get(MissingPrefix + sym)!;
      w.i32(address);
      w.i64(BigInt(data.size));
      w.op(Op.Call);
      w.out.uleb(fn.index);
    }
    w.op(Op.Unreachable);
    w.op(Op.End);
    return w.out.finish();
  }
}

const missingSig: Sig = { params: [VT.I32, VT.I64], results: [] };

function hasSig({ object, func }: LinkedFunc, sig: Sig): boolean {
  return sigKey(object.sigs[func.sig]) === sigKey(sig);
}

function stubKey(sym: string, sig: Sig): string {
  return `${sym} ${sigKey(sig)}`;
}

interface Thunk {
  readonly sig: Sig;
  readonly body: Uint8Array;
  /** Place in the table, or -1. */
  readonly code: number;
  /** Name of the export, or empty. */
  readonly name: string;
  readonly debugName: string;
  readonly index: number;
}

function section(out: Bytes, id: number, write: (b: Bytes) => void): void {
  const body = new Bytes(1 << 12);
  write(body);
  out.u8(id);
  out.uleb(body.length);
  out.copy(body.buf, 0, body.length);
}

/** Shorter stretches of zeros are not worth a segment of their own; still less so if each takes code to copy it. */
const DataGap = 32;
const ThreadsGap = 4096;

/** Ranges of an image that have to be written: long stretches of zeros are left out. */
function nonZeroRuns(bytes: Uint8Array, least: number): number[] {
  // Engines take at most 100,000 segments.
  const gap = Math.max(least, bytes.length >> 16);
  const out: number[] = [];
  let i = 0;
  while (i < bytes.length) {
    while (i < bytes.length && bytes[i] === 0) i++;
    if (i === bytes.length) break;
    const start = i;
    let end = i;
    while (i < bytes.length && i - end <= gap) {
      if (bytes[i] !== 0) end = i + 1;
      i++;
    }
    out.push(start, end);
  }
  return out;
}

export function isFuncReloc(r: DataReloc): boolean {
  return r.kind === DataRelocKind.Func || r.kind === DataRelocKind.FuncOff32 || r.kind === DataRelocKind.MethodOff32;
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
