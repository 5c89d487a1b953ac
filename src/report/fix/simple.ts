/** Changes at one place: each looks at a value on the heap and, where it applies, proposes edits. Whether they help is
 *  found out by trying (suggest.ts); what they assume about the program is checked here. */

import type { Pos } from "../../base/pos.ts";
import { type Expr, type FuncDecl, type FuncLit, Kind, type Name, type Node, type Stmt } from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import { Op, TokenKind } from "../../syntax/tokens.ts";
import { inspect, unparen } from "../../syntax/walk.ts";
import { identical } from "../../types/predicates.ts";
import { type Func, ObjKind, type Type, TypeKind, type Var, VarKind } from "../../types/types.ts";
import { typeString } from "../../types/typestring.ts";
import { under } from "../../types/under.ts";
import type { Scene } from "../explain/scene.ts";
import type { Remark } from "../remark.ts";
import { isFunction, objectOf } from "../trees.ts";
import type { Candidate, TextEdit } from "./edits.ts";
import { importsInsteadOfFmt } from "./imports.ts";
import { concatenate } from "./texts.ts";

/** The place of a remark, ready for the questions that the proposals ask. */
export class Site {
  constructor(
    readonly scene: Scene,
    readonly remark: Remark,
    private readonly source: (name: string) => Uint8Array,
  ) {}

  get pos(): Pos {
    return this.remark.pos;
  }

  /** The variable that moved, if it is one. */
  get variable(): Var | null {
    for (const node of this.scene.trees.at(this.pos))
      if (node.kind === Kind.Name && node.obj?.kind === ObjKind.Var && node.obj.pos === node.pos)
        return node.obj as Var;
    return null;
  }

  text(start: Pos, end: Pos): string {
    const file = this.scene.session.fset.file(start)!;
    return new TextDecoder().decode(this.source(file.name).subarray(start - file.base, end - file.base));
  }

  textOf(node: Node): string {
    return this.text(startPos(node), node.end);
  }

  /** The blanks in front of the line that holds `pos`. */
  indent(pos: Pos): string {
    const file = this.scene.session.fset.file(pos)!;
    const start = file.base + file.lines[file.lineIndex(pos - file.base)];
    return /^[ \t]*/.exec(this.text(start, pos))![0];
  }

  typeText(type: Type): string {
    const own = this.scene.result.checked?.pkg ?? null;
    return typeString(type, (pkg) => (pkg === own ? "" : pkg.name));
  }

  /** The first of `names` that means nothing else in the function. */
  freshName(fn: Node, ...names: string[]): string | null {
    const taken = new Set<string>();
    inspect(fn, (node) => {
      if (node?.kind === Kind.Name) taken.add(node.value);
      return true;
    });
    return names.find((name) => !taken.has(name)) ?? null;
  }

  isPrivate(decl: FuncDecl): boolean {
    return this.scene.result.checked?.pkg.name === "main" || !/^\p{Lu}/u.test(decl.name.value);
  }

  /** The statement of a block's list around a node. */
  statement(node: Node): Stmt | null {
    const { trees } = this.scene;
    let at: Node = node;
    for (let parent = trees.parent(at); parent !== null; parent = trees.parent(at)) {
      if (parent.kind === Kind.BlockStmt || parent.kind === Kind.CaseClause || parent.kind === Kind.CommClause)
        return at as Stmt;
      if (isFunction(parent)) return null;
      at = parent;
    }
    return null;
  }
}

export type Proposal = (site: Site) => Candidate | null;

export const proposals: readonly Proposal[] = [
  indexInsteadOfCopy,
  declareOutsideOfLoop,
  callerAllocates,
  concreteParameter,
  captureCopy,
  capturePart,
  originalInterface,
  printWithoutBoxing,
  concatenate,
  deferInFunction,
];

