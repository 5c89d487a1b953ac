/** Calls of built-in functions. Mirrors types2/builtins.go; those of package unsafe are in unsafe.ts. */
import {
  binaryOp,
  compareConst,
  imag,
  makeImag,
  real,
  sign,
  toFloat,
  UnknownValue,
  type Value,
} from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import { NoPos } from "../base/pos.ts";
import { type CallExpr, ChanDir, Mode } from "../syntax/ast.ts";
import { unalias } from "./alias.ts";
import { assignment } from "./assignments.ts";
import { arguments_, exprList, useList } from "./call.ts";
import type { Checker } from "./check.ts";
import { convertUntyped } from "./const.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, invalidArg, invalidOp, softErrorf } from "./errors.ts";
import { exclude, exprOrType, matchTypes, updateExprType } from "./expr.ts";
import { checkIndex } from "./index.ts";
import { newParam } from "./object.ts";
import { assignableTo, type Operand } from "./operand.ts";
import {
  allOrdered,
  allString,
  defaultType,
  identical,
  isNumeric,
  isString,
  isTypeParam,
  isUntyped,
  isValid,
} from "./predicates.ts";
import { recordBuiltinType } from "./recording.ts";
import { is, newTypeParam } from "./typeparam.ts";
import {
  BasicKind,
  Interface,
  Pointer,
  Signature,
  Slice,
  Term,
  Tuple,
  type Type,
  TypeKind,
  TypeName,
  Union,
  Var,
  VarKind,
} from "./types.ts";
import { emptyInterface } from "./typeset.ts";
import { validVarType, varType } from "./typexpr.ts";
import { all, commonUnder, type TypeError_, typeErrorf, under, underIs } from "./under.ts";
import { BuiltinId, predeclaredFuncs, Typ, universeByte } from "./universe.ts";
import { unsafeBuiltin } from "./unsafe.ts";
import { go1_21, go1_26, verifyVersionf } from "./version.ts";

/** Checks a call of a builtin; the result is in x, whose expression is left to the caller. false after an error. */
export function builtin(c: Checker, x: Operand, call: CallExpr, id: BuiltinId): boolean {
  const bin = predeclaredFuncs[id];
  if (call.hasDots && id !== BuiltinId.Append) {
    errorf(c, call, Code.InvalidDotDotDot, `${invalidOp}invalid use of ... with built-in %s`, bin.name);
    useList(c, call.args);
    return false;
  }
  if (id !== BuiltinId.Len && id !== BuiltinId.Cap) return builtinCall(c, x, call, id);

  // Whether the argument contains calls or receive operations decides if the result is a constant.
  const outer = c.hasCallOrRecv;
  c.hasCallOrRecv = false;
  const ok = builtinCall(c, x, call, id);
  c.hasCallOrRecv = outer;
  return ok;
}

function builtinCall(c: Checker, x: Operand, call: CallExpr, id: BuiltinId): boolean {
  const bin = predeclaredFuncs[id];
  let args: Operand[] = [];
  let nargs = call.args.length;
  if (id !== BuiltinId.Make && id !== BuiltinId.New && id !== BuiltinId.Offsetof) {
    args = exprList(c, call.args);
    nargs = args.length;
    for (const a of args) if (a.mode === Mode.Invalid) return false;
    if (nargs > 0) x.set(args[0]);
  }
  const qualifier = nargs < bin.nargs ? "not enough" : !bin.variadic && nargs > bin.nargs ? "too many" : "";
  if (qualifier !== "") {
    const format = `${invalidOp}%s arguments for %v (expected %d, found %d)`;
    errorf(c, call, Code.WrongArgCount, format, qualifier, call, bin.nargs, nargs);
    return false;
  }

  switch (id) {
    case BuiltinId.Append:
      return append(c, x, call, args);
    case BuiltinId.Cap:
    case BuiltinId.Len:
      return lenOrCap(c, x, call, id);
    case BuiltinId.Clear:
      return clear(c, x, call);
    case BuiltinId.Close:
      return close(c, x, call);
    case BuiltinId.Complex:
      return complex(c, x, call, args[1]);
    case BuiltinId.Copy:
      return copy(c, x, call, args[1]);
    case BuiltinId.Delete:
      return delete_(c, x, call, args[1]);
    case BuiltinId.Imag:
    case BuiltinId.Real:
      return realOrImag(c, x, call, id);
    case BuiltinId.Make:
      return make(c, x, call);
    case BuiltinId.Max:
    case BuiltinId.Min:
      return minOrMax(c, x, call, id, args);
    case BuiltinId.New:
      return new_(c, x, call);
    case BuiltinId.Panic:
      return panic(c, x, call);
    case BuiltinId.Print:
    case BuiltinId.Println:
      return print(c, x, call, id, args);
    case BuiltinId.Recover:
      x.mode = Mode.Value;
      x.type = emptyInterface;
      recordBuiltinType(c, call.fun, makeSig(x.type, []));
      return true;
    default:
      return unsafeBuiltin(c, x, call, id, args);
  }
}

