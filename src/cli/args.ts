/** From Go-style arguments to settings. */

import { isAbsolute, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type DebugSwitches, defaultSwitches, harmlessSwitches, unsupportedSwitches } from "../base/switches.ts";
import { defaultPgoOptions, type PgoOptions } from "../inline/pgo/graph.ts";
import { splitQuoted } from "../load/env.ts";
import { findOption, OptionKind, unsupportedFlags } from "./options.ts";

/** A mistake on the command line: one line, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Rewrites Go-style flags into the form that commander reads: `-tags=x` and `-tags x` become `--tags=x`. Everything
 *  after `--`, and every word that is no flag, is kept. */
export function normalizeArgs(args: readonly string[]): string[] {
  const flags: string[] = [];
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") {
      words.push(...args.slice(i + 1));
      break;
    }
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(arg);
    if (match === null) {
      if (arg.startsWith("-") && arg !== "-") throw new UsageError(`bad flag syntax: ${arg}`);
      words.push(arg);
      continue;
    }
    const [, name, given] = match;
    const spec = findOption(name);
    if (spec === null) {
      if (name === "h" || name === "help" || name === "version") {
        flags.push(`--${name === "h" ? "help" : name}`);
        continue;
      }
      if (unsupportedFlags.has(name))
        throw new UsageError(`flag -${name} is not supported: it changes what the compiler sees`);
      throw new UsageError(`flag provided but not defined: -${name}`);
    }
    switch (spec.kind) {
      case OptionKind.Bool:
        if (given !== undefined && !/^(?:1|0|t|f|T|F|true|false|TRUE|FALSE|True|False|auto)$/.test(given)) {
          throw new UsageError(`invalid boolean value ${JSON.stringify(given)} for -${name}`);
        }
        if (given === undefined || /^(?:1|t)/i.test(given)) flags.push(`--${spec.name}`);
        break;
      case OptionKind.Optional:
        flags.push(`--${spec.name}=${given ?? spec.implied}`);
        break;
      default: {
        const value = given ?? args[++i];
        if (value === undefined) throw new UsageError(`flag needs an argument: -${name}`);
        flags.push(`--${spec.name}=${value}`);
      }
    }
  }
  return [...flags, "--", ...words];
}

/** What goesc knows of the compiler's flags. */
export interface CompilerFlags {
  /** -m: 0 is silent. */
  readonly m: number;
  /** -l: 0 inlines. */
  readonly l: number;
  /** -N: no optimisations. */
  readonly N: boolean;
  /** -e: no limit on the number of errors. */
  readonly e: boolean;
  /** -lang; "" to take the module's. */
  readonly lang: string;
  /** -smallframes: lower limits for what may be on the stack. */
  readonly smallFrames: boolean;
  /** -d=escapemutationscalls: say what parameters are written through and called. */
  readonly mutations: boolean;
  /** -d=zerocopy=0 turns it off. */
  readonly zeroCopy: boolean;
  /** -json=0,DIR: the directory of the compiler's own log; "" for none. */
  readonly optLog: string;
  /** Further switches of -d. */
  readonly switches: DebugSwitches;
  /** -d=pgo…: how a profile is used. */
  readonly pgo: PgoOptions;
}

export const noCompilerFlags: CompilerFlags = {
  m: 0,
  l: 0,
  N: false,
  e: false,
  lang: "",
  smallFrames: false,
  mutations: false,
  zeroCopy: true,
  optLog: "",
  pgo: defaultPgoOptions,
  switches: defaultSwitches,
};

/** Flags that do not change what goesc prints. */
const harmless = new Set([
  "p",
  "c",
  "B",
  "w",
  "dwarf",
  "dwarflocationlists",
  "shared",
  "dynlink",
  "nolocalimports",
  "spectre",
  "std",
  "complete",
  "live",
]);
const counters = new Set(["m", "l"]);

/** Reads the words of -gcflags. Throws a {@link UsageError} for flags that goesc does not know. */
export function parseCompilerFlags(words: readonly string[]): CompilerFlags {
  const counts = { m: 0, l: 0 };
  const flags = { ...noCompilerFlags } as { -readonly [K in keyof CompilerFlags]: CompilerFlags[K] };
  for (let i = 0; i < words.length; i++) {
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(words[i]);
    if (match === null) throw new UsageError(`-gcflags: ${words[i]} is no flag`);
    const [, name, value] = match;
    if (counters.has(name)) {
      const key = name as "m" | "l";
      if (value === undefined || value === "true") counts[key]++;
      else if (value === "false") counts[key] = 0;
      else if (/^\d+$/.test(value)) counts[key] = Number(value);
      else throw new UsageError(`-gcflags: invalid value ${JSON.stringify(value)} for flag -${name}`);
    } else if (name === "N") {
      flags.N = value !== "false";
    } else if (name === "e") {
      flags.e = value !== "false";
    } else if (name === "lang") {
      flags.lang = value ?? words[++i] ?? "";
    } else if (name === "race") {
      flags.switches = { ...flags.switches, race: value !== "false" };
    } else if (name === "smallframes") {
      flags.smallFrames = value !== "false";
    } else if (name === "json") {
      flags.optLog = readLogFlag(value ?? words[++i] ?? "");
    } else if (name === "d") {
      readDebugSwitches(value ?? words[++i] ?? "", flags);
    } else if (!harmless.has(name)) {
      throw new UsageError(`-gcflags: the compiler's flag -${name} is not supported`);
    }
  }
  return { ...flags, ...counts };
}

