/** Findings of small programs in memory, for the tests of formats and promises. */
import { analyzePackage, type PackageUnit } from "../../src/report/analyze.ts";
import { errorText } from "../../src/report/errors.ts";
import { Scene } from "../../src/report/explain/scene.ts";
import { compareFindings, type Finding, type Report } from "../../src/report/findings/model.ts";
import {
  acceptedAllocs,
  type FindingsOptions,
  KnownAllocs,
  packageFindings,
} from "../../src/report/findings/package.ts";
import { Session } from "../../src/report/session.ts";
import { options as analyzeOptions } from "./analysis.ts";

const defaults: FindingsOptions = {
  root: "/m",
  groups: ["escape"],
  promises: true,
  fixes: false,
  sources: true,
  graphs: true,
};

/** The report on a program of one file, `x.go` unless it is named, with inlining. */
export function reportOn(source: string, wanted: Partial<FindingsOptions> = {}, name = "x.go"): Report {
  const options = { ...defaults, ...wanted };
  const file = `${options.root}/${name}`;
  const texts = new Map([[file, new TextEncoder().encode(source)]]);
  let drafts: ReadonlyMap<string, Uint8Array> = new Map();
  const session = new Session(
    { readFile: (path) => drafts.get(path) ?? texts.get(path)!, readSummary: () => null },
    "amd64",
  );
  const unit: PackageUnit = {
    importPath: "example.com/m",
    compilerPath: "example.com/m",
    goFiles: [file],
    imports: new Map(),
    goVersion: "go1.26",
    complete: false,
    isStd: false,
  };
  const wantedOf = {
    ...analyzeOptions,
    compile: { ...analyzeOptions.compile, l: 0 },
    comments: true,
    allocs: true,
    optLog: true,
    graphs: true,
  };
  const result = analyzePackage(session, unit, wantedOf);
  if (result.checked === null || result.errors.length > 0)
    throw new Error(errorText(session.fset, result.errors, true));
  const known = new KnownAllocs([unit.importPath], () => null);
  const allocs = acceptedAllocs(session, result);
  known.solve(session.fset, allocs);
  const examine = (changed: ReadonlyMap<string, Uint8Array>): Scene | string => {
    drafts = changed;
    const again = analyzePackage(session, unit, wantedOf);
    drafts = new Map();
    if (again.checked === null || again.errors.length > 0) return errorText(session.fset, again.errors, false);
    return new Scene(session, unit.importPath, again);
  };
  const { findings, promises, sources, graphs } = packageFindings(
    session,
    unit.importPath,
    result,
    options,
    known,
    allocs,
    examine,
  );
  return {
    tool: { version: "0.0.0", goVersion: "go1.26.0" },
    command: "goesc -format=x .",
    packages: [unit.importPath],
    findings,
    failures: [],
    promises,
    sources: new Map(sources.map((s) => [s.file, s.text])),
    graphs,
    changed: null,
    root: options.root,
  };
}

/** The same report with many findings like its first. */
export function repeated(report: Report, count: number): Report {
  const [first] = report.findings;
  const findings = Array.from(
    { length: count },
    (_, i): Finding => ({ ...first, fingerprint: `${first.fingerprint}${i}` }),
  );
  return { ...report, findings: findings.sort(compareFindings) };
}
