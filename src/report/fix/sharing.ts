/** Where the program could tell a copy from the original: which copies take the place of shared pointers, and which
 *  writes would then be seen by one of the two only. */

import { type Expr, type ForStmt, type FuncDecl, Kind, type Name, type Node } from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import { Op, TokenKind } from "../../syntax/tokens.ts";
import { inspect, unparen } from "../../syntax/walk.ts";
import { type Func, ObjKind, SelectionKind, TypeKind, type Var, VarKind } from "../../types/types.ts";
import { under } from "../../types/under.ts";
import { isFunction, objectOf, type Trees } from "../trees.ts";
import { NoWay } from "./shapes.ts";

interface Copy {
  /** What is copied from: `x` of `&x`, or a variable that held the pointer. */
  readonly source: Var;
  readonly at: Node;
}

export class Sharing {
  private readonly copies: Copy[] = [];
  private readonly writes: { readonly slot: Var | null; readonly at: Node }[] = [];

  constructor(
    private readonly trees: Trees,
    /** Variables that hold the value now. */
    private readonly slots: ReadonlySet<Var>,
    /** Functions of the package by their result. */
    private readonly resultOwners: ReadonlyMap<Var, FuncDecl>,
    /** Expressions that are rewritten. */
    private readonly converted: ReadonlySet<Node>,
  ) {}

  /** `value` is copied at `at` where its pointer used to be shared. */
  copiesFrom(value: Expr, at: Node): void {
    const e = unparen(value);
    const obj = e.kind === Kind.Name ? objectOf(e) : null;
    if (obj?.kind === ObjKind.Var) this.copies.push({ source: obj as Var, at });
  }

  copyOf(x: Expr, at: Node): void {
    let e = x;
    while (e.kind === Kind.SelectorExpr || e.kind === Kind.IndexExpr || e.kind === Kind.ParenExpr) {
      if (
        e.kind !== Kind.ParenExpr &&
        e.type !== null &&
        e.x.type !== null &&
        under(e.x.type).kind !== TypeKind.Array &&
        under(e.x.type).kind !== TypeKind.Struct
      )
        throw new NoWay(); // part of something else's memory
      e = e.x;
    }
    const obj = e.kind === Kind.Name ? objectOf(e) : null;
    if (obj?.kind !== ObjKind.Var || (obj as Var).varKind === VarKind.PackageVar) throw new NoWay();
    this.copies.push({ source: obj as Var, at });
  }

  isWritten(place: Expr): boolean {
    let node: Node = place;
    for (;;) {
      const parent = this.trees.parent(node);
      switch (parent?.kind) {
        case Kind.AssignStmt:
          return parent.lhs === node;
        case Kind.ListExpr: {
          const around = this.trees.parent(parent);
          return (around?.kind === Kind.AssignStmt || around?.kind === Kind.RangeClause) && around.lhs === parent;
        }
        case Kind.RangeClause:
          return parent.lhs === node;
        case Kind.Operation:
          return parent.op === Op.And && parent.y === null;
        case Kind.SliceExpr:
          return parent.x === node && parent.x.type !== null && under(parent.x.type).kind === TypeKind.Array;
        case Kind.SelectorExpr:
          if (parent.selection?.kind === SelectionKind.MethodVal) return (parent.selection.obj as Func).hasPtrRecv;
          if (parent.selection?.indirect) return false;
          node = parent;
          break;
        case Kind.IndexExpr:
          if (parent.x !== node || parent.x.type === null || under(parent.x.type).kind !== TypeKind.Array) return false;
          node = parent;
          break;
        case Kind.ParenExpr:
          node = parent;
          break;
        default:
          return false;
      }
    }
  }

  write(e: Expr, at: Node): void {
    const x = unparen(e);
    const obj = x.kind === Kind.Name ? objectOf(x) : null;
    this.writes.push({ slot: obj?.kind === ObjKind.Var ? (obj as Var) : null, at });
  }

  /** No copy may be told from its original: neither is written to once there are two. */
  checkWrites(): void {
    for (const { slot, at } of this.writes) {
      if (slot === null || slot.varKind !== VarKind.LocalVar || !this.isFresh(slot)) throw new NoWay();
      this.checkOrder(slot, at);
    }
    const leaves = new Set(this.copies.map((copy) => copy.source).filter((source) => !this.slots.has(source)));
    for (const variable of leaves) {
      for (const name of this.trees.uses(variable)) {
        if (name.pos === variable.pos || !this.isWritten(name) || this.isConverted(name)) continue;
        if (this.isLoopStep(variable, name)) continue;
        this.checkOrder(variable, name);
      }
    }
  }

