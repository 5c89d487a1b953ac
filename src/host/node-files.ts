/** Files of this machine for programs that goesc runs. */
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fchmodSync,
  fchownSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Channel, Poller } from "../runtime/channels.ts";
import { callLater, Errno } from "../runtime/errno.ts";
import type { FileSystem } from "../runtime/file-calls.ts";
import type { FileInfo, Files } from "../runtime/syscalls.ts";
import { attempt } from "./attempt.ts";
import { execFileSync } from "./child-process.ts";
import { isTerminal } from "./input.ts";
import { Loans } from "./loans.ts";
import { descriptorInfo, moveTo } from "./offsets.ts";
import { OutsideChannel } from "./outside.ts";
import { reopenPipe } from "./real-pipes.ts";
import { terminalCall } from "./terminal.ts";

interface OpenFile {
  readonly path: string;
  /** Of the system. */
  fd: number;
  /** Where it stands; null for streams. */
  position: bigint | null;
  /** A child has it, too: where it stands is for the system to know. */
  shared?: true;
  /** It was open when the program was started. */
  readonly foreign?: true;
  readonly flags: number;
  readonly isDir: boolean;
  /** Descriptors that stand for it. */
  uses: number;
}

const O_CREAT = 0o100;
const O_APPEND = 0o2000;
const O_NONBLOCK = 0o4000;
const O_LARGEFILE = 0o100000;
const O_DIRECTORY = 0o200000;
const O_PATH = 0o10000000;

/** The names under /proc/self and /dev of what the program itself has. */
const ownPath =
  /^\/(?:proc\/(?:self|thread-self)\/(?:fd\/(\d+)|(exe|cmdline|environ))|dev\/(?:fd\/(\d+)|(std(?:in|out|err))))$/;
const linux = process.platform === "linux";

/** What a program that may start others needs for that. */
export interface Surroundings {
  /** The program's own file, which has a directory of its own. */
  readonly program: string;
  /** Closes what another thread has opened. */
  close(fd: number): number;
  /** Writes it. */
  makeProgram(): void;
  /** Has this process take what comes from a pipe for output of the program. */
  readOutput(fd: number): void;
  /** Has what is in the file `content`, then what comes from a pipe (-1 for none), written to another one. */
  relay(content: number, from: number, to: number): number;
  /** Descriptors, beyond standard streams, that the program was started with. */
  readonly inherited: readonly number[];
}

/** Standard input, which is read elsewhere. */
export interface StandardInput {
  /** Does not wait. */
  read(bytes: Uint8Array): number;
  /** What has been read beyond what the program wanted. */
  takeRest(): Uint8Array;
}

export class NodeFiles implements Files {
  private readonly open_ = new Map<number, OpenFile>();
  private readonly channels = new Map<number, Channel>();
  private directory: string;
  /** How many descriptors there may be. */
  private most = Infinity;
  private poller: Poller | null = null;
  private loans: Loans | null = null;
  private readonly programDir: string;
  private programMade = false;
  private closed: (file: object) => void = () => {};
  /** Pipes that calls wait to be opened at their other end, by caller, and whether they are. */
  private readonly opening = new Map<bigint, { readonly channel: OutsideChannel; readonly isOpen: () => boolean }>();
  private readonly systemMask = process.umask();
  private mask = this.systemMask;

  /** `sink` takes what is written to standard output and standard error; null for those of the process. */
  constructor(
    cwd: string,
    private readonly sink: ((bytes: Uint8Array) => void) | null = null,
    /** Null if a read of it does not wait. */
    private readonly input: StandardInput | null = null,
    /** The program's arguments and environment. */
    private readonly own: { readonly args: readonly string[]; readonly env: readonly string[] } = { args: [], env: [] },
    private readonly around: Surroundings | null = null,
  ) {
    this.directory = cwd;
    this.programDir = around === null ? "" : dirname(around.program);
    for (const [fd, path] of ["/dev/stdin", "/dev/stdout", "/dev/stderr"].entries())
      this.open_.set(fd, { path, fd, position: null, flags: fd === 0 ? 0 : 2, isDir: false, uses: 1 });
  }

