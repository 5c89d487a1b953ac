/** Reads the overlay that `goesc run` lays over GOROOT: `overlay/` beside the bundle or in the checkout. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileSystem } from "../load/fs.ts";
import { type Overlay, OverlayFileSystem, type OverlayRule } from "../runtime/overlay-fs.ts";
import { contentHash } from "./content-hash.ts";
import { NodeFileSystem } from "./node-fs.ts";

/** The name of GOROOT where there is none; `freestanding/` has what it holds. */
export const aloneDir = "/goesc";

/** What `goesc run` lays over GOROOT or, `alone`, takes in its place: then the overlay's packages that need nothing of
 *  GOROOT, and those of `freestanding/` beside it. Throws if there is none: the installation is broken. */
export function readOverlay(alone = false): Overlay {
  const root = findOverlay();
  const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8")) as Record<string, OverlayRule>;
  const files = new Map<string, Uint8Array>();
  if (alone) {
    for (const path of ownPackages) collect(join(root, path), `${path}/`, files);
    collect(join(root, "..", "freestanding"), "", files);
  } else {
    collect(root, "", files);
  }
  let digest = JSON.stringify(manifest);
  for (const [name, contents] of files) digest += `\n${name} ${contentHash(contents)}`;
  const rules = new Map(alone ? [] : Object.entries(manifest));
  return { id: contentHash(digest), rules, files };
}

/** Packages of the overlay that are whole, or go with what is in `freestanding/`. */
const ownPackages = ["runtime", "internal/bytealg", "internal/runtime/hash", "goesc", "sync/atomic"];

function collect(dir: string, prefix: string, files: Map<string, Uint8Array>): void {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((x, y) => (x.name < y.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.isDirectory()) collect(join(dir, entry.name), `${prefix}${entry.name}/`, files);
    else if (prefix !== "") files.set(prefix + entry.name, readFileSync(join(dir, entry.name)));
  }
}

function findOverlay(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; ) {
    const found = join(dir, "overlay");
    if (existsSync(join(found, "manifest.json"))) return found;
    const parent = dirname(dir);
    if (parent === dir) throw new Error("goesc is not installed completely: overlay is missing; run npm install again");
    dir = parent;
  }
}

/** The machine's files with the overlay over `goroot`. */
export function overlaidFileSystem(goroot: string, overlay = readOverlay(goroot === aloneDir)): FileSystem {
  return new OverlayFileSystem(new NodeFileSystem(), join(goroot, "src"), overlay, sep);
}
