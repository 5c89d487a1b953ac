/** switch on values (walk/switch.go): constants are found by search, everything else is compared in order. */
import { bigVal } from "../../ir/const.ts";
import { newBinary, newLiteral } from "../../ir/make.ts";
import { type CaseClause, Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isSigned } from "../../ir/typeops.ts";
import { TKind } from "../../ir/types.ts";
import { Num } from "../num.ts";
import { type Block, type Value, VT } from "../value.ts";
import { addrOf } from "./addr.ts";
import { condBranch } from "./branch.ts";
import { compare, equalBytes } from "./compare.ts";
import { expr, stringConst } from "./expr.ts";
import { order } from "./order.ts";
import type { FnState } from "./state.ts";
import { stmtList } from "./stmt.ts";
import { typeSwitch } from "./typeswitch.ts";

/** Cases of which so many are left are compared one after the other. */
const binarySearchMin = 4;
/** Jump tables: at least so many cases, and at most so many entries for each. */
const minCases = 8;
const minDensity = 4n;

/** A constant case and where it goes. */
interface IntCase {
  readonly value: bigint;
  readonly to: Block;
}

interface StringCase {
  readonly text: string;
  readonly to: Block;
}

export function switchStmt(s: FnState, n: Node): void {
  if (n.x !== null && n.x.op === Op.OTYPESW) {
    typeSwitch(s, n);
    return;
  }
  const { b } = s;
  const clauses = n.cases as readonly CaseClause[];
  const end = b.newBlock();
  const bodies = clauses.map(() => b.newBlock());
  const fallback = clauses.findIndex((clause) => clause.isDefault || clause.list.length === 0);
  dispatch(s, n, clauses, bodies, fallback < 0 ? end : bodies[fallback]);
  switchBodies(s, n, bodies, end, (i) => stmtList(s, clauses[i].body));
}

/** The bodies of the clauses, each in its block; `fallthrough` goes on with the next. */
export function switchBodies(
  s: FnState,
  n: Node,
  bodies: readonly Block[],
  end: Block,
  body: (i: number) => void,
): void {
  const { b } = s;
  const { fallTo } = s;
  s.targets.push({ label: n.label, breakTo: end, continueTo: null });
  for (let i = 0; i < bodies.length; i++) {
    s.fallTo = bodies[i + 1] ?? end;
    // Sealed only when a fallthrough of the clause before has been seen.
    b.startSealed(bodies[i]);
    body(i);
    b.jump(end);
  }
  s.targets.pop();
  s.fallTo = fallTo;
  b.startSealed(end);
}

function dispatch(
  s: FnState,
  n: Node,
  clauses: readonly CaseClause[],
  bodies: readonly Block[],
  fallback: Block,
): void {
  const { b } = s;
  const tag = n.x;
  if (tag === null) {
    clauses.forEach((clause, i) => {
      for (const cond of clause.list) {
        const next = b.newBlock();
        b.pos = cond.pos;
        condBranch(s, isTrue(s, cond), bodies[i], next);
        b.startSealed(next);
      }
    });
    b.jump(fallback);
    return;
  }
  order(s, tag);
  const t = tag.type!;
  const value = s.inRegisters(t) ? expr(s, tag) : [addrOf(s, tag)];
  // Stands for the tag in comparisons.
  const held = new Node(Op.OCONVNOP, tag.pos, t);
  s.done.set(held, value);
  const search = new Search(s, t.kind === TKind.STRING, isSigned(t), value);
  clauses.forEach((clause, i) => {
    for (const c of clause.list) {
      if (c.op === Op.OLITERAL && search.add(c, bodies[i])) continue;
      search.flush();
      const next = b.newBlock();
      b.pos = c.pos;
      order(s, c);
      if (t.kind === TKind.BOOL && tag.op === Op.OLITERAL && tag.val === true) {
        condBranch(s, c, bodies[i], next);
      } else {
        const test = new Node(Op.OEQ, c.pos, s.p.universe.types[TKind.BOOL]);
        test.x = held;
        test.y = c;
        b.branch(compare(s, test), bodies[i], next);
      }
      b.startSealed(next);
    }
  });
  search.flush();
  s.done.delete(held);
  b.jump(fallback);
}

/** A case without tag is compared with true, which matters where it is an interface. */
function isTrue(s: FnState, cond: Node): Node {
  if (cond.type!.kind !== TKind.INTER) return cond;
  const bool = s.p.universe.types[TKind.BOOL];
  return newBinary(Op.OEQ, cond.pos, bool, cond, newLiteral(cond.pos, bool, true));
}

/** Collects constant cases until one comes that has to be compared. */
class Search {
  private ints: IntCase[] = [];
  private strings: StringCase[] = [];
  constructor(
    private readonly s: FnState,
    private readonly isString: boolean,
    private readonly signed: boolean,
    private readonly value: readonly Value[],
  ) {}

  /** False if constants of this type are not searched for. */
  add(c: Node, to: Block): boolean {
    if (this.isString) {
      this.strings.push({ text: c.val as string, to });
      return true;
    }
    if (c.type!.kind > TKind.UINTPTR) return false;
    this.ints.push({ value: bigVal(c), to });
    return true;
  }

