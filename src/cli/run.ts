/** Loads what was asked for, has it analysed, prints it as the go command does. */
import { machineFiles } from "../host/node-fs.ts";
import { nodeHost } from "../host/node-host.ts";
import { print, printError } from "../host/output.ts";
import { packageHeader, rewriteOutput } from "../load/display.ts";
import { LoadError, readGoEnv } from "../load/env.ts";
import { type LoadHost, readText } from "../load/fs.ts";
import { flagOfEnv, type LoadResult, loadPackages } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";
import { parseReplacements, type Replacements } from "../load/replaced-files.ts";
import type { PackageFindings } from "../report/findings/model.ts";
import type { FindingsOptions } from "../report/findings/package.ts";
import { analyzePackages } from "./analyze.ts";
import { type CompilerFlags, noCompilerFlags, parseGcflags } from "./args.ts";
import { flagsText } from "./keys.ts";
import { withProfiles } from "./profiles.ts";
import { Progress } from "./progress.ts";
import { flagsFor, type Settings } from "./settings.ts";

/** What the analysis of one package has to say. Texts hold absolute file names, as the compiler prints them. */
export interface PackageOutput {
  readonly pkg: LoadedPackage;
  /** Remarks, dumps. */
  readonly out: string;
  /** Errors; "" if the package is sound. */
  readonly errors: string;
  /** If findings were asked for. */
  readonly findings?: PackageFindings | null;
  /** What was printed for all of this the last time; null if that is not known. */
  readonly printed?: Uint8Array | null;
  /** Takes what is printed on standard output for all of this now. */
  readonly keep?: (printed: Uint8Array) => void;
}

/** What is wanted as findings instead of the compiler's lines. */
export interface FindingsRequest {
  readonly options: FindingsOptions;
  /** Find out what imported packages allocate. */
  readonly callees: boolean;
}

export interface AnalysisRequest {
  readonly host: LoadHost;
  readonly load: LoadResult;
  readonly settings: Settings;
  /** The profiles that guide inlining, serialised, by file name. */
  readonly profiles: ReadonlyMap<string, string>;
  readonly findings?: FindingsRequest | null;
  /** The compiler's flags for a package. */
  flags(pkg: LoadedPackage): CompilerFlags;
  /** What is printed for a package is kept, and given to {@link emit} the next time. */
  readonly replays?: boolean;
  /** Called for each package in the order in which output is to appear. */
  emit(output: PackageOutput): void;
  progress(done: number, importPath: string): void;
}

/** What a run needs besides somebody to listen. */
export type OpenedRequest = Omit<AnalysisRequest, "emit" | "progress">;

/** Loads the packages, and says on standard error what the go command would say, unless it is only a try. */
export function openRequest(settings: Settings, quiet = false): OpenedRequest {
  const host = openHost(settings);
  const loaded = loadPackages(host, {
    patterns: settings.patterns,
    tags: settings.tags,
    mod: settings.mod,
    modFile: settings.modFile,
    goroot: settings.goroot,
  });
  refuseReplacedStd(host, loaded);
  const { load, profiles } = withProfiles(host, loaded, settings.pgo ?? flagOfEnv(loaded.env, "pgo") ?? "auto");
  if (!quiet) {
    for (const warning of load.warnings) printError(`${warning}\n`);
    for (const error of load.errors) printError(error.endsWith("\n") ? error : `${error}\n`);
  }

  const fromEnv = flagOfEnv(load.env, "gcflags");
  const rules = fromEnv === null ? settings.rules : [parseGcflags(fromEnv), ...settings.rules];
  const relDir = (dir: string): string => host.paths.toSlash(host.paths.rel(host.cwd, dir) ?? dir);
  const flags = (pkg: LoadedPackage): CompilerFlags => flagsFor(rules, pkg, relDir);
  if (
    !quiet &&
    load.env.goroot.embedded !== undefined &&
    load.packages.some((pkg) => pkg.isStd && !isPlain(flags(pkg)))
  ) {
    printError("goesc: -gcflags for the standard library have no effect without a Go installation\n");
  }
  return { host, load, settings, profiles, flags };
}

/** The machine's files as -overlay changes them. */
function openHost(settings: Settings): LoadHost {
  const host = nodeHost({ chdir: settings.chdir });
  const inEnv = host.env.GOFLAGS?.includes("-overlay") === true;
  const name = settings.overlay ?? (inEnv ? flagOfEnv(readGoEnv(host, settings.goroot), "overlay") : null) ?? "";
  if (name === "") return host;
  const replaced = readReplacements(host, name);
  return { ...host, replaced, fs: machineFiles(replaced) };
}

function readReplacements(host: LoadHost, name: string): Replacements {
  const path = host.paths.abs(name, host.cwd);
  const text = readText(host.fs, path);
  if (text === null) throw new LoadError(`go: reading overlay: open ${name}: no such file or directory`);
  try {
    return parseReplacements(text, host.paths, host.cwd);
  } catch (error) {
    throw new LoadError(`go: ${(error as Error).message}`);
  }
}

/** What is known of the standard library goes by the name of the release. */
function refuseReplacedStd(host: LoadHost, load: LoadResult): void {
  const { dir } = load.env.goroot;
  for (const file of host.replaced?.keys() ?? [])
    if (dir !== "" && host.paths.below(file, dir) !== null)
      throw new LoadError(
        `goesc: -overlay: ${file}: files of the standard library cannot be replaced; -go DIR reads another`,
      );
}

function isPlain(flags: CompilerFlags): boolean {
  return flags.m === 0 && flagsText(flags) === flagsText(noCompilerFlags);
}

/** Returns the exit code. */
export async function runAnalysis(settings: Settings): Promise<number> {
  const request = openRequest(settings);
  // As the go command, which then compiles none of the packages.
  if (request.load.errors.length > 0) return 1;
  const replaying = { ...request, replays: true };
  const failed = await runRequest(replaying, (output) => writeOutput(request.host, settings, output));
  return failed ? 1 : 0;
}

/** Reports whether something is wrong with the source. */
export async function runRequest(request: OpenedRequest, emit: (output: PackageOutput) => void): Promise<boolean> {
  const { load } = request;
  const progress = new Progress(load.packages.length);
  let failed = load.errors.length > 0;
  await analyzePackages({
    ...request,
    emit: (output) => {
      progress.clear();
      if (output.errors !== "") failed = true;
      emit(output);
    },
    progress: (done, importPath) => progress.update(done, importPath),
  });
  progress.clear();
  return failed;
}

function writeOutput(host: LoadHost, settings: Settings, output: PackageOutput): void {
  const { pkg, out, errors, printed = null, keep } = output;
  if (printed !== null) {
    keep?.(print(printed));
    return;
  }
  const header = packageHeader(pkg.importPath);
  if (errors !== "") printError(header + rewriteOutput(host, pkg.dir, errors));
  if (out === "") return;
  // Records and dumps name their package themselves.
  const plain = settings.json || settings.view?.summary || settings.debug !== null || settings.dump !== null;
  const text = print(plain ? out : header + rewriteOutput(host, pkg.dir, out));
  if (errors === "") keep?.(text);
}
