/** A thread for a program to run in: it takes a while to start, so it is started before there is a program. */
import { Worker } from "node:worker_threads";

const stackMegabytes = 256;

/** `file` is a bundle that calls serveProgram (serve-program.ts) on threads of this kind. The thread does not keep the process
 *  alive until it is given something to run. */
export function startProgramThread(file: string): Worker {
  const worker = new Worker(file, {
    workerData: { kind: "program" },
    resourceLimits: { stackSizeMb: stackMegabytes },
    stdout: false,
    stderr: false,
  });
  worker.unref();
  return worker;
}
