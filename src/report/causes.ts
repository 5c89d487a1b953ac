/** Which rule (rules.ts) is behind a verdict: read from the flow that the analysis found and from the source at the
 *  places that it names. */

import { NoPos, type Pos } from "../base/pos.ts";
import type { Explanation, FlowReason } from "../escape/explain.ts";
import { type CallExpr, type Expr, type ForStmt, Kind, type Node } from "../syntax/ast.ts";
import { Op, TokenKind } from "../syntax/tokens.ts";
import { inspect, unparen } from "../syntax/walk.ts";
import { isTypeParam } from "../types/predicates.ts";
import { type Func, type Obj, ObjKind, SelectionKind, type Type, TypeKind, type Var, VarKind } from "../types/types.ts";
import { under } from "../types/under.ts";
import type { Functions } from "./functions.ts";
import { kindOf, type Remark } from "./remark.ts";
import { isFunction, isStringType, objectOf, type Trees } from "./trees.ts";

/** Names of allocations that no other part of a message gives away. */
const boxed = "interface-conversion";

export class Causes {
  constructor(
    private readonly trees: Trees,
    private readonly functions: Functions,
  ) {}

  /** Ids of the rules behind a remark, the one that says most first; none for remarks that are no verdicts. */
  of(remark: Remark): string[] {
    switch (kindOf(remark.msg)) {
      case "moved":
        return this.ofVariable(remark);
      case "escapes":
        return this.ofAllocation(remark);
      case "leak":
        return this.ofLeak(remark);
      case "self-assignment":
        return ["self-assignment"];
      case "uintptr":
        return remark.msg.startsWith("marking") ? ["uintptrescapes"] : [];
      default:
        return [];
    }
  }

  // ------------------------------------------------------------------------------------------------- parameters

  private ofLeak(remark: Remark): string[] {
    if (remark.msg.startsWith("leaking param content")) return ["leaking-content"];
    if (remark.msg.includes(" to result ")) return ["leaking-result"];
    const call = this.lastCall(remark.flows?.[0] ?? null);
    if (call !== null) {
      const special = this.ofCall(call);
      if (special !== "") return [special, "leaking-param"];
    }
    return ["leaking-param"];
  }

  // ------------------------------------------------------------------------------------------------- variables

  private ofVariable(remark: Remark): string[] {
    const flow = remark.flows?.[0] ?? null;
    const ids: string[] = [];
    const add = (id: string) => {
      if (id !== "" && !ids.includes(id)) ids.push(id);
    };
    if (flow === null) return ids;
    const reasons = flow.steps.flatMap((step) => step.reasons);
    const whys = new Set(reasons.map((reason) => reason.why));
    if (whys.has("too large for stack") || whys.has("too aligned for stack")) return ["variable-large"];
    if (whys.has("//go:uintptrescapes")) return ["uintptrescapes"];
    if (remark.msg.startsWith("moved to heap: .autotmp_")) return ["new-expr"];
    const variable = this.variableAt(remark.pos);
    add(this.ofCapture(flow, variable));
    add(this.ofLoopVariable(variable));
    if (variable !== null && variable.varKind === VarKind.ResultVar) add("result-variable");
    if (this.mergesFields(flow)) add("field-merge");
    for (let i = flow.steps.length - 1; i >= 0; i--) {
      const own = flow.steps[i].reasons;
      for (let j = own.length - 1; j >= 0; j--) add(this.ofReason(own[j], own, variable));
    }
    const last = flow.steps[flow.steps.length - 1];
    if (last.dst !== "{heap}" && !whys.has("return") && !whys.has("captured by a closure"))
      add(this.ofDepth(last.dstPos));
    if (this.isRecursive(remark.pos, variable)) add("recursion");
    add(this.ofGenericFunction(remark.pos));
    return ids;
  }

  /** The variable declared at `pos`. */
  private variableAt(pos: Pos): Var | null {
    for (const node of this.trees.at(pos))
      if (node.kind === Kind.Name && node.obj?.kind === ObjKind.Var) return node.obj as Var;
    return null;
  }

  private ofCapture(flow: Explanation, variable: Var | null): string {
    const step = flow.steps.find((s) => s.reasons.some((reason) => reason.why === "captured by a closure"));
    if (step === undefined) return "";
    const byReference = step.reasons.some((reason) => reason.why === "reference");
    const literal = this.trees.find(step.dstPos, Kind.FuncLit);
    if (literal === null) return step.src.startsWith(".autotmp") ? "defer-arguments" : byReference ? "range-func" : "";
    if (literal.rangeFuncBody) return "range-func";
    const statement = this.statementOf(literal);
    if (statement !== "") return statement;
    if (!byReference) return "closure-by-value";
    return variable !== null && !this.isReassigned(variable) ? "closure-large-capture" : "closure-by-reference";
  }

