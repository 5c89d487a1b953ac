/** Identifiers and type expressions. Mirrors types2/typexpr.go. */
import { int64Val, toInt } from "../base/constant.ts";
import { InternalError } from "../base/diag.ts";
import { type Expr, type IndexExpr, Kind, Mode, type Name } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import { Op } from "../syntax/tokens.ts";
import { selector, use } from "./call.ts";
import { addDeclDep, type Checker, later, lookup } from "./check.ts";
import { representableConst } from "./const.ts";
import { objDecl } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { error, errorf, softErrorf } from "./errors.ts";
import { expr } from "./expr.ts";
import { sprintf } from "./format.ts";
import { instance, validateTArgLen, verify } from "./instantiate.ts";
import { interfaceType } from "./interface.ts";
import { recordInstance as recordMonoInstance } from "./mono.ts";
import { typeParams } from "./named.ts";
import { objectKind } from "./object.ts";
import { type Cause, Operand } from "./operand.ts";
import { comparable, isGeneric, isInteger, isTypeParam, isUntyped, isValid, isValidName } from "./predicates.ts";
import { recordInstance, recordTypeAndValue, recordUse } from "./recording.ts";
import { funcType } from "./signature.ts";
import { structType } from "./struct.ts";
import {
  ArrayT,
  BasicKind,
  Chan,
  MapT,
  type Obj,
  ObjKind,
  Pointer,
  type Scope,
  Signature,
  Slice,
  Struct,
  type Type,
  TypeKind,
  type TypeName,
} from "./types.ts";
import { computeInterfaceTypeSet, isMethodSet, newInterface } from "./typeset.ts";
import { SuspectLength } from "./typesize.ts";
import { under } from "./under.ts";
import { Typ, universeAnyAlias, universeComparable, universeIota } from "./universe.ts";
import { unpackListExpr } from "./util.ts";
import { go1_18, verifyVersionf } from "./version.ts";

/** Gives `x` the value or type that the identifier `e` denotes; `wantType` when only a type will do. */
export function ident(c: Checker, x: Operand, e: Name, wantType: boolean): void {
  x.mode = Mode.Invalid;
  x.expr = e;

  let scope: Scope | null = c.scope;
  let obj: Obj | null = null;
  for (; scope !== null; scope = scope.parent) {
    obj = scope.lookup(e.value);
    if (obj !== null) break;
  }
  if (obj === null) {
    if (e.value === "_") error(c, e, Code.InvalidBlank, "cannot use _ as value or type");
    else if (isValidName(e.value)) errorf(c, e, Code.UndeclaredName, "undefined: %s", e.value);
    return;
  }
  if (obj === universeComparable || obj === universeAnyAlias) {
    if (!verifyVersionf(c, e, go1_18, "predeclared %s", e.value)) return;
  }
  recordUse(c, e, obj);

  const gotType = obj.kind === ObjKind.TypeName;
  if (!gotType && wantType) {
    errorf(c, e, Code.NotAType, "%s (%s) is not a type", obj.name, objectKind(obj));
    if (obj.kind === ObjKind.Var && obj.pkg === c.pkg) obj.used = true; // no follow-on error
    return;
  }

  // Objects that have a type need no check, except for type names where a type is wanted: they may be part of a
  // cycle. (Elsewhere the caller's "not a type" is the better message.)
  let type = obj.type;
  if (type === null || (gotType && wantType && obj.pkg === c.pkg)) {
    objDecl(c, obj);
    type = obj.type;
    if (type === null) throw new InternalError(`no type for ${obj.name}`);
  }

  if (c.dotImportMap !== null) {
    const pkgName = c.dotImportMap.get(scope!)?.get(obj.name);
    if (pkgName !== undefined) pkgName.used = true;
  }

  switch (obj.kind) {
    case ObjKind.PkgName:
      errorf(c, e, Code.InvalidPkgUse, "use of package %s not in selector", obj.name);
      return;
    case ObjKind.Const:
      addDeclDep(c, obj);
      if (!isValid(type)) return;
      if (obj === universeIota) {
        if (c.iota === null) {
          error(c, e, Code.InvalidIota, "cannot use iota outside constant declaration");
          return;
        }
        x.val = c.iota;
      } else {
        x.val = obj.val;
      }
      x.mode = Mode.Constant;
      break;
    case ObjKind.TypeName:
      x.mode = Mode.TypExpr;
      break;
    case ObjKind.Var:
      if (obj.pkg === c.pkg) obj.used = true;
      addDeclDep(c, obj);
      if (!isValid(type)) return;
      x.mode = Mode.Variable;
      break;
    case ObjKind.Func:
      addDeclDep(c, obj);
      x.mode = Mode.Value;
      break;
    case ObjKind.Builtin:
      x.id = obj.id;
      x.mode = Mode.Builtin;
      break;
    case ObjKind.Nil:
      x.mode = Mode.NilValue;
      break;
    default:
      throw new InternalError(`ident: ${obj.name}`);
  }
  x.type = type;
}

