/** Dictionaries of generic declarations: what one records for its run-time dictionary (WriterDict), and one
 *  instance's view of it (ReaderDict).
 *
 *  Mirrors writerDict of cmd/compile/internal/noder/writer.go and readerDict of reader.go. All methods of a generic
 *  type share the type's dictionary. An instance's functions take a pointer to `[N]uintptr`, where N counts method
 *  expressions of type parameters, sub-dictionaries, run-time types and itabs, in this order. */

import { aliasTypeParams } from "../../types/alias.ts";
import { method, numMethods, typeParams } from "../../types/named.ts";
import {
  type Type as CheckerType,
  type Func,
  type Obj,
  ObjKind,
  TypeKind,
  type TypeName,
  type TypeParam,
} from "../../types/types.ts";
import { newArray } from "../newtype.ts";
import type { Name } from "../node.ts";
import { type Sym, TKind, type Type } from "../types.ts";
import { isBasicInterface, under } from "./checker-types.ts";
import type { PkgReader } from "./noder.ts";
import { declOf } from "./objects.ts";
import { stripLocalAliases } from "./types.ts";
import { recordBody } from "./writer.ts";

/** An instantiated function or type, as it stands in generic code. */
export interface ObjInfo {
  readonly obj: Func | TypeName;
  readonly explicits: readonly CheckerType[];
}

export interface MethodExprInfo {
  readonly typeParamIdx: number;
  readonly method: Func;
}

export interface ItabInfo {
  readonly typ: CheckerType;
  readonly iface: CheckerType;
}

export class WriterDict {
  readonly typeParamMethodExprs: MethodExprInfo[] = [];
  readonly subdicts: ObjInfo[] = [];
  readonly rtypes: CheckerType[] = [];
  readonly itabs: ItabInfo[] = [];
  /** The bodies have been walked, so the lists are complete. */
  private recorded = false;
  private readonly rtypeIdxs = new Map<CheckerType, number>();
  /** By type parameter, implicit ones first: its constraint only asks for methods. */
  readonly basic: readonly boolean[];
  /** Type parameters that bodies of this declaration have in scope. */
  private inScope: readonly TypeParam[] = [];

  constructor(
    private readonly p: PkgReader,
    readonly obj: Obj,
    /** Type parameters of enclosing declarations. */
    readonly implicits: readonly TypeParam[],
    readonly explicits: readonly TypeParam[],
  ) {
    this.basic = [...implicits, ...explicits].map((tparam) => {
      const constraint = under(tparam);
      return constraint.kind === TypeKind.Interface && isBasicInterface(constraint);
    });
  }

  /** Completes the lists. Lowering may ask for indices before or after. */
  record(): this {
    if (this.recorded) return this;
    this.recorded = true;
    const obj = this.obj;
    if (obj.kind === ObjKind.Func) {
      this.recordFunc(obj);
    } else if (obj.kind === ObjKind.TypeName && obj.type !== null && obj.type.kind === TypeKind.Named) {
      const named = obj.type;
      for (let i = 0; i < numMethods(named); i++) this.recordFunc(method(named, i));
    }
    return this;
  }

  private recordFunc(fn: Func): void {
    const sig = fn.type!;
    this.inScope = sig.recv !== null ? sig.rparams : sig.tparams;
    const decl = declOf(this.p, fn);
    recordBody(this.p, this, sig, decl.body);
  }

  typeParamIndex(tparam: TypeParam): number {
    const idx = this.implicits.indexOf(tparam);
    return idx >= 0 ? idx : this.implicits.length + tparam.index;
  }

  /** Notes the type parameters in scope at the declaration of a type inside a function. */
  declareLocalType(p: PkgReader, obj: TypeName): void {
    if (this.inScope.length > 0) p.implicits.set(obj, this.inScope);
  }

  typeParamMethodExprIdx(typeParamIdx: number, fn: Func): number {
    const list = this.typeParamMethodExprs;
    for (let i = 0; i < list.length; i++) {
      const known = list[i];
      if (known.typeParamIdx === typeParamIdx && known.method.name === fn.name && known.method.pkg === fn.pkg) return i;
    }
    list.push({ typeParamIdx, method: fn });
    return list.length - 1;
  }

