/** Package-level objects as the compiler sees them: functions, variables, defined types, and instances of generic
 *  ones. Each is made when it is first asked for, a type together with all its methods, and everything that comes with
 *  type arguments in every form that its users need.
 *
 *  Mirrors cmd/compile/internal/noder/reader.go (objIdx, objDictIdx, method, funcExt, addBody, shapeSig). */
import { InternalError } from "../../base/diag.ts";
import type { FuncDecl } from "../../syntax/ast.ts";
import { asPragmaFlag } from "../../syntax/pragma.ts";
import { aliasRHS } from "../../types/alias.ts";
import { declaringElement, elementName } from "../../types/copies.ts";
import { method as methodAt, numMethods } from "../../types/named.ts";
import {
  type Func as CheckerFunc,
  type Type as CheckerType,
  type Const,
  type Named,
  type Obj,
  ObjKind,
  type Signature,
  TypeKind,
  type TypeName,
  type Var,
} from "../../types/types.ts";
import { methodSym } from "../expr.ts";
import { newFunc } from "../func.ts";
import { newNamed, newPtr, newSignature, setUnderlying } from "../newtype.ts";
import { Class, type Func, FuncFlag, Name } from "../node.ts";
import { rewriteFuncDecl } from "../rangefunc/rewrite.ts";
import { Field, type Sym, TKind, type Type } from "../types.ts";
import { under } from "./checker-types.ts";
import { ReaderDict, writerDict } from "./dict.ts";
import type { BodyRef, Noder, PkgReader, Reader } from "./noder.ts";
import { linkName } from "./part.ts";
import { mangle, shapify } from "./shapes.ts";
import { basicTKind, needWrapper, param, resumePendingInterfaces, signature, typIdx } from "./types.ts";

/** Name of the dictionary parameter of shaped functions. */
export const dictParamName = ".dict";

/** The variable or (not generic) function `obj` at package level. */
export function objName(r: Reader, obj: Obj): Name {
  return objIdx(r.p, obj as Var | CheckerFunc, noTypes, noTypes, false) as Name;
}

/** The type that `obj` names, instantiated with `targs`. */
export function typeObj(p: PkgReader, obj: TypeName, targs: readonly CheckerType[], dict: ReaderDict | null): Type {
  return objInst(p, obj, targs, dict, false) as Type;
}

/** The object `obj` instantiated with `targs`, which may mention type parameters that `dict` knows. */
export function objInst(
  p: PkgReader,
  obj: Obj,
  targs: readonly CheckerType[],
  dict: ReaderDict | null,
  shaped: boolean,
): Name | Type {
  const explicits = typList(p, targs, dict);
  return objIdx(p, obj, dict === null ? noTypes : dict.targs, explicits, shaped);
}

export function typList(p: PkgReader, list: readonly CheckerType[], dict: ReaderDict | null): readonly Type[] {
  if (list.length === 0) return noTypes;
  const types: Type[] = [];
  for (const t of list) types.push(typIdx(p, t, dict, true));
  return types;
}

const noTypes: readonly Type[] = [];

/** The object with the given type arguments; `shaped` asks for its shaped form. */
export function objIdx(
  p: PkgReader,
  obj: Obj,
  implicits: readonly Type[],
  explicits: readonly Type[],
  shaped: boolean,
): Name | Type {
  if (explicits.length === 0 && !shaped) {
    const known = p.n.defs.get(obj);
    if (known !== undefined) return known;
  }
  if (obj.pkg === null) return predeclared(p.n, obj);
  if (obj.pkg !== p.pkg) return objIdx(p.n.reader(obj.pkg), obj, noTypes, explicits, shaped);
  const { sym, dict } = instanceDict(p, obj, implicits, explicits, shaped);
  let def = obj.name === "_" ? null : (sym.def as Name | Type | null);
  if (def === null) def = define(p, obj, sym, dict, implicits, explicits);
  else if (dict === null) p.n.defs.set(obj, def);
  return def;
}

