/** Phi elimination, dead values, counts of uses: what every other pass may leave behind. */
import { type Block, type SFunc, SOp, type Value } from "../value.ts";
import { isPhi } from "./cfg.ts";
import { hasEffect } from "./props.ts";

/** The value that `v` was replaced by. */
export function resolve(v: Value): Value {
  let value = v;
  while (value.forward !== null) value = value.forward;
  return value;
}

function resolveAll(list: Value[]): void {
  for (let i = 0; i < list.length; i++) if (list[i].forward !== null) list[i] = resolve(list[i]);
}

/** Takes replaced values (`forward`) out of a function. */
export function applyForwards(blocks: readonly Block[]): void {
  for (const block of blocks) {
    let kept = 0;
    for (const v of block.values) {
      if (v.forward !== null) continue;
      block.values[kept++] = v;
      resolveAll(v.args);
    }
    block.values.length = kept;
    resolveAll(block.results);
    if (block.control !== null) block.control = resolve(block.control);
  }
}

/** Replaces phis whose arguments are all the same value, or the phi itself. */
export function eliminatePhis(blocks: readonly Block[]): void {
  let any = false;
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      for (const phi of block.values) {
        if (!isPhi(phi)) break;
        if (phi.forward !== null) continue;
        let same: Value | null = null;
        let several = false;
        for (const arg of phi.args) {
          const value = resolve(arg);
          if (value === phi || value === same) continue;
          if (same !== null) {
            several = true;
            break;
          }
          same = value;
        }
        if (several || same === null) continue;
        phi.forward = same;
        changed = true;
        any = true;
      }
    }
  }
  if (any) applyForwards(blocks);
}

/** Drops values that nothing needs, and counts the uses of the others. */
export function eliminateDead(fn: SFunc): void {
  const live: Value[] = [];
  for (const block of fn.blocks) for (const v of block.values) v.uses = 0;
  const use = (v: Value): void => {
    if (v.uses++ === 0) live.push(v);
  };
  for (const block of fn.blocks) {
    for (const v of block.values) if (hasEffect(v)) for (const arg of v.args) use(arg);
    for (const v of block.results) use(v);
    if (block.control !== null) use(block.control);
  }
  for (let v = live.pop(); v !== undefined; v = live.pop()) {
    // The arguments of values with effects were counted already.
    if (!hasEffect(v)) for (const arg of v.args) use(arg);
  }
  for (const block of fn.blocks) {
    let kept = 0;
    for (const v of block.values) {
      if (v.uses > 0 || hasEffect(v) || v.op === SOp.Param) block.values[kept++] = v;
    }
    block.values.length = kept;
  }
}
