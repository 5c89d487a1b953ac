/** The summary of one package, wherever that is made: in the engine's thread or in one that helps it. */
import { type AnalyzeOptions, analyzePackage, type PackageUnit, summaryInput } from "../../report/analyze.ts";
import { Session } from "../../report/session.ts";
import { writePackage } from "../../types/summary-write.ts";
import type { StdSummaries } from "./host.ts";

/** What a session of the engine depends on. */
export interface SessionSetup {
  readonly goarch: string;
  readonly goroot: string;
  readonly minor: number;
  /** Of the embedded standard library; "" to do without. */
  readonly platform: string;
  readonly noInline: boolean;
}

export function newSession(
  { goarch, goroot, minor, platform }: SessionSetup,
  std: StdSummaries | null,
  readFile: (path: string) => Uint8Array,
  readSummary: (importPath: string) => Uint8Array | null,
): Session {
  return new Session(
    {
      readFile: (path) => {
        const embedded = std !== null && path.startsWith("$GOROOT/src/") ? std.source(path, platform) : null;
        return embedded ?? readFile(path);
      },
      readSummary: (path) => {
        const embedded = platform === "" || std === null ? null : std.summary(path, platform);
        return embedded ?? readSummary(path);
      },
      goroot,
    },
    goarch,
    minor,
  );
}

/** What is analysed for importers' sake. */
export function summaryOptions(noInline: boolean): AnalyzeOptions {
  return {
    m: 0,
    compile: { l: noInline ? 1 : 0, N: false, smallFrames: false, mutations: false, zeroCopy: true },
    explain: false,
    graphs: false,
    debug: null,
  };
}

/** Null for a package with errors. */
export function summarize(
  session: Session,
  unit: PackageUnit,
  noInline: boolean,
  checkpoint: () => void,
): Uint8Array | null {
  const result = analyzePackage(session, unit, { ...summaryOptions(noInline), checkpoint });
  if (result.checked === null || result.errors.length > 0) return null;
  return writePackage(result.checked.pkg, summaryInput(session, unit, result));
}
