/** File-name arithmetic for the machine that goesc runs on, without touching the disk.
 *
 *  Mirrors path/filepath (Clean, Join, Rel, Dir, IsAbs) for Unix and Windows names. Names inside `src/load` are always
 *  in the form of the host; import paths always use `/`. */
export class Paths {
  readonly sep: string;
  readonly windows: boolean;

  constructor(windows: boolean) {
    this.windows = windows;
    this.sep = windows ? "\\" : "/";
  }

  private isSep(char: string): boolean {
    return char === "/" || (this.windows && char === "\\");
  }

  /** `C:` of `C:\x`; "" elsewhere. */
  private volume(path: string): string {
    return this.windows && /^[A-Za-z]:/.test(path) ? path.slice(0, 2) : "";
  }

  isAbs(path: string): boolean {
    const rest = path.slice(this.volume(path).length);
    return rest.length > 0 && this.isSep(rest[0]) && (!this.windows || this.volume(path) !== "" || this.isSep(rest[1]));
  }

  toSlash(path: string): string {
    return this.windows ? path.replaceAll("\\", "/") : path;
  }

  fromSlash(path: string): string {
    return this.windows ? path.replaceAll("/", "\\") : path;
  }

  clean(path: string): string {
    const volume = this.volume(path);
    const rest = this.toSlash(path.slice(volume.length));
    return volume + this.fromSlash(cleanSlash(rest));
  }

  /** Joins non-empty parts and cleans the result; "" if there are none. */
  join(...parts: string[]): string {
    const present = parts.filter((part) => part !== "");
    return present.length === 0 ? "" : this.clean(present.join(this.sep));
  }

  dir(path: string): string {
    const volume = this.volume(path);
    let end = path.length;
    while (end > volume.length && !this.isSep(path[end - 1])) end--;
    return this.clean(path.slice(0, end)) || ".";
  }

  base(path: string): string {
    const slashed = this.toSlash(path.slice(this.volume(path).length)).replace(/\/+$/, "");
    if (slashed === "") return path === "" ? "." : this.sep;
    return slashed.slice(slashed.lastIndexOf("/") + 1);
  }

  /** `path` made absolute against the absolute directory `cwd`. */
  abs(path: string, cwd: string): string {
    return this.isAbs(path) ? this.clean(path) : this.join(cwd, path);
  }

  /** The relative name of `target` seen from `base` (both absolute); null if there is none. */
  rel(base: string, target: string): string | null {
    const from = this.clean(base);
    const to = this.clean(target);
    if (this.volume(from).toLowerCase() !== this.volume(to).toLowerCase()) return null;
    if (from === to) return ".";
    const fromParts = from.split(this.sep).filter((part) => part !== "");
    const toParts = to.split(this.sep).filter((part) => part !== "");
    let common = 0;
    while (common < fromParts.length && common < toParts.length && fromParts[common] === toParts[common]) common++;
    const up = fromParts.slice(common).map(() => "..");
    return [...up, ...toParts.slice(common)].join(this.sep);
  }

  /** Reports whether `path` is `prefix` or lies below it. */
  hasPrefix(path: string, prefix: string): boolean {
    if (prefix === "") return true;
    if (!path.startsWith(prefix)) return false;
    return path.length === prefix.length || this.isSep(prefix[prefix.length - 1]) || this.isSep(path[prefix.length]);
  }

  /** What `path` is below `dir`: "." for `dir` itself, null outside. */
  below(path: string, dir: string): string | null {
    if (!this.hasPrefix(path, dir)) return null;
    if (path.length === dir.length) return ".";
    return path.slice(dir.length).replace(this.windows ? /^[\\/]+/ : /^\/+/, "");
  }
}

/** path.Clean: the shortest equivalent of a slash-separated name; "." for "". */
export function cleanSlash(path: string): string {
  if (path === "") return ".";
  if (isClean(path)) return path;
  const rooted = path[0] === "/";
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (out.length > 0 && out[out.length - 1] !== "..") out.pop();
      else if (!rooted) out.push("..");
      continue;
    }
    out.push(part);
  }
  const cleaned = out.join("/");
  if (rooted) return `/${cleaned}`;
  return cleaned === "" ? "." : cleaned;
}

/** Reports whether the name is seen at once to be its own shortest equivalent, as most are. */
function isClean(path: string): boolean {
  return path[0] !== "." && !path.endsWith("/") && !path.includes("//") && !path.includes("/.");
}

/** path.Join for import paths. */
export function joinSlash(...parts: string[]): string {
  const present = parts.filter((part) => part !== "");
  return present.length === 0 ? "" : cleanSlash(present.join("/"));
}

/** Reports whether import path `path` is `prefix` or lies below it. */
export function hasPathPrefix(path: string, prefix: string): boolean {
  if (prefix === "") return true;
  if (path.length === prefix.length) return path === prefix;
  if (path.length < prefix.length) return false;
  if (prefix[prefix.length - 1] === "/") return path.startsWith(prefix);
  return path[prefix.length] === "/" && path.startsWith(prefix);
}

/** ".", "..", "./x" or "../x". */
export function isLocalImport(path: string): boolean {
  return path === "." || path === ".." || path.startsWith("./") || path.startsWith("../");
}

/** No dot in the first element: reserved for the standard library (cmd/go/internal/search). */
export function isStandardImportPath(path: string): boolean {
  const slash = path.indexOf("/");
  const dot = path.indexOf(".");
  return dot < 0 || (slash >= 0 && dot > slash);
}
