/** System calls about files beyond what package os needs every day (amd64 numbers and structures): owners, special files, copies,
 *  vectors, locks, `fcntl`. */
import { EventCounter, type Poller } from "./channels.ts";
import { callLater, Errno } from "./errno.ts";
import { endOfFile, Locks } from "./locks.ts";
import type { FileInfo, Files } from "./syscalls.ts";

const notMine = Symbol("none of these calls");

const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const O_APPEND = 0o2000;
const FD_CLOEXEC = 1;

/** How much is copied at once. */
const pieceBytes = 1 << 18;

export class FileCalls {
  private readonly locks: Locks;
  /** Descriptors that stay open in a program that replaces this one. */
  private readonly kept = new Set([0, 1, 2]);

  constructor(
    private readonly files: Files,
    private readonly poller: Poller,
    /** A name relative to an open directory. */
    private readonly at: (dirfd: number, name: string) => string | number,
  ) {
    this.locks = new Locks(() => poller.change());
    files.attach(poller, (file) => this.locks.drop(file));
  }

  static readonly notMine: typeof notMine = notMine;

  perform(number: number, args: BigUint64Array, memory: Uint8Array): number | bigint | typeof notMine {
    const { files } = this;
    const int = (i: number): number => Number(BigInt.asIntN(32, args[i]));
    const address = (i: number): number => Number(args[i] & 0xffffffffn);
    const size = (i: number): number => Number(args[i]);
    const long = (i: number): bigint => BigInt.asIntN(64, args[i]);
    const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    const text = (i: number): string => {
      const at = address(i);
      return new TextDecoder().decode(memory.slice(at, memory.indexOf(0, at)));
    };
    const open = (fd: number): boolean => files.pathOf(fd) !== null;
    const named = (act: (path: string) => number): number => {
      const path = this.at(int(0), text(1));
      return typeof path === "number" ? path : act(path);
    };
    switch (number) {
      case 19: // readv
      case 295: // preadv
      case 20: // writev
      case 296: // pwritev
        return this.vectors(number, int(0), view, memory, address(1), size(2), number >= 295 ? long(3) : null);
      case 32: // dup
        return this.dup(int(0), 0, 0);
      case 33: // dup2
        return int(0) === int(1) && open(int(0)) ? int(1) : this.dupTo(int(0), int(1), 0);
      case 292: // dup3
        return int(0) === int(1) || (int(2) & ~O_CLOEXEC) !== 0
          ? -Errno.EINVAL
          : this.dupTo(int(0), int(1), int(2) & O_CLOEXEC);
      case 40: // sendfile
        return this.copy(int(1), address(2), int(0), 0, size(3), view);
      case 326: // copy_file_range
        if (args[5] !== 0n || files.channel(int(0)) !== undefined || files.channel(int(2)) !== undefined)
          return -Errno.EINVAL;
        if ((files.flagsOf(int(2)) & O_APPEND) !== 0) return -Errno.EBADF;
        return this.copy(int(0), address(1), int(2), address(3), size(4), view, true);
      case 72: // fcntl
        return this.fcntl(int(0), int(1), args[2], view);
      case 73: // flock
        return this.flock(int(0), int(1));
      case 74: // fsync
      case 75: // fdatasync
      case 306: // syncfs
        return files.sync(int(0), number === 75);
      case 162: // sync
        return 0;
      case 187: // readahead
      case 221: // fadvise64
      case 277: // sync_file_range
        return open(int(0)) ? 0 : -Errno.EBADF;
      case 285: // fallocate
        return this.allocate(int(0), int(1), long(2), long(3));
      case 91: // fchmod
        return files.fchmod(int(0), int(1));
      case 92: // chown
        return files.chown(text(0), int(1), int(2), true);
      case 93: // fchown
        return files.fchown(int(0), int(1), int(2));
      case 94: // lchown
        return files.chown(text(0), int(1), int(2), false);
      case 260: // fchownat
        if ((int(4) & 0x1000) !== 0 && text(1) === "") return files.fchown(int(0), int(2), int(3));
        return named((path) => files.chown(path, int(2), int(3), (int(4) & 0x100) === 0));
      case 95: // umask
        return files.umask(int(0) & 0o777);
      case 133: // mknod
        return files.mknod(text(0), int(1));
      case 259: // mknodat
        return named((path) => files.mknod(path, int(2)));
      case 137: // statfs
        return this.statfs(files.statfs(text(0)), view, address(1));
      case 138: // fstatfs
        return this.statfs(files.statfs(int(0)), view, address(1));
      case 161: // chroot
      case 165: // mount
      case 166: // umount2
        return -Errno.EPERM;
      case 188: // setxattr and its like: as file systems answer that have none
      case 189:
      case 190:
      case 191:
      case 192:
      case 193:
      case 194:
      case 195:
      case 196:
      case 197:
      case 198:
      case 199:
        return -Errno.ENOTSUP;
      case 284: // eventfd
      case 290: {
        // eventfd2
        const flags = number === 290 ? int(1) : 0;
        const counter = new EventCounter(this.poller, args[0] & 0xffffffffn, (flags & 1) !== 0);
        counter.nonblocking = (flags & O_NONBLOCK) !== 0;
        return files.place(counter);
      }
      case 319: // memfd_create
        return files.anonymous();
      default:
        return notMine;
    }
  }

