/** Constructors of compiler types (cmd/compile/internal/types/type.go). Pointers and slices are interned on their
 *  element; the rest of the interning is up to the caller. */

import type { Pos } from "../base/pos.ts";
import { ChanDir } from "../syntax/ast.ts";
import { Field, type Sym, TKind, Type } from "./types.ts";

export function newPtr(elem: Type): Type {
  const known = elem.ptrTo;
  if (known !== null) {
    // The element may have learnt that it has a shape since the pointer was made.
    if (elem.hasShape) known.hasShape = true;
    return known;
  }
  const t = makePtr(elem);
  elem.ptrTo = t;
  return t;
}

function makePtr(elem: Type): Type {
  const t = new Type(TKind.PTR);
  t.elem = elem;
  t.hasShape = elem.hasShape;
  return t;
}

/** Makes pointer types for one package. Once it is lowered the compiler stops keeping them: each `*T` that is asked for
 *  is then one more type, unless there was one before. They are identical, but not the same, which shows where the
 *  compiler compares types by their address (devirtualize.ts). */
export class PointerTypes {
  private keeps = true;
  /** It has made a difference: what is found out depends on the types that all of the package mentions. */
  toldApart = false;

  /** From now on pointers that did not exist are made anew each time (ssagen.InitConfig). */
  stopKeeping(): void {
    this.keeps = false;
  }

  to(elem: Type): Type {
    if (this.keeps || elem.ptrTo !== null) return newPtr(elem);
    return makePtr(elem);
  }
}

export function newSlice(elem: Type): Type {
  const known = elem.sliceOf;
  if (known !== null) {
    if (elem.hasShape) known.hasShape = true;
    return known;
  }
  const t = new Type(TKind.SLICE);
  t.elem = elem;
  t.hasShape = elem.hasShape;
  elem.sliceOf = t;
  return t;
}

export function newArray(elem: Type, len: number): Type {
  const t = new Type(TKind.ARRAY);
  t.elem = elem;
  t.len = len;
  t.hasShape = elem.hasShape;
  return t;
}

export function newMap(key: Type, elem: Type): Type {
  const t = new Type(TKind.MAP);
  t.key = key;
  t.elem = elem;
  t.hasShape = key.hasShape || elem.hasShape;
  return t;
}

export function newChan(elem: Type, dir: ChanDir = ChanDir.Both): Type {
  const t = new Type(TKind.CHAN);
  t.elem = elem;
  t.dir = dir;
  t.hasShape = elem.hasShape;
  return t;
}

export function newField(pos: Pos, sym: Sym | null, type: Type): Field {
  return new Field(pos, sym, type);
}

export function newStruct(fields: Field[]): Type {
  const t = new Type(TKind.STRUCT);
  t.fields = fields;
  t.hasShape = fieldsHaveShape(fields);
  return t;
}

/** `methods` is the whole method set, embedded interfaces included, sorted by compareSyms. */
export function newInterface(methods: Field[]): Type {
  const t = new Type(TKind.INTER);
  t.fields = methods;
  t.hasShape = fieldsHaveShape(methods);
  return t;
}

export function newSignature(recv: Field | null, params: Field[], results: Field[]): Type {
  const t = new Type(TKind.FUNC);
  t.recv = recv;
  t.params = params;
  t.results = results;
  t.variadic = params.length > 0 && params[params.length - 1].isDDD;
  t.hasShape = (recv?.type.hasShape ?? false) || fieldsHaveShape(params) || fieldsHaveShape(results);
  return t;
}

/** The type of a call with several results. */
export function newTuple(results: Field[]): Type {
  const t = new Type(TKind.TUPLE);
  t.fields = results;
  t.hasShape = fieldsHaveShape(results);
  return t;
}

/** A defined type whose kind is known; setUnderlying completes it. */
export function newNamed(pos: Pos, sym: Sym, kind: TKind): Type {
  const t = new Type(kind);
  t.sym = sym;
  t.pos = pos;
  if (sym.pkg !== null && sym.pkg.path === "go.shape") {
    t.isShape = true;
    t.hasShape = true;
  }
  return t;
}

/** Completes named type `t`: it takes over the components of `underlying`, which must be complete enough to have them. */
export function setUnderlying(t: Type, underlying: Type): void {
  const u = underlying.underlying;
  t.underlying = u;
  t.elem = u.elem;
  t.key = u.key;
  t.len = u.len;
  t.dir = u.dir;
  t.fields = u.fields;
  t.recv = u.recv;
  t.params = u.params;
  t.results = u.results;
  t.variadic = u.variadic;
  if (underlying.hasShape) t.hasShape = true;
}

/** The type of the function that method expression `recv.m` denotes: the receiver, if any, becomes the first
 *  parameter. Names and positions are dropped (typecheck.NewMethodType). */
export function newMethodType(sig: Type, recv: Type | null, pos: Pos): Type {
  const params: Field[] = [];
  if (recv !== null) params.push(new Field(pos, null, recv));
  for (const param of sig.params) {
    const field = new Field(pos, null, param.type);
    field.isDDD = param.isDDD;
    params.push(field);
  }
  const results = sig.results.map((result) => new Field(pos, null, result.type));
  return newSignature(null, params, results);
}

function fieldsHaveShape(fields: readonly Field[]): boolean {
  for (const f of fields) if (f.type.hasShape) return true;
  return false;
}
