/** Expressions: names, constants, operators, indexing and slicing, type assertions, conversions.
 *
 *  Mirrors noder/writer.go and noder/reader.go (expr, convertExpr, exprType, multiExpr) together with the typecheck
 *  functions that the reader calls on every node (typecheck/expr.go, typecheck/typecheck.go). Calls are in
 *  exprcall.ts, selectors in exprselect.ts, literals in exprlit.ts.
 *
 *  Types are asked for in the order in which the compiler writes them: the first question can create wrappers and
 *  instances. Positions of implicit nodes are those of the node that the compiler is checking at the moment. */

import { InternalError } from "../../base/diag.ts";
import { NoPos, type Pos } from "../../base/pos.ts";
import type * as ast from "../../syntax/ast.ts";
import { Kind, Mode } from "../../syntax/ast.ts";
import { Op as Token } from "../../syntax/tokens.ts";
import { unparen } from "../../syntax/walk.ts";
import type * as types from "../../types/types.ts";
import { ObjKind, TypeKind } from "../../types/types.ts";
import { initExpr } from "../expr.ts";
import { newFunc } from "../func.ts";
import {
  newAddrExpr,
  newAddStringExpr,
  newBinary,
  newConv,
  newDecl,
  newLiteral,
  newNil,
  newSliceExpr,
  newStarExpr,
  newTypeNode,
  newUnary,
} from "../make.ts";
import { newPtr, newSlice } from "../newtype.ts";
import { Node, NodeFlag, type Rtti } from "../node.ts";
import { Op } from "../op.ts";
import { itabLsym } from "../reflectdata/reflect.ts";
import { identicalStrict, isEmptyInterface } from "../typeops.ts";
import { TKind, type Type } from "../types.ts";
import { coreType, defaultType, identical, isEmptyInterface as isEmptyIface, isTypeParam } from "./checker-types.ts";
import { funcLit } from "./closures.ts";
import { fixValue, holdsConstant, idealType } from "./constval.ts";
import { assignConv, defaultLit, tcConv } from "./convert.ts";
import { callExpr } from "./exprcall.ts";
import { compLit } from "./exprlit.ts";
import { funcInstValue, implicitAddr, selectorExpr } from "./exprselect.ts";
import { type Reader, useLocal } from "./noder.ts";
import { objName } from "./objects.ts";
import { commonType, isUntyped, lookupObj } from "./queries.ts";
import { unpackListExpr } from "./static.ts";
import { temp } from "./temp.ts";
import { isDerived, isGlobal, typ } from "./types.ts";

/** The value of `e`. */
export function expr(r: Reader, e: ast.Expr): Node {
  while (e.kind === Kind.ParenExpr) e = e.x;
  if (e.kind === Kind.Name && e.runtimeHelper) return runtimeHelper(r, e.obj as types.Func);
  if (e.mode === Mode.Constant && e.val !== null) {
    const type = typ(r, idealType(e.type!, e.val));
    return newLiteral(e.pos, type, fixValue(type, e.val));
  }
  if (e.kind === Kind.Name && e.obj !== null && e.obj.kind === ObjKind.Nil) return newNil(e.pos, typ(r, e.type!));
  const recorded = e.type;
  if (recorded === null || !isReshaped(e, recorded)) return expr1(r, e);
  const type = typ(r, recorded);
  return reshape(expr1(r, e), type);
}

/** Gives `n` the type `type`, which is its own up to shapes. */
function reshape(n: Node, type: Type): Node {
  if (n.type !== type && n.op !== Op.ONAME && !identicalStrict(n.type!, type)) n.type = type;
  return n;
}

/** Only values of one definite type are given that type; others have none or several. */
function isReshaped(e: ast.Expr, t: types.Type): boolean {
  if (e.mode === Mode.Builtin || e.mode === Mode.NoValue) return false;
  return t.kind !== TypeKind.Tuple && !isUntyped(t);
}

