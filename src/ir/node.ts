/** Nodes of the compiler's tree (cmd/compile/internal/ir). One class for all expressions and statements, so that the
 *  passes stay monomorphic; {@link Op} says which fields an operation uses. Names, functions and clauses have more to
 *  say and are classes of their own. Lists are never null; {@link noNodes} is the shared empty one: replace it, do not
 *  push to it. */
import type { Value } from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import type { Func as CheckerFunc } from "../types/types.ts";
import { Op } from "./op.ts";
import type { Field, Sym, Type } from "./types.ts";

export const noNodes: readonly Node[] = Object.freeze([]) as unknown as readonly Node[];

export const enum NodeFlag {
  /** Put in by the compiler, not written in the source: transparent when printed. */
  Implicit = 1 << 0,
  /** The last argument of a call is followed by `...`. */
  DDD = 1 << 1,
  /** `x := e`; the declarations are in `init`. */
  Def = 1 << 2,
  /** A map index that is assigned to. */
  Assigned = 1 << 3,
  /** `x++` and `x--`. */
  IncDec = 1 << 4,
  /** Per-iteration loop variables (Go 1.22). */
  DistinctVars = 1 << 5,
  /** The call must not be inlined. */
  NoInline = 1 << 6,
  /** The call came with a `go` or `defer`. */
  GoDefer = 1 << 7,
  /** Storage may be reused as the value is consumed at once. */
  Transient = 1 << 8,
  /** Index or slice proved in range. */
  Bounded = 1 << 9,
  NonNil = 1 << 10,
  CheckPtr = 1 << 11,
  HasCall = 1 << 12,
  /** A range-over-func body's or a wrapper's closure whose verdict line is muted. */
  Muted = 1 << 13,
  /** A KeepAlive call that the compiler put in: its arguments do not escape. */
  CompilerVarLive = 1 << 14,
  /** A string->[]byte conversion whose result nobody writes to: it is the string's memory. */
  ZeroCopy = 1 << 15,
  /** An append whose array begins in the frame and grows there, as its capacity is looked at. */
  UseBuf = 1 << 16,
  /** A type assertion that devirtualizing put in: a nil operand panics as the method call would. */
  NilPanic = 1 << 16,
  /** A conversion that has its descriptors with it: those that passes put in have none. */
  HasRtti = 1 << 17,
  /** Its position is Noder.basePos, which does not move with the text of an inlined body. */
  AtBasePos = 1 << 18,
}

/** Descriptors that only the dictionary of a generic function knows, as expressions. What is null is known without. */
export interface Rtti {
  /** Of append, copy and make of slices, unsafe.Slice: the element's descriptor; of operations on maps and of make of
   *  maps and channels: that of the map or channel; of conversions to interfaces: the first word of the interface, for
   *  interface operands the descriptor of the target. */
  readonly type: Node | null;
  /** Of conversions to interfaces: the operand's descriptor. */
  readonly src: Node | null;
  /** Of range statements: for converting keys and elements to the types of the variables. */
  readonly key: Rtti | null;
  readonly value: Rtti | null;
}

export class Node {
  op: Op;
  pos: Pos;
  type: Type | null;
  flags = 0;
  /** Escape verdict of an allocating expression (escape/, EscUnknown 0, EscNone 1, EscHeap 2, EscNever 3). */
  esc = 0;
  x: Node | null = null;
  y: Node | null = null;
  z: Node | null = null;
  w: Node | null = null;
  init: readonly Node[] = noNodes;
  list: readonly Node[] = noNodes;
  list2: readonly Node[] = noNodes;
  body: readonly Node[] = noNodes;
  /** Of selectors and struct keys: the field or method. */
  sel: Field | null = null;
  /** Of literals. */
  val: Value | null = null;
  /** Of OCLOSURE and OMETHVALUE. */
  func: Func | null = null;
  /** Of branches, labels and labelled loops, switches and selects. */
  label: Sym | null = null;
  cases: readonly (CaseClause | CommClause)[] = noCases;
  /** Of slice literals: the length. */
  len = 0;
  /** The operation of an OASOP. */
  asOp: Op = 0;
  rtti: Rtti | null = null;
  /** Scratch of the pass that runs (an escape location, a walk generation). */
  opt: unknown = null;
  constructor(op: Op, pos: Pos, type: Type | null) {
    this.op = op;
    this.pos = pos;
    this.type = type;
  }
}

const noCases: readonly (CaseClause | CommClause)[] = [];

/** Storage class of a name. */
export const enum Class {
  None,
  /** Package-level variable. */
  PEXTERN,
  /** Local variable. */
  PAUTO,
  PAUTOHEAP,
  PPARAM,
  PPARAMOUT,
  PFUNC,
}

