/** `goesc check`: promises in the code, a baseline, budgets. What is on the heap otherwise is no finding. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { matchPattern } from "../load/patterns.ts";
import { compareFindings as compareWithBaseline, type Finding as Heap, readFindings } from "../report/diff.ts";
import { heapOf, isHeapNote, newFindings } from "../report/findings/heap.ts";
import { compareFindings, type Finding, type Report } from "../report/findings/model.ts";
import { formatByName } from "../report/formats/index.ts";
import { headline, plural } from "../report/formats/text.ts";
import { mayNeedCallees } from "../report/promises/mention.ts";
import { UsageError } from "./args.ts";
import { findingsOptions, reportOf, writeReport } from "./findings.ts";
import { type OpenedRequest, openRequest } from "./run.ts";
import type { Budget, Settings } from "./settings.ts";

/** Exit codes of a check. */
const enum CheckExit {
  Clean = 0,
  Findings = 1,
  NotAnalysed = 2,
}

/** Returns the exit code. */
export async function runCheck(given: Settings): Promise<number> {
  const settings =
    given.outputs.length > 0
      ? given
      : { ...given, outputs: [{ format: formatByName(given.json ? "json" : "text")!, file: "-" }] };
  const baseline = settings.baseline === "" ? null : readBaseline(settings);
  const request = openRequest(settings);
  const groups = settings.heap || baseline !== null || settings.budgets.length > 0 ? (["escape"] as const) : [];
  const all = await reportOf(request, {
    options: findingsOptions(request, { groups, promises: true }),
    callees: needsCallees(request),
  });
  const findings = failing(all.findings, settings, baseline);
  findings.push(...overBudget(all.findings, settings.budgets));
  const report: Report = { ...all, findings: findings.sort(compareFindings) };
  writeReport(settings, report);
  if (settings.outputs.every(({ file }) => file !== "-")) process.stderr.write(`goesc: ${headline(report)}\n`);
  if (report.failures.length > 0 || report.packages.length === 0) return CheckExit.NotAnalysed;
  return report.findings.some(({ level }) => level !== "note") ? CheckExit.Findings : CheckExit.Clean;
}

/** Whether a promise in the packages is about what their functions call. */
export function needsCallees({ load, host }: OpenedRequest): boolean {
  const decoder = new TextDecoder("latin1");
  return load.requested.some((pkg) =>
    pkg.goFiles.some((file) => {
      try {
        return mayNeedCallees(decoder.decode(host.fs.readFile(file)));
      } catch {
        return false; // the analysis says so
      }
    }),
  );
}

/** What a check is about: broken promises, errors, what is new since the baseline, or all. */
function failing(findings: readonly Finding[], settings: Settings, baseline: readonly Heap[] | null): Finding[] {
  const kept = findings.filter((finding) => !isHeapNote(finding));
  if (baseline !== null) {
    const now = heapOf(findings);
    const { added } = compareWithBaseline(baseline, [...now.keys()]);
    kept.push(...newFindings(now, added, "the baseline"));
  } else if (settings.heap) {
    for (const finding of findings) if (isHeapNote(finding)) kept.push({ ...finding, level: "warning" });
  }
  return kept;
}

function readBaseline(settings: Settings): Heap[] {
  let text: string;
  try {
    text = readFileSync(resolve(settings.chdir, settings.baseline), "utf8");
  } catch {
    throw new UsageError(`${settings.baseline}: no such file or directory`);
  }
  if (text.trim() === "") return []; // nothing was on the heap
  const findings = readFindings(text);
  if (findings === null) throw new UsageError(`${settings.baseline} is no baseline`);
  return findings;
}

/** A finding for each budget that is exceeded, at the value that costs most. */
function overBudget(findings: readonly Finding[], budgets: readonly Budget[]): Finding[] {
  const over: Finding[] = [];
  for (const { pattern, max } of budgets) {
    const matches = pattern === "" ? () => true : matchPattern(pattern);
    const counted = findings.filter((finding) => isHeapNote(finding) && matches(finding.package));
    if (counted.length <= max) continue;
    const [worst] = counted;
    const where = pattern === "" ? "" : ` in ${pattern}`;
    over.push({
      ...worst,
      rule: "budget",
      level: "error",
      message: `${plural(counted.length, "value")} on the heap${where}, ${counted.length - max} over the budget of ${max}; this one costs most: ${worst.message}`,
      fingerprint: `budget:${pattern}`,
    });
  }
  return over;
}