export function exprOrNull(r: Reader, e: ast.Expr | null): Node | null {
  return e === null ? null : expr(r, e);
}

const noTypes: readonly types.Type[] = [];

function expr1(r: Reader, e: ast.Expr): Node {
  switch (e.kind) {
    case Kind.Name:
      return nameExpr(r, e.obj, e.targs ?? noTypes, e.pos);
    case Kind.CompositeLit:
      return compLit(r, e);
    case Kind.FuncLit:
      return funcLit(r, e);
    case Kind.SelectorExpr: {
      if (e.selection !== null) return selectorExpr(r, e, e.selection);
      return nameExpr(r, e.sel.obj, e.sel.targs ?? noTypes, e.pos);
    }
    case Kind.IndexExpr: {
      const { obj, targs } = lookupObj(e);
      return obj === null ? indexExpr(r, e) : nameExpr(r, obj, targs, e.pos);
    }
    case Kind.SliceExpr:
      return sliceExpr(r, e);
    case Kind.AssertExpr:
      return assertExpr(r, e);
    case Kind.Operation:
      return e.y === null ? unaryExpr(r, e) : binaryExpr(r, e, e.y);
    case Kind.CallExpr:
      return callExpr(r, e);
    default:
      throw new InternalError(`unexpected expression of kind ${e.kind}`);
  }
}

// ---------------------------------------------------------------------------------------------------- names

function nameExpr(r: Reader, obj: ast.Name["obj"], targs: readonly types.Type[], pos: Pos): Node {
  if (obj === null) throw new InternalError("name without an object");
  if (targs.length !== 0 && obj.kind === ObjKind.Func) return funcInstValue(r, pos, obj, targs);
  if (obj.kind === ObjKind.Var && !isGlobal(obj)) {
    const local = useLocal(r, obj);
    local.used = true;
    return local;
  }
  return objName(r, obj);
}

/** A function of package runtime that the rewriting of range-over-func calls. */
function runtimeHelper(r: Reader, obj: types.Func): Node {
  return r.n.runtimeFunc(obj.name, (sym) => newFunc(NoPos, NoPos, sym, typ(r, obj.type!)).nname);
}

// ---------------------------------------------------------------------------------------------------- operators

function unaryExpr(r: Reader, e: ast.Operation): Node {
  const x = expr(r, e.x);
  switch (e.op) {
    case Token.And:
      return newAddrExpr(e.pos, x, r.n.universe.pointers.to(x.type!));
    case Token.Mul:
      return newStarExpr(e.pos, x);
    case Token.Recv:
      return newUnary(Op.ORECV, e.pos, x.type!.elem, x);
    case Token.Not:
      return newUnary(Op.ONOT, e.pos, x.type, x);
    case Token.Add:
      return newUnary(Op.OPLUS, e.pos, x.type, x);
    case Token.Sub:
      return newUnary(Op.ONEG, e.pos, x.type, x);
    case Token.Xor:
      return newUnary(Op.OBITNOT, e.pos, x.type, x);
    default:
      throw new InternalError(`unexpected unary operator ${e.op}`);
  }
}

/** Operations of the compiler by operator token. */
export const binOps: readonly Op[] = makeBinOps();

function makeBinOps(): Op[] {
  const ops: Op[] = [];
  ops[Token.OrOr] = Op.OOROR;
  ops[Token.AndAnd] = Op.OANDAND;
  ops[Token.Eql] = Op.OEQ;
  ops[Token.Neq] = Op.ONE;
  ops[Token.Lss] = Op.OLT;
  ops[Token.Leq] = Op.OLE;
  ops[Token.Gtr] = Op.OGT;
  ops[Token.Geq] = Op.OGE;
  ops[Token.Add] = Op.OADD;
  ops[Token.Sub] = Op.OSUB;
  ops[Token.Or] = Op.OOR;
  ops[Token.Xor] = Op.OXOR;
  ops[Token.Mul] = Op.OMUL;
  ops[Token.Div] = Op.ODIV;
  ops[Token.Rem] = Op.OMOD;
  ops[Token.And] = Op.OAND;
  ops[Token.AndNot] = Op.OANDNOT;
  ops[Token.Shl] = Op.OLSH;
  ops[Token.Shr] = Op.ORSH;
  return ops;
}

