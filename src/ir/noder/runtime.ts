/** Functions of package runtime that the compiler calls by itself (typecheck/_builtin/runtime.go), as far as they show
 *  before code generation. */
import { NoPos } from "../../base/pos.ts";
import { newFunc } from "../func.ts";
import { newSignature } from "../newtype.ts";
import type { Name } from "../node.ts";
import type { Noder } from "./noder.ts";

/** A runtime function without parameters and results. */
export function lookupRuntime(n: Noder, name: "panicwrap"): Name {
  return n.runtimeFunc(name, (sym) => newFunc(NoPos, NoPos, sym, newSignature(null, [], [])).nname);
}