/** append(s S, x ...E) S; also append([]byte, string...). */
function append(c: Checker, x: Operand, call: CallExpr, args: readonly Operand[]): boolean {
  const E = sliceElem(x);
  if (!isElem(E)) {
    errorf(c, x, Code.InvalidAppend, "invalid append: %s", E.format(c));
    return false;
  }
  let sig: Signature | null = null;
  if (args.length === 2 && call.hasDots && assignableTo(x, c, new Slice(universeByte), null) === null) {
    const y = args[1];
    if (hasStringLike(y.type) === StringLike.SomeString) {
      sig = makeSig(x.type, [x.type, y.type]);
      sig.variadic = true;
    }
  }
  if (sig === null) {
    sig = makeSig(x.type, [x.type, new Slice(E)]);
    sig.variadic = true;
    arguments_(c, call, sig, [], [], args, null); // the result is known whatever comes of it
  }
  recordBuiltinType(c, call.fun, sig);
  x.mode = Mode.Value;
  return true;
}

const enum StringLike {
  /** Some type is neither []byte nor string. */
  Other,
  Bytes,
  SomeString,
}

/** What the types of t's type set are. */
function hasStringLike(t: Type): StringLike {
  let result = StringLike.Bytes as StringLike;
  all(t, (_, u) => {
    if (u !== null && u.kind === TypeKind.Slice && identical(u.elem, universeByte)) return true;
    if (u !== null && isString(u)) {
      result = StringLike.SomeString;
      return true;
    }
    result = StringLike.Other;
    return false;
  });
  return result;
}

function lenOrCap(c: Checker, x: Operand, call: CallExpr, id: BuiltinId): boolean {
  const isLen = id === BuiltinId.Len;
  let mode: Mode = Mode.Invalid;
  let val: Value | null = null;
  const t = arrayPtrDeref(under(x.type));
  switch (t.kind) {
    case TypeKind.Basic:
      if (!isString(t) || !isLen) break;
      if (x.mode === Mode.Constant) {
        mode = Mode.Constant;
        val = typeof x.val === "string" ? BigInt(x.val.length) : 0n;
      } else {
        mode = Mode.Value;
      }
      break;
    case TypeKind.Array:
      mode = Mode.Value;
      if (!c.hasCallOrRecv) {
        mode = Mode.Constant;
        val = t.len >= 0 ? BigInt(t.len) : UnknownValue;
      }
      break;
    case TypeKind.Slice:
    case TypeKind.Chan:
      mode = Mode.Value;
      break;
    case TypeKind.Map:
      if (isLen) mode = Mode.Value;
      break;
    case TypeKind.Interface:
      if (isTypeParam(x.type) && underIs(x.type, (u) => u !== null && hasLenOrCap(u, isLen))) mode = Mode.Value;
  }
  if (mode === Mode.Invalid) {
    if (isValid(under(x.type))) {
      const code = isLen ? Code.InvalidLen : Code.InvalidCap;
      errorf(c, x, code, `${invalidArg}%s for built-in %s`, x, predeclaredFuncs[id].name);
    }
    return false;
  }
  if (mode !== Mode.Constant) recordBuiltinType(c, call.fun, makeSig(Typ[BasicKind.Int], [x.type]));
  x.mode = mode;
  x.type = Typ[BasicKind.Int];
  x.val = val;
  return true;
}

