/** Decisions as records for programs, one a line. Places have 1-based lines and byte columns, as in the other records. */
import { NoPos, type Pos } from "../../base/pos.ts";
import { unifiedDiff } from "../fix/edits.ts";
import type { Suggestion } from "../fix/suggest.ts";
import { whyNoEdit } from "../fix/unhelped.ts";
import type { Decision } from "./decisions.ts";
import type { Scene } from "./scene.ts";
import type { Step } from "./story.ts";

/** One decision; `first` is the number that -fix takes for the first of `found`. */
export function decisionRecord(scene: Scene, decision: Decision, found: readonly Suggestion[], first: number): string {
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
    ...(found.length === 0 ? {} : { suggestions: found.map((one, i) => suggestionRecord(scene, one, first + i)) }),
    ...(found.length > 0 || verdict !== "heap" || remark === null ? {} : { noSuggestion: whyNoEdit(scene, remark) }),
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

function suggestionRecord(scene: Scene, { candidate, files, gone, added }: Suggestion, number: number): unknown {
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
