/** Questions about the checked tree that both the lowering and the walk ahead of it ask (writer.ts).
 *
 *  Mirrors the helpers of cmd/compile/internal/noder/writer.go. */

import { InternalError } from "../../base/diag.ts";
import { type Expr, Kind, Mode, type Name, type SelectorExpr, type SwitchStmt } from "../../syntax/ast.ts";
import { unparen } from "../../syntax/walk.ts";
import { unalias } from "../../types/alias.ts";
import { BasicInfo, type Func, ObjKind, type Selection, type Type, TypeKind, type Var } from "../../types/types.ts";
import { assignableTo, boolType, coreType, emptyInterface, identical, isInterface, under } from "./checker-types.ts";
import { unpackListExpr } from "./static.ts";

/** The object that `e` names, with the type arguments if it is instantiated; a qualifier is looked through. */
export function lookupObj(e: Expr): { obj: Name["obj"]; targs: readonly Type[] } {
  let expr = e;
  if (expr.kind === Kind.IndexExpr) {
    if (expr.index.kind !== Kind.ListExpr && isValueMode(expr.index.mode)) return noObj;
    expr = expr.x;
  }
  if (expr.kind === Kind.SelectorExpr) {
    if (!isPkgQual(expr)) return noObj;
    expr = expr.sel;
  }
  if (expr.kind !== Kind.Name) return noObj;
  return expr.targs === null ? { obj: expr.obj, targs: noTypes } : { obj: expr.obj, targs: expr.targs };
}

const noTypes: readonly Type[] = [];
const noObj = { obj: null, targs: noTypes };

export function isPkgQual(e: SelectorExpr): boolean {
  return e.x.kind === Kind.Name && e.x.obj !== null && e.x.obj.kind === ObjKind.PkgName;
}

export function isValueMode(mode: Mode): boolean {
  return mode >= Mode.Constant && mode <= Mode.CommaErr;
}

export function isNilExpr(e: Expr): boolean {
  return unparen(e).mode === Mode.NilValue || e.mode === Mode.NilValue;
}

/** The type that a value assigned to `e` gets; null for `_`. */
export function dstType(e: Expr): Type | null {
  const dst = unparen(e);
  if (dst.kind !== Kind.Name) return dst.type!;
  if (dst.value === "_") return null;
  return (dst.obj as Var).type!;
}

/** The type that tag and cases of an expression switch are compared in. */
export function switchTagType(stmt: SwitchStmt): Type {
  const tag = stmt.tag;
  const tagType = tag === null ? boolType : tag.type!;
  if (under(tagType).kind === TypeKind.Chan) return tagType;
  for (const clause of stmt.body) {
    for (const c of unpackListExpr(clause.cases)) {
      const caseType = c.type!;
      if (!assignableTo(caseType, tagType) && (isInterface(caseType) || isInterface(tagType))) {
        return emptyInterface;
      }
    }
  }
  return tagType;
}

/** The type in which the operands of a comparison or arithmetic operation meet. */
export function commonType(x: Type, y: Type): Type {
  return assignableTo(x, y) ? y : x;
}

/** The type that a selected method's receiver has after implicit field selections, dereferencing and addressing. */
export function recvType(x: Type, sel: Selection): Type {
  const t = embeddedType(x, sel.index);
  const recv = (sel.obj as Func).type!.recv!.type!;
  return isPtrTo(t, recv) || isPtrTo(recv, t) ? recv : t;
}

/** The type of the embedded field in `x` that path `index` leads to before its last step. */
export function embeddedType(x: Type, index: readonly number[]): Type {
  let t = x;
  for (let i = 0; i < index.length - 1; i++) {
    const struct = under(derefCore(t));
    if (struct.kind !== TypeKind.Struct) throw new InternalError("promotion through what is no struct");
    t = struct.fields[index[i]].type!;
  }
  return t;
}

/** The element type of a pointer type, defined ones included; any other type itself. */
export function derefCore(t: Type): Type {
  const ptr = under(t);
  return ptr.kind === TypeKind.Pointer ? ptr.base : t;
}

/** `from` is `*to`. */
export function isPtrTo(from: Type, to: Type): boolean {
  const ptr = unalias(from);
  return ptr.kind === TypeKind.Pointer && identical(ptr.base, to);
}

/** The element type of an unnamed pointer type, any other type itself. */
export function deref(t: Type): Type {
  const ptr = unalias(t);
  return ptr.kind === TypeKind.Pointer ? ptr.base : t;
}

export function sliceElem(t: Type): Type {
  const core = coreType(t);
  if (core === null || core.kind !== TypeKind.Slice) throw new InternalError("slice expected");
  return core.elem;
}

/** The first type of `f(g())` with several results. */
export function firstType(t: Type): Type {
  return t.kind === TypeKind.Tuple ? t.vars[0].type! : t;
}

export function isUntyped(t: Type): boolean {
  return t.kind === TypeKind.Basic && (t.info & BasicInfo.Untyped) !== 0;
}
