/** Unification: makes two types equal by finding types for the type parameters in them.
 *
 *  Mirrors cmd/compile/internal/types2/unify.go. Beyond identity, a defined type and a type literal unify if their
 *  underlying types do, directions of channels and missing methods of interfaces may be ignored (inexact modes), and
 *  type parameters of others stand for their core types. Whether the types found fit is decided later, when the
 *  function is instantiated and its arguments are assigned. */
import { InternalError } from "../base/diag.ts";
import { ChanDir } from "../syntax/ast.ts";
import { asNamed, unalias } from "./alias.ts";
import { lookupFieldOrMethod } from "./lookup.ts";
import { id, sameId } from "./object.ts";
import {
  type IfacePair,
  identical,
  identicalOrigin,
  isInterface,
  isTypeLit,
  isTypeParam,
  onStack,
  sameMethodId,
} from "./predicates.ts";
import { equalLists } from "./termlist.ts";
import { type Func, type Interface, ObjKind, type Tuple, type Type, TypeKind, type TypeParam } from "./types.ts";
import { typeSet } from "./typeset.ts";
import { commonUnder, under } from "./under.ts";

/** Bits. */
export const enum UnifyMode {
  Inexact = 0,
  /** The types are those of an assignment: inexact at the top, their elements must match exactly. */
  Assign = 1,
  /** Types must be identical once type parameters are replaced. */
  Exact = 2,
}

/** Catches infinite recursion, which would be a mistake of ours. */
const unificationDepthLimit = 50;

/** The type inferred for a type parameter; those that were unified with each other share one. */
interface Handle {
  type: Type | null;
}

export class Unifier {
  private readonly handles = new Map<TypeParam, Handle>();
  private depth = 0;

  /** `targs` may be shorter than `tparams` and have nulls. */
  constructor(
    tparams: readonly TypeParam[],
    targs: readonly (Type | null)[],
    /** Common methods of interfaces help to infer types (Go 1.21). */
    private readonly enableInterfaceInference: boolean,
  ) {
    for (let i = 0; i < tparams.length; i++) this.handles.set(tparams[i], { type: targs[i] ?? null });
  }

  /** Whether x and y unify. Types may be inferred on the way, even if they do not. */
  unify(x: Type, y: Type, mode: UnifyMode): boolean {
    return this.nify(x, y, mode, null);
  }

  /** The type inferred for one of the type parameters. */
  at(tpar: TypeParam): Type | null {
    return this.handles.get(tpar)!.type;
  }

  set(tpar: TypeParam, t: Type): void {
    this.handles.get(tpar)!.type = t;
  }

  /** How many type parameters have no type yet. */
  unknowns(): number {
    let n = 0;
    for (const h of this.handles.values()) if (h.type === null) n++;
    return n;
  }

  inferred(tparams: readonly TypeParam[]): (Type | null)[] {
    return tparams.map((tpar) => this.at(tpar));
  }

  /** Makes x and y share their type; fails if both have one. */
  private join(x: TypeParam, y: TypeParam): boolean {
    const hx = this.handles.get(x)!;
    const hy = this.handles.get(y)!;
    if (hx === hy) return true;
    if (hx.type !== null && hy.type !== null) return false;
    if (hx.type !== null) this.replace(hy, hx);
    else this.replace(hx, hy);
    return true;
  }

  private replace(from: Handle, to: Handle): void {
    for (const [tpar, h] of this.handles) if (h === from) this.handles.set(tpar, to);
  }

  private asBoundTypeParam(x: Type): TypeParam | null {
    const t = unalias(x);
    return t.kind === TypeKind.TypeParam && this.handles.has(t) ? t : null;
  }

  private nify(x: Type, y: Type, mode: UnifyMode, p: IfacePair | null): boolean {
    if (x === y || unalias(x) === unalias(y)) return true;
    this.depth++;
    if (this.depth > unificationDepthLimit) throw new InternalError("unification reached recursion depth limit");
    const result = this.nifyDistinct(x, y, mode, p);
    this.depth--;
    return result;
  }

