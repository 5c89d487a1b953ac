/** Builds the data-flow form of one function: the current block, variables, and one method for each kind of value.
 *
 *  Variables are renamed while the graph is built (Braun et al., Simple and Efficient Construction of Static Single
 *  Assignment Form, 2013): a block is sealed when all its predecessors are known; until then reads put in phis that are
 *  completed later. */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { Num } from "./num.ts";
import {
  addEdge,
  type Block,
  BlockKind,
  type BoundsKind,
  FnFlag,
  Mem,
  type SFunc,
  type Sig,
  type Slot,
  SOp,
  type Value,
  VFlag,
  VT,
} from "./value.ts";

/** A machine variable: one component of a Go variable or temporary that is not in memory. */
export interface Variable {
  readonly id: number;
  readonly name: string;
  readonly vt: VT;
  readonly pointer: boolean;
}

export class Builder {
  /** Where values are put; null where control does not come. */
  private current: Block | null;
  pos: Pos;
  private nextVariable = 0;
  /** Values of variables at the end of blocks, by block id, then variable id. */
  private readonly defs: (Map<number, Value> | undefined)[] = [];
  /** Phis of blocks that are not sealed. */
  private readonly incomplete = new Map<Block, Map<Variable, Value>>();

  constructor(readonly fn: SFunc) {
    this.pos = fn.pos;
    const entry = fn.newBlock(fn.pos);
    entry.sealed = true;
    this.current = entry;
  }

  // -------------------------------------------------------------------------------------------- blocks

  /** The block being filled. Code that cannot be reached goes into a block without predecessors, dropped later. */
  get block(): Block {
    if (this.current === null) {
      this.current = this.newBlock();
      this.current.sealed = true;
    }
    return this.current;
  }

  /** Control can come to the current place. */
  get reachable(): boolean {
    return this.current !== null;
  }

  newBlock(): Block {
    return this.fn.newBlock(this.pos);
  }

  /** Goes on filling `block`; the block before must have been ended. */
  start(block: Block): void {
    if (this.current !== null) throw new InternalError(`block ${this.current.id} of ${this.fn.name} has no end`);
    this.current = block;
  }

  /** No more predecessors will come. */
  seal(block: Block): void {
    if (block.sealed) return;
    block.sealed = true;
    const phis = this.incomplete.get(block);
    if (phis === undefined) return;
    this.incomplete.delete(block);
    for (const [variable, phi] of phis) this.addPhiOperands(variable, phi);
  }

  startSealed(block: Block): void {
    this.seal(block);
    this.start(block);
  }

  /** Ends the current block with a jump, if control comes here. */
  jump(to: Block): void {
    if (this.current === null) return;
    this.current.kind = BlockKind.Plain;
    addEdge(this.current, to);
    this.current = null;
  }

  branch(control: Value, yes: Block, no: Block, likely = 0): void {
    if (this.current === null) return;
    const block = this.current;
    block.kind = BlockKind.If;
    block.control = control;
    control.uses++;
    block.likely = likely;
    addEdge(block, yes);
    addEdge(block, no);
    this.current = null;
  }

  switch(control: Value, targets: readonly Block[]): void {
    if (this.current === null) return;
    const block = this.current;
    block.kind = BlockKind.Switch;
    block.control = control;
    control.uses++;
    for (const target of targets) addEdge(block, target);
    this.current = null;
  }

  ret(results: readonly Value[]): void {
    if (this.current === null) return;
    this.current.kind = BlockKind.Ret;
    this.current.results = [...results];
    for (const v of results) v.uses++;
    this.current = null;
  }

  /** After a call that does not come back. */
  exit(): void {
    if (this.current === null) return;
    this.current.kind = BlockKind.Exit;
    this.current = null;
  }

  /** Runs `body` only where `cond` is not 0, and goes on after it. */
  ifThen(cond: Value, body: () => void, likely = 0): void {
    const yes = this.newBlock();
    const end = this.newBlock();
    this.branch(cond, yes, end, likely);
    this.startSealed(yes);
    body();
    this.jump(end);
    this.startSealed(end);
  }

