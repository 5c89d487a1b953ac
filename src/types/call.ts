/** Calls and instantiations of functions. Mirrors types2/call.go; selectors are in selector.ts. */

import { NoPos, type Pos } from "../base/pos.ts";
import { type CallExpr, type Expr, type IndexExpr, Kind, Mode, Name } from "../syntax/ast.ts";
import { startPos } from "../syntax/positions.ts";
import { unparen } from "../syntax/walk.ts";
import { assignment, operandTypes, typesSummary, varTypes } from "./assignments.ts";
import { builtin } from "./builtins.ts";
import { type Checker, later, lookup } from "./check.ts";
import { conversion } from "./conversions.ts";
import { Code } from "./errorcodes.ts";
import {
  addf,
  errorf,
  errorMsg,
  errorPos,
  invalidOp,
  isEmptyError,
  newError,
  type Poser,
  report,
  softErrorf,
  versionErrorf,
} from "./errors.ts";
import {
  excludeNonValues,
  expr,
  exprOrType,
  genericExpr,
  multiExpr,
  nonGeneric,
  rawExpr,
  type Target,
} from "./expr.ts";
import { indexExpr } from "./index.ts";
import { infer, isParameterized, renameTParams } from "./infer.ts";
import { instance, verify } from "./instantiate.ts";
import { recordInstance as recordMonoInstance } from "./mono.ts";
import { newParam } from "./object.ts";
import { newOperand, Operand } from "./operand.ts";
import { isTypeParam } from "./predicates.ts";
import { record, recordInstance, recordTypeAndValue } from "./recording.ts";
import { cloneSignature, makeSubstMap, subst } from "./subst.ts";
import { ObjKind, Signature, type Slice, Tuple, type Type, TypeKind, type TypeParam, type Var } from "./types.ts";
import { isMethodSet, typeSet } from "./typeset.ts";
import { typeList } from "./typexpr.ts";
import { commonUnder, typeErrorf, under } from "./under.ts";
import { ExprKind, predeclaredFuncs } from "./universe.ts";
import { unpackListExpr } from "./util.ts";
import { allowVersion, go1_18, go1_21, verifyVersionf } from "./version.ts";

export { selector } from "./selector.ts";

/** Instantiates the generic function x with the type arguments of `inst` (if not null) and those that `T` (if not
 *  null) implies. With `infer` nothing may be missing; without, the result is the type arguments given if they are
 *  too few, and x stays as it is. Otherwise the result is null. */
export function funcInst(
  c: Checker,
  T: Target | null,
  pos: Pos,
  x: Operand,
  inst: IndexExpr | null,
  inferMissing: boolean,
): Type[] | null {
  const instErrPos = inst === null ? pos : inst.pos;
  if (inst !== null) x.expr = inst;
  const versionErr = !verifyVersionf(c, instErrPos, go1_18, "function instantiation");

  let targs: Type[] = [];
  let xlist: Expr[] = [];
  if (inst !== null) {
    xlist = unpackListExpr(inst.index);
    const list = typeList(c, xlist);
    if (list === null) {
      x.mode = Mode.Invalid;
      return null;
    }
    targs = list;
  }

  const sig = x.type as Signature;
  const got = targs.length;
  const want = sig.tparams.length;
  if (got > want) {
    errorf(c, xlist[got - 1], Code.WrongTypeArgCount, "got %d type arguments but want %d", got, want);
    x.mode = Mode.Invalid;
    return null;
  }
  if (got < want) {
    if (!inferMissing) return targs;
    const inferred = inferFromTarget(c, T, pos, x, sig, targs, inst, instErrPos, versionErr);
    if (inferred === null) {
      x.mode = Mode.Invalid;
      return null;
    }
    targs = inferred;
  }
  x.type = instantiateSignature(c, x.pos, x.expr!, sig, targs, xlist);
  x.mode = Mode.Value;
  return null;
}

/** Infers missing type arguments from the assignment of x to a variable of type T as if it were a call g(v) of
 *  `func g[type parameters of x](type of x)`. */
