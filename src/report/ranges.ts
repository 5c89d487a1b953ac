/** From the single place that the compiler gives a message to the source text that it is about. */
import type { FileSet, Pos, SourceFile } from "../base/pos.ts";
import { type File, Kind, type Node } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import { inspect } from "../syntax/walk.ts";

export interface Range {
  readonly start: Pos;
  /** The first position after it. */
  readonly end: Pos;
}

/** Ranges of the nodes of a package's files; a file is indexed when it is first asked about. */
export class Ranges {
  private readonly trees = new Map<SourceFile, File>();
  private readonly indices = new Map<SourceFile, Map<Pos, Node>>();

  constructor(
    private readonly fset: FileSet,
    files: readonly File[],
  ) {
    for (const file of files) {
      const source = fset.file(file.pos);
      if (source !== null) this.trees.set(source, file);
    }
  }

  /** What stands at `pos`: the largest expression or name with that position. A place of another package, or one where
   *  nothing stands, is a range without extent. */
  of(pos: Pos): Range {
    const source = this.fset.file(pos);
    const tree = source === null ? undefined : this.trees.get(source);
    if (source === null || tree === undefined) return { start: pos, end: pos };
    let index = this.indices.get(source);
    if (index === undefined) {
      index = indexOf(tree);
      this.indices.set(source, index);
    }
    const node = index.get(pos);
    return node === undefined ? { start: pos, end: pos } : { start: startPos(node), end: node.end };
  }
}

function indexOf(tree: File): Map<Pos, Node> {
  const index = new Map<Pos, Node>();
  inspect(tree, (node) => {
    // Outer nodes come first, so that what is kept is the largest. A declaration or a field is told by its name.
    if (node !== null && isPlace(node) && !index.has(node.pos)) index.set(node.pos, node);
    return true;
  });
  return index;
}

function isPlace(node: Node): boolean {
  switch (node.kind) {
    case Kind.File:
    case Kind.Field:
    case Kind.FuncDecl:
    case Kind.VarDecl:
    case Kind.ConstDecl:
    case Kind.TypeDecl:
    case Kind.ImportDecl:
    case Kind.BlockStmt:
    case Kind.ExprStmt:
    case Kind.DeclStmt:
    case Kind.CaseClause:
    case Kind.CommClause:
      return false;
    default:
      return true;
  }
}
