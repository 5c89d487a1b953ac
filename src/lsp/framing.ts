/** What a client sends, cut into messages. Whatever is none is skipped up to the next message: bytes without a header, a
 *  length that makes no sense, a message that ends too early. */

/** Longer ones are not waited for. */
const maxMessage = 512 * 1024 * 1024;
const maxHeader = 4096;

const headerStart = "content-length:";
/** A header, and the beginning of one, in bytes read as Latin-1. */
const header = /^Content-Length: *(\d+)\r\n(?:[A-Za-z-]+:[^\r\n]*\r\n)*\r\n/i;
const headerBegun =
  /^Content-Length: *\d*(?:\r|\r\n(?:[A-Za-z-]+:[^\r\n]*\r\n)*(?:[A-Za-z-]*|[A-Za-z-]+:[^\r\n]*|\r|[A-Za-z-]+:[^\r\n]*\r))?$/i;
/** JSON cannot hold it: its strings have no raw line breaks. */
const headerInside = /Content-Length: *\d+\r\n/i;
/** What of a body is looked at again with what follows. */
const overlap = 64;

const none = new Uint8Array(0);
const decoder = new TextDecoder("latin1");

export class Framing {
  /** What has come of a header. */
  private pending: Uint8Array = none;
  /** The header of the message whose body is being read, and the length of that; -1 before a header. */
  private head: Uint8Array = none;
  private wanted = -1;
  private parts: Uint8Array[] = [];
  private have = 0;
  private tail: Uint8Array = none;

  /** `frame` takes whole messages, header and all; `skipped` is told why something is not taken. */
  constructor(
    private readonly frame: (bytes: Uint8Array) => void,
    private readonly skipped: (why: string) => void,
  ) {}

  push(chunk: Uint8Array): void {
    let rest: Uint8Array = chunk;
    while (rest.length > 0) rest = this.wanted < 0 ? this.readHeader(rest) : this.readBody(rest);
  }

  /** The result has what is left to be read. */
  private readHeader(chunk: Uint8Array): Uint8Array {
    const bytes = joined([this.pending, chunk]);
    this.pending = none;
    const text = decoder.decode(bytes.subarray(0, maxHeader));
    const at = text.toLowerCase().indexOf(headerStart);
    if (at < 0) {
      // What looks like the beginning of a header is kept, if there is nothing behind it.
      const keep = bytes.length > maxHeader ? 0 : begun(text.toLowerCase());
      this.skip(text.length - keep, "bytes that are no message");
      const left = bytes.subarray(text.length - keep);
      if (keep === 0) return left;
      this.pending = left;
      return none;
    }
    if (at > 0) {
      this.skip(at, "bytes that are no message");
      return bytes.subarray(at);
    }
    const found = header.exec(text);
    if (found === null) {
      if (text.length < maxHeader && headerBegun.test(text)) {
        this.pending = bytes;
        return none;
      }
      this.skip(headerStart.length, "a header that makes no sense");
      return bytes.subarray(headerStart.length);
    }
    const length = Number(found[1]);
    const body = bytes.subarray(found[0].length);
    if (length > maxMessage) {
      this.skip(found[0].length, `a message of ${length} bytes`);
      return body;
    }
    this.head = bytes.subarray(0, found[0].length);
    this.wanted = length;
    if (length === 0) this.finish();
    return body;
  }

  private readBody(chunk: Uint8Array): Uint8Array {
    const taken = chunk.subarray(0, this.wanted - this.have);
    const window = joined([this.tail, taken]);
    const inside = headerInside.exec(decoder.decode(window));
    if (inside !== null) {
      this.skip(this.have - this.tail.length + inside.index, "a message that ended too early");
      this.reset();
      return joined([window.subarray(inside.index), chunk.subarray(taken.length)]);
    }
    this.parts.push(taken);
    this.have += taken.length;
    this.tail = window.slice(-overlap);
    if (this.have === this.wanted) this.finish();
    return chunk.subarray(taken.length);
  }

  private finish(): void {
    const whole = joined([this.head, ...this.parts]);
    this.reset();
    this.frame(whole);
  }

  private reset(): void {
    this.wanted = -1;
    this.parts = [];
    this.have = 0;
    this.tail = none;
  }

  private skip(count: number, why: string): void {
    if (count > 0) this.skipped(`${why}: ${count} bytes are skipped`);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter(({ length }) => length > 0);
  if (filled.length === 1) return filled[0];
  const all = new Uint8Array(filled.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of filled) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** How much of the end of `text` may be the beginning of a header. */
function begun(text: string): number {
  for (let n = Math.min(text.length, headerStart.length - 1); n > 0; n--)
    if (text.endsWith(headerStart.slice(0, n))) return n;
  return 0;
}
