/** From Go source to data-flow form: the functions are well made, and compute what Go computes. */
import { describe, expect, it } from "vitest";
import { analyzePackage } from "../../src/report/analyze.ts";
import { Session } from "../../src/report/session.ts";
import { type BuiltPackage, buildPackage } from "../../src/ssa/build/package.ts";
import { dumpFunc } from "../../src/ssa/dump.ts";
import { optimize } from "../../src/ssa/passes/index.ts";
import { verify } from "../../src/ssa/verify.ts";
import { options } from "../report/analysis.ts";
import { Machine } from "../wasm/machine.ts";

type Word = number | bigint;

/** The machine runs main.main. */
const linknames = new Map([["f", "main.main"]]);

/** Builds a package whose function f is the one to run. */
function build(source: string): BuiltPackage {
  const text = new TextEncoder().encode(`package p\n${source}`);
  const session = new Session({ readFile: () => text, readSummary: () => null }, "amd64");
  let built: BuiltPackage | null = null;
  const { errors } = analyzePackage(
    session,
    {
      importPath: "p",
      compilerPath: "p",
      goFiles: ["p.go"],
      imports: new Map(),
      goVersion: "go1.26",
      complete: true,
      isStd: false,
    },
    { ...options, m: 0, explain: false, compile: { ...options.compile, l: 0 } },
    ({ n }) => {
      built = buildPackage(n, n.target.funcs, { linknames: () => linknames });
    },
  );
  expect(errors.map(({ msg }) => msg)).toEqual([]);
  expect(built!.funcs.flatMap(verify)).toEqual([]);
  return built!;
}

/** What f gives for each list of arguments; the name of the runtime function for a failed check. */
function results(source: string, ...calls: Word[][]): (Word | string)[] {
  const { funcs, data } = build(source);
  const machine = new Machine(funcs, { data, stack: 1 << 14 });
  return calls.map((args) => {
    const { results, panic } = machine.run(...args);
    return panic === "" ? results[0] : panic;
  });
}

const min64 = -(2n ** 63n);

describe("integers", () => {
  it("wraps small ones around", () => {
    expect(results("func f(a, b int8) int8 { return a + b }", [100, 100], [-128, -1])).toEqual([-56, 127]);
    expect(results("func f(a, b uint8) uint8 { return a - b }", [0, 1])).toEqual([255]);
    expect(results("func f(a, b uint16) uint16 { return a * b }", [65535, 65535])).toEqual([1]);
    expect(results("func f(a int16) int16 { return -a }", [-32768])).toEqual([-32768]);
    expect(results("func f(a uint8) uint8 { return ^a }", [1])).toEqual([254]);
  });

  it("divides", () => {
    const calls: Word[][] = [
      [7n, -2n],
      [min64, -1n],
      [1n, 0n],
    ];
    expect(results("func f(a, b int64) int64 { return a / b }", ...calls)).toEqual([-3n, min64, "panicdivide"]);
    expect(results("func f(a, b int64) int64 { return a % b }", ...calls)).toEqual([1n, 0n, "panicdivide"]);
    expect(results("func f(a, b int8) int8 { return a / b }", [-128, -1])).toEqual([-128]);
    expect(results("func f(a, b int32) int32 { return a / b }", [-2147483648, -1])).toEqual([-2147483648]);
    expect(results("func f(a, b uint32) uint32 { return a / b }", [-1, 2])).toEqual([0x7fffffff]);
  });

  it("shifts by any count", () => {
    expect(results("func f(a int64, n uint) int64 { return a << n }", [1n, 63n], [1n, 64n], [3n, 200n])).toEqual([
      min64,
      0n,
      0n,
    ]);
    expect(results("func f(a int64, n int) int64 { return a >> n }", [-8n, 1n], [-8n, 64n], [-8n, -1n])).toEqual([
      -4n,
      -1n,
      "panicshift",
    ]);
    expect(results("func f(a uint8, n uint) uint8 { return a << n }", [255, 4n], [255, 8n], [255, 40n])).toEqual([
      240, 0, 0,
    ]);
    expect(results("func f(a int8, n uint8) int8 { return a >> n }", [-128, 3], [-128, 9], [-128, 255])).toEqual([
      -16, -1, -1,
    ]);
    expect(results("func f(a uint32) uint32 { return a >> 31 }", [-1])).toEqual([1]);
  });

  it("converts", () => {
    expect(results("func f(a int64) int8 { return int8(a) }", [200n])).toEqual([-56]);
    expect(results("func f(a int8) uint64 { return uint64(a) }", [-1])).toEqual([-1n]);
    expect(results("func f(a uint32) int64 { return int64(a) }", [-1])).toEqual([0xffffffffn]);
  });
});

