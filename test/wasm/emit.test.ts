/** Functions made by hand run as they should: loops, calls, parks, growth of the stack, checks. */
import { describe, expect, it } from "vitest";
import { Num } from "../../src/ssa/num.ts";
import { SOp, Status, VT } from "../../src/ssa/value.ts";
import { Op } from "../../src/wasm/op.ts";
import { func, Machine } from "./machine.ts";

const int = { params: [VT.I64], results: [VT.I64] };

function fib() {
  return func("main.main", int, (b, [n]) => {
    const rec = b.newBlock();
    const base = b.newBlock();
    b.branch(b.num(Num.I64LtS, b.read(n), b.i64(2)), base, rec);
    b.startSealed(base);
    b.ret([b.read(n)]);
    b.startSealed(rec);
    const [x] = b.call("main.main", int, [b.num(Num.I64Sub, b.read(n), b.i64(1))]);
    const [y] = b.call("main.main", int, [b.num(Num.I64Sub, b.read(n), b.i64(2))]);
    b.ret([b.num(Num.I64Add, x, y)]);
  });
}

/** What stands where the module says that branches are of which it knows something. */
function hintedBranches(module: Uint8Array): { op: number; taken: boolean }[] {
  let at = 8;
  const uleb = (): number => {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      n |= (byte & 0x7f) << shift;
      if (byte < 0x80) return n;
    }
  };
  const name = (): string => {
    const n = uleb();
    at += n;
    return new TextDecoder().decode(module.subarray(at - n, at));
  };
  let imported = 0;
  const hints: { func: number; offset: number; taken: boolean }[] = [];
  const bodies: number[] = [];
  while (at < module.length) {
    const id = module[at++];
    const end = uleb() + at;
    if (id === 2) imported = uleb();
    if (id === 0 && name() === "metadata.code.branch_hint") {
      expect(bodies).toEqual([]);
      for (let funcs = uleb(); funcs > 0; funcs--) {
        const func = uleb();
        for (let n = uleb(); n > 0; n--) {
          const offset = uleb();
          expect(uleb()).toBe(1);
          hints.push({ func, offset, taken: uleb() === 1 });
        }
      }
      expect(at).toBe(end);
    }
    if (id === 10) {
      for (let n = uleb(); n > 0; n--) {
        const size = uleb();
        bodies.push(at);
        at += size;
      }
    }
    at = end;
  }
  return hints.map(({ func, offset, taken }) => ({ op: module[bodies[func - imported] + offset], taken }));
}

/** The results of each function type. */
function resultTypes(module: Uint8Array): number[][] {
  // All numbers are small: the module has few types.
  let at = 8;
  expect(module[at]).toBe(1);
  while (module[++at] >= 0x80);
  let left = module[++at];
  const found: number[][] = [];
  const list = (): number[] => {
    const from = ++at + 1;
    at += module[at];
    return [...module.subarray(from, at + 1)];
  };
  for (at++; left > 0; left--, at++) {
    expect(module[at]).toBe(0x60);
    list();
    found.push(list());
  }
  return found;
}

