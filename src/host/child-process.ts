/** Other programs, for the few runs that start any: Node takes more than a millisecond to load what this needs. The
 *  bundles have it in place of node:child_process, which the parser of command lines would load each time
 *  (scripts/build.mjs). */
import type * as Real from "node:child_process";
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

function real(): typeof Real {
  return load("node:child_process") as typeof Real;
}

export const spawn = ((...args: Parameters<typeof Real.spawn>) => real().spawn(...args)) as typeof Real.spawn;

export const execFileSync = ((...args: Parameters<typeof Real.execFileSync>) =>
  real().execFileSync(...args)) as typeof Real.execFileSync;
