/** Go literals → constant values, and byte strings ↔ text.
 *
 *  Mirrors MakeFromLiteral of go/constant with strconv.Unquote and the number parser of math/big. The text given is a
 *  JS string as it stands in the source; a string constant's value has one char code per UTF-8 byte. */
import { exponent, type Float, floatFromParts } from "./bigfloat.ts";
import { Complex, makeFloat, makeRat, maxRatExp, newRat, UnknownValue, type Value } from "./constant.ts";

export function intFromLiteral(lit: string): Value {
  const small = smallDecimal(lit);
  if (small >= 0) return smallInt(small);
  if (lit.length > 2 && lit.indexOf("_") >= 0) lit = lit.replaceAll("_", "");
  if (lit.length > 1 && lit.charCodeAt(0) === 48 && lit.charCodeAt(1) >= 48 && lit.charCodeAt(1) <= 57) {
    lit = `0o${lit.slice(1)}`; // 0755
  }
  if (!/^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)$/.test(lit)) return UnknownValue;
  return BigInt(lit);
}

/** The values that most literals have, made once. */
const smallInts: bigint[] = [];
const maxSmallInt = 1024;

function smallInt(n: number): bigint {
  if (n >= maxSmallInt) return BigInt(n);
  smallInts[n] ??= BigInt(n);
  return smallInts[n];
}

