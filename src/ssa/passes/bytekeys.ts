/** Strings made of bytes only to look something up need no copy: the map, or `unique.Make`, does not keep what it is asked
 *  with (the rules for slicebytetostring of cmd/compile/internal/ssa/_gen/generic.rules). What is asked for where it is
 *  written (`m[string(b)]`) the builder has seen to; here are strings that went through a variable or an inlined call. */
import { type Block, type SFunc, SOp, type Value } from "../value.ts";
import { changesMemory } from "./props.ts";

/** Where the string stands among the arguments of those that do not keep it. */
const lookups: ReadonlyMap<string, number> = new Map([
  ["runtime.mapaccess1_faststr", 2],
  ["runtime.mapaccess2_faststr", 2],
  ["runtime.mapdelete_faststr", 2],
  ["unique.Make[go.shape.string]", 1],
]);

/** Expects that uses are counted. */
export function lookUpBytes(fn: SFunc): void {
  const copies = new Set<Value>();
  for (const block of fn.blocks) {
    for (let i = 0; i < block.values.length; i++) {
      const call = block.values[i];
      if (call.op !== SOp.Call) continue;
      const at = lookups.get(call.sym!);
      const copy = at === undefined ? null : copiedBytes(call.args[at], call.args[at + 1]);
      if (copy === null) continue;
      if (!isUnchanged(copy, block, i)) continue;
      call.args[at!] = copy.args[1];
      call.args[at! + 1] = copy.args[2];
      copies.add(copy);
    }
  }
  if (copies.size === 0) return;
  for (const block of fn.blocks)
    block.values = block.values.filter((v) => !copies.has(v.op === SOp.Result ? v.args[0] : v));
}

/** The call of slicebytetostring whose results these are, if nothing else uses them. */
function copiedBytes(ptr: Value, len: Value): Value | null {
  if (ptr.op !== SOp.Result || len.op !== SOp.Result || ptr.args[0] !== len.args[0]) return null;
  const copy = ptr.args[0];
  if (copy.sym !== "runtime.slicebytetostring" || ptr.uses !== 1 || len.uses !== 1) return null;
  return ptr.aux === 0 && len.aux === 1 ? copy : null;
}

/** No way from the copy to value number `to` of `block` changes memory. */
function isUnchanged(copy: Value, block: Block, to: number): boolean {
  const seen = new Set<Block>();
  const stack: [Block, number][] = [[block, to]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [at, end] = top;
    let found = false;
    for (let i = end - 1; i >= 0 && !found; i--) {
      if (at.values[i] === copy) found = true;
      else if (changesMemory(at.values[i])) return false;
    }
    if (found) continue;
    for (const pred of at.preds) {
      if (seen.has(pred)) continue;
      seen.add(pred);
      stack.push([pred, pred.values.length]);
    }
  }
  return true;
}
