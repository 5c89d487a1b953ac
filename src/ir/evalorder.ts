/** The order in which the compiler gets at the expressions of a function when it generates code
 *  (cmd/compile/internal/walk: order.go, assign.go, walk.go).
 *
 *  Before code is generated, `order` moves calls and other operations whose result needs a temporary ahead of the
 *  statement that they are part of; what is left is walked afterwards, operands first. Nothing is changed here: the
 *  traversal only imitates that. Temporaries that `order` makes to have an address are left out of account. */
import { sameSafeExpr } from "./expr.ts";
import { EscHeap, isBlank } from "./name.ts";
import { CaseClause, Class, type Name, type Node } from "./node.ts";
import { Op } from "./op.ts";
import type { Target } from "./target.ts";
import { isDirectIface } from "./typeops.ts";
import { TKind } from "./types.ts";
import { any } from "./visit.ts";

export class EvalOrder {
  /** Index expressions whose index has been copied to a temporary: only its type is known of it. */
  readonly copiedIndex = new Set<Node>();
  /** Expressions that have been evaluated. */
  private readonly done = new Set<Node>();

  constructor(
    private readonly target: Target,
    /** Called with every expression as it is evaluated. */
    private readonly leaf: (n: Node) => void,
  ) {}

  stmts(list: readonly Node[]): void {
    for (let i = 0; i < list.length; i++) this.stmt(list[i]);
  }

  private stmt(n: Node | null): void {
    if (n === null) return;
    this.stmts(n.init);
    switch (n.op) {
      case Op.OBLOCK:
        this.stmts(n.list);
        break;
      case Op.OINLCALL:
        this.stmts(n.body);
        break;
      case Op.OIF:
        this.inPlace(n.x);
        this.stmts(n.body);
        this.stmts(n.list);
        break;
      case Op.OFOR:
        this.inPlace(n.x);
        this.stmt(n.y);
        this.stmts(n.body);
        break;
      case Op.ORANGE:
        this.inPlace(n.x);
        if (n.y !== null && n.z !== null) {
          this.order(n.y, null);
          this.order(n.z, null);
          this.assignPairs([n.y, n.z], []);
        } else {
          this.inPlace(n.y);
          this.inPlace(n.z);
        }
        this.stmts(n.body);
        break;
      case Op.OSWITCH:
        this.inPlace(n.x);
        for (const clause of n.cases) if (clause instanceof CaseClause) for (const e of clause.list) this.inPlace(e);
        for (const clause of n.cases) this.stmts(clause.body);
        break;
      case Op.OSELECT:
        this.select(n);
        break;
      case Op.OAS:
        this.assign(n);
        break;
      case Op.OASOP:
        this.order(n.x, null);
        this.order(n.y, null);
        if (n.x!.op === Op.OINDEXMAP) this.mapValue(n.y!);
        this.walk(n.x);
        this.walk(n.y);
        break;
      case Op.OAS2:
        for (const e of n.list) this.order(e, null);
        for (const e of n.list2) this.order(e, null);
        this.assignPairs(n.list, n.list2);
        break;
      case Op.OAS2FUNC:
      case Op.OAS2DOTTYPE:
      case Op.OAS2MAPR:
      case Op.OAS2RECV: {
        for (const e of n.list) this.order(e, null);
        const rhs = n.list2[0];
        this.stmts(rhs.init);
        if (rhs.op === Op.OINLCALL) this.stmts(rhs.body);
        this.orderOperands(rhs);
        this.walk(rhs);
        for (const e of n.list) this.walk(e);
        break;
      }
      case Op.OGO:
      case Op.ODEFER:
        this.stmts(n.x!.init);
        this.orderOperands(n.x!);
        this.walk(n.x);
        break;
      default:
        this.orderOperands(n);
        this.walk(n);
    }
  }

  private select(n: Node): void {
    for (const clause of n.cases) {
      if (clause instanceof CaseClause || clause.comm === null) continue;
      const comm = clause.comm;
      this.stmts(comm.init);
      if (comm.op === Op.OSELRECV2) for (const e of comm.list2) this.inPlace(e);
      else this.inPlace(comm);
    }
    for (const clause of n.cases) {
      if (!(clause instanceof CaseClause) && clause.comm?.op === Op.OSELRECV2) {
        for (const e of clause.comm.list) this.inPlace(e);
      }
      this.stmts(clause.body);
    }
  }