/** The type that `e` stands for, Typ[Invalid] after an error. Generic types must be instantiated. */
export function typ(c: Checker, e: Expr): Type {
  return declaredType(c, e, null);
}

/** Like {@link typ}, for variables: constraint interfaces are errors. */
export function varType(c: Checker, e: Expr): Type {
  const type = declaredType(c, e, null);
  validVarType(c, e, type);
  return type;
}

export function validVarType(c: Checker, e: Expr, type: Type): void {
  // Only names and interface literals can turn out to be constraints. Which they are is known only later.
  switch (type.kind) {
    case TypeKind.Named: {
      const u = type.underlyingType;
      if (u !== null && (u.kind !== TypeKind.Interface || (u.typeSet !== null && isMethodSet(u.typeSet)))) return;
      break;
    }
    case TypeKind.Interface:
      break;
    case TypeKind.Alias:
      if (isTypeParam(type)) return;
      break;
    default:
      return;
  }
  later(c, () => {
    const t = under(type);
    if (t.kind !== TypeKind.Interface) return;
    const pos = startPos(e);
    const tset = computeInterfaceTypeSet(c, pos, t);
    if (isMethodSet(tset)) return;
    const what = tset.comparable ? "is (or embeds) comparable" : "contains type constraints";
    const format = `cannot use type %s outside a type constraint: interface ${what}`;
    softErrorf(c, pos, Code.MisplacedConstraintIface, format, type);
  });
}

/** Like {@link typ}; `def` is the type name being declared as `e`, if any. */
export function declaredType(c: Checker, e: Expr, def: TypeName | null): Type {
  let type = typInternal(c, e, def);
  if (isGeneric(type)) {
    errorf(c, e, Code.WrongTypeArgCount, "cannot use generic type %s without instantiation", type);
    type = Typ[BasicKind.Invalid];
  }
  recordTypeAndValue(c, e, Mode.TypExpr, type, null);
  return type;
}

/** Like {@link typ}, but the type must be generic and not instantiated; if it is just not generic, `cause` says so. */
export function genericType(c: Checker, e: Expr, cause: Cause | null): Type {
  let type = typInternal(c, e, null);
  if (isValid(type) && !isGeneric(type)) {
    if (cause !== null) cause.text = sprintf(c, "%s is not a generic type", type);
    type = Typ[BasicKind.Invalid];
  }
  recordTypeAndValue(c, e, Mode.TypExpr, type, null);
  return type;
}

function typInternal(c: Checker, e: Expr, def: TypeName | null): Type {
  switch (e.kind) {
    case Kind.BadExpr:
      break; // reported by the parser
    case Kind.Name: {
      const x = new Operand();
      ident(c, x, e, true);
      return typeOperand(c, x);
    }
    case Kind.SelectorExpr: {
      const x = new Operand();
      selector(c, x, e, true);
      return typeOperand(c, x);
    }
    case Kind.IndexExpr:
      verifyVersionf(c, e, go1_18, "type instantiation");
      return instantiatedType(c, e, unpackListExpr(e.index));
    case Kind.ParenExpr:
      return declaredType(c, e.x, def);
    case Kind.ArrayType: {
      let len = -1;
      if (e.len !== null) len = arrayLength(c, e.len);
      else error(c, e, Code.BadDotDotDotSyntax, "invalid use of [...] array (outside a composite literal)");
      const elem = varType(c, e.elem);
      if (len >= 0) {
        const type = new ArrayT(elem, len);
        if (len >= SuspectLength) c.largeTypes.push(type);
        return type;
      }
      break;
    }
    case Kind.SliceType:
      return new Slice(varType(c, e.elem));
    case Kind.DotsType:
      error(c, e, Code.InvalidSyntaxTree, "invalid use of ...");
      break;
    case Kind.StructType: {
      const type = new Struct();
      structType(c, type, e);
      return type;
    }
    case Kind.Operation:
      if (e.op === Op.Mul && e.y === null) {
        const base = varType(c, e.x);
        // A pointer to an invalid type only leads to follow-on errors.
        return isValid(base) ? new Pointer(base) : Typ[BasicKind.Invalid];
      }
      errorf(c, e, Code.NotAType, "%s is not a type", e);
      use(c, e);
      break;
    case Kind.FuncType: {
      const type = new Signature();
      funcType(c, type, null, [], e);
      return type;
    }
    case Kind.InterfaceType: {
      const type = newInterface(c);
      interfaceType(c, type, e, def);
      return type;
    }
    case Kind.MapType: {
      const key = varType(c, e.key);
      const type = new MapT(key, varType(c, e.value));
      if (key.kind === TypeKind.Basic || key.kind === TypeKind.Pointer) return type; // comparable in any case
      later(c, () => {
        if (comparable(type.key)) return;
        const why = isTypeParam(type.key) ? " (missing comparable constraint)" : "";
        errorf(c, e.key, Code.IncomparableMapKey, "invalid map key type %s%s", type.key, why);
      });
      return type;
    }
    case Kind.ChanType: {
      const type = new Chan(e.dir, varType(c, e.elem));
      c.largeTypes.push(type);
      return type;
    }
    default:
      errorf(c, e, Code.NotAType, "%s is not a type", e);
      use(c, e);
  }
  return Typ[BasicKind.Invalid];
}

