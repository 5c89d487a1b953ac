/** All tokens of a file in arrays, semicolons at line ends included: what a tree built by another parser is held
 *  against, token by token. Comments, directives and lexical errors are dealt with on the way. */
import type { FileSet, Pos, SourceFile } from "../base/pos.ts";
import type { Directive, LitKind } from "./ast.ts";
import { DirectiveScanner } from "./directives.ts";
import { type PragmaContext, pragma } from "./pragma.ts";
import { type Op, TokenKind } from "./tokens.ts";

export class TokenTable extends DirectiveScanner {
  count = 0;
  kinds = new Uint8Array(1024);
  /** Byte offsets. */
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  /** Operator of an operator, {@link LitKind} of a literal. */
  details = new Uint8Array(1024);
  /** Texts of names, literals and semicolons. */
  readonly texts: string[] = [];
  /** `//go:` directives that have not been given to a declaration, by position. */
  readonly pending: Directive[] = [];
  readonly context: PragmaContext;

  constructor(fset: FileSet, file: SourceFile, source: Uint8Array, wantComments: boolean, context: PragmaContext) {
    super(file, source, fset.names, wantComments);
    this.context = context;
  }

  protected override goDirective(pos: Pos, blank: boolean, text: string): void {
    pragma(this.context, pos, blank, text, this.pending);
  }

  /** Reads all tokens; the last one is EOF. */
  readAll(): void {
    do {
      this.next();
      this.top = false;
      this.add();
    } while (this.tok !== TokenKind.EOF);
  }

  private add(): void {
    const k = this.count++;
    if (k === this.kinds.length) this.grow();
    const tok = this.tok;
    this.kinds[k] = tok;
    this.starts[k] = this.pos - this.base;
    this.ends[k] = this.i;
    if (tok === TokenKind.Literal) this.details[k] = this.litKind;
    else this.details[k] = this.op;
    this.texts.push(tok === TokenKind.Name || tok === TokenKind.Literal || tok === TokenKind.Semi ? this.lit : "");
  }

  private grow(): void {
    const size = this.kinds.length * 2;
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const details = new Uint8Array(size);
    details.set(this.details);
    this.details = details;
    const starts = new Int32Array(size);
    starts.set(this.starts);
    this.starts = starts;
    const ends = new Int32Array(size);
    ends.set(this.ends);
    this.ends = ends;
  }

  posOf(k: number): Pos {
    return this.base + this.starts[k];
  }

  endOf(k: number): Pos {
    return this.base + this.ends[k];
  }

  opOf(k: number): Op {
    return this.details[k];
  }

  litKindOf(k: number): LitKind {
    return this.details[k];
  }
}
