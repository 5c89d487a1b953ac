/** What a program allocated, by stack: the account that package runtime hands over when it has ended. */

export interface ProfileFrame {
  readonly pc: number;
  /** Link name. */
  readonly func: string;
  readonly file: string;
  readonly line: number;
}

export interface ProfileSite {
  /** Innermost first. */
  readonly stack: readonly ProfileFrame[];
  /** Bytes of an object as allocated (its size class). */
  readonly size: number;
  readonly objects: number;
  readonly freed: number;
}

/** Allocations of one place in the source, all stacks and sizes together. */
export interface SiteTotal {
  readonly func: string;
  readonly file: string;
  readonly line: number;
  objects: number;
  bytes: number;
  liveObjects: number;
  liveBytes: number;
  /** Sizes of the objects, in bytes, ascending. */
  sizes: number[];
}

/** Functions of the runtime that allocate on behalf of their caller. */
function isRuntime(func: string): boolean {
  return /^(?:runtime|internal\/runtime\/[\w/]+)\./.test(func);
}

/** The frame that an allocation is charged to: the innermost one outside of the runtime. */
export function siteFrame(stack: readonly ProfileFrame[]): ProfileFrame | null {
  return stack.find((frame) => !isRuntime(frame.func)) ?? stack[0] ?? null;
}

/** Totals by place, the most bytes first. */
export function siteTotals(sites: readonly ProfileSite[]): SiteTotal[] {
  const totals = new Map<string, SiteTotal>();
  for (const { stack, size, objects, freed } of sites) {
    const frame = siteFrame(stack);
    const { func = "(unknown)", file = "", line = 0 } = frame ?? {};
    const key = `${file}:${line}:${func}`;
    let total = totals.get(key);
    if (total === undefined) {
      total = { func, file, line, objects: 0, bytes: 0, liveObjects: 0, liveBytes: 0, sizes: [] };
      totals.set(key, total);
    }
    total.objects += objects;
    total.bytes += objects * size;
    total.liveObjects += objects - freed;
    total.liveBytes += (objects - freed) * size;
    if (!total.sizes.includes(size)) total.sizes.push(size);
  }
  for (const total of totals.values()) total.sizes.sort((a, b) => a - b);
  return [...totals.values()].sort(
    (a, b) =>
      b.bytes - a.bytes || b.objects - a.objects || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
  );
}

/** Why there is an allocation at a line: what the escape analysis says of it; "" if nothing. */
export type Reasons = (file: string, line: number) => string;

/** A site takes so many characters of a table; what is longer loses its middle. */
const siteWidth = 76;

/** The table of `-allocs`: the program's own packages, then the standard library. `shorten` makes file names readable;
 *  those of the standard library begin with `$GOROOT`. */
export function allocTable(
  totals: readonly SiteTotal[],
  reasons: Reasons,
  shorten: (file: string) => string,
  stackSites: number,
): string {
  const rows = [["objects", "bytes", "live", "live bytes", "size", "site", "reason"]];
  let objects = 0;
  let bytes = 0;
  const isStd = (t: SiteTotal): boolean => shorten(t.file).startsWith("$GOROOT");
  for (const t of [...totals.filter((x) => !isStd(x)), ...totals.filter(isStd)]) {
    objects += t.objects;
    bytes += t.bytes;
    const sizes = t.sizes.length > 3 ? `${t.sizes[0]}-${t.sizes[t.sizes.length - 1]}` : t.sizes.join(",");
    const site = clip(`${shorten(t.file)}:${t.line} ${t.func}`);
    const reason = reasons(t.file, t.line);
    rows.push([String(t.objects), String(t.bytes), String(t.liveObjects), String(t.liveBytes), sizes, site, reason]);
  }
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i < 5 ? cell.padStart(widths[i]) : i === 5 ? cell.padEnd(widths[i]) : cell))
      .join("  ")
      .trimEnd(),
  );
  const saved = stackSites === 1 ? "1 site" : `${stackSites} sites`;
  lines.push(
    "",
    `${objects} objects, ${bytes} bytes on the heap; ${saved} of the program's own packages stay on the stack`,
  );
  return `${lines.join("\n")}\n`;
}

function clip(text: string): string {
  if (text.length <= siteWidth) return text;
  const half = (siteWidth - 1) >> 1;
  return `${text.slice(0, half)}…${text.slice(text.length - (siteWidth - 1 - half))}`;
}

export function allocJson(totals: readonly SiteTotal[], reasons: Reasons, stackSites: number): string {
  const sites = totals.map((t) => ({ ...t, reason: reasons(t.file, t.line) }));
  return `${JSON.stringify({ sites, stackSites }, null, 2)}\n`;
}
