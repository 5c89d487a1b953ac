/** Parameter lists, of types and of values (paramDeclOrNil and paramList of cmd/compile/internal/syntax/parser.go). */
import type { Pos } from "../base/pos.ts";
import { BadExpr, DotsType, type Expr, Field, Kind, Name } from "./ast.ts";
import { arrayOrTArgs, embeddedElem, qualifiedName, typeOrNil } from "./parse-type.ts";
import { type Parser, tokstring } from "./parser.ts";
import { startPos } from "./positions.ts";
import { Op, TokenKind } from "./tokens.ts";

/** A parameter while it is not known yet whether its name is one, or its type. Not both are null. */
export interface Param {
  readonly pos: Pos;
  name: Name | null;
  type: Expr | null;
}

/** Adds `| T …` to the type of a parameter, if such follows. */
function union(p: Parser, pos: Pos, name: Name | null, type: Expr | null): Param {
  if (type === null || !p.is(TokenKind.Operator) || p.op !== Op.Or) return { pos, name, type };
  const field = embeddedElem(p, new Field(pos, type.end, name, type));
  return { pos, name, type: field.type };
}

function paramDeclOrNil(p: Parser, first: Name | null, follow: TokenKind): Param | null {
  const typeSets = follow === TokenKind.Rbrack; // a list of type parameters
  const pos = first?.pos ?? p.pos;
  if (first === null && typeSets && p.is(TokenKind.Operator) && p.op === Op.Tilde) {
    const field = embeddedElem(p, null);
    return { pos: field.pos, name: null, type: field.type };
  }
  let name = first;
  if (name === null && p.is(TokenKind.Name)) name = p.name();
  if (name !== null) {
    if (p.is(TokenKind.Lbrack)) {
      const type = arrayOrTArgs(p, name);
      const param = { pos, name: type.kind === Kind.IndexExpr ? null : name, type };
      return typeSets ? union(p, pos, param.name, type) : param;
    }
    if (p.is(TokenKind.Dot)) {
      const type = qualifiedName(p, name);
      return typeSets ? union(p, pos, null, type) : { pos, name: null, type };
    }
    if (typeSets && p.is(TokenKind.Operator) && p.op === Op.Or) return union(p, pos, null, name);
  }
  if (p.is(TokenKind.DotDotDot)) {
    const dots = p.pos;
    p.next();
    const elem = typeOrNil(p);
    if (elem !== null) return { pos, name, type: new DotsType(dots, p.prevEnd, elem) };
    const bad = p.badExpr();
    p.syntaxError("... is missing type");
    return { pos, name, type: bad };
  }
  if (typeSets && p.is(TokenKind.Operator) && p.op === Op.Tilde) {
    return { pos, name, type: embeddedElem(p, null).type };
  }
  const type = typeOrNil(p);
  if (name === null && type === null) {
    p.syntaxError(`expected ${tokstring(follow)}`);
    p.advance(TokenKind.Comma, follow);
    return null;
  }
  return typeSets ? union(p, pos, name, type) : { pos, name, type };
}

/** Reads a parameter list whose opening bracket has been consumed, and perhaps the first name and its type.
 *  Either all parameters of the result have a name or none has. */
export function paramList(
  p: Parser,
  firstName: Name | null,
  firstType: Expr | null,
  close: TokenKind,
  requireNames: boolean,
  dotsOk: boolean,
): Field[] {
  if (firstName !== null && firstType !== null && p.is(close)) {
    p.next();
    return [new Field(firstName.pos, firstType.end, firstName, firstType)];
  }
  const list: Param[] = [];
  let name = firstName;
  let type = firstType;
  let complete = true;
  while (complete && p.more(close)) {
    const param = name !== null && type !== null ? { pos: name.pos, name, type } : paramDeclOrNil(p, name, close);
    name = null;
    type = null;
    if (param !== null) list.push(param);
    complete = p.separator("parameter list", TokenKind.Comma, close);
  }
  const end = p.pos;
  if (complete) p.want(close);
  return settleParams(list, end, requireNames, dotsOk, p);
}

/** Where parameters that cannot be are reported. */
export interface ParamErrors {
  syntaxErrorAt(pos: Pos, msg: string): void;
  errorAt(pos: Pos, msg: string): void;
}

/** Decides which names are parameters and which are types; `end` is the closing bracket. */
export function settleParams(
  list: Param[],
  end: Pos,
  requireNames: boolean,
  dotsOk: boolean,
  errors: ParamErrors,
): Field[] {
  if (list.length === 0) return [];
  let named = 0; // parameters with a name and a type
  let typed = 0; // parameters with a type
  for (const param of list) {
    if (param.type === null) continue;
    typed++;
    if (param.name !== null) named++;
  }
  if (named === 0 && !requireNames) {
    for (const param of list) {
      if (param.name === null) continue;
      param.type = param.name; // what looked like names are types
      param.name = null;
    }
  } else if (named !== list.length) {
    distributeTypes(errors, list, named === typed, end, requireNames);
  }
  checkDots(errors, list, dotsOk);
  return list.map((param) => new Field(param.pos, param.type!.end, param.name, param.type!));
}

/** Gives all parameters a name and, from right to left, a type, as far as there are any. */
function distributeTypes(
  errors: ParamErrors,
  list: Param[],
  typesMissing: boolean,
  end: Pos,
  requireNames: boolean,
): void {
  let errPos: Pos = 0; // of the leftmost error
  let type: Expr | null = null;
  for (let i = list.length - 1; i >= 0; i--) {
    const param = list[i];
    if (param.type !== null) {
      type = param.type;
      if (param.name === null) {
        errPos = startPos(type);
        param.name = new Name(errPos, errPos, "_");
      }
    } else if (type !== null) {
      param.type = type;
    } else {
      errPos = param.name!.pos;
      param.type = new BadExpr(errPos, errPos);
    }
  }
  if (errPos === 0) return;
  let msg: string;
  if (typesMissing) {
    // All with a type have a name: those without a type stand at the end of the list.
    errPos = end;
    msg = requireNames ? "missing type constraint" : "missing parameter type";
  } else if (requireNames) {
    msg = "missing type parameter name";
    if (list.length === 1) msg += " or invalid array length";
  } else {
    msg = "missing parameter name";
  }
  errors.syntaxErrorAt(errPos, msg);
}

function checkDots(errors: ParamErrors, list: Param[], dotsOk: boolean): void {
  let first = true;
  for (let i = 0; i < list.length; i++) {
    const type = list[i].type!;
    if (type.kind !== Kind.DotsType || (dotsOk && i + 1 === list.length)) continue;
    if (first) errors.errorAt(type.pos, dotsOk ? "can only use ... with final parameter" : "invalid use of ...");
    first = false;
    list[i].type = type.elem;
  }
}
