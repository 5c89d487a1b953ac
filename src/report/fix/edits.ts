/** Changes of source text: applied in memory, shown as a unified diff. */
import type { FileSet, Pos } from "../../base/pos.ts";

export interface TextEdit {
  readonly start: Pos;
  /** The first position after what is replaced; equal to `start` to insert. */
  readonly end: Pos;
  readonly text: string;
}

/** One way to change the program. */
export interface Candidate {
  /** What is done: `Return the value instead of a pointer.` */
  readonly title: string;
  /** What else the reader has to know; "" if the program behaves as before. */
  readonly note: string;
  readonly edits: readonly TextEdit[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The changed files by name; null if edits overlap or lie outside of files. */
export function applyEdits(
  fset: FileSet,
  readFile: (name: string) => Uint8Array,
  edits: readonly TextEdit[],
): Map<string, Uint8Array> | null {
  const byFile = new Map<string, { base: Pos; edits: TextEdit[] }>();
  for (const edit of edits) {
    const file = edit.start < 0 ? null : fset.file(edit.start);
    if (file === null) return null;
    const group = byFile.get(file.name);
    if (group === undefined) byFile.set(file.name, { base: file.base, edits: [edit] });
    else group.edits.push(edit);
  }
  const changed = new Map<string, Uint8Array>();
  for (const [name, group] of byFile) {
    const text = readFile(name);
    const parts: Uint8Array[] = [];
    let at = 0;
    const seen = new Set<string>();
    for (const { start, end, text: replacement } of [...group.edits].sort(
      (x, y) => x.start - y.start || x.end - y.end,
    )) {
      const key = `${start} ${end} ${replacement}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const from = start - group.base;
      if (from < at) return null;
      parts.push(text.subarray(at, from), encoder.encode(replacement));
      at = end - group.base;
    }
    parts.push(text.subarray(at));
    changed.set(name, concat(parts));
  }
  return changed;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const context = 3;

/** The difference between two texts as `diff -u` prints it, without file times. */
export function unifiedDiff(name: string, before: Uint8Array, after: Uint8Array): string {
  const a = lines(before);
  const b = lines(after);
  const script = compare(a, b);
  let text = `--- ${name}\n+++ ${name}\n`;
  for (let i = 0; i < script.length; ) {
    if (script[i].kind === " ") {
      i++;
      continue;
    }
    let start = Math.max(0, i - context);
    let end = i;
    for (let same = 0; end < script.length && same <= 2 * context; end++)
      same = script[end].kind === " " ? same + 1 : 0;
    while (end > i && script[end - 1].kind === " " && trailing(script, end) > context) end--;
    while (start > 0 && script[start].kind !== " ") start--;
    const hunk = script.slice(start, end);
    const before = script.slice(0, start);
    const count = (list: readonly Line[], skip: string) => list.filter((line) => line.kind !== skip).length;
    text += `@@ -${count(before, "+") + 1},${count(hunk, "+")} +${count(before, "-") + 1},${count(hunk, "-")} @@\n`;
    for (const line of hunk) text += `${line.kind}${line.text}\n`;
    i = end;
  }
  return text;
}

interface Line {
  readonly kind: " " | "-" | "+";
  readonly text: string;
}

function trailing(script: readonly Line[], end: number): number {
  let n = 0;
  while (n < end && script[end - 1 - n].kind === " ") n++;
  return n;
}

function lines(text: Uint8Array): string[] {
  const list = decoder.decode(text).split("\n");
  if (list[list.length - 1] === "") list.pop();
  return list;
}

/** A shortest edit script: what both ends share is set aside, the middle is compared by longest common subsequence. */
function compare(a: readonly string[], b: readonly string[]): Line[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const x = a.slice(head, a.length - tail);
  const y = b.slice(head, b.length - tail);
  const width = y.length + 1;
  const table = new Int32Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) {
      table[i * width + j] =
        x[i] === y[j]
          ? table[(i + 1) * width + j + 1] + 1
          : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  const script: Line[] = a.slice(0, head).map((text) => ({ kind: " ", text }));
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      script.push({ kind: " ", text: x[i++] });
      j++;
    } else if (i < x.length && (j >= y.length || table[(i + 1) * width + j] >= table[i * width + j + 1])) {
      script.push({ kind: "-", text: x[i++] });
    } else {
      script.push({ kind: "+", text: y[j++] });
    }
  }
  for (const text of a.slice(a.length - tail)) script.push({ kind: " ", text });
  return script;
}
