/** Which call is inlined: what it calls, whether that is cheap enough at this place, and that it does not go round in
 *  circles (cmd/compile/internal/inline/inl.go: TryInlineCall and what it calls). */

import type { GoRules } from "../base/goversion.ts";
import { formatPosition, NoPos } from "../base/pos.ts";
import { methodExprName, staticCalleeName, staticValue } from "../ir/expr.ts";
import { funcName, pkgFuncName } from "../ir/func.ts";
import { Class, type Func, type Name, type Node, NodeFlag } from "../ir/node.ts";
import { haveInlineBody, inlineCall } from "../ir/noder/inlcall.ts";
import { Op } from "../ir/op.ts";
import { identical } from "../ir/typeops.ts";
import type { Sym } from "../ir/types.ts";
import { isNoInstrumentPackage, isNoRacePackage, isRuntimePackage } from "../load/special.ts";
import { canInline, canInlineFuncs } from "./caninline.ts";
import { inlineBigFunctionMaxCost, inlineClosureCalledOnceCost, inlineMaxBudget } from "./cost.ts";
import type { Inliner } from "./inliner.ts";

/** Whether `call` could be inlined at all, whatever it calls. */
function inlineCallCheck(inl: Inliner, call: Node): boolean {
  if (inl.level === 0 || call.op !== Op.OCALLFUNC) return false;
  if ((call.flags & (NodeFlag.GoDefer | NodeFlag.NoInline)) !== 0) return false;
  if (inl.n.switches.checkptr !== 0 && isReflectPointerMethod(call.x!)) return false;
  const fn = staticCalleeName(call.x!);
  if (fn !== null && isEscapeNonString(inl.rules, fn.sym)) return false;
  return !inl.intrinsics.isIntrinsicCall(call);
}

/** The generic function that keeps its argument on the heap: the escape analysis deals with it. */
export function isEscapeNonString({ escapeNonString }: GoRules, sym: Sym): boolean {
  return sym.pkg?.path === escapeNonString.pkg && sym.name.startsWith(escapeNonString.prefix);
}

/** reflect.Value.UnsafeAddr or Pointer: where conversions of pointers are checked these must remain calls. */
function isReflectPointerMethod(fun: Node): boolean {
  const sym = fun.op === Op.OMETHEXPR ? (methodExprName(fun)?.sym ?? null) : null;
  return sym !== null && sym.pkg?.path === "reflect" && /^Value\.(?:UnsafeAddr|Pointer)$/.test(sym.name);
}

/** The function that `call` calls, if it could be inlined; it may still turn out that its body cannot. */
export function inlineCallTarget(inl: Inliner, caller: Func, call: Node): Func | null {
  return inlineCallCheck(inl, call) ? inlCallee(inl, caller, call.x!, true) : null;
}

/** An OINLCALL to replace `call`, null if it cannot be inlined. */
export function tryInlineCall(
  inl: Inliner,
  caller: Func,
  call: Node,
  bigCaller: boolean,
  closureCalledOnce: boolean,
): Node | null {
  const mightInline = inlineCallCheck(inl, call);
  if (inl.m > 3 && (mightInline || inl.intrinsics.isIntrinsicCall(call))) {
    inl.say(call.pos, `call to func ${inl.dump(call.x!, caller)}`, true);
  }
  if (!mightInline) return null;
  const fn = inlCallee(inl, caller, call.x!, false);
  if (fn === null || !haveInlineBody(inl.n, fn)) return null;
  return mkInlCall(inl, caller, call, fn, bigCaller, closureCalledOnce);
}

/** The function that expression `fun` is, if that is known. Literals are checked for being inlinable unless the caller
 *  asks to `resolveOnly`. */
export function inlCallee(inl: Inliner, caller: Func, fun: Node, resolveOnly: boolean): Func | null {
  const fn = staticValue(fun);
  switch (fn.op) {
    case Op.OMETHEXPR: {
      const name = methodExprName(fn);
      if (name === null || !identical(name.type!.recv?.type ?? null, fn.x!.type)) return null;
      return name.func;
    }
    case Op.ONAME:
      return (fn as Name).class === Class.PFUNC ? (fn as Name).func : null;
    case Op.OCLOSURE: {
      const c = fn.func!;
      if (c.closureVars.length > 0 && c.closureVars[0].outer!.curfn !== caller) return null;
      if (!resolveOnly) canInline(inl, c);
      return c;
    }
    default:
      return null;
  }
}

/** What `callee` may cost at most for a call in `caller`. */
function maxCalleeCost(callee: Func, bigCaller: boolean, closureCalledOnce: boolean): number {
  let maxCost = bigCaller ? inlineBigFunctionMaxCost : inlineMaxBudget;
  if (callee.closureParent !== null) {
    maxCost *= 2;
    if (closureCalledOnce) maxCost = Math.max(maxCost, inlineClosureCalledOnceCost);
  }
  return maxCost;
}

