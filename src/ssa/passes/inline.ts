/** Calls that are replaced by what they call, beyond what the compiler's inliner does:
 *
 *  - small functions that call themselves get copies of their own body in place of these calls;
 *  - calls of function values and of interface methods, in loops, try the few small functions of the package that they
 *    may mean before they go through the table: an indirect call costs several times what such a function does.
 *
 *  Positions of copied code get numbers of their own ({@link Inlinings}), so that tracebacks show the calls. */
import type { Pos } from "../../base/pos.ts";
import { Num } from "../num.ts";
import type { DataSymbol } from "../object.ts";
import { addEdge, type Block, BlockKind, FnFlag, type SFunc, type Sig, SOp, type Value, VT } from "../value.ts";
import { isPhi, Loops, Order } from "./cfg.ts";
import { applyForwards } from "./clean.ts";
import { isRematerial, vtLetter } from "./props.ts";

/** A function may become so large by copies of itself, in values. */
const MaxRecursive = 64;
const MaxRecursiveBody = 32;
const MaxBlocks = 10;

/** Functions that are tried before an indirect call have at most so many values, and there are at most so many of them
 *  among at most so many that the call may mean. */
const MaxLeaf = 16;
const MaxTried = 3;
const MaxMeant = 6;

/** What wrappers of methods call at once if the pointer is nil; it finds the method in the name of its caller. */
export const PanicWrap = "runtime.panicwrap";

/** Code that was copied: where it stands in its function, and where the call is. */
export interface Inlining {
  readonly pos: Pos;
  readonly call: Pos;
  /** Link name of the function, "" for one that tracebacks do not show. */
  readonly callee: string;
}

/** Numbers for the positions of copied code, above all others. */
export class Inlinings {
  private static readonly first = 2 ** 40;
  private readonly list: Inlining[] = [];
  private readonly byKey = new Map<string, Pos>();

  pos(pos: Pos, call: Pos, callee: string): Pos {
    const key = `${pos} ${call} ${callee}`;
    let n = this.byKey.get(key);
    if (n === undefined) {
      n = Inlinings.first + this.list.length;
      this.list.push({ pos, call, callee });
      this.byKey.set(key, n);
    }
    return n;
  }

  /** What a position stands for; null if it is that of a source. */
  of(pos: Pos): Inlining | null {
    return pos >= Inlinings.first ? this.list[pos - Inlinings.first] : null;
  }
}

/** Puts copies of the body of `fn` where it calls itself. Answers whether it has changed. */
export function inlineRecursion(fn: SFunc, inlinings: Inlinings): boolean {
  if (!isCopyable(fn) || (fn.flags & (FnFlag.NoSplit | FnFlag.NeedCtxt)) !== 0) return false;
  if (selfCalls(fn).length === 0) return false;
  const size = sizeOf(fn);
  if (size > MaxRecursiveBody || !isAcyclic(fn)) return false;
  const body = new Body(fn);
  let total = size;
  let changed = false;
  for (;;) {
    const calls = selfCalls(fn);
    if (total + size * calls.length > MaxRecursive) break;
    total += size * calls.length;
    for (const call of calls) {
      const inserter = new Site(fn, call, inlinings);
      inserter.body(inserter.before, body, call.args, null, null);
      inserter.finish();
    }
    changed = true;
  }
  if (changed) applyForwards(fn.blocks);
  return changed;
}

function selfCalls(fn: SFunc): Value[] {
  const calls: Value[] = [];
  for (const block of fn.blocks)
    for (const v of block.values) if (v.op === SOp.Call && v.sym === fn.name) calls.push(v);
  return calls;
}

/** What indirect calls in a package may mean. */
export class Targets {
  /** Functions that are function values, by signature, and methods in itabs, by what {@link SFunc.usedMethods} says. */
  private readonly values = new Map<string, Set<string>>();
  private readonly methods = new Map<string, Set<string>>();
  private readonly leaves = new Map<string, Body>();
  private readonly sigs = new Map<Sig, string>();

