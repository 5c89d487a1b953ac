/** Code for function values that package reflect makes: MakeFunc, and method values. It puts its arguments into a frame as
 *  reflect lays it out and calls reflect.callReflect or callMethod (makeFuncStub and methodValueCall of
 *  reflect/asm_amd64.s). One serves all types whose calls look the same. */
import { NoPos } from "../../base/pos.ts";
import { recvParams } from "../../ir/func.ts";
import type { Type } from "../../ir/types.ts";
import type { PkgState } from "../build/state.ts";
import { Builder } from "../builder.ts";
import { ByAddress } from "../layout.ts";
import { DataRelocKind } from "../object.ts";
import { FnFlag, type Mem, SFunc, type Sig, SOp, type Value, VT } from "../value.ts";
import { DataWriter } from "./writer.ts";

/** Data symbols with the code addresses of both stubs; the linker keeps them for programs that make function values. */
export const StubsPrefix = "reflect.stubs:";

const calleeSig: Sig = { params: [VT.I32, VT.I32, VT.I32, VT.I32], results: [] };

/** The symbol of the stubs for functions of type `t`. */
export function funcStubs(p: PkgState, t: Type): string {
  const { slots, size, pointers } = p.layout.frameLayout(t);
  const key = `${slots.join()};${size};${pointers.join()};${memorySizes(p, t).join()}`;
  const name = StubsPrefix + key;
  if (p.claimData(name)) {
    const w = new DataWriter(8);
    w.off32(0, stub(p, t, `reflect.makeFuncStub:${key}`, "reflect.callReflect"), DataRelocKind.FuncOff32);
    w.off32(4, stub(p, t, `reflect.methodValueCall:${key}`, "reflect.callMethod"), DataRelocKind.FuncOff32);
    p.addData(w.finish(name, { dupok: true }));
  }
  return name;
}

/** Sizes of results, then parameters, whose address is passed. */
function memorySizes(p: PkgState, t: Type): number[] {
  const out: number[] = [];
  for (const list of [t.results, recvParams(t)])
    for (const { type } of list) if (!p.layout.inRegisters(type)) out.push(p.layout.size(type));
  return out;
}

function stub(p: PkgState, t: Type, name: string, callee: string): string {
  if (!p.claimFunc(name)) return name;
  const { sig, pointers } = p.layout.signature(t);
  const layout = p.layout.frameLayout(t);
  const fn = new SFunc(name, sig, NoPos);
  fn.paramPointers = pointers;
  fn.frameLayout = layout.slots;
  fn.flags |= FnFlag.Dupok | FnFlag.Wrapper | FnFlag.NeedCtxt;
  const b = new Builder(fn);
  const ctxt = b.pointer(b.value(SOp.Ctxt, VT.I32));
  const frame = fn.newSlot("frame", Math.max(layout.size, 8), 8, layout.pointers);
  const flags = fn.newSlot("retValid", 16, 8, []);
  const [count] = layout.slots;
  const sizes = memorySizes(p, t);
  let next = 0;
  const resultsInMemory: { addr: Value; offset: number; size: number }[] = [];
  const resultCount = t.results.filter((f) => !p.layout.inRegisters(f.type)).length;
  for (let i = 0; i < count; i++) {
    const v = b.value(SOp.Param, sig.params[i]);
    v.aux = i;
    if (pointers[i]) b.pointer(v);
    const slot = layout.slots[i + 1];
    const offset = slot & 0xffffff;
    if (slot >>> 24 !== ByAddress) {
      b.store((slot >>> 24) as Mem, b.slotAddr(frame), v, offset);
      continue;
    }
    const size = sizes[next++];
    if (i < resultCount) resultsInMemory.push({ addr: v, offset, size });
    else b.value(SOp.Move, VT.Void, b.slotAddr(frame, offset), v).aux = size;
  }
  b.call(callee, calleeSig, [ctxt, b.slotAddr(frame), b.slotAddr(flags), b.slotAddr(flags, 8)]);
  for (const { addr, offset, size } of resultsInMemory) {
    b.value(SOp.Move, VT.Void, addr, b.slotAddr(frame, offset)).aux = size;
  }
  b.ret(layout.slots.slice(count + 1).map((slot) => b.load((slot >>> 24) as Mem, b.slotAddr(frame), slot & 0xffffff)));
  p.funcs.push(b.finish());
  return name;
}
