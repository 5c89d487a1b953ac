/** The table of output formats. */
import type { Rendered, Report } from "../findings/model.ts";
import { codeClimate, github, teamcity } from "./ci.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { rdjson, rdjsonl } from "./rdjson.ts";
import { sarif } from "./sarif.ts";
import { csv, markdown } from "./tables.ts";
import { textReport, unix } from "./text.ts";
import { checkstyle, junit } from "./xml.ts";

export interface Format {
  readonly name: string;
  /** Who reads it. */
  readonly help: string;
  render(report: Report): Rendered;
  /** It shows sources, or graphs, or fixes: the analysis has to provide them. */
  readonly sources?: boolean;
  readonly graphs?: boolean;
  /** It knows the limits of GitHub. */
  readonly isForGithub?: boolean;
}

export const formats: readonly Format[] = [
  { name: "text", help: "people: causes, hot spots, findings with their way to the heap", render: textReport },
  { name: "unix", help: "editors: file:line:col: message", render: unix },
  { name: "json", help: "programs: everything", render: json },
  { name: "sarif", help: "GitHub code scanning, Azure DevOps, editors", render: sarif, isForGithub: true },
  { name: "rdjson", help: "reviewdog", render: rdjson },
  { name: "rdjsonl", help: "reviewdog, one record a line", render: rdjsonl },
  { name: "checkstyle", help: "Jenkins and others", render: checkstyle },
  { name: "junit", help: "CI servers that show tests", render: junit },
  { name: "code-climate", help: "GitLab code quality", render: codeClimate },
  { name: "github", help: "annotations of GitHub workflows", render: github, isForGithub: true },
  { name: "teamcity", help: "TeamCity inspections", render: teamcity },
  { name: "markdown", help: "comments on pull requests, job summaries", render: markdown, isForGithub: true },
  { name: "html", help: "people: one page with sources and graphs", render: html, sources: true, graphs: true },
  { name: "csv", help: "spreadsheets", render: csv },
];

export function formatByName(name: string): Format | null {
  return formats.find((format) => format.name === name) ?? null;
}
