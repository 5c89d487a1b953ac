/** How eagerly the engine optimises. */
import { setFlagsFromString } from "node:v8";

/** For a run that occupies every core: by default a third of its processor time goes to the optimising compiler, whose
 *  threads compete with ours and whose work is lost at the end of the run. Machine code is made at once, and only
 *  what runs often is optimised, with less inlining. To be called before the workers start. */
export function optimizeLess(): void {
  setFlagsFromString("--always-sparkplug");
  setFlagsFromString("--interrupt-budget=300000");
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");
}
