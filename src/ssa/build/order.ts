/** Order of evaluation: what a statement evaluates before the rest of its expressions, as the compiler's walk/order.go
 *  does with temporaries: calls, receive operations, `&&`, conversions that allocate … Variables are read after that.
 *  The values wait in `FnState.done`. */
import { type Node, NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isDirectIface } from "../../ir/typeops.ts";
import { TKind } from "../../ir/types.ts";
import { addrOf } from "./addr.ts";
import { isAppendOfMake } from "./append.ts";
import { logical } from "./branch.ts";
import { expr } from "./expr.ts";
import type { FnState } from "./state.ts";
import { inits } from "./stmt.ts";

/** Evaluates the parts of `n` that come first. Before {@link expr} of every expression of a statement. */
export function order(s: FnState, n: Node | null): void {
  if (n === null) return;
  switch (n.op) {
    case Op.ONAME:
    case Op.OLITERAL:
    case Op.ONIL:
    case Op.OTYPE:
    case Op.OMETHEXPR:
      return;
  }
  if (s.done.size > 0 && s.done.has(n)) return; // its value is known
  if (n.init.length > 0) inits(s, n);
  switch (n.op) {
    case Op.OCLOSURE:
      return;
    case Op.OANDAND:
    case Op.OOROR:
      if (!s.done.has(n)) s.done.set(n, logical(s, n));
      return;
    case Op.OMAPLIT:
      // Its entries are evaluated one by one.
      hold(s, n);
      return;
    case Op.OINLCALL:
      hold(s, n);
      return;
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
    case Op.OCAP:
    case Op.OCOMPLEX:
    case Op.OREAL:
    case Op.OIMAG:
    case Op.OCOPY:
    case Op.OMAKECHAN:
    case Op.OMAKEMAP:
    case Op.OMAKESLICE:
    case Op.OMAX:
    case Op.OMIN:
    case Op.ONEW:
    case Op.ORECOVER:
    case Op.OSTR2BYTES:
    case Op.OSTR2RUNES:
    case Op.ORECV:
    case Op.OSLICE:
    case Op.OSLICEARR:
    case Op.OSLICESTR:
    case Op.OSLICE3:
    case Op.OSLICE3ARR:
      orderParts(s, n);
      hold(s, n);
      return;
    case Op.OCONVNOP: {
      // What a call gives as a uintptr is a pointer at once: another call may collect.
      const x = n.x!;
      const isCall = x.op === Op.OCALLFUNC || x.op === Op.OCALLINTER || x.op === Op.OINLCALL;
      if (isCall && n.type!.kind === TKind.UNSAFEPTR && x.type!.kind === TKind.UINTPTR) {
        if (x.init.length > 0) inits(s, x);
        if (x.op !== Op.OINLCALL) orderParts(s, x);
        hold(s, n);
      } else orderParts(s, n);
      return;
    }
    case Op.OAPPEND:
      if (isAppendOfMake(n)) {
        order(s, n.list[0]);
        order(s, n.list[1].x);
      } else {
        orderParts(s, n);
      }
      hold(s, n);
      return;
    case Op.OLEN: {
      // The length of a conversion needs only what is converted.
      const { op } = n.x!;
      if (op === Op.OSTR2RUNES || op === Op.OBYTES2STR) orderParts(s, n.x!);
      else orderParts(s, n);
      hold(s, n);
      return;
    }
    case Op.ODOTTYPE:
    case Op.ODYNAMICDOTTYPE:
      orderParts(s, n);
      if (!isDirectIface(n.type!, s.p.target)) hold(s, n);
      return;
    case Op.OINDEXMAP:
      orderParts(s, n);
      // m[string(bytes)] must not see later changes of the bytes.
      if ((n.flags & NodeFlag.Assigned) === 0 && hasStringConv(n.y!)) hold(s, n);
      return;
    default:
      orderParts(s, n);
  }
}

export function orderList(s: FnState, list: readonly Node[]): void {
  for (const n of list) order(s, n);
}

function orderParts(s: FnState, n: Node): void {
  if (n.x !== null) order(s, n.x);
  if (n.y !== null) order(s, n.y);
  if (n.z !== null) order(s, n.z);
  if (n.w !== null) order(s, n.w);
  if (n.list.length > 0) orderList(s, n.list);
}

/** Evaluates `n` now, once. */
export function hold(s: FnState, n: Node): void {
  if (s.done.has(n)) return;
  const t = n.type;
  if (t === null || t.kind === TKind.TUPLE || s.inRegisters(t)) s.done.set(n, expr(s, n));
  else s.done.set(n, [addrOf(s, n)]);
}

function hasStringConv(n: Node): boolean {
  switch (n.op) {
    case Op.OBYTES2STR:
      return true;
    case Op.OSTRUCTLIT:
      return n.list.some((field) => hasStringConv(field.x!));
    case Op.OARRAYLIT:
      return n.list.some((elem) => hasStringConv(elem.op === Op.OKEY ? elem.y! : elem));
    default:
      return false;
  }
}
