/** Rewrites loops over iterator functions into calls of the iterator with the loop body as a function literal.
 *
 *  Mirrors cmd/compile/internal/rangefunc/rewrite.go. Works on the checked syntax tree, before lowering, and changes it
 *  in place: a loop becomes the block
 *
 *      { var #next int; …            once, for the outermost of nested loops
 *        #stateN := RF_READY
 *        #yieldN := func(k K, v V) (#r bool) { check and set #stateN; body; return true }
 *        f(#yieldN)
 *        checks of #stateN and #next }
 *
 *  Leaving the body other than by its end is a `return` of the literal, with the way to go in `#next`: -1 to return
 *  from the function, below that a branch to a label, above 0 a break (2·depth) or continue (2·depth-1) of an outer
 *  loop. Results go through the named results, which get the names `#rvN` if need be. */
import { InternalError } from "../../base/diag.ts";
import { NoPos, type Pos } from "../../base/pos.ts";
import {
  BlockStmt as Block,
  type BlockStmt,
  BranchStmt,
  type CallStmt,
  type DeclStmt,
  type Expr,
  type Field,
  type File,
  type ForStmt,
  type FuncDecl,
  FuncLit,
  FuncType,
  Kind,
  type LabeledStmt,
  Mode,
  Name,
  type Node,
  type RangeClause,
  type ReturnStmt,
  type Stmt,
  type VarDecl,
} from "../../syntax/ast.ts";
import { Op, TokenKind } from "../../syntax/tokens.ts";
import { inspect } from "../../syntax/walk.ts";
import {
  type Const,
  Package as FakePackage,
  type Package,
  Signature,
  Tuple,
  type Type,
  TypeKind,
  Var,
  VarKind,
} from "../../types/types.ts";
import { coreType } from "../../types/under.ts";
import { Universe, universeBool } from "../../types/universe.ts";
import {
  assign,
  block,
  call,
  compare,
  declStmt,
  exprStmt,
  ifStmt,
  intConst,
  intType,
  LoopState,
  type Mutable,
  makeVar,
  returnStmt,
  runtimeSym,
  setPos,
  useList,
  useObj,
  varDecl,
} from "./build.ts";

/** Rewrites all functions of the files of `pkg`. Rewriting a second time changes nothing. */
export function rewriteFiles(pkg: Package, files: readonly File[]): void {
  for (const file of files) for (const decl of file.decls) rewriteIn(pkg, decl);
}

/** Rewrites one function of `pkg`, whose body has been checked on its own. */
export function rewriteFuncDecl(pkg: Package, decl: FuncDecl): void {
  rewriteIn(pkg, decl);
}

function rewriteIn(pkg: Package, root: Node): void {
  inspect(root, (n) => {
    if (n === null) return true;
    if (n.kind === Kind.FuncDecl) {
      rewriteFunc(pkg, n.type, n.body, (n.name.obj?.type ?? null) as Signature | null);
      return false;
    }
    if (n.kind === Kind.FuncLit) {
      rewriteFunc(pkg, n.funcType, n.body, n.type as Signature | null);
      return false;
    }
    return true;
  });
}

function rewriteFunc(pkg: Package, type: FuncType, body: BlockStmt | null, sig: Signature | null): void {
  if (body !== null && sig !== null) new Rewriter(pkg, sig, type, body).run();
}

/** A range-over-func loop that is being rewritten. */
class ForLoop {
  /** Add checks after the loop: for a return, a break or continue of the loop around it, labelled branches. */
  checkRet = false;
  checkBreak = false;
  checkContinue = false;
  readonly checkBranch: Branch[] = [];
  constructor(
    readonly nfor: ForStmt,
    readonly stateVar: Var,
    readonly stateVarDecl: VarDecl,
    /** 1 for the outermost. */
    readonly depth: number,
  ) {}
}

interface Branch {
  readonly tok: TokenKind;
  readonly label: string;
  readonly next: number;
}

/** Loop levels are this far apart in `#next`: even values break, the odd ones below continue. */
const perLoopStep = 2;

