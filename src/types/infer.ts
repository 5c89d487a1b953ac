/** Type inference: the type arguments that a call of a generic function leaves out.
 *
 *  Mirrors cmd/compile/internal/types2/infer.go. Types come from the typed arguments first, then from the constraints
 *  (core types and methods) until there is no more progress, and last from untyped constants. */
import { NoPos, type Pos } from "../base/pos.ts";
import { Mode } from "../syntax/ast.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./check.ts";
import { addf, type CheckError } from "./errors.ts";
import { PosArg } from "./format.ts";
import { hasAllMethods } from "./lookup.ts";
import { type Cause, isNil, type Operand } from "./operand.ts";
import { defaultType, isTyped, maxType } from "./predicates.ts";
import { makeRenameMap, makeSubstMap, subst } from "./subst.ts";
import { TypeTerm } from "./tset.ts";
import { iface, is } from "./typeparam.ts";
import { type Tuple, type Type, TypeKind, TypeName, TypeParam, type Var } from "./types.ts";
import { setIs, typeSet } from "./typeset.ts";
import { commonUnder } from "./under.ts";
import { Unifier, UnifyMode } from "./unify.ts";
import { allowVersion, go1_21 } from "./version.ts";

/** The full list of type arguments for `tparams`, given the first of them (`targs`) and the arguments `args` for
 *  `params`; null if they cannot be inferred. `err` collects the reason, if it is not an invalid argument. With
 *  `reverse`, messages are worded for the assignment of a generic function. */
export function infer(
  c: Checker,
  pos: Pos,
  tparams: readonly TypeParam[],
  targs: readonly (Type | null)[],
  params: Tuple,
  args: readonly Operand[],
  reverse: boolean,
  err: CheckError,
): Type[] | null {
  const n = tparams.length;
  if (targs.length === n && !targs.includes(null)) return targs as Type[];
  for (const arg of args) if (arg.mode === Mode.Invalid) return null; // reported before

  const given: (Type | null)[] = [];
  for (let i = 0; i < n; i++) given.push(targs[i] ?? null);

  // Parameters whose types are given are matched by assignment rules later, not by identity here.
  if (params.vars.length > 0) params = subst(c, NoPos, params, makeSubstMap(tparams, given), null, c.ctxt) as Tuple;

  const u = new Unifier(tparams, given, allowVersion(c, go1_21));

  // 1. Typed arguments.
  const untyped: number[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const par = params.vars[i].type!;
    const argType = arg.type!;
    if (!isParameterized(tparams, par) && !isParameterized(tparams, argType)) continue;
    if (isTyped(argType)) {
      if (!u.unify(par, argType, UnifyMode.Assign)) {
        mismatch(c, u, tparams, par, argType, arg, reverse, err);
        return null;
      }
    } else if (par.kind === TypeKind.TypeParam && !isNil(arg)) {
      // Default types are basic, so they only match a plain type parameter.
      untyped.push(i);
    }
  }

  // 2. Constraints.
  if (!useConstraints(c, pos, u, tparams, err)) return null;

  // 3. Untyped arguments of type parameters that have no type yet: the largest default type.
  if (untyped.length > 0) {
    const maxUntyped = new Map<TypeParam, Type>();
    for (const i of untyped) {
      const tpar = params.vars[i].type as TypeParam;
      if (u.at(tpar) !== null) continue;
      const arg = args[i];
      const max = maxUntyped.get(tpar);
      const larger = max === undefined ? arg.type! : maxType(max, arg.type!);
      if (larger === null) {
        addf(err, arg, "mismatched types %s and %s (cannot infer %s)", max, arg.type, tpar);
        return null;
      }
      maxUntyped.set(tpar, larger);
    }
    for (const [tpar, type] of maxUntyped) u.set(tpar, defaultType(type));
  }

  const inferred = u.inferred(tparams);
  simplify(c, tparams, given, inferred);

  for (let i = 0; i < n; i++) {
    const type = inferred[i];
    if (type === null || isParameterized(tparams, type)) {
      const obj = tparams[i].obj;
      addf(err, pos, "cannot infer %s (declared at %v)", obj.name, new PosArg(obj.pos));
      return null;
    }
  }
  return inferred as Type[];
}

