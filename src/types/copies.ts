/** Types that the compiler's export data hold several times, and how the parts of export data are named to say so: see
 *  ir/noder/copies.ts, which finds them. */
import { aliasRHS, unalias } from "./alias.ts";
import { method, namedUnderlying, numMethods } from "./named.ts";
import {
  type Alias,
  type Func,
  type Named,
  type Obj,
  ObjKind,
  type Package,
  type Signature,
  type Type,
  TypeKind,
} from "./types.ts";
import { typeString } from "./typestring.ts";

/** Names: a declaration's is that of {@link elementName}, an instance's that of {@link instanceName}. Type literals have
 *  the name of what declares them and a number ({@link literalsOf}). Later copies of a type are `name@copy`. */
export interface TypeCopies {
  /** Type literals that exporters and importers have to tell apart. */
  readonly literals: ReadonlySet<string>;
  /** The instances that have some of these. */
  readonly instances: readonly Named[];
  /** Who refers to a later copy: name of the declaration or type → type → number of the copy. */
  readonly mentions: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The name of a declaration, which for types in functions has their number. */
export function elementName(obj: Obj): string {
  return obj.kind === ObjKind.TypeName && obj.localIndex !== 0 ? `${obj.name}·${obj.localIndex}` : obj.name;
}

/** The name of the declaration that a function is written with. */
export function declaringElement(fn: Func): string {
  const { recv } = fn.type!;
  if (recv === null) return elementName(fn);
  let type = unalias(recv.type!);
  if (type.kind === TypeKind.Pointer) type = unalias(type.base);
  return elementName(type.kind === TypeKind.Named ? type.orig.obj : fn);
}

export function instanceName(type: Named | Alias): string {
  return typeString(type, pathOf);
}

function pathOf(pkg: Package): string {
  return pkg.path;
}

/** Gives `take` the type literals of `pkg` that have to be told apart. */
export function literalsApart(pkg: Package, take: (literal: Type, name: string) => void): void {
  const { literals, instances } = pkg.typeCopies;
  const owners = new Set<string>();
  for (const name of literals) if (!name.includes("[")) owners.add(name.slice(0, name.search(/[.#]/)));
  const takeKnown = (literal: Type, name: string): void => {
    if (literals.has(name)) take(literal, name);
  };
  for (const owner of owners) {
    const obj = pkg.scope.lookup(owner);
    if (obj !== null) literalsOf(obj, takeKnown);
  }
  for (const type of instances) literalsOfInstance(type, takeKnown);
}

/** Gives `take` the type literals that the declaration of `obj` consists of. */
export function literalsOf(obj: Obj, take: (literal: Type, name: string) => void): void {
  const name = elementName(obj);
  const type = obj.type;
  if (type === null) return;
  if (obj.kind !== ObjKind.TypeName) new Literals(name, take).type(type);
  else if (type.kind === TypeKind.Alias) new Literals(name, take).type(aliasRHS(type)!);
  else if (type.kind === TypeKind.Named && type.obj === obj) literalsOfNamed(type, name, take);
}

/** The same for an instance. */
export function literalsOfInstance(type: Named, take: (literal: Type, name: string) => void): void {
  literalsOfNamed(type, instanceName(type), take);
}

function literalsOfNamed(type: Named, name: string, take: (literal: Type, name: string) => void): void {
  new Literals(name, take).type(namedUnderlying(type));
  for (let i = 0; i < numMethods(type); i++) {
    const m = method(type, i);
    new Literals(`${name}.${m.name}`, take).type(m.type!);
  }
}

class Literals {
  private count = 0;
  constructor(
    private readonly owner: string,
    private readonly take: (literal: Type, name: string) => void,
  ) {}

  type(t: Type): void {
    if (!isTypeLiteral(t)) return;
    this.take(t, `${this.owner}#${this.count++}`);
    for (const part of partsOf(t)) this.type(part);
  }
}

export function isTypeLiteral(t: Type): boolean {
  switch (t.kind) {
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Struct:
    case TypeKind.Pointer:
    case TypeKind.Signature:
    case TypeKind.Interface:
    case TypeKind.Map:
    case TypeKind.Chan:
      return true;
    default:
      return false;
  }
}

/** The types that a type literal consists of, with the signatures of methods and their receivers. */
export function partsOf(t: Type): readonly Type[] {
  switch (t.kind) {
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Chan:
      return [t.elem];
    case TypeKind.Pointer:
      return [t.base];
    case TypeKind.Map:
      return [t.key, t.elem];
    case TypeKind.Struct:
      return t.fields.map((f) => f.type!);
    case TypeKind.Signature:
      return signatureParts(t);
    case TypeKind.Interface:
      return [...t.methods.map((m) => m.type!), ...t.embeddeds];
    case TypeKind.Union:
      return t.terms.map((term) => term.type);
    default:
      return [];
  }
}

function signatureParts(sig: Signature): Type[] {
  const parts = [...sig.params.vars, ...sig.results.vars].map((v) => v.type!);
  // The receiver of an interface's method is the interface.
  const recv = sig.recv?.type ?? null;
  if (recv !== null && recv.kind === TypeKind.Pointer) parts.unshift(recv);
  return parts;
}