  private full(path: string): string {
    // The system finds out what `..` means after a symbolic link.
    const name = path.startsWith("/") ? path : `${this.directory}/${path}`;
    if (this.programDir !== "" && name.startsWith(this.programDir)) this.makeProgram();
    const fd = this.ownDescriptor(name);
    const file = fd === null ? undefined : this.open_.get(fd);
    return file === undefined ? name : `/proc/self/fd/${file.fd}`;
  }

  /** The program's descriptor of that name. */
  private ownDescriptor(name: string): number | null {
    if (!linux || (!name.startsWith("/proc/") && !name.startsWith("/dev/"))) return null;
    const [, a, , b, stream] = ownPath.exec(name) ?? [];
    if (stream !== undefined) return ["stdin", "stdout", "stderr"].indexOf(stream);
    return a === undefined && b === undefined ? null : Number(a ?? b);
  }

  private add(file: OpenFile): number {
    const fd = this.freeNumber();
    if (fd < 0) closeSync(file.fd);
    else this.open_.set(fd, file);
    return fd;
  }

  /** The lowest number that is free, as the system gives them. */
  private freeNumber(least = 0): number {
    let fd = least;
    while (this.open_.has(fd) || this.channels.has(fd)) fd++;
    return fd < this.most ? fd : -Errno.EMFILE;
  }

  limit(most: number): void {
    this.most = most;
  }

  attach(poller: Poller, closed: (file: object) => void): void {
    this.poller = poller;
    this.closed = closed;
    for (const fd of this.around?.inherited ?? []) this.takeOver(fd);
  }

  /** The program's own file. */
  get program(): string {
    return this.around?.program ?? "";
  }

  /** Makes the program's own file, which it needs as soon as it looks for it or has others start it. */
  makeProgram(): void {
    if (this.programMade) return;
    this.programMade = true;
    this.around?.makeProgram();
  }

  /** A descriptor that the program was started with. */
  private takeOver(fd: number): void {
    attempt(() => {
      const info = fstatSync(fd);
      const { flags } = linux ? descriptorInfo(fd) : { flags: 2 };
      const open = { path: `/dev/fd/${fd}`, fd, flags, isDir: info.isDirectory(), uses: 1, foreign: true } as const;
      if (linux && info.isFIFO()) {
        const quiet = reopenPipe(fd, (flags & 3) | O_NONBLOCK);
        this.around?.close(fd);
        const channel: Channel = new OutsideChannel(this.poller!, quiet, flags & 3, false, () => this.closed(channel));
        this.channels.set(fd, channel);
      } else if (linux && info.isFile()) this.open_.set(fd, { ...open, position: 0n, shared: true });
      else this.open_.set(fd, { ...open, position: null });
    });
  }

  /** Gives descriptors of the machine for those of the program, in this order, to a child; the second list is to be closed
   *  here afterwards. A negative error number if one cannot be given away. */
  lend(fds: readonly number[]): { readonly fds: readonly number[]; readonly opened: readonly number[] } | number {
    const poller = this.poller!;
    const { around } = this;
    this.loans ??= new Loans(poller, {
      replace: (from, to) => this.replace(from, to),
      closed: (file) => this.closed(file),
      readOutput: (fd) => around?.readOutput(fd),
      relay: (content, from, to) => around?.relay(content, from, to) ?? -Errno.ENOSYS,
    });
    const opened = new Map<Channel, number>();
    const lent: number[] = [];
    let failure = 0;
    for (const fd of fds) {
      const one = fd < 0 ? fd : this.lendOne(this.loans, fd, opened);
      if (fd >= 0 && one < 0) failure = one;
      lent.push(one);
    }
    if (failure === 0) return { fds: lent, opened: [...opened.values()] };
    for (const fd of opened.values()) closeSync(fd);
    return failure;
  }

  private lendOne(loans: Loans, fd: number, opened: Map<Channel, number>): number {
    if (this.open_.get(fd)?.fd === 0) this.giveRest(loans);
    const channel = this.channels.get(fd);
    if (channel !== undefined) {
      const known = opened.get(channel);
      if (known !== undefined) return known;
      const made = loans.openChannel(channel);
      // It may be another channel from now on.
      if (made >= 0) opened.set(this.channels.get(fd)!, made);
      return made;
    }
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    if (this.sink !== null && (file.fd === 1 || file.fd === 2)) return loans.openOutput();
    return attempt(() => {
      if (linux && file.position !== null && !file.isDir && file.shared === undefined) {
        file.fd = moveTo(file.fd, file.flags, file.position);
        file.shared = true;
      }
      return file.fd;
    });
  }