  /** The literal is the function of a `go` or `defer` statement. */
  private statementOf(literal: Node): string {
    const call = this.trees.parent(literal);
    const statement = call === null ? null : this.trees.parent(call);
    if (call?.kind !== Kind.CallExpr || call.fun !== literal || statement?.kind !== Kind.CallStmt) return "";
    return statement.tok === TokenKind.Go ? "go" : "defer";
  }

  /** Assigned to anywhere but in its declaration. */
  isReassigned(variable: Var): boolean {
    return this.trees.uses(variable).some((name) => name.pos !== variable.pos && this.isAssigned(name));
  }

  private isAssigned(name: Expr): boolean {
    let node: Node = name;
    for (;;) {
      const parent = this.trees.parent(node);
      if (parent === null) return false;
      if (parent.kind === Kind.AssignStmt) return this.trees.contains(parent.lhs, node);
      if (parent.kind === Kind.RangeClause) return parent.lhs !== null && this.trees.contains(parent.lhs, node);
      const onTheWay =
        parent.kind === Kind.ListExpr ||
        parent.kind === Kind.ParenExpr ||
        (parent.kind === Kind.SelectorExpr && parent.x === node && parent.selection?.indirect === false) ||
        (parent.kind === Kind.IndexExpr && parent.x === node && isArray(parent.x.type));
      if (!onTheWay) return false;
      node = parent;
    }
  }

  private ofLoopVariable(variable: Var | null): string {
    if (variable === null) return "";
    for (const name of this.trees.uses(variable)) {
      if (name.pos !== variable.pos) continue;
      const clause = this.trees.around(
        name,
        (n) => n.kind === Kind.RangeClause || n.kind === Kind.BlockStmt || isFunction(n),
      );
      if (clause?.kind === Kind.RangeClause && clause.lhs !== null && this.trees.contains(clause.lhs, name)) {
        const type = clause.x.type === null ? null : under(clause.x.type);
        if (type?.kind === TypeKind.Map) return "range-map";
        if (type?.kind === TypeKind.Slice) return "range-value";
        if (isArray(type) || type?.kind === TypeKind.Pointer) return "range-array";
        if (type?.kind === TypeKind.Basic) return "range-int";
        return "";
      }
      const loop = this.trees.around(name, (n) => n.kind === Kind.ForStmt || isFunction(n));
      if (loop?.kind === Kind.ForStmt && isDeclaredByLoop(loop, name, this.trees)) return "loop-variable";
    }
    return "";
  }

  /** The flow goes into one field of a struct and leaves by way of another selection. */
  private mergesFields(flow: Explanation): boolean {
    for (let i = 0; i + 1 < flow.steps.length; i++) {
      if (!flow.steps[i].reasons.some((reason) => reason.why === "struct literal element")) continue;
      if (flow.steps.slice(i + 1).some((step) => step.reasons.some((reason) => reason.why === "dot"))) return true;
    }
    return false;
  }

  private ofReason(reason: FlowReason, all: readonly FlowReason[], variable: Var | null): string {
    switch (reason.why) {
      case "copied slice":
        return "copy";
      case "appendee slice":
      case "appended slice...":
        return "append-pointer";
      case "map literal key":
      case "map literal value":
        return "map-literal";
      case "key of map put":
        return "map-put";
      case "send":
        return this.isOfSelect(reason.pos) ? "select" : "send-pointer";
      case "slice":
        return variable !== null && isArray(variable.type) ? "array-slice" : "";
      case "call parameter":
        return this.ofCallParameter(reason, all);
      case "return":
        return this.ofReturn(reason, variable);
      case "assign":
      case "assign-pair":
        return this.ofAssignment(reason.pos);
      default:
        return "";
    }
  }

  private isOfSelect(pos: Pos): boolean {
    const send = this.trees.find(pos, Kind.SendStmt);
    return send !== null && this.trees.parent(send)?.kind === Kind.CommClause;
  }

  private ofReturn(reason: FlowReason, variable: Var | null): string {
    const statement = this.trees.find(reason.pos, Kind.ReturnStmt);
    if (statement === null) return "address-of";
    let viaUnsafe = false;
    inspect(statement, (node) => {
      if (node !== null && node.kind === Kind.SelectorExpr && node.sel.value === "Pointer") {
        const obj = objectOf(node);
        if (obj?.kind === ObjKind.TypeName && obj.pkg?.path === "unsafe") viaUnsafe = true;
      }
      return !viaUnsafe;
    });
    if (viaUnsafe) return "unsafe";
    const fn = this.trees.functionOf(statement);
    const outside = fn?.kind === Kind.FuncLit && variable !== null && (variable.pos < fn.pos || variable.pos > fn.end);
    return outside ? "closure-called" : "address-of";
  }

