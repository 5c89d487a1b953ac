/** Values instead of pointers: follows a pointer from where it is made through variables, parameters, results, fields
 *  and containers, and rewrites all of them to hold the value. It gives up where a use needs a pointer (nil, identity,
 *  unknown code), and where the program could tell a copy from the original: when one of them is written to after the
 *  copy. */

import type { Pos } from "../../base/pos.ts";
import {
  type CallExpr,
  type CompositeLit,
  type Expr,
  type Field,
  type FuncDecl,
  Kind,
  Mode,
  type Name,
  type Node,
} from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import { Op } from "../../syntax/tokens.ts";
import { inspect, unparen } from "../../syntax/walk.ts";
import { type Func, ObjKind, SelectionKind, type Type, TypeKind, type Var, VarKind } from "../../types/types.ts";
import { under } from "../../types/under.ts";
import type { Scene } from "../explain/scene.ts";
import { isFunction, objectOf, type Trees } from "../trees.ts";
import type { TextEdit } from "./edits.ts";
import { elementOf, fieldsOf, mustNotCopy, NoWay, pick, type Shape, shapeOf } from "./shapes.ts";
import { Sharing } from "./sharing.ts";

/** Larger values are cheaper to allocate than to copy around. */
const maxCopiedSize = 256;

/** Edits that make everything that the pointer expressions `starts` reach hold values; null if that cannot be done. */
export function byValue(scene: Scene, starts: readonly Expr[]): TextEdit[] | null {
  try {
    return new ByValue(scene).run(starts);
  } catch (error) {
    if (error instanceof NoWay) return null;
    throw error;
  }
}

class ByValue {
  private readonly trees: Trees;
  private readonly edits: TextEdit[] = [];
  private readonly slots = new Set<Var>();
  private readonly todo: Var[] = [];
  private readonly used = new Set<Node>();
  private readonly converted = new Set<Node>();
  private readonly sharing: Sharing;
  private readonly resultOwners = new Map<Var, FuncDecl>();

  constructor(private readonly scene: Scene) {
    this.trees = scene.trees;
    this.sharing = new Sharing(this.trees, this.slots, this.resultOwners, this.converted);
    for (const file of scene.result.files) {
      for (const decl of file.decls) {
        if (decl.kind !== Kind.FuncDecl) continue;
        const fn = decl.name.obj?.kind === ObjKind.Func ? (decl.name.obj as Func) : null;
        for (const result of fn?.type?.results.vars ?? []) this.resultOwners.set(result, decl);
      }
    }
  }

  run(starts: readonly Expr[]): TextEdit[] {
    for (const start of starts) {
      this.intoValue(start, "pointer");
      this.use(start, "pointer");
    }
    for (let slot = this.todo.pop(); slot !== undefined; slot = this.todo.pop()) this.convertSlot(slot);
    this.sharing.checkWrites();
    return this.edits;
  }

  private edit(start: Pos, end: Pos, text: string): void {
    this.edits.push({ start, end, text });
  }

  // ------------------------------------------------------------------------------------------------- slots

  private addSlot(slot: Var, shape: Shape): void {
    if (this.slots.has(slot)) return;
    if (slot.pkg !== this.scene.result.checked?.pkg || shapeOf(slot.type) !== shape) throw new NoWay();
    this.checkPointee(slot.type as Type);
    this.slots.add(slot);
    this.todo.push(slot);
  }

  private checkPointee(type: Type): void {
    const pointer = type.kind === TypeKind.Pointer ? type : elementOf(type);
    if (pointer?.kind !== TypeKind.Pointer) throw new NoWay();
    if (mustNotCopy(pointer.base, 0)) throw new NoWay();
    if (pointer.base.kind !== TypeKind.TypeParam && this.scene.session.sizes.sizeof(pointer.base) > maxCopiedSize)
      throw new NoWay();
  }

  private convertSlot(slot: Var): void {
    const shape = shapeOf(slot.type) as Shape;
    const isResult = this.resultOwners.get(slot);
    if (isResult !== undefined) this.convertResult(slot, isResult, shape);
    for (const name of this.trees.uses(slot)) {
      if (name.pos === slot.pos) this.convertDeclaration(slot, name, shape);
      else this.use(this.operand(name), shape);
    }
  }

