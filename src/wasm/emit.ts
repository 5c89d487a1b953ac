/** One function: from data-flow form to WebAssembly code. docs/execution.md says what frames, calls and resumptions look
 *  like. */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { isPhi, Loops, Order, splitCriticalEdges } from "../ssa/passes/cfg.ts";
import { eliminateDead } from "../ssa/passes/clean.ts";
import { isCheck } from "../ssa/passes/props.ts";
import {
  type Block,
  BlockKind,
  BoundsKind,
  EntryPoll,
  Mem,
  Reg,
  type SFunc,
  type Sig,
  SOp,
  type Value,
  VFlag,
  VT,
} from "../ssa/value.ts";
import { CodeWriter, memOfType, wasmType } from "./code.ts";
import { faultOffset } from "./faults.ts";
import { Frame, FrameHeader, Safety } from "./frame.ts";
import { buildGraph, type GNode, type Graph, NodeKind, type ResumePoint } from "./graph.ts";
import { Locals } from "./locals.ts";
import { hasPC, needsSP, tightLoops } from "./needs.ts";
import { nest, Place } from "./nest.ts";
import { Effect, type FuncObject, RelocKind } from "./object.ts";
import { Op, VoidBlock } from "./op.ts";
import { SlotLiveness } from "./slots.ts";
import { emitStructured } from "./structure.ts";
import { type EmitContext, moveSig, pairSig, ValueCode } from "./values.ts";

/** Iterations of a loop between two looks at whether the goroutine should yield. */
const PollInterval = 4096;

/** What the bytes of dead frames are for the sanitizer; as a pointer, beyond all memory. overlay/runtime/mcheck.go has it, too. */
const Poison = 0xfb;

export const noSig: Sig = { params: [], results: [] };
const boundsSig: Sig = { params: [VT.I64, VT.I64], results: [] };
const addrSig: Sig = { params: [VT.I64], results: [] };
const noMethods: readonly string[] = [];
const noArgs = new Int32Array(0);

const boundsPanics: readonly string[] = [
  "goPanicIndex",
  "goPanicIndexU",
  "goPanicSliceAlen",
  "goPanicSliceAlenU",
  "goPanicSliceAcap",
  "goPanicSliceAcapU",
  "goPanicSliceB",
  "goPanicSliceBU",
  "goPanicSlice3Alen",
  "goPanicSlice3AlenU",
  "goPanicSlice3Acap",
  "goPanicSlice3AcapU",
  "goPanicSlice3B",
  "goPanicSlice3BU",
  "goPanicSlice3C",
  "goPanicSlice3CU",
  "goPanicSliceConvert",
];

/** Functions that code calls although no value of its data-flow form names them. */
export const emittedCalls: readonly string[] = [
  "poll",
  "panicmem",
  "panicmemAddr",
  "panicdivide",
  "panicshift",
  "gcWriteBarrier",
  "wbMove",
  "wbZero",
  "move",
  "wipe",
  ...boundsPanics,
].map((name) => `runtime.${name}`);

function mentionsFrame(v: Value): boolean {
  return v.op === SOp.SlotAddr || v.op === SOp.FrameAddr || v.op === SOp.CallerFrame || v.op === SOp.CallerPC;
}

/** `effects` are those of the function itself, `depth` that of the frames of what it calls. */
export function emitFunction(fn: SFunc, effects: number, depth: number, cx: EmitContext): FuncObject {
  return new FunctionEmitter(fn, effects, depth, cx).emit();
}