function inferFromTarget(
  c: Checker,
  T: Target | null,
  pos: Pos,
  x: Operand,
  sig: Signature,
  targs: Type[],
  inst: IndexExpr | null,
  instErrPos: Pos,
  versionErr: boolean,
): Type[] | null {
  let args: Operand[] = [];
  let params: Var[] = [];
  if (T !== null && sig.tparams.length > 0) {
    if (!versionErr && !allowVersion(c, go1_21)) {
      const how = inst !== null ? "partially" : "implicitly";
      versionErrorf(c, instErrPos, go1_21, `${how} instantiated function in assignment`);
    }
    const gsig = new Signature();
    gsig.params = sig.params;
    gsig.results = sig.results;
    gsig.variadic = sig.variadic;
    params = [newParam(x.pos, c.pkg, "", gsig)];
    // The argument stands for the variable; messages of the inference show its description.
    args = [newOperand(Mode.Value, new Name(x.pos, x.pos, T.desc), T.sig)];
  }
  const renamed = renameTParams(c, pos, sig.tparams, new Tuple(params));
  const err = newError(c, Code.CannotInferTypeArgs);
  const inferred = infer(c, pos, renamed.tparams, targs, renamed.type as Tuple, args, args.length > 0, err);
  if (inferred === null && !isEmptyError(err)) report(err);
  return inferred;
}

/** Instantiates a generic signature and records the instance with `expr`. Constraints are verified later. */
export function instantiateSignature(
  c: Checker,
  pos: Pos,
  expr: Expr,
  type: Signature,
  targs: readonly Type[],
  xlist: readonly Expr[],
): Signature {
  const inst = instance(c, pos, type, targs, null, c.ctxt) as Signature;
  recordInstance(c, expr, targs, inst);
  later(c, () => {
    const failed = verify(c, pos, type.tparams, targs, c.ctxt);
    if (failed === null) {
      recordMonoInstance(c.mono, c.pkg, pos, type.tparams, targs, xlist);
      return;
    }
    const at = failed.index < xlist.length ? startPos(xlist[failed.index]) : pos;
    softErrorf(c, at, Code.InvalidTypeArg, "%s", failed.cause);
  });
  return inst;
}

export function callExpr(c: Checker, x: Operand, call: CallExpr): ExprKind {
  const fun = call.fun;
  let inst: IndexExpr | null = null;
  if (fun.kind === Kind.IndexExpr) {
    // Explicit type arguments are combined with those that the arguments imply.
    if (indexExpr(c, x, fun)) inst = fun;
    x.expr = fun;
    record(c, x);
  } else {
    exprOrType(c, x, fun, true);
  }

  switch (x.mode) {
    case Mode.Invalid:
      useList(c, call.args);
      x.expr = call;
      return ExprKind.Statement;

    case Mode.TypExpr:
      nonGeneric(c, null, x);
      if ((x.mode as Mode) === Mode.Invalid) return ExprKind.Conversion;
      conversionCall(c, x, call, x.type);
      x.expr = call;
      return ExprKind.Conversion;

    case Mode.Builtin: {
      const id = x.id;
      if (!builtin(c, x, call, id)) x.mode = Mode.Invalid;
      x.expr = call;
      const mode = x.mode as Mode; // a result that is no constant implies a call
      if (mode !== Mode.Invalid && mode !== Mode.Constant) c.hasCallOrRecv = true;
      return predeclaredFuncs[id].kind;
    }
  }

  const isCgo = x.mode === Mode.CgoFunc;
  let sig = calledSignature(c, x);
  if (sig === null) {
    x.mode = Mode.Invalid;
    x.expr = call;
    return ExprKind.Statement;
  }
  const wasGeneric = sig.tparams.length > 0;

  let xlist: Expr[] = [];
  let targs: Type[] = [];
  if (inst !== null) {
    xlist = unpackListExpr(inst.index);
    const list = typeList(c, xlist);
    const want = sig.tparams.length;
    if (list === null || list.length > want) {
      if (list !== null) {
        errorf(c, xlist[want], Code.WrongTypeArgCount, "got %d type arguments but want %d", list.length, want);
      }
      useList(c, call.args);
      x.mode = Mode.Invalid;
      x.expr = call;
      return ExprKind.Statement;
    }
    targs = list;
    // With all type arguments given, the signature is known whatever the arguments are.
    if (targs.length === want && want > 0) {
      verifyVersionf(c, inst, go1_18, "function instantiation");
      sig = instantiateSignature(c, inst.pos, inst, sig, targs, xlist);
      targs = [];
      xlist = [];
    }
  }

  const { list: args, targsList } = genericExprList(c, call.args);
  sig = arguments_(c, call, sig, targs, xlist, args, targsList);
  if (wasGeneric && sig.tparams.length === 0) recordTypeAndValue(c, fun, Mode.Value, sig, null);

  const results = sig.results.vars;
  switch (results.length) {
    case 0:
      x.mode = Mode.NoValue;
      break;
    case 1:
      x.mode = isCgo ? Mode.CommaErr : Mode.Value;
      x.type = results[0].type!;
      break;
    default:
      x.mode = Mode.Value;
      x.type = sig.results;
  }
  x.expr = call;
  c.hasCallOrRecv = true;

  // If inference failed, the result has type parameters in it and is no use.
  if (x.mode === Mode.Value && sig.tparams.length > 0 && isParameterized(sig.tparams, x.type)) x.mode = Mode.Invalid;
  return ExprKind.Statement;
}

