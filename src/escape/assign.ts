/** Assignments: where a value that is stored flows to.
 *
 *  Mirrors  cmd/compile/internal/escape/assign.go and the self-assignment rules of utils.go. */
import { InternalError } from "../base/diag.ts";
import { isReflectHeaderDataField, sameSafeExpr } from "../ir/expr.ts";
import { isBlank } from "../ir/name.ts";
import { Class, type Name, type Node } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import { TKind } from "../ir/types.ts";
import { type Escape, note, oldLoc } from "./batch.ts";
import { discard, expr, unsafeValue } from "./expr.ts";
import type { Hole } from "./graph.ts";

/** Evaluates the addressable expression `n` and returns the hole for what is stored there. */
export function addrHole(e: Escape, n: Node | null): Hole {
  const { b } = e;
  if (n === null || isBlank(n)) return b.discardHole;
  switch (n.op) {
    case Op.ONAME:
      return (n as Name).class === Class.PEXTERN ? b.heapHole : oldLoc(n as Name).asHole();
    case Op.ODOT:
      return addrHole(e, n.x);
    case Op.OINDEX:
      discard(e, n.y);
      if (n.x!.type!.kind === TKind.ARRAY) return addrHole(e, n.x);
      expr(e, b.mutatorHole, n.x);
      return b.heapHole;
    case Op.ODEREF:
    case Op.ODOTPTR:
      expr(e, b.mutatorHole, n.x);
      return b.heapHole;
    case Op.OINDEXMAP:
      discard(e, n.x);
      assignHeap(e, n.y!, "key of map put", n);
      return b.heapHole;
    default:
      throw new InternalError(`operation ${n.op} cannot be assigned to`);
  }
}

export function assignHeap(e: Escape, src: Node, why: string, where: Node): void {
  expr(e, note(e.b, e.b.heapHole, where, why), src);
}

/** `dsts = srcs`; missing sources stand for zero values. */
export function assignList(
  e: Escape,
  dsts: readonly (Node | null)[],
  srcs: readonly (Node | null)[],
  why: string,
  where: Node,
): void {
  const { b } = e;
  const holes: Hole[] = [];
  for (const dst of dsts) holes.push(addrHole(e, dst));
  for (let i = 0; i < holes.length; i++) {
    const src = i < srcs.length ? srcs[i] : null;
    const dst = dsts[i];
    let k = holes[i];
    if (dst !== null) {
      // A uintptr stored in the Data field of a reflect header is a pointer in disguise.
      if (dst.op === Op.ODOTPTR && isReflectHeaderDataField(dst)) {
        if (src !== null) unsafeValue(e, note(b, b.heapHole, where, why), src);
        continue;
      }
      if (src !== null && isSelfAssign(dst, src)) {
        if (b.config.m !== 0) {
          b.config.warn(
            where.pos,
            `${b.config.str(e.curfn.nname)} ignoring self-assignment in ${b.config.str(where)}`,
            null,
          );
        }
        k = b.discardHole;
      }
    }
    expr(e, note(b, k, where, why), src);
  }
  markReassigned(holes, where);
}

/** Notes that the variables behind `holes` are assigned, unless `where` is what declares them. */
export function markReassigned(holes: readonly Hole[], where: Node): void {
  if (where.op === Op.OAS && where.y === null) {
    const dst = where.x!;
    if (dst.op === Op.ONAME && (dst as Name).defn === null) return; // zero value of a plain declaration
  }
  for (const { dst } of holes) {
    const n = dst.node;
    // Range variables are assigned in every iteration.
    if (n !== null && n.op === Op.ONAME && (n as Name).defn === where && where.op !== Op.ORANGE) continue;
    dst.reassigned = true;
  }
}

/** `p.buf = p.buf[i:j]`: no pointer gets into p that was not there. An array that is sliced in place does not count:
 *  its address is new. */
function isSliceSelfAssign(dst: Node, src: Node): boolean {
  if (dst.op !== Op.ODEREF && dst.op !== Op.ODOTPTR) return false;
  if (dst.x!.op !== Op.ONAME) return false;
  switch (src.op) {
    case Op.OSLICE:
    case Op.OSLICE3:
    case Op.OSLICESTR:
      break;
    case Op.OSLICEARR:
    case Op.OSLICE3ARR:
      if (src.x!.op === Op.OADDR) return false;
      break;
    default:
      return false;
  }
  const base = src.x!;
  return (base.op === Op.ODEREF || base.op === Op.ODOTPTR) && base.x === dst.x;
}

/** Reports whether `dst = src` stores nothing that was not reachable from the same variable before. */
function isSelfAssign(dst: Node, src: Node): boolean {
  if (isSliceSelfAssign(dst, src)) return true;
  if (dst.op !== src.op) return false;
  switch (dst.op) {
    case Op.ODOT:
    case Op.ODOTPTR:
      return sameSafeExpr(dst.x!, src.x!);
    case Op.OINDEX:
      return !mayAffectMemory(dst.y!) && !mayAffectMemory(src.y!) && sameSafeExpr(dst.x!, src.x!);
    default:
      return false;
  }
}

function mayAffectMemory(n: Node): boolean {
  switch (n.op) {
    case Op.ONAME:
    case Op.OLITERAL:
    case Op.ONIL:
      return false;
    case Op.OADD:
    case Op.OSUB:
    case Op.OOR:
    case Op.OXOR:
    case Op.OMUL:
    case Op.OLSH:
    case Op.ORSH:
    case Op.OAND:
    case Op.OANDNOT:
    case Op.ODIV:
    case Op.OMOD:
    case Op.OINDEX:
      return mayAffectMemory(n.x!) || mayAffectMemory(n.y!);
    case Op.OCONVNOP:
    case Op.OCONV:
    case Op.OLEN:
    case Op.OCAP:
    case Op.ONOT:
    case Op.OBITNOT:
    case Op.OPLUS:
    case Op.ONEG:
    case Op.ODOT:
    case Op.ODOTPTR:
    case Op.ODEREF:
      return mayAffectMemory(n.x!);
    default:
      return true;
  }
}
