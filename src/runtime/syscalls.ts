/** Linux system calls (amd64 numbers and structures) over a small interface of files, as far as packages os and syscall of
 *  GOROOT need them every day. `file-calls.ts`, `process-calls.ts` and `socket-calls.ts` have the others. */

import { type Channel, makePipe, Poller, type Watch } from "./channels.ts";
import { type ChildHost, Children } from "./children.ts";
import { Directories } from "./directories.ts";
import { callLater, Errno, Poll } from "./errno.ts";
import { FileCalls, type FileSystem } from "./file-calls.ts";
import { Mappings } from "./mappings.ts";
import type { NetworkHost } from "./network-host.ts";
import { type MachineInfo, ProcessCalls } from "./process-calls.ts";
import { SocketCalls } from "./socket-calls.ts";
import { SocketFiles } from "./socket-files.ts";

/** What `stat` tells. Times in nanoseconds. */
export interface FileInfo {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mode: number;
  readonly nlink: bigint;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: bigint;
  readonly size: bigint;
  readonly blksize: bigint;
  readonly blocks: bigint;
  readonly atime: bigint;
  readonly mtime: bigint;
  readonly ctime: bigint;
}

/** Files of the machine. Calls give their result, or a negative {@link Errno}. Names are absolute or relative to `cwd`. */
export interface Files {
  /** Where the files tell of what happens to pipes of the machine, and of open files that nothing stands for any more. */
  attach(poller: Poller, closed: (file: object) => void): void;
  /** -{@link callLater} while a pipe is not open at its other end; the `caller` asks again. */
  open(path: string, flags: number, mode: number, caller?: bigint): number;
  close(fd: number): number;
  /** `position` null: where the descriptor stands. */
  read(fd: number, bytes: Uint8Array, position: bigint | null): number;
  write(fd: number, bytes: Uint8Array, position: bigint | null): number;
  seek(fd: number, offset: bigint, whence: number): bigint;
  stat(path: string, follow: boolean): FileInfo | number;
  fstat(fd: number): FileInfo | number;
  /** Names and kinds (DT_…) of what is in the directory open as `fd`. */
  entries(fd: number): readonly { readonly name: string; readonly kind: number }[] | number;
  /** The name by which `fd` was opened; null if it is not open. */
  pathOf(fd: number): string | null;
  mkdir(path: string, mode: number): number;
  unlink(path: string): number;
  rmdir(path: string): number;
  rename(from: string, to: string): number;
  link(from: string, to: string): number;
  symlink(target: string, path: string): number;
  readlink(path: string): string | number;
  chmod(path: string, mode: number): number;
  truncate(path: string, size: bigint): number;
  ftruncate(fd: number, size: bigint): number;
  /** Times in seconds. */
  utimes(path: string, atime: number, mtime: number, follow: boolean): number;
  access(path: string, mode: number): number;
  chdir(path: string): number;
  cwd(): string;
  /** Gives what is in the program alone the lowest descriptor that is free. */
  place(channel: Channel): number;
  channel(fd: number): Channel | undefined;
  /** The same, where it is to be one that does not block. */
  unblocked(fd: number): Channel | undefined;
  /** Another descriptor for the same, `least` or more. */
  dup(fd: number, least: number): number;
  /** What the descriptor stands for, as others may, too. */
  openFile(fd: number): object | null;
  /** A name of the directory that is open as `fd`. */
  directoryOf(fd: number): string | null;
  /** As F_GETFL tells them. */
  flagsOf(fd: number): number;
  /** How many descriptors there may be. */
  limit(most: number): void;
  /** What `request` asks of a terminal: `view` from `at` on. */
  ioctl(fd: number, request: number, view: DataView, at: number): number;
  /** Gives the one before. */
  umask(mask: number): number;
  statfs(file: string | number): FileSystem | number;
  mknod(path: string, mode: number): number;
  chown(path: string, uid: number, gid: number, follow: boolean): number;
  fchown(fd: number, uid: number, gid: number): number;
  fchmod(fd: number, mode: number): number;
  sync(fd: number, dataOnly: boolean): number;
  /** A file without a name. */
  anonymous(): number;
}

