/** Objects: names, order, and their text in messages.
 *
 *  Mirrors cmd/compile/internal/types2/object.go; the data is in types.ts. */

import type { FileSet } from "../base/pos.ts";
import { quote } from "./format.ts";
import { deref } from "./lookup.ts";
import { typeParams } from "./named.ts";
import { isTypeParam, samePkg } from "./predicates.ts";
import {
  type Alias,
  type Func,
  type Obj,
  ObjKind,
  type Package,
  type Type,
  TypeKind,
  type TypeName,
  Var,
  VarKind,
} from "./types.ts";
import { newInterface } from "./typeset.ts";
import { newTypeWriter, type Qualifier, type TypeWriter } from "./typestring.ts";
import { under } from "./under.ts";
import { Universe, Unsafe, universeByte, universeRune } from "./universe.ts";

/** The name starts with an upper-case letter. */
export function isExported(name: string): boolean {
  const ch = name.charCodeAt(0);
  if (ch < 0x80) return ch >= 65 && ch <= 90;
  return /^\p{Lu}/u.test(name);
}

/** Exported names are unique as they are, others within their package. */
export function id(pkg: Package | null, name: string): string {
  if (isExported(name)) return name;
  const path = pkg !== null && pkg.path !== "" ? pkg.path : "_";
  return `${path}.${name}`;
}

/** The object goes by (pkg, name). With `foldCase`, upper and lower case and packages do not matter. */
export function sameId(obj: Obj, pkg: Package | null, name: string, foldCase: boolean): boolean {
  if (foldCase && equalFold(obj.name, name)) return true;
  return obj.name === name && (isExported(name) || samePkg(obj.pkg, pkg));
}

/** Equal but for upper and lower case. */
export function equalFold(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** Compares texts as their UTF-8 bytes do. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for characters beyond all others.
    if (x >= 0xd800 && x < 0xe000) x += 0x10000;
    if (y >= 0xd800 && y < 0xe000) y += 0x10000;
    return x - y;
  }
  return a.length - b.length;
}

/** The order of methods: exported ones first, then by name, then by package path. */
export function compareFunc(a: Func, b: Func): number {
  if (a === b) return 0;
  const ea = isExported(a.name);
  if (ea !== isExported(b.name)) return ea ? -1 : 1;
  if (a.name !== b.name) return compareText(a.name, b.name);
  return ea ? 0 : compareText(a.pkg?.path ?? "", b.pkg?.path ?? "");
}

/** The name stands for a type declared elsewhere (or for byte or rune). */
export function isAlias(obj: TypeName): boolean {
  const t = obj.type;
  if (t === null) return false;
  switch (t.kind) {
    case TypeKind.Basic:
      if (obj.pkg === Unsafe) return false;
      return obj.pkg !== null || t.name !== obj.name || t === universeByte || t === universeRune;
    case TypeKind.Named:
    case TypeKind.TypeParam:
      return obj !== t.obj;
    default:
      return true;
  }
}

/** The receiver is of the form *T. Before the signature is known, what the resolver has noted is the answer. */
export function hasPtrRecv(f: Func): boolean {
  const recv = f.type === null ? null : f.type.recv;
  return recv !== null && recv.type !== null ? deref(recv.type).isPtr : f.hasPtrRecv;
}

export function newParam(pos: number, pkg: Package | null, name: string, type: Type | null): Var {
  return new Var(pos, pkg, name, type, VarKind.ParamVar);
}

export function newField(pos: number, pkg: Package | null, name: string, type: Type | null, embedded: boolean): Var {
  const v = new Var(pos, pkg, name, type, VarKind.FieldVar);
  v.embedded = embedded;
  return v;
}

// ------------------------------------------------------------------------------------------------- text

export function packagePrefix(pkg: Package | null, qf: Qualifier | null): string {
  if (pkg === null) return "";
  const s = qf === null ? pkg.path : qf(pkg);
  return s === "" ? "" : `${s}.`;
}

/** `var x int`, `func f(x int) string`, `type T struct{...}`, … */
export function objectString(obj: Obj, qf: Qualifier | null, fset: FileSet | null = null): string {
  const w = newTypeWriter(qf, fset);
  writeObject(w, obj, qf);
  return w.text;
}

function writeObject(w: TypeWriter, obj: Obj, qf: Qualifier | null): void {
  let type = obj.type;
  switch (obj.kind) {
    case ObjKind.PkgName: {
      const path = obj.imported.path;
      w.text += `package ${obj.name}`;
      if (path !== "" && path !== obj.name) w.text += ` (${quote(path)})`;
      return;
    }
    case ObjKind.Const:
      w.text += "const";
      break;
    case ObjKind.TypeName:
      w.text += type !== null && isTypeParam(type) ? "type parameter" : "type";
      break;
    case ObjKind.Var:
      w.text += obj.varKind === VarKind.FieldVar ? "field" : "var";
      break;
    case ObjKind.Func:
      w.text += "func ";
      writeFuncName(w, obj, qf);
      if (obj.type !== null) w.signature(obj.type);
      return;
    case ObjKind.Label:
      w.text += "label";
      type = null;
      break;
    case ObjKind.Builtin:
      w.text += "builtin";
      type = null;
      break;
    case ObjKind.Nil:
      w.text += "nil";
      return;
  }

  w.text += " ";
  if (obj.pkg !== null && obj.pkg.scope.lookup(obj.name) === obj) w.text += packagePrefix(obj.pkg, qf);
  w.text += obj.name;
  if (type === null) return;

  if (obj.kind === ObjKind.TypeName) {
    if (type.kind === TypeKind.Basic) return;
    if (type.kind === TypeKind.Named || type.kind === TypeKind.Alias) {
      const tparams = typeParams(type);
      if (tparams.length > 0) w.tParamList(tparams);
    }
    if (isAlias(obj)) {
      w.text += " =";
      if (type.kind === TypeKind.Alias) type = (type as Alias).fromRHS!;
    } else if (type.kind === TypeKind.TypeParam) type = type.bound!;
    else type = under(type);
    // any is printed as any, which says nothing here.
    if (obj.name === "any" && obj.parent === Universe) type = newInterface(null);
  }
  w.text += " ";
  w.typ(type);
}

function writeFuncName(w: TypeWriter, f: Func, qf: Qualifier | null): void {
  if (f.type !== null) {
    const recv = f.type.recv;
    if (recv !== null) {
      w.text += "(";
      if (recv.type!.kind === TypeKind.Interface) w.text += "interface";
      else w.typ(recv.type!);
      w.text += ").";
    } else if (f.pkg !== null) w.text += packagePrefix(f.pkg, qf);
  }
  w.text += f.name;
}

/** What kind of object it is, in words. */
export function objectKind(obj: Obj): string {
  switch (obj.kind) {
    case ObjKind.PkgName:
      return "package name";
    case ObjKind.Const:
      return "constant";
    case ObjKind.TypeName:
      if (isAlias(obj)) return "type alias";
      return obj.type !== null && obj.type.kind === TypeKind.TypeParam ? "type parameter" : "defined type";
    case ObjKind.Var:
      return varKindText[obj.varKind];
    case ObjKind.Func:
      return obj.type !== null && obj.type.recv !== null ? "method" : "function";
    case ObjKind.Label:
      return "label";
    case ObjKind.Builtin:
      return "built-in function";
    case ObjKind.Nil:
      return "untyped nil";
  }
}

/** By VarKind. */
const varKindText: readonly string[] = [
  "package-level variable",
  "local variable",
  "receiver",
  "parameter",
  "result variable",
  "struct field",
];
