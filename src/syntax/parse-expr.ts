/** Expressions (the part of that name of cmd/compile/internal/syntax/parser.go). */

import type { Pos } from "../base/pos.ts";
import {
  AssertExpr,
  BasicLit,
  CallExpr,
  CallStmt,
  ChanDir,
  ChanType,
  CompositeLit,
  type Expr,
  FuncLit,
  IndexExpr,
  KeyValueExpr,
  Kind,
  ListExpr,
  Operation,
  ParenExpr,
  SelectorExpr,
  SliceExpr,
  TypeSwitchGuard,
} from "./ast.ts";
import { funcBody } from "./parse-decl.ts";
import { funcType, type_, typeList } from "./parse-type.ts";
import { type Parser, tokenString } from "./parser.ts";
import { exprString } from "./printer.ts";
import { Op, TokenKind } from "./tokens.ts";
import { unparen } from "./walk.ts";

export function expr(p: Parser): Expr {
  return binaryExpr(p, null, 0);
}

/** Reads operators that bind tighter than `prec`; the first operand may have been read. */
export function binaryExpr(p: Parser, first: Expr | null, prec: number): Expr {
  let x = first ?? unaryExpr(p);
  while ((p.is(TokenKind.Operator) || p.is(TokenKind.Star)) && p.prec > prec) {
    const pos = p.pos;
    const op = p.op;
    const tprec = p.prec;
    p.next();
    const y = binaryExpr(p, null, tprec);
    x = new Operation(pos, p.prevEnd, op, x, y);
  }
  return x;
}

export function unaryExpr(p: Parser): Expr {
  p.enter();
  const x = unaryInner(p);
  p.leave();
  return x;
}

function unaryInner(p: Parser): Expr {
  const pos = p.pos;
  switch (p.tok) {
    case TokenKind.Operator:
    case TokenKind.Star:
      switch (p.op) {
        case Op.Mul:
        case Op.Add:
        case Op.Sub:
        case Op.Not:
        case Op.Xor:
        case Op.Tilde: {
          const op = p.op;
          p.next();
          const x = unaryExpr(p);
          return new Operation(pos, p.prevEnd, op, x, null);
        }
        case Op.And: {
          p.next();
          // A composite literal may stand in parentheses, which are of no interest.
          const x = unparen(unaryExpr(p));
          return new Operation(pos, p.prevEnd, Op.And, x, null);
        }
      }
      break;
    case TokenKind.Arrow: {
      p.next();
      // Only the end of the operand tells <-chan int, a type, from <-chan int(ch), a receive operation.
      const x = unaryExpr(p);
      if (x.kind === Kind.ChanType) return receiveType(p, x);
      return new Operation(pos, p.prevEnd, Op.Recv, x, null);
    }
  }
  // Parentheses are kept, for the error about "(x) := true".
  return pexpr(p, null, true);
}

/** Gives the arrow before channel type `x` to it: `<-(chan E)` is `(<-chan E)`, `<-(chan<- E)` is `(<-chan (<-E))`.
 *  The type keeps its place, the keyword `chan`, as the compiler's does. */
function receiveType(p: Parser, x: ChanType): Expr {
  const chain: ChanType[] = [];
  let dir: ChanDir = ChanDir.SendOnly;
  let type: Expr = x;
  while (dir === ChanDir.SendOnly && type.kind === Kind.ChanType) {
    dir = type.dir;
    if (dir === ChanDir.RecvOnly) p.syntaxError("unexpected <-, expected chan");
    chain.push(type);
    type = type.elem;
  }
  if (dir === ChanDir.SendOnly) p.syntaxError(`unexpected ${exprString(type)}, expected chan`);
  for (let i = chain.length - 1; i >= 0; i--) {
    type = new ChanType(chain[i].pos, chain[i].end, ChanDir.RecvOnly, type);
  }
  return type;
}

/** `go` or `defer` and what follows it. */
export function callStmt(p: Parser): CallStmt {
  const pos = p.pos;
  const tok = p.tok;
  p.next();
  const x = pexpr(p, null, p.is(TokenKind.Lparen));
  const call = unparen(x);
  if (call !== x) p.errorAt(x.pos, `expression in ${tokenString(tok)} must not be parenthesized`);
  return new CallStmt(pos, p.prevEnd, tok, call);
}