class FunctionEmitter extends ValueCode {
  private readonly order: Order;
  protected readonly locals: Locals;
  protected readonly frame: Frame;
  private readonly slots: SlotLiveness;
  private readonly graph: Graph;
  private readonly parks: boolean;
  /** From this block on, and in what it dominates, the register SP is this function's frame; null: nowhere. */
  private readonly spBlock: Block | null;
  /** It and what it calls leave the stack alone: they may be called where the caller's frame lies beyond SP. */
  private readonly isBare: boolean;
  /** Places (in the order) of blocks that are reached after it. */
  private readonly spAfter = new Set<number>();
  /** Local that says where to go on, while that is on the way. */
  private resume = -1;
  /** Iterations up to the next look at the clock. */
  private countdown = -1;
  private readonly labels: number[] = [];
  /** pc of a root, from its id. */
  private readonly pcOf = new Map<number, number>();
  private readonly pcPos: Pos[];
  private readonly pcMaps: number[] = [0];
  private readonly pcArgs: number[] = [0];
  private readonly maps: number[][] = [[]];
  private readonly mapIndex = new Map<string, number>([["", 0]]);
  private resultsUsed = new Map<number, Value[]>();

  constructor(
    fn: SFunc,
    private readonly effects: number,
    private readonly callDepth: number,
    cx: EmitContext,
  ) {
    super(fn, cx);
    this.pcPos = [fn.pos];
    splitCriticalEdges(fn);
    eliminateDead(fn);
    this.order = new Order(fn);
    nest(this.order);
    this.parks = (effects & Effect.Parks) !== 0;
    const safety = (v: Value): Safety => this.safety(v);
    this.locals = new Locals(fn, this.order, (v) => safety(v) !== Safety.None);
    const loops = new Loops(this.order);
    const resumable = (v: Value): boolean => this.parks && safety(v) >= Safety.Parks;
    const tight = tightLoops(this.order, loops, resumable);
    const elsewhere = (v: Value): boolean => {
      const loop = loops.of[v.block.mark];
      if (loop < 0 || loops.outer[loop] === 1) return false;
      return v.op === SOp.Poll ? tight[loop] === 1 : isCheck(v) && (v.flags & VFlag.Proved) === 0;
    };
    this.graph = buildGraph(fn, this.order.blocks, resumable, elsewhere);
    this.isBare = this.needsNoFrame();
    this.spBlock = this.isBare ? null : this.placeSP();
    this.slots = new SlotLiveness(fn, this.order, (v) => safety(v) !== Safety.None, cx.preciseSlots);
    this.frame = new Frame(fn, this.order, loops, this.locals, this.slots, safety, hasPC);
    if (this.spBlock !== null || this.parks || this.usesFrame()) this.fp = this.locals.fresh(VT.I32);
    if (this.graph.gates) this.resume = this.locals.fresh(VT.I32);
    for (let i = 0; i < this.graph.labels; i++) this.labels.push(this.locals.fresh(VT.I32));
    if (this.order.blocks.some((b) => b.values.some((v) => v.op === SOp.Poll))) {
      this.countdown = this.locals.fresh(VT.I32);
    }
  }

  private usesFrame(): boolean {
    if (this.frame.size > FrameHeader + 8) return true;
    return this.order.blocks.some((b) => b.values.some(mentionsFrame));
  }

  private needsNoFrame(): boolean {
    const { fn, order, effects, callDepth } = this;
    if (effects !== 0 || callDepth > 0 || fn.slots.length > 0) return false;
    const needs = (v: Value): boolean => mentionsFrame(v) || (v.op !== SOp.Call && (needsSP(v) || hasPC(v)));
    return !order.blocks.some((b) => b.values.some(needs));
  }

  /** The block that dominates all calls, outside of loops: what returns before it leaves the register alone. */
  private placeSP(): Block | null {
    const { fn, order, graph } = this;
    let place = -1;
    for (const block of order.blocks) {
      if (!block.values.some((v) => needsSP(v))) continue;
      place = place < 0 ? block.mark : order.commonDominator(place, block.mark);
      if (place < 0) place = 0;
    }
    if (place < 0) return null;
    if (fn.deferExit !== null) place = 0;
    while (place > 0 && graph.heads.get(order.blocks[place])!.loop !== null) place = Math.max(0, order.idom[place]);
    const block = order.blocks[place];
    const stack = fn.deferExit === null ? [block] : [block, fn.deferExit];
    for (let b = stack.pop(); b !== undefined; b = stack.pop()) {
      if (this.spAfter.has(b.mark)) continue;
      this.spAfter.add(b.mark);
      stack.push(...b.succs);
    }
    return block;
  }

