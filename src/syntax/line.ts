/** `//line` and `/*line*\/` directives (cmd/compile/internal/syntax/parser.go, updateBase). */

export interface Line {
  /** Where the file name is in the comment, in bytes. */
  nameAt: number;
  nameLength: number;
  /** The directive names no file but line and column: the file stays what it was. */
  sameFile: boolean;
  line: number;
  /** 0 if none is named. */
  col: number;
}

export interface LineError {
  error: string;
  /** Index in the comment of what is wrong. */
  at: number;
}

const PosMax = 1 << 30;

/** Reads the comment `raw` (one character for each byte); null if it is no directive after all. */
export function lineDirective(raw: string): Line | LineError | null {
  const prefix = "//line ".length;
  const trimmed = raw.endsWith("\r") ? raw.length - 1 : raw.length;
  const text = raw.charCodeAt(1) === 42 ? raw.slice(prefix, -2) : raw.slice(prefix, trimmed);
  const last = trailingDigits(text);
  if (last === null) return null;
  if (last.value < 0) return { error: "invalid line number", at: prefix + last.at };
  let rest = text.slice(0, last.at - 1);
  const before = trailingDigits(rest);
  let line = last.value;
  let lineAt = last.at;
  let col = 0;
  const hasCol = before !== null && before.value >= 0;
  if (hasCol) {
    line = before.value;
    lineAt = before.at;
    col = last.value;
    if (col === 0 || col > PosMax) return { error: "invalid column number", at: prefix + last.at };
    rest = rest.slice(0, before.at - 1);
  }
  if (line === 0 || line > PosMax) return { error: "invalid line number", at: prefix + lineAt };
  return { nameAt: prefix, nameLength: rest.length, sameFile: hasCol && rest === "", line, col };
}

/** The number after the last `:`, -1 if it is none; null without a `:`. */
function trailingDigits(text: string): { at: number; value: number } | null {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return null;
  const digits = text.slice(colon + 1);
  const valid = /^[0-9]+$/.test(digits) && BigInt(digits) < 1n << 64n;
  return { at: colon + 1, value: valid ? Number(digits) : -1 };
}
