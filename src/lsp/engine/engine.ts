/** The decisions for all open documents: which package each belongs to, what that imports, and what is to be done next.
 *
 *  Work is done in steps, each for the document that was edited last. A long step looks whether something else has
 *  arrived, and is begun again later if so. */

import { LoadError } from "../../load/env.ts";
import { EntryKind, FileError, type FileSystem } from "../../load/fs.ts";
import { type LoadResult, loadPackages } from "../../load/load.ts";
import type { LoadedPackage } from "../../load/package.ts";
import type { Paths } from "../../load/paths.ts";
import type { AnalyzeOptions } from "../../report/analyze.ts";
import { textFor } from "../../report/instances.ts";
import { Kind } from "../../syntax/ast.ts";
import { parseHead } from "../../syntax/parse.ts";
import { unquote } from "../../syntax/quote.ts";
import { writePackage } from "../../types/summary-write.ts";
import { difference } from "../text.ts";
import { defaultSettings, type EngineHost, type EngineSettings } from "./host.ts";
import { Summaries, unitOf } from "./imports.ts";
import type { ClosedView, FileView, HeapSite } from "./model.ts";
import { type OpenDocument, OverlayFileSystem } from "./overlay.ts";
import { Interrupted, PackageState } from "./package.ts";
import { summaryOptions } from "./summarize.ts";

const decoder = new TextDecoder();

export interface EngineEvents {
  view(view: FileView): void;
  /** `total` is 0 when the work is done. */
  progress(done: number, total: number, what: string): void;
  log(text: string): void;
}

/** A package that documents are open of. */
interface OpenPackage {
  readonly dir: string;
  /** Its directory, or the one file that it consists of. */
  readonly key: string;
  load: LoadResult;
  pkg: LoadedPackage;
  readonly state: PackageState;
  /** Summaries of what it imports are at hand. */
  hasImports: boolean;
  /** Import paths that loading did not find. */
  readonly unknown: Set<string>;
  /** When its text changed last, in ms. */
  edited: number;
}

interface Document extends OpenDocument {
  /** There is no view of this version yet. */
  isNew: boolean;
}

/** A whole analysis that takes less is done at each edit; others wait for a pause. */
const quick = 40;
const longestPause = 400;
/** A long step looks so often whether something else has arrived, in ms. */
const lookEvery = 2;

export class Engine {
  private readonly documents = new Map<string, Document>();
  private packages = new Map<string, OpenPackage>();
  /** Directories without a package, and why. */
  private problems = new Map<string, string>();
  private readonly summaries: Summaries;
  /** Serial numbers of the findings that were sent, by file and declaration. */
  private readonly sent = new Map<string, Map<string, number>>();
  private serials = 0;
  /** When it was asked last whether something else has arrived. */
  private looked = 0;
  /** Texts that are being tried. */
  private drafts: ReadonlyMap<string, Uint8Array> = new Map();
  private settings = defaultSettings;
  private readonly fs: FileSystem;
  private readonly paths: Paths;
  /** Directories of the workspace that are to be analysed without being open. */
  private wanted: string[] = [];

  constructor(
    private readonly host: EngineHost,
    private readonly events: EngineEvents,
  ) {
    const { fs, paths } = host.loadHost("/");
    this.paths = paths;
    this.fs = new OverlayFileSystem(fs, paths, this.documents);
    this.summaries = new Summaries(host, {
      fs: this.fs,
      isOpen: (file) => this.documents.has(file),
      readFile: (name) => this.readFile(name),
      checkpoint: this.checkpoint,
      progress: (done, total, what) => events.progress(done, total, what),
    });
  }

  /** Summaries that other threads have made. */
  get helped(): number {
    return this.summaries.helped;
  }

  // ------------------------------------------------------------------------------------------------- events

  configure(settings: EngineSettings): void {
    this.settings = settings;
    this.reload();
  }

  /** Looks at everything anew. */
  reload(): void {
    this.packages = new Map();
    this.problems = new Map();
    this.summaries.reset(this.settings);
    for (const document of this.documents.values()) document.isNew = true;
  }

  setDocument(file: string, version: number, bytes: Uint8Array): void {
    const isOpen = this.documents.has(file);
    this.documents.set(file, { version, bytes, isNew: true });
    const pkg = this.packageFor(file);
    if (!isOpen) this.problems.delete(this.paths.dir(file));
    if (pkg === undefined) return;
    pkg.edited = Date.now();
    if (!isOpen && !pkg.pkg.goFiles.includes(file)) this.drop(pkg);
    else if (pkg.state.files.has(file)) pkg.state.edit(file, bytes);
  }

