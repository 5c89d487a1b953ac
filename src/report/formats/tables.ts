/** Tables: Markdown for comments and job summaries, CSV for spreadsheets. */
import { changedFirst, leastText } from "../findings/changed.ts";
import { countBy, type Finding, type Rendered, type Report } from "../findings/model.ts";
import { details, headline, hotSpots, plural, ruleText } from "./text.ts";

/** A comment on GitHub may have 65,536 characters. */
export const markdownLimit = 65_000;

export function markdown(report: Report): Rendered {
  const { findings, failures } = report;
  const head = [`### goesc: ${escapeMarkdown(headline(report))}`, ""];
  for (const { package: name, text } of failures)
    head.push(`**${escapeMarkdown(name)} could not be analysed:**`, "", fence(text.trimEnd()), "");
  if (findings.length > 0) {
    head.push("| cause | findings | |", "| --- | ---: | --- |");
    for (const [rule, count] of countBy(findings, (f) => f.rule))
      head.push(`| \`${rule}\` | ${count} | ${cell(ruleText(rule).text)} |`);
    head.push("", "| hot spot | findings | |", "| --- | ---: | --- |");
    for (const { name, place, count } of hotSpots(findings, 10))
      head.push(`| ${code(name)} | ${count} | ${code(place)} |`);
    head.push("", "| | place | finding | |", "| --- | --- | --- | --- |");
  }
  let text = `${head.join("\n")}\n`;
  let written = 0;
  for (const finding of changedFirst(report)) {
    const row = rowOf(finding);
    if (text.length + row.length > markdownLimit - 500) break;
    text += row;
    written++;
  }
  if (written === findings.length) return { text, note: "" };
  const left = `${plural(findings.length - written, "finding")} of ${findings.length} left out, ${leastText(report)}`;
  return { text: `${text}\n${left}.\n`, note: `markdown: ${left}: a comment may have 65,536 characters` };
}

const marks = { error: "❌", warning: "⚠️", note: "" } as const;

function rowOf(finding: Finding): string {
  const { range, level, message, flow, related } = finding;
  const steps = [...flow, ...related].map(({ text }, i) => `${i + 1}. ${cell(text)}`).join("<br>");
  const way = steps === "" ? "" : `<details><summary>why</summary>${steps}</details>`;
  return `| ${marks[level]} | ${code(`${range.file}:${range.line}`)} | ${cell(message)} | ${cell(details(finding))}${way} |\n`;
}

/** Text in a cell of a table. Code spans stay. */
function cell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part.replaceAll("|", "\\|") : escapeMarkdown(part)))
    .join("")
    .replaceAll("\n", " ");
}

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, (ch) => (ch === "<" ? "&lt;" : ch === ">" ? "&gt;" : `\\${ch}`));
}

export function code(text: string): string {
  const ticks = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map((m) => m[0].length)) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${pad}${text.replaceAll("|", "\\|")}${pad}${ticks}`;
}

function fence(text: string): string {
  const ticks = "`".repeat(Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length)) + 1);
  return `${ticks}\n${text}\n${ticks}`;
}

const columns: readonly (readonly [string, (f: Finding) => string | number])[] = [
  ["package", (f) => f.package],
  ["file", (f) => f.range.file],
  ["line", (f) => f.at.line],
  ["column", (f) => f.at.col],
  ["function", (f) => f.func],
  ["level", (f) => f.level],
  ["rule", (f) => f.rule],
  ["message", (f) => f.message],
  ["bytes", (f) => (f.size < 0 ? "" : f.size)],
  ["loops", (f) => f.loopDepth],
  ["instances", (f) => f.count],
  ["profiled bytes", (f) => (f.profiled < 0 ? "" : f.profiled)],
  ["fingerprint", (f) => f.fingerprint],
];

/** RFC 4180. */
export function csv({ findings }: Report): Rendered {
  const rows = [columns.map(([name]) => name), ...findings.map((f) => columns.map(([, value]) => value(f)))];
  return { text: rows.map((row) => `${row.map(field).join(",")}\r\n`).join(""), note: "" };
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
