/** Devirtualises the calls of a package at inlining level 0, `-l` (cmd/compile/internal/inline/interleaved).
 *
 *  The compiler tries every call twice: once over all functions in their order, then bottom-up. Devirtualising cannot
 *  succeed at the second try if it did not at the first while nothing is inlined, but its refusals print again. */
import { type Func, type Node, noNodes } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import { visitFuncsBottomUp } from "../ir/scc.ts";
import type { Pkg } from "../ir/types.ts";
import { doChildren, visitList } from "../ir/visit.ts";
import { type Sink, State, staticCall } from "./devirtualize.ts";

/** Devirtualises in all functions of package `local`. */
export function devirtualizePackage(funcs: readonly Func[], local: Pkg, report: Sink): void {
  let messages = 0;
  const state = new State(local, (pos, msg) => {
    messages++;
    report(pos, msg);
  });
  const callsOf = new Map<Func, readonly Node[]>();
  for (const fn of funcs) {
    const calls = interfaceCalls(fn);
    if (calls.length === 0) continue;
    callsOf.set(fn, calls);
    for (const call of calls) staticCall(state, call);
  }
  if (messages === 0) return;
  visitFuncsBottomUp(funcs, (group) => {
    for (const fn of group) for (const call of callsOf.get(fn) ?? []) staticCall(state, call);
  });
}

/** Devirtualises in one function that was made after the rest of the package: a wrapper. */
export function devirtualizeFunc(fn: Func, local: Pkg, report: Sink): void {
  const state = new State(local, report);
  for (const call of interfaceCalls(fn)) staticCall(state, call);
}

/** Calls of interface methods in `fn`, arguments before the call they belong to. Those of literals are not its own,
 *  and a tail call is left alone. */
function interfaceCalls(fn: Func): readonly Node[] {
  let found = false;
  visitList(fn.body, (n) => {
    if (n.op === Op.OCALLINTER) found = true;
  });
  if (!found) return noNodes;
  const calls: Node[] = [];
  const collect = (n: Node): boolean => {
    if (n.op === Op.OTAILCALL) return doChildren(n.x, collect);
    doChildren(n, collect);
    if (n.op === Op.OCALLINTER) calls.push(n);
    return false;
  };
  for (const n of fn.body) collect(n);
  return calls;
}