function conversionCall(c: Checker, x: Operand, call: CallExpr, T: Type): void {
  x.mode = Mode.Invalid;
  const args = call.args;
  if (args.length === 0) {
    errorf(c, call, Code.WrongArgCount, "missing argument in conversion to %s", T);
    return;
  }
  if (args.length > 1) {
    useList(c, args);
    errorf(c, args[args.length - 1], Code.WrongArgCount, "too many arguments in conversion to %s", T);
    return;
  }
  expr(c, null, x, args[0]);
  if ((x.mode as Mode) === Mode.Invalid) return;
  const t = under(T);
  if (t.kind === TypeKind.Interface && !isTypeParam(T) && !isMethodSet(typeSet(t))) {
    const format = "cannot use interface %s in conversion (contains specific type constraints or is comparable)";
    errorf(c, call, Code.MisplacedConstraintIface, format, T);
    return;
  }
  if (call.hasDots) {
    errorf(c, args[0], Code.BadDotDotDotSyntax, "invalid use of ... in conversion to %s", T);
    return;
  }
  conversion(c, x, T);
}

/** The signature of the called x; null after an error. */
function calledSignature(c: Checker, x: Operand): Signature | null {
  if (x.type.kind === TypeKind.Signature) return x.type;
  const { type, err } = commonUnder(x.type, (t, u) =>
    u !== null && u.kind !== TypeKind.Signature ? typeErrorf("%s is not a function", t) : null,
  );
  if (err === null) return type as Signature;
  errorf(c, x, Code.InvalidCall, `${invalidOp}cannot call %s: %s`, x, err.format(c));
  return null;
}

/** Evaluates a list of expressions; a single one may have several values. */
export function exprList(c: Checker, elist: readonly Expr[]): Operand[] {
  if (elist.length === 1) return multiExpr(c, elist[0], false).list;
  const list: Operand[] = [];
  for (const e of elist) {
    const x = new Operand();
    expr(c, null, x, e);
    list.push(x);
  }
  return list;
}

export interface GenericExprList {
  readonly list: Operand[];
  /** By operand: the type arguments given where they are too few to instantiate it. null: there are none. */
  readonly targsList: (Type[] | undefined)[] | null;
}

/** Like {@link exprList}, but operands may be generic functions (since Go 1.21). */
export function genericExprList(c: Checker, elist: readonly Expr[]): GenericExprList {
  const n = elist.length;
  const list: Operand[] = [];
  let targsList: (Type[] | undefined)[] | null = null;
  for (let i = 0; i < n; i++) {
    const e = elist[i];
    const x = new Operand();
    if (e.kind === Kind.IndexExpr) {
      // Before Go 1.21 all type arguments must be known here.
      const inferMissing = !allowVersion(c, go1_21);
      if (indexExpr(c, x, e)) {
        const targs = funcInst(c, null, x.pos, x, e, inferMissing);
        if (targs !== null) {
          targsList ??= [];
          targsList[i] = targs;
          x.expr = e;
        } else {
          record(c, x); // as the evaluators of expressions do
        }
        list.push(x);
        continue;
      }
    }
    if (n > 1) {
      genericExpr(c, x, e);
      list.push(x);
      continue;
    }
    rawExpr(c, null, x, e, null, true);
    excludeNonValues(c, x);
    const type = x.type;
    if (type.kind === TypeKind.Tuple && (x.mode as Mode) !== Mode.Invalid) {
      for (const v of type.vars) list.push(newOperand(Mode.Value, e, v.type!));
    } else {
      list.push(x);
    }
  }
  return { list, targsList };
}

