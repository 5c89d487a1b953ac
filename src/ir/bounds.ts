/** The remark on index expressions whose index is provably in range (cmd/compile/internal/walk/expr.go: walkIndex,
 *  bounded), in the order in which functions are compiled (gc/compile.go: enqueueFunc).
 *
 *  The compiler makes it while it walks code that has been put into evaluation order, where calls and other operations
 *  whose result goes to a temporary come before the rest of their statement; the traversal here imitates that order. */

import { ValueKind } from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import { constType, int64Val, isConst, isSmallIntConst, stringVal } from "./const.ts";
import { isClosure } from "./func.ts";
import { CaseClause, type Func, type Node, NodeFlag } from "./node.ts";
import { Op } from "./op.ts";
import type { Target } from "./target.ts";
import { isDirectIface, isInteger, isSigned, sizeOf } from "./typeops.ts";
import { TKind } from "./types.ts";
import { doChildren, visitList } from "./visit.ts";

/** Reports every elided check of the functions of a package. */
export function reportElidedBounds(
  funcs: readonly Func[],
  target: Target,
  report: (pos: Pos, msg: string) => void,
): void {
  for (const fn of funcs) {
    if (isClosure(fn) || fn.sym.name === "_") continue; // literals that capture follow the function around them
    const todo = [fn];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { closures, elided } = survey(next, target);
      if (elided < 2 && closures.length < 2) {
        // The order of evaluation does not matter.
        if (elided === 1)
          visitList(next.body, (n) => isElided(n, target) && report(n.pos, "index bounds check elided"));
        todo.push(...closures);
        continue;
      }
      const walker = new Walker(target, report);
      walker.stmts(next.body);
      todo.push(...walker.closures);
    }
  }
}

/** Literals that capture, and the number of elided checks in a function. */
function survey(fn: Func, target: Target): { closures: Func[]; elided: number } {
  const closures: Func[] = [];
  let elided = 0;
  visitList(fn.body, (n) => {
    if (n.op === Op.OCLOSURE) {
      if (isClosure(n.func!)) closures.push(n.func!);
    } else if (isElided(n, target)) {
      elided++;
    }
  });
  return { closures, elided };
}

/** An index expression whose index is not constant but in range for its array or constant string. */
function isElided(n: Node, target: Target): boolean {
  if (n.op !== Op.OINDEX || (n.flags & NodeFlag.Bounded) !== 0 || isConst(n.y, ValueKind.Int)) return false;
  let t = n.x!.type!;
  if (t.kind === TKind.PTR) t = t.elem!;
  let max: number;
  if (t.kind === TKind.ARRAY) max = t.len;
  else if (constType(n.x) === ValueKind.String) max = stringVal(n.x!).length;
  else return false;
  return bounded(n.y!, max, target);
}

/** Whether integer expression `n` is in [0, max). */
export function bounded(n: Node, max: number, target: Target): boolean {
  const t = n.type;
  if (t === null || !isInteger(t)) return false;
  const signed = isSigned(t);
  let bits = 8 * sizeOf(t, target);
  if (isSmallIntConst(n)) {
    const v = int64Val(n);
    return 0 <= v && v < max;
  }
  switch (n.op) {
    case Op.OAND:
    case Op.OANDNOT: {
      let v = -1n;
      if (isSmallIntConst(n.x!)) {
        v = BigInt(int64Val(n.x!));
      } else if (isSmallIntConst(n.y!)) {
        v = BigInt(int64Val(n.y!));
        if (n.op === Op.OANDNOT) v = signed ? ~v : BigInt.asUintN(bits, ~v);
      }
      v = BigInt.asIntN(64, v);
      if (0n <= v && v < BigInt(max)) return true;
      break;
    }
    case Op.OMOD:
      if (!signed && isSmallIntConst(n.y!)) {
        const v = int64Val(n.y!);
        if (0 <= v && v <= max) return true;
      }
      break;
    case Op.ODIV:
      if (!signed && isSmallIntConst(n.y!)) {
        for (let v = int64Val(n.y!); bits > 0 && v >= 2; v >>= 1) bits--;
      }
      break;
    case Op.ORSH:
      if (!signed && isSmallIntConst(n.y!)) {
        const v = int64Val(n.y!);
        if (v > bits) return true;
        bits -= v;
      }
      break;
  }
  return !signed && bits <= 62 && 2 ** bits <= max;
}

