/** `switch`, type switches and `select`.
 *
 *  Mirrors switchStmt and selectStmt of noder/writer.go and noder/reader.go, tcSwitchType and tcSelect. */
import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import { TypeKind } from "../../types/types.ts";
import { takeInit } from "../expr.ts";
import {
  newAssignListStmt,
  newAssignStmt,
  newDecl,
  newNil,
  newSelectStmt,
  newSwitchStmt,
  newTypeSwitchGuard,
} from "../make.ts";
import { CaseClause, CommClause, Name, type Node, NodeFlag, noNodes } from "../node.ts";
import { Op } from "../op.ts";
import { type Sym, TKind } from "../types.ts";
import { under } from "./checker-types.ts";
import { expr, exprType, implicitConvExpr } from "./expr.ts";
import type { Reader } from "./noder.ts";
import { isNilExpr, switchTagType } from "./queries.ts";
import { constSwitch, unpackListExpr } from "./static.ts";
import { stmt, stmts } from "./stmt.ts";
import { addLocal } from "./stmtassign.ts";
import { temp } from "./temp.ts";
import { typ } from "./types.ts";

export function switchStmt(r: Reader, s: ast.SwitchStmt, label: Sym | null): Node {
  const init = stmt(r, s.init);
  const guard = s.tag !== null && s.tag.kind === Kind.TypeSwitchGuard ? s.tag : null;
  const n = guard === null ? exprSwitch(r, s) : typeSwitch(r, s, guard);
  n.label = label;
  if (init !== null) n.init = [init];
  return n;
}

function exprSwitch(r: Reader, s: ast.SwitchStmt): Node {
  const decided = constSwitch(s);
  if (decided !== null) {
    const clause = decided.clause;
    if (clause === null) return newSwitchStmt(s.pos, null, []);
    const body = stmts(r, clause.body);
    return newSwitchStmt(s.pos, null, [caseClause(clause.pos, null, noNodes, body)]);
  }
  const tagType = switchTagType(s);
  const tag = s.tag === null ? null : implicitConvExpr(r, tagType, s.tag);
  // Channels are compared as they are, whatever their direction.
  const caseType = s.tag !== null && under(s.tag.type!).kind === TypeKind.Chan ? null : tagType;
  const clauses: CaseClause[] = [];
  for (const clause of s.body) {
    const list: Node[] = [];
    for (const c of unpackListExpr(clause.cases)) list.push(implicitConvExpr(r, caseType, c));
    const body = stmts(r, clause.body);
    clauses.push(caseClause(clause.pos, clause.cases, list, body));
  }
  return newSwitchStmt(s.pos, tag, clauses);
}

function caseClause(pos: Pos, cases: ast.Expr | null, list: readonly Node[], body: readonly Node[]): CaseClause {
  const clause = new CaseClause(pos, list, body);
  clause.isDefault = cases === null;
  return clause;
}

function typeSwitch(r: Reader, s: ast.SwitchStmt, guard: ast.TypeSwitchGuard): Node {
  const iface = guard.x.type!;
  const lhs = guard.lhs;
  const ident = lhs === null ? null : new Name(lhs.pos, r.n.localPkg.lookup(lhs.value), null);
  const x = expr(r, guard.x);
  const tag = newTypeSwitchGuard(guard.pos, ident, x);
  const clauses: CaseClause[] = [];
  for (const clause of s.body) {
    const cases = unpackListExpr(clause.cases);
    const list: Node[] = [];
    for (const c of cases) {
      list.push(isNilExpr(c) ? newNil(0, r.n.universe.types[TKind.NIL]) : exprType(r, iface, c));
    }
    const obj = clause.implicit;
    let name: Name | null = null;
    if (ident !== null && obj !== null) {
      const pos = cases.length === 0 ? clause.pos : typeExprEndPos(cases[cases.length - 1]);
      name = addLocal(r, pos, obj, typ(r, obj.type!));
      name.defn = tag;
      name.type = list.length === 1 && list[0].op !== Op.ONIL ? list[0].type : x.type;
    }
    const body = stmts(r, clause.body);
    const made = caseClause(clause.pos, clause.cases, list, body);
    made.var = name;
    clauses.push(made);
  }
  return newSwitchStmt(s.pos, tag, clauses);
}

