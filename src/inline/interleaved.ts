/** Devirtualises and inlines the calls of a package (cmd/compile/internal/inline/interleaved).
 *
 *  All calls of a function are put in parentheses first, so that each can be replaced where it stands, however its
 *  surroundings change. What inlining uncovers is added to the list and tried in turn.
 *
 *  At level 0 nothing is inlined and no parentheses are needed. Each call is tried twice all the same: devirtualising
 *  cannot succeed at the second try if it did not at the first, but its refusals print again. */
import type { GoRules } from "../base/goversion.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { isTestingBLoop } from "../ir/bloop.ts";
import { newParenExpr } from "../ir/make.ts";
import { type Func, type Node, NodeFlag, noNodes } from "../ir/node.ts";
import type { Noder } from "../ir/noder/noder.ts";
import { Op } from "../ir/op.ts";
import { visitFuncsBottomUp } from "../ir/scc.ts";
import { Stage } from "../ir/stage.ts";
import { doChildren, editChildren, editList, visitList } from "../ir/visit.ts";
import { inlineCallTarget, tryInlineCall } from "./call.ts";
import { canInlineFuncs } from "./caninline.ts";
import { isBigFunc } from "./cost.ts";
import { type Sink, State, staticCall } from "./devirtualize.ts";
import type { Inliner } from "./inliner.ts";
import { profileGuided } from "./pgo/devirtualize.ts";

/** Devirtualises and inlines in all functions of the package. */
export function devirtualizeAndInlinePackage(inl: Inliner, list: readonly Func[]): void {
  const { profile } = inl;
  if (profile !== null && profile.options.devirtualize > 0) {
    visitFuncsBottomUp(list, (group) => {
      for (const fn of group) profileGuided(inl, profile, fn);
    });
  }
  if (profile?.options.inline && profile.options.debug > 0) {
    inl.say(NoPos, `hot-callsite-thres-from-CDF=${formatFloat(profile.threshold)}`);
  }
  if (inl.level === 0) {
    devirtualizePackage(inl.n, list, inl.remark);
    return;
  }
  // Literals that come with inlined bodies are added to the package's functions, but not looked into.
  const funcs = list.slice();
  canInlineFuncs(inl, funcs, inl.visit);
  const states = new Map<Func, CallSites>();
  const useCounts = new Map<Func, number>();
  const state = new State(inl.n, inl.remark);
  for (const fn of funcs) {
    inl.n.input.checkpoint?.();
    inl.visit?.(Stage.Resolve, fn, true);
    const sites = new CallSites(inl, fn, bigCaller(inl, fn), useCounts);
    states.set(fn, sites);
    for (let i = 0; i < sites.parens.length; i++) sites.resolve(state, i);
  }
  visitFuncsBottomUp(funcs, (group) => {
    let isFirst = true;
    for (let changed = true; changed; ) {
      changed = false;
      for (const fn of group) {
        inl.n.input.checkpoint?.();
        inl.visit?.(Stage.Inline, fn, isFirst);
        isFirst = false;
        if (states.get(fn)!.sweep(state)) changed = true;
      }
    }
  });
  for (const fn of funcs) states.get(fn)!.unparenthesize();
}

/** As `%v` of Go prints a number that is not negative. */
function formatFloat(x: number): string {
  if (x === 0 || x >= 1e-4) return String(x);
  return x.toExponential().replace(/e-(\d)$/, "e-0$1");
}

/** The same for one function that was made after the rest of the package: a wrapper. */
export function devirtualizeAndInlineFunc(inl: Inliner, fn: Func): void {
  const state = new State(inl.n, inl.remark);
  if (inl.level === 0) {
    for (const call of interfaceCalls(fn, inl.rules, inl.remark)) staticCall(state, call);
    return;
  }
  const sites = new CallSites(inl, fn, bigCaller(inl, fn), new Map());
  sites.fixpoint(state);
  sites.unparenthesize();
}

function bigCaller(inl: Inliner, fn: Func): boolean {
  const big = isBigFunc(fn);
  if (big && inl.m > 1) {
    inl.say(fn.pos, `function ${inl.name(fn)} considered 'big'; reducing max cost of inlinees`);
  }
  return big;
}

/** The calls of one function, those of literals in it left aside. */
class CallSites {
  /** A parenthesis around each call; arguments come before the call that they belong to. */
  readonly parens: Node[] = [];
  private readonly known = new Set<Node>();
  /** By call: what it calls, once that is known. */
  private readonly resolved: (Func | undefined)[] = [];

  constructor(
    private readonly inl: Inliner,
    private readonly fn: Func,
    private readonly isBig: boolean,
    /** How many calls of each function there are in the whole package. */
    private readonly useCounts: Map<Func, number>,
  ) {
    if (fn.body.length > 0) fn.body = editList(fn.body, this.mark);
  }

  /** Puts calls in parentheses. */
  private readonly mark = (n: Node): Node => {
    let paren: Node | null = null;
    let x = n;
    if (n.op === Op.OPAREN) {
      if (this.known.has(n)) return n;
      paren = n;
      x = n.x!;
    }
    const isCall = x.op === Op.OCALLFUNC || x.op === Op.OCALLINTER || (this.inl.m > 2 && isBuiltinCall(x));
    if (x.op === Op.OTAILCALL) {
      // A tail call stays what it is.
      x.x!.flags |= NodeFlag.NoInline;
      editChildren(x.x, this.mark);
    } else if (leavesLoop(x, this.inl.rules, this.inl.remark)) {
      x.init = editList(x.init, this.mark);
      x.x = this.mark(x.x!);
      if (x.y !== null) x.y = this.mark(x.y);
    } else {
      editChildren(x, this.mark);
    }
    if (!isCall) return paren ?? x;
    if (paren === null) {
      paren = newParenExpr(x.pos, x);
      this.known.add(paren);
    }
    this.parens.push(paren);
    return paren;
  };

