import { describe, expect, it } from "vitest";
import { hashHex } from "../../src/base/hash.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("hash128", () => {
  it("is MurmurHash3 for x86, 128 bits", () => {
    expect(hashHex(encode("The quick brown fox jumps over the lazy dog"))).toBe("2f1583c3ecee2c675d7bf66ce5e91d2c");
    expect(hashHex(encode(""))).toBe("0".repeat(32));
  });

  it("depends on every byte and on the length", () => {
    const seen = new Set<string>();
    for (let length = 0; length < 40; length++) {
      const bytes = new Uint8Array(length);
      seen.add(hashHex(bytes));
      for (let i = 0; i < length; i++) {
        bytes[i] = 1;
        seen.add(hashHex(bytes));
        bytes[i] = 0;
      }
    }
    expect(seen.size).toBe(40 + (39 * 40) / 2);
  });

  it("does not depend on where the bytes lie", () => {
    const buffer = new Uint8Array(100).map((_, i) => i);
    expect(hashHex(buffer.subarray(3, 50))).toBe(hashHex(buffer.slice(3, 50)));
  });
});
