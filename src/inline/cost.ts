/** What inlining a function would cost: its nodes are counted, calls more, some operations less.
 *
 *  Mirrors hairyVisitor and IsBigFunc of cmd/compile/internal/inline/inl.go. */
import { int64Val } from "../ir/const.ts";
import { methodExprName } from "../ir/expr.ts";
import { CaseClause, Class, type Func, type Name, type Node, NodeFlag } from "../ir/node.ts";
import { haveInlineBody } from "../ir/noder/inlcall.ts";
import { Op } from "../ir/op.ts";
import { isAssignList } from "../ir/optables.ts";
import { sizeOf } from "../ir/typeops.ts";
import { TKind } from "../ir/types.ts";
import { any, doChildren } from "../ir/visit.ts";
import { canInlineCallExpr, inlCallee, isEscapeNonString } from "./call.ts";
import type { Inliner } from "./inliner.ts";

/** Budget of an ordinary function, and most that may be inlined at an ordinary call. */
export const inlineMaxBudget = 80;
/** A call that cannot be inlined, beyond its nodes. */
const inlineExtraCallCost = 57;
/** A call of a parameter: inlining may show which function it is. */
const inlineParamCallCost = 17;
const inlineExtraPanicCost = 1;
const inlineExtraThrowCost = inlineMaxBudget;
/** Functions with that many nodes are big. */
const inlineBigFunctionNodes = 5000;
/** Most that is inlined into a big function. */
export const inlineBigFunctionMaxCost = 20;
/** A function literal that is called once may cost that much. */
export const inlineClosureCalledOnceCost = 10 * inlineMaxBudget;

const littleAndBigEndian = /^(little|big)Endian\.(Put|Append)?Uint(16|32|64)$/;
const byteOrder = /^(LE|BE)(Put|Append)?Uint(16|32|64)$/;

export class HairyVisitor {
  budget: number;
  /** Why the function cannot be inlined whatever it costs. */
  reason = "";
  private readonly isBigFunc: boolean;
  private readonly extraCallCost: number;
  /** Without -m=2 counting stops when the budget is spent. */
  private readonly stopEarly: boolean;

  constructor(
    private readonly inl: Inliner,
    private readonly curFunc: Func,
    private readonly maxBudget: number,
  ) {
    this.budget = maxBudget;
    this.isBigFunc = isBigFunc(curFunc);
    this.extraCallCost = inl.level === 4 ? 1 : inlineExtraCallCost;
    this.stopEarly = inl.m < 2 && inl.log === null;
  }

  tooHairy(): boolean {
    if (this.list(this.curFunc.body)) return true;
    if (this.budget >= 0) return false;
    const cost = this.maxBudget - this.budget;
    this.reason = `function too complex: cost ${cost} exceeds budget ${this.maxBudget}`;
    return true;
  }

  private list(list: readonly Node[]): boolean {
    for (let i = 0; i < list.length; i++) if (this.node(list[i])) return true;
    return false;
  }

  private readonly node = (n: Node): boolean => {
    switch (n.op) {
      case Op.OCALLFUNC:
        if (this.call(n)) return true;
        break;
      case Op.OCALLINTER:
        this.budget -= this.extraCallCost;
        break;
      case Op.OPANIC:
        if (n.x!.op === Op.OCONVIFACE && (n.x!.flags & NodeFlag.Implicit) !== 0) this.budget++;
        this.budget -= inlineExtraPanicCost;
        break;
      case Op.ORECOVER:
        this.reason = "call to recover";
        return true;
      case Op.OCLOSURE:
        if (!this.inl.n.switches.inlfuncswithclosures) {
          this.reason = "not inlining functions with closures";
          return true;
        }
        this.budget -= 15;
        break;
      case Op.OGO:
      case Op.ODEFER:
      case Op.OTAILCALL:
        this.reason = `unhandled op ${n.op === Op.OGO ? "GO" : n.op === Op.ODEFER ? "DEFER" : "TAILCALL"}`;
        return true;
      case Op.OADDR: {
        // The address of a struct's first field is that of the struct.
        const dot = n.x!;
        if ((dot.op === Op.ODOT || dot.op === Op.ODOTPTR) && dot.x!.op === Op.ONAME && this.offset(dot) === 0) {
          this.budget += 2;
        }
        break;
      }
      case Op.ODEREF: {
        let ptr = n.x!;
        while (ptr.op === Op.OCONVNOP) ptr = ptr.x!;
        if (ptr.op === Op.OADDR) this.budget++;
        break;
      }
      case Op.OCONVNOP:
      case Op.OBLOCK:
      case Op.OMETHEXPR:
        this.budget++;
        break;
      case Op.OFALL:
      case Op.OTYPE:
        return false;
      case Op.OIF: {
        const cond = n.x!;
        if (cond.op === Op.OLITERAL && typeof cond.val === "boolean") {
          return this.list(n.init) || this.list(cond.val ? n.body : n.list);
        }
        break;
      }
      case Op.ODYNAMICDOTTYPE:
      case Op.ODYNAMICDOTTYPE2:
        if (n.w === null) this.budget -= 2; // the address of the descriptor that x.type has
        break;
      case Op.OMETHVALUE:
      case Op.OSLICELIT:
        this.budget--;
        break;
      case Op.OAS2:
        this.budget += spreadNodes(n);
        break;
      case Op.OSLICE:
      case Op.OSLICEARR:
      case Op.OSLICESTR:
      case Op.OSLICE3:
      case Op.OSLICE3ARR: {
        if (!this.inl.rules.freeSliceBounds) break;
        const low = n.y;
        const high = n.z;
        if (low !== null && low.op === Op.OLITERAL && int64Val(low) === 0) this.budget++;
        if (high !== null && high.op === Op.OLEN && high.x === n.x) this.budget += 2;
        break;
      }
    }
    if (this.spent()) return true;
    return n.cases.length > 0 ? this.clauses(n) : doChildren(n, this.node);
  };

