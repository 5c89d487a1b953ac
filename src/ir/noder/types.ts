/** From the checker's types to the compiler's: instantiated, without aliases, each read once per reader.
 *
 *  Mirrors cmd/compile/internal/noder/reader.go (typIdx, doTyp, structType, interfaceType, signature). A type that is
 *  read for the first time is remembered for method wrappers after its components are, and defined types are read
 *  with all their methods; both orders show in the output. */
import { InternalError } from "../../base/diag.ts";
import { NoPos } from "../../base/pos.ts";
import { aliasRHS } from "../../types/alias.ts";
import {
  type Basic,
  BasicKind,
  type Type as CheckerType,
  type Interface,
  type Obj,
  type Signature,
  type Struct,
  type Tuple,
  TypeKind,
  type TypeName,
} from "../../types/types.ts";
import { isUniverseAny } from "../../types/universe.ts";
import { newArray, newChan, newInterface, newMap, newPtr, newSignature, newSlice, newStruct } from "../newtype.ts";
import { Field, type Sym, TKind, type Type } from "../types.ts";
import type { ReaderDict } from "./dict.ts";
import { compareFields } from "./methods.ts";
import { hasTypeParams, importedDef, type Noder, type PendingInterface, type PkgReader, type Reader } from "./noder.ts";
import { typeObj } from "./objects.ts";

/** The type `t` where `r` is reading. */
export function typ(r: Reader, t: CheckerType): Type {
  return typIdx(r.p, t, r.dict, true);
}

/** The type `t` in the declaration or instance that `dict` describes. Unless `wrapped`, the type is neither
 *  remembered nor does it get method wrappers. */
export function typIdx(p: PkgReader, t: CheckerType, dict: ReaderDict | null, wrapped: boolean): Type {
  const stripped = t.kind === TypeKind.Alias ? stripLocalAliases(t) : t;
  let memo = p.types;
  let known = memo.get(stripped);
  if (known !== undefined) return known;
  if (hasTypeParams(dict)) {
    known = dict.derivedTypes.get(stripped);
    if (known !== undefined) return known;
    if (isDerived(p, stripped)) memo = dict.derivedTypes;
  }
  const made = doTyp(p, stripped, dict);
  known = memo.get(stripped); // a recursive type may have got there first
  if (known !== undefined) return known;
  if (wrapped) {
    memo.set(stripped, made);
    needWrapper(p, dict, made);
  }
  return made;
}

/** Aliases declared in functions, and instances of generic aliases, are not written: names could collide. */
export function stripLocalAliases(t: CheckerType): CheckerType {
  let type = t;
  while (type.kind === TypeKind.Alias && !isGlobal(type.obj)) type = aliasRHS(type)!;
  return type;
}

/** Declared at package level or in the universe. */
export function isGlobal(obj: Obj): boolean {
  if (obj.pkg !== null) return obj.parent === obj.pkg.scope;
  return obj.parent !== null && obj.parent.parent === null;
}

/** Whether the identity of `t` depends on type parameters in scope. Types declared in a generic function do. */
export function isDerived(p: PkgReader, t: CheckerType): boolean {
  switch (t.kind) {
    case TypeKind.Basic:
      return false;
    case TypeKind.TypeParam:
      return true;
    case TypeKind.Named:
      for (const targ of t.targs) if (isDerived(p, targ)) return true;
      return hasImplicitTypeParams(p, t.orig.obj);
    case TypeKind.Alias:
      return !isGlobal(t.obj) && isDerived(p, aliasRHS(t)!);
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Chan:
      return isDerived(p, t.elem);
    case TypeKind.Pointer:
      return isDerived(p, t.base);
    case TypeKind.Map:
      return isDerived(p, t.key) || isDerived(p, t.elem);
    case TypeKind.Struct:
      for (const f of t.fields) if (isDerived(p, f.type!)) return true;
      return false;
    case TypeKind.Tuple:
      for (const v of t.vars) if (isDerived(p, v.type!)) return true;
      return false;
    case TypeKind.Signature:
      return isDerived(p, t.params) || isDerived(p, t.results);
    case TypeKind.Interface:
      for (const m of t.methods) if (isDerived(p, m.type!)) return true;
      for (const e of t.embeddeds) if (isDerived(p, e)) return true;
      return false;
    case TypeKind.Union:
      for (const term of t.terms) if (isDerived(p, term.type)) return true;
      return false;
  }
}

