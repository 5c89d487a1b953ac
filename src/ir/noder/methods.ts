/** Method sets: what embedding promotes, and the way to a promoted field or method.
 *
 *  Mirrors typecheck/subr.go (CalcMethods, dotpath, adddot1, expand1) and typecheck.go (Lookdot1, NewMethodExpr). */
import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import { newMethodType } from "../newtype.ts";
import { Node } from "../node.ts";
import { Op } from "../op.ts";
import { compareSyms, isInterfaceMethod, receiverBaseType } from "../typeops.ts";
import { Field, type Sym, TKind, type Type } from "../types.ts";

export function compareFields(a: Field, b: Field): number {
  return compareSyms(a.sym, b.sym);
}

/** Fields of structs and methods of interfaces. */
function isMethod(f: Field): boolean {
  return f.type.kind === TKind.FUNC && f.type.recv !== null;
}

/** All methods of non-interface type `t`, promoted ones included, sorted. */
export function calcMethods(t: Type): readonly Field[] {
  if (t.allMethods !== null) return t.allMethods;
  const seen = new Set<Sym>();
  for (const m of t.methods) seen.add(m.sym!);
  const reachable: Sym[] = [];
  expand(t, true, seen, new Set(), reachable);
  const all: Field[] = [];
  for (const sym of reachable) {
    const found = dotpath(sym, t);
    if (found.path === null || !isMethod(found.field!)) continue;
    const m = found.field!;
    const copy = new Field(m.pos, m.sym, m.type);
    copy.nname = m.nname;
    copy.promoted = found.path.some((f) => f.type.kind === TKind.PTR) ? 2 : 1;
    all.push(copy);
  }
  for (const m of t.methods) all.push(m);
  all.sort(compareFields);
  t.allMethods = all;
  return all;
}

/** Symbols of the methods of `t` and of what it embeds, each once. */
function expand(t: Type, top: boolean, seen: Set<Sym>, active: Set<Type>, out: Sym[]): void {
  if (active.has(t)) return;
  active.add(t);
  const u = t.kind === TKind.PTR ? t.elem! : t;
  if (!top) {
    const methods = u.kind === TKind.INTER ? u.fields : (receiverBaseType(t)?.methods ?? []);
    for (const m of methods) {
      if (seen.has(m.sym!)) continue;
      seen.add(m.sym!);
      out.push(m.sym!);
    }
  }
  if (u.kind === TKind.STRUCT) {
    for (const f of u.fields) if (f.embedded && f.sym !== null) expand(f.type, false, seen, active, out);
  }
  active.delete(t);
}

export interface DotPath {
  /** Embedded fields from the outside in; null if there is no such field or method, or no unique one. */
  readonly path: readonly Field[] | null;
  /** What the path leads to. */
  readonly field: Field | null;
}

/** The shortest way from a value of type `t` to the field or method `sym`. */
export function dotpath(sym: Sym, t: Type): DotPath {
  const search = new DotSearch(sym);
  for (let depth = 0; ; depth++) {
    search.more = false;
    search.path.length = depth;
    const count = search.find(t, depth);
    if (count === 1) return { path: search.path, field: search.field };
    if (count > 1 || !search.more) return noPath;
  }
}

const noPath: DotPath = { path: null, field: null };

class DotSearch {
  readonly path: Field[] = [];
  field: Field | null = null;
  /** There are embedded fields at the depth searched: it may pay to go deeper. */
  more = false;
  private readonly active = new Set<Type>();
  private depth = 0;
  constructor(private readonly sym: Sym) {}

  find(t: Type, depth: number): number {
    this.depth = depth;
    return this.count(t, depth);
  }

  /** How many fields or methods there are `d` levels below `t`. */
  private count(t: Type, d: number): number {
    if (this.active.has(t)) return 0;
    this.active.add(t);
    let count = 0;
    const here = d === 0;
    if (here) count = this.lookHere(t);
    if (count === 0) {
      const u = t.kind === TKind.PTR ? t.elem! : t;
      if (u.kind === TKind.STRUCT) {
        for (const f of u.fields) {
          if (!f.embedded || f.sym === null) continue;
          if (here) {
            this.more = true;
            break;
          }
          const found = this.count(f.type, d - 1);
          if (found !== 0 && count === 0) this.path[this.depth - d] = f;
          count += found;
        }
      }
    }
    this.active.delete(t);
    return count;
  }

  private lookHere(t: Type): number {
    const sym = this.sym;
    let count = 0;
    const u = t.kind === TKind.PTR ? t.elem! : t;
    if (u.kind === TKind.STRUCT || u.kind === TKind.INTER) {
      for (const f of u.fields) {
        if (f.sym === sym) {
          this.field = f;
          count++;
        }
      }
    }
    // A defined pointer type has the methods of what it points to.
    const defined = t.sym !== null && t.kind === TKind.PTR && t.elem!.kind !== TKind.PTR ? t.elem! : t;
    const base = receiverBaseType(defined);
    if (base !== null) {
      for (const m of base.methods) {
        if (m.sym === sym) {
          this.field = m;
          count++;
        }
      }
    }
    return count;
  }
}

/** The method `sym` in the list `methods`. */
export function lookdot1(sym: Sym, methods: readonly Field[]): Field | null {
  for (const m of methods) if (m.sym === sym) return m;
  return null;
}

/** Whether method `m` can be called on values of type `t`, which need not be addressable. */
export function isMethodApplicable(t: Type, m: Field): boolean {
  return t.kind === TKind.PTR || m.type.recv!.type.kind !== TKind.PTR || isInterfaceMethod(m.type) || m.promoted === 2;
}

/** The method `sym` in the method set of `recv`. */
export function methodOf(recv: Type, sym: Sym): Field {
  let methods: readonly Field[];
  if (recv.kind === TKind.INTER) methods = recv.fields;
  else {
    const base = receiverBaseType(recv);
    if (base === null) throw new InternalError(`receiver without base type for ${sym.name}`);
    methods = calcMethods(base);
  }
  const m = lookdot1(sym, methods);
  if (m === null || !isMethodApplicable(recv, m)) throw new InternalError(`type has no method ${sym.name}`);
  return m;
}

/** The method expression `recv.sym`: an OMETHEXPR. */
export function newMethodExpr(pos: Pos, recv: Type, sym: Sym): Node {
  const m = methodOf(recv, sym);
  const n = new Node(Op.OMETHEXPR, pos, newMethodType(m.type, recv, pos));
  n.x = new Node(Op.OTYPE, pos, recv);
  n.sel = m;
  return n;
}