export interface SystemHost {
  readonly files: Files;
  walltime(): bigint;
  nanotime(): bigint;
  random(bytes: Uint8Array): void;
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly gid: number;
  readonly machine: MachineInfo;
  /** Starts processes; null if the program may not. */
  readonly children: ChildHost | null;
  /** Null if the program reaches nothing but itself. */
  readonly network: NetworkHost | null;
  exit(code: number): never;
  /** Sends a signal to a process; 0, or a negative {@link Errno}. */
  kill(pid: number, signal: number): number;
}

const AT_FDCWD = -100;
const O_NONBLOCK = 0o4000;
const MSG_DONTWAIT = 0x40n;

/** Calls that may wait, with the argument that has MSG_… flags. */
const waiting: ReadonlyMap<number, number> = new Map([
  [0, -1],
  [1, -1],
  [19, -1],
  [20, -1],
  [42, -1],
  [43, -1],
  [44, 3],
  [45, 3],
  [46, 2],
  [47, 2],
  [288, -1],
]);

/** Nanoseconds between two looks at what comes from outside, while the program has something to do. */
const lookInterval = 1_000_000n;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Syscalls {
  private readonly marks: SocketFiles;
  private readonly directories: Directories;
  private readonly poller = new Poller();
  /** What package runtime waits for, by descriptor. */
  private readonly watches = new Map<number, Watch>();
  private readonly sockets: SocketCalls;
  private readonly mappings: Mappings;
  private readonly fileCalls: FileCalls;
  private readonly processCalls: ProcessCalls;
  private readonly children: Children;
  /** When it was last looked at what comes from outside. */
  private looked = 0n;
  /** How much of what they write to channels that block is written, by caller. */
  private readonly progress = new Map<bigint, number>();

  constructor(private readonly host: SystemHost) {
    const { files } = host;
    this.marks = new SocketFiles(files);
    this.directories = new Directories(files, this.marks);
    this.mappings = new Mappings(files);
    this.fileCalls = new FileCalls(files, this.poller, (dirfd, name) => this.at(dirfd, name));
    this.children = new Children(
      host.children,
      this.poller,
      () => host.machine.ids(0)?.group ?? host.pid,
      host.uid,
      () => this.fileCalls.keptAcrossExec(),
    );
    this.processCalls = new ProcessCalls(
      host.machine,
      host.pid,
      host.uid,
      host.gid,
      (most) => files.limit(most),
      () => host.nanotime(),
      this.children.used,
    );
    const random = new Uint32Array(1);
    host.random(new Uint8Array(random.buffer));
    this.sockets = new SocketCalls(
      this.poller,
      {
        place: (channel) => files.place(channel),
        channel: (fd) => files.channel(fd),
        isOpen: (fd) => files.pathOf(fd) !== null,
        identify: (path) => this.marks.identify(path),
        mark: (path) => this.marks.make(path),
      },
      random[0] / 2 ** 32,
      host.network,
    );
  }

  /** The result, or a negative error number; -{@link callLater} if it is to be made again. The seventh argument is the caller. */
  call(number: number, args: BigUint64Array, memory: Uint8Array): bigint {
    const result = number === 1 ? this.write(args, memory) : this.perform(number, args, memory);
    if (result === -Errno.EAGAIN && this.blocks(number, args)) return BigInt(-callLater);
    this.mappings.done(number, args, Number(result), memory, () => cString(memory, Number(args[0] & 0xffffffffn)));
    return typeof result === "bigint" ? result : BigInt(result);
  }

  /** System calls of the program wait for what comes from outside of it. */
  get awaits(): boolean {
    return this.poller.awaits;
  }

  /** Something may come that only those wait for who wait for channels. */
  get mayHear(): boolean {
    return this.poller.hasSource;
  }

  /** Whether something has come from there. */
  look(): boolean {
    return this.poller.look();
  }

  /** A call that would block is about a descriptor that is to do so. */
  private blocks(number: number, args: BigUint64Array): boolean {
    const flags = waiting.get(number);
    if (flags === undefined || (flags >= 0 && (args[flags] & MSG_DONTWAIT) !== 0n)) return false;
    return this.host.files.channel(Number(BigInt.asIntN(32, args[0])))?.nonblocking === false;
  }

  /** Channels that block take all. */
  private write(args: BigUint64Array, memory: Uint8Array): number {
    const fd = Number(BigInt.asIntN(32, args[0]));
    const at = Number(args[1] & 0xffffffffn);
    const bytes = memory.subarray(at, at + Number(args[2]));
    const { files } = this.host;
    if (files.channel(fd)?.nonblocking !== false) return files.write(fd, bytes, null);
    const caller = args[6];
    let done = this.progress.get(caller) ?? 0;
    let n = files.write(fd, bytes.subarray(done), null);
    while (n > 0 && done + n < bytes.length) {
      done += n;
      n = files.write(fd, bytes.subarray(done), null);
    }
    if (n === -Errno.EAGAIN) {
      this.progress.set(caller, done);
      return n;
    }
    this.progress.delete(caller);
    return n < 0 && done === 0 ? n : done + Math.max(n, 0);
  }

  private perform(number: number, args: BigUint64Array, memory: Uint8Array): number | bigint {
    const { files } = this.host;
    const int = (i: number): number => Number(BigInt.asIntN(32, args[i]));
    const address = (i: number): number => Number(args[i] & 0xffffffffn);
    const slice = (i: number, length: number): Uint8Array => memory.subarray(address(i), address(i) + length);
    const text = (i: number): string => cString(memory, address(i));
    const size = (i: number): number => Number(args[i]);
    const path = (dirfd: number, name: number): string | number => this.at(int(dirfd), text(name));
    switch (number) {
      case 0: // read
        return files.read(int(0), slice(1, size(2)), null);
      case 2: // open
        return files.open(text(0), int(1), int(2), args[6]);
      case 3: // close
        this.directories.forget(int(0));
        this.unwatch(int(0));
        this.fileCalls.closing(int(0));
        return files.close(int(0));
      case 4: // stat
        return this.stat(files.stat(text(0), true), memory, address(1));
      case 5: // fstat
        return this.stat(files.fstat(int(0)), memory, address(1));
      case 6: // lstat
        return this.stat(files.stat(text(0), false), memory, address(1));
      case 9: // mmap, after package runtime has read what is in the file
        return this.mappings.add(address(0), size(1), int(4), size(5));
      case 11: // munmap
        return this.mappings.remove(address(0));
      case 7: // poll
        return this.poll(memory, address(0), size(1));
      case 8: // lseek
        if (int(2) === 0 && args[1] === 0n) this.directories.forget(int(0));
        return files.seek(int(0), BigInt.asIntN(64, args[1]), int(2));
      case 16: // ioctl
        return files.ioctl(int(0), int(1), viewOf(memory), address(2));
      case 17: // pread64
        return files.read(int(0), slice(1, size(2)), args[3]);
      case 18: // pwrite64
        return files.write(int(0), slice(1, size(2)), args[3]);
      case 21: // access
        return files.access(text(0), int(1));
      case 24: // sched_yield
        return 0;
      case 35: // nanosleep
      case 230: // clock_nanosleep
        return 0;
      case 39: // getpid
        return this.host.pid;
      case 62: // kill
      case 200: // tkill
        return this.children.isZombie(int(0)) ? 0 : this.host.kill(int(0), int(1));
      case 234: // tgkill
        return this.host.kill(int(0), int(2));
      case 76: // truncate
        return files.truncate(text(0), BigInt.asIntN(64, args[1]));
      case 77: // ftruncate
        return files.ftruncate(int(0), BigInt.asIntN(64, args[1]));
      case 79: // getcwd
        return putString(memory, address(0), size(1), files.cwd());
      case 80: // chdir
        return files.chdir(text(0));
      case 81: {
        // fchdir
        const dir = files.directoryOf(int(0));
        return dir === null ? -Errno.EBADF : files.chdir(dir);
      }
      case 82: // rename
        return this.marks.rename(text(0), text(1));
      case 83: // mkdir
        return files.mkdir(text(0), int(1));
      case 84: // rmdir
        return files.rmdir(text(0));
      case 86: // link
        return files.link(text(0), text(1));
      case 87: // unlink
        return this.marks.unlink(text(0));
      case 88: // symlink
        return files.symlink(text(0), text(1));
      case 89: // readlink
        return this.readlink(text(0), memory, address(1), size(2));
      case 90: // chmod
        return files.chmod(text(0), int(1));
      case 96: // gettimeofday
        return this.timeval(memory, address(0));
      case 102: // getuid
      case 107: // geteuid
        return this.host.uid;
      case 104: // getgid
      case 108: // getegid
        return this.host.gid;
      case 110: // getppid
        return this.host.ppid;
      case 186: // gettid
        return this.host.pid;
      case 201: // time
        return this.host.walltime() / 1_000_000_000n;
      case 217: // getdents64
        return this.directories.read(int(0), memory, address(1), size(2));
      case 228: // clock_gettime
        return this.clock(int(0), memory, address(1));
      case 60: // exit
      case 231: // exit_group
        return this.host.exit(int(0) & 0xff);
      case 232: // epoll_wait, which does not wait
        return this.events(memory, address(1), int(2));
      case 233: // epoll_ctl: there is one set
        return this.watch(int(1), int(2), memory, address(3));
      case 257: {
        // openat
        const file = path(0, 1);
        return typeof file === "number" ? file : files.open(file, int(2), int(3), args[6]);
      }
      case 258: {
        // mkdirat
        const dir = path(0, 1);
        return typeof dir === "number" ? dir : files.mkdir(dir, int(2));
      }
      case 262: {
        // newfstatat
        if ((int(3) & 0x1000) !== 0 && text(1) === "") return this.stat(files.fstat(int(0)), memory, address(2));
        const file = path(0, 1);
        return typeof file === "number"
          ? file
          : this.stat(files.stat(file, (int(3) & 0x100) === 0), memory, address(2));
      }
      case 263: {
        // unlinkat
        const file = path(0, 1);
        if (typeof file === "number") return file;
        return (int(2) & 0x200) !== 0 ? files.rmdir(file) : this.marks.unlink(file);
      }
      case 264: // renameat
      case 316: {
        // renameat2
        const from = path(0, 1);
        const to = path(2, 3);
        if (typeof from === "number") return from;
        return typeof to === "number" ? to : this.marks.rename(from, to);
      }
      case 265: {
        // linkat
        const from = path(0, 1);
        const to = path(2, 3);
        if (typeof from === "number") return from;
        return typeof to === "number" ? to : files.link(from, to);
      }
      case 266: {
        // symlinkat
        const file = path(1, 2);
        return typeof file === "number" ? file : files.symlink(text(0), file);
      }
      case 267: {
        // readlinkat
        const file = path(0, 1);
        return typeof file === "number" ? file : this.readlink(file, memory, address(2), size(3));
      }
      case 268: // fchmodat
      case 452: {
        // fchmodat2
        const file = path(0, 1);
        return typeof file === "number" ? file : files.chmod(file, int(2));
      }
      case 269: // faccessat
      case 439: {
        // faccessat2
        const file = path(0, 1);
        return typeof file === "number" ? file : files.access(file, int(2));
      }
      case 280: {
        // utimensat
        const file = args[1] === 0n ? (files.directoryOf(int(0)) ?? -Errno.EBADF) : path(0, 1);
        return typeof file === "number" ? file : this.utimens(file, memory, address(2), (int(3) & 0x100) === 0);
      }
      case 275: // splice
        return -Errno.EINVAL;
      case 293: {
        // pipe2
        const [reader, writer] = makePipe(this.poller).map((end) => {
          end.nonblocking = (int(1) & O_NONBLOCK) !== 0;
          return files.place(end);
        });
        if (reader < 0 || writer < 0) {
          files.close(reader);
          return -Errno.EMFILE;
        }
        const view = viewOf(memory);
        view.setInt32(address(0), reader, true);
        view.setInt32(address(0) + 4, writer, true);
        return 0;
      }
      case 318: {
        // getrandom
        this.host.random(slice(0, size(1)));
        return size(1);
      }
      default: {
        const about = this.fileCalls.perform(number, args, memory);
        if (about !== FileCalls.notMine) return about;
        const own = this.processCalls.perform(number, args, memory);
        if (own !== ProcessCalls.notMine) return own;
        const child = this.children.perform(number, args, memory);
        if (child !== Children.notMine) return child;
        const result = this.sockets.perform(number, args, memory);
        return result === SocketCalls.notMine ? -Errno.ENOSYS : this.newSockets(number, result, args, memory);
      }
    }
  }

  /** Notes of new sockets whether they block. */
  private newSockets(number: number, result: number, args: BigUint64Array, memory: Uint8Array): number {
    if (result < 0 || (number !== 41 && number !== 53 && number !== 288)) return result;
    const pair = viewOf(memory);
    const at = Number(args[3] & 0xffffffffn);
    const made = number === 53 ? [pair.getInt32(at, true), pair.getInt32(at + 4, true)] : [result];
    const flags = Number(args[number === 288 ? 3 : 1] & 0xffffffffn);
    for (const fd of made) {
      const channel = this.host.files.channel(fd);
      if (channel !== undefined) channel.nonblocking = (flags & O_NONBLOCK) !== 0;
    }
    return result;
  }

  /** What would not block (`Poll` bits); -EPERM for files, which are always ready. */
  private ready(fd: number): number {
    const channel = this.host.files.channel(fd);
    if (channel !== undefined) return channel.ready();
    return this.host.files.pathOf(fd) === null ? -Errno.EBADF : -Errno.EPERM;
  }

  private watch(command: number, fd: number, memory: Uint8Array, event: number): number {
    const EPOLL_CTL_ADD = 1;
    if (command !== EPOLL_CTL_ADD) return this.unwatch(fd) ? 0 : -Errno.ENOENT;
    const channel = this.host.files.channel(fd);
    if (channel === undefined) return this.ready(fd);
    if (this.watches.has(fd)) return -Errno.EEXIST;
    const watch = { channel, data: viewOf(memory).getBigUint64(event + 4, true) };
    this.watches.set(fd, watch);
    this.poller.add(watch);
    return 0;
  }

  private unwatch(fd: number): boolean {
    const watch = this.watches.get(fd);
    if (watch === undefined) return false;
    this.watches.delete(fd);
    this.poller.remove(watch);
    return true;
  }

  private events(memory: Uint8Array, at: number, most: number): number {
    const now = this.host.nanotime();
    if ((this.poller.awaits || this.poller.hasSource) && now - this.looked > lookInterval) {
      this.looked = now;
      this.poller.look();
    }
    const found = this.poller.take(most - 1);
    // Nobody's: calls that wait are to be made again.
    if (this.poller.takeChange()) found.push({ data: 0n, events: Poll.In });
    const view = viewOf(memory);
    found.forEach(({ data, events }, i) => {
      view.setUint32(at + 12 * i, events, true);
      view.setBigUint64(at + 12 * i + 4, data, true);
    });
    return found.length;
  }

  /** A name relative to an open directory. */
  private at(dirfd: number, name: string): string | number {
    if (dirfd === AT_FDCWD || name.startsWith("/")) return name;
    const dir = this.host.files.directoryOf(dirfd);
    return dir === null ? -Errno.EBADF : `${dir}/${name}`;
  }

  private stat(info: FileInfo | number, memory: Uint8Array, at: number): number {
    if (typeof info === "number") return info;
    const view = viewOf(memory);
    view.setBigUint64(at, info.dev, true);
    view.setBigUint64(at + 8, info.ino, true);
    view.setBigUint64(at + 16, info.nlink, true);
    const kind = this.marks.has(info) ? 0o140000 : info.mode & 0o170000;
    view.setUint32(at + 24, kind | (info.mode & 0o7777), true);
    view.setUint32(at + 28, info.uid, true);
    view.setUint32(at + 32, info.gid, true);
    view.setUint32(at + 36, 0, true);
    view.setBigUint64(at + 40, info.rdev, true);
    view.setBigInt64(at + 48, info.size, true);
    view.setBigInt64(at + 56, info.blksize, true);
    view.setBigInt64(at + 64, info.blocks, true);
    for (const [i, time] of [info.atime, info.mtime, info.ctime].entries()) {
      view.setBigInt64(at + 72 + i * 16, time / 1_000_000_000n, true);
      view.setBigInt64(at + 80 + i * 16, time % 1_000_000_000n, true);
    }
    for (let i = 120; i < 144; i += 8) view.setBigInt64(at + i, 0n, true);
    return 0;
  }

  /** `poll` that does not wait. */
  private poll(memory: Uint8Array, at: number, count: number): number {
    const view = viewOf(memory);
    let found = 0;
    for (let i = 0; i < count; i++) {
      const entry = at + i * 8;
      const wanted = view.getInt16(entry + 4, true) | Poll.Err | Poll.Hup;
      const ready = this.ready(view.getInt32(entry, true));
      const events = (ready === -Errno.EPERM ? Poll.In | Poll.Out : ready < 0 ? Poll.Err : ready) & wanted;
      view.setInt16(entry + 6, events, true);
      if (events !== 0) found++;
    }
    return found;
  }

  private readlink(path: string, memory: Uint8Array, at: number, size: number): number {
    const target = this.host.files.readlink(path);
    if (typeof target === "number") return target;
    const bytes = encoder.encode(target).subarray(0, size);
    memory.set(bytes, at);
    return bytes.length;
  }

  private clock(id: number, memory: Uint8Array, at: number): number {
    const CLOCK_REALTIME = 0;
    const now = id === CLOCK_REALTIME ? this.host.walltime() : this.host.nanotime();
    const view = viewOf(memory);
    view.setBigInt64(at, now / 1_000_000_000n, true);
    view.setBigInt64(at + 8, now % 1_000_000_000n, true);
    return 0;
  }

  private timeval(memory: Uint8Array, at: number): number {
    const now = this.host.walltime() / 1000n;
    const view = viewOf(memory);
    view.setBigInt64(at, now / 1_000_000n, true);
    view.setBigInt64(at + 8, now % 1_000_000n, true);
    return 0;
  }

  private utimens(path: string, memory: Uint8Array, at: number, follow: boolean): number {
    const UTIME_NOW = 0x3fffffffn;
    const UTIME_OMIT = 0x3ffffffen;
    const now = Number(this.host.walltime()) / 1e9;
    if (at === 0) return this.host.files.utimes(path, now, now, follow);
    const info = this.host.files.stat(path, follow);
    if (typeof info === "number") return info;
    const view = viewOf(memory);
    const time = (offset: number, old: bigint): number => {
      const nsec = view.getBigInt64(at + offset + 8, true);
      if (nsec === UTIME_NOW) return now;
      if (nsec === UTIME_OMIT) return Number(old) / 1e9;
      return Number(view.getBigInt64(at + offset, true)) + Number(nsec) / 1e9;
    };
    return this.host.files.utimes(path, time(0, info.atime), time(16, info.mtime), follow);
  }
}

function viewOf(memory: Uint8Array): DataView {
  return new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
}

function cString(memory: Uint8Array, at: number): string {
  const end = memory.indexOf(0, at);
  return decoder.decode(memory.slice(at, end));
}

/** Writes a string with its end mark; the bytes written. */
function putString(memory: Uint8Array, at: number, size: number, text: string): number {
  const bytes = encoder.encode(text);
  const ERANGE = 34;
  if (bytes.length + 1 > size) return -ERANGE;
  memory.set(bytes, at);
  memory[at + bytes.length] = 0;
  return bytes.length + 1;
}
