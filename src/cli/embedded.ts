/** The files that `//go:embed` directives of a package name, read for the back end. */
import { createHash } from "node:crypto";
import type { FileSystem } from "../load/fs.ts";
import type { EmbeddedFile } from "../ssa/build/embed.ts";
import type { File } from "../syntax/ast.ts";
import { Kind } from "../syntax/ast.ts";

export interface EmbedSource {
  /** Absolute. */
  readonly dir: string;
  /** Pattern → files, relative to the folder. */
  readonly patterns: ReadonlyMap<string, readonly string[]>;
}

/** By variable: its files in the order of package embed. Only `files` of embed.FS have folders of their own. */
export function embeddedFiles(
  files: readonly File[],
  source: EmbedSource,
  fs: FileSystem,
): Map<string, readonly EmbeddedFile[]> {
  const out = new Map<string, readonly EmbeddedFile[]>();
  for (const file of files) {
    for (const decl of file.decls) {
      if (decl.kind !== Kind.VarDecl) continue;
      const patterns = decl.directives.flatMap((d) => d.embeds);
      if (patterns.length > 0) out.set(decl.names[0].value, read(patterns, source, fs));
    }
  }
  return out;
}

function read(patterns: readonly string[], { dir, patterns: found }: EmbedSource, fs: FileSystem): EmbeddedFile[] {
  const names = new Set<string>();
  for (const pattern of patterns) {
    for (const name of found.get(pattern) ?? []) {
      names.add(name);
      for (let at = name.lastIndexOf("/"); at > 0; at = name.lastIndexOf("/", at - 1)) names.add(name.slice(0, at + 1));
    }
  }
  return [...names].sort(byFolder).map((name) => {
    const bytes = name.endsWith("/") ? null : fs.readFile(`${dir}/${name}`);
    const hash = createHash("sha256")
      .update(bytes ?? "")
      .digest();
    return { name, bytes, hash: new Uint8Array(hash.subarray(0, 16)) };
  });
}

/** By folder, then by name in it. */
function byFolder(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => {
    const path = name.replace(/\/$/, "");
    const at = path.lastIndexOf("/");
    return at < 0 ? [".", path] : [path.slice(0, at), path.slice(at + 1)];
  });
  return compare(x[0], y[0]) || compare(x[1], y[1]);
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Tells apart packages whose embedded files differ; "" without any. */
export function embedKey({ dir, patterns }: EmbedSource, fs: FileSystem): string {
  if (patterns.size === 0) return "";
  const hash = createHash("sha256");
  for (const [pattern, names] of patterns) {
    hash.update(`${pattern}\0`);
    for (const name of names) {
      const bytes = fs.readFile(`${dir}/${name}`);
      hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest("hex");
}
