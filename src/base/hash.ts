/** A 128-bit hash of bytes, for keys and checksums where nobody tries to forge one: MurmurHash3 (Austin Appleby,
 *  x86 variant of 128 bits). Far quicker to start and to run than a cryptographic one. */

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

function rotl(x: number, r: number): number {
  return (x << r) | (x >>> (32 - r));
}

function finalMix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The hash as four 32-bit numbers. */
export function hash128(bytes: Uint8Array, seed = 0): [number, number, number, number] {
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  const blocks = bytes.length >>> 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0, at = 0; i < blocks; i++, at += 16) {
    h1 ^= Math.imul(rotl(Math.imul(view.getInt32(at, true), c1), 15), c2);
    h1 = (Math.imul(rotl(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotl(Math.imul(view.getInt32(at + 4, true), c2), 16), c3);
    h2 = (Math.imul(rotl(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotl(Math.imul(view.getInt32(at + 8, true), c3), 17), c4);
    h3 = (Math.imul(rotl(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotl(Math.imul(view.getInt32(at + 12, true), c4), 18), c1);
    h4 = (Math.imul(rotl(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }

  // The last 15 bytes or fewer, as if padded with zeros.
  const tail = blocks << 4;
  const word = (at: number): number => {
    let w = 0;
    for (let k = 3; k >= 0; k--) w = (w << 8) | (at + k < bytes.length ? bytes[at + k] : 0);
    return w;
  };
  h4 ^= Math.imul(rotl(Math.imul(word(tail + 12), c4), 18), c1);
  h3 ^= Math.imul(rotl(Math.imul(word(tail + 8), c3), 17), c4);
  h2 ^= Math.imul(rotl(Math.imul(word(tail + 4), c2), 16), c3);
  h1 ^= Math.imul(rotl(Math.imul(word(tail), c1), 15), c2);

  h1 ^= bytes.length;
  h2 ^= bytes.length;
  h3 ^= bytes.length;
  h4 ^= bytes.length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h3 = finalMix(h3);
  h4 = finalMix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  return [h1 >>> 0, h2 >>> 0, h3 >>> 0, h4 >>> 0];
}

/** The hash as 32 hexadecimal digits. */
export function hashHex(bytes: Uint8Array): string {
  return hash128(bytes)
    .map((word) => word.toString(16).padStart(8, "0"))
    .join("");
}
