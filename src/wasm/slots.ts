/** Which slots of a frame hold something that will be looked at again, at each place where the collector may run: by name
 *  (cmd/compile/internal/liveness/plive.go). A slot whose address goes anywhere is an object of the frame besides: while a
 *  pointer to it is found, the collector looks at it although nobody mentions it any more. */
import type { Order } from "../ssa/passes/cfg.ts";
import { type Block, BlockKind, Mem, type SFunc, type Slot, SOp, type Value } from "../ssa/value.ts";
import { Place } from "./nest.ts";

const enum Event {
  Use,
  /** All pointers in the slot are written. */
  Kill,
  SafePoint,
}

const none: readonly Slot[] = [];

export class SlotLiveness {
  /** Slots that pointers may point to. */
  readonly objects: Slot[] = [];
  /** Slots that may be looked at before anything is written to them. */
  cleared: readonly Slot[] = none;
  /** What the deferExit block reads: live everywhere, because control may come there from any call. */
  pinned: readonly Slot[] = none;
  private readonly at = new Map<number, readonly Slot[]>();
  private readonly slots: Slot[] = [];
  private readonly index = new Map<Slot, number>();
  private readonly escaping = new Set<Slot>();

  /** Without `precise`, all slots live all the time. */
  constructor(fn: SFunc, order: Order, isSafePoint: (v: Value) => boolean, precise: boolean) {
    for (const slot of fn.slots) {
      if (slot.pointers.length === 0) continue;
      this.index.set(slot, this.slots.length);
      this.slots.push(slot);
    }
    if (this.slots.length === 0) return;
    if (!precise) {
      this.cleared = this.slots;
      this.pinned = this.slots;
      return;
    }
    this.solve(fn, order, isSafePoint);
    for (const slot of this.slots) if (this.escaping.has(slot)) this.objects.push(slot);
  }

  /** Live after `v`, which is a safe point or not: then only what always is. */
  live(v: Value): readonly Slot[] {
    return this.at.get(v.id) ?? this.pinned;
  }

  private solve(fn: SFunc, order: Order, isSafePoint: (v: Value) => boolean): void {
    const { blocks } = order;
    const events = blocks.map((block) => this.events(block, isSafePoint));
    const words = (this.slots.length + 31) >> 5;
    const ins = new Int32Array(words * blocks.length);
    const live = new Int32Array(words);
    const atEnd = (block: Block): void => {
      live.fill(0);
      for (const succ of block.succs) for (let w = 0; w < words; w++) live[w] |= ins[succ.mark * words + w];
    };
    for (let changed = true; changed; ) {
      changed = false;
      for (let b = blocks.length - 1; b >= 0; b--) {
        atEnd(blocks[b]);
        backwards(events[b], live, null);
        for (let w = 0; w < words; w++) {
          if (ins[b * words + w] === live[w]) continue;
          ins[b * words + w] = live[w];
          changed = true;
        }
      }
    }
    const pinned = new Int32Array(words);
    if (fn.deferExit !== null) {
      for (let w = 0; w < words; w++) pinned[w] = ins[fn.deferExit.mark * words + w];
      this.pinned = this.list(pinned);
    }
    for (let b = 0; b < blocks.length; b++) {
      if (!events[b].some((event) => (event & 3) === Event.SafePoint)) continue;
      atEnd(blocks[b]);
      backwards(events[b], live, (id) => {
        for (let w = 0; w < words; w++) live[w] |= pinned[w];
        this.at.set(id, this.list(live));
      });
    }
    for (let w = 0; w < words; w++) pinned[w] |= ins[w];
    this.cleared = this.list(pinned);
  }

  private list(set: Int32Array): readonly Slot[] {
    const out = this.slots.filter((_, i) => has(set, i));
    return out.length === 0 ? none : out;
  }

  /** What happens to slots in a block, in order: kind in the lowest two bits, above it the slot, or the id of the root. */
  private events(block: Block, isSafePoint: (v: Value) => boolean): number[] {
    const out: number[] = [];
    for (const v of block.values) {
      if (v.mark !== Place.Root || v.op === SOp.Phi) continue;
      this.uses(v, out);
      const killed = this.killed(v);
      if (killed >= 0) out.push((killed << 2) | Event.Kill);
      if (isSafePoint(v)) out.push((v.id << 2) | Event.SafePoint);
    }
    const tree = (v: Value): void => {
      if (v.op === SOp.SlotAddr) this.mention(v.obj as Slot, out, true);
      else if (v.mark === Place.Nested) this.uses(v, out);
    };
    if (block.control !== null) tree(block.control);
    for (const v of block.results) tree(v);
    if (block.kind !== BlockKind.Plain) return out;
    const [to] = block.succs;
    const edge = to.preds.indexOf(block);
    for (const phi of to.values) {
      if (phi.op !== SOp.Phi) break;
      tree(phi.args[edge]);
    }
    return out;
  }

  /** Slots that `v` and what is computed within it mention. */
  private uses(v: Value, out: number[]): void {
    const direct = accessed(v);
    for (let i = 0; i < v.args.length; i++) {
      const arg = v.args[i];
      if (arg.op === SOp.SlotAddr) {
        if (i === 0 && this.killed(v) >= 0) continue;
        this.mention(arg.obj as Slot, out, i >= direct);
      } else if (arg.mark === Place.Nested) this.uses(arg, out);
    }
  }

  private mention(slot: Slot, out: number[], escapes: boolean): void {
    const i = this.index.get(slot);
    if (i === undefined) return;
    out.push((i << 2) | Event.Use);
    if (escapes) this.escaping.add(slot);
  }

  /** The slot all of whose pointers `v` writes, or -1. */
  private killed(v: Value): number {
    const whole = v.op === SOp.Zero || v.op === SOp.Move;
    if (!whole && v.op !== SOp.StorePtr && (v.op !== SOp.Store || v.mem !== Mem.Ptr)) return -1;
    const [to] = v.args;
    if (to.op !== SOp.SlotAddr) return -1;
    const slot = to.obj as Slot;
    const i = this.index.get(slot) ?? -1;
    if (i < 0) return -1;
    const { pointers } = slot;
    const start = whole ? to.aux : to.aux + v.aux;
    const size = whole ? v.aux : 8;
    return start <= pointers[0] * 8 && (pointers[pointers.length - 1] + 1) * 8 <= start + size ? i : -1;
  }
}

/** How many of the first arguments are addresses that are only read or written there. */
function accessed(v: Value): number {
  switch (v.op) {
    case SOp.Load:
    case SOp.Store:
    case SOp.StorePtr:
    case SOp.Zero:
      return 1;
    case SOp.Move:
      return 2;
    default:
      return 0;
  }
}

/** Turns what is live after the events into what is live before them. */
function backwards(events: readonly number[], live: Int32Array, safePoint: ((id: number) => void) | null): void {
  for (let k = events.length - 1; k >= 0; k--) {
    const i = events[k] >>> 2;
    switch ((events[k] & 3) as Event) {
      case Event.Use:
        live[i >> 5] |= 1 << (i & 31);
        break;
      case Event.Kill:
        live[i >> 5] &= ~(1 << (i & 31));
        break;
      case Event.SafePoint:
        safePoint?.(i);
    }
  }
}

function has(set: Int32Array, i: number): boolean {
  return (set[i >> 5] & (1 << (i & 31))) !== 0;
}
