/** Open files of this machine, for programs that goesc runs: what their descriptors stand for. named-files.ts has files by name. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Channel, Poller } from "../runtime/channels.ts";
import { callLater, Errno } from "../runtime/errno.ts";
import type { FileSystem } from "../runtime/file-calls.ts";
import type { FileInfo, Files } from "../runtime/syscalls.ts";
import { attempt } from "./attempt.ts";
import { readBlocking, writeBlocking } from "./blocking.ts";
import { channelInfo, infoOf, kindOf } from "./file-info.ts";
import { isTerminal } from "./input.ts";
import { Loans } from "./loans.ts";
import { NamedFiles, type ProgramFile, type ProgramWords } from "./named-files.ts";
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

const linux = process.platform === "linux";

/** What a program that may start others needs for that. */
export interface Surroundings extends ProgramFile {
  /** Closes what another thread has opened. */
  close(fd: number): number;
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

export class NodeFiles extends NamedFiles implements Files {
  private readonly open_ = new Map<number, OpenFile>();
  private readonly channels = new Map<number, Channel>();
  /** How many descriptors there may be. */
  private most = Infinity;
  private poller: Poller | null = null;
  private inputRead = false;
  private loans: Loans | null = null;
  private closed: (file: object) => void = () => {};
  /** Pipes that calls wait to be opened at their other end, by caller, and whether they are. */
  private readonly opening = new Map<bigint, { readonly channel: OutsideChannel; readonly isOpen: () => boolean }>();

  /** `sink` takes what is written to standard output and standard error; null for those of the process. */
  constructor(
    cwd: string,
    private readonly sink: ((bytes: Uint8Array) => void) | null = null,
    /** Null if a read of it does not wait. */
    private readonly input: StandardInput | null = null,
    own: ProgramWords = { args: [], env: [] },
    private readonly around: Surroundings | null = null,
  ) {
    super(cwd, own, around);
    for (const [fd, path] of ["/dev/stdin", "/dev/stdout", "/dev/stderr"].entries())
      this.open_.set(fd, { path, fd, position: null, flags: fd === 0 ? 0 : 2, isDir: false, uses: 1 });
  }

  protected systemDescriptor(fd: number): number | null {
    return this.open_.get(fd)?.fd ?? null;
  }

  protected isChannel(fd: number): boolean {
    return this.channels.has(fd);
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

  /** What need not block. Standard input becomes a channel of its own for that, unless some of it has been read. */
  unblocked(fd: number): Channel | undefined {
    const file = this.open_.get(fd);
    if (file?.fd !== 0 || this.input === null || this.inputRead || !linux || this.poller === null)
      return this.channels.get(fd);
    const info = fstatSync(0);
    if (info.isSocket()) return undefined;
    const quiet = info.isFIFO() ? reopenPipe(0, O_NONBLOCK) : openSync("/proc/self/fd/0", O_NONBLOCK);
    const channel: Channel = new OutsideChannel(this.poller, quiet, 0, false, () => this.closed(channel));
    let uses = 0;
    for (const [copy, one] of this.open_) {
      if (one !== file) continue;
      this.open_.delete(copy);
      this.channels.set(copy, channel);
      if (uses++ > 0) channel.use();
    }
    return channel;
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
    if (file.fd === 0 && this.input !== null) {
      this.inputRead = true;
      return this.input.read(bytes);
    }
    return attempt(() => {
      const at = position ?? (file.shared ? null : file.position);
      const n = readBlocking(file.fd, bytes, at);
      if (position === null && file.position !== null && !file.shared) file.position += BigInt(n);
      return n;
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
      const done = writeBlocking(file.fd, bytes, position ?? (append ? null : file.position));
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

  statfs(file: string | number): FileSystem | number {
    const path = typeof file === "number" ? this.directoryOf(file) : this.full(file);
    if (path === null) return -Errno.EBADF;
    return attempt(() => statfsSync(path, { bigint: true }));
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

  ftruncate(fd: number, size: bigint): number {
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    if (size < 0n) return -Errno.EINVAL;
    return attempt(() => {
      ftruncateSync(file.fd, Number(size));
      return 0;
    });
  }
}

const always = (): boolean => true;
