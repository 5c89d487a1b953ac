/** Names of function literals (closureName in cmd/compile/internal/ir/func.go).
 *
 *  Up to Go 1.26 a literal in an inlined body is called after the function that is compiled and all that were inlined on
 *  the way. From Go 1.27 on it is called after the function that it was written in. As it may come into one package
 *  several times then, a hash of the way is added, `f.func1#abcdefghijk=#`, which remarks mostly leave out. */
import { type ClosureReason, closureName } from "../func.ts";
import type { Func } from "../node.ts";
import { Op } from "../op.ts";
import type { Sym } from "../types.ts";
import type { Noder, Reader } from "./noder.ts";
import { sha256 } from "./sha256.ts";

/** The symbol of the next literal in the body that `r` reads; counts it. */
export function literalSym(r: Reader, why: Op.OCLOSURE | Op.ORANGE): Sym {
  if (!r.n.rules.literalsOfCallee) return closureName(r.outerfn, why, inlinedNames(r));
  const gen = why === Op.ORANGE ? ++r.rangeLits : ++r.funcLits;
  return symOfCallee(r, why, gen);
}

/** The symbol of the next wrapper for a go or defer statement in the function. */
export function wrapperSym(r: Reader, why: Op.OGO | Op.ODEFER): Sym {
  if (!r.n.rules.literalsOfCallee) return closureName(r.curfn, why, "");
  return symOfCallee(r, why, ++r.outerfn.goDeferGen);
}

/** Names of the functions inlined on the way to this body, from the outside in, each after a dot. */
function inlinedNames(r: Reader): string {
  let names = "";
  for (let i = r.inlining === null ? -1 : r.inlining.index; i >= 0; ) {
    const { callee, parent } = r.n.inlinedCalls.get(i)!;
    names = `.${callee.sym.name}${names}`;
    i = parent;
  }
  return names;
}

function symOfCallee(r: Reader, why: ClosureReason, gen: number): Sym {
  const { n, outerfn, inlining } = r;
  const tail = `${suffix(outerfn, why)}${gen}`;
  const fn = inlining === null ? outerfn : n.inlinedCalls.get(inlining.index)!.callee;
  const name = `${fn.sym.name}${tail}`;
  const pkg = fn.sym.pkg!;
  return pkg.lookup(inlining === null ? name : `${trimInlineHash(name)}#${inlineHash(n, inlining.index)}#`);
}

function suffix(outerfn: Func, why: ClosureReason): string {
  switch (why) {
    case Op.OCLOSURE:
      return outerfn.oclosure === null ? ".func" : ".";
    case Op.ORANGE:
      return "-range";
    case Op.OGO:
      return ".gowrap";
    case Op.ODEFER:
      return ".deferwrap";
  }
}

/** Of the numbers of the inlined calls around. */
function inlineHash(n: Noder, inlining: number): string {
  const call = n.inlinedCalls.get(inlining)!;
  let way = "";
  for (let { parent } = call; parent >= 0; ) {
    const outer = n.inlinedCalls.get(parent)!;
    way = ` ${outer.ordinal}${way}`;
    parent = outer.parent;
  }
  const sum = sha256(new TextEncoder().encode(`\u0001${call.ordinal}${way}`));
  return btoa(String.fromCharCode(...sum.subarray(0, 8)));
}

const hash = /#.{12}#/;

/** The name without the hash of the way to it. */
export function trimInlineHash(name: string): string {
  return name.includes("#") ? name.replace(hash, "") : name;
}