/** `for _, v := range s { … &v … }` → `for i := range s { … &s[i] … }`. */
function indexInsteadOfCopy(site: Site): Candidate | null {
  const { trees } = site.scene;
  const { variable } = site;
  const name = variable === null ? undefined : trees.uses(variable).find((use) => use.pos === variable.pos);
  const list = name === undefined ? null : trees.parent(name);
  const clause = list === null ? null : trees.parent(list);
  if (name === undefined || variable === null || list?.kind !== Kind.ListExpr || clause?.kind !== Kind.RangeClause)
    return null;
  if (!clause.def || list.elems[1] !== name || clause.x.type === null) return null;
  if (under(clause.x.type).kind !== TypeKind.Slice || !isPlain(clause.x)) return null;
  const fn = trees.functionOf(clause);
  const first = list.elems[0] as Name;
  const index = first.value !== "_" ? first.value : fn === null ? null : site.freshName(fn, "i", "j", "k", "index");
  if (index === null) return null;
  const element = `${site.textOf(clause.x)}[${index}]`;
  const edits: TextEdit[] = [{ start: startPos(list), end: list.end, text: index }];
  for (const use of trees.uses(variable)) {
    if (use === name) continue;
    if (site.scene.causes.isReassigned(variable)) return null;
    edits.push({ start: use.pos, end: use.end, text: element });
  }
  return {
    title: `Use the element \`${element}\` instead of the copy \`${variable.name}\`.`,
    note: `Pointers then lead to the elements of \`${site.textOf(clause.x)}\`, not to copies of them.`,
    edits,
  };
}

/** A name, or fields of one: evaluating it again gives the same. */
function isPlain(x: Expr): boolean {
  const e = unparen(x);
  if (e.kind === Kind.Name) return true;
  return e.kind === Kind.SelectorExpr && isPlain(e.x);
}

/** `x := e` in a loop → `var x T` before it, `x = e` inside. */
function declareOutsideOfLoop(site: Site): Candidate | null {
  const { trees } = site.scene;
  const { variable, remark } = site;
  const last = remark.flows?.[0]?.steps.at(-1);
  const name = variable === null ? undefined : trees.uses(variable).find((use) => use.pos === variable.pos);
  if (variable === null || name === undefined || last === undefined || last.dst === "{heap}" || variable.type === null)
    return null;
  const statement = trees.parent(name);
  if (statement?.kind !== Kind.AssignStmt || statement.op !== Op.Def || statement.lhs !== name) return null;
  const dst = trees.find(last.dstPos, Kind.Name);
  let loop: Node | null = null;
  for (let at = trees.parent(name); at !== null && !isFunction(at); at = trees.parent(at)) {
    if (at.kind === Kind.ForStmt && (dst === null || !trees.contains(at, dst))) loop = at;
  }
  if (loop === null) return null;
  const labelled = trees.parent(loop);
  const before = labelled?.kind === Kind.LabeledStmt ? labelled : loop;
  if (site.freshName(trees.functionOf(name) as Node, variable.name) !== null) return null;
  // Another variable of that name would be hidden, or hide this one.
  let others = false;
  inspect(trees.functionOf(name) as Node, (node) => {
    if (
      node?.kind === Kind.Name &&
      node.value === variable.name &&
      node.obj?.kind === ObjKind.Var &&
      node.obj !== variable
    ) {
      if ((node.obj as Var).varKind !== VarKind.FieldVar) others = true;
    }
    return !others;
  });
  if (others) return null;
  const operator = statement.pos;
  return {
    title: `Declare \`${variable.name}\` once, outside of the loop.`,
    note: `All rounds then share one \`${variable.name}\`: a pointer from an earlier round sees its new value.`,
    edits: [
      {
        start: before.pos,
        end: before.pos,
        text: `var ${variable.name} ${site.typeText(variable.type)}\n${site.indent(before.pos)}`,
      },
      { start: operator, end: operator + 2, text: "=" },
    ],
  };
}

