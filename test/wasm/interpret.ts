/** Runs functions in data-flow form directly, value by value: what emitted code is compared with. */
import { Num } from "../../src/ssa/num.ts";
import { type Block, BlockKind, Mem, type SFunc, type Slot, SOp, type Value, VT } from "../../src/ssa/value.ts";

export type Word = number | bigint;

/** A check failed, or a panic was called. */
export class Panic extends Error {}

export class Interpreter {
  private readonly byName = new Map<string, SFunc>();
  private readonly names: string[] = [];
  readonly memory: DataView;
  private sp: number;

  /** Frames grow down from the end of `memory`. */
  constructor(
    funcs: readonly SFunc[],
    memory: ArrayBuffer,
    private readonly symbols: ReadonlyMap<string, number>,
  ) {
    for (const fn of funcs) {
      this.byName.set(fn.name, fn);
      this.names.push(fn.name);
    }
    this.memory = new DataView(memory);
    this.sp = memory.byteLength - 64;
  }

  call(name: string, args: readonly Word[]): Word[] {
    const fn = this.byName.get(name);
    if (fn === undefined) throw new Error(`no function ${name}`);
    const saved = this.sp;
    const slots = new Map<Slot, number>();
    for (const slot of fn.slots) {
      this.sp = (this.sp - slot.size) & -16;
      slots.set(slot, this.sp);
      new Uint8Array(this.memory.buffer, this.sp, slot.size).fill(0);
    }
    const values: Word[] = [];
    const results: Word[][] = [];
    let block: Block = fn.entry;
    let from: Block | null = null;
    try {
      for (;;) {
        const phis: [Value, Word][] = [];
        for (const v of block.values) {
          if (v.op !== SOp.Phi) break;
          phis.push([v, values[v.args[block.preds.indexOf(from!)].id]]);
        }
        for (const [v, x] of phis) values[v.id] = x;
        for (const v of block.values) if (v.op !== SOp.Phi) this.step(v, values, results, slots, args);
        from = block;
        switch (block.kind) {
          case BlockKind.Plain:
            [block] = block.succs;
            break;
          case BlockKind.If:
            block = block.succs[values[block.control!.id] !== 0 ? 0 : 1];
            break;
          case BlockKind.Switch: {
            const n = Number(values[block.control!.id]) >>> 0;
            block = block.succs[Math.min(n, block.succs.length - 1)];
            break;
          }
          case BlockKind.Ret:
            return block.results.map((v) => values[v.id]);
          case BlockKind.Exit:
            throw new Error("came to an exit");
        }
      }
    } finally {
      this.sp = saved;
    }
  }

