/** Types as messages print them.
 *
 *  Mirrors cmd/compile/internal/types2/typestring.go (without its hashing mode, see context.ts). */
import type { FileSet } from "../base/pos.ts";
import { ChanDir } from "../syntax/ast.ts";
import { posString, quote } from "./format.ts";
import { typeParams } from "./named.ts";
import { isExported, packagePrefix } from "./object.ts";
import {
  type Package,
  type Signature,
  type Tuple,
  type Type,
  TypeKind,
  type TypeName,
  type TypeParam,
} from "./types.ts";
import { isUniverseAny, isUniverseComparable, Universe, Unsafe } from "./universe.ts";

/** What to write before the dot of a package-level name, "" for nothing. Where a Qualifier is null, the import path
 *  is written. */
export type Qualifier = (pkg: Package) => string;

/** Qualifies all names but those of `pkg` with their import path. */
export function relativeTo(pkg: Package): Qualifier {
  return (other) => (other === pkg ? "" : other.path);
}

export function typeString(type: Type | null, qf: Qualifier | null, fset: FileSet | null = null): string {
  const w = newTypeWriter(qf, fset);
  w.typ(type);
  return w.text;
}

/** `fset` is for the places of type parameters that are called like a predeclared type. */
export function newTypeWriter(qf: Qualifier | null, fset: FileSet | null = null): TypeWriter {
  return new TypeWriter(qf, fset);
}

export class TypeWriter {
  text = "";
  /** Write the names of parameters. */
  paramNames = true;
  /** Say which package the first unexported field belongs to, for structs that look alike otherwise. */
  pkgInfo = false;
  private readonly seen: Type[] = [];

  constructor(
    private readonly qf: Qualifier | null,
    private readonly fset: FileSet | null,
  ) {}

  typ(t: Type | null): void {
    if (t === null) {
      this.text += "<nil>";
      return;
    }
    if (this.seen.includes(t)) {
      this.text += `<cycle to ${goTypeName(t)}>`;
      return;
    }
    this.seen.push(t);
    this.write(t);
    this.seen.pop();
  }

  private write(t: Type): void {
    switch (t.kind) {
      case TypeKind.Basic:
        if (isExported(t.name)) this.text += packagePrefix(Unsafe, this.qf); // unsafe.Pointer is the only one
        this.text += t.name;
        break;
      case TypeKind.Array:
        this.text += `[${t.len}]`;
        this.typ(t.elem);
        break;
      case TypeKind.Slice:
        this.text += "[]";
        this.typ(t.elem);
        break;
      case TypeKind.Struct:
        this.text += "struct{";
        for (let i = 0; i < t.fields.length; i++) {
          const f = t.fields[i];
          if (i > 0) this.text += "; ";
          let annotate = false;
          if (this.qf === null && this.pkgInfo && !isExported(f.name)) {
            annotate = true;
            this.pkgInfo = false; // once, at the outermost field
          }
          if (!f.embedded) this.text += `${f.name} `;
          this.typ(f.type);
          if (annotate) this.text += ` /* package ${f.pkg?.path ?? ""} */ `;
          const tag = t.tags[i] ?? "";
          if (tag !== "") this.text += ` ${quote(tag)}`;
        }
        this.text += "}";
        break;
      case TypeKind.Pointer:
        this.text += "*";
        this.typ(t.base);
        break;
      case TypeKind.Tuple:
        this.tuple(t, false);
        break;
      case TypeKind.Signature:
        this.text += "func";
        this.signature(t);
        break;
      case TypeKind.Union:
        for (let i = 0; i < t.terms.length; i++) {
          if (i > 0) this.text += " | ";
          if (t.terms[i].tilde) this.text += "~";
          this.typ(t.terms[i].type);
        }
        break;
      case TypeKind.Interface: {
        if (isUniverseAny(t)) {
          this.text += "any";
          break;
        }
        if (isUniverseComparable(t)) {
          this.text += "interface{comparable}";
          break;
        }
        if (t.implicit) {
          if (t.methods.length === 0 && t.embeddeds.length === 1) {
            this.typ(t.embeddeds[0]);
            break;
          }
          this.text += "/* implicit */ ";
        }
        this.text += "interface{";
        let first = true;
        for (const m of t.methods) {
          if (!first) this.text += "; ";
          first = false;
          this.text += m.name;
          this.signature(m.type!);
        }
        for (const e of t.embeddeds) {
          if (!first) this.text += "; ";
          first = false;
          this.typ(e);
        }
        this.text += "}";
        break;
      }
      case TypeKind.Map:
        this.text += "map[";
        this.typ(t.key);
        this.text += "]";
        this.typ(t.elem);
        break;
      case TypeKind.Chan: {
        const parens = t.dir === ChanDir.Both && t.elem.kind === TypeKind.Chan && t.elem.dir === ChanDir.RecvOnly;
        this.text += t.dir === ChanDir.Both ? "chan " : t.dir === ChanDir.SendOnly ? "chan<- " : "<-chan ";
        if (parens) this.text += "(";
        this.typ(t.elem);
        if (parens) this.text += ")";
        break;
      }
      case TypeKind.Named:
      case TypeKind.Alias:
        this.typeName(t.obj);
        if (t.targs.length > 0) this.typeList(t.targs);
        else {
          const tparams = typeParams(t);
          if (tparams.length > 0) this.tParamList(tparams);
        }
        break;
      case TypeKind.TypeParam: {
        const name = t.obj.name;
        this.text += name;
        // A type parameter called int is not what it seems.
        if (Universe.lookup(name) !== null) {
          const at = this.fset === null ? "" : ` declared at ${posString(this.fset, t.obj.pos)}`;
          this.text += ` /* with ${name}${at} */`;
        }
      }
    }
  }

