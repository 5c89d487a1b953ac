/** Type parameters and their constraint interfaces.
 *
 *  Mirrors cmd/compile/internal/types2/typeparam.go and typelists.go. */
import { InternalError } from "../base/diag.ts";
import { asNamed } from "./alias.ts";
import { type Checker, needsCleanup } from "./check.ts";
import { isTypeParam, isValid } from "./predicates.ts";
import type { TypeTerm } from "./tset.ts";
import { Interface, type Type, TypeKind, type TypeName, TypeParam } from "./types.ts";
import { computeInterfaceTypeSet, emptyInterface, setAll, setIs, typeSet } from "./typeset.ts";
import { under } from "./under.ts";

export function newTypeParam(c: Checker | null, obj: TypeName, constraint: Type | null): TypeParam {
  const tpar = new TypeParam(obj, constraint);
  if (c !== null) {
    tpar.check = c;
    needsCleanup(c, tpar);
  } else if (constraint !== null) {
    iface(tpar);
  }
  return tpar;
}

/** Gives the type parameters of a list their indices. */
export function bindTParams(list: readonly TypeParam[]): readonly TypeParam[] {
  for (let i = 0; i < list.length; i++) {
    if (list[i].index >= 0) throw new InternalError("type parameter bound more than once");
    list[i].index = i;
  }
  return list;
}

export function cleanup(tpar: TypeParam, _c: Checker): void {
  iface(tpar);
  tpar.check = null;
}

/** The constraint interface. A constraint that is no interface is wrapped into an implicit one. */
export function iface(tpar: TypeParam): Interface {
  const bound = tpar.bound!;
  const u = under(bound);
  if (u.kind === TypeKind.Interface) {
    if (u.typeSet !== null) return isTypeParam(bound) ? emptyInterface : u;
    if (isTypeParam(bound)) return emptyInterface; // reported where the type parameters are declared
    computeInterfaceTypeSet(tpar.check, asNamed(bound)?.obj.pos ?? tpar.obj.pos, u);
    return u;
  }
  if (!isValid(u)) return emptyInterface; // reported elsewhere
  const wrapper = new Interface();
  wrapper.embeddeds = [bound];
  wrapper.complete = true;
  wrapper.implicit = true;
  tpar.bound = wrapper;
  computeInterfaceTypeSet(tpar.check, asNamed(bound)?.obj.pos ?? tpar.obj.pos, wrapper);
  return wrapper;
}

/** Whether `f` holds for all specific terms of the constraint; `f(null)` if there are none. */
export function is(tpar: TypeParam, f: (t: TypeTerm | null) => boolean): boolean {
  return setIs(typeSet(iface(tpar)), f);
}

/** Whether `f` holds for all (type, underlying type) pairs of the constraint's specific terms; `f(null, null)` if
 *  there are none. */
export function typeset(tpar: TypeParam, f: (t: Type | null, u: Type | null) => boolean): boolean {
  return setAll(typeSet(iface(tpar)), f);
}