function define(
  p: PkgReader,
  obj: Obj,
  sym: Sym,
  dict: ReaderDict | null,
  implicits: readonly Type[],
  explicits: readonly Type[],
): Name | Type {
  const { element } = p.n;
  p.n.element = elementName(obj);
  const def = defineObj(p, obj, sym, dict, implicits, explicits);
  p.n.element = element;
  return def;
}

function defineObj(
  p: PkgReader,
  obj: Obj,
  sym: Sym,
  dict: ReaderDict | null,
  implicits: readonly Type[],
  explicits: readonly Type[],
): Name | Type {
  switch (obj.kind) {
    case ObjKind.TypeName:
      return obj.type!.kind === TypeKind.Named ? defineType(p, obj, sym, dict) : defineAlias(p, obj, sym, dict);
    case ObjKind.Func:
      return defineFunc(p, obj, sym, dict, implicits, explicits);
    case ObjKind.Var:
      return defineVar(p, obj, sym);
    default:
      throw new InternalError(`object ${obj.name} cannot be used at run time`);
  }
}

/** The dictionary of an instance and the symbol that tells it from other instances; no dictionary without type
 *  arguments. */
export function instanceDict(
  p: PkgReader,
  obj: Obj,
  implicits: readonly Type[],
  explicits: readonly Type[],
  shaped: boolean,
): { sym: Sym; dict: ReaderDict | null } {
  const sym = qualifiedIdent(p, obj);
  const nimplicits = obj.kind === ObjKind.TypeName ? (p.implicits.get(obj)?.length ?? 0) : 0;
  if (explicits.length === 0 && nimplicits === 0) return { sym, dict: null };
  if (obj.kind !== ObjKind.TypeName && obj.kind !== ObjKind.Func) throw new InternalError(`${obj.name} is not generic`);
  const writer = writerDict(p, obj);
  let targs: readonly Type[] = nimplicits === 0 ? explicits : [...implicits.slice(0, nimplicits), ...explicits];
  let isShaped = shaped;
  for (const targ of targs) if (targ.hasShape) isShaped = true;
  if (isShaped) targs = targs.map((targ, i) => shapify(p.n, targ, writer.basic[i]));
  const baseSym = mangle(sym, targs, nimplicits);
  return { sym: baseSym, dict: new ReaderDict(p, writer, baseSym, targs, isShaped) };
}

/** The symbol of an object; types of functions carry their number. */
function qualifiedIdent(p: PkgReader, obj: Obj): Sym {
  if (obj.kind === ObjKind.TypeName && obj.localIndex !== 0) return p.irPkg.lookup(`${obj.name}·${obj.localIndex}`);
  return p.irPkg.lookup(obj.name);
}

function predeclared(n: Noder, obj: Obj): Type {
  switch (obj.name) {
    case "any":
      return n.universe.anyType;
    case "error":
      return n.universe.errorType;
    case "comparable":
      return n.emptyInterface;
    default:
      throw new InternalError(`unexpected predeclared ${obj.name}`);
  }
}

// ------------------------------------------------------------------------------------------------------- variables

function defineVar(p: PkgReader, obj: Var, sym: Sym): Name {
  p.n.meet(obj.pos);
  const name = new Name(obj.pos, sym, null);
  name.class = Class.PEXTERN;
  if (obj.name !== "_") sym.def = name;
  name.type = typIdx(p, obj.type!, null, true);
  return name;
}

/** Reads what a constant's declaration mentions; constants have no object of their own. */
export function readConst(p: PkgReader, obj: Const): void {
  p.n.meet(obj.pos);
  typIdx(p, obj.type!, null, true);
}

// ------------------------------------------------------------------------------------------------------- functions

function defineFunc(
  p: PkgReader,
  obj: CheckerFunc,
  instanceSym: Sym,
  dict: ReaderDict | null,
  implicits: readonly Type[],
  explicits: readonly Type[],
): Name {
  const n = p.n;
  n.meet(obj.pos);
  let sym = instanceSym;
  if (obj.name === "init") sym = n.lookupNum("init.", n.initGen++);
  const type = signature(p, obj.type!, dict, null);
  const decl = declIfCompiled(p, obj, dict);
  const fn = newFunc(decl === null ? obj.pos : decl.pos, obj.pos, sym, type);
  const name = fn.nname;
  if (obj.name !== "_") sym.def = name;
  if (dict !== null) {
    markInstance(fn);
    if (dict.shaped) name.type = shapeSig(fn, dict);
    else {
      n.todoDicts.push(() => {
        dict.shapedObj = objIdx(p, obj, implicits, explicits, true);
      });
    }
  }
  funcExt(p, fn, obj, decl, dict, null);
  return name;
}

