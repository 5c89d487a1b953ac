/** Expressions: what flows into the hole that waits for their value.
 *
 *  Mirrors  cmd/compile/internal/escape/expr.go. Every sub-expression is visited, for its side effects if for nothing
 *  else: where the value does not matter it goes to the discard hole. */

import { InternalError } from "../base/diag.ts";
import { isReflectHeaderDataField, methodExprName } from "../ir/expr.ts";
import { isClosure } from "../ir/func.ts";
import { type CaseClause, Class, type Name, type Node, noNodes } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import { hasPointers, isDirectIface, isUntyped } from "../ir/typeops.ts";
import { TKind, type Type } from "../ir/types.ts";
import { PragmaFlag } from "../syntax/pragma.ts";
import { assignHeap } from "./assign.ts";
import { addr, deref, Escape, flow, newLoc, note, oldLoc, spill, teeHole, walkFunc } from "./batch.ts";
import { call, tagHole } from "./call.ts";
import type { Hole } from "./graph.ts";
import { stmts } from "./stmt.ts";

/** Evaluates `n` and lets its value flow into `k`. */
export function expr(e: Escape, k: Hole, n: Node | null): void {
  if (n === null) return;
  if (n.init !== noNodes) stmts(e, n.init);
  exprSkipInit(e, k, n);
}

export function discard(e: Escape, n: Node | null): void {
  expr(e, e.b.discardHole, n);
}

export function discards(e: Escape, list: readonly Node[]): void {
  for (let i = 0; i < list.length; i++) expr(e, e.b.discardHole, list[i]);
}

/** The value of a type assertion to `t`: a dereference unless the interface word itself is the value. */
export function dotType(e: Escape, k: Hole, t: Type, where: Node | CaseClause, why: string): Hole {
  return note(e.b, t.kind === TKind.INTER || isDirectIface(t, e.b.target) ? k : k.shift(1), where, why);
}

