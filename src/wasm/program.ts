/** What a program is made of while it is linked: its functions, data and what the host has of it, under their names, and the
 *  numbers that they get. */
import { DataKind, type DataReloc, DataRelocKind, type DataSymbol } from "../ssa/object.ts";
import { type Sig, VT } from "../ssa/value.ts";
import { sigKey } from "./compile.ts";
import { Effect, type FuncObject, type PackageObject, RelocKind, RelocWords } from "./object.ts";
import type { Tables } from "./tables.ts";

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

/** Function of package runtime that ends the program when a function is called that nobody defines: `func(text string)`. */
export const MissingFunc = "runtime.missingfunc";
/** Makes function values at run time: needs a body for each type of function. */
export const StubUser = "reflect.stubFor";
/** Begins the names of the data symbols with these texts. */
export const MissingPrefix = "goesc.missing.";

/** Variable of package runtime with the addresses of what the linker makes. */
export const LinkInfo = "runtime.linkinfo";
/** Address 0 to here stays unused: checks for nil take it so. */
export const FirstAddress = 4096;
/** Code addresses begin here: programs ask what small numbers stand for, and expect nothing; a table of words by code
 *  address may begin before address 0 by no more than what is unused there. */
export const FirstEntry = FirstAddress / 4;

export const registers = ["SP", "Limit", "Ctxt", "Status", "Resuming", "Barrier", "G"] as const;

export interface LinkedFunc {
  readonly object: PackageObject;
  readonly func: FuncObject;
  /** Code address. */
  entry: number;
  /** Wasm function index. */
  index: number;
  /** Its number is taken as a value, or it can be resumed: it needs a place in the table. */
  inTable: boolean;
}

export interface LinkedData {
  data: DataSymbol;
  address: number;
}

export interface HostFunc {
  readonly sym: string;
  readonly sig: Sig;
  index: number;
}

export class LinkedProgram {
  readonly funcByName = new Map<string, LinkedFunc>();
  readonly dataByName = new Map<string, LinkedData>();
  readonly hostByName = new Map<string, HostFunc>();
  readonly funcs: LinkedFunc[] = [];
  readonly data: LinkedData[] = [];
  readonly hosts: HostFunc[] = [];
  readonly missing = new Set<string>();
  readonly types: { sig: Sig; key: string }[] = [];
  readonly typeIndex = new Map<string, number>();
  /** Signatures of functions in the table: each has thunks. */
  readonly thunkSigs: Sig[] = [];
  readonly thunkOf = new Map<string, number>();
  readonly stubs: { readonly sym: string; readonly sig: Sig }[] = [];
  readonly stubOf = new Map<string, number>();
  dataEnd = FirstAddress;
  tables: Tables = { bytes: new Uint8Array(0), records: 0, byPC: 0 };
  /** Where the variables of which each thread has its own begin and end; 0 without threads. */
  threadStart = 0;
  threadEnd = 0;
  readonly threads: boolean;

  /** Number of the register with the distance of the running thread's variables. */
  readonly threadRegister = registers.length + 1;

  codeEnd = FirstEntry;
  firstThunk = 0;
  firstStub = 0;

  constructor(
    readonly objects: readonly PackageObject[],
    readonly options: LinkOptions,
  ) {
    this.threads = options.threads === true;
  }

  host(sym: string, sig: Sig): void {
    if (this.hostByName.has(sym)) return;
    const host = { sym, sig, index: -1 };
    this.hostByName.set(sym, host);
    this.hosts.push(host);
  }

  /** Name of the data symbol with what ends the program when it calls such a function. */
  missingText(sym: string): string {
    const why = this.funcByName.has(sym)
      ? "whose parameters or results are not those that it is declared with here"
      : "which has no body in Go: goesc runs no assembly, and found no variant of the package without any";
    return `${MissingPrefix}call of ${sym}, ${why}`;
  }

  /** Calls of what nobody defines, or defines otherwise, come to a function that says so, or passes them on. Returns the
   *  data symbol with what it says. */
  stub(sym: string, sig: Sig): string {
    const key = stubKey(sym, sig);
    const name = this.missingText(sym);
    if (this.stubOf.has(key)) return name;
    this.stubOf.set(key, this.stubs.length);
    this.stubs.push({ sym, sig });
    if (!this.dataByName.has(name)) {
      const bytes = new TextEncoder().encode(name.slice(MissingPrefix.length));
      const rest = { align: 1, relocs: [], pointers: [], dupok: true };
      const data = { name, kind: DataKind.ReadOnly, size: bytes.length, bytes, ...rest };
      this.dataByName.set(name, { data, address: 0 });
    }
    return name;
  }

  /** The function that a word of data stands for. */
  target(r: DataReloc): string {
    if (r.orElse === undefined) return r.sym;
    const f = this.funcByName.get(r.sym);
    const declared = this.funcByName.get(r.orElse)!;
    return f !== undefined && hasSig(f, declared.object.sigs[declared.func.sig]) ? r.sym : r.orElse;
  }

  /** Numbers functions and what can be returned to in them, types and thunks. */
  number(): void {
    let index = 0;
    for (const host of this.hosts) {
      host.index = index++;
      this.type(host.sig);
    }
    let entry = FirstEntry;
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

  type(sig: Sig): number {
    const key = sigKey(sig);
    let index = this.typeIndex.get(key);
    if (index === undefined) {
      index = this.types.length;
      this.types.push({ sig, key });
      this.typeIndex.set(key, index);
    }
    return index;
  }

  thunk(sig: Sig): number {
    const key = sigKey(sig);
    let n = this.thunkOf.get(key);
    if (n === undefined) {
      n = this.thunkSigs.length;
      this.thunkSigs.push(sig);
      this.thunkOf.set(key, n);
    }
    return n;
  }

  get tableSize(): number {
    return this.codeEnd + this.thunkSigs.length * 2;
  }
}

export function hasSig({ object, func }: LinkedFunc, sig: Sig): boolean {
  return sigKey(object.sigs[func.sig]) === sigKey(sig);
}

/** Whether a call with signature `sig` can be made to come to the function all the same: they differ only in what is a
 *  pointer, and what a number as wide. Declarations of linknames do, since for the machines that Go compiles for there is
 *  no difference. What comes back to a caller that has waited goes past the adapter: there it must not be wider. */
export function isAdaptable({ object, func }: LinkedFunc, sig: Sig): boolean {
  const { params, results } = object.sigs[func.sig];
  const parks = (func.effects & Effect.Parks) !== 0;
  const fits = (from: VT, to: VT): boolean => from === to || (from === VT.I64 && to === VT.I32);
  const either = (a: VT, b: VT): boolean => fits(a, b) || fits(b, a);
  return (
    params.length === sig.params.length &&
    results.length === sig.results.length &&
    params.every((vt, i) => either(vt, sig.params[i])) &&
    results.every((vt, i) => (parks ? fits : either)(vt, sig.results[i]))
  );
}

export function stubKey(sym: string, sig: Sig): string {
  return `${sym} ${sigKey(sig)}`;
}

export function isFuncReloc(r: DataReloc): boolean {
  return r.kind === DataRelocKind.Func || r.kind === DataRelocKind.FuncOff32 || r.kind === DataRelocKind.MethodOff32;
}
