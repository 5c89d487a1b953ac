/** Sizes, alignments and field offsets as the compiler lays out memory.
 *
 *  Mirrors cmd/compile/internal/types2/sizes.go and gcsizes.go. All figures are in bytes. A size that does not fit in
 *  63 bits is reported as -1; sizes above 2^53 are not exact, which only matters for types that are too large anyhow. */
import { InternalError } from "../base/diag.ts";
import { asNamed } from "./alias.ts";
import { isComplex } from "./predicates.ts";
import { BasicInfo, BasicKind, type Struct, type Type, TypeKind, type Var } from "./types.ts";
import { under } from "./under.ts";

/** By BasicKind; 0 is the size of a word (a string has two). */
const basicSizes: readonly number[] = [0, 1, 0, 1, 2, 4, 8, 0, 1, 2, 4, 8, 0, 4, 8, 8, 16];

/** 2^63: sizes must stay below. */
const tooLarge = 2 ** 63;

export class Sizes {
  constructor(
    readonly wordSize: number,
    readonly maxAlign: number,
  ) {}

  alignof(T: Type): number {
    const t = under(T);
    switch (t.kind) {
      case TypeKind.Array:
        return this.alignof(t.elem);
      case TypeKind.Struct: {
        if (t.fields.length === 0 && isSyncAtomicAlign64(T)) return 8;
        let max = 1;
        for (const f of t.fields) {
          const a = this.alignof(f.type!);
          if (a > max) max = a;
        }
        return max;
      }
      case TypeKind.Slice:
      case TypeKind.Interface:
        return this.wordSize;
      case TypeKind.Basic:
        if ((t.info & BasicInfo.String) !== 0) return this.wordSize;
    }
    let a = this.sizeof(T);
    if (a < 1) return 1;
    if (isComplex(T)) a /= 2; // as [2]float64 is
    return Math.min(a, this.maxAlign);
  }

  /** -1 for the fields of a struct that is too large. */
  offsetsof(fields: readonly Var[]): number[] {
    const offsets: number[] = [];
    let offs = 0;
    for (const f of fields) {
      if (offs >= 0) offs = align(offs, this.alignof(f.type!));
      offsets.push(offs);
      if (offs < 0) continue;
      const size = this.sizeof(f.type!);
      offs = size >= 0 ? checked(offs + size) : -1;
    }
    return offsets;
  }

  sizeof(T: Type): number {
    const t = under(T);
    switch (t.kind) {
      case TypeKind.Basic: {
        if (t.basic === BasicKind.String) return this.wordSize * 2;
        const size = t.basic < basicSizes.length ? basicSizes[t.basic] : 0;
        return size > 0 ? size : this.wordSize;
      }
      case TypeKind.Array: {
        if (t.len <= 0) return 0;
        const elem = this.sizeof(t.elem);
        return elem < 0 ? -1 : checked(elem * t.len);
      }
      case TypeKind.Slice:
        return this.wordSize * 3;
      case TypeKind.Struct: {
        const n = t.fields.length;
        if (n === 0) return 0;
        const offs = this.offsetsof(t.fields)[n - 1];
        let size = this.sizeof(t.fields[n - 1].type!);
        if (offs < 0 || size < 0) return -1;
        // A pointer to a last field without size must not point behind the struct.
        if (offs > 0 && size === 0) size = 1;
        return align(offs + size, this.alignof(t));
      }
      case TypeKind.Interface:
        return this.wordSize * 2;
      case TypeKind.TypeParam:
      case TypeKind.Union:
        throw new InternalError("size of a type without size");
      default:
        return this.wordSize;
    }
  }

  /** The offset of the field at the end of the path `index` through embedded structs; -1 if T is too large. */
  offsetof(T: Type, index: readonly number[]): number {
    let offs = 0;
    for (const i of index) {
      const s = under(T) as Struct;
      const d = this.offsetsof(s.fields)[i];
      if (d < 0) return -1;
      offs = checked(offs + d);
      if (offs < 0) return -1;
      T = s.fields[i].type!;
    }
    return offs;
  }
}

/** The part of the checker's configuration that says how memory is laid out. */
interface Layout {
  readonly sizes: Sizes;
}

export function alignof(conf: Layout, T: Type): number {
  return conf.sizes.alignof(T);
}

export function offsetsof(conf: Layout, T: Struct): number[] {
  return conf.sizes.offsetsof(T.fields);
}

export function offsetof(conf: Layout, T: Type, index: readonly number[]): number {
  return conf.sizes.offsetof(T, index);
}

export function sizeof(conf: Layout, T: Type): number {
  return conf.sizes.sizeof(T);
}

function checked(size: number): number {
  return size < tooLarge ? size : -1;
}

/** The smallest multiple of `a` (a power of two) that is not below `x`. */
export function align(x: number, a: number): number {
  return checked(Math.ceil(x / a) * a);
}

/** The marker type that asks for 64-bit alignment. */
export function isSyncAtomicAlign64(T: Type): boolean {
  const named = asNamed(T);
  if (named === null || named.orig.obj.name !== "align64") return false;
  const path = named.orig.obj.pkg?.path;
  return path === "sync/atomic" || path === "internal/runtime/atomic";
}

const sizes44 = new Sizes(4, 4);
const sizes88 = new Sizes(8, 8);

const archSizes: Readonly<Record<string, Sizes>> = {
  "386": sizes44,
  amd64: sizes88,
  amd64p32: new Sizes(4, 8),
  arm: sizes44,
  arm64: sizes88,
  loong64: sizes88,
  mips: sizes44,
  mipsle: sizes44,
  mips64: sizes88,
  mips64le: sizes88,
  ppc64: sizes88,
  ppc64le: sizes88,
  riscv64: sizes88,
  s390x: sizes88,
  sparc64: sizes88,
  wasm: sizes88,
};

/** null for an unknown GOARCH. */
export function sizesFor(arch: string): Sizes | null {
  return Object.hasOwn(archSizes, arch) ? archSizes[arch] : null;
}
