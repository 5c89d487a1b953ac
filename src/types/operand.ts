/** Operands: the intermediate values of the checker, and when one is assignable to a type.
 *
 *  Mirrors cmd/compile/internal/types2/operand.go. An operand's text is part of many error messages; its forms are
 *
 *      expr (mode)                       invalid, novalue, builtin, typexpr
 *      expr (untyped kind mode [val])    untyped operands; a constant's value unless it repeats the text
 *      expr (mode [val] of type T)       typed operands
 *      nil | nil (of type T)             the nil value */
import { Unknown, type Value, valueString } from "../base/constant.ts";
import { type FileSet, NoPos, type Pos } from "../base/pos.ts";
import { ChanDir, type Expr, LitKind, Mode } from "../syntax/ast.ts";
import { exprString } from "../syntax/printer.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { implicitTypeAndValue } from "./expr.ts";
import { sprintf } from "./format.ts";
import { implements_ } from "./instantiate.ts";
import { isInterfacePtr } from "./lookup.ts";
import { hasEmptyTypeset, hasName, identical, isGeneric, isUntyped, isValid } from "./predicates.ts";
import { is } from "./typeparam.ts";
import { BasicKind, type Type, TypeKind } from "./types.ts";
import { typeSet } from "./typeset.ts";
import { type Qualifier, typeString } from "./typestring.ts";
import { under } from "./under.ts";
import { predeclaredFuncs, Typ } from "./universe.ts";
import { makeFromLiteral } from "./util.ts";

export class Operand {
  mode: Mode = Mode.Invalid;
  expr: Expr | null = null;
  type: Type = Typ[BasicKind.Invalid];
  /** Of constants only. */
  val: Value | null = null;
  /** BuiltinId (universe.ts) in mode Builtin. */
  id = 0;

  /** Of the expression, as its node has it; errors are reported at its start (errors.ts, atPos). */
  get pos(): Pos {
    return this.expr === null ? NoPos : this.expr.pos;
  }

  /** Takes over everything from `x` (Go's `*this = *x`). */
  set(x: Operand): void {
    this.mode = x.mode;
    this.expr = x.expr;
    this.type = x.type;
    this.val = x.val;
    this.id = x.id;
  }
}

export function newOperand(mode: Mode, expr: Expr | null, type: Type, val: Value | null = null): Operand {
  const x = new Operand();
  x.mode = mode;
  x.expr = expr;
  x.type = type;
  x.val = val;
  return x;
}

export function cloneOperand(x: Operand): Operand {
  const y = new Operand();
  y.set(x);
  return y;
}

/** Why something failed, for the end of an error message; "" when there is nothing to add. */
export interface Cause {
  text: string;
}

const modeText: readonly string[] = [
  "unchecked operand",
  "invalid operand",
  "no value",
  "built-in",
  "type",
  "constant",
  "variable",
  "map index expression",
  "value",
  "nil",
  "comma, ok expression",
  "comma, error expression",
  "cgo function",
];

export function operandString(x: Operand, qf: Qualifier | null, fset: FileSet | null = null): string {
  if (x.mode === Mode.NilValue) {
    if (x.type === Typ[BasicKind.Invalid]) return "nil (with invalid type)";
    if (x.type === Typ[BasicKind.UntypedNil]) return "nil";
    return `nil (of type ${typeString(x.type, qf, fset)})`;
  }

  let expr = "";
  if (x.expr !== null) expr = exprString(x.expr);
  else if (x.mode === Mode.Builtin) expr = predeclaredFuncs[x.id].name;
  else if (x.mode === Mode.TypExpr) expr = typeString(x.type, qf, fset);
  else if (x.mode === Mode.Constant) expr = valueString(x.val as Value);

  let text = expr === "" ? "" : `${expr} (`;
  let hasType = false;
  switch (x.mode) {
    case Mode.Invalid:
    case Mode.NoValue:
    case Mode.Builtin:
    case Mode.TypExpr:
      break;
    default:
      if (x.type.kind === TypeKind.Basic && isUntyped(x.type)) text += `${x.type.name} `;
      else hasType = true;
  }
  text += modeText[x.mode];
  if (x.mode === Mode.Constant) {
    const val = valueString(x.val as Value);
    if (val !== expr) text += ` ${val}`;
  }
  if (hasType) text += typeDescription(x.type, qf, fset);
  return expr === "" ? text : `${text})`;
}

/** ` of type T`, with what kind of type it is where the name does not tell. */
function typeDescription(type: Type, qf: Qualifier | null, fset: FileSet | null): string {
  if (!isValid(type)) return " with invalid type";
  let desc = isGeneric(type) ? "generic " : "";
  const actual = unalias(type);
  const tpar = actual.kind === TypeKind.TypeParam ? actual : null;
  if (tpar === null && (type.kind === TypeKind.Alias || type.kind === TypeKind.Named)) {
    let what = compositeKind(type);
    if (what === "") {
      const u = under(type);
      what = u.kind === TypeKind.Basic ? u.name : "";
    }
    desc += `${what} `;
  }
  let text = ` of ${desc}type ${typeString(type, qf, fset)}`;
  if (tpar !== null) {
    text += ` constrained by ${tpar.bound === null ? "nil" : typeString(tpar.bound, qf, fset)}`;
    if (hasEmptyTypeset(tpar)) text += " with empty type set";
  }
  return text;
}