/** Says why an argument does not fit its parameter. */
function mismatch(
  c: Checker,
  u: Unifier,
  tparams: readonly TypeParam[],
  tpar: Type,
  targ: Type,
  arg: Operand,
  reverse: boolean,
  err: CheckError,
): void {
  const targs = u.inferred(tparams);
  if (targs.every((t) => t === null)) {
    const names = typeParamsString(tparams);
    addf(err, arg, "type %s of %s does not match %s (cannot infer %s)", targ, arg.expr, tpar, names);
    return;
  }
  const inferred = subst(c, NoPos, tpar, makeSubstMap(tparams, targs), null, c.ctxt);
  if (inferred === tpar) addf(err, arg, "type %s of %s does not match %s", targ, arg.expr, tpar);
  else if (reverse) {
    addf(err, arg, "inferred type %s for %s does not match type %s of %s", inferred, tpar, targ, arg.expr);
  } else {
    addf(err, arg, "type %s of %s does not match inferred type %s for %s", targ, arg.expr, inferred, tpar);
  }
}

/** Unifies type parameters with their constraints as long as that brings progress. False on a (reported) mismatch. */
function useConstraints(c: Checker, pos: Pos, u: Unifier, tparams: readonly TypeParam[], err: CheckError): boolean {
  for (;;) {
    const before = u.unknowns();
    for (const tpar of tparams) {
      const tx = u.at(tpar);
      const core = coreTerm(tpar);
      if (core !== null) {
        if (tx !== null) {
          // A tilde asks for the underlying type, which unify matches by itself.
          if (!u.unify(tx, core.term.type!, UnifyMode.Inexact)) {
            addf(err, pos, "%s (type %s) does not satisfy %s", tpar, tx, tpar.bound);
            return false;
          }
        } else if (core.single && !core.term.tilde) u.set(tpar, core.term.type!);
      }
      // A known type argument must have the constraint's methods, whose signatures may tell more. As long as it has
      // type parameters in it, its methods are not the final ones.
      if (tx !== null && !isParameterized(tparams, tx)) {
        const constraint = iface(tpar);
        if (typeSet(constraint).methods.length === 0) continue;
        const cause: Cause = { text: "" };
        const unify = (x: Type, y: Type): boolean => u.unify(x, y, UnifyMode.Exact);
        if (!hasAllMethods(c, tx, constraint, true, unify, cause)) {
          addf(err, pos, "%s (type %s) does not satisfy %s %s", tpar, tx, tpar.bound, cause.text);
          return false;
        }
      }
    }
    if (u.unknowns() === before) return true;
  }
}

/** Replaces type parameters in inferred types by their own inferred types until nothing changes. */
function simplify(
  c: Checker,
  tparams: readonly TypeParam[],
  given: readonly (Type | null)[],
  inferred: (Type | null)[],
): void {
  killCycles(tparams, inferred); // they would expand without end

  let dirty: number[] = [];
  for (let i = 0; i < inferred.length; i++) if (inferred[i] !== null && given[i] === null) dirty.push(i);
  while (dirty.length > 0) {
    const smap = makeSubstMap(tparams, [...inferred]);
    const still: number[] = [];
    for (const i of dirty) {
      const t0 = inferred[i]!;
      const t1 = subst(c, NoPos, t0, smap, null, c.ctxt);
      if (t1 === t0) continue;
      // A generic function argument that has no type parameters left in it is not generic any more.
      if (t1.kind === TypeKind.Signature && t1.tparams.length > 0 && !isParameterized(tparams, t1)) t1.tparams = [];
      inferred[i] = t1;
      still.push(i);
    }
    dirty = still;
  }
}

/** Gives the type parameters in `typ` a new identity, so that those of a function can be told from those of its
 *  recursive call. `type` is the very `typ` if none occur in it. */
export function renameTParams(
  c: Checker,
  pos: Pos,
  tparams: readonly TypeParam[],
  typ: Type,
): { tparams: readonly TypeParam[]; type: Type } {
  if (tparams.length === 0) return { tparams, type: typ };
  const renamed = tparams.map((tpar) => {
    const copy = new TypeParam(new TypeName(tpar.obj.pos, tpar.obj.pkg, tpar.obj.name, null), null);
    copy.index = tpar.index;
    return copy;
  });
  const smap = makeRenameMap(tparams, renamed);
  for (let i = 0; i < tparams.length; i++) {
    renamed[i].bound = subst(c, pos, tparams[i].bound!, smap, null, c.ctxt);
  }
  return { tparams: renamed, type: subst(c, pos, typ, smap, null, c.ctxt) };
}

