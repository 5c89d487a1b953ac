/** `goesc test`: builds the test program of each package and runs it, as `go test` does. */
import { basename } from "node:path";
import { programPath } from "../host/own-program.ts";
import { dieOf, type ProgramJob, runInWorker } from "../host/run-host.ts";
import { TestFileError } from "../load/testmain.ts";
import type { RunOptions } from "../runtime/options.ts";
import { UsageError } from "./args.ts";
import { type BuildRequest, buildProgram } from "./build-program.ts";
import { readCoverage } from "./coverage.ts";
import { withGo } from "./execute.ts";
import { readLdflags } from "./ldflags.ts";
import { BuildError, SetupError, type TestedPackage, testedPackages } from "./open-build.ts";
import { isTrue, noDetector, runOptions, splitRunArgs } from "./run-options.ts";
import { commandFile, surroundings, workerFile } from "./run-program.ts";
import { reportProfile } from "./run-report.ts";
import type { Settings } from "./settings.ts";
import { type TestEvent, TestEvents } from "./test-json.ts";

/** Flags of `go test` that have no meaning here, and why. */
const unsupported: ReadonlyMap<string, string> = new Map([
  ["coverpkg", "coverage is that of the package that is tested"],
  ...["race", "msan", "asan"].map((name) => [name, noDetector] as const),
  ...["c", "o", "exec"].map((name) => [name, "there is no binary"] as const),
  ...["fuzz", "fuzztime", "fuzzminimizetime"].map((name) => [name, "fuzz tests run with their seeds only"] as const),
  ...["blockprofile", "mutexprofile", "trace"].map(
    (name) => [name, "of the profiles there are -cpuprofile and -memprofile"] as const,
  ),
  ...["blockprofilerate", "memprofilerate", "mutexprofilefraction", "outputdir"].map(
    (name) => [name, "of the profiles there is -memprofile, which counts everything"] as const,
  ),
  ["artifacts", "what tests write stays where they write it"],
  ...["a", "n", "work", "x", "toolexec", "pkgdir", "compiler", "buildmode", "linkshared", "installsuffix"].map(
    (name) => [name, "the go command builds nothing here"] as const,
  ),
  ...["asmflags", "gccgoflags", "trimpath", "overlay", "pgo", "buildvcs", "modcacherw"].map(
    (name) => [name, "of the flags of a build there are those that its help lists"] as const,
  ),
]);

/** Flags of package testing; true for those that take a value. */
const testFlags: ReadonlyMap<string, boolean> = new Map([
  ...["v", "short", "failfast", "benchmem", "fullpath"].map((name) => [name, false] as const),
  ...["run", "skip", "bench", "benchtime", "count", "cpu", "list", "parallel", "shuffle", "timeout", "cpuprofile"].map(
    (name) => [name, true] as const,
  ),
]);

const defaultTimeout = "10m0s";

/** What `go test` shows, and when. */
interface Showing {
  /** As events. */
  readonly json: boolean;
  /** All output as it comes, without a look at it: for the current directory, and for benchmarks. */
  readonly streams: boolean;
  /** Output of packages that pass, too. */
  readonly passing: boolean;
  /** What part of the statements ran. */
  readonly coverage: boolean;
}

/** The output of the tests of one package, on its way to standard output. */
class PackageOutput {
  private readonly held: Uint8Array[] = [];
  private events: TestEvents | null = null;
  private readonly encoder = new TextEncoder();
  /** Output is shown as it comes. */
  private readonly direct: boolean;

  constructor(
    private readonly importPath: string,
    private readonly showing: Showing,
    /** There is no other package. */
    single: boolean,
  ) {
    this.direct = showing.streams || (single && showing.passing);
  }

  /** The tests begin, or will not. */
  start(): void {
    if (this.showing.json) this.events ??= new TestEvents(this.importPath, printEvent);
  }

  /** What the test program prints, when it does. */
  write(bytes: Uint8Array): void {
    if (!this.showing.streams) this.held.push(bytes);
    if (this.events !== null) this.events.write(bytes);
    else if (this.direct) process.stdout.write(bytes);
  }

  private say(text: string): void {
    if (this.events === null) process.stdout.write(text);
    else this.events.write(this.encoder.encode(text));
  }

