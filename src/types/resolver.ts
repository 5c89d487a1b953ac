/** Collects the objects of a package from its files, imports what they import, and finds the methods of each type.
 *  Mirrors types2/resolver.go. */

import type { Value } from "../base/constant.ts";
import { NoPos } from "../base/pos.ts";
import {
  ConstDecl,
  type Expr,
  type File,
  type FuncDecl,
  type ImportDecl,
  Kind,
  Name,
  type VarDecl,
} from "../syntax/ast.ts";
import { unquote } from "../syntax/quote.ts";
import { Op } from "../syntax/tokens.ts";
import { unparen } from "../syntax/walk.ts";
import { type Checker, DeclInfo } from "./check.ts";
import { collectMethods, declare, objDecl } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { addAltDecl, addf, error, errorf, newError, report, softErrorf } from "./errors.ts";
import { markImports, PosArg } from "./format.ts";
import { isExported } from "./object.ts";
import { recordDef } from "./recording.ts";
import { newScope } from "./scope.ts";
import {
  BasicKind,
  Const,
  Func,
  type Obj,
  ObjKind,
  Package,
  PkgName,
  type Scope,
  TypeName,
  Var,
  VarKind,
} from "./types.ts";
import { Typ, Unsafe } from "./universe.ts";
import { unpackListExpr } from "./util.ts";
import { asGoVersion, go1_18, go1_27, verifyVersionf } from "./version.ts";

/** Checks that a const or var declaration has as many values as names. */
export function arity(
  c: Checker,
  decl: ConstDecl | VarDecl,
  names: readonly Name[],
  inits: readonly Expr[],
  constDecl: boolean,
  inherited: boolean,
): void {
  const l = names.length;
  const r = inits.length;
  if (l < r) {
    const n = inits[l];
    if (inherited) errorf(c, decl.pos, Code.WrongAssignCount, "extra init expr at %s", new PosArg(n.pos));
    else errorf(c, n, Code.WrongAssignCount, "extra init expr %s", n);
  } else if (l > r && (constDecl || r !== 1)) {
    // With a single value a call may still give enough of them.
    errorf(c, names[r], Code.WrongAssignCount, "missing init expr for %s", names[r].value);
  }
}

const illegalPathChars = new Set("!\"#$%&'()*,:;<=>?[\\]^{|}`\uFFFD");

/** What is wrong with an import path, null when nothing is. */
function importPathError(path: string): string | null {
  if (path === "") return "empty string";
  if (/^[\w./~+@-]+$/.test(path)) return null; // as most are: classes of characters are slow at first
  for (const ch of path) {
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(ch) || illegalPathChars.has(ch))
      return `invalid character ${describe(ch)}`;
  }
  return null;
}

