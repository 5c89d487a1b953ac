/** Code of expressions, and of what stores, copies and clears memory: what depends on a function's locals and frame only. */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { Num } from "../ssa/num.ts";
import { Mem, Reg, type SFunc, type Sig, type Slot, SOp, type Value, VFlag, VT } from "../ssa/value.ts";
import type { CodeWriter } from "./code.ts";
import type { Frame } from "./frame.ts";
import type { Locals } from "./locals.ts";
import { Place } from "./nest.ts";
import { RelocKind } from "./object.ts";
import { Op, SimdOp, VoidBlock } from "./op.ts";

/** Copies and clears of at most so many bytes are written out. */
const MaxInlineMove = 128;
const MaxInlineZero = 256;

/** What emitting needs to know of the rest of the package. */
export interface EmitContext {
  readonly writer: CodeWriter;
  /** Number of a symbol. */
  symbol(name: string): number;
  /** Number of a signature. */
  sig(sig: Sig): number;
  /** Number of a position. */
  place(pos: Pos): number;
  /** Effect bits of calling `sym`. */
  effects(sym: string): number;
  /** The collector runs concurrently: pointer stores to the heap are announced. */
  readonly barriers: boolean;
  /** Functions fill their frame with {@link Poison} when they return. */
  readonly poison: boolean;
  /** Slots count as live only while they are: not in package runtime, which hides pointers. */
  readonly preciseSlots: boolean;
}

export const pairSig: Sig = { params: [VT.I32, VT.I32], results: [] };
export const moveSig: Sig = { params: [VT.I32, VT.I32, VT.I32], results: [] };

export abstract class ValueCode {
  protected readonly w: CodeWriter;
  protected abstract readonly locals: Locals;
  protected abstract readonly frame: Frame;
  /** Local with the frame's address, -1 without. */
  protected fp = -1;

  constructor(
    protected readonly fn: SFunc,
    protected readonly cx: EmitContext,
  ) {
    this.w = cx.writer;
    this.w.reset();
  }

  /** Leaves the value of `v` on the stack. */
  protected tree(v: Value): void {
    if (v.mark === Place.Root) {
      const local = this.locals.of[v.id];
      if (local < 0) throw new InternalError(`${this.fn.name}: value ${v.id} (operation ${v.op}) has no local`);
      this.w.get(local);
    } else this.compute(v);
  }

  protected compute(v: Value): void {
    const { w } = this;
    switch (v.op) {
      case SOp.Const32:
        w.i32(v.aux);
        break;
      case SOp.Const64:
        w.i64(v.big);
        break;
      case SOp.ConstF:
        w.float(v.type, v.num);
        break;
      case SOp.Addr:
        w.hole(RelocKind.Data, this.cx.symbol(v.sym!), v.aux);
        break;
      case SOp.FuncAddr:
        w.hole(RelocKind.Code, this.cx.symbol(v.sym!), v.aux);
        break;
      case SOp.SlotAddr:
        this.frameAddr((v.obj as Slot).offset + v.aux);
        break;
      case SOp.FrameAddr:
        w.get(this.fp);
        break;
      case SOp.CallerFrame:
        this.frameAddr(this.frame.size);
        break;
      case SOp.CallerPC:
        w.get(this.fp);
        w.load(Mem.I32, this.frame.size);
        break;
      case SOp.Num:
        for (const arg of v.args) this.tree(arg);
        w.op(v.aux);
        break;
      case SOp.Select:
        this.tree(v.args[1]);
        this.tree(v.args[2]);
        this.tree(v.args[0]);
        w.op(Op.Select);
        break;
      case SOp.Load:
        this.address(v.args[0]);
        w.load(v.mem, v.aux + this.folded(v.args[0]));
        break;
      case SOp.GetReg:
        w.getReg(v.aux);
        break;
      case SOp.Ctxt:
        w.getReg(Reg.Ctxt);
        break;
      case SOp.MemorySize:
        w.op(Op.MemorySize);
        w.out.u8(0);
        break;
      case SOp.MemoryGrow:
        this.tree(v.args[0]);
        w.op(Op.MemoryGrow);
        w.out.u8(0);
        break;
      case SOp.MatchBytes:
        this.bytes(v);
        this.tree(v.args[1]);
        w.simd(SimdOp.I8x16Splat);
        w.simd(SimdOp.I8x16Eq);
        w.simd(SimdOp.I8x16Bitmask);
        if (v.aux !== 0) break;
        w.i32(0xff);
        w.op(Num.I32And);
        break;
      case SOp.Simd:
        for (const arg of v.args) this.tree(arg);
        w.simd(v.aux);
        if (v.num >= 0) w.out.u8(v.num);
        break;
      case SOp.Atomic:
        this.atomic(v);
        break;
      default:
        throw new InternalError(`${this.fn.name}: operation ${v.op} is no expression`);
    }
  }

  /** Leaves the bytes that are to be matched: with one load if they come from memory and nobody else needs them. */
  private bytes(v: Value): void {
    const { w } = this;
    const [low, , high] = v.args;
    if (v.aux !== 0 && isPair(low, high)) {
      this.address(low.args[0]);
      w.v128Load(low.aux + this.folded(low.args[0]));
      return;
    }
    this.tree(low);
    w.simd(SimdOp.I64x2Splat);
    if (v.aux === 0) return;
    this.tree(high);
    w.simd(SimdOp.I64x2ReplaceLane);
    w.out.u8(1);
  }

