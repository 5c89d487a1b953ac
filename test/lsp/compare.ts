/** What the server says of a file, against what `goesc -m` prints for it. */
import { spawnSync } from "node:child_process";
import { basename, dirname } from "node:path";
import type { Diagnostic, Position } from "vscode-languageserver";
import type { Encoding } from "../../src/lsp/text.ts";
import { groupOf, kindOf } from "../../src/report/remark.ts";

export interface Remark {
  /** Counted from 0. */
  readonly line: number;
  /** Bytes. */
  readonly column: number;
  readonly message: string;
}

/** The remarks on one file of its package as it is on disk; null if that has errors. */
export function freshRemarks(bundle: string, file: string, env: Record<string, string> = {}): Remark[] | null {
  const { stdout, stderr, status } = spawnSync(process.execPath, [bundle, "-m", "."], {
    cwd: dirname(file),
    env: { ...process.env, ...env, PWD: dirname(file) },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) return null;
  const found = new Map<string, Remark>();
  for (const line of `${stdout}${stderr}`.split("\n")) {
    const match = /^(?:\.\/)?([^:\s]+):(\d+):(\d+): (.*)$/.exec(line);
    if (match === null || match[1] !== basename(file) || groupOf(kindOf(match[4])) === null) continue;
    found.set(line, { line: Number(match[2]) - 1, column: Number(match[3]) - 1, message: match[4] });
  }
  return [...found.values()];
}

/** Differences in words, none if the server says the same: every remark is said once, in a range that holds its place. */
export function differences(
  text: string,
  diagnostics: readonly Diagnostic[],
  remarks: readonly Remark[],
  encoding: Encoding,
): string[] {
  const lines = text.split("\n");
  const byMessage = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const message = String(diagnostic.message).replace(
      / \((?:\d+ B|allocates nothing|in a loop|in \d+ nested loops|\d+ instances|, )+\)$/,
      "",
    );
    byMessage.set(message, [...(byMessage.get(message) ?? []), diagnostic]);
  }
  const out: string[] = [];
  for (const { line, column, message } of remarks) {
    const character = inEncoding(lines[line], column, encoding);
    const list = byMessage.get(message) ?? [];
    // The closest one, for expressions that hold others of which the same is said.
    const fits = list.filter(
      ({ range }) => !isBefore({ line, character }, range.start) && !isBefore(range.end, { line, character }),
    );
    const best = fits.sort((a, b) => (isBefore(a.range.start, b.range.start) ? 1 : -1)).at(0);
    if (best === undefined) out.push(`missing: ${line + 1}:${column + 1}: ${message}`);
    else list.splice(list.indexOf(best), 1);
  }
  for (const list of byMessage.values()) {
    for (const { range, message } of list)
      out.push(`surplus: ${range.start.line + 1}:${range.start.character}: ${message}`);
  }
  return out;
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function inEncoding(line: string, column: number, encoding: Encoding): number {
  if (encoding === "utf-8") return column;
  const before = Buffer.from(line).subarray(0, column).toString();
  return encoding === "utf-16" ? before.length : [...before].length;
}
