/** Questions about compiler types: identity, layout on the target, and what kind of thing a type is
 *  (cmd/compile/internal/types: identity.go, size.go, alg.go, parts of type.go and sym.go).
 *
 *  Layout is computed on demand and cached in the type; it depends on the {@link Target}, so types belong to one run. */
import { InternalError } from "../base/diag.ts";
import type { Target } from "./target.ts";
import { type Field, type Sym, TKind, type Type } from "./types.ts";

// ---------------------------------------------------------------------------------------------------- symbols

export function isExported(name: string): boolean {
  const c = name.charCodeAt(0);
  if (c < 0x80) return c >= 65 && c <= 90;
  return /^\p{Lu}/u.test(name);
}

export function isBlankSym(sym: Sym | null): boolean {
  return sym !== null && sym.name === "_";
}

/** Whether two selectors are the same: exported names are, whatever package they were written in. */
export function sameSelector(a: Sym | null, b: Sym | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.name !== b.name) return false;
  return isExported(a.name) || a.pkg === b.pkg || (a.pkg?.path ?? "") === (b.pkg?.path ?? "");
}

/** Order of methods: exported before unexported, then by name, unexported ones then by package path. */
export function compareSyms(a: Sym | null, b: Sym | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  const exported = isExported(a.name);
  if (exported !== isExported(b.name)) return exported ? -1 : 1;
  const byName = compareBytes(a.name, b.name);
  if (byName !== 0 || exported) return byName;
  return compareBytes(a.pkg?.path ?? "", b.pkg?.path ?? "");
}

/** Compares as UTF-8 does, which is by code point. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above all others.
    if (x >= 0xd800 && y >= 0xd800) {
      if (x <= 0xdfff) x += 0x10000;
      if (y <= 0xdfff) y += 0x10000;
    }
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

// ---------------------------------------------------------------------------------------------------- identity

const enum Ident {
  None = 0,
  IgnoreTags = 1,
  Strict = 2,
}

/** Identity after the language's rules, but a type that involves a shape equals any type of the same underlying form
 *  (and any pointer, if it is one). Receivers do not count. */
export function identical(a: Type | null, b: Type | null): boolean {
  return a === b || identicalTypes(a, b, Ident.None, null);
}

export function identicalIgnoreTags(a: Type | null, b: Type | null): boolean {
  return a === b || identicalTypes(a, b, Ident.IgnoreTags, null);
}

/** Identity without the exception for shapes. */
export function identicalStrict(a: Type | null, b: Type | null): boolean {
  return a === b || identicalTypes(a, b, Ident.Strict, null);
}

interface AssumedPair {
  readonly a: Type;
  readonly b: Type;
  readonly outer: AssumedPair | null;
}

function identicalTypes(a: Type | null, b: Type | null, flags: Ident, assumed: AssumedPair | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.kind !== b.kind) return false;
  const kind = a.kind;
  if (a.sym !== null || b.sym !== null) {
    if ((flags & Ident.Strict) === 0 && (a.hasShape || b.hasShape)) {
      if (kind <= TKind.PTR || kind === TKind.STRING || kind === TKind.UNSAFEPTR) return true;
    } else if (kind === TKind.UINT8 || kind === TKind.INT32) {
      // byte and rune are kept apart from uint8 and int32 for messages only.
      return isPredeclared(a) && isPredeclared(b);
    } else if (kind === TKind.INTER) {
      if (isAnyType(a)) return isUnnamedEface(b) && !((flags & Ident.Strict) !== 0 && b.hasShape);
      if (isAnyType(b)) return isUnnamedEface(a) && !((flags & Ident.Strict) !== 0 && a.hasShape);
      return sameNamed(a, b);
    } else {
      return sameNamed(a, b);
    }
  }

  for (let pair = assumed; pair !== null; pair = pair.outer) if (pair.a === a && pair.b === b) return true;
  const inner: AssumedPair = { a, b, outer: assumed };
  switch (kind) {
    case TKind.IDEAL:
      return true;
    case TKind.INTER:
    case TKind.TUPLE: {
      if (a.fields.length !== b.fields.length) return false;
      for (let i = 0; i < a.fields.length; i++) {
        const f = a.fields[i];
        const g = b.fields[i];
        if (kind === TKind.INTER && !sameSelector(f.sym, g.sym)) return false;
        if (!identicalTypes(f.type, g.type, flags, inner)) return false;
      }
      return true;
    }
    case TKind.STRUCT: {
      if (a.fields.length !== b.fields.length) return false;
      for (let i = 0; i < a.fields.length; i++) {
        const f = a.fields[i];
        const g = b.fields[i];
        if (f.embedded !== g.embedded || !sameSelector(f.sym, g.sym)) return false;
        if (!identicalTypes(f.type, g.type, flags, inner)) return false;
        if ((flags & Ident.IgnoreTags) === 0 && f.note !== g.note) return false;
      }
      return true;
    }
    case TKind.FUNC:
      return (
        a.variadic === b.variadic &&
        identicalParams(a.params, b.params, flags, inner) &&
        identicalParams(a.results, b.results, flags, inner)
      );
    case TKind.ARRAY:
      return a.len === b.len && identicalTypes(a.elem, b.elem, flags, inner);
    case TKind.CHAN:
      return a.dir === b.dir && identicalTypes(a.elem, b.elem, flags, inner);
    case TKind.MAP:
      return identicalTypes(a.key, b.key, flags, inner) && identicalTypes(a.elem, b.elem, flags, inner);
    case TKind.PTR:
    case TKind.SLICE:
      return identicalTypes(a.elem, b.elem, flags, inner);
    default:
      return true; // basic kinds whose type objects differ
  }
}

