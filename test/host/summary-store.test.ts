/** What is kept on disk is recognised when it is damaged, whichever release of Node wrote it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { hash128 } from "../../src/base/hash.ts";
import { SummaryStore, summaryKey } from "../../src/host/summary-store.ts";

const dir = mkdtempSync(join(tmpdir(), "goesc-store-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const content = Uint8Array.from({ length: 5000 }, (_, i) => i * 7);

it("gives back what was written, and nothing that was damaged", () => {
  const store = new SummaryStore(join(dir, "a"));
  const key = summaryKey(["x"]);
  expect(store.write(key, content)).toBe(true);
  expect(Buffer.from(store.read(key)!).equals(content)).toBe(true);
  const [sub] = readdirSync(store.dir);
  const file = join(store.dir, sub, readdirSync(join(store.dir, sub))[0]);
  const whole = readFileSync(file);
  for (const at of [0, 5, 9, 16, 3000, whole.length - 1]) {
    const bad = Buffer.from(whole);
    bad[at] ^= 4;
    writeFileSync(file, bad);
    expect(store.read(key), `byte ${at}`).toBeNull();
  }
  writeFileSync(file, whole.subarray(0, whole.length - 1));
  expect(store.read(key)).toBeNull();
});

it("reads what Node without crc32 wrote", () => {
  const store = new SummaryStore(join(dir, "b"));
  const key = summaryKey(["y"]);
  mkdirSync(join(store.dir, key.slice(0, 2)), { recursive: true });
  const sum = Buffer.from(new Uint32Array(hash128(content)).buffer);
  writeFileSync(join(store.dir, key.slice(0, 2), key), Buffer.concat([sum, content]));
  expect(Buffer.from(store.read(key)!).equals(content)).toBe(true);
});
