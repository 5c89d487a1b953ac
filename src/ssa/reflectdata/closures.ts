/** Static closures: function values that capture nothing, and those that descriptors refer to for comparing and hashing
 *  (geneq, genhash and sysClosure of cmd/compile/internal/reflectdata/alg.go). */

import type { Func } from "../../ir/node.ts";
import { genEq, genHash } from "../../ir/reflectdata/alg.ts";
import { AlgKind, algType } from "../../ir/reflectdata/algtype.ts";
import { sizeOf } from "../../ir/typeops.ts";
import type { Type } from "../../ir/types.ts";
import type { PkgState } from "../build/state.ts";
import { Builder } from "../builder.ts";
import { FnFlag, SFunc, SOp } from "../value.ts";
import { DataWriter } from "./writer.ts";

/** The function value of the function with link name `fn`. */
export function funcSym(p: PkgState, fn: string): string {
  const name = `${fn}·f`;
  if (p.claimData(name)) {
    const w = new DataWriter(8);
    w.func(0, fn);
    p.addData(w.finish(name, {}));
  }
  return name;
}

/** The function value of `fn`. What has its body elsewhere may have it with another signature there, or nowhere: then the
 *  value is a function that calls it as declared, and the linker sees to the call. */
export function funcValue(p: PkgState, fn: Func): string {
  const name = p.funcName(fn);
  if (fn.hasBody || fn.oclosure !== null || fn.sym.pkg !== p.n.localPkg) return funcSym(p, name);
  const own = `${p.n.localPkg.path}.${fn.sym.name}`;
  const closure = `${own}·f`;
  if (p.claimData(closure)) {
    const w = new DataWriter(8);
    w.func(0, name, asDeclared(p, fn, name, `${own}·declared`));
    p.addData(w.finish(closure, {}));
  }
  return closure;
}

function asDeclared(p: PkgState, fn: Func, callee: string, name: string): string {
  if (!p.claimFunc(name)) return name;
  const { sig, pointers } = p.layout.signature(fn.type);
  const sfn = new SFunc(name, sig, fn.pos);
  sfn.paramPointers = pointers;
  sfn.frameLayout = p.layout.frameLayout(fn.type).slots;
  sfn.flags |= FnFlag.Wrapper;
  const b = new Builder(sfn);
  const args = sig.params.map((vt, i) => {
    const v = b.value(SOp.Param, vt);
    v.aux = i;
    return pointers[i] ? b.pointer(v) : v;
  });
  b.ret(b.call(callee, sig, args));
  p.funcs.push(b.finish());
  return name;
}

function sysClosure(p: PkgState, name: string): string {
  return funcSym(p, `runtime.${name}`);
}

/** A function value of the runtime's `fn`, which finds the size of its operands in the closure. */
function sizedClosure(p: PkgState, name: string, fn: string, size: number): string {
  if (p.claimData(name)) {
    const w = new DataWriter(16);
    w.func(0, `runtime.${fn}`);
    w.u64(8, size);
    p.addData(w.finish(name, {}));
  }
  return name;
}

/** The function value that compares two values of `t`; null if they cannot be compared. */
export function eqClosure(p: PkgState, t: Type): string | null {
  const alg = algType(t, p.target);
  switch (alg) {
    case AlgKind.NoEq:
      return null;
    case AlgKind.Mem: {
      const size = sizeOf(t, p.target);
      return sizedClosure(p, `type:.eqfunc${size}`, "memequal_varlen", size);
    }
    case AlgKind.Special:
      return funcSym(p, p.funcName(genEq(p.n.runtimeTypes, t)!));
    default:
      return sysClosure(p, eqFuncs[alg]);
  }
}

/** The function value that hashes a value of `t`, which can be compared. */
export function hashClosure(p: PkgState, t: Type): string {
  const alg = algType(t, p.target);
  switch (alg) {
    case AlgKind.Mem: {
      const size = sizeOf(t, p.target);
      return sizedClosure(p, `type:.hashfunc${size}`, "memhash_varlen", size);
    }
    case AlgKind.Special:
      return funcSym(p, p.funcName(genHash(p.n.runtimeTypes, t)!));
    default:
      return sysClosure(p, hashFuncs[alg]);
  }
}

/** By AlgKind. */
const eqFuncs: readonly string[] = [
  "",
  "",
  "memequal0",
  "memequal8",
  "memequal16",
  "memequal32",
  "memequal64",
  "memequal128",
  "strequal",
  "interequal",
  "nilinterequal",
  "f32equal",
  "f64equal",
  "c64equal",
  "c128equal",
];

const hashFuncs: readonly string[] = [
  "",
  "",
  "memhash0",
  "memhash8",
  "memhash16",
  "memhash32",
  "memhash64",
  "memhash128",
  "strhash",
  "interhash",
  "nilinterhash",
  "f32hash",
  "f64hash",
  "c64hash",
  "c128hash",
];