/** A defined type inside a generic function has the function's type parameters without being generic itself. */
export function hasImplicitTypeParams(p: PkgReader, obj: TypeName): boolean {
  if (obj.pkg !== p.pkg) return false;
  const implicits = p.implicits.get(obj);
  return implicits !== undefined && implicits.length > 0;
}

/** Records that `t` may need method wrappers, or that the package it comes from has them. */
export function needWrapper(p: PkgReader, dict: ReaderDict | null, t: Type): void {
  if (t.kind === TKind.PTR) return;
  const n = p.n;
  const forceNeed = t === n.universe.errorType && n.localPkg.path === "runtime";
  if (importedDef(p, dict) && !forceNeed) n.haveWrapperTypes.push(t);
  else n.needWrapperTypes.push(t);
}

function doTyp(p: PkgReader, t: CheckerType, dict: ReaderDict | null): Type {
  switch (t.kind) {
    case TypeKind.Basic:
      return basicType(p.n, t);
    case TypeKind.Named:
      return typeObj(p, t.orig.obj, t.targs, dict); // an instance's own object is a stand-in
    case TypeKind.Alias:
      return typeObj(p, t.obj, [], dict);
    case TypeKind.TypeParam:
      if (!hasTypeParams(dict)) throw new InternalError(`type parameter ${t.obj.name} outside generic code`);
      return dict.targs[dict.typeParamIndex(t)];
    case TypeKind.Array:
      return newArray(typIdx(p, t.elem, dict, true), t.len);
    case TypeKind.Slice:
      return newSlice(typIdx(p, t.elem, dict, true));
    case TypeKind.Chan:
      return newChan(typIdx(p, t.elem, dict, true), t.dir);
    case TypeKind.Pointer:
      return newPtr(typIdx(p, t.base, dict, true));
    case TypeKind.Map: {
      const key = typIdx(p, t.key, dict, true);
      return newMap(key, typIdx(p, t.elem, dict, true));
    }
    case TypeKind.Signature:
      return signature(p, t, dict, null);
    case TypeKind.Struct:
      return structType(p, t, dict);
    case TypeKind.Interface:
      return interfaceType(p, t, dict);
    case TypeKind.Union:
      return p.n.emptyInterface; // only in constraints, or equivalent to any
    case TypeKind.Tuple:
      throw new InternalError("tuple used as a type");
  }
}

function basicType(n: Noder, t: Basic): Type {
  if (t.name === "byte") return n.universe.byteType;
  if (t.name === "rune") return n.universe.runeType;
  return basicOf(n, t.basic);
}

/** The compiler's type for a basic kind of the checker. */
export function basicOf(n: Noder, kind: BasicKind): Type {
  const u = n.universe;
  switch (kind) {
    case BasicKind.UntypedBool:
      return u.untypedBool;
    case BasicKind.UntypedInt:
      return u.untypedInt;
    case BasicKind.UntypedRune:
      return u.untypedRune;
    case BasicKind.UntypedFloat:
      return u.untypedFloat;
    case BasicKind.UntypedComplex:
      return u.untypedComplex;
    case BasicKind.UntypedString:
      return u.untypedString;
    default:
      return u.types[basicTKind(kind)];
  }
}

/** The kind of a typed basic (or of untyped nil). */
export function basicTKind(kind: BasicKind): TKind {
  switch (kind) {
    case BasicKind.Bool:
      return TKind.BOOL;
    case BasicKind.Int:
      return TKind.INT;
    case BasicKind.Int8:
      return TKind.INT8;
    case BasicKind.Int16:
      return TKind.INT16;
    case BasicKind.Int32:
      return TKind.INT32;
    case BasicKind.Int64:
      return TKind.INT64;
    case BasicKind.Uint:
      return TKind.UINT;
    case BasicKind.Uint8:
      return TKind.UINT8;
    case BasicKind.Uint16:
      return TKind.UINT16;
    case BasicKind.Uint32:
      return TKind.UINT32;
    case BasicKind.Uint64:
      return TKind.UINT64;
    case BasicKind.Uintptr:
      return TKind.UINTPTR;
    case BasicKind.Float32:
      return TKind.FLOAT32;
    case BasicKind.Float64:
      return TKind.FLOAT64;
    case BasicKind.Complex64:
      return TKind.COMPLEX64;
    case BasicKind.Complex128:
      return TKind.COMPLEX128;
    case BasicKind.String:
      return TKind.STRING;
    case BasicKind.UnsafePointer:
      return TKind.UNSAFEPTR;
    case BasicKind.UntypedNil:
      return TKind.NIL;
    default:
      throw new InternalError(`basic kind ${kind} has no type`);
  }
}

