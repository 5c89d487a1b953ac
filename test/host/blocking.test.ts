/** Pipes that do not block, for reads and writes that wait (host/blocking.ts). */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readBlocking, writeBlocking } from "../../src/host/blocking.ts";

const { O_RDONLY, O_RDWR, O_NONBLOCK } = constants;
let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "goesc-blocking-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

it.skipIf(process.platform === "win32")("waits for others", async () => {
  const pipe = join(dir, "pipe");
  execFileSync("mkfifo", [pipe]);
  const both = openSync(pipe, O_RDWR | O_NONBLOCK);
  const input = openSync(pipe, O_RDONLY | O_NONBLOCK);
  // More than a pipe holds.
  const bytes = new Uint8Array(300_000).fill(65);
  const reader = spawn("head", ["-c", String(bytes.length), pipe], { stdio: ["ignore", "ignore", "inherit"] });
  expect(writeBlocking(both, bytes, null)).toBe(bytes.length);
  expect(await new Promise((resolve) => reader.once("close", resolve))).toBe(0);
  spawn("sh", ["-c", `sleep 0.05; printf later > ${pipe}`], { stdio: "ignore" });
  const got = new Uint8Array(100);
  expect(readBlocking(input, got, null)).toBe(5);
  closeSync(both);
  expect(readBlocking(input, got, null)).toBe(0);
  closeSync(input);
});
