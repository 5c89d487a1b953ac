/** Literals: basic, function and composite. Mirrors types2/literals.go. */
import {
  Complex,
  Float,
  float64Val,
  imag,
  Rat,
  real,
  toFloat,
  toInt,
  Unknown,
  type Value,
  valueString,
} from "../base/constant.ts";
import {
  type BasicLit,
  type CompositeLit,
  type Expr,
  type FuncLit,
  type KeyValueExpr,
  Kind,
  LitKind,
  Mode,
  type Name,
} from "../syntax/ast.ts";
import { endPos } from "../syntax/positions.ts";
import { assignment } from "./assignments.ts";
import { use } from "./call.ts";
import { type Checker, later } from "./check.ts";
import { overflow } from "./const.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, versionErrorf } from "./errors.ts";
import { lookupError } from "./errsupport.ts";
import { expr, exprWithHint, opPos } from "./expr.ts";
import { checkIndex } from "./index.ts";
import { fieldIndex, lookupFieldOrMethod } from "./lookup.ts";
import { isExported } from "./object.ts";
import { Operand, setConst } from "./operand.ts";
import { identical, isNonTypeParamInterface, isValid } from "./predicates.ts";
import { recordTypeAndValue, recordUse } from "./recording.ts";
import { funcBody } from "./stmt.ts";
import type { Var } from "./types.ts";
import { ArrayT, BasicKind, type MapT, ObjKind, type Struct, type Type, TypeKind } from "./types.ts";
import { typ, varType } from "./typexpr.ts";
import { commonUnder, under } from "./under.ts";
import { Typ } from "./universe.ts";
import { isdddArray } from "./util.ts";
import { allowVersion, cmp, go1_13, go1_27, goCurrent, verifyVersionf } from "./version.ts";

/** Number literals must be of a form that the language version has. */
function langCompat(c: Checker, lit: BasicLit): void {
  const s = lit.value;
  if (s.length <= 2 || allowVersion(c, go1_13)) return;
  const radix = s[0] === "0" ? s[1].toLowerCase() : "";
  if (s.includes("_")) versionErrorf(c, lit, go1_13, "underscore in numeric literal");
  else if (radix === "b") versionErrorf(c, lit, go1_13, "binary literal");
  else if (radix === "o") versionErrorf(c, lit, go1_13, "0o/0O-style octal literal");
  else if (radix === "x" && lit.litKind !== LitKind.Int) {
    versionErrorf(c, lit, go1_13, "hexadecimal floating-point literal");
  }
}

/** Longer number literals are not looked at. */
const maxNumberLength = 10000;

export function basicLit(c: Checker, x: Operand, e: BasicLit): void {
  if (e.litKind === LitKind.Int || e.litKind === LitKind.Float || e.litKind === LitKind.Imag) {
    langCompat(c, e);
    const length = e.value.length;
    if (length > maxNumberLength) {
      const format = "excessively long constant: %s... (%d chars)";
      errorf(c, e, Code.InvalidConstVal, format, e.value.slice(0, 10), length);
      x.mode = Mode.Invalid;
      return;
    }
  }
  setConst(x, e.litKind, e.value);
  if (x.mode === Mode.Invalid) {
    // Its syntax is right, so it is out of range.
    errorf(c, e, Code.InvalidConstVal, "malformed constant: %s", e.value);
    return;
  }
  x.expr = e;
  if (typeof x.val === "bigint") overflow(c, x, opPos(e));
}

export function funcLit(c: Checker, x: Operand, e: FuncLit): void {
  const sig = typ(c, e.funcType);
  if (sig.kind !== TypeKind.Signature) {
    errorf(c, e, Code.InvalidSyntaxTree, "invalid function literal %v", e);
    x.mode = Mode.Invalid;
    return;
  }
  if (sig.scope !== null) {
    sig.scope.pos = e.pos;
    sig.scope.end = endPos(e);
  }
  if (!c.conf.ignoreFuncBodies) {
    // Part of the declaration that contains it. It is checked as soon as that is safe (a type declaration may contain
    // it too), before the enclosing scope changes.
    const { decl, iota } = c;
    later(c, () => funcBody(c, decl, "<function literal>", sig, e.body, iota));
  }
  x.mode = Mode.Value;
  x.type = sig;
}

