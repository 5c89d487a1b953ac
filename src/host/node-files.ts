/** Files of this machine for programs that goesc runs. */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { constants as osConstants } from "node:os";
import { resolve } from "node:path";
import type { Channel } from "../runtime/channels.ts";
import { Errno } from "../runtime/errno.ts";
import type { FileInfo, Files } from "../runtime/syscalls.ts";

interface OpenFile {
  readonly path: string;
  /** Of the system. */
  readonly fd: number;
  /** Where it stands; null for streams. */
  position: bigint | null;
  readonly append: boolean;
  readonly isDir: boolean;
  /** Descriptors that stand for it. */
  uses: number;
}

const O_APPEND = 0o2000;
const O_DIRECTORY = 0o200000;

export class NodeFiles implements Files {
  private readonly open_ = new Map<number, OpenFile>();
  private readonly channels = new Map<number, Channel>();
  private directory: string;

  /** `sink` takes what is written to standard output and standard error; null for those of the process. */
  constructor(
    cwd: string,
    private readonly sink: ((bytes: Uint8Array) => void) | null = null,
    /** Reads standard input without waiting for it. */
    private readonly input: ((bytes: Uint8Array) => number) | null = null,
  ) {
    this.directory = cwd;
    for (const [fd, path] of ["/dev/stdin", "/dev/stdout", "/dev/stderr"].entries())
      this.open_.set(fd, { path, fd, position: null, append: false, isDir: false, uses: 1 });
  }

  private full(path: string): string {
    return resolve(this.directory, path);
  }

  private add(file: OpenFile): number {
    const fd = this.freeNumber();
    this.open_.set(fd, file);
    return fd;
  }

  /** The lowest number that is free, as the system gives them. */
  private freeNumber(least = 0): number {
    let fd = least;
    while (this.open_.has(fd) || this.channels.has(fd)) fd++;
    return fd;
  }

  place(channel: Channel): number {
    const fd = this.freeNumber();
    this.channels.set(fd, channel);
    return fd;
  }

  channel(fd: number): Channel | undefined {
    return this.channels.get(fd);
  }

  dup(fd: number, least: number): number {
    const channel = this.channels.get(fd);
    const file = this.open_.get(fd);
    const copy = this.freeNumber(least);
    if (channel !== undefined) {
      channel.use();
      this.channels.set(copy, channel);
    } else if (file !== undefined) {
      file.uses++;
      this.open_.set(copy, file);
    } else return -Errno.EBADF;
    return copy;
  }