  /** A field's name stands for itself in `x.f` and as the key of a literal. */
  private operand(name: Name): Expr {
    const parent = this.trees.parent(name);
    return parent?.kind === Kind.SelectorExpr && parent.sel === name ? parent : name;
  }

  private convertDeclaration(slot: Var, name: Name, shape: Shape): void {
    const parent = this.trees.parent(name);
    switch (parent?.kind) {
      case Kind.Field:
        this.convertField(slot, parent, shape);
        return;
      case Kind.VarDecl:
        this.checkExported(name);
        if (parent.type !== null) {
          this.convertType(parent.type, shape);
          for (const other of parent.names) if (other.obj?.kind === ObjKind.Var) this.addSlot(other.obj as Var, shape);
        }
        if (parent.values !== null)
          this.intoValue(pick(parent.values, parent.names.indexOf(name), parent.names.length), shape);
        return;
      case Kind.AssignStmt:
      case Kind.ListExpr:
        this.use(name, shape);
        return;
      case Kind.RangeClause:
        this.intoValue(parent.x, "container");
        return;
      default:
        throw new NoWay();
    }
  }

  private checkExported(name: Name): void {
    const { checked } = this.scene.result;
    if (checked?.pkg.name !== "main" && /^\p{Lu}/u.test(name.value)) throw new NoWay();
  }

  private convertField(slot: Var, field: Field, shape: Shape): void {
    const around = this.around(field);
    // Names of one group share their type.
    const group = fieldsOf(around).filter((other) => other.type === field.type);
    for (const other of group) {
      if (other.name?.obj?.kind === ObjKind.Var) this.addSlot((other.name.obj as Var).origin, shape);
    }
    this.convertType(field.type, shape);
    if (around.kind === Kind.StructType) {
      if (field.name === null) throw new NoWay();
      this.checkExported(field.name);
      this.convertLiterals(slot, shape);
      return;
    }
    if (slot.varKind !== VarKind.ParamVar) {
      if (slot.varKind === VarKind.ResultVar) return;
      throw new NoWay(); // receivers
    }
    const decl = this.trees.parent(around);
    if (decl?.kind !== Kind.FuncDecl) throw new NoWay();
    this.checkExported(decl.name);
    const index = decl.type.params.indexOf(field);
    if (index < 0 || field.type.kind === Kind.DotsType) throw new NoWay();
    for (const call of this.callsOf(decl)) {
      if (call.hasDots || index >= call.args.length) throw new NoWay();
      this.intoValue(call.args[index], shape);
    }
  }

  private around(field: Field): Node {
    const parent = this.trees.parent(field);
    if (parent === null) throw new NoWay();
    return parent;
  }

  /** Values for a field come from literals without keys, too. */
  private convertLiterals(slot: Var, shape: Shape): void {
    for (const file of this.scene.result.files) {
      inspect(file, (node) => {
        if (node?.kind === Kind.CompositeLit && node.nkeys === 0 && node.elems.length > 0 && node.type !== null) {
          const struct = under(node.type.kind === TypeKind.Pointer ? node.type.base : node.type);
          if (struct.kind === TypeKind.Struct) {
            const index = struct.fields.findIndex((f) => f.origin === slot);
            if (index >= 0) this.intoValue(node.elems[index], shape);
          }
        }
        return true;
      });
    }
  }

  /** The calls of a function; it may not be used in other ways. */
  private callsOf(decl: FuncDecl): CallExpr[] {
    const calls: CallExpr[] = [];
    for (const name of this.trees.uses(decl.name.obj as Func)) {
      if (name === decl.name) continue;
      let fun: Expr = this.operand(name);
      let parent = this.trees.parent(fun);
      while (parent?.kind === Kind.ParenExpr || (parent?.kind === Kind.IndexExpr && parent.x === fun)) {
        fun = parent;
        parent = this.trees.parent(fun);
      }
      if (parent?.kind !== Kind.CallExpr || parent.fun !== fun) throw new NoWay();
      const method = unparen(parent.fun);
      if (method.kind === Kind.SelectorExpr && method.selection?.kind === SelectionKind.MethodExpr) throw new NoWay();
      const statement = this.trees.parent(parent);
      if (statement?.kind === Kind.CallStmt) throw new NoWay();
      calls.push(parent);
    }
    return calls;
  }

