/** Function bodies: read last requested first, which is the order in which closures and instances come to be.
 *
 *  Mirrors cmd/compile/internal/noder/unified.go (readBodies) and reader.go (funcBody, syntheticBody, callShaped,
 *  syntheticTailCall). */
import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import type { BlockStmt } from "../../syntax/ast.ts";
import type { Signature } from "../../types/types.ts";
import { declareParams as newParams, numRecvParams } from "../func.ts";
import { newAddrExpr, newAssignListStmt, newBlockStmt, newDecl, newReturnStmt } from "../make.ts";
import { type Func, FuncFlag, type Name, type Node } from "../node.ts";
import { Op } from "../op.ts";
import { TKind, type Type } from "../types.ts";
import { assignConv } from "./convert.ts";
import { call } from "./exprcall.ts";
import { dictNameOf, shapedMethodExpr } from "./instances.ts";
import { hasTypeParams, type Noder, Reader } from "./noder.ts";
import { dictParamName } from "./objects.ts";
import { stmts } from "./stmt.ts";
import { knowLocal } from "./stmtassign.ts";
import { temp } from "./temp.ts";

/** Reads the bodies of all functions met so far, and of those met on the way. Instances among them are added to
 *  `instances`: those of the package are compiled, those that are met while calls are inlined are not. */
export function readBodies(n: Noder, instances: Func[]): void {
  for (;;) {
    // Bodies may need dictionaries.
    const todo = n.todoDicts.pop();
    if (todo !== undefined) {
      todo();
      continue;
    }
    const fn = n.todoBodies.pop();
    if (fn === undefined) return;
    n.input.checkpoint?.();
    readBody(n, fn);
    if (fn.isInstance) instances.push(fn);
  }
}

function readBody(n: Noder, fn: Func): void {
  const ref = n.bodies.get(fn);
  if (ref === undefined) throw new InternalError(`no body for ${fn.sym.name}`);
  const r = new Reader(ref.p, ref.dict, fn);
  r.methodSym = ref.methodSym;
  n.element = ref.element;
  funcBody(r, ref.sig!, ref.block);
}

/** Runs `read`, for which implicit nodes stand at `pos`; afterwards they stand where they did (ir.WithFunc). */
export function withBasePos<T>(n: Noder, pos: Pos, read: () => T): T {
  const { basePos } = n;
  n.basePos = pos;
  const result = read();
  n.basePos = basePos;
  return result;
}

/** Makes the body of `r.curfn` from `block`, or for an unshaped instance a call of its shaped counterpart. */
export function funcBody(r: Reader, sig: Signature, block: BlockStmt | null): void {
  r.sig = sig;
  withBasePos(r.n, r.curfn.pos, () => readFuncBody(r, sig, block));
}

function readFuncBody(r: Reader, sig: Signature, block: BlockStmt | null): void {
  const fn = r.curfn;
  declareParams(r, sig, true);
  if (hasTypeParams(r.dict) && !r.dict.shaped) {
    callShaped(r, fn.pos);
    return;
  }
  if (block === null) return;
  const body = stmts(r, block.list);
  fn.body = body.length === 0 ? [newBlockStmt(r.basePos, [])] : body;
  fn.endPos = block.rbrace;
}

/** Variables for receiver, parameters and results. The dictionary of a shaped function comes after the receiver. */
export function declareParams(r: Reader, sig: Signature, setNname: boolean): void {
  const fn = r.curfn;
  newParams(fn, setNname);
  const vars = sig.recv === null ? [] : [sig.recv];
  vars.push(...sig.params.vars, ...sig.results.vars);
  let next = 0;
  for (const name of fn.dcl) {
    if (name.sym.name === dictParamName) {
      r.dictParam = name;
      continue;
    }
    knowLocal(r, vars[next++], name);
  }
}

/** The body of an unshaped instance: `return shaped(&dictionary, parameters…)`. */
export function callShaped(r: Reader, pos: Pos): void {
  const dict = r.dict!;
  const shapedObj = dict.shapedObj;
  if (shapedObj === null) throw new InternalError(`no shaped form of ${r.curfn.sym.name}`);
  const params = syntheticArgs(r.curfn);
  const args: Node[] = [];
  let fun: Node;
  let next = 0;
  if (r.methodSym === null) fun = shapedObj as Name;
  else {
    fun = shapedMethodExpr(pos, shapedObj as Type, r.methodSym);
    args.push(params[next++]);
  }
  args.push(newAddrExpr(pos, dictNameOf(dict.p, dict)));
  for (; next < params.length; next++) args.push(params[next]);
  syntheticTailCall(r, pos, fun, args);
}

/** Receiver and parameters of a function, to be passed on. */
export function syntheticArgs(fn: Func): Name[] {
  return fn.dcl.slice(0, numRecvParams(fn.type));
}

/** Makes `return fun(args)` the body of `r.curfn`, which counts as a wrapper. */
export function syntheticTailCall(r: Reader, pos: Pos, fun: Node, args: Node[]): void {
  const fn = r.curfn;
  fn.flags |= FuncFlag.Wrapper;
  const n = call(r, pos, fun, args, fun.type!.variadic);
  fn.body = [...fn.body, fun.type!.results.length === 0 ? n : returnCall(r, pos, n)];
}

/** `return n` for a call with results: several go through temporaries. */
export function returnCall(r: Reader, pos: Pos, n: Node): Node {
  const ret = newReturnStmt(pos, [n]);
  const results = r.curfn.type.results;
  let values: Node[] = [n];
  if (n.type !== null && n.type.kind === TKind.TUPLE) {
    values = n.type.fields.map((result) => temp(r, pos, result.type));
    const as = newAssignListStmt(pos, Op.OAS2FUNC, values, [n]);
    as.init = values.map((tmp) => newDecl(pos, tmp as Name));
    ret.init = [as];
  }
  ret.list = values.map((value, i) => assignConv(r, pos, value, results[i].type));
  return ret;
}