function operand(p: Parser, keepParens: boolean): Expr {
  switch (p.tok) {
    case TokenKind.Name:
      return p.name();
    case TokenKind.Literal:
      return oliteral(p)!;
    case TokenKind.Lparen: {
      const pos = p.pos;
      p.next();
      p.xnest++;
      const x = expr(p);
      p.xnest--;
      p.want(TokenKind.Rparen);
      // Before "{" the parentheses matter: the type of a composite literal must not have any.
      return keepParens || p.is(TokenKind.Lbrace) ? new ParenExpr(pos, p.prevEnd, x) : x;
    }
    case TokenKind.Func: {
      const pos = p.pos;
      p.next();
      const { type } = funcType(p, "function type");
      if (!p.is(TokenKind.Lbrace)) return type;
      p.xnest++;
      const body = funcBody(p);
      p.xnest--;
      return new FuncLit(pos, p.prevEnd, type, body);
    }
    case TokenKind.Lbrack:
    case TokenKind.Chan:
    case TokenKind.Map:
    case TokenKind.Struct:
    case TokenKind.Interface:
      return type_(p);
    default: {
      const x = p.badExpr();
      p.syntaxError("expected expression");
      p.advance(TokenKind.Rparen, TokenKind.Rbrack, TokenKind.Rbrace);
      return x;
    }
  }
}

/** Reads a primary expression, whose operand may have been read. */
export function pexpr(p: Parser, first: Expr | null, keepParens: boolean): Expr {
  let x = first ?? operand(p, keepParens);
  for (;;) {
    const pos = p.pos;
    switch (p.tok) {
      case TokenKind.Dot:
        x = afterDot(p, pos, x);
        break;
      case TokenKind.Lbrack:
        x = indexOrSlice(p, pos, x);
        break;
      case TokenKind.Lparen: {
        p.next();
        x = call(p, pos, x);
        break;
      }
      case TokenKind.Lbrace: {
        const type = unparen(x);
        if (!isLiteralType(p, type)) return x;
        if (type !== x) p.syntaxError("cannot parenthesize type in composite literal");
        x = complitexpr(p, x);
        break;
      }
      default:
        return x;
    }
  }
}

function afterDot(p: Parser, pos: Pos, x: Expr): Expr {
  p.next();
  if (p.is(TokenKind.Name)) {
    const sel = p.name();
    return new SelectorExpr(pos, p.prevEnd, x, sel);
  }
  if (p.got(TokenKind.Lparen)) {
    if (p.got(TokenKind.Type)) {
      p.want(TokenKind.Rparen);
      return new TypeSwitchGuard(pos, p.prevEnd, null, x);
    }
    const type = type_(p);
    p.want(TokenKind.Rparen);
    return new AssertExpr(pos, p.prevEnd, x, type);
  }
  p.syntaxError("expected name or (");
  p.advance(TokenKind.Semi, TokenKind.Rparen);
  return x;
}

function indexOrSlice(p: Parser, pos: Pos, x: Expr): Expr {
  p.next();
  let low: Expr | null = null;
  if (!p.is(TokenKind.Colon)) {
    let comma = false;
    if (p.is(TokenKind.Rbrack)) {
      p.syntaxError("expected operand");
      low = p.badExpr();
    } else {
      const list = typeList(p, false);
      low = list.x;
      comma = list.comma;
    }
    if (comma || p.is(TokenKind.Rbrack)) {
      p.want(TokenKind.Rbrack);
      return new IndexExpr(pos, p.prevEnd, x, low);
    }
  }
  if (!p.got(TokenKind.Colon)) {
    p.syntaxError("expected comma, : or ]");
    p.advance(TokenKind.Comma, TokenKind.Colon, TokenKind.Rbrack);
  }
  p.xnest++;
  let high: Expr | null = null;
  let max: Expr | null = null;
  let full = false;
  if (!p.is(TokenKind.Colon) && !p.is(TokenKind.Rbrack)) high = expr(p);
  if (p.is(TokenKind.Colon)) {
    full = true;
    if (high === null) {
      p.errorHere("middle index required in 3-index slice");
      high = p.badExpr();
    }
    p.next();
    if (!p.is(TokenKind.Rbrack)) {
      max = expr(p);
    } else {
      p.errorHere("final index required in 3-index slice");
      max = p.badExpr();
    }
  }
  p.xnest--;
  p.want(TokenKind.Rbrack);
  return new SliceExpr(pos, p.prevEnd, x, [low, high, max], full);
}