  private convertResult(slot: Var, decl: FuncDecl, shape: Shape): void {
    this.checkExported(decl.name);
    const results = (decl.name.obj as Func).type!.results.vars;
    const index = results.indexOf(slot);
    const field = decl.type.results[index];
    if (decl.body === null) throw new NoWay();
    if (field.name === null) this.convertType(field.type, shape);
    inspect(decl.body, (node) => {
      if (node !== null && isFunction(node)) return false;
      if (node?.kind === Kind.ReturnStmt && node.results !== null) {
        const value = pick(node.results, index, results.length);
        this.sharing.copiesFrom(value, node);
        this.intoValue(value, shape);
      }
      return true;
    });
    for (const call of this.callsOf(decl)) {
      if (results.length === 1) {
        this.use(call, shape);
        continue;
      }
      const parent = this.trees.parent(call);
      if (parent?.kind === Kind.ExprStmt) continue;
      if (parent?.kind !== Kind.AssignStmt || parent.rhs !== call || parent.lhs.kind !== Kind.ListExpr)
        throw new NoWay();
      this.intoSlot(parent.lhs.elems[index], shape);
    }
  }

  /** `*T` → `T`, here or as the element. */
  private convertType(type: Expr, shape: Shape): void {
    const t = unparen(type);
    if (shape === "pointer") {
      if (t.kind !== Kind.Operation || t.op !== Op.Mul || t.y !== null) throw new NoWay();
      this.edit(t.pos, startPos(t.x), "");
      return;
    }
    switch (t.kind) {
      case Kind.SliceType:
      case Kind.ArrayType:
      case Kind.ChanType:
        this.convertType(t.elem, "pointer");
        return;
      case Kind.MapType:
        this.convertType(t.value, "pointer");
        return;
      default:
        throw new NoWay();
    }
  }

  // ------------------------------------------------------------------------------------------------- values that flow in

  /** `e`, which held a pointer, is to hold the value. */
  private intoValue(expr: Expr, shape: Shape): void {
    const e = unparen(expr);
    if (this.converted.has(e)) return;
    this.converted.add(e);
    if (shape === "container") this.intoContainer(e);
    else this.intoPointee(e);
  }

  private intoPointee(e: Expr): void {
    switch (e.kind) {
      case Kind.Operation:
        if (e.op === Op.And && e.y === null) {
          const x = unparen(e.x);
          if (e.x.type === null || mustNotCopy(e.x.type, 0)) throw new NoWay();
          this.edit(e.pos, startPos(e.x), "");
          if (x.kind !== Kind.CompositeLit) this.sharing.copyOf(x, e);
          return;
        }
        if (e.op === Op.Recv && e.y === null) {
          this.intoValue(e.x, "container");
          return;
        }
        throw new NoWay();
      case Kind.CallExpr: {
        const callee = objectOf(e.fun);
        if (callee?.kind === ObjKind.Builtin && callee.name === "new") {
          this.convertNew(e);
          return;
        }
        this.addResult(e, "pointer");
        return;
      }
      case Kind.IndexExpr:
        this.intoValue(e.x, "container");
        return;
      case Kind.Name:
      case Kind.SelectorExpr:
        this.intoSlot(e, "pointer");
        return;
      default:
        throw new NoWay();
    }
  }

  private intoContainer(e: Expr): void {
    switch (e.kind) {
      case Kind.CompositeLit:
        this.convertLiteral(e);
        return;
      case Kind.CallExpr: {
        const callee = objectOf(e.fun);
        if (callee?.kind === ObjKind.Builtin && callee.name === "make") {
          this.convertType(e.args[0], "container");
          return;
        }
        if (callee?.kind === ObjKind.Builtin && callee.name === "append") {
          this.convertAppend(e);
          return;
        }
        this.addResult(e, "container");
        return;
      }
      case Kind.SliceExpr:
        this.intoValue(e.x, "container");
        return;
      case Kind.Name:
        if (e.obj?.kind === ObjKind.Nil) return;
        this.intoSlot(e, "container");
        return;
      case Kind.SelectorExpr:
        this.intoSlot(e, "container");
        return;
      default:
        throw new NoWay();
    }
  }

