/** CST to expressions, as the recursive-descent parser reads them (parse-expr.ts). */

import {
  AssertExpr,
  CallExpr,
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
} from "./ast.ts";
import { Cst } from "./cst-kinds.ts";
import { type CstState, None } from "./cst-state.ts";
import { block } from "./cst-stmt.ts";
import { afterChan, exprOfType, funcType, typeArgumentsOfCall, typeOf } from "./cst-type.ts";
import { Op, TokenKind } from "./tokens.ts";
import { unparen } from "./walk.ts";

export function exprOf(s: CstState, node: number): Expr {
  switch (s.kind(node)) {
    case Cst.Identifier:
      return s.name(node);
    case Cst.Literal:
    case Cst.String:
      return s.literal(node);
    case Cst.UnaryExpression:
      return unary(s, node);
    case Cst.BinaryExpression:
      return binary(s, node);
    case Cst.SelectorExpression: {
      const x = s.first(node);
      const dot = s.after(x, node);
      return new SelectorExpr(s.pos(dot), s.end(node), primary(s, x), s.name(s.after(dot, node)));
    }
    case Cst.IndexExpression: {
      const x = s.first(node);
      const lbrack = s.after(x, node);
      const operand = primary(s, x);
      return new IndexExpr(s.pos(lbrack), s.end(node), operand, nested(s, s.after(lbrack, node)));
    }
    case Cst.SliceExpression:
      return slice(s, node);
    case Cst.CallExpression:
      return call(s, node);
    case Cst.TypeAssertionExpression: {
      const x = s.first(node);
      const dot = s.after(x, node);
      const type = s.after(s.after(dot, node), node);
      return new AssertExpr(s.pos(dot), s.end(node), primary(s, x), typeOf(s, type));
    }
    case Cst.TypeConversionExpression:
      return conversion(s, node);
    case Cst.TypeInstantiationExpression:
      return instantiation(s, node);
    case Cst.CompositeLiteral:
      return compositeLiteral(s, node);
    case Cst.FuncLiteral:
      return funcLiteral(s, node);
    case Cst.ParenthesizedExpression:
      return new ParenExpr(s.pos(node), s.end(node), nested(s, s.after(s.first(node), node)));
  }
  return exprOfType(s, node);
}

/** An operand that something follows which binds tighter than any operator. The grammar takes `*(*T)(x).f` for
 *  `(*(*T)(x)).f`. */
export function primary(s: CstState, node: number): Expr {
  const x = exprOf(s, node);
  if (x.kind === Kind.Operation) s.unsupported(node);
  return x;
}

/** An expression in brackets, where composite literals may stand again. */
function nested(s: CstState, node: number): Expr {
  s.xnest++;
  const x = exprOf(s, node);
  s.xnest--;
  return x;
}

/** One expression, or several as a ListExpr. */
export function exprList(s: CstState, node: number): Expr {
  if (!s.is(node, Cst.ExpressionList)) return exprOf(s, node);
  const first = s.first(node);
  const x = exprOf(s, first);
  let comma = s.after(first, node);
  if (comma === None) return x;
  const list = [x];
  while (comma !== None) {
    const next = s.after(comma, node);
    list.push(exprOf(s, next));
    comma = s.after(next, node);
  }
  return new ListExpr(x.pos, list[list.length - 1].end, list);
}

function unary(s: CstState, node: number): Expr {
  const operator = s.first(node);
  const x = exprOf(s, s.after(operator, node));
  switch (s.kind(operator)) {
    case TokenKind.Arrow:
      if (x.kind === Kind.ChanType) s.unsupported(node);
      return new Operation(s.pos(node), s.end(node), Op.Recv, x, null);
    case TokenKind.Star:
      return new Operation(s.pos(node), s.end(node), Op.Mul, x, null);
  }
  const op = s.op(operator);
  return new Operation(s.pos(node), s.end(node), op, op === Op.And ? unparen(x) : x, null);
}

