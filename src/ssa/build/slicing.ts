/** Slice expressions of strings, slices and arrays (ssagen: slice). */
import type { Node } from "../../ir/node.ts";
import { NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isSigned } from "../../ir/typeops.ts";
import { TKind } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { BoundsKind, SOp, type Value } from "../value.ts";
import { nilCheck, scaled, toI64 } from "./addr.ts";
import { expr, scalar } from "./expr.ts";
import type { FnState } from "./state.ts";

interface Bound {
  readonly value: Value;
  /** Its type is unsigned: a failed check says so. */
  readonly unsigned: boolean;
}

/** x[i:j:k] */
export function sliceExpr(s: FnState, n: Node): Value[] {
  const { b } = s;
  const x = n.x!;
  const t = x.type!;
  const isString = t.kind === TKind.STRING;
  let ptr: Value;
  let len: Value;
  let cap: Value;
  let elemSize = 1;
  if (t.kind === TKind.PTR) {
    ptr = scalar(s, x);
    nilCheck(s, ptr);
    len = b.i64(t.elem!.len);
    cap = len;
    elemSize = s.size(t.elem!.elem!);
  } else {
    const values = expr(s, x);
    [ptr, len] = values;
    cap = isString ? len : values[2];
    if (!isString) elemSize = s.size(t.elem!);
  }
  const low = bound(s, n.y);
  const high = bound(s, n.z);
  const max = bound(s, n.w);
  const bounded = (n.flags & NodeFlag.Bounded) !== 0;
  const check = (kind: BoundsKind, at: Bound, limit: Value): void => {
    if (!bounded && !within(at.value, limit)) b.boundsCheck(at.unsigned ? kind + 1 : kind, at.value, limit);
  };
  const overCap = t.kind === TKind.SLICE;
  const i = low?.value ?? b.i64(0);
  const j = high?.value ?? len;
  const k = max?.value ?? cap;
  if (n.op === Op.OSLICE3 || n.op === Op.OSLICE3ARR) {
    if (max !== null) check(overCap ? BoundsKind.Slice3Acap : BoundsKind.Slice3Alen, max, cap);
    check(BoundsKind.Slice3B, high!, k);
    if (low !== null) check(BoundsKind.Slice3C, low, j);
  } else {
    if (high !== null) check(overCap ? BoundsKind.SliceAcap : BoundsKind.SliceAlen, high, cap);
    if (low !== null) check(BoundsKind.SliceB, low, j);
  }
  const fromStart = isConst(i, 0n);
  const newLen = fromStart ? j : b.num(Num.I64Sub, j, i);
  const newCap = isString ? newLen : fromStart ? k : b.num(Num.I64Sub, k, i);
  if (!fromStart && elemSize > 0) {
    // A slice without room must not point past the end of its array, at another object.
    const moved = b.pointer(b.num(Num.I32Add, ptr, scaled(s, b.num(Num.I32WrapI64, i), elemSize)));
    ptr = b.select(b.num(Num.I64Eqz, newCap), ptr, moved);
  }
  return isString ? [ptr, newLen] : [ptr, newLen, newCap];
}

function bound(s: FnState, n: Node | null): Bound | null {
  if (n === null) return null;
  const signed = isSigned(n.type!);
  return { value: toI64(s, scalar(s, n), signed), unsigned: !signed };
}

function isConst(v: Value, big: bigint): boolean {
  return v.op === SOp.Const64 && v.big === big;
}

/** Known to be in range. */
function within(v: Value, limit: Value): boolean {
  if (v.op !== SOp.Const64) return false;
  return v.big === 0n || (v.big > 0n && limit.op === SOp.Const64 && v.big <= limit.big);
}