  /** What of the frame must be up to date while `v` runs. */
  private safety(v: Value): Safety {
    switch (v.op) {
      case SOp.Call: {
        if ((v.flags & VFlag.NoPark) !== 0) return Safety.Collects;
        const effects = this.cx.effects(v.sym!);
        if ((effects & Effect.Parks) !== 0 && this.parks) return Safety.Parks;
        if ((effects & (Effect.Collects | Effect.Parks)) !== 0) return Safety.Collects;
        return (effects & Effect.Walks) !== 0 ? Safety.Shows : Safety.None;
      }
      case SOp.CallIndirect:
        return (v.flags & VFlag.NoPark) !== 0 || !this.parks ? Safety.Collects : Safety.Parks;
      case SOp.Park:
        return Safety.Parks;
      case SOp.Poll:
        return this.parks ? Safety.Polls : Safety.None;
      default:
        return Safety.None;
    }
  }

  emit(): FuncObject {
    const { fn, w, graph } = this;
    if (fn.entry.preds.length > 0) throw new InternalError(`${fn.name}: the entry block has predecessors`);
    this.number();
    // The way out when the status is set: everything is in the frame.
    w.out.u8(Op.Block);
    w.out.u8(VoidBlock);
    emitStructured(graph, w.out, {
      code: (node, depth) => this.code(node, depth),
      leave: () => undefined,
      expect: (condition) => w.expect(condition),
    });
    w.out.u8(Op.Unreachable);
    w.out.u8(Op.End);
    for (const vt of fn.sig.results) w.zero(vt);
    w.out.u8(Op.End);
    const { code, relocs } = this.withLocals();
    const deferExit = graph.points.find((p) => p.root === null);
    return {
      name: fn.name,
      sig: this.cx.sig(fn.sig),
      flags: fn.flags,
      effects: this.effects,
      depth: this.isBare ? 0 : this.callDepth + this.frame.size,
      code,
      relocs,
      frameSize: this.frame.size,
      paramPointers: fn.paramPointers,
      frameLayout: fn.frameLayout,
      traceArgs: fn.traceArgs,
      paramPlaces: Int32Array.from({ length: this.frame.params }, (_, k) => Math.max(this.frame.spill[k], 0)),
      pcArgs: this.pcArgs.some((bits) => bits !== 0) ? Int32Array.from(this.pcArgs) : noArgs,
      usedMethods: fn.usedMethods.size === 0 ? noMethods : [...fn.usedMethods],
      slotPointers: Int32Array.from(this.frame.slotPointers),
      objects: Int32Array.from(this.frame.objects),
      pcPos: Int32Array.from(this.pcPos, (pos) => this.cx.place(pos)),
      pcMaps: Int32Array.from(this.pcMaps),
      maps: this.maps,
      resumePoints: graph.points.length,
      deferExit: deferExit?.pc ?? 0,
    };
  }

  /** The code with the declarations of its locals before it. */
  private withLocals(): { code: Uint8Array; relocs: Int32Array } {
    const { types } = this.locals;
    const head = new CodeWriter();
    const groups: { vt: VT; count: number }[] = [];
    for (let i = this.fn.sig.params.length; i < types.length; i++) {
      const last = groups[groups.length - 1];
      if (last !== undefined && last.vt === types[i]) last.count++;
      else groups.push({ vt: types[i], count: 1 });
    }
    head.out.uleb(groups.length);
    for (const { vt, count } of groups) {
      head.out.uleb(count);
      head.out.u8(wasmType(vt));
    }
    const shift = head.out.length;
    const { out, relocs } = this.w;
    const code = new Uint8Array(shift + out.length);
    code.set(head.out.buf.subarray(0, shift));
    code.set(out.buf.subarray(0, out.length), shift);
    const moved = Int32Array.from(relocs);
    for (let i = 0; i < moved.length; i += 4) moved[i] += shift;
    return { code, relocs: moved };
  }