function identicalParams(a: readonly Field[], b: readonly Field[], flags: Ident, assumed: AssumedPair): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!identicalTypes(a[i].type, b[i].type, flags, assumed)) return false;
  return true;
}

/** Named types are interned by the symbol that declares them; predeclared ones by their kind. */
function sameNamed(a: Type, b: Type): boolean {
  if (a.sym === null || b.sym === null) return false;
  if (a.vargen !== b.vargen || a.sym.name !== b.sym.name) return false;
  return a.sym.pkg === b.sym.pkg || (a.sym.pkg !== null && b.sym.pkg !== null && a.sym.pkg.path === b.sym.pkg.path);
}

function isPredeclared(t: Type): boolean {
  return t.sym === null || t.sym.pkg === null;
}

/** The predeclared `any`. */
export function isAnyType(t: Type): boolean {
  return t.kind === TKind.INTER && t.sym !== null && t.sym.pkg === null && t.sym.name === "any";
}

function isUnnamedEface(t: Type): boolean {
  return t.kind === TKind.INTER && t.fields.length === 0 && (t.sym === null || isAnyType(t));
}

// ---------------------------------------------------------------------------------------------------- layout

export function sizeOf(t: Type, target: Target): number {
  if (t.sizeCache < 0) calcSize(t, target);
  return t.sizeCache;
}

export function alignOf(t: Type, target: Target): number {
  if (t.alignCache < 0) calcSize(t, target);
  return t.alignCache;
}

/** Bytes of the prefix of `t` that can hold pointers into the heap; 0 if it has none. */
export function ptrDataSize(t: Type, target: Target): number {
  if (t.ptrDataCache < 0) calcSize(t, target);
  return t.ptrDataCache;
}

export function hasPointers(t: Type, target: Target): boolean {
  return ptrDataSize(t, target) > 0;
}

/** A value is stored in the data word of an interface itself, as it is exactly one pointer. */
export function isDirectIface(t: Type, target: Target): boolean {
  if (target.directBySize) return sizeOf(t, target) === target.ptrSize && ptrDataSize(t, target) === target.ptrSize;
  switch (t.kind) {
    case TKind.PTR:
      return !notInHeap(t.elem!);
    case TKind.CHAN:
    case TKind.MAP:
    case TKind.FUNC:
    case TKind.UNSAFEPTR:
      return true;
    case TKind.ARRAY:
      return t.underlying.len === 1 && isDirectIface(t.elem!, target);
    case TKind.STRUCT:
      return t.underlying.fields.length === 1 && isDirectIface(t.underlying.fields[0].type, target);
    default:
      return false;
  }
}

/** The type is, or contains by value, internal/runtime/sys.nih: its values never live in the heap. */
export function notInHeap(t: Type): boolean {
  if (t.notInHeapCache >= 0) return t.notInHeapCache === 1;
  let found = t.sym !== null && t.sym.name === "nih" && t.sym.pkg?.path === "internal/runtime/sys";
  if (!found) {
    const u = t.underlying;
    if (t.kind === TKind.ARRAY) {
      found = u.elem !== null && notInHeap(u.elem);
    } else if (t.kind === TKind.STRUCT) {
      for (const f of u.fields) found ||= notInHeap(f.type);
    }
  }
  t.notInHeapCache = found ? 1 : 0;
  return found;
}