function hasLenOrCap(u: Type, isLen: boolean): boolean {
  const t = arrayPtrDeref(u);
  switch (t.kind) {
    case TypeKind.Basic:
      return isLen && isString(t);
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Chan:
      return true;
    case TypeKind.Map:
      return isLen;
    default:
      return false;
  }
}

function clear(c: Checker, x: Operand, call: CallExpr): boolean {
  verifyVersionf(c, call.fun, go1_21, "clear");
  const ok = underIs(x.type, (u) => {
    if (u !== null && (u.kind === TypeKind.Map || u.kind === TypeKind.Slice)) return true;
    const format = `${invalidArg}cannot clear %s: argument must be (or constrained by) map or slice`;
    errorf(c, x, Code.InvalidClear, format, x);
    return false;
  });
  if (!ok) return false;
  x.mode = Mode.NoValue;
  recordBuiltinType(c, call.fun, makeSig(null, [x.type]));
  return true;
}

function close(c: Checker, x: Operand, call: CallExpr): boolean {
  const ok = underIs(x.type, (u) => {
    if (u === null || u.kind !== TypeKind.Chan) {
      errorf(c, x, Code.InvalidClose, `${invalidOp}cannot close non-channel %s`, x);
      return false;
    }
    if (u.dir === ChanDir.RecvOnly) {
      errorf(c, x, Code.InvalidClose, `${invalidOp}cannot close receive-only channel %s`, x);
      return false;
    }
    return true;
  });
  if (!ok) return false;
  x.mode = Mode.NoValue;
  recordBuiltinType(c, call.fun, makeSig(null, [x.type]));
  return true;
}

/** complex(x, y floatT) complexT */
function complex(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  if (isUntyped(x.type) && isUntyped(y.type)) {
    if (x.mode === Mode.Constant && y.mode === Mode.Constant) {
      toUntypedFloat(x);
      toUntypedFloat(y);
    } else {
      // A shift that is still untyped. Neither conversion can succeed.
      convertUntyped(c, x, Typ[BasicKind.Float64]);
      convertUntyped(c, y, Typ[BasicKind.Float64]);
    }
  } else if (isUntyped(x.type)) convertUntyped(c, x, y.type);
  else if (isUntyped(y.type)) convertUntyped(c, y, x.type);
  if (x.mode === Mode.Invalid || y.mode === Mode.Invalid) return false;

  if (!identical(x.type, y.type)) {
    errorf(c, x, Code.InvalidComplex, `${invalidOp}%v (mismatched types %s and %s)`, call, x.type, y.type);
    return false;
  }
  const result = applyTypeFunc(c, complexOf, x, BuiltinId.Complex);
  if (result === null) {
    const format = `${invalidArg}arguments have type %s, expected floating-point`;
    errorf(c, x, Code.InvalidComplex, format, x.type);
    return false;
  }
  if (x.mode === Mode.Constant && y.mode === Mode.Constant) {
    x.val = binaryOp(toFloat(x.val!), "+", makeImag(toFloat(y.val!)));
  } else {
    x.mode = Mode.Value;
    recordBuiltinType(c, call.fun, makeSig(result, [x.type, x.type]));
  }
  x.type = result;
  return true;
}

function toUntypedFloat(x: Operand): void {
  if (isNumeric(x.type) && sign(imag(x.val!)) === 0) x.type = Typ[BasicKind.UntypedFloat];
}

function complexOf(type: Type): Type | null {
  const t = under(type);
  if (t.kind !== TypeKind.Basic) return null;
  switch (t.basic) {
    case BasicKind.Float32:
      return Typ[BasicKind.Complex64];
    case BasicKind.Float64:
      return Typ[BasicKind.Complex128];
    case BasicKind.UntypedFloat:
      return Typ[BasicKind.UntypedComplex];
    default:
      return null;
  }
}

