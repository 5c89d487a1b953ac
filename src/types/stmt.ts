/** Statements and function bodies. Mirrors types2/stmt.go. */

import {
  compareConst,
  float64Val,
  int64Val,
  kindOf,
  makeFloat64,
  uint64Val,
  type Value,
  ValueKind,
} from "../base/constant.ts";
import type { Pos } from "../base/pos.ts";
import {
  type BlockStmt,
  type CaseClause,
  type CommClause,
  type Expr,
  type ForStmt,
  type IfStmt,
  Kind,
  Mode,
  Name,
  type NodeBase,
  type ReturnStmt,
  type SelectStmt,
  type Stmt,
  type SwitchStmt,
  type TypeSwitchGuard,
} from "../syntax/ast.ts";
import { Op, opText, TokenKind } from "../syntax/tokens.ts";
import { unparen } from "../syntax/walk.ts";
import { assignment, assignVar, assignVars, initVars, shortVarDecl } from "./assignments.ts";
import { use } from "./call.ts";
import {
  type Checker,
  type DeclInfo,
  enterEnvironment,
  lookup,
  processDelayed,
  restoreEnvironment,
  saveEnvironment,
} from "./check.ts";
import { convertUntyped } from "./const.ts";
import { declare, declStmt } from "./decl.ts";
import { Code } from "./errorcodes.ts";
import { addf, error, errorf, newError, report, softErrorf } from "./errors.ts";
import { expr, rawExpr, typeAssertion } from "./expr.ts";
import { PosArg } from "./format.ts";
import { labels } from "./labels.ts";
import { cloneOperand, Operand } from "./operand.ts";
import { binary, chanElem, comparison } from "./operations.ts";
import {
  allBoolean,
  allNumeric,
  comparable,
  hasNil,
  identical,
  isInterface,
  isTypeParam,
  isValid,
} from "./predicates.ts";
import { rangeStmt } from "./range.ts";
import { recordDef, recordImplicit } from "./recording.ts";
import { isTerminating } from "./return.ts";
import { newScope } from "./scope.ts";
import { BasicKind, ObjKind, type Scope, type Signature, type Type, Var, VarKind } from "./types.ts";
import { varType } from "./typexpr.ts";
import { ExprKind, Typ } from "./universe.ts";
import { cmpPos, unpackListExpr } from "./util.ts";

/** Checks the body of a function or function literal. `decl` is null inside function-level declarations. */
export function funcBody(
  c: Checker,
  decl: DeclInfo | null,
  _name: string,
  sig: Signature,
  body: BlockStmt,
  iota: Value | null,
): void {
  const env = saveEnvironment(c);
  enterEnvironment(c, sig.scope!, c.version);
  c.decl = decl;
  c.iota = iota;
  c.sig = sig;

  stmtList(c, StmtContext.None, body.list);
  if (c.hasLabel && c.conf.ignoreBranchErrors === false) labels(c, body);
  if (sig.results.vars.length > 0 && !isTerminating(c, body, "")) {
    error(c, body.rbrace, Code.MissingReturn, "missing return");
  }
  // Each variable declared in a function must be used.
  usage(c, sig.scope!);
  sig.scope!.children.length = 0; // done with: only the parameters stay
  restoreEnvironment(c, env);
}

export function openScope(c: Checker, node: NodeBase): void {
  c.scope = newScope(c.scope, node.pos, node.end);
}

export function closeScope(c: Checker): void {
  c.scope = c.scope.parent!;
}

/** Reports the unused variables of a function's scopes. Function literals are done on their own. */
export function usage(c: Checker, scope: Scope): void {
  let unused: Var[] | null = null;
  for (const obj of scope.entries()) {
    if (typeof obj === "function" || obj.kind !== ObjKind.Var || obj.used || !needsUse(obj.varKind)) continue;
    if (unused === null) unused = [obj];
    else unused.push(obj);
  }
  if (unused !== null) {
    unused.sort((a, b) => cmpPos(c, a.pos, b.pos));
    for (const v of unused) softErrorf(c, v.pos, Code.UnusedVar, "declared and not used: %s", v.name);
  }
  for (const child of scope.children) {
    if (!child.isFunc) usage(c, child);
  }
}

function needsUse(kind: VarKind): boolean {
  return kind !== VarKind.RecvVar && kind !== VarKind.ParamVar && kind !== VarKind.ResultVar;
}

