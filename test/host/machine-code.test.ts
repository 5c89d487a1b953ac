/** Machine code of modules that is kept (host/machine-code.ts). */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { codeToKeep, loadModule } from "../../src/host/machine-code.ts";

/** A module with a function `f` that adds one. */
const bytes = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 32, 0,
  65, 1, 106, 11,
]);

function load(code: Uint8Array | null): { result: number; kept: Uint8Array | null } {
  const loaded = loadModule(bytes, code);
  const f = new WebAssembly.Instance(loaded.module).exports.f as (n: number) => number;
  return { result: f(41), kept: codeToKeep(loaded, f, 5) };
}

const isKnownEngine = /^11\.3\./.test(process.versions.v8);

it.runIf(isKnownEngine)("is kept once", () => {
  const { result, kept } = load(null);
  expect(result).toBe(42);
  expect(kept!.length).toBeGreaterThan(100);
  expect(load(kept)).toEqual({ result: 42, kept: null });
});

it.runIf(isKnownEngine)("is taken from within what was read of a file", () => {
  const { kept } = load(null);
  const file = Buffer.concat([Buffer.alloc(16), kept!]);
  expect(loadModule(bytes, file.subarray(16)).taken).toBe(kept!.length);
});

it.runIf(isKnownEngine)("is kept after a run so long that the engine has dropped idle code", () => {
  const loaded = loadModule(bytes, null);
  const f = new WebAssembly.Instance(loaded.module).exports.f as (n: number) => number;
  setFlagsFromString("--expose-gc");
  setFlagsFromString("--stress-flush-code");
  const gc = runInNewContext("gc") as () => void;
  for (let i = 0; i < 4; i++) gc();
  setFlagsFromString("--no-stress-flush-code");
  setFlagsFromString("--no-expose-gc");
  expect(codeToKeep(loaded, f, 60)!.length).toBeGreaterThan(100);
});

/** A module with a function `g` that calls a small one twice; its last byte tells it from others that are the same. */
const calls = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 3, 2, 0, 0, 7, 5, 1, 1, 103, 0, 1, 10, 18, 2, 7, 0, 32,
  0, 65, 1, 106, 11, 8, 0, 32, 0, 16, 0, 16, 0, 11, 0, 3, 1, 97,
];

it.runIf(isKnownEngine)("has small functions inlined", () => {
  const size = (module: WebAssembly.Module): number => {
    const g = new WebAssembly.Instance(module).exports.g as (n: number) => number;
    expect(g(40)).toBe(42);
    const kept = codeToKeep({ module, taken: 0 }, g, 5)!; // of g alone, in its better code
    expect(g(40)).toBe(42);
    return kept.length;
  };
  const plain = new WebAssembly.Module(new Uint8Array([...calls, 1]));
  expect(size(loadModule(new Uint8Array([...calls, 0]), null).module)).toBeLessThan(size(plain));
});

it("is made again if what was kept is of no use", () => {
  expect(load(new Uint8Array(200)).result).toBe(42);
});

it("is not worth keeping after a short run", () => {
  expect(codeToKeep(loadModule(bytes, null), () => {}, 1)).toBe(null);
});
