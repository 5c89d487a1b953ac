/** CST to statements, as the recursive-descent parser reads them (parse-stmt.ts). */
import {
  AssignStmt,
  BlockStmt,
  BranchStmt,
  CallStmt,
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
  ListExpr,
  RangeClause,
  ReturnStmt,
  SelectStmt,
  SendStmt,
  type Stmt,
  SwitchStmt,
  TypeSwitchGuard,
} from "./ast.ts";
import { declarations } from "./cst-decl.ts";
import { exprList, exprOf, primary } from "./cst-expr.ts";
import { Cst } from "./cst-kinds.ts";
import { type CstState, None } from "./cst-state.ts";
import { exprOfType } from "./cst-type.ts";
import { clauseEnd } from "./parse-stmt.ts";
import { Op, TokenKind } from "./tokens.ts";

export function block(s: CstState, node: number): BlockStmt {
  const list = s.after(s.first(node), node);
  const stmts = s.is(list, Cst.StatementList) ? stmtList(s, list) : [];
  return new BlockStmt(s.pos(node), s.end(node), stmts, s.lastPos(node));
}

function stmtList(s: CstState, list: number): Stmt[] {
  const stmts: Stmt[] = [];
  let last = None;
  for (let node = s.first(list); node !== None; node = s.after(node, list)) {
    if (s.is(node, TokenKind.Semi)) {
      if (s.is(last, Cst.EmptyStatement)) s.unsupported(node); // two empty statements
      last = None;
      continue;
    }
    stmts.push(stmt(s, node));
    s.lineEnd(node);
    last = node;
  }
  // Only before "}" may the semicolon be missing.
  if (last !== None && !s.is(last, Cst.EmptyStatement)) {
    const next = s.tokenAfter(last);
    if (next !== TokenKind.Rbrace && next !== TokenKind.Semi) s.unsupported(last);
  }
  return stmts;
}

function stmt(s: CstState, node: number): Stmt {
  switch (s.kind(node)) {
    case Cst.ConstDeclaration:
    case Cst.TypeDeclaration:
    case Cst.VarDeclaration:
      return new DeclStmt(s.pos(node), s.end(node), declarations(s, node));
    case Cst.ReturnStatement: {
      const results = s.after(s.first(node), node);
      return new ReturnStmt(s.pos(node), s.end(node), results === None ? null : exprList(s, results));
    }
    case Cst.GoStatement:
    case Cst.DeferStatement:
      return callStmt(s, node);
    case Cst.IfStatement:
      return ifStmt(s, node);
    case Cst.ForStatement:
      return forStmt(s, node);
    case Cst.ExpressionSwitchStatement:
    case Cst.TypeSwitchStatement:
      return switchStmt(s, node);
    case Cst.SelectStatement:
      return selectStmt(s, node);
    case Cst.LabeledStatement:
      return labeledStmt(s, node);
    case Cst.FallthroughStatement:
      s.branches++;
      return new BranchStmt(s.pos(node), s.end(node), TokenKind.Fallthrough, null);
    case Cst.BreakStatement:
    case Cst.ContinueStatement:
    case Cst.GotoStatement: {
      s.branches++;
      const label = s.after(s.first(node), node);
      return new BranchStmt(s.pos(node), s.end(node), s.firstToken(node), label === None ? null : s.name(label));
    }
    case Cst.Block:
      return block(s, node);
    case Cst.EmptyStatement:
      return new EmptyStmt(s.pos(node), s.pos(node));
  }
  return simpleStmt(s, node);
}

function simpleStmt(s: CstState, node: number): Stmt {
  const first = s.first(node);
  switch (s.kind(node)) {
    case Cst.ExpressionStatement: {
      const x = exprOf(s, first);
      return new ExprStmt(x.pos, x.end, x);
    }
    case Cst.SendStatement: {
      const arrow = s.after(first, node);
      const chan = exprOf(s, first);
      return new SendStmt(s.pos(arrow), s.end(node), chan, exprOf(s, s.after(arrow, node)));
    }
    case Cst.IncStatement:
    case Cst.DecStatement: {
      const operator = s.after(first, node);
      return new AssignStmt(s.pos(operator), s.end(node), s.op(operator), exprOf(s, first), null);
    }
    case Cst.AssignmentStatement:
    case Cst.ShortVarDeclaration:
      return assignment(s, node);
  }
  return s.unsupported(node);
}