function floatOf(type: Type): Type | null {
  const t = under(type);
  if (t.kind !== TypeKind.Basic) return null;
  switch (t.basic) {
    case BasicKind.Complex64:
      return Typ[BasicKind.Float32];
    case BasicKind.Complex128:
      return Typ[BasicKind.Float64];
    case BasicKind.UntypedComplex:
      return Typ[BasicKind.UntypedFloat];
    default:
      return null;
  }
}

/** copy(dst, src []E) int; also copy([]byte, string). */
function copy(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  const bytes = assignableTo(x, c, new Slice(universeByte), null) === null;
  if (!bytes || hasStringLike(y.type) === StringLike.Other) {
    const dst = sliceElem(x);
    if (!isElem(dst)) {
      errorf(c, x, Code.InvalidCopy, "invalid copy: %s", dst.format(c));
      return false;
    }
    let src = sliceElem(y);
    if (!isElem(src)) {
      if (!allString(y.type)) {
        errorf(c, y, Code.InvalidCopy, "invalid copy: %s", src.format(c));
        return false;
      }
      src = universeByte; // the message below says more
    }
    if (!identical(dst, src)) {
      const format = "invalid copy: arguments %s and %s have different element types %s and %s";
      errorf(c, x, Code.InvalidCopy, format, x, y, dst, src);
      return false;
    }
  }
  recordBuiltinType(c, call.fun, makeSig(Typ[BasicKind.Int], [x.type, y.type]));
  x.mode = Mode.Value;
  x.type = Typ[BasicKind.Int];
  return true;
}

/** delete(m, key) */
function delete_(c: Checker, x: Operand, call: CallExpr, keyArg: Operand): boolean {
  const mapType = x.type;
  let key: Type | null = null;
  const ok = underIs(mapType, (u) => {
    if (u === null || u.kind !== TypeKind.Map) {
      errorf(c, x, Code.InvalidDelete, `${invalidArg}%s is not a map`, x);
      return false;
    }
    if (key !== null && !identical(u.key, key)) {
      errorf(c, x, Code.InvalidDelete, `${invalidArg}maps of %s must have identical key types`, x);
      return false;
    }
    key = u.key;
    return true;
  });
  if (!ok) return false;
  x.set(keyArg);
  assignment(c, x, key, "argument to delete");
  if (x.mode === Mode.Invalid) return false;
  x.mode = Mode.NoValue;
  recordBuiltinType(c, call.fun, makeSig(null, [mapType, key!]));
  return true;
}

/** real(complexT) floatT, imag(complexT) floatT */
function realOrImag(c: Checker, x: Operand, call: CallExpr, id: BuiltinId): boolean {
  if (isUntyped(x.type)) {
    if (x.mode === Mode.Constant) {
      if (isNumeric(x.type)) x.type = Typ[BasicKind.UntypedComplex];
    } else {
      convertUntyped(c, x, Typ[BasicKind.Complex128]); // a shift: an error
      if (x.mode === Mode.Invalid) return false;
    }
  }
  const result = applyTypeFunc(c, floatOf, x, id);
  if (result === null) {
    const code = id === BuiltinId.Real ? Code.InvalidReal : Code.InvalidImag;
    errorf(c, x, code, `${invalidArg}argument has type %s, expected complex type`, x.type);
    return false;
  }
  if (x.mode === Mode.Constant) {
    x.val = id === BuiltinId.Real ? real(x.val!) : imag(x.val!);
  } else {
    x.mode = Mode.Value;
    recordBuiltinType(c, call.fun, makeSig(result, [x.type]));
  }
  x.type = result;
  return true;
}

