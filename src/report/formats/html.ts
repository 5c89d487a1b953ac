/** One page that needs nothing else: summary, causes, hot spots, the source with marks, graphs. It asks no server for
 *  anything, and without scripts only its filter does not work. */
import {
  comparePlaces,
  compareText,
  countBy,
  type Finding,
  type FlowPoint,
  type Rendered,
  type Report,
} from "../findings/model.ts";
import { graphSvg } from "./graph-svg.ts";
import { script, style } from "./html-assets.ts";
import { details, headline, hotSpots, placeText, plural, ruleText } from "./text.ts";
import { escapeXml } from "./xml.ts";

/** Of sources in a page, in characters; files with fewer findings are left out first. */
const maxSource = 8_000_000;
/** More rows and pictures make a page that nobody can use. */
const maxRows = 5000;
const maxGraphs = 200;

export function html(report: Report): Rendered {
  const { findings, failures, tool } = report;
  const { shown, left } = chooseSources(report);
  const cut = findings.length - maxRows;
  const parts = [
    ...(cut > 0 ? [`${plural(cut, "finding")} of ${findings.length}, those that cost least`] : []),
    ...(left > 0 ? [`the sources of ${plural(left, "file")}`] : []),
    ...(report.graphs.length > maxGraphs ? [`the graphs of ${report.graphs.length - maxGraphs} functions`] : []),
  ];
  const note = parts.length === 0 ? "" : `html: left out, as the page would be too large: ${parts.join("; ")}`;
  const body = [
    `<header><h1>goesc</h1><p>${escapeXml(headline(report))}</p><p class="dim">goesc ${escapeXml(tool.version)}, ${escapeXml(tool.goVersion)}: <code>${escapeXml(report.command)}</code></p></header>`,
    ...failures.map(
      (f) =>
        `<section class="failure"><h2>${escapeXml(f.package)} could not be analysed</h2><pre>${escapeXml(f.text)}</pre></section>`,
    ),
    summary(report),
    findingsTable(report, new Set(shown)),
    graphs(report),
    ...shown.map((file) => source(report, file)),
    note === "" ? "" : `<p>${escapeXml(note)}</p>`,
  ];
  const title = `goesc: ${findings.length === 0 ? "nothing found" : plural(findings.length, "finding")}`;
  const page = [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"><title>${escapeXml(title)}</title><style>${style}</style></head><body>`,
    ...body.filter((part) => part !== ""),
    `<script>${script}</script></body></html>`,
  ];
  return { text: `${page.join("\n")}\n`, note };
}

function summary({ findings }: Report): string {
  if (findings.length === 0) return "";
  const causes = countBy(findings, (f) => f.rule).map(([rule, count]) => {
    const { text, instead } = ruleText(rule);
    return `<tr><td class="num" data-rule="${escapeXml(rule)}">${count}</td><td><code>${escapeXml(rule)}</code></td><td>${escapeXml(text)}${instead === "" ? "" : `<br><span class="dim">${escapeXml(instead)}</span>`}</td></tr>`;
  });
  const spots = hotSpots(findings, 15).map(
    ({ name, place, count }) =>
      `<tr><td class="num">${count}</td><td><code>${escapeXml(name)}</code></td><td><a href="#${anchor(place)}">${escapeXml(place)}</a></td></tr>`,
  );
  return `<section><h2>Causes</h2><table id="causes">${causes.join("")}</table></section><section><h2>Hot spots</h2><table>${spots.join("")}</table></section>`;
}

function findingsTable({ findings }: Report, withSource: ReadonlySet<string>): string {
  if (findings.length === 0) return "";
  const rows = findings.slice(0, maxRows).map((finding) => {
    const { level, rule, message, range, flow, related, fixes } = finding;
    const place = escapeXml(placeText(finding));
    const link = withSource.has(range.file)
      ? `<a href="#${anchor(`${range.file}:${range.line}`)}">${place}</a>`
      : place;
    const way = [...flow, ...related].map((point) => step(point, withSource)).join("");
    const help = fixes.map((fix) => {
      const edits = fix.edits.map((e) => `${e.range.file}:${e.range.line}: ${e.text}`).join("\n");
      const mind = fix.note === "" ? "" : ` Mind: ${fix.note}`;
      return `<p>Fix: ${escapeXml(fix.title + mind)} It removes ${fix.removes} and adds ${fix.adds}.</p><pre>${escapeXml(edits)}</pre>`;
    });
    const more = way + help.join("");
    return `<tr class="${level}" data-rule="${escapeXml(rule)}"><td>${link}</td><td><code>${escapeXml(message)}</code>${more === "" ? "" : `<details><summary>why</summary><ol>${way}</ol>${help.join("")}</details>`}</td><td>${escapeXml(details(finding))}</td><td><code>${escapeXml(rule)}</code></td></tr>`;
  });
  return `<section><h2>Findings, what costs most first</h2><p><input id="filter" type="search" placeholder="filter: text, file, rule" aria-label="filter"> <output id="shown">${rows.length} of ${findings.length}</output></p><table id="findings"><tbody>${rows.join("\n")}</tbody></table></section>`;
}

