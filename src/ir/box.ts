/** Which values need no memory of their own when they are put into an interface.
 *
 *  Mirrors  dataWord (cmd/compile/internal/walk/convert.go), isStaticCompositeLiteral (walk/complit.go): the escape
 *           analysis counts such values among what escapes all the same. */
import type { Name, Node } from "./node.ts";
import { Class } from "./node.ts";
import { Op } from "./op.ts";
import type { Target } from "./target.ts";
import { isDirectIface, isInteger, sizeOf } from "./typeops.ts";
import { TKind, type Type } from "./types.ts";

/** Whether putting `x`, a concrete value, into an interface that escapes allocates memory. */
export function boxAllocates(x: Node, target: Target): boolean {
  const t = x.type!;
  if (t.kind === TKind.INTER || isDirectIface(t, target) || sizeOf(t, target) === 0 || isByte(t, target)) return false;
  let value = x;
  while (value.op === Op.OCONVNOP) value = value.x!;
  if (value.op === Op.ONAME) return (value as Name).class !== Class.PEXTERN || !(value as Name).readonly;
  return !isStaticLiteral(value, target);
}

/** Of the type of one byte, of whose 256 values the runtime has a table. */
export function isByte(t: Type, target: Target): boolean {
  const sole = soleComponent(t);
  return sole !== null && sizeOf(t, target) === 1 && (sole.kind === TKind.BOOL || isInteger(sole));
}

/** The one part that a type has: itself, or that of a struct of one field or an array of one element; null for those of
 *  none or several. */
export function soleComponent(t: Type): Type | null {
  for (;;) {
    if (t.kind === TKind.STRUCT) {
      if (t.fields.length !== 1) return null;
      t = t.fields[0].type;
    } else if (t.kind === TKind.ARRAY) {
      if (t.len !== 1) return null;
      t = t.elem!;
    } else {
      return t;
    }
  }
}

/** Whether `n` is a constant or made of constants only: read-only data holds it. */
export function isStaticLiteral(n: Node, target: Target): boolean {
  switch (n.op) {
    case Op.OLITERAL:
    case Op.ONIL:
      return true;
    case Op.OARRAYLIT:
      return n.list.every((elem) => isStaticLiteral(elem.op === Op.OKEY ? elem.y! : elem, target));
    case Op.OSTRUCTLIT:
      return n.list.every((field) => isStaticLiteral(field.x!, target));
    case Op.OCONVIFACE: {
      if (n.rtti !== null) return false;
      let val: Node = n;
      while (val.op === Op.OCONVIFACE) val = val.x!;
      const t = val.type!;
      if (t.kind === TKind.INTER) return val.op === Op.ONIL;
      if (t.hasShape) return false;
      if (isDirectIface(t, target) && val.op === Op.ONIL) return true;
      return isStaticLiteral(val, target);
    }
    default:
      return false;
  }
}