export function exprSkipInit(e: Escape, into: Hole, n: Node): void {
  const { b } = e;
  let k = into;
  // A value without pointers carries nothing anywhere.
  if (k.derefs >= 0 && k.dst !== b.blankLoc && !isUntyped(n.type) && !hasPointers(n.type!, b.target))
    k = k.withDst(b.blankLoc);
  switch (n.op) {
    case Op.OLITERAL:
    case Op.ONIL:
    case Op.OTYPE:
    case Op.OMETHEXPR:
    case Op.ODYNAMICTYPE:
      break;

    case Op.ONAME: {
      const cls = (n as Name).class;
      if (cls !== Class.PFUNC && cls !== Class.PEXTERN) flow(b, k, oldLoc(n as Name));
      break;
    }

    case Op.OPLUS:
    case Op.ONEG:
    case Op.OBITNOT:
    case Op.ONOT:
    case Op.ORECV:
      discard(e, n.x);
      break;
    case Op.OADD:
    case Op.OSUB:
    case Op.OOR:
    case Op.OXOR:
    case Op.OMUL:
    case Op.ODIV:
    case Op.OMOD:
    case Op.OLSH:
    case Op.ORSH:
    case Op.OAND:
    case Op.OANDNOT:
    case Op.OEQ:
    case Op.ONE:
    case Op.OLT:
    case Op.OLE:
    case Op.OGT:
    case Op.OGE:
    case Op.OANDAND:
    case Op.OOROR:
    case Op.OINDEXMAP:
      discard(e, n.x);
      discard(e, n.y);
      break;

    case Op.OADDR:
      expr(e, addr(b, k, n, "address-of"), n.x);
      break;
    case Op.ODEREF:
      expr(e, deref(b, k, n, "indirection"), n.x);
      break;
    case Op.ODOT:
    case Op.ODOTMETH:
    case Op.ODOTINTER:
      expr(e, note(b, k, n, "dot"), n.x);
      break;
    case Op.ODOTPTR:
      expr(e, deref(b, k, n, "dot of pointer"), n.x);
      break;
    case Op.ODOTTYPE:
    case Op.ODOTTYPE2:
    case Op.ODYNAMICDOTTYPE:
    case Op.ODYNAMICDOTTYPE2:
      expr(e, dotType(e, k, n.type!, n, "dot"), n.x);
      break;
    case Op.OINDEX:
      if (n.x!.type!.kind === TKind.ARRAY) expr(e, note(b, k, n, "fixed-array-index-of"), n.x);
      else expr(e, deref(b, k, n, "dot of pointer"), n.x);
      discard(e, n.y);
      break;
    case Op.OSLICE:
    case Op.OSLICEARR:
    case Op.OSLICE3:
    case Op.OSLICE3ARR:
    case Op.OSLICESTR:
      expr(e, note(b, k, n, "slice"), n.x);
      discard(e, n.y);
      discard(e, n.z);
      discard(e, n.w);
      break;

    case Op.OSPTR:
      expr(e, k, n.x);
      break;
    case Op.OCONV:
    case Op.OCONVNOP:
      if (n.type!.kind !== TKind.UNSAFEPTR) expr(e, k, n.x);
      else if (n.x!.type!.kind === TKind.PTR && checksPointers(e))
        assignHeap(e, n.x!, "conversion to unsafe.Pointer", n);
      else if (n.x!.type!.kind === TKind.UINTPTR) unsafeValue(e, k, n.x!);
      else expr(e, k, n.x);
      break;
    case Op.OCONVIFACE: {
      const from = n.x!.type!;
      if (from.kind !== TKind.INTER && !isDirectIface(from, b.target)) k = spill(e, k, n);
      expr(e, note(b, k, n, "interface-converted"), n.x);
      break;
    }
    case Op.OSLICE2ARR:
      expr(e, deref(b, k, n, "slice-to-array"), n.x);
      break;
    case Op.OSLICE2ARRPTR:
    case Op.OIDATA:
    case Op.OITAB:
      expr(e, k, n.x);
      break;

    case Op.OCALLFUNC:
    case Op.OCALLINTER:
    case Op.OINLCALL:
    case Op.OLEN:
    case Op.OCAP:
    case Op.OMIN:
    case Op.OMAX:
    case Op.OCOMPLEX:
    case Op.OREAL:
    case Op.OIMAG:
    case Op.OAPPEND:
    case Op.OCOPY:
    case Op.ORECOVER:
    case Op.OUNSAFEADD:
    case Op.OUNSAFESLICE:
    case Op.OUNSAFESTRING:
    case Op.OUNSAFESTRINGDATA:
    case Op.OUNSAFESLICEDATA:
      call(e, [k], n);
      break;

    case Op.ONEW:
      spill(e, k, n);
      break;
    case Op.OMAKESLICE:
      spill(e, k, n);
      discard(e, n.x);
      discard(e, n.y);
      break;
    case Op.OMAKECHAN:
      discard(e, n.x);
      break;
    case Op.OMAKEMAP:
      spill(e, k, n);
      discard(e, n.x);
      break;

    case Op.OMETHVALUE:
      methodValue(e, k, n);
      break;

    case Op.OPTRLIT:
      expr(e, spill(e, k, n), n.x);
      break;
    case Op.OARRAYLIT:
      for (const elem of n.list) {
        expr(e, note(b, k, n, "array literal element"), elem.op === Op.OKEY ? elem.y : elem);
      }
      break;
    case Op.OSLICELIT:
      k = spill(e, k, n);
      for (const elem of n.list) {
        expr(e, note(b, k, n, "slice-literal-element"), elem.op === Op.OKEY ? elem.y : elem);
      }
      break;
    case Op.OSTRUCTLIT:
      for (const field of n.list) expr(e, note(b, k, n, "struct literal element"), field.x);
      break;
    case Op.OMAPLIT:
      spill(e, k, n);
      for (const pair of n.list) {
        assignHeap(e, pair.x!, "map literal key", n);
        assignHeap(e, pair.y!, "map literal value", n);
      }
      break;

    case Op.OCLOSURE:
      closure(e, k, n);
      break;

    case Op.ORUNES2STR:
    case Op.OBYTES2STR:
    case Op.OSTR2RUNES:
    case Op.OSTR2BYTES:
    case Op.ORUNESTR:
      spill(e, k, n);
      discard(e, n.x);
      break;
    case Op.OADDSTR:
      spill(e, k, n);
      discards(e, n.list); // the runtime copies the operands
      break;

    default:
      throw new InternalError(`operation ${n.op} is not an expression`);
  }
}

