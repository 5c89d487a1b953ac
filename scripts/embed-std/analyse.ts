/** Analyses the standard library of an installation for one platform, as the go command compiles it for others. */
import { nodeHost } from "../../src/host/node-host.ts";
import { loadPackages } from "../../src/load/load.ts";
import type { LoadedPackage } from "../../src/load/package.ts";
import { analyzePackage } from "../../src/report/analyze.ts";
import { errorText } from "../../src/report/errors.ts";
import { Session } from "../../src/report/session.ts";
import { type File, Kind, type Node } from "../../src/syntax/ast.ts";
import { crawl } from "../../src/syntax/walk.ts";
import { writePackage } from "../../src/types/summary-write.ts";
import { type Func, ObjKind } from "../../src/types/types.ts";
import { funcKey } from "./reach.ts";

/** What the body of a function speaks of. */
export interface Mentions {
  /** Package-level objects: [import path, name]. */
  readonly objects: readonly (readonly [string, string])[];
  /** Packages whose names stand in it, dot imports aside. */
  readonly packages: ReadonlySet<string>;
}

export interface StdAnalysis {
  readonly goVersion: string;
  readonly goarch: string;
  readonly goroot: string;
  /** Imported packages first. */
  readonly packages: readonly LoadedPackage[];
  readonly summaries: ReadonlyMap<string, Uint8Array>;
  /** Of functions that are generic or can be inlined, by {@link funcKey}. */
  readonly mentions: ReadonlyMap<string, Mentions>;
  /** The directories' entries in the form of load/std-index.ts. */
  readonly index: string;
}

export function analyseStd(goroot: string, platform: string, readFile: (path: string) => Uint8Array): StdAnalysis {
  const [goos, goarch] = platform.split("/");
  let index = "";
  const cache = { read: () => null, write: (_: string, text: string) => (index = text.slice(text.indexOf("\n") + 1)) };
  const env = { GOROOT: goroot, GOOS: goos, GOARCH: goarch, CGO_ENABLED: "0", GOENV: "off", PATH: "", HOME: "/" };
  const host = { ...nodeHost({ env, chdir: "/" }), cache };
  const load = loadPackages(host, { patterns: ["std", "runtime/cgo"] });
  if (load.errors.length > 0) throw new Error(load.errors.join("\n"));

  const summaries = new Map<string, Uint8Array>();
  const mentions = new Map<string, Mentions>();
  const session = new Session({ readFile, readSummary: (path) => summaries.get(path) ?? null, goroot }, goarch);
  for (const pkg of load.packages) {
    if (pkg.goFiles.length === 0) continue;
    const imports = new Map([...pkg.imports].map(([path, imported]) => [path, imported.importPath]));
    const { importPath, compilerPath, goFiles, goVersion, complete, isStd } = pkg;
    const unit = { importPath, compilerPath, goFiles, imports, goVersion, complete, isStd };
    const result = analyzePackage(session, unit, analyzeOptions);
    if (result.checked === null) throw new Error(errorText(session.fset, result.errors, true));
    const facts = (fn: Func) => result.facts.get(fn) ?? null;
    const { pkg: checked } = result.checked;
    const resolveImport = (path: string) => session.importPackage(imports.get(path) ?? path);
    summaries.set(importPath, writePackage(checked, { fset: session.fset, files: result.files, facts, resolveImport }));
    for (const file of result.files) collectMentions(file, facts, mentions);
  }
  return { goVersion: load.env.goroot.version, goarch, goroot, packages: load.packages, summaries, mentions, index };
}

const analyzeOptions = {
  m: 0,
  compile: { l: 0, N: false, smallFrames: false, mutations: false, zeroCopy: true },
  explain: false,
  graphs: false,
  debug: null,
} as const;

function collectMentions(
  file: File,
  facts: (fn: Func) => { readonly inl: unknown } | null,
  mentions: Map<string, Mentions>,
): void {
  for (const decl of file.decls) {
    if (decl.kind !== Kind.FuncDecl || decl.body === null) continue;
    const fn = decl.name.obj;
    if (fn === null || fn.kind !== ObjKind.Func) continue;
    const sig = fn.type!;
    if (sig.tparams.length === 0 && sig.rparams.length === 0 && (facts(fn)?.inl ?? null) === null) continue;
    mentions.set(funcKey(fn), mentionsOf(decl.body));
  }
}

function mentionsOf(body: Node): Mentions {
  const objects = new Map<string, readonly [string, string]>();
  const packages = new Set<string>();
  crawl(body, (node) => {
    if (node.kind !== Kind.Name || node.obj === null) return false;
    const { obj } = node;
    if (obj.kind === ObjKind.PkgName) packages.add(obj.imported.path);
    else if (obj.pkg !== null && obj.parent === obj.pkg.scope) {
      objects.set(`${obj.pkg.path} ${obj.name}`, [obj.pkg.path, obj.name]);
    }
    return false;
  });
  return { objects: [...objects.values()], packages };
}
