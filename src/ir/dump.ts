/** The tree as indented text, as `-W` and `-m=4` of the compiler print it (cmd/compile/internal/ir/fmt.go: dumpNode).
 *
 *  For -m=3 and -m=4 ({@link compilerDump}) with all that the compiler shows before the escape analysis; what it knows
 *  from having checked its tree (`Used`, `tc(1)`) is worked out from the tree. For --debug without frame offsets,
 *  `OnStack`, `Used` and `tc(1)`. Depth is cut at 40. */

import { valueString } from "../base/constant.ts";
import type { FileSet, Pos } from "../base/pos.ts";
import { typedValue } from "./const.ts";
import { isClosure } from "./func.ts";
import { byval, EscHeap, EscNever, EscNone, isBlank } from "./name.ts";
import {
  type CaseClause,
  Class,
  type CommClause,
  type Func,
  FuncFlag,
  Name,
  type Node,
  NodeFlag,
  type Rtti,
} from "./node.ts";
import { Op } from "./op.ts";
import { isAssignList, opNames } from "./optables.ts";
import { linkString, symString, symStringDebug, typeString, typeStringDebug } from "./typefmt.ts";
import { isEmptyInterface, rangeTypes } from "./typeops.ts";
import { type Pkg, type Sym, TKind, type Type } from "./types.ts";
import { doChildren } from "./visit.ts";

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

/** What the compiler prints with -m=3 for a call before and after it is inlined into `caller`, and with -m=4 for a
 *  function before the escape analysis: with a new line in front. */
export function compilerDump(
  n: Node | Func,
  caller: Func,
  fset: FileSet,
  local: Pkg,
  /** Variables that were used in what calls have been replaced by; those that are used now are added. */
  used: Set<Name>,
  /** The number of an inlined call. */
  ordinal: (call: Node) => number,
): string {
  noteUses(caller.body, used);
  if ("op" in n) noteUses([n], used);
  const d = new Dumper(fset, local, { used, ordinal, late: !("op" in n) });
  if ("op" in n) d.node(n, 1);
  else d.func(n, 1);
  return d.text;
}

/** Adds the variables whose values are wanted, those of literals too. */
function noteUses(list: readonly Node[], used: Set<Name>): void {
  // Where the call is whose inlined body is visited: results are assigned there.
  let inlined: Pos | null = null;
  const visit = (n: Node): boolean => {
    if (n.op === Op.ONAME) {
      if (inlined !== null || !isWrapperCapture(n as Name)) used.add(n as Name);
    } else if (n.op === Op.ODCL) return false;
    else if (n.op === Op.OSWITCH) {
      const vars = new Set<Node | null>(n.cases.map((clause) => ("comm" in clause ? null : clause.var)));
      doChildren(n, (x) => !vars.has(x) && visit(x));
      return false;
    } else if (n.op === Op.OCLOSURE) noteUses(n.func!.body, used);
    else if (n.op === Op.OINLCALL) {
      const outer = inlined;
      inlined = n.pos;
      doChildren(n, (x) => x.op !== Op.ONAME && visit(x));
      inlined = outer;
      return false;
    } else if (assigns(n)) {
      // The compiler looks at variables that are assigned to, unless they are declared there, as at any others.
      const declares = (n.flags & NodeFlag.Def) !== 0 || n.pos === inlined || n.init.length > 0;
      doChildren(n, (x) => (x.op !== Op.ONAME || !declares) && visit(x));
      for (const x of valuesOf(n)) visit(x);
      return false;
    }
    doChildren(n, visit);
    return false;
  };
  for (const n of list) visit(n);
}

/** Names below it may be mere places. */
function assigns({ op }: Node): boolean {
  return op === Op.OAS || op === Op.ORANGE || isAssignList(op);
}

function valuesOf(n: Node): readonly Node[] {
  switch (n.op) {
    case Op.OAS:
      return n.y === null ? [] : [n.y];
    case Op.ORANGE:
      return n.x === null ? [] : [n.x];
    default:
      return n.list2;
  }
}

