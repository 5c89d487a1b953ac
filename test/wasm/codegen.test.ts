/** What the code of functions looks like: where calls, stores and checks are. */
import { describe, expect, it } from "vitest";
import { intrinsic } from "../../src/ssa/intrinsics.ts";
import { Num } from "../../src/ssa/num.ts";
import { BoundsKind, Mem, type SFunc, SOp, type Value, VT } from "../../src/ssa/value.ts";
import { verify } from "../../src/ssa/verify.ts";
import { compileObject } from "../../src/wasm/compile.ts";
import { disassemble } from "../../src/wasm/disasm.ts";
import { func, type Variables } from "./machine.ts";

type Builder = Parameters<Parameters<typeof func>[2]>[0];

/** The code of a function called main.main, one instruction a line. */
function code(fn: SFunc, ...more: SFunc[]): string[] {
  const object = compileObject(
    { path: "main", funcs: [fn, ...more], data: [], initTask: null },
    { external: () => null, barriers: false, places: () => [] },
  );
  const main = object.funcs.find((f) => f.name === "main.main")!;
  return disassemble(object, main)
    .split("\n")
    .map((line) => line.trim());
}

/** What stands between the innermost loop's start and its end. */
function innermostLoop(lines: readonly string[]): string[] {
  const start = lines.lastIndexOf("loop");
  let depth = 0;
  for (let i = start; i < lines.length; i++) {
    if (/^(?:loop|block|if)/.test(lines[i])) depth++;
    if (lines[i] === "end" && --depth === 0) return lines.slice(start, i);
  }
  return [];
}

/** `for i := start; i < n; i += step`, of which `body` is one iteration; the result is the sum of what that gives. */
function sumLoop(
  body: (b: Builder, i: Value, params: Variables) => Value,
  step: (b: Builder, i: Value) => Value = (b, i) => b.num(Num.I64Add, i, b.i64(1)),
): SFunc {
  return func("main.main", { params: [VT.I64, VT.I64], results: [VT.I64] }, (b, params) => {
    const i = b.newVariable("i", VT.I64, false);
    const sum = b.newVariable("sum", VT.I64, false);
    b.write(i, b.i64(0));
    b.write(sum, b.i64(0));
    const head = b.newBlock();
    const inside = b.newBlock();
    const done = b.newBlock();
    b.jump(head);
    b.start(head);
    b.branch(b.num(Num.I64LtS, b.read(i), b.read(params[0])), inside, done);
    b.startSealed(inside);
    const term = body(b, b.read(i), params);
    b.write(sum, b.num(Num.I64Add, b.read(sum), term));
    b.write(i, step(b, b.read(i)));
    b.jump(head);
    b.seal(head);
    b.startSealed(done);
    b.ret([b.read(sum)]);
  });
}

