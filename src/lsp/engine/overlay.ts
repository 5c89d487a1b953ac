/** Files as the editor has them: open documents in place of what is on disk. */
import { type DirEntry, EntryKind, type FileStat, type FileSystem } from "../../load/fs.ts";
import type { Paths } from "../../load/paths.ts";

export interface OpenDocument {
  readonly version: number;
  readonly bytes: Uint8Array;
}

export class OverlayFileSystem implements FileSystem {
  constructor(
    private readonly inner: FileSystem,
    private readonly paths: Paths,
    private readonly documents: ReadonlyMap<string, OpenDocument>,
  ) {}

  readFile(path: string): Uint8Array {
    return this.documents.get(path)?.bytes ?? this.inner.readFile(path);
  }

  readDir(path: string): DirEntry[] {
    const entries = this.inner.readDir(path);
    let added = false;
    for (const name of this.documents.keys()) {
      if (this.paths.dir(name) !== path) continue;
      const base = this.paths.base(name);
      if (entries.some((entry) => entry.name === base)) continue;
      entries.push({ name: base, kind: EntryKind.File });
      added = true;
    }
    if (added) entries.sort((x, y) => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0));
    return entries;
  }

  stat(path: string): FileStat | null {
    const document = this.documents.get(path);
    if (document !== undefined) return { size: document.bytes.length, mtimeMs: 0, isDir: false };
    return this.inner.stat(path);
  }

  realpath(path: string): string {
    return this.documents.has(path) ? path : this.inner.realpath(path);
  }
}
