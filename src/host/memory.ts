/** How much memory this process takes beside a program that it has built. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Programs that run for longer than that, in ms, are worth a collection on this thread, which has nothing to do. */
const longRun = 100;

/** To be called when the objects that a run makes have been made for the most part: the engine makes room for as many new
 *  ones as survive for a while, and keeps it. New isolates take the flag back, so it is for when all threads are there. */
export function stopGrowing(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** Gives back what was needed for building, if the program runs on. */
export function giveBackSoon(): void {
  setTimeout(() => {
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
  }, longRun).unref();
}
