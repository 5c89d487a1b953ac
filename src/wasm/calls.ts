/** Code of calls, of looks at the clock and of checks: where a function can be left and gone on with, or ends in a panic. What
 *  the frame has to tell is stored before. */

import { Num } from "../ssa/num.ts";
import type { Order } from "../ssa/passes/cfg.ts";
import { type Block, BoundsKind, EntryPoll, Mem, Reg, type Sig, SOp, type Value, VFlag, VT } from "../ssa/value.ts";
import { isWideResult, memOfType } from "./code.ts";
import { faultOffset } from "./faults.ts";
import { Safety } from "./frame.ts";
import { UnwindSymbol } from "./memory.ts";
import { hasPC } from "./needs.ts";
import { Effect, RelocKind } from "./object.ts";
import { Op, VoidBlock } from "./op.ts";
import { ValueCode } from "./values.ts";

/** Iterations of a loop between two looks at whether the goroutine should yield. */
export const PollInterval = 4096;

export const noSig: Sig = { params: [], results: [] };
const boundsSig: Sig = { params: [VT.I64, VT.I64], results: [] };
const addrSig: Sig = { params: [VT.I64], results: [] };

const boundsPanics: readonly string[] = [
  "goPanicIndex",
  "goPanicIndexU",
  "goPanicSliceAlen",
  "goPanicSliceAlenU",
  "goPanicSliceAcap",
  "goPanicSliceAcapU",
  "goPanicSliceB",
  "goPanicSliceBU",
  "goPanicSlice3Alen",
  "goPanicSlice3AlenU",
  "goPanicSlice3Acap",
  "goPanicSlice3AcapU",
  "goPanicSlice3B",
  "goPanicSlice3BU",
  "goPanicSlice3C",
  "goPanicSlice3CU",
  "goPanicSliceConvert",
];

/** Functions that code calls although no value of its data-flow form names them. */
export const emittedCalls: readonly string[] = [
  "poll",
  "panicmem",
  "panicmemAddr",
  "panicdivide",
  "panicshift",
  "gcWriteBarrier",
  "wbMove",
  "wbZero",
  "move",
  "wipe",
  ...boundsPanics,
].map((name) => `runtime.${name}`);

export abstract class CallCode extends ValueCode {
  protected abstract readonly order: Order;
  protected abstract readonly parks: boolean;
  /** From this block on, and in what it dominates, the register SP is this function's frame; null: nowhere. */
  protected abstract readonly spBlock: Block | null;
  /** It and what it calls leave the stack alone: they may be called where the caller's frame lies beyond SP. */
  protected abstract readonly isBare: boolean;
  /** Iterations up to the next look at the clock. */
  protected countdown = -1;
  /** pc of a root, from its id. */
  protected readonly pcOf = new Map<number, number>();
  /** Parts of results that something needs, from the id of the call. */
  protected readonly resultsUsed = new Map<number, Value[]>();

  /** What of the frame must be up to date while `v` runs. */
  protected safety(v: Value): Safety {
    switch (v.op) {
      case SOp.Call: {
        if ((v.flags & VFlag.NoPark) !== 0) return Safety.Collects;
        const effects = this.cx.effects(v.sym!);
        if ((effects & Effect.Parks) !== 0 && this.parks) return Safety.Parks;
        if ((effects & (Effect.Collects | Effect.Parks)) !== 0) return Safety.Collects;
        return (effects & Effect.Walks) !== 0 ? Safety.Shows : Safety.None;
      }
      case SOp.CallIndirect:
        return (v.flags & VFlag.NoPark) !== 0 || !this.parks ? Safety.Collects : Safety.Parks;
      case SOp.Park:
        return Safety.Parks;
      case SOp.Poll:
        return this.parks ? Safety.Polls : Safety.None;
      default:
        return Safety.None;
    }
  }

  /** Takes a result from the stack. */
  protected result(v: Value): void {
    const local = this.locals.of[v.id];
    if (local < 0) {
      this.w.op(Op.Drop);
      return;
    }
    this.w.set(local);
    if (this.locals.pinned.includes(v)) this.spill(local);
  }

  protected spill(local: number): void {
    const { w } = this;
    w.get(this.fp);
    w.get(local);
    w.store(memOfType(this.locals.types[local]), this.frame.spill[local]);
  }

  /** Makes the frame tell where the function is and what lives. */
  protected storeFrame(v: Value): void {
    for (const local of this.frame.stores.get(v.id) ?? []) this.spill(local);
    this.storePC(v);
  }

  protected storePC(v: Value): void {
    const { w } = this;
    w.get(this.fp);
    w.hole(RelocKind.PC, 0, this.pcOf.get(v.id)!);
    w.store(Mem.I32, 0);
  }