/** `return make(T, n)` → `return dst`, with `dst` a parameter and `make(T, n)` in each call. */
function callerAllocates(site: Site): Candidate | null {
  const { trees } = site.scene;
  const { remark } = site;
  if (!remark.msg.endsWith(" escapes to heap")) return null;
  let made: Expr | null = null;
  let type = "";
  for (const node of trees.at(site.pos)) {
    if (node.kind === Kind.CallExpr) {
      const callee = objectOf(node.fun);
      if (callee?.kind !== ObjKind.Builtin || node.args.length === 0) continue;
      if (callee.name === "make") type = site.textOf(node.args[0]);
      else continue;
      made = node;
    } else if (node.kind === Kind.CompositeLit && node.typeExpr !== null) {
      type = site.textOf(node.typeExpr);
      made = node;
    }
    if (made !== null) break;
  }
  if (made === null || trees.parent(made)?.kind !== Kind.ReturnStmt || !isConstantExpr(made)) return null;
  const decl = trees.functionOf(made);
  if (decl?.kind !== Kind.FuncDecl || !site.isPrivate(decl) || decl.type.results.length !== 1) return null;
  const kind = made.type === null ? null : under(made.type).kind;
  if (kind !== TypeKind.Slice && kind !== TypeKind.Map) return null;
  const { params } = decl.type;
  if (params.length > 0 && params[params.length - 1].type.kind === Kind.DotsType) return null;
  const calls = callsOf(site.scene, decl);
  const param = site.freshName(decl, kind === TypeKind.Map ? "m" : "buf", "dst", "storage");
  if (calls === null || calls.length === 0 || param === null) return null;
  const text = site.textOf(made);
  const edits: TextEdit[] = [{ start: startPos(made), end: made.end, text: param }];
  if (params.length > 0) {
    const end = params[params.length - 1].end;
    edits.push({ start: end, end, text: `, ${param} ${type}` });
  } else {
    const from = decl.tparams.length > 0 ? decl.tparams[decl.tparams.length - 1].end : decl.name.end;
    const at = site.text(from, decl.type.end).indexOf("(");
    if (at < 0) return null;
    edits.push({ start: from + at + 1, end: from + at + 1, text: `${param} ${type}` });
  }
  for (const call of calls) {
    if (call.hasDots) return null;
    const end = call.args.length > 0 ? call.args[call.args.length - 1].end : call.pos + 1;
    edits.push({ start: end, end, text: `${call.args.length > 0 ? ", " : ""}${text}` });
  }
  return {
    title: `Let the caller make the storage and pass it in as \`${param}\`.`,
    note: "It stays on the stack of each caller that keeps it to itself.",
    edits,
  };
}

/** Only types, constants and builtin functions are mentioned: it means the same everywhere in the package. */
function isConstantExpr(x: Expr): boolean {
  let constant = true;
  inspect(x, (node) => {
    if (node?.kind === Kind.FuncLit) constant = false;
    if (node?.kind === Kind.Operation && node.op === Op.And && node.y === null) constant = false;
    if (node?.kind === Kind.Name && node.obj !== null) {
      const { kind } = node.obj;
      const isField = kind === ObjKind.Var && (node.obj as Var).varKind === VarKind.FieldVar;
      const global = node.obj.parent === null || node.obj.pkg === null || node.obj.pkg.scope === node.obj.parent;
      if (kind === ObjKind.TypeName || kind === ObjKind.Const) constant &&= global;
      else if (kind !== ObjKind.Builtin && kind !== ObjKind.Nil && kind !== ObjKind.PkgName && !isField)
        constant = false;
    }
    return constant;
  });
  return constant;
}

/** The calls of a function of this package; null if it is used in other ways, too. */
function callsOf(scene: Scene, decl: FuncDecl) {
  const calls = [];
  if (decl.name.obj === null) return null;
  for (const name of scene.trees.uses(decl.name.obj)) {
    if (name === decl.name) continue;
    let fun: Node = name;
    let parent = scene.trees.parent(fun);
    while (
      parent?.kind === Kind.ParenExpr ||
      parent?.kind === Kind.IndexExpr ||
      (parent?.kind === Kind.SelectorExpr && parent.sel === name)
    ) {
      fun = parent;
      parent = scene.trees.parent(fun);
    }
    if (parent?.kind !== Kind.CallExpr || parent.fun !== fun) return null;
    calls.push(parent);
  }
  return calls;
}

