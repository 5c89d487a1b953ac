/** Type declarations that lead straight back to themselves, and types of infinite size.
 *
 *  Mirrors cmd/compile/internal/types2/cycles.go. */

import { Kind } from "../syntax/ast.ts";
import { unalias } from "./alias.ts";
import { type Checker, pop, push } from "./check.ts";
import { cycleError, firstInSrc } from "./decl.ts";
import { NamedState } from "./named.ts";
import { ObjKind, type Type, TypeKind, type TypeName } from "./types.ts";
import { Typ } from "./universe.ts";

/** Reports package-level types whose declarations form a cycle of nothing but names (`type A B; type B A`, aliases
 *  too) and makes the first of each cycle invalid. */
export function directCycles(c: Checker): void {
  // Index in the current path, or done if negative.
  const pathIdx = new Map<TypeName, number>();
  for (const obj of c.objList) if (obj.kind === ObjKind.TypeName) directCycle(c, obj, pathIdx);
}

const done = -1;

function directCycle(c: Checker, tname: TypeName, pathIdx: Map<TypeName, number>): void {
  const path: TypeName[] = [];
  for (;;) {
    const start = pathIdx.get(tname);
    if (start === done) break;
    if (start !== undefined) {
      tname.type = Typ[0];
      const cycle = path.slice(start);
      cycleError(c, cycle, firstInSrc(c, cycle));
      break;
    }
    pathIdx.set(tname, path.length);
    path.push(tname);
    const rhs = c.objMap.get(tname)?.tdecl?.type;
    if (rhs === undefined || rhs.kind !== Kind.Name) break;
    // A name from elsewhere, or of something else, cannot lead back.
    const next = c.pkg.scope.lookup(rhs.value);
    if (next === null || next.kind !== ObjKind.TypeName) break;
    tname = next;
  }
  for (const t of path) pathIdx.set(t, done);
}

/** Values of type `t` have a finite size; reports a cycle if not. */
export function finiteSize(c: Checker, t: Type | null): boolean {
  if (t === null) return true;
  const u = unalias(t);
  if (u === null) return true;
  switch (u.kind) {
    case TypeKind.Named: {
      if ((u.state & NamedState.HasFinite) !== 0) return u.finite;
      const i = c.objPathIdx.get(u.obj);
      if (i !== undefined) {
        const cycle = c.objPath.slice(i);
        cycleError(c, cycle, firstInSrc(c, cycle));
        return false;
      }
      push(c, u.obj);
      const finite = finiteSize(c, u.fromRHS); // what is not loaded or expanded is no part of a cycle here
      pop(c);
      if ((u.state & NamedState.HasFinite) === 0) {
        u.finite = finite;
        u.state |= NamedState.HasFinite;
      }
      return finite;
    }
    case TypeKind.Array:
      return finiteSize(c, u.elem);
    case TypeKind.Struct:
      for (const f of u.fields) if (!finiteSize(c, f.type)) return false;
      return true;
    default:
      return true;
  }
}
