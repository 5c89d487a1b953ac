/** Functions that are replaced by operations: those that the compiler replaces on amd64 (ssagen/intrinsics.go), and the
 *  machine access of `overlay/runtime`, whose declarations have no body. */
import { plainAtomics } from "./atomics.ts";
import type { Builder } from "./builder.ts";
import { Num } from "./num.ts";
import { Mem, Reg, type Sig, SOp, type Value, VFlag, VT } from "./value.ts";

/** Makes the values of a call from the components of its arguments. */
export type Intrinsic = (b: Builder, args: Value[]) => Value[];

/** What stands for calls of `name` in package `pkgPath`; null if it is an ordinary function. */
export function intrinsic(pkgPath: string, name: string): Intrinsic | null {
  return table.get(`${pkgPath}.${name}`) ?? null;
}

const noCalls: Sig = { params: [], results: [] };

/** A numeric operation of the same shape. */
function op(code: Num): Intrinsic {
  return (b, args) => [b.num(code, ...args)];
}

/** An operation on 32 bits whose result is an `int`. */
function asInt(make: (b: Builder, x: Value) => Value): Intrinsic {
  return (b, [x]) => {
    const n = make(b, x);
    return [n.type === VT.I32 ? b.num(Num.I64ExtendI32U, n) : n];
  };
}

function trailingZeros(width: number): Intrinsic {
  return asInt((b, x) => {
    if (width === 64) return b.num(Num.I64Ctz, x);
    return b.num(Num.I32Ctz, width === 32 ? x : b.num(Num.I32Or, x, b.i32(1 << width)));
  });
}

function bitLength(width: number): Intrinsic {
  return asInt((b, x) => {
    if (width === 64) return b.num(Num.I64Sub, b.i64(64), b.num(Num.I64Clz, x));
    return b.num(Num.I32Sub, b.i32(32), b.num(Num.I32Clz, x));
  });
}

function reverseBytes32(b: Builder, x: Value): Value {
  const mask = b.i32(0x00ff00ff);
  const odd = b.num(Num.I32And, b.num(Num.I32Rotr, x, b.i32(8)), b.num(Num.I32Xor, mask, b.i32(-1)));
  const even = b.num(Num.I32And, b.num(Num.I32Rotl, x, b.i32(8)), mask);
  return b.num(Num.I32Or, odd, even);
}

function reverseBytes64(b: Builder, x: Value): Value {
  const low = reverseBytes32(b, b.num(Num.I32WrapI64, x));
  const high = reverseBytes32(b, b.num(Num.I32WrapI64, b.num(Num.I64ShrU, x, b.i64(32))));
  return b.num(Num.I64Or, b.num(Num.I64Shl, b.num(Num.I64ExtendI32U, low), b.i64(32)), b.num(Num.I64ExtendI32U, high));
}

/** Rotation of 8 and 16 bits: the value is extended to 32. */
function rotateNarrow(width: number): Intrinsic {
  return (b, [x, k]) => {
    const n = b.num(Num.I32And, b.num(Num.I32WrapI64, k), b.i32(width - 1));
    const left = b.num(Num.I32Shl, x, n);
    const right = b.num(Num.I32ShrU, x, b.num(Num.I32Sub, b.i32(width), n));
    return [b.num(Num.I32And, b.num(Num.I32Or, left, right), b.i32((1 << width) - 1))];
  };
}

function add64(b: Builder, [x, y, carry]: Value[]): Value[] {
  const partial = b.num(Num.I64Add, x, y);
  const sum = b.num(Num.I64Add, partial, carry);
  const over = b.num(Num.I32Or, b.num(Num.I64LtU, partial, x), b.num(Num.I64LtU, sum, partial));
  return [sum, b.num(Num.I64ExtendI32U, over)];
}

function sub64(b: Builder, [x, y, borrow]: Value[]): Value[] {
  const partial = b.num(Num.I64Sub, x, y);
  const diff = b.num(Num.I64Sub, partial, borrow);
  const under = b.num(Num.I32Or, b.num(Num.I64LtU, x, y), b.num(Num.I64LtU, partial, borrow));
  return [diff, b.num(Num.I64ExtendI32U, under)];
}

