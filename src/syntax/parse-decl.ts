/** Files and declarations (the part of that name of cmd/compile/internal/syntax/parser.go). */

import {
  BasicLit,
  type BlockStmt,
  CallExpr,
  ConstDecl,
  type Decl,
  type Expr,
  type Field,
  File,
  FuncDecl,
  FuncType,
  Group,
  ImportDecl,
  Kind,
  LitKind,
  Name,
  Operation,
  TypeDecl,
  VarDecl,
} from "./ast.ts";
import { checkBranches } from "./branches.ts";
import { binaryExpr, exprList, oliteral, pexpr } from "./parse-expr.ts";
import { paramList } from "./parse-params.ts";
import { blockStmt } from "./parse-stmt.ts";
import { arrayType, funcType, sliceType, type_, typeOrNil } from "./parse-type.ts";
import type { Parser } from "./parser.ts";
import { Op, TokenKind } from "./tokens.ts";
import { unparen } from "./walk.ts";

/** Reads the file, or its head up to where the last import ends; null if it has no correct package clause.
 *  The first token must have been read. */
export function fileOrNil(p: Parser, onlyImports: boolean): File | null {
  const pos = p.pos;
  const goVersion = p.goVersion;
  p.top = false;
  if (!p.got(TokenKind.Package)) {
    p.syntaxError("package statement must be first");
    return null;
  }
  const directives = p.takePragma();
  const pkgName = p.name();
  p.want(TokenKind.Semi);
  if (p.errcnt > 0) return null;
  const decls: Decl[] = [];
  let prev: TokenKind = TokenKind.Import;
  while (!p.is(TokenKind.EOF)) {
    if (onlyImports && !p.is(TokenKind.Import)) break;
    if (p.is(TokenKind.Import) && prev !== TokenKind.Import) {
      p.syntaxError("imports must appear before other declarations");
    }
    prev = p.tok;
    switch (p.tok) {
      case TokenKind.Import:
      case TokenKind.Const:
      case TokenKind.Type:
      case TokenKind.Var:
        p.next();
        appendGroup(p, decls, prev);
        break;
      case TokenKind.Func:
        p.next();
        decls.push(funcDecl(p));
        break;
      default:
        if (p.is(TokenKind.Lbrace) && decls.length > 0 && isEmptyFuncDecl(decls[decls.length - 1])) {
          p.syntaxError("unexpected semicolon or newline before {");
        } else {
          p.syntaxError("non-declaration statement outside function body");
        }
        advanceToDecl(p);
        continue;
    }
    // Before the next token, whose comments may hold directives of the next declaration.
    p.clearPragma();
    if (!p.is(TokenKind.EOF) && !p.got(TokenKind.Semi)) {
      p.syntaxError("after top level declaration");
      advanceToDecl(p);
    }
  }
  if (!onlyImports) p.clearPragma();
  const file = new File(pos, onlyImports ? p.prevEnd : p.pos, pkgName, decls, p.pos);
  file.directives = directives;
  file.goVersion = goVersion;
  file.linknames = p.context.linknames;
  file.comments = p.comments;
  return file;
}

function advanceToDecl(p: Parser): void {
  p.advance(TokenKind.Import, TokenKind.Const, TokenKind.Type, TokenKind.Var, TokenKind.Func);
}

function isEmptyFuncDecl(decl: Decl): boolean {
  return decl.kind === Kind.FuncDecl && decl.body === null;
}

/** Reads one declaration or a parenthesised group. The keyword `tok` has been consumed. */
export function appendGroup(p: Parser, list: Decl[], tok: TokenKind): void {
  if (!p.is(TokenKind.Lparen)) {
    list.push(declaration(p, tok, null));
    return;
  }
  const group = new Group();
  p.clearPragma();
  p.next(); // only now: directives after "(" are those of the first declaration
  while (p.more(TokenKind.Rparen)) {
    list.push(declaration(p, tok, group));
    if (!p.separator("grouped declaration", TokenKind.Semi, TokenKind.Rparen)) return;
  }
  p.want(TokenKind.Rparen);
}

