/** Inlined calls as initialisers: a function that is but one return statement may give static data, as errors.New does
 *  (cmd/compile/internal/staticinit/sched.go, staticAssignInlinedCall). */
import { binaryOp, compareConst, type Value, ValueKind } from "../../base/constant.ts";
import { constType, isConst, stringVal } from "../const.ts";
import { copy, deepCopy } from "../expr.ts";
import { isClosure } from "../func.ts";
import { newLiteral } from "../make.ts";
import { isBlank } from "../name.ts";
import type { Name, Node } from "../node.ts";
import { Op } from "../op.ts";
import type { Target } from "../target.ts";
import { isInteger, isSigned, sizeOf } from "../typeops.ts";
import type { Type } from "../types.ts";
import { editChildren, visit } from "../visit.ts";
import { anySideEffects, canRepeat } from "./effects.ts";

/** The value of inlined call `call` with the arguments in place of the parameters; null if the call is more than a
 *  return of an expression in which that is possible. */
export function inlinedValue(call: Node, target: Target): Node | null {
  if (call.init.length !== 1 || call.init[0].op !== Op.OAS2) return null;
  const params = call.init[0].list as readonly Name[];
  const args = call.init[0].list2;
  const result = returnedValue(call);
  if (result === null || params.some((p) => p.addrtaken) || args.some(anySideEffects)) return null;

  const uses = new Map<Node, number>();
  for (const p of params) uses.set(p, 0);
  let captures = false;
  visit(result, (n) => {
    const count = uses.get(n);
    if (count !== undefined) uses.set(n, count + 1);
    if (n.op === Op.OCLOSURE && isClosure(n.func!)) captures = true;
  });
  if (captures) return null;
  const values = new Map<Node, Node>();
  for (let i = 0; i < params.length; i++) {
    if (uses.get(params[i])! > 1 && !canRepeat(args[i])) return null;
    if (!isBlank(params[i])) values.set(params[i], args[i]);
  }
  return substitute(result, values, target);
}

/** What `{ var ~r0; ~r0 = value; goto end }; end:` gives; null if the body is not of that form. */
function returnedValue(call: Node): Node | null {
  const [block, label] = call.body;
  if (call.body.length !== 2 || block.op !== Op.OBLOCK || label.op !== Op.OLABEL) return null;
  const [dcl, as, jump] = block.list;
  if (block.list.length !== 3 || dcl.op !== Op.ODCL || as.op !== Op.OAS2) return null;
  if (jump.op !== Op.OGOTO || jump.label !== label.label) return null;
  return as.list.length === 1 && as.list[0] === dcl.x ? as.list2[0] : null;
}

/** A copy of `n` with variables replaced; null if a conversion of a constant in it is too difficult. */
function substitute(n: Node, values: ReadonlyMap<Node, Node>, target: Target): Node | null {
  let valid = true;
  const edit = (x: Node): Node => {
    switch (x.op) {
      case Op.ONAME: {
        const value = values.get(x);
        return value === undefined ? x : deepCopy(value.pos, value);
      }
      case Op.OLITERAL:
      case Op.ONIL:
      case Op.OTYPE:
        return x;
    }
    const c = copy(x);
    editChildren(c, edit);
    if (c.op === Op.OCONV && c.x!.op === Op.OLITERAL) {
      const lit = truncate(c.x!, c.type!, target);
      if (lit === null) valid = false;
      return lit ?? c;
    }
    return c.op === Op.OADDSTR ? joinStrings(c) : c;
  };
  const result = edit(n);
  return valid ? result : null;
}

/** Literal `lit` converted to type `t` as a variable would be; null if that takes more than cutting integers. */
function truncate(lit: Node, t: Type, target: Target): Node | null {
  const from = lit.type!;
  let value: Value = lit.val!;
  if (from.kind !== t.kind) {
    if (!isInteger(from) || !isInteger(t)) return null;
    const bits = BigInt(8 * sizeOf(t, target));
    value = binaryOp(value, "&", (1n << bits) - 1n);
    if (isSigned(t) && compareConst(value, ">=", 1n << (bits - 1n))) value = binaryOp(value, "|", -1n << (bits - 1n));
  }
  return newLiteral(lit.pos, t, value);
}

/** String concatenation with neighbouring constants made one. */
function joinStrings(n: Node): Node {
  const list: Node[] = [];
  for (const x of n.list) {
    const last = list[list.length - 1];
    if (last !== undefined && isConst(last, ValueKind.String) && constType(x) === ValueKind.String) {
      list[list.length - 1] = newLiteral(last.pos, last.type!, stringVal(last) + stringVal(x));
    } else {
      list.push(x);
    }
  }
  if (list.length === n.list.length) return n;
  if (list.length === 1) return newLiteral(n.pos, n.type!, list[0].val!);
  n.list = list;
  return n;
}
