/** Keeps instances so that equal ones are one object, and ends cycles of instantiation.
 *
 *  Mirrors cmd/compile/internal/types2/context.go, with a numeric hash in place of the compiler's hash text. Instances
 *  whose type arguments are identical but written differently (`byte` and `uint8`, an alias and what it stands for)
 *  stay apart, as they do in the compiler: messages show type arguments as they were written. */
import { unalias } from "./alias.ts";
import { identical } from "./predicates.ts";
import { type Type, TypeKind, type Var } from "./types.ts";
import { typeSet } from "./typeset.ts";

interface Entry {
  readonly orig: Type;
  readonly targs: readonly Type[];
  readonly instance: Type;
}

export class Context {
  private readonly entries = new Map<number, Entry[]>();

  /** The instance of `orig` with type arguments that are identical and written alike, null if there is none yet. */
  lookup(orig: Type, targs: readonly Type[]): Type | null {
    const list = this.entries.get(instanceHash(orig, targs));
    if (list === undefined) return null;
    for (const e of list) if (e.orig === orig && sameArgs(targs, e.targs)) return e.instance;
    return null;
  }

  /** Records `inst` unless an identical one is there already, which is returned then. */
  update(orig: Type, targs: readonly Type[], inst: Type): Type {
    const hash = instanceHash(orig, targs);
    const list = this.entries.get(hash);
    if (list === undefined) {
      this.entries.set(hash, [{ orig, targs, instance: inst }]);
      return inst;
    }
    for (const e of list) if (e.orig === orig && sameArgs(targs, e.targs)) return e.instance;
    list.push({ orig, targs, instance: inst });
    return inst;
  }
}

function sameArgs(x: readonly Type[], y: readonly Type[]): boolean {
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== y[i] && !(sameText(x[i], y[i], 0) && identical(x[i], y[i]))) return false;
  }
  return true;
}

/** Deeper than this, types only have to be identical. */
const maxDepth = 50;

/** Whether the compiler's hash text is the same for both types. */
function sameText(x: Type, y: Type, depth: number): boolean {
  if (x === y || depth > maxDepth) return true;
  if (x === null || y === null || x.kind !== y.kind) return false;
  const next = depth + 1;
  switch (x.kind) {
    case TypeKind.Basic:
      return x.name === (y as typeof x).name;
    case TypeKind.Array:
      return x.len === (y as typeof x).len && sameText(x.elem, (y as typeof x).elem, next);
    case TypeKind.Slice:
      return sameText(x.elem, (y as typeof x).elem, next);
    case TypeKind.Chan:
      return x.dir === (y as typeof x).dir && sameText(x.elem, (y as typeof x).elem, next);
    case TypeKind.Pointer:
      return sameText(x.base, (y as typeof x).base, next);
    case TypeKind.Map:
      return sameText(x.key, (y as typeof x).key, next) && sameText(x.elem, (y as typeof x).elem, next);
    case TypeKind.Struct:
      return sameVars(x.fields, (y as typeof x).fields, next);
    case TypeKind.Tuple:
      return sameVars(x.vars, (y as typeof x).vars, next);
    case TypeKind.Signature:
      return (
        sameVars(x.params.vars, (y as typeof x).params.vars, next) &&
        sameVars(x.results.vars, (y as typeof x).results.vars, next)
      );
    case TypeKind.Interface: {
      const a = typeSet(x).methods;
      const b = typeSet(y as typeof x).methods;
      if (a.length !== b.length) return false;
      for (let i = 0; i < a.length; i++) if (!sameText(a[i].type!, b[i].type!, next)) return false;
      return true;
    }
    case TypeKind.Alias: {
      const other = y as typeof x;
      if (x.obj.name !== other.obj.name || x.obj.pkg !== other.obj.pkg || x.targs.length !== other.targs.length) {
        return false;
      }
      for (let i = 0; i < x.targs.length; i++) if (!sameText(x.targs[i], other.targs[i], next)) return false;
      return sameText(unalias(x), unalias(other), next);
    }
    case TypeKind.Union:
      return true;
    default: // a defined type or type parameter is only written like itself
      return false;
  }
}

function sameVars(x: readonly Var[], y: readonly Var[], depth: number): boolean {
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (!sameText(x[i].type!, y[i].type!, depth)) return false;
  return true;
}

function mix(hash: number, x: number): number {
  return Math.imul(hash ^ x, 0x01000193) | 0;
}

function instanceHash(orig: Type, targs: readonly Type[]): number {
  let hash = mix(0x811c9dc5 | 0, orig.kind);
  if (orig.kind === TypeKind.Named) hash = mix(hash, orig.id);
  else if (orig.kind === TypeKind.Signature) for (const p of orig.params.vars) hash = mix(hash, stringHash(p.name));
  for (const t of targs) hash = mix(hash, typeHash(t, 0));
  return hash;
}

function stringHash(s: string): number {
  let hash = s.length;
  for (let i = 0; i < s.length; i++) hash = mix(hash, s.charCodeAt(i));
  return hash;
}

/** Looks a few levels deep only. It must not force anything to be computed, such as type sets. */
function typeHash(t: Type | null, depth: number): number {
  while (t !== null && t.kind === TypeKind.Alias) t = t.actual ?? (t.loader === null ? t.fromRHS : null);
  if (t === null || depth > 4) return 0;
  const next = depth + 1;
  let hash = t.kind + 1;
  switch (t.kind) {
    case TypeKind.Basic:
      return mix(hash, t.basic);
    case TypeKind.Array: // lengths unknown after an error are equal to all others
    case TypeKind.Slice:
      return mix(hash, typeHash(t.elem, next));
    case TypeKind.Chan:
      return mix(mix(hash, t.dir), typeHash(t.elem, next));
    case TypeKind.Pointer:
      return mix(hash, typeHash(t.base, next));
    case TypeKind.Map:
      return mix(mix(hash, typeHash(t.key, next)), typeHash(t.elem, next));
    case TypeKind.Struct:
      for (const f of t.fields) hash = mix(hash, stringHash(f.name));
      return mix(hash, t.fields.length);
    case TypeKind.Signature:
      return mix(mix(hash, t.params.vars.length), t.results.vars.length);
    case TypeKind.Named:
      hash = mix(hash, t.orig.id);
      for (const arg of t.targs) hash = mix(hash, typeHash(arg, next));
      return hash;
    case TypeKind.TypeParam:
      return mix(hash, t.id);
    default:
      return hash;
  }
}