function mulHigh(b: Builder, x: Value, y: Value): Value {
  const shift = b.i64(32);
  const mask = b.i64(0xffffffff);
  const low = (v: Value): Value => b.num(Num.I64And, v, mask);
  const high = (v: Value): Value => b.num(Num.I64ShrU, v, shift);
  const mul = (u: Value, v: Value): Value => b.num(Num.I64Mul, u, v);
  const add = (u: Value, v: Value): Value => b.num(Num.I64Add, u, v);
  const [xl, xh, yl, yh] = [low(x), high(x), low(y), high(y)];
  const mid = add(mul(xh, yl), high(mul(xl, yl)));
  const mid2 = add(mul(xl, yh), low(mid));
  return add(add(mul(xh, yh), high(mid)), high(mid2));
}

function mul64(b: Builder, [x, y]: Value[]): Value[] {
  return [mulHigh(b, x, y), b.num(Num.I64Mul, x, y)];
}

function getReg(reg: Reg, pointer: boolean): Intrinsic {
  return (b) => {
    const v = b.value(SOp.GetReg, VT.I32);
    v.aux = reg;
    return pointer ? [b.pointer(v)] : [b.num(Num.I64ExtendI32U, v)];
  };
}

function setReg(reg: Reg, pointer: boolean): Intrinsic {
  return (b, [value]) => {
    b.value(SOp.SetReg, VT.Void, pointer ? value : b.num(Num.I32WrapI64, value)).aux = reg;
    return [];
  };
}

/** `large`: 1 if there is no need to look whether it is little. */
function memCopy(large = 0): Intrinsic {
  return (b, [to, from, n]) => {
    b.value(SOp.MemCopy, VT.Void, to, from, b.num(Num.I32WrapI64, n)).aux = large;
    return [];
  };
}

function memZero(large = 0): Intrinsic {
  return (b, [ptr, n]) => {
    b.value(SOp.MemFill, VT.Void, ptr, b.i32(0), b.num(Num.I32WrapI64, n)).aux = large;
    return [];
  };
}

const typedMoveSig: Sig = { params: [VT.I32, VT.I32, VT.I32], results: [] };

/** Copies a value of type `type`: while nobody is to be told of pointers that are overwritten, as any other memory. */
function typedMove(b: Builder, [type, to, from]: Value[]): Value[] {
  const watched = b.num(
    Num.I32Or,
    b.load(Mem.I8U, b.addr("runtime.gcMarking")),
    b.load(Mem.I8U, b.addr("runtime.checkHeap")),
  );
  const [slow, quick, after] = [b.newBlock(), b.newBlock(), b.newBlock()];
  b.branch(watched, slow, quick, -1);
  b.startSealed(slow);
  b.call("runtime.typedmemmove", typedMoveSig, [type, to, from]);
  b.jump(after);
  b.startSealed(quick);
  b.value(SOp.MemCopy, VT.Void, to, from, b.num(Num.I32WrapI64, b.load(Mem.I64, type)));
  b.jump(after);
  b.startSealed(after);
  return [];
}

/** Calls the function value `fn` with the stack pointer at `sp`. */
function callOn(b: Builder, [sp, fn]: Value[]): Value[] {
  const frame = b.value(SOp.FrameAddr, VT.I32);
  b.value(SOp.SetReg, VT.Void, b.num(Num.I32WrapI64, sp)).aux = Reg.SP;
  const code = b.load(Mem.I32, fn);
  b.value(SOp.SetCtxt, VT.Void, fn);
  const call = b.value(SOp.CallIndirect, VT.Void, code);
  call.sig = noCalls;
  call.flags |= VFlag.NoPark;
  b.value(SOp.SetReg, VT.Void, frame).aux = Reg.SP;
  return [];
}

function rotate(code: Num, wide: boolean): Intrinsic {
  return (b, [x, k]) => [b.num(code, x, wide ? k : b.num(Num.I32WrapI64, k))];
}

function widen(b: Builder, v: Value): Value[] {
  return [b.num(Num.I64ExtendI32U, v)];
}

const table = new Map(plainAtomics);

function define(pkgPath: string, entries: Readonly<Record<string, Intrinsic>>): void {
  for (const [name, make] of Object.entries(entries)) table.set(`${pkgPath}.${name}`, make);
}

