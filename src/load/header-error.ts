/** Words errors in the head of a Go file (package clause, imports) as the go command does, which reads it before the
 *  compiler and with a parser of its own.
 *
 *  Mirrors go/build/read.go (how much of the file is read) and go/parser with ImportsOnly. Runs only on files whose head
 *  is broken. */

export interface HeaderProblem {
  /** In bytes. */
  readonly offset: number;
  readonly msg: string;
}

/** The first error in the file's head; null if the go command accepts it and leaves the rest to the compiler. */
export function headerError(source: Uint8Array): HeaderProblem | null {
  const end = headerEnd(source);
  return new HeaderParser(source.subarray(0, end)).parse();
}

/** The import path's form that the go command demands; the compiler has rules of its own. */
export function isValidImportText(path: string): boolean {
  return path !== "" && !/[!"#$%&'()*,:;<=>?[\\\]^{|}`\uFFFD\s\p{C}]/u.test(path);
}

const decoder = new TextDecoder();

function isIdentByte(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c >= 128;
}

/** Where the first thing after the imports starts; the end of the file if the head does not parse even roughly. */
function headerEnd(source: Uint8Array): number {
  const length = source.length;
  let at = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0;

  const skipSpace = (): boolean => {
    while (at < length) {
      const c = source[at];
      if (c === 32 || c === 12 || c === 9 || c === 13 || c === 10 || c === 59) {
        at++;
      } else if (c === 47 && source[at + 1] === 47) {
        const newline = source.indexOf(10, at);
        at = newline < 0 ? length : newline + 1;
      } else if (c === 47 && source[at + 1] === 42) {
        at += 2;
        while (at < length && !(source[at] === 42 && source[at + 1] === 47)) at++;
        if (at >= length) return false;
        at += 2;
      } else {
        return c !== 47;
      }
    }
    return true;
  };
  const keyword = (word: string): boolean => {
    if (!skipSpace()) return false;
    for (let i = 0; i < word.length; i++) if (source[at + i] !== word.charCodeAt(i)) return false;
    at += word.length;
    return at >= length || !isIdentByte(source[at]);
  };
  const ident = (): boolean => {
    if (!skipSpace() || at >= length || !isIdentByte(source[at])) return false;
    while (at < length && isIdentByte(source[at])) at++;
    return true;
  };
  const text = (): boolean => {
    if (!skipSpace()) return false;
    const quote = source[at];
    if (quote !== 34 && quote !== 96) return false;
    for (at++; at < length && source[at] !== quote; at++) {
      if (quote === 34 && source[at] === 10) return false;
      if (quote === 34 && source[at] === 92) at++;
    }
    if (at >= length) return false;
    at++;
    return true;
  };
  const importSpec = (): boolean => {
    if (!skipSpace()) return false;
    if (source[at] === 46) at++;
    else if (at < length && isIdentByte(source[at]) && !ident()) return false;
    return text();
  };

  if (!keyword("package") || !ident()) return length;
  for (;;) {
    if (!skipSpace()) return length;
    if (source[at] !== 105) return at;
    if (!keyword("import") || !skipSpace()) return length;
    if (source[at] !== 40) {
      if (!importSpec()) return length;
      continue;
    }
    at++;
    for (;;) {
      if (!skipSpace() || at >= length) return length;
      if (source[at] === 41) break;
      if (!importSpec()) return length;
    }
    at++;
  }
}

const keywords = new Set(
  (
    "break case chan const continue default defer else fallthrough for func go goto if import interface map package " +
    "range return select struct switch type var"
  ).split(" "),
);

/** Tokens by the names that messages show; `literal` ones print their text. */
interface Token {
  readonly kind: string;
  readonly text: string;
  readonly literal: boolean;
}

class HeaderParser {
  private readonly source: Uint8Array;
  private at = 0;
  private needSemi = false;
  private tok: Token = { kind: "EOF", text: "", literal: false };
  private pos = 0;
  private first: HeaderProblem | null = null;

  constructor(source: Uint8Array) {
    this.source = source;
    if (source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf) this.at = 3;
  }

  parse(): HeaderProblem | null {
    this.next();
    this.expect("package");
    this.expect("IDENT");
    this.expectSemi();
    while (this.first === null && this.isAt("import")) {
      this.next();
      if (!this.isAt("(")) {
        this.importSpec();
        continue;
      }
      this.next();
      while (this.first === null && !this.isAt(")") && !this.isAt("EOF")) this.importSpec();
      this.expect(")");
      this.expectSemi();
    }
    return this.first;
  }

  private isAt(kind: string): boolean {
    return this.tok.kind === kind;
  }

  private importSpec(): void {
    if (this.tok.kind === "IDENT" || this.tok.kind === ".") this.next();
    if (this.tok.kind === "STRING") this.next();
    else this.error(this.pos, this.tok.literal ? "import path must be a string" : "missing import path");
    this.expectSemi();
  }

  private error(offset: number, msg: string): void {
    this.first ??= { offset, msg };
  }

  private expect(kind: string): void {
    if (this.tok.kind !== kind) this.expected(`'${kind}'`);
    this.next();
  }

  private expected(what: string): void {
    const { tok } = this;
    const newline = tok.kind === ";" && tok.text === "\n";
    const found = newline ? "newline" : tok.literal ? tok.text : `'${tok.kind}'`;
    this.error(this.pos, `expected ${what}, found ${found}`);
  }

  private expectSemi(): void {
    if (this.tok.kind === ")" || this.tok.kind === "}" || this.tok.kind === "EOF") return;
    if (this.tok.kind !== ";") this.expected("';'");
    this.next();
  }

  private next(): void {
    this.tok = this.scan();
    const { kind, literal } = this.tok;
    this.needSemi = literal || kind === ")" || kind === "]" || kind === "}" || kind === "break" || kind === "return";
  }

  private scan(): Token {
    const { source } = this;
    for (;;) {
      const c = source[this.at];
      if (c === 32 || c === 9 || c === 13 || (c === 10 && !this.needSemi)) {
        this.at++;
      } else if (c === 47 && source[this.at + 1] === 47) {
        const newline = source.indexOf(10, this.at);
        this.at = newline < 0 ? source.length : newline;
      } else if (c === 47 && source[this.at + 1] === 42) {
        const start = this.at;
        this.at += 2;
        while (this.at < source.length && !(source[this.at] === 42 && source[this.at + 1] === 47)) this.at++;
        if (this.at >= source.length) this.error(start, "comment not terminated");
        else this.at += 2;
      } else {
        break;
      }
    }
    this.pos = this.at;
    if (this.at >= source.length) {
      return this.needSemi ? { kind: ";", text: "\n", literal: false } : { kind: "EOF", text: "", literal: false };
    }
    const c = source[this.at];
    if (c === 10) {
      this.at++;
      return { kind: ";", text: "\n", literal: false };
    }
    if (c >= 48 && c <= 57) return this.word("INT");
    if (isIdentByte(c) && c < 128) return this.word("IDENT");
    if (c >= 128) return this.wideChar();
    if (c === 34 || c === 96) return this.quoted(c);
    this.at++;
    if (c === 59) return { kind: ";", text: ";", literal: false };
    if (c < 32 || c === 35 || c === 36 || c === 63 || c === 64 || c === 92 || c === 127) {
      const code = c.toString(16).toUpperCase().padStart(4, "0");
      this.error(
        this.pos,
        c === 0
          ? "illegal character NUL"
          : `illegal character U+${code}${c < 32 ? "" : ` '${String.fromCharCode(c)}'`}`,
      );
      return { kind: "ILLEGAL", text: String.fromCharCode(c), literal: false };
    }
    return { kind: String.fromCharCode(c), text: "", literal: false };
  }

  private word(kind: string): Token {
    const start = this.at;
    while (this.at < this.source.length && isIdentByte(this.source[this.at])) this.at++;
    const text = decoder.decode(this.source.subarray(start, this.at));
    if (kind === "IDENT" && keywords.has(text)) return { kind: text, text, literal: false };
    return { kind, text, literal: true };
  }

  private wideChar(): Token {
    const char = decoder.decode(this.source.subarray(this.at, this.at + 4)).codePointAt(0) as number;
    if (char === 0xfffd) {
      this.error(this.at, "illegal UTF-8 encoding");
      this.at++;
      return { kind: "ILLEGAL", text: "", literal: false };
    }
    const text = String.fromCodePoint(char);
    if (/[\p{L}\p{Nd}]/u.test(text)) return this.word("IDENT");
    this.error(this.at, `illegal character U+${char.toString(16).toUpperCase().padStart(4, "0")} '${text}'`);
    this.at += new TextEncoder().encode(text).length;
    return { kind: "ILLEGAL", text, literal: false };
  }

  private quoted(quote: number): Token {
    const { source } = this;
    const start = this.at++;
    for (; this.at < source.length && source[this.at] !== quote; this.at++) {
      const c = source[this.at];
      if (quote === 34 && c === 10) break;
      if (quote === 34 && c === 92) {
        this.at++;
        if (!'abfnrtv\\"01234567xuU'.includes(String.fromCharCode(source[this.at]))) {
          this.error(this.at, "unknown escape sequence");
        }
      }
    }
    if (source[this.at] === quote) this.at++;
    else this.error(start, quote === 34 ? "string literal not terminated" : "raw string literal not terminated");
    return { kind: "STRING", text: decoder.decode(source.subarray(start, this.at)), literal: true };
  }
}
