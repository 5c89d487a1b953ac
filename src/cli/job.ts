/** The work on one package, as it is done in this thread or in a worker: read summaries of imports, analyse, render,
 *  keep the summary. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStdArchive, readAsset } from "../host/assets.ts";
import { machineFiles } from "../host/node-fs.ts";
import { overlaidFileSystem } from "../host/overlay.ts";
import { embeddedSrc, type StdArchive } from "../host/std-archive.ts";
import { allocsKey, SummaryStore } from "../host/summary-store.ts";
import { FileError, type FileSystem } from "../load/fs.ts";
import type { Replacements } from "../load/replaced-files.ts";
import { type AllocFacts, decodeAllocFacts, encodeAllocFacts } from "../report/allocs/facts.ts";
import {
  type AnalyzeOptions,
  analyzePackage,
  type PackageResult,
  type PackageUnit,
  summaryInput,
} from "../report/analyze.ts";
import { analyzeEdit, type Edited } from "../report/edit/edit.ts";
import { errorText } from "../report/errors.ts";
import { Scene } from "../report/explain/scene.ts";
import type { PackageFindings } from "../report/findings/model.ts";
import { acceptedAllocs, type FindingsOptions, KnownAllocs, packageFindings } from "../report/findings/package.ts";
import { type OptLogFile, optLogDir, optLogFiles } from "../report/optlog.ts";
import { type RenderOptions, renderResult } from "../report/render.ts";
import { Session } from "../report/session.ts";
import { TreeSitterReader } from "../syntax/cst.ts";
import { parseFile } from "../syntax/parse.ts";
import { interfaceDigest } from "../types/summary-digest.ts";
import { writePackage } from "../types/summary-write.ts";
import type { Package } from "../types/types.ts";
import type { News } from "../wasm/demand.ts";
import { BackendRunner, type CompileJob, type Made, remarksKey, siteRemarks } from "./backend.ts";
import { crashText, isStackOverflow } from "./crash.ts";
import { type EditJob, keepLast, readLast, wholeAnalysis } from "./edited.ts";
import { keep } from "./kept.ts";
import { type Cuts, withoutBodies } from "./partial.ts";

/** Who turns text into trees. Both give the same; the recursive-descent parser takes a tenth of the time. */
export type Reader = "descent" | "tree-sitter";

/** What all jobs of a run share; sent to a worker once. */
export interface RunInit {
  readonly goarch: string;
  readonly cacheDir: string;
  readonly goroot: string;
  /** `go1.26.8`. */
  readonly goVersion: string;
  /** The release 1.N whose rules hold. */
  readonly goMinor: number;
  readonly goos: string;
  /** The platform whose standard library comes with goesc; null if that of an installation is read. */
  readonly embedded: string | null;
  readonly reader: Reader;
  /** Serialised profiles by file name. */
  readonly profiles: ReadonlyMap<string, string>;
  /** Key of the summary of each package, by import path. */
  readonly keys: ReadonlyMap<string, string>;
  /** Packages are compiled for goesc's own runtime: GOROOT is read through the overlay. */
  readonly forRun?: boolean;
  /** Files that are read in place of others. */
  readonly replaced?: Replacements;
}

export interface Job {
  readonly unit: PackageUnit;
  readonly analyze: AnalyzeOptions;
  readonly render: RenderOptions;
  /** No limit on the number of errors. */
  readonly allErrors: boolean;
  /** Where the compiler's own log goes (-json=0,DIR); "" for nowhere. */
  readonly optLogDir: string;
  /** Under what name the output is kept (kept.ts); "" if it is not. */
  readonly keptKey?: string;
  /** The package may have been analysed before, and little may have changed since. */
  readonly edit?: EditJob;
  /** A digest of what importers can see is wanted. */
  readonly digest?: boolean;
  /** The summary is wanted as if the disk had not taken it: it takes it, and loses it. */
  readonly hold?: boolean;
  /** Summaries that could not be kept on disk; facts about allocations under {@link allocsName}. */
  readonly unsaved: ReadonlyMap<string, Uint8Array>;
  /** What is wanted as findings. */
  readonly findings?: FindingsOptions | null;
  /** What the back end is to do; absent where packages are only analysed. */
  readonly compile?: CompileJob | null;
  /** Files that are nowhere on disk. */
  readonly drafts?: ReadonlyMap<string, Uint8Array>;
  /** Keys of packages, if they were not known when the thread started. */
  readonly keys?: RunInit["keys"];
  /** Bodies of functions that are to be left out. */
  readonly cuts?: Cuts;
}