/** Which control-flow statements are permitted here, and where here is. */
export const enum StmtContext {
  None = 0,
  BreakOk = 1,
  ContinueOk = 2,
  FallthroughOk = 4,
  FinalSwitchCase = 8,
  InTypeSwitch = 16,
}

function simpleStmt(c: Checker, s: Stmt | null): void {
  if (s !== null) stmt(c, StmtContext.None, s);
}

export function stmtList(c: Checker, ctxt: StmtContext, list: readonly Stmt[]): void {
  const inner: StmtContext = ctxt & ~StmtContext.FallthroughOk;
  // Empty statements at the end do not count when looking for the last one.
  let n = list.length;
  while (n > 0 && list[n - 1].kind === Kind.EmptyStmt) n--;
  for (let i = 0; i < n; i++) stmt(c, i + 1 === n ? ctxt : inner, list[i]);
}

function multipleDefaults(c: Checker, list: readonly (CaseClause | CommClause)[]): void {
  let first: CaseClause | CommClause | null = null;
  for (const clause of list) {
    const isDefault = (clause.kind === Kind.CaseClause ? clause.cases : clause.comm) === null;
    if (!isDefault) continue;
    if (first !== null)
      errorf(c, clause, Code.DuplicateDefault, "multiple defaults (first at %s)", new PosArg(first.pos));
    else first = clause;
  }
}

function suspendedCall(c: Checker, keyword: string, call: Expr): void {
  let code = keyword === "go" ? Code.InvalidGo : Code.InvalidDefer;
  if (call.kind !== Kind.CallExpr) {
    errorf(c, call, code, "expression in %s must be function call", keyword);
    use(c, call);
    return;
  }
  const x = new Operand();
  let msg: string;
  switch (rawExpr(c, null, x, call, null, false)) {
    case ExprKind.Conversion:
      msg = "requires function call, not conversion";
      break;
    case ExprKind.Expression:
      msg = "discards result of";
      code = Code.UnusedResults;
      break;
    default:
      return;
  }
  errorf(c, x, code, "%s %s %s", keyword, msg, x);
}

/** What identifies a case value among others; null for values whose duplicates are not reported. */
function caseKey(val: Value | null): string | bigint | number | null {
  if (val === null) return null;
  switch (kindOf(val)) {
    case ValueKind.Int:
      return int64Val(val) ?? uint64Val(val);
    case ValueKind.Float: {
      const f = float64Val(val);
      return compareConst(val, "==", makeFloat64(f)) ? f : null;
    }
    case ValueKind.String:
      return `"${val as string}`;
    default:
      return null;
  }
}

/** Out of line because the compiler takes `mode` for unchanged across calls. */
function failed(x: Operand): boolean {
  return x.mode === Mode.Invalid;
}

/** Case values seen in a switch, with their places and types. */
type ValueMap = Map<string | bigint | number, { pos: Pos; type: Type }[]>;

function caseValues(c: Checker, x: Operand, values: readonly Expr[], seen: ValueMap): void {
  for (const e of values) {
    const v = new Operand();
    expr(c, null, v, e);
    if (x.mode === Mode.Invalid || v.mode === Mode.Invalid) continue;
    convertUntyped(c, v, x.type);
    if (failed(v)) continue;
    // v comes first, so that errors are reported at the case.
    const res = cloneOperand(v);
    comparison(c, res, x, Op.Eql, true);
    if (failed(res) || v.mode !== Mode.Constant) continue;
    const key = caseKey(v.val);
    if (key === null) continue;
    let same = seen.get(key);
    if (same === undefined) {
      same = [];
      seen.set(key, same);
    }
    const earlier = same.find((vt) => identical(v.type, vt.type));
    if (earlier !== undefined) {
      const err = newError(c, Code.DuplicateCase);
      addf(err, v, "duplicate case %s in expression switch", v);
      addf(err, earlier.pos, "previous case");
      report(err);
      continue;
    }
    same.push({ pos: v.pos, type: v.type });
  }
}

/** Whether `e` is the predeclared nil. */
function isNil(c: Checker, e: Expr): boolean {
  const name = unparen(e);
  return name.kind === Kind.Name && lookup(c, name.value)?.kind === ObjKind.Nil;
}

interface SeenType {
  /** null stands for nil. */
  readonly type: Type | null;
  readonly expr: Expr;
}

/** Checks the types of a case of a type switch on `x` (null if that is invalid). Returns the type that a variable
 *  declared by the switch has in this case: the case's only type, otherwise that of `x`. */
