/** Statements (the part of that name of cmd/compile/internal/syntax/parser.go). */
import type { Pos } from "../base/pos.ts";
import {
  AssignStmt,
  BadExpr,
  BlockStmt,
  BranchStmt,
  CaseClause,
  CommClause,
  DeclStmt,
  EmptyStmt,
  type Expr,
  ExprStmt,
  ForStmt,
  IfStmt,
  Kind,
  LabeledStmt,
  type Name,
  RangeClause,
  ReturnStmt,
  SelectStmt,
  SendStmt,
  type Stmt,
  SwitchStmt,
  TypeSwitchGuard,
} from "./ast.ts";
import { appendGroup } from "./parse-decl.ts";
import { callStmt, expr, exprList } from "./parse-expr.ts";
import { type Parser, tokenString } from "./parser.ts";
import { exprString, stmtString } from "./printer.ts";
import { Op, TokenKind } from "./tokens.ts";

type SimpleStmt = Stmt | RangeClause;

function simpleStmt(p: Parser, first: Expr | null, keyword: TokenKind): SimpleStmt {
  if (keyword === TokenKind.For && p.is(TokenKind.Range)) return rangeClause(p, null, false);
  const lhs = first ?? exprList(p);
  const pos = p.pos;
  if (p.is(TokenKind.Assign) || p.is(TokenKind.Define)) {
    const op = p.is(TokenKind.Define) ? Op.Def : Op.None;
    p.next();
    if (keyword === TokenKind.For && p.is(TokenKind.Range)) return rangeClause(p, lhs, op === Op.Def);
    const rhs = exprList(p);
    if (rhs.kind === Kind.TypeSwitchGuard && keyword === TokenKind.Switch && op === Op.Def && lhs.kind === Kind.Name) {
      return new ExprStmt(rhs.pos, rhs.end, new TypeSwitchGuard(rhs.pos, rhs.end, lhs, rhs.x));
    }
    return new AssignStmt(pos, p.prevEnd, op, lhs, rhs);
  }
  if (lhs.kind === Kind.ListExpr) {
    p.syntaxError("expected := or = or comma");
    p.advance(TokenKind.Semi, TokenKind.Rbrace);
    return new ExprStmt(lhs.elems[0].pos, lhs.elems[0].end, lhs.elems[0]);
  }
  switch (p.tok) {
    case TokenKind.AssignOp: {
      const op = p.op;
      p.next();
      const rhs = expr(p);
      return new AssignStmt(pos, p.prevEnd, op, lhs, rhs);
    }
    case TokenKind.IncOp: {
      const op = p.op;
      p.next();
      return new AssignStmt(pos, p.prevEnd, op, lhs, null);
    }
    case TokenKind.Arrow: {
      p.next();
      const value = expr(p);
      return new SendStmt(pos, p.prevEnd, lhs, value);
    }
  }
  return new ExprStmt(lhs.pos, lhs.end, lhs);
}

function rangeClause(p: Parser, lhs: Expr | null, def: boolean): RangeClause {
  const pos = p.pos;
  p.next();
  const x = expr(p);
  return new RangeClause(pos, x.end, lhs, def, x);
}

function labeledStmtOrNil(p: Parser, label: Name): Stmt | null {
  const pos = p.pos;
  p.branches++;
  p.want(TokenKind.Colon);
  const end = p.prevEnd;
  if (p.is(TokenKind.Rbrace)) {
    return new LabeledStmt(pos, end, label, new EmptyStmt(p.pos, p.pos));
  }
  const stmt = stmtOrNil(p);
  if (stmt !== null) return new LabeledStmt(pos, p.prevEnd, label, stmt);
  p.syntaxErrorAt(pos, "missing statement after label");
  return null;
}

