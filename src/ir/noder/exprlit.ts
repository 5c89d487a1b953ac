/** Composite literals.
 *
 *  Mirrors compLit of noder/writer.go and noder/reader.go, and tcCompLit of typecheck/expr.go. */
import { InternalError } from "../../base/diag.ts";
import type * as ast from "../../syntax/ast.ts";
import { Kind } from "../../syntax/ast.ts";
import { lookupFieldOrMethod } from "../../types/lookup.ts";
import type * as types from "../../types/types.ts";
import { TypeKind } from "../../types/types.ts";
import { int64Val } from "../const.ts";
import { newAddrExpr, newCompLitExpr, newKeyExpr, newStructKeyExpr } from "../make.ts";
import { type Node, noNodes } from "../node.ts";
import { Op } from "../op.ts";
import { type Field, TKind, type Type } from "../types.ts";
import { coreType } from "./checker-types.ts";
import { assignConv } from "./convert.ts";
import { expr, implicitConvExpr, rtype, setRType } from "./expr.ts";
import type { Reader } from "./noder.ts";
import { typ } from "./types.ts";

export function compLit(r: Reader, e: ast.CompositeLit): Node {
  const whole = typ(r, e.type!);
  let t = e.type!;
  const ptr = coreType(t);
  if (ptr !== null && ptr.kind === TypeKind.Pointer) t = ptr.base;
  const type = whole.kind === TKind.PTR ? whole.elem! : whole;
  let lit: Node;
  const core = coreType(t);
  switch (core?.kind) {
    case TypeKind.Struct:
      lit = structLit(r, e, type, core);
      break;
    case TypeKind.Array:
      lit = newCompLitExpr(e.pos, Op.OARRAYLIT, type, elements(r, e, type, core.elem));
      break;
    case TypeKind.Slice:
      lit = newCompLitExpr(e.pos, Op.OSLICELIT, type, elements(r, e, type, core.elem));
      lit.len = literalLength(lit.list);
      break;
    case TypeKind.Map:
      lit = mapLit(r, e, type, t, core);
      break;
    default:
      throw new InternalError("composite literal of unexpected type");
  }
  if (whole.kind !== TKind.PTR) return lit;
  return newAddrExpr(e.pos, lit, whole);
}

function structLit(r: Reader, e: ast.CompositeLit, type: Type, struct: types.Struct): Node {
  const list: Node[] = [];
  for (let i = 0; i < e.elems.length; i++) {
    const elem = e.elems[i];
    let field = type.fields[i];
    let fieldVar = struct.fields[i];
    let value = elem;
    let pos = elem.pos;
    if (elem.kind === Kind.KeyValueExpr) {
      const key = elem.key as ast.Name;
      pos = key.pos;
      fieldVar = key.obj as types.Var;
      field = fieldOf(r, type, struct, key);
      value = elem.value;
    }
    const v = implicitConvExpr(r, fieldVar.type, value);
    list.push(newStructKeyExpr(pos, field, assignConv(r, pos, v, field.type)));
  }
  return newCompLitExpr(e.pos, Op.OSTRUCTLIT, type, listOf(list));
}

/** The field that `key` names; it may be promoted. */
function fieldOf(r: Reader, type: Type, struct: types.Struct, key: ast.Name): Field {
  const index = struct.fields.indexOf(key.obj as types.Var);
  if (index >= 0) return type.fields[index];
  const found = lookupFieldOrMethod(struct, false, r.p.pkg, key.value, false);
  if (found.index === null) throw new InternalError(`${key.value} is not a field`);
  let field: Field | null = null;
  for (const i of found.index) field = (field === null ? type : field.type).fields[i];
  return field!;
}

function mapLit(r: Reader, e: ast.CompositeLit, type: Type, t: types.Type, map: types.MapT): Node {
  const mapRType = rtype(r, e.pos, t);
  const list: Node[] = [];
  for (const elem of e.elems) {
    if (elem.kind !== Kind.KeyValueExpr) throw new InternalError("map element without a key");
    const key = implicitConvExpr(r, map.key, elem.key);
    const value = implicitConvExpr(r, map.elem, elem.value);
    const pos = elem.key.pos;
    list.push(newKeyExpr(pos, assignConv(r, pos, key, type.key!), assignConv(r, pos, value, type.elem!)));
  }
  const lit = newCompLitExpr(e.pos, Op.OMAPLIT, type, listOf(list));
  setRType(lit, mapRType);
  return lit;
}

/** Elements of an array or slice; those with an index are OKEYs. */
function elements(r: Reader, e: ast.CompositeLit, type: Type, elemType: types.Type): readonly Node[] {
  const list: Node[] = [];
  const to = type.elem!;
  for (const elem of e.elems) {
    if (elem.kind === Kind.KeyValueExpr) {
      const pos = elem.key.pos;
      const key = expr(r, elem.key);
      const value = implicitConvExpr(r, elemType, elem.value);
      list.push(newKeyExpr(pos, key, assignConv(r, pos, value, to)));
    } else {
      const value = implicitConvExpr(r, elemType, elem);
      list.push(assignConv(r, value.pos, value, to));
    }
  }
  return listOf(list);
}

function listOf(list: Node[]): readonly Node[] {
  return list.length === 0 ? noNodes : list;
}

/** One more than the highest index. */
function literalLength(list: readonly Node[]): number {
  let index = 0;
  let length = 0;
  for (const elem of list) {
    if (elem.op === Op.OKEY) index = int64Val(elem.x!);
    index++;
    if (index > length) length = index;
  }
  return length;
}