  private step(
    v: Value,
    values: Word[],
    results: Word[][],
    slots: ReadonlyMap<Slot, number>,
    params: readonly Word[],
  ): void {
    const arg = (i: number): Word => values[v.args[i].id];
    const address = (i: number): number => (Number(arg(i)) + v.aux) >>> 0;
    switch (v.op) {
      case SOp.Param:
        values[v.id] = params[v.aux];
        break;
      case SOp.Const32:
        values[v.id] = v.aux;
        break;
      case SOp.Const64:
        values[v.id] = v.big;
        break;
      case SOp.ConstF:
        values[v.id] = v.num;
        break;
      case SOp.Addr:
        values[v.id] = this.symbols.get(v.sym!)! + v.aux;
        break;
      case SOp.FuncAddr:
        values[v.id] = this.names.indexOf(v.sym!) + 1;
        break;
      case SOp.SlotAddr:
        values[v.id] = slots.get(v.obj as Slot)! + v.aux;
        break;
      case SOp.Num:
        values[v.id] = compute(
          v.aux,
          v.args.map((a) => values[a.id]),
        );
        break;
      case SOp.Select:
        values[v.id] = arg(0) !== 0 ? arg(1) : arg(2);
        break;
      case SOp.Load:
        values[v.id] = this.load(v.mem, address(0));
        break;
      case SOp.Store:
        this.store(v.mem, address(0), arg(1));
        break;
      case SOp.StorePtr:
        this.store(Mem.Ptr, address(0), arg(1));
        break;
      case SOp.Move:
        new Uint8Array(this.memory.buffer).copyWithin(Number(arg(0)), Number(arg(1)), Number(arg(1)) + v.aux);
        break;
      case SOp.Zero:
        new Uint8Array(this.memory.buffer, Number(arg(0)), v.aux).fill(0);
        break;
      case SOp.NilCheck:
        if (Number(arg(0)) >>> 0 < 4096) throw new Panic("panicmem");
        break;
      case SOp.BoundsCheck:
        if (BigInt.asUintN(64, arg(0) as bigint) >= BigInt.asUintN(64, arg(1) as bigint))
          throw new Panic("goPanicIndex");
        break;
      case SOp.DivCheck:
        if (Number(arg(0)) === 0) throw new Panic("panicdivide");
        break;
      case SOp.ShiftCheck:
        if (Number(arg(0)) < 0) throw new Panic("panicshift");
        break;
      case SOp.Call: {
        const out = this.call(
          v.sym!,
          v.args.map((a) => values[a.id]),
        );
        results[v.id] = out;
        if (out.length === 1) [values[v.id]] = out;
        break;
      }
      case SOp.CallIndirect: {
        const out = this.call(
          this.names[Number(arg(0)) - 1],
          v.args.slice(1).map((a) => values[a.id]),
        );
        results[v.id] = out;
        if (out.length === 1) [values[v.id]] = out;
        break;
      }
      case SOp.Result:
        values[v.id] = results[v.args[0].id][v.aux];
        break;
      case SOp.Park:
      case SOp.Poll:
      case SOp.SetCtxt:
      case SOp.KeepAlive:
        break;
      default:
        throw new Error(`operation ${v.op} is not interpreted`);
    }
  }

  private load(mem: Mem, at: number): Word {
    switch (mem) {
      case Mem.I32:
        return this.memory.getInt32(at, true);
      case Mem.Ptr:
        return this.memory.getInt32(at, true);
      case Mem.I64:
        return this.memory.getBigInt64(at, true);
      case Mem.F32:
        return this.memory.getFloat32(at, true);
      case Mem.F64:
        return this.memory.getFloat64(at, true);
      case Mem.I8S:
        return this.memory.getInt8(at);
      case Mem.I8U:
        return this.memory.getUint8(at);
      case Mem.I16S:
        return this.memory.getInt16(at, true);
      case Mem.I16U:
        return this.memory.getUint16(at, true);
      case Mem.V128:
        throw new Error("vectors are not interpreted");
    }
  }

  private store(mem: Mem, at: number, x: Word): void {
    switch (mem) {
      case Mem.I32:
        this.memory.setInt32(at, Number(x), true);
        break;
      case Mem.Ptr:
        this.memory.setInt32(at, Number(x), true);
        this.memory.setInt32(at + 4, 0, true);
        break;
      case Mem.I64:
        this.memory.setBigInt64(at, x as bigint, true);
        break;
      case Mem.F32:
        this.memory.setFloat32(at, Number(x), true);
        break;
      case Mem.F64:
        this.memory.setFloat64(at, Number(x), true);
        break;
      case Mem.I8S:
      case Mem.I8U:
        this.memory.setInt8(at, Number(x));
        break;
      case Mem.I16S:
      case Mem.I16U:
        this.memory.setInt16(at, Number(x), true);
        break;
    }
  }
}

