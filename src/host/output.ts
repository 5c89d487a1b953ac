/** Standard output and standard error, written to at once: what a package says is on its way while the next one is
 *  analysed, and Node need not load its streams. */
import { writeSync } from "node:fs";

/** Descriptors that took no more for now; Node's streams wait until they do. */
const streams = new Set<number>();

/** Returns the bytes that `text` stands for. */
export function print(text: string | Uint8Array): Uint8Array {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  write(1, bytes);
  return bytes;
}

export function printError(text: string): void {
  write(2, Buffer.from(text));
}

function write(fd: 1 | 2, bytes: Uint8Array): void {
  let done = 0;
  try {
    // Pipes of Windows tell nothing that could be waited for.
    if (process.platform !== "win32" && !streams.has(fd))
      while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPIPE") process.exit(0); // a reader that went away is no error
    if (code !== "EAGAIN") throw error;
    streams.add(fd);
  }
  if (done < bytes.length) (fd === 1 ? process.stdout : process.stderr).write(bytes.subarray(done));
}
