/** Escape analysis of one batch of mutually recursive functions: build the graph, solve it, say what it means.
 *
 *  Mirrors  cmd/compile/internal/escape/escape.go (Batch, initFunc, walkFunc, flowClosure).
 *  Order    of everything that is said is the compiler's: what the walk itself finds, then captures, then size
 *           limits, then the solver, then parameters, then all other verdicts in order of location.
 *  Holds    every Name of the batch has its Location in `opt` while the batch runs, and none afterwards. */
import { InternalError } from "../base/diag.ts";
import type { GoRules } from "../base/goversion.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { isClosure } from "../ir/func.ts";
import { canonical } from "../ir/name.ts";
import { type CaseClause, Class, type Func, type Name, type Node } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import type { ReassignOracle } from "../ir/reassign.ts";
import type { OnVisit } from "../ir/stage.ts";
import type { Target } from "../ir/target.ts";
import { sizeOf } from "../ir/typeops.ts";
import type { Pkg } from "../ir/types.ts";
import type { Universe } from "../ir/universe.ts";
import { visitList } from "../ir/visit.ts";
import { type Explanation, explainDirectEscape } from "./explain.ts";
import { finish } from "./finish.ts";
import { Attr, Hole, Location, Note } from "./graph.ts";
import { type FrameLimits, heapAllocReason } from "./limits.ts";
import { rewriteWithLiterals } from "./literals.ts";
import { walkAll } from "./solve.ts";
import { block } from "./stmt.ts";

/** How the analysis speaks. Everything leaves in emission order. */
export interface EscapeConfig {
  /** The level of `-m`. */
  readonly m: number;
  /** Of the Go release that is in use. */
  readonly rules: GoRules;
  readonly target: Target;
  readonly universe: Universe;
  readonly localPkg: Pkg;
  readonly limits: FrameLimits;
  /** Say which parameters are written through and called (-d=escapemutationscalls). */
  readonly mutations: boolean;
  /** -d=checkptr: from level 2 on what is converted to unsafe.Pointer escapes. */
  readonly checkptr?: number;
  /** Remark conversions of strings to bytes that need no copy. */
  readonly zeroCopy: boolean;
  /** What this says stays on the stack whatever was found out (-d=wrongstack). */
  readonly wrongStack?: ((n: Node) => boolean) | null;
  /** Build explanations (needed from -m=2 on, and for structured output). */
  readonly explain: boolean;
  /** A node as the compiler prints it (`%v`). */
  str(node: Node | CaseClause): string;
  /** ir.FuncName: the name without package. */
  funcName(fn: Func): string;
  /** One line; `flows` are the explanations that belong to the verdict. */
  /** `fn` is the function whose code it is, of values on the heap. */
  warn(pos: Pos, msg: string, flows: readonly Explanation[] | null, size?: number, fn?: Func | null): void;
  /** A step of the walk, from -m=3 on; no blank comes before the text. */
  trace(pos: Pos, msg: string): void;
  /** With -m=4: `fn` is about to be analysed. */
  dumped(fn: Func): void;
  /** An allocation escapes: an entry of its own in the compiler's log. */
  logEscape(pos: Pos): void;
  readonly visit?: OnVisit | null;
  /** Called between batches; what it throws ends the analysis. */
  readonly checkpoint?: () => void;
  /** An error of the package, such as a variable of the runtime that would need the heap. */
  error(pos: Pos, msg: string): void;
  /** An explanation was found; -m=2 prints it at this moment. */
  explained(explanation: Explanation): void;
  /** Is shown each batch once it is solved, with the names still bound to their locations. */
  readonly solved: ((b: Batch, fns: readonly Func[]) => void) | null;
  /** The package is part of the runtime, where nothing may move to the heap. */
  readonly compilingRuntime: boolean;
}

/** Progress of a function: a callee of the same batch is a graph, a finished one is its tags. */
export const enum FuncState {
  Unknown,
  Planned,
  Started,
  Tagged,
}

interface Closure {
  readonly hole: Hole;
  readonly clo: Node;
}

export const enum LabelState {
  Looping = 1,
  NonLooping,
}

