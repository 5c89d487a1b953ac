/** Groups of mutually recursive functions, callees first (cmd/compile/internal/ir/scc.go).
 *
 *  Tarjan's algorithm with two adaptations: a literal that captures variables never roots a component, so it stays
 *  with the function around it; and each function has two numbers, so that a function that reaches itself can be told
 *  from one that does not. */

import { methodExprName } from "./expr.ts";
import { isClosure } from "./func.ts";
import { Class, type Func, type Name, type Node } from "./node.ts";
import { Op } from "./op.ts";
import { visitList } from "./visit.ts";

/** Calls `analyze` on groups of the functions of `list`. A group only refers to itself and to groups before it;
 *  `recursive` says that its members reach each other or themselves. */
export function visitFuncsBottomUp(list: readonly Func[], analyze: (group: Func[], recursive: boolean) => void): void {
  new BottomUpVisitor(list, analyze).run();
}

/** Number of a function whose group has been delivered: never the least. */
const done = 0xffffffff;

class BottomUpVisitor {
  private visitgen = 0;
  private readonly nodeID = new Map<Func, number>();
  private readonly stack: Func[] = [];
  /** Mentions of other functions are no edges: they are compiled elsewhere. */
  private readonly compiled: Set<Func>;

  constructor(
    private readonly list: readonly Func[],
    private readonly analyze: (group: Func[], recursive: boolean) => void,
  ) {
    this.compiled = new Set(list);
  }

  run(): void {
    for (const fn of this.list) if (!isClosure(fn)) this.visit(fn);
  }

  private visit(fn: Func): number {
    const seen = this.nodeID.get(fn);
    if (seen !== undefined) return seen;
    const id = ++this.visitgen;
    this.nodeID.set(fn, id);
    let least = ++this.visitgen;
    this.stack.push(fn);

    const edge = (callee: Func): void => {
      const m = this.visit(callee);
      if (m < least) least = m;
    };
    visitList(fn.body, (n: Node) => {
      switch (n.op) {
        case Op.ONAME: {
          const name = n as Name;
          if (name.class === Class.PFUNC && name.func !== null && this.compiled.has(name.func)) edge(name.func);
          break;
        }
        case Op.ODOTMETH:
        case Op.OMETHVALUE:
        case Op.OMETHEXPR: {
          const method = methodExprName(n)?.func ?? null;
          if (method !== null && this.compiled.has(method)) edge(method);
          break;
        }
        case Op.OCLOSURE:
          edge(n.func!);
          break;
      }
    });

    if ((least === id || least === id + 1) && !isClosure(fn)) {
      const start = this.stack.lastIndexOf(fn);
      const group = this.stack.splice(start);
      for (const member of group) this.nodeID.set(member, done);
      this.analyze(group, least === id);
    }
    return least;
  }
}
