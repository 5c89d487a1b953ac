/** From remarks on a declaration to findings that need no tree: what stands there, the rule behind it, the way to the
 *  heap. */
import type { FileSet, Pos } from "../../base/pos.ts";
import { Causes } from "../../report/causes.ts";
import { Functions } from "../../report/functions.ts";
import type { Instance } from "../../report/instances.ts";
import { Ranges } from "../../report/ranges.ts";
import { groupOf, kindOf, type Remark } from "../../report/remark.ts";
import { Trees } from "../../report/trees.ts";
import { type Decl, File, Name } from "../../syntax/ast.ts";
import type { Finding, FlowPlace } from "./model.ts";

/** A file that holds nothing but `decl`. */
export function fileOf(decl: Decl): File {
  return new File(decl.pos, decl.end, new Name(decl.pos, decl.pos, ""), [decl], decl.end);
}

function innerPlace(fset: FileSet, pos: Pos, outer: Pos): Finding["inner"] {
  const inner = fset.innermost(pos);
  if (inner === outer || inner <= 1) return null;
  const { filename, line } = fset.position(inner);
  return { file: filename, line };
}

/** What is said of `decl`. */
export function findingsOf(fset: FileSet, decl: Decl, remarks: readonly Remark[]): Finding[] {
  const files = [fileOf(decl)];
  const trees = new Trees(fset, files);
  const ranges = new Ranges(fset, files);
  const causes = new Causes(trees, new Functions(fset, files));
  const found = new Map<string, Finding & { count: number; instances: Instance[] }>();
  for (const remark of remarks) {
    const at = fset.outermost(remark.pos);
    const key = `${at} ${remark.msg}`;
    const known = found.get(key);
    if (known !== undefined) {
      known.count++;
      for (const instance of remark.instances ?? []) {
        if (known.instances.every(({ name }) => name !== instance.name)) known.instances.push(instance);
      }
      continue;
    }
    const kind = kindOf(remark.msg);
    const { start, end } = ranges.of(at);
    const node = trees.at(at)[0];
    const group = groupOf(kind);
    const flow: FlowPlace[] = [];
    if (group === "escape" || group === "leak") {
      for (const step of remark.flows?.[0]?.steps ?? []) {
        for (const { node: text, why, pos } of step.reasons) {
          const range = ranges.of(fset.outermost(pos));
          if (range.start < decl.pos || range.end > decl.end) continue;
          flow.push({ text: `${text} (${why})`, start: range.start - decl.pos, end: range.end - decl.pos });
        }
      }
    }
    found.set(key, {
      at: at - decl.pos,
      start: start - decl.pos,
      end: Math.max(start, end) - decl.pos,
      kind,
      message: remark.msg,
      rule: group === "escape" || group === "leak" ? (causes.of(remark)[0] ?? "") : "",
      size: remark.size ?? -1,
      loopDepth: node === undefined ? 0 : trees.loopDepth(node),
      flow,
      count: 1,
      instances: [...(remark.instances ?? [])],
      inner: innerPlace(fset, remark.pos, at),
    });
  }
  return [...found.values()];
}
