/** Bytes to tokens, semicolons at line ends included.
 *
 *  Mirrors  cmd/compile/internal/syntax/scanner.go, Go 1.26.
 *  Reads    UTF-8 bytes; all offsets and positions count bytes.
 *  Holds    after {@link Scanner.next}, the current character is the one right after the current token. */
import { hashByte, type Interner } from "../base/intern.ts";
import type { SourceFile } from "../base/pos.ts";
import type { Comment } from "./ast.ts";
import { isDecimal, isIdentByte, isLetter, unicodeName } from "./chars.ts";
import { LiteralScanner } from "./literals.ts";
import { EndOfFile } from "./source.ts";
import { Op, TokenKind } from "./tokens.ts";

const keywords =
  "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var".split(
    " ",
  );

/** Tokens after which a line break is a semicolon. */
function endsStatement(keyword: TokenKind): boolean {
  switch (keyword) {
    case TokenKind.Break:
    case TokenKind.Continue:
    case TokenKind.Fallthrough:
    case TokenKind.Return:
      return true;
  }
  return false;
}

export abstract class Scanner extends LiteralScanner {
  readonly comments: Comment[] = [];

  constructor(
    file: SourceFile,
    source: Uint8Array,
    private readonly names: Interner,
    private readonly wantComments: boolean,
  ) {
    super(file, source);
    if (names.strings.length === 0) for (const keyword of keywords) names.numberOf(keyword);
  }

  /** A comment that starts with `go:` or `line `; `blank` says that nothing but white space precedes it on its line. */
  protected abstract directive(start: number, end: number, blank: boolean): void;

  // ------------------------------------------------------------------------------------------------ tokens

  next(): void {
    const nlsemi = this.nlsemi;
    const src = this.src;
    this.nlsemi = false;
    this.prevEnd = this.base + this.i;
    for (;;) {
      const from = this.i;
      let c = this.ch;
      while (c === 32 || c === 9 || c === 13 || (c === 10 && !nlsemi)) {
        let i = this.i;
        do c = src[++i];
        while (c === 32 || c === 9 || c === 13 || (c === 10 && !nlsemi));
        this.load(i);
        c = this.ch;
      }
      const start = this.i;
      this.pos = this.base + start;
      if (isLetter(c)) {
        this.ident();
        return;
      }
      if (c >= 0x80) {
        this.atIdentChar(true);
        this.wideIdent(start);
        return;
      }
      if (c !== 47 /* / */) {
        if (this.token(c, start, nlsemi)) return;
        continue;
      }
      this.load(start + 1);
      if (this.ch === 47) {
        this.lineComment(start, from);
      } else if (this.ch === 42 /* * */) {
        const lineBreak = this.fullComment(start, from);
        if (lineBreak && nlsemi) {
          this.lit = "newline";
          this.tok = TokenKind.Semi;
          return;
        }
      } else {
        this.operator(Op.Div, 5);
        return;
      }
    }
  }

