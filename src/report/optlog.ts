/** The compiler's own log of optimisations that it made or missed, as its flag `-json=0,DIR` writes it for editors.
 *
 *  Mirrors  cmd/compile/internal/logopt/log_opts.go: one file for each source file that has records, one record a line.
 *           Records of the back end (nilcheck, isInBounds, isSliceInBounds, copy) are not among them. */
import type { FileSet, Pos } from "../base/pos.ts";
import type { Explanation } from "../escape/explain.ts";

export interface OptRecord {
  readonly pos: Pos;
  /** Where the range ends; `pos` but for loops. */
  readonly last: Pos;
  /** The kind: `escape`, `leak`, `canInlineFunction` … */
  readonly what: string;
  readonly message: string;
  readonly explanation: Explanation | null;
}

/** What the first line of each file says. */
export interface OptLogHeader {
  /** The compiler's -p. */
  readonly pkgPath: string;
  readonly goos: string;
  readonly goarch: string;
  /** `go1.26.8`. */
  readonly goVersion: string;
}

export interface OptLogFile {
  readonly name: string;
  readonly text: string;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** The files of the log, in the order of writing: a later one replaces an earlier one of the same name. */
export function optLogFiles(fset: FileSet, header: OptLogHeader, records: readonly OptRecord[]): OptLogFile[] {
  const places = records.map((record) => placesOf(fset, record.pos));
  const order = records.map((_, i) => i);
  order.sort((a, b) => comparePlaces(places[a][0], places[b][0]) || a - b);
  const files: OptLogFile[] = [];
  let current = "";
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) files.push({ name: fileName(current), text: `${lines.join("\n")}\n` });
  };
  for (const i of order) {
    const file = places[i][0].file || "__unnamed__";
    if (file !== current || lines.length === 0) {
      flush();
      current = file;
      lines = [headerLine(header, file)];
    }
    lines.push(recordLine(fset, records[i], places[i]));
  }
  flush();
  return files;
}

/** Name of the directory, in that of the log, of package `pkgPath`. */
export function optLogDir(pkgPath: string): string {
  return pathEscape(pkgPath);
}

function headerLine({ pkgPath, goos, goarch, goVersion }: OptLogHeader, file: string): string {
  return goJson({ version: 0, package: pkgPath, goos, goarch, gc_version: goVersion, file });
}

function recordLine(fset: FileSet, { last, what, message, explanation }: OptRecord, places: readonly Place[]): string {
  const ends = placesOf(fset, last);
  const related: unknown[] = [];
  const relate = (from: readonly Place[], to: readonly Place[], text: string): void => {
    related.push({ location: location(from[0], to[0]), message: text });
    relateInlined(from, to);
  };
  const relateInlined = (from: readonly Place[], to: readonly Place[]): void => {
    for (let i = 1; i < from.length; i++) {
      related.push({ location: location(from[i], to[i] ?? from[i]), message: "inlineLoc" });
    }
  };
  relateInlined(places, ends);
  for (const step of explanation?.steps ?? []) {
    const at = placesOf(fset, step.reasons.length > 0 ? step.reasons[0].pos : step.srcPos);
    relate(at, at, `escflow:    flow: ${step.dst} ${explanation!.arrow} ${step.ops}${step.src}:`);
    for (const reason of step.reasons) {
      const where = placesOf(fset, reason.pos);
      relate(where, where, `escflow:      from ${reason.node} (${reason.why})`);
    }
  }
  const record = { range: range(places[0], ends[0]), severity: 3, code: what, source: "go compiler", message };
  return goJson(related.length === 0 ? record : { ...record, relatedInformation: related });
}

function range(from: Place, to: Place): unknown {
  return { start: { line: from.line, character: from.col }, end: { line: to.line, character: to.col } };
}

function location(from: Place, to: Place): unknown {
  return { uri: uriOf(from.file || "__unnamed__"), range: range(from, to) };
}

/** The places of inlined code, outermost call first; one place for other code. */
function placesOf(fset: FileSet, pos: Pos): Place[] {
  const places: Place[] = [];
  for (let at = pos; ; ) {
    const { filename, line, col } = fset.absolute(fset.innermost(at));
    places.push({ file: filename, line, col: Math.min(col, maxCol) });
    const inlining = fset.inliningOf(at);
    if (inlining < 0) break;
    at = fset.inlinedCallPos(inlining);
  }
  return places.reverse();
}

/** Columns are kept in eight bits. */
const maxCol = 255;

function comparePlaces(a: Place, b: Place): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.col - b.col;
}

function fileName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  const dot = base.lastIndexOf(".go");
  return `${pathEscape(dot < 0 ? base : base.slice(0, dot))}.json`;
}

/** url.PathEscape. */
function pathEscape(text: string): string {
  return percentEncode(text, /[A-Za-z0-9\-_.~$&+=:@]/);
}

/** A `file:` URL as net/url prints it. */
function uriOf(file: string): string {
  return `file://${percentEncode(file.replaceAll("\\", "/"), /[A-Za-z0-9\-_.~$&+=:@/,;]/)}`;
}

function percentEncode(text: string, plain: RegExp): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    const ch = String.fromCharCode(byte);
    out += plain.test(ch) ? ch : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** JSON as encoding/json writes it: `<`, `>`, `&` and two line separators are escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (ch) => {
    return `\\u${ch.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
