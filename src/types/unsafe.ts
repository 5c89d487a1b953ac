/** Calls of the functions of package unsafe. Mirrors the second half of types2/builtins.go. */

import { InternalError } from "../base/diag.ts";
import { type CallExpr, Kind, Mode } from "../syntax/ast.ts";
import { unparen } from "../syntax/walk.ts";
import { asNamed } from "./alias.ts";
import { assignment } from "./assignments.ts";
import { makeSig } from "./builtins.ts";
import { use } from "./call.ts";
import type { Checker } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { errorf, invalidArg } from "./errors.ts";
import { expr } from "./expr.ts";
import { isValidIndex } from "./index.ts";
import { derefStructPtr, lookupFieldOrMethod } from "./lookup.ts";
import { newOperand, type Operand } from "./operand.ts";
import { isTypeParam } from "./predicates.ts";
import { record, recordBuiltinType, recordSelection } from "./recording.ts";
import { alignof, offsetof, sizeof } from "./sizes.ts";
import { BasicKind, type Named, ObjKind, Pointer, SelectionKind, Slice, type Type, TypeKind } from "./types.ts";
import { commonUnder, under } from "./under.ts";
import { BuiltinId, Typ, universeByte } from "./universe.ts";
import { go1_17, go1_20, verifyVersionf } from "./version.ts";

/** Checks a call whose arguments are evaluated (those of Offsetof are not), x being the first. false after an error. */
export function unsafeBuiltin(
  c: Checker,
  x: Operand,
  call: CallExpr,
  id: BuiltinId,
  args: readonly Operand[],
): boolean {
  switch (id) {
    case BuiltinId.Add:
      verifyVersionf(c, call.fun, go1_17, "unsafe.Add");
      assignment(c, x, Typ[BasicKind.UnsafePointer], "argument to unsafe.Add");
      if (x.mode === Mode.Invalid) return false;
      if (!isValidIndex(c, args[1], Code.InvalidUnsafeAdd, "length", true)) return false;
      x.mode = Mode.Value;
      x.type = Typ[BasicKind.UnsafePointer];
      recordBuiltinType(c, call.fun, makeSig(x.type, [x.type, args[1].type]));
      return true;

    case BuiltinId.Alignof:
      assignment(c, x, null, "argument to unsafe.Alignof");
      if (x.mode === Mode.Invalid) return false;
      return sizeResult(c, x, call, x.type, hasVarSize(x.type, null) ? -1 : alignof(c.conf, x.type));

    case BuiltinId.Sizeof: {
      assignment(c, x, null, "argument to unsafe.Sizeof");
      if (x.mode === Mode.Invalid) return false;
      if (hasVarSize(x.type, null)) return sizeResult(c, x, call, x.type, -1);
      const size = sizeof(c.conf, x.type);
      if (size >= 0) return sizeResult(c, x, call, x.type, size);
      errorf(c, x, Code.TypeTooLarge, "%s is too large", x);
      return false;
    }

    case BuiltinId.Offsetof:
      return offsetOf(c, x, call);

    case BuiltinId.Slice: {
      verifyVersionf(c, call.fun, go1_17, "unsafe.Slice");
      const ptr = commonUnder(x.type, null).type;
      if (ptr === null || ptr.kind !== TypeKind.Pointer) {
        errorf(c, x, Code.InvalidUnsafeSlice, `${invalidArg}%s is not a pointer`, x);
        return false;
      }
      if (!isValidIndex(c, args[1], Code.InvalidUnsafeSlice, "length", false)) return false;
      x.mode = Mode.Value;
      x.type = new Slice(ptr.base);
      recordBuiltinType(c, call.fun, makeSig(x.type, [ptr, args[1].type]));
      return true;
    }

    case BuiltinId.SliceData: {
      verifyVersionf(c, call.fun, go1_20, "unsafe.SliceData");
      const slice = commonUnder(x.type, null).type;
      if (slice === null || slice.kind !== TypeKind.Slice) {
        errorf(c, x, Code.InvalidUnsafeSliceData, `${invalidArg}%s is not a slice`, x);
        return false;
      }
      x.mode = Mode.Value;
      x.type = new Pointer(slice.elem);
      recordBuiltinType(c, call.fun, makeSig(x.type, [slice]));
      return true;
    }

    case BuiltinId.String: {
      verifyVersionf(c, call.fun, go1_20, "unsafe.String");
      const bytePtr = new Pointer(universeByte);
      assignment(c, x, bytePtr, "argument to unsafe.String");
      if (x.mode === Mode.Invalid) return false;
      if (!isValidIndex(c, args[1], Code.InvalidUnsafeString, "length", false)) return false;
      x.mode = Mode.Value;
      x.type = Typ[BasicKind.String];
      recordBuiltinType(c, call.fun, makeSig(x.type, [bytePtr, args[1].type]));
      return true;
    }

    case BuiltinId.StringData:
      verifyVersionf(c, call.fun, go1_20, "unsafe.StringData");
      assignment(c, x, Typ[BasicKind.String], "argument to unsafe.StringData");
      if (x.mode === Mode.Invalid) return false;
      x.mode = Mode.Value;
      x.type = new Pointer(universeByte);
      recordBuiltinType(c, call.fun, makeSig(x.type, [Typ[BasicKind.String]]));
      return true;

    default:
      throw new InternalError(`unknown builtin ${id}`);
  }
}

