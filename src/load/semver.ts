/** Module versions (`v1.2.3-pre+meta`) and module paths. Mirrors golang.org/x/mod/semver and x/mod/module. */
import { compareGoVersions, fromToolchain, isValidGoVersion } from "./gover.ts";

export interface ModuleVersion {
  readonly path: string;
  /** "" for main modules and for directories. */
  readonly version: string;
}

/** `path@version`, or the path alone: a key for maps and the form of messages. */
export function moduleKey(mod: ModuleVersion): string {
  return mod.version === "" ? mod.path : `${mod.path}@${mod.version}`;
}

const number = "(?:0|[1-9]\\d*)";
const identifiers = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const semverPattern = new RegExp(
  `^v(${number})(?:\\.(${number})(?:\\.(${number})(?:-(${identifiers}))?(?:\\+(${identifiers}))?)?)?$`,
);

export function isValidSemver(version: string): boolean {
  const match = semverPattern.exec(version);
  if (match === null) return false;
  return match[4] === undefined || !match[4].split(".").some((part) => /^0\d+$/.test(part));
}

export function semverMajor(version: string): string {
  return isValidSemver(version) ? version.slice(0, version.search(/\.|$/)) : "";
}

/** The full form of `version` (`v1` → `v1.0.0`), `+incompatible` kept; "" if it is invalid. */
export function canonicalVersion(version: string): string {
  const match = semverPattern.exec(version);
  if (match === null || !isValidSemver(version)) return "";
  const pre = match[4] === undefined ? "" : `-${match[4]}`;
  const build = match[5] === "incompatible" ? "+incompatible" : "";
  return `v${match[1]}.${match[2] ?? "0"}.${match[3] ?? "0"}${pre}${build}`;
}

function compareNumbers(x: string, y: string): number {
  if (x.length !== y.length) return x.length < y.length ? -1 : 1;
  return x < y ? -1 : x > y ? 1 : 0;
}

function comparePrerelease(x: string, y: string): number {
  if (x === y) return 0;
  if (x === "") return 1; // a release sorts after its pre-releases
  if (y === "") return -1;
  const xs = x.split(".");
  const ys = y.split(".");
  for (let i = 0; i < xs.length && i < ys.length; i++) {
    if (xs[i] === ys[i]) continue;
    const xNumeric = /^\d+$/.test(xs[i]);
    const yNumeric = /^\d+$/.test(ys[i]);
    if (xNumeric !== yNumeric) return xNumeric ? -1 : 1;
    if (xNumeric) return compareNumbers(xs[i], ys[i]);
    return xs[i] < ys[i] ? -1 : 1;
  }
  return Math.sign(xs.length - ys.length);
}

export function compareSemver(x: string, y: string): number {
  const xm = isValidSemver(x) ? semverPattern.exec(x) : null;
  const ym = isValidSemver(y) ? semverPattern.exec(y) : null;
  if (xm === null || ym === null) return xm === ym ? 0 : xm === null ? -1 : 1;
  return (
    compareNumbers(xm[1], ym[1]) ||
    compareNumbers(xm[2] ?? "0", ym[2] ?? "0") ||
    compareNumbers(xm[3] ?? "0", ym[3] ?? "0") ||
    comparePrerelease(xm[4] ?? "", ym[4] ?? "")
  );
}

/** Orders versions of one module path; `go` and `toolchain` are modules with Go versions. "" is the highest: a main
 *  module beats every requirement on it; "none" the lowest. */
export function compareModuleVersions(path: string, x: string, y: string): number {
  if (x === y) return 0;
  if (x === "" || y === "none") return 1;
  if (y === "" || x === "none") return -1;
  if (path === "go") return compareGoVersions(x, y);
  if (path === "toolchain") return compareGoVersions(toolchainVersion(x), toolchainVersion(y));
  return compareSemver(x, y);
}

function toolchainVersion(name: string): string {
  return isValidGoVersion(name) ? name : fromToolchain(name);
}

export function isToolchainPath(path: string): boolean {
  return path === "go" || path === "toolchain";
}

/** Splits the major version off a module path: `x/v2` → `/v2`, `gopkg.in/x.v3` → `.v3`; null if it is malformed. */
export function pathMajor(path: string): string | null {
  if (path.startsWith("gopkg.in/")) {
    const match = /\.v(0|[1-9]\d*)(-unstable)?$/.exec(path);
    return match === null ? null : match[0];
  }
  const match = /\/v([\d.]+)$/.exec(path);
  if (match === null) return "";
  return /^(?:[2-9]|[1-9]\d+)$/.test(match[1]) ? match[0] : null;
}

/** What is wrong with `version` for a module path with major `major`; null if nothing. */
export function checkPathMajor(version: string, major: string): string | null {
  let want = major.startsWith(".v") ? major.replace(/-unstable$/, "") : major;
  if (version.startsWith("v0.0.0-") && want === ".v1") return null;
  const have = semverMajor(version);
  if (want === "") {
    if (have === "v0" || have === "v1" || version.endsWith("+incompatible")) return null;
    want = "v0 or v1";
  } else {
    want = want.slice(1);
    if (have === want) return null;
  }
  return `version ${JSON.stringify(version)} invalid: should be ${want}, not ${have}`;
}

/** The module cache's spelling of a path or version on case-insensitive disks: `Azure` → `!azure`. */
export function escapeModulePath(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** What is wrong with an import path (x/mod/module.CheckImportPath); null if nothing. */
export function checkImportPath(path: string): string | null {
  const bad = importPathProblem(path);
  return bad === null ? null : `malformed import path ${JSON.stringify(path)}: ${bad}`;
}

const badWindowsNames = /^(?:CON|PRN|AUX|NUL|COM[1-9]|LPT[1-9])$/i;

function importPathProblem(path: string): string | null {
  if (path === "") return "empty string";
  if (path[0] === "-") return "leading dash";
  if (path.includes("//")) return "double slash";
  if (path[path.length - 1] === "/") return "trailing slash";
  for (const elem of path.split("/")) {
    if (elem === "") return "empty path element";
    if (/^\.+$/.test(elem)) return `invalid path element ${JSON.stringify(elem)}`;
    if (elem[elem.length - 1] === ".") return "trailing dot in path element";
    const bad = /[^-._~+0-9A-Za-z]/u.exec(elem);
    if (bad !== null) return `invalid char ${quoteChar(bad[0])}`;
    const short = elem.replace(/\..*$/s, "");
    if (badWindowsNames.test(short)) return `${JSON.stringify(short)} disallowed as path element component on Windows`;
    if (/~\d+$/.test(short)) return "trailing tilde and digits in path element";
  }
  return null;
}

function quoteChar(char: string): string {
  return char === "'" || char === "\\" ? `'\\${char}'` : `'${char}'`;
}