/** "array", "slice" and so on; "" for basic types. */
export function compositeKind(type: Type): string {
  switch (under(type).kind) {
    case TypeKind.Array:
      return "array";
    case TypeKind.Slice:
      return "slice";
    case TypeKind.Struct:
      return "struct";
    case TypeKind.Pointer:
      return "pointer";
    case TypeKind.Signature:
      return "func";
    case TypeKind.Interface:
      return "interface";
    case TypeKind.Map:
      return "map";
    case TypeKind.Chan:
      return "chan";
    case TypeKind.Tuple:
      return "tuple";
    case TypeKind.Union:
      return "union";
    default:
      return "";
  }
}

/** Makes x the untyped constant of a literal; invalid if the literal is malformed or out of range. */
export function setConst(x: Operand, kind: LitKind, lit: string): void {
  const val = makeFromLiteral(lit, kind);
  if (val instanceof Unknown) {
    x.mode = Mode.Invalid;
    x.type = Typ[BasicKind.Invalid];
    return;
  }
  x.mode = Mode.Constant;
  x.type = Typ[untypedKind(kind)];
  x.val = val;
}

function untypedKind(kind: LitKind): BasicKind {
  switch (kind) {
    case LitKind.Int:
      return BasicKind.UntypedInt;
    case LitKind.Float:
      return BasicKind.UntypedFloat;
    case LitKind.Imag:
      return BasicKind.UntypedComplex;
    case LitKind.Rune:
      return BasicKind.UntypedRune;
    case LitKind.String:
      return BasicKind.UntypedString;
  }
}

export function isNil(x: Operand): boolean {
  return x.mode === Mode.NilValue;
}

/** null if x is assignable to a variable of type T, otherwise the error code; `cause` may then say more. */
export function assignableTo(x: Operand, c: Checker, T: Type, cause: Cause | null): Code | null {
  if (x.mode === Mode.Invalid || !isValid(T)) return null; // reported before

  const origT = T;
  const V = unalias(x.type);
  T = unalias(T);
  if (V === T || identical(V, T)) return null;

  const Vu = under(V);
  const Tu = under(T);
  const Vp = V.kind === TypeKind.TypeParam ? V : null;
  const Tp = T.kind === TypeKind.TypeParam ? T : null;

  // An untyped value is assignable if it is representable by T, or by every specific type of T's type set.
  if (isUntyped(Vu)) {
    if (Tp !== null) {
      const ok = is(Tp, (t) => t !== null && implicitTypeAndValue(c, x, t.type as Type).newType !== null);
      return ok ? null : Code.IncompatibleAssign;
    }
    return implicitTypeAndValue(c, x, T).newType !== null ? null : Code.IncompatibleAssign;
  }

  // Which type set is computed first decides what is reported of interfaces that contain themselves.
  if (Vu.kind === TypeKind.Interface && Tu.kind === TypeKind.Interface) typeSet(Vu);
  if (Vp === null && Tp === null && (!hasName(V) || !hasName(T)) && identical(Vu, Tu)) return null;

  // T is an interface that V implements. A pointer to an interface goes this way too, for the cause it gives.
  if ((Tu.kind === TypeKind.Interface && Tp === null) || isInterfacePtr(Tu)) {
    if (implements_(c, V, T, false, cause)) return null;
    // A type parameter may be assignable all the same.
    if (Vp === null) return Code.InvalidIfaceAssign;
    if (cause !== null) cause.text = "";
  }

  if (Vu.kind === TypeKind.Interface && Vp === null) {
    if (implements_(c, T, V, false, null)) {
      if (cause !== null) cause.text = "need type assertion";
      return Code.IncompatibleAssign;
    }
  }

  if (Vu.kind === TypeKind.Chan && Vu.dir === ChanDir.Both) {
    if (Tu.kind === TypeKind.Chan && identical(Vu.elem, Tu.elem)) {
      return !hasName(V) || !hasName(T) ? null : Code.InvalidChanAssign;
    }
  }

  if (Vp === null && Tp === null) return Code.IncompatibleAssign;

  // T is a type parameter, V is unnamed: x must be assignable to each specific type.
  if (!hasName(V) && Tp !== null) {
    let code: Code | null = Code.IncompatibleAssign;
    is(Tp, (t) => {
      if (t === null) return false;
      code = assignableTo(x, c, t.type as Type, cause);
      if (code === null) return true;
      addCause(c, cause, "cannot assign %s to %s (in %s)", x.type, t.type, Tp);
      return false;
    });
    return code;
  }

  // V is a type parameter, T is unnamed: values of each specific type must be assignable.
  if (Vp !== null && !hasName(T)) {
    const y = cloneOperand(x);
    let code: Code | null = Code.IncompatibleAssign;
    is(Vp, (v) => {
      if (v === null) return false;
      y.type = v.type as Type;
      code = assignableTo(y, c, T, cause);
      if (code === null) return true;
      addCause(c, cause, "cannot assign %s (in %s) to %s", v.type, Vp, origT);
      return false;
    });
    return code;
  }

  return Code.IncompatibleAssign;
}

/** Puts a line in front of the cause collected so far. */
export function addCause(c: Checker, cause: Cause | null, format: string, ...args: unknown[]): void {
  if (cause === null) return;
  const text = sprintf(c, format, ...args);
  cause.text = cause.text === "" ? text : `${text}\n\t${cause.text}`;
}