export class Batch {
  readonly allLocs: Location[] = [];
  closures: Closure[] = [];
  readonly heapLoc = new Location(null, null, 0);
  readonly mutatorLoc = new Location(null, null, 0);
  readonly calleeLoc = new Location(null, null, 0);
  readonly blankLoc = new Location(null, null, 0);
  readonly heapHole: Hole;
  readonly mutatorHole: Hole;
  readonly calleeHole: Hole;
  readonly discardHole: Hole;
  readonly target: Target;
  /** Where the statement is that is being walked; kept for -m=3 only. */
  tracePos: Pos = NoPos;

  constructor(
    readonly config: EscapeConfig,
    /** Filled on demand, shared by all batches of a package. */
    readonly oracles: Map<Func, ReassignOracle>,
  ) {
    this.target = config.target;
    this.heapLoc.attrs = Attr.All;
    this.mutatorLoc.attrs = Attr.Mutates;
    this.calleeLoc.attrs = Attr.Calls;
    this.heapHole = this.heapLoc.asHole();
    this.mutatorHole = this.mutatorLoc.asHole();
    this.calleeHole = this.calleeLoc.asHole();
    this.discardHole = this.blankLoc.asHole();
  }
}

/** State of the walk through one function. */
export class Escape {
  labels: Map<unknown, LabelState> | null = null;
  /** Nesting of loops, labels with a backward goto included; 1 outside of all. */
  loopDepth = 1;
  constructor(
    readonly b: Batch,
    readonly curfn: Func,
  ) {}
}

/** Analyses one batch: functions that call each other, closures among them. */
export function analyzeBatch(fns: readonly Func[], config: EscapeConfig, oracles: Map<Func, ReassignOracle>): void {
  const b = new Batch(config, oracles);
  for (const fn of fns) initFunc(b, fn);
  for (const fn of fns) if (!isClosure(fn)) walkFunc(b, fn);
  // All bodies were walked, so it is known which captured variables are ever reassigned.
  for (const { hole, clo } of b.closures) flowClosure(b, hole, clo);
  b.closures = [];
  for (let i = 0; i < b.allLocs.length; i++) {
    const loc = b.allLocs[i];
    if (loc.node === null) continue;
    if (loc.curfn !== null && config.rules.literalRewriting) rewriteWithLiterals(b, loc.node, loc.curfn);
    const why = heapAllocReason(loc.node, b.target, b.config.limits, b.config.rules);
    if (why !== "") flow(b, addr(b, b.heapHole, loc.node, why), loc);
  }
  walkAll(b);
  config.solved?.(b, fns);
  finish(b, fns);
}

function initFunc(b: Batch, fn: Func): void {
  if (fn.esc !== FuncState.Unknown) throw new InternalError(`${b.config.funcName(fn)} is analysed twice`);
  fn.esc = FuncState.Planned;
  if (b.config.m > 3) b.config.dumped(fn);
  const e = new Escape(b, fn);
  let results = 0;
  for (const n of fn.dcl) {
    const loc = newLoc(e, n, true);
    if (n.class === Class.PPARAMOUT) loc.resultIndex = ++results;
  }
  // Hidden parameters of wrappers, such as the receiver of a method value.
  if (fn.oclosure === null) for (const n of fn.closureVars) newLoc(e, canonical(n), true);
}

export function walkFunc(b: Batch, fn: Func): void {
  fn.esc = FuncState.Started;
  const e = new Escape(b, fn);
  visitList(fn.body, (n) => {
    if (n.op === Op.OLABEL) {
      if (e.labels === null) e.labels = new Map();
      e.labels.set(n.label, LabelState.NonLooping);
    } else if (n.op === Op.OGOTO && e.labels?.get(n.label) === LabelState.NonLooping) {
      e.labels.set(n.label, LabelState.Looping); // seen before its goto: a backward jump
    }
  });
  block(e, fn.body);
}

/** Variables up to this size are captured by value when they are never reassigned. */
const maxByValueCapture = 128;

