/** What the compiler decides about control flow before it builds any tree: conditions with a known outcome, statements
 *  behind a terminating one, the one clause a constant switch can reach. Closures in dropped code never exist, so the
 *  recording of dictionaries and captures must ask the same questions.
 *
 *  Mirrors noder/writer.go (staticBool, terminates, hasFallthrough, lastNonEmptyStmt, switchStmt). Where the compiler
 *  edits the syntax tree, this returns the simplified expression or clause instead. */

import { compareConst } from "../../base/constant.ts";
import type { CaseClause, Expr, Stmt, SwitchStmt } from "../../syntax/ast.ts";
import { Kind, Mode, Operation } from "../../syntax/ast.ts";
import { Op, TokenKind } from "../../syntax/tokens.ts";

/** The outcome of a condition: positive if always true, negative if always false, 0 if not known. */
export type Outcome = -1 | 0 | 1;

export function staticBool(cond: Expr): Outcome {
  if (cond.val !== null) return cond.val === true ? 1 : -1;
  if (cond.kind !== Kind.Operation) return 0; // parentheses hide what they hold, as in the compiler
  switch (cond.op) {
    case Op.Not:
      return staticBool(cond.x);
    case Op.AndAnd: {
      const x = staticBool(cond.x);
      if (x < 0) return x;
      const y = staticBool(cond.y!);
      return x > 0 || y < 0 ? y : 0;
    }
    case Op.OrOr: {
      const x = staticBool(cond.x);
      if (x > 0) return x;
      const y = staticBool(cond.y!);
      return x < 0 || y > 0 ? y : 0;
    }
    default:
      return 0;
  }
}

/** Conditions without the operands that their outcome makes superfluous. */
export class CondSimplifier {
  /** What {@link staticBool} says of the last condition. */
  outcome: Outcome = 0;

  /** The simplified condition; the same object where nothing changes. */
  simplify(cond: Expr): Expr {
    this.outcome = 0;
    if (cond.val !== null) {
      this.outcome = cond.val === true ? 1 : -1;
      return cond;
    }
    if (cond.kind !== Kind.Operation) return cond;
    if (cond.op === Op.Not) return withOperands(cond, this.simplify(cond.x), null);
    if (cond.op !== Op.AndAnd && cond.op !== Op.OrOr) return cond;
    const decided = cond.op === Op.AndAnd ? -1 : 1; // the outcome of one operand that decides the whole
    const left = this.simplify(cond.x);
    const x = this.last();
    if (x === decided) return left;
    const right = this.simplify(cond.y!);
    if (x === 0 && this.last() !== decided) this.outcome = 0;
    else if (left.val !== null) return right;
    return withOperands(cond, left, right);
  }

  private last(): Outcome {
    return this.outcome;
  }
}

function withOperands(e: Operation, x: Expr, y: Expr | null): Expr {
  if (x === e.x && y === e.y) return e;
  const copy = new Operation(e.pos, e.end, e.op, x, y);
  copy.mode = e.mode;
  copy.type = e.type;
  return copy;
}

/** Control never reaches the statement after `stmt`. An approximation: loops, switches and calls of os.Exit go on. */
export function terminates(stmt: Stmt | null): boolean {
  if (stmt === null) return false;
  switch (stmt.kind) {
    case Kind.BranchStmt:
      return stmt.tok === TokenKind.Goto;
    case Kind.ReturnStmt:
      return true;
    case Kind.ExprStmt: {
      let x = stmt.x;
      while (x.kind === Kind.ParenExpr) x = x.x;
      if (x.kind !== Kind.CallExpr) return false;
      let fun = x.fun;
      while (fun.kind === Kind.ParenExpr) fun = fun.x;
      return fun.kind === Kind.Name && fun.value === "panic" && fun.mode === Mode.Builtin;
    }
    case Kind.IfStmt: {
      const cond = staticBool(stmt.cond);
      return (cond < 0 || terminates(stmt.then)) && (cond > 0 || terminates(stmt.else_));
    }
    case Kind.BlockStmt:
      return terminates(lastNonEmptyStmt(stmt.list));
    default:
      return false;
  }
}

export function lastNonEmptyStmt(list: readonly Stmt[]): Stmt | null {
  for (let i = list.length - 1; i >= 0; i--) if (list[i].kind !== Kind.EmptyStmt) return list[i];
  return null;
}

export function hasFallthrough(list: readonly Stmt[]): boolean {
  let stmt = lastNonEmptyStmt(list);
  while (stmt !== null && stmt.kind === Kind.LabeledStmt) stmt = stmt.stmt;
  return stmt !== null && stmt.kind === Kind.BranchStmt && stmt.tok === TokenKind.Fallthrough;
}

/** Index from which on labelled statements no longer follow: dead statements before it are kept. */
export function lastLabelIndex(list: readonly Stmt[]): number {
  for (let i = list.length - 1; i >= 0; i--) if (list[i].kind === Kind.LabeledStmt) return i;
  return -1;
}

/** The elements of a list expression; a single expression is a list of one. */
export function unpackListExpr(e: Expr | null): readonly Expr[] {
  if (e === null) return noExprs;
  return e.kind === Kind.ListExpr ? e.elems : [e];
}

const noExprs: readonly Expr[] = [];

/** What is left of a switch on a constant: null if nothing can be decided, otherwise its only clause (which stands
 *  as `default`), or no clause at all. */
export function constSwitch(stmt: SwitchStmt): { readonly clause: CaseClause | null } | null {
  const tag = stmt.tag;
  if (tag !== null && (tag.kind === Kind.TypeSwitchGuard || tag.val === null)) return null;
  const value = tag === null ? true : tag.val!;
  let target: CaseClause | null = null;
  search: for (const clause of stmt.body) {
    if (clause.cases === null) target = clause;
    for (const c of unpackListExpr(clause.cases)) {
      if (c.val === null) return null;
      if (compareConst(value, "==", c.val)) {
        target = clause;
        break search;
      }
    }
  }
  if (target !== null && hasFallthrough(target.body)) return null;
  return { clause: target };
}
