/** Underlying types, and the underlying types of what a type parameter may stand for.
 *
 *  Mirrors cmd/compile/internal/types2/under.go and the Underlying methods of the types. */
import { ChanDir } from "../syntax/ast.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { sprintf } from "./format.ts";
import { namedUnderlying } from "./named.ts";
import { identical } from "./predicates.ts";
import { iface, typeset } from "./typeparam.ts";
import { type Type, TypeKind } from "./types.ts";

/** The underlying type of `t`: never a Named, TypeParam or Alias (of a type parameter it is the interface of its
 *  constraint). */
export function under(t: Type): Type {
  switch (t.kind) {
    case TypeKind.Named:
      return t.underlyingType ?? namedUnderlying(t);
    case TypeKind.Alias:
      return under(unalias(t));
    case TypeKind.TypeParam:
      return iface(t);
    default:
      return t;
  }
}

/** Whether `f` holds for the underlying type of `t`, of a type parameter: of each type in its type set, or for null
 *  when that set has no specific types. */
export function underIs(t: Type, f: (u: Type | null) => boolean): boolean {
  return all(t, (_, u) => f(u));
}

/** Whether `f` holds for all pairs of a type and its underlying type in the type set of `t`: a single one unless `t`
 *  is a type parameter. Without specific types it is `f(null, null)`. */
export function all(t: Type, f: (t: Type | null, u: Type | null) => boolean): boolean {
  const p = unalias(t);
  return p.kind === TypeKind.TypeParam ? typeset(p, f) : f(t, under(t));
}

/** Why types do not go together; the text is made when it is needed. */
export class TypeError_ {
  constructor(
    readonly formatText: string,
    readonly args: readonly unknown[],
  ) {}

  format(c: Checker | null): string {
    return sprintf(c, this.formatText, ...this.args);
  }
}

export const emptyTypeError: TypeError_ = new TypeError_("", []);

export function typeErrorf(format: string, ...args: unknown[]): TypeError_ {
  return format === "" ? emptyTypeError : new TypeError_(format, args);
}

export interface CommonUnder {
  /** null if there is none; `err` then says why. */
  readonly type: Type | null;
  readonly err: TypeError_ | null;
}

/** The common underlying type of all types in the type set of `t` if they have one. Channels that differ in direction
 *  only have the restricted one in common. `cond` is asked for each pair first and may refuse it. */
export function commonUnder(
  t: Type,
  cond: ((t: Type | null, u: Type | null) => TypeError_ | null) | null,
): CommonUnder {
  let ct: Type | null = null;
  let cu: Type | null = null;
  let err: TypeError_ | null = null;
  all(t, (t, u) => {
    if (cond !== null) {
      err = cond(t, u);
      if (err !== null) return false;
    }
    if (u === null) {
      err = typeErrorf("no specific type");
      return false;
    }
    if (cu === null) {
      ct = t;
      cu = u;
      return true;
    }
    if (cu.kind === TypeKind.Chan && u.kind === TypeKind.Chan) {
      if (!identical(cu.elem, u.elem)) {
        err = typeErrorf("channels %s and %s have different element types", ct, t);
        return false;
      }
      if (cu.dir === u.dir) return true;
      if (cu.dir === ChanDir.Both) {
        ct = t;
        cu = u;
      } else if (u.dir !== ChanDir.Both) {
        err = typeErrorf("channels %s and %s have conflicting directions", ct, t);
        return false;
      }
      return true;
    }
    if (!identical(cu, u)) {
      err = typeErrorf("%s and %s have different underlying types", ct, t);
      return false;
    }
    return true;
  });
  return err === null ? { type: cu, err } : { type: null, err };
}

/** The single underlying type of the type set of `t` (types2 CoreType). */
export function coreType(t: Type): Type | null {
  return commonUnder(t, null).type;
}