  /** A value that is chosen by control flow: `values` gives, in the blocks it starts in, the components. */
  ifElse(
    cond: Value,
    vts: readonly { vt: VT; pointer: boolean }[],
    yes: () => readonly Value[],
    no: () => readonly Value[],
    likely = 0,
  ): Value[] {
    const vars = vts.map((part) => this.newVariable("~if", part.vt, part.pointer));
    const a = this.newBlock();
    const b = this.newBlock();
    const end = this.newBlock();
    this.branch(cond, a, b, likely);
    for (const [block, make] of [
      [a, yes],
      [b, no],
    ] as const) {
      this.startSealed(block);
      const values = make();
      if (this.reachable) for (let i = 0; i < vars.length; i++) this.write(vars[i], values[i]);
      this.jump(end);
    }
    this.startSealed(end);
    return vars.map((v) => this.read(v));
  }

  // -------------------------------------------------------------------------------------------- variables

  newVariable(name: string, vt: VT, pointer: boolean): Variable {
    return { id: this.nextVariable++, name, vt, pointer };
  }

  write(variable: Variable, value: Value): void {
    this.define(variable, this.block, value);
  }

  read(variable: Variable): Value {
    return this.readIn(variable, this.block);
  }

  private define(variable: Variable, block: Block, value: Value): void {
    let defs = this.defs[block.id];
    if (defs === undefined) {
      defs = new Map();
      this.defs[block.id] = defs;
    }
    defs.set(variable.id, value);
  }

  private readIn(variable: Variable, block: Block): Value {
    // Long chains of blocks with one predecessor are common: no recursion for them.
    let at = block;
    for (let steps = 0; ; steps++) {
      // A loop that control cannot come to has no beginning.
      if (steps > this.fn.blocks.length) return this.zeroIn(block, variable.vt, variable.pointer);
      const known = this.defs[at.id]?.get(variable.id);
      if (known !== undefined) {
        const value = resolve(known);
        if (at !== block || value !== known) this.define(variable, block, value);
        return value;
      }
      if (!at.sealed || at.preds.length !== 1) break;
      at = at.preds[0];
    }
    let value: Value;
    if (!at.sealed) {
      value = this.newPhi(variable, at);
      let phis = this.incomplete.get(at);
      if (phis === undefined) {
        phis = new Map();
        this.incomplete.set(at, phis);
      }
      phis.set(variable, value);
      this.define(variable, at, value);
    } else if (at.preds.length === 0) {
      // Read before any write: in code that is not reached, or a variable without initial value.
      value = this.zeroIn(at, variable.vt, variable.pointer);
      this.define(variable, at, value);
    } else {
      const phi = this.newPhi(variable, at);
      this.define(variable, at, phi);
      value = this.addPhiOperands(variable, phi);
      this.define(variable, at, value);
    }
    if (at !== block) this.define(variable, block, value);
    return value;
  }

  private newPhi(variable: Variable, block: Block): Value {
    const phi = this.fn.newValue(block, SOp.Phi, variable.vt, [], block.pos);
    if (variable.pointer) phi.flags |= VFlag.Pointer;
    phi.obj = variable.name;
    let i = 0;
    while (i < block.values.length && block.values[i].op === SOp.Phi) i++;
    block.values.splice(i, 0, phi);
    return phi;
  }

  private addPhiOperands(variable: Variable, phi: Value): Value {
    for (const pred of phi.block.preds) {
      const arg = this.readIn(variable, pred);
      phi.args.push(arg);
      arg.uses++;
    }
    // A phi of one value besides itself is that value. Phis that become so later go in the phi elimination pass.
    let same: Value | null = null;
    for (const arg of phi.args) {
      const value = resolve(arg);
      if (value === phi || value === same) continue;
      if (same !== null) return phi;
      same = value;
    }
    if (same === null) return phi;
    phi.forward = same;
    return same;
  }

  private zeroIn(block: Block, vt: VT, pointer: boolean): Value {
    const v = this.fn.newValue(
      block,
      vt === VT.I32 ? SOp.Const32 : vt === VT.I64 ? SOp.Const64 : SOp.ConstF,
      vt,
      [],
      this.pos,
    );
    if (pointer) v.flags |= VFlag.Pointer;
    let i = 0;
    while (i < block.values.length && block.values[i].op === SOp.Phi) i++;
    block.values.splice(i, 0, v);
    return v;
  }