  private inPlace(n: Node | null): void {
    this.order(n, null);
    this.walk(n);
  }

  // ------------------------------------------------------------------------------------------------- assignments

  private assign(n: Node): void {
    const x = n.x!;
    const y = n.y;
    this.order(x, null);
    if (y !== null) {
      if (x.op === Op.OINDEXMAP && y.op === Op.OAPPEND && sameSafeExpr(x, y.list[0])) {
        // One access of the map serves both sides.
        this.cheap(x.x!);
        this.cheap(x.y!);
        for (let i = 1; i < y.list.length; i++) this.order(y.list[i], null);
        this.done.add(y.list[0]);
      } else {
        this.order(y, x);
      }
      if (x.op === Op.OINDEXMAP) this.mapValue(y);
    }
    this.walk(x);
    this.walk(y);
  }

  /** What is put into a map is evaluated before the map is touched. */
  private mapValue(y: Node): void {
    if (y.op === Op.OAPPEND) for (let i = 1; i < y.list.length; i++) this.cheap(y.list[i]);
    else this.cheap(y);
  }

  /** Pairs from left to right; what an earlier one could change is read in advance. */
  private assignPairs(left: readonly Node[], right: readonly Node[]): void {
    const assigned = new Set<Node>();
    let memWrite = false;
    const affected = (e: Node): boolean =>
      any(e, (x) => (x.op === Op.ONAME && assigned.has(x)) || (memWrite && readsMemory(x)));
    const save = (e: Node): boolean => {
      if (!affected(e)) return false;
      this.emit(e);
      return true;
    };
    for (let i = 0; i < left.length; i++) {
      const rhs = right.length === 0 ? null : right[i];
      let l = left[i];
      for (;;) {
        if (l.op === Op.OINDEX && l.x!.type!.kind === TKind.ARRAY) {
          if (save(l.y!)) this.copiedIndex.add(l);
        } else if (l.op !== Op.OPAREN && l.op !== Op.ODOT) {
          break;
        }
        l = l.x!;
      }
      if (l.op === Op.OINDEX || l.op === Op.OINDEXMAP) {
        save(l.x!);
        save(l.y!);
      } else if (l.op === Op.ODEREF || l.op === Op.ODOTPTR) {
        save(l.x!);
      }
      if (rhs !== null) save(rhs);
      this.walk(left[i]);
      this.walk(rhs);
      if (isBlank(l)) continue;
      const name = l.op === Op.ONAME ? (l as Name) : null;
      if (name === null || name.addrtaken || !onStack(name)) memWrite = true;
      else assigned.add(name);
    }
  }

  // ------------------------------------------------------------------------------------------------- expressions

  /** Evaluates what comes ahead of the statement; `lhs` is what the value of `n` is assigned to, if anything. */
  private order(n: Node | null, lhs: Node | null): void {
    if (n === null) return;
    this.stmts(n.init);
    switch (n.op) {
      case Op.OANDAND:
      case Op.OOROR:
        this.order(n.x, null);
        this.emit(n.x!);
        this.order(n.y, null);
        this.emit(n.y!);
        this.emit(n);
        return;
      case Op.OSLICE:
      case Op.OSLICEARR:
      case Op.OSLICESTR:
      case Op.OSLICE3:
      case Op.OSLICE3ARR:
        this.order(n.x, null);
        for (const bound of [n.y, n.z, n.w]) {
          if (bound === null) continue;
          this.order(bound, null);
          this.cheap(bound);
        }
        break;
      case Op.OINLCALL:
        this.stmts(n.body);
        return;
      case Op.OMAPLIT:
        for (const entry of n.list) {
          this.order(entry.x, null);
          this.order(entry.y, null);
          this.cheap(entry.y!);
          this.emit(entry);
        }
        return;
      case Op.OAPPEND:
        this.orderOperands(n);
        for (const arg of n.list) this.noteCopied(arg);
        break;
      case Op.OUNSAFESLICE:
      case Op.OUNSAFESTRING:
        this.orderOperands(n);
        this.noteCopied(n.x!);
        this.noteCopied(n.y!);
        break;
      default:
        this.orderOperands(n);
    }
    if (this.isCopied(n, lhs)) this.emit(n);
  }

  private orderOperands(n: Node): void {
    operands(n, (x) => this.order(x, null));
  }

