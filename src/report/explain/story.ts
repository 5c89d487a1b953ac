/** From a flow to sentences: each reason that the analysis noted becomes a step, a call that lets its argument go is
 *  followed into the callee, and a place that is itself on the heap into its own flow. */

import { NoPos, type Pos } from "../../base/pos.ts";
import type { Explanation, FlowReason, FlowStep } from "../../escape/explain.ts";
import { Leaks, numEscResults } from "../../escape/leaks.ts";
import { type CallExpr, type Expr, type FuncDecl, Kind, type Node } from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import { Op, TokenKind } from "../../syntax/tokens.ts";
import { unparen } from "../../syntax/walk.ts";
import { isTypeParam } from "../../types/predicates.ts";
import { type Func, ObjKind, SelectionKind, TypeKind, type Var, VarKind } from "../../types/types.ts";
import { under } from "../../types/under.ts";
import { isInterfaceMethod } from "../causes.ts";
import { kindOf, type Remark } from "../remark.ts";
import { isStringType, objectOf } from "../trees.ts";
import { funcName, type Scene, type World } from "./scene.ts";

/** One sentence about one place. */
export interface Step {
  readonly text: string;
  /** Innermost place in the source; `NoPos` if there is none to show. */
  readonly pos: Pos;
  /** Where the code was inlined, if it was: the call. */
  readonly inlinedAt: Pos;
  readonly scene: Scene;
  /** What explains this step: the flow inside of a callee, or of the place that the value went to. */
  readonly why: readonly Step[];
}

/** Flows are followed so far into callees. */
const maxDepth = 12;

export class Story {
  private readonly told = new Set<Remark>();

  constructor(private readonly world: World) {}

  /** Why the value that `flow` begins with cannot stay. */
  tell(scene: Scene, remark: Remark, flow: Explanation): Step[] {
    this.told.add(remark);
    return this.steps(scene, flow, 0);
  }

  private steps(scene: Scene, flow: Explanation, depth: number): Step[] {
    const steps: Step[] = [];
    flow.steps.forEach((step, i) => {
      step.reasons.forEach((_, j) => {
        const told = this.reason(scene, step, j, i, depth);
        if (told !== null) steps.push(told);
      });
    });
    const end = this.ending(scene, flow, depth);
    if (end !== null) steps.push(end);
    return steps;
  }

  private step(scene: Scene, pos: Pos, text: string, why: readonly Step[] = []): Step {
    const { fset } = scene.session;
    return { text, pos: fset.innermost(pos), inlinedAt: pos < 0 ? fset.outermost(pos) : NoPos, scene, why };
  }

  // ------------------------------------------------------------------------------------------------- reasons