  private dup(fd: number, least: number, flags: number): number {
    const copy = this.files.dup(fd, least);
    if (copy >= 0 && flags === 0) this.kept.add(copy);
    return copy;
  }

  private dupTo(fd: number, to: number, flags: number): number {
    if (this.files.pathOf(fd) === null || to < 0) return -Errno.EBADF;
    this.files.close(to);
    return this.dup(fd, to, flags);
  }

  /** A descriptor is about to be closed. */
  closing(fd: number): void {
    this.kept.delete(fd);
  }

  private vectors(
    number: number,
    fd: number,
    view: DataView,
    memory: Uint8Array,
    list: number,
    count: number,
    offset: bigint | null,
  ): number {
    const writes = number === 20 || number === 296;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const base = view.getUint32(list + i * 16, true);
      const length = view.getUint32(list + i * 16 + 8, true);
      const bytes = memory.subarray(base, base + length);
      const at = offset === null ? null : offset + BigInt(total);
      const n = writes ? this.files.write(fd, bytes, at) : this.files.read(fd, bytes, at);
      if (n < 0) return total > 0 ? total : n;
      total += n;
      if (n < length) break;
    }
    return total;
  }

  /** From file to file; what stands at an address that is not 0 is where to read or write, and moves on. */
  private copy(
    from: number,
    fromAt: number,
    to: number,
    toAt: number,
    size: number,
    view: DataView,
    /** No part of a file is copied onto itself. */
    apart = false,
  ): number {
    const info = this.files.fstat(from);
    if (typeof info === "number") return info;
    if (this.files.pathOf(to) === null) return -Errno.EBADF;
    if ((info.mode & 0o170000) !== 0o100000) return -Errno.EINVAL;
    const place = (at: number): bigint | null => (at === 0 ? null : view.getBigInt64(at, true));
    const input = place(fromAt);
    const output = place(toAt);
    if (apart && this.overlap(from, info, input, to, output, size)) return -Errno.EINVAL;
    const buffer = new Uint8Array(Math.min(size, pieceBytes));
    let done = 0;
    while (done < size) {
      const piece = buffer.subarray(0, Math.min(buffer.length, size - done));
      const got = this.files.read(from, piece, input === null ? null : input + BigInt(done));
      if (got <= 0) {
        if (got < 0 && done === 0) return got;
        break;
      }
      const put = this.files.write(to, piece.subarray(0, got), output === null ? null : output + BigInt(done));
      // What could not be written is to be read again.
      if (input === null && put < got) this.files.seek(from, BigInt(Math.max(put, 0) - got), 1);
      if (put < 0) {
        if (done === 0) return put;
        break;
      }
      done += put;
      if (put < got) break;
    }
    if (input !== null) view.setBigInt64(fromAt, input + BigInt(done), true);
    if (output !== null) view.setBigInt64(toAt, output + BigInt(done), true);
    return done;
  }

  /** Both are the same file, and one part reaches into the other. */
  private overlap(
    from: number,
    info: FileInfo,
    input: bigint | null,
    to: number,
    output: bigint | null,
    size: number,
  ): boolean {
    const other = this.files.fstat(to);
    if (typeof other === "number" || identity(info) !== identity(other)) return false;
    const start = input ?? this.files.seek(from, 0n, 1);
    const end = output ?? this.files.seek(to, 0n, 1);
    const left = info.size - start;
    const length = left < BigInt(size) ? left : BigInt(size);
    return start < end + length && end < start + length;
  }

  private allocate(fd: number, mode: number, from: bigint, length: bigint): number {
    const KeepSize = 1;
    if (from < 0n || length <= 0n) return -Errno.EINVAL;
    if ((mode & ~KeepSize) !== 0) return -Errno.ENOTSUP;
    const info = this.files.fstat(fd);
    if (typeof info === "number") return info;
    if (mode === KeepSize || info.size >= from + length) return 0;
    return this.files.ftruncate(fd, from + length);
  }

  private statfs(info: FileSystem | number, view: DataView, at: number): number {
    if (typeof info === "number") return info;
    const { type, bsize, blocks, bfree, bavail, files, ffree } = info;
    const NameLength = 255n;
    [type, bsize, blocks, bfree, bavail, files, ffree, 0n, NameLength, bsize, 0n].forEach((value, i) => {
      view.setBigInt64(at + 8 * i, value, true);
    });
    for (let i = 88; i < 120; i += 8) view.setBigInt64(at + i, 0n, true);
    return 0;
  }

  private fcntl(fd: number, command: number, argument: bigint, view: DataView): number {
    const { files } = this;
    if (files.pathOf(fd) === null) return -Errno.EBADF;
    const number = Number(BigInt.asIntN(32, argument));
    let channel = files.channel(fd);
    switch (command) {
      case 0: // F_DUPFD
        return this.dup(fd, number, 0);
      case 1030: // F_DUPFD_CLOEXEC
        return this.dup(fd, number, FD_CLOEXEC);
      case 1: // F_GETFD
        return this.kept.has(fd) ? 0 : FD_CLOEXEC;
      case 2: // F_SETFD
        if ((number & FD_CLOEXEC) === 0) this.kept.add(fd);
        else this.kept.delete(fd);
        return 0;
      case 3: // F_GETFL
        return files.flagsOf(fd);
      case 4: // F_SETFL
        if ((number & O_NONBLOCK) !== 0) channel = files.unblocked(fd);
        if (channel !== undefined) channel.nonblocking = (number & O_NONBLOCK) !== 0;
        return 0;
      case 5: // F_GETLK
      case 6: // F_SETLK
      case 7: // F_SETLKW
      case 36: // F_OFD_GETLK
      case 37: // F_OFD_SETLK
      case 38: // F_OFD_SETLKW
        return this.lock(fd, command, Number(argument & 0xffffffffn), view);
      case 1031: // F_SETPIPE_SZ
      case 1032: // F_GETPIPE_SZ
        return channel === undefined ? -Errno.EBADF : 65536;
      default:
        return -Errno.EINVAL;
    }
  }

  /** What `execve` leaves open: descriptors by their numbers, -1 for others. */
  keptAcrossExec(): number[] {
    const isKept = (fd: number): boolean => this.kept.has(fd) && this.files.pathOf(fd) !== null;
    return Array.from({ length: Math.max(-1, ...this.kept) + 1 }, (_, fd) => (isKept(fd) ? fd : -1));
  }

  private lock(fd: number, command: number, at: number, view: DataView): number {
    const kinds = ["shared", "exclusive", "none"] as const;
    const type = view.getInt16(at, true);
    const kind = kinds[type];
    const info = this.files.fstat(fd);
    const owner = this.files.openFile(fd);
    if (typeof info === "number") return info;
    if (kind === undefined || owner === null) return -Errno.EINVAL;
    const access = this.files.flagsOf(fd) & 3;
    const get = command === 5 || command === 36;
    if (!get && ((kind === "shared" && access === 1) || (kind === "exclusive" && access === 0))) return -Errno.EBADF;
    const whence = view.getInt16(at + 2, true);
    const base = whence === 0 ? 0n : whence === 1 ? this.files.seek(fd, 0n, 1) : info.size;
    let from = base + view.getBigInt64(at + 8, true);
    const length = view.getBigInt64(at + 16, true);
    let to = length === 0n ? endOfFile : from + length;
    if (length < 0n) [from, to] = [to, from];
    if (from < 0n || whence > 2) return -Errno.EINVAL;
    const file = identity(info);
    const wanted = { from, to, kind };
    const ofOpenFile = command >= 36;
    if (!get) {
      if (!ofOpenFile || this.locks.lockRange(file, owner, wanted)) return 0;
      return command === 38 ? -callLater : -Errno.EAGAIN;
    }
    const other = ofOpenFile ? this.locks.conflicting(file, owner, wanted) : null;
    view.setInt16(at, other === null ? 2 : other.exclusive ? 1 : 0, true);
    if (other === null) return 0;
    view.setInt16(at + 2, 0, true);
    view.setBigInt64(at + 8, other.from, true);
    view.setBigInt64(at + 16, other.to === endOfFile ? 0n : other.to - other.from, true);
    view.setInt32(at + 24, -1, true);
    return 0;
  }

  private flock(fd: number, operation: number): number {
    const Shared = 1;
    const Exclusive = 2;
    const NonBlocking = 4;
    const Unlock = 8;
    const info = this.files.fstat(fd);
    const owner = this.files.openFile(fd);
    if (typeof info === "number") return info;
    const wanted = operation & ~NonBlocking;
    const kind = wanted === Shared ? "shared" : wanted === Exclusive ? "exclusive" : wanted === Unlock ? "none" : null;
    if (kind === null || owner === null) return -Errno.EINVAL;
    if (this.locks.flock(identity(info), owner, kind)) return 0;
    return (operation & NonBlocking) !== 0 ? -Errno.EAGAIN : -callLater;
  }
}

/** What `statfs` tells of a file system. */
export interface FileSystem {
  readonly type: bigint;
  readonly bsize: bigint;
  readonly blocks: bigint;
  readonly bfree: bigint;
  readonly bavail: bigint;
  readonly files: bigint;
  readonly ffree: bigint;
}

/** By which files are known. */
export function identity(info: FileInfo): string {
  return `${info.dev}:${info.ino}`;
}
