/** Which loops go through memory element by element, so that several iterations can be done at once (widen.ts): innermost
 *  ones that count, without branches and calls. */
import { Num } from "../num.ts";
import { Simd } from "../simd.ts";
import { type Block, BlockKind, BoundsKind, Mem, SOp, type Value, VT } from "../value.ts";
import { isPhi, type Order } from "./cfg.ts";
import { isAddressAsNumber, isCheck, isPure, isRematerial, mayTrap } from "./props.ts";

/** `for i := first; i < end; i++` with a body of one way through. */
export interface CountingLoop {
  readonly header: Block;
  /** Which of the header's ways in is the first one. */
  readonly entry: number;
  readonly body: readonly Block[];
  readonly exit: Block;
  readonly counter: Value;
  readonly end: Value;
}

export function countingLoops({ blocks }: Order): CountingLoop[] {
  const loops: CountingLoop[] = [];
  for (const header of blocks) {
    const loop = countingLoop(header);
    if (loop !== null) loops.push(loop);
  }
  return loops;
}

function countingLoop(header: Block): CountingLoop | null {
  if (header.kind !== BlockKind.If || header.control === null || header.preds.length !== 2) return null;
  const [first, exit] = header.succs;
  const body: Block[] = [];
  for (let b = first; b !== header; [b] = b.succs) {
    if (b.kind !== BlockKind.Plain || b.preds.length !== 1 || b.values.some(isPhi)) return null;
    body.push(b);
  }
  const latch = body[body.length - 1];
  if (latch === undefined || exit === header || exit === first) return null;
  const entry = header.preds[0] === latch ? 1 : 0;
  const cond = header.control;
  if (cond.op !== SOp.Num) return null;
  const [x, y] = cond.args;
  // What is <= is taken as <: the last iteration is left to the loop as it was.
  const up = cond.aux === Num.I64LtS || cond.aux === Num.I64LeS;
  if (!up && cond.aux !== Num.I64GtS && cond.aux !== Num.I64GeS) return null;
  const counter = up ? x : y;
  if (!isPhi(counter) || counter.block !== header) return null;
  const next = counter.args[1 - entry];
  if (next.op !== SOp.Num || next.aux !== Num.I64Add || next.args[0] !== counter || !isOne(next.args[1])) return null;
  return { header, entry, body, exit, counter, end: up ? y : x };
}

function isOne(v: Value): boolean {
  return v.op === SOp.Const64 && v.big === 1n;
}

export const enum Kind {
  /** The same in all iterations, and made before the loop. */
  Same,
  /** Depends on the iteration alone: made for each of them. */
  Each,
  /** Several at once: in one vector. */
  Vector,
  /** Needs the iteration before. */
  Carried,
}

/** A number or address that grows with the counter: scale × counter + offset (+ base). */
interface Linear {
  readonly base: Value | null;
  readonly scale: number;
  readonly offset: number;
}

/** An access in the order of the loop. */
interface Access {
  readonly v: Value;
  readonly base: Value;
  readonly offset: number;
}

/** Two accesses that must not change places: `later` may not begin less than 16 bytes behind `earlier`. */
export interface Distance {
  readonly earlier: Value;
  readonly later: Value;
  /** What is added to the distance of the two. */
  readonly offset: number;
}

/** What is read before the loop instead of in each iteration: `bytes` from `offset` at `base`. The loop may not write
 *  there; it writes elements from `start` behind `stores` on. */
export interface Kept {
  readonly base: Value;
  offset: number;
  bytes: number;
  readonly stores: Value;
  readonly start: number;
}

/** How a loop is done `lanes` iterations at once. */
export interface Plan {
  readonly loop: CountingLoop;
  readonly lanes: number;
  readonly kinds: ReadonlyMap<Value, Kind>;
  /** All that the loop does, in order, without the conditions on its counter. */
  readonly values: readonly Value[];
  /** Lengths above which the counter plus `offset` never gets. */
  readonly limits: readonly { readonly length: Value; readonly offset: bigint }[];
  readonly distances: readonly Distance[];
  readonly kept: readonly Kept[];
  /** Pointers that must not be nil. */
  readonly pointers: ReadonlySet<Value>;
}

