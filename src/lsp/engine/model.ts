/** What the engine tells the server: plain data, so that the two may live in different threads. Places are byte offsets. */

import type { Instance } from "../../report/instances.ts";
import type { RemarkKind } from "../../report/remark.ts";
import type { ByteRange } from "../text.ts";

export interface Place extends ByteRange {
  /** Absolute. */
  readonly file: string;
}

/** A step on the way of a value to the heap. */
export interface FlowPlace extends ByteRange {
  readonly text: string;
}

/** What the compiler says of one place. Offsets count from the start of the declaration that it stands in. */
export interface Finding extends ByteRange {
  /** The place that the compiler names; in the range. */
  readonly at: number;
  readonly kind: RemarkKind;
  readonly message: string;
  /** The rule behind it (report/rules.ts), "" without one. */
  readonly rule: string;
  /** Bytes of one allocation; -1 if only the running program knows, or for what allocates nothing. */
  readonly size: number;
  readonly loopDepth: number;
  readonly flow: readonly FlowPlace[];
  /** How often the compiler says it: once for each instance of a generic function. */
  readonly count: number;
  /** Of a value on the heap in a generic function: the instances in whose code it is, as their users write them. */
  readonly instances: readonly Instance[];
  /** Where code that was inlined here stands; null for what is written here. */
  readonly inner: { readonly file: string; readonly line: number } | null;
}

/** A function, or a declaration of package variables. */
export interface FunctionView extends ByteRange {
  readonly name: string;
  /** Unique in its file. */
  readonly key: string;
  readonly isFunction: boolean;
  /** Its decisions are those of its present text; otherwise they are the last known ones, moved with it. */
  readonly isFresh: boolean;
  /** What inlining costs; null if it cannot be inlined. */
  readonly inlineCost: number | null;
  /** Changes with the findings. */
  readonly serial: number;
  /** Null if the receiver has them already, under the same serial number. */
  readonly findings: readonly Finding[] | null;
}

export interface FileView {
  readonly file: string;
  /** Of the document that the offsets are of; -1 for a file on disk. */
  readonly version: number;
  readonly functions: readonly FunctionView[];
  readonly importPath: string;
  /** Why there are no decisions; "" if there are. */
  readonly problem: string;
}

/** What is known of a file that is not open. */
export interface ClosedView {
  readonly file: string;
  /** Changes with the view. */
  readonly stamp: string;
  /** Null if the receiver has it, under the same stamp. */
  readonly view: FileView | null;
}

/** A change that was tried and helps. */
export interface FixView {
  readonly title: string;
  readonly note: string;
  readonly removes: number;
  readonly adds: number;
  readonly edits: readonly {
    readonly file: string;
    readonly start: number;
    readonly end: number;
    readonly text: string;
  }[];
  /** Of the finding that it mends. */
  readonly message: string;
  readonly place: Place;
}

export interface Explanation extends ByteRange {
  readonly headline: string;
  readonly verdict: "heap" | "leak" | "stack" | "note";
  readonly steps: readonly ExplanationStep[];
  readonly rules: readonly { readonly id: string; readonly text: string; readonly instead: string }[];
  readonly size: number;
}

export interface ExplanationStep {
  readonly text: string;
  readonly place: Place | null;
  readonly depth: number;
}

/** A value on the heap, for lists of them. */
export interface HeapSite {
  readonly finding: Finding;
  /** The place that the compiler names. */
  readonly at: number;
  readonly importPath: string;
  readonly func: string;
  readonly rule: string;
  readonly message: string;
  readonly size: number;
  readonly loopDepth: number;
  readonly place: Place;
}
