/** Types (the part of that name of cmd/compile/internal/syntax/parser.go). */
import type { Pos } from "../base/pos.ts";
import {
  ArrayType,
  type BasicLit,
  ChanDir,
  ChanType,
  type Expr,
  Field,
  FuncType,
  IndexExpr,
  InterfaceType,
  Kind,
  ListExpr,
  MapType,
  Name,
  Operation,
  SelectorExpr,
  SliceType,
  StructType,
} from "./ast.ts";
import { expr, oliteral } from "./parse-expr.ts";
import { paramList } from "./parse-params.ts";
import type { Parser } from "./parser.ts";
import { Op, TokenKind } from "./tokens.ts";

export function type_(p: Parser): Expr {
  const type = typeOrNil(p);
  if (type !== null) return type;
  const bad = p.badExpr();
  p.syntaxError("expected type");
  p.advance(TokenKind.Comma, TokenKind.Colon, TokenKind.Semi, TokenKind.Rparen, TokenKind.Rbrack, TokenKind.Rbrace);
  return bad;
}

/** Like {@link type_}, but null without an error where there is no type. */
export function typeOrNil(p: Parser): Expr | null {
  p.enter();
  const type = typeInner(p);
  p.leave();
  return type;
}

function typeInner(p: Parser): Expr | null {
  const pos = p.pos;
  switch (p.tok) {
    case TokenKind.Star: {
      p.next();
      const elem = type_(p);
      return new Operation(pos, p.prevEnd, Op.Mul, elem, null);
    }
    case TokenKind.Arrow: {
      p.next();
      p.want(TokenKind.Chan);
      const elem = chanElem(p);
      return new ChanType(pos, p.prevEnd, ChanDir.RecvOnly, elem);
    }
    case TokenKind.Func:
      p.next();
      return funcType(p, "function type").type;
    case TokenKind.Lbrack:
      p.next();
      if (p.got(TokenKind.Rbrack)) return sliceType(p, pos);
      return arrayType(p, pos, null);
    case TokenKind.Chan: {
      p.next();
      const dir = p.got(TokenKind.Arrow) ? ChanDir.SendOnly : ChanDir.Both;
      const elem = chanElem(p);
      return new ChanType(pos, p.prevEnd, dir, elem);
    }
    case TokenKind.Map: {
      p.next();
      p.want(TokenKind.Lbrack);
      const key = type_(p);
      p.want(TokenKind.Rbrack);
      const value = type_(p);
      return new MapType(pos, p.prevEnd, key, value);
    }
    case TokenKind.Struct:
      return structType(p);
    case TokenKind.Interface:
      return interfaceType(p);
    case TokenKind.Name:
      return qualifiedName(p, null);
    case TokenKind.Lparen: {
      p.next();
      const type = type_(p);
      p.want(TokenKind.Rparen);
      return type; // without the parentheses
    }
  }
  return null;
}

function typeInstance(p: Parser, type: Expr): Expr {
  const pos = p.pos;
  p.want(TokenKind.Lbrack);
  let index: Expr;
  if (p.is(TokenKind.Rbrack)) {
    p.syntaxError("expected type argument list");
    index = p.badExpr();
  } else {
    index = typeList(p, true).x;
  }
  p.want(TokenKind.Rbrack);
  return new IndexExpr(pos, p.prevEnd, type, index);
}

/** Reads type parameters and signature. With a `context`, type parameters are an error. */
export function funcType(p: Parser, context: string): { tparams: Field[]; type: FuncType } {
  const pos = p.pos;
  let tparams: Field[] = [];
  if (p.got(TokenKind.Lbrack)) {
    if (context !== "") p.syntaxErrorAt(pos, `${context} must have no type parameters`);
    if (p.is(TokenKind.Rbrack)) {
      p.syntaxError("empty type parameter list");
      p.next();
    } else {
      tparams = paramList(p, null, null, TokenKind.Rbrack, true, false);
    }
  }
  p.want(TokenKind.Lparen);
  const params = paramList(p, null, null, TokenKind.Rparen, false, true);
  const results = funcResult(p);
  return { tparams, type: new FuncType(pos, p.prevEnd, params, results) };
}

/** `[` at `pos` has been consumed, and the length if it is not null. */
export function arrayType(p: Parser, pos: Pos, length: Expr | null): Expr {
  let len = length;
  if (len === null && !p.got(TokenKind.DotDotDot)) {
    p.xnest++;
    len = expr(p);
    p.xnest--;
  }
  if (p.is(TokenKind.Comma)) {
    // Type parameter lists may end in a comma, array lengths may not.
    p.syntaxError("unexpected comma; expected ]");
    p.next();
  }
  p.want(TokenKind.Rbrack);
  const elem = type_(p);
  return new ArrayType(pos, p.prevEnd, len, elem);
}