  closeDocument(file: string): void {
    const document = this.documents.get(file);
    if (document === undefined) return;
    this.documents.delete(file);
    this.sent.delete(file);
    const dir = this.paths.dir(file);
    if (!this.isSaved(file, document.bytes)) this.importedChanged(dir);
    const pkg = this.packageFor(file);
    if (pkg === undefined) return;
    if (pkg.key === file) this.packages.delete(file);
    else if (![...this.documents.keys()].some((name) => this.paths.dir(name) === dir)) this.packages.delete(dir);
    else {
      try {
        pkg.state.edit(file, this.fs.readFile(file));
      } catch {
        this.drop(pkg);
      }
    }
  }

  private isSaved(file: string, bytes: Uint8Array): boolean {
    try {
      return difference(this.fs.readFile(file), bytes) === null;
    } catch {
      return false;
    }
  }

  /** Files have changed on disk. */
  filesChanged(files: readonly string[]): void {
    for (const file of files) {
      const base = this.paths.base(file);
      if (base === "go.mod" || base === "go.work" || base === "go.sum" || base === "modules.txt") {
        this.reload();
        return;
      }
    }
    for (const file of files) {
      if (this.documents.has(file)) continue;
      const dir = this.paths.dir(file);
      this.problems.delete(dir);
      const pkg = this.packageFor(file);
      if (pkg !== undefined) this.drop(pkg);
      this.importedChanged(dir);
    }
  }

  /** Packages that import the one in `dir` are to be looked at again. */
  private importedChanged(dir: string): void {
    this.summaries.retry();
    for (const pkg of this.packages.values()) {
      const imported = pkg.load.packages.find((p) => p.dir === dir);
      if (imported === undefined || imported === pkg.pkg) continue;
      this.summaries.forget(imported.importPath);
      this.drop(pkg);
    }
  }

  private drop(pkg: OpenPackage): void {
    this.packages.delete(pkg.key);
    for (const [file, document] of this.documents) if (this.isOf(file, pkg)) document.isNew = true;
  }

  private packageFor(file: string): OpenPackage | undefined {
    return this.packages.get(file) ?? this.packages.get(this.paths.dir(file));
  }

  private isOf(file: string, pkg: OpenPackage): boolean {
    return pkg.key === pkg.dir ? this.paths.dir(file) === pkg.dir : file === pkg.key;
  }

  // ------------------------------------------------------------------------------------------------- steps

  /** How long to wait before there is something to do, in ms; null if there is nothing. */
  delay(): number | null {
    let least: number | null = this.wanted.length > 0 ? 0 : null;
    for (const document of this.documents.values()) if (document.isNew) return 0;
    for (const pkg of this.packages.values()) {
      if (!pkg.state.isDue) continue;
      const wait = Math.max(0, pkg.edited + pause(pkg.state) - Date.now());
      least = least === null ? wait : Math.min(least, wait);
    }
    return least;
  }

  /** Does the most urgent thing. */
  step(): void {
    try {
      for (const [file, document] of [...this.documents].reverse()) {
        if (!document.isNew) continue;
        this.show(file, document);
        return;
      }
      for (const pkg of this.packages.values()) {
        if (!pkg.state.isDue || Date.now() < pkg.edited + pause(pkg.state)) continue;
        this.analyze(pkg);
        this.showAll(pkg);
        this.publish(pkg);
        return;
      }
      const dir = this.wanted.at(-1);
      if (dir === undefined) return;
      const pkg = this.packageOf(dir, "");
      if (pkg?.state.isDue === true) this.analyze(pkg);
      this.wanted = this.wanted.filter((other) => other !== dir);
      this.events.progress(0, this.wanted.length, dir);
    } catch (error) {
      if (error instanceof Interrupted) return;
      this.failure(error);
    }
  }

  private failure(error: unknown): void {
    this.events.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    for (const document of this.documents.values()) document.isNew = false;
  }

  private show(file: string, document: Document): void {
    const pkg = this.packageOf(this.paths.dir(file), file);
    document.isNew = false;
    if (pkg === null) {
      const problem = this.problems.get(this.paths.dir(file)) ?? "";
      this.sent.delete(file);
      this.events.view({ file, version: document.version, functions: [], importPath: "", problem });
      return;
    }
    const { state } = pkg;
    if (state.isDue && (state.files.size === 0 || state.expected < quick)) {
      document.isNew = true; // unless this comes to an end
      this.analyze(pkg);
      document.isNew = false;
      this.showAll(pkg);
      this.publish(pkg);
      return;
    }
    this.emit(pkg, file, document);
    if (!state.needsAll) this.publish(pkg);
  }

