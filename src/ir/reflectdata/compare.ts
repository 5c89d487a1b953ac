/** Comparisons of structs and strings as lists of conditions (cmd/compile/internal/compare).
 *
 *  Neighbouring fields that are plain memory are compared as one run where that is cheaper. */
import type { Pos } from "../../base/pos.ts";
import { copy } from "../expr.ts";
import { newAddrExpr, newBinary, newCallExpr, newConv, newLiteral, newUnary } from "../make.ts";
import { newPtr } from "../newtype.ts";
import { Class, type Name, type Node } from "../node.ts";
import { dotField } from "../noder/exprselect.ts";
import { Op } from "../op.ts";
import type { Target } from "../target.ts";
import { alignOf, identicalStrict, isBlankSym, sizeOf } from "../typeops.ts";
import { TKind, type Type } from "../types.ts";
import { isPaddedField, isRegularMemory } from "./algtype.ts";
import type { RuntimeTypes } from "./runtimetypes.ts";

/** What generated comparisons are made with. */
export interface CompareContext {
  readonly rt: RuntimeTypes;
  /** Where generated nodes are. */
  readonly pos: Pos;
}

/** A run of memory in a struct: its bytes, and the index of the first field after it. */
export interface Memrun {
  readonly size: number;
  readonly next: number;
}

/** The longest run of fields of `t` from `start` on that can be compared as memory. */
export function memrun(t: Type, start: number, target: Target): Memrun {
  const { fields } = t;
  sizeOf(t, target); // lays out the fields
  const offset = fields[start].offset;
  const endOf = (i: number) => fields[i].offset + sizeOf(fields[i].type, target);
  let next = start;
  for (;;) {
    next++;
    if (next === fields.length || isPaddedField(t, next - 1, target)) break;
    const f = fields[next];
    if (isBlankSym(f.sym) || !isRegularMemory(f.type, target)) break;
    if (target.loadAlign > 1) {
      // The joint load must not need more alignment than the fields have.
      let align = alignOf(t, target);
      if (offset % align !== 0) align = offset & -offset;
      if (endOf(next) - offset > align) break;
    }
  }
  return { size: endOf(next - 1) - offset, next };
}

/** Whether comparing values of `t` may panic: there is an interface in it. */
export function eqCanPanic(t: Type): boolean {
  switch (t.kind) {
    case TKind.INTER:
      return true;
    case TKind.ARRAY:
      return eqCanPanic(t.elem!);
    case TKind.STRUCT:
      for (const f of t.fields) if (!isBlankSym(f.sym) && eqCanPanic(f.type)) return true;
      return false;
    default:
      return false;
  }
}

/** What it costs to compare two structs of type `t`: roughly, loads of registers. */
export function eqStructCost(t: Type, target: Target): number {
  let cost = 0;
  for (let i = 0; i < t.fields.length; ) {
    if (isBlankSym(t.fields[i].sym)) {
      i++;
      continue;
    }
    const part = eqStructFieldCost(t, i, target);
    cost += part.cost;
    i = part.next;
  }
  return cost;
}

/** The cost of comparing field `i`, with those after it that are part of the same run. */
function eqStructFieldCost(t: Type, i: number, target: Target): Memrun & { readonly cost: number } {
  if (target.canMergeLoads) {
    const { size, next } = memrun(t, i, target);
    return { cost: Math.ceil(size / target.regSize), size, next };
  }
  const type = t.fields[i].type;
  return { cost: costOfType(type, target), size: sizeOf(type, target), next: i + 1 };
}

function costOfType(t: Type, target: Target): number {
  switch (t.kind) {
    case TKind.STRUCT:
      return eqStructCost(t, target);
    case TKind.ARRAY:
      return t.len * costOfType(t.elem!, target);
    case TKind.STRING:
    case TKind.INTER:
    case TKind.COMPLEX64:
    case TKind.COMPLEX128:
      return 2;
    case TKind.INT64:
    case TKind.UINT64:
      return 8 / target.regSize;
    default:
      return 1;
  }
}

/** Whether a condition calls something: such conditions are worth doing last. */
export function isCall(n: Node): boolean {
  return n.op === Op.OCALLFUNC;
}

/** The conditions under which structs `p` and `q` of type `t` (or what they point to) are equal, to be evaluated in
 *  this order up to the first that fails. `canPanic`: some comparison may, which bounds what was reordered. */