  /** What has been read of standard input beyond what the program wanted is for whoever reads it next. */
  private giveRest(loans: Loans): void {
    const rest = this.input?.takeRest() ?? new Uint8Array();
    if (rest.length === 0) return;
    const channel = loans.withContent(rest, 0, false);
    for (const [fd, file] of this.open_) {
      if (file.fd !== 0) continue;
      this.open_.delete(fd);
      if (this.channels.size > 0 && [...this.channels.values()].includes(channel)) channel.use();
      this.channels.set(fd, channel);
    }
  }

  private replace(from: Channel, to: Channel): void {
    let uses = 0;
    for (const [fd, channel] of this.channels) {
      if (channel !== from) continue;
      this.channels.set(fd, to);
      if (uses++ > 0) to.use();
    }
    this.poller!.move(from, to);
  }

  place(channel: Channel): number {
    const fd = this.freeNumber();
    if (fd < 0) channel.close();
    else this.channels.set(fd, channel);
    return fd;
  }

  channel(fd: number): Channel | undefined {
    return this.channels.get(fd);
  }

  dup(fd: number, least: number): number {
    const channel = this.channels.get(fd);
    const file = this.open_.get(fd);
    const copy = this.freeNumber(least);
    if (copy < 0) return copy;
    if (channel !== undefined) {
      channel.use();
      this.channels.set(copy, channel);
    } else if (file !== undefined) {
      file.uses++;
      this.open_.set(copy, file);
    } else return -Errno.EBADF;
    return copy;
  }

  open(path: string, flags: number, mode: number, caller = 0n): number {
    if (path === "") return -Errno.ENOENT;
    const waiting = this.opening.get(caller)?.channel;
    if (waiting !== undefined) return this.opened(waiting, caller);
    return attempt(() => {
      const own = this.ownDescriptor(path);
      if (own !== null && (this.channels.has(own) || (this.sink !== null && (own === 1 || own === 2))))
        return this.dup(own, 0);
      const content = this.ownContent(path);
      if (content !== null) return this.anonymous(content);
      const full = this.full(path);
      const masked = (flags & O_CREAT) !== 0 && this.mask !== this.systemMask && !existsSync(full);
      // Pipes with names are not waited for here.
      const quiet = (flags & O_PATH) !== 0 || !linux ? flags : flags | O_NONBLOCK;
      let fd: number;
      try {
        fd = openSync(full, quiet, mode & 0o7777);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENXIO" || (flags & O_NONBLOCK) !== 0) throw error;
        if (!statSync(full).isFIFO()) throw error;
        this.poller?.await(always);
        return -callLater;
      }
      const info = fstatSync(fd);
      if ((flags & O_DIRECTORY) !== 0 && !info.isDirectory()) {
        closeSync(fd);
        return -Errno.ENOTDIR;
      }
      if (masked) fchmodSync(fd, mode & ~this.mask & 0o7777);
      if (linux && (flags & O_PATH) === 0 && (info.isFIFO() || (info.isCharacterDevice() && isTerminal(fd))))
        return this.openOutside(fd, flags, info.isFIFO(), caller);
      const seekable = info.isFile() || info.isDirectory() || info.isBlockDevice();
      const position = seekable ? 0n : null;
      return this.add({ path: full, fd, position, flags, isDir: info.isDirectory(), uses: 1 });
    });
  }

  /** A pipe is open when somebody has opened its other end. */
  private openOutside(fd: number, flags: number, isPipe: boolean, caller: bigint): number {
    if (this.poller === null) return this.add({ path: "", fd, position: null, flags, isDir: false, uses: 1 });
    const nonblocking = (flags & O_NONBLOCK) !== 0;
    const channel = new OutsideChannel(this.poller, fd, flags & 3, nonblocking, () => this.closed(channel));
    if (!isPipe || nonblocking || (flags & 3) !== 0) return this.place(channel);
    return this.opened(channel, caller);
  }

