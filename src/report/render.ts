/** The text of what an analysis has to say: the compiler's lines, or records for programs. */
import type { FileSet } from "../base/pos.ts";
import type { Explanation } from "../escape/explain.ts";
import type { File } from "../syntax/ast.ts";
import type { Entry, PackageResult } from "./analyze.ts";
import { Functions } from "./functions.ts";
import { type GraphFormat, graphText } from "./graph.ts";
import { Ranges } from "./ranges.ts";
import { explanationLines, kindOf, remarkLine } from "./remark.ts";
import { type RemarkView, summaryText, viewEntries } from "./view.ts";

export interface RenderOptions {
  readonly json: boolean;
  readonly dump: GraphFormat | null;
  readonly debug: boolean;
  readonly view?: RemarkView | null;
}

/** All that goes to standard output for a package. File names are absolute. */
export function renderResult(fset: FileSet, importPath: string, result: PackageResult, options: RenderOptions): string {
  if (options.dump !== null) return graphText(fset, importPath, result.graphs, options.dump);
  if (options.debug) return result.debug;
  const { view } = options;
  if (view?.summary) return summaryText(fset, importPath, result, options.json);
  const entries = view ? viewEntries(fset, result, view) : result.entries;
  if (options.json) return jsonRecords(fset, importPath, entries, result.files);
  const lines: string[] = [];
  for (const entry of entries) {
    if ("remark" in entry) lines.push(remarkLine(fset, entry.remark));
    else lines.push(...explanationLines(fset, entry.explanation));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** One record a line: package, place (1-based lines and byte columns, the end exclusive), function, kind, text and, where the
 *  analysis found them, the flows that led to the verdict. */
function jsonRecords(fset: FileSet, importPath: string, entries: readonly Entry[], files: readonly File[]): string {
  const ranges = new Ranges(fset, files);
  const functions = new Functions(fset, files);
  let text = "";
  for (const entry of entries) {
    if (!("remark" in entry)) continue; // explanations belong to the verdict they explain
    const { pos, msg, flows } = entry.remark;
    const { filename, line, col } = fset.position(pos);
    const { start, end } = ranges.of(pos);
    const record: Record<string, unknown> = {
      package: importPath,
      file: filename,
      line,
      col,
      start: place(fset, start),
      end: place(fset, end),
      func: functions.nameAt(pos),
      kind: kindOf(msg),
      text: msg,
    };
    if (flows !== null && flows.length > 0) record.flow = flows.map((flow) => jsonFlow(fset, flow));
    text += `${JSON.stringify(record)}\n`;
  }
  return text;
}

function jsonFlow(fset: FileSet, explanation: Explanation): unknown {
  return {
    title: explanation.title.replace(/:$/, ""),
    steps: explanation.steps.map((step) => ({
      to: step.dst,
      from: `${step.ops}${step.src}`,
      reasons: step.reasons.map(({ node, why, pos }) => {
        const { filename, line, col } = fset.position(pos);
        return { text: node, why, file: filename, line, col };
      }),
    })),
    truncated: explanation.truncated || undefined,
  };
}

function place(fset: FileSet, pos: number): { line: number; col: number } {
  const { line, col } = fset.absolute(pos);
  return { line, col };
}
