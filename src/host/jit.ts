/** How eagerly the engine optimises. */
import { setFlagsFromString } from "node:v8";

/** How much of a function has to run before it is optimised, in bytes of bytecode; 132 kB by default. */
export const enum Budget {
  /** For the analysis of many packages: some ten seconds on every core. */
  Long = 300_000,
  /** For less: what is optimised would often not be used again. */
  Short = 600_000,
  /** For the build of a program. */
  Build = 1_500_000,
}

/** How every run begins. To be called before anything is compiled, since code is kept by the flags that it was compiled
 *  under. Threads may be starting: the engine ends the process if one finds a flag changed and another not yet that depends
 *  on it, as with those about marking. */
export function setUpEngine(): void {
  // A run may well be over before optimised code would pay: takes a third off the processor time of a run of a quarter
  // of a second.
  setBudget(Budget.Short);
}

/** For a run that occupies every core: by default a third of its processor time goes to the optimising compiler, whose
 *  threads compete with ours and whose work is lost at the end of the run. Machine code is made at once, and only
 *  what runs often is optimised, with less inlining. To be called before the workers start. */
export function optimizeLess(budget: Budget): void {
  setFlagsFromString("--always-sparkplug");
  setBudget(budget);
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");
}

/** In MB: a thread that compiles the packages of a small program holds less. */
const buildSpace = 256;

/** For the threads of a build, before they start: it is over before there is much garbage among what is old, and no
 *  processor has time for another's new objects. */
export function collectLess(): void {
  setFlagsFromString("--no-parallel-scavenge");
  if (/^11\./.test(process.versions.v8)) setFlagsFromString(`--initial-old-space-size=${buildSpace}`);
}

function setBudget(budget: Budget): void {
  setFlagsFromString(`--interrupt-budget=${budget}`);
}
