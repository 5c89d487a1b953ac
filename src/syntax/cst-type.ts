/** CST to types, as the recursive-descent parser reads them (parse-type.ts, parse-params.ts).
 *
 *  A type that stands where expressions may stand is read as one, which makes a difference in three respects:
 *  parentheses are kept, a receive-only channel is placed at its keyword `chan`, `~` is a unary operator. */
import {
  ArrayType,
  type BasicLit,
  ChanDir,
  ChanType,
  DotsType,
  type Expr,
  Field,
  FuncType,
  IndexExpr,
  InterfaceType,
  ListExpr,
  MapType,
  Operation,
  ParenExpr,
  SelectorExpr,
  SliceType,
  StructType,
} from "./ast.ts";
import { exprOf } from "./cst-expr.ts";
import { Cst } from "./cst-kinds.ts";
import { type CstState, None } from "./cst-state.ts";
import { type Param, settleParams } from "./parse-params.ts";
import { Op, TokenKind } from "./tokens.ts";

/** How the compiler reads type arguments: all as types, the first as an expression, or as a parameter list. */
const enum Args {
  Types,
  ExprFirst,
  Params,
}

export function typeOf(s: CstState, node: number): Expr {
  switch (s.kind(node)) {
    case Cst.Identifier:
      return s.name(node);
    case Cst.QualifiedType:
      return qualifiedType(s, node);
    case Cst.GenericType:
      return genericType(s, node, Args.Types);
    case Cst.PointerType:
      return new Operation(s.pos(node), s.end(node), Op.Mul, typeOf(s, s.after(s.first(node), node)), null);
    case Cst.StructType:
      return structType(s, node);
    case Cst.InterfaceType:
      return interfaceType(s, node);
    case Cst.ArrayType:
      return arrayType(s, node);
    case Cst.SliceType: {
      const rbrack = s.after(s.first(node), node);
      return new SliceType(s.pos(node), s.end(node), typeOf(s, s.after(rbrack, node)));
    }
    case Cst.MapType: {
      const lbrack = s.after(s.first(node), node);
      const key = s.after(lbrack, node);
      const value = s.after(s.after(key, node), node);
      return new MapType(s.pos(node), s.end(node), typeOf(s, key), typeOf(s, value));
    }
    case Cst.ChannelType:
      return channelType(s, node);
    case Cst.FunctionType:
      return funcType(s, s.after(s.first(node), node), node);
    case Cst.ParenthesizedType:
      return typeOf(s, s.after(s.first(node), node));
  }
  return s.unsupported(node);
}

/** A type where the compiler reads an expression. */
export function exprOfType(s: CstState, node: number): Expr {
  switch (s.kind(node)) {
    case Cst.GenericType:
      return genericType(s, node, Args.ExprFirst);
    case Cst.PointerType:
      return new Operation(s.pos(node), s.end(node), Op.Mul, exprOfType(s, s.after(s.first(node), node)), null);
    case Cst.ParenthesizedType: {
      s.xnest++;
      const x = exprOfType(s, s.after(s.first(node), node));
      s.xnest--;
      return new ParenExpr(s.pos(node), s.end(node), x);
    }
    case Cst.ChannelType:
      if (s.firstToken(node) !== TokenKind.Arrow) break;
      return receiveType(s, node);
    case Cst.ImplicitLengthArrayType:
      return implicitLengthArray(s, node);
  }
  return typeOf(s, node);
}

/** `<-chan E` among expressions: a receive operation whose operand turned out to be a type. */
function receiveType(s: CstState, node: number): Expr {
  const keyword = s.after(s.first(node), node);
  const elem = s.after(keyword, node);
  const isReceive = s.is(elem, Cst.ChannelType) && s.firstToken(elem) === TokenKind.Arrow;
  const type = isReceive ? receiveType(s, elem) : typeOf(s, elem);
  return new ChanType(s.pos(keyword), s.end(node), ChanDir.RecvOnly, type);
}

function qualifiedType(s: CstState, node: number): Expr {
  const pkg = s.first(node);
  const dot = s.after(pkg, node);
  return new SelectorExpr(s.pos(dot), s.end(node), s.name(pkg), s.name(s.after(dot, node)));
}

function genericType(s: CstState, node: number, args: Args): Expr {
  const base = s.first(node);
  const list = s.expect(s.after(base, node), Cst.TypeArguments);
  const x = s.is(base, Cst.QualifiedType) ? qualifiedType(s, base) : s.name(base);
  return new IndexExpr(s.pos(list), s.end(node), x, typeArguments(s, list, args));
}

export function typeArgumentsOfCall(s: CstState, list: number): Expr {
  return typeArguments(s, list, Args.ExprFirst);
}