/** One function, declared or literal, without the literals in it. */
class Rewriter {
  private readonly stack: Node[] = [];
  private readonly forStack: ForLoop[] = [];
  private readonly rewritten = new Map<ForStmt, Stmt>();
  /** Variables of the outermost loop under way. */
  private outerDecls: DeclStmt | null = null;
  private nextVar: Var | null = null;
  private defers: Var | null = null;
  private stateVarCount = 0;
  private bodyClosureCount = 0;
  /** By label: the innermost range-over-func loop around it, null for none. */
  private labelLoop: Map<string, ForStmt | null> | null = null;
  /** By label: what `#next` is for a break; continue and goto follow. */
  private readonly branchNext = new Map<string, number>();
  private readonly runtimePkg = new FakePackage("runtime", "runtime", null);

  constructor(
    private readonly pkg: Package,
    private readonly sig: Signature,
    private readonly outer: FuncType,
    private readonly body: BlockStmt,
  ) {}

  run(): void {
    inspect(this.body, (n) => (n === null ? this.leave() : this.enter(n)));
  }

  private enter(n: Node): boolean {
    if (n.kind === Kind.FuncLit) {
      rewriteFunc(this.pkg, n.funcType, n.body, n.type as Signature | null);
      return false;
    }
    this.stack.push(n);
    const nfor = forRangeFunc(n);
    if (nfor !== null) this.startLoop(nfor);
    return true;
  }

  /** The children of the top of the stack are done: the statements in it can be replaced. */
  private leave(): boolean {
    const n = this.stack.pop()!;
    switch (n.kind) {
      case Kind.BlockStmt:
        this.editList(n.list);
        break;
      case Kind.CaseClause:
      case Kind.CommClause:
        this.editList(n.body);
        break;
      case Kind.LabeledStmt:
        (n as Mutable<LabeledStmt>).stmt = this.editStmt(n.stmt);
        break;
      case Kind.ForStmt: {
        const loop = this.forStack[this.forStack.length - 1];
        if (loop !== undefined && loop.nfor === n) {
          this.endLoop(loop);
          this.forStack.pop();
        }
        break;
      }
    }
    return true;
  }

  private editList(list: Stmt[]): void {
    if (this.forStack.length === 0 && this.rewritten.size === 0) return;
    for (let i = 0; i < list.length; i++) list[i] = this.editStmt(list[i]);
  }

  /** What stands for statement `x` afterwards. */
  private editStmt(x: Stmt): Stmt {
    if (x.kind === Kind.ForStmt) return this.rewritten.get(x) ?? x;
    if (this.forStack.length === 0) return x;
    switch (x.kind) {
      case Kind.BranchStmt:
        return this.editBranch(x);
      case Kind.CallStmt:
        return x.tok === TokenKind.Defer ? this.editDefer(x) : x;
      case Kind.ReturnStmt:
        return this.editReturn(x);
      default:
        return x;
    }
  }

  // ------------------------------------------------------------------------------------------------- leaving a body

  /** A deferred call belongs to the function around the loop: it gets a token of that function. */
  private editDefer(x: CallStmt): Stmt {
    if (this.defers === null) {
      const any = Universe.lookup("any")!.type!;
      const init = call(runtimeSym(this.runtimePkg, "deferrangefunc", [], [any]), [], any);
      this.defers = this.declOuterVar("#defers", any, init);
    }
    x.deferAt = useObj(this.defers);
    setPos(x.deferAt, x.pos);
    return x;
  }

  private editReturn(x: ReturnStmt): Stmt {
    const list: Stmt[] = [];
    if (x.results !== null) {
      const fields = this.outer.results;
      const results = fields.map((field, i) => {
        if (field.name === null || field.name.value === "_") this.nameResult(field, i);
        return field.name!.obj as Var;
      });
      list.push(assign(useList(results), x.results));
      (x as Mutable<ReturnStmt>).results = null;
    }
    for (const loop of this.forStack) loop.checkRet = true;
    list.push(assign(this.next(), intConst(-1)), this.setState(LoopState.Done, x.pos), returnStmt(this.bool(false)));
    const bl = block(list);
    setPos(bl, x.pos);
    return bl;
  }

