/** Calls, those of builtin functions included: arguments flow to parameters, or to what a callee's tags say.
 *
 *  Mirrors  cmd/compile/internal/escape/call.go. */
import { InternalError } from "../base/diag.ts";
import { staticCalleeName, staticValue } from "../ir/expr.ts";
import { newAssignStmt, newDecl } from "../ir/make.ts";
import { tempAt } from "../ir/name.ts";
import { Class, type Name, type Node, NodeFlag } from "../ir/node.ts";
import { Op } from "../ir/op.ts";
import type { Target } from "../ir/target.ts";
import { hasPointers } from "../ir/typeops.ts";
import { TKind, type Type } from "../ir/types.ts";
import { PragmaFlag } from "../syntax/pragma.ts";
import { addrHole } from "./assign.ts";
import { deref, type Escape, flow, inMutualBatch, newLoc, note, oldLoc, resultNames, spill, teeHole } from "./batch.ts";
import { discard, discards, expr } from "./expr.ts";
import type { Hole } from "./graph.ts";
import { Leaks, numEscResults } from "./leaks.ts";
import { oracleOf } from "./literals.ts";
import { stmts } from "./stmt.ts";

/** Evaluates the call `n`; `holes` wait for its results, null when it is a statement. */
export function call(e: Escape, holes: readonly Hole[] | null, n: Node): void {
  const { b } = e;
  const argument = (k: Hole, arg: Node | null) => expr(e, note(b, k, n, "call parameter"), arg);
  switch (n.op) {
    case Op.OCALLFUNC:
    case Op.OCALLINTER:
      callFunc(e, holes, n);
      break;

    case Op.OINLCALL:
      // To the compiler the mark that inlined code begins is a statement.
      if (b.config.m > 2) b.config.trace(n.pos, `[${e.loopDepth}] ${b.config.str(e.curfn.nname)} stmt: <node inlmark>`);
      stmts(e, n.body);
      for (let i = 0; i < n.list.length; i++) expr(e, holes === null ? b.discardHole : holes[i], n.list[i]);
      break;

    case Op.OAPPEND: {
      // The slice may be returned as it is, or its elements are copied to a new one.
      const result = holes![0];
      const slice = n.list[0];
      let appendee = teeHole(e, [result, b.mutatorHole]);
      if (hasPointers(slice.type!.elem!, b.target)) {
        appendee = teeHole(e, [appendee, deref(b, b.heapHole, n, "appendee slice")]);
      }
      argument(appendee, slice);
      if ((n.flags & NodeFlag.DDD) !== 0) {
        const more = n.list[1].type!;
        const pointers = more.kind === TKind.SLICE && hasPointers(more.elem!, b.target);
        argument(pointers ? deref(b, b.heapHole, n, "appended slice...") : b.discardHole, n.list[1]);
      } else {
        for (let i = 1; i < n.list.length; i++) argument(b.heapHole, n.list[i]);
      }
      // The backing array that append may make is a location; a flag guards its reuse, so loops do not matter.
      if (b.config.rules.appendLocation) spill(e, result, n).dst.loopDepth = 0;
      break;
    }

    case Op.OCOPY: {
      argument(b.mutatorHole, n.x);
      const from = n.y!.type!;
      const pointers = from.kind === TKind.SLICE && hasPointers(from.elem!, b.target);
      argument(pointers ? deref(b, b.heapHole, n, "copied slice") : b.discardHole, n.y);
      break;
    }

    case Op.OPANIC:
      argument(b.heapHole, n.x);
      break;
    case Op.OCOMPLEX:
      discard(e, n.x);
      discard(e, n.y);
      break;
    case Op.ODELETE:
    case Op.OPRINT:
    case Op.OPRINTLN:
    case Op.ORECOVER:
      discards(e, n.list);
      break;
    case Op.OMIN:
    case Op.OMAX:
      for (const arg of n.list) argument(holes![0], arg);
      break;
    case Op.OLEN:
    case Op.OCAP:
    case Op.OREAL:
    case Op.OIMAG:
    case Op.OCLOSE:
      discard(e, n.x);
      break;
    case Op.OCLEAR:
      argument(b.mutatorHole, n.x);
      break;
    case Op.OUNSAFESTRINGDATA:
    case Op.OUNSAFESLICEDATA:
      argument(holes![0], n.x);
      break;
    case Op.OUNSAFEADD:
    case Op.OUNSAFESLICE:
    case Op.OUNSAFESTRING:
      argument(holes![0], n.x);
      discard(e, n.y);
      break;
    default:
      throw new InternalError(`operation ${n.op} is not a call`);
  }
}

