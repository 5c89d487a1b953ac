/** A thread for a program to run in: it takes a while to start, so it is started before there is a program. */
import { Worker } from "node:worker_threads";

const stackMegabytes = 256;

/** One that nobody has taken yet. */
let early: Worker | null = null;

/** Starts a thread for the first who wants one: before it is known who that will be. */
export function startEarly(file: string): void {
  early = startProgramThread(file);
}

/** `file` is a bundle that calls serveProgram (serve-program.ts) on threads of this kind. The thread does not keep the process
 *  alive until it is given something to run. */
export function startProgramThread(file: string): Worker {
  if (early !== null) {
    const thread = early;
    early = null;
    return thread;
  }
  const worker = new Worker(file, {
    workerData: { kind: "program" },
    resourceLimits: { stackSizeMb: stackMegabytes },
    stdout: false,
    stderr: false,
  });
  worker.unref();
  return worker;
}
