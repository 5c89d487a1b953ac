/** Selections: the type of `x.f`, and their text.
 *
 *  Mirrors cmd/compile/internal/types2/selection.go. */
import { Kind, type Node } from "../syntax/ast.ts";
import { cloneSignature, cloneVar } from "./subst.ts";
import { type Obj, type Selection, SelectionKind, type Signature, Tuple, type Type } from "./types.ts";
import { newTypeWriter, type Qualifier } from "./typestring.ts";

/** The type of `x.f`: of a method value its signature with the receiver's type that of x, of a method expression a
 *  function with the receiver as first parameter. */
export function selectionType(s: Selection): Type {
  if (s.kind === SelectionKind.FieldVal) return s.obj.type!;
  const method = s.obj.type as Signature;
  const sig = cloneSignature(method);
  const recv = cloneVar(method.recv!, s.recv);
  recv.origin = recv;
  if (s.kind === SelectionKind.MethodVal) sig.recv = recv;
  else {
    sig.recv = null;
    sig.params = new Tuple([recv, ...method.params.vars]);
  }
  return sig;
}

/** `field (T) f int`, `method (T) f(X) Y`, `method expr (T) f(X) Y` */
export function selectionString(s: Selection, qf: Qualifier | null): string {
  const w = newTypeWriter(qf);
  w.text =
    s.kind === SelectionKind.FieldVal ? "field (" : s.kind === SelectionKind.MethodVal ? "method (" : "method expr (";
  w.typ(s.recv);
  w.text += `) ${s.obj.name}`;
  const type = selectionType(s);
  if (s.kind === SelectionKind.FieldVal) {
    w.text += " ";
    w.typ(type);
  } else w.signature(type as Signature);
  return w.text;
}

/** What a node names: the object of a name, the method of a selector; null for all others. */
export function namedBy(node: Node): Obj | null {
  if (node.kind === Kind.Name) return node.obj;
  if (node.kind !== Kind.SelectorExpr || node.selection === null) return null;
  return node.selection.kind === SelectionKind.FieldVal ? null : node.selection.obj;
}
