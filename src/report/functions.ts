/** Which declaration a position belongs to, under the name that people use for it: `f`, `(*T).m`, `T.m`, and for the
 *  initialiser of a package variable its name. Type parameters are left out, so that instances count as one. */
import type { FileSet, Pos } from "../base/pos.ts";
import { type Decl, type Expr, type File, type FuncDecl, Kind } from "../syntax/ast.ts";
import { Op } from "../syntax/tokens.ts";

interface Extent {
  readonly start: Pos;
  readonly end: Pos;
  readonly decl: Decl;
}

export class Functions {
  private readonly extents: Extent[] = [];

  constructor(
    private readonly fset: FileSet,
    files: readonly File[],
  ) {
    for (const file of files) {
      for (const decl of file.decls) {
        if (decl.kind === Kind.FuncDecl || decl.kind === Kind.VarDecl)
          this.extents.push({ start: decl.pos, end: decl.end, decl });
      }
    }
    this.extents.sort((x, y) => x.start - y.start);
  }

  /** The declaration around `pos`; of inlined code the one that it was inlined into. */
  declAt(pos: Pos): Decl | null {
    const at = pos < 0 ? this.fset.outermost(pos) : pos;
    let low = 0;
    let high = this.extents.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.extents[mid].start <= at) low = mid + 1;
      else high = mid;
    }
    const extent = low === 0 ? null : this.extents[low - 1];
    return extent !== null && at <= extent.end ? extent.decl : null;
  }

  /** "" for places outside of functions and initialisers. */
  nameAt(pos: Pos): string {
    const decl = this.declAt(pos);
    if (decl === null) return "";
    if (decl.kind === Kind.FuncDecl) return declName(decl);
    return decl.kind === Kind.VarDecl ? decl.names.map((name) => name.value).join(", ") : "";
  }
}

export function declName(decl: FuncDecl): string {
  if (decl.recv === null) return decl.name.value;
  let type: Expr = decl.recv.type;
  let pointer = false;
  for (;;) {
    if (type.kind === Kind.ParenExpr || type.kind === Kind.IndexExpr) type = type.x;
    else if (type.kind === Kind.Operation && type.op === Op.Mul && type.y === null) {
      pointer = true;
      type = type.x;
    } else break;
  }
  const name = type.kind === Kind.Name ? type.value : "?";
  return pointer ? `(*${name}).${decl.name.value}` : `${name}.${decl.name.value}`;
}

/** Has type parameters, or is a method of a type that has. */
export function isGeneric({ tparams, recv }: FuncDecl): boolean {
  if (tparams.length > 0) return true;
  let type: Expr | null = recv?.type ?? null;
  while (type?.kind === Kind.ParenExpr || (type?.kind === Kind.Operation && type.y === null)) type = type.x;
  return type?.kind === Kind.IndexExpr;
}
