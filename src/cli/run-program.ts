/** `goesc run`: builds a program, links it, and runs it on the embedded runtime. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { splitProgram } from "../host/known-run.ts";
import { giveBackSoon } from "../host/memory.ts";
import { programPath, readStarted } from "../host/own-program.ts";
import { dieOf, ProgramThread } from "../host/run-host.ts";
import type { RunOptions } from "../runtime/options.ts";
import { UsageError } from "./args.ts";
import type { Dump } from "./backend.ts";
import { type BuiltProgram, buildProgram } from "./build-program.ts";
import { environment, execute, withGo } from "./execute.ts";
import { readLdflags } from "./ldflags.ts";
import { BuildError } from "./open-build.ts";
import { runOptions, splitRunArgs } from "./run-options.ts";
import { reportProfile } from "./run-report.ts";
import type { Settings } from "./settings.ts";

/** Returns the exit code. */
export async function runProgram(
  args: readonly string[],
  settingsOf: (raw: readonly string[]) => Settings,
): Promise<number> {
  const { build, words, flags } = splitRunArgs(args, null);
  const { dump, ...options } = runOptions(flags);
  if (words.length === 0) throw new UsageError("run: no go files listed");
  const [patterns, rest] = splitProgram(words);
  const settings = settingsOf([...build, "--", ...patterns]);
  try {
    const thread = dump === "" ? new ProgramThread(workerFile(), options.threads) : null;
    const built = await buildProgram({
      settings,
      test: false,
      dump: readDump(dump),
      countSaved: options.allocs !== null,
      check: options.check,
      threads: options.threads > 0,
      strings: readLdflags(flags.get("ldflags") ?? ""),
    });
    if (built === null) throw new BuildError("no Go files");
    if (built.dump !== "") process.stdout.write(built.dump);
    if (thread === null) return 0;
    const { godebug, origin, isNew } = built;
    if (isNew) giveBackSoon();
    const name = programName(built);
    const program = programPath(name);
    const args = [program, ...rest];
    const around = surroundings(settings);
    const env = withGo(around.env, origin.goroot);
    const all = { ...options, ...around, env, godebug, origin, program, args };
    const running = execute(thread, commandFile, built, all, built.code, async ({ profile, counts = [] }) => {
      if (profile !== undefined) await reportProfile(built, all, profile, counts);
    });
    if (flags.size === 0 && build.length === 0) built.note(patterns, name);
    return await running;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function readDump(text: string): Dump | null {
  if (text === "") return null;
  const match = /^(ssa|wasm)(?:,(.*))?$/.exec(text);
  if (match === null)
    throw new UsageError(`-dump: unknown value ${JSON.stringify(text)}; there are ssa and wasm, both with ,FUNCTION`);
  return { form: match[1] === "ssa" ? "ssa" : "wasm", func: match[2] ?? "" };
}

/** Runs what another run of goesc has built, and has started as a program of its own. */
export async function runStarted(args: readonly string[]): Promise<number> {
  const job = readStarted(args);
  const { code, signal, failure } = await new ProgramThread(workerFile(), job.options.threads).run(job);
  if (failure !== null) process.stderr.write(`goesc: ${failure}\n`);
  return signal === undefined ? code : dieOf(signal);
}

/** As `go run` names it: the directory's name, or that of the first file. */
function programName({ main }: BuiltProgram): string {
  return main.importPath === "command-line-arguments" ? basename(main.goFiles[0], ".go") : basename(main.importPath);
}

export function surroundings(settings: Settings): Pick<RunOptions, "env" | "cwd" | "started" | "inherited"> {
  const cwd = settings.chdir === "" ? process.cwd() : resolve(settings.chdir);
  return { env: environment(), cwd, started: false, inherited: [] };
}

export const commandFile: string = fileURLToPath(import.meta.url);

/** The bundle that runs programs in a worker: a small one of its own, or the whole command. */
export function workerFile(): string {
  const small = join(dirname(commandFile), "goesc-run.js");
  return existsSync(small) ? small : commandFile;
}