  private ofAssignment(pos: Pos): string {
    const statement = this.trees.find(pos, Kind.AssignStmt);
    if (statement === null) return "";
    const sides = statement.lhs.kind === Kind.ListExpr ? statement.lhs.elems : [statement.lhs];
    for (const side of sides) {
      const id = this.ofTarget(unparen(side));
      if (id !== "") return id;
    }
    return "";
  }

  /** What is assigned to. */
  private ofTarget(target: Expr): string {
    switch (target.kind) {
      case Kind.Name:
        return isPackageVar(objectOf(target)) ? "global-store" : "";
      case Kind.SelectorExpr:
        if (target.selection === null) return isPackageVar(objectOf(target)) ? "global-store" : "";
        if (target.selection.indirect) return isReflectHeader(target.x.type) ? "reflect-header" : "indirect-store";
        return this.ofTarget(unparen(target.x));
      case Kind.IndexExpr: {
        const type = target.x.type === null ? null : under(target.x.type);
        if (type?.kind === TypeKind.Map) return "map-put";
        if (type?.kind === TypeKind.Slice) return "slice-element";
        if (type?.kind === TypeKind.Pointer) return "indirect-store";
        return this.ofTarget(unparen(target.x));
      }
      case Kind.Operation:
        return target.op === Op.Mul && target.y === null ? "indirect-store" : "";
      default:
        return "";
    }
  }

  // ------------------------------------------------------------------------------------------------- calls

  private ofCallParameter(reason: FlowReason, all: readonly FlowReason[]): string {
    const call = this.trees.find(reason.pos, Kind.CallExpr);
    if (call === null) return "";
    const special = this.ofCall(call);
    if (special !== "") return special;
    const toResult = all[all.length - 1] !== reason;
    if (toResult && all[0].why === "dot" && call.fun.kind === Kind.SelectorExpr) return "embedded";
    if (toResult) return "leaking-result";
    // A pointer in a slice or struct that stays itself: only the content leaks.
    return all.some((r) => r.why === "spill") && !all[0].why.startsWith("address")
      ? "leaking-content"
      : "leaking-param";
  }

  /** The rule for calls of functions of one kind; "" for calls of known functions. */
  private ofCall(call: CallExpr): string {
    const callee = objectOf(call.fun);
    if (callee === null || callee.kind === ObjKind.Var) return callee === null ? "" : "closure-called";
    if (callee.kind === ObjKind.Builtin) {
      switch (callee.name) {
        case "append":
          return "append-pointer";
        case "copy":
          return "copy";
        case "panic":
          return "panic";
        case "String":
        case "Slice":
        case "StringData":
        case "SliceData":
          return "unsafe-string";
        default:
          return "";
      }
    }
    if (callee.kind !== ObjKind.Func) return "";
    const path = callee.pkg?.path ?? "";
    if (path === "hash/maphash" && /^(Comparable|WriteComparable)$/.test(callee.name)) return "maphash";
    if (path === "fmt" || path === "log") return "fmt-print";
    const fun = unparen(call.fun);
    if (fun.kind === Kind.SelectorExpr && fun.selection?.kind === SelectionKind.MethodVal) {
      if (fun.x.type !== null && isTypeParam(fun.x.type)) return "generic-method-call";
      if (isInterfaceMethod(fun.selection.obj as Func)) return "interface-call";
    }
    return "";
  }

  private lastCall(flow: Explanation | null): CallExpr | null {
    const reasons = flow?.steps[flow.steps.length - 1]?.reasons ?? [];
    const last = reasons[reasons.length - 1];
    return last?.why === "call parameter" ? this.trees.find(last.pos, Kind.CallExpr) : null;
  }

  // ------------------------------------------------------------------------------------------------- loops and functions

  /** The flow ends in a variable of the same function: one that lives longer because a loop lies between. */
  private ofDepth(dst: Pos): string {
    if (dst === NoPos) return "";
    const decl = this.functions.declAt(dst);
    let jumpsBack = false;
    if (decl !== null) {
      const labels = new Map<string, Pos>();
      inspect(decl, (node) => {
        if (node?.kind === Kind.LabeledStmt) labels.set(node.label.value, node.pos);
        if (node?.kind === Kind.BranchStmt && node.tok === TokenKind.Goto && node.label !== null) {
          const label = labels.get(node.label.value);
          if (label !== undefined && label < node.pos) jumpsBack = true;
        }
        return true;
      });
    }
    return jumpsBack ? "goto-loop" : "loop-depth";
  }

