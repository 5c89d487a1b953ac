/** Instances of generic types and functions, and whether type arguments satisfy their constraints.
 *
 *  Mirrors cmd/compile/internal/types2/instantiate.go. */
import { InternalError } from "../base/diag.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { aliasTypeParams, newAliasInstance } from "./alias.ts";
import type { Checker } from "./check.ts";
import { Context } from "./context.ts";
import { Code } from "./errorcodes.ts";
import { error } from "./errors.ts";
import { sprintf } from "./format.ts";
import { hasAllMethods, isInterfacePtr } from "./lookup.ts";
import { newNamedInstance } from "./named.ts";
import type { Cause } from "./operand.ts";
import { comparableType, identical, isValid } from "./predicates.ts";
import { cloneSignature, makeSubstMap, subst } from "./subst.ts";
import { termlistString } from "./termlist.ts";
import type { TypeTerm } from "./tset.ts";
import { iface } from "./typeparam.ts";
import { type Alias, type Named, type Signature, type Type, TypeKind, type TypeParam } from "./types.ts";
import { empty, hasTerms, isComparable, isEmpty, setIs, subsetOf, typeSet } from "./typeset.ts";
import { typeString } from "./typestring.ts";
import { includes, withTilde } from "./typeterm.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";
import { allowVersion, go1_20 } from "./version.ts";

export type GenericType = Named | Alias | Signature;

/** Instantiates outside any checking; the type arguments must be right. */
export function instantiate(ctxt: Context | null, orig: GenericType, targs: readonly Type[]): Type {
  return instance(null, NoPos, orig, targs, null, ctxt ?? new Context());
}

/** The instance of a generic type or function. An identical one in a context is used again, that of the instance
 *  being expanded (`expanding`) first, which preserves reference cycles. Named types are expanded when needed. The
 *  result is invalid for a wrong number of type arguments (reported). */
export function instance(
  c: Checker | null,
  pos: Pos,
  orig: GenericType,
  targs: readonly Type[],
  expanding: Named | null,
  ctxt: Context | null,
): Type {
  const inner = expanding === null ? null : expanding.expansion;
  if (inner === ctxt) ctxt = null;
  const outer = ctxt;
  if (inner === null && outer === null) throw new InternalError("instantiation without context");

  const found = inner?.lookup(orig, targs) ?? outer?.lookup(orig, targs) ?? null;
  let res: Type;
  if (found !== null) res = found;
  else {
    switch (orig.kind) {
      case TypeKind.Named:
        res = newNamedInstance(c, pos, orig, targs, expanding);
        break;
      case TypeKind.Alias: {
        const tparams = aliasTypeParams(orig);
        if (!validateTArgLen(c, pos, orig.obj.name, tparams.length, targs.length)) return Typ[0];
        if (tparams.length === 0) return orig;
        res = newAliasInstance(c, pos, orig, targs, expanding, outer ?? inner);
        break;
      }
      default: {
        const tparams = orig.tparams;
        if (tparams.length !== targs.length) {
          validateTArgLen(c, pos, typeString(orig, null), tparams.length, targs.length);
          return Typ[0];
        }
        if (tparams.length === 0) return orig;
        let sig = subst(c, pos, orig, makeSubstMap(tparams, targs), null, ctxt) as Signature;
        if (sig === orig) sig = cloneSignature(sig);
        sig.tparams = []; // not generic any more
        res = sig;
      }
    }
  }
  if (outer !== null) res = outer.update(orig, targs, res);
  if (inner !== null) res = inner.update(orig, targs, res);
  return res;
}

/** Reports a wrong number of type arguments for a type. */
export function validateTArgLen(c: Checker | null, pos: Pos, name: string, want: number, got: number): boolean {
  if (got === want) return true;
  const qual = got < want ? "not enough" : "too many";
  const msg = sprintf(c, "%s type arguments for type %s: have %d, want %d", qual, name, got, want);
  if (c === null) throw new InternalError(msg);
  error(c, pos, Code.WrongTypeArgCount, msg);
  return false;
}

