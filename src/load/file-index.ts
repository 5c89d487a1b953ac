/** What the Go files of a module say at their heads, and hashes of their contents, kept between runs: a file is only read
 *  again if its size or one of its times is another.
 *
 *  As in the go command (cmd/go/internal/modindex), a file that was changed a moment ago is not kept, since the next
 *  change might leave its times as they are. */
import { hashHex } from "../base/hash.ts";
import { type ImportScan, scanImports } from "../syntax/imports.ts";
import type { FileStat, LoadHost } from "./fs.ts";

/** Change it when the meaning of entries changes. */
const FormatVersion = 1;

/** Clocks of file systems may be that coarse, in ms. */
const tooRecent = 2000;

/** More files are only remembered while they are in use. */
const maxFiles = 50_000;

/** What a file without errors says. */
export interface FileFacts {
  /** Of all of its text. */
  readonly hash: string;
  /** Its build constraints hold. */
  readonly fits: boolean;
  /** Empty where they do not. */
  readonly scan: ImportScan;
}

/** Size, two times, hash, whether constraints hold (1) and "C" is imported (2), package name, imports and embed patterns
 *  with their offsets. */
type Entry = readonly [number, number, number, string, number, string, readonly Place[], readonly Place[]];
type Place = readonly [string, number];

/** Of a file that is left out. */
export const emptyScan: ImportScan = {
  pkgName: "",
  imports: [],
  buildConstraint: "",
  cgo: false,
  embeds: [],
  error: null,
};

export class FileIndex {
  /** Hashes of the files that this run has asked for. */
  readonly hashes = new Map<string, string>();
  private readonly host: LoadHost;
  private readonly key: string;
  private readonly name: string;
  private readonly now = Date.now();
  private entries: Map<string, Entry>;
  private changed = false;

  /** What earlier runs found out; `parts` are all that decides which files belong to a package, and whose run it is. */
  constructor(host: LoadHost, parts: readonly string[]) {
    this.host = host;
    this.key = JSON.stringify([FormatVersion, ...parts]);
    this.name = `file-index-${hashHex(new TextEncoder().encode(this.key))}`;
    this.entries = this.read();
  }

  private read(): Map<string, Entry> {
    const text = this.host.cache?.read(this.name) ?? null;
    const newline = text?.indexOf("\n") ?? -1;
    if (text === null || text.slice(0, newline) !== this.key) return new Map();
    try {
      return new Map(JSON.parse(text.slice(newline + 1)) as [string, Entry][]);
    } catch {
      return new Map();
    }
  }

  /** Keeps what this run has learnt. */
  save(): void {
    if (!this.changed) return;
    this.changed = false;
    let entries = [...this.entries];
    if (entries.length > maxFiles) entries = entries.filter(([path]) => this.hashes.has(path));
    this.host.cache?.write(this.name, `${this.key}\n${JSON.stringify(entries)}`);
  }

  /** Null if the file is unknown, or has changed. */
  get(path: string): FileFacts | null {
    const entry = this.entries.get(path);
    if (entry === undefined) return null;
    const stat = this.host.fs.stat(path);
    const [size, modified, changed, hash, flags, pkgName, imports, embeds] = entry;
    if (stat === null || stat.size !== size || stat.mtimeMs !== modified || stat.ctimeMs !== changed) return null;
    this.hashes.set(path, hash);
    const scan: ImportScan = {
      ...emptyScan,
      pkgName,
      imports: imports.map(([path, offset]) => ({ path, offset })),
      cgo: (flags & 2) !== 0,
      embeds: embeds.map(([pattern, offset]) => ({ pattern, offset })),
    };
    return { hash, fits: (flags & 1) !== 0, scan };
  }

  /** Takes in a file that has been read. */
  add(path: string, source: Uint8Array, fits: boolean): FileFacts {
    const facts = { hash: hashHex(source), fits, scan: fits ? scanImports(source) : emptyScan };
    this.hashes.set(path, facts.hash);
    const stat = this.host.fs.stat(path);
    if (facts.scan.error !== null || stat === null || stat.size !== source.length || !this.isSettled(stat))
      return facts;
    const { pkgName, imports, cgo, embeds } = facts.scan;
    this.entries.set(path, [
      stat.size,
      stat.mtimeMs,
      stat.ctimeMs!,
      facts.hash,
      (fits ? 1 : 0) | (cgo ? 2 : 0),
      pkgName,
      imports.map(({ path, offset }) => [path, offset]),
      embeds.map(({ pattern, offset }) => [pattern, offset]),
    ]);
    this.changed = true;
    return facts;
  }

  private isSettled({ mtimeMs, ctimeMs }: FileStat): boolean {
    return ctimeMs !== undefined && Math.max(mtimeMs, ctimeMs) < this.now - tooRecent;
  }
}