  /** Reads a token that is neither name nor comment; false after a character that starts none. */
  private token(c: number, start: number, nlsemi: boolean): boolean {
    switch (c) {
      case EndOfFile:
        if (nlsemi) {
          this.lit = "EOF";
          this.tok = TokenKind.Semi;
        } else {
          this.tok = TokenKind.EOF;
        }
        return true;
      case 10:
        this.load(start + 1);
        this.lit = "newline";
        this.tok = TokenKind.Semi;
        return true;
      case 34 /* " */:
        this.stdString(start);
        return true;
      case 96 /* ` */:
        this.rawString(start);
        return true;
      case 39 /* ' */:
        this.rune(start);
        return true;
      case 40:
        this.load(start + 1);
        this.tok = TokenKind.Lparen;
        return true;
      case 91:
        this.load(start + 1);
        this.tok = TokenKind.Lbrack;
        return true;
      case 123:
        this.load(start + 1);
        this.tok = TokenKind.Lbrace;
        return true;
      case 44:
        this.load(start + 1);
        this.tok = TokenKind.Comma;
        return true;
      case 59:
        this.load(start + 1);
        this.lit = "semicolon";
        this.tok = TokenKind.Semi;
        return true;
      case 41:
        this.load(start + 1);
        this.nlsemi = true;
        this.tok = TokenKind.Rparen;
        return true;
      case 93:
        this.load(start + 1);
        this.nlsemi = true;
        this.tok = TokenKind.Rbrack;
        return true;
      case 125:
        this.load(start + 1);
        this.nlsemi = true;
        this.tok = TokenKind.Rbrace;
        return true;
      case 58 /* : */:
        this.load(start + 1);
        if (this.ch === 61) {
          this.nextch();
          this.tok = TokenKind.Define;
        } else {
          this.tok = TokenKind.Colon;
        }
        return true;
      case 46 /* . */:
        this.load(start + 1);
        if (isDecimal(this.ch)) {
          this.number(start, true);
        } else if (this.ch === 46 && this.src[this.i + 1] === 46) {
          this.load(this.i + 2);
          this.tok = TokenKind.DotDotDot;
        } else {
          if (this.ch === 46 && this.src[this.i + 1] === 10) this.miscountLine(start);
          this.tok = TokenKind.Dot;
        }
        return true;
      case 43:
        this.load(start + 1);
        this.operatorOrInc(Op.Add, 43);
        return true;
      case 45:
        this.load(start + 1);
        this.operatorOrInc(Op.Sub, 45);
        return true;
      case 42 /* * */:
        this.load(start + 1);
        this.op = Op.Mul;
        this.prec = 5;
        if (this.ch === 61) {
          this.nextch();
          this.tok = TokenKind.AssignOp;
        } else {
          this.tok = TokenKind.Star;
        }
        return true;
      case 37:
        this.load(start + 1);
        this.operator(Op.Rem, 5);
        return true;
      case 38 /* & */:
        this.load(start + 1);
        if (this.ch === 38) {
          this.nextch();
          this.plainOperator(Op.AndAnd, 2);
        } else if (this.ch === 94) {
          this.nextch();
          this.operator(Op.AndNot, 5);
        } else {
          this.operator(Op.And, 5);
        }
        return true;
      case 124 /* | */:
        this.load(start + 1);
        if (this.ch === 124) {
          this.nextch();
          this.plainOperator(Op.OrOr, 1);
        } else {
          this.operator(Op.Or, 4);
        }
        return true;
      case 94:
        this.load(start + 1);
        this.operator(Op.Xor, 4);
        return true;
      case 60 /* < */:
        this.load(start + 1);
        if (this.ch === 61) {
          this.nextch();
          this.plainOperator(Op.Leq, 3);
        } else if (this.ch === 60) {
          this.nextch();
          this.operator(Op.Shl, 5);
        } else if (this.ch === 45) {
          this.nextch();
          this.tok = TokenKind.Arrow;
        } else {
          this.plainOperator(Op.Lss, 3);
        }
        return true;
      case 62 /* > */:
        this.load(start + 1);
        if (this.ch === 61) {
          this.nextch();
          this.plainOperator(Op.Geq, 3);
        } else if (this.ch === 62) {
          this.nextch();
          this.operator(Op.Shr, 5);
        } else {
          this.plainOperator(Op.Gtr, 3);
        }
        return true;
      case 61 /* = */:
        this.load(start + 1);
        if (this.ch === 61) {
          this.nextch();
          this.plainOperator(Op.Eql, 3);
        } else {
          this.tok = TokenKind.Assign;
        }
        return true;
      case 33 /* ! */:
        this.load(start + 1);
        if (this.ch === 61) {
          this.nextch();
          this.plainOperator(Op.Neq, 3);
        } else {
          this.plainOperator(Op.Not, 0);
        }
        return true;
      case 126:
        this.load(start + 1);
        this.plainOperator(Op.Tilde, 0);
        return true;
    }
    if (isDecimal(c)) {
      this.number(start, false);
      return true;
    }
    this.error(`invalid character ${unicodeName(c)}`);
    this.nextch();
    return false;
  }

  /** The compiler steps back to the first point of `..`, and if a line ends right there it counts that line twice. */
  private miscountLine(start: number): void {
    const lines = Array.from(this.file.lines);
    lines.splice(this.file.lineIndex(start) + 1, 0, start);
    this.file.lines = lines;
  }

  private plainOperator(op: Op, prec: number): void {
    this.op = op;
    this.prec = prec;
    this.tok = TokenKind.Operator;
  }

  /** An operator that also has a form with `=`. */
  private operator(op: Op, prec: number): void {
    this.op = op;
    this.prec = prec;
    if (this.ch === 61) {
      this.nextch();
      this.tok = TokenKind.AssignOp;
    } else {
      this.tok = TokenKind.Operator;
    }
  }

