/** Small helpers that hide where the compiler's syntax tree differs from go/ast. Mirrors types2/util.go. */
import {
  floatFromLiteral,
  imagFromLiteral,
  intFromLiteral,
  runeFromLiteral,
  stringFromLiteral,
  type Value,
} from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import { type ArrayType, type Expr, Kind, LitKind, type Name } from "../syntax/ast.ts";
import type { Checker } from "./check.ts";

/** Orders positions: in one file by place, across files by file name. */
export function cmpPos(c: Checker, p: Pos, q: Pos): number {
  const fp = c.fset.file(p);
  const fq = c.fset.file(q);
  if (fp === fq || fp === null || fq === null || fp.name === fq.name) return p - q;
  return fp.name < fq.name ? -1 : 1;
}

/** `[...]E`. */
export function isdddArray(t: ArrayType): boolean {
  return t.len === null;
}

/** The elements of a list expression; a single expression is a list of one, null an empty list. */
export function unpackListExpr(x: Expr | null): Expr[] {
  if (x === null) return [];
  return x.kind === Kind.ListExpr ? x.elems : [x];
}

export function asName(x: Expr): Name | null {
  return x.kind === Kind.Name ? x : null;
}

/** The value of a literal; unknown if it is malformed or out of range. */
export function makeFromLiteral(lit: string, kind: LitKind): Value {
  switch (kind) {
    case LitKind.Int:
      return intFromLiteral(lit);
    case LitKind.Float:
      return floatFromLiteral(lit);
    case LitKind.Imag:
      return imagFromLiteral(lit);
    case LitKind.Rune:
      return runeFromLiteral(lit);
    case LitKind.String:
      return stringFromLiteral(lit);
  }
}
