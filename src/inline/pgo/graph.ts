/** The call graph of the package that is compiled, with the weights that a profile gives its edges, and what is hot in
 *  it (cmd/compile/internal/pgoir/irgraph.go; inline/inl.go: PGOInlinePrologue, hotNodesFromCDF).
 *
 *  Lines are those of the program as `//line` directives make them, as profiles have no others. */
import type { FileSet } from "../../base/pos.ts";
import { methodExprName, staticValue } from "../../ir/expr.ts";
import { linkFuncName } from "../../ir/func.ts";
import { Class, type Func, type Name, type Node } from "../../ir/node.ts";
import { FuncLookup } from "../../ir/noder/lookup.ts";
import type { Noder } from "../../ir/noder/noder.ts";
import { Op } from "../../ir/op.ts";
import { identical } from "../../ir/typeops.ts";
import { visitList } from "../../ir/visit.ts";
import { type CallEdge, edgeKey, type Profile } from "./profile.ts";

/** The compiler's switches for it. */
export interface PgoOptions {
  /** -d=pgodebug. */
  readonly debug: number;
  /** -d=pgoinline. */
  readonly inline: boolean;
  /** -d=pgodevirtualize: 1 for calls of interface methods, 2 for all. */
  readonly devirtualize: number;
  /** -d=pgoinlinecdfthreshold: the edges that make up so many percent of the weight are hot. */
  readonly cdfThreshold: number;
  /** -d=pgoinlinebudget: what a hot function may cost. */
  readonly budget: number;
}

export const defaultPgoOptions: PgoOptions = {
  debug: 0,
  inline: true,
  devirtualize: 2,
  cdfThreshold: 99,
  budget: 2000,
};

/** A function. */
export class GraphNode {
  /** Calls that start here, by {@link edgeKey}. */
  readonly out = new Map<string, GraphEdge>();

  constructor(
    readonly name: string,
    /** Null if only the profile knows it. */
    readonly fn: Func | null,
  ) {}
}

export interface GraphEdge {
  readonly to: GraphNode;
  readonly offset: number;
  readonly weight: number;
}

export class ProfileGraph {
  readonly nodes = new Map<string, GraphNode>();
  /** The weight from which edges are hot, in percent. */
  readonly threshold: number;
  private readonly hotCallees = new Set<GraphNode>();
  private readonly hotCalls = new Map<Func, Set<number>>();
  private readonly fset: FileSet;

  constructor(
    n: Noder,
    readonly profile: Profile,
    readonly options: PgoOptions,
  ) {
    this.fset = n.fset;
    const { funcs } = n.target;
    for (const fn of funcs) this.addCalls(fn);
    this.addIndirect(n);
    this.threshold = this.findHot();
  }

  /** How many lines `n` stands below the start of `fn`. */
  lineOffset(n: Node, fn: Func): number {
    return this.line(n.pos) - this.line(fn.pos);
  }

  private line(pos: number): number {
    return this.fset.position(this.fset.innermost(pos)).line;
  }

  /** Whether `fn` may cost more, as it is called often. */
  isHot(fn: Func): boolean {
    if (!this.options.inline) return false;
    const node = this.nodes.get(linkFuncName(fn));
    return node !== undefined && this.hotCallees.has(node);
  }

  isHotCall(call: Node, caller: Func): boolean {
    const offsets = this.options.inline ? this.hotCalls.get(caller) : undefined;
    return offsets?.has(this.lineOffset(call, caller)) ?? false;
  }

  private node(fn: Func): GraphNode {
    const name = linkFuncName(fn);
    let node = this.nodes.get(name);
    if (node === undefined) {
      node = new GraphNode(name, fn);
      this.nodes.set(name, node);
    }
    return node;
  }

  /** Adds the calls in `fn` of which it is known what they call. */
  private addCalls(fn: Func): void {
    const caller = this.node(fn);
    visitList(fn.body, (call) => {
      if (call.op !== Op.OCALLFUNC) return;
      const callee = directCallee(call.x!);
      if (callee === null) return;
      const to = this.node(callee);
      const offset = this.lineOffset(call, caller.fn!);
      const weight = this.profile.weight(caller.name, to.name, offset);
      caller.out.set(edgeKey(caller.name, to.name, offset), { to, offset, weight });
    });
  }

  /** Adds calls that only the profile knows. What they call is looked up, heaviest first: what that brings to light is
   *  compiled in this order. */
  private addIndirect(n: Noder): void {
    const { edges } = this.profile;
    const indices: number[] = [];
    for (const name of this.nodes.keys()) indices.push(...this.profile.edgesOf(name));
    indices.sort((a, b) => a - b);
    const lookup = new FuncLookup(n);
    for (const index of indices) this.addEdge(edges[index], lookup);
    lookup.finish();
  }

  private addEdge({ caller, callee, offset, weight }: CallEdge, lookup: FuncLookup): void {
    const from = this.nodes.get(caller)!;
    const key = edgeKey(caller, callee, offset);
    if (from.out.has(key)) return;
    let to = this.nodes.get(callee);
    if (to === undefined) {
      to = new GraphNode(callee, lookup.find(callee));
      this.nodes.set(callee, to);
    }
    from.out.set(key, { to, offset, weight });
  }

  private findHot(): number {
    const { edges } = this.profile;
    let count = edges.length;
    let threshold = 0;
    let sum = 0;
    for (let i = 0; i < edges.length; i++) {
      sum += edges[i].weight;
      if (this.profile.percentage(sum) > this.options.cdfThreshold) {
        threshold = this.profile.percentage(edges[i].weight);
        count = i + 1; // with the edge that goes beyond
        break;
      }
    }
    for (let i = 0; i < count; i++) {
      const { caller, callee, offset } = edges[i];
      const to = this.nodes.get(callee);
      if (to !== undefined) this.hotCallees.add(to);
      const fn = this.nodes.get(caller)?.fn ?? null;
      if (fn === null) continue;
      const offsets = this.hotCalls.get(fn);
      if (offsets === undefined) this.hotCalls.set(fn, new Set([offset]));
      else offsets.add(offset);
    }
    return threshold;
  }
}

/** The function that expression `fun` is, if that is known. */
export function directCallee(fun: Node): Func | null {
  const fn = staticValue(fun);
  switch (fn.op) {
    case Op.OMETHEXPR: {
      const name = methodExprName(fn);
      if (name === null || !identical(name.type!.recv?.type ?? null, fn.x!.type)) return null;
      return name.func;
    }
    case Op.ONAME:
      return (fn as Name).class === Class.PFUNC ? (fn as Name).func : null;
    case Op.OCLOSURE:
      return fn.func;
    default:
      return null;
  }
}