function assignment(s: CstState, node: number): Stmt {
  const left = s.first(node);
  const operator = s.after(left, node);
  const lhs = exprList(s, left);
  const rhs = exprList(s, s.after(operator, node));
  let op = Op.None;
  if (s.is(operator, TokenKind.Define)) {
    op = Op.Def;
  } else if (s.is(operator, TokenKind.AssignOp)) {
    op = s.op(operator);
    if (lhs.kind === Kind.ListExpr || rhs.kind === Kind.ListExpr) s.unsupported(node);
  }
  return new AssignStmt(s.pos(operator), s.end(node), op, lhs, rhs);
}

function callStmt(s: CstState, node: number): Stmt {
  const operand = s.after(s.first(node), node);
  if (s.is(operand, Cst.ParenthesizedExpression)) s.unsupported(node); // an error
  return new CallStmt(s.pos(node), s.end(node), s.firstToken(node), primary(s, operand));
}

function labeledStmt(s: CstState, node: number): Stmt {
  s.branches++;
  const label = s.first(node);
  const colon = s.after(label, node);
  const body = s.after(colon, node);
  if (body !== None) {
    const inner = stmt(s, body);
    const end = inner.kind === Kind.EmptyStmt ? s.end(colon) : inner.end; // an empty statement has no extent
    return new LabeledStmt(s.pos(colon), end, s.name(label), inner);
  }
  const next = s.tokenAfter(node);
  if (next !== TokenKind.Rbrace && next !== TokenKind.Semi) s.unsupported(node);
  const empty = new EmptyStmt(s.posAfter(node), s.posAfter(node));
  return new LabeledStmt(s.pos(colon), s.end(colon), s.name(label), empty);
}

/** A statement in the header of `if` or `switch` is followed by a semicolon; null if there is none. */
function headerInit(s: CstState, node: number, parent: number): Stmt | null {
  return s.is(s.after(node, parent), TokenKind.Semi) ? simpleStmt(s, node) : null;
}

function ifStmt(s: CstState, node: number): IfStmt {
  let next = s.after(s.first(node), node);
  const outer = s.xnest;
  s.xnest = -1;
  const init = headerInit(s, next, node);
  if (init !== null) next = s.after(s.after(next, node), node);
  const cond = exprOf(s, next);
  s.xnest = outer;
  const thenBlock = s.expect(s.after(next, node), Cst.Block);
  const then = block(s, thenBlock);
  const keyword = s.after(thenBlock, node);
  let else_: IfStmt | BlockStmt | null = null;
  if (keyword !== None) {
    const alternative = s.after(keyword, node);
    else_ = s.is(alternative, Cst.IfStatement) ? ifStmt(s, alternative) : block(s, alternative);
  }
  return new IfStmt(s.pos(node), s.end(node), init, cond, then, else_);
}

function forStmt(s: CstState, node: number): Stmt {
  let init: Stmt | RangeClause | null = null;
  let cond: Expr | null = null;
  let post: Stmt | null = null;
  const clause = s.after(s.first(node), node);
  let body = clause;
  if (!s.is(clause, Cst.Block)) {
    body = s.expect(s.after(clause, node), Cst.Block);
    const outer = s.xnest;
    s.xnest = -1;
    if (s.is(clause, Cst.RangeClause)) {
      init = rangeClause(s, clause);
    } else if (s.is(clause, Cst.ForClause)) {
      let part = s.first(clause);
      if (!s.is(part, TokenKind.Semi)) {
        init = simpleStmt(s, part);
        part = s.after(part, clause);
      }
      part = s.after(s.expect(part, TokenKind.Semi), clause);
      if (!s.is(part, TokenKind.Semi)) {
        cond = exprOf(s, part);
        part = s.after(part, clause);
      }
      part = s.after(s.expect(part, TokenKind.Semi), clause);
      if (part !== None) {
        if (s.is(part, Cst.ShortVarDeclaration)) s.unsupported(part);
        post = simpleStmt(s, part);
      }
    } else {
      cond = exprOf(s, clause);
    }
    s.xnest = outer;
  }
  return new ForStmt(s.pos(node), s.end(node), init, cond, post, block(s, body));
}

function rangeClause(s: CstState, node: number): RangeClause {
  let keyword = s.first(node);
  let lhs: Expr | null = null;
  let def = false;
  if (!s.is(keyword, TokenKind.Range)) {
    lhs = exprList(s, keyword);
    const operator = s.after(keyword, node);
    def = s.is(operator, TokenKind.Define);
    keyword = s.after(operator, node);
  }
  return new RangeClause(s.pos(keyword), s.end(node), lhs, def, exprOf(s, s.after(keyword, node)));
}

