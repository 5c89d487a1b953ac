/** Inlined calls: the callee's body is lowered once more, with variables of the caller for its parameters and results.
 *
 *  Mirrors the inlining part of cmd/compile/internal/noder/reader.go (unifiedHaveInlineBody, unifiedInlineCall,
 *  inlReturn) and inline/inl.go (CalleeEffects). The compiler places each node as it reads it; here the body is lowered
 *  at its own place and then moved to the call. */
import { InternalError } from "../../base/diag.ts";
import { NoPos, type Pos } from "../../base/pos.ts";
import type { Package } from "../../types/types.ts";
import { singleResult, takeInit } from "../expr.ts";
import { newFunc, declareParams as newParams, numRecvParams } from "../func.ts";
import {
  newAssignListStmt,
  newAssignStmt,
  newBlockStmt,
  newBranchStmt,
  newDecl,
  newInlinedCallExpr,
  newLabelStmt,
} from "../make.ts";
import { isBlank } from "../name.ts";
import { Class, type Func, type Name, type Node, NodeFlag, noNodes, type Rtti } from "../node.ts";
import { Op } from "../op.ts";
import type { Sym } from "../types.ts";
import { doChildren, editChildren, editList } from "../visit.ts";
import { callShaped, declareParams, readBodies } from "./bodies.ts";
import { hasTypeParams, type Inlining, type Noder, Reader } from "./noder.ts";
import { bodyRef, dictParamName } from "./objects.ts";
import { stmts } from "./stmt.ts";

/** Whether `fn` can be inlined and its body is at hand. That of an imported function comes with its own package, or
 *  with one that has inlined it. */
export function haveInlineBody(n: Noder, fn: Func): boolean {
  if (fn.inl === null) return false;
  const source = fn.source;
  if (source === null || source.pkg === null || source.pkg === n.local.pkg || fn.isInstance) return true;
  let atHand = n.bodiesAtHand.get(fn);
  if (atHand === undefined) {
    atHand = isBodyImported(n, source.pkg, fn.sym.name);
    n.bodiesAtHand.set(fn, atHand);
  }
  return atHand;
}

function isBodyImported(n: Noder, pkg: Package, name: string): boolean {
  const key = inlinedBodyKey(pkg.path, name);
  for (const imported of n.local.pkg!.imports) {
    if (imported === pkg || imported.inlinedBodies.has(key)) return true;
  }
  return false;
}

/** How a function is named in Package.inlinedBodies. */
export function inlinedBodyKey(path: string, name: string): string {
  return `${path} ${name}`;
}

/** What takes the place of `call` in `caller`: an OINLCALL with the body of `fn`. Instances of generic functions that
 *  the body mentions for the first time are given to `newInstances`. */
export function inlineCall(
  n: Noder,
  caller: Func,
  call: Node,
  fn: Func,
  newInstances: (instances: Func[]) => void,
): Node {
  const ref = bodyRef(n, fn);
  const { fset } = n;
  const parent = fset.inliningOf(call.pos);
  const index = fset.addInlining(call.pos, ref.start, ref.end);
  n.inlinedCalls.set(index, { parent, ordinal: n.inlinedCalls.size, callee: fn });
  const inlining: Inlining = { index, caller, gen: ++n.inlgen };

  const stand = newFunc(fn.pos, fn.nname.pos, caller.sym, fn.type);
  const r = new Reader(ref.p, ref.dict, stand);
  r.methodSym = ref.methodSym;
  r.sig = ref.sig;
  r.inlining = inlining;
  const { basePos, element } = n;
  n.element = ref.element;
  const captured = capturedBy(fn, caller);
  for (let i = 0; i < ref.captures.length; i++) r.locals.set(ref.captures[i].obj, captured[i]);
  if (captured.length > 0 && hasTypeParams(ref.dict)) r.dictParam = captured[captured.length - 1];

  if (ref.synthetic === null) declareParams(r, ref.sig!, false);
  else newParams(stand, false);
  const endParams = numRecvParams(fn.type);
  const params = stand.dcl.slice(0, endParams);
  const results = stand.dcl.slice(endParams, endParams + fn.type.results.length);
  const retlabel = n.lookupNum(".i", caller.labelGen++);

  const init: Node[] = [...takeInit(call)];
  if (call.op === Op.OCALLFUNC) calleeEffects(init, call.x!);
  const as = newAssignListStmt(call.pos, Op.OAS2, params, call.list, true);
  const decls: Node[] = [];
  for (const name of params) {
    if (isBlank(name)) continue;
    decls.push(newDecl(call.pos, name));
    name.defn = as;
  }
  as.init = decls.length === 0 ? noNodes : decls;
  init.push(as);
  const delayResults = fn.inl!.canDelayResults;
  if (!delayResults) {
    for (const name of results) init.push(newDecl(call.pos, name), newAssignStmt(call.pos, name, null));
  }

  n.basePos = ref.start;
  if (ref.synthetic !== null) ref.synthetic(r, captured);
  else if (hasTypeParams(ref.dict) && !ref.dict.shaped) callShaped(r, call.pos);
  else {
    n.readsAgain = true;
    stand.body = stmts(r, ref.block!.list);
    n.readsAgain = false;
    new Mover(n, index).nodes(stand.body);
  }
  const instances: Func[] = [];
  readBodies(n, instances);
  n.basePos = basePos;
  n.element = element;
  if (instances.length > 0) newInstances(instances);

  const returns = new ReturnRewriter(call.pos, results, retlabel, delayResults);
  const body = [...editList(stand.body, returns.edit)];

  const formals = formalPlaces(n, fn);
  for (let i = 0; i < stand.dcl.length; i++) {
    const name = stand.dcl[i];
    name.curfn = caller;
    // Signatures of imported functions come without places.
    const at = name.class !== Class.PAUTO && name.pos === NoPos ? (formals[i] ?? ref.start) : name.pos;
    if (at > 0) name.pos = fset.inlined(index, at);
    if (name.class === Class.PAUTO) name.inlLocal = true;
    else {
      name.inlFormal = true;
      name.class = Class.PAUTO;
    }
    caller.dcl.push(name);
  }
  body.push(newLabelStmt(call.pos, retlabel));
  const res = newInlinedCallExpr(call.pos, body, results.length === 0 ? noNodes : results, call.type);
  res.init = init;
  n.ordinals.set(res, n.inlinedCalls.get(index)!.ordinal);
  return res;
}