/** `context` is only empty where the current token is known to be `{`. */
export function blockStmt(p: Parser, context: string): BlockStmt {
  const pos = p.pos;
  if (!p.got(TokenKind.Lbrace)) {
    p.syntaxError(`expected { after ${context}`);
    p.advance(TokenKind.Name, TokenKind.Rbrace);
    const rbrace = p.pos;
    if (p.got(TokenKind.Rbrace)) return new BlockStmt(pos, p.prevEnd, [], rbrace);
  }
  const list = stmtList(p);
  const rbrace = p.pos;
  p.want(TokenKind.Rbrace);
  return new BlockStmt(pos, p.prevEnd, list, rbrace);
}

function declStmt(p: Parser): DeclStmt {
  const pos = p.pos;
  const tok = p.tok;
  p.next();
  const decls: DeclStmt["decls"] = [];
  appendGroup(p, decls, tok);
  return new DeclStmt(pos, p.prevEnd, decls);
}

function forStmt(p: Parser): ForStmt {
  const pos = p.pos;
  const { init, cond, post } = header(p, TokenKind.For);
  const body = blockStmt(p, "for clause");
  return new ForStmt(pos, p.prevEnd, init, cond, post as Stmt | null, body);
}

interface Header {
  init: SimpleStmt | null;
  cond: Expr | null;
  post: SimpleStmt | null;
}

/** Reads what stands between the keyword and `{`. */
function header(p: Parser, keyword: TokenKind): Header {
  p.want(keyword);
  if (p.is(TokenKind.Lbrace)) {
    if (keyword !== TokenKind.If) return { init: null, cond: null, post: null };
    p.syntaxError("missing condition in if statement");
    return { init: null, cond: p.badExpr(), post: null };
  }
  const outer = p.xnest;
  p.xnest = -1;
  const result = clauses(p, keyword);
  p.xnest = outer;
  return result;
}

function clauses(p: Parser, keyword: TokenKind): Header {
  let init: SimpleStmt | null = null;
  if (!p.is(TokenKind.Semi)) {
    if (p.got(TokenKind.Var)) {
      p.syntaxError(`var declaration not allowed in ${tokenString(keyword)} initializer`);
    }
    init = simpleStmt(p, null, keyword);
    if (init.kind === Kind.RangeClause) return { init, cond: null, post: null };
  }
  let condStmt: SimpleStmt | null = null;
  let post: SimpleStmt | null = null;
  let semi: Pos = 0;
  let semiLit = "";
  if (p.is(TokenKind.Lbrace)) {
    condStmt = init;
    init = null;
  } else {
    if (p.is(TokenKind.Semi)) {
      semi = p.pos;
      semiLit = p.lit;
      p.next();
    } else {
      p.want(TokenKind.Lbrace); // rather than a semicolon: makes a better message
      if (!p.is(TokenKind.Lbrace)) p.advance(TokenKind.Lbrace, TokenKind.Rbrace);
    }
    if (keyword === TokenKind.For) {
      if (!p.is(TokenKind.Semi) && p.is(TokenKind.Lbrace)) {
        p.syntaxError("expected for loop condition");
      } else {
        if (!p.is(TokenKind.Semi)) condStmt = simpleStmt(p, null, 0);
        p.want(TokenKind.Semi);
        if (!p.is(TokenKind.Lbrace)) {
          post = simpleStmt(p, null, 0);
          if (post.kind === Kind.AssignStmt && post.op === Op.Def) {
            p.syntaxErrorAt(post.pos, "cannot declare in post statement of for loop");
          }
        }
      }
    } else if (!p.is(TokenKind.Lbrace)) {
      condStmt = simpleStmt(p, null, keyword);
    }
  }
  return { init, cond: condition(p, keyword, condStmt, semi, semiLit), post };
}

