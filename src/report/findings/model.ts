/** Findings: what every output format is written from. Plain data, so that they can be sent between threads; in the
 *  order of {@link compareFindings}, whatever the order of analysis was. */
import type { ChangedLines } from "./changed.ts";

/** A stretch of source. Lines and columns count from 1; the end is exclusive. */
export interface SourceRange {
  /** Relative to the working directory with slashes if it lies below, else absolute. */
  readonly file: string;
  readonly line: number;
  /** In bytes, as the compiler counts. */
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
  /** The same columns in UTF-16 units. */
  readonly col16: number;
  readonly endCol16: number;
}

/** `note`: a fact; `warning`: new since the baseline; `error`: a promise or budget is broken. */
export type Level = "error" | "warning" | "note";

/** One step on the way of a value to the heap, or of a call to what allocates. */
export interface FlowPoint {
  readonly text: string;
  /** Null for steps that stand nowhere. */
  readonly range: SourceRange | null;
  /** 0 for steps of the function itself, more inside of callees. */
  readonly depth: number;
}

export interface Edit {
  readonly range: SourceRange;
  /** Offsets in the file, in bytes. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change that was tried: with it the value is not on the heap any more. */
export interface Fix {
  readonly title: string;
  /** What else the reader has to know; "" if the program behaves as before. */
  readonly note: string;
  /** How many values are on the heap less, and more. */
  readonly removes: number;
  readonly adds: number;
  readonly edits: readonly Edit[];
  /** All of it as one replacement; null if it reaches over files or far apart places. */
  readonly single: Edit | null;
}

export interface Finding {
  /** A rule of rules.ts, `other`, or `promise-…`, `budget`. */
  readonly rule: string;
  readonly level: Level;
  /** As the compiler words it, or a sentence. */
  readonly message: string;
  readonly package: string;
  /** "" outside of functions. */
  readonly func: string;
  readonly range: SourceRange;
  /** The place that the compiler names, somewhere in the range: line and column in bytes. */
  readonly at: { readonly line: number; readonly col: number };
  /** Where the code was written that is inlined here; null if it was written here. */
  readonly inlinedFrom: SourceRange | null;
  /** The source text at the range, its first line. */
  readonly source: string;
  /** Bytes of one allocation; -1 if only the running program knows. */
  readonly size: number;
  /** Loops around it in its function. */
  readonly loopDepth: number;
  /** How many times the compiler says it: once for each instance of a generic function. */
  readonly count: number;
  /** Bytes that a profile found allocated here; -1 without a profile. */
  readonly profiled: number;
  readonly flow: readonly FlowPoint[];
  /** Other places that belong to it: the promise that is broken. */
  readonly related: readonly FlowPoint[];
  readonly fixes: readonly Fix[];
  /** Of package, function, message and its number among equals: moving lines does not change it. */
  readonly fingerprint: string;
}

/** A function's graph, for the page. */
export interface FindingGraph {
  readonly func: string;
  readonly nodes: readonly { id: string; label: string; line: number; heap: boolean; sink: boolean }[];
  readonly edges: readonly { from: string; to: string; derefs: number; why: string }[];
}

/** What the analysis of one package gives. */
export interface PackageFindings {
  readonly package: string;
  readonly findings: readonly Finding[];
  /** Promises that were checked. */
  readonly promises: number;
  readonly sources: readonly { file: string; text: string }[];
  readonly graphs: readonly FindingGraph[];
}

/** A package, or the command line, that could not be analysed. */
export interface Failure {
  readonly package: string;
  readonly text: string;
}

export interface Report {
  readonly tool: { readonly version: string; readonly goVersion: string };
  /** The command line, for people. */
  readonly command: string;
  /** Names of the packages that were analysed. */
  readonly packages: readonly string[];
  readonly findings: readonly Finding[];
  readonly failures: readonly Failure[];
  readonly promises: number;
  readonly sources: ReadonlyMap<string, string>;
  readonly graphs: readonly FindingGraph[];
  /** Lines that the change under review touches; null if there is none. */
  readonly changed: ChangedLines | null;
  /** Absolute directory that relative names are relative to. */
  readonly root: string;
}

/** What a format makes of a report. */
export interface Rendered {
  readonly text: string;
  /** What had to be left out for the receiver's sake; "" if nothing. */
  readonly note: string;
}

/** By file, then place. */
export function comparePlaces(a: SourceRange, b: SourceRange): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.col - b.col;
}

/** The worst first. */
export const levels: readonly Level[] = ["error", "warning", "note"];

/** What costs most first: broken promises, then what production allocates, then deep loops, then large values. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    levels.indexOf(a.level) - levels.indexOf(b.level) ||
    b.profiled - a.profiled ||
    b.loopDepth - a.loopDepth ||
    b.size - a.size ||
    comparePlaces(a.range, b.range) ||
    compareText(a.message, b.message) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Keys with how often they occur, the most frequent first. */
export function countBy(findings: readonly Finding[], key: (finding: Finding) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(key(finding), (counts.get(key(finding)) ?? 0) + 1);
  return [...counts].sort((x, y) => y[1] - x[1] || compareText(x[0], y[0]));
}
