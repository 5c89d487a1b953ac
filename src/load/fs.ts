/** What the loader asks of the outside: files, environment and the machine's kind. `src/host/node-fs.ts` implements it
 *  for Node; a browser can implement it over a table of texts. */
import type { EmbeddedStd } from "./goroot.ts";
import type { Paths } from "./paths.ts";
import type { Replacements } from "./replaced-files.ts";

export interface FileStat {
  readonly size: number;
  readonly mtimeMs: number;
  /** When anything about the file was last changed; absent where nobody knows. */
  readonly ctimeMs?: number;
  readonly isDir: boolean;
}

export const enum EntryKind {
  File,
  Dir,
  Symlink,
  Other,
}

export interface DirEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** Why an operation failed, in the system's words ("no such file or directory"). */
export class FileError extends Error {
  override name = "FileError";
  readonly op: string;
  readonly path: string;
  readonly notFound: boolean;

  constructor(op: string, path: string, reason: string, notFound: boolean) {
    super(`${op} ${path}: ${reason}`);
    this.op = op;
    this.path = path;
    this.notFound = notFound;
  }
}

/** Synchronous files. Names are absolute, in the host's form. Only `readFile` and `readDir` throw, a {@link FileError}. */
export interface FileSystem {
  readFile(path: string): Uint8Array;
  /** Sorted by name in byte order, as os.ReadDir. */
  readDir(path: string): DirEntry[];
  /** Follows symbolic links; null if there is nothing. */
  stat(path: string): FileStat | null;
  /** All symbolic links resolved; `path` itself if that fails. */
  realpath(path: string): string;
}

/** Texts that may be lost at any time; failures to write are silent. */
export interface TextCache {
  read(name: string): string | null;
  write(name: string, text: string): void;
}

export interface LoadHost {
  /** Null where nothing is to be kept between runs. */
  readonly cache: TextCache | null;
  readonly fs: FileSystem;
  /** What {@link fs} reads in place of what (-overlay), for those who open files for themselves. */
  readonly replaced?: Replacements;
  readonly paths: Paths;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The machine in Go's words: `linux`, `amd64`. */
  readonly hostOS: string;
  readonly hostArch: string;
  readonly homeDir: string;
  /** os.UserConfigDir: where `go env -w` keeps its file (`go/env` below it). */
  readonly configDir: string;
  readonly tempDir: string;
  /** Opens the standard library that comes with goesc; null if it was not shipped. */
  readonly embeddedStd?: () => EmbeddedStd | null;
}

const decoder = new TextDecoder();

/** The text of a UTF-8 file; null if it cannot be read. */
export function readText(fs: FileSystem, path: string): string | null {
  try {
    return decoder.decode(fs.readFile(path));
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

export function isDir(fs: FileSystem, path: string): boolean {
  return fs.stat(path)?.isDir === true;
}

export function isFile(fs: FileSystem, path: string): boolean {
  return fs.stat(path)?.isDir === false;
}

/** `path` relative to the current directory if that is shorter and the same place (cmd/go/internal/base.ShortPath). */
export function shortPath(host: LoadHost, path: string): string {
  const rel = host.paths.rel(host.cwd, path);
  return rel !== null && rel.length < path.length ? rel : path;
}

/** What `path` is below `dir`, symbolic links resolved where the plain names do not tell; null outside. */
export function inDir(host: LoadHost, path: string, dir: string): string | null {
  const plain = host.paths.below(path, dir);
  if (plain !== null) return plain;
  const realPath = host.fs.realpath(path);
  if (realPath !== path) {
    const sub = host.paths.below(realPath, dir);
    if (sub !== null) return sub;
  }
  const realDir = host.fs.realpath(dir);
  if (realDir === dir) return null;
  return host.paths.below(path, realDir) ?? (realPath !== path ? host.paths.below(realPath, realDir) : null);
}

/** A file system that remembers what it saw: one run asks for the same directories and files many times. */
export class CachedFileSystem implements FileSystem {
  private readonly inner: FileSystem;
  private readonly stats = new Map<string, FileStat | null>();
  private readonly dirs = new Map<string, DirEntry[] | FileError>();
  private readonly reals = new Map<string, string>();

  constructor(inner: FileSystem) {
    this.inner = inner;
  }

  readFile(path: string): Uint8Array {
    return this.inner.readFile(path);
  }

  readDir(path: string): DirEntry[] {
    let entries = this.dirs.get(path);
    if (entries === undefined) {
      try {
        entries = this.inner.readDir(path);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        entries = error;
      }
      this.dirs.set(path, entries);
    }
    if (entries instanceof FileError) throw entries;
    return entries;
  }

  stat(path: string): FileStat | null {
    let stat = this.stats.get(path);
    if (stat === undefined) {
      stat = this.inner.stat(path);
      this.stats.set(path, stat);
    }
    return stat;
  }

  realpath(path: string): string {
    let real = this.reals.get(path);
    if (real === undefined) {
      real = this.belowParent(path) ?? this.inner.realpath(path);
      this.reals.set(path, real);
    }
    return real;
  }

  /** The real path of what is no link itself, from that of its directory; null if that has not been listed. */
  private belowParent(path: string): string | null {
    const slash = path.lastIndexOf("/");
    const parent = path.slice(0, slash);
    const entries = slash <= 0 ? undefined : this.dirs.get(parent);
    if (entries === undefined || entries instanceof FileError) return null;
    const name = path.slice(slash + 1);
    const kind = entries.find((entry) => entry.name === name)?.kind;
    return kind === EntryKind.Dir || kind === EntryKind.File ? `${this.realpath(parent)}/${name}` : null;
  }
}
