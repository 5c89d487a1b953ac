/** Finds types that contain themselves and so would be infinitely large.
 *
 *  Mirrors cmd/compile/internal/types2/validtype.go. `nest` is the stack of named types each of which has the next one
 *  in its memory (for interfaces: embeds it); a type found in its own nest is invalid. A type argument is looked at
 *  in the nest in which its generic type was instantiated, that is, without the instance on top. `path` keeps all types
 *  on the way, for the message. (Cycles of aliases are found while checking declarations.) */
import { InternalError } from "../base/diag.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { cycleError } from "./decl.ts";
import { typeParams, unpack } from "./named.ts";
import { identical } from "./predicates.ts";
import { type Named, type Obj, type Type, TypeKind } from "./types.ts";
import { Typ } from "./universe.ts";

export function validType(c: Checker, typ: Named): void {
  validType0(c, typ, [], []);
}

function validType0(c: Checker, typ: Type | null, nest: readonly Named[], path: readonly Named[]): boolean {
  if (typ === null) return true;
  const t = unalias(typ);
  if (t === null) return true;
  switch (t.kind) {
    case TypeKind.Array:
      return validType0(c, t.elem, nest, path);
    case TypeKind.Struct:
      for (const f of t.fields) if (!validType0(c, f.type, nest, path)) return false;
      return true;
    case TypeKind.Union:
      for (const term of t.terms) if (!validType0(c, term.type, nest, path)) return false;
      return true;
    case TypeKind.Interface:
      for (const e of t.embeddeds) if (!validType0(c, e, nest, path)) return false;
      return true;
    case TypeKind.Named:
      return validNamed(c, t, nest, path);
    case TypeKind.TypeParam: {
      // Stands for the type argument of the innermost instance, if it is that one's.
      if (nest.length === 0) return true;
      const inst = nest[nest.length - 1];
      const i = typeParams(inst).indexOf(t);
      if (i < 0 || i >= inst.targs.length) return true;
      return validType0(c, inst.targs[i], nest.slice(0, -1), path);
    }
    default:
      return true;
  }
}

function validNamed(c: Checker, t: Named, nest: readonly Named[], path: readonly Named[]): boolean {
  for (const e of nest) {
    if (!identical(e, t)) continue;
    // The cycle is in the generic type's declaration, however it is instantiated.
    t.orig.fromRHS = Typ[0];
    const start = path.findIndex((p) => identical(p, t));
    if (start < 0) throw new InternalError("cycle start not found");
    cycleError(c, makeObjList(path.slice(start)), 0);
    return false;
  }
  unpack(t.orig);
  const rhs = t.orig.fromRHS;
  // Imported types are valid, and only their type arguments can lead back here.
  if (t.targs.length === 0 && t.obj.pkg !== c.pkg) return true;
  return validType0(c, rhs, [...nest, t], [...path, t]);
}

export function makeObjList(list: readonly Named[]): Obj[] {
  return list.map((t) => t.obj);
}
