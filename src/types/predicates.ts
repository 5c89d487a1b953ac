/** Questions about types with a yes-or-no answer, identity among them.
 *
 *  Mirrors cmd/compile/internal/types2/predicates.go and api_predicates.go. The isX predicates do not look into type
 *  parameters, the allX ones hold for a type parameter if isX holds for all its specific types. */
import { asNamed, unalias } from "./alias.ts";
import { Context } from "./context.ts";
import { safeUnderlying, typeParams } from "./named.ts";
import { sameId } from "./object.ts";
import { makeSubstMap, subst } from "./subst.ts";
import { equalLists } from "./termlist.ts";
import { is } from "./typeparam.ts";
import {
  BasicInfo,
  BasicKind,
  type Func,
  type Interface,
  type Named,
  type Package,
  type Signature,
  type Struct,
  type Tuple,
  type Type,
  TypeKind,
} from "./types.ts";
import { computeUnionTypeSet, isComparable, isEmpty, typeSet } from "./typeset.ts";
import { type TypeError_, typeErrorf, under, underIs } from "./under.ts";
import { Typ, universeRune } from "./universe.ts";

export function isValid(t: Type): boolean {
  return unalias(t) !== Typ[BasicKind.Invalid];
}

export function isBoolean(t: Type): boolean {
  return isBasic(t, BasicInfo.Boolean);
}
export function isInteger(t: Type): boolean {
  return isBasic(t, BasicInfo.Integer);
}
export function isUnsigned(t: Type): boolean {
  return isBasic(t, BasicInfo.Unsigned);
}
export function isFloat(t: Type): boolean {
  return isBasic(t, BasicInfo.Float);
}
export function isComplex(t: Type): boolean {
  return isBasic(t, BasicInfo.Complex);
}
export function isNumeric(t: Type): boolean {
  return isBasic(t, BasicInfo.Numeric);
}
export function isString(t: Type): boolean {
  return isBasic(t, BasicInfo.String);
}
export function isIntegerOrFloat(t: Type): boolean {
  return isBasic(t, BasicInfo.Integer | BasicInfo.Float);
}
export function isConstType(t: Type): boolean {
  return isBasic(t, BasicInfo.ConstType);
}

/** The underlying type is a basic type with some of these properties. */
export function isBasic(t: Type, info: BasicInfo): boolean {
  const u = t.kind === TypeKind.Basic ? t : under(t);
  return u.kind === TypeKind.Basic && (u.info & info) !== 0;
}

export function allBoolean(t: Type): boolean {
  return allBasic(t, BasicInfo.Boolean);
}
export function allInteger(t: Type): boolean {
  return allBasic(t, BasicInfo.Integer);
}
export function allUnsigned(t: Type): boolean {
  return allBasic(t, BasicInfo.Unsigned);
}
export function allNumeric(t: Type): boolean {
  return allBasic(t, BasicInfo.Numeric);
}
export function allString(t: Type): boolean {
  return allBasic(t, BasicInfo.String);
}
export function allOrdered(t: Type): boolean {
  return allBasic(t, BasicInfo.Ordered);
}
export function allNumericOrString(t: Type): boolean {
  return allBasic(t, BasicInfo.Numeric | BasicInfo.String);
}

export function allBasic(t: Type, info: BasicInfo): boolean {
  const p = unalias(t);
  if (p.kind === TypeKind.TypeParam) return is(p, (term) => term !== null && isBasic(term.type!, info));
  return isBasic(t, info);
}

/** Predeclared types, defined types and type parameters. Safe for types that are not set up yet, as the next four. */
export function hasName(t: Type): boolean {
  const kind = unalias(t)?.kind;
  return kind === TypeKind.Basic || kind === TypeKind.Named || kind === TypeKind.TypeParam;
}

/** All types that are not defined, basic ones included. */
export function isTypeLit(t: Type): boolean {
  const kind = unalias(t)?.kind;
  return kind !== TypeKind.Named && kind !== TypeKind.TypeParam;
}

