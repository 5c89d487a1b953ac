/** Unions of type terms.
 *
 *  Mirrors cmd/compile/internal/types2/termlist.go. Operands need not be in normal form, results are; the algorithms
 *  are quadratic, which the limit on union terms (union.ts) keeps in bounds. */
import { allTermlist, type TermList, type TypeTerm } from "./tset.ts";
import type { Type } from "./types.ts";
import { includes, intersect, subsetOf, termString, union } from "./typeterm.ts";

export function termlistString(list: TermList): string {
  return list.length === 0 ? "∅" : list.map(termString).join(" | ");
}

/** No type is in `list`. */
export function isEmptyList(list: TermList): boolean {
  for (const x of list) if (x !== null) return false;
  return true;
}

/** All types are in `list`. */
export function isAllList(list: TermList): boolean {
  for (const x of list) if (x !== null && x.type === null) return true;
  return false;
}

function norm(list: TermList): TermList {
  const used: boolean[] = new Array(list.length).fill(false);
  const result: TypeTerm[] = [];
  for (let i = 0; i < list.length; i++) {
    let xi = list[i];
    if (xi === null || used[i]) continue;
    for (let j = i + 1; j < list.length; j++) {
      const xj = list[j];
      if (xj === null || used[j]) continue;
      const { first, second } = union(xi, xj);
      if (second !== null) continue;
      if (first!.type === null) return allTermlist; // going on could leave other terms beside 𝓤
      xi = first!;
      used[j] = true;
    }
    result.push(xi);
  }
  return result;
}

export function unionLists(x: TermList, y: TermList): TermList {
  return norm([...x, ...y]);
}

export function intersectLists(xl: TermList, yl: TermList): TermList {
  if (isEmptyList(xl) || isEmptyList(yl)) return [];
  const result: TypeTerm[] = [];
  for (const x of xl) {
    for (const y of yl) {
      const r = intersect(x, y);
      if (r !== null) result.push(r);
    }
  }
  return norm(result);
}

export function equalLists(x: TermList, y: TermList): boolean {
  return x === y || (subsetOfList(x, y) && subsetOfList(y, x));
}

export function listIncludes(list: TermList, t: Type): boolean {
  for (const x of list) if (includes(x, t)) return true;
  return false;
}

function supersetOf(list: TermList, y: TypeTerm | null): boolean {
  for (const x of list) if (subsetOf(y, x)) return true;
  return false;
}

export function subsetOfList(xl: TermList, yl: TermList): boolean {
  if (isEmptyList(yl)) return isEmptyList(xl);
  for (const x of xl) if (!supersetOf(yl, x)) return false;
  return true;
}