/** Fields behind that are not read through what may be nil. */
const NilPage = 4088;
/** Distances that are measured before a loop, and places that are kept. */
const MaxDistances = 6;
const MaxKept = 4;
/** Values of a loop that is looked at. */
const MaxValues = 100;
/** A division or square root, compared with other operations. */
const SlowOperation = 6;
/** Rounds of the wide loop that a loop with a known number of iterations has to have. */
const FewestRounds = 4;
/** Operations that have to be saved for what is done before and behind the loop. */
const Overhead = 2;

/** How to do a loop with elements of `size` bytes; null if that is not possible, or no gain. */
export function planFor(loop: CountingLoop, size: number): Plan | null {
  const lanes = 16 / size;
  const { header, body, counter, entry, end } = loop;
  const first = counter.args[entry];
  if (first.op === SOp.Const64 && end.op === SOp.Const64 && end.big - first.big < lanes * FewestRounds) return null;
  const values: Value[] = [];
  for (const v of header.values) if (!isPhi(v) && v !== header.control) values.push(v);
  for (const block of body) values.push(...block.values);
  if (values.length > MaxValues) return null;
  const kinds = new Map<Value, Kind>();
  const linear = new Map<Value, Linear>([[counter, { base: null, scale: 0, offset: 0 }]]);
  for (const v of header.values) if (isPhi(v)) kinds.set(v, v === counter ? Kind.Each : Kind.Carried);
  const kindOf = (v: Value): Kind => kinds.get(v) ?? Kind.Same;
  const limits: { length: Value; offset: bigint }[] = [];
  const accesses: Access[] = [];
  const reads: Value[] = [];
  const pointers = new Set<Value>();
  let scattered = false;
  let saved = 0;

  for (const v of values) {
    if (v.op === SOp.BoundsCheck) {
      const [index, length] = v.args;
      const at = linear.get(index);
      if ((v.aux as BoundsKind) > BoundsKind.IndexU || at === undefined || at.scale !== 0) return null;
      if (kindOf(length) !== Kind.Same) return null;
      // The counter only grows.
      if (at.offset < 0 && !(first.op === SOp.Const64 && first.big >= BigInt(-at.offset))) return null;
      limits.push({ length, offset: BigInt(Math.max(at.offset, 0)) });
      continue;
    }
    if (v.op === SOp.NilCheck && kindOf(v.args[0]) === Kind.Same) {
      pointers.add(v.args[0]);
      continue;
    }
    // Through nil that reads zeros, should the loop not come to it.
    if (v.op === SOp.Load && kindOf(v.args[0]) === Kind.Same && v.aux < NilPage) {
      reads.push(v);
      continue;
    }
    if (v.op === SOp.Load) {
      const at = linear.get(v.args[0]);
      const unit = at !== undefined && at.base !== null && at.scale === size && elementSize(v.mem) === size;
      if (unit) {
        accesses.push({ v, base: at.base!, offset: at.offset + v.aux });
        kinds.set(v, Kind.Vector);
        saved++;
      } else {
        scattered = true;
        kinds.set(v, kindOf(v.args[0]) === Kind.Carried ? Kind.Carried : Kind.Each);
      }
      continue;
    }
    if (v.op === SOp.Store) {
      const at = linear.get(v.args[0]);
      if (at === undefined || at.base === null || at.scale !== size || elementSize(v.mem) !== size) return null;
      if (kindOf(v.args[1]) === Kind.Carried) return null;
      accesses.push({ v, base: at.base, offset: at.offset + v.aux });
      kinds.set(v, Kind.Vector);
      saved++;
      continue;
    }
    if (isCheck(v) || !isPure(v) || v.type === VT.Void || isAddressAsNumber(v)) return null;
    const args = v.args.map(kindOf);
    if (args.every((k) => k === Kind.Same) && !mayTrap(v)) {
      // Does not change; made before the loop unless it is a constant.
      continue;
    }
    if (args.includes(Kind.Carried)) {
      kinds.set(v, Kind.Carried);
      continue;
    }
    const form = linearForm(v, linear, kindOf);
    if (form !== null) linear.set(v, form);
    const slow = isSlow(v);
    if (vectorOp(v, size) >= 0 && (slow || args.includes(Kind.Vector))) {
      kinds.set(v, Kind.Vector);
      saved += slow ? SlowOperation : 1;
    } else kinds.set(v, Kind.Each);
  }
  if (kindOf(end) !== Kind.Same) return null;
  const writes = accesses.some(({ v }) => v.op === SOp.Store);
  if (writes && scattered) return null;
  const distances = measure(accesses);
  const kept = keep(reads, accesses);
  if (distances === null || kept.length > MaxKept) return null;
  if (saved * (lanes - 1) < moves(values, loop, kindOf, size) + Overhead) return null;
  return { loop, lanes, kinds, values, limits, distances, kept, pointers };
}

