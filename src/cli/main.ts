/** The command `goesc`. */
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { noteUse } from "../host/code-cache.ts";
import { GitError } from "../host/git.ts";
import { nodeHost } from "../host/node-host.ts";
import { startWord } from "../host/own-program.ts";
import { LoadError, readGoEnv } from "../load/env.ts";
import { runAlmost } from "./almost.ts";
import { normalizeArgs, UsageError } from "./args.ts";
import { runCache } from "./cache.ts";
import { runCheck } from "./check.ts";
import { runBaseline, runDiff } from "./diff.ts";
import { runExplain } from "./explain.ts";
import { runFindings } from "./findings.ts";
import { helpText, shortUsage } from "./help.ts";
import { nearest } from "./near.ts";
import { OptionKind, optionTable } from "./options.ts";
import { openRequest, runAnalysis } from "./run.ts";
import { runProgram, runStarted } from "./run-program.ts";
import { type RawOptions, readSettings, type Settings } from "./settings.ts";
import { runTests } from "./test-program.ts";
import { goescVersion } from "./version.ts";
import { runWatching } from "./watch.ts";

/** Exit codes (see `goesc help`). */
export const enum Exit {
  Ok = 0,
  Errors = 1,
  Usage = 2,
}

function buildCommand(): Command {
  const command = new Command("goesc").exitOverride().helpOption(false).argument("[words...]");
  command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.option("--help").option("--version");
  for (const spec of optionTable) {
    const flag = `--${spec.name}`;
    if (spec.kind === OptionKind.Bool) command.option(flag);
    else if (spec.kind === OptionKind.List) command.option(`${flag} <value>`, "", collect, []);
    else command.option(`${flag} <value>`);
  }
  return command;
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

/** Runs the command line; the result is the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (error instanceof UsageError) return usageFailure(error.message, args[0]);
    if (error instanceof CommanderError) return usageFailure(error.message.replace(/^error: /, ""), args[0]);
    if (error instanceof GitError) {
      process.stderr.write(`goesc: git: ${error.message}\n`);
      return Exit.Usage;
    }
    if (error instanceof LoadError) {
      process.stderr.write(`${error.message}\n`);
      // Of those two, 1 says that there are findings.
      return args[0] === "check" || args[0] === "diff" ? Exit.Usage : Exit.Errors;
    }
    // A file that cannot be read or written.
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    process.stderr.write(`goesc: ${message}\n`);
    return Exit.Usage;
  }
}

function usageFailure(message: string, word = ""): number {
  process.stderr.write(`goesc: ${message}\n${shortUsage(words.has(word) || verbs.has(word) ? word : "")}`);
  return Exit.Usage;
}

/** What to do with packages instead of printing remarks. */
const verbs: ReadonlyMap<string, (settings: Settings) => Promise<number>> = new Map([
  ["explain", runExplain],
  ["diff", runDiff],
  ["check", runCheck],
  ["almost", runAlmost],
]);

/** Other first words that are no packages. */
const words: ReadonlySet<string> = new Set(["help", "version", "cache", "lsp", "run", "test"]);

async function dispatch(args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    process.stderr.write(shortUsage());
    return Exit.Usage;
  }
  if (args[0] === startWord) {
    noteUse("run");
    return runStarted(args.slice(1));
  }
  noteUse(words.has(args[0]) || verbs.has(args[0]) ? args[0] : "remarks");
  if (args[0] === "help") return help(args[1] ?? "");
  if (args[0] === "version") return version();
  if (args[0] === "cache") return runCache(args.slice(1));
  if (args[0] === "lsp") return runLanguageServer(args.slice(1));
  const wantsHelp = args[1] === "-h" || args[1] === "-help" || args[1] === "--help";
  if ((args[0] === "run" || args[0] === "test") && wantsHelp) return help(args[0]);
  if (args[0] === "run") return runProgram(args.slice(1), settingsOf);
  if (args[0] === "test") return runTests(args.slice(1), settingsOf);
  const verb = verbs.get(args[0]) ?? null;
  const command = buildCommand();
  command.parse(normalizeArgs(verb === null ? args : args.slice(1)), { from: "user" });
  const options = command.opts<RawOptions & { help?: boolean; version?: boolean }>();
  if (options.help) return help(verb === null ? "" : args[0]);
  if (options.version) return version();
  const settings = readSettings(options, command.args);
  if (verb === null) refuseMistypedVerb(args[0], settings);
  const run = (): Promise<number> => (verb ?? analysis(settings))(settings);
  return settings.watch ? runWatching(settings, run) : run();
}

/** A first word that is nearly a command is taken for a package only if there is one. */
function refuseMistypedVerb(word: string, settings: Settings): void {
  if (!/^[a-z]+$/.test(word)) return;
  const near = nearest(word, [...verbs.keys(), ...words], 1);
  if (near.length === 0 || isPackage(word, settings)) return;
  throw new UsageError(`unknown command ${JSON.stringify(word)}, and no package; did you mean ${near[0]}?`);
}

function isPackage(word: string, settings: Settings): boolean {
  try {
    return openRequest({ ...settings, patterns: [word] }, true).load.errors.length === 0;
  } catch (error) {
    if (error instanceof LoadError) return false;
    throw error;
  }
}

/** The server is a bundle of its own: nobody else has to load it. */
async function runLanguageServer(args: readonly string[]): Promise<number> {
  if (args.some((arg) => /^--?h(elp)?$/.test(arg))) return help("lsp");
  const unknown = args.find((arg) => arg !== "--stdio" && arg !== "-stdio");
  if (unknown !== undefined) throw new UsageError(`lsp: unknown argument ${JSON.stringify(unknown)}`);
  const bundle = createRequire(import.meta.url)("./goesc-lsp.js") as { serve(version: string): void };
  bundle.serve(goescVersion());
  return await new Promise<number>(() => {}); // ends with the client
}

/** Settings of flags in commander's form. */
function settingsOf(args: readonly string[]): Settings {
  const command = buildCommand();
  command.parse([...args], { from: "user" });
  return readSettings(command.opts<RawOptions>(), command.args);
}

/** What a command line without verb is for. */
function analysis({ baseline, writeBaseline, outputs }: Settings): (settings: Settings) => Promise<number> {
  if (baseline !== "" || writeBaseline !== "") return runBaseline;
  return outputs.length > 0 ? runFindings : runAnalysis;
}

function help(topic: string): number {
  const text = helpText(topic);
  if (text === null) {
    process.stderr.write(`goesc: no help for ${JSON.stringify(topic)}; there is:\n${helpText("topics")}`);
    return Exit.Usage;
  }
  process.stdout.write(text);
  return Exit.Ok;
}

function version(): number {
  process.stdout.write(`goesc ${goescVersion()}\n`);
  try {
    const { goroot } = readGoEnv(nodeHost(), "");
    const where = goroot.embedded === undefined ? `in ${goroot.dir}` : "from its own summary: no Go installation found";
    process.stdout.write(`reads go${goroot.version} ${where}\n`);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    process.stdout.write(`${error.message}\n`);
  }
  return Exit.Ok;
}
