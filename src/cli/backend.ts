/** The way of an analysed package to its object: data-flow form, WebAssembly, and what is kept of both.
 *
 *  Besides the object, which only the linker reads, two records are kept for each package: what the building of other
 *  packages has to know of it (its linknames), and their compilation (effects of its functions).
 *
 *  A package is compiled at once, or **held**: its functions are built when they are asked for, here or from other threads
 *  (wasm/demand.ts), and compiled when all is known that the program comes to. */
import { deserialize, serialize } from "node:v8";
import { InternalError } from "../base/diag.ts";
import type { FileSet, Pos } from "../base/pos.ts";
import type { SummaryStore } from "../host/summary-store.ts";
import { summaryKey } from "../host/summary-store.ts";
import { linkFuncName } from "../ir/func.ts";
import type { Noder } from "../ir/noder/noder.ts";
import type { FileSystem } from "../load/fs.ts";
import type { PackageResult, Backend as TakePackage } from "../report/analyze.ts";
import { PackageBuilder } from "../ssa/build/package.ts";
import { dumpFunc } from "../ssa/dump.ts";
import type { SourcePlace } from "../ssa/object.ts";
import { type Built, emitObject, type Prepared, prepare } from "../wasm/compile.ts";
import { Demand, type News, refsOf, type Source } from "../wasm/demand.ts";
import { disassemble } from "../wasm/disasm.ts";
import type { PackageObject } from "../wasm/object.ts";
import { type EmbedSource, embeddedFiles } from "./embedded.ts";

/** What the back end is to do with a package. */
export interface CompileJob {
  /** Import paths of all packages that code of this one may call, its own excluded. */
  readonly deps: readonly string[];
  readonly dump: Dump | null;
  /** Code is to count what it keeps off the heap. */
  readonly countSaved: boolean;
  /** With the checks of -check. */
  readonly check: boolean;
  /** For programs that run on several threads. */
  readonly threads: boolean;
  readonly embeds: EmbedSource;
  /** Not to be compiled before {@link BackendRunner.emit}: all of it, or what was asked for until then. */
  readonly hold: "all" | "asked" | null;
}

/** What to show of a package's functions instead of running it. */
export interface Dump {
  /** ssa: the data-flow form as built; wasm: the code. */
  readonly form: "ssa" | "wasm";
  /** Only the function of this name, with or without its package; "" for all. */
  readonly func: string;
}

function isShown(dump: Dump | null, form: Dump["form"], name: string, importPath: string): boolean {
  if (dump?.form !== form) return false;
  // Linknames take functions to another package.
  const local = dump.func.startsWith(`${importPath}.`) ? dump.func.slice(importPath.length + 1) : dump.func;
  return dump.func === "" || name === dump.func || name.endsWith(`.${local}`);
}

/** What code that calls its functions has to know of a package: name → effect bits, frame depth. */
type CallFacts = ReadonlyMap<string, readonly [number, number]>;

/** Link names of what the package declares under another name. */
type Linknames = ReadonlyMap<string, string>;

/** What became of a package. */
export interface Made {
  /** By key. */
  readonly records: Map<string, Uint8Array>;
  dump: string;
}

interface Held {
  readonly job: CompileJob;
  readonly places: (pos: Pos) => SourcePlace[];
  readonly finish: () => Built;
  /** If {@link BackendRunner.prepare} was called. */
  prepared: Prepared | null;
}

export function objectKey(key: string): string {
  return summaryKey(["object", key]);
}

export function remarksKey(key: string): string {
  return summaryKey(["remarks", key]);
}

/** What the escape analysis says of the allocations at a line. */
export type SiteRemarks = ReadonlyMap<string, string>;

export function readRemarks(bytes: Uint8Array): SiteRemarks {
  return deserialize(bytes) as SiteRemarks;
}