  protected call(v: Value, depth: number): void {
    const { w } = this;
    if (!this.isBare && hasPC(v)) this.storeFrame(v);
    const sig = v.sig!;
    if (v.op === SOp.Call) {
      for (const arg of v.args) this.tree(arg);
      w.op(Op.Call);
      w.reloc(RelocKind.Func, this.cx.symbol(v.sym!), this.cx.sig(sig));
    } else {
      for (let i = 1; i < v.args.length; i++) this.tree(v.args[i]);
      this.tree(v.args[0]);
      w.op(Op.CallIndirect);
      w.reloc(RelocKind.Type, this.cx.sig(sig));
      w.out.u8(0);
    }
    if (sig.results.length === 1) this.result(v);
    else {
      const used = this.resultsUsed.get(v.id) ?? [];
      for (let i = sig.results.length - 1; i >= 0; i--) {
        const r = used.find((u) => u.aux === i);
        if (r === undefined) w.op(Op.Drop);
        else {
          if (isWideResult(sig.results, i)) w.op(Num.I32WrapI64);
          this.result(r);
        }
      }
    }
    if (this.safety(v) === Safety.Parks) {
      w.getReg(Reg.Status);
      w.expect(false);
      w.out.u8(Op.BrIf);
      w.out.uleb(depth);
    }
  }

  protected poll(v: Value, depth: number): void {
    if (!this.parks) return;
    const { w } = this;
    this.isDue(v);
    w.expect(false);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    this.pollBody(v, depth + 1);
    w.out.u8(Op.End);
  }

  /** Whether it is time to look at the clock. */
  protected isDue(v: Value): void {
    const { w } = this;
    if (v.aux === EntryPoll) {
      w.hole(RelocKind.Data, this.cx.symbol("runtime.stopping"), 0);
      w.load(Mem.I32, 0);
      return;
    }
    w.get(this.countdown);
    w.i32(Math.max(v.aux, 1));
    w.op(Op.I32Sub);
    w.tee(this.countdown);
    w.i32(0);
    w.op(Op.I32LeS);
  }

  protected pollBody(v: Value, depth: number): void {
    const { w } = this;
    w.i32(PollInterval);
    w.set(this.countdown);
    this.storeFrame(v);
    w.op(Op.Call);
    w.reloc(RelocKind.Func, this.cx.symbol("runtime.poll"), this.cx.sig(noSig));
    w.getReg(Reg.Status);
    w.expect(false);
    w.out.u8(Op.BrIf);
    w.out.uleb(depth);
  }

  /** Leaves on the stack whether a check fails. */
  protected condition(v: Value): void {
    const { w } = this;
    for (const arg of v.args) this.tree(arg);
    const wide = v.args[0].type === VT.I64;
    switch (v.op) {
      case SOp.NilCheck:
        w.i32(4096);
        w.op(Op.I32LtU);
        return;
      case SOp.BoundsCheck:
        w.op((v.aux as BoundsKind) <= BoundsKind.IndexU ? Op.I64GeU : Op.I64GtU);
        return;
      case SOp.DivCheck:
        w.op(wide ? Op.I64Eqz : Op.I32Eqz);
        return;
      default:
        w.zero(v.args[0].type);
        w.op(wide ? Op.I64LtS : Op.I32LtS);
    }
  }

  /** What happens when a check fails. */
  protected fails(v: Value): void {
    switch (v.op) {
      case SOp.NilCheck:
        this.nilFault(v);
        return;
      case SOp.BoundsCheck:
        this.panic(v, `runtime.${boundsPanics[v.aux as BoundsKind]}`, boundsSig, v.args);
        return;
      case SOp.DivCheck:
        this.panic(v, "runtime.panicdivide", noSig, []);
        return;
      default:
        this.panic(v, "runtime.panicshift", noSig, []);
    }
  }

  protected nilFault(v: Value): void {
    const offset = faultOffset(v);
    if (offset === 0) this.panic(v, "runtime.panicmem", noSig, []);
    else this.panic(v, "runtime.panicmemAddr", addrSig, [], () => this.w.i64(BigInt(offset)));
  }

  /** A call that does not come back: if it returns after all, the goroutine was suspended, and everything up to the run
   *  loop is left. */
  protected panic(v: Value, sym: string, sig: Sig, args: readonly Value[], push = (): void => {}): void {
    const { w } = this;
    if (this.fp < 0) {
      w.getReg(Reg.SP);
      w.i32(this.frame.size);
      w.op(Op.I32Sub);
      w.setReg(Reg.SP);
      w.getReg(Reg.SP);
      w.hole(RelocKind.PC, 0, this.pcOf.get(v.id)!);
      w.store(Mem.I32, 0);
    } else {
      if (this.spBlock === null || !this.order.dominates(this.spBlock, v.block)) {
        w.get(this.fp);
        w.setReg(Reg.SP);
      }
      this.storePC(v);
    }
    for (const arg of args) this.tree(arg);
    push();
    w.op(Op.Call);
    w.reloc(RelocKind.Func, this.cx.symbol(sym), this.cx.sig(sig));
    w.op(Op.Call);
    w.reloc(RelocKind.Func, this.cx.symbol(UnwindSymbol), this.cx.sig(noSig));
    w.op(Op.Unreachable);
  }
}