  /** The `&x` of this `x` is rewritten itself. */
  private isConverted(name: Name): boolean {
    const around = this.trees.around(
      name,
      (n) => n.kind !== Kind.ParenExpr && n.kind !== Kind.SelectorExpr && n.kind !== Kind.IndexExpr,
    );
    return around !== null && this.converted.has(around);
  }

  /** `i++` of a loop works on the next round's variable. */
  private isLoopStep(variable: Var, name: Name): boolean {
    const loop = this.trees.around(name, (n) => n.kind === Kind.ForStmt) as ForStmt | null;
    if (loop === null || loop.post === null || !this.trees.contains(loop.post, name) || loop.init === null)
      return false;
    return variable.pos >= startPos(loop.init) && variable.pos < loop.init.end;
  }

  private checkOrder(variable: Var, write: Node): void {
    const declared = this.trees.uses(variable).find((name) => name.pos === variable.pos);
    const home = declared === undefined ? null : this.trees.functionOf(declared);
    for (const copy of this.copies) {
      if (copy.source !== variable) continue;
      if (this.trees.functionOf(write) !== home || this.trees.functionOf(copy.at) !== home) throw new NoWay();
      if (write.pos > copy.at.pos) throw new NoWay();
      const loop = this.trees.around(copy.at, (n) => n.kind === Kind.ForStmt && this.trees.contains(n, write));
      if (loop !== null && (declared === undefined || !this.trees.contains(loop, declared))) throw new NoWay();
      if (this.jumpsBack(home)) throw new NoWay();
    }
  }

  private jumpsBack(fn: Node | null): boolean {
    let found = false;
    if (fn !== null) {
      inspect(fn, (node) => {
        if (node?.kind === Kind.BranchStmt && node.tok === TokenKind.Goto) found = true;
        return !found;
      });
    }
    return found;
  }

  /** Every value that the local pointer variable gets was made for it alone. */
  private isFresh(slot: Var): boolean {
    let fresh = true;
    for (const name of this.trees.uses(slot)) {
      const parent = this.trees.parent(name);
      if (parent?.kind === Kind.AssignStmt && parent.lhs === name)
        fresh &&= parent.rhs !== null && this.isFreshValue(parent.rhs, 0);
      else if (parent?.kind === Kind.ListExpr) fresh = false;
      else if (parent?.kind === Kind.VarDecl && name.pos === slot.pos)
        fresh &&= parent.values !== null && parent.names.length === 1 && this.isFreshValue(parent.values, 0);
    }
    return fresh;
  }

  private isFreshValue(value: Expr, depth: number): boolean {
    const e = unparen(value);
    if (depth > 4) return false;
    if (e.kind === Kind.Operation && e.op === Op.And && e.y === null) {
      const x = unparen(e.x);
      if (x.kind === Kind.CompositeLit) return true;
      const obj = x.kind === Kind.Name ? objectOf(x) : null;
      return obj?.kind === ObjKind.Var && this.copies.filter((copy) => copy.source === obj).length === 1;
    }
    if (e.kind !== Kind.CallExpr) return false;
    const callee = objectOf(e.fun);
    if (callee?.kind === ObjKind.Builtin) return callee.name === "new";
    if (callee?.kind !== ObjKind.Func) return false;
    const decl = this.resultOwners.get((callee as Func).origin.type?.results.vars[0] as Var);
    if (decl === undefined || decl.body === null) return false;
    let fresh = true;
    inspect(decl.body, (node) => {
      if (node !== null && isFunction(node)) return false;
      if (node?.kind === Kind.ReturnStmt) {
        const result = node.results;
        fresh &&= result !== null && (this.isFreshValue(result, depth + 1) || this.isOnlyReturned(result));
      }
      return fresh;
    });
    return fresh;
  }

  /** A local variable with a value of its own that goes nowhere but into a result. */
  private isOnlyReturned(value: Expr): boolean {
    const e = unparen(value);
    const obj = e.kind === Kind.Name ? objectOf(e) : null;
    if (obj?.kind !== ObjKind.Var || (obj as Var).varKind !== VarKind.LocalVar) return false;
    const copies = this.copies.filter((copy) => copy.source === obj);
    return copies.every((copy) => copy.at.kind === Kind.ReturnStmt) && this.isFresh(obj as Var);
  }
}