/** As Go's `%#U`. */
function describe(ch: string): string {
  const code = `U+${ch.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
  return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(ch) ? `${code} '${ch}'` : code;
}

/** Declares a constant, variable or type in the package scope. */
function declarePkgObj(c: Checker, ident: Name, obj: Obj, d: DeclInfo): void {
  if (ident.value === "init") {
    error(c, ident, Code.InvalidInitDecl, "cannot declare init - must be func");
    return;
  }
  if (ident.value === "main" && c.pkg.name === "main") {
    error(c, ident, Code.InvalidMainDecl, "cannot declare main - must be func");
    return;
  }
  declare(c, c.pkg.scope, ident, obj, NoPos);
  addToObjMap(c, obj, d);
}

function addToObjMap(c: Checker, obj: Obj, d: DeclInfo): void {
  c.objMap.set(obj, d);
  obj.order = c.objMap.size;
}

function importPackage(c: Checker, at: Expr, path: string, dir: string): Package | null {
  const known = c.impMap.get(path);
  if (known !== undefined) return known;

  let imp: Package | null;
  if (path === "C" && c.conf.fakeImportC === true) {
    imp = new Package("C", "C", null);
    imp.fake = true;
  } else {
    imp = path === "unsafe" ? Unsafe : c.conf.importer.importPackage(path, dir);
    let problem = "";
    if (imp === null) {
      problem = `package ${path} not found`;
    } else if (imp.name === "_" || imp.name === "") {
      problem = `invalid package name: "${imp.name}"`;
      imp = null;
    }
    if (imp === null) {
      errorf(c, at, Code.BrokenImport, "could not import %s (%s)", path, problem);
      const stem = path.endsWith("/") ? path.slice(0, -1) : path;
      imp = new Package(path, stem.slice(stem.lastIndexOf("/") + 1), null);
      imp.fake = true;
    }
  }
  if (!imp.complete && !imp.fake) return null;
  c.impMap.set(path, imp);
  if (c.pkgPathMap !== null) markImports(c, imp);
  return imp;
}

interface MethodInfo {
  readonly obj: Func;
  readonly ptr: boolean;
  /** Name of the receiver's base type. */
  readonly recv: Name;
}

/** Declares all package-level objects, imports packages, and attaches methods to the types of their receivers. */
export function collectObjects(c: Checker): void {
  const methods: MethodInfo[] = [];
  const fileScopes: Scope[] = [];
  const pkgImports = new Set(c.pkg.imports);
  for (const file of c.files) {
    c.version = asGoVersion(c.versions.get(file)!);
    recordDef(c, file.pkgName, null);
    const fileScope = newScope(c.pkg.scope, file.pos, file.end);
    fileScopes.push(fileScope);
    collectFile(c, file, fileScope, pkgImports, methods);
  }

  for (const scope of fileScopes) {
    for (const name of scope.declaredNames()) {
      const alt = c.pkg.scope.lookup(name);
      if (alt === null) continue;
      const obj = scope.lookup(name)!;
      const err = newError(c, Code.DuplicateDecl);
      if (obj.kind === ObjKind.PkgName) {
        addf(err, alt, "%s already declared through import of %s", alt.name, obj.imported);
      } else {
        addf(err, alt, "%s already declared through dot-import of %s", alt.name, obj.pkg);
      }
      addAltDecl(err, obj);
      report(err);
    }
  }

  if (methods.length === 0) return;
  c.methods = new Map();
  for (const m of methods) {
    const found = resolveBaseTypeName(c, m.ptr, m.recv);
    if (found === null) continue;
    m.obj.hasPtrRecv = found.ptr;
    const list = c.methods.get(found.base);
    if (list === undefined) c.methods.set(found.base, [m.obj]);
    else list.push(m.obj);
  }
}

function collectFile(c: Checker, file: File, fileScope: Scope, pkgImports: Set<Package>, methods: MethodInfo[]): void {
  const groups = new ConstGroups();
  for (const decl of file.decls) {
    switch (decl.kind) {
      case Kind.ImportDecl:
        collectImport(c, file, decl, fileScope, pkgImports);
        break;
      case Kind.ConstDecl: {
        const { last, inherited, iota } = groups.next(decl);
        const values = unpackListExpr(last.values);
        for (let i = 0; i < decl.names.length; i++) {
          const name = decl.names[i];
          const obj = new Const(name.pos, c.pkg, name.value, null, iota);
          const d = new DeclInfo(fileScope, c.version);
          d.vtyp = last.type;
          d.init = i < values.length ? values[i] : null;
          d.inherited = inherited;
          declarePkgObj(c, name, obj, d);
        }
        arity(c, decl, decl.names, values, true, inherited);
        break;
      }
      case Kind.VarDecl:
        collectVars(c, decl, fileScope);
        break;
      case Kind.TypeDecl: {
        const obj = new TypeName(decl.name.pos, c.pkg, decl.name.value, null);
        const d = new DeclInfo(fileScope, c.version);
        d.tdecl = decl;
        declarePkgObj(c, decl.name, obj, d);
        break;
      }
      case Kind.FuncDecl:
        collectFunc(c, decl, fileScope, methods);
    }
    if (decl.kind !== Kind.ConstDecl) groups.leave();
  }
}

function collectImport(c: Checker, file: File, decl: ImportDecl, fileScope: Scope, pkgImports: Set<Package>): void {
  if (decl.path.bad) return;
  const path = unquote(decl.path.value);
  const problem = path === null ? "invalid syntax" : importPathError(path);
  if (path === null || problem !== null) {
    errorf(c, decl.path, Code.BadImportPath, "invalid import path (%s)", problem);
    return;
  }
  const imp = importPackage(c, decl.path, path, dirOf(c.fset.file(file.pos)?.name ?? ""));
  if (imp === null) return;

  let name = imp.name;
  if (decl.localPkgName !== null) {
    name = decl.localPkgName.value;
    if (path === "C") {
      error(c, decl.localPkgName, Code.ImportCRenamed, 'cannot rename import "C"');
      return;
    }
  }
  if (name === "init") {
    error(c, decl, Code.InvalidInitDecl, "cannot import package as init - init must be a func");
    return;
  }
  if (!pkgImports.has(imp)) {
    pkgImports.add(imp);
    c.pkg.imports.push(imp);
  }

  const pkgName = new PkgName(decl.pos, c.pkg, name, imp);
  pkgName.type = Typ[BasicKind.Invalid];
  if (decl.localPkgName !== null) recordDef(c, decl.localPkgName, pkgName);
  if (imp.fake) pkgName.used = true;
  c.imports.push(pkgName);
  if (name === ".") dotImport(c, decl, imp, fileScope, pkgName);
  else declare(c, fileScope, null, pkgName, NoPos);
}

/** Makes the exported objects of `imp` visible in a file. `decl` is null when the file is known to be correct. */
export function dotImport(c: Checker, decl: ImportDecl | null, imp: Package, fileScope: Scope, pkgName: PkgName): void {
  c.dotImportMap ??= new Map();
  let through = c.dotImportMap.get(fileScope);
  if (through === undefined) {
    through = new Map();
    c.dotImportMap.set(fileScope, through);
  }
  for (const name of imp.scope.declaredNames()) {
    if (!isExported(name)) continue;
    const alt = fileScope.lookup(name);
    if (alt !== null && decl !== null) {
      const err = newError(c, Code.DuplicateDecl);
      addf(err, decl.localPkgName!, "%s redeclared in this block", alt.name);
      addAltDecl(err, alt);
      report(err);
    } else {
      fileScope.insertLazy(name, () => imp.scope.lookup(name)!);
      through.set(name, pkgName);
    }
  }
}

function collectVars(c: Checker, decl: VarDecl, fileScope: Scope): void {
  const lhs: Var[] = [];
  // All variables of an n:1 declaration share the DeclInfo, so that each depends on the same initialisation.
  let shared: DeclInfo | null = null;
  if (decl.values === null || decl.values.kind !== Kind.ListExpr) {
    shared = new DeclInfo(fileScope, c.version);
    shared.lhs = lhs;
    shared.vtyp = decl.type;
    shared.init = decl.values;
  }
  const values = unpackListExpr(decl.values);
  for (let i = 0; i < decl.names.length; i++) {
    const name = decl.names[i];
    const obj = new Var(name.pos, c.pkg, name.value, null, VarKind.PackageVar);
    lhs.push(obj);
    let d = shared;
    if (d === null) {
      d = new DeclInfo(fileScope, c.version);
      d.vtyp = decl.type;
      d.init = i < values.length ? values[i] : null;
    }
    declarePkgObj(c, name, obj, d);
  }
  if (decl.type === null || values.length > 0) arity(c, decl, decl.names, values, false, false);
}

function collectFunc(c: Checker, decl: FuncDecl, fileScope: Scope, methods: MethodInfo[]): void {
  const name = decl.name.value;
  const obj = new Func(decl.name.pos, c.pkg, name, null);
  obj.decl = decl;
  let hasTParamError = false;
  if (decl.recv === null) {
    if (name === "init" || (name === "main" && c.pkg.name === "main")) {
      const code = name === "main" ? Code.InvalidMainDecl : Code.InvalidInitDecl;
      if (decl.tparams.length > 0) {
        softErrorf(c, decl.tparams[0], code, "func %s must have no type parameters", name);
        hasTParamError = true;
      }
      if (decl.type.params.length > 0 || decl.type.results.length > 0) {
        softErrorf(c, decl.name, code, "func %s must have no arguments and no return values", name);
      }
    }
    if (name === "init") {
      // There may be several; none is visible.
      obj.parent = c.pkg.scope;
      recordDef(c, decl.name, obj);
      if (decl.body === null) softErrorf(c, obj.pos, Code.MissingInitBody, "func init must have a body");
    } else {
      declare(c, c.pkg.scope, decl.name, obj, NoPos);
    }
  } else {
    // Methods with blank names are never found, those with invalid receivers have no type to go to;
    // both are checked with the other functions all the same.
    const { ptr, base } = unpackRecv(c, decl.recv.type, false);
    if (base.kind === Kind.Name && name !== "_") methods.push({ obj, ptr, recv: base });
    if (decl.tparams.length > 0) verifyVersionf(c, decl.tparams[0], go1_27, "generic method");
    recordDef(c, decl.name, obj);
  }
  if (decl.tparams.length > 0 && !hasTParamError) verifyVersionf(c, decl.tparams[0], go1_18, "type parameter");
  const d = new DeclInfo(fileScope, c.version);
  d.fdecl = decl;
  addToObjMap(c, obj, d);
}

const noConstDecl = new ConstDecl(NoPos, NoPos, null, [], null, null);

/** Walks a list of declarations and tells for each constant declaration its iota and where its values come from. */
export class ConstGroups {
  private index = 0;
  private prev: ConstDecl | null = null;
  private last: ConstDecl | null = null;

  next(decl: ConstDecl): { last: ConstDecl; inherited: boolean; iota: Value } {
    if (this.prev === null || decl.group === null || this.prev.group !== decl.group) {
      this.index = 0;
      this.last = null;
    } else {
      this.index++;
    }
    this.prev = decl;
    let inherited = true;
    if (decl.type !== null || decl.values !== null) {
      this.last = decl;
      inherited = false;
    } else if (this.last === null) {
      this.last = noConstDecl;
      inherited = false;
    }
    return { last: this.last, inherited, iota: BigInt(this.index) };
  }

  /** A declaration of another sort came in between. */
  leave(): void {
    this.prev = null;
  }
}

function dirOf(filename: string): string {
  const i = Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\"));
  return i > 0 ? filename.slice(0, i) : ".";
}

/** Package-level objects in source order. (The map keeps its insertion order, which is the source order.) */
export function sortObjects(c: Checker): void {
  c.objList = [...c.objMap.keys()];
}

/** Takes a receiver type apart: `*T[A, _]` gives ptr, `T`, and the names `A`, `_` when `unpackParams` is set;
 *  `tparams` is null when there is no list. */
export function unpackRecv(
  c: Checker,
  rtyp: Expr,
  unpackParams: boolean,
): { ptr: boolean; base: Expr; tparams: Name[] | null } {
  let ptr = false;
  let base = unparen(rtyp);
  if (base.kind === Kind.Operation && base.op === Op.Mul && base.y === null) {
    ptr = true;
    base = unparen(base.x);
  }
  let tparams: Name[] | null = null;
  if (base.kind === Kind.IndexExpr) {
    const index = base.index;
    base = base.x;
    if (unpackParams) {
      tparams = [];
      for (const arg of unpackListExpr(index)) {
        if (arg.kind === Kind.Name) {
          tparams.push(arg);
          continue;
        }
        if (arg.kind !== Kind.BadExpr) {
          errorf(c, arg, Code.BadDecl, "receiver type parameter %s must be an identifier", arg);
        }
        tparams.push(new Name(arg.pos, arg.pos, "_"));
      }
    }
  }
  return { ptr, base, tparams };
}

/** Follows `name` through aliases that are not generic, and at most one pointer, to a type defined in the package. */
function resolveBaseTypeName(c: Checker, ptr: boolean, name: Name): { ptr: boolean; base: TypeName } | null {
  let seen: Set<TypeName> | null = null;
  for (;;) {
    const obj = c.pkg.scope.lookup(name.value);
    if (obj === null || obj.kind !== ObjKind.TypeName || seen?.has(obj)) return null;
    const tdecl = c.objMap.get(obj)!.tdecl!;
    if (!tdecl.alias) return { ptr, base: obj };
    if (tdecl.tparams.length > 0) return null;
    seen ??= new Set();
    seen.add(obj);
    let typ = unparen(tdecl.type);
    if (typ.kind === Kind.Operation && typ.op === Op.Mul && typ.y === null) {
      if (ptr) return null;
      ptr = true;
      typ = unparen(typ.x);
    }
    if (typ.kind !== Kind.Name) return null;
    name = typ;
  }
}

/** Checks all package-level declarations, function bodies excepted: defined types, then aliases, then the rest. */
export function packageObjects(c: Checker): void {
  const aliases: Obj[] = [];
  const others: Obj[] = [];
  for (const obj of c.objList) {
    if (obj.kind === ObjKind.TypeName && obj.type !== null) collectMethods(c, obj);
  }
  for (const obj of c.objList) {
    if (obj.kind !== ObjKind.TypeName) others.push(obj);
    else if (c.objMap.get(obj)!.tdecl!.alias) aliases.push(obj);
    else objDecl(c, obj);
  }
  for (const obj of aliases) objDecl(c, obj);
  for (const obj of others) objDecl(c, obj);
  // What is left belongs to receivers that were not found, which has been reported.
  c.methods = null;
}

export function unusedImports(c: Checker): void {
  if (c.conf.ignoreFuncBodies === true || c.conf.partial === true) return;
  for (const obj of c.imports) {
    if (obj.name !== "_" && !obj.used) errorUnusedPkg(c, obj);
  }
}

function errorUnusedPkg(c: Checker, obj: PkgName): void {
  const path = obj.imported.path;
  const elem = path.slice(path.lastIndexOf("/") + 1);
  if (obj.name === "" || obj.name === "." || obj.name === elem) {
    softErrorf(c, obj, Code.UnusedImport, "%q imported and not used", path);
  } else {
    softErrorf(c, obj, Code.UnusedImport, "%q imported as %s and not used", path, obj.name);
  }
}
