/** Expressions: the dispatcher, literals, names, selectors, elements (cmd/compile/internal/ssagen, exprCheckPtr).
 *
 *  A value of a type in registers is the list of its components ({@link expr}); one that lives in memory is evaluated
 *  into a place ({@link exprTo}) or has an address ({@link addrOf}). Calls and whatever else must come before the rest
 *  of a statement have been evaluated by order.ts and are found in `FnState.done`. */
import { float32Val, float64Val, imag, real, toComplex, toFloat } from "../../base/constant.ts";
import { InternalError } from "../../base/diag.ts";
import { bigVal } from "../../ir/const.ts";
import type { Name, Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isComplex, isFloat, isPtrShaped, isSigned } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { funcSym } from "../reflectdata/closures.ts";
import { stringSym } from "../reflectdata/names.ts";
import { Mem, SOp, type Value, VT } from "../value.ts";
import { addrOf, fieldIndex, indexValue, readName, variableAddr } from "./addr.ts";
import { append } from "./append.ts";
import { binary, unary } from "./arith.ts";
import { logical } from "./branch.ts";
import { callExpr } from "./call.ts";
import { makeChan, recvExpr } from "./chan.ts";
import { closureExpr, methodValue } from "./closure.ts";
import { compare } from "./compare.ts";
import { recoverExpr } from "./defer.ts";
import { convIface, dotType } from "./iface.ts";
import { litTo, litValue, newExpr, ptrLit, sliceLit } from "./lit.ts";
import { makeMap, mapIndex, mapLit } from "./map.ts";
import { convert } from "./numconv.ts";
import {
  copySlice,
  makeSlice,
  minMax,
  sliceToArray,
  sliceToArrayPtr,
  unsafeAdd,
  unsafeSlice,
  unsafeString,
} from "./slice.ts";
import { sliceExpr } from "./slicing.ts";
import type { FnState } from "./state.ts";
import { functionName } from "./staticdata.ts";
import { inlinedCall } from "./stmt.ts";
import {
  addStr,
  bytesToString,
  lenOfConversion,
  runesToString,
  runeToString,
  stringToBytes,
  stringToRunes,
} from "./string.ts";

/** The components of `n`; of a call or the like whose type lives in memory, the address of the value. */
export function expr(s: FnState, n: Node): Value[] {
  if (s.done.size > 0) {
    const done = s.done.get(n);
    if (done !== undefined) return done;
  }
  const { b } = s;
  const { pos } = b;
  if (n.op > Op.OLITERAL) b.pos = n.pos;
  const values = expr1(s, n);
  b.pos = pos;
  return values;
}

/** The value of `n`, which is one machine value. */
export function scalar(s: FnState, n: Node): Value {
  const values = expr(s, n);
  if (values.length !== 1) throw s.unsupported(`operation ${n.op} with ${values.length} values`, n);
  return values[0];
}