function callFunc(e: Escape, holes: readonly Hole[] | null, n: Node): void {
  const { b } = e;
  const fns = n.op === Op.OCALLFUNC ? calleesOf(e, n.x!) : noNames;
  const sig = fns.length === 1 ? fns[0].type! : n.x!.type!;

  if (holes !== null) {
    for (const fn of fns) {
      if (!inMutualBatch(fn)) continue;
      const results = resultNames(fn.func!);
      for (let i = 0; i < results.length; i++) expr(e, holes[i], results[i]);
    }
  }

  let receiver: Node | null = null;
  if (n.op === Op.OCALLFUNC) {
    let callee = b.discardHole;
    // If a closure flows here whose results are used, they may be anything that the closure can reach.
    if (fns.length === 0 && holes?.some((k) => k.dst !== b.blankLoc))
      callee = note(b, b.calleeHole, n, "callee operand");
    expr(e, callee, n.x);
  } else {
    receiver = n.x!.x;
  }

  const fixed = fixedArgumentHole(e, fns, sig, n);
  let index = 0;
  const argument = (arg: Node) => {
    let k = fixed;
    if (k === null) {
      rewriteArgument(e, arg, n, fns);
      k =
        fns.length > 1 ? mergedHole(e, holes, fns, index) : tagHole(e, holes, fns.length === 0 ? null : fns[0], index);
    }
    index++;
    expr(e, note(b, k, n, "call parameter"), arg);
  };
  const args = n.list;
  let next = 0;
  if (sig.recv !== null) argument(receiver ?? args[next++]);
  else if (receiver !== null) argument(receiver);
  while (next < args.length) argument(args[next++]);
}

const noNames: readonly Name[] = [];

/** The functions that the operand of a call can be; none if they are not known. */
function calleesOf(e: Escape, operand: Node): readonly Name[] {
  const value = staticValue(operand);
  const fn = staticCalleeName(value);
  if (fn !== null) return [fn];
  if (!e.b.config.rules.assignedCallees || value.op !== Op.ONAME) return noNames;
  const fns: Name[] = [];
  for (const assigned of oracleOf(e.b, e.curfn).funcAssignments(value as Name)) {
    const callee = staticCalleeName(assigned);
    if (callee === null) return noNames;
    const pragma = callee.func?.pragma ?? 0;
    if ((pragma & (PragmaFlag.UintptrKeepAlive | PragmaFlag.UintptrEscapes)) !== 0) return noNames;
    fns.push(callee);
  }
  return fns;
}

/** The hole for argument `index` of a call that may be of any of `fns`. */
function mergedHole(e: Escape, holes: readonly Hole[] | null, fns: readonly Name[], index: number): Hole {
  return teeHole(
    e,
    fns.map((fn) => tagHole(e, holes, fn, index)),
  );
}

/** Where all arguments of certain functions go, whatever their tags say; null for ordinary calls. */
function fixedArgumentHole(e: Escape, fns: readonly Name[], sig: Type, n: Node): Hole | null {
  const { b } = e;
  if ((n.flags & NodeFlag.CompilerVarLive) !== 0) return b.discardHole;
  if (fns.length !== 1) return null;
  // internal/abi.EscapeNonString[go.shape.T](dict, v) keeps v on the heap if it holds a pointer that is no string's.
  const { pkg, prefix } = b.config.rules.escapeNonString;
  const { sym } = fns[0];
  if (sym.pkg?.path !== pkg || !sym.name.startsWith(prefix)) return null;
  const params = sig.params;
  if (params.length !== 2 || !params[1].type.isShape) return null;
  return hasNonStringPointers(params[1].type, b.target) ? b.heapHole : b.discardHole;
}

