/** What the user asked for, in one object. */

import { splitTags } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";
import { matchPattern } from "../load/patterns.ts";
import { debugStages } from "../report/analyze.ts";
import { type Format, formatByName, formats } from "../report/formats/index.ts";
import { remarkGroups } from "../report/remark.ts";
import { type RemarkView, remarkOrders } from "../report/view.ts";
import { type CompilerFlags, type FlagRule, noCompilerFlags, parseGcflags, UsageError } from "./args.ts";
import type { Reader } from "./job.ts";

/** Options as commander hands them over. */
export interface RawOptions {
  readonly m?: string;
  readonly l?: string;
  readonly gcflags?: readonly string[];
  readonly json?: boolean;
  readonly only?: string;
  readonly sort?: string;
  readonly summary?: boolean;
  readonly format?: string;
  readonly out?: readonly string[];
  readonly fixes?: boolean;
  readonly profile?: string;
  readonly changed?: string;
  readonly budget?: readonly string[];
  readonly heap?: boolean;
  readonly within?: string;
  readonly watch?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly fix?: string;
  readonly w?: boolean;
  readonly debug?: string;
  readonly dump?: string;
  readonly C?: string;
  readonly tags?: string;
  readonly mod?: string;
  readonly modfile?: string;
  readonly overlay?: string;
  readonly go?: string;
  readonly p?: string;
  readonly pgo?: string;
  readonly reader?: string;
}

export interface Settings {
  readonly patterns: readonly string[];
  /** Flags for packages, the last rule that matches counts. */
  readonly rules: readonly FlagRule[];
  readonly json: boolean;
  /** What is printed of the remarks; null for all, in the compiler's order. */
  readonly view: RemarkView | null;
  /** Where findings go, in which formats; none for the compiler's lines. */
  readonly outputs: readonly OutputSetting[];
  /** Look for edits that help. */
  readonly fixes: boolean;
  /** A heap profile that ranks findings; "" for none. */
  readonly profile: string;
  /** The revision that a change under review starts from; "" if it is not said. */
  readonly changed: string;
  readonly budgets: readonly Budget[];
  /** For `almost`: how far over the budget a function may be. */
  readonly within: number;
  /** Go on when files change. */
  readonly watch: boolean;
  /** For `check`: every value on the heap is a finding. */
  readonly heap: boolean;
  /** Files to compare with and to write; "" for none. */
  readonly baseline: string;
  readonly writeBaseline: string;
  /** The suggestion that `explain` is to apply; 0 to show them all. */
  readonly fix: number;
  /** Write it to the file. */
  readonly write: boolean;
  readonly debug: { readonly stage: string; readonly func: string } | null;
  readonly dump: "dot" | "json" | null;
  /** "" for the current directory. */
  readonly chdir: string;
  /** Null to take GOFLAGS. */
  readonly tags: readonly string[] | null;
  readonly mod: string | null;
  readonly modFile: string | null;
  readonly overlay: string | null;
  /** -pgo: off, auto or a file; null to take GOFLAGS. */
  readonly pgo: string | null;
  readonly goroot: string;
  /** The release 1.N whose rules hold; null for those of the installation. */
  readonly goMinor: number | null;
  readonly reader: Reader;
  /** Packages at the same time; 0 to choose by the machine. */
  readonly jobs: number;
}

const defaultWithin = 40;

export interface OutputSetting {
  readonly format: Format;
  /** `-` is standard output. */
  readonly file: string;
}

export interface Budget {
  /** "" for all packages together. */
  readonly pattern: string;
  readonly max: number;
}

/** Throws a {@link UsageError}. */
export function readSettings(options: RawOptions, patterns: readonly string[]): Settings {
  return {
    patterns,
    rules: flagRules(options),
    json: options.json === true,
    view: readView(options),
    outputs: readOutputs(options.format, options.out ?? []),
    fixes: options.fixes === true,
    profile: options.profile ?? "",
    changed: options.changed ?? "",
    budgets: (options.budget ?? []).map(readBudget),
    heap: options.heap === true,
    within: readCount(options.within, "-within") || defaultWithin,
    watch: options.watch === true,
    baseline: options.baseline ?? "",
    writeBaseline: options.writeBaseline ?? "",
    fix: readCount(options.fix, "-fix"),
    write: options.w === true,
    debug: readDebug(options.debug),
    dump: readDump(options.dump),
    chdir: options.C ?? "",
    tags: options.tags === undefined ? null : splitTags(options.tags),
    mod: options.mod ?? null,
    modFile: options.modfile ?? null,
    overlay: options.overlay ?? null,
    pgo: options.pgo ?? null,
    ...readGo(options.go ?? ""),
    reader: readReader(options.reader),
    jobs: readCount(options.p, "-p"),
  };
}

/** -m and -l are short for -gcflags of the packages named; they add to an explicit -gcflags. */
function flagRules(options: RawOptions): FlagRule[] {
  const rules = (options.gcflags ?? []).map(parseGcflags);
  if (options.m === undefined && options.l === undefined) return rules;
  const last = rules.findLast((rule) => rule.pattern === "");
  const flags: CompilerFlags = {
    ...(last?.flags ?? noCompilerFlags),
    ...(options.m === undefined ? {} : { m: readLevel(options.m, "-m") }),
    ...(options.l === undefined ? {} : { l: readLevel(options.l, "-l") }),
  };
  return [...rules, { pattern: "", flags }];
}