function caseTypes(c: Checker, x: Operand | null, types: readonly Expr[], seen: SeenType[]): Type {
  let T: Type | null = null;
  nextType: for (const e of types) {
    if (isNil(c, e)) {
      T = null;
      expr(c, null, new Operand(), e); // for what it records
    } else {
      T = varType(c, e);
      if (!isValid(T)) continue;
    }
    for (const other of seen) {
      if (T === null ? other.type !== null : other.type === null || !identical(T, other.type)) continue;
      const err = newError(c, Code.DuplicateCase);
      addf(err, e, "duplicate case %s in type switch", T ?? "nil");
      addf(err, other.expr, "previous case");
      report(err);
      continue nextType;
    }
    seen.push({ type: T, expr: e });
    if (x !== null && T !== null) typeAssertion(c, e, x, T, true);
  }
  if (types.length === 1 && T !== null) return T;
  return x === null ? Typ[BasicKind.Invalid] : x.type;
}

export function stmt(c: Checker, ctxt: StmtContext, s: Stmt): void {
  const top = c.delayed.length;
  const scope = c.scope;
  stmtInternal(c, ctxt, s);
  c.scope = scope;
  // Function literals see the scope as it was before the next declaration.
  if (c.delayed.length > top) processDelayed(c, top);
}

function stmtInternal(c: Checker, ctxt: StmtContext, s: Stmt): void {
  let inner: StmtContext = ctxt & ~(StmtContext.FallthroughOk | StmtContext.FinalSwitchCase | StmtContext.InTypeSwitch);
  switch (s.kind) {
    case Kind.EmptyStmt:
      break;
    case Kind.DeclStmt:
      declStmt(c, s.decls);
      break;
    case Kind.LabeledStmt:
      c.hasLabel = true;
      stmt(c, ctxt, s.stmt);
      break;
    case Kind.ExprStmt:
      exprStmt(c, s.x);
      break;
    case Kind.SendStmt: {
      const ch = new Operand();
      const val = new Operand();
      expr(c, null, ch, s.chan);
      expr(c, null, val, s.value);
      if (ch.mode === Mode.Invalid || val.mode === Mode.Invalid) return;
      const elem = chanElem(c, s, ch, false);
      if (elem !== null) assignment(c, val, elem, "send");
      break;
    }
    case Kind.AssignStmt: {
      if (s.rhs === null) {
        const x = new Operand();
        expr(c, null, x, s.lhs);
        if (x.mode === Mode.Invalid) return;
        if (!allNumeric(x.type)) {
          const op = opText[s.op];
          const format = "invalid operation: %s%s%s (non-numeric type %s)";
          errorf(c, s.lhs, Code.NonNumericIncDec, format, s.lhs, op, op, x.type);
          return;
        }
        assignVar(c, s.lhs, null, x, "assignment");
        return;
      }
      const lhs = unpackListExpr(s.lhs);
      const rhs = unpackListExpr(s.rhs);
      if (s.op === Op.None) {
        assignVars(c, lhs, rhs);
      } else if (s.op === Op.Def) {
        shortVarDecl(c, s.pos, lhs, rhs);
      } else if (lhs.length !== 1 || rhs.length !== 1) {
        const format = "assignment operation %s requires single-valued expressions";
        errorf(c, s, Code.MultiValAssignOp, format, opText[s.op]);
      } else {
        const x = new Operand();
        binary(c, x, null, lhs[0], rhs[0], s.op);
        assignVar(c, lhs[0], null, x, "assignment");
      }
      break;
    }
    case Kind.CallStmt:
      suspendedCall(c, s.tok === TokenKind.Defer ? "defer" : "go", s.call);
      break;
    case Kind.ReturnStmt:
      returnStmt(c, s);
      break;
    case Kind.BranchStmt:
      if (s.label !== null)
        c.hasLabel = true; // checked with the labels
      else if (c.conf.ignoreBranchErrors === false) branchStmt(c, ctxt, s.tok, s);
      break;
    case Kind.BlockStmt:
      openScope(c, s);
      stmtList(c, inner, s.list);
      closeScope(c);
      break;
    case Kind.IfStmt:
      ifStmt(c, inner, s);
      break;
    case Kind.SwitchStmt:
      inner |= StmtContext.BreakOk;
      openScope(c, s);
      simpleStmt(c, s.init);
      if (s.tag !== null && s.tag.kind === Kind.TypeSwitchGuard) {
        typeSwitchStmt(c, inner | StmtContext.InTypeSwitch, s, s.tag);
      } else {
        switchStmt(c, inner, s);
      }
      closeScope(c);
      break;
    case Kind.SelectStmt:
      selectStmt(c, inner | StmtContext.BreakOk, s);
      break;
    case Kind.ForStmt:
      forStmt(c, inner | StmtContext.BreakOk | StmtContext.ContinueOk, s);
      break;
    default:
      error(c, s, Code.InvalidSyntaxTree, "invalid statement");
  }
}

