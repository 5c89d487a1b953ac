/** Slices that only escape where they are returned or assigned at last: what is appended to them before may lie in the
 *  frame, and is moved to the heap at that one statement (cmd/compile/internal/slice).
 *
 *  A slice variable is exclusive while no other variable refers to the same array in the frame; moving the array is
 *  safe as long as that holds. Uses that are known to keep a variable exclusive are counted; with any other use the
 *  variable is left alone. */
import { Leaks } from "../../escape/leaks.ts";
import { staticCalleeName, staticValue } from "../../ir/expr.ts";
import { EscNone } from "../../ir/name.ts";
import { Class, type Func, type Name, type Node, NodeFlag, type Rtti } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import type { Target } from "../../ir/target.ts";
import { sizeOf } from "../../ir/typeops.ts";
import { TKind } from "../../ir/types.ts";
import { doChildren } from "../../ir/visit.ts";
import { Num } from "../num.ts";
import { SOp, VT } from "../value.ts";
import { backingStoreSize } from "./append.ts";
import { assignValue } from "./assign.ts";
import { expr } from "./expr.ts";
import { rtype } from "./iface.ts";
import type { FnState } from "./state.ts";

class SliceInfo {
  okUses = 0;
  allUses = 0;
  /** The statement before which the variable stops being exclusive. */
  transition: Node | null = null;
  readonly appends: Node[] = [];
  /** Appends, with more weight in loops. */
  weight = 0;
  declDepth = 0;
  /** The capacity is looked at, or may be. */
  capUsed = false;
  constructor(readonly s: Name) {}
}

/** A slice that is moved to the heap if it lies in the frame. */
export interface SliceMove {
  readonly s: Name;
  readonly rtti: Rtti | null;
  /** The capacity, and what is beyond the length, has to stay. */
  readonly keepCap: boolean;
}

/** Marks the appends in `fn` that may use the frame; returns what is to be moved before which statement. */
export function stackSlices(fn: Func, target: Target): ReadonlyMap<Node, readonly SliceMove[]> {
  const moves = new Map<Node, SliceMove[]>();
  const infos = new Map<Node, SliceInfo>();
  for (const s of fn.dcl) {
    const t = s.type;
    if (t !== null && t.kind === TKind.SLICE && sizeOf(t.elem!, target) <= backingStoreSize)
      infos.set(s, new SliceInfo(s));
  }
  if (infos.size === 0) return moves;
  new Analysis(fn, infos).run();
  for (const info of infos.values()) commit(info, moves);
  return moves;
}

class Analysis {
  private loopDepth = 0;
  private readonly namedResults: Name[];
  constructor(
    private readonly fn: Func,
    /** The variables that are still considered. */
    private readonly infos: Map<Node, SliceInfo>,
  ) {
    this.namedResults = fn.dcl.filter((s) => s.class === Class.PPARAMOUT && infos.has(s));
  }

  run(): void {
    for (const stmt of this.fn.body) this.visit(stmt);
  }

  private tracking(n: Node | null): SliceInfo | undefined {
    return n === null || n.op !== Op.ONAME ? undefined : this.infos.get(n);
  }

  /** The variable stops being exclusive somewhere in `stmt`. One such place is enough, and none in a loop. */
  private transition(info: SliceInfo, stmt: Node): void {
    if (info.transition !== null || this.loopDepth > info.declDepth) this.infos.delete(info.s);
    else info.transition = stmt;
  }

  private assign(x: Node, y: Node | null, stmt: Node): void {
    const info = this.tracking(x);
    if (info !== undefined) {
      if (y === null || y.op === Op.ONIL) {
        info.okUses++;
      } else if (y.op === Op.OSLICELIT) {
        info.okUses++;
        info.capUsed = true;
      } else if (y.op === Op.OSLICE && y.x === info.s) {
        info.okUses += 2;
        info.capUsed = true;
      } else if (y.op === Op.OAPPEND && y.list[0] === info.s) {
        info.okUses += 2;
        info.appends.push(y);
        info.weight += 1 + (this.loopDepth - info.declDepth);
      }
    }
    const from = this.tracking(y);
    if (from !== undefined) {
      from.okUses++;
      this.transition(from, stmt);
    }
  }

