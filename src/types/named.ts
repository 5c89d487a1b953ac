/** Defined types: lazy loading of imported ones, lazy expansion of instances, methods and underlying types.
 *
 *  Mirrors cmd/compile/internal/types2/named.go. A Named comes from a declaration that is being checked, from a package
 *  summary (`loader` fills it in) or from an instantiation. What is on the right of a declaration may not be known yet
 *  when the Named is used to form other types, so it is only asked for through the functions of this file:
 *
 *      unpack     type parameters, methods and right-hand side are there (of instances: methods unexpanded)
 *      method     the i-th declared method, for instances with the type arguments put in
 *      under      (under.ts) the underlying type
 *
 *  Declared types are identical only if they are the same object; instances may be identical without. */
import type { Pos } from "../base/pos.ts";
import { aliasRHS, aliasTypeParams } from "./alias.ts";
import { type Checker, needsCleanup } from "./check.ts";
import { Context } from "./context.ts";
import { objDecl } from "./decl.ts";
import { deref } from "./lookup.ts";
import { equalFold, hasPtrRecv, isExported } from "./object.ts";
import { samePkg } from "./predicates.ts";
import { cloneFunc, cloneSignature, cloneVar, makeSubstMap, replaceRecvType, subst } from "./subst.ts";
import { bindTParams } from "./typeparam.ts";
import {
  type Alias,
  type Func,
  Named,
  type Package,
  Pointer,
  type Signature,
  type Type,
  TypeKind,
  TypeName,
  type TypeParam,
} from "./types.ts";
import { newInterface, typeSet } from "./typeset.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";

/** Bits of Named.state; once set they stay. */
export const enum NamedState {
  /** Type parameters, right-hand side and (of instances unexpanded) methods are available. */
  Unpacked = 1,
  /** Of instances: all methods are expanded. */
  HasMethods = 2,
  /** `finite` is valid. */
  HasFinite = 4,
}

export function newNamed(
  c: Checker | null,
  obj: TypeName,
  fromRHS: Type | null,
  methods: readonly Func[] | null,
): Named {
  const named = new Named(obj);
  named.fromRHS = fromRHS;
  if (methods !== null) named.methods = [...methods];
  if (c !== null) {
    named.check = c;
    needsCleanup(c, named);
  }
  return named;
}

/** An instance of `orig`; `expanding` is the instance whose expansion led to it, if any. */
export function newNamedInstance(
  c: Checker | null,
  pos: Pos,
  orig: Named,
  targs: readonly Type[],
  expanding: Named | null,
): Named {
  const named = new Named(new TypeName(pos, orig.obj.pkg, orig.obj.name, null));
  named.orig = orig;
  named.targs = targs;
  // Reference cycles stay within a package; other packages' types need not share the context.
  if (expanding !== null && expanding.obj.pkg === named.obj.pkg) named.expansion = expanding.expansion;
  if (c !== null) {
    named.check = c;
    needsCleanup(c, named);
  }
  return named;
}

/** An instance without methods keeps its underlying type for later; declared types must have one. */
export function cleanup(named: Named, _c: Checker): void {
  if (named.orig === named) under(named);
  named.check = null;
}

export function isInstance(named: Named): boolean {
  return named.orig !== named;
}

/** Makes type parameters, methods and right-hand side available. */
export function unpack(named: Named): Named {
  if ((named.state & NamedState.Unpacked) !== 0) return named;
  const orig = named.orig;
  if (orig !== named) {
    unpack(orig);
    named.fromRHS = expandRHS(named);
    named.tparams = orig.tparams;
    named.state |= NamedState.Unpacked;
    if (orig.methods.length === 0) {
      named.state |= NamedState.HasMethods;
      named.expansion = null;
    }
    return named;
  }
  const loader = named.loader;
  if (loader !== null) {
    named.loader = null;
    named.state |= NamedState.Unpacked; // the loader may come across the type itself
    loader(named);
  }
  named.state |= NamedState.Unpacked | NamedState.HasMethods;
  return named;
}

/** The type parameters of a generic type or function; of an instance those of its generic type. */
export function typeParams(t: Named | Alias | Signature): readonly TypeParam[] {
  switch (t.kind) {
    case TypeKind.Named:
      return unpack(t).tparams;
    case TypeKind.Alias:
      return aliasTypeParams(t);
    default:
      return t.tparams;
  }
}

export function setTypeParams(named: Named, tparams: readonly TypeParam[]): void {
  unpack(named).tparams = bindTParams(tparams);
}

// ------------------------------------------------------------------------------------------------- methods

export function numMethods(named: Named): number {
  return unpack(named.orig).methods.length;
}

