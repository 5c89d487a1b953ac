/** A hash of contents by Node itself, which is quicker from the first call on than one that has yet to be compiled. */
import { createHash } from "node:crypto";

/** 32 hexadecimal digits. */
export function contentHash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}
