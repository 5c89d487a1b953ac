/** Labels and branches of one function body: resolves the targets and reports what is wrong.
 *
 *  Mirrors  cmd/compile/internal/syntax/branches.go, Go 1.26.  Writes  BranchStmt.target.
 *  Holds    labels belong to the function as a whole; function literals inside are functions of their own. */
import type { FileSet, Pos } from "../base/pos.ts";
import {
  type BlockStmt,
  type BranchStmt,
  type Expr,
  type ForStmt,
  Kind,
  type LabeledStmt,
  type SelectStmt,
  type Stmt,
  type SwitchStmt,
} from "./ast.ts";
import { exprString } from "./printer.ts";
import { Op, TokenKind } from "./tokens.ts";

/** Where errors go, and what turns positions into text. */
export interface BranchContext {
  readonly fset: FileSet;
  report(pos: Pos, msg: string): void;
}

export function checkBranches(body: BlockStmt, context: BranchContext): void {
  const scope = new LabelScope(context);
  const start: Targets = { breaks: null, continues: null, caseIndex: 0 };
  const forward = scope.blockBranches(null, start, null, body.pos, body.list);
  for (const jump of forward) {
    // The label is missing, or inside a block that the goto is not in.
    const name = jump.label!.value;
    const label = scope.labels.get(name);
    if (label !== undefined) {
      label.used = true;
      context.report(
        jump.label!.pos,
        `goto ${name} jumps into block starting at ${positionString(context, label.parent.start)}`,
      );
    } else {
      context.report(jump.label!.pos, `label ${name} not defined`);
    }
  }
  for (const label of scope.labels.values()) {
    if (!label.used) {
      context.report(label.stmt.label.pos, `label ${label.stmt.label.value} defined and not used`);
    }
  }
}

interface Label {
  readonly parent: Block;
  readonly stmt: LabeledStmt;
  used: boolean;
}

interface Block {
  readonly parent: Block | null;
  readonly start: Pos;
  /** The label of the statement that the block belongs to. */
  readonly label: LabeledStmt | null;
}

/** The statements that break and continue refer to. */
interface Targets {
  readonly breaks: ForStmt | SwitchStmt | SelectStmt | null;
  readonly continues: ForStmt | null;
  /** Index of the clause of the innermost switch, negative if there is a block in between. */
  readonly caseIndex: number;
}

class LabelScope {
  readonly labels = new Map<string, Label>();

  constructor(private readonly context: BranchContext) {}

  private declare(block: Block, stmt: LabeledStmt): Label {
    const name = stmt.label.value;
    const known = this.labels.get(name);
    if (known !== undefined) {
      const where = positionString(this.context, known.stmt.label.pos);
      this.context.report(stmt.label.pos, `label ${name} already defined at ${where}`);
      return known;
    }
    const label = { parent: block, stmt, used: false };
    this.labels.set(name, label);
    return label;
  }

  /** The labelled statement if it is in `block` or around it. */
  private gotoTarget(block: Block, name: string): LabeledStmt | null {
    const label = this.labels.get(name);
    if (label === undefined) return null;
    label.used = true;
    for (let b: Block | null = block; b !== null; b = b.parent) if (label.parent === b) return label.stmt;
    return null;
  }

  /** The statement with that label around `block`; "invalid" if the label is elsewhere. */
  private enclosingTarget(block: Block, name: string): Stmt | "invalid" | null {
    const label = this.labels.get(name);
    if (label === undefined) return null;
    label.used = true;
    for (let b: Block | null = block; b !== null; b = b.parent) if (label.stmt === b.label) return label.stmt.stmt;
    return "invalid";
  }

