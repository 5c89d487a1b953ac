/** Packages of the standard library are compiled without the functions that no program so far could come to.
 *
 *  Most programs use a small part of what they import, and all that is known of the rest would be known for nobody. What
 *  a package was compiled with is kept beside it; a program that needs more has it compiled again with both, and after
 *  some times whole. Facts about a function follow from those it calls, which are there when it is, so that what was
 *  compiled against a smaller part of a package stays true. */
import { deserialize, serialize } from "node:v8";
import { Interner } from "../base/intern.ts";
import { type SummaryStore, summaryKey } from "../host/summary-store.ts";
import type { LoadedPackage } from "../load/package.ts";
import { declName, type PackageOutlines, type Reached, reachedParts } from "../load/reach.ts";
import type { PartialUnit } from "../report/analyze.ts";
import { type Outline, outlineFile } from "../syntax/outline.ts";
import { factsKey, namesKey, objectKey } from "./backend.ts";

/** So often a package is compiled again for what it lacks; then whole. */
const maxEditions = 4;

/** What a package has, and how many editions with less there were before. */
interface Edition {
  readonly edition: number;
  readonly funcs: readonly string[];
  readonly types: readonly string[];
  readonly methods: readonly string[];
  readonly vars: readonly string[];
}

const parts = ["funcs", "types", "methods", "vars"] as const;

/** Bytes of a file that are to be taken for spaces: pairs of first, last. */
export type Cuts = ReadonlyMap<string, readonly number[]>;

export interface PartialPackage {
  /** The key of this edition of the package. */
  readonly key: string;
  /** What it consists of; null if it is there. */
  readonly edition: { readonly cuts: Cuts; readonly unit: PartialUnit } | null;
  /** To be called when it has been compiled. */
  readonly keep: () => void;
}

/** What is known of the sources of packages. */
export class Outlines {
  readonly names = new Interner();
  private readonly known = new Map<LoadedPackage, PackageOutlines>();

  constructor(private readonly readFile: (path: string) => Uint8Array) {}

  of(pkg: LoadedPackage): PackageOutlines {
    let outlines = this.known.get(pkg);
    if (outlines === undefined) {
      outlines = pkg.goFiles.map((file) => outlineFile(this.readFile(file), this.names));
      this.known.set(pkg, outlines);
    }
    return outlines;
  }

  /** Reads the packages bit by bit; `pause` lets others go on. */
  async readAhead(packages: readonly LoadedPackage[], pause: () => Promise<void>): Promise<void> {
    for (const pkg of packages) {
      if (this.known.has(pkg)) continue;
      const outlines: Outline[] = [];
      for (const file of pkg.goFiles) {
        outlines.push(outlineFile(this.readFile(file), this.names));
        await pause();
      }
      this.known.set(pkg, outlines);
    }
  }
}

export interface PartialOptions {
  readonly packages: readonly LoadedPackage[];
  readonly outlines: Outlines;
  readonly store: SummaryStore;
  /** The key of the whole package. */
  readonly keyOf: (pkg: LoadedPackage) => string;
  /** The package did not come with Go. */
  readonly isOwn: (pkg: LoadedPackage) => boolean;
  /** Nothing is to be left out of it. */
  readonly isWhole: (pkg: LoadedPackage) => boolean;
}

