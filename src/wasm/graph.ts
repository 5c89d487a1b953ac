/** The graph that control flow is structured from: blocks cut at the places where a goroutine can be resumed, with the
 *  dispatch that leads there. It works on locals, after data flow is done: edges may be added without phis. */
import { isPhi } from "../ssa/passes/cfg.ts";
import { type Block, EntryPoll, type SFunc, SOp, type Value } from "../ssa/value.ts";

export const enum NodeKind {
  /** Values `from` to `to` of `block`; `last`: then the block's end, else on to succs[0]. */
  Code,
  /** Function entry: succs[0] starts it; with a second one, that goes on where the frame says. */
  Prologue,
  /** Chooses by the resume local: succs[k - low] for k = low …, none else. */
  Dispatch,
  /** Before a loop header: to the dispatch succs[1] if the resume local is set, else to succs[0]. */
  Gate,
  /** Takes the results that `point` waited for and goes on to succs[0]. */
  Reload,
  /** Sets the label local to `low`, on to succs[0]. */
  SetLabel,
  /** Chooses succs[i] by the label local. */
  Label,
  /** What happens when the check `check` fails: it does not come back. */
  Cold,
  /** What the poll `check` does when it is time, on to succs[0]. */
  PollBody,
}

export class GNode {
  succs: GNode[] = [];
  preds: GNode[] = [];
  block: Block | null = null;
  from = 0;
  to = 0;
  last = false;
  low = 0;
  /** Local that Label, SetLabel use. */
  local = -1;
  point: ResumePoint | null = null;
  /** Code: after it, the check or poll that chooses: succs[0] if it fails, or is due. Cold, PollBody: that one. */
  check: Value | null = null;
  /** Place in reverse postorder; -1 not reached. */
  order = -1;
  idom: GNode | null = null;
  /** Innermost loop; a header belongs to its own. */
  loop: Loop | null = null;
  /** It starts a loop. */
  isHeader = false;
  constructor(public kind: NodeKind) {}
}

/** Where a goroutine goes on. */
export interface ResumePoint {
  /** The call, park or poll; null for the deferExit block. */
  readonly root: Value | null;
  /** Where it goes on. */
  node: GNode;
  /** Its number in the function: pc - entry. */
  pc: number;
}

export interface Loop {
  readonly header: GNode;
  readonly parent: Loop | null;
  readonly depth: number;
  /** Resume points within. */
  points: ResumePoint[];
}

export function link(from: GNode, to: GNode): void {
  from.succs.push(to);
  to.preds.push(from);
}

function retarget(from: GNode, index: number, to: GNode): void {
  const old = from.succs[index];
  old.preds.splice(old.preds.indexOf(from), 1);
  from.succs[index] = to;
  to.preds.push(from);
}

export interface Graph {
  readonly entry: GNode;
  /** All nodes that are reached, in reverse postorder. */
  nodes: GNode[];
  /** In the order of their pcs, 1 and up. */
  readonly points: ResumePoint[];
  /** Locals for labels of loops with several entries are needed. */
  labels: number;
  /** A loop has resume points: the resume local is needed. */
  gates: boolean;
  /** Where blocks begin. */
  readonly heads: ReadonlyMap<Block, GNode>;
}

/** Cuts blocks after the values that are `resumable`, and at checks and polls whose rare case is better dealt with
 *  `elsewhere`, outside of their loop; joins everything under a prologue. */
