/** What stands for the functions of `sync/atomic` and `internal/runtime/atomic`: plain accesses where goroutines take
 *  turns, and WebAssembly's atomic instructions in programs that run on several threads. Those are only collected while
 *  all threads stand still, so pointers need no write barrier there. */
import type { Builder } from "./builder.ts";
import type { Intrinsic } from "./intrinsics.ts";
import { Num } from "./num.ts";
import { Mem, SOp, type Value, VT } from "./value.ts";

/** First opcodes (after 0xFE) of each kind of access; those of the widths follow in the order of {@link widthOf}. */
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

/** Stands for calls by a function's full name. */
export const plainAtomics: ReadonlyMap<string, Intrinsic> = atomicFunctions({
  load:
    (mem) =>
    (b, [addr]) => {
      b.nilCheck(addr);
      return [b.load(mem, addr)];
    },
  store:
    (mem, barrier) =>
    (b, [addr, value]) => {
      b.nilCheck(addr);
      if (barrier) b.storePtr(addr, value);
      else b.store(mem, addr, value);
      return [];
    },
  swap:
    (mem) =>
    (b, [addr, value]) => {
      b.nilCheck(addr);
      const old = b.load(mem, addr);
      plainStore(b, mem, addr, value);
      return [old];
    },
  compareAndSwap:
    (mem) =>
    (b, [addr, old, value]) => {
      b.nilCheck(addr);
      const same = b.num(equal(mem), b.load(mem, addr), old);
      b.ifThen(same, () => plainStore(b, mem, addr, value));
      return [same];
    },
  update:
    (mem, code, result) =>
    (b, [addr, operand]) => {
      b.nilCheck(addr);
      const old = b.load(mem, addr);
      const value = b.num(operation(code, mem), old, operand);
      b.store(mem, addr, value);
      return given(result, old, value);
    },
});

const sharedAtomics: ReadonlyMap<string, Intrinsic> = new Map([
  ...atomicFunctions({
    load: (mem) => (b, args) => {
      const v = access(b, Code.Load, mem, typeOf(mem), args);
      return [mem === Mem.Ptr ? b.pointer(v) : v];
    },
    store: (mem) => (b, args) => {
      access(b, Code.Store, mem, VT.Void, args);
      return [];
    },
    swap: (mem) => (b, args) => {
      const v = access(b, Code.Exchange, mem, typeOf(mem), args);
      return [mem === Mem.Ptr ? b.pointer(v) : v];
    },
    compareAndSwap: (mem) => (b, args) => {
      const found = access(b, Code.CompareExchange, mem, typeOf(mem), args);
      return [b.num(equal(mem), found, args[1])];
    },
    update: (mem, code, result) => (b, args) => {
      const old = access(b, code, mem, typeOf(mem), args);
      return given(result, old, result === "new" ? b.num(operation(code, mem), old, args[1]) : old);
    },
  }),
  /** Sleeps while the word is what it should be, for so many nanoseconds at most (negative: for ever). */
  ["runtime.futexsleep", runtimeAccess(Code.Wait32)],
  /** Wakes so many of those that sleep on the word. */
  ["runtime.futexwakeup", runtimeAccess(Code.Notify)],
]);

/** What stands for calls of `name` in package `pkgPath` where threads share memory; null if that makes no difference. */
export function atomicIntrinsic(pkgPath: string, name: string): Intrinsic | null {
  return sharedAtomics.get(`${pkgPath}.${name}`) ?? null;
}

// ----------------------------------------------------------------------------------------------------- functions

type Update = Code.Add | Code.And | Code.Or;
type Result = "new" | "old" | "none";

/** How each kind of function is made, by what it accesses. */
interface Kinds {
  load(mem: Mem): Intrinsic;
  /** `barrier`: the collector has to know. */
  store(mem: Mem, barrier: boolean): Intrinsic;
  swap(mem: Mem): Intrinsic;
  compareAndSwap(mem: Mem): Intrinsic;
  /** Stores what `code` makes of the old value and the operand; gives the new value or the old one. */
  update(mem: Mem, code: Update, result: Result): Intrinsic;
}

