/** `if`, `for` and `range`. Range-over-func has become calls before (rangefunc/).
 *
 *  Mirrors ifStmt and forStmt of noder/writer.go and noder/reader.go, and tcRange. */
import type * as ast from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import { TypeKind } from "../../types/types.ts";
import { newAssignStmt, newForStmt, newIfStmt, newRangeStmt } from "../make.ts";
import { isBlank } from "../name.ts";
import { type Name, type Node, noNodes, type Rtti } from "../node.ts";
import { Op } from "../op.ts";
import type { Sym } from "../types.ts";
import { coreType, rangeKeyVal } from "./checker-types.ts";
import { convRTTI, expr, rtype } from "./expr.ts";
import type { Reader } from "./noder.ts";
import { dstType } from "./queries.ts";
import { unpackListExpr } from "./static.ts";
import { block, stmt, stmtList, stmts } from "./stmt.ts";
import { assignable, assignList, initDefn } from "./stmtassign.ts";

/** Null if the condition says that nothing of the statement is left. */
export function ifStmt(r: Reader, s: ast.IfStmt): Node | null {
  const simplifier = r.n.simplifier;
  const simplified = simplifier.simplify(s.cond);
  const outcome = simplifier.outcome;
  const init = stmtList(r, s.init);
  const cond = expr(r, simplified);
  const then = outcome >= 0 ? stmts(r, s.then.list) : noNodes;
  const els = outcome <= 0 ? stmtList(r, s.else_) : noNodes;
  if (outcome === 0) {
    const n = newIfStmt(s.pos, cond, then, els);
    n.init = init;
    return n;
  }
  const list = [...init];
  if (cond.op !== Op.OLITERAL) list.push(newAssignStmt(s.pos, r.n.blankNode, cond)); // for its side effects
  return block([...list, ...then, ...els]);
}

export function forStmt(r: Reader, s: ast.ForStmt, label: Sym | null): Node | null {
  if (s.init !== null && s.init.kind === Kind.RangeClause) return rangeStmt(r, s, s.init, label);
  let cond = s.cond;
  let never = false;
  if (cond !== null) {
    cond = r.n.simplifier.simplify(cond);
    never = r.n.simplifier.outcome < 0;
  }
  const init = stmt(r, s.init);
  const condition = cond === null ? null : expr(r, cond);
  const post = never ? null : stmt(r, s.post);
  const body = never ? noNodes : stmts(r, s.body.list);
  if (condition !== null && condition.op === Op.OLITERAL && condition.val === false) return init;
  const n = newForStmt(s.pos, init, condition, post, body, distinctVars(r, s));
  n.label = label;
  return n;
}

/** Whether each iteration has variables of its own: from Go 1.22 on. */
function distinctVars(r: Reader, s: ast.ForStmt): boolean {
  const version = r.p.isLocal ? r.n.input.fileVersion(s.pos) : (r.p.pkg?.goVersion ?? "");
  return version === "" || minorVersion(version) >= 22;
}

function minorVersion(version: string): number {
  const match = /^go1\.(\d+)/.exec(version);
  return match === null ? 0 : Number(match[1]);
}

function rangeStmt(r: Reader, s: ast.ForStmt, clause: ast.RangeClause, label: Sym | null): Node {
  const lhs = unpackListExpr(clause.lhs);
  const names: Name[] = [];
  const left = assignList(r, lhs, names);
  const x = expr(r, clause.x);
  const xtype = clause.x.type!;
  const core = coreType(xtype);
  const type = core !== null && core.kind === TypeKind.Map ? rtype(r, clause.pos, xtype) : null;
  const key = left.length > 0 ? assignable(left[0]) : null;
  const value = left.length > 1 ? assignable(left[1]) : null;
  let keyRtti: Rtti | null = null;
  let valueRtti: Rtti | null = null;
  if ((key !== null && !isBlank(key)) || (value !== null && !isBlank(value))) {
    const { key: keyType, value: valueType } = rangeKeyVal(xtype);
    if (key !== null && !isBlank(key)) keyRtti = convRTTI(r, clause.pos, keyType!, dstType(lhs[0])!);
    if (value !== null && !isBlank(value)) valueRtti = convRTTI(r, clause.pos, valueType!, dstType(lhs[1])!);
  }
  const body = stmts(r, s.body.list);
  const n = newRangeStmt(clause.pos, key, value, x, body, distinctVars(r, s));
  if (type !== null || keyRtti !== null || valueRtti !== null) {
    n.rtti = { type, src: null, key: keyRtti, value: valueRtti };
  }
  initDefn(n, names);
  n.label = label;
  return n;
}
