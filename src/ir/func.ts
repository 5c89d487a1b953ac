/** Functions: names, closures, parameters (cmd/compile/internal/ir/func.go). */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { Class, Func, FuncFlag, Name, Node } from "./node.ts";
import { Op } from "./op.ts";
import { pathToPrefix } from "./typefmt.ts";
import { isBlankSym } from "./typeops.ts";
import type { Field, Sym, Type } from "./types.ts";

export function newFunc(fpos: Pos, npos: Pos, sym: Sym, type: Type): Func {
  return new Func(fpos, new Name(npos, sym, type));
}

/** A function literal that captures at least one variable. */
export function isClosure(f: Func): boolean {
  return f.oclosure !== null && f.closureVars.length > 0;
}

/** Without package. */
export function funcName(f: Func | null): string {
  return f === null ? "<nil>" : f.sym.name;
}

/** With the import path before it. */
export function pkgFuncName(f: Func | null): string {
  return f === null ? "<nil>" : `${f.sym.pkg?.path ?? ""}.${f.sym.name}`;
}

export function linkFuncName(f: Func | null): string {
  return f === null ? "<nil>" : `${pathToPrefix(f.sym.pkg?.path ?? "")}.${f.sym.name}`;
}

/** Why a closure is made: a literal, the body of a range-over-func loop, or the wrapper of a go or defer statement. */
export type ClosureReason = Op.OCLOSURE | Op.ORANGE | Op.OGO | Op.ODEFER;

/** The symbol of the next closure in `outerfn`; counts it. `inlined` names the functions, each after a dot, that were
 *  inlined into `outerfn` on the way to the closure. */
export function closureName(outerfn: Func, why: ClosureReason, inlined: string): Sym {
  const outer = outerfn.oclosure?.func?.rangeParent ?? outerfn;
  let suffix = ".";
  let gen: number;
  switch (why) {
    case Op.OCLOSURE:
      if (outer.oclosure === null) suffix = ".func";
      gen = ++outer.funcLitGen;
      break;
    case Op.ORANGE:
      suffix = "-range";
      gen = ++outer.rangeLitGen;
      break;
    case Op.OGO:
      suffix = ".gowrap";
      gen = ++outer.goDeferGen;
      break;
    case Op.ODEFER:
      suffix = ".deferwrap";
      gen = ++outer.goDeferGen;
      break;
  }
  const pkg = outer.sym.pkg;
  if (pkg === null) throw new InternalError(`function ${outer.sym.name} has no package`);
  return pkg.lookup(`${outer.sym.name}${inlined}${suffix}${gen}`);
}

/** A function for a closure within `outerfn`, with its OCLOSURE at `cpos`; appended to `funcs`, those of the package. */
export function newClosureFunc(
  fpos: Pos,
  cpos: Pos,
  why: ClosureReason,
  type: Type,
  outerfn: Func,
  funcs: Func[],
  sym: Sym,
): Func {
  const fn = newFunc(fpos, fpos, sym, type);
  fn.flags |= outerfn.flags & FuncFlag.Dupok;
  const clo = new Node(Op.OCLOSURE, cpos, type);
  clo.func = fn;
  if (why === Op.ORANGE) {
    fn.rangeParent = outerfn.oclosure?.func?.rangeParent ?? outerfn;
    fn.flags |= FuncFlag.RangeFuncBody;
  }
  fn.oclosure = clo;
  fn.closureParent = outerfn;
  fn.hasBody = true;
  funcs.push(fn);
  return fn;
}

/** Makes the variables of the signature's parameters and results; with `setNname` the fields refer to them. */
export function declareParams(fn: Func, setNname: boolean): void {
  if (fn.dcl.length > 0) throw new InternalError(`${fn.sym.name} has parameters already`);
  const sig = fn.type;
  const recv = sig.recv;
  let i = 0;
  if (recv !== null) fn.dcl.push(declareParam(fn, recv, Class.PPARAM, "~p", i++, setNname));
  for (const param of sig.params) fn.dcl.push(declareParam(fn, param, Class.PPARAM, "~p", i++, setNname));
  i = 0;
  for (const result of sig.results) fn.dcl.push(declareParam(fn, result, Class.PPARAMOUT, "~r", i++, setNname));
}

function declareParam(fn: Func, param: Field, cls: Class, prefix: string, i: number, setNname: boolean): Name {
  let sym = param.sym;
  if (sym === null || isBlankSym(sym)) sym = fn.sym.pkg!.lookup(`${prefix}${i}`);
  const name = new Name(param.pos, sym, param.type);
  name.class = cls;
  name.curfn = fn;
  if (setNname) param.nname = name;
  return name;
}

/** Number of receiver and parameters of a signature. */
export function numRecvParams(sig: Type): number {
  return (sig.recv === null ? 0 : 1) + sig.params.length;
}

/** Receiver, if any, and parameters. */
export function recvParams(sig: Type): readonly Field[] {
  return sig.recv === null ? sig.params : [sig.recv, ...sig.params];
}

/** Whether `c` is a closure within `f`, however deep. */
export function containsClosure(f: Func, c: Func): boolean {
  if (f === c || c.oclosure === null) return false;
  for (let p = c.closureParent; p !== null; p = p.closureParent) if (p === f) return true;
  return false;
}
