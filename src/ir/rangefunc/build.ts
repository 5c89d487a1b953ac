/** Pieces of synthesised syntax: what the checker would have found out about them is filled in, positions are left 0
 *  until {@link setPos}. */
import type { Value } from "../../base/constant.ts";
import { NoPos, type Pos } from "../../base/pos.ts";
import {
  AssignStmt,
  BasicLit,
  BlockStmt,
  CallExpr,
  DeclStmt,
  type Expr,
  ExprStmt,
  IfStmt,
  Kind,
  ListExpr,
  LitKind,
  Mode,
  Name,
  type Node,
  Operation,
  ReturnStmt,
  type Stmt,
  VarDecl,
} from "../../syntax/ast.ts";
import { Op } from "../../syntax/tokens.ts";
import {
  BasicKind,
  Func,
  type Obj,
  ObjKind,
  type Package,
  Signature,
  Tuple,
  type Type,
  Var,
  VarKind,
} from "../../types/types.ts";
import { Typ, universeBool } from "../../types/universe.ts";

/** Fields that are fixed once a tree is parsed and that the rewriting changes all the same. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** States of a loop body (internal/abi/rangefuncconsts.go). */
export const enum LoopState {
  /** The body has finished the loop. */
  Done,
  /** Not finished, not running. */
  Ready,
  /** Running, or it has panicked. */
  Panic,
  /** The iterator function has returned. */
  Exhausted,
  /** The body panicked, and the iterator recovered that. */
  MissingPanic,
}

export const intType: Type = Typ[BasicKind.Int];

/** A mention of `obj`: a variable, or one of the constants true and false. */
export function useObj(obj: Obj): Name {
  const n = new Name(NoPos, NoPos, obj.name);
  n.obj = obj;
  if (obj.kind === ObjKind.Const) {
    n.mode = Mode.Constant;
    n.val = obj.val;
    n.type = obj.type; // untyped: the compiler converts it where it is used
  } else {
    n.mode = Mode.Variable;
    n.type = obj.type;
  }
  return n;
}

export function useList(objs: readonly Obj[]): Expr {
  const uses = objs.map(useObj);
  return uses.length === 1 ? uses[0] : new ListExpr(NoPos, NoPos, uses);
}

export function intConst(value: number): BasicLit {
  const lit = new BasicLit(NoPos, NoPos, String(value), LitKind.Int);
  return setConst(lit, intType, BigInt(value));
}

function setConst<E extends Expr>(e: E, type: Type, val: Value): E {
  e.mode = Mode.Constant;
  e.type = type;
  e.val = val;
  return e;
}

export function compare(op: Op, x: Expr, y: Expr): Operation {
  const cond = new Operation(NoPos, NoPos, op, x, y);
  cond.mode = Mode.Value;
  cond.type = universeBool;
  return cond;
}

export function assign(lhs: Expr, rhs: Expr): AssignStmt {
  return new AssignStmt(NoPos, NoPos, Op.None, lhs, rhs);
}

export function returnStmt(results: Expr | null): ReturnStmt {
  return new ReturnStmt(NoPos, NoPos, results);
}

export function block(list: Stmt[]): BlockStmt {
  return new BlockStmt(NoPos, NoPos, list, NoPos);
}

export function ifStmt(cond: Expr, then: Stmt[]): IfStmt {
  return new IfStmt(NoPos, NoPos, null, cond, block(then), null);
}

/** A call of `fun`; without a result if `type` is null. */
export function call(fun: Expr, args: Expr[], type: Type | null): CallExpr {
  const n = new CallExpr(NoPos, NoPos, fun, args, false);
  n.mode = type === null ? Mode.NoValue : Mode.Value;
  n.type = type;
  return n;
}

/** A local variable of `pkg` and the name that declares it. */
export function makeVar(pkg: Package | null, pos: Pos, name: string, type: Type): { obj: Var; n: Name } {
  const obj = new Var(pos, pkg, name, type, VarKind.LocalVar);
  const n = useObj(obj);
  n.pos = pos;
  n.end = pos;
  return { obj, n };
}

export function varDecl(n: Name, value: Expr | null): VarDecl {
  return new VarDecl(NoPos, NoPos, null, [n], null, value);
}

/** A mention of runtime function `name`, which takes `params` and returns `results`. */
export function runtimeSym(pkg: Package, name: string, params: readonly Type[], results: readonly Type[]): Name {
  const sig = new Signature();
  sig.params = new Tuple(params.map((t) => new Var(NoPos, pkg, "", t, VarKind.ParamVar)));
  sig.results = new Tuple(results.map((t) => new Var(NoPos, pkg, "", t, VarKind.ResultVar)));
  const n = new Name(NoPos, NoPos, `runtime.${name}`);
  n.obj = new Func(NoPos, pkg, name, sig);
  n.mode = Mode.Value;
  n.type = sig;
  n.runtimeHelper = true;
  return n;
}

/** Gives `pos` to `x` and all below it that have no position; does not look below what has one. */
export function setPos(x: Node | null, pos: Pos): void {
  if (x === null || x.pos !== NoPos) return;
  x.pos = pos;
  x.end = pos;
  switch (x.kind) {
    case Kind.BlockStmt:
      if (x.rbrace === NoPos) (x as Mutable<BlockStmt>).rbrace = pos;
      for (const stmt of x.list) setPos(stmt, pos);
      break;
    case Kind.AssignStmt:
      setPos(x.lhs, pos);
      setPos(x.rhs, pos);
      break;
    case Kind.ReturnStmt:
      setPos(x.results, pos);
      break;
    case Kind.BranchStmt:
      setPos(x.label, pos);
      break;
    case Kind.IfStmt:
      setPos(x.cond, pos);
      setPos(x.then, pos);
      break;
    case Kind.ExprStmt:
      setPos(x.x, pos);
      break;
    case Kind.DeclStmt:
      for (const decl of x.decls) setPos(decl, pos);
      break;
    case Kind.VarDecl:
      for (const name of x.names) setPos(name, pos);
      setPos(x.values, pos);
      break;
    case Kind.CallExpr:
      setPos(x.fun, pos);
      for (const arg of x.args) setPos(arg, pos);
      break;
    case Kind.Operation:
      setPos(x.x, pos);
      setPos(x.y, pos);
      break;
    case Kind.ListExpr:
      for (const elem of x.elems) setPos(elem, pos);
      break;
    case Kind.FuncLit:
      setPos(x.funcType, pos);
      setPos(x.body, pos);
      break;
  }
}

export function declStmt(decls: VarDecl[]): DeclStmt {
  return new DeclStmt(NoPos, NoPos, decls);
}

export function exprStmt(x: Expr): ExprStmt {
  return new ExprStmt(NoPos, NoPos, x);
}