/** Conversions to unsafe.Pointer are checked, which is easier for what is on the heap. */
function checksPointers({ b, curfn }: Escape): boolean {
  return (b.config.checkptr ?? 0) >= 2 && (curfn.pragma & PragmaFlag.NoCheckPtr) === 0;
}

/** The receiver flows to the method value's record and to the receiver parameter; nobody knows who will call it, so
 *  its results may go anywhere. */
function methodValue(e: Escape, k: Hole, n: Node): void {
  const record = spill(e, k, n);
  const method = n.sel!;
  const results: Hole[] = [];
  for (let i = method.type.results.length; i > 0; i--) results.push(e.b.heapHole);
  const fn = methodExprName(n);
  const receiver = tagHole(e, results, fn, fn !== null ? 0 : -1);
  expr(e, teeHole(e, [receiver, record]), n.x);
}

function closure(e: Escape, k: Hole, n: Node): void {
  const record = spill(e, k, n);
  e.b.closures.push({ hole: record, clo: n });
  const fn = n.func!;
  if (!isClosure(fn)) return;
  for (const cv of fn.closureVars) {
    const loc = oldLoc(cv);
    if (loc.captured) continue;
    loc.captured = true;
    // Assignments in straight-line code before the first capture do not matter to it.
    if (loc.loopDepth === e.loopDepth) loc.reassigned = false;
  }
  for (const local of fn.dcl) {
    // A literal that is not itself part of the batch (in a wrapper) gets its locations here.
    if (local.op === Op.ONAME && local.opt === null) newLoc(new Escape(e.b, fn), local, true);
  }
  walkFunc(e.b, fn);
}

/** A uintptr expression that is about to become an unsafe.Pointer: looks for the pointers it was made of. */
export function unsafeValue(e: Escape, k: Hole, n: Node): void {
  if (n.type!.kind !== TKind.UINTPTR) throw new InternalError("unsafe value is not a uintptr");
  stmts(e, n.init);
  switch (n.op) {
    case Op.OCONV:
    case Op.OCONVNOP:
      if (n.x!.type!.kind === TKind.UNSAFEPTR) expr(e, k, n.x);
      else discard(e, n.x);
      break;
    case Op.ODOTPTR:
      if (isReflectHeaderDataField(n)) expr(e, deref(e.b, k, n, "reflect.Header.Data"), n.x);
      else discard(e, n.x);
      break;
    case Op.OPLUS:
    case Op.ONEG:
    case Op.OBITNOT:
      unsafeValue(e, k, n.x!);
      break;
    case Op.OADD:
    case Op.OSUB:
    case Op.OOR:
    case Op.OXOR:
    case Op.OMUL:
    case Op.ODIV:
    case Op.OMOD:
    case Op.OAND:
    case Op.OANDNOT:
      unsafeValue(e, k, n.x!);
      unsafeValue(e, k, n.y!);
      break;
    case Op.OLSH:
    case Op.ORSH:
      unsafeValue(e, k, n.x!);
      discard(e, n.y); // a shift count carries no pointer
      break;
    default:
      exprSkipInit(e, e.b.discardHole, n);
  }
}
