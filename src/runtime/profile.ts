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
  /** What the functions of the runtime that were called there do; {@link purposeOf}. */
  purposes: string[];
}

/** Functions of the runtime that allocate on behalf of their caller. */
function isRuntime(func: string): boolean {
  return /^(?:runtime|internal\/runtime\/[\w/]+)\./.test(func);
}

/** The frame that an allocation is charged to: the innermost one outside of the runtime; of what the runtime does by itself,
 *  where that began. */
export function siteFrame(stack: readonly ProfileFrame[]): ProfileFrame | null {
  return (
    stack.find((frame) => !isRuntime(frame.func)) ?? stack.findLast((frame) => frame.func !== "runtime.goexit") ?? null
  );
}

/** What functions of the runtime allocate for, by the beginning of their names. */
const purposes: readonly (readonly [string, string])[] = [
  ["runtime.growslice", "the slice grows"],
  ["runtime.moveSlice", "the slice leaves the frame"],
  ["runtime.makeslice", "make of a size that the frame has no room for"],
  ["runtime.mapassign", "the map grows"],
  ["runtime.makemap", "a map is made"],
  ["runtime.mapclone", "a map is copied"],
  ["runtime.makechan", "a channel is made"],
  ["runtime.concat", "strings are joined"],
  ["runtime.slicebytetostring", "bytes become a string"],
  ["runtime.slicerunetostring", "runes become a string"],
  ["runtime.intstring", "a rune becomes a string"],
  ["runtime.stringtoslice", "a string becomes a slice"],
  ["runtime.convT", "a value is boxed in an interface"],
  ["runtime.newproc", "a goroutine starts"],
  ["runtime.deferproc", "a call is deferred in a loop"],
  ["runtime.SetFinalizer", "a finalizer is set"],
];

/** Why the runtime allocated, as far as the function of it that the program called tells; "" if not. */
function purposeOf(stack: readonly ProfileFrame[]): string {
  const end = stack.findIndex((frame) => !isRuntime(frame.func));
  if (end <= 0) return "";
  const { func } = stack[end - 1];
  return purposes.find(([start]) => func.startsWith(start))?.[1] ?? "";
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
      total = { func, file, line, objects: 0, bytes: 0, liveObjects: 0, liveBytes: 0, sizes: [], purposes: [] };
      totals.set(key, total);
    }
    total.objects += objects;
    total.bytes += objects * size;
    total.liveObjects += objects - freed;
    total.liveBytes += (objects - freed) * size;
    if (!total.sizes.includes(size)) total.sizes.push(size);
    const purpose = purposeOf(stack);
    if (purpose !== "" && !total.purposes.includes(purpose)) total.purposes.push(purpose);
  }
  for (const total of totals.values()) total.sizes.sort((a, b) => a - b);
  return [...totals.values()].sort(
    (a, b) =>
      b.bytes - a.bytes || b.objects - a.objects || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
  );
}

/** Why there is an allocation at a line: what the escape analysis says of it; "" if nothing. */
export type Reasons = (file: string, line: number) => string;

/** What one place in the source kept off the heap. */
export interface StackSite {
  readonly func: string;
  readonly file: string;
  readonly line: number;
  /** The value, as the compiler prints it, and that it does not escape; or the variable. */
  readonly what: string;
  readonly times: number;
  readonly bytes: number;
}

/** Those that came to run, the most bytes first. */
export function stackTotals(sites: readonly StackSite[]): StackSite[] {
  return sites
    .filter(({ times, bytes }) => times > 0 || bytes > 0)
    .map(({ func, file, line, what, times, bytes }) => ({ func, file, line, what, times, bytes }))
    .sort(
      (a, b) =>
        b.bytes - a.bytes || b.times - a.times || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
    );
}

/** What the escape analysis says of the line; of a line where nothing escapes, what the runtime did there. */
function reasonOf(t: SiteTotal, reasons: Reasons): string {
  return reasons(t.file, t.line) || t.purposes.join("; ");
}

/** A site takes so many characters of a table; what is longer loses its middle. */
const siteWidth = 76;

/** The tables of `-allocs`: what is on the heap, the program's own packages, then the standard library; then what the
 *  program's own packages kept on the stack. `shorten` makes file names readable; those of the standard library begin with
 *  `$GOROOT`. */
export function allocTable(
  totals: readonly SiteTotal[],
  reasons: Reasons,
  shorten: (file: string) => string,
  stack: readonly StackSite[],
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
    const reason = reasonOf(t, reasons);
    rows.push([String(t.objects), String(t.bytes), String(t.liveObjects), String(t.liveBytes), sizes, site, reason]);
  }
  const lines = alignRows(rows, 5);
  let times = 0;
  let saved = 0;
  if (stack.length > 0) {
    const kept = [["times", "bytes", "kept on the stack at", "what"]];
    for (const t of stack) {
      times += t.times;
      saved += t.bytes;
      kept.push([String(t.times), String(t.bytes), clip(`${shorten(t.file)}:${t.line} ${t.func}`), t.what]);
    }
    lines.push("", ...alignRows(kept, 2));
  }
  lines.push(
    "",
    `${objects} objects, ${bytes} bytes on the heap; ${times} values, ${saved} bytes of the program's own packages kept on the stack`,
  );
  return `${lines.join("\n")}\n`;
}

/** Lines of a table: `right` columns of numbers, then text. */
function alignRows(rows: readonly (readonly string[])[], right: number): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < right ? cell.padStart(widths[i]) : i === right ? cell.padEnd(widths[i]) : cell))
      .join("  ")
      .trimEnd(),
  );
}

function clip(text: string): string {
  if (text.length <= siteWidth) return text;
  const half = (siteWidth - 1) >> 1;
  return `${text.slice(0, half)}…${text.slice(text.length - (siteWidth - 1 - half))}`;
}

export function allocJson(totals: readonly SiteTotal[], reasons: Reasons, stack: readonly StackSite[]): string {
  const sites = totals.map((t) => {
    const { purposes: _, ...rest } = t;
    return { ...rest, reason: reasonOf(t, reasons) };
  });
  return `${JSON.stringify({ sites, stack }, null, 2)}\n`;
}
