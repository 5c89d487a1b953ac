/** Writes the code of a function: instructions, and holes for what the linker knows. */
import { Mem, type Reg, VT } from "../ssa/value.ts";
import { Bytes } from "./bytes.ts";
import { RelocKind } from "./object.ts";
import { MiscOp, Op, SimdOp, WasmType } from "./op.ts";

/** Globals have the numbers of their registers. */
export function globalOf(reg: Reg): number {
  return reg;
}

export class CodeWriter {
  readonly out = new Bytes(1024);
  readonly relocs: number[] = [];
  private setStart = -1;
  private setEnd = -1;
  private setLocal = -1;

  reset(): void {
    this.out.length = 0;
    this.relocs.length = 0;
    this.setStart = -1;
    this.setEnd = -1;
  }

  op(op: number): void {
    if (op > 0xff) {
      this.out.u8(op >> 8);
      this.out.uleb(op & 0xff);
    } else this.out.u8(op);
  }

  get(local: number): void {
    if (this.setEnd === this.out.length && this.setLocal === local) {
      // What was just set stays on the stack.
      this.out.buf[this.setStart] = Op.LocalTee;
      this.setEnd = -1;
      return;
    }
    this.out.u8(Op.LocalGet);
    this.out.uleb(local);
  }

  set(local: number): void {
    this.setStart = this.out.length;
    this.setLocal = local;
    this.out.u8(Op.LocalSet);
    this.out.uleb(local);
    this.setEnd = this.out.length;
  }

  tee(local: number): void {
    this.out.u8(Op.LocalTee);
    this.out.uleb(local);
  }

  getReg(reg: Reg): void {
    this.out.u8(Op.GlobalGet);
    this.out.uleb(globalOf(reg));
  }

  setReg(reg: Reg): void {
    this.out.u8(Op.GlobalSet);
    this.out.uleb(globalOf(reg));
  }

  i32(n: number): void {
    this.out.u8(Op.I32Const);
    this.out.sleb(n);
  }

  i64(n: bigint): void {
    this.out.u8(Op.I64Const);
    this.out.sleb64(n);
  }

  /** What is returned when the status is set. */
  noResults(results: readonly VT[]): void {
    for (let i = 0; i < results.length; i++) this.zero(resultType(results, i));
  }

  zero(vt: VT): void {
    if (vt === VT.I32) this.i32(0);
    else if (vt === VT.I64) {
      this.out.u8(Op.I64Const);
      this.out.u8(0);
    } else this.float(vt, 0);
  }

  float(vt: VT, n: number): void {
    if (vt === VT.F32) {
      this.out.u8(Op.F32Const);
      this.out.f32(n);
    } else {
      this.out.u8(Op.F64Const);
      this.out.f64(n);
    }
  }

  reloc(kind: RelocKind, sym: number, add = 0): void {
    this.relocs.push(this.out.length, kind, sym, add);
  }

  /** Before a branch or an if: whether its condition is nearly always or hardly ever true. The engine moves what is
   *  rare out of the way, and keeps values in registers past it. */
  expect(condition: boolean): void {
    this.reloc(RelocKind.Branch, condition ? 1 : 0);
  }

  /** A constant that the linker fills in. */
  hole(kind: RelocKind, sym: number, add = 0): void {
    this.out.u8(Op.I32Const);
    this.reloc(kind, sym, add);
  }

  /** Opcode and alignment (as a power of two), then the offset. */
  private memory(op: number, align: number, offset: number): void {
    this.out.u8(op);
    this.out.u8(align);
    this.out.uleb(offset);
  }