/** Checks a composite literal; `hint` is its type where none is written. */
export function compositeLit(c: Checker, x: Operand, e: CompositeLit, hint: Type | null): void {
  let type: Type;
  let base: Type;
  let isElem = false;
  if (e.typeExpr !== null) {
    const t = e.typeExpr;
    // The length of [...]T is known when the elements are.
    type = t.kind === Kind.ArrayType && isdddArray(t) ? new ArrayT(varType(c, t.elem), -1) : typ(c, t);
    base = type;
  } else if (hint !== null) {
    type = hint;
    base = type;
    const u = commonUnder(base, null).type;
    if (u !== null && u.kind === TypeKind.Pointer) base = u.base; // &T{} is implied
    isElem = true;
  } else {
    error(c, e, Code.UntypedLit, "missing type in composite literal");
    type = Typ[BasicKind.Invalid];
    base = type;
  }

  const utyp = commonUnder(base, null).type;
  switch (utyp === null ? -1 : utyp.kind) {
    case TypeKind.Struct:
      structLit(c, x, e, base, utyp as Struct);
      break;

    case TypeKind.Array: {
      const array = utyp as ArrayT;
      const length = indexedElts(c, e, array.elem, array.len);
      // Also where the length was wrong: what the literal says is the best guess.
      if (array.len < 0) {
        array.len = length;
        if (e.typeExpr !== null) recordTypeAndValue(c, e.typeExpr, Mode.TypExpr, array, null);
      }
      break;
    }

    case TypeKind.Slice:
      indexedElts(c, e, (utyp as { elem: Type }).elem, -1);
      break;

    case TypeKind.Map:
      mapLit(c, x, e, utyp as MapT);
      break;

    default:
      // Keys may be names of fields, so only values can be used.
      for (const elem of e.elems) use(c, elem.kind === Kind.KeyValueExpr ? elem.value : elem);
      if (utyp === null || isValid(utyp)) {
        const qualifier = isElem ? " element" : "";
        const cause = utyp === null ? " (no common underlying type)" : "";
        errorf(c, e, Code.InvalidLit, "invalid composite literal%s type %s%s", qualifier, type, cause);
        x.mode = Mode.Invalid;
        return;
      }
  }
  x.mode = Mode.Value;
  x.type = type;
}

function structLit(c: Checker, x: Operand, e: CompositeLit, base: Type, utyp: Struct): void {
  if (e.elems.length === 0) return;
  if (e.elems[0].kind === Kind.KeyValueExpr) keyedStructLit(c, x, e, base, utyp);
  else plainStructLit(c, x, e, base, utyp.fields);
}

function keyedStructLit(c: Checker, x: Operand, e: CompositeLit, base: Type, utyp: Struct): void {
  const { fields } = utyp;
  const visited = new Set<number>();
  const promoted: Promoted[] = [];
  for (const elem of e.elems) {
    if (elem.kind !== Kind.KeyValueExpr) {
      error(c, elem, Code.MixedStructLit, "mixture of field:value and value elements in struct literal");
      continue;
    }
    const key = elem.key;
    expr(c, null, x, elem.value);
    if (key.kind !== Kind.Name) {
      errorf(c, elem, Code.InvalidLitField, "invalid field name %s in struct literal", key);
      continue;
    }
    const i = fieldIndex(fields, c.pkg, key.value, false);
    if (i < 0 && promotedField(c, x, elem, key, base, utyp, visited, promoted)) continue;
    if (i < 0) {
      const j = fieldIndex(fields, c.pkg, key.value, true);
      error(c, key, Code.MissingLitField, lookupError(c, base, key.value, j >= 0 ? fields[j] : null, true));
      continue;
    }
    const field = fields[i];
    recordUse(c, key, field);
    assignment(c, x, field.type, "struct literal");
    if (visited.has(i)) {
      errorf(c, elem, Code.DuplicateLitField, "duplicate field name %s in struct literal", key.value);
      continue;
    }
    const inner = promoted.find(({ index }) => index[0] === i);
    if (inner !== undefined) {
      const format = "cannot specify embedded field %s and enclosed promoted field %s";
      errorf(c, elem, Code.DuplicateLitField, format, field.name, inner.field.name);
      continue;
    }
    visited.add(i);
  }
}

