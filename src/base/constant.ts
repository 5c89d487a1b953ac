/** Constants of arbitrary precision (go/constant). A Value is a boolean, a string (JS string of the *bytes*, one
 *  char code per byte, 0–255), a bigint (an integer), or one of the classes Rat, Float, Complex and Unknown.
 *
 *  Fractions are exact as long as numerator and denominator stay below 4096 bits; then they become 512-bit floats and
 *  stay so. Operators are the texts of Go's, so that no table of tokens is needed below the syntax layer. */
import {
  add as addFloat,
  bitLenOf,
  compare as compareFloat,
  exponent,
  Float,
  float32,
  float64,
  floatFromInt,
  floatFromRat,
  floatZero,
  isInf,
  mul as mulFloat,
  nearInt,
  neg as negFloat,
  numberToRat,
  quo as quoFloat,
  sign as signFloat,
  toFloat32,
  toFloat64,
  toIEEE,
} from "./bigfloat.ts";
import { InternalError } from "./diag.ts";

export { Float } from "./bigfloat.ts";
export * from "./constant-text.ts";
export * from "./literal.ts";

/** A fraction in lowest terms, den > 0. It is a floating-point constant even where den is 1. */
export class Rat {
  constructor(
    readonly num: bigint,
    readonly den: bigint,
  ) {}
}

export class Unknown {
  private readonly brand = "unknown";
  toString(): string {
    return this.brand;
  }
}

export class Complex {
  constructor(
    readonly re: Value,
    readonly im: Value,
  ) {}
}

export type Value = boolean | string | bigint | Rat | Float | Complex | Unknown;

export const UnknownValue: Unknown = new Unknown();

/** Kinds in the order in which operands are raised to each other's representation. */
export const enum ValueKind {
  Unknown,
  Bool,
  String,
  Int,
  Float,
  Complex,
}

export function kindOf(x: Value): ValueKind {
  switch (typeof x) {
    case "bigint":
      return ValueKind.Int;
    case "string":
      return ValueKind.String;
    case "boolean":
      return ValueKind.Bool;
  }
  if (x instanceof Rat || x instanceof Float) return ValueKind.Float;
  return x instanceof Complex ? ValueKind.Complex : ValueKind.Unknown;
}

// ---------------------------------------------------------------------------------------------------- makers

/** Components of a fraction have fewer bits than this. */
export const maxRatExp = 4 << 10;

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) {
    // Euclid on machine numbers once both fit.
    if (a <= 0x1fffffffffffffn && b <= 0x1fffffffffffffn) {
      let x = Number(a);
      let y = Number(b);
      while (y !== 0) [x, y] = [y, x % y];
      return BigInt(x);
    }
    [a, b] = [b, a % b];
  }
  return a;
}

/** num/den, which must be in lowest terms. */
export function newRat(num: bigint, den: bigint): Rat {
  return new Rat(num, den);
}

/** num/den, reduced; a Float if it has grown too large for a fraction, unless `keep` is set. */
export function makeRat(num: bigint, den: bigint, keep = false): Rat | Float {
  if (den < 0n) {
    num = -num;
    den = -den;
  }
  const divisor = gcd(num < 0n ? -num : num, den);
  if (divisor !== 1n) {
    num /= divisor;
    den /= divisor;
  }
  if (keep || (isSmallInt(num) && isSmallInt(den))) return new Rat(num, den);
  return floatFromRat(num, den);
}

function isSmallInt(x: bigint): boolean {
  return bitLenOf(x) < maxRatExp;
}

/** Infinite floats are unknown. */
export function makeFloat(x: Float): Value {
  if (x.mant === 0n) return floatZero;
  return isInf(x) ? UnknownValue : x;
}

export function makeFloat64(x: number): Value {
  if (!Number.isFinite(x)) return UnknownValue;
  const { num, den } = numberToRat(x);
  return new Rat(num, den);
}

export function makeComplex(re: Value, im: Value): Value {
  return re instanceof Unknown || im instanceof Unknown ? UnknownValue : new Complex(re, im);
}

/** x*i for a real x. */
export function makeImag(x: Value): Value {
  return makeComplex(0n, x);
}

// ---------------------------------------------------------------------------------------------------- accessors

export function real(x: Value): Value {
  return x instanceof Complex ? x.re : x;
}

export function imag(x: Value): Value {
  return x instanceof Complex ? x.im : x instanceof Unknown ? x : 0n;
}

/** Bits of the magnitude of an integer; 0 for unknown values. */
export function bitLen(x: Value): number {
  return typeof x === "bigint" ? bitLenOf(x) : 0;
}

/** -1, 0 or 1; complex values: 0 only for zero. Unknown is 1, so that it is no zero divisor. */
export function sign(x: Value): number {
  if (typeof x === "bigint") return x < 0n ? -1 : x > 0n ? 1 : 0;
  if (x instanceof Rat) return x.num < 0n ? -1 : x.num > 0n ? 1 : 0;
  if (x instanceof Float) return signFloat(x);
  if (x instanceof Complex) return sign(x.re) | sign(x.im);
  if (x instanceof Unknown) return 1;
  throw new InternalError("sign of a constant that is not numeric");
}

