/** Interface tables in the layout of internal/abi.ITab (writeITab of cmd/compile/internal/reflectdata/reflect.go). */
import { linkString } from "../../ir/typefmt.ts";
import { sameSelector } from "../../ir/typeops.ts";
import type { Type } from "../../ir/types.ts";
import type { PkgState } from "../build/state.ts";
import { methodKey, methodsOf, typeHash, typeSym } from "./types.ts";
import { DataWriter } from "./writer.ts";

/** Offset of the first method in an itab. */
export const itabFun = 24;
/** Offset of the type descriptor. */
export const itabType = 8;
/** Offset of the copy of the type's hash. */
export const itabHash = 16;

/** The symbol of the itab of concrete type `t` for non-empty interface `iface`. Types that do not implement the
 *  interface, as instances of generic code may, get one without methods. */
export function itabSym(p: PkgState, t: Type, iface: Type): string {
  const name = `go:itab.${linkString(t)},${linkString(iface)}`;
  if (!p.claimData(name)) return name;
  const wanted = iface.fields;
  const entries: string[] = [];
  for (const m of methodsOf(p, t)) {
    if (entries.length < wanted.length && sameSelector(m.field.sym, wanted[entries.length].sym)) entries.push(m.ifn);
  }
  const complete = entries.length === wanted.length;
  const w = new DataWriter(itabFun + 8 * wanted.length);
  w.addr(0, typeSym(p, iface));
  w.addr(itabType, typeSym(p, t));
  w.u32(itabHash, typeHash(t));
  w.u64(itabFun, 0);
  if (complete) {
    for (let i = 0; i < entries.length; i++) {
      w.methodFunc(itabFun + 8 * i, entries[i], methodKey(wanted[i].sym!, wanted[i].type));
    }
  }
  p.addData(w.finish(name, {}));
  return name;
}