/** A binary operation, and those that are its left operand, however many: `a + b + c + …` must not go as deep as it
 *  is long. Outer operations come first in `chain`. */
function binaryExpr(r: Reader, e: ast.Operation, ey: ast.Expr): Node {
  const outer = commonTypeOf(e, ey);
  let left = chainedOperand(e, outer);
  if (left === null) {
    const x = implicitConvExpr(r, outer, e.x);
    return newOperation(r, e, x, implicitConvExpr(r, outer, ey));
  }
  const chain: ast.Operation[] = [e];
  const commons: (types.Type | null)[] = [outer];
  while (left !== null) {
    if (isReshaped(left, left.type!)) typ(r, left.type!);
    const common = commonTypeOf(left, left.y!);
    chain.push(left);
    commons.push(common);
    left = chainedOperand(left, common);
  }
  let i = chain.length - 1;
  let n = implicitConvExpr(r, commons[i], chain[i].x);
  for (; i >= 0; i--) {
    const op = chain[i];
    n = newOperation(r, op, n, implicitConvExpr(r, commons[i], op.y!));
    if (i > 0 && isReshaped(op, op.type!)) reshape(n, typ(r, op.type!));
  }
  return n;
}

/** The left operand of `e` if it is a binary operation that needs no conversion; null otherwise. */
function chainedOperand(e: ast.Operation, common: types.Type | null): ast.Operation | null {
  const x = unparen(e.x);
  if (x.kind !== Kind.Operation || x.y === null || x.mode === Mode.Constant) return null;
  return common === null || common === x.type || identical(common, x.type!) ? x : null;
}

/** The type in which the operands of `e` meet; null for shifts, whose operands do not. */
function commonTypeOf(e: ast.Operation, y: ast.Expr): types.Type | null {
  if (e.op === Token.Shl || e.op === Token.Shr) return null;
  const xt = e.x.type!;
  const yt = y.type!;
  return xt === yt ? yt : commonType(xt, yt);
}

function newOperation(r: Reader, e: ast.Operation, x: Node, y: Node): Node {
  const op = binOps[e.op];
  switch (op) {
    case Op.OEQ:
    case Op.ONE:
    case Op.OLT:
    case Op.OLE:
    case Op.OGT:
    case Op.OGE: {
      const bool = r.n.universe.types[TKind.BOOL]; // a defined boolean type is set afterwards
      return newBinary(op, e.pos, bool, defaultLit(r, x, y.type), defaultLit(r, y, x.type));
    }
    case Op.OADD:
      if (x.type!.kind === TKind.STRING) return addString(e.pos, x, y);
      break;
  }
  return newBinary(op, e.pos, x.type, x, y);
}

/** `a + b + c` is one concatenation, at the last operator. */
function addString(pos: Pos, x: Node, y: Node): Node {
  let add = x;
  if (x.op === Op.OADDSTR) {
    add.pos = pos;
  } else {
    add = newAddStringExpr(pos, [x], x.type!);
  }
  const list = add.list as Node[];
  if (y.op === Op.OADDSTR) for (const part of y.list) list.push(part);
  else list.push(y);
  return add;
}

// ---------------------------------------------------------------------------------------------------- elements

function indexExpr(r: Reader, e: ast.IndexExpr): Node {
  const xt = e.x.type!;
  const core = coreType(xt);
  const keyType = core !== null && core.kind === TypeKind.Map ? core.key : null;
  const x = expr(r, e.x);
  const index = implicitConvExpr(r, keyType, e.index);
  const mapRType = keyType !== null ? rtype(r, e.pos, xt) : null;
  const n = tcIndex(r, e.pos, x, index);
  setRType(n, mapRType);
  return n;
}

