/** Files that are shipped beside the bundle: the WebAssembly parsers. In a checkout they lie in node_modules. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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

export function readAsset(name: AssetName): Uint8Array {
  return readFileSync(assetPath(name));
}
