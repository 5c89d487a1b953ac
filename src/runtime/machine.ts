/** Drives a linked module: starts it, gives it what it imports, and enters its run loop (wasm/runloop.ts) again when the
 *  native stack was given up. */
import { Status } from "../ssa/value.ts";
import type { ProgramOrigin } from "./options.ts";
import type { ProfileFrame, ProfileSite } from "./profile.ts";

/** What a program needs of the machine that it runs on. Errors of files are negative numbers, as in Linux. */
export interface ProgramHost {
  readonly args: readonly string[];
  /** `KEY=value`. */
  readonly env: readonly string[];
  /** What GODEBUG is where `env` says nothing. */
  readonly godebug: string;
  readonly origin: ProgramOrigin;
  write(fd: number, bytes: Uint8Array): number;
  /** Nanoseconds, monotonic. */
  nanotime(): bigint;
  /** Nanoseconds since 1970. */
  walltime(): bigint;
  random(bytes: Uint8Array): void;
  /** Waits until {@link nanotime} has come to `when`, or a signal has come. */
  sleepUntil(when: bigint): void;
  /** Waits as long on behalf of a thread that has nothing to do, or until somebody calls it. */
  idleUntil(thread: number, when: bigint): void;
  callThread(thread: number): void;
  /** Signals that have come since it was last asked, as bits. */
  pendingSignals(): number;
  /** Which signals the program gets, and which it ignores. */
  listen(wanted: number, ignored: number): void;
  number(what: number): bigint;
  /** A Linux system call; pointers among the arguments are addresses in `memory`. */
  syscall(number: number, args: BigUint64Array, memory: Uint8Array): bigint;
}

/** Thrown to end the program, from wherever it is. */
export class ProgramExit extends Error {
  /** `signal`: the number of the one that it is to seem to have died of; 0 if it ends with `code`. */
  constructor(
    readonly code: number,
    readonly signal = 0,
  ) {
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
  /** The run loop (wasm/runloop.ts). */
  readonly run: Fn;
}

export interface MachineOptions {
  /** Bytes of a goroutine's own stack that may be used before the native stack is given up: the native stack holds as
   *  many frames. */
  readonly nativeBudget: number;
}

/** Functions of package runtime that are called from outside: first the one that starts it. */
export const machineRoots = [
  "runtime.rt0",
  "runtime.schedule",
  "runtime.goexit",
  "runtime.growstack",
  "runtime.yielded",
  "runtime.reportprofile",
] as const;

/** And those of a program that runs on several threads. */
export const threadRoots = ["runtime.newthread", "runtime.mstart", "runtime.lock", "runtime.unlock"] as const;

/** Where the instances of a program that runs on several threads meet. */
export interface ThreadSeat {
  readonly memory: WebAssembly.Memory;
  /** Which thread it is: 0 starts the program. */
  readonly index: number;
  readonly count: number;
  /** How far each thread's own variables are from the first one's (the first word: not 0 when that is known), and
   *  where its system stack ends. */
  readonly seats: Int32Array;
}

/** Words of {@link ThreadSeat.seats} for so many threads. */
export function seatWords(count: number): number {
  return count * 2;
}

/** Bytes of the stack that the scheduler and the collector run on; overlay/runtime/rt0.go has the same. */
export const SystemStackSize = 256 << 10;

export class Machine {
  private readonly exports: Exports;
  private readonly rt0: Fn;
  private readonly reportprofile: Fn;
  private systemSP: number;
  private readonly named: Record<string, unknown>;
  private readonly sites: ProfileSite[] = [];
  private frames: ProfileFrame[] = [];

  constructor(
    module: WebAssembly.Module,
    private readonly host: ProgramHost,
    /** The first address that the program's data leaves free. */
    dataEnd: number,
    private readonly options: MachineOptions,
    private readonly seat: ThreadSeat | null = null,
  ) {
    const shared = seat === null ? {} : { memory: seat.memory };
    const instance = new WebAssembly.Instance(module, { goesc: { ...this.imports(), ...shared } });
    this.exports = instance.exports as unknown as Exports;
    const named = instance.exports as Record<string, unknown>;
    this.rt0 = named[machineRoots[0]] as Fn;
    this.reportprofile = named["runtime.reportprofile"] as Fn;
    this.systemSP = dataEnd + SystemStackSize;
    this.named = named;
    if (seat !== null && seat.index > 0) return;
    (named.initdata as Fn | undefined)?.();
    const { memory } = this.exports;
    const missing = Math.ceil((this.systemSP - memory.buffer.byteLength) / 65536);
    if (missing > 0) memory.grow(missing);
  }