/** Where the variable of a type-switch clause is said to be: at the innermost last part of the clause's last type. */
function typeExprEndPos(e: ast.Expr): Pos {
  for (let x = e; ; ) {
    switch (x.kind) {
      case Kind.Name:
      case Kind.StructType:
        return x.pos;
      case Kind.SelectorExpr:
        return x.x.pos;
      case Kind.ParenExpr:
      case Kind.Operation:
        x = x.x;
        break;
      case Kind.ArrayType:
      case Kind.ChanType:
      case Kind.DotsType:
      case Kind.SliceType:
        x = x.elem;
        break;
      case Kind.MapType:
        x = x.value;
        break;
      case Kind.InterfaceType: {
        const last = lastFieldType(x.methods);
        if (last === null) return x.pos;
        x = last;
        break;
      }
      case Kind.FuncType: {
        const last = lastFieldType(x.results) ?? lastFieldType(x.params);
        if (last === null) return x.pos;
        x = last;
        break;
      }
      case Kind.IndexExpr: {
        const targs = unpackListExpr(x.index);
        x = targs[targs.length - 1];
        break;
      }
      default:
        throw new InternalError(`unexpected type expression of kind ${x.kind}`);
    }
  }
}

function lastFieldType(fields: readonly ast.Field[]): ast.Expr | null {
  return fields.length === 0 ? null : fields[fields.length - 1].type;
}

export function selectStmt(r: Reader, s: ast.SelectStmt, label: Sym | null): Node {
  const clauses: CommClause[] = [];
  for (const clause of s.body) clauses.push(commClause(r, clause));
  for (const clause of clauses) if (clause.comm !== null) clause.comm = selectComm(r, clause.comm);
  const n = newSelectStmt(s.pos, clauses);
  n.label = label;
  return n;
}

function commClause(r: Reader, s: ast.CommClause): CommClause {
  let comm = stmt(r, s.comm);
  let body = stmts(r, s.body);
  if (comm !== null && comm.op === Op.OAS && (comm.flags & NodeFlag.Def) === 0 && comm.y!.op === Op.OCONVIFACE) {
    // `case i = <-c` with a conversion is `case tmp := <-c: i = tmp`.
    const as = comm;
    const conv = comm.y!;
    const recv = conv.x!;
    const tmp = temp(r, s.pos, recv.type!);
    comm = newAssignStmt(s.pos, tmp, recv, true);
    comm.init = [newDecl(s.pos, tmp)];
    tmp.defn = comm;
    conv.x = tmp;
    body = [as, ...body];
  }
  if (comm !== null && comm.op === Op.OAS2) {
    // The receive operation was moved to the init list of the first value.
    const as = comm;
    const init = takeInit(as.list2[0]);
    if (init.length !== 1 || init[0].op !== Op.OAS2RECV) throw new InternalError("unexpected receive statement");
    comm = init[0];
    body = [as, ...body];
  }
  return new CommClause(s.pos, comm, body);
}

/** A communication in its final form: OSEND or `x, ok = <-c`. */
function selectComm(r: Reader, n: Node): Node {
  switch (n.op) {
    case Op.OAS: {
      let recv = n.y!;
      const converted = recv.op === Op.OCONVNOP || recv.op === Op.OCONVIFACE;
      if (converted && (recv.flags & NodeFlag.Implicit) !== 0) recv = recv.x!;
      return selRecv(r, n, n.x!, recv);
    }
    case Op.OAS2RECV:
      n.op = Op.OSELRECV2;
      return n;
    case Op.ORECV:
      return selRecv(r, n, r.n.blankNode, n);
    case Op.OSEND:
      return n;
    default:
      throw new InternalError(`unexpected communication ${n.op}`);
  }
}

function selRecv(r: Reader, n: Node, dst: Node, recv: Node): Node {
  const def = n.op === Op.OAS && (n.flags & NodeFlag.Def) !== 0;
  const sel = newAssignListStmt(n.pos, Op.OSELRECV2, [dst, r.n.blankNode], [recv], def);
  sel.init = n.init;
  return sel;
}
