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
 *  GOROOT, and those of `freestanding/` beside it. `note` is told what is read. Throws if there is none: the installation is
 *  broken. */
export function readOverlay(alone = false, note: (path: string) => void = () => {}): Overlay {
  const root = findOverlay();
  note(join(root, "manifest.json"));
  const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8")) as Record<string, OverlayRule>;
  const files = new Map<string, Uint8Array>();
  if (alone) {
    for (const path of ownPackages) collect(join(root, path), `${path}/`, files, note);
    collect(join(root, "..", "freestanding"), "", files, note);
  } else {
    collect(root, "", files, note);
  }
  let digest = JSON.stringify(manifest);
  for (const [name, contents] of files) digest += `\n${name} ${contentHash(contents)}`;
  const rules = new Map(alone ? [] : Object.entries(manifest));
  return { id: contentHash(digest), rules, files };
}

/** Packages of the overlay that are whole, or go with what is in `freestanding/`. */
const ownPackages = ["runtime", "internal/bytealg", "internal/runtime/hash", "goesc", "sync/atomic"];

function collect(dir: string, prefix: string, files: Map<string, Uint8Array>, note: (path: string) => void): void {
  note(dir);
  const entries = readdirSync(dir, { withFileTypes: true }).sort((x, y) => (x.name < y.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) collect(path, `${prefix}${entry.name}/`, files, note);
    else if (prefix !== "") {
      note(path);
      files.set(prefix + entry.name, readFileSync(path));
    }
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
export function overlaidFileSystem(
  goroot: string,
  overlay = readOverlay(goroot === aloneDir),
  inner: FileSystem = new NodeFileSystem(),
): FileSystem {
  return new OverlayFileSystem(inner, join(goroot, "src"), overlay, sep);
}
