/** Finds the packages of a program, for the one machine that programs run on: GOROOT with goesc's own packages in it. */
import { join } from "node:path";
import { nodeHost } from "../host/node-host.ts";
import { aloneDir, overlaidFileSystem, readOverlay } from "../host/overlay.ts";
import { Witness } from "../host/witness.ts";
import { readGoEnv } from "../load/env.ts";
import type { LoadHost } from "../load/fs.ts";
import { flagOfEnv, type LoadRequest, loadPackages, splitTags } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { Overlay } from "../runtime/overlay-fs.ts";
import type { Settings } from "./settings.ts";

/** Packages that every program has, whether it imports them or not. */
export const implicit = ["runtime"];

/** A program that cannot be built: what the go command would print. */
export class BuildError extends Error {
  override name = "BuildError";
}

/** A program whose packages cannot be loaded: something is missing, or not as it should be. */
export class SetupError extends BuildError {
  override name = "SetupError";
}

export interface OpenBuild {
  readonly host: LoadHost;
  readonly query: LoadRequest;
  readonly overlay: Overlay;
  readonly witness: Witness;
}

/** What nodeHost takes from the environment. */
const hostVariables = ["HOME", "XDG_CONFIG_HOME", "TMPDIR"];

export function openBuild(settings: Settings, threads: boolean): OpenBuild {
  const real = nodeHost({ chdir: settings.chdir });
  const witness = new Witness(real.env);
  for (const name of hostVariables) witness.noteVariable(name);
  const plain: LoadHost = { ...real, env: witness.variables({}), fs: witness.files(real.fs) };
  const env = readGoEnv(
    { ...plain, env: witness.variables({ GOOS: "linux", GOARCH: "amd64", CGO_ENABLED: "0" }) },
    settings.goroot,
  );
  const { embedded, ...installed } = env.goroot;
  const goroot = embedded === undefined ? installed : { ...installed, dir: aloneDir };
  // As the loader does (load/std-index.ts).
  if (goroot.released > 0) witness.trust(join(goroot.dir, "src"));
  const overlay = readOverlay(embedded !== undefined, (path) => witness.note(path));
  const host: LoadHost = { ...plain, fs: overlaidFileSystem(goroot.dir, overlay, plain.fs) };
  const query = {
    patterns: settings.patterns,
    // No assembly here: packages that offer a choice are to take Go.
    tags: [
      ...(settings.tags ?? splitTags(flagOfEnv(env, "tags") ?? "")),
      "purego",
      ...(threads ? ["goesc.threads"] : []),
    ],
    mod: settings.mod,
    modFile: settings.modFile,
    env: { ...env, goroot },
    implicit,
    overlayId: overlay.id,
    noAssembly: true,
  };
  return { host, query, overlay, witness };
}

export interface TestedPackage {
  /** What names the package, and nothing else, on the command line. */
  readonly pattern: readonly string[];
  readonly importPath: string;
  readonly dir: string;
  /** Absolute names of its files, without tests. */
  readonly files: readonly string[];
  /** Why it cannot be loaded, or what it imports; "" if it can. */
  readonly problem: string;
}

/** The packages that `goesc test` is to test. Throws a {@link BuildError} for what concerns all of them. */
export function testedPackages(settings: Settings): TestedPackage[] {
  const { host, query } = openBuild(settings, false);
  const { requested, errors } = loadPackages(host, { ...query, tests: true });
  const tested = requested.map((pkg) => {
    const { importPath, dir } = pkg;
    const isFiles = importPath === "command-line-arguments";
    const problem = loadErrors(errorsBelow(pkg));
    return { pattern: isFiles ? settings.patterns : [importPath], importPath, dir, files: pkg.goFiles, problem };
  });
  if (errors.length > 0 && tested.every(({ problem }) => problem === "")) throw new SetupError(loadErrors(errors));
  return tested;
}

/** Errors of a package and of what it imports. */
function errorsBelow(pkg: LoadedPackage): string[] {
  const found: string[] = [];
  const seen = new Set([pkg]);
  for (const at of seen) {
    found.push(...at.errors);
    if (at.incomplete) for (const imported of at.imports.values()) seen.add(imported);
  }
  return found;
}

/** What is wrong with packages, and what to do about it. */
export function loadErrors(errors: readonly string[]): string {
  const text = errors.map((error) => error.trimEnd().replaceAll(notAtHand, needsGo)).join("\n");
  if (!text.includes("build constraints exclude all Go files in ")) return text;
  return `${text}\ngoesc runs programs without cgo: files that import "C" are left out, as under CGO_ENABLED=0`;
}

/** What is not there without an installation of Go. */
const notAtHand = /package (\S+) is not in std \(\/goesc[^)]*\)/g;
const needsGo =
  "package $1 needs an installation of Go, and none was found: " +
  "unpack a release, and name it with GOROOT or -go=DIR if it is in an unusual place";
