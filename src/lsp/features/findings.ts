/** What diagnostics, hints and lenses have in common: the findings of a document in its present text, and their words. */

import { groupOf, type RemarkGroup } from "../../report/remark.ts";
import { ruleById } from "../../report/rules.ts";
import { type Document, placed } from "../documents.ts";
import type { Finding, FunctionView } from "../engine/model.ts";
import type { ByteRange, Difference } from "../text.ts";
import type { ProfileOverlay } from "./profile.ts";

/** A finding at its absolute place in the present text. */
export interface Placed extends ByteRange {
  readonly finding: Finding;
  readonly fn: FunctionView;
  readonly group: RemarkGroup;
  readonly flow: readonly (ByteRange & { readonly text: string })[];
}

/** In the order of the file; with a range, those of functions that reach into it. */
export function placedFindings(document: Document, range: ByteRange | null = null): Placed[] {
  const all: Placed[] = [];
  const { change } = document;
  for (const fn of document.decided?.view.functions ?? []) {
    if (range !== null) {
      const at = placed(fn, change);
      if (at !== null && (at.end < range.start || at.start > range.end)) continue;
    }
    for (const found of placedIn(fn, change)) all.push(found);
  }
  return all;
}

/** Of one function, moved by what has changed since the view. */
export function placedIn(fn: FunctionView, change: Difference | null): Placed[] {
  const list: Placed[] = [];
  for (const finding of fn.findings ?? []) {
    const group = groupOf(finding.kind);
    if (group === null) continue;
    const at = placed({ start: fn.start + finding.start, end: fn.start + finding.end }, change);
    if (at === null) continue;
    const flow: Placed["flow"][number][] = [];
    for (const { text, start, end } of finding.flow) {
      const place = placed({ start: fn.start + start, end: fn.start + end }, change);
      if (place !== null) flow.push({ text, start: place.start, end: place.end });
    }
    list.push({ start: at.start, end: at.end, finding, fn, group, flow });
  }
  return list.sort((x, y) => x.start - y.start || x.end - y.end);
}

/** Bytes that a profile has at the value; 0 for none. */
export function profiledBytes(document: Document, profile: ProfileOverlay | null, { finding, start }: Placed): number {
  const at = start + finding.at - finding.start;
  return profile?.bytesOf(document.decided?.view.importPath ?? "", document.file, document.text, at, finding) ?? 0;
}

export function sizeText(size: number): string {
  if (size === 0) return "allocates nothing";
  return size < 0 ? "" : `${size} B`;
}

/** The short form beside the code. */
export function shortText({ kind, message, size }: Finding): string {
  switch (kind) {
    case "moved":
    case "escapes":
      return size === 0 ? sizeText(size) : `heap ${sizeText(size)}`.trim();
    case "stays":
      return "stack";
    case "leak": {
      const result = / to result (\S+)/.exec(message);
      if (result !== null) return `leaks to ${result[1]}`;
      return message.startsWith("leaking param content") ? "content leaks" : "leaks";
    }
    default:
      return message;
  }
}

/** The rule as people read it; "" without one. */
export function ruleText(id: string): string {
  const rule = id === "" ? null : ruleById(id);
  return rule === null ? "" : rule.instead === "" ? rule.text : `${rule.text}\n\n${rule.instead}`;
}