/** What is between the brackets. */
function typeArguments(s: CstState, list: number, args: Args): Expr {
  const types: Expr[] = [];
  const first = s.after(s.first(list), list);
  s.xnest++;
  for (let node = first; !s.is(node, TokenKind.Rbrack); node = s.after(node, list)) {
    if (s.is(node, TokenKind.Comma)) continue;
    const type = s.first(s.expect(node, Cst.TypeElem));
    s.expectEnd(s.after(type, node)); // no unions
    types.push(args === Args.ExprFirst && types.length === 0 ? exprOfType(s, type) : typeOf(s, type));
  }
  s.xnest--;
  if (types.length === 1) return types[0];
  const pos = args === Args.Params ? s.pos(first) : types[0].pos;
  return new ListExpr(pos, types[types.length - 1].end, types);
}

/** `[N]E`. */
function arrayType(s: CstState, node: number): Expr {
  const len = s.after(s.first(node), node);
  const elem = s.after(s.after(len, node), node);
  s.xnest++;
  const length = exprOf(s, len);
  s.xnest--;
  return new ArrayType(s.pos(node), s.end(node), length, typeOf(s, elem));
}

/** `[...]E`. */
function implicitLengthArray(s: CstState, node: number): Expr {
  const dots = s.after(s.first(node), node);
  const elem = s.after(s.after(dots, node), node);
  return new ArrayType(s.pos(node), s.end(node), null, typeOf(s, elem));
}

function channelType(s: CstState, node: number): Expr {
  const first = s.first(node);
  const second = s.after(first, node);
  if (s.is(first, TokenKind.Arrow)) {
    return new ChanType(s.pos(node), s.end(node), ChanDir.RecvOnly, typeOf(s, s.after(second, node)));
  }
  if (s.is(second, TokenKind.Arrow)) {
    return new ChanType(s.pos(node), s.end(node), ChanDir.SendOnly, typeOf(s, s.after(second, node)));
  }
  return afterChan(s, first, second, node);
}

/** `chan E`; an arrow at the start of E belongs to the keyword, whatever the grammar makes of it. */
export function afterChan(s: CstState, keyword: number, elem: number, whole: number): Expr {
  if (s.firstToken(elem) !== TokenKind.Arrow) {
    return new ChanType(s.pos(keyword), s.end(whole), ChanDir.Both, typeOf(s, elem));
  }
  const inner = s.after(s.first(s.expect(elem, Cst.ChannelType)), elem);
  const type = afterChan(s, inner, s.after(inner, elem), whole);
  return new ChanType(s.pos(keyword), s.end(whole), ChanDir.SendOnly, type);
}

function structType(s: CstState, node: number): Expr {
  const list = s.expect(s.after(s.first(node), node), Cst.FieldDeclarationList);
  const fields: Field[] = [];
  const tags: (BasicLit | null)[] = [];
  for (let decl = s.after(s.first(list), list); !s.is(decl, TokenKind.Rbrace); decl = s.after(decl, list)) {
    if (s.is(decl, TokenKind.Semi)) continue;
    fieldDecl(s, s.expect(decl, Cst.FieldDeclaration), fields, tags);
    s.lineEnd(decl);
  }
  return new StructType(s.pos(node), s.end(node), fields, tags);
}

function fieldDecl(s: CstState, decl: number, fields: Field[], tags: (BasicLit | null)[]): void {
  const names: number[] = [];
  let node = s.first(decl);
  let next = s.after(node, decl);
  const star = s.is(node, TokenKind.Star) ? node : None;
  if (star !== None) {
    node = next;
  } else if (s.is(node, Cst.Identifier) && next !== None && !s.is(next, Cst.String)) {
    // Names and a type: a name that is followed by nothing or a tag is an embedded type.
    names.push(node);
    for (node = next; s.is(node, TokenKind.Comma); node = s.after(next, decl)) {
      next = s.after(node, decl);
      names.push(next);
    }
  }
  let type: Expr;
  if (names.length > 0) type = typeOf(s, node);
  else if (star !== None) type = new Operation(s.pos(star), s.end(node), Op.Mul, typeOf(s, node), null);
  else if (isPlainGeneric(s, node)) type = genericType(s, node, Args.ExprFirst);
  else type = typeOf(s, node);
  const tagNode = s.after(node, decl);
  const tag = tagNode === None ? null : s.literal(s.expect(tagNode, Cst.String));
  if (names.length === 0) addField(fields, tags, new Field(s.pos(decl), type.end, null, type), tag);
  for (const each of names) {
    const name = s.name(each);
    addField(fields, tags, new Field(name.pos, type.end, name, type), tag);
  }
}

function addField(fields: Field[], tags: (BasicLit | null)[], field: Field, tag: BasicLit | null): void {
  if (tag !== null) {
    while (tags.length < fields.length) tags.push(null);
    tags.push(tag);
  }
  fields.push(field);
}

/** `T[…]` without a package: it starts like a name before an array type, and is read so. */
function isPlainGeneric(s: CstState, node: number): boolean {
  return s.is(node, Cst.GenericType) && s.is(s.first(node), Cst.Identifier);
}

