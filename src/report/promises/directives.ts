/** Promises that comments make about the code they stand at, in goesc's own spelling and in those of other tools.
 *
 *  A promise in the comment above a function, or on the line of its name, is about the function; one at the end of a
 *  line of code about that line; one on a line of its own about the next line of code. */
import type { FileSet, Pos } from "../../base/pos.ts";
import { type Comment, type File, type FuncDecl, Kind } from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import { inspect } from "../../syntax/walk.ts";
import type { FuncAllocs } from "../allocs/collect.ts";

export type Target =
  | { readonly kind: "function"; readonly decl: FuncDecl }
  | { readonly kind: "line"; readonly file: File; readonly line: number };

/** What is promised. */
export type Promised =
  /** Nothing moves or escapes to the heap; of a line also: no parameter declared there leaks. */
  | { readonly kind: "noescape" }
  /** A call makes at most `max` allocations; with `values` only storage of values counts, with `calls` also what the
   *  callees do, and what they do is known. `must` turns it round. */
  | {
      readonly kind: "allocs";
      readonly max: number;
      readonly operations: boolean;
      readonly values: boolean;
      readonly hardCalls: boolean;
      readonly softCalls: boolean;
      readonly softOwn: boolean;
      readonly must: boolean;
    }
  /** The function can be inlined, and is wherever the package calls it; the calls on the line are. With `any` one of
   *  them is enough. */
  | { readonly kind: "inline"; readonly any: boolean }
  /** Something that goesc cannot tell. */
  | { readonly kind: "unknown"; readonly why: string };

export interface CodePromise {
  /** As it is written, without `//`. */
  readonly spelling: string;
  readonly pos: Pos;
  readonly end: Pos;
  readonly promised: Promised;
  readonly target: Target;
}

export function readPromises(fset: FileSet, file: File): CodePromise[] {
  const found: CodePromise[] = [];
  if (file.comments.length === 0) return found;
  const lines = new Lines(fset, file);
  for (const comment of file.comments) {
    if (!comment.text.startsWith("//")) continue;
    const text = comment.text.replace(/\r$/, "");
    for (const [spelling, promised] of parse(text)) {
      const target = lines.target(comment);
      if (target === null) continue;
      found.push({ spelling, pos: comment.pos, end: comment.end, promised, target });
    }
  }
  return found;
}

/** What functions allocate without what comments accept: allocations and calls on lines with `// escapes: reason`. */
export function withoutExempt(
  fset: FileSet,
  files: readonly File[],
  allocs: readonly FuncAllocs[],
): readonly FuncAllocs[] {
  const lines = new Set<string>();
  for (const file of files) {
    for (const comment of file.comments) {
      if (!/^\/\/ escapes\b/.test(comment.text)) continue;
      const { filename, line } = fset.absolute(comment.pos);
      lines.add(`${filename}:${line}`);
    }
  }
  if (lines.size === 0) return allocs;
  const counts = ({ pos }: { readonly pos: Pos }): boolean => {
    const at = fset.absolute(fset.innermost(pos));
    return !lines.has(`${at.filename}:${at.line}`);
  };
  return allocs.map((fn) => ({ ...fn, sites: fn.sites.filter(counts), calls: fn.calls.filter(counts) }));
}

const noallocs = {
  kind: "allocs",
  max: 0,
  operations: true,
  values: true,
  hardCalls: false,
  softCalls: false,
  softOwn: false,
  must: false,
} as const;

/** The promises of one comment with their spellings. */
function parse(text: string): [string, Promised][] {
  const own = /^\/\/goesc:(.*)$/.exec(text);
  if (own !== null) return [[`goesc:${own[1].trim()}`, parseOwn(own[1].trim())]];
  const gcassert = /\/\/ ?gcassert:([\w,]+)/.exec(text);
  if (gcassert !== null) return gcassert[1].split(",").map((word) => [`gcassert:${word}`, parseGcassert(word)]);
  const lint = /^\/\/\s?(no-escape|must-inline|no-bounds-check)\s*$/.exec(text);
  if (lint !== null) return [[lint[1], parseLint(lint[1])]];
  if (/^\/\/go:noheap\s*$/.test(text)) return [["go:noheap", { ...noallocs, operations: false }]];
  const gvisor = /^\/\/ \+(check|must)escape(?::([\w,]+))?/.exec(text);
  if (gvisor !== null)
    return [[text.slice(3).trim(), parseCheckescape(gvisor[2] ?? "local,hard", gvisor[1] === "must")]];
  return [];
}

