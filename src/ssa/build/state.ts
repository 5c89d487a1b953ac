/** State of building data-flow form: of a package ({@link PkgState}) and of one function ({@link FnState}). */
import { InternalError } from "../../base/diag.ts";
import { formatPosition, type Pos } from "../../base/pos.ts";
import type { Func, Name, Node } from "../../ir/node.ts";
import type { Noder } from "../../ir/noder/noder.ts";
import { ReassignOracle } from "../../ir/reassign.ts";
import type { Target } from "../../ir/target.ts";
import { linkSymString, pathToPrefix } from "../../ir/typefmt.ts";
import { alignOf, hasPointers } from "../../ir/typeops.ts";
import type { Sym, Type } from "../../ir/types.ts";
import type { Universe } from "../../ir/universe.ts";
import type { Builder, Variable } from "../builder.ts";
import { type Component, Layout, pointerWords } from "../layout.ts";
import type { DataSymbol, SourcePlace } from "../object.ts";
import { MapTypes } from "../reflectdata/maptype.ts";
import { type Block, Mem, type SFunc, type Sig, type Slot, SOp, type Value, VFlag, VT } from "../value.ts";
import type { BackingStore } from "./append.ts";
import type { SliceMove } from "./stackslices.ts";

interface SlotShape {
  readonly size: number;
  readonly align: number;
  readonly pointers: readonly number[];
  /** The same for all types whose values fit into each other's slots. */
  readonly key: string;
}

/** What building a package shares. */
export class PkgState {
  readonly layout: Layout;
  readonly target: Target;
  readonly universe: Universe;
  /** Finished functions: those of the tree and those made by hand. */
  readonly funcs: SFunc[] = [];
  /** Data, in the order in which it was asked for. */
  readonly data: DataSymbol[] = [];
  /** Names of {@link data} and of what is being made, so that everything is made once. */
  private readonly dataNames = new Set<string>();
  private readonly funcNames = new Set<string>();
  /** Function literals that are referred to. */
  readonly closures = new Set<Func>();
  /** What reflectdata has named so far. */
  readonly typeSyms = new Map<Type, string>();
  /** Types whose descriptors wait to be laid out. */
  readonly pendingTypes: Type[] = [];
  readonly mapTypes = new MapTypes();
  private readonly slotShapes = new Map<Type, SlotShape>();
  /** Numbers of unnamed data symbols of the package. */
  private nextData = 0;
  constructor(
    readonly n: Noder,
    /** `//go:linkname` directives of a package (by path): name within it → link name. */
    readonly linknames: (pkgPath: string) => ReadonlyMap<string, string> | undefined,
    /** Code counts what it keeps off the heap at such places (saved.ts); null if it does not. */
    readonly savedPlace: ((pos: Pos) => SourcePlace) | null,
    /** BuildOptions.ownParams */
    readonly ownParams = false,
    /** BuildOptions.threads */
    readonly threads = false,
  ) {
    this.target = n.input.machine;
    this.layout = new Layout(this.target);
    this.universe = n.universe;
  }

  /** What a slot for a value of type `t` looks like. */
  slotShape(t: Type): SlotShape {
    let shape = this.slotShapes.get(t);
    if (shape === undefined) {
      const size = this.layout.size(t);
      const align = alignOf(t, this.target);
      const pointers = size === 0 ? [] : pointerWords(t, this.target);
      shape = { size, align, pointers, key: `${size} ${align} ${pointers.join()}` };
      this.slotShapes.set(t, shape);
    }
    return shape;
  }

  /** True for the first who asks to make the data symbol `name`. */
  claimData(name: string): boolean {
    if (this.dataNames.has(name)) return false;
    this.dataNames.add(name);
    return true;
  }

  /** True for the first who asks to make the function `name`. */
  claimFunc(name: string): boolean {
    if (this.funcNames.has(name)) return false;
    this.funcNames.add(name);
    return true;
  }

  isClaimed(name: string): boolean {
    return this.funcNames.has(name);
  }

  addData(sym: DataSymbol): void {
    this.data.push(sym);
  }

  /** A name for data of this package that nobody else refers to: `main..stmp.1`. */
  privateName(what: string): string {
    return `${this.n.localPkg.path}..${what}.${this.nextData++}`;
  }

  /** Link name of a function. Literals are built only if something refers to them: others were inlined everywhere. */
  funcName(fn: Func): string {
    if (fn.oclosure !== null) this.closures.add(fn);
    return this.symName(fn.sym);
  }

  /** Link name of the function with symbol `sym`. */
  symName(sym: Sym): string {
    const linked = this.linkname(sym);
    if (linked !== undefined) return linked;
    return sym.pkg?.path === "go.runtime" ? `runtime.${sym.name}` : `${pathToPrefix(sym.pkg?.path ?? "")}.${sym.name}`;
  }