  private emit(pkg: OpenPackage, file: string, document: Document): void {
    const problem = pkg.pkg.goFiles.includes(file) ? "" : "it is not part of the package that is built";
    const view = pkg.state.view(file, document.version, this.sent.get(file));
    this.sent.set(file, new Map(view.functions.map((fn) => [fn.key, fn.serial])));
    this.events.view(problem === "" ? view : { ...view, problem });
  }

  private showAll(pkg: OpenPackage): void {
    for (const [file, document] of this.documents) {
      if (!this.isOf(file, pkg)) continue;
      this.emit(pkg, file, document);
      document.isNew = false;
    }
  }

  private analyze(pkg: OpenPackage): void {
    if (!this.knowsImports(pkg)) this.loadAgain(pkg);
    if (!pkg.hasImports) this.summaries.prepare(pkg.load, pkg.pkg);
    pkg.hasImports = true;
    const started = performance.now();
    pkg.state.analyze();
    const ms = performance.now() - started;
    if (ms > 500) this.events.log(`${pkg.pkg.importPath}: ${Math.round(ms)} ms`);
  }

  /** Open documents may import more than the package did when it was loaded. */
  private knowsImports(pkg: OpenPackage): boolean {
    for (const [file, { bytes }] of this.documents) {
      if (this.paths.dir(file) !== pkg.dir || !pkg.pkg.goFiles.includes(file)) continue;
      for (const decl of parseHead(bytes).file?.decls ?? []) {
        const path = decl.kind === Kind.ImportDecl ? unquote(decl.path.value) : null;
        if (path !== null && path !== "unsafe" && !pkg.pkg.imports.has(path) && !pkg.unknown.has(path)) {
          pkg.unknown.add(path); // asked for once
          return false;
        }
      }
    }
    return true;
  }

  private loadAgain(pkg: OpenPackage): void {
    const found = this.load(pkg.dir, pkg.key === pkg.dir ? "" : pkg.key);
    if (typeof found === "string") return;
    pkg.load = found.load;
    pkg.pkg = found.pkg;
    pkg.hasImports = false;
    pkg.state.renew(unitOf(found.pkg));
  }

  private readonly checkpoint = (): void => {
    const now = performance.now();
    if (now - this.looked < lookEvery) return;
    this.looked = now;
    if (this.host.interrupted()) throw new Interrupted();
  };

  // ------------------------------------------------------------------------------------------------- packages

  private packageOf(dir: string, file: string): OpenPackage | null {
    const known = this.packages.get(file) ?? this.packages.get(dir);
    if (known !== undefined) return known;
    if (this.problems.has(dir)) return null;
    const found = this.load(dir, file);
    if (typeof found === "string") {
      this.problems.set(dir, found);
      this.events.log(`${dir}: ${found}`);
      return null;
    }
    const { load, pkg, key } = found;
    const options: AnalyzeOptions = { ...summaryOptions(this.settings.noInline), m: 1, explain: true };
    const state: PackageState = new PackageState(unitOf(pkg), options, {
      newSession: () => this.summaries.session(load),
      readFile: (name) => this.readFile(name),
      checkpoint: this.checkpoint,
      withDrafts: (drafts, f) => this.withDrafts(drafts, f),
      serial: () => ++this.serials,
    });
    const open: OpenPackage = {
      dir,
      key,
      load,
      pkg,
      state,
      hasImports: false,
      unknown: new Set(),
      edited: 0,
    };
    this.packages.set(key, open);
    return open;
  }

  private withDrafts<T>(drafts: ReadonlyMap<string, Uint8Array>, f: () => T): T {
    this.drafts = drafts;
    try {
      return f();
    } finally {
      this.drafts = new Map();
    }
  }

  private readFile(name: string): Uint8Array {
    return this.drafts.get(name) ?? this.fs.readFile(name);
  }

  private load(dir: string, file: string): { load: LoadResult; pkg: LoadedPackage; key: string } | string {
    const host = this.host.loadHost(dir);
    const loadHost = { ...host, fs: this.fs, env: { ...host.env, ...this.settings.env } };
    let problem = "";
    for (const pattern of file === "" ? ["."] : [".", file]) {
      let load: LoadResult;
      try {
        const { tags, goroot } = this.settings;
        load = loadPackages(loadHost, { patterns: [pattern], tags, goroot });
      } catch (error) {
        if (!(error instanceof LoadError || error instanceof FileError)) throw error;
        problem ||= error.message;
        continue;
      }
      const pkg = load.requested.at(0);
      if (pkg === undefined || pkg.goFiles.length === 0 || !pkg.goFiles.every((name) => this.isReadable(name))) {
        problem ||= load.errors.at(0) ?? "there is nothing to build";
        continue;
      }
      if (pattern === "." && file !== "" && this.isOneOfMany(pkg)) {
        problem = "it is a program of its own";
        continue;
      }
      return { load, pkg, key: pattern === file ? file : dir };
    }
    return problem === "" ? "there is no package" : problem;
  }