function atomicFunctions({ load, store, swap, compareAndSwap, update }: Kinds): Map<string, Intrinsic> {
  const functions = new Map<string, Intrinsic>();
  const define = (pkgPath: string, entries: Readonly<Record<string, Intrinsic>>): void => {
    for (const [name, make] of Object.entries(entries)) functions.set(`${pkgPath}.${name}`, make);
  };
  const [word8, word32, word64] = [Mem.I8U, Mem.I32, Mem.I64];
  define("sync/atomic", {
    LoadPointer: load(Mem.Ptr),
    StorePointer: store(Mem.Ptr, true),
    SwapPointer: swap(Mem.Ptr),
    CompareAndSwapPointer: compareAndSwap(Mem.Ptr),
  });
  for (const [type, mem] of [
    ["Int32", word32],
    ["Uint32", word32],
    ["Int64", word64],
    ["Uint64", word64],
    ["Uintptr", word64],
  ] as const) {
    define("sync/atomic", {
      [`Load${type}`]: load(mem),
      [`Store${type}`]: store(mem, false),
      [`Swap${type}`]: swap(mem),
      [`CompareAndSwap${type}`]: compareAndSwap(mem),
      [`Add${type}`]: update(mem, Code.Add, "new"),
      [`And${type}`]: update(mem, Code.And, "old"),
      [`Or${type}`]: update(mem, Code.Or, "old"),
    });
  }
  define("internal/runtime/atomic", {
    Load: load(word32),
    LoadAcq: load(word32),
    Load8: load(word8),
    Load64: load(word64),
    LoadAcq64: load(word64),
    LoadAcquintptr: load(word64),
    Loadp: load(Mem.Ptr),
    Loadint32: load(word32),
    Loadint64: load(word64),
    Loaduint: load(word64),
    Loaduintptr: load(word64),
    Store: store(word32, false),
    StoreRel: store(word32, false),
    Store8: store(word8, false),
    Store64: store(word64, false),
    StoreRel64: store(word64, false),
    StoreReluintptr: store(word64, false),
    Storeint32: store(word32, false),
    Storeint64: store(word64, false),
    Storeuintptr: store(word64, false),
    StorepNoWB: store(Mem.Ptr, false),
    Xadd: update(word32, Code.Add, "new"),
    Xaddint32: update(word32, Code.Add, "new"),
    Xadd64: update(word64, Code.Add, "new"),
    Xaddint64: update(word64, Code.Add, "new"),
    Xadduintptr: update(word64, Code.Add, "new"),
    Xchg: swap(word32),
    Xchg8: swap(word8),
    Xchgint32: swap(word32),
    Xchg64: swap(word64),
    Xchgint64: swap(word64),
    Xchguintptr: swap(word64),
    And8: update(word8, Code.And, "none"),
    Or8: update(word8, Code.Or, "none"),
    And: update(word32, Code.And, "none"),
    Or: update(word32, Code.Or, "none"),
    And32: update(word32, Code.And, "old"),
    Or32: update(word32, Code.Or, "old"),
    And64: update(word64, Code.And, "old"),
    Or64: update(word64, Code.Or, "old"),
    Anduintptr: update(word64, Code.And, "old"),
    Oruintptr: update(word64, Code.Or, "old"),
    Cas: compareAndSwap(word32),
    CasRel: compareAndSwap(word32),
    Casint32: compareAndSwap(word32),
    Cas64: compareAndSwap(word64),
    Casint64: compareAndSwap(word64),
    Casuintptr: compareAndSwap(word64),
    Casp1: compareAndSwap(Mem.Ptr),
  });
  define("sync", {
    runtime_LoadAcquintptr: load(word64),
    runtime_StoreReluintptr: (b, args) => {
      store(word64, false)(b, args);
      return [b.i64(0)];
    },
  });
  return functions;
}

function equal(mem: Mem): Num {
  return mem === Mem.I64 ? Num.I64Eq : Num.I32Eq;
}

function operation(code: Update, mem: Mem): Num {
  const wide = mem === Mem.I64;
  if (code === Code.Add) return wide ? Num.I64Add : Num.I32Add;
  if (code === Code.And) return wide ? Num.I64And : Num.I32And;
  return wide ? Num.I64Or : Num.I32Or;
}

function given(result: Result, old: Value, value: Value): Value[] {
  return result === "none" ? [] : [result === "new" ? value : old];
}

function plainStore(b: Builder, mem: Mem, addr: Value, value: Value): void {
  if (mem === Mem.Ptr) b.storePtr(addr, value);
  else b.store(mem, addr, value);
}

// -------------------------------------------------------------------------------------------------- instructions

/** Place of the instruction for what is accessed: of a pointer the lower half, since the upper one is zero and stays so. */
function widthOf(mem: Mem): number {
  if (mem === Mem.I64) return 1;
  return mem === Mem.I8U ? 2 : 0;
}

function typeOf(mem: Mem): VT {
  return mem === Mem.I64 ? VT.I64 : VT.I32;
}

function access(b: Builder, code: Code, mem: Mem, result: VT, args: Value[]): Value {
  b.nilCheck(args[0]);
  const v = b.value(SOp.Atomic, result, ...args);
  v.aux = code + widthOf(mem);
  return v;
}

function runtimeAccess(code: Code): Intrinsic {
  return (b, args) => {
    access(b, code, Mem.I32, VT.I32, args);
    return [];
  };
}
