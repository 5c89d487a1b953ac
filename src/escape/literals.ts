/** Before the graph is solved, sizes of make and operands of interface conversions that can only have one constant
 *  value become literals: the allocation may then be static, or of a known size.
 *
 *  Mirrors  rewriteWithLiterals and reassignOracle of cmd/compile/internal/escape/escape.go. */
import { constType } from "../ir/const.ts";
import { newAssignStmt, newDecl, newLiteral } from "../ir/make.ts";
import { tempAt } from "../ir/name.ts";
import { type Func, FuncFlag, type Node } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import { ReassignOracle } from "../ir/reassign.ts";
import { TKind } from "../ir/types.ts";
import type { Batch } from "./batch.ts";

export function rewriteWithLiterals(b: Batch, n: Node, fn: Func): void {
  if (n.op === Op.OMAKESLICE) rewriteMake(b, n, fn);
  else if (n.op === Op.OCONVIFACE) rewriteConversion(b, n, fn);
}

function rewriteMake(b: Batch, n: Node, fn: Func): void {
  const size = n.y ?? n.x!;
  if (size.op === Op.OLITERAL) return;
  const value = oracleOf(b, fn).staticValue(size);
  let literal: Node;
  if (value.op === Op.OLITERAL) {
    const v = value.val;
    if (typeof v !== "bigint" || v < 0n) return;
    literal = newLiteral(n.pos, size.type!, v);
  } else if (value.op === Op.OLEN && b.config.rules.literalLength) {
    const x = oracleOf(b, fn).staticValue(value.x!);
    if (x.op !== Op.OSLICELIT) return;
    literal = newLiteral(n.pos, b.config.universe.types[TKind.INT], BigInt(x.len));
  } else {
    return;
  }
  keepEffects(b, n, size, fn);
  if (n.y !== null) n.y = literal;
  else n.x = literal;
}

function rewriteConversion(b: Batch, n: Node, fn: Func): void {
  const x = n.x!;
  if (x.op === Op.OLITERAL || x.type!.kind === TKind.INTER) return;
  const value = oracleOf(b, fn).staticValue(x);
  if (value.op !== Op.OLITERAL) return;
  const literal = newLiteral(n.pos, x.type!, value.val!);
  if (constType(literal) !== constType(value)) return;
  keepEffects(b, n, x, fn);
  n.x = literal;
}

/** Evaluates `x`, which a literal replaces in `n`, into a temporary of its own. */
function keepEffects(b: Batch, n: Node, x: Node, fn: Func): void {
  const tmp = tempAt(n.pos, fn, x.type!, b.config.localPkg);
  n.init = [...n.init, newDecl(n.pos, tmp), newAssignStmt(n.pos, tmp, x)];
}

/** What is known of assignments in `fn`; closures share the oracle of the function around them. */
export function oracleOf(b: Batch, fn: Func): ReassignOracle {
  const found = b.oracles.get(fn);
  if (found !== undefined) return found;
  let outer = fn;
  while (outer.closureParent !== null && (outer.closureParent.flags & FuncFlag.PackageInit) === 0)
    outer = outer.closureParent;
  let oracle = b.oracles.get(outer);
  if (oracle === undefined) {
    oracle = new ReassignOracle(outer);
    b.oracles.set(outer, oracle);
  }
  b.oracles.set(fn, oracle);
  return oracle;
}
