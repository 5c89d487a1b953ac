/** Random bytes for programs (host/random.ts). */
import { expect, it } from "vitest";
import { randomBytes, randomSource } from "../../src/host/random.ts";

it("gives what it was given once, then asks the system", () => {
  const first = Uint8Array.from([1, 2, 3, 4, 5]);
  const random = randomSource(first);
  const ask = (count: number): number[] => {
    const bytes = new Uint8Array(count);
    random(bytes);
    return [...bytes];
  };
  expect(ask(2)).toEqual([1, 2]);
  expect([...first]).toEqual([0, 0, 3, 4, 5]);
  expect(new Set(ask(64)).size).toBeGreaterThan(20);
  expect(ask(3)).toEqual([3, 4, 5]);
  expect(new Set(ask(64)).size).toBeGreaterThan(20);
  expect(new Set(randomBytes(64)).size).toBeGreaterThan(20);
});
