/** select (walk/select.go). */
import { isBlank } from "../../ir/name.ts";
import type { CommClause, Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { Num } from "../num.ts";
import { type Block, Mem, type Value } from "../value.ts";
import { spilled } from "./addr.ts";
import { assignValue } from "./assign.ts";
import { received } from "./chan.ts";
import { expr, exprTo, scalar } from "./expr.ts";
import { order } from "./order.ts";
import type { FnState } from "./state.ts";
import { stmtList } from "./stmt.ts";

/** A case, its operands evaluated. */
interface Case {
  readonly clause: CommClause;
  readonly isSend: boolean;
  readonly chan: Value;
  /** Address of what is sent, or of where it is received; null if nobody wants it. */
  readonly elem: Value | null;
  /** Of receives: x, ok. */
  readonly lhs: readonly Node[];
}

export function selectStmt(s: FnState, n: Node): void {
  const { b } = s;
  const { pos } = n;
  const end = b.newBlock();
  const cases: Case[] = [];
  let fallback: CommClause | null = null;
  for (const clause of n.cases as readonly CommClause[]) {
    if (clause.comm === null) fallback = clause;
    else cases.push(operands(s, clause, clause.comm));
  }
  s.targets.push({ label: n.label, breakTo: end, continueTo: null });
  if (cases.length !== 1) b.pos = pos;
  if (cases.length === 0) {
    if (fallback === null) s.rtcall("block", []);
    else stmtList(s, fallback.body);
  } else if (cases.length === 1) single(s, cases[0], fallback, end);
  else several(s, cases, fallback, end);
  s.targets.pop();
  if (cases.length === 0 && fallback === null && b.reachable) b.exit();
  else b.jump(end);
  b.startSealed(end);
}

/** Evaluates the operands of a case: all channels and values, in order, before any is chosen. */
function operands(s: FnState, clause: CommClause, comm: Node): Case {
  s.b.pos = comm.pos;
  if (comm.op === Op.OSEND) {
    order(s, comm.x);
    const chan = scalar(s, comm.x!);
    order(s, comm.y);
    const t = comm.y!.type!;
    let elem: Value;
    if (s.inRegisters(t)) elem = spilled(s, t, expr(s, comm.y!));
    else {
      elem = s.temp(t);
      exprTo(s, comm.y!, elem);
    }
    return { clause, isSend: true, chan, elem, lhs: [] };
  }
  const recv = comm.list2[0];
  order(s, recv.x);
  const chan = scalar(s, recv.x!);
  const t = recv.x!.type!.elem!;
  const elem = isBlank(comm.list[0]) ? null : s.temp(t);
  return { clause, isSend: false, chan, elem, lhs: comm.list };
}

/** The body of a case that was chosen; of a receive, its variables first. */
function body(s: FnState, { clause, elem, lhs }: Case, ok: Value | null, end: Block): void {
  const comm = clause.comm!;
  if (comm.op !== Op.OSEND) {
    stmtList(s, comm.init);
    const t = comm.list2[0].x!.type!.elem!;
    if (elem !== null) {
      order(s, lhs[0]);
      assignValue(s, lhs[0], received(s, t, elem));
    }
    if (!isBlank(lhs[1])) {
      order(s, lhs[1]);
      assignValue(s, lhs[1], [ok ?? s.b.i32(0)]);
    }
  }
  stmtList(s, clause.body);
  s.b.jump(end);
}

/** One case, with or without default. */
function single(s: FnState, c: Case, fallback: CommClause | null, end: Block): void {
  const { b } = s;
  const elem = c.elem ?? b.nil();
  if (fallback === null) {
    if (c.isSend) {
      s.rtcall("chansend", [c.chan, elem, b.i32(1)], "i");
      body(s, c, null, end);
    } else {
      const [, ok] = s.rtcall("chanrecv", [c.chan, elem, b.i32(1)], "ii");
      body(s, c, ok, end);
    }
    return;
  }
  const yes = b.newBlock();
  const no = b.newBlock();
  let ok: Value | null = null;
  if (c.isSend) {
    const [sent] = s.rtcall("selectnbsend", [c.chan, elem], "i");
    b.branch(sent, yes, no);
  } else {
    const [selected, received] = s.rtcall("selectnbrecv", [elem, c.chan], "ii");
    ok = received;
    b.branch(selected, yes, no);
  }
  b.startSealed(yes);
  body(s, c, ok, end);
  b.startSealed(no);
  stmtList(s, fallback.body);
}

/** runtime.scase: channel and element. */
const caseSize = 16;

function several(s: FnState, cases: readonly Case[], fallback: CommClause | null, end: Block): void {
  const { b } = s;
  const count = cases.length;
  const pointers: number[] = [];
  for (let i = 0; i < 2 * count; i++) pointers.push(i);
  const table = b.slotAddr(s.sfn.newSlot("~scases", caseSize * count, 8, pointers));
  const orders = b.slotAddr(s.sfn.newSlot("~order", 4 * count, 2, []));
  // Sends come first, receives from the end.
  const sorted: Case[] = new Array(count);
  let sends = 0;
  let recvs = 0;
  for (const c of cases) {
    const i = c.isSend ? sends++ : count - ++recvs;
    sorted[i] = c;
    b.store(Mem.Ptr, table, c.chan, caseSize * i);
    b.store(Mem.Ptr, table, c.elem ?? b.nil(), caseSize * i + 8);
  }
  const args = [table, orders, b.nil(), b.i64(sends), b.i64(recvs), b.i32(fallback === null ? 1 : 0)];
  const [chosen, ok] = s.rtcall("selectgo", args, "li");
  if (fallback !== null) {
    const none = b.newBlock();
    const some = b.newBlock();
    b.branch(b.num(Num.I64LtS, chosen, b.i64(0)), none, some);
    b.startSealed(none);
    stmtList(s, fallback.body);
    b.jump(end);
    b.startSealed(some);
  }
  const targets = sorted.map(() => b.newBlock());
  b.switch(b.num(Num.I32WrapI64, chosen), targets);
  sorted.forEach((c, i) => {
    b.startSealed(targets[i]);
    body(s, c, ok, end);
  });
}
