/** Facts of a package as `go vet` hands them from one unit to the next: a record of where they are to be had, and with
 *  -whole the facts themselves.
 *
 *  A record names the key under which goesc's cache keeps the package's summary and what its functions allocate, and what
 *  it takes to make them: a package outside the request is answered with that alone (later.ts), and who needs its facts
 *  makes them (imports.ts). Nothing in a record depends on the machine's state but the sources and their places, so that
 *  the same package always has the same record, whatever go's cache knew before.
 *
 *  The driver names the records of direct imports only. Those of their imports are found by the hash of their content:
 *  in go's build cache, or in the directory that the units of one run share.
 *
 *      magic, length of the head, head (JSON), summary, allocations, sources (deflated) */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { VetConfig } from "./protocol.ts";

const magic = "GESV2\n";
const headStart = magic.length + 4;

/** What a package is made from: the part of vet.cfg that counts. */
export type UnitSource = Pick<
  VetConfig,
  "Dir" | "ImportPath" | "GoFiles" | "NonGoFiles" | "ModulePath" | "ImportMap" | "GoVersion"
>;

interface FactsHead {
  /** Of the summary and the allocations in goesc's cache. */
  readonly key: string;
  /** What counts in the keys of importers. A package with its test files is to importers what it is without, unless the
   *  tests change what is known of its functions. */
  readonly seenAs: string;
  readonly source: UnitSource;
  /** Of each import: path, hash, and the file if go's cache is not where it is expected. */
  readonly imports: readonly (readonly [path: string, hash: string, file: string])[];
  /** Import paths of all packages below. */
  readonly reachable: readonly string[];
  /** Sizes of what follows; 0 for what is kept elsewhere. */
  readonly summary: number;
  readonly allocs: number;
  /** Names and sizes of the source files that follow. */
  readonly files: readonly (readonly [name: string, size: number])[];
}

/** The facts themselves. */
export interface WholeFacts {
  readonly summary: Uint8Array;
  readonly allocs: Uint8Array;
  /** By name; bodies of functions are read from them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Deflated, one after the other. */
  readonly packed: Uint8Array;
}

export type Origin = Pick<FactsHead, "key" | "seenAs" | "source">;

export function encodeFacts(origin: Origin, found: FactsFiles, whole: WholeFacts | null): Uint8Array {
  const { key, seenAs, source } = origin;
  const head: FactsHead = {
    key,
    seenAs,
    source,
    imports: found.imports(),
    reachable: [...found.reachable()].sort(),
    summary: whole?.summary.length ?? 0,
    allocs: whole?.allocs.length ?? 0,
    files: [...(whole?.files ?? [])].map(([name, bytes]) => [name, bytes.length] as const),
  };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const content = whole === null ? [] : [whole.summary, whole.allocs, whole.packed];
  return Buffer.concat([Buffer.from(magic), length, text, ...content]);
}

export interface OpenFacts extends Omit<FactsHead, "summary" | "allocs"> {
  readonly hash: string;
  readonly file: string;
  /** Null in a record that leads to them. */
  readonly summary: Uint8Array | null;
  readonly allocs: Uint8Array | null;
  readonly packed: Uint8Array;
}

/** A directory that all units of one run of go share, and that go removes: `vet.cfg` lies in WORK/bNNN. */
export function sideDirectory(config: string): string {
  return join(dirname(dirname(config)), "goesc-vetx");
}

/** Facts that were found, and those that can be found through them. */
export class FactsFiles {
  private readonly known = new Map<string, OpenFacts | null>();
  private hasAllDirect = false;

  constructor(
    private readonly direct: Readonly<Record<string, string>>,
    /** All that the package imports. */
    private readonly imported: readonly string[],
    private readonly goCache: string,
    /** What keeps files is another program than go: they have other names. */
    private readonly otherCache: boolean,
    /** Where facts lie that go is not to keep. */
    private readonly aside: string,
  ) {}

  /** Keeps facts for this run of go only, where `path` leads to them. */
  writeAside(path: string, facts: Uint8Array): void {
    this.writeShared(hashOf(path), facts);
  }

  /** Hands facts to the driver, and to those of this run that do not import their package. */
  write(file: string, facts: Uint8Array): void {
    writeFileSync(file, facts);
    this.writeShared(hashOf(facts), facts);
  }

