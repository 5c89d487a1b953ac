/** The run loop as a function of the module: it asks the scheduler for a goroutine and enters its frames, innermost
 *  first, until it parks. In WebAssembly, because reading a global from JavaScript costs as much as ten calls here.
 *
 *  `run(systemSP, budget, unwound)` returns 0 when the scheduler has nothing left, and 1 every so many goroutines only to be
 *  called again: engines change to better code where a function is entered. The host catches what it threw itself to
 *  give up the native stack, and calls `run` again with `unwound` set. */
import { Mem, Reg, type Sig, Status, VT } from "../ssa/value.ts";
import { CodeWriter } from "./code.ts";
import { Op, VoidBlock } from "./op.ts";

/** Functions of package runtime that the loop calls, with their signatures. */
export const RunLoopFuncs: readonly (readonly [string, Sig])[] = [
  ["runtime.schedule", { params: [], results: [VT.I32] }],
  ["runtime.goexit", { params: [], results: [] }],
  ["runtime.growstack", { params: [], results: [] }],
  ["runtime.yielded", { params: [], results: [] }],
];

export const runSig: Sig = { params: [VT.I32, VT.I32, VT.I32], results: [VT.I32] };

/** Goroutines that get their turn before `run` returns. */
const Turns = 1024;

// Offsets in a goroutine's descriptor.
const gSP = 16;
const gLimit = 24;
const gExtra = 32;

// Parameters and locals.
const systemSP = 0;
const budget = 1;
const unwound = 2;
const g = 3;
const sp = 4;
/** Call the function of the argument area instead of resuming a frame. */
const again = 5;
/** Frame at which the native stack was given up last: if that did not help, the goroutine's stack has to grow. */
const shedAt = 6;
const floor = 7;
const pc = 8;
const record = 9;
/** What is left of {@link Turns}. */
const turns = 10;

export interface RunLoopTargets {
  /** Function indices of {@link RunLoopFuncs}, in their order. */
  readonly funcs: readonly number[];
  /** Goes on in the frame at SP, whose pc is on hand; takes a local of its own. */
  resume(w: CodeWriter, pc: () => void, record: number): void;
  readonly restart: number;
  /** Global that keeps the goroutine that runs. */
  readonly current: number;
}

export function runLoop(targets: RunLoopTargets): Uint8Array {
  const w = new CodeWriter();
  const [schedule, gostart, growstack, yielded] = targets.funcs;
  const get = (local: number): void => {
    w.out.u8(Op.LocalGet);
    w.out.uleb(local);
  };
  const call = (index: number): void => {
    w.op(Op.Call);
    w.out.uleb(index);
  };
  const open = (op: Op): void => {
    w.out.u8(op);
    w.out.u8(VoidBlock);
  };
  const end = (): void => w.op(Op.End);
  const branch = (depth: number): void => {
    w.op(Op.Br);
    w.out.uleb(depth);
  };
  const onSystemStack = (): void => {
    get(systemSP);
    w.setReg(Reg.SP);
    w.i32(0);
    w.setReg(Reg.Limit);
    w.i32(Status.None);
    w.setReg(Reg.Status);
  };
  const loadG = (offset: number): void => {
    get(g);
    w.load(Mem.I32, offset);
  };
  w.out.uleb(1);
  w.out.uleb(8);
  w.out.u8(0x7f);
  w.i32(Turns);
  w.set(turns);
  open(Op.Loop); // goroutines: depth 0
  get(unwound);
  open(Op.If);
  w.out.u8(Op.GlobalGet);
  w.out.uleb(targets.current);
  w.set(g);
  w.op(Op.Else);
  get(turns);
  w.i32(1);
  w.op(Op.I32Sub);
  w.tee(turns);
  w.op(Op.I32Eqz);
  open(Op.If);
  w.i32(1);
  w.op(Op.Return);
  end();
  onSystemStack();
  call(schedule);
  w.tee(g);
  w.op(Op.I32Eqz);
  open(Op.If);
  w.i32(0);
  w.op(Op.Return);
  end();
  get(g);
  w.out.u8(Op.GlobalSet);
  w.out.uleb(targets.current);
  get(g);
  w.setReg(Reg.G);
  loadG(gSP);
  w.setReg(Reg.SP);
  w.i32(0);
  w.set(again);
  w.i32(0);
  w.set(shedAt);
  end();
  open(Op.Loop); // frames: depth 0, goroutines: 1
  open(Op.Block); // after the call: 0, frames: 1, goroutines: 2
  get(unwound);
  open(Op.If);
  // A panic was recovered: the frame that goes on is in the descriptor. Or the goroutine has parked under a panic.
  w.i32(0);
  w.set(unwound);
  w.i32(0);
  w.set(again);
  w.getReg(Reg.Status);
  w.op(Op.BrIf);
  w.out.uleb(1);
  loadG(gSP);
  w.setReg(Reg.SP);
  end();
  // Limit = max(limit of the goroutine, SP - budget - extra).
  loadG(gLimit);
  w.getReg(Reg.SP);
  get(budget);
  loadG(gExtra);
  w.op(Op.I32Add);
  w.tee(floor);
  w.getReg(Reg.SP);
  get(floor);
  w.op(0x4b); // i32.gt_u
  w.op(Op.Select);
  get(floor);
  w.op(Op.I32Sub);
  w.tee(floor);
  loadG(gLimit);
  get(floor);
  w.op(0x4b); // i32.gt_u
  w.op(Op.Select);
  w.setReg(Reg.Limit);
  get(g);
  w.i32(0);
  w.store(Mem.Ptr, gExtra);
  w.i32(Status.None);
  w.setReg(Reg.Status);
  get(again);
  open(Op.If);
  call(targets.restart);
  w.op(Op.Else);
  w.getReg(Reg.SP);
  w.load(Mem.I32, 0);
  w.tee(pc);
  w.op(Op.I32Eqz);
  open(Op.If);
  call(gostart);
  w.op(Op.Else);
  targets.resume(w, () => get(pc), record);
  end();
  end();
  end(); // block
  w.i32(0);
  w.set(again);
  w.getReg(Reg.Status);
  w.op(Op.I32Eqz);
  w.op(Op.BrIf);
  w.out.uleb(0);
  w.getReg(Reg.SP);
  w.set(sp);
  w.getReg(Reg.Status);
  w.i32(Status.MoreStack);
  w.op(0x46); // i32.eq
  open(Op.If); // frames: 1
  w.getReg(Reg.Limit);
  loadG(gLimit);
  w.op(0x4b);
  get(shedAt);
  get(sp);
  w.op(0x47); // i32.ne
  w.op(0x71); // i32.and
  open(Op.If);
  get(sp);
  w.set(shedAt);
  w.op(Op.Else);
  get(g);
  get(sp);
  w.store(Mem.Ptr, gSP);
  onSystemStack();
  call(growstack);
  loadG(gSP);
  w.setReg(Reg.SP);
  end();
  w.i32(1);
  w.set(again);
  branch(1);
  end();
  get(g);
  get(sp);
  w.store(Mem.Ptr, gSP);
  w.getReg(Reg.Status);
  w.i32(Status.Yield);
  w.op(0x46);
  open(Op.If);
  onSystemStack();
  call(yielded);
  end();
  branch(1);
  end(); // frames
  end(); // goroutines
  w.op(Op.Unreachable);
  w.op(Op.End);
  return w.out.finish();
}
