/** Gives loops their per-iteration variables (Go 1.22), where that can be told from one variable per loop: where the
 *  variable's address is taken or a function literal captures it (cmd/compile/internal/loopvar, ForCapture).
 *
 *  A range loop assigns to a temporary and starts its body with `v := temporary`. A three-clause loop becomes
 *
 *      for z' := 0, first := true; ; {
 *        z := z'
 *        if first { first = false } else { z++ }
 *        if !(z < n) { break }
 *        body, its continues replaced by goto next
 *      next:
 *        z' = z
 *      } */
import type { FileSet, Pos } from "../base/pos.ts";
import { outerValue } from "./expr.ts";
import {
  newAssignStmt,
  newBranchStmt,
  newDecl,
  newIfStmt,
  newLabelStmt,
  newLiteral,
  newUnary,
  prependInit,
} from "./make.ts";
import { canonical, tempAt } from "./name.ts";
import { Class, type Func, Name, type Node, NodeFlag, noNodes } from "./node.ts";
import { Op } from "./op.ts";
import { isAssignList } from "./optables.ts";
import { type Pkg, TKind } from "./types.ts";
import type { Universe } from "./universe.ts";
import { anyList, doChildren } from "./visit.ts";

/** A variable that is per iteration now, with its loop. */
export interface VarAndLoop {
  readonly name: Name;
  readonly loop: Node;
  /** The last place within the loop. */
  readonly last: Pos;
}

/** Rewrites the loops of `fn`, not those of literals in it. */
export function forCapture(fn: Func, u: Universe, localPkg: Pkg, fset: FileSet): VarAndLoop[] {
  const capture = new ForCapture(fn, u, localPkg, fset);
  capture.run();
  return capture.transformed;
}

class ForCapture {
  readonly transformed: VarAndLoop[] = [];
  private labels = 0;
  /** Assignments that declarations of per-iteration variables move to. */
  private readonly dclFixups = new Map<Name, Node>();
  /** Variables of loops: true if their address may be kept. */
  private readonly possiblyLeaked = new Map<Name, boolean>();
  private loopDepth = 0;
  /** What a return statement leaks, leaks from the loops inside of it only. */
  private returnInLoopDepth = 0;

  constructor(
    private readonly fn: Func,
    private readonly u: Universe,
    private readonly localPkg: Pkg,
    private readonly fset: FileSet,
  ) {}

  run(): void {
    if (anyList(this.fn.body, (n) => n.op === Op.OINLCALL)) for (const n of this.fn.body) this.scan(n);
    else this.scanLoops(this.fn.body);
    if (this.dclFixups.size > 0) {
      this.fn.body = this.moveDecls(this.fn.body);
      for (const n of this.fn.body) this.moveDeclsIn(n);
    }
  }

  /** Looks for the outermost loops of a function without inlined calls: outside of them there is nothing to see. */
  private scanLoops(list: readonly Node[]): void {
    for (let i = 0; i < list.length; i++) {
      const n = list[i];
      switch (n.op) {
        case Op.OFOR:
        case Op.ORANGE:
          this.scan(n);
          break;
        case Op.OBLOCK:
          this.scanLoops(n.list);
          break;
        case Op.OIF:
          this.scanLoops(n.body);
          this.scanLoops(n.list);
          break;
        case Op.OSWITCH:
        case Op.OSELECT:
          for (const clause of n.cases) this.scanLoops(clause.body);
          break;
      }
    }
  }

