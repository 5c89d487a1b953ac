/** Whether the promises of a package are kept; for each that is not, what breaks it and the way there. */
import type { Pos } from "../../base/pos.ts";
import { pathToPrefix } from "../../ir/typefmt.ts";
import { type CallExpr, type FuncDecl, Kind, type Node } from "../../syntax/ast.ts";
import { inspect } from "../../syntax/walk.ts";
import { type Func, type Obj, ObjKind } from "../../types/types.ts";
import { AllocKind, type AllocSite, type FuncAllocs } from "../allocs/collect.ts";
import {
  type AllocCause,
  type AllocFact,
  chainOf,
  displayKey,
  isHard,
  isPrimitive,
  noAllocs,
} from "../allocs/facts.ts";
import type { Collector } from "../findings/collect.ts";
import type { FlowPoint, SourceRange } from "../findings/model.ts";
import { relativeName } from "../findings/places.ts";
import { declName } from "../functions.ts";
import { kindOf, type Remark } from "../remark.ts";
import { objectOf } from "../trees.ts";
import { type CodePromise, type Promised, readPromises } from "./directives.ts";

type AllocPromise = Extract<Promised, { kind: "allocs" }>;

export interface PromiseContext {
  /** What the functions of the package allocate, less what comments accept. */
  readonly allocs: readonly FuncAllocs[];
  /** What a function allocates with all that it calls; null if its code is not known. */
  fact(key: string): AllocFact | null;
}

/** Adds a finding for each promise that is broken; returns how many promises there are. */
export function checkPromises(collector: Collector, context: PromiseContext): number {
  return new PromiseCheck(collector, context).run();
}

class PromiseCheck {
  private readonly allocsAt = new Map<Pos, FuncAllocs[]>();
  private readonly calls = new Map<Obj, CallExpr[]>();
  private readonly inlinedCalls = new Set<Pos>();

  constructor(
    private readonly collector: Collector,
    private readonly context: PromiseContext,
  ) {
    for (const allocs of context.allocs) {
      const here = this.allocsAt.get(allocs.pos);
      if (here === undefined) this.allocsAt.set(allocs.pos, [allocs]);
      else here.push(allocs); // instances
    }
  }

  run(): number {
    const { scene } = this.collector;
    const promises = scene.result.files.flatMap((file) => readPromises(scene.session.fset, file));
    if (promises.some(({ promised }) => promised.kind === "inline")) this.indexCalls();
    for (const promise of promises) this.check(promise);
    return promises.length;
  }

  private indexCalls(): void {
    const { scene } = this.collector;
    for (const remark of scene.remarks) {
      if (remark.msg.startsWith("inlining call to ")) this.inlinedCalls.add(scene.session.fset.innermost(remark.pos));
    }
    for (const file of scene.result.files) {
      inspect(file, (node) => {
        if (node?.kind !== Kind.CallExpr) return true;
        const callee = objectOf(node.fun);
        if (callee?.kind !== ObjKind.Func) return true;
        const list = this.calls.get(callee);
        if (list === undefined) this.calls.set(callee, [node]);
        else list.push(node);
        return true;
      });
    }
  }

  private check(promise: CodePromise): void {
    const { promised } = promise;
    switch (promised.kind) {
      case "noescape":
        this.noescape(promise);
        return;
      case "allocs":
        this.allocs(promise, promised);
        return;
      case "inline":
        this.inline(promise, promised.any);
        return;
      case "unknown":
        this.add(promise.pos, "unknown", "note", `not checked: ${promise.spelling}: ${promised.why}`, [], []);
    }
  }

  // ------------------------------------------------------------------------------------------------- reporting

  private add(
    pos: Pos,
    name: string,
    level: "error" | "note",
    message: string,
    flow: readonly FlowPoint[],
    related: readonly FlowPoint[],
  ): void {
    const draft = this.collector.at(pos, `promise-${name}`, level, message, flow, related);
    if (draft !== null) this.collector.add(draft);
  }

  private promisePlace({ pos, end, spelling }: CodePromise): FlowPoint {
    return { text: `The promise: ${spelling}`, range: this.collector.places.between(pos, end), depth: 0 };
  }

  private subject({ target }: CodePromise): string {
    return target.kind === "function" ? declName(target.decl) : "this line";
  }

  // ------------------------------------------------------------------------------------------------- noescape

