/** Function values: closure objects of literals and method values (walk/closure.go). A literal without captured
 *  variables is data; others are objects in the frame or the heap: the code address, then what is captured. */
import { methodSymSuffix } from "../../ir/expr.ts";
import { byval, EscNone } from "../../ir/name.ts";
import { newField, newPtr, newStruct } from "../../ir/newtype.ts";
import type { Func, Name, Node } from "../../ir/node.ts";
import { linkSymString } from "../../ir/typefmt.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { funcSym } from "../reflectdata/closures.ts";
import { Mem, type Value } from "../value.ts";
import { addrOf, nilCheck, placeAddr, placeOf, readName, variableAddr } from "./addr.ts";
import { newObject } from "./alloc.ts";
import { expr } from "./expr.ts";
import { countSaved } from "./saved.ts";
import type { FnState } from "./state.ts";

/** The struct type of closure objects that hold values of `types` after the code address. */
export function objectType(s: FnState, types: readonly Type[], names: "X" | "R"): Type {
  const { localPkg } = s.p.n;
  const fields = [newField(0, localPkg.lookup("F"), s.p.universe.types[TKind.UINTPTR])];
  types.forEach((type, i) => {
    fields.push(newField(0, localPkg.lookup(names === "R" ? "R" : `X${i}`), type));
  });
  const t = newStruct(fields);
  s.size(t); // lays the fields out
  return t;
}

/** The type of the closure objects of `fn`: captured by value, or pointers to the variables. */
export function closureType(s: FnState, fn: Func): Type {
  const types = fn.closureVars.map((v) => (byval(v) ? v.type! : newPtr(v.type!)));
  return objectType(s, types, "X");
}

/** OCLOSURE. */
export function closureExpr(s: FnState, n: Node): Value {
  const fn = n.func!;
  const func = s.p.funcName(fn);
  if (fn.closureVars.length === 0) return s.b.addr(funcSym(s.p, func));
  const values = fn.closureVars.map((v) => captured(s, v));
  return makeObject(s, n, func, closureType(s, fn), values);
}

/** What is captured of variable `v`: its value (components or address), or where it is. */
function captured(s: FnState, v: Name): Value[] {
  const outer = v.outer!;
  if (!byval(v)) return [variableAddr(s, outer)];
  return s.inRegisters(outer.type!) ? readName(s, outer) : [placeAddr(s, placeOf(s, outer))];
}

/** OMETHVALUE: `x.M` bound to x. */
export function methodValue(s: FnState, n: Node): Value {
  const x = n.x!;
  const t = x.type!;
  const values = s.inRegisters(t) ? expr(s, x) : [addrOf(s, x)];
  // A method of a nil interface is an error now, not when it is called.
  if (t.kind === TKind.INTER) nilCheck(s, values[0]);
  const sym = methodSymSuffix(t, n.sel!.sym!, "-fm", s.p.universe.goPkg);
  return makeObject(s, n, linkSymString(sym), objectType(s, [t], "R"), [values]);
}

function makeObject(s: FnState, n: Node, func: string, object: Type, values: readonly Value[][]): Value {
  const { b } = s;
  const addr = n.esc === EscNone ? b.slotAddr(s.slot("~closure", object)) : newObject(s, object);
  if (n.esc === EscNone) countSaved(s, n, s.size(object));
  b.store(Mem.I64, addr, b.num(Num.I64ExtendI32U, b.funcAddr(func)));
  values.forEach((value, i) => {
    const { type, offset } = object.fields[i + 1];
    if (s.inRegisters(type)) s.storeFresh(type, addr, value, offset);
    else s.move(type, b.offset(addr, offset), value[0], true);
  });
  return addr;
}