/** The i-th declared method, in source order. */
export function method(named: Named, i: number): Func {
  unpack(named);
  if ((named.state & NamedState.HasMethods) !== 0) return named.methods[i];

  const orig = named.orig;
  while (named.methods.length < orig.methods.length) named.methods.push(null as unknown as Func);
  if (named.methods[i] === null) {
    named.methods[i] = expandMethod(named, i);
    if (++named.expandedMethods === orig.methods.length) {
      named.state |= NamedState.HasMethods;
      named.expansion = null;
    }
  }
  return named.methods[i];
}

function expandMethod(named: Named, i: number): Func {
  const c = named.check;
  const origMethod = method(named.orig, i);
  if (c !== null) objDecl(c, origMethod);

  const origSig = origMethod.type!;
  const rbase = deref(origSig.recv!.type!).type;
  // Instantiated with the receiver's own type parameters: going from a method to its receiver type and back must lead
  // to the same method.
  if (rbase === named) return origMethod;

  let sig = origSig;
  if (origSig.rparams.length === named.targs.length) {
    const smap = makeSubstMap(origSig.rparams, named.targs);
    sig = subst(c, origMethod.pos, origSig, smap, named, c === null ? null : c.ctxt) as Signature;
  }
  if (sig === origSig) sig = cloneSignature(origSig);
  sig.recv = cloneVar(origSig.recv!, hasPtrRecv(origMethod) ? new Pointer(named) : named);
  return cloneFunc(origMethod, sig);
}

export function addMethod(named: Named, m: Func): void {
  unpack(named);
  if (methodIndex(named, m.name, false) < 0) named.methods.push(m);
}

/** The index of the declared method of that name, -1 if there is none. */
export function methodIndex(named: Named, name: string, foldCase: boolean): number {
  if (name === "_") return -1;
  const methods = named.methods;
  for (let i = 0; i < methods.length; i++) {
    const other = methods[i].name;
    if (other === name || (foldCase && equalFold(other, name))) return i;
  }
  return -1;
}

export function lookupMethod(
  named: Named,
  pkg: Package | null,
  name: string,
  foldCase: boolean,
): { index: number; method: Func } | null {
  unpack(named);
  // Only the method asked for is expanded.
  const index = methodIndex(named.orig, name, foldCase);
  if (index < 0 || !(foldCase || samePkg(named.obj.pkg, pkg) || isExported(name))) return null;
  return { index, method: method(named, index) };
}

// ------------------------------------------------------------------------------------------------- underlying

export function setUnderlying(named: Named, u: Type): void {
  named.fromRHS = u;
  named.underlyingType = u;
  named.state |= NamedState.Unpacked | NamedState.HasMethods;
}

/** The part of `under` that is only done once: follows the right-hand sides of aliases and named types. There are no
 *  direct cycles, directCycles has broken them. */
export function namedUnderlying(named: Named): Type {
  const path: Named[] = [];
  let u: Type | null = null;
  for (let rhs: Type | null = named; u === null; ) {
    if (rhs === null) u = Typ[0];
    else if (rhs.kind === TypeKind.Alias) rhs = aliasRHS(rhs);
    else if (rhs.kind === TypeKind.Named) {
      if (rhs.underlyingType !== null) u = rhs.underlyingType;
      else {
        path.push(rhs);
        rhs = unpack(rhs).fromRHS;
      }
    } else u = rhs;
  }
  for (const t of path) t.underlyingType ??= u;
  return named.underlyingType!;
}

/** The right-hand side that an instance would have if it were declared: `type T[int] struct{ f int }`. */
function expandRHS(named: Named): Type {
  const c = named.check;
  const orig = named.orig;
  named.expansion ??= new Context();
  const targs = named.targs;
  if (targs.length !== orig.tparams.length) return Typ[0];

  named.expansion.update(orig, targs, named); // ends infinite instantiation
  const smap = makeSubstMap(orig.tparams, targs);
  const ctxt = c === null ? named.expansion : c.ctxt;
  const rhs = subst(c, named.obj.pos, orig.fromRHS!, smap, named, ctxt);

  // The receiver of interface methods is the named type.
  if (rhs.kind === TypeKind.Interface) {
    const methods = replaceRecvType(rhs.methods, orig, named);
    if (methods !== rhs.methods) {
      let iface = rhs;
      if (iface === orig.fromRHS) {
        iface = newInterface(c);
        iface.complete = true;
        iface.embeddeds = rhs.embeddeds;
      }
      iface.methods = methods;
      iface.typeSet = null;
      if (c === null) typeSet(iface);
      return iface;
    }
  }
  return rhs;
}

/** The underlying type without expanding an instance; null if it is not known yet. */
export function safeUnderlying(t: Type): Type | null {
  const u = t.kind === TypeKind.Alias ? followNamed(t) : t;
  return u.kind === TypeKind.Named ? u.underlyingType : under(u);
}

function followNamed(alias: Alias): Type {
  let t: Type = alias;
  while (t.kind === TypeKind.Alias) t = t.actual ?? aliasRHS(t)!;
  return t;
}