  /** Returns the gotos whose label has not come yet. */
  blockBranches(
    parent: Block | null,
    context: Targets,
    label: LabeledStmt | null,
    start: Pos,
    body: readonly Stmt[],
  ): BranchStmt[] {
    const block: Block = { parent, start, label };
    let variable: { pos: Pos; name: Expr } | null = null; // the last one declared in this block
    let forward: BranchStmt[] = [];
    let overVariable: BranchStmt[] = []; // gotos before that declaration
    let inner: LabeledStmt | null = null; // the label of the current statement

    const nested = (targets: Targets, from: Pos, list: readonly Stmt[]): void => {
      for (const jump of this.blockBranches(block, targets, inner, from, list)) forward.push(jump);
    };

    const count = withoutTrailingEmpty(body);
    for (let i = 0; i < count; i++) {
      let stmt = body[i];
      inner = null;
      while (stmt.kind === Kind.LabeledStmt) {
        const labeled: LabeledStmt = stmt;
        const name = labeled.label.value;
        if (name !== "_") {
          const declared = this.declare(block, labeled);
          const waiting: BranchStmt[] = [];
          for (const jump of forward) {
            if (jump.label!.value !== name) {
              waiting.push(jump);
              continue;
            }
            jump.target = labeled;
            declared.used = true;
            if (variable !== null && overVariable.includes(jump)) {
              const where = positionString(this.context, variable.pos);
              const what = exprString(variable.name);
              this.context.report(jump.label!.pos, `goto ${name} jumps over declaration of ${what} at ${where}`);
            }
          }
          forward = waiting;
          inner = labeled;
        }
        stmt = labeled.stmt;
      }
      switch (stmt.kind) {
        case Kind.DeclStmt:
          for (const decl of stmt.decls) {
            if (decl.kind !== Kind.VarDecl) continue;
            variable = { pos: decl.pos, name: decl.names[0] };
            overVariable = forward.slice();
          }
          break;
        case Kind.AssignStmt:
          if (stmt.op === Op.Def) {
            variable = { pos: stmt.pos, name: stmt.lhs };
            overVariable = forward.slice();
          }
          break;
        case Kind.BranchStmt:
          if (stmt.label === null) this.branch(stmt, context, i + 1 === count);
          else if (this.labeledBranch(stmt, stmt.label.value, block)) forward.push(stmt);
          break;
        case Kind.BlockStmt:
          nested({ breaks: context.breaks, continues: context.continues, caseIndex: -1 }, stmt.pos, stmt.list);
          break;
        case Kind.IfStmt: {
          const targets = { breaks: context.breaks, continues: context.continues, caseIndex: -1 };
          nested(targets, stmt.then.pos, stmt.then.list);
          if (stmt.else_ !== null) nested(targets, stmt.else_.pos, [stmt.else_]);
          break;
        }
        case Kind.ForStmt:
          nested({ breaks: stmt, continues: stmt, caseIndex: -1 }, stmt.body.pos, stmt.body.list);
          break;
        case Kind.SwitchStmt:
          for (let k = 0; k < stmt.body.length; k++) {
            const targets = { breaks: stmt, continues: context.continues, caseIndex: k };
            nested(targets, stmt.body[k].pos, stmt.body[k].body);
          }
          break;
        case Kind.SelectStmt:
          for (const clause of stmt.body) {
            nested({ breaks: stmt, continues: context.continues, caseIndex: -1 }, clause.pos, clause.body);
          }
          break;
      }
    }
    return forward;
  }

  private branch(stmt: BranchStmt, context: Targets, isLast: boolean): void {
    switch (stmt.tok) {
      case TokenKind.Break:
        if (context.breaks !== null) stmt.target = context.breaks;
        else this.context.report(stmt.pos, "break is not in a loop, switch, or select");
        return;
      case TokenKind.Continue:
        if (context.continues !== null) stmt.target = context.continues;
        else this.context.report(stmt.pos, "continue is not in a loop");
        return;
      case TokenKind.Fallthrough: {
        let msg = "fallthrough statement out of place";
        const target = context.breaks;
        if (target !== null && target.kind === Kind.SwitchStmt) {
          if (target.tag !== null && target.tag.kind === Kind.TypeSwitchGuard) {
            msg = "cannot fallthrough in type switch";
          } else if (context.caseIndex >= 0 && isLast) {
            if (context.caseIndex + 1 < target.body.length) return;
            msg = "cannot fallthrough final case in switch";
          }
        }
        this.context.report(stmt.pos, msg);
      }
    }
  }

  /** True if the label of a goto has not come yet. */
  private labeledBranch(stmt: BranchStmt, name: string, block: Block): boolean {
    const at = stmt.label!.pos;
    if (stmt.tok === TokenKind.Goto) {
      stmt.target = this.gotoTarget(block, name);
      return stmt.target === null;
    }
    const verb = stmt.tok === TokenKind.Break ? "break" : "continue";
    const target = this.enclosingTarget(block, name);
    if (target === null) {
      this.context.report(at, `${verb} label not defined: ${name}`);
    } else if (target !== "invalid" && canLeave(target, stmt.tok)) {
      stmt.target = target;
    } else {
      this.context.report(at, `invalid ${verb} label ${name}`);
    }
    return false;
  }
}

function canLeave(target: Stmt, tok: TokenKind): boolean {
  if (target.kind === Kind.ForStmt) return true;
  return tok === TokenKind.Break && (target.kind === Kind.SwitchStmt || target.kind === Kind.SelectStmt);
}

function withoutTrailingEmpty(list: readonly Stmt[]): number {
  let count = list.length;
  while (count > 0 && list[count - 1].kind === Kind.EmptyStmt) count--;
  return count;
}

/** A position inside a message: with its place on disk in brackets, if `//line` says it is elsewhere. */
function positionString(context: BranchContext, pos: Pos): string {
  const at = context.fset.position(pos);
  const absolute = context.fset.absolute(pos);
  const shown = at.col > 0 ? `${at.filename}:${at.line}:${at.col}` : `${at.filename}:${at.line}`;
  if (at.filename === absolute.filename && at.line === absolute.line && at.col === absolute.col) return shown;
  return `${shown}[${absolute.filename}:${absolute.line}:${absolute.col}]`;
}
