/** Where nodes begin and end (cmd/compile/internal/syntax/positions.go). */
import type { Pos } from "../base/pos.ts";
import { type Expr, Kind, type Node, type Stmt } from "./ast.ts";

/** The first byte of a node, as far as the compiler bothers: parentheses and type keywords count as they stand,
 *  a slice expression starts at its bracket, a file at its package clause. */
export function startPos(n: Node): Pos {
  let m: Node = n;
  for (;;) {
    switch (m.kind) {
      case Kind.CompositeLit:
        if (m.typeExpr === null) return m.pos;
        m = m.typeExpr;
        break;
      case Kind.KeyValueExpr:
        m = m.key;
        break;
      case Kind.SelectorExpr:
      case Kind.IndexExpr:
      case Kind.AssertExpr:
        m = m.x;
        break;
      case Kind.TypeSwitchGuard:
        m = m.lhs ?? m.x;
        break;
      case Kind.Operation:
        if (m.y === null) return m.pos;
        m = m.x;
        break;
      case Kind.CallExpr:
        m = m.fun;
        break;
      case Kind.ListExpr:
        if (m.elems.length === 0) return m.pos;
        m = m.elems[0];
        break;
      case Kind.SendStmt:
        m = m.chan;
        break;
      case Kind.AssignStmt:
        m = m.lhs;
        break;
      case Kind.RangeClause:
        m = m.lhs ?? m.x;
        break;
      default:
        return m.pos;
    }
  }
}

/** The compiler's idea of where a node ends, which scopes depend on: after names and literals, at closing braces,
 *  otherwise where its last part ends. `node.end` is exact. */
export function endPos(n: Node): Pos {
  let m: Node = n;
  for (;;) {
    let next: Node | null;
    switch (m.kind) {
      case Kind.File:
        return m.eof;
      case Kind.ImportDecl:
        next = m.path;
        break;
      case Kind.ConstDecl:
      case Kind.VarDecl:
        next = m.values ?? m.type ?? last(m.names);
        break;
      case Kind.TypeDecl:
        next = m.type;
        break;
      case Kind.FuncDecl:
        next = m.body ?? m.type;
        break;
      case Kind.Name:
      case Kind.BasicLit:
        return m.end;
      case Kind.CompositeLit:
        return m.rbrace;
      case Kind.KeyValueExpr:
        next = m.value;
        break;
      case Kind.FuncLit:
        next = m.body;
        break;
      case Kind.ParenExpr:
        next = m.x;
        break;
      case Kind.SelectorExpr:
        next = m.sel;
        break;
      case Kind.IndexExpr:
        next = m.index;
        break;
      case Kind.SliceExpr: // the compiler means to look at the indices, but always ends up here
        next = m.x;
        break;
      case Kind.AssertExpr:
        next = m.typeExpr;
        break;
      case Kind.TypeSwitchGuard:
        next = m.x;
        break;
      case Kind.Operation:
        next = m.y ?? m.x;
        break;
      case Kind.CallExpr:
        next = last(m.args) ?? m.fun;
        break;
      case Kind.ListExpr:
        next = last(m.elems);
        break;
      case Kind.ArrayType:
      case Kind.SliceType:
      case Kind.DotsType:
      case Kind.ChanType:
        next = m.elem;
        break;
      case Kind.StructType:
        next = last(m.fields);
        break;
      case Kind.Field:
        next = m.type;
        break;
      case Kind.InterfaceType:
        next = last(m.methods);
        break;
      case Kind.FuncType:
        next = last(m.results) ?? last(m.params);
        break;
      case Kind.MapType:
        next = m.value;
        break;
      case Kind.LabeledStmt:
        next = m.stmt;
        break;
      case Kind.BlockStmt:
      case Kind.SwitchStmt:
      case Kind.SelectStmt:
        return m.rbrace;
      case Kind.ExprStmt:
        next = m.x;
        break;
      case Kind.SendStmt:
        next = m.value;
        break;
      case Kind.DeclStmt:
        next = last(m.decls);
        break;
      case Kind.AssignStmt:
        if (m.rhs === null) return endPos(m.lhs) + 2;
        next = m.rhs;
        break;
      case Kind.BranchStmt:
        next = m.label;
        break;
      case Kind.CallStmt:
        next = m.call;
        break;
      case Kind.ReturnStmt:
        next = m.results;
        break;
      case Kind.IfStmt:
        next = m.else_ ?? m.then;
        break;
      case Kind.ForStmt:
        next = m.body;
        break;
      case Kind.RangeClause:
        next = m.x;
        break;
      case Kind.CaseClause:
      case Kind.CommClause:
        if (m.body.length === 0) return m.colon;
        next = last<Stmt>(m.body);
        break;
      default:
        return m.pos;
    }
    if (next === null) return m.pos;
    m = next;
  }
}

function last<T extends Node | Expr>(list: readonly T[]): T | null {
  return list.length === 0 ? null : list[list.length - 1];
}
