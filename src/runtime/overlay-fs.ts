/** GOROOT as `goesc run` sees it: with the packages that touch the machine replaced or changed, as `overlay/manifest.json`
 *  says. */
import { type DirEntry, EntryKind, FileError, type FileStat, type FileSystem } from "../load/fs.ts";

/** What is changed in one package. Files of the overlay are added to it. */
export interface OverlayRule {
  /** Nothing of the original is left. */
  readonly replace?: boolean;
  /** Files that are left out. */
  readonly hide?: readonly string[];
  /** Files that belong to the package although their names or constraints are for another machine. */
  readonly force?: readonly string[];
}

export interface Overlay {
  /** Tells editions apart. */
  readonly id: string;
  /** By import path. */
  readonly rules: ReadonlyMap<string, OverlayRule>;
  /** Contents by import path and name: `runtime/print.go`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Names of forced files have no underscore, so that their names exclude nothing. */
function forcedName(name: string): string {
  return name.replaceAll("_", "-");
}

export class OverlayFileSystem implements FileSystem {
  /** By directory: name of each file that is not as on disk → its contents, or where they come from. */
  private readonly dirs = new Map<string, Map<string, Uint8Array | string>>();
  private readonly rules = new Map<string, OverlayRule>();

  /** `root` is GOROOT/src; `separator` is that of its file names. */
  constructor(
    private readonly inner: FileSystem,
    private readonly root: string,
    overlay: Overlay,
    private readonly separator = "/",
  ) {
    const dirOf = (path: string): string => [root, ...path.split("/")].join(separator);
    for (const [path, rule] of overlay.rules) {
      const dir = dirOf(path);
      this.rules.set(dir, rule);
      const files = this.filesOf(dir);
      for (const name of rule.force ?? []) files.set(forcedName(name), dir + separator + name);
    }
    for (const [file, contents] of overlay.files) {
      const slash = file.lastIndexOf("/");
      this.filesOf(dirOf(file.slice(0, slash))).set(file.slice(slash + 1), contents);
    }
  }

  private filesOf(dir: string): Map<string, Uint8Array | string> {
    let files = this.dirs.get(dir);
    if (files === undefined) {
      files = new Map();
      this.dirs.set(dir, files);
    }
    return files;
  }

  private changed(path: string): Uint8Array | string | undefined {
    const slash = path.lastIndexOf(this.separator);
    return this.dirs.get(path.slice(0, slash))?.get(path.slice(slash + 1));
  }

  readFile(path: string): Uint8Array {
    const changed = this.changed(path);
    if (changed === undefined) return this.inner.readFile(path);
    return typeof changed === "string" ? withoutConstraint(this.inner.readFile(changed)) : this.withLines(changed);
  }

  /** Line directives of our own files name those of the original that they stand for, as `$GOROOT/src/…`. */
  private withLines(source: Uint8Array): Uint8Array {
    const text = new TextDecoder().decode(source);
    if (!text.includes("line $GOROOT/src/")) return source;
    return new TextEncoder().encode(text.replaceAll("line $GOROOT/src/", `line ${this.root}${this.separator}`));
  }

  readDir(path: string): DirEntry[] {
    const files = this.dirs.get(path);
    if (files === undefined) return this.inner.readDir(path);
    const rule = this.rules.get(path) ?? {};
    const hidden = new Set([...(rule.hide ?? []), ...(rule.force ?? []), ...files.keys()]);
    let entries: DirEntry[];
    try {
      entries = this.inner.readDir(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      entries = [];
    }
    const kept = entries.filter((e) => !hidden.has(e.name) && !(rule.replace === true && e.kind === EntryKind.File));
    for (const name of files.keys()) kept.push({ name, kind: EntryKind.File });
    return kept.sort((x, y) => (x.name < y.name ? -1 : 1));
  }

  stat(path: string): FileStat | null {
    const changed = this.changed(path);
    if (changed === undefined) {
      if (this.dirs.has(path)) return this.inner.stat(path) ?? { size: 0, mtimeMs: 0, isDir: true };
      return this.inner.stat(path);
    }
    if (typeof changed === "string") return this.inner.stat(changed);
    return { size: changed.length, mtimeMs: 0, isDir: false };
  }

  realpath(path: string): string {
    return this.changed(path) === undefined ? this.inner.realpath(path) : path;
  }
}

const constraint = /^\/\/go:build .*$/m;

/** The file with its build constraint made an ordinary comment of the same length. */
function withoutConstraint(source: Uint8Array): Uint8Array {
  const text = new TextDecoder("latin1").decode(source);
  const match = constraint.exec(text);
  if (match === null) return source;
  const out = source.slice();
  out[match.index + 2] = 0x20;
  return out;
}
