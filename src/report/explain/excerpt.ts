/** The source line of a place, with a mark under the expression that stands there. */
import type { Pos } from "../../base/pos.ts";
import { Kind } from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import type { Scene } from "./scene.ts";

const decoder = new TextDecoder();

/** Lines of source files, read once. */
export class Excerpts {
  private readonly texts = new Map<string, Uint8Array | null>();

  /** Two lines, the second with the mark; none if there is no source. */
  of(scene: Scene, pos: Pos, indent: string): string[] {
    const { fset } = scene.session;
    const file = fset.file(pos);
    if (file === null) return [];
    const text = this.text(scene, file.name);
    if (text === null) return [];
    const offset = pos - file.base;
    const index = file.lineIndex(offset);
    const start = file.lines[index];
    const next = text.indexOf(10, start);
    const end = next < 0 ? text.length : next;
    const { from, to } = extent(scene, pos);
    const left = Math.max(from - file.base, start);
    const right = Math.min(Math.max(to - file.base, left + 1), end);
    const line = decoder.decode(text.subarray(start, end)).replace(/\r$/, "");
    const before = decoder.decode(text.subarray(start, left)).replace(/[^\t]/gu, " ");
    const width = [...decoder.decode(text.subarray(left, Math.max(right, left)))].length;
    const number = String(index + 1).padStart(5);
    return [`${indent}${number} | ${line}`, `${indent}      | ${before}^${"~".repeat(Math.max(width - 1, 0))}`];
  }

  private text(scene: Scene, name: string): Uint8Array | null {
    let text = this.texts.get(name);
    if (text === undefined) {
      try {
        text = scene.session.host.readFile(name);
      } catch {
        text = null;
      }
      this.texts.set(name, text);
    }
    return text;
  }
}

/** The extent of the expression or simple statement at `pos`; of larger statements nothing but the place. */
function extent(scene: Scene, pos: Pos): { from: Pos; to: Pos } {
  for (const node of scene.trees.at(pos)) {
    switch (node.kind) {
      case Kind.File:
      case Kind.FuncDecl:
      case Kind.VarDecl:
      case Kind.ForStmt:
      case Kind.IfStmt:
      case Kind.SwitchStmt:
      case Kind.SelectStmt:
      case Kind.BlockStmt:
      case Kind.LabeledStmt:
      case Kind.Field:
      case Kind.ExprStmt:
      case Kind.DeclStmt:
      case Kind.CaseClause:
      case Kind.CommClause:
        continue;
      default: {
        const from = startPos(node);
        // A call stands at its parenthesis: mark all of it.
        return { from: Math.min(from, pos), to: node.end };
      }
    }
  }
  return { from: pos, to: pos + 1 };
}
