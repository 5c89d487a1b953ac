/** Branches whose condition is known go one way only. */
import { BlockKind, type SFunc, SOp } from "../value.ts";
import { makePlain, removeEdge } from "./cfg.ts";

/** True if the graph has changed. */
export function foldBranches(fn: SFunc): boolean {
  let changed = false;
  for (const block of fn.blocks) {
    const { control } = block;
    if (control === null) continue;
    if (block.kind === BlockKind.If && block.succs[0] === block.succs[1] && !hasPhis(block.succs[0].values)) {
      removeEdge(block, 1);
    } else if (control.op !== SOp.Const32) continue;
    else {
      const n = block.kind === BlockKind.If ? (control.aux !== 0 ? 0 : 1) : control.aux >>> 0;
      const taken = Math.min(n, block.succs.length - 1);
      for (let i = block.succs.length - 1; i >= 0; i--) if (i !== taken) removeEdge(block, i);
    }
    makePlain(block);
    changed = true;
  }
  return changed;
}

function hasPhis(values: readonly { readonly op: SOp }[]): boolean {
  return values.length > 0 && values[0].op === SOp.Phi;
}