/** How many times numbers have to be put into vectors, and taken out of them. */
function moves(values: readonly Value[], loop: CountingLoop, kindOf: (v: Value) => Kind, size: number): number {
  const packed = new Set<Value>();
  const unpacked = new Set<Value>();
  for (const v of values) {
    const kind = kindOf(v);
    const from = v.op === SOp.Load || v.op === SOp.Store ? 1 : 0;
    for (let i = from; i < v.args.length; i++) {
      const arg = kindOf(v.args[i]);
      if (kind === Kind.Vector && arg === Kind.Each && !isShiftCount(v, i)) packed.add(v.args[i]);
      else if (kind !== Kind.Vector && arg === Kind.Vector) unpacked.add(v.args[i]);
    }
  }
  for (const phi of loop.header.values) {
    if (!isPhi(phi)) break;
    const next = phi.args[1 - loop.entry];
    if (kindOf(next) === Kind.Vector) unpacked.add(next);
  }
  return (packed.size + unpacked.size) * (16 / size);
}

/** The distances that have to be measured; null if there is one that is too short. */
function measure(accesses: readonly Access[]): Distance[] | null {
  const out: Distance[] = [];
  for (let i = 0; i < accesses.length; i++) {
    for (let k = i + 1; k < accesses.length; k++) {
      const earlier = accesses[i];
      const later = accesses[k];
      if (earlier.v.op !== SOp.Store && later.v.op !== SOp.Store) continue;
      const offset = later.offset - earlier.offset;
      if (earlier.base === later.base) {
        if (offset > 0 && offset < 16) return null;
        continue;
      }
      if (out.some((d) => d.earlier === earlier.base && d.later === later.base && d.offset === offset)) continue;
      out.push({ earlier: earlier.base, later: later.base, offset });
    }
  }
  return out.length > MaxDistances ? null : out;
}

/** What the stores of the loop must not touch. */
function keep(reads: readonly Value[], accesses: readonly Access[]): Kept[] {
  const out: Kept[] = [];
  for (const { v, base: stores, offset: start } of accesses) {
    if (v.op !== SOp.Store) continue;
    for (const read of reads) {
      const [base] = read.args;
      const known = out.find((k) => k.base === base && k.stores === stores && k.start === start);
      if (known === undefined) {
        out.push({ base, offset: read.aux, bytes: 8, stores, start });
        continue;
      }
      const end = Math.max(known.offset + known.bytes, read.aux + 8);
      known.offset = Math.min(known.offset, read.aux);
      known.bytes = end - known.offset;
    }
  }
  return out;
}

function linearForm(v: Value, of: ReadonlyMap<Value, Linear>, kindOf: (v: Value) => Kind): Linear | null {
  if (v.op !== SOp.Num) return null;
  const x = of.get(v.args[0]);
  const y = v.args.length > 1 ? v.args[1] : null;
  switch (v.aux as Num) {
    case Num.I64Add:
    case Num.I64Sub: {
      if (x === undefined || x.scale !== 0 || y?.op !== SOp.Const64) return null;
      const by = v.aux === Num.I64Add ? y.big : -y.big;
      const offset = x.offset + Number(by);
      return Math.abs(offset) > 0xffff ? null : { ...x, offset };
    }
    case Num.I32WrapI64:
      return x === undefined || x.scale !== 0 ? null : { base: null, scale: 1, offset: x.offset };
    case Num.I32Shl:
    case Num.I32Mul: {
      if (x === undefined || x.scale === 0 || x.base !== null || y?.op !== SOp.Const32) return null;
      const by = v.aux === Num.I32Shl ? 2 ** (y.aux & 31) : y.aux;
      return by < 1 || by > 16 ? null : { base: null, scale: x.scale * by, offset: x.offset * by };
    }
    case Num.I32Add: {
      if (x !== undefined && x.scale > 0 && y?.op === SOp.Const32) return { ...x, offset: x.offset + y.aux };
      const index = x ?? of.get(y!);
      const base = x === undefined ? v.args[0] : y!;
      if (index === undefined || index.scale === 0 || index.base !== null || kindOf(base) !== Kind.Same) return null;
      return { ...index, base };
    }
    default:
      return null;
  }
}

