/** Puts a poll at the head of each loop that may run for long, so that others get their turn, and the program can go on in
 *  better code once there is some. Without one stay innermost loops that count up to something, without calls that may
 *  park. */
import { Num } from "../num.ts";
import { type Block, BlockKind, EntryPoll, type SFunc, SOp, type Value, VFlag, VT } from "../value.ts";
import { isGiven, isPhi, Order } from "./cfg.ts";
import { Loops, Parks } from "./effects.ts";
import { isConst } from "./props.ts";

/** Iterations that a loop to a constant may have without a poll, and such a loop within another. */
const FewIterations = 100_000n;
const FewInnerIterations = 10_000_000n;

/** Values in an iteration that is long enough for a poll not to matter. */
const LongBody = 10;

/** How much an iteration counts with a loop in it that has no poll, or with a call of who knows what. */
const LongIteration = 16;
/** The same with a call of a function that has loops: each of its calls begins to count anew. */
const LongCall = 64;

/** A loop that counts has a poll nevertheless if it does more than a little, and the function has all that going on takes
 *  anyway: it may count to millions in its first call, in the code that the engine made in haste.
 *  `effects`: what calls of a function may entail. `everywhere`: other threads may wait for this one to come to a poll, so
 *  only loops that soon end have none. Gives whether there are loops. */
export function placePolls(fn: SFunc, effects: (sym: string) => number, everywhere = false): boolean {
  const parks = (sym: string): boolean => (effects(sym) & Parks) !== 0;
  const order = new Order(fn);
  const loops = findLoops(order);
  /** Headers of loops without a poll. */
  const short = new Set<Block>();
  for (const { header, blocks, inner, nested } of loops) {
    const most = nested && !everywhere ? FewInnerIterations : FewIterations;
    if (!inner && isShort(header, blocks, { most, constant: everywhere, parks })) short.add(header);
  }
  const few = { most: FewIterations, constant: true, parks };
  const long = loops.filter(
    ({ header, nested, blocks }) => !nested && short.has(header) && isLong(blocks) && !isShort(header, blocks, few),
  );
  if (long.length > 0 && (short.size < loops.length || fn.blocks.some((b) => mayPark(b, parks)))) {
    for (const { header } of long) short.delete(header);
  }
  for (const { header, blocks } of loops) {
    if (short.has(header)) continue;
    if (header.values.some((v) => v.op === SOp.Poll)) continue;
    const poll = fn.newValue(header, SOp.Poll, VT.Void, [], header.pos);
    for (const block of blocks) {
      if (short.has(block)) poll.aux = Math.max(poll.aux, LongIteration);
      for (const v of block.values) poll.aux = Math.max(poll.aux, weight(v, effects));
    }
    let at = 0;
    while (at < header.values.length && isPhi(header.values[at])) at++;
    header.values.splice(at, 0, poll);
  }
  return loops.length > 0;
}

/** How much an iteration counts, because of a value that may take long. */
function weight(v: Value, effects: (sym: string) => number): number {
  if (v.op === SOp.CallIndirect) return LongIteration;
  return v.op === SOp.Call && (effects(v.sym!) & Loops) !== 0 ? LongCall : 0;
}

/** Puts a poll where a function begins that calls itself, which may go on for long without a loop. */
export function pollOnEntry(fn: SFunc): void {
  const { entry } = fn;
  const poll = fn.newValue(entry, SOp.Poll, VT.Void, [], fn.pos);
  poll.aux = EntryPoll;
  let at = 0;
  while (at < entry.values.length && isGiven(entry.values[at])) at++;
  entry.values.splice(at, 0, poll);
}

interface Loop {
  readonly header: Block;
  readonly blocks: Set<Block>;
  /** There is another loop within. */
  inner: boolean;
  /** It is within another loop. */
  nested: boolean;
}