const maxDepth = 40;

const classNames: readonly string[] = ["", "PEXTERN", "PAUTO", "PAUTOHEAP", "PPARAM", "PPARAMOUT", "PFUNC"];

interface CompilerView {
  readonly used: ReadonlySet<Name>;
  readonly ordinal: (call: Node) => number;
  /** Before the escape analysis: symbols are known by how they are called. */
  readonly late: boolean;
}

class Dumper {
  text = "";
  /** The next node stands in the initialisation of another one. */
  private inInit = false;
  constructor(
    private readonly fset: FileSet,
    private readonly local: Pkg | null,
    /** Of a dump as the compiler prints it. */
    private readonly compiler: CompilerView | null = null,
  ) {}

  list(list: readonly Node[], depth: number): void {
    if (list.length === 0) this.text += " <nil>";
    for (const n of list) this.node(n, depth);
  }

  node(n: Node, depth: number): void {
    const { inInit } = this;
    this.inInit = false;
    this.indent(depth);
    if (depth > maxDepth) {
      this.text += "...";
      return;
    }
    const op = opNames[n.op];
    const marked = n.op === Op.OINLCALL && this.compiler !== null;
    if (n.init.length > 0 || marked) {
      this.text += `${op}-init`;
      if (n.init.length > 0) this.initList(n, depth + 1);
      if (marked) this.inlineMark(n, depth + 1);
      this.indent(depth);
    }
    switch (n.op) {
      case Op.OLITERAL:
        this.text += `${op}-${valueString(typedValue(n))}`;
        this.header(n, inInit);
        return;
      case Op.ONAME:
        this.text += `${op}-${symStringDebug((n as Name).sym)}`;
        this.header(n, inInit);
        return;
      case Op.OTYPE:
        // Types are shared in the compiler: the place of a mention is not part of it.
        this.text += `${op} ${typeSym(n.type)}${this.typeNote(n.type)}`;
        return;
      case Op.OASOP:
        this.text += `${op}-${opNames[n.asOp]}`;
        break;
      default:
        this.text += op;
    }
    this.header(n, inInit);
    this.children(n, op, depth);
  }

  /** Several results are a struct to the compiler. */
  private typeText(t: Type): string {
    if (t.kind !== TKind.TUPLE || this.compiler === null) return typeStringDebug(t, this.local);
    const fields = t.fields.map(({ sym, type }) => {
      const text = typeString(type, this.local);
      return sym === null ? text : `${symString(sym, this.local)} ${text}`;
    });
    return `STRUCT-struct { ${fields.join("; ")} }`;
  }

  /** What stands behind the name of a type; that of a defined one is where it was declared. */
  private typeNote(t: Type | null): string {
    const text = ` type ${typeStringDebug(t, this.local)}`;
    if (this.compiler === null) return text;
    if (t === null || t.sym === null) return `${text} tc(1)`;
    return t.pos > 0 ? ` Class:PEXTERN Offset:0${text} tc(1)${this.place(t.pos)}` : ` Offset:0${text} tc(1)`;
  }

  /** Declarations of temporaries that are assigned at once have been checked. */
  private initList(parent: Node, depth: number): void {
    const { inInit } = this;
    for (const n of parent.init) {
      const checks = parent.op === Op.OAS || parent.op === Op.ODEFER || parent.op === Op.OGO;
      this.inInit = !checks || !isTemp(n.x);
      this.node(n, depth);
    }
    this.inInit = inInit;
  }