  private convertLiteral(lit: CompositeLit): void {
    if (lit.typeExpr === null) throw new NoWay();
    this.convertType(lit.typeExpr, "container");
    for (const elem of lit.elems) {
      const value = elem.kind === Kind.KeyValueExpr ? elem.value : elem;
      if (value.kind === Kind.CompositeLit && value.typeExpr === null) continue; // `{…}` is a T as well as a *T
      this.intoValue(value, "pointer");
    }
    this.use(lit, "container");
  }

  private convertAppend(call: CallExpr): void {
    this.intoValue(call.args[0], "container");
    for (const arg of call.args.slice(1)) {
      this.sharing.copiesFrom(arg, call);
      this.intoValue(arg, call.hasDots ? "container" : "pointer");
    }
  }

  /** `new(T)` is T's zero value, `new(x)` is x. */
  private convertNew(call: CallExpr): void {
    const arg = call.args[0];
    const start = startPos(call);
    if (arg.mode !== Mode.TypExpr) {
      const parent = this.trees.parent(call);
      const bare =
        parent?.kind === Kind.ReturnStmt || parent?.kind === Kind.AssignStmt || parent?.kind === Kind.VarDecl;
      this.edit(start, bare ? startPos(arg) : call.pos, "");
      if (bare) this.edit(arg.end, call.end, "");
      return;
    }
    const type = arg.type === null ? null : under(arg.type);
    if (
      type?.kind === TypeKind.Basic &&
      arg.type === type &&
      ["int", "string", "bool", "float64"].includes(type.name)
    ) {
      const zero = type.name === "int" ? "0" : type.name === "string" ? '""' : type.name === "bool" ? "false" : "0.0";
      this.edit(start, call.end, zero);
    } else if (type?.kind === TypeKind.Struct && arg.kind === Kind.Name) {
      this.edit(start, call.end, `${arg.value}{}`);
    } else {
      this.edit(start, start, "*");
    }
  }

  private addResult(call: CallExpr, shape: Shape): void {
    const callee = objectOf(call.fun);
    const fn = callee?.kind === ObjKind.Func ? (callee as Func).origin : null;
    const result = fn?.type?.results.vars[0];
    if (fn === null || result === undefined || fn.type?.results.vars.length !== 1) throw new NoWay();
    if (!this.resultOwners.has(result)) throw new NoWay();
    this.addSlot(result, shape);
  }

  private intoSlot(target: Expr, shape: Shape): void {
    const e = unparen(target);
    if (e.kind === Kind.Name && e.value === "_") return;
    if (e.kind === Kind.IndexExpr && shape === "pointer") {
      this.intoValue(e.x, "container");
      return;
    }
    if (e.kind !== Kind.Name && e.kind !== Kind.SelectorExpr) throw new NoWay();
    const obj = objectOf(e);
    if (obj?.kind !== ObjKind.Var) throw new NoWay();
    this.addSlot(obj as Var, shape);
  }

  // ------------------------------------------------------------------------------------------------- uses

  /** What is done with `expr`, which held a pointer. */
  private use(expr: Expr, shape: Shape): void {
    let e: Expr = expr;
    let parent = this.trees.parent(e);
    while (parent?.kind === Kind.ParenExpr) {
      e = parent;
      parent = this.trees.parent(e);
    }
    if (this.used.has(e)) return;
    this.used.add(e);
    if (parent === null) throw new NoWay();
    if (shape === "container" ? this.useContainer(e, parent) : this.usePointer(e, parent)) return;
    this.passOn(e, parent, shape);
  }

  private usePointer(e: Expr, parent: Node): boolean {
    if (parent.kind === Kind.Operation && parent.op === Op.Mul && parent.y === null) {
      this.edit(parent.pos, startPos(parent.x), "");
      if (this.sharing.isWritten(parent)) this.sharing.write(e, parent);
      return true;
    }
    if (parent.kind === Kind.SelectorExpr && parent.x === e) {
      const { selection } = parent;
      if (selection === null) throw new NoWay();
      if (selection.kind === SelectionKind.FieldVal) {
        if (this.sharing.isWritten(parent)) this.sharing.write(e, parent);
        return true;
      }
      const call = this.trees.parent(parent);
      if (call?.kind !== Kind.CallExpr || call.fun !== parent) throw new NoWay();
      if ((selection.obj as Func).hasPtrRecv) this.sharing.write(e, parent);
      return true;
    }
    return false;
  }

