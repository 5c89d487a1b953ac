/** Temporaries of the function that is lowered (noder/reader.go temp, tempCopy). */
import type { Pos } from "../../base/pos.ts";
import { newAssignStmt, newDecl } from "../make.ts";
import { tempAt } from "../name.ts";
import type { Name, Node } from "../node.ts";
import type { Type } from "../types.ts";
import type { Reader } from "./noder.ts";

export function temp(r: Reader, pos: Pos, type: Type): Name {
  return tempAt(pos, r.curfn, type, r.n.localPkg);
}

/** A temporary that holds the value of `x`; its declaration and assignment are added to `init`. */
export function tempCopy(r: Reader, pos: Pos, x: Node, init: Node[]): Name {
  const tmp = temp(r, pos, x.type!);
  const as = newAssignStmt(pos, tmp, x, r.n.rules.tempsAssignedOnce);
  init.push(newDecl(pos, tmp), as);
  // Before Go 1.27 the compiler makes a second assignment for this, so later passes take the temporary for reassigned.
  tmp.defn = r.n.rules.tempsAssignedOnce ? as : newAssignStmt(pos, tmp, x, true);
  return tmp;
}
