/** Composite literals (cmd/compile/internal/walk/complit.go).
 *
 *  A literal that lives in memory is put together where it is wanted: what is constant in large ones is copied from
 *  read-only data, what is not is stored after that. */
import { isStaticLiteral } from "../../ir/box.ts";
import { int64Val, isZero } from "../../ir/const.ts";
import { EscNone } from "../../ir/name.ts";
import { newArray } from "../../ir/newtype.ts";
import { Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isBlankSym } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { DataWriter } from "../reflectdata/writer.ts";
import type { Value } from "../value.ts";
import { newObject } from "./alloc.ts";
import { expr, exprTo } from "./expr.ts";
import { rtype } from "./iface.ts";
import { countSaved } from "./saved.ts";
import type { FnState } from "./state.ts";
import { putConstant } from "./staticdata.ts";

/** A part of a literal: a field or element. */
interface Part {
  readonly offset: number;
  readonly value: Node;
  readonly type: Type;
}

/** The parts that `n`, an array or struct literal, says. */
function partsOf(s: FnState, n: Node): Part[] {
  const t = n.type!;
  const parts: Part[] = [];
  s.size(t); // lays out the fields
  if (n.op === Op.OSTRUCTLIT) {
    for (const field of n.list) {
      const { sym, offset, type } = field.sel!;
      parts.push({ offset: isBlankSym(sym) ? -1 : offset, value: field.x!, type });
    }
    return parts;
  }
  const elem = t.elem!;
  const size = s.size(elem);
  let index = 0;
  for (const x of n.list) {
    let value = x;
    if (x.op === Op.OKEY) {
      index = int64Val(x.x!);
      value = x.y!;
    }
    parts.push({ offset: index * size, value, type: elem });
    index++;
  }
  return parts;
}

/** OSTRUCTLIT and OARRAYLIT of a type in registers. */
export function litValue(s: FnState, n: Node): Value[] {
  const t = n.type!;
  const values = s.zero(t);
  const at = new Map<number, number>();
  s.parts(t).forEach((part, i) => {
    if (!at.has(part.offset)) at.set(part.offset, i);
  });
  for (const { offset, value, type } of partsOf(s, n)) {
    const part = expr(s, value);
    if (offset < 0 || part.length === 0) continue;
    const start = at.get(offset + s.parts(type)[0].offset)!;
    for (let i = 0; i < part.length; i++) values[start + i] = part[i];
  }
  return values;
}

/** Puts literal `n` of a struct or array together at `addr`. `fresh`: memory that was just allocated, so zero. */
export function litTo(s: FnState, n: Node, addr: Value, fresh: boolean): void {
  const t = n.type!;
  if (isZero(n)) {
    if (!fresh) s.zeroAt(t, addr);
    return;
  }
  const counts: Counts = { constants: 0, total: 0, filled: 0 };
  count(s, n, counts);
  // As much data as code, or more: copy it.
  if (counts.constants > 4 && counts.constants * 2 >= counts.total) {
    s.move(t, addr, s.b.addr(constantPart(s, n)), fresh);
    store(s, n, addr, 0, { constants: true, zeroed: true, fresh });
    return;
  }
  const complete = counts.filled === leaves(t);
  if (!fresh && !complete) s.zeroAt(t, addr);
  store(s, n, addr, 0, { constants: false, zeroed: fresh || !complete, fresh });
}

/** What is known of the memory that a literal is stored to. */
interface Target {
  /** Parts that are constant are in place. */
  readonly constants: boolean;
  /** Parts that are zero are in place. */
  readonly zeroed: boolean;
  /** It was just allocated. */
  readonly fresh: boolean;
}

interface Counts {
  constants: number;
  total: number;
  /** Parts that take memory. */
  filled: number;
}

/** Counts the parts of `n`, those of literals within instead of these. */
function count(s: FnState, n: Node, counts: Counts): void {
  for (const { value, type } of partsOf(s, n)) {
    if (isNested(s, value)) count(s, value, counts);
    else {
      counts.total++;
      if (leaves(type) > 0) counts.filled++;
      if (isStaticLiteral(value, s.p.target)) counts.constants++;
    }
  }
}

/** A literal within a literal, taken apart as well. */
function isNested(s: FnState, n: Node): boolean {
  return (n.op === Op.OSTRUCTLIT || n.op === Op.OARRAYLIT) && !s.done.has(n);
}