function condition(p: Parser, keyword: TokenKind, stmt: SimpleStmt | null, semi: Pos, semiLit: string): Expr | null {
  if (stmt === null) {
    if (keyword !== TokenKind.If) return null;
    if (semi === 0) return p.badExpr(); // after an error
    if (semiLit !== "semicolon") p.syntaxErrorAt(semi, `unexpected ${semiLit}, expected { after if clause`);
    else p.syntaxErrorAt(semi, "missing condition in if statement");
    return new BadExpr(semi, semi);
  }
  if (stmt.kind === Kind.ExprStmt) return stmt.x;
  // Most often `=` where `==` is meant.
  const what =
    stmt.kind === Kind.AssignStmt && stmt.op === Op.None
      ? `assignment ${emphasize(stmt.lhs)} = ${emphasize(stmt.rhs!)}`
      : stmtString(stmt);
  p.syntaxErrorAt(stmt.pos, `cannot use ${what} as value`);
  // The compiler leaves an if statement without a condition here; nobody looks at it after the error.
  return keyword === TokenKind.If ? new BadExpr(stmt.pos, stmt.pos) : null;
}

/** The text of `x`, a binary operation in parentheses. */
function emphasize(x: Expr): string {
  const text = exprString(x);
  return x.kind === Kind.Operation && x.y !== null ? `(${text})` : text;
}

function ifStmt(p: Parser): IfStmt {
  p.enter();
  const pos = p.pos;
  const { init, cond } = header(p, TokenKind.If);
  const then = blockStmt(p, "if clause");
  let else_: IfStmt | BlockStmt | null = null;
  if (p.got(TokenKind.Else)) {
    if (p.is(TokenKind.If)) {
      else_ = ifStmt(p);
    } else if (p.is(TokenKind.Lbrace)) {
      else_ = blockStmt(p, "");
    } else {
      p.syntaxError("else must be followed by if or statement block");
      p.advance(TokenKind.Name, TokenKind.Rbrace);
    }
  }
  p.leave();
  return new IfStmt(pos, p.prevEnd, init as Stmt | null, cond!, then, else_);
}

function switchStmt(p: Parser): SwitchStmt {
  const pos = p.pos;
  const { init, cond } = header(p, TokenKind.Switch);
  openClauses(p, "switch");
  const body: CaseClause[] = [];
  while (p.more(TokenKind.Rbrace)) body.push(caseClause(p));
  const rbrace = p.pos;
  p.want(TokenKind.Rbrace);
  return new SwitchStmt(pos, p.prevEnd, init as Stmt | null, cond, body, rbrace);
}

function selectStmt(p: Parser): SelectStmt {
  const pos = p.pos;
  p.want(TokenKind.Select);
  openClauses(p, "select");
  const body: CommClause[] = [];
  while (p.more(TokenKind.Rbrace)) body.push(commClause(p));
  const rbrace = p.pos;
  p.want(TokenKind.Rbrace);
  return new SelectStmt(pos, p.prevEnd, body, rbrace);
}

function openClauses(p: Parser, keyword: string): void {
  if (p.got(TokenKind.Lbrace)) return;
  p.syntaxError(`missing { after ${keyword} clause`);
  p.advance(TokenKind.Case, TokenKind.Default, TokenKind.Rbrace);
}

function caseClause(p: Parser): CaseClause {
  const pos = p.pos;
  let cases: Expr | null = null;
  if (p.got(TokenKind.Case)) cases = exprList(p);
  else defaultCase(p);
  const colon = p.pos;
  p.want(TokenKind.Colon);
  const end = p.prevEnd;
  const body = stmtList(p);
  return new CaseClause(pos, clauseEnd(end, body), cases, body, colon);
}

function commClause(p: Parser): CommClause {
  const pos = p.pos;
  let comm: SimpleStmt | null = null;
  if (p.got(TokenKind.Case)) comm = simpleStmt(p, null, 0);
  else defaultCase(p);
  const colon = p.pos;
  p.want(TokenKind.Colon);
  const end = p.prevEnd;
  const body = stmtList(p);
  return new CommClause(pos, clauseEnd(end, body), comm as Stmt | null, body, colon);
}

