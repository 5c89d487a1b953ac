/** The frame of a function: where spilled locals and slots are, and which stores at which call keep it up to date.
 *
 *  Each wasm local that must survive in the frame has one place there. Before a call that may park everything that lives
 *  across it is stored, before one that may collect only pointers; what is stored on all paths already is left out. What
 *  a loop does not change is stored before the loop. */
import { isPhi, type Loops, type Order } from "../ssa/passes/cfg.ts";
import { type Block, type SFunc, type Slot, SOp, type Value } from "../ssa/value.ts";
import { sizeOfType } from "./code.ts";
import type { Locals } from "./locals.ts";
import type { SlotLiveness } from "./slots.ts";

export const FrameHeader = 8;

/** What a value does to the frame. */
export const enum Safety {
  None,
  /** Somebody may look at the frame to report a failure: it has the arguments. */
  Shows,
  /** The collector may run: pointers are in the frame. */
  Collects,
  /** The goroutine may stop: everything is. */
  Parks,
  /** A poll: everything is stored, but only where it does stop. */
  Polls,
}

export class Frame {
  /** By local: offset in the frame, or -1. */
  readonly spill: Int32Array;
  /** By root id: locals to store before it. */
  readonly stores = new Map<number, number[]>();
  /** By place of a block: locals to store at its end, after the phis of its successor are set. */
  readonly endStores = new Map<number, number[]>();
  /** Which of these are stored with values of parameters. */
  private readonly endParams = new Set<number>();
  /** By id of what has a pc: parameters whose places in the frame hold values of theirs, as bits. For tracebacks. */
  readonly args = new Map<number, number>();
  /** How many parameters that is looked at for. */
  readonly params: number;
  /** Arguments that live across a call are kept for tracebacks, as the compiler does since it has to. */
  private readonly showsArgs: boolean;
  readonly slotPointers: number[] = [];
  /** Of slots that pointers may point to: offset, size, place of its pointers among {@link slotPointers}, their number. */
  readonly objects: number[] = [];
  size = 0;

  constructor(
    fn: SFunc,
    order: Order,
    loops: Loops,
    private readonly locals: Locals,
    private readonly slots: SlotLiveness,
    private readonly safety: (v: Value) => Safety,
    private readonly hasPC: (v: Value) => boolean,
  ) {
    this.params = fn.traceArgs.length === 0 ? 0 : Math.min(fn.sig.params.length, 31);
    this.showsArgs = !fn.name.startsWith("runtime.") && !fn.name.startsWith("internal/runtime/");

    this.spill = new Int32Array(locals.types.length).fill(-1);
    this.layout(fn);
    if (locals.safePoints.size === 0) return;
    this.hoist(order, loops);
    this.placeStores(fn, order);
  }

  /** Finds what the calls of a loop need in the frame and the loop does not change: stored at the ends of the blocks that
   *  lead to the outermost such loop. */
  private hoist({ blocks }: Order, loops: Loops): void {
    const words = (this.locals.types.length + 31) >> 5;
    // By header: locals that are set within.
    const changed = new Map<number, Int32Array>();
    for (const block of blocks) {
      if (loops.of[block.mark] < 0) continue;
      const set = new Int32Array(words);
      this.eachSet(block, (local) => add(set, 0, local));
      for (let loop = loops.of[block.mark]; loop >= 0; loop = loops.parent[loop]) {
        const sum = changed.get(loop);
        if (sum === undefined) changed.set(loop, set.slice());
        else for (let w = 0; w < words; w++) sum[w] |= set[w];
      }
    }
    if (changed.size === 0) return;
    for (const block of blocks) {
      const inner = loops.of[block.mark];
      if (inner < 0) continue;
      for (const v of block.values) {
        const safety = this.safety(v);
        if (safety === Safety.None || safety === Safety.Polls) continue;
        for (const local of this.needed(v)) {
          let from = -1;
          for (let loop = inner; loop >= 0 && !has(changed.get(loop)!, local); loop = loops.parent[loop]) from = loop;
          if (from < 0) continue;
          for (const pred of blocks[from].preds) {
            if (pred.mark >= from) continue;
            const list = this.endStores.get(pred.mark);
            if (list === undefined) this.endStores.set(pred.mark, [local]);
            else if (!list.includes(local)) list.push(local);
            if (local < this.params && this.isParam(v, local)) this.endParams.add(pred.mark * this.params + local);
          }
        }
      }
    }
  }

