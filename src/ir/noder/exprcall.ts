/** Calls of functions, methods and function values.
 *
 *  Mirrors the case exprCall of noder/reader.go (with writer.go), and typecheck.Call: tcCall, RewriteNonNameCall,
 *  FixVariadicCall. Calls of builtins are in exprbuiltin.ts. */

import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import { Kind, Mode } from "../../syntax/ast.ts";
import { unparen } from "../../syntax/walk.ts";
import type * as types from "../../types/types.ts";
import { ObjKind, SelectionKind, TypeKind } from "../../types/types.ts";
import { newAssignStmt, newDecl, newNil, newSelector } from "../make.ts";
import { newTuple } from "../newtype.ts";
import { Node, NodeFlag, noNodes } from "../node.ts";
import { Op } from "../op.ts";
import { TKind, type Type } from "../types.ts";
import { any } from "../visit.ts";
import { coreType } from "./checker-types.ts";
import { assignConv } from "./convert.ts";
import { explicitConvExpr, expr, implicitConvExpr, spread, tupleOf } from "./expr.ts";
import { builtinCall } from "./exprbuiltin.ts";
import { recvExpr } from "./exprselect.ts";
import { funcInst, methodExpr } from "./instances.ts";
import type { Reader } from "./noder.ts";
import { lookupObj, recvType } from "./queries.ts";
import { temp } from "./temp.ts";

export function callExpr(r: Reader, e: ast.CallExpr): Node {
  const fun = unparen(e.fun);
  if (fun.mode === Mode.TypExpr) return explicitConvExpr(r, fun.type!, e.args[0]);
  if (fun.mode === Mode.Builtin) return builtinCall(r, e, fun);
  const args: Node[] = [];
  const callee = calleeExpr(r, fun, args);
  argList(r, e, fun.type!, args);
  return call(r, e.pos, callee, args, e.hasDots);
}

/** What is called. Arguments that come before those in the source (receiver, dictionary) are added to `args`. */
function calleeExpr(r: Reader, fun: ast.Expr, args: Node[]): Node {
  if (fun.kind === Kind.SelectorExpr) {
    const sel = fun.selection;
    if (sel !== null && sel.kind === SelectionKind.MethodVal) return methodCallee(r, fun, sel, args);
  }
  const { obj, targs } = lookupObj(fun);
  if (obj !== null && targs.length !== 0 && obj.kind === ObjKind.Func) {
    const fn = funcInst(r, fun.pos, obj, targs);
    args.push(fn.dictPtr!);
    return fn.baseFn;
  }
  return expr(r, fun);
}

function methodCallee(r: Reader, fun: ast.SelectorExpr, sel: types.Selection, args: Node[]): Node {
  const recv = recvExpr(r, fun, sel);
  const fn = methodExpr(r, fun, recvType(fun.x.type!, sel), sel);
  let callee = fn.baseFn;
  if (recv.type!.kind === TKind.INTER && callee.op === Op.OMETHEXPR) {
    // Devirtualisation looks for interface calls in this form.
    const method = callee.sel!;
    callee = newSelector(Op.ODOTINTER, callee.pos, method.type, recv, method);
  } else {
    if (recv.type!.kind === TKind.INTER) r.warn(callee.pos, "imprecise interface call");
    args.push(recv);
  }
  if (fn.dictPtr !== null) args.push(fn.dictPtr);
  return callee;
}

/** Adds the values that the source passes, each as a value of its parameter's type. */
export function argList(r: Reader, e: ast.CallExpr, funType: types.Type, args: Node[]): void {
  const sig = coreType(funType);
  if (sig === null || sig.kind !== TypeKind.Signature) throw new InternalError("call of what is no function");
  const es = e.args;
  const tuple = tupleOf(es);
  if (tuple !== null) {
    const values = spread(r, e.pos, es[0], tuple, (i) => paramType(sig, i, e.hasDots));
    for (const value of values) args.push(value);
    return;
  }
  for (let i = 0; i < es.length; i++) args.push(implicitConvExpr(r, paramType(sig, i, e.hasDots), es[i]));
}

