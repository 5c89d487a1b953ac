/** How values of a type are compared and hashed: as plain memory, by a function of the runtime, or by a function that
 *  is generated for the type (cmd/compile/internal/types/alg.go, AlgType of reflectdata/alg.go). */
import type { Target } from "../target.ts";
import { alignOf, isBlankSym, isEmptyInterface, sizeOf } from "../typeops.ts";
import { TKind, type Type } from "../types.ts";

export const enum AlgKind {
  /** Values cannot be compared. */
  NoEq,
  /** Plain memory. */
  Mem,
  Mem0,
  Mem8,
  Mem16,
  Mem32,
  Mem64,
  Mem128,
  String,
  Inter,
  NilInter,
  Float32,
  Float64,
  Complex64,
  Complex128,
  /** A function of the type's own. */
  Special,
}

/** The kind of `t`, without the variants of plain memory by size (types.AlgType). */
export function typesAlgType(t: Type, target: Target): AlgKind {
  if (t.algCache < 0) t.algCache = computeAlg(t, target);
  return t.algCache;
}

/** The kind of `t`, plain memory of a size that the runtime has functions for told apart (reflectdata.AlgType). */
export function algType(t: Type, target: Target): AlgKind {
  const alg = typesAlgType(t, target);
  if (alg !== AlgKind.Mem) return alg;
  const align = alignOf(t, target);
  const size = sizeOf(t, target);
  if (align < target.loadAlign && align < size) return alg;
  switch (size) {
    case 0:
      return AlgKind.Mem0;
    case 1:
      return AlgKind.Mem8;
    case 2:
      return AlgKind.Mem16;
    case 4:
      return AlgKind.Mem32;
    case 8:
      return AlgKind.Mem64;
    case 16:
      return AlgKind.Mem128;
    default:
      return alg;
  }
}

/** Whether values can be compared and hashed as plain memory. */
export function isRegularMemory(t: Type, target: Target): boolean {
  return typesAlgType(t, target) === AlgKind.Mem;
}

/** Whether padding follows field `i` of struct `t`. */
export function isPaddedField(t: Type, i: number, target: Target): boolean {
  const size = sizeOf(t, target);
  const { fields } = t;
  const end = i + 1 < fields.length ? fields[i + 1].offset : size;
  return fields[i].offset + sizeOf(fields[i].type, target) !== end;
}

function computeAlg(t: Type, target: Target): AlgKind {
  switch (t.kind) {
    case TKind.FUNC:
    case TKind.SLICE:
    case TKind.MAP:
      return AlgKind.NoEq;
    case TKind.STRING:
      return AlgKind.String;
    case TKind.INTER:
      return isEmptyInterface(t) ? AlgKind.NilInter : AlgKind.Inter;
    case TKind.FLOAT32:
      return AlgKind.Float32;
    case TKind.FLOAT64:
      return AlgKind.Float64;
    case TKind.COMPLEX64:
      return AlgKind.Complex64;
    case TKind.COMPLEX128:
      return AlgKind.Complex128;
    case TKind.ARRAY: {
      const elem = typesAlgType(t.elem!, target);
      if (elem === AlgKind.Mem || elem === AlgKind.NoEq) return elem;
      if (t.len === 0) return AlgKind.Mem;
      return t.len === 1 ? elem : AlgKind.Special;
    }
    case TKind.STRUCT:
      return structAlg(t, target);
    default:
      return AlgKind.Mem;
  }
}

function structAlg(t: Type, target: Target): AlgKind {
  const { fields } = t;
  if (fields.length === 1 && !isBlankSym(fields[0].sym)) return typesAlgType(fields[0].type, target);
  let alg = AlgKind.Mem;
  for (let i = 0; i < fields.length; i++) {
    const f = fields[i];
    const part = typesAlgType(f.type, target);
    if (part === AlgKind.NoEq) return part;
    if (part !== AlgKind.Mem || isBlankSym(f.sym) || isPaddedField(t, i, target)) alg = AlgKind.Special;
  }
  return alg;
}