/** A promoted field that a literal sets, with the fields on the way to it. */
interface Promoted {
  readonly index: readonly number[];
  readonly field: Var;
}

/** Checks a key that may be a promoted field, as releases from Go 1.27 on allow; false if it is none. */
function promotedField(
  c: Checker,
  x: Operand,
  elem: KeyValueExpr,
  key: Name,
  base: Type,
  utyp: Struct,
  visited: ReadonlySet<number>,
  promoted: Promoted[],
): boolean {
  if (cmp(c.conf.newestVersion ?? goCurrent, go1_27) < 0) return false;
  const { obj, index, indirect } = lookupFieldOrMethod(utyp, false, c.pkg, key.value, false);
  if (obj === null || index === null) return false;
  if (obj.kind !== ObjKind.Var) {
    errorf(c, key, Code.MissingLitField, "%s is not a field", key);
    return true;
  }
  const field = obj;
  const format = "use of promoted field %s in struct literal of type %s";
  if (!verifyVersionf(c, key, go1_27, format, fieldPath(utyp, index), base)) return true;
  if (indirect) {
    errorf(c, key, Code.InvalidLitField, "invalid implicit pointer indirection to reach %s", key);
    return true;
  }
  recordUse(c, key, field);
  assignment(c, x, field.type, "struct literal");
  if (visited.has(index[0])) {
    const outer = utyp.fields[index[0]].name;
    const clash = "cannot specify promoted field %s and enclosing embedded field %s";
    errorf(c, elem, Code.DuplicateLitField, clash, field.name, outer);
    return true;
  }
  for (const other of promoted) {
    let common = 0;
    while (common < index.length && index[common] === other.index[common]) common++;
    if (other.field === field) {
      errorf(c, elem, Code.DuplicateLitField, "duplicate field name %s in struct literal", field.name);
    } else if (common === other.index.length) {
      const clash = "cannot specify promoted field %s and enclosing embedded field %s";
      errorf(c, elem, Code.DuplicateLitField, clash, field.name, other.field.name);
    } else if (common === index.length) {
      const clash = "cannot specify embedded field %s and enclosed promoted field %s";
      errorf(c, elem, Code.DuplicateLitField, clash, field.name, other.field.name);
    } else {
      continue;
    }
    return true;
  }
  promoted.push({ index, field });
  return true;
}

function fieldPath(struct: Struct, index: readonly number[]): string {
  const names: string[] = [];
  let type: Type = struct;
  for (const i of index) {
    const at: Type = under(type);
    if (at.kind !== TypeKind.Struct) break;
    names.push(at.fields[i].name);
    type = at.fields[i].type!;
  }
  return names.join(".");
}

