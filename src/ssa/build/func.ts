/** One function: where its parameters, results and variables live, its body, its end (ssagen: buildssa). */
import { InternalError } from "../../base/diag.ts";
import { byval, EscHeap } from "../../ir/name.ts";
import { Class, type Func, FuncFlag, type Name, type Node } from "../../ir/node.ts";
import { Op } from "../../ir/op.ts";
import { PragmaFlag } from "../../syntax/pragma.ts";
import { Builder } from "../builder.ts";
import { isLocked } from "../passes/locked.ts";
import { traceArgs } from "../traceargs.ts";
import { FnFlag, Mem, SFunc, SOp, type Value, VT } from "../value.ts";
import { placeAddr } from "./addr.ts";
import { newObject } from "./alloc.ts";
import { closureType } from "./closure.ts";
import { buildDeferExit, hasOpenDefers } from "./defer.ts";
import { countSavedVariable } from "./saved.ts";
import { stackSlices } from "./stackslices.ts";
import { FnState, type PkgState, type Place } from "./state.ts";
import { stmtList } from "./stmt.ts";

/** Functions that only stand between a caller and what it calls: tracebacks and recover do not see them. */
const wrappers: ReadonlySet<string> = new Set([
  "reflect.callMethod",
  "reflect.callReflect",
  "runtime.deferreturn",
  "runtime.reflectcall",
]);

function isWrapper(fn: Func, name: string): boolean {
  if ((fn.flags & FuncFlag.Wrapper) !== 0 || wrappers.has(name)) return true;
  return fn.body.some((n) => n.op === Op.OTAILCALL); // the call does not take over the frame here
}

/** Builds the function and adds it to the package's. */
export function buildFunc(p: PkgState, fn: Func): SFunc {
  const { sig, pointers } = p.layout.signature(fn.type);
  const sfn = new SFunc(p.funcName(fn), sig, fn.pos);
  if (p.threads && isLocked(sfn.name) && fn.inl !== null)
    throw new InternalError(`${sfn.name} is inlined, so it cannot hold the runtime's lock`);
  sfn.paramPointers = pointers;
  sfn.frameLayout = p.layout.frameLayout(fn.type).slots;
  sfn.traceArgs = traceArgs(p.layout, fn.type, sfn.name);
  if (isWrapper(fn, sfn.name)) sfn.flags |= FnFlag.Wrapper;
  if ((fn.flags & FuncFlag.Dupok) !== 0) sfn.flags |= FnFlag.Dupok;
  if ((fn.pragma & PragmaFlag.Nosplit) !== 0) sfn.flags |= FnFlag.NoSplit;
  const stays = PragmaFlag.Nosplit | PragmaFlag.UintptrKeepAlive;
  if ((fn.pragma & stays) === stays) sfn.flags |= FnFlag.StackStays;
  if ((fn.pragma & PragmaFlag.Nowritebarrierrec) !== 0) sfn.flags |= FnFlag.Unchecked;
  const b = new Builder(sfn);
  const s = new FnState(p, b, sfn, fn);
  s.hasDefer = hasDefer(fn.body);
  if (s.hasDefer) {
    sfn.flags |= FnFlag.HasDefer;
    s.openDefers = hasOpenDefers(fn);
  }
  if (fn.closureVars.length > 0 || (fn.flags & FuncFlag.NeedCtxt) !== 0) {
    sfn.flags |= FnFlag.NeedCtxt;
    s.ctxt = b.pointer(b.value(SOp.Ctxt, VT.I32));
  }
  declareParams(s, fn);
  if (s.ctxt !== null) declareClosureVars(s, fn, s.ctxt);
  if (p.n.switches.maymorestack !== "" && (sfn.flags & FnFlag.NoSplit) === 0)
    b.call(p.n.switches.maymorestack, { params: [], results: [] }, [], []);
  const moves = stackSlices(fn, p.target);
  if (moves.size > 0) s.sliceMoves = moves;
  stmtList(s, fn.body);
  const endReached = b.reachable;
  if (endReached) {
    b.pos = fn.endPos;
    returnResults(s);
  }
  if (s.hasDefer) buildDeferExit(s, endReached);
  for (const block of s.labels.values()) b.seal(block);
  b.finish();
  p.funcs.push(sfn);
  return sfn;
}

