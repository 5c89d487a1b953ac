/** How pointers are held, and which values may be copied instead. */
import { type Expr, type Field, Kind, type Node } from "../../syntax/ast.ts";
import { type Type, TypeKind } from "../../types/types.ts";
import { under } from "../../types/under.ts";

/** The rewriting cannot be done, or not safely. */
export class NoWay extends Error {}

/** How a slot holds the pointer: itself, or in its elements. */
export type Shape = "pointer" | "container";

export function pick(values: Expr, index: number, count: number): Expr {
  if (values.kind === Kind.ListExpr) return values.elems[index];
  if (count !== 1) throw new NoWay();
  return values;
}

export function fieldsOf(node: Node): readonly Field[] {
  if (node.kind === Kind.StructType) return node.fields;
  if (node.kind === Kind.FuncType) return [...node.params, ...node.results];
  return [];
}

export function shapeOf(type: Type | null): Shape | null {
  if (type === null) return null;
  if (type.kind === TypeKind.Pointer) return "pointer";
  return elementOf(type)?.kind === TypeKind.Pointer ? "container" : null;
}

export function elementOf(type: Type): Type | null {
  switch (type.kind) {
    case TypeKind.Slice:
    case TypeKind.Array:
    case TypeKind.Chan:
    case TypeKind.Map:
      return type.elem;
    default:
      return null;
  }
}

/** Locks and the like are no longer the same lock when they are copied. */
export function mustNotCopy(type: Type, depth: number): boolean {
  if (depth > 8) return true;
  if (type.kind === TypeKind.Named) {
    const path = type.obj.pkg?.path ?? "";
    if (path === "sync" || path === "sync/atomic" || type.obj.name === "noCopy") return true;
  }
  const t = type.kind === TypeKind.TypeParam ? type : under(type);
  if (t.kind === TypeKind.Struct) return t.fields.some((f) => f.type === null || mustNotCopy(f.type, depth + 1));
  return t.kind === TypeKind.Array && mustNotCopy(t.elem, depth + 1);
}
