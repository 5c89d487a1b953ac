/** Diagnostics: what is on the heap, at the whole expression, with the way there. Errors of the program are gopls's.
 *
 *  They are wanted after each edit, and few of them are new then: their JSON is kept function by function, cut at the line
 *  numbers, so that those of a function that has only moved need no more than other numbers. */
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import { type Document, placed } from "../documents.ts";
import type { Finding, FunctionView } from "../engine/model.ts";
import type { ServerSettings } from "../settings.ts";
import { type ByteRange, type Difference, difference, type Encoding, shifted, type Text } from "../text.ts";
import { type Placed, placedIn, profiledBytes, sizeText } from "./findings.ts";
import type { ProfileOverlay } from "./profile.ts";

export interface DiagnosticContext {
  readonly encoding: Encoding;
  readonly settings: ServerSettings;
  readonly profile: ProfileOverlay | null;
  /** Where the help pages are: `BASE#rule`; "" for nowhere. */
  readonly help: string;
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** The diagnostics of one function. */
interface Part extends ByteRange {
  readonly findings: readonly Finding[] | null;
  readonly isFresh: boolean;
  /** The first line, and where it starts: what stands before the function counts for columns. */
  readonly line: number;
  readonly lineStart: number;
  readonly json: string;
  readonly cut: CutText;
}

/** JSON between its line numbers; these count from the function's first line. */
interface CutText {
  readonly pieces: readonly string[];
  readonly lines: Int32Array;
}

export class DiagnosticTexts {
  private parts = new Map<string, Part>();
  private text: Text | null = null;
  private context: DiagnosticContext | null = null;
  private last = "";
  /** Changes with the list. */
  resultId = "";

  /** `newId` gives names that were never given to a list before. */
  constructor(private readonly newId: () => string) {}

  /** The list as JSON. */
  json(document: Document, context: DiagnosticContext): string {
    const { text, change, decided } = document;
    if (context.settings.diagnostics === "off" || decided === null) return this.result("[]");
    if (this.context?.settings !== context.settings || this.context.profile !== context.profile) this.parts = new Map();
    this.context = context;
    const since = this.text === null || this.text === text ? null : difference(this.text.bytes, text.bytes);
    const parts = new Map<string, Part>();
    const out: string[] = [];
    for (const fn of decided.view.functions) {
      const at = placed(fn, change);
      let json: string;
      if (at === null) json = listText(diagnosticsOf(document, fn, change, context));
      else {
        const part = this.moved(fn, at, text, since) ?? newPart(document, fn, at, change, context);
        parts.set(fn.key, part);
        json = part.json;
      }
      if (json !== "") out.push(json);
    }
    this.parts = parts;
    this.text = text;
    return this.result(`[${out.join(",")}]`);
  }

  private result(json: string): string {
    if (json !== this.last || this.resultId === "") this.resultId = this.newId();
    this.last = json;
    return json;
  }

  /** What is known of a function that has not changed, at its present place; null if there is nothing. */
  private moved(fn: FunctionView, at: ByteRange, text: Text, since: Difference | null): Part | null {
    const known = this.parts.get(fn.key);
    if (known === undefined || known.findings !== fn.findings || known.isFresh !== fn.isFresh) return null;
    const before = { start: known.lineStart, end: known.end };
    const now = since === null ? before : shifted(before, since);
    const line = text.lineAt(at.start);
    const lineStart = text.lineStart(line);
    if (now === null || now.start !== lineStart || now.end !== at.end) return null;
    if (line === known.line) return { ...known, ...at, lineStart };
    return { ...known, ...at, line, lineStart, json: glued(known.cut, line) };
  }
}

function newPart(
  document: Document,
  fn: FunctionView,
  { start, end }: ByteRange,
  change: Difference | null,
  context: DiagnosticContext,
): Part {
  const { text } = document;
  const line = text.lineAt(start);
  const json = listText(diagnosticsOf(document, fn, change, context));
  const { findings, isFresh } = fn;
  return { findings, isFresh, start, end, line, lineStart: text.lineStart(line), json, cut: cutAt(json, line) };
}

/** Elements of a list as JSON. */
function listText(list: readonly Diagnostic[]): string {
  return JSON.stringify(list).slice(1, -1);
}

function cutAt(json: string, first: number): CutText {
  const pieces: string[] = [];
  const lines: number[] = [];
  let done = 0;
  // Quotes in strings are escaped, so this is the line of a position.
  for (const { index, 0: found } of json.matchAll(/"line":\d+/g)) {
    const start = index + '"line":'.length;
    pieces.push(json.slice(done, start));
    done = index + found.length;
    lines.push(Number(json.slice(start, done)) - first);
  }
  pieces.push(json.slice(done));
  return { pieces, lines: Int32Array.from(lines) };
}

function glued({ pieces, lines }: CutText, first: number): string {
  let text = pieces[0];
  for (let i = 0; i < lines.length; i++) text += lines[i] + first + pieces[i + 1];
  return text;
}

/** Of one function, in the order of the file. */
function diagnosticsOf(
  document: Document,
  fn: FunctionView,
  change: Difference | null,
  context: DiagnosticContext,
): Diagnostic[] {
  const { diagnostics: level, severity } = context.settings;
  const list: Diagnostic[] = [];
  for (const placed of placedIn(fn, change)) {
    const { group } = placed;
    const isShown = group === "escape" || (group === "leak" ? level !== "heap" : level === "all");
    if (!isShown) continue;
    list.push({
      ...diagnostic(document, placed, context),
      severity: group === "escape" ? severities[severity] : DiagnosticSeverity.Hint,
    });
  }
  return list;
}

function diagnostic(document: Document, placed: Placed, context: DiagnosticContext): Diagnostic {
  const { start, end, finding, flow, fn } = placed;
  const { encoding, help } = context;
  const { text, uri } = document;
  const { rule, kind, message, size, loopDepth, count } = finding;
  const notes: string[] = [];
  if (size >= 0) notes.push(sizeText(size));
  if (loopDepth > 0) notes.push(loopDepth === 1 ? "in a loop" : `in ${loopDepth} nested loops`);
  if (count > 1) notes.push(`${count} instances`);
  const profiled = profiledBytes(document, context.profile, placed);
  if (profiled > 0 && context.profile !== null) notes.push(context.profile.words(profiled));
  const code = rule === "" ? kind : rule;
  return {
    range: text.range({ start, end }, encoding),
    source: "goesc",
    code,
    ...(help === "" || rule === "" ? {} : { codeDescription: { href: `${help}#${rule}` } }),
    message: notes.length === 0 ? message : `${message} (${notes.join(", ")})`,
    ...(flow.length === 0
      ? {}
      : {
          relatedInformation: flow.map((step) => ({
            location: { uri, range: text.range(step, encoding) },
            message: step.text,
          })),
        }),
    data: { kind, fresh: fn.isFresh },
  };
}
