/** The passes between building a function and emitting it, in their order. */
import type { SFunc } from "../value.ts";
import { removeUnreachable } from "./cfg.ts";
import { eliminateDead, eliminatePhis } from "./clean.ts";

export function optimize(fn: SFunc): void {
  const blocks = removeUnreachable(fn);
  eliminatePhis(blocks);
  eliminateDead(fn);
}