  /** Numbers the places where the function can stand: resume points first. */
  private number(): void {
    for (const point of this.graph.points) {
      const pos = point.root === null ? this.fn.deferExit!.pos : point.root.pos;
      this.addPC(pos, point.root);
      if (point.root !== null) this.pcOf.set(point.root.id, point.pc);
    }
    for (const block of this.order.blocks) {
      for (const v of block.values) {
        if (v.op === SOp.Result) {
          const list = this.resultsUsed.get(v.args[0].id);
          if (list === undefined) this.resultsUsed.set(v.args[0].id, [v]);
          else list.push(v);
        }
        if (this.isBare || this.pcOf.has(v.id) || !hasPC(v)) continue;
        this.pcOf.set(v.id, this.pcPos.length);
        this.addPC(v.pos, v);
      }
    }
  }

  private addPC(pos: Pos, root: Value | null): void {
    this.pcPos.push(pos);
    const map = root === null ? this.frame.pinnedPointers() : this.frame.pointers(root);
    const key = map.join(" ");
    let index = this.mapIndex.get(key);
    if (index === undefined) {
      index = this.maps.length;
      this.maps.push(map);
      this.mapIndex.set(key, index);
    }
    this.pcMaps.push(index);
    this.pcArgs.push(root === null ? 0 : (this.frame.args.get(root.id) ?? 0));
  }

  // -------------------------------------------------------------------------------------------- nodes

  private code(node: GNode, depth: number): void {
    switch (node.kind) {
      case NodeKind.Code:
        this.block(node, depth);
        break;
      case NodeKind.Prologue:
        this.prologue(node);
        break;
      case NodeKind.Gate:
        this.w.get(this.resume);
        this.w.op(Op.I32Eqz);
        break;
      case NodeKind.Dispatch:
        this.dispatch(node);
        break;
      case NodeKind.Reload:
        this.reload(node.point!);
        break;
      case NodeKind.SetLabel:
        this.w.i32(node.low);
        this.w.set(this.labels[node.local]);
        break;
      case NodeKind.Label:
        this.w.get(this.labels[node.local]);
        break;
      case NodeKind.Cold:
        this.fails(node.check!);
        break;
      case NodeKind.PollBody:
        this.pollBody(node.check!, depth);
        break;
    }
  }

  /** `fp = SP - size`; a function that may park looks whether that is above the limit, which it never is when it is
   *  entered to go on. */
  private prologue(node: GNode): void {
    const { w, frame } = this;
    if (this.fp < 0) return;
    w.getReg(Reg.SP);
    w.i32(frame.size);
    w.op(Op.I32Sub);
    if (!this.parks) {
      w.set(this.fp);
      return;
    }
    w.tee(this.fp);
    w.getReg(Reg.Limit);
    if (node.succs.length === 2) {
      w.op(Op.I32GeU);
      return;
    }
    w.op(Op.I32LtU);
    w.expect(false);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    this.moreStack();
    w.out.u8(Op.End);
  }

  /** Leaves the arguments for the run loop, which makes the stack larger and calls again. */
  private moreStack(): void {
    const { w, fn } = this;
    for (let i = 0; i < fn.sig.params.length; i++) {
      w.out.u8(Op.LocalGet);
      w.out.uleb(i);
    }
    w.hole(RelocKind.PC, 0, 0);
    w.out.u8(Op.Call);
    w.reloc(RelocKind.MoreStack, this.cx.sig(fn.sig));
    for (const vt of fn.sig.results) w.zero(vt);
    w.out.u8(Op.Return);
  }

