/** The work on one package, as it is done in this thread or in a worker: read summaries of imports, analyse, render,
 *  keep the summary. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStdArchive, readAsset } from "../host/assets.ts";
import { NodeFileSystem } from "../host/node-fs.ts";
import { embeddedSrc, type StdArchive } from "../host/std-archive.ts";
import { SummaryStore } from "../host/summary-store.ts";
import { FileError } from "../load/fs.ts";
import { type AnalyzeOptions, analyzePackage, type PackageResult, type PackageUnit } from "../report/analyze.ts";
import { errorText } from "../report/errors.ts";
import { type OptLogFile, optLogDir, optLogFiles } from "../report/optlog.ts";
import { type RenderOptions, renderResult } from "../report/render.ts";
import { Session } from "../report/session.ts";
import { TreeSitterReader } from "../syntax/cst.ts";
import { parseFile } from "../syntax/parse.ts";
import { writePackage } from "../types/summary-write.ts";

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
  /** Key of the summary of each package, by import path. */
  readonly keys: ReadonlyMap<string, string>;
}

export interface Job {
  readonly unit: PackageUnit;
  readonly analyze: AnalyzeOptions;
  readonly render: RenderOptions;
  /** No limit on the number of errors. */
  readonly allErrors: boolean;
  /** Where the compiler's own log goes (-json=0,DIR); "" for nowhere. */
  readonly optLogDir: string;
  /** Summaries that could not be kept on disk. */
  readonly unsaved: ReadonlyMap<string, Uint8Array>;
}

export interface Reply {
  readonly out: string;
  readonly errors: string;
  /** The summary, if the disk did not take it. */
  readonly unsaved: Uint8Array | null;
  /** Imports whose summaries turned out to be unusable: nothing was done. */
  readonly missing: string | null;
}

export interface Examined {
  readonly session: Session;
  readonly result: PackageResult;
}

/** A summary that was there when the run was planned is gone or damaged. */
class MissingSummary extends Error {
  constructor(readonly importPath: string) {
    super(`the summary of ${importPath} is missing`);
  }
}

export class JobRunner {
  private session: Session;
  private readonly store: SummaryStore;
  private readonly fs = new NodeFileSystem();
  private readonly std: StdArchive | null;
  private unsaved: ReadonlyMap<string, Uint8Array> = new Map();
  private drafts: ReadonlyMap<string, Uint8Array> = new Map();

  static async create(init: RunInit): Promise<JobRunner> {
    return new JobRunner(init, init.reader === "tree-sitter" ? await treeSitter() : parseFile);
  }

  private constructor(
    private readonly init: RunInit,
    private readonly parse: typeof parseFile,
  ) {
    this.store = new SummaryStore(init.cacheDir);
    this.std = init.embedded === null ? null : openStdArchive();
    this.session = this.newSession();
  }

  private newSession(): Session {
    const { init, parse } = this;
    return new Session(
      {
        readFile: (path) => this.readFile(path),
        readSummary: (path) => this.readSummary(path),
        goroot: init.goroot,
        parse,
      },
      init.goarch,
      init.goMinor,
    );
  }

  private readFile(path: string): Uint8Array {
    const draft = this.drafts.get(path);
    if (draft !== undefined) return draft;
    const { std, init } = this;
    const embedded = std !== null && path.startsWith(embeddedSrc) ? std.source(path, init.embedded!) : null;
    return embedded ?? this.fs.readFile(path);
  }

  private readSummary(importPath: string): Uint8Array | null {
    const embedded = this.std?.summary(importPath, this.init.embedded!) ?? null;
    if (embedded !== null) return embedded;
    const key = this.init.keys.get(importPath);
    if (key === undefined) return null;
    const bytes = this.unsaved.get(importPath) ?? this.store.read(key);
    if (bytes === null) throw new MissingSummary(importPath);
    return bytes;
  }

  /** Throws a stack overflow unless this is the last resort: a thread with a deeper stack may succeed, with a runner
   *  of its own. */
  run(job: Job, lastResort = true): Reply {
    this.unsaved = job.unsaved;
    try {
      return this.analyze(job);
    } catch (error) {
      this.session = this.newSession(); // what was being read from summaries is left half made
      if (!lastResort && isStackOverflow(error)) throw error;
      if (error instanceof MissingSummary) return { out: "", errors: "", unsaved: null, missing: error.importPath };
      if (error instanceof FileError) return { out: "", errors: `${error.message}\n`, unsaved: null, missing: null };
      return { out: "", errors: crashText(job.unit.importPath, error), unsaved: null, missing: null };
    }
  }

  /** Analyses and hands out all that was found, with `drafts` in place of files of those names; the import path of a
   *  package whose summary is missing instead. */
  examine({ unit, analyze, unsaved }: Job, drafts: ReadonlyMap<string, Uint8Array>): Examined | string {
    this.unsaved = unsaved;
    this.drafts = drafts;
    try {
      return { session: this.session, result: analyzePackage(this.session, unit, analyze) };
    } catch (error) {
      this.session = this.newSession();
      if (error instanceof MissingSummary) return error.importPath;
      throw error;
    } finally {
      this.drafts = new Map();
    }
  }

  private writeOptLog(dir: string, pkgPath: string, { optLog }: PackageResult): void {
    const { goos, goarch, goVersion } = this.init;
    const files = optLogFiles(this.session.fset, { pkgPath, goos, goarch, goVersion }, optLog);
    writeLogFiles(dir, files, optLogDir(pkgPath));
  }

  private analyze({ unit, analyze, render, allErrors, optLogDir: logDir }: Job): Reply {
    const { session } = this;
    const result = analyzePackage(session, unit, analyze);
    if (result.checked === null || result.errors.length > 0) {
      return { out: "", errors: errorText(session.fset, result.errors, allErrors), unsaved: null, missing: null };
    }
    if (logDir !== "") this.writeOptLog(logDir, unit.compilerPath, result);
    const out = renderResult(session.fset, unit.importPath, result, render);
    let unsaved: Uint8Array | null = null;
    const key = this.init.keys.get(unit.importPath);
    if (key !== undefined && unit.compilerPath !== "main") {
      const bytes = writePackage(result.checked.pkg, {
        fset: session.fset,
        files: result.files,
        facts: (fn) => result.facts.get(fn) ?? null,
        resolveImport: (path) => session.importPackage(unit.imports.get(path) ?? path),
      });
      if (!this.store.write(key, bytes)) unsaved = bytes;
    }
    return { out, errors: "", unsaved, missing: null };
  }
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

export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

/** What is said when goesc itself fails. */
function crashText(importPath: string, error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const where = process.env.GOESC_TRACE ? `\n${stack ?? ""}` : "; set GOESC_TRACE=1 to see where";
  return `goesc: internal error in ${importPath}: ${message}${where}\n`;
}
