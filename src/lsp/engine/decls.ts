/** The declarations of a file while its text changes: where each stands now, and what an edit means for them.
 *
 *  Holds  declarations are in source order and do not overlap. `start` and `end` are offsets in the present text; what
 *         was found out about a declaration is relative to its start in the text that it was analysed with, and `drift`
 *         says how the text has changed since. */
import type { FileSet, Pos } from "../../base/pos.ts";
import { declName } from "../../report/functions.ts";
import type { Remark } from "../../report/remark.ts";
import type { Decl, File } from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import { skeleton } from "../../syntax/skeleton.ts";
import type { Func } from "../../types/types.ts";
import { type ByteRange, type Difference, difference, shifted } from "../text.ts";
import type { Finding } from "./model.ts";

export class DeclState {
  /** Offset of the declaration in the present text; of functions what follows the word `func`. */
  start: number;
  end: number;
  /** Offset of the brace that opens the body; -1 for variables and functions without one. */
  body: number;
  /** Where `start` was in the text that was analysed. */
  home: Pos;
  /** Changes of the text since, relative to `start`. */
  drift: Difference[] = [];
  /** What the analysis said, in its order. */
  remarks: Remark[] = [];
  /** The same for readers, relative to `start` in the text that was analysed; made when it is asked for. */
  findings: readonly Finding[] | null = null;
  /** Changes with what readers see. */
  serial = 0;
  isFresh = false;
  constructor(
    readonly key: string,
    public decl: Decl,
    readonly obj: Func | null,
    base: Pos,
  ) {
    this.start = decl.pos - base;
    this.end = decl.end - base;
    this.body = decl.kind === Kind.FuncDecl && decl.body !== null ? decl.body.pos - base : -1;
    this.home = decl.pos;
  }

  get name(): string {
    return this.decl.kind === Kind.FuncDecl ? declName(this.decl) : varNames(this.decl);
  }

  move(delta: number): void {
    this.start += delta;
    this.end += delta;
    if (this.body >= 0) this.body += delta;
  }

  /** Where a stretch relative to the start is in the present text; null if it has been edited. */
  present(range: ByteRange): ByteRange | null {
    let at = range;
    for (const change of this.drift) {
      const moved = shifted(at, change);
      if (moved === null) return null;
      at = moved;
    }
    return at;
  }
}

function varNames(decl: Decl): string {
  return decl.kind === Kind.VarDecl ? decl.names.map((name) => name.value).join(", ") : "";
}

/** What an edit touched. */
export type Edit =
  | { readonly kind: "none" }
  /** The body of one function. */
  | { readonly kind: "body"; readonly decl: DeclState }
  /** Something that other functions may depend on. */
  | { readonly kind: "structure" };

export class FileState {
  decls: DeclState[] = [];

  constructor(
    readonly name: string,
    public bytes: Uint8Array,
    readonly tree: File | null,
    fset: FileSet,
  ) {
    const source = tree === null ? null : fset.file(tree.pos);
    if (tree === null || source === null) return;
    const keys = new Map<string, number>();
    for (const decl of tree.decls) {
      if (decl.kind !== Kind.FuncDecl && decl.kind !== Kind.VarDecl) continue;
      const name = decl.kind === Kind.FuncDecl ? declName(decl) : varNames(decl);
      const count = keys.get(name) ?? 0;
      keys.set(name, count + 1);
      const obj = decl.kind === Kind.FuncDecl ? (decl.name.obj as Func | null) : null;
      this.decls.push(new DeclState(count === 0 ? name : `${name}#${count}`, decl, obj, source.base));
    }
  }

  /** Takes a new text. */
  edit(bytes: Uint8Array): Edit {
    const old = this.bytes;
    const change = difference(old, bytes);
    if (change === null) return { kind: "none" };
    this.bytes = bytes;
    const { start, oldEnd, newEnd } = change;
    const delta = newEnd - oldEnd;
    const inside = this.decls.find((d) => d.body >= 0 && d.body < start && oldEnd < d.end);
    if (inside !== undefined) {
      inside.drift.push({ start: start - inside.start, oldEnd: oldEnd - inside.start, newEnd: newEnd - inside.start });
      inside.end += delta;
      for (const decl of this.decls) if (decl.start > inside.start) decl.move(delta);
      return { kind: "body", decl: inside };
    }
    const isQuiet = this.isBetween(old, change);
    for (const decl of this.decls) {
      if (decl.end <= start) continue;
      if (decl.start >= oldEnd) {
        decl.move(delta);
        continue;
      }
      const from = Math.max(start - decl.start, 0);
      const to = Math.min(oldEnd, decl.end) - decl.start;
      const length = Math.max(0, to - from + delta);
      decl.drift.push({ start: from, oldEnd: to, newEnd: from + length });
      if (decl.start > start) decl.start = start;
      decl.end = Math.max(decl.start, decl.end + delta);
      if (decl.body >= 0) decl.body = Math.min(decl.body, decl.end);
    }
    return isQuiet ? { kind: "none" } : { kind: "structure" };
  }

  /** Whether the change only concerns blanks and comments between declarations. */
  private isBetween(old: Uint8Array, { start, oldEnd, newEnd }: Difference): boolean {
    let from = 0;
    let to = old.length;
    for (const decl of this.decls) {
      if (decl.end <= start) from = decl.end;
      else if (decl.start >= oldEnd) {
        to = decl.start;
        break;
      } else return false;
    }
    const delta = newEnd - oldEnd;
    return skeleton(old.subarray(from, to)) === skeleton(this.bytes.subarray(from, to + delta));
  }
}
