/** The engine's code cache of the bundles: what is in it, who writes it, and that damage to it does not matter. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const goesc = join(root, "dist", "goesc.js");
const work = mkdtempSync(join(tmpdir(), "goesc-code-"));
const file = join(work, "x.go");

beforeAll(() => writeFileSync(file, "package p\n\nfunc F() *int { x := 1; return &x }\n"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function run(cache: string, ...args: string[]): string {
  const env = { ...process.env, GOESC_CACHE: cache, GOROOT: "off" };
  const result = spawnSync(process.execPath, [goesc, ...args], { encoding: "utf8", env, cwd: work });
  return `${result.status} ${result.stdout}`;
}

/** The files of the cache that begin with a line of uses, after a checksum of 16 bytes. */
function codeFiles(dir: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && statSync(path).size > 100_000 && usesOf(path) !== null) found.push(path);
  }
  return found;
}

function usesOf(path: string): string[] | null {
  const text = readFileSync(path).toString("latin1", 16, 200);
  return /^[a-z]+( [a-z]+)*\n/.exec(text)?.[0].trim().split(" ") ?? null;
}

test.skipIf(!existsSync(goesc))("code is kept once for what it is used for, and again when it is used for more", () => {
  const cache = join(work, "kept");
  const version = run(cache, "version");
  expect(version).toMatch(/^0 goesc/);
  const [code, ...others] = codeFiles(cache);
  expect(others).toEqual([]);
  expect(usesOf(code)).toEqual(["version"]);
  const first = readFileSync(code);
  expect(run(cache, "version")).toBe(version);
  expect(readFileSync(code).equals(first)).toBe(true);

  expect(run(cache, "-m", "--summary", "x.go")).toMatch(/^0 /);
  expect(usesOf(code)?.sort()).toEqual(["analyze", "remarks", "version"]);
  // Functions that only the analysis calls have come to it.
  expect(statSync(code).size).toBeGreaterThan(first.length * 1.2);
});

test.skipIf(!existsSync(goesc))("for remarks the code that the build has left is enough", () => {
  const cache = join(work, "built");
  const remarks = run(cache, "-m", "x.go");
  expect(remarks).toMatch(/^0 /);
  expect(codeFiles(cache)).toEqual([]);
  expect(run(cache, "-m", "--sort=line", "x.go")).toMatch(/^0 /);
  expect(codeFiles(cache)).toHaveLength(1);
});

test.skipIf(!existsSync(goesc))("damaged code is not used", () => {
  const cache = join(work, "damaged");
  const version = run(cache, "version");
  const [code] = codeFiles(cache);
  const bytes = readFileSync(code);
  for (const at of [3, 20, bytes.length >> 1, bytes.length - 1]) {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 0x40;
    writeFileSync(code, damaged);
    expect(run(cache, "version")).toBe(version);
  }
  writeFileSync(code, bytes.subarray(0, 1000));
  expect(run(cache, "version")).toBe(version);
});

test.skipIf(!existsSync(goesc))("a cache that cannot be written to only takes time", () => {
  const cache = join(work, "readonly");
  mkdirSync(cache);
  chmodSync(cache, 0o500);
  expect(run(cache, "version")).toMatch(/^0 goesc/);
  expect(run(join(file, "under-a-file"), "version")).toMatch(/^0 goesc/);
  chmodSync(cache, 0o700);
});
