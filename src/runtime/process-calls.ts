/** System calls about the process and its machine (amd64 numbers and structures): limits, usage, names, priorities. What they set
 *  holds within the program. */
import { Errno } from "./errno.ts";

/** What the process and the machine are like. */
export interface MachineInfo {
  /** Of each resource (RLIMIT_…): soft and hard limit. */
  limits(): (readonly [bigint, bigint])[];
  /** What the process has used, times in microseconds. */
  usage(): Usage;
  readonly uname: { system: string; node: string; release: string; version: string; domain: string };
  status(): { uptime: number; loads: readonly number[]; memory: Readonly<Record<string, bigint>>; processes: number };
  groups(): readonly number[];
  /** Group and session of a process, 0 for the program's own; null if there is none. */
  ids(pid: number): { readonly group: number; readonly session: number } | null;
  /** Which processors it may use, as bits. */
  affinity(): Uint8Array;
  priority(pid: number): number | null;
  setPriority(pid: number, priority: number): number;
}

export interface Usage {
  readonly user: number;
  readonly system: number;
  /** In KiB. */
  readonly maxrss: number;
  /** Of struct rusage, in its order, from ru_ixrss on. */
  readonly counts: readonly number[];
}

const unlimited = 0xffffffffffffffffn;
const numOfFiles = 7;
const notMine = Symbol("no call about the process");

export class ProcessCalls {
  private limits: (readonly [bigint, bigint])[] | null = null;
  private mask: Uint8Array | null = null;
  private keepCaps = 0;
  private name = "";

  constructor(
    private readonly machine: MachineInfo,
    private readonly pid: number,
    private readonly uid: number,
    private readonly gid: number,
    /** The most descriptors that may be open. */
    private readonly limitFiles: (most: number) => void,
    /** Nanoseconds. */
    private readonly now: () => bigint,
    /** What children that have ended have used: microseconds. */
    private readonly ofChildren: { readonly user: number; readonly system: number },
  ) {}

  static readonly notMine: typeof notMine = notMine;

  perform(number: number, args: BigUint64Array, memory: Uint8Array): number | bigint | typeof notMine {
    const int = (i: number): number => Number(BigInt.asIntN(32, args[i]));
    const at = (i: number): number => Number(args[i] & 0xffffffffn);
    const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    switch (number) {
      case 10: // mprotect: all memory can be read and written
      case 149: // mlock
      case 150: // munlock
      case 151: // mlockall
      case 152: // munlockall
        return 0;
      case 63: // uname
        return this.uname(memory, at(0));
      case 97: // getrlimit
        return this.limit(0, int(0), 0, at(1), view);
      case 160: // setrlimit
        return this.limit(0, int(0), at(1), 0, view);
      case 302: // prlimit64
        return this.limit(int(0), int(1), at(2), at(3), view);
      case 98: // getrusage
        return this.usage(int(0), view, at(1));
      case 99: // sysinfo
        return this.sysinfo(view, at(0));
      case 100: // times
        return this.times(view, at(0));
      case 105: // setuid
      case 106: // setgid
        return int(0) === (number === 105 ? this.uid : this.gid) ? 0 : -Errno.EPERM;
      case 111: // getpgrp
        return this.machine.ids(0)?.group ?? this.pid;
      case 121: // getpgid
        return this.machine.ids(int(0))?.group ?? -Errno.ESRCH;
      case 124: // getsid
        return this.machine.ids(int(0))?.session ?? -Errno.ESRCH;
      case 115: {
        // getgroups
        const groups = this.machine.groups();
        if (int(0) === 0) return groups.length;
        if (int(0) < groups.length) return -Errno.EINVAL;
        groups.forEach((group, i) => {
          view.setUint32(at(1) + 4 * i, group, true);
        });
        return groups.length;
      }
      case 118: // getresuid
      case 120: // getresgid
        for (const i of [0, 1, 2]) view.setUint32(at(i), number === 118 ? this.uid : this.gid, true);
        return 0;
      case 140: {
        // getpriority
        const priority = this.machine.priority(int(0) === 0 ? int(1) : 0);
        return int(0) > 2 ? -Errno.EINVAL : priority === null ? -Errno.ESRCH : 20 - priority;
      }
      case 141: // setpriority
        return int(0) !== 0 ? -Errno.EINVAL : this.machine.setPriority(int(1), Math.max(-20, Math.min(19, int(2))));
      case 157: // prctl
        return this.prctl(int(0), memory, at(1));
      case 203: // sched_setaffinity
        this.mask = memory.slice(at(2), at(2) + Number(args[1]));
        return 0;
      case 204: {
        // sched_getaffinity
        const mask = this.mask ?? this.machine.affinity();
        const size = Number(args[1]);
        if (size < mask.length || size % 8 !== 0) return -Errno.EINVAL;
        memory.set(mask, at(2));
        return mask.length;
      }
      default:
        return notMine;
    }
  }