export function isTyped(t: Type): boolean {
  return t.kind !== TypeKind.Basic || (t.info & BasicInfo.Untyped) === 0;
}

export function isUntyped(t: Type): boolean {
  return t.kind === TypeKind.Basic && (t.info & BasicInfo.Untyped) !== 0;
}

export function isUntypedNumeric(t: Type): boolean {
  return isUntyped(t) && ((t as { info: BasicInfo }).info & BasicInfo.Numeric) !== 0;
}

/** Type parameters count as interfaces here. */
export function isInterface(t: Type): boolean {
  return under(t).kind === TypeKind.Interface;
}

export function isNonTypeParamInterface(t: Type): boolean {
  return !isTypeParam(t) && isInterface(t);
}

export function isTypeParam(t: Type): boolean {
  const u: Type | null = unalias(t); // null while an alias is being declared
  return u !== null && u.kind === TypeKind.TypeParam;
}

/** `t` is a type parameter whose type set is known and empty. Does not compute type sets. */
export function hasEmptyTypeset(t: Type): boolean {
  const tpar = unalias(t);
  if (tpar === null || tpar.kind !== TypeKind.TypeParam || tpar.bound === null) return false;
  const iface = safeUnderlying(tpar.bound);
  return iface !== null && iface.kind === TypeKind.Interface && iface.typeSet !== null && isEmpty(iface.typeSet);
}

/** `t` is a generic type that is not instantiated. (Signatures are not looked at.) */
export function isGeneric(t: Type): boolean {
  if (t.kind === TypeKind.Alias && t.targs.length === 0 && typeParams(t).length > 0) return true;
  const named = asNamed(t);
  return named !== null && named.orig === named && typeParams(named).length > 0;
}

/** Values of type T can be compared (which may panic for interfaces). */
export function comparable(T: Type): boolean {
  return comparableType(T, true, null) === null;
}

/** null if T is comparable, else why not. With `dynamic`, interfaces that are no type parameters always are. */
export function comparableType(T: Type, dynamic: boolean, seen: Set<Type> | null): TypeError_ | null {
  const t = under(T);
  switch (t.kind) {
    case TypeKind.Basic:
      return t.basic === BasicKind.UntypedNil ? typeErrorf("") : null;
    case TypeKind.Pointer:
    case TypeKind.Chan:
      return null;
    case TypeKind.Struct:
      if (seen === null) seen = new Set();
      else if (seen.has(T)) return null;
      seen.add(T);
      for (const f of t.fields) {
        if (comparableType(f.type!, dynamic, seen) !== null) {
          return typeErrorf("struct containing %s cannot be compared", f.type);
        }
      }
      return null;
    case TypeKind.Array:
      if (seen === null) seen = new Set();
      else if (seen.has(T)) return null;
      seen.add(T);
      return comparableType(t.elem, dynamic, seen) === null ? null : typeErrorf("%s cannot be compared", T);
    case TypeKind.Interface: {
      if (dynamic && !isTypeParam(T)) return null;
      if (seen === null) seen = new Set();
      else if (seen.has(T)) return null;
      seen.add(T);
      const tset = typeSet(t);
      if (isComparable(tset, seen)) return null;
      return typeErrorf(isEmpty(tset) ? "empty type set" : "incomparable types in type set");
    }
    default:
      return typeErrorf("");
  }
}

/** nil is a value of type `t`. */
export function hasNil(t: Type): boolean {
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Basic:
      return u.basic === BasicKind.UnsafePointer;
    case TypeKind.Slice:
    case TypeKind.Pointer:
    case TypeKind.Signature:
    case TypeKind.Map:
    case TypeKind.Chan:
      return true;
    case TypeKind.Interface:
      return !isTypeParam(t) || underIs(t, (u) => u !== null && hasNil(u));
    default:
      return false;
  }
}

/** null stands for the universe. */
export function samePkg(a: Package | null, b: Package | null): boolean {
  return a === b || (a !== null && b !== null && a.path === b.path);
}

