/** Declarations: constants, variables, types, type parameters, functions, and cycles through them.
 *  Mirrors types2/decl.go. */
import { UnknownValue } from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import {
  type Decl,
  type Expr,
  Field,
  type FuncType,
  InterfaceType,
  Kind,
  type Name,
  type TypeDecl,
  type VarDecl,
} from "../syntax/ast.ts";
import { Op } from "../syntax/tokens.ts";
import { asNamed, newAlias, unalias } from "./alias.ts";
import { initConst, initVar, initVars } from "./assignments.ts";
import {
  assert,
  type Checker,
  type DeclInfo,
  enterEnvironment,
  later,
  pop,
  processDelayed,
  push,
  restoreEnvironment,
  saveEnvironment,
} from "./check.ts";
import { Code } from "./errorcodes.ts";
import { addAltDecl, addf, error, errorf, newError, report, softErrorf } from "./errors.ts";
import { expr, newTarget } from "./expr.ts";
import { PosArg, qualifier } from "./format.ts";
import { addMethod, method, newNamed, numMethods } from "./named.ts";
import { isAlias, packagePrefix } from "./object.ts";
import { ObjSet } from "./objset.ts";
import { Operand } from "./operand.ts";
import { isConstType, isGeneric, isTypeParam, isValid } from "./predicates.ts";
import { recordDef } from "./recording.ts";
import { arity, ConstGroups } from "./resolver.ts";
import { funcType } from "./signature.ts";
import { closeScope, funcBody, openScope } from "./stmt.ts";
import { bindTParams, newTypeParam } from "./typeparam.ts";
import {
  BasicKind,
  Const,
  type Func,
  type Named,
  type Obj,
  ObjKind,
  type Scope,
  Signature,
  type Type,
  TypeKind,
  TypeName,
  type TypeParam,
  Var,
  VarKind,
} from "./types.ts";
import { isMethodSet, typeSet } from "./typeset.ts";
import { declaredType, typ, varType } from "./typexpr.ts";
import { under } from "./under.ts";
import { Typ } from "./universe.ts";
import { cmpPos, unpackListExpr } from "./util.ts";
import { validType } from "./validtype.ts";
import { go1_9, go1_18, go1_23, verifyVersionf } from "./version.ts";

/** Declares `obj` in `scope`, visible from `pos` on; blank names are only recorded. */
export function declare(c: Checker, scope: Scope, id: Name | null, obj: Obj, pos: Pos): void {
  if (obj.name !== "_") {
    const alt = scope.insert(obj);
    if (alt !== null) {
      const err = newError(c, Code.DuplicateDecl);
      addf(err, obj, "%s redeclared in this block", obj.name);
      addAltDecl(err, alt);
      report(err);
      return;
    }
    obj.scopePos = pos;
  }
  if (id !== null) recordDef(c, id, obj);
}

/** Checks the declaration of `obj` in its file's environment.
 *
 *  An object is white before (no type, not on the object path), grey meanwhile (on the path), black after. Meeting
 *  a grey object means a cycle, which may be an error. */
export function objDecl(c: Checker, obj: Obj): void {
  if (c.objPathIdx.has(obj)) {
    switch (obj.kind) {
      case ObjKind.Const:
      case ObjKind.Var:
        if (!validCycle(c, obj) || obj.type === null) obj.type = Typ[BasicKind.Invalid];
        break;
      case ObjKind.TypeName:
        if (!validCycle(c, obj)) obj.type = Typ[BasicKind.Invalid];
        break;
      case ObjKind.Func:
        // Functions keep their (empty) signature: much relies on there being one.
        validCycle(c, obj);
        break;
      default:
        throw new InternalError(`objDecl: ${obj.name}`);
    }
    assert(obj.type !== null);
    return;
  }
  if (obj.type !== null) return;

  push(c, obj);
  const d = c.objMap.get(obj);
  if (d === undefined) throw new InternalError(`objDecl: no declaration of ${obj.name}`);
  const env = saveEnvironment(c);
  enterEnvironment(c, d.file, d.version);
  switch (obj.kind) {
    case ObjKind.Const:
      c.decl = d;
      constDecl(c, obj, d.vtyp, d.init, d.inherited);
      break;
    case ObjKind.Var:
      c.decl = d;
      varDecl(c, obj, d.lhs, d.vtyp, d.init);
      break;
    case ObjKind.TypeName:
      typeDecl(c, obj, d.tdecl!);
      collectMethods(c, obj);
      break;
    case ObjKind.Func:
      // Functions may be recursive: no dependencies here.
      funcDecl(c, obj, d);
      break;
    default:
      throw new InternalError(`objDecl: ${obj.name}`);
  }
  restoreEnvironment(c, env);
  pop(c);
}