function plainStructLit(c: Checker, x: Operand, e: CompositeLit, base: Type, fields: readonly Var[]): void {
  for (let i = 0; i < e.elems.length; i++) {
    const elem = e.elems[i];
    if (elem.kind === Kind.KeyValueExpr) {
      error(c, elem, Code.MixedStructLit, "mixture of field:value and value elements in struct literal");
      continue;
    }
    expr(c, null, x, elem);
    if (i >= fields.length) {
      errorf(c, x, Code.InvalidStructLit, "too many values in struct literal of type %s", base);
      break;
    }
    const field = fields[i];
    if (!isExported(field.name) && field.pkg !== c.pkg) {
      const format = "implicit assignment to unexported field %s in struct literal of type %s";
      errorf(c, x, Code.UnexportedLitField, format, field.name, base);
      continue;
    }
    assignment(c, x, field.type, "struct literal");
  }
  if (e.elems.length < fields.length) {
    errorf(c, e.rbrace, Code.InvalidStructLit, "too few values in struct literal of type %s", base);
  }
}

function mapLit(c: Checker, x: Operand, e: CompositeLit, utyp: MapT): void {
  // Where keys are interfaces, equal values of different types are different keys.
  const keyIsInterface = isNonTypeParamInterface(utyp.key);
  const visited = new Map<KeyVal, Type[]>();
  for (const elem of e.elems) {
    if (elem.kind !== Kind.KeyValueExpr) {
      error(c, elem, Code.MissingLitKey, "missing key in map literal");
      continue;
    }
    exprWithHint(c, x, elem.key, utyp.key);
    assignment(c, x, utyp.key, "map literal");
    if (x.mode === Mode.Invalid) continue;
    if (x.mode === Mode.Constant) {
      const key = keyVal(x.val!);
      const types = visited.get(key);
      if (types !== undefined && (!keyIsInterface || types.some((t) => identical(t, x.type)))) {
        errorf(c, x, Code.DuplicateLitKey, "duplicate key %s in map literal", valueString(x.val!));
        if (keyIsInterface) types.push(x.type);
        continue;
      }
      if (types === undefined) visited.set(key, [x.type]);
      else types.push(x.type);
    }
    exprWithHint(c, x, elem.value, utyp.elem);
    assignment(c, x, utyp.elem, "map literal");
  }
}

type KeyVal = string | number | bigint | boolean | object;

/** A key that is the same for constants of equal value, whatever their kind: 1, 1.0 and 1 + 0i. */
export function keyVal(x: Value): KeyVal {
  if (x instanceof Complex) {
    const f = toFloat(x);
    return f instanceof Unknown ? `(${float64Val(real(x))},${float64Val(imag(x))})` : keyVal(f);
  }
  if (x instanceof Rat || x instanceof Float) {
    const i = toInt(x);
    return i instanceof Unknown ? float64Val(x) : (i as bigint);
  }
  return typeof x === "string" ? `"${x}` : x;
}

/** Checks the elements of an array or slice literal; the result is the length that they imply. `length` is -1 if it is
 *  not given. */
function indexedElts(c: Checker, lit: CompositeLit, type: Type, length: number): number {
  // Without keys indices cannot repeat.
  const visited = lit.nkeys > 0 ? new Set<number>() : null;
  let index = 0;
  let max = 0;
  const x = new Operand();
  for (const e of lit.elems) {
    let validIndex = false;
    let value: Expr = e;
    if (e.kind === Kind.KeyValueExpr) {
      const { type: indexType, val } = checkIndex(c, e.key, length);
      if (isValid(indexType)) {
        if (val >= 0) {
          index = val;
          validIndex = true;
        } else {
          errorf(c, e, Code.InvalidLitIndex, "index %s must be integer constant", e.key);
        }
      }
      value = e.value;
    } else if (length >= 0 && index >= length) {
      errorf(c, e, Code.OversizeArrayLit, "index %d is out of bounds (>= %d)", index, length);
    } else {
      validIndex = true;
    }
    if (validIndex && visited !== null) {
      if (visited.has(index)) {
        errorf(c, e, Code.DuplicateLitKey, "duplicate index %d in array or slice literal", index);
      }
      visited.add(index);
    }
    index++;
    if (index > max) max = index;

    exprWithHint(c, x, value, type);
    assignment(c, x, type, "array or slice literal");
  }
  return max;
}
