/** Conversions T(x). Mirrors types2/conversions.go. */
import { toInt, uint64Val, utf8Rune, type Value, valueString } from "../base/constant.ts";
import { Mode } from "../syntax/ast.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { representableConst } from "./const.ts";
import { Code } from "./errorcodes.ts";
import { errorf } from "./errors.ts";
import { updateExprType } from "./expr.ts";
import { sprintf } from "./format.ts";
import { addCause, assignableTo, type Cause, cloneOperand, type Operand } from "./operand.ts";
import {
  allString,
  defaultType,
  identical,
  identicalIgnoreTags,
  isComplex,
  isConstType,
  isInteger,
  isIntegerOrFloat,
  isNonTypeParamInterface,
  isString,
  isTypeParam,
  isUntyped,
} from "./predicates.ts";
import { is } from "./typeparam.ts";
import { BasicKind, type Type, TypeKind } from "./types.ts";
import { under, underIs } from "./under.ts";
import { Typ } from "./universe.ts";
import { allowVersion, go1_17, go1_20 } from "./version.ts";

/** Checks T(x); the result is in x. */
export function conversion(c: Checker, x: Operand, T: Type): void {
  const constArg = x.mode === Mode.Constant;
  const cause: Cause = { text: "" };
  let ok = false;
  if (constArg && isConstType(T)) {
    const val = constConversion(c, x, T);
    ok = val !== null;
    if (val !== null) x.val = val;
    else if (isInteger(T)) {
      // The messages show the integer that overflows, also where a float or complex constant is meant.
      const int = toInt(x.val!);
      if (typeof int === "bigint") x.val = int;
    }
    if (!ok && isInteger(x.type) && isInteger(T)) {
      errorf(c, x, Code.InvalidConversion, "constant %s overflows %s", valueString(x.val!), T);
      x.mode = Mode.Invalid;
      return;
    }
  } else if (constArg && isTypeParam(T)) {
    ok = underIs(T, (u) => constConvertibleToTerm(c, x, T, u, cause));
    x.mode = Mode.Value; // type parameters are not constants
  } else if (convertibleTo(x, c, T, cause)) {
    ok = true;
    x.mode = Mode.Value;
  }

  if (!ok) {
    if (cause.text !== "") errorf(c, x, Code.InvalidConversion, "cannot convert %s to type %s: %s", x, T, cause.text);
    else errorf(c, x, Code.InvalidConversion, "cannot convert %s to type %s", x, T);
    x.mode = Mode.Invalid;
    return;
  }

  // The argument's type is final now. Where the conversion does not provide it, it is the argument's default type:
  // []byte("foo") converts a string. Integers converted to strings stay what they are.
  if (isUntyped(x.type)) {
    let final = T;
    if (x.type !== Typ[BasicKind.UntypedNil]) {
      if (isNonTypeParamInterface(T) || (constArg && !isConstType(T))) final = defaultType(x.type);
      else if (x.mode === Mode.Constant && isInteger(x.type) && allString(T)) final = x.type;
    }
    updateExprType(c, x.expr!, final, true);
  }
  x.type = T;
}

/** The constant T(x.val); null if x cannot be converted. */
function constConversion(c: Checker, x: Operand, T: Type): Value | null {
  const t = under(T);
  if (t.kind !== TypeKind.Basic) return null;
  const val = representableConst(x.val!, c, t);
  if (val !== null) return val;
  if (!isInteger(x.type) || !isString(t)) return null;
  const code = uint64Val(x.val!);
  return utf8Rune(code !== null && code <= 0x10ffffn ? Number(code) : 0xfffd);
}

function constConvertibleToTerm(c: Checker, x: Operand, T: Type, u: Type | null, cause: Cause): boolean {
  if (u === null) {
    cause.text = sprintf(c, "%s does not contain specific types", T);
    return false;
  }
  if (isString(x.type) && isBytesOrRunes(u)) return true;
  if (constConversion(c, x, u) !== null) return true;
  cause.text =
    isInteger(x.type) && isInteger(u)
      ? sprintf(c, "constant %s overflows %s (in %s)", valueString(x.val!), u, T)
      : sprintf(c, "cannot convert %s to type %s (in %s)", x, u, T);
  return false;
}