function readView(options: RawOptions): RemarkView | null {
  const { only, sort, summary } = options;
  if (only === undefined && sort === undefined && summary !== true) return null;
  const groups = only === undefined ? null : only.split(",").map((word) => word.trim());
  for (const word of groups ?? []) {
    if (!(remarkGroups as readonly string[]).includes(word))
      throw new UsageError(`-only: unknown kind ${JSON.stringify(word)}; there are ${remarkGroups.join(", ")}`);
  }
  if (sort !== undefined && !(remarkOrders as readonly string[]).includes(sort))
    throw new UsageError(`-sort: unknown order ${JSON.stringify(sort)}; there are ${remarkOrders.join(", ")}`);
  return {
    only: groups as RemarkView["only"],
    sort: (sort ?? null) as RemarkView["sort"],
    summary: summary === true,
  };
}

function readOutputs(format: string | undefined, out: readonly string[]): OutputSetting[] {
  const outputs: OutputSetting[] = [];
  const add = (name: string, file: string): void => {
    const known = formatByName(name);
    if (known === null) {
      const names = formats.map((f) => f.name).join(", ");
      throw new UsageError(`there is no format ${JSON.stringify(name)}; there are ${names}`);
    }
    outputs.push({ format: known, file });
  };
  if (format !== undefined) add(format, "-");
  for (const item of out) {
    // A comma belongs to a file's name unless a format follows it.
    for (const part of item.split(/,(?=[a-z-]+=)/)) {
      const equals = part.indexOf("=");
      if (equals < 1 || equals === part.length - 1) throw new UsageError(`-out: ${part}: want FORMAT=FILE`);
      add(part.slice(0, equals), part.slice(equals + 1));
    }
  }
  return outputs;
}

function readBudget(text: string): Budget {
  const match = /^(?:(.+)=)?(\d+)$/.exec(text);
  if (match === null) throw new UsageError(`invalid value ${JSON.stringify(text)} for flag -budget: want [PATTERN=]N`);
  return { pattern: match[1] ?? "", max: Number(match[2]) };
}

function readLevel(text: string, flag: string): number {
  if (text === "true") return 1;
  if (text === "false") return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`invalid value ${JSON.stringify(text)} for flag ${flag}`);
}

function readCount(text: string | undefined, flag: string): number {
  if (text === undefined) return 0;
  if (!/^[1-9]\d*$/.test(text))
    throw new UsageError(`invalid value ${JSON.stringify(text)} for flag ${flag}: must be a positive integer`);
  return Number(text);
}

/** `-go` names an installation, or a release whose rules are to hold. */
function readGo(text: string): Pick<Settings, "goroot" | "goMinor"> {
  const release = /^(?:go)?1\.(\d+)(?:\.\d+)?$/.exec(text);
  return release === null ? { goroot: text, goMinor: null } : { goroot: "", goMinor: Number(release[1]) };
}

function readReader(text: string | undefined): Reader {
  if (text === undefined || text === "descent") return "descent";
  if (text === "tree-sitter") return text;
  throw new UsageError(`-reader: unknown value ${JSON.stringify(text)}; there are descent, tree-sitter`);
}

function readDebug(text: string | undefined): Settings["debug"] {
  if (text === undefined) return null;
  const comma = text.indexOf(",");
  const stage = comma < 0 ? text : text.slice(0, comma);
  if (!(debugStages as readonly string[]).includes(stage)) {
    throw new UsageError(`-debug: unknown stage ${JSON.stringify(stage)}; there are ${debugStages.join(", ")}`);
  }
  return { stage, func: comma < 0 ? "" : text.slice(comma + 1) };
}

function readDump(text: string | undefined): Settings["dump"] {
  if (text === undefined) return null;
  if (text === "graph" || text === "graph=dot") return "dot";
  if (text === "graph=json") return "json";
  throw new UsageError(`-dump: unknown value ${JSON.stringify(text)}; there are graph, graph=dot, graph=json`);
}

/** The compiler flags of a package: those of the last rule for it. `cwd` is for patterns that are directories. */
export function flagsFor(
  rules: readonly FlagRule[],
  pkg: LoadedPackage,
  relDir: (dir: string) => string,
): CompilerFlags {
  let flags = noCompilerFlags;
  for (const rule of rules) if (appliesTo(rule, pkg, relDir)) flags = rule.flags;
  return flags;
}

function appliesTo(rule: FlagRule, pkg: LoadedPackage, relDir: (dir: string) => string): boolean {
  const { pattern } = rule;
  const path = pkg.importPath.replace(/ \[.*/, ""); // what is built once more goes by the path that it has without
  if (pattern === "") return pkg.isRequested;
  if (pattern === "all") return true;
  if (pattern === "std") return pkg.isStd && !/^cmd(?:\/|$)/.test(path);
  if (pattern === "cmd") return pkg.isStd && /^cmd(?:\/|$)/.test(path);
  if (/^\.{1,2}(?:\/|$)/.test(pattern)) {
    const rel = relDir(pkg.dir);
    const clean = pattern.replace(/^\.\/(?=.)/, "");
    return matchPattern(clean)(rel.replace(/^\.\/(?=.)/, ""));
  }
  return matchPattern(pattern)(path);
}
