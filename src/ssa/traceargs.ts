/** Which words of its arguments a function shows in tracebacks (ssagen/ssa.go, emitArgInfo), and where they are: numbers for
 *  the tables of the runtime. */
import { recvParams } from "../ir/func.ts";
import { alignOf } from "../ir/typeops.ts";
import { TKind, type Type } from "../ir/types.ts";
import type { Layout } from "./layout.ts";
import { VT } from "./value.ts";

// What is no word; overlay/runtime/traceback.go has the same.
const StartAgg = 0;
const EndAgg = 1;
const Dots = 2;
const TooLarge = 3;
/** A word: size · 4 bits, in memory · 1 bit, wasm parameter · 10 bits, offset in memory · 12 bits, 8 bytes in the frame · 1
 *  bit, and this bit. */
const Word = 1 << 31;

/** Words that are shown, and how deep aggregates are. */
const Limit = 10;
const MaxDepth = 5;
/** Arguments further up in the frame are not shown. */
const MaxOffset = 0xf0;

const intRegs = 9;
const floatRegs = 15;

/** A scalar of an argument. */
interface Leaf {
  readonly size: number;
  readonly offset: number;
}

export function traceArgs(layout: Layout, fn: Type, name: string): number[] {
  const out: number[] = [];
  let shown = 0;
  let word: (leaf: Leaf) => void = () => {};
  const visit = (t: Type, offset: number, depth: number): boolean => {
    if (shown >= Limit) {
      out.push(Dots);
      return false;
    }
    const parts = partsOf(layout, t);
    if (parts === null) {
      word({ size: layout.size(t), offset });
      shown++;
      return true;
    }
    out.push(StartAgg);
    if (depth + 1 >= MaxDepth) {
      out.push(Dots, EndAgg);
      shown++;
      return true;
    }
    if (parts.length === 0) shown++;
    for (const part of parts) {
      const at = offset + part.offset;
      if (part.type !== null) {
        if (!visit(part.type, at, depth + 1)) break;
      } else if (shown >= Limit) {
        out.push(Dots);
        break;
      } else {
        word({ size: part.size, offset: at });
        shown++;
      }
    }
    out.push(EndAgg);
    return true;
  };
  // Results that live in memory have the first parameters.
  let param = fn.results.filter(({ type }) => !layout.inRegisters(type)).length;
  const params = recvParams(fn);
  const places = frameOffsets(layout, fn);
  // The dictionary of generic functions is not shown.
  const first = name.includes("[") ? 1 : 0;
  for (let i = 0; i < params.length; i++) {
    const { type } = params[i];
    const components = layout.inRegisters(type) ? layout.components(type)! : null;
    const start = param;
    param += components === null ? 1 : components.length;
    if (i < first) continue;
    word = ({ size, offset }) => {
      if (places[i] + offset >= MaxOffset) out.push(TooLarge);
      else if (components === null) out.push((Word | size | (1 << 4) | (start << 5) | (offset << 15)) >>> 0);
      else {
        const k = components.findIndex((c) => c.offset === offset);
        const { vt } = components[k];
        const wide = vt === VT.I64 || vt === VT.F64 ? 1 : 0;
        out.push((Word | size | ((start + k) << 5) | (wide << 27)) >>> 0);
      }
    };
    if (!visit(type, 0, 0)) break;
  }
  return out;
}

interface Part {
  /** null for a word of its own. */
  readonly type: Type | null;
  readonly size: number;
  readonly offset: number;
}

/** Parts of an aggregate; null for scalars. */
function partsOf(layout: Layout, t: Type): Part[] | null {
  const words = (n: number, size: number): Part[] =>
    Array.from({ length: n }, (_, i) => ({ type: null, size, offset: i * size }));
  switch (t.kind) {
    case TKind.INTER:
    case TKind.STRING:
      return words(2, 8);
    case TKind.SLICE:
      return words(3, 8);
    case TKind.COMPLEX64:
      return words(2, 4);
    case TKind.COMPLEX128:
      return words(2, 8);
    case TKind.ARRAY: {
      const size = layout.size(t.elem!);
      // One more than is ever shown.
      const n = Math.min(t.len, Limit + 1);
      return Array.from({ length: n }, (_, i) => ({ type: t.elem!, size, offset: i * size }));
    }
    case TKind.STRUCT:
      return t.fields.map((f) => ({ type: f.type, size: layout.size(f.type), offset: f.offset }));
    default:
      return null;
  }
}

/** Where the compiler's calling convention has the arguments in the frame: on the stack, or in the area behind it where
 *  registers are spilled (cmd/compile/internal/abi). */
function frameOffsets(layout: Layout, fn: Type): number[] {
  const stack = new Area(layout);
  const spill = new Area(layout);
  const inRegs = assign(
    layout,
    recvParams(fn).map(({ type }) => type),
  );
  const places = recvParams(fn).map(({ type }, i) => (inRegs[i] ? spill : stack).place(type));
  const results = fn.results.map(({ type }) => type);
  const resultRegs = assign(layout, results);
  stack.align(8);
  results.forEach((type, i) => {
    if (!resultRegs[i]) stack.place(type);
  });
  stack.align(8);
  return places.map((offset, i) => (inRegs[i] ? stack.size + offset : offset));
}

class Area {
  size = 0;
  constructor(private readonly layout: Layout) {}

  align(to: number): void {
    this.size = Math.ceil(this.size / to) * to;
  }

  place(type: Type): number {
    const size = this.layout.size(type);
    this.align(alignOf(type, this.layout.target));
    const at = this.size;
    this.size += size;
    return at;
  }
}

/** Which of the values are passed in registers. */
function assign(layout: Layout, types: readonly Type[]): boolean[] {
  let ints = intRegs;
  let floats = floatRegs;
  return types.map((type) => {
    const need = registers(layout, type);
    if (need === null || need.ints > ints || need.floats > floats) return false;
    ints -= need.ints;
    floats -= need.floats;
    return true;
  });
}

/** Registers that a value takes; null if it cannot be in registers. */
function registers(layout: Layout, t: Type): { ints: number; floats: number } | null {
  if (layout.size(t) === 0) return null;
  switch (t.kind) {
    case TKind.FLOAT32:
    case TKind.FLOAT64:
      return { ints: 0, floats: 1 };
    case TKind.COMPLEX64:
    case TKind.COMPLEX128:
      return { ints: 0, floats: 2 };
    case TKind.STRING:
    case TKind.INTER:
      return { ints: 2, floats: 0 };
    case TKind.SLICE:
      return { ints: 3, floats: 0 };
    case TKind.ARRAY:
      return t.len === 1 ? registers(layout, t.elem!) : null;
    case TKind.STRUCT: {
      const total = { ints: 0, floats: 0 };
      for (const f of t.fields) {
        if (layout.size(f.type) === 0) continue;
        const need = registers(layout, f.type);
        if (need === null) return null;
        total.ints += need.ints;
        total.floats += need.floats;
      }
      return total;
    }
    default:
      return { ints: 1, floats: 0 };
  }
}