function switchStmt(s: CstState, node: number): Stmt {
  let next = s.after(s.first(node), node);
  const outer = s.xnest;
  s.xnest = -1;
  let init: Stmt | null = null;
  if (!s.is(next, TokenKind.Lbrace)) {
    init = headerInit(s, next, node);
    if (init !== null) next = s.after(s.after(next, node), node);
  }
  let tag: Expr | null = null;
  if (s.is(node, Cst.TypeSwitchStatement)) {
    let lhs: Expr | null = null;
    if (s.is(s.after(next, node), TokenKind.Define)) {
      lhs = exprList(s, next);
      next = s.after(s.after(next, node), node);
    }
    const x = primary(s, next);
    const dot = s.expect(s.after(next, node), TokenKind.Dot);
    const keyword = s.after(s.after(dot, node), node);
    const rparen = s.after(keyword, node);
    if (lhs !== null && lhs.kind !== Kind.Name) s.unsupported(next);
    tag = new TypeSwitchGuard(s.pos(dot), s.end(rparen), lhs, x);
    next = s.after(rparen, node);
  } else if (!s.is(next, TokenKind.Lbrace)) {
    tag = exprOf(s, next);
    next = s.after(next, node);
  }
  s.xnest = outer;
  s.expect(next, TokenKind.Lbrace);
  const body: CaseClause[] = [];
  for (let clause = s.after(next, node); !s.is(clause, TokenKind.Rbrace); clause = s.after(clause, node)) {
    body.push(caseClause(s, clause));
  }
  return new SwitchStmt(s.pos(node), s.end(node), init, tag, body, s.lastPos(node));
}

function caseClause(s: CstState, node: number): CaseClause {
  let next = s.after(s.first(node), node);
  let cases: Expr | null = null;
  if (s.is(node, Cst.ExpressionCase)) {
    cases = exprList(s, next);
    next = s.after(next, node);
  } else if (s.is(node, Cst.TypeCase)) {
    const types: Expr[] = [];
    for (; !s.is(next, TokenKind.Colon); next = s.after(next, node)) {
      if (!s.is(next, TokenKind.Comma)) types.push(exprOfType(s, next));
    }
    cases = exprsOf(types);
  } else {
    s.expect(node, Cst.DefaultCase);
  }
  const body = clauseBody(s, next, node);
  return new CaseClause(s.pos(node), clauseEnd(s.end(next), body), cases, body, s.pos(next));
}

/** One expression, or several as a ListExpr. */
function exprsOf(list: Expr[]): Expr {
  return list.length === 1 ? list[0] : new ListExpr(list[0].pos, list[list.length - 1].end, list);
}

function clauseBody(s: CstState, colon: number, parent: number): Stmt[] {
  const list = s.after(s.expect(colon, TokenKind.Colon), parent);
  return list === None ? [] : stmtList(s, s.expect(list, Cst.StatementList));
}

function selectStmt(s: CstState, node: number): Stmt {
  const lbrace = s.after(s.first(node), node);
  const body: CommClause[] = [];
  for (let clause = s.after(lbrace, node); !s.is(clause, TokenKind.Rbrace); clause = s.after(clause, node)) {
    body.push(commClause(s, clause));
  }
  return new SelectStmt(s.pos(node), s.end(node), body, s.lastPos(node));
}

function commClause(s: CstState, node: number): CommClause {
  let next = s.after(s.first(node), node);
  let comm: Stmt | null = null;
  if (s.is(node, Cst.CommunicationCase)) {
    comm = s.is(next, Cst.ReceiveStatement) ? receiveStmt(s, next) : simpleStmt(s, next);
    next = s.after(next, node);
  } else {
    s.expect(node, Cst.DefaultCase);
  }
  const body = clauseBody(s, next, node);
  return new CommClause(s.pos(node), clauseEnd(s.end(next), body), comm, body, s.pos(next));
}

function receiveStmt(s: CstState, node: number): Stmt {
  const first = s.first(node);
  const operator = s.after(first, node);
  if (operator === None) {
    const x = exprOf(s, first);
    return new ExprStmt(x.pos, x.end, x);
  }
  const lhs = exprList(s, first);
  const op = s.is(operator, TokenKind.Define) ? Op.Def : Op.None;
  return new AssignStmt(s.pos(operator), s.end(node), op, lhs, exprOf(s, s.after(operator, node)));
}
