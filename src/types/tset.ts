/** Type terms and type sets: data only (the algorithms are in typeterm.ts, termlist.ts and typeset.ts).
 *
 *  A term stands for a set of types: `null` is the empty set, a term without type the set of all types, a term with
 *  type T just {T}, and one with a tilde every type whose underlying type is T. A term list is the union of its
 *  terms; in normal form they are disjoint. */
import type { Func, Type } from "./types.ts";

export class TypeTerm {
  constructor(
    readonly tilde: boolean,
    readonly type: Type | null,
  ) {}
}

export type TermList = readonly (TypeTerm | null)[];

/** The set of all types. */
export const allTermlist: TermList = [new TypeTerm(false, null)];

/** The types that implement `methods` and are in `terms`; `comparable` is only set if `terms` are all types. */
export class TypeSet {
  /** Sorted by compareFunc. */
  methods: readonly Func[];
  terms: TermList;
  comparable: boolean;
  constructor(methods: readonly Func[], terms: TermList, comparable: boolean) {
    this.methods = methods;
    this.terms = terms;
    this.comparable = comparable;
  }
}

/** Of the empty interface. */
export const topTypeSet: TypeSet = new TypeSet([], allTermlist, false);
/** Of a union with too many terms. */
export const invalidTypeSet: TypeSet = new TypeSet([], [], false);