  unparenthesize(): void {
    if (this.parens.length > 0) this.fn.body = editList(this.fn.body, unparen);
  }

  /** Devirtualises call `i`, finds out what it calls, and counts it. The result is the number of calls of that function
   *  up to now, 0 if it is not known. */
  resolve(state: State, i: number): number {
    const known = this.resolved[i];
    if (known !== undefined) return this.useCounts.get(known)!;
    const call = this.parens[i].x!;
    if (call.op !== Op.OCALLFUNC && call.op !== Op.OCALLINTER) return -1; // inlined before
    staticCall(state, call);
    const callee = inlineCallTarget(this.inl, this.fn, call);
    if (callee === null) return 0;
    this.resolved[i] = callee;
    const count = (this.useCounts.get(callee) ?? 0) + 1;
    this.useCounts.set(callee, count);
    return count;
  }

  /** Inlines call `i` if that is possible. */
  private edit(state: State, i: number): boolean {
    const paren = this.parens[i];
    const call = paren.x!;
    if (call.op !== Op.OCALLFUNC && call.op !== Op.OCALLINTER) return false;
    const count = this.resolve(state, i);
    if (count <= 0) return false;
    const once = count === 1 && this.resolved[i]!.closureParent !== null;
    const inlined = tryInlineCall(this.inl, this.fn, call, this.isBig, once);
    if (inlined === null) return false;
    paren.x = inlined;
    editChildren(inlined, this.mark);
    state.inlinedCall(this.fn, call, inlined);
    return true;
  }

  /** Tries all calls, and those that this uncovers. Calls are counted, a batch at a time, before any is tried: a
   *  literal that is called once is inlined more readily. */
  sweep(state: State): boolean {
    let changed = false;
    let from = 0;
    let to = this.parens.length;
    for (;;) {
      for (let i = from; i < to; i++) if (this.edit(state, i)) changed = true;
      from = to;
      to = this.parens.length;
      if (from === to) return changed;
      for (let i = from; i < to; i++) this.resolve(state, i);
    }
  }

  /** Tries all calls until nothing changes. */
  fixpoint(state: State): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < this.parens.length; i++) if (this.edit(state, i)) changed = true;
    }
  }
}

/** These are calls to the compiler, too; its trees show the parentheses. */
function isBuiltinCall({ op }: Node): boolean {
  switch (op) {
    case Op.OAPPEND:
    case Op.ODELETE:
    case Op.OMAX:
    case Op.OMIN:
    case Op.OPRINT:
    case Op.OPRINTLN:
    case Op.ORECOVER:
      return true;
    default:
      return false;
  }
}

function unparen(n: Node): Node {
  const x = n.op === Op.OPAREN ? n.x! : n;
  editChildren(x, unparen);
  return x;
}

/** Says of loops over b.Loop that their bodies are left alone, in releases that do so. */
function leavesLoop(n: Node, rules: GoRules, report: Sink): boolean {
  if (n.op !== Op.OFOR || rules.bloop || !isTestingBLoop(n)) return false;
  report(n.pos, "skip inlining within testing.B.loop for for loop");
  return true;
}

// ------------------------------------------------------------------------------------------------------- level 0

/** Devirtualises in all functions of the package. */
export function devirtualizePackage(n: Noder, funcs: readonly Func[], report: Sink): void {
  const { rules } = n;
  let messages = 0;
  const count = (pos: Pos, msg: string): void => {
    messages++;
    report(pos, msg);
  };
  const state = new State(n, count);
  const callsOf = new Map<Func, readonly Node[]>();
  for (const fn of funcs) {
    const calls = interfaceCalls(fn, rules, report);
    if (calls.length === 0) continue;
    callsOf.set(fn, calls);
    for (const call of calls) staticCall(state, call);
  }
  if (messages === 0) return;
  visitFuncsBottomUp(funcs, (group) => {
    for (const fn of group) for (const call of callsOf.get(fn) ?? []) staticCall(state, call);
  });
}

/** Calls of interface methods in `fn`, arguments before the call they belong to. Those of literals are not its own,
 *  and a tail call is left alone. */
function interfaceCalls(fn: Func, rules: GoRules, report: Sink): readonly Node[] {
  let found = false;
  visitList(fn.body, (n) => {
    if (n.op === Op.OCALLINTER || (n.op === Op.OFOR && !rules.bloop)) found = true;
  });
  if (!found) return noNodes;
  const calls: Node[] = [];
  const collect = (n: Node): boolean => {
    if (n.op === Op.OTAILCALL) return doChildren(n.x, collect);
    if (leavesLoop(n, rules, report)) {
      for (const init of n.init) collect(init);
      collect(n.x!);
      if (n.y !== null) collect(n.y);
      return false;
    }
    doChildren(n, collect);
    if (n.op === Op.OCALLINTER) calls.push(n);
    return false;
  };
  for (const n of fn.body) collect(n);
  return calls;
}