  /** What the function does before its first value, unless it goes on. */
  private start(): void {
    const { w, locals } = this;
    if (this.countdown >= 0) {
      w.i32(PollInterval);
      w.set(this.countdown);
    }
    if (this.spBlock !== null) this.clearSlots();
    for (const v of locals.pinned) {
      if (v.op === SOp.Param) this.spill(locals.of[v.id]);
    }
  }

  /** What may be scanned before it is written. */
  private clearSlots(): void {
    const { w } = this;
    for (const slot of this.slots.cleared) {
      const first = slot.offset + slot.pointers[0] * 8;
      const end = slot.offset + (slot.pointers[slot.pointers.length - 1] + 1) * 8;
      if (slot.pointers.length <= 4) {
        for (const word of slot.pointers) {
          w.get(this.fp);
          w.zero(VT.I64);
          w.i64Store(slot.offset + word * 8);
        }
      } else {
        this.zero(
          () => {
            w.get(this.fp);
          },
          first,
          end - first,
        );
      }
    }
  }

  private dispatch(node: GNode): void {
    const { w } = this;
    const main = node.preds.length === 1 && node.preds[0].kind === NodeKind.Prologue;
    if (!main) {
      w.get(this.resume);
    } else {
      w.getReg(Reg.Resuming);
      w.op(Op.I32Eqz);
      w.expect(false);
      w.out.u8(Op.If);
      w.out.u8(VoidBlock);
      this.moreStack();
      w.out.u8(Op.End);
      // The caller has put the limit away, so that the prologue comes here.
      w.getReg(Reg.Resuming);
      w.setReg(Reg.Limit);
      w.i32(0);
      w.setReg(Reg.Resuming);
      w.getReg(Reg.SP);
      w.set(this.fp);
      this.loadLocals();
      w.get(this.fp);
      w.load(Mem.I32, 0);
      w.hole(RelocKind.PC, 0, 0);
      w.op(Op.I32Sub);
      if (this.resume >= 0) w.tee(this.resume);
    }
    this.arrive(node);
    if (node.low !== 0) {
      w.i32(node.low);
      w.op(Op.I32Sub);
    }
  }

  /** Ends the way to the resume points that a dispatch leads to at once, which come before those in loops. The next loop on
   *  the way to the others has its dispatch where it polls: its poll is due. */
  private arrive(node: GNode): void {
    const { w } = this;
    const direct = node.succs.filter((s) => s.kind === NodeKind.Reload).length;
    const set = (local: number, n: number): void => {
      if (local < 0) return;
      w.i32(n);
      w.set(local);
    };
    if (direct === node.succs.length) {
      set(this.resume, 0);
      set(this.countdown, PollInterval);
      return;
    }
    w.get(this.resume);
    w.i32(node.low + direct);
    w.op(Op.I32LtU);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    set(this.resume, 0);
    set(this.countdown, PollInterval);
    w.op(Op.Else);
    set(this.countdown, 1);
    w.out.u8(Op.End);
  }

  /** Whatever is in the frame at some resume point, at all of them: this code stands once, and is rarely run. What does
   *  not live at the one that is meant is not used. */
  private loadLocals(): void {
    const { w, frame, locals } = this;
    frame.spill.forEach((offset, local) => {
      if (offset < 0) return;
      w.get(this.fp);
      w.load(memOfType(locals.types[local]), offset);
      w.set(local);
    });
  }

  /** The locals are loaded already. */
  private reload(point: ResumePoint): void {
    const { w, locals } = this;
    const { root } = point;
    if (root === null) return;
    if (root.op !== SOp.Call && root.op !== SOp.CallIndirect) return;
    const result = (v: Value, index: number): void => {
      const local = locals.of[v.id];
      if (local < 0) return;
      w.hole(RelocKind.Data, this.cx.symbol(ResultArea));
      w.load(memOfType(v.type), index * 8);
      w.set(local);
    };
    if (root.sig!.results.length === 1) result(root, 0);
    else for (const v of this.resultsUsed.get(root.id) ?? []) result(v, v.aux);
  }

