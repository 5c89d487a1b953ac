/** Signals on their way from the process to the program: words of shared memory between the thread that hears of them and
 *  the thread that runs the program. */

/** Signals by name; numbers are those of Linux. */
export const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGWINCH: 28,
};

export function signalName(number: number): string | null {
  return Object.keys(signalNumbers).find((name) => signalNumbers[name] === number) ?? null;
}

/** Those that end a program which has not asked for them. */
const killers = new Set(["SIGHUP", "SIGINT", "SIGTERM"]);
/** Those that make it print its goroutines first. */
const throwers = new Set(["SIGQUIT", "SIGTRAP", "SIGABRT"]);

/** What becomes of a signal. */
export const enum Fate {
  /** The program gets it. */
  Delivered,
  Dropped,
  /** It ends the program, from outside. */
  Kills,
  /** It ends the program, which is to say what it does; from outside if it does not answer. */
  Throws,
}

// Words.
const pending = 0;
/** The first of two that are only ever seen together: signals that the program wants, and those that it ignores. */
const masks = 2;
/** The first of those that idle threads wait for: not 0 if there is something to look at. */
const calls = 4;

/** How many threads may run goroutines. */
export const maxThreads = 16;

const words = calls + maxThreads;

export class SignalBox {
  private readonly state: Int32Array;
  private readonly masks: BigInt64Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(words * 4)) {
    this.state = new Int32Array(buffer);
    this.masks = new BigInt64Array(buffer, masks * 4, 1);
  }

  /** A signal has come. */
  send(name: string): Fate {
    const bit = 1 << signalNumbers[name];
    const both = Atomics.load(this.masks, 0);
    const wanted = Number(BigInt.asIntN(32, both));
    const ignored = Number(both >> 32n);
    if ((wanted & bit) === 0) {
      if ((ignored & bit) !== 0) return Fate.Dropped;
      if (killers.has(name)) return Fate.Kills;
      if (!throwers.has(name)) return Fate.Dropped;
      this.post(bit);
      return Fate.Throws;
    }
    this.post(bit);
    return Fate.Delivered;
  }

  /** There is input: no signal has number 0. */
  sendInput(): void {
    this.post(1);
  }

  private post(bit: number): void {
    Atomics.or(this.state, pending, bit);
    Atomics.notify(this.state, pending);
    for (let thread = 0; thread < maxThreads; thread++) this.call(thread);
  }

  // The program's side.

  /** Those that have come since it was last asked, as bits. */
  take(): number {
    return Atomics.load(this.state, pending) === 0 ? 0 : Atomics.exchange(this.state, pending, 0);
  }

  listen(want: number, ignore: number): void {
    Atomics.store(this.masks, 0, (BigInt(ignore) << 32n) | BigInt.asUintN(32, BigInt(want)));
  }

  /** Has an idle thread look for something to do. */
  call(thread: number): void {
    Atomics.store(this.state, calls + thread, 1);
    Atomics.notify(this.state, calls + thread);
  }

  /** Waits for such a call, `ms` at most; whether there was one. */
  idle(thread: number, ms: number): boolean {
    if (ms > 0) Atomics.wait(this.state, calls + thread, 0, ms);
    return Atomics.exchange(this.state, calls + thread, 0) !== 0;
  }

  /** Waits for a signal, `ms` at most; whether there is one. */
  wait(ms: number): boolean {
    return Atomics.wait(this.state, pending, 0, ms) !== "timed-out";
  }
}