  private opened(channel: OutsideChannel, caller: bigint): number {
    const isOpen = this.opening.get(caller)?.isOpen ?? ((): boolean => channel.hasWriter);
    if (isOpen()) {
      this.opening.delete(caller);
      this.poller?.forget(isOpen);
      return this.place(channel);
    }
    this.opening.set(caller, { channel, isOpen });
    this.poller?.await(isOpen);
    return -callLater;
  }

  /** What is in files of /proc/self that are about the program, and not about the process that it runs in. */
  private ownContent(path: string): Uint8Array | null {
    const what = linux ? ownPath.exec(path)?.[2] : undefined;
    if (what !== "cmdline" && what !== "environ") return null;
    const list = what === "cmdline" ? this.own.args : this.own.env;
    return new TextEncoder().encode(list.map((text) => `${text}\0`).join(""));
  }

  anonymous(content: Uint8Array = new Uint8Array()): number {
    return attempt(() => {
      const path = join(tmpdir(), `goesc-${process.pid}-${process.hrtime.bigint()}`);
      const fd = openSync(path, "wx+", 0o600);
      unlinkSync(path);
      if (content.length > 0) writeSync(fd, content, 0, content.length, 0);
      return this.add({ path, fd, position: 0n, flags: 2, isDir: false, uses: 1 });
    });
  }

