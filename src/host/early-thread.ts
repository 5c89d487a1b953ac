/** Starts the thread for a program before anything else is loaded, since a thread takes as long to start as all the rest
 *  until the program begins. To be imported first. */
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { startEarly } from "./program-thread.ts";

/** As for launch.ts. */
declare const GOESC_THREAD: string;

/** Whether this command line runs a program. */
export const runsProgram =
  GOESC_THREAD !== "" && isMainThread && /^(?:run|test|--start-program)$/.test(process.argv[2] ?? "");

if (runsProgram) startEarly(join(__dirname, GOESC_THREAD));
