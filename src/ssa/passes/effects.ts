/** What calling a function may entail, and the order in which that is found out: bottom-up through the call graph. */
import { type SFunc, SOp, VFlag } from "../value.ts";

/** The same bits as `Effect` of wasm/object.ts, which lies above this layer. */
const Walks = 1;
const Collects = 2;
export const Parks = 4;
export const Loops = 8;

/** Effects that functions have by decree: their bodies do not show them. */
const decreed: ReadonlyMap<string, number> = new Map([
  ["runtime.mallocgc", Walks | Collects],
  // While it waits, other threads may collect.
  ["runtime.lockSlow", Walks | Collects],
  ["runtime.blockingSyscall", Walks | Collects],
]);

/** The sanitizer's checks: what they do when they fail ends the program, on another stack. */
export const checkFuncs: ReadonlySet<string> = new Set([
  "runtime.checkAccess",
  "runtime.checkStore",
  "runtime.checkMoved",
  "runtime.checkResult",
]);

/** Effects of the body of `fn`, and the most bytes of stack that the plain functions it calls need. */
export function effectsOf(
  fn: SFunc,
  lookup: (sym: string) => { effects: number; depth: number },
): { effects: number; depth: number } {
  if (checkFuncs.has(fn.name)) return { effects: Walks, depth: 0 };
  let effects = decreed.get(fn.name) ?? 0;
  let depth = 0;
  for (const block of fn.blocks) {
    for (const v of block.values) {
      const mask = (v.flags & VFlag.NoPark) !== 0 ? ~Parks : -1;
      switch (v.op) {
        case SOp.Call: {
          const callee = lookup(v.sym!);
          effects |= callee.effects & mask;
          depth = Math.max(depth, callee.depth);
          break;
        }
        case SOp.CallIndirect:
          effects |= (Walks | Collects | Parks) & mask;
          break;
        case SOp.Park:
        case SOp.Poll:
          effects |= Walks | Parks;
          break;
        case SOp.NilCheck:
        case SOp.BoundsCheck:
        case SOp.DivCheck:
        case SOp.ShiftCheck:
        case SOp.PanicCall:
          effects |= Walks;
          break;
      }
    }
  }
  return { effects, depth };
}

export interface Group {
  readonly funcs: SFunc[];
  /** They call each other, or the one itself. */
  readonly recursive: boolean;
}

/** Strongly connected components of the static calls among `funcs`, callees first (Tarjan). */
export function sccsOf(funcs: readonly SFunc[]): Group[] {
  const byName = new Map<string, number>();
  for (let i = 0; i < funcs.length; i++) byName.set(funcs[i].name, i);
  const callees = funcs.map((fn) => calls(fn, byName));
  const index = new Int32Array(funcs.length).fill(-1);
  const low = new Int32Array(funcs.length);
  const open = new Uint8Array(funcs.length);
  const stack: number[] = [];
  const out: Group[] = [];
  let next = 0;
  const path: number[] = [];
  const at: number[] = [];
  for (let root = 0; root < funcs.length; root++) {
    if (index[root] >= 0) continue;
    path.push(root);
    at.push(0);
    while (path.length > 0) {
      const top = path.length - 1;
      const f = path[top];
      if (at[top] === 0) {
        index[f] = next;
        low[f] = next++;
        stack.push(f);
        open[f] = 1;
      }
      let entered = false;
      while (at[top] < callees[f].length) {
        const g = callees[f][at[top]++];
        if (index[g] < 0) {
          path.push(g);
          at.push(0);
          entered = true;
          break;
        }
        if (open[g] === 1) low[f] = Math.min(low[f], index[g]);
      }
      if (entered) continue;
      path.pop();
      at.pop();
      if (path.length > 0) low[path[top - 1]] = Math.min(low[path[top - 1]], low[f]);
      if (low[f] !== index[f]) continue;
      const group: SFunc[] = [];
      for (;;) {
        const g = stack.pop()!;
        open[g] = 0;
        group.push(funcs[g]);
        if (g === f) break;
      }
      out.push({ funcs: group, recursive: group.length > 1 || callees[f].includes(f) });
    }
  }
  return out;
}

function calls(fn: SFunc, byName: ReadonlyMap<string, number>): number[] {
  const out = new Set<number>();
  for (const block of fn.blocks) {
    for (const v of block.values) {
      if (v.op !== SOp.Call) continue;
      const callee = byName.get(v.sym!);
      if (callee !== undefined) out.add(callee);
    }
  }
  return [...out];
}