  /** The address is on the stack. Alignment is a promise; accesses of 8 bytes may be at addresses that are only
   *  aligned to what Go says, so all promise the width of their type. */
  load(mem: Mem, offset: number): void {
    switch (mem) {
      case Mem.I32:
      case Mem.Ptr:
        this.memory(Op.I32Load, 2, offset);
        break;
      case Mem.I64:
        this.memory(Op.I64Load, 3, offset);
        break;
      case Mem.F32:
        this.memory(Op.F32Load, 2, offset);
        break;
      case Mem.F64:
        this.memory(Op.F64Load, 3, offset);
        break;
      case Mem.I8S:
        this.memory(Op.I32Load8S, 0, offset);
        break;
      case Mem.I8U:
        this.memory(Op.I32Load8U, 0, offset);
        break;
      case Mem.I16S:
        this.memory(Op.I32Load16S, 1, offset);
        break;
      case Mem.I16U:
        this.memory(Op.I32Load16U, 1, offset);
        break;
      case Mem.V128:
        this.v128Load(offset);
        break;
    }
  }

  /** Address and value are on the stack. */
  store(mem: Mem, offset: number): void {
    switch (mem) {
      case Mem.I32:
        this.memory(Op.I32Store, 2, offset);
        break;
      case Mem.Ptr:
        this.out.u8(Op.I64ExtendI32U);
        this.memory(Op.I64Store, 3, offset);
        break;
      case Mem.I64:
        this.memory(Op.I64Store, 3, offset);
        break;
      case Mem.F32:
        this.memory(Op.F32Store, 2, offset);
        break;
      case Mem.F64:
        this.memory(Op.F64Store, 3, offset);
        break;
      case Mem.I8S:
      case Mem.I8U:
        this.memory(Op.I32Store8, 0, offset);
        break;
      case Mem.I16S:
      case Mem.I16U:
        this.memory(Op.I32Store16, 1, offset);
        break;
      case Mem.V128:
        this.v128Store(offset);
        break;
    }
  }

  i64Store(offset: number): void {
    this.memory(Op.I64Store, 3, offset);
  }

  simd(op: SimdOp): void {
    this.out.u8(Op.Simd);
    this.out.uleb(op);
  }

  v128Load(offset: number): void {
    this.simd(SimdOp.V128Load);
    this.out.u8(0);
    this.out.uleb(offset);
  }

  v128Store(offset: number): void {
    this.simd(SimdOp.V128Store);
    this.out.u8(0);
    this.out.uleb(offset);
  }

  v128Zero(): void {
    this.simd(SimdOp.V128Const);
    for (let i = 0; i < 16; i++) this.out.u8(0);
  }

  memoryCopy(): void {
    this.out.u8(Op.Misc);
    this.out.u8(MiscOp.MemoryCopy);
    this.out.u8(0);
    this.out.u8(0);
  }

  memoryFill(): void {
    this.out.u8(Op.Misc);
    this.out.u8(MiscOp.MemoryFill);
    this.out.u8(0);
  }
}

/** How many integers functions return in registers. */
const resultRegisters = 2;

/** A result of 32 bits is passed as one of 64. Those beyond the registers lie on the engine's stack: there V8's first
 *  compiler writes 32 bits of such a result and its optimising one reads 64, of which the upper half is garbage then, and
 *  hands them on as an address. */
export function isWideResult(results: readonly VT[], index: number): boolean {
  if (index < resultRegisters || results[index] !== VT.I32) return false;
  let integers = 0;
  for (let i = 0; i < index; i++) if (results[i] === VT.I32 || results[i] === VT.I64) integers++;
  return integers >= resultRegisters;
}

/** The type that a result is passed as. */
export function resultType(results: readonly VT[], index: number): VT {
  return isWideResult(results, index) ? VT.I64 : results[index];
}

export function wasmType(vt: VT): WasmType {
  if (vt === VT.V128) return WasmType.V128;
  return vt === VT.I32 ? WasmType.I32 : vt === VT.I64 ? WasmType.I64 : vt === VT.F32 ? WasmType.F32 : WasmType.F64;
}

/** How a value of a machine type is kept in a frame. */
export function memOfType(vt: VT): Mem {
  return vt === VT.I32 ? Mem.I32 : vt === VT.I64 ? Mem.I64 : vt === VT.F32 ? Mem.F32 : Mem.F64;
}

export function sizeOfType(vt: VT): number {
  return vt === VT.I32 || vt === VT.F32 ? 4 : 8;
}