function hasNonStringPointers(t: Type, target: Target): boolean {
  if (!hasPointers(t, target)) return false;
  switch (t.kind) {
    case TKind.STRING:
      return false;
    case TKind.STRUCT:
      return t.fields.some((f) => hasNonStringPointers(f.type, target));
    case TKind.ARRAY:
      return hasNonStringPointers(t.elem!, target);
    default:
      return true;
  }
}

/** The hole for argument `index` (receiver first) of a call to `fn`. */
export function tagHole(e: Escape, holes: readonly Hole[] | null, fn: Name | null, index: number): Hole {
  const { b } = e;
  if (fn === null) return b.heapHole;
  const callee = fn.func;
  if (inMutualBatch(fn)) {
    const param = callee!.dcl[index];
    if (param === undefined || param.class !== Class.PPARAM) throw new InternalError("call with surplus arguments");
    return addrHole(e, param);
  }
  const tags: Hole[] = [];
  const leaks = Leaks.parse(callee?.tags?.[index] ?? "");
  if (leaks.heap() >= 0) tags.push(b.heapHole.shift(leaks.heap()));
  if (leaks.mutator() >= 0) tags.push(b.mutatorHole.shift(leaks.mutator()));
  if (leaks.callee() >= 0) tags.push(b.calleeHole.shift(leaks.callee()));
  if (holes !== null) {
    for (let i = 0; i < numEscResults; i++) if (leaks.result(i) >= 0) tags.push(holes[i].shift(leaks.result(i)));
  }
  return teeHole(e, tags);
}

/** Arguments `uintptr(unsafe.Pointer(p))` of functions that keep or leak what a uintptr points to: p is held in a
 *  temporary that flows accordingly. */
function rewriteArgument(e: Escape, arg: Node, n: Node, fns: readonly Name[]): void {
  let pragma = 0;
  for (const fn of fns) pragma |= fn.func?.pragma ?? 0;
  if ((pragma & (PragmaFlag.UintptrKeepAlive | PragmaFlag.UintptrEscapes)) === 0) return;
  if (arg.op === Op.OSLICELIT) {
    for (const elem of arg.list) holdUintptr(e, elem.op === Op.OKEY ? elem.y! : elem, n, pragma);
  } else {
    holdUintptr(e, arg, n, pragma);
  }
}

function holdUintptr(e: Escape, conv: Node, n: Node, pragma: number): void {
  if (conv.op !== Op.OCONVNOP || conv.x!.type!.kind !== TKind.UNSAFEPTR || conv.type!.kind !== TKind.UINTPTR) return;
  const tmp = copyExpr(e, conv, n);
  conv.x = tmp;
  const escapes = (pragma & PragmaFlag.UintptrEscapes) !== 0;
  flow(e.b, escapes ? note(e.b, e.b.heapHole, conv, "//go:uintptrescapes") : e.b.mutatorHole, oldLoc(tmp));
  if ((pragma & PragmaFlag.UintptrKeepAlive) !== 0) tmp.addrtaken = true;
}

/** Evaluates `conv.x` into a new temporary, before the call `n`. */
function copyExpr(e: Escape, conv: Node, n: Node): Name {
  const x = conv.x!;
  const pos = x.op === Op.ONAME ? conv.pos : x.pos;
  const tmp = tempAt(pos, e.curfn, x.type!, e.b.config.localPkg);
  const statements = [newDecl(pos, tmp), newAssignStmt(pos, tmp, x)];
  n.init = [...n.init, ...statements];
  newLoc(e, tmp, true);
  stmts(e, statements);
  return tmp;
}