  private reason(scene: Scene, flow: FlowStep, index: number, stepIndex: number, depth: number): Step | null {
    const reason = flow.reasons[index];
    const { why, node, pos } = reason;
    const say = (text: string) => this.step(scene, pos, text);
    switch (why) {
      case "address-of":
        if (node.startsWith("&.autotmp"))
          return say("`new` keeps the value in a variable of its own and yields its address.");
        return say(`The address of \`${node.replace(/^&/, "")}\` is taken.`);
      case "spill":
        return this.spill(scene, flow, reason, stepIndex);
      case "interface-converted":
        return say("It is converted to an interface.");
      case "slice-literal-element":
        if (node === "... argument")
          return say("It is one of the variadic arguments, which the call puts into a slice.");
        return say(`It becomes an element of the slice \`${node}\`.`);
      case "array literal element":
      case "struct literal element":
        return say(`It becomes a part of \`${node}\`.`);
      case "map literal key":
      case "map literal value":
        return say(
          `It becomes a ${why.slice(12)} of the map \`${node}\`. Keys and values of maps are always on the heap.`,
        );
      case "key of map put":
        return say("It becomes a key of a map. Keys of maps are always on the heap.");
      case "captured by a closure":
        return this.capture(scene, flow, reason);
      case "reference":
        return null; // told with the capture
      case "return":
        return say("It is returned. How long the caller keeps it is not known here.");
      case "call parameter":
        return this.callParameter(scene, flow, index, depth);
      case "send":
        return say("It is sent on a channel. Who receives it, and for how long, is not known here.");
      case "dot":
        return say(`\`${node}\` is a part of it. The analysis does not tell the fields of a variable apart.`);
      case "dot of pointer":
        return say(`\`${node}\` is reached through it: this is about what it points to.`);
      case "indirection":
        return say(`\`${node}\` is what it points to.`);
      case "fixed-array-index-of":
        return say(`\`${node}\` is an element of it. The analysis does not tell elements apart.`);
      case "slice":
        return say(`\`${node}\` is a slice of it and points into the same memory.`);
      case "slice-to-array":
        return say("The slice is converted to an array: its elements are copied.");
      case "range":
      case "range-deref":
        return say("The loop copies its elements into the loop variable.");
      case "too large for stack": {
        const limit =
          flow.ops === "&" && flow.src.startsWith("{storage")
            ? "64 KiB for what has no name"
            : "128 KiB for a variable";
        return say(`It is too large for the stack: the limit is ${limit}.`);
      }
      case "too aligned for stack":
        return say("It needs a stricter alignment than the stack gives.");
      case "zero-sized element":
        return say("Its elements have no size, and the compiler puts no such slice on the stack.");
      case "//go:uintptrescapes":
        return say(
          "The callee is marked //go:uintptrescapes: what its uintptr arguments point to has to be on the heap.",
        );
      case "callee operand":
        return say("It is called, and what it returns is used: that may be anything that it can reach.");
      case "appendee slice":
      case "appended slice...":
        return say("Its elements may be copied to a new array on the heap.");
      case "copied slice":
        return say("`copy` puts its elements where the analysis does not follow.");
      case "switch case":
        return say("The switch puts it into the variable of the case.");
      case "reflect.Header.Data":
        return say("The data pointer is read from a reflect header.");
      default:
        if (why.startsWith("assign")) return this.assignment(scene, flow, reason);
        return say(`It flows on: \`${node}\` (${why}).`);
    }
  }

