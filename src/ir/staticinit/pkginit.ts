/** The package's synthetic initialiser, once what is static data has gone from it (cmd/compile/internal/pkginit). */

import { newBlockStmt } from "../make.ts";
import type { Func, Name } from "../node.ts";
import type { RuntimeTypes } from "../reflectdata/runtimetypes.ts";
import type { Pkg } from "../types.ts";
import { Schedule, type StaticStore } from "./schedule.ts";

/** Runs over the synthetic `init` among the initialisers `inits` of package `local`; `blank` is the node of `_`;
 *  `inlinedCalls`: calls that were inlined may become data. Returns what has. */
export function makeTask(
  inits: readonly Func[],
  local: Pkg,
  blank: Name,
  runtimeTypes: RuntimeTypes,
  inlinedCalls = true,
): StaticStore[] {
  const stores: StaticStore[] = [];
  for (const fn of inits) {
    if (fn.sym.name !== "init") continue;
    const schedule = new Schedule(local, blank, runtimeTypes.target, runtimeTypes, inlinedCalls);
    for (const n of fn.body) schedule.staticInit(n);
    fn.body = schedule.out.length > 0 ? schedule.out : [newBlockStmt(0, [])];
    for (const store of schedule.stores) stores.push(store);
  }
  return stores;
}
