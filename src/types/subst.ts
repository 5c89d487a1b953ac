/** Substitution of type parameters by types.
 *
 *  Mirrors cmd/compile/internal/types2/subst.go. Types are not changed; a type without any of the type parameters in
 *  it comes back as it is, which callers rely on. */

import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { aliasTypeParams, newAliasInstance } from "./alias.ts";
import type { Checker } from "./check.ts";
import type { Context } from "./context.ts";
import { instance } from "./instantiate.ts";
import { typeParams } from "./named.ts";
import {
  ArrayT,
  Chan,
  Func,
  type Interface,
  MapT,
  type Named,
  Pointer,
  Signature,
  Slice,
  Struct,
  Term,
  Tuple,
  type Type,
  TypeKind,
  type TypeParam,
  Union,
  Var,
} from "./types.ts";
import { newInterface, typeSet } from "./typeset.ts";
import { Typ } from "./universe.ts";

/** Maps type parameters to types; null leaves a type parameter as it is. */
export interface SubstMap {
  readonly from: readonly TypeParam[];
  readonly to: readonly (Type | null)[];
}

export function makeSubstMap(tpars: readonly TypeParam[], targs: readonly (Type | null)[]): SubstMap {
  if (tpars.length !== targs.length) throw new InternalError("substitution: type parameters and arguments differ");
  return { from: tpars, to: targs };
}

export function makeRenameMap(from: readonly TypeParam[], to: readonly TypeParam[]): SubstMap {
  return makeSubstMap(from, to);
}

function lookup(smap: SubstMap, tpar: TypeParam): Type {
  const from = smap.from;
  for (let i = 0; i < from.length; i++) if (from[i] === tpar) return smap.to[i] ?? tpar;
  return tpar;
}

/** `typ` with the type parameters of `smap` replaced. One of `expanding` (the instance that is being expanded) and
 *  `ctxt` must not be null: instances are looked up there. */
export function subst(
  c: Checker | null,
  pos: Pos,
  typ: Type,
  smap: SubstMap,
  expanding: Named | null,
  ctxt: Context | null,
): Type {
  if (smap.from.length === 0 || typ.kind === TypeKind.Basic) return typ;
  if (typ.kind === TypeKind.TypeParam) return lookup(smap, typ);
  return new Subster(pos, smap, c, expanding, ctxt).typ(typ);
}

class Subster {
  constructor(
    private readonly pos: Pos,
    private readonly smap: SubstMap,
    private readonly check: Checker | null,
    private readonly expanding: Named | null,
    private readonly ctxt: Context | null,
  ) {}

  typ(t: Type): Type {
    switch (t.kind) {
      case TypeKind.Basic:
        return t;
      case TypeKind.TypeParam:
        return lookup(this.smap, t);
      case TypeKind.Alias: {
        const n = aliasTypeParams(t.orig).length;
        if (n === 0) return t;
        if (t.targs.length !== n) return Typ[0]; // reported elsewhere
        const targs = this.list(t.targs);
        if (targs === t.targs) return t;
        return newAliasInstance(this.check, this.pos, t.orig, targs, this.expanding, this.ctxt);
      }
      case TypeKind.Array: {
        const elem = this.typOrNil(t.elem);
        return elem === t.elem ? t : new ArrayT(elem, t.len);
      }
      case TypeKind.Slice: {
        const elem = this.typOrNil(t.elem);
        return elem === t.elem ? t : new Slice(elem);
      }
      case TypeKind.Struct: {
        const fields = this.vars(t.fields);
        if (fields === t.fields) return t;
        const s = new Struct();
        s.fields = fields as Var[];
        s.tags = t.tags;
        return s;
      }
      case TypeKind.Pointer: {
        const base = this.typ(t.base);
        return base === t.base ? t : new Pointer(base);
      }
      case TypeKind.Tuple:
        return this.tuple(t);
      case TypeKind.Signature: {
        // The receiver is seen to where interfaces and named types are expanded: an interface is the receiver type of
        // its own methods, so going there would not end.
        const params = this.tuple(t.params);
        const results = this.tuple(t.results);
        if (params === t.params && results === t.results) return t;
        const sig = new Signature();
        sig.rparams = t.rparams;
        sig.tparams = t.tparams;
        sig.recv = t.recv;
        sig.params = params;
        sig.results = results;
        sig.variadic = t.variadic;
        return sig;
      }
      case TypeKind.Union: {
        let terms: Term[] | null = null;
        for (let i = 0; i < t.terms.length; i++) {
          const term = t.terms[i];
          const type = this.typ(term.type);
          if (type === term.type) continue;
          terms ??= [...t.terms];
          terms[i] = new Term(term.tilde, type);
        }
        return terms === null ? t : new Union(terms);
      }
      case TypeKind.Interface:
        return this.interface(t);
      case TypeKind.Map: {
        const key = this.typ(t.key);
        const elem = this.typ(t.elem);
        return key === t.key && elem === t.elem ? t : new MapT(key, elem);
      }
      case TypeKind.Chan: {
        const elem = this.typ(t.elem);
        return elem === t.elem ? t : new Chan(t.dir, elem);
      }
      case TypeKind.Named: {
        // Nothing here may cause t to be expanded: we may be in the midst of that.
        const orig = t.orig;
        const n = typeParams(orig).length;
        if (n === 0) return t;
        if (t.targs.length !== n) return Typ[0]; // reported elsewhere
        const targs = this.list(t.targs);
        return targs === t.targs ? t : instance(this.check, this.pos, orig, targs, this.expanding, this.ctxt);
      }
    }
  }

