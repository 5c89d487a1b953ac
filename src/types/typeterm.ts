/** Algebra of type terms.
 *
 *  Mirrors cmd/compile/internal/types2/typeterm.go; what a term stands for is said in tset.ts. */
import { identical } from "./predicates.ts";
import { TypeTerm } from "./tset.ts";
import type { Type } from "./types.ts";
import { typeString } from "./typestring.ts";
import { under } from "./under.ts";

type T = TypeTerm | null;

export function termString(x: T): string {
  if (x === null) return "∅";
  if (x.type === null) return "𝓤";
  return x.tilde ? `~${typeString(x.type, null)}` : typeString(x.type, null);
}

/** x ∪ y: zero, one or two terms. When the union is one term, `second` is null. */
export function union(x: T, y: T): { first: T; second: T } {
  if (x === null) return { first: y, second: null };
  if (y === null || x.type === null) return { first: x, second: null };
  if (y.type === null) return { first: y, second: null };
  if (disjoint(x, y)) return { first: x, second: y };
  return { first: x.tilde || !y.tilde ? x : y, second: null };
}

/** x ∩ y */
export function intersect(x: T, y: T): T {
  if (x === null || y === null) return null;
  if (x.type === null) return y;
  if (y.type === null) return x;
  if (disjoint(x, y)) return null;
  return !x.tilde || y.tilde ? x : y;
}

/** t ∈ x */
export function includes(x: T, t: Type): boolean {
  if (x === null) return false;
  if (x.type === null) return true;
  return identical(x.type, x.tilde ? under(t) : t);
}

/** x ⊆ y */
export function subsetOf(x: T, y: T): boolean {
  if (x === null) return true;
  if (y === null) return false;
  if (y.type === null) return true;
  if (x.type === null) return false;
  if (disjoint(x, y)) return false;
  return !x.tilde || y.tilde;
}

/** x ∩ y is empty; both have a type. */
export function disjoint(x: { tilde: boolean; type: Type | null }, y: { tilde: boolean; type: Type | null }): boolean {
  const ux = y.tilde ? under(x.type!) : x.type!;
  const uy = x.tilde ? under(y.type!) : y.type!;
  return !identical(ux, uy);
}

export function withTilde(x: TypeTerm): TypeTerm {
  return new TypeTerm(true, x.type);
}
