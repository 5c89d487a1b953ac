/** Which functions can be inlined (cmd/compile/internal/inline/inl.go: CanInlineFuncs, CanInline). */

import { NoPos } from "../base/pos.ts";
import { nodesString } from "../ir/fmt.ts";
import { pkgFuncName } from "../ir/func.ts";
import type { Func, Node } from "../ir/node.ts";
import { haveInlineBody } from "../ir/noder/inlcall.ts";
import { Op } from "../ir/op.ts";
import { visitFuncsBottomUp } from "../ir/scc.ts";
import { type OnVisit, Stage } from "../ir/stage.ts";
import { typeString } from "../ir/typefmt.ts";
import { isBlankSym } from "../ir/typeops.ts";
import { visitList } from "../ir/visit.ts";
import { PragmaFlag } from "../syntax/pragma.ts";
import { HairyVisitor, inlineClosureCalledOnceCost, inlineMaxBudget } from "./cost.ts";
import type { Inliner } from "./inliner.ts";

/** Decides for all functions of `funcs`, callees first. */
export function canInlineFuncs(inl: Inliner, funcs: readonly Func[], visit: OnVisit | null = null): void {
  if (inl.level === 0) return;
  visitFuncsBottomUp(funcs, (group) => {
    for (const fn of group) {
      visit?.(Stage.CanInline, fn, fn === group[0]);
      canInline(inl, fn);
    }
  });
}

/** Decides whether `fn` can be inlined: sets `fn.inl` if so. */
export function canInline(inl: Inliner, fn: Func): void {
  const impossible = inlineImpossible(inl, fn);
  if (impossible !== "") {
    cannotInline(inl, fn, impossible);
    return;
  }
  if (fn.inlinabilityChecked) return;
  const budget = inlineBudget(inl, fn);
  const visitor = new HairyVisitor(inl, fn, budget);
  const tooHairy = visitor.tooHairy();
  fn.inlinabilityChecked = true;
  if (tooHairy) {
    cannotInline(inl, fn, visitor.reason);
    return;
  }
  const spent = budget - visitor.budget;
  const cost = isAssumed(inl, fn) ? Math.min(spent, inlineMaxBudget) : spent;
  fn.inl = { cost, canDelayResults: canDelayResults(fn) };
  if (inl.m > 1) {
    const type = typeString(fn.type, inl.local);
    const body = nodesString(fn.body, inl.local);
    inl.say(fn.pos, `can inline ${inl.diagName(fn)} with cost ${cost} as: ${type} { ${body} }`);
  } else if (inl.m > 0) {
    inl.say(fn.pos, `can inline ${inl.diagName(fn)}`);
  }
  if (inl.log !== null) inl.log(fn.pos, "canInlineFunction", `cost: ${cost}`);
}

function cannotInline(inl: Inliner, fn: Func, reason: string): void {
  if (inl.m > 1) inl.say(fn.pos, `cannot inline ${inl.name(fn)}: ${reason}`);
  if (inl.log !== null) inl.log(fn.pos, "cannotInlineFunction", reason);
}

/** Whatever it costs. */
const assumedBudget = 1 << 20;

function isAssumed(inl: Inliner, fn: Func): boolean {
  return inl.assumed?.has(pkgFuncName(fn)) === true;
}

/** A function that the profile calls often is worth much, and so is a literal that is called once. */
function inlineBudget(inl: Inliner, fn: Func): number {
  if (isAssumed(inl, fn)) return assumedBudget;
  let budget = inlineMaxBudget;
  const { profile } = inl;
  if (profile?.isHot(fn)) {
    budget = profile.options.budget;
    if (profile.options.debug > 0) {
      inl.say(NoPos, `hot-node enabled increased budget=${budget} for func=${pkgFuncName(fn)}`);
    }
  }
  return fn.closureParent !== null ? Math.max(budget, inlineClosureCalledOnceCost) : budget;
}

/** Why `fn` must not be inlined, whatever it costs; "" if it may. */
export function inlineImpossible(inl: Inliner, fn: Func): string {
  const { pragma } = fn;
  if ((pragma & PragmaFlag.Noinline) !== 0) return "marked go:noinline";
  const { race, checkptr } = inl.n.switches;
  if (race && (pragma & PragmaFlag.Norace) !== 0) return "marked go:norace with -race compilation";
  if (checkptr !== 0 && (pragma & PragmaFlag.NoCheckPtr) !== 0) return "marked go:nocheckptr";
  if ((pragma & PragmaFlag.CgoUnsafeArgs) !== 0) return "marked go:cgo_unsafe_args";
  if ((pragma & PragmaFlag.UintptrKeepAlive) !== 0) return "marked as having a keep-alive uintptr argument";
  if ((pragma & PragmaFlag.UintptrEscapes) !== 0) return "marked as having an escaping uintptr argument";
  if ((pragma & PragmaFlag.Yeswritebarrierrec) !== 0) return "marked go:yeswritebarrierrec";
  if (fn.body.length === 0 && !haveInlineBody(inl.n, fn)) return "no function body";
  return "";
}

/** There is exactly one return statement, it has operands, and the results have no names. */
function canDelayResults(fn: Func): boolean {
  let returns = 0;
  visitList(fn.body, (n: Node) => {
    if (n.op === Op.ORETURN) returns += n.list.length === 0 ? 2 : 1;
  });
  return returns === 1 && fn.type.results.every((result) => result.sym === null || isBlankSym(result.sym));
}
