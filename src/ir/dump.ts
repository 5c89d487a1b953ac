/** The tree as indented text, as `-W` and `-m=4` of the compiler print it (cmd/compile/internal/ir/fmt.go: dumpNode).
 *
 *  Not printed: frame offsets, `OnStack`, `Used`, `tc(1)`, ABIs and what later passes fill in. Depth is cut at 40. */

import { valueString } from "../base/constant.ts";
import type { FileSet, Pos } from "../base/pos.ts";
import { typedValue } from "./const.ts";
import { isClosure } from "./func.ts";
import { byval, EscHeap, EscNever, EscNone } from "./name.ts";
import { type CaseClause, Class, type CommClause, type Func, FuncFlag, Name, type Node, NodeFlag } from "./node.ts";
import { Op } from "./op.ts";
import { opNames } from "./optables.ts";
import { symStringDebug, typeStringDebug } from "./typefmt.ts";
import type { Pkg, Sym, Type } from "./types.ts";

/** `label` and the function below it, as package `local` sees it. */
export function dumpFunc(label: string, fn: Func, fset: FileSet, local: Pkg | null = fn.sym.pkg): string {
  const d = new Dumper(fset, local);
  d.func(fn, 1);
  return `${label}${d.text}\n`;
}

export function dumpList(label: string, list: readonly Node[], fset: FileSet, local: Pkg | null): string {
  const d = new Dumper(fset, local);
  d.list(list, 1);
  return `${label}${d.text}\n`;
}

export function dumpNode(label: string, n: Node, fset: FileSet, local: Pkg | null): string {
  const d = new Dumper(fset, local);
  d.node(n, 1);
  return `${label}${d.text}\n`;
}

const maxDepth = 40;

const classNames: readonly string[] = ["", "PEXTERN", "PAUTO", "PAUTOHEAP", "PPARAM", "PPARAMOUT", "PFUNC"];

class Dumper {
  text = "";
  constructor(
    private readonly fset: FileSet,
    private readonly local: Pkg | null,
  ) {}

  list(list: readonly Node[], depth: number): void {
    if (list.length === 0) this.text += " <nil>";
    for (const n of list) this.node(n, depth);
  }

  node(n: Node, depth: number): void {
    this.indent(depth);
    if (depth > maxDepth) {
      this.text += "...";
      return;
    }
    const op = opNames[n.op];
    if (n.init.length > 0) {
      this.text += `${op}-init`;
      this.list(n.init, depth + 1);
      this.indent(depth);
    }
    switch (n.op) {
      case Op.OLITERAL:
        this.text += `${op}-${valueString(typedValue(n))}`;
        this.header(n);
        return;
      case Op.ONAME:
        this.text += `${op}-${symStringDebug((n as Name).sym)}`;
        this.header(n);
        return;
      case Op.OTYPE:
        // Types are shared in the compiler: the place of a mention is not part of it.
        this.text += `${op} ${typeSym(n.type)} type ${typeStringDebug(n.type, this.local)}`;
        return;
      case Op.OASOP:
        this.text += `${op}-${opNames[n.asOp]}`;
        break;
      default:
        this.text += op;
    }
    this.header(n);
    this.children(n, op, depth);
  }

  /** Operands stand alone, others under a line that names them; in the compiler's field order. */
  private children(n: Node, op: string, depth: number): void {
    switch (n.op) {
      case Op.OCALLFUNC:
      case Op.OCALLINTER:
        this.labelled(op, "Fun", n.x, depth);
        this.labelledList(op, "Args", n.list, depth);
        this.labelled(op, "DeferAt", n.y, depth);
        return;
      case Op.OAPPEND:
      case Op.ODELETE:
      case Op.OMAX:
      case Op.OMIN:
      case Op.OPRINT:
      case Op.OPRINTLN:
      case Op.ORECOVER:
        this.labelledList(op, "Args", n.list, depth);
        return;
      case Op.OAS2:
      case Op.OAS2DOTTYPE:
      case Op.OAS2FUNC:
      case Op.OAS2MAPR:
      case Op.OAS2RECV:
      case Op.OSELRECV2:
        this.labelledList(op, "Lhs", n.list, depth);
        this.labelledList(op, "Rhs", n.list2, depth);
        return;
      case Op.OIF:
        this.labelled(op, "Cond", n.x, depth);
        this.labelledList(op, "Body", n.body, depth);
        this.labelledList(op, "Else", n.list, depth);
        return;
      case Op.OFOR:
        this.labelled(op, "Cond", n.x, depth);
        this.labelled(op, "Post", n.y, depth);
        this.labelledList(op, "Body", n.body, depth);
        return;
      case Op.ORANGE:
        this.operand(n.x, depth);
        this.labelled(op, "Key", n.y, depth);
        this.operand(n.z, depth);
        this.labelledList(op, "Body", n.body, depth);
        return;
      case Op.OKEY:
        this.labelled(op, "Key", n.x, depth);
        this.operand(n.y, depth);
        return;
      case Op.OMAKECHAN:
      case Op.OMAKEMAP:
      case Op.OMAKESLICE:
        this.labelled(op, "Len", n.x, depth);
        this.labelled(op, "Cap", n.y, depth);
        return;
      case Op.OSLICE:
      case Op.OSLICEARR:
      case Op.OSLICESTR:
      case Op.OSLICE3:
      case Op.OSLICE3ARR:
        this.operand(n.x, depth);
        this.labelled(op, "Low", n.y, depth);
        this.labelled(op, "High", n.z, depth);
        this.labelled(op, "Max", n.w, depth);
        return;
      case Op.ODEFER:
      case Op.OGO:
        this.operand(n.x, depth);
        this.labelled(op, "DeferAt", n.y, depth);
        return;
      case Op.ORETURN:
        this.labelledList(op, "Results", n.list, depth);
        return;
      case Op.OINLCALL:
        this.labelledList(op, "Body", n.body, depth);
        this.labelledList(op, "ReturnVars", n.list, depth);
        return;
      case Op.OTYPESW:
        this.labelled(op, "Tag", n.y, depth);
        this.operand(n.x, depth);
        return;
      case Op.OSWITCH:
      case Op.OSELECT:
        this.labelled(op, "Tag", n.x, depth);
        if (n.cases.length > 0) {
          this.indent(depth);
          this.text += `${op}-Cases`;
          for (const clause of n.cases) this.clause(clause, depth + 1);
        }
        return;
      case Op.OCLOSURE:
        this.indent(depth);
        this.text += `${op}-Func`;
        this.func(n.func!, depth + 1);
        return;
      default:
        this.operand(n.x, depth);
        this.operand(n.y, depth);
        this.operand(n.z, depth);
        this.operand(n.w, depth);
        this.labelledList(op, "List", n.list, depth);
    }
  }