  /** Emits the search; control goes on here if nothing was found. */
  flush(): void {
    const { b } = this.s;
    if (this.ints.length > 0) {
      const cases = this.ints.sort((x, y) => (x.value < y.value ? -1 : x.value > y.value ? 1 : 0));
      this.ints = [];
      const none = b.newBlock();
      this.searchInts(cases, 0, cases.length, none);
      b.startSealed(none);
    }
    if (this.strings.length > 0) {
      const cases = this.strings;
      this.strings = [];
      const none = b.newBlock();
      this.searchLengths(cases, none);
      b.startSealed(none);
    }
  }

  private int(value: bigint): Value {
    const { b } = this.s;
    return this.value[0].type === VT.I64 ? b.i64(value) : b.i32(Number(BigInt.asIntN(32, value)));
  }

  private searchInts(cases: readonly IntCase[], from: number, to: number, none: Block): void {
    const { b } = this.s;
    const [x] = this.value;
    const wide = x.type === VT.I64;
    if (this.jumpTable(cases, from, to, none)) return;
    if (to - from <= binarySearchMin) {
      for (let i = from; i < to; i++) {
        const next = i === to - 1 ? none : b.newBlock();
        b.branch(b.num(wide ? Num.I64Eq : Num.I32Eq, x, this.int(cases[i].value)), cases[i].to, next);
        if (next !== none) b.startSealed(next);
      }
      return;
    }
    const half = from + Math.floor((to - from) / 2);
    const low = b.newBlock();
    const high = b.newBlock();
    const le = wide ? (this.signed ? Num.I64LeS : Num.I64LeU) : this.signed ? Num.I32LeS : Num.I32LeU;
    b.branch(b.num(le, x, this.int(cases[half - 1].value)), low, high);
    b.startSealed(low);
    this.searchInts(cases, from, half, none);
    b.startSealed(high);
    this.searchInts(cases, half, to, none);
  }

  private jumpTable(cases: readonly IntCase[], from: number, to: number, none: Block): boolean {
    const { b } = this.s;
    const count = to - from;
    if (count < minCases) return false;
    const min = cases[from].value;
    const span = cases[to - 1].value - min;
    if (span / BigInt(count) > minDensity) return false;
    const [x] = this.value;
    const size = Number(span) + 1;
    const targets: Block[] = new Array(size).fill(none);
    for (let i = from; i < to; i++) targets[Number(cases[i].value - min)] = cases[i].to;
    targets.push(none);
    let index: Value;
    if (x.type === VT.I64) {
      const offset = b.num(Num.I64Sub, x, b.i64(min));
      const inRange = b.num(Num.I64LeU, offset, b.i64(span));
      index = b.select(inRange, b.num(Num.I32WrapI64, offset), b.i32(size));
    } else index = b.num(Num.I32Sub, x, this.int(min));
    b.switch(index, targets);
    return true;
  }

  /** By length, then by text. */
  private searchLengths(cases: readonly StringCase[], none: Block): void {
    const { b } = this.s;
    const byLength = new Map<number, StringCase[]>();
    for (const c of cases) {
      const list = byLength.get(c.text.length);
      if (list === undefined) byLength.set(c.text.length, [c]);
      else list.push(c);
    }
    const lengths: IntCase[] = [];
    const groups: { block: Block; list: StringCase[] }[] = [];
    for (const [length, list] of byLength) {
      const block = b.newBlock();
      lengths.push({ value: BigInt(length), to: block });
      groups.push({ block, list });
    }
    lengths.sort((x, y) => Number(x.value - y.value));
    const search = new Search(this.s, false, true, [this.value[1]]);
    search.searchInts(lengths, 0, lengths.length, none);
    for (const { block, list } of groups) {
      b.startSealed(block);
      list.sort((x, y) => (x.text < y.text ? -1 : x.text > y.text ? 1 : 0));
      this.searchTexts(list, 0, list.length, none);
    }
  }

  /** Texts of one length, sorted. */
  private searchTexts(cases: readonly StringCase[], from: number, to: number, none: Block): void {
    const { b } = this.s;
    if (to - from <= binarySearchMin) {
      for (let i = from; i < to; i++) {
        const next = i === to - 1 ? none : b.newBlock();
        b.branch(this.equalText(cases[i].text), cases[i].to, next);
        if (next !== none) b.startSealed(next);
      }
      return;
    }
    const half = from + Math.floor((to - from) / 2);
    const low = b.newBlock();
    const high = b.newBlock();
    const args = [...this.value, ...stringConst(this.s, cases[half - 1].text)];
    const [sign] = this.s.rtcall("cmpstring", args, "l");
    b.branch(b.num(Num.I64LeS, sign, b.i64(0)), low, high);
    b.startSealed(low);
    this.searchTexts(cases, from, half, none);
    b.startSealed(high);
    this.searchTexts(cases, half, to, none);
  }

  /** The tag, whose length is that of `text`, is `text`. */
  private equalText(text: string): Value {
    const { b } = this.s;
    if (text === "") return b.i32(1);
    const [ptr] = stringConst(this.s, text);
    return equalBytes(this.s, this.value[0], ptr, b.i64(text.length));
  }
}
