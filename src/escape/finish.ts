/** Says what was decided, and leaves it behind: parameter tags for callers, `Node.esc` for later passes.
 *
 *  Mirrors  finish, paramTag and reportLeaks of cmd/compile/internal/escape/escape.go.
 *  Order    parameters of all functions of the batch first, receiver in front, then every other location. */
import type { Pos } from "../base/pos.ts";
import { EscHeap, EscNone } from "../ir/name.ts";
import { type Func, FuncFlag, type Name, type Node, NodeFlag } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import { hasPointers } from "../ir/typeops.ts";
import { type Field, TKind } from "../ir/types.ts";
import { PragmaFlag } from "../syntax/pragma.ts";
import { type Batch, FuncState, oldLoc, resultNames } from "./batch.ts";
import { Attr, type Location } from "./graph.ts";
import { Leaks, numEscResults } from "./leaks.ts";
import { storageSize } from "./limits.ts";

export function finish(b: Batch, fns: readonly Func[]): void {
  for (const fn of fns) {
    fn.esc = FuncState.Tagged;
    const sig = fn.type;
    const fields = sig.recv === null ? sig.params : [sig.recv, ...sig.params];
    fn.tags = fields.map((field, i) => paramTag(b, fn, i, field));
  }
  for (const loc of b.allLocs) {
    const n = loc.node;
    if (n === null) continue;
    if (n.op === Op.ONAME) n.opt = null;
    if (loc.has(Attr.Escapes) && b.config.wrongStack?.(n) !== true) sayEscapes(b, loc, n);
    else sayStays(b, loc, n);
    if (b.config.zeroCopy && n.op === Op.OSTR2BYTES && !loc.has(Attr.Mutates)) {
      n.flags |= NodeFlag.ZeroCopy;
      if (b.config.m >= 1) b.config.warn(n.pos, "zero-copy string->[]byte conversion", null);
    }
  }
}

function isGoDeferWrapper(n: Node): boolean {
  return n.op === Op.OCLOSURE && (n.func!.flags & FuncFlag.Wrapper) !== 0;
}

function sayEscapes(b: Batch, loc: Location, n: Node): void {
  const { config } = b;
  n.esc = EscHeap;
  if (n.op === Op.ONAME) {
    if (config.compilingRuntime) {
      config.error(n.pos, `${config.str(n)} escapes to heap, not allowed in runtime`);
    }
    if (config.m !== 0) {
      config.warn(n.pos, `moved to heap: ${config.str(n)}`, loc.flows, storageSize(n, b.target), loc.curfn);
    }
  } else {
    if (config.m !== 0 && !isGoDeferWrapper(n)) {
      const what = n.op === Op.OAPPEND ? "append" : config.str(n);
      config.warn(n.pos, `${what} escapes to heap`, loc.flows, storageSize(n, b.target), loc.curfn);
    }
    config.logEscape(n.pos);
  }
}

function sayStays(b: Batch, loc: Location, n: Node): void {
  const { config } = b;
  n.esc = EscNone;
  if (config.m !== 0 && n.op !== Op.ONAME && !isGoDeferWrapper(n)) {
    config.warn(n.pos, `${n.op === Op.OAPPEND ? "append" : config.str(n)} does not escape`, null);
  }
  if (!loc.has(Attr.Persists) && (n.op === Op.OCLOSURE || n.op === Op.OMETHVALUE || n.op === Op.OSLICELIT)) {
    n.flags |= NodeFlag.Transient;
  }
}

/** The tag of parameter `index` (receiver first), after saying what it means. */
function paramTag(b: Batch, fn: Func, index: number, field: Field): string {
  const { config } = b;
  const diagnose = config.m !== 0 && (fn.flags & (FuncFlag.Wrapper | FuncFlag.Dupok)) === 0;
  const name = fn.dcl[index] as Name | undefined;
  const text = name !== undefined ? name.sym.name : `arg#${index + 1}`;
  const pos = field.pos;

  if (fn.body.length === 0) {
    // Without a body, uintptr arguments may be pointers that must be kept alive during the call.
    fn.pragma |= PragmaFlag.UintptrKeepAlive;
    if (field.type.kind === TKind.UINTPTR) {
      if (diagnose) config.warn(pos, `assuming ${text} is unsafe uintptr`, null);
      return "";
    }
    if (!hasPointers(field.type, b.target)) return "";
    const leaks = new Leaks();
    if ((fn.pragma & PragmaFlag.Noescape) !== 0) {
      if (diagnose && field.sym !== null) config.warn(pos, `${text} does not escape`, null);
      leaks.addMutator(0);
      leaks.addCallee(0);
    } else {
      if (diagnose && field.sym !== null) config.warn(pos, `leaking param: ${text}`, null);
      leaks.addHeap(0);
    }
    return leaks.encode();
  }

  if ((fn.pragma & PragmaFlag.UintptrEscapes) !== 0) {
    if (field.type.kind === TKind.UINTPTR) {
      if (diagnose) config.warn(pos, `marking ${text} as escaping uintptr`, null);
      return "";
    }
    const type = field.type;
    if (field.isDDD && type.kind === TKind.SLICE && type.elem!.kind === TKind.UINTPTR) {
      if (diagnose) config.warn(pos, `marking ${text} as escaping ...uintptr`, null);
      return "";
    }
  }

  if (!hasPointers(field.type, b.target)) return "";
  // A parameter without a name is not used.
  if (field.sym === null || field.sym.name === "_") return new Leaks().encode();
  const loc = oldLoc(name!);
  const leaks = loc.paramEsc!;
  leaks.optimize();
  if (diagnose && !loc.has(Attr.Escapes)) reportLeaks(b, pos, text, leaks, fn, loc);
  return leaks.encode();
}

function reportLeaks(b: Batch, pos: Pos, name: string, leaks: Leaks, fn: Func, loc: Location): void {
  const { config } = b;
  let said = false;
  const heap = leaks.heap();
  if (heap >= 0) {
    config.warn(pos, `leaking param${heap > 0 ? " content" : ""}: ${name}`, loc.flows);
    said = true;
  }
  let results: Name[] | null = null;
  for (let i = 0; i < numEscResults; i++) {
    const level = leaks.result(i);
    if (level < 0) continue;
    if (results === null) results = resultNames(fn);
    config.warn(pos, `leaking param: ${name} to result ${results[i].sym.name} level=${level}`, loc.flows);
    said = true;
  }
  if (!config.mutations) {
    if (!said) config.warn(pos, `${name} does not escape`, null);
    return;
  }
  if (leaks.mutator() >= 0) config.warn(pos, `mutates param: ${name} derefs=${leaks.mutator()}`, null);
  if (leaks.callee() >= 0) config.warn(pos, `calls param: ${name} derefs=${leaks.callee()}`, null);
  if (!said && leaks.mutator() < 0 && leaks.callee() < 0) {
    config.warn(pos, `${name} does not escape, mutate, or call`, null);
  }
}
