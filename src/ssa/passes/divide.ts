/** Division of 64-bit integers by constants without a division: engines have none for them that is quick, and do not
 *  replace it. Powers of two become shifts; for others, numbers below 2^31 are multiplied by a reciprocal, and only the
 *  rest is divided. */
import { Num } from "../num.ts";
import { addEdge, type Block, BlockKind, type SFunc, SOp, type Value, VT } from "../value.ts";

/** Numbers below 2^31, times a reciprocal of 32 bits, fit into 64. */
const SmallBits = 31;

export function divideByConstants(fn: SFunc): void {
  // Blocks that are added are behind those that are there.
  for (const block of fn.blocks) {
    for (let i = 0; i < block.values.length; i++) {
      const v = block.values[i];
      if (v.op !== SOp.Num || !isDivision(v.aux) || v.uses === 0) continue;
      const divisor = v.args[1];
      if (divisor.op !== SOp.Const64 || divisor.big < 2n || divisor.big >= 1n << 31n) continue;
      const d = divisor.big;
      if ((d & (d - 1n)) === 0n) i += byPowerOfTwo(fn, block, i, BigInt(d.toString(2).length - 1));
      else {
        byReciprocal(fn, block, i, d);
        break;
      }
    }
  }
}

function isDivision(code: Num): boolean {
  return code === Num.I64DivS || code === Num.I64DivU || code === Num.I64RemS || code === Num.I64RemU;
}

class Inserter {
  readonly values: Value[] = [];
  constructor(
    private readonly fn: SFunc,
    private readonly block: Block,
    private readonly like: Value,
  ) {}

  num(code: Num, x: Value, y: Value): Value {
    const type = code === Num.I64LtU ? VT.I32 : VT.I64;
    const v = this.fn.newValue(this.block, SOp.Num, type, [x, y], this.like.pos);
    v.aux = code;
    this.values.push(v);
    return v;
  }

  constant(n: bigint): Value {
    const v = this.fn.newValue(this.block, SOp.Const64, VT.I64, [], this.like.pos);
    v.big = BigInt.asIntN(64, n);
    this.values.push(v);
    return v;
  }
}

/** Division by 2^k; the number of values that were put before it. Negative numbers are rounded towards zero: 2^k - 1 is
 *  added to them first. */
function byPowerOfTwo(fn: SFunc, block: Block, i: number, k: bigint): number {
  const v = block.values[i];
  const [x] = v.args;
  const b = new Inserter(fn, block, v);
  const set = (code: Num, y: Value, z: Value): void => {
    v.aux = code;
    v.args = [y, z];
  };
  switch (v.aux as Num) {
    case Num.I64DivU:
      set(Num.I64ShrU, x, b.constant(k));
      break;
    case Num.I64RemU:
      set(Num.I64And, x, b.constant((1n << k) - 1n));
      break;
    default: {
      // By 2, one bit is enough.
      const sign = k === 1n ? x : b.num(Num.I64ShrS, x, b.constant(63n));
      const raised = b.num(Num.I64Add, x, b.num(Num.I64ShrU, sign, b.constant(64n - k)));
      if (v.aux === Num.I64DivS) set(Num.I64ShrS, raised, b.constant(k));
      else set(Num.I64Sub, x, b.num(Num.I64And, raised, b.constant(-(1n << k))));
    }
  }
  block.values.splice(i, 0, ...b.values);
  return b.values.length;
}

function byReciprocal(fn: SFunc, block: Block, i: number, d: bigint): void {
  const v = block.values[i];
  const [x, divisor] = v.args;
  const k = BigInt(SmallBits + (d - 1n).toString(2).length);
  // Rounded up, this is exact for all numbers of so many bits (Granlund and Montgomery).
  const reciprocal = ((1n << k) + d - 1n) / d;
  const quick = fn.newBlock(v.pos);
  const slow = fn.newBlock(v.pos);
  const join = fn.newBlock(v.pos);
  for (const b of [quick, slow, join]) b.sealed = true;

  const test = new Inserter(fn, block, v);
  const isSmall = test.num(Num.I64LtU, x, test.constant(1n << BigInt(SmallBits)));
  const fast = new Inserter(fn, quick, v);
  const quotient = fast.num(Num.I64ShrU, fast.num(Num.I64Mul, x, fast.constant(reciprocal)), fast.constant(k));
  const divides = v.aux === Num.I64DivS || v.aux === Num.I64DivU;
  const small = divides ? quotient : fast.num(Num.I64Sub, x, fast.num(Num.I64Mul, quotient, fast.constant(d)));
  quick.values = fast.values;
  const exact = new Inserter(fn, slow, v);
  const large = exact.num(v.aux, x, divisor);
  slow.values = exact.values;

  // What follows the division, and the way out, go to the joining block.
  join.values = block.values.slice(i);
  for (const value of join.values) value.block = join;
  v.op = SOp.Phi;
  v.aux = 0;
  v.args = [small, large];
  join.kind = block.kind;
  join.control = block.control;
  join.results = block.results;
  join.likely = block.likely;
  join.succs = block.succs;
  for (const succ of join.succs) {
    for (let p = 0; p < succ.preds.length; p++) if (succ.preds[p] === block) succ.preds[p] = join;
  }
  block.values.length = i;
  block.values.push(...test.values);
  block.kind = BlockKind.If;
  block.control = isSmall;
  block.results = [];
  block.likely = 1;
  block.succs = [];
  addEdge(block, quick);
  addEdge(block, slow);
  addEdge(quick, join);
  addEdge(slow, join);
}