export function buildGraph(
  fn: SFunc,
  blocks: readonly Block[],
  resumable: (v: Value) => boolean,
  elsewhere: (v: Value) => boolean,
): Graph {
  const heads = new Map<Block, GNode>();
  /** Where the loop itself begins, if its poll is elsewhere. */
  const inner = new Map<Block, GNode>();
  const points: ResumePoint[] = [];
  const entry = new GNode(NodeKind.Prologue);
  const ends: GNode[] = [];
  for (const block of blocks) {
    let node = new GNode(NodeKind.Code);
    node.block = block;
    heads.set(block, node);
    for (let i = 0; i < block.values.length; i++) {
      const v = block.values[i];
      if (v.op !== SOp.Poll && elsewhere(v)) {
        const cold = new GNode(NodeKind.Cold);
        cold.check = v;
        const next = new GNode(NodeKind.Code);
        next.block = block;
        node.to = i;
        node.check = v;
        next.from = i + 1;
        link(node, cold);
        link(node, next);
        node = next;
        continue;
      }
      if (!resumable(v)) continue;
      const atHead = node.from === 0 && (i === 0 || isPhi(block.values[i - 1]));
      if (v.op === SOp.Poll && v.aux !== EntryPoll && atHead) {
        // To go on, the block is entered once more: a loop that polls at its head needs no way into its middle.
        if (!elsewhere(v)) {
          points.push({ root: v, node, pc: 0 });
          continue;
        }
        // A loop around the loop: when it is time, the inner one is left, and entered anew after the poll.
        const around = node;
        const body = new GNode(NodeKind.PollBody);
        body.check = v;
        const header = new GNode(NodeKind.Code);
        header.block = block;
        header.to = i;
        header.check = v;
        const next = new GNode(NodeKind.Code);
        next.block = block;
        next.from = i + 1;
        link(around, header);
        link(header, body);
        link(header, next);
        link(body, around);
        inner.set(block, header);
        points.push({ root: v, node: around, pc: 0 });
        node = next;
        continue;
      }
      const next = new GNode(NodeKind.Code);
      next.block = block;
      node.to = i + 1;
      next.from = i + 1;
      link(node, next);
      points.push({ root: v, node: next, pc: 0 });
      node = next;
    }
    node.to = block.values.length;
    node.last = true;
    ends.push(node);
  }
  for (const node of ends) {
    for (const succ of node.block!.succs) {
      const header = succ.mark <= node.block!.mark ? inner.get(succ) : undefined;
      link(node, header ?? heads.get(succ)!);
    }
  }
  link(entry, heads.get(fn.entry)!);
  if (fn.deferExit !== null) {
    const node = heads.get(fn.deferExit);
    if (node !== undefined) points.push({ root: null, node, pc: 0 });
  }
  // What only a resumption reaches is kept by an edge of its own until the dispatch is there.
  const anchor = new GNode(NodeKind.Dispatch);
  for (const point of points) if (point.root === null) link(anchor, point.node);
  if (anchor.succs.length > 0) link(entry, anchor);
  const graph: Graph = { entry, nodes: [], points, labels: 0, gates: false, heads };
  makeReducible(graph);
  analyze(graph);
  if (anchor.succs.length > 0) {
    for (const to of anchor.succs) to.preds.splice(to.preds.indexOf(anchor), 1);
    anchor.preds.length = 0;
    entry.succs.length = 1;
  }
  if (points.length > 0) {
    addDispatch(graph);
    analyze(graph);
  }
  return graph;
}

/** Reverse postorder, dominators and loops of a graph. Answers whether all loops have one entry. */
function analyze(graph: Graph): boolean {
  const nodes = postorder(graph.entry);
  nodes.reverse();
  for (const node of graph.nodes) node.order = -1;
  for (let i = 0; i < nodes.length; i++) nodes[i].order = i;
  graph.nodes = nodes;
  computeDominators(nodes);
  return computeLoops(nodes);
}

function postorder(entry: GNode): GNode[] {
  const out: GNode[] = [];
  const seen = new Set<GNode>([entry]);
  const stack: GNode[] = [entry];
  const next: number[] = [entry.succs.length];
  while (stack.length > 0) {
    const top = stack.length - 1;
    if (next[top] > 0) {
      const succ = stack[top].succs[--next[top]];
      if (seen.has(succ)) continue;
      seen.add(succ);
      stack.push(succ);
      next.push(succ.succs.length);
    } else {
      out.push(stack.pop()!);
      next.pop();
    }
  }
  return out;
}

function computeDominators(nodes: readonly GNode[]): void {
  for (const node of nodes) node.idom = null;
  const [entry] = nodes;
  entry.idom = entry;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < nodes.length; i++) {
      const node = nodes[i];
      let dom: GNode | null = null;
      for (const pred of node.preds) {
        if (pred.order < 0 || pred.idom === null) continue;
        if (dom === null) dom = pred;
        else {
          let a: GNode = dom;
          let b: GNode = pred;
          while (a !== b) {
            if (a.order > b.order) a = a.idom!;
            else b = b.idom!;
          }
          dom = a;
        }
      }
      if (dom !== node.idom) {
        node.idom = dom;
        changed = true;
      }
    }
  }
  entry.idom = null;
}

export function dominates(a: GNode, b: GNode): boolean {
  let at: GNode | null = b;
  while (at !== null && at.order > a.order) at = at.idom;
  return at === a;
}

