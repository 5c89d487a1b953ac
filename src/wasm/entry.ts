/** Code by which a function begins and goes on: its frame, what is cleared in it, and the way to the resume points. */
import { FnFlag, Mem, Reg, SOp, type Value, VT } from "../ssa/value.ts";
import { CallCode, PollInterval } from "./calls.ts";
import { memOfType } from "./code.ts";
import { type GNode, NodeKind, type ResumePoint } from "./graph.ts";
import { ResultArea } from "./memory.ts";
import { RelocKind } from "./object.ts";
import { Op, VoidBlock } from "./op.ts";
import type { SlotLiveness } from "./slots.ts";

/** What the bytes of dead frames are for the sanitizer; as a pointer, beyond all memory. overlay/runtime/mcheck.go has it, too. */
const Poison = 0xfb;

export abstract class EntryCode extends CallCode {
  protected abstract readonly slots: SlotLiveness;
  /** Local that says where to go on, while that is on the way. */
  protected resume = -1;

  /** `fp = SP - size`; a function that may park looks whether that is above the limit, which it never is when it is
   *  entered to go on. */
  protected prologue(node: GNode): void {
    const { w, frame } = this;
    if (this.fp < 0) return;
    w.getReg(Reg.SP);
    w.i32(frame.size);
    w.op(Op.I32Sub);
    const stays = (this.fn.flags & FnFlag.StackStays) !== 0;
    if (!this.parks || stays) {
      w.set(this.fp);
      if (this.parks && node.succs.length === 2) {
        w.getReg(Reg.Resuming);
        w.op(Op.I32Eqz);
      }
      return;
    }
    w.tee(this.fp);
    w.getReg(Reg.Limit);
    if (node.succs.length === 2) {
      w.op(Op.I32GeU);
      return;
    }
    w.op(Op.I32LtU);
    w.expect(false);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    this.moreStack();
    w.out.u8(Op.End);
  }

  /** Leaves the arguments for the run loop, which makes the stack larger and calls again. */
  protected moreStack(): void {
    const { w, fn } = this;
    for (let i = 0; i < fn.sig.params.length; i++) {
      w.out.u8(Op.LocalGet);
      w.out.uleb(i);
    }
    w.hole(RelocKind.PC, 0, 0);
    w.out.u8(Op.Call);
    w.reloc(RelocKind.MoreStack, this.cx.sig(fn.sig));
    w.noResults(fn.sig.results);
    w.out.u8(Op.Return);
  }

  /** What the function does before its first value, unless it goes on. */
  protected start(): void {
    const { w, locals } = this;
    if (this.countdown >= 0) {
      w.i32(PollInterval);
      w.set(this.countdown);
    }
    if (this.spBlock !== null) this.clearSlots();
    for (const v of locals.pinned) {
      if (v.op === SOp.Param) this.spill(locals.of[v.id]);
    }
  }

  /** What may be scanned before it is written. */
  protected clearSlots(): void {
    const { w } = this;
    for (const slot of this.slots.cleared) {
      const first = slot.offset + slot.pointers[0] * 8;
      const end = slot.offset + (slot.pointers[slot.pointers.length - 1] + 1) * 8;
      if (slot.pointers.length <= 4) {
        for (const word of slot.pointers) {
          w.get(this.fp);
          w.zero(VT.I64);
          w.i64Store(slot.offset + word * 8);
        }
      } else {
        this.zero(
          () => {
            w.get(this.fp);
          },
          first,
          end - first,
        );
      }
    }
  }

  protected dispatch(node: GNode): void {
    const { w } = this;
    const main = node.preds.length === 1 && node.preds[0].kind === NodeKind.Prologue;
    if (!main) {
      w.get(this.resume);
    } else {
      w.getReg(Reg.Resuming);
      w.op(Op.I32Eqz);
      w.expect(false);
      w.out.u8(Op.If);
      w.out.u8(VoidBlock);
      this.moreStack();
      w.out.u8(Op.End);
      // The caller has put the limit away, so that the prologue comes here.
      w.getReg(Reg.Resuming);
      w.setReg(Reg.Limit);
      w.i32(0);
      w.setReg(Reg.Resuming);
      w.getReg(Reg.SP);
      w.set(this.fp);
      this.loadLocals();
      w.get(this.fp);
      w.load(Mem.I32, 0);
      w.hole(RelocKind.PC, 0, 0);
      w.op(Op.I32Sub);
      if (this.resume >= 0) w.tee(this.resume);
    }
    this.arrive(node);
    if (node.low !== 0) {
      w.i32(node.low);
      w.op(Op.I32Sub);
    }
  }

  /** Ends the way to the resume points that a dispatch leads to at once, which come before those in loops. The next loop on
   *  the way to the others has its dispatch where it polls: its poll is due. */
  protected arrive(node: GNode): void {
    const { w } = this;
    const direct = node.succs.filter((s) => s.kind === NodeKind.Reload).length;
    const set = (local: number, n: number): void => {
      if (local < 0) return;
      w.i32(n);
      w.set(local);
    };
    if (direct === node.succs.length) {
      set(this.resume, 0);
      set(this.countdown, PollInterval);
      return;
    }
    w.get(this.resume);
    w.i32(node.low + direct);
    w.op(Op.I32LtU);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    set(this.resume, 0);
    set(this.countdown, PollInterval);
    w.op(Op.Else);
    set(this.countdown, 1);
    w.out.u8(Op.End);
  }

  /** Whatever is in the frame at some resume point, at all of them: this code stands once, and is rarely run. What does
   *  not live at the one that is meant is not used. */
  protected loadLocals(): void {
    const { w, frame, locals } = this;
    frame.spill.forEach((offset, local) => {
      if (offset < 0) return;
      w.get(this.fp);
      w.load(memOfType(locals.types[local]), offset);
      w.set(local);
    });
  }

  /** The locals are loaded already. */
  protected reload(point: ResumePoint): void {
    const { w, locals } = this;
    const { root } = point;
    if (root === null) return;
    if (root.op !== SOp.Call && root.op !== SOp.CallIndirect) return;
    const result = (v: Value, index: number): void => {
      const local = locals.of[v.id];
      if (local < 0) return;
      w.hole(RelocKind.Data, this.cx.symbol(ResultArea));
      w.load(memOfType(v.type), index * 8);
      w.set(local);
    };
    if (root.sig!.results.length === 1) result(root, 0);
    else for (const v of this.resultsUsed.get(root.id) ?? []) result(v, v.aux);
  }

  protected poison(): void {
    const { w } = this;
    w.get(this.fp);
    w.i32(Poison);
    w.i32(this.frame.size);
    w.memoryFill();
  }
}