/** Only calls and receive operations are statements of their own. */
function exprStmt(c: Checker, e: Expr): void {
  const x = new Operand();
  const kind = rawExpr(c, null, x, e, null, false);
  switch (x.mode) {
    case Mode.Builtin:
      errorf(c, x, Code.UncalledBuiltin, "%s %s", x, "must be called");
      break;
    case Mode.TypExpr:
      errorf(c, x, Code.NotAnExpr, "%s %s", x, "is not an expression");
      break;
    default:
      if (kind !== ExprKind.Statement) errorf(c, x, Code.UnusedExpr, "%s %s", x, "is not used");
  }
}

function returnStmt(c: Checker, s: ReturnStmt): void {
  const vars = c.sig!.results.vars;
  const results = unpackListExpr(s.results);
  if (results.length > 0 || vars.length === 0 || vars[0].name === "") {
    initVars(c, vars as Var[], results, s);
    return;
  }
  // A bare return needs all results to be visible.
  for (const obj of vars) {
    const alt = lookup(c, obj.name);
    if (alt === null || alt === obj) continue;
    const err = newError(c, Code.OutOfScopeResult);
    addf(err, s, "result parameter %s not in scope at return", obj.name);
    addf(err, alt, "inner declaration of %s", obj);
    report(err);
  }
}

function branchStmt(c: Checker, ctxt: StmtContext, tok: TokenKind, s: Stmt): void {
  switch (tok) {
    case TokenKind.Break:
      if ((ctxt & StmtContext.BreakOk) === 0) {
        error(c, s, Code.MisplacedBreak, "break not in for, switch, or select statement");
      }
      break;
    case TokenKind.Continue:
      if ((ctxt & StmtContext.ContinueOk) === 0) {
        error(c, s, Code.MisplacedContinue, "continue not in for statement");
      }
      break;
    case TokenKind.Fallthrough:
      if ((ctxt & StmtContext.FallthroughOk) === 0) {
        let msg = "fallthrough statement out of place";
        if ((ctxt & StmtContext.FinalSwitchCase) !== 0) msg = "cannot fallthrough final case in switch";
        else if ((ctxt & StmtContext.InTypeSwitch) !== 0) msg = "cannot fallthrough in type switch";
        error(c, s, Code.MisplacedFallthrough, msg);
      }
      break;
    default:
      error(c, s, Code.InvalidSyntaxTree, "branch statement: goto");
  }
}

function condition(c: Checker, cond: Expr, where: string): void {
  const x = new Operand();
  expr(c, null, x, cond);
  if (x.mode !== Mode.Invalid && !allBoolean(x.type)) {
    error(c, cond, Code.InvalidCond, `non-boolean condition in ${where} statement`);
  }
}

function ifStmt(c: Checker, inner: StmtContext, s: IfStmt): void {
  openScope(c, s);
  simpleStmt(c, s.init);
  condition(c, s.cond, "if");
  stmt(c, inner, s.then);
  if (s.else_ !== null) stmt(c, inner, s.else_);
  closeScope(c);
}

function forStmt(c: Checker, inner: StmtContext, s: ForStmt): void {
  if (s.init !== null && s.init.kind === Kind.RangeClause) {
    const clause = s.init;
    let key = clause.lhs;
    let value: Expr | null = null;
    let extra: Expr | null = null;
    if (key !== null && key.kind === Kind.ListExpr) {
      const elems = key.elems;
      key = elems[0];
      value = elems[1];
      if (elems.length > 2) extra = elems[2]; // reported by rangeStmt, which knows more
    }
    rangeStmt(c, inner, s, s, key, value, extra, clause.x, clause.def);
    return;
  }
  openScope(c, s);
  simpleStmt(c, s.init);
  if (s.cond !== null) condition(c, s.cond, "for");
  simpleStmt(c, s.post);
  // The parser has reported a short variable declaration here; use the names all the same.
  if (s.post !== null && s.post.kind === Kind.AssignStmt && s.post.op === Op.Def) use(c, s.post.lhs);
  stmt(c, inner, s.body);
  closeScope(c);
}

