/** Writes the checker's findings into the syntax tree: modes, types and values of expressions, objects of names,
 *  selections, instances and implicit objects. Mirrors types2/recording.go. */
import type { Value } from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import { type CaseClause, type Expr, Kind, Mode, type Name, type SelectorExpr } from "../syntax/ast.ts";
import { type Checker, rememberUntyped } from "./check.ts";
import type { Operand } from "./operand.ts";
import { isUntyped } from "./predicates.ts";
import {
  type Basic,
  BasicKind,
  emptyTuple,
  type Func,
  type Obj,
  Selection,
  type SelectionKind,
  type Signature,
  Tuple,
  type Type,
  TypeKind,
  Var,
  VarKind,
} from "./types.ts";
import { Typ } from "./universe.ts";

/** Records what `x` came to be. Untyped expressions wait until their type is final. */
export function record(c: Checker, x: Operand): void {
  let type: Type = x.type!;
  let val: Value | null = null;
  switch (x.mode) {
    case Mode.Invalid:
      type = Typ[BasicKind.Invalid];
      break;
    case Mode.NoValue:
      type = emptyTuple;
      break;
    case Mode.Constant:
      val = x.val;
      break;
  }
  const e = x.expr!;
  if (type.kind === TypeKind.Basic && isUntyped(type)) rememberUntyped(c, e, false, x.mode, type as Basic, val);
  else recordTypeAndValue(c, e, x.mode, type, val);
}

export function recordUntyped(c: Checker): void {
  for (const [e, info] of c.untyped) recordTypeAndValue(c, e, info.mode, info.type, info.val);
  c.untyped.clear();
}

export function recordTypeAndValue(_c: Checker, x: Expr, mode: Mode, type: Type, val: Value | null): void {
  if (mode === Mode.Invalid) return;
  x.mode = mode;
  x.type = type;
  x.val = val;
}

/** `f` is a possibly parenthesised, possibly qualified name of a builtin. */
export function recordBuiltinType(c: Checker, f: Expr, sig: Signature): void {
  for (;;) {
    recordTypeAndValue(c, f, Mode.Builtin, sig, null);
    if (f.kind !== Kind.ParenExpr) return;
    f = f.x;
  }
}

/** `x` is used in a comma-ok context: its type becomes that of the pair `a`. */
export function recordCommaOkTypes(c: Checker, x: Expr, a: readonly Operand[]): void {
  if (a[0].mode === Mode.Invalid) return;
  const pair = new Tuple([
    new Var(x.pos, c.pkg, "", a[0].type, VarKind.LocalVar),
    new Var(x.pos, c.pkg, "", a[1].type, VarKind.LocalVar),
  ]);
  for (let e = x; ; e = e.x) {
    e.type = pair;
    if (e.kind !== Kind.ParenExpr) return;
  }
}

/** Records an instantiation with the name, plain or selected, of the generic function or type. */
export function recordInstance(c: Checker, expr: Expr, targs: readonly Type[], type: Type): void {
  const name = instantiatedIdent(expr);
  name.targs = targs;
  name.type = type;
  c.instances.push(name);
}

function instantiatedIdent(expr: Expr): Name {
  const generic = expr.kind === Kind.IndexExpr ? expr.x : expr;
  if (generic.kind === Kind.Name) return generic;
  if (generic.kind === Kind.SelectorExpr) return generic.sel;
  throw new InternalError("instantiated identifier not found");
}

export function recordDef(_c: Checker, name: Name, obj: Obj | null): void {
  name.obj = obj;
}

export function recordUse(_c: Checker, name: Name, obj: Obj): void {
  name.obj = obj;
}

/** The variable that a type switch declares for a clause. (Other implicit objects are of no later use.) */
export function recordImplicit(_c: Checker, clause: CaseClause, obj: Var): void {
  clause.implicit = obj;
}

export function recordSelection(
  c: Checker,
  x: SelectorExpr,
  kind: SelectionKind,
  recv: Type,
  obj: Var | Func,
  index: readonly number[],
  indirect: boolean,
): void {
  recordUse(c, x.sel, obj);
  x.selection = new Selection(kind, recv, obj, index, indirect);
}