  /** In pathological cases (`type T[P any] []func(_ T([]_))`) an element is used before it is set up. */
  private typOrNil(t: Type | null): Type {
    return t === null ? Typ[0] : this.typ(t);
  }

  private list(types: readonly Type[]): readonly Type[] {
    let out: Type[] | null = null;
    for (let i = 0; i < types.length; i++) {
      const u = this.typ(types[i]);
      if (u === types[i]) continue;
      out ??= [...types];
      out[i] = u;
    }
    return out ?? types;
  }

  private vars(vars: readonly Var[]): readonly Var[] {
    let out: Var[] | null = null;
    for (let i = 0; i < vars.length; i++) {
      const v = vars[i];
      const u = this.typ(v.type!);
      if (u === v.type) continue;
      out ??= [...vars];
      out[i] = cloneVar(v, u);
    }
    return out ?? vars;
  }

  private tuple(t: Tuple): Tuple {
    const vars = this.vars(t.vars);
    return vars === t.vars ? t : new Tuple(vars);
  }

  private interface(t: Interface): Interface {
    let methods: Func[] | null = null;
    for (let i = 0; i < t.methods.length; i++) {
      const m = t.methods[i];
      const u = this.typ(m.type!);
      if (u === m.type) continue;
      methods ??= [...t.methods];
      methods[i] = cloneFunc(m, u as Signature);
    }
    const embeddeds = this.list(t.embeddeds);
    if (methods === null && embeddeds === t.embeddeds) return t;
    const iface = newInterface(this.check);
    iface.embeddeds = embeddeds as Type[];
    iface.embedPos = t.embedPos;
    iface.implicit = t.implicit;
    iface.complete = t.complete;
    iface.methods = replaceRecvType(methods ?? t.methods, t, iface);
    if (this.check === null) typeSet(iface); // a checker completes it at its end
    return iface;
  }
}

export function cloneVar(v: Var, type: Type): Var {
  const copy = new Var(v.pos, v.pkg, v.name, type, v.varKind);
  copy.parent = v.parent;
  copy.order = v.order;
  copy.scopePos = v.scopePos;
  copy.embedded = v.embedded;
  copy.used = v.used;
  copy.origin = v.origin;
  return copy;
}

export function cloneFunc(f: Func, type: Signature): Func {
  const copy = new Func(f.pos, f.pkg, f.name, type);
  copy.parent = f.parent;
  copy.order = f.order;
  copy.scopePos = f.scopePos;
  copy.hasPtrRecv = f.hasPtrRecv;
  copy.origin = f.origin;
  copy.decl = f.decl;
  copy.summary = f.summary;
  return copy;
}

export function cloneSignature(sig: Signature): Signature {
  const copy = new Signature();
  copy.tparams = sig.tparams;
  copy.rparams = sig.rparams;
  copy.scope = sig.scope;
  copy.recv = sig.recv;
  copy.params = sig.params;
  copy.results = sig.results;
  copy.variadic = sig.variadic;
  return copy;
}

/** The methods with receivers of type `old` changed to `type`; the very list if there are none. */
export function replaceRecvType(list: Func[], old: Type, type: Type): Func[] {
  let out: Func[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const sig = list[i].type;
    if (sig === null || sig.recv === null || sig.recv.type !== old) continue;
    out ??= [...list];
    const copy = cloneSignature(sig);
    copy.recv = cloneVar(sig.recv, type);
    out[i] = cloneFunc(list[i], copy);
  }
  return out ?? list;
}