describe("code", () => {
  it("of inner loops has no calls for checks that fail", () => {
    const lines = code(
      sumLoop((b, i, [, len]) => {
        const check = b.value(SOp.BoundsCheck, VT.Void, i, b.read(len));
        check.aux = BoundsKind.Index;
        return b.load(Mem.I64, b.num(Num.I32WrapI64, i));
      }),
    );
    expect(lines.some((l) => l.startsWith("call runtime.goPanicIndex"))).toBe(true);
    expect(innermostLoop(lines).filter((l) => l.startsWith("call"))).toEqual([]);
  });

  it("has no checks of constants below what is known of a length", () => {
    const kinds: BoundsKind[] = [
      BoundsKind.Index,
      BoundsKind.Index,
      BoundsKind.SliceB,
      BoundsKind.Index,
      BoundsKind.Index,
    ];
    const checks = (least: bigint | null, indexes: readonly bigint[]): number => {
      const fn = func("main.main", { params: [VT.I64], results: [VT.I64] }, (b, [n]) => {
        let length = b.read(n);
        if (least !== null) {
          const [short, long] = [b.newBlock(), b.newBlock()];
          b.branch(b.num(Num.I64LtS, length, b.i64(least)), short, long);
          b.startSealed(short);
          b.ret([b.i64(0)]);
          b.startSealed(long);
        }
        indexes.forEach((index, i) => {
          b.value(SOp.BoundsCheck, VT.Void, b.i64(index), length).aux = kinds[i];
          if (kinds[i] === BoundsKind.SliceB) length = b.num(Num.I64Sub, length, b.i64(index));
        });
        b.ret([length]);
      });
      return code(fn).filter((l) => l.startsWith("call runtime.goPanic")).length;
    };
    // b[3] settles b[2], not b[4]; b[12:] has 12 bytes less than b.
    expect(checks(null, [3n, 2n])).toBe(1);
    expect(checks(null, [3n, 4n])).toBe(2);
    expect(checks(64n, [0n, 63n, 12n, 51n])).toBe(0);
    expect(checks(64n, [0n, 64n])).toBe(1);
    expect(checks(64n, [0n, 63n, 64n])).toBe(0);
    expect(checks(64n, [0n, 63n, 12n, 51n, 52n])).toBe(1);
    expect(checks(-5n, [0n])).toBe(1);
  });

  it("says which branches are rarely taken", () => {
    const lines = code(
      sumLoop((b, i, [, len]) => {
        const check = b.value(SOp.BoundsCheck, VT.Void, i, b.read(len));
        check.aux = BoundsKind.Index;
        const [x] = b.call("other.f", { params: [VT.I64], results: [VT.I64] }, [i]);
        return x;
      }),
    );
    const after = (what: string): string => lines[lines.indexOf(what) + 1];
    expect(after("i64.ge_u")).toMatch(/^br_if \d+ rarely$/);
    expect(after("global.get Status")).toMatch(/^br_if \d+ rarely$/);
    expect(lines.filter((l) => l.endsWith("ly")).length).toBeLessThan(
      lines.filter((l) => /^(?:br_)?if/.test(l)).length,
    );
  });

  it("of inner loops that may run for long has no call of the poll", () => {
    const doubled = (b: Builder, i: Value): Value => b.num(Num.I64Mul, i, b.load(Mem.I64, b.i32(8192)));
    const lines = code(sumLoop((_b, i) => i, doubled));
    expect(lines).toContain("call runtime.poll");
    expect(innermostLoop(lines).filter((l) => l.startsWith("call"))).toEqual([]);
  });

  it("polls in inner loops that count for longer than a time slice", () => {
    const polls = (most: bigint): number => {
      const counting = (b: Builder): Value => {
        const k = b.newVariable("k", VT.I64, false);
        b.write(k, b.i64(0));
        const head = b.newBlock();
        const inside = b.newBlock();
        const done = b.newBlock();
        b.jump(head);
        b.start(head);
        b.branch(b.num(Num.I64LtS, b.read(k), b.i64(most)), inside, done);
        b.startSealed(inside);
        b.write(k, b.num(Num.I64Add, b.read(k), b.i64(1)));
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
        return b.read(k);
      };
      return code(sumLoop(counting)).filter((l) => l === "call runtime.poll").length;
    };
    expect(polls(1000n)).toBe(1);
    expect(polls(20_000_000n)).toBe(2);
  });

  it("polls in loops that count in functions that may park, if they do more than a little", () => {
    const unknown = { params: [VT.I64], results: [VT.I64] };
    const polls = (terms: number, callee: string): number => {
      const fn = func("main.main", { params: [VT.I64, VT.I64], results: [VT.I64] }, (b, params) => {
        const i = b.newVariable("i", VT.I64, false);
        const sum = b.newVariable("sum", VT.I64, false);
        b.write(i, b.i64(0));
        const [start] = b.call(callee, unknown, [b.read(params[1])]);
        b.write(sum, start);
        const head = b.newBlock();
        const inside = b.newBlock();
        const done = b.newBlock();
        b.jump(head);
        b.start(head);
        b.branch(b.num(Num.I64LtS, b.read(i), b.read(params[0])), inside, done);
        b.startSealed(inside);
        for (let k = 0; k < terms; k++) {
          b.write(sum, b.num(Num.I64Add, b.read(sum), b.num(Num.I64Mul, b.read(sum), b.read(i))));
        }
        b.write(i, b.num(Num.I64Add, b.read(i), b.i64(1)));
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
        b.ret([b.read(sum)]);
      });
      const plain = func("main.plain", unknown, (b, [x]) => b.ret([b.read(x)]));
      return code(fn, plain).filter((l) => l === "call runtime.poll").length;
    };
    expect(polls(8, "other.f")).toBe(1);
    expect(polls(1, "other.f")).toBe(0);
    expect(polls(8, "main.plain")).toBe(0);
  });

  it("loads once what a comparison of memory cannot change", () => {
    const three = { params: [VT.I32, VT.I32, VT.I64], results: [VT.I32] };
    const loads = (callee: string): number => {
      const fn = func("main.main", { params: [VT.I32], results: [VT.I64] }, (b, [p]) => {
        const before = b.load(Mem.I64, b.read(p), 16);
        const [same] = b.call(callee, three, [b.read(p), b.read(p), b.i64(32)]);
        const sum = b.num(Num.I64Add, before, b.load(Mem.I64, b.read(p), 16));
        b.ret([b.num(Num.I64Add, sum, b.num(Num.I64ExtendI32U, same))]);
      });
      return code(fn).filter((l) => l === "i64.load 16").length;
    };
    expect(loads("other.f")).toBeGreaterThan(loads("runtime.memequal"));
    expect(loads("runtime.memequal")).toBe(1);
  });

  it("stores before a loop what calls in it need and it does not change", () => {
    const unknown = { params: [VT.I64], results: [VT.I64] };
    const lines = code(
      sumLoop((b, i, [, scale]) => b.num(Num.I64Mul, b.call("other.f", unknown, [i])[0], b.read(scale))),
    );
    const loop = innermostLoop(lines).filter((l) => l.startsWith("i64.store"));
    const all = lines.filter((l) => l.startsWith("i64.store"));
    // Only the counter and the sum change; once more each where the loop polls.
    expect(loop.length).toBe(4);
    expect(all.length).toBeGreaterThan(loop.length);
  });

  it("asks for the place to go on only where a loop polls", () => {
    const unknown = { params: [VT.I64], results: [VT.I64] };
    const loop = innermostLoop(code(sumLoop((b, i) => b.call("other.f", unknown, [i])[0])));
    // The loop begins with its countdown; the rare branch looks at the rest.
    const start = loop.indexOf("i32.le_s");
    expect(loop.slice(0, start).filter((l) => l === "i32.eqz")).toEqual([]);
    expect(loop.indexOf("call runtime.poll")).toBeGreaterThan(start);
  });

  it("of a small function that calls itself has its body several times", () => {
    const sig = { params: [VT.I64], results: [VT.I64] };
    const fib = func("main.main", sig, (b, [n]) => {
      const rec = b.newBlock();
      const base = b.newBlock();
      b.branch(b.num(Num.I64LtS, b.read(n), b.i64(2)), base, rec);
      b.startSealed(base);
      b.ret([b.read(n)]);
      b.startSealed(rec);
      const [x] = b.call("main.main", sig, [b.num(Num.I64Sub, b.read(n), b.i64(1))]);
      const [y] = b.call("main.main", sig, [b.num(Num.I64Sub, b.read(n), b.i64(2))]);
      b.ret([b.num(Num.I64Add, x, y)]);
    });
    expect(code(fib).filter((l) => l === "call main.main").length).toBeGreaterThan(2);
    expect(verify(fib)).toEqual([]);
  });

  it("of an indirect call in a loop has what it may call before it", () => {
    const sig = { params: [VT.I64], results: [VT.I64] };
    const twice = func("main.twice", sig, (b, [n]) => b.ret([b.num(Num.I64Add, b.read(n), b.read(n))]));
    const loop = sumLoop((b, i) => {
      b.store(Mem.I32, b.i32(8192), b.funcAddr("main.twice"));
      return b.callIndirect(b.load(Mem.I32, b.i32(8196)), b.i32(8192), sig, [i])[0];
    });
    const lines = innermostLoop(code(loop, twice));
    const test = lines.indexOf("i32.const code main.twice");
    const call = lines.findIndex((l) => l.startsWith("call_indirect"));
    expect(test).toBeGreaterThan(0);
    expect(lines.indexOf("global.set Ctxt")).toBeGreaterThan(test);
    expect(call).toBeGreaterThan(test);
    expect(verify(loop)).toEqual([]);
  });

  it("that goes on loads each spilled local once", () => {
    const sig = { params: [VT.I64], results: [VT.I64] };
    const calls = func("main.main", sig, (b, [n]) => {
      const [first] = b.call("other.f", sig, [b.read(n)]);
      let sum = first;
      for (let i = 0; i < 8; i++) sum = b.num(Num.I64Xor, sum, b.call("other.f", sig, [first])[0]);
      b.ret([b.num(Num.I64Xor, sum, b.num(Num.I64Xor, first, b.read(n)))]);
    });
    const lines = code(calls);
    const results = lines.filter((l, i) => l === "i64.load 0" && lines[i - 1] === "i32.const goesc.results");
    expect(results.length).toBe(9);
    // The parameter, and the results of all calls but the last.
    expect(lines.filter((l) => l.startsWith("i64.load")).length - results.length).toBe(9);
  });

  it("that goes on in a loop arrives there at one place for all calls", () => {
    const unknown = { params: [VT.I64], results: [VT.I64] };
    const lines = code(
      sumLoop((b, i) => {
        let sum = i;
        for (let k = 0; k < 6; k++) [sum] = b.call("other.f", unknown, [sum]);
        return sum;
      }),
    );
    // The countdown starts with the function, after a poll, and on the two stages of the way to where the goroutine was.
    expect(lines.filter((l) => l === "i32.const 4096").length).toBe(4);
  });
});

