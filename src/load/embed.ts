/** The files that `//go:embed` patterns stand for. Mirrors cmd/go/internal/load (resolveEmbed). */
import { EntryKind, FileError, isFile, type LoadHost } from "./fs.ts";

/** The files, relative to `dir` with slashes, or why there are none. */
export function resolveEmbed(host: LoadHost, dir: string, pattern: string): string[] | string {
  const all = pattern.startsWith("all:");
  const glob = all ? pattern.slice("all:".length) : pattern;
  if (!isValidPattern(glob)) return `pattern ${pattern}: invalid pattern syntax`;
  const files: string[] = [];
  for (const match of expand(host, dir, glob)) {
    const bad = checkPath(host, dir, match.path, match.kind);
    if (bad !== null) return `pattern ${pattern}: ${bad}`;
    if (match.kind === EntryKind.File) {
      files.push(match.path);
    } else if (match.kind === EntryKind.Dir) {
      const found = listTree(host, dir, match.path, all);
      if (found.length === 0)
        return `pattern ${pattern}: cannot embed directory ${match.path}: contains no embeddable files`;
      files.push(...found);
    } else {
      return `pattern ${pattern}: cannot embed irregular file ${match.path}`;
    }
  }
  if (files.length === 0) return `pattern ${pattern}: no matching files found`;
  return files.sort();
}

/** Slash-separated, without empty, `.` or `..` elements, and a well-formed glob. */
function isValidPattern(glob: string): boolean {
  if (glob === ".") return true;
  if (glob === "" || glob.split("/").some((elem) => elem === "" || elem === "." || elem === "..")) return false;
  return globRegExp(glob) !== null;
}

/** path.Match for one element; null if the pattern is malformed. */
function globRegExp(glob: string): RegExp | null {
  let source = "";
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i];
    if (char === "*") {
      source += "[^/]*";
    } else if (char === "?") {
      source += "[^/]";
    } else if (char === "\\") {
      if (++i >= glob.length) return null;
      source += escapeRegExp(glob[i]);
    } else if (char === "[") {
      const close = glob.indexOf("]", i + 2);
      if (close < 0) return null;
      const body = glob
        .slice(i + 1, close)
        .replace(/\\(.)/g, "$1")
        .replace(/[\]\\]/g, "\\$&");
      source += `[${body}]`;
      i = close;
    } else {
      source += escapeRegExp(char);
    }
  }
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return null;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

interface Found {
  readonly path: string;
  readonly kind: EntryKind;
}

function expand(host: LoadHost, dir: string, glob: string): Found[] {
  let current: Found[] = [{ path: "", kind: EntryKind.Dir }];
  if (glob === ".") return [{ path: ".", kind: EntryKind.Dir }];
  for (const elem of glob.split("/")) {
    const regexp = globRegExp(elem);
    const next: Found[] = [];
    for (const base of current) {
      if (base.kind !== EntryKind.Dir) continue;
      for (const entry of entries(host, host.paths.join(dir, host.paths.fromSlash(base.path)))) {
        if (regexp?.test(entry.name))
          next.push({ path: base.path === "" ? entry.name : `${base.path}/${entry.name}`, kind: entry.kind });
      }
    }
    current = next;
  }
  return current;
}

function entries(host: LoadHost, dir: string): { name: string; kind: EntryKind }[] {
  try {
    return host.fs.readDir(dir);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

const badNames = new Set(["", ".bzr", ".hg", ".git", ".svn"]);

function checkPath(host: LoadHost, dir: string, path: string, kind: EntryKind): string | null {
  const what = kind === EntryKind.Dir ? "directory" : "file";
  const elems = path === "." ? [] : path.split("/");
  for (let i = elems.length; i > 0; i--) {
    const sub = elems.slice(0, i).join("/");
    if (isFile(host.fs, host.paths.join(dir, host.paths.fromSlash(sub), "go.mod"))) {
      return `cannot embed ${what} ${path}: in different module`;
    }
    if (badNames.has(elems[i - 1])) {
      return i === elems.length
        ? `cannot embed ${what} ${path}: invalid name ${elems[i - 1]}`
        : `cannot embed ${what} ${path}: in invalid directory ${elems[i - 1]}`;
    }
  }
  return null;
}

/** Regular files below a directory; names that start with `.` or `_` only if the pattern says `all:`. */
function listTree(host: LoadHost, dir: string, path: string, all: boolean): string[] {
  const files: string[] = [];
  const walk = (sub: string): void => {
    for (const entry of entries(host, host.paths.join(dir, host.paths.fromSlash(sub)))) {
      if (badNames.has(entry.name) || (!all && /^[._]/.test(entry.name))) continue;
      const child = sub === "." ? entry.name : `${sub}/${entry.name}`;
      if (entry.kind === EntryKind.File) files.push(child);
      else if (entry.kind === EntryKind.Dir && !isFile(host.fs, host.paths.join(dir, child, "go.mod"))) walk(child);
    }
  };
  walk(path);
  return files;
}