class Walker {
  /** Literals met, in order. */
  readonly closures: Func[] = [];
  /** Expressions that have been evaluated ahead of their statement. */
  private readonly done = new Set<Node>();

  constructor(
    private readonly target: Target,
    private readonly report: (pos: Pos, msg: string) => void,
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
      case Op.OIF:
        this.expr(n.x);
        this.stmts(n.body);
        this.stmts(n.list);
        break;
      case Op.OFOR:
        this.expr(n.x);
        this.stmt(n.y);
        this.stmts(n.body);
        break;
      case Op.ORANGE:
        this.expr(n.x);
        this.expr(n.y);
        this.expr(n.z);
        this.stmts(n.body);
        break;
      case Op.OSWITCH:
        this.expr(n.x);
        for (const clause of n.cases) if (clause instanceof CaseClause) for (const e of clause.list) this.expr(e);
        for (const clause of n.cases) this.stmts(clause.body);
        break;
      case Op.OSELECT:
        this.select(n);
        break;
      case Op.OAS2:
        for (const e of n.list) this.hoist(e);
        for (const e of n.list2) this.hoist(e);
        for (let i = 0; i < n.list.length; i++) {
          this.walk(n.list[i]);
          this.walk(n.list2[i]);
        }
        break;
      case Op.OCALLFUNC:
      case Op.OCALLINTER:
        // The call itself is the statement; only what it is made of can come ahead of it.
        this.hoistChildren(n);
        this.walk(n);
        break;
      case Op.OAS:
        this.assign(n);
        break;
      default:
        this.expr(n);
    }
  }

  /** The call on the right of an assignment is evaluated into the target. */
  private assign(n: Node): void {
    if (n.x !== null) this.hoist(n.x);
    if (n.y !== null) {
      if (isHoisted(n.y, this.target)) this.hoistChildren(n.y);
      else this.hoist(n.y);
    }
    if (n.x !== null) this.walk(n.x);
    if (n.y !== null) this.walk(n.y);
  }

  private select(n: Node): void {
    for (const clause of n.cases) {
      if (clause instanceof CaseClause || clause.comm === null) continue;
      const comm = clause.comm;
      this.stmts(comm.init);
      if (comm.op === Op.OSELRECV2) for (const e of comm.list2) this.expr(e);
      else this.expr(comm);
    }
    for (const clause of n.cases) {
      if (!(clause instanceof CaseClause) && clause.comm?.op === Op.OSELRECV2) {
        for (const e of clause.comm.list) this.expr(e);
      }
      this.stmts(clause.body);
    }
  }

  private expr(n: Node | null): void {
    if (n === null) return;
    this.hoist(n);
    this.walk(n);
  }

  private readonly hoist = (n: Node): boolean => {
    this.hoistChildren(n);
    if (isHoisted(n, this.target)) {
      this.walk(n);
      this.done.add(n);
    }
    return false;
  };

  private hoistChildren(n: Node): void {
    doChildren(n, this.hoist);
  }

  private readonly walk = (n: Node): boolean => {
    if (this.done.has(n)) return false;
    doChildren(n, this.walk);
    if (n.op === Op.OCLOSURE) {
      if (isClosure(n.func!)) this.closures.push(n.func!);
    } else if (isElided(n, this.target)) {
      this.report(n.pos, "index bounds check elided");
    }
    return false;
  };
}

/** Operations whose result goes to a temporary before the statement that they are part of. */
function isHoisted(n: Node, target: Target): boolean {
  switch (n.op) {
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
    case Op.OINDEXMAP:
    case Op.ORECV:
    case Op.OANDAND:
    case Op.OOROR:
    case Op.OAPPEND:
    case Op.OCOPY:
    case Op.OMAX:
    case Op.OMIN:
    case Op.OMAKECHAN:
    case Op.OMAKEMAP:
    case Op.OMAKESLICE:
    case Op.ONEW:
    case Op.ORECOVER:
    case Op.OSTR2BYTES:
    case Op.OSTR2RUNES:
      return true;
    case Op.OCONVIFACE:
      return n.x!.type!.kind !== TKind.INTER && !isDirectIface(n.x!.type!, target);
    default:
      return false;
  }
}
