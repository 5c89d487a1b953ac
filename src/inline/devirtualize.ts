/** Turns interface calls into calls of the method they can only mean (cmd/compile/internal/devirtualize).
 *
 *  The concrete type of an interface value is known where it comes from conversions of one type only; variables are
 *  followed through all their assignments. {@link State} keeps what was found out about assignments; it stays valid
 *  while functions change as it refers to the nodes themselves. */
import { InternalError } from "../base/diag.ts";
import type { GoRules } from "../base/goversion.ts";
import type { Pos } from "../base/pos.ts";
import { outerValue, singleResult, staticValue } from "../ir/expr.ts";
import { nodeString } from "../ir/fmt.ts";
import { newAddrExpr, newSelector, newStarExpr, newUnary } from "../ir/make.ts";
import { canonical, isBlank } from "../ir/name.ts";
import { newTuple, type PointerTypes } from "../ir/newtype.ts";
import { CaseClause, Class, type Func, type Name, type Node, NodeFlag } from "../ir/node.ts";
import { calcMethods, dotpath, isMethodApplicable, newMethodExpr } from "../ir/noder/methods.ts";
import type { Noder } from "../ir/noder/noder.ts";
import { Op } from "../ir/op.ts";
import { typeString } from "../ir/typefmt.ts";
import { identical, isInteger, receiverBaseType, sameSelector } from "../ir/typeops.ts";
import { type Pkg, type Sym, TKind, type Type } from "../ir/types.ts";
import { visitList } from "../ir/visit.ts";

/** Receives messages in the order in which they are to be printed. */
export type Sink = (pos: Pos, msg: string, tight?: boolean) => void;

/** Devirtualises `call` if that is possible. */
export function staticCall(s: State, call: Node): void {
  // In go and defer statements a panic of the receiver's evaluation would come at the wrong time.
  if ((call.flags & NodeFlag.GoDefer) !== 0 || call.op !== Op.OCALLINTER) return;
  const sel = call.x!;
  const recv = sel.x!;
  const typ = s.rules.concreteTypes ? concreteType(s, recv) : convertedType(recv);
  // An assertion to a type that cannot be in the interface would not be valid Go.
  if (typ === null || (s.rules.concreteTypes && !implements_(typ, recv.type!)) || typ.isShape) return;
  if (typ.hasShape) {
    s.report(call.pos, `cannot devirtualize ${nodeString(call, s.local)}: shaped receiver ${typeString(typ, s.local)}`);
    return;
  }
  if (recv.type!.hasShape) {
    const iface = typeString(recv.type, s.local);
    s.report(call.pos, `cannot devirtualize ${nodeString(call, s.local)}: shaped interface ${iface}`);
    return;
  }

  const assertion = newUnary(Op.ODOTTYPE, s.rules.concreteTypes ? call.pos : sel.pos, typ, recv);
  if (s.rules.concreteTypes) assertion.flags |= NodeFlag.NilPanic;
  const callee = dotMethod(s.pointers, sel.pos, assertion, sel.sel!.sym!);
  const full = callee.op === Op.ODOTMETH ? "" : "partially ";
  s.report(call.pos, `${full}devirtualizing ${nodeString(sel, s.local)} to ${typeString(typ, s.local)}`);
  call.x = callee;
  const results = callee.type!.results;
  if (results.length === 1) call.type = results[0].type;
  else if (results.length > 1) call.type = newTuple(results);
  if (callee.op === Op.ODOTMETH) fixMethodCall(call, callee);
}

/** Calls of methods are calls of method expressions, with the receiver as first argument. */
export function fixMethodCall(call: Node, dot: Node): void {
  const recv = dot.x!;
  call.op = Op.OCALLFUNC;
  call.x = newMethodExpr(dot.pos, recv.type!, dot.sel!.sym!);
  call.list = [recv, ...call.list];
}

/** `x.sym` as it is called (typecheck.XDotMethod): ODOTMETH, or ODOTINTER for a method that an embedded interface
 *  promotes; the way there and the receiver's address or dereference are filled in. */
export function dotMethod(pointers: PointerTypes, pos: Pos, x: Node, sym: Sym): Node {
  const { path, field } = dotpath(sym, x.type!);
  if (path === null || field === null) throw new InternalError(`no method ${sym.name}`);
  let recv = x;
  for (const f of path) {
    const op = recv.type!.kind === TKind.PTR ? Op.ODOTPTR : Op.ODOT;
    recv = newSelector(op, pos, f.type, recv, f);
    recv.flags |= NodeFlag.Implicit;
  }
  const have = recv.type!;
  const iface = have.kind === TKind.PTR ? have.elem! : have;
  if (iface.kind === TKind.INTER) {
    if (iface !== have) recv = implicit(newStarExpr(pos, recv));
    return newSelector(Op.ODOTINTER, pos, field.type, recv, field);
  }
  const want = field.type.recv!.type;
  if (!identical(want, have)) {
    if (want.kind === TKind.PTR && identical(want.elem, have))
      recv = implicit(newAddrExpr(pos, recv, pointers.to(have)));
    else if (have.kind === TKind.PTR && identical(have.elem, want)) recv = implicit(newStarExpr(pos, recv));
    else throw new InternalError(`receiver mismatch for ${sym.name}`);
  }
  return newSelector(Op.ODOTMETH, pos, field.type, recv, field);
}

