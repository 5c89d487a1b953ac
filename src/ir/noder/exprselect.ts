/** Selectors: fields, method values, method expressions, and functions that are instantiated but not called.
 *
 *  Mirrors the cases exprFieldVal, exprMethodVal, exprMethodExpr and exprRecv of noder/reader.go (with writer.go), and
 *  typecheck's DotField and XDotMethod. The checker's selection says which embedded fields lie on the way, so nothing
 *  is searched. */
import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import type * as types from "../../types/types.ts";
import { SelectionKind } from "../../types/types.ts";
import { newAddrExpr, newConv, newSelector, newStarExpr } from "../make.ts";
import { newMethodType } from "../newtype.ts";
import type { Node } from "../node.ts";
import { Op } from "../op.ts";
import { TKind } from "../types.ts";
import { curry, methodExprWrap } from "./closures.ts";
import { expr, implicit } from "./expr.ts";
import { funcInst, methodExpr } from "./instances.ts";
import { newMethodExpr } from "./methods.ts";
import { importedDef, type Noder, type Reader } from "./noder.ts";
import { embeddedType, isPtrTo, recvType } from "./queries.ts";
import { typ } from "./types.ts";

export function selectorExpr(r: Reader, e: ast.SelectorExpr, sel: types.Selection): Node {
  switch (sel.kind) {
    case SelectionKind.FieldVal:
      return fieldVal(r, e, sel);
    case SelectionKind.MethodVal:
      return methodVal(r, e, sel);
    case SelectionKind.MethodExpr:
      return methodExprValue(r, e, sel);
  }
}

function fieldVal(r: Reader, e: ast.SelectorExpr, sel: types.Selection): Node {
  const x = dotFields(e.pos, expr(r, e.x), sel.index, sel.index.length - 1);
  return dotField(e.pos, x, sel.index[sel.index.length - 1]);
}

/** Field number `index` of the struct `x`, or of the struct that `x` points to. */
export function dotField(pos: Pos, x: Node, index: number): Node {
  let op = Op.ODOT;
  let t = x.type!;
  if (t.kind === TKind.PTR) {
    op = Op.ODOTPTR;
    t = t.elem!;
  }
  if (t.kind !== TKind.STRUCT) throw new InternalError("field of what is no struct");
  const field = t.fields[index];
  return newSelector(op, pos, field.type, x, field);
}

/** The first `count` fields of a path, which the source does not spell out. */
export function dotFields(pos: Pos, x: Node, path: readonly number[], count: number): Node {
  for (let i = 0; i < count; i++) x = implicit(dotField(pos, x, path[i]));
  return x;
}

export function implicitDeref(pos: Pos, x: Node): Node {
  return implicit(newStarExpr(pos, x));
}

export function implicitAddr(n: Noder, pos: Pos, x: Node): Node {
  return implicit(newAddrExpr(pos, x, n.universe.pointers.to(x.type!)));
}

/** The receiver of a selected method: `e.x` with the field selections, the dereference or the address-of that it
 *  takes to get to what declares the method. */
export function recvExpr(r: Reader, e: ast.SelectorExpr, sel: types.Selection): Node {
  let x = expr(r, e.x);
  const path = sel.index;
  x = dotFields(e.pos, x, path, path.length - 1);
  const recv = (sel.obj as types.Func).type!.recv!.type!;
  const have = embeddedType(e.x.type!, path);
  if (isPtrTo(have, recv)) return implicitDeref(e.pos, x);
  if (isPtrTo(recv, have)) return implicitAddr(r.n, e.pos, x);
  return x;
}

function methodVal(r: Reader, e: ast.SelectorExpr, sel: types.Selection): Node {
  let recv = recvExpr(r, e, sel);
  const fn = methodExpr(r, e, recvType(e.x.type!, sel), sel);
  const wrapper = fn.wrapperFn;
  if (wrapper === null || wrapper.op !== Op.OMETHEXPR) {
    return curry(r, e.pos, true, fn.baseFn, recv, fn.dictPtr);
  }
  if (recv.type!.hasShape) {
    // What a shaped function returned is known here under its real type, whose method is meant.
    recv = newConv(Op.OCONVNOP, recv.pos, wrapper.type!.params[0].type, recv);
  }
  const method = wrapper.sel!;
  const n = newSelector(Op.OMETHVALUE, e.pos, newMethodType(method.type, null, e.pos), recv, method);
  const use = { rcvr: recv.type!, method };
  if (importedDef(r.p, r.dict)) r.n.haveMethodValueWrappers.push(use);
  else r.n.needMethodValueWrappers.push(use);
  return n;
}

function methodExprValue(r: Reader, e: ast.SelectorExpr, sel: types.Selection): Node {
  const path = sel.index.slice(0, -1);
  const from = e.x.type!;
  const recv = typ(r, from);
  const declared = (sel.obj as types.Func).type!.recv!.type!;
  const have = embeddedType(from, sel.index);
  const deref = isPtrTo(have, declared);
  const addr = !deref && isPtrTo(declared, have);
  const fn = methodExpr(r, e, deref || addr ? declared : have, sel);
  const wrapper = fn.wrapperFn;
  if (wrapper !== null) {
    if (path.length === 0 && !deref && !addr) return wrapper;
    if (wrapper.op === Op.OMETHEXPR && !recv.hasShape) return newMethodExpr(e.pos, recv, wrapper.sel!.sym!);
  }
  return methodExprWrap(r, e.pos, recv, path, deref, addr, fn.baseFn, fn.dictPtr);
}

/** An instance of a generic function as a value. */
export function funcInstValue(r: Reader, pos: Pos, obj: types.Func, targs: readonly types.Type[]): Node {
  const fn = funcInst(r, pos, obj, targs);
  return fn.wrapperFn ?? curry(r, pos, false, fn.baseFn, fn.dictPtr!, null);
}