function step({ text, range, depth }: FlowPoint, withSource: ReadonlySet<string>): string {
  const place = range === null ? "" : escapeXml(`${range.file}:${range.line}:${range.col}`);
  const linked =
    range !== null && withSource.has(range.file)
      ? `<a href="#${anchor(`${range.file}:${range.line}`)}">${place}</a>`
      : place;
  return `<li style="margin-left:${depth * 1.5}em">${escapeXml(text)} <span class="dim">${linked}</span></li>`;
}

function graphs(report: Report): string {
  const pictures = report.graphs.slice(0, maxGraphs).flatMap((graph) => {
    const svg = graphSvg(graph);
    return svg === ""
      ? []
      : [`<details><summary><code>${escapeXml(graph.func)}</code></summary><div class="graph">${svg}</div></details>`];
  });
  if (pictures.length === 0) return "";
  return `<section><h2>Graphs</h2><p class="dim">What flows where: &amp; takes an address, * follows a pointer; red values are on the heap.</p>${pictures.join("\n")}</section>`;
}

/** The files with findings, by name, as many as fit. */
function chooseSources({ findings, sources }: Report): { shown: string[]; left: number } {
  const shown: string[] = [];
  let size = 0;
  let left = 0;
  for (const [file] of countBy(findings, (f) => f.range.file)) {
    const text = sources.get(file);
    if (text === undefined) continue;
    size += text.length;
    if (size > maxSource) left++;
    else shown.push(file);
  }
  return { shown: shown.sort(compareText), left };
}

function source({ findings, sources }: Report, file: string): string {
  const own = findings.filter(({ range }) => range.file === file).sort((a, b) => comparePlaces(a.range, b.range));
  const byLine = new Map<number, Finding[]>();
  for (const finding of own) {
    const list = byLine.get(finding.range.line);
    if (list === undefined) byLine.set(finding.range.line, [finding]);
    else list.push(finding);
  }
  const lines = sources.get(file)!.replace(/\n$/, "").split("\n");
  const rows = lines.map((text, i) => {
    const here = byLine.get(i + 1) ?? [];
    const gutter = here.length === 0 ? "" : String(here.length);
    const tip = here.map((f) => f.message).join("\n");
    const mark = here.length === 0 ? "" : ` class="mark" title="${escapeXml(tip)}"`;
    return `<tr id="${anchor(`${file}:${i + 1}`)}"${mark}><td>${i + 1}</td><td>${gutter}</td><td>${marked(text, here)}</td></tr>`;
  });
  return `<section><details open><summary><h2>${escapeXml(file)}</h2> <span class="dim">${plural(own.length, "finding")}</span></summary><table class="source">${rows.join("\n")}</table></details></section>`;
}

/** A line with its expressions marked, those within others by marks of their own. */
function marked(text: string, findings: readonly Finding[]): string {
  const spans = findings.map(({ range, level }) => ({
    from: Math.min(range.col16 - 1, text.length),
    to: range.endLine > range.line ? text.length : Math.min(range.endCol16 - 1, text.length),
    level,
  }));
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  let out = "";
  for (let i = 0; i + 1 < cuts.length; i++) {
    const piece = escapeXml(text.slice(cuts[i], cuts[i + 1]));
    const over = spans.filter(({ from, to }) => from <= cuts[i] && to >= cuts[i + 1]);
    const level = over.some((span) => span.level === "error") ? "error" : over[0]?.level;
    out += level === undefined ? piece : `<mark class="${level}">${piece}</mark>`;
  }
  return out;
}

function anchor(place: string): string {
  return encodeURIComponent(place).replace(/[%'()*!~]/g, (ch) => `.${ch.charCodeAt(0).toString(16)}`);
}
