/** Turns a graph with single-entry loops into blocks, loops, ifs and branches (Ramsey, Beyond Relooper, 2022): code
 *  follows the dominator tree; a node that several ways lead to stands after a block that they leave. What follows a
 *  loop stands after it, not within. */
import { BlockKind } from "../ssa/value.ts";
import type { Bytes } from "./bytes.ts";
import { type GNode, type Graph, type Loop, NodeKind } from "./graph.ts";
import { Op, VoidBlock } from "./op.ts";

/** What the nodes contain. */
export interface NodeEmitter {
  /** The straight code of a node, with the condition or selector on the stack if it has several successors. */
  code(node: GNode, depth: number): void;
  /** What a node that leaves the function does at its end. */
  leave(node: GNode): void;
  /** Whether the condition on the stack, which is branched on, is nearly always or hardly ever true. */
  expect(condition: boolean): void;
}

/** Labels that branches can go to, innermost last. */
type Label = GNode | null;

export function emitStructured(graph: Graph, out: Bytes, emitter: NodeEmitter): void {
  new Structurer(graph, out, emitter).run();
}

class Structurer {
  /** Nodes that stand after a block, by the node under which they are placed. */
  private readonly inner = new Map<GNode, GNode[]>();
  private readonly outer = new Map<GNode, GNode[]>();
  private readonly isTarget = new Set<GNode>();
  /** Nodes that are hardly ever come to. */
  private readonly rare = new Set<GNode>();
  private readonly labels: Label[] = [];
  constructor(
    private readonly graph: Graph,
    private readonly out: Bytes,
    private readonly emitter: NodeEmitter,
  ) {}

  run(): void {
    this.place();
    this.findRare();
    this.tree(this.graph.entry);
  }

