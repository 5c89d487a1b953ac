/** Loops over elements give the same, several iterations at once, as one by one: whatever overlaps, wherever a check
 *  fails. */
import { describe, expect, it } from "vitest";
import { Num } from "../../src/ssa/num.ts";
import { BoundsKind, Mem, type SFunc, SOp, type Value, VT } from "../../src/ssa/value.ts";
import { compileObject } from "../../src/wasm/compile.ts";
import { disassemble } from "../../src/wasm/disasm.ts";
import { canonical, Interpreter, Panic } from "./interpret.ts";
import { func, Machine } from "./machine.ts";
import { Random, Scratch, scratchData } from "./random.ts";

const Size = 1024;
const data = { ...scratchData, size: Size };

/** Elements: how they are in memory, what is done with them. */
interface Elements {
  readonly mem: Mem;
  readonly vt: VT;
  readonly size: number;
  readonly ops: readonly Num[];
  readonly shifts: readonly Num[];
}

const elements: readonly Elements[] = [
  { mem: Mem.F64, vt: VT.F64, size: 8, ops: [Num.F64Add, Num.F64Sub, Num.F64Mul, Num.F64Div], shifts: [] },
  { mem: Mem.F32, vt: VT.F32, size: 4, ops: [Num.F32Add, Num.F32Sub, Num.F32Mul], shifts: [] },
  {
    mem: Mem.I64,
    vt: VT.I64,
    size: 8,
    ops: [Num.I64Add, Num.I64Sub, Num.I64Mul, Num.I64Xor, Num.I64And, Num.I64Or],
    shifts: [Num.I64Shl, Num.I64ShrU, Num.I64ShrS],
  },
  {
    mem: Mem.I32,
    vt: VT.I32,
    size: 4,
    ops: [Num.I32Add, Num.I32Sub, Num.I32Mul, Num.I32Xor, Num.I32And, Num.I32Or],
    shifts: [Num.I32Shl, Num.I32ShrU, Num.I32ShrS],
  },
];

const addOf: Readonly<Record<number, Num>> = {
  [VT.F64]: Num.F64Add,
  [VT.F32]: Num.F32Add,
  [VT.I64]: Num.I64Add,
  [VT.I32]: Num.I32Add,
};

/** `for i := first; i < n; i++` over three arrays that begin at the parameters, with lengths up to `length`. */
function randomLoop(random: Random): SFunc {
  const { mem, vt, size, ops, shifts } = random.pick(elements);
  const sig = { params: [VT.I64, VT.I64, VT.I32, VT.I32, VT.I32], results: [vt] };
  return func("main.main", sig, (b, [n, length, ...arrays]) => {
    const first = random.below(3);
    const bases = arrays.map((p) => b.num(Num.I32Add, b.addr(Scratch), b.read(p)));
    const end = b.read(n);
    const len = b.read(length);
    const i = b.newVariable("i", VT.I64, false);
    const sum = b.newVariable("sum", vt, false);
    const constant = (): Value =>
      vt === VT.F64
        ? b.f64(random.below(5))
        : vt === VT.F32
          ? b.f32(3)
          : vt === VT.I64
            ? b.i64(random.below(9))
            : b.i32(5);
    b.write(i, b.i64(first));
    b.write(sum, constant());
    const head = b.newBlock();
    const inside = b.newBlock();
    const done = b.newBlock();
    b.jump(head);
    b.start(head);
    const at = b.read(i);
    b.branch(random.chance(80) ? b.num(Num.I64LtS, at, end) : b.num(Num.I64GeS, end, at), inside, done);
    b.startSealed(inside);
    const place = (): Value => {
      const by = random.pick([0, 0, 0, 0, 1, -1, 2]);
      const index = by < -first || by === 0 ? at : b.num(Num.I64Add, at, b.i64(by));
      if (random.chance(60)) b.value(SOp.BoundsCheck, VT.Void, index, lengthOf()).aux = BoundsKind.Index;
      const scaled = b.num(Num.I32Shl, b.num(Num.I32WrapI64, index), b.i32(Math.log2(size)));
      return b.num(Num.I32Add, random.pick(bases), scaled);
    };
    const known: Value[] = [constant()];
    const kept = (m: Mem): Value => {
      if (random.chance(50)) b.value(SOp.NilCheck, VT.Void, random.chance(3) ? b.read(arrays[0]) : bases[0]);
      return b.load(m, random.pick(bases), 8 * random.below(6));
    };
    const lengthOf = (): Value => (random.chance(25) ? kept(Mem.I64) : len);
    for (let k = 2 + random.below(5); k > 0; k--) {
      const op = random.below(10);
      if (random.chance(15)) known.push(kept(mem));
      else if (op < 4) known.push(b.load(mem, place(), size * random.below(2)));
      else if (op < 8) known.push(b.num(random.pick(ops), random.pick(known), random.pick(known)));
      else if (op === 8 && shifts.length > 0) {
        known.push(b.num(random.pick(shifts), random.pick(known), vt === VT.I64 ? b.i64(65) : b.i32(3)));
      } else if (random.chance(40) && vt === VT.I64) known.push(at);
      else b.store(mem, place(), random.pick(known), size * random.below(2));
    }
    if (random.chance(60)) b.store(mem, place(), known[known.length - 1], 0);
    if (random.chance(30)) b.write(sum, b.num(addOf[vt], b.read(sum), random.pick(known)));
    if (random.chance(10)) b.write(sum, random.pick(known));
    b.write(i, b.num(Num.I64Add, at, b.i64(1)));
    b.jump(head);
    b.seal(head);
    b.startSealed(done);
    b.ret([b.read(sum)]);
  });
}

