/** A heap profile of production laid over what is known of the code: bytes that were allocated at each value's place.
 *
 *  The profile speaks of files as they are on disk; lines that have been edited since have no numbers. */
import type { HeapProfile } from "../../report/findings/profile.ts";
import { profiledValue } from "../../report/findings/profile.ts";
import type { Finding } from "../engine/model.ts";
import { type Difference, difference, shifted, Text } from "../text.ts";

export class ProfileOverlay {
  /** Files as they were when the profile was read. */
  private readonly saved = new Map<string, Text | null>();
  /** From the text of a document to the saved one, for the last text that was asked for. */
  private readonly changes = new Map<string, { text: Text; change: Difference | null }>();

  constructor(
    private readonly profile: HeapProfile,
    /** As users named it. */
    readonly name: string,
    private readonly readFile: (file: string) => Uint8Array | null,
  ) {}

  get total(): number {
    return this.profile.total;
  }

  /** Bytes at a value on the heap, whose place in `text` is the offset `at`; 0 if the profile has none. */
  bytesOf(importPath: string, file: string, text: Text, at: number, { kind, inner }: Finding): number {
    if (kind !== "moved" && kind !== "escapes") return 0;
    let saved = this.saved.get(file);
    if (saved === undefined) {
      const bytes = this.readFile(file);
      saved = bytes === null ? null : new Text(bytes);
      this.saved.set(file, saved);
    }
    if (saved === null) return 0;
    let known = this.changes.get(file);
    if (known?.text !== text) {
      known = { text, change: difference(text.bytes, saved.bytes) };
      this.changes.set(file, known);
    }
    const line = text.lineAt(at);
    const range = { start: text.lineStart(line), end: text.lineEnd(line) };
    const before = known.change === null ? range : shifted(range, known.change);
    if (before === null) return 0;
    return profiledValue(this.profile, importPath, file, saved.lineAt(before.start) + 1, inner);
  }

  /** A number of bytes as people read it, with its part of the whole. */
  words(bytes: number): string {
    const share = (100 * bytes) / this.profile.total;
    return `${bytesText(bytes)} in the profile, ${share < 1 ? share.toPrecision(1) : share.toFixed(0)} %`;
  }
}

export function bytesText(bytes: number): string {
  let value = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1024) return `${value < 10 && unit !== "B" ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(1)} TiB`;
}