/** Numeric operations, as far as random programs use them. */
export function compute(code: Num, args: readonly Word[]): Word {
  const i = (k: number): number => args[k] as number;
  const l = (k: number): bigint => args[k] as bigint;
  const u = (k: number): bigint => BigInt.asUintN(64, args[k] as bigint);
  const wide = (n: bigint): bigint => BigInt.asIntN(64, n);
  switch (code) {
    case Num.I32Eqz:
      return i(0) === 0 ? 1 : 0;
    case Num.I32Eq:
    case Num.F64Eq:
      return i(0) === i(1) ? 1 : 0;
    case Num.I32Ne:
      return i(0) !== i(1) ? 1 : 0;
    case Num.I32LtS:
    case Num.F64Lt:
      return i(0) < i(1) ? 1 : 0;
    case Num.I32LtU:
      return i(0) >>> 0 < i(1) >>> 0 ? 1 : 0;
    case Num.I32Add:
      return (i(0) + i(1)) | 0;
    case Num.I32Sub:
      return (i(0) - i(1)) | 0;
    case Num.I32Mul:
      return Math.imul(i(0), i(1));
    case Num.I32And:
      return i(0) & i(1);
    case Num.I32Or:
      return i(0) | i(1);
    case Num.I32Xor:
      return i(0) ^ i(1);
    case Num.I32Shl:
      return i(0) << i(1);
    case Num.I32ShrS:
      return i(0) >> i(1);
    case Num.I32ShrU:
      return (i(0) >>> i(1)) | 0;
    case Num.I32Rotl:
      return (i(0) << i(1)) | (i(0) >>> ((32 - (i(1) & 31)) % 32) && (i(1) & 31 ? i(0) >>> (32 - (i(1) & 31)) : 0));
    case Num.I32Extend8S:
      return (i(0) << 24) >> 24;
    case Num.I32Extend16S:
      return (i(0) << 16) >> 16;
    case Num.I64Eqz:
      return l(0) === 0n ? 1 : 0;
    case Num.I64Eq:
      return l(0) === l(1) ? 1 : 0;
    case Num.I64Ne:
      return l(0) !== l(1) ? 1 : 0;
    case Num.I64LtS:
      return l(0) < l(1) ? 1 : 0;
    case Num.I64GtS:
      return l(0) > l(1) ? 1 : 0;
    case Num.I64LeS:
      return l(0) <= l(1) ? 1 : 0;
    case Num.I64GeS:
      return l(0) >= l(1) ? 1 : 0;
    case Num.I64LtU:
      return u(0) < u(1) ? 1 : 0;
    case Num.I64Add:
      return wide(l(0) + l(1));
    case Num.I64Sub:
      return wide(l(0) - l(1));
    case Num.I64Mul:
      return wide(l(0) * l(1));
    case Num.I64DivS:
      return wide(l(0) / l(1));
    case Num.I64RemS:
      return wide(l(0) % l(1));
    case Num.I64DivU:
      return wide(u(0) / u(1));
    case Num.I64RemU:
      return wide(u(0) % u(1));
    case Num.I64And:
      return wide(l(0) & l(1));
    case Num.I64Or:
      return wide(l(0) | l(1));
    case Num.I64Xor:
      return wide(l(0) ^ l(1));
    case Num.I64Shl:
      return wide(l(0) << (l(1) & 63n));
    case Num.I64ShrS:
      return l(0) >> (l(1) & 63n);
    case Num.I64ShrU:
      return wide(u(0) >> (l(1) & 63n));
    case Num.I64ExtendI32S:
      return BigInt(i(0));
    case Num.I64ExtendI32U:
      return BigInt(i(0) >>> 0);
    case Num.I32WrapI64:
      return Number(BigInt.asIntN(32, l(0)));
    case Num.F64Add:
      return i(0) + i(1);
    case Num.F64Sub:
      return i(0) - i(1);
    case Num.F64Mul:
      return i(0) * i(1);
    case Num.F64Div:
      return i(0) / i(1);
    case Num.F64Sqrt:
      return Math.sqrt(i(0));
    case Num.F32Add:
      return Math.fround(i(0) + i(1));
    case Num.F32Sub:
      return Math.fround(i(0) - i(1));
    case Num.F32Mul:
      return Math.fround(i(0) * i(1));
    case Num.F64Neg:
      return -i(0);
    case Num.F64Abs:
      return Math.abs(i(0));
    case Num.F64ConvertI32S:
      return i(0);
    case Num.F64ConvertI64S:
      return Number(l(0));
    case Num.I32TruncSatF64S:
      return Number.isNaN(i(0)) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(i(0))));
    default:
      throw new Error(`numeric operation ${code} is not interpreted`);
  }
}

/** A value in a form in which equal ones are equal: floats that are no number are all alike. */
export function canonical(vt: VT, x: Word): string {
  if (vt === VT.F32 || vt === VT.F64) return Number.isNaN(x as number) ? "NaN" : Object.is(x, -0) ? "-0" : String(x);
  return String(x);
}