/** `P`, `P and Q`, `P, Q, and R` */
export function typeParamsString(list: readonly TypeParam[]): string {
  const names = list.map((tpar) => tpar.obj.name);
  if (names.length <= 2) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names[names.length - 1]}`;
}

// ------------------------------------------------------------------------------------------------- occurrence

/** Some of the type parameters occur in `typ`. Those that a generic function declares itself do not count. */
export function isParameterized(tparams: readonly TypeParam[], typ: Type): boolean {
  if (typ.kind === TypeKind.Basic) return false;
  if (typ.kind === TypeKind.TypeParam) return tparams.includes(typ);
  return new Occurrence(tparams).in(typ);
}

class Occurrence {
  private readonly seen = new Map<Type, boolean>();

  constructor(private readonly tparams: readonly TypeParam[]) {}

  in(t: Type): boolean {
    if (t.kind === TypeKind.Basic) return false;
    const known = this.seen.get(t);
    if (known !== undefined) return known;
    this.seen.set(t, false); // ends cycles
    const result = this.within(t);
    if (result) this.seen.set(t, true);
    return result;
  }

  private within(t: Type): boolean {
    switch (t.kind) {
      case TypeKind.Alias:
        return this.in(unalias(t));
      case TypeKind.Array:
      case TypeKind.Slice:
      case TypeKind.Chan:
        return this.in(t.elem);
      case TypeKind.Struct:
        return this.inVars(t.fields);
      case TypeKind.Pointer:
        return this.in(t.base);
      case TypeKind.Tuple:
        return this.inVars(t.vars);
      case TypeKind.Signature:
        return this.inVars(t.params.vars) || this.inVars(t.results.vars);
      case TypeKind.Interface: {
        const tset = typeSet(t);
        for (const m of tset.methods) if (this.in(m.type!)) return true;
        return setIs(tset, (term) => term !== null && this.in(term.type!));
      }
      case TypeKind.Map:
        return this.in(t.key) || this.in(t.elem);
      case TypeKind.Named:
        for (const arg of t.targs) if (this.in(arg)) return true;
        return false;
      case TypeKind.TypeParam:
        return this.tparams.includes(t);
      default:
        return false;
    }
  }

  private inVars(vars: readonly Var[]): boolean {
    for (const v of vars) if (this.in(v.type!)) return true;
    return false;
  }
}

/** The term for the core type of a type parameter, with a tilde if any of its terms has one; `single` if it has
 *  exactly one specific type, which is that of the term. null without core type. */
function coreTerm(tpar: TypeParam): { term: TypeTerm; single: boolean } | null {
  let n = 0;
  let single: TypeTerm | null = null;
  let tilde = false;
  is(tpar, (t) => {
    if (t === null) return false;
    n++;
    single = t;
    tilde ||= t.tilde;
    return true;
  });
  if (n === 1) return { term: single!, single: true };
  if (n === 0) return null;
  const core = commonUnder(tpar, null).type;
  return core === null ? null : { term: new TypeTerm(tilde, core), single: false };
}

/** Drops the types inferred for type parameters that refer back to themselves. */
function killCycles(tparams: readonly TypeParam[], inferred: (Type | null)[]): void {
  const w = new CycleFinder(tparams, inferred);
  for (const tpar of tparams) w.typ(tpar);
}

class CycleFinder {
  private readonly path = new Set<Type>();

  constructor(
    private readonly tparams: readonly TypeParam[],
    private readonly inferred: (Type | null)[],
  ) {}

  typ(typ: Type): void {
    const t = unalias(typ);
    if (t.kind === TypeKind.Basic) return;
    if (this.path.has(t)) {
      const i = t.kind === TypeKind.TypeParam ? this.tparams.indexOf(t) : -1;
      if (i >= 0) this.inferred[i] = null;
      return; // otherwise an ordinary recursive type
    }
    this.path.add(t);
    this.components(t);
    this.path.delete(t);
  }

  private components(t: Type): void {
    switch (t.kind) {
      case TypeKind.Array:
      case TypeKind.Slice:
      case TypeKind.Chan:
        this.typ(t.elem);
        break;
      case TypeKind.Struct:
        for (const f of t.fields) this.typ(f.type!);
        break;
      case TypeKind.Pointer:
        this.typ(t.base);
        break;
      case TypeKind.Signature:
        for (const v of t.params.vars) this.typ(v.type!);
        for (const v of t.results.vars) this.typ(v.type!);
        break;
      case TypeKind.Union:
        for (const term of t.terms) this.typ(term.type);
        break;
      case TypeKind.Interface:
        for (const m of t.methods) this.typ(m.type!);
        for (const e of t.embeddeds) this.typ(e);
        break;
      case TypeKind.Map:
        this.typ(t.key);
        this.typ(t.elem);
        break;
      case TypeKind.Named:
        for (const arg of t.targs) this.typ(arg);
        break;
      case TypeKind.TypeParam: {
        const i = this.tparams.indexOf(t);
        const type = i >= 0 ? this.inferred[i] : null;
        if (type !== null) this.typ(type);
      }
    }
  }
}
