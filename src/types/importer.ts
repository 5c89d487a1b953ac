/** How the checker gets at the packages that a file imports. */
import type { Package } from "./types.ts";

export interface Importer {
  /** The package behind an import path as it stands in a file of directory `fromDir`; null when there is none.
   *  "unsafe" never arrives here. */
  importPackage(path: string, fromDir: string): Package | null;
}
