/** The files of a program that may have none: its standard streams, and what is in the program alone. */
import type { Channel } from "../runtime/channels.ts";
import { Errno } from "../runtime/errno.ts";
import type { FileInfo, Files } from "../runtime/syscalls.ts";
import { attempt } from "./attempt.ts";
import { readBlocking, writeBlocking } from "./blocking.ts";
import { channelInfo } from "./file-info.ts";
import type { StandardInput } from "./node-files.ts";

const names = ["/dev/stdin", "/dev/stdout", "/dev/stderr"];
const denied = -Errno.EPERM;

export class SandboxFiles implements Files {
  private readonly channels = new Map<number, Channel>();
  private mask = 0o022;

  /** `sink` takes what is written to the standard streams; null for those of the process. */
  constructor(
    private readonly sink: ((bytes: Uint8Array) => void) | null = null,
    /** Null if a read of it does not wait. */
    private readonly input: Pick<StandardInput, "read"> | null = null,
  ) {}

  read(fd: number, bytes: Uint8Array): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) return channel.read(bytes);
    if (fd !== 0) return -Errno.EBADF;
    if (this.input !== null) return bytes.length === 0 ? 0 : this.input.read(bytes);
    return attempt(() => readBlocking(0, bytes, null));
  }

  write(fd: number, bytes: Uint8Array): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) return channel.write(bytes);
    if (fd !== 1 && fd !== 2) return -Errno.EBADF;
    if (this.sink !== null) {
      this.sink(bytes);
      return bytes.length;
    }
    return attempt(() => writeBlocking(fd, bytes, null));
  }

  fstat(fd: number): FileInfo | number {
    return names[fd] === undefined ? channelInfo(this.channels.get(fd)) : streamInfo;
  }

  pathOf(fd: number): string | null {
    return names[fd] ?? (this.channels.has(fd) ? "channel" : null);
  }

  place(channel: Channel, least = names.length): number {
    let fd = Math.max(least, names.length);
    while (this.channels.has(fd)) fd++;
    this.channels.set(fd, channel);
    return fd;
  }

  channel(fd: number): Channel | undefined {
    return this.channels.get(fd);
  }

  unblocked(fd: number): Channel | undefined {
    return this.channels.get(fd);
  }

  dup(fd: number, least: number): number {
    const channel = this.channels.get(fd);
    if (channel === undefined) return names[fd] === undefined ? -Errno.EBADF : denied;
    channel.use();
    return this.place(channel, least);
  }

  close(fd: number): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) {
      this.channels.delete(fd);
      channel.close();
      return 0;
    }
    return names[fd] === undefined ? -Errno.EBADF : 0;
  }

  seek(): bigint {
    return BigInt(-Errno.ESPIPE);
  }

  cwd(): string {
    return "/";
  }

  attach(): void {}
  limit(): void {}
  ioctl(fd: number): number {
    return this.pathOf(fd) === null ? -Errno.EBADF : -Errno.ENOTTY;
  }
  umask(mask: number): number {
    const old = this.mask;
    this.mask = mask;
    return old;
  }
  flagsOf(fd: number): number {
    const channel = this.channels.get(fd);
    if (channel !== undefined) return channel.access | (channel.nonblocking ? 0o4000 : 0);
    return names[fd] === undefined ? -Errno.EBADF : fd === 0 ? 0 : 2;
  }
  openFile(fd: number): object | null {
    return this.channels.get(fd) ?? null;
  }
  directoryOf(fd: number): string | null {
    return this.pathOf(fd);
  }
  sync(fd: number): number {
    return this.pathOf(fd) === null ? -Errno.EBADF : -Errno.EINVAL;
  }
  open(): number {
    return denied;
  }
  stat(): number {
    return denied;
  }
  entries(): number {
    return denied;
  }
  mkdir(): number {
    return denied;
  }
  unlink(): number {
    return denied;
  }
  rmdir(): number {
    return denied;
  }
  rename(): number {
    return denied;
  }
  link(): number {
    return denied;
  }
  symlink(): number {
    return denied;
  }
  readlink(): number {
    return denied;
  }
  chmod(): number {
    return denied;
  }
  truncate(): number {
    return denied;
  }
  ftruncate(): number {
    return denied;
  }
  utimes(): number {
    return denied;
  }
  access(): number {
    return denied;
  }
  statfs(): number {
    return denied;
  }
  mknod(): number {
    return denied;
  }
  chown(): number {
    return denied;
  }
  fchown(): number {
    return denied;
  }
  fchmod(): number {
    return denied;
  }
  anonymous(): number {
    return denied;
  }
  chdir(): number {
    return denied;
  }
}

const streamInfo: FileInfo = {
  dev: 0n,
  ino: 0n,
  mode: 0o020620,
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