// ------------------------------------------------------------------------------------------------- identity

/** A stack of the pairs of interfaces being compared: only through them can a comparison come back to itself. */
export interface IfacePair {
  readonly x: Interface;
  readonly y: Interface;
  readonly prev: IfacePair | null;
}

export function onStack(p: IfacePair | null, x: Interface, y: Interface): boolean {
  for (; p !== null; p = p.prev) if ((p.x === x && p.y === y) || (p.x === y && p.y === x)) return true;
  return false;
}

const enum Compare {
  Strict = 0,
  IgnoreTags = 1,
  /** Invalid types are identical to all others. */
  IgnoreInvalids = 2,
}

/** x and y are identical types. Receivers of signatures do not count. */
export function identical(x: Type, y: Type): boolean {
  return x === y || compare(Compare.Strict, x, y, null);
}

export function identicalIgnoreTags(x: Type, y: Type): boolean {
  return compare(Compare.IgnoreTags, x, y, null);
}

export function identicalIgnoreInvalids(x: Type, y: Type): boolean {
  return compare(Compare.IgnoreInvalids, x, y, null);
}

// A change here needs the like in nify of unify.ts.
function compare(mode: Compare, x: Type, y: Type, p: IfacePair | null): boolean {
  x = unalias(x);
  y = unalias(y);
  if (x === y) return true;
  if ((mode & Compare.IgnoreInvalids) !== 0 && (!isValid(x) || !isValid(y))) return true;
  if (x === null || y === null || x.kind !== y.kind) return false;

  switch (x.kind) {
    case TypeKind.Basic: // not only by ===: byte and rune are objects of their own
      return x.basic === (y as typeof x).basic;
    case TypeKind.Array: {
      const ya = y as typeof x;
      if (x.len >= 0 && ya.len >= 0 && x.len !== ya.len) return false; // unknown lengths fit all
      return compare(mode, x.elem, ya.elem, p);
    }
    case TypeKind.Slice:
      return compare(mode, x.elem, (y as typeof x).elem, p);
    case TypeKind.Struct:
      return compareStructs(mode, x, y as typeof x, p);
    case TypeKind.Pointer:
      return compare(mode, x.base, (y as typeof x).base, p);
    case TypeKind.Tuple:
      return compareTuples(mode, x, y as typeof x, p);
    case TypeKind.Signature:
      return compareSignatures(mode, x, y as typeof x, p);
    case TypeKind.Union:
      return equalLists(computeUnionTypeSet(null, 0, x).terms, computeUnionTypeSet(null, 0, y as typeof x).terms);
    case TypeKind.Interface:
      return compareInterfaces(mode, x, y as typeof x, p);
    case TypeKind.Map:
      return compare(mode, x.key, (y as typeof x).key, p) && compare(mode, x.elem, (y as typeof x).elem, p);
    case TypeKind.Chan:
      return x.dir === (y as typeof x).dir && compare(mode, x.elem, (y as typeof x).elem, p);
    case TypeKind.Named: {
      const xargs = x.targs;
      const yargs = (y as typeof x).targs;
      if (xargs.length === 0 || xargs.length !== yargs.length) return false;
      if (!identicalOrigin(x, y as typeof x)) return false;
      for (let i = 0; i < xargs.length; i++) if (!identical(xargs[i], yargs[i])) return false;
      return true;
    }
    default: // a type parameter is only identical to itself
      return false;
  }
}

function compareStructs(mode: Compare, x: Struct, y: Struct, p: IfacePair | null): boolean {
  if (x.fields.length !== y.fields.length) return false;
  for (let i = 0; i < x.fields.length; i++) {
    const f = x.fields[i];
    const g = y.fields[i];
    if (f.embedded !== g.embedded || !sameId(f, g.pkg, g.name, false)) return false;
    if ((mode & Compare.IgnoreTags) === 0 && (x.tags[i] ?? "") !== (y.tags[i] ?? "")) return false;
    if (!compare(mode, f.type!, g.type!, p)) return false;
  }
  return true;
}

