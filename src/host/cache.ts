/** The cache directory as a whole: how large it is, what lies in it, what has to go.
 *
 *      GENERATION/xx/KEY   summaries (summary-store.ts) that one build of goesc has written; GENERATION/build names it
 *      std-index-HASH      texts of the loader; file-index-HASH as well
 *      sizes               a line for each run: bytes added; the first is the size when all was last looked at
 *      tidying             there while somebody tidies up
 *
 *  Whatever a run finds missing it makes again, so anything may be removed at any time. Only names that goesc gives are
 *  ever removed: the directory may have been chosen carelessly. */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { contentHash } from "./content-hash.ts";

export const defaultCacheLimit = 2 ** 30;

const day = 24 * 3600 * 1000;
/** Drafts of files and the lock of somebody who was killed: nobody takes that long. */
const abandoned = 600 * 1000;

const generationName = /^[0-9a-f]{16}$/;
const prefixName = /^[0-9a-f]{2}$/;
const keyName = /^[0-9a-f]{32}$/;
const draftName = /^(?:[0-9a-f]{32}|(?:std|file)-index-[0-9a-f]+|build|sizes)\.\d+(?:\.\d+)*$/;
const indexName = /^(?:std|file)-index-[0-9a-f]+$/;

/** A build of goesc: its bundle, and how to tell whether it still is the same. */
export interface Build {
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export function buildOf(file: string): Build {
  const { size, mtimeMs } = statSync(file);
  return { file, size, mtimeMs };
}

/** The directory of the summaries that `build` writes. */
export function generationDir(cacheDir: string, build: Build): string {
  return join(cacheDir, contentHash(JSON.stringify(build)).slice(0, 16));
}

/** `512M`, `2G`, `0`; null if it is no size. */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  if (match === null) return null;
  return Math.floor(Number(match[1]) * 1024 ** " KMGT".indexOf(match[2].toUpperCase() || " "));
}

/** GOESC_CACHE_SIZE in bytes; null if it is no size. */
export function limitOf(env: Readonly<Record<string, string | undefined>> = process.env): number | null {
  const text = env.GOESC_CACHE_SIZE ?? "";
  return text === "" ? defaultCacheLimit : parseSize(text);
}

export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let i = 0;
  let x = bytes;
  for (; x >= 1024 && i < units.length - 1; i++) x /= 1024;
  return i === 0 ? `${bytes} bytes` : `${x.toFixed(1)} ${units[i]}`;
}

/** What a file in the cache is for. */
export const enum EntryKind {
  /** A summary that the running build can read. */
  Summary,
  /** A summary of another build that is still there. */
  OtherBuild,
  Index,
  /** Of builds that are gone, or left by a run that was killed. */
  Stale,
}

interface Entry {
  readonly path: string;
  readonly kind: EntryKind;
  readonly size: number;
  /** When it was last used, in ms. */
  readonly used: number;
}

export interface CacheUse {
  readonly files: number;
  readonly bytes: number;
}

export class Cache {
  constructor(
    readonly dir: string,
    readonly limit: number,
    private readonly build: Build,
  ) {}

  /** What lies in the cache, by kind. */
  show(): Map<EntryKind, CacheUse> {
    const use = new Map<EntryKind, CacheUse>();
    for (const { kind, size } of this.entries()) {
      const { files, bytes } = use.get(kind) ?? { files: 0, bytes: 0 };
      use.set(kind, { files: files + 1, bytes: bytes + size });
    }
    return use;
  }

  /** Removes everything; returns what that was. */
  clean(): CacheUse {
    let files = 0;
    let bytes = 0;
    for (const { path, size } of this.entries()) {
      if (!remove(path)) continue;
      files++;
      bytes += size;
    }
    this.removeEmptyDirs(true);
    for (const name of ["sizes", "tidying"]) rmSync(join(this.dir, name), { recursive: true, force: true });
    return { files, bytes };
  }

  /** To be called at the end of a run that has added `bytes`: tidies up if that is due. */
  added(bytes: number): void {
    if (bytes > 0) {
      try {
        this.nameGeneration();
        appendFileSync(join(this.dir, "sizes"), `${bytes}\n`);
      } catch {
        return; // a directory that cannot be written to
      }
    }
    if (this.isDue()) this.tidy();
  }

