/** Drives a linked module: the run loop of docs/execution.md.
 *
 *  The module's scheduler says which goroutine runs; the loop enters its innermost frame, and when that returns, the next
 *  one, until the goroutine parks. Only functions of package runtime are called by name. */
import { Status } from "../ssa/value.ts";

/** What a program needs of the machine that it runs on. Errors of files are negative numbers, as in Linux. */
export interface ProgramHost {
  readonly args: readonly string[];
  /** `KEY=value`. */
  readonly env: readonly string[];
  write(fd: number, bytes: Uint8Array): number;
  /** Nanoseconds, monotonic. */
  nanotime(): bigint;
  /** Nanoseconds since 1970. */
  walltime(): bigint;
  random(bytes: Uint8Array): void;
  /** Waits until {@link nanotime} has come to `when`. */
  sleepUntil(when: bigint): void;
  number(what: number): bigint;
  /** A Linux system call; pointers among the arguments are addresses in `memory`. */
  syscall(number: number, args: BigUint64Array, memory: Uint8Array): bigint;
}

/** Thrown to end the program, from wherever it is. */
export class ProgramExit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** The program came to a state that its compilation rules out: a bug in goesc. */
export class MachineError extends Error {
  override name = "MachineError";
}

/** Thrown to give up the native stack. */
class Unwind {}
const unwind = new Unwind();

type Fn = (...args: number[]) => number;

/** What the module exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly SP: WebAssembly.Global;
  readonly Limit: WebAssembly.Global;
  readonly Status: WebAssembly.Global;
  readonly Resuming: WebAssembly.Global;
  readonly G: WebAssembly.Global;
  readonly resume: Fn;
  readonly restart: Fn;
}

export interface MachineOptions {
  /** Bytes of a goroutine's own stack that may be used before the native stack is given up: the native stack holds as
   *  many frames. */
  readonly nativeBudget: number;
}

/** Functions of package runtime that the loop calls. */
export const machineRoots = [
  "runtime.rt0",
  "runtime.schedule",
  "runtime.gostart",
  "runtime.growstack",
  "runtime.yielded",
] as const;

// Words of a goroutine's descriptor.
const gSP = 16;
const gLimit = 24;

/** Bytes of the stack that the scheduler and the collector run on; overlay/runtime/rt0.go has the same. */
export const SystemStackSize = 256 << 10;

export class Machine {
  private readonly exports: Exports;
  private readonly rt0: Fn;
  private readonly schedule: Fn;
  private readonly gostart: Fn;
  private readonly growstack: Fn;
  private readonly yielded: Fn;
  private readonly systemSP: number;
  private cachedView = new DataView(new ArrayBuffer(0));

  constructor(
    module: WebAssembly.Module,
    private readonly host: ProgramHost,
    /** The first address that the program's data leaves free. */
    dataEnd: number,
    private readonly options: MachineOptions,
  ) {
    const instance = new WebAssembly.Instance(module, { goesc: this.imports() });
    this.exports = instance.exports as unknown as Exports;
    const named = instance.exports as Record<string, unknown>;
    const [rt0, schedule, gostart, growstack, yielded] = machineRoots.map((name) => named[name] as Fn);
    this.rt0 = rt0;
    this.schedule = schedule;
    this.gostart = gostart;
    this.growstack = growstack;
    this.yielded = yielded;
    this.systemSP = dataEnd + SystemStackSize;
    const { memory } = this.exports;
    const missing = Math.ceil((this.systemSP - memory.buffer.byteLength) / 65536);
    if (missing > 0) memory.grow(missing);
  }

  get memory(): WebAssembly.Memory {
    return this.exports.memory;
  }

