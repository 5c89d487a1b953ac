/** What evaluating an initialiser can do besides giving a value (cmd/compile/internal/staticinit/sched.go). */
import { sign, ValueKind } from "../../base/constant.ts";
import { constType } from "../const.ts";
import { outerValue } from "../expr.ts";
import { Class, type Name, type Node } from "../node.ts";
import { Op } from "../op.ts";
import type { Pkg } from "../types.ts";
import { any } from "../visit.ts";

/** Whether `n` has an operation whose effects could be observed. */
export function anySideEffects(n: Node | null): boolean {
  return any(n, isSideEffect);
}

/** The node's own effect; its operands are asked separately. */
function isSideEffect(n: Node): boolean {
  switch (n.op) {
    case Op.ONAME:
    case Op.OTYPE:
    case Op.OLITERAL:
    case Op.ONIL:
    case Op.OADD:
    case Op.OSUB:
    case Op.OOR:
    case Op.OXOR:
    case Op.OADDSTR:
    case Op.OADDR:
    case Op.OANDAND:
    case Op.OBYTES2STR:
    case Op.ORUNES2STR:
    case Op.OSTR2BYTES:
    case Op.OSTR2RUNES:
    case Op.OCAP:
    case Op.OMAPLIT:
    case Op.OSTRUCTLIT:
    case Op.OARRAYLIT:
    case Op.OSLICELIT:
    case Op.OPTRLIT:
    case Op.OCONV:
    case Op.OCONVIFACE:
    case Op.OCONVNOP:
    case Op.ODOT:
    case Op.OEQ:
    case Op.ONE:
    case Op.OLT:
    case Op.OLE:
    case Op.OGT:
    case Op.OGE:
    case Op.OKEY:
    case Op.OSTRUCTKEY:
    case Op.OLEN:
    case Op.OMUL:
    case Op.OLSH:
    case Op.ORSH:
    case Op.OAND:
    case Op.OANDNOT:
    case Op.ONEW:
    case Op.ONOT:
    case Op.OBITNOT:
    case Op.OPLUS:
    case Op.ONEG:
    case Op.OOROR:
    case Op.OPAREN:
    case Op.ORUNESTR:
    case Op.OREAL:
    case Op.OIMAG:
    case Op.OCOMPLEX:
      return false;
    // Division by zero panics.
    case Op.ODIV:
    case Op.OMOD:
      return n.y!.op !== Op.OLITERAL || sign(n.y!.val!) === 0;
    // A bad size panics; none, or zero, is fine.
    case Op.OMAKECHAN:
    case Op.OMAKEMAP:
      return n.x !== null && (constType(n.x) !== ValueKind.Int || sign(n.x.val!) !== 0);
    default:
      return true;
  }
}

/** Whether evaluating `n` several times is the same as using one value of it. */
export function canRepeat(n: Node): boolean {
  return !any(n, (x) => {
    switch (x.op) {
      case Op.OMAKECHAN:
      case Op.OMAKEMAP:
      case Op.OMAKESLICE:
      case Op.OMAPLIT:
      case Op.ONEW:
      case Op.OPTRLIT:
      case Op.OSLICELIT:
      case Op.OSTR2BYTES:
      case Op.OSTR2RUNES:
        return true;
      default:
        return isSideEffect(x);
    }
  });
}

/** Whether evaluating `n` may change a variable of package `local`. */
export function mayModifyPkgVar(n: Node | null, local: Pkg): boolean {
  const unsafe = (lhs: Node): boolean => {
    let outer = outerValue(lhs);
    while (outer.op === Op.ODEREF) outer = outer.x!;
    if (outer.op !== Op.ONAME) return true;
    const name = outer as Name;
    return name.class === Class.PEXTERN && name.sym.pkg === local;
  };
  return any(n, (x) => {
    switch (x.op) {
      case Op.OCALLFUNC:
      case Op.OCALLINTER:
        return !isFuncPCIntrinsic(x);
      case Op.OAPPEND:
      case Op.OCLEAR:
      case Op.OCOPY:
        return true;
      case Op.OAS:
      case Op.OASOP:
        return unsafe(x.x!);
      case Op.OAS2:
      case Op.OAS2DOTTYPE:
      case Op.OAS2FUNC:
      case Op.OAS2MAPR:
      case Op.OAS2RECV:
        return x.list.some(unsafe);
      default:
        return false;
    }
  });
}

/** A direct call of internal/abi.FuncPCABI0 or FuncPCABIInternal. */
export function isFuncPCIntrinsic(n: Node): boolean {
  if (n.op !== Op.OCALLFUNC || n.x!.op !== Op.ONAME) return false;
  const sym = (n.x as Name).sym;
  if (sym.name !== "FuncPCABI0" && sym.name !== "FuncPCABIInternal") return false;
  return sym.pkg?.path === "internal/abi";
}