/** Where the receiver, parameters and results of `fn` are declared; empty for what is compiled here. */
function formalPlaces(n: Noder, fn: Func): readonly Pos[] {
  const { source } = fn;
  if (source === null || source.pkg === null || source.pkg === n.local.pkg || fn.isInstance) return noPlaces;
  const decl = n.reader(source.pkg).funcDecls.get(source);
  if (decl === undefined) return noPlaces;
  const fields = decl.recv === null ? [] : [decl.recv];
  return [...fields, ...decl.type.params, ...decl.type.results].map((field) => (field.name ?? field).pos);
}

const noPlaces: readonly Pos[] = [];

/** The caller's variables that literal `fn` captures. */
function capturedBy(fn: Func, caller: Func): readonly Name[] {
  return fn.closureVars.map((cv) => {
    const outer = cv.outer!;
    if (outer.curfn !== caller) throw new InternalError(`${fn.sym.name} is inlined across function frames`);
    return outer;
  });
}

/** Adds what evaluating `callee` does besides giving a function. */
function calleeEffects(init: Node[], callee: Node): void {
  for (let n = callee; ; ) {
    for (const x of takeInit(n)) init.push(x);
    switch (n.op) {
      case Op.ONAME:
      case Op.OCLOSURE:
      case Op.OMETHEXPR:
        return;
      case Op.OCONVNOP:
      case Op.OPAREN:
        n = n.x!;
        break;
      case Op.OINLCALL:
        for (const x of n.body) init.push(x);
        n.body = noNodes;
        n = singleResult(n);
        break;
      default:
        throw new InternalError(`operation ${n.op} cannot be called`);
    }
  }
}

/** Gives nodes their places as inlined code. Bodies of literals keep theirs. */
class Mover {
  private readonly move: (n: Node) => boolean;

  constructor(
    private readonly n: Noder,
    private readonly index: number,
  ) {
    this.move = (node) => {
      this.node(node);
      return false;
    };
  }

  nodes(list: readonly Node[]): void {
    for (let i = 0; i < list.length; i++) this.node(list[i]);
  }

  private node(n: Node): void {
    if (n.op === Op.ONAME) return;
    if ((n.flags & NodeFlag.AtBasePos) === 0) n.pos = this.moved(n.pos);
    if (n.op === Op.OCLOSURE && (this.n.bodies.get(n.func!)?.synthetic ?? null) === null) {
      // The compiler takes the place of a captured dictionary from the variable, and of others from the capture. What
      // closures behind method values capture stands where the value does, inlined or not.
      for (const cv of n.func!.closureVars) if (cv.sym.name !== dictParamName) cv.pos = this.moved(cv.pos);
    }
    if (n.rtti !== null) this.rtti(n.rtti);
    for (const clause of n.cases) clause.pos = this.moved(clause.pos);
    doChildren(n, this.move);
  }

  private rtti({ type, src, key, value }: Rtti): void {
    if (type !== null) this.node(type);
    if (src !== null) this.node(src);
    if (key !== null) this.rtti(key);
    if (value !== null) this.rtti(value);
  }

  private moved(pos: Pos): Pos {
    return pos > 0 ? this.n.fset.inlined(this.index, pos) : pos;
  }
}

/** Turns return statements into assignments to the result variables and jumps to the end. */
class ReturnRewriter {
  constructor(
    private readonly pos: Pos,
    private readonly results: readonly Name[],
    private readonly label: Sym,
    private readonly delayResults: boolean,
  ) {}

  readonly edit = (n: Node): Node => {
    const edited = n.op === Op.ORETURN ? this.inlReturn(n) : n;
    editChildren(edited, this.edit);
    return edited;
  };

  private inlReturn(ret: Node): Node {
    const block: Node[] = [...takeInit(ret)];
    if (ret.list.length > 0) {
      const as = newAssignListStmt(this.pos, Op.OAS2, this.results, ret.list);
      if (this.delayResults) {
        for (const name of this.results) {
          block.push(newDecl(this.pos, name));
          name.defn = as;
        }
      }
      block.push(as);
    }
    block.push(newBranchStmt(this.pos, Op.OGOTO, this.label));
    return newBlockStmt(this.pos, block);
  }
}
