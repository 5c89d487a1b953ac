/** Functions through which the run loop and the prologues of functions hand over arguments and results: three for each
 *  signature (docs/execution.md, "Frames"). */
import { Num } from "../ssa/num.ts";
import { Mem, Reg, type Sig, Status, VT } from "../ssa/value.ts";
import { CodeWriter, isWideResult, memOfType, resultType, wasmType } from "./code.ts";
import { Op, VoidBlock } from "./op.ts";

/** Where the arguments begin in their area; before them are the code address and the closure context. */
export const ArgumentsStart = 8;

/** Leaves the address of an area that a thread has for itself. */
export type Area = (w: CodeWriter) => void;

/** Passes a call with signature `from` on to a function with signature `to`, where pointers are numbers or the reverse. */
export function adapter(from: Sig, to: Sig, index: number): Uint8Array {
  const w = new CodeWriter();
  const first = from.params.length;
  locals(w, to.results);
  const adapt = (vt: VT, wanted: VT): void => {
    if (vt !== wanted) w.op(vt === VT.I64 ? Num.I32WrapI64 : Num.I64ExtendI32U);
  };
  from.params.forEach((vt, i) => {
    w.get(i);
    adapt(vt, to.params[i]);
  });
  w.op(Op.Call);
  w.out.uleb(index);
  takeResults(w, to, first);
  to.results.forEach((vt, i) => {
    w.get(first + i);
    adapt(vt, resultType(from.results, i));
  });
  w.op(Op.End);
  return w.out.finish();
}

/** (arguments, code address): puts them where the run loop finds them. */
export function moreStackThunk(sig: Sig, args: Area): Uint8Array {
  const w = new CodeWriter();
  w.out.uleb(0);
  args(w);
  w.get(sig.params.length);
  w.store(Mem.I32, 0);
  args(w);
  w.getReg(Reg.Ctxt);
  w.store(Mem.I32, 4);
  for (let i = 0; i < sig.params.length; i++) {
    args(w);
    w.get(i);
    w.store(memOfType(sig.params[i]), ArgumentsStart + i * 8);
  }
  w.i32(Status.MoreStack);
  w.setReg(Reg.Status);
  w.op(Op.End);
  return w.out.finish();
}

/** (code address): enters a function so that it goes on from its frame, and keeps its results. The limit is put away
 *  and made such that the prologue looks. */
export function resumeThunk(sig: Sig, type: number, results: Area): Uint8Array {
  const w = new CodeWriter();
  locals(w, sig.results);
  w.getReg(Reg.Limit);
  w.setReg(Reg.Resuming);
  w.i32(-1);
  w.setReg(Reg.Limit);
  for (const vt of sig.params) w.zero(vt);
  w.get(0);
  keepResults(w, sig, type, results);
  return w.out.finish();
}

/** (code address, ignored): calls what the argument area says. */
export function callThunk(sig: Sig, type: number, args: Area, results: Area): Uint8Array {
  const w = new CodeWriter();
  locals(w, sig.results);
  args(w);
  w.load(Mem.I32, 4);
  w.setReg(Reg.Ctxt);
  for (let i = 0; i < sig.params.length; i++) {
    args(w);
    w.load(memOfType(sig.params[i]), ArgumentsStart + i * 8);
  }
  args(w);
  w.load(Mem.I32, 0);
  keepResults(w, sig, type, results);
  return w.out.finish();
}

export function locals(w: CodeWriter, types: readonly VT[]): void {
  w.out.uleb(types.length);
  for (const vt of types) {
    w.out.uleb(1);
    w.out.u8(wasmType(vt));
  }
}

/** Puts the results of a call into locals. */
function takeResults(w: CodeWriter, { results }: Sig, first: number): void {
  for (let i = results.length - 1; i >= 0; i--) {
    if (isWideResult(results, i)) w.op(Num.I32WrapI64);
    w.set(first + i);
  }
}

/** Calls; results go to the result area if the call came to its end. */
function keepResults(w: CodeWriter, sig: Sig, type: number, results: Area): void {
  w.op(Op.CallIndirect);
  w.out.uleb(type);
  w.out.u8(0);
  takeResults(w, sig, 1);
  if (sig.results.length > 0) {
    w.getReg(Reg.Status);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    w.op(Op.Return);
    w.out.u8(Op.End);
    for (let i = 0; i < sig.results.length; i++) {
      results(w);
      w.out.u8(Op.LocalGet);
      w.out.uleb(i + 1);
      w.store(memOfType(sig.results[i]), i * 8);
    }
  }
  w.op(Op.End);
}
