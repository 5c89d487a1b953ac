/** One walk down the dominator tree that folds constants, shares equal values, forwards stores to loads, and drops
 *  checks that are known to hold.
 *
 *  Memory has a version: a number that changes with each write and where control flow joins. Loads are equal if their
 *  version is. Facts about integers come from the branches and checks on the way down. */
import { Num } from "../num.ts";
import { type Block, BlockKind, BoundsKind, Mem, type SFunc, SOp, type Value, VFlag, VT } from "../value.ts";
import { isPhi, Order } from "./cfg.ts";
import { resolve } from "./clean.ts";
import { Facts } from "./facts.ts";
import { fold, negated } from "./fold.ts";
import { isAddressAsNumber, isCheck, isPure, isRead, writes } from "./props.ts";

/** Functions whose result is never nil. */
const allocators: ReadonlySet<string> = new Set(["runtime.newobject", "runtime.newsmall"]);

export function valueNumbering(fn: SFunc): void {
  new Gvn(fn).run();
}

class Gvn {
  private readonly order: Order;
  private readonly children: Block[][];
  /** Equal values, by hash; scoped: what a block adds goes when its subtree is done. */
  private readonly table = new Map<number, Value[]>();
  private readonly log: number[] = [];
  /** Memory version of reads, by value id. */
  private readonly versionOf: number[] = [];
  private readonly versionAtEnd: number[];
  private nextVersion = 1;
  private readonly facts = new Facts();
  /** Pointers that were checked, on the way down. */
  private readonly checked = new Set<Value>();
  private readonly checkedLog: Value[] = [];
  /** Ids of symbols and other objects, for hashing. */
  private readonly ids = new Map<unknown, number>();

  constructor(fn: SFunc) {
    this.order = new Order(fn);
    const { blocks, idom } = this.order;
    this.children = blocks.map(() => []);
    this.versionAtEnd = blocks.map(() => 0);
    for (let i = 0; i < blocks.length; i++) if (idom[i] >= 0) this.children[idom[i]].push(blocks[i]);
  }

  run(): void {
    const { blocks, idom } = this.order;
    for (let i = 0; i < blocks.length; i++) {
      if (idom[i] < 0) this.tree(blocks[i]);
    }
  }

