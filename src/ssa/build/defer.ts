/** go, defer, panic and recover. Deferred calls are records on a list of the goroutine: in the frame where a statement
 *  runs at most once, else in the heap (ssagen: callDeferStack; walk: walkGoDefer). */
import { EscNever } from "../../ir/name.ts";
import type { Node } from "../../ir/node.ts";
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

/** Where a function with deferred calls goes on after a recovered panic. */
export function buildDeferExit(s: FnState): void {
  const { b, sfn } = s;
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
