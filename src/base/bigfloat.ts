/** Binary floating-point numbers of a chosen precision, as far as constants need them (math/big.Float).
 *
 *  Every operation computes exactly and then rounds to nearest even, so results agree with the compiler's bit for
 *  bit. Exponents have math/big's 32-bit range: beyond it a number becomes infinite or zero. */
export class Float {
  /** The value is `mant * 2**exp`; infinite if `exp` is Infinity. */
  constructor(
    readonly mant: bigint,
    readonly exp: number,
  ) {}
}

/** Mantissa bits of untyped floating-point constants. */
export const Precision = 512;

const MaxExp = 2 ** 31 - 1;
const MinExp = -(2 ** 31);

export const floatZero: Float = new Float(0n, 0);

/** Bits of |x|. */
export function bitLenOf(x: bigint): number {
  if (x < 0n) x = -x;
  if (x <= 0xffffffffn) return 32 - Math.clz32(Number(x));
  const hex = x.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0], 16)) + 28;
}

const enum Rounding {
  NearestEven,
  ToZero,
  AwayFromZero,
}

/** Rounds to `prec` bits. `sticky` tells that the exact value is a little larger in magnitude than `mant * 2**exp`;
 *  the mantissa must then have at least two bits more than `prec`. */
function round(mant: bigint, exp: number, prec: number, sticky = false, mode = Rounding.NearestEven): Float {
  if (mant === 0n) return floatZero;
  const bits = bitLenOf(mant);
  if (bits > prec) {
    const drop = BigInt(bits - prec);
    const negative = mant < 0n;
    const abs = negative ? -mant : mant;
    let kept = abs >> drop;
    const rest = abs - (kept << drop);
    const half = 1n << (drop - 1n);
    let up = false;
    if (mode === Rounding.NearestEven) up = rest > half || (rest === half && (sticky || (kept & 1n) === 1n));
    else if (mode === Rounding.AwayFromZero) up = rest > 0n || sticky;
    if (up) kept++;
    mant = negative ? -kept : kept;
    exp += bits - prec;
  }
  const e = bitLenOf(mant) + exp;
  if (e > MaxExp) return new Float(mant < 0n ? -1n : 1n, Number.POSITIVE_INFINITY);
  if (e < MinExp) return floatZero;
  return new Float(mant, exp);
}

export function isInf(x: Float): boolean {
  return x.exp === Number.POSITIVE_INFINITY;
}

export function floatFromInt(x: bigint, prec = Precision): Float {
  return round(x, 0, prec);
}

export function floatFromRat(num: bigint, den: bigint, prec = Precision): Float {
  return quo(new Float(num, 0), new Float(den, 0), prec);
}

/** The exponent e of x = m * 2**e with 0.5 <= |m| < 1; 0 for zero. */
export function exponent(x: Float): number {
  return x.mant === 0n ? 0 : bitLenOf(x.mant) + x.exp;
}

export function add(x: Float, y: Float, prec = Precision): Float {
  if (x.mant === 0n) return round(y.mant, y.exp, prec);
  if (y.mant === 0n) return round(x.mant, x.exp, prec);
  // Far apart, the smaller one only decides how a tie is broken: one sticky bit stands for it.
  const [big, small] = exponent(x) >= exponent(y) ? [x, y] : [y, x];
  const gap = exponent(big) - exponent(small);
  if (gap > prec + bitLenOf(big.mant) + 4) {
    const shift = Math.max(prec + 3 - bitLenOf(big.mant), 3);
    const nudge = small.mant < 0n ? -1n : 1n;
    return round((big.mant << BigInt(shift)) + nudge, big.exp - shift, prec);
  }
  const exp = Math.min(x.exp, y.exp);
  return round((x.mant << BigInt(x.exp - exp)) + (y.mant << BigInt(y.exp - exp)), exp, prec);
}

export function neg(x: Float): Float {
  return new Float(-x.mant, x.exp);
}

export function mul(x: Float, y: Float, prec = Precision): Float {
  if (x.mant === 0n || y.mant === 0n) return floatZero;
  if (isInf(x) || isInf(y)) return new Float(x.mant * y.mant < 0n ? -1n : 1n, Number.POSITIVE_INFINITY);
  return round(x.mant * y.mant, x.exp + y.exp, prec);
}

/** y must not be zero. */
export function quo(x: Float, y: Float, prec = Precision): Float {
  if (x.mant === 0n || isInf(y)) return floatZero;
  if (isInf(x)) return new Float(x.mant * y.mant < 0n ? -1n : 1n, Number.POSITIVE_INFINITY);
  const shift = Math.max(0, prec + 3 - bitLenOf(x.mant) + bitLenOf(y.mant));
  const num = x.mant << BigInt(shift);
  const q = num / y.mant;
  return round(q, x.exp - shift - y.exp, prec, q * y.mant !== num);
}