  private useContainer(e: Expr, parent: Node): boolean {
    switch (parent.kind) {
      case Kind.IndexExpr:
        if (parent.x !== e) throw new NoWay();
        this.use(parent, "pointer");
        return true;
      case Kind.SliceExpr:
        if (parent.x !== e) throw new NoWay();
        this.use(parent, "container");
        return true;
      case Kind.Operation:
        if (parent.op === Op.Recv && parent.y === null) {
          this.use(parent, "pointer");
          return true;
        }
        if ((parent.op === Op.Eql || parent.op === Op.Neq) && parent.y !== null) return true; // with nil
        throw new NoWay();
      case Kind.RangeClause: {
        const { lhs } = parent;
        if (parent.x !== e) throw new NoWay();
        const isChan = e.type !== null && under(e.type).kind === TypeKind.Chan;
        const value = lhs === null ? null : isChan ? lhs : lhs.kind === Kind.ListExpr ? (lhs.elems[1] ?? null) : null;
        if (value !== null) this.intoSlot(value, "pointer");
        return true;
      }
      case Kind.SendStmt:
        if (parent.chan !== e) throw new NoWay();
        this.sharing.copiesFrom(parent.value, parent);
        this.intoValue(parent.value, "pointer");
        return true;
      case Kind.CallExpr:
        return this.useInBuiltin(e, parent);
      default:
        return false;
    }
  }

  private useInBuiltin(e: Expr, call: CallExpr): boolean {
    const callee = objectOf(call.fun);
    if (callee?.kind !== ObjKind.Builtin) return false;
    switch (callee.name) {
      case "len":
      case "cap":
      case "close":
      case "clear":
        return true;
      case "delete":
        if (call.args[0] !== e) throw new NoWay();
        return true;
      case "append":
        this.converted.add(call);
        this.convertAppend(call);
        this.use(call, "container");
        return true;
      case "copy":
        for (const arg of call.args) this.intoValue(arg, "container");
        return true;
      default:
        throw new NoWay();
    }
  }

  /** `e` flows into something else that then holds the value too. */
  private passOn(e: Expr, parent: Node, shape: Shape): void {
    switch (parent.kind) {
      case Kind.AssignStmt:
        this.assign(e, parent.lhs, parent.rhs, parent.lhs === e, parent, shape);
        return;
      case Kind.ListExpr: {
        const around = this.trees.parent(parent);
        const index = parent.elems.indexOf(e);
        if (around?.kind === Kind.AssignStmt) {
          if (around.rhs?.kind !== Kind.ListExpr || around.lhs.kind !== Kind.ListExpr) {
            if (around.lhs === parent && around.rhs !== null) {
              this.commaOk(around.rhs, index, shape);
              return;
            }
            throw new NoWay();
          }
          this.assign(e, around.lhs.elems[index], around.rhs.elems[index], around.lhs === parent, around, shape);
          return;
        }
        if (around?.kind === Kind.ReturnStmt) {
          this.returned(e, around, index, shape);
          return;
        }
        if (around?.kind === Kind.VarDecl) {
          this.sharing.copiesFrom(e, around);
          this.intoSlot(around.names[index], shape);
          return;
        }
        if (around?.kind === Kind.RangeClause && around.lhs === parent && index === 1) {
          this.intoValue(around.x, "container");
          return;
        }
        throw new NoWay();
      }
      case Kind.RangeClause:
        if (parent.lhs !== e) throw new NoWay();
        this.intoValue(parent.x, "container");
        return;
      case Kind.VarDecl:
        this.sharing.copiesFrom(e, parent);
        this.intoSlot(parent.names[0], shape);
        return;
      case Kind.ReturnStmt:
        this.returned(e, parent, 0, shape);
        return;
      case Kind.CallExpr:
        this.argument(e, parent, shape);
        return;
      case Kind.KeyValueExpr:
        this.keyed(e, parent.key, parent.value === e, this.trees.parent(parent), shape);
        return;
      case Kind.CompositeLit:
        this.element(e, parent, shape);
        return;
      case Kind.SendStmt:
        if (parent.value !== e) throw new NoWay();
        this.sharing.copiesFrom(e, parent);
        this.intoValue(parent.chan, "container");
        return;
      default:
        throw new NoWay();
    }
  }

