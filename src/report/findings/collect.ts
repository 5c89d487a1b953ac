/** From the analysis of a package to its findings: every value on the heap, with its rule, size, loops and way there,
 *  and on request edits that were proved to keep it on the stack. */
import { hashHex } from "../../base/hash.ts";
import type { Pos } from "../../base/pos.ts";
import type { Scene, World } from "../explain/scene.ts";
import { type Step, Story } from "../explain/story.ts";
import type { TextEdit } from "../fix/edits.ts";
import { type Examine, type Suggestion, suggestions } from "../fix/suggest.ts";
import { groupOf, kindOf, type Remark, type RemarkGroup } from "../remark.ts";
import {
  compareFindings,
  comparePlaces,
  type Edit,
  type Finding,
  type FindingGraph,
  type Fix,
  type FlowPoint,
  type Level,
  type PackageFindings,
} from "./model.ts";
import { Places, relativeName } from "./places.ts";

export interface CollectOptions {
  /** Names are given relative to this directory. */
  readonly root: string;
  /** Look for edits that help; costs an analysis for each one tried. */
  readonly fixes: boolean;
  /** Give the texts of the files. */
  readonly sources: boolean;
  readonly graphs: boolean;
}

/** Of a fix that is to be shown as one replacement. */
const maxSingleLines = 40;

/** Edits are looked for at so many findings of a package, those that cost most: each edit costs an analysis. */
export const maxFixable = 50;

/** A finding without what depends on the others. */
export type Draft = Omit<Finding, "fingerprint" | "count"> & { count: number };

export class Collector {
  readonly places: Places;
  private readonly drafts: Draft[] = [];
  /** Findings that edits may help, with the remarks they are about. */
  private readonly fixable = new Map<Draft, Remark>();

  constructor(
    readonly scene: Scene,
    readonly world: World,
    readonly options: CollectOptions,
    private readonly examine: Examine,
  ) {
    this.places = new Places(scene, options.root);
  }

  /** Adds what the compiler says, of some kinds. */
  addRemarks(groups: readonly RemarkGroup[]): void {
    if (groups.length === 0) return;
    const seen = new Map<string, Draft>();
    for (const remark of this.scene.remarks) {
      const group = groupOf(kindOf(remark.msg));
      if (group === null || !groups.includes(group)) continue;
      const key = `${remark.pos} ${remark.msg}`;
      const known = seen.get(key);
      if (known !== undefined) {
        known.count++; // another instance of a generic function
        continue;
      }
      const draft = this.ofRemark(remark, this.ruleOf(remark, group), "note", remark.msg);
      if (draft === null) continue;
      seen.set(key, draft);
      this.drafts.push(draft);
    }
  }

  private ruleOf(remark: Remark, group: RemarkGroup): string {
    if (group === "stay" || group === "inline") return group;
    return this.scene.causes.of(remark)[0] ?? "other";
  }

  add(draft: Draft): void {
    this.drafts.push(draft);
  }

  /** A finding at the place of a remark, with its flow and, if they are wanted, its fixes. */
  ofRemark(remark: Remark, rule: string, level: Level, message: string, related: FlowPoint[] = []): Draft | null {
    const draft = this.at(remark.pos, rule, level, message, this.flow(remark), related);
    if (draft === null) return null;
    const kind = kindOf(remark.msg);
    const isHeap = kind === "moved" || kind === "escapes";
    const sized = { ...draft, size: remark.size ?? -1 };
    if (isHeap && this.options.fixes) this.fixable.set(sized, remark);
    return sized;
  }

  at(
    pos: Pos,
    rule: string,
    level: Level,
    message: string,
    flow: readonly FlowPoint[] = [],
    related: readonly FlowPoint[] = [],
  ): Draft | null {
    const { scene, places } = this;
    const { fset } = scene.session;
    const range = places.of(pos);
    if (range === null) return null;
    const outer = fset.outermost(pos);
    const { line, col } = fset.absolute(outer);
    const node = scene.trees.at(outer)[0];
    const inner = fset.innermost(pos);
    return {
      rule,
      level,
      message,
      package: scene.importPath,
      func: scene.functions.nameAt(pos),
      range,
      at: { line, col },
      inlinedFrom: inner === outer ? null : places.of(inner),
      source: places.snippet(pos),
      size: -1,
      loopDepth: node === undefined ? 0 : scene.trees.loopDepth(node),
      count: 1,
      profiled: -1,
      flow,
      related,
      fixes: [],
    };
  }

