/** What stands for functions of `sync/atomic` and `internal/runtime/atomic` in programs that run on several threads:
 *  WebAssembly's atomic instructions, instead of the plain accesses of intrinsics.ts. Such programs are only collected
 *  while all threads stand still, so pointers need no write barrier here. */
import type { Builder } from "./builder.ts";
import type { Intrinsic } from "./intrinsics.ts";
import { Num } from "./num.ts";
import { SOp, type Value, VT } from "./value.ts";

/** What is accessed: of a pointer the lower half, since the upper one is zero and stays so. */
const enum Width {
  W32,
  W64,
  W8,
}

/** First opcodes (after 0xFE) of each kind of access; those of the widths follow in the order of {@link Width}. */
const enum Code {
  Notify = 0x00,
  Wait32 = 0x01,
  Load = 0x10,
  Store = 0x17,
  Add = 0x1e,
  And = 0x2c,
  Or = 0x33,
  Exchange = 0x41,
  CompareExchange = 0x48,
}

function typeOf(width: Width): VT {
  return width === Width.W64 ? VT.I64 : VT.I32;
}

function access(b: Builder, code: Code, width: Width, result: VT, args: Value[]): Value {
  b.nilCheck(args[0]);
  const v = b.value(SOp.Atomic, result, ...args);
  v.aux = code + width;
  return v;
}

function load(width: Width, pointer = false): Intrinsic {
  return (b, args) => {
    const v = access(b, Code.Load, width, typeOf(width), args);
    return [pointer ? b.pointer(v) : v];
  };
}

function store(width: Width): Intrinsic {
  return (b, args) => {
    access(b, Code.Store, width, VT.Void, args);
    return [];
  };
}

function exchange(width: Width, pointer = false): Intrinsic {
  return (b, args) => {
    const v = access(b, Code.Exchange, width, typeOf(width), args);
    return [pointer ? b.pointer(v) : v];
  };
}

function compareAndSwap(width: Width): Intrinsic {
  return (b, args) => {
    const found = access(b, Code.CompareExchange, width, typeOf(width), args);
    return [b.num(width === Width.W64 ? Num.I64Eq : Num.I32Eq, found, args[1])];
  };
}

function update(code: Code, width: Width, result: "new" | "old" | "none"): Intrinsic {
  return (b, args) => {
    const old = access(b, code, width, typeOf(width), args);
    if (result === "none") return [];
    if (result === "old") return [old];
    return [b.num(width === Width.W64 ? Num.I64Add : Num.I32Add, old, args[1])];
  };
}

const table = new Map<string, Intrinsic>();

function define(pkgPath: string, entries: Readonly<Record<string, Intrinsic>>): void {
  for (const [name, make] of Object.entries(entries)) table.set(`${pkgPath}.${name}`, make);
}

/** What stands for calls of `name` in package `pkgPath` where threads share memory; null if that makes no difference. */
export function atomicIntrinsic(pkgPath: string, name: string): Intrinsic | null {
  return table.get(`${pkgPath}.${name}`) ?? null;
}

const { W32, W64, W8 } = { W32: Width.W32, W64: Width.W64, W8: Width.W8 } as const;

define("sync/atomic", {
  LoadPointer: load(W32, true),
  StorePointer: store(W32),
  SwapPointer: exchange(W32, true),
  CompareAndSwapPointer: compareAndSwap(W32),
});
for (const [type, width] of [
  ["Int32", W32],
  ["Uint32", W32],
  ["Int64", W64],
  ["Uint64", W64],
  ["Uintptr", W64],
] as const) {
  define("sync/atomic", {
    [`Load${type}`]: load(width),
    [`Store${type}`]: store(width),
    [`Swap${type}`]: exchange(width),
    [`CompareAndSwap${type}`]: compareAndSwap(width),
    [`Add${type}`]: update(Code.Add, width, "new"),
    [`And${type}`]: update(Code.And, width, "old"),
    [`Or${type}`]: update(Code.Or, width, "old"),
  });
}

define("internal/runtime/atomic", {
  Load: load(W32),
  LoadAcq: load(W32),
  Load8: load(W8),
  Load64: load(W64),
  LoadAcq64: load(W64),
  LoadAcquintptr: load(W64),
  Loadp: load(W32, true),
  Loadint32: load(W32),
  Loadint64: load(W64),
  Loaduint: load(W64),
  Loaduintptr: load(W64),
  Store: store(W32),
  StoreRel: store(W32),
  Store8: store(W8),
  Store64: store(W64),
  StoreRel64: store(W64),
  StoreReluintptr: store(W64),
  Storeint32: store(W32),
  Storeint64: store(W64),
  Storeuintptr: store(W64),
  StorepNoWB: store(W32),
  Xadd: update(Code.Add, W32, "new"),
  Xaddint32: update(Code.Add, W32, "new"),
  Xadd64: update(Code.Add, W64, "new"),
  Xaddint64: update(Code.Add, W64, "new"),
  Xadduintptr: update(Code.Add, W64, "new"),
  Xchg: exchange(W32),
  Xchg8: exchange(W8),
  Xchgint32: exchange(W32),
  Xchg64: exchange(W64),
  Xchgint64: exchange(W64),
  Xchguintptr: exchange(W64),
  And8: update(Code.And, W8, "none"),
  Or8: update(Code.Or, W8, "none"),
  And: update(Code.And, W32, "none"),
  Or: update(Code.Or, W32, "none"),
  And32: update(Code.And, W32, "old"),
  Or32: update(Code.Or, W32, "old"),
  And64: update(Code.And, W64, "old"),
  Or64: update(Code.Or, W64, "old"),
  Anduintptr: update(Code.And, W64, "old"),
  Oruintptr: update(Code.Or, W64, "old"),
  Cas: compareAndSwap(W32),
  CasRel: compareAndSwap(W32),
  Casint32: compareAndSwap(W32),
  Cas64: compareAndSwap(W64),
  Casint64: compareAndSwap(W64),
  Casuintptr: compareAndSwap(W64),
  Casp1: compareAndSwap(W32),
});

define("sync", {
  runtime_LoadAcquintptr: load(W64),
  runtime_StoreReluintptr: (b, args) => {
    store(W64)(b, args);
    return [b.i64(0)];
  },
});

define("runtime", {
  /** Sleeps while the word is what it should be, for so many nanoseconds at most (negative: for ever). */
  futexsleep: (b, args) => {
    access(b, Code.Wait32, Width.W32, VT.I32, args);
    return [];
  },
  /** Wakes so many of those that sleep on the word. */
  futexwakeup: (b, args) => {
    access(b, Code.Notify, Width.W32, VT.I32, args);
    return [];
  },
});