  /** Link name of a package-level variable. */
  varName(name: Name): string {
    const { sym } = name;
    return this.linkname(sym) ?? linkSymString(sym);
  }

  /** What a `//go:linkname` directive calls the symbol. */
  linkname(sym: Sym): string | undefined {
    return sym.pkg === null ? undefined : this.linknames(sym.pkg.path)?.get(sym.name);
  }

  position(pos: Pos): string {
    return formatPosition(this.n.fset.position(pos));
  }
}

/** Where a variable is. */
export interface Place {
  /** In machine variables, one for each component. */
  readonly regs: readonly Variable[] | null;
  /** In the frame. */
  readonly slot: Slot | null;
  /** Behind a pointer: a heap variable, one captured by reference, a parameter or result in the caller's frame. */
  readonly ptr: Variable | null;
  /** Behind a pointer that is in the frame: functions with deferred calls find it there when they go on after a panic. */
  readonly ptrSlot: Slot | null;
}

/** A place that `break` and `continue` go to. */
export interface BranchTarget {
  readonly label: Sym | null;
  readonly breakTo: Block;
  /** null for switch and select. */
  readonly continueTo: Block | null;
}

export class FnState {
  readonly layout: Layout;
  readonly places = new Map<Name, Place>();
  /** Values of expressions that have been evaluated ahead of their statement (order.ts): components, or the address
   *  for types that live in memory. */
  readonly done = new Map<Node, Value[]>();
  /** Where `break` and `continue` go, innermost last. */
  readonly targets: BranchTarget[] = [];
  readonly labels = new Map<Sym, Block>();
  /** Labels that `goto` goes to; null until asked for. */
  gotoTargets: Set<Sym> | null = null;
  /** Where `fallthrough` goes. */
  fallTo: Block | null = null;
  /** Results of the function, in order. */
  results: Name[] = [];
  /** Where the caller wants results that live in memory, in order. */
  readonly resultAddrs: Place[] = [];
  /** Arrays in the frame for slices that are appended to, by the node that denotes the slice. */
  readonly backingStores = new Map<Node, BackingStore>();
  /** Slices that are moved to the heap before a statement. */
  sliceMoves: ReadonlyMap<Node, readonly SliceMove[]> | null = null;
  /** The closure object, in closures. */
  ctxt: Value | null = null;
  hasDefer = false;
  /** The compiler would call deferred functions at each return by itself ({@link hasOpenDefers}). */
  openDefers = false;
  /** Depth of inlined calls within expressions: their statements must not clear {@link done}. */
  inlineDepth = 0;
  /** Slots of finished temporaries, by shape. */
  private readonly freeSlots = new Map<string, Slot[]>();
  /** Temporaries of the statement being built. */
  private temps: { slot: Slot; key: string }[] = [];
  private oracle: ReassignOracle | null = null;
  constructor(
    readonly p: PkgState,
    readonly b: Builder,
    readonly sfn: SFunc,
    /** The function in the compiler's tree; null for those made by hand. */
    readonly fn: Func | null,
  ) {
    this.layout = p.layout;
  }

  /** What cannot be built (yet). */
  unsupported(what: string, n: { readonly pos: Pos }): InternalError {
    return new InternalError(`${this.p.position(n.pos)}: cannot build ${what} (in ${this.sfn.name})`);
  }

  /** What `n` always is, as far as the assignments of its variables tell: itself, if nothing else. */
  staticValue(n: Node): Node {
    if (this.fn === null) return n;
    this.oracle ??= new ReassignOracle(this.fn);
    return this.oracle.staticValue(n);
  }

  // -------------------------------------------------------------------------------------------- types

  /** Components of a type that lives in registers. */
  parts(t: Type): readonly Component[] {
    const parts = this.layout.components(t);
    if (parts === null) throw new InternalError(`a type in memory is used as a value (in ${this.sfn.name})`);
    return parts;
  }

  inRegisters(t: Type): boolean {
    return this.layout.components(t) !== null;
  }

  size(t: Type): number {
    return this.layout.size(t);
  }

  // -------------------------------------------------------------------------------------------- slots

  /** A slot of its own for a value of type `t`, live as long as the function. */
  slot(name: string, t: Type): Slot {
    const { size, align, pointers } = this.p.slotShape(t);
    return this.sfn.newSlot(name, size, align, pointers);
  }

  /** Address of a temporary of type `t` with undefined contents, given back when the statement ends. */
  temp(t: Type): Value {
    return this.b.slotAddr(this.tempSlot(t));
  }

  tempSlot(t: Type): Slot {
    const { size, align, pointers, key } = this.p.slotShape(t);
    const slot = this.freeSlots.get(key)?.pop() ?? this.sfn.newSlot("~tmp", size, align, pointers);
    this.temps.push({ slot, key });
    return slot;
  }

  /** A statement begins: returns what {@link popTemps} wants at its end. */
  markTemps(): number {
    return this.temps.length;
  }

