/** CST to files and declarations, as the recursive-descent parser reads them (parse-decl.ts). */
import {
  ConstDecl,
  type Decl,
  type Expr,
  type Field,
  File,
  FuncDecl,
  Group,
  ImportDecl,
  Kind,
  Name,
  TypeDecl,
  VarDecl,
} from "./ast.ts";
import { exprList } from "./cst-expr.ts";
import { Cst } from "./cst-kinds.ts";
import { type CstState, None } from "./cst-state.ts";
import { block } from "./cst-stmt.ts";
import { funcType, parameterList, typeOf, typeParameterList } from "./cst-type.ts";
import { extractName } from "./parse-decl.ts";
import { TokenKind } from "./tokens.ts";

/** Reads the file whose root is node 0. */
export function fileOf(s: CstState): File {
  const root = s.expect(0, Cst.SourceFile);
  const clause = s.expect(s.first(root), Cst.PackageClause);
  const name = s.after(s.first(clause), clause);
  const { tokens } = s;
  const directives = s.takePragma(s.pos(name));
  const decls: Decl[] = [];
  s.lineEnd(clause);
  let importsDone = false;
  for (let node = s.after(clause, root); node !== None; node = s.after(node, root)) {
    if (s.is(node, TokenKind.Semi)) continue;
    if (s.is(node, Cst.ImportDeclaration)) {
      if (importsDone) s.unsupported(node);
    } else {
      importsDone = true;
    }
    if (s.is(node, Cst.FunctionDeclaration) || s.is(node, Cst.MethodDeclaration)) decls.push(funcDecl(s, node));
    else appendDeclarations(s, node, decls);
    s.clearPragma(s.end(node));
    s.lineEnd(node);
  }
  const eof = tokens.posOf(tokens.count - 1);
  s.clearPragma(eof);
  const file = new File(tokens.posOf(0), eof, s.name(name), decls, eof);
  file.directives = directives;
  file.goVersion = tokens.goVersion;
  file.linknames = tokens.context.linknames;
  file.comments = tokens.comments;
  return file;
}

/** The specs of a declaration inside a function. */
export function declarations(s: CstState, node: number): Decl[] {
  const list: Decl[] = [];
  appendDeclarations(s, node, list);
  return list;
}

function appendDeclarations(s: CstState, node: number, list: Decl[]): void {
  let parent = node;
  let spec = s.after(s.first(node), node);
  if (s.is(spec, Cst.ImportSpecList) || s.is(spec, Cst.VarSpecList)) {
    parent = spec;
    spec = s.first(spec);
  }
  if (!s.is(spec, TokenKind.Lparen)) {
    list.push(declaration(s, node, spec, null));
    return;
  }
  const group = new Group();
  s.clearPragma(s.pos(spec));
  for (spec = s.after(spec, parent); !s.is(spec, TokenKind.Rparen); spec = s.after(spec, parent)) {
    if (s.is(spec, TokenKind.Semi)) continue;
    list.push(declaration(s, node, spec, group));
    s.lineEnd(spec);
  }
}

function declaration(s: CstState, node: number, spec: number, group: Group | null): Decl {
  switch (s.kind(node)) {
    case Cst.ImportDeclaration:
      return importDecl(s, s.expect(spec, Cst.ImportSpec), group);
    case Cst.ConstDeclaration:
      return constDecl(s, s.expect(spec, Cst.ConstSpec), group);
    case Cst.TypeDeclaration:
      return typeDecl(s, spec, group);
    case Cst.VarDeclaration:
      return varDecl(s, s.expect(spec, Cst.VarSpec), group);
  }
  return s.unsupported(node);
}

function importDecl(s: CstState, spec: number, group: Group | null): ImportDecl {
  const directives = s.takePragma(s.pos(spec));
  const first = s.first(spec);
  const second = s.after(first, spec);
  let local: Name | null = null;
  if (second !== None) local = s.is(first, Cst.Dot) ? new Name(s.pos(first), s.end(first), ".") : s.name(first);
  const path = s.literal(s.expect(second === None ? first : second, Cst.String));
  const decl = new ImportDecl(s.pos(spec), path.end, group, local, path);
  decl.directives = directives;
  return decl;
}

