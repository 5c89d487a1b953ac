/** `goesc run`: builds a program, links it, and runs it on the embedded runtime. */
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ProgramJob, runInWorker } from "../host/run-host.ts";
import { machineRoots } from "../runtime/machine.ts";
import type { RunOptions } from "../runtime/options.ts";
import { type LinkedModule, link } from "../wasm/link.ts";
import { UsageError } from "./args.ts";
import { BuildError, type BuiltProgram, buildProgram } from "./build-program.ts";
import { runOptions, splitRunArgs } from "./run-options.ts";
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
    const built = await buildProgram({ settings, test: false, dump: readDump(dump) });
    if (built === null) throw new BuildError("no Go files");
    if (built.dump !== "") process.stdout.write(built.dump);
    if (dump !== "") return 0;
    return await execute(built, { ...options, ...surroundings(settings), args: [programName(built), ...rest] });
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

function readDump(text: string): string | null {
  if (text === "") return null;
  const match = /^ssa(?:,(.*))?$/.exec(text);
  if (match === null) throw new UsageError(`-dump: unknown value ${JSON.stringify(text)}; there is ssa, ssa,FUNCTION`);
  return match[1] ?? "";
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

/** Links and runs; the exit code. */
export async function execute(built: BuiltProgram, options: RunOptions): Promise<number> {
  const linked = linkProgram(built);
  const job: ProgramJob = { kind: "program", module: linked.bytes, dataEnd: linked.dataEnd, options };
  const { code, failure } = await runInWorker(fileURLToPath(import.meta.url), job);
  if (failure !== null) process.stderr.write(`goesc: ${failure}\n`);
  return code;
}

export function linkProgram(built: BuiltProgram): LinkedModule {
  const { objects, initOrder, runtimePackages } = built;
  const linked = link(objects, { roots: [...machineRoots, "main.main"], names: true, initOrder, runtimePackages });
  if (process.env.GOESC_TRACE && linked.missing.length > 0)
    process.stderr.write(`goesc: undefined symbols:\n${linked.missing.map((name) => `\t${name}\n`).join("")}`);
  return linked;
}