define("internal/runtime/sys", {
  TrailingZeros8: trailingZeros(8),
  TrailingZeros32: trailingZeros(32),
  TrailingZeros64: trailingZeros(64),
  Len8: bitLength(8),
  Len64: bitLength(64),
  OnesCount64: asInt((b, x) => b.num(Num.I64Popcnt, x)),
  Bswap32: (b, [x]) => [reverseBytes32(b, x)],
  Bswap64: (b, [x]) => [reverseBytes64(b, x)],
  Prefetch: () => [],
  PrefetchStreamed: () => [],
  GetCallerPC: (b) => widen(b, b.value(SOp.CallerPC, VT.I32)),
  GetCallerSP: (b) => widen(b, b.value(SOp.CallerFrame, VT.I32)),
  GetClosurePtr: (b) => widen(b, b.value(SOp.Ctxt, VT.I32)),
});

// The code address of a function value, which is the data word of the interface.
const funcPC: Intrinsic = (b, [, fn]) => widen(b, b.load(Mem.I32, fn));
define("internal/abi", { FuncPCABI0: funcPC, FuncPCABIInternal: funcPC });

define("internal/runtime/math", {
  Mul64: mul64,
  Add64: add64,
  MulUintptr: (b, [x, y]) => [b.num(Num.I64Mul, x, y), b.num(Num.I64Ne, mulHigh(b, x, y), b.i64(0))],
});

define("math/bits", {
  TrailingZeros8: trailingZeros(8),
  TrailingZeros16: trailingZeros(16),
  TrailingZeros32: trailingZeros(32),
  TrailingZeros64: trailingZeros(64),
  Len: bitLength(64),
  Len8: bitLength(8),
  Len16: bitLength(16),
  Len32: bitLength(32),
  Len64: bitLength(64),
  OnesCount: asInt((b, x) => b.num(Num.I64Popcnt, x)),
  OnesCount16: asInt((b, x) => b.num(Num.I32Popcnt, x)),
  OnesCount32: asInt((b, x) => b.num(Num.I32Popcnt, x)),
  OnesCount64: asInt((b, x) => b.num(Num.I64Popcnt, x)),
  ReverseBytes32: (b, [x]) => [reverseBytes32(b, x)],
  ReverseBytes64: (b, [x]) => [reverseBytes64(b, x)],
  RotateLeft: rotate(Num.I64Rotl, true),
  RotateLeft8: rotateNarrow(8),
  RotateLeft16: rotateNarrow(16),
  RotateLeft32: rotate(Num.I32Rotl, false),
  RotateLeft64: rotate(Num.I64Rotl, true),
  Add: add64,
  Add64: add64,
  Sub: sub64,
  Sub64: sub64,
  Mul: mul64,
  Mul64: mul64,
});

define("math", {
  sqrt: op(Num.F64Sqrt),
  Floor: op(Num.F64Floor),
  Ceil: op(Num.F64Ceil),
  Trunc: op(Num.F64Trunc),
  RoundToEven: op(Num.F64Nearest),
});

define("crypto/internal/constanttime", {
  boolToUint8: (_b, [x]) => [x],
  Select: (b, [v, x, y]) => [b.select(b.num(Num.I64Ne, v, b.i64(0)), x, y)],
});

define("math/big", {
  mulWW: mul64,
});

define("internal/runtime/maps", {
  bitsetFirst: (b, [set]) => [b.num(Num.I64Ctz, set)],
  bitsetRemoveBelow: (b, [set, i]) => [b.num(Num.I64And, set, b.num(Num.I64Shl, b.i64(-1), i))],
  bitsetLowestSet: (b, [set]) => [b.num(Num.I32WrapI64, b.num(Num.I64And, set, b.i64(1)))],
  bitsetShiftOutLowest: (b, [set]) => [b.num(Num.I64ShrU, set, b.i64(1))],
  ctrlGroupMatchH2: (b, [group, h]) => widen(b, matchBytes(b, group, b.num(Num.I32WrapI64, h))),
  ctrlGroupMatchEmpty: (b, [group]) => widen(b, matchBytes(b, group, b.i32(0x80))),
  ctrlGroupMatchEmptyOrDeleted: (b, [group]) => [topBits(b, group)],
  ctrlGroupMatchFull: (b, [group]) => [topBits(b, b.num(Num.I64Xor, group, b.i64(-1)))],
});

function matchBytes(b: Builder, group: Value, byte: Value): Value {
  return b.value(SOp.MatchBytes, VT.I32, group, byte);
}