/** Natural loops; a jump into the middle of a cycle makes its target the header of one, too. */
function findLoops(order: Order): Loop[] {
  const loops: Loop[] = [];
  for (const header of order.blocks) {
    const latches = header.preds.filter((p) => p.mark >= header.mark);
    if (latches.length === 0) continue;
    const blocks = new Set<Block>([header]);
    const stack = latches.filter((p) => p !== header);
    for (let b = stack.pop(); b !== undefined; b = stack.pop()) {
      if (blocks.has(b) || b.mark < header.mark) continue;
      blocks.add(b);
      stack.push(...b.preds);
    }
    loops.push({ header, blocks, inner: false, nested: false });
  }
  for (const outer of loops) {
    for (const other of loops) {
      if (other === outer || !outer.blocks.has(other.header)) continue;
      outer.inner = true;
      other.nested = true;
    }
  }
  return loops;
}

/** Which loops count as short. */
interface Shortness {
  /** Iterations of one that goes to a constant. */
  readonly most: bigint;
  /** Only such loops. */
  readonly constant: boolean;
  readonly parks: (sym: string) => boolean;
}

function isShort(header: Block, blocks: ReadonlySet<Block>, limits: Shortness): boolean {
  let counted = false;
  for (const block of blocks) {
    if (mayPark(block, limits.parks)) return false;
    if (block.kind !== BlockKind.If || block.control === null) continue;
    if (block.succs.every((s) => blocks.has(s))) continue;
    if (isCounter(block.control, header, blocks, limits)) counted = true;
  }
  return counted;
}

function mayPark(block: Block, parks: (sym: string) => boolean): boolean {
  for (const v of block.values) {
    if ((v.flags & VFlag.NoPark) !== 0) continue;
    if (v.op === SOp.Park || v.op === SOp.CallIndirect || (v.op === SOp.Call && parks(v.sym!))) return true;
  }
  return false;
}

/** An iteration has more than LongBody values. */
function isLong(blocks: ReadonlySet<Block>): boolean {
  let values = 0;
  for (const block of blocks) for (const v of block.values) if (!isConst(v)) values++;
  return values > LongBody;
}

/** The condition compares a counter of the loop with what the loop does not change. */
function isCounter(cond: Value, header: Block, blocks: ReadonlySet<Block>, limits: Shortness): boolean {
  if (cond.op !== SOp.Num || cond.args.length !== 2) return false;
  switch (cond.aux as Num) {
    case Num.I64LtS:
    case Num.I64LtU:
    case Num.I64LeS:
    case Num.I64GtS:
    case Num.I64GeS:
    case Num.I64Ne:
    case Num.I64Eq:
    case Num.I32LtS:
    case Num.I32LtU:
    case Num.I32Ne:
      break;
    default:
      return false;
  }
  for (const [counter, bound] of [cond.args, [cond.args[1], cond.args[0]]]) {
    if (bound.op === SOp.Const64 ? bound.big > limits.most : limits.constant) continue;
    if (blocks.has(bound.block) && bound.op !== SOp.Const64 && bound.op !== SOp.Const32) continue;
    if (counts(counter, header, blocks) || (counter.op === SOp.Num && counts(counter.args[0], header, blocks)))
      return true;
  }
  return false;
}

/** A phi of the loop's head that each iteration changes by what the loop does not change. */
function counts(phi: Value, header: Block, blocks: ReadonlySet<Block>): boolean {
  if (phi.op !== SOp.Phi || phi.block !== header) return false;
  for (let i = 0; i < phi.args.length; i++) {
    if (header.preds[i].mark < header.mark) continue;
    const next = phi.args[i];
    if (next.op !== SOp.Num || next.args[0] !== phi) return false;
    switch (next.aux as Num) {
      case Num.I64Add:
      case Num.I64Sub:
      case Num.I32Add:
      case Num.I32Sub:
        if (next.args[1].op !== SOp.Const64 && next.args[1].op !== SOp.Const32 && blocks.has(next.args[1].block))
          return false;
        break;
      default:
        return false;
    }
  }
  return true;
}