describe("floats", () => {
  // As measured with the real compiler on amd64.
  it("converts to integers like amd64", () => {
    const calls: Word[][] = [[1.9], [-1.9], [1e300], [-1e300], [Number.NaN], [2 ** 63]];
    expect(results("func f(x float64) int64 { return int64(x) }", ...calls)).toEqual([
      1n,
      -1n,
      min64,
      min64,
      min64,
      min64,
    ]);
    expect(results("func f(x float64) int32 { return int32(x) }", [2 ** 31], [-1.5])).toEqual([-2147483648, -1]);
    expect(results("func f(x float64) uint64 { return uint64(x) }", [2 ** 63], [2 ** 64 - 2048])).toEqual([
      min64,
      BigInt.asIntN(64, 2n ** 64n - 2048n),
    ]);
  });

  it("computes complex products", () => {
    const source = "func f(a, b, c, d float64) float64 { x, y := complex(a, b), complex(c, d); return imag(x * y) }";
    expect(results(source, [1, 2, 3, 4])).toEqual([10]);
  });
});

describe("control flow", () => {
  it("loops, breaks and continues", () => {
    const source = `func f(n int) (sum int) {
outer:
	for i := 0; ; i++ {
		for j := range 10 {
			if i == n { break outer }
			if j > i { continue outer }
			sum += j
		}
	}
	return
}`;
    expect(results(source, [0n], [5n])).toEqual([0n, 20n]);
  });

  it("goes to labels", () => {
    const source = `func f(n int) int {
	i, sum := 0, 0
again:
	sum += i
	i++
	if i <= n { goto again }
	return sum
}`;
    expect(results(source, [100n])).toEqual([5050n]);
  });

  it("switches by search and by table", () => {
    const cases = Array.from({ length: 20 }, (_, i) => `case ${i * 2}: return ${i}`).join("\n");
    expect(results(`func f(n int) int { switch n {\n${cases}\n}; return -1 }`, [0n], [38n], [7n], [40n])).toEqual([
      0n,
      19n,
      -1n,
      -1n,
    ]);
    const sparse = Array.from({ length: 9 }, (_, i) => `case ${-1000 + i * 317}: return ${i}`).join("\n");
    expect(results(`func f(n int32) int { switch n {\n${sparse}\n}; return -1 }`, [-1000], [902], [903])).toEqual([
      0n,
      6n,
      -1n,
    ]);
    const fall =
      "func f(n uint8) (r int) { switch n { case 1: r++; fallthrough; case 2: r += 10; default: r = 7 }; return }";
    expect(results(fall, [1], [2], [3])).toEqual([11n, 10n, 7n]);
  });

  it("evaluates conditions only as far as needed", () => {
    const source = "func f(a, b int) int { if a != 0 && b/a > 1 || b == 9 { return 1 }; return 0 }";
    expect(results(source, [0n, 5n], [2n, 4n], [0n, 9n])).toEqual([0n, 1n, 1n]);
  });
});

describe("order of evaluation", () => {
  it("reads variables after calls", () => {
    const source = `var g int
//go:noinline
func set() int { g = 5; return 1 }
func f(x int) int { g = x; return g + set() }`;
    expect(results(source, [1n])).toEqual([6n]);
  });

  it("assigns in parallel", () => {
    const source = `func f(n int) int {
	a := [4]int{3, 2, 1, 0}
	i := 1
	i, a[i] = a[0], i
	a[2], a[3] = a[3], a[2]
	return i*1000 + a[1]*100 + a[2]*10 + a[3]
}`;
    expect(results(source, [0n])).toEqual([3101n]);
  });
});