/** What `callee`, which costs more than `maxCost`, may cost if the profile makes this call a hot one. */
function hotCallLimit(
  inl: Inliner,
  caller: Func,
  call: Node,
  callee: Func,
  bigCaller: boolean,
  maxCost: number,
): number {
  const { profile } = inl;
  if (profile === null || !profile.isHotCall(call, caller)) return maxCost;
  const { cost } = callee.inl!;
  const { debug, budget } = profile.options;
  if (debug > 0 && (bigCaller || cost <= budget)) {
    const what = `for call ${pkgFuncName(callee)} (cost ${cost}) at ${formatPosition(inl.n.fset.position(call.pos))}`;
    const where = `function ${pkgFuncName(caller)}`;
    if (bigCaller) inl.say(NoPos, `hot-big check disallows inlining ${what} in big ${where}`);
    else inl.say(NoPos, `hot-budget check allows inlining ${what} in ${where}`);
  }
  return bigCaller ? maxCost : budget;
}

/** Whether call `n` of `callee` in `caller` can be inlined; `log` says why not, where that is said. */
export function canInlineCallExpr(
  inl: Inliner,
  caller: Func,
  n: Node,
  callee: Func,
  bigCaller: boolean,
  closureCalledOnce: boolean,
  log: boolean,
): boolean {
  const record = log ? inl.log : null;
  if (callee.inl === null) {
    record?.(n.pos, "cannotInlineCall", `${pkgFuncName(callee)} cannot be inlined`);
    return false;
  }
  const maxCost = maxCalleeCost(callee, bigCaller, closureCalledOnce);
  const { cost } = callee.inl;
  const limit = cost <= maxCost ? maxCost : hotCallLimit(inl, caller, n, callee, bigCaller, maxCost);
  if (cost > limit) {
    const why = `cost ${cost} of ${pkgFuncName(callee)} exceeds max caller cost ${limit}`;
    record?.(n.pos, "cannotInlineCall", why);
    return false;
  }
  const { fset, inlinedCalls } = inl.n;
  const place = fset.innermost(n.pos);
  const parent = fset.inliningOf(n.pos);
  // The same call is inlined in itself already.
  for (let i = parent; i >= 0; ) {
    const call = fset.inlinedCallPos(i);
    if (fset.samePlace(fset.innermost(call), place)) {
      record?.(n.pos, "cannotInlineCall", "");
      return false;
    }
    i = fset.inliningOf(call);
  }
  const special = instrumentedCall(inl, callee);
  if (special !== "") {
    record?.(n.pos, "cannotInlineCall", special);
    return false;
  }
  for (let i = parent; i >= 0; ) {
    const inlined = inlinedCalls.get(i)!;
    if (inlined.callee.sym === callee.sym) {
      if (log && inl.m > 1) {
        inl.say(n.pos, `cannot inline ${inl.name(callee)} into ${funcName(caller)}: repeated recursive cycle`);
      }
      record?.(n.pos, "cannotInlineCall", `repeated recursive cycle to ${pkgFuncName(callee)}`);
      return false;
    }
    i = inlined.parent;
  }
  return true;
}

/** Why `callee` must remain a call where code is instrumented: its package is not. "" if it need not. */
function instrumentedCall({ n }: Inliner, callee: Func): string {
  const { race, checkptr } = n.switches;
  if (!race && checkptr === 0) return "";
  const path = callee.sym.pkg?.path ?? "";
  if (race && isNoInstrumentPackage(path)) {
    return `call to runtime function ${pkgFuncName(callee)} in instrumented build`;
  }
  if (race && isNoRacePackage(path)) {
    return `call to into "no-race" package function ${pkgFuncName(callee)} in race build`;
  }
  if (checkptr !== 0 && isRuntimePackage(path)) {
    return `call to into runtime package function ${pkgFuncName(callee)} in -d=checkptr build`;
  }
  return "";
}

function mkInlCall(
  inl: Inliner,
  caller: Func,
  n: Node,
  fn: Func,
  bigCaller: boolean,
  closureCalledOnce: boolean,
): Node | null {
  if (!canInlineCallExpr(inl, caller, n, fn, bigCaller, closureCalledOnce, true)) return null;
  if (inl.m > 0) inl.say(n.pos, `inlining call to ${inl.diagName(fn)}`);
  if (inl.m > 2) inl.say(n.pos, `Before inlining: ${inl.dump(n, caller)}`);
  const source = fn.source;
  if (source !== null && source.pkg !== null && source.pkg !== inl.n.local.pkg && !fn.isInstance) {
    inl.inlinedBodies.set(source, fn.sym.name);
  }
  const res = inlineCall(inl.n, caller, n, fn, (instances) => {
    // Another package has compiled them and said so; here only their cost counts (and the compiler's log has them).
    const m = inl.m;
    const { profile } = inl;
    inl.m = 0;
    inl.profile = null;
    canInlineFuncs(inl, instances);
    inl.m = m;
    inl.profile = profile;
    for (const instance of instances) instance.body = [];
  });
  if (inl.m > 2) inl.say(res.pos, `After inlining ${inl.dump(res, caller)}\n`);
  return res;
}