  /** Walks a subtree without recursion: functions may be deep. */
  private tree(root: Block): void {
    interface Frame {
      readonly block: Block;
      next: number;
      readonly log: number;
      readonly facts: number;
      readonly checked: number;
    }
    const enter = (block: Block): Frame => {
      const frame = {
        block,
        next: 0,
        log: this.log.length,
        facts: this.facts.size,
        checked: this.checkedLog.length,
      };
      this.block(block);
      return frame;
    };
    const stack = [enter(root)];
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      const below = this.children[frame.block.mark];
      if (frame.next < below.length) {
        stack.push(enter(below[frame.next++]));
        continue;
      }
      stack.pop();
      while (this.log.length > frame.log) this.table.get(this.log.pop()!)!.pop();
      this.facts.shrink(frame.facts);
      while (this.checkedLog.length > frame.checked) this.checked.delete(this.checkedLog.pop()!);
    }
  }

  private block(block: Block): void {
    let version = this.nextVersion++;
    if (block.preds.length === 1) {
      const [pred] = block.preds;
      version = this.versionAtEnd[pred.mark];
      this.learn(pred, block);
    } else if (block.preds.length > 1) {
      // Nothing was written on any way since they parted.
      const before = this.versionAtEnd[block.preds[0].mark];
      if (block.preds.every((p) => p.mark < block.mark && this.versionAtEnd[p.mark] === before)) version = before;
    }
    for (const v of block.values) {
      if (v.forward !== null) continue;
      if (!isPhi(v)) for (let i = 0; i < v.args.length; i++) v.args[i] = resolve(v.args[i]);
      this.foldOffset(v);
      if (v.op === SOp.Num) this.divideNonNegative(v);
      const same = fold(v);
      if (same !== null) {
        v.forward = same;
        continue;
      }
      if (isCheck(v)) {
        this.check(v);
        continue;
      }
      if (isPure(v)) this.share(v, isAddressAsNumber(v) ? version : 0);
      else if (isRead(v)) {
        if (v.op === SOp.Load) this.share(v, version);
      } else if (writes(v)) {
        version = this.nextVersion++;
        if (v.op === SOp.Store || v.op === SOp.StorePtr) this.forwardStore(v, version);
        if (v.op === SOp.Call && v.type === VT.I32 && allocators.has(v.sym!)) this.mark(v);
      }
    }
    this.versionAtEnd[block.mark] = version;
    if (block.control !== null) block.control = resolve(block.control);
    for (let i = 0; i < block.results.length; i++) block.results[i] = resolve(block.results[i]);
  }

  /** Signed division is unsigned division where nothing is negative. */
  private divideNonNegative(v: Value): void {
    if (v.aux !== Num.I64DivS && v.aux !== Num.I64RemS) return;
    const [x, y] = v.args;
    if (y.op !== SOp.Const64 || y.big <= 0n || !this.nonNegative(x, 0)) return;
    v.aux = v.aux === Num.I64DivS ? Num.I64DivU : Num.I64RemU;
  }

  /** A constant that is added to an address becomes part of the access. */
  private foldOffset(v: Value): void {
    switch (v.op) {
      case SOp.Load:
      case SOp.Store:
      case SOp.StorePtr:
        break;
      default:
        return;
    }
    for (;;) {
      const [base] = v.args;
      if (base.op !== SOp.Num || base.aux !== Num.I32Add || !base.isPointer) return;
      const [inner, by] = base.args;
      if (by.op !== SOp.Const32 || by.aux < 0 || by.aux > 0xffff) return;
      if (!inner.isPointer && inner.op !== SOp.Addr) return;
      v.args[0] = inner;
      v.aux += by.aux;
    }
  }

  // -------------------------------------------------------------------------------------------- equal values

  private share(v: Value, version: number): void {
    const key = this.hash(v, version);
    let list = this.table.get(key);
    if (list === undefined) {
      list = [];
      this.table.set(key, list);
    } else {
      for (let i = list.length - 1; i >= 0; i--) {
        const w = list[i];
        if (!equal(v, w) || (this.versionOf[w.id] ?? 0) !== version) continue;
        // What a store left is the value that was stored, if a load would give it unchanged.
        v.forward = w.op === SOp.Store || w.op === SOp.StorePtr ? resolve(w.args[1]) : w;
        return;
      }
    }
    list.push(v);
    this.log.push(key);
    this.versionOf[v.id] = version;
  }

  /** After a store, a load of the same width from the same place gives what was stored. */
  private forwardStore(v: Value, version: number): void {
    const mem = v.op === SOp.StorePtr ? Mem.Ptr : v.mem;
    if (mem !== Mem.I32 && mem !== Mem.I64 && mem !== Mem.F32 && mem !== Mem.F64 && mem !== Mem.Ptr) return;
    const key = this.accessHash(mem, v.args[0], v.aux, version);
    let list = this.table.get(key);
    if (list === undefined) {
      list = [];
      this.table.set(key, list);
    }
    list.push(v);
    this.log.push(key);
    this.versionOf[v.id] = version;
  }

  private accessHash(mem: Mem, base: Value, offset: number, version: number): number {
    let h = Math.imul(SOp.Load * 31 + mem, 0x9e3779b1) ^ Math.imul(version, 0x85ebca6b);
    h = Math.imul(h ^ base.id, 0xc2b2ae35) ^ Math.imul(offset, 0x27d4eb2f);
    return h | 0;
  }

  private hash(v: Value, version: number): number {
    if (v.op === SOp.Load) return this.accessHash(v.mem, v.args[0], v.aux, version);
    let h = Math.imul(v.op * 31 + v.type, 0x9e3779b1) ^ Math.imul(v.aux, 0x27d4eb2f);
    for (const arg of v.args) h = Math.imul(h ^ arg.id, 0xc2b2ae35) ^ (h >>> 15);
    if (v.op === SOp.Const64) h ^= Number(BigInt.asIntN(32, v.big));
    else if (v.op === SOp.ConstF) h ^= Math.imul((v.num * 1024) | 0, 0x9e3779b1);
    else if (v.sym !== null) h ^= this.idOf(v.sym);
    else if (v.obj !== null) h ^= this.idOf(v.obj);
    return h | 0;
  }

  private idOf(key: unknown): number {
    let id = this.ids.get(key);
    if (id === undefined) {
      id = Math.imul(this.ids.size + 1, 0x9e3779b1);
      this.ids.set(key, id);
    }
    return id;
  }

  // -------------------------------------------------------------------------------------------- facts

  /** What the branch from `pred` tells in `block`, which it alone leads to. */
  private learn(pred: Block, block: Block): void {
    if (pred.kind !== BlockKind.If || pred.control === null || pred.succs[0] === pred.succs[1]) return;
    this.assume(pred.control, pred.succs[0] === block);
  }

  private assume(cond: Value, holds: boolean): void {
    if (cond.op !== SOp.Num) {
      // A pointer as condition: it is not nil where that holds.
      if (holds && cond.isPointer) this.mark(cond);
      return;
    }
    let code = cond.aux as Num;
    if (code === Num.I32Eqz) {
      this.assume(cond.args[0], !holds);
      return;
    }
    if (!holds) {
      const inverse = negated(code);
      if (inverse < 0) return;
      code = inverse;
    }
    const [x, y] = cond.args;
    switch (code) {
      case Num.I64LtS:
        this.facts.add(x, y, true);
        break;
      case Num.I64LeS:
        this.facts.add(x, y, false);
        break;
      case Num.I64GtS:
        this.facts.add(y, x, true);
        break;
      case Num.I64GeS:
        this.facts.add(y, x, false);
        break;
      case Num.I64Eq:
        this.facts.add(x, y, false);
        this.facts.add(y, x, false);
        break;
      case Num.I32Ne:
        if (y.op === SOp.Const32 && y.aux === 0 && x.isPointer) this.mark(x);
        break;
    }
  }

  private mark(pointer: Value): void {
    if (this.checked.has(pointer)) return;
    this.checked.add(pointer);
    this.checkedLog.push(pointer);
  }

  private check(v: Value): void {
    let holds = (v.flags & VFlag.Proved) !== 0;
    switch (v.op) {
      case SOp.NilCheck:
        holds ||= this.notNil(v.args[0]);
        this.mark(v.args[0]);
        break;
      case SOp.BoundsCheck:
        holds ||= this.inBounds(v);
        this.learnBounds(v);
        break;
      case SOp.DivCheck: {
        const [d] = v.args;
        holds ||= (d.op === SOp.Const32 && d.aux !== 0) || (d.op === SOp.Const64 && d.big !== 0n);
        break;
      }
      case SOp.ShiftCheck: {
        const [n] = v.args;
        holds ||= n.type === VT.I64 ? this.nonNegative(n, 0) : n.op === SOp.Const32 && n.aux >= 0;
        break;
      }
    }
    if (holds) {
      v.flags |= VFlag.Proved;
      // Dropped when its block is swept.
      v.forward = v.args[0];
    }
  }

  private notNil(p: Value): boolean {
    switch (p.op) {
      case SOp.Addr:
      case SOp.SlotAddr:
      case SOp.FrameAddr:
      case SOp.FuncAddr:
      case SOp.Ctxt:
        return true;
      case SOp.Num:
        // A field of what is not nil; an element, or what unsafe.Add gives, as in the compiler.
        if (p.aux === Num.I32Add && p.isPointer) {
          const [base, by] = p.args;
          if (by.op !== SOp.Const32 ? !by.isPointer : by.aux >= 0 && this.notNil(base)) return true;
        }
        return this.checked.has(p);
      default:
        return this.checked.has(p);
    }
  }

  private learnBounds(v: Value): void {
    const [index, bound] = v.args;
    const kind = v.aux as BoundsKind;
    // Lengths are not negative, so 0 <= index < bound, signed. Unsigned indexes may be above all signed numbers.
    if (kind === BoundsKind.Index) {
      this.facts.add(index, bound, true);
      this.facts.add(zeroFact, index, false);
    } else if ((kind & 1) === 0) {
      this.facts.add(index, bound, false);
      this.facts.add(zeroFact, index, false);
    }
  }

  private inBounds(v: Value): boolean {
    const [index, bound] = v.args;
    const strict = (v.aux as BoundsKind) <= BoundsKind.IndexU;
    if (index.op === SOp.Const64 && bound.op === SOp.Const64)
      return index.big >= 0n && (strict ? index.big < bound.big : index.big <= bound.big);
    // An operand that a mask keeps below a constant.
    if (bound.op === SOp.Const64) {
      const most = upperBound(index, 0);
      if (most >= 0n && (strict ? most < bound.big : most <= bound.big)) return true;
    }
    if (!strict && index === bound) return this.nonNegative(index, 0);
    // The bound is a length or capacity, or was checked itself.
    if (!strict && index.op === SOp.Const64 && index.big === 0n) return true;
    if (!this.nonNegative(index, 0)) return false;
    return this.less(index, bound, strict, 0);
  }

  /** Known: a < b, or a <= b. */
  private less(a: Value, b: Value, strict: boolean, depth: number): boolean {
    if (a.op === SOp.Const64) {
      const low = this.least(b, 0);
      if (low !== null && (strict ? a.big < low : a.big <= low)) return true;
    }
    for (const fact of this.facts.above(a)) {
      if (same(fact.b, b)) {
        if (fact.strict || !strict) return true;
      } else if (depth < 2) {
        if (fact.b.op === SOp.Const64 && b.op === SOp.Const64) {
          if (fact.strict || !strict ? fact.b.big <= b.big : fact.b.big < b.big) return true;
        } else if (this.less(fact.b, b, strict && !fact.strict, depth + 1)) return true;
      }
    }
    // x - c < b for c > 0 if x <= b and x >= 0, so that it does not wrap around.
    if (depth < 2 && a.op === SOp.Num && a.args.length === 2 && a.args[1].op === SOp.Const64) {
      const [x, by] = a.args;
      const lowers = (a.aux === Num.I64Add && by.big < 0n) || (a.aux === Num.I64Sub && by.big > 0n);
      if (lowers && this.nonNegative(x, 0)) return same(x, b) || this.less(x, b, false, depth + 1);
    }
    return false;
  }

  /** What `v` is not below, signed; null if nothing is known. */
  private least(v: Value, depth: number): bigint | null {
    if (v.op === SOp.Const64) return v.big;
    let low: bigint | null = null;
    for (const { a, strict } of this.facts.below(v)) {
      if (a.op !== SOp.Const64) continue;
      const bound = strict ? a.big + 1n : a.big;
      if (low === null || bound > low) low = bound;
    }
    // A length of which a constant was taken: that does not wrap around.
    if (v.op === SOp.Num && v.args.length === 2 && v.args[1].op === SOp.Const64 && depth < 4) {
      const by = v.aux === Num.I64Sub ? v.args[1].big : v.aux === Num.I64Add ? -v.args[1].big : -1n;
      const before = by > 0n ? this.least(v.args[0], depth + 1) : null;
      if (before !== null && before >= 0n && (low === null || before - by > low)) low = before - by;
    }
    return low;
  }

  /** Known: v >= 0, signed. */
  private nonNegative(v: Value, depth: number): boolean {
    if (v.type !== VT.I64) return false;
    if (v.op === SOp.Const64) return v.big >= 0n;
    for (const { a, strict } of this.facts.below(v)) {
      if (a.op === SOp.Const64 && a.big >= -1n && (strict || a.big >= 0n)) return true;
    }
    if (depth > 3) return false;
    if (v.op === SOp.Num) {
      const [x, y] = v.args;
      switch (v.aux as Num) {
        case Num.I64ExtendI32U:
          return true;
        case Num.I64And:
          return this.nonNegative(x, depth + 1) || this.nonNegative(y, depth + 1);
        case Num.I64ShrU:
          return (y.op === SOp.Const64 && (y.big & 63n) !== 0n) || this.nonNegative(x, depth + 1);
        case Num.I64ShrS:
        case Num.I64DivS:
          return this.nonNegative(x, depth + 1) && (v.aux === Num.I64ShrS || this.nonNegative(y, depth + 1));
        case Num.I64RemS:
          return this.nonNegative(x, depth + 1);
        case Num.I64Add:
          // What is below something can be raised by one.
          return y.op === SOp.Const64 && y.big === 1n && this.isBelow(x) && this.nonNegative(x, depth + 1);
        default:
          return false;
      }
    }
    return v.op === SOp.Phi && this.countsUp(v, depth);
  }

  /** Known: there is something above `v`, signed. */
  private isBelow(v: Value): boolean {
    return this.facts.above(v).some(({ strict }) => strict);
  }

  /** A counter that starts at 0 or above and is only raised while it is below something: it does not wrap around. */
  private countsUp(phi: Value, depth: number): boolean {
    const { preds } = phi.block;
    for (let i = 0; i < phi.args.length; i++) {
      const arg = resolve(phi.args[i]);
      if (arg === phi) continue;
      const isBack = preds[i].mark >= phi.block.mark;
      if (!isBack) {
        if (!this.nonNegative(arg, depth + 1)) return false;
        continue;
      }
      if (arg.op !== SOp.Num || arg.aux !== Num.I64Add || resolve(arg.args[0]) !== phi) return false;
      const by = resolve(arg.args[1]);
      if (by.op !== SOp.Const64 || by.big !== 1n) return false;
      if (!this.boundedAbove(phi, arg.block)) return false;
    }
    return true;
  }

  /** On every way to `block`, a branch has told that `phi` is below something. */
  private boundedAbove(phi: Value, block: Block): boolean {
    const { idom, blocks } = this.order;
    for (let at = block.mark; at >= 0 && at >= phi.block.mark; at = idom[at]) {
      const here = blocks[at];
      if (here.preds.length !== 1) continue;
      const [pred] = here.preds;
      if (pred.kind !== BlockKind.If || pred.control === null || pred.succs[0] === pred.succs[1]) continue;
      const control = resolve(pred.control);
      if (control.op !== SOp.Num) continue;
      let code = control.aux as Num;
      if (pred.succs[0] !== here) {
        const inverse = negated(code);
        if (inverse < 0) continue;
        code = inverse;
      }
      const x = resolve(control.args[0]);
      const y = control.args.length > 1 ? resolve(control.args[1]) : x;
      if (code === Num.I64LtS && x === phi) return true;
      if (code === Num.I64GtS && y === phi) return true;
    }
    return false;
  }
}

