/** Explanations: the flow that moved a value to the heap, or a parameter's content out of its function.
 *
 *  Mirrors  explainPath, explainFlow and explainLoc of cmd/compile/internal/escape/solve.go. An explanation is data;
 *  `-m=2` prints it line by line, `-json` hands it out as it is. */
import { InternalError } from "../base/diag.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import type { CaseClause, Node } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import type { Batch } from "./batch.ts";
import type { Location, Note } from "./graph.ts";

export interface FlowReason {
  /** The expression or statement, as the compiler prints it. */
  readonly node: string;
  readonly why: string;
  readonly pos: Pos;
}

/** `dst ← ops src`: one edge of the path. */
export interface FlowStep {
  readonly dst: string;
  /** `&`, or one `*` per dereference. */
  readonly ops: string;
  readonly src: string;
  readonly reasons: readonly FlowReason[];
  /** Where the variable is declared, or the allocation stands; `NoPos` for the heap and for temporaries. */
  readonly dstPos: Pos;
  readonly srcPos: Pos;
}

export interface Explanation {
  readonly pos: Pos;
  /** The headline: `x escapes to heap in f:`. */
  readonly title: string;
  readonly steps: readonly FlowStep[];
  /** The path ran into a cycle and ends early. */
  readonly truncated: boolean;
  /** As what the compiler logs it for editors (-json): kind and message. */
  readonly what: "escape" | "escapes" | "leak";
  readonly message: string;
  /** How this release of Go writes the step from source to destination. */
  readonly arrow: string;
}

export function explainFlow(b: Batch, dst: Location, src: Location, derefs: number, notes: Note | null): FlowStep {
  const reasons: FlowReason[] = [];
  for (let note = notes; note !== null; note = note.next) {
    reasons.push({ node: b.config.str(note.where), why: note.why, pos: note.where.pos });
  }
  return {
    dst: explainLoc(b, dst),
    ops: derefs < 0 ? "&" : "*".repeat(derefs),
    src: explainLoc(b, src),
    reasons,
    dstPos: dst.node?.pos ?? NoPos,
    srcPos: src.node?.pos ?? NoPos,
  };
}

/** Why `l`, whose address reaches `root`, escapes. */
export function explainEscape(b: Batch, root: Location, l: Location): Explanation {
  return { ...explainPath(b, root, l), ...escapeText(b, l), what: "escape" };
}

/** The same where it is clear without a search: `dst` is on the heap. */
export function explainDirectEscape(b: Batch, dst: Location, src: Location, derefs: number, notes: Note | null) {
  const steps = [explainFlow(b, dst, src, derefs, notes)];
  return { pos: src.node!.pos, steps, truncated: false, ...escapeText(b, src), what: "escapes" as const };
}

function escapeText(b: Batch, l: Location): Pick<Explanation, "title" | "message" | "arrow"> {
  const { rules, str, funcName } = b.config;
  const message = `${str(l.node!)} escapes to heap`;
  const where = rules.explainsFunc ? ` in ${funcName(l.curfn!)}` : "";
  return { title: `${message}${where}:`, message, arrow: rules.flowArrow };
}

/** How parameter `l` reaches `root`. */
export function explainLeak(b: Batch, root: Location, l: Location, derefs: number): Explanation {
  const { rules, str, funcName } = b.config;
  const leak = `parameter ${str(l.node!)} leaks to ${explainLoc(b, root)}`;
  const where = rules.explainsFunc ? ` for ${funcName(l.curfn!)}` : "";
  return {
    ...explainPath(b, root, l),
    title: `${leak}${where} with derefs=${derefs}:`,
    message: `${leak} with derefs=${derefs}`,
    what: "leak",
    arrow: rules.flowArrow,
  };
}

/** The path from `src` to the root of the current walk. */
function explainPath(b: Batch, root: Location, src: Location): Pick<Explanation, "pos" | "steps" | "truncated"> {
  const steps: FlowStep[] = [];
  const visited = new Set<Location>();
  let truncated = false;
  for (let at = src; ; ) {
    if (visited.has(at)) {
      truncated = true;
      break;
    }
    visited.add(at);
    const dst = at.dst;
    const edge = dst?.edges[at.dstEdge];
    if (dst === null || edge?.src !== at) throw new InternalError("inconsistent path in the location graph");
    steps.push(explainFlow(b, dst, at, edge.derefs, edge.notes));
    if (dst === root) break;
    at = dst;
  }
  return { pos: src.node!.pos, steps, truncated };
}

export function explainLoc(b: Batch, loc: Location): string {
  if (loc === b.heapLoc) return "{heap}";
  if (loc.node === null) return "{temp}";
  const text = b.config.str(loc.node as Node | CaseClause);
  return loc.node.op === Op.ONAME ? text : `{storage for ${text}}`;
}
