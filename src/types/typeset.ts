/** Type sets of interfaces and unions.
 *
 *  Mirrors cmd/compile/internal/types2/typeset.go and the parts of interface.go that are not about syntax. A type set
 *  is computed once, when it is first needed; errors found on the way are reported through the checker. */
import { NoPos, type Pos } from "../base/pos.ts";
import { unalias } from "./alias.ts";
import { type Checker, later, needsCleanup } from "./check.ts";
import { isImportedConstraint } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { addf, errorf, newError, report } from "./errors.ts";
import { methodIndex } from "./lookup.ts";
import { compareFunc, id } from "./object.ts";
import { comparableType, identical, isValid } from "./predicates.ts";
import { intersectLists, isAllList, isEmptyList, subsetOfList, unionLists } from "./termlist.ts";
import { allTermlist, invalidTypeSet, type TermList, TypeSet, TypeTerm, topTypeSet } from "./tset.ts";
import { type Func, Interface, type Package, type Type, TypeKind, type Union } from "./types.ts";
import { under } from "./under.ts";
import { allowVersion, go1_14, go1_18, verifyVersionf } from "./version.ts";

/** Avoids long times of the quadratic term list operations. */
export const maxTermCount = 100;

export const emptyInterface: Interface = new Interface();
emptyInterface.complete = true;

// ------------------------------------------------------------------------------------------------- interfaces

export function newInterface(c: Checker | null): Interface {
  const type = new Interface();
  if (c !== null) {
    type.check = c;
    needsCleanup(c, type);
  }
  return type;
}

/** The type set of an interface. */
export function typeSet(t: Interface): TypeSet {
  return t.typeSet ?? computeInterfaceTypeSet(t.check, NoPos, t);
}

/** What is needed for errors only goes once the type set is there. */
export function cleanup(t: Interface): void {
  typeSet(t);
  t.check = null;
  if (t.embedPos.length > 0) t.embedPos = [];
}

/** All methods of an interface, embedded ones included, in the order of compareFunc. */
export function interfaceMethods(t: Interface): readonly Func[] {
  return typeSet(t).methods;
}

/** `t` is the empty interface: every type implements it. */
export function empty(t: Interface): boolean {
  return isAll(typeSet(t));
}

export function sortMethods(list: Func[]): void {
  if (list.length > 1) list.sort(compareFunc);
}

// ------------------------------------------------------------------------------------------------- type sets

export function isEmpty(s: TypeSet): boolean {
  return isEmptyList(s.terms);
}

/** `s` is the set of all types. */
export function isAll(s: TypeSet): boolean {
  return s.methods.length === 0 && isMethodSet(s);
}

/** `s` is fully described by its methods. */
export function isMethodSet(s: TypeSet): boolean {
  return !s.comparable && isAllList(s.terms);
}

/** Each type in `s` is comparable. */
export function isComparable(s: TypeSet, seen: Set<Type> | null): boolean {
  if (isAllList(s.terms)) return s.comparable;
  return setIs(s, (t) => t !== null && comparableType(t.type!, false, seen) === null);
}

export function lookupMethod(
  s: TypeSet,
  pkg: Package | null,
  name: string,
  foldCase: boolean,
): { index: number; method: Func } | null {
  const index = methodIndex(s.methods, pkg, name, foldCase);
  return index < 0 ? null : { index, method: s.methods[index] };
}

/** `s` has specific types. */
export function hasTerms(s: TypeSet): boolean {
  return !isEmptyList(s.terms) && !isAllList(s.terms);
}

/** The terms of x are among those of y. */
export function subsetOf(x: TypeSet, y: TypeSet): boolean {
  return subsetOfList(x.terms, y.terms);
}

/** Whether `f` holds for all (type, underlying type) pairs; `f(null, null)` if there are no specific types. */
export function setAll(s: TypeSet, f: (t: Type | null, u: Type | null) => boolean): boolean {
  if (!hasTerms(s)) return f(null, null);
  for (const term of s.terms) {
    const t = term!.type!;
    if (!f(t, term!.tilde ? unalias(t) : under(t))) return false;
  }
  return true;
}

/** Whether `f` holds for all specific terms; `f(null)` if there are none. */
export function setIs(s: TypeSet, f: (t: TypeTerm | null) => boolean): boolean {
  if (!hasTerms(s)) return f(null);
  for (const term of s.terms) if (!f(term)) return false;
  return true;
}

// ------------------------------------------------------------------------------------------------- computation

/** Collects the methods of one interface, checking them for duplicates. */
class MethodCollector {
  readonly methods: Func[] = [];
  private readonly seen = new Map<string, Func>();
  /** Where a method is specified or embedded, for messages. */
  private readonly places = new Map<Func, Pos>();

  constructor(private readonly c: Checker | null) {}

  add(pos: Pos, m: Func, explicit: boolean): void {
    const key = id(m.pkg, m.name);
    const other = this.seen.get(key);
    if (other === undefined) {
      this.seen.set(key, m);
      this.methods.push(m);
      if (this.c !== null) this.places.set(m, pos);
      return;
    }
    const c = this.c;
    if (c === null || (other === m && allowVersion(c, go1_14))) return;
    if (explicit) this.reportDuplicate(c, pos, m, other);
    else {
      // Overlapping embedded methods must be identical, which can only be said once all types are set up.
      later(c, () => {
        if ((pos !== NoPos && !allowVersion(c, go1_14)) || !identical(m.type!, other.type!)) {
          this.reportDuplicate(c, pos, m, other);
        }
      });
    }
  }

