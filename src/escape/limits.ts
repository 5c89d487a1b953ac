/** What is too big, or otherwise unfit, for the stack whatever the flow of its address.
 *
 *  Mirrors  HeapAllocReason of cmd/compile/internal/escape/utils.go; the limits are those of ir/cfg.go. */

import type { GoRules } from "../base/goversion.ts";
import { boxAllocates } from "../ir/box.ts";
import { int64Val, isSmallIntConst } from "../ir/const.ts";
import { Class, type Name, type Node } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import type { Target } from "../ir/target.ts";
import { alignOf, sizeOf } from "../ir/typeops.ts";

/** Bytes that storage of one value may take on the stack. */
export interface FrameLimits {
  /** Of declared variables. */
  readonly variable: number;
  /** Of implicit ones: new, &T{}, make, closures. */
  readonly implicit: number;
}

export const frameLimits: FrameLimits = { variable: 128 * 1024, implicit: 64 * 1024 };
/** With the compiler's flag -smallframes. */
export const smallFrameLimits: FrameLimits = { variable: 64 * 1024, implicit: 16 * 1024 };

const tooLarge = "too large for stack";
const tooAligned = "too aligned for stack";

/** The reason that `n` must be on the heap; "" if there is none. */
export function heapAllocReason(n: Node, target: Target, limits: FrameLimits, rules: GoRules): string {
  const type = n.type;
  if (type === null) return "";
  // Parameters are passed on the stack, whatever their size.
  if (n.op === Op.ONAME && ((n as Name).class === Class.PPARAM || (n as Name).class === Class.PPARAMOUT)) return "";
  if (sizeOf(type, target) > limits.variable) return tooLarge;
  if (alignOf(type, target) > target.ptrSize) return tooAligned;
  switch (n.op) {
    case Op.ONEW:
    case Op.OPTRLIT: {
      const elem = type.elem!;
      if (sizeOf(elem, target) > limits.implicit) return tooLarge;
      if (alignOf(elem, target) > target.ptrSize) return tooAligned;
      return "";
    }
    case Op.OCLOSURE:
      return closureSize(n, target) > limits.implicit ? tooLarge : "";
    case Op.OMETHVALUE: {
      const receiver = n.x!.type!;
      const word = target.ptrSize;
      return roundUp(word, alignOf(receiver, target)) + sizeOf(receiver, target) > limits.implicit ? tooLarge : "";
    }
    case Op.OMAKESLICE: {
      const elemSize = sizeOf(type.elem!, target);
      if (elemSize === 0 && rules.zeroSizeToHeap) return "zero-sized element";
      const size = n.y ?? n.x!;
      // Sizes that are not constant get a small buffer on the stack, with the heap behind it.
      if (!isSmallIntConst(size)) return rules.variableMake ? "" : "non-constant size";
      if (elemSize === 0) return "";
      return int64Val(size) > Math.floor(limits.implicit / elemSize) ? tooLarge : "";
    }
    default:
      return "";
  }
}

/** Size of a closure's record: its code pointer, then captured values and addresses of captured variables. Values are
 *  laid out by falling alignment, so only the end is padded. */
export function closureSize(n: Node, target: Target): number {
  const word = target.ptrSize;
  let size = word;
  for (const v of n.func!.closureVars) {
    const byval = v.byval;
    size = byval ? roundUp(size, alignOf(v.type!, target)) + sizeOf(v.type!, target) : roundUp(size, word) + word;
  }
  return roundUp(size, word);
}

function roundUp(n: number, align: number): number {
  return Math.ceil(n / align) * align;
}

/** Bytes that the storage of `n` takes when it is allocated by itself: 0 for what needs none, as a constant in an interface,
 *  -1 where only the running program knows. */
export function storageSize(n: Node, target: Target): number {
  const type = n.type;
  if (type === null) return -1;
  switch (n.op) {
    case Op.ONAME:
      return sizeOf(type, target);
    case Op.ONEW:
    case Op.OPTRLIT:
      return sizeOf(type.elem!, target);
    case Op.OCLOSURE:
      return closureSize(n, target);
    case Op.OMETHVALUE: {
      const receiver = n.x!.type!;
      return roundUp(target.ptrSize, alignOf(receiver, target)) + sizeOf(receiver, target);
    }
    case Op.OMAKESLICE: {
      const size = n.y ?? n.x!;
      return isSmallIntConst(size) ? int64Val(size) * sizeOf(type.elem!, target) : -1;
    }
    case Op.OSLICELIT:
      return n.len * sizeOf(type.elem!, target);
    case Op.OCONVIFACE:
      if (n.x!.type === null) return -1;
      return boxAllocates(n.x!, target) ? sizeOf(n.x!.type, target) : 0;
    default:
      return -1;
  }
}