/** make(T, n), make(T, n, m) */
function make(c: Checker, x: Operand, call: CallExpr): boolean {
  const arg0 = call.args[0];
  const T = varType(c, arg0);
  if (!isValid(T)) return false;
  const { type: u, err } = commonUnder(T, (_, u) => {
    if (u === null) return typeErrorf("no specific type");
    if (u.kind === TypeKind.Slice || u.kind === TypeKind.Map || u.kind === TypeKind.Chan) return null;
    return typeErrorf("type must be slice, map, or channel");
  });
  if (err !== null) {
    errorf(c, arg0, Code.InvalidMake, `${invalidArg}cannot make %s: %s`, arg0, err.format(c));
    return false;
  }
  const min = u!.kind === TypeKind.Slice ? 2 : 1;
  const nargs = call.args.length;
  if (nargs < min || min + 1 < nargs) {
    const format = `${invalidOp}%v expects %d or %d arguments; found %d`;
    errorf(c, call, Code.WrongArgCount, format, call, min, min + 1, nargs);
    return false;
  }
  const types: Type[] = [T];
  const sizes: number[] = []; // of constant arguments
  for (let i = 1; i < nargs; i++) {
    const { type, val } = checkIndex(c, call.args[i], -1);
    types.push(type);
    if (val >= 0) sizes.push(val);
  }
  if (sizes.length === 2 && sizes[0] > sizes[1]) {
    error(c, call.args[1], Code.SwappedMakeArgs, `${invalidArg}length and capacity swapped`);
  }
  x.mode = Mode.Value;
  x.type = T;
  recordBuiltinType(c, call.fun, makeSig(T, types));
  return true;
}

/** min(x, ...), max(x, ...) */
function minOrMax(c: Checker, x: Operand, call: CallExpr, id: BuiltinId, args: readonly Operand[]): boolean {
  const name = predeclaredFuncs[id].name;
  verifyVersionf(c, call.fun, go1_21, "built-in %s", name);
  const op = id === BuiltinId.Max ? ">" : "<";
  for (let i = 0; i < args.length; i++) {
    const a = args[i];
    if (!allOrdered(a.type)) {
      errorf(c, a, Code.InvalidMinMaxOperand, `${invalidArg}%s cannot be ordered`, a);
      return false;
    }
    if (i === 0) continue;
    matchTypes(c, x, a);
    if (x.mode === Mode.Invalid) return false;
    if (!identical(x.type, a.type)) {
      const format = `${invalidArg}mismatched types %s (previous argument) and %s (type of %s)`;
      errorf(c, a, Code.MismatchedTypes, format, x.type, a.type, a.expr);
      return false;
    }
    if (x.mode === Mode.Constant && a.mode === Mode.Constant) {
      if (compareConst(a.val!, op, x.val!)) x.set(a);
    } else {
      x.mode = Mode.Value;
    }
  }
  if (x.mode !== Mode.Constant) {
    x.mode = Mode.Value;
    assignment(c, x, emptyInterface, `argument to built-in ${name}`); // a value must not be untyped
    if ((x.mode as Mode) === Mode.Invalid) return false;
  }
  for (const a of args) updateExprType(c, a.expr!, x.type, true);
  if (x.mode !== Mode.Constant) {
    const type = x.type;
    recordBuiltinType(
      c,
      call.fun,
      makeSig(
        type,
        args.map(() => type),
      ),
    );
  }
  return true;
}

/** new(T), new(x) */
function new_(c: Checker, x: Operand, call: CallExpr): boolean {
  const arg = call.args[0];
  exprOrType(c, x, arg, false);
  exclude(c, x, (1 << Mode.NoValue) | (1 << Mode.Builtin));
  if (x.mode === Mode.Invalid) return false;
  if (x.mode === Mode.TypExpr) {
    validVarType(c, arg, x.type);
  } else {
    if (isUntyped(x.type)) {
      assignment(c, x, null, "argument to new");
      if ((x.mode as Mode) === Mode.Invalid) return false;
    }
    verifyVersionf(c, call.fun, go1_26, "new(%s)", arg);
  }
  const T = x.type;
  x.mode = Mode.Value;
  x.type = new Pointer(T);
  recordBuiltinType(c, call.fun, makeSig(x.type, [T]));
  return true;
}

