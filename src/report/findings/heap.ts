/** Findings in the form that comparisons and baselines use. */
import type { Finding as Heap } from "../diff.ts";
import type { Finding } from "./model.ts";

/** Plain values on the heap are notes, as promises that cannot be checked are. */
export function isHeapNote({ level, rule }: Finding): boolean {
  return level === "note" && !rule.startsWith("promise-");
}

/** One entry for each time that the compiler says it, with the finding it comes from. */
export function heapOf(findings: readonly Finding[]): Map<Heap, Finding> {
  const entries = new Map<Heap, Finding>();
  for (const finding of findings) {
    if (!isHeapNote(finding)) continue;
    const { package: pkg, func, range, at, message, count } = finding;
    for (let i = 0; i < count; i++) {
      const heap = { package: pkg, func, file: range.file, line: at.line, col: at.col, text: message };
      entries.set(heap, finding);
    }
  }
  return entries;
}

/** The findings behind entries that are new, marked so. */
export function newFindings(entries: ReadonlyMap<Heap, Finding>, added: readonly Heap[], since: string): Finding[] {
  return [...new Set(added.flatMap((heap) => entries.get(heap) ?? []))].map((finding) => ({
    ...finding,
    level: "warning",
    message: `${finding.message} (new since ${since})`,
  }));
}