  /** The locals that a block sets, phis of its successor included. */
  private eachSet(block: Block, f: (local: number) => void): void {
    const { locals } = this;
    for (const v of block.values) {
      const local = locals.of[v.id];
      if (local >= 0 && !isPhi(v) && !locals.pinned.includes(v)) f(local);
    }
    if (block.succs.length !== 1) return;
    const [to] = block.succs;
    for (const phi of to.values) {
      if (!isPhi(phi)) break;
      const local = locals.of[phi.id];
      if (local < 0) continue;
      const arg = phi.args[to.preds.indexOf(block)];
      if (locals.of[arg.id] !== local) f(local);
    }
  }

  private layout(fn: SFunc): void {
    const { locals } = this;
    const needed = new Set<number>();
    for (const v of locals.pinned) needed.add(locals.of[v.id]);
    for (const { root, live } of locals.safePoints.values()) {
      const safety = this.safety(root);
      for (const v of live) if (this.wants(safety, v)) needed.add(locals.of[v.id]);
    }
    let at = FrameHeader;
    for (const wide of [true, false]) {
      for (const local of needed) {
        const size = sizeOfType(locals.types[local]);
        if ((size === 8) !== wide) continue;
        this.spill[local] = at;
        at += size;
      }
    }
    for (const slot of fn.slots) {
      // Pointer maps count words of 8 bytes.
      at = (at + Math.max(slot.align, 8) - 1) & -Math.max(slot.align, 8);
      slot.offset = at;
      if (this.slots.objects.includes(slot))
        this.objects.push(at, slot.size, this.slotPointers.length, slot.pointers.length);
      for (const word of slot.pointers) this.slotPointers.push(at + word * 8);
      at += slot.size;
    }
    this.size = (at + 15) & -16;
  }

  /** Whether `v`, which lives across something, has to be in the frame meanwhile. */
  private wants(safety: Safety, v: Value): boolean {
    if (safety > Safety.Collects) return true;
    if (safety === Safety.Collects && v.isPointer) return true;
    const param = this.locals.paramOf[v.id];
    return this.showsArgs && param >= 0 && param < this.params;
  }

  /** Which locals, of what lives across `v`, have to be in the frame. */
  needed(v: Value): number[] {
    const point = this.locals.safePoints.get(v.id);
    if (point === undefined) return [];
    const safety = this.safety(v);
    const out: number[] = [];
    for (const value of point.live) {
      if (!this.wants(safety, value)) continue;
      const local = this.locals.of[value.id];
      if (!out.includes(local)) out.push(local);
    }
    return out;
  }

  /** Offsets of the pointers that live while `v` runs: in the spill area and in slots. */
  pointers(v: Value): number[] {
    const out: number[] = [];
    const point = this.locals.safePoints.get(v.id);
    if (point !== undefined && this.safety(v) >= Safety.Collects)
      for (const value of point.live) if (value.isPointer) out.push(this.spill[this.locals.of[value.id]]);
    out.sort((a, b) => a - b);
    return this.addSlots(out, this.slots.live(v));
  }

  /** The same where a recovered panic continues. */
  pinnedPointers(): number[] {
    const { pinned, of } = this.locals;
    return this.addSlots(
      pinned.filter((v) => v.isPointer).map((v) => this.spill[of[v.id]]),
      this.slots.pinned,
    );
  }

  private addSlots(out: number[], slots: readonly Slot[]): number[] {
    for (const slot of slots) for (const word of slot.pointers) out.push(slot.offset + word * 8);
    return out;
  }