/** Makes a package that was held ready for {@link EmitJob} (backend.ts). */
export interface PrepareJob {
  readonly prepare: string;
}

/** Compiles a package that was held. */
export interface EmitJob {
  readonly emit: string;
  readonly unsaved: ReadonlyMap<string, Uint8Array>;
}

/** A question to the packages that are held. */
export interface AskJob {
  readonly ask: News;
  /** How long to look for the answer at most, in ms. */
  readonly limit?: number;
}

export type Work = Job | AskJob | PrepareJob | EmitJob;

export interface Reply {
  readonly out: string;
  readonly errors: string;
  /** Of what importers can see, if it was wanted and there is a summary. */
  readonly digest?: string;
  /** Only some functions were looked at; importers see what they saw under that key, on other lines perhaps. */
  readonly edited?: { readonly from: string; readonly linesMoved: boolean };
  /** The summary, if the disk did not take it. */
  readonly unsaved: Uint8Array | null;
  /** Imports whose summaries turned out to be unusable: nothing was done. */
  readonly missing: string | null;
  readonly findings?: PackageFindings | null;
  /** Facts about allocations, if the disk did not take them. */
  readonly unsavedAllocs?: Uint8Array | null;
  /** Records of the back end that the disk did not take, by key. */
  readonly unsavedRecords?: ReadonlyMap<string, Uint8Array>;
  /** The thread that it is from (worker_threads.threadId). */
  readonly thread?: number;
}

export interface Examined {
  readonly session: Session;
  readonly result: PackageResult;
}

const noDrafts: ReadonlyMap<string, Uint8Array> = new Map();
const noCuts: Cuts = new Map();

/** A summary that was there when the run was planned is gone or damaged. */
class MissingSummary extends Error {
  constructor(readonly importPath: string) {
    super(`the summary of ${importPath} is missing`);
  }
}

export class JobRunner {
  /** By main package whose profile holds; "" for packages that are built only once. */
  private readonly sessions = new Map<string, Session>();
  private readonly store: SummaryStore;
  private readonly fs: FileSystem;
  private madeBackend: BackendRunner | null = null;
  private readonly std: StdArchive | null;
  private unsaved: ReadonlyMap<string, Uint8Array> = new Map();
  private drafts: ReadonlyMap<string, Uint8Array> = new Map();
  private cuts: Cuts = new Map();
  /** What has been read for a job that keeps the sources that it analyses; null for others. */
  private texts: Map<string, Uint8Array> | null = null;
  private keys: RunInit["keys"];

  static async create(init: RunInit): Promise<JobRunner> {
    return new JobRunner(init, init.reader === "tree-sitter" ? await treeSitter() : parseFile);
  }

  private constructor(
    private readonly init: RunInit,
    private readonly parse: typeof parseFile,
  ) {
    this.keys = init.keys;
    this.store = new SummaryStore(init.cacheDir);
    this.fs = init.forRun === true ? overlaidFileSystem(init.goroot) : machineFiles(init.replaced);
    this.std = init.embedded === null ? null : openStdArchive();
  }

  private get backend(): BackendRunner {
    this.madeBackend ??= new BackendRunner(
      this.store,
      (path) => this.keys.get(path),
      () => this.unsaved,
      this.fs,
    );
    return this.madeBackend;
  }