  constructor(funcs: readonly SFunc[], data: readonly DataSymbol[]) {
    const byName = new Map(funcs.map((fn) => [fn.name, fn] as const));
    const value = (sym: string): void => {
      const fn = byName.get(sym);
      if (fn !== undefined) add(this.values, this.key(fn.sig), sym);
    };
    for (const { name, relocs, methods } of data) {
      if (name.startsWith("go:itab.")) {
        for (let i = 0; i < relocs.length; i++) {
          const method = methods?.[i] ?? "";
          if (method !== "" && byName.has(relocs[i].sym)) add(this.methods, method, relocs[i].sym);
        }
      } else if (name.endsWith("·f")) for (const { sym } of relocs) value(sym);
    }
    for (const fn of funcs)
      for (const block of fn.blocks) for (const v of block.values) if (v.op === SOp.FuncAddr) value(v.sym!);
    for (const sets of [this.values, this.methods]) {
      for (const names of sets.values()) {
        if (names.size > MaxMeant) continue;
        for (const name of names) {
          const fn = byName.get(name)!;
          if (!this.leaves.has(name) && isLeaf(fn)) this.leaves.set(name, new Body(fn));
        }
      }
    }
  }

  private key(sig: Sig): string {
    let key = this.sigs.get(sig);
    if (key === undefined) {
      key = `${sig.params.map(vtLetter).join("")}:${sig.results.map(vtLetter).join("")}`;
      this.sigs.set(sig, key);
    }
    return key;
  }

  /** The functions to try before an indirect call. */
  of(call: Value): Body[] {
    const names = call.sym !== null ? this.methods.get(call.sym) : this.values.get(this.key(call.sig!));
    if (names === undefined || names.size > MaxMeant) return [];
    const out: Body[] = [];
    for (const name of names) {
      const body = this.leaves.get(name);
      if (body !== undefined && this.key(body.fn.sig) === this.key(call.sig!)) out.push(body);
    }
    return out.slice(0, MaxTried);
  }

  get isEmpty(): boolean {
    return this.leaves.size === 0;
  }
}

function add(map: Map<string, Set<string>>, key: string, name: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([name]));
  else set.add(name);
}

/** Puts tests for the small functions that indirect calls in loops may mean before them, with their bodies. Answers
 *  whether `fn` has changed. */
export function inlineIndirect(fn: SFunc, targets: Targets, inlinings: Inlinings): boolean {
  const calls: Value[] = [];
  for (const block of fn.blocks) for (const v of block.values) if (v.op === SOp.CallIndirect) calls.push(v);
  if (calls.length === 0) return false;
  const tried = calls.map((call) => targets.of(call));
  if (tried.every((list) => list.length === 0)) return false;
  const loops = new Loops(new Order(fn));
  const inLoop = calls.map((call) => call.block.mark >= 0 && loops.of[call.block.mark] >= 0);
  let changed = false;
  calls.forEach((call, i) => {
    if (!inLoop[i] || tried[i].length === 0) return;
    const [code, ...args] = call.args;
    const site = new Site(fn, call, inlinings);
    let block = site.before;
    const last = block.values[block.values.length - 1];
    const context = last !== undefined && last.op === SOp.SetCtxt ? last : null;
    if (context !== null) block.values.pop();
    const slow = site.block();
    for (const body of tried[i]) {
      if (context === null && (body.fn.flags & FnFlag.NeedCtxt) !== 0) continue;
      const address = fn.newValue(block, SOp.FuncAddr, VT.I32, [], call.pos);
      address.sym = body.fn.name;
      const test = fn.newValue(block, SOp.Num, VT.I32, [code, address], call.pos);
      test.aux = Num.I32Eq;
      block.values.push(address, test);
      const yes = site.block();
      const no = site.block();
      block.kind = BlockKind.If;
      block.control = test;
      addEdge(block, yes);
      addEdge(block, no);
      site.body(yes, body, args, context === null ? null : context.args[0], slow);
      block = no;
    }
    addEdge(block, slow);
    site.slow(slow, context);
    site.finish();
    changed = true;
  });
  if (changed) applyForwards(fn.blocks);
  return changed;
}

