/** Profile-guided devirtualisation: a call that a profile knows to reach mostly one function becomes a test for that
 *  function and a direct call, which can be inlined (cmd/compile/internal/devirtualize/pgo.go). */
import { NoPos, type Pos } from "../../base/pos.ts";
import { takeInit } from "../../ir/expr.ts";
import { nodeString } from "../../ir/fmt.ts";
import { funcName, linkFuncName } from "../../ir/func.ts";
import {
  newAddrExpr,
  newAssignListStmt,
  newBinary,
  newCallExpr,
  newConv,
  newIfStmt,
  newInlinedCallExpr,
  newUnary,
} from "../../ir/make.ts";
import { tempAt } from "../../ir/name.ts";
import { newTuple } from "../../ir/newtype.ts";
import { Class, type Func, Name, type Node, NodeFlag } from "../../ir/node.ts";
import { bodyRef } from "../../ir/noder/objects.ts";
import { Op } from "../../ir/op.ts";
import { identical } from "../../ir/typeops.ts";
import { Sym, TKind, type Type } from "../../ir/types.ts";
import { editChildren, editList } from "../../ir/visit.ts";
import { inlineImpossible } from "../caninline.ts";
import { dotMethod, fixMethodCall, implements_ } from "../devirtualize.ts";
import type { Inliner } from "../inliner.ts";
import { directCallee, type GraphEdge, type ProfileGraph } from "./graph.ts";

/** Rewrites the calls in `fn`. */
export function profileGuided(inl: Inliner, graph: ProfileGraph, fn: Func): void {
  const pass = new Devirtualizer(inl, graph, fn);
  if (fn.body.length > 0) fn.body = editList(fn.body, pass.edit);
}

class Devirtualizer {
  private readonly name: string;

  constructor(
    private readonly inl: Inliner,
    private readonly graph: ProfileGraph,
    private readonly fn: Func,
  ) {
    this.name = linkFuncName(fn);
  }

  readonly edit = (n: Node): Node => {
    editChildren(n, this.edit);
    if (n.op !== Op.OCALLFUNC && n.op !== Op.OCALLINTER) return n;
    if (this.graph.options.debug >= 2) this.say(n, `PGO devirtualize considering call ${this.text(n)}`);
    if ((n.flags & NodeFlag.GoDefer) !== 0) {
      if (this.graph.options.debug >= 2) this.say(n, `can't PGO devirtualize go/defer call ${this.text(n)}`);
      return n;
    }
    return (n.op === Op.OCALLFUNC ? this.functionCall(n) : this.interfaceCall(n)) ?? n;
  };

  private say(call: Node, msg: string): void {
    this.inl.say(call.pos, msg);
  }

  private text(n: Node): string {
    return nodeString(n, this.inl.local);
  }

  // ------------------------------------------------------------------------------------------------ which calls

  private interfaceCall(call: Node): Node | null {
    if (this.graph.options.devirtualize < 1) return null;
    const sel = call.x!;
    const iface = sel.x!.type!;
    const method = sel.sel!.sym!;
    const suffix = `.${method.name}`;
    const callee = this.hottestCallee(call, (edge) => {
      const recv = edge.to.fn!.nname.type!.recv?.type;
      if (recv === undefined) return "callee not a method";
      // Calls on the same line cannot be told apart but by their types and names.
      if (!implements_(recv, iface)) return "not an implementation";
      return edge.to.name.endsWith(suffix) ? "" : "callee is a different method";
    });
    if (callee === null) return null;
    const concrete = callee.nname.type!.recv?.type;
    if (concrete === undefined || !this.mayInline(callee)) return null;
    return this.rewriteInterfaceCall(call, callee, concrete);
  }

  private functionCall(call: Node): Node | null {
    if (this.graph.options.devirtualize < 2 || directCallee(call.x!) !== null) return null;
    const type = call.x!.type!.underlying;
    const callee = this.hottestCallee(call, (edge) =>
      identical(type, edge.to.fn!.nname.type!.underlying) ? "" : "type doesn't match",
    );
    if (callee === null) return null;
    // Literals need their context, methods are called by wrappers that profiles do not show.
    if (callee.oclosure !== null || callee.nname.type!.recv !== null) return null;
    if (callee.sym.pkg?.path === "runtime" && callee.sym.name === "memhash_varlen") return null; // takes a context
    return this.mayInline(callee) ? this.rewriteFunctionCall(call, callee) : null;
  }

  /** The function that the call reaches most often, by the profile, of those that `refuse` has nothing against; null
   *  also if that function is not known here. */
  private hottestCallee(call: Node, refuse: (edge: GraphEdge) => string): Func | null {
    const caller = this.graph.nodes.get(this.name);
    if (caller === undefined) return null;
    const offset = this.graph.lineOffset(call, this.fn);
    const debug = this.graph.options.debug >= 2;
    let hottest: GraphEdge | null = null;
    for (const edge of caller.out.values()) {
      if (edge.offset !== offset) continue;
      let fate: string;
      if (!isHotter(edge, hottest)) {
        fate = `too cold (hottest ${hottest!.weight})`;
      } else {
        const why = edge.to.fn === null ? "" : refuse(edge);
        if (why === "") hottest = edge;
        fate = why === "" ? "hottest so far" : why;
      }
      if (debug) this.sayEdge(call, edge, fate);
    }
    if (hottest === null || (hottest.weight === 0 && this.inl.rules.coldCallsStay)) {
      if (debug) this.say(call, `call ${this.name}:${offset}: no hot callee`);
      return null;
    }
    if (debug) {
      this.say(call, `call ${this.name}:${offset}: hottest callee ${hottest.to.name} (weight ${hottest.weight})`);
    }
    return hottest.to.fn;
  }

