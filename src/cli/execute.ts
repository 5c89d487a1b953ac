/** Runs a linked program to its end. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { StoredCode, StoredProgram } from "../host/program-store.ts";
import { dieOf, type ProgramResult, type ProgramThread } from "../host/run-host.ts";
import type { RunOptions } from "../runtime/options.ts";

/** Returns the exit code. `command` is goesc's own file; `code`: of a program that was built before, what the engine has made
 *  of it; `report` is told of the end. */
export async function execute(
  thread: ProgramThread,
  command: string,
  { module, dataEnd, saved }: StoredProgram,
  options: RunOptions,
  code: StoredCode | null,
  report: (result: ProgramResult) => Promise<void> = async () => {},
): Promise<number> {
  const counters = saved.map((c) => c.address);
  const kept = code === null || options.threads > 0 ? {} : { code: code.known };
  const result = await thread.run({ kind: "program", module, dataEnd, counters, options, command, ...kept });
  if (result.machineCode !== undefined) code?.keep(result.machineCode);
  if (result.failure !== null) process.stderr.write(`goesc: ${result.failure}\n`);
  await report(result);
  return result.signal === undefined ? result.code : dieOf(result.signal);
}

/** The environment as programs see it. */
export function environment(): string[] {
  return Object.entries(process.env).map(([key, value]) => `${key}=${value ?? ""}`);
}

/** As the go command starts programs: with its own directory first in PATH, so that they find that very one. */
export function withGo(env: readonly string[], goroot: string): string[] {
  const bin = join(goroot, "bin");
  if (goroot === "" || !existsSync(bin)) return [...env];
  const path = env.find((setting) => setting.startsWith("PATH="))?.slice("PATH=".length) ?? "";
  return [...env.filter((setting) => !setting.startsWith("PATH=")), `PATH=${path === "" ? bin : `${bin}:${path}`}`];
}