  private block(node: GNode, depth: number): void {
    const { w } = this;
    const block = node.block!;
    if (block === this.spBlock && node.from === 0) {
      w.get(this.fp);
      w.setReg(Reg.SP);
    }
    if (block === this.fn.entry && node.from === 0) this.start();
    for (let i = node.from; i < node.to; i++) {
      const v = block.values[i];
      if (v.mark === Place.Root) this.root(v, depth);
    }
    if (node.check !== null) {
      if (node.check.op === SOp.Poll) this.isDue(node.check);
      else this.condition(node.check);
    }
    if (!node.last) return;
    const atEnd = this.frame.endStores.get(block.mark);
    if (atEnd !== undefined && block.kind !== BlockKind.Plain) for (const local of atEnd) this.spill(local);
    switch (block.kind) {
      case BlockKind.Plain:
        this.copies(block);
        if (atEnd !== undefined) for (const local of atEnd) this.spill(local);
        break;
      case BlockKind.If:
        this.tree(block.control!);
        break;
      case BlockKind.Switch:
        this.tree(block.control!);
        break;
      case BlockKind.Ret:
        for (const v of block.results) this.tree(v);
        if (this.cx.poison && this.fp >= 0) this.poison();
        if (this.spAfter.has(block.mark)) {
          w.get(this.fp);
          w.i32(this.frame.size);
          w.op(Op.I32Add);
          w.setReg(Reg.SP);
        }
        w.out.u8(Op.Return);
        break;
      case BlockKind.Exit:
        w.out.u8(Op.Unreachable);
        break;
    }
  }

  private poison(): void {
    const { w } = this;
    w.get(this.fp);
    w.i32(Poison);
    w.i32(this.frame.size);
    w.memoryFill();
  }

  /** Sets the phis of the only successor: all sources are on the stack before the first is set. */
  private copies(block: Block): void {
    const [to] = block.succs;
    if (to.values.length === 0 || !isPhi(to.values[0])) return;
    const { locals, w } = this;
    const slot = to.preds.indexOf(block);
    const targets: number[] = [];
    for (const phi of to.values) {
      if (!isPhi(phi)) break;
      const local = locals.of[phi.id];
      if (local < 0) continue;
      const arg = phi.args[slot];
      if (arg.mark === Place.Root && locals.of[arg.id] === local) continue;
      this.tree(arg);
      targets.push(local);
    }
    for (let i = targets.length - 1; i >= 0; i--) w.set(targets[i]);
  }

  /** A value that stands by itself. */
  private root(v: Value, depth: number): void {
    const { w } = this;
    switch (v.op) {
      case SOp.Phi:
      case SOp.Param:
      case SOp.Result:
        return;
      case SOp.Store:
        this.address(v.args[0]);
        this.tree(v.args[1]);
        w.store(v.mem, v.aux + this.folded(v.args[0]));
        return;
      case SOp.StorePtr:
        this.storePtr(v);
        return;
      case SOp.Move:
        this.move(v);
        return;
      case SOp.Zero:
        if (v.obj !== null) this.bulkBarrier("runtime.wbZero", [v.args[0]], v.aux);
        this.zero(() => this.tree(v.args[0]), 0, v.aux);
        return;
      case SOp.MemCopy:
        for (const arg of v.args) this.tree(arg);
        if (v.aux === 0) this.callRuntime("runtime.move", moveSig);
        else w.memoryCopy();
        return;
      case SOp.MemFill: {
        const [to, byte, n] = v.args;
        this.tree(to);
        if (v.aux === 0 && byte.op === SOp.Const32 && byte.aux === 0) {
          this.tree(n);
          this.callRuntime("runtime.wipe", pairSig);
          return;
        }
        this.tree(byte);
        this.tree(n);
        w.memoryFill();
        return;
      }
      case SOp.NilCheck:
      case SOp.BoundsCheck:
      case SOp.DivCheck:
      case SOp.ShiftCheck:
        if ((v.flags & VFlag.Proved) !== 0) return;
        this.condition(v);
        w.expect(false);
        w.out.u8(Op.If);
        w.out.u8(VoidBlock);
        this.fails(v);
        w.out.u8(Op.End);
        return;
      case SOp.Call:
      case SOp.CallIndirect:
        this.call(v, depth);
        return;
      case SOp.SetCtxt:
        this.tree(v.args[0]);
        w.setReg(Reg.Ctxt);
        return;
      case SOp.PanicCall:
        this.panic(v, v.sym!, v.sig!, v.args);
        return;
      case SOp.Park:
        this.storeFrame(v);
        w.i32(v.aux);
        w.setReg(Reg.Status);
        w.out.u8(Op.Br);
        w.out.uleb(depth);
        return;
      case SOp.Poll:
        this.poll(v, depth);
        return;
      case SOp.SetReg:
        this.tree(v.args[0]);
        w.setReg(v.aux);
        return;
      case SOp.KeepAlive:
        return;
      case SOp.Atomic:
        this.atomic(v);
        if (v.type !== VT.Void) this.result(v);
        return;
      case SOp.Unreachable:
        w.op(Op.Unreachable);
        return;
      default:
        this.compute(v);
        this.result(v);
    }
  }

