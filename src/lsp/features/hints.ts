/** Inlay hints behind values (`heap 16 B`, `stack`, `leaks to ~r0`), and a lens above each function. */
import { type CodeLens, type InlayHint, MarkupKind, type Range } from "vscode-languageserver";
import { type Document, placed } from "../documents.ts";
import type { HintLevel } from "../settings.ts";
import type { Encoding } from "../text.ts";
import { type Placed, placedFindings, ruleText, shortText } from "./findings.ts";

export function inlayHints(document: Document, range: Range, level: HintLevel, encoding: Encoding): InlayHint[] {
  if (level === "off") return [];
  const { text } = document;
  const from = text.offsetAt(range.start, encoding);
  const to = text.offsetAt(range.end, encoding);
  const hints: InlayHint[] = [];
  const seen = new Set<string>();
  for (const found of placedFindings(document, { start: from, end: to })) {
    if (found.end < from || found.end > to || !isShown(found, level)) continue;
    const label = shortText(found.finding);
    const key = `${found.end} ${label}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const rule = ruleText(found.finding.rule);
    const value = `\`${found.finding.message}\`${rule === "" ? "" : `\n\n${rule}`}`;
    hints.push({
      position: text.positionAt(found.end, encoding),
      label,
      paddingLeft: true,
      tooltip: { kind: MarkupKind.Markdown, value },
    });
  }
  return hints;
}

function isShown({ group, finding }: Placed, level: HintLevel): boolean {
  switch (level) {
    case "off":
      return false;
    case "hot":
      return group === "escape" && finding.loopDepth > 0;
    case "escapes":
      return group === "escape";
    case "all":
      return group !== "inline";
  }
}

/** What the compiler's inliner spends on a function at most. */
const inlineBudget = 80;

export function codeLenses(document: Document, encoding: Encoding): CodeLens[] {
  const lenses: CodeLens[] = [];
  const { change, text } = document;
  for (const fn of document.decided?.view.functions ?? []) {
    if (!fn.isFunction) continue;
    const at = placed({ start: fn.start, end: fn.start }, change);
    if (at === null) continue;
    let escapes = 0;
    let bytes = 0;
    let isExact = true;
    for (const { kind, size } of fn.findings ?? []) {
      if (kind !== "moved" && kind !== "escapes") continue;
      escapes++;
      if (size < 0) isExact = false;
      else bytes += size;
    }
    const parts = [escapes === 0 ? "no escapes" : escapes === 1 ? "1 escape" : `${escapes} escapes`];
    if (escapes > 0) parts.push(`${isExact ? "" : "≥ "}${bytes} B`);
    parts.push(fn.inlineCost === null ? "not inlined" : `inlinable (cost ${fn.inlineCost} of ${inlineBudget})`);
    if (!fn.isFresh) parts.push("before the last edits");
    const position = text.positionAt(at.start, encoding);
    lenses.push({
      range: { start: position, end: position },
      command: {
        title: parts.join(" · "),
        command: "goesc.showGraph",
        arguments: [{ uri: document.uri, position }],
      },
    });
  }
  return lenses;
}