/** A parameter of an interface type that only ever gets one concrete type → that type. */
function concreteParameter(site: Site): Candidate | null {
  const { trees } = site.scene;
  const decl = site.scene.functions.declAt(site.pos);
  const step = site.remark.flows?.[0]?.steps.at(-1);
  const reason = step?.reasons.at(-1);
  if (reason?.why !== "call parameter") return null;
  const call = trees.find(reason.pos, Kind.CallExpr);
  const fun = call === null ? null : unparen(call.fun);
  if (fun?.kind !== Kind.SelectorExpr || fun.selection === null) return null;
  const receiver = objectOf(fun.x);
  if (decl?.kind !== Kind.FuncDecl || receiver?.kind !== ObjKind.Var || !site.isPrivate(decl)) return null;
  const index = decl.type.params.findIndex((field) => field.name?.obj === receiver);
  if (index < 0 || decl.type.params.filter((field) => field.type === decl.type.params[index].type).length > 1)
    return null;
  const calls = callsOf(site.scene, decl);
  if (calls === null || calls.length === 0) return null;
  let type: Type | null = null;
  for (const each of calls) {
    const given: Type | null = each.args[index]?.type ?? null;
    if (given === null || under(given).kind === TypeKind.Interface || (type !== null && !identical(type, given)))
      return null;
    type = given;
  }
  if (type === null) return null;
  const field = decl.type.params[index];
  const text = site.typeText(type);
  return {
    title: `Let \`${receiver.name}\` have the concrete type \`${text}\`, the only one that is passed.`,
    note: "The function no longer takes other implementations of the interface.",
    edits: [{ start: startPos(field.type), end: field.type.end, text }],
  };
}

/** The literal that captures the variable, by the flow. */
function capturingLiteral(site: Site): FuncLit | null {
  const step = site.remark.flows?.[0]?.steps[0];
  if (step === undefined || !step.reasons.some((reason) => reason.why === "reference")) return null;
  return site.scene.trees.find(step.dstPos, Kind.FuncLit);
}

/** A variable that has its final value before the closure is made → a copy of it is captured. */
function captureCopy(site: Site): Candidate | null {
  const { trees } = site.scene;
  const { variable } = site;
  const literal = capturingLiteral(site);
  const statement = literal === null ? null : site.statement(literal);
  if (variable === null || literal === null || statement === null || !site.scene.causes.isReassigned(variable))
    return null;
  if (!isSettled(site, variable, statement, literal)) return null;
  const copy = site.freshName(
    trees.functionOf(literal) as Node,
    `${variable.name}Now`,
    `${variable.name}Value`,
    `${variable.name}Copy`,
  );
  if (copy === null) return null;
  const start = startPos(statement);
  const edits: TextEdit[] = [{ start, end: start, text: `${copy} := ${variable.name}\n${site.indent(start)}` }];
  for (const use of trees.uses(variable)) {
    if (trees.contains(literal, use)) edits.push({ start: use.pos, end: use.end, text: copy });
  }
  return { title: `Capture a copy of \`${variable.name}\`, which is not assigned to any more.`, note: "", edits };
}

/** From `statement` on, nobody assigns to the variable or takes its address. */
function isSettled(site: Site, variable: Var, statement: Node, literal: Node): boolean {
  const { trees } = site.scene;
  const home = trees.functionOf(statement);
  const declared = trees.uses(variable).find((use) => use.pos === variable.pos);
  const loop = trees.around(statement, (n) => n.kind === Kind.ForStmt || n.kind === Kind.LabeledStmt || isFunction(n));
  if (declared === undefined || (loop !== null && !isFunction(loop) && !trees.contains(loop, declared))) return false;
  for (const use of trees.uses(variable)) {
    if (use === declared) continue;
    const parent = trees.around(
      use,
      (n) =>
        n.kind !== Kind.SelectorExpr &&
        n.kind !== Kind.IndexExpr &&
        n.kind !== Kind.ParenExpr &&
        n.kind !== Kind.ListExpr,
    );
    const writes =
      (parent?.kind === Kind.AssignStmt && trees.contains(parent.lhs, use)) ||
      (parent?.kind === Kind.RangeClause && parent.lhs !== null && trees.contains(parent.lhs, use)) ||
      (parent?.kind === Kind.Operation && parent.op === Op.And && parent.y === null);
    const method = trees.parent(use);
    const byPointer =
      method?.kind === Kind.SelectorExpr &&
      method.selection?.obj.kind === ObjKind.Func &&
      (method.selection.obj as Func).hasPtrRecv;
    if (!writes && !byPointer) continue;
    if (trees.contains(literal, use) || use.pos >= startPos(statement) || trees.functionOf(use) !== home) return false;
  }
  return true;
}