  /** What fails, waits or goes on after waiting, and what leads nowhere else. */
  private findRare(): void {
    const { nodes } = this.graph;
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      if (isRare(node) || (node.succs.length > 0 && node.succs.every((s) => this.rare.has(s)))) this.rare.add(node);
    }
  }

  private place(): void {
    for (const node of this.graph.nodes) {
      const { idom } = node;
      if (idom === null) continue;
      const left = leftLoop(idom, node);
      if (left !== null) {
        push(this.outer, left.header, node);
        this.isTarget.add(node);
        continue;
      }
      let forward = 0;
      let table = false;
      for (const pred of node.preds) {
        if (pred.order < 0 || pred.order >= node.order) continue;
        forward++;
        if (isTable(pred)) table = true;
      }
      if (forward > 1 || table) {
        push(this.inner, idom, node);
        this.isTarget.add(node);
      }
    }
  }

  /** The code of `first` and of all that it dominates. */
  private tree(first: GNode): void {
    let node: GNode | null = first;
    while (node !== null) {
      const after = node.isHeader ? (this.outer.get(node) ?? none) : none;
      const inner = this.inner.get(node) ?? none;
      if (after.length === 0 && !node.isHeader) {
        node = this.within(node, inner);
        continue;
      }
      for (let i = after.length - 1; i >= 0; i--) this.open(Op.Block, after[i]);
      if (node.isHeader) this.open(Op.Loop, node);
      for (let at: GNode | null = node, below = inner; at !== null; ) {
        at = this.within(at, below);
        if (at === null) break;
        if (at.isHeader) {
          this.tree(at);
          break;
        }
        below = this.inner.get(at) ?? none;
      }
      if (node.isHeader) this.close();
      if (after.length === 0) return;
      for (let i = 0; i < after.length - 1; i++) {
        this.close();
        this.tree(after[i]);
      }
      this.close();
      node = after[after.length - 1];
    }
  }

  /** A node with the nodes that stand after its blocks; the last one, or a successor that only it leads to, is left
   *  to the caller. */
  private within(node: GNode, below: readonly GNode[]): GNode | null {
    for (let i = below.length - 1; i >= 0; i--) this.open(Op.Block, below[i]);
    const next = this.body(node, below.length === 0);
    if (below.length === 0) return next;
    for (let i = 0; i < below.length - 1; i++) {
      this.close();
      this.tree(below[i]);
    }
    this.close();
    return below[below.length - 1];
  }

  private open(op: Op, label: Label): void {
    this.out.u8(op);
    this.out.u8(VoidBlock);
    this.labels.push(label);
  }

  private close(): void {
    this.out.u8(Op.End);
    this.labels.pop();
  }

  private body(node: GNode, tail: boolean): GNode | null {
    this.emitter.code(node, this.labels.length);
    const { succs } = node;
    if (succs.length === 0) {
      this.emitter.leave(node);
      return null;
    }
    if (isTable(node)) {
      this.table(node);
      return null;
    }
    if (succs.length === 1) return this.go(node, succs[0], tail);
    const [yes, no] = succs;
    const yesBranch = this.isBranch(node, yes);
    const noBranch = this.isBranch(node, no);
    if (yesBranch) {
      this.expect(yes, no);
      this.out.u8(Op.BrIf);
      this.out.uleb(this.depth(yes));
      return this.go(node, no, tail);
    }
    if (noBranch) {
      this.out.u8(Op.I32Eqz);
      this.expect(no, yes);
      this.out.u8(Op.BrIf);
      this.out.uleb(this.depth(no));
      return this.go(node, yes, tail);
    }
    this.expect(yes, no);
    this.open(Op.If, null);
    this.tree(yes);
    this.out.u8(Op.Else);
    this.tree(no);
    this.close();
    this.out.u8(Op.Unreachable);
    return null;
  }

  /** Says whether a branch to `yes`, else on to `no`, is mostly or hardly ever taken. */
  private expect(yes: GNode, no: GNode): void {
    const rare = this.rare.has(yes);
    if (rare !== this.rare.has(no)) this.emitter.expect(!rare);
  }

  private go(node: GNode, to: GNode, tail: boolean): GNode | null {
    if (this.isBranch(node, to)) {
      // Falling out of the innermost block is free.
      const depth = this.depth(to);
      if (depth > 0 || to.order <= node.order) {
        this.out.u8(Op.Br);
        this.out.uleb(depth);
      }
      return null;
    }
    if (tail) return to;
    this.tree(to);
    return null;
  }

  private table(node: GNode): void {
    this.out.u8(Op.BrTable);
    const { succs } = node;
    this.out.uleb(succs.length - 1);
    for (const to of succs) this.out.uleb(this.depth(to));
  }

  private isBranch(from: GNode, to: GNode): boolean {
    return to.order <= from.order || this.isTarget.has(to);
  }

  private depth(to: GNode): number {
    for (let i = this.labels.length - 1; i >= 0; i--) if (this.labels[i] === to) return this.labels.length - 1 - i;
    throw new Error("branch to a node that is not in reach");
  }
}

const none: readonly GNode[] = [];

function isTable(node: GNode): boolean {
  if (node.kind === NodeKind.Code) return node.last && node.block!.kind === BlockKind.Switch;
  return node.kind === NodeKind.Dispatch || node.kind === NodeKind.Label;
}

function isRare(node: GNode): boolean {
  switch (node.kind) {
    case NodeKind.Cold:
    case NodeKind.PollBody:
    case NodeKind.Dispatch:
    case NodeKind.Reload:
      return true;
    case NodeKind.Code:
      return node.last && node.block!.kind === BlockKind.Exit;
    default:
      return false;
  }
}

/** The outermost loop that `from` is in and `to` is not. */
function leftLoop(from: GNode, to: GNode): Loop | null {
  let left: Loop | null = null;
  for (let { loop } = from; loop !== null; loop = loop.parent) {
    if (contains(loop, to)) break;
    left = loop;
  }
  return left;
}

function contains(loop: Loop, node: GNode): boolean {
  for (let at = node.loop; at !== null; at = at.parent) if (at === loop) return true;
  return false;
}

function push(map: Map<GNode, GNode[]>, key: GNode, node: GNode): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [node]);
  else list.push(node);
}