function interfaceType(s: CstState, node: number): Expr {
  const methods: Field[] = [];
  const lbrace = s.after(s.first(node), node);
  for (let elem = s.after(lbrace, node); !s.is(elem, TokenKind.Rbrace); elem = s.after(elem, node)) {
    if (s.is(elem, TokenKind.Semi)) continue;
    if (s.is(elem, Cst.MethodElem)) {
      const name = s.first(elem);
      const type = funcType(s, s.after(name, elem), elem);
      methods.push(new Field(s.pos(elem), type.end, s.name(name), type));
    } else {
      const type = typeElem(s, s.expect(elem, Cst.TypeElem), Args.Params);
      methods.push(new Field(s.pos(elem), type.end, null, type));
    }
    s.lineEnd(elem);
  }
  return new InterfaceType(s.pos(node), s.end(node), methods);
}

/** A union of terms; `args` says how the type arguments of the first term are read. */
function typeElem(s: CstState, node: number, args: Args): Expr {
  let term = s.first(node);
  let type = isPlainGeneric(s, term) ? genericType(s, term, args) : embeddedTerm(s, term);
  for (let or = s.after(term, node); or !== None; or = s.after(term, node)) {
    term = s.after(or, node);
    type = new Operation(s.pos(or), s.end(term), Op.Or, type, embeddedTerm(s, term));
  }
  return type;
}

function embeddedTerm(s: CstState, node: number): Expr {
  if (!s.is(node, Cst.NegatedType)) return typeOf(s, node);
  return new Operation(s.pos(node), s.end(node), Op.Tilde, typeOf(s, s.after(s.first(node), node)), null);
}

/** Reads the parameter list `params` and the result after it, if `parent` has one. */
export function funcType(s: CstState, params: number, parent: number): FuncType {
  const result = s.after(s.expect(params, Cst.ParameterList), parent);
  const list = parameterList(s, params, true);
  if (result === None || s.is(result, Cst.Block)) return new FuncType(s.pos(params), s.end(params), list, []);
  const results = s.is(result, Cst.ParameterList) ? parameterList(s, result, false) : resultType(s, result);
  return new FuncType(s.pos(params), s.end(result), list, results);
}

function resultType(s: CstState, node: number): Field[] {
  const type = typeOf(s, node);
  return [new Field(s.pos(node), type.end, null, type)];
}

/** Parameters, results or a receiver. */
export function parameterList(s: CstState, list: number, dotsOk: boolean): Field[] {
  const params: Param[] = [];
  for (let node = s.after(s.first(list), list); !s.is(node, TokenKind.Rparen); node = s.after(node, list)) {
    if (s.is(node, Cst.ParameterDeclaration)) parameter(s, node, params);
    else if (s.is(node, Cst.VariadicParameterDeclaration)) variadicParameter(s, node, params);
    else s.expect(node, TokenKind.Comma);
  }
  return settleParams(params, s.lastPos(list), false, dotsOk, s);
}

function parameter(s: CstState, decl: number, params: Param[]): void {
  let node = s.first(decl);
  let next = s.after(node, decl);
  if (next === None) {
    params.push(unnamed(s, node));
    return;
  }
  while (s.is(next, TokenKind.Comma)) {
    params.push({ pos: s.pos(node), name: s.name(node), type: null });
    node = s.after(next, decl);
    next = s.after(node, decl);
  }
  params.push({ pos: s.pos(node), name: s.name(node), type: typeOf(s, next) });
}

/** A type alone, or a name whose type follows later. */
function unnamed(s: CstState, node: number): Param {
  const pos = s.pos(node);
  if (s.is(node, Cst.Identifier)) return { pos, name: s.name(node), type: null };
  const type = isPlainGeneric(s, node) ? genericType(s, node, Args.ExprFirst) : typeOf(s, node);
  return { pos, name: null, type };
}

function variadicParameter(s: CstState, decl: number, params: Param[]): void {
  const first = s.first(decl);
  const name = s.is(first, Cst.Identifier) ? s.name(first) : null;
  const dots = name === null ? first : s.after(first, decl);
  const type = new DotsType(s.pos(dots), s.end(decl), typeOf(s, s.after(dots, decl)));
  params.push({ pos: s.pos(decl), name, type });
}

export function typeParameterList(s: CstState, list: number): Field[] {
  const params: Param[] = [];
  for (let decl = s.after(s.first(list), list); !s.is(decl, TokenKind.Rbrack); decl = s.after(decl, list)) {
    if (s.is(decl, TokenKind.Comma)) continue;
    let node = s.first(s.expect(decl, Cst.TypeParameterDeclaration));
    let next = s.after(node, decl);
    while (s.is(next, TokenKind.Comma)) {
      params.push({ pos: s.pos(node), name: s.name(node), type: null });
      node = s.after(next, decl);
      next = s.after(node, decl);
    }
    const type = typeElem(s, s.expect(next, Cst.TypeConstraint), Args.Types);
    params.push({ pos: s.pos(node), name: s.name(node), type });
  }
  return settleParams(params, s.lastPos(list), true, false, s);
}
