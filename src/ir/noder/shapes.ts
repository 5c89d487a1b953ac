/** Shapes: the types that instances are compiled for. Type arguments of one shape share the compiled code.
 *
 *  Mirrors shapify and readerDict.mangle of cmd/compile/internal/noder/reader.go. */
import { newNamed, newPtr, setUnderlying } from "../newtype.ts";
import { linkString, splitVargenSuffix } from "../typefmt.ts";
import { notInHeap } from "../typeops.ts";
import { type Sym, TKind, type Type } from "../types.ts";
import type { Noder } from "./noder.ts";
import { sha256 } from "./sha256.ts";

/** Link strings longer than this are replaced by their hash (base.Debug.MaxShapeLen). */
const maxShapeLen = 500;

/** The shape of type argument `targ`; `basic` says that its constraint only asks for methods. */
export function shapify(n: Noder, targ: Type, basic: boolean): Type {
  // A recursive instance may still lack its underlying type.
  if (!targ.complete && targ.hasShape) return targ;
  if (targ.kind === TKind.INTER && targ.isFullyInstantiated && targ.hasShape) return targ;
  // For a constraint that only asks for methods all pointers are alike. Some releases except those whose element type
  // only contains shapes.
  const pointerShaping = basic && targ.kind === TKind.PTR && !notInHeap(targ.elem!);
  if (pointerShaping && !n.rules.shapedPointers && !targ.elem!.isShape && targ.elem!.hasShape) return targ;
  const under = pointerShaping ? newPtr(n.universe.types[TKind.UINT8]) : targ.underlying;
  let name = linkString(under);
  if (utf8Length(name) > maxShapeLen) name = shapeHash(name, n.rules.hashMask);
  const sym = n.universe.shapePkg.lookup(name);
  if (sym.def === null) {
    const shape = newNamed(under.pos, sym, under.kind);
    setUnderlying(shape, under);
    shape.complete = under.complete;
    sym.def = shape;
  }
  return sym.def as Type;
}

/** The symbol of an instance: type arguments in link form between brackets, `;` after implicit ones. The number of a
 *  local type stays at the end. */
export function mangle(sym: Sym, targs: readonly Type[], implicits: number): Sym {
  if (targs.length === 0) return sym;
  const { base, suffix } = splitVargenSuffix(sym.name);
  let name = `${base}[`;
  for (let i = 0; i < targs.length; i++) {
    if (i > 0) name += i === implicits ? ";" : ",";
    name += linkString(targs[i]);
  }
  return sym.pkg!.lookup(`${name}]${suffix}`);
}

/** As the compiler's hash package has it: SHA-256 with the first byte changed. */
function shapeHash(text: string, mask: number): string {
  const sum = sha256(new TextEncoder().encode(text));
  sum[0] ^= mask;
  let hex = "";
  for (const byte of sum) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

function utf8Length(s: string): number {
  let length = s.length;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c >= 0x800) length += c >= 0xd800 && c < 0xe000 ? 1 : 2;
    else if (c >= 0x80) length++;
  }
  return length;
}
