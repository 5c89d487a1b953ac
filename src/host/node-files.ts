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
import { Errno, type FileInfo, type Files, Poll } from "../runtime/syscalls.ts";

interface OpenFile {
  readonly path: string;
  /** Of the system. */
  readonly fd: number;
  /** Where it stands; null for streams. */
  position: bigint | null;
  readonly append: boolean;
  readonly isDir: boolean;
}

/** The two ends of a pipe within the program. */
interface Pipe {
  readonly chunks: Uint8Array[];
  /** Bytes in all chunks. */
  size: number;
  readers: number;
  writers: number;
}

/** What a pipe holds, and how much of it is written at once or not at all. */
const pipeCapacity = 65536;
const pipeAtom = 4096;

const O_APPEND = 0o2000;
const O_DIRECTORY = 0o200000;

export class NodeFiles implements Files {
  private readonly open_ = new Map<number, OpenFile>();
  private readonly pipes = new Map<number, { pipe: Pipe; writes: boolean }>();
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
      this.open_.set(fd, { path, fd, position: null, append: false, isDir: false });
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
  private freeNumber(): number {
    let fd = 0;
    while (this.open_.has(fd) || this.pipes.has(fd)) fd++;
    return fd;
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
      return this.add({ path: full, fd, position, append: (flags & O_APPEND) !== 0, isDir: info.isDirectory() });
    });
  }

  close(fd: number): number {
    const end = this.pipes.get(fd);
    if (end !== undefined) {
      if (end.writes) end.pipe.writers--;
      else end.pipe.readers--;
      this.pipes.delete(fd);
      return 0;
    }
    const file = this.open_.get(fd);
    if (file === undefined) return -Errno.EBADF;
    this.open_.delete(fd);
    if (file.fd <= 2) return 0;
    return attempt(() => {
      closeSync(file.fd);
      return 0;
    });
  }

  read(fd: number, bytes: Uint8Array, position: bigint | null): number {
    const end = this.pipes.get(fd);
    if (end !== undefined) return end.writes ? -Errno.EBADF : readPipe(end.pipe, bytes);
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
    const end = this.pipes.get(fd);
    if (end !== undefined) {
      return end.writes ? writePipe(end.pipe, bytes) : -Errno.EBADF;
    }
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
    if (file === undefined) return BigInt(this.pipes.has(fd) ? -Errno.ESPIPE : -Errno.EBADF);
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
    if (file === undefined) return this.pipes.has(fd) ? pipeInfo : -Errno.EBADF;
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
    return this.open_.get(fd)?.path ?? (this.pipes.has(fd) ? "pipe" : null);
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

  pipe(): readonly [number, number] {
    const pipe: Pipe = { chunks: [], size: 0, readers: 1, writers: 1 };
    const reader = this.freeNumber();
    this.pipes.set(reader, { pipe, writes: false });
    const writer = this.freeNumber();
    this.pipes.set(writer, { pipe, writes: true });
    return [reader, writer];
  }

  ready(fd: number): number {
    const end = this.pipes.get(fd);
    if (end === undefined) return this.open_.has(fd) ? -Errno.EPERM : -Errno.EBADF;
    const { pipe } = end;
    if (!end.writes) return (pipe.size > 0 ? Poll.In : 0) | (pipe.writers === 0 ? Poll.Hup : 0);
    return pipe.readers === 0 ? Poll.Out | Poll.Err : pipeCapacity - pipe.size >= pipeAtom ? Poll.Out : 0;
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

function readPipe(pipe: Pipe, bytes: Uint8Array): number {
  const [chunk] = pipe.chunks;
  if (chunk === undefined) return pipe.writers === 0 ? 0 : -Errno.EAGAIN;
  const n = Math.min(chunk.length, bytes.length);
  bytes.set(chunk.subarray(0, n));
  if (n === chunk.length) pipe.chunks.shift();
  else pipe.chunks[0] = chunk.subarray(n);
  pipe.size -= n;
  return n;
}

function writePipe(pipe: Pipe, bytes: Uint8Array): number {
  if (pipe.readers === 0) return -Errno.EPIPE;
  if (bytes.length === 0) return 0;
  const room = pipeCapacity - pipe.size;
  if (room < Math.min(bytes.length, pipeAtom)) return -Errno.EAGAIN;
  const n = Math.min(room, bytes.length);
  pipe.chunks.push(bytes.slice(0, n));
  pipe.size += n;
  return n;
}

const pipeInfo: FileInfo = {
  dev: 0n,
  ino: 0n,
  mode: 0o010600,
  nlink: 1n,
  uid: 0,
  gid: 0,
  rdev: 0n,
  size: 0n,
  blksize: 4096n,
  blocks: 0n,
  atime: 0n,
  mtime: 0n,
  ctime: 0n,
};

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