function declaration(p: Parser, tok: TokenKind, group: Group | null): Decl {
  switch (tok) {
    case TokenKind.Import:
      return importDecl(p, group);
    case TokenKind.Const:
      return constDecl(p, group);
    case TokenKind.Type:
      return typeDecl(p, group);
    default:
      return varDecl(p, group);
  }
}

function importDecl(p: Parser, group: Group | null): ImportDecl {
  const pos = p.pos;
  const directives = p.takePragma();
  let local: Name | null = null;
  if (p.is(TokenKind.Name)) {
    local = p.name();
  } else if (p.is(TokenKind.Dot)) {
    p.next();
    local = new Name(p.prevEnd - 1, p.prevEnd, ".");
  }
  let path = oliteral(p);
  if (path === null) {
    path = new BasicLit(p.pos, p.pos, '""', LitKind.String);
    path.bad = true;
    p.syntaxError("missing import path");
    p.advance(TokenKind.Semi, TokenKind.Rparen);
  } else if (!path.bad && path.litKind !== LitKind.String) {
    p.syntaxErrorAt(path.pos, "import path must be a string");
    path.bad = true;
  }
  const decl = new ImportDecl(pos, path.end, group, local, path);
  decl.directives = directives;
  return decl;
}

function constDecl(p: Parser, group: Group | null): ConstDecl {
  const pos = p.pos;
  const directives = p.takePragma();
  const names = p.nameList(p.name());
  let type: Expr | null = null;
  let values: Expr | null = null;
  if (!p.is(TokenKind.EOF) && !p.is(TokenKind.Semi) && !p.is(TokenKind.Rparen)) {
    type = typeOrNil(p);
    if (p.gotAssign()) values = exprList(p);
  }
  const decl = new ConstDecl(pos, p.prevEnd, group, names, type, values);
  decl.directives = directives;
  return decl;
}

function typeDecl(p: Parser, group: Group | null): TypeDecl {
  const pos = p.pos;
  const directives = p.takePragma();
  const name = p.name();
  let tparams: Field[] = [];
  let alias = false;
  let type: Expr | null;
  if (p.is(TokenKind.Lbrack)) {
    // An array or slice type, or type parameters.
    const lbrack = p.pos;
    p.next();
    if (p.is(TokenKind.Name)) {
      // Array length or type parameters: read an expression and see whether it splits into a name and a constraint.
      // A "[" right after the name can only belong to a constraint, as lengths contain no index expressions.
      let x: Expr = p.name();
      if (!p.is(TokenKind.Lbrack)) {
        p.xnest++;
        x = binaryExpr(p, pexpr(p, x, false), 0);
        p.xnest--;
      }
      const split = extractName(x, p.is(TokenKind.Comma));
      if (split !== null && (split.type !== null || !p.is(TokenKind.Rbrack))) {
        tparams = paramList(p, split.name, split.type, TokenKind.Rbrack, true, false);
        alias = p.gotAssign();
        type = typeOrNil(p);
      } else {
        type = arrayType(p, lbrack, x);
      }
    } else if (p.is(TokenKind.Rbrack)) {
      p.next();
      type = sliceType(p, lbrack);
    } else {
      type = arrayType(p, lbrack, null);
    }
  } else {
    alias = p.gotAssign();
    type = typeOrNil(p);
  }
  if (type === null) {
    type = p.badExpr();
    p.syntaxError("in type declaration");
    p.advance(TokenKind.Semi, TokenKind.Rparen);
  }
  const decl = new TypeDecl(pos, p.prevEnd, group, name, tparams, alias, type);
  decl.directives = directives;
  return decl;
}

/** Splits `x` into a name and the type that follows it, where it can be written so; the type of a mere name is null.
 *  Without `force` only a type that cannot be an ordinary expression is split off: `P *[]int`, but not `P *E`. */
