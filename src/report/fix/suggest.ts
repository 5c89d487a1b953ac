/** What would keep a value on the stack: candidate edits are applied in memory and analysed, and only those are
 *  suggested with which the program is still valid and has fewer values on the heap, this one not among them. */

import type { Expr } from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import { Op } from "../../syntax/tokens.ts";
import { unparen } from "../../syntax/walk.ts";
import { ObjKind, type Var } from "../../types/types.ts";
import { heapRemarks } from "../explain/decisions.ts";
import type { Scene } from "../explain/scene.ts";
import type { Remark } from "../remark.ts";
import { objectOf } from "../trees.ts";
import { byValue } from "./byvalue.ts";
import { applyEdits, type Candidate } from "./edits.ts";
import { proposals, Site } from "./simple.ts";

export interface Suggestion {
  readonly candidate: Candidate;
  /** The changed files, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** `function: message` of what else is gone, and of what is new. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** The changed files as one text: two suggestions with the same one are the same edit. */
  readonly outcome: string;
}

/** Analyses the package of `scene` with some files replaced; a text says why it cannot. */
export type Examine = (drafts: ReadonlyMap<string, Uint8Array>) => Scene | string;

export function suggestions(scene: Scene, remark: Remark, examine: Examine): Suggestion[] {
  if (remark.pos < 0) return []; // the code of another function
  const found: Suggestion[] = [];
  const read = (name: string): Uint8Array => scene.session.host.readFile(name);
  const before = heapCounts(scene);
  const target = keyOf(scene, remark);
  const seen = new Set<string>();
  for (const candidate of candidates(scene, remark, read)) {
    const files = applyEdits(scene.session.fset, read, candidate.edits);
    if (files === null || files.size === 0) continue;
    const outcome = [...files].map(([name, text]) => `${name}\n${new TextDecoder().decode(text)}`).join("\n");
    if (seen.has(outcome)) continue;
    seen.add(outcome);
    const changed = examine(files);
    if (typeof changed === "string") continue;
    const after = heapCounts(changed);
    if ((after.get(target) ?? 0) >= (before.get(target) ?? 0) || total(after) >= total(before)) continue;
    found.push({
      candidate,
      files,
      gone: difference(before, after).filter((key, i, all) => key !== target || all.indexOf(key) !== i),
      added: difference(after, before),
      outcome,
    });
  }
  return found;
}

function* candidates(scene: Scene, remark: Remark, read: (name: string) => Uint8Array): Generator<Candidate> {
  for (const starts of pointerSources(scene, remark)) {
    const edits = byValue(scene, starts);
    if (edits !== null) yield { title: "Use the value instead of a pointer to it.", note: "", edits };
  }
  for (const propose of proposals) {
    const candidate = propose(new Site(scene, remark, read));
    if (candidate !== null) yield candidate;
  }
}

/** Sets of pointer expressions that could be values: those that make the pointer to the value in question, and those
 *  that make the pointers through which it is stored. */
function pointerSources(scene: Scene, remark: Remark): Expr[][] {
  const { trees } = scene;
  const sources: Expr[][] = [];
  const own: Expr[] = [];
  for (const node of trees.at(remark.pos)) {
    if (node.kind === Kind.Name && node.obj?.kind === ObjKind.Var && node.obj.pos === node.pos) {
      for (const use of trees.uses(node.obj)) {
        const around = trees.around(
          use,
          (n) => n.kind !== Kind.ParenExpr && n.kind !== Kind.SelectorExpr && n.kind !== Kind.IndexExpr,
        );
        if (around?.kind === Kind.Operation && around.op === Op.And && around.y === null) own.push(around);
      }
    } else if (node.kind === Kind.Operation && node.op === Op.And && node.y === null) {
      own.push(node);
    } else if (node.kind === Kind.CallExpr) {
      const callee = objectOf(node.fun);
      if (callee?.kind === ObjKind.Builtin && callee.name === "new") own.push(node);
    } else if (node.kind === Kind.BasicLit || node.kind === Kind.Operation || node.kind === Kind.Name) {
      const parent = trees.parent(node);
      const callee = parent?.kind === Kind.CallExpr ? objectOf(parent.fun) : null;
      if (parent?.kind === Kind.CallExpr && callee?.kind === ObjKind.Builtin && callee.name === "new") own.push(parent);
    }
  }
  if (own.length > 0) sources.push(own);
  for (const step of remark.flows?.[0]?.steps ?? []) {
    for (const reason of step.reasons) {
      const statement = reason.why.startsWith("assign") ? trees.find(reason.pos, Kind.AssignStmt) : null;
      const target = statement === null ? null : unparen(statement.lhs);
      const base = target?.kind === Kind.SelectorExpr && target.selection?.indirect ? objectOf(target.x) : null;
      if (base?.kind !== ObjKind.Var) continue;
      const made = definitionOf(scene, base as Var);
      if (made !== null) sources.push([made]);
    }
  }
  return sources;
}

/** The expression in `x := expr` that declares the variable. */
function definitionOf(scene: Scene, variable: Var): Expr | null {
  const name = scene.trees.uses(variable).find((use) => use.pos === variable.pos);
  const parent = name === undefined ? null : scene.trees.parent(name);
  if (parent?.kind === Kind.AssignStmt) return parent.rhs;
  return parent?.kind === Kind.VarDecl && parent.names.length === 1 ? parent.values : null;
}

function keyOf(scene: Scene, remark: Remark): string {
  return `${scene.functions.nameAt(remark.pos)}: ${remark.msg}`;
}

function heapCounts(scene: Scene): Map<string, number> {
  const counts = new Map<string, number>();
  for (const remark of heapRemarks(scene)) {
    const key = keyOf(scene, remark);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/** Keys that are more often in `a`, once for each time. */
function difference(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): string[] {
  const list: string[] = [];
  for (const [key, count] of a) for (let i = b.get(key) ?? 0; i < count; i++) list.push(key);
  return list;
}
