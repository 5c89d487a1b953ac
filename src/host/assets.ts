/** Files that are shipped beside the bundle. In a checkout they lie in assets/, and the WebAssembly parsers in
 *  node_modules. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { StdArchive } from "./std-archive.ts";

/** Asset → its place in node_modules. */
const packaged: Readonly<Record<string, string>> = {
  "web-tree-sitter.wasm": "web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-go.wasm": "tree-sitter-go/tree-sitter-go.wasm",
};

export type AssetName = "web-tree-sitter.wasm" | "tree-sitter-go.wasm";

/** The file's absolute name. Throws if it is not there: the installation is broken. */
export function assetPath(name: AssetName): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, name);
  if (existsSync(beside)) return beside;
  for (let dir = here; ; ) {
    const installed = join(dir, "node_modules", packaged[name]);
    if (existsSync(installed)) return installed;
    const parent = dirname(dir);
    if (parent === dir) throw new Error(`goesc is not installed completely: ${name} is missing; run npm install again`);
    dir = parent;
  }
}

/** The standard library for machines without Go; null if it was not shipped. */
export function openStdArchive(): StdArchive | null {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; ) {
    for (const file of [join(dir, stdArchive), join(dir, "assets", stdArchive)]) {
      if (existsSync(file)) return new StdArchive(file);
    }
    const parent = dirname(dir);
    if (parent === dir) return null;
    dir = parent;
  }
}

const stdArchive = "std.bin";

export function readAsset(name: AssetName): Uint8Array {
  return readFileSync(assetPath(name));
}
