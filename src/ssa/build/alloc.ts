/** Memory from the heap. */
import { ptrDataSize } from "../../ir/typeops.ts";
import type { Type } from "../../ir/types.ts";
import { gcWords, typeSym } from "../reflectdata/types.ts";
import type { Value } from "../value.ts";
import type { FnState } from "./state.ts";

/** Address of the descriptor of type `t`. */
export function typeAddr(s: FnState, t: Type): Value {
  return s.b.addr(typeSym(s.p, t));
}

/** A new zeroed object of type `t`. */
export function newObject(s: FnState, t: Type): Value {
  const size = s.size(t);
  if (size === 0) return s.b.addr("runtime.zerobase");
  const noscan = ptrDataSize(t, s.p.target) === 0;
  if (size > MaxBitmapSize || (noscan && size < TinySize)) return s.rtcall("newobject", [typeAddr(s, t)], "p")[0];
  const spanClass = sizeClass(size) * 2 + (noscan ? 1 : 0);
  let pointers = 0n;
  for (const word of noscan ? [] : gcWords(s.p, t)) pointers |= 1n << BigInt(word);
  const args = [typeAddr(s, t), s.b.i32(spanClass * 8), s.b.i64(BigInt.asIntN(64, pointers))];
  return s.rtcall("newsmall", args, "p")[0];
}

/** Objects without pointers below this size share blocks. */
const TinySize = 16;
/** Objects up to this size have their pointers in a bitmap. */
const MaxBitmapSize = 512;

/** Number of the size class of small objects (internal/runtime/gc/sizeclasses.go). */
function sizeClass(size: number): number {
  if (size <= 32) return Math.ceil(size / 8);
  if (size <= 256) return 4 + Math.ceil((size - 32) / 16);
  return 18 + Math.ceil((size - 256) / 32);
}
