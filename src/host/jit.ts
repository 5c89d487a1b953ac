/** How eagerly the engine optimises. */
import { setFlagsFromString } from "node:v8";

/** For a run that may well be over before optimised code would pay: a function has to run four times as long as by default
 *  before it is optimised, which takes a third off the processor time of a run of a quarter of a second. To be called
 *  before anything is compiled, since code is kept by the flags that it was compiled under. */
export function optimizeLater(): void {
  setFlagsFromString("--interrupt-budget=600000");
}

/** For a run that occupies every core: by default a third of its processor time goes to the optimising compiler, whose
 *  threads compete with ours and whose work is lost at the end of the run. Machine code is made at once, and only
 *  what runs often is optimised, with less inlining. To be called before the workers start. */
export function optimizeLess(): void {
  setFlagsFromString("--always-sparkplug");
  setFlagsFromString("--interrupt-budget=300000");
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");
}
