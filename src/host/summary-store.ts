/** Package summaries on disk: one file each, named by its key, in the user's cache directory.
 *
 *  A file is a checksum of its content, then the content, and appears under its name only when it is whole; one that
 *  does not match its checksum counts as missing. Several runs may read and write at once. A directory that cannot be
 *  written to only means that nothing is kept. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { hash128, hashHex } from "../base/hash.ts";

const checksumSize = 16;

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
      bytes = readFileSync(this.path(key));
    } catch {
      return null;
    }
    const content = bytes.subarray(checksumSize);
    if (bytes.length < checksumSize || !checksum(content).equals(bytes.subarray(0, checksumSize))) return null;
    return content;
  }

  /** Reports whether the summary is kept. */
  write(key: string, content: Uint8Array): boolean {
    const path = this.path(key);
    const temporary = `${path}.${process.pid}.${threadId}.${this.writes++}`;
    try {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(temporary, Buffer.concat([checksum(content), content]));
      renameSync(temporary, path);
      return true;
    } catch {
      rmSync(temporary, { force: true });
      return false;
    }
  }

  private path(key: string): string {
    return join(this.dir, key.slice(0, 2), key);
  }
}

function checksum(content: Uint8Array): Buffer {
  return Buffer.from(new Uint32Array(hash128(content)).buffer);
}

const encoder = new TextEncoder();

/** A key made of the parts; equal parts in equal order give the same one. */
export function summaryKey(parts: readonly (string | Uint8Array)[]): string {
  let text = "";
  for (const part of parts) {
    const piece = typeof part === "string" ? part : hashHex(part);
    text += `${piece.length}:${piece}`;
  }
  return hashHex(encoder.encode(text));
}
