/** Runs a linked program in a worker thread, which has a deep native stack and can be ended at any time. */
import { randomFillSync } from "node:crypto";
import { availableParallelism } from "node:os";
import { parentPort, type Worker } from "node:worker_threads";
import { Errno } from "../runtime/errno.ts";
import { InputBox } from "../runtime/input.ts";
import {
  Machine,
  MachineError,
  ProgramExit,
  type ProgramHost,
  seatWords,
  type ThreadSeat,
} from "../runtime/machine.ts";
import type { RunOptions } from "../runtime/options.ts";
import type { ProfileSite } from "../runtime/profile.ts";
import { Fate, SignalBox, signalName, signalNumbers } from "../runtime/signals.ts";
import { type Files, Syscalls } from "../runtime/syscalls.ts";
import { memoryPages } from "../wasm/memory.ts";
import { Input, inputBlocks } from "./input.ts";
import { MachineCode } from "./machine-code.ts";
import { machineInfo, sandboxedMachine } from "./machine-info.ts";
import { NodeFiles } from "./node-files.ts";
import { startProgramThread } from "./program-thread.ts";
import { SandboxFiles } from "./sandbox-files.ts";
import { takeThread } from "./started-code.ts";

/** What the worker is to run. */
export interface ProgramJob {
  readonly kind: "program";
  readonly module: Uint8Array;
  readonly dataEnd: number;
  /** Addresses of counters of what stays on the stack. */
  readonly counters: readonly number[];
  readonly options: RunOptions;
  /** Machine code is to be kept; what was kept of it before, null for nothing. */
  readonly code?: Uint8Array | null;
}

export interface ProgramResult {
  readonly code: number;
  /** What it died of, by name, if that was a signal: {@link dieOf} does the same. */
  readonly signal?: string;
  /** The signal was meant for this process. */
  readonly interrupted?: true;
  /** goesc's own failure; null if the program ended by itself. */
  readonly failure: string | null;
  /** What it allocated, if that was asked for. */
  readonly profile?: readonly ProfileSite[];
  /** Of each counter: times, bytes; with the profile. */
  readonly counts?: readonly (readonly [number, number])[];
  /** Machine code that is worth keeping. */
  readonly machineCode?: Uint8Array;
}

/** What goroutines' own stacks may hold while the native stack (program-thread.ts) lasts: a frame takes 16 bytes at least, and some hundred
 *  of the native stack. */
const nativeBudget = 1 << 20;

/** In ms: what a timer can count. */
const longestTimeout = 2 ** 31 - 1;

/** The exit codes of a program that was ended. */
const timedOut = 124;

/** What the worker says: a piece of output, that it wants input, or the end. */
type Message = { readonly output: Uint8Array } | { readonly input: true } | ProgramResult;

/** Runs the program to its end. `self` is the bundle, whose worker threads call {@link serveProgram}. `capture` takes
 *  what it prints, on either stream; without it that goes to this process's own. */
export function runInWorker(
  self: string,
  job: ProgramJob,
  capture: ((bytes: Uint8Array) => void) | null = null,
): Promise<ProgramResult> {
  return new ProgramThread(self, job.options.threads).run(job, capture);
}

/** A worker for one program, or several if it is to run on so many threads. They start at once, so that they are ready
 *  when the program has been built, and do not keep the process alive until there is something to run. */
export class ProgramThread {
  private readonly workers: readonly Worker[];
  private readonly signals = new SignalBox();
  private readonly inputBox = new InputBox();
  private ended: ProgramResult | null = null;
  private finish = (result: ProgramResult): void => {
    this.ended ??= result;
  };

  constructor(self: string, threads = 0) {
    this.workers = Array.from({ length: Math.max(threads, 1) }, () =>
      this.take(takeThread() ?? startProgramThread(self)),
    );
  }

  private take(worker: Worker): Worker {
    worker.on("error", (error: Error) => this.finish({ code: 2, failure: error.message }));
    worker.on("exit", (code) => this.finish({ code: 2, failure: `the program's thread ended with code ${code}` }));
    return worker;
  }

