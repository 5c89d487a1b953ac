/** The state of the recursive-descent parser, its error messages and the productions used everywhere.
 *
 *  Mirrors  the first part of cmd/compile/internal/syntax/parser.go, Go 1.26; the productions are in parse-decl.ts,
 *           parse-type.ts, parse-params.ts, parse-expr.ts and parse-stmt.ts, under the compiler's names.
 *  Holds    functions named `xOrNil` may return null, all others return a node even where there is none. */
import type { FileSet, Pos, SourceFile } from "../base/pos.ts";
import { BadExpr, type Directive, Name } from "./ast.ts";
import { DirectiveScanner } from "./directives.ts";
import { checkUnusedDuringParse, type PragmaContext, pragma } from "./pragma.ts";
import { opText, TokenKind } from "./tokens.ts";

/** How deep statements, expressions and types may be nested in each other; all stages recurse over them, which takes a
 *  stack of 256 MB at this depth. */
export const MaxNesting = 10_000;

/** Thrown and caught inside this folder: the file is nested too deeply to be read any further. */
export class TooDeep extends Error {}

export class Parser extends DirectiveScanner {
  /** Function nesting, for recovery from errors. */
  fnest = 0;
  /** Expression nesting; negative in the header of a statement, where `{` does not start a literal. */
  xnest = 0;
  /** Labels and branches read so far. */
  branches = 0;
  private depth = 0;
  private pragmas: Directive[] | null = null;

  constructor(
    readonly fset: FileSet,
    file: SourceFile,
    source: Uint8Array,
    wantComments: boolean,
    readonly context: PragmaContext,
    private readonly maxNesting = MaxNesting,
    /** Methods may have type parameters. */
    readonly genericMethods = false,
  ) {
    super(file, source, fset.names, wantComments);
  }

  enter(): void {
    if (++this.depth > this.maxNesting) {
      this.syntaxError("exceeded max nesting depth");
      throw new TooDeep();
    }
  }

  leave(): void {
    this.depth--;
  }

  // ------------------------------------------------------------------------------------------------ directives

  protected override goDirective(pos: Pos, blank: boolean, text: string): void {
    this.pragmas ??= [];
    pragma(this.context, pos, blank, text, this.pragmas);
  }

  takePragma(): Directive[] {
    const pragmas = this.pragmas;
    this.pragmas = null;
    return pragmas ?? [];
  }

  /** Called where a construct ends that takes no directives: what is pending is misplaced. */
  clearPragma(): void {
    if (this.pragmas === null) return;
    checkUnusedDuringParse(this.context, this.pragmas);
    this.pragmas = null;
  }

  // ------------------------------------------------------------------------------------------------ tokens

  is(tok: TokenKind): boolean {
    return this.tok === tok;
  }

  got(tok: TokenKind): boolean {
    if (this.tok !== tok) return false;
    this.next();
    return true;
  }

  want(tok: TokenKind): void {
    if (this.tok === tok) {
      this.next();
      return;
    }
    this.syntaxError(`expected ${tokstring(tok)}`);
    this.advance();
  }

  /** Accepts `=`, and `:=` with an error. */
  gotAssign(): boolean {
    if (this.tok === TokenKind.Define) this.syntaxError("expected =");
    else if (this.tok !== TokenKind.Assign) return false;
    this.next();
    return true;
  }

  /** After an element of a list: takes the separator, which may be missing before `close`. False if the list cannot
   *  go on; the parser then stands where the list is taken to end. */
  separator(context: string, sep: TokenKind, close: TokenKind): boolean {
    if (this.tok === sep) {
      this.next();
      return true;
    }
    if (this.tok === close) return true;
    this.syntaxError(`in ${context}; possibly missing ${tokstring(sep)} or ${tokstring(close)}`);
    this.advance(TokenKind.Rparen, TokenKind.Rbrack, TokenKind.Rbrace);
    return this.tok === close;
  }

  /** Whether another element of a list can follow. */
  more(close: TokenKind): boolean {
    return this.tok !== TokenKind.EOF && this.tok !== close;
  }

  // ------------------------------------------------------------------------------------------------ errors

