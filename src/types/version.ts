/** Language versions, and what of the language they allow.
 *
 *  Mirrors cmd/compile/internal/types2/version.go, go/version and internal/gover. */
import type { Checker } from "./check.ts";
import { type Poser, versionErrorf } from "./errors.ts";

/** `go1.N` without release numbers, "" if unknown: then everything is allowed. */
export type GoVersion = string;

interface Version {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** "", "alpha", "beta" or "rc", and its number. */
  readonly kind: string;
  readonly pre: string;
}

const invalid: Version = { major: "", minor: "", patch: "", kind: "", pre: "" };

function stripGo(v: string): string {
  const dash = v.indexOf("-"); // go1.21-custom
  if (dash >= 0) v = v.slice(0, dash);
  return v.startsWith("go") ? v.slice(2) : "";
}

const num = "(0|[1-9][0-9]*)";
const versionPattern = new RegExp(`^${num}(?:\\.${num}(?:\\.${num}|([a-z]+)(?:${num})?)?)?$`);

function parse(x: string): Version {
  const m = versionPattern.exec(x);
  if (m === null) return invalid;
  const [, major, minor, patch, kind = "", pre = ""] = m;
  if (minor === undefined) return { major, minor: "0", patch: "0", kind, pre };
  // From Go 1.21 on, 1.N is the language and 1.N.0 its first release.
  const implied = kind === "" && compareInt(minor, "21") < 0 ? "0" : "";
  return { major, minor, patch: patch ?? implied, kind, pre };
}

/** Compares decimal numbers of any length. */
function compareInt(x: string, y: string): number {
  if (x.length !== y.length) return x.length < y.length ? -1 : 1;
  return x === y ? 0 : x < y ? -1 : 1;
}

/** The language version (`go1.20`) of a Go version (`go1.20.1`); "" if it is none. */
export function asGoVersion(v: string): GoVersion {
  const parsed = parse(stripGo(v));
  if (parsed === invalid) return "";
  const { major, minor } = parsed;
  const lang = minor === "" || (major === "1" && minor === "0") ? major : `${major}.${minor}`;
  return `go${lang}`;
}

export function isValid(v: GoVersion): boolean {
  return v !== "";
}

/** Negative, 0 or positive as x is before, the same as or after y. */
export function cmp(x: GoVersion, y: GoVersion): number {
  if (x === y) return 0;
  const a = minorOf(x);
  const b = minorOf(y);
  return a >= 0 && b >= 0 ? a - b : compareVersions(x, y);
}

/** N of `go1.N` (up to two digits), -1 for any other text: this is asked for nearly every literal. */
function minorOf(v: GoVersion): number {
  if (v.length < 5 || v.length > 6 || !v.startsWith("go1.")) return -1;
  let minor = 0;
  for (let i = 4; i < v.length; i++) {
    const digit = v.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    minor = minor * 10 + digit;
  }
  return minor;
}

/** Compares Go versions with all their parts (go/version Compare). */
export function compareVersions(x: string, y: string): number {
  const a = parse(stripGo(x));
  const b = parse(stripGo(y));
  return (
    compareInt(a.major, b.major) ||
    compareInt(a.minor, b.minor) ||
    compareInt(a.patch, b.patch) ||
    (a.kind === b.kind ? 0 : a.kind < b.kind ? -1 : 1) ||
    compareInt(a.pre, b.pre)
  );
}

export const go1_9: GoVersion = "go1.9";
export const go1_13: GoVersion = "go1.13";
export const go1_14: GoVersion = "go1.14";
export const go1_17: GoVersion = "go1.17";
export const go1_18: GoVersion = "go1.18";
export const go1_20: GoVersion = "go1.20";
export const go1_21: GoVersion = "go1.21";
export const go1_22: GoVersion = "go1.22";
export const go1_23: GoVersion = "go1.23";
export const go1_26: GoVersion = "go1.26";
export const go1_25: GoVersion = "go1.25";
export const go1_27: GoVersion = "go1.27";
/** The newest language version that is known in full. */
export const goCurrent: GoVersion = "go1.26";

/** The version in force here (it may vary from file to file) has the features of `want`. */
export function allowVersion(c: Checker, want: GoVersion): boolean {
  return c.version === "" || c.version === want || cmp(c.version, want) >= 0;
}

/** Like allowVersion, but reports if not. */
export function verifyVersionf(c: Checker, at: Poser, v: GoVersion, format: string, ...args: unknown[]): boolean {
  if (allowVersion(c, v)) return true;
  versionErrorf(c, at, v, format, ...args);
  return false;
}