  run(job: ProgramJob, capture: ((bytes: Uint8Array) => void) | null = null): Promise<ProgramResult> {
    const { workers } = this;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      this.finish = (result) => {
        if (this.ended !== null) return;
        this.ended = result;
        clearTimeout(timer);
        release();
        input.close();
        Promise.all(workers.map((worker) => worker.terminate())).then(() => resolve(result));
      };
      if (this.ended !== null) {
        resolve(this.ended);
        return;
      }
      const input = new Input(this.inputBox, () => this.signals.sendInput());
      const release = hearSignals(this.signals, this.finish);
      const { timeout } = job.options;
      if (timeout > 0 && timeout <= longestTimeout) {
        const failure = `timeout: the program ran for ${timeout / 1000} s`;
        timer = setTimeout(() => this.finish({ code: timedOut, failure }), timeout);
      }
      const start = process.hrtime.bigint();
      const shared = job.options.threads === 0 ? null : shareProgram(job);
      workers.forEach((worker, index) => {
        worker.on("message", (message: Message) => {
          if ("output" in message) capture?.(message.output);
          else if ("input" in message) input.wanted();
          else this.finish(message);
        });
        worker.ref();
        const task = shared === null ? job : { ...job, module: shared.module, seat: { ...shared.seat, index } };
        const { signals, inputBox } = this;
        worker.postMessage({
          ...task,
          start,
          capture: capture !== null,
          signals: signals.buffer,
          input: inputBox.buffer,
        });
      });
    });
  }
}

/** Compiles the module once for all threads, and makes what they share. */
function shareProgram({ module, dataEnd, options }: ProgramJob): {
  module: WebAssembly.Module;
  seat: Omit<ThreadSeat, "index">;
} {
  const count = options.threads;
  const memory = new WebAssembly.Memory({ initial: memoryPages(dataEnd), maximum: 65536, shared: true });
  const seats = new Int32Array(new SharedArrayBuffer(seatWords(count) * 4));
  return { module: new WebAssembly.Module(module), seat: { memory, count, seats } };
}

/** How long a program may take to tell what it does when a signal ends it. */
const answerTime = 2000;

/** Passes signals of the process on, and ends the program by those that it has not asked for. */
function hearSignals(box: SignalBox, finish: (result: ProgramResult) => void): () => void {
  const heard: [string, () => void][] = [];
  let timer: NodeJS.Timeout | undefined;
  for (const name of Object.keys(signalNumbers)) {
    const listener = (): void => {
      const fate = box.send(name);
      if (fate === Fate.Kills)
        finish({ code: 128 + signalNumbers[name], signal: name, interrupted: true, failure: null });
      else if (fate === Fate.Throws) {
        timer ??= setTimeout(
          () => finish({ code: 2, failure: `${name}: the program is busy and does not answer` }),
          answerTime,
        );
      }
    };
    try {
      process.on(name as NodeJS.Signals, listener);
      heard.push([name, listener]);
    } catch {
      // The system has no such signal.
    }
  }
  return () => {
    clearTimeout(timer);
    for (const [name, listener] of heard) process.off(name as NodeJS.Signals, listener);
  };
}

/** Ends this process by a signal, as the program would have ended. */
export function dieOf(signal: string): Promise<never> {
  process.kill(process.pid, signal);
  return new Promise(() => setTimeout(() => process.exit(128 + signalNumbers[signal]), 1000));
}

/** What a worker gets. */
interface Task extends Omit<ProgramJob, "module"> {
  readonly module: Uint8Array | WebAssembly.Module;
  /** Where the program's clock has its zero. */
  readonly start: bigint;
  readonly seat?: ThreadSeat;
}

/** What comes with it. */
interface Surroundings {
  readonly capture: boolean;
  readonly signals: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
}

/** The worker's side. */
export function serveProgram(): void {
  const ask = (): void => parentPort?.postMessage({ input: true });
  parentPort?.once("message", ({ capture, signals: signalBytes, input: inputBytes, ...job }: Task & Surroundings) => {
    const signals = new SignalBox(signalBytes);
    const box = new InputBox(inputBytes);
    const input = inputBlocks() ? (bytes: Uint8Array) => box.read(bytes, ask) : null;
    const sink = capture ? (bytes: Uint8Array) => parentPort?.postMessage({ output: bytes.slice() }) : null;
    parentPort?.postMessage(runHere(job, signals, sink, input));
  });
}

/** Runs the program in this thread. `sink` takes what it prints; null for the process's own streams. */
function runHere(
  { module, dataEnd, counters, options, start, seat, code: known }: Omit<Task, "kind">,
  signals: SignalBox,
  sink: ((bytes: Uint8Array) => void) | null,
  input: ((bytes: Uint8Array) => number) | null,
): ProgramResult {
  const files: Files = options.sandbox
    ? new SandboxFiles(sink, input)
    : new NodeFiles(options.cwd, sink, input, options);
  const host = programHost(options, start, signals, files);
  try {
    const machineCode = known === undefined ? null : new MachineCode();
    const compiled =
      module instanceof Uint8Array ? (machineCode?.load(module, known!) ?? new WebAssembly.Module(module)) : module;
    const machine = new Machine(compiled, host, dataEnd, { nativeBudget }, seat ?? null);
    const { code, signal } = machine.run();
    const name = signalName(signal);
    const wanted = options.allocs !== null || options.memProfile !== "";
    const kept = machineCode?.keep(compiled, machine.someFunction) ?? null;
    return {
      code,
      failure: null,
      ...(kept === null ? {} : { machineCode: kept }),
      ...(name === null ? {} : { signal: name }),
      ...(wanted ? { profile: machine.profile(), counts: machine.counters(counters) } : {}),
    };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const where = process.env.GOESC_TRACE ? `\n${error.stack}` : "";
    return { code: 2, failure: `internal error: ${error.message}${where}` };
  }
}

