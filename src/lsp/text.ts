/** The text of a document as bytes, and the way between byte offsets and the protocol's positions.
 *
 *  Lines end as the protocol says (`\n`, `\r\n`, `\r`); characters of a line count in the negotiated encoding. Places that
 *  do not exist are moved to the nearest one that does, as the protocol asks. */
import type { Position, Range } from "vscode-languageserver";
import { lineIndex } from "../base/pos.ts";

export type Encoding = "utf-8" | "utf-16" | "utf-32";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Where two texts differ: `[start, oldEnd)` became `[start, newEnd)`. */
export interface Difference {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

export class Text {
  readonly bytes: Uint8Array;
  private starts: Int32Array | null = null;

  constructor(text: string | Uint8Array) {
    this.bytes = typeof text === "string" ? encoder.encode(text) : text;
  }

  /** Offsets of the first byte of each line. */
  private get lines(): Int32Array {
    this.starts ??= lineStarts(this.bytes);
    return this.starts;
  }

  get lineCount(): number {
    return this.lines.length;
  }

  lineAt(offset: number): number {
    return lineIndex(this.lines, offset);
  }

  lineStart(line: number): number {
    return this.lines[line];
  }

  /** The end of a line, its line break left aside. */
  lineEnd(line: number): number {
    if (line + 1 >= this.lines.length) return this.bytes.length;
    let end = this.lines[line + 1];
    if (end > this.lines[line] && this.bytes[end - 1] === 10) end--;
    if (end > this.lines[line] && this.bytes[end - 1] === 13) end--;
    return end;
  }

  positionAt(offset: number, encoding: Encoding): Position {
    const at = Math.max(0, Math.min(offset, this.bytes.length));
    const line = this.lineAt(at);
    const start = this.lines[line];
    return { line, character: encoding === "utf-8" ? at - start : units(this.bytes, start, at, encoding) };
  }

  offsetAt(position: Position, encoding: Encoding): number {
    const { line, character } = position;
    if (line < 0) return 0;
    if (line >= this.lines.length) return this.bytes.length;
    const start = this.lines[line];
    const end = this.lineEnd(line);
    if (encoding === "utf-8") return Math.min(start + Math.max(0, character), end);
    let left = character;
    let at = start;
    while (at < end && left > 0) {
      const size = sequenceLength(this.bytes[at]);
      left -= encoding === "utf-16" && size === 4 ? 2 : 1;
      if (left < 0) break; // between two halves
      at += size;
    }
    return Math.min(at, end);
  }

  range({ start, end }: ByteRange, encoding: Encoding): Range {
    return { start: this.positionAt(start, encoding), end: this.positionAt(end, encoding) };
  }

  /** The text with a stretch of it replaced. */
  replace(start: number, end: number, by: string): Text {
    const middle = encoder.encode(by);
    const bytes = new Uint8Array(this.bytes.length - (end - start) + middle.length);
    bytes.set(this.bytes.subarray(0, start));
    bytes.set(middle, start);
    bytes.set(this.bytes.subarray(end), start + middle.length);
    return new Text(bytes);
  }

  slice(start: number, end: number): string {
    return decoder.decode(this.bytes.subarray(start, end));
  }

  toString(): string {
    return decoder.decode(this.bytes);
  }
}

function lineStarts(bytes: Uint8Array): Int32Array {
  const starts: number[] = [0];
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    if (c === 10 || (c === 13 && bytes[i + 1] !== 10)) starts.push(i + 1);
  }
  return Int32Array.from(starts);
}

function sequenceLength(lead: number): number {
  return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function units(bytes: Uint8Array, start: number, end: number, encoding: Encoding): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if ((c & 0xc0) !== 0x80) count += encoding === "utf-16" && c >= 0xf0 ? 2 : 1;
  }
  return count;
}

/** What differs between two texts, as one stretch; null if they are equal. */
export function difference(before: Uint8Array, after: Uint8Array): Difference | null {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (start === before.length && start === after.length) return null;
  let tail = 0;
  const most = shorter - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start, oldEnd: before.length - tail, newEnd: after.length - tail };
}

/** Where a range is after a change; null if the change touches it. */
export function shifted<R extends ByteRange>(range: R, change: Difference): ByteRange | null {
  if (range.end <= change.start) return range;
  const delta = change.newEnd - change.oldEnd;
  if (range.start >= change.oldEnd) return { start: range.start + delta, end: range.end + delta };
  return null;
}