function tcIndex(r: Reader, pos: Pos, x: Node, index: Node): Node {
  x = implicitStar(pos, x);
  const t = x.type!;
  if (t.kind === TKind.MAP) {
    return newBinary(Op.OINDEXMAP, pos, t.elem, x, assignConv(r, pos, index, t.key!));
  }
  const elem = t.kind === TKind.STRING ? r.n.universe.byteType : t.elem;
  return newBinary(Op.OINDEX, pos, elem, x, index);
}

/** Arrays are indexed through pointers. */
function implicitStar(pos: Pos, x: Node): Node {
  const t = x.type!;
  if (t.kind !== TKind.PTR || t.elem!.kind !== TKind.ARRAY) return x;
  return implicit(newStarExpr(pos, x));
}

export function implicit(n: Node): Node {
  n.flags |= NodeFlag.Implicit;
  return n;
}

function sliceExpr(r: Reader, e: ast.SliceExpr): Node {
  let x = expr(r, e.x);
  const low = exprOrNull(r, e.index[0]);
  const high = exprOrNull(r, e.index[1]);
  const max = exprOrNull(r, e.index[2]);
  if (x.type!.kind === TKind.ARRAY) x = implicitAddr(r.n, e.pos, x);
  const t = x.type!;
  let op = max === null ? Op.OSLICE : Op.OSLICE3;
  let type = t;
  if (t.kind === TKind.STRING) {
    op = Op.OSLICESTR;
  } else if (t.kind === TKind.PTR) {
    op = max === null ? Op.OSLICEARR : Op.OSLICE3ARR;
    type = newSlice(t.elem!.elem!);
  }
  return newSliceExpr(e.pos, op, x, low, high, max, type);
}

// ---------------------------------------------------------------------------------------------------- types at run time

function assertExpr(r: Reader, e: ast.AssertExpr): Node {
  const iface = e.x.type!;
  const x = expr(r, e.x);
  const type = exprType(r, iface, e.typeExpr);
  rtype(r, e.pos, iface);
  if (type.op === Op.ODYNAMICTYPE) {
    const n = newUnary(Op.ODYNAMICDOTTYPE, e.pos, type.type, x);
    n.y = type.x;
    n.z = type.y;
    if (isDerived(r.p, iface)) n.w = rtypeWord(r, e.pos, iface);
    return n;
  }
  return newUnary(Op.ODOTTYPE, e.pos, type.type, x);
}

/** A type in the place of an expression: OTYPE, or ODYNAMICTYPE (x: its rtype, y: its itab) where only the dictionary
 *  knows it. `iface` is the type of the interface value that is asked, if any. */
export function exprType(r: Reader, iface: types.Type | null, e: ast.Expr): Node {
  const t = e.type!;
  const type = typ(r, t);
  let rtypeNode: Node | null = null;
  let itabNode: Node | null = null;
  if (iface !== null && !isEmptyIface(iface)) {
    const ifaceType = typ(r, iface);
    if (!isDerived(r.p, t) && !isDerived(r.p, iface)) itabLsym(r.n.runtimeTypes, type, ifaceType);
    if (r.dict === null) return newTypeNode(e.pos, type);
    if (type.kind === TKind.INTER) {
      if (isDerived(r.p, t)) rtypeNode = rtypeWord(r, e.pos, t);
    } else if (!isEmptyInterface(ifaceType) && (isDerived(r.p, t) || isDerived(r.p, iface))) {
      itabNode = itabWord(r, e.pos, t, iface);
    }
  } else if (r.dict !== null && isDerived(r.p, t)) {
    rtypeNode = rtypeWord(r, e.pos, t);
  }
  if (rtypeNode === null && itabNode === null) return newTypeNode(e.pos, type);
  const n = new Node(Op.ODYNAMICTYPE, e.pos, type);
  n.x = rtypeNode;
  n.y = itabNode;
  return n;
}