interface ValueSpec {
  readonly names: Name[];
  readonly type: Expr | null;
  readonly values: Expr | null;
}

/** Names, type and values of a const or var declaration. */
function valueSpec(s: CstState, spec: number): ValueSpec {
  let node = s.first(spec);
  const names = [s.name(node)];
  let next = s.after(node, spec);
  while (s.is(next, TokenKind.Comma)) {
    node = s.after(next, spec);
    names.push(s.name(node));
    next = s.after(node, spec);
  }
  let type: Expr | null = null;
  if (next !== None && !s.is(next, TokenKind.Assign)) {
    type = typeOf(s, next);
    next = s.after(next, spec);
  }
  return { names, type, values: next === None ? null : exprList(s, s.after(next, spec)) };
}

function constDecl(s: CstState, spec: number, group: Group | null): ConstDecl {
  const directives = s.takePragma(s.pos(spec));
  const { names, type, values } = valueSpec(s, spec);
  const decl = new ConstDecl(s.pos(spec), s.end(spec), group, names, type, values);
  decl.directives = directives;
  return decl;
}

function varDecl(s: CstState, spec: number, group: Group | null): VarDecl {
  const directives = s.takePragma(s.pos(spec));
  const { names, type, values } = valueSpec(s, spec);
  const decl = new VarDecl(s.pos(spec), s.end(spec), group, names, type, values);
  decl.directives = directives;
  return decl;
}

function typeDecl(s: CstState, spec: number, group: Group | null): TypeDecl {
  const alias = s.is(spec, Cst.TypeAlias);
  if (!alias) s.expect(spec, Cst.TypeSpec);
  const directives = s.takePragma(s.pos(spec));
  const name = s.first(spec);
  let next = s.after(name, spec);
  let tparams: Field[] = [];
  if (s.is(next, Cst.TypeParameterList)) {
    if (isArrayLength(s, next)) s.unsupported(next);
    tparams = typeParameterList(s, next);
    next = s.after(next, spec);
  }
  if (alias) next = s.after(s.expect(next, TokenKind.Assign), spec);
  const type = typeOf(s, next);
  if (!alias && tparams.length === 0 && type.kind === Kind.ArrayType && type.len !== null) {
    const split = extractName(type.len, false);
    if (split !== null && split.type !== null) s.unsupported(next); // type parameters to the compiler
  }
  const decl = new TypeDecl(s.pos(spec), s.end(spec), group, s.name(name), tparams, alias, type);
  decl.directives = directives;
  return decl;
}

/** Whether the start of a type parameter list could also be an array length: `[P *T]`, `[P (T)]`. */
function isArrayLength(s: CstState, list: number): boolean {
  const first = s.after(s.first(list), list);
  const constraint = s.after(s.first(first), first);
  const tok = s.firstToken(constraint);
  return tok === TokenKind.Star || tok === TokenKind.Lparen;
}

function funcDecl(s: CstState, node: number): FuncDecl {
  let next = s.after(s.first(node), node);
  const pos = s.pos(next);
  const directives = s.takePragma(pos);
  let recv: Field | null = null;
  if (s.is(node, Cst.MethodDeclaration)) {
    const receivers = parameterList(s, next, false);
    if (receivers.length !== 1) s.unsupported(next);
    recv = receivers[0];
    next = s.after(next, node);
  }
  const name = s.name(next);
  next = s.after(next, node);
  let tparams: Field[] = [];
  const typePos = s.pos(next);
  if (s.is(next, Cst.TypeParameterList)) {
    tparams = typeParameterList(s, next);
    next = s.after(next, node);
  }
  const type = funcType(s, next, node);
  type.pos = typePos;
  let last = next;
  for (let sibling = next; sibling !== None; sibling = s.after(sibling, node)) last = sibling;
  const body = s.is(last, Cst.Block) ? s.funcBody(last, (at) => block(s, at)) : null;
  const decl = new FuncDecl(pos, s.end(node), recv, name, tparams, type, body);
  decl.directives = directives;
  return decl;
}
