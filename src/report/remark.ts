/** Remarks: what the analysis has to say about one place, in the compiler's words and order. */
import { type FileSet, formatPosition, NoPos, type Pos } from "../base/pos.ts";
import type { Explanation } from "../escape/explain.ts";
import type { Instance } from "./instances.ts";

export interface Remark {
  readonly pos: Pos;
  /** The message without position. */
  readonly msg: string;
  /** Of escapes and leaks, when explanations were asked for: the flows behind it. */
  readonly flows: readonly Explanation[] | null;
  /** Of values on the heap: the bytes of one, -1 where only the running program knows. */
  readonly size?: number;
  /** Of values on the heap in code that instances of a generic function share: those instances. */
  readonly instances?: readonly Instance[];
  /** No blank stands between place and message. */
  readonly tight?: boolean;
  /** No place is shown. */
  readonly bare?: boolean;
}

/** What a remark is about; the kinds that `-json` and filters know. */
export type RemarkKind =
  | "moved"
  | "escapes"
  | "stays"
  | "leak"
  | "capture"
  | "self-assignment"
  | "zero-copy"
  | "uintptr"
  | "inline"
  | "devirtualize"
  | "bounds"
  | "flow"
  | "other";

/** Matched in this order: the first pattern that fits decides. */
const kinds: readonly (readonly [RegExp, RemarkKind])[] = [
  [/^moved to heap: /, "moved"],
  [/ escapes to heap$/, "escapes"],
  [/ does not escape$/, "stays"],
  [/^leaking param/, "leak"],
  [/ capturing by (value|ref): /, "capture"],
  [/ ignoring self-assignment in /, "self-assignment"],
  [/^zero-copy /, "zero-copy"],
  [/^(assuming .* is unsafe uintptr|marking .* as escaping )/, "uintptr"],
  [/^(can inline|cannot inline|inlining call to) /, "inline"],
  [/^(partially )?devirtualizing |^cannot devirtualize /, "devirtualize"],
  [/^index bounds check elided$/, "bounds"],
  [/^ {3}(flow:| {2}from)|:$/, "flow"],
];

/** Kinds as users choose them (`-only`, `-sort=cost`); the order is that of the cost. */
export const remarkGroups = ["escape", "leak", "stay", "inline"] as const;
export type RemarkGroup = (typeof remarkGroups)[number];

/** The group of a kind; null for remarks about other things. */
export function groupOf(kind: RemarkKind): RemarkGroup | null {
  switch (kind) {
    case "moved":
    case "escapes":
      return "escape";
    case "leak":
      return "leak";
    case "stays":
      return "stay";
    case "inline":
    case "devirtualize":
      return "inline";
    default:
      return null;
  }
}

export function kindOf(msg: string): RemarkKind {
  for (const [pattern, kind] of kinds) if (pattern.test(msg)) return kind;
  return "other";
}

/** The lines that `-m` prints for a remark; a position that is not known has no prefix. */
export function remarkLine(fset: FileSet, remark: Remark): string {
  if (remark.pos === NoPos || remark.bare === true) return remark.msg;
  return `${formatPosition(fset.position(remark.pos))}:${remark.tight === true ? "" : " "}${remark.msg}`;
}

const unknownPosition = "<unknown line number>";

/** The lines that `-m=2` prints when it finds an explanation. */
export function explanationLines(fset: FileSet, explanation: Explanation): string[] {
  const place = (pos: Pos) => formatPosition(fset.position(pos)) || unknownPosition;
  const at = place(explanation.pos);
  const lines = [`${at}: ${explanation.title}`];
  for (const step of explanation.steps) {
    lines.push(`${at}:   flow: ${step.dst} ${explanation.arrow} ${step.ops}${step.src}:`);
    for (const reason of step.reasons) {
      lines.push(`${at}:     from ${reason.node} (${reason.why}) at ${place(reason.pos)}`);
    }
  }
  if (explanation.truncated) {
    lines.push(`${at}:   warning: truncated explanation due to assignment cycle; see golang.org/issue/35518`);
  }
  return lines;
}