  private spill(scene: Scene, flow: FlowStep, reason: FlowReason, stepIndex: number): Step | null {
    const { pos, node } = reason;
    const say = (text: string) => this.step(scene, pos, text);
    if (node === "... argument") return stepIndex > 0 ? null : say("The arguments are put into a slice for the call.");
    const literal = scene.trees.find(pos, Kind.FuncLit);
    if (literal !== null) {
      const text = "A function literal is a record with what it captures; its value is a pointer to that record.";
      const statement = this.goOrDefer(scene, literal);
      if (statement === TokenKind.Go) return say(`${text} A new goroutine runs it, which may outlive this function.`);
      if (statement === TokenKind.Defer)
        return say(`${text} It is deferred in a loop, so each round needs a record of its own.`);
      return say(text);
    }
    // In later steps it is a slice or struct on the way of another value.
    if (stepIndex > 0) return null;
    if (node.startsWith("append(")) return say("`append` may make a new array for the elements.");
    if (/^(&|make\(|new\(|\(?\[|map\[|string\()/.test(node))
      return say(`\`${node}\` makes new storage; its value points there.`);
    if (/ \+ /.test(node) && !flow.reasons.some((r) => r.why === "interface-converted") && isStringSum(scene, pos))
      return say(`\`${node}\` makes a new string.`);
    if (scene.trees.find(pos, Kind.SelectorExpr)?.selection?.kind === SelectionKind.MethodVal)
      return say(
        `\`${node}\` is a method value: a record that holds its receiver; its value is a pointer to that record.`,
      );
    return say(
      `\`${node}\` becomes an interface value: it is copied to storage of its own, to which the interface points.`,
    );
  }

  private goOrDefer(scene: Scene, literal: Node): TokenKind | null {
    const call = scene.trees.parent(literal);
    const statement = call === null ? null : scene.trees.parent(call);
    return statement?.kind === Kind.CallStmt ? statement.tok : null;
  }

  private capture(scene: Scene, flow: FlowStep, reason: FlowReason): Step {
    const byReference = flow.reasons.some((other) => other.why === "reference");
    const pos = reason.pos === NoPos ? flow.dstPos : reason.pos;
    if (!byReference) return this.step(scene, pos, `The closure captures \`${reason.node}\`.`);
    const name = scene.trees.find(flow.srcPos, Kind.Name);
    const variable = name?.obj?.kind === ObjKind.Var ? name.obj : null;
    let because = "its address is taken";
    if (variable !== null && scene.causes.isReassigned(variable))
      because = "it is assigned again after its declaration";
    else if (variable !== null && !this.hasAddressTaken(scene, variable)) because = "it is larger than 128 bytes";
    return this.step(
      scene,
      pos,
      `The closure shares \`${reason.node}\` with the function around it (by reference), because ${because}.`,
    );
  }

  private hasAddressTaken(scene: Scene, variable: Var): boolean {
    return scene.trees.uses(variable).some((use) => {
      const around = scene.trees.around(
        use,
        (n) => n.kind !== Kind.SelectorExpr && n.kind !== Kind.ParenExpr && n.kind !== Kind.IndexExpr,
      );
      return around?.kind === Kind.Operation && around.op === Op.And && around.y === null;
    });
  }

  private assignment(scene: Scene, flow: FlowStep, reason: FlowReason): Step {
    const { pos, node } = reason;
    const say = (text: string) => this.step(scene, pos, text);
    const statement = scene.trees.find(pos, Kind.AssignStmt);
    if (statement === null && scene.trees.find(pos, Kind.CallExpr) !== null) {
      return say(`The call is inlined here: \`${node}\`.`);
    }
    if (flow.dst !== "{heap}") return say(`\`${node}\` puts it into \`${flow.dst}\`.`);
    // Of a function of another package that is inlined here.
    if (statement === null) return say(`\`${node}\` stores it where it outlives the call.`);
    const sides = statement.lhs.kind === Kind.ListExpr ? statement.lhs.elems : [statement.lhs];
    for (const side of sides) {
      const text = this.target(unparen(side));
      if (text !== "") return say(`\`${node}\` stores it ${text}`);
    }
    return say(`\`${node}\` stores it where the analysis does not follow.`);
  }

  /** Why what is stored in `target` counts as stored in the heap; "" if it does not. */
  private target(target: Expr): string {
    switch (target.kind) {
      case Kind.Name: {
        const obj = objectOf(target);
        const global = obj?.kind === ObjKind.Var && (obj as Var).varKind === VarKind.PackageVar;
        return global ? `in the package variable \`${target.value}\`, which lives as long as the program.` : "";
      }
      case Kind.SelectorExpr:
        if (target.selection === null) return "in a package variable, which lives as long as the program.";
        if (target.selection.indirect)
          return "through a pointer, which counts as the heap: what it points to is not followed.";
        return this.target(unparen(target.x));
      case Kind.IndexExpr: {
        const type = target.x.type === null ? null : under(target.x.type);
        if (type?.kind === TypeKind.Map) return "in a map. Keys and values of maps are always on the heap.";
        if (type?.kind === TypeKind.Slice || type?.kind === TypeKind.Pointer)
          return "in an element of a slice, which is a store through a pointer and counts as the heap.";
        return this.target(unparen(target.x));
      }
      case Kind.Operation:
        return "through a pointer, which counts as the heap: what it points to is not followed.";
      default:
        return "";
    }
  }

  // ------------------------------------------------------------------------------------------------- calls

  private callParameter(scene: Scene, flow: FlowStep, index: number, depth: number): Step {
    const reason = flow.reasons[index];
    const say = (text: string, why: readonly Step[] = []) => this.step(scene, reason.pos, text, why);
    const call = scene.trees.find(reason.pos, Kind.CallExpr);
    if (call === null) return say(`It is an argument of \`${reason.node}\`.`);
    const callee = objectOf(call.fun);
    if (callee?.kind === ObjKind.Builtin) return say(builtinText(callee.name));
    if (callee?.kind !== ObjKind.Func) {
      return say(
        "It is passed to a function value. Which function that is, is only known at run time, so the argument counts as kept.",
      );
    }
    const fn = callee as Func;
    const fun = unparen(call.fun);
    if (fun.kind === Kind.SelectorExpr && fun.selection?.kind === SelectionKind.MethodVal) {
      if (fun.x.type !== null && isTypeParam(fun.x.type)) {
        return say(
          `It is passed to \`${fn.name}\`, a method of a type parameter: which method that is, depends on the instance, so it counts as kept.`,
        );
      }
      if (isInterfaceMethod(fun.selection.obj as Func)) {
        return say(
          `It is passed to \`${fn.name}\`, a method of an interface. Which code runs is only known at run time, so it counts as kept.`,
        );
      }
    }
    const param = this.parameter(call, fn, flow, index);
    const name = displayName(fn, scene);
    if (param === null) return say(`It is passed to \`${name}\`, which may keep it.`);
    const what = param.name === "" || param.name === "_" ? "it" : `\`${param.name}\``;
    const passed =
      param === fn.type?.recv
        ? `\`${name}\` is called with it as its receiver ${what}, and it`
        : `It is passed to \`${name}\` as ${what}, and`;
    if (index + 1 < flow.reasons.length || flow.dst !== "{heap}")
      return say(`${passed} comes back as a result.`, this.inside(scene, fn, param, false, depth));
    const why = this.inside(scene, fn, param, true, depth);
    return say(`${passed} does not stay there${why.length > 0 ? ":" : "."}`, why);
  }

  /** The parameter that the value of a step is passed as; null if the source does not tell. */
  private parameter(call: CallExpr, fn: Func, flow: FlowStep, index: number): Var | null {
    const sig = fn.type;
    if (sig === null) return null;
    const before = index > 0 ? flow.reasons[index - 1].pos : flow.srcPos;
    const holds = (x: Expr): boolean => before !== NoPos && before >= startPos(x) && before < x.end;
    const params = sig.params.vars;
    const fun = unparen(call.fun);
    let args = call.args.findIndex(holds);
    if (args < 0 && fun.kind === Kind.SelectorExpr && sig.recv !== null && holds(fun.x)) return sig.recv;
    if (args < 0) {
      args = call.args.findIndex((arg) => {
        const obj = objectOf(arg);
        return obj !== null && obj.pos === flow.srcPos;
      });
    }
    if (args < 0 && sig.recv !== null && fun.kind === Kind.SelectorExpr && objectOf(fun.x)?.pos === flow.srcPos)
      return sig.recv;
    if (args < 0 && params.length === 1) args = 0;
    return args < 0 ? null : (params[Math.min(args, params.length - 1)] ?? null);
  }

  /** What the callee does with the parameter. */
  private inside(caller: Scene, fn: Func, param: Var, toHeap: boolean, depth: number): Step[] {
    if (depth >= maxDepth || fn.pkg === null) return [];
    const scene = this.world.scene(fn.pkg.path);
    if (scene === null) return this.summarized(caller, fn, param);
    const decl = scene.decl(funcName(fn));
    if (decl === null) return [];
    const pos = placeOfParameter(decl, fn, param);
    if (decl.body === null) {
      return toHeap
        ? [this.step(scene, pos, `\`${fn.name}\` has no Go code here, so it is assumed to keep its arguments.`)]
        : [];
    }
    for (const remark of scene.remarksAt(pos)) {
      const kind = kindOf(remark.msg);
      if ((kind !== "leak" && kind !== "moved") || remark.flows === null) continue;
      const flow = remark.flows.find((f) => kind === "moved" || f.title.includes("leaks to {heap}") === toHeap);
      if (flow === undefined || this.told.has(remark)) continue;
      this.told.add(remark);
      return this.steps(scene, flow, depth + 1);
    }
    return [];
  }

  /** What the summary of a package says of the parameter, whose source is not here. */
  private summarized(caller: Scene, fn: Func, param: Var): Step[] {
    const sig = fn.type;
    if (fn.summary === null || sig === null) return [];
    const index = sig.recv === param ? 0 : sig.params.vars.indexOf(param) + (sig.recv === null ? 0 : 1);
    const { tags } = fn.summary;
    if (index < 0 || index >= tags.length) return [];
    const name = param.name === "" ? "the parameter" : param.name;
    const remarks = leakRemarks(name, Leaks.parse(tags[index]));
    const text = `The body of \`${displayName(fn, caller)}\` is not here, as no Go installation was found; its summary says \`${remarks.join("`, `")}\`.`;
    return [this.step(caller, NoPos, text)];
  }

  // ------------------------------------------------------------------------------------------------- endings

  /** Why the place where the flow ends is one that lives too long, if the steps have not said so. */
  private ending(scene: Scene, flow: Explanation, depth: number): Step | null {
    const last = flow.steps[flow.steps.length - 1];
    if (last === undefined || last.dst === "{heap}" || last.reasons.some((reason) => reason.why === "return"))
      return null;
    const src = last.srcPos;
    const place = scene.trees.at(last.dstPos);
    for (const remark of scene.remarksAt(last.dstPos)) {
      const kind = kindOf(remark.msg);
      if ((kind !== "moved" && kind !== "escapes") || remark.flows === null || remark.flows.length === 0) continue;
      const name = last.dst.replace(/^\{storage for (.*)\}$/, "$1");
      const text = `\`${name}\` is on the heap itself`;
      if (this.told.has(remark) || depth >= maxDepth) return this.step(scene, last.dstPos, `${text}.`);
      this.told.add(remark);
      return this.step(scene, last.dstPos, `${text}:`, this.steps(scene, remark.flows[0], depth + 1));
    }
    if (last.dst.startsWith("~r")) return null;
    const variable = place.find((node) => node.kind === Kind.Name);
    if (variable !== undefined && src !== NoPos) {
      const inner = scene.trees.at(src)[0];
      if (inner !== undefined && scene.trees.loopDepth(inner) > scene.trees.loopDepth(variable)) {
        return this.step(
          scene,
          last.dstPos,
          `\`${last.dst}\` is declared outside of the loop: it lives longer than one round, for which the value is made.`,
        );
      }
      return this.step(scene, last.dstPos, `\`${last.dst}\` lives longer than the value.`);
    }
    return null;
  }
}

/** What the compiler says of a parameter with that tag. */
function leakRemarks(name: string, leaks: Leaks): string[] {
  const heap = leaks.heap();
  if (heap === 0) return [`leaking param: ${name}`];
  const said = heap > 0 ? [`leaking param content: ${name}`] : [];
  for (let i = 0; i < numEscResults; i++) {
    const level = leaks.result(i);
    if (level >= 0) said.push(`leaking param: ${name} to result ~r${i} level=${level}`);
  }
  return said.length === 0 ? [`${name} does not escape`] : said;
}

function builtinText(name: string): string {
  switch (name) {
    case "append":
      return "It is appended to a slice: the elements may be copied to the heap, so what they point to must be there.";
    case "panic":
      return "It is the value of a panic, which anybody may recover.";
    case "copy":
      return "It is an argument of `copy`.";
    default:
      return `It is an argument of \`${name}\`, whose result refers to it.`;
  }
}

function isStringSum(scene: Scene, pos: Pos): boolean {
  const sum = scene.trees.find(pos, Kind.Operation);
  return sum !== null && sum.op === Op.Add && sum.y !== null && isStringType(sum.type);
}

function displayName(fn: Func, scene: Scene): string {
  const name = funcName(fn);
  const own = fn.pkg === null || fn.pkg === scene.result.checked?.pkg;
  return own ? name : `${fn.pkg?.name}.${name}`;
}

/** Where a parameter of an imported function is declared in the trees of its own package. */
function placeOfParameter(decl: FuncDecl, fn: Func, param: Var): Pos {
  if (param === fn.type?.recv) return decl.recv?.name?.pos ?? decl.pos;
  const index = fn.type?.params.vars.indexOf(param) ?? -1;
  return decl.type.params[index]?.name?.pos ?? decl.pos;
}
