/** The thread that a program runs in (run-host.ts has the other side). */
import { availableParallelism } from "node:os";
import { parentPort } from "node:worker_threads";
import type { ChildHost } from "../runtime/children.ts";
import { Errno } from "../runtime/errno.ts";
import { InputBox } from "../runtime/input.ts";
import { Machine, MachineError, ProgramExit, type ProgramHost } from "../runtime/machine.ts";
import type { NetworkHost } from "../runtime/network-host.ts";
import type { RunOptions } from "../runtime/options.ts";
import { Fate, SignalBox, signalName } from "../runtime/signals.ts";
import { type Files, Syscalls } from "../runtime/syscalls.ts";
import { ChildProcesses } from "./child-processes.ts";
import { codeToKeep, type LoadedModule, loadModule } from "./machine-code.ts";
import { machineInfo, sandboxedMachine } from "./machine-info.ts";
import { NodeFiles, type StandardInput } from "./node-files.ts";
import { OutsideNetwork } from "./outside-network.ts";
import { randomSource } from "./random.ts";
import type { Message, ProgramResult, Task } from "./run-host.ts";
import { SandboxFiles } from "./sandbox-files.ts";

/** What goroutines' own stacks may hold while the native stack (program-thread.ts) lasts: a frame takes 16 bytes at least, and some hundred
 *  of the native stack. */
const nativeBudget = 1 << 20;

/** Waits for a program, and runs it. */
export function serveProgram(): void {
  const send = (message: Message, transfer: readonly ArrayBuffer[] = []): void =>
    parentPort?.postMessage(message, transfer);
  parentPort?.once("message", (task: Task) => {
    const signals = new SignalBox(task.signals);
    const box = task.input === null ? null : new InputBox(task.input);
    const ask = (): void => send({ input: true });
    const input: StandardInput | null =
      box === null ? null : { read: (bytes) => box.read(bytes, ask), takeRest: () => box.takeRest() };
    const sink = task.capture ? (bytes: Uint8Array) => send({ output: bytes.slice() }) : null;
    const loaded = moduleOf(task);
    if (task.module instanceof Uint8Array) send({ module: task.module }, [task.module.buffer as ArrayBuffer]);
    send(runHere(task, loaded, signals, sink, input));
  });
}

function moduleOf({ module, code }: Task): LoadedModule {
  return module instanceof Uint8Array ? loadModule(module, code ?? null) : { module, taken: 0 };
}

/** Runs the program in this thread. `sink` takes what it prints; null for the process's own streams. */
function runHere(
  { dataEnd, counters, options, start, seat, code: known, random }: Task,
  loaded: LoadedModule,
  signals: SignalBox,
  sink: ((bytes: Uint8Array) => void) | null,
  input: StandardInput | null,
): ProgramResult {
  const around = options.sandbox
    ? { files: new SandboxFiles(sink, input), children: null, network: null }
    : filesAndChildren(options, sink, input);
  const host = programHost(options, start, signals, around, random);
  try {
    const began = performance.now();
    const machine = new Machine(loaded.module, host, dataEnd, { nativeBudget }, seat ?? null);
    const { code, signal } = machine.run();
    const name = signalName(signal);
    const wanted = options.allocs !== null || options.memProfile !== "";
    const ran = performance.now() - began;
    const kept = known === undefined ? null : codeToKeep(loaded, machine.someFunction, ran);
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

/** What there is around the program. */
interface Around {
  readonly files: Files;
  readonly children: ChildHost | null;
  readonly network: NetworkHost | null;
}

function filesAndChildren(
  options: RunOptions,
  sink: ((bytes: Uint8Array) => void) | null,
  input: StandardInput | null,
): { files: Files; children: ChildHost; network: NetworkHost } {
  const children = new ChildProcesses(
    (order, transfer = []) => parentPort?.postMessage({ order } satisfies Message, transfer),
    (status) => {
      const signal = status & 0x7f;
      throw new ProgramExit(signal === 0 ? status >> 8 : 128 + signal, signal);
    },
  );
  const files = new NodeFiles(options.cwd, sink, input, options, {
    program: options.program,
    inherited: options.inherited,
    close: (fd) => children.ask({ what: "close", fd }),
    makeProgram: () => void children.ask({ what: "makeProgram" }),
    readOutput: (fd) => void children.ask({ what: "readOutput", fd }),
    relay: (content, from, to) => children.ask({ what: "relay", content, from, to }),
  });
  children.files = files;
  return { files, children, network: new OutsideNetwork(children) };
}

function programHost(
  options: RunOptions,
  start: bigint,
  signals: SignalBox,
  { files, children, network }: Around,
  firstRandom: Uint8Array,
): ProgramHost {
  // For tests of what happens after minutes: time passes so many times as fast.
  const rate = BigInt(/^[1-9]\d*$/.exec(process.env.GOESC_CLOCK ?? "")?.[0] ?? 1);
  const nanotime = (): bigint => (process.hrtime.bigint() - start) * rate + 1n;
  const wallStart = BigInt(Date.now()) * 1_000_000n;
  const walltime = (): bigint => wallStart + nanotime();
  const random = options.seed === null ? randomSource(firstRandom) : seeded(options.seed);
  const system = new Syscalls({
    files,
    nanotime,
    walltime,
    random,
    pid: process.pid,
    ppid: process.ppid,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    children,
    network,
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
      if (ms <= 0 || (system.mayHear && system.look())) return;
      const woken = wait(system.awaits ? Math.min(ms, tick) : ms);
      if (system.look() || woken) return;
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
    number: (what) =>
      what === numberAwaits ? BigInt(system.awaits) | (BigInt(system.mayHear) << 1n) : (numbers(options)[what] ?? 0n),
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

/** Of `hostnumber`: whether system calls wait for such things (1), and whether channels may hear of some (2). */
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