/** A large variable of which the closure reads one part → that part is captured. */
function capturePart(site: Site): Candidate | null {
  const { trees } = site.scene;
  const { variable } = site;
  const literal = capturingLiteral(site);
  const statement = literal === null ? null : site.statement(literal);
  if (variable === null || literal === null || statement === null) return null;
  if (!isSettled(site, variable, statement, literal)) return null;
  let part = "";
  let field = "";
  const places: Expr[] = [];
  for (const use of trees.uses(variable)) {
    if (!trees.contains(literal, use)) continue;
    let at: Expr = use;
    for (let parent = trees.parent(at); parent !== null; parent = trees.parent(at)) {
      if (parent.kind === Kind.SelectorExpr && parent.x === at && parent.selection?.obj.kind === ObjKind.Var)
        field = parent.sel.value;
      else if (!(parent.kind === Kind.IndexExpr && parent.x === at && parent.index.val !== null)) break;
      at = parent as Expr;
    }
    const text = site.textOf(at);
    if (at === use || (part !== "" && text !== part)) return null;
    part = text;
    places.push(at);
  }
  const fn = trees.functionOf(literal);
  const name = fn === null || part === "" ? null : site.freshName(fn, field.replace(/s$/, ""), `${field}Value`, "part");
  if (name === null) return null;
  const start = startPos(statement);
  return {
    title: `Capture \`${part}\`, the part that is needed.`,
    note: "",
    edits: [
      { start, end: start, text: `${name} := ${part}\n${site.indent(start)}` },
      ...places.map((place) => ({ start: startPos(place), end: place.end, text: name })),
    ],
  };
}

/** The variable of a type switch that becomes an interface again → the interface that was switched on. */
function originalInterface(site: Site): Candidate | null {
  const { trees } = site.scene;
  const name = trees.find(site.pos, Kind.Name);
  const obj = name === null ? null : objectOf(name);
  if (name === null || obj === null) return null;
  const clause = trees.around(name, (n) => n.kind === Kind.CaseClause && n.implicit === obj);
  const statement = clause === null ? null : trees.parent(clause);
  const guard = statement?.kind === Kind.SwitchStmt ? statement.tag : null;
  if (guard?.kind !== Kind.TypeSwitchGuard || guard.lhs === null) return null;
  const original = unparen(guard.x);
  const variable = objectOf(original);
  if (original.kind !== Kind.Name || variable?.kind !== ObjKind.Var || site.scene.causes.isReassigned(obj as Var))
    return null;
  if (site.scene.causes.isReassigned(variable as Var)) return null;
  const edits: TextEdit[] = [{ start: name.pos, end: name.end, text: original.value }];
  const implicits = new Set(statement?.kind === Kind.SwitchStmt ? statement.body.map((each) => each.implicit) : []);
  const others = [...implicits].some(
    (each) => each !== null && trees.uses(each).some((use) => use !== name && use !== guard.lhs),
  );
  if (!others) edits.push({ start: guard.lhs.pos, end: startPos(guard.x), text: "" });
  return { title: `Pass on \`${original.value}\`, the interface that holds the value already.`, note: "", edits };
}

