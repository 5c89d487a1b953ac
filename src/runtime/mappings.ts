/** Shared mappings of files: what the program writes to a file shows in the memory that it has mapped of it. Package
 *  runtime reads the file when it is mapped (overlay/runtime/mmap.go), and nothing is ever written to such memory, so
 *  this is all that there is to keep in step. */
import { identity } from "./file-calls.ts";
import type { FileInfo, Files } from "./syscalls.ts";

interface Mapping {
  readonly file: string;
  readonly address: number;
  readonly length: number;
  /** Of its first byte in the file. */
  readonly offset: number;
}

export class Mappings {
  private readonly all = new Map<number, Mapping>();

  constructor(private readonly files: Files) {}

  add(address: number, length: number, fd: number, offset: number): number {
    const info = this.files.fstat(fd);
    if (typeof info === "number") return info;
    this.all.set(address, { file: identity(info), address, length, offset });
    return 0;
  }

  remove(address: number): number {
    this.all.delete(address);
    return 0;
  }

  /** System call `number` has been done, with `result`; `path` reads the name that is its first argument. */
  done(number: number, args: BigUint64Array, result: number, memory: Uint8Array, path: () => string): void {
    if (this.all.size === 0 || result < 0) return;
    const fd = Number(BigInt.asIntN(32, args[0]));
    switch (number) {
      case 1: // write
      case 18: {
        // pwrite64
        if (result === 0) return;
        const from = Number(args[1] & 0xffffffffn);
        const at = number === 18 ? Number(args[3]) : Number(this.files.seek(fd, 0n, 1)) - result;
        this.wrote(fd, memory.subarray(from, from + result), at, memory);
        return;
      }
      case 20: // writev
      case 40: // sendfile
      case 77: // ftruncate
      case 285: // fallocate
      case 296: // pwritev
        this.again(this.files.pathOf(fd), memory);
        return;
      case 326: // copy_file_range
        this.again(this.files.pathOf(Number(BigInt.asIntN(32, args[2]))), memory);
        return;
      case 76: // truncate
        this.again(path(), memory);
    }
  }

  private of(info: FileInfo | number): Mapping[] {
    if (typeof info === "number") return [];
    const file = identity(info);
    return [...this.all.values()].filter((mapping) => mapping.file === file);
  }

  private wrote(fd: number, bytes: Uint8Array, at: number, memory: Uint8Array): void {
    for (const { address, length, offset } of this.of(this.files.fstat(fd))) {
      const start = Math.max(at, offset);
      const end = Math.min(at + bytes.length, offset + length);
      if (start < end) memory.set(bytes.subarray(start - at, end - at), address + start - offset);
    }
  }

  /** Reads again what is mapped of a file; what is beyond its end is zero. */
  private again(path: string | null, memory: Uint8Array): void {
    const mappings = path === null ? [] : this.of(this.files.stat(path, true));
    if (path === null || mappings.length === 0) return;
    const fd = this.files.open(path, 0, 0);
    if (fd < 0) return;
    for (const { address, length, offset } of mappings) {
      const bytes = memory.subarray(address, address + length);
      let read = 0;
      while (read < length) {
        const n = this.files.read(fd, bytes.subarray(read), BigInt(offset + read));
        if (n <= 0) break;
        read += n;
      }
      bytes.fill(0, read);
    }
    this.files.close(fd);
  }
}