/** Calls are deferred somewhere in the statements, in this function's frame. */
function hasDefer(list: readonly Node[]): boolean {
  for (const n of list) {
    switch (n.op) {
      case Op.ODEFER:
        if (n.y === null) return true;
        break;
      case Op.OAS:
        // Bodies of range-over-func loops defer calls of the function that they are part of.
        if (n.y !== null && n.y.op === Op.OCALLFUNC && isDeferRangeFunc(n.y)) return true;
        break;
      case Op.OBLOCK:
      case Op.OIF:
        if (hasDefer(n.list) || hasDefer(n.body)) return true;
        break;
      case Op.OFOR:
      case Op.ORANGE:
      case Op.OINLCALL:
        if (hasDefer(n.body)) return true;
        break;
      case Op.OSWITCH:
      case Op.OSELECT:
        for (const clause of n.cases) if (hasDefer(clause.body)) return true;
        break;
    }
    if (n.init.length > 0 && hasDefer(n.init)) return true;
  }
  return false;
}

function isDeferRangeFunc(n: Node): boolean {
  const fun = n.x!;
  return fun.op === Op.ONAME && (fun as Name).sym.name === "deferrangefunc" && (fun as Name).class === Class.PFUNC;
}

// ---------------------------------------------------------------------------------------------------- variables

/** Parameters and results, in the order of wasm's parameters. */
function declareParams(s: FnState, fn: Func): void {
  const { b, sfn } = s;
  const params = fn.dcl.filter((n) => n.class === Class.PPARAM);
  s.results = fn.dcl.filter((n) => n.class === Class.PPARAMOUT);
  let index = 0;
  const next = (): Value => {
    const v = b.value(SOp.Param, sfn.sig.params[index]);
    v.aux = index;
    if (sfn.paramPointers[index]) b.pointer(v);
    index++;
    return v;
  };
  if (s.results.length !== fn.type.results.length) throw new InternalError(`${sfn.name} lacks result variables`);
  for (const n of s.results) if (!s.inRegisters(n.type!)) s.resultAddrs.push(keepPointer(s, `&${n.sym.name}`, next()));
  const args = params.map((n) => (s.layout.components(n.type!) ?? [null]).map(next));
  params.forEach((n, i) => {
    declareParam(s, n, args[i]);
  });
  let inMemory = 0;
  for (const n of s.results) declareResult(s, n, s.inRegisters(n.type!) ? null : s.resultAddrs[inMemory++]);
}

function declareParam(s: FnState, n: Name, values: readonly Value[]): void {
  const t = n.type!;
  const { b } = s;
  if (n.esc === EscHeap) {
    const addr = newObject(s, t);
    if (s.inRegisters(t)) s.storeFresh(t, addr, values);
    else s.move(t, addr, values[0], true);
    s.places.set(n, keepPointer(s, `&${n.sym.name}`, addr));
    return;
  }
  countSavedVariable(s, n);
  if (!s.inRegisters(t) && s.p.ownParams) {
    const slot = s.slot(n.sym.name, t);
    s.move(t, b.slotAddr(slot), values[0]);
    s.places.set(n, { regs: null, slot, ptr: null, ptrSlot: null });
    return;
  }
  if (!s.inRegisters(t)) {
    s.places.set(n, keepPointer(s, `&${n.sym.name}`, values[0]));
    return;
  }
  if (n.addrtaken) {
    const slot = s.slot(n.sym.name, t);
    s.store(t, b.slotAddr(slot), values);
    s.places.set(n, { regs: null, slot, ptr: null, ptrSlot: null });
    return;
  }
  const regs = s.newRegs(n.sym.name, t);
  s.writeRegs(regs, values);
  s.places.set(n, { regs, slot: null, ptr: null, ptrSlot: null });
}