/** The remarks that say which values are on the heap, by `file:line`. */
export function siteRemarks(fset: FileSet, result: PackageResult): Uint8Array {
  const heap = new Map<string, string>();
  for (const entry of result.entries) {
    if (!("remark" in entry)) continue;
    const { pos, msg } = entry.remark;
    if (!/ escapes to heap$|^moved to heap: /.test(msg)) continue;
    const { filename, line } = fset.position(pos);
    const key = `${filename}:${line}`;
    const known = heap.get(key);
    if (known === undefined) heap.set(key, msg);
    else if (!known.split("; ").includes(msg)) heap.set(key, `${known}; ${msg}`);
  }
  return serialize(heap);
}

export function factsKey(key: string): string {
  return summaryKey(["calls", key]);
}

/** The key of its linknames. */
export function namesKey(key: string): string {
  return summaryKey(["linknames", key]);
}

export function readObject(bytes: Uint8Array): PackageObject {
  return deserialize(bytes) as PackageObject;
}

/** Compiles packages one after the other. */
export class BackendRunner {
  private readonly known = new Map<string, CallFacts>();
  private readonly knownNames = new Map<string, Linknames>();
  private readonly held = new Map<string, Held>();
  private demand = new Demand();

  constructor(
    private readonly store: SummaryStore,
    /** The key of a package. */
    private readonly keyOf: (importPath: string) => string | undefined,
    /** Records that the disk did not take. */
    private readonly unsaved: () => ReadonlyMap<string, Uint8Array>,
    private readonly fs: FileSystem,
  ) {}

  /** A record of a package; null if there is none. */
  private record<T>(known: Map<string, T>, importPath: string, keyOfRecord: (key: string) => string): T | null {
    const found = known.get(importPath);
    if (found !== undefined) return found;
    const key = this.keyOf(importPath);
    if (key === undefined) return null;
    const bytes = this.unsaved().get(keyOfRecord(key)) ?? this.store.read(keyOfRecord(key));
    if (bytes === null) return null;
    const record = deserialize(bytes) as T;
    known.set(importPath, record);
    return record;
  }

  /** A back end for one package. */
  taker(importPath: string, job: CompileJob, made: Made): TakePackage {
    return ({ n, files, types, error }) => {
      const linknames = new Map<string, string>();
      for (const file of files)
        for (const { local, remote } of file.linknames) if (remote !== "") linknames.set(local, remote);
      this.put(made, importPath, namesKey, linknames);
      this.knownNames.delete(importPath);
      const places = (pos: Pos): SourcePlace[] => placesOf(n, pos);
      const builder = new PackageBuilder(n, n.target.funcs, {
        linknames: (path) =>
          path === n.localPkg.path ? linknames : (this.record(this.knownNames, path, namesKey) ?? undefined),
        savedPlace: job.countSaved ? (pos) => places(pos)[0] : null,
        ownParams: job.check,
        threads: job.threads,
        embeds: embeddedFiles(files, job.embeds, this.fs),
        error,
        ...(types === null ? {} : { wanted: (type: string) => types.has(type) || /\W/.test(type) }),
      });
      const finish = this.open(builder, job.hold);
      const held: Held = { job, places, finish, prepared: null };
      if (job.hold !== null) this.held.set(importPath, held);
      else {
        this.prepareHeld(importPath, held, made);
        this.compile(importPath, held, made);
      }
    };
  }

  /** Makes the package known to {@link ask} if it is to be held. */
  private open(builder: PackageBuilder, hold: CompileJob["hold"]): () => Built {
    if (hold === "asked") {
      const initTask = builder.open();
      this.demand.add({
        initTask,
        func: (sym) => {
          const fn = builder.func(sym);
          return fn === null ? null : refsOf(fn);
        },
        datum: (sym) => builder.datum(sym),
      });
      return () => builder.finish();
    }
    const built = builder.all();
    if (hold === "all")
      this.demand.add(
        sourceOf(built),
        built.funcs.map(({ name }) => name),
      );
    return () => built;
  }

  /** Follows what others need of the held packages; gives what these need of others. */
  ask(news: News, until?: number): News {
    return this.demand.round(news, until);
  }