  /** The compiler has a node where inlined code begins. */
  private inlineMark(n: Node, depth: number): void {
    const index = this.compiler!.ordinal(n);
    this.indent(depth);
    this.text += `INLMARK${index === 0 ? "" : ` Index:${index}`}${this.place(n.pos, "+")}`;
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
        this.labelledList(op, "Args", n.list, depth);
        this.rtype(n, op, depth);
        return;
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
        this.rtype(n, op, depth);
        this.labelled(op, "Key", n.y, depth);
        this.operand(n.z, depth);
        this.labelledList(op, "Body", n.body, depth);
        this.rangeRtti(n, op, depth);
        return;
      case Op.OKEY:
        this.labelled(op, "Key", n.x, depth);
        this.operand(n.y, depth);
        return;
      case Op.ONEW:
        this.operand(n.y, depth);
        if (n.y !== null || this.compiler === null || n.type === null) return;
        this.indent(depth + 1);
        this.text += `TYPE ${typeSym(n.type.elem)}${this.typeNote(n.type.elem)}`;
        return;
      case Op.OMAKECHAN:
      case Op.OMAKEMAP:
      case Op.OMAKESLICE:
        this.rtype(n, op, depth);
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
        if (n.y === null || this.compiler === null) this.labelled(op, "Tag", n.y, depth);
        else this.typeSwitchTag(op, n.y as Name, depth);
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
      case Op.OCONVIFACE:
      case Op.OCONVNOP:
        this.operand(n.x, depth);
        if ((n.flags & NodeFlag.HasRtti) === 0) return;
        this.convRtti({ op, label: "", pos: n.pos, depth }, n.x!.type!, n.type!, n.rtti);
        return;
      case Op.ODYNAMICDOTTYPE:
      case Op.ODYNAMICDOTTYPE2:
        this.operand(n.x, depth);
        if (this.compiler === null) {
          for (const x of [n.y, n.z, n.w]) this.operand(x, depth);
          return;
        }
        this.descriptor(op, "SrcRType", n.pos, n.w ?? typeSymbol(n.x!.type!), depth);
        if (n.y !== null) this.descriptor(op, "RType", n.pos, n.y, depth);
        if (n.z !== null) this.descriptor(op, "ITab", n.pos, n.z, depth);
        return;
      case Op.ODYNAMICTYPE:
        if (this.compiler === null) {
          for (const x of [n.x, n.y]) this.operand(x, depth);
          return;
        }
        this.labelled(op, "RType", n.x, depth);
        this.labelled(op, "ITab", n.y, depth);
        return;
      default:
        this.operand(n.x, depth);
        this.operand(n.y, depth);
        this.operand(n.z, depth);
        this.operand(n.w, depth);
        this.labelledList(op, "List", n.list, depth);
        this.rtype(n, op, depth);
    }
  }

  /** The variable of a type switch is a mere name, of which each clause has one. */
  private typeSwitchTag(op: string, { sym, pos }: Name, depth: number): void {
    this.indent(depth);
    this.text += `${op}-Tag`;
    this.indent(depth + 1);
    this.text += `NONAME-${symStringDebug(sym)}${this.place(pos)}`;
  }

  /** The descriptor that an operation on maps, slices or channels comes with. */
  private rtype(n: Node, op: string, depth: number): void {
    const t = describedType(n);
    if (t !== null) this.descriptor(op, "RType", n.pos, n.rtti?.type ?? typeSymbol(t), depth);
  }

  /** The descriptors for converting keys and elements to the types of their variables. */
  private rangeRtti(n: Node, op: string, depth: number): void {
    const { key, value } = rangeTypes(n.x!.type!);
    for (const [label, from, to, rtti] of [
      ["Key", key, n.y, n.rtti?.key ?? null],
      ["Value", value, n.z, n.rtti?.value ?? null],
    ] as const) {
      if (from === null || to === null || isBlank(to)) continue;
      this.convRtti({ op, label, pos: n.pos, depth }, from, to.type!, rtti);
    }
  }

  private convRtti(
    at: { op: string; label: string; pos: Pos; depth: number },
    from: Type,
    to: Type,
    rtti: Rtti | null,
  ): void {
    if (this.compiler === null || to.kind !== TKind.INTER) return;
    const concrete = from.kind !== TKind.INTER;
    let word: string | null = null;
    if (!isEmptyInterface(to)) word = concrete ? itabSymbol(from, to) : typeSymbol(to);
    else if (concrete) word = typeSymbol(from);
    const { op, label, pos, depth } = at;
    if (word !== null) this.descriptor(op, `${label}TypeWord`, pos, rtti?.type ?? word, depth);
    if (concrete) this.descriptor(op, `${label}SrcRType`, pos, rtti?.src ?? typeSymbol(from), depth);
  }

  /** An expression for a descriptor: a word of the dictionary, or the address of a symbol. */
  private descriptor(op: string, name: string, pos: Pos, what: Node | string, depth: number): void {
    if (this.compiler === null) return;
    if (typeof what !== "string") {
      this.labelled(op, name, what, depth);
      return;
    }
    this.indent(depth);
    this.text += `${op}-${name}`;
    this.indent(depth + 1);
    this.text += `ADDR PTR-*uint8 tc(1)${this.place(pos)}`;
    this.indent(depth + 2);
    this.text += `LINKSYMOFFSET-${what} Offset:0 uint8 tc(1)`;
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
    const { compiler } = this;
    const planned = compiler !== null && fn.esc !== 0;
    this.text += `DCLFUNC${planned ? " esc(no)" : ""} ${symStringDebug(fn.sym)}`;
    if (compiler !== null) {
      if (fn.labelGen !== 0) this.text += ` Label:${fn.labelGen}`;
      this.text += ` ABI:ABIInternal${fn.oclosure !== null && !compiler.late ? "" : " ABIRefs:{ABIInternal}"}`;
    }
    if (fn.flags & FuncFlag.Dupok) this.text += " Dupok";
    if (compiler !== null && fn.inlinabilityChecked) this.text += " InlinabilityChecked";
    if (isClosure(fn)) this.text += " IsClosure";
    if (fn.flags & FuncFlag.PackageInit) this.text += " IsPackageInit";
    if (fn.flags & FuncFlag.NeedCtxt) this.text += " Needctxt";
    if (fn.flags & FuncFlag.Wrapper) this.text += " Wrapper";
    this.text += ` ${typeStringDebug(fn.type, this.local)}${compiler === null ? "" : " tc(1)"}${this.place(fn.pos)}`;
    this.labelledList("DCLFUNC", "Dcl", fn.dcl, depth);
    this.labelledList("DCLFUNC", "ClosureVars", fn.closureVars, depth);
    this.labelledList("DCLFUNC", "body", fn.body, depth);
  }

  private header(n: Node, inInit: boolean): void {
    let s = "";
    if (n.esc === EscNone) s += " esc(no)";
    else if (n.esc === EscHeap) s += " esc(h)";
    else if (n.esc === EscNever) s += " esc(N)";
    const sym = selSym(n);
    if (sym !== null) s += ` ${symStringDebug(sym)}`;
    if (n instanceof Name) {
      s += this.compiler === null ? nameFlags(n) : compilerNameFlags(n, this.compiler.used);
    } else {
      s += nodeFlags(n);
    }
    if (n.op === Op.OCLOSURE) s += ` fnName(${symStringDebug(n.func!.sym)})`;
    if (n.type !== null) s += ` ${this.typeText(n.type)}`;
    if (this.compiler !== null && isChecked(n, inInit)) s += " tc(1)";
    this.text += s + this.place(n.pos);
  }

  private place(pos: Pos, mark = ""): string {
    const places: string[] = [];
    for (const one of this.compiler === null ? [pos] : chainOf(this.fset, pos)) {
      const at = this.fset.position(one);
      if (at.line === 0) return "";
      places.push(`${at.filename.slice(at.filename.lastIndexOf("/") + 1)}:${at.line}:${at.col}`);
    }
    return ` # ${mark}${places.join(" ")}`;
  }

  private indent(depth: number): void {
    this.text += `\n${".   ".repeat(depth)}`;
  }
}

