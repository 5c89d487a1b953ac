/** Nodes as text, in the form that messages use (cmd/compile/internal/ir/fmt.go: stmtFmt, exprFmt).
 *
 *  `local` is the package under compilation: its symbols print bare, others with their package's name. */
import { kindOf, uint64Val, ValueKind, valueString } from "../base/constant.ts";
import { quoteRune } from "../syntax/chars.ts";
import { constType, typedValue } from "./const.ts";
import { type CaseClause, Name, type Node, NodeFlag } from "./node.ts";
import { Op } from "./op.ts";
import { isSlice3, opGoNames, opPrec, stmtWithInit } from "./optables.ts";
import { symString, typeString } from "./typefmt.ts";
import { isUntyped, isUntypedNamed } from "./typeops.ts";
import { type Pkg, TKind, type Type } from "./types.ts";

/** `%v`: Go syntax, abbreviated. */
export function nodeString(n: Node | null, local: Pkg | null): string {
  if (n === null) return "<nil>";
  return opPrec[n.op] < 0 ? stmtString(n, local) : exprString(n, 0, local);
}

/** `%L`: with the type. */
export function nodeStringLong(n: Node | null, local: Pkg | null): string {
  if (n === null) return "<nil>";
  const t = n.type;
  if (t === null) return nodeString(n, local);
  if (t.kind === TKind.NIL) return "nil";
  if (n instanceof Name && n.autoTemp) return `${typeString(t, local)} value`;
  return `${nodeString(n, local)} (type ${typeString(t, local)})`;
}

/** `%v` of a list: statements, separated by semicolons. */
export function nodesString(list: readonly Node[], local: Pkg | null): string {
  return joined(list, "; ", local);
}

/** `%.v` of a list: expressions, separated by commas. */
export function exprsString(list: readonly Node[], local: Pkg | null): string {
  return joined(list, ", ", local);
}

/** `case a, b: body` of a switch clause. */
export function caseString(clause: CaseClause, local: Pkg | null): string {
  const head = clause.list.length > 0 ? `case ${exprsString(clause.list, local)}` : "default";
  return `${head}: ${nodesString(clause.body, local)}`;
}

function joined(list: readonly Node[], separator: string, local: Pkg | null): string {
  let text = "";
  for (let i = 0; i < list.length; i++) text += (i > 0 ? separator : "") + nodeString(list[i], local);
  return text;
}

function stmtString(n: Node, local: Pkg | null): string {
  switch (n.op) {
    case Op.ODCL:
      return `var ${symString((n.x as Name).sym, local)} ${typeString(n.x!.type, local)}`;
    case Op.OAS: {
      const assign = (n.flags & NodeFlag.Def) !== 0 ? ":=" : "=";
      return `${nodeString(n.x, local)} ${assign} ${nodeString(n.y, local)}`;
    }
    case Op.OASOP:
      if ((n.flags & NodeFlag.IncDec) !== 0) return `${nodeString(n.x, local)}${n.asOp === Op.OADD ? "++" : "--"}`;
      return `${nodeString(n.x, local)} ${opGoNames[n.asOp]}= ${nodeString(n.y, local)}`;
    case Op.OAS2:
    case Op.OAS2DOTTYPE:
    case Op.OAS2FUNC:
    case Op.OAS2MAPR:
    case Op.OAS2RECV: {
      const assign = (n.flags & NodeFlag.Def) !== 0 ? ":=" : "=";
      return `${exprsString(n.list, local)} ${assign} ${exprsString(n.list2, local)}`;
    }
    case Op.OBLOCK:
      return nodesString(n.list, local);
    case Op.ORETURN:
      return `return ${exprsString(n.list, local)}`;
    case Op.OGO:
      return `go ${nodeString(n.x, local)}`;
    case Op.ODEFER:
      return `defer ${nodeString(n.x, local)}`;
    case Op.OIF: {
      const init = hasSimpleInit(n) ? `${nodeString(n.init[0], local)}; ` : "";
      const text = `if ${init}${nodeString(n.x, local)} { ${nodesString(n.body, local)} }`;
      return n.list.length > 0 ? `${text} else { ${nodesString(n.list, local)} }` : text;
    }
    case Op.OFOR:
    case Op.ORANGE:
      return "for loop";
    case Op.OSELECT:
      return "select statement";
    case Op.OSWITCH:
      return "switch statement";
    case Op.OBREAK:
    case Op.OCONTINUE:
    case Op.OGOTO:
    case Op.OFALL:
      return n.label !== null ? `${opGoNames[n.op]} ${symString(n.label, local)}` : opGoNames[n.op];
    case Op.OLABEL:
      return `${symString(n.label, local)}: `;
    default:
      return `<node ${opGoNames[n.op]}>`;
  }
}

