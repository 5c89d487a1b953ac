/** Facts of a package as `go vet` hands them from one unit to the next: its summary, what its functions allocate, and
 *  where the facts of the packages that it imports are.
 *
 *  The driver names the facts of direct imports only. Those of their imports are found by the hash of their content:
 *  in go's build cache, or where they lay when they were first seen.
 *
 *      magic, length of the head, head (JSON), summary, allocations */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const magic = "GESV1\n";
const headStart = magic.length + 4;

interface FactsHead {
  readonly importPath: string;
  readonly summary: number;
  readonly allocs: number;
  /** Of each import: path, hash, file. */
  readonly imports: readonly (readonly [path: string, hash: string, file: string])[];
  /** Import paths of all packages below. */
  readonly reachable: readonly string[];
}

export interface UnitFacts {
  readonly importPath: string;
  readonly summary: Uint8Array;
  readonly allocs: Uint8Array;
}

export function encodeFacts(facts: UnitFacts, imports: FactsHead["imports"], reachable: readonly string[]): Uint8Array {
  const { importPath, summary, allocs } = facts;
  const head: FactsHead = { importPath, summary: summary.length, allocs: allocs.length, imports, reachable };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from(magic), length, text, summary, allocs]);
}

interface OpenFacts extends UnitFacts {
  readonly hash: string;
  readonly file: string;
  readonly imports: FactsHead["imports"];
  readonly reachable: readonly string[];
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
    /** Where facts lie that go is not to keep. */
    private readonly aside: string,
  ) {}

  /** Keeps facts for this run of go only. */
  writeAside(path: string, facts: Uint8Array): void {
    mkdirSync(this.aside, { recursive: true });
    const file = this.asideFile(path);
    writeFileSync(`${file}.${process.pid}`, facts);
    renameSync(`${file}.${process.pid}`, file);
  }

  private asideFile(path: string): string {
    return join(this.aside, createHash("sha256").update(path).digest("hex"));
  }

  /** Hash and file of each direct import that has facts. */
  imports(): [path: string, hash: string, file: string][] {
    this.openAllDirect();
    return [...this.paths()].sort().flatMap((path) => {
      const facts = this.known.get(path) ?? null;
      return facts === null ? [] : [[path, facts.hash, facts.file] as [string, string, string]];
    });
  }

  /** Null if there are none. */
  find(path: string): UnitFacts | null {
    return this.open(path);
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

  private open(path: string): OpenFacts | null {
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

  private openAllDirect(): void {
    if (this.hasAllDirect) return;
    this.hasAllDirect = true;
    for (const path of this.paths()) {
      const facts = this.known.get(path) ?? this.readDirect(path);
      if (facts !== null) this.known.set(path, facts);
    }
  }

  private readDirect(path: string): OpenFacts | null {
    const file = this.direct[path];
    return readFacts(file ?? this.asideFile(path));
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
          next = readFacts(this.asideFile(imported)) ?? this.locate(hash, file);
          this.known.set(imported, next);
        }
        if (imported === path) return next;
        if (next !== null) queue.push(next);
      }
    }
    return null;
  }

  private locate(hash: string, file: string): OpenFacts | null {
    const cached = this.goCache === "" ? null : readFacts(join(this.goCache, hash.slice(0, 2), `${hash}-d`), hash);
    return cached ?? readFacts(file, hash);
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
  const actual = hashOfFile(file) || createHash("sha256").update(bytes).digest("hex");
  if (hash !== "" && actual !== hash) return null;
  const start = headStart + bytes.readUInt32LE(magic.length);
  const head = JSON.parse(bytes.toString("utf8", headStart, start)) as FactsHead;
  const end = start + head.summary;
  return {
    importPath: head.importPath,
    summary: aligned(bytes.subarray(start, end)),
    allocs: bytes.subarray(end, end + head.allocs),
    hash: actual,
    file,
    imports: head.imports,
    reachable: head.reachable,
  };
}

/** Go's build cache names files by their content. */
function hashOfFile(file: string): string {
  return /^([0-9a-f]{64})-d$/.exec(basename(file))?.[1] ?? "";
}

/** Summaries are read as numbers of four bytes. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
}
