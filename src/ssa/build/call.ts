/** Calls of functions, closures and methods (ssagen: call; walk: walkCall). */
import { InternalError } from "../../base/diag.ts";
import { methodSym } from "../../ir/expr.ts";
import { recvParams } from "../../ir/func.ts";
import { Class, type Name, type Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { sameSelector } from "../../ir/typeops.ts";
import { type Sym, TKind, type Type } from "../../ir/types.ts";
import { atomicIntrinsic } from "../atomics.ts";
import { intrinsic } from "../intrinsics.ts";
import { PanicWrap } from "../passes/inline.ts";
import { Mem, type Sig, SOp, type Value, VFlag, VT } from "../value.ts";
import { addrOf, hasAddress, nilCheck } from "./addr.ts";
import { closureExpr } from "./closure.ts";
import { expr, exprTo, scalar } from "./expr.ts";
import type { FnState } from "./state.ts";
import { discard } from "./stmt.ts";
import { useInterfaceMethod, useReflectMethod } from "./usedmethods.ts";

/** Results of a call, one list for each: components, or the address of a temporary. */
export type Results = Value[][];

/** A call with one result, in registers. */
export function callExpr(s: FnState, n: Node): Value[] {
  const results = callResults(s, n);
  return results.length === 1 ? results[0] : [];
}

/** Does the call `n`. Results that live in memory go to `places`, as far as there are. */
export function callResults(s: FnState, n: Node, tail = false, places: readonly Value[] = []): Results {
  const results = doCall(s, n, tail, places);
  for (const arg of n.list) keepHeld(s, arg);
  return results;
}

/** What the escape analysis holds in a variable because the callee gets it as a uintptr lives until the call returns. */
function keepHeld(s: FnState, arg: Node): void {
  if (arg.op === Op.OSLICELIT) {
    for (const elem of arg.list) keepHeld(s, elem.op === Op.OKEY ? elem.y! : elem);
    return;
  }
  if (arg.op !== Op.OCONVNOP || arg.x!.op !== Op.ONAME || arg.type!.kind !== TKind.UINTPTR) return;
  const held = arg.x as Name;
  if (!held.autoTemp || !held.addrtaken || held.type!.kind !== TKind.UNSAFEPTR) return;
  for (const v of expr(s, held)) s.b.value(SOp.KeepAlive, VT.Void, v);
}

function doCall(s: FnState, n: Node, tail: boolean, places: readonly Value[]): Results {
  const fun = n.x!;
  const call = new Call(s, fun.type!, places);
  if (n.op === Op.OCALLINTER) return interfaceCall(s, n, call, tail);
  switch (fun.op) {
    case Op.ONAME:
      if ((fun as Name).class !== Class.PFUNC) break;
      if (isEscapeNonString(fun as Name)) {
        // A word to the escape analysis: there is nothing to call.
        for (const arg of n.list) discard(s, arg);
        return [];
      }
      if (s.p.funcName((fun as Name).func!) === PanicWrap) {
        s.b.panicCall(PanicWrap, { params: [], results: [] }, []);
        return [];
      }
      return intrinsicCall(s, (fun as Name).sym, n) ?? staticCall(n, call, s.p.funcName((fun as Name).func!), tail);
    case Op.OMETHEXPR: {
      useReflectMethod(s, n);
      const sym = methodSym(fun.x!.type!, fun.sel!.sym!, s.p.universe.goPkg);
      return intrinsicCall(s, sym, n) ?? staticCall(n, call, s.p.symName(sym), tail);
    }
    case Op.OCLOSURE: {
      const fn = fun.func!;
      const name = s.p.funcName(fn);
      if (fn.closureVars.length === 0) return staticCall(n, call, name, tail);
      const clo = closureExpr(s, fun);
      call.arguments(n.list);
      s.b.value(SOp.SetCtxt, VT.Void, clo);
      return call.direct(name, tail);
    }
  }
  const clo = scalar(s, fun);
  call.arguments(n.list);
  nilCheck(s, clo);
  return call.indirect(s.b.load(Mem.I32, clo), clo, tail);
}

/** internal/abi.EscapeNonString[T] in its shaped form. */
function isEscapeNonString({ sym, type }: Name): boolean {
  if (sym.pkg === null || sym.pkg.path !== "internal/abi" || !sym.name.startsWith("EscapeNonString[")) return false;
  const { params } = type!;
  return params.length === 2 && params[1].type.isShape;
}

function staticCall(n: Node, call: Call, name: string, tail: boolean): Results {
  call.arguments(n.list);
  return call.direct(name, tail);
}

/** A method of an interface: the code address is in the itab, the data word is the receiver. */
function interfaceCall(s: FnState, n: Node, call: Call, tail: boolean): Results {
  const { b } = s;
  const sel = n.x!;
  const [tab, data] = expr(s, sel.x!);
  nilCheck(s, tab);
  const method = useInterfaceMethod(s, n);
  const code = b.load(Mem.I32, tab, itabMethodOffset(methodIndex(sel)));
  call.receiver(data);
  call.arguments(n.list);
  return call.indirect(code, null, tail, method);
}

/** Which method of its interface a selector means. */
export function methodIndex(sel: Node): number {
  const iface = sel.x!.type!;
  const method = sel.sel!;
  let i = iface.fields.indexOf(method);
  if (i < 0) i = iface.fields.findIndex((f) => sameSelector(f.sym, method.sym));
  if (i < 0) throw new InternalError(`no method ${method.sym?.name}`);
  return i;
}

/** Where itabs have the code address of method number `i` (internal/abi.ITab.Fun). */
export function itabMethodOffset(i: number): number {
  return 24 + 8 * i;
}

/** Functions of the runtime and the like that are instructions. */
function intrinsicCall(s: FnState, sym: Sym, n: Node): Results | null {
  if (sym.pkg === null) return null;
  const { path } = sym.pkg;
  const build = (s.p.threads ? atomicIntrinsic(path, sym.name) : null) ?? intrinsic(path, sym.name);
  if (build === null) return null;
  const args: Value[] = [];
  for (const arg of n.list) args.push(...expr(s, arg));
  const values = build(s.b, args);
  const results: Results = [];
  let at = 0;
  for (const { type } of n.x!.type!.results) {
    const { length } = s.parts(type);
    results.push(values.slice(at, at + length));
    at += length;
  }
  return results;
}

/** A call in the making: arguments in the order in which wasm gets them. */
export class Call {
  private readonly args: Value[] = [];
  private readonly vts: VT[] = [];
  private readonly memResults: (Value | null)[] = [];
  private readonly params: readonly Type[];
  private next = 0;
  constructor(
    private readonly s: FnState,
    private readonly type: Type,
    /** Where results that live in memory go, if not into temporaries. */
    places: readonly Value[] = [],
  ) {
    this.params = recvParams(type).map((f) => f.type);
    let i = 0;
    for (const { type: t } of type.results) {
      if (s.inRegisters(t)) {
        this.memResults.push(null);
        continue;
      }
      const addr = places[i++] ?? s.temp(t);
      this.memResults.push(addr);
      this.add(addr);
    }
  }

  private add(v: Value): void {
    this.args.push(v);
    this.vts.push(v.type);
  }

  /** The data word of an interface as the receiver. */
  receiver(data: Value): void {
    this.add(data);
    if (this.type.recv !== null) this.next = 1;
  }

  arguments(list: readonly Node[]): void {
    const { s } = this;
    for (const arg of list) {
      const t = this.params[this.next++] ?? arg.type!;
      if (s.inRegisters(t)) {
        for (const v of expr(s, arg)) this.add(v);
        continue;
      }
      // The callee may change its copy.
      if (!s.done.has(arg) && !hasAddress(s, arg)) {
        this.add(addrOf(s, arg));
        continue;
      }
      const copy = s.temp(t);
      exprTo(s, arg, copy);
      this.add(copy);
    }
  }

  /** An argument that is at hand: components, or the address of a copy. */
  values(values: readonly Value[]): void {
    this.next++;
    for (const v of values) this.add(v);
  }

  direct(sym: string, tail = false): Results {
    const { sig, pointers } = this.signature();
    const { b } = this.s;
    const values = b.call(sym, sig, this.args, pointers);
    if (tail) markTail(values);
    return this.results(values);
  }

  indirect(code: Value, ctxt: Value | null, tail = false, method: string | null = null): Results {
    const { sig, pointers } = this.signature();
    const { b } = this.s;
    const values = b.callIndirect(code, ctxt, sig, this.args, pointers, method);
    if (tail) markTail(values);
    return this.results(values);
  }

  private signature(): { sig: Sig; pointers: boolean[] } {
    const results: VT[] = [];
    const pointers: boolean[] = [];
    for (const { type } of this.type.results) {
      const parts = this.s.layout.components(type);
      if (parts === null) continue;
      for (const part of parts) {
        results.push(part.vt);
        pointers.push(part.pointer);
      }
    }
    return { sig: { params: this.vts, results }, pointers };
  }

  private results(values: readonly Value[]): Results {
    const out: Results = [];
    let at = 0;
    this.type.results.forEach(({ type }, i) => {
      const addr = this.memResults[i];
      if (addr !== null) {
        out.push([addr]);
        return;
      }
      const { length } = this.s.parts(type);
      out.push(values.slice(at, at + length));
      at += length;
    });
    return out;
  }
}

function markTail(values: readonly Value[]): void {
  if (values.length === 0) return;
  const call = values[0].op === SOp.Result ? values[0].args[0] : values[0];
  call.flags |= VFlag.Tail;
}