  /** Takes a result from the stack. */
  private result(v: Value): void {
    const local = this.locals.of[v.id];
    if (local < 0) {
      this.w.op(Op.Drop);
      return;
    }
    this.w.set(local);
    if (this.locals.pinned.includes(v)) this.spill(local);
  }

  private spill(local: number): void {
    const { w } = this;
    w.get(this.fp);
    w.get(local);
    w.store(memOfType(this.locals.types[local]), this.frame.spill[local]);
  }

  /** Makes the frame tell where the function is and what lives. */
  private storeFrame(v: Value): void {
    for (const local of this.frame.stores.get(v.id) ?? []) this.spill(local);
    this.storePC(v);
  }

  private storePC(v: Value): void {
    const { w } = this;
    w.get(this.fp);
    w.hole(RelocKind.PC, 0, this.pcOf.get(v.id)!);
    w.store(Mem.I32, 0);
  }

  private call(v: Value, depth: number): void {
    const { w } = this;
    if (!this.isBare && hasPC(v)) this.storeFrame(v);
    const sig = v.sig!;
    if (v.op === SOp.Call) {
      for (const arg of v.args) this.tree(arg);
      w.op(Op.Call);
      w.reloc(RelocKind.Func, this.cx.symbol(v.sym!), this.cx.sig(sig));
    } else {
      for (let i = 1; i < v.args.length; i++) this.tree(v.args[i]);
      this.tree(v.args[0]);
      w.op(Op.CallIndirect);
      w.reloc(RelocKind.Type, this.cx.sig(sig));
      w.out.u8(0);
    }
    if (sig.results.length === 1) this.result(v);
    else {
      const used = this.resultsUsed.get(v.id) ?? [];
      for (let i = sig.results.length - 1; i >= 0; i--) {
        const r = used.find((u) => u.aux === i);
        if (r === undefined) w.op(Op.Drop);
        else this.result(r);
      }
    }
    if (this.safety(v) === Safety.Parks) {
      w.getReg(Reg.Status);
      w.expect(false);
      w.out.u8(Op.BrIf);
      w.out.uleb(depth);
    }
  }

  private poll(v: Value, depth: number): void {
    if (!this.parks) return;
    const { w } = this;
    this.isDue(v);
    w.expect(false);
    w.out.u8(Op.If);
    w.out.u8(VoidBlock);
    this.pollBody(v, depth + 1);
    w.out.u8(Op.End);
  }

