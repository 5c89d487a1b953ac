/** How much memory this process takes beside a program that it has built.
 *
 *  The engine's flags are afterwards what they were: what is kept of its code can only be read under the same. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Programs that run for longer than that, in ms, are worth a collection on this thread, which has nothing to do. */
const longRun = 100;

/** The engine makes room for as many new objects as survive for a while, and keeps it; not while `work` is going on. New
 *  isolates do so in any case. */
export async function inLittleRoom<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString("--semi-space-growth-factor=1");
  try {
    return await work();
  } finally {
    setFlagsFromString("--semi-space-growth-factor=2");
  }
}

/** Gives back what was needed for building, if the program runs on. */
export function giveBackSoon(): void {
  setTimeout(() => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    setFlagsFromString("--no-expose-gc");
    collect();
  }, longRun).unref();
}