  // -------------------------------------------------------------------------------------------- values

  value(op: SOp, type: VT, ...args: Value[]): Value {
    const { block } = this;
    const v = this.fn.newValue(block, op, type, args, this.pos);
    block.values.push(v);
    return v;
  }

  i32(n: number): Value {
    const v = this.value(SOp.Const32, VT.I32);
    v.aux = n | 0;
    return v;
  }

  i64(n: bigint | number): Value {
    const v = this.value(SOp.Const64, VT.I64);
    v.big = BigInt.asIntN(64, BigInt(n));
    return v;
  }

  f32(n: number): Value {
    const v = this.value(SOp.ConstF, VT.F32);
    v.num = n;
    return v;
  }

  f64(n: number): Value {
    const v = this.value(SOp.ConstF, VT.F64);
    v.num = n;
    return v;
  }

  /** The zero of a machine type. */
  zero(vt: VT, pointer = false): Value {
    const v = vt === VT.I32 ? this.i32(0) : vt === VT.I64 ? this.i64(0) : vt === VT.F32 ? this.f32(0) : this.f64(0);
    if (pointer) v.flags |= VFlag.Pointer;
    return v;
  }

  nil(): Value {
    return this.zero(VT.I32, true);
  }

  /** Address of a data symbol. It is no pointer for the collector, which does not move or free data. */
  addr(sym: string, offset = 0): Value {
    const v = this.value(SOp.Addr, VT.I32);
    v.sym = sym;
    v.aux = offset;
    return v;
  }

  funcAddr(sym: string): Value {
    const v = this.value(SOp.FuncAddr, VT.I32);
    v.sym = sym;
    return v;
  }

  slotAddr(slot: Slot, offset = 0): Value {
    const v = this.value(SOp.SlotAddr, VT.I32);
    v.obj = slot;
    v.aux = offset;
    v.flags |= VFlag.Pointer;
    return v;
  }

  num(code: Num, ...args: Value[]): Value {
    const v = this.value(SOp.Num, resultOf(code), ...args);
    v.aux = code;
    return v;
  }

  /** Address arithmetic within an object: `base + offset` for a constant offset. */
  offset(base: Value, offset: number): Value {
    if (offset === 0) return base;
    return this.pointer(this.num(Num.I32Add, base, this.i32(offset)));
  }

  /** Marks a value as one the collector has to see. */
  pointer(v: Value): Value {
    v.flags |= VFlag.Pointer;
    return v;
  }

  select(cond: Value, yes: Value, no: Value): Value {
    const v = this.value(SOp.Select, yes.type, cond, yes, no);
    v.flags |= (yes.flags | no.flags) & VFlag.Pointer;
    return v;
  }

  load(mem: Mem, addr: Value, offset = 0): Value {
    const v = this.value(SOp.Load, vtOfMem(mem), addr);
    v.mem = mem;
    v.aux = offset;
    if (mem === Mem.Ptr) v.flags |= VFlag.Pointer;
    return v;
  }

  /** Pointers that may go to the heap are stored by {@link storePtr}. */
  store(mem: Mem, addr: Value, value: Value, offset = 0): Value {
    const v = this.value(SOp.Store, VT.Void, addr, value);
    v.mem = mem;
    v.aux = offset;
    return v;
  }

  storePtr(addr: Value, value: Value, offset = 0): Value {
    const v = this.value(SOp.StorePtr, VT.Void, addr, value);
    v.aux = offset;
    return v;
  }

  nilCheck(ptr: Value): void {
    if ((this.fn.flags & FnFlag.Unchecked) === 0) this.value(SOp.NilCheck, VT.Void, ptr);
  }

  boundsCheck(kind: BoundsKind, index: Value, bound: Value): void {
    this.value(SOp.BoundsCheck, VT.Void, index, bound).aux = kind;
  }

  /** Calls `sym`; the values are its results. */
  call(sym: string, sig: Sig, args: readonly Value[], pointers: readonly boolean[] = noPointers): Value[] {
    const v = this.value(SOp.Call, sig.results.length === 1 ? sig.results[0] : VT.Void, ...args);
    v.sym = sym;
    v.sig = sig;
    return this.results(v, pointers);
  }