  private reportDuplicate(c: Checker, pos: Pos, m: Func, other: Func): void {
    const err = newError(c, Code.DuplicateDecl);
    addf(err, pos, "duplicate method %s", m.name);
    addf(err, this.places.get(other) ?? NoPos, "other declaration of method %s", m.name);
    report(err);
  }
}

export function computeInterfaceTypeSet(c: Checker | null, _pos: Pos, ityp: Interface): TypeSet {
  if (ityp.typeSet !== null) return ityp.typeSet;
  // Not set up yet: a partial set must not be kept. Follow-on errors take their course.
  if (!ityp.complete) return topTypeSet;
  if (ityp.embeddeds.length === 0) {
    if (ityp.methods.length === 0) {
      ityp.typeSet = topTypeSet;
      return topTypeSet;
    }
    if (ityp.methods.length === 1) {
      ityp.typeSet = new TypeSet([ityp.methods[0]], allTermlist, false);
      return ityp.typeSet;
    }
  }

  // An interface that contains itself is found by validType; here it must only not recurse forever.
  const tset = new TypeSet([], allTermlist, false);
  ityp.typeSet = tset;

  const collector = new MethodCollector(c);
  for (const m of ityp.methods) collector.add(m.pos, m, true);

  let terms: TermList = allTermlist;
  let comparable = false;
  for (let i = 0; i < ityp.embeddeds.length; i++) {
    const typ = ityp.embeddeds[i];
    const at = i < ityp.embedPos.length ? ityp.embedPos[i] : NoPos; // none in imported interfaces
    let elemTerms: TermList;
    let elemComparable = false;
    const u = under(typ);
    switch (u.kind) {
      case TypeKind.Interface: {
        const set = computeInterfaceTypeSet(c, at, u);
        if (
          at !== NoPos &&
          c !== null &&
          isImportedConstraint(c, typ) &&
          !verifyVersionf(c, at, go1_18, "embedding constraint interface %s", typ)
        ) {
          continue;
        }
        elemComparable = set.comparable;
        for (const m of set.methods) collector.add(at, m, false);
        elemTerms = set.terms;
        break;
      }
      case TypeKind.Union: {
        if (at !== NoPos && c !== null && !verifyVersionf(c, at, go1_18, "embedding interface element %s", u)) continue;
        const set = computeUnionTypeSet(c, at, u);
        if (set === invalidTypeSet) continue;
        elemTerms = set.terms;
        break;
      }
      default:
        if (!isValid(u)) continue;
        if (at !== NoPos && c !== null && !verifyVersionf(c, at, go1_18, "embedding non-interface type %s", typ)) {
          continue;
        }
        elemTerms = [new TypeTerm(false, typ)];
    }
    if (elemTerms === allTermlist && terms === allTermlist) comparable ||= elemComparable;
    else ({ terms, comparable } = intersectTermLists(terms, comparable, elemTerms, elemComparable));
  }

  tset.comparable = comparable;
  if (collector.methods.length > 0) {
    sortMethods(collector.methods);
    tset.methods = collector.methods;
  }
  tset.terms = terms;
  return tset;
}

/** The comparable bits are only valid with term lists of all types. */
function intersectTermLists(
  xterms: TermList,
  xcomp: boolean,
  yterms: TermList,
  ycomp: boolean,
): { terms: TermList; comparable: boolean } {
  let terms = intersectLists(xterms, yterms);
  let comparable = xcomp || ycomp;
  if (comparable && !isAllList(terms)) {
    terms = terms.filter((t) => comparableType(t!.type!, false, null) === null);
    if (!isAllList(terms)) comparable = false;
  }
  return { terms, comparable };
}

/** The result is `invalidTypeSet` if there are too many terms. */
export function computeUnionTypeSet(c: Checker | null, pos: Pos, utyp: Union): TypeSet {
  if (utyp.typeSet !== null) return utyp.typeSet;
  const tset = new TypeSet([], [], false);
  utyp.typeSet = tset; // ends recursion, as above

  let allTerms: TermList = [];
  for (const t of utyp.terms) {
    let terms: TermList;
    const u = under(t.type);
    if (u.kind === TypeKind.Interface) terms = computeInterfaceTypeSet(c, pos, u).terms;
    else if (!isValid(u)) continue;
    // No type has an underlying type that is not one: ~t is empty then.
    else if (t.tilde && !identical(t.type, u)) terms = [null];
    else terms = [new TypeTerm(t.tilde, t.type)];
    allTerms = unionLists(allTerms, terms);
    if (allTerms.length > maxTermCount) {
      if (c !== null) {
        const format = "cannot handle more than %d union terms (implementation limitation)";
        errorf(c, pos, Code.InvalidUnion, format, maxTermCount);
      }
      utyp.typeSet = invalidTypeSet;
      return invalidTypeSet;
    }
  }
  tset.terms = allTerms;
  return tset;
}
