/** A walk over a function body in the order in which the compiler writes it. It finds out what cannot be known while
 *  the body is lowered front to back: which variables a function literal captures, what a generic function needs
 *  in its run-time dictionary (an instance's signature says how large that is), and what the body mentions (copies.ts).
 *
 *  Mirrors cmd/compile/internal/noder/writer.go (stmts, expr, funcLit and what they call), less the writing. Known
 *  differences: none. */

import { InternalError } from "../../base/diag.ts";
import type { Pos } from "../../base/pos.ts";
import {
  type AssignStmt,
  type BlockStmt,
  type CallExpr,
  type CompositeLit,
  type Decl,
  type Expr,
  type ForStmt,
  type FuncLit,
  type IfStmt,
  Kind,
  Mode,
  type Name,
  type Operation,
  type SelectorExpr,
  type Stmt,
  type SwitchStmt,
} from "../../syntax/ast.ts";
import { Op } from "../../syntax/tokens.ts";
import { unparen } from "../../syntax/walk.ts";
import { unalias } from "../../types/alias.ts";
import {
  type Func,
  type Obj,
  ObjKind,
  type Selection,
  SelectionKind,
  type Signature,
  type Struct,
  type Type,
  TypeKind,
  type TypeName,
  type Var,
} from "../../types/types.ts";
import {
  coreType,
  defaultType,
  identical,
  isEmptyInterface,
  isInterface,
  rangeKeyVal,
  under,
} from "./checker-types.ts";
import type { WriterDict } from "./dict.ts";
import type { PkgReader } from "./noder.ts";
import {
  commonType,
  deref,
  dstType,
  firstType,
  isNilExpr,
  lookupObj,
  recvType,
  sliceElem,
  switchTagType,
} from "./queries.ts";
import { CondSimplifier, constSwitch, lastLabelIndex, staticBool, terminates, unpackListExpr } from "./static.ts";
import { hasImplicitTypeParams, isDerived, isGlobal } from "./types.ts";

/** A variable that a function literal captures, and the place of its first use there. */
export interface Capture {
  readonly pos: Pos;
  readonly obj: Var;
}

/** Variables of one function while it is walked. */
class Scope {
  readonly locals = new Set<Var>();
  readonly captures: Capture[] = [];
  readonly captured = new Set<Var>();
  constructor(
    readonly outer: Scope | null,
    /** Variables that exist around the walk. */
    readonly around: { has(v: Var): boolean } | null,
    readonly sig: Signature,
  ) {}

  knows(v: Var): boolean {
    if (this.locals.has(v) || this.captured.has(v)) return true;
    return this.outer !== null ? this.outer.knows(v) : this.around?.has(v) === true;
  }
}

/** The variables that `lit` captures, in the order of their first use; `around` are those of the enclosing function. */
export function capturesOf(p: PkgReader, lit: FuncLit, around: { has(v: Var): boolean }): readonly Capture[] {
  const known = p.captures.get(lit);
  if (known !== undefined) return known;
  return new BodyWriter(p, null, around).funcLit(lit, null);
}

/** Records in `dict` what the body of a generic function or method needs. */
export function recordBody(p: PkgReader, dict: WriterDict, sig: Signature, block: BlockStmt | null): void {
  new BodyWriter(p, dict, null).body(sig, block, null);
}

/** Takes what is written with a body, piece by piece. */
export interface Mentions {
  /** The body refers to a type. */
  typ(t: Type): void;
  /** A type is written without being referred to. */
  written(t: Type): void;
  global(obj: Obj): void;
  /** An instance, or a type one of whose methods is used. */
  inst(obj: Obj, targs: readonly Type[], isMethod: boolean): void;
  itab(from: Type, to: Type): void;
  /** The body declares a type. */
  declares(obj: TypeName): void;
  /** A function literal, whose body `walk` goes through. */
  literal(sig: Signature, walk: () => void): void;
}

/** Tells `mentions` what comes with the body of a function or method. */
export function mentionedBy(p: PkgReader, mentions: Mentions, sig: Signature, block: BlockStmt | null): void {
  new BodyWriter(p, null, null, mentions).body(sig, block, null);
}

class BodyWriter {
  private scope: Scope = null as unknown as Scope;
  private readonly simplifier = new CondSimplifier();
  /** Somebody wants to know more than captures. */
  private readonly records: boolean;
  constructor(
    private readonly p: PkgReader,
    private readonly dict: WriterDict | null,
    private readonly around: { has(v: Var): boolean } | null,
    private readonly mentions: Mentions | null = null,
  ) {
    this.records = dict !== null || mentions !== null;
  }

