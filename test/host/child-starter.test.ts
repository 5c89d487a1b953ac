/** Output that children write to the end of a program and beyond (host/child-starter.ts), and helpers that cannot start. */
import { expect, it, vi } from "vitest";
import { attempt } from "../../src/host/attempt.ts";
import { takeWhatIsThere } from "../../src/host/child-starter.ts";
import { PipeSupply } from "../../src/host/real-pipes.ts";

let helperError: object | null = null;

vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  // There is always more.
  readSync: (_: number, bytes: Uint8Array) => bytes.fill(121).length,
}));

vi.mock("../../src/host/child-process.ts", async (original) => {
  const real = await original<typeof import("../../src/host/child-process.ts")>();
  const execFileSync = ((...args: Parameters<typeof real.execFileSync>) => {
    if (helperError !== null) throw helperError;
    return real.execFileSync(...args);
  }) as typeof real.execFileSync;
  return { ...real, execFileSync };
});

it("takes what is there when the program ends, and does not wait for more", () => {
  let taken = 0;
  takeWhatIsThere(0, (bytes) => {
    taken += bytes.length;
  });
  expect(taken).toBe(65536);
});

it("tells a machine without pipes from one that is full", () => {
  const take = (error: object): unknown => {
    helperError = error;
    const result = attempt(() => new PipeSupply().take());
    helperError = null;
    return result;
  };
  expect(take({ code: "ENOENT" })).toBe(-38);
  expect(take({ status: 1 })).toBe(-38);
  expect(take({ code: "EAGAIN" })).toBe(-11);
});