  /** `v, ok = m[k]`, `v, err = f()`. */
  private commaOk(rhs: Expr, index: number, shape: Shape): void {
    const value = unparen(rhs);
    if (value.kind === Kind.CallExpr) {
      const callee = objectOf(value.fun);
      const result = callee?.kind === ObjKind.Func ? (callee as Func).origin.type?.results.vars[index] : undefined;
      if (result === undefined || !this.resultOwners.has(result)) throw new NoWay();
      this.addSlot(result, shape);
    } else if (index === 0 && value.kind === Kind.IndexExpr) this.intoValue(value.x, "container");
    else if (index === 0 && value.kind === Kind.Operation && value.op === Op.Recv) this.intoValue(value.x, "container");
    else throw new NoWay();
  }

  private assign(e: Expr, lhs: Expr, rhs: Expr | null, isTarget: boolean, at: Node, shape: Shape): void {
    if (rhs === null) throw new NoWay();
    if (isTarget) {
      this.sharing.copiesFrom(rhs, at);
      this.intoValue(rhs, shape);
      return;
    }
    this.sharing.copiesFrom(e, at);
    this.intoSlot(lhs, shape);
    if (unparen(lhs).kind !== Kind.Name || shape === "pointer") this.markUse(lhs, shape);
  }

  private markUse(lhs: Expr, shape: Shape): void {
    if (unparen(lhs).kind === Kind.IndexExpr) this.used.add(lhs);
    else if (!(unparen(lhs).kind === Kind.Name && (unparen(lhs) as Name).value === "_")) this.use(lhs, shape);
  }

  private returned(e: Expr, statement: Node, index: number, shape: Shape): void {
    const fn = this.trees.functionOf(statement);
    if (fn?.kind !== Kind.FuncDecl) throw new NoWay();
    const results = (fn.name.obj as Func).type?.results.vars ?? [];
    this.sharing.copiesFrom(e, statement);
    this.addSlot(results[index], shape);
  }

  private argument(e: Expr, call: CallExpr, shape: Shape): void {
    const index = call.args.indexOf(e);
    const callee = objectOf(call.fun);
    if (index < 0) throw new NoWay();
    if (callee?.kind === ObjKind.Builtin && callee.name === "append" && index > 0) {
      this.sharing.copiesFrom(e, call);
      this.intoValue(call, "container");
      this.use(call, "container");
      return;
    }
    if (callee?.kind !== ObjKind.Func) throw new NoWay();
    const params = (callee as Func).origin.type?.params.vars ?? [];
    if (index >= params.length || call.hasDots) throw new NoWay();
    this.sharing.copiesFrom(e, call);
    this.addSlot(params[index], shape);
  }

  private keyed(e: Expr, key: Expr, isValue: boolean, lit: Node | null, shape: Shape): void {
    if (lit?.kind !== Kind.CompositeLit || lit.type === null) throw new NoWay();
    const type = under(lit.type.kind === TypeKind.Pointer ? lit.type.base : lit.type);
    if (type.kind === TypeKind.Struct) {
      const pair = this.trees.parent(e);
      if (pair?.kind !== Kind.KeyValueExpr) throw new NoWay();
      if (!isValue) {
        this.sharing.copiesFrom(pair.value, lit);
        this.intoValue(pair.value, shape); // `e` is the field's name
        return;
      }
      const obj = key.kind === Kind.Name ? key.obj : null;
      if (obj?.kind !== ObjKind.Var) throw new NoWay();
      this.sharing.copiesFrom(e, lit);
      this.addSlot((obj as Var).origin, shape);
      return;
    }
    if (!isValue || shape !== "pointer") throw new NoWay();
    this.sharing.copiesFrom(e, lit);
    this.intoValue(lit, "container");
  }

  private element(e: Expr, lit: CompositeLit, shape: Shape): void {
    if (lit.type === null) throw new NoWay();
    const type = under(lit.type.kind === TypeKind.Pointer ? lit.type.base : lit.type);
    this.sharing.copiesFrom(e, lit);
    if (type.kind === TypeKind.Struct) {
      this.addSlot(type.fields[lit.elems.indexOf(e)].origin, shape);
      return;
    }
    if (shape !== "pointer") throw new NoWay();
    this.intoValue(lit, "container");
  }
}
