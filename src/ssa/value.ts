/** The data-flow form that functions are compiled in: a graph of blocks, each a list of values in the order in which
 *  they happen. A value is computed once; where control flow joins, a phi chooses. Machine types only: a Go value of
 *  several words (string, slice, interface, complex, small struct) is several values, see layout.ts.
 *
 *  Order: values with effects (stores, calls, checks) and loads stay in the order of their block; values without may be
 *  moved, shared or dropped. There is no memory state to thread through. docs/execution.md has the conventions. */
import type { Pos } from "../base/pos.ts";

/** Machine type of a value. */
export const enum VT {
  Void,
  I32,
  I64,
  F32,
  F64,
  /** A vector of 16 bytes: within a block only, never across a call. */
  V128,
}

/** What a value does. `args`, `aux` (an integer), `big` (64-bit integer), `num` (a float), `sym` and `obj` as said. */
export const enum SOp {
  /** One argument for each predecessor of the block, in their order. At the head of the block. */
  Phi,
  /** Parameter number `aux` of the function (in wasm parameters). Entry block only. */
  Param,
  /** Closure context on entry: the address of the closure object. Entry block only. */
  Ctxt,
  /** I32: `aux`. */
  Const32,
  /** I64: `big`. */
  Const64,
  /** F32 and F64: `num`; NaN payloads are made by reinterpreting integers. */
  ConstF,
  /** Address of data symbol `sym` plus `aux`. */
  Addr,
  /** Code address of function `sym` (its index in the function table): what a closure object holds. */
  FuncAddr,
  /** Address of frame slot `obj` (a {@link Slot}) plus `aux`. Never moved across a call that may park: made anew. */
  SlotAddr,
  /** Numeric operation `aux` (a `Num` of num.ts) on its arguments. */
  Num,
  /** args[0] ? args[1] : args[2], both computed (wasm `select`); the condition is I32. */
  Select,
  /** Memory access `mem` ({@link Mem}) at args[0] + aux. */
  Load,
  /** Memory access `mem` at args[0] + aux of args[1]. */
  Store,
  /** Stores pointer args[1] as a 64-bit word at args[0] + aux, with the collector's write barrier if the destination
   *  may be in the heap. */
  StorePtr,
  /** Copies `aux` bytes from args[1] to args[0]; the two are equal or do not overlap. `obj`: the Go type if it has
   *  pointers and the destination may be in the heap, else null. */
  Move,
  /** Clears `aux` bytes at args[0]; `obj` as for Move. */
  Zero,
  /** Copies args[2] (I32) bytes from args[1] to args[0]; may overlap; no pointers or no barrier needed. `aux`: 1 if
   *  they are many. */
  MemCopy,
  /** Fills args[2] (I32) bytes at args[0] with byte args[1]. `aux`: 1 if they are many. */
  MemFill,
  /** Panics if args[0] is not a valid pointer, i.e. below 4096 unsigned. */
  NilCheck,
  /** Panics unless I64 args[0] < args[1] unsigned (index) or <= (slices); `aux` is the {@link BoundsKind}. Unsigned
   *  indexes have `unsigned` kinds. Arguments are (index or bound, length or other bound). */
  BoundsCheck,
  /** Panics with "integer divide by zero" if args[0] (I32 or I64) is 0. */
  DivCheck,
  /** Panics with "negative shift amount" if args[0] (I32 or I64) is negative. */
  ShiftCheck,
  /** Calls function `sym` with `args`; `sig` its lowered signature. Its results are {@link SOp.Result}s; with one
   *  result the call itself is the value. */
  Call,
  /** Calls the function with code address args[0] with the other arguments; `ctxt` set before by SetCtxt. */
  CallIndirect,
  /** Sets the closure context register for the CallIndirect that follows: args[0]. */
  SetCtxt,
  /** Result number `aux` of call args[0], which has several. */
  Result,
  /** A call of `sym` that does not come back (a panic); the block ends in Exit. */
  PanicCall,
  /** Suspends the goroutine (status `aux`, see {@link Status}); goes on here when it is resumed. */
  Park,
  /** A chance to be preempted, in loops: goes on here. An iteration counts as `aux` (0: as one); {@link EntryPoll}: the
   *  program says when it is due. */
  Poll,
  /** Address of this function's frame. */
  FrameAddr,
  /** Address of the caller's frame: what the frame pointer was before this function made its own. */
  CallerFrame,
  /** Code address (pc) of the caller's call, I32. */
  CallerPC,
  /** Machine registers of the run: `aux` is a {@link Reg}. */
  GetReg,
  /** Sets `aux` (a {@link Reg}) to args[0]. */
  SetReg,
  /** Atomic access `aux` (a wasm 0xFE opcode) with memory access width in the opcode; args: address, operands. */
  Atomic,
  /** memory.size in 64 KiB pages. */
  MemorySize,
  /** memory.grow by args[0] pages: the old size or -1. */
  MemoryGrow,
  /** SIMD: bytes of the 8-byte group args[0] (I64) that equal the byte args[1] (I32), as a bit mask (I32); with `aux` 16 of
   *  the 16 bytes in args[0] and args[2]. */
  MatchBytes,
  /** SIMD operation `aux` (a `Simd` of simd.ts) on its arguments; `num` is the lane, -1 for none. */
  Simd,
  /** args[0] stays alive up to here. */
  KeepAlive,
  /** Wasm trap: a state that cannot occur. */
  Unreachable,
}