/** Stands for 0 in facts. */
const zeroFact: Value = { op: SOp.Const64, big: 0n, type: VT.I64 } as Value;

function same(a: Value, b: Value): boolean {
  return a === b || (a.op === SOp.Const64 && b.op === SOp.Const64 && a.big === b.big);
}

/** The largest number that an operation can give, if it cannot be negative; -1 for unknown. */
function upperBound(v: Value, depth: number): bigint {
  if (v.op === SOp.Const64) return v.big;
  if (v.op === SOp.Const32) return BigInt(v.aux);
  if (depth > 3) return -1n;
  if (v.op === SOp.Load && v.mem === Mem.I8U) return 255n;
  if (v.op === SOp.Load && v.mem === Mem.I16U) return 65535n;
  if (v.op !== SOp.Num) return -1n;
  const [x, y] = v.args;
  switch (v.aux as Num) {
    case Num.I64ExtendI32U: {
      const most = upperBound(x, depth + 1);
      return most >= 0n ? most : 0xffffffffn;
    }
    case Num.I32And:
    case Num.I64And: {
      const a = upperBound(x, depth + 1);
      const b = upperBound(y, depth + 1);
      return a < 0n ? b : b < 0n || a < b ? a : b;
    }
    case Num.I64ShrU: {
      if (y.op !== SOp.Const64) return -1n;
      const by = y.big & 63n;
      const most = upperBound(x, depth + 1);
      return most >= 0n ? most >> by : by === 0n ? -1n : (1n << (64n - by)) - 1n;
    }
    case Num.I32ShrU: {
      if (y.op !== SOp.Const32 || (y.aux & 31) === 0) return -1n;
      return (1n << BigInt(32 - (y.aux & 31))) - 1n;
    }
    case Num.I64RemS: {
      const most = upperBound(x, depth + 1);
      if (y.op === SOp.Const64 && y.big > 0n && most >= 0n) return y.big - 1n;
      return -1n;
    }
    case Num.I64RemU:
      return y.op === SOp.Const64 && y.big > 0n ? y.big - 1n : -1n;
    default:
      return -1n;
  }
}

function equal(v: Value, w: Value): boolean {
  if (v.op === SOp.Load && (w.op === SOp.Store || w.op === SOp.StorePtr)) {
    const mem = w.op === SOp.StorePtr ? Mem.Ptr : w.mem;
    if (v.mem !== mem || v.aux !== w.aux || v.args[0] !== w.args[0]) return false;
    const stored = resolve(w.args[1]);
    return stored.type === v.type && (!v.isPointer || stored.isPointer);
  }
  if (
    v.op !== w.op ||
    v.type !== w.type ||
    v.aux !== w.aux ||
    v.mem !== w.mem ||
    v.sym !== w.sym ||
    v.args.length !== w.args.length ||
    v.isPointer !== w.isPointer
  )
    return false;
  for (let i = 0; i < v.args.length; i++) if (v.args[i] !== w.args[i]) return false;
  switch (v.op) {
    case SOp.Const64:
      return v.big === w.big;
    case SOp.ConstF:
      return Object.is(v.num, w.num);
    case SOp.SlotAddr:
      return v.obj === w.obj;
    default:
      return true;
  }
}
