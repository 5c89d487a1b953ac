/** Index and slice expressions. Mirrors types2/index.go. */
import { int64Val, sign, Unknown, valueString } from "../base/constant.ts";
import { type Expr, type IndexExpr, Kind, Mode, type SliceExpr } from "../syntax/ast.ts";
import { assignment } from "./assignments.ts";
import { use, useList } from "./call.ts";
import { assert, type Checker } from "./check.ts";
import { convertUntyped, representableConst } from "./const.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, invalidArg, invalidOp } from "./errors.ts";
import { expr, exprOrType, nonGeneric } from "./expr.ts";
import { Operand } from "./operand.ts";
import { allInteger, identical, isString, isTypeParam, isUntyped, isValid } from "./predicates.ts";
import { BasicKind, Slice, type Type, TypeKind } from "./types.ts";
import { varType } from "./typexpr.ts";
import { all, under, underIs } from "./under.ts";
import { Typ, universeByte } from "./universe.ts";

/** Checks an index expression. true: it is a function instantiation; then x is the generic function, which the caller
 *  has to instantiate. */
export function indexExpr(c: Checker, x: Operand, e: IndexExpr): boolean {
  exprOrType(c, x, e.x, true);

  switch (x.mode) {
    case Mode.Invalid:
      use(c, e.index);
      return false;
    case Mode.TypExpr: // a type instantiation
      x.mode = Mode.Invalid;
      x.type = varType(c, e);
      if (isValid(x.type)) x.mode = Mode.TypExpr;
      return false;
    case Mode.Value: {
      const sig = under(x.type);
      if (sig.kind === TypeKind.Signature && sig.tparams.length > 0) return true;
    }
  }
  nonGeneric(c, null, x);
  if ((x.mode as Mode) === Mode.Invalid) return false;

  const indexed = indexable(x, e);
  if (indexed === null) {
    errorf(c, e.pos, Code.NonSliceableOperand, "cannot index %s", x);
    use(c, e.index);
    x.mode = Mode.Invalid;
    return false;
  }
  const index = singleIndex(c, e);
  if (index === null) {
    x.mode = Mode.Invalid;
    return false;
  }
  if (indexed.key !== null) {
    const key = new Operand();
    expr(c, null, key, index);
    assignment(c, key, indexed.key, "map index");
    x.mode = Mode.MapIndex; // also after an error: the element type is known
    x.type = indexed.elem;
    x.expr = e;
    return false;
  }
  x.mode = indexed.mode;
  x.type = indexed.elem;
  checkIndex(c, index, indexed.length);
  return false;
}

interface Indexed {
  /** Not null for maps. */
  readonly key: Type | null;
  readonly elem: Type;
  readonly mode: Mode;
  /** -1 if unknown. */
  readonly length: number;
}

function indexable(x: Operand, _e: IndexExpr): Indexed | null {
  const u = under(x.type);
  if (u.kind === TypeKind.Interface) return isTypeParam(x.type) ? indexableTypeSet(x) : null;
  const single = indexableType(x, u);
  if (single === null || u.kind !== TypeKind.Basic) return single;
  // The byte of an indexed string is never a constant.
  const length = x.mode === Mode.Constant && typeof x.val === "string" ? x.val.length : -1;
  return { key: null, elem: single.elem, mode: Mode.Value, length };
}

function indexableType(x: Operand, u: Type | null): Indexed | null {
  if (u === null) return null;
  switch (u.kind) {
    case TypeKind.Basic:
      return isString(u) ? { key: null, elem: universeByte, mode: Mode.Value, length: -1 } : null;
    case TypeKind.Array:
      return { key: null, elem: u.elem, mode: x.mode === Mode.Variable ? Mode.Variable : Mode.Value, length: u.len };
    case TypeKind.Pointer: {
      const array = under(u.base);
      if (array.kind !== TypeKind.Array) return null;
      return { key: null, elem: array.elem, mode: Mode.Variable, length: array.len };
    }
    case TypeKind.Slice:
      return { key: null, elem: u.elem, mode: Mode.Variable, length: -1 };
    case TypeKind.Map:
      return { key: u.key, elem: u.elem, mode: Mode.MapIndex, length: -1 };
    default:
      return null;
  }
}

/** Indexes a type parameter: all its types have the same element type, and are maps of one key type or no maps. */
function indexableTypeSet(x: Operand): Indexed | null {
  let first: Indexed | null = null;
  let mode = Mode.Variable;
  let length = -1;
  const ok = underIs(x.type, (u) => {
    const indexed = indexableType(x, u);
    if (indexed === null) return false;
    if (indexed.mode === Mode.Value) mode = Mode.Value;
    if (first === null) {
      first = indexed;
      length = indexed.length;
      return true;
    }
    const sameKey =
      first.key === null || indexed.key === null ? first.key === indexed.key : identical(first.key, indexed.key);
    if (!sameKey || !identical(first.elem, indexed.elem)) return false;
    if (indexed.length >= 0 && indexed.length < length) length = indexed.length;
    return true;
  });
  if (!ok || first === null) return null;
  const { key, elem } = first as Indexed;
  return { key, elem, mode, length };
}

