/** The control flow graph of a function: order, dominators, edges. */
import { type Block, BlockKind, type SFunc, SOp, type Value } from "../value.ts";

/** Blocks in reverse postorder; `block.mark` is the place in it. The function's deferExit block is a second entry. */
export class Order {
  readonly blocks: Block[];
  /** Immediate dominators, by place; -1 for entries. */
  readonly idom: Int32Array;

  constructor(fn: SFunc) {
    this.blocks = reversePostorder(fn);
    this.idom = dominators(this.blocks, fn.deferExit);
  }

  /** Place of the block that dominates those at `a` and `b`; -1 if there is none. */
  commonDominator(a: number, b: number): number {
    let x = a;
    let y = b;
    while (x !== y && x >= 0 && y >= 0) {
      if (x > y) x = this.idom[x];
      else y = this.idom[y];
    }
    return x === y ? x : -1;
  }

  /** `a` dominates `b`. */
  dominates(a: Block, b: Block): boolean {
    let at = b.mark;
    while (at > a.mark) at = this.idom[at];
    return at === a.mark;
  }
}

/** Natural loops, each known by the place of its header. A jump into the middle of a cycle makes its target a header,
 *  too. */
export class Loops {
  /** By place: the innermost loop that the block is in, a header being in its own; -1 for none. */
  readonly of: Int32Array;
  /** By header: the loop around it, or -1. */
  readonly parent: Int32Array;
  /** By header: 1 if there is another loop within. */
  readonly outer: Uint8Array;

  constructor({ blocks }: Order) {
    this.of = new Int32Array(blocks.length).fill(-1);
    this.parent = new Int32Array(blocks.length).fill(-1);
    this.outer = new Uint8Array(blocks.length);
    // Inner loops are found first: what is theirs is passed over at once.
    const stack: Block[] = [];
    for (let h = blocks.length - 1; h >= 0; h--) {
      for (const pred of blocks[h].preds) if (pred.mark >= h) stack.push(pred);
      if (stack.length === 0) continue;
      this.of[h] = h;
      for (let b = stack.pop(); b !== undefined; b = stack.pop()) {
        if (b.mark <= h) continue;
        let inner = this.of[b.mark];
        if (inner < 0) {
          this.of[b.mark] = h;
          stack.push(...b.preds);
          continue;
        }
        while (this.parent[inner] >= 0) inner = this.parent[inner];
        if (inner === h) continue;
        this.parent[inner] = h;
        this.outer[h] = 1;
        stack.push(...blocks[inner].preds);
      }
    }
  }
}

/** Puts the marks of blocks that are not reached to -1. Successors are visited last to first, so that the body of a
 *  loop comes before what follows it. */
function reversePostorder(fn: SFunc): Block[] {
  const unseen = -1;
  const open = -2;
  for (const block of fn.blocks) block.mark = unseen;
  const post: Block[] = [];
  const stack: Block[] = [];
  const next: number[] = [];
  const visit = (root: Block): void => {
    if (root.mark !== unseen) return;
    root.mark = open;
    stack.push(root);
    next.push(root.succs.length);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const block = stack[top];
      if (next[top] > 0) {
        const succ = block.succs[--next[top]];
        if (succ.mark !== unseen) continue;
        succ.mark = open;
        stack.push(succ);
        next.push(succ.succs.length);
      } else {
        stack.pop();
        next.pop();
        post.push(block);
      }
    }
  };
  if (fn.deferExit !== null) visit(fn.deferExit);
  visit(fn.entry);
  post.reverse();
  for (let i = 0; i < post.length; i++) post[i].mark = i;
  return post;
}

/** Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm. A block that two entries reach without a common
 *  dominator gets -1. */
function dominators(blocks: readonly Block[], second: Block | null): Int32Array {
  const unknown = -2;
  const none = -1;
  const idom = new Int32Array(blocks.length).fill(unknown);
  const root = (i: number): boolean => i === 0 || blocks[i] === second;
  for (let i = 0; i < blocks.length; i++) if (root(i)) idom[i] = none;
  const intersect = (a: number, b: number): number => {
    let x = a;
    let y = b;
    while (x !== y) {
      if (x > y) x = idom[x];
      else y = idom[y];
      if (x < 0 || y < 0) return none;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < blocks.length; i++) {
      if (root(i)) continue;
      let dom = unknown;
      for (const pred of blocks[i].preds) {
        const p = pred.mark;
        if (p < 0 || idom[p] === unknown) continue;
        dom = dom === unknown ? p : dom === none ? none : intersect(dom, p);
      }
      if (dom !== idom[i]) {
        idom[i] = dom;
        changed = true;
      }
    }
  }
  return idom;
}

/** Drops blocks that control does not reach, with their edges and phi arguments. */
export function removeUnreachable(fn: SFunc): Block[] {
  const order = reversePostorder(fn);
  if (order.length === fn.blocks.length) return order;
  for (const block of order) {
    if (block.preds.every((p) => p.mark >= 0)) continue;
    const keep = block.preds.map((p) => p.mark >= 0);
    for (const v of block.values) {
      if (!isPhi(v)) break;
      v.args = v.args.filter((_, i) => keep[i]);
    }
    block.preds = block.preds.filter((_, i) => keep[i]);
  }
  const live = fn.blocks.filter((b) => b.mark >= 0);
  fn.blocks.length = 0;
  for (const b of live) fn.blocks.push(b);
  return order;
}

/** Removes the edge from `from` to its successor number `index`. */
export function removeEdge(from: Block, index: number): void {
  const to = from.succs[index];
  const slot = predIndex(from, index);
  from.succs.splice(index, 1);
  to.preds.splice(slot, 1);
  for (const v of to.values) {
    if (!isPhi(v)) break;
    v.args.splice(slot, 1);
  }
}

/** Which predecessor of its target the successor edge `index` of `from` is: equal edges keep their order. */
export function predIndex(from: Block, index: number): number {
  const to = from.succs[index];
  if (to.preds.length === 1) return 0;
  let nth = 0;
  for (let i = 0; i < index; i++) if (from.succs[i] === to) nth++;
  for (let i = 0; i < to.preds.length; i++) {
    if (to.preds[i] === from && nth-- === 0) return i;
  }
  return -1;
}

/** Puts a block into each edge from a block with several successors to one that has phis and several predecessors:
 *  there the phis' values are set. */
export function splitCriticalEdges(fn: SFunc): void {
  const count = fn.blocks.length;
  for (let b = 0; b < count; b++) {
    const block = fn.blocks[b];
    if (block.succs.length < 2) {
      // A choice of one.
      if (block.succs.length === 1) makePlain(block);
      continue;
    }
    for (let i = 0; i < block.succs.length; i++) {
      const to = block.succs[i];
      if (to.preds.length < 2 || to.values.length === 0 || !isPhi(to.values[0])) continue;
      const slot = predIndex(block, i);
      const middle = fn.newBlock(block.pos);
      middle.kind = BlockKind.Plain;
      middle.sealed = true;
      block.succs[i] = middle;
      middle.preds.push(block);
      middle.succs.push(to);
      to.preds[slot] = middle;
    }
  }
}

export function isPhi(v: Value): boolean {
  return v.op === SOp.Phi;
}

/** Goes to its only successor, whatever it chose by before. */
export function makePlain(block: Block): void {
  block.kind = BlockKind.Plain;
  block.control = null;
  block.likely = 0;
}

/** What is there when a function is entered: at the head of its first block. */
export function isGiven(v: Value): boolean {
  return v.op === SOp.Phi || v.op === SOp.Param || v.op === SOp.Ctxt;
}