export function compare(x: Float, y: Float): number {
  const sx = sign(x);
  const sy = sign(y);
  if (sx !== sy) return sx < sy ? -1 : 1;
  if (sx === 0) return 0;
  const ex = exponent(x);
  const ey = exponent(y);
  if (ex !== ey) return ex < ey === sx > 0 ? -1 : 1;
  if (isInf(x)) return 0;
  const exp = Math.min(x.exp, y.exp);
  const a = x.mant << BigInt(x.exp - exp);
  const b = y.mant << BigInt(y.exp - exp);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sign(x: Float): number {
  return x.mant < 0n ? -1 : x.mant > 0n ? 1 : 0;
}

/** The integer that x is; null if it is none. The caller sees to it that the exponent is small. */
export function exactInt(x: Float): bigint | null {
  if (x.exp >= 0) return x.mant << BigInt(x.exp);
  const shift = BigInt(-x.exp);
  const int = x.mant >> shift;
  return int << shift === x.mant ? int : null;
}

/** Like {@link exactInt}, but forgives rounding errors in the last bits of earlier computations. */
export function nearInt(x: Float): bigint | null {
  const delta = 4;
  return (
    exactInt(x) ??
    exactInt(round(x.mant, x.exp, Precision - delta, false, Rounding.ToZero)) ??
    exactInt(round(x.mant, x.exp, Precision - delta, false, Rounding.AwayFromZero))
  );
}

/** 5**n rounded the way math/big rounds it while it parses decimal numbers. */
function pow5(n: number, prec: number): Float {
  const direct = 27; // the largest power of 5 in 64 bits
  if (n <= direct) return new Float(5n ** BigInt(n), 0);
  let z = new Float(5n ** BigInt(direct), 0);
  let f = new Float(5n, 0);
  for (n -= direct; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) z = mul(z, f, prec);
    f = mul(f, f, prec + 64);
  }
  return z;
}

/** `mant * 2**exp2 * 5**exp5`, rounded as math/big's parser does; null on exponent overflow. */
export function floatFromParts(mant: bigint, exp2: number, exp5: number): Float | null {
  if (mant === 0n) return floatZero;
  const e = bitLenOf(mant) + exp2;
  if (e < MinExp || e > MaxExp) return null;
  const z = new Float(mant, exp2);
  if (exp5 === 0) return round(mant, exp2, Precision);
  const p = pow5(Math.abs(exp5), Precision + 64);
  return exp5 < 0 ? quo(z, p) : mul(z, p);
}

/** How IEEE 754 numbers of a width are laid out. */
interface Format {
  readonly prec: number;
  /** Exponent of the last bit of the smallest denormal. */
  readonly minExp: number;
  readonly maxExp: number;
}

export const float32: Format = { prec: 24, minExp: -149, maxExp: 128 };
export const float64: Format = { prec: 53, minExp: -1074, maxExp: 1024 };

/** `num/den * 2**exp`, rounded once to the nearest number of the format (possibly infinite); den > 0. */
export function toIEEE(num: bigint, den: bigint, exp: number, format: Format): number {
  if (num === 0n) return 0;
  const negative = num < 0n;
  const n = negative ? -num : num;
  const estimate = bitLenOf(n) - bitLenOf(den) + exp; // 2**(estimate-1) < value < 2**(estimate+1)
  if (estimate - 1 > format.maxExp) return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (estimate + 1 < format.minExp) return negative ? -0 : 0;
  let unit = Math.max(estimate - format.prec, format.minExp);
  let q = 0n;
  let twiceRest = 0n;
  let divisor = den;
  for (;;) {
    const shift = exp - unit;
    const scaled = shift >= 0 ? n << BigInt(shift) : n;
    divisor = shift >= 0 ? den : den << BigInt(-shift);
    q = scaled / divisor;
    twiceRest = (scaled - q * divisor) * 2n;
    if (bitLenOf(q) <= format.prec) break;
    unit++;
  }
  if (twiceRest > divisor || (twiceRest === divisor && (q & 1n) === 1n)) q++;
  if (bitLenOf(q) + unit > format.maxExp) return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const abs = scale(Number(q), unit);
  return negative ? -abs : abs;
}

/** m * 2**e for an m that has room for it, in steps that stay within the range of numbers. */
function scale(m: number, e: number): number {
  while (e > 1000) {
    m *= 2 ** 1000;
    e -= 1000;
  }
  // Denormals: the product is exact, because the caller rounded to a unit of at least 2**-1074.
  return e < -1022 ? m * 2 ** -1022 * 2 ** (e + 1022) : m * 2 ** e;
}

export function toFloat64(x: Float): number {
  return isInf(x)
    ? x.mant < 0n
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY
    : toIEEE(x.mant, 1n, x.exp, float64);
}

export function toFloat32(x: Float): number {
  return isInf(x)
    ? x.mant < 0n
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY
    : toIEEE(x.mant, 1n, x.exp, float32);
}

/** The exact fraction that a finite number is. */
export function numberToRat(x: number): { num: bigint; den: bigint } {
  let shift = 0;
  while (!Number.isInteger(x)) {
    x *= 2 ** 32; // exact: a fraction has spare exponent range above it
    shift += 32;
  }
  let num = BigInt(x);
  while (shift > 0 && (num & 1n) === 0n) {
    num >>= 1n;
    shift--;
  }
  return { num, den: 1n << BigInt(shift) };
}
