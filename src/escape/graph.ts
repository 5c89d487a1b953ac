/** The location graph: who can hold whose address or value.
 *
 *  Mirrors  cmd/compile/internal/escape/graph.go.
 *  A {@link Location} is a variable, an allocating expression or an unnamed temporary. An {@link Edge} stands on its
 *  destination and says "src flows here with so many dereferences": -1 for `dst = &src`, 0 for `dst = src`, 1 for
 *  `dst = *src`. A {@link Hole} is the context an expression is evaluated in: its destination and the dereferences
 *  taken on the way. Elements of arrays, fields of structs, paths and order of statements are not told apart. */
import { InternalError } from "../base/diag.ts";
import type { CaseClause, Func, Name, Node } from "../ir/node.ts";
import { Class } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import type { Explanation } from "./explain.ts";
import { Leaks, numEscResults } from "./leaks.ts";

export const enum Attr {
  /** The variable must be on the heap. */
  Escapes = 1,
  /** The storage outlives its statement. */
  Persists = 2,
  /** Memory that is reachable from here may be written to. */
  Mutates = 4,
  /** Closures that are reachable from here may be called, their results lost. */
  Calls = 8,
  All = 15,
}

/** Why an edge exists: one step, innermost first. Only kept when explanations are wanted. */
export class Note {
  constructor(
    readonly next: Note | null,
    readonly where: Node | CaseClause,
    readonly why: string,
  ) {}
}

export class Edge {
  constructor(
    readonly src: Location,
    readonly derefs: number,
    readonly notes: Note | null,
  ) {}
}

export class Location {
  readonly node: Node | null;
  readonly curfn: Func | null;
  /** Incoming edges in the order of their making. */
  edges: Edge[] = [];
  loopDepth: number;
  attrs = 0;
  /** 1-based index of a result parameter; 0 for others. */
  resultIndex = 0;
  paramEsc: Leaks | null = null;
  captured = false;
  reassigned = false;
  addrtaken = false;
  readonly isParam: boolean;
  readonly isParamOut: boolean;
  /** Flows to the heap found so far, kept for structured output. */
  flows: Explanation[] | null = null;

  // State of the solver's current walk.
  derefs = 0;
  walkgen = 0;
  dst: Location | null = null;
  dstEdge = 0;
  queuedWalkAll = false;
  queuedWalkOne = 0;

  constructor(node: Node | null, curfn: Func | null, loopDepth: number) {
    this.node = node;
    this.curfn = curfn;
    this.loopDepth = loopDepth;
    const cls = node !== null && node.op === Op.ONAME ? (node as Name).class : Class.None;
    this.isParam = cls === Class.PPARAM;
    this.isParamOut = cls === Class.PPARAMOUT;
    if (this.isParam) this.paramEsc = new Leaks();
  }

  has(attr: Attr): boolean {
    return (this.attrs & attr) !== 0;
  }

  asHole(): Hole {
    return new Hole(this, 0, null, false);
  }

  /** Records that this parameter's value reaches `sink`: a result of its function where a tag can say so, the heap
   *  otherwise. */
  leakTo(sink: Location, derefs: number): void {
    const leaks = this.paramEsc!;
    if (!sink.has(Attr.Escapes) && sink.isParamOut && sink.curfn === this.curfn) {
      const index = sink.resultIndex - 1;
      if (index < numEscResults) {
        leaks.addResult(index, derefs);
        return;
      }
    }
    leaks.addHeap(derefs);
  }
}

export class Hole {
  constructor(
    readonly dst: Location,
    readonly derefs: number,
    readonly notes: Note | null,
    /** The address of the expression is taken, wherever it may go. */
    readonly addrtaken: boolean,
  ) {}

  shift(delta: number): Hole {
    if (this.derefs + delta < -1) throw new InternalError(`derefs underflow: ${this.derefs + delta}`);
    return new Hole(this.dst, this.derefs + delta, this.notes, delta < 0);
  }

  withDst(dst: Location): Hole {
    return new Hole(dst, this.derefs, this.notes, this.addrtaken);
  }
}
