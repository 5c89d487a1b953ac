/** Makes a program smaller as long as a property holds, by leaving out or replacing what its tree consists of. */
import { FileSet } from "../../../src/base/pos.ts";
import { parseFile } from "../../../src/syntax/parse.ts";

export function shrink(source: string, holds: (candidate: string) => boolean): string {
  let best = source;
  let tries = 0;
  const attempt = (candidate: string): boolean => {
    if (candidate === best || tries++ > 1500) return false;
    if (!parses(candidate) || !holds(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let round = 0; round < 6; round++) {
    const before = best;
    dropChunks(attempt, () => best);
    dropBraces(attempt, () => best);
    simplify(attempt, () => best);
    if (best === before) break;
  }
  return best;
}

function parses(text: string): boolean {
  return parseFile(new FileSet(), "x.go", new TextEncoder().encode(text)).errors.length === 0;
}

type Attempt = (candidate: string) => boolean;

/** Pieces of a program that stand on lines of their own: a line, with all to the closing brace of what it opens. */
function chunkEnd(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start]);
  if (!/[{(]$/.test(lines[start])) return start + 1;
  for (let i = start + 1; i < lines.length; i++) {
    if (indentOf(lines[i]) === indent && /^\t*[})]/.test(lines[i])) {
      // `} else {` and `}, func() {` go on
      if (/[{(]$/.test(lines[i])) continue;
      return i + 1;
    }
  }
  return start + 1;
}

function indentOf(line: string): number {
  return /^\t*/.exec(line)?.[0].length ?? 0;
}

function dropChunks(attempt: Attempt, best: () => string): void {
  // The largest first: declarations, then statements from the outside in.
  for (let depth = 0; depth < 8; depth++) {
    let lines = best().split("\n");
    for (let i = lines.length - 1; i >= 0; i--) {
      if (i >= lines.length || lines[i] === "" || indentOf(lines[i]) !== depth) continue;
      if (/^\t*[})]/.test(lines[i]) || lines[i].startsWith("package")) continue;
      const end = chunkEnd(lines, i);
      const without = [...lines.slice(0, i), ...lines.slice(end)];
      // with the `_ = x` that may follow
      const extra = /^\t*_ = \w+$/.test(lines[end] ?? "") ? 1 : 0;
      if (
        attempt(without.join("\n")) ||
        (extra > 0 && attempt([...lines.slice(0, i), ...lines.slice(end + extra)].join("\n")))
      ) {
        lines = best().split("\n");
      }
    }
  }
}

/** Replaces a block statement by what is in it, and bodies by nothing. */
function dropBraces(attempt: Attempt, best: () => string): void {
  let lines = best().split("\n");
  for (let i = lines.length - 1; i >= 0; i--) {
    if (i >= lines.length || !/[{]$/.test(lines[i])) continue;
    const end = chunkEnd(lines, i);
    if (end <= i + 1) continue;
    const inner = lines.slice(i + 1, end - 1);
    const unwrapped = [...lines.slice(0, i), ...inner.map((line) => line.replace(/^\t/, "")), ...lines.slice(end)];
    if (indentOf(lines[i]) > 0 && attempt(unwrapped.join("\n"))) {
      lines = best().split("\n");
      continue;
    }
    const empty = [...lines.slice(0, i + 1), lines[end - 1], ...lines.slice(end)];
    if (inner.length > 0 && attempt(empty.join("\n"))) lines = best().split("\n");
  }
}

/** Replaces bracketed parts and operands of a line by shorter ones. */
function simplify(attempt: Attempt, best: () => string): void {
  for (let i = 0; i < best().split("\n").length; i++) {
    for (let changed = true, rounds = 0; changed && rounds < 12; rounds++) {
      changed = false;
      const lines = best().split("\n");
      const line = lines[i] ?? "";
      for (const shorter of shorterLines(line)) {
        if (attempt([...lines.slice(0, i), shorter, ...lines.slice(i + 1)].join("\n"))) {
          changed = true;
          break;
        }
      }
    }
  }
}

function* shorterLines(line: string): Generator<string> {
  const pairs: [number, number][] = [];
  const stack: number[] = [];
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === "(" || c === "[" || c === "{") stack.push(i);
    else if (c === ")" || c === "]" || c === "}") {
      const open = stack.pop();
      if (open !== undefined) pairs.push([open, i]);
    }
  }
  pairs.sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
  for (const [open, close] of pairs) {
    const inner = line.slice(open + 1, close);
    if (inner !== "") {
      yield line.slice(0, open + 1) + line.slice(close);
      for (const filler of ["nil", "0", '""']) {
        if (inner.length > filler.length) yield line.slice(0, open + 1) + filler + line.slice(close);
      }
    }
    // each element of a list
    const parts = splitTop(inner);
    if (parts.length > 1) {
      for (let k = 0; k < parts.length; k++) {
        const rest = parts.filter((_, n) => n !== k);
        yield line.slice(0, open + 1) + rest.join(",") + line.slice(close);
        if (parts[k].trim().length > 3) {
          for (const filler of ["nil", "0"]) {
            const changed = parts.map((p, n) => (n === k ? ` ${filler}` : p));
            yield line.slice(0, open + 1) + changed.join(",").trimStart() + line.slice(close);
          }
        }
      }
    }
    // the operand instead of the call or conversion around it
    const word = /[\w.]+$/.exec(line.slice(0, open));
    if (word !== null && line[open] === "(") yield line.slice(0, word.index) + inner + line.slice(close + 1);
    if (line[open] === "(" && word === null) yield line.slice(0, open) + inner + line.slice(close + 1);
  }
  const assigned = /^(.*?:?= )(.*)$/.exec(line);
  if (assigned !== null) {
    for (const filler of ["nil", "0", '""']) if (assigned[2].length > 3) yield assigned[1] + filler;
  }
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "(" || c === "[" || c === "{") depth++;
    else if (c === ")" || c === "]" || c === "}") depth--;
    else if (c === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
