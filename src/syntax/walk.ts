/** Tree traversal in pre-order (cmd/compile/internal/syntax/walk.go). Types shared by the fields of a group are
 *  visited once for each field. */
import { type Expr, Kind, type Node, type Operation } from "./ast.ts";

/** Calls `f(node)`; if that is true, goes on to the children of the node and then calls `f(null)`. */
export function inspect(root: Node, f: (node: Node | null) => boolean): void {
  if (isBinary(root)) {
    inspectChain(root, f);
    return;
  }
  if (!f(root)) return;
  eachChild(root, (child) => inspect(child, f));
  f(null);
}

/** Calls `f(node)`; goes on to the children of the node unless that is true. */
export function crawl(root: Node, f: (node: Node) => boolean): void {
  inspect(root, (node) => node !== null && !f(node));
}

/** Operations lean to the left, `a + b + c …` may have thousands of operands: walks down the left side in a loop. */
function inspectChain(root: Operation, f: (node: Node | null) => boolean): void {
  const chain: Operation[] = [];
  let left: Expr = root;
  while (isBinary(left) && f(left)) {
    chain.push(left);
    left = left.x;
  }
  if (!isBinary(left)) inspect(left, f);
  for (let i = chain.length - 1; i >= 0; i--) {
    inspect(chain[i].y!, f);
    f(null);
  }
}

function isBinary(node: Node): node is Operation {
  return node.kind === Kind.Operation && node.y !== null;
}

/** Calls `f` for the children of a node in the order in which the compiler walks them. */
export function eachChild(n: Node, f: (child: Node) => void): void {
  switch (n.kind) {
    case Kind.File:
      f(n.pkgName);
      each(n.decls, f);
      break;
    case Kind.ImportDecl:
      maybe(n.localPkgName, f);
      f(n.path);
      break;
    case Kind.ConstDecl:
    case Kind.VarDecl:
      each(n.names, f);
      maybe(n.type, f);
      maybe(n.values, f);
      break;
    case Kind.TypeDecl:
      f(n.name);
      each(n.tparams, f);
      f(n.type);
      break;
    case Kind.FuncDecl:
      maybe(n.recv, f);
      f(n.name);
      each(n.tparams, f);
      f(n.type);
      maybe(n.body, f);
      break;
    case Kind.CompositeLit:
      maybe(n.typeExpr, f);
      each(n.elems, f);
      break;
    case Kind.KeyValueExpr:
    case Kind.MapType:
      f(n.key);
      f(n.value);
      break;
    case Kind.FuncLit:
      f(n.funcType);
      f(n.body);
      break;
    case Kind.ParenExpr:
    case Kind.ExprStmt:
      f(n.x);
      break;
    case Kind.SelectorExpr:
      f(n.x);
      f(n.sel);
      break;
    case Kind.IndexExpr:
      f(n.x);
      f(n.index);
      break;
    case Kind.SliceExpr:
      f(n.x);
      for (const index of n.index) maybe(index, f);
      break;
    case Kind.AssertExpr:
      f(n.x);
      f(n.typeExpr);
      break;
    case Kind.TypeSwitchGuard:
    case Kind.RangeClause:
      maybe(n.lhs, f);
      f(n.x);
      break;
    case Kind.Operation:
      f(n.x);
      maybe(n.y, f);
      break;
    case Kind.CallExpr:
      f(n.fun);
      each(n.args, f);
      break;
    case Kind.ListExpr:
      each(n.elems, f);
      break;
    case Kind.ArrayType:
      maybe(n.len, f);
      f(n.elem);
      break;
    case Kind.SliceType:
    case Kind.DotsType:
    case Kind.ChanType:
      f(n.elem);
      break;
    case Kind.StructType:
      each(n.fields, f);
      for (const tag of n.tags) maybe(tag, f);
      break;
    case Kind.Field:
      maybe(n.name, f);
      f(n.type);
      break;
    case Kind.InterfaceType:
      each(n.methods, f);
      break;
    case Kind.FuncType:
      each(n.params, f);
      each(n.results, f);
      break;
    case Kind.LabeledStmt:
      f(n.label);
      f(n.stmt);
      break;
    case Kind.BlockStmt:
      each(n.list, f);
      break;
    case Kind.SendStmt:
      f(n.chan);
      f(n.value);
      break;
    case Kind.DeclStmt:
      each(n.decls, f);
      break;
    case Kind.AssignStmt:
      f(n.lhs);
      maybe(n.rhs, f);
      break;
    case Kind.BranchStmt:
      maybe(n.label, f);
      break;
    case Kind.CallStmt:
      f(n.call);
      break;
    case Kind.ReturnStmt:
      maybe(n.results, f);
      break;
    case Kind.IfStmt:
      maybe(n.init, f);
      f(n.cond);
      f(n.then);
      maybe(n.else_, f);
      break;
    case Kind.ForStmt:
      maybe(n.init, f);
      maybe(n.cond, f);
      maybe(n.post, f);
      f(n.body);
      break;
    case Kind.SwitchStmt:
      maybe(n.init, f);
      maybe(n.tag, f);
      each(n.body, f);
      break;
    case Kind.SelectStmt:
      each(n.body, f);
      break;
    case Kind.CaseClause:
      maybe(n.cases, f);
      each(n.body, f);
      break;
    case Kind.CommClause:
      maybe(n.comm, f);
      each(n.body, f);
      break;
    case Kind.BadExpr:
    case Kind.Name:
    case Kind.BasicLit:
    case Kind.EmptyStmt:
      break;
  }
}

function each(list: readonly Node[], f: (child: Node) => void): void {
  for (const node of list) f(node);
}

function maybe(node: Node | null, f: (child: Node) => void): void {
  if (node !== null) f(node);
}

/** `x` without parentheses around it. */
export function unparen(x: Expr): Expr {
  let inner = x;
  while (inner.kind === Kind.ParenExpr) inner = inner.x;
  return inner;
}
