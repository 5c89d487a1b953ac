/** Which types the compiler's export data hold more than once, and who refers to which copy.
 *
 *  A type is written when it is first mentioned, with all that it leads to: the declarations of the types it consists
 *  of, the bodies of their methods, and what these mention. Its place is only noted when that is done. Who mentions it
 *  meanwhile finds none and has it written again. That happens twice: when the package is written for the compiler
 *  itself, and when what importers need is copied from there, in another order. Importers read each copy for itself, and
 *  what they then think of method wrappers shows in the output (noder/reader.go, needWrapper), so this follows both
 *  walks. Only copies of instances matter, and of what consists of instances: all other types with methods have their
 *  wrappers in the package that declares them. What an importer passes on to its own importers, copied once more, is
 *  not followed.
 *
 *  Mirrors cmd/compile/internal/noder/writer.go (typIdx, objIdx, doObj, objDict), unified.go (writePkgStub,
 *  writeUnifiedExport) and linker.go. Package initialisers are left out: they come last, when nothing is left to be
 *  written for the first time, and are not copied. */
import { aliasRHS } from "../../types/alias.ts";
import {
  elementName,
  instanceName,
  literalsApart,
  literalsOf,
  literalsOfInstance,
  type TypeCopies,
} from "../../types/copies.ts";
import { method as methodAt, numMethods, typeParams } from "../../types/named.ts";
import {
  type Func,
  type Named,
  noTypeCopies,
  type Obj,
  ObjKind,
  type Package,
  type Signature,
  type Tuple,
  type Type,
  TypeKind,
  type TypeName,
  type TypeParam,
} from "../../types/types.ts";
import { isUniverseAny } from "../../types/universe.ts";
import { isExported } from "../typeops.ts";
import type { Type as IrType } from "../types.ts";
import { under } from "./checker-types.ts";
import type { PkgReader } from "./noder.ts";
import { declOf } from "./objects.ts";
import { hasImplicitTypeParams, isDerived, isGlobal, stripLocalAliases } from "./types.ts";
import { type Mentions, mentionedBy } from "./writer.ts";

/** Finds the copies in the export data of the package that is compiled. `isInlinable` tells whose bodies are in it. */
export function typeCopies(p: PkgReader, isInlinable: (fn: Func) => boolean): TypeCopies {
  const { scope } = p.pkg!;
  const objs = scope.names().map((name) => scope.lookup(name)!);
  // Only generic declarations make importers think that wrappers are missing.
  if (!objs.some((obj) => tparamsOf(obj).length > 0)) return noTypeCopies;
  const names = new LiteralNames();
  // Literals of instances have their names once the instances are known.
  for (const obj of objs) names.add(obj);
  const first = new Writer(p, names);
  for (const obj of objs) first.obj(obj);
  const writer = new Writer(p, names);
  for (const obj of objs) writer.obj(obj);
  const linker = new Linker(isInlinable);
  for (const obj of objs) if (isExported(obj.name)) linker.obj(writer.obj(obj)!);
  return linker.mentions.size === 0 ? noTypeCopies : names.copies(linker.mentions);
}

/** The names of type literals. */
class LiteralNames {
  private readonly used = new Set<string>();
  private readonly names = new Map<Type, string>();
  private readonly instances = new Set<Named>();

  copies(mentions: TypeCopies["mentions"]): TypeCopies {
    return { mentions, literals: this.used, instances: [...this.instances] };
  }

  add(obj: Obj): void {
    literalsOf(obj, this.take);
  }

  nameOf(type: Type): string | null {
    if (type.kind === TypeKind.Named || type.kind === TypeKind.Alias) {
      if (!isTracked(type)) return null;
      if (type.kind === TypeKind.Named && !this.instances.has(type)) {
        this.instances.add(type);
        literalsOfInstance(type, this.take);
      }
      return instanceName(type);
    }
    const name = this.names.get(type);
    if (name === undefined || !hasInstance(type)) return null;
    this.used.add(name);
    return name;
  }

  private readonly take = (literal: Type, name: string): void => {
    if (!this.names.has(literal)) this.names.set(literal, name);
  };
}

