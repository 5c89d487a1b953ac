/** System calls about processes that the program starts (amd64 numbers and structures): starting them, `execve`, `wait4`,
 *  `waitid`. The host starts them and tells when they have ended. */
import type { Poller } from "./channels.ts";
import { callLater, Errno } from "./errno.ts";

/** What a child is to be like. */
export interface StartRequest {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** Absolute, or relative to where the program is; "" for that. */
  readonly dir: string;
  /** Descriptors of the program, by the number that they are to have; -1 for none. */
  readonly files: readonly number[];
  /** A session and group of its own. */
  readonly newGroup: boolean;
  readonly credential: { readonly uid: number; readonly gid: number } | null;
  /** The signal that it gets when the program ends; 0 for none. */
  readonly deathSignal: number;
}

export interface ChildEnd {
  readonly pid: number;
  /** As `wait4` tells it. */
  readonly status: number;
  /** Microseconds. */
  readonly user: number;
  readonly system: number;
}

export interface ChildHost {
  /** Its number, or a negative error number. */
  start(request: StartRequest): number;
  /** Lets a child take the place of the program, and so only returns if that fails. */
  replace(request: StartRequest): number;
  /** The children that have ended since it was last asked. */
  ended(): readonly ChildEnd[];
}

/** overlay/syscall/startprocess.go */
const startProcess = 1024;
const NewGroup = 1n;
const HasCredential = 2n;

const WNOHANG = 1;
const WNOWAIT = 0x01000000;
const SIGCHLD = 17;

const notMine = Symbol("no call about children");

export class Children {
  private readonly running = new Map<number, { readonly group: number }>();
  /** Those that the program has not waited for. */
  private readonly ended = new Map<number, ChildEnd & { readonly group: number }>();
  /** Calls that wait for an end, by caller. */
  private readonly waiting = new Set<bigint>();
  /** What those that the program has waited for have used: microseconds. */
  readonly used = { user: 0, system: 0 };

  constructor(
    /** Null if the program may start no processes. */
    private readonly host: ChildHost | null,
    private readonly poller: Poller,
    private readonly group: () => number,
    private readonly uid: number,
    /** The descriptors that are kept when the program is replaced. */
    private readonly keptFiles: () => readonly number[],
  ) {}

  static readonly notMine: typeof notMine = notMine;

  /** It has ended, but the program does not know yet, so its number still stands for it. */
  isZombie(pid: number): boolean {
    this.collect();
    return this.ended.has(pid);
  }

  perform(number: number, args: BigUint64Array, memory: Uint8Array): number | typeof notMine {
    const int = (i: number): number => Number(BigInt.asIntN(32, args[i]));
    const at = (i: number): number => Number(args[i] & 0xffffffffn);
    const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    switch (number) {
      case startProcess:
        return this.start(readRequest(memory, view, at(0)));
      case 59: // execve
        return (
          this.host?.replace({
            path: text(memory, at(0)),
            args: texts(memory, view, at(1)),
            env: texts(memory, view, at(2)),
            dir: "",
            files: this.keptFiles(),
            newGroup: false,
            credential: null,
            deathSignal: 0,
          }) ?? -Errno.EPERM
        );
      case 61: {
        // wait4
        const pid = int(0);
        const who = pid > 0 ? only(pid) : pid === -1 ? anyone : inGroup(pid === 0 ? this.group() : -pid);
        const end = this.wait(who, int(2), args[6]);
        if (typeof end === "number") return end;
        if (at(1) !== 0) view.setInt32(at(1), end.status, true);
        if (at(3) !== 0) putUsage(view, at(3), end);
        return end.pid;
      }
      case 247: {
        // waitid
        const who = [anyone, only(int(1)), inGroup(int(1))][int(0)];
        if (who === undefined) return -Errno.EINVAL;
        const end = this.wait(who, int(3), args[6]);
        if (typeof end === "number" && end < 0) return end;
        if (at(2) !== 0) this.putInfo(view, at(2), typeof end === "number" ? null : end);
        if (at(4) !== 0 && typeof end !== "number") putUsage(view, at(4), end);
        return 0;
      }
      default:
        return notMine;
    }
  }

  private start(request: StartRequest): number {
    const pid = this.host?.start(request) ?? -Errno.EPERM;
    if (pid > 0) this.running.set(pid, { group: request.newGroup ? pid : this.group() });
    return pid;
  }