/** Whether T(x) is valid for a non-constant x. */
export function convertibleTo(x: Operand, c: Checker, T: Type, cause: Cause | null): boolean {
  if (assignableTo(x, c, T, cause) === null) return true;

  const origT = T;
  const V = unalias(x.type);
  T = unalias(T);
  const Vu = under(V);
  const Tu = under(T);
  const Vp = V.kind === TypeKind.TypeParam ? V : null;
  const Tp = T.kind === TypeKind.TypeParam ? T : null;

  if (Vp === null && Tp === null && identicalIgnoreTags(Vu, Tu)) return true;

  if (V.kind === TypeKind.Pointer && T.kind === TypeKind.Pointer) {
    const sameBase = identicalIgnoreTags(under(V.base), under(T.base));
    if (sameBase && !isTypeParam(V.base) && !isTypeParam(T.base)) return true;
  }

  if (isIntegerOrFloat(Vu) && isIntegerOrFloat(Tu)) return true;
  if (isComplex(Vu) && isComplex(Tu)) return true;
  if ((isInteger(Vu) || isBytesOrRunes(Vu)) && isString(Tu)) return true;
  if (isString(Vu) && isBytesOrRunes(Tu)) return true;
  if ((isPointer(Vu) || isUintptr(Vu)) && isUnsafePointer(Tu)) return true;
  if (isUnsafePointer(Vu) && (isPointer(Tu) || isUintptr(Tu))) return true;

  // A slice converts to an array, or a pointer to one, of identical elements.
  if (Vu.kind === TypeKind.Slice) {
    if (Tu.kind === TypeKind.Array && identical(Vu.elem, Tu.elem)) {
      if (allowVersion(c, go1_20)) return true;
      if (cause !== null) cause.text = "conversion of slice to array requires go1.20 or later";
      return false;
    }
    const array = Tu.kind === TypeKind.Pointer ? under(Tu.base) : null;
    if (array !== null && array.kind === TypeKind.Array && identical(Vu.elem, array.elem)) {
      if (allowVersion(c, go1_17)) return true;
      if (cause !== null) cause.text = "conversion of slice to array pointer requires go1.17 or later";
      return false;
    }
  }

  if (Vp !== null) {
    const y = cloneOperand(x);
    return is(Vp, (v) => {
      if (v === null) return false;
      const vtype = v.type as Type;
      y.type = vtype;
      if (Tp === null) {
        if (convertibleTo(y, c, T, cause)) return true;
        addCause(c, cause, "cannot convert %s (in %s) to type %s", vtype, Vp, origT);
        return false;
      }
      return is(Tp, (t) => {
        if (t === null) return false;
        if (convertibleTo(y, c, t.type as Type, cause)) return true;
        addCause(c, cause, "cannot convert %s (in %s) to type %s (in %s)", vtype, Vp, t.type, Tp);
        return false;
      });
    });
  }
  if (Tp !== null) {
    return is(Tp, (t) => {
      if (t === null) return false;
      if (convertibleTo(x, c, t.type as Type, cause)) return true;
      addCause(c, cause, "cannot convert %s to type %s (in %s)", x.type, t.type, Tp);
      return false;
    });
  }
  return false;
}

export function isUintptr(type: Type): boolean {
  const t = under(type);
  return t.kind === TypeKind.Basic && t.basic === BasicKind.Uintptr;
}

export function isUnsafePointer(type: Type): boolean {
  const t = under(type);
  return t.kind === TypeKind.Basic && t.basic === BasicKind.UnsafePointer;
}

export function isPointer(type: Type): boolean {
  return under(type).kind === TypeKind.Pointer;
}

export function isBytesOrRunes(type: Type): boolean {
  const s = under(type);
  if (s.kind !== TypeKind.Slice) return false;
  const t = under(s.elem);
  return t.kind === TypeKind.Basic && (t.basic === BasicKind.Uint8 || t.basic === BasicKind.Int32);
}