/** Computes size, alignment and extent of pointers of `t`, and the offsets of its fields. */
export function calcSize(t: Type, target: Target): void {
  if (t.alignCache >= 0) return;
  const u = t.underlying;
  const word = target.ptrSize;
  switch (t.kind) {
    case TKind.INT8:
    case TKind.UINT8:
    case TKind.BOOL:
      setLayout(t, 1, 1, 0);
      break;
    case TKind.INT16:
    case TKind.UINT16:
      setLayout(t, 2, 2, 0);
      break;
    case TKind.INT32:
    case TKind.UINT32:
    case TKind.FLOAT32:
      setLayout(t, 4, 4, 0);
      break;
    case TKind.INT64:
    case TKind.UINT64:
    case TKind.FLOAT64:
      setLayout(t, 8, target.regSize, 0);
      break;
    case TKind.INT:
    case TKind.UINT:
    case TKind.UINTPTR:
      setLayout(t, word, word, 0);
      break;
    case TKind.COMPLEX64:
      setLayout(t, 8, 4, 0);
      break;
    case TKind.COMPLEX128:
      setLayout(t, 16, target.regSize, 0);
      break;
    case TKind.PTR:
      setLayout(t, word, word, u.elem !== null && notInHeap(u.elem) ? 0 : word);
      break;
    case TKind.UNSAFEPTR:
    case TKind.CHAN:
    case TKind.MAP:
    case TKind.FUNC:
      setLayout(t, word, word, word);
      break;
    case TKind.INTER:
      setLayout(t, 2 * word, word, 2 * word);
      break;
    case TKind.STRING:
      setLayout(t, 2 * word, word, word);
      break;
    case TKind.SLICE:
      setLayout(t, 3 * word, word, u.elem !== null && notInHeap(u.elem) ? 0 : word);
      break;
    case TKind.ARRAY: {
      const elem = u.elem!;
      calcSize(elem, target);
      const pointers = u.len > 0 && elem.ptrDataCache > 0 ? elem.sizeCache * (u.len - 1) + elem.ptrDataCache : 0;
      setLayout(t, elem.sizeCache * u.len, elem.alignCache, pointers);
      break;
    }
    case TKind.STRUCT:
      calcStructSize(t, u.fields, target);
      break;
    case TKind.IDEAL:
    case TKind.NIL:
    case TKind.BLANK:
    case TKind.TUPLE:
      setLayout(t, 0, 1, 0);
      break;
  }
}

function calcStructSize(t: Type, fields: readonly Field[], target: Target): void {
  let offset = 0;
  let align = isAtomicAlign64(t) ? 8 : 1;
  let pointers = 0;
  for (const f of fields) {
    const type = f.type;
    calcSize(type, target);
    offset = roundUp(offset, type.alignCache);
    f.offset = offset;
    if (type.ptrDataCache > 0) pointers = offset + type.ptrDataCache;
    if (type.alignCache > align) align = type.alignCache;
    offset += type.sizeCache;
  }
  // A pointer to a trailing zero-sized field must not point past the struct.
  if (offset > 0 && fields[fields.length - 1].type.sizeCache === 0) offset++;
  setLayout(t, roundUp(offset, align), align, pointers);
}

function isAtomicAlign64(t: Type): boolean {
  if (t.sym === null || t.sym.name !== "align64") return false;
  const path = t.sym.pkg?.path;
  return path === "sync/atomic" || path === "internal/runtime/atomic";
}

function roundUp(offset: number, align: number): number {
  const rest = offset % align;
  return rest === 0 ? offset : offset + align - rest;
}

function setLayout(t: Type, size: number, align: number, pointers: number): void {
  t.sizeCache = size;
  t.alignCache = align;
  t.ptrDataCache = pointers;
}

// ---------------------------------------------------------------------------------------------------- kinds

export function isInteger(t: Type): boolean {
  return t.kind <= TKind.UINTPTR || (t.kind === TKind.IDEAL && (isUntypedNamed(t, "int") || isUntypedNamed(t, "rune")));
}

export function isSigned(t: Type): boolean {
  switch (t.kind) {
    case TKind.INT8:
    case TKind.INT16:
    case TKind.INT32:
    case TKind.INT64:
    case TKind.INT:
      return true;
    default:
      return false;
  }
}