  /** A small one. */
  get someFunction(): (...args: never[]) => unknown {
    return this.named["runtime.yielded"] as Fn;
  }

  get memory(): WebAssembly.Memory {
    return this.exports.memory;
  }

  /** Runs the program to its end. Throws a {@link MachineError}. */
  run(): { code: number; signal: number } {
    const { run } = this.exports;
    try {
      this.start();
      for (let unwound = 0; ; ) {
        try {
          if (run(this.systemSP, this.options.nativeBudget, unwound) === 0) return { code: 0, signal: 0 };
          unwound = 0;
        } catch (error) {
          if (error !== unwind) throw error;
          unwound = 1;
        }
      }
    } catch (error) {
      if (error instanceof ProgramExit) return { code: error.code, signal: error.signal };
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        const wrapped = new MachineError(error.message);
        wrapped.stack = error.stack;
        throw wrapped;
      }
      throw error;
    }
  }

  /** The first thread starts the program, and makes room for the others, which wait for that. */
  private start(): void {
    const { seat } = this;
    if (seat === null || seat.index === 0) {
      this.onSystemStack(this.rt0);
      if (seat === null) return;
      const newthread = this.named[threadRoots[0]] as Fn;
      for (let k = 1; k < seat.count; k++) {
        seat.seats[2 * k] = newthread(k, 0);
        seat.seats[2 * k + 1] = newthread(k, 1);
      }
      Atomics.store(seat.seats, 0, 1);
      Atomics.notify(seat.seats, 0);
      return;
    }
    Atomics.wait(seat.seats, 0, 0);
    // Memory has grown since this thread was given it.
    seat.memory.grow(0);
    (this.named.Thread as WebAssembly.Global).value = seat.seats[2 * seat.index];
    this.systemSP = seat.seats[2 * seat.index + 1] >>> 0;
    const mstart = this.named[threadRoots[1]] as Fn;
    this.onSystemStack(() => mstart(seat.index));
  }

  /** What the program allocated, if that was recorded; after {@link run}. */
  profile(): readonly ProfileSite[] {
    this.sites.length = 0;
    this.onSystemStack(this.reportprofile);
    return this.sites;
  }

  /** Pairs of 64-bit words at these addresses. */
  counters(addresses: readonly number[]): (readonly [number, number])[] {
    const view = new DataView(this.exports.memory.buffer);
    return addresses.map(
      (at) => [Number(view.getBigUint64(at, true)), Number(view.getBigUint64(at + 8, true))] as const,
    );
  }

  private onSystemStack(fn: () => void): void {
    const { SP, Limit, Status: status } = this.exports;
    SP.value = this.systemSP;
    Limit.value = 0;
    status.value = Status.None;
    fn();
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, address >>> 0, length);
  }

  private imports(): WebAssembly.ModuleImports {
    const { host } = this;
    const encoder = new TextEncoder();
    const decoder = new TextDecoder();
    const { buildInfo, goVersion, goroot } = host.origin;
    const lists = [host.args, host.env, [host.godebug, buildInfo, goVersion, goroot]].map((list) =>
      list.map((text) => encoder.encode(text)),
    );
    return {
      hostwrite: (fd: number, p: number, n: number) => host.write(fd, this.bytes(p, n)),
      hostexit: (code: number) => {
        throw new ProgramExit(code);
      },
      hostkill: (signal: number) => {
        throw new ProgramExit(128 + signal, signal);
      },
      hostpending: () => host.pendingSignals(),
      hostsignals: (wanted: number, ignored: number) => host.listen(wanted, ignored),
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
        return host.syscall(number, new BigUint64Array(buffer, p >>> 0, 7), new Uint8Array(buffer));
      },
      hostframe: (pc: number, fn: number, fnLen: number, file: number, fileLen: number, line: number) => {
        const text = (at: number, length: number): string => decoder.decode(this.bytes(at, length).slice());
        this.frames.push({ pc, func: text(fn, fnLen), file: text(file, fileLen), line });
      },
      hostsite: (size: bigint, objects: bigint, freed: bigint) => {
        this.sites.push({ stack: this.frames, size: Number(size), objects: Number(objects), freed: Number(freed) });
        this.frames = [];
      },
      hostnumber: (what: number) => host.number(what),
      hostsleep: (when: bigint) => host.sleepUntil(when),
      hostidle: (thread: number, when: bigint) => host.idleUntil(thread, when),
      hostcall: (thread: number) => host.callThread(thread),
    };
  }
}