/** A uintptr: constant unless `size` is -1, which stands for a size that depends on type arguments. */
function sizeResult(c: Checker, x: Operand, call: CallExpr, argType: Type, size: number): boolean {
  if (size < 0) {
    x.mode = Mode.Value;
    recordBuiltinType(c, call.fun, makeSig(Typ[BasicKind.Uintptr], [argType]));
  } else {
    x.mode = Mode.Constant;
    x.val = BigInt(size);
  }
  x.type = Typ[BasicKind.Uintptr];
  return true;
}

/** unsafe.Offsetof(x.f) */
function offsetOf(c: Checker, x: Operand, call: CallExpr): boolean {
  const arg0 = call.args[0];
  const selx = unparen(arg0);
  if (selx.kind !== Kind.SelectorExpr) {
    errorf(c, arg0, Code.BadOffsetofSyntax, `${invalidArg}%s is not a selector expression`, arg0);
    use(c, arg0);
    return false;
  }
  expr(c, null, x, selx.x);
  if (x.mode === Mode.Invalid) return false;

  const base = derefStructPtr(x.type);
  const sel = selx.sel.value;
  const { obj, index, indirect } = lookupFieldOrMethod(base, false, c.pkg, sel, false);
  if (obj === null) {
    errorf(c, x, Code.MissingFieldOrMethod, `${invalidArg}%s has no single field %s`, base, sel);
    return false;
  }
  if (obj.kind === ObjKind.Func) {
    errorf(c, arg0, Code.InvalidOffsetof, `${invalidArg}%s is a method value`, arg0);
    return false;
  }
  if (indirect) {
    errorf(c, x, Code.InvalidOffsetof, `${invalidArg}field %s is embedded via a pointer in %s`, sel, base);
    return false;
  }
  recordSelection(c, selx, SelectionKind.FieldVal, base, obj, index!, false);
  record(c, newOperand(x.mode === Mode.Variable ? Mode.Variable : Mode.Value, selx, obj.type!));

  // Also fields in front of the first one of variable size have no constant offset.
  if (hasVarSize(base, null)) return sizeResult(c, x, call, obj.type!, -1);
  const offset = offsetof(c.conf, base, index!);
  if (offset >= 0) return sizeResult(c, x, call, obj.type!, offset);
  errorf(c, x, Code.TypeTooLarge, "%s is too large", x);
  return false;
}

/** The size of the type depends on type parameters, or is infinite by a cycle that has not been reported yet. `seen`
 *  keeps what is known of named types; a type in progress counts as variable. */
export function hasVarSize(t: Type, seen: Map<Named, boolean> | null): boolean {
  const named = asNamed(t);
  if (named === null) return hasVarSizeUnder(t, seen);
  const known = seen?.get(named);
  if (known !== undefined) return known;
  seen ??= new Map();
  seen.set(named, true);
  const result = hasVarSizeUnder(t, seen);
  seen.set(named, result);
  return result;
}

function hasVarSizeUnder(t: Type, seen: Map<Named, boolean> | null): boolean {
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Array:
      return hasVarSize(u.elem, seen);
    case TypeKind.Struct:
      for (const f of u.fields) if (hasVarSize(f.type!, seen)) return true;
      return false;
    case TypeKind.Interface:
      return isTypeParam(t);
    default:
      return false;
  }
}