export function isUnsigned(t: Type): boolean {
  return t.kind <= TKind.UINTPTR && !isSigned(t);
}

export function isFloat(t: Type): boolean {
  return t.kind === TKind.FLOAT32 || t.kind === TKind.FLOAT64 || (t.kind === TKind.IDEAL && isUntypedNamed(t, "float"));
}

export function isComplex(t: Type): boolean {
  if (t.kind === TKind.COMPLEX64 || t.kind === TKind.COMPLEX128) return true;
  return t.kind === TKind.IDEAL && isUntypedNamed(t, "complex");
}

/** Numeric, bool, pointer: the kinds that types.IsSimple lists. */
export function isSimple(t: Type): boolean {
  return t.kind <= TKind.BOOL || t.kind === TKind.UNSAFEPTR;
}

/** One machine pointer, but not a struct or array of one. */
export function isPtrShaped(t: Type): boolean {
  switch (t.kind) {
    case TKind.PTR:
    case TKind.UNSAFEPTR:
    case TKind.MAP:
    case TKind.CHAN:
    case TKind.FUNC:
      return true;
    default:
      return false;
  }
}

export function hasNil(t: Type): boolean {
  return isPtrShaped(t) || t.kind === TKind.INTER || t.kind === TKind.SLICE || t.kind === TKind.NIL;
}

export function isEmptyInterface(t: Type): boolean {
  return t.kind === TKind.INTER && t.fields.length === 0 && t.underlying.fields.length === 0;
}

/** What ranging over a value of that type gives, as far as it has to be described. */
export function rangeTypes(t: Type): { key: Type | null; value: Type | null } {
  switch (t.kind) {
    case TKind.MAP:
      return { key: t.key, value: t.elem };
    case TKind.CHAN:
      return { key: t.elem, value: null };
    case TKind.PTR:
      return rangeTypes(t.elem!);
    default:
      return { key: null, value: t.elem };
  }
}

export function isUntyped(t: Type | null): boolean {
  if (t === null) return false;
  if (t.kind === TKind.NIL || t.kind === TKind.IDEAL) return true;
  return isUntypedNamed(t, "bool") || isUntypedNamed(t, "string");
}

export function isUntypedNamed(t: Type, what: string): boolean {
  return t.sym !== null && t.sym.pkg === null && t.sym.name === `untyped ${what}`;
}

/** Element of a pointer, array, slice, channel or map. */
export function elemOf(t: Type): Type {
  const elem = t.elem ?? t.underlying.elem;
  if (elem === null) throw new InternalError(`no element type: kind ${t.kind}`);
  return elem;
}

/** Struct fields and their number of primitive parts; blank fields count only if asked for. */
export function numComponents(t: Type, countBlank: boolean): number {
  const u = t.underlying;
  if (t.kind === TKind.STRUCT) {
    let n = 0;
    for (const f of u.fields) if (countBlank || !isBlankSym(f.sym)) n += numComponents(f.type, countBlank);
    return n;
  }
  if (t.kind === TKind.ARRAY) return u.len * numComponents(u.elem!, countBlank);
  return 1;
}

/** Values of the type can be compared with ==. */
export function isComparable(t: Type): boolean {
  switch (t.kind) {
    case TKind.SLICE:
    case TKind.MAP:
    case TKind.FUNC:
      return false;
    case TKind.ARRAY:
      return isComparable(t.underlying.elem!);
    case TKind.STRUCT:
      for (const f of t.underlying.fields) if (!isComparable(f.type)) return false;
      return true;
    default:
      return true;
  }
}

export function isInterfaceMethod(sig: Type): boolean {
  return (
    sig.recv !== null && sig.recv.type.kind === TKind.PTR && sig.recv.type.sym === null && isFakeRecv(sig.recv.type)
  );
}

function isFakeRecv(t: Type): boolean {
  const elem = t.elem;
  return elem !== null && elem.sym === null && elem.kind === TKind.STRUCT && elem.fields.length === 0;
}

/** The type that owns methods with receiver `t`: a named type or an anonymous struct, or null. */
export function receiverBaseType(t: Type | null): Type | null {
  if (t === null) return null;
  if (t.kind === TKind.PTR) {
    if (t.sym !== null) return null;
    t = t.elem;
    if (t === null) return null;
  }
  if (t.sym === null && t.kind !== TKind.STRUCT) return null;
  return t.kind === TKind.PTR || t.kind === TKind.INTER ? null : t;
}
