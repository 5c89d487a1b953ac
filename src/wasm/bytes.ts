/** A growing byte buffer with the number formats of WebAssembly. */
export class Bytes {
  buf: Uint8Array;
  length = 0;
  private view: DataView;

  constructor(capacity = 256) {
    this.buf = new Uint8Array(capacity);
    this.view = new DataView(this.buf.buffer);
  }

  /** Makes room for `n` bytes more. */
  reserve(n: number): void {
    if (this.length + n <= this.buf.length) return;
    const next = new Uint8Array(Math.max(this.length + n, this.buf.length * 2));
    next.set(this.buf.subarray(0, this.length));
    this.buf = next;
    this.view = new DataView(next.buffer);
  }

  u8(n: number): void {
    if (this.length === this.buf.length) this.reserve(1);
    this.buf[this.length++] = n;
  }

  u32(n: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, n, true);
    this.length += 4;
  }

  /** Unsigned LEB128 of up to 32 bits. */
  uleb(n: number): void {
    let rest = n >>> 0;
    this.reserve(5);
    while (rest >= 0x80) {
      this.buf[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buf[this.length++] = rest;
  }

  /** Signed LEB128 of a 32-bit integer. */
  sleb(n: number): void {
    let rest = n | 0;
    this.reserve(5);
    for (;;) {
      const byte = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) {
        this.buf[this.length++] = byte;
        return;
      }
      this.buf[this.length++] = byte | 0x80;
    }
  }

  /** Signed LEB128 of a 64-bit integer. */
  sleb64(n: bigint): void {
    const small = Number(BigInt.asIntN(32, n));
    if (BigInt(small) === n) {
      this.sleb(small);
      return;
    }
    let rest = BigInt.asIntN(64, n);
    this.reserve(10);
    for (;;) {
      const byte = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)) {
        this.buf[this.length++] = byte;
        return;
      }
      this.buf[this.length++] = byte | 0x80;
    }
  }

  f32(n: number): void {
    this.reserve(4);
    this.view.setFloat32(this.length, n, true);
    this.length += 4;
  }

  f64(n: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, n, true);
    this.length += 8;
  }

  bytes(b: Uint8Array): void {
    this.reserve(b.length);
    this.buf.set(b, this.length);
    this.length += b.length;
  }

  /** Bytes `from` to `to` of another buffer; faster than {@link bytes} for a few. */
  copy(b: Uint8Array, from: number, to: number): void {
    const n = to - from;
    this.reserve(n);
    if (n > 64) this.buf.set(b.subarray(from, to), this.length);
    else for (let i = 0; i < n; i++) this.buf[this.length + i] = b[from + i];
    this.length += n;
  }

  /** UTF-8 text with its length before it. */
  name(text: string): void {
    const bytes = utf8(text);
    this.uleb(bytes.length);
    this.bytes(bytes);
  }

  finish(): Uint8Array {
    return this.buf.slice(0, this.length);
  }
}

/** UTF-8 of a string; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 3);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    let c = text.charCodeAt(i);
    if (c < 0x80) {
      out[n++] = c;
      continue;
    }
    if (c >= 0xd800 && c < 0xe000) {
      const low = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      if (c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else c = 0xfffd;
    }
    if (c < 0x800) out[n++] = 0xc0 | (c >> 6);
    else {
      if (c < 0x10000) out[n++] = 0xe0 | (c >> 12);
      else {
        out[n++] = 0xf0 | (c >> 18);
        out[n++] = 0x80 | ((c >> 12) & 0x3f);
      }
      out[n++] = 0x80 | ((c >> 6) & 0x3f);
    }
    out[n++] = 0x80 | (c & 0x3f);
  }
  return out.subarray(0, n);
}