  body(sig: Signature, block: BlockStmt | null, outer: Scope | null): readonly Capture[] {
    const saved = this.scope;
    const scope = new Scope(outer, this.around, sig);
    this.scope = scope;
    if (sig.recv !== null) this.addLocal(sig.recv);
    for (const v of sig.params.vars) this.addLocal(v);
    for (const v of sig.results.vars) this.addLocal(v);
    if (block !== null) this.stmts(block.list);
    this.scope = saved;
    return scope.captures;
  }

  funcLit(lit: FuncLit, outer: Scope | null): readonly Capture[] {
    const sig = lit.type as Signature;
    let captures: readonly Capture[] = [];
    const walk = (): void => {
      captures = this.body(sig, lit.body, outer);
    };
    if (this.mentions === null) walk();
    else this.mentions.literal(sig, walk);
    this.p.captures.set(lit, captures);
    return captures;
  }

  private addLocal(v: Var): void {
    this.scope.locals.add(v);
    this.mentions?.written(v.type!);
    if (this.dict !== null && isDerived(this.p, v.type!)) this.dict.rtypeIdx(v.type!);
  }

  private useLocal(pos: Pos, v: Var): void {
    const scope = this.scope;
    if (scope.locals.has(v) || scope.captured.has(v)) return;
    scope.captured.add(v);
    scope.captures.push({ pos, obj: v });
  }

  // ------------------------------------------------------------------------------------------------- statements

  private stmts(list: readonly Stmt[]): void {
    const lastLabel = lastLabelIndex(list);
    let dead = false;
    for (let i = 0; i < list.length; i++) {
      const stmt = list[i];
      if (dead && i > lastLabel && stmt.kind !== Kind.LabeledStmt) continue;
      this.stmt(stmt);
      dead = terminates(stmt);
    }
  }

  private optStmt(stmt: Stmt | null): void {
    if (stmt !== null) this.stmt(stmt);
  }

