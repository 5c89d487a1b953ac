/** Functions that are just too large to be inlined, and what would leave the heap if they were: each is analysed again
 *  as if its cost were within the budget. */
import type { Pos } from "../base/pos.ts";
import { heapRemarks } from "./explain/decisions.ts";
import type { Scene } from "./explain/scene.ts";

export interface AlmostInlined {
  /** Import path and name, as the compiler's symbols have them. */
  readonly symbol: string;
  readonly func: string;
  readonly pos: Pos;
  readonly cost: number;
  readonly budget: number;
  /** Calls in the package that would be inlined. */
  readonly calls: number;
  /** `function: message` of what would not be on the heap any more, and of what would come to it. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

/** The package with some functions taken as inlinable; a text says why it cannot be analysed. */
export type Assume = (functions: ReadonlySet<string>) => Scene | string;

/** Functions that are at most `within` over the budget, those that matter most first; at most `max` are tried. */
export function almostInlined(scene: Scene, within: number, max: number, assume: Assume): AlmostInlined[] {
  const found = candidates(scene, within).slice(0, max);
  const before = heapKeys(scene);
  const callsBefore = inlinedCalls(scene);
  const list = found.map((candidate): AlmostInlined => {
    const changed = assume(new Set([candidate.symbol]));
    if (typeof changed === "string") return { ...candidate, calls: 0, gone: [], added: [] };
    const after = heapKeys(changed);
    const calls = (inlinedCalls(changed).get(candidate.func) ?? 0) - (callsBefore.get(candidate.func) ?? 0);
    return { ...candidate, calls, gone: surplus(before, after), added: surplus(after, before) };
  });
  return list.sort(
    (a, b) =>
      b.gone.length - b.added.length - (a.gone.length - a.added.length) ||
      a.cost - a.budget - (b.cost - b.budget) ||
      a.pos - b.pos,
  );
}

type Candidate = Omit<AlmostInlined, "calls" | "gone" | "added">;

/** The nearest to the budget first. */
function candidates(scene: Scene, within: number): Candidate[] {
  const found: Candidate[] = [];
  const seen = new Set<Pos>();
  const path = scene.result.checked?.pkg.path ?? "";
  for (const { pos, what, message } of scene.result.optLog) {
    if (what !== "cannotInlineFunction" || seen.has(pos)) continue;
    seen.add(pos); // instances of a generic function
    const match = /^function too complex: cost (\d+) exceeds budget (\d+)$/.exec(message);
    if (match === null) continue;
    const cost = Number(match[1]);
    const budget = Number(match[2]);
    const func = scene.functions.nameAt(pos);
    // Literals have no name to call them by; they are inlined where they are called.
    if (cost - budget > within || scene.decl(func)?.pos !== pos) continue;
    found.push({ symbol: `${path}.${func}`, func, pos, cost, budget });
  }
  return found.sort((a, b) => a.cost - a.budget - (b.cost - b.budget) || a.pos - b.pos);
}

/** How many values each message is about. Code that is inlined counts where it was written, so that its copies are told
 *  from what they save. */
function heapKeys(scene: Scene): Map<string, number> {
  const keys = new Map<string, number>();
  for (const { pos, msg } of heapRemarks(scene)) {
    const key = `${scene.functions.nameAt(pos)}: ${msg}`;
    keys.set(key, (keys.get(key) ?? 0) + 1);
  }
  return keys;
}

/** Inlined calls by callee. */
function inlinedCalls(scene: Scene): Map<string, number> {
  const calls = new Map<string, number>();
  for (const { msg } of scene.remarks) {
    const name = /^inlining call to (.*)$/.exec(msg)?.[1];
    if (name !== undefined) calls.set(name, (calls.get(name) ?? 0) + 1);
  }
  return calls;
}

/** Keys that are more often in `a`, once for each time. */
function surplus(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): string[] {
  const list: string[] = [];
  for (const [key, count] of a) for (let i = b.get(key) ?? 0; i < count; i++) list.push(key);
  return list;
}