  /** The verdict on test programs that ran: as `go test`, which looks at what it has held back. */
  ran(code: number, seconds: number): void {
    const text = Buffer.concat(this.held).toString();
    const passed = code === 0;
    if (this.events === null && !this.direct && (!passed || this.showing.passing)) process.stdout.write(text);
    if (text !== "" && !text.endsWith("\n") && (!passed || this.showing.passing || this.showing.json)) this.say("\n");
    const time = `${seconds.toFixed(3)}s`;
    if (passed) {
      const none = /^testing: warning: no tests to run$/m.test(text) ? " [no tests to run]" : "";
      const part = this.showing.coverage ? (/coverage: (.*)\n/.exec(text)?.[1] ?? "") : "";
      const coverage = part === "" ? "" : `\tcoverage: ${part}`;
      this.end(`ok  \t${this.importPath}\t${time}${coverage}${none}\n`, seconds);
    } else {
      if (text === "") this.say(`exit status ${code}\n`);
      this.end(`${this.showing.json ? "\x16" : ""}FAIL\t${this.importPath}\t${time}\n`, seconds);
    }
  }

  /** The package is done; `failedBuild` names what could not be built for it. */
  end(text: string, seconds: number, failedBuild?: string): void {
    this.start();
    this.say(text);
    this.events?.close(seconds, failedBuild);
  }
}

