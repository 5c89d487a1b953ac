/** Package summaries on disk: one file each, named by its key, in a directory of the cache (cache.ts).
 *
 *  A file is a checksum of its content, then the content, and appears under its name only when it is whole; one that
 *  does not match its checksum counts as missing, and is removed when that is found. Several runs may read and write at once. A directory that cannot be
 *  written to only means that nothing is kept. A file's time says when it was last used. */
import {
  closeSync,
  existsSync,
  fstatSync,
  futimesSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, sep } from "node:path";
import { threadId } from "node:worker_threads";
import * as zlib from "node:zlib";
import { hash128 } from "../base/hash.ts";
import { discard } from "./cache.ts";
import { contentHash } from "./content-hash.ts";

const checksumSize = 16;
/** Times need not be more exact than that, in ms: what every run reads must not look older than what one has left. */
const usedGrain = 60 * 1000;

export class SummaryStore {
  private writes = 0;
  constructor(readonly dir: string) {}

  /** Whether there is a summary; it may still prove to be damaged. */
  has(key: string): boolean {
    return existsSync(this.path(key));
  }

  read(key: string): Uint8Array | null {
    let bytes: Buffer;
    try {
      bytes = readUsed(this.path(key));
    } catch {
      return null;
    }
    const content = bytes.subarray(checksumSize);
    const sum = bytes.subarray(0, checksumSize);
    const made = bytes.length < checksumSize ? null : checksum(content, sum.readUInt32LE(0) === nativeMark);
    if (made?.equals(sum) === true) return content;
    // So that nobody counts on it; another release of Node may read what this one cannot.
    if (made !== null || bytes.length < checksumSize) discard(this.path(key));
    return null;
  }

  /** How many bytes the summary takes on disk; 0 if there is none. */
  size(key: string): number {
    try {
      return statSync(this.path(key), { throwIfNoEntry: false })?.size ?? 0;
    } catch {
      return 0;
    }
  }

  /** Reports whether the summary is kept. */
  write(key: string, content: Uint8Array): boolean {
    const path = this.path(key);
    const temporary = `${path}.${process.pid}.${threadId}.${this.writes++}`;
    const bytes = Buffer.concat([checksum(content, true) ?? checksum(content, false)!, content]);
    try {
      inDirOf(path, () => writeFileSync(temporary, bytes));
      renameSync(temporary, path);
      return true;
    } catch {
      discard(temporary);
      return false;
    }
  }

  /** Gives what is under `key` another name too; reports whether it has one. */
  link(key: string, name: string): boolean {
    const [from, to] = [this.path(key), this.path(name)];
    try {
      inDirOf(to, () => linkSync(from, to));
      return true;
    } catch {
      if (existsSync(to)) return true; // somebody else was faster
    }
    // File systems without links.
    const content = this.read(key);
    return content !== null && this.write(name, content);
  }

  private path(key: string): string {
    // Not join, which takes longer than looking for the file.
    return `${this.dir}${sep}${key.slice(0, 2)}${sep}${key}`;
  }
}

/** Does what makes a file in the directory of `path`, which is there more often than not. */
function inDirOf(path: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true });
    make();
  }
}

/** Reads a file and notes that it is in use. */
function readUsed(path: string): Buffer {
  const fd = openSync(path, "r");
  try {
    const now = Date.now();
    if (Math.abs(now - fstatSync(fd).mtimeMs) > usedGrain) touch(fd, now);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function touch(fd: number, now: number): void {
  try {
    futimesSync(fd, now / 1000, now / 1000);
  } catch {
    // somebody else's file
  }
}

/** Begins checksums that are made by zlib, which takes a hundredth of the time; not all releases of Node have that. */
const nativeMark = 0x32335243;

/** Null if this release of Node cannot make it. */
function checksum(content: Uint8Array, native: boolean): Buffer | null {
  if (!native) return Buffer.from(new Uint32Array(hash128(content)).buffer);
  const { crc32 } = zlib as { crc32?: (data: Uint8Array) => number };
  if (crc32 === undefined) return null;
  return Buffer.from(new Uint32Array([nativeMark, crc32(content), content.length, 0]).buffer);
}

/** A key made of the parts; equal parts in equal order give the same one. */
export function summaryKey(parts: readonly (string | Uint8Array)[]): string {
  let text = "";
  for (const part of parts) {
    const piece = typeof part === "string" ? part : contentHash(part);
    text += `${piece.length}:${piece}`;
  }
  return contentHash(text);
}

/** The key of a package's facts about allocations, from that of its summary. */
export function allocsKey(key: string): string {
  return summaryKey(["allocs", key]);
}
