/** Assignments, in the compiler's order: calls first, then the right side, then addresses on the left with their checks
 *  (walk: walkAssign, ascompatee; order: as2func). */

import { InternalError } from "../../base/diag.ts";
import { isStaticLiteral } from "../../ir/box.ts";
import { EscHeap, isBlank } from "../../ir/name.ts";
import { Class, type Name, Node, NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { any } from "../../ir/visit.ts";
import { Num } from "../num.ts";
import { Mem, type Value } from "../value.ts";
import { addrOf, fieldIndex, hasAddress, placeOf } from "./addr.ts";
import { arith, shift } from "./arith.ts";
import { callResults } from "./call.ts";
import { recv2 } from "./chan.ts";
import { expr, exprTo, fieldRange } from "./expr.ts";
import { dotType2 } from "./iface.ts";
import { mapAccess2, mapAssign } from "./map.ts";
import { hold, order, orderList } from "./order.ts";
import type { FnState } from "./state.ts";
import { discard, inits, inlinedBody, stmtList } from "./stmt.ts";
import { addStr } from "./string.ts";

/** OAS: x = y, or x = its zero value. */
export function assign(s: FnState, n: Node): void {
  const { x, y } = n;
  if (x === null || isBlank(x)) {
    if (y === null) return;
    order(s, y);
    discard(s, y);
    return;
  }
  if (y !== null && assignCall(s, n, x, y)) return;
  order(s, x);
  order(s, y);
  const t = x.type!;
  if (y === null) {
    assignZero(s, x);
    return;
  }
  if (s.inRegisters(t)) {
    assignValue(s, x, expr(s, y));
    return;
  }
  if (x.op === Op.OINDEXMAP) {
    // What may fail on the right comes before the entry is made.
    const value = addrOf(s, y);
    s.move(t, mapAssign(s, x), value);
    return;
  }
  if (isMade(s, y) && !isStaticLiteral(y, s.p.target) && !unobserved(n, x, y)) {
    // The literal is complete before the variable changes.
    const copy = s.temp(t);
    exprTo(s, y, copy);
    s.move(t, addrOf(s, x), copy);
    return;
  }
  if (isMade(s, y)) exprTo(s, y, addrOf(s, x), isFresh(n, x));
  else if (t.kind === TKind.ARRAY && x.op === Op.ODEREF && y.op === Op.ODEREF) {
    // Arrays that slices were converted to may overlap in part.
    const copy = s.temp(t);
    s.move(t, copy, addrOf(s, y));
    s.move(t, addrOf(s, x), copy);
  } else {
    const value = addrOf(s, y);
    s.move(t, addrOf(s, x), value);
  }
}

/** `x := f()` for a type that lives in memory: the call fills the variable itself, which nobody sees before. */
function assignCall(s: FnState, n: Node, x: Node, y: Node): boolean {
  if (y.op !== Op.OCALLFUNC && y.op !== Op.OCALLINTER) return false;
  if ((n.flags & NodeFlag.Def) === 0 || x.op !== Op.ONAME || s.inRegisters(x.type!) || s.done.has(y)) return false;
  const { slot } = placeOf(s, x as Name);
  if (slot === null) return false;
  inits(s, y);
  order(s, y.x);
  orderList(s, y.list);
  callResults(s, y, false, [s.b.slotAddr(slot)]);
  return true;
}

/** The value is put together where it is wanted; it is not something that lies in memory already. */
function isMade(s: FnState, n: Node): boolean {
  return !s.done.has(n) && !hasAddress(s, n);
}

/** Nobody sees the variable while it is being filled. */
function unobserved(n: Node, x: Node, y: Node): boolean {
  if ((n.flags & NodeFlag.Def) !== 0) return true;
  if (x.op !== Op.ONAME) return false;
  const name = x as Name;
  if (name.autoTemp) return true;
  if (name.class === Class.PEXTERN || name.addrtaken || name.isClosureVar) return false;
  return !any(y, (part) => part === name);
}

/** The variable was just allocated, and so is zero. */
function isFresh(n: Node, x: Node): boolean {
  return (n.flags & NodeFlag.Def) !== 0 && x.op === Op.ONAME && x.esc === EscHeap && (x as Name).class === Class.PAUTO;
}

function assignZero(s: FnState, x: Node): void {
  const t = x.type!;
  if (s.inRegisters(t)) assignValue(s, x, s.zero(t));
  else if (x.op === Op.OINDEXMAP) s.zeroAt(t, mapAssign(s, x));
  else s.zeroAt(t, addrOf(s, x));
}

/** Stores a value: components, or the address of one that lives in memory. */
export function assignValue(s: FnState, x: Node, values: readonly Value[]): void {
  if (isBlank(x)) return;
  const t = x.type!;
  if (x.op === Op.OINDEXMAP) {
    const addr = mapAssign(s, x);
    if (s.inRegisters(t)) s.store(t, addr, values);
    else s.move(t, addr, values[0]);
    return;
  }
  if (!s.inRegisters(t)) {
    s.move(t, addrOf(s, x), values[0]);
    return;
  }
  if (hasAddress(s, x)) s.store(t, addrOf(s, x), values);
  else assignPart(s, x, values);
}

/** Assigns a variable in registers, or a field or element of one. */
function assignPart(s: FnState, x: Node, values: readonly Value[]): void {
  switch (x.op) {
    case Op.OPAREN:
    case Op.OCONVNOP:
      assignPart(s, x.x!, values);
      return;
    case Op.ONAME:
      s.writeRegs(placeOf(s, x as Name).regs!, values);
      return;
    case Op.ODOT: {
      const whole = [...expr(s, x.x!)];
      const st = x.x!.type!;
      const { start } = fieldRange(s, st, fieldIndex(st, x.sel!));
      values.forEach((v, i) => {
        whole[start + i] = v;
      });
      assignPart(s, x.x!, whole);
      return;
    }
    case Op.OINDEX:
      // An array of one element, or none: the check of the index is what is left.
      expr(s, x);
      assignPart(s, x.x!, values);
      return;
    default:
      throw s.unsupported(`assignment to operation ${x.op}`, x);
  }
}

/** OASOP: x op= y. */
export function assignOp(s: FnState, n: Node): void {
  const x = n.x!;
  const y = n.y!;
  order(s, x);
  order(s, y);
  const t = x.type!;
  if (x.op === Op.OINDEXMAP && (n.asOp === Op.ODIV || n.asOp === Op.OMOD)) {
    // A division by zero must not make an entry.
    hold(s, x.x!);
    hold(s, x.y!);
    const old = new Node(Op.OINDEXMAP, x.pos, t);
    old.x = x.x;
    old.y = x.y;
    const value = operate(s, n, expr(s, old));
    s.store(t, mapAssign(s, x), value);
    release(s, [x.x!, x.y!]);
    return;
  }
  if (x.op === Op.OINDEXMAP) {
    hold(s, y);
    const addr = mapAssign(s, x);
    s.store(t, addr, operate(s, n, s.load(t, addr)));
    release(s, [y]);
    return;
  }
  if (!hasAddress(s, x)) {
    assignPart(s, x, operate(s, n, expr(s, x)));
    return;
  }
  const addr = addrOf(s, x);
  const value = operate(s, n, s.load(t, addr));
  s.store(t, addr, value);
  if (marksWrite(s, x)) letOthersIn(s, value[0]);
}

/** `x` is the flag of a map that somebody writes to it. */
function marksWrite(s: FnState, x: Node): boolean {
  return x.op === Op.ODOTPTR && x.sel?.sym?.name === "writing" && s.p.n.localPkg.path === "internal/runtime/maps";
}

/** Goroutines that run on one thread never meet in a map by themselves, and maps would never find out that they are used
 *  concurrently: so others get their turn in the midst of a write if the scheduler wants it. */
function letOthersIn(s: FnState, writing: Value): void {
  const { b } = s;
  const wanted = b.load(Mem.I8U, b.addr("runtime.mapTurn"));
  b.ifThen(b.num(Num.I32And, wanted, writing), () => s.rtcall("maptakesturns", []), -1);
}

function operate(s: FnState, n: Node, x: readonly Value[]): Value[] {
  const t = n.x!.type!;
  if (n.asOp === Op.OLSH || n.asOp === Op.ORSH) return [shift(s, n.asOp, t, x[0], n.y!, n)];
  if (t.kind !== TKind.STRING) return arith(s, n.asOp, t, x, expr(s, n.y!), n);
  const old = new Node(Op.OCONVNOP, n.pos, t);
  s.done.set(old, [...x]);
  const sum = new Node(Op.OADDSTR, n.pos, t);
  sum.list = n.y!.op === Op.OADDSTR ? [old, ...n.y!.list] : [old, n.y!];
  const values = addStr(s, sum);
  s.done.delete(old);
  return values;
}

// ---------------------------------------------------------------------------------------------------- several

/** OAS2: all operands are evaluated before the first variable changes. */
export function assignList(s: FnState, n: Node): void {
  orderList(s, n.list);
  orderList(s, n.list2);
  assignAll(s, n.list, () =>
    n.list2.map((value, i) => {
      const t = n.list[i].type ?? value.type!;
      if (isBlank(n.list[i])) {
        discard(s, value);
        return [];
      }
      if (s.inRegisters(t)) return expr(s, value);
      const copy = s.temp(t);
      exprTo(s, value, copy);
      return [copy];
    }),
  );
}

/** OAS2FUNC and the forms with `ok`. */
export function assignTuple(s: FnState, n: Node): void {
  orderList(s, n.list);
  const rhs = n.list2[0];
  if (rhs.init.length > 0) stmtList(s, rhs.init);
  if (rhs.op === Op.OINLCALL) {
    inlinedBody(s, rhs);
    orderList(s, rhs.list);
    assignAll(s, n.list, () =>
      rhs.list.map((value) => (s.inRegisters(value.type!) ? expr(s, value) : [addrOf(s, value)])),
    );
    return;
  }
  for (const part of [rhs.x, rhs.y, rhs.z, rhs.w]) order(s, part);
  orderList(s, rhs.list);
  const results = tupleValues(s, n, rhs);
  assignAll(s, n.list, () => results.map((values, i) => converted(s, n.list[i], tupleType(s, n, rhs, i), values)));
}

/** Type of result `i`; null where the tree holds conversions of its own. */
function tupleType(s: FnState, n: Node, rhs: Node, i: number): Type | null {
  if (n.op === Op.OAS2FUNC) return null;
  return i === 0 ? rhs.type : s.p.universe.types[TKind.BOOL];
}

/** `values` of type `from` as what variable `x` holds: `var v, ok any = m[k]` assigns a bool to an interface. */
function converted(s: FnState, x: Node, from: Type | null, values: Value[]): Value[] {
  if (from === null || isBlank(x) || x.type!.kind !== TKind.INTER || from.kind === TKind.INTER) return values;
  const value = new Node(Op.OCONVNOP, x.pos, from);
  s.done.set(value, values);
  const conv = new Node(Op.OCONVIFACE, x.pos, x.type);
  conv.x = value;
  const out = expr(s, conv);
  s.done.delete(value);
  return out;
}

function tupleValues(s: FnState, n: Node, rhs: Node): Value[][] {
  switch (n.op) {
    case Op.OAS2FUNC:
      return callResults(s, rhs);
    case Op.OAS2DOTTYPE: {
      const { values, ok } = dotType2(s, rhs);
      return [values, [ok!]];
    }
    case Op.OAS2MAPR:
      return mapAccess2(s, rhs);
    case Op.OAS2RECV:
      return recv2(s, rhs);
    default:
      throw new InternalError(`operation ${n.op} assigns no tuple`);
  }
}

/** Assigns values that are at hand, as {@link assignList} does. */
export function assignAll(s: FnState, list: readonly Node[], evaluate: () => readonly Value[][]): void {
  const held: Node[] = [];
  if (list.length > 1) for (const x of list) holdOperands(s, x, held);
  const values = evaluate();
  list.forEach((x, i) => {
    if (!isBlank(x)) assignValue(s, x, values[i]);
  });
  release(s, held);
}

/** Evaluates the operands of pointer indirections and indices in `x`, which is assigned to later. The checks wait. */
function holdOperands(s: FnState, x: Node, held: Node[]): void {
  const keep = (n: Node): void => {
    if (s.done.has(n) || n.op === Op.OLITERAL) return;
    hold(s, n);
    held.push(n);
  };
  switch (x.op) {
    case Op.ODOT:
    case Op.OPAREN:
    case Op.OCONVNOP:
      holdOperands(s, x.x!, held);
      return;
    case Op.ODEREF:
    case Op.ODOTPTR:
      keep(x.x!);
      return;
    case Op.OINDEX:
      if (x.x!.type!.kind === TKind.ARRAY) holdOperands(s, x.x!, held);
      else keep(x.x!);
      keep(x.y!);
      return;
    case Op.OINDEXMAP:
      keep(x.x!);
      keep(x.y!);
      return;
  }
}

/** The values of `held` are only good for the statement. */
function release(s: FnState, held: readonly Node[]): void {
  for (const n of held) s.done.delete(n);
}