describe("emitted functions", () => {
  it("return no i32 where the engine's compilers disagree about its upper half", () => {
    const many = { params: [VT.I64], results: [VT.I32, VT.I64, VT.I32, VT.F64, VT.I64, VT.I32] };
    const lots = func("test.many", many, (b, [n]) => {
      const x = b.num(Num.I32WrapI64, b.read(n));
      const one = b.num(Num.I32Add, x, b.i32(1));
      b.ret([x, b.i64(2), one, b.num(Num.F64ConvertI64S, b.read(n)), b.i64(3), b.num(Num.I32Add, one, b.i32(1))]);
    });
    const main = func("main.main", int, (b, [n]) => {
      const got = b.call("test.many", many, [b.read(n)]);
      const wide = [0, 2, 5].map((i) => b.num(Num.I64ExtendI32U, got[i]));
      b.ret([b.num(Num.I64Add, b.num(Num.I64Mul, wide[0], wide[1]), b.num(Num.I64Mul, got[4], wide[2]))]);
    });
    for (const options of [{}, { yieldEverywhere: true }]) {
      const machine = new Machine([main, lots], options);
      expect(machine.run(10n).results).toEqual([10n * 11n + 3n * 12n]);
      const [i32, i64] = [0x7f, 0x7e];
      for (const types of resultTypes(machine.bytes))
        expect(types.filter((type) => type === i32 || type === i64).slice(2)).not.toContain(i32);
      expect(resultTypes(machine.bytes)).toContainEqual([i32, i64, i64, 0x7c, i64, i64]);
    }
  });

  it("call themselves", () => {
    expect(new Machine([fib()]).run(20n).results).toEqual([6765n]);
  });

  it("grow their stack", () => {
    const out = new Machine([fib()], { stack: 1024 }).run(20n);
    expect(out.results).toEqual([6765n]);
    expect(out.grown).toBeGreaterThan(0);
  });

  it("go on where they parked, in loops within loops", () => {
    const main = func("main.main", int, (b, [n]) => {
      const i = b.newVariable("i", VT.I64, false);
      const j = b.newVariable("j", VT.I64, false);
      const sum = b.newVariable("sum", VT.I64, false);
      b.write(i, b.i64(0));
      b.write(sum, b.i64(0));
      const outer = b.newBlock();
      const outerBody = b.newBlock();
      const done = b.newBlock();
      b.jump(outer);
      b.start(outer);
      b.branch(b.num(Num.I64LtS, b.read(i), b.read(n)), outerBody, done);
      b.startSealed(outerBody);
      b.write(j, b.i64(0));
      const inner = b.newBlock();
      const innerBody = b.newBlock();
      const next = b.newBlock();
      b.jump(inner);
      b.start(inner);
      b.branch(b.num(Num.I64LtS, b.read(j), b.read(i)), innerBody, next);
      b.startSealed(innerBody);
      b.value(SOp.Park, VT.Void).aux = Status.Yield;
      const [x] = b.call("main.twice", int, [b.read(j)]);
      b.write(sum, b.num(Num.I64Add, b.read(sum), x));
      b.write(j, b.num(Num.I64Add, b.read(j), b.i64(1)));
      b.jump(inner);
      b.seal(inner);
      b.startSealed(next);
      b.value(SOp.Poll, VT.Void);
      b.write(i, b.num(Num.I64Add, b.read(i), b.i64(1)));
      b.jump(outer);
      b.seal(outer);
      b.startSealed(done);
      b.ret([b.read(sum)]);
    });
    const twice = func("main.twice", int, (b, [x]) => {
      b.value(SOp.Park, VT.Void).aux = Status.Yield;
      b.ret([b.num(Num.I64Mul, b.read(x), b.i64(2))]);
    });
    const out = new Machine([main, twice]).run(10n);
    // The sum of i(i-1) for i below 10.
    expect(out.results).toEqual([240n]);
    expect(out.resumed).toBe(3 * 45);
  });

  it("poll more often in loops with calls of what has loops", () => {
    const loop = (name: string, callee: string) =>
      func(name, int, (b, [n]) => {
        const i = b.newVariable("i", VT.I64, false);
        const [head, body, done] = [b.newBlock(), b.newBlock(), b.newBlock()];
        b.write(i, b.i64(0));
        b.jump(head);
        b.start(head);
        b.branch(b.num(Num.I64LtS, b.read(i), b.read(n)), body, done);
        b.startSealed(body);
        if (callee !== "") b.call(callee, int, [b.i64(2)]);
        else b.value(SOp.Park, VT.Void).aux = Status.Yield;
        b.write(i, b.num(Num.I64Add, b.read(i), b.i64(1)));
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
        b.ret([b.read(i)]);
      });
    const funcs = [loop("main.main", "main.middle"), loop("main.middle", "main.inner"), loop("main.inner", "")];
    expect(new Machine(funcs).run(3n).results).toEqual([3n]);
    const polls = funcs.map((fn) => fn.blocks.flatMap((block) => block.values.filter((v) => v.op === SOp.Poll)));
    expect(polls.map((list) => list.map((v) => v.aux))).toEqual([[64], [64], [0]]);
  });

  it("tell the engine of branches that are rarely taken, where these are", () => {
    const { bytes } = new Machine([fib()]);
    const branches = hintedBranches(bytes);
    expect(branches.length).toBeGreaterThan(2);
    expect(branches.filter(({ op }) => op !== Op.If && op !== Op.BrIf)).toEqual([]);
    expect(branches.some(({ op, taken }) => op === Op.BrIf && !taken)).toBe(true);
  });

  it("panic when a check fails", () => {
    const main = func("main.main", int, (b, [x]) => {
      b.boundsCheck(0, b.read(x), b.i64(5));
      b.ret([b.read(x)]);
    });
    const machine = new Machine([main]);
    expect(machine.run(4n)).toMatchObject({ results: [4n], panic: "" });
    expect(machine.run(5n).panic).toBe("goPanicIndex");
    expect(machine.run(-1n).panic).toBe("goPanicIndex");
  });
});