/** Finds natural loops; false if some edge goes back to a node that does not dominate its start. */
function computeLoops(nodes: readonly GNode[]): boolean {
  let reducible = true;
  for (const node of nodes) {
    node.loop = null;
    node.isHeader = false;
  }
  const latches = new Map<GNode, GNode[]>();
  for (const node of nodes) {
    for (const pred of node.preds) {
      if (pred.order < node.order) continue;
      if (!dominates(node, pred)) {
        reducible = false;
        continue;
      }
      node.isHeader = true;
      const list = latches.get(node);
      if (list === undefined) latches.set(node, [pred]);
      else list.push(pred);
    }
  }
  if (!reducible) return false;
  // Outer headers come first in the order, so inner loops overwrite what outer ones have marked.
  for (const header of nodes) {
    const back = latches.get(header);
    if (back === undefined) continue;
    const parent: Loop | null = header.loop;
    const loop: Loop = { header, parent, depth: parent === null ? 1 : parent.depth + 1, points: [] };
    header.loop = loop;
    const stack = [...back];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node.loop === loop) continue;
      node.loop = loop;
      for (const pred of node.preds) if (pred.order >= 0) stack.push(pred);
    }
  }
  return true;
}

/** Gives each cycle with several entries a header that chooses among them by a label. */
function makeReducible(graph: Graph): void {
  while (!analyze(graph)) {
    const cycle = irreducibleCycle(graph.nodes);
    const within = new Set(cycle);
    const entries = cycle.filter((n) => n.preds.some((p) => p.order >= 0 && !within.has(p)));
    const header = new GNode(NodeKind.Label);
    header.local = graph.labels++;
    for (let i = 0; i < entries.length; i++) {
      const target = entries[i];
      // Ways from outside must not share a node with those within, or that node would be one more entry.
      const preds = [...target.preds];
      for (const inner of [false, true]) {
        const setter = new GNode(NodeKind.SetLabel);
        setter.local = header.local;
        setter.low = i;
        for (const pred of preds) {
          if (within.has(pred) !== inner) continue;
          for (let k = 0; k < pred.succs.length; k++) if (pred.succs[k] === target) retarget(pred, k, setter);
        }
        if (setter.preds.length > 0) link(setter, header);
      }
      link(header, target);
    }
  }
}

/** A strongly connected set of nodes with more than one entry: found by taking away the headers of the ones with one
 *  entry, from the outside in. */
function irreducibleCycle(nodes: readonly GNode[]): GNode[] {
  const removed = new Set<GNode>();
  for (;;) {
    let progress = false;
    for (const scc of components(nodes, removed)) {
      if (scc.length === 1 && !scc[0].succs.includes(scc[0])) continue;
      const within = new Set(scc);
      const entries = scc.filter((n) => n.preds.some((p) => p.order >= 0 && !within.has(p)));
      if (entries.length > 1) return scc;
      removed.add(entries.length === 1 ? entries[0] : scc[0]);
      progress = true;
    }
    if (!progress) return [];
  }
}

/** Tarjan's strongly connected components of the nodes without those in `removed`. */
function components(nodes: readonly GNode[], removed: ReadonlySet<GNode>): GNode[][] {
  const index = new Map<GNode, number>();
  const low = new Map<GNode, number>();
  const onStack = new Set<GNode>();
  const stack: GNode[] = [];
  const out: GNode[][] = [];
  for (const root of nodes) {
    if (removed.has(root) || index.has(root)) continue;
    const path: GNode[] = [];
    const next: number[] = [];
    const enter = (n: GNode): void => {
      index.set(n, index.size);
      low.set(n, index.get(n)!);
      stack.push(n);
      onStack.add(n);
      path.push(n);
      next.push(0);
    };
    enter(root);
    while (path.length > 0) {
      const top = path.length - 1;
      const node = path[top];
      if (next[top] < node.succs.length) {
        const succ = node.succs[next[top]++];
        if (removed.has(succ)) continue;
        if (!index.has(succ)) enter(succ);
        else if (onStack.has(succ)) low.set(node, Math.min(low.get(node)!, index.get(succ)!));
        continue;
      }
      path.pop();
      next.pop();
      if (path.length > 0) low.set(path[top - 1], Math.min(low.get(path[top - 1])!, low.get(node)!));
      if (low.get(node) !== index.get(node)) continue;
      const scc: GNode[] = [];
      for (;;) {
        const n = stack.pop()!;
        onStack.delete(n);
        scc.push(n);
        if (n === node) break;
      }
      out.push(scc);
    }
  }
  return out;
}

