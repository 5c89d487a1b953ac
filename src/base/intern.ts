/** One string for each distinct identifier of a run, found from its bytes without building a string first.
 *
 *  Strings get numbers in the order of their first appearance; a scanner interns its keywords first, so that a number
 *  below the count of keywords says "keyword". */
export class Interner {
  readonly strings: string[] = [];
  private slots = new Int32Array(1 << 12); // number + 1; 0 is free
  private hashes = new Int32Array(1 << 11);

  /** Of `bytes[start:end]`, which must be ASCII, with its {@link hashByte} hash. */
  number(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.slots;
    const mask = slots.length - 1;
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = slots[slot];
      if (entry === 0) break;
      if (this.hashes[entry - 1] === hash) {
        const known = this.strings[entry - 1];
        if (known.length === length && matches(known, bytes, start)) return entry - 1;
      }
      slot = (slot + 1) & mask;
    }
    let text = "";
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
    return this.add(text, hash, slot);
  }

  /** Of an ASCII string. */
  numberOf(text: string): number {
    const bytes = new Uint8Array(text.length);
    let hash = 0;
    for (let i = 0; i < text.length; i++) {
      bytes[i] = text.charCodeAt(i);
      hash = hashByte(hash, bytes[i]);
    }
    return this.number(bytes, 0, bytes.length, hash);
  }

  private add(text: string, hash: number, slot: number): number {
    const number = this.strings.push(text) - 1;
    this.slots[slot] = number + 1;
    if (number >= this.hashes.length) {
      const hashes = new Int32Array(this.hashes.length * 2);
      hashes.set(this.hashes);
      this.hashes = hashes;
    }
    this.hashes[number] = hash;
    if (number * 2 > this.slots.length) this.grow();
    return number;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.strings.length; number++) {
      const hash = this.hashes[number];
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

/** Adds one byte to a hash; hashes start at 0. */
export function hashByte(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

function matches(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
