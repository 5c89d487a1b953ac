/** `goesc run`: builds a program, links it, and runs it on the embedded runtime. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { giveBackSoon } from "../host/memory.ts";
import { dieOf, ProgramThread } from "../host/run-host.ts";
import type { RunOptions } from "../runtime/options.ts";
import { UsageError } from "./args.ts";
import type { Dump } from "./backend.ts";
import { BuildError, type BuiltProgram, buildProgram } from "./build-program.ts";
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
    });
    if (built === null) throw new BuildError("no Go files");
    if (built.dump !== "") process.stdout.write(built.dump);
    if (thread === null) return 0;
    const { godebug, origin } = built;
    const args = [programName(built), ...rest];
    return await execute(thread, built, { ...options, ...surroundings(settings), godebug, origin, args });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** `.go` files up to the first word that is none, or one package; the rest belongs to the program. */
function splitProgram(words: readonly string[]): [readonly string[], readonly string[]] {
  let n = 0;
  while (n < words.length && words[n].endsWith(".go")) n++;
  if (n === 0 && words.length === 0) throw new UsageError("run: no go files listed");
  if (n === 0) n = 1;
  return [words.slice(0, n), words.slice(n)];
}

function readDump(text: string): Dump | null {
  if (text === "") return null;
  const match = /^(ssa|wasm)(?:,(.*))?$/.exec(text);
  if (match === null)
    throw new UsageError(`-dump: unknown value ${JSON.stringify(text)}; there are ssa and wasm, both with ,FUNCTION`);
  return { form: match[1] === "ssa" ? "ssa" : "wasm", func: match[2] ?? "" };
}

/** As `go run` names it: the directory's name, or that of the first file. */
function programName({ main }: BuiltProgram): string {
  const name =
    main.importPath === "command-line-arguments" ? basename(main.goFiles[0], ".go") : basename(main.importPath);
  return `/tmp/goesc/${name}`;
}

export function surroundings(settings: Settings): Pick<RunOptions, "env" | "cwd"> {
  const env = Object.entries(process.env).map(([key, value]) => `${key}=${value ?? ""}`);
  return { env, cwd: settings.chdir === "" ? process.cwd() : resolve(settings.chdir) };
}

/** Runs the program; its exit code. */
async function execute(thread: ProgramThread, built: BuiltProgram, options: RunOptions): Promise<number> {
  const { module, dataEnd, saved, isNew, code: machineCode } = built;
  if (isNew) giveBackSoon();
  const counters = saved.map((c) => c.address);
  const kept = machineCode === null || options.threads > 0 ? {} : { code: machineCode.known };
  const job = { kind: "program" as const, module, dataEnd, counters, options, ...kept };
  const { code, signal, failure, profile, counts = [], machineCode: made } = await thread.run(job);
  if (made !== undefined) machineCode?.keep(made);
  if (failure !== null) process.stderr.write(`goesc: ${failure}\n`);
  if (profile !== undefined) await reportProfile(built, options, profile, counts);
  return signal === undefined ? code : dieOf(signal);
}

/** The bundle that runs programs in a worker: a small one of its own, or the whole command. */
export function workerFile(): string {
  const self = fileURLToPath(import.meta.url);
  const small = join(dirname(self), "goesc-run.js");
  return existsSync(small) ? small : self;
}