  // A change here needs the like in compare of predicates.ts.
  private nifyDistinct(x: Type, y: Type, mode: UnifyMode, p: IfacePair | null): boolean {
    const exact = (mode & UnifyMode.Exact) !== 0;

    // A defined type, if any, goes to y; a bound type parameter, if any, to x.
    if (asNamed(x) !== null || this.asBoundTypeParam(y) !== null) [x, y] = [y, x];

    // A defined type and a literal: go on with the underlying type.
    const ny = asNamed(y);
    if (!exact && ny !== null && isTypeLit(x) && !(this.enableInterfaceInference && isInterface(x))) {
      y = under(ny);
      if (x === y || unalias(x) === unalias(y)) return true;
    }

    const px = this.asBoundTypeParam(x);
    if (px !== null) {
      const py = this.asBoundTypeParam(y);
      if (py !== null) {
        if (this.join(px, py)) return true;
        return this.nify(this.at(px)!, this.at(py)!, mode, p); // both have types
      }
      const known = this.at(px);
      if (known !== null) return this.nifyKnown(px, known, y, mode, p);
      this.set(px, y);
      return true;
    }

    if (this.enableInterfaceInference && !exact) {
      const done = this.nifyInterfaces(x, y, p);
      if (done !== null) return done;
    }

    // Of unbound type parameters there is one in x, if any.
    if (isTypeParam(y)) [x, y] = [y, x];
    const emode = (mode & UnifyMode.Assign) !== 0 ? mode | UnifyMode.Exact : mode;
    const yorig = y;
    return this.nifyStructure(unalias(x), unalias(y), yorig, mode, emode, p);
  }

  /** A bound type parameter with an inferred type `x` meets `y`. */
  private nifyKnown(px: TypeParam, x: Type, y: Type, mode: UnifyMode, p: IfacePair | null): boolean {
    if (!this.nify(x, y, mode, p)) return false;
    const xi = asInterface(x);
    const yi = asInterface(y);
    const xn = asNamed(x) !== null;
    const yn = asNamed(y) !== null;
    if (xi !== null && yi !== null) {
      // Which of two names would be right cannot be said.
      if (xn && yn) return identical(x, y);
      if (typeSet(xi).methods.length !== typeSet(yi).methods.length) return false;
    } else if (xi !== null || yi !== null) {
      return false; // either would do, so the order of arguments would matter
    }
    // Independent of order, a defined type is preferred, then a directed channel.
    if ((mode & UnifyMode.Exact) === 0 && !xn) {
      if (yn) this.set(px, y);
      else {
        const yc = under(y);
        if (yc.kind === TypeKind.Chan && yc.dir !== ChanDir.Both) this.set(px, y);
      }
    }
    return true;
  }

  /** Inexact unification with interfaces: the methods of one must be among those of the other. null if neither is an
   *  interface. */
  private nifyInterfaces(x: Type, y: Type, p: IfacePair | null): boolean | null {
    let xi = asInterface(x);
    const yi = asInterface(y);
    if (xi !== null && yi !== null) {
      const xset = typeSet(xi);
      const yset = typeSet(yi);
      if (xset.comparable !== yset.comparable || !equalLists(xset.terms, yset.terms)) return false;
      if (onStack(p, xi, yi)) return true;
      let xmethods = xset.methods;
      let ymethods = yset.methods;
      if (xmethods.length > ymethods.length) [xmethods, ymethods] = [ymethods, xmethods];
      const ymap = new Map<string, Func>();
      for (const m of ymethods) ymap.set(id(m.pkg, m.name), m);
      // The compiler walks its stack of pairs to the end here and goes on with an empty one.
      for (const xm of xmethods) {
        const ym = ymap.get(id(xm.pkg, xm.name));
        if (ym === undefined || !this.nify(xm.type!, ym.type!, UnifyMode.Exact, null)) return false;
      }
      return true;
    }
    if (yi !== null) {
      xi = yi;
      y = x;
    }
    if (xi === null) return null;
    for (const xm of typeSet(xi).methods) {
      const { obj } = lookupFieldOrMethod(y, false, xm.pkg, xm.name, false);
      if (obj === null || obj.kind !== ObjKind.Func) return false;
      if (!this.nify(xm.type!, obj.type!, UnifyMode.Exact, p)) return false;
    }
    return true;
  }