/** Whether a type literal mentions an instance. */
function hasInstance(t: Type): boolean {
  switch (t.kind) {
    case TypeKind.Named:
      return t.targs.length > 0;
    case TypeKind.Alias:
      return isTracked(t);
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Chan:
      return hasInstance(t.elem);
    case TypeKind.Pointer:
      return hasInstance(t.base);
    case TypeKind.Map:
      return hasInstance(t.key) || hasInstance(t.elem);
    case TypeKind.Struct:
      return t.fields.some((f) => hasInstance(f.type!));
    case TypeKind.Signature:
      return [...t.params.vars, ...t.results.vars].some((v) => hasInstance(v.type!));
    case TypeKind.Interface:
      return t.methods.some((m) => hasInstance(m.type!)) || t.embeddeds.some(hasInstance);
    default:
      return false;
  }
}

/** An instance, or an alias that may stand for one. */
function isTracked(t: Type): boolean {
  return t.kind === TypeKind.Named ? t.targs.length > 0 : t.kind === TypeKind.Alias && isGlobal(t.orig.obj);
}

/** What the export data have a place for: a declaration, a type or a body, and what it refers to, in order. */
class Element {
  readonly refs = new Set<Element>();
  constructor(
    /** Of a type: null if its copies do not matter. */
    readonly name: string | null,
  ) {}
}

class Decl extends Element {
  /** What the dictionary refers to. */
  readonly dict = new Set<Element>();
  readonly bodies: { readonly fn: Func; readonly body: Element }[] = [];
  /** Types and instances that depend on the type parameters: referred to by the dictionary. */
  readonly derived = new Map<Type, Element>();
  readonly subdicts: Element[] = [];
  readonly itabs: Element[] = [];
  constructor(
    readonly obj: Obj,
    /** Its type parameters are in scope. */
    readonly tparams: readonly TypeParam[],
  ) {
    super(elementName(obj));
  }
}

/** Writes the package for the compiler itself. */
class Writer implements Mentions {
  private readonly decls = new Map<Obj, Decl>();
  private readonly types = new Map<Type, Element>();
  private decl: Decl | null = null;
  private element: Element | null = null;
  private readonly outer: (Element | null)[] = [];

  constructor(
    private readonly p: PkgReader,
    private readonly names: LiteralNames,
  ) {}

  /** The declaration; null for those of other packages, which lead nowhere. */
  obj(obj: Obj): Decl | null {
    if (obj.pkg !== this.p.pkg || obj.kind === ObjKind.PkgName) return null;
    const known = this.decls.get(obj);
    if (known !== undefined) return known;
    const decl = new Decl(obj, tparamsOf(obj));
    this.decls.set(obj, decl);
    const outer = this.decl;
    this.decl = decl;
    this.enter(decl);
    this.define(obj, decl);
    this.leave();
    this.enter(decl);
    this.dict(decl);
    this.leave();
    this.decl = outer;
    return decl;
  }

  private define(obj: Obj, decl: Decl): void {
    switch (obj.kind) {
      case ObjKind.Const:
      case ObjKind.Var:
        this.typ(obj.type!);
        return;
      case ObjKind.Func:
        this.signature(obj.type!);
        this.func(obj, decl);
        return;
      case ObjKind.TypeName: {
        const type = obj.type!;
        if (type.kind === TypeKind.Alias) this.typ(aliasRHS(type)!);
        else if (type.kind !== TypeKind.Named || type.obj !== obj) this.typ(type);
        else {
          this.typ(under(type));
          for (let i = 0; i < numMethods(type); i++) {
            const fn = methodAt(type, i);
            const sig: Signature = fn.type!;
            this.typ(sig.recv!.type!);
            this.signature(sig);
            this.func(fn, decl);
          }
        }
        return;
      }
    }
  }

  private func(fn: Func, decl: Decl): void {
    this.enter();
    mentionedBy(this.p, this, fn.type!, declOf(this.p, fn).body);
    decl.bodies.push({ fn, body: this.leave() });
  }