/** One init statement that has none itself prints; others are left out. */
function hasSimpleInit(n: Node): boolean {
  return n.init.length === 1 && n.init[0].init.length === 0 && stmtWithInit(n.op);
}

function exprString(node: Node | null, prec: number, local: Pkg | null): string {
  let n = node;
  while (n !== null && (n.flags & NodeFlag.Implicit) !== 0 && isTransparent(n.op)) n = n.x;
  if (n === null) return "<nil>";

  let nprec = opPrec[n.op];
  if (n.op === Op.OTYPE && n.type !== null && n.type.kind === TKind.PTR) nprec = opPrec[Op.ODEREF];
  if (prec > nprec) return `(${nodeString(n, local)})`;

  switch (n.op) {
    case Op.OPAREN:
      return `(${nodeString(n.x, local)})`;
    case Op.ONIL:
      return "nil";
    case Op.OLITERAL:
      return literalString(n, local);
    case Op.ONAME: {
      const sym = (n as Name).sym;
      return sym.name.startsWith("~b") ? "_" : symString(sym, local);
    }
    case Op.OTYPE:
      return typeString(n.type, local);
    case Op.OCLOSURE:
      return "func literal";
    case Op.OPTRLIT:
      return `&${nodeString(n.x, local)}`;
    case Op.OSTRUCTLIT:
    case Op.OARRAYLIT:
    case Op.OSLICELIT:
    case Op.OMAPLIT:
      if ((n.flags & NodeFlag.Implicit) !== 0) return "... argument";
      return `${typeString(n.type, local)}{${n.list.length > 0 ? "..." : ""}}`;
    case Op.OKEY: {
      const key = n.x === null ? "" : nodeString(n.x, local);
      const value = n.y === null ? "" : nodeString(n.y, local);
      return `${key}:${value}`;
    }
    case Op.OSTRUCTKEY:
      return `${symString(n.sel?.sym ?? null, local)}:${nodeString(n.x, local)}`;
    case Op.ODOT:
    case Op.ODOTPTR:
    case Op.ODOTINTER:
    case Op.ODOTMETH:
    case Op.OMETHVALUE:
    case Op.OMETHEXPR:
      return `${exprString(n.x, nprec, local)}.${n.sel?.sym?.name ?? "<nil>"}`;
    case Op.ODOTTYPE:
    case Op.ODOTTYPE2:
      return `${exprString(n.x, nprec, local)}.(${typeString(n.type, local)})`;
    case Op.OINDEX:
    case Op.OINDEXMAP:
      return `${exprString(n.x, nprec, local)}[${nodeString(n.y, local)}]`;
    case Op.OSLICE:
    case Op.OSLICESTR:
    case Op.OSLICEARR:
    case Op.OSLICE3:
    case Op.OSLICE3ARR: {
      let text = `${exprString(n.x, nprec, local)}[`;
      if (n.y !== null) text += nodeString(n.y, local);
      text += ":";
      if (n.z !== null) text += nodeString(n.z, local);
      if (isSlice3(n.op)) text += `:${n.w === null ? "" : nodeString(n.w, local)}`;
      return `${text}]`;
    }
    case Op.OSLICEHEADER:
      return `sliceheader{${nodeString(n.x, local)},${nodeString(n.y, local)},${nodeString(n.z, local)}}`;
    case Op.OCOMPLEX:
    case Op.OCOPY:
    case Op.OUNSAFEADD:
    case Op.OUNSAFESLICE:
      return `${opGoNames[n.op]}(${nodeString(n.x, local)}, ${nodeString(n.y, local)})`;
    case Op.OCONV:
    case Op.OCONVIFACE:
    case Op.OCONVNOP:
    case Op.OBYTES2STR:
    case Op.ORUNES2STR:
    case Op.OSTR2BYTES:
    case Op.OSTR2RUNES:
    case Op.ORUNESTR:
    case Op.OSLICE2ARR:
    case Op.OSLICE2ARRPTR: {
      const type = typeString(n.type, local);
      return `${isNamed(n.type) ? type : `(${type})`}(${nodeString(n.x, local)})`;
    }
    case Op.OREAL:
    case Op.OIMAG:
    case Op.OCAP:
    case Op.OCLEAR:
    case Op.OCLOSE:
    case Op.OLEN:
    case Op.OPANIC:
      return `${opGoNames[n.op]}(${nodeString(n.x, local)})`;
    case Op.ONEW:
      if (n.x !== null) return `new(${nodeString(n.x, local)})`;
      return n.y !== null ? "new(<node DYNAMICTYPE>)" : `new(${typeString(n.type?.elem ?? null, local)})`;
    case Op.OAPPEND:
    case Op.ODELETE:
    case Op.OMAX:
    case Op.OMIN:
    case Op.ORECOVER:
    case Op.OPRINT:
    case Op.OPRINTLN:
      return `${opGoNames[n.op]}(${exprsString(n.list, local)}${dots(n)})`;
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
      return `${exprString(n.x, nprec, local)}(${exprsString(n.list, local)}${dots(n)})`;
    case Op.OINLCALL:
      return n.list.length === 1 ? nodeString(n.list[0], local) : `(.${nodesString(n.list, local)})`;
    case Op.OMAKEMAP:
    case Op.OMAKECHAN:
    case Op.OMAKESLICE: {
      const type = typeString(n.type, local);
      if (n.y !== null) return `make(${type}, ${nodeString(n.x, local)}, ${nodeString(n.y, local)})`;
      if (n.x !== null && (n.op === Op.OMAKESLICE || !isUntyped(n.x.type))) {
        return `make(${type}, ${nodeString(n.x, local)})`;
      }
      return `make(${type})`;
    }
    case Op.OPLUS:
    case Op.ONEG:
    case Op.OBITNOT:
    case Op.ONOT:
    case Op.ORECV:
    case Op.OADDR: {
      const space = n.x !== null && n.x.op === n.op ? " " : "";
      return `${opGoNames[n.op]}${space}${exprString(n.x, nprec + 1, local)}`;
    }
    case Op.ODEREF:
      return `*${exprString(n.x, nprec + 1, local)}`;
    case Op.OADD:
    case Op.OAND:
    case Op.OANDNOT:
    case Op.ODIV:
    case Op.OEQ:
    case Op.OGE:
    case Op.OGT:
    case Op.OLE:
    case Op.OLT:
    case Op.OLSH:
    case Op.OMOD:
    case Op.OMUL:
    case Op.ONE:
    case Op.OOR:
    case Op.ORSH:
    case Op.OSUB:
    case Op.OXOR:
    case Op.OANDAND:
    case Op.OOROR:
    case Op.OSEND:
      return `${exprString(n.x, nprec, local)} ${opGoNames[n.op]} ${exprString(n.y, nprec + 1, local)}`;
    case Op.OADDSTR: {
      let text = "";
      for (let i = 0; i < n.list.length; i++) text += (i > 0 ? " + " : "") + exprString(n.list[i], nprec, local);
      return text;
    }
    default:
      return `<node ${opGoNames[n.op]}>`;
  }
}

