/** Lines that a change touches. Where a receiver's limits leave findings out, those on such lines are kept. */
import { type Finding, levels, type Report } from "./model.ts";

/** First and last lines of what was changed, by file, named as in findings. */
export type ChangedLines = ReadonlyMap<string, readonly (readonly [first: number, last: number])[]>;

/** Reads the output of `git diff --unified=0 --no-prefix`. Lines that are only gone are no lines. */
export function readDiff(text: string): Map<string, [number, number][]> {
  const changed = new Map<string, [number, number][]>();
  let file = "";
  let left = 0; // lines of the hunk that are still to come: they may look like headers
  for (const line of text.split("\n")) {
    if (left > 0) {
      if (!line.startsWith("\\")) left--;
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk !== null) {
      const first = Number(hunk[2]);
      const count = Number(hunk[3] ?? 1);
      left = Number(hunk[1] ?? 1) + count;
      if (count > 0 && file !== "") changed.get(file)!.push([first, first + count - 1]);
      continue;
    }
    const name = /^\+\+\+ (.*?)\t?$/.exec(line)?.[1];
    if (name === undefined) continue;
    file = name === "/dev/null" ? "" : name;
    if (file !== "") changed.set(file, []);
  }
  return changed;
}

/** Findings in the order in which a receiver with limits is to get them: broken promises before facts, as always, then
 *  those on changed lines. */
export function changedFirst({ findings, changed }: Pick<Report, "findings" | "changed">): readonly Finding[] {
  if (changed === null) return findings;
  const order = (finding: Finding): number => levels.indexOf(finding.level) * 2 + (isChanged(finding, changed) ? 0 : 1);
  return [...findings].sort((a, b) => order(a) - order(b));
}

function isChanged({ range }: Finding, changed: ChangedLines): boolean {
  return changed.get(range.file)?.some(([first, last]) => first <= range.endLine && range.line <= last) ?? false;
}

/** Which findings are left out, for a note. */
export function leastText({ changed }: Pick<Report, "changed">): string {
  return changed === null
    ? "those that cost least"
    : "those on lines that were not changed, then those that cost least";
}