function isTemp(n: Node | null): boolean {
  return n !== null && n.op === Op.ONAME && (n as Name).autoTemp;
}

function typeSymbol(t: Type): string {
  return `type:${linkString(t)}`;
}

function itabSymbol(t: Type, iface: Type): string {
  return `go:itab.${linkString(t)},${linkString(iface)}`;
}

/** The type whose descriptor an operation needs; null if it needs none. */
function describedType(n: Node): Type | null {
  switch (n.op) {
    case Op.OAPPEND:
    case Op.OMAKESLICE:
    case Op.OUNSAFESLICE:
      return n.type!.elem;
    case Op.OCOPY:
      return n.x!.type!.elem;
    case Op.OMAKECHAN:
    case Op.OMAKEMAP:
    case Op.OMAPLIT:
      return n.type;
    case Op.OINDEXMAP:
      return n.x!.type;
    case Op.ODELETE:
      return n.list[0].type;
    case Op.ORANGE:
      return n.x!.type!.kind === TKind.MAP ? n.x!.type : null;
    default:
      return null;
  }
}

function selSym(n: Node): Sym | null {
  if (n.sel !== null) return n.sel.sym;
  switch (n.op) {
    case Op.OFOR:
    case Op.ORANGE:
    case Op.OSWITCH:
    case Op.OSELECT:
      return null; // their labels are none of their symbols
    default:
      return n.label;
  }
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

/** The place of an inlined node after those of the calls that brought it, the outermost first. */
function chainOf(fset: FileSet, pos: Pos): Pos[] {
  const chain = [fset.innermost(pos)];
  for (let i = fset.inliningOf(pos); i >= 0; ) {
    const call = fset.inlinedCallPos(i);
    chain.unshift(fset.innermost(call));
    i = fset.inliningOf(call);
  }
  return chain;
}

/** Fields, then methods by the alphabet. */
function compilerNameFlags(n: Name, used: ReadonlySet<Name>): string {
  let s = n.class === Class.None ? "" : ` Class:${classNames[n.class]}`;
  if (n.dictIndex !== 0) s += ` DictIndex:${n.dictIndex}`;
  s += " Offset:0";
  if (n.addrtaken) s += " Addrtaken";
  if (n.autoTemp) s += " AutoTemp";
  if (n.isClosureVar && byval(n)) s += " Byval";
  if (n.inlFormal) s += " InlFormal";
  if (n.inlLocal) s += " InlLocal";
  if (n.isClosureVar) s += " IsClosureVar";
  const isLocal = n.class === Class.PPARAM || n.class === Class.PPARAMOUT || n.class === Class.PAUTO;
  if (isLocal && n.esc !== EscHeap) s += " OnStack";
  if (isUsed(n, used)) s += " Used";
  return s;
}

/** What a function behind `go` or `defer` calls and passes; its body is made as it is. */
function isWrapperCapture(n: Name): boolean {
  return n.isClosureVar && n.sym.name.startsWith(".autotmp_");
}

/** Whether the compiler has looked at the variable. References to dictionaries are made without a look. */
function isUsed(n: Name, used: ReadonlySet<Name>): boolean {
  switch (n.class) {
    case Class.None:
      return false;
    case Class.PFUNC:
      return true;
    case Class.PEXTERN:
      return !n.sym.name.startsWith(".dict.");
    default:
      return n.used || n.autoTemp || used.has(n);
  }
}

/** Nodes that passes put into the tree as they are have not been checked. */
function isChecked(n: Node, inInit: boolean): boolean {
  switch (n.op) {
    case Op.OLABEL:
      return !n.label!.name.startsWith(".i");
    case Op.OKEY:
    case Op.OSTRUCTKEY:
    case Op.OTYPESW:
      return false;
    case Op.OBLOCK:
      return n.list.length > 0; // empty ones stand for empty bodies
    case Op.ODCL:
      return !inInit;
    default:
      return true;
  }
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
  if (f & NodeFlag.NilPanic && n.op !== Op.OAPPEND) s += " UseNilPanic";
  return s;
}
