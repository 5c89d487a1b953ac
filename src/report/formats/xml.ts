/** The XML formats of CI servers: Checkstyle's, and JUnit's as Jenkins reads it. */
import { compareText, type Finding, type Level, type Rendered, type Report } from "../findings/model.ts";
import { details, isFailing, placeText } from "./text.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

const severities: Readonly<Record<Level, string>> = { error: "error", warning: "warning", note: "info" };

export function checkstyle({ findings }: Report): Rendered {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings) {
    const own = byFile.get(finding.range.file);
    if (own === undefined) byFile.set(finding.range.file, [finding]);
    else own.push(finding);
  }
  const lines = [declaration, '<checkstyle version="5.0">'];
  for (const file of [...byFile.keys()].sort(compareText)) {
    lines.push(`  <file name="${escapeXml(file)}">`);
    for (const finding of byFile.get(file)!) {
      const { range, level, rule } = finding;
      lines.push(
        `    <error line="${range.line}" column="${range.col16}" severity="${severities[level]}" message="${escapeXml(described(finding))}" source="goesc.${escapeXml(rule)}"/>`,
      );
    }
    lines.push("  </file>");
  }
  lines.push("</checkstyle>");
  return { text: `${lines.join("\n")}\n`, note: "" };
}

/** A suite for each package. What a check fails for is a failure, other findings are cases that pass; a package that
 *  could not be analysed is an error, never silence. */
export function junit({ packages, findings, failures }: Report): Rendered {
  const names = [...new Set([...packages, ...failures.map((f) => f.package)])].sort(compareText);
  const byPackage = new Map<string, Finding[]>(names.map((name) => [name, []]));
  for (const finding of findings) if (finding.rule !== "not-analysed") byPackage.get(finding.package)?.push(finding);
  const suites: string[] = [];
  for (const name of names) {
    const own = byPackage.get(name)!;
    const errors = failures.filter((f) => f.package === name);
    const failed = own.filter(isFailing);
    const cases = [...errors.map(({ text }) => errorCase(name, text)), ...own.map(findingCase)];
    if (cases.length === 0) cases.push(`    <testcase classname="${escapeXml(name)}" name="nothing found" time="0"/>`);
    suites.push(
      `  <testsuite name="${escapeXml(name)}" tests="${cases.length}" failures="${failed.length}" errors="${errors.length}" time="0">`,
      ...cases,
      "  </testsuite>",
    );
  }
  return { text: `${[declaration, "<testsuites>", ...suites, "</testsuites>"].join("\n")}\n`, note: "" };
}

function errorCase(name: string, text: string): string {
  return [
    `    <testcase classname="${escapeXml(name)}" name="analysis" time="0">`,
    `      <error type="not-analysed" message="could not be analysed">${escapeXml(text.trimEnd())}</error>`,
    "    </testcase>",
  ].join("\n");
}

function findingCase(finding: Finding): string {
  const name = `${placeText(finding)}: ${finding.message}`;
  const open = `    <testcase classname="${escapeXml(finding.package)}" name="${escapeXml(name)}" time="0"`;
  if (!isFailing(finding)) return `${open}/>`;
  const text = [described(finding), ...finding.flow.map((point, i) => `${i + 1}. ${point.text}`)].join("\n");
  return [
    `${open}>`,
    `      <failure type="${escapeXml(finding.rule)}" message="${escapeXml(finding.message)}">${escapeXml(text)}</failure>`,
    "    </testcase>",
  ].join("\n");
}

function described(finding: Finding): string {
  const more = details(finding);
  return more === "" ? finding.message : `${finding.message} (${more})`;
}

/** Text and attribute values. Characters that XML 1.0 cannot hold are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"'\t\n\r]/g, (ch) => entities[ch] ?? `&#${ch.charCodeAt(0)};`);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