function programHost(options: RunOptions, start: bigint, signals: SignalBox, files: Files): ProgramHost {
  // For tests of what happens after minutes: time passes so many times as fast.
  const rate = BigInt(/^[1-9]\d*$/.exec(process.env.GOESC_CLOCK ?? "")?.[0] ?? 1);
  const nanotime = (): bigint => (process.hrtime.bigint() - start) * rate + 1n;
  const wallStart = BigInt(Date.now()) * 1_000_000n;
  const walltime = (): bigint => wallStart + nanotime();
  const random = options.seed === null ? (bytes: Uint8Array) => void randomFillSync(bytes) : seeded(options.seed);
  const system = new Syscalls({
    files,
    nanotime,
    walltime,
    random,
    pid: process.pid,
    ppid: process.ppid,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    machine: options.sandbox ? sandboxedMachine(process.pid) : machineInfo,
    exit: (code) => {
      throw new ProgramExit(code);
    },
    kill: (pid, signal) => kill(signals, pid, signal, !options.sandbox),
  });
  /** `wait` returns false if it waited for as long as it was to. */
  const waitUntil = (when: bigint, wait: (ms: number) => boolean): void => {
    for (let tick = firstTick; ; tick = Math.min(tick * 2, lastTick)) {
      const ms = Number((when - nanotime()) / rate) / 1e6;
      if (ms <= 0 || wait(system.awaits ? Math.min(ms, tick) : ms) || system.look()) return;
    }
  };
  return {
    args: options.args,
    env: options.sandbox ? [] : options.env,
    godebug: options.godebug,
    origin: options.origin,
    write: (fd, bytes) => files.write(fd, bytes, null),
    nanotime,
    walltime,
    random,
    sleepUntil: (when) => {
      waitUntil(when, (ms) => signals.wait(ms));
    },
    idleUntil: (thread, when) => {
      if (thread === 0) waitUntil(when, (ms) => signals.idle(thread, ms));
      else signals.idle(thread, Number((when - nanotime()) / rate) / 1e6);
    },
    callThread: (thread) => signals.call(thread),
    pendingSignals: () => signals.take(),
    listen: (wanted, ignored) => signals.listen(wanted, ignored),
    number: (what) => (what === numberAwaits ? BigInt(system.awaits) : (numbers(options)[what] ?? 0n)),
    syscall: (number, args, memory) => system.call(number, args, memory),
  };
}

/** kill(2). A signal to the program itself takes the short way; in a sandbox there is no other way. */
function kill(signals: SignalBox, pid: number, signal: number, others: boolean): number {
  const own = pid === process.pid;
  const name = signalName(signal);
  if (own && name !== null) {
    const fate = signals.send(name);
    if (fate === Fate.Kills) throw new ProgramExit(128 + signal, signal);
    return 0;
  }
  if (own && signal === 9) throw new ProgramExit(128 + signal, signal);
  if (!own && !others) return -Errno.EPERM;
  try {
    process.kill(pid, signal);
    return 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? -Errno.ESRCH : -Errno.EPERM;
  }
}

/** How often it is looked at what comes from other programs while there is nothing else to do: milliseconds. */
const firstTick = 0.5;
const lastTick = 10;

/** Of `hostnumber`: whether the program waits for such things. */
const numberAwaits = 7;

/** What `hostnumber` gives; overlay/runtime/stubs.go names them. */
function numbers(options: RunOptions): bigint[] {
  return [
    BigInt(availableParallelism()),
    BigInt(options.maxMemory),
    BigInt(options.gcStress),
    options.check ? 1n : 0n,
    options.seed === null ? 0n : 1n,
    options.allocs !== null || options.memProfile !== "" ? 1n : 0n,
    BigInt(options.threads),
  ];
}

/** Bytes that follow from the seed (splitmix64). */
function seeded(seed: bigint): (bytes: Uint8Array) => void {
  let state = BigInt.asUintN(64, seed);
  return (bytes) => {
    for (let i = 0; i < bytes.length; i += 8) {
      state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
      let z = state;
      z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
      z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
      z ^= z >> 31n;
      for (let k = 0; k < 8 && i + k < bytes.length; k++) bytes[i + k] = Number((z >> BigInt(8 * k)) & 0xffn);
    }
  };
}
