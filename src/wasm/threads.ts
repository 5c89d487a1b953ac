/** Programs that run on several threads: each has an instance of the module, with registers of its own, and they share
 *  one memory. Variables that each thread has for itself (thread-local ones) lie next to each other in the data; the first
 *  thread has them there, others at a distance from there that the register `Thread` keeps. */
import type { Bytes } from "./bytes.ts";
import type { CodeWriter } from "./code.ts";
import { ArgumentArea, ResultArea } from "./memory.ts";
import { MiscOp, Op } from "./op.ts";

/** The register that keeps how far a thread's own variables are from those of the first thread; the last global. */
export const ThreadRegister = "Thread";

/** What each thread has for itself. */
const threadLocal: ReadonlySet<string> = new Set([
  ResultArea,
  ArgumentArea,
  "runtime.m0",
  "runtime.g0",
  "runtime.systemStack",
  "runtime.runq",
  "runtime.sched",
  "runtime.mapTurn",
  "runtime.profiling",
]);

export function isThreadLocal(sym: string): boolean {
  return threadLocal.has(sym);
}

/** Adds the distance of the running thread's variables to an address. */
export function addThread(out: Bytes, register: number): void {
  out.u8(Op.GlobalGet);
  out.uleb(register);
  out.u8(Op.I32Add);
}

/** Pieces of data are copied to memory once, by the first thread, not whenever the module is instantiated. */
export function initData(w: CodeWriter, start: number, runs: readonly number[]): void {
  w.out.uleb(0);
  for (let i = 0; i < runs.length; i += 2) {
    w.i32(start + runs[i]);
    w.i32(0);
    w.i32(runs[i + 1] - runs[i]);
    w.out.u8(Op.Misc);
    w.out.u8(MiscOp.MemoryInit);
    w.out.uleb(i / 2);
    w.out.u8(0);
    w.out.u8(Op.Misc);
    w.out.u8(MiscOp.DataDrop);
    w.out.uleb(i / 2);
  }
  w.op(Op.End);
}