  /** A forward analysis, "the frame holds the current value of the local", over blocks. */
  private placeStores(fn: SFunc, order: Order): void {
    const { blocks } = order;
    const { types } = this.locals;
    const words = (types.length + this.params + 31) >> 5;
    if (words === 0) return;
    const pinned = new Int32Array(words);
    for (const v of this.locals.pinned) {
      const local = this.locals.of[v.id];
      add(pinned, 0, local);
      if (v.op === SOp.Param && local < this.params) add(pinned, 0, types.length + local);
    }
    const outs = new Int32Array(words * blocks.length).fill(-1);
    const state = new Int32Array(words);
    const enter = (block: Block): void => {
      if (block === fn.entry || block === fn.deferExit) {
        state.set(pinned);
        return;
      }
      state.fill(-1);
      for (const pred of block.preds) {
        const base = pred.mark * words;
        for (let w = 0; w < words; w++) state[w] &= outs[base + w];
      }
    };
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of blocks) {
        enter(block);
        this.walk(block, state, false);
        const base = block.mark * words;
        for (let w = 0; w < words; w++) {
          if (outs[base + w] === state[w]) continue;
          outs[base + w] = state[w];
          changed = true;
        }
      }
    }
    for (const block of blocks) {
      enter(block);
      this.walk(block, state, true);
    }
  }

  /** The local of a parameter is stored before `v`: it may have got something else by now. */
  private storeParam(v: Value, local: number, state: Int32Array): void {
    this.markParam(local, this.isParam(v, local), state);
  }

  /** Whether the local of a parameter still has a value of it while `v` runs. */
  private isParam(v: Value, local: number): boolean {
    const { live } = this.locals.safePoints.get(v.id)!;
    return live.some((value) => this.locals.paramOf[value.id] === local);
  }

  private markParam(local: number, own: boolean, state: Int32Array): void {
    const bit = this.locals.types.length + local;
    if (own) add(state, 0, bit);
    else remove(state, bit);
  }

  private argsIn(state: Int32Array): number {
    let bits = 0;
    for (let k = 0; k < this.params; k++) if (has(state, this.locals.types.length + k)) bits |= 1 << k;
    return bits;
  }

  private walk(block: Block, state: Int32Array, record: boolean): void {
    const { locals } = this;
    for (const v of block.values) {
      const safety = this.safety(v);
      if (safety !== Safety.None) {
        const stores: number[] = [];
        for (const local of this.needed(v)) {
          if (has(state, local)) continue;
          if (safety !== Safety.Polls) add(state, 0, local);
          stores.push(local);
          if (local < this.params) this.storeParam(v, local, state);
        }
        if (record) this.stores.set(v.id, stores);
      }
      if (record && this.params > 0 && this.hasPC(v)) this.args.set(v.id, this.argsIn(state));
      const local = locals.of[v.id];
      if (local >= 0 && !isPhi(v) && !locals.pinned.includes(v)) remove(state, local);
    }
    // Copies to the phis of the successor.
    if (block.succs.length === 1) {
      for (const phi of block.succs[0].values) {
        if (!isPhi(phi)) break;
        const local = locals.of[phi.id];
        if (local < 0) continue;
        const slot = block.succs[0].preds.indexOf(block);
        const arg = phi.args[slot];
        if (locals.of[arg.id] !== local) remove(state, local);
      }
    }
    const atEnd = this.endStores.get(block.mark);
    if (atEnd === undefined) return;
    if (record) {
      const left = atEnd.filter((local) => !has(state, local));
      if (left.length > 0) this.endStores.set(block.mark, left);
      else this.endStores.delete(block.mark);
    }
    for (const local of atEnd) {
      add(state, 0, local);
      if (local < this.params) this.markParam(local, this.endParams.has(block.mark * this.params + local), state);
    }
  }
}

function has(set: Int32Array, i: number): boolean {
  return (set[i >> 5] & (1 << (i & 31))) !== 0;
}

function add(set: Int32Array, base: number, i: number): void {
  set[base + (i >> 5)] |= 1 << (i & 31);
}

function remove(set: Int32Array, i: number): void {
  set[i >> 5] &= ~(1 << (i & 31));
}