const MinInt64 = -(1n << 63n);
const MaxInt64 = (1n << 63n) - 1n;
const MaxUint64 = (1n << 64n) - 1n;

/** The value if it is an integer of 64 bits, otherwise null. */
export function int64Val(x: Value): bigint | null {
  return typeof x === "bigint" && x >= MinInt64 && x <= MaxInt64 ? x : null;
}

export function uint64Val(x: Value): bigint | null {
  return typeof x === "bigint" && x >= 0n && x <= MaxUint64 ? x : null;
}

/** The nearest float64, possibly infinite, of a real number; 0 for unknown values. */
export function float64Val(x: Value): number {
  if (typeof x === "bigint") return Number(x);
  if (x instanceof Rat) return toIEEE(x.num, x.den, 0, float64);
  return x instanceof Float ? toFloat64(x) : 0;
}

/** The nearest float32, as a number. */
export function float32Val(x: Value): number {
  if (typeof x === "bigint") return toIEEE(x, 1n, 0, float32);
  if (x instanceof Rat) return toIEEE(x.num, x.den, 0, float32);
  return x instanceof Float ? toFloat32(x) : 0;
}

// ---------------------------------------------------------------------------------------------------- conversions

/** x as an integer if it is one, otherwise Unknown. */
export function toInt(x: Value): Value {
  if (typeof x === "bigint") return x;
  if (x instanceof Rat) return x.den === 1n ? x.num : UnknownValue;
  if (x instanceof Float) {
    const e = exponent(x);
    if (e <= -maxRatExp || e >= maxRatExp) return UnknownValue; // no huge integers
    return nearInt(x) ?? UnknownValue;
  }
  if (x instanceof Complex) {
    const re = toFloat(x);
    return re instanceof Unknown ? re : toInt(re);
  }
  return UnknownValue;
}

/** x as a floating-point constant if it is one, otherwise Unknown. */
export function toFloat(x: Value): Value {
  if (typeof x === "bigint") return isSmallInt(x) ? new Rat(x, 1n) : floatFromInt(x);
  if (x instanceof Rat || x instanceof Float) return x;
  if (x instanceof Complex && sign(x.im) === 0) return toFloat(x.re);
  return UnknownValue;
}

export function toComplex(x: Value): Value {
  if (x instanceof Complex) return x;
  if (typeof x === "bigint" || x instanceof Rat || x instanceof Float) return new Complex(x, 0n);
  return UnknownValue;
}

/** x rounded to float32; null if that is infinite. */
export function roundFloat32(x: Value): Value | null {
  const f = float32Val(x);
  return Number.isFinite(f) ? makeFloat64(f) : null;
}

export function roundFloat64(x: Value): Value | null {
  const f = float64Val(x);
  return Number.isFinite(f) ? makeFloat64(f) : null;
}

// ---------------------------------------------------------------------------------------------------- operations

export type UnaryOperator = "+" | "-" | "^" | "!";

/** `op x`; `bits` > 0 is the size of the unsigned type in which `^` works. */
export function unaryOp(op: UnaryOperator, x: Value, bits: number): Value {
  if (x instanceof Unknown) return x;
  switch (op) {
    case "+":
      return x;
    case "-":
      if (typeof x === "bigint") return -x;
      if (x instanceof Rat) return new Rat(-x.num, x.den);
      if (x instanceof Float) return makeFloat(negFloat(x));
      if (x instanceof Complex) return makeComplex(unaryOp("-", x.re, 0), unaryOp("-", x.im, 0));
      break;
    case "^":
      if (typeof x === "bigint") return bits > 0 ? BigInt.asUintN(bits, ~x) : ~x;
      break;
    case "!":
      if (typeof x === "boolean") return !x;
  }
  throw new InternalError(`invalid unary operation ${op}`);
}

/** Go's, and `div`: the division of integers, which truncates. `/` of two integers is a fraction. */
export type BinaryOperator = "+" | "-" | "*" | "/" | "div" | "%" | "&" | "|" | "^" | "&^" | "&&" | "||";

/** `x op y`, neither a comparison nor a shift. Unknown if an operand is. The divisor is not zero. */
export function binaryOp(x: Value, op: BinaryOperator, y: Value): Value {
  if (x instanceof Unknown) return x;
  if (y instanceof Unknown) return y;
  if (typeof x === "bigint" && typeof y === "bigint") return intOp(x, op, y);
  if (typeof x === "string" && typeof y === "string" && op === "+") return x + y;
  if (typeof x === "boolean" && typeof y === "boolean") {
    if (op === "&&") return x && y;
    if (op === "||") return x || y;
  }
  if (x instanceof Complex || y instanceof Complex) return complexOp(toComplex(x), op, toComplex(y));
  if (x instanceof Float || y instanceof Float) return floatOp(asFloat(x), op, asFloat(y));
  if (x instanceof Rat || y instanceof Rat) return ratOp(asRat(x), op, asRat(y));
  throw new InternalError(`invalid binary operation ${op}`);
}