  /** The base of a memory access; the offset of a slot goes into the access. */
  protected address(v: Value): void {
    if (v.op === SOp.SlotAddr || v.op === SOp.CallerFrame) this.w.get(this.fp);
    else this.tree(v);
  }

  protected folded(v: Value): number {
    if (v.op === SOp.SlotAddr) return (v.obj as Slot).offset + v.aux;
    return v.op === SOp.CallerFrame ? this.frame.size : 0;
  }

  protected frameAddr(offset: number): void {
    const { w } = this;
    w.get(this.fp);
    if (offset === 0) return;
    w.i32(offset);
    w.op(Op.I32Add);
  }

  /** 0xFE, opcode, alignment, offset. The width is in the opcode. */
  protected atomic(v: Value): void {
    const { w } = this;
    for (const arg of v.args) this.tree(arg);
    w.out.u8(Op.Atomic);
    w.out.uleb(v.aux);
    w.out.u8(atomicAlign(v.aux));
    w.out.uleb(0);
  }

  /** Calls one of the functions of package runtime that need no frame. */
  protected callRuntime(name: string, sig: Sig): void {
    this.w.op(Op.Call);
    this.w.reloc(RelocKind.Func, this.cx.symbol(name), this.cx.sig(sig));
  }

  // -------------------------------------------------------------------------------------------- memory

  protected storePtr(v: Value): void {
    const { w } = this;
    const [addr, value] = v.args;
    if (this.cx.barriers && (v.flags & VFlag.NoBarrier) === 0 && addr.op !== SOp.SlotAddr) {
      w.getReg(Reg.Barrier);
      w.expect(false);
      w.out.u8(Op.If);
      w.out.u8(VoidBlock);
      this.tree(addr);
      if (v.aux !== 0) {
        w.i32(v.aux);
        w.op(Op.I32Add);
      }
      this.tree(value);
      w.op(Op.Call);
      w.reloc(RelocKind.Func, this.cx.symbol("runtime.gcWriteBarrier"), this.cx.sig(pairSig));
      w.out.u8(Op.End);
    }
    this.address(addr);
    this.tree(value);
    w.store(Mem.Ptr, v.aux + this.folded(addr));
  }

  protected move(v: Value): void {
    const { w } = this;
    const [dst, src] = v.args;
    if (v.obj !== null) this.bulkBarrier("runtime.wbMove", [dst, src], v.aux);
    if (v.aux > MaxInlineMove) {
      this.tree(dst);
      this.tree(src);
      w.i32(v.aux);
      w.memoryCopy();
      return;
    }
    const to = this.folded(dst);
    const from = this.folded(src);
    eachChunk(v.aux, (at, size) => {
      this.address(dst);
      this.address(src);
      if (size === 16) {
        w.v128Load(from + at);
        w.v128Store(to + at);
      } else {
        const mem = memOfChunk(size);
        w.load(mem, from + at);
        w.store(mem, to + at);
      }
    });
  }

  /** Announces that `size` bytes with pointers at the first of `addrs` are overwritten. */
  protected bulkBarrier(name: string, addrs: readonly Value[], size: number): void {
    const { w } = this;
    if (!this.cx.barriers || addrs[0].op === SOp.SlotAddr) return;
    w.getReg(Reg.Barrier);
    w.expect(false);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    for (const addr of addrs) this.tree(addr);
    w.i32(size);
    w.op(Op.Call);
    w.reloc(RelocKind.Func, this.cx.symbol(name), this.cx.sig(addrs.length === 2 ? moveSig : pairSig));
    w.out.u8(Op.End);
  }

  protected zero(base: () => void, offset: number, size: number): void {
    const { w } = this;
    if (size > MaxInlineZero) {
      base();
      if (offset !== 0) {
        w.i32(offset);
        w.op(Op.I32Add);
      }
      w.i32(0);
      w.i32(size);
      w.memoryFill();
      return;
    }
    eachChunk(size, (at, chunk) => {
      base();
      if (chunk === 16) {
        w.v128Zero();
        w.v128Store(offset + at);
      } else {
        const mem = memOfChunk(chunk);
        w.zero(mem === Mem.I64 ? VT.I64 : VT.I32);
        w.store(mem, offset + at);
      }
    });
  }
}

/** Both words are loaded where they are used, one behind the other. */
function isPair(low: Value, high: Value): boolean {
  if (low.op !== SOp.Load || high.op !== SOp.Load || low.mark === Place.Root || high.mark === Place.Root) return false;
  return low.args[0] === high.args[0] && high.aux === low.aux + 8;
}

function eachChunk(size: number, f: (at: number, size: number) => void): void {
  let at = 0;
  for (const chunk of [16, 8, 4, 2, 1]) {
    while (size - at >= chunk) {
      f(at, chunk);
      at += chunk;
    }
  }
}

function memOfChunk(size: number): Mem {
  return size === 8 ? Mem.I64 : size === 4 ? Mem.I32 : size === 2 ? Mem.I16U : Mem.I8U;
}

/** Natural alignment, as a power of two: atomic accesses must state it. */
function atomicAlign(op: number): number {
  // Loads and stores 0x10-0x1d, then read-modify-write in groups of seven: 32, 64, 8, 16, 8, 16, 32 bits.
  const widths = [2, 3, 0, 1, 0, 1, 2];
  return op < 0x10 ? (op === 2 ? 3 : 2) : widths[(op - 0x10) % 7];
}
