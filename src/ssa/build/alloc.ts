/** Memory from the heap. */
import type { Type } from "../../ir/types.ts";
import { typeSym } from "../reflectdata/types.ts";
import type { Value } from "../value.ts";
import type { FnState } from "./state.ts";

/** Address of the descriptor of type `t`. */
export function typeAddr(s: FnState, t: Type): Value {
  return s.b.addr(typeSym(s.p, t));
}

/** A new zeroed object of type `t`. */
export function newObject(s: FnState, t: Type): Value {
  if (s.size(t) === 0) return s.b.addr("runtime.zerobase");
  return s.rtcall("newobject", [typeAddr(s, t)], "p")[0];
}