  private limit(pid: number, resource: number, to: number, old: number, view: DataView): number {
    if (pid !== 0 && pid !== this.pid) return -Errno.EPERM;
    this.limits ??= this.machine.limits();
    const limit = this.limits[resource];
    if (limit === undefined) return -Errno.EINVAL;
    const wanted = to === 0 ? null : ([view.getBigUint64(to, true), view.getBigUint64(to + 8, true)] as const);
    if (old !== 0) {
      view.setBigUint64(old, limit[0], true);
      view.setBigUint64(old + 8, limit[1], true);
    }
    if (wanted === null) return 0;
    if (wanted[0] > wanted[1]) return -Errno.EINVAL;
    if (wanted[1] > limit[1] && this.uid !== 0) return -Errno.EPERM;
    this.limits[resource] = wanted;
    if (resource === numOfFiles) this.limitFiles(wanted[0] === unlimited ? Infinity : Number(wanted[0]));
    return 0;
  }

  private usage(who: number, view: DataView, to: number): number {
    const Children = -1;
    if (who !== 0 && who !== 1 && who !== Children) return -Errno.EINVAL;
    for (let i = 0; i < 144; i += 8) view.setBigInt64(to + i, 0n, true);
    const { user, system, maxrss, counts } =
      who === Children ? { ...this.ofChildren, maxrss: 0, counts: [] } : this.machine.usage();
    [user, system].forEach((time, i) => {
      view.setBigInt64(to + 16 * i, BigInt(Math.floor(time / 1e6)), true);
      view.setBigInt64(to + 16 * i + 8, BigInt(Math.floor(time % 1e6)), true);
    });
    [maxrss, ...counts].forEach((n, i) => {
      view.setBigInt64(to + 32 + 8 * i, BigInt(n), true);
    });
    return 0;
  }

  /** In hundredths of a second. */
  private times(view: DataView, to: number): bigint {
    const { user, system } = this.machine.usage();
    const ticks = [user, system, this.ofChildren.user, this.ofChildren.system].map((time) =>
      BigInt(Math.floor(time / 10_000)),
    );
    if (to !== 0)
      ticks.forEach((n, i) => {
        view.setBigInt64(to + 8 * i, n, true);
      });
    return this.now() / 10_000_000n;
  }

  private sysinfo(view: DataView, to: number): number {
    const { uptime, loads, memory, processes } = this.machine.status();
    view.setBigInt64(to, BigInt(Math.floor(uptime)), true);
    loads.forEach((load, i) => {
      view.setBigUint64(to + 8 + 8 * i, BigInt(Math.floor(load * 65536)), true);
    });
    const { total = 0n, free = 0n, shared = 0n, buffers = 0n, swap = 0n, freeSwap = 0n } = memory;
    [total, free, shared, buffers, swap, freeSwap].forEach((bytes, i) => {
      view.setBigUint64(to + 32 + 8 * i, bytes, true);
    });
    view.setUint16(to + 80, Math.min(processes, 65535), true);
    view.setBigUint64(to + 88, 0n, true);
    view.setBigUint64(to + 96, 0n, true);
    view.setUint32(to + 104, 1, true);
    return 0;
  }

  private uname(memory: Uint8Array, at: number): number {
    const { system, node, release, version, domain } = this.machine.uname;
    const fields = [system, node, release, version, "x86_64", domain];
    memory.fill(0, at, at + 65 * fields.length);
    fields.forEach((field, i) => {
      memory.set(new TextEncoder().encode(field).subarray(0, 64), at + 65 * i);
    });
    return 0;
  }

  /** The name of the thread alone. */
  private prctl(option: number, memory: Uint8Array, at: number): number {
    const GetKeepCaps = 7;
    const SetKeepCaps = 8;
    const SetName = 15;
    const GetName = 16;
    if (option === SetName) {
      const bytes = memory.slice(at, at + 15);
      const end = bytes.indexOf(0);
      this.name = new TextDecoder().decode(bytes.subarray(0, end < 0 ? 15 : end));
      return 0;
    }
    if (option === GetKeepCaps) return this.keepCaps;
    if (option === SetKeepCaps && at <= 1) {
      this.keepCaps = at;
      return 0;
    }
    if (option !== GetName) return -Errno.EINVAL;
    memory.fill(0, at, at + 16);
    memory.set(new TextEncoder().encode(this.name).subarray(0, 15), at);
    return 0;
  }
}