  /** Does of the compilation of a package that was held what needs nothing of others. */
  prepare(importPath: string, made: Made): void {
    this.prepareHeld(importPath, this.heldPackage(importPath), made);
  }

  /** Compiles a package that was held and prepared. */
  emit(importPath: string, made: Made): void {
    const held = this.heldPackage(importPath);
    this.held.delete(importPath);
    if (this.held.size === 0) this.demand = new Demand();
    this.compile(importPath, held, made);
  }

  private heldPackage(importPath: string): Held {
    const held = this.held.get(importPath);
    if (held === undefined) throw new InternalError(`${importPath} is not held`);
    return held;
  }

  private prepareHeld(importPath: string, held: Held, made: Made): void {
    const { job } = held;
    const built = held.finish();
    for (const fn of built.funcs) if (isShown(job.dump, "ssa", fn.name, importPath)) made.dump += dumpFunc(fn);
    held.prepared = prepare(built, job);
  }

  private compile(importPath: string, { job, places, prepared }: Held, made: Made): void {
    if (prepared === null) throw new InternalError(`${importPath} is not prepared`);
    const deps: CallFacts[] = [];
    for (const path of job.deps) {
      // Without facts its functions are taken to do everything.
      const facts = path === importPath ? null : this.record(this.known, path, factsKey);
      if (facts !== null) deps.push(facts);
    }
    const external = (sym: string): { effects: number; depth: number } | null => {
      for (const effects of deps) {
        const found = effects.get(sym);
        if (found !== undefined) return { effects: found[0], depth: found[1] };
      }
      return null;
    };
    const object = emitObject(prepared, { external, barriers: true, places, check: job.check, threads: job.threads });
    for (const fn of object.funcs)
      if (isShown(job.dump, "wasm", fn.name, importPath)) made.dump += disassemble(object, fn);
    const facts: CallFacts = new Map(object.funcs.map((fn) => [fn.name, [fn.effects, fn.depth]] as const));
    this.known.delete(importPath);
    this.put(made, importPath, factsKey, facts);
    this.put(made, importPath, objectKey, object);
  }

  private put(made: Made, importPath: string, keyOfRecord: (key: string) => string, record: unknown): void {
    const key = this.keyOf(importPath);
    if (key === undefined) throw new InternalError(`${importPath} has no key`);
    made.records.set(keyOfRecord(key), serialize(record));
  }

  /** Writes the records; those that the disk does not take, by key. */
  save({ records }: Made): Map<string, Uint8Array> {
    const unsaved = new Map<string, Uint8Array>();
    for (const [key, record] of records) if (!this.store.write(key, record)) unsaved.set(key, record);
    return unsaved;
  }
}

function sourceOf({ funcs, data, initTask }: Built): Source {
  const byName = new Map(funcs.map((fn) => [fn.name, fn]));
  const dataByName = new Map(data.map((datum) => [datum.name, datum]));
  return {
    initTask,
    func: (sym) => {
      const fn = byName.get(sym);
      return fn === undefined ? null : refsOf(fn);
    },
    datum: (sym) => dataByName.get(sym) ?? null,
  };
}

/** Where the code at `pos` stands, and where the calls stand that were inlined on the way to it. */
function placesOf(n: Noder, pos: Pos): SourcePlace[] {
  const { fset, inlinedCalls } = n;
  const chain: SourcePlace[] = [];
  for (let at = pos; ; ) {
    const inner = fset.innermost(at);
    const { filename, line } = fset.position(inner);
    // What a line directive names stays as it is (noder.go, trimFilename).
    const file = filename === "" ? "??" : filename;
    const inlining = fset.inliningOf(at);
    if (inlining < 0) {
      chain.push({ file, line, func: "" });
      return chain;
    }
    chain.push({ file, line, func: linkFuncName(inlinedCalls.get(inlining)?.callee ?? null) });
    at = fset.inlinedCallPos(inlining);
  }
}
