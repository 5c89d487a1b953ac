/** Keeps results alive in the loops of benchmarks, `for b.Loop() { … }`, so that nothing in them is optimised away
 *  (cmd/compile/internal/bloop). What a statement in such a loop assigns or returns is passed to runtime.KeepAlive
 *  after it; values that have no name get a temporary. */
import { NoPos, type Pos } from "../base/pos.ts";
import { isAddressable, methodExprName } from "./expr.ts";
import { newFunc } from "./func.ts";
import { newAddrExpr, newAssignListStmt, newAssignStmt, newBlockStmt, newCallExpr, newConv, newDecl } from "./make.ts";
import { isBlank, tempAt } from "./name.ts";
import { newSignature } from "./newtype.ts";
import { CaseClause, Class, type Func, type Name, type Node, NodeFlag } from "./node.ts";
import type { Noder } from "./noder/noder.ts";
import { Op } from "./op.ts";
import { linkSymString } from "./typefmt.ts";
import { Field, type Pkg, TKind, type Type } from "./types.ts";
import type { Universe } from "./universe.ts";
import { editChildren, editList } from "./visit.ts";

/** Rewrites the functions of the package if it imports testing itself. Remarks are made from -m=2 on. */
export function bloopWalk(n: Noder, level: number, report: (pos: Pos, msg: string) => void): void {
  if (!n.input.pkg.imports.some((pkg) => pkg.path === "testing")) return;
  const keepAlive = n.runtimeFunc("KeepAlive", (sym) => {
    const param = new Field(NoPos, null, n.universe.emptyInterface);
    return newFunc(NoPos, NoPos, sym, newSignature(null, [param], [])).nname;
  });
  const config: BloopConfig = { local: n.localPkg, universe: n.universe, keepAlive, level, report };
  for (const fn of n.target.funcs) {
    const editor = new Editor(fn, config);
    fn.body = editList(fn.body, (x) => editor.edit(x, false));
  }
}

interface BloopConfig {
  readonly local: Pkg;
  readonly universe: Universe;
  /** The function runtime.KeepAlive. */
  readonly keepAlive: Name;
  readonly level: number;
  readonly report: (pos: Pos, msg: string) => void;
}

class Editor {
  constructor(
    private readonly fn: Func,
    private readonly c: BloopConfig,
  ) {}

  edit(n: Node, inBloop: boolean): Node {
    const inside = inBloop || isTestingBLoop(n);
    // Clauses are nodes in the compiler: their bodies are dealt with before those of the statement around.
    if (n.cases.length > 0) this.editClauses(n, inside);
    else editChildren(n, (x) => this.edit(x, inside));
    if (!inside) return n;
    switch (n.op) {
      case Op.OFOR:
      case Op.ORANGE:
        n.body = this.preserveStmts(n.body);
        break;
      case Op.OIF:
        n.body = this.preserveStmts(n.body);
        n.list = this.preserveStmts(n.list);
        break;
      case Op.OBLOCK:
        n.list = this.preserveStmts(n.list);
        break;
    }
    return n;
  }

  private editClauses(n: Node, inside: boolean): void {
    const edit = (x: Node): Node => this.edit(x, inside);
    n.init = editList(n.init, edit);
    if (n.x !== null) n.x = edit(n.x);
    for (const clause of n.cases) {
      if (clause instanceof CaseClause) clause.list = editList(clause.list, edit);
      else if (clause.comm !== null) clause.comm = edit(clause.comm);
      clause.body = editList(clause.body, edit);
      if (!inside) continue;
      if (clause instanceof CaseClause) clause.list = this.preserveStmts(clause.list);
      clause.body = this.preserveStmts(clause.body);
    }
  }

  private preserveStmts(list: readonly Node[]): readonly Node[] {
    return list.map((stmt) => this.preserveStmt(stmt));
  }

  private preserveStmt(n: Node): Node {
    switch (n.op) {
      case Op.OAS:
        if (isBlank(n.x)) {
          n.x = this.declare(n, n.pos, n.y!.type!);
          n.flags |= NodeFlag.Def;
        }
        return keepAll(this, n, [n.x!]);
      case Op.OASOP:
        return keepAll(this, n, [n.x!]);
      case Op.OAS2:
      case Op.OAS2DOTTYPE:
      case Op.OAS2FUNC:
      case Op.OAS2MAPR:
      case Op.OAS2RECV:
      case Op.OSELRECV2:
        return this.assignList(n);
      case Op.OCALLFUNC:
      case Op.OCALLINTER:
        return n.x!.type!.results.length > 0 ? this.callResults(n) : this.callArgs(n);
      case Op.OAPPEND:
      case Op.ODELETE:
      case Op.OMAX:
      case Op.OMIN:
      case Op.OPRINT:
      case Op.OPRINTLN:
      case Op.ORECOVER:
        return this.callArgs(n);
      default:
        return n;
    }
  }

  private assignList(n: Node): Node {
    const kept: Node[] = [];
    const lhs = n.list.slice();
    let hasBlank = false;
    for (let i = 0; i < lhs.length; i++) {
      if (isBlank(lhs[i])) {
        const type = typeOfValue(n, i);
        if (type === null) {
          this.c.report(n.pos, "unrecognized shape for assign list stmt for blank assignment");
          continue;
        }
        lhs[i] = this.declare(n, n.pos, type);
        hasBlank = true;
      }
      this.keep(n, lhs[i], kept);
    }
    if (hasBlank) {
      n.list = lhs;
      n.flags |= NodeFlag.Def;
    }
    return this.keepAliveAt(kept, n);
  }

