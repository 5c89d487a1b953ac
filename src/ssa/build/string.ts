/** Strings: concatenation, and conversions from and to bytes and runes, with the compiler's buffers in the frame and
 *  without copies where nobody can tell (cmd/compile/internal/walk: walkAddString, convert.go; order.go for the cases
 *  in which `string(bytes)` is only looked at). */
import { ValueKind } from "../../base/constant.ts";
import { isConst, stringVal } from "../../ir/const.ts";
import { EscNone } from "../../ir/name.ts";
import { newArray } from "../../ir/newtype.ts";
import { type Node, NodeFlag } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isSigned } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { SOp, type Value, VT } from "../value.ts";
import { toI64 } from "./addr.ts";
import { newObject } from "./alloc.ts";
import { expr, scalar, stringConst } from "./expr.ts";
import type { FnState } from "./state.ts";

/** Elements of the buffers that short results go into if they do not escape. */
const tmpStringBufSize = 32;
/** Larger constants are not kept in the frame. */
const maxImplicitStackVarSize = 64 * 1024;

/** Address of a buffer in the frame for `count` elements of type `elem`. */
export function stackBuf(s: FnState, elem: Type, count: number): Value {
  return s.b.slotAddr(s.slot("~buf", newArray(elem, count)));
}

function byteBuf(s: FnState, onStack: boolean, count = tmpStringBufSize): Value {
  return onStack ? stackBuf(s, s.p.universe.types[TKind.UINT8], count) : s.b.nil();
}

// ---------------------------------------------------------------------------------------------------- concatenation

/** OADDSTR */
export function addStr(s: FnState, n: Node): Value[] {
  let size = 0;
  for (const part of n.list) if (isConst(part, ValueKind.String)) size += stringVal(part).length;
  const buf = byteBuf(s, n.esc === EscNone && size < tmpStringBufSize);
  return concat(s, n, buf, "concatstring", "pl");
}

function concat(s: FnState, n: Node, buf: Value, fn: string, results: string): Value[] {
  const { b } = s;
  const args: Value[] = [];
  // With a constant part that is not empty the result is always a new string.
  const copies = n.list.some((part) => isConst(part, ValueKind.String) && stringVal(part) !== "");
  for (const part of n.list) args.push(...(copies ? stringOperand(s, part) : expr(s, part)));
  const count = n.list.length;
  if (count <= 5) return s.rtcall(`${fn}${count}`, [buf, ...args], results);
  const string = s.p.universe.types[TKind.STRING];
  const list = s.temp(newArray(string, count));
  for (let i = 0; i < count; i++) s.store(string, list, [args[2 * i], args[2 * i + 1]], 16 * i);
  return s.rtcall(`${fn}s`, [buf, list, b.i64(count), b.i64(count)], results);
}

// ---------------------------------------------------------------------------------------------------- to string

/** A string that is only looked at, and not kept: `string(bytes)` needs no copy. */
export function stringOperand(s: FnState, n: Node): Value[] {
  if (s.done.has(n)) return expr(s, n);
  if (n.op === Op.OBYTES2STR) {
    const [ptr, len] = expr(s, n.x!);
    return [ptr, len];
  }
  return expr(s, n);
}

/** OBYTES2STR */
export function bytesToString(s: FnState, n: Node): Value[] {
  const [ptr, len] = expr(s, n.x!);
  return s.rtcall("slicebytetostring", [byteBuf(s, n.esc === EscNone), ptr, len], "pl");
}

/** ORUNES2STR */
export function runesToString(s: FnState, n: Node): Value[] {
  const runes = expr(s, n.x!);
  return s.rtcall("slicerunetostring", [byteBuf(s, n.esc === EscNone), ...runes], "pl");
}

/** ORUNESTR */
export function runeToString(s: FnState, n: Node): Value[] {
  const rune = toI64(s, scalar(s, n.x!), isSigned(n.x!.type!));
  return s.rtcall("intstring", [byteBuf(s, n.esc === EscNone, 4), rune], "pl");
}

// ---------------------------------------------------------------------------------------------------- from string

/** OSTR2BYTES */
export function stringToBytes(s: FnState, n: Node): Value[] {
  const { b } = s;
  const x = n.x!;
  if ((n.flags & NodeFlag.ZeroCopy) !== 0) return zeroCopyBytes(s, x);
  if (x.op === Op.OADDSTR && !s.done.has(x)) {
    return concat(s, x, byteBuf(s, n.esc === EscNone), "concatbyte", "pll");
  }
  if (isConst(x, ValueKind.String)) {
    const text = stringVal(x);
    const array = newArray(s.p.universe.types[TKind.UINT8], text.length);
    const onStack = n.esc === EscNone && text.length <= maxImplicitStackVarSize && text.length > 0;
    const ptr = onStack ? b.slotAddr(s.slot("~bytes", array)) : newObject(s, array);
    if (text.length > 0) {
      const move = b.value(SOp.Move, VT.Void, ptr, stringConst(s, text)[0]);
      move.aux = text.length;
    }
    const len = b.i64(text.length);
    return [ptr, len, len];
  }
  return s.rtcall("stringtoslicebyte", [byteBuf(s, n.esc === EscNone), ...expr(s, x)], "pll");
}

/** The bytes of a string, not to be written to; never nil. */
export function zeroCopyBytes(s: FnState, x: Node): Value[] {
  const { b } = s;
  const [ptr, len] = expr(s, x);
  const data = b.pointer(b.select(ptr, ptr, b.addr("runtime.zerobase")));
  return [data, len, len];
}

/** OSTR2RUNES */
export function stringToRunes(s: FnState, n: Node): Value[] {
  const str = expr(s, n.x!);
  const onStack = n.esc === EscNone;
  const buf = onStack ? stackBuf(s, s.p.universe.types[TKind.INT32], tmpStringBufSize) : s.b.nil();
  return s.rtcall("stringtoslicerune", [buf, ...str], "pll");
}

/** `len([]rune(s))` and `len(string(b))`, which convert nothing; null for other operands of len. */
export function lenOfConversion(s: FnState, x: Node): Value | null {
  if (s.done.has(x)) return null;
  switch (x.op) {
    case Op.OSTR2RUNES:
      return s.rtcall("countrunes", expr(s, x.x!), "l")[0];
    case Op.OBYTES2STR:
      return expr(s, x.x!)[1];
    default:
      return null;
  }
}
