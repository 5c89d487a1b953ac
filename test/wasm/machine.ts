/** A small run loop for modules made by hand: one goroutine, one stack that grows in place, no scheduler. */
import { Builder } from "../../src/ssa/builder.ts";
import type { DataSymbol } from "../../src/ssa/object.ts";
import { SFunc, type Sig, SOp, Status, VT } from "../../src/ssa/value.ts";
import { compileObject } from "../../src/wasm/compile.ts";
import { link } from "../../src/wasm/link.ts";

/** Builds a function; its parameters are in `params`. */
export function func(name: string, sig: Sig, body: (b: Builder, params: Variables) => void, flags = 0): SFunc {
  const fn = new SFunc(name, sig, 0);
  fn.flags = flags;
  fn.paramPointers = sig.params.map(() => false);
  const b = new Builder(fn);
  const params = sig.params.map((vt, i) => {
    const v = b.value(SOp.Param, vt);
    v.aux = i;
    const variable = b.newVariable(`p${i}`, vt, false);
    b.write(variable, v);
    return variable;
  });
  body(b, params);
  return b.finish();
}

export type Variables = ReturnType<Builder["newVariable"]>[];

export interface Outcome {
  results: (number | bigint)[];
  /** How often functions were left and entered again. */
  resumed: number;
  grown: number;
  /** Name of the runtime function that ended it. */
  panic: string;
}

export interface MachineOptions {
  /** Bytes of stack at the start; it is doubled when it does not suffice. */
  readonly stack?: number;
  readonly yieldEverywhere?: boolean;
  /** Move the stack whenever the goroutine has stopped, and poison where it was. */
  readonly move?: boolean;
  readonly data?: readonly DataSymbol[];
  readonly imports?: Readonly<Record<string, (...args: never[]) => unknown>>;
}

const runtimePanics = [
  "panicmem",
  "panicmemAddr",
  "panicdivide",
  "panicshift",
  "goPanicIndex",
  "goPanicIndexU",
  "goPanicSliceAlen",
  "goPanicSliceAlenU",
  "goPanicSliceAcap",
  "goPanicSliceAcapU",
  "goPanicSliceB",
  "goPanicSliceBU",
];

function panicSig(name: string): Sig {
  if (name.startsWith("goPanic")) return { params: [VT.I64, VT.I64], results: [] };
  return { params: name === "panicmemAddr" ? [VT.I64] : [], results: [] };
}

/** Links `funcs` and calls `main.main` with `args` as a goroutine would. */
export class Machine {
  readonly bytes: Uint8Array;
  readonly instance: WebAssembly.Instance;
  readonly entry: number;
  private panicked = "";
  private readonly sig: Sig;

  constructor(
    funcs: readonly SFunc[],
    private readonly options: MachineOptions = {},
  ) {
    const runtime = runtimePanics.map((name, i) =>
      func(`runtime.${name}`, panicSig(name), (b) => {
        b.call("runtime.hostpanic", { params: [VT.I32], results: [] }, [b.i32(i)]);
        b.ret([]);
      }),
    );
    this.sig = funcs.find((f) => f.name === "main.main")!.sig;
    const poll = func("runtime.poll", { params: [], results: [] }, (b) => {
      b.value(SOp.Park, VT.Void).aux = Status.Yield;
      b.ret([]);
    });
    const object = compileObject(
      { path: "main", funcs: [...funcs, ...runtime, poll], data: options.data ?? [], initTask: null },
      {
        external: () => null,
        barriers: false,
        places: () => [],
        yieldEverywhere: options.yieldEverywhere,
      },
    );
    const linked = link([object], { roots: ["main.main"], names: true, initOrder: [], runtimePackages: 0 });
    if (linked.missing.length > 0) throw new Error(`missing: ${linked.missing.join(", ")}`);
    this.bytes = linked.bytes;
    this.entry = linked.entry("main.main");
    this.address = (sym) => linked.address(sym);
    this.recordsByPC = linked.recordsByPC;
    this.args = linked.address("goesc.args");
    this.results = linked.address("goesc.results");
    this.stackLow = (linked.dataEnd + 65535) & -65536;
    this.instance = new WebAssembly.Instance(new WebAssembly.Module(this.bytes.slice()), {
      goesc: {
        hostunwind: () => {
          throw new Unwind();
        },
        hostpanic: (i: number) => {
          this.panicked = runtimePanics[i];
        },
        ...options.imports,
      },
    });
  }

  readonly address: (sym: string) => number;
  private readonly recordsByPC: number;
  private readonly args: number;
  private readonly results: number;
  private readonly stackLow: number;