  private collect(): boolean {
    const ends = this.running.size === 0 ? [] : (this.host?.ended() ?? []);
    for (const end of ends) {
      const child = this.running.get(end.pid);
      this.running.delete(end.pid);
      if (child !== undefined) this.ended.set(end.pid, { ...end, ...child });
    }
    return ends.length > 0;
  }

  /** One that has ended, 0 if it is not to be waited for one, or a negative number. */
  private wait(who: Who, options: number, caller: bigint): ChildEnd | number {
    this.collect();
    for (const end of this.ended.values()) {
      if (!who(end.pid, end.group)) continue;
      if ((options & WNOWAIT) === 0) {
        this.ended.delete(end.pid);
        this.used.user += end.user;
        this.used.system += end.system;
      }
      this.stopWaiting(caller);
      return end;
    }
    const some = [...this.running].some(([pid, { group }]) => who(pid, group));
    if (!some || (options & WNOHANG) !== 0) {
      this.stopWaiting(caller);
      return some ? 0 : -Errno.ECHILD;
    }
    this.waiting.add(caller);
    this.poller.await(this.due);
    return -callLater;
  }

  private readonly due = (): boolean => this.collect();

  private stopWaiting(caller: bigint): void {
    this.waiting.delete(caller);
    if (this.waiting.size === 0) this.poller.forget(this.due);
    else this.poller.await(this.due);
  }

  /** A siginfo_t. */
  private putInfo(view: DataView, at: number, end: ChildEnd | null): void {
    for (let i = 0; i < 128; i += 8) view.setBigUint64(at + i, 0n, true);
    if (end === null) return;
    const Exited = 1;
    const Killed = 2;
    const signal = end.status & 0x7f;
    view.setInt32(at, SIGCHLD, true);
    view.setInt32(at + 8, signal === 0 ? Exited : Killed, true);
    view.setInt32(at + 16, end.pid, true);
    view.setUint32(at + 20, this.uid, true);
    view.setInt32(at + 24, signal === 0 ? end.status >> 8 : signal, true);
  }
}

/** Whether a call is about a process, by its number and group. */
type Who = (pid: number, group: number) => boolean;

const anyone: Who = () => true;
const only =
  (wanted: number): Who =>
  (pid) =>
    pid === wanted;
const inGroup =
  (wanted: number): Who =>
  (_, group) =>
    group === wanted;

/** A struct rusage. */
function putUsage(view: DataView, at: number, { user, system }: ChildEnd): void {
  for (let i = 0; i < 144; i += 8) view.setBigInt64(at + i, 0n, true);
  [user, system].forEach((time, i) => {
    view.setBigInt64(at + 16 * i, BigInt(Math.floor(time / 1e6)), true);
    view.setBigInt64(at + 16 * i + 8, BigInt(Math.floor(time % 1e6)), true);
  });
}

function readRequest(memory: Uint8Array, view: DataView, at: number): StartRequest {
  const word = (i: number): bigint => view.getBigInt64(at + 8 * i, true);
  const address = (i: number): number => Number(word(i) & 0xffffffffn);
  const flags = word(6);
  return {
    path: text(memory, address(0)),
    args: texts(memory, view, address(1)),
    env: texts(memory, view, address(2)),
    dir: address(3) === 0 ? "" : text(memory, address(3)),
    files: Array.from({ length: Number(word(5)) }, (_, i) => Number(view.getBigInt64(address(4) + 8 * i, true))),
    newGroup: (flags & NewGroup) !== 0n,
    credential: (flags & HasCredential) === 0n ? null : { uid: Number(word(7)), gid: Number(word(8)) },
    deathSignal: Number(word(9)),
  };
}

const decoder = new TextDecoder();

function text(memory: Uint8Array, at: number): string {
  return decoder.decode(memory.slice(at, memory.indexOf(0, at)));
}

/** An array of pointers to strings, ended by a null. */
function texts(memory: Uint8Array, view: DataView, at: number): string[] {
  const found: string[] = [];
  if (at === 0) return found;
  for (let i = at; view.getBigUint64(i, true) !== 0n; i += 8)
    found.push(text(memory, Number(view.getBigUint64(i, true) & 0xffffffffn)));
  return found;
}