  private isReadable(name: string): boolean {
    try {
      return this.fs.readFile(name).length >= 0;
    } catch {
      return false;
    }
  }

  /** Several files of the directory have a function `main`: each is a program, as in folders of examples. */
  private isOneOfMany(pkg: LoadedPackage): boolean {
    if (pkg.name !== "main" || pkg.goFiles.length < 2) return false;
    let count = 0;
    for (const name of pkg.goFiles) if (/^func main\(/m.test(decoder.decode(this.fs.readFile(name)))) count++;
    return count > 1;
  }

  /** Tells open packages that import this one what has changed for them. */
  private publish(pkg: OpenPackage): void {
    const path = pkg.pkg.importPath;
    const importers = [...this.packages.values()].filter(
      (other) => other !== pkg && other.load.packages.some((p) => p.importPath === path),
    );
    if (importers.length === 0) return;
    const { result, unit } = pkg.state;
    if (result === null) return;
    const { session, checked, files } = result;
    const bytes = writePackage(checked.pkg, {
      fset: session.fset,
      files,
      facts: (fn) => fn.summary,
      resolveImport: (imported) => session.importPackage(unit.imports.get(imported) ?? imported),
    });
    if (!this.summaries.replace(path, bytes)) return;
    for (const other of importers) {
      other.state.renew(other.state.unit);
      other.edited = Date.now();
    }
  }

  // ------------------------------------------------------------------------------------------------- questions

  /** Every value on the heap in the packages that are known. */
  heapSites(): HeapSite[] {
    const sites: HeapSite[] = [];
    for (const { state } of this.packages.values()) {
      for (const file of state.files.keys()) {
        for (const { name, findings, start: base } of state.view(file, -1).functions) {
          for (const finding of findings ?? []) {
            const { kind, rule, message, size, loopDepth, start, end, at } = finding;
            if (kind !== "moved" && kind !== "escapes") continue;
            const place = { file, start: base + start, end: base + end };
            const { importPath } = state;
            const site = { importPath, func: name, rule, message, size, loopDepth, place, finding, at: base + at };
            if (finding.instances.length === 0) sites.push(site);
            // Each instance allocates.
            for (const one of finding.instances)
              sites.push({ ...site, func: one.name, message: textFor(message, one) });
          }
        }
      }
    }
    return sites;
  }

  /** Files of known packages that are not open. */
  closedViews(known: ReadonlyMap<string, string>): ClosedView[] {
    const views: ClosedView[] = [];
    for (const { state } of this.packages.values()) {
      for (const [file, { decls }] of state.files) {
        if (this.documents.has(file)) continue;
        const newest = decls.reduce((serial, decl) => Math.max(serial, decl.serial), 0);
        const stamp = `${decls.length} ${newest}`;
        views.push({ file, stamp, view: known.get(file) === stamp ? null : state.view(file, -1) });
      }
    }
    return views;
  }

  /** The package of a document, as it is known now; null if there is none. */
  stateOf(file: string): PackageState | null {
    return this.packageFor(file)?.state ?? null;
  }

  /** Has every package below some directories analysed, one by one. */
  analyzeBelow(dirs: readonly string[]): void {
    const seen = new Set<string>();
    const walk = (dir: string): void => {
      if (seen.has(dir) || seen.size > 10_000) return;
      seen.add(dir);
      let hasGo = false;
      try {
        for (const { name, kind } of this.fs.readDir(dir)) {
          if (kind === EntryKind.Dir && !/^[._]|^(?:testdata|vendor|node_modules)$/.test(name))
            walk(this.paths.join(dir, name));
          else if (name.endsWith(".go") && !name.endsWith("_test.go")) hasGo = true;
        }
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
      }
      if (hasGo) this.wanted.push(dir);
    };
    for (const dir of dirs) walk(dir);
  }

  /** Counts of what was done, by package. */
  stats(): Record<string, PackageState["stats"]> {
    return Object.fromEntries([...this.packages.values()].map(({ state }) => [state.importPath, state.stats]));
  }
}

function pause(state: PackageState): number {
  return state.expected < quick ? 0 : Math.min(longestPause, state.expected);
}
