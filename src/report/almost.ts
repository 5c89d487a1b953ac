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
  /** `function: message` of what would not be on the heap any more, and of what would come to it; the function's own
   *  values once for each call that is inlined, under the name of the caller. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

/** The package with some functions taken as inlinable; a text says why it cannot be analysed. */
export type Assume = (functions: ReadonlySet<string>) => Scene | string;

/** Functions that are at most `within` over the budget, those that matter most first; at most `max` are tried. */
export function almostInlined(scene: Scene, within: number, max: number, assume: Assume): AlmostInlined[] {
  const found = candidates(scene, within).slice(0, max);
  const list = found.map((candidate): AlmostInlined => {
    const changed = assume(new Set([candidate.symbol]));
    return typeof changed === "string"
      ? { ...candidate, calls: 0, gone: [], added: [] }
      : { ...candidate, ...difference(scene, changed, candidate.func) };
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

/** What it changes that calls of `func` are inlined. Its own values are counted at each call: what its text has on the
 *  heap is allocated by every call now, and by those calls then in whose copy it still is. */
function difference(before: Scene, after: Scene, func: string): Pick<AlmostInlined, "calls" | "gone" | "added"> {
  const copies = new Map<Pos, { caller: string; heap: string[] }>();
  for (const { pos, msg } of after.remarks)
    if (msg === `inlining call to ${func}`) copies.set(pos, { caller: after.functions.nameAt(pos), heap: [] });
  const elsewhere: string[] = [];
  for (const { pos, msg } of heapRemarks(after)) {
    const call = callAround(after, pos, copies);
    if (call === null) elsewhere.push(`${after.functions.nameAt(pos)}: ${msg}`);
    else copies.get(call)!.heap.push(msg);
  }
  const named = heapRemarks(before).map(({ pos, msg }) => ({ name: before.functions.nameAt(pos), msg }));
  const own = named.filter(({ name }) => name === func).map(({ msg }) => msg);
  const all = named.map(({ name, msg }) => `${name}: ${msg}`);
  const gone = surplus(all, elsewhere);
  const added = surplus(elsewhere, all);
  for (const { caller, heap } of copies.values()) {
    gone.push(...surplus(own, heap).map((msg) => `${caller}: ${msg}`));
    added.push(...surplus(heap, own).map((msg) => `${caller}: ${msg}`));
  }
  return { calls: copies.size, gone, added };
}

/** The outermost of some calls whose inlining has brought the code at `pos`; null if none has. */
function callAround({ session }: Scene, pos: Pos, calls: ReadonlyMap<Pos, unknown>): Pos | null {
  let found: Pos | null = null;
  for (let at = pos; at < 0; ) {
    at = session.fset.inlinedCallPos(session.fset.inliningOf(at));
    if (calls.has(at)) found = at;
  }
  return found;
}

/** What is more often in `a`, once for each time. */
function surplus(a: readonly string[], b: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const key of b) counts.set(key, (counts.get(key) ?? 0) + 1);
  return a.filter((key) => {
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}
