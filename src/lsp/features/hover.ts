/** The hover text of a value: the sentence, the way, the rule and what to do instead. */
import { type Hover, MarkupKind } from "vscode-languageserver";
import type { Document } from "../documents.ts";
import type { Explanation, ExplanationStep } from "../engine/model.ts";
import type { Encoding } from "../text.ts";
import { placedFindings, profiledBytes } from "./findings.ts";
import type { ProfileOverlay } from "./profile.ts";

export interface HoverContext {
  readonly encoding: Encoding;
  readonly help: string;
  readonly uriOf: (file: string) => string;
  readonly profile: ProfileOverlay | null;
}

export function hover(document: Document, explanations: readonly Explanation[], context: HoverContext): Hover | null {
  if (explanations.length === 0) return null;
  const { start, end } = explanations[0];
  const here = explanations.filter((other) => other.start === start && other.end === end);
  const value = explained(document, here, context);
  return {
    contents: { kind: MarkupKind.Markdown, value },
    range: document.text.range({ start, end }, context.encoding),
  };
}

/** Explanations of one place as Markdown. */
export function explained(document: Document, here: readonly Explanation[], context: HoverContext): string {
  const { start, end } = here[0];
  const profiled = productionLine(document, start, end, context);
  return here.map((explanation) => markdown(document, explanation, context)).join("\n\n---\n\n") + profiled;
}

/** What the profile has at the values of the range. */
function productionLine(document: Document, start: number, end: number, { profile }: HoverContext): string {
  if (profile === null) return "";
  for (const found of placedFindings(document, { start, end })) {
    if (found.start !== start || found.end !== end) continue;
    const bytes = profiledBytes(document, profile, found);
    if (bytes > 0) return `\n\nProduction: ${profile.words(bytes)} (\`${profile.name}\`).`;
  }
  return "";
}

function markdown(document: Document, { headline, size, steps, rules }: Explanation, context: HoverContext): string {
  const lines = [`**goesc**: ${headline}${size > 0 ? ` (${size} B)` : ""}`];
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
