/** Where open files of the machine stand. A program's own reads and writes say where they are, and leave that alone; a file
 *  that it shares with a child has one place for both. */
import { closeSync, readFileSync } from "node:fs";
import { execFileSync } from "./child-process.ts";
import { reopen } from "./real-pipes.ts";

const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;

/** What the system says of a descriptor: where it stands, and its flags. */
export function descriptorInfo(fd: number): { readonly position: bigint; readonly flags: number } {
  const text = readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
  const field = (name: string): string => new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? "0";
  return { position: BigInt(field("pos")), flags: Number.parseInt(field("flags"), 8) };
}

/** Has the file that is open as `fd`, with `flags`, stand at `position`. Gives the descriptor that does: another one if it
 *  has to go back. */
export function moveTo(fd: number, flags: number, position: bigint): number {
  let from = descriptorInfo(fd).position;
  if (from === position) return fd;
  let moved = fd;
  if (position < from) {
    moved = reopen(fd, flags & ~(O_CREAT | O_EXCL | O_TRUNC));
    closeSync(fd);
    from = 0n;
  }
  // Node has no lseek.
  if (from < position)
    execFileSync("dd", ["bs=1", `seek=${position - from}`, "count=0", "conv=notrunc"], {
      stdio: ["ignore", moved, "ignore"],
    });
  return moved;
}