/** Checks the arguments of a call against the signature, both possibly generic and partially instantiated; infers type
 *  arguments and instantiates what is generic. `targs` and `xlist` are the type arguments of the function and their
 *  expressions, `atargs` those of generic arguments. The result is the instantiated signature; after an error that of
 *  the function. */
export function arguments_(
  c: Checker,
  call: CallExpr,
  sig: Signature,
  targs: readonly (Type | null)[],
  xlist: readonly Expr[],
  args: readonly Operand[],
  atargs: GenericExprList["targsList"],
): Signature {
  const nargs = args.length;
  let npars = sig.params.vars.length;
  const ddd = call.hasDots;
  let sigParams = sig.params; // variadic calls have one parameter per argument
  let adjusted = false;
  if (sig.variadic) {
    if (ddd) {
      if (call.args.length === 1 && nargs > 1) {
        errorf(c, call, Code.InvalidDotDotDot, "cannot use ... with %d-valued %s", nargs, call.args[0]);
        return sig;
      }
    } else if (nargs >= npars - 1) {
      const vars = sig.params.vars.slice(0, npars - 1);
      const last = sig.params.vars[npars - 1];
      const elem = (last.type as Slice).elem;
      while (vars.length < nargs) vars.push(newParam(last.pos, last.pkg, last.name, elem));
      sigParams = new Tuple(vars);
      adjusted = true;
      npars = nargs;
    } else {
      npars--; // what is missing at least
    }
  } else if (ddd) {
    errorf(c, call, Code.NonVariadicDotDotDot, "cannot use ... in call to non-variadic %s", call.fun);
    return sig;
  }
  if (nargs !== npars) {
    argumentCountError(c, call, sig, args, npars);
    return sig;
  }

  let rsig = sig;
  const n = sig.tparams.length;
  if (n > 0 || hasGenericArg(args)) {
    const inferred = inferArguments(c, call, sig, sigParams, adjusted, targs, xlist, args, atargs);
    if (inferred === null) return sig;
    rsig = inferred.sig;
    sigParams = inferred.params;
  }
  for (let i = 0; i < nargs; i++) assignment(c, args[i], sigParams.vars[i].type, call.fun);
  return rsig;
}

function argumentCountError(c: Checker, call: CallExpr, sig: Signature, args: readonly Operand[], npars: number): void {
  const nargs = args.length;
  let at: Poser = call;
  if (nargs > npars) at = args[npars].expr!;
  else if (nargs > 0) at = args[nargs - 1].expr!;
  const err = newError(c, Code.WrongArgCount);
  addf(err, at, "%s arguments in call to %s", nargs > npars ? "too many" : "not enough", call.fun);
  addf(err, NoPos, "have %s", typesSummary(c, operandTypes(args), false, call.hasDots));
  addf(err, NoPos, "want %s", typesSummary(c, varTypes(sig.params.vars), sig.variadic, false));
  report(err);
}

function genericSignature(x: Operand): Signature | null {
  return x.type.kind === TypeKind.Signature && x.type.tparams.length > 0 ? x.type : null;
}

function hasGenericArg(args: readonly Operand[]): boolean {
  for (const arg of args) if (genericSignature(arg) !== null) return true;
  return false;
}

/** Infers the type arguments of a generic callee and of generic arguments together: the type parameters of the callee
 *  come first, then those of each argument. null after an error. */