  /** Runs the program to its end; the result is its exit code. Throws a {@link MachineError}. */
  run(): number {
    try {
      this.onSystemStack(this.rt0);
      for (;;) {
        const g = this.onSystemStack(this.schedule);
        if (g === 0) return 0;
        this.execute(g);
      }
    } catch (error) {
      if (error instanceof ProgramExit) return error.code;
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError || error === unwind) {
        const text = error === unwind ? "unwinding outside of a goroutine" : (error as Error).message;
        const wrapped = new MachineError(text);
        if (error instanceof Error) wrapped.stack = error.stack;
        throw wrapped;
      }
      throw error;
    }
  }

  private onSystemStack(fn: Fn): number {
    const { SP, Limit, Status: status } = this.exports;
    SP.value = this.systemSP;
    Limit.value = 0;
    status.value = Status.None;
    return fn();
  }

  /** Lets goroutine `g` run until it parks. */
  private execute(g: number): void {
    const { SP, Limit, Status: status, G, resume, restart } = this.exports;
    const { nativeBudget } = this.options;
    G.value = g;
    let view = this.view();
    let sp = view.getUint32(g + gSP, true);
    SP.value = sp;
    Limit.value = Math.max(view.getUint32(g + gLimit, true), sp - nativeBudget);
    let again = false;
    // Where the native stack was given up last: if that does not help, the goroutine's stack has to grow.
    let shedAt = 0;
    for (;;) {
      status.value = Status.None;
      try {
        if (again) restart();
        else {
          const pc = this.view().getUint32(SP.value as number, true);
          if (pc === 0) this.gostart();
          else resume(pc);
        }
      } catch (error) {
        if (error !== unwind) throw error;
        if (status.value === Status.None) {
          SP.value = this.view().getUint32(g + gSP, true);
          again = false;
          Limit.value = Math.max(this.view().getUint32(g + gLimit, true), (SP.value as number) - nativeBudget);
          continue;
        }
      }
      view = this.view();
      sp = SP.value as number;
      switch (status.value as Status) {
        case Status.None:
          again = false;
          Limit.value = Math.max(view.getUint32(g + gLimit, true), sp - nativeBudget);
          continue;
        case Status.Park:
          view.setUint32(g + gSP, sp, true);
          return;
        case Status.Yield:
          view.setUint32(g + gSP, sp, true);
          this.onSystemStack(this.yielded);
          return;
        case Status.MoreStack: {
          const limit = view.getUint32(g + gLimit, true);
          if ((Limit.value as number) > limit && shedAt !== sp) shedAt = sp;
          else {
            view.setUint32(g + gSP, sp, true);
            this.onSystemStack(this.growstack);
            view = this.view();
            sp = view.getUint32(g + gSP, true);
            SP.value = sp;
          }
          Limit.value = Math.max(view.getUint32(g + gLimit, true), sp - nativeBudget);
          again = true;
          continue;
        }
      }
    }
  }

  /** Memory as it is now: it may have grown. */
  private view(): DataView {
    const { buffer } = this.exports.memory;
    if (this.cachedView.buffer !== buffer) this.cachedView = new DataView(buffer);
    return this.cachedView;
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, address >>> 0, length);
  }

  private imports(): WebAssembly.ModuleImports {
    const { host } = this;
    const encoder = new TextEncoder();
    const lists = [host.args, host.env].map((list) => list.map((text) => encoder.encode(text)));
    return {
      hostwrite: (fd: number, p: number, n: number) => host.write(fd, this.bytes(p, n)),
      hostexit: (code: number) => {
        throw new ProgramExit(code);
      },
      hostnanotime: () => host.nanotime(),
      hostwalltime: () => host.walltime(),
      hostunwind: () => {
        throw unwind;
      },
      hostrandom: (p: number, n: number) => host.random(this.bytes(p, n)),
      hostarg: (kind: number, i: number, p: number) => {
        const item = lists[kind]?.[i];
        if (item === undefined) return -1;
        if (p !== 0) this.bytes(p, item.length).set(item);
        return item.length;
      },
      hostsyscall: (number: number, p: number) => {
        const { buffer } = this.exports.memory;
        return host.syscall(number, new BigUint64Array(buffer, p >>> 0, 6), new Uint8Array(buffer));
      },
      hostnumber: (what: number) => host.number(what),
      hostsleep: (when: bigint) => host.sleepUntil(when),
    };
  }
}
