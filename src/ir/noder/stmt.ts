/** Statements: lists, blocks, branches, sends, returns.
 *
 *  Mirrors stmts and stmt1 of noder/writer.go and noder/reader.go, with what typecheck.Stmt does to each. Assignments
 *  are in stmtassign.ts, `if`, `for` and `range` in stmtloop.ts, `switch` and `select` in stmtswitch.ts, `go` and
 *  `defer` in stmtgo.ts. */
import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import { TokenKind } from "../../syntax/tokens.ts";
import { TypeKind } from "../../types/types.ts";
import { newBlockStmt, newBranchStmt, newLabelStmt, newReturnStmt, newSendStmt } from "../make.ts";
import { type Node, noNodes } from "../node.ts";
import { Op } from "../op.ts";
import type { Sym } from "../types.ts";
import { coreType } from "./checker-types.ts";
import { assignConv } from "./convert.ts";
import { expr, implicitConvExpr, multiExpr } from "./expr.ts";
import type { Reader } from "./noder.ts";
import { lastLabelIndex, terminates } from "./static.ts";
import { assignStmt, varDecl } from "./stmtassign.ts";
import { goDeferStmt } from "./stmtgo.ts";
import { forStmt, ifStmt } from "./stmtloop.ts";
import { selectStmt, switchStmt } from "./stmtswitch.ts";

/** The statements of a list; those that cannot be reached are left out. */
export function stmts(r: Reader, list: readonly ast.Stmt[]): readonly Node[] {
  if (list.length === 0) return noNodes;
  const out: Node[] = [];
  let lastLabel = -2; // not looked for yet
  let dead = false;
  for (let i = 0; i < list.length; i++) {
    const s = list[i];
    if (dead) {
      if (lastLabel === -2) lastLabel = lastLabelIndex(list);
      if (i > lastLabel && s.kind !== Kind.LabeledStmt) continue;
    }
    stmt1(r, s, out);
    dead = terminates(s);
  }
  return out.length === 0 ? noNodes : out;
}

/** The nodes that one statement stands for. */
export function stmtList(r: Reader, s: ast.Stmt | null): readonly Node[] {
  if (s === null) return noNodes;
  const out: Node[] = [];
  stmt1(r, s, out);
  return out.length === 0 ? noNodes : out;
}

/** One statement as one node; null if nothing is left of it. */
export function stmt(r: Reader, s: ast.Stmt | null): Node | null {
  return s === null ? null : block(stmtList(r, s));
}

export function block(list: readonly Node[]): Node | null {
  if (list.length === 0) return null;
  return list.length === 1 ? list[0] : newBlockStmt(list[0].pos, list);
}

function stmt1(r: Reader, s: ast.Stmt, out: Node[]): void {
  switch (s.kind) {
    case Kind.EmptyStmt:
      return;
    case Kind.AssignStmt:
      assignStmt(r, s, out);
      return;
    case Kind.BlockStmt:
      for (const n of stmts(r, s.list)) out.push(n);
      return;
    case Kind.BranchStmt: {
      const label = s.label === null ? null : labelSym(r, s.label);
      out.push(newBranchStmt(s.pos, branchOp(s.tok), label));
      return;
    }
    case Kind.CallStmt:
      out.push(goDeferStmt(r, s));
      return;
    case Kind.DeclStmt:
      for (const decl of s.decls) if (decl.kind === Kind.VarDecl) varDecl(r, decl, out);
      return;
    case Kind.ExprStmt:
      out.push(expr(r, s.x));
      return;
    case Kind.ForStmt: {
      const n = forStmt(r, s, labelBefore(out));
      if (n !== null) out.push(n);
      return;
    }
    case Kind.IfStmt: {
      const n = ifStmt(r, s);
      if (n !== null) out.push(n);
      return;
    }
    case Kind.LabeledStmt: {
      const label = labelSym(r, s.label);
      out.push(label.name === "_" ? newBlockStmt(s.pos, noNodes) : newLabelStmt(s.pos, label));
      stmt1(r, s.stmt, out);
      return;
    }
    case Kind.ReturnStmt:
      out.push(returnStmt(r, s));
      return;
    case Kind.SelectStmt:
      out.push(selectStmt(r, s, labelBefore(out)));
      return;
    case Kind.SendStmt:
      out.push(sendStmt(r, s));
      return;
    case Kind.SwitchStmt:
      out.push(switchStmt(r, s, labelBefore(out)));
      return;
  }
}

function branchOp(tok: TokenKind): Op {
  switch (tok) {
    case TokenKind.Break:
      return Op.OBREAK;
    case TokenKind.Continue:
      return Op.OCONTINUE;
    case TokenKind.Fallthrough:
      return Op.OFALL;
    case TokenKind.Goto:
      return Op.OGOTO;
    default:
      throw new InternalError(`unexpected branch ${tok}`);
  }
}

function labelSym(r: Reader, label: ast.Name): Sym {
  const inlining = r.inlining;
  if (inlining === null || label.value === "_") return r.n.localPkg.lookup(label.value);
  return r.n.localPkg.lookup(`~${label.value}·${inlining.gen}`);
}

/** The label of the statement that comes next. */
function labelBefore(out: readonly Node[]): Sym | null {
  const last = out.length === 0 ? null : out[out.length - 1];
  return last !== null && last.op === Op.OLABEL ? last.label : null;
}

function returnStmt(r: Reader, s: ast.ReturnStmt): Node {
  const results = r.sig!.results.vars;
  const values = multiExpr(r, s.pos, s.results, (i) => results[i].type);
  assignResults(r, s.pos, values);
  return newReturnStmt(s.pos, values.length === 0 ? noNodes : values);
}

/** Converts values to the result types where shapes left a difference; in place. */
function assignResults(r: Reader, pos: Pos, values: Node[]): void {
  const results = r.curfn.type.results;
  let at = pos;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value.op !== Op.ONAME) at = value.pos;
    values[i] = assignConv(r, at, value, results[i].type);
  }
}

function sendStmt(r: Reader, s: ast.SendStmt): Node {
  const core = coreType(s.chan.type!);
  if (core === null || core.kind !== TypeKind.Chan) throw new InternalError("send to what is no channel");
  const chan = expr(r, s.chan);
  const value = implicitConvExpr(r, core.elem, s.value);
  return newSendStmt(s.pos, chan, assignConv(r, s.pos, value, chan.type!.elem!));
}