/** A function's body as it was, to be copied. */
class Body {
  readonly blocks: readonly Block[];
  readonly values: readonly (readonly Value[])[];
  readonly args: readonly (readonly (readonly Value[])[])[];
  readonly succs: readonly (readonly Block[])[];
  readonly preds: readonly (readonly Block[])[];
  readonly ends: readonly { kind: BlockKind; control: Value | null; results: readonly Value[] }[];

  constructor(readonly fn: SFunc) {
    this.blocks = new Order(fn).blocks;
    this.values = this.blocks.map((b) => [...b.values]);
    this.args = this.values.map((list) => list.map((v) => [...v.args]));
    this.succs = this.blocks.map((b) => [...b.succs]);
    this.preds = this.blocks.map((b) => [...b.preds]);
    this.ends = this.blocks.map(({ kind, control, results }) => ({ kind, control, results: [...results] }));
  }
}

/** A call that is being replaced: its block is cut in two, and ways lead from one half to the other. */
class Site {
  readonly before: Block;
  private readonly after: Block;
  /** By way: what the results are. */
  private readonly results: (readonly Value[])[] = [];

  constructor(
    private readonly fn: SFunc,
    private readonly call: Value,
    private readonly inlinings: Inlinings,
  ) {
    const block = call.block;
    const at = block.values.indexOf(call);
    const after = fn.newBlock(block.pos);
    after.sealed = true;
    after.values = block.values.splice(at).slice(1);
    for (const v of after.values) v.block = after;
    after.kind = block.kind;
    after.control = block.control;
    after.likely = block.likely;
    after.results = block.results;
    after.succs = block.succs;
    for (const to of new Set(after.succs)) to.preds = to.preds.map((p) => (p === block ? after : p));
    block.kind = BlockKind.Plain;
    block.control = null;
    block.likely = 0;
    block.results = [];
    block.succs = [];
    this.before = block;
    this.after = after;
  }

  block(): Block {
    const block = this.fn.newBlock(this.call.pos);
    block.sealed = true;
    return block;
  }

  /** A copy of `body` after `from`, which has no end yet. What it does not take on itself is left to `slow`. */
  body(from: Block, body: Body, args: readonly Value[], context: Value | null, slow: Block | null): void {
    const { fn, call } = this;
    const callee = (body.fn.flags & FnFlag.Wrapper) !== 0 ? "" : body.fn.name;
    const blocks = new Map<Block, Block>();
    const values = new Map<Value, Value>();
    for (const old of body.blocks) blocks.set(old, this.block());
    body.blocks.forEach((old, i) => {
      const to = blocks.get(old)!;
      if (slow !== null && body.values[i].some(isPanicWrap)) return;
      for (const v of body.values[i]) {
        if (v.op === SOp.Param) values.set(v, args[v.aux]);
        else if (v.op === SOp.Ctxt) values.set(v, context!);
        else {
          const copy = fn.newValue(to, v.op, v.type, [], this.inlinings.pos(v.pos, call.pos, callee));
          copy.copyFrom(v);
          to.values.push(copy);
          values.set(v, copy);
        }
      }
    });
    body.blocks.forEach((old, i) => {
      const to = blocks.get(old)!;
      if (slow !== null && body.values[i].some(isPanicWrap)) {
        to.preds = body.preds[i].map((p) => blocks.get(p)!);
        addEdge(to, slow);
        return;
      }
      body.values[i].forEach((v, k) => {
        const copy = values.get(v)!;
        if (copy.block === to && v.op !== SOp.Param && v.op !== SOp.Ctxt)
          copy.args = body.args[i][k].map((a) => values.get(a)!);
      });
      const { kind, control, results } = body.ends[i];
      to.succs = body.succs[i].map((s) => blocks.get(s)!);
      to.preds = body.preds[i].map((p) => blocks.get(p)!);
      if (kind === BlockKind.Ret) {
        this.results.push(results.map((v) => values.get(v)!));
        addEdge(to, this.after);
      } else {
        to.kind = kind;
        to.control = control === null ? null : values.get(control)!;
      }
    });
    addEdge(from, blocks.get(body.fn.entry) ?? blocks.get(body.blocks[0])!);
  }

