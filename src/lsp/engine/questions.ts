/** What is asked about a package that has been analysed: why something is where it is, what would help, and what flows
 *  where in a function. */
import { type AnalyzeOptions, analyzePart, type PackageResult, type PackageUnit } from "../../report/analyze.ts";
import { decide, heapRemarks } from "../../report/explain/decisions.ts";
import { Scene, type World as SceneWorld } from "../../report/explain/scene.ts";
import type { Step } from "../../report/explain/story.ts";
import { suggestions } from "../../report/fix/suggest.ts";
import { type GraphFormat, graphText } from "../../report/graph.ts";
import { Ranges } from "../../report/ranges.ts";
import type { Remark } from "../../report/remark.ts";
import type { File, FuncDecl } from "../../syntax/ast.ts";
import type { Func } from "../../types/types.ts";
import type { DeclState } from "./decls.ts";
import { isGeneric } from "./mentions.ts";
import type { Explanation, ExplanationStep, FixView } from "./model.ts";
import { fileOf } from "./records.ts";
import type { World } from "./world.ts";

/** What is asked about. */
export interface Subject {
  readonly world: World;
  readonly unit: PackageUnit;
  readonly options: AnalyzeOptions;
  /** Explanations of the whole package are not too much. */
  readonly isSmall: () => boolean;
}

/** Why what stands at a place in a declaration is where it is. */
export function explainAt(subject: Subject, decl: DeclState, offset: number): Explanation[] {
  const { world, unit } = subject;
  if (decl.drift.length > 0) return [];
  explainFlows(subject, decl);
  const scene = sceneOf(subject, decl);
  const rest: SceneWorld = {
    scene: (path) => (path === unit.importPath ? wholeScene(subject, scene) : null),
  };
  const found: Explanation[] = [];
  const seen = new Set<string>();
  const ranges = new Ranges(world.session.fset, [fileOf(decl.decl)]);
  for (const remark of decl.remarks) {
    const { start, end } = ranges.of(world.session.fset.outermost(remark.pos));
    const from = start - decl.home + decl.start;
    const to = Math.max(end, start) - decl.home + decl.start;
    if (offset < from || offset > to || seen.has(remark.msg)) continue;
    seen.add(remark.msg);
    const decision = decide(rest, scene, remark);
    if (decision === null) continue;
    const { headline, verdict, rules } = decision;
    const steps: ExplanationStep[] = [];
    addSteps(world, decision.steps, 0, steps);
    found.push({ start: from, end: to, headline, verdict, steps, rules, size: remark.size ?? -1 });
  }
  // What is inside of something else comes first.
  return found.sort((x, y) => x.end - x.start - (y.end - y.start));
}

function addSteps(world: World, steps: readonly Step[], depth: number, out: ExplanationStep[]): void {
  for (const step of steps) {
    const decl = step.pos > 1 ? world.declAt(step.pos) : null;
    const file = step.pos > 1 ? (world.session.fset.file(step.pos)?.name ?? "") : "";
    const at = decl === null ? 0 : step.pos - decl.home + decl.start;
    out.push({ text: step.text, place: decl === null ? null : { file, start: at, end: at }, depth });
    addSteps(world, step.why, depth + 1, out);
  }
}

function sceneOf({ world, unit }: Subject, decl: DeclState): Scene {
  const entries = decl.remarks.map((remark) => ({ remark }));
  return new Scene(world.session, unit.importPath, bare(world, entries, [fileOf(decl.decl)]));
}

/** The package as far as explanations look into callees. */
function wholeScene({ world, unit, isSmall }: Subject, own: Scene): Scene {
  if (!isSmall()) return own;
  const entries = [...world.decls()].flatMap((decl) => decl.remarks.map((remark) => ({ remark })));
  return new Scene(world.session, unit.importPath, bare(world, entries, world.trees));
}

function bare(world: World, entries: PackageResult["entries"], files: readonly File[]): PackageResult {
  const { checked } = world;
  const none = { errors: [], graphs: [], optLog: [], allocs: [], debug: "", facts: new Map(), named: new Map() };
  const nothing = { visits: [], inlined: new Set<never>(), needsMore: false };
  return { ...none, ...nothing, entries, files, checked, attempt: checked };
}

/** Has the function explained, if that was left out. */
function explainFlows({ world, unit, options: usual }: Subject, decl: DeclState): void {
  const fn = decl.obj;
  if (fn === null || decl.remarks.every(({ flows }) => flows === null) === false || !decl.isFresh) return;
  if (isGeneric(decl.decl as FuncDecl)) return;
  const { session } = world;
  const result = analyzePart(session, unit, { ...usual, explain: true }, world.part(new Set([fn]), false));
  const explained = new Map<string, Remark>();
  for (const entry of result.entries) {
    if ("remark" in entry)
      explained.set(`${session.fset.outermost(entry.remark.pos)} ${entry.remark.msg}`, entry.remark);
  }
  decl.remarks = decl.remarks.map(
    (remark) => explained.get(`${session.fset.outermost(remark.pos)} ${remark.msg}`) ?? remark,
  );
}

/** Changes that were tried and keep values in a stretch of a file on the stack. `examine` analyses the package with some
 *  files replaced. */
export function fixesIn(
  examine: (drafts: ReadonlyMap<string, Uint8Array>) => Scene | string,
  name: string,
  start: number,
  end: number,
): FixView[] {
  const scene = examine(new Map());
  if (typeof scene === "string") return [];
  const { fset } = scene.session;
  const ranges = new Ranges(fset, scene.result.files);
  const found: FixView[] = [];
  const seen = new Set<string>();
  for (const remark of heapRemarks(scene)) {
    const source = remark.pos > 1 ? fset.file(remark.pos) : null;
    if (source === null || source.name !== name) continue;
    const range = ranges.of(remark.pos);
    const from = range.start - source.base;
    const to = Math.max(range.end, range.start) - source.base;
    if (to < start || from > end || seen.has(`${from} ${remark.msg}`)) continue;
    seen.add(`${from} ${remark.msg}`);
    for (const { candidate, gone, added } of suggestions(scene, remark, examine)) {
      const edits = candidate.edits.map((edit) => {
        const file = fset.file(edit.start)!;
        return { file: file.name, start: edit.start - file.base, end: edit.end - file.base, text: edit.text };
      });
      found.push({
        title: candidate.title,
        note: candidate.note,
        removes: gone.length + 1,
        adds: added.length,
        edits: distinct(edits),
        message: remark.msg,
        place: { file: name, start: from, end: to },
      });
    }
  }
  return found;
}

/** The location graph of some functions, in the given form; "" if there is none. */
export function graphOf(
  { world, unit, options: usual }: Subject,
  funcs: ReadonlySet<Func>,
  format: GraphFormat,
): string {
  const options = { ...usual, explain: true, graphs: true };
  const result = analyzePart(world.session, unit, options, world.part(funcs, false));
  return graphText(world.session.fset, unit.importPath, result.graphs, format);
}

function distinct<T>(list: readonly T[]): T[] {
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = JSON.stringify(item);
    return !seen.has(key) && seen.add(key);
  });
}
