/** What CI servers read from a job's output or files: GitLab's code quality (Code Climate), GitHub's workflow commands,
 *  TeamCity's service messages. */
import { changedFirst, leastText } from "../findings/changed.ts";
import type { Finding, Level, Rendered, Report } from "../findings/model.ts";
import { details, plural, ruleText } from "./text.ts";

const climateSeverities: Readonly<Record<Level, string>> = { error: "major", warning: "minor", note: "info" };

/** GitLab compares reports by fingerprint, which therefore has to be unique and to survive moved lines. */
export function codeClimate({ findings }: Report): Rendered {
  const issues = findings.map((finding) => ({
    type: "issue",
    check_name: finding.rule,
    description: described(finding),
    content: {
      body: [ruleText(finding.rule).text, ...finding.flow.map(({ text }, i) => `${i + 1}. ${text}`)].join("\n"),
    },
    categories: ["Performance"],
    severity: climateSeverities[finding.level],
    fingerprint: finding.fingerprint,
    location: { path: finding.range.file, lines: { begin: finding.range.line, end: finding.range.endLine } },
  }));
  return { text: `${JSON.stringify(issues, null, 2)}\n`, note: "" };
}

/** GitHub shows so many annotations of a kind for a step. */
export const annotationsPerKind = 10;

const githubKinds: Readonly<Record<Level, string>> = { error: "error", warning: "warning", note: "notice" };

/** Of a kind the first are kept: those on lines of the pull request, then those that cost most. */
export function github(report: Report): Rendered {
  const findings = changedFirst(report);
  const shown = new Map<Level, number>();
  const lines: string[] = [];
  for (const finding of findings) {
    const { level, range, rule } = finding;
    const count = shown.get(level) ?? 0;
    if (count >= annotationsPerKind) continue;
    shown.set(level, count + 1);
    const columns =
      range.endLine === range.line ? `,col=${range.col16},endColumn=${Math.max(range.endCol16 - 1, range.col16)}` : "";
    const steps = finding.flow.map(({ text }, i) => `\n${i + 1}. ${text}`).join("");
    const place = `file=${property(range.file)},line=${range.line},endLine=${range.endLine}${columns}`;
    lines.push(
      `::${githubKinds[level]} ${place},title=${property(`goesc ${rule}`)}::${data(described(finding) + steps)}\n`,
    );
  }
  const left = findings.length - lines.length;
  if (left === 0) return { text: lines.join(""), note: "" };
  const note = `github: ${plural(left, "finding")} of ${findings.length} left out, ${leastText(report)}: GitHub shows ${annotationsPerKind} annotations of a kind; -out=markdown=$GITHUB_STEP_SUMMARY has them all`;
  return { text: `${lines.join("")}::debug::${data(note)}\n`, note };
}

/** The message of a workflow command. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A property of a workflow command. */
function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

const teamcitySeverities: Readonly<Record<Level, string>> = {
  error: "ERROR",
  warning: "WARNING",
  note: "WEAK WARNING",
};

/** TeamCity cuts attributes that are longer. */
const teamcityAttribute = 4000;

export function teamcity({ findings }: Report): Rendered {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const lines = rules.map((rule) =>
    message("inspectionType", { id: rule, name: rule, description: ruleText(rule).text, category: "goesc" }),
  );
  for (const finding of findings) {
    lines.push(
      message("inspection", {
        typeId: finding.rule,
        message: described(finding),
        file: finding.range.file,
        line: String(finding.range.line),
        SEVERITY: teamcitySeverities[finding.level],
      }),
    );
  }
  return { text: lines.join(""), note: "" };
}

function message(name: string, attributes: Readonly<Record<string, string>>): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}='${teamcityText(value)}'`);
  return `##teamcity[${name}${list.join("")}]\n`;
}

function teamcityText(text: string): string {
  const cut = text.length > teamcityAttribute ? `${text.slice(0, teamcityAttribute - 1)}…` : text;
  return cut
    .replace(/[|'[\]]/g, (ch) => `|${ch}`)
    .replaceAll("\n", "|n")
    .replaceAll("\r", "|r")
    .replace(/[^\x20-\x7e]/g, (ch) => `|0x${ch.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
}

function described(finding: Finding): string {
  const more = details(finding);
  return more === "" ? finding.message : `${finding.message} (${more})`;
}
