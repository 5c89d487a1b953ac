/** Labels: declared once, used, and reached only where jumps may go. The compiler's parser checks the same
 *  (syntax/branches.go), so this runs only with `ignoreBranchErrors: false`. Mirrors types2/labels.go. */
import { NoPos, type Pos } from "../base/pos.ts";
import { type BlockStmt, type BranchStmt, Kind, type LabeledStmt, type Stmt } from "../syntax/ast.ts";
import { Op, TokenKind } from "../syntax/tokens.ts";
import type { Checker } from "./check.ts";
import { Code } from "./errorcodes.ts";
import { addAltDecl, addf, errorf, newError, report, softErrorf } from "./errors.ts";
import { recordDef, recordUse } from "./recording.ts";
import { Label, ObjKind, Scope } from "./types.ts";

export function labels(c: Checker, body: BlockStmt): void {
  const all = new Scope(null, body.pos, body.end);
  const fwdJumps = blockBranches(c, all, null, null, body.list);

  // What is left jumps to labels that do not exist or stand in blocks the jump may not enter.
  for (const jmp of fwdJumps) {
    const name = jmp.label!.value;
    const alt = all.lookup(name);
    if (alt !== null && alt.kind === ObjKind.Label) {
      alt.used = true;
      errorf(c, jmp.label!, Code.JumpIntoBlock, "goto %s jumps into block", name);
    } else {
      errorf(c, jmp.label!, Code.UndeclaredLabel, "label %s not declared", name);
    }
  }
  for (const obj of all.objects()) {
    if (obj.kind === ObjKind.Label && !obj.used) {
      softErrorf(c, obj.pos, Code.UnusedLabel, "label %s declared and not used", obj.name);
    }
  }
}

/** A block with the labels declared in it. */
class Block {
  readonly labels = new Map<string, LabeledStmt>();
  constructor(
    readonly parent: Block | null,
    /** The labelled statement whose body the block is. */
    readonly lstmt: LabeledStmt | null,
  ) {}

  gotoTarget(name: string): LabeledStmt | null {
    for (let b: Block | null = this; b !== null; b = b.parent) {
      const t = b.labels.get(name);
      if (t !== undefined) return t;
    }
    return null;
  }

  enclosingTarget(name: string): LabeledStmt | null {
    for (let b: Block | null = this; b !== null; b = b.parent) {
      if (b.lstmt !== null && b.lstmt.label.value === name) return b.lstmt;
    }
    return null;
  }
}

/** Processes the statements of a block; returns its forward jumps that found no target. */
function blockBranches(
  c: Checker,
  all: Scope,
  parent: Block | null,
  lstmt: LabeledStmt | null,
  list: readonly Stmt[],
): BranchStmt[] {
  const b = new Block(parent, lstmt);
  let varDeclPos: Pos = NoPos;
  let fwdJumps: BranchStmt[] = [];
  let badJumps: BranchStmt[] = [];

  // Jumps seen so far would jump over this declaration, unless they leave the block.
  const recordVarDecl = (pos: Pos): void => {
    varDeclPos = pos;
    badJumps = fwdJumps.slice();
  };

  const declareLabel = (s: LabeledStmt): void => {
    const name = s.label.value;
    const lbl = new Label(s.label.pos, c.pkg, name, null);
    const alt = all.insert(lbl);
    if (alt !== null) {
      const err = newError(c, Code.DuplicateLabel);
      err.soft = true;
      addf(err, lbl.pos, "label %s already declared", name);
      addAltDecl(err, alt);
      report(err);
    } else {
      b.labels.set(name, s);
      recordDef(c, s.label, lbl);
    }
    const rest: BranchStmt[] = [];
    for (const jmp of fwdJumps) {
      if (jmp.label!.value !== name) {
        rest.push(jmp);
        continue;
      }
      lbl.used = true;
      recordUse(c, jmp.label!, lbl);
      if (varDeclPos !== NoPos && badJumps.includes(jmp)) {
        const format = "goto %s jumps over variable declaration at line %d";
        softErrorf(c, jmp.label!, Code.JumpOverDecl, format, name, c.fset.position(varDeclPos).line);
      }
    }
    fwdJumps = rest;
  };

  const branch = (s: BranchStmt): void => {
    const name = s.label!.value;
    const target = b.enclosingTarget(name)?.stmt.kind;
    switch (s.tok) {
      case TokenKind.Break:
        if (target !== Kind.SwitchStmt && target !== Kind.SelectStmt && target !== Kind.ForStmt) {
          errorf(c, s.label!, Code.MisplacedLabel, "invalid break label %s", name);
          return;
        }
        break;
      case TokenKind.Continue:
        if (target !== Kind.ForStmt) {
          errorf(c, s.label!, Code.MisplacedLabel, "invalid continue label %s", name);
          return;
        }
        break;
      default:
        if (b.gotoTarget(name) === null) {
          fwdJumps.push(s);
          return;
        }
    }
    const lbl = all.lookup(name);
    if (lbl !== null && lbl.kind === ObjKind.Label) {
      lbl.used = true;
      recordUse(c, s.label!, lbl);
    }
  };

  const clauses = (lstmt: LabeledStmt | null, bodies: readonly { readonly body: readonly Stmt[] }[]): void => {
    const inner = new Block(b, lstmt);
    for (const clause of bodies) fwdJumps.push(...blockBranches(c, all, inner, null, clause.body));
  };

  const stmtBranches = (lstmt: LabeledStmt | null, s: Stmt): void => {
    switch (s.kind) {
      case Kind.DeclStmt:
        for (const d of s.decls) if (d.kind === Kind.VarDecl) recordVarDecl(d.pos);
        break;
      case Kind.LabeledStmt: {
        const blank = s.label.value === "_";
        if (!blank) declareLabel(s);
        stmtBranches(blank ? lstmt : s, s.stmt);
        break;
      }
      case Kind.BranchStmt:
        if (s.label !== null) branch(s);
        break;
      case Kind.AssignStmt:
        if (s.op === Op.Def) recordVarDecl(s.pos);
        break;
      case Kind.BlockStmt:
        fwdJumps.push(...blockBranches(c, all, b, lstmt, s.list));
        break;
      case Kind.IfStmt:
        stmtBranches(lstmt, s.then);
        if (s.else_ !== null) stmtBranches(lstmt, s.else_);
        break;
      case Kind.SwitchStmt:
      case Kind.SelectStmt:
        clauses(lstmt, s.body);
        break;
      case Kind.ForStmt:
        stmtBranches(lstmt, s.body);
    }
  };
  for (const s of list) stmtBranches(null, s);
  return fwdJumps;
}
