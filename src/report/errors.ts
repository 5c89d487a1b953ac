/** Errors as the compiler prints them: sorted by position, repetitions dropped, cut after ten.
 *
 *  Mirrors cmd/compile/internal/base/print.go (ErrorfAt, FlushErrors). */
import type { Diagnostic } from "../base/diag.ts";
import { type FileSet, formatPosition, NoPos, type Pos } from "../base/pos.ts";

/** The compiler gives up after so many. */
export const MaxErrors = 10;

/** The errors of one package in the order in which they were found → the compiler's output. `all`: the compiler's -e,
 *  no limit. */
export function errorText(fset: FileSet, diagnostics: readonly Diagnostic[], all: boolean): string {
  const kept: Diagnostic[] = [];
  let lastSyntax: Pos = NoPos;
  let lastOther: Pos = NoPos;
  let lastMsg = "";
  let cut: Diagnostic | null = null;
  const order = new BaseOrder(fset);
  for (const diagnostic of diagnostics) {
    order.add(diagnostic.pos);
    if (diagnostic.msg.startsWith("syntax error")) {
      if (sameLine(fset, lastSyntax, diagnostic.pos)) continue;
      lastSyntax = diagnostic.pos;
    } else {
      if (sameLine(fset, lastOther, diagnostic.pos) && lastMsg === diagnostic.msg) continue;
      lastOther = diagnostic.pos;
      lastMsg = diagnostic.msg;
    }
    kept.push(diagnostic);
    if (!all && kept.length >= MaxErrors) {
      cut = diagnostic;
      break;
    }
  }
  kept.sort((x, y) => order.rank(x.pos) - order.rank(y.pos) || x.pos - y.pos);
  let text = "";
  let previous = "";
  for (const diagnostic of kept) {
    const line = diagnosticLine(fset, diagnostic);
    if (line !== previous) text += line;
    previous = line;
  }
  if (cut !== null) text += `${placeOf(fset, cut.pos)}: too many errors\n`;
  return text;
}

/** The compiler sorts by position, and files (and the stretches that `//line` directives make of them) in the order in
 *  which it came to speak of them. */
class BaseOrder {
  private readonly ranks = new Map<string, number>();

  constructor(private readonly fset: FileSet) {}

  add(pos: Pos): void {
    const key = this.key(pos);
    if (!this.ranks.has(key)) this.ranks.set(key, this.ranks.size);
  }

  rank(pos: Pos): number {
    return this.ranks.get(this.key(pos)) ?? -1;
  }

  private key(pos: Pos): string {
    const file = this.fset.file(pos);
    if (file === null) return "";
    const offset = pos - file.base;
    let stretch = 0;
    while (stretch < file.directives.length && file.directives[stretch].offset <= offset) stretch++;
    return `${file.base}:${stretch}`;
  }
}

/** As remarks show a position, but where a `//line` directive names no file there is none here instead of `??`. */
function placeOf(fset: FileSet, pos: Pos): string {
  const at = fset.position(pos);
  const text = formatPosition(at);
  return at.filename === "" ? text.replace(/^\?\?/, "") : text;
}

function diagnosticLine(fset: FileSet, diagnostic: Diagnostic): string {
  const place = placeOf(fset, diagnostic.pos);
  return place === "" ? `${diagnostic.msg}\n` : `${place}: ${diagnostic.msg}\n`;
}

/** On the same line by `//line` directives, where there are any. */
function sameLine(fset: FileSet, x: Pos, y: Pos): boolean {
  if (x === NoPos || y === NoPos) return x === y;
  const a = fset.position(x);
  const b = fset.position(y);
  return a.line === b.line && a.filename === b.filename;
}