/** `fmt.Println(n)` of an integer → its digits in a buffer of the frame, written to standard output. */
function printWithoutBoxing(site: Site): Candidate | null {
  const { trees, result } = site.scene;
  const arg = trees.at(site.pos).find((node) => trees.parent(node)?.kind === Kind.CallExpr) as Expr | undefined;
  const call = arg === undefined ? null : trees.parent(arg);
  if (
    arg === undefined ||
    call?.kind !== Kind.CallExpr ||
    call.args.length !== 1 ||
    call.args[0] !== arg ||
    call.hasDots
  )
    return null;
  const callee = objectOf(call.fun);
  if (callee?.kind !== ObjKind.Func || callee.pkg?.path !== "fmt" || callee.name !== "Println") return null;
  const fun = unparen(call.fun);
  const statement = trees.parent(call);
  const basic = arg.type;
  if (statement?.kind !== Kind.ExprStmt || fun.kind !== Kind.SelectorExpr || basic?.kind !== TypeKind.Basic)
    return null;
  const signed = /^(int|int8|int16|int32|rune|int64)$/.test(basic.name);
  if (!signed && !/^(uint|uint8|byte|uint16|uint32|uint64)$/.test(basic.name)) return null;
  const file = result.files.find((f) => call.pos >= f.pos && call.pos < f.eof);
  const fn = trees.functionOf(call);
  const buf = fn === null ? null : site.freshName(fn, "buf", "digits");
  if (file === undefined || buf === null) return null;
  const append = signed ? "strconv.AppendInt" : "strconv.AppendUint";
  const wide = signed ? "int64" : "uint64";
  const value = basic.name === wide ? site.textOf(arg) : `${wide}(${site.textOf(arg)})`;
  const indent = site.indent(startPos(call));
  const text = `var ${buf} [24]byte\n${indent}os.Stdout.Write(append(${append}(${buf}[:0], ${value}, 10), '\\n'))`;
  const edits: TextEdit[] = [{ start: startPos(call), end: call.end, text }];
  const imports = importsInsteadOfFmt(site, file, ["os", "strconv"], 1);
  if (imports === null) return null;
  edits.push(...imports);
  return { title: "Write the digits to a buffer of the frame.", note: "", edits };
}

/** `for … { defer f() }` → a function for each round that defers. */
function deferInFunction(site: Site): Candidate | null {
  const { trees } = site.scene;
  const statement = trees
    .at(site.pos)
    .map((node) =>
      node.kind === Kind.CallStmt
        ? node
        : trees.around(node, (n) => n.kind === Kind.CallStmt || n.kind === Kind.BlockStmt),
    )
    .find((node) => node?.kind === Kind.CallStmt);
  const deferred = statement ?? deferOfVariable(site);
  if (deferred?.kind !== Kind.CallStmt || deferred.tok !== TokenKind.Defer) return null;
  const body = trees.parent(deferred);
  const loop = body === null ? null : trees.parent(body);
  if (body?.kind !== Kind.BlockStmt || loop?.kind !== Kind.ForStmt || loop.body !== body) return null;
  let leaves = false;
  inspect(body, (node) => {
    if (node !== null && isFunction(node)) return false;
    if (node?.kind === Kind.ReturnStmt || node?.kind === Kind.BranchStmt || node?.kind === Kind.LabeledStmt)
      leaves = true;
    return !leaves;
  });
  if (leaves) return null;
  const indent = site.indent(startPos(loop));
  const inner = site.text(body.pos + 1, body.rbrace).replace(/\s+$/, "");
  if (inner.includes("`")) return null; // a raw string must not be indented
  const moved = inner.replace(/\n(?=[^\n])/g, "\n\t");
  return {
    title: "Give each round a function of its own that defers.",
    note: "The deferred calls then run at the end of each round, not at the end of the function.",
    edits: [
      { start: body.pos + 1, end: body.rbrace, text: `\n${indent}\tfunc() {${moved}\n${indent}\t}()\n${indent}` },
    ],
  };
}

function deferOfVariable(site: Site): Node | null {
  const step = site.remark.flows?.[0]?.steps.find((s) => s.reasons.some((reason) => reason.why.startsWith("assign")));
  const reason = step?.reasons.find((r) => r.why.startsWith("assign"));
  if (reason === undefined) {
    const literal = capturingLiteral(site);
    return literal === null ? null : site.scene.trees.around(literal, (n) => n.kind === Kind.CallStmt);
  }
  return site.scene.trees.find(reason.pos, Kind.CallStmt);
}
