/** The bytes of a module, section by section. */

import { Bytes } from "./bytes.ts";
import { CodeWriter, resultType, wasmType } from "./code.ts";
import { thunks as makeThunks, type Thunk } from "./dispatch.ts";
import { memoryPages } from "./memory.ts";
import { RelocKind, RelocWords } from "./object.ts";
import { Op, WasmType } from "./op.ts";
import type { Placement } from "./place.ts";
import { hasSig, type LinkedFunc, type LinkedProgram, registers, stubKey } from "./program.ts";
import { addThread, initData, isThreadLocal, ThreadRegister } from "./threads.ts";

export function writeModule(p: LinkedProgram, placement: Placement): Uint8Array {
  const image = placement.dataImage();
  const runs = nonZeroRuns(image.bytes, p.threads ? ThreadsGap : DataGap);
  const thunks = makeThunks(p);
  if (p.threads) {
    const w = new CodeWriter();
    initData(w, image.start, runs);
    const index = p.firstThunk + thunks.length;
    const names = { name: "initdata", debugName: "initdata" };
    thunks.push({ sig: { params: [], results: [] }, body: w.out.finish(), code: -1, index, ...names });
  }
  const out = new Bytes(1 << 20);
  out.bytes(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  section(out, 1, (b) => {
    b.uleb(p.types.length);
    for (const { sig } of p.types) {
      b.u8(0x60);
      b.uleb(sig.params.length);
      for (const vt of sig.params) b.u8(wasmType(vt));
      b.uleb(sig.results.length);
      for (let i = 0; i < sig.results.length; i++) b.u8(wasmType(resultType(sig.results, i)));
    }
  });
  section(out, 2, (b) => {
    b.uleb(p.hosts.length + (p.threads ? 1 : 0));
    if (p.threads) {
      b.name("goesc");
      b.name("memory");
      b.u8(2);
      b.u8(3); // shared, with a maximum
      b.uleb(memoryPages(p.dataEnd));
      b.uleb(65536);
    }
    for (const { sym, sig } of p.hosts) {
      b.name("goesc");
      b.name(sym.slice("runtime.".length));
      b.u8(0);
      b.uleb(p.type(sig));
    }
  });
  section(out, 3, (b) => {
    b.uleb(p.funcs.length + thunks.length);
    for (const f of p.funcs) b.uleb(p.type(f.object.sigs[f.func.sig]));
    for (const t of thunks) b.uleb(p.type(t.sig));
  });
  section(out, 4, (b) => {
    b.uleb(1);
    b.u8(WasmType.FuncRef);
    b.u8(1);
    b.uleb(p.tableSize);
    b.uleb(p.tableSize);
  });
  if (!p.threads) {
    section(out, 5, (b) => {
      b.uleb(1);
      b.u8(1);
      b.uleb(memoryPages(p.dataEnd));
      b.uleb(65536);
    });
  }
  section(out, 6, (b) => {
    // Behind the registers comes the run loop's own.
    const count = registers.length + (p.threads ? 2 : 1);
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
    const roots = p.options.roots.filter((r) => p.funcByName.has(r));
    const named = thunks.filter((t) => t.name !== "").length;
    b.uleb(2 + registers.length + (p.threads ? 1 : 0) + roots.length + named);
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
    if (p.threads) {
      b.name(ThreadRegister);
      b.u8(3);
      b.uleb(p.threadRegister);
    }
    for (const root of roots) {
      b.name(root);
      b.u8(0);
      b.uleb(p.funcByName.get(root)!.index);
    }
    for (const t of thunks) {
      if (t.name === "") continue;
      b.name(t.name);
      b.u8(0);
      b.uleb(t.index);
    }
  });
  section(out, 9, (b) => {
    const inTable = p.funcs.filter((f) => f.inTable);
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
  if (p.threads) section(out, 12, (b) => b.uleb(runs.length / 2));
  // What is known of branches stands before the code, and is known after it.
  const code = new Bytes(1 << 20);
  const branches = new Bytes(1 << 16);
  let hinted = 0;
  section(code, 10, (b) => {
    b.uleb(p.funcs.length + thunks.length);
    const body = new Bytes(1 << 16);
    const hints: number[] = [];
    for (const f of p.funcs) {
      body.length = 0;
      hints.length = 0;
      writeCode(p, body, f, hints);
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
      if (p.threads) b.u8(1);
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
  if (p.options.names) nameSection(p, out, thunks);
  return out.finish();
}

function nameSection(p: LinkedProgram, out: Bytes, thunks: readonly Thunk[]): void {
  section(out, 0, (b) => {
    b.name("name");
    const body = new Bytes(1 << 16);
    body.uleb(p.hosts.length + p.funcs.length + thunks.length);
    for (const host of p.hosts) {
      body.uleb(host.index);
      body.name(host.sym);
    }
    for (const f of p.funcs) {
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
function writeCode(p: LinkedProgram, b: Bytes, f: LinkedFunc, hints: number[]): void {
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
        const target = p.funcByName.get(sym);
        const sig = sigs[add];
        if (target !== undefined && hasSig(target, sig)) b.uleb(target.index);
        else b.uleb(p.hostByName.get(sym)?.index ?? p.firstStub + p.stubOf.get(stubKey(sym, sig))!);
        break;
      }
      case RelocKind.Code:
        b.sleb((p.funcByName.get(symbols[ref])?.entry ?? 0) + add);
        break;
      case RelocKind.PC:
        b.sleb(f.entry + add);
        break;
      case RelocKind.Data:
        b.sleb((p.dataByName.get(symbols[ref])?.address ?? 0) + add);
        if (p.threads && isThreadLocal(symbols[ref])) addThread(b, p.threadRegister);
        break;
      case RelocKind.Type:
        b.uleb(p.type(sigs[ref]));
        break;
      case RelocKind.MoreStack:
        b.uleb(p.firstThunk + p.thunk(sigs[ref]));
        break;
      case RelocKind.Branch:
        hints.push(b.length, ref);
        break;
    }
  }
  b.copy(code, from, code.length);
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