function printEvent(event: TestEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Errors of builds, which several packages may have in common, and a package with its tests: each is shown once. */
class BuildErrors {
  /** Text below the header → what events call the failed build. */
  private readonly shown = new Map<string, string>();

  constructor(private readonly json: boolean) {}

  /** Shows what is wrong with the build for `importPath`. Returns what events call the failed build. */
  show(importPath: string, error: Error): string {
    const isSetup = !(error instanceof BuildError) || error instanceof SetupError;
    const text = `${error.message.trimEnd()}\n`;
    const whole = isSetup && !text.startsWith("# ") ? `# ${importPath}\n${text}` : text;
    let first = "";
    for (const section of whole.split(/^(?=# )/m)) {
      const body = section.replace(/^# .*\n/, "");
      const known = this.shown.get(body);
      const id = known ?? (error instanceof TestFileError ? `${importPath}.test` : buildId(section, isSetup));
      if (first === "") first = id;
      if (known !== undefined) continue;
      this.shown.set(body, id);
      if (!this.json) process.stderr.write(section);
      else {
        for (const line of section.trimEnd().split("\n"))
          printEvent({ ImportPath: id, Action: "build-output", Output: `${line}\n` });
        printEvent({ ImportPath: id, Action: "build-fail" });
      }
    }
    return first;
  }
}

/** The package that an error is about: what is missing, or what its header names. */
function buildId(section: string, isSetup: boolean): string {
  const missing = isSetup ? /(?: provides package |: package )([^\s;]+)/.exec(section) : null;
  return (missing ?? /^# (.*)/.exec(section))?.[1] ?? "";
}

/** Returns the exit code. */
export async function runTests(
  args: readonly string[],
  settingsOf: (raw: readonly string[]) => Settings,
): Promise<number> {
  const { build, words, flags, test, rest } = splitRunArgs(args, { flags: testFlags, unsupported });
  const patterns = words.length === 0 ? ["."] : words;
  const settings = settingsOf([...build, "--", ...patterns]);
  const has = (pattern: RegExp): boolean => test.some((flag) => pattern.test(flag));
  const coverage = readCoverage(flags, settings);
  const showing = {
    json: isTrue(flags.get("json")),
    streams: words.length === 0 || has(/^-test\.bench=./),
    passing: has(/^-test\.(?:v=(?!false$)|list=.)/),
    coverage: coverage !== null,
  };
  const timeout = test.some((flag) => flag.startsWith("-test.timeout=")) ? [] : [`-test.timeout=${defaultTimeout}`];
  const verbose = showing.json ? ["-test.v=test2json"] : [];
  const { dump: _, ...options } = runOptions(flags);
  // What testing.Testing looks at.
  const strings = [{ variable: "testing.testBinary", value: "1" }, ...readLdflags(flags.get("ldflags") ?? "")];
  let tested: readonly TestedPackage[];
  try {
    tested = testedPackages(settings);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  if (tested.length > 1 && (options.memProfile !== "" || options.allocsFile !== ""))
    throw new UsageError("one file takes the report of one package: name a single package");
  const errors = new BuildErrors(showing.json);
  const failFast = has(/^-test\.failfast=(?:1|t)/i);
  let failed = false;
  let testFailed = false;
  const order = [...tested.filter((pkg) => pkg.problem !== ""), ...tested.filter((pkg) => pkg.problem === "")];
  for (const pkg of order) {
    if (failFast && testFailed) break;
    const out = new PackageOutput(pkg.importPath, showing, tested.length === 1);
    try {
      if (pkg.problem !== "") throw new SetupError(pkg.problem);
      const around = surroundings(settings);
      const place = has(/^-test\.cpuprofile=/) ? [`-test.outputdir=${around.cwd}`] : [];
      const profile = coverage?.programArgs() ?? [];
      const programArgs = ["-test.paniconexit0", ...profile, ...timeout, ...place, ...test, ...verbose, ...rest];
      const run = { ...options, ...around, cwd: pkg.dir };
      const mode = coverage?.mode ?? null;
      const result = await runTestProgram(pkg, settings, { ...run, args: programArgs }, { cover: mode, strings }, out);
      if (result !== null) coverage?.ran();
      if (result === null && coverage?.untested(pkg)) {
        out.end(`\t${pkg.importPath}\t\tcoverage: 0.0% of statements\n`, 0);
      } else if (result === null) out.end(`?   \t${pkg.importPath}\t[no test files]\n`, 0);
      else out.ran(result.code, result.seconds);
      testFailed ||= result !== null && result.code !== 0;
    } catch (error) {
      if (!(error instanceof BuildError) && !(error instanceof TestFileError)) throw error;
      const failedBuild = errors.show(pkg.importPath, error);
      const what = error instanceof BuildError && !(error instanceof SetupError) ? "build" : "setup";
      out.end(`FAIL\t${pkg.importPath} [${what} failed]\n`, 0, failedBuild);
      failed = true;
    }
  }
  failed ||= testFailed;
  if (failed && !showing.json && words.length > 0) process.stdout.write("FAIL\n");
  return failed ? 1 : 0;
}

/** Builds and runs the test program of a package. Its exit code, and how long it ran; null for a package without tests. */
async function runTestProgram(
  { pattern, importPath }: TestedPackage,
  settings: Settings,
  options: Omit<RunOptions, "godebug" | "origin" | "program">,
  { cover, strings }: Required<Pick<BuildRequest, "cover" | "strings">>,
  out: PackageOutput,
): Promise<{ readonly code: number; readonly seconds: number } | null> {
  const { allocs, check, memProfile } = options;
  const countSaved = allocs !== null;
  const built = await buildProgram({
    settings: { ...settings, patterns: pattern },
    test: true,
    dump: null,
    countSaved,
    check,
    threads: options.threads > 0,
    cover,
    strings,
  });
  if (built === null) return null;
  const program = programPath(`${basename(importPath)}.test`);
  const args = [program, ...options.args];
  const env = withGo(options.env, built.origin.goroot).filter((setting) => !setting.startsWith("PWD="));
  env.push(`PWD=${options.cwd}`);
  const run: RunOptions = { ...options, env, godebug: built.godebug, origin: built.origin, program, args };
  const job: ProgramJob = {
    kind: "program",
    module: built.module,
    dataEnd: built.dataEnd,
    counters: built.saved.map((counter) => counter.address),
    options: run,
    command: commandFile,
  };
  out.start();
  const started = performance.now();
  const result = await runInWorker(workerFile(), job, (bytes) => out.write(bytes));
  const seconds = (performance.now() - started) / 1000;
  const { code, failure, profile, counts = [] } = result;
  if (result.interrupted && result.signal !== undefined) await dieOf(result.signal);
  if (failure !== null) out.write(new TextEncoder().encode(`goesc: ${failure}\n`));
  if (profile !== undefined && (countSaved || memProfile !== "")) await reportProfile(built, run, profile, counts);
  return { code: failure !== null && code === 0 ? 2 : code, seconds };
}
