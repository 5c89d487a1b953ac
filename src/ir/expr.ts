/** Questions about expressions (cmd/compile/internal/ir/expr.go, parts of node.go and copy.go). */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { sameConst } from "./const.ts";
import { canonical } from "./name.ts";
import { CaseClause, Class, CommClause, type Name, Node, NodeFlag, noNodes } from "./node.ts";
import { Op } from "./op.ts";
import { pathToPrefix, typeStringReceiver } from "./typefmt.ts";
import { identical, isExported, isSimple, sameSelector } from "./typeops.ts";
import { type Pkg, type Sym, TKind, type Type } from "./types.ts";
import { anyList, editChildren } from "./visit.ts";

export function isImplicit(n: Node): boolean {
  return (n.flags & NodeFlag.Implicit) !== 0;
}

/** What an assignment to `n` changes: the struct or array variable around it. */
export function outerValue(n: Node): Node {
  for (;;) {
    switch (n.op) {
      case Op.ODOT:
      case Op.OPAREN:
      case Op.OCONVNOP:
        n = n.x!;
        continue;
      case Op.OINDEX:
        if (n.x!.type!.kind === TKind.ARRAY) {
          n = n.x!;
          continue;
        }
        return n;
      default:
        return n;
    }
  }
}

/** The expression, perhaps of an enclosing function, that `n` always has the value of: follows variables that are
 *  assigned once. Its type may differ, as conversions without effect are looked through. */
export function staticValue(n: Node): Node {
  for (;;) {
    if (n.op === Op.OCONVNOP || n.op === Op.OPAREN) {
      n = n.x!;
      continue;
    }
    if (n.op === Op.OINLCALL) {
      n = singleResult(n);
      continue;
    }
    const value = staticValue1(n);
    if (value === null) return n;
    n = value;
  }
}

function staticValue1(n: Node): Node | null {
  const rhs = definingValue(n);
  return rhs === null || reassigned(canonical(n as Name)) ? null : rhs;
}

/** What the definition of local variable `n` assigns to it; null if it is no such variable or has no such value. */
export function definingValue(n: Node): Node | null {
  if (n.op !== Op.ONAME) return null;
  const name = canonical(n as Name);
  if (name.class !== Class.PAUTO) return null;
  const defn = name.defn;
  if (defn === null) return null;
  switch (defn.op) {
    case Op.OAS:
      return defn.y;
    case Op.OAS2: {
      const i = defn.list.indexOf(name);
      if (i < 0) throw new InternalError(`${name.sym.name} is missing from its definition`);
      return defn.list2[i];
    }
    default:
      return null;
  }
}

/** Whether variable `name` is assigned other than by its declaration. Walks the whole function: use a ReassignOracle
 *  for many questions. Globals count as reassigned. */
export function reassigned(name: Name): boolean {
  if (name.curfn === null || name.addrtaken) return true;
  const isName = (x: Node | null): boolean => {
    if (x === null) return false;
    const outer = outerValue(x);
    return outer.op === Op.ONAME && canonical(outer as Name) === name;
  };
  const assigns = (n: Node): boolean => {
    switch (n.op) {
      case Op.OAS:
        return n !== name.defn && isName(n.x);
      case Op.OAS2:
      case Op.OAS2FUNC:
      case Op.OAS2MAPR:
      case Op.OAS2DOTTYPE:
      case Op.OAS2RECV:
      case Op.OSELRECV2:
        return n !== name.defn && n.list.some(isName);
      case Op.OASOP:
        return isName(n.x);
      case Op.ORANGE:
        return isName(n.y) || isName(n.z);
      case Op.OCLOSURE:
        return anyList(n.func!.body, assigns);
      default:
        return false;
    }
  };
  return anyList(name.curfn.body, assigns);
}

/** The result variable of an inlined call with one result. */
export function singleResult(n: Node): Node {
  if (n.list.length !== 1) throw new InternalError("inlined call does not have one result");
  const result = n.list[0];
  if (!n.type!.hasShape && result.type!.hasShape) {
    const conv = new Node(Op.OCONVNOP, n.pos, n.type);
    conv.x = result;
    return conv;
  }
  return result;
}

/** The function that calling `n` calls, if that is known at once. */
export function staticCalleeName(n: Node): Name | null {
  switch (n.op) {
    case Op.OMETHEXPR:
      return methodExprName(n);
    case Op.ONAME:
      return (n as Name).class === Class.PFUNC ? (n as Name) : null;
    case Op.OCLOSURE:
      return n.func!.nname;
    default:
      return null;
  }
}

/** The method that a method call, value or expression refers to; null for methods of interfaces. */
export function methodExprName(n: Node): Name | null {
  return (n.sel?.nname ?? null) as Name | null;
}

export function isAddressable(n: Node): boolean {
  switch (n.op) {
    case Op.OINDEX: {
      const kind = n.x!.type?.kind;
      if (kind === TKind.ARRAY) return isAddressable(n.x!);
      return kind !== TKind.STRING;
    }
    case Op.ODEREF:
    case Op.ODOTPTR:
      return true;
    case Op.ODOT:
      return isAddressable(n.x!);
    case Op.ONAME:
      return (n as Name).class !== Class.PFUNC;
    default:
      return false;
  }
}