  private isRecursive(pos: Pos, variable: Var | null): boolean {
    const decl = this.functions.declAt(pos);
    if (decl?.kind !== Kind.FuncDecl || variable === null) return false;
    let found = false;
    inspect(decl, (node) => {
      if (node?.kind === Kind.CallExpr && objectOf(node.fun) === decl.name.obj) found = true;
      return !found;
    });
    return found;
  }

  private ofGenericFunction(pos: Pos): string {
    const decl = this.functions.declAt(pos);
    if (decl?.kind !== Kind.FuncDecl) return "";
    if (decl.tparams.length > 0) return "generic";
    let generic = false;
    if (decl.recv !== null) {
      inspect(decl.recv.type, (node) => {
        if (node?.kind === Kind.IndexExpr) generic = true;
        return true;
      });
    }
    return generic ? "generic-type" : "";
  }

  // ------------------------------------------------------------------------------------------------- allocations

  private ofAllocation(remark: Remark): string[] {
    const flow = remark.flows?.[0] ?? null;
    const whys = new Set((flow?.steps ?? []).flatMap((step) => step.reasons.map((reason) => reason.why)));
    if (whys.has("zero-sized element")) return ["make-slice-empty-element"];
    if (whys.has("too large for stack") || whys.has("too aligned for stack")) return ["make-slice-large"];
    const ids: string[] = [];
    const decl = this.functions.declAt(remark.pos);
    const kind = this.ofAllocationSite(remark, flow);
    if (decl?.kind === Kind.VarDecl && kind !== "closure-by-value") ids.push("package-variable");
    ids.push(kind);
    const generic = this.ofGenericFunction(remark.pos);
    if (generic !== "") ids.push(generic);
    return ids;
  }

  private ofAllocationSite({ pos, msg }: Remark, flow: Explanation | null): string {
    if (msg.startsWith(".autotmp_")) return "multi-value";
    if (msg.startsWith("append ")) return "append";
    const boxing = this.ofBoxing(pos, flow);
    if (msg.startsWith("... argument")) return boxing === "fmt-print" ? boxing : "variadic";
    if (pos < 0) return isBox(flow) ? boxing : ofText(msg, boxing);
    for (const node of this.trees.at(pos)) {
      // A conversion stands where its operand does.
      const around = this.trees.parent(node);
      if (around?.kind === Kind.CallExpr && around.args.includes(node as Expr) && !isBox(flow)) {
        const id = this.ofAllocatingCall(around);
        if (id.startsWith("string")) return id;
      }
      switch (node.kind) {
        case Kind.FuncLit:
          return node.rangeFuncBody ? "range-func" : this.statementOf(node) || "closure-by-value";
        case Kind.ForStmt:
        case Kind.RangeClause:
          return "range-func";
        case Kind.SelectorExpr:
          if (node.selection?.kind === SelectionKind.MethodVal && this.isMethodValue(node)) return "method-value";
          break;
        case Kind.CompositeLit:
          return msg.startsWith("&") ? "pointer-literal" : this.ofLiteral(node.type, boxing);
        case Kind.Operation:
          if (node.op === Op.And && node.y === null) return "pointer-literal";
          if (node.op === Op.Add && node.y !== null && isStringType(node.type) && !isBox(flow)) return "string-concat";
          break;
        case Kind.CallExpr: {
          const id = this.ofAllocatingCall(node);
          if (id !== "") return id;
          break;
        }
      }
    }
    return boxing;
  }

  private isMethodValue(node: Node): boolean {
    const parent = this.trees.parent(node);
    return !(parent?.kind === Kind.CallExpr && parent.fun === node);
  }

  private ofLiteral(type: Type | null, boxing: string): string {
    const kind = type === null ? null : under(type).kind;
    if (kind === TypeKind.Slice) return "slice-literal";
    if (kind === TypeKind.Map) return "make-map";
    return kind === TypeKind.Pointer ? "pointer-literal" : boxing;
  }