function inferArguments(
  c: Checker,
  call: CallExpr,
  sig: Signature,
  sigParams: Tuple,
  adjusted: boolean,
  callTargs: readonly (Type | null)[],
  xlist: readonly Expr[],
  args: readonly Operand[],
  atargs: GenericExprList["targsList"],
): { sig: Signature; params: Tuple } | null {
  const n = sig.tparams.length;
  let tparams: TypeParam[] = [];
  const targs = callTargs.slice();
  if (n > 0) {
    if (!allowVersion(c, go1_18)) {
      if (call.fun.kind === Kind.IndexExpr) versionErrorf(c, call.fun, go1_18, "function instantiation");
      else versionErrorf(c, call, go1_18, "implicit function instantiation");
    }
    // New type parameters, so that recursive calls do not get in each other's way.
    const renamed = renameTParams(c, call.pos, sig.tparams, sigParams);
    tparams = renamed.tparams.slice();
    sigParams = renamed.type as Tuple;
    while (targs.length < tparams.length) targs.push(null);
  }

  const genericArgs: number[] = [];
  for (let i = 0; i < args.length; i++) {
    const generic = genericSignature(args[i]);
    if (generic === null) continue;
    // A copy with type parameters of its own: f(g, g) instantiates g twice.
    const renamed = renameTParams(c, call.pos, generic.tparams, cloneSignature(generic));
    const asig = renamed.type as Signature;
    asig.tparams = renamed.tparams;
    args[i].type = asig;
    tparams.push(...renamed.tparams);
    if (atargs !== null) targs.push(...(atargs[i] ?? []));
    while (targs.length < tparams.length) targs.push(null);
    genericArgs.push(i);
  }
  if (genericArgs.length > 0) {
    verifyVersionf(c, args[genericArgs[0]], go1_21, "implicitly instantiated function as argument");
  }

  const err = newError(c, Code.CannotInferTypeArgs);
  const inferred = infer(c, call.pos, tparams, targs, sigParams, args, false, err);
  if (inferred === null) {
    if (!isEmptyError(err)) {
      errorf(c, errorPos(err), Code.CannotInferTypeArgs, "in call to %s, %s", call.fun, errorMsg(err));
    }
    return null;
  }

  let rsig = sig;
  if (n > 0) {
    const own = inferred.slice(0, n);
    rsig = instantiateSignature(c, call.pos, call.fun, sig, own, xlist);
    sigParams = adjusted
      ? (subst(c, call.pos, sigParams, makeSubstMap(tparams.slice(0, n), own), null, c.ctxt) as Tuple)
      : rsig.params;
  }
  let next = n;
  for (const i of genericArgs) {
    const arg = args[i];
    const asig = arg.type as Signature;
    const end = next + asig.tparams.length;
    arg.type = instantiateSignature(c, call.pos, arg.expr!, asig, inferred.slice(next, end), []);
    record(c, arg);
    next = end;
  }
  return { sig: rsig, params: sigParams };
}

// ---------------------------------------------------------------------------------------------------- use

/** Evaluates an expression after an error elsewhere, for its own errors and so that its variables count as used. true
 *  if there was no error. */
export function use(c: Checker, e: Expr | null): boolean {
  return use1(c, e, false);
}

/** Like {@link use}, but an identifier on its own, the left side of an assignment, is not used by that. */
export function useLHS(c: Checker, e: Expr | null): boolean {
  return use1(c, e, true);
}

export function useList(c: Checker, list: readonly (Expr | null)[]): boolean {
  return useN(c, list, false);
}

export function useLHSList(c: Checker, list: readonly (Expr | null)[]): boolean {
  return useN(c, list, true);
}

function useN(c: Checker, list: readonly (Expr | null)[], lhs: boolean): boolean {
  let ok = true;
  for (const e of list) if (!use1(c, e, lhs)) ok = false;
  return ok;
}

function use1(c: Checker, e: Expr | null, lhs: boolean): boolean {
  if (e === null) return true;
  const n = unparen(e);
  const x = new Operand();
  switch (n.kind) {
    case Kind.Name: {
      if (n.value === "_") return true;
      const obj = lhs ? lookup(c, n.value) : null;
      const v = obj !== null && obj.kind === ObjKind.Var && obj.pkg === c.pkg ? obj : null;
      const used = v?.used ?? false;
      exprOrType(c, x, n, true);
      if (v !== null) v.used = used;
      break;
    }
    case Kind.ListExpr:
      return useN(c, n.elems, lhs);
    default:
      rawExpr(c, null, x, e, null, true);
  }
  return x.mode !== Mode.Invalid;
}