  popTemps(mark: number): void {
    while (this.temps.length > mark) {
      const { slot, key } = this.temps.pop()!;
      const free = this.freeSlots.get(key);
      if (free === undefined) this.freeSlots.set(key, [slot]);
      else free.push(slot);
    }
  }

  // -------------------------------------------------------------------------------------------- memory

  /** Reads a value of type `t` (in registers) at `addr + offset`. */
  load(t: Type, addr: Value, offset = 0): Value[] {
    const parts = this.parts(t);
    const out: Value[] = new Array(parts.length);
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      const v = this.b.load(part.mem, addr, offset + part.offset);
      // Itab words are addresses of data: nothing for the collector.
      if (part.mem === Mem.Ptr && !part.pointer) v.flags &= ~VFlag.Pointer;
      out[i] = v;
    }
    return out;
  }

  /** Writes a value of type `t` (in registers) to `addr + offset`. */
  store(t: Type, addr: Value, values: readonly Value[], offset = 0): void {
    const parts = this.parts(t);
    const stack = isStackAddr(addr) || !this.hasPointers(t);
    for (let i = 0; i < parts.length; i++) {
      const { mem, pointer, offset: at } = parts[i];
      if (pointer && !stack) this.b.storePtr(addr, values[i], offset + at);
      else this.b.store(mem, addr, values[i], offset + at);
    }
  }

  /** Like {@link store} to memory that was just allocated: no write barrier. */
  storeFresh(t: Type, addr: Value, values: readonly Value[], offset = 0): void {
    const parts = this.parts(t);
    for (let i = 0; i < parts.length; i++) {
      this.b.store(parts[i].mem, addr, values[i], offset + parts[i].offset);
    }
  }

  /** Copies a value of type `t` from `src` to `dst`. */
  move(t: Type, dst: Value, src: Value, fresh = false): void {
    const size = this.size(t);
    if (size === 0 || dst === src) return;
    if (this.inRegisters(t)) {
      const values = this.load(t, src);
      if (fresh) this.storeFresh(t, dst, values);
      else this.store(t, dst, values);
      return;
    }
    const v = this.b.value(SOp.Move, VT.Void, dst, src);
    v.aux = size;
    v.obj = fresh || isStackAddr(dst) || !this.hasPointers(t) ? null : t;
  }

  /** Sets a value of type `t` at `addr` to zero. */
  zeroAt(t: Type, addr: Value, fresh = false): void {
    const size = this.size(t);
    if (size === 0) return;
    const v = this.b.value(SOp.Zero, VT.Void, addr);
    v.aux = size;
    v.obj = fresh || isStackAddr(addr) || !this.hasPointers(t) ? null : t;
  }

  hasPointers(t: Type): boolean {
    return hasPointers(t, this.p.target);
  }

  /** The zero value of a type in registers. */
  zero(t: Type): Value[] {
    return this.parts(t).map((part) => this.b.zero(part.vt, part.pointer));
  }

  // -------------------------------------------------------------------------------------------- variables

  newRegs(name: string, t: Type): Variable[] {
    return this.parts(t).map((part) => this.b.newVariable(name, part.vt, part.pointer));
  }

  readRegs(regs: readonly Variable[]): Value[] {
    return regs.map((v) => this.b.read(v));
  }

  writeRegs(regs: readonly Variable[], values: readonly Value[]): void {
    for (let i = 0; i < regs.length; i++) this.b.write(regs[i], values[i]);
  }

  // -------------------------------------------------------------------------------------------- calls

  /** Calls `runtime.name`. `results` has a letter for each machine value of its results: p pointer, i I32 (also
   *  addresses of data), l I64, f F32, d F64. */
  rtcall(name: string, args: readonly Value[], results = ""): Value[] {
    const { sig, pointers } = rtSig(args, results);
    return this.b.call(`runtime.${name}`, sig, args, pointers);
  }

  /** Calls `runtime.name`, which does not come back. */
  rtpanic(name: string, args: readonly Value[] = []): void {
    this.b.panicCall(`runtime.${name}`, rtSig(args, "").sig, args);
  }
}

function rtSig(args: readonly Value[], results: string): { sig: Sig; pointers: boolean[] } {
  const types: VT[] = [];
  const pointers: boolean[] = [];
  for (const c of results) {
    types.push(c === "l" ? VT.I64 : c === "f" ? VT.F32 : c === "d" ? VT.F64 : VT.I32);
    pointers.push(c === "p");
  }
  return { sig: { params: args.map((v) => v.type), results: types }, pointers };
}

/** The address is in a frame, so that no write barrier is needed. */
export function isStackAddr(addr: Value): boolean {
  let v = addr;
  while (v.op === SOp.Num && v.args.length === 2 && v.isPointer) v = v.args[0];
  return v.op === SOp.SlotAddr;
}