/** Whether the cycle that leads back to `obj` is allowed; reports it if not. */
export function validCycle(c: Checker, obj: Obj): boolean {
  const cycle = c.objPath.slice(c.objPathIdx.get(obj)!);
  let nval = 0;
  let ndef = 0;
  for (const o of cycle) {
    if (o.kind === ObjKind.Const || o.kind === ObjKind.Var) {
      nval++;
    } else if (o.kind === ObjKind.TypeName) {
      // A cycle through the type parameter list of a generic type is fine.
      if (c.inTParamList && o.type !== null && isGeneric(o.type)) return true;
      if (!isAlias(o)) ndef++;
    }
  }
  // Cycles of constants and variables alone are found when the initialisation order is computed.
  if (nval === cycle.length) return true;
  // Types need one definition on the way, or aliases would expand for ever.
  if (nval === 0 && ndef > 0) return true;
  cycleError(c, cycle, firstInSrc(c, cycle));
  return false;
}

/** Reports a declaration cycle, starting with the object at `start`. */
export function cycleError(c: Checker, cycle: readonly Obj[], start: number): void {
  const name = (obj: Obj): string => packagePrefix(obj.pkg, (pkg) => qualifier(c, pkg)) + obj.name;
  let obj = cycle[start];
  const isType = obj.kind === ObjKind.TypeName;
  if (isType && obj.type !== null && obj.type.kind === TypeKind.Alias) obj.type.fromRHS = Typ[BasicKind.Invalid];

  if (cycle.length === 1) {
    if (isType) errorf(c, obj, Code.InvalidDeclCycle, "invalid recursive type: %s refers to itself", name(obj));
    else errorf(c, obj, Code.InvalidDeclCycle, "invalid cycle in declaration: %s refers to itself", name(obj));
    return;
  }
  const err = newError(c, Code.InvalidDeclCycle);
  if (isType) addf(err, obj, "invalid recursive type %s", name(obj));
  else addf(err, obj, "invalid cycle in declaration of %s", name(obj));
  for (let i = 0; i < cycle.length; i++) {
    const next = cycle[(start + i + 1) % cycle.length];
    addf(err, obj, "%s refers to %s", name(obj), name(next));
    obj = next;
  }
  report(err);
}

/** Index of the object that stands first in the source. */
export function firstInSrc(c: Checker, path: readonly Obj[]): number {
  let first = 0;
  for (let i = 1; i < path.length; i++) {
    if (cmpPos(c, path[i].pos, path[first].pos) < 0) first = i;
  }
  return first;
}

export function constDecl(c: Checker, obj: Const, type: Expr | null, init: Expr | null, inherited: boolean): void {
  const { iota, errpos } = c;
  c.iota = obj.val;
  c.errpos = NoPos;
  constDeclInit(c, obj, type, init, inherited);
  c.iota = iota;
  c.errpos = errpos;
}

function constDeclInit(c: Checker, obj: Const, type: Expr | null, init: Expr | null, inherited: boolean): void {
  obj.val = UnknownValue; // a valid value under all circumstances
  if (type !== null) {
    const t = typ(c, type);
    if (!isConstType(t)) {
      if (isValid(under(t))) errorf(c, type, Code.InvalidConstType, "invalid constant type %s", t);
      obj.type = Typ[BasicKind.Invalid];
      return;
    }
    obj.type = t;
  }
  const x = new Operand();
  if (init !== null) {
    // Errors in a repeated initialisation are reported at the constant that repeats it.
    if (inherited) c.errpos = obj.pos;
    expr(c, null, x, init);
  }
  initConst(c, obj, x);
}

/** `lhs` are all variables of an n:1 declaration, null otherwise. */
export function varDecl(c: Checker, obj: Var, lhs: readonly Var[] | null, type: Expr | null, init: Expr | null): void {
  if (type !== null) obj.type = varType(c, type);
  if (init === null) {
    if (type === null) obj.type = Typ[BasicKind.Invalid]; // reported by arity
    return;
  }
  if (lhs === null || lhs.length === 1) {
    const x = new Operand();
    expr(c, newTarget(obj.type, obj.name), x, init);
    initVar(c, obj, x, "variable declaration");
    return;
  }
  if (type !== null) {
    for (const v of lhs) v.type = obj.type;
  }
  initVars(c, lhs as Var[], [init], null);
}

