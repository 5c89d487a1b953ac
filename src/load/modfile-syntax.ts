/** The line-oriented syntax of go.mod and go.work. Mirrors golang.org/x/mod/modfile/read.go (comments kept only as far
 *  as they mean something: `// indirect`). */

export interface ModLine {
  /** 1-based; columns count code points, as the go command does. */
  readonly line: number;
  readonly col: number;
  readonly tokens: string[];
  /** The comment at the end of the line, with its slashes; "" if there is none. */
  readonly comment: string;
}

export interface ModBlock extends ModLine {
  readonly lines: ModLine[];
}

export type ModStatement = ModLine | ModBlock;

/** A broken file; `message` starts with `file:line`. */
export class ModFileError extends Error {
  override name = "ModFileError";
}

/** `file:line: msg`, with a column unless it is the first. */
export function modFileMessage(file: string, line: number, col: number, msg: string): string {
  return col > 1 ? `${file}:${line}:${col}: ${msg}` : `${file}:${line}: ${msg}`;
}

const enum Kind {
  Eof,
  Newline,
  /** A comment that ends a line with other tokens; it stands for the newline. */
  EolComment,
  /** A comment with a line of its own. */
  Comment,
  Word,
  Punct,
}

interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly line: number;
  readonly col: number;
}

/** `file` is the name for messages, `path` the full one. Throws a {@link ModFileError}. */
export function parseModSyntax(file: string, path: string, text: string): ModStatement[] {
  return new SyntaxReader(file, path, text).parse();
}

class SyntaxReader {
  private readonly file: string;
  private readonly path: string;
  private readonly text: string;
  private at = 0;
  private line = 1;
  private col = 1;
  /** Something stands before the current place on its line. */
  private midLine = false;
  private token: Token;

  constructor(file: string, path: string, text: string) {
    this.file = file;
    this.path = path;
    this.text = text;
    this.token = this.scan();
  }

  parse(): ModStatement[] {
    const statements: ModStatement[] = [];
    for (;;) {
      const { kind } = this.token;
      if (kind === Kind.Eof) return statements;
      if (kind === Kind.Newline || kind === Kind.Comment || kind === Kind.EolComment) this.lex();
      else statements.push(this.statement());
    }
  }

  private fail(msg: string, line = this.line, col = this.col): never {
    throw new ModFileError(modFileMessage(this.file, line, col, msg));
  }

  private lex(): Token {
    const { token } = this;
    this.token = this.scan();
    return token;
  }

  private atLineEnd(): boolean {
    const { kind } = this.token;
    return kind === Kind.Eof || kind === Kind.Newline || kind === Kind.EolComment;
  }

  private statement(): ModStatement {
    const first = this.lex();
    const tokens = [first.text];
    for (;;) {
      if (this.atLineEnd()) return { line: first.line, col: first.col, tokens, comment: this.endLine() };
      const token = this.lex();
      if (token.text !== "(" || token.kind !== Kind.Punct) {
        tokens.push(token.text);
        continue;
      }
      if (this.atLineEnd()) return this.block(first, tokens);
      if (this.token.kind === Kind.Punct && this.token.text === ")") {
        this.lex();
        if (this.atLineEnd()) return { line: first.line, col: first.col, tokens, comment: this.endLine(), lines: [] };
        tokens.push("(", ")");
      } else {
        tokens.push("(");
      }
    }
  }

  private endLine(): string {
    const token = this.lex();
    return token.kind === Kind.EolComment ? token.text : "";
  }

  private block(first: Token, tokens: string[]): ModBlock {
    const lines: ModLine[] = [];
    const comment = this.endLine();
    for (;;) {
      const { kind, text } = this.token;
      if (kind === Kind.Newline || kind === Kind.Comment || kind === Kind.EolComment) {
        this.lex();
      } else if (kind === Kind.Eof) {
        this.fail(`syntax error (unterminated block started at ${this.path}:${first.line}:${first.col})`);
      } else if (kind === Kind.Punct && text === ")") {
        this.lex();
        if (!this.atLineEnd()) this.fail("syntax error (expected newline after closing paren)");
        this.lex();
        return { line: first.line, col: first.col, tokens, comment, lines };
      } else {
        lines.push(this.blockLine());
      }
    }
  }

  private blockLine(): ModLine {
    const first = this.lex();
    const tokens = [first.text];
    while (!this.atLineEnd()) tokens.push(this.lex().text);
    return { line: first.line, col: first.col, tokens, comment: this.endLine() };
  }

  private advance(): string {
    const char = String.fromCodePoint(this.text.codePointAt(this.at) as number);
    this.at += char.length;
    if (char === "\n") {
      this.line++;
      this.col = 1;
      this.midLine = false;
    } else {
      this.col++;
    }
    return char;
  }

  private scan(): Token {
    const { text } = this;
    for (;;) {
      const char = text[this.at];
      if (char === " " || char === "\t" || char === "\r") {
        this.advance();
      } else if (text.startsWith("//", this.at)) {
        return this.comment();
      } else if (text.startsWith("/*", this.at)) {
        this.fail("mod files must use // comments (not /* */ comments)");
      } else {
        break;
      }
    }
    const { line, col } = this;
    const char = text[this.at];
    if (char === undefined) return { kind: Kind.Eof, text: "", line, col };
    if (char === "\n") {
      this.advance();
      return { kind: Kind.Newline, text: "\n", line, col };
    }
    this.midLine = true;
    if ("()[]{},".includes(char)) {
      this.advance();
      return { kind: Kind.Punct, text: char, line, col };
    }
    const start = this.at;
    if (char === '"' || char === "`") this.quoted(char, line, col);
    else this.word();
    return { kind: Kind.Word, text: text.slice(start, this.at), line, col };
  }

  private comment(): Token {
    const { line, col, midLine } = this;
    const newline = this.text.indexOf("\n", this.at);
    const end = newline < 0 ? this.text.length : newline;
    const comment = this.text.slice(this.at, end).replace(/\r$/, "");
    this.at = end;
    if (newline >= 0) this.advance();
    return { kind: midLine ? Kind.EolComment : Kind.Comment, text: comment, line, col };
  }

  private quoted(quote: string, line: number, col: number): void {
    this.advance();
    for (;;) {
      if (this.at >= this.text.length) this.fail("unexpected EOF in string", line, col);
      if (this.text[this.at] === "\n") this.fail("unexpected newline in string");
      const char = this.advance();
      if (char === quote) return;
      if (char === "\\" && quote === '"') {
        if (this.at >= this.text.length) this.fail("unexpected EOF in string", line, col);
        this.advance();
      }
    }
  }

  private word(): void {
    const isWord = (char: string): boolean => !/[\s()[\]{},\p{C}]/u.test(char);
    const first = String.fromCodePoint(this.text.codePointAt(this.at) as number);
    if (!isWord(first)) this.fail(`unexpected input character ${quoteRune(first)}`);
    while (this.at < this.text.length) {
      const char = String.fromCodePoint(this.text.codePointAt(this.at) as number);
      if (!isWord(char) || this.text.startsWith("//", this.at)) return;
      if (this.text.startsWith("/*", this.at)) this.fail("mod files must use // comments (not /* */ comments)");
      this.advance();
    }
  }
}

/** Go's `%#q` of a rune that is no word character. */
function quoteRune(char: string): string {
  const code = char.codePointAt(0) as number;
  if (code === 0xfffd) return "'�'";
  return code < 32 || code === 127
    ? `'\\x${code.toString(16).padStart(2, "0")}'`
    : `'\\u${code.toString(16).padStart(4, "0")}'`;
}
