/** Type switches (cmd/compile/internal/walk/switch.go, walkSwitchType).
 *
 *  Concrete types are found by their descriptors, with a search by hash where there are many. Runs of interfaces are
 *  looked up by one call of the runtime, which remembers its answers. */
import type { CaseClause, Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { isEmptyInterface } from "../../ir/typeops.ts";
import { TKind, type Type } from "../../ir/types.ts";
import type { Variable } from "../builder.ts";
import { Num } from "../num.ts";
import { DataKind } from "../object.ts";
import { typeHash, typeSym } from "../reflectdata/types.ts";
import { DataWriter } from "../reflectdata/writer.ts";
import { type Block, Mem, type Value, VT } from "../value.ts";
import { assignValue } from "./assign.ts";
import { expr, scalar } from "./expr.ts";
import { findItab, rtype, typeOfItab, unboxed } from "./iface.ts";
import { order } from "./order.ts";
import type { FnState } from "./state.ts";
import { declare, stmtList } from "./stmt.ts";
import { switchBodies } from "./switch.ts";

/** So many concrete types in a row are searched by hash. */
const minHashed = 5;
/** Offset of the hash in a descriptor. */
const hashOffset = 16;

/** A case and where it goes. */
interface TypeCase {
  /** OTYPE, ODYNAMICTYPE or ONIL. */
  readonly n: Node;
  readonly to: Block;
}

export function typeSwitch(s: FnState, n: Node): void {
  const { b } = s;
  const guard = n.x!;
  order(s, guard.x);
  const x = expr(s, guard.x!);
  const from = guard.x!.type!;
  const clauses = n.cases as readonly CaseClause[];
  const end = b.newBlock();
  const bodies = clauses.map(() => b.newBlock());
  const fallback = clauses.findIndex((clause) => clause.isDefault || clause.list.length === 0);
  const dispatch = new Dispatch(s, x, from);
  clauses.forEach((clause, i) => {
    for (const c of clause.list) dispatch.add(c, bodies[i]);
  });
  dispatch.finish(fallback < 0 ? end : bodies[fallback]);
  switchBodies(s, n, bodies, end, (i) => {
    const clause = clauses[i];
    if (clause.var !== null) {
      declare(s, clause.var);
      assignValue(s, clause.var, clauseValue(s, clause, x, from, dispatch));
    }
    stmtList(s, clause.body);
  });
}

/** The value that the variable of a clause gets. */
function clauseValue(s: FnState, clause: CaseClause, x: readonly Value[], from: Type, dispatch: Dispatch): Value[] {
  if (clause.list.length !== 1 || clause.list[0].op === Op.ONIL) return [...x];
  const t = clause.var!.type!;
  if (t.kind !== TKind.INTER) return unboxed(s, t, x[1]);
  if (isEmptyInterface(t)) return isEmptyInterface(from) ? [...x] : [dispatch.type, x[1]];
  return [s.b.read(dispatch.itab), x[1]];
}

class Dispatch {
  /** The dynamic type; 0 of a nil interface. */
  readonly type: Value;
  /** The itab that the interface case found. */
  readonly itab: Variable;
  private concrete: TypeCase[] = [];
  private interfaces: TypeCase[] = [];
  constructor(
    private readonly s: FnState,
    private readonly x: readonly Value[],
    from: Type,
  ) {
    this.type = isEmptyInterface(from) ? x[0] : typeOfItab(s, x[0]);
    this.itab = s.b.newVariable("~itab", VT.I32, false);
  }

  add(n: Node, to: Block): void {
    if (n.op === Op.OTYPE && n.type!.kind !== TKind.INTER) {
      this.flushInterfaces();
      this.concrete.push({ n, to });
      return;
    }
    this.flushConcrete();
    if (n.op === Op.OTYPE && !isEmptyInterface(n.type!)) {
      this.interfaces.push({ n, to });
      return;
    }
    this.flushInterfaces();
    this.other(n, to);
  }

  /** What fits no case goes to `fallback`. */
  finish(fallback: Block): void {
    this.flushConcrete();
    this.flushInterfaces();
    this.s.b.jump(fallback);
  }

  /** Goes to `to` if `cond`, else on. */
  private test(cond: Value, to: Block): void {
    const { b } = this.s;
    const next = b.newBlock();
    b.branch(cond, to, next);
    b.startSealed(next);
  }

  /** nil, empty interfaces, and types that only the dictionary knows. */
  private other(n: Node, to: Block): void {
    const { s, type } = this;
    const { b } = s;
    if (n.op === Op.ONIL) {
      this.test(b.num(Num.I32Eqz, type), to);
      return;
    }
    const t = n.type!;
    if (t.kind !== TKind.INTER) {
      if (n.y !== null) this.test(b.num(Num.I32Eq, this.x[0], scalar(s, n.y)), to);
      else this.test(b.num(Num.I32Eq, type, rtype(s, t, n.x)), to);
      return;
    }
    if (isEmptyInterface(t)) {
      this.test(b.num(Num.I32Ne, type, b.i32(0)), to);
      return;
    }
    const [itab] = b.ifElse(
      type,
      [{ vt: VT.I32, pointer: false }],
      () => s.rtcall("assertE2I2", [rtype(s, t, n.x), type], "i"),
      () => [b.i32(0)],
    );
    b.write(this.itab, itab);
    this.test(itab, to);
  }

  private flushConcrete(): void {
    const { s, concrete } = this;
    if (concrete.length === 0) return;
    this.concrete = [];
    if (concrete.length < minHashed) {
      this.compareAll(concrete);
      return;
    }
    const { b } = s;
    const none = b.newBlock();
    const some = b.newBlock();
    b.branch(this.type, some, none, 1);
    b.startSealed(some);
    const byHash = new Map<number, TypeCase[]>();
    for (const c of concrete) {
      const hash = typeHash(c.n.type!);
      const known = byHash.get(hash);
      if (known === undefined) byHash.set(hash, [c]);
      else known.push(c);
    }
    const groups = [...byHash].sort(([a], [c]) => a - c);
    this.search(groups, 0, groups.length, b.load(Mem.I32, this.type, hashOffset), none);
    b.startSealed(none);
  }

  private compareAll(cases: readonly TypeCase[]): void {
    const { s } = this;
    for (const { n, to } of cases) {
      this.test(s.b.num(Num.I32Eq, this.type, s.b.addr(typeSym(s.p, n.type!))), to);
    }
  }

  /** Binary search among `groups[low:high]`, sorted by hash. */
  private search(
    groups: readonly (readonly [number, readonly TypeCase[]])[],
    low: number,
    high: number,
    hash: Value,
    none: Block,
  ): void {
    const { b } = this.s;
    if (high - low <= 2) {
      for (let i = low; i < high; i++) this.compareAll(groups[i][1]);
      b.jump(none);
      return;
    }
    const mid = (low + high) >> 1;
    const left = b.newBlock();
    const right = b.newBlock();
    b.branch(b.num(Num.I32LtU, hash, b.i32(groups[mid][0])), left, right);
    b.startSealed(left);
    this.search(groups, low, mid, hash, none);
    b.startSealed(right);
    this.search(groups, mid, high, hash, none);
  }

  private flushInterfaces(): void {
    const { s, interfaces } = this;
    if (interfaces.length === 0) return;
    this.interfaces = [];
    const { b } = s;
    const some = b.newBlock();
    const none = b.newBlock();
    b.branch(this.type, some, none, 1);
    b.startSealed(some);
    if (interfaces.length === 1) {
      const [{ n, to }] = interfaces;
      const itab = findItab(s, n.type!, null, this.type, true);
      b.write(this.itab, itab);
      b.branch(itab, to, none);
    } else {
      const descriptor = b.addr(interfaceSwitchSym(s, interfaces));
      const [index, itab] = s.rtcall("interfaceSwitch", [descriptor, this.type], "li");
      b.write(this.itab, itab);
      b.switch(b.num(Num.I32WrapI64, index), [...interfaces.map((c) => c.to), none]);
    }
    b.startSealed(none);
  }
}

/** abi.InterfaceSwitch: the cases, and what the place remembers. */
function interfaceSwitchSym(s: FnState, cases: readonly TypeCase[]): string {
  const { p } = s;
  const name = p.privateName("interfaceSwitch");
  const w = new DataWriter(16 + 8 * cases.length);
  w.u64(0, 0); // the cache
  w.u64(8, cases.length);
  cases.forEach((c, i) => {
    w.addr(16 + 8 * i, typeSym(p, c.n.type!));
  });
  p.addData(w.finish(name, { kind: DataKind.Data, dupok: false, pointers: [0] }));
  return name;
}
