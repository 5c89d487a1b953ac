/** Assignments and declarations of variables.
 *
 *  Mirrors assignStmt and assign of noder/writer.go, the cases stmtAssign, stmtAssignOp and stmtIncDec of
 *  noder/reader.go, and typecheck/stmt.go (tcAssign, tcAssignList). */

import { toComplex, toFloat, type Value } from "../../base/constant.ts";
import type { Pos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import { Op as Token } from "../../syntax/tokens.ts";
import { unparen } from "../../syntax/walk.ts";
import { ObjKind, type Var } from "../../types/types.ts";
import { newAssignListStmt, newAssignOpStmt, newAssignStmt, newDecl, newLiteral } from "../make.ts";
import { newLocal } from "../name.ts";
import { type Name, type Node, NodeFlag, noNodes } from "../node.ts";
import { Op } from "../op.ts";
import { isComplex, isFloat } from "../typeops.ts";
import type { Type } from "../types.ts";
import { assignConv } from "./convert.ts";
import { binOps, expr, implicitConvExpr, multiExpr } from "./expr.ts";
import { hasTypeParams, type Reader } from "./noder.ts";
import { dstType } from "./queries.ts";
import { unpackListExpr } from "./static.ts";
import { isDerived, isGlobal, typ } from "./types.ts";

export function assignStmt(r: Reader, s: ast.AssignStmt, out: Node[]): void {
  if (s.rhs === null) {
    const x = assignable(expr(r, s.lhs));
    out.push(newAssignOpStmt(s.pos, binOps[s.op], x, newLiteral(s.pos, x.type!, oneOf(x.type!)), true));
  } else if (s.op === Token.None || s.op === Token.Def) {
    assignment(r, s.pos, unpackListExpr(s.lhs), s.rhs, out);
  } else {
    const x = assignable(expr(r, s.lhs));
    const shift = s.op === Token.Shl || s.op === Token.Shr;
    const y = implicitConvExpr(r, shift ? null : s.lhs.type!, s.rhs);
    out.push(newAssignOpStmt(s.pos, binOps[s.op], x, y));
  }
}

function oneOf(t: Type): Value {
  if (isComplex(t)) return toComplex(1n);
  return isFloat(t) ? toFloat(1n) : 1n;
}

export function varDecl(r: Reader, decl: ast.VarDecl, out: Node[]): void {
  assignment(r, decl.pos, decl.names, decl.values, out);
}

/** `lhs = rhs`; variables that appear for the first time are declared. */
function assignment(r: Reader, pos: Pos, lhs: readonly ast.Expr[], rhs: ast.Expr | null, out: Node[]): void {
  const names: Name[] = [];
  if (lhs.length === 1 && rhs !== null) {
    const x = assignable(assignee(r, lhs[0], names));
    const y = implicitConvExpr(r, dstType(lhs[0]), rhs);
    const n = newAssignStmt(pos, x, assignConv(r, pos, y, x.type!));
    initDefn(n, names);
    out.push(n);
    return;
  }
  const left = assignList(r, lhs, names);
  if (rhs === null) {
    for (const name of names) {
      const as = newAssignStmt(pos, name, null);
      as.init = [newDecl(pos, name)];
      out.push(as);
    }
    return;
  }
  const right = multiExpr(r, pos, rhs, (i) => dstType(lhs[i]));
  for (let i = 0; i < left.length; i++) {
    assignable(left[i]);
    right[i] = assignConv(r, pos, right[i], left[i].type!);
  }
  const n = newAssignListStmt(pos, Op.OAS2, left, right);
  initDefn(n, names);
  out.push(n);
}

/** The nodes that are assigned to. Those that are declared by it are added to `names`. */
export function assignList(r: Reader, lhs: readonly ast.Expr[], names: Name[]): Node[] {
  const list: Node[] = new Array(lhs.length);
  for (let i = 0; i < lhs.length; i++) list[i] = assignee(r, lhs[i], names);
  return list;
}

function assignee(r: Reader, e: ast.Expr, names: Name[]): Node {
  const dst = unparen(e);
  if (dst.kind === Kind.Name) {
    if (dst.value === "_") return r.n.blankNode;
    const obj = dst.obj;
    if (obj !== null && obj.kind === ObjKind.Var && !isGlobal(obj) && !r.locals.has(obj)) {
      const name = declareLocal(r, obj.pos, obj);
      names.push(name);
      return name;
    }
  }
  return expr(r, dst);
}

/** A new local variable for `obj`. */
export function declareLocal(r: Reader, pos: Pos, obj: Var): Name {
  r.n.basePos = r.inlining === null ? pos : r.n.fset.inlined(r.inlining.index, pos);
  return addLocal(r, pos, obj, typ(r, obj.type!));
}

export function addLocal(r: Reader, pos: Pos, obj: Var, type: Type): Name {
  const name = newLocal(r.curfn, pos, r.n.localIdent(obj), type);
  knowLocal(r, obj, name);
  return name;
}

/** `name` is what the body has for `obj`. The dictionary describes its type if that depends on type parameters. */
export function knowLocal(r: Reader, obj: Var, name: Name): void {
  r.locals.set(obj, name);
  const { dict } = r;
  if (!hasTypeParams(dict) || !isDerived(r.p, obj.type!)) return;
  name.dictIndex = 1 + dict.rtypesOffset + dict.writer.rtypeIdx(obj.type!);
}

/** Marks map elements that are assigned to. */
export function assignable(x: Node): Node {
  if (x.op === Op.OINDEXMAP) x.flags |= NodeFlag.Assigned;
  return x;
}

/** Makes `defn` the statement that declares `names`. */
export function initDefn(defn: Node, names: readonly Name[]): void {
  if (names.length === 0) return;
  for (const name of names) name.defn = defn;
  defn.flags |= NodeFlag.Def;
  defn.init = names.length === 0 ? noNodes : names.map((name) => newDecl(name.pos, name));
}