/** Those packages of which a part is enough. */
export function partialPackages(options: PartialOptions): Map<LoadedPackage, PartialPackage> {
  const { packages, store, keyOf, isWhole } = options;
  const candidates = packages.filter((pkg) => !isWhole(pkg) && !hasRecords(store, keyOf(pkg)));
  if (candidates.length === 0) return new Map();
  const { names } = options.outlines;
  const outlinesOf = (pkg: LoadedPackage): PackageOutlines => options.outlines.of(pkg);
  const answerKey = summaryKey(["reach", ...packages.map(keyOfInstalled), "", ...mentionedBySources()]);
  return knownAnswer() ?? answer();

  /** The program's own packages count by what they mention. */
  function keyOfInstalled(pkg: LoadedPackage): string {
    return `${pkg.importPath} ${options.isOwn(pkg) ? "" : keyOf(pkg)} ${isWhole(pkg)}`;
  }

  function mentionedBySources(): string[] {
    const mentioned = new Set<string>();
    for (const pkg of packages) {
      if (!options.isOwn(pkg)) continue;
      for (const outline of outlinesOf(pkg)) for (const word of mentions(names, outline)) mentioned.add(word);
    }
    return [...mentioned].sort();
  }

  /** What was chosen for a program that mentions the same, if all of that is there. */
  function knownAnswer(): Map<LoadedPackage, PartialPackage> | null {
    const bytes = store.read(answerKey);
    if (bytes === null) return null;
    const keys = deserialize(bytes) as ReadonlyMap<string, string>;
    const chosen = new Map<LoadedPackage, PartialPackage>();
    for (const pkg of candidates) {
      const key = keys.get(pkg.importPath);
      if (key === undefined || !hasRecords(store, key)) return null;
      chosen.set(pkg, { key, edition: null, keep: () => {} });
    }
    return chosen;
  }

  function answer(): Map<LoadedPackage, PartialPackage> {
    const chosen = new Map<LoadedPackage, PartialPackage>();
    const reached = reachedParts(names, { packages, outlines: outlinesOf, isWhole });
    for (const pkg of candidates) {
      const whole = keyOf(pkg);
      const editionKey = summaryKey(["edition", whole]);
      const known = readEdition(store, editionKey);
      const edition = nextEdition(known, reached.get(pkg)!);
      if (edition === null) continue;
      const key = summaryKey(["part", whole, ...parts.flatMap((part) => ["", ...edition[part]])]);
      const cuts = cutsOf(names, pkg, outlinesOf(pkg), new Set(edition.funcs), new Set(edition.vars));
      const unit = { types: new Set(edition.types), methods: new Set(edition.methods) };
      const keep = (): void => {
        if (edition !== known) store.write(editionKey, serialize(edition));
      };
      chosen.set(pkg, { key, edition: { cuts, unit }, keep });
    }
    store.write(answerKey, serialize(new Map([...chosen].map(([pkg, { key }]) => [pkg.importPath, key]))));
    return chosen;
  }
}

/** Names in a file that can lead to a function of another package. */
function* mentions({ strings }: Interner, { imports, decls, linknames }: Outline): Iterable<string> {
  const dot = imports.some(({ name }) => name === ".");
  for (const { remote } of linknames) yield remote;
  for (const { plain, selectors, qualified, interfaces } of decls) {
    for (const list of dot ? [plain, selectors, qualified] : [selectors, qualified])
      for (const name of list) yield strings[name];
    for (const { methods } of interfaces) for (const name of methods) yield `(${strings[name]})`;
  }
}

/** Under which keys there is what became of a package with that key: its summary first. */
export function recordsOf(key: string): string[] {
  return [key, objectKey(key), factsKey(key), namesKey(key)];
}

/** All that is kept of a compiled package is there; commands have no summary. */
export function hasRecords(store: SummaryStore, key: string, summary = true): boolean {
  const [own, ...records] = recordsOf(key);
  return records.every((record) => store.has(record)) && (!summary || store.has(own));
}

/** The edition that has all of `needed`; null for the whole package. */
function nextEdition(known: Edition | null, needed: Reached): Edition | null {
  const before = known ?? { edition: 0, funcs: [], types: [], methods: [], vars: [] };
  const next = { ...before, edition: before.edition + 1 };
  let more = known === null;
  for (const part of parts) {
    const all = new Set(before[part]);
    for (const name of needed[part]) all.add(name);
    more ||= all.size > before[part].length;
    next[part] = [...all].sort();
  }
  if (!more) return known;
  return next.edition > maxEditions ? null : next;
}

function readEdition(store: SummaryStore, key: string): Edition | null {
  const bytes = store.read(key);
  return bytes === null ? null : (deserialize(bytes) as Edition);
}

/** The bodies of all functions, and what is in the literals of variables, but for those named. */
function cutsOf(
  names: Interner,
  pkg: LoadedPackage,
  outlines: PackageOutlines,
  funcs: ReadonlySet<string>,
  vars: ReadonlySet<string>,
): Cuts {
  const cuts = new Map<string, number[]>();
  for (const [i, { decls }] of outlines.entries()) {
    const ranges: number[] = [];
    for (const decl of decls) {
      if (decl.bodyStart < 0) continue;
      if (decl.isFunc && !decl.fixed && !funcs.has(declName(names, decl))) ranges.push(decl.bodyStart, decl.bodyEnd);
      else if (decl.isVar && !vars.has(names.strings[decl.name])) ranges.push(decl.bodyStart + 1, decl.bodyEnd - 1);
    }
    if (ranges.length > 0) cuts.set(pkg.goFiles[i], ranges);
  }
  return cuts;
}

/** The file without what lies in `ranges`. */
export function withoutBodies(source: Uint8Array, ranges: readonly number[]): Uint8Array {
  const out = source.slice();
  for (let k = 0; k < ranges.length; k += 2)
    for (let i = ranges[k]; i <= ranges[k + 1]; i++) if (out[i] !== 10) out[i] = 32;
  return out;
}