function fill(view: DataView, from: number, vt: VT): void {
  for (let at = 0; at + 8 <= Size; at += 8) {
    const n = (at * 7) % 11;
    if (vt === VT.F64) view.setFloat64(from + at, n / 4, true);
    else if (vt === VT.F32) for (const half of [0, 4]) view.setFloat32(from + at + half, (n + half) / 4, true);
    else view.setBigInt64(from + at, BigInt(n) * 0x1234567fedcba9n, true);
  }
}

function memoryText(view: DataView, from: number, vt: VT): string {
  if (vt !== VT.F64) return Buffer.from(view.buffer, from, Size).toString("hex");
  // One NaN is as good as another.
  return Array.from({ length: Size / 8 }, (_, i) => canonical(vt, view.getFloat64(from + i * 8, true))).join(" ");
}

/** The result or the panic, and what is in memory then. */
function interpreted(fn: SFunc, args: (number | bigint)[]): string {
  const interpreter = new Interpreter([fn], new ArrayBuffer(1 << 16), new Map([[Scratch, 4096]]));
  const [vt] = fn.sig.results;
  fill(interpreter.memory, 4096, vt);
  let out = "";
  try {
    out = canonical(vt, interpreter.call("main.main", args)[0]);
  } catch (error) {
    if (!(error instanceof Panic)) throw error;
    out = error.message;
  }
  return `${out} ${memoryText(interpreter.memory, 4096, vt)}`;
}

function compiled(fn: SFunc, args: (number | bigint)[], yieldEverywhere: boolean): string {
  const machine = new Machine([fn], { data: [data], yieldEverywhere, move: yieldEverywhere });
  const [vt] = fn.sig.results;
  const at = machine.address(Scratch);
  fill(new DataView(machine.memory.buffer), at, vt);
  const { panic, results } = machine.run(...args);
  const memory = memoryText(new DataView(machine.memory.buffer), at, vt);
  return `${panic !== "" ? panic : canonical(vt, results[0])} ${memory}`;
}

function isWide(fn: SFunc): boolean {
  const object = compileObject(
    { path: "main", funcs: [fn], data: [], initTask: null },
    { external: () => null, barriers: false, places: () => [] },
  );
  return disassemble(object, object.funcs[0]).includes("v128.");
}

/** `for i := 0; i < n; i++ { a[i] += b[i] }` */
function addLoop(n: bigint): SFunc {
  return func("main.main", { params: [VT.I32, VT.I32], results: [] }, (b, [p, q]) => {
    const i = b.newVariable("i", VT.I64, false);
    b.write(i, b.i64(0));
    const [head, inside, done] = [b.newBlock(), b.newBlock(), b.newBlock()];
    b.jump(head);
    b.start(head);
    b.branch(b.num(Num.I64LtS, b.read(i), b.i64(n)), inside, done);
    b.startSealed(inside);
    const at = b.num(Num.I32Shl, b.num(Num.I32WrapI64, b.read(i)), b.i32(3));
    const to = b.num(Num.I32Add, b.read(p), at);
    const term = b.load(Mem.F64, b.num(Num.I32Add, b.read(q), at));
    b.store(Mem.F64, to, b.num(Num.F64Add, b.load(Mem.F64, to), term));
    b.write(i, b.num(Num.I64Add, b.read(i), b.i64(1)));
    b.jump(head);
    b.seal(head);
    b.startSealed(done);
    b.ret([]);
  });
}

describe("loops over elements", () => {
  it("stay as they are if they are over soon", () => {
    expect([3n, 7n, 8n, 1000n].map((n) => isWide(addLoop(n)))).toEqual([false, false, true, true]);
  });

  const start = Number(process.env.SEED ?? 1);
  const count = Number(process.env.COUNT ?? 60);
  it(`give the same at once as one by one: ${count} from seed ${start}`, () => {
    let wide = 0;
    let panics = 0;
    for (let seed = start; seed < start + count; seed++) {
      const random = new Random(seed);
      const fresh = (): SFunc => randomLoop(new Random(seed));
      if (isWide(fresh())) wide++;
      const distance = (): number => 64 + random.pick([0, 4, 8, 12, 16, 20, 128, 256]);
      const end = random.below(14);
      const length = random.chance(30) ? random.below(14) : 20;
      const args = [BigInt(end), BigInt(length), distance(), distance(), distance()];
      const want = interpreted(fresh(), args);
      if (!/^[-\d.NI]/.test(want)) panics++;
      expect(compiled(fresh(), args, false), `seed ${seed}`).toBe(want);
      if (seed % 4 === 0) expect(compiled(fresh(), args, true), `seed ${seed}, interrupted`).toBe(want);
    }
    if (count < 50) return;
    expect(wide).toBeGreaterThan(count / 4);
    expect(panics).toBeGreaterThan(count / 20);
  }, 600_000);
});