/** The first type argument that does not satisfy its constraint, and why; null if all do. */
export function verify(
  c: Checker | null,
  pos: Pos,
  tparams: readonly TypeParam[],
  targs: readonly Type[],
  ctxt: Context,
): { index: number; cause: string } | null {
  const smap = makeSubstMap(tparams, targs);
  for (let i = 0; i < tparams.length; i++) {
    iface(tparams[i]); // the bound must be an interface, if an implicit one
    const bound = subst(c, pos, tparams[i].bound!, smap, null, ctxt);
    if (implements_(c, targs[i], bound, true, null)) continue;
    const cause: Cause = { text: "" }; // causes are costly, so only now
    implements_(c, targs[i], bound, true, cause);
    return { index: i, cause: cause.text };
  }
  return null;
}

/** Whether V implements T; with `constraint`, whether it satisfies the constraint T. */
export function implements_(c: Checker | null, V: Type, T: Type, constraint: boolean, cause: Cause | null): boolean {
  const Vu = under(V);
  const Ti = under(T);
  if (!isValid(Vu) || !isValid(Ti)) return true; // no follow-on errors
  if (Vu.kind === TypeKind.Pointer && !isValid(under(Vu.base))) return true;

  const verb = constraint ? "satisfy" : "implement";
  if (Ti.kind !== TypeKind.Interface) {
    if (cause !== null) {
      const format = isInterfacePtr(Ti) ? "type %s is pointer to interface, not interface" : "%s is not an interface";
      cause.text = sprintf(c, "%s does not %s %s (%s)", V, verb, T, sprintf(c, format, T));
    }
    return false;
  }

  if (empty(Ti)) return true;
  const Vi = Vu.kind === TypeKind.Interface ? Vu : null;
  if (Vi !== null && isEmpty(typeSet(Vi))) return true; // the empty set is a subset of any set
  const Tset = typeSet(Ti);
  if (isEmpty(Tset)) {
    if (cause !== null) cause.text = sprintf(c, "cannot %s %s (empty type set)", verb, T);
    return false;
  }

  if (!hasAllMethods(c, V, T, true, identical, cause)) {
    if (cause !== null) cause.text = sprintf(c, "%s does not %s %s %s", V, verb, T, cause.text);
    return false;
  }

  if (!hasTerms(Tset)) return checkComparability(c, V, isComparable(Tset, null), constraint, cause);

  if (Vi !== null) {
    if (!subsetOf(typeSet(Vi), Tset)) {
      if (cause !== null) cause.text = sprintf(c, "%s does not %s %s", V, verb, T);
      return false;
    }
    return checkComparability(c, V, isComparable(Tset, null), constraint, cause);
  }

  // A type that a missing tilde keeps out makes for a better cause.
  let alt: Type | null = null;
  const missing = (t: TypeTerm | null): boolean => {
    if (includes(t, V)) return false;
    if (cause !== null && alt === null && t !== null && !t.tilde && identical(t.type!, under(t.type!))) {
      if (includes(withTilde(t), V)) alt = t.type;
    }
    return true;
  };
  if (setIs(Tset, missing)) {
    if (cause !== null) {
      let detail: string;
      if (alt !== null) detail = sprintf(c, "possibly missing ~ for %s in %s", alt, T);
      else if (mentions(Ti, V)) {
        detail = sprintf(c, "%s mentions %s, but %s is not in the type set of %s", T, V, V, T);
      } else detail = sprintf(c, "%s missing in %s", V, termlistString(Tset.terms));
      cause.text = sprintf(c, "%s does not %s %s (%s)", V, verb, T, detail);
    }
    return false;
  }
  return checkComparability(c, V, isComparable(Tset, null), constraint, cause);
}

/** V must be comparable if the interface is. Constraints accept types that may panic when compared (Go 1.20). */
function checkComparability(
  c: Checker | null,
  V: Type,
  required: boolean,
  constraint: boolean,
  cause: Cause | null,
): boolean {
  if (!required || comparableType(V, false, null) === null) return true;
  const verb = constraint ? "satisfy" : "implement";
  if (constraint && comparableType(V, true, null) === null) {
    if (c === null || allowVersion(c, go1_20)) return true;
    if (cause !== null) cause.text = sprintf(c, "%s to %s comparable requires go1.20 or later", V, verb);
    return false;
  }
  if (cause !== null) cause.text = sprintf(c, "%s does not %s comparable", V, verb);
  return false;
}

/** `typ` occurs in an element or term of T. */
function mentions(T: Type, typ: Type): boolean {
  switch (T.kind) {
    case TypeKind.Interface:
      return T.embeddeds.some((e) => mentions(e, typ));
    case TypeKind.Union:
      return T.terms.some((t) => mentions(t.type, typ));
    default:
      return identical(T, typ);
  }
}