  /** Calls what code address `code` stands for; `ctxt` is its closure object, null if it takes none; `method`: which
   *  method of an interface it is (`Name(signature)`), or null. */
  callIndirect(
    code: Value,
    ctxt: Value | null,
    sig: Sig,
    args: readonly Value[],
    pointers: readonly boolean[] = noPointers,
    method: string | null = null,
  ): Value[] {
    if (ctxt !== null) this.value(SOp.SetCtxt, VT.Void, ctxt);
    const v = this.value(SOp.CallIndirect, sig.results.length === 1 ? sig.results[0] : VT.Void, code, ...args);
    v.sig = sig;
    v.sym = method;
    return this.results(v, pointers);
  }

  /** `pointers`: which results are pointers. */
  private results(call: Value, pointers: readonly boolean[]): Value[] {
    const types = call.sig!.results;
    if (types.length === 0) return [];
    if (types.length === 1) {
      if (pointers[0]) this.pointer(call);
      return [call];
    }
    return types.map((vt, i) => {
      const v = this.value(SOp.Result, vt, call);
      v.aux = i;
      if (pointers[i]) this.pointer(v);
      return v;
    });
  }

  /** A call that panics; nothing comes after it. */
  panicCall(sym: string, sig: Sig, args: readonly Value[]): void {
    const v = this.value(SOp.PanicCall, VT.Void, ...args);
    v.sym = sym;
    v.sig = sig;
    this.exit();
  }

  /** Ends building: replaced phis go, every block is sealed. */
  finish(): SFunc {
    for (const block of this.fn.blocks) {
      if (!block.sealed) throw new InternalError(`block ${block.id} of ${this.fn.name} is not sealed`);
      if (block.kind === BlockKind.Plain && block.succs.length === 0 && block === this.current)
        throw new InternalError(`${this.fn.name} has no end`);
      block.values = block.values.filter((v) => v.forward === null);
      for (const v of block.values) resolveAll(v.args);
      resolveAll(block.results);
      if (block.control !== null) block.control = resolve(block.control);
    }
    return this.fn;
  }
}

const noPointers: readonly boolean[] = [];

function resolve(v: Value): Value {
  let value = v;
  while (value.forward !== null) value = value.forward;
  return value;
}

function resolveAll(list: Value[]): void {
  for (let i = 0; i < list.length; i++) list[i] = resolve(list[i]);
}

export function vtOfMem(mem: Mem): VT {
  switch (mem) {
    case Mem.I64:
      return VT.I64;
    case Mem.F32:
      return VT.F32;
    case Mem.F64:
      return VT.F64;
    default:
      return VT.I32;
  }
}

/** Type of the result of a numeric operation. */
export function resultOf(code: Num): VT {
  if (code >= Num.I32Eqz && code <= Num.F64Ge) return VT.I32;
  if (code <= Num.I32Rotr) return VT.I32;
  if (code <= Num.I64Rotr) return VT.I64;
  if (code <= Num.F32Copysign) return VT.F32;
  if (code <= Num.F64Copysign) return VT.F64;
  switch (code) {
    case Num.I32WrapI64:
    case Num.I32ReinterpretF32:
    case Num.I32Extend8S:
    case Num.I32Extend16S:
    case Num.I32TruncSatF32S:
    case Num.I32TruncSatF32U:
    case Num.I32TruncSatF64S:
    case Num.I32TruncSatF64U:
      return VT.I32;
    case Num.F32ConvertI32S:
    case Num.F32ConvertI32U:
    case Num.F32ConvertI64S:
    case Num.F32ConvertI64U:
    case Num.F32DemoteF64:
    case Num.F32ReinterpretI32:
      return VT.F32;
    case Num.F64ConvertI32S:
    case Num.F64ConvertI32U:
    case Num.F64ConvertI64S:
    case Num.F64ConvertI64U:
    case Num.F64PromoteF32:
    case Num.F64ReinterpretI64:
      return VT.F64;
    default:
      return VT.I64;
  }
}
