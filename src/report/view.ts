/** Remarks as users ask for them: some kinds only, in another order, or counted. */
import type { FileSet, Pos } from "../base/pos.ts";
import { type Decl, Kind, type Node } from "../syntax/ast.ts";
import { inspect } from "../syntax/walk.ts";
import type { Entry, PackageResult } from "./analyze.ts";
import { Causes } from "./causes.ts";
import { Functions } from "./functions.ts";
import { groupOf, kindOf, type RemarkGroup, remarkGroups } from "./remark.ts";
import { ruleById } from "./rules.ts";
import { Trees } from "./trees.ts";

export const remarkOrders = ["line", "func", "cost"] as const;

export interface RemarkView {
  /** Null for all. */
  readonly only: readonly RemarkGroup[] | null;
  /** Null for the compiler's order. */
  readonly sort: (typeof remarkOrders)[number] | null;
  /** Counts instead of remarks. */
  readonly summary: boolean;
}

export function viewEntries(fset: FileSet, result: PackageResult, view: RemarkView): Entry[] {
  const { only } = view;
  const kept =
    only === null ? [...result.entries] : result.entries.filter((entry) => includes(only, entryGroup(entry)));
  if (view.sort === null) return kept;
  const functions = new Functions(fset, result.files);
  const loops = view.sort === "cost" ? new Loops(functions) : null;
  const keyed = kept.map((entry) => {
    const pos = fset.outermost("remark" in entry ? entry.remark.pos : entry.explanation.pos);
    const at = fset.position(pos);
    return {
      entry,
      at,
      func: view.sort === "func" ? functions.nameAt(pos) : "",
      rank: loops === null ? 0 : rankOf(entry),
      depth: loops === null ? 0 : loops.depthAt(pos),
    };
  });
  // Sorting is stable: what is said of one place keeps its order.
  keyed.sort(
    (x, y) =>
      x.rank - y.rank ||
      y.depth - x.depth ||
      compareText(x.func, y.func) ||
      compareText(x.at.filename, y.at.filename) ||
      x.at.line - y.at.line ||
      x.at.col - y.at.col,
  );
  return keyed.map(({ entry }) => entry);
}

function includes(groups: readonly RemarkGroup[], group: RemarkGroup | null): boolean {
  return group !== null && groups.includes(group);
}

function compareText(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

function entryGroup(entry: Entry): RemarkGroup | null {
  if ("remark" in entry) return groupOf(kindOf(entry.remark.msg));
  return entry.explanation.title.startsWith("parameter ") ? "leak" : "escape";
}

function rankOf(entry: Entry): number {
  const group = entryGroup(entry);
  return group === null ? remarkGroups.length : remarkGroups.indexOf(group);
}

/** How many loops are around a place, as a stand-in for how often it runs. */
class Loops {
  private readonly bodies = new Map<Decl, { start: Pos; end: Pos }[]>();

  constructor(private readonly functions: Functions) {}

  depthAt(pos: Pos): number {
    const decl = this.functions.declAt(pos);
    if (decl === null) return 0;
    let bodies = this.bodies.get(decl);
    if (bodies === undefined) {
      const found: { start: Pos; end: Pos }[] = [];
      inspect(decl, (node: Node | null) => {
        if (node?.kind === Kind.ForStmt) found.push({ start: node.body.pos, end: node.body.end });
        return true;
      });
      bodies = found;
      this.bodies.set(decl, bodies);
    }
    let depth = 0;
    for (const { start, end } of bodies) if (pos >= start && pos < end) depth++;
    return depth;
  }
}

/** How many remarks of each group a package has, and how many values each rule moves to the heap. */
export function summaryText(fset: FileSet, importPath: string, result: PackageResult, json: boolean): string {
  const functions = new Functions(fset, result.files);
  const causes = new Causes(new Trees(fset, result.files), functions);
  const groups: Record<RemarkGroup, number> = { escape: 0, leak: 0, stay: 0, inline: 0 };
  const rules = new Map<string, number>();
  for (const entry of result.entries) {
    if (!("remark" in entry)) continue;
    const group = groupOf(kindOf(entry.remark.msg));
    if (group === null) continue;
    groups[group]++;
    if (group !== "escape") continue;
    const rule = causes.of(entry.remark)[0] ?? "other";
    rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  const counts = [...rules].sort((x, y) => y[1] - x[1] || compareText(x[0], y[0]));
  if (json) return `${JSON.stringify({ package: importPath, ...groups, rules: Object.fromEntries(counts) })}\n`;
  const width = Math.max(...counts.map(([rule]) => rule.length), 0);
  const head = `# ${importPath}: ${groups.escape} on the heap, ${groups.stay} on the stack, ${groups.leak} leaking, ${groups.inline} inlining`;
  const lines = counts.map(([rule, count]) => {
    const text = ruleById(rule)?.text ?? "";
    return `${String(count).padStart(6)}  ${rule.padEnd(width)}  ${text}`.trimEnd();
  });
  return `${[head, ...lines].join("\n")}\n`;
}