  /** Names result `i` of the function, so that the literal can assign to it. */
  private nameResult(field: Field, i: number): void {
    const obj = this.sig.results.vars[i];
    (obj as Mutable<Var>).name = `#rv${i + 1}`;
    obj.scopePos = field.pos;
    const n = useObj(obj);
    n.pos = field.pos;
    n.end = field.pos;
    (field as Mutable<Field>).name = n;
  }

  private editBranch(x: BranchStmt): Stmt {
    if (x.tok === TokenKind.Fallthrough) return x;
    const stack = this.forStack;
    const innermost = stack.length - 1;
    // Within the body of the innermost loop: nothing to leave.
    if (x.label === null && stack[innermost].nfor !== x.target) return x;
    let i = this.loopIndex(x.target as ForStmt | null);
    let exitFrom = i + 1;

    let next: number;
    if (x.tok === TokenKind.Goto || i < 0) {
      // To a label, or out of a labelled statement that is no range-over-func loop.
      this.computeBranchNext();
      const label = x.label!.value;
      const target = this.labelLoop!.get(label) ?? null;
      if (stack[innermost].nfor === target) return x;
      next = this.branchNext.get(label)! + branchOffset(x.tok);
      exitFrom = (target === null ? -1 : this.loopIndex(target)) + 1;
      stack[exitFrom].checkBranch.push({ tok: x.tok, label, next });
      for (let j = exitFrom + 1; j < stack.length; j++) stack[j].checkRet = true;
    } else {
      const isContinue = x.tok === TokenKind.Continue;
      if (exitFrom === stack.length) {
        const state = isContinue ? LoopState.Ready : LoopState.Done;
        const bl = block([this.setState(state, x.pos), returnStmt(this.bool(isContinue))]);
        setPos(bl, x.pos);
        return bl;
      }
      // The loop inside the one that is left or continued sees to it; those further in just break.
      if (isContinue) {
        stack[exitFrom].checkContinue = true;
      } else {
        exitFrom = i;
        stack[exitFrom].checkBreak = true;
      }
      for (let j = exitFrom + 1; j < stack.length; j++) stack[j].checkBreak = true;
      i++;
      next = perLoopStep * i - (isContinue ? 1 : 0);
    }

    const bl = block([
      assign(this.next(), intConst(next)),
      this.setState(LoopState.Done, x.pos),
      returnStmt(this.bool(false)),
    ]);
    setPos(bl, x.pos);
    return bl;
  }

  /** Index of the loop in the stack; -1 if it is no range-over-func loop around here. */
  private loopIndex(target: Node | null): number {
    let i = this.forStack.length - 1;
    while (i >= 0 && this.forStack[i].nfor !== target) i--;
    return i;
  }

  /** Numbers the labels of the function and notes in which loop each is. */
  private computeBranchNext(): void {
    if (this.labelLoop !== null) return;
    const labelLoop = new Map<string, ForStmt | null>();
    this.labelLoop = labelLoop;
    const stack: Node[] = [];
    const loops: (ForStmt | null)[] = [null];
    let used = -1; // that is a return
    inspect(this.body, (n) => {
      if (n === null) {
        if (stack.pop() === loops[loops.length - 1]) loops.pop();
        return true;
      }
      stack.push(n);
      const nfor = forRangeFunc(n);
      if (nfor !== null) loops.push(nfor);
      if (n.kind === Kind.LabeledStmt) {
        used -= 3;
        labelLoop.set(n.label.value, loops[loops.length - 1]);
        this.branchNext.set(n.label.value, used);
      }
      return true;
    });
  }

  // ------------------------------------------------------------------------------------------------- loops

  private startLoop(nfor: ForStmt): void {
    const { obj, n } = makeVar(this.pkg, nfor.pos, `#state${++this.stateVarCount}`, intType);
    const decl = varDecl(n, intConst(LoopState.Ready));
    this.forStack.push(new ForLoop(nfor, obj, decl, this.forStack.length + 1));
  }