function defaultCase(p: Parser): void {
  if (p.got(TokenKind.Default)) return;
  p.syntaxError("expected case or default or }");
  p.advance(TokenKind.Colon, TokenKind.Case, TokenKind.Default, TokenKind.Rbrace);
}

/** Where a clause ends whose colon ends at `colonEnd`. */
export function clauseEnd(colonEnd: Pos, body: readonly Stmt[]): Pos {
  return body.length === 0 ? colonEnd : Math.max(colonEnd, body[body.length - 1].end);
}

function stmtOrNil(p: Parser): Stmt | null {
  p.enter();
  const stmt = stmtInner(p);
  p.leave();
  return stmt;
}

function stmtInner(p: Parser): Stmt | null {
  if (p.is(TokenKind.Name)) {
    p.clearPragma();
    const lhs = exprList(p);
    if (lhs.kind === Kind.Name && p.is(TokenKind.Colon)) return labeledStmtOrNil(p, lhs);
    return simpleStmt(p, lhs, 0) as Stmt;
  }
  switch (p.tok) {
    case TokenKind.Var:
    case TokenKind.Const:
    case TokenKind.Type:
      return declStmt(p);
  }
  p.clearPragma();
  switch (p.tok) {
    case TokenKind.Lbrace:
      return blockStmt(p, "");
    case TokenKind.Operator:
    case TokenKind.Star:
      switch (p.op) {
        case Op.Add:
        case Op.Sub:
        case Op.Mul:
        case Op.And:
        case Op.Xor:
        case Op.Not:
          return simpleStmt(p, null, 0) as Stmt;
      }
      return null;
    case TokenKind.Literal:
    case TokenKind.Func:
    case TokenKind.Lparen:
    case TokenKind.Lbrack:
    case TokenKind.Struct:
    case TokenKind.Map:
    case TokenKind.Chan:
    case TokenKind.Interface:
    case TokenKind.Arrow:
      return simpleStmt(p, null, 0) as Stmt;
    case TokenKind.For:
      return forStmt(p);
    case TokenKind.Switch:
      return switchStmt(p);
    case TokenKind.Select:
      return selectStmt(p);
    case TokenKind.If:
      return ifStmt(p);
    case TokenKind.Fallthrough:
    case TokenKind.Break:
    case TokenKind.Continue:
    case TokenKind.Goto:
      return branchStmt(p);
    case TokenKind.Go:
    case TokenKind.Defer:
      return callStmt(p);
    case TokenKind.Return: {
      const pos = p.pos;
      p.next();
      const results = p.is(TokenKind.Semi) || p.is(TokenKind.Rbrace) ? null : exprList(p);
      return new ReturnStmt(pos, p.prevEnd, results);
    }
    case TokenKind.Semi:
      return new EmptyStmt(p.pos, p.pos);
  }
  return null;
}

function branchStmt(p: Parser): BranchStmt {
  const pos = p.pos;
  const tok = p.tok;
  p.branches++;
  p.next();
  let label: Name | null = null;
  if (tok === TokenKind.Goto || (tok !== TokenKind.Fallthrough && p.is(TokenKind.Name))) label = p.name();
  return new BranchStmt(pos, p.prevEnd, tok, label);
}

function stmtList(p: Parser): Stmt[] {
  const list: Stmt[] = [];
  while (!p.is(TokenKind.EOF) && !p.is(TokenKind.Rbrace) && !p.is(TokenKind.Case) && !p.is(TokenKind.Default)) {
    const stmt = stmtOrNil(p);
    p.clearPragma();
    if (stmt === null) break;
    list.push(stmt);
    // The semicolon may be missing before "}".
    if (!p.got(TokenKind.Semi) && !p.is(TokenKind.Rbrace)) {
      p.syntaxError("at end of statement");
      p.advance(TokenKind.Semi, TokenKind.Rbrace, TokenKind.Case, TokenKind.Default);
      p.got(TokenKind.Semi);
    }
  }
  return list;
}