/** The signature `sig`, as a method's if `recv` is given (its own receiver does not count). */
export function signature(p: PkgReader, sig: Signature, dict: ReaderDict | null, recv: Field | null): Type {
  const params = tuple(p, sig.params, dict);
  const results = tuple(p, sig.results, dict);
  if (sig.variadic) params[params.length - 1].isDDD = true;
  return newSignature(recv, params, results);
}

function tuple(p: PkgReader, t: Tuple, dict: ReaderDict | null): Field[] {
  const fields: Field[] = [];
  for (const v of t.vars) fields.push(param(p, v, dict));
  return fields;
}

/** A parameter or result; its symbol is null if it has no name. */
export function param(p: PkgReader, v: Obj, dict: ReaderDict | null): Field {
  const sym = v.name === "" ? null : p.n.localIdent(v);
  return new Field(v.pos, sym, typIdx(p, v.type!, dict, true));
}

function structType(p: PkgReader, t: Struct, dict: ReaderDict | null): Type {
  const fields: Field[] = [];
  for (let i = 0; i < t.fields.length; i++) {
    const f = t.fields[i];
    const field = new Field(f.pos, p.n.selector(f), typIdx(p, f.type!, dict, true));
    field.note = t.tags[i] ?? "";
    field.embedded = f.embedded;
    fields.push(field);
  }
  return newStruct(fields);
}

function interfaceType(p: PkgReader, t: Interface, dict: ReaderDict | null): Type {
  const n = p.n;
  if (isUniverseAny(t)) return n.universe.anyType;
  const methods: Field[] = [];
  for (const m of t.methods) {
    const recv = new Field(NoPos, null, n.universe.fakeRecvType);
    methods.push(new Field(m.pos, n.selector(m), signature(p, m.type!, dict, recv)));
  }
  if (t.embeddeds.length === 0) {
    if (methods.length === 0) return n.emptyInterface;
    return newInterface(methods.sort(compareFields));
  }
  const embeddeds: Type[] = [];
  for (const e of t.embeddeds) embeddeds.push(typIdx(p, e, dict, true));
  const type = newInterface([]);
  for (const e of embeddeds) if (e.hasShape) type.hasShape = true;
  for (const m of methods) if (m.type.hasShape) type.hasShape = true;
  const pending: PendingInterface = { type, methods, embeddeds };
  if (!expandInterface(n, pending)) n.pendingInterfaces.push(pending);
  return type;
}

/** Fills in the methods of `pending.type`, in place: named types share the list. False if an embedded interface is
 *  not complete yet. */
function expandInterface(n: Noder, pending: PendingInterface): boolean {
  for (const e of pending.embeddeds) {
    if (!e.complete || n.pendingInterfaces.some((other) => other.type === e.underlying)) return false;
  }
  const seen = new Set<Sym>();
  const all = pending.type.fields;
  for (const m of pending.methods) {
    seen.add(m.sym!);
    all.push(m);
  }
  for (const e of pending.embeddeds) {
    if (e.kind !== TKind.INTER) continue;
    for (const m of e.underlying.fields) {
      if (seen.has(m.sym!)) continue;
      seen.add(m.sym!);
      all.push(new Field(NoPos, m.sym, m.type));
    }
  }
  all.sort(compareFields);
  return true;
}

/** Completes interfaces that had to wait for a defined type. */
export function resumePendingInterfaces(n: Noder): void {
  const pending = n.pendingInterfaces;
  for (let progress = true; progress && pending.length > 0; ) {
    progress = false;
    for (let i = 0; i < pending.length; i++) {
      const [candidate] = pending.splice(i, 1);
      if (expandInterface(n, candidate)) {
        progress = true;
        i--;
      } else pending.splice(i, 0, candidate);
    }
  }
}
