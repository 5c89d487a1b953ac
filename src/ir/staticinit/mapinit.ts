/** Moves large initialisers of package-level maps to functions of their own, `map.init.N`, which the linker can drop
 *  with the map (cmd/compile/internal/staticinit/sched.go, OutlineMapInits). */
import { declareParams, newFunc } from "../func.ts";
import { newCallExpr } from "../make.ts";
import { isBlank } from "../name.ts";
import { newSignature } from "../newtype.ts";
import type { Func, Node } from "../node.ts";
import type { Noder } from "../noder/noder.ts";
import { Op } from "../op.ts";
import { TKind } from "../types.ts";
import { visit } from "../visit.ts";
import { anySideEffects } from "./effects.ts";

/** Initialisers of fewer nodes stay. */
const threshold = 20;

/** Replaces statements of the package initialiser `fn` by calls. */
export function outlineMapInits(n: Noder, fn: Func): void {
  let gen = 0;
  fn.body = fn.body.map((stmt) => {
    if (!isLargeMapInit(stmt)) return stmt;
    const outlined = newFunc(stmt.pos, stmt.pos, n.localPkg.lookup(`map.init.${gen++}`), newSignature(null, [], []));
    declareParams(outlined, true);
    outlined.hasBody = true;
    outlined.inlinabilityChecked = true;
    outlined.body = [stmt];
    n.target.funcs.push(outlined);
    return newCallExpr(stmt.pos, Op.OCALLFUNC, outlined.nname, []);
  });
}

function isLargeMapInit(stmt: Node): boolean {
  if (stmt.op !== Op.OAS || isBlank(stmt.x) || stmt.x!.op !== Op.ONAME || stmt.x!.type!.kind !== TKind.MAP)
    return false;
  let size = 0;
  visit(stmt.y, (n) => {
    size += n.op === Op.ONEW && n.x === null ? 2 : 1; // the type of new is a node of the compiler's
  });
  return size >= threshold && !anySideEffects(stmt.y);
}