  private readonly scan = (n: Node): boolean => {
    switch (n.op) {
      case Op.OCLOSURE:
        if (this.returnInLoopDepth >= this.loopDepth) break;
        for (const cv of n.func!.closureVars) this.leak(canonical(cv));
        break;
      case Op.OADDR:
      case Op.OPTRLIT: {
        if (this.returnInLoopDepth >= this.loopDepth) break;
        const outer = outerValue(n.x!);
        if (outer.op !== Op.ONAME) break;
        const cls = (outer as Name).class;
        if (cls !== Class.PEXTERN && cls !== Class.PFUNC) this.leak(outer as Name);
        break;
      }
      case Op.ORETURN: {
        const saved = this.returnInLoopDepth;
        this.returnInLoopDepth = this.loopDepth;
        doChildren(n, this.scan);
        this.returnInLoopDepth = saved;
        return false;
      }
      case Op.ORANGE:
        if ((n.flags & NodeFlag.Def) !== 0 && (n.flags & NodeFlag.DistinctVars) !== 0) {
          this.rangeLoop(n);
          return false;
        }
        n.flags &= ~NodeFlag.DistinctVars;
        break;
      case Op.OFOR:
        if ((n.flags & NodeFlag.DistinctVars) !== 0) {
          this.forLoop(n);
          return false;
        }
        break;
    }
    doChildren(n, this.scan);
    return false;
  };

  private leak(n: Name): void {
    if (this.possiblyLeaked.has(n)) this.possiblyLeaked.set(n, true);
  }

  private noteMayLeak(n: Node | null): void {
    if (n instanceof Name && n.type!.kind !== TKind.BLANK) this.possiblyLeaked.set(n, false);
  }

  private isLeaked(n: Node | null): n is Name {
    return n instanceof Name && this.possiblyLeaked.get(n) === true;
  }

  private scanBody(loop: Node): void {
    this.loopDepth++;
    doChildren(loop, this.scan);
    this.loopDepth--;
  }

  // ------------------------------------------------------------------------------------------------- range loops

  private rangeLoop(loop: Node): void {
    this.noteMayLeak(loop.y);
    this.noteMayLeak(loop.z);
    this.scanBody(loop);
    loop.y = this.replaceVar(loop.y, loop);
    loop.z = this.replaceVar(loop.z, loop);
    loop.flags &= ~NodeFlag.DistinctVars;
  }

  private replaceVar(n: Node | null, loop: Node): Node | null {
    if (!this.isLeaked(n)) return n;
    this.transformed.push({ name: n, loop, last: lastPos(this.fset, loop) });
    const temp = this.temp(n);
    const as = newAssignStmt(loop.pos, n, temp, true);
    loop.body = [as, ...loop.body];
    this.dclFixups.set(n, as);
    return temp;
  }

  private temp(n: Name): Name {
    return tempAt(this.fn.pos, this.fn, n.type!, this.localPkg);
  }

  // ------------------------------------------------------------------------------------------------- for loops

  private forLoop(loop: Node): void {
    for (const v of defsInInit(loop)) this.noteMayLeak(v);
    this.scanBody(loop);
    const leaked = defsInInit(loop).filter((v) => this.isLeaked(v)) as Name[];
    if (leaked.length > 0) this.unshare(loop, leaked);
    loop.flags &= ~NodeFlag.DistinctVars;
  }

  private unshare(loop: Node, leaked: readonly Name[]): void {
    const pos = loop.pos;
    const body: Node[] = [];
    const post: Node[] = [];
    const carriers = new Map<Node, Name>();
    const last = lastPos(this.fset, loop);
    for (const z of leaked) {
      this.transformed.push({ name: z, loop, last });
      const carrier = this.temp(z);
      carriers.set(z, carrier);
      const as = newAssignStmt(pos, z, carrier, true);
      z.defn = as;
      body.push(as);
      this.dclFixups.set(z, as);
      post.push(newAssignStmt(pos, carrier, z));
    }

    const next = this.localPkg.lookup(`.3clNext_${++this.labels}`);
    for (const n of loop.body) this.editContinues(n, loop, next, 0);
    for (const s of loop.init) replaceDefs(s, carriers);

    const stmts: Node[] = loop.init.slice();
    if (loop.y !== null) {
      const first = tempAt(this.fn.pos, this.fn, this.u.types[TKind.BOOL], this.localPkg);
      stmts.push(this.setBool(pos, first, true));
      const isFirst = newIfStmt(pos, first, [this.setBool(pos, first, false)], [loop.y]);
      isFirst.init = [newDecl(this.fn.pos, first)];
      body.push(isFirst);
    }
    if (loop.x !== null) {
      const not = newUnary(Op.ONOT, loop.x.pos, loop.x.type, loop.x);
      body.push(newIfStmt(pos, not, [newBranchStmt(pos, Op.OBREAK, null)], noNodes));
    }
    loop.init = stmts;
    body.push(...loop.body, newLabelStmt(pos, next), ...post);
    loop.body = body;
    loop.x = null;
    loop.y = null;
  }

