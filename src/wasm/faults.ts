/** Which address a nil pointer would have faulted at: the compiler leaves a check to the first access through the pointer
 *  in the same block (ssa/nilcheck.go), so the signal tells the offset of that. */
import { Num } from "../ssa/num.ts";
import { changesMemory } from "../ssa/passes/props.ts";
import { SOp, type Value } from "../ssa/value.ts";

/** Offsets from here on are checked explicitly. */
const MinZeroPage = 4096;

export function faultOffset(check: Value): number {
  const [ptr] = check.args;
  const { values } = check.block;
  for (let i = values.indexOf(check) + 1; i < values.length; i++) {
    const v = values[i];
    for (const offset of accesses(v, ptr)) return offset < MinZeroPage ? offset : 0;
    if (changesMemory(v)) break;
  }
  return 0;
}

/** Offsets at which `v` reads or writes through `ptr`. */
function accesses(v: Value, ptr: Value): number[] {
  switch (v.op) {
    case SOp.Load:
    case SOp.Store:
    case SOp.StorePtr:
      return through(v.args[0], ptr).map((offset) => offset + v.aux);
    case SOp.Zero:
      return through(v.args[0], ptr);
    case SOp.Move:
      return [...through(v.args[1], ptr), ...through(v.args[0], ptr)];
    default:
      return [];
  }
}

function through(addr: Value, ptr: Value): number[] {
  if (addr === ptr) return [0];
  if (addr.op !== SOp.Num || (addr.aux as Num) !== Num.I32Add) return [];
  const [base, offset] = addr.args;
  return base === ptr && offset.op === SOp.Const32 ? [offset.aux] : [];
}