  /** The way to the heap, step by step. */
  flow(remark: Remark): FlowPoint[] {
    const flow = remark.flows?.[0];
    if (flow === undefined) return [];
    const points: FlowPoint[] = [];
    const walk = (steps: readonly Step[], depth: number): void => {
      for (const step of steps) {
        const own = step.scene === this.scene ? this.places : new Places(step.scene, this.options.root);
        points.push({ text: step.text, range: step.pos === 0 ? null : own.of(step.pos), depth });
        walk(step.why, depth + 1);
      }
    };
    walk(new Story(this.world).tell(this.scene, remark, flow), 0);
    return points;
  }

  private fixes(remark: Remark): Fix[] {
    return suggestions(this.scene, remark, this.examine).map((suggestion) => this.fix(suggestion));
  }

  private fix({ candidate, gone, added }: Suggestion): Fix {
    const { fset } = this.scene.session;
    const edits: Edit[] = [];
    for (const { start, end, text } of candidate.edits) {
      const range = this.places.between(start, end);
      const base = fset.file(start)?.base ?? 0;
      if (range !== null) edits.push({ range, start: start - base, end: end - base, text });
    }
    edits.sort((a, b) => comparePlaces(a.range, b.range));
    return {
      title: candidate.title,
      note: candidate.note,
      removes: gone.length + 1,
      adds: added.length,
      edits,
      single: this.single(candidate.edits),
    };
  }

  private single(edits: readonly TextEdit[]): Edit | null {
    const ordered = [...edits].sort((a, b) => a.start - b.start);
    const start = ordered[0].start;
    const end = Math.max(...ordered.map((edit) => edit.end));
    const range = this.places.between(start, end);
    const file = this.scene.session.fset.file(start);
    if (range === null || file !== this.scene.session.fset.file(end) || range.endLine - range.line > maxSingleLines)
      return null;
    let text = "";
    let at = start;
    for (const edit of ordered) {
      if (edit.start < at) return null;
      text += this.places.text(at, edit.start) + edit.text;
      at = edit.end;
    }
    return { range, start: start - file!.base, end: end - file!.base, text };
  }

  /** All findings, ranked. `promises` is how many were checked. */
  finish(promises: number): PackageFindings {
    const { scene, options } = this;
    const findings = fingerprinted(this.drafts)
      .sort((a, b) => compareFindings(a.finding, b.finding))
      .map(({ finding, draft }, rank): Finding => {
        const remark = rank < maxFixable ? this.fixable.get(draft) : undefined;
        return remark === undefined ? finding : { ...finding, fixes: this.fixes(remark) };
      });
    const sources = options.sources ? this.sources() : [];
    return {
      package: scene.importPath,
      findings,
      promises,
      sources,
      graphs: options.graphs ? graphs(scene) : [],
    };
  }

  private sources(): { file: string; text: string }[] {
    const { session, result } = this.scene;
    return result.files.flatMap((file) => {
      const name = session.fset.file(file.pos)?.name;
      if (name === undefined) return [];
      const text = new TextDecoder().decode(session.host.readFile(name));
      return [{ file: relativeName(this.options.root, name), text }];
    });
  }
}

/** Equal findings of one function are numbered in source order. */
function fingerprinted(drafts: readonly Draft[]): { finding: Finding; draft: Draft }[] {
  const ordered = [...drafts].sort((a, b) => comparePlaces(a.range, b.range));
  const numbers = new Map<string, number>();
  return ordered.map((draft) => {
    const key = [draft.rule, draft.package, draft.func || draft.range.file, draft.message].join("\0");
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    const fingerprint = hashHex(new TextEncoder().encode(`${key}\0${number}`));
    return { finding: { ...draft, fingerprint }, draft };
  });
}

/** The graphs of functions in which something is on the heap. */
function graphs(scene: Scene): FindingGraph[] {
  const { fset } = scene.session;
  const found: FindingGraph[] = [];
  for (const { funcs, nodes, edges } of scene.result.graphs) {
    if (!nodes.some((node) => node.escapes && node.kind !== "sink")) continue;
    const used = new Set<string>();
    for (const edge of edges) used.add(edge.from).add(edge.to);
    found.push({
      func: funcs.join(", "),
      nodes: nodes
        .filter(({ id }) => used.has(id))
        .map(({ id, label, pos, escapes, kind }) => ({
          id,
          label,
          line: fset.position(pos).line,
          heap: escapes,
          sink: kind === "sink",
        })),
      edges: edges.map(({ from, to, derefs, reasons }) => ({
        from,
        to,
        derefs,
        why: reasons[reasons.length - 1]?.why ?? "",
      })),
    });
  }
  return found;
}