  /** Whether it is time to look at the clock. */
  private isDue(v: Value): void {
    const { w } = this;
    if (v.aux === EntryPoll) {
      w.hole(RelocKind.Data, this.cx.symbol("runtime.stopping"), 0);
      w.load(Mem.I32, 0);
      return;
    }
    w.get(this.countdown);
    w.i32(Math.max(v.aux, 1));
    w.op(Op.I32Sub);
    w.tee(this.countdown);
    w.i32(0);
    w.op(Op.I32LeS);
  }

  private pollBody(v: Value, depth: number): void {
    const { w } = this;
    w.i32(PollInterval);
    w.set(this.countdown);
    this.storeFrame(v);
    w.op(Op.Call);
    w.reloc(RelocKind.Func, this.cx.symbol("runtime.poll"), this.cx.sig(noSig));
    w.getReg(Reg.Status);
    w.expect(false);
    w.out.u8(Op.BrIf);
    w.out.uleb(depth);
  }

  private nilFault(v: Value): void {
    const offset = faultOffset(v);
    if (offset === 0) this.panic(v, "runtime.panicmem", noSig, []);
    else this.panic(v, "runtime.panicmemAddr", addrSig, [], () => this.w.i64(BigInt(offset)));
  }

  /** Leaves on the stack whether a check fails. */
  private condition(v: Value): void {
    const { w } = this;
    for (const arg of v.args) this.tree(arg);
    const wide = v.args[0].type === VT.I64;
    switch (v.op) {
      case SOp.NilCheck:
        w.i32(4096);
        w.op(Op.I32LtU);
        return;
      case SOp.BoundsCheck:
        w.op((v.aux as BoundsKind) <= BoundsKind.IndexU ? Op.I64GeU : Op.I64GtU);
        return;
      case SOp.DivCheck:
        w.op(wide ? Op.I64Eqz : Op.I32Eqz);
        return;
      default:
        w.zero(v.args[0].type);
        w.op(wide ? Op.I64LtS : Op.I32LtS);
    }
  }

  /** What happens when a check fails. */
  private fails(v: Value): void {
    switch (v.op) {
      case SOp.NilCheck:
        this.nilFault(v);
        return;
      case SOp.BoundsCheck:
        this.panic(v, `runtime.${boundsPanics[v.aux as BoundsKind]}`, boundsSig, v.args);
        return;
      case SOp.DivCheck:
        this.panic(v, "runtime.panicdivide", noSig, []);
        return;
      default:
        this.panic(v, "runtime.panicshift", noSig, []);
    }
  }

  /** A call that does not come back: if it returns after all, the goroutine was suspended, and everything up to the run
   *  loop is left. */
  private panic(v: Value, sym: string, sig: Sig, args: readonly Value[], push = (): void => {}): void {
    const { w } = this;
    if (this.fp < 0) {
      w.getReg(Reg.SP);
      w.i32(this.frame.size);
      w.op(Op.I32Sub);
      w.setReg(Reg.SP);
      w.getReg(Reg.SP);
      w.hole(RelocKind.PC, 0, this.pcOf.get(v.id)!);
      w.store(Mem.I32, 0);
    } else {
      if (this.spBlock === null || !this.order.dominates(this.spBlock, v.block)) {
        w.get(this.fp);
        w.setReg(Reg.SP);
      }
      this.storePC(v);
    }
    for (const arg of args) this.tree(arg);
    push();
    w.op(Op.Call);
    w.reloc(RelocKind.Func, this.cx.symbol(sym), this.cx.sig(sig));
    w.op(Op.Call);
    w.reloc(RelocKind.Func, this.cx.symbol(UnwindSymbol), this.cx.sig(noSig));
    w.op(Op.Unreachable);
  }
}

/** Where results of a callee are that was resumed by the run loop, 8 bytes each. */
export const ResultArea = "goesc.results";
/** Arguments of a call that did not fit the stack: code address, closure context, then each argument in 8 bytes. */
export const ArgumentArea = "goesc.args";
/** The host function that leaves all functions up to the run loop. */
export const UnwindSymbol = "runtime.hostunwind";
