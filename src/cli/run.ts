/** Loads what was asked for, has it analysed, prints it as the go command does. */
import { nodeHost } from "../host/node-host.ts";
import { packageHeader, rewriteOutput } from "../load/display.ts";
import type { LoadHost } from "../load/fs.ts";
import { flagOfEnv, type LoadResult, loadPackages } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";
import { analyzePackages } from "./analyze.ts";
import { type CompilerFlags, parseGcflags } from "./args.ts";
import { Progress } from "./progress.ts";
import { flagsFor, type Settings } from "./settings.ts";

/** What the analysis of one package has to say. Texts hold absolute file names, as the compiler prints them. */
export interface PackageOutput {
  readonly pkg: LoadedPackage;
  /** Remarks, dumps. */
  readonly out: string;
  /** Errors; "" if the package is sound. */
  readonly errors: string;
}

export interface AnalysisRequest {
  readonly host: LoadHost;
  readonly load: LoadResult;
  readonly settings: Settings;
  /** The compiler's flags for a package. */
  flags(pkg: LoadedPackage): CompilerFlags;
  /** Called for each package in the order in which output is to appear. */
  emit(output: PackageOutput): void;
  progress(done: number, importPath: string): void;
}

/** What a run needs besides somebody to listen. */
export type OpenedRequest = Omit<AnalysisRequest, "emit" | "progress">;

/** Loads the packages, and says on standard error what the go command would say, unless it is only a try. */
export function openRequest(settings: Settings, quiet = false): OpenedRequest {
  const host = nodeHost({ chdir: settings.chdir });
  const load = loadPackages(host, {
    patterns: settings.patterns,
    tags: settings.tags,
    mod: settings.mod,
    modFile: settings.modFile,
    goroot: settings.goroot,
  });
  if (!quiet) {
    for (const warning of load.warnings) process.stderr.write(`${warning}\n`);
    for (const error of load.errors) process.stderr.write(error.endsWith("\n") ? error : `${error}\n`);
  }

  const fromEnv = flagOfEnv(load.env, "gcflags");
  const rules = fromEnv === null ? settings.rules : [parseGcflags(fromEnv), ...settings.rules];
  const relDir = (dir: string): string => host.paths.toSlash(host.paths.rel(host.cwd, dir) ?? dir);
  return { host, load, settings, flags: (pkg) => flagsFor(rules, pkg, relDir) };
}

/** Returns the exit code. */
export async function runAnalysis(settings: Settings): Promise<number> {
  const request = openRequest(settings);
  const { host, load } = request;
  const progress = new Progress(load.packages.length);
  let failed = load.errors.length > 0;
  await analyzePackages({
    ...request,
    emit: (output) => {
      progress.clear();
      if (output.errors !== "") failed = true;
      writeOutput(host, settings, output);
    },
    progress: (done, importPath) => progress.update(done, importPath),
  });
  progress.clear();
  return failed ? 1 : 0;
}

function writeOutput(host: LoadHost, settings: Settings, { pkg, out, errors }: PackageOutput): void {
  const header = packageHeader(pkg.importPath);
  if (errors !== "") process.stderr.write(header + rewriteOutput(host, pkg.dir, errors));
  if (out === "") return;
  // Records and dumps name their package themselves.
  const plain = settings.json || settings.debug !== null || settings.dump !== null;
  process.stdout.write(plain ? out : header + rewriteOutput(host, pkg.dir, out));
}
