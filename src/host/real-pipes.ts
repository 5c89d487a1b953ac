/** Pipes of the machine, for programs and their children. Node has no call that makes one: `mkfifo` makes several at once,
 *  with names that they lose as soon as both ends are open. */
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "./child-process.ts";

const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;

/** What one holds at most. */
export const pipeCapacity = 65536;

/** How many are made at once. */
const batch = 4;

/** Another open file for what is open as `fd`, which shares neither its place nor its flags. */
export function reopen(fd: number, flags: number): number {
  return openSync(process.platform === "linux" ? `/proc/self/fd/${fd}` : `/dev/fd/${fd}`, flags);
}

/** The end of a pipe for a child, which may block there. */
export function reopenPipe(fd: number, access: number): number {
  // The opening waits for nobody while both ends are open.
  const both = reopen(fd, O_RDWR | O_NONBLOCK);
  try {
    return reopen(fd, access);
  } finally {
    closeSync(both);
  }
}

/** What the failure of a program that does what Node has no call for is to whoever made the call. */
export function helperProblem({ code = "ENOENT" }: NodeJS.ErrnoException): Error {
  return Object.assign(new Error(code), { code: code === "ENOENT" ? "ENOSYS" : code });
}

export class PipeSupply {
  private readonly made: (readonly [reader: number, writer: number])[] = [];

  /** Descriptors of both ends, which do not block. */
  take(): readonly [reader: number, writer: number] {
    if (this.made.length === 0) this.make();
    return this.made.pop()!;
  }

  private make(): void {
    const dir = mkdtempSync(join(tmpdir(), "goesc-pipes-"));
    try {
      const names = Array.from({ length: batch }, (_, i) => join(dir, String(i)));
      try {
        execFileSync("mkfifo", ["-m", "600", ...names], { stdio: "ignore" });
      } catch (error) {
        throw helperProblem(error as NodeJS.ErrnoException);
      }
      for (const name of names) {
        const reader = openSync(name, O_RDONLY | O_NONBLOCK);
        this.made.push([reader, openSync(name, O_WRONLY | O_NONBLOCK)]);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}