function expr1(s: FnState, n: Node): Value[] {
  const { b } = s;
  switch (n.op) {
    case Op.ONAME:
      return readName(s, n as Name);
    case Op.OLITERAL:
      return literal(s, n);
    case Op.ONIL:
      return s.zero(n.type!);
    case Op.OPAREN:
    case Op.OPLUS:
      return expr(s, n.x!);
    case Op.OADD:
    case Op.OSUB:
    case Op.OMUL:
    case Op.ODIV:
    case Op.OMOD:
    case Op.OAND:
    case Op.OOR:
    case Op.OXOR:
    case Op.OANDNOT:
    case Op.OLSH:
    case Op.ORSH:
      return binary(s, n);
    case Op.ONEG:
    case Op.OBITNOT:
      return unary(s, n);
    case Op.ONOT:
      return [b.num(Num.I32Eqz, scalar(s, n.x!))];
    case Op.OANDAND:
    case Op.OOROR:
      return logical(s, n);
    case Op.OEQ:
    case Op.ONE:
    case Op.OLT:
    case Op.OLE:
    case Op.OGT:
    case Op.OGE:
      return [compare(s, n)];
    case Op.OADDR:
      return [variableAddr(s, n.x!)];
    case Op.ODEREF:
    case Op.ODOTPTR:
      return s.load(n.type!, addrOf(s, n));
    case Op.ODOT:
      return dot(s, n);
    case Op.OINDEX:
      return indexValue(s, n);
    case Op.OSLICE:
    case Op.OSLICEARR:
    case Op.OSLICESTR:
    case Op.OSLICE3:
    case Op.OSLICE3ARR:
      return sliceExpr(s, n);
    case Op.OLEN:
    case Op.OCAP:
      return [lenCap(s, n)];
    case Op.OCONV:
      return convert(s, n);
    case Op.OCONVNOP:
      return convNop(s, n);
    case Op.OREAL:
      return [expr(s, n.x!)[0]];
    case Op.OIMAG:
      return [expr(s, n.x!)[1]];
    case Op.OCOMPLEX:
      return [scalar(s, n.x!), scalar(s, n.y!)];
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
      return callExpr(s, n);
    case Op.OINLCALL:
      return inlinedCall(s, n);
    case Op.OCLOSURE:
      return [closureExpr(s, n)];
    case Op.OMETHVALUE:
      return [methodValue(s, n)];
    case Op.ORECOVER:
      return recoverExpr(s, n);
    case Op.ORECV:
      return recvExpr(s, n);
    case Op.OMAKECHAN:
      return [makeChan(s, n)];
    case Op.OMETHEXPR:
      return [b.addr(funcSym(s.p, functionName(s.p, n)))];
    case Op.OSPTR:
      return [expr(s, n.x!)[0]];
    case Op.OITAB:
      return [expr(s, n.x!)[0]];
    case Op.OIDATA:
      return [expr(s, n.x!)[1]];
    case Op.OSTRUCTLIT:
    case Op.OARRAYLIT:
      return litValue(s, n);
    case Op.OSLICELIT:
      return sliceLit(s, n);
    case Op.OPTRLIT:
      return [ptrLit(s, n)];
    case Op.ONEW:
      return [newExpr(s, n)];
    case Op.OADDSTR:
      return addStr(s, n);
    case Op.OBYTES2STR:
      return bytesToString(s, n);
    case Op.ORUNES2STR:
      return runesToString(s, n);
    case Op.ORUNESTR:
      return runeToString(s, n);
    case Op.OSTR2BYTES:
      return stringToBytes(s, n);
    case Op.OSTR2RUNES:
      return stringToRunes(s, n);
    case Op.OINDEXMAP:
      return mapIndex(s, n);
    case Op.OMAKEMAP:
      return [makeMap(s, n)];
    case Op.OMAPLIT:
      return [mapLit(s, n)];
    case Op.OMAKESLICE:
      return makeSlice(s, n);
    case Op.OCOPY:
      return [copySlice(s, n)];
    case Op.OMIN:
    case Op.OMAX:
      return minMax(s, n);
    case Op.OUNSAFEADD:
      return [unsafeAdd(s, n)];
    case Op.OUNSAFESLICE:
      return unsafeSlice(s, n);
    case Op.OUNSAFESTRING:
      return unsafeString(s, n);
    case Op.OUNSAFESLICEDATA:
    case Op.OUNSAFESTRINGDATA:
      return [expr(s, n.x!)[0]];
    case Op.OSLICE2ARRPTR:
      return [sliceToArrayPtr(s, n)];
    case Op.OSLICE2ARR:
      return sliceToArray(s, n);
    case Op.OAPPEND:
      return append(s, n);
    case Op.OCONVIFACE:
      return convIface(s, n);
    case Op.ODOTTYPE:
    case Op.ODYNAMICDOTTYPE:
      return dotType(s, n);
    default:
      throw s.unsupported(`operation ${n.op}`, n);
  }
}

/** Evaluates `n` into memory at `addr`, which holds nothing that `n` reads. `fresh`: the memory was just allocated. */
export function exprTo(s: FnState, n: Node, addr: Value, fresh = false): void {
  const t = n.type!;
  if (s.inRegisters(t)) {
    const values = expr(s, n);
    if (fresh) s.storeFresh(t, addr, values);
    else s.store(t, addr, values);
    return;
  }
  if (!s.done.has(n)) {
    switch (n.op) {
      case Op.OCONVNOP:
      case Op.OPAREN:
        exprTo(s, n.x!, addr, fresh);
        return;
      case Op.OSTRUCTLIT:
      case Op.OARRAYLIT:
        litTo(s, n, addr, fresh);
        return;
    }
  }
  s.move(t, addr, addrOf(s, n), fresh);
}

// ---------------------------------------------------------------------------------------------------- literals

