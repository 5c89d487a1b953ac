/** Gives values their WebAssembly locals: liveness, merging of phis with their arguments, reuse of locals.
 *
 *  Live ranges are intervals over a numbering of all roots in reverse postorder, without holes: coarse, quick, and exact
 *  enough for what is left of a function after nesting. Two values share a local if their intervals do not overlap. */
import type { Order } from "../ssa/passes/cfg.ts";
import { type Block, BlockKind, type SFunc, SOp, type Value, VT } from "../ssa/value.ts";
import { Place } from "./nest.ts";

/** Values that live across a place where the goroutine may stop or the collector may run. */
export interface SafePoint {
  readonly root: Value;
  /** Live after it, without its results. */
  readonly live: Value[];
}

export class Locals {
  /** Wasm types of the locals; parameters come first. */
  readonly types: VT[] = [];
  /** By value id: the local, or -1. */
  readonly of: Int32Array;
  /** By value id: the parameter whose variable it is a value of, or -1. */
  readonly paramOf: Int32Array;
  /** By id of the root. */
  readonly safePoints = new Map<number, SafePoint>();
  /** Values that the deferExit block needs: stored in the frame as soon as they are known. */
  readonly pinned: Value[] = [];

  constructor(fn: SFunc, order: Order, isSafePoint: (v: Value) => boolean) {
    this.of = new Int32Array(fn.numValues).fill(-1);
    this.paramOf = new Int32Array(fn.numValues).fill(-1);
    for (const vt of fn.sig.params) this.types.push(vt);
    const live = new Liveness(fn, order, isSafePoint, this.safePoints);
    if (fn.deferExit !== null) this.pin(fn.deferExit, live);
    this.assign(fn, order, live);
  }

  /** A local of its own. */
  fresh(vt: VT): number {
    this.types.push(vt);
    return this.types.length - 1;
  }

  private pin(deferExit: Block, live: Liveness): void {
    for (const v of live.liveIn(deferExit)) {
      this.pinned.push(v);
      live.start[v.id] = 0;
      live.end[v.id] = live.last;
    }
    if (this.pinned.length === 0) return;
    for (const { live: values } of this.safePoints.values()) {
      for (const v of this.pinned) if (!values.includes(v)) values.push(v);
    }
  }

  private assign(fn: SFunc, order: Order, live: Liveness): void {
    const classes = mergePhis(fn, order, live);
    // In the order of their starts, each takes the first local of its type that is free again.
    classes.sort((a, b) => a.start - b.start);
    const busyUntil: number[] = [];
    const byType: number[][] = [[], [], [], [], [], []];
    for (let i = 0; i < this.types.length; i++) busyUntil.push(0);
    for (const c of classes) {
      if (c.param < 0) continue;
      busyUntil[c.param] = Math.max(busyUntil[c.param], c.end);
    }
    for (let i = 0; i < this.types.length; i++) byType[this.types[i]].push(i);
    for (const c of classes) {
      let local = c.param;
      if (local < 0) {
        const candidates = byType[c.type];
        for (let i = 0; i < candidates.length; i++) {
          if (busyUntil[candidates[i]] <= c.start) {
            local = candidates[i];
            break;
          }
        }
        if (local < 0) {
          local = this.fresh(c.type);
          candidates.push(local);
        }
        busyUntil[local] = c.end;
      }
      for (const v of c.values) {
        this.of[v.id] = local;
        this.paramOf[v.id] = c.param;
      }
    }
  }
}

/** Values that share a local. */
interface Class {
  type: VT;
  /** Number of the parameter among them, or -1. */
  param: number;
  start: number;
  end: number;
  values: Value[];
  /** Disjoint, ascending: start, end, start, end … */
  ranges: number[];
}