  /** Leaves beside the summaries who can read them. */
  private nameGeneration(): void {
    const file = join(generationDir(this.dir, this.build), "build");
    if (statOf(file) !== null) return;
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(this.build));
    renameSync(draft, file);
  }

  private isDue(): boolean {
    let lines: string[];
    try {
      lines = readFileSync(join(this.dir, "sizes"), "utf8").split("\n");
    } catch {
      return false; // nothing was ever added
    }
    const [when, size] = lines[0].split(" ").map(Number);
    if (!(Date.now() - when < day) || lines.length > 10000) return true;
    let total = size;
    for (let i = 1; i < lines.length; i++) total += Number(lines[i]);
    return !(total <= this.limit);
  }

  /** Removes what nobody can use, then what was not used for longest, down to four fifths of the limit. */
  tidy(): void {
    if (!this.lock()) return;
    try {
      const left: Entry[] = [];
      let total = 0;
      for (const entry of this.entries()) {
        const isDraft = draftName.test(basename(entry.path));
        const mayBeInUse = isDraft && Date.now() - entry.used < abandoned;
        if (entry.kind === EntryKind.Stale && !mayBeInUse && remove(entry.path)) continue;
        left.push(entry);
        total += entry.size;
      }
      if (total > this.limit) {
        left.sort((x, y) => x.used - y.used);
        for (const { path, size } of left) {
          if (total <= this.limit * 0.8) break;
          if (remove(path)) total -= size;
        }
      }
      this.removeEmptyDirs(false);
      const draft = join(this.dir, `sizes.${process.pid}`);
      writeFileSync(draft, `${Date.now()} ${total}\n`);
      renameSync(draft, join(this.dir, "sizes"));
    } catch {
      // A full disk or somebody else's directory: the next run tries again.
    } finally {
      this.unlock();
    }
  }

  private lock(): boolean {
    const dir = join(this.dir, "tidying");
    try {
      mkdirSync(dir);
      return true;
    } catch {
      const stat = statOf(dir);
      if (stat === null || Date.now() - stat.mtimeMs < abandoned) return false;
      this.unlock();
      return false; // the next one may
    }
  }

  private unlock(): void {
    try {
      rmdirSync(join(this.dir, "tidying"));
    } catch {
      // gone already
    }
  }

  private *entries(): Generator<Entry> {
    for (const name of list(this.dir)) {
      const path = join(this.dir, name);
      if (indexName.test(name)) yield* this.entry(path, EntryKind.Index);
      else if (draftName.test(name)) yield* this.entry(path, EntryKind.Stale);
      else if (generationName.test(name)) {
        const kind = this.generationKind(path);
        for (const sub of list(path)) {
          if (prefixName.test(sub)) yield* this.keys(join(path, sub), kind);
          else if (draftName.test(sub)) yield* this.entry(join(path, sub), EntryKind.Stale);
        }
      }
    }
  }

  private *keys(dir: string, kind: EntryKind): Generator<Entry> {
    for (const name of list(dir)) {
      if (keyName.test(name)) yield* this.entry(join(dir, name), kind);
      else if (draftName.test(name)) yield* this.entry(join(dir, name), EntryKind.Stale);
    }
  }

  private *entry(path: string, kind: EntryKind): Generator<Entry> {
    const stat = statOf(path);
    if (stat !== null) yield { path, kind, size: stat.size, used: stat.mtimeMs };
  }

  private generationKind(dir: string): EntryKind {
    if (dir === generationDir(this.dir, this.build)) return EntryKind.Summary;
    try {
      const build = JSON.parse(readFileSync(join(dir, "build"), "utf8")) as Build;
      const stat = statOf(build.file);
      const isSame = stat !== null && stat.size === build.size && stat.mtimeMs === build.mtimeMs;
      return isSame ? EntryKind.OtherBuild : EntryKind.Stale;
    } catch {
      // The first run of a build says who it is at its end.
      return Date.now() - (statOf(dir)?.mtimeMs ?? 0) < day ? EntryKind.OtherBuild : EntryKind.Stale;
    }
  }

  /** Generations that hold nothing any more, and their own directories; `all`: the running build's too. */
  private removeEmptyDirs(all: boolean): void {
    const own = generationDir(this.dir, this.build);
    for (const name of list(this.dir)) {
      const path = join(this.dir, name);
      if (!generationName.test(name) || (path === own && !all)) continue;
      for (const sub of list(path)) if (prefixName.test(sub)) removeDir(join(path, sub));
      if (list(path).every((sub) => sub === "build")) {
        remove(join(path, "build"));
        removeDir(path);
      }
    }
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** Reports whether the file is gone. */
function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return statOf(path) === null;
  }
}

/** Removes a draft, if there is one. */
export function discard(path: string): void {
  remove(path);
}

/** Only if it is empty. */
function removeDir(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // somebody has put something into it
  }
}

/** Texts of the loader (load/fs.ts), each with a checksum in its first line. */
export function readCacheText(dir: string, name: string): string | null {
  try {
    const text = readFileSync(join(dir, name), "utf8");
    const newline = text.indexOf("\n");
    const content = text.slice(newline + 1);
    return text.slice(0, newline) === contentHash(content) ? content : null;
  } catch {
    return null;
  }
}

export function writeCacheText(dir: string, name: string, text: string): void {
  const file = join(dir, name);
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, `${contentHash(text)}\n${text}`);
    renameSync(draft, file); // readers see the old text or the new one
  } catch {
    discard(draft); // a cache that cannot be written costs time, nothing else
  }
}