/** `aux` of a poll that is due while `runtime.stopping` is not 0. */
export const EntryPoll = -1;

/** Width and extension of a memory access. */
export const enum Mem {
  I32,
  I64,
  F32,
  F64,
  /** 8 bits to and from I32. */
  I8S,
  I8U,
  I16S,
  I16U,
  /** A pointer word: 64 bits in memory of which the upper half is zero, I32 as a value. */
  Ptr,
  V128,
}

/** Registers of the running thread: wasm globals. */
export const enum Reg {
  /** Frame of the running function; stacks grow down. */
  SP,
  /** Frames must not go below this. */
  Limit,
  /** Closure context of the indirect call being made. */
  Ctxt,
  /** See {@link Status}. */
  Status,
  /** Not 0: the function entered goes on from its frame instead of starting. */
  Resuming,
  /** The write barrier is on. */
  Barrier,
  /** The running goroutine's descriptor (runtime.g). */
  G,
}

/** Why functions return without a result. */
export const enum Status {
  None,
  /** Parked; somebody will make it runnable. */
  Park,
  /** The stack is too small for a call: its arguments wait in the argument area. */
  MoreStack,
  /** Preempted or native stack too deep: runnable at once. */
  Yield,
}

/** Which bounds panic (runtime.goPanic…); the order of the compiler's ssa.BoundsKind. */
export const enum BoundsKind {
  /** s[x], 0 <= x < len(s) failed */
  Index,
  IndexU,
  /** s[?:x], 0 <= x <= len(s) failed */
  SliceAlen,
  SliceAlenU,
  /** s[?:x], 0 <= x <= cap(s) failed */
  SliceAcap,
  SliceAcapU,
  /** s[x:y], 0 <= x <= y failed */
  SliceB,
  SliceBU,
  Slice3Alen,
  Slice3AlenU,
  Slice3Acap,
  Slice3AcapU,
  Slice3B,
  Slice3BU,
  Slice3C,
  Slice3CU,
  /** (*[x]T)(s), 0 <= x <= len(s) failed */
  Convert,
}

export const enum VFlag {
  /** An I32 that the collector has to see, and that may point into the stack. */
  Pointer = 1 << 0,
  /** A check that is known to hold: dropped. */
  Proved = 1 << 1,
  /** A call of a closure or function that cannot be reached from a goroutine switch (runtime internals). */
  NoPark = 1 << 2,
  /** A tail position: the frame can be given up (method wrappers). */
  Tail = 1 << 3,
  /** The store initialises memory that was just allocated: no barrier. */
  NoBarrier = 1 << 4,
}

/** The lowered signature of a function: wasm types. Two Go types with the same one share thunks and type checks. */
export interface Sig {
  readonly params: readonly VT[];
  readonly results: readonly VT[];
}

/** A variable in the frame: its address is taken, or it is not a value of few words. */
export interface Slot {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly align: number;
  /** Offsets of its pointer words, in units of 8 bytes; cleared on entry. */
  readonly pointers: readonly number[];
  /** From the frame's address; laid out by the frame pass. */
  offset: number;
}

export class Value {
  /** Scratch of the pass that runs. */
  mark = 0;
  uses = 0;
  aux = 0;
  big = 0n;
  num = 0;
  mem: Mem = 0;
  flags = 0;
  sym: string | null = null;
  obj: unknown = null;
  sig: Sig | null = null;
  /** Of a phi that turned out to be another value: that one. */
  forward: Value | null = null;
  constructor(
    readonly id: number,
    public op: SOp,
    public type: VT,
    public args: Value[],
    public block: Block,
    public pos: Pos,
  ) {}