/** Both are the same expression, free of side effects, so that one can stand for the other in a statement. */
export function sameSafeExpr(l: Node, r: Node): boolean {
  while (l.op === Op.OCONVNOP) l = l.x!;
  while (r.op === Op.OCONVNOP) r = r.x!;
  if (l.op !== r.op || !identical(l.type, r.type)) return false;
  switch (l.op) {
    case Op.ONAME:
      return l === r;
    case Op.ODOT:
    case Op.ODOTPTR:
      return l.sel !== null && r.sel !== null && sameSelector(l.sel.sym, r.sel.sym) && sameSafeExpr(l.x!, r.x!);
    case Op.ODEREF:
    case Op.ONOT:
    case Op.OBITNOT:
    case Op.OPLUS:
    case Op.ONEG:
      return sameSafeExpr(l.x!, r.x!);
    case Op.OCONV:
      return isSimple(l.type!) && sameSafeExpr(l.x!, r.x!);
    case Op.OINDEX:
    case Op.OINDEXMAP:
    case Op.OADD:
    case Op.OSUB:
    case Op.OOR:
    case Op.OXOR:
    case Op.OMUL:
    case Op.OLSH:
    case Op.ORSH:
    case Op.OAND:
    case Op.OANDNOT:
    case Op.ODIV:
    case Op.OMOD:
      return sameSafeExpr(l.x!, r.x!) && sameSafeExpr(l.y!, r.y!);
    case Op.OLITERAL:
      return sameConst(l.val!, r.val!);
    case Op.ONIL:
      return true;
    default:
      return false;
  }
}

/** `p.Data` of a reflect.SliceHeader or StringHeader. */
export function isReflectHeaderDataField(l: Node): boolean {
  const t = l.type;
  if (t === null || t.kind !== TKind.UINTPTR || (t.sym !== null && t.sym.pkg !== null)) return false;
  let tsym: Sym | null;
  if (l.op === Op.ODOT) tsym = l.x!.type!.sym;
  else if (l.op === Op.ODOTPTR) tsym = l.x!.type!.elem?.sym ?? null;
  else return false;
  if (tsym === null || l.sel?.sym?.name !== "Data" || tsym.pkg?.path !== "reflect") return false;
  return tsym.name === "SliceHeader" || tsym.name === "StringHeader";
}

/** Symbol of method `msym` in the method set of `recv`: `T.M` or `(*T).M`; `suffix` tells wrappers apart. `goPkg` is
 *  the home of methods of unnamed types. */
export function methodSymSuffix(recv: Type, msym: Sym, suffix: string, goPkg: Pkg): Sym {
  const isPtr = recv.kind === TKind.PTR;
  const rsym = isPtr ? recv.elem!.sym : recv.sym;
  const rpkg = rsym === null ? goPkg : rsym.pkg;
  const text = typeStringReceiver(recv);
  let name = isPtr ? `(${text})` : text;
  // Unexported methods of several packages may share a name.
  if (!isExported(msym.name) && msym.pkg !== rpkg && msym.pkg !== null) name += `.${pathToPrefix(msym.pkg.path)}`;
  return (rpkg ?? goPkg).lookup(`${name}.${msym.name}${suffix}`);
}

export function methodSym(recv: Type, msym: Sym, goPkg: Pkg): Sym {
  return methodSymSuffix(recv, msym, "", goPkg);
}

/** A call of a function with statement-level effects that init statements can be put before. */
export function mayBeShared(n: Node): boolean {
  return n.op === Op.ONAME || n.op === Op.OLITERAL || n.op === Op.ONIL || n.op === Op.OTYPE;
}

/** `expr` with `init` evaluated before it. The result replaces `expr`; a node that may be shared is wrapped in a
 *  conversion at `pos` to its own type. */
export function initExpr(init: readonly Node[], expr: Node, pos: Pos): Node {
  if (init.length === 0) return expr;
  let n = expr;
  if (mayBeShared(expr)) {
    n = new Node(Op.OCONVNOP, pos, expr.type);
    n.x = expr;
  }
  n.init = n.init.length === 0 ? init : [...init, ...n.init];
  return n;
}

/** Takes the init list off a node. */
export function takeInit(n: Node): readonly Node[] {
  const init = n.init;
  n.init = noNodes;
  return init;
}

/** A shallow copy; clauses are copied too, as their lists would be edited in place. */
export function copy(n: Node): Node {
  const c = new Node(n.op, n.pos, n.type);
  c.flags = n.flags;
  c.esc = n.esc;
  c.x = n.x;
  c.y = n.y;
  c.z = n.z;
  c.w = n.w;
  c.init = n.init;
  c.list = n.list;
  c.list2 = n.list2;
  c.body = n.body;
  c.sel = n.sel;
  c.val = n.val;
  c.func = n.func;
  c.label = n.label;
  c.len = n.len;
  c.asOp = n.asOp;
  c.rtti = n.rtti;
  if (n.cases.length > 0) c.cases = n.cases.map(copyClause);
  return c;
}

function copyClause(clause: CaseClause | CommClause): CaseClause | CommClause {
  if (clause instanceof CommClause) return new CommClause(clause.pos, clause.comm, clause.body);
  const c = new CaseClause(clause.pos, clause.list, clause.body);
  c.var = clause.var;
  c.isDefault = clause.isDefault;
  return c;
}

/** A copy of the whole tree below `n`, names, literals and types shared; at `pos` if that is known. */
export function deepCopy(pos: Pos, n: Node): Node {
  const edit = (x: Node): Node => {
    if (mayBeShared(x)) return x;
    const c = copy(x);
    if (pos !== 0) c.pos = pos;
    editChildren(c, edit);
    return c;
  };
  return edit(n);
}
