/** Randomness of the system. */
import type * as Crypto from "node:crypto";
import { createRequire } from "node:module";

/** Takes a thread milliseconds to load. */
const load = createRequire(import.meta.url);
const crypto = (): typeof Crypto => load("node:crypto");

export function randomBytes(count: number): Uint8Array {
  return crypto().randomFillSync(new Uint8Array(count));
}

/** Gives those bytes first, each once, then asks the system. */
export function randomSource(first: Uint8Array): (bytes: Uint8Array) => void {
  let used = 0;
  return (bytes) => {
    if (used + bytes.length > first.length) {
      crypto().randomFillSync(bytes);
      return;
    }
    const end = used + bytes.length;
    bytes.set(first.subarray(used, end));
    first.fill(0, used, end);
    used = end;
  };
}
