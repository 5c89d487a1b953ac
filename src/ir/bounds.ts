/** The remark on index expressions whose index is provably in range (cmd/compile/internal/walk/expr.go: walkIndex,
 *  bounded), in the order in which functions are compiled (gc/compile.go: enqueueFunc). */
import { ValueKind } from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import { constType, int64Val, isConst, isSmallIntConst, stringVal } from "./const.ts";
import { EvalOrder } from "./evalorder.ts";
import { isClosure } from "./func.ts";
import { type Func, type Node, NodeFlag } from "./node.ts";
import { Op } from "./op.ts";
import { type OnVisit, Stage } from "./stage.ts";
import type { Target } from "./target.ts";
import { isInteger, isSigned, sizeOf } from "./typeops.ts";
import { TKind, type Type } from "./types.ts";
import { visitList } from "./visit.ts";

/** Reports every elided check of the functions of a package. */
export function reportElidedBounds(
  funcs: readonly Func[],
  target: Target,
  report: (pos: Pos, msg: string) => void,
  visit: OnVisit | null = null,
): void {
  for (const fn of funcs) {
    if (isClosure(fn) || fn.sym.name === "_") continue; // literals that capture follow the function around them
    visit?.(Stage.Bounds, fn, true);
    const todo = [fn];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { closures, candidates } = survey(next, target);
      if (candidates === 0 && closures.length < 2) todo.push(...closures);
      else reportFunc(next, target, report, todo);
    }
  }
}

/** Literals that capture, and how many index expressions may deserve a remark. */
function survey(fn: Func, target: Target): { closures: Func[]; candidates: number } {
  const closures: Func[] = [];
  let candidates = 0;
  visitList(fn.body, (n) => {
    if (n.op === Op.OINDEX) {
      if (isElided(n, false, target)) candidates++;
    } else if (n.op === Op.OCLOSURE && isClosure(n.func!)) {
      closures.push(n.func!);
    }
  });
  return { closures, candidates };
}

/** Reports what is elided in one function, and adds the literals that capture to `closures`. */
function reportFunc(fn: Func, target: Target, report: (pos: Pos, msg: string) => void, closures: Func[]): void {
  const order = new EvalOrder(target, (n) => {
    if (n.op === Op.OINDEX) {
      if (isElided(n, order.copiedIndex.has(n), target)) report(n.pos, "index bounds check elided");
    } else if (n.op === Op.OCLOSURE && isClosure(n.func!)) {
      closures.push(n.func!);
    }
  });
  order.stmts(fn.body);
}

/** An index that is not constant but in range for its array or constant string. If it has been `copied` to a
 *  temporary, nothing but its type is known. */
function isElided(n: Node, copied: boolean, target: Target): boolean {
  if ((n.flags & NodeFlag.Bounded) !== 0 || isConst(n.y, ValueKind.Int)) return false;
  const max = fixedLength(n.x!);
  if (max < 0) return false;
  return copied ? boundedByType(n.y!.type!, max, target) : bounded(n.y!, max, target);
}

/** Elements of an array or bytes of a constant string; -1 for what has no fixed length. */
function fixedLength(x: Node): number {
  let t = x.type!;
  if (t.kind === TKind.PTR) t = t.elem!;
  if (t.kind === TKind.ARRAY) return t.len;
  return constType(x) === ValueKind.String ? stringVal(x).length : -1;
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

/** Whether every value of integer type `t` is below `max`. */
function boundedByType(t: Type, max: number, target: Target): boolean {
  return isInteger(t) && !isSigned(t) && 2 ** (8 * sizeOf(t, target)) <= max;
}
