/** The package's synthetic initialiser, once what is static data has gone from it (cmd/compile/internal/pkginit). */

import { newBlockStmt } from "../make.ts";
import type { Func, Name } from "../node.ts";
import type { Target } from "../target.ts";
import type { Pkg } from "../types.ts";
import { Schedule } from "./schedule.ts";

/** Runs over the synthetic `init` among the initialisers `inits` of package `local`; `blank` is the node of `_`. */
export function makeTask(inits: readonly Func[], local: Pkg, blank: Name, target: Target): void {
  for (const fn of inits) {
    if (fn.sym.name !== "init") continue;
    const schedule = new Schedule(local, blank, target);
    for (const n of fn.body) schedule.staticInit(n);
    fn.body = schedule.out.length > 0 ? schedule.out : [newBlockStmt(0, [])];
  }
}
