/** Conversions: which operation converts a type to another, and the nodes that do so.
 *
 *  Mirrors typecheck/subr.go (assignOp, convertOp, assignconvfn), typecheck/expr.go (tcConv) and typecheck/const.go
 *  (convlit1). The checker has approved every conversion, so only the operation is looked for, not a reason against. */
import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import { ChanDir } from "../../syntax/ast.ts";
import { newCompLitExpr, newConv, newKeyExpr, newLiteral } from "../make.ts";
import { newSlice } from "../newtype.ts";
import { Node, NodeFlag } from "../node.ts";
import { Op } from "../op.ts";
import {
  hasNil,
  identical,
  identicalIgnoreTags,
  isComplex,
  isEmptyInterface,
  isFloat,
  isInteger,
  isUntyped,
} from "../typeops.ts";
import { TKind, type Type } from "../types.ts";
import { fixValue } from "./constval.ts";
import type { Reader } from "./noder.ts";

/** How a value of type `src` is assigned to `dst`; OXXX if it cannot be. */
export function assignOp(src: Type, dst: Type): Op {
  if (src === dst || identical(src, dst)) return Op.OCONVNOP;
  if (identical(src.underlying, dst.underlying)) {
    // A non-empty interface of another name has another itab.
    if (isEmptyInterface(src)) return Op.OCONVNOP;
    if ((src.sym === null || dst.sym === null) && src.kind !== TKind.INTER) return Op.OCONVNOP;
    if (src.isShape || dst.isShape) return Op.OCONVNOP;
  }
  if (dst.kind === TKind.INTER && src.kind !== TKind.NIL) return Op.OCONVIFACE;
  if (src.kind === TKind.CHAN && src.dir === ChanDir.Both && dst.kind === TKind.CHAN) {
    if (identical(src.elem!, dst.elem!) && (src.sym === null || dst.sym === null)) return Op.OCONVNOP;
  }
  if (src.kind === TKind.NIL && hasNil(dst)) return Op.OCONVNOP;
  return dst.kind === TKind.BLANK ? Op.OCONVNOP : Op.OXXX;
}

/** How a value of type `src` is converted to `dst`; OXXX if it cannot be. */
export function convertOp(r: Reader, srcIsConstant: boolean, src: Type, dst: Type): Op {
  if (src === dst) return Op.OCONVNOP;
  const op = assignOp(src, dst);
  if (op !== Op.OXXX) return op;
  if (src.kind === TKind.INTER || dst.kind === TKind.INTER) return Op.OXXX;
  if (identicalIgnoreTags(src.underlying, dst.underlying)) return Op.OCONVNOP;
  if (src.kind === TKind.PTR && dst.kind === TKind.PTR && src.sym === null && dst.sym === null) {
    if (identicalIgnoreTags(src.elem!.underlying, dst.elem!.underlying)) return Op.OCONVNOP;
  }
  if ((isInteger(src) || isFloat(src)) && (isInteger(dst) || isFloat(dst))) {
    return simKind(r, src.kind) === simKind(r, dst.kind) ? Op.OCONVNOP : Op.OCONV;
  }
  if (isComplex(src) && isComplex(dst)) return src.kind === dst.kind ? Op.OCONVNOP : Op.OCONV;
  if (srcIsConstant && isNumeric(src) && isNumeric(dst)) return Op.OCONV;
  if (dst.kind === TKind.STRING) {
    if (isInteger(src)) return Op.ORUNESTR;
    if (src.kind === TKind.SLICE) {
      if (src.elem!.kind === TKind.UINT8) return Op.OBYTES2STR;
      if (src.elem!.kind === TKind.INT32) return Op.ORUNES2STR;
    }
  }
  if (src.kind === TKind.STRING && dst.kind === TKind.SLICE) {
    if (dst.elem!.kind === TKind.UINT8) return Op.OSTR2BYTES;
    if (dst.elem!.kind === TKind.INT32) return Op.OSTR2RUNES;
  }
  if ((src.kind === TKind.PTR || src.kind === TKind.UINTPTR) && dst.kind === TKind.UNSAFEPTR) return Op.OCONVNOP;
  if (src.kind === TKind.UNSAFEPTR && (dst.kind === TKind.PTR || dst.kind === TKind.UINTPTR)) return Op.OCONVNOP;
  if (src.kind === TKind.SLICE) {
    if (dst.kind === TKind.ARRAY && identical(src.elem!, dst.elem!)) return Op.OSLICE2ARR;
    if (dst.kind === TKind.PTR && dst.elem!.kind === TKind.ARRAY && identical(src.elem!, dst.elem!.elem!)) {
      return Op.OSLICE2ARRPTR;
    }
  }
  return Op.OXXX;
}

