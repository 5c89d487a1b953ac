/** A package in data-flow form becomes an object: functions are emitted bottom-up through the call graph, because what a
 *  call has to keep in the frame depends on what the callee may do. */

import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import type { DataSymbol, SourcePlace } from "../ssa/object.ts";
import { effectsOf, sccsOf } from "../ssa/passes/effects.ts";
import { finish, optimize } from "../ssa/passes/index.ts";
import { Inlinings, inlineIndirect, inlineRecursion, Targets } from "../ssa/passes/inline.ts";
import { holdLock, isLocked } from "../ssa/passes/locked.ts";
import { placePolls, pollOnEntry } from "../ssa/passes/polls.ts";
import { vtLetter } from "../ssa/passes/props.ts";
import { sanitize } from "../ssa/passes/sanitize.ts";
import { FnFlag, type SFunc, type Sig, SOp, Status, type Value, VFlag, VT } from "../ssa/value.ts";
import { CodeWriter } from "./code.ts";
import { emitFunction } from "./emit.ts";
import { Effect, type FuncObject, type PackageObject } from "./object.ts";
import type { EmitContext } from "./values.ts";

/** What there is to compile (ssa/build/package.ts: BuiltPackage). */
export interface Built {
  readonly path: string;
  readonly funcs: readonly SFunc[];
  readonly data: readonly DataSymbol[];
  readonly initTask: string | null;
  /** Names of functions that were not built. */
  readonly left?: readonly string[];
}

export interface CompileOptions {
  /** What a position stands for in tracebacks, innermost function first. */
  readonly places: (pos: Pos) => readonly SourcePlace[];
  /** Effect bits and depth of frames (bytes; 0 for none at all) of a function of another package; null if it is not
   *  known. */
  readonly external: (sym: string) => { effects: number; depth: number } | null;
  readonly barriers: boolean;
  /** Suspend at every place where that is possible: for tests. */
  readonly yieldEverywhere?: boolean;
  /** The sanitizer: accesses are checked, frames are poisoned when their functions return. */
  readonly check?: boolean;
  /** For programs that run on several threads: package runtime holds its lock (ssa/passes/locked.ts), and whatever may go
   *  on for long polls. */
  readonly threads?: boolean;
}

/** Bytes below the limit of a stack that plain functions may use. */
export const StackReserve = 800;

const AllEffects = Effect.Walks | Effect.Collects | Effect.Parks;

/** Functions that package runtime declares without body and with such names are imports from the host. */
export const HostPrefix = "runtime.host";

/** Packages whose loops try something once more, and are short. */
const triesAgain: ReadonlySet<string> = new Set(["sync", "internal/sync"]);

/** What is not known is expected to do everything. */
const unknown = { effects: AllEffects, depth: 0 };
const none = { effects: 0, depth: 0 };

/** A package after all passes that ask nothing of other packages. */
export interface Prepared {
  readonly built: Built;
  readonly inlinings: Inlinings;
}

export function compileObject(built: Built, options: CompileOptions): PackageObject {
  return emitObject(prepare(built, options), options);
}

/** Needs nothing of the packages that are called. */
export function prepare(built: Built, options: Pick<CompileOptions, "check" | "threads">): Prepared {
  const { path, funcs, data } = built;
  const inlinings = new Inlinings();
  if (options.threads === true) for (const fn of funcs) if (isLocked(fn.name)) holdLock(fn);
  for (const fn of funcs) optimize(fn);
  if (!withoutPolls(path)) {
    const targets = new Targets(funcs, data);
    for (const fn of funcs) {
      const recursion = inlineRecursion(fn, inlinings);
      if (inlineIndirect(fn, targets, inlinings) || recursion) optimize(fn);
    }
  }
  // The sanitizer looks at one access at a time; package runtime has no such loops.
  for (const fn of funcs) finish(fn, options.check !== true && !withoutPolls(path));
  if (options.check === true && !withoutPolls(path)) for (const fn of funcs) sanitize(fn);
  return { built, inlinings };
}