/** `-json=0,DIR`; the directory is absolute, or a file URL. */
function readLogFlag(value: string): string {
  const comma = value.indexOf(",");
  const version = value.slice(0, Math.max(comma, 0));
  if (!/^[+-]?\d+$/.test(version)) {
    throw new UsageError("-json option should be '<version>,<destination>' where <version> is a number");
  }
  if (Number(version) !== 0) throw new UsageError("-json version must be 0");
  const dir = value.slice(comma + 1);
  if (dir.startsWith("file://")) return fileURLToPath(dir);
  if (!isAbsolute(dir)) {
    const what = `${sep}-prefixed directory nor file://-prefixed file URI`;
    throw new UsageError(`optimizer logging destination ${dir} was neither ${what}`);
  }
  return dir;
}

/** `-d=name[=value],…`: of the compiler's many switches those that change what it prints here. */
function readDebugSwitches(
  list: string,
  flags: { mutations: boolean; zeroCopy: boolean; pgo: PgoOptions; switches: DebugSwitches },
): void {
  for (const item of list.split(",")) {
    const [name, value] = item.split("=", 2);
    const on = value !== "0";
    const number = value === undefined ? 1 : Number(value);
    if (name === "escapemutationscalls") flags.mutations = on;
    else if (name === "zerocopy") flags.zeroCopy = on;
    else if (name.startsWith("pgo")) flags.pgo = { ...flags.pgo, ...readPgoSwitch(name, value) };
    else if (name === "checkptr") flags.switches = { ...flags.switches, checkptr: readInteger(name, number) };
    else if (name === "converthash") {
      if (!/^q?[yn]$/.test(value ?? ""))
        throw new UsageError(`-gcflags: -d=${item} is not supported, only y and n are`);
      flags.switches = { ...flags.switches, converthash: value!.endsWith("y") };
    } else if (name === "wrongstack" || name === "maymorestack")
      flags.switches = { ...flags.switches, [name]: value ?? "" };
    else if (isSwitch(name)) flags.switches = { ...flags.switches, [name]: on };
    else if (/^ssa\/[\w-]+\/(?:on|off|seed)$/.test(name) || harmlessSwitches.has(name)) continue;
    else if (unsupportedSwitches.has(name) || name.startsWith("ssa/")) {
      throw new UsageError(`-gcflags: -d=${item} is not supported`);
    } else throw new UsageError(`-gcflags: unknown debug key -d ${name}`);
  }
}

function isSwitch(name: string): name is "inlfuncswithclosures" | "inlstaticinit" | "nodeadlocals" | "tailcall" {
  return (
    Object.hasOwn(defaultSwitches, name) &&
    typeof defaultSwitches[name as keyof DebugSwitches] === "boolean" &&
    name !== "race"
  );
}

function readInteger(name: string, value: number): number {
  if (Number.isInteger(value)) return value;
  throw new UsageError(`-gcflags: invalid debug value for ${name}`);
}

function readPgoSwitch(name: string, value: string | undefined): Partial<PgoOptions> {
  const number = value === undefined ? 1 : Number(value);
  if (value !== undefined && !/^-?\d+(?:\.\d+)?$/.test(value)) {
    throw new UsageError(`-gcflags: invalid debug value ${JSON.stringify(value)} for ${name}`);
  }
  switch (name) {
    case "pgodebug":
      if (number > 2) throw new UsageError("-gcflags: -d=pgodebug is supported up to 2");
      return { debug: number };
    case "pgoinline":
      return { inline: number !== 0 };
    case "pgodevirtualize":
      return { devirtualize: number };
    case "pgoinlinecdfthreshold":
      if (number < 0 || number > 100) {
        throw new UsageError("-gcflags: invalid PGOInlineCDFThreshold, must be between 0 and 100");
      }
      return { cdfThreshold: number };
    case "pgoinlinebudget":
      return number === 0 ? {} : { budget: number };
    default:
      throw new UsageError(`-gcflags: the compiler's switch -d=${name} is not supported`);
  }
}

/** One -gcflags value: which packages it is for and what it says. */
export interface FlagRule {
  /** "" for the packages named on the command line. */
  readonly pattern: string;
  readonly flags: CompilerFlags;
}

/** `[pattern=]flags`; a value that starts with `-` has no pattern. */
export function parseGcflags(value: string): FlagRule {
  const text = value.trim();
  const equals = text.indexOf("=");
  if (text !== "" && !text.startsWith("-") && equals < 0) {
    throw new UsageError("-gcflags: parameter may not start with quote character, or pattern lacks '='");
  }
  const pattern = text.startsWith("-") || equals < 0 ? "" : text.slice(0, equals).trim();
  const words = splitQuoted(pattern === "" ? text : text.slice(equals + 1));
  if (words === null) throw new UsageError("-gcflags: unterminated quoted string");
  return { pattern, flags: parseCompilerFlags(words) };
}