function selectStmt(c: Checker, inner: StmtContext, s: SelectStmt): void {
  multipleDefaults(c, s.body);
  for (const clause of s.body) {
    const comm = clause.comm;
    let valid = comm === null || comm.kind === Kind.SendStmt;
    let rhs: Expr | null = null;
    if (comm !== null && comm.kind === Kind.AssignStmt && comm.rhs?.kind !== Kind.ListExpr) rhs = comm.rhs;
    else if (comm !== null && comm.kind === Kind.ExprStmt) rhs = comm.x;
    if (rhs !== null) {
      const x = unparen(rhs);
      if (x.kind === Kind.Operation && x.y === null && x.op === Op.Recv) valid = true;
    }
    if (!valid) {
      const msg = "select case must be send or receive (possibly with assignment)";
      error(c, comm!, Code.InvalidSelectCase, msg);
      continue;
    }
    openScope(c, clause);
    if (comm !== null) stmt(c, inner, comm);
    stmtList(c, inner, clause.body);
    closeScope(c);
  }
}

function switchStmt(c: Checker, inner: StmtContext, s: SwitchStmt): void {
  const x = new Operand();
  if (s.tag !== null) {
    expr(c, null, x, s.tag);
    // As if assigned to an invisible temporary: all checks of an assignment apply.
    assignment(c, x, null, "switch expression");
    if (x.mode !== Mode.Invalid && !comparable(x.type) && !hasNil(x.type)) {
      errorf(c, x, Code.InvalidExprSwitch, "cannot switch on %s (%s is not comparable)", x, x.type);
      x.mode = Mode.Invalid;
    }
  } else {
    x.mode = Mode.Constant;
    x.type = Typ[BasicKind.Bool];
    x.val = true;
    const pos = s.body.length > 0 ? s.body[0].pos : s.rbrace;
    x.expr = new Name(pos, pos, "true");
  }
  multipleDefaults(c, s.body);

  const seen: ValueMap = new Map();
  for (let i = 0; i < s.body.length; i++) {
    const clause = s.body[i];
    const last = i + 1 === s.body.length;
    caseValues(c, x, unpackListExpr(clause.cases), seen);
    openScope(c, clause);
    stmtList(c, inner | (last ? StmtContext.FinalSwitchCase : StmtContext.FallthroughOk), clause.body);
    closeScope(c);
  }
}

function typeSwitchStmt(c: Checker, inner: StmtContext, s: SwitchStmt, guard: TypeSwitchGuard): void {
  let lhs = guard.lhs;
  if (lhs !== null) {
    if (lhs.value === "_") {
      softErrorf(c, lhs, Code.NoNewVar, "no new variable on left side of :=");
      lhs = null; // no follow-on error
    } else {
      recordDef(c, lhs, null); // each clause declares a variable of its own
    }
  }

  let sx: Operand | null = null;
  const x = new Operand();
  expr(c, null, x, guard.x);
  if (x.mode !== Mode.Invalid) {
    if (isTypeParam(x.type)) {
      errorf(c, x, Code.InvalidTypeSwitch, "cannot use type switch on type parameter value %s", x);
    } else if (isInterface(x.type)) {
      sx = x;
    } else {
      errorf(c, x, Code.InvalidTypeSwitch, "%s is not an interface", x);
    }
  }
  multipleDefaults(c, s.body);

  const lhsVars: Var[] = [];
  const seen: SeenType[] = [];
  for (const clause of s.body) {
    const T = caseTypes(c, sx, unpackListExpr(clause.cases), seen);
    openScope(c, clause);
    if (lhs !== null) {
      const obj = new Var(lhs.pos, c.pkg, lhs.value, T, VarKind.LocalVar);
      declare(c, c.scope, null, obj, clause.colon);
      recordImplicit(c, clause, obj);
      lhsVars.push(obj);
    }
    stmtList(c, inner, clause.body);
    closeScope(c);
  }

  // For "declared and not used" the clauses' variables count as one.
  if (lhs !== null) {
    let used = false;
    for (const v of lhsVars) {
      if (v.used) used = true;
      v.used = true;
    }
    if (!used) softErrorf(c, lhs, Code.UnusedVar, "%s declared and not used", lhs.value);
  }
}
