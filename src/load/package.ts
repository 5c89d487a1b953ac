/** A package of a request and how its problems read. Mirrors cmd/go/internal/load (Package, PackageError). */
import type { BuildPackage, FilePlace } from "./package-dir.ts";
import type { ModuleVersion } from "./semver.ts";

export interface ModuleInfo {
  readonly path: string;
  /** "" for a main module and for a directory. */
  readonly version: string;
  /** The go line; "" without one. */
  readonly goVersion: string;
  readonly isMain: boolean;
  /** What a replace directive puts in its place, as written there; null if there is none. */
  readonly replacedBy: ModuleVersion | null;
}

export interface LoadedPackage {
  /** As in the header `# path`: `command-line-arguments` for files on the command line, `path [main]` for what is built
   *  once more with a main package's profile. Tells packages of a request apart. */
  readonly importPath: string;
  /** The compiler's -p: `main` for commands, the import path otherwise. */
  readonly compilerPath: string;
  /** Absolute. */
  readonly dir: string;
  readonly name: string;
  /** Absolute, in the order of the compiler's command line. Empty if the package's sources are not here: of one of the
   *  standard library without a Go installation. */
  readonly goFiles: readonly string[];
  /** Assembly and other sources stand beside the Go files: functions without a body are not an error. */
  readonly complete: boolean;
  /** Assembly files (absolute): they may define and call Go functions. */
  readonly asmFiles: readonly string[];
  /** Import path as written → package; `unsafe` and `C` are not in it. */
  readonly imports: Map<string, LoadedPackage>;
  /** The compiler's -lang: `go1.26`. */
  readonly goVersion: string;
  readonly isStd: boolean;
  /** Null for the standard library and outside modules. */
  readonly module: ModuleInfo | null;
  /** `//go:embed` patterns → the files they stand for, relative to `dir`. */
  readonly embeds: ReadonlyMap<string, readonly string[]>;
  /** Named on the command line, directly or by a pattern. */
  isRequested: boolean;
  readonly isCommand: boolean;
  /** The profile (absolute file name) that guides inlining; "" for none. */
  profile: string;
  /** `[path.test]` for a package that is compiled anew for the tests of `path`; "" for all others. */
  readonly variant: string;
  /** What the go command would print for the package, ready to print. At most one: it stops at the first. */
  readonly errors: string[];
  /** Something the package needs is broken; it cannot be checked in full. */
  incomplete: boolean;
}

/** One step of the path from the command line to a package. */
export interface ImportStep {
  readonly path: string;
  /** Where it is imported; null for packages on the command line. */
  readonly from: FilePlace | null;
}

/** Why a package cannot be loaded (load.PackageError). */
export interface PackageProblem {
  readonly stack: readonly ImportStep[];
  /** `file:line:col`, "" if none is shown. */
  pos: string;
  readonly msg: string;
  isCycle: boolean;
  readonly alwaysStack: boolean;
}

/** The text that the go command prints. */
export function problemText(problem: PackageProblem, fileOf: (place: FilePlace) => string): string {
  if (problem.pos !== "" && (problem.stack.length === 0 || !problem.alwaysStack))
    return `${problem.pos}: ${problem.msg}`;
  if (problem.stack.length === 0) return problem.msg;
  const steps = problem.stack.map((step) =>
    problem.isCycle && step.from !== null ? `${step.path} from ${fileOf(step.from)}` : step.path,
  );
  const pos = problem.pos === "" ? "" : `\n\t${problem.pos}`;
  return `package ${steps.join("\n\timports ")}${pos}: ${problem.msg}`;
}

/** The loader's own view of a package while the graph is built. */
export interface PackageNode {
  importPath: string;
  readonly build: BuildPackage | null;
  readonly dir: string;
  readonly isStd: boolean;
  readonly mod: ModuleVersion | null;
  /** Packages imported, in the order of their paths as written; null while they are being loaded. */
  imports: PackageNode[] | null;
  readonly importMap: Map<string, PackageNode>;
  problem: PackageProblem | null;
  incomplete: boolean;
  isRequested: boolean;
  embeds: Map<string, string[]>;
  readonly cmdlineFiles: boolean;
  /** The package that its files test from outside: what that may import, it may; "" for others. */
  testOf: string;
}

export type { FilePlace };
