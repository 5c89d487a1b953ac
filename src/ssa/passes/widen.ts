/** Loops over elements (elementwise.ts) are preceded by loops that do several iterations at once, in vectors of 16 bytes:
 *  as many as are left before the end and before the first index that is out of bounds. What is left, the loop does as it
 *  was, so checks fail where they did. Floats are added in their order: sums come from one element after the other. */
import { Num } from "../num.ts";
import { Simd } from "../simd.ts";
import { addEdge, type Block, BlockKind, Mem, type SFunc, SOp, type Value, VFlag, VT } from "../value.ts";
import { isPhi, Order } from "./cfg.ts";
import { eliminateDead } from "./clean.ts";
import { countingLoops, isShiftCount, Kind, type Plan, planFor, vectorOp } from "./elementwise.ts";

export function widenLoops(fn: SFunc): void {
  let changed = false;
  for (const loop of countingLoops(new Order(fn))) {
    const plan = planFor(loop, 8) ?? planFor(loop, 4);
    if (plan === null) continue;
    new Widening(fn, plan).run();
    changed = true;
  }
  if (changed) eliminateDead(fn);
}

/** Addresses below are those of nil and its fields. */
const FirstPointer = 4096;

/** How elements of a type come into vectors and out of them. */
interface ElementOps {
  readonly splat: Simd;
  readonly extract: Simd;
  readonly replace: Simd;
}

function elementOps(vt: VT): ElementOps {
  switch (vt) {
    case VT.I32:
      return { splat: Simd.I32x4Splat, extract: Simd.I32x4Extract, replace: Simd.I32x4Replace };
    case VT.I64:
      return { splat: Simd.I64x2Splat, extract: Simd.I64x2Extract, replace: Simd.I64x2Replace };
    case VT.F32:
      return { splat: Simd.F32x4Splat, extract: Simd.F32x4Extract, replace: Simd.F32x4Replace };
    default:
      return { splat: Simd.F64x2Splat, extract: Simd.F64x2Extract, replace: Simd.F64x2Replace };
  }
}

class Widening {
  private readonly before: Block;
  private readonly head: Block;
  private readonly inside: Block;
  /** The wide loop's phis, by those of the loop. */
  private readonly phis = new Map<Value, Value>();
  private readonly same = new Map<Value, Value>();
  private readonly vectors = new Map<Value, Value>();
  /** By lane: values of one iteration. */
  private readonly lanes: Map<Value, Value>[];

  constructor(
    private readonly fn: SFunc,
    private readonly plan: Plan,
  ) {
    const { pos } = plan.loop.header;
    const block = (): Block => {
      const b = fn.newBlock(pos);
      b.sealed = true;
      return b;
    };
    this.before = block();
    this.head = block();
    this.inside = block();
    this.lanes = Array.from({ length: plan.lanes }, () => new Map());
  }

  run(): void {
    const { plan, before, head, inside } = this;
    const { header, entry, counter } = plan.loop;
    const from = header.preds[entry];
    // An If that led here from both sides would have two ways in.
    from.succs[from.succs.indexOf(header)] = before;
    before.preds.push(from);
    addEdge(before, head);
    head.kind = BlockKind.If;
    head.likely = 1;
    addEdge(head, inside);
    head.succs.push(header);
    header.preds[entry] = head;
    addEdge(inside, head);
    for (const v of header.values) {
      if (!isPhi(v)) break;
      const phi = this.put(head, SOp.Phi, v.type, [v.args[entry]], v);
      phi.flags = v.flags;
      phi.obj = v.obj;
      this.phis.set(v, phi);
      v.args[entry] = phi;
    }
    const mine = this.phis.get(counter)!;
    head.control = this.num(head, Num.I64LtU, VT.I32, [mine, this.end()]);
    for (const v of plan.values) {
      if (plan.kinds.get(v) !== Kind.Vector) continue;
      if (v.op === SOp.Load) this.vector(v);
      else if (v.op === SOp.Store) {
        const value = this.vector(v.args[1], v.args[1].type);
        this.access(SOp.Store, VT.Void, [this.lane(v.args[0], 0), value], v);
      }
    }
    for (const [v, phi] of this.phis) {
      if (v === counter) phi.args.push(this.add(inside, mine, BigInt(plan.lanes)));
      else phi.args.push(this.lane(v.args[1 - entry], plan.lanes - 1));
    }
  }