  /** Counts one node; whether that is too many to go on. */
  private spent(): boolean {
    this.budget--;
    if (this.budget >= 0 || !this.stopEarly) return false;
    this.reason = "too expensive";
    return true;
  }

  /** The children of a switch or select. Its clauses count as nodes. */
  private clauses(n: Node): boolean {
    if (this.list(n.init) || (n.x !== null && this.node(n.x))) return true;
    for (const clause of n.cases) {
      if (this.spent()) return true;
      if (clause instanceof CaseClause) {
        if ((clause.var !== null && this.node(clause.var)) || this.list(clause.list)) return true;
      } else if (clause.comm !== null && this.node(clause.comm)) {
        return true;
      }
      if (this.list(clause.body)) return true;
    }
    return false;
  }

  private offset(dot: Node): number {
    const t = dot.x!.type!;
    sizeOf(t.kind === TKind.PTR ? t.elem! : t, this.inl.n.input.machine); // lays out the fields
    return dot.sel!.offset;
  }

  private isEscapeNonString({ sym }: Name): boolean {
    return isEscapeNonString(this.inl.rules, sym);
  }

  /** Whether call `n` keeps the function from being inlined. */
  private call(n: Node): boolean {
    const fun = n.x!;
    let cheap = false;
    let extraCost = this.extraCallCost;
    if (fun.op === Op.ONAME) {
      const name = fun as Name;
      const fn = name.sym.name;
      if (name.class === Class.PFUNC) {
        switch (name.sym.pkg?.path) {
          case "internal/abi":
            cheap = fn === "NoEscape" || this.isEscapeNonString(name);
            break;
          case "hash/maphash":
            cheap = this.isEscapeNonString(name);
            break;
          case "internal/runtime/sys":
            if (fn === "GetCallerPC" || fn === "GetCallerSP") {
              this.reason = `call to ${fn}`;
              return true;
            }
            break;
          case "go.runtime":
            if (fn === "throw") {
              this.budget -= inlineExtraThrowCost;
              return false;
            }
            if (fn === "panicrangestate") cheap = true;
            else if (fn === "deferrangefunc" && this.inl.rules.rangeFuncDeferRefused) {
              this.reason = "defer call in range func";
              return true;
            }
            break;
          case "runtime":
            if (fn === "getg") return false; // no call, but an operation of its own
            break;
          case "internal/byteorder":
            cheap = this.inl.canMergeLoads && byteOrder.test(fn);
            break;
        }
      } else if (name.class === Class.PPARAM || (name.class === Class.PAUTOHEAP && name.isClosureVar)) {
        extraCost = Math.min(extraCost, inlineParamCallCost);
      }
    } else if (fun.op === Op.OMETHEXPR) {
      const sym = methodExprName(fun)?.sym;
      const path = sym?.pkg?.path;
      if (path === "runtime") cheap = sym!.name === "heapBits.nextArena";
      else if (path === "encoding/binary") cheap = this.inl.canMergeLoads && littleAndBigEndian.test(sym!.name);
    }
    if (cheap || this.inl.intrinsics.isIntrinsicCall(n)) return false;
    const callee = inlCallee(this.inl, this.curFunc, fun, false);
    if (callee !== null && haveInlineBody(this.inl.n, callee)) {
      // Inlining cycles show only when something has been inlined, so none are found here.
      if (canInlineCallExpr(this.inl, this.curFunc, n, callee, this.isBigFunc, false, false)) {
        this.budget -= callee.inl!.cost;
        return false;
      }
    }
    this.budget -= extraCost;
    return false;
  }
}

/** `a, b = f()` has become `t1, t2 = f(); a, b = t1, t2`: the nodes that this has added. */
function spreadNodes(n: Node): number {
  if (n.list2.length === 0) return 0;
  const init = n.list2[0].init;
  return init.length === 1 && isAssignList(init[0].op) ? 4 * n.list.length + 1 : 0;
}

/** Whether `fn` has so many nodes that only little is inlined into it. */
export function isBigFunc(fn: Func): boolean {
  let budget = inlineBigFunctionNodes - 1; // the function itself
  const count = (n: Node): boolean => {
    if (n.op === Op.OAS2) budget += spreadNodes(n);
    else if (n.op === Op.ONEW && n.x === null) budget--; // its type is a node of the compiler's
    budget -= 1 + n.cases.length;
    return budget <= 0;
  };
  for (let i = 0; i < fn.body.length; i++) if (any(fn.body[i], count)) return true;
  return false;
}
