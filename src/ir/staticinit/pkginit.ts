/** The package's synthetic initialiser, once what is static data has gone from it (cmd/compile/internal/pkginit). */

import { newBlockStmt } from "../make.ts";
import type { Noder } from "../noder/noder.ts";
import { Schedule, type StaticStore } from "./schedule.ts";

/** Runs over the synthetic `init` among the package's initialisers. Returns what has become data. */
export function makeTask(n: Noder): StaticStore[] {
  const stores: StaticStore[] = [];
  for (const fn of n.target.inits) {
    if (fn.sym.name !== "init") continue;
    const schedule = new Schedule(n.localPkg, n.blankNode, n.runtimeTypes, n.switches.inlstaticinit);
    for (const stmt of fn.body) schedule.staticInit(stmt);
    // The compiler has no better place for the empty body than that of what it has read last.
    fn.body = schedule.out.length > 0 ? schedule.out : [newBlockStmt(n.basePos, [])];
    for (const store of schedule.stores) stores.push(store);
  }
  return stores;
}