  get isPointer(): boolean {
    return (this.flags & VFlag.Pointer) !== 0;
  }

  /** Is to do what the other one does, with arguments of its own. */
  copyFrom(like: Value): void {
    this.aux = like.aux;
    this.big = like.big;
    this.num = like.num;
    this.mem = like.mem;
    this.flags = like.flags;
    this.sym = like.sym;
    this.obj = like.obj;
    this.sig = like.sig;
  }
}

export const enum BlockKind {
  /** Goes on to succs[0]. */
  Plain,
  /** control (I32) ≠ 0: succs[0], else succs[1]. */
  If,
  /** control (I32) chooses: succs[control], the last one if it is out of range. */
  Switch,
  /** Returns `results`. */
  Ret,
  /** Does not come here: after a panic. */
  Exit,
}

export class Block {
  kind: BlockKind = BlockKind.Plain;
  /** In order, phis first. */
  values: Value[] = [];
  control: Value | null = null;
  results: Value[] = [];
  succs: Block[] = [];
  preds: Block[] = [];
  /** Which way an If mostly goes: 1 to succs[0], -1 to succs[1], 0 unknown. */
  likely = 0;
  /** All predecessors are known (during building). */
  sealed = false;
  mark = 0;
  constructor(
    readonly id: number,
    public pos: Pos,
  ) {}
}

export const enum FnFlag {
  /** A method wrapper or the like: not shown in tracebacks, transparent to recover. */
  Wrapper = 1 << 0,
  /** Has deferred calls; goes on at its `deferExit` block after a recovered panic. */
  HasDefer = 1 << 1,
  /** May exist in several packages: the linker keeps one. */
  Dupok = 1 << 2,
  /** Runs on the scheduler's stack or must not be preempted: no polls, no stack check, its frame fits the reserve. */
  NoSplit = 1 << 3,
  /** Has addresses as numbers (`//go:uintptrkeepalive`): the stack must not move before what it calls has used them, so it
   *  does not check the stack though it may park; its frame and those of what it calls fit the reserve. */
  StackStays = 1 << 6,
  /** Nothing is checked (`//go:nowritebarrierrec`): for the write barrier, which runs without a frame. */
  Unchecked = 1 << 7,
  /** Closures: reads the context register. */
  NeedCtxt = 1 << 4,
  /** Its address is taken (closure object, itab, method table): it needs an entry in the function table. */
  AddressTaken = 1 << 5,
}

/** A function in data-flow form. */
export class SFunc {
  readonly blocks: Block[] = [];
  readonly slots: Slot[] = [];
  flags = 0;
  /** Which parameters (wasm) are pointers. */
  paramPointers: boolean[] = [];
  /** How package reflect lays out its calls ({@link Layout.frameLayout}, slots). */
  frameLayout: readonly number[] = [];
  /** What tracebacks show of the arguments (traceargs.ts). */
  traceArgs: readonly number[] = [];
  /** Methods that it calls through interfaces or looks up by reflection (wasm/methods.ts). */
  readonly usedMethods = new Set<string>();
  /** Where a recovered panic continues: runs what is left to defer and returns the results; null without defers. */
  deferExit: Block | null = null;
  private nextValue = 0;
  private nextBlock = 0;
  constructor(
    /** Link name, e.g. `main.f`, `strings.(*Builder).Grow`. */
    readonly name: string,
    readonly sig: Sig,
    readonly pos: Pos,
  ) {}

  get entry(): Block {
    return this.blocks[0];
  }

  get numValues(): number {
    return this.nextValue;
  }

  newBlock(pos: Pos): Block {
    const block = new Block(this.nextBlock++, pos);
    this.blocks.push(block);
    return block;
  }

  /** A value that is not in a block's list yet. */
  newValue(block: Block, op: SOp, type: VT, args: Value[], pos: Pos): Value {
    const v = new Value(this.nextValue++, op, type, args, block, pos);
    for (const arg of args) arg.uses++;
    return v;
  }

  newSlot(name: string, size: number, align: number, pointers: readonly number[]): Slot {
    const slot = { name, size, align, pointers, offset: -1 };
    this.slots.push(slot);
    return slot;
  }
}

/** Adds an edge. */
export function addEdge(from: Block, to: Block): void {
  from.succs.push(to);
  to.preds.push(from);
}
