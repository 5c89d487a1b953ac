/** Diagnostics: what is on the heap, at the whole expression, with the way there. Errors of the program are gopls's. */
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import type { Document } from "../documents.ts";
import type { ServerSettings } from "../settings.ts";
import type { Encoding } from "../text.ts";
import { type Placed, placedFindings, sizeText } from "./findings.ts";

export interface DiagnosticContext {
  readonly encoding: Encoding;
  readonly settings: ServerSettings;
  /** Where the help pages are: `BASE#rule`; "" for nowhere. */
  readonly help: string;
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

export function diagnostics(document: Document, context: DiagnosticContext): Diagnostic[] {
  const { diagnostics: level, severity } = context.settings;
  if (level === "off") return [];
  const list: Diagnostic[] = [];
  for (const placed of placedFindings(document)) {
    const { group } = placed;
    const isShown = group === "escape" || (group === "leak" ? level !== "heap" : level === "all");
    if (!isShown) continue;
    list.push({
      ...diagnostic(document, placed, context),
      severity: group === "escape" ? severities[severity] : DiagnosticSeverity.Hint,
    });
  }
  return list;
}

function diagnostic(
  document: Document,
  { start, end, finding, flow, fn }: Placed,
  context: DiagnosticContext,
): Diagnostic {
  const { encoding, help } = context;
  const { text, uri } = document;
  const { rule, kind, message, size, loopDepth, count } = finding;
  const notes: string[] = [];
  if (size >= 0) notes.push(sizeText(size).trim());
  if (loopDepth > 0) notes.push(loopDepth === 1 ? "in a loop" : `in ${loopDepth} nested loops`);
  if (count > 1) notes.push(`${count} instances`);
  const code = rule === "" ? kind : rule;
  return {
    range: text.range({ start, end }, encoding),
    source: "goesc",
    code,
    ...(help === "" || rule === "" ? {} : { codeDescription: { href: `${help}#${rule}` } }),
    message: notes.length === 0 ? message : `${message} (${notes.join(", ")})`,
    ...(flow.length === 0
      ? {}
      : {
          relatedInformation: flow.map((step) => ({
            location: { uri, range: text.range(step, encoding) },
            message: step.text,
          })),
        }),
    data: { kind, fresh: fn.isFresh },
  };
}