function paramType(sig: types.Signature, i: number, hasDots: boolean): types.Type {
  const params = sig.params.vars;
  const last = params.length - 1;
  if (!sig.variadic || hasDots || i < last) return params[i].type!;
  const slice = coreType(params[last].type!);
  if (slice === null || slice.kind !== TypeKind.Slice) throw new InternalError("variadic parameter without elements");
  return slice.elem;
}

/** The call `fun(args)`, checked and completed; `dots` if the last argument stands for all variadic ones. */
export function call(r: Reader, pos: Pos, fun: Node, args: Node[], dots: boolean): Node {
  const n = new Node(fun.op === Op.ODOTINTER ? Op.OCALLINTER : Op.OCALLFUNC, pos, null);
  if (dots) n.flags |= NodeFlag.DDD;
  n.x = fun;
  rewriteNonNameCall(r, n);
  const sig = fun.type!;
  assignArgs(r, pos, sig, args, dots);
  if (sig.variadic && !dots) {
    const last = sig.params.length - 1;
    const slice = makeDotArgs(pos, sig.params[last].type, args.slice(last));
    args.length = last;
    args.push(slice);
    n.flags |= NodeFlag.DDD;
  }
  n.list = args.length === 0 ? noNodes : args;
  const results = sig.results;
  if (results.length === 1) n.type = results[0].type;
  else if (results.length > 1) n.type = newTuple(results);
  return n;
}

/** Converts arguments to the parameters' types where shapes left a difference; in place. */
function assignArgs(r: Reader, pos: Pos, sig: Type, args: Node[], dots: boolean): void {
  const params = sig.params;
  let at = pos;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg.op !== Op.ONAME) at = arg.pos;
    const variadic = sig.variadic && i >= params.length - 1;
    const param = variadic ? params[params.length - 1].type : params[i].type;
    args[i] = assignConv(r, at, arg, variadic && !dots ? param.elem! : param);
  }
}

/** The slice that a variadic parameter gets. */
function makeDotArgs(pos: Pos, type: Type, args: Node[]): Node {
  if (args.length === 0) return newNil(pos, type);
  const lit = new Node(Op.OSLICELIT, pos, type);
  lit.flags |= NodeFlag.Implicit;
  lit.list = args;
  lit.len = args.length;
  return lit;
}

/** `f()()` becomes `t := f(); t()`: the callee of a call is free of calls and receive operations. */
function rewriteNonNameCall(r: Reader, n: Node): void {
  const fun = n.x!;
  if (fun.op === Op.ONAME || fun.op === Op.OMETHEXPR || fun.op === Op.OCLOSURE) return;
  const selected = fun.op === Op.ODOTINTER;
  const operand = selected ? fun.x! : fun;
  if (operand.op === Op.ONAME || !any(operand, hasCallOrChan)) return;
  const tmp = temp(r, n.pos, operand.type!);
  const as = newAssignStmt(n.pos, tmp, operand);
  tmp.defn = as;
  as.init = [newDecl(n.pos, tmp)];
  if (selected) fun.x = tmp;
  else n.x = tmp;
  n.init = [...n.init, as];
}

function hasCallOrChan(n: Node): boolean {
  switch (n.op) {
    case Op.OAPPEND:
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
    case Op.OCAP:
    case Op.OCLEAR:
    case Op.OCLOSE:
    case Op.OCOMPLEX:
    case Op.OCOPY:
    case Op.ODELETE:
    case Op.OIMAG:
    case Op.OLEN:
    case Op.OMAX:
    case Op.OMIN:
    case Op.OPANIC:
    case Op.OPRINT:
    case Op.OPRINTLN:
    case Op.OREAL:
    case Op.ORECOVER:
    case Op.ORECV:
    case Op.OUNSAFEADD:
    case Op.OUNSAFESLICE:
    case Op.OUNSAFESLICEDATA:
    case Op.OUNSAFESTRING:
    case Op.OUNSAFESTRINGDATA:
      return true;
    default:
      return false; // new(T) may stay: its result is analysed better in place
  }
}