function asFloat(x: Value): Float {
  if (x instanceof Float) return x;
  if (typeof x === "bigint") return floatFromInt(x);
  if (x instanceof Rat) return floatFromRat(x.num, x.den);
  throw new InternalError("constant is not a number");
}

function asRat(x: Value): Rat {
  if (x instanceof Rat) return x;
  if (typeof x === "bigint") return new Rat(x, 1n);
  throw new InternalError("constant is not a number");
}

function intOp(x: bigint, op: BinaryOperator, y: bigint): Value {
  switch (op) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return makeRat(x, y);
    case "div":
      // Dividing the smallest int64 by -1 wraps in go/constant; there is no way to write it with an int64 result.
      return x === MinInt64 && y === -1n ? MinInt64 : x / y;
    case "%":
      return x % y;
    case "&":
      return x & y;
    case "|":
      return x | y;
    case "^":
      return x ^ y;
    case "&^":
      return x & ~y;
    default:
      throw new InternalError(`invalid integer operation ${op}`);
  }
}

function ratOp(x: Rat, op: BinaryOperator, y: Rat): Value {
  switch (op) {
    case "+":
      return makeRat(x.num * y.den + y.num * x.den, x.den * y.den);
    case "-":
      return makeRat(x.num * y.den - y.num * x.den, x.den * y.den);
    case "*":
      return makeRat(x.num * y.num, x.den * y.den);
    case "/":
      return makeRat(x.num * y.den, x.den * y.num);
    default:
      throw new InternalError(`invalid floating-point operation ${op}`);
  }
}

function floatOp(x: Float, op: BinaryOperator, y: Float): Value {
  switch (op) {
    case "+":
      return makeFloat(addFloat(x, y));
    case "-":
      return makeFloat(addFloat(x, negFloat(y)));
    case "*":
      return makeFloat(mulFloat(x, y));
    case "/":
      return makeFloat(quoFloat(x, y));
    default:
      throw new InternalError(`invalid floating-point operation ${op}`);
  }
}

function complexOp(x: Value, op: BinaryOperator, y: Value): Value {
  if (!(x instanceof Complex && y instanceof Complex)) throw new InternalError("constant is not a number");
  const { re: a, im: b } = x;
  const { re: c, im: d } = y;
  switch (op) {
    case "+":
      return makeComplex(binaryOp(a, "+", c), binaryOp(b, "+", d));
    case "-":
      return makeComplex(binaryOp(a, "-", c), binaryOp(b, "-", d));
    case "*":
      return makeComplex(sumOfProducts(a, c, "-", b, d), sumOfProducts(b, c, "+", a, d));
    case "/": {
      const norm = sumOfProducts(c, c, "+", d, d);
      const re = binaryOp(sumOfProducts(a, c, "+", b, d), "/", norm);
      return makeComplex(re, binaryOp(sumOfProducts(b, c, "-", a, d), "/", norm));
    }
    default:
      throw new InternalError(`invalid complex operation ${op}`);
  }
}

/** a*b op c*d */
function sumOfProducts(a: Value, b: Value, op: "+" | "-", c: Value, d: Value): Value {
  return binaryOp(binaryOp(a, "*", b), op, binaryOp(c, "*", d));
}

/** `x << s` or `x >> s` for an integer or unknown x. */
export function shift(x: Value, op: "<<" | ">>", s: number): Value {
  if (x instanceof Unknown) return x;
  if (typeof x !== "bigint") throw new InternalError("shift of a constant that is no integer");
  return op === "<<" ? x << BigInt(s) : x >> BigInt(s);
}

export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** `x op y`; false if an operand is unknown. */
export function compareConst(x: Value, op: ComparisonOperator, y: Value): boolean {
  if (x instanceof Unknown || y instanceof Unknown) return false;
  if (x instanceof Complex || y instanceof Complex) {
    const a = toComplex(x) as Complex;
    const b = toComplex(y) as Complex;
    const equal = compareConst(a.re, "==", b.re) && compareConst(a.im, "==", b.im);
    return op === "==" ? equal : !equal;
  }
  if (x instanceof Float || y instanceof Float) return holds(compareFloat(asFloat(x), asFloat(y)), op);
  if (x instanceof Rat || y instanceof Rat) {
    const a = asRat(x);
    const b = asRat(y);
    return holds(order(a.num * b.den, b.num * a.den), op);
  }
  return holds(order(x as bigint, y as bigint), op);
}

function order<T extends bigint | string | boolean>(x: T, y: T): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

function holds(order: number, op: ComparisonOperator): boolean {
  switch (op) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}