/** Operations that print as their operand when the compiler put them in. */
function isTransparent(op: Op): boolean {
  switch (op) {
    case Op.OADDR:
    case Op.ODEREF:
    case Op.OCONV:
    case Op.OCONVNOP:
    case Op.OCONVIFACE:
      return true;
    default:
      return false;
  }
}

function dots(n: Node): string {
  return (n.flags & NodeFlag.DDD) !== 0 ? "..." : "";
}

function isNamed(t: Type | null): boolean {
  return t !== null && (t.sym !== null || t.kind === TKind.UNSAFEPTR);
}

function literalString(n: Node, local: Pkg | null): string {
  const t = n.type;
  const val = n.val!;
  if (t !== null && isRuneType(t)) {
    const x = kindOf(val) === ValueKind.Int ? uint64Val(val) : null;
    if (x !== null && x <= 0x10ffffn) return runeString(Number(x));
  }
  const text = valueString(typedValue(n));
  return t === null || isDefaultType(t, constType(n)) || isUntyped(t) ? text : `${typeString(t, local)}(${text})`;
}

function runeString(rune: number): string {
  return quoteRune(rune >= 0xd800 && rune <= 0xdfff ? 0xfffd : rune);
}

/** The predeclared `rune`, under that name, or the type of an untyped rune constant. */
function isRuneType(t: Type): boolean {
  if (t.sym === null || t.sym.pkg !== null) return false;
  return (t.kind === TKind.INT32 && t.sym.name === "rune") || isUntypedNamed(t, "rune");
}

/** The predeclared type that constants of the kind have by default. */
function isDefaultType(t: Type, kind: ValueKind): boolean {
  if (t.sym !== null && t.sym.pkg !== null) return false;
  switch (kind) {
    case ValueKind.Bool:
      return t.kind === TKind.BOOL;
    case ValueKind.String:
      return t.kind === TKind.STRING;
    case ValueKind.Int:
      return t.kind === TKind.INT;
    case ValueKind.Float:
      return t.kind === TKind.FLOAT64;
    case ValueKind.Complex:
      return t.kind === TKind.COMPLEX128;
    default:
      return false;
  }
}
