/** Integer operands of any type as int. */
import { bigVal } from "../../ir/const.ts";
import type { Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import type { Value } from "../value.ts";
import { extendIndex } from "./addr.ts";
import type { FnState } from "./state.ts";

/** The value of integer `n` as I64; constants may be untyped. */
export function intArg(s: FnState, n: Node): Value {
  return n.op === Op.OLITERAL ? s.b.i64(bigVal(n)) : extendIndex(s, n);
}