  private endLoop(loop: ForLoop): void {
    const nfor = loop.nfor;
    const start = nfor.pos;
    const end = nfor.body.rbrace;
    const clause = nfor.init as RangeClause;
    const iterator = coreType(clause.x.type!) as Signature;
    const yieldType = coreType(iterator.params.vars[0].type!) as Signature;

    this.bodyClosureCount++;
    const closure = this.bodyFunc(loop, clause, yieldType, start, end);
    const closureVar = makeVar(this.pkg, NoPos, `#yield${this.bodyClosureCount}`, closure.type!);
    const closureDecl = declStmt([varDecl(closureVar.n, closure)]);
    setPos(closureDecl, start);

    const callStmt = exprStmt(call(clause.x, [useObj(closureVar.obj)], null));
    setPos(callStmt, start);
    const checks = this.checks(loop, end);

    const list: Stmt[] = [];
    const outermost = this.forStack.length === 1;
    if (outermost && this.outerDecls !== null) {
      setPos(this.outerDecls, start);
      list.push(this.outerDecls);
    }
    const stateDecl = declStmt([loop.stateVarDecl]);
    setPos(stateDecl, start);
    list.push(stateDecl, closureDecl, callStmt);

    const swallowed = ifStmt(compare(Op.Eql, useObj(loop.stateVar), intConst(LoopState.Panic)), [
      this.callPanic(intConst(LoopState.MissingPanic)),
    ]);
    setPos(swallowed, end);
    list.push(swallowed, this.setState(LoopState.Exhausted, end), ...checks);
    if (outermost) {
      this.outerDecls = null;
      this.nextVar = null;
      this.defers = null;
    }
    this.rewritten.set(nfor, new Block(start, nfor.end, list, end));
  }

  /** The loop body, its branches replaced already, as a literal of type `yieldType`. */
  private bodyFunc(loop: ForLoop, clause: RangeClause, yieldType: Signature, start: Pos, end: Pos): FuncLit {
    const lhs = unpackList(clause.lhs);
    const list: Stmt[] = [];
    const params: Var[] = [];
    for (let i = 0; i < yieldType.params.vars.length; i++) {
      const type = yieldType.params.vars[i].type!;
      const x = i < lhs.length ? lhs[i] : null;
      if (x !== null && clause.def) {
        params.push(rangeVar(x, this.pkg, type));
        continue;
      }
      const param = new Var(start, this.pkg, `#p${i + 1}`, type, VarKind.ParamVar);
      params.push(param);
      if (x === null) continue;
      const as = assign(x, useObj(param));
      setPos(as, x.pos);
      list.push(as);
    }
    const sig = new Signature();
    sig.params = new Tuple(params);
    sig.results = new Tuple([new Var(start, null, "#r", universeBool, VarKind.ResultVar)]);

    // The state is Panic while the body runs, so that a panic is noticed if the iterator hides it.
    const tmpState = makeVar(this.pkg, NoPos, "#tmpState", intType);
    const notReady = ifStmt(compare(Op.Neq, useObj(tmpState.obj), intConst(LoopState.Ready)), [
      this.callPanic(useObj(tmpState.obj)),
    ]);
    setPos(notReady, start);
    const ret = returnStmt(this.bool(true));
    ret.pos = end;
    ret.end = end;
    list.push(
      declStmt([varDecl(tmpState.n, useObj(loop.stateVar))]),
      this.setState(LoopState.Panic, start),
      notReady,
      ...loop.nfor.body.list,
      this.setState(LoopState.Ready, end),
      ret,
    );
    const type = new FuncType(start, start, [], []);
    const closure = new FuncLit(start, loop.nfor.end, type, new Block(start, loop.nfor.end, list, end));
    closure.mode = Mode.Value;
    closure.type = sig;
    closure.rangeFuncBody = true;
    return closure;
  }

