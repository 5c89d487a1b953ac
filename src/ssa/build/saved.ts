/** Counts what the escape analysis keeps off the heap, when a run is to account for it: code that gives a value or
 *  variable a place in the frame, where it would otherwise take one from the heap, adds to a counter of its place in the
 *  source. */
import type { Pos } from "../../base/pos.ts";
import { nodeString } from "../../ir/fmt.ts";
import type { Name, Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { Num } from "../num.ts";
import { DataKind, SavedPrefix } from "../object.ts";
import { Mem, type Value } from "../value.ts";
import type { FnState } from "./state.ts";

/** Two 64-bit words: times, bytes. */
const counterSize = 16;

/** Value `n` has come to the frame: `bytes` of it, a number or an I64. `times` is 0 for a further part of it. */
export function countSaved(s: FnState, n: Node, bytes: number | Value, times = 1): void {
  if (s.p.savedPlace === null) return;
  const what = n.op === Op.OAPPEND ? "append" : nodeString(n, s.p.n.localPkg);
  add(s, n.pos, `${what} does not escape`, bytes, times);
}

/** Variable `n`, whose address is taken, has come to the frame. */
export function countSavedVariable(s: FnState, n: Name): void {
  if (s.p.savedPlace === null || !n.addrtaken || /^[.~]/.test(n.sym.name)) return;
  add(s, n.pos, `${n.sym.name} stays on the stack`, s.size(n.type!), 1);
}

function add(s: FnState, pos: Pos, what: string, bytes: number | Value, times: number): void {
  const { b, p } = s;
  const { file, line, func } = p.savedPlace!(pos);
  const name = SavedPrefix + [file, line, func === "" ? s.sfn.name : func, what].join("\0");
  if (p.claimData(name)) {
    const none = { bytes: new Uint8Array(0), relocs: [], pointers: [] };
    p.addData({ name, kind: DataKind.Zero, size: counterSize, align: 8, ...none, dupok: true });
  }
  const counter = b.addr(name);
  const increase = (offset: number, by: Value): void => {
    b.store(Mem.I64, counter, b.num(Num.I64Add, b.load(Mem.I64, counter, offset), by), offset);
  };
  if (times > 0) increase(0, b.i64(times));
  increase(8, typeof bytes === "number" ? b.i64(bytes) : bytes);
}