  /** What the counter has to be below, as an unsigned number, for all lanes to be within all bounds. */
  private end(): Value {
    const { plan, before } = this;
    let end = this.once(plan.loop.end);
    const seen = new Set<string>();
    for (const { length, offset } of plan.limits) {
      const key = `${length.id} ${offset}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const limit = offset === 0n ? this.once(length) : this.add(before, this.once(length), -offset);
      if (limit !== end) end = this.select(this.num(before, Num.I64LtS, VT.I32, [limit, end]), limit, end);
    }
    let fits: Value = this.num(before, Num.I64GtS, VT.I32, [end, this.i64(before, BigInt(plan.lanes - 1))]);
    for (const { earlier, later, offset } of plan.distances) {
      const distance = this.num(before, Num.I32Sub, VT.I32, [this.once(later), this.once(earlier)]);
      const shifted = this.num(before, Num.I32Add, VT.I32, [distance, this.i32(before, offset - 1)]);
      const far = this.num(before, Num.I32GeU, VT.I32, [shifted, this.i32(before, 15)]);
      fits = this.num(before, Num.I32And, VT.I32, [fits, far]);
    }
    for (const { base, offset, bytes, stores, start } of plan.kept) {
      const distance = this.num(before, Num.I32Sub, VT.I32, [this.once(base), this.once(stores)]);
      const shifted = this.num(before, Num.I32Add, VT.I32, [distance, this.i32(before, offset - start + bytes - 1)]);
      const wide = this.num(before, Num.I64ExtendI32U, VT.I64, [shifted]);
      const size = this.i64(before, BigInt(Math.log2(16 / plan.lanes)));
      const written = this.num(before, Num.I64Shl, VT.I64, [end, size]);
      const apart = this.num(before, Num.I64GeU, VT.I32, [wide, this.add(before, written, BigInt(bytes - 1))]);
      fits = this.num(before, Num.I32And, VT.I32, [fits, apart]);
    }
    for (const pointer of plan.pointers) {
      const there = this.num(before, Num.I32GeU, VT.I32, [this.once(pointer), this.i32(before, FirstPointer)]);
      fits = this.num(before, Num.I32And, VT.I32, [fits, there]);
    }
    return this.select(fits, this.add(before, end, BigInt(1 - plan.lanes)), this.i64(before, 0n));
  }

  // -------------------------------------------------------------------------------------------- values

  /** A value that is the same in all iterations. */
  private once(v: Value): Value {
    const { header, body } = this.plan.loop;
    if (v.block !== header && !body.includes(v.block)) return v;
    let copy = this.same.get(v);
    if (copy === undefined) {
      copy = this.copy(this.before, v, (arg) => this.once(arg));
      this.same.set(v, copy);
    }
    return copy;
  }

  /** A value of iteration `k` of those that are done at once. */
  private lane(v: Value, k: number): Value {
    const { plan, inside, phis } = this;
    const kind = plan.kinds.get(v) ?? Kind.Same;
    if (kind === Kind.Same) return this.once(v);
    const own = this.lanes[k];
    let value = own.get(v);
    if (value !== undefined) return value;
    const phi = phis.get(v);
    if (v === plan.loop.counter) value = k === 0 ? phi! : this.add(inside, phi!, BigInt(k));
    else if (phi !== undefined) value = k === 0 ? phi : this.lane(v.args[1 - plan.loop.entry], k - 1);
    else if (kind === Kind.Vector) value = this.simd(elementOps(v.type).extract, v.type, [this.vector(v)], v, k);
    else value = this.copy(inside, v, (arg) => this.lane(arg, k));
    own.set(v, value);
    return value;
  }

  /** A value of all iterations. */
  private vector(v: Value, type = v.type): Value {
    const { plan } = this;
    let value = this.vectors.get(v);
    if (value !== undefined) return value;
    const kind = plan.kinds.get(v) ?? Kind.Same;
    if (kind !== Kind.Vector) {
      const ops = elementOps(type);
      value = this.simd(ops.splat, VT.V128, [this.lane(v, 0)], v);
      for (let k = 1; kind !== Kind.Same && k < plan.lanes; k++) {
        value = this.simd(ops.replace, VT.V128, [value, this.lane(v, k)], v, k);
      }
    } else if (v.op === SOp.Load) value = this.access(SOp.Load, VT.V128, [this.lane(v.args[0], 0)], v);
    else {
      const args = v.args.map((arg, i) =>
        isShiftCount(v, i)
          ? this.i32(this.inside, Number((arg.op === SOp.Const64 ? arg.big : BigInt(arg.aux)) & 63n))
          : this.vector(arg),
      );
      value = this.simd(vectorOp(v, 16 / plan.lanes), VT.V128, args, v);
    }
    this.vectors.set(v, value);
    return value;
  }

  // -------------------------------------------------------------------------------------------- making values

  private put(block: Block, op: SOp, type: VT, args: Value[], like: Value): Value {
    const v = this.fn.newValue(block, op, type, args, like.pos);
    block.values.push(v);
    return v;
  }

  private copy(block: Block, v: Value, argOf: (arg: Value) => Value): Value {
    const args = v.args.map(argOf);
    const copy = this.put(block, v.op, v.type, args, v);
    copy.copyFrom(v);
    return copy;
  }

  private access(op: SOp, type: VT, args: Value[], like: Value): Value {
    const v = this.put(this.inside, op, type, args, like);
    v.mem = Mem.V128;
    v.aux = like.aux;
    v.flags = like.flags & ~VFlag.Pointer;
    return v;
  }

  private simd(op: number, type: VT, args: Value[], like: Value, lane = -1): Value {
    const v = this.put(this.inside, SOp.Simd, type, args, like);
    v.aux = op;
    v.num = lane;
    return v;
  }

  private num(block: Block, code: Num, type: VT, args: Value[]): Value {
    const v = this.put(block, SOp.Num, type, args, this.plan.loop.counter);
    v.aux = code;
    return v;
  }

  private add(block: Block, x: Value, by: bigint): Value {
    if (by === 0n) return x;
    return this.num(block, Num.I64Add, VT.I64, [x, this.i64(block, by)]);
  }

  private select(cond: Value, yes: Value, no: Value): Value {
    return this.put(this.before, SOp.Select, VT.I64, [cond, yes, no], cond);
  }

  private i64(block: Block, n: bigint): Value {
    const v = this.put(block, SOp.Const64, VT.I64, [], this.plan.loop.counter);
    v.big = n;
    return v;
  }

  private i32(block: Block, n: number): Value {
    const v = this.put(block, SOp.Const32, VT.I32, [], this.plan.loop.counter);
    v.aux = n | 0;
    return v;
  }
}
