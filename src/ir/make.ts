/** Node constructors (the New… functions of cmd/compile/internal/ir: expr.go, stmt.go). */
import type { Value } from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import { outerValue } from "./expr.ts";
import { byval, canonical } from "./name.ts";
import { newPtr } from "./newtype.ts";
import { type CaseClause, type CommClause, type Name, Node, NodeFlag, noNodes } from "./node.ts";
import { Op } from "./op.ts";
import { elemOf } from "./typeops.ts";
import type { Field, Sym, Type } from "./types.ts";

export function newTypeNode(pos: Pos, type: Type): Node {
  return new Node(Op.OTYPE, pos, type);
}

/** An OLITERAL of `type`; `val` must be of the kind that the type holds. */
export function newLiteral(pos: Pos, type: Type, val: Value): Node {
  const n = new Node(Op.OLITERAL, pos, type);
  n.val = val;
  return n;
}

export function newNil(pos: Pos, type: Type): Node {
  return new Node(Op.ONIL, pos, type);
}

/** Any node with one operand, type assertions included. */
export function newUnary(op: Op, pos: Pos, type: Type | null, x: Node | null): Node {
  const n = new Node(op, pos, type);
  n.x = x;
  return n;
}

/** Any node with two operands: binary and logical operations, index expressions, keys, copy, complex … */
export function newBinary(op: Op, pos: Pos, type: Type | null, x: Node | null, y: Node | null): Node {
  const n = new Node(op, pos, type);
  n.x = x;
  n.y = y;
  return n;
}

export function newConv(op: Op, pos: Pos, type: Type | null, x: Node): Node {
  return newUnary(op, pos, type, x);
}

/** x.sel: ODOT, ODOTPTR, ODOTMETH, ODOTINTER, OMETHEXPR (`x` a type node), OMETHVALUE. */
export function newSelector(op: Op, pos: Pos, type: Type | null, x: Node, sel: Field): Node {
  const n = newUnary(op, pos, type, x);
  n.sel = sel;
  return n;
}

export function newAddStringExpr(pos: Pos, list: readonly Node[], type: Type): Node {
  const n = new Node(Op.OADDSTR, pos, type);
  n.list = list;
  return n;
}

/** &x; OPTRLIT for a composite literal. Marks the variable that `x` is part of as address-taken. */
export function newAddrExpr(pos: Pos, x: Node, type = newPtr(x.type!)): Node {
  const n = new Node(isCompLit(x.op) ? Op.OPTRLIT : Op.OADDR, pos, type);
  n.x = x;
  if (n.op === Op.OADDR) {
    const outer = outerValue(x);
    if (outer.op === Op.ONAME) {
      const name = outer as Name;
      name.addrtaken = true;
      // Capturing by reference is decided on the variable itself.
      if (name.isClosureVar && !byval(name)) canonical(name).addrtaken = true;
    }
  }
  return n;
}

function isCompLit(op: Op): boolean {
  return op === Op.OARRAYLIT || op === Op.OMAPLIT || op === Op.OSLICELIT || op === Op.OSTRUCTLIT;
}

/** *x */
export function newStarExpr(pos: Pos, x: Node): Node {
  return newUnary(Op.ODEREF, pos, elemOf(x.type!), x);
}

export function newParenExpr(pos: Pos, x: Node): Node {
  return newUnary(Op.OPAREN, pos, x.type, x);
}

/** A call, or one of the builtins with an argument list (`fun` is null then). */
export function newCallExpr(pos: Pos, op: Op, fun: Node | null, args: readonly Node[], type: Type | null = null): Node {
  const n = new Node(op, pos, type);
  n.x = fun;
  n.list = args;
  return n;
}

export function newCompLitExpr(pos: Pos, op: Op, type: Type, list: readonly Node[]): Node {
  const n = new Node(op, pos, type);
  n.list = list;
  return n;
}

export function newKeyExpr(pos: Pos, key: Node, value: Node): Node {
  return newBinary(Op.OKEY, pos, null, key, value);
}

export function newStructKeyExpr(pos: Pos, field: Field, value: Node): Node {
  const n = newUnary(Op.OSTRUCTKEY, pos, null, value);
  n.sel = field;
  return n;
}

export function newMakeExpr(pos: Pos, op: Op, type: Type, len: Node | null, cap: Node | null): Node {
  const n = new Node(op, pos, type);
  n.x = len;
  n.y = cap;
  return n;
}

export function newSliceExpr(
  pos: Pos,
  op: Op,
  x: Node,
  low: Node | null,
  high: Node | null,
  max: Node | null,
  type: Type | null,
): Node {
  const n = newUnary(op, pos, type, x);
  n.y = low;
  n.z = high;
  n.w = max;
  return n;
}

