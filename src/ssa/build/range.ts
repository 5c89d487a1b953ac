/** range over numbers, arrays, slices, strings, maps and channels (walk/range.go). Loops over functions are rewritten
 *  before. */
import type { Pos } from "../../base/pos.ts";
import { isBlank } from "../../ir/name.ts";
import { Node, type Rtti } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { identical, isSigned } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { mapIterType } from "../reflectdata/maptype.ts";
import { Mem, type Value, VT } from "../value.ts";
import { addrOf, elemAddr, nilCheck } from "./addr.ts";
import { assignAll } from "./assign.ts";
import { expr, scalar } from "./expr.ts";
import { rtype } from "./iface.ts";
import { convertInt } from "./numconv.ts";
import { order } from "./order.ts";
import type { FnState } from "./state.ts";
import { loopBody } from "./stmt.ts";

export function rangeStmt(s: FnState, n: Node): void {
  const x = n.x!;
  order(s, x);
  const t = x.type!;
  switch (t.kind) {
    case TKind.PTR:
    case TKind.ARRAY:
    case TKind.SLICE:
      rangeElems(s, n);
      return;
    case TKind.STRING:
      rangeString(s, n);
      return;
    case TKind.MAP:
      rangeMap(s, n);
      return;
    case TKind.CHAN:
      rangeChan(s, n);
      return;
    default:
      if (t.kind > TKind.UINTPTR) throw s.unsupported(`range over kind ${t.kind}`, n);
      rangeInt(s, n);
  }
}

function wanted(n: Node | null): Node | null {
  return n === null || isBlank(n) ? null : n;
}

/** What a range gives for a variable. */
interface Given {
  readonly type: Type;
  /** Components, or the address of what lives in memory. */
  readonly values: readonly Value[];
}

/** Assigns key and value, each if somebody wants it. */
function assignRange(s: FnState, n: Node, key: Given | null, value: Given | null): void {
  const list: Node[] = [];
  const values: Value[][] = [];
  const add = (x: Node | null, given: Given | null, rtti: Rtti | null): void => {
    if (x === null || given === null) return;
    order(s, x);
    list.push(x);
    values.push(converted(s, n.pos, x, given, rtti));
  };
  add(wanted(n.y), key, n.rtti?.key ?? null);
  add(wanted(n.z), value, n.rtti?.value ?? null);
  assignAll(s, list, () => values);
}

/** The value as the type of the variable, which may be an interface. */
function converted(s: FnState, pos: Pos, x: Node, { type, values }: Given, rtti: Rtti | null): Value[] {
  const to = x.type!;
  if (type === to || identical(type, to)) return [...values];
  const held = new Node(Op.OCONVNOP, pos, type);
  s.done.set(held, [...values]);
  const conv = new Node(to.kind === TKind.INTER ? Op.OCONVIFACE : Op.OCONVNOP, pos, to);
  conv.x = held;
  conv.rtti = rtti;
  order(s, conv);
  const result = s.inRegisters(to) ? expr(s, conv) : [addrOf(s, conv)];
  s.done.delete(held);
  return result;
}

/** A loop whose header `test` decides, I32, whether there is another round. */
function loop(s: FnState, n: Node, test: () => Value, body: () => void, post: () => void): void {
  const { b } = s;
  const head = b.newBlock();
  const start = b.newBlock();
  const inner = b.newBlock();
  const next = b.newBlock();
  const end = b.newBlock();
  b.jump(head);
  b.start(head);
  b.branch(test(), start, end, 1);
  b.startSealed(start);
  body();
  b.jump(inner);
  loopBody(s, n, inner, next, end, post);
  b.jump(head);
  b.seal(head);
  b.startSealed(end);
}

/** for i := range n */
function rangeInt(s: FnState, n: Node): void {
  const { b } = s;
  const t = n.x!.type!;
  const wide = s.parts(t)[0].vt === VT.I64;
  const limit = scalar(s, n.x!);
  const [i] = s.newRegs("~i", t);
  b.write(i, wide ? b.i64(0) : b.i32(0));
  const less = wide ? (isSigned(t) ? Num.I64LtS : Num.I64LtU) : isSigned(t) ? Num.I32LtS : Num.I32LtU;
  loop(
    s,
    n,
    () => b.num(less, b.read(i), limit),
    () => assignRange(s, n, { type: t, values: [b.read(i)] }, null),
    () => {
      const sum = b.num(wide ? Num.I64Add : Num.I32Add, b.read(i), wide ? b.i64(1) : b.i32(1));
      b.write(i, convertInt(s, sum, isSigned(t), t));
    },
  );
}