  private dict(decl: Decl): void {
    const refs = decl.tparams.map((tparam) => this.write(tparam.bound!));
    for (const element of [...refs, ...decl.derived.values(), ...decl.subdicts, ...decl.itabs]) {
      if (element !== null) decl.dict.add(element);
    }
  }

  // ------------------------------------------------------------------------------------------- what bodies mention

  private enter(element = new Element(null)): void {
    this.outer.push(this.element);
    this.element = element;
  }

  private leave(): Element {
    const element = this.element!;
    this.element = this.outer.pop()!;
    return element;
  }

  private refer(element: Element | null): void {
    if (element !== null) this.element!.refs.add(element);
  }

  literal(sig: Signature, walk: () => void): void {
    this.enter();
    walk();
    const body = this.leave();
    this.signature(sig);
    this.refer(body);
  }

  declares(obj: TypeName): void {
    const { tparams } = this.decl!;
    if (tparams.length > 0) this.p.implicits.set(obj, tparams);
  }

  typ(t: Type): void {
    this.refer(this.write(t));
  }

  written(t: Type): void {
    this.write(t);
  }

  global(obj: Obj): void {
    this.refer(this.obj(obj));
  }

  inst(obj: Obj, targs: readonly Type[], isMethod: boolean): void {
    const refs = targs.map((targ) => this.write(targ));
    refs.unshift(this.obj(obj));
    const isDynamic =
      targs.some((targ) => isDerived(this.p, targ)) ||
      (obj.kind === ObjKind.TypeName && hasImplicitTypeParams(this.p, obj));
    if (isDynamic) {
      for (const ref of refs) if (ref !== null) this.decl!.subdicts.push(ref);
    } else if (!isMethod || targs.length > 0) {
      for (const ref of refs) this.refer(ref);
    }
  }

  itab(from: Type, to: Type): void {
    const refs = [this.write(from), this.write(to)];
    for (const ref of refs) this.refer(ref);
    if (!isDerived(this.p, from) && !isDerived(this.p, to)) return;
    for (const ref of refs) if (ref !== null) this.decl!.itabs.push(ref);
  }

  // ------------------------------------------------------------------------------------------------------ types

  /** The type, written if it is not yet; null if it depends on type parameters, or leads nowhere. */
  private write(t: Type): Element | null {
    if (t.kind === TypeKind.Basic) return null;
    const type = t.kind === TypeKind.Alias ? stripLocalAliases(t) : t;
    const known = this.types.get(type);
    if (known !== undefined) return known;
    const { decl } = this;
    if (decl !== null) {
      if (decl.derived.has(type)) return null;
      if (isDerived(this.p, type)) {
        decl.derived.set(type, this.parts(type, null));
        return null;
      }
    }
    const element = this.parts(type, this.names.nameOf(type));
    this.types.set(type, element);
    return element;
  }

  private parts(type: Type, name: string | null): Element {
    this.enter(new Element(name));
    this.doType(type);
    return this.leave();
  }

  private doType(t: Type): void {
    switch (t.kind) {
      case TypeKind.Named:
      case TypeKind.Alias: {
        const refs = t.targs.map((targ) => this.write(targ));
        this.refer(this.obj(t.orig.obj));
        for (const ref of refs) this.refer(ref);
        return;
      }
      case TypeKind.Array:
      case TypeKind.Slice:
      case TypeKind.Chan:
        this.typ(t.elem);
        return;
      case TypeKind.Pointer:
        this.typ(t.base);
        return;
      case TypeKind.Map:
        this.typ(t.key);
        this.typ(t.elem);
        return;
      case TypeKind.Struct:
        for (const f of t.fields) this.typ(f.type!);
        return;
      case TypeKind.Signature:
        this.signature(t);
        return;
      case TypeKind.Interface:
        if (isUniverseAny(t)) return;
        for (const m of t.methods) this.signature(m.type!);
        for (const e of t.embeddeds) this.typ(e);
        return;
      case TypeKind.Union:
        for (const term of t.terms) this.typ(term.type);
        return;
    }
  }