/** The value of up to nine decimal digits, -1 for any other literal. */
function smallDecimal(lit: string): number {
  const n = lit.length;
  if (n > 9 || (n > 1 && lit.charCodeAt(0) === 48)) return -1;
  let value = 0;
  for (let i = 0; i < n; i++) {
    const digit = lit.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

export function imagFromLiteral(lit: string): Value {
  const im = floatFromLiteral(lit.slice(0, -1));
  return im === UnknownValue ? UnknownValue : new Complex(0n, im);
}

/** Also reads integers, decimal even with leading zeros (imaginary `0123i` is 123i). */
export function floatFromLiteral(lit: string): Value {
  if (lit.indexOf("_") >= 0) lit = lit.replaceAll("_", "");
  const prefix = lit.length > 1 && lit[0] === "0" ? lit[1].toLowerCase() : "";
  const base = prefix === "x" ? 16 : prefix === "o" ? 8 : prefix === "b" ? 2 : 10;
  const match = (base === 16 ? hexFloat : base === 10 ? decimalFloat : binaryInt).exec(lit);
  if (match === null) return UnknownValue;
  const whole = match[1];
  const fraction = match[2] ?? "";
  const digits = whole + fraction;
  const mant = BigInt(base === 10 ? digits : `0${prefix}${digits}`);
  if (mant === 0n) return newRat(0n, 1n);
  const exp = match[3] === undefined ? 0 : Number(match[3]);
  let exp2 = 0;
  let exp5 = 0;
  if (base === 10) exp2 = exp5 = exp - fraction.length;
  else exp2 = exp - fraction.length * 4;
  // A number of so few digits is small enough for a fraction: no need to ask for its exponent.
  if (digits.length + Math.abs(exp) > 1200) {
    const approximate = floatFromParts(mant, exp2, exp5);
    if (approximate === null) return UnknownValue;
    if (approximate.mant === 0n) return newRat(0n, 1n);
    if (!isSmall(approximate)) return makeFloat(approximate);
  }
  const scale = exp2 === 0 ? 1n : base === 10 ? 10n ** BigInt(Math.abs(exp2)) : 2n ** BigInt(Math.abs(exp2));
  return exp2 >= 0 ? newRat(mant * scale, 1n) : makeRat(mant, scale, true);
}

const decimalFloat = /^([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;
const hexFloat = /^0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?$/;
const binaryInt = /^0[oObB]([0-7]+)$/;

function isSmall(x: Float): boolean {
  const e = exponent(x);
  return -maxRatExp < e && e < maxRatExp;
}

/** `'x'`, with its quotes. */
export function runeFromLiteral(lit: string): Value {
  if (lit.charCodeAt(1) !== Backslash) {
    const code = lit.codePointAt(1);
    return code === undefined ? UnknownValue : BigInt(code);
  }
  const seq = readEscape(lit, 2);
  return seq === null ? UnknownValue : BigInt(seq.code);
}

/** `"..."` or a raw string, with its quotes. */
export function stringFromLiteral(lit: string): Value {
  const body = lit.slice(1, -1);
  if (lit.charCodeAt(0) === 96) return utf8Bytes(body.indexOf("\r") >= 0 ? body.replaceAll("\r", "") : body);
  let backslash = body.indexOf("\\");
  if (backslash < 0) return utf8Bytes(body);
  let bytes = "";
  let start = 0;
  while (backslash >= 0) {
    bytes += utf8Bytes(body.slice(start, backslash));
    const seq = readEscape(body, backslash + 1);
    if (seq === null) return UnknownValue;
    bytes += seq.isByte ? String.fromCharCode(seq.code) : utf8Rune(seq.code);
    start = seq.next;
    backslash = body.indexOf("\\", start);
  }
  return bytes + utf8Bytes(body.slice(start));
}

const Backslash = 92;

interface Escape {
  readonly code: number;
  /** `\x` and octal escapes are bytes, the others runes. */
  readonly isByte: boolean;
  readonly next: number;
}

/** Reads what follows the backslash at `at - 1`. */
function readEscape(text: string, at: number): Escape | null {
  const kind = text[at];
  const simple = simpleEscapes.indexOf(kind);
  if (simple >= 0) return { code: simpleCodes[simple], isByte: false, next: at + 1 };
  let length = 0;
  let base = 16;
  let from = at + 1;
  if (kind === "x") length = 2;
  else if (kind === "u") length = 4;
  else if (kind === "U") length = 8;
  else if (kind >= "0" && kind <= "7") {
    length = 3;
    base = 8;
    from = at;
  } else return null;
  const code = Number.parseInt(text.slice(from, from + length), base);
  if (Number.isNaN(code)) return null;
  return { code, isByte: base === 8 || kind === "x", next: from + length };
}

const simpleEscapes = "abfnrtv\\'\"";
const simpleCodes: readonly number[] = [7, 8, 12, 10, 13, 9, 11, 92, 39, 34];

// ---------------------------------------------------------------------------------------------------- byte strings

/** The UTF-8 encoding of a text, one char code per byte. */
export function utf8Bytes(text: string): string {
  let ascii = 0;
  while (ascii < text.length && text.charCodeAt(ascii) < 0x80) ascii++;
  if (ascii === text.length) return text;
  let bytes = text.slice(0, ascii);
  for (let i = ascii; i < text.length; ) {
    const code = text.codePointAt(i) as number;
    bytes += utf8Rune(code);
    i += code > 0xffff ? 2 : 1;
  }
  return bytes;
}

/** One rune as bytes; surrogates and values out of range become U+FFFD. */
export function utf8Rune(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) code = 0xfffd;
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  return String.fromCharCode(
    0xf0 | (code >> 18),
    0x80 | ((code >> 12) & 63),
    0x80 | ((code >> 6) & 63),
    0x80 | (code & 63),
  );
}

/** Decodes the rune at byte `at`; a code of -1 and size 1 stands for an invalid byte. */
export function decodeRune(bytes: string, at: number): { code: number; size: number } {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { code: first, size: 1 };
  const size =
    first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (size === 0 || at + size > bytes.length) return { code: -1, size: 1 };
  let code = first & (0x7f >> size);
  for (let i = 1; i < size; i++) {
    const next = bytes.charCodeAt(at + i);
    if (next < 0x80 || next > 0xbf) return { code: -1, size: 1 };
    code = (code << 6) | (next & 63);
  }
  const overlong = (size === 3 && code < 0x800) || (size === 4 && (code < 0x10000 || code > 0x10ffff));
  if (overlong || (code >= 0xd800 && code <= 0xdfff)) return { code: -1, size: 1 };
  return { code, size };
}

/** The text that a byte string encodes; invalid bytes become U+FFFD. */
export function textOfBytes(bytes: string): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const { code, size } = decodeRune(bytes, i);
    text += String.fromCodePoint(code < 0 ? 0xfffd : code);
    i += size;
  }
  return text;
}

/** A byte string as a Go string literal (strconv.Quote). */
export function quoteBytes(bytes: string): string {
  let text = '"';
  for (let i = 0; i < bytes.length; ) {
    const { code, size } = decodeRune(bytes, i);
    text += code < 0 ? hexEscape("x", bytes.charCodeAt(i), 2) : quoteRune(code);
    i += size;
  }
  return `${text}"`;
}

function quoteRune(code: number): string {
  if (code === 34 || code === Backslash) return `\\${String.fromCharCode(code)}`;
  if (code >= 32 && code < 127) return String.fromCharCode(code);
  if (code < 128) {
    const simple = code === 39 ? -1 : simpleCodes.indexOf(code);
    return simple >= 0 ? `\\${simpleEscapes[simple]}` : hexEscape("x", code, 2);
  }
  const char = String.fromCodePoint(code);
  if (printable.test(char)) return char;
  return code < 0x10000 ? hexEscape("u", code, 4) : hexEscape("U", code, 8);
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

function hexEscape(kind: string, code: number, digits: number): string {
  return `\\${kind}${code.toString(16).padStart(digits, "0")}`;
}
