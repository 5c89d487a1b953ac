/** Traversal of the tree (cmd/compile/internal/ir/visit.go and the child orders of node_gen.go).
 *
 *  Children come in the compiler's field order: init list, operands, body, lists, cases. Bodies of function literals
 *  are not children of the literal. Clauses are no nodes: their parts count as children of the switch or select. */
import { CaseClause, type Func, type Name, type Node, noNodes } from "./node.ts";
import { Op } from "./op.ts";

/** Calls `visit` on `n` and all below it, parents first. */
export function visit(n: Node | null, fn: (n: Node) => void): void {
  if (n === null) return;
  fn(n);
  if (n.op === Op.ONAME) return;
  if (n.init.length > 0) visitList(n.init, fn);
  if (n.op === Op.OTYPESW) {
    visit(n.y, fn);
    visit(n.x, fn);
    return;
  }
  if (n.x !== null) visit(n.x, fn);
  if (n.y !== null) visit(n.y, fn);
  if (n.z !== null) visit(n.z, fn);
  if (n.w !== null) visit(n.w, fn);
  if (n.body.length > 0) visitList(n.body, fn);
  if (n.list.length > 0) visitList(n.list, fn);
  if (n.list2.length > 0) visitList(n.list2, fn);
  if (n.cases.length > 0) visitCases(n, fn);
}

function visitCases(n: Node, fn: (n: Node) => void): void {
  for (const clause of n.cases) {
    if (clause instanceof CaseClause) {
      if (clause.var !== null) fn(clause.var);
      visitList(clause.list, fn);
    } else {
      visit(clause.comm, fn);
    }
    visitList(clause.body, fn);
  }
}

export function visitList(list: readonly Node[], fn: (n: Node) => void): void {
  for (let i = 0; i < list.length; i++) visit(list[i], fn);
}

/** Visits the function's body and those of the literals in it, each where it stands. */
export function visitFuncAndClosures(f: Func, fn: (n: Node) => void): void {
  visitList(f.body, (n) => {
    fn(n);
    if (n.op === Op.OCLOSURE) visitFuncAndClosures(n.func!, fn);
  });
}

/** Whether `cond` holds for `n` or anything below it; stops at the first. */
export function any(n: Node | null, cond: (n: Node) => boolean): boolean {
  if (n === null) return false;
  return cond(n) || anyChild(n, cond, any);
}

export function anyList(list: readonly Node[], cond: (n: Node) => boolean): boolean {
  for (let i = 0; i < list.length; i++) if (any(list[i], cond)) return true;
  return false;
}

/** Calls `fn` on each child of `n`, and stops with true when it returns true. */
export function doChildren(n: Node | null, fn: (n: Node) => boolean): boolean {
  return n !== null && anyChild(n, fn, apply);
}

function apply(n: Node | null, fn: (n: Node) => boolean): boolean {
  return n !== null && fn(n);
}

type Descend = (n: Node | null, fn: (n: Node) => boolean) => boolean;

function anyChild(n: Node, fn: (n: Node) => boolean, descend: Descend): boolean {
  if (n.op === Op.ONAME) return false;
  if (n.init.length > 0 && anyOf(n.init, fn, descend)) return true;
  if (n.op === Op.OTYPESW) return descend(n.y, fn) || descend(n.x, fn);
  if (n.x !== null && descend(n.x, fn)) return true;
  if (n.y !== null && descend(n.y, fn)) return true;
  if (n.z !== null && descend(n.z, fn)) return true;
  if (n.w !== null && descend(n.w, fn)) return true;
  if (n.body.length > 0 && anyOf(n.body, fn, descend)) return true;
  if (n.list.length > 0 && anyOf(n.list, fn, descend)) return true;
  if (n.list2.length > 0 && anyOf(n.list2, fn, descend)) return true;
  return n.cases.length > 0 && anyOfCases(n, fn, descend);
}

function anyOfCases(n: Node, fn: (n: Node) => boolean, descend: Descend): boolean {
  for (const clause of n.cases) {
    if (clause instanceof CaseClause) {
      if (descend(clause.var, fn) || anyOf(clause.list, fn, descend)) return true;
    } else if (descend(clause.comm, fn)) {
      return true;
    }
    if (anyOf(clause.body, fn, descend)) return true;
  }
  return false;
}

function anyOf(list: readonly Node[], fn: (n: Node) => boolean, descend: Descend): boolean {
  for (let i = 0; i < list.length; i++) if (descend(list[i], fn)) return true;
  return false;
}

/** Replaces every child of `n` with what `edit` returns for it. Lists are replaced, not changed in place. */
export function editChildren(n: Node | null, edit: (n: Node) => Node): void {
  if (n === null || n.op === Op.ONAME) return;
  n.init = editList(n.init, edit);
  if (n.op === Op.OTYPESW && n.y !== null) n.y = edit(n.y);
  if (n.x !== null) n.x = edit(n.x);
  if (n.op !== Op.OTYPESW && n.y !== null) n.y = edit(n.y);
  if (n.z !== null) n.z = edit(n.z);
  if (n.w !== null) n.w = edit(n.w);
  n.body = editList(n.body, edit);
  n.list = editList(n.list, edit);
  n.list2 = editList(n.list2, edit);
  for (const clause of n.cases) {
    if (clause instanceof CaseClause) {
      if (clause.var !== null) clause.var = edit(clause.var) as Name;
      clause.list = editList(clause.list, edit);
    } else if (clause.comm !== null) {
      clause.comm = edit(clause.comm);
    }
    clause.body = editList(clause.body, edit);
  }
}

/** A list with every node edited; the very same list if nothing changed. */
export function editList(list: readonly Node[], edit: (n: Node) => Node): readonly Node[] {
  if (list.length === 0) return noNodes;
  let edited: Node[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const n = edit(list[i]);
    if (edited === null && n !== list[i]) edited = list.slice(0, i);
    edited?.push(n);
  }
  return edited ?? list;
}