  private callResults(n: Node): Node {
    const results = n.x!.type!.results;
    const temps = results.map((result) => this.temp(n.pos, result.type));
    const op = temps.length === 1 ? Op.OAS2 : Op.OAS2FUNC;
    const assign = newAssignListStmt(n.pos, op, temps, [n], true);
    assign.init = temps.map((tmp) => newDecl(n.pos, tmp));
    this.remark(n.pos, `function result${results.length > 1 ? "s" : ""} will be kept alive`);
    return this.keepAliveAt(temps, assign);
  }

  private callArgs(n: Node): Node {
    const stmts: Node[] = [];
    const names: Node[] = [];
    n.list = n.list.map((arg) => {
      const name = addressableName(arg);
      if (name !== null) {
        this.debugName(name, n.pos);
        names.push(name);
        return arg;
      }
      if (arg.op !== Op.OSLICELIT) return this.argTemp(n, n.pos, arg, stmts, names);
      const named: Node[] = [];
      arg.list = arg.list.map((elem) => {
        const elemName = addressableName(elem);
        if (elemName === null) return this.argTemp(n, elem.pos, elem, stmts, names);
        this.debugName(elemName, n.pos);
        named.push(elemName);
        return elem;
      });
      names.push(...named);
      return arg;
    });
    return this.keepAliveAt(names, stmts.length > 0 ? newBlockStmt(n.pos, [...stmts, n]) : n);
  }

  /** A temporary that holds argument `arg` of call `n`. */
  private argTemp(n: Node, pos: Pos, arg: Node, stmts: Node[], names: Node[]): Node {
    const tmp = this.temp(pos, arg.type!);
    const assign = newAssignStmt(pos, tmp, arg, true);
    assign.init = [newDecl(pos, tmp)];
    stmts.push(assign);
    names.push(tmp);
    this.remark(n.pos, "function arg will be kept alive");
    return tmp;
  }

  private temp(pos: Pos, type: Type): Name {
    return tempAt(pos, this.fn, type, this.c.local);
  }

  /** A temporary that statement `n` declares and assigns. */
  private declare(n: Node, pos: Pos, type: Type): Name {
    const tmp = this.temp(pos, type);
    n.init = [...n.init, newDecl(pos, tmp)];
    return tmp;
  }

  /** Adds to `kept` what assigning to `lhs` in `n` keeps alive. */
  keep(n: Node, lhs: Node, kept: Node[]): void {
    const name = addressableName(lhs);
    if (name !== null) {
      this.debugName(name, n.pos);
      kept.push(name);
    } else if (lhs.op === Op.ODEREF) {
      kept.push(lhs);
      this.remark(n.pos, "dereference will be kept alive");
    } else {
      this.remark(n.pos, "expr is unknown to bloop pass");
    }
  }

  keepAliveAt(kept: readonly Node[], n: Node): Node {
    if (kept.length === 0) return n;
    const stmts: Node[] = [n];
    for (const x of kept) {
      // A dereference has no name, and is passed over.
      if (x.op !== Op.ONAME || isBlank(x)) continue;
      const arg = newConv(Op.OCONVNOP, n.pos, this.c.universe.types[TKind.UNSAFEPTR], newAddrExpr(n.pos, x));
      const call = newCallExpr(n.pos, Op.OCALLFUNC, this.c.keepAlive, [this.toAny(arg)]);
      call.flags |= NodeFlag.CompilerVarLive | NodeFlag.NoInline;
      stmts.push(call);
    }
    return newBlockStmt(n.pos, stmts);
  }

  /** KeepAlive takes an `interface {}`. */
  private toAny(arg: Node): Node {
    const conv = newConv(Op.OCONVIFACE, arg.pos, this.c.universe.emptyInterface, arg);
    conv.flags |= NodeFlag.Implicit;
    return conv;
  }

  private debugName(name: Name, pos: Pos): void {
    if (this.c.level > 1) this.c.report(pos, `${linkSymString(name.sym)} will be kept alive`);
  }

  private remark(pos: Pos, msg: string): void {
    if (this.c.level > 1) this.c.report(pos, msg);
  }
}

function keepAll(e: Editor, n: Node, lhs: readonly Node[]): Node {
  const kept: Node[] = [];
  for (const x of lhs) e.keep(n, x, kept);
  return e.keepAliveAt(kept, n);
}

/** The type of what an assignment with lists gives to its target `i`. */
function typeOfValue(n: Node, i: number): Type | null {
  const rhs = n.list2;
  if (rhs.length === 1 && rhs[0].type?.kind === TKind.TUPLE && rhs[0].type.fields.length === n.list.length) {
    return rhs[0].type.fields[i].type;
  }
  return rhs.length === n.list.length ? rhs[i].type : null;
}

/** The variable that `n` is a part of, if it can be addressed. */
function addressableName(n: Node): Name | null {
  let x: Node | null = n;
  while (x !== null) {
    switch (x.op) {
      case Op.ONAME:
        return isAddressable(x) ? (x as Name) : null;
      case Op.OSLICE:
      case Op.OSLICE3:
      case Op.ODOT:
      case Op.ODOTPTR:
      case Op.OCONV:
      case Op.OCONVIFACE:
      case Op.OCONVNOP:
      case Op.OADDR:
      case Op.OINDEX:
      case Op.OINDEXMAP:
        x = x.x;
        break;
      default:
        return null;
    }
  }
  return null;
}

/** A loop with condition `b.Loop()`, b a *testing.B. */
/** `for b.Loop() { … }` */
export function isTestingBLoop(n: Node): boolean {
  if (n.op !== Op.OFOR || n.x === null || n.x.op !== Op.OCALLFUNC || n.x.x!.op !== Op.OMETHEXPR) return false;
  const name = methodExprName(n.x.x!);
  if (name === null || name.class !== Class.PFUNC) return false;
  return name.sym.name === "(*B).Loop" && name.sym.pkg?.path === "testing";
}
