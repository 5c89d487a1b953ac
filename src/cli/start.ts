/** The command's entry: runs a program that is known (host/known-run.ts) at once, since reading goesc takes longer than many a
 *  program runs; leaves everything else to the launcher. Like that, it is compiled each time. */
import "../host/early-thread.ts"; // first: see there
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { buildOf, generationDir, limitOf } from "../host/cache.ts";
import { cacheDir } from "../host/cache-dir.ts";
import { recallRun, splitProgram } from "../host/known-run.ts";
import { programPath } from "../host/own-program.ts";
import { readProgram, storedCode } from "../host/program-store.ts";
import { ProgramThread } from "../host/run-host.ts";
import { SummaryStore } from "../host/summary-store.ts";
import { defaultOptions } from "../runtime/options.ts";
import { crashText } from "./crash.ts";
import { environment, execute, withGo } from "./execute.ts";

/** As for launch.ts. */
declare const GOESC_CODE: string;
declare const GOESC_THREAD: string;

/** False if the program is not known, or not what it was. */
function runKnown(words: readonly string[]): boolean {
  const limit = limitOf();
  if (words.length === 0 || words[0].startsWith("-") || limit === null) return false;
  const threadFile = join(__dirname, GOESC_THREAD);
  const build = buildOf(join(__dirname, GOESC_CODE));
  const store = new SummaryStore(generationDir(cacheDir(), build));
  const [patterns, args] = splitProgram(words);
  const run = recallRun(store, patterns);
  const record = run === null ? null : store.read(run.program);
  if (run === null || record === null) return false;
  const { godebug, origin } = run;
  const program = programPath(run.name);
  const around = { program, args: [program, ...args], cwd: process.cwd(), started: false, inherited: [] };
  const env = withGo(environment(), origin.goroot);
  const options = { ...defaultOptions, ...around, env, godebug, origin };
  const code = storedCode(store, run.program, limit, build);
  process.on("uncaughtException", crash);
  const thread = new ProgramThread(threadFile, options.threads, true);
  execute(thread, __filename, readProgram(record), options, code).then(process.exit, crash);
  return true;
}

function crash(error: unknown): never {
  process.stderr.write(crashText(error));
  process.exit(2);
}

if (!isMainThread || process.argv[2] !== "run" || !runKnown(process.argv.slice(3))) void import("../host/launch.ts");
