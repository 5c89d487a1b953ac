/** Early cutoff: a package whose imports have changed need not be analysed again if what it can see of them has not.
 *
 *  The key of a summary (keys.ts) is made of all that the package and its imports consist of. Beside it,
 *
 *  - the **view** of a package is a hash of what its importers can see of it (types/summary-digest.ts) and of the views
 *    of its imports;
 *  - under the hash of a package's own content stand the last analyses of that content: for each of them the views of
 *    its imports, as a hash, and the key.
 *
 *  If the same content has been analysed with the same views, what that gave is copied to the new key. */
import type { SummaryStore } from "../host/summary-store.ts";
import { summaryKey } from "../host/summary-store.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { PackageKeys } from "./keys.ts";

/** Analyses of one content that are remembered: someone may go back and forth between branches. */
const maxRemembered = 8;

export class EarlyCutoff {
  private readonly views = new Map<LoadedPackage, string | null>();

  constructor(
    private readonly store: SummaryStore,
    private readonly keys: PackageKeys,
  ) {}

  /** Whether this content was analysed before, with whatever imports. */
  knows(pkg: LoadedPackage): boolean {
    const content = this.keys.contents.get(pkg.importPath);
    return content !== undefined && this.store.has(contentKey(content));
  }

  /** The key of an analysis whose results hold for the package; null if there is none. Its imports must be done. */
  find(pkg: LoadedPackage): string | null {
    const imported = this.importedViews(pkg);
    if (imported === null) return null;
    for (const [views, key] of this.remembered(pkg)) if (views === imported) return key;
    return null;
  }

  /** Notes that the package was analysed, and which digest that gave ("" for a main package). */
  analysed(pkg: LoadedPackage, digest: string): void {
    this.note(pkg, (_, imported) => summaryKey([digest, imported]));
  }

  /** Notes that the package was edited in a way that only concerns it: what importers see is what they saw when its key was
   *  `from`, but that declarations may stand on other lines. */
  edited(pkg: LoadedPackage, from: string, linesMoved: boolean): void {
    const before = this.store.read(viewKey(from));
    if (before === null) return;
    const view = textOf(before);
    this.note(pkg, (key) => (linesMoved ? summaryKey([view, "moved", key]) : view));
  }

  private note(pkg: LoadedPackage, viewOf: (key: string, imported: string) => string): void {
    const key = this.keys.summaries.get(pkg.importPath);
    const content = this.keys.contents.get(pkg.importPath);
    const imported = this.importedViews(pkg);
    if (key === undefined || content === undefined || imported === null) return;
    const view = viewOf(key, imported);
    this.views.set(pkg, view);
    this.store.write(viewKey(key), bytesOf(view));
    const others = this.remembered(pkg).filter(([views]) => views !== imported);
    const lines = [[imported, key], ...others].slice(0, maxRemembered).map((words) => words.join(" "));
    this.store.write(contentKey(content), bytesOf(lines.join("\n")));
  }

  /** The results under `key` have been copied to the package's own key. */
  adopted(pkg: LoadedPackage, key: string): void {
    const own = this.keys.summaries.get(pkg.importPath);
    if (own !== undefined) this.store.link(viewKey(key), viewKey(own));
    this.views.delete(pkg);
  }

  private remembered(pkg: LoadedPackage): string[][] {
    const content = this.keys.contents.get(pkg.importPath);
    const bytes = content === undefined ? null : this.store.read(contentKey(content));
    return bytes === null
      ? []
      : textOf(bytes)
          .split("\n")
          .map((line) => line.split(" "));
  }

  /** A hash of the views of all imports; null if one is not known. */
  importedViews(pkg: LoadedPackage): string | null {
    const parts: string[] = [];
    for (const [path, imported] of pkg.imports) {
      const view = this.view(imported);
      if (view === null) return null;
      parts.push(path, view);
    }
    return summaryKey(parts);
  }

  private view(pkg: LoadedPackage): string | null {
    const key = this.keys.summaries.get(pkg.importPath);
    // The installation does not change.
    if (pkg.isStd || pkg.goFiles.length === 0) return key ?? pkg.importPath;
    let view = this.views.get(pkg);
    if (view === undefined) {
      const bytes = key === undefined ? null : this.store.read(viewKey(key));
      view = bytes === null ? null : textOf(bytes);
      this.views.set(pkg, view);
    }
    return view;
  }
}

function viewKey(key: string): string {
  return summaryKey(["view", key]);
}

function contentKey(content: string): string {
  return summaryKey(["analyses", content]);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
