/** What lowering asks the checker about types, under one roof. */
import { assignableTo } from "../../types/api_predicates.ts";
import { defaultType, identical, isTypeParam } from "../../types/predicates.ts";
import { rangeKeyVal as checkedRangeKeyVal } from "../../types/range.ts";
import { BasicKind, type Interface, type Type, TypeKind } from "../../types/types.ts";
import { emptyInterface, isAll, isMethodSet, typeSet } from "../../types/typeset.ts";
import { coreType, under } from "../../types/under.ts";
import { Typ } from "../../types/universe.ts";

export { assignableTo, coreType, defaultType, emptyInterface, identical, isTypeParam, under };

export const boolType: Type = Typ[BasicKind.Bool];

/** What ranging over a value of type `t` yields; null for what it does not. */
export function rangeKeyVal(t: Type): { readonly key: Type | null; readonly value: Type | null } {
  const { key, val } = checkedRangeKeyVal(null, t, null);
  return { key, value: val };
}

export function isInterface(t: Type): boolean {
  return under(t).kind === TypeKind.Interface;
}

/** An interface that every type implements. */
export function isEmptyInterface(t: Type): boolean {
  const iface = under(t);
  return iface.kind === TypeKind.Interface && isAll(typeSet(iface));
}

/** The interface says nothing but which methods there are. */
export function isBasicInterface(t: Interface): boolean {
  return isMethodSet(typeSet(t));
}
