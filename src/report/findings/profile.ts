/** A heap profile over findings: how many bytes production has allocated at the line of each. */
import { Profile } from "pprof-format";
import type { Finding } from "./model.ts";

/** Bytes by place: package, file without its directories, line; of code that was inlined also where it was written. */
export interface HeapProfile {
  readonly bytes: ReadonlyMap<string, number>;
  readonly total: number;
}

/** Reads an uncompressed profile as runtime/pprof writes it; null if it is no heap profile. */
export function readHeapProfile(content: Uint8Array): HeapProfile | null {
  let profile: Profile;
  try {
    profile = Profile.decode(content);
  } catch {
    return null;
  }
  const { strings } = profile.stringTable;
  const names = profile.sampleType.map(({ type }) => strings[Number(type)]);
  const index = names.includes("alloc_space") ? names.indexOf("alloc_space") : names.indexOf("inuse_space");
  if (index < 0) return null;
  const functions = new Map(profile.function.map((fn) => [Number(fn.id), fn]));
  /** Lines of each location, innermost first, the runtime's own left out. */
  const locations = new Map<number, string[]>();
  for (const location of profile.location) {
    const lines: string[] = [];
    for (const { functionId, line } of location.line) {
      const fn = functions.get(Number(functionId));
      const name = fn === undefined ? "" : strings[Number(fn.name)];
      if (fn === undefined || name.startsWith("runtime.")) continue;
      lines.push(placeKey(packageOf(name), strings[Number(fn.filename)], Number(line)));
    }
    locations.set(Number(location.id), lines);
  }
  const bytes = new Map<string, number>();
  let total = 0;
  for (const sample of profile.sample) {
    const value = Number(sample.value[index] ?? 0);
    total += value;
    const lines = sample.locationId.map((id) => locations.get(Number(id)) ?? []).find((list) => list.length > 0);
    if (lines === undefined || value === 0) continue;
    const key = allocationKey(lines[lines.length - 1], lines[0]);
    bytes.set(key, (bytes.get(key) ?? 0) + value);
  }
  return { bytes, total };
}

/** What the profile says of a value on a line of a package; `inner` is where it is written if it was inlined there, null
 *  for the line's own. Main packages are known by another name there. */
export function profiledValue(
  { bytes }: HeapProfile,
  importPath: string,
  file: string,
  line: number,
  inner: { readonly file: string; readonly line: number } | null,
): number {
  for (const name of [importPath, "main"]) {
    const outer = placeKey(name, file, line);
    // Code of another package keeps its package when it is inlined: its file and line have to do.
    const written = inner === null ? outer : placeKey("", inner.file, inner.line);
    const found = bytes.get(allocationKey(outer, written));
    if (found !== undefined) return found;
  }
  return 0;
}

/** The findings with what the profile says of their lines. */
export function overlayProfile(findings: readonly Finding[], profile: HeapProfile): Finding[] {
  return findings.map((finding) => {
    const { range, inlinedFrom, package: pkg } = finding;
    const profiled = profiledValue(profile, pkg, range.file, range.line, inlinedFrom);
    return profiled === 0 ? finding : { ...finding, profiled };
  });
}

function allocationKey(outer: string, inner: string): string {
  return `${outer} < ${inner.slice(inner.indexOf("\0"))}`;
}

function placeKey(pkg: string, file: string, line: number): string {
  return `${pkg}\0${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}:${line}`;
}

/** The import path in a symbol's name. */
function packageOf(symbol: string): string {
  const bracket = symbol.search(/[[(]/);
  const head = bracket < 0 ? symbol : symbol.slice(0, bracket);
  const dot = head.indexOf(".", head.lastIndexOf("/") + 1);
  const path = dot < 0 ? head : head.slice(0, dot);
  return path.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
