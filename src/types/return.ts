/** Terminating statements: whether a function can run off its end. Mirrors types2/return.go. */

import { type BlockStmt, type CaseClause, type CommClause, type IfStmt, Kind, type Stmt } from "../syntax/ast.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { unparen } from "../syntax/walk.ts";
import type { Checker } from "./check.ts";

/** Whether `s`, labelled `label` ("" for none), is a terminating statement. */
export function isTerminating(c: Checker, s: Stmt, label: string): boolean {
  switch (s.kind) {
    case Kind.LabeledStmt:
      return isTerminating(c, s.stmt, s.label.value);
    case Kind.ExprStmt: {
      // A call of the predeclared panic. The parser keeps parentheses here.
      const call = unparen(s.x);
      return call.kind === Kind.CallExpr && c.isPanic !== null && c.isPanic.has(call);
    }
    case Kind.ReturnStmt:
      return true;
    case Kind.BranchStmt:
      return s.tok === TokenKind.Goto || s.tok === TokenKind.Fallthrough;
    case Kind.BlockStmt:
      return isTerminatingList(c, s.list);
    case Kind.IfStmt:
      return s.else_ !== null && isTerminating(c, s.then, "") && isTerminating(c, s.else_, "");
    case Kind.SwitchStmt:
      return isTerminatingSwitch(c, s.body, label);
    case Kind.SelectStmt:
      for (const clause of s.body) {
        if (!isTerminatingList(c, clause.body) || hasBreakList(clause.body, label, true)) return false;
      }
      return true;
    case Kind.ForStmt:
      // Range loops end.
      if (s.init !== null && s.init.kind === Kind.RangeClause) return false;
      return s.cond === null && !hasBreak(s.body, label, true);
    default:
      return false;
  }
}

function isTerminatingList(c: Checker, list: readonly Stmt[]): boolean {
  for (let i = list.length - 1; i >= 0; i--) {
    if (list[i].kind !== Kind.EmptyStmt) return isTerminating(c, list[i], "");
  }
  return false;
}

function isTerminatingSwitch(c: Checker, body: readonly CaseClause[], label: string): boolean {
  let hasDefault = false;
  for (const clause of body) {
    if (clause.cases === null) hasDefault = true;
    if (!isTerminatingList(c, clause.body) || hasBreakList(clause.body, label, true)) return false;
  }
  return hasDefault;
}

/** Whether `s` contains a break to `label`, or, with `implicit`, one without label that leaves the statement around. */
function hasBreak(s: Stmt | BlockStmt | IfStmt, label: string, implicit: boolean): boolean {
  switch (s.kind) {
    case Kind.LabeledStmt:
      return hasBreak(s.stmt, label, implicit);
    case Kind.BranchStmt:
      if (s.tok !== TokenKind.Break) return false;
      return s.label === null ? implicit : s.label.value === label;
    case Kind.BlockStmt:
      return hasBreakList(s.list, label, implicit);
    case Kind.IfStmt:
      return hasBreak(s.then, label, implicit) || (s.else_ !== null && hasBreak(s.else_, label, implicit));
    case Kind.SwitchStmt:
    case Kind.SelectStmt:
      return label !== "" && hasBreakClauses(s.body, label);
    case Kind.ForStmt:
      return label !== "" && hasBreak(s.body, label, false);
    default:
      return false;
  }
}

function hasBreakList(list: readonly Stmt[], label: string, implicit: boolean): boolean {
  for (const s of list) {
    if (hasBreak(s, label, implicit)) return true;
  }
  return false;
}

function hasBreakClauses(list: readonly (CaseClause | CommClause)[], label: string): boolean {
  for (const clause of list) {
    if (hasBreakList(clause.body, label, false)) return true;
  }
  return false;
}
