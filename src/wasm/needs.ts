/** What values need of the frame of their function, and which loops nothing but a poll can suspend. */
import type { Loops, Order } from "../ssa/passes/cfg.ts";
import { Reg, SOp, type Value, VFlag } from "../ssa/value.ts";

/** By header: 1 for loops where nothing but one poll can suspend the goroutine. */
export function tightLoops(order: Order, loops: Loops, resumable: (v: Value) => boolean): Uint8Array {
  const tight = new Uint8Array(order.blocks.length);
  const seen = new Uint8Array(order.blocks.length);
  for (const block of order.blocks) {
    const loop = loops.of[block.mark];
    if (loop < 0) continue;
    for (const v of block.values) {
      if (!resumable(v)) continue;
      tight[loop] = seen[loop] === 0 && v.op === SOp.Poll ? 1 : 0;
      seen[loop] = 1;
    }
  }
  return tight;
}

/** Calls that may look at the frame. */
function hasFrame(v: Value): boolean {
  switch (v.op) {
    case SOp.Call:
    case SOp.CallIndirect:
    case SOp.Park:
    case SOp.Poll:
      return true;
    default:
      return false;
  }
}

/** Values that the register SP must be right for. */
export function needsSP(v: Value): boolean {
  if (v.op === SOp.GetReg || v.op === SOp.SetReg) return v.aux === Reg.SP;
  return hasFrame(v);
}

export function hasPC(v: Value): boolean {
  switch (v.op) {
    case SOp.NilCheck:
    case SOp.BoundsCheck:
    case SOp.DivCheck:
    case SOp.ShiftCheck:
      return (v.flags & VFlag.Proved) === 0;
    case SOp.PanicCall:
      return true;
    default:
      return hasFrame(v);
  }
}
