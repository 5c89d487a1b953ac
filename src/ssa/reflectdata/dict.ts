/** Run-time dictionaries of instances: what shaped code of generic functions and methods asks for at run time
 *  (dictNameOf of cmd/compile/internal/noder/reader.go). */
import { objDictName } from "../../ir/noder/instances.ts";
import type { Dictionary } from "../../ir/noder/noder.ts";
import { typList } from "../../ir/noder/objects.ts";
import { typIdx } from "../../ir/noder/types.ts";
import { isEmptyInterface } from "../../ir/typeops.ts";
import { TKind } from "../../ir/types.ts";
import type { PkgState } from "../build/state.ts";
import { itabSym } from "./itab.ts";
import { methodName, typeSym } from "./types.ts";
import { DataWriter } from "./writer.ts";

/** Lays out the dictionaries that lowering has met. */
export function writeDictionaries(p: PkgState): void {
  // Sub-dictionaries are added as we go.
  const { dictionaries } = p.n;
  for (let i = 0; i < dictionaries.length; i++) writeDictionary(p, dictionaries[i]);
}

function writeDictionary(p: PkgState, { name, reader, dict }: Dictionary): void {
  const sym = p.varName(name);
  if (!p.claimData(sym)) return;
  const writer = dict.writer.record();
  const w = new DataWriter(8 * name.type!.len);
  let at = 0;
  for (const { typeParamIdx, method } of writer.typeParamMethodExprs) {
    w.func(at, methodName(p, dict.targs[typeParamIdx], p.n.selector(method)));
    at += 8;
  }
  for (const { obj, explicits } of writer.subdicts) {
    const sub = objDictName(reader, obj, dict.targs, typList(reader, explicits, dict));
    w.addr(at, p.varName(sub));
    at += 8;
  }
  for (const t of writer.rtypes) {
    w.addr(at, typeSym(p, typIdx(reader, t, dict, true)));
    at += 8;
  }
  for (const { typ, iface } of writer.itabs) {
    const t = typIdx(reader, typ, dict, true);
    const to = typIdx(reader, iface, dict, true);
    // Other pairs need no itab, and their word is nil.
    const needed = t.kind !== TKind.INTER && to.kind === TKind.INTER && !isEmptyInterface(to);
    w.addr(at, needed ? itabSym(p, t, to) : null);
    at += 8;
  }
  p.addData(w.finish(sym, {}));
}