/** A result; `home`: where the caller wants it, if it lives in memory. */
function declareResult(s: FnState, n: Name, home: Place | null): void {
  const t = n.type!;
  const { b } = s;
  if (n.esc === EscHeap) {
    s.places.set(n, keepPointer(s, `&${n.sym.name}`, newObject(s, t)));
    return;
  }
  if (home !== null) {
    s.zeroAt(t, placeAddr(s, home));
    s.places.set(n, home);
    return;
  }
  // Deferred calls, and what comes after a recovered panic, find results in memory only.
  if (n.addrtaken || s.hasDefer) {
    const slot = s.slot(n.sym.name, t);
    s.zeroAt(t, b.slotAddr(slot));
    s.places.set(n, { regs: null, slot, ptr: null, ptrSlot: null });
    return;
  }
  const regs = s.newRegs(n.sym.name, t);
  s.writeRegs(regs, s.zero(t));
  s.places.set(n, { regs, slot: null, ptr: null, ptrSlot: null });
}

/** A place behind pointer `addr`, which has to be found in `deferExit` as well. */
function keepPointer(s: FnState, name: string, addr: Value): Place {
  const { b } = s;
  if (s.hasDefer) {
    const slot = s.sfn.newSlot(name, 8, 8, [0]);
    b.store(Mem.Ptr, b.slotAddr(slot), addr);
    return { regs: null, slot: null, ptr: null, ptrSlot: slot };
  }
  const ptr = b.newVariable(name, VT.I32, true);
  b.write(ptr, addr);
  return { regs: null, slot: null, ptr, ptrSlot: null };
}

function declareClosureVars(s: FnState, fn: Func, ctxt: Value): void {
  const { b } = s;
  const object = closureType(s, fn);
  fn.closureVars.forEach((n, i) => {
    const t = n.type!;
    const { offset } = object.fields[i + 1];
    if (!byval(n)) {
      const ptr = b.newVariable(`&${n.sym.name}`, VT.I32, true);
      b.write(ptr, b.load(Mem.Ptr, ctxt, offset));
      s.places.set(n, { regs: null, slot: null, ptr, ptrSlot: null });
    } else if (!s.inRegisters(t)) {
      // Never assigned: it is used where it is.
      const ptr = b.newVariable(`&${n.sym.name}`, VT.I32, true);
      b.write(ptr, b.offset(ctxt, offset));
      s.places.set(n, { regs: null, slot: null, ptr, ptrSlot: null });
    } else if (n.addrtaken) {
      const slot = s.slot(n.sym.name, t);
      s.store(t, b.slotAddr(slot), s.load(t, ctxt, offset));
      s.places.set(n, { regs: null, slot, ptr: null, ptrSlot: null });
    } else {
      const regs = s.newRegs(n.sym.name, t);
      s.writeRegs(regs, s.load(t, ctxt, offset));
      s.places.set(n, { regs, slot: null, ptr: null, ptrSlot: null });
    }
  });
}

// ---------------------------------------------------------------------------------------------------- end

/** Returns what the result variables hold, after what was deferred. */
export function returnResults(s: FnState): void {
  const { b } = s;
  if (s.hasDefer) {
    const { pos } = b;
    if (!s.openDefers) b.pos = s.fn!.endPos;
    s.rtcall("deferreturn", []);
    b.pos = pos;
  }
  const values: Value[] = [];
  let inMemory = 0;
  for (const n of s.results) {
    const t = n.type!;
    const place = s.places.get(n)!;
    if (s.inRegisters(t)) {
      values.push(...(place.regs !== null ? s.readRegs(place.regs) : s.load(t, placeAddr(s, place))));
      continue;
    }
    const home = s.resultAddrs[inMemory++];
    if (home !== place) s.move(t, placeAddr(s, home), placeAddr(s, place));
  }
  b.ret(values);
}
