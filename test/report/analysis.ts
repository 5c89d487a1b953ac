/** Analyses of small programs in memory, for the tests of reports. */
import { readFileSync } from "node:fs";
import { type AnalyzeOptions, analyzePackage, type PackageResult } from "../../src/report/analyze.ts";
import { Session } from "../../src/report/session.ts";

export interface Analysis {
  readonly session: Session;
  readonly result: PackageResult;
}

export const options: AnalyzeOptions = {
  m: 1,
  compile: { l: 1, N: false, smallFrames: false, mutations: false, zeroCopy: true },
  explain: true,
  graphs: false,
  debug: null,
};

/** A file, from disk or as given, that imports nothing but unsafe. */
export function analyzeFile(file: string, source?: string, l = 1): Analysis {
  const text = source === undefined ? readFileSync(file) : new TextEncoder().encode(source);
  const session = new Session({ readFile: () => text, readSummary: () => null }, "amd64");
  const result = analyzePackage(
    session,
    {
      importPath: "command-line-arguments",
      compilerPath: "main",
      goFiles: [file],
      imports: new Map(),
      goVersion: "go1.26",
      complete: false,
      isStd: false,
    },
    { ...options, compile: { ...options.compile, l } },
  );
  return { session, result };
}
