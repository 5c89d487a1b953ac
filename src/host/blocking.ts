/** Reads and writes that wait, also where whoever has opened the file, like the standard streams, has it not block. */
import { readSync, writeSync } from "node:fs";

/** In ms. */
const readPause = 5;
const writePause = 1;

/** How many bytes were read; 0 at the end. `at` null: where the file stands. */
export function readBlocking(fd: number, bytes: Uint8Array, at: bigint | null): number {
  for (;;) {
    try {
      return readSync(fd, bytes, 0, bytes.length, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause(readPause);
    }
  }
}

/** How many bytes were written: all, unless there is an error after some of them. */
export function writeBlocking(fd: number, bytes: Uint8Array, at: bigint | null): number {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done, bytes.length - done, at === null ? null : Number(at) + done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") pause(writePause);
      else if (done > 0) return done;
      else throw error;
    }
  }
  return done;
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