/** The poll at the head of a loop: nothing but phis comes before it. */
function pollOf(header: GNode): Value | null {
  if (header.kind !== NodeKind.Code || header.from !== 0) return null;
  for (let i = 0; i < header.to; i++) {
    const v = header.block!.values[i];
    if (v.op === SOp.Poll) return v;
    if (!isPhi(v)) return null;
  }
  return null;
}

/** Cuts a node before the poll; what is left goes on after it. */
function splitPoll(header: GNode, poll: Value): GNode {
  const next = new GNode(NodeKind.Code);
  next.block = header.block;
  next.from = header.block!.values.indexOf(poll) + 1;
  next.to = header.to;
  next.last = header.last;
  next.check = header.check;
  header.to = next.from - 1;
  header.last = false;
  header.check = poll;
  for (const succ of header.succs) succ.preds[succ.preds.indexOf(header)] = next;
  next.succs = header.succs;
  header.succs = [];
  return next;
}

/** Numbers the resume points and adds the way to each: from the prologue, through the gates of the loops around it. */
function addDispatch(graph: Graph): void {
  const { points, entry } = graph;
  const loopsOf = (point: ResumePoint): Loop[] => {
    const out: Loop[] = [];
    let { loop } = point.node;
    // A point at a header goes on at the start of that loop: from outside.
    if (loop !== null && loop.header === point.node) loop = loop.parent;
    for (; loop !== null; loop = loop.parent) out.unshift(loop);
    return out;
  };
  const nest = points.map((point) => ({ point, loops: loopsOf(point) }));
  // Points of one loop are neighbours, so that each dispatch is a dense table.
  nest.sort((a, b) => {
    for (let i = 0; i < a.loops.length && i < b.loops.length; i++) {
      if (a.loops[i] !== b.loops[i]) return a.loops[i].header.order - b.loops[i].header.order;
    }
    return a.loops.length - b.loops.length || a.point.node.order - b.point.node.order;
  });
  points.length = 0;
  for (const { point, loops } of nest) {
    points.push(point);
    point.pc = points.length;
    for (const loop of loops) loop.points.push(point);
  }
  /** Where to enter a loop so that its dispatch is asked, and that dispatch. */
  const gates = new Map<Loop, GNode>();
  const dispatches = new Map<Loop, GNode>();
  const gateOf = (loop: Loop): GNode => {
    let gate = gates.get(loop);
    if (gate !== undefined) return gate;
    graph.gates = true;
    gate = new GNode(NodeKind.Gate);
    const dispatch = new GNode(NodeKind.Dispatch);
    dispatch.low = loop.points[0].pc;
    const { header } = loop;
    const poll = pollOf(header);
    if (poll !== null) {
      // The dispatch makes the poll due, and only what happens then asks for the resume local.
      const next = splitPoll(header, poll);
      const body = new GNode(NodeKind.PollBody);
      body.check = poll;
      link(header, gate);
      link(header, next);
      link(gate, body);
      link(gate, dispatch);
      link(body, next);
      gates.set(loop, header);
    } else {
      for (const pred of [...header.preds]) {
        for (let k = 0; k < pred.succs.length; k++) if (pred.succs[k] === header) retarget(pred, k, gate);
      }
      link(gate, header);
      link(gate, dispatch);
      gates.set(loop, gate);
    }
    dispatches.set(loop, dispatch);
    return gates.get(loop)!;
  };
  // Outer gates first: an inner gate is a target of the outer dispatch.
  const reload = (point: ResumePoint): GNode => {
    const node = new GNode(NodeKind.Reload);
    node.point = point;
    // A gate may stand before the node by now, if it is the header of a loop.
    const own = point.node.loop;
    link(node, own !== null && own.header === point.node ? (gates.get(own) ?? point.node) : point.node);
    return node;
  };
  for (const { loops } of nest) for (const loop of loops) gateOf(loop);
  const main = new GNode(NodeKind.Dispatch);
  main.low = 1;
  link(entry, main);
  for (const { point, loops } of nest) {
    const target = reload(point);
    link(main, loops.length > 0 ? gates.get(loops[0])! : target);
    for (let i = 0; i < loops.length; i++) {
      link(dispatches.get(loops[i])!, i + 1 < loops.length ? gates.get(loops[i + 1])! : target);
    }
  }
}
