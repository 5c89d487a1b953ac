/** What was decided about the values at a place or in a function, with the reasons. */

import type { Pos } from "../../base/pos.ts";
import type { Explanation } from "../../escape/explain.ts";
import { type Expr, type FuncDecl, Kind, type Name, type Node } from "../../syntax/ast.ts";
import { startPos } from "../../syntax/positions.ts";
import { Op } from "../../syntax/tokens.ts";
import { inspect, unparen } from "../../syntax/walk.ts";
import { ObjKind, TypeKind, type Var, VarKind } from "../../types/types.ts";
import { under } from "../../types/under.ts";
import { kindOf, type Remark } from "../remark.ts";
import { type Rule, ruleById } from "../rules.ts";
import { objectOf } from "../trees.ts";
import type { Scene, World } from "./scene.ts";
import { type Step, Story } from "./story.ts";

export type Verdict = "heap" | "leak" | "stack" | "note";

export interface Decision {
  readonly pos: Pos;
  readonly verdict: Verdict;
  /** `x moves to the heap.` */
  readonly headline: string;
  readonly steps: readonly Step[];
  readonly rules: readonly Rule[];
  /** The message behind it; null for values that the compiler does not mention. */
  readonly remark: Remark | null;
}

/** A line of a file, and a column (bytes, from 1) if one is meant. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number | null;
}

/** The decisions about what stands at a place. */
export function decisionsAt(world: World, scene: Scene, place: Place): Decision[] {
  const { fset } = scene.session;
  const onLine = (pos: Pos): boolean => {
    const at = fset.absolute(pos);
    return at.filename === place.file && at.line === place.line;
  };
  const covers = (pos: Pos): boolean => {
    if (place.col === null) return true;
    const { col } = fset.absolute(pos);
    if (col === place.col) return true;
    const node = valueAt(scene, pos);
    return node !== null && inColumns(scene, node, place);
  };
  return collect(world, scene, (pos) => onLine(pos) && covers(pos));
}

/** The decisions about all values of a function, parameters included. */
export function decisionsIn(world: World, scene: Scene, decl: FuncDecl): Decision[] {
  const { fset } = scene.session;
  return collect(world, scene, (pos) => {
    const at = fset.outermost(pos);
    return at >= decl.pos && at < decl.end;
  });
}

/** Every value that the compiler says is on the heap, in a package. */
export function heapRemarks(scene: Scene): Remark[] {
  return scene.remarks.filter((remark) => isHeap(remark));
}

export function isHeap(remark: Remark): boolean {
  const kind = kindOf(remark.msg);
  return kind === "moved" || kind === "escapes";
}

function collect(world: World, scene: Scene, wanted: (pos: Pos) => boolean): Decision[] {
  const decisions: Decision[] = [];
  const seen = new Set<string>();
  const mentioned = new Set<Pos>();
  for (const remark of scene.remarks) {
    mentioned.add(remark.pos);
    if (!wanted(remark.pos)) continue;
    const key = `${placesOf(scene, remark.pos)} ${remark.msg}`;
    if (seen.has(key)) continue; // instances say the same
    seen.add(key);
    const decision = decide(world, scene, remark);
    if (decision !== null) decisions.push(decision);
  }
  decisions.push(...unmentioned(scene, wanted, mentioned));
  return inOrder(scene, decisions);
}

/** The place in the source, and the calls that brought it where it is: the same for all instances of a function. */
function placesOf({ session: { fset } }: Scene, pos: Pos): string {
  let places = `${fset.innermost(pos)}`;
  for (let at = pos; at < 0; ) {
    at = fset.inlinedCallPos(fset.inliningOf(at));
    places += ` ${fset.innermost(at)}`;
  }
  return places;
}

/** By place; at each, values of the code itself come before those of code that was inlined there, and what the compiler
 *  did about calls comes last. */
function inOrder(scene: Scene, decisions: readonly Decision[]): Decision[] {
  const { fset } = scene.session;
  const rank = ({ pos, remark }: Decision): number => {
    const kind = remark === null ? "other" : kindOf(remark.msg);
    if (kind === "inline" || kind === "devirtualize") return 2;
    return fset.innermost(pos) === fset.outermost(pos) ? 0 : 1;
  };
  return decisions
    .map((decision) => ({ decision, at: fset.outermost(decision.pos), rank: rank(decision) }))
    .sort((x, y) => x.at - y.at || x.rank - y.rank)
    .map(({ decision }) => decision);
}