export function emitObject({ built, inlinings }: Prepared, options: CompileOptions): PackageObject {
  const { path, funcs, data } = built;
  const table = new SymbolTable((pos) => placesOf(pos, inlinings, options.places));
  const done = new Map<string, { effects: number; depth: number }>();
  const out: FuncObject[] = [];
  const lookup = (sym: string): { effects: number; depth: number } =>
    done.get(sym) ?? (sym.startsWith(HostPrefix) || frameless.has(sym) ? none : (options.external(sym) ?? unknown));
  const cx: EmitContext = {
    writer: new CodeWriter(),
    symbol: (name) => table.symbol(name),
    sig: (sig) => table.sig(sig),
    place: (pos) => table.place(pos),
    effects: (sym) => lookup(sym).effects,
    barriers: options.barriers,
    poison: options.check === true,
    preciseSlots: !withoutPolls(path),
  };
  const threads = options.threads === true;
  for (const group of sccsOf(funcs)) {
    const cyclic = group.recursive;
    for (const fn of group.funcs) {
      // Within a cycle the others are expected to park; a function that must not is taken at its word.
      if (cyclic)
        done.set(fn.name, isNoSplit(fn, path) ? { effects: Effect.Walks | Effect.Collects, depth: 0 } : unknown);
    }
    for (const fn of group.funcs) {
      const noSplit = isNoSplit(fn, path);
      let loops = false;
      if (!noSplit && !withoutPolls(path)) {
        loops = placePolls(fn, (sym) => lookup(sym).effects, threads);
        if (threads && cyclic) pollOnEntry(fn);
      }
      const own = effectsOf(fn, (sym) => lookup(sym));
      let effects = own.effects | (cyclic ? AllEffects : 0);
      if (triesAgain.has(path)) effects &= ~Effect.Loops;
      else if (loops || cyclic) effects |= Effect.Loops;
      if (noSplit) effects &= ~Effect.Parks;
      if (cyclic || (effects & Effect.Parks) === 0) fn.flags &= ~FnFlag.StackStays;
      if (options.yieldEverywhere === true && !withoutPolls(path) && (effects & Effect.Parks) !== 0)
        yieldBeforeCalls(fn, cx);
      let object = emitFunction(fn, effects, own.depth, cx);
      if (!noSplit && (effects & Effect.Parks) === 0 && object.depth > StackReserve) {
        effects |= AllEffects;
        object = emitFunction(fn, effects, own.depth, cx);
      }
      if ((fn.flags & FnFlag.StackStays) !== 0 && object.depth > StackReserve) {
        fn.flags &= ~FnFlag.StackStays;
        object = emitFunction(fn, effects, own.depth, cx);
      }
      if (frameless.has(fn.name) && object.depth > 0) {
        throw new InternalError(`${fn.name}, which compiled code calls without a frame, needs one`);
      }
      out.push(object);
      done.set(fn.name, { effects, depth: ownsStack(fn, effects) ? 0 : object.depth });
    }
  }
  return {
    path,
    funcs: out,
    data,
    left: built.left ?? [],
    sigs: table.sigs,
    symbols: table.symbols,
    places: table.places,
    initTask: built.initTask,
  };
}

/** What a position stands for, that of code which ssa/passes/inline.ts has copied included. */
function placesOf(pos: Pos, inlinings: Inlinings, source: CompileOptions["places"]): readonly SourcePlace[] {
  const inlining = inlinings.of(pos);
  if (inlining === null) return source(pos);
  const chain = [...placesOf(inlining.pos, inlinings, source)];
  const own = chain.pop();
  if (own !== undefined && inlining.callee !== "") chain.push({ ...own, func: inlining.callee });
  return [...chain, ...placesOf(inlining.call, inlinings, source)];
}