/** Number of parts that take memory in a literal that has all of them, if none is a whole struct or array of several. */
function leaves(t: Type): number {
  switch (t.kind) {
    case TKind.STRUCT: {
      let n = 0;
      for (const f of t.fields) n += leaves(f.type);
      return n;
    }
    case TKind.ARRAY:
      return t.len * leaves(t.elem!);
    default:
      return 1;
  }
}

/** The read-only symbol with what is constant in `n`. */
function constantPart(s: FnState, n: Node): string {
  const { p } = s;
  const w = new DataWriter(s.size(n.type!));
  const put = (lit: Node, base: number): void => {
    for (const { offset, value, type } of partsOf(s, lit)) {
      if (offset < 0) continue;
      if (isNested(s, value)) put(value, base + offset);
      else if (isStaticLiteral(value, p.target)) putConstant(p, w, base + offset, value, type);
    }
  };
  put(n, 0);
  const name = p.privateName("stmp");
  p.addData(w.finish(name, { size: s.size(n.type!), dupok: false }));
  return name;
}

/** Stores the parts of `n` that are not in place. */
function store(s: FnState, n: Node, addr: Value, base: number, target: Target): void {
  const { b } = s;
  const { constants, zeroed, fresh } = target;
  for (const { offset, value, type } of partsOf(s, n)) {
    if (isNested(s, value)) {
      store(s, value, addr, base + offset, target);
      continue;
    }
    if (constants && isStaticLiteral(value, s.p.target)) continue;
    if (offset < 0) {
      if (s.inRegisters(type)) expr(s, value);
      continue;
    }
    if (zeroed && isZero(value)) continue;
    if (s.inRegisters(type)) {
      const values = expr(s, value);
      if (fresh) s.storeFresh(type, addr, values, base + offset);
      else s.store(type, addr, values, base + offset);
    } else {
      exprTo(s, value, b.offset(addr, base + offset), fresh);
    }
  }
}

/** OPTRLIT: &T{…} */
export function ptrLit(s: FnState, n: Node): Value {
  const { b } = s;
  const x = n.x!;
  const t = x.type!;
  const onStack = n.esc === EscNone && s.size(t) > 0;
  const addr = onStack ? b.slotAddr(s.slot("~lit", t)) : newObject(s, t);
  if (onStack) countSaved(s, n, s.size(t));
  if (s.size(t) === 0 || !onStack) {
    exprTo(s, x, addr, true);
    return addr;
  }
  // The slot may hold what the literal is made of, from the last time round.
  if (s.inRegisters(t)) s.store(t, addr, expr(s, x));
  else exprTo(s, x, addr);
  return addr;
}

/** OSLICELIT */
export function sliceLit(s: FnState, n: Node): Value[] {
  const { b } = s;
  const elem = n.type!.elem!;
  const array = newArray(elem, n.len);
  const len = b.i64(n.len);
  if (n.len === 0 || s.size(array) === 0) {
    for (const x of n.list) {
      const value = x.op === Op.OKEY ? x.y! : x;
      if (s.inRegisters(elem)) expr(s, value);
    }
    return [b.addr("runtime.zerobase"), len, len];
  }
  const onStack = n.esc === EscNone;
  const addr = onStack ? b.slotAddr(s.slot("~lit", array)) : newObject(s, array);
  if (onStack) countSaved(s, n, s.size(array));
  const lit = arrayLit(n, array);
  litTo(s, lit, addr, !onStack);
  return [addr, len, len];
}

/** The array behind slice literal `n`, as a literal. */
function arrayLit(n: Node, array: Type): Node {
  const lit = new Node(Op.OARRAYLIT, n.pos, array);
  lit.list = n.list;
  return lit;
}

/** ONEW: new(T) */
export function newExpr(s: FnState, n: Node): Value {
  const { b } = s;
  const t = n.type!.elem!;
  if (n.esc === EscNone && s.size(t) > 0) {
    const addr = b.slotAddr(s.slot("~new", t));
    s.zeroAt(t, addr);
    countSaved(s, n, s.size(t));
    return addr;
  }
  const word = n.y === null ? null : n.y.x;
  if (word === null || s.size(t) === 0) return newObject(s, t);
  return s.rtcall("newobject", [rtype(s, t, word)], "p")[0];
}