export function newInlinedCallExpr(pos: Pos, body: readonly Node[], results: readonly Node[], type: Type | null): Node {
  const n = new Node(Op.OINLCALL, pos, type);
  n.body = body;
  n.list = results;
  return n;
}

// ---------------------------------------------------------------------------------------------------- statements

export function newDecl(pos: Pos, x: Name): Node {
  return newUnary(Op.ODCL, pos, null, x);
}

/** x = y; `y` null zeroes x. */
export function newAssignStmt(pos: Pos, x: Node | null, y: Node | null, def = false): Node {
  const n = new Node(Op.OAS, pos, null);
  n.x = x;
  n.y = y;
  if (def) n.flags |= NodeFlag.Def;
  return n;
}

export function newAssignListStmt(pos: Pos, op: Op, lhs: readonly Node[], rhs: readonly Node[], def = false): Node {
  const n = new Node(op, pos, null);
  n.list = lhs;
  n.list2 = rhs;
  if (def) n.flags |= NodeFlag.Def;
  return n;
}

export function newAssignOpStmt(pos: Pos, asOp: Op, x: Node, y: Node, incDec = false): Node {
  const n = newBinary(Op.OASOP, pos, null, x, y);
  n.asOp = asOp;
  if (incDec) n.flags |= NodeFlag.IncDec;
  return n;
}

export function newBlockStmt(pos: Pos, list: readonly Node[]): Node {
  const n = new Node(Op.OBLOCK, pos, null);
  n.list = list;
  return n;
}

/** break, continue, goto, fallthrough. */
export function newBranchStmt(pos: Pos, op: Op, label: Sym | null): Node {
  const n = new Node(op, pos, null);
  n.label = label;
  return n;
}

export function newLabelStmt(pos: Pos, label: Sym): Node {
  return newBranchStmt(pos, Op.OLABEL, label);
}

export function newForStmt(
  pos: Pos,
  init: Node | null,
  cond: Node | null,
  post: Node | null,
  body: readonly Node[],
  distinctVars: boolean,
): Node {
  const n = new Node(Op.OFOR, pos, null);
  n.init = init === null ? noNodes : [init];
  n.x = cond;
  n.y = post;
  n.body = body;
  if (distinctVars) n.flags |= NodeFlag.DistinctVars;
  return n;
}

export function newRangeStmt(
  pos: Pos,
  key: Node | null,
  value: Node | null,
  x: Node,
  body: readonly Node[],
  distinctVars: boolean,
): Node {
  const n = new Node(Op.ORANGE, pos, null);
  n.x = x;
  n.y = key;
  n.z = value;
  n.body = body;
  if (distinctVars) n.flags |= NodeFlag.DistinctVars;
  return n;
}

/** `deferAt` is the token of a defer statement in a range-over-func body. */
export function newGoDeferStmt(pos: Pos, op: Op.OGO | Op.ODEFER, call: Node, deferAt: Node | null = null): Node {
  const n = newUnary(op, pos, null, call);
  n.y = deferAt;
  return n;
}

export function newIfStmt(pos: Pos, cond: Node, body: readonly Node[], els: readonly Node[]): Node {
  const n = newUnary(Op.OIF, pos, null, cond);
  n.body = body;
  n.list = els;
  return n;
}

export function newReturnStmt(pos: Pos, results: readonly Node[]): Node {
  const n = new Node(Op.ORETURN, pos, null);
  n.list = results;
  return n;
}

export function newSendStmt(pos: Pos, ch: Node, value: Node): Node {
  return newBinary(Op.OSEND, pos, null, ch, value);
}

export function newSwitchStmt(pos: Pos, tag: Node | null, cases: readonly CaseClause[]): Node {
  const n = newUnary(Op.OSWITCH, pos, null, tag);
  n.cases = cases;
  return n;
}

export function newSelectStmt(pos: Pos, cases: readonly CommClause[]): Node {
  const n = new Node(Op.OSELECT, pos, null);
  n.cases = cases;
  return n;
}

export function newTailCallStmt(pos: Pos, call: Node): Node {
  return newUnary(Op.OTAILCALL, pos, null, call);
}

export function newTypeSwitchGuard(pos: Pos, tag: Name | null, x: Node): Node {
  const n = newUnary(Op.OTYPESW, pos, null, x);
  n.y = tag;
  return n;
}

/** Puts statements before those of the init list. */
export function prependInit(n: Node, init: readonly Node[]): void {
  if (init.length > 0) n.init = n.init.length === 0 ? init : [...init, ...n.init];
}
