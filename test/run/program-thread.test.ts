/** The thread that programs run in. Reads its built code: `npm run build` comes first. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ProgramThread } from "../../src/host/run-host.ts";
import { defaultOptions } from "../../src/runtime/options.ts";

const code = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "dist", "goesc-run.js");

describe.skipIf(!existsSync(code))("a program's thread", () => {
  it("takes the bytes of a module, so that they are in memory once", async () => {
    const module = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const around = { args: [], env: [], cwd: "/", program: "/none/p", started: false, inherited: [] };
    const options = { ...defaultOptions, ...around, godebug: "", origin: { buildInfo: "", goVersion: "", goroot: "" } };
    const job = { kind: "program" as const, module, dataEnd: 0, counters: [], options, command: "" };
    const { failure } = await new ProgramThread(code).run(job);
    expect(failure).not.toBeNull(); // there is no program in it
    expect(module.byteLength).toBe(0);
  });
});
