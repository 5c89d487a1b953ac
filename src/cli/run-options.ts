/** The command line of `goesc run` and `goesc test`: flags up to the first word that is none, then what to run, then the
 *  program's own arguments. */
import type { RunOptions, Surroundings } from "../runtime/options.ts";
import { maxThreads } from "../runtime/signals.ts";
import { UsageError } from "./args.ts";

const enum Kind {
  Bool,
  Value,
  /** A value may follow after `=`. */
  Optional,
}

const runFlags: Readonly<Record<string, Kind>> = {
  allocs: Kind.Optional,
  memprofile: Kind.Value,
  "max-memory": Kind.Value,
  timeout: Kind.Value,
  sandbox: Kind.Bool,
  seed: Kind.Value,
  check: Kind.Bool,
  "gc-stress": Kind.Value,
  threads: Kind.Value,
  dump: Kind.Value,
  ldflags: Kind.Value,
};

/** Of the detectors that go builds programs with there is none here. */
export const noDetector =
  "programs run without that detector, which is part of the real binary: use go itself for that " +
  "(concurrent use of maps is found in any case)";
const detectors: ReadonlySet<string> = new Set(["race", "msan", "asan"]);

/** Flags of the build, which keep their meaning. */
const buildFlags: Readonly<Record<string, Kind>> = {
  C: Kind.Value,
  tags: Kind.Value,
  mod: Kind.Value,
  modfile: Kind.Value,
  go: Kind.Value,
  p: Kind.Value,
  gcflags: Kind.Value,
};

export interface RunCommandLine {
  /** Build flags in commander's form. */
  readonly build: readonly string[];
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** Flags of the test program (`-v`, `-run=…`), if it is one. */
  readonly test: readonly string[];
  /** Of a test program: flags of its own, and what comes after them or after `-args`. */
  readonly rest: readonly string[];
}

/** What `goesc test` takes besides. */
export interface TestFlags {
  /** Flags of the testing package, which are passed on with `-test.` before them; they may also come after the packages.
   *  True for those that take a value. */
  readonly flags: ReadonlyMap<string, boolean>;
  /** Flags of `go test` that goesc cannot heed, and why. */
  readonly unsupported: ReadonlyMap<string, string>;
}

/** Flags that only `goesc test` has. */
const testOnly: Readonly<Record<string, Kind>> = {
  json: Kind.Bool,
  vet: Kind.Value,
  cover: Kind.Bool,
  covermode: Kind.Value,
  coverprofile: Kind.Value,
};

/** Splits the command line; `tests` for `goesc test`, which takes packages and flags in the order that `go test` does
 *  (cmd/go/internal/test/testflag.go): a flag that neither it nor package testing has is the test program's, and no
 *  package comes after it. */
export function splitRunArgs(args: readonly string[], tests: TestFlags | null): RunCommandLine {
  const build: string[] = [];
  const words: string[] = [];
  const test: string[] = [];
  const flags = new Map<string, string>();
  const own: string[] = []; // flags that the test program alone knows, and words that may be their values
  let listing = false; // the last word was a package
  let listed = false; // no package follows
  let mayBeValue = false;
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--" || arg === "-args" || arg === "--args") {
      if (arg !== "--" || tests === null) i++; // a test program is given it
      break;
    }
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(arg);
    if (match === null) {
      if (tests === null || (listed && !listing && !mayBeValue)) break;
      (mayBeValue ? own : words).push(arg);
      if (!mayBeValue) listing = listed = true;
      mayBeValue = false;
      continue;
    }
    listing = mayBeValue = false;
    const [, name, given] = match;
    const value = (kind: Kind): string => {
      if (kind === Kind.Bool) return readBool(name, given);
      if (kind === Kind.Optional) return given ?? "";
      const next = given ?? args[++i];
      if (next === undefined) throw new UsageError(`flag needs an argument: -${name}`);
      return next;
    };
    const takesValue = tests?.flags.get(name.replace(/^test\./, ""));
    if (takesValue !== undefined && !(name in runFlags && name !== "timeout")) {
      test.push(`-test.${name.replace(/^test\./, "")}=${value(takesValue ? Kind.Value : Kind.Bool)}`);
    } else if (name in runFlags) flags.set(name, value(runFlags[name]));
    else if (name in buildFlags) build.push(`--${name}=${value(buildFlags[name])}`);
    else if (tests === null && detectors.has(name)) throw new UsageError(`goesc run has no -${name}: ${noDetector}`);
    else if (tests === null) throw new UsageError(`flag provided but not defined: -${name}`);
    else if (name.replace(/^test\./, "") in testOnly) {
      const plain = name.replace(/^test\./, "");
      flags.set(plain, value(testOnly[plain]));
    } else {
      const why = tests.unsupported.get(name.replace(/^test\./, ""));
      if (why !== undefined) throw new UsageError(`goesc test has no -${name}: ${why}`);
      own.push(arg);
      mayBeValue = given === undefined;
      listed = true;
    }
  }
  const rest = args.slice(i);
  return tests === null
    ? { build, words: [...words, ...rest], flags, test, rest: [] }
    : { build, words, flags, test, rest: [...own, ...rest] };
}

