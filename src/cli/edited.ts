/** What is kept of a package so that an edit of some of its functions can be analysed alone (report/edit/edit.ts): its
 *  sources, and which lines of its output are whose. It lies beside the summaries, under a name that does not depend on the
 *  sources: the last analysis of the package counts. */
import { type SummaryStore, summaryKey } from "../host/summary-store.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { PackageResult } from "../report/analyze.ts";
import type { Before } from "../report/edit/edit.ts";
import {
  countFuncs,
  isInOrder,
  numberFuncs,
  packStretches,
  stretchesOf,
  unpackStretches,
} from "../report/edit/spoken.ts";
import type { Job } from "./job.ts";
import { readKept } from "./kept.ts";

/** What a job has to know so that it may find out that little has changed. */
export interface EditJob {
  /** Where the last analysis is kept. */
  readonly key: string;
  /** What the package can see of its imports (early-cutoff.ts). */
  readonly views: string;
  /** Faults of the analysis show, instead of leading to one of the whole package. */
  readonly isTest?: boolean;
}

/** The first line of a record. */
interface Head {
  readonly views: string;
  /** Keys of its summary and of its output. The summary of a command, which has one for nothing else, follows the sources. */
  readonly summary: string;
  readonly output: string;
  readonly files: readonly { readonly name: string; readonly size: number; readonly funcs: number }[];
  readonly stretches: readonly number[];
  readonly unknown: readonly string[];
}

/** Longer sources are not kept twice. */
const maxBytes = 1 << 20;
/** So often a summary is moved; then it is written anew. */
const maxUnknown = 16;

/** Where the last analysis of the package is kept; "" for packages and output of which nothing is. `identity` is all that
 *  it depends on but its sources and its imports. */
export function editKey(job: Job, pkg: LoadedPackage, identity: readonly string[] | undefined): string {
  const { unit, analyze, render } = job;
  if (identity === undefined || pkg.isStd || unit.profile !== undefined) return "";
  if ((job.keptKey ?? "") === "" || analyze.m !== 1 || analyze.explain || analyze.compile.l === 1) return "";
  if (render.json || render.dump !== null || render.view != null) return "";
  return summaryKey(["edit", ...identity, JSON.stringify([analyze, render])]);
}

export interface LastAnalysis {
  readonly before: Before;
  /** The key of its summary. */
  readonly from: string;
}

/** The last analysis of a package, if its imports looked as they do now. */
export function readLast(store: SummaryStore, job: Job): LastAnalysis | null {
  const { unit, edit } = job;
  const bytes = edit === undefined ? null : store.read(edit.key);
  if (bytes === null) return null;
  let at = bytes.indexOf(10) + 1;
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, at))) as Head;
  const { files, unknown } = head;
  if (head.views !== edit!.views || files.length !== unit.goFiles.length || unknown.length > maxUnknown) return null;
  if (files.some(({ name }, i) => name !== unit.goFiles[i])) return null;
  const out = readKept(store, head.output);
  if (out === null) return null;
  const texts = files.map(({ size }) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
  const summary = unit.compilerPath === "main" ? bytes.subarray(at) : store.read(head.summary);
  if (summary === null) return null;
  const lines = linesOf(out);
  const stretches = unpackStretches(head.stretches);
  const counts = files.map(({ funcs }) => funcs);
  return { before: { texts, counts, summary, lines, stretches, unknown }, from: head.summary };
}

/** Keeps an analysis as the last one; `summaryBytes` is its summary, kept under the key `summary` unless it is a command. */
export function keepLast(
  store: SummaryStore,
  { unit, edit, keptKey }: Job,
  summary: string,
  summaryBytes: Uint8Array,
  texts: readonly Uint8Array[],
  { counts, stretches, unknown }: Pick<Before, "counts" | "stretches" | "unknown">,
): void {
  if (edit === undefined || texts.reduce((sum, text) => sum + text.length, 0) > maxBytes) return;
  const head: Head = {
    views: edit.views,
    summary,
    output: keptKey!,
    files: texts.map((text, i) => ({ name: unit.goFiles[i], size: text.length, funcs: counts[i] })),
    stretches: packStretches(stretches),
    unknown,
  };
  const own = unit.compilerPath === "main" ? [summaryBytes] : [];
  store.write(edit.key, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...texts, ...own]));
}

/** What there is to keep of an analysis of the whole package; null if its output is not as expected. */
export function wholeAnalysis(
  result: PackageResult,
  out: string,
): Pick<Before, "counts" | "stretches" | "unknown"> | null {
  if (linesOf(out).length !== result.entries.length || result.needsMore) return null;
  const numbers = numberFuncs(result.files);
  const stretches = stretchesOf(result, (fn) => numbers.get(fn) ?? -1);
  return isInOrder(stretches) ? { counts: result.files.map(countFuncs), stretches, unknown: [] } : null;
}

function linesOf(out: string): string[] {
  return out === "" ? [] : out.slice(0, -1).split("\n");
}