  /** Packages that are built with and without a profile must not meet. */
  private sessionFor(unit: PackageUnit): Session {
    const main = variantOf(unit);
    let session = this.sessions.get(main);
    if (session === undefined) {
      session = this.newSession();
      this.sessions.set(main, session);
    }
    return session;
  }

  private newSession(readSummary = (path: string) => this.readSummary(path)): Session {
    const { init, parse } = this;
    return new Session(
      {
        readFile: (path) => this.readFile(path),
        readSummary,
        goroot: init.goroot,
        readProfile: (name) => init.profiles.get(name) ?? "",
        parse,
      },
      init.goarch,
      init.goMinor,
    );
  }

  private readFile(path: string): Uint8Array {
    const known = this.texts?.get(path);
    if (known !== undefined) return known;
    const text = this.readText(path);
    this.texts?.set(path, text);
    return text;
  }

  private readText(path: string): Uint8Array {
    const draft = this.drafts.get(path);
    if (draft !== undefined) return draft;
    const { std, init } = this;
    const embedded = std !== null && path.startsWith(embeddedSrc) ? std.source(path, init.embedded!) : null;
    const source = embedded ?? this.fs.readFile(path);
    const ranges = this.cuts.get(path);
    return ranges === undefined ? source : withoutBodies(source, ranges);
  }

  private readSummary(importPath: string): Uint8Array | null {
    const embedded = this.std?.summary(importPath, this.init.embedded!) ?? null;
    if (embedded !== null) return embedded;
    const key = this.keys.get(importPath);
    if (key === undefined) return null;
    const bytes = this.unsaved.get(importPath) ?? this.store.read(key);
    if (bytes === null) throw new MissingSummary(importPath);
    return bytes;
  }

  /** Any work. */
  perform(work: Work, lastResort = true): Reply | News {
    if ("unit" in work) return this.run(work, lastResort);
    if ("ask" in work) {
      return this.backend.ask(work.ask, work.limit === undefined ? undefined : performance.now() + work.limit);
    }
    if ("prepare" in work)
      return this.back(work.prepare, (made) => this.backend.prepare(work.prepare, made), lastResort);
    this.unsaved = work.unsaved;
    return this.back(work.emit, (made) => this.backend.emit(work.emit, made), lastResort);
  }

  /** A step of the back end. */
  private back(importPath: string, step: (made: Made) => void, lastResort: boolean): Reply {
    try {
      const made: Made = { records: new Map(), dump: "" };
      step(made);
      return { out: made.dump, errors: "", unsaved: null, missing: null, unsavedRecords: this.backend.save(made) };
    } catch (error) {
      if (!lastResort && isStackOverflow(error)) throw error;
      return { out: "", errors: crashText(error, importPath), unsaved: null, missing: null };
    }
  }

  /** Throws a stack overflow unless this is the last resort: a thread with a deeper stack may succeed, with a runner
   *  of its own. */
  run(job: Job, lastResort = true): Reply {
    this.unsaved = job.unsaved;
    this.drafts = job.drafts ?? noDrafts;
    this.cuts = job.cuts ?? noCuts;
    this.keys = job.keys ?? this.keys;
    this.texts = job.edit === undefined ? null : new Map();
    try {
      return this.analyze(job);
    } catch (error) {
      this.sessions.clear(); // what was being read from summaries is left half made
      if (!lastResort && isStackOverflow(error)) throw error;
      if (error instanceof MissingSummary) return { out: "", errors: "", unsaved: null, missing: error.importPath };
      if (error instanceof FileError) return { out: "", errors: `${error.message}\n`, unsaved: null, missing: null };
      return { out: "", errors: crashText(error, job.unit.importPath), unsaved: null, missing: null };
    } finally {
      this.texts = null;
    }
  }

  /** Analyses and hands out all that was found, with `drafts` in place of files of those names; the import path of a
   *  package whose summary is missing instead. */
  examine({ unit, analyze, unsaved }: Job, drafts: ReadonlyMap<string, Uint8Array>): Examined | string {
    this.unsaved = unsaved;
    this.drafts = drafts;
    try {
      const session = this.sessionFor(unit);
      return { session, result: analyzePackage(session, unit, analyze) };
    } catch (error) {
      this.sessions.clear();
      if (error instanceof MissingSummary) return error.importPath;
      throw error;
    } finally {
      this.drafts = new Map();
    }
  }

