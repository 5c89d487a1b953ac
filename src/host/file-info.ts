/** What Node tells of files, as system calls tell it. */
import type { Dirent, statSync } from "node:fs";
import type { Channel } from "../runtime/channels.ts";
import { Errno } from "../runtime/errno.ts";
import type { FileInfo } from "../runtime/syscalls.ts";

/** DT_… */
export function kindOf(entry: Dirent): number {
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

export function infoOf(stats: ReturnType<typeof statSync> & { mtimeNs?: bigint }): FileInfo {
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
