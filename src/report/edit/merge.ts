/** The output of a package from before, with new lines in the places of those of the functions that were edited. */
import { Stage } from "../../ir/stage.ts";
import { type Decl, type FuncDecl, Kind } from "../../syntax/ast.ts";
import type { Alignment, Text } from "./align.ts";
import type { Before, Edited } from "./edit.ts";
import { goesByList, initialiser, type Stretch } from "./spoken.ts";

/** What was said of some functions. */
export interface Part {
  readonly decls: readonly FuncDecl[];
  /** Functions are numbered by `decls`. */
  readonly stretches: readonly Stretch[];
  readonly lines: readonly string[];
}

/** A stretch with its lines; `decl` is where it belongs. */
interface Piece {
  readonly stretch: Stretch;
  readonly decl: Decl | null;
  readonly lines: readonly string[];
}

const stages = [Stage.CanInline, Stage.Resolve, Stage.Inline, Stage.Escape, Stage.Bounds] as const;

export class Merge {
  /** Functions of the file by number; the file's first has this one. */
  private readonly firstFn: number;
  private readonly oldFuncs: FuncDecl[];
  private readonly newFuncs: FuncDecl[];

  constructor(
    private readonly before: Before,
    file: number,
    private readonly old: Text,
    private readonly now: Text,
    private readonly alignment: Alignment,
    private readonly parts: { readonly before: Part; readonly after: Part },
  ) {
    this.firstFn = before.counts.slice(0, file).reduce((sum, count) => sum + count, 0);
    this.oldFuncs = funcsOf(old);
    this.newFuncs = funcsOf(now);
  }

  run(): Pick<Edited, "lines" | "stretches" | "linesMoved"> | null {
    let pieces: Piece[] | null = this.oldPieces();
    const { removed, added } = this.alignment;
    for (const { old, now, isEdited } of this.alignment.pairs)
      if (isEdited && pieces !== null) pieces = this.replace(pieces, old as FuncDecl, now as FuncDecl);
    for (const decl of removed) if (pieces !== null) pieces = this.replace(pieces, decl, null);
    const kept = pieces === null ? null : this.renumbered(pieces);
    if (kept === null) return null;
    for (const decl of added) if (!this.insert(kept, decl)) return null;
    const { old, now } = this;
    const linesMoved = this.alignment.pairs.some(
      (pair) => old.line(old.start(pair.old)) !== now.line(now.start(pair.now)),
    );
    return { lines: kept.flatMap(({ lines }) => lines), stretches: kept.map(({ stretch }) => stretch), linesMoved };
  }

  private oldPieces(): Piece[] {
    const { stretches, lines } = this.before;
    let at = 0;
    return stretches.map((stretch) => {
      const decl = this.oldFuncs[stretch.fn - this.firstFn] ?? null;
      const own = lines.slice(at, at + stretch.lines);
      at += stretch.lines;
      return { stretch, decl: stretch.fn < 0 ? null : decl, lines: own };
    });
  }

  /** Puts what is said now of a function in the place of what was said; null if that is not what analysing it alone gave,
   *  or if something else was said in between. */
  private replace(pieces: readonly Piece[], old: FuncDecl, now: FuncDecl | null): Piece[] | null {
    let out = [...pieces];
    for (const stage of stages) {
      const said = piecesOf(this.parts.before, old, stage);
      const places: number[] = [];
      for (let i = 0; i < out.length; i++) if (out[i].decl === old && out[i].stretch.stage === stage) places.push(i);
      const lines = places.flatMap((i) => out[i].lines);
      if (lines.join("\n") !== said.flatMap((piece) => piece.lines).join("\n")) return null;
      const own = goesByList(stage) ? places.filter((i) => !out[i].stretch.isLiteral) : places;
      if (own.length === 0 || own[own.length - 1] - own[0] !== own.length - 1) return null;
      const fresh = now === null ? [] : piecesOf(this.parts.after, now, stage);
      const others = new Set(places);
      out = out.flatMap((piece, i) => (i === own[0] ? fresh : others.has(i) ? [] : [piece]));
    }
    return out;
  }