/** What a remark says, with its reasons; null if it is no decision. */
export function decide(world: World, scene: Scene, remark: Remark): Decision | null {
  const { msg, pos } = remark;
  const rules = scene.causes.of(remark).flatMap((id) => ruleById(id) ?? []);
  const make = (verdict: Verdict, headline: string, steps: readonly Step[]): Decision => ({
    pos,
    verdict,
    headline,
    steps,
    rules,
    remark,
  });
  switch (kindOf(msg)) {
    case "moved": {
      const name = msg.slice("moved to heap: ".length);
      return make(
        "heap",
        remark.size === 0 ? withoutMemory(scene, remark, subject(name)) : `\`${name}\` is a variable on the heap.`,
        flowSteps(world, scene, remark, remark.flows ?? []),
      );
    }
    case "escapes": {
      const what = msg.replace(/ escapes to heap$/, "");
      // Pointers to what has no bytes escape as others do; what is put into an interface is no pointer itself.
      const isPointer = /^(?:&|new\(|make\()/.test(what);
      if (remark.size === 0 && !isPointer) return make("note", withoutMemory(scene, remark, subject(what)), []);
      return make(
        "heap",
        remark.size === 0 ? withoutMemory(scene, remark, subject(what)) : `${subject(what)} allocates on the heap.`,
        flowSteps(world, scene, remark, remark.flows ?? []),
      );
    }
    case "leak":
      return make("leak", leakHeadline(msg), flowSteps(world, scene, remark, leakFlows(remark)));
    case "stays":
      return make("stack", stayHeadline(scene, remark), stayReasons(scene, remark));
    case "self-assignment":
    case "zero-copy":
    case "uintptr":
    case "inline":
    case "devirtualize":
      return make("note", `The compiler: ${msg}.`, []);
    default:
      return null;
  }
}

function flowSteps(world: World, scene: Scene, remark: Remark, flows: readonly Explanation[]): Step[] {
  const story = new Story(world);
  return flows.length === 0 ? [] : story.tell(scene, remark, flows[0]);
}

/** The flows of a parameter that the message is about. */
function leakFlows(remark: Remark): Explanation[] {
  const flows = remark.flows ?? [];
  const result = / to result (\S+) level=/.exec(remark.msg);
  const wanted = result === null ? "leaks to {heap}" : `leaks to ${result[1]} `;
  return flows.filter((flow) => flow.title.includes(wanted));
}

/** Of what escapes without memory that would have to be allocated: what stands in for it. */
function withoutMemory(scene: Scene, { pos }: Remark, what: string): string {
  const value = pos < 0 ? null : valueAt(scene, pos); // inlined: it is in another tree
  const type = value !== null && "mode" in value && value.kind !== Kind.CallExpr ? value.type : null;
  const size = type === null ? -1 : scene.session.sizes.sizeof(type);
  let why = "constants are in read-only data, values of one byte in a table, and those without bytes need no memory";
  if (size === 0) why = "it has no bytes";
  else if (size === 1) why = "the runtime has a table of all values of one byte";
  else if (size > 1) why = "constants are kept in read-only data";
  return `${what} outlives its function, but nothing is allocated: ${why}.`;
}

function leakHeadline(msg: string): string {
  const content = /^leaking param content: (.*)$/.exec(msg);
  if (content !== null) {
    return `What \`${content[1]}\` points to is kept: callers' values behind it have to be on the heap, those that it points to directly need not.`;
  }
  const result = /^leaking param: (.*) to result (\S+) level=(\d+)$/.exec(msg);
  if (result !== null) {
    const [, name, to, level] = result;
    const value =
      level === "0" ? `\`${name}\`` : `What \`${name}\` points to (${level} step${level === "1" ? "" : "s"} away)`;
    return `${value} comes back as result ${to.startsWith("~r") ? Number(to.slice(2)) + 1 : `\`${to}\``}: it stays as long as callers keep the result to themselves.`;
  }
  return `\`${msg.slice("leaking param: ".length)}\` is kept: callers' variables whose address is passed have to be on the heap.`;
}

function subject(what: string): string {
  if (what === "... argument") return "The slice of the variadic arguments";
  if (what === "func literal") return "The function literal";
  if (what === "append") return "`append`";
  return `\`${what}\``;
}

// ------------------------------------------------------------------------------------------------- what stays

function stayHeadline(scene: Scene, remark: Remark): string {
  const what = remark.msg.replace(/ does not escape$/, "");
  if (isParameter(scene, remark.pos))
    return `\`${what}\` does not leak: callers may pass the address of what is on their stack.`;
  return `${subject(what)} stays on the stack.`;
}

function isParameter(scene: Scene, pos: Pos): boolean {
  return scene.trees.at(pos).some((node) => {
    if (node.kind !== Kind.Name || node.obj?.kind !== ObjKind.Var || node.obj.pos !== node.pos) return false;
    const { varKind } = node.obj as Var;
    return varKind === VarKind.ParamVar || varKind === VarKind.RecvVar;
  });
}

function stayReasons(scene: Scene, remark: Remark): Step[] {
  const steps: Step[] = [];
  const say = (pos: Pos, text: string) =>
    steps.push({ text, pos: scene.session.fset.innermost(pos), inlinedAt: 0, scene, why: [] });
  if (isParameter(scene, remark.pos)) {
    say(remark.pos, "Nothing that the function does lets it reach the heap or a result.");
    return steps;
  }
  const node = valueAt(scene, remark.pos);
  const size = node === null ? "" : sizeReason(node);
  if (size !== "") say(remark.pos, size);
  const parent = node === null ? null : scene.trees.parent(node);
  if (parent?.kind === Kind.CallExpr && parent.args.includes(node as Expr)) {
    say(parent.pos, `It is passed to \`${calleeText(parent.fun)}\`, which does not keep it.`);
  } else if (remark.msg.startsWith("... argument")) {
    say(remark.pos, "The callee does not keep the slice, though it may keep what its elements refer to.");
  } else {
    say(remark.pos, "No pointer to it reaches the heap, a result, or a variable that lives longer.");
  }
  return steps;
}

function calleeText(fun: Expr): string {
  const e = unparen(fun);
  if (e.kind === Kind.Name) return e.value;
  if (e.kind === Kind.SelectorExpr) return e.sel.value;
  return "the function";
}

function sizeReason(node: Node): string {
  if (node.kind !== Kind.CallExpr) return "";
  const callee = objectOf(node.fun);
  if (callee?.kind !== ObjKind.Builtin || callee.name !== "make" || node.type === null) return "";
  if (under(node.type).kind !== TypeKind.Slice) return "";
  const constant = node.args.slice(1).every((arg) => arg.val !== null);
  return constant
    ? "Its size is a constant and within the limit of 64 KiB."
    : "Its size is only known at run time: a small one uses a buffer in the frame, a larger one is allocated after all.";
}

/** Variables that are declared and channels that are made where the compiler has nothing to say. */
function unmentioned(scene: Scene, wanted: (pos: Pos) => boolean, mentioned: ReadonlySet<Pos>): Decision[] {
  const found: Decision[] = [];
  for (const file of scene.result.files) {
    inspect(file, (node) => {
      if (node === null) return true;
      if (node.kind === Kind.Name && wanted(node.pos) && !mentioned.has(node.pos)) {
        const decision = silentVariable(scene, node);
        if (decision !== null) found.push(decision);
      } else if (node.kind === Kind.CallExpr && wanted(node.pos) && isMakeChan(node)) {
        const rule = ruleById("make-chan");
        found.push({
          pos: node.pos,
          verdict: "heap",
          headline: "A channel is always on the heap.",
          steps: [],
          rules: rule === null ? [] : [rule],
          remark: null,
        });
      }
      return true;
    });
  }
  return found;
}

function isMakeChan(node: Node): boolean {
  if (node.kind !== Kind.CallExpr || node.type === null) return false;
  const callee = objectOf(node.fun);
  return callee?.kind === ObjKind.Builtin && callee.name === "make" && under(node.type).kind === TypeKind.Chan;
}

function silentVariable(scene: Scene, name: Name): Decision | null {
  const obj = name.obj;
  if (obj?.kind !== ObjKind.Var || obj.pos !== name.pos || name.value === "_") return null;
  const variable = obj as Var;
  const { varKind } = variable;
  if (varKind === VarKind.FieldVar || varKind === VarKind.PackageVar) return null;
  if (scene.trees.functionOf(name) === null) return null; // a parameter of a type
  const steps: Step[] = [];
  const say = (pos: Pos, text: string) => steps.push({ text, pos, inlinedAt: 0, scene, why: [] });
  for (const use of scene.trees.uses(variable)) {
    if (steps.length >= 4) break;
    const around = scene.trees.around(use, (n) => n.kind !== Kind.SelectorExpr && n.kind !== Kind.ParenExpr);
    if (around?.kind === Kind.Operation && around.op === Op.And && around.y === null) {
      say(around.pos, "Its address is taken, but no pointer to it outlives it.");
    } else if (scene.trees.functionOf(use) !== scene.trees.functionOf(name)) {
      say(use.pos, "A closure captures it, without taking it to the heap.");
    }
  }
  if (steps.length === 0) say(name.pos, "Its address is never taken, so nothing can refer to it after its function.");
  return {
    pos: name.pos,
    verdict: "stack",
    headline: `\`${name.value}\` is a variable on the stack.`,
    steps,
    rules: [],
    remark: null,
  };
}

// ------------------------------------------------------------------------------------------------- places

/** The expression that a message at `pos` is about. */
export function valueAt(scene: Scene, pos: Pos): Node | null {
  for (const node of scene.trees.at(pos)) {
    switch (node.kind) {
      case Kind.Name:
      case Kind.BasicLit:
      case Kind.CompositeLit:
      case Kind.FuncLit:
      case Kind.SelectorExpr:
      case Kind.IndexExpr:
      case Kind.SliceExpr:
      case Kind.Operation:
      case Kind.CallExpr:
        return node;
    }
  }
  return null;
}

function inColumns(scene: Scene, node: Node, place: Place): boolean {
  const { fset } = scene.session;
  const start = fset.absolute(startPos(node));
  const end = fset.absolute(node.end);
  const col = place.col as number;
  const afterStart = start.line < place.line || (start.line === place.line && start.col <= col);
  return afterStart && (end.line > place.line || (end.line === place.line && col < end.col));
}