  private sayEdge(call: Node, { to, offset, weight }: GraphEdge, fate: string): void {
    const missing = to.fn === null && fate === "hottest so far" ? " (missing IR)" : "";
    this.say(call, `edge ${this.name}:${offset} -> ${to.name} (weight ${weight})${missing}: ${fate}`);
  }

  /** Whether it is worth while: not if `callee` can never be inlined. */
  private mayInline(callee: Func): boolean {
    const { inl } = this;
    const reason = inlineImpossible(inl, callee);
    if (reason === "") return true;
    if (inl.m < 2 && inl.log === null) return false;
    const isImported = callee.source !== null && callee.source.pkg !== inl.n.local.pkg && !callee.isInstance;
    const pos = isImported ? bodyRef(inl.n, callee).start : callee.pos;
    if (inl.m > 1) inl.say(pos, `should not PGO devirtualize ${funcName(callee)}: ${reason}`);
    if (inl.log !== null) inl.log(pos, ": should not PGO devirtualize function", reason);
    return false;
  }

  // ------------------------------------------------------------------------------------------------ what they become

  /** `recv, args := …; c, ok := recv.(Concrete); if ok { c.M(args) } else { recv.M(args) }` */
  private rewriteInterfaceCall(call: Node, callee: Func, concrete: Type): Node {
    const sel = call.x!;
    this.say(call, `PGO devirtualizing interface call ${this.text(sel)} to ${this.inl.name(callee)}`);
    const { pos } = call;
    const { types } = this.inl.n.universe;
    const init: Node[] = [...takeInit(call)];
    const { first: recv, args } = this.copyInputs(pos, sel.x!, call.list, init);
    call.list = args;
    const value = this.temp(NoPos, concrete);
    const ok = this.temp(NoPos, types[TKind.BOOL]);
    const assertion = newUnary(Op.ODOTTYPE2, pos, concrete, recv);
    init.push(newAssignListStmt(pos, Op.OAS2DOTTYPE, [value, ok], [assertion]));
    const method = dotMethod(this.inl.n.universe.pointers, pos, value, sel.sel!.sym!);
    const direct = this.callOf(pos, method, args, call);
    fixMethodCall(direct, method);
    return this.condCall(pos, ok, direct, call, init);
  }

  /** `fn, args := …; if FuncPC(fn) == FuncPC(callee) { callee(args) } else { fn(args) }` */
  private rewriteFunctionCall(call: Node, callee: Func): Node {
    this.say(call, `PGO devirtualizing function call ${this.text(call.x!)} to ${this.inl.name(callee)}`);
    const { pos } = call;
    const { types } = this.inl.n.universe;
    const uintptr = types[TKind.UINTPTR];
    const init: Node[] = [...takeInit(call)];
    const { first: fn, args } = this.copyInputs(pos, call.x!, call.list, init);
    call.list = args;
    const iface = newConv(Op.OCONVIFACE, pos, this.inl.n.emptyInterface, fn);
    const word = newUnary(Op.OIDATA, pos, types[TKind.UNSAFEPTR], iface);
    const fnPC = newUnary(Op.ODEREF, pos, uintptr, word);
    const symbol = new Name(pos, new Sym(null, linkFuncName(callee)), uintptr);
    symbol.class = Class.PEXTERN;
    const calleePC = newConv(Op.OCONVNOP, pos, uintptr, newAddrExpr(pos, symbol));
    const isCallee = newBinary(Op.OEQ, NoPos, types[TKind.BOOL], fnPC, calleePC);
    return this.condCall(pos, isCallee, this.callOf(pos, callee.nname, args, call), call, init);
  }

  private temp(pos: Pos, type: Type): Name {
    return tempAt(pos, this.fn, type, this.inl.local);
  }

  /** Temporaries for what both calls use, assigned in `init`. */
  private copyInputs(pos: Pos, first: Node, args: readonly Node[], init: Node[]): { first: Node; args: Node[] } {
    const values = [first, ...args];
    const temps: Node[] = values.map((value) => this.temp(pos, value.type!));
    init.push(newAssignListStmt(pos, Op.OAS2, temps, values));
    return { first: temps[0], args: temps.slice(1) };
  }

  /** A call of `fun` that is otherwise like `call`. */
  private callOf(pos: Pos, fun: Node, args: readonly Node[], call: Node): Node {
    const { results } = fun.type!;
    const type = results.length === 0 ? null : results.length === 1 ? results[0].type : newTuple(results);
    const direct = newCallExpr(pos, Op.OCALLFUNC, fun, args, type);
    direct.flags |= call.flags & NodeFlag.DDD;
    return direct;
  }

  private condCall(pos: Pos, cond: Node, thenCall: Node, elseCall: Node, init: readonly Node[]): Node {
    const results = thenCall.x!.type!.results.map((result) => this.temp(pos, result.type));
    const op = results.length > 1 ? Op.OAS2FUNC : Op.OAS2;
    const branch = (call: Node): Node[] =>
      results.length === 0 ? [call] : [newAssignListStmt(pos, op, results, [call])];
    const nif = newIfStmt(pos, cond, branch(thenCall), branch(elseCall));
    nif.init = init;
    return newInlinedCallExpr(pos, [nif], results, thenCall.type);
  }
}

/** Of equally heavy calls those come first whose function is known here, then by name. */
function isHotter(edge: GraphEdge, hottest: GraphEdge | null): boolean {
  if (hottest === null) return true;
  if (edge.weight !== hottest.weight) return edge.weight > hottest.weight;
  if ((hottest.to.fn === null) !== (edge.to.fn === null)) return edge.to.fn !== null;
  return edge.to.name < hottest.to.name;
}
