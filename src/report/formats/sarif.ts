/** SARIF 2.1.0 (OASIS), as GitHub code scanning, Azure DevOps and editors read it.
 *
 *  GitHub shows 5,000 results of a run, 100 locations of a result and 1,000 steps of a flow, compares results by
 *  `primaryLocationLineHash`, and shows related locations only where the message links to them. */
import type {
  ArtifactLocation,
  CodeFlow,
  Location,
  Log,
  Notification,
  Region,
  ReportingDescriptor,
  Result,
  Fix as SarifFix,
} from "sarif";
import { changedFirst, leastText } from "../findings/changed.ts";
import type { Finding, Fix, FlowPoint, Rendered, Report, SourceRange } from "../findings/model.ts";
import { details, plural, ruleText } from "./text.ts";

export const sarifLimits = { results: 5000, locations: 100, steps: 1000 } as const;

export function sarif(report: Report): Rendered {
  const { tool, failures, root } = report;
  const findings = changedFirst(report);
  const kept = findings.slice(0, sarifLimits.results);
  const note =
    kept.length === findings.length
      ? ""
      : `sarif: ${plural(findings.length - kept.length, "finding")} of ${findings.length} left out, ${leastText(report)}: GitHub shows ${sarifLimits.results}`;
  const rules = [...new Set(kept.map(({ rule }) => rule))].sort();
  const notifications: Notification[] = failures.map(({ package: name, text }) => ({
    level: "error",
    message: { text: `${name} could not be analysed:\n${text.trimEnd()}` },
  }));
  if (note !== "") notifications.push({ level: "warning", message: { text: note } });
  const log: Log = {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: {
          driver: {
            name: "goesc",
            semanticVersion: tool.version,
            properties: { goVersion: tool.goVersion },
            rules: rules.map(descriptor),
          },
        },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            commandLine: report.command,
            toolExecutionNotifications: notifications,
          },
        ],
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { uri: fileUri(`${root}/`) } },
        results: kept.map((finding) => result(finding, rules.indexOf(finding.rule))),
      },
    ],
  };
  return { text: `${JSON.stringify(log, null, 2)}\n`, note };
}

function descriptor(id: string): ReportingDescriptor {
  const { text, instead } = ruleText(id);
  const help = instead === "" ? text : `${text}\n${instead}`;
  return {
    id,
    shortDescription: { text },
    fullDescription: { text: help },
    help: { text: help },
    defaultConfiguration: { level: id.startsWith("promise-") || id === "budget" ? "error" : "note" },
    properties: { tags: ["performance", "memory"] },
  };
}

function result(finding: Finding, ruleIndex: number): Result {
  const { rule, level, message, flow, related, fixes, fingerprint } = finding;
  const points = [...flow, ...related].filter((point) => point.range !== null).slice(0, sarifLimits.locations - 1);
  const links = points.map((point, i) => `\n[${i + 1}](${i + 1}) ${escapeText(point.text)}`).join("");
  const more = details(finding);
  const out: Result = {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: `${escapeText(message)}${more === "" ? "" : ` (${escapeText(more)})`}${links}` },
    locations: [
      {
        physicalLocation: { artifactLocation: artifact(finding.range.file), region: region(finding.range) },
        ...(finding.func === ""
          ? {}
          : {
              logicalLocations: [
                { fullyQualifiedName: `${finding.package}.${finding.func}`, name: finding.func, kind: "function" },
              ],
            }),
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1`, "goescFingerprint/v1": fingerprint },
    properties: { loopDepth: finding.loopDepth, ...(finding.size < 0 ? {} : { bytes: finding.size }) },
  };
  if (points.length > 0) out.relatedLocations = points.map((point, i) => ({ id: i + 1, ...location(point) }));
  if (flow.length > 0) out.codeFlows = [codeFlow(flow)];
  if (fixes.length > 0) out.fixes = fixes.map(fixOf);
  return out;
}

function codeFlow(flow: readonly FlowPoint[]): CodeFlow {
  const locations = flow.slice(0, sarifLimits.steps).map((point) => ({
    location: location(point),
    nestingLevel: point.depth,
  }));
  return { threadFlows: [{ locations }] };
}

function location({ text, range }: FlowPoint): Location {
  const message = { text };
  if (range === null) return { message };
  return { physicalLocation: { artifactLocation: artifact(range.file), region: region(range) }, message };
}

function fixOf({ title, note, edits }: Fix): SarifFix {
  const files = [...new Set(edits.map(({ range }) => range.file))];
  return {
    description: { text: note === "" ? title : `${title} Mind: ${note}` },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifact(file),
      replacements: edits
        .filter(({ range }) => range.file === file)
        .map(({ range, text }) => ({ deletedRegion: region(range), insertedContent: { text } })),
    })),
  };
}

function region({ line, col16, endLine, endCol16 }: SourceRange): Region {
  return { startLine: line, startColumn: col16, endLine, endColumn: endCol16 };
}

/** Names below the root are relative to it. */
function artifact(file: string): ArtifactLocation {
  if (/^(?:\/|\w:\/)/.test(file)) return { uri: fileUri(file) };
  return { uri: encodePath(file), uriBaseId: "SRCROOT" };
}

function fileUri(file: string): string {
  const name = file.replaceAll("\\", "/");
  return `file://${name.startsWith("/") ? "" : "/"}${encodePath(name)}`;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** In messages, brackets make links and backslashes escape them. */
function escapeText(text: string): string {
  return text.replace(/[\\[\]]/g, (ch) => `\\${ch}`);
}
