/** Channels: making, sending, receiving, closing (walk: walkSend, walkRecv, walkMakeChan). */
import type { Node } from "../../ir/node.ts";
import { TKind, type Type } from "../../ir/types.ts";
import type { Value } from "../value.ts";
import { addrOf, extendIndex, hasAddress, spilled } from "./addr.ts";
import { expr, scalar } from "./expr.ts";
import { rtype } from "./iface.ts";
import { order } from "./order.ts";
import type { FnState } from "./state.ts";

/** make(chan T, n) */
export function makeChan(s: FnState, n: Node): Value {
  const size = n.x === null ? s.b.i64(0) : extendIndex(s, n.x);
  const type = rtype(s, n.type!, n.rtti?.type ?? null);
  return s.rtcall("makechan", [type, size], "p")[0];
}

/** Address of a value that is passed by address: of the variable itself if it is in memory. */
export function valueAddr(s: FnState, n: Node): Value {
  const t = n.type!;
  if (s.done.has(n) || hasAddress(s, n) || !s.inRegisters(t)) return addrOf(s, n);
  return spilled(s, t, expr(s, n));
}

/** c <- x */
export function send(s: FnState, n: Node): void {
  order(s, n.x);
  order(s, n.y);
  const c = scalar(s, n.x!);
  const value = valueAddr(s, n.y!);
  s.rtcall("chansend", [c, value, s.b.i32(1)], "i");
  if (isSpilled(s, n.y!)) forget(s, n.y!.type!, value);
}

/** Whether {@link valueAddr} puts the value into a temporary. */
function isSpilled(s: FnState, n: Node): boolean {
  return s.inRegisters(n.type!) && (s.done.has(n) || !hasAddress(s, n));
}

/** Clears a temporary, so that it keeps nothing alive: slots count as live throughout. */
export function forget(s: FnState, t: Type, place: Value): void {
  if (s.hasPointers(t)) s.zeroAt(t, place);
}

/** What has been received in a temporary: the components, or its address. */
export function received(s: FnState, t: Type, place: Value): Value[] {
  if (!s.inRegisters(t)) return [place];
  const values = s.load(t, place);
  forget(s, t, place);
  return values;
}

/** <-c: the components, or the address of a temporary. */
export function recvExpr(s: FnState, n: Node): Value[] {
  const { elem } = n.x!.type!;
  const place = s.temp(elem!);
  s.rtcall("chanrecv", [scalar(s, n.x!), place, s.b.i32(1)], "ii");
  return received(s, elem!, place);
}

/** v, ok = <-c */
export function recv2(s: FnState, n: Node): Value[][] {
  const { elem } = n.x!.type!;
  const place = s.temp(elem!);
  const [, ok] = s.rtcall("chanrecv", [scalar(s, n.x!), place, s.b.i32(1)], "ii");
  return [received(s, elem!, place), [ok]];
}

/** close(c) */
export function closeChan(s: FnState, n: Node): void {
  order(s, n.x);
  if (n.x!.type!.kind !== TKind.CHAN) throw s.unsupported("close of no channel", n);
  s.rtcall("closechan", [scalar(s, n.x!)]);
}