/** Chains of operators of one precedence lean to the left and can be long: they are read in a loop. */
function binary(s: CstState, node: number): Expr {
  const chain: number[] = [];
  let left = node;
  while (s.is(left, Cst.BinaryExpression)) {
    chain.push(left);
    left = s.first(left);
  }
  let x = exprOf(s, left);
  for (let i = chain.length - 1; i >= 0; i--) {
    const outer = chain[i];
    const operator = s.after(s.first(outer), outer);
    const y = exprOf(s, s.after(operator, outer));
    const op = s.is(operator, TokenKind.Star) ? Op.Mul : s.op(operator);
    x = new Operation(s.pos(operator), s.end(outer), op, x, y);
  }
  return x;
}

function slice(s: CstState, node: number): Expr {
  const x = s.first(node);
  const lbrack = s.after(x, node);
  const operand = primary(s, x);
  const index: [Expr | null, Expr | null, Expr | null] = [null, null, null];
  let colons = 0;
  for (let part = s.after(lbrack, node); !s.is(part, TokenKind.Rbrack); part = s.after(part, node)) {
    if (s.is(part, TokenKind.Colon)) colons++;
    else index[colons] = nested(s, part);
  }
  return new SliceExpr(s.pos(lbrack), s.end(node), operand, index, colons === 2);
}

function call(s: CstState, node: number): Expr {
  const first = s.first(node);
  let fun = primary(s, first);
  let args = s.after(first, node);
  if (s.is(args, Cst.TypeArguments)) {
    fun = new IndexExpr(s.pos(args), s.end(args), fun, typeArgumentsOfCall(s, args));
    args = s.after(args, node);
  }
  const list: Expr[] = [];
  let hasDots = false;
  s.xnest++;
  for (let arg = s.after(s.first(args), args); !s.is(arg, TokenKind.Rparen); arg = s.after(arg, args)) {
    if (s.is(arg, TokenKind.Comma)) continue;
    if (hasDots) s.unsupported(arg);
    hasDots = s.is(arg, Cst.VariadicArgument);
    list.push(exprOf(s, hasDots ? s.first(arg) : arg));
  }
  s.xnest--;
  return new CallExpr(s.pos(args), s.end(node), fun, list, hasDots);
}

/** `T(x)` where T can only be a type. */
function conversion(s: CstState, node: number): Expr {
  const type = s.first(node);
  const lparen = s.after(type, node);
  return convert(s, node, type, lparen);
}

/** The grammar takes the first star of `*(*T)(x)` and the arrow of `<-chan T(x)` for a part of the type; the compiler
 *  applies them to the result. */
function convert(s: CstState, node: number, type: number, lparen: number): Expr {
  if (s.is(type, Cst.PointerType)) {
    const x = convert(s, node, s.after(s.first(type), type), lparen);
    return new Operation(s.pos(type), s.end(node), Op.Mul, x, null);
  }
  if (endsInSignature(s, type)) s.unsupported(node);
  if (s.is(type, Cst.ChannelType) && s.firstToken(type) === TokenKind.Arrow) {
    const keyword = s.after(s.first(type), type);
    const chan = afterChan(s, keyword, s.after(keyword, type), type);
    const x = new CallExpr(s.pos(lparen), s.end(node), chan, [nested(s, s.after(lparen, node))], false);
    return new Operation(s.pos(type), s.end(node), Op.Recv, x, null);
  }
  const fun = exprOfType(s, type);
  return new CallExpr(s.pos(lparen), s.end(node), fun, [nested(s, s.after(lparen, node))], false);
}

/** Whether the compiler reads `T(x)` differently: `(` after a function type starts its result. */
function endsInSignature(s: CstState, type: number): boolean {
  if (s.is(type, Cst.NegatedType)) return true;
  let last = type;
  while (isCompound(s.kind(last))) {
    const parent = last;
    for (let part = s.first(parent); part !== None; part = s.after(part, parent)) last = part;
    // A function type without a result ends in its parameters.
    if (s.is(last, Cst.ParameterList)) return s.after(s.first(parent), parent) === last;
  }
  return false;
}

