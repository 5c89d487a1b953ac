/** go, defer, panic and recover. Deferred calls are records on a list of the goroutine: in the frame where a statement
 *  runs at most once, else in the heap (ssagen: callDeferStack; walk: walkGoDefer). */
import { EscHeap, EscNever } from "../../ir/name.ts";
import type { Func, Name, Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { visitList } from "../../ir/visit.ts";
import { Mem, type Value } from "../value.ts";
import { expr, scalar } from "./expr.ts";
import { returnResults } from "./func.ts";
import { order } from "./order.ts";
import type { FnState } from "./state.ts";
import { stmtList } from "./stmt.ts";

/** runtime._defer: heap and rangefunc, sp, pc, fn, link, head; in words. */
const deferSize = 48;
const deferFn = 24;
const deferPointers = [3, 4, 5];

/** go f(), f a function value without parameters and results. */
export function goStmt(s: FnState, n: Node): void {
  s.rtcall("newproc", [calledValue(s, n)]);
}

export function deferStmt(s: FnState, n: Node): void {
  const { b } = s;
  const fn = calledValue(s, n);
  if (n.y !== null) {
    // In the body of a range-over-func loop: a deferred call of the function around it.
    order(s, n.y);
    s.rtcall("deferprocat", [fn, ...expr(s, n.y)]);
    return;
  }
  if (n.esc !== EscNever) {
    s.rtcall("deferproc", [fn]);
    return;
  }
  const record = b.slotAddr(s.sfn.newSlot("~defer", deferSize, 8, deferPointers));
  b.store(Mem.Ptr, record, fn, deferFn);
  s.rtcall("deferprocStack", [record]);
}

/** The function value that the statement's call calls. */
function calledValue(s: FnState, n: Node): Value {
  const call = n.x!;
  if (call.init.length > 0) stmtList(s, call.init);
  order(s, call.x);
  return scalar(s, call.x!);
}

/** Deferred calls that the compiler makes at each return by itself, without a record. Here all have records, but tracebacks
 *  tell the difference: such a call comes from the line of the return, all others from the end of the function
 *  (ssagen: buildssa, state.exit; walk: ODEFER). */
export function hasOpenDefers(fn: Func): boolean {
  const maxDefers = 8;
  const maxExits = 15;
  if (fn.type.results.some((result) => (result.nname as Name).esc === EscHeap)) return false;
  let defers = 0;
  let returns = 0;
  let open = true;
  visitList(fn.body, (n) => {
    if (n.op === Op.ORETURN) returns++;
    if (n.op !== Op.ODEFER) return;
    defers++;
    if (n.y !== null || n.esc !== EscNever) open = false;
  });
  return open && defers <= maxDefers && defers * returns <= maxExits;
}

/** Where a function with deferred calls goes on after a recovered panic. With open-coded ones that is, in the compiled
 *  program, behind its last instruction, and has that one's line. */
export function buildDeferExit(s: FnState, endReached: boolean): void {
  const { b, sfn } = s;
  const fn = s.fn!;
  b.pos = endReached || !s.openDefers || fn.body.length === 0 ? fn.endPos : fn.body[fn.body.length - 1].pos;
  const block = b.newBlock();
  sfn.deferExit = block;
  b.startSealed(block);
  returnResults(s);
}

/** panic(x) */
export function panicStmt(s: FnState, n: Node): void {
  order(s, n.x);
  s.rtpanic("gopanic", expr(s, n.x!));
}

/** recover() */
export function recoverExpr(s: FnState, _n: Node): Value[] {
  return s.rtcall("gorecover", [], "ip");
}
