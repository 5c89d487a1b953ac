/** getdents64(2): what is in directories, a part at a time. */
import { Errno } from "./errno.ts";
import type { SocketFiles } from "./socket-files.ts";
import type { Files } from "./syscalls.ts";

const DT_DIR = 4;
const DT_SOCK = 12;

const encoder = new TextEncoder();

interface Entry {
  readonly name: string;
  readonly kind: number;
}

export class Directories {
  /** Those that are being read: entries not handed out yet. */
  private readonly reading = new Map<number, Entry[]>();

  constructor(
    private readonly files: Files,
    private readonly sockets: SocketFiles,
  ) {}

  /** The descriptor is closed, or set back. */
  forget(fd: number): void {
    this.reading.delete(fd);
  }

  /** As many entries as there is room for: their bytes, 0 at the end, or a negative error number. */
  read(fd: number, memory: Uint8Array, at: number, size: number): number {
    let left = this.reading.get(fd);
    if (left === undefined) {
      const entries = this.entries(fd);
      if (typeof entries === "number") return entries;
      left = [{ name: ".", kind: DT_DIR }, { name: "..", kind: DT_DIR }, ...entries];
      this.reading.set(fd, left);
    }
    const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    let used = 0;
    let taken = 0;
    for (const { name, kind } of left) {
      const bytes = encoder.encode(name);
      const length = (19 + bytes.length + 1 + 7) & -8;
      if (used + length > size) break;
      const entry = at + used;
      view.setBigUint64(entry, BigInt(taken + 1), true);
      view.setBigUint64(entry + 8, BigInt(used + length), true);
      view.setUint16(entry + 16, length, true);
      view.setUint8(entry + 18, kind);
      memory.fill(0, entry + 19, entry + length);
      memory.set(bytes, entry + 19);
      used += length;
      taken++;
    }
    if (taken === 0 && left.length > 0) return -Errno.EINVAL;
    left.splice(0, taken);
    return used;
  }

  private entries(fd: number): Entry[] | number {
    const entries = this.files.entries(fd);
    if (typeof entries === "number") return entries;
    const dir = this.files.directoryOf(fd);
    return entries.map(({ name, kind }) => ({ name, kind: this.sockets.isAt(`${dir}/${name}`) ? DT_SOCK : kind }));
  }
}
