/** Words for failed lookups. Mirrors types2/errsupport.go. */
import type { Checker } from "./check.ts";
import { sprintf } from "./format.ts";
import { isExported } from "./object.ts";
import { type Obj, ObjKind, type Type } from "./types.ts";

/** Why the selector `sel` is not found in `type`, given an object `obj` (or null) that differs in case or is not
 *  accessible; `structLit` words it for a field of a struct literal. */
export function lookupError(c: Checker, type: Type, sel: string, obj: Obj | null, structLit: boolean): string {
  const alt = obj === null ? "" : obj.name;
  const found = obj === null ? Found.Missing : howFound(c, sel, obj);
  if (structLit) {
    switch (found) {
      case Found.Missing:
        return sprintf(c, "unknown field %s in struct literal of type %s", sel, type);
      case Found.Misspelled:
        return sprintf(c, "unknown field %s in struct literal of type %s, but does have %s", sel, type, alt);
      case Found.Unexported:
        return sprintf(c, "unknown field %s in struct literal of type %s, but does have unexported %s", sel, type, alt);
      case Found.Inaccessible:
        return sprintf(c, "cannot refer to unexported field %s in struct literal of type %s", alt, type);
    }
  }
  const what = obj?.kind === ObjKind.Var ? "field" : obj?.kind === ObjKind.Func ? "method" : "object";
  switch (found) {
    case Found.Missing:
      return sprintf(c, "type %s has no field or method %s", type, sel);
    case Found.Misspelled:
      return sprintf(c, "type %s has no field or method %s, but does have %s %s", type, sel, what, alt);
    case Found.Unexported:
      return sprintf(c, "type %s has no field or method %s, but does have unexported %s %s", type, sel, what, alt);
    case Found.Inaccessible:
      return sprintf(c, "cannot refer to unexported %s %s", what, alt);
  }
}

const enum Found {
  Missing,
  /** Spelled differently. */
  Misspelled,
  /** Differs in the case of its first letter only. */
  Unexported,
  /** The very name, but of another package. */
  Inaccessible,
}

function howFound(c: Checker, sel: string, obj: Obj): Found {
  const alt = obj.name;
  if (obj.pkg === c.pkg) return Found.Misspelled;
  if (isExported(sel)) {
    if (isExported(alt)) return Found.Misspelled;
    return tail(sel) === tail(alt) ? Found.Unexported : Found.Missing;
  }
  if (isExported(alt)) return tail(sel) === tail(alt) ? Found.Misspelled : Found.Missing;
  return sel === alt ? Found.Inaccessible : Found.Missing;
}

/** All but the first character; a name of one character is its own tail, so that `a` and `A` differ. */
function tail(s: string): string {
  const first = (s.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
  return s.length > first ? s.slice(first) : s;
}