/** Types whose last part is a type. */
function isCompound(kind: number): boolean {
  switch (kind) {
    case Cst.ArrayType:
    case Cst.ChannelType:
    case Cst.FunctionType:
    case Cst.ImplicitLengthArrayType:
    case Cst.MapType:
    case Cst.PointerType:
    case Cst.SliceType:
      return true;
  }
  return false;
}

/** `x[T1, T2]`, with stars before x that apply to the whole. */
function instantiation(s: CstState, node: number): Expr {
  const x = s.first(node);
  return instantiate(s, node, x, s.after(x, node));
}

function instantiate(s: CstState, node: number, type: number, lbrack: number): Expr {
  if (s.is(type, Cst.PointerType)) {
    const x = instantiate(s, node, s.after(s.first(type), type), lbrack);
    return new Operation(s.pos(type), s.end(node), Op.Mul, x, null);
  }
  switch (s.kind(type)) {
    case Cst.Identifier:
    case Cst.QualifiedType:
    case Cst.GenericType: // x[a][b]
    case Cst.ParenthesizedType:
      break;
    default:
      s.unsupported(node);
  }
  const operand = exprOfType(s, type);
  const list: Expr[] = [];
  s.xnest++;
  for (let arg = s.after(lbrack, node); !s.is(arg, TokenKind.Rbrack); arg = s.after(arg, node)) {
    if (!s.is(arg, TokenKind.Comma)) list.push(list.length === 0 ? exprOfType(s, arg) : typeOf(s, arg));
  }
  s.xnest--;
  const index = list.length === 1 ? list[0] : new ListExpr(list[0].pos, list[list.length - 1].end, list);
  return new IndexExpr(s.pos(lbrack), s.end(node), operand, index);
}

function compositeLiteral(s: CstState, node: number): Expr {
  const typeNode = s.first(node);
  const type = exprOfType(s, typeNode);
  switch (type.kind) {
    case Kind.Name:
    case Kind.SelectorExpr:
    case Kind.IndexExpr:
      if (s.xnest < 0) s.unsupported(node); // in a header the `{` starts the block
      break;
    case Kind.ArrayType:
    case Kind.SliceType:
    case Kind.StructType:
    case Kind.MapType:
      break;
    default:
      s.unsupported(node);
  }
  return literalValue(s, s.after(typeNode, node), type);
}

function literalValue(s: CstState, node: number, type: Expr | null): CompositeLit {
  const elems: Expr[] = [];
  let nkeys = 0;
  s.xnest++;
  for (let elem = s.after(s.first(node), node); !s.is(elem, TokenKind.Rbrace); elem = s.after(elem, node)) {
    if (s.is(elem, TokenKind.Comma)) continue;
    if (s.is(elem, Cst.KeyedElement)) {
      const key = s.first(elem);
      const colon: number = s.after(key, elem);
      const value = s.after(colon, elem);
      elems.push(new KeyValueExpr(s.pos(colon), s.end(elem), element(s, key), element(s, value)));
      nkeys++;
    } else {
      elems.push(element(s, elem));
    }
  }
  s.xnest--;
  return new CompositeLit(s.pos(node), s.end(node), type, elems, nkeys, s.lastPos(node));
}

function element(s: CstState, node: number): Expr {
  const x = s.first(s.expect(node, Cst.LiteralElement));
  return s.is(x, Cst.LiteralValue) ? literalValue(s, x, null) : exprOf(s, x);
}

function funcLiteral(s: CstState, node: number): Expr {
  const params = s.after(s.first(node), node);
  const type = funcType(s, params, node);
  let body = params;
  while (!s.is(body, Cst.Block)) body = s.after(body, node);
  s.xnest++;
  const list = s.funcBody(body, (at) => block(s, at));
  s.xnest--;
  return new FuncLit(s.pos(node), s.end(node), type, list);
}