function panic(c: Checker, x: Operand, call: CallExpr): boolean {
  // Needed to tell whether a function with results can reach its end.
  if (c.sig !== null && c.sig.results.vars.length > 0) {
    c.isPanic ??= new Set();
    c.isPanic.add(call);
  }
  assignment(c, x, emptyInterface, "argument to panic");
  if (x.mode === Mode.Invalid) return false;
  x.mode = Mode.NoValue;
  recordBuiltinType(c, call.fun, makeSig(null, [emptyInterface]));
  return true;
}

function print(c: Checker, x: Operand, call: CallExpr, id: BuiltinId, args: readonly Operand[]): boolean {
  const context = `argument to built-in ${predeclaredFuncs[id].name}`;
  for (const a of args) {
    assignment(c, a, null, context);
    if (a.mode === Mode.Invalid) return false;
  }
  x.mode = Mode.NoValue;
  recordBuiltinType(
    c,
    call.fun,
    makeSig(
      null,
      args.map((a) => a.type),
    ),
  );
  return true;
}

// ---------------------------------------------------------------------------------------------------- helpers

/** The element type of a slice operand, or of all slices of its type set; otherwise why there is none. */
function sliceElem(x: Operand): Type | TypeError_ {
  let E: Type | null = null;
  let err: TypeError_ | null = null;
  all(x.type, (_, u) => {
    if (u === null || u.kind !== TypeKind.Slice) {
      // x in words would be just "nil"
      if (x.mode === Mode.NilValue) err = typeErrorf("argument must be a slice; have untyped nil");
      else err = typeErrorf("argument must be a slice; have %s", x);
      return false;
    }
    if (E === null) E = u.elem;
    else if (!identical(E, u.elem)) {
      err = typeErrorf("mismatched slice element types %s and %s in %s", E, u.elem, x);
      return false;
    }
    return true;
  });
  const result = err ?? E;
  if (result === null) throw new InternalError("empty type set");
  return result;
}

function isElem(result: Type | TypeError_): result is Type {
  return "kind" in result;
}

/** f(type of x); of a type parameter a new one, constrained by what f makes of its terms. null if f gives null. */
function applyTypeFunc(c: Checker, f: (type: Type) => Type | null, x: Operand, id: BuiltinId): Type | null {
  const tp = unalias(x.type);
  if (tp.kind !== TypeKind.TypeParam) return f(x.type);

  const terms: Term[] = [];
  const ok = is(tp, (t) => {
    const result = t === null ? null : f(t.type as Type);
    if (result === null) return false;
    terms.push(new Term(t!.tilde, result));
    return true;
  });
  if (!ok) return null;

  const code =
    id === BuiltinId.Real ? Code.InvalidReal : id === BuiltinId.Imag ? Code.InvalidImag : Code.InvalidComplex;
  const format = "%s not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)";
  softErrorf(c, x, code, format, x, predeclaredFuncs[id].name);
  const bound = new Interface();
  bound.embeddeds = [new Union(terms)];
  bound.embedPos = [NoPos];
  bound.complete = true;
  const tpar = newTypeParam(c, new TypeName(NoPos, c.pkg, tp.obj.name, null), bound);
  tpar.index = tp.index;
  return tpar;
}

/** A signature for the argument types, whose untyped ones take their default types, and the result, if any. */
export function makeSig(result: Type | null, args: readonly Type[]): Signature {
  const sig = new Signature();
  sig.params = new Tuple(args.map((type) => newParam(NoPos, null, "", defaultType(type))));
  if (result !== null) sig.results = new Tuple([new Var(NoPos, null, "", result, VarKind.ResultVar)]);
  return sig;
}

/** The array A if the type is *A, otherwise the type itself. */
export function arrayPtrDeref(type: Type): Type {
  const p = unalias(type);
  if (p.kind !== TypeKind.Pointer) return type;
  const a = under(p.base);
  return a.kind === TypeKind.Array ? a : type;
}
