/** Source text of expressions, as error messages show them.
 *
 *  Mirrors  cmd/compile/internal/syntax/printer.go (String, ShortForm), Go 1.26: on one line, the bodies of function
 *           and composite literals as `…`.  Only what can occur in a message is printed: expressions, types, and
 *           the statements that can head an if, switch or for. */
import {
  type BasicLit,
  ChanDir,
  type Expr,
  type Field,
  type FuncType,
  Kind,
  type RangeClause,
  type Stmt,
} from "./ast.ts";
import { Op, opText } from "./tokens.ts";

export function exprString(x: Expr): string {
  switch (x.kind) {
    case Kind.BadExpr:
      return "<bad expr>";
    case Kind.Name:
    case Kind.BasicLit:
      return x.value;
    case Kind.FuncLit:
      return `${exprString(x.funcType)} ${x.body.list.length > 0 ? "{…}" : "{}"}`;
    case Kind.CompositeLit:
      return (x.typeExpr === null ? "" : exprString(x.typeExpr)) + (x.elems.length > 0 ? "{…}" : "{}");
    case Kind.ParenExpr:
      return `(${exprString(x.x)})`;
    case Kind.SelectorExpr:
      return `${exprString(x.x)}.${x.sel.value}`;
    case Kind.IndexExpr:
      return `${exprString(x.x)}[${exprString(x.index)}]`;
    case Kind.SliceExpr: {
      const [low, high, max] = x.index;
      const indices = `${low === null ? "" : exprString(low)}:${high === null ? "" : exprString(high)}`;
      return `${exprString(x.x)}[${indices}${max === null ? "" : `:${exprString(max)}`}]`;
    }
    case Kind.AssertExpr:
      return `${exprString(x.x)}.(${exprString(x.typeExpr)})`;
    case Kind.TypeSwitchGuard:
      return `${x.lhs === null ? "" : `${x.lhs.value} := `}${exprString(x.x)}.(type)`;
    case Kind.CallExpr:
      return `${exprString(x.fun)}(${exprListString(x.args)}${x.hasDots ? "..." : ""})`;
    case Kind.Operation:
      if (x.y === null) return opText[x.op] + exprString(x.x);
      return `${exprString(x.x)} ${opText[x.op]} ${exprString(x.y)}`;
    case Kind.KeyValueExpr:
      return `${exprString(x.key)}: ${exprString(x.value)}`;
    case Kind.ListExpr:
      return exprListString(x.elems);
    case Kind.ArrayType:
      return `[${x.len === null ? "..." : exprString(x.len)}]${exprString(x.elem)}`;
    case Kind.SliceType:
      return `[]${exprString(x.elem)}`;
    case Kind.DotsType:
      return `...${exprString(x.elem)}`;
    case Kind.StructType:
      return `struct{${fieldListString(x.fields, x.tags)}}`;
    case Kind.FuncType:
      return `func${signatureString(x)}`;
    case Kind.InterfaceType:
      return `interface{${x.methods.map(methodString).join("; ")}}`;
    case Kind.MapType:
      return `map[${exprString(x.key)}]${exprString(x.value)}`;
    case Kind.ChanType: {
      const keyword = x.dir === ChanDir.RecvOnly ? "<-chan" : x.dir === ChanDir.SendOnly ? "chan<-" : "chan";
      const elem = exprString(x.elem);
      const ambiguous = x.dir === ChanDir.Both && x.elem.kind === Kind.ChanType && x.elem.dir === ChanDir.RecvOnly;
      return `${keyword} ${ambiguous ? `(${elem})` : elem}`;
    }
  }
}

/** The text of a simple statement or range clause. */
export function stmtString(s: Stmt | RangeClause): string {
  switch (s.kind) {
    case Kind.ExprStmt:
      return exprString(s.x);
    case Kind.SendStmt:
      return `${exprString(s.chan)} <- ${exprString(s.value)}`;
    case Kind.AssignStmt: {
      const op = opText[s.op];
      if (s.rhs === null) return exprString(s.lhs) + op + op;
      return `${exprString(s.lhs)} ${s.op === Op.None ? "" : op}= ${exprString(s.rhs)}`;
    }
    case Kind.RangeClause: {
      const lhs = s.lhs === null ? "" : `${exprString(s.lhs)} ${s.def ? ":=" : "="} `;
      return `${lhs}range ${exprString(s.x)}`;
    }
  }
  return "";
}

function exprListString(list: readonly Expr[]): string {
  return list.map(exprString).join(", ");
}

function fieldListString(fields: readonly Field[], tags: readonly (BasicLit | null)[]): string {
  const groups: string[] = [];
  for (let i = 0; i < fields.length; ) {
    let end = i + 1;
    if (fields[i].name !== null) {
      while (end < fields.length && fields[end].name !== null && fields[end].type === fields[i].type) end++;
    }
    const names = fields
      .slice(i, end)
      .map((field) => field.name?.value ?? "")
      .join(", ");
    const type = exprString(fields[i].type);
    const tag = tags[i];
    groups.push((names === "" ? type : `${names} ${type}`) + (tag == null ? "" : ` ${tag.value}`));
    i = end;
  }
  return groups.join("; ");
}

function methodString(method: Field): string {
  if (method.name === null) return exprString(method.type);
  return method.name.value + signatureString(method.type as FuncType);
}

function signatureString(sig: FuncType): string {
  const params = parameterListString(sig.params);
  if (sig.results.length === 0) return params;
  const only = sig.results[0];
  if (sig.results.length === 1 && only.name === null) return `${params} ${exprString(only.type)}`;
  return `${params} ${parameterListString(sig.results)}`;
}

function parameterListString(list: readonly Field[]): string {
  let text = "";
  for (let i = 0; i < list.length; i++) {
    const field = list[i];
    if (i > 0) text += ", ";
    if (field.name !== null) {
      text += field.name.value;
      const next = list[i + 1];
      if (next !== undefined && next.name !== null && next.type === field.type) continue;
      text += " ";
    }
    text += exprString(field.type);
  }
  return `(${text})`;
}