function literal(s: FnState, n: Node): Value[] {
  const { b } = s;
  const t = n.type!;
  const val = n.val!;
  switch (t.kind) {
    case TKind.BOOL:
      return [b.i32(val === true ? 1 : 0)];
    case TKind.STRING:
      return stringConst(s, val as string);
    case TKind.FLOAT32:
      return [b.f32(float32Val(toFloat(val)))];
    case TKind.FLOAT64:
      return [b.f64(float64Val(toFloat(val)))];
    case TKind.COMPLEX64:
    case TKind.COMPLEX128: {
      const c = toComplex(val);
      const re = toFloat(real(c));
      const im = toFloat(imag(c));
      if (t.kind === TKind.COMPLEX64) return [b.f32(float32Val(re)), b.f32(float32Val(im))];
      return [b.f64(float64Val(re)), b.f64(float64Val(im))];
    }
    default:
      return [intConst(s, t, bigVal(n))];
  }
}

/** An integer (or pointer) constant in the representation of type `t`. */
export function intConst(s: FnState, t: Type, v: bigint): Value {
  const { b } = s;
  if (t.kind === TKind.IDEAL) return b.i64(v); // sizes that the compiler put in
  if (isPtrShaped(t)) return b.i32(Number(BigInt.asIntN(32, v)));
  const [part] = s.parts(t);
  if (part.vt === VT.I64) return b.i64(v);
  const bits = 8 * s.size(t);
  return b.i32(Number(isSigned(t) ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v)) | 0);
}

/** Pointer and length of constant string bytes. */
export function stringConst(s: FnState, bytes: string): Value[] {
  const { b } = s;
  if (bytes === "") return [b.nil(), b.i64(0)];
  return [b.addr(stringSym(s.p, bytes)), b.i64(bytes.length)];
}

// ---------------------------------------------------------------------------------------------------- parts

/** x.f of a struct that is no pointer. */
function dot(s: FnState, n: Node): Value[] {
  const x = n.x!;
  const st = x.type!;
  if (!s.inRegisters(st)) return s.load(n.type!, addrOf(s, n));
  const values = expr(s, x);
  return fieldValues(s, st, values, fieldIndex(st, n.sel!));
}

/** The components of field number `index` of a struct in registers. */
export function fieldValues(s: FnState, st: Type, values: readonly Value[], index: number): Value[] {
  const { start, end } = fieldRange(s, st, index);
  return values.slice(start, end);
}

/** Which components of a struct field number `index` has. */
export function fieldRange(s: FnState, st: Type, index: number): { start: number; end: number } {
  let start = 0;
  for (let i = 0; i < index; i++) start += s.parts(st.fields[i].type).length;
  return { start, end: start + s.parts(st.fields[index].type).length };
}

function lenCap(s: FnState, n: Node): Value {
  const { b } = s;
  const x = n.x!;
  if (n.op === Op.OLEN) {
    const converted = lenOfConversion(s, x);
    if (converted !== null) return converted;
  }
  let t = x.type!;
  if (t.kind === TKind.PTR) t = t.elem!; // pointer to array
  switch (t.kind) {
    case TKind.ARRAY:
      if (s.inRegisters(x.type!)) expr(s, x);
      else addrOf(s, x);
      return b.i64(t.len);
    case TKind.STRING:
      return expr(s, x)[1];
    case TKind.SLICE:
      return expr(s, x)[n.op === Op.OLEN ? 1 : 2];
    case TKind.CHAN:
      // Those of timers find out first whether their time has come.
      return s.rtcall(n.op === Op.OLEN ? "chanlen" : "chancap", [scalar(s, x)], "l")[0];
    case TKind.MAP: {
      // Its header begins with the count.
      const m = scalar(s, x);
      return b.ifElse(
        m,
        [{ vt: VT.I64, pointer: false }],
        () => [b.load(Mem.I64, m)],
        () => [b.i64(0)],
      )[0];
    }
    default:
      throw new InternalError(`len of kind ${t.kind}`);
  }
}

/** A conversion that changes no bits, but pointers and uintptr are of different machine types. */
function convNop(s: FnState, n: Node): Value[] {
  const { b } = s;
  const from = n.x!.type!;
  const to = n.type!;
  if (!s.inRegisters(to)) return [addrOf(s, n.x!)];
  const values = expr(s, n.x!);
  if (from.kind === TKind.UINTPTR && isPtrShaped(to)) return [toPointer(s, values[0])];
  if (isPtrShaped(from) && to.kind === TKind.UINTPTR) return [b.num(Num.I64ExtendI32U, values[0])];
  if (isFloat(to) !== isFloat(from) || isComplex(to) !== isComplex(from)) return convert(s, n);
  return values;
}

/** A uintptr as a pointer. */
export function toPointer(s: FnState, v: Value): Value {
  const { b } = s;
  if (v.op === SOp.Num && v.aux === Num.I64ExtendI32U) return v.args[0];
  return b.pointer(b.num(Num.I32WrapI64, v));
}