  private setBool(pos: Pos, v: Name, value: boolean): Node {
    return newAssignStmt(pos, v, newLiteral(this.fn.pos, this.u.types[TKind.BOOL], value));
  }

  /** Replaces what continues `loop` below `n` by jumps; `depth` counts the loops between. */
  private editContinues(n: Node, loop: Node, next: Node["label"], depth: number): void {
    if (n.op === Op.OCONTINUE && (n.label === null ? depth === 0 : n.label === loop.label)) {
      n.label = next;
      n.op = Op.OGOTO;
    }
    const inner = n.op === Op.OFOR || n.op === Op.ORANGE ? depth + 1 : depth;
    doChildren(n, (child) => {
      this.editContinues(child, loop, next, inner);
      return false;
    });
  }

  // ------------------------------------------------------------------------------------------------- declarations

  /** The list without the declarations of per-iteration variables, which move to where these are set. */
  private moveDecls(list: readonly Node[]): readonly Node[] {
    let kept: Node[] | null = null;
    for (let i = 0; i < list.length; i++) {
      const n = list[i];
      const as = n.op === Op.ODCL ? this.dclFixups.get(n.x as Name) : undefined;
      if (as === undefined) {
        kept?.push(n);
        continue;
      }
      kept ??= list.slice(0, i);
      prependInit(as, [n]);
      this.dclFixups.delete(n.x as Name);
    }
    return kept ?? list;
  }

  private readonly moveDeclsIn = (n: Node): boolean => {
    n.init = this.moveDecls(n.init);
    switch (n.op) {
      case Op.OBLOCK:
        n.list = this.moveDecls(n.list);
        break;
      case Op.OIF:
        n.body = this.moveDecls(n.body);
        n.list = this.moveDecls(n.list);
        break;
      case Op.OINLCALL:
      case Op.OFOR:
      case Op.ORANGE:
        n.body = this.moveDecls(n.body);
        break;
      case Op.OSWITCH:
      case Op.OSELECT:
        for (const clause of n.cases) clause.body = this.moveDecls(clause.body);
        break;
    }
    doChildren(n, this.moveDeclsIn);
    return false;
  };
}

/** The targets of the defining assignments in the init list of a loop. */
function defsInInit(loop: Node): Node[] {
  const defs: Node[] = [];
  for (const s of loop.init) {
    if ((s.flags & NodeFlag.Def) === 0) continue;
    if (s.op === Op.OAS) defs.push(s.x!);
    else if (isAssignList(s.op)) defs.push(...s.list);
  }
  return defs;
}

function replaceDefs(s: Node, carriers: ReadonlyMap<Node, Name>): void {
  if ((s.flags & NodeFlag.Def) === 0) return;
  if (s.op === Op.OAS) s.x = carriers.get(s.x!) ?? s.x;
  else if (isAssignList(s.op)) s.list = s.list.map((lhs) => carriers.get(lhs) ?? lhs);
}

/** The last place within `loop` in the same file, and inlined by the same call if it was; the bodies of literals do not
 *  count. */
function lastPos(fset: FileSet, loop: Node): Pos {
  const inlining = fset.inliningOf(loop.pos);
  let last = loop.pos;
  let at = fset.innermost(last);
  const file = fset.file(at);
  if (file === null) return last;
  const end = file.base + file.size;
  const scan = (n: Node): boolean => {
    const pos = fset.innermost(n.pos);
    if (pos > at && pos <= end && fset.inliningOf(n.pos) === inlining) {
      last = n.pos;
      at = pos;
    }
    return doChildren(n, scan);
  };
  doChildren(loop, scan);
  return last;
}