/** `(` at `pos` has been consumed. */
function call(p: Parser, pos: Pos, fun: Expr): CallExpr {
  const args: Expr[] = [];
  let hasDots = false;
  let complete = true;
  p.xnest++;
  while (complete && !hasDots && p.more(TokenKind.Rparen)) {
    args.push(expr(p));
    hasDots = p.got(TokenKind.DotDotDot);
    complete = p.separator("argument list", TokenKind.Comma, TokenKind.Rparen);
  }
  p.xnest--;
  if (complete) p.want(TokenKind.Rparen);
  return new CallExpr(pos, p.prevEnd, fun, args, hasDots);
}

/** Whether `{` after `x` can start the body of a composite literal. */
function isLiteralType(p: Parser, x: Expr): boolean {
  switch (x.kind) {
    case Kind.Name:
    case Kind.SelectorExpr:
      return p.xnest >= 0;
    case Kind.IndexExpr:
      return p.xnest >= 0 && !isValue(x);
    case Kind.ArrayType:
    case Kind.SliceType:
    case Kind.StructType:
    case Kind.MapType:
      return true;
  }
  return false;
}

/** Whether `x` cannot be a type. */
function isValue(x: Expr): boolean {
  switch (x.kind) {
    case Kind.BasicLit:
    case Kind.CompositeLit:
    case Kind.FuncLit:
    case Kind.SliceExpr:
    case Kind.AssertExpr:
    case Kind.TypeSwitchGuard:
    case Kind.CallExpr:
      return true;
    case Kind.Operation:
      return x.op !== Op.Mul || x.y !== null;
    case Kind.ParenExpr:
      return isValue(x.x);
    case Kind.IndexExpr:
      return isValue(x.x) || isValue(x.index);
  }
  return false;
}

/** An element of a composite literal: an expression or a literal without a type. */
function element(p: Parser): Expr {
  return p.is(TokenKind.Lbrace) ? complitexpr(p, null) : expr(p);
}

function complitexpr(p: Parser, type: Expr | null): CompositeLit {
  const pos = p.pos;
  const elems: Expr[] = [];
  let nkeys = 0;
  let complete = true;
  p.enter();
  p.xnest++;
  p.want(TokenKind.Lbrace);
  while (complete && p.more(TokenKind.Rbrace)) {
    let elem = element(p);
    if (p.is(TokenKind.Colon)) {
      const colon = p.pos;
      p.next();
      const value = element(p);
      elem = new KeyValueExpr(colon, p.prevEnd, elem, value);
      nkeys++;
    }
    elems.push(elem);
    complete = p.separator("composite literal", TokenKind.Comma, TokenKind.Rbrace);
  }
  const rbrace = p.pos;
  if (complete) p.want(TokenKind.Rbrace);
  p.xnest--;
  p.leave();
  return new CompositeLit(pos, p.prevEnd, type, elems, nkeys, rbrace);
}

/** A literal, if one follows. */
export function oliteral(p: Parser): BasicLit | null {
  if (!p.is(TokenKind.Literal)) return null;
  const pos = p.pos;
  const lit = p.lit;
  const kind = p.litKind;
  const bad = p.bad;
  p.next();
  const literal = new BasicLit(pos, p.prevEnd, lit, kind);
  literal.bad = bad;
  return literal;
}

/** One expression, or several as a ListExpr. */
export function exprList(p: Parser): Expr {
  const x = expr(p);
  if (!p.is(TokenKind.Comma)) return x;
  const list = [x];
  while (p.got(TokenKind.Comma)) list.push(expr(p));
  return new ListExpr(x.pos, list[list.length - 1].end, list);
}
