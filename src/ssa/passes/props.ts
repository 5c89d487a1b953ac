/** What passes have to know of each operation. */
import { Num } from "../num.ts";
import { SOp, type Value, VT } from "../value.ts";

/** Costs nothing worth keeping: made anew at each use instead of living in a local. */
export function isRematerial(v: Value): boolean {
  switch (v.op) {
    case SOp.Const32:
    case SOp.Const64:
    case SOp.ConstF:
    case SOp.Addr:
    case SOp.FuncAddr:
    case SOp.SlotAddr:
    case SOp.FrameAddr:
    case SOp.CallerFrame:
    case SOp.CallerPC:
      return true;
    default:
      return false;
  }
}

/** The result depends on the arguments only, and nothing else happens: may be moved, shared, dropped. */
export function isPure(v: Value): boolean {
  switch (v.op) {
    case SOp.Num:
    case SOp.Select:
    case SOp.MatchBytes:
    case SOp.Simd:
      return true;
    default:
      return isRematerial(v);
  }
}

/** Reads what stores and calls may change; may be dropped. */
export function isRead(v: Value): boolean {
  switch (v.op) {
    case SOp.Load:
    case SOp.GetReg:
    case SOp.Ctxt:
    case SOp.MemorySize:
      return true;
    default:
      return false;
  }
}

/** Functions that only look at memory. */
const readers: ReadonlySet<string> = new Set(["runtime.memequal"]);

/** Writes to memory, or may run code that does. */
export function changesMemory(v: Value): boolean {
  switch (v.op) {
    case SOp.Store:
    case SOp.StorePtr:
    case SOp.Move:
    case SOp.Zero:
    case SOp.MemCopy:
    case SOp.MemFill:
    case SOp.CallIndirect:
    case SOp.PanicCall:
    case SOp.Park:
    case SOp.Atomic:
      return true;
    case SOp.Call:
      return !readers.has(v.sym!);
    default:
      return false;
  }
}

/** May change what {@link isRead} values see. Checks do not: reads may move over them, downwards. */
export function writes(v: Value): boolean {
  switch (v.op) {
    case SOp.SetCtxt:
    case SOp.SetReg:
    case SOp.Poll:
    case SOp.MemoryGrow:
      return true;
    default:
      return changesMemory(v);
  }
}

/** Stays although nobody uses its result. */
export function hasEffect(v: Value): boolean {
  switch (v.op) {
    case SOp.NilCheck:
    case SOp.BoundsCheck:
    case SOp.DivCheck:
    case SOp.ShiftCheck:
    case SOp.KeepAlive:
    case SOp.Unreachable:
      return true;
    default:
      return writes(v);
  }
}

export function isCheck(v: Value): boolean {
  switch (v.op) {
    case SOp.NilCheck:
    case SOp.BoundsCheck:
    case SOp.DivCheck:
    case SOp.ShiftCheck:
      return true;
    default:
      return false;
  }
}

/** Traps in WebAssembly for some arguments, which a check before has excluded: not to be computed earlier. */
export function mayTrap(v: Value): boolean {
  if (v.op !== SOp.Num) return false;
  switch (v.aux as Num) {
    case Num.I32DivS:
    case Num.I32DivU:
    case Num.I32RemS:
    case Num.I32RemU:
    case Num.I64DivS:
    case Num.I64DivU:
    case Num.I64RemS:
    case Num.I64RemU:
      return true;
    default:
      return false;
  }
}

/** Whether a pointer becomes a number, which nobody adjusts if the stack that it points into moves: the number is only as
 *  good as what memory was read before. */
export function isAddressAsNumber(v: Value): boolean {
  return v.op === SOp.Num && v.aux === Num.I64ExtendI32U && v.args[0].isPointer;
}

export function isConst(v: Value): boolean {
  return v.op === SOp.Const32 || v.op === SOp.Const64 || v.op === SOp.ConstF;
}

export function isZero(v: Value): boolean {
  switch (v.op) {
    case SOp.Const32:
      return v.aux === 0;
    case SOp.Const64:
      return v.big === 0n;
    case SOp.ConstF:
      return Object.is(v.num, 0);
    default:
      return false;
  }
}

/** Letters of machine types, for the keys of signatures. */
export function vtLetter(vt: VT): string {
  return vt === VT.I32 ? "i" : vt === VT.I64 ? "l" : vt === VT.F32 ? "f" : "d";
}