function mergePhis(fn: SFunc, order: Order, live: Liveness): Class[] {
  const classOf: (Class | null)[] = new Array(fn.numValues).fill(null);
  const get = (v: Value): Class => {
    let c = classOf[v.id];
    if (c === null) {
      const start = live.start[v.id];
      const end = live.end[v.id];
      const param = v.op === SOp.Param ? v.aux : -1;
      c = { type: v.type, param, start, end, values: [v], ranges: [start, end] };
      classOf[v.id] = c;
    }
    return c;
  };
  const needs = (v: Value): boolean => live.end[v.id] >= 0;
  for (const block of order.blocks) {
    for (const phi of block.values) {
      if (phi.op !== SOp.Phi) break;
      if (!needs(phi)) continue;
      let into = get(phi);
      for (const arg of phi.args) {
        if (arg.mark !== Place.Root || arg.type !== phi.type || !needs(arg)) continue;
        const other = get(arg);
        if (other === into || (other.param >= 0 && into.param >= 0)) continue;
        if (overlap(into.ranges, other.ranges)) continue;
        if (other.values.length > into.values.length) {
          merge(other, into, classOf);
          into = other;
        } else merge(into, other, classOf);
      }
    }
  }
  const out: Class[] = [];
  const seen = new Set<Class>();
  for (const block of order.blocks) {
    for (const v of block.values) {
      if (v.mark !== Place.Root || !needs(v)) continue;
      const c = get(v);
      if (seen.has(c)) continue;
      seen.add(c);
      out.push(c);
    }
  }
  return out;
}

function overlap(a: readonly number[], b: readonly number[]): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i + 1] <= b[j]) i += 2;
    else if (b[j + 1] <= a[i]) j += 2;
    else return true;
  }
  return false;
}

function merge(into: Class, other: Class, classOf: (Class | null)[]): void {
  for (const v of other.values) {
    into.values.push(v);
    classOf[v.id] = into;
  }
  const ranges: number[] = [];
  let i = 0;
  let j = 0;
  while (i < into.ranges.length || j < other.ranges.length) {
    if (j >= other.ranges.length || (i < into.ranges.length && into.ranges[i] < other.ranges[j])) {
      ranges.push(into.ranges[i], into.ranges[i + 1]);
      i += 2;
    } else {
      ranges.push(other.ranges[j], other.ranges[j + 1]);
      j += 2;
    }
  }
  into.ranges = ranges;
  into.start = Math.min(into.start, other.start);
  into.end = Math.max(into.end, other.end);
  if (other.param >= 0) into.param = other.param;
}

/** Liveness of the values that need a local. */
class Liveness {
  /** By value id: interval (start, end]; end is -1 for values without one. Even numbers read, odd ones write. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  last = 0;
  private readonly words: number;
  /** Bit sets, by place of the block: values live at its start (without its phis) and at its end. */
  private readonly ins: Int32Array;
  private readonly outs: Int32Array;
  private readonly byIndex: Value[] = [];
  /** By value id: number among the values that may need a local, or -1. */
  private readonly index: Int32Array;

  constructor(
    fn: SFunc,
    order: Order,
    private readonly isSafePoint: (v: Value) => boolean,
    private readonly safePoints: Map<number, SafePoint>,
  ) {
    this.start = new Int32Array(fn.numValues);
    this.end = new Int32Array(fn.numValues).fill(-1);
    this.index = new Int32Array(fn.numValues).fill(-1);
    const { blocks } = order;
    for (const block of blocks) {
      for (const v of block.values) {
        if (v.mark !== Place.Root || v.type === VT.Void || v.uses === 0) continue;
        this.index[v.id] = this.byIndex.length;
        this.byIndex.push(v);
      }
    }
    this.words = (this.byIndex.length + 31) >> 5;
    this.ins = new Int32Array(this.words * blocks.length);
    this.outs = new Int32Array(this.words * blocks.length);
    for (const block of blocks) this.spread(block);
    let at = 0;
    for (const block of blocks) at = this.intervals(block, at);
    this.last = at + 2;
  }

  liveIn(block: Block): Value[] {
    const out: Value[] = [];
    this.each(this.ins, block.mark, (v) => {
      out.push(v);
    });
    return out;
  }