  subdictIdx(obj: Func | TypeName, targs: readonly CheckerType[]): number {
    const explicits = targs.map(stripLocalAliases);
    const list = this.subdicts;
    search: for (let i = 0; i < list.length; i++) {
      const known = list[i];
      if (known.obj !== obj) continue;
      for (let k = 0; k < explicits.length; k++) if (known.explicits[k] !== explicits[k]) continue search;
      return i;
    }
    list.push({ obj, explicits });
    return list.length - 1;
  }

  rtypeIdx(t: CheckerType): number {
    const type = stripLocalAliases(t);
    let idx = this.rtypeIdxs.get(type);
    if (idx === undefined) {
      idx = this.rtypes.length;
      this.rtypes.push(type);
      this.rtypeIdxs.set(type, idx);
    }
    return idx;
  }

  itabIdx(t: CheckerType, i: CheckerType): number {
    const typ = stripLocalAliases(t);
    const iface = stripLocalAliases(i);
    const list = this.itabs;
    for (let idx = 0; idx < list.length; idx++) if (list[idx].typ === typ && list[idx].iface === iface) return idx;
    list.push({ typ, iface });
    return list.length - 1;
  }
}

/** The dictionary that a declaration of `p` records. */
export function writerDict(p: PkgReader, obj: Func | TypeName): WriterDict {
  let dict = p.dicts.get(obj);
  if (dict === undefined) {
    const implicits = obj.kind === ObjKind.TypeName ? (p.implicits.get(obj) ?? []) : [];
    dict = new WriterDict(p, obj, implicits, objTypeParams(obj));
    p.dicts.set(obj, dict);
  }
  return dict;
}

/** Type parameters declared by a function, method (its receiver's) or type. */
export function objTypeParams(obj: Func | TypeName): readonly TypeParam[] {
  if (obj.kind === ObjKind.Func) {
    const sig = obj.type!;
    return sig.recv !== null ? sig.rparams : sig.tparams;
  }
  const type = obj.type;
  if (type === null) return [];
  if (type.kind === TypeKind.Alias) return aliasTypeParams(type);
  return type.kind === TypeKind.Named ? typeParams(type) : [];
}

/** One instance of a declaration: a compile-time dictionary. */
export class ReaderDict {
  /** Functions and types that still need their run-time dictionary refer to their shaped counterpart. */
  shapedObj: Name | Type | null = null;
  readonly derivedTypes = new Map<CheckerType, Type>();

  constructor(
    readonly p: PkgReader,
    readonly writer: WriterDict,
    /** Symbol of the declared object, with type arguments if it has any. */
    readonly baseSym: Sym,
    /** Implicit and explicit type arguments. */
    readonly targs: readonly Type[],
    readonly shaped: boolean,
  ) {}

  typeParamIndex(tparam: TypeParam): number {
    return this.writer.typeParamIndex(tparam);
  }

  get typeParamMethodExprsOffset(): number {
    return 0;
  }

  get subdictsOffset(): number {
    return this.writer.record().typeParamMethodExprs.length;
  }

  get rtypesOffset(): number {
    return this.subdictsOffset + this.writer.subdicts.length;
  }

  get itabsOffset(): number {
    return this.rtypesOffset + this.writer.rtypes.length;
  }

  /** The word that holds the run-time type `t`. */
  rtypeWord(t: CheckerType): number {
    return this.rtypesOffset + this.writer.rtypeIdx(t);
  }

  /** The word that holds the itab for converting `t` to `iface`. */
  itabWord(t: CheckerType, iface: CheckerType): number {
    return this.itabsOffset + this.writer.itabIdx(t, iface);
  }

  /** Type of the run-time dictionary. */
  varType(): Type {
    const words = this.itabsOffset + this.writer.itabs.length;
    return newArray(this.p.n.universe.types[TKind.UINTPTR], words);
  }
}
