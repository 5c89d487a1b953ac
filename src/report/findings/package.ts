/** The findings of one package, with what is needed to send them from a worker and to check promises about callees. */
import type { FileSet } from "../../base/pos.ts";
import { pathToPrefix } from "../../ir/typefmt.ts";
import type { FuncAllocs } from "../allocs/collect.ts";
import { type AllocFact, type AllocFacts, noAllocs, solveAllocs } from "../allocs/facts.ts";
import type { PackageResult } from "../analyze.ts";
import { Scene } from "../explain/scene.ts";
import type { Examine } from "../fix/suggest.ts";
import { checkPromises } from "../promises/check.ts";
import { withoutExempt } from "../promises/directives.ts";
import type { RemarkGroup } from "../remark.ts";
import type { Session } from "../session.ts";
import { type CollectOptions, Collector } from "./collect.ts";
import type { PackageFindings } from "./model.ts";

/** What is wanted of a package. Plain data, so that it can be sent to a worker. */
export interface FindingsOptions extends CollectOptions {
  /** The kinds of remarks that are findings by themselves. */
  readonly groups: readonly RemarkGroup[];
  /** Check promises. */
  readonly promises: boolean;
}

/** Facts about functions of other packages, by import path; null for packages without. */
export type FactSource = (importPath: string) => AllocFacts | null;

/** What is known of functions: own ones, and those of imported packages. */
export class KnownAllocs {
  private readonly paths = new Map<string, string>();
  private own: AllocFacts = new Map();

  /** `importPaths` are those of all packages of the build. */
  constructor(
    importPaths: Iterable<string>,
    private readonly source: FactSource,
  ) {
    for (const path of importPaths) this.paths.set(pathToPrefix(path), path);
  }

  /** Finds out about a package's own functions. */
  solve(fset: FileSet, allocs: readonly FuncAllocs[]): AllocFacts {
    this.own = solveAllocs(fset, allocs, (key) => this.imported(key));
    return this.own;
  }

  readonly fact = (key: string): AllocFact | null => this.own.get(key) ?? this.imported(key);

  private imported(key: string): AllocFact | null {
    const path = this.paths.get(packageOfKey(key));
    const facts = path === undefined ? null : this.source(path);
    return facts === null ? null : (facts.get(key) ?? noBody(key));
  }
}

/** Functions that the compiler makes where they are needed; they only pass on what they get. */
function noBody(key: string): AllocFact | null {
  return /\.\.(?:eq|hash)\./.test(key) ? noAllocs : null;
}

/** The import path, as symbols have it, of a function's key. */
function packageOfKey(key: string): string {
  const bracket = key.search(/[[(]/);
  const head = bracket < 0 ? key : key.slice(0, bracket);
  const dot = head.indexOf(".", head.lastIndexOf("/") + 1);
  return dot < 0 ? head : head.slice(0, dot);
}

/** What the functions of a package allocate, less what comments accept. */
export function acceptedAllocs(session: Session, result: PackageResult): readonly FuncAllocs[] {
  return withoutExempt(session.fset, result.files, result.allocs);
}

export function packageFindings(
  session: Session,
  importPath: string,
  result: PackageResult,
  options: FindingsOptions,
  known: KnownAllocs,
  allocs: readonly FuncAllocs[],
  examine: Examine,
): PackageFindings {
  const scene = new Scene(session, importPath, result);
  const own = result.checked?.pkg.path ?? importPath;
  const world = { scene: (path: string) => (path === importPath || path === own ? scene : null) };
  const collector = new Collector(scene, world, options, examine);
  collector.addRemarks(options.groups);
  const promises = options.promises ? checkPromises(collector, { allocs, fact: known.fact }) : 0;
  return collector.finish(promises);
}
