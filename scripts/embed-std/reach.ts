/** Which objects of a set of packages can be reached from the exported ones of some of them: by types, by methods, by
 *  the bodies of functions that are inlined or instantiated elsewhere. */
import { aliasRHS } from "../../src/types/alias.ts";
import { method, numMethods, typeParams } from "../../src/types/named.ts";
import { isExported } from "../../src/types/object.ts";
import { type Func, type Obj, ObjKind, type Package, type Type, TypeKind } from "../../src/types/types.ts";
import type { Mentions } from "./analyse.ts";

/** Names a function or method in the whole of the packages. */
export function funcKey(fn: Func): string {
  const recv = fn.type!.recv;
  if (recv === null) return `${fn.pkg!.path} ${fn.name}`;
  const type = recv.type!.kind === TypeKind.Pointer ? recv.type!.base : recv.type!;
  const owner = type.kind === TypeKind.Named || type.kind === TypeKind.Alias ? type.obj.name : "";
  return `${fn.pkg!.path} ${owner}.${fn.name}`;
}

/** Its body is needed where it is called. */
export function needsBody(fn: Func): boolean {
  const sig = fn.type!;
  return sig.tparams.length > 0 || sig.rparams.length > 0 || (fn.summary?.inl ?? null) !== null;
}

export class Reach {
  /** Package-level objects. */
  readonly objects = new Set<Obj>();
  /** Functions whose bodies are needed. */
  readonly bodies = new Set<Func>();
  private readonly types = new Set<Type>();
  private readonly todo: Obj[] = [];

  constructor(
    private readonly importPackage: (path: string) => Package,
    private readonly mentions: ReadonlyMap<string, Mentions>,
  ) {}

  /** Everything that `pkg` exports. */
  addPackage(pkg: Package): void {
    for (const obj of pkg.scope.objects()) if (isExported(obj.name)) this.add(obj);
    for (let obj = this.todo.pop(); obj !== undefined; obj = this.todo.pop()) this.object(obj);
  }

  private add(obj: Obj): void {
    if (obj.pkg === null || this.objects.has(obj)) return;
    this.objects.add(obj);
    this.todo.push(obj);
  }

  private object(obj: Obj): void {
    if (obj.kind === ObjKind.Func) this.func(obj);
    else if (obj.type !== null) this.type(obj.type);
  }

  private func(fn: Func): void {
    const sig = fn.type!;
    for (const tparam of [...sig.rparams, ...sig.tparams]) this.type(tparam);
    if (sig.recv !== null) this.type(sig.recv.type!);
    this.type(sig);
    const mentions = needsBody(fn) ? this.mentions.get(funcKey(fn)) : undefined;
    if (mentions === undefined) return;
    this.bodies.add(fn);
    for (const [path, name] of mentions.objects) {
      if (path === "unsafe") continue;
      const obj = this.importPackage(path).scope.lookup(name);
      if (obj === null) throw new Error(`${funcKey(fn)} mentions ${path}.${name}, which is not there`);
      this.add(obj);
    }
  }

  private type(t: Type): void {
    if (this.types.has(t)) return;
    this.types.add(t);
    switch (t.kind) {
      case TypeKind.Array:
      case TypeKind.Slice:
      case TypeKind.Chan:
        this.type(t.elem);
        break;
      case TypeKind.Map:
        this.type(t.key);
        this.type(t.elem);
        break;
      case TypeKind.Pointer:
        this.type(t.base);
        break;
      case TypeKind.Struct:
        for (const field of t.fields) this.type(field.type!);
        break;
      case TypeKind.Signature:
        for (const v of t.params.vars) this.type(v.type!);
        for (const v of t.results.vars) this.type(v.type!);
        break;
      case TypeKind.Union:
        for (const term of t.terms) this.type(term.type);
        break;
      case TypeKind.Interface:
        for (const m of t.methods) this.type(m.type!);
        for (const e of t.embeddeds) this.type(e);
        break;
      case TypeKind.TypeParam:
        this.type(t.bound!);
        break;
      case TypeKind.Alias:
      case TypeKind.Named:
        if (t.orig !== t) {
          this.type(t.orig);
          for (const arg of t.targs) this.type(arg);
          break;
        }
        if (t.obj.pkg !== null && t.obj.pkg.scope.lookup(t.obj.name) === t.obj) this.add(t.obj);
        for (const tparam of typeParams(t)) this.type(tparam);
        if (t.kind === TypeKind.Alias) this.type(aliasRHS(t)!);
        else {
          this.type(t.fromRHS!);
          for (let i = 0; i < numMethods(t); i++) this.func(method(t, i));
        }
        break;
      default:
        break;
    }
  }
}
