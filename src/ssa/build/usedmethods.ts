/** What calls say about the methods that a program needs: interface methods by their key, and look-ups by reflection
 *  (reflectdata.MarkUsedIfaceMethod, usemethod of walk/expr.go). The linker keeps methods by it. */
import { ValueKind } from "../../base/constant.ts";
import { isConst, stringVal } from "../../ir/const.ts";
import type { Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { TKind } from "../../ir/types.ts";
import { methodKey } from "../reflectdata/types.ts";
import type { FnState } from "./state.ts";

/** Functions of package reflect whose callers count, not they. */
const lookups: ReadonlySet<string> = new Set([
  "(*rtype).Method",
  "(*rtype).MethodByName",
  "(*interfaceType).Method",
  "(*interfaceType).MethodByName",
  "Value.Method",
  "Value.MethodByName",
]);

/** Notes what call `n` of an interface method uses. The result is that, null if only its name is known. */
export function useInterfaceMethod(s: FnState, n: Node): string | null {
  const sel = n.x!;
  const { sym } = sel.sel!;
  const key = methodKey(sym!, sel.sel!.type);
  // Which method shaped code calls is not known but for its name.
  const { hasShape } = sel.x!.type!;
  s.sfn.usedMethods.add(hasShape ? `~${key.slice(0, key.indexOf("("))}` : key);
  useReflectMethod(s, n);
  return hasShape ? null : key;
}

/** Notes a call of reflect.Type.Method or MethodByName, or of those of reflect.Value. */
export function useReflectMethod(s: FnState, n: Node): void {
  const sel = n.x!;
  const name = sel.sel!.sym!.name;
  if (name !== "Method" && name !== "MethodByName") return;
  const t = sel.sel!.type;
  if (t.params.length !== 1 || (t.results.length !== 1 && t.results.length !== 2)) return;
  if (t.params[0].type.kind !== (name === "Method" ? TKind.INT : TKind.STRING)) return;
  const result = t.results[0].type.sym;
  if (result === null || result.pkg?.path !== "reflect") return;
  if (result.name !== "Method" && result.name !== "Value") return;
  const { fn } = s;
  if (fn !== null && fn.sym.pkg?.path === "reflect" && lookups.has(fn.sym.name)) return;
  const arg = name === "Method" ? null : sel.op === Op.ODOTINTER ? n.list[0] : n.list[1];
  s.sfn.usedMethods.add(arg !== null && isConst(arg, ValueKind.String) ? `~${stringVal(arg)}` : "*");
}
