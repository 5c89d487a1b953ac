/** Files that stand in for others (-overlay): what the JSON file says, and the file system that comes of it.
 *
 *  Mirrors cmd/go/internal/fsys. */
import { type DirEntry, EntryKind, FileError, type FileStat, type FileSystem } from "./fs.ts";
import type { Paths } from "./paths.ts";

/** By absolute name what is read in its place; "" for what is not to be there. */
export type Replacements = ReadonlyMap<string, string>;

/** Names in the text are relative to `cwd`. Throws an Error that says what is wrong, in the go command's words. */
export function parseReplacements(text: string, paths: Paths, cwd: string): Replacements {
  const out = new Map<string, string>();
  const given = new Map<string, string>();
  const absolute = (path: string): string => (path === "" ? "" : paths.clean(paths.abs(path, cwd)));
  for (const [from, to] of Object.entries(readJson(text)).sort(([x], [y]) => (x < y ? -1 : 1))) {
    if (from === "") throw new Error("empty string key in overlay map");
    const name = absolute(from);
    const earlier = given.get(name);
    if (earlier !== undefined) throw new Error(`duplicate paths ${earlier} and ${from} in overlay map`);
    given.set(name, from);
    out.set(name, absolute(to));
  }
  for (const [file, to] of out) {
    if (to === "") continue;
    for (const [other, there] of out)
      if (there !== "" && other !== file && paths.below(other, file) !== null)
        throw new Error(`inconsistent files ${file} and ${other} in overlay map`);
  }
  return out;
}

function readJson(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const at = /position (\d+)/.exec(message);
    const isCut = /end of JSON/.test(message) || (at !== null && Number(at[1]) >= text.trimEnd().length);
    throw new Error(`parsing overlay JSON: ${isCut ? "unexpected end of JSON input" : message}`);
  }
  const replace = (value as { Replace?: unknown } | null)?.Replace ?? {};
  if (typeof replace !== "object" || Object.values(replace).some((to) => typeof to !== "string"))
    throw new Error('parsing overlay JSON: want {"Replace": {"FILE": "FILE THAT IS READ INSTEAD"}}');
  return replace as Record<string, string>;
}

export class ReplacedFileSystem implements FileSystem {
  /** Directories that hold replaced files, with these and what leads to them: null for directories. */
  private readonly dirs = new Map<string, Map<string, string | null>>();

  constructor(
    private readonly inner: FileSystem,
    private readonly paths: Paths,
    private readonly replaced: Replacements,
  ) {
    for (const [file, to] of replaced) this.enter(file, to);
  }

  /** Of files that are not to be there only the directory is told. */
  private enter(path: string, to: string | null): void {
    const dir = this.paths.dir(path);
    if (dir === path) return;
    const known = this.dirs.get(dir);
    const children = known ?? new Map<string, string | null>();
    if (known === undefined) this.dirs.set(dir, children);
    children.set(this.paths.base(path), to);
    if (to !== "" && this.dirs.get(this.paths.dir(dir))?.has(this.paths.base(dir)) !== true) this.enter(dir, null);
  }

  /** What is read; null if the file is not there. */
  private actual(path: string): string | null {
    const to = this.replaced.get(path);
    if (to !== undefined) return to === "" ? null : to;
    // Nothing is below what has become a file.
    for (let dir = this.paths.dir(path), last = path; dir !== last; last = dir, dir = this.paths.dir(dir))
      if (this.replaced.has(dir)) return null;
    return path;
  }

  readFile(path: string): Uint8Array {
    const actual = this.actual(path);
    if (actual === null) throw new FileError("open", path, "no such file or directory", true);
    return this.inner.readFile(actual);
  }

  readDir(path: string): DirEntry[] {
    const children = this.dirs.get(path);
    if (children === undefined) {
      const actual = this.actual(path);
      if (actual === null) throw new FileError("open", path, "no such file or directory", true);
      return this.inner.readDir(actual);
    }
    let entries: DirEntry[] = [];
    try {
      entries = this.inner.readDir(path).filter(({ name }) => !children.has(name) || children.get(name) === null);
    } catch (error) {
      if (!(error instanceof FileError && error.notFound)) throw error;
    }
    for (const [name, to] of children) {
      if (to === "" || (to === null && entries.some((entry) => entry.name === name))) continue;
      entries.push({ name, kind: to === null ? EntryKind.Dir : EntryKind.File });
    }
    return entries.sort((x, y) => (x.name < y.name ? -1 : 1));
  }

  stat(path: string): FileStat | null {
    const actual = this.actual(path);
    if (actual === null) return null;
    const stat = this.inner.stat(actual);
    if (stat !== null || !this.dirs.has(path) || actual !== path) return stat;
    const there = [...this.dirs.get(path)!.values()].some((to) => to !== "");
    return there ? { size: 0, mtimeMs: 0, isDir: true } : null;
  }

  realpath(path: string): string {
    return this.replaced.has(path) ? path : this.inner.realpath(path);
  }
}
