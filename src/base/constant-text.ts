/** Constant values as error messages show them: String of go/constant. */
import { bitLenOf, exactInt, exponent, Float, float64, floatFromRat, toFloat64, toIEEE } from "./bigfloat.ts";
import { Complex, Rat, type Value } from "./constant.ts";
import { quoteBytes } from "./literal.ts";

/** Short and possibly approximate: floats with six digits, strings quoted and cut at 72 characters. */
export function valueString(x: Value): string {
  switch (typeof x) {
    case "bigint":
      return x.toString();
    case "boolean":
      return x ? "true" : "false";
    case "string":
      return shortQuoted(x);
  }
  if (x instanceof Rat) return floatString(floatFromRat(x.num, x.den));
  if (x instanceof Float) return floatString(x);
  if (x instanceof Complex) return `(${valueString(x.re)} + ${valueString(x.im)}i)`;
  return "unknown";
}

const maxQuoted = 72;

function shortQuoted(bytes: string): string {
  const quoted = quoteBytes(bytes);
  if (quoted.length <= maxQuoted) return quoted;
  const chars = Array.from(quoted);
  return chars.length <= maxQuoted ? quoted : `${chars.slice(0, maxQuoted - 3).join("")}...`;
}

function floatString(f: Float): string {
  const x = toFloat64(f);
  if ((f.mant === 0n) === (x === 0) && Number.isFinite(x)) {
    const text = formatG(x, 6);
    return text.includes(".") || isInteger(f) ? text : formatG(x, 0);
  }
  // Out of float64's range: the mantissa as a float64, the exponent by logarithm.
  const exp = exponent(f);
  let m = toIEEE(f.mant, 1n, -bitLenOf(f.mant), float64);
  const d = exp * 0.3010299956639812; // ln 2 / ln 10, rounded once
  let e = Math.trunc(d);
  m *= pow10(d - e);
  const abs = Math.abs(m);
  if (abs < 1 - 0.5e-6) {
    m *= 10;
    e--;
  } else if (abs >= 10) {
    m /= 10;
    e++;
  }
  return `${formatG(m, 6)}e${e < 0 ? "-" : "+"}${Math.abs(e)}`;
}

/** 10**y for -1 < y < 1, computed in the steps of Go's math.Pow: the last bit decides ties of the sixth digit. */
function pow10(y: number): number {
  const abs = Math.abs(y);
  const power = abs > 0.5 ? Math.exp((abs - 1) * Math.LN10) * 10 : Math.exp(abs * Math.LN10);
  return y < 0 ? 1 / power : power;
}

function isInteger(f: Float): boolean {
  return f.exp >= 0 || (-f.exp < bitLenOf(f.mant) && exactInt(f) !== null);
}

/** Go's `%.Ng`, or `%g` (as many digits as identify x) for 0 digits. */
export function formatG(x: number, digits: number): string {
  if (x === 0) return "0";
  const [mantissa, exponentText] = (digits > 0 ? toExponential(x, digits) : x.toExponential()).split("e");
  const exp = Number(exponentText);
  const negative = mantissa.startsWith("-");
  const all = mantissa.replace("-", "").replace(".", "").replace(/0+$/, "");
  let text: string;
  if (exp < -4 || exp >= (digits > 0 ? digits : 6)) {
    const fraction = all.length > 1 ? `.${all.slice(1)}` : "";
    text = `${all[0]}${fraction}e${exp < 0 ? "-" : "+"}${String(Math.abs(exp)).padStart(2, "0")}`;
  } else if (exp < 0) text = `0.${"0".repeat(-exp - 1)}${all}`;
  else if (all.length <= exp + 1) text = all.padEnd(exp + 1, "0");
  else text = `${all.slice(0, exp + 1)}.${all.slice(exp + 1)}`;
  return negative ? `-${text}` : text;
}

/** Like Number's toExponential for a number of digits, but a tie goes to the even digit, as in Go. */
function toExponential(x: number, digits: number): string {
  const exact = x.toExponential(60); // more digits than a tie can have
  const start = x < 0 ? 1 : 0;
  const cut = start + digits + 1; // behind the point
  const tie = /^50*e/.test(exact.slice(cut));
  if (!tie || Number(exact[cut - 1]) % 2 === 1) return x.toExponential(digits - 1);
  return exact.slice(0, cut) + exact.slice(exact.indexOf("e"));
}