  /** What follows the call of the iterator: going on to where the body wanted to. */
  private checks(loop: ForLoop, pos: Pos): Stmt[] {
    const list: Stmt[] = [];
    const seen = new Set<number>();
    for (const br of loop.checkBranch) {
      if (seen.has(br.next)) continue;
      seen.add(br.next);
      const branch = new BranchStmt(NoPos, NoPos, br.tok, new Name(NoPos, NoPos, br.label));
      list.push(this.ifNext(Op.Eql, br.next, true, [branch]));
    }
    if (this.forStack.length === 1) {
      if (loop.checkRet) list.push(this.ifNext(Op.Eql, -1, false, [returnStmt(null)]));
    } else {
      const outer = this.forStack[loop.depth - 2];
      const step = perLoopStep * (loop.depth - 1);
      const leave = (state: LoopState, more: boolean): Stmt[] => [
        assign(useObj(outer.stateVar), intConst(state)),
        returnStmt(this.bool(more)),
      ];
      // Below 0 there are also branches that loops further out handle.
      if (loop.checkRet) list.push(this.ifNext(Op.Lss, 0, false, leave(LoopState.Done, false)));
      list.push(this.ifNext(Op.Gtr, step, false, [this.callPanic(intConst(LoopState.Done))]));
      if (loop.checkContinue) list.push(this.ifNext(Op.Eql, step - 1, true, leave(LoopState.Ready, true)));
      if (loop.checkBreak) list.push(this.ifNext(Op.Eql, step, true, leave(LoopState.Done, false)));
      if (loop.checkContinue || loop.checkBreak) {
        list.push(this.ifNext(Op.Gtr, 0, false, leave(LoopState.Done, false)));
      }
    }
    for (const stmt of list) setPos(stmt, pos);
    return list;
  }

  // ------------------------------------------------------------------------------------------------- pieces

  /** if #next op c { [#next = 0]; then } */
  private ifNext(op: Op, c: number, zeroNext: boolean, then: Stmt[]): Stmt {
    const list = zeroNext ? [assign(this.next(), intConst(0)), ...then] : then;
    return ifStmt(compare(op, this.next(), intConst(c)), list);
  }

  private setState(state: LoopState, pos: Pos): Stmt {
    const as = assign(useObj(this.forStack[this.forStack.length - 1].stateVar), intConst(state));
    setPos(as, pos);
    return as;
  }

  private callPanic(arg: Expr): Stmt {
    return exprStmt(call(runtimeSym(this.runtimePkg, "panicrangestate", [intType], []), [arg], null));
  }

  private bool(value: boolean): Expr {
    return useObj(Universe.lookup(value ? "true" : "false") as Const);
  }

  private next(): Expr {
    this.nextVar ??= this.declOuterVar("#next", intType, null);
    return useObj(this.nextVar);
  }

  /** Declares a variable beside the outermost loop. It has no position, as messages show. */
  private declOuterVar(name: string, type: Type, init: Expr | null): Var {
    const { obj, n } = makeVar(this.pkg, NoPos, name, type);
    this.outerDecls ??= declStmt([]);
    this.outerDecls.decls.push(varDecl(n, init));
    return obj;
  }
}

/** The loop, if `n` is one over an iterator function. */
function forRangeFunc(n: Node): ForStmt | null {
  if (n.kind !== Kind.ForStmt || n.init === null || n.init.kind !== Kind.RangeClause) return null;
  const type = n.init.x.type;
  if (type === null) return null;
  const core = coreType(type);
  return core !== null && core.kind === TypeKind.Signature ? n : null;
}

/** The variable that range variable `x` declares becomes the parameter. */
function rangeVar(x: Expr, pkg: Package, type: Type): Var {
  if (x.kind !== Kind.Name) throw new InternalError("range variable is no name");
  return (x.obj as Var | null) ?? new Var(x.pos, pkg, x.value, type, VarKind.LocalVar);
}

function unpackList(x: Expr | null): readonly Expr[] {
  if (x === null) return [];
  return x.kind === Kind.ListExpr ? x.elems : [x];
}

function branchOffset(tok: TokenKind): number {
  return tok === TokenKind.Break ? 0 : tok === TokenKind.Continue ? 1 : 2;
}