  private operatorOrInc(op: Op, c: number): void {
    if (this.ch === c) {
      this.nextch();
      this.op = op;
      this.prec = 4;
      this.nlsemi = true;
      this.tok = TokenKind.IncOp;
    } else {
      this.operator(op, 4);
    }
  }

  // ------------------------------------------------------------------------------------------------ names

  private ident(): void {
    const src = this.src;
    const start = this.i;
    let i = start;
    let hash = 0;
    let c = src[i];
    do {
      hash = hashByte(hash, c);
      c = src[++i];
    } while (isIdentByte[c] !== 0);
    this.load(i);
    // A NUL that was left out continues the name, as does anything beyond ASCII.
    if (this.i !== i || this.ch >= 0x80) {
      this.wideIdent(start);
      return;
    }
    const number = this.names.number(src, start, i, hash);
    if (number < keywords.length) {
      this.tok = TokenKind.Break + number;
      this.nlsemi = endsStatement(this.tok);
      return;
    }
    this.nlsemi = true;
    this.lit = this.names.strings[number];
    this.tok = TokenKind.Name;
  }

  private wideIdent(start: number): void {
    if (this.i === start) this.nextch();
    while (isLetter(this.ch) || isDecimal(this.ch)) this.nextch();
    if (this.ch >= 0x80) while (this.atIdentChar(false)) this.nextch();
    this.lit = this.slice(start, this.i);
    const keyword = keywords.indexOf(this.lit);
    if (keyword >= 0) {
      this.tok = TokenKind.Break + keyword;
      this.nlsemi = endsStatement(this.tok);
      return;
    }
    this.nlsemi = true;
    this.tok = TokenKind.Name;
  }

  private atIdentChar(first: boolean): boolean {
    const ch = this.ch;
    if (ch < 0) return false;
    const char = String.fromCodePoint(ch);
    if (/^[\p{L}_]$/u.test(char)) return true;
    if (/^\p{Nd}$/u.test(char)) {
      if (first) this.error(`identifier cannot begin with digit ${unicodeName(ch)}`);
      return true;
    }
    if (ch < 0x80) return false;
    this.error(`invalid character ${unicodeName(ch)} in identifier`);
    return true;
  }

  // ------------------------------------------------------------------------------------------------ comments

  /** Skips to the end of the line; the line break stays, as it may be a semicolon. */
  private lineComment(start: number, from: number): void {
    const src = this.src;
    let i = this.i + 1;
    for (;;) {
      let c = src[i];
      while (c !== 10 && c !== 0 && c < 0x80) c = src[++i];
      this.load(i);
      if (this.ch === 10 || this.ch < 0) break;
      i = this.i + this.chw;
    }
    const next = src[start + 2];
    if ((next === 103 && this.startsWith("go:", start + 2)) || (next === 108 && this.startsWith("line ", start + 2))) {
      this.directive(start, this.i, this.isBlank(from, start));
    }
    if (this.wantComments) this.addComment(start);
  }

  /** Skips a general comment; says whether it contains a line break. */
  private fullComment(start: number, from: number): boolean {
    const src = this.src;
    let lineBreak = false;
    let i = this.i + 1;
    for (;;) {
      let c = src[i];
      while (c !== 42 && c !== 0 && c < 0x80) {
        if (c === 10) lineBreak = true;
        c = src[++i];
      }
      this.load(i);
      if (this.ch < 0) {
        this.errorAt(this.base + start, "comment not terminated");
        return lineBreak;
      }
      if (this.ch === 42) {
        this.nextch();
        if (!this.at(47)) {
          i = this.i;
          continue;
        }
        this.nextch();
        break;
      }
      if (this.ch === 10) lineBreak = true;
      i = this.i + this.chw;
    }
    if (src[start + 2] === 108 && this.startsWith("line ", start + 2)) {
      this.directive(start, this.i, this.isBlank(from, start));
    }
    if (this.wantComments) this.addComment(start);
    return lineBreak;
  }

  private addComment(start: number): void {
    this.comments.push({ pos: this.base + start, end: this.base + this.i, text: this.slice(start, this.i) });
  }

  private startsWith(what: string, offset: number): boolean {
    return this.text.startsWith(what, offset);
  }

  private isBlank(from: number, start: number): boolean {
    if (from === 0 || this.src[from - 1] === 10) return true;
    for (let i = from; i < start; i++) if (this.src[i] === 10) return true;
    return false;
  }
}
