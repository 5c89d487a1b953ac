/** What characters are and how messages show them (package unicode; fmt's %#U and %q). */

/** 1 for the bytes that can stand in an ASCII identifier. */
export const isIdentByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, c) =>
  isLetter(c) || (c >= 48 && c <= 57) ? 1 : 0,
);

export function isDecimal(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** An ASCII letter or `_`. */
export function isLetter(c: number): boolean {
  const lower = c | 32;
  return (lower >= 97 && lower <= 122) || c === 95;
}

export function isPrint(rune: number): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(String.fromCodePoint(rune));
}

/** `U+0040 '@'`; without the character if it cannot be printed. */
export function unicodeName(rune: number): string {
  const name = `U+${rune.toString(16).toUpperCase().padStart(4, "0")}`;
  return rune <= 0x10ffff && isPrint(rune) ? `${name} '${String.fromCodePoint(rune)}'` : name;
}

/** In single quotes, as a Go rune literal (strconv.QuoteRune). */
export function quoteRune(rune: number): string {
  return `'${escapeRune(rune)}'`;
}

function escapeRune(rune: number): string {
  switch (rune) {
    case 7:
      return "\\a";
    case 8:
      return "\\b";
    case 12:
      return "\\f";
    case 10:
      return "\\n";
    case 13:
      return "\\r";
    case 9:
      return "\\t";
    case 11:
      return "\\v";
    case 39:
      return "\\'";
    case 92:
      return "\\\\";
  }
  if (isPrint(rune)) return String.fromCodePoint(rune);
  const digits = rune.toString(16);
  if (rune < 0x80) return `\\x${digits.padStart(2, "0")}`;
  return rune < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

export function baseName(base: number): string {
  return base === 2 ? "binary" : base === 8 ? "octal" : base === 10 ? "decimal" : "hexadecimal";
}
