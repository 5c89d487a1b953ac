/** The packages that a unit imports: their facts are in what the driver hands over, in goesc's cache, or made here.
 *
 *  Units run beside each other and need the same packages. Who makes one claims it first, by a file that nobody else can
 *  create; the others go on with what is not claimed, or wait. */
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import { buildOf, Cache, defaultCacheLimit, discard, generationDir, limitOf } from "../../host/cache.ts";
import { cacheDir } from "../../host/cache-dir.ts";
import { programFile } from "../../host/code-cache.ts";
import { NodeFileSystem } from "../../host/node-fs.ts";
import { allocsKey, SummaryStore } from "../../host/summary-store.ts";
import type { GoEnv } from "../../load/env.ts";
import { FileError } from "../../load/fs.ts";
import { type AllocFacts, decodeAllocFacts } from "../../report/allocs/facts.ts";
import { KnownAllocs } from "../../report/findings/package.ts";
import { Session } from "../../report/session.ts";
import { analysis, analyzeOptions, factsOf, packageUnit } from "./analysis.ts";
import type { FactsFiles, OpenFacts } from "./facts.ts";

/** How long to wait for somebody else before looking again, and before doing it oneself, in ms. */
const nap = 10;
const patience = 120_000;

/** The bundle that runs. */
const build = buildOf(programFile(fileURLToPath(import.meta.url)));

export class Imports {
  private readonly fs = new NodeFileSystem();
  private readonly store: SummaryStore;
  /** What the disk did not take, by key. */
  private readonly unsaved = new Map<string, Uint8Array>();
  private readonly sources = new Map<string, Uint8Array>();
  private readonly allocFacts = new Map<string, AllocFacts | null>();
  private added = 0;

  constructor(
    private readonly found: FactsFiles,
    private readonly env: GoEnv,
    private readonly l: boolean,
  ) {
    this.store = new SummaryStore(generationDir(cacheDir(), build));
  }

  /** A session in which these packages can be imported. */
  session(drafts: (path: string) => Uint8Array | undefined = () => undefined): Session {
    const { env } = this;
    return new Session(
      {
        readFile: (path) => drafts(path) ?? this.readFile(path),
        readSummary: (path) => this.summary(path),
        goroot: env.goroot.dir,
      },
      env.goarch,
      env.goroot.minor,
    );
  }

  knownAllocs(): KnownAllocs {
    return new KnownAllocs(this.found.reachable(), (path) => this.allocsOf(path));
  }

  /** Keeps what a package's importers will ask for. */
  keep(key: string, facts: { readonly summary: Uint8Array; readonly allocs: Uint8Array }): void {
    // Whoever finds the summary takes it that the other one is there.
    for (const [name, bytes] of [
      [allocsKey(key), facts.allocs],
      [key, facts.summary],
    ] as const) {
      if (this.store.write(name, bytes)) this.added += bytes.length;
      else this.unsaved.set(name, bytes);
    }
  }

  /** To be called at the end: tidies the cache up if that is due. */
  close(): void {
    new Cache(cacheDir(), limitOf() ?? defaultCacheLimit, build).added(this.added);
  }

  /** Makes the facts of all packages below that nobody has made yet; a text says why that cannot be done. */
  make(paths: Iterable<string>): string {
    let waiting = this.missing(paths);
    if (waiting.length === 0) return "";
    const session = this.session();
    const begin = Date.now();
    while (waiting.length > 0) {
      const left = new Set(waiting.map((facts) => facts.source.ImportPath));
      let isStuck = true;
      for (const facts of waiting) {
        const path = facts.source.ImportPath;
        if (facts.imports.some(([imported]) => left.has(imported))) continue;
        if (!this.isThere(facts.key)) {
          const claim = this.claim(facts.key);
          if (claim === "" && Date.now() - begin < patience) continue;
          // Somebody may have been done just before.
          const problem = this.isThere(facts.key) ? "" : this.makeOne(session, facts);
          if (claim !== "") discard(claim);
          if (problem !== "") return problem;
        }
        left.delete(path);
        isStuck = false;
      }
      waiting = waiting.filter((facts) => left.has(facts.source.ImportPath));
      if (isStuck) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, nap);
    }
    return "";
  }

  /** Packages without facts, imported ones first. */
  private missing(paths: Iterable<string>): OpenFacts[] {
    const list: OpenFacts[] = [];
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const facts = this.found.find(path);
      if (facts === null) return;
      for (const [imported] of facts.imports) visit(imported);
      if (facts.summary === null && !this.isThere(facts.key)) list.push(facts);
    };
    for (const path of paths) visit(path);
    return list;
  }

  private isThere(key: string): boolean {
    return this.unsaved.has(key) || this.store.has(key);
  }

  private makeOne(session: Session, { key, source }: OpenFacts): string {
    try {
      const unit = packageUnit(this.env, source, source.GoFiles);
      const made = analysis(session, unit, analyzeOptions(this.l, false), this.knownAllocs());
      if (typeof made === "string") return made;
      this.keep(key, factsOf(made));
      return "";
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return `goesc-vettool: ${error.message}\ngoesc-vettool: the facts of ${source.ImportPath} are made from its source; where steps do not see the sources of what they import, use -whole\n`;
    }
  }

  /** The file that says so; "" if somebody who still runs was first, or nobody can. */
  private claim(key: string): string {
    const file = join(this.store.dir, key.slice(0, 2), `${key}.0`);
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        const fd = openSync(file, "wx");
        writeSync(fd, String(process.pid));
        closeSync(fd);
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") return file; // nothing can be kept there
      }
      if (isRunning(file)) return "";
      discard(file);
    }
    return "";
  }

  private readFile(path: string): Uint8Array {
    try {
      return this.fs.readFile(path);
    } catch (error) {
      const packed = this.packedSource(path);
      if (packed === null) throw error;
      return packed;
    }
  }

  /** A source that came with facts. */
  private packedSource(path: string): Uint8Array | null {
    if (this.sources.size === 0) {
      for (const imported of this.found.reachable()) {
        const facts = this.found.find(imported);
        if (facts === null || facts.files.length === 0) continue;
        const bytes = inflateRawSync(facts.packed);
        let at = 0;
        for (const [name, size] of facts.files) {
          this.sources.set(name, bytes.subarray(at, at + size));
          at += size;
        }
      }
    }
    return this.sources.get(path) ?? null;
  }

  private summary(path: string): Uint8Array | null {
    const facts = this.found.find(path);
    if (facts === null) return null;
    return facts.summary ?? this.kept(facts.key) ?? this.repaired(facts, facts.key);
  }

  /** What was there when it was looked for is gone or damaged. */
  private repaired(facts: OpenFacts, key: string): Uint8Array | null {
    const problem = this.makeOne(this.session(), facts);
    return problem === "" ? this.kept(key) : null;
  }

  private kept(key: string): Uint8Array | null {
    return this.unsaved.get(key) ?? this.store.read(key);
  }

  private allocsOf(path: string): AllocFacts | null {
    let known = this.allocFacts.get(path);
    if (known !== undefined) return known;
    const facts = this.found.find(path);
    const key = facts === null ? "" : allocsKey(facts.key);
    const bytes = facts === null ? null : (facts.allocs ?? this.kept(key) ?? this.repaired(facts, key));
    known = bytes === null || bytes.length === 0 ? null : decodeAllocFacts(bytes);
    this.allocFacts.set(path, known);
    return known;
  }
}

function isRunning(claim: string): boolean {
  try {
    const pid = Number(readFileSync(claim, "utf8"));
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
