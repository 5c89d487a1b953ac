/** What the functions that turn a CST into the syntax tree share: the flat tree, its tokens, and the walk over both. */
import type { FileSet, Pos } from "../base/pos.ts";
import { BasicLit, type BlockStmt, type Directive, Name } from "./ast.ts";
import { checkBranches } from "./branches.ts";
import { type FlatTree, Unsupported } from "./cst-flat.ts";
import { Cst } from "./cst-kinds.ts";
import type { ParamErrors } from "./parse-params.ts";
import { checkUnusedDuringParse } from "./pragma.ts";
import type { TokenTable } from "./token-table.ts";
import { type Op, TokenKind } from "./tokens.ts";

/** No node. */
export const None = -1;

export class CstState implements ParamErrors {
  /** As in the recursive-descent parser: negative in headers, where `{` does not start a literal. */
  xnest = 0;
  /** Labels and branches read so far. */
  branches = 0;
  /** Line ends that were found to act as semicolons where one may stand. */
  lineEnds = 0;
  private nextDirective = 0;

  constructor(
    readonly fset: FileSet,
    readonly tree: FlatTree,
    readonly tokens: TokenTable,
  ) {}

  // ------------------------------------------------------------------------------------------------ nodes

  kind(node: number): number {
    return this.tree.kinds[node];
  }

  /** The first child. */
  first(node: number): number {
    return this.tree.nexts[node] > node + 1 ? node + 1 : None;
  }

  /** The sibling after `node` in `parent`. */
  after(node: number, parent: number): number {
    const next = this.tree.nexts[node];
    return next < this.tree.nexts[parent] ? next : None;
  }

  is(node: number, kind: number): boolean {
    return node !== None && this.tree.kinds[node] === kind;
  }

  /** Checks that `node` is of that kind. */
  expect(node: number, kind: number): number {
    if (!this.is(node, kind)) this.unsupported(node);
    return node;
  }

  /** `node` has no sibling after it. */
  expectEnd(node: number): void {
    if (node !== None) this.unsupported(node);
  }

  unsupported(node: number): never {
    const at = node === None ? this.tokens.file.size : this.tokens.starts[this.tree.firsts[node]];
    throw new Unsupported(`form at ${at}`);
  }

  // ------------------------------------------------------------------------------------------------ places

  pos(node: number): Pos {
    return this.tokens.posOf(this.tree.firsts[node]);
  }

  end(node: number): Pos {
    return this.tokens.endOf(this.tree.lasts[node]);
  }

  /** Where the last token of `node` starts, a closing bracket usually. */
  lastPos(node: number): Pos {
    return this.tokens.posOf(this.tree.lasts[node]);
  }

  op(node: number): Op {
    return this.tokens.opOf(this.tree.firsts[node]);
  }

  firstToken(node: number): TokenKind {
    return this.tokens.kinds[this.tree.firsts[node]];
  }

  /** The token after the last one of `node`. */
  tokenAfter(node: number): TokenKind {
    return this.tokens.kinds[this.tree.lasts[node] + 1];
  }

  posAfter(node: number): Pos {
    return this.tokens.posOf(this.tree.lasts[node] + 1);
  }

  /** After an element that a semicolon ends: accounts for a line end that is one. */
  lineEnd(node: number): void {
    const k = this.tree.lasts[node] + 1;
    if (this.tokens.kinds[k] === TokenKind.Semi && this.tokens.texts[k] !== "semicolon") this.lineEnds++;
  }

  // ------------------------------------------------------------------------------------------------ leaves

  name(node: number): Name {
    this.expect(node, Cst.Identifier);
    const k = this.tree.firsts[node];
    return new Name(this.tokens.posOf(k), this.tokens.endOf(k), this.tokens.texts[k]);
  }

  literal(node: number): BasicLit {
    const k = this.tree.firsts[node];
    return new BasicLit(this.tokens.posOf(k), this.tokens.endOf(k), this.tokens.texts[k], this.tokens.litKindOf(k));
  }

  // ------------------------------------------------------------------------------------------------ directives

  /** The directives before `pos` that no declaration has taken yet. */
  takePragma(pos: Pos): Directive[] {
    const { pending } = this.tokens;
    const from = this.nextDirective;
    while (this.nextDirective < pending.length && pending[this.nextDirective].pos < pos) this.nextDirective++;
    return from === this.nextDirective ? [] : pending.slice(from, this.nextDirective);
  }

  /** Reports the directives before `pos` that no declaration has taken. */
  clearPragma(pos: Pos): void {
    const unused = this.takePragma(pos);
    if (unused.length > 0) checkUnusedDuringParse(this.tokens.context, unused);
  }

  /** Directives among statements are rare and misplaced: the other reader sorts them out. */
  private expectNoDirectives(pos: Pos): void {
    const { pending } = this.tokens;
    if (this.nextDirective < pending.length && pending[this.nextDirective].pos < pos) {
      throw new Unsupported("directive in a function");
    }
  }

  // ------------------------------------------------------------------------------------------------ functions

  /** Reads a function body with `read`. */
  funcBody(node: number, read: (node: number) => BlockStmt): BlockStmt {
    const branches = this.branches;
    this.expectNoDirectives(this.end(node));
    const body = read(node);
    if (this.branches !== branches)
      checkBranches(body, { fset: this.fset, report: (p, m) => this.tokens.report(p, m) });
    return body;
  }

  // ------------------------------------------------------------------------------------------------ errors

  syntaxErrorAt(_pos: Pos, msg: string): void {
    throw new Unsupported(msg);
  }

  errorAt(_pos: Pos, msg: string): void {
    throw new Unsupported(msg);
  }
}