export function eqStruct(c: CompareContext, t: Type, p: Node, q: Node): { conds: Node[]; canPanic: boolean } {
  const { target } = c.rt;
  const groups: Node[][] = [[]];
  const and = (n: Node) => groups[groups.length - 1].push(n);
  const { fields } = t;
  for (let i = 0; i < fields.length; ) {
    const f = fields[i];
    if (isBlankSym(f.sym)) {
      i++;
      continue;
    }
    if (!isRegularMemory(f.type, target)) {
      const panics = eqCanPanic(f.type);
      if (panics) groups.push([]);
      if (f.type.kind === TKind.STRING) {
        const { eqlen, eqmem } = eqString(c, dotField(c.pos, p, i), dotField(c.pos, q, i));
        and(eqlen);
        and(eqmem);
      } else {
        and(eqField(c, p, q, i));
      }
      if (panics) groups.push([]);
      i++;
      continue;
    }
    const { cost, size, next } = eqStructFieldCost(t, i, target);
    if (cost <= 4) for (let j = i; j < next; j++) and(eqField(c, p, q, j));
    else and(eqMemory(c, p, q, i, size));
    i = next;
  }
  const conds: Node[] = [];
  for (const group of groups) {
    for (const n of group) if (!isCall(n)) conds.push(n);
    for (const n of group) if (isCall(n)) conds.push(n);
  }
  return { conds, canPanic: groups.length > 1 };
}

/** `len(s) == len(t)` and `memequal(s.ptr, t.ptr, len(s))`, of which the second is only valid after the first. */
export function eqString(c: CompareContext, s: Node, t: Node): { eqlen: Node; eqmem: Node } {
  const { rt, pos } = c;
  const { types } = rt.universe;
  const asString = (n: Node) =>
    identicalStrict(n.type, types[TKind.STRING]) ? n : newConv(Op.OCONVNOP, pos, types[TKind.STRING], n);
  const length = (n: Node) => newConv(Op.OCONV, pos, types[TKind.UINTPTR], newUnary(Op.OLEN, pos, types[TKind.INT], n));
  const x = asString(s);
  const y = asString(t);
  const bytes = newPtr(types[TKind.UINT8]);
  const xptr = newUnary(Op.OSPTR, pos, bytes, x);
  const yptr = newUnary(Op.OSPTR, pos, bytes, y);
  const xlen = length(x);
  const ylen = length(y);
  // Any of the two lengths will do, but a constant helps the code that comes of it.
  const size = probablyConstant(y) && !probablyConstant(x) ? ylen : xlen;
  const memequal = rt.memequal("memequal", types[TKind.UINT8], true);
  return {
    eqlen: newBinary(Op.OEQ, pos, types[TKind.BOOL], xlen, ylen),
    eqmem: newCallExpr(pos, Op.OCALLFUNC, memequal, [xptr, yptr, copy(size)], types[TKind.BOOL]),
  };
}

function probablyConstant(n: Node): boolean {
  if (n.op === Op.OCONVNOP) n = n.x!;
  if (n.op === Op.OLITERAL) return true;
  if (n.op !== Op.ONAME || (n as Name).class !== Class.PAUTO) return false;
  const { defn } = n as Name;
  return defn === null || (defn.op === Op.OAS && (defn.y === null || defn.y.op === Op.OLITERAL));
}

/** `p.field == q.field` */
function eqField(c: CompareContext, p: Node, q: Node, field: number): Node {
  return newBinary(
    Op.OEQ,
    c.pos,
    c.rt.universe.types[TKind.BOOL],
    dotField(c.pos, p, field),
    dotField(c.pos, q, field),
  );
}

/** `memequal(&p.field, &q.field, size)` */
function eqMemory(c: CompareContext, p: Node, q: Node, field: number, size: number): Node {
  const { rt, pos } = c;
  const { types } = rt.universe;
  const x = newAddrExpr(pos, dotField(c.pos, p, field));
  const y = newAddrExpr(pos, dotField(c.pos, q, field));
  const { fn, needsSize } = eqMemoryFunc(rt, size, x.type!.elem!);
  const args: Node[] = [x, y];
  if (needsSize) args.push(newLiteral(pos, types[TKind.UINTPTR], BigInt(size)));
  return newCallExpr(pos, Op.OCALLFUNC, fn, args, types[TKind.BOOL]);
}

function eqMemoryFunc(rt: RuntimeTypes, size: number, t: Type): { fn: Name; needsSize: boolean } {
  const { target } = rt;
  const align = alignOf(t, target);
  const unaligned = !target.canMergeLoads && align < target.loadAlign && align < sizeOf(t, target);
  if (!unaligned && (size === 1 || size === 2 || size === 4 || size === 8 || size === 16)) {
    return { fn: rt.memequal(`memequal${size * 8}`, t, false), needsSize: false };
  }
  return { fn: rt.memequal("memequal", t, true), needsSize: true };
}
