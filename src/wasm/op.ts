/** Opcodes of WebAssembly besides the numeric ones, which are in ssa/num.ts. */
export const enum Op {
  Unreachable = 0x00,
  Block = 0x02,
  Loop = 0x03,
  If = 0x04,
  Else = 0x05,
  End = 0x0b,
  Br = 0x0c,
  BrIf = 0x0d,
  BrTable = 0x0e,
  Return = 0x0f,
  Call = 0x10,
  CallIndirect = 0x11,
  Drop = 0x1a,
  Select = 0x1b,
  LocalGet = 0x20,
  LocalSet = 0x21,
  LocalTee = 0x22,
  GlobalGet = 0x23,
  GlobalSet = 0x24,
  I32Load = 0x28,
  I64Load = 0x29,
  F32Load = 0x2a,
  F64Load = 0x2b,
  I32Load8S = 0x2c,
  I32Load8U = 0x2d,
  I32Load16S = 0x2e,
  I32Load16U = 0x2f,
  I32Store = 0x36,
  I64Store = 0x37,
  F32Store = 0x38,
  F64Store = 0x39,
  I32Store8 = 0x3a,
  I32Store16 = 0x3b,
  MemorySize = 0x3f,
  MemoryGrow = 0x40,
  I32Const = 0x41,
  I64Const = 0x42,
  F32Const = 0x43,
  F64Const = 0x44,
  I32Eqz = 0x45,
  I32LtU = 0x49,
  I32GeU = 0x4f,
  I32LtS = 0x48,
  I32LeS = 0x4c,
  I64Eqz = 0x50,
  I64LtS = 0x53,
  I64GtU = 0x56,
  I64GeU = 0x5a,
  I32Add = 0x6a,
  I32Sub = 0x6b,
  I64ExtendI32U = 0xad,
  /** Prefix of saturating truncations and bulk memory. */
  Misc = 0xfc,
  Simd = 0xfd,
  Atomic = 0xfe,
}

/** Type of blocks without parameters and results. */
export const VoidBlock = 0x40;

/** After {@link Op.Misc}. */
export const enum MiscOp {
  MemoryInit = 8,
  DataDrop = 9,
  MemoryCopy = 10,
  MemoryFill = 11,
}

/** After {@link Op.Simd}. */
export const enum SimdOp {
  V128Load = 0,
  V128Store = 11,
  V128Const = 12,
  I8x16Splat = 15,
  I64x2Splat = 18,
  /** Instructions with a number of a lane behind them. */
  FirstLane = 21,
  I64x2ReplaceLane = 30,
  LastLane = 34,
  I8x16Eq = 35,
  I8x16Bitmask = 100,
}

/** Codes of value types. */
export const enum WasmType {
  I32 = 0x7f,
  I64 = 0x7e,
  F32 = 0x7d,
  F64 = 0x7c,
  V128 = 0x7b,
  FuncRef = 0x70,
}
