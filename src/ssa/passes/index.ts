/** The passes between building a function and emitting it, in their order. */
import type { SFunc } from "../value.ts";
import { foldBranches } from "./branches.ts";
import { lookUpBytes } from "./bytekeys.ts";
import { removeUnreachable } from "./cfg.ts";
import { applyForwards, eliminateDead, eliminatePhis } from "./clean.ts";
import { divideByConstants } from "./divide.ts";
import { valueNumbering } from "./gvn.ts";
import { widenLoops } from "./widen.ts";

/** May be repeated after changes. */
export function optimize(fn: SFunc): void {
  eliminatePhis(removeUnreachable(fn));
  eliminateDead(fn);
  numberValues(fn);
  if (foldBranches(fn)) {
    eliminatePhis(removeUnreachable(fn));
    // Where ways no longer join, more is known.
    numberValues(fn);
    if (foldBranches(fn)) removeUnreachable(fn);
  }
  eliminatePhis(fn.blocks);
  eliminateDead(fn);
  lookUpBytes(fn);
}

function numberValues(fn: SFunc): void {
  valueNumbering(fn);
  applyForwards(fn.blocks);
}

/** What comes last, once. `wide`: vectors may be used. */
export function finish(fn: SFunc, wide = true): void {
  if (wide) widenLoops(fn);
  divideByConstants(fn);
}
