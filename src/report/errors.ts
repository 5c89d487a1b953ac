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
  for (const diagnostic of diagnostics) {
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
  kept.sort((x, y) => x.pos - y.pos);
  let text = "";
  let previous = "";
  for (const diagnostic of kept) {
    const line = diagnosticLine(fset, diagnostic);
    if (line !== previous) text += line;
    previous = line;
  }
  if (cut !== null) text += `${formatPosition(fset.position(cut.pos))}: too many errors\n`;
  return text;
}

function diagnosticLine(fset: FileSet, diagnostic: Diagnostic): string {
  const place = formatPosition(fset.position(diagnostic.pos));
  return place === "" ? `${diagnostic.msg}\n` : `${place}: ${diagnostic.msg}\n`;
}

/** On the same line by `//line` directives, where there are any. */
function sameLine(fset: FileSet, x: Pos, y: Pos): boolean {
  if (x === NoPos || y === NoPos) return x === y;
  const a = fset.position(x);
  const b = fset.position(y);
  return a.line === b.line && a.filename === b.filename;
}