  private writeOptLog({ fset }: Session, dir: string, pkgPath: string, { optLog }: PackageResult): void {
    const { goos, goarch, goVersion } = this.init;
    const files = optLogFiles(fset, { pkgPath, goos, goarch, goVersion }, optLog);
    writeLogFiles(dir, files, optLogDir(pkgPath));
  }

  /** The package with some functions edited; null if it has to be analysed as a whole. */
  private editedReply(job: Job): Reply | null {
    const { unit, analyze, keptKey = "" } = job;
    const key = this.keys.get(unit.importPath);
    const last = key === undefined ? null : readLast(this.store, job);
    if (last === null) return null;
    const texts = unit.goFiles.map((file) => this.readFile(file));
    const openSession = (summary: () => Uint8Array): Session =>
      this.newSession((path) => (path === unit.importPath ? summary() : this.readSummary(path)));
    let edited: Edited | null;
    try {
      edited = analyzeEdit({ unit, options: analyze, before: last.before, texts, openSession });
    } catch (error) {
      if (job.edit?.isTest === true || isStackOverflow(error) || error instanceof MissingSummary) throw error;
      return null; // the analysis of the whole will do
    }
    if (edited === null) return null;
    if (unit.compilerPath !== "main" && !this.store.write(key!, edited.summary)) return null;
    const out = edited.lines.map((line) => `${line}\n`).join("");
    keepLast(this.store, job, key!, edited.summary, texts, edited);
    keep(this.store, keptKey, out); // the last, since nothing is done again once this is there
    const { linesMoved } = edited;
    return { out, errors: "", edited: { from: last.from, linesMoved }, unsaved: null, missing: null };
  }

  private analyze(job: Job): Reply {
    const edited = job.edit === undefined ? null : this.editedReply(job);
    if (edited !== null) return edited;
    const { unit, render, allErrors, optLogDir: logDir } = job;
    const analyze = job.edit === undefined ? job.analyze : { ...job.analyze, visits: true };
    const session = this.sessionFor(unit);
    const made: Made = { records: new Map(), dump: "" };
    const { compile = null } = job;
    const take = compile === null ? null : this.backend.taker(unit.importPath, compile, made);
    const result = analyzePackage(session, unit, analyze, take);
    if (result.checked === null || result.errors.length > 0) {
      return { out: "", errors: errorText(session.fset, result.errors, allErrors), unsaved: null, missing: null };
    }
    if (logDir !== "") this.writeOptLog(session, logDir, unit.compilerPath, result);
    const asFindings = (job.findings ?? null) !== null;
    const out = asFindings ? "" : renderResult(session.fset, unit.importPath, result, render);
    let unsaved: Uint8Array | null = null;
    let digest = "";
    let summaryBytes: Uint8Array | null = null;
    const key = this.keys.get(unit.importPath);
    if (key !== undefined && unit.compilerPath !== "main") {
      const { pkg } = result.checked;
      const input = summaryInput(session, unit, result);
      summaryBytes = writePackage(pkg, input);
      if (!this.store.write(key, summaryBytes) || job.hold === true) unsaved = summaryBytes;
      if (job.digest === true) digest = interfaceDigest(pkg, input, (name) => this.readFile(name));
    }
    const errors = asFindings || compile !== null ? "" : linkError(unit, result.checked.pkg);
    const whole = job.edit === undefined ? null : wholeAnalysis(result, out);
    if (whole !== null && errors === "" && unsaved === null) {
      const summary = summaryBytes ?? writePackage(result.checked.pkg, summaryInput(session, unit, result));
      const texts = unit.goFiles.map((file) => this.readFile(file));
      keepLast(this.store, job, key!, summary, texts, whole);
    }
    // The last, since nothing is done again once this is there.
    if ((job.keptKey ?? "") !== "" && errors === "") keep(this.store, job.keptKey!, out);
    const { findings, unsavedAllocs } = this.findings(session, job, result);
    const reply = { out, errors, digest, unsaved, missing: null, findings, unsavedAllocs };
    if (compile === null) return reply;
    made.records.set(remarksKey(key!), siteRemarks(session.fset, result));
    return { ...reply, out: made.dump, unsavedRecords: this.backend.save(made) };
  }

