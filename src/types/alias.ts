/** Alias types: what they stand for, and their instances.
 *
 *  Mirrors cmd/compile/internal/types2/alias.go. */
import type { Pos } from "../base/pos.ts";
import type { Checker } from "./check.ts";
import type { Context } from "./context.ts";
import { makeSubstMap, subst } from "./subst.ts";
import { Alias, type Named, type Type, TypeKind, TypeName, type TypeParam } from "./types.ts";

/** The first type that is not an alias. Null at run time while an alias is being declared, as in the compiler:
 *  whoever may come across such a type checks for it. */
export function unalias(t: Type): Type {
  return t !== null && t.kind === TypeKind.Alias ? (t.actual ?? followAlias(t)) : t;
}

function followAlias(alias: Alias): Type {
  let t: Type | null = alias;
  while (t !== null && t.kind === TypeKind.Alias) t = aliasRHS(t);
  alias.actual = t; // null is no answer: it is asked again
  return t as Type;
}

/** `t` as a Named if that is what it actually is. */
export function asNamed(t: Type | null): Named | null {
  if (t === null) return null;
  if (t.kind === TypeKind.Alias) t = unalias(t);
  return t !== null && t.kind === TypeKind.Named ? t : null;
}

/** Resolves a lazily imported alias. */
export function loadAlias(alias: Alias): Alias {
  const loader = alias.loader;
  if (loader !== null) {
    alias.loader = null;
    loader(alias);
  }
  return alias;
}

/** The type on the right-hand side of the declaration; it may be an alias. */
export function aliasRHS(alias: Alias): Type | null {
  return (alias.loader === null ? alias : loadAlias(alias)).fromRHS;
}

export function aliasTypeParams(alias: Alias): readonly TypeParam[] {
  return (alias.loader === null ? alias : loadAlias(alias)).tparams;
}

/** `rhs` null means incomplete. */
export function newAlias(_c: Checker | null, obj: TypeName, rhs: Type | null): Alias {
  return new Alias(obj, rhs);
}

export function newAliasInstance(
  c: Checker | null,
  pos: Pos,
  orig: Alias,
  targs: readonly Type[],
  expanding: Named | null,
  ctxt: Context | null,
): Alias {
  const tparams = aliasTypeParams(orig);
  const obj = new TypeName(pos, orig.obj.pkg, orig.obj.name, null);
  const rhs = subst(c, pos, orig.fromRHS!, makeSubstMap(tparams, targs), expanding, ctxt);
  const res = newAlias(c, obj, rhs);
  res.orig = orig;
  res.tparams = tparams;
  res.targs = targs;
  return res;
}