/** Arrays, pointers to arrays, and slices. */
function rangeElems(s: FnState, n: Node): void {
  const { b } = s;
  const x = n.x!;
  const value = wanted(n.z);
  const array = x.type!.kind === TKind.PTR ? x.type!.elem! : x.type!;
  const elem = array.elem!;
  let len: Value;
  let base: Value | null = null;
  switch (x.type!.kind) {
    case TKind.SLICE: {
      const values = expr(s, x);
      [base, len] = values;
      break;
    }
    case TKind.PTR:
      base = scalar(s, x);
      len = b.i64(array.len);
      if (value !== null && array.len > 0) nilCheck(s, base);
      break;
    default:
      len = b.i64(array.len);
      if (value !== null) {
        // The loop sees the array as it was.
        base = s.temp(array);
        if (s.inRegisters(array)) s.store(array, base, expr(s, x));
        else s.move(array, base, addrOf(s, x));
      } else if (!s.inRegisters(array)) addrOf(s, x);
  }
  const int = s.p.universe.types[TKind.INT];
  const [i] = s.newRegs("~i", int);
  b.write(i, b.i64(0));
  loop(
    s,
    n,
    () => b.num(Num.I64LtS, b.read(i), len),
    () => {
      const at = b.read(i);
      const index = { type: int, values: [at] };
      if (value === null) {
        assignRange(s, n, index, null);
        return;
      }
      const addr = elemAddr(s, base!, at, elem);
      assignRange(s, n, index, { type: elem, values: s.inRegisters(elem) ? s.load(elem, addr) : [addr] });
    },
    () => b.write(i, b.num(Num.I64Add, b.read(i), b.i64(1))),
  );
}

function rangeString(s: FnState, n: Node): void {
  const { b } = s;
  const x = n.x!;
  const int = s.p.universe.types[TKind.INT];
  const [ptr, len] = expr(s, x);
  const i = b.newVariable("~i", VT.I64, false);
  const next = b.newVariable("~next", VT.I64, false);
  const rune = b.newVariable("~rune", VT.I32, false);
  b.write(i, b.i64(0));
  loop(
    s,
    n,
    () => b.num(Num.I64LtS, b.read(i), len),
    () => {
      const at = b.read(i);
      const byte = b.load(Mem.I8U, b.pointer(b.num(Num.I32Add, ptr, b.num(Num.I32WrapI64, at))));
      b.write(rune, byte);
      b.write(next, b.num(Num.I64Add, at, b.i64(1)));
      b.ifThen(
        b.num(Num.I32GeU, byte, b.i32(0x80)),
        () => {
          const [r, after] = s.rtcall("decoderune", [ptr, len, at], "il");
          b.write(rune, r);
          b.write(next, after);
        },
        -1,
      );
      assignRange(s, n, { type: int, values: [at] }, { type: s.p.universe.runeType, values: [b.read(rune)] });
    },
    () => b.write(i, b.read(next)),
  );
}

function rangeMap(s: FnState, n: Node): void {
  const { b } = s;
  const t = n.x!.type!;
  const m = scalar(s, n.x!);
  const iterType = mapIterType(s.p);
  const iter = s.temp(iterType);
  s.zeroAt(iterType, iter);
  s.rtcall("mapIterStart", [rtype(s, t, n.rtti?.type ?? null), m, iter]);
  loop(
    s,
    n,
    // The iterator begins with pointers to key and element.
    () => b.num(Num.I32Ne, b.load(Mem.Ptr, iter), b.i32(0)),
    () => {
      const read = (type: Type, offset: number): Given => {
        const at = b.load(Mem.Ptr, iter, offset);
        return { type, values: s.inRegisters(type) ? s.load(type, at) : [at] };
      };
      const key = wanted(n.y) === null ? null : read(t.key!, 0);
      assignRange(s, n, key, wanted(n.z) === null ? null : read(t.elem!, 8));
    },
    () => s.rtcall("mapIterNext", [iter]),
  );
}

function rangeChan(s: FnState, n: Node): void {
  const t = n.x!.type!;
  const c = scalar(s, n.x!);
  const place = s.temp(t.elem!);
  const key = wanted(n.y);
  loop(
    s,
    n,
    () => s.rtcall("chanrecv", [c, place, s.b.i32(1)], "ii")[1],
    () => {
      if (key === null) return;
      const elem = t.elem!;
      assignRange(s, n, { type: elem, values: s.inRegisters(elem) ? s.load(elem, place) : [place] }, null);
      s.zeroAt(elem, place); // so that it keeps nothing alive
    },
    () => {},
  );
}