export function extractName(x: Expr, force: boolean): { name: Name; type: Expr | null } | null {
  switch (x.kind) {
    case Kind.Name:
      return { name: x, type: null };
    case Kind.Operation:
      if (x.y === null) return null;
      if (x.op === Op.Mul) {
        if (x.x.kind === Kind.Name && (force || isTypeElem(x.y))) {
          return { name: x.x, type: new Operation(x.pos, x.end, Op.Mul, x.y, null) };
        }
      } else if (x.op === Op.Or) {
        const lhs = extractName(x.x, force || isTypeElem(x.y));
        if (lhs !== null && lhs.type !== null) {
          return { name: lhs.name, type: new Operation(x.pos, x.end, Op.Or, lhs.type, x.y) };
        }
      }
      return null;
    case Kind.CallExpr:
      if (x instanceof CallExpr && x.fun.kind === Kind.Name && x.args.length === 1 && !x.hasDots) {
        if (force || isTypeElem(x.args[0])) return { name: x.fun, type: unparen(x.args[0]) };
      }
      return null;
  }
  return null;
}

/** Whether `x` can only be a type element. */
export function isTypeElem(x: Expr): boolean {
  switch (x.kind) {
    case Kind.ArrayType:
    case Kind.StructType:
    case Kind.FuncType:
    case Kind.InterfaceType:
    case Kind.SliceType:
    case Kind.MapType:
    case Kind.ChanType:
      return true;
    case Kind.Operation:
      return isTypeElem(x.x) || (x.y !== null && isTypeElem(x.y)) || x.op === Op.Tilde;
    case Kind.ParenExpr:
      return isTypeElem(x.x);
  }
  return false;
}

function varDecl(p: Parser, group: Group | null): VarDecl {
  const pos = p.pos;
  const directives = p.takePragma();
  const names = p.nameList(p.name());
  let type: Expr | null = null;
  let values: Expr | null = null;
  if (p.gotAssign()) {
    values = exprList(p);
  } else {
    type = type_(p);
    if (p.gotAssign()) values = exprList(p);
  }
  const decl = new VarDecl(pos, p.prevEnd, group, names, type, values);
  decl.directives = directives;
  return decl;
}

export function funcDecl(p: Parser): FuncDecl {
  const pos = p.pos;
  const directives = p.takePragma();
  let context = "";
  let recv: Field | null = null;
  if (p.got(TokenKind.Lparen)) {
    if (!p.genericMethods) context = "method";
    const receivers = paramList(p, null, null, TokenKind.Rparen, false, false);
    if (receivers.length === 0) p.errorHere("method has no receiver");
    else recv = receivers[0];
    if (receivers.length > 1) p.errorHere("method has multiple receivers");
  }
  let name: Name;
  let tparams: Field[] = [];
  let type: FuncType;
  if (p.is(TokenKind.Name)) {
    name = p.name();
    const signature = funcType(p, context);
    tparams = signature.tparams;
    type = signature.type;
  } else {
    name = new Name(p.pos, p.pos, "_");
    type = new FuncType(p.pos, p.pos, [], []);
    p.syntaxError(context === "" ? "expected name or (" : "expected name");
    p.advance(TokenKind.Lbrace, TokenKind.Semi);
  }
  const body = p.is(TokenKind.Lbrace) ? funcBody(p) : null;
  const decl = new FuncDecl(pos, p.prevEnd, recv, name, tparams, type, body);
  decl.directives = directives;
  return decl;
}

export function funcBody(p: Parser): BlockStmt {
  const errcnt = p.errcnt;
  const branches = p.branches;
  p.fnest++;
  const body = blockStmt(p, "");
  p.fnest--;
  // Branches of a body that could not be read would only be reported for what is missing there.
  if (p.errcnt === errcnt && p.branches !== branches) checkBranches(body, p);
  return body;
}