  private findings(session: Session, job: Job, result: PackageResult): Pick<Reply, "findings" | "unsavedAllocs"> {
    const { unit, analyze, findings: options = null } = job;
    if (options === null && analyze.allocs !== true) return {};
    const known = new KnownAllocs(this.keys.keys(), (path) => this.readAllocs(path));
    const allocs = acceptedAllocs(session, result);
    let unsavedAllocs: Uint8Array | null = null;
    if (analyze.allocs === true) {
      const bytes = encodeAllocFacts(known.solve(session.fset, allocs));
      const key = this.keys.get(unit.importPath);
      const kept = key !== undefined && unit.compilerPath !== "main" && this.store.write(allocsKey(key), bytes);
      if (!kept) unsavedAllocs = bytes;
    }
    if (options === null) return { unsavedAllocs };
    const examine = (drafts: ReadonlyMap<string, Uint8Array>): Scene | string => {
      const examined = this.examine({ ...job, analyze: { ...analyze, allocs: false, graphs: false } }, drafts);
      if (typeof examined === "string") return `the summary of ${examined} is missing`;
      const { session: own, result: changed } = examined;
      if (changed.checked === null || changed.errors.length > 0) return errorText(own.fset, changed.errors, false);
      return new Scene(own, unit.importPath, changed);
    };
    return {
      findings: packageFindings(session, unit.importPath, result, options, known, allocs, examine),
      unsavedAllocs,
    };
  }

  private readonly knownAllocs = new Map<string, AllocFacts | null>();

  /** Facts about the functions of an imported package; null if there are none. */
  private readAllocs(importPath: string): AllocFacts | null {
    const known = this.knownAllocs.get(importPath);
    if (known !== undefined) return known;
    const key = this.keys.get(importPath);
    const bytes =
      this.unsaved.get(allocsName(importPath)) ?? (key === undefined ? null : this.store.read(allocsKey(key)));
    const facts = bytes === null ? null : decodeAllocFacts(bytes);
    this.knownAllocs.set(importPath, facts);
    return facts;
  }
}

/** The name of a package's facts about allocations among summaries that are not on disk. */
export function allocsName(importPath: string): string {
  return `${importPath}\0allocs`;
}

/** The main package for whose profile the package or what it imports is built once more; "" if there is none. */
function variantOf({ importPath, imports }: PackageUnit): string {
  for (const path of [importPath, ...imports.values()]) {
    const bracket = path.indexOf(" [");
    if (bracket >= 0) return path.slice(bracket);
  }
  return "";
}

/** Like the compiler, which is no better at it: files of an earlier run stay. */
function writeLogFiles(dir: string, files: readonly OptLogFile[], pkgDir: string): void {
  mkdirSync(join(dir, pkgDir), { recursive: true });
  for (const { name, text } of files) writeFileSync(join(dir, pkgDir, name), text);
}

async function treeSitter(): Promise<typeof parseFile> {
  const reader = await TreeSitterReader.create(readAsset("web-tree-sitter.wasm"), readAsset("tree-sitter-go.wasm"));
  return (fset, name, source, options) => reader.parse(fset, name, source, options);
}

/** What the linker would say of a command: the compiler does not ask for a function main. */
function linkError({ compilerPath, complete }: PackageUnit, { scope }: Package): string {
  if (compilerPath !== "main" || !complete || scope.lookup("main") !== null) return "";
  return "runtime.main_main·f: function main is undeclared in the main package\n";
}
