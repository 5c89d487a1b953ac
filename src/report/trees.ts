/** The syntax trees of a package, with the ways through them that explanations and edits need: from a place to what
 *  stands there, from a node to the one around it, from an object to its uses. */

import type { FileSet, Pos } from "../base/pos.ts";
import {
  type Expr,
  type File,
  type FuncDecl,
  type FuncLit,
  type FuncType,
  Kind,
  type Name,
  type Node,
} from "../syntax/ast.ts";
import { inspect, unparen } from "../syntax/walk.ts";
import { type Func, type Obj, ObjKind, type Type, TypeKind, type Var } from "../types/types.ts";
import { under } from "../types/under.ts";

export class Trees {
  private readonly parents = new Map<Node, Node>();
  private readonly places = new Map<Pos, Node[]>();
  private readonly names = new Map<Obj, Name[]>();

  constructor(
    readonly fset: FileSet,
    readonly files: readonly File[],
  ) {
    for (const file of files) this.index(file);
  }

  private index(file: File): void {
    const stack: Node[] = [];
    inspect(file, (node) => {
      if (node === null) {
        stack.pop();
        return true;
      }
      if (stack.length > 0) this.parents.set(node, stack[stack.length - 1]);
      stack.push(node);
      const here = this.places.get(node.pos);
      if (here === undefined) this.places.set(node.pos, [node]);
      else if (!here.includes(node)) here.push(node);
      if (node.kind === Kind.Name && node.obj !== null) this.addUse(originOf(node.obj), node);
      return true;
    });
  }

  private addUse(obj: Obj, name: Name): void {
    const uses = this.names.get(obj);
    if (uses === undefined) this.names.set(obj, [name]);
    else if (!uses.includes(name)) uses.push(name);
  }

  parent(node: Node): Node | null {
    return this.parents.get(node) ?? null;
  }

  /** What stands at `pos`, outer nodes first. */
  at(pos: Pos): readonly Node[] {
    return this.places.get(this.fset.innermost(pos)) ?? [];
  }

  /** The outermost node of one of the given kinds at `pos`. */
  find<K extends Kind>(pos: Pos, ...kinds: K[]): Extract<Node, { kind: K }> | null {
    for (const node of this.at(pos))
      if ((kinds as Kind[]).includes(node.kind)) return node as Extract<Node, { kind: K }>;
    return null;
  }

  /** Every identifier that stands for `obj`, its declaration included. */
  uses(obj: Obj): readonly Name[] {
    return this.names.get(originOf(obj)) ?? [];
  }

  /** The nearest node around `node` (itself excluded) that `test` accepts. */
  around(node: Node, test: (node: Node) => boolean): Node | null {
    for (let at = this.parent(node); at !== null; at = this.parent(at)) if (test(at)) return at;
    return null;
  }

  /** The function declaration or literal around a node. */
  functionOf(node: Node): FuncDecl | FuncLit | null {
    return this.around(node, isFunction) as FuncDecl | FuncLit | null;
  }

  /** How many loops of its function a node stands in. */
  loopDepth(node: Node): number {
    let depth = 0;
    for (let at = this.parent(node); at !== null && !isFunction(at); at = this.parent(at))
      if (at.kind === Kind.ForStmt) depth++;
    return depth;
  }

  contains(outer: Node, node: Node): boolean {
    for (let at: Node | null = node; at !== null; at = this.parent(at)) if (at === outer) return true;
    return false;
  }
}

export function isFunction(node: Node): node is FuncDecl | FuncLit {
  return node.kind === Kind.FuncDecl || node.kind === Kind.FuncLit;
}

export function typeOfFunction(fn: FuncDecl | FuncLit): FuncType {
  return fn.kind === Kind.FuncDecl ? fn.type : fn.funcType;
}

/** Of fields, parameters and methods of instances the one of the generic declaration. */
export function originOf(obj: Obj): Obj {
  return obj.kind === ObjKind.Var || obj.kind === ObjKind.Func ? (obj as Var | Func).origin : obj;
}

/** The object that an operand denotes: of a name, a qualified name, a field or a method; null for other expressions. */
export function objectOf(x: Expr): Obj | null {
  const e = unparen(x);
  if (e.kind === Kind.Name) return e.obj === null ? null : originOf(e.obj);
  if (e.kind === Kind.SelectorExpr) {
    if (e.selection !== null) return originOf(e.selection.obj);
    return e.sel.obj === null ? null : originOf(e.sel.obj);
  }
  if (e.kind === Kind.IndexExpr) {
    const obj = objectOf(e.x);
    return obj !== null && obj.kind === ObjKind.Func ? obj : null; // type arguments written out
  }
  return null;
}

/** `string`, or a type made of it. */
export function isStringType(type: Type | null): boolean {
  if (type === null) return false;
  const t = under(type);
  return t.kind === TypeKind.Basic && /string$/.test(t.name);
}
