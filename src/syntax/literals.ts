/** Literals: numbers, runes and strings (the part of that name of cmd/compile/internal/syntax/scanner.go). */
import type { Pos } from "../base/pos.ts";
import { LitKind } from "./ast.ts";
import { baseName, isDecimal, isIdentByte, quoteRune, unicodeName } from "./chars.ts";
import { Source } from "./source.ts";
import { Op, TokenKind } from "./tokens.ts";

const MaxRune = 0x10ffff;

/** A {@link Source} with a current token that can be a literal. */
export abstract class LiteralScanner extends Source {
  // The current token, valid after next().
  tok: TokenKind = TokenKind.None;
  /** Where the token starts. */
  pos: Pos = 0;
  /** Of a Name or Literal its text, of a Semi how it came about: "semicolon", "newline" or "EOF". */
  lit = "";
  /** Of a Literal: an error was reported for it. */
  bad = false;
  litKind: LitKind = LitKind.Int;
  op: Op = Op.None;
  prec = 0;
  /** Where the token before the current one ended. */
  prevEnd: Pos = 0;
  /** A line break after the token is a semicolon. */
  protected nlsemi = false;

  private setLit(start: number, kind: LitKind, ok: boolean): void {
    this.nlsemi = true;
    this.tok = TokenKind.Literal;
    this.lit = this.slice(start, this.i);
    this.bad = !ok;
    this.litKind = kind;
  }

  protected number(start: number, afterPoint: boolean): void {
    if (!afterPoint && this.plainInt(start)) return;
    let seenPoint = afterPoint;
    let ok = true;
    let kind = LitKind.Int;
    let base = 10;
    let prefix = 0; // 0 (decimal), "0" (octal), "x", "o" or "b"
    let digsep = 0; // bit 0: digit present, bit 1: "_" present
    let invalid = -1; // index of the first invalid digit
    if (!seenPoint) {
      if (this.ch === 48) {
        this.nextch();
        const letter = this.ch | 32;
        if (this.ch > 0 && (letter === 120 || letter === 111 || letter === 98)) {
          this.nextch();
          base = letter === 120 ? 16 : letter === 111 ? 8 : 2;
          prefix = letter;
        } else {
          base = 8;
          prefix = 48;
          digsep = 1;
        }
      }
      const digits = this.digits(base, start);
      digsep |= digits & 3;
      invalid = (digits >> 2) - 1;
      if (this.ch === 46) {
        if (prefix === 111 || prefix === 98) {
          this.error(`invalid radix point in ${baseName(base)} literal`);
          ok = false;
        }
        this.nextch();
        seenPoint = true;
      }
    }
    if (seenPoint) {
      kind = LitKind.Float;
      const digits = this.digits(base, start);
      digsep |= digits & 3;
      if (invalid < 0) invalid = (digits >> 2) - 1;
    }
    if ((digsep & 1) === 0 && ok) {
      this.error(`${baseName(base)} literal has no digits`);
      ok = false;
    }
    const e = this.ch < 0 ? 0 : this.ch | 32;
    if (e === 101 || e === 112) {
      if (ok) {
        if (e === 101 && prefix !== 0 && prefix !== 48) {
          this.error(`${quoteRune(this.ch)} exponent requires decimal mantissa`);
          ok = false;
        } else if (e === 112 && prefix !== 120) {
          this.error(`${quoteRune(this.ch)} exponent requires hexadecimal mantissa`);
          ok = false;
        }
      }
      this.nextch();
      kind = LitKind.Float;
      if (this.ch === 43 || this.ch === 45) this.nextch();
      digsep = (this.digits(10, start) & 3) | (digsep & 2);
      if ((digsep & 1) === 0 && ok) {
        this.error("exponent has no digits");
        ok = false;
      }
    } else if (prefix === 120 && kind === LitKind.Float && ok) {
      this.error("hexadecimal mantissa requires a 'p' exponent");
      ok = false;
    }
    if (this.ch === 105) {
      kind = LitKind.Imag;
      this.nextch();
    }
    this.setLit(start, kind, ok);
    if (kind === LitKind.Int && invalid >= 0 && ok) {
      const digit = quoteRune(this.lit.charCodeAt(invalid));
      this.errorAt(this.base + start + invalid, `invalid digit ${digit} in ${baseName(base)} literal`);
      ok = false;
    }
    if ((digsep & 2) !== 0 && ok) {
      const at = invalidSep(this.lit);
      if (at >= 0) {
        this.errorAt(this.base + start + at, "'_' must separate successive digits");
        ok = false;
      }
    }
    this.bad = !ok;
  }

  /** Reads a decimal integer without any trimmings, which most numbers are; false if there is more to it. */
  private plainInt(start: number): boolean {
    const src = this.src;
    let i = start + 1;
    let c = src[i];
    if (src[start] !== 48) while (c >= 48 && c <= 57) c = src[++i];
    if (isIdentByte[c] !== 0 || c === 46 || c === 0 || c >= 0x80) return false;
    this.load(i);
    this.nlsemi = true;
    this.tok = TokenKind.Literal;
    this.lit = this.text.slice(start, i);
    this.bad = false;
    this.litKind = LitKind.Int;
    return true;
  }