  /** `yorig` is y with its alias name. */
  private nifyStructure(
    x: Type,
    y: Type,
    yorig: Type,
    mode: UnifyMode,
    emode: UnifyMode,
    p: IfacePair | null,
  ): boolean {
    switch (x.kind) {
      case TypeKind.Basic:
        return y.kind === TypeKind.Basic && x.basic === y.basic;
      case TypeKind.Array:
        if (y.kind !== TypeKind.Array) return false;
        return (x.len < 0 || y.len < 0 || x.len === y.len) && this.nify(x.elem, y.elem, emode, p);
      case TypeKind.Slice:
        return y.kind === TypeKind.Slice && this.nify(x.elem, y.elem, emode, p);
      case TypeKind.Struct:
        if (y.kind !== TypeKind.Struct || x.fields.length !== y.fields.length) return false;
        for (let i = 0; i < x.fields.length; i++) {
          const f = x.fields[i];
          const g = y.fields[i];
          if (f.embedded !== g.embedded || (x.tags[i] ?? "") !== (y.tags[i] ?? "")) return false;
          if (!sameId(f, g.pkg, g.name, false) || !this.nify(f.type!, g.type!, emode, p)) return false;
        }
        return true;
      case TypeKind.Pointer:
        return y.kind === TypeKind.Pointer && this.nify(x.base, y.base, emode, p);
      case TypeKind.Tuple:
        return y.kind === TypeKind.Tuple && this.nifyTuples(x, y, mode, p);
      case TypeKind.Signature:
        if (y.kind !== TypeKind.Signature || x.variadic !== y.variadic) return false;
        return this.nifyTuples(x.params, y.params, emode, p) && this.nifyTuples(x.results, y.results, emode, p);
      case TypeKind.Interface: {
        if (y.kind !== TypeKind.Interface) return false;
        const xset = typeSet(x);
        const yset = typeSet(y);
        if (xset.comparable !== yset.comparable || !equalLists(xset.terms, yset.terms)) return false;
        const a = xset.methods;
        const b = yset.methods;
        if (a.length !== b.length) return false;
        if (onStack(p, x, y)) return true;
        const pair: IfacePair = { x, y, prev: p };
        for (let i = 0; i < a.length; i++) {
          if (!sameMethodId(a[i], b[i]) || !this.nify(a[i].type!, b[i].type!, UnifyMode.Exact, pair)) return false;
        }
        return true;
      }
      case TypeKind.Map:
        return y.kind === TypeKind.Map && this.nify(x.key, y.key, emode, p) && this.nify(x.elem, y.elem, emode, p);
      case TypeKind.Chan:
        if (y.kind !== TypeKind.Chan || ((mode & UnifyMode.Exact) !== 0 && x.dir !== y.dir)) return false;
        return this.nify(x.elem, y.elem, emode, p);
      case TypeKind.Named: {
        if (y.kind !== TypeKind.Named || x.targs.length !== y.targs.length) return false;
        // Arguments first, for better messages when the generic types differ.
        for (let i = 0; i < x.targs.length; i++) if (!this.nify(x.targs[i], y.targs[i], mode, p)) return false;
        return identicalOrigin(x, y);
      }
      case TypeKind.TypeParam: {
        // An unbound one. Its core type, if there is one, says how all its type arguments look.
        const core = commonUnder(x, null).type;
        return core !== null && this.nify(core, yorig, UnifyMode.Assign, p);
      }
      default:
        throw new InternalError("unification of an unexpected type");
    }
  }

  private nifyTuples(x: Tuple, y: Tuple, mode: UnifyMode, p: IfacePair | null): boolean {
    if (x.vars.length !== y.vars.length) return false;
    for (let i = 0; i < x.vars.length; i++) {
      if (!this.nify(x.vars[i].type!, y.vars[i].type!, mode, p)) return false;
    }
    return true;
  }
}

/** The underlying type of `x` if it is an interface; type parameters do not count. */
function asInterface(x: Type): Interface | null {
  if (isTypeParam(x)) return null;
  const u = under(x);
  return u.kind === TypeKind.Interface ? u : null;
}