  private operand(n: Node | null, depth: number): void {
    if (n !== null) this.node(n, depth + 1);
  }

  private labelled(op: string, name: string, n: Node | null, depth: number): void {
    if (n === null) return;
    this.indent(depth);
    this.text += `${op}-${name}`;
    this.node(n, depth + 1);
  }

  private labelledList(op: string, name: string, list: readonly Node[], depth: number): void {
    if (list.length === 0) return;
    this.indent(depth);
    this.text += `${op}-${name}`;
    this.list(list, depth + 1);
  }

  private clause(clause: CaseClause | CommClause, depth: number): void {
    this.indent(depth);
    this.text += `CASE${this.place(clause.pos)}`;
    if ("comm" in clause) {
      this.labelled("CASE", "Comm", clause.comm, depth);
    } else {
      this.labelled("CASE", "Var", clause.var, depth);
      this.labelledList("CASE", "List", clause.list, depth);
    }
    this.labelledList("CASE", "Body", clause.body, depth);
  }

  func(fn: Func, depth: number): void {
    this.indent(depth);
    this.text += `DCLFUNC ${symStringDebug(fn.sym)}`;
    if (fn.flags & FuncFlag.Dupok) this.text += " Dupok";
    if (isClosure(fn)) this.text += " IsClosure";
    if (fn.flags & FuncFlag.PackageInit) this.text += " IsPackageInit";
    if (fn.flags & FuncFlag.NeedCtxt) this.text += " Needctxt";
    if (fn.flags & FuncFlag.Wrapper) this.text += " Wrapper";
    this.text += ` ${typeStringDebug(fn.type, this.local)}${this.place(fn.pos)}`;
    this.labelledList("DCLFUNC", "Dcl", fn.dcl, depth);
    this.labelledList("DCLFUNC", "ClosureVars", fn.closureVars, depth);
    this.labelledList("DCLFUNC", "body", fn.body, depth);
  }

  private header(n: Node): void {
    let s = "";
    if (n.esc === EscNone) s += " esc(no)";
    else if (n.esc === EscHeap) s += " esc(h)";
    else if (n.esc === EscNever) s += " esc(N)";
    const sym = selSym(n);
    if (sym !== null) s += ` ${symStringDebug(sym)}`;
    if (n instanceof Name) {
      s += nameFlags(n);
    } else {
      s += nodeFlags(n);
    }
    if (n.op === Op.OCLOSURE) s += ` fnName(${symStringDebug(n.func!.sym)})`;
    if (n.type !== null)
      s +=
        n.op === Op.OTYPE ? ` type ${typeStringDebug(n.type, this.local)}` : ` ${typeStringDebug(n.type, this.local)}`;
    this.text += s + this.place(n.pos);
  }

  private place(pos: Pos): string {
    const at = this.fset.position(pos);
    if (at.line === 0) return "";
    return ` # ${at.filename.slice(at.filename.lastIndexOf("/") + 1)}:${at.line}:${at.col}`;
  }

  private indent(depth: number): void {
    this.text += `\n${".   ".repeat(depth)}`;
  }
}

function selSym(n: Node): Sym | null {
  return n.sel !== null ? n.sel.sym : n.label;
}

function typeSym(t: Type | null): string {
  return t === null || t.sym === null ? "<S>" : symStringDebug(t.sym);
}

function nameFlags(n: Name): string {
  let s = n.class === Class.None ? "" : ` Class:${classNames[n.class]}`;
  if (n.addrtaken) s += " Addrtaken";
  if (n.autoTemp) s += " AutoTemp";
  if (byval(n)) s += " Byval";
  if (n.isClosureVar) s += " IsClosureVar";
  return s;
}

function nodeFlags(n: Node): string {
  const f = n.flags;
  let s = "";
  if (n.asOp !== 0) s += ` AsOp:${opNames[n.asOp]}`;
  if (f & NodeFlag.Def) s += " Def";
  if (f & NodeFlag.IncDec) s += " IncDec";
  if (f & NodeFlag.Assigned) s += " Assigned";
  if (n.len !== 0) s += ` Len:${n.len}`;
  if (f & NodeFlag.DDD) s += " IsDDD";
  if (f & NodeFlag.GoDefer) s += " GoDefer";
  if (f & NodeFlag.NoInline) s += " NoInline";
  if (f & NodeFlag.DistinctVars) s += " DistinctVars";
  if (f & NodeFlag.Bounded) s += " Bounded";
  if (f & NodeFlag.CheckPtr) s += " CheckPtr";
  if (f & NodeFlag.Implicit) s += " Implicit";
  if (f & NodeFlag.NonNil) s += " NonNil";
  if (f & NodeFlag.Transient) s += " Transient";
  return s;
}