function markInstance(fn: Func): void {
  fn.flags |= FuncFlag.Dupok;
  fn.isInstance = true;
}

/** The declaration of a function that is compiled here: one of the package, or an instance. */
function declIfCompiled(p: PkgReader, obj: CheckerFunc, dict: ReaderDict | null): FuncDecl | null {
  if (dict !== null) return declOf(p, obj);
  if (!p.isLocal) return null;
  const part = p.n.input.part ?? null;
  return part === null || part.funcs.has(obj) ? declOf(p, obj) : null;
}

/** The declaration of a function of `p`, checked, with range-over-func loops rewritten. */
export function declOf(p: PkgReader, obj: CheckerFunc): FuncDecl {
  const known = p.funcDecls.get(obj);
  if (known !== undefined) return known;
  const decl = p.pkg!.loadFuncDecl?.(obj) ?? obj.decl;
  if (decl === null || decl === undefined) throw new InternalError(`no source for ${obj.name} of ${p.irPkg.path}`);
  rewriteFuncDecl(p.pkg!, decl);
  p.funcDecls.set(obj, decl);
  return decl;
}

/** What is known of a function apart from its type: its pragmas, and its body or its escape tags. */
function funcExt(
  p: PkgReader,
  fn: Func,
  obj: CheckerFunc,
  decl: FuncDecl | null,
  dict: ReaderDict | null,
  method: Sym | null,
): void {
  fn.source = obj;
  if (decl === null) {
    const summary = obj.summary;
    if (summary !== null) {
      fn.tags = summary.tags;
      fn.pragma = summary.pragma;
      fn.inl = summary.inl;
    }
    return;
  }
  fn.pragma = asPragmaFlag(decl.directives);
  fn.hasBody = decl.body !== null || (dict !== null && !dict.shaped);
  p.n.bodies.set(fn, bodyOf(p, obj, decl, dict, method));
  const known = dict === null ? undefined : p.n.input.part?.named.get(linkName(fn));
  if (known === undefined) {
    p.n.todoBodies.push(fn);
    return;
  }
  fn.tags = known.tags;
  fn.inl = known.inl;
}

function bodyOf(
  p: PkgReader,
  obj: CheckerFunc,
  decl: FuncDecl,
  dict: ReaderDict | null,
  methodSym: Sym | null,
): BodyRef {
  const { pos: start, end, body: block } = decl;
  const element = declaringElement(obj);
  return { p, dict, element, methodSym, sig: obj.type!, block, captures: [], synthetic: null, start, end };
}

/** How to make the body of `fn`; that of an imported function is read from its source. */
export function bodyRef(n: Noder, fn: Func): BodyRef {
  let ref = n.bodies.get(fn);
  if (ref === undefined) {
    const obj = fn.source;
    if (obj === null) throw new InternalError(`no body for ${fn.sym.name}`);
    const p = n.reader(obj.pkg);
    ref = bodyOf(p, obj, declOf(p, obj), null, null);
    n.bodies.set(fn, ref);
  }
  return ref;
}

/** The signature of a shaped function: the dictionary is its first parameter. All fields are new, as each function's
 *  parameters refer to variables of its own. */
function shapeSig(fn: Func, dict: ReaderDict): Type {
  const sig = fn.type;
  const recv = sig.recv === null ? null : copyField(sig.recv);
  const dictSym = fn.sym.pkg!.lookup(dictParamName);
  const params = [new Field(fn.pos, dictSym, newPtr(dict.varType()))];
  for (const f of sig.params) params.push(copyField(f));
  return newSignature(recv, params, sig.results.map(copyField));
}

