import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bitLenOf, float32, float64, numberToRat, toIEEE } from "../../src/base/bigfloat.ts";
import {
  type BinaryOperator,
  binaryOp,
  Complex,
  compareConst,
  Float,
  float32Val,
  float64Val,
  floatFromLiteral,
  imagFromLiteral,
  intFromLiteral,
  quoteBytes,
  Rat,
  runeFromLiteral,
  shift,
  stringFromLiteral,
  toInt,
  unaryOp,
  type Value,
  valueString,
} from "../../src/base/constant.ts";

/** ExactString of go/constant, with an `f` before floating-point values. */
function exact(v: Value): string {
  if (typeof v === "string") return quoteBytes(v);
  if (v instanceof Rat) return `f${v.num}${v.den === 1n ? "" : `/${v.den}`}`;
  if (v instanceof Float) return `f${floatText(v)}`;
  if (v instanceof Complex) return `(${exact(v.re)},${exact(v.im)})`;
  return String(v);
}

/** math/big's 'p' format: 0x.mantissa p exponent. */
function floatText(f: Float): string {
  if (f.mant === 0n) return "0";
  const bits = bitLenOf(f.mant);
  const abs = (f.mant < 0n ? -f.mant : f.mant) << BigInt((4 - (bits % 4)) % 4);
  const exp = bits + f.exp;
  return `${f.mant < 0n ? "-" : ""}0x.${abs.toString(16).replace(/0+$/, "")}p${exp < 0 ? "" : "+"}${exp}`;
}

function bits(x: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16);
}

const readers: Record<string, (lit: string) => Value> = {
  INT: intFromLiteral,
  FLOAT: floatFromLiteral,
  IMAG: imagFromLiteral,
  CHAR: runeFromLiteral,
  STRING: stringFromLiteral,
};

describe("as go/constant has it", () => {
  const rows = readFileSync(new URL("./constants.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const golden = rows.map((row) => JSON.parse(row));
  const lits = golden.filter((row) => row.k === "lit").map((row) => readers[row.tok](row.lit));

  test("literals: exact value, text, nearest floats, integer", () => {
    for (const row of golden) {
      if (row.k !== "lit") continue;
      const v = lits[row.i];
      expect([row.lit, exact(v), valueString(v)]).toEqual([row.lit, row.e, row.s]);
      if (row.f64 !== undefined) expect([row.lit, bits(float64Val(v))]).toEqual([row.lit, row.f64]);
      if (row.f32 !== undefined) expect([row.lit, bits(float32Val(v))]).toEqual([row.lit, row.f32]);
      if (row.toint !== undefined) expect([row.lit, exact(toInt(v))]).toEqual([row.lit, row.toint]);
    }
  });

  test("binary operations", () => {
    for (const { k, i, j, op, e, s } of golden) {
      if (k !== "bin") continue;
      const v = binaryOp(lits[i], op === "/=" ? "div" : (op as BinaryOperator), lits[j]);
      expect([i, op, j, exact(v), valueString(v)]).toEqual([i, op, j, e, s]);
    }
  });

  test("comparisons", () => {
    for (const { k, i, j, lt, eq } of golden) {
      if (k !== "cmp") continue;
      expect([i, j, compareConst(lits[i], "<", lits[j])]).toEqual([i, j, lt]);
      expect([i, j, compareConst(lits[i], "==", lits[j])]).toEqual([i, j, eq]);
    }
  });
});

test("numbers survive the way to fractions and back, denormals too", () => {
  for (let e = -1074; e < 1024; e++) {
    for (const x of [2 ** e, -(2 ** e) * 1.5]) {
      if (!Number.isFinite(x)) continue;
      const { num, den } = numberToRat(x);
      expect(toIEEE(num, den, 0, float64)).toBe(x);
      const single = Math.fround(x);
      if (Number.isFinite(single)) expect(Math.abs(toIEEE(num, den, 0, float32) - single)).toBe(0);
    }
  }
});

test("huge exponents are not written out", () => {
  const huge = floatFromLiteral("1e1000000");
  expect(valueString(binaryOp(huge, "*", huge))).toBe("1e+2000000");
  expect(valueString(floatFromLiteral("1e1000000000000"))).toBe("unknown");
  expect(valueString(floatFromLiteral("1e-1000000000"))).toBe("0");
});

test("unary operations and shifts", () => {
  expect(unaryOp("^", 1n, 8)).toBe(254n);
  expect(unaryOp("^", 1n, 0)).toBe(-2n);
  expect(exact(unaryOp("-", floatFromLiteral("0.5"), 0))).toBe("f-1/2");
  expect(unaryOp("!", true, 0)).toBe(false);
  expect(shift(1n, "<<", 100)).toBe(1n << 100n);
  expect(shift(-5n, ">>", 1)).toBe(-3n);
});