function implicit(n: Node): Node {
  n.flags |= NodeFlag.Implicit;
  return n;
}

/** Whether concrete type `t` has the methods of `iface` (typecheck.Implements). */
export function implements_(t: Type, iface: Type): boolean {
  const wanted = iface.underlying.fields;
  if (wanted.length === 0) return true;
  const base = receiverBaseType(t);
  if (base === null) return false;
  const methods = calcMethods(base);
  let i = 0;
  for (const m of wanted) {
    while (i < methods.length && !sameSelector(methods[i].sym, m.sym)) i++;
    if (i === methods.length) return false;
    if (!identical(methods[i].type, m.type) || !isMethodApplicable(t, methods[i])) return false;
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------- concrete types

/** Of a variable: it is only assigned nil, or itself. */
const noType = "none";

/** The type whose conversion is all that interface value `n` can be; null if it is anything else. */
function convertedType(n: Node): Type | null {
  const value = staticValue(n);
  if (value.op !== Op.OCONVIFACE) return null;
  const typ = value.x!.type!;
  return typ.kind === TKind.INTER ? null : typ;
}

/** The concrete type of interface value `n`; null if it is not known, or if there are several. */
function concreteType(s: State, n: Node): Type | null {
  const typ = concreteType1(s, n, new Set());
  return typ === noType ? null : typ;
}

function concreteType1(s: State, n: Node, seen: Set<Name>): Type | typeof noType | null {
  for (;;) {
    if (n.type!.kind !== TKind.INTER) return n.type;
    switch (n.op) {
      case Op.OCONVNOP:
      case Op.OCONVIFACE:
      case Op.OPAREN:
      case Op.ODOTTYPE:
      case Op.ODOTTYPE2:
        n = n.x!;
        continue;
      case Op.OINLCALL:
        n = singleResult(n);
        continue;
    }
    break;
  }
  if (n.op !== Op.ONAME) return null;
  const name = canonical(n as Name);
  if (name.class !== Class.PAUTO || name.addrtaken) return null;
  if (seen.has(name)) return noType;
  seen.add(name);

  let typ: Type | null = null;
  for (const value of s.assignments(name)) {
    if (value === null) return null;
    const t = value.node === null ? value.type : concreteType1(s, value.node, seen);
    if (t === noType) continue;
    if (t === null) return null;
    if (typ !== null && typ !== t) {
      if (identical(typ, t)) s.pointers.toldApart = true;
      return null;
    }
    typ = t;
  }
  return typ ?? noType;
}

/** What an interface variable is assigned: a node to look into, or just a concrete type; null is an unknown value of
 *  interface type. */
type Assignment = AssignedValue | null;

class AssignedValue {
  constructor(
    readonly node: Node | null,
    readonly type: Type | null,
  ) {}
}

/** Assignments to interface variables, by function, found when they are first asked for. */
export class State {
  private readonly ifaceAssignments = new Map<Name, Assignment[]>();
  /** Where the interface results of a call go: known better once the call is inlined. */
  private readonly callResults = new Map<Node, CallResult[]>();
  private readonly analyzed = new Set<Func>();

  readonly local: Pkg;
  readonly rules: GoRules;
  readonly pointers: PointerTypes;

  constructor(
    n: Noder,
    readonly report: Sink,
  ) {
    this.local = n.localPkg;
    this.rules = n.rules;
    this.pointers = n.universe.pointers;
  }

  assignments(n: Name): readonly Assignment[] {
    const fn = n.curfn;
    if (fn === null) throw new InternalError(`${n.sym.name} belongs to no function`);
    if (!this.analyzed.has(fn)) {
      this.analyzed.add(fn);
      visitList(fn.body, this.visit);
    }
    return this.ifaceAssignments.get(n) ?? noAssignments;
  }

  /** Takes `inlined` in `fn` into account, which has replaced `call`. */
  inlinedCall(fn: Func, call: Node, inlined: Node): void {
    if (!this.analyzed.has(fn)) return;
    visitList(inlined.init, this.visit);
    visitList(inlined.body, this.visit);
    const results = this.callResults.get(call);
    if (results === undefined) return;
    this.callResults.delete(call);
    for (const { name, assignment, result } of results) {
      this.ifaceAssignments.get(name)![assignment] = new AssignedValue(inlined.list[result], null);
    }
  }

  private readonly visit = (n: Node): void => {
    switch (n.op) {
      case Op.OAS: {
        let rhs = n.y;
        while (rhs !== null && rhs.op === Op.OPAREN) rhs = rhs.x;
        if (rhs === null) break;
        if (isCall(rhs)) this.assignResult(n.x, rhs, 0);
        else this.assignNode(n.x, rhs);
        break;
      }
      case Op.OAS2:
        for (let i = 0; i < n.list.length; i++) this.assignNode(n.list[i], n.list2[i]);
        break;
      case Op.OAS2DOTTYPE:
        this.assignNode(n.list[0], n.list2[0]);
        this.assign(n.list[1], null);
        break;
      case Op.OAS2MAPR:
      case Op.OAS2RECV:
      case Op.OSELRECV2:
        this.assignType(n.list[0], n.list2[0].type!);
        this.assign(n.list[1], null);
        break;
      case Op.OAS2FUNC: {
        let rhs = n.list2[0];
        while (rhs.op === Op.OPAREN) rhs = rhs.x!;
        if (isCall(rhs)) {
          for (let i = 0; i < n.list.length; i++) this.assignResult(n.list[i], rhs, i);
        } else {
          for (let i = 0; i < n.list.length; i++) this.assignNode(n.list[i], rhs.list[i]);
        }
        break;
      }
      case Op.ORANGE:
        this.rangeVars(n);
        break;
      case Op.OSWITCH:
        if (n.x !== null && n.x.op === Op.OTYPESW) {
          for (const clause of n.cases) {
            if (clause instanceof CaseClause && clause.var !== null) this.assignNode(clause.var, n.x.x!);
          }
        }
        break;
      case Op.OCLOSURE:
        if (!this.analyzed.has(n.func!)) {
          this.analyzed.add(n.func!);
          visitList(n.func!.body, this.visit);
        }
        break;
    }
  };

  private rangeVars(n: Node): void {
    let t = n.x!.type!;
    if (t.kind === TKind.PTR && t.elem!.kind === TKind.ARRAY) t = t.elem!;
    switch (t.kind) {
      case TKind.ARRAY:
      case TKind.SLICE:
        this.assign(n.y, null);
        this.assignType(n.z, t.elem!);
        break;
      case TKind.CHAN:
        this.assignType(n.y, t.elem!);
        break;
      case TKind.MAP:
        this.assignType(n.y, t.key!);
        this.assignType(n.z, t.elem!);
        break;
      default:
        if (!isInteger(t) && t.kind !== TKind.STRING) throw new InternalError(`range over kind ${t.kind}`);
        this.assign(n.y, null);
        this.assign(n.z, null);
    }
  }

  private assignResult(target: Node | null, call: Node, result: number): void {
    const { type } = call.x!.type!.results[result];
    if (type.kind !== TKind.INTER) {
      this.assign(target, new AssignedValue(null, type));
      return;
    }
    const name = this.assign(target, null);
    if (name === null) return;
    const entry = { name, assignment: this.ifaceAssignments.get(name)!.length - 1, result };
    const known = this.callResults.get(call);
    if (known === undefined) this.callResults.set(call, [entry]);
    else known.push(entry);
  }

  private assignType(target: Node | null, type: Type): void {
    this.assign(target, type.kind === TKind.INTER ? null : new AssignedValue(null, type));
  }

  private assignNode(target: Node | null, value: Node | null): void {
    // nil has no methods that could be called.
    if (value !== null && value.op !== Op.ONIL) this.assign(target, new AssignedValue(value, null));
  }

  /** The variable, if it is one that matters. */
  private assign(target: Node | null, value: Assignment): Name | null {
    if (target === null || target.op !== Op.ONAME || isBlank(target)) return null;
    const n = outerValue(target) as Name;
    if (n.curfn === null || n.type!.kind !== TKind.INTER) return null;
    const name = canonical(n);
    if (name.class !== Class.PAUTO) return null;
    const known = this.ifaceAssignments.get(name);
    if (known === undefined) this.ifaceAssignments.set(name, [value]);
    else known.push(value);
    return name;
  }
}

/** Result number `result` of a call is what assignment number `assignment` to `name` assigns. */
interface CallResult {
  readonly name: Name;
  readonly assignment: number;
  readonly result: number;
}

const noAssignments: readonly Assignment[] = [];

function isCall(n: Node): boolean {
  return n.op === Op.OCALLFUNC || n.op === Op.OCALLINTER;
}
