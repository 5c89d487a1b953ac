/** What an edit did to the declarations of a file: which ones stand as they did, and which functions are others now. */
import type { FileSet } from "../../base/pos.ts";
import { type Decl, type File, type FuncDecl, Kind } from "../../syntax/ast.ts";
import { skeleton } from "../../syntax/skeleton.ts";
import type { Move } from "../../types/summary-moves.ts";
import { declName } from "../functions.ts";

/** A file in one of its two states. */
export class Text {
  readonly base: number;
  /** A character for each byte. */
  readonly chars: string;

  constructor(
    readonly fset: FileSet,
    readonly tree: File,
    readonly bytes: Uint8Array,
  ) {
    this.base = fset.file(tree.pos)!.base;
    this.chars = latin1.decode(bytes);
  }

  start(decl: Decl): number {
    return decl.pos - this.base;
  }

  end(decl: Decl): number {
    return decl.end - this.base;
  }

  of(decl: Decl): string {
    return this.chars.slice(this.start(decl), this.end(decl));
  }

  /** 1-based. */
  line(offset: number): number {
    return this.fset.file(this.base)!.lineIndex(offset) + 1;
  }
}

const latin1 = new TextDecoder("latin1");

export interface Alignment {
  /** Declarations that read as they did, in order; and where functions with new bodies belong among them. */
  readonly pairs: readonly Pair[];
  readonly removed: readonly FuncDecl[];
  readonly added: readonly FuncDecl[];
}

export interface Pair {
  readonly old: Decl;
  readonly now: Decl;
  /** The body of a function is another. */
  readonly isEdited: boolean;
}

/** Null if more has changed than functions: other declarations, signatures, the package clause, directives. */
export function align(old: Text, now: Text): Alignment | null {
  const a = old.tree.decls;
  const b = now.tree.decls;
  const same = (x: Decl, y: Decl): boolean => x.kind === y.kind && old.of(x) === now.of(y);
  let first = 0;
  while (first < a.length && first < b.length && same(a[first], b[first])) first++;
  let last = 0;
  while (last < a.length - first && last < b.length - first && same(a[a.length - 1 - last], b[b.length - 1 - last]))
    last++;
  const pairs: Pair[] = [];
  for (let i = 0; i < first; i++) pairs.push({ old: a[i], now: b[i], isEdited: false });
  const removed: FuncDecl[] = [];
  const added: FuncDecl[] = [];
  const middle = new Map<string, FuncDecl>();
  for (const decl of a.slice(first, a.length - last)) {
    if (!isPlain(decl)) return null;
    middle.set(declName(decl), decl);
  }
  let from = 0;
  for (const decl of b.slice(first, b.length - last)) {
    if (!isPlain(decl)) return null;
    const before = middle.get(declName(decl));
    if (before === undefined) {
      added.push(decl);
      continue;
    }
    if (before.pos < from || signature(old, before) !== signature(now, decl)) return null;
    from = before.pos;
    middle.delete(declName(decl));
    pairs.push({ old: before, now: decl, isEdited: !same(before, decl) });
  }
  removed.push(...middle.values());
  for (let i = last; i > 0; i--) pairs.push({ old: a[a.length - i], now: b[b.length - i], isEdited: false });
  if (frame(old, new Set(removed)) !== frame(now, new Set(added))) return null;
  return { pairs, removed, added };
}

/** A function whose change can be looked at alone. */
function isPlain(decl: Decl): decl is FuncDecl {
  if (decl.kind !== Kind.FuncDecl || decl.body === null || decl.tparams.length > 0) return false;
  return decl.directives.length === 0 && !/^(?:init|_)$/.test(decl.name.value);
}

function signature(text: Text, decl: FuncDecl): string {
  return text.chars.slice(text.start(decl), decl.body!.pos - text.base);
}

/** The file without its declarations and the functions that the other state does not have. */
function frame(text: Text, without: ReadonlySet<Decl>): string {
  let out = "";
  let at = 0;
  for (const decl of text.tree.decls) {
    const lead = skeleton(text.bytes.subarray(at, text.start(decl)));
    out += without.has(decl) ? lead.replace(/func\s*$/, "") : `${lead}\0`;
    at = text.end(decl);
  }
  out += skeleton(text.bytes.subarray(at));
  return out
    .replace(/[ \n]*\n[ \n]*/g, "\n")
    .replace(/ +/g, " ")
    .trim();
}

/** How what stands in both states has moved, from the end of the file to its beginning. */
export function movesOf(file: number, old: Text, now: Text, { pairs }: Alignment): Move[] {
  const moves: Move[] = [];
  const move = (at: number, oldEnd: number, newAt: number, newEnd: number): void => {
    if (oldEnd - at !== newEnd - newAt) moves.push({ file, at, oldLength: oldEnd - at, newLength: newEnd - newAt });
  };
  let at = 0;
  let newAt = 0;
  for (const pair of pairs) {
    move(at, old.start(pair.old), newAt, now.start(pair.now));
    at = old.end(pair.old);
    newAt = now.end(pair.now);
    if (!pair.isEdited) continue;
    const [body, newBody] = [(pair.old as FuncDecl).body!, (pair.now as FuncDecl).body!];
    move(body.pos - old.base, at, newBody.pos - now.base, newAt);
  }
  return moves.reverse();
}
