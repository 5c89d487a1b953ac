/** One function: from data-flow form to WebAssembly code. docs/execution.md says what frames, calls and resumptions look
 *  like. */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { Num } from "../ssa/num.ts";
import { isPhi, Loops, Order, splitCriticalEdges } from "../ssa/passes/cfg.ts";
import { eliminateDead } from "../ssa/passes/clean.ts";
import { isCheck } from "../ssa/passes/props.ts";
import { type Block, BlockKind, Reg, type SFunc, SOp, type Value, VFlag, VT } from "../ssa/value.ts";
import { CodeWriter, isWideResult, wasmType } from "./code.ts";
import { EntryCode } from "./entry.ts";
import { Frame, FrameHeader, Safety } from "./frame.ts";
import { buildGraph, type GNode, type Graph, NodeKind } from "./graph.ts";
import { Locals } from "./locals.ts";
import { hasPC, needsSP, tightLoops } from "./needs.ts";
import { nest, Place } from "./nest.ts";
import { Effect, type FuncObject } from "./object.ts";
import { Op, VoidBlock } from "./op.ts";
import { SlotLiveness } from "./slots.ts";
import { emitStructured } from "./structure.ts";
import { type EmitContext, moveSig, pairSig } from "./values.ts";

const noMethods: readonly string[] = [];
const noArgs = new Int32Array(0);

function mentionsFrame(v: Value): boolean {
  return v.op === SOp.SlotAddr || v.op === SOp.FrameAddr || v.op === SOp.CallerFrame || v.op === SOp.CallerPC;
}

/** `effects` are those of the function itself, `depth` that of the frames of what it calls. */
export function emitFunction(fn: SFunc, effects: number, depth: number, cx: EmitContext): FuncObject {
  return new FunctionEmitter(fn, effects, depth, cx).emit();
}

class FunctionEmitter extends EntryCode {
  protected readonly order: Order;
  protected readonly locals: Locals;
  protected readonly frame: Frame;
  protected readonly slots: SlotLiveness;
  private readonly graph: Graph;
  protected readonly parks: boolean;
  protected readonly spBlock: Block | null;
  protected readonly isBare: boolean;
  /** Places (in the order) of blocks that are reached after it. */
  private readonly spAfter = new Set<number>();
  private readonly labels: number[] = [];
  private readonly pcPos: Pos[];
  private readonly pcMaps: number[] = [0];
  private readonly pcArgs: number[] = [0];
  private readonly maps: number[][] = [[]];
  private readonly mapIndex = new Map<string, number>([["", 0]]);

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
    w.noResults(fn.sig.results);
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
        for (const [i, v] of block.results.entries()) {
          this.tree(v);
          if (isWideResult(this.fn.sig.results, i)) w.op(Num.I64ExtendI32U);
        }
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
}
