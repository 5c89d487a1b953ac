/** Runs a linked program in a worker thread (serve-program.ts), which has a deep native stack and can be ended at any time. */
import type { Worker } from "node:worker_threads";
import { InputBox } from "../runtime/input.ts";
import { seatWords, type ThreadSeat } from "../runtime/machine.ts";
import type { RunOptions } from "../runtime/options.ts";
import type { ProfileSite } from "../runtime/profile.ts";
import { Fate, SignalBox, signalNumbers } from "../runtime/signals.ts";
import { memoryPages } from "../wasm/memory.ts";
import type { Order } from "./child-processes.ts";
import { ChildStarter } from "./child-starter.ts";
import { Input, inputBlocks } from "./input.ts";
import { loadModule } from "./machine-code.ts";
import { programFile } from "./own-program.ts";
import { startProgramThread } from "./program-thread.ts";
import { randomBytes } from "./random.ts";
import { takeThread } from "./started-code.ts";

/** What the worker is to run. */
export interface ProgramJob {
  readonly kind: "program";
  /** Whoever runs it takes these bytes: they are not the caller's any more. */
  readonly module: Uint8Array;
  readonly dataEnd: number;
  /** Addresses of counters of what stays on the stack. */
  readonly counters: readonly number[];
  readonly options: RunOptions;
  /** goesc's own file, which runs the program if it starts itself. */
  readonly command: string;
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

/** In ms: what a timer can count. */
const longestTimeout = 2 ** 31 - 1;

/** The exit codes of a program that was ended. */
const timedOut = 124;

/** So many random bytes come with a program: few need more. */
const startBytes = 256;

/** What a worker gets. */
export interface Task extends Omit<ProgramJob, "module"> {
  readonly module: Uint8Array | WebAssembly.Module;
  /** Where the program's clock has its zero. */
  readonly start: bigint;
  readonly seat?: ThreadSeat;
  /** The first random bytes. */
  readonly random: Uint8Array;
  /** What is printed is to be sent. */
  readonly capture: boolean;
  readonly signals: SharedArrayBuffer;
  /** Null if standard input never blocks. */
  readonly input: SharedArrayBuffer | null;
}

/** What the worker says: that it is done with the module's bytes, a piece of output, that it wants input, something about
 *  children, or the end. */
export type Message =
  | { readonly module: Uint8Array }
  | { readonly output: Uint8Array }
  | { readonly input: true }
  | { readonly order: Order }
  | ProgramResult;

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

  /** `last`: the process exits when the program has ended, which is the end of its threads, too. */
  constructor(
    self: string,
    threads = 0,
    private readonly last = false,
  ) {
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
        const closed = children.close();
        own.remove();
        const ends = this.last ? [] : workers.map((worker) => worker.terminate());
        Promise.all([closed, ...ends]).then(() => resolve(result));
      };
      if (this.ended !== null) {
        resolve(this.ended);
        return;
      }
      const input = new Input(this.inputBox, () => this.signals.sendInput());
      let current = job;
      const own = programFile(job.options, () => current, job.command);
      const children = new ChildStarter(own, () => this.signals.sendInput(), capture);
      const release = hearSignals(this.signals, this.finish, (name) => children.passOn(name));
      const { timeout } = job.options;
      if (timeout > 0 && timeout <= longestTimeout) {
        const failure = `timeout: the program ran for ${timeout / 1000} s`;
        timer = setTimeout(() => this.finish({ code: timedOut, failure }), timeout);
      }
      const start = process.hrtime.bigint();
      const shared = job.options.threads === 0 ? null : shareProgram(job);
      workers.forEach((worker, index) => {
        worker.on("message", (message: Message) => {
          if ("module" in message) current = { ...job, module: message.module };
          else if ("output" in message) capture?.(message.output);
          else if ("input" in message) input.wanted();
          else if ("order" in message) children.handle(message.order);
          else this.finish(message);
        });
        worker.ref();
        const task: Task = {
          ...job,
          ...(shared === null ? {} : { module: shared.module, seat: { ...shared.seat, index } }),
          start,
          random: randomBytes(startBytes),
          capture: capture !== null,
          signals: this.signals.buffer,
          input: inputBlocks() ? this.inputBox.buffer : null,
        };
        // The bytes go there and come back: a program takes a megabyte or more.
        worker.postMessage(task, task.module instanceof Uint8Array ? [task.module.buffer as ArrayBuffer] : []);
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
  return { module: loadModule(module, null).module, seat: { memory, count, seats } };
}

/** How long a program may take to tell what it does when a signal ends it, in ms: the machine may be busy, too. */
const answerTime = 10_000;

/** Passes signals of the process on, and ends the program by those that it has not asked for. `passOn` takes those that are
 *  not for the program any more. */
function hearSignals(
  box: SignalBox,
  finish: (result: ProgramResult) => void,
  passOn: (name: NodeJS.Signals) => boolean,
): () => void {
  const heard: [string, () => void][] = [];
  let timer: NodeJS.Timeout | undefined;
  for (const name of Object.keys(signalNumbers)) {
    const listener = (): void => {
      if (name !== "SIGCHLD" && passOn(name as NodeJS.Signals)) return;
      const fate = box.send(name);
      if (fate === Fate.Kills)
        finish({ code: 128 + signalNumbers[name], signal: name, interrupted: true, failure: null });
      else if (fate === Fate.Throws) {
        const give = (): void => finish({ code: 2, failure: `${name}: the program is busy and does not answer` });
        // Whoever sends another one has no patience.
        if (timer === undefined) timer = setTimeout(give, answerTime);
        else give();
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
