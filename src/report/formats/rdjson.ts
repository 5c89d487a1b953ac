/** Reviewdog's diagnostic format (rdjson; rdjsonl has one diagnostic a line). Columns count bytes; a suggestion is one
 *  replacement in the file of the finding, which GitHub and GitLab show with a button. */
import type { Edit, Finding, Level, Rendered, Report, SourceRange } from "../findings/model.ts";
import { details } from "./text.ts";

const severities: Readonly<Record<Level, string>> = { error: "ERROR", warning: "WARNING", note: "INFO" };

const source = { name: "goesc" } as const;

export function rdjson({ findings }: Report): Rendered {
  return { text: `${JSON.stringify({ source, diagnostics: findings.map(diagnostic) }, null, 2)}\n`, note: "" };
}

export function rdjsonl({ findings }: Report): Rendered {
  return { text: findings.map((f) => `${JSON.stringify({ ...diagnostic(f), source })}\n`).join(""), note: "" };
}

function diagnostic(finding: Finding): object {
  const { message, range, level, rule, flow, fixes } = finding;
  const more = details(finding);
  const steps = flow.map(({ text }, i) => `\n${i + 1}. ${text}`).join("");
  const suggestions = fixes.flatMap(({ single }) =>
    single !== null && single.range.file === range.file ? [single] : [],
  );
  return {
    message: `${message}${more === "" ? "" : ` (${more})`}${steps}`,
    location: { path: range.file, range: rangeOf(range) },
    severity: severities[level],
    code: { value: rule },
    ...(suggestions.length > 0 ? { suggestions: suggestions.map(suggestion) } : {}),
  };
}

function suggestion({ range, text }: Edit): object {
  return { range: rangeOf(range), text };
}

function rangeOf({ line, col, endLine, endCol }: SourceRange): object {
  return { start: { line, column: col }, end: { line: endLine, column: endCol } };
}