  /** With the numbers and lines of now; null if something was said where the functions were. */
  private renumbered(pieces: readonly Piece[]): Piece[] | null {
    const counterparts = new Map<Decl, Decl>();
    for (const { old, now } of this.alignment.pairs) counterparts.set(old, now);
    const numbers = new Map<Decl, number>(this.newFuncs.map((decl, i) => [decl, this.firstFn + i]));
    const grown = this.newFuncs.length - this.oldFuncs.length;
    const lastOld = this.firstFn + this.oldFuncs.length;
    const out: Piece[] = [];
    for (const { stretch, decl, lines } of pieces) {
      if (decl !== null && numbers.has(decl)) {
        out.push({ stretch: { ...stretch, fn: numbers.get(decl)! }, decl, lines });
        continue;
      }
      const now = decl === null ? null : (counterparts.get(decl) ?? null);
      const moved = this.movedLines(lines);
      if (moved === null || (decl !== null && now === null)) return null;
      const other = stretch.fn >= lastOld ? stretch.fn + grown : stretch.fn;
      out.push({ stretch: { ...stretch, fn: now === null ? other : numbers.get(now)! }, decl: now, lines: moved });
    }
    return out;
  }

  private movedLines(lines: readonly string[]): readonly string[] | null {
    const name = `${this.old.fset.file(this.old.base)!.name}:`;
    if (!lines.some((line) => line.startsWith(name))) return lines;
    const out: string[] = [];
    for (const line of lines) {
      const place = line.startsWith(name) ? /^\d+/.exec(line.slice(name.length)) : null;
      if (place === null) {
        out.push(line);
        continue;
      }
      const moved = this.movedLine(Number(place[0]));
      if (moved < 0) return null;
      out.push(`${name}${moved}${line.slice(name.length + place[0].length)}`);
    }
    return out;
  }

  /** Where a line of an unchanged declaration is now; -1 if it is none, or stands on a line with one that has changed. */
  private movedLine(line: number): number {
    const { old, now } = this;
    const { pairs, removed } = this.alignment;
    const holds = (decl: Decl): boolean => old.line(old.start(decl)) <= line && line <= old.line(old.end(decl));
    if (removed.some(holds)) return -1;
    const there = pairs.filter((pair) => holds(pair.old));
    if (there.length === 0 || there.some(({ isEdited }) => isEdited)) return -1;
    const [first] = there;
    return line + now.line(now.start(first.now)) - old.line(old.start(first.old));
  }

  /** Says what is to be said of a new function after all that was said of those before it. */
  private insert(pieces: Piece[], decl: FuncDecl): boolean {
    const fn = this.firstFn + this.newFuncs.indexOf(decl);
    for (const stage of stages) {
      const fresh = piecesOf(this.parts.after, decl, stage);
      const isBefore = (other: number): boolean => other === initialiser || (other >= 0 && other < fn);
      const last = pieces.findLastIndex(
        ({ stretch }) => stretch.stage === stage && isBefore(stretch.fn) && !(goesByList(stage) && stretch.isLiteral),
      );
      let at = last < 0 ? pieces.findIndex(({ stretch }) => stretch.stage === stage) : last + 1;
      if (at < 0) return false;
      // Functions that reach each other are visited together.
      while (last >= 0 && at < pieces.length && pieces[at].stretch.stage === stage && !pieces[at].stretch.isFirst) at++;
      pieces.splice(at, 0, ...fresh.map((piece) => ({ ...piece, stretch: { ...piece.stretch, fn } })));
    }
    return true;
  }
}

function funcsOf(text: Text): FuncDecl[] {
  return text.tree.decls.filter((decl) => decl.kind === Kind.FuncDecl);
}

/** What a part has of a function in a stage; in stages that go by the list without literals, of which nothing is said. */
function piecesOf({ decls, stretches, lines }: Part, decl: FuncDecl, stage: Stage): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const stretch of stretches) {
    if (decls[stretch.fn] === decl && stretch.stage === stage && !(goesByList(stage) && stretch.isLiteral))
      pieces.push({ stretch, decl, lines: lines.slice(at, at + stretch.lines) });
    at += stretch.lines;
  }
  return pieces;
}