  /** Reads digits and `_`. Bit 0 of the result: there were digits, bit 1: there were `_`; above these
   *  one more than the index in the literal of the first digit that is too large for the base. */
  private digits(base: number, start: number): number {
    let digsep = 0;
    let invalid = -1;
    for (;;) {
      const ch = this.ch;
      if (ch === 95) {
        digsep |= 2;
      } else if (isDecimal(ch)) {
        if (base <= 10 && ch >= 48 + base && invalid < 0) invalid = this.i - start;
        digsep |= 1;
      } else if (base > 10 && (ch | 32) >= 97 && (ch | 32) <= 102) {
        digsep |= 1;
      } else {
        return digsep | ((invalid + 1) << 2);
      }
      this.nextch();
    }
  }

  protected rune(start: number): void {
    let ok = true;
    this.nextch();
    for (let n = 0; ; n++) {
      if (this.ch === 39) {
        if (ok) {
          if (n === 0) {
            this.error("empty rune literal or unescaped '");
            ok = false;
          } else if (n !== 1) {
            this.errorAt(this.base + start, "more than one character in rune literal");
            ok = false;
          }
        }
        this.nextch();
        break;
      }
      if (this.ch === 92) {
        this.nextch();
        if (!this.escape(39)) ok = false;
        continue;
      }
      if (this.ch === 10) {
        if (ok) {
          this.error("newline in rune literal");
          ok = false;
        }
        break;
      }
      if (this.ch < 0) {
        if (ok) {
          this.errorAt(this.base + start, "rune literal not terminated");
          ok = false;
        }
        break;
      }
      this.nextch();
    }
    this.setLit(start, LitKind.Rune, ok);
  }

  protected stdString(start: number): void {
    const src = this.src;
    let ok = true;
    let i = start + 1;
    let c = src[i];
    while (c !== 34 && c !== 92 && c !== 10 && c !== 0 && c < 0x80) c = src[++i];
    this.load(i);
    for (;;) {
      const ch = this.ch;
      if (ch === 34) {
        this.nextch();
        break;
      }
      if (ch === 92) {
        this.nextch();
        if (!this.escape(34)) ok = false;
        continue;
      }
      if (ch === 10) {
        this.error("newline in string");
        ok = false;
        break;
      }
      if (ch < 0) {
        this.errorAt(this.base + start, "string not terminated");
        ok = false;
        break;
      }
      this.nextch();
    }
    this.setLit(start, LitKind.String, ok);
  }

  protected rawString(start: number): void {
    const src = this.src;
    let ok = true;
    this.nextch();
    for (;;) {
      if (this.ch === 96) {
        this.nextch();
        break;
      }
      if (this.ch < 0) {
        this.errorAt(this.base + start, "string not terminated");
        ok = false;
        break;
      }
      let i = this.i + this.chw;
      let c = src[i];
      while (c !== 96 && c !== 0 && c < 0x80) c = src[++i];
      this.load(i);
    }
    this.setLit(start, LitKind.String, ok);
  }

  private escape(quote: number): boolean {
    let n: number;
    let base = 16;
    let max = MaxRune;
    switch (this.ch) {
      case quote:
      case 97:
      case 98:
      case 102:
      case 110:
      case 114:
      case 116:
      case 118:
      case 92:
        this.nextch();
        return true;
      case 48:
      case 49:
      case 50:
      case 51:
      case 52:
      case 53:
      case 54:
      case 55:
        n = 3;
        base = 8;
        max = 255;
        break;
      case 120:
        this.nextch();
        n = 2;
        max = 255;
        break;
      case 117:
        this.nextch();
        n = 4;
        break;
      case 85:
        this.nextch();
        n = 8;
        break;
      default:
        if (this.ch < 0) return true; // the caller complains about the end of the file
        this.error("unknown escape");
        return false;
    }
    let x = 0;
    for (let i = n; i > 0; i--) {
      const ch = this.ch;
      if (ch < 0) return true;
      let d = base;
      if (isDecimal(ch)) d = ch - 48;
      else if ((ch | 32) >= 97 && (ch | 32) <= 102) d = (ch | 32) - 87;
      if (d >= base) {
        this.error(`invalid character ${quoteRune(ch)} in ${baseName(base)} escape`);
        return false;
      }
      x = x * base + d;
      this.nextch();
    }
    if (x > max && base === 8) {
      this.error(`octal escape value ${x} > 255`);
      return false;
    }
    if (x > max || (x >= 0xd800 && x < 0xe000)) {
      this.error(`escape is invalid Unicode code point ${unicodeName(x)}`);
      return false;
    }
    return true;
  }
}

/** Index of the first `_` in number `x` that stands in a wrong place, or -1. */
function invalidSep(x: string): number {
  const digit = 48;
  const separator = 95;
  const other = 46;
  let hex = false;
  let d = other;
  let i = 0;
  if (x.length >= 2 && x.charCodeAt(0) === 48) {
    const letter = x.charCodeAt(1) | 32;
    if (letter === 120 || letter === 111 || letter === 98) {
      hex = letter === 120;
      d = digit; // a prefix counts as a digit
      i = 2;
    }
  }
  for (; i < x.length; i++) {
    const before = d;
    d = x.charCodeAt(i);
    if (d === separator) {
      if (before !== digit) return i;
    } else if (isDecimal(d) || (hex && (d | 32) >= 97 && (d | 32) <= 102)) {
      d = digit;
    } else {
      if (before === separator) return i - 1;
      d = other;
    }
  }
  return d === separator ? x.length - 1 : -1;
}
