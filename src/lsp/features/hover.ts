/** The hover text of a value: the sentence, the way, the rule and what to do instead. */
import { type Hover, MarkupKind } from "vscode-languageserver";
import type { Document } from "../documents.ts";
import type { Explanation, ExplanationStep } from "../engine/model.ts";
import type { Encoding } from "../text.ts";

export interface HoverContext {
  readonly encoding: Encoding;
  readonly help: string;
  readonly uriOf: (file: string) => string;
}

export function hover(document: Document, explanations: readonly Explanation[], context: HoverContext): Hover | null {
  if (explanations.length === 0) return null;
  const { start, end } = explanations[0];
  const here = explanations.filter((other) => other.start === start && other.end === end);
  const value = here.map((explanation) => markdown(document, explanation, context)).join("\n\n---\n\n");
  return {
    contents: { kind: MarkupKind.Markdown, value },
    range: document.text.range({ start, end }, context.encoding),
  };
}

function markdown(document: Document, { headline, size, steps, rules }: Explanation, context: HoverContext): string {
  const lines = [`**goesc**: ${headline}${size >= 0 ? ` (${size} B)` : ""}`];
  if (steps.length > 0) lines.push("", ...steps.map((step) => stepLine(document, step, context)));
  const [rule] = rules;
  if (rule !== undefined) {
    const name = context.help === "" ? `\`${rule.id}\`` : `[${rule.id}](${context.help}#${rule.id})`;
    lines.push("", `${name}: ${rule.text}`);
    if (rule.instead !== "") lines.push("", rule.instead);
  }
  return lines.join("\n");
}

function stepLine(document: Document, { text, place, depth }: ExplanationStep, context: HoverContext): string {
  const indent = "  ".repeat(depth);
  if (place === null) return `${indent}- ${text}`;
  const isHere = place.file === document.file;
  const line = isHere ? document.text.lineAt(place.start) + 1 : 0;
  if (!isHere) return `${indent}- ${text}`;
  return `${indent}- ${text} [line ${line}](${context.uriOf(place.file)}#L${line})`;
}