/** `[` at `pos` and `]` have been consumed. */
export function sliceType(p: Parser, pos: Pos): Expr {
  const elem = type_(p);
  return new SliceType(pos, p.prevEnd, elem);
}

function chanElem(p: Parser): Expr {
  const type = typeOrNil(p);
  if (type !== null) return type;
  const bad = p.badExpr();
  p.syntaxError("missing channel element type");
  return bad;
}

function structType(p: Parser): StructType {
  const pos = p.pos;
  const fields: Field[] = [];
  const tags: (BasicLit | null)[] = [];
  p.want(TokenKind.Struct);
  p.want(TokenKind.Lbrace);
  let complete = true;
  while (complete && p.more(TokenKind.Rbrace)) {
    fieldDecl(p, fields, tags);
    complete = p.separator("struct type", TokenKind.Semi, TokenKind.Rbrace);
  }
  if (complete) p.want(TokenKind.Rbrace);
  return new StructType(pos, p.prevEnd, fields, tags);
}

function interfaceType(p: Parser): InterfaceType {
  const pos = p.pos;
  const methods: Field[] = [];
  p.want(TokenKind.Interface);
  p.want(TokenKind.Lbrace);
  let complete = true;
  while (complete && p.more(TokenKind.Rbrace)) {
    let method = p.is(TokenKind.Name) ? methodDecl(p) : null;
    if (method === null || method.name === null) method = embeddedElem(p, method);
    methods.push(method);
    complete = p.separator("interface type", TokenKind.Semi, TokenKind.Rbrace);
  }
  if (complete) p.want(TokenKind.Rbrace);
  return new InterfaceType(pos, p.prevEnd, methods);
}

function funcResult(p: Parser): Field[] {
  if (p.got(TokenKind.Lparen)) return paramList(p, null, null, TokenKind.Rparen, false, false);
  const pos = p.pos;
  const type = typeOrNil(p);
  return type === null ? [] : [new Field(pos, type.end, null, type)];
}

function addField(
  fields: Field[],
  tags: (BasicLit | null)[],
  pos: Pos,
  name: Name | null,
  type: Expr,
  tag: BasicLit | null,
): void {
  if (tag !== null) {
    while (tags.length < fields.length) tags.push(null);
    tags.push(tag);
  }
  fields.push(new Field(pos, type.end, name, type));
}

function fieldDecl(p: Parser, fields: Field[], tags: (BasicLit | null)[]): void {
  const pos = p.pos;
  switch (p.tok) {
    case TokenKind.Name: {
      const name = p.name();
      if (p.is(TokenKind.Dot) || p.is(TokenKind.Literal) || p.is(TokenKind.Semi) || p.is(TokenKind.Rbrace)) {
        const type = qualifiedName(p, name);
        addField(fields, tags, pos, null, type, oliteral(p));
        return;
      }
      const names = p.nameList(name);
      let type: Expr;
      if (names.length === 1 && p.is(TokenKind.Lbrack)) {
        // An embedded instance T[P1, P2], or a field T of type [n]E or []E.
        type = arrayOrTArgs(p, name);
        if (type.kind === Kind.IndexExpr) {
          addField(fields, tags, pos, null, type, oliteral(p));
          return;
        }
      } else {
        type = type_(p);
      }
      const tag = oliteral(p);
      for (const each of names) addField(fields, tags, each.pos, each, type, tag);
      return;
    }
    case TokenKind.Star: {
      p.next();
      let type: Expr;
      if (p.is(TokenKind.Lparen)) {
        p.syntaxError("cannot parenthesize embedded type");
        p.next();
        type = qualifiedName(p, null);
        p.got(TokenKind.Rparen);
      } else {
        type = qualifiedName(p, null);
      }
      const pointer = new Operation(pos, p.prevEnd, Op.Mul, type, null);
      addField(fields, tags, pos, null, pointer, oliteral(p));
      return;
    }
    case TokenKind.Lparen: {
      p.syntaxError("cannot parenthesize embedded type");
      p.next();
      let type: Expr;
      const star = p.pos;
      if (p.got(TokenKind.Star)) {
        const elem = qualifiedName(p, null);
        type = new Operation(star, p.prevEnd, Op.Mul, elem, null);
      } else {
        type = qualifiedName(p, null);
      }
      p.got(TokenKind.Rparen);
      addField(fields, tags, pos, null, type, oliteral(p));
      return;
    }
    default:
      p.syntaxError("expected field name or embedded type");
      p.advance(TokenKind.Semi, TokenKind.Rbrace);
  }
}