  private ofAllocatingCall(call: CallExpr): string {
    const callee = objectOf(call.fun);
    if (callee?.kind === ObjKind.Builtin) {
      if (callee.name === "new") return "new";
      if (callee.name !== "make") return "";
      const type = call.type === null ? null : under(call.type);
      if (type?.kind === TypeKind.Map) return "make-map";
      const size = call.args[call.args.length - 1];
      return size.val !== null ? "make-slice" : "make-slice-variable";
    }
    // A conversion.
    const to = call.fun.type === null ? null : under(call.fun.type);
    const from = call.args.length === 1 && call.args[0].type !== null ? under(call.args[0].type) : null;
    if (callee !== null && callee.kind !== ObjKind.TypeName) return "";
    if (to === null || from === null) return "";
    const runes = (t: Type) => t.kind === TypeKind.Slice && basicName(t.elem) === "rune";
    const bytes = (t: Type) => t.kind === TypeKind.Slice && basicName(t.elem) === "byte";
    const isString = (t: Type) => t.kind === TypeKind.Basic && /string$/.test(t.name);
    if ((bytes(to) && isString(from)) || (isString(to) && bytes(from))) return "string-bytes";
    if ((runes(to) && isString(from)) || (isString(to) && (runes(from) || from.kind === TypeKind.Basic))) {
      return isString(from) && isString(to) ? "" : "string-runes";
    }
    return "";
  }

  /** The rule for a value that gets storage because it is converted to an interface. */
  private ofBoxing(pos: Pos, flow: Explanation | null): string {
    for (const step of flow?.steps ?? []) {
      for (const reason of step.reasons) {
        if (reason.why !== "call parameter") continue;
        const call = this.trees.find(reason.pos, Kind.CallExpr);
        const id = call === null ? "" : this.ofCall(call);
        if (id === "panic" || id === "fmt-print") return id;
      }
    }
    const name = this.trees.find(pos, Kind.Name);
    const obj = name === null ? null : objectOf(name);
    if (name === null || obj === null || obj.kind !== ObjKind.Var) return boxed;
    const clause = this.trees.around(name, (n) => n.kind === Kind.CaseClause && n.implicit === obj);
    if (clause !== null) return "type-switch";
    const variable = obj as Var;
    return variable.varKind === VarKind.LocalVar && this.onlyConstants(variable) ? "literal-argument" : boxed;
  }

  /** Every assignment to the variable is of a constant, and there are several. */
  private onlyConstants(variable: Var): boolean {
    let count = 0;
    for (const name of this.trees.uses(variable)) {
      const statement = this.trees.parent(name);
      if (statement?.kind !== Kind.AssignStmt || statement.lhs !== name) continue;
      if (statement.rhs === null || statement.rhs.val === null) return false;
      count++;
    }
    return count > 1;
  }
}

function isBox(flow: Explanation | null): boolean {
  return flow?.steps[0]?.reasons.some((reason) => reason.why === "interface-converted") ?? false;
}

function isDeclaredByLoop(loop: ForStmt, name: Node, trees: Trees): boolean {
  return loop.init !== null && trees.contains(loop.init, name);
}

function isArray(type: Type | null): boolean {
  return type !== null && under(type).kind === TypeKind.Array;
}

function isPackageVar(obj: Obj | null): boolean {
  return obj !== null && obj.kind === ObjKind.Var && (obj as Var).varKind === VarKind.PackageVar;
}

export function isInterfaceMethod(fn: Func): boolean {
  const recv = fn.type?.recv?.type ?? null;
  return recv !== null && under(recv).kind === TypeKind.Interface;
}

function isReflectHeader(type: Type | null): boolean {
  const t = type === null ? null : under(type);
  const elem = t?.kind === TypeKind.Pointer ? t.base : type;
  if (elem?.kind !== TypeKind.Named) return false;
  return elem.obj.pkg?.path === "reflect" && /^(Slice|String)Header$/.test(elem.obj.name);
}

function basicName(type: Type): string {
  const t = under(type);
  if (t.kind !== TypeKind.Basic) return "";
  return t.name === "uint8" ? "byte" : t.name === "int32" ? "rune" : t.name;
}

/** Of an allocation in the code of another function that was inlined: its tree is not at hand, but how it is written. */
function ofText(msg: string, otherwise: string): string {
  if (msg.startsWith("new(")) return "new";
  if (msg.startsWith("&")) return "pointer-literal";
  if (msg.startsWith("func literal")) return "closure-by-value";
  if (/^make\(map\[/.test(msg)) return "make-map";
  if (/^make\(.*, \d+\) /.test(msg)) return "make-slice";
  if (msg.startsWith("make(")) return "make-slice-variable";
  if (/^(?:string|\[\]byte)\(/.test(msg)) return "string-bytes";
  if (/^\[\].*\{/.test(msg)) return "slice-literal";
  if (/^map\[.*\{/.test(msg)) return "make-map";
  return otherwise;
}