  /** Evaluates `n` to a temporary unless it is as cheap as one. */
  private cheap(n: Node): void {
    if (n.op === Op.OLEN || n.op === Op.OCAP) this.cheap(n.x!);
    else if (!isSimple(n)) this.emit(n);
  }

  /** The arguments of append and of unsafe's functions must be repeatable: an index that is no plain variable is copied (safeExpr). */
  private noteCopied(arg: Node): void {
    for (let n: Node | null = arg; n !== null; n = n.x) {
      switch (n.op) {
        case Op.OINDEX:
          if (!isSimple(n.y!)) this.copiedIndex.add(n);
          this.noteCopied(n.y!);
          break;
        case Op.OLEN:
        case Op.OCAP:
        case Op.ODOT:
        case Op.ODOTPTR:
        case Op.ODEREF:
          break;
        default:
          return;
      }
    }
  }

  /** Whether `order` copies the value to a temporary. */
  private isCopied(n: Node, lhs: Node | null): boolean {
    switch (n.op) {
      case Op.OCALLFUNC:
      case Op.OCALLINTER:
      case Op.OCAP:
      case Op.OCOMPLEX:
      case Op.OCOPY:
      case Op.OIMAG:
      case Op.OLEN:
      case Op.OMAKECHAN:
      case Op.OMAKEMAP:
      case Op.OMAKESLICE:
      case Op.OMAX:
      case Op.OMIN:
      case Op.ONEW:
      case Op.OREAL:
      case Op.ORECOVER:
      case Op.OSTR2BYTES:
      case Op.OSTR2RUNES:
        return lhs === null || lhs.op !== Op.ONAME;
      case Op.OAPPEND:
        return lhs === null || (lhs.op !== Op.ONAME && !sameSafeExpr(lhs, n.list[0]));
      case Op.OSLICE:
      case Op.OSLICEARR:
      case Op.OSLICESTR:
      case Op.OSLICE3:
      case Op.OSLICE3ARR:
        return lhs === null || (lhs.op !== Op.ONAME && !sameSafeExpr(lhs, n.x!));
      case Op.ODOTTYPE:
      case Op.ODOTTYPE2:
        return !isDirectIface(n.type!, this.target);
      case Op.ORECV:
        return true;
      default:
        return false;
    }
  }

  private emit(n: Node): void {
    this.walk(n);
    this.done.add(n);
  }

  private readonly walk = (n: Node | null): void => {
    if (n === null || this.done.has(n)) return;
    operands(n, this.walk);
    this.leaf(n);
  };
}

/** The operands of an expression, without its init list. */
function operands(n: Node, fn: (n: Node) => void): void {
  if (n.op === Op.ONAME) return;
  if (n.x !== null) fn(n.x);
  if (n.y !== null) fn(n.y);
  if (n.z !== null) fn(n.z);
  if (n.w !== null) fn(n.w);
  for (let i = 0; i < n.list.length; i++) fn(n.list[i]);
  for (let i = 0; i < n.list2.length; i++) fn(n.list2[i]);
}

function isSimple(n: Node): boolean {
  return n.op === Op.ONAME || n.op === Op.OLITERAL || n.op === Op.ONIL;
}

function onStack(n: Name): boolean {
  return (n.class === Class.PAUTO || n.class === Class.PPARAM || n.class === Class.PPARAMOUT) && n.esc !== EscHeap;
}

/** Whether evaluating the node itself reads what a store could change. */
function readsMemory(n: Node): boolean {
  switch (n.op) {
    case Op.ONAME: {
      const name = n as Name;
      return name.class === Class.PEXTERN || name.class === Class.PAUTOHEAP || name.addrtaken;
    }
    case Op.OADD:
    case Op.OAND:
    case Op.OANDAND:
    case Op.OANDNOT:
    case Op.OBITNOT:
    case Op.OCONV:
    case Op.OCONVIFACE:
    case Op.OCONVNOP:
    case Op.ODIV:
    case Op.ODOT:
    case Op.ODOTTYPE:
    case Op.OLITERAL:
    case Op.OLSH:
    case Op.OMOD:
    case Op.OMUL:
    case Op.ONEG:
    case Op.ONIL:
    case Op.OOR:
    case Op.OOROR:
    case Op.OPAREN:
    case Op.OPLUS:
    case Op.ORSH:
    case Op.OSUB:
    case Op.OXOR:
      return false;
    default:
      return true;
  }
}
