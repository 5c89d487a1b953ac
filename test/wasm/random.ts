/** Random programs in data-flow form: any control flow, calls in all directions, parks, checks, memory in slots and
 *  elsewhere. A counter in memory ends them. */
import type { Builder } from "../../src/ssa/builder.ts";
import { Num } from "../../src/ssa/num.ts";
import { DataKind, type DataSymbol } from "../../src/ssa/object.ts";
import { Mem, type SFunc, type Sig, type Slot, SOp, Status, type Value, VT } from "../../src/ssa/value.ts";
import { func, type Variables } from "./machine.ts";

/** A small generator with a seed (xorshift). */
export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = (Math.imul(seed, 2654435761) | 1) >>> 0;
    for (let i = 0; i < 8; i++) this.next();
  }

  private next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state;
  }

  below(n: number): number {
    return this.next() % n;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** Bytes of memory that all functions share; the first four count down. */
export const Scratch = "main.scratch";
const ScratchSize = 256;

export const scratchData: DataSymbol = {
  name: Scratch,
  kind: DataKind.Zero,
  size: ScratchSize + 64,
  align: 16,
  bytes: new Uint8Array(0),
  relocs: [],
  pointers: [],
  dupok: false,
};

const types = [VT.I32, VT.I64, VT.I64, VT.F64];

export function randomProgram(seed: number): { funcs: SFunc[]; args: (number | bigint)[] } {
  const random = new Random(seed);
  const count = 1 + random.below(4);
  const sigs: Sig[] = [];
  for (let i = 0; i < count; i++) {
    sigs.push({
      params: Array.from({ length: random.below(5) }, () => random.pick(types)),
      results: Array.from({ length: random.below(4) }, () => random.pick(types)),
    });
  }
  const names = sigs.map((_, i) => (i === 0 ? "main.main" : `main.f${i}`));
  const parks = random.chance(80);
  const funcs = sigs.map((sig, i) =>
    func(names[i], sig, (b, params) => new RandomBody(random, b, params, sig, sigs, names, parks).fill()),
  );
  const args = sigs[0].params.map((vt) =>
    vt === VT.I64 ? BigInt(random.below(1000) - 500) : vt === VT.I32 ? random.below(1000) - 500 : random.below(100) / 4,
  );
  return { funcs, args };
}

class RandomBody {
  private readonly variables: Variables;
  private readonly pointers: Variables = [];
  private readonly slots: Slot[] = [];
  constructor(
    private readonly r: Random,
    private readonly b: Builder,
    params: Variables,
    private readonly sig: Sig,
    private readonly sigs: readonly Sig[],
    private readonly names: readonly string[],
    private readonly parks: boolean,
  ) {
    this.variables = [...params];
  }

  fill(): void {
    const { b, r } = this;
    for (const vt of [VT.I32, VT.I64, VT.F64]) {
      for (let i = 0; i < 2 + r.below(4); i++) {
        const v = b.newVariable(`v${i}`, vt, false);
        b.write(v, this.constant(vt));
        this.variables.push(v);
      }
    }
    for (let i = 0; i < 1 + r.below(3); i++) {
      const slot = b.fn.newSlot(`s${i}`, 32 + 16 * r.below(12), 8, i === 0 ? [0] : []);
      this.slots.push(slot);
      b.value(SOp.Zero, VT.Void, b.slotAddr(slot)).aux = slot.size;
    }
    for (let i = 0; i < 2; i++) {
      const p = b.newVariable(`ptr${i}`, VT.I32, true);
      b.write(p, this.pointer());
      this.pointers.push(p);
    }
    const blocks = Array.from({ length: 1 + r.below(9) }, () => b.newBlock());
    const exit = b.newBlock();
    b.jump(blocks[0]);
    for (const block of blocks) {
      b.start(block);
      this.countDown(exit);
      for (let n = r.below(7); n > 0; n--) this.statement();
      const target = () => (r.chance(15) ? exit : r.pick(blocks));
      const way = r.below(10);
      if (way < 3) b.jump(target());
      else if (way < 8) b.branch(this.condition(), target(), target());
      else if (way < 9) {
        b.switch(b.num(Num.I32And, this.read(VT.I32), b.i32(7)), Array.from({ length: 1 + r.below(5) }, target));
      } else b.jump(exit);
    }
    b.startSealed(exit);
    for (const block of blocks) b.seal(block);
    b.ret(this.sig.results.map((vt) => this.read(vt)));
  }

  private countDown(exit: ReturnType<Builder["newBlock"]>): void {
    const { b } = this;
    const at = b.addr(Scratch);
    const left = b.load(Mem.I32, at);
    b.store(Mem.I32, at, b.num(Num.I32Sub, left, b.i32(1)));
    const go = b.newBlock();
    b.branch(b.num(Num.I32LtS, left, b.i32(1)), exit, go);
    b.startSealed(go);
  }

  private constant(vt: VT): Value {
    const { b, r } = this;
    const n = r.chance(20) ? r.below(1 << 30) : r.below(20) - 5;
    return vt === VT.I32 ? b.i32(n) : vt === VT.I64 ? b.i64(r.chance(10) ? BigInt(n) << 31n : n) : b.f64(n / 2);
  }

  private variable(vt: VT) {
    return this.r.pick(this.variables.filter((v) => v.vt === vt));
  }

  private read(vt: VT): Value {
    return this.r.chance(15) ? this.constant(vt) : this.b.read(this.variable(vt));
  }

  private condition(): Value {
    const { b, r } = this;
    switch (r.below(4)) {
      case 0:
        return b.num(Num.I64LtS, this.read(VT.I64), this.read(VT.I64));
      case 1:
        return b.num(Num.I32Eqz, b.num(Num.I32And, this.read(VT.I32), b.i32(1)));
      case 2:
        return b.num(Num.F64Lt, this.read(VT.F64), this.read(VT.F64));
      default:
        return this.read(VT.I32);
    }
  }

  /** Addresses of slots and of shared memory; all with 16 bytes behind them. */
  private pointer(): Value {
    const { b, r } = this;
    if (r.chance(60) && this.slots.length > 0) {
      const slot = r.pick(this.slots);
      return b.slotAddr(slot, 8 + 4 * r.below((slot.size - 8) / 8));
    }
    return b.addr(Scratch, 8 + r.below(ScratchSize - 32));
  }

  private place(): Value {
    const { b, r } = this;
    if (r.chance(40)) return b.read(r.pick(this.pointers));
    if (r.chance(50)) return this.pointer();
    const index = b.num(Num.I32And, this.read(VT.I32), b.i32(127));
    return b.num(Num.I32Add, b.addr(Scratch, 8), index);
  }

  private statement(): void {
    const { b, r } = this;
    const set = (v: Value): void => b.write(this.variable(v.type), v);
    switch (r.below(20)) {
      case 0:
      case 1:
        set(
          b.num(
            r.pick([
              Num.I32Add,
              Num.I32Sub,
              Num.I32Mul,
              Num.I32And,
              Num.I32Xor,
              Num.I32Shl,
              Num.I32ShrS,
              Num.I32ShrU,
              Num.I32LtU,
            ]),
            this.read(VT.I32),
            this.read(VT.I32),
          ),
        );
        break;
      case 2:
      case 3:
      case 4:
        set(
          b.num(
            r.pick([
              Num.I64Add,
              Num.I64Sub,
              Num.I64Mul,
              Num.I64And,
              Num.I64Or,
              Num.I64Xor,
              Num.I64Shl,
              Num.I64ShrS,
              Num.I64ShrU,
            ]),
            this.read(VT.I64),
            this.read(VT.I64),
          ),
        );
        break;
      case 5:
        set(b.num(r.pick([Num.F64Add, Num.F64Sub, Num.F64Mul]), this.read(VT.F64), this.read(VT.F64)));
        break;
      case 6:
        set(b.num(r.pick([Num.I64ExtendI32S, Num.I64ExtendI32U, Num.F64ConvertI32S]), this.read(VT.I32)));
        break;
      case 7:
        set(b.num(r.pick([Num.I32WrapI64, Num.F64ConvertI64S, Num.I64Eqz]), this.read(VT.I64)));
        break;
      case 8: {
        const mem = r.pick([Mem.I32, Mem.I64, Mem.I8S, Mem.I8U, Mem.I16S, Mem.I16U]);
        set(b.load(mem, this.place(), r.below(8)));
        break;
      }
      case 9: {
        const mem = r.pick([Mem.I32, Mem.I64, Mem.I8U, Mem.I16U]);
        b.store(mem, this.place(), this.read(mem === Mem.I64 ? VT.I64 : VT.I32), r.below(8));
        break;
      }
      case 10:
        set(b.select(this.condition(), this.read(VT.I64), this.read(VT.I64)));
        break;
      case 11:
        if (this.parks) b.value(SOp.Park, VT.Void).aux = Status.Yield;
        break;
      case 12:
        if (this.parks) b.value(SOp.Poll, VT.Void);
        break;
      case 13:
      case 14:
      case 15:
        this.call();
        break;
      case 16:
        b.write(r.pick(this.pointers), this.pointer());
        break;
      case 17:
        if (r.chance(50)) b.value(SOp.Zero, VT.Void, this.pointer()).aux = 1 + r.below(12);
        else {
          // Equal or apart: shared memory to a slot.
          const slot = r.pick(this.slots);
          b.value(SOp.Move, VT.Void, b.slotAddr(slot, 8), b.addr(Scratch, 8)).aux = 1 + r.below(slot.size - 8);
        }
        break;
      case 18: {
        if (!r.chance(20)) break;
        const index = b.num(Num.I64And, this.read(VT.I64), b.i64(15));
        b.boundsCheck(0, index, b.i64(12));
        break;
      }
      default: {
        if (r.chance(50)) {
          const by = b.i64(r.pick([1, 2, 3, 7, 8, 10, 1000, 4096, 1 << 30, 12345]));
          set(b.num(r.pick([Num.I64DivS, Num.I64RemS, Num.I64DivU, Num.I64RemU]), this.read(VT.I64), by));
          break;
        }
        const d = this.read(VT.I64);
        const odd = b.num(Num.I64Or, b.num(Num.I64And, d, b.i64(15)), b.i64(1));
        b.value(SOp.DivCheck, VT.Void, odd);
        set(b.num(r.pick([Num.I64DivS, Num.I64RemS]), this.read(VT.I64), odd));
      }
    }
  }

  private call(): void {
    const { b, r } = this;
    const i = r.below(this.sigs.length);
    const sig = this.sigs[i];
    const args = sig.params.map((vt) => this.read(vt));
    const results = r.chance(70)
      ? b.call(this.names[i], sig, args)
      : b.callIndirect(b.funcAddr(this.names[i]), null, sig, args);
    for (const v of results) if (r.chance(80)) b.write(this.variable(v.type), v);
  }
}
