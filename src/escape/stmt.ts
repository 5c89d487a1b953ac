/** Statements: which values flow where, at which loop depth.
 *
 *  Mirrors  cmd/compile/internal/escape/stmt.go and goDeferStmt of call.go. */
import { InternalError } from "../base/diag.ts";
import { NoPos } from "../base/pos.ts";
import { EscNever, isBlank } from "../ir/name.ts";
import type { Name, Node } from "../ir/node.ts";
import { type CaseClause, type CommClause, noNodes } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import { hasPointers } from "../ir/typeops.ts";
import { TKind } from "../ir/types.ts";
import { addrHole, assignHeap, assignList, markReassigned } from "./assign.ts";
import { deref, type Escape, flow, LabelState, later, newLoc, note, oldLoc, resultNames, teeHole } from "./batch.ts";
import { call } from "./call.ts";
import { discard, dotType, expr, exprSkipInit } from "./expr.ts";
import type { Hole } from "./graph.ts";

export function stmts(e: Escape, list: readonly Node[]): void {
  for (let i = 0; i < list.length; i++) stmt(e, list[i]);
}

/** Like {@link stmts}, with the loop depth as before afterwards. */
export function block(e: Escape, list: readonly Node[]): void {
  const depth = e.loopDepth;
  stmts(e, list);
  e.loopDepth = depth;
}

export function stmt(e: Escape, n: Node | null): void {
  if (n === null) return;
  if (e.b.config.m > 2) tracedStmt(e, n);
  else plainStmt(e, n);
}

/** What has no place of its own is shown at that of what it is part of. */
function tracedStmt(e: Escape, n: Node): void {
  const { b } = e;
  const outer = b.tracePos;
  if (n.pos !== NoPos) b.tracePos = n.pos;
  const text = `stmt: ${b.config.str(n)}`;
  b.config.trace(b.tracePos, `[${e.loopDepth}] ${b.config.str(e.curfn.nname)} ${text}`);
  plainStmt(e, n);
  b.tracePos = outer;
}

function plainStmt(e: Escape, n: Node): void {
  const { config } = e.b;
  if (n.init !== noNodes) stmts(e, n.init);
  switch (n.op) {
    case Op.OFALL:
    case Op.OBREAK:
    case Op.OCONTINUE:
    case Op.OGOTO:
      break;
    case Op.OBLOCK:
      stmts(e, n.list);
      break;
    case Op.ODCL:
      if (!isBlank(n.x!)) declare(e, n.x as Name);
      break;
    case Op.OLABEL:
      if (e.labels?.get(n.label) === LabelState.Looping) {
        if (config.m > 2) config.trace(n.pos, ` ${config.str(n)} looping label`);
        e.loopDepth++;
      } else if (config.m > 2) {
        config.trace(n.pos, `${config.str(n)} non-looping label`);
      }
      break;
    case Op.OIF:
      discard(e, n.x);
      block(e, n.body);
      block(e, n.list);
      break;
    case Op.OFOR:
      e.loopDepth++;
      discard(e, n.x);
      stmt(e, n.y);
      block(e, n.body);
      e.loopDepth--;
      break;
    case Op.ORANGE:
      rangeStmt(e, n);
      break;
    case Op.OSWITCH:
      switchStmt(e, n);
      break;
    case Op.OSELECT:
      for (const clause of n.cases as readonly CommClause[]) {
        stmt(e, clause.comm);
        block(e, clause.body);
      }
      break;
    case Op.ORECV:
      exprSkipInit(e, e.b.discardHole, n); // its init was visited above
      break;
    case Op.OSEND:
      discard(e, n.x);
      assignHeap(e, n.y!, "send", n);
      break;
    case Op.OAS:
    case Op.OASOP:
      assignList(e, [n.x], [n.y], "assign", n);
      break;
    case Op.OAS2:
      assignList(e, n.list, n.list2, "assign-pair", n);
      break;
    case Op.OAS2DOTTYPE:
      assignList(e, n.list, n.list2, "assign-pair-dot-type", n);
      break;
    case Op.OAS2MAPR:
      assignList(e, n.list, n.list2, "assign-pair-mapr", n);
      break;
    case Op.OAS2RECV:
    case Op.OSELRECV2:
      assignList(e, n.list, n.list2, "assign-pair-receive", n);
      break;
    case Op.OAS2FUNC: {
      stmts(e, n.list2[0].init);
      const holes: Hole[] = [];
      for (const lhs of n.list) holes.push(addrHole(e, lhs));
      call(e, holes, n.list2[0]);
      markReassigned(holes, n);
      break;
    }
    case Op.ORETURN:
      assignList(e, resultNames(e.curfn), n.list, "return", n);
      break;
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
    case Op.OINLCALL:
    case Op.OCLEAR:
    case Op.OCLOSE:
    case Op.OCOPY:
    case Op.ODELETE:
    case Op.OPANIC:
    case Op.OPRINT:
    case Op.OPRINTLN:
    case Op.ORECOVER:
      call(e, null, n);
      break;
    case Op.OGO:
    case Op.ODEFER:
      goDeferStmt(e, n);
      break;
    case Op.OTAILCALL:
      call(e, null, n.x!);
      break;
    case Op.OCHECKNIL:
      discard(e, n.x);
      break;
    default:
      throw new InternalError(`operation ${n.op} is not a statement`);
  }
}

function declare(e: Escape, n: Name): Hole {
  const loc = oldLoc(n);
  loc.loopDepth = e.loopDepth;
  return loc.asHole();
}

function rangeStmt(e: Escape, n: Node): void {
  const { b } = e;
  // What is ranged over is evaluated once, outside the loop, and lives until its end.
  const tmp = newLoc(e, null, true);
  expr(e, tmp.asHole(), n.x);
  e.loopDepth++;
  const holes = [addrHole(e, n.y), addrHole(e, n.z)];
  if (n.x!.type!.kind === TKind.ARRAY) flow(b, note(b, holes[1], n, "range"), tmp);
  else flow(b, deref(b, holes[1], n, "range-deref"), tmp);
  markReassigned(holes, n);
  block(e, n.body);
  e.loopDepth--;
}

function switchStmt(e: Escape, n: Node): void {
  const guard = n.x;
  const cases = n.cases as readonly CaseClause[];
  if (guard !== null && guard.op === Op.OTYPESW) {
    const holes: Hole[] = [];
    if (guard.y !== null) {
      for (const clause of cases) {
        const variable = clause.var!;
        const k = declare(e, variable); // clause variables have no ODCL
        if (hasPointers(variable.type!, e.b.target)) holes.push(dotType(e, k, variable.type!, clause, "switch case"));
      }
    }
    expr(e, teeHole(e, holes), guard.x);
  } else {
    discard(e, guard);
  }
  for (const clause of cases) {
    for (const value of clause.list) discard(e, value);
    block(e, clause.body);
  }
}

function goDeferStmt(e: Escape, n: Node): void {
  const { b } = e;
  let k = b.heapHole;
  if (n.op === Op.ODEFER && e.loopDepth === 1 && n.y === null) {
    // What a deferred call at the top level holds on to stays in the frame, but until the function returns.
    k = later(e, b.discardHole);
    n.esc = EscNever;
  }
  const callee = n.x!;
  if (callee.op !== Op.OCALLFUNC) throw new InternalError("go or defer of something other than a function call");
  expr(e, k, callee.x);
}
