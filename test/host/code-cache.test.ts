/** Which code is taken for a program: what the build has left serves only the very text and engine that it is of. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildOf, generationDir } from "../../src/host/cache.ts";
import { codeKey, readCode } from "../../src/host/code-cache.ts";
import { SummaryStore } from "../../src/host/summary-store.ts";

const dir = mkdtempSync(join(tmpdir(), "goesc-code-"));
const file = join(dir, "goesc.code.cjs");
const cache = join(dir, "cache");
const id = "0123456789abcdef0123456789abcdef";
const text = `/*${id}*/text`;
const key = codeKey(file);

beforeAll(() => {
  vi.stubEnv("GOESC_CACHE", cache);
  writeFileSync(file, text);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

function build(head: string): void {
  writeFileSync(join(dir, "goesc.code.bin"), `${head}\ncode`);
}

test("without a file there is none", () => {
  expect(readCode(file, file, key, text)).toBeNull();
});

test("the build's code is taken", () => {
  build(`${id} ${key} remarks analyze`);
  const code = readCode(file, file, key, text);
  expect(code?.uses).toEqual(["remarks", "analyze"]);
  expect(code?.data.toString()).toBe("code");
});

test("code of another text or engine is not taken", () => {
  build(`${id} ${key} remarks`);
  expect(readCode(file, file, key, `/*${id.replace("0", "1")}*/text`)).toBeNull();
  expect(readCode(file, file, key, "text")).toBeNull();
  build(`${id} ${key.replace(/^./, "x")} remarks`);
  expect(readCode(file, file, key, text)).toBeNull();
});

test("what earlier runs have left goes before the build's", () => {
  build(`${id} ${key} remarks`);
  new SummaryStore(generationDir(cache, buildOf(file))).write(key, Buffer.from("remarks explain\nmore"));
  const code = readCode(file, file, key, text);
  expect(code?.uses).toEqual(["remarks", "explain"]);
  expect(code?.data.toString()).toBe("more");
});