/** The descriptor of `t` where only the dictionary knows it; else null. The type is asked for in any case. */
export function rtype(r: Reader, pos: Pos, t: types.Type): Node | null {
  const type = defaultType(t);
  typ(r, type);
  return r.dict !== null && isDerived(r.p, type) ? rtypeWord(r, pos, type) : null;
}

export function setRType(n: Node, type: Node | null): void {
  if (type !== null) n.rtti = { type, src: null, key: null, value: null };
}

/** Asks for the descriptors of a conversion; those that only the dictionary knows are in the result. */
export function convRTTI(r: Reader, pos: Pos, src: types.Type, dst: types.Type): Rtti | null {
  const from = defaultType(src);
  const to = defaultType(dst);
  const srcType = typ(r, from);
  const dstType = typ(r, to);
  const fromDerived = r.dict !== null && isDerived(r.p, from);
  const toDerived = r.dict !== null && isDerived(r.p, to);
  if (fromDerived || toDerived) r.dictParam!.used = true; // even if nothing comes of it
  if (dstType.kind !== TKind.INTER) return null;
  if (!fromDerived && !toDerived) {
    itabLsym(r.n.runtimeTypes, srcType, dstType);
    return null;
  }
  const concrete = srcType.kind !== TKind.INTER;
  let type: Node | null = null;
  if (isEmptyInterface(dstType)) {
    if (concrete && fromDerived) type = rtypeWord(r, pos, from);
  } else if (concrete) {
    type = itabWord(r, pos, from, to);
  } else if (toDerived) {
    type = rtypeWord(r, pos, to);
  }
  return { type, src: concrete && fromDerived ? rtypeWord(r, pos, from) : null, key: null, value: null };
}

/** Word `index` of the dictionary. */
export function dictWord(r: Reader, pos: Pos, index: number): Node {
  r.dictParam!.used = true;
  return tcIndex(r, pos, r.dictParam!, newLiteral(pos, r.n.universe.types[TKind.INT], BigInt(index)));
}

/** The descriptor of a derived type. */
function rtypeWord(r: Reader, pos: Pos, t: types.Type): Node {
  const dict = r.dict!;
  return rttiWord(r, pos, dict.rtypesOffset + dict.writer.rtypeIdx(t));
}

function itabWord(r: Reader, pos: Pos, t: types.Type, iface: types.Type): Node {
  const dict = r.dict!;
  return rttiWord(r, pos, dict.itabsOffset + dict.writer.itabIdx(t, iface));
}

/** Word `index` of the dictionary as a pointer to a type descriptor or itab. */
function rttiWord(r: Reader, pos: Pos, index: number): Node {
  return newConv(Op.OCONVNOP, pos, newPtr(r.n.universe.types[TKind.UINT8]), dictWord(r, pos, index));
}

// ---------------------------------------------------------------------------------------------------- conversions

/** `e` as a value of type `dst`, converted at its own position if its type is another one; null asks for nothing. */
export function implicitConvExpr(r: Reader, dst: types.Type | null, e: ast.Expr): Node {
  const src = e.type!;
  if (dst === null || src === dst || identical(src, dst)) return expr(r, e);
  return convertExpr(r, dst, e, NodeFlag.Implicit, false);
}

/** The explicit conversion `dst(e)`. */
export function explicitConvExpr(r: Reader, dst: types.Type, e: ast.Expr): Node {
  return convertExpr(r, dst, e, 0, identical(e.type!, dst));
}

