/** Decisions as records for programs, one a line. Places have 1-based lines and byte columns, as in the other records. */
import { NoPos, type Pos } from "../../base/pos.ts";
import { unifiedDiff } from "../fix/edits.ts";
import { whyNoEdit } from "../fix/unhelped.ts";
import type { Decision } from "./decisions.ts";
import type { Offer } from "./offers.ts";
import type { Scene } from "./scene.ts";
import type { Step } from "./story.ts";

/** One decision and what would help. */
export function decisionRecord(scene: Scene, decision: Decision, offers: readonly Offer[]): string {
  const { pos, verdict, headline, steps, rules, remark } = decision;
  const at = scene.session.fset.outermost(pos);
  const record = {
    package: scene.importPath,
    ...placeOf(scene, at),
    func: scene.functions.nameAt(at),
    verdict,
    text: headline,
    ...(remark === null ? {} : { message: remark.msg }),
    ...(steps.length === 0 ? {} : { steps: steps.map(stepRecord) }),
    ...(rules.length === 0 ? {} : { rules: rules.map(({ id, text, instead }) => ({ id, text, instead })) }),
    ...(offers.length === 0 ? {} : { suggestions: offers.map((offer) => offerRecord(scene, offer)) }),
    ...(offers.length > 0 || verdict !== "heap" || remark === null ? {} : { noSuggestion: whyNoEdit(scene, remark) }),
  };
  return `${JSON.stringify(record)}\n`;
}

function stepRecord({ text, pos, inlinedAt, scene, why }: Step): unknown {
  return {
    text,
    ...(pos === NoPos ? {} : placeOf(scene, pos)),
    ...(inlinedAt === NoPos ? {} : { inlinedAt: placeOf(scene, inlinedAt) }),
    ...(why.length === 0 ? {} : { why: why.map(stepRecord) }),
  };
}

/** Records of several values that an edit helps have it with the same number. */
function offerRecord(scene: Scene, { number, suggestion: { candidate, files, gone, added } }: Offer): unknown {
  return {
    number,
    title: candidate.title,
    ...(candidate.note === "" ? {} : { note: candidate.note }),
    gone,
    added,
    edits: [...files].map(([file, text]) => ({
      file,
      diff: unifiedDiff(file, scene.session.host.readFile(file), text),
    })),
  };
}

function placeOf(scene: Scene, pos: Pos): { file: string; line: number; col: number } {
  const { filename, line, col } = scene.session.fset.position(pos);
  return { file: filename, line, col };
}
