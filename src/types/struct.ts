/** Struct types. Mirrors types2/struct.go. */
import { stringFromLiteral } from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import { type BasicLit, type Expr, Kind, LitKind, Name, type StructType } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import { Op } from "../syntax/tokens.ts";
import { type Checker, later } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { addAltDecl, addf, error, errorf, newError, report } from "./errors.ts";
import { deref } from "./lookup.ts";
import { ObjSet } from "./objset.ts";
import { isTypeParam, isValid } from "./predicates.ts";
import { recordDef } from "./recording.ts";
import { BasicKind, type Obj, type Struct, type Type, TypeKind, Var, VarKind } from "./types.ts";
import { varType } from "./typexpr.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";

export function structType(c: Checker, styp: Struct, e: StructType): void {
  if (e.fields.length === 0) return;
  const fields: Var[] = [];
  let tags: string[] | null = null;
  const fset = new ObjSet();

  const add = (name: Name, type: Type, tag: string, embedded: boolean): void => {
    if (tag !== "" && tags === null) tags = new Array<string>(fields.length).fill("");
    tags?.push(tag);
    const field = new Var(name.pos, c.pkg, name.value, type, VarKind.FieldVar);
    field.embedded = embedded;
    if (name.value === "_" || declareInSet(c, fset, name.pos, field)) {
      fields.push(field);
      recordDef(c, name, field);
    }
  };

  let type: Type = Typ[BasicKind.Invalid];
  let prev: Expr | null = null;
  for (let i = 0; i < e.fields.length; i++) {
    const f = e.fields[i];
    if (f.type !== prev) {
      type = varType(c, f.type);
      prev = f.type;
    }
    const tag = i < e.tags.length ? tagText(c, e.tags[i]) : "";
    if (f.name !== null) {
      add(f.name, type, tag, false);
      continue;
    }
    const pos = startPos(f.type);
    const name = embeddedFieldIdent(f.type);
    if (name === null) {
      errorf(c, pos, Code.InvalidSyntaxTree, "invalid embedded field type %s", f.type);
      type = Typ[BasicKind.Invalid];
      add(new Name(pos, pos, "_"), type, "", true); // keeps the number of fields right
      continue;
    }
    add(name, type, tag, true);
    const embedded = type;
    later(c, () => checkEmbedded(c, pos, embedded)); // the type may be incomplete now
  }
  styp.fields = fields;
  if (tags !== null) styp.tags = tags;
}

/** Embedded types are `T` or `*T` for a named T that is no pointer, and no interface in the second case. */
function checkEmbedded(c: Checker, pos: Pos, type: Type): void {
  const { type: t, isPtr } = deref(type);
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Basic:
      if (isValid(t) && u.basic === BasicKind.UnsafePointer) {
        error(c, pos, Code.InvalidPtrEmbed, "embedded field type cannot be unsafe.Pointer");
      }
      break;
    case TypeKind.Pointer:
      error(c, pos, Code.InvalidPtrEmbed, "embedded field type cannot be a pointer");
      break;
    case TypeKind.Interface:
      if (isTypeParam(t)) {
        error(c, pos, Code.MisplacedTypeParam, "embedded field type cannot be a (pointer to a) type parameter");
      } else if (isPtr) {
        error(c, pos, Code.InvalidPtrEmbed, "embedded field type cannot be a pointer to an interface");
      }
  }
}

/** The name under which a type is embedded; null if it cannot be. */
function embeddedFieldIdent(e: Expr): Name | null {
  switch (e.kind) {
    case Kind.Name:
      return e;
    case Kind.Operation:
      // *T will do, **T will not.
      return isPointerType(e) && !isPointerType(e.x) ? embeddedFieldIdent(e.x) : null;
    case Kind.SelectorExpr:
      return e.sel;
    case Kind.IndexExpr:
      return embeddedFieldIdent(e.x);
    default:
      return null;
  }
}

function isPointerType(e: Expr): boolean {
  return e.kind === Kind.Operation && e.op === Op.Mul && e.y === null;
}

function declareInSet(c: Checker, set: ObjSet, pos: Pos, obj: Obj): boolean {
  const alt = set.insert(obj);
  if (alt === null) return true;
  const err = newError(c, Code.DuplicateDecl);
  addf(err, pos, "%s redeclared", obj.name);
  addAltDecl(err, alt);
  report(err);
  return false;
}

function tagText(c: Checker, tag: BasicLit | null): string {
  if (tag === null || tag.bad) return "";
  if (tag.litKind === LitKind.String) {
    const val = stringFromLiteral(tag.value);
    if (typeof val === "string") return val;
  }
  errorf(c, tag, Code.InvalidSyntaxTree, "incorrect tag syntax: %q", tag.value);
  return "";
}
