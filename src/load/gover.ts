/** Go versions: `1.21`, `1.26.8`, `1.22rc1`. Mirrors internal/gover and cmd/go/internal/gover. */

export const DefaultGoModVersion = "1.16";
export const DefaultGoWorkVersion = "1.18";
/** From here on a go line is a minimum that must be met. */
export const GoStrictVersion = "1.21";
/** From here on go.mod lists indirect requirements, so the module graph can be pruned. */
export const ExplicitIndirectVersion = "1.17";

interface GoVersion {
  readonly major: number;
  readonly minor: number;
  /** -1 for a bare language version such as `1.22`, which sorts before its release candidates. */
  readonly patch: number;
  readonly kind: string;
  readonly pre: number;
}

const versionPattern = /^(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*)|([a-z]+)(0|[1-9]\d*)?)?)?$/;

function parse(text: string): GoVersion | null {
  const match = versionPattern.exec(text);
  if (match === null) return null;
  const minor = match[2] === undefined ? 0 : Number(match[2]);
  let patch = match[3] === undefined ? -1 : Number(match[3]);
  // Before 1.21 the first release of a language version had no patch number: 1.20 is 1.20.0.
  if (match[2] === undefined || (patch < 0 && match[4] === undefined && minor < 21)) patch = 0;
  return {
    major: Number(match[1]),
    minor,
    patch,
    kind: match[4] ?? "",
    pre: match[5] === undefined ? -1 : Number(match[5]),
  };
}

export function isValidGoVersion(text: string): boolean {
  return parse(text) !== null;
}

/** -1, 0 or 1; invalid versions sort first. */
export function compareGoVersions(x: string, y: string): number {
  const vx = parse(x);
  const vy = parse(y);
  if (vx === null || vy === null) return vx === vy ? 0 : vx === null ? -1 : 1;
  const order =
    vx.major - vy.major ||
    vx.minor - vy.minor ||
    vx.patch - vy.patch ||
    (vx.kind < vy.kind ? -1 : vx.kind > vy.kind ? 1 : 0) ||
    vx.pre - vy.pre;
  return Math.sign(order);
}

/** The language version of a release: `1.26` of `1.26.8`; "" if it is none. */
export function langVersion(text: string): string {
  const version = parse(text);
  if (version === null) return "";
  return version.major === 1 && version.minor === 0 ? "1" : `${version.major}.${version.minor}`;
}

/** The version of a toolchain name: `1.24.1` of `go1.24.1-custom`; "" if it is none. */
export function fromToolchain(name: string): string {
  if (!name.startsWith("go") || /[\\/]/.test(name)) return "";
  const version = name.slice(2).replace(/[ \t-].*$/s, "");
  return parse(version) === null ? "" : version;
}
