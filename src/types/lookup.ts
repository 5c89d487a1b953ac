/** Fields and methods by name, and which methods a type lacks to implement an interface.
 *
 *  Mirrors cmd/compile/internal/types2/lookup.go. */
import { InternalError } from "../base/diag.ts";
import { asNamed, unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { objDecl } from "./decl.ts";
import { qualifier, sprintf } from "./format.ts";
import { implements_ } from "./instantiate.ts";
import { lookupMethod as lookupNamedMethod } from "./named.ts";
import { hasPtrRecv, sameId } from "./object.ts";
import type { Cause } from "./operand.ts";
import { identical, isInterface, isTypeParam, isValid } from "./predicates.ts";
import {
  type Func,
  type Interface,
  type Named,
  ObjKind,
  type Package,
  Selection,
  SelectionKind,
  type Struct,
  type Type,
  TypeKind,
  type Var,
} from "./types.ts";
import { lookupMethod as lookupInterfaceMethod, typeSet } from "./typeset.ts";
import { newTypeWriter } from "./typestring.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";

export interface Found {
  /** null if there is no such field or method. */
  readonly obj: Var | Func | null;
  /** The way through embedded fields; the last is the index of the field or method itself. Without `obj` it is that
   *  of an ambiguous entry, or null. */
  readonly index: readonly number[] | null;
  /** A pointer was followed on the way. Without `obj`: a method exists, but for a pointer receiver. */
  readonly indirect: boolean;
}

const nothing: Found = { obj: null, index: null, indirect: false };
const pointerNeeded: Found = { obj: null, index: null, indirect: true };

/** The field or method that `x.name` selects for x of type T; null if there is none. */
export function lookupSelection(T: Type, addressable: boolean, pkg: Package | null, name: string): Selection | null {
  const { obj, index, indirect } = lookupFieldOrMethod(T, addressable, pkg, name, false);
  if (obj === null) return null;
  const kind = obj.kind === ObjKind.Func ? SelectionKind.MethodVal : SelectionKind.FieldVal;
  return new Selection(kind, T, obj, index!, indirect);
}

/** Looks up a field or method of T by (pkg, name). Methods with pointer receivers need a pointer on the way or an
 *  addressable T. A method found for a type that is not an interface may still lack its signature: objDecl it first. */
export function lookupFieldOrMethod(
  T: Type,
  addressable: boolean,
  pkg: Package | null,
  name: string,
  foldCase: boolean,
): Found {
  // A named pointer type has no methods, but fields of its base can be reached through it.
  const named = asNamed(T);
  if (named !== null) {
    const u = under(named);
    if (u.kind === TypeKind.Pointer) {
      const found = lookupFieldOrMethodImpl(u, false, pkg, name, foldCase);
      return found.obj !== null && found.obj.kind === ObjKind.Func ? nothing : found;
    }
  }
  return lookupFieldOrMethodImpl(T, addressable, pkg, name, foldCase);
}

/** An embedded type at the depth being searched. */
interface EmbeddedType {
  readonly type: Type;
  readonly index: readonly number[];
  readonly indirect: boolean;
  /** The type appears several times at this depth. */
  multiples: boolean;
}

const noIndex: readonly number[] = [];

/** Like lookupFieldOrMethod but does not find fields through named pointer types. */
export function lookupFieldOrMethodImpl(
  T: Type,
  addressable: boolean,
  pkg: Package | null,
  name: string,
  foldCase: boolean,
): Found {
  if (name === "_") return nothing;
  // Not the underlying type: methods of the base of a named pointer type must not be found.
  let type = unalias(T);
  let isPtr = false;
  if (type.kind === TypeKind.Pointer) {
    isPtr = true;
    type = type.base ?? Typ[0];
    if (under(type).kind === TypeKind.Interface) return nothing; // *I has no methods
  }

  // Most fields and methods are found at once, in the type itself.
  const named = asNamed(type);
  if (named !== null) {
    const m = lookupNamedMethod(named, pkg, name, foldCase);
    if (m !== null) return checkedMethod(m.method, [m.index], isPtr, addressable);
  }
  const u = under(type);
  if (u.kind === TypeKind.Interface) {
    const m = lookupInterfaceMethod(typeSet(u), pkg, name, foldCase);
    return m === null ? nothing : checkedMethod(m.method, [m.index], isPtr, addressable);
  }
  if (u.kind !== TypeKind.Struct) return nothing;
  let found = -1;
  let embedded = false;
  const fields = u.fields;
  for (let i = 0; i < fields.length; i++) {
    const f = fields[i];
    if ((foldCase || f.name === name) && sameId(f, pkg, name, foldCase)) {
      if (found >= 0) return { obj: null, index: [i], indirect: false }; // declared twice
      found = i;
    } else if (f.embedded) embedded = true;
  }
  if (found >= 0) return { obj: fields[found], index: [found], indirect: isPtr };
  if (!embedded) return nothing;
  const top: EmbeddedType = { type, index: noIndex, indirect: isPtr, multiples: false };
  return lookupEmbedded(embeddedFields(u, top, []), named, addressable, pkg, name, foldCase);
}

function checkedMethod(m: Func, index: readonly number[], indirect: boolean, addressable: boolean): Found {
  return !indirect && !addressable && hasPtrRecv(m) ? pointerNeeded : { obj: m, index, indirect };
}

/** Adds the embedded fields of a struct that is the underlying type of `e.type`. */
function embeddedFields(s: Struct, e: EmbeddedType, list: EmbeddedType[]): EmbeddedType[] {
  for (let i = 0; i < s.fields.length; i++) {
    const f = s.fields[i];
    if (!f.embedded) continue;
    const { type, isPtr } = deref(f.type!);
    list.push({ type, index: concat(e.index, i), indirect: e.indirect || isPtr, multiples: e.multiples });
  }
  return list;
}

/** Searches embedded types depth by depth. `top` is the type at depth 0. */
function lookupEmbedded(
  list: EmbeddedType[],
  top: Named | null,
  addressable: boolean,
  pkg: Package | null,
  name: string,
  foldCase: boolean,
): Found {
  // Types seen at shallower depths, which end the search in recursive types.
  const seen: Named[] = top === null ? [] : [top];
  for (let current = consolidateMultiples(list); current.length > 0; ) {
    const next: EmbeddedType[] = [];
    let obj: Var | Func | null = null;
    let index: readonly number[] = noIndex;
    let indirect = false;

    for (const e of current) {
      const named = asNamed(e.type);
      if (named !== null) {
        if (wasSeen(seen, named)) continue; // shadowed there
        seen.push(named);
        const m = lookupNamedMethod(named, pkg, name, foldCase);
        if (m !== null) {
          index = concat(e.index, m.index);
          if (obj !== null || e.multiples) return { obj: null, index, indirect: false };
          obj = m.method;
          indirect = e.indirect;
          continue; // no field can have that name
        }
      }

      const u = under(e.type);
      if (u.kind === TypeKind.Struct) {
        for (let i = 0; i < u.fields.length; i++) {
          if (!sameId(u.fields[i], pkg, name, foldCase)) continue;
          index = concat(e.index, i);
          if (obj !== null || e.multiples) return { obj: null, index, indirect: false };
          obj = u.fields[i];
          indirect = e.indirect;
        }
        if (obj === null) embeddedFields(u, e, next); // after a match deeper levels do not matter
      } else if (u.kind === TypeKind.Interface) {
        const m = lookupInterfaceMethod(typeSet(u), pkg, name, foldCase);
        if (m !== null) {
          index = concat(e.index, m.index);
          if (obj !== null || e.multiples) return { obj: null, index, indirect: false };
          obj = m.method;
          indirect = e.indirect;
        }
      }
    }

    if (obj !== null) {
      return obj.kind === ObjKind.Func ? checkedMethod(obj, index, indirect, addressable) : { obj, index, indirect };
    }
    current = consolidateMultiples(next);
  }
  return nothing;
}

function wasSeen(seen: readonly Named[], named: Named): boolean {
  for (const t of seen) if (t === named || (t.orig === named.orig && identical(t, named))) return true;
  return false;
}

/** Makes entries of the same type one that is marked. */
function consolidateMultiples(list: EmbeddedType[]): EmbeddedType[] {
  if (list.length <= 1) return list;
  const unique: EmbeddedType[] = [];
  for (const e of list) {
    let first: EmbeddedType | null = null;
    for (const u of unique) {
      if (identical(u.type, e.type)) {
        first = u;
        break;
      }
    }
    if (first === null) unique.push(e);
    else first.multiples = true;
  }
  return unique;
}

// ------------------------------------------------------------------------------------------------- missing methods

export interface MissingMethod {
  readonly method: Func;
  /** It is there, but with a pointer receiver or another signature. */
  readonly wrongType: boolean;
}

const enum State {
  Ok,
  NotFound,
  WrongName,
  Unexported,
  WrongSig,
  AmbigSel,
  PtrRecv,
  Field,
}

export type Equivalent = (x: Type, y: Type) => boolean;

/** A method that V lacks to implement the interface T, null if it lacks none. If V is an interface and not `static`,
 *  methods are only compared where V has them (as for type assertions). `equivalent` compares signatures. */
export function missingMethod(
  c: Checker | null,
  V: Type,
  T: Type,
  isStatic: boolean,
  equivalent: Equivalent,
  cause: Cause | null,
): MissingMethod | null {
  const methods = typeSet(under(T) as Interface).methods;
  if (methods.length === 0) return null;

  let state: State = State.Ok;
  let m = methods[0];
  let f: Func | null = null;
  const u = under(V);
  if (u.kind === TypeKind.Interface) {
    const tset = typeSet(u);
    for (m of methods) {
      f = lookupInterfaceMethod(tset, m.pkg, m.name, false)?.method ?? null;
      if (f === null) {
        if (!isStatic) continue;
        state = State.NotFound;
        break;
      }
      if (!equivalent(f.type!, m.type!)) {
        state = State.WrongSig;
        break;
      }
    }
  } else {
    for (m of methods) {
      const { obj, index, indirect } = lookupFieldOrMethodImpl(V, false, m.pkg, m.name, false);
      if (obj === null) {
        if (index !== null) state = State.AmbigSel;
        else if (indirect) state = State.PtrRecv;
        else {
          state = State.NotFound;
          if (cause !== null) {
            const folded = lookupFieldOrMethodImpl(V, false, m.pkg, m.name, true).obj;
            f = folded !== null && folded.kind === ObjKind.Func ? folded : null;
            // With equal names it is the package that differs.
            if (f !== null) state = f.name === m.name ? State.Unexported : State.WrongName;
          }
        }
        break;
      }
      if (obj.kind !== ObjKind.Func) {
        f = null;
        state = State.Field;
        break;
      }
      f = obj;
      if (c !== null) objDecl(c, f); // its signature may not be set up
      if (!equivalent(f.type!, m.type!)) {
        state = State.WrongSig;
        break;
      }
    }
  }
  if (state === State.Ok) return null;

  if (cause !== null) {
    if (f !== null && c !== null) objDecl(c, f);
    cause.text = missingCause(c, state, V, T, m, f);
  }
  return { method: m, wrongType: state === State.WrongSig || state === State.PtrRecv };
}

function missingCause(c: Checker | null, state: State, V: Type, T: Type, m: Func, f: Func | null): string {
  switch (state) {
    case State.NotFound:
      if (isInterfacePtr(V)) return `(${interfacePtrError(c, V)})`;
      if (isInterfacePtr(T)) return `(${interfacePtrError(c, T)})`;
      return `(missing method ${m.name})`;
    case State.WrongName:
      return `(missing method ${m.name})\n\t\thave ${funcString(c, f!, false)}\n\t\twant ${funcString(c, m, false)}`;
    case State.Unexported:
      return `(unexported method ${m.name})`;
    case State.WrongSig: {
      let fs = funcString(c, f!, false);
      let ms = funcString(c, m, false);
      if (fs === ms) {
        fs = funcString(c, f!, true);
        ms = funcString(c, m, true);
      }
      // Still alike: type parameters of the same name, most likely.
      if (fs === ms) return `(wrong type for method ${m.name})`;
      return `(wrong type for method ${m.name})\n\t\thave ${fs}\n\t\twant ${ms}`;
    }
    case State.AmbigSel:
      return sprintf(c, "(ambiguous selector %s.%s)", V, m.name);
    case State.PtrRecv:
      return `(method ${m.name} has pointer receiver)`;
    case State.Field:
      return sprintf(c, "(%s.%s is a field, not a method)", V, m.name);
    default:
      throw new InternalError("missing method without cause");
  }
}

/** V has all methods of T, as far as can be said: an invalid type may have any. */
export function hasAllMethods(
  c: Checker | null,
  V: Type,
  T: Type,
  isStatic: boolean,
  equivalent: Equivalent,
  cause: Cause | null,
): boolean {
  if (!isValid(V)) return true;
  return missingMethod(c, V, T, isStatic, equivalent, cause) === null || hasInvalidEmbeddedFields(V, null);
}

function hasInvalidEmbeddedFields(T: Type, seen: Set<Struct> | null): boolean {
  const S = under(derefStructPtr(T));
  if (S.kind !== TypeKind.Struct || seen?.has(S)) return false;
  seen ??= new Set();
  seen.add(S);
  for (const f of S.fields) {
    if (f.embedded && (!isValid(f.type!) || hasInvalidEmbeddedFields(f.type!, seen))) return true;
  }
  return false;
}

export function isInterfacePtr(T: Type): boolean {
  const p = under(T);
  return p.kind === TypeKind.Pointer && isInterface(p.base);
}

export function interfacePtrError(c: Checker | null, T: Type): string {
  const p = under(T);
  if (p.kind === TypeKind.Pointer && isTypeParam(p.base)) {
    return sprintf(c, "type %s is pointer to type parameter, not type parameter", T);
  }
  return sprintf(c, "type %s is pointer to interface, not interface", T);
}

/** Name and signature without parameter names; with `pkgInfo`, packages by their paths. */
export function funcString(c: Checker | null, f: Func, pkgInfo: boolean): string {
  const qf = c !== null && !pkgInfo ? (pkg: Package) => qualifier(c, pkg) : null;
  const w = newTypeWriter(qf, c === null ? null : c.fset);
  w.text = f.name;
  w.pkgInfo = pkgInfo;
  w.paramNames = false;
  w.signature(f.type!);
  return w.text;
}

/** A value of interface type V can be asserted to have type T. */
export function assertableTo(c: Checker | null, V: Type, T: Type, cause: Cause | null): boolean {
  if (isInterface(T)) return true; // decided at run time
  return hasAllMethods(c, T, V, false, identical, cause);
}

/** Like assertableTo, for interfaces that are constraints too. */
export function newAssertableTo(c: Checker | null, V: Type, T: Type, cause: Cause | null): boolean {
  if (isInterface(T)) return true;
  return implements_(c, T, V, false, cause);
}

// ------------------------------------------------------------------------------------------------- helpers

/** The base of a pointer type literal; a named pointer type stays as it is. */
export function deref(T: Type): { type: Type; isPtr: boolean } {
  const p = unalias(T);
  if (p !== null && p.kind === TypeKind.Pointer) return { type: p.base ?? Typ[0], isPtr: true };
  return { type: T, isPtr: false };
}

/** The base of a (named or unnamed) pointer to a struct; other types stay as they are. */
export function derefStructPtr(T: Type): Type {
  const p = under(T);
  return p.kind === TypeKind.Pointer && under(p.base).kind === TypeKind.Struct ? p.base : T;
}

/** `list` with `i` at its end. */
export function concat(list: readonly number[], i: number): readonly number[] {
  return list.length === 0 ? [i] : [...list, i];
}

/** The index of the field (pkg, name), -1 if there is none. */
export function fieldIndex(fields: readonly Var[], pkg: Package | null, name: string, foldCase: boolean): number {
  if (name === "_") return -1;
  for (let i = 0; i < fields.length; i++) if (sameId(fields[i], pkg, name, foldCase)) return i;
  return -1;
}

/** The index of the method (pkg, name), -1 if there is none. */
export function methodIndex(methods: readonly Func[], pkg: Package | null, name: string, foldCase: boolean): number {
  if (name === "_") return -1;
  for (let i = 0; i < methods.length; i++) if (sameId(methods[i], pkg, name, foldCase)) return i;
  return -1;
}
