/** Variables: making them and telling them apart (cmd/compile/internal/ir/name.go, typecheck/dcl.go). */
import { InternalError } from "../base/diag.ts";
import type { Pos } from "../base/pos.ts";
import { Class, type Func, FuncFlag, Name, type Node } from "./node.ts";
import { Op } from "./op.ts";
import { type Pkg, Sym, type Type } from "./types.ts";

/** A new local variable of `fn`. */
export function newLocal(fn: Func, pos: Pos, sym: Sym, type: Type): Name {
  const n = new Name(pos, sym, type);
  n.class = Class.PAUTO;
  n.curfn = fn;
  fn.dcl.push(n);
  return n;
}

/** A new temporary of `curfn`; its number is the count of declarations so far. Never moved to the heap by itself. */
export function tempAt(pos: Pos, curfn: Func, type: Type, localPkg: Pkg): Name {
  const n = newLocal(curfn, pos, new Sym(localPkg, `.autotmp_${curfn.dcl.length}`), type);
  n.esc = EscNever;
  n.used = true;
  n.autoTemp = true;
  return n;
}

/** Escape verdicts (Node.esc). */
export const EscUnknown = 0;
export const EscNone = 1;
export const EscHeap = 2;
export const EscNever = 3;

/** The declaration that `n` stands for: for a captured variable that of the function which declares it. */
export function canonical(n: Name): Name {
  return n.isClosureVar && n.defn !== null ? (n.defn as Name) : n;
}

/** Whether the captured variable is captured by value. */
export function byval(n: Name): boolean {
  return canonical(n).byval;
}

/** The copy of outer variable `n` that function literal `fn` uses. */
export function newClosureVar(pos: Pos, fn: Func, n: Name): Name {
  if (n.class === Class.PEXTERN || n.class === Class.PFUNC || n.class === Class.None) {
    throw new InternalError(`${n.sym.name} cannot be captured`);
  }
  const c = new Name(pos, n.sym, n.type);
  c.curfn = fn;
  c.class = Class.PAUTOHEAP;
  c.isClosureVar = true;
  c.defn = canonical(n);
  c.outer = n;
  fn.closureVars.push(c);
  return c;
}

/** A parameter that wrappers get in the context register: it looks captured from nowhere. */
export function newHiddenParam(pos: Pos, fn: Func, sym: Sym, type: Type): Name {
  if (fn.oclosure !== null) throw new InternalError("closures take no hidden parameters");
  fn.flags |= FuncFlag.NeedCtxt;
  const fake = new Name(pos, sym, type);
  fake.class = Class.PPARAM;
  fake.byval = true;
  return newClosureVar(pos, fn, fake);
}

export function isBlank(n: Node | null): boolean {
  return n !== null && n.op === Op.ONAME && (n as Name).sym.name === "_";
}