  private writeShared(name: string, facts: Uint8Array): void {
    mkdirSync(this.aside, { recursive: true });
    const file = join(this.aside, name);
    writeFileSync(`${file}.${process.pid}`, facts);
    renameSync(`${file}.${process.pid}`, file);
  }

  /** Hash and file of each direct import that has facts. */
  imports(): [path: string, hash: string, file: string][] {
    this.openAllDirect();
    return [...this.paths()].sort().flatMap((path) => {
      const facts = this.known.get(path) ?? null;
      if (facts === null) return [];
      return [[path, facts.hash, this.otherCache ? facts.file : ""] as [string, string, string]];
    });
  }

  /** What counts in the keys of importers, of each direct import of those paths. */
  seenAs(paths: ReadonlySet<string>): [path: string, key: string][] {
    this.openAllDirect();
    return [...paths].sort().flatMap((path) => {
      const facts = this.known.get(path) ?? null;
      return facts === null ? [] : [[path, facts.seenAs] as [string, string]];
    });
  }

  /** Null if there are none. */
  find(path: string): OpenFacts | null {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    let facts = this.readDirect(path);
    if (facts === null) {
      // Not imported directly: one of the imports leads to it.
      this.openAllDirect();
      facts = this.known.get(path) ?? this.search(path);
    }
    this.known.set(path, facts);
    return facts;
  }

  /** Direct imports, by their names for go and those of this run. */
  private paths(): Set<string> {
    return new Set([...Object.keys(this.direct), ...this.imported]);
  }

  /** Import paths of all packages that facts lead to. */
  reachable(): Set<string> {
    this.openAllDirect();
    const paths = this.paths();
    for (const facts of this.known.values()) for (const path of facts?.reachable ?? []) paths.add(path);
    return paths;
  }

  private openAllDirect(): void {
    if (this.hasAllDirect) return;
    this.hasAllDirect = true;
    for (const path of this.paths()) {
      const facts = this.known.get(path) ?? this.readDirect(path);
      if (facts !== null) this.known.set(path, facts);
    }
  }

  private readDirect(path: string): OpenFacts | null {
    return readFacts(this.direct[path] ?? join(this.aside, hashOf(path)));
  }

  /** Breadth first through what the known ones import. */
  private search(path: string): OpenFacts | null {
    const seen = new Set<string>();
    const queue = [...this.known.values()].filter((facts) => facts !== null);
    for (const facts of queue) {
      for (const [imported, hash, file] of facts.imports) {
        if (seen.has(imported)) continue;
        seen.add(imported);
        let next = this.known.get(imported) ?? null;
        if (next === null) {
          next = this.locate(imported, hash, file);
          this.known.set(imported, next);
        }
        if (imported === path) return next;
        if (next !== null) queue.push(next);
      }
    }
    return null;
  }

  private locate(path: string, hash: string, file: string): OpenFacts | null {
    const places = [join(this.aside, hash)];
    if (this.goCache !== "") places.push(join(this.goCache, hash.slice(0, 2), `${hash}-d`));
    if (file !== "") places.push(file);
    for (const place of places) {
      const facts = readFacts(place, hash);
      if (facts !== null) return facts;
    }
    return readFacts(join(this.aside, hashOf(path)));
  }
}

/** Null if the file is gone, no facts of this build, or not what it was. */
function readFacts(file: string, hash = ""): OpenFacts | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return null;
  }
  if (bytes.length < headStart || bytes.toString("latin1", 0, magic.length) !== magic) return null;
  const actual = hashOfFile(file) || hashOf(bytes);
  if (hash !== "" && actual !== hash) return null;
  const start = headStart + bytes.readUInt32LE(magic.length);
  const head = JSON.parse(bytes.toString("utf8", headStart, start)) as FactsHead;
  const end = start + head.summary;
  const isWhole = head.summary > 0;
  return {
    ...head,
    summary: isWhole ? aligned(bytes.subarray(start, end)) : null,
    allocs: isWhole ? bytes.subarray(end, end + head.allocs) : null,
    packed: bytes.subarray(end + head.allocs),
    hash: actual,
    file,
  };
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Go's build cache names files by their content. */
function hashOfFile(file: string): string {
  return /^([0-9a-f]{64})-d$/.exec(basename(file))?.[1] ?? "";
}

/** Summaries are read as numbers of four bytes. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
}