  open(path: string, flags: number, mode: number): number {
    if (path === "") return -Errno.ENOENT;
    return attempt(() => {
      const full = this.full(path);
      const fd = openSync(full, flags, mode & 0o7777);
      const info = fstatSync(fd);
      if ((flags & O_DIRECTORY) !== 0 && !info.isDirectory()) {
        closeSync(fd);
        return -Errno.ENOTDIR;
      }
      const seekable = info.isFile() || info.isDirectory() || info.isBlockDevice();
      const position = seekable ? 0n : null;
      const append = (flags & O_APPEND) !== 0;
      return this.add({ path: full, fd, position, append, isDir: info.isDirectory(), uses: 1 });
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
    if (--file.uses > 0 || file.fd <= 2) return 0;
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
    if (file.fd === 0 && this.input !== null) return this.input(bytes);
    return attempt(() => {
      const at = position ?? file.position;
      for (;;) {
        try {
          const n = readSync(file.fd, bytes, 0, bytes.length, at);
          if (position === null && file.position !== null) file.position += BigInt(n);
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
      this.sink(bytes);
      return bytes.length;
    }
    return attempt(() => {
      let at = position ?? (file.append ? null : file.position);
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
      if (position === null && file.position !== null)
        file.position = file.append ? fstatSync(file.fd, { bigint: true }).size : file.position + BigInt(done);
      return done;
    });
  }

  seek(fd: number, offset: bigint, whence: number): bigint {
    const file = this.open_.get(fd);
    if (file === undefined) return BigInt(this.channels.has(fd) ? -Errno.ESPIPE : -Errno.EBADF);
    if (file.position === null) return BigInt(-Errno.ESPIPE);
    const base = whence === 0 ? 0n : whence === 1 ? file.position : fstatSync(file.fd, { bigint: true }).size;
    const to = base + offset;
    if (to < 0n || whence > 2) return BigInt(-Errno.EINVAL);
    file.position = to;
    return to;
  }

  stat(path: string, follow: boolean): FileInfo | number {
    if (path === "") return -Errno.ENOENT;
    return attempt(() => {
      const full = withSlash(path, this.full(path));
      return infoOf(follow ? statSync(full, { bigint: true }) : lstatSync(full, { bigint: true }));
    });
  }

  fstat(fd: number): FileInfo | number {
    const file = this.open_.get(fd);
    if (file === undefined) return channelInfo(this.channels.get(fd));
    return attempt(() => infoOf(fstatSync(file.fd, { bigint: true })));
  }

  entries(fd: number): { name: string; kind: number }[] | number {
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    if (!file.isDir) return -Errno.ENOTDIR;
    return attempt(() =>
      readdirSync(file.path, { withFileTypes: true }).map((entry) => {
        const kind = entry.isFile() ? 8 : entry.isDirectory() ? 4 : entry.isSymbolicLink() ? 10 : 0;
        return { name: entry.name, kind };
      }),
    );
  }

  pathOf(fd: number): string | null {
    return this.open_.get(fd)?.path ?? (this.channels.has(fd) ? "channel" : null);
  }

  mkdir(path: string, mode: number): number {
    return this.change(path, (full) => mkdirSync(full, mode));
  }

  unlink(path: string): number {
    return this.change(path, (full) => {
      // Linux: a directory is EISDIR, not the EPERM of POSIX.
      if (lstatSync(full).isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
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

  utimes(path: string, atime: number, mtime: number): number {
    return this.change(path, (full) => utimesSync(full, atime, mtime));
  }

  access(path: string, mode: number): number {
    return this.change(path, (full) => accessSync(full, mode));
  }

  chdir(path: string): number {
    return this.change(path, (full) => {
      if (!statSync(full).isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
      accessSync(full, constants.X_OK);
      this.directory = full;
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

/** A trailing slash asks for a directory. */
function withSlash(path: string, full: string): string {
  return path.endsWith("/") && !full.endsWith("/") ? `${full}/` : full;
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

/** What `act` gives, or the negative error number of what it throws. */
function attempt<T>(act: () => T): T | number {
  try {
    return act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const known = (osConstants.errno as Record<string, number>)[code];
    if (code.startsWith("ERR_")) return -Errno.EINVAL;
    return -(process.platform === "linux" ? (known ?? Errno.EIO) : (linuxNumbers[code] ?? Errno.EIO));
  }
}

/** For hosts whose numbers differ. */
const linuxNumbers: Readonly<Record<string, number>> = {
  EPERM: Errno.EPERM,
  ENOENT: Errno.ENOENT,
  EIO: Errno.EIO,
  EBADF: Errno.EBADF,
  EACCES: Errno.EACCES,
  EEXIST: Errno.EEXIST,
  EXDEV: Errno.EXDEV,
  ENOTDIR: Errno.ENOTDIR,
  EISDIR: Errno.EISDIR,
  EINVAL: Errno.EINVAL,
  EMFILE: Errno.EMFILE,
  EFBIG: Errno.EFBIG,
  ENOSPC: Errno.ENOSPC,
  EROFS: Errno.EROFS,
  EPIPE: Errno.EPIPE,
  ENAMETOOLONG: Errno.ENAMETOOLONG,
  ENOTEMPTY: Errno.ENOTEMPTY,
  ELOOP: Errno.ELOOP,
};