function parseOwn(text: string): Promised {
  const [word, ...rest] = text.split(/\s+/);
  // What follows `//` or `--` is for people.
  const end = rest.findIndex((option) => option === "//" || option === "--");
  const options = end < 0 ? rest : rest.slice(0, end);
  const transitive = options.includes("transitive");
  const unknown = options.find((option) => option !== "transitive");
  if (unknown !== undefined) return { kind: "unknown", why: `"${unknown}" is not known after ${word}` };
  const allocs = /^allocs<=(\d+)$/.exec(word);
  if (allocs !== null || word === "noalloc") {
    const max = allocs === null ? 0 : Number(allocs[1]);
    return { ...noallocs, max, hardCalls: transitive, softCalls: transitive, softOwn: transitive };
  }
  if (transitive) return { kind: "unknown", why: `${word} is never transitive` };
  if (word === "noescape") return { kind: "noescape" };
  if (word === "inline") return { kind: "inline", any: false };
  return { kind: "unknown", why: `there is no promise "${word}": there are noescape, noalloc, allocs<=N and inline` };
}

const bounds: Promised = {
  kind: "unknown",
  why: "bounds checks are decided by the back end, which goesc does not have",
};

function parseGcassert(word: string): Promised {
  if (word === "inline") return { kind: "inline", any: true };
  if (word === "noescape") return { kind: "noescape" };
  return word === "bce" ? bounds : { kind: "unknown", why: `gcassert has no "${word}"` };
}

function parseLint(word: string): Promised {
  if (word === "no-escape") return { kind: "noescape" };
  return word === "must-inline" ? { kind: "inline", any: true } : bounds;
}

function parseCheckescape(options: string, must: boolean): Promised {
  const words = new Set(options.split(","));
  const all = words.has("all");
  const hard = all || words.has("hard") || [...words].every((word) => word === "local");
  const values = hard || words.has("heap");
  const operations = hard || words.has("builtin");
  const soft = all || words.has("interface") || words.has("dynamic");
  const local = words.has("local");
  if (!values && !operations && !soft)
    return { kind: "unknown", why: "stack splits are decided by the back end, which goesc does not have" };
  return {
    kind: "allocs",
    max: 0,
    operations,
    values,
    hardCalls: !local && (values || operations),
    softCalls: !local && soft,
    softOwn: soft,
    must,
  };
}

/** What stands on which line of a file. */
class Lines {
  private readonly text = new Set<number>();
  private readonly starts = new Map<number, FuncDecl>();

  constructor(
    private readonly fset: FileSet,
    private readonly file: File,
  ) {
    for (const decl of file.decls) {
      if (decl.kind !== Kind.FuncDecl) continue;
      // `func` itself stands before the name, on the same line.
      this.starts.set(this.line(decl.pos), decl);
    }
    for (const comment of file.comments) this.text.add(this.line(comment.pos));
  }

  private line(pos: Pos): number {
    return this.fset.absolute(pos).line;
  }

  target(comment: Comment): Target | null {
    const { fset, file } = this;
    const line = this.line(comment.pos);
    const own = this.starts.get(line);
    if (own !== undefined) return { kind: "function", decl: own };
    if (this.hasCode(comment)) return { kind: "line", file, line };
    let next = line + 1;
    while (this.text.has(next) && !this.codeLines().has(next)) next++;
    const decl = this.starts.get(next);
    if (decl !== undefined) return { kind: "function", decl };
    const last = fset.absolute(file.end).line;
    const code = this.codeLines();
    while (next <= last && !code.has(next)) next++;
    return next > last ? null : { kind: "line", file, line: next };
  }

  private hasCode(comment: Comment): boolean {
    return this.codeLines().has(this.line(comment.pos));
  }

  private code: Set<number> | null = null;

  /** Lines on which something of the tree starts or ends. */
  private codeLines(): Set<number> {
    if (this.code === null) this.code = linesOfTree(this.fset, this.file);
    return this.code;
  }
}

function linesOfTree(fset: FileSet, file: File): Set<number> {
  const lines = new Set<number>();
  const source = fset.file(file.pos);
  if (source === null) return lines;
  inspect(file, (node) => {
    if (node !== null && node.kind !== Kind.File) {
      lines.add(source.lineIndex(startPos(node) - source.base) + 1);
      if (node.end > source.base) lines.add(source.lineIndex(node.end - 1 - source.base) + 1);
    }
    return true;
  });
  return lines;
}