describe("memory", () => {
  it("keeps large values apart", () => {
    const source = `type T struct { a, b, c, d, e int }
//go:noinline
func change(t T) T { t.a += 10; return t }
func f(x int) int {
	t := T{x, 1, 2, 3, 4}
	u := change(t)
	t, u = u, t
	return t.a*100 + u.a + t.e
}`;
    expect(results(source, [1n])).toEqual([1105n]);
  });

  it("checks indices and slices", () => {
    const source = "func f(i, j int) int { var a [5]int; a[i] = 3; return len(a[i:j]) + a[i] }";
    expect(results(source, [1n, 4n], [4n, 5n], [5n, 5n], [-1n, 2n], [3n, 2n])).toEqual([
      6n,
      4n,
      "goPanicIndex",
      "goPanicIndex",
      "goPanicSliceB",
    ]);
  });

  it("panics on nil pointers", () => {
    const source =
      "type T struct { a, b int }\nfunc g(t *T) int { return t.b }\nfunc f(x int) int { var t *T; if x > 0 { t = &T{1, x} }; return g(t) }";
    expect(results(source, [7n], [0n])).toEqual([7n, "panicmemAddr"]);
  });

  it("ranges over arrays as they were", () => {
    const source =
      "func f(n int) (s int) { a := [3]int{1, 2, 3}; for i, v := range a { a[2] = 100; s += v * (i + n) }; return }";
    expect(results(source, [1n])).toEqual([14n]);
  });

  it("captures variables by value and by reference", () => {
    const source = `//go:noinline
func call(f func() int) int { return f() + f() }
func f(n int) int {
	count := 0
	r := call(func() int { count += n; return count })
	return r*100 + count
}`;
    expect(results(source, [3n])).toEqual([906n]);
  });
});

describe("shape of the code", () => {
  it("shows functions as text", () => {
    const [fn] = build("func f(a, b int) int { if a < b { return a }; return b }").funcs;
    expect(dumpFunc(fn)).toBe(`main.main(i64, i64) i64
b0:
  v0 = param 0 : i64
  v1 = param 1 : i64
  v2 = const 0 : i64
  v3 = i64.lt_s v0 v1 : i32
  if v3 b1 else b2
b1: ; from b0
  ret v0
b2: ; from b0
  ret v1

`);
  });

  it("needs no frame for variables that stay in registers", () => {
    const { funcs } = build(`type P struct { x, y int }
func f(p P, n int) int { q := p; for i := range n { q.x += i; q.y -= i }; return q.x * q.y }`);
    expect(funcs.find((fn) => fn.name === "main.main")!.slots).toEqual([]);
  });
});

describe("passes", () => {
  /** The operations of function `name` after the passes. */
  const optimized = (source: string, name: string): string => {
    const fn = build(source).funcs.find((f) => f.name === name)!;
    optimize(fn);
    expect(verify(fn)).toEqual([]);
    return dumpFunc(fn);
  };

  it("ask no integers of generic code whether they are numbers, nor dictionaries whether they are there", () => {
    const source = `func less[T ~int | ~float64](x, y T) bool { return (x != x && y == y) || x < y }
func smallest[T ~int | ~float64](list []T) int { at := 0; for i := range list { if less(list[i], list[at]) { at = i } }; return at }
func f() int { return smallest([]int{3, 1, 2}) }`;
    const dump = optimized(source, "p.smallest[go.shape.int]");
    expect(dump).toContain("i64.lt_s");
    expect(dump).not.toContain("i64.ne");
    expect(dump).not.toContain("nilcheck");
  });

  it("load once what no way writes, though ways part and join", () => {
    const dump = optimized(
      "func f(p *int, b bool) int { x := *p; if b { x++ } else { x-- }; return x + *p }",
      "main.main",
    );
    expect(dump.match(/load/g)?.length).toBe(1);
    const written = "func f(p, q *int, b bool) int { x := *p; if b { *q = 1 } else { x-- }; return x + *p }";
    expect(optimized(written, "main.main").match(/load/g)?.length).toBe(2);
  });
});