  errorHere(msg: string): void {
    this.errorAt(this.pos, msg);
  }

  syntaxError(msg: string): void {
    this.syntaxErrorAt(this.pos, msg);
  }

  syntaxErrorAt(pos: Pos, msg: string): void {
    if (this.tok === TokenKind.EOF && this.errcnt > 0) return; // a follow-up of the first error
    let tail: string;
    if (msg.startsWith("in ") || msg.startsWith("at ") || msg.startsWith("after ")) {
      tail = ` ${msg}`;
    } else if (msg.startsWith("expected ")) {
      tail = `, ${msg}`;
    } else {
      this.errorAt(pos, `syntax error: ${msg}`);
      return;
    }
    this.errorAt(pos, `syntax error: unexpected ${this.describe()}${tail}`);
  }

  private describe(): string {
    switch (this.tok) {
      case TokenKind.Name:
        return `name ${this.lit}`;
      case TokenKind.Semi:
        return this.lit;
      case TokenKind.Literal:
        return `literal ${this.lit}`;
      case TokenKind.Operator:
        return opText[this.op];
      case TokenKind.AssignOp:
        return `${opText[this.op]}=`;
      case TokenKind.IncOp:
        return opText[this.op] + opText[this.op];
    }
    return tokstring(this.tok);
  }

  /** Skips to a token of `followlist` or, inside functions, to a keyword that starts a statement;
   *  without a list just one token. */
  advance(...followlist: TokenKind[]): void {
    if (followlist.length === 0) {
      if (this.tok !== TokenKind.EOF) this.next();
      return;
    }
    while (
      this.tok !== TokenKind.EOF &&
      !followlist.includes(this.tok) &&
      !(this.fnest > 0 && startsStatement(this.tok))
    ) {
      this.next();
    }
  }

  badExpr(): BadExpr {
    return new BadExpr(this.pos, this.pos);
  }

  // ------------------------------------------------------------------------------------------------ names

  name(): Name {
    if (this.tok === TokenKind.Name) {
      const pos = this.pos;
      const lit = this.lit;
      this.next();
      return new Name(pos, this.prevEnd, lit);
    }
    const missing = new Name(this.pos, this.pos, "_");
    this.syntaxError("expected name");
    this.advance();
    return missing;
  }

  nameList(first: Name): Name[] {
    const list = [first];
    while (this.got(TokenKind.Comma)) list.push(this.name());
    return list;
  }
}

function startsStatement(tok: TokenKind): boolean {
  switch (tok) {
    case TokenKind.Break:
    case TokenKind.Const:
    case TokenKind.Continue:
    case TokenKind.Defer:
    case TokenKind.Fallthrough:
    case TokenKind.For:
    case TokenKind.Go:
    case TokenKind.Goto:
    case TokenKind.If:
    case TokenKind.Return:
    case TokenKind.Select:
    case TokenKind.Switch:
    case TokenKind.Type:
    case TokenKind.Var:
      return true;
  }
  return false;
}

const tokenText: readonly string[] = [
  "",
  "EOF",
  "name",
  "literal",
  "op",
  "op=",
  "opop",
  "=",
  ":=",
  "<-",
  "*",
  "(",
  "[",
  "{",
  ")",
  "]",
  "}",
  ",",
  ";",
  ":",
  ".",
  "...",
  "break",
  "case",
  "chan",
  "const",
  "continue",
  "default",
  "defer",
  "else",
  "fallthrough",
  "for",
  "func",
  "go",
  "goto",
  "if",
  "import",
  "interface",
  "map",
  "package",
  "range",
  "return",
  "select",
  "struct",
  "switch",
  "type",
  "var",
];

/** A token as it stands in Go source. */
export function tokenString(tok: TokenKind): string {
  return tokenText[tok];
}

/** A token as error messages name it. */
export function tokstring(tok: TokenKind): string {
  if (tok === TokenKind.Comma) return "comma";
  if (tok === TokenKind.Semi) return "semicolon or newline";
  return tok >= TokenKind.Break ? `keyword ${tokenText[tok]}` : tokenText[tok];
}
