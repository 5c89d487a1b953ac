/** The bytes of a file as characters, and the errors found in it.
 *
 *  Mirrors  cmd/compile/internal/syntax/source.go, Go 1.26.
 *  Holds    `i` is the byte offset of the current character `ch` and `chw` its length in bytes; bytes 0 and >= 0x80
 *           only ever pass through {@link Source.load}, which reports what is wrong with them and leaves that out. */
import type { Diagnostic } from "../base/diag.ts";
import type { Pos, SourceFile } from "../base/pos.ts";

/** What `ch` is at the end of the file. */
export const EndOfFile = -1;

export abstract class Source {
  readonly errors: Diagnostic[] = [];
  /** Errors that the scanner and the parser reported; those of directives and branches do not count. */
  errcnt = 0;

  protected readonly src: Uint8Array;
  protected readonly size: number;
  protected readonly base: number;
  /** One UTF-16 unit for each byte: right for ASCII stretches. */
  protected readonly text: string;
  protected i = 0;
  protected ch = 0;
  protected chw = 0;

  constructor(
    readonly file: SourceFile,
    source: Uint8Array,
  ) {
    this.size = source.length;
    this.base = file.base;
    this.src = new Uint8Array(source.length + 1); // ends in a 0, so that loops need no bounds
    this.src.set(source);
    this.text = new TextDecoder("latin1").decode(source);
    this.load(0);
  }

  errorAt(pos: Pos, msg: string): void {
    this.errcnt++;
    this.report(pos, msg);
  }

  /** Reports an error that does not make the parser think worse of the text around it. */
  report(pos: Pos, msg: string): void {
    this.errors.push({ pos, msg, code: "syntax", soft: false });
  }

  protected error(msg: string): void {
    this.errorAt(this.base + this.i, msg);
  }

  /** Makes the character at `offset` the current one, leaving out what cannot stand in a Go file. */
  protected load(offset: number): void {
    const c = this.src[offset];
    if (c !== 0 && c < 0x80) {
      this.i = offset;
      this.ch = c;
      this.chw = 1;
    } else {
      this.loadWide(offset);
    }
  }

  private loadWide(offset: number): void {
    const src = this.src;
    for (let i = offset; ; ) {
      const c = src[i];
      this.i = i;
      if (c === 0) {
        if (i >= this.size) {
          this.ch = EndOfFile;
          this.chw = 0;
          return;
        }
        this.error("invalid NUL character");
        i++;
      } else if (c < 0x80) {
        this.ch = c;
        this.chw = 1;
        return;
      } else {
        const rune = decodeRune(src, i);
        if (rune < 0) {
          this.error("invalid UTF-8 encoding");
          i++;
        } else if (rune === 0xfeff) {
          if (i > 0) this.error("invalid BOM in the middle of the file");
          i += 3;
        } else {
          this.ch = rune;
          this.chw = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
          return;
        }
      }
    }
  }

  protected nextch(): void {
    this.load(this.i + this.chw);
  }

  protected at(ch: number): boolean {
    return this.ch === ch;
  }

  /** The text of `src[start:end]`. */
  protected slice(start: number, end: number): string {
    const src = this.src;
    for (let i = start; i < end; i++) {
      if (src[i] >= 0x80) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(src.subarray(start, end));
    }
    return this.text.slice(start, end);
  }
}

/** The code point whose UTF-8 encoding starts at `i`, or -1 if there is none (unicode/utf8.DecodeRune). */
export function decodeRune(src: Uint8Array, i: number): number {
  const a = src[i];
  const b = src[i + 1];
  if (a < 0xc2 || (b & 0xc0) !== 0x80) return -1;
  if (a < 0xe0) return ((a & 0x1f) << 6) | (b & 0x3f);
  const c = src[i + 2];
  if ((c & 0xc0) !== 0x80) return -1;
  if (a < 0xf0) {
    const rune = ((a & 0xf) << 12) | ((b & 0x3f) << 6) | (c & 0x3f);
    return rune < 0x800 || (rune >= 0xd800 && rune < 0xe000) ? -1 : rune;
  }
  const d = src[i + 3];
  if (a > 0xf4 || (d & 0xc0) !== 0x80) return -1;
  const rune = ((a & 7) << 18) | ((b & 0x3f) << 12) | ((c & 0x3f) << 6) | (d & 0x3f);
  return rune < 0x10000 || rune > 0x10ffff ? -1 : rune;
}