/** Whether `t` is a constraint interface declared in another package. */
export function isImportedConstraint(c: Checker, t: Type | null): boolean {
  const named = t === null ? null : asNamed(t);
  if (named === null || named.obj.pkg === c.pkg || named.obj.pkg === null) return false;
  const u = under(named);
  return u.kind === TypeKind.Interface && !isMethodSet(typeSet(u));
}

export function typeDecl(c: Checker, obj: TypeName, tdecl: TypeDecl): void {
  assert(obj.type === null);
  c.typeDecls.push(tdecl);
  let versionErr = false;
  let rhs: Type | null = null;
  later(c, () => {
    const t = obj.type === null ? null : asNamed(obj.type);
    if (t !== null) validType(c, t);
    if (!versionErr && isImportedConstraint(c, rhs)) {
      verifyVersionf(c, tdecl.type, go1_18, "using type constraint %s", rhs);
    }
  });
  const generic = tdecl.tparams.length > 0;

  if (tdecl.alias) {
    if (generic && !verifyVersionf(c, tdecl.tparams[0], go1_23, "generic type alias")) versionErr = true;
    if (!versionErr && !verifyVersionf(c, tdecl, go1_9, "type alias")) versionErr = true;
    const alias = newAlias(c, obj, null);
    if (generic) {
      openScope(c, tdecl);
      collectTypeParams(c, alias, tdecl.tparams);
    }
    rhs = declaredType(c, tdecl.type, obj);
    alias.fromRHS = rhs;
    if (rhs.kind === TypeKind.TypeParam && alias.tparams.includes(rhs)) {
      const msg = "cannot use type parameter declared in alias declaration as RHS";
      error(c, tdecl.type, Code.MisplacedTypeParam, msg);
      alias.fromRHS = Typ[BasicKind.Invalid];
      unalias(alias);
    }
    if (generic) closeScope(c);
    return;
  }

  if (generic && !verifyVersionf(c, tdecl.tparams[0], go1_18, "type parameter")) versionErr = true;
  const named = newNamed(c, obj, null, []);
  if (generic) {
    openScope(c, tdecl);
    collectTypeParams(c, named, tdecl.tparams);
  }
  rhs = declaredType(c, tdecl.type, obj);
  named.fromRHS = rhs;
  if (isTypeParam(rhs)) {
    error(c, tdecl.type, Code.MisplacedTypeParam, "cannot use a type parameter as RHS in type declaration");
    named.fromRHS = Typ[BasicKind.Invalid];
  }
  if (generic) closeScope(c);
}

/** Declares type parameters in the current scope and sets them on `owner` before their constraints are read, since
 *  constraints may use the type being declared. */
export function collectTypeParams(c: Checker, owner: { tparams: readonly TypeParam[] }, list: readonly Field[]): void {
  const tparams: TypeParam[] = [];
  for (const f of list) tparams.push(declareTypeParam(c, f.name!, list[0].pos));
  owner.tparams = bindTParams(tparams);

  assert(!c.inTParamList);
  c.inTParamList = true;
  let bound: Type = Typ[BasicKind.Invalid];
  for (let i = 0; i < list.length; i++) {
    if (i === 0 || list[i].type !== list[i - 1].type) {
      bound = boundType(c, list[i].type);
      if (isTypeParam(bound)) {
        error(c, list[i].type, Code.MisplacedTypeParam, "cannot use a type parameter as constraint");
        bound = Typ[BasicKind.Invalid];
      }
    }
    tparams[i].bound = bound;
  }
  c.inTParamList = false;
}

/** The type of a constraint. `~T` and `A|B` stand for an interface around them. */
function boundType(c: Checker, x: Expr): Type {
  if (x.kind === Kind.Operation && (x.op === Op.Tilde || x.op === Op.Or)) {
    const embedded = new Field(x.pos, x.end, null, x);
    const t = typ(c, new InterfaceType(NoPos, NoPos, [embedded]));
    if (t.kind === TypeKind.Interface) t.implicit = true;
    return t;
  }
  return typ(c, x);
}

export function declareTypeParam(c: Checker, name: Name, scopePos: Pos): TypeParam {
  const tname = new TypeName(name.pos, c.pkg, name.value, null);
  const tpar = newTypeParam(c, tname, Typ[BasicKind.Invalid]);
  declare(c, c.scope, name, tname, scopePos);
  return tpar;
}

