/** Source text that counts how often its statements run, for `goesc test -cover`: each basic block begins with a statement of
 *  its own. Blocks, and what they reach over, are those of cmd/cover/cover.go (Visit, addCounters, statementBoundary), so that
 *  percentages and profiles are those of `go test`. */
import { FileSet, lineIndex, lineStarts } from "../base/pos.ts";
import { type BlockStmt, type Expr, type File, type IfStmt, Kind, type Node, type Stmt } from "../syntax/ast.ts";
import { parseFile } from "../syntax/parse.ts";
import { startPos } from "../syntax/positions.ts";
import { crawl } from "../syntax/walk.ts";

export type CoverMode = "set" | "count" | "atomic";

/** What one counter stands for. Lines and columns (in bytes) count from 1. */
export interface CoverBlock {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly statements: number;
}

export interface CoveredFile {
  readonly text: Uint8Array;
  /** The package's variable with the counters. */
  readonly variable: string;
  readonly blocks: readonly CoverBlock[];
}

/** As profiles have them: one line after another. */
export function sortedBlocks(blocks: readonly CoverBlock[]): readonly (CoverBlock & { readonly counter: number })[] {
  return blocks
    .map((block, counter) => ({ ...block, counter }))
    .sort(
      (a, b) =>
        a.startLine - b.startLine ||
        a.endLine - b.endLine ||
        a.startColumn - b.startColumn ||
        a.endColumn - b.endColumn ||
        a.statements - b.statements,
    );
}

/** Null for a file that is not Go: the compiler says what is wrong with it. */
export function coverFile(name: string, source: Uint8Array, variable: string, mode: CoverMode): CoveredFile | null {
  const fset = new FileSet();
  const { file, errors } = parseFile(fset, name, source);
  if (file === null || errors.length > 0) return null;
  return new Covering(source, fset.file(file.pos)!.base, variable, mode).cover(file);
}

class Covering {
  private readonly blocks: CoverBlock[] = [];
  /** What is put in, by offset; in this order where that is the same. */
  private readonly inserted: { readonly at: number; readonly text: string }[] = [];
  private readonly lines: ArrayLike<number>;
  /** Blocks that have been put where an `else` is: where they begin. */
  private readonly moved = new Map<BlockStmt, number>();

  constructor(
    private readonly source: Uint8Array,
    private readonly base: number,
    private readonly variable: string,
    private readonly mode: CoverMode,
  ) {
    this.lines = lineStarts(source);
  }

  cover(file: File): CoveredFile {
    for (const decl of file.decls) {
      if (decl.kind !== Kind.FuncDecl) this.walk(decl);
      else if (decl.body !== null && decl.name.value !== "_") this.walk(decl.body);
    }
    const { variable, blocks } = this;
    const end = `\nvar ${variable} [${blocks.length}]uint32\n`;
    return { text: this.edited(end), variable, blocks };
  }

  private edited(end: string): Uint8Array {
    const encoder = new TextEncoder();
    const pieces: Uint8Array[] = [];
    let from = 0;
    for (const { at, text } of this.inserted.sort((a, b) => a.at - b.at)) {
      pieces.push(this.source.subarray(from, at), encoder.encode(text));
      from = at;
    }
    pieces.push(this.source.subarray(from), encoder.encode(end));
    return Buffer.concat(pieces);
  }

  private insert(at: number, text: string): void {
    this.inserted.push({ at, text });
  }

  /** The offset of a position. */
  private at(pos: number): number {
    return pos - this.base;
  }

  private walk(root: Node): void {
    crawl(root, (node) => this.visit(node));
  }

  /** Puts in what belongs to a node itself; true if its children have been dealt with. */
  private visit(node: Node): boolean {
    switch (node.kind) {
      case Kind.BlockStmt: {
        const lbrace = this.moved.get(node) ?? this.at(node.pos);
        this.addCounters(lbrace, lbrace + 1, this.at(node.rbrace) + 1, node.list, true);
        return false;
      }
      case Kind.CaseClause:
      case Kind.CommClause: {
        const start = this.at(node.colon) + 1;
        const end = node.body.length === 0 ? start : this.at(node.body[node.body.length - 1].end);
        this.addCounters(start, start, end, node.body, false);
        return false;
      }
      case Kind.IfStmt:
        this.ifStmt(node);
        return true;
      default:
        return false;
    }
  }

  /** What follows `else` becomes a block, so that the condition of `else if` is counted, too. */
  private ifStmt(node: IfStmt): void {
    if (node.init !== null) this.walk(node.init);
    this.walk(node.cond);
    this.walk(node.then);
    const { else_ } = node;
    if (else_ === null) return;
    const start = this.find(this.at(node.then.rbrace) + 1, "else") + "else".length;
    const end = this.at(else_.end);
    this.insert(start, "{");
    this.insert(end, "}");
    if (else_.kind === Kind.BlockStmt) this.moved.set(else_, start);
    else this.addCounters(start, start + 1, end + 1, [else_], true);
    this.walk(else_);
  }

