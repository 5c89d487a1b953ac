/** What comes with the export data of a package: the declarations that what it exports leads to, and of other packages'
 *  functions among them the bodies that were inlined in it. Importers can inline those without importing the packages
 *  that they are from.
 *
 *  Mirrors relocObj and exportBody of cmd/compile/internal/noder/linker.go. Known difference: bodies of other packages'
 *  generic functions count only if they are instantiated here. */
import { type BlockStmt, type FuncDecl, Kind, type Node } from "../../syntax/ast.ts";
import { crawl } from "../../syntax/walk.ts";
import { aliasRHS } from "../../types/alias.ts";
import { method, numMethods, typeParams } from "../../types/named.ts";
import { type Func, type Obj, ObjKind, type Type, TypeKind } from "../../types/types.ts";
import { isExported } from "../typeops.ts";
import { under } from "./checker-types.ts";
import type { Noder } from "./noder.ts";

export interface ExportData {
  /** Functions of other packages whose bodies come with the package. */
  readonly bodies: ReadonlySet<Func>;
  /** Package-level declarations and methods, of any package. */
  readonly decls: ReadonlySet<Obj>;
}

/** Goes through what the package exports; `inlined` are functions of other packages, `isInlinable` speaks of its own. */
export function exportData(n: Noder, inlined: ReadonlySet<Func>, isInlinable: (fn: Func) => boolean): ExportData {
  const walk = new ExportWalk(n, inlined, isInlinable);
  walk.run();
  return { bodies: walk.found, decls: walk.objects };
}

class ExportWalk {
  readonly found = new Set<Func>();
  readonly objects = new Set<Obj>();
  private readonly types = new Set<Type>();
  private readonly todo: Obj[] = [];

  constructor(
    private readonly n: Noder,
    private readonly inlined: ReadonlySet<Func>,
    private readonly isInlinable: (fn: Func) => boolean,
  ) {}

  run(): void {
    for (const obj of this.n.local.pkg!.scope.objects()) if (isExported(obj.name)) this.reach(obj);
    for (let obj = this.todo.pop(); obj !== undefined; obj = this.todo.pop()) this.object(obj);
  }

  private reach(obj: Obj): void {
    if (obj.pkg === null || this.objects.has(obj)) return;
    this.objects.add(obj);
    this.todo.push(obj);
  }

  private object(obj: Obj): void {
    switch (obj.kind) {
      case ObjKind.Func:
        this.func(obj);
        break;
      case ObjKind.Const:
      case ObjKind.Var:
        this.type(obj.type);
        break;
      case ObjKind.TypeName:
        this.typeName(obj.type);
        break;
    }
  }

  private typeName(type: Type | null): void {
    if (type === null) return;
    if (type.kind === TypeKind.Alias) {
      this.type(aliasRHS(type));
      return;
    }
    if (type.kind !== TypeKind.Named) {
      this.type(type);
      return;
    }
    for (const tparam of typeParams(type)) this.type(tparam.bound);
    this.type(under(type));
    for (let i = 0; i < numMethods(type); i++) this.reach(method(type, i));
  }

  private func(fn: Func): void {
    const sig = fn.type!;
    for (const tparam of sig.tparams) this.type(tparam.bound);
    this.type(sig.params);
    this.type(sig.results);
    const body = this.exportedBody(fn);
    if (body !== null) crawl(body, this.node);
  }

  private exportedBody(fn: Func): BlockStmt | null {
    const sig = fn.type!;
    const generic = sig.tparams.length > 0 || sig.rparams.length > 0;
    const isLocal = fn.pkg === this.n.local.pkg;
    if (isLocal ? !generic && !this.isInlinable(fn) : !generic && !this.inlined.has(fn)) return null;
    if (!isLocal && !generic) this.found.add(fn);
    const decl: FuncDecl | undefined = this.n.reader(fn.pkg).funcDecls.get(fn);
    return decl?.body ?? null;
  }

  private readonly node = (node: Node): boolean => {
    if (node.kind === Kind.Name) {
      const obj = node.obj;
      if (obj !== null && obj.pkg !== null) {
        if (obj.kind === ObjKind.Func || obj.parent === obj.pkg.scope) this.reach(obj);
        else if (obj.kind === ObjKind.Var) this.type(obj.type);
      }
    } else if (node.kind === Kind.CompositeLit || node.kind === Kind.CallExpr) {
      this.type(node.type);
    }
    return false;
  };

  private type(t: Type | null): void {
    if (t === null || this.types.has(t)) return;
    this.types.add(t);
    switch (t.kind) {
      case TypeKind.Named:
        for (const targ of t.targs) this.type(targ);
        this.reach(t.orig.obj);
        break;
      case TypeKind.Alias:
        for (const targ of t.targs) this.type(targ);
        this.reach(t.orig.obj);
        this.type(aliasRHS(t));
        break;
      case TypeKind.Array:
      case TypeKind.Slice:
      case TypeKind.Chan:
        this.type(t.elem);
        break;
      case TypeKind.Pointer:
        this.type(t.base);
        break;
      case TypeKind.Map:
        this.type(t.key);
        this.type(t.elem);
        break;
      case TypeKind.Struct:
        for (const f of t.fields) this.type(f.type);
        break;
      case TypeKind.Tuple:
        for (const v of t.vars) this.type(v.type);
        break;
      case TypeKind.Signature:
        this.type(t.params);
        this.type(t.results);
        break;
      case TypeKind.Interface:
        for (const m of t.methods) this.type(m.type);
        for (const e of t.embeddeds) this.type(e);
        break;
      case TypeKind.Union:
        for (const term of t.terms) this.type(term.type);
        break;
    }
  }
}