  close(fd: number): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) {
      this.channels.delete(fd);
      channel.close();
      return 0;
    }
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    this.open_.delete(fd);
    if (--file.uses > 0) return 0;
    // Whoever reads the program's output at the other end is to know.
    const isOutput = (file.fd === 1 || file.fd === 2) && this.sink === null && linux;
    if (file.foreign || isOutput) return this.around?.close(file.fd) ?? 0;
    if (file.fd <= 2) return 0;
    this.closed(file);
    return attempt(() => {
      closeSync(file.fd);
      return 0;
    });
  }

  read(fd: number, bytes: Uint8Array, position: bigint | null): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) return position === null ? channel.read(bytes) : -Errno.ESPIPE;
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    if (file.isDir) return -Errno.EISDIR;
    if (bytes.length === 0) return 0;
    if (file.fd === 0 && this.input !== null) return this.input.read(bytes);
    return attempt(() => {
      const at = position ?? (file.shared ? null : file.position);
      for (;;) {
        try {
          const n = readSync(file.fd, bytes, 0, bytes.length, at);
          if (position === null && file.position !== null && !file.shared) file.position += BigInt(n);
          return n;
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === "EOF") return 0;
          // Standard input that does not block: wait until there is something.
          if (code !== "EAGAIN") throw error;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
      }
    });
  }

  write(fd: number, bytes: Uint8Array, position: bigint | null): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) return position === null ? channel.write(bytes) : -Errno.ESPIPE;
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    if (this.sink !== null && (file.fd === 1 || file.fd === 2)) {
      if (this.loans?.write(bytes) !== true) this.sink(bytes);
      return bytes.length;
    }
    return attempt(() => {
      const append = (file.flags & O_APPEND) !== 0 || file.shared === true;
      let at = position ?? (append ? null : file.position);
      let done = 0;
      while (done < bytes.length) {
        try {
          const n = writeSync(file.fd, bytes, done, bytes.length - done, at === null ? null : Number(at));
          done += n;
          if (at !== null) at += BigInt(n);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        }
      }
      if (position === null && file.position !== null && !file.shared)
        file.position = append ? fstatSync(file.fd, { bigint: true }).size : file.position + BigInt(done);
      return done;
    });
  }

  seek(fd: number, offset: bigint, whence: number): bigint {
    const file = this.open_.get(fd);
    if (file === undefined) return BigInt(this.channels.has(fd) ? -Errno.ESPIPE : -Errno.EBADF);
    if (file.position === null) return BigInt(-Errno.ESPIPE);
    const here = file.shared ? descriptorInfo(file.fd).position : file.position;
    const base = whence === 0 ? 0n : whence === 1 ? here : fstatSync(file.fd, { bigint: true }).size;
    const to = base + offset;
    if (to < 0n || whence > 2) return BigInt(-Errno.EINVAL);
    if (file.shared) file.fd = moveTo(file.fd, file.flags, to);
    else file.position = to;
    return to;
  }

  stat(path: string, follow: boolean): FileInfo | number {
    if (path === "") return -Errno.ENOENT;
    return attempt(() => {
      const full = this.full(path);
      return infoOf(follow ? statSync(full, { bigint: true }) : lstatSync(full, { bigint: true }));
    });
  }

  fstat(fd: number): FileInfo | number {
    const file = this.open_.get(fd);
    if (file === undefined) {
      const channel = this.channels.get(fd);
      if (!(channel instanceof OutsideChannel)) return channelInfo(channel);
      return attempt(() => infoOf(fstatSync(channel.fd, { bigint: true })));
    }
    return attempt(() => infoOf(fstatSync(file.fd, { bigint: true })));
  }

  entries(fd: number): { name: string; kind: number }[] | number {
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    if (!file.isDir) return -Errno.ENOTDIR;
    return attempt(() =>
      readdirSync(linux ? `/proc/self/fd/${file.fd}` : file.path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: kindOf(entry),
      })),
    );
  }

  pathOf(fd: number): string | null {
    return this.open_.get(fd)?.path ?? (this.channels.has(fd) ? "channel" : null);
  }

  directoryOf(fd: number): string | null {
    const file = this.open_.get(fd);
    if (file === undefined) return null;
    return linux ? `/proc/self/fd/${file.fd}` : file.path;
  }

  openFile(fd: number): object | null {
    return this.open_.get(fd) ?? this.channels.get(fd) ?? null;
  }

  flagsOf(fd: number): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) return channel.access | (channel.nonblocking ? O_NONBLOCK : 0);
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    const kept = 0o3 | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_PATH;
    return file.fd <= 2 ? file.flags : (file.flags & kept) | O_LARGEFILE;
  }

  ioctl(fd: number, request: number, view: DataView, at: number): number {
    const file = this.open_.get(fd) ?? this.channels.get(fd);
    if (file === undefined) return -Errno.EBADF;
    const captured = this.sink !== null && (fd === 1 || fd === 2);
    if (captured || !("fd" in file) || !isTerminal(file.fd as number)) return -Errno.ENOTTY;
    try {
      return terminalCall(file.fd as number, request, view, at);
    } catch {
      return -Errno.ENOTTY; // There is no stty.
    }
  }

  get currentMask(): number {
    return this.mask;
  }

  umask(mask: number): number {
    const old = this.mask;
    this.mask = mask;
    return old;
  }

  statfs(file: string | number): FileSystem | number {
    const path = typeof file === "number" ? this.directoryOf(file) : this.full(file);
    if (path === null) return -Errno.EBADF;
    return attempt(() => statfsSync(path, { bigint: true }));
  }

  /** Regular files, and pipes; nobody but the superuser makes others. */
  mknod(path: string, mode: number): number {
    const kind = mode & constants.S_IFMT;
    const wanted = mode & ~this.mask & 0o7777;
    return this.change(path, (full) => {
      if (kind === 0 || kind === constants.S_IFREG) {
        const fd = openSync(full, "wx", wanted);
        fchmodSync(fd, wanted);
        closeSync(fd);
        return;
      }
      if (kind !== constants.S_IFIFO) throw errorOf("EPERM");
      if (lstatSync(full, { throwIfNoEntry: false }) !== undefined) throw errorOf("EEXIST");
      accessSync(dirname(full), constants.W_OK | constants.X_OK);
      // Node has no call for that.
      try {
        execFileSync("mkfifo", ["-m", wanted.toString(8), "--", full], { stdio: "ignore" });
      } catch {
        throw errorOf("ENOSYS");
      }
    });
  }

  chown(path: string, uid: number, gid: number, follow: boolean): number {
    return this.change(path, (full) => (follow ? chownSync : lchownSync)(full, uid, gid));
  }

  fchown(fd: number, uid: number, gid: number): number {
    return this.onFile(fd, (file) => fchownSync(file, uid, gid));
  }

  fchmod(fd: number, mode: number): number {
    return this.onFile(fd, (file) => fchmodSync(file, mode));
  }

  sync(fd: number, dataOnly: boolean): number {
    return this.onFile(fd, dataOnly ? fdatasyncSync : fsyncSync);
  }

  private onFile(fd: number, act: (fd: number) => void): number {
    const file = this.open_.get(fd);
    if (file === undefined) return this.channels.has(fd) ? -Errno.EINVAL : -Errno.EBADF;
    return attempt(() => {
      act(file.fd);
      return 0;
    });
  }

  mkdir(path: string, mode: number): number {
    return this.change(path, (full) => {
      mkdirSync(full, mode);
      if (this.mask !== this.systemMask) chmodSync(full, mode & ~this.mask & 0o7777);
    });
  }

  unlink(path: string): number {
    return this.change(path, (full) => {
      // Linux: a directory is EISDIR, not the EPERM of POSIX.
      if (lstatSync(full).isDirectory()) throw errorOf("EISDIR");
      unlinkSync(full);
    });
  }

  rmdir(path: string): number {
    return this.change(path, rmdirSync);
  }

  rename(from: string, to: string): number {
    return this.change(from, (full) => renameSync(full, this.full(to)));
  }

  link(from: string, to: string): number {
    return this.change(from, (full) => linkSync(full, this.full(to)));
  }

  symlink(target: string, path: string): number {
    return this.change(path, (full) => symlinkSync(target, full));
  }

  readlink(path: string): string | number {
    if (linux && ownPath.exec(path)?.[2] === "exe") return this.around?.program ?? this.own.args[0] ?? -Errno.ENOENT;
    const own = this.ownDescriptor(path);
    if (own !== null && this.channels.has(own)) return `pipe:[${own}]`;
    return attempt(() => readlinkSync(this.full(path)));
  }

  chmod(path: string, mode: number): number {
    return this.change(path, (full) => chmodSync(full, mode));
  }

  truncate(path: string, size: bigint): number {
    if (size < 0n) return -Errno.EINVAL;
    return this.change(path, (full) => truncateSync(full, Number(size)));
  }

  ftruncate(fd: number, size: bigint): number {
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    if (size < 0n) return -Errno.EINVAL;
    return attempt(() => {
      ftruncateSync(file.fd, Number(size));
      return 0;
    });
  }

  utimes(path: string, atime: number, mtime: number, follow: boolean): number {
    return this.change(path, (full) => (follow ? utimesSync : lutimesSync)(full, atime, mtime));
  }

  access(path: string, mode: number): number {
    return this.change(path, (full) => accessSync(full, mode));
  }

  chdir(path: string): number {
    return this.change(path, (full) => {
      if (!statSync(full).isDirectory()) throw errorOf("ENOTDIR");
      accessSync(full, constants.X_OK);
      this.directory = realpathSync(full);
    });
  }

  cwd(): string {
    return this.directory;
  }

  private change(path: string, act: (full: string) => void): number {
    if (path === "") return -Errno.ENOENT;
    return attempt(() => {
      act(this.full(path));
      return 0;
    });
  }
}

