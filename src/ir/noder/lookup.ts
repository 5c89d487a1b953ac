/** Functions by the names of their link symbols, whether or not the package mentions them.
 *
 *  Mirrors LookupFunc of cmd/compile/internal/noder/unified.go and ParseLinkFuncName, splitType of ir. What the compiler
 *  can find is what lies in the export data of the packages imported directly. Instances of generic functions and types
 *  are not found. */

import { typeParams } from "../../types/named.ts";
import { type Named, type Obj, ObjKind, type Package, TypeKind } from "../../types/types.ts";
import { Class, type Func, type Name } from "../node.ts";
import { TKind, type Type } from "../types.ts";
import { readBodies } from "./bodies.ts";
import type { Noder } from "./noder.ts";
import { objIdx } from "./objects.ts";

/** Finds functions in what the package imports. */
export class FuncLookup {
  private packages: Map<string, Package> | null = null;

  constructor(private readonly n: Noder) {}

  /** The function or method with the given symbol; null if it is not known here. */
  find(linkName: string): Func | null {
    const name = parseLinkFuncName(linkName);
    if (name === null) return null;
    const pkg = this.packageAt(name.path);
    if (pkg === null) return null;
    // `f.g` is a literal in function f or a method of type f; literals are not found here.
    return this.lookupFunction(pkg, name.sym) ?? this.lookupMethod(pkg, name.sym);
  }

  /** To be called when all have been found: reads what came to light on the way. */
  finish(): void {
    readBodies(this.n, this.n.target.funcs);
  }

  /** The package of that path, imported directly or not. */
  private packageAt(path: string): Package | null {
    if (this.packages === null) {
      const packages = new Map<string, Package>();
      const add = (pkg: Package): void => {
        if (packages.has(pkg.path)) return;
        packages.set(pkg.path, pkg);
        for (const imported of pkg.imports) add(imported);
      };
      add(this.n.local.pkg!);
      this.packages = packages;
    }
    return this.packages.get(path) ?? null;
  }

  private lookupFunction(pkg: Package, name: string): Func | null {
    const obj = this.object(pkg, name);
    if (obj === null || obj.kind !== ObjKind.Func || obj.type!.tparams.length > 0) return null;
    const fn = objIdx(this.n.reader(pkg), obj, [], [], false) as Name;
    return fn.class === Class.PFUNC ? fn.func : null;
  }

  private lookupMethod(pkg: Package, symName: string): Func | null {
    const name = splitType(symName);
    if (name === null) return null;
    const obj = this.object(pkg, name.type);
    if (obj === null || obj.kind !== ObjKind.TypeName) return null;
    const type = obj.type!;
    if (type.kind !== TypeKind.Named || typeParams(type as Named).length > 0) return null;
    const irType = objIdx(this.n.reader(pkg), obj, [], [], false) as Type;
    if (irType.kind === TKind.INTER) return null;
    for (const method of irType.methods) {
      const { sym } = method;
      // A method that is not exported is a symbol of its package.
      if (sym !== null && sym.name === name.method && method.nname !== null) return (method.nname as Name).func;
    }
    return null;
  }

  /** A declaration at package level that export data brings. */
  private object(pkg: Package, name: string): Obj | null {
    const { local } = this.n;
    if (pkg !== local.pkg) {
      const key = exportedDeclKey(pkg.path, name);
      if (!local.pkg!.imports.some((imported) => imported.inlinedBodies.has(key))) return null;
    }
    return pkg.scope.lookup(name);
  }
}

/** How a declaration is named in Package.inlinedBodies that is part of the export data. */
export function exportedDeclKey(path: string, name: string): string {
  return `decl ${path} ${name}`;
}

/** The package-level declarations that the symbol can belong to: a function, or the type of a method. */
export function declsOfSymbol(linkName: string): { readonly path: string; readonly names: readonly string[] } | null {
  const parsed = parseLinkFuncName(linkName);
  if (parsed === null) return null;
  const method = splitType(parsed.sym);
  return { path: parsed.path, names: method === null ? [parsed.sym] : [parsed.sym, method.type] };
}

/** The import path and the name within the package; null if there is no package in it. */
function parseLinkFuncName(name: string): { path: string; sym: string } | null {
  // They are split at the first dot after the last slash of what can be a path.
  let slash = 0;
  for (let i = 0; i < name.length && isEscapedPathChar(name.charCodeAt(i)); i++) if (name[i] === "/") slash = i;
  const dot = name.indexOf(".", slash);
  if (dot <= 0) return null;
  const path = prefixToPath(name.slice(0, dot));
  return path === null ? null : { path, sym: name.slice(dot + 1) };
}

function isEscapedPathChar(c: number): boolean {
  const isLetter = (c | 32) >= 97 && (c | 32) <= 122;
  return isLetter || (c >= 48 && c <= 57) || "-._~+/%".includes(String.fromCharCode(c));
}

/** Takes back the escaping of paths in symbols (cmd/internal/objabi/path.go); null if it is malformed. */
function prefixToPath(prefix: string): string | null {
  if (!prefix.includes("%")) return prefix;
  if (/%(?![0-9a-fA-F]{2})/.test(prefix)) return null;
  const bytes = new Uint8Array(prefix.length);
  let length = 0;
  for (let i = 0; i < prefix.length; i++) {
    if (prefix[i] === "%") {
      bytes[length++] = Number.parseInt(prefix.slice(i + 1, i + 3), 16);
      i += 2;
    } else {
      bytes[length++] = prefix.charCodeAt(i);
    }
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

/** The type and the method in `T.M` or `(*T).M`; null without a dot outside brackets. */
function splitType(name: string): { type: string; method: string } | null {
  let depth = 0;
  for (let i = 0; i < name.length; i++) {
    const c = name[i];
    if (c === "[") depth++;
    else if (c === "]") depth--;
    else if (c === "." && depth === 0) {
      let type = name.slice(0, i);
      if (type.length > 3 && type.startsWith("(*") && type.endsWith(")")) type = type.slice(2, -1);
      return { type, method: name.slice(i + 1) };
    }
  }
  return null;
}