/** Bytes of an element that vectors can have; 0 for others. */
function elementSize(mem: Mem): number {
  switch (mem) {
    case Mem.F64:
    case Mem.I64:
      return 8;
    case Mem.F32:
    case Mem.I32:
      return 4;
    default:
      return 0;
  }
}

function isSlow(v: Value): boolean {
  if (v.op !== SOp.Num) return false;
  switch (v.aux as Num) {
    case Num.F64Div:
    case Num.F64Sqrt:
    case Num.F32Div:
    case Num.F32Sqrt:
      return true;
    default:
      return false;
  }
}

/** The second argument of a shift stays a number. */
export function isShiftCount(v: Value, i: number): boolean {
  if (i !== 1 || v.op !== SOp.Num) return false;
  switch (v.aux as Num) {
    case Num.I32Shl:
    case Num.I32ShrS:
    case Num.I32ShrU:
    case Num.I64Shl:
    case Num.I64ShrS:
    case Num.I64ShrU:
      return true;
    default:
      return false;
  }
}

/** The operation on a vector of elements of `size` bytes, -1 for none. */
export function vectorOp(v: Value, size: number): number {
  if (v.op !== SOp.Num) return -1;
  if (isShiftCount(v, 1) && !isRematerial(v.args[1])) return -1;
  const ops = size === 8 ? ops8 : ops4;
  return ops[v.aux] ?? -1;
}

const ops8: Readonly<Record<number, Simd>> = {
  [Num.F64Ceil]: Simd.F64x2Ceil,
  [Num.F64Floor]: Simd.F64x2Floor,
  [Num.F64Trunc]: Simd.F64x2Trunc,
  [Num.F64Nearest]: Simd.F64x2Nearest,
  [Num.F64Abs]: Simd.F64x2Abs,
  [Num.F64Neg]: Simd.F64x2Neg,
  [Num.F64Sqrt]: Simd.F64x2Sqrt,
  [Num.F64Add]: Simd.F64x2Add,
  [Num.F64Sub]: Simd.F64x2Sub,
  [Num.F64Mul]: Simd.F64x2Mul,
  [Num.F64Div]: Simd.F64x2Div,
  [Num.F64Min]: Simd.F64x2Min,
  [Num.F64Max]: Simd.F64x2Max,
  [Num.I64And]: Simd.V128And,
  [Num.I64Or]: Simd.V128Or,
  [Num.I64Xor]: Simd.V128Xor,
  [Num.I64Shl]: Simd.I64x2Shl,
  [Num.I64ShrU]: Simd.I64x2ShrU,
  [Num.I64Add]: Simd.I64x2Add,
  [Num.I64Sub]: Simd.I64x2Sub,
};

const ops4: Readonly<Record<number, Simd>> = {
  [Num.F32Ceil]: Simd.F32x4Ceil,
  [Num.F32Floor]: Simd.F32x4Floor,
  [Num.F32Trunc]: Simd.F32x4Trunc,
  [Num.F32Nearest]: Simd.F32x4Nearest,
  [Num.F32Abs]: Simd.F32x4Abs,
  [Num.F32Neg]: Simd.F32x4Neg,
  [Num.F32Sqrt]: Simd.F32x4Sqrt,
  [Num.F32Add]: Simd.F32x4Add,
  [Num.F32Sub]: Simd.F32x4Sub,
  [Num.F32Mul]: Simd.F32x4Mul,
  [Num.F32Div]: Simd.F32x4Div,
  [Num.F32Min]: Simd.F32x4Min,
  [Num.F32Max]: Simd.F32x4Max,
  [Num.I32And]: Simd.V128And,
  [Num.I32Or]: Simd.V128Or,
  [Num.I32Xor]: Simd.V128Xor,
  [Num.I32Shl]: Simd.I32x4Shl,
  [Num.I32ShrS]: Simd.I32x4ShrS,
  [Num.I32ShrU]: Simd.I32x4ShrU,
  [Num.I32Add]: Simd.I32x4Add,
  [Num.I32Sub]: Simd.I32x4Sub,
  [Num.I32Mul]: Simd.I32x4Mul,
};