it("copies values of types from reflection in place unless the collector has to be told", () => {
  const lines = code(
    func("main.main", { params: [VT.I32, VT.I32, VT.I32], results: [] }, (b, params) => {
      intrinsic("reflect", "typedmemmove")!(
        b,
        params.map((p) => b.read(p)),
      );
      b.ret([]);
    }),
  );
  const at = (text: string): number => lines.indexOf(text);
  expect(at("i32.const runtime.gcMarking")).toBeGreaterThan(0);
  expect(at("call runtime.typedmemmove")).toBeGreaterThan(at("i32.const runtime.gcMarking"));
  // The size is the first word of the type.
  expect(lines.slice(at("call runtime.move") - 2, at("call runtime.move"))).toEqual(["i64.load 0", "i32.wrap_i64"]);
});

it("matches 16 bytes of memory with one load, unless somebody else needs their words", () => {
  const match = (shared: boolean): string[] =>
    code(
      func("main.main", { params: [VT.I32, VT.I32], results: [VT.I64] }, (b, [p, c]) => {
        const low = b.load(Mem.I64, b.read(p));
        const high = b.load(Mem.I64, b.read(p), 8);
        const bits = b.value(SOp.MatchBytes, VT.I32, low, b.read(c), high);
        bits.aux = 16;
        const wide = b.num(Num.I64ExtendI32U, bits);
        b.ret([shared ? b.num(Num.I64Add, wide, high) : wide]);
      }),
    );
  const loads = (lines: readonly string[]): string[] =>
    lines.filter((line) => /load/.test(line)).map((l) => l.split(" ")[0]);
  expect(loads(match(false))).toEqual(["v128.load"]);
  expect(loads(match(true))).toEqual(["i64.load", "i64.load"]);
});