/** The conversion `type(x)` at `pos` (typecheck.tcConv). */
export function tcConv(r: Reader, pos: Pos, type: Type, x: Node, flags: number): Node {
  x = defaultLit(r, x, type);
  const src = x.type!;
  let op = convertOp(r, x.op === Op.OLITERAL, src, type);
  if (op === Op.OXXX) throw new InternalError(`no conversion from kind ${src.kind} to kind ${type.kind}`);
  switch (op) {
    case Op.OCONVNOP:
      // Conversions of floating-point numbers round.
      if (src.kind === type.kind && src.kind >= TKind.COMPLEX64 && src.kind <= TKind.FLOAT64) op = Op.OCONV;
      break;
    case Op.OSTR2RUNES:
      if (x.op === Op.OLITERAL) return stringToRunesLit(r, pos, type, x);
      break;
    case Op.OBYTES2STR: {
      const elem = src.elem!;
      if (elem !== r.n.universe.byteType && elem !== r.n.universe.types[TKind.UINT8]) {
        x = newConv(Op.OCONVNOP, x.pos, newSlice(r.n.universe.byteType), x);
      }
      break;
    }
    case Op.ORUNES2STR: {
      const elem = src.elem!;
      if (elem !== r.n.universe.runeType && elem !== r.n.universe.types[TKind.INT32]) {
        x = newConv(Op.OCONVNOP, x.pos, newSlice(r.n.universe.runeType), x);
      }
      break;
    }
  }
  const n = newConv(op, pos, type, x);
  n.flags = flags;
  return n;
}

/** `[]rune("constant")` is a slice literal. */
function stringToRunesLit(r: Reader, pos: Pos, type: Type, x: Node): Node {
  const list: Node[] = [];
  for (const rune of runesOf(x.val as string)) {
    const key = newLiteral(pos, r.n.universe.untypedInt, BigInt(list.length));
    list.push(newKeyExpr(pos, key, newLiteral(pos, type.elem!, BigInt(rune))));
  }
  const lit = newCompLitExpr(pos, Op.OSLICELIT, type, list);
  lit.len = list.length;
  return lit;
}

/** The code points of a UTF-8 byte string; U+FFFD for every byte that is not part of one. */
function runesOf(bytes: string): number[] {
  const runes: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const first = bytes.charCodeAt(i);
    const extra = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    let rune = extra <= 0 ? first : first & (0x3f >> extra);
    let ok = extra >= 0;
    for (let k = 1; ok && k <= extra; k++) {
      const next = i + k < bytes.length ? bytes.charCodeAt(i + k) : 0;
      ok = (next & 0xc0) === 0x80;
      rune = (rune << 6) | (next & 0x3f);
    }
    if (extra === 2) ok &&= rune >= 0x800 && (rune < 0xd800 || rune > 0xdfff);
    else if (extra === 3) ok &&= rune >= 0x10000 && rune <= 0x10ffff;
    runes.push(ok ? rune : 0xfffd);
    i += ok ? extra + 1 : 1;
  }
  return runes;
}

/** `n` as a value of type `t`: a conversion at `pos` where the types differ (typecheck.AssignConv). */
export function assignConv(r: Reader, pos: Pos, n: Node, t: Type): Node {
  const src = n.type!;
  if (src === t) return n;
  n = defaultLit(r, n, t);
  if (t.kind === TKind.BLANK || identical(n.type!, t)) return n;
  const op = assignOp(n.type!, t);
  if (op === Op.OXXX) throw new InternalError(`kind ${n.type!.kind} is not assignable to kind ${t.kind}`);
  const conv = newConv(op, pos, t, n);
  conv.flags = NodeFlag.Implicit;
  return conv;
}

/** Gives an untyped nil or literal a type: `t` where it fits, its default type otherwise. Other nodes are typed. */
export function defaultLit(r: Reader, n: Node, t: Type | null): Node {
  if (n.op === Op.ONIL) {
    if (n.type!.kind !== TKind.NIL || t === null || !hasNil(t)) return n;
    return new Node(Op.ONIL, n.pos, t);
  }
  if (n.op !== Op.OLITERAL) return n;
  if (!isUntyped(n.type)) return n;
  const to = t !== null && okForConst(t) ? t : defaultType(r, n.type!);
  return newLiteral(n.pos, to, fixValue(to, n.val!));
}

export function defaultType(r: Reader, t: Type): Type {
  const u = r.n.universe;
  switch (t) {
    case u.untypedBool:
      return u.types[TKind.BOOL];
    case u.untypedString:
      return u.types[TKind.STRING];
    case u.untypedInt:
      return u.types[TKind.INT];
    case u.untypedRune:
      return u.runeType;
    case u.untypedFloat:
      return u.types[TKind.FLOAT64];
    case u.untypedComplex:
      return u.types[TKind.COMPLEX128];
    default:
      return t;
  }
}

/** Integer kinds of the same width and sign are one to the machine (types.SimType). */
function simKind(r: Reader, kind: TKind): TKind {
  const wide = r.n.input.machine.ptrSize === 8;
  if (kind === TKind.INT) return wide ? TKind.INT64 : TKind.INT32;
  if (kind === TKind.UINT || kind === TKind.UINTPTR) return wide ? TKind.UINT64 : TKind.UINT32;
  return kind;
}

function isNumeric(t: Type): boolean {
  return t.kind <= TKind.FLOAT64;
}

function okForConst(t: Type): boolean {
  return t.kind <= TKind.BOOL || t.kind === TKind.STRING;
}