function typeOperand(c: Checker, x: Operand): Type {
  switch (x.mode) {
    case Mode.TypExpr:
      return x.type;
    case Mode.Invalid:
      break;
    case Mode.NoValue:
      errorf(c, x, Code.NotAType, "%s used as type", x);
      break;
    default:
      errorf(c, x, Code.NotAType, "%s is not a type", x);
  }
  return Typ[BasicKind.Invalid];
}

function instantiatedType(c: Checker, e: IndexExpr, xlist: readonly Expr[]): Type {
  const x = e.x;
  const cause: Cause = { text: "" };
  const gtyp = genericType(c, x, cause);
  if (cause.text !== "") {
    errorf(c, x, Code.NotAGenericType, "invalid operation: %s%s (%s)", x, xlist, cause.text);
  }
  if (!isValid(gtyp)) return gtyp;
  if (gtyp.kind !== TypeKind.Named && gtyp.kind !== TypeKind.Alias) throw new InternalError("generic type expected");

  const targs = typeList(c, xlist);
  if (targs === null) return Typ[BasicKind.Invalid];

  const inst = instance(c, x.pos, gtyp, targs, null, c.ctxt);
  if (inst.kind !== TypeKind.Named && inst.kind !== TypeKind.Alias) return Typ[BasicKind.Invalid];

  // The type parameters of a generic type under declaration may not be there yet.
  later(c, () => {
    recordInstance(c, x, targs, inst);
    const tparams = typeParams(inst);
    if (!validateTArgLen(c, x.pos, inst.obj.name, tparams.length, targs.length)) return;
    const failure = verify(c, x.pos, tparams, targs, c.ctxt);
    if (failure !== null) {
      const pos = failure.index < xlist.length ? startPos(xlist[failure.index]) : x.pos;
      softErrorf(c, pos, Code.InvalidTypeArg, "%s", failure.cause);
    } else {
      recordMonoInstance(c.mono, c.pkg, x.pos, tparams, targs, xlist);
    }
  });
  return inst;
}

/** The constant length >= 0 that `e` stands for; -1 after an error. */
export function arrayLength(c: Checker, e: Expr): number {
  // An undefined name here may be meant as a type parameter.
  if (e.kind === Kind.Name) {
    const obj = lookup(c, e.value);
    if (obj === null) {
      const format = "undefined array length %s or missing type constraint";
      errorf(c, e, Code.InvalidArrayLen, format, e.value);
      return -1;
    }
    if (obj.kind !== ObjKind.Const) {
      errorf(c, e, Code.InvalidArrayLen, "invalid array length %s", e.value);
      return -1;
    }
  }
  const x = new Operand();
  expr(c, null, x, e);
  if (x.mode !== Mode.Constant) {
    if (x.mode !== Mode.Invalid) errorf(c, x, Code.InvalidArrayLen, "array length %s must be constant", x);
    return -1;
  }
  if (isUntyped(x.type) || isInteger(x.type)) {
    const val = toInt(x.val!);
    if (typeof val === "bigint" && representableConst(val, c, Typ[BasicKind.Int]) !== null) {
      const n = int64Val(val);
      if (n !== null && n >= 0n) return Number(n);
    }
  }
  const format = isInteger(x.type) ? "invalid array length %s" : "array length %s must be integer";
  errorf(c, x, Code.InvalidArrayLen, format, x);
  return -1;
}

/** The types of a list; null if one is invalid, but all are checked. */
export function typeList(c: Checker, list: readonly Expr[]): Type[] | null {
  let res: Type[] | null = [];
  for (const x of list) {
    const t = varType(c, x);
    if (!isValid(t)) res = null;
    res?.push(t);
  }
  return res;
}