  private signature(sig: Signature): void {
    this.tuple(sig.params);
    this.tuple(sig.results);
  }

  private tuple(tuple: Tuple): void {
    for (const v of tuple.vars) this.typ(v.type!);
  }
}

/** Copies what importers need. */
class Linker {
  readonly mentions = new Map<string, Map<string, number>>();
  private readonly decls = new Set<Decl>();
  /** The copy to be referred to from then on. */
  private readonly copied = new Map<Element, number>();
  /** How many copies of a type there are. */
  private readonly copies = new Map<string, number>();
  /** The name of what is being copied. */
  private parent = "";

  constructor(private readonly isInlinable: (fn: Func) => boolean) {}

  obj(decl: Decl): void {
    if (this.decls.has(decl)) return;
    this.decls.add(decl);
    const { parent } = this;
    this.parent = decl.name!;
    this.all(decl.refs);
    this.all(decl.dict);
    const isGeneric = decl.tparams.length > 0;
    for (const { fn, body } of decl.bodies) if (isGeneric || this.isInlinable(fn)) this.element(body);
    this.parent = parent;
  }

  private all(refs: ReadonlySet<Element>): void {
    for (const ref of refs) {
      if (ref instanceof Decl) this.obj(ref);
      else this.element(ref);
    }
  }

  private element(element: Element): void {
    const { name } = element;
    const known = this.copied.get(element);
    if (known !== undefined) {
      if (name !== null) this.note(name, known);
      return;
    }
    if (name === null) {
      this.all(element.refs);
      this.copied.set(element, 0);
      return;
    }
    const copy = this.copies.get(name) ?? 0;
    this.copies.set(name, copy + 1);
    this.note(name, copy);
    const { parent } = this;
    this.parent = copyName(name, copy);
    this.all(element.refs);
    this.parent = parent;
    this.copied.set(element, copy);
  }

  private note(type: string, copy: number): void {
    if (copy === 0) return;
    let mentioned = this.mentions.get(this.parent);
    if (mentioned === undefined) {
      mentioned = new Map();
      this.mentions.set(this.parent, mentioned);
    }
    mentioned.set(type, copy);
  }
}

function copyName(name: string, copy: number): string {
  return copy === 0 ? name : `${name}@${copy}`;
}

function tparamsOf(obj: Obj): readonly TypeParam[] {
  if (obj.kind === ObjKind.Func) return obj.type!.tparams;
  if (obj.kind !== ObjKind.TypeName || obj.type === null) return [];
  const type = obj.type;
  return type.kind === TypeKind.Named || type.kind === TypeKind.Alias ? typeParams(type) : [];
}

/** A type of an imported package where a declaration or another type mentions it. */
export interface MentionedType {
  /** Where this copy is kept when it is read. */
  readonly read: Map<Type, IrType>;
  /** The name for what it mentions itself. */
  readonly name: string;
}

/** The types of an imported package that its export data hold several times, as they are read. */
export class CopiesRead {
  private readonly names = new Map<Type, string | null>();
  /** Types read so far, by the number of the copy. */
  private readonly read: Map<Type, IrType>[] = [];

  constructor(
    pkg: Package,
    private readonly mentions: TypeCopies["mentions"],
    first: Map<Type, IrType>,
  ) {
    this.read.push(first);
    literalsApart(pkg, (literal, name) => {
      if (!this.names.has(literal)) this.names.set(literal, name);
    });
  }

  /** `type` where `parent` mentions it; null if that is no matter. */
  mentioned(type: Type, parent: string): MentionedType | null {
    let name = this.names.get(type);
    if (name === undefined) {
      name = this.nameOf(type);
      this.names.set(type, name);
    }
    if (name === null) return null;
    const copy = this.mentions.get(parent)?.get(name) ?? 0;
    this.read[copy] ??= new Map();
    return { read: this.read[copy], name: copyName(name, copy) };
  }

  private nameOf(type: Type): string | null {
    if ((type.kind !== TypeKind.Named && type.kind !== TypeKind.Alias) || !isTracked(type)) return null;
    return instanceName(type);
  }
}
