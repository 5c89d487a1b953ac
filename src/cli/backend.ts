/** The way of an analysed package to its object: data-flow form, WebAssembly, and what is kept of both.
 *
 *  Two records are kept for each package: the object, which only the linker reads, and what the compilation of other
 *  packages has to know of it (effects of its functions, its linknames). */
import { dirname, isAbsolute, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { InternalError } from "../base/diag.ts";
import type { FileSet, Pos } from "../base/pos.ts";
import type { SummaryStore } from "../host/summary-store.ts";
import { summaryKey } from "../host/summary-store.ts";
import { linkFuncName } from "../ir/func.ts";
import type { Noder } from "../ir/noder/noder.ts";
import type { FileSystem } from "../load/fs.ts";
import type { PackageResult, Backend as TakePackage } from "../report/analyze.ts";
import { buildPackage } from "../ssa/build/package.ts";
import { dumpFunc } from "../ssa/dump.ts";
import type { SourcePlace } from "../ssa/object.ts";
import { compileObject } from "../wasm/compile.ts";
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
  readonly embeds: EmbedSource;
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

/** What other packages have to know. */
interface CallFacts {
  /** Name → effect bits, frame depth. */
  readonly effects: ReadonlyMap<string, readonly [number, number]>;
  readonly linknames: ReadonlyMap<string, string>;
}

export interface Compiled {
  readonly bytes: Uint8Array;
  remarks: Uint8Array;
  readonly facts: Uint8Array;
  readonly dump: string;
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

export function readObject(bytes: Uint8Array): PackageObject {
  return deserialize(bytes) as PackageObject;
}

/** Compiles packages one after the other. */
export class BackendRunner {
  private readonly known = new Map<string, CallFacts>();

  constructor(
    private readonly store: SummaryStore,
    /** The key of a package. */
    private readonly keyOf: (importPath: string) => string | undefined,
    /** Records that the disk did not take. */
    private readonly unsaved: () => ReadonlyMap<string, Uint8Array>,
    private readonly fs: FileSystem,
  ) {}

  private facts(importPath: string): CallFacts | null {
    let facts = this.known.get(importPath);
    if (facts === undefined) {
      const key = this.keyOf(importPath);
      if (key === undefined) return null;
      const bytes = this.unsaved().get(factsKey(key)) ?? this.store.read(factsKey(key));
      if (bytes === null) return null; // its functions are taken to do everything
      facts = deserialize(bytes) as CallFacts;
      this.known.set(importPath, facts);
    }
    return facts;
  }

  /** A back end for one package; `result` gets what it made. */
  taker(importPath: string, job: CompileJob, result: { compiled: Compiled | null }): TakePackage {
    return ({ n, files, types, error }) => {
      const linknames = new Map<string, string>();
      for (const file of files)
        for (const { local, remote } of file.linknames) if (remote !== "") linknames.set(local, remote);
      const places = (pos: Pos): SourcePlace[] => placesOf(n, pos);
      const built = buildPackage(n, n.target.funcs, {
        linknames: (path) => (path === n.localPkg.path ? linknames : this.facts(path)?.linknames),
        savedPlace: job.countSaved ? (pos) => places(pos)[0] : null,
        ownParams: job.check,
        embeds: embeddedFiles(files, job.embeds, this.fs),
        error,
        ...(types === null ? {} : { wanted: (type: string) => types.has(type) || /\W/.test(type) }),
      });
      let dump = "";
      for (const fn of built.funcs) if (isShown(job.dump, "ssa", fn.name, importPath)) dump += dumpFunc(fn);
      const deps: CallFacts[] = [];
      for (const path of job.deps) {
        const facts = path === importPath ? null : this.facts(path);
        if (facts !== null) deps.push(facts);
      }
      const external = (sym: string): { effects: number; depth: number } | null => {
        for (const { effects } of deps) {
          const found = effects.get(sym);
          if (found !== undefined) return { effects: found[0], depth: found[1] };
        }
        return null;
      };
      const object = compileObject(built, {
        external,
        barriers: true,
        places,
        check: job.check,
      });
      for (const fn of object.funcs)
        if (isShown(job.dump, "wasm", fn.name, importPath)) dump += disassemble(object, fn);
      const effects = new Map(object.funcs.map((fn) => [fn.name, [fn.effects, fn.depth]] as const));
      const facts: CallFacts = { effects, linknames };
      this.known.delete(importPath);
      result.compiled = { remarks: new Uint8Array(), bytes: serialize(object), facts: serialize(facts), dump };
    };
  }

  /** Writes both records; those that the disk does not take, by key. */
  save(importPath: string, { bytes, facts, remarks }: Compiled): Map<string, Uint8Array> {
    const unsaved = new Map<string, Uint8Array>();
    const key = this.keyOf(importPath);
    if (key === undefined) throw new InternalError(`${importPath} has no key`);
    for (const [name, record] of [
      [factsKey(key), facts],
      [objectKey(key), bytes],
      [remarksKey(key), remarks],
    ] as const) {
      if (!this.store.write(name, record)) unsaved.set(name, record);
    }
    return unsaved;
  }
}

/** Where the code at `pos` stands, and where the calls stand that were inlined on the way to it. */
function placesOf(n: Noder, pos: Pos): SourcePlace[] {
  const { fset, inlinedCalls } = n;
  const chain: SourcePlace[] = [];
  for (let at = pos; ; ) {
    const inner = fset.innermost(at);
    const { filename, line } = fset.position(inner);
    // A line directive names files from the directory of its own.
    const isRelative = filename !== "" && !isAbsolute(filename) && !filename.startsWith("<");
    const file =
      filename === "" ? "??" : isRelative ? join(dirname(fset.absolute(inner).filename), filename) : filename;
    const inlining = fset.inliningOf(at);
    if (inlining < 0) {
      chain.push({ file, line, func: "" });
      return chain;
    }
    chain.push({ file, line, func: linkFuncName(inlinedCalls.get(inlining)?.callee ?? null) });
    at = fset.inlinedCallPos(inlining);
  }
}
