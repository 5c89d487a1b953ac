/** Keeps instances so that equal ones are one object, and ends cycles of instantiation.
 *
 *  Mirrors cmd/compile/internal/types2/context.go, with a numeric hash in place of the compiler's hash text: types
 *  that are identical must hash alike, nothing more. */
import { identical } from "./predicates.ts";
import { type Type, TypeKind } from "./types.ts";

interface Entry {
  readonly orig: Type;
  readonly targs: readonly Type[];
  readonly instance: Type;
}

export class Context {
  private readonly entries = new Map<number, Entry[]>();

  /** The instance of `orig` with these type arguments, null if there is none yet. */
  lookup(orig: Type, targs: readonly Type[]): Type | null {
    const list = this.entries.get(instanceHash(orig, targs));
    if (list === undefined) return null;
    for (const e of list) if (e.orig === orig && identicalLists(targs, e.targs)) return e.instance;
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
    for (const e of list) if (e.orig === orig && identical(inst, e.instance)) return e.instance;
    list.push({ orig, targs, instance: inst });
    return inst;
  }
}

function identicalLists(x: readonly Type[], y: readonly Type[]): boolean {
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (!identical(x[i], y[i])) return false;
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