/** Adds the collected methods to the type of `obj`. */
export function collectMethods(c: Checker, obj: TypeName): void {
  const methods = c.methods?.get(obj);
  if (methods === undefined) return;
  c.methods!.delete(obj);

  const mset = new ObjSet();
  const base = obj.type === null ? null : asNamed(obj.type);
  if (base !== null) {
    // Not now: the underlying type need not be set up.
    later(c, () => checkFieldUniqueness(c, base));
    for (let i = 0; i < numMethods(base); i++) mset.insert(method(base, i));
  }
  for (const m of methods) {
    const alt = mset.insert(m);
    if (alt !== null) {
      const format = "method %s.%s already declared at %v";
      errorf(c, m.pos, Code.DuplicateMethod, format, obj.name, m.name, new PosArg(alt.pos));
      continue;
    }
    if (base !== null) addMethod(base, m);
  }
}

function checkFieldUniqueness(c: Checker, base: Named): void {
  const t = under(base);
  if (t.kind !== TypeKind.Struct) return;
  const mset = new ObjSet();
  for (let i = 0; i < numMethods(base); i++) mset.insert(method(base, i));
  for (const field of t.fields) {
    if (field.name === "_") continue;
    const alt = mset.insert(field);
    if (alt !== null) {
      const err = newError(c, Code.DuplicateFieldAndMethod);
      addf(err, alt, "field and method with the same name %s", field.name);
      addAltDecl(err, field);
      report(err);
    }
  }
}

export function funcDecl(c: Checker, obj: Func, d: DeclInfo): void {
  const sig = new Signature();
  obj.type = sig; // guards against cycles
  const fdecl = d.fdecl!;
  funcType(c, sig, fdecl.recv, fdecl.tparams, fdecl.type as FuncType);
  if (sig.scope !== null) {
    sig.scope.pos = fdecl.pos;
    sig.scope.end = fdecl.end;
  }
  if (fdecl.tparams.length > 0 && fdecl.body === null) {
    softErrorf(c, fdecl, Code.BadDecl, "generic function is missing function body");
  }
  const body = fdecl.body;
  if (c.conf.ignoreFuncBodies !== true && body !== null) {
    later(c, () => funcBody(c, d, obj.name, sig, body, null));
  }
}

/** Declarations inside functions. */
export function declStmt(c: Checker, list: readonly Decl[]): void {
  const groups = new ConstGroups();
  for (const decl of list) {
    if (decl.directives.length > 0) c.localDirectives.push(decl);
    switch (decl.kind) {
      case Kind.ConstDecl: {
        const top = c.delayed.length;
        const { last, inherited, iota } = groups.next(decl);
        const values = unpackListExpr(last.values);
        const lhs: Const[] = [];
        for (let i = 0; i < decl.names.length; i++) {
          const name = decl.names[i];
          const obj = new Const(name.pos, c.pkg, name.value, null, iota);
          lhs.push(obj);
          constDecl(c, obj, last.type, i < values.length ? values[i] : null, inherited);
        }
        arity(c, decl, decl.names, values, true, inherited);
        processDelayed(c, top);
        for (let i = 0; i < lhs.length; i++) declare(c, c.scope, decl.names[i], lhs[i], decl.end);
        break;
      }
      case Kind.VarDecl:
        localVarDecl(c, decl);
        break;
      case Kind.TypeDecl: {
        const obj = new TypeName(decl.name.pos, c.pkg, decl.name.value, null);
        declare(c, c.scope, decl.name, obj, decl.name.pos);
        if (!decl.alias) c.localTypes.push(obj);
        push(c, obj);
        typeDecl(c, obj, decl);
        pop(c);
        break;
      }
      default:
        errorf(c, decl, Code.InvalidSyntaxTree, "unknown syntax.Decl node");
    }
    if (decl.kind !== Kind.ConstDecl) groups.leave();
  }
}

function localVarDecl(c: Checker, decl: VarDecl): void {
  const top = c.delayed.length;
  const lhs: Var[] = [];
  for (const name of decl.names) lhs.push(new Var(name.pos, c.pkg, name.value, null, VarKind.LocalVar));

  const values = unpackListExpr(decl.values);
  for (let i = 0; i < lhs.length; i++) {
    let all: Var[] | null = null;
    let init: Expr | null = null;
    if (values.length === lhs.length) {
      init = values[i];
    } else if (values.length === 1) {
      all = lhs;
      init = values[0];
    } else if (i < values.length) {
      init = values[i];
    }
    varDecl(c, lhs[i], all, decl.type, init);
    // A single value gives all variables their types at once.
    if (values.length === 1) break;
  }
  if (decl.type === null || values.length > 0) arity(c, decl, decl.names, values, false, false);
  processDelayed(c, top);
  for (let i = 0; i < lhs.length; i++) declare(c, c.scope, decl.names[i], lhs[i], decl.end);
}