function convertExpr(r: Reader, dst: types.Type, e: ast.Expr, flags: number, same: boolean): Node {
  const type = typ(r, dst);
  const rtti = convRTTI(r, e.pos, e.type!, dst);
  const x = expr(r, e);
  if (r.n.rules.typeParamConstants && x.op === Op.OLITERAL && isTypeParam(dst) && holdsConstant(type, x.val!)) {
    const literal = newLiteral(x.pos, type, fixValue(type, x.val!));
    return implicit(newConv(Op.OCONVNOP, e.pos, type, literal));
  }
  const n = tcConv(r, e.pos, type, x, flags);
  n.rtti ??= rtti;
  n.flags |= NodeFlag.HasRtti;
  if (!same && n.op === Op.OCONVNOP && type.kind === TKind.INTER && !isEmptyInterface(type)) {
    // The itab is another one even where shapes make the interfaces look the same.
    if (type.hasShape || n.x!.type!.hasShape) n.op = Op.OCONVIFACE;
  }
  if (n.op === Op.OLITERAL && isTypeParam(dst)) return implicit(newConv(Op.OCONVNOP, e.pos, type, n));
  return n;
}

/** The one expression of a list that has several values, null otherwise. */
export function tupleOf(list: readonly ast.Expr[]): types.Tuple | null {
  if (list.length !== 1) return null;
  const t = list[0].type;
  return t !== null && t.kind === TypeKind.Tuple && t.vars.length > 1 ? t : null;
}

/** Spreads the values of `e` over temporaries: `t1, t2 = e`, then each as a value of type `dst(i)`. The assignment is
 *  in the init list of the first value. */
export function spread(
  r: Reader,
  pos: Pos,
  e: ast.Expr,
  tuple: types.Tuple,
  dst: (i: number) => types.Type | null,
): Node[] {
  const value = expr(r, e);
  const as = new Node(Op.OAS2, pos, null);
  as.flags |= NodeFlag.Def;
  as.list2 = [value];
  const lhs: Node[] = [];
  const init: Node[] = [];
  const results: Node[] = [];
  for (let i = 0; i < tuple.vars.length; i++) {
    const src = tuple.vars[i].type!;
    const tmp = temp(r, pos, typ(r, src));
    tmp.defn = as;
    init.push(newDecl(pos, tmp));
    lhs.push(tmp);
    const to = dst(i);
    if (to === null || to === src || identical(src, to)) {
      results.push(tmp);
    } else {
      const type = typ(r, to);
      const rtti = convRTTI(r, pos, src, to);
      const conv = tcConv(r, pos, type, tmp, NodeFlag.Implicit);
      conv.rtti = rtti;
      conv.flags |= NodeFlag.HasRtti;
      results.push(conv);
    }
  }
  as.list = lhs;
  as.init = init;
  tcMultiAssign(as, value);
  const first = initExpr([as], results[0], r.basePos);
  if (first !== results[0]) first.flags |= NodeFlag.AtBasePos;
  results[0] = first;
  return results;
}

/** Gives `a, b = value` its operation. */
export function tcMultiAssign(as: Node, value: Node): void {
  switch (value.op) {
    case Op.OINDEXMAP:
      as.op = Op.OAS2MAPR;
      break;
    case Op.ORECV:
      as.op = Op.OAS2RECV;
      break;
    case Op.ODOTTYPE:
      as.op = Op.OAS2DOTTYPE;
      value.op = Op.ODOTTYPE2;
      break;
    case Op.ODYNAMICDOTTYPE:
      as.op = Op.OAS2DOTTYPE;
      value.op = Op.ODYNAMICDOTTYPE2;
      break;
    default:
      as.op = Op.OAS2FUNC;
  }
}

/** The values of a list of as many expressions, or of one expression with several values. */
export function multiExpr(r: Reader, pos: Pos, list: ast.Expr | null, dst: (i: number) => types.Type | null): Node[] {
  const es = unpackListExpr(list);
  const tuple = tupleOf(es);
  if (tuple !== null) return spread(r, pos, es[0], tuple, dst);
  const values: Node[] = new Array(es.length);
  for (let i = 0; i < es.length; i++) values[i] = implicitConvExpr(r, dst(i), es[i]);
  return values;
}