function copyField(f: Field): Field {
  const copy = new Field(f.pos, f.sym, f.type);
  copy.isDDD = f.isDDD;
  return copy;
}

// ----------------------------------------------------------------------------------------------------------- types

function defineAlias(p: PkgReader, obj: TypeName, sym: Sym, dict: ReaderDict | null): Type {
  p.n.meet(obj.pos);
  // Reading the type may come across the alias again: then that reading counts.
  const alias = obj.type!;
  const type = typIdx(p, alias.kind === TypeKind.Alias ? aliasRHS(alias)! : alias, dict, true);
  if (sym.def === null) sym.def = type;
  return sym.def as Type;
}

function defineType(p: PkgReader, obj: TypeName, sym: Sym, dict: ReaderDict | null): Type {
  const n = p.n;
  n.meet(obj.pos);
  const named = obj.type as Named;
  const underlying = under(named);
  const type = newNamed(obj.pos, sym, kindOf(underlying));
  type.vargen = obj.localIndex;
  type.complete = false;
  if (obj.name !== "_") sym.def = type;
  if (dict !== null) {
    type.isFullyInstantiated = true;
    if (dict.shaped) type.hasShape = true;
    for (const targ of dict.targs) if (targ.hasShape) type.hasShape = true;
  }
  setUnderlying(type, typIdx(p, underlying, dict, false));
  type.complete = true;
  if (n.pendingInterfaces.length > 0) resumePendingInterfaces(n);
  if (dict !== null && !dict.shaped) {
    const explicits = dict.targs.slice(dict.writer.implicits.length);
    n.todoDicts.push(() => {
      dict.shapedObj = objIdx(p, obj, dict.targs, explicits, true);
    });
  }
  const count = numMethods(named);
  if (count > 0) {
    // Making them all at once makes nearly all types of the program.
    if ((n.input.part ?? null) === null) type.methods = defineMethods(p, named, count, dict);
    else type.deferMethods(() => defineMethods(p, named, count, dict));
  }
  if (dict === null || !dict.shaped) needWrapper(p, dict, type);
  return type;
}

function defineMethods(p: PkgReader, named: Named, count: number, dict: ReaderDict | null): Field[] {
  const methods: Field[] = [];
  for (let i = 0; i < count; i++) {
    const method = methodAt(named, i);
    // Generic methods belong to no interface; each instance is a function of its own.
    if (method.type!.tparams.length === 0) methods.push(defineMethod(p, method, dict));
  }
  return methods;
}

function defineMethod(p: PkgReader, obj: CheckerFunc, dict: ReaderDict | null): Field {
  const n = p.n;
  const sym = n.selector(obj);
  const sig: Signature = obj.type!;
  const recv = param(p, sig.recv!, dict);
  const decl = declIfCompiled(p, obj, dict);
  let type = signature(p, sig, dict, recv);
  const fn = newFunc(decl === null ? obj.pos : decl.pos, obj.pos, methodSym(recv.type, sym, n.universe.goPkg), type);
  if (dict !== null) {
    markInstance(fn);
    if (dict.shaped) {
      type = shapeSig(fn, dict);
      fn.nname.type = type;
    }
  }
  funcExt(p, fn, obj, decl, dict, sym);
  const field = new Field(fn.pos, sym, type);
  field.nname = fn.nname;
  return field;
}

/** The kind of a defined type by its underlying type, which may not be read yet. */
function kindOf(t: CheckerType): TKind {
  switch (t.kind) {
    case TypeKind.Basic:
      return basicTKind(t.basic);
    case TypeKind.Array:
      return TKind.ARRAY;
    case TypeKind.Slice:
      return TKind.SLICE;
    case TypeKind.Struct:
      return TKind.STRUCT;
    case TypeKind.Pointer:
      return TKind.PTR;
    case TypeKind.Signature:
      return TKind.FUNC;
    case TypeKind.Interface:
      return TKind.INTER;
    case TypeKind.Map:
      return TKind.MAP;
    case TypeKind.Chan:
      return TKind.CHAN;
    default:
      throw new InternalError("unexpected underlying type");
  }
}