function compareTuples(mode: Compare, x: Tuple, y: Tuple, p: IfacePair | null): boolean {
  const xvars = x.vars;
  const yvars = y.vars;
  if (xvars.length !== yvars.length) return false;
  for (let i = 0; i < xvars.length; i++) if (!compare(mode, xvars[i].type!, yvars[i].type!, p)) return false;
  return true;
}

function compareSignatures(mode: Compare, x: Signature, y: Signature, p: IfacePair | null): boolean {
  if (x.variadic !== y.variadic || x.tparams.length !== y.tparams.length) return false;
  let { params, results } = y;
  if (x.tparams.length > 0) {
    // Names of type parameters do not matter: put those of x in the place of those of y.
    const smap = makeSubstMap(y.tparams, x.tparams);
    const ctxt = new Context();
    for (let i = 0; i < x.tparams.length; i++) {
      const ybound = subst(null, 0, y.tparams[i].bound!, smap, null, ctxt);
      if (!compare(mode, x.tparams[i].bound!, ybound, p)) return false;
    }
    params = subst(null, 0, params, smap, null, ctxt) as Tuple;
    results = subst(null, 0, results, smap, null, ctxt) as Tuple;
  }
  return compareTuples(mode, x.params, params, p) && compareTuples(mode, x.results, results, p);
}

function compareInterfaces(mode: Compare, x: Interface, y: Interface, p: IfacePair | null): boolean {
  const xset = typeSet(x);
  const yset = typeSet(y);
  if (xset.comparable !== yset.comparable || !equalLists(xset.terms, yset.terms)) return false;
  const a = xset.methods;
  const b = yset.methods;
  if (a.length !== b.length) return false;
  if (a.length === 0 || onStack(p, x, y)) return true;
  const pair: IfacePair = { x, y, prev: p };
  for (let i = 0; i < a.length; i++) {
    if (!sameMethodId(a[i], b[i]) || !compare(mode, a[i].type!, b[i].type!, pair)) return false;
  }
  return true;
}

export function sameMethodId(f: Func, g: Func): boolean {
  return f === g || sameId(f, g.pkg, g.name, false);
}

/** x and y come from the same declaration. */
export function identicalOrigin(x: Named, y: Named): boolean {
  return x.orig.obj === y.orig.obj;
}

/** Instances are identical if their generic types and their type arguments are. */
export function identicalInstance(xorig: Type, xargs: readonly Type[], yorig: Type, yargs: readonly Type[]): boolean {
  if (xargs.length !== yargs.length) return false;
  for (let i = 0; i < xargs.length; i++) if (!identical(xargs[i], yargs[i])) return false;
  return identical(xorig, yorig);
}

/** The type that an untyped value takes on by default; of nil it is untyped nil, of typed values their own. */
export function defaultType(t: Type): Type {
  if (t.kind !== TypeKind.Basic) return t;
  switch (t.basic) {
    case BasicKind.UntypedBool:
      return Typ[BasicKind.Bool];
    case BasicKind.UntypedInt:
      return Typ[BasicKind.Int];
    case BasicKind.UntypedRune:
      return universeRune;
    case BasicKind.UntypedFloat:
      return Typ[BasicKind.Float64];
    case BasicKind.UntypedComplex:
      return Typ[BasicKind.Complex128];
    case BasicKind.UntypedString:
      return Typ[BasicKind.String];
    default:
      return t;
  }
}

/** The type that takes in both: of different untyped numeric types the later of integer, rune, float, complex. */
export function maxType(x: Type, y: Type): Type | null {
  if (x === y) return x;
  if (!isUntypedNumeric(x) || !isUntypedNumeric(y)) return null;
  return (x as { basic: BasicKind }).basic > (y as { basic: BasicKind }).basic ? x : y;
}

/** `s` is a Go identifier. */
export function isValidName(s: string): boolean {
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(s);
}