  private readonly visit = (n: Node): boolean => {
    switch (n.op) {
      case Op.ONAME: {
        const info = this.tracking(n);
        if (info !== undefined) info.allUses++;
        return false;
      }
      case Op.ODCL: {
        const info = this.tracking(n.x);
        if (info !== undefined) {
          info.okUses++;
          info.declDepth = this.loopDepth;
        }
        break;
      }
      case Op.OINDEX:
      case Op.OLEN:
      case Op.ORANGE: {
        const info = this.tracking(n.x);
        if (info !== undefined) info.okUses++;
        break;
      }
      case Op.OCAP: {
        const info = this.tracking(n.x);
        if (info !== undefined) {
          info.okUses++;
          info.capUsed = true;
        }
        break;
      }
      case Op.OADDR:
        if (n.x!.op === Op.OINDEX && this.tracking(n.x!.x) !== undefined) this.infos.delete(n.x!.x!);
        break;
      case Op.ORETURN:
        this.visitReturn(n);
        break;
      case Op.OCALLFUNC:
        n.list.forEach((arg, i) => {
          const info = this.tracking(arg);
          if (info === undefined || argLeaks(n, i)) return;
          info.okUses++;
          info.capUsed = true;
        });
        break;
      case Op.OAS:
        this.assign(n.x!, n.y, n);
        break;
      case Op.OAS2:
        for (let i = 0; i < n.list.length; i++) this.assign(n.list[i], n.list2[i], n);
        break;
      case Op.OCLOSURE:
        for (const v of n.func!.closureVars) if (v.outer !== null) this.visit(v.outer);
        break;
    }
    const loop = n.op === Op.OFOR || n.op === Op.ORANGE;
    if (loop) this.loopDepth++;
    doChildren(n, this.visit);
    if (loop) this.loopDepth--;
    return false;
  };

  private visitReturn(n: Node): void {
    for (const x of n.list) {
      const info = this.tracking(x);
      if (info === undefined) continue;
      info.okUses++;
      this.transition(info, n);
    }
    if (n.list.length > 0) return;
    // A plain return reads the named results.
    for (const x of this.namedResults) {
      const info = this.tracking(x);
      if (info !== undefined) this.transition(info, n);
    }
  }
}

/** Whether argument `i` of call `n` may be kept anywhere. */
function argLeaks(n: Node, i: number): boolean {
  const fn = staticCalleeName(staticValue(n.x!))?.func ?? null;
  const tags = fn?.tags ?? null;
  return tags === null || i >= tags.length || Leaks.parse(tags[i]).any();
}

/** Notes what `info` allows: its appends may use the frame. */
function commit(info: SliceInfo, moves: Map<Node, SliceMove[]>): void {
  const { s, transition } = info;
  // Uses that are not understood; or the slice does not escape; or there is too little to gain.
  if (info.okUses !== info.allUses || transition === null || info.weight < 2) return;
  const move = { s, rtti: info.appends[0].rtti, keepCap: info.capUsed };
  const known = moves.get(transition);
  if (known === undefined) moves.set(transition, [move]);
  else known.unshift(move);
  for (const append of info.appends) {
    append.esc = EscNone;
    if (info.capUsed) append.flags |= NodeFlag.UseBuf;
  }
}

/** `s = move2heap(s)` */
export function moveToHeap(s: FnState, { s: name, rtti, keepCap }: SliceMove): void {
  const { b } = s;
  const elem = name.type!.elem!;
  if (s.size(elem) === 0) return;
  const [ptr, len, cap] = expr(s, name);
  const frame = b.value(SOp.FrameAddr, VT.I32);
  const inFrame = b.num(
    Num.I32LtU,
    b.num(Num.I32Sub, ptr, frame),
    b.num(Num.I32Sub, b.value(SOp.CallerFrame, VT.I32), frame),
  );
  b.ifThen(
    inFrame,
    () => {
      const pointers = s.hasPointers(elem);
      const what = pointers ? rtype(s, elem, rtti?.type ?? null) : b.i64(s.size(elem));
      const fn = `moveSlice${keepCap ? "" : "NoCap"}${pointers ? "" : "NoScan"}`;
      assignValue(s, name, s.rtcall(fn, keepCap ? [what, ptr, len, cap] : [what, ptr, len], "pll"));
    },
    -1,
  );
}