  private each(set: Int32Array, place: number, f: (v: Value) => void): void {
    const base = place * this.words;
    for (let w = 0; w < this.words; w++) {
      let bits = set[base + w];
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        f(this.byIndex[(w << 5) + bit]);
        bits &= bits - 1;
      }
    }
  }

  /** Marks what is used in `block` live from its definition on. */
  private spread(block: Block): void {
    for (const v of block.values) {
      if (v.op === SOp.Phi || v.mark !== Place.Root) continue;
      for (const arg of v.args) this.useIn(arg, block);
    }
    if (block.control !== null) this.useIn(block.control, block);
    for (const v of block.results) this.useIn(v, block);
    this.eachPhiArg(block, (arg) => {
      this.leaves(arg, (v) => {
        const i = this.index[v.id];
        if (i >= 0 && v.block !== block) this.upward(v, i, block);
      });
    });
  }

  private useIn(tree: Value, block: Block): void {
    this.leaves(tree, (v) => {
      const i = this.index[v.id];
      if (i >= 0 && v.block !== block) this.upward(v, i, block);
    });
  }

  /** The values with locals of an expression. */
  private leaves(tree: Value, f: (v: Value) => void): void {
    if (tree.mark === Place.Root) f(tree);
    else if (tree.mark === Place.Nested) for (const arg of tree.args) this.leaves(arg, f);
  }

  private eachPhiArg(block: Block, f: (arg: Value) => void): void {
    if (block.kind !== BlockKind.Plain) return;
    const [to] = block.succs;
    const slot = to.preds.indexOf(block);
    for (const phi of to.values) {
      if (phi.op !== SOp.Phi) break;
      if (phi.uses > 0) f(phi.args[slot]);
    }
  }

  private set(set: Int32Array, place: number, i: number): boolean {
    const at = place * this.words + (i >> 5);
    const bit = 1 << (i & 31);
    if ((set[at] & bit) !== 0) return false;
    set[at] |= bit;
    return true;
  }

  /** `v` is live at the start of `block`. */
  private upward(v: Value, i: number, block: Block): void {
    const stack = [block];
    for (let b = stack.pop(); b !== undefined; b = stack.pop()) {
      if (!this.set(this.ins, b.mark, i)) continue;
      for (const pred of b.preds) {
        this.set(this.outs, pred.mark, i);
        if (pred !== v.block) stack.push(pred);
      }
    }
  }

  /** Walks a block backwards; the result is the first number after it. */
  private intervals(block: Block, first: number): number {
    const { values } = block;
    // The start has number `first`, the roots follow, then the end.
    const endAt = first + 2 * (values.length + 1);
    const live = this.outs.slice(block.mark * this.words, (block.mark + 1) * this.words);
    this.each(this.outs, block.mark, (v) => {
      if (this.end[v.id] < endAt + 1) this.end[v.id] = endAt + 1;
    });
    const use = (tree: Value, at: number): void => {
      this.leaves(tree, (v) => {
        const i = this.index[v.id];
        if (i < 0) return;
        if (this.end[v.id] < at) this.end[v.id] = at;
        live[i >> 5] |= 1 << (i & 31);
      });
    };
    if (block.control !== null) use(block.control, endAt);
    for (const v of block.results) use(v, endAt);
    // Values that only phis need die in the copies at the end.
    this.eachPhiArg(block, (arg) => use(arg, endAt));
    let resultsOf: Value | null = null;
    let results: Value[] = [];
    for (let k = values.length - 1; k >= 0; k--) {
      const v = values[k];
      if (v.mark !== Place.Root) continue;
      const at = first + 2 * (k + 1);
      if (v === resultsOf) {
        // A call sets all its results at once.
        for (const r of results) this.start[r.id] = at + 1;
      }
      const i = this.index[v.id];
      if (v.op === SOp.Phi) {
        if (i >= 0) {
          this.start[v.id] = first + 1;
          if (this.end[v.id] < first + 1) this.end[v.id] = first + 1;
        }
        continue;
      }
      if (i >= 0) {
        this.start[v.id] = at + 1;
        if (v.op === SOp.Result) {
          if (resultsOf !== v.args[0]) {
            [resultsOf] = v.args;
            results = [];
          }
          results.push(v);
        }
        if (this.end[v.id] < at + 1) this.end[v.id] = at + 1;
        live[i >> 5] &= ~(1 << (i & 31));
      }
      if (v.op === SOp.Param) this.start[v.id] = 0;
      if (this.isSafePoint(v)) {
        const across: Value[] = [];
        for (let w = 0; w < this.words; w++) {
          let bits = live[w];
          while (bits !== 0) {
            across.push(this.byIndex[(w << 5) + 31 - Math.clz32(bits & -bits)]);
            bits &= bits - 1;
          }
        }
        this.safePoints.set(v.id, { root: v, live: across });
      }
      for (const arg of v.args) use(arg, at);
    }
    return endAt + 2;
  }
}