  /** The call itself, after `from`, which has no end yet. */
  slow(from: Block, context: Value | null): void {
    const { fn, call, after } = this;
    if (context !== null) {
      context.block = from;
      from.values.push(context);
    }
    const again = fn.newValue(from, call.op, call.type, [...call.args], call.pos);
    again.sig = call.sig;
    again.sym = call.sym;
    again.flags = call.flags;
    from.values.push(again);
    const types = call.sig!.results;
    const results: Value[] = types.length === 1 ? [again] : [];
    for (let i = 0; types.length > 1 && i < types.length; i++) {
      const result = fn.newValue(from, SOp.Result, types[i], [again], call.pos);
      result.aux = i;
      result.flags = this.users[i]?.flags ?? 0;
      from.values.push(result);
      results.push(result);
    }
    this.results.push(results);
    addEdge(from, after);
  }

  /** The results of the call that are used, by number. */
  private get users(): Value[] {
    const out: Value[] = [];
    for (const v of this.after.values) if (v.op === SOp.Result && v.args[0] === this.call) out[v.aux] = v;
    return out;
  }

  /** Gives the results to those who used the call's. */
  finish(): void {
    const { fn, call, after, results } = this;
    const phis: Value[] = [];
    const give = (to: Value, i: number): void => {
      if (results.length === 1) {
        to.forward = results[0][i];
        return;
      }
      const phi = fn.newValue(after, SOp.Phi, to.type, [], call.pos);
      phi.args = results.map((list) => list[i]);
      phi.flags = to.flags & PointerFlag;
      phis.push(phi);
      to.forward = phi;
    };
    if (call.sig!.results.length === 1) give(call, 0);
    else for (const [i, v] of this.users.entries()) if (v !== undefined) give(v, i);
    after.values.unshift(...phis);
  }
}

/** VFlag.Pointer. */
const PointerFlag = 1;

/** Nothing in the body depends on the frame that it runs in. */
function isCopyable(fn: SFunc): boolean {
  if (fn.deferExit !== null || fn.slots.length > 0 || (fn.flags & FnFlag.HasDefer) !== 0) return false;
  if (fn.blocks.length > MaxBlocks) return false;
  for (const block of fn.blocks) {
    for (const v of block.values) {
      switch (v.op) {
        case SOp.SlotAddr:
        case SOp.FrameAddr:
        case SOp.CallerFrame:
        case SOp.CallerPC:
        case SOp.GetReg:
        case SOp.SetReg:
        case SOp.Park:
        case SOp.Poll:
          return false;
      }
    }
  }
  return fn.blocks.some((b) => b.kind === BlockKind.Ret);
}

/** A small function without loops and calls. */
function isLeaf(fn: SFunc): boolean {
  if (!isCopyable(fn) || sizeOf(fn) > MaxLeaf) return false;
  for (const block of fn.blocks) {
    for (const v of block.values) {
      switch (v.op) {
        case SOp.Call:
        case SOp.CallIndirect:
        case SOp.SetCtxt:
        case SOp.Atomic:
        case SOp.MemoryGrow:
          return false;
        case SOp.PanicCall:
          if (!isPanicWrap(v)) return false;
      }
    }
  }
  return isAcyclic(fn);
}

function isPanicWrap(v: Value): boolean {
  return v.op === SOp.PanicCall && v.sym === PanicWrap;
}

function isAcyclic(fn: SFunc): boolean {
  const { blocks } = new Order(fn);
  return blocks.every((b) => b.succs.every((s) => s.mark > b.mark));
}

/** Values that are code. */
function sizeOf(fn: SFunc): number {
  let size = 0;
  for (const block of fn.blocks)
    for (const v of block.values) if (!isRematerial(v) && !isPhi(v) && v.op !== SOp.Param && v.op !== SOp.Ctxt) size++;
  return size;
}