  typeList(list: readonly Type[]): void {
    this.text += "[";
    for (let i = 0; i < list.length; i++) {
      if (i > 0) this.text += ", ";
      this.typ(list[i]);
    }
    this.text += "]";
  }

  /** Neighbours with the same constraint share it: `[P, Q any]`. */
  tParamList(list: readonly TypeParam[]): void {
    this.text += "[";
    let prev: Type | null = null;
    for (let i = 0; i < list.length; i++) {
      const tpar = list[i];
      if (i > 0) {
        if (tpar.bound !== prev) {
          this.text += " ";
          this.typ(prev);
        }
        this.text += ", ";
      }
      prev = tpar.bound;
      this.typ(tpar);
    }
    if (prev !== null) {
      this.text += " ";
      this.typ(prev);
    }
    this.text += "]";
  }

  private typeName(obj: TypeName): void {
    this.text += packagePrefix(obj.pkg, this.qf) + obj.name;
  }

  private tuple(tuple: Tuple, variadic: boolean): void {
    this.text += "(";
    const vars = tuple.vars;
    for (let i = 0; i < vars.length; i++) {
      if (i > 0) this.text += ", ";
      const v = vars[i];
      if (v.name !== "" && this.paramNames) this.text += `${v.name} `;
      const type = v.type;
      if (variadic && i === vars.length - 1) {
        if (type !== null && type.kind === TypeKind.Slice) {
          this.text += "...";
          this.typ(type.elem);
        } else {
          // append([]byte, s...) with a string s has no proper notation.
          this.typ(type);
          this.text += "...";
        }
      } else this.typ(type);
    }
    this.text += ")";
  }

  /** Without a leading `func`. */
  signature(sig: Signature): void {
    if (sig.tparams.length > 0) this.tParamList(sig.tparams);
    this.tuple(sig.params, sig.variadic);
    const results = sig.results.vars;
    if (results.length === 0) return;
    this.text += " ";
    if (results.length === 1 && results[0].name === "") this.typ(results[0].type);
    else this.tuple(sig.results, false);
  }
}

/** The name of the kind of type in the compiler's own code; cycles print it. */
function goTypeName(t: Type): string {
  return `*${typeKindNames[t.kind]}`;
}

/** By TypeKind. */
const typeKindNames: readonly string[] = [
  "Basic",
  "Array",
  "Slice",
  "Struct",
  "Pointer",
  "Tuple",
  "Signature",
  "Union",
  "Interface",
  "Map",
  "Chan",
  "Named",
  "TypeParam",
  "Alias",
];