  private stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case Kind.EmptyStmt:
      case Kind.BranchStmt:
        return;
      case Kind.AssignStmt:
        this.assignStmt(stmt);
        return;
      case Kind.BlockStmt:
        this.stmts(stmt.list);
        return;
      case Kind.CallStmt:
        this.expr(stmt.call);
        if (stmt.deferAt !== null) this.expr(stmt.deferAt);
        return;
      case Kind.DeclStmt:
        for (const decl of stmt.decls) this.declStmt(decl);
        return;
      case Kind.ExprStmt:
        this.expr(stmt.x);
        return;
      case Kind.ForStmt:
        this.forStmt(stmt);
        return;
      case Kind.IfStmt:
        this.ifStmt(stmt);
        return;
      case Kind.LabeledStmt:
        this.stmt(stmt.stmt);
        return;
      case Kind.ReturnStmt: {
        const results = this.scope.sig.results.vars;
        this.multiExpr((i) => results[i].type!, unpackListExpr(stmt.results));
        return;
      }
      case Kind.SelectStmt:
        for (const clause of stmt.body) {
          this.optStmt(clause.comm);
          this.stmts(clause.body);
        }
        return;
      case Kind.SendStmt: {
        this.expr(stmt.chan);
        const chan = coreType(stmt.chan.type!);
        if (chan === null || chan.kind !== TypeKind.Chan) throw new InternalError("send to what is no channel");
        this.implicitConvExpr(chan.elem, stmt.value);
        return;
      }
      case Kind.SwitchStmt:
        this.switchStmt(stmt);
        return;
    }
  }

  private declStmt(decl: Decl): void {
    switch (decl.kind) {
      case Kind.TypeDecl:
        if (decl.alias) return;
        this.dict?.declareLocalType(this.p, decl.name.obj as TypeName);
        this.mentions?.declares(decl.name.obj as TypeName);
        return;
      case Kind.VarDecl:
        this.assignment(decl.names, decl.values);
        return;
    }
  }

  private assignStmt(stmt: AssignStmt): void {
    if (stmt.rhs === null) {
      this.expr(stmt.lhs);
      return;
    }
    if (stmt.op === Op.None || stmt.op === Op.Def) {
      this.assignment(unpackListExpr(stmt.lhs), stmt.rhs);
      return;
    }
    this.expr(stmt.lhs);
    this.implicitConvExpr(stmt.op === Op.Shl || stmt.op === Op.Shr ? null : stmt.lhs.type!, stmt.rhs);
  }

  private assignment(lhs: readonly Expr[], rhs: Expr | null): void {
    for (const e of lhs) this.assign(e);
    this.multiExpr((i) => dstType(lhs[i]), unpackListExpr(rhs));
  }

  /** A variable on the left-hand side that nobody knows is declared there. */
  private assign(e: Expr): void {
    const dst = unparen(e);
    if (dst.kind === Kind.Name) {
      if (dst.value === "_") return;
      const obj = dst.obj;
      if (obj !== null && obj.kind === ObjKind.Var && !isGlobal(obj) && !this.scope.knows(obj)) {
        this.mentions?.typ(obj.type!);
        this.addLocal(obj);
        return;
      }
    }
    this.expr(dst);
  }

  private forStmt(stmt: ForStmt): void {
    const init = stmt.init;
    if (init !== null && init.kind === Kind.RangeClause) {
      const lhs = unpackListExpr(init.lhs);
      for (const e of lhs) this.assign(e);
      this.expr(init.x);
      if (this.records) {
        const xtype = init.x.type!;
        if (coreType(xtype)?.kind === TypeKind.Map) this.rtype(xtype);
        const { key, value } = rangeKeyVal(xtype);
        this.rangeAssign(lhs[0], key);
        this.rangeAssign(lhs[1], value);
      }
      this.stmts(stmt.body.list);
      return;
    }
    const never = stmt.cond !== null && staticBool(stmt.cond) < 0;
    this.optStmt(init);
    if (stmt.cond !== null) this.expr(this.simplifier.simplify(stmt.cond));
    if (never) return;
    this.optStmt(stmt.post);
    this.stmts(stmt.body.list);
  }

  private rangeAssign(e: Expr | undefined, src: Type | null): void {
    if (e === undefined) return;
    const dst = dstType(e);
    if (dst !== null) this.convRTTI(src!, dst);
  }

  private ifStmt(stmt: IfStmt): void {
    const cond = this.simplifier.simplify(stmt.cond);
    const outcome = this.simplifier.outcome;
    this.optStmt(stmt.init);
    this.expr(cond);
    if (outcome >= 0) this.stmts(stmt.then.list);
    if (outcome <= 0) this.optStmt(stmt.else_);
  }

  private switchStmt(stmt: SwitchStmt): void {
    this.optStmt(stmt.init);
    if (stmt.tag !== null && stmt.tag.kind === Kind.TypeSwitchGuard) {
      const iface = stmt.tag.x.type!;
      this.expr(stmt.tag.x);
      for (const clause of stmt.body) {
        for (const c of unpackListExpr(clause.cases)) if (!isNilExpr(c)) this.exprType(iface, c);
        if (clause.implicit !== null) {
          this.mentions?.typ(clause.implicit.type!);
          this.addLocal(clause.implicit);
        }
        this.stmts(clause.body);
      }
      return;
    }
    const decided = constSwitch(stmt);
    if (decided !== null) {
      if (decided.clause !== null) this.stmts(decided.clause.body);
      return;
    }
    const tag = stmt.tag;
    let tagType: Type | null = null;
    if (this.records) tagType = switchTagType(stmt);
    if (tag !== null) this.implicitConvExpr(tagType, tag);
    const caseType = tag !== null && under(tag.type!).kind === TypeKind.Chan ? null : tagType;
    for (const clause of stmt.body) {
      for (const c of unpackListExpr(clause.cases)) this.implicitConvExpr(caseType, c);
      this.stmts(clause.body);
    }
  }

  // ------------------------------------------------------------------------------------------------ expressions

  private expr(e: Expr): void {
    const expr = unparen(e);
    const { obj, targs } = lookupObj(expr);
    if (expr.type !== null) {
      this.mentionType(expr);
      if (expr.val !== null) return;
      if (obj !== null && obj.kind === ObjKind.Nil) return;
    }
    if (obj !== null) {
      if (targs.length !== 0) this.funcInst(obj as Func, targs);
      else if (obj.kind === ObjKind.Var && !isGlobal(obj)) this.useLocal(expr.pos, obj);
      else this.mentions?.global(obj);
      return;
    }
    switch (expr.kind) {
      case Kind.CompositeLit:
        this.compLit(expr);
        return;
      case Kind.FuncLit:
        for (const capture of this.funcLit(expr, this.scope)) this.useLocal(capture.pos, capture.obj);
        return;
      case Kind.SelectorExpr:
        this.selector(expr);
        return;
      case Kind.IndexExpr: {
        this.expr(expr.x);
        let keyType: Type | null = null;
        if (this.records) {
          const core = coreType(expr.x.type!);
          if (core !== null && core.kind === TypeKind.Map) keyType = core.key;
        }
        this.implicitConvExpr(keyType, expr.index);
        if (keyType !== null) this.rtype(expr.x.type!);
        return;
      }
      case Kind.SliceExpr:
        this.expr(expr.x);
        for (const index of expr.index) if (index !== null) this.expr(index);
        return;
      case Kind.AssertExpr:
        this.expr(expr.x);
        this.exprType(expr.x.type!, expr.typeExpr);
        this.rtype(expr.x.type!);
        return;
      case Kind.Operation:
        this.operation(expr);
        return;
      case Kind.CallExpr:
        this.call(expr);
        return;
      default:
        throw new InternalError(`unexpected expression of kind ${expr.kind}`);
    }
  }

  /** The type of an expression is written with it, unless it says nothing. */
  private mentionType(expr: Expr): void {
    const type = expr.type;
    if (this.mentions === null || type === null || type.kind === TypeKind.Tuple || expr.mode === Mode.Builtin) return;
    this.mentions.typ(type);
  }

  private operation(expr: Operation): void {
    if (expr.y === null) {
      this.expr(expr.x);
      return;
    }
    let common: Type | null = null;
    if (this.records && expr.op !== Op.Shl && expr.op !== Op.Shr) {
      common = commonType(expr.x.type!, expr.y.type!);
    }
    this.implicitConvExpr(common, expr.x);
    this.implicitConvExpr(common, expr.y);
  }

  private selector(expr: SelectorExpr): void {
    const sel = expr.selection;
    if (sel === null) throw new InternalError(`missing selection for ${expr.sel.value}`);
    switch (sel.kind) {
      case SelectionKind.FieldVal:
        this.expr(expr.x);
        return;
      case SelectionKind.MethodVal:
        this.expr(expr.x);
        if (this.records) this.methodExpr(recvType(expr.x.type!, sel), sel);
        return;
      case SelectionKind.MethodExpr:
        this.mentions?.typ(expr.x.type!);
        if (this.records) this.methodExpr(recvType(expr.x.type!, sel), sel);
        return;
    }
  }

  private funcInst(obj: Func, targs: readonly Type[]): void {
    this.mentions?.inst(obj, targs, false);
    if (this.dict !== null && targs.some((targ) => isDerived(this.p, targ))) this.dict.subdictIdx(obj, targs);
  }

  private methodExpr(recv: Type, sel: Selection): void {
    if (this.mentions !== null) {
      this.mentions.typ(recv);
      this.mentions.typ(sel.obj.type!);
    }
    const { dict } = this;
    const param = unalias(recv);
    if (param.kind === TypeKind.TypeParam) {
      dict?.typeParamMethodExprIdx(dict.typeParamIndex(param), sel.obj as Func);
      return;
    }
    if (isInterface(recv)) return;
    const named = unalias(deref(recv));
    if (named.kind !== TypeKind.Named) return;
    const obj = named.orig.obj;
    this.mentions?.inst(obj, named.targs, true);
    if (dict === null) return;
    if (hasImplicitTypeParams(this.p, obj) || named.targs.some((targ) => isDerived(this.p, targ))) {
      dict.subdictIdx(obj, named.targs);
    }
  }

  private call(expr: CallExpr): void {
    const fun = unparen(expr.fun);
    if (fun.mode === Mode.TypExpr) {
      this.convertExpr(fun.type!, expr.args[0], false);
      return;
    }
    let rtype: Type | null = null;
    if (fun.mode === Mode.Builtin) {
      const name = lookupObj(fun).obj!.name;
      switch (name) {
        case "make": {
          this.exprType(null, expr.args[0]);
          for (let i = 1; i < expr.args.length; i++) this.expr(expr.args[i]);
          if (!this.records) return;
          const core = coreType(expr.type!)!;
          this.rtype(core.kind === TypeKind.Slice ? core.elem : expr.type!);
          return;
        }
        case "new":
          if (expr.args[0].mode !== Mode.TypExpr) this.expr(expr.args[0]);
          else this.exprType(null, expr.args[0]);
          return;
        case "Sizeof":
        case "Alignof":
          this.mentions?.typ(expr.args[0].type!);
          return;
        case "Offsetof":
          this.mentions?.typ(deref((unparen(expr.args[0]) as SelectorExpr).x.type!));
          return;
        case "append":
        case "Slice":
          rtype = this.records ? sliceElem(expr.type!) : null;
          break;
        case "copy":
          rtype = this.records ? sliceElem(firstType(expr.args[0].type!)) : null;
          break;
        case "delete":
          rtype = firstType(expr.args[0].type!);
          break;
      }
    }
    this.funExpr(fun);
    const sig = fun.type === null ? null : coreType(fun.type);
    if (sig === null || sig.kind !== TypeKind.Signature) {
      throw new InternalError("call of what is no function");
    }
    const params = sig.params.vars;
    const last = params.length - 1;
    this.multiExpr((i) => {
      if (!sig.variadic || expr.hasDots || i < last) return params[i].type!;
      const slice = params[last].type!;
      return slice.kind === TypeKind.Slice ? slice.elem : sliceElem(slice);
    }, expr.args);
    if (rtype !== null) this.rtype(rtype);
  }

  private funExpr(fun: Expr): void {
    if (fun.kind === Kind.SelectorExpr && fun.selection !== null && fun.selection.kind === SelectionKind.MethodVal) {
      this.expr(fun.x);
      if (this.records) this.methodExpr(recvType(fun.x.type!, fun.selection), fun.selection);
      return;
    }
    const { obj, targs } = lookupObj(fun);
    if (obj !== null && targs.length !== 0) {
      this.funcInst(obj as Func, targs);
      return;
    }
    this.expr(fun);
  }

  private multiExpr(dst: (i: number) => Type | null, exprs: readonly Expr[]): void {
    if (exprs.length === 1) {
      const type = exprs[0].type;
      if (type !== null && type.kind === TypeKind.Tuple) {
        this.expr(exprs[0]);
        if (!this.records) return;
        for (let i = 0; i < type.vars.length; i++) {
          const src = type.vars[i].type!;
          this.mentions?.typ(src);
          const to = dst(i);
          if (to === null || identical(src, to)) continue;
          this.mentions?.typ(to);
          this.convRTTI(src, to);
        }
        return;
      }
    }
    for (let i = 0; i < exprs.length; i++) this.implicitConvExpr(this.records ? dst(i) : null, exprs[i]);
  }

  private implicitConvExpr(dst: Type | null, e: Expr): void {
    this.convertExpr(dst, e, true);
  }

  private convertExpr(dst: Type | null, e: Expr, implicit: boolean): void {
    if (this.records && dst !== null && !(implicit && identical(e.type!, dst))) {
      this.mentions?.typ(dst);
      this.convRTTI(e.type!, dst);
    }
    this.expr(e);
  }

  private compLit(lit: CompositeLit): void {
    const type = lit.type!;
    this.mentions?.typ(type);
    const core = coreType(type);
    const base = core !== null && core.kind === TypeKind.Pointer ? core.base : type;
    const shape = coreType(base);
    let keyType: Type | null = null;
    let elemType: Type | null = null;
    let struct: Struct | null = null;
    switch (shape?.kind) {
      case TypeKind.Array:
      case TypeKind.Slice:
        elemType = shape.elem;
        break;
      case TypeKind.Map:
        this.rtype(base);
        keyType = shape.key;
        elemType = shape.elem;
        break;
      case TypeKind.Struct:
        struct = shape;
        break;
      default:
        throw new InternalError("unexpected composite literal type");
    }
    for (let i = 0; i < lit.elems.length; i++) {
      const elem = lit.elems[i];
      if (elem.kind !== Kind.KeyValueExpr) {
        this.implicitConvExpr(struct === null ? elemType : struct.fields[i].type, elem);
      } else if (struct !== null) {
        const field = (elem.key as Name).obj as Var; // may be promoted
        this.implicitConvExpr(field.type, elem.value);
      } else {
        this.implicitConvExpr(keyType, elem.key);
        this.implicitConvExpr(elemType, elem.value);
      }
    }
  }

  private exprType(iface: Type | null, e: Expr): void {
    if (!this.records) return;
    if (iface !== null && !isEmptyInterface(iface)) this.itab(e.type!, iface);
    else this.rtype(e.type!);
  }

  private rtype(t: Type): void {
    if (!this.records) return;
    const type = defaultType(t);
    this.mentions?.typ(type);
    if (this.dict !== null && isDerived(this.p, type)) this.dict.rtypeIdx(type);
  }

  private convRTTI(src: Type, dst: Type): void {
    this.itab(src, dst);
  }

  private itab(t: Type, iface: Type): void {
    if (!this.records) return;
    const from = defaultType(t);
    const to = defaultType(iface);
    this.mentions?.itab(from, to);
    const { dict } = this;
    if (dict === null) return;
    const fromDerived = isDerived(this.p, from);
    const toDerived = isDerived(this.p, to);
    if (fromDerived) dict.rtypeIdx(from);
    if (toDerived) dict.rtypeIdx(to);
    if (fromDerived || toDerived) dict.itabIdx(from, to);
  }
}