/** What the flags say of the run itself. */
export function runOptions(
  flags: ReadonlyMap<string, string>,
): Omit<RunOptions, keyof Surroundings> & { dump: string } {
  const [allocs, allocsFile] = readAllocs(flags.get("allocs"));
  const seed = flags.get("seed");
  if (seed !== undefined && !/^\d+$/.test(seed))
    throw new UsageError(`invalid value ${JSON.stringify(seed)} for -seed`);
  const threads = readCount("threads", flags.get("threads"));
  if (threads > maxThreads) throw new UsageError(`-threads=${threads}: at most ${maxThreads}`);
  if (threads > 0 && seed !== undefined)
    throw new UsageError("-seed and -threads exclude each other: what threads do at the same time does not repeat");
  return {
    sandbox: isTrue(flags.get("sandbox")),
    seed: seed === undefined ? null : BigInt(seed),
    timeout: readDuration(flags.get("timeout")),
    maxMemory: readSize(flags.get("max-memory")),
    check: isTrue(flags.get("check")),
    threads,
    gcStress: readCount("gc-stress", flags.get("gc-stress")),
    allocs,
    allocsFile,
    memProfile: flags.get("memprofile") ?? "",
    dump: flags.get("dump") ?? "",
  };
}

/** As strconv.ParseBool reads it. */
function readBool(name: string, text = "true"): string {
  if (/^(?:[01tTfF]|true|false|TRUE|FALSE|True|False)$/.test(text)) return text;
  throw new UsageError(`invalid boolean value ${JSON.stringify(text)} for -${name}; write -${name} or -${name}=false`);
}

export function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^[1t]/i.test(text);
}

/** `-allocs`, `-allocs=json`, `-allocs=FILE`, `-allocs=json:FILE`. */
function readAllocs(text: string | undefined): [RunOptions["allocs"], string] {
  if (text === undefined) return [null, ""];
  const match = /^(?:(text|json)(?::(.*))?|(.*))$/s.exec(text);
  const file = match?.[2] ?? match?.[3] ?? "";
  const kind = match?.[1] ?? (file.endsWith(".json") ? "json" : "text");
  return [kind as RunOptions["allocs"], file];
}

function readCount(name: string, text = "0"): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`invalid value ${JSON.stringify(text)} for -${name}`);
  return Number(text);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** As time.ParseDuration, down to milliseconds; a plain number counts seconds. */
function readDuration(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  let total = 0;
  const rest = text.replace(/(\d+(?:\.\d+)?)(ms|s|m|h)/g, (_, n: string, unit: string) => {
    total += Number(n) * units[unit];
    return "";
  });
  if (rest !== "" || text === "") throw new UsageError(`invalid value ${JSON.stringify(text)} for -timeout`);
  return total;
}

/** Bytes, with the units of GOMEMLIMIT or their short forms. */
function readSize(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = /^(\d+(?:\.\d+)?)(?:([KMG])(?:i?B)?|B)?$/i.exec(text);
  if (match === null) throw new UsageError(`invalid value ${JSON.stringify(text)} for -max-memory; write 256MiB`);
  const scale = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[(match[2] ?? "").toUpperCase()] ?? 1;
  return Math.floor(Number(match[1]) * scale);
}
