/** The functions of a module that the linker makes: thunks for each signature, what the host calls to go on in a program, and
 *  what stands for functions that nobody defines. */
import { Num } from "../ssa/num.ts";
import { Mem, type Sig, VT } from "../ssa/value.ts";
import { CodeWriter } from "./code.ts";
import { sigKey } from "./compile.ts";
import { ArgumentArea, ResultArea } from "./memory.ts";
import { Op } from "./op.ts";
import { hasSig, isAdaptable, type LinkedProgram, MissingFunc, registers } from "./program.ts";
import { RunLoopFuncs, runLoop, runSig } from "./runloop.ts";
import { addThread } from "./threads.ts";
import { type Area, adapter, callThunk, locals, moreStackThunk, resumeThunk } from "./thunks.ts";

/** Of the number of its thunks in a function record. */
const SigOffset = 40;

export interface Thunk {
  readonly sig: Sig;
  readonly body: Uint8Array;
  /** Place in the table, or -1. */
  readonly code: number;
  /** Name of the export, or empty. */
  readonly name: string;
  readonly debugName: string;
  readonly index: number;
}

const missingSig: Sig = { params: [VT.I32, VT.I64], results: [] };

/** For each signature a morestack, a resume and a call thunk; then the dispatchers that the host calls. */
export function thunks(p: LinkedProgram): Thunk[] {
  const out: Thunk[] = [];
  const count = p.thunkSigs.length;
  const args = area(p, ArgumentArea);
  const results = area(p, ResultArea);
  const sigI: Sig = { params: [VT.I32], results: [] };
  const add = (sig: Sig, body: Uint8Array, code: number, name: string, debugName: string): void => {
    p.type(sig);
    out.push({ sig, body, code, name, debugName, index: p.firstThunk + out.length });
  };
  for (const sig of p.thunkSigs) {
    add(
      { params: [...sig.params, VT.I32], results: [] },
      moreStackThunk(sig, args),
      -1,
      "",
      `morestack ${sigKey(sig)}`,
    );
  }
  for (let i = 0; i < count; i++) {
    const sig = p.thunkSigs[i];
    add(sigI, resumeThunk(sig, p.type(sig), results), p.codeEnd + i * 2, "", `resume ${sigKey(sig)}`);
  }
  for (let i = 0; i < count; i++) {
    const sig = p.thunkSigs[i];
    add(sigI, callThunk(sig, p.type(sig), args, results), p.codeEnd + i * 2 + 1, "", `call ${sigKey(sig)}`);
  }
  const unary = p.type(sigI);
  // Calls the thunk that the record of the function of `pc` says, with the code address.
  const enter = (w: CodeWriter, pc: () => void, record: number, thunk: number): void => {
    pc();
    w.i32(2);
    w.op(Num.I32Shl);
    w.load(Mem.I32, p.tables.byPC);
    w.set(record);
    w.get(record);
    w.load(Mem.I32, 0);
    w.out.u8(Op.LocalGet);
    w.out.uleb(record);
    w.load(Mem.I32, SigOffset);
    w.i32(1);
    w.op(Num.I32Shl);
    w.i32(p.codeEnd + thunk);
    w.op(Num.I32Add);
    w.op(Op.CallIndirect);
    w.out.uleb(unary);
    w.out.u8(0);
  };
  // resume(pc) and restart(): the record of the function says which thunk.
  for (const name of ["resume", "restart"]) {
    const w = new CodeWriter();
    const resumes = name === "resume";
    locals(w, resumes ? [VT.I32] : [VT.I32, VT.I32]);
    const pc = (): void => {
      if (resumes) w.get(0);
      else {
        args(w);
        w.load(Mem.I32, 0);
      }
    };
    enter(w, pc, resumes ? 1 : 0, resumes ? 0 : 1);
    w.op(Op.End);
    add(resumes ? sigI : { params: [], results: [] }, w.out.finish(), -1, name, name);
  }
  const restart = out[out.length - 1].index;
  const funcs = RunLoopFuncs.map(([sym, sig]) => {
    const f = p.funcByName.get(sym);
    return f !== undefined && f.index >= 0 && hasSig(f, sig) ? f.index : -1;
  });
  const current = registers.length;
  const whole = funcs.every((f) => f >= 0);
  const body = whole
    ? runLoop({ funcs, resume: (w, pc, record) => enter(w, pc, record, 0), restart, current })
    : Uint8Array.of(0, Op.Unreachable, Op.End);
  add(runSig, body, -1, "run", "run");
  for (const { sym, sig } of p.stubs) {
    const f = p.funcByName.get(sym);
    if (f === undefined || !isAdaptable(f, sig)) add(sig, stubBody(p, sym), -1, "", `missing ${sym}`);
    else add(sig, adapter(sig, f.object.sigs[f.func.sig], f.index), -1, "", `adapted ${sym}`);
  }
  return out;
}

/** Puts the address of one of the areas on the stack. */
function area(p: LinkedProgram, sym: string): Area {
  const { address } = p.dataByName.get(sym)!;
  return (w) => {
    w.i32(address);
    if (p.threads) addThread(w.out, p.threadRegister);
  };
}

function stubBody(p: LinkedProgram, sym: string): Uint8Array {
  const w = new CodeWriter();
  w.out.uleb(0);
  const fn = p.funcByName.get(MissingFunc);
  if (fn !== undefined && hasSig(fn, missingSig)) {
    const { data, address } = p.dataByName.get(p.missingText(sym))!;
    w.i32(address);
    w.i64(BigInt(data.size));
    w.op(Op.Call);
    w.out.uleb(fn.index);
  }
  w.op(Op.Unreachable);
  w.op(Op.End);
  return w.out.finish();
}