export class Name extends Node {
  sym: Sym;
  class: Class = Class.None;
  /** Of a PFUNC: the function. */
  declare func: Func | null;
  /** Initialising assignment of a local or global; for a closure variable the captured variable's outermost Name;
   *  for clause variables the OTYPESW, for range variables the ORANGE, for receive variables the OSELRECV2. */
  defn: Node | null = null;
  /** The function that declares the local. */
  curfn: Func | null = null;
  /** Of a closure variable: the enclosing function's copy of the variable. */
  outer: Name | null = null;
  isClosureVar = false;
  byval = false;
  addrtaken = false;
  /** Assigned other than by its definition. */
  reassigned = false;
  captured = false;
  used = false;
  autoTemp = false;
  needzero = false;
  /** Index of its dictionary entry plus one, 0 if none. */
  dictIndex = 0;
  /** Of a part of a global (staticinit): the global, and where the part is in it. */
  partOf: Name | null = null;
  partOffset = 0;
  /** A read-only global (`go:embed`, string data). */
  readonly = false;
  /** Result parameter or formal of an inlined call. */
  inlFormal = false;
  inlLocal = false;
  isOutputParamHeapAddr = false;
  constructor(pos: Pos, sym: Sym, type: Type | null) {
    super(Op.ONAME, pos, type);
    this.sym = sym;
  }
}

export const enum FuncFlag {
  /** A range-over-func body. */
  RangeFuncBody = 1 << 0,
  /** A method wrapper, a method-value wrapper or a go/defer wrapper. */
  Wrapper = 1 << 1,
  /** Instances: may be made by several packages. Their parameter lines are muted. */
  Dupok = 1 << 2,
  /** The synthetic package initialiser. */
  PackageInit = 1 << 3,
  /** Calls recover. */
  HasRecover = 1 << 4,
  HasDefer = 1 << 5,
  OpenCodedDeferDisallowed = 1 << 6,
  /** `F-fm` and other functions that print nothing about inlining. */
  CompilerGenerated = 1 << 7,
  NeedCtxt = 1 << 8,
  /** The closure of a go or defer statement's wrapper. */
  WrapsGoDefer = 1 << 9,
  IsDeadcodeClosure = 1 << 10,
}

/** What inlining a function takes. */
export interface Inline {
  readonly cost: number;
  /** There is one return statement, and the results have no names: they can be declared there. */
  readonly canDelayResults: boolean;
}

/** A function: declared, literal, instance or wrapper. */
export class Func {
  readonly pos: Pos;
  readonly nname: Name;
  /** ODCLFUNC, so that graphs over nodes can hold functions. */
  body: readonly Node[] = noNodes;
  /** Parameters, results, then locals, in order of creation: `.autotmp_N` is numbered by its length. */
  dcl: Name[] = [];
  closureVars: Name[] = [];
  /** The OCLOSURE of a function literal. */
  oclosure: Node | null = null;
  closureParent: Func | null = null;
  /** Of a range-over-func body: the innermost function that is not one. */
  rangeParent: Func | null = null;
  wrapped: Func | null = null;
  pragma = 0;
  flags = 0;
  funcLitGen = 0;
  rangeLitGen = 0;
  goDeferGen = 0;
  /** Number of labels that the compiler made in the function. */
  labelGen = 0;
  numDefers = 0;
  numReturns = 0;
  /** Escape tags of the parameters, receiver first, once analysed or imported; see escape/leaks.ts. */
  tags: readonly string[] | null = null;
  /** Type parameters were involved: the dictionary is the first parameter (after a receiver). */
  isInstance = false;
  /** False for imported functions and for functions without a body. */
  hasBody = false;
  endPos: Pos = 0;
  /** The checker's object of a declared or imported function or method; null for closures, wrappers and
   *  initialisers. */
  source: CheckerFunc | null = null;
  /** The function can be inlined; imported functions know it from their package's summary. */
  inl: Inline | null = null;
  /** It has been decided whether the function can be inlined. */
  inlinabilityChecked = false;
  opt: unknown = null;
  /** How far the escape analysis is with it (FuncState of escape/batch.ts). */
  esc = 0;
  /** Of a closure: it is called somewhere that its results cannot be followed from. */
  closureResultsLost = false;
  constructor(pos: Pos, nname: Name) {
    this.pos = pos;
    this.nname = nname;
    nname.class = Class.PFUNC;
    nname.func = this;
  }

  get sym(): Sym {
    return this.nname.sym;
  }

  get type(): Type {
    return this.nname.type!;
  }
}

/** `case list: body` of a switch. `list` empty and `isDefault` for default. */
export class CaseClause {
  /** Variable of this clause of a type switch. */
  var: Name | null = null;
  isDefault = false;
  constructor(
    public pos: Pos,
    public list: readonly Node[],
    public body: readonly Node[],
  ) {}
}

/** `case comm: body` of a select; `comm` is an OSEND or OSELRECV2, null for default. */
export class CommClause {
  constructor(
    public pos: Pos,
    public comm: Node | null,
    public body: readonly Node[],
  ) {}
}
