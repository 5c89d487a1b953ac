/** Conditions: control flow that a boolean expression decides. */
import type { Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { type Block, type Value, VT } from "../value.ts";
import { scalar } from "./expr.ts";
import { order } from "./order.ts";
import type { FnState } from "./state.ts";
import { inits } from "./stmt.ts";

/** Goes to `yes` if the condition holds, else to `no`; evaluates only what has to be. */
export function condBranch(s: FnState, n: Node, yes: Block, no: Block, likely = 0): void {
  const { b } = s;
  if (!s.done.has(n)) {
    switch (n.op) {
      case Op.OANDAND:
      case Op.OOROR: {
        inits(s, n);
        const mid = b.newBlock();
        if (n.op === Op.OANDAND) condBranch(s, n.x!, mid, no, Math.max(likely, 0));
        else condBranch(s, n.x!, yes, mid, Math.min(likely, 0));
        b.startSealed(mid);
        condBranch(s, n.y!, yes, no, likely);
        return;
      }
      case Op.ONOT:
        inits(s, n);
        condBranch(s, n.x!, no, yes, -likely);
        return;
      case Op.OPAREN:
        condBranch(s, n.x!, yes, no, likely);
        return;
      case Op.OLITERAL:
        b.jump(n.val === true ? yes : no);
        return;
    }
  }
  order(s, n);
  const { pos } = b;
  b.pos = n.pos;
  b.branch(scalar(s, n), yes, no, likely);
  b.pos = pos;
}

/** The value of `x && y` and `x || y`. */
export function logical(s: FnState, n: Node): Value[] {
  const { b } = s;
  const result = b.newVariable("~cond", VT.I32, false);
  const more = b.newBlock();
  const short = b.newBlock();
  const end = b.newBlock();
  const and = n.op === Op.OANDAND;
  if (and) condBranch(s, n.x!, more, short);
  else condBranch(s, n.x!, short, more);
  b.startSealed(short);
  b.write(result, b.i32(and ? 0 : 1));
  b.jump(end);
  b.startSealed(more);
  order(s, n.y!);
  const y = scalar(s, n.y!);
  b.write(result, y);
  b.jump(end);
  b.startSealed(end);
  return [b.read(result)];
}
