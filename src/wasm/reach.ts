/** What is kept of the objects of a program: what the roots reach, with methods that may be called through interfaces. */
import { DataKind, DataRelocKind } from "../ssa/object.ts";
import { StubsPrefix } from "../ssa/reflectdata/funcstub.ts";
import type { Sig } from "../ssa/value.ts";
import { HostPrefix } from "./compile.ts";
import { ArgumentArea, ResultArea } from "./memory.ts";
import { Methods } from "./methods.ts";
import { RelocKind, RelocWords } from "./object.ts";
import {
  hasSig,
  isAdaptable,
  isFuncReloc,
  type LinkedData,
  type LinkedFunc,
  type LinkedProgram,
  LinkInfo,
  MissingFunc,
  StubUser,
} from "./program.ts";
import { ArgumentsStart } from "./thunks.ts";

/** Puts everything that the objects define under its name. */
export function index(p: LinkedProgram): void {
  for (const object of p.objects) {
    for (const func of object.funcs) {
      if (!p.funcByName.has(func.name))
        p.funcByName.set(func.name, { object, func, entry: 0, index: -1, inTable: false });
    }
    for (const data of object.data) {
      // A linkname may leave a variable declared twice, with contents in one place.
      const known = p.dataByName.get(data.name);
      if (known === undefined || (known.data.kind === DataKind.Zero && data.kind !== DataKind.Zero))
        p.dataByName.set(data.name, { data, address: 0 });
    }
  }
  // The linker gives this variable its contents.
  const info = p.dataByName.get(LinkInfo);
  if (info !== undefined) info.data = { ...info.data, kind: DataKind.Data, bytes: new Uint8Array(info.data.size) };
  let widest = 1;
  for (const object of p.objects)
    for (const { params, results } of object.sigs) widest = Math.max(widest, params.length, results.length);
  for (const name of [ResultArea, ArgumentArea]) {
    p.dataByName.set(name, {
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

/** Chooses the functions and data of the program, in the order in which they are found. */
export function reach(p: LinkedProgram): void {
  const funcs: LinkedFunc[] = [];
  const data: LinkedData[] = [];
  const seenFuncs = new Set<LinkedFunc>();
  const seenData = new Set<LinkedData>();
  const func = (sym: string, taken: boolean, sig: Sig | null = null): void => {
    const f = p.funcByName.get(sym);
    if (f === undefined) {
      if (sig !== null && sym.startsWith(HostPrefix)) p.host(sym, sig);
      else {
        p.missing.add(sym);
        if (sig !== null) datum(p.stub(sym, sig));
      }
      return;
    }
    if (sig !== null && !hasSig(f, sig)) {
      if (!isAdaptable(f, sig)) p.missing.add(`${sym} with another signature`);
      datum(p.stub(sym, sig));
    }
    if (taken) f.inTable = true;
    if (seenFuncs.has(f)) return;
    seenFuncs.add(f);
    funcs.push(f);
  };
  const stubs: string[] = [];
  const methods = new Methods((sym) => func(sym, true));
  const datum = (sym: string): void => {
    const d = p.dataByName.get(sym);
    if (d === undefined) {
      p.missing.add(sym);
      return;
    }
    if (seenData.has(d)) return;
    seenData.add(d);
    data.push(d);
  };
  for (const root of p.options.roots) func(root, true);
  if (p.funcByName.has(MissingFunc)) func(MissingFunc, false);
  for (const object of p.objects) {
    if (object.initTask !== null && p.options.initOrder.includes(object.path)) datum(object.initTask);
  }
  if (p.dataByName.has(LinkInfo)) datum(LinkInfo);
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
        else if (isFuncReloc(reloc)) func(p.target(reloc), true);
        else if (reloc.kind !== DataRelocKind.WeakOff32) datum(reloc.sym);
        else if (reloc.sym.startsWith(StubsPrefix)) stubs.push(reloc.sym);
      }
    }
    const user = stubs.length > 0 ? p.funcByName.get(StubUser) : undefined;
    if (user !== undefined && seenFuncs.has(user)) {
      for (const sym of stubs) datum(sym);
      stubs.length = 0;
    }
  }
  p.funcs.push(...funcs);
  p.data.push(...data);
}