  private noescape(promise: CodePromise): void {
    const { collector } = this;
    const seen = new Set<string>();
    for (const remark of collector.scene.remarks) {
      if (!this.breaksNoescape(remark, promise)) continue;
      const key = `${remark.pos} ${remark.msg}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const message = `${remark.msg}: ${this.subject(promise)} promises ${promise.spelling}`;
      const draft = collector.ofRemark(remark, "promise-noescape", "error", message, [this.promisePlace(promise)]);
      if (draft !== null) collector.add(draft);
    }
  }

  private breaksNoescape(remark: Remark, { target }: CodePromise): boolean {
    const kind = kindOf(remark.msg);
    const { fset } = this.collector.scene.session;
    const pos = fset.outermost(remark.pos);
    if (target.kind === "function") {
      return (kind === "moved" || kind === "escapes") && pos >= target.decl.pos && pos < target.decl.end;
    }
    if (kind !== "moved" && kind !== "escapes" && !(kind === "leak" && !remark.msg.includes(" to result ")))
      return false;
    const at = fset.absolute(pos);
    return at.line === target.line && at.filename === fset.file(target.file.pos)?.name;
  }

  // ------------------------------------------------------------------------------------------------- allocations

  private allocs(promise: CodePromise, promised: AllocPromise): void {
    const { target } = promise;
    const { fset } = this.collector.scene.session;
    if (target.kind === "line") {
      const file = fset.file(target.file.pos)?.name;
      const onLine = (pos: Pos): boolean => {
        const at = fset.absolute(fset.outermost(pos));
        return at.line === target.line && at.filename === file;
      };
      for (const fn of this.context.allocs) this.allocsOf(fn, promise, promised, onLine);
      return;
    }
    const list = this.allocsAt.get(target.decl.pos) ?? [];
    for (const fn of list) this.allocsOf(fn, promise, promised, () => true);
  }

  private allocsOf(fn: FuncAllocs, promise: CodePromise, promised: AllocPromise, wanted: (pos: Pos) => boolean): void {
    const broken: Broken[] = [];
    let count = 0;
    for (const site of fn.sites) {
      if (!wanted(site.pos) || !counts(site, promised)) continue;
      const hard = isHard(site.kind);
      if (hard) count += site.inLoop ? Number.POSITIVE_INFINITY : 1;
      broken.push({ pos: site.pos, text: site.text, chain: [], hard, inLoop: site.inLoop });
    }
    for (const call of fn.calls) {
      if (!wanted(call.pos)) continue;
      const fact = isPrimitive(call.callee) ? noAllocs : this.context.fact(call.callee);
      if (promised.hardCalls && fact !== null && fact.hard !== null) {
        count += call.inLoop || fact.count < 0 ? Number.POSITIVE_INFINITY : fact.count;
        broken.push(this.ofCall(call.pos, call.callee, fact.hard, true, call.inLoop));
      } else if (promised.softCalls && (fact === null || fact.soft !== null)) {
        broken.push(this.ofCall(call.pos, call.callee, fact?.soft ?? null, false, call.inLoop));
      }
    }
    if (promised.must) {
      if (broken.length > 0) return;
      const message = `${this.subject(promise)} promises ${promise.spelling}, but there is no such allocation or call`;
      this.add(promise.pos, "allocs", "error", message, [], []);
      return;
    }
    const soft = broken.filter((b) => !b.hard);
    if (count <= promised.max && soft.length === 0) return;
    if (promised.max > 0 && count > promised.max) {
      const number = Number.isFinite(count) ? String(count) : "any number of";
      const message = `${this.subject(promise)} makes ${number} allocations a call, and promises ${promise.spelling}`;
      const points = broken.filter((b) => b.hard).flatMap((b) => this.path(b));
      this.add(fn.pos, "allocs", "error", message, points, [this.promisePlace(promise)]);
    }
    const name = promised.max > 0 ? "allocs" : "noalloc";
    for (const b of promised.max > 0 ? soft : broken) {
      const message = `${b.text}: ${this.subject(promise)} promises ${promise.spelling}`;
      this.addAlloc(b, name, message, promise);
    }
  }

  /** Where the escape analysis has said why, its flow is the path. */
  private addAlloc(broken: Broken, name: string, message: string, promise: CodePromise): void {
    const { collector } = this;
    const related = [this.promisePlace(promise)];
    const remark = broken.chain.length > 0 ? null : this.remarkOf(broken);
    if (remark === null) {
      this.add(broken.pos, name, "error", message, broken.chain.length > 0 ? this.path(broken) : [], related);
      return;
    }
    const draft = collector.ofRemark(remark, `promise-${name}`, "error", message, related);
    if (draft !== null) collector.add(draft);
  }

  private remarkOf({ pos, text }: Broken): Remark | null {
    const remarks = this.collector.scene.remarksAt(pos);
    return remarks.find(({ msg }) => msg === text) ?? null;
  }

  private ofCall(pos: Pos, callee: string, cause: AllocCause | null, hard: boolean, inLoop: boolean): Broken {
    const name = this.shortName(callee);
    if (cause === null)
      return { pos, text: `${name} is called, whose code is not known here`, chain: [], hard, inLoop };
    const chain = chainOf(cause, hard, this.context.fact);
    const last = chain[chain.length - 1];
    return { pos, text: `${name} is called, where ${last.text}`, chain, hard, inLoop };
  }

  /** A function of the package without the package. */
  private shortName(key: string): string {
    const own = `${pathToPrefix(this.collector.scene.result.checked?.pkg.path ?? "")}.`;
    return displayKey(key.startsWith(own) ? key.slice(own.length) : key);
  }

  private path({ pos, text, chain, inLoop }: Broken): FlowPoint[] {
    const here = `${text}${inLoop ? " (in a loop)" : ""}`;
    const points: FlowPoint[] = [{ text: here, range: this.collector.places.of(pos), depth: 0 }];
    chain.forEach((cause, i) => {
      points.push({ text: cause.text, range: this.rangeOf(cause), depth: i + 1 });
    });
    return points;
  }

  private rangeOf({ place }: AllocCause): SourceRange {
    const { line, col } = place;
    const file = relativeName(this.collector.options.root, place.file);
    return { file, line, col, endLine: line, endCol: col, col16: col, endCol16: col };
  }

  // ------------------------------------------------------------------------------------------------- inlining

  private inline(promise: CodePromise, any: boolean): void {
    const { target } = promise;
    if (target.kind === "function") this.inlineFunction(promise, target.decl);
    else this.inlineLine(promise, target.line, target.file.pos, any);
  }

  private inlineFunction(promise: CodePromise, decl: FuncDecl): void {
    const { scene } = this.collector;
    const why = scene.result.optLog.find(({ pos, what }) => pos === decl.pos && what === "cannotInlineFunction");
    if (why !== undefined) {
      const message = `${declName(decl)} promises ${promise.spelling}, but cannot be inlined: ${why.message}`;
      this.add(decl.pos, "inline", "error", message, [], [this.promisePlace(promise)]);
      return; // so its calls are not
    }
    const fn = decl.name.obj as Func | null;
    for (const call of fn === null ? [] : (this.calls.get(fn) ?? [])) this.inlinedCall(promise, call);
  }

  private inlinedCall(promise: CodePromise, call: CallExpr): void {
    if (this.inlinedCalls.has(call.pos)) return;
    const { scene } = this.collector;
    const callee = objectOf(call.fun);
    const around = scene.trees.parent(call);
    const why =
      around?.kind === Kind.CallStmt
        ? "calls of go and defer statements never are"
        : (this.reasonAgainst(callee) ?? "the function around it is too large, or calls it recursively");
    const message = `the call of ${callee?.name ?? "a function"} is not inlined, as ${promise.spelling} promises: ${why}`;
    this.add(call.pos, "inline", "error", message, [], [this.promisePlace(promise)]);
  }

  private reasonAgainst(callee: Obj | null): string | null {
    const { optLog } = this.collector.scene.result;
    const why = optLog.find(({ pos, what }) => pos === callee?.pos && what === "cannotInlineFunction");
    return why === undefined ? null : why.message;
  }

  private inlineLine(promise: CodePromise, line: number, file: Pos, any: boolean): void {
    const { fset } = this.collector.scene.session;
    const name = fset.file(file)?.name;
    const here: CallExpr[] = [];
    const isHere = (node: Node): boolean => {
      const at = fset.absolute(node.pos);
      return at.line === line && at.filename === name;
    };
    for (const list of this.calls.values()) here.push(...list.filter(isHere));
    if (here.length === 0) {
      const message = `${promise.spelling}: there is no call of a known function on this line`;
      this.add(promise.pos, "inline", "error", message, [], []);
      return;
    }
    if (any && here.some((call) => this.inlinedCalls.has(call.pos))) return;
    for (const call of here.sort((a, b) => a.pos - b.pos)) this.inlinedCall(promise, call);
  }
}

/** Something that breaks a promise about allocations. */
interface Broken {
  readonly pos: Pos;
  readonly text: string;
  /** Inside of callees. */
  readonly chain: readonly AllocCause[];
  readonly hard: boolean;
  readonly inLoop: boolean;
}

function counts({ kind }: AllocSite, promised: AllocPromise): boolean {
  switch (kind) {
    case AllocKind.Value:
      return promised.values;
    case AllocKind.Operation:
      return promised.operations;
    default:
      return promised.softOwn;
  }
}