export function sliceExpr(c: Checker, x: Operand, e: SliceExpr): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.Invalid) {
    useList(c, e.index);
    return;
  }
  const cu = sliceableUnder(c, x);
  if (cu === null) {
    x.mode = Mode.Invalid;
    return;
  }

  let valid = false;
  let length = -1;
  switch (cu.kind) {
    case TypeKind.Basic:
      if (!isString(cu)) break;
      if (e.full) {
        error(c, e.index[2] ?? e, Code.InvalidSliceExpr, `${invalidOp}3-index slice of string`);
        x.mode = Mode.Invalid;
        return;
      }
      valid = true;
      if (x.mode === Mode.Constant && typeof x.val === "string") length = x.val.length;
      if (isUntyped(x.type)) x.type = Typ[BasicKind.String];
      break;
    case TypeKind.Array:
      valid = true;
      length = cu.len;
      if (x.mode !== Mode.Variable) {
        errorf(c, x, Code.NonSliceableOperand, "cannot slice unaddressable value %s", x);
        x.mode = Mode.Invalid;
        return;
      }
      x.type = new Slice(cu.elem);
      break;
    case TypeKind.Pointer: {
      const array = under(cu.base);
      if (array.kind !== TypeKind.Array) break;
      valid = true;
      length = array.len;
      x.type = new Slice(array.elem);
      break;
    }
    case TypeKind.Slice:
      valid = true;
  }
  if (!valid) {
    errorf(c, x, Code.NonSliceableOperand, "cannot slice %s", x);
    x.mode = Mode.Invalid;
    return;
  }
  x.mode = Mode.Value;

  if (e.full && (e.index[1] === null || e.index[2] === null)) {
    error(c, e, Code.InvalidSyntaxTree, "2nd and 3rd index required in 3-index slice");
    x.mode = Mode.Invalid;
    return;
  }
  sliceIndices(c, e, length);
}

/** The underlying type that all types of x have in common; strings go along with byte slices. */
function sliceableUnder(c: Checker, x: Operand): Type | null {
  let ct: Type | null = null;
  let cu: Type | null = null;
  let hasString = false;
  all(x.type, (t, u) => {
    if (u === null) {
      errorf(c, x, Code.NonSliceableOperand, "cannot slice %s: no specific type in %s", x, x.type);
      cu = null;
      return false;
    }
    if (isString(u)) {
      u = new Slice(universeByte);
      hasString = true;
    }
    if (cu === null) {
      ct = t;
      cu = u;
      return true;
    }
    if (identical(cu, u)) return true;
    const format = "cannot slice %s: %s and %s have different underlying types";
    errorf(c, x, Code.NonSliceableOperand, format, x, ct, t);
    cu = null;
    return false;
  });
  if (!hasString) return cu;
  // An untyped string stays one.
  return isTypeParam(x.type) ? Typ[BasicKind.String] : under(x.type);
}

function sliceIndices(c: Checker, e: SliceExpr, length: number): void {
  const values: number[] = [];
  for (let i = 0; i < 3; i++) {
    const index = e.index[i];
    if (index !== null) values.push(checkIndex(c, index, length >= 0 ? length + 1 : -1).val);
    else if (i === 0) values.push(0);
    else values.push(length); // -1 if unknown
  }
  for (let i = 0; i < 2; i++) {
    if (values[i] <= 0) continue;
    for (let j = i + 1; j < 3; j++) {
      if (values[j] < 0 || values[j] >= values[i]) continue;
      const format = "invalid slice indices: %d < %d";
      errorf(c, e.index[j]!, Code.SwappedSliceIndices, format, values[j], values[i]);
      return;
    }
  }
}

/** The index of e, which must be a single one; null after an error. */
function singleIndex(c: Checker, e: IndexExpr): Expr | null {
  const index = e.index;
  if (index.kind !== Kind.ListExpr) return index;
  if (index.elems.length <= 1) {
    errorf(c, e, Code.InvalidSyntaxTree, "missing index for %s", e.x);
    return null;
  }
  error(c, index.elems[1], Code.InvalidIndex, `${invalidOp}more than one index`);
  return index.elems[0];
}

export interface IndexResult {
  /** The integer type; invalid if the index is. */
  readonly type: Type;
  /** Of a constant index; -1 otherwise. */
  readonly val: number;
}

/** Checks an index, length or capacity; a constant must be below `max` unless that is -1. (types2: index) */
export function checkIndex(c: Checker, index: Expr, max: number): IndexResult {
  const x = new Operand();
  expr(c, null, x, index);
  if (!isValidIndex(c, x, Code.InvalidIndex, "index", false)) return invalidIndex;
  if (x.mode !== Mode.Constant) return { type: x.type, val: -1 };
  if (x.val instanceof Unknown) return invalidIndex;
  const int = int64Val(x.val!);
  assert(int !== null);
  const val = Number(int);
  if (max >= 0 && val >= max) {
    const format = `${invalidArg}index %s out of bounds [0:%d]`;
    errorf(c, x, Code.InvalidIndex, format, valueString(x.val!), max);
    return invalidIndex;
  }
  return { type: x.type, val };
}

const invalidIndex: IndexResult = { type: Typ[BasicKind.Invalid], val: -1 };

/** Whether x can be an index; reports what it is not, `what` names it. */
export function isValidIndex(c: Checker, x: Operand, code: Code, what: string, allowNegative: boolean): boolean {
  if (x.mode === Mode.Invalid) return false;
  convertUntyped(c, x, Typ[BasicKind.Int]);
  if ((x.mode as Mode) === Mode.Invalid) return false;
  if (!allInteger(x.type)) {
    errorf(c, x, code, `${invalidArg}%s %s must be integer`, what, x);
    return false;
  }
  if ((x.mode as Mode) !== Mode.Constant) return true;
  if (!allowNegative && sign(x.val!) < 0) {
    errorf(c, x, code, `${invalidArg}%s %s must not be negative`, what, x);
    return false;
  }
  const val = representableConst(x.val!, c, Typ[BasicKind.Int]);
  if (val === null) {
    errorf(c, x, code, `${invalidArg}%s %s overflows int`, what, x);
    return false;
  }
  x.val = val;
  return true;
}