/** After `name`, which is part of the result only if that is an instance: reads `[]E`, `[n]E` or type arguments. */
export function arrayOrTArgs(p: Parser, name: Name): Expr {
  const pos = p.pos;
  p.want(TokenKind.Lbrack);
  if (p.got(TokenKind.Rbrack)) return sliceType(p, pos);
  const { x, comma } = typeList(p, false);
  p.want(TokenKind.Rbrack);
  const end = p.prevEnd;
  if (!comma) {
    const elem = typeOrNil(p);
    if (elem !== null) return new ArrayType(pos, p.prevEnd, x, elem);
  }
  return new IndexExpr(pos, end, name, x);
}

/** A method, or the start of an embedded element (then without a name). */
function methodDecl(p: Parser): Field {
  const pos = p.pos;
  const name = p.name();
  const context = "interface method";
  if (p.is(TokenKind.Lparen)) return method(p, pos, name, context);
  if (!p.is(TokenKind.Lbrack)) {
    const type = qualifiedName(p, name);
    return new Field(pos, type.end, null, type);
  }
  // Either an embedded instance T[P1, P2], or a method m[T C](x T), which is accepted with an error.
  const lbrack = p.pos;
  p.next();
  if (p.is(TokenKind.Rbrack)) {
    const rbrack = p.pos;
    p.next();
    if (p.is(TokenKind.Lparen)) {
      p.errorAt(rbrack, "empty type parameter list");
      return method(p, pos, name, context);
    }
    p.errorAt(rbrack, "empty type argument list");
    return new Field(pos, name.end, null, name);
  }
  // Type arguments look like parameters that have only types.
  const list = paramList(p, null, null, TokenKind.Rbrack, false, false);
  const end = p.prevEnd;
  if (list.length === 0) {
    if (p.is(TokenKind.Lparen)) return method(p, pos, name, context);
    return new Field(pos, name.end, null, name);
  }
  if (list[0].name !== null) {
    const generic = method(p, pos, name, context);
    p.errorAt(lbrack, "interface method must have no type parameters");
    return generic;
  }
  const types = list.map((field) => field.type);
  const index = types.length === 1 ? types[0] : new ListExpr(list[0].pos, types[types.length - 1].end, types);
  return new Field(pos, end, null, new IndexExpr(lbrack, end, name, index));
}

function method(p: Parser, pos: Pos, name: Name, context: string): Field {
  const { type } = funcType(p, context);
  return new Field(pos, type.end, name, type);
}

/** Reads `| T` after `first`, or a whole element without it. */
export function embeddedElem(p: Parser, first: Field | null): Field {
  const pos = first?.pos ?? p.pos;
  let type = first?.type ?? embeddedTerm(p);
  while (p.is(TokenKind.Operator) && p.op === Op.Or) {
    const at = p.pos;
    p.next();
    const y = embeddedTerm(p);
    type = new Operation(at, p.prevEnd, Op.Or, type, y);
  }
  return new Field(pos, type.end, first?.name ?? null, type);
}

function embeddedTerm(p: Parser): Expr {
  if (p.is(TokenKind.Operator) && p.op === Op.Tilde) {
    const pos = p.pos;
    p.next();
    const type = type_(p);
    return new Operation(pos, p.prevEnd, Op.Tilde, type, null);
  }
  const type = typeOrNil(p);
  if (type !== null) return type;
  const bad = p.badExpr();
  p.syntaxError("expected ~ term or type");
  p.advance(TokenKind.Operator, TokenKind.Semi, TokenKind.Rparen, TokenKind.Rbrack, TokenKind.Rbrace);
  return bad;
}

/** `name`, `pkg.name`, with type arguments if there are any. The first name may have been read. */
export function qualifiedName(p: Parser, first: Name | null): Expr {
  let x: Expr;
  if (first !== null) {
    x = first;
  } else if (p.is(TokenKind.Name)) {
    x = p.name();
  } else {
    x = new Name(p.pos, p.pos, "_");
    p.syntaxError("expected name");
    p.advance(TokenKind.Dot, TokenKind.Semi, TokenKind.Rbrace);
  }
  if (p.is(TokenKind.Dot)) {
    const pos = p.pos;
    p.next();
    const sel = p.name();
    x = new SelectorExpr(pos, p.prevEnd, x, sel);
  }
  return p.is(TokenKind.Lbrack) ? typeInstance(p, x) : x;
}

/** One or more types, separated by commas; not `strict`, the first may be any expression. */
export function typeList(p: Parser, strict: boolean): { x: Expr; comma: boolean } {
  p.xnest++;
  let x = strict ? type_(p) : expr(p);
  let comma = false;
  if (p.got(TokenKind.Comma)) {
    comma = true;
    const list = [x];
    for (let type = typeOrNil(p); type !== null; type = typeOrNil(p)) {
      list.push(type);
      if (!p.got(TokenKind.Comma)) break;
    }
    if (list.length > 1) x = new ListExpr(x.pos, list[list.length - 1].end, list);
  }
  p.xnest--;
  return { x, comma };
}
