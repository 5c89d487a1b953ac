/** Decides which locations must be on the heap: a fixed point over the location graph.
 *
 *  Mirrors  cmd/compile/internal/escape/solve.go (walkAll, walkOne, outlives).
 *  Writes   Location.attrs and Location.paramEsc; explanations leave in discovery order, which is what -m=2 prints.
 *  Ends     because attributes only grow, and a location is walked again only when it gained some. */
import { containsClosure } from "../ir/func.ts";
import type { Func } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import { type Batch, inMutualBatch, resultLocations } from "./batch.ts";
import { type Explanation, explainEscape, explainLeak } from "./explain.ts";
import { Attr, type Location } from "./graph.ts";

/** A ring buffer that grows; capacity is a power of two. */
class Queue {
  private locs: (Location | null)[];
  private head = 0;
  private tail = 0;
  length = 0;

  constructor(capacity: number) {
    let size = 2;
    while (size < capacity) size *= 2;
    this.locs = new Array(size).fill(null);
  }

  pushFront(loc: Location): void {
    if (this.length === this.locs.length) this.grow();
    this.head = (this.head - 1) & (this.locs.length - 1);
    this.locs[this.head] = loc;
    this.length++;
  }

  pushBack(loc: Location): void {
    if (this.length === this.locs.length) this.grow();
    this.locs[this.tail] = loc;
    this.tail = (this.tail + 1) & (this.locs.length - 1);
    this.length++;
  }

  popFront(): Location {
    const loc = this.locs[this.head] as Location;
    this.head = (this.head + 1) & (this.locs.length - 1);
    this.length--;
    return loc;
  }

  private grow(): void {
    const old = this.locs;
    const grown: (Location | null)[] = new Array(old.length * 2).fill(null);
    for (let i = 0; i < this.length; i++) grown[i] = old[(this.head + i) & (old.length - 1)];
    this.locs = grown;
    this.head = 0;
    this.tail = this.length;
  }
}

class Solver {
  private readonly todo: Queue;
  /** Reused by every walk; empty between walks. */
  private readonly walk = new Queue(16);
  private walkgen = 0;
  /** Else both work lists are stacks. */
  private readonly queued: boolean;

  constructor(private readonly b: Batch) {
    this.todo = new Queue(b.allLocs.length + 3);
    this.queued = b.config.rules.queuedSolver;
  }

  run(): void {
    const { b, todo } = this;
    for (const loc of b.allLocs) this.enqueueFirst(loc);
    this.enqueueFirst(b.mutatorLoc);
    this.enqueueFirst(b.calleeLoc);
    this.enqueueFirst(b.heapLoc);
    while (todo.length > 0) {
      const root = todo.popFront();
      root.queuedWalkAll = false;
      this.walkgen++;
      this.walkOne(root);
    }
  }

  private enqueueFirst(loc: Location): void {
    this.todo.pushFront(loc);
    loc.queuedWalkAll = true;
  }

  private enqueue(loc: Location): void {
    if (loc.queuedWalkAll) return;
    loc.queuedWalkAll = true;
    // What escapes goes first: its attributes then spread sooner.
    if (!this.queued || loc.has(Attr.Escapes)) this.todo.pushFront(loc);
    else this.todo.pushBack(loc);
  }

  /** Minimal derefs from `root` to all that flows into it: Bellman-Ford, with each step's derefs floored at 0. */
  private walkOne(root: Location): void {
    const { b, walk, walkgen, queued } = this;
    root.walkgen = walkgen;
    root.derefs = 0;
    root.dst = null;
    if (root.has(Attr.Calls) && root.node !== null && root.node.op === Op.OCLOSURE) this.loseResults(root.node.func!);

    walk.pushBack(root);
    while (walk.length > 0) {
      const l = walk.popFront();
      l.queuedWalkOne = 0;
      let derefs = l.derefs;
      let gained = 0;
      const addressOf = derefs < 0;
      if (addressOf) {
        // In `root = &l; l = x` it is l's address that flows to root, not x's.
        derefs = 0;
        if (outlives(b, root, l)) {
          if (!l.has(Attr.Escapes) && b.config.explain) this.explained(l, explainEscape(b, root, l));
          gained |= Attr.All;
        } else if (root.has(Attr.Persists)) {
          gained |= Attr.Persists;
        }
      }
      if (derefs === 0) gained |= root.attrs & (Attr.Mutates | Attr.Calls);

      if (l.isParam) {
        if (outlives(b, root, l)) {
          if (!l.has(Attr.Escapes) && b.config.explain) this.explained(l, explainLeak(b, root, l, derefs));
          l.leakTo(root, derefs);
        }
        if (root.has(Attr.Mutates)) l.paramEsc!.addMutator(derefs);
        if (root.has(Attr.Calls)) l.paramEsc!.addCallee(derefs);
      }

      if ((gained & ~l.attrs) !== 0) {
        l.attrs |= gained;
        this.enqueue(l);
        if (l.has(Attr.Escapes)) continue;
      }

      const edges = l.edges;
      for (let i = 0; i < edges.length; i++) {
        const edge = edges[i];
        const src = edge.src;
        if ((src.attrs & Attr.Escapes) !== 0) continue;
        const d = derefs + edge.derefs;
        if (src.walkgen !== walkgen || src.derefs > d) {
          src.walkgen = walkgen;
          src.derefs = d;
          src.dst = l;
          src.dstEdge = i;
          if (!queued) {
            walk.pushFront(src);
          } else if (src.queuedWalkOne !== walkgen) {
            src.queuedWalkOne = walkgen;
            walk.pushBack(src);
          }
        }
      }
    }
  }

  /** A closure of this batch is called where its results cannot be followed: they may go anywhere. */
  private loseResults(fn: Func): void {
    if (!inMutualBatch(fn.nname) || fn.closureResultsLost) return;
    fn.closureResultsLost = true;
    for (const result of resultLocations(fn)) this.enqueue(result);
  }

  private explained(l: Location, explanation: Explanation): void {
    if (l.flows === null) l.flows = [];
    l.flows.push(explanation);
    this.b.config.explained(explanation);
  }
}

export function walkAll(b: Batch): void {
  new Solver(b).run();
}

/** Reports whether values stored in `l` may be there after `other`, if on the stack, is gone. */
function outlives(b: Batch, l: Location, other: Location): boolean {
  if (l.has(Attr.Escapes)) return true;
  if (l === b.mutatorLoc || l === b.calleeLoc) return false;
  // Nobody knows what callers do with results, except for a closure whose calls are all known: it may return what
  // was allocated outside of it.
  if (l.isParamOut) return !(containsClosure(other.curfn!, l.curfn!) && !l.curfn!.closureResultsLost);
  if (l.curfn === other.curfn && l.loopDepth < other.loopDepth) return true;
  return l.curfn !== null && containsClosure(l.curfn, other.curfn!);
}
