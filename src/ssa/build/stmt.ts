/** Statements (ssagen: stmt; walk: walkStmt). */
import { singleResult } from "../../ir/expr.ts";
import { EscHeap } from "../../ir/name.ts";
import { Class, type Name, type Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import type { Sym } from "../../ir/types.ts";
import { visitList } from "../../ir/visit.ts";
import type { Block } from "../value.ts";
import { addrOf, nilCheck, placeOf } from "./addr.ts";
import { newObject } from "./alloc.ts";
import { assign, assignList, assignOp, assignTuple } from "./assign.ts";
import { condBranch } from "./branch.ts";
import { callResults } from "./call.ts";
import { closeChan, recvExpr, send } from "./chan.ts";
import { deferStmt, goStmt, panicStmt, recoverExpr } from "./defer.ts";
import { expr, exprTo } from "./expr.ts";
import { returnResults } from "./func.ts";
import { mapDelete } from "./map.ts";
import { order, orderList } from "./order.ts";
import { printStmt } from "./print.ts";
import { rangeStmt } from "./range.ts";
import { countSavedVariable } from "./saved.ts";
import { selectStmt } from "./select.ts";
import { clear } from "./slice.ts";
import { moveToHeap } from "./stackslices.ts";
import type { FnState } from "./state.ts";
import { switchStmt } from "./switch.ts";

export function stmtList(s: FnState, list: readonly Node[]): void {
  for (const n of list) stmt(s, n);
}

export function stmt(s: FnState, n: Node): void {
  const { b } = s;
  const { pos } = b;
  const mark = s.markTemps();
  b.pos = n.pos;
  if (s.sliceMoves !== null) for (const move of s.sliceMoves.get(n) ?? []) moveToHeap(s, move);
  if (n.init.length > 0) stmtList(s, n.init);
  stmt1(s, n);
  b.pos = pos;
  s.popTemps(mark);
  if (s.inlineDepth === 0 && s.done.size > 0) s.done.clear();
}

function stmt1(s: FnState, n: Node): void {
  const { b } = s;
  switch (n.op) {
    case Op.ODCL:
      declare(s, n.x as Name);
      return;
    case Op.OAS:
      assign(s, n);
      return;
    case Op.OAS2:
      assignList(s, n);
      return;
    case Op.OAS2FUNC:
    case Op.OAS2DOTTYPE:
    case Op.OAS2MAPR:
    case Op.OAS2RECV:
      assignTuple(s, n);
      return;
    case Op.OASOP:
      assignOp(s, n);
      return;
    case Op.OBLOCK:
      stmtList(s, n.list);
      return;
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
      order(s, n.x);
      orderList(s, n.list);
      callResults(s, n);
      return;
    case Op.OINLCALL:
      stmtList(s, n.body);
      return;
    case Op.OIF:
      ifStmt(s, n);
      return;
    case Op.OFOR:
      forStmt(s, n);
      return;
    case Op.ORANGE:
      rangeStmt(s, n);
      return;
    case Op.OSWITCH:
      switchStmt(s, n);
      return;
    case Op.OSELECT:
      selectStmt(s, n);
      return;
    case Op.OLABEL: {
      const block = labelBlock(s, n.label!);
      b.jump(block);
      // Returns of inlined bodies go forward only.
      if (n.label!.name.startsWith(".i")) b.seal(block);
      b.start(block);
      return;
    }
    case Op.OGOTO:
      b.jump(labelBlock(s, n.label!));
      return;
    case Op.OBREAK:
    case Op.OCONTINUE:
      branchStmt(s, n);
      return;
    case Op.OFALL:
      b.jump(s.fallTo!);
      return;
    case Op.ORETURN:
      returnStmt(s, n);
      return;
    case Op.OTAILCALL:
      tailCall(s, n);
      return;
    case Op.OCHECKNIL:
      order(s, n.x);
      nilCheck(s, expr(s, n.x!)[0]);
      return;
    case Op.OSEND:
      send(s, n);
      return;
    case Op.OCLOSE:
      closeChan(s, n);
      return;
    case Op.ORECV:
      order(s, n.x);
      recvExpr(s, n);
      return;
    case Op.OPANIC:
      panicStmt(s, n);
      return;
    case Op.ORECOVER:
      recoverExpr(s, n);
      return;
    case Op.OGO:
      goStmt(s, n);
      return;
    case Op.ODEFER:
      deferStmt(s, n);
      return;
    case Op.OCLEAR:
      order(s, n.x);
      clear(s, n);
      return;
    case Op.ODELETE:
      orderList(s, n.list);
      mapDelete(s, n);
      return;
    case Op.OPRINT:
    case Op.OPRINTLN:
      printStmt(s, n);
      return;
    default:
      // An expression whose value is not used.
      if (n.type === null) throw s.unsupported(`statement ${n.op}`, n);
      order(s, n);
      discard(s, n);
  }
}

/** Evaluates `n` for what it does. */
export function discard(s: FnState, n: Node): void {
  if (s.done.has(n)) return;
  if (n.type === null || s.inRegisters(n.type)) expr(s, n);
  else nilCheck(s, addrOf(s, n));
}

/** ODCL: variables that live in the heap are made where they are declared. */
export function declare(s: FnState, n: Name): void {
  if (n.class !== Class.PAUTO) return;
  if (n.esc !== EscHeap) {
    countSavedVariable(s, n);
    return;
  }
  const { ptr } = placeOf(s, n);
  s.b.write(ptr!, newObject(s, n.type!));
}

/** OINLCALL as an expression: its body runs, then its result is read. */
export function inlinedCall(s: FnState, n: Node): ReturnType<typeof expr> {
  inlinedBody(s, n);
  const result = singleResult(n);
  return s.inRegisters(result.type!) ? expr(s, result) : [addrOf(s, result)];
}

/** Runs the body of an OINLCALL in the midst of a statement. */
export function inlinedBody(s: FnState, n: Node): void {
  s.inlineDepth++;
  stmtList(s, n.body);
  s.inlineDepth--;
}

/** Runs the statements before an expression, in the midst of a statement. */
export function inits(s: FnState, n: Node): void {
  if (n.init.length === 0) return;
  s.inlineDepth++;
  stmtList(s, n.init);
  s.inlineDepth--;
}

// ---------------------------------------------------------------------------------------------------- control flow

function ifStmt(s: FnState, n: Node): void {
  const { b } = s;
  const yes = b.newBlock();
  const end = b.newBlock();
  const no = n.list.length === 0 ? end : b.newBlock();
  condBranch(s, n.x!, yes, no);
  b.startSealed(yes);
  stmtList(s, n.body);
  b.jump(end);
  if (no !== end) {
    b.startSealed(no);
    stmtList(s, n.list);
    b.jump(end);
  }
  b.startSealed(end);
}

function forStmt(s: FnState, n: Node): void {
  const { b } = s;
  const head = b.newBlock();
  const body = b.newBlock();
  const next = b.newBlock();
  const end = b.newBlock();
  b.jump(head);
  b.start(head);
  if (n.x === null) b.jump(body);
  else condBranch(s, n.x, body, end, 1);
  loopBody(s, n, body, next, end, () => {
    if (n.y !== null) stmt(s, n.y);
  });
  b.jump(head);
  b.seal(head);
  b.startSealed(end);
}

/** The body of a loop, which starts in `body`, and what comes after each iteration, in `next`. */
export function loopBody(s: FnState, n: Node, body: Block, next: Block, end: Block, post: () => void): void {
  const { b } = s;
  b.startSealed(body);
  s.targets.push({ label: n.label, breakTo: end, continueTo: next });
  stmtList(s, n.body);
  s.targets.pop();
  b.jump(next);
  b.startSealed(next);
  post();
}

function branchStmt(s: FnState, n: Node): void {
  const isBreak = n.op === Op.OBREAK;
  for (let i = s.targets.length - 1; i >= 0; i--) {
    const target = s.targets[i];
    const to = isBreak ? target.breakTo : target.continueTo;
    if (to === null || (n.label !== null && n.label !== target.label)) continue;
    s.b.jump(to);
    return;
  }
  throw s.unsupported("branch without target", n);
}

/** The block of a label; only those that `goto` goes to are left open. */
function labelBlock(s: FnState, label: Sym): Block {
  let block = s.labels.get(label);
  if (block === undefined) {
    block = s.b.newBlock();
    if (!label.name.startsWith(".i") && !gotoTargets(s).has(label)) s.b.seal(block);
    s.labels.set(label, block);
  }
  return block;
}

function gotoTargets(s: FnState): ReadonlySet<Sym> {
  if (s.gotoTargets === null) {
    const labels = new Set<Sym>();
    if (s.fn !== null) {
      visitList(s.fn.body, (n) => {
        if (n.op === Op.OGOTO) labels.add(n.label!);
      });
    }
    s.gotoTargets = labels;
  }
  return s.gotoTargets;
}

// ---------------------------------------------------------------------------------------------------- return

function returnStmt(s: FnState, n: Node): void {
  const { b } = s;
  if (n.list.length > 0) {
    orderList(s, n.list);
    if (!s.hasDefer && s.results.every((result) => placeOf(s, result).regs !== null)) {
      b.ret(n.list.flatMap((value) => expr(s, value)));
      return;
    }
    // All are evaluated before the first is assigned.
    const values = n.list.map((value, i) => {
      const t = s.results[i].type!;
      if (s.inRegisters(t)) return expr(s, value);
      if (n.list.length === 1 && !mayMention(value)) return null;
      const copy = s.temp(t);
      exprTo(s, value, copy);
      return [copy];
    });
    values.forEach((value, i) => {
      const result = s.results[i];
      const place = placeOf(s, result);
      const t = result.type!;
      if (place.regs !== null) s.writeRegs(place.regs, value!);
      else if (value === null) exprTo(s, n.list[i], addrOf(s, result));
      else if (s.inRegisters(t)) s.store(t, addrOf(s, result), value);
      else s.move(t, addrOf(s, result), value[0]);
    });
  }
  returnResults(s);
}

/** The value may be computed from the result variable that it is assigned to. */
function mayMention(n: Node): boolean {
  switch (n.op) {
    case Op.ONAME:
    case Op.OLITERAL:
    case Op.ONIL:
      return false;
    default:
      return true;
  }
}

/** `return f(…)` of a wrapper: the call takes over. */
function tailCall(s: FnState, n: Node): void {
  const call = n.x!;
  order(s, call.x);
  orderList(s, call.list);
  const results = callResults(s, call, true);
  s.results.forEach((result, i) => {
    const t = result.type!;
    if (!s.inRegisters(t)) s.move(t, addrOf(s, result), results[i][0]);
  });
  s.b.ret(results.filter((_, i) => s.inRegisters(s.results[i].type!)).flat());
}