/** Suspends the goroutine before each call that may park, and at each poll. */
function yieldBeforeCalls(fn: SFunc, cx: EmitContext): void {
  for (const block of fn.blocks) {
    const values: Value[] = [];
    for (const v of block.values) {
      const parks =
        v.op === SOp.CallIndirect ||
        v.op === SOp.Poll ||
        (v.op === SOp.Call && (cx.effects(v.sym!) & Effect.Parks) !== 0);
      if (parks && (v.flags & VFlag.NoPark) === 0) {
        const park = fn.newValue(block, SOp.Park, VT.Void, [], v.pos);
        park.aux = Status.Yield;
        // The context register is set right before the call.
        const context = values[values.length - 1]?.op === SOp.SetCtxt ? values.pop() : undefined;
        values.push(park);
        if (context !== undefined) values.push(context);
      }
      if (v.op !== SOp.Poll) values.push(v);
    }
    block.values = values;
  }
}

/** Package runtime and what it imports: the scheduler must not be asked for a turn from within itself. */
function withoutPolls(path: string): boolean {
  return path === "runtime" || path.startsWith("internal/runtime/") || runtimeImports.has(path);
}

const runtimeImports: ReadonlySet<string> = new Set([
  "internal/abi",
  "internal/bytealg",
  "internal/chacha8rand",
  "internal/cpu",
  "internal/goarch",
  "internal/goos",
  "internal/profilerecord",
  "internal/stringslite",
  "internal/trace/tracev2",
]);

/** Called where the caller's frame may not be laid out: docs/execution.md, "The collector". */
const frameless: ReadonlySet<string> = new Set([
  "runtime.gcWriteBarrier",
  "runtime.wbMove",
  "runtime.wbZero",
  "runtime.move",
  "runtime.wipe",
  "runtime.memequal",
]);

/** The function sees to it that there is stack for itself: its callers need not. */
function ownsStack(fn: SFunc, effects: number): boolean {
  return (effects & Effect.Parks) !== 0 && (fn.flags & FnFlag.StackStays) === 0;
}

/** The function is one of the runtime's that must not park. Elsewhere `//go:nosplit` is about stacks alone. */
function isNoSplit(fn: SFunc, path: string): boolean {
  return (fn.flags & (FnFlag.NoSplit | FnFlag.StackStays)) === FnFlag.NoSplit && withoutPolls(path);
}

/** The text by which equal signatures are known. */
export function sigKey(sig: Sig): string {
  return `${sig.params.map(vtLetter).join("")}:${sig.results.map(vtLetter).join("")}`;
}

class SymbolTable {
  readonly symbols: string[] = [];
  readonly sigs: Sig[] = [];
  private readonly byName = new Map<string, number>();
  readonly places: (readonly SourcePlace[])[] = [];
  private readonly byPos = new Map<Pos, number>();
  private readonly byPlace = new Map<string, number>();
  private readonly bySig = new Map<Sig, number>();
  private readonly byKey = new Map<string, number>();
  constructor(private readonly describe: (pos: Pos) => readonly SourcePlace[]) {}

  symbol(name: string): number {
    let n = this.byName.get(name);
    if (n === undefined) {
      n = this.symbols.length;
      this.symbols.push(name);
      this.byName.set(name, n);
    }
    return n;
  }

  sig(sig: Sig): number {
    let n = this.bySig.get(sig);
    if (n !== undefined) return n;
    const key = sigKey(sig);
    n = this.byKey.get(key);
    if (n === undefined) {
      n = this.sigs.length;
      this.sigs.push(sig);
      this.byKey.set(key, n);
    }
    this.bySig.set(sig, n);
    return n;
  }

  place(pos: Pos): number {
    let n = this.byPos.get(pos);
    if (n !== undefined) return n;
    const chain = this.describe(pos);
    const key = chain.map((p) => `${p.file}:${p.line}:${p.func}`).join("\n");
    n = this.byPlace.get(key);
    if (n === undefined) {
      n = this.places.length;
      this.places.push(chain);
      this.byPlace.set(key, n);
    }
    this.byPos.set(pos, n);
    return n;
  }
}
