/** The order in which package variables are initialised, and cycles that make it impossible.
 *  Mirrors types2/initorder.go. */
import type { Checker, DeclInfo } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { addf, errorf, newError, report } from "./errors.ts";
import { type Const, type Func, type Obj, ObjKind, type Var } from "./types.ts";

type Dependency = Const | Var | Func;

/** An object of the dependency graph. */
class GraphNode {
  /** Who depends on this one. */
  readonly pred = new Set<GraphNode>();
  /** What this one depends on. */
  readonly succ = new Set<GraphNode>();
  /** Index in the priority queue. */
  index = -1;
  /** How many dependencies have not been initialised. */
  ndeps = 0;
  constructor(readonly obj: Dependency) {}
}

export function initOrder(c: Checker): void {
  const queue = new NodeQueue(dependencyGraph(c.objMap));
  const emitted = new Set<DeclInfo>();
  for (let n = queue.pop(); n !== null; n = queue.pop()) {
    // The first node has the fewest dependencies. If it has any, there is a cycle; it is reported when one of its
    // own members comes up, and once is enough since removing the node breaks it.
    if (n.ndeps > 0) {
      const cycle = findPath(c.objMap, n.obj, n.obj, new Set());
      if (cycle !== null) reportCycle(c, cycle);
    }
    for (const p of n.pred) {
      p.ndeps--;
      queue.fix(p.index);
    }
    if (n.obj.kind !== ObjKind.Var) continue;
    const info = c.objMap.get(n.obj)!;
    if (!info.hasInitializer() || emitted.has(info)) continue;
    emitted.add(info); // once for all variables of an n:1 declaration
    c.initOrder.push({ lhs: info.lhs ?? [n.obj], rhs: info.init! });
  }
}

/** A path of dependencies from `from` to `to`, reversed; null if there is none. */
function findPath(objMap: Map<Obj, DeclInfo>, from: Obj, to: Obj, seen: Set<Obj>): Obj[] | null {
  if (seen.has(from)) return null;
  seen.add(from);
  const deps = [...(objMap.get(from)?.deps ?? [])].sort((a, b) => a.order - b.order);
  for (const d of deps) {
    if (d === to) return [d];
    const path = findPath(objMap, d, to, seen);
    if (path !== null) {
      path.push(d);
      return path;
    }
  }
  return null;
}

function reportCycle(c: Checker, cycle: readonly Obj[]): void {
  let obj = cycle[0];
  if (cycle.length === 1) {
    errorf(c, obj, Code.InvalidInitCycle, "initialization cycle: %s refers to itself", obj.name);
    return;
  }
  const err = newError(c, Code.InvalidInitCycle);
  addf(err, obj, "initialization cycle for %s", obj.name);
  for (let j = cycle.length - 1; j >= 0; j--) {
    const next = cycle[j];
    addf(err, obj, "%s refers to %s", obj.name, next.name);
    obj = next;
  }
  report(err);
}

/** The graph of constants and variables; functions are replaced by what they refer to. */
function dependencyGraph(objMap: Map<Obj, DeclInfo>): GraphNode[] {
  const nodes = new Map<Obj, GraphNode>();
  const nodeOf = (obj: Dependency): GraphNode => {
    let n = nodes.get(obj);
    if (n === undefined) {
      n = new GraphNode(obj);
      nodes.set(obj, n);
    }
    return n;
  };
  for (const [obj, { deps }] of objMap) {
    // Constants and functions only matter as links between others.
    if (obj.kind !== ObjKind.Var && (deps === null || (obj.kind !== ObjKind.Const && obj.kind !== ObjKind.Func)))
      continue;
    const n = nodeOf(obj);
    if (deps === null) continue;
    for (const dep of deps) {
      if (dep.kind !== ObjKind.Const && dep.kind !== ObjKind.Var && dep.kind !== ObjKind.Func) continue;
      const d = nodeOf(dep);
      n.succ.add(d);
      d.pred.add(n);
    }
  }

  const graph: GraphNode[] = [];
  const funcs: GraphNode[] = [];
  for (const n of nodes.values()) (n.obj.kind === ObjKind.Func ? funcs : graph).push(n);

  // Removing a function connects all its users to all it uses; the expensive ones go last, when fewest are left.
  funcs.sort((a, b) => a.pred.size * a.succ.size - b.pred.size * b.succ.size);
  for (const n of funcs) {
    for (const p of n.pred) {
      if (p === n) continue;
      for (const s of n.succ) {
        if (s === n) continue;
        p.succ.add(s);
        s.pred.add(p);
      }
      p.succ.delete(n);
    }
    for (const s of n.succ) s.pred.delete(n);
  }
  for (let i = 0; i < graph.length; i++) {
    graph[i].index = i;
    graph[i].ndeps = graph[i].succ.size;
  }
  return graph;
}

/** Constants first, then by number of dependencies, then in source order. */
function before(x: GraphNode, y: GraphNode): boolean {
  const xConst = x.obj.kind === ObjKind.Const;
  if (xConst !== (y.obj.kind === ObjKind.Const)) return xConst;
  return x.ndeps < y.ndeps || (x.ndeps === y.ndeps && x.obj.order < y.obj.order);
}

/** A binary heap whose nodes know their index. */
class NodeQueue {
  constructor(private readonly heap: GraphNode[]) {
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) this.down(i);
  }

  pop(): GraphNode | null {
    const heap = this.heap;
    if (heap.length === 0) return null;
    const top = heap[0];
    const last = heap.pop()!;
    if (last !== top) {
      this.place(last, 0);
      this.down(0);
    }
    top.index = -1;
    return top;
  }

  /** Restores the order after the node at `i` has changed. */
  fix(i: number): void {
    if (i < 0) return; // already popped
    if (!this.down(i)) this.up(i);
  }

  private place(n: GraphNode, i: number): void {
    this.heap[i] = n;
    n.index = i;
  }

  private up(i: number): void {
    const n = this.heap[i];
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(n, this.heap[parent])) break;
      this.place(this.heap[parent], i);
      i = parent;
    }
    this.place(n, i);
  }

  private down(i: number): boolean {
    const heap = this.heap;
    const start = i;
    const n = heap[i];
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], n)) break;
      this.place(heap[child], i);
      i = child;
    }
    this.place(n, i);
    return i > start;
  }
}