  private addCounters(from: number, insertAt: number, blockEnd: number, all: readonly Stmt[], toBrace: boolean): void {
    if (all.length === 0) {
      this.counter(insertAt, insertAt, blockEnd, 0);
      return;
    }
    let list = [...all];
    let start = from;
    let place = insertAt;
    let extend = toBrace;
    while (list.length > 0) {
      let end = blockEnd;
      let last = 0;
      while (last < list.length) {
        const stmt = list[last];
        end = this.boundary(stmt);
        last++;
        if (!endsBlock(stmt)) continue;
        if (stmt.kind === Kind.LabeledStmt && !isControl(stmt.stmt)) {
          // The counter goes between the label and its statement, which may be jumped to.
          end = this.at(stmt.label.pos);
          list.splice(last, 0, stmt.stmt);
        }
        extend = false;
        break;
      }
      if (extend) end = blockEnd;
      if (start !== end) this.counter(place, start, end, last);
      list = list.slice(last);
      if (list.length > 0) start = place = this.start(list[0]);
    }
  }

  private counter(at: number, start: number, end: number, statements: number): void {
    const counter = `${this.variable}[${this.blocks.length}]`;
    this.insert(at, this.mode === "set" ? `${counter} = 1;` : `${counter}++;`);
    const [startLine, startColumn] = this.place(start);
    const [endLine, endColumn] = this.place(end);
    this.blocks.push({ startLine, startColumn, endLine, endColumn, statements });
  }

  private place(offset: number): [line: number, column: number] {
    const line = lineIndex(this.lines, offset);
    return [line + 1, offset - this.lines[line] + 1];
  }

  private start(stmt: Stmt): number {
    switch (stmt.kind) {
      case Kind.AssignStmt:
        return this.at(startPos(stmt.lhs));
      case Kind.SendStmt:
        return this.at(startPos(stmt.chan));
      case Kind.ExprStmt:
        return this.at(startPos(stmt.x));
      case Kind.LabeledStmt:
        return this.at(stmt.label.pos);
      default:
        return this.at(stmt.pos);
    }
  }

  /** Where the part of a statement ends that runs as one. */
  private boundary(stmt: Stmt): number {
    switch (stmt.kind) {
      case Kind.BlockStmt:
        return this.at(stmt.pos);
      case Kind.IfStmt:
        return this.literal(stmt.init, stmt.cond) ?? this.at(stmt.then.pos);
      case Kind.ForStmt: {
        const { init, cond, post, body } = stmt;
        if (init?.kind === Kind.RangeClause) return this.literal(init.x) ?? this.at(body.pos);
        return this.literal(init, cond, post) ?? this.at(body.pos);
      }
      case Kind.LabeledStmt:
        return this.boundary(stmt.stmt);
      case Kind.SwitchStmt: {
        const { init, tag } = stmt;
        const inHead = this.literal(init, tag?.kind === Kind.TypeSwitchGuard ? null : tag);
        return inHead ?? this.find(this.at((tag ?? init)?.end ?? stmt.pos), "{");
      }
      case Kind.SelectStmt:
        return this.find(this.at(stmt.pos), "{");
      default:
        return this.literal(stmt) ?? this.at(stmt.end);
    }
  }

  /** Where the body of the first function literal in one of `nodes` begins. */
  private literal(...nodes: (Stmt | Expr | null)[]): number | null {
    for (const node of nodes) {
      const body = node === null ? null : firstLiteral(node);
      if (body !== null) return this.at(body.pos);
    }
    return null;
  }

  /** The next place, comments aside, where `text` stands. */
  private find(from: number, text: string): number {
    const { source } = this;
    const has = (at: number, word: string): boolean => [...word].every((c, i) => source[at + i] === c.charCodeAt(0));
    let at = from;
    while (at < source.length && !has(at, text)) {
      if (has(at, "//")) at = source.indexOf(0x0a, at);
      else if (has(at, "/*")) {
        at += 2;
        while (!has(at, "*/")) at++;
        at += 2;
      } else at++;
    }
    return at;
  }
}

/** The body of the function literal that comes first. */
function firstLiteral(root: Node): BlockStmt | null {
  let first: BlockStmt | null = null;
  crawl(root, (node) => {
    if (node.kind !== Kind.FuncLit) return false;
    if (first === null || node.body.pos < first.pos) first = node.body;
    return true;
  });
  return first;
}

/** What follows may run another number of times. */
function endsBlock(stmt: Stmt): boolean {
  switch (stmt.kind) {
    case Kind.BlockStmt:
    case Kind.BranchStmt:
    case Kind.ForStmt:
    case Kind.IfStmt:
    case Kind.LabeledStmt:
    case Kind.SwitchStmt:
    case Kind.SelectStmt:
      return true;
    case Kind.ExprStmt:
      if (isPanic(stmt.x)) return true;
  }
  return firstLiteral(stmt) !== null;
}

function isPanic(x: Expr): boolean {
  return x.kind === Kind.CallExpr && x.fun.kind === Kind.Name && x.fun.value === "panic" && x.args.length === 1;
}

function isControl(stmt: Stmt): boolean {
  return stmt.kind === Kind.ForStmt || stmt.kind === Kind.SwitchStmt || stmt.kind === Kind.SelectStmt;
}