/** The top bit of each byte, gathered: the multiplication moves bit 8i+7 to bit 56+i without carries. */
function topBits(b: Builder, group: Value): Value {
  const bits = b.num(Num.I64ShrU, b.num(Num.I64And, group, b.i64(0x8080808080808080n)), b.i64(7));
  return b.num(Num.I64ShrU, b.num(Num.I64Mul, bits, b.i64(0x0102040810204080n)), b.i64(56));
}

for (const path of ["runtime", "reflect", "internal/reflectlite", "internal/runtime/maps"]) {
  define(path, { typedmemmove: typedMove });
}

define("internal/bytealg", {
  load32: (b, [addr]) => [b.load(Mem.I32, addr)],
  load64: (b, [addr]) => [b.load(Mem.I64, addr)],
  match8: (b, [group, byte]) => [matchBytes(b, group, byte)],
  match16: (b, [addr, byte]) => {
    const match = b.value(SOp.MatchBytes, VT.I32, b.load(Mem.I64, addr), byte, b.load(Mem.I64, addr, 8));
    match.aux = 16;
    return [match];
  },
  first: asInt((b, x) => b.num(Num.I32Ctz, x)),
  count: asInt((b, x) => b.num(Num.I32Popcnt, x)),
});

define("runtime", {
  getg: getReg(Reg.G, true),
  setg: setReg(Reg.G, true),
  getsp: (b) => widen(b, b.value(SOp.FrameAddr, VT.I32)),
  setsp: setReg(Reg.SP, false),
  getlimit: getReg(Reg.Limit, false),
  setlimit: setReg(Reg.Limit, false),
  setbarrier: setReg(Reg.Barrier, false),
  callon: callOn,
  /** Suspends the goroutine: the caller has put it wherever somebody will find it. */
  parkself: (b) => {
    b.value(SOp.Park, VT.Void).aux = 1;
    return [];
  },
  yieldself: (b) => {
    b.value(SOp.Park, VT.Void).aux = 3;
    return [];
  },
  unreachable: (b) => {
    b.value(SOp.Unreachable, VT.Void);
    b.exit();
    return [];
  },
  // Without the check for nil that dereferencing a pointer has.
  load32: (b, [addr]) => [b.load(Mem.I32, addr)],
  load64: (b, [addr]) => [b.load(Mem.I64, addr)],
  store64: (b, [addr, value]) => {
    b.store(Mem.I64, addr, value);
    return [];
  },
  memorypages: (b) => widen(b, b.value(SOp.MemorySize, VT.I32)),
  growmemory: (b, [pages]) => {
    const old = b.value(SOp.MemoryGrow, VT.I32, b.num(Num.I32WrapI64, pages));
    return [b.num(Num.I64ExtendI32S, old)];
  },
  frameaddr: (b) => [b.pointer(b.value(SOp.FrameAddr, VT.I32))],
  callersp: (b) => [b.pointer(b.value(SOp.CallerFrame, VT.I32))],
  getcallerpc: (b) => widen(b, b.value(SOp.CallerPC, VT.I32)),
  getclosureptr: (b) => widen(b, b.value(SOp.Ctxt, VT.I32)),
  callcode: (b, [code]) => {
    b.value(SOp.CallIndirect, VT.Void, code).sig = noCalls;
    return [];
  },
  callargs: (b, [thunk, code]) => {
    b.value(SOp.CallIndirect, VT.Void, thunk, code).sig = { params: [VT.I32], results: [] };
    return [];
  },
  memmove: memCopy(),
  memcopy: memCopy(),
  memzero: memZero(),
  memclrNoHeapPointers: memZero(),
  copylarge: memCopy(1),
  clearlarge: memZero(1),
  ctz64: op(Num.I64Ctz),
  clz64: op(Num.I64Clz),
  popcnt64: op(Num.I64Popcnt),
  mulhigh: (b, [x, y]) => [mulHigh(b, x, y)],
  f64bits: op(Num.I64ReinterpretF64),
  f64frombits: op(Num.F64ReinterpretI64),
  f32bits: op(Num.I32ReinterpretF32),
  f32frombits: op(Num.F32ReinterpretI32),
  KeepAlive: (b, args) => {
    for (const v of args) b.value(SOp.KeepAlive, VT.Void, v);
    return [];
  },
});
