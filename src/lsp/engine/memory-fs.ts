/** Files that somebody else supplies, by absolute name with slashes. */
import { type DirEntry, EntryKind, FileError, type FileStat, type FileSystem } from "../../load/fs.ts";

const encoder = new TextEncoder();

export class MemoryFileSystem implements FileSystem {
  private readonly files = new Map<string, Uint8Array>();
  /** Names of what each directory holds; true for directories. */
  private readonly dirs = new Map<string, Map<string, boolean>>([["/", new Map()]]);

  /** Sets what a file holds; null removes it. */
  set(path: string, content: string | Uint8Array | null): void {
    if (content === null) {
      this.files.delete(path);
      const slash = path.lastIndexOf("/");
      this.dirs.get(path.slice(0, slash) || "/")?.delete(path.slice(slash + 1));
      return;
    }
    this.files.set(path, typeof content === "string" ? encoder.encode(content) : content);
    let isDir = false;
    for (let at = path; at !== "/" && at !== ""; isDir = true) {
      const slash = at.lastIndexOf("/");
      const parent = at.slice(0, slash) || "/";
      let entries = this.dirs.get(parent);
      if (entries === undefined) {
        entries = new Map();
        this.dirs.set(parent, entries);
      }
      entries.set(at.slice(slash + 1), isDir);
      at = parent;
    }
  }

  get(path: string): Uint8Array | null {
    return this.files.get(path) ?? null;
  }

  readFile(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new FileError("open", path, "no such file or directory", true);
    return bytes;
  }

  readDir(path: string): DirEntry[] {
    const entries = this.dirs.get(path);
    if (entries === undefined) throw new FileError("open", path, "no such file or directory", true);
    return [...entries.keys()].sort().map((name) => ({
      name,
      kind: entries.get(name) ? EntryKind.Dir : EntryKind.File,
    }));
  }

  stat(path: string): FileStat | null {
    const bytes = this.files.get(path);
    if (bytes !== undefined) return { size: bytes.length, mtimeMs: 0, isDir: false };
    return this.dirs.has(path) ? { size: 0, mtimeMs: 0, isDir: true } : null;
  }

  realpath(path: string): string {
    return path;
  }
}