const always = (): boolean => true;

function errorOf(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** DT_… */
function kindOf(entry: Dirent): number {
  if (entry.isFile()) return 8;
  if (entry.isDirectory()) return 4;
  if (entry.isSymbolicLink()) return 10;
  if (entry.isFIFO()) return 1;
  if (entry.isSocket()) return 12;
  if (entry.isCharacterDevice()) return 2;
  return entry.isBlockDevice() ? 6 : 0;
}

/** What `fstat` tells of a channel. */
export function channelInfo(channel: Channel | undefined): FileInfo | number {
  if (channel === undefined) return -Errno.EBADF;
  const times = { atime: 0n, mtime: 0n, ctime: 0n };
  const owner = { nlink: 1n, uid: 0, gid: 0, rdev: 0n };
  return { dev: 0n, ino: 0n, mode: channel.mode, ...owner, size: 0n, blksize: 4096n, blocks: 0n, ...times };
}

function infoOf(stats: ReturnType<typeof statSync> & { mtimeNs?: bigint }): FileInfo {
  const s = stats as unknown as Record<string, bigint>;
  return {
    dev: s.dev,
    ino: s.ino,
    mode: Number(s.mode),
    nlink: s.nlink,
    uid: Number(s.uid),
    gid: Number(s.gid),
    rdev: s.rdev,
    size: s.size,
    blksize: s.blksize,
    blocks: s.blocks,
    atime: s.atimeNs,
    mtime: s.mtimeNs,
    ctime: s.ctimeNs,
  };
}