  global(name: string): WebAssembly.Global {
    return this.instance.exports[name] as WebAssembly.Global;
  }

  get memory(): WebAssembly.Memory {
    return this.instance.exports.memory as WebAssembly.Memory;
  }

  run(...args: (number | bigint)[]): Outcome {
    const { memory } = this;
    const exports = this.instance.exports as Record<string, (...a: unknown[]) => unknown>;
    // Two places for the stack, between which it moves.
    const size = 16 << 20;
    const needed = (this.stackLow + 2 * size + 65535) >> 16;
    if (memory.buffer.byteLength >> 16 < needed) memory.grow(needed - (memory.buffer.byteLength >> 16));
    let top = this.stackLow + size;
    let base = top - 64;
    let stack = this.options.stack ?? 1 << 20;
    const view = new DataView(memory.buffer);
    // The frame below all others has pc 0.
    view.setUint32(base, 0, true);
    const sp = this.global("SP");
    const limit = this.global("Limit");
    const status = this.global("Status");
    sp.value = base;
    limit.value = top - stack + 800;
    status.value = 0;
    this.panicked = "";
    const { sig } = this;
    view.setUint32(this.args, this.entry, true);
    for (let i = 0; i < sig.params.length; i++) setWord(view, this.args + 8 + i * 8, sig.params[i], args[i]);
    const outcome: Outcome = { results: [], resumed: 0, grown: 0, panic: "" };
    try {
      exports.restart();
      for (;;) {
        const why = Number(status.value);
        status.value = 0;
        if (this.options.move === true && why !== Status.None) {
          const delta = top === this.stackLow + size ? size : -size;
          this.moveStack(view, Number(sp.value) >>> 0, base, top, delta);
          top += delta;
          base += delta;
          sp.value = (Number(sp.value) >>> 0) + delta;
          limit.value = top - stack + 800;
        }
        if (why === Status.MoreStack) {
          outcome.grown++;
          stack *= 2;
          if (stack > size) throw new Error("stack overflow");
          limit.value = top - stack + 800;
          exports.restart();
          continue;
        }
        if (Number(sp.value) >>> 0 === base) break;
        outcome.resumed++;
        exports.resume(view.getUint32(Number(sp.value) >>> 0, true));
      }
    } catch (error) {
      if (!(error instanceof Unwind)) throw error;
      outcome.panic = this.panicked;
      return outcome;
    }
    for (let i = 0; i < sig.results.length; i++)
      outcome.results.push(getWord(view, this.results + i * 8, sig.results[i]));
    return outcome;
  }

  /** Copies the frames from `sp` up and adjusts the pointers into the stack that the tables know. */
  private moveStack(view: DataView, sp: number, base: number, top: number, delta: number): void {
    const bytes = new Uint8Array(view.buffer);
    bytes.copyWithin(sp + delta, sp, top);
    const adjust = (at: number): void => {
      const word = view.getUint32(at + delta, true);
      if (word >= sp && word < top) view.setUint32(at + delta, word + delta, true);
    };
    for (let frame = sp; frame !== base; ) {
      const pc = view.getUint32(frame, true);
      const record = view.getUint32(this.recordsByPC + pc * 4, true);
      if (record === 0) throw new Error(`pc ${pc} at frame ${frame} belongs to no function`);
      const word = (i: number): number => view.getUint32(record + i * 4, true);
      eachOfList(view, word(13), (offset) => adjust(frame + offset));
      eachOfList(view, view.getUint32(word(14) + (pc - word(0)) * 8, true), (offset) => adjust(frame + offset));
      frame += word(7);
    }
    bytes.fill(0xaa, sp, top);
  }
}

function eachOfList(view: DataView, list: number, f: (n: number) => void): void {
  if (list === 0) return;
  for (let i = view.getUint32(list, true); i > 0; i--) f(view.getUint32(list + i * 4, true));
}

class Unwind extends Error {}

function setWord(view: DataView, at: number, vt: VT, value: number | bigint): void {
  if (vt === VT.I32) view.setInt32(at, Number(value), true);
  else if (vt === VT.I64) view.setBigInt64(at, BigInt(value), true);
  else if (vt === VT.F32) view.setFloat32(at, Number(value), true);
  else view.setFloat64(at, Number(value), true);
}

function getWord(view: DataView, at: number, vt: VT): number | bigint {
  if (vt === VT.I32) return view.getInt32(at, true);
  if (vt === VT.I64) return view.getBigInt64(at, true);
  return vt === VT.F32 ? view.getFloat32(at, true) : view.getFloat64(at, true);
}
