/** print and println (walk: walkPrint). */
import type { Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isEmptyInterface, isFloat, isSigned, notInHeap } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import type { Value } from "../value.ts";
import { toI64 } from "./addr.ts";
import { expr, stringConst } from "./expr.ts";
import { orderList } from "./order.ts";
import type { FnState } from "./state.ts";

export function printStmt(s: FnState, n: Node): void {
  orderList(s, n.list);
  const values = n.list.map((arg) => printed(s, arg));
  s.rtcall("printlock", []);
  let text = "";
  const flush = (): void => {
    if (text === "") return;
    if (text === " ") s.rtcall("printsp", []);
    else if (text === "\n") s.rtcall("printnl", []);
    else s.rtcall("printstring", stringConst(s, text));
    text = "";
  };
  n.list.forEach((arg, i) => {
    if (n.op === Op.OPRINTLN && i > 0) text += " ";
    if (arg.op === Op.OLITERAL && typeof arg.val === "string" && arg.type!.kind === TKind.STRING) {
      text += arg.val;
      return;
    }
    flush();
    s.rtcall(printer(arg), values[i]);
  });
  if (n.op === Op.OPRINTLN) text += "\n";
  flush();
  s.rtcall("printunlock", []);
}

/** The value as its print function takes it. */
function printed(s: FnState, arg: Node): Value[] {
  const t = arg.type!;
  if (t.kind === TKind.NIL) return [s.b.nil()];
  const values = expr(s, arg);
  if (t.kind === TKind.PTR && notInHeap(t.elem!)) return [s.b.num(Num.I64ExtendI32U, values[0])];
  if (t.kind <= TKind.UINTPTR) return [toI64(s, values[0], isSigned(t))];
  return values;
}

function printer(arg: Node): string {
  const t = arg.type!;
  switch (t.kind) {
    case TKind.INTER:
      return isEmptyInterface(t) ? "printeface" : "printiface";
    case TKind.PTR:
      return notInHeap(t.elem!) ? "printuintptr" : "printpointer";
    case TKind.CHAN:
    case TKind.MAP:
    case TKind.FUNC:
    case TKind.UNSAFEPTR:
    case TKind.NIL:
      return "printpointer";
    case TKind.SLICE:
      return "printslice";
    case TKind.BOOL:
      return "printbool";
    case TKind.STRING:
      return isRuntimeType(t, "quoted") ? "printquoted" : "printstring";
    case TKind.COMPLEX64:
      return "printcomplex64";
    case TKind.COMPLEX128:
      return "printcomplex128";
    default:
      if (isFloat(t)) return t.kind === TKind.FLOAT32 ? "printfloat32" : "printfloat64";
      if (isSigned(t)) return "printint";
      if (isRuntimeType(t, "hex")) return "printhex";
      return "printuint";
  }
}

/** Types of package runtime whose values print in their own way. */
function isRuntimeType(t: Type, name: string): boolean {
  return t.sym !== null && t.sym.name === name && t.sym.pkg?.path === "runtime";
}