function flowClosure(b: Batch, hole: Hole, clo: Node): void {
  for (const cv of clo.func!.closureVars) {
    const n = canonical(cv);
    const loc = oldLoc(cv);
    if (!loc.captured) throw new InternalError(`closure variable ${n.sym.name} was never captured`);
    const byval = !loc.addrtaken && !loc.reassigned && sizeOf(n.type!, b.target) <= maxByValueCapture;
    n.byval = byval;
    cv.byval = byval;
    if (!byval) n.addrtaken = true;
    if (b.config.m > 1) {
      const width = sizeOf(n.type!, b.target);
      const how = `capturing by ${byval ? "value" : "ref"}: ${b.config.str(n)}`;
      const why = `(addr=${loc.addrtaken} assign=${loc.reassigned} width=${width})`;
      b.config.warn(n.pos, `${b.config.str(n.curfn!.nname)} ${how} ${why}`, null);
    }
    const k = byval ? hole : addr(b, hole, cv, "reference");
    flow(b, note(b, k, cv, "captured by a closure"), loc);
  }
}

// ---------------------------------------------------------------------------------------------- holes and edges

export function note(b: Batch, k: Hole, where: Node | CaseClause, why: string): Hole {
  if (!b.config.explain) return k;
  return new Hole(k.dst, k.derefs, new Note(k.notes, where, why), k.addrtaken);
}

export function deref(b: Batch, k: Hole, where: Node | CaseClause, why: string): Hole {
  return note(b, k.shift(1), where, why);
}

export function addr(b: Batch, k: Hole, where: Node | CaseClause, why: string): Hole {
  return note(b, k.shift(-1), where, why);
}

/** Adds the edge `k <- src`, or, where it is clear at once that src's address reaches the heap, says so. */
export function flow(b: Batch, k: Hole, src: Location): void {
  if (k.addrtaken) src.addrtaken = true;
  const dst = k.dst;
  if (dst === b.blankLoc) return;
  if (dst === src && k.derefs >= 0) return;
  if (k.derefs < 0 && dst.has(Attr.Escapes)) {
    if (b.config.explain) {
      const explanation = explainDirectEscape(b, dst, src, k.derefs, k.notes);
      if (src.flows === null) src.flows = [];
      src.flows.push(explanation);
      b.config.explained(explanation);
    }
    src.attrs |= Attr.All;
    return;
  }
  dst.edges.push({ src, derefs: k.derefs, notes: k.notes });
}

export function oldLoc(n: Name): Location {
  const loc = canonical(n).opt;
  if (loc === null) throw new InternalError(`${n.sym.name} has no location`);
  return loc as Location;
}

export function newLoc(e: Escape, n: Node | null, persists: boolean): Location {
  const loc = new Location(n, e.curfn, e.loopDepth);
  if (persists) loc.attrs |= Attr.Persists;
  e.b.allLocs.push(loc);
  if (n !== null && n.op === Op.ONAME) {
    if (n.opt !== null) throw new InternalError(`${(n as Name).sym.name} already has a location`);
    n.opt = loc;
  }
  return loc;
}

/** A hole that flows into each of `holes`. */
export function teeHole(e: Escape, holes: readonly Hole[]): Hole {
  if (holes.length === 0) return e.b.discardHole;
  if (holes.length === 1) return holes[0];
  const loc = newLoc(e, null, false);
  for (const k of holes) {
    // `p = &q` and `p = &tmp; tmp = q` do not mean the same.
    if (k.derefs < 0) throw new InternalError("tee of an address");
    flow(e.b, k, loc);
  }
  return loc.asHole();
}

/** A hole that flows into `k` some time later: temporaries on the way cannot be reused at once. */
export function later(e: Escape, k: Hole): Hole {
  const loc = newLoc(e, null, true);
  flow(e.b, k, loc);
  return loc.asHole();
}

/** Storage for the value of an allocating expression: its address flows to `k`, what it holds to the result. */
export function spill(e: Escape, k: Hole, n: Node): Hole {
  const loc = newLoc(e, n, false);
  flow(e.b, addr(e.b, k, n, "spill"), loc);
  return loc.asHole();
}

// ---------------------------------------------------------------------------------------------- functions

/** The function is of this batch and has no tags yet: its parameters and results are in the graph themselves. */
export function inMutualBatch(fn: Name): boolean {
  const state = fn.func?.esc ?? FuncState.Unknown;
  return state === FuncState.Planned || state === FuncState.Started;
}

export function resultNames(fn: Func): Name[] {
  return fn.dcl.filter((n) => n.class === Class.PPARAMOUT);
}

export function resultLocations(fn: Func): Location[] {
  return resultNames(fn).map(oldLoc);
}
