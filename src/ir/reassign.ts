/** Answers in one walk of a function which of its variables are assigned once
 *  (cmd/compile/internal/ir/reassignment.go). Stale once the function changes. */

import { definingValue, outerValue, singleResult } from "./expr.ts";
import { numRecvParams } from "./func.ts";
import { canonical, isBlank } from "./name.ts";
import { Class, type Func, type Name, type Node, noNodes } from "./node.ts";
import { Op } from "./op.ts";
import { TKind } from "./types.ts";
import { visitFuncAndClosures } from "./visit.ts";

export class ReassignOracle {
  /** Variables assigned once, by their definition; a parameter's is null. */
  private readonly singleDef = new Map<Name, Node | null>();
  /** What is assigned to variables of function type, but for nil; those with other assignments are missing. */
  private readonly funcAssigns = new Map<Name, Node[]>();

  constructor(fn: Func) {
    const params = numRecvParams(fn.type);
    for (let i = 0; i < params; i++) if (!isBlank(fn.dcl[i])) this.singleDef.set(fn.dcl[i], null);
    visitFuncAndClosures(fn, (n) => {
      if (n.op !== Op.ONAME) return;
      const name = n as Name;
      if (name.class !== Class.PAUTO || name.addrtaken) return;
      const { defn } = name;
      if (defn !== null) this.singleDef.set(name, defn);
      if (name.type!.kind === TKind.FUNC && (defn === null || defn.op === Op.OAS)) this.funcAssigns.set(name, []);
    });
    visitFuncAndClosures(fn, (n) => this.prune(n));
  }

  /** Removes the variables that statement `n` assigns without being their definition. */
  private prune(n: Node): void {
    switch (n.op) {
      case Op.OAS:
        this.assigned(n.x, n);
        break;
      case Op.OASOP:
        this.assigned(n.x, n);
        break;
      case Op.OAS2:
      case Op.OAS2FUNC:
      case Op.OAS2MAPR:
      case Op.OAS2DOTTYPE:
      case Op.OAS2RECV:
      case Op.OSELRECV2:
        for (let i = 0; i < n.list.length; i++) this.assigned(n.list[i], n);
        break;
      case Op.ORANGE:
        this.assigned(n.y, n);
        this.assigned(n.z, n);
        break;
    }
  }

  private assigned(target: Node | null, stmt: Node): void {
    if (target === null) return;
    const outer = outerValue(target);
    if (outer.op !== Op.ONAME) return;
    const name = canonical(outer as Name);
    const values = this.funcAssigns.get(name);
    if (values !== undefined) {
      if (stmt.op !== Op.OAS) this.funcAssigns.delete(name);
      else if (!isNilOrZero(stmt.y)) values.push(stmt.y!);
    }
    const defn = this.singleDef.get(name);
    if (defn === undefined) return;
    if (name.class === Class.PPARAM || (name.class === Class.PAUTO && stmt !== defn)) this.singleDef.delete(name);
  }

  /** As staticValue of expr.ts, but parentheses are not looked through. */
  staticValue(n: Node): Node {
    for (;;) {
      if (n.op === Op.OCONVNOP) {
        n = n.x!;
      } else if (n.op === Op.OINLCALL) {
        n = singleResult(n);
      } else {
        const rhs = definingValue(n);
        if (rhs === null || !this.singleDef.has(canonical(n as Name))) return n;
        n = rhs;
      }
    }
  }

  /** All that is assigned to local variable `n` of function type; empty if that is not known. */
  funcAssignments(n: Name): readonly Node[] {
    return this.funcAssigns.get(canonical(n)) ?? noNodes;
  }

  reassigned(n: Name): boolean {
    return !this.singleDef.has(n);
  }
}

function isNilOrZero(value: Node | null): boolean {
  let n = value;
  while (n !== null && n.op === Op.OCONVNOP) n = n.x;
  return n === null || n.op === Op.ONIL;
}
