/** One package analysed from its files, as the driver describes them. */
import { NodeFileSystem } from "../../host/node-fs.ts";
import type { GoEnv } from "../../load/env.ts";
import { langVersion } from "../../load/gover.ts";
import { suppliedByRuntime } from "../../load/load.ts";
import type { FuncAllocs } from "../../report/allocs/collect.ts";
import { encodeAllocFacts } from "../../report/allocs/facts.ts";
import {
  type AnalyzeOptions,
  analyzePackage,
  type PackageResult,
  type PackageUnit,
  summaryInput,
} from "../../report/analyze.ts";
import { errorText } from "../../report/errors.ts";
import { acceptedAllocs, type KnownAllocs } from "../../report/findings/package.ts";
import type { Session } from "../../report/session.ts";
import { parseHead } from "../../syntax/parse.ts";
import { writePackage } from "../../types/summary-write.ts";
import { noCompilerFlags } from "../args.ts";
import type { UnitSource } from "./facts.ts";

/** A package as it was analysed from some files. */
export interface Analysis {
  readonly session: Session;
  readonly unit: PackageUnit;
  readonly result: PackageResult;
  readonly checked: NonNullable<PackageResult["checked"]>;
  readonly known: KnownAllocs;
  readonly allocs: readonly FuncAllocs[];
  readonly facts: ReturnType<KnownAllocs["solve"]>;
}

/** A text says what is wrong with the files. */
export function analysis(
  session: Session,
  unit: PackageUnit,
  options: AnalyzeOptions,
  known: KnownAllocs,
): Analysis | string {
  const result = analyzePackage(session, unit, options);
  const { checked } = result;
  if (checked === null || result.errors.length > 0) return errorText(session.fset, result.errors, false);
  const allocs = acceptedAllocs(session, result);
  return { session, unit, result, checked, known, allocs, facts: known.solve(session.fset, allocs) };
}

/** What importers need to know. */
export function factsOf({ session, unit, result, checked, facts }: Analysis): {
  summary: Uint8Array;
  allocs: Uint8Array;
} {
  const summary = writePackage(checked.pkg, summaryInput(session, unit, result));
  return { summary, allocs: encodeAllocFacts(facts) };
}

export function analyzeOptions(l: boolean, wantsFindings: boolean): AnalyzeOptions {
  const { N, smallFrames, mutations, zeroCopy, pgo } = noCompilerFlags;
  return {
    m: 1,
    compile: { l: l ? 1 : 0, N, smallFrames, mutations, zeroCopy, pgo },
    explain: wantsFindings,
    comments: true,
    allocs: true,
    optLog: wantsFindings,
    graphs: false,
    debug: null,
  };
}

export function packageUnit(env: GoEnv, source: UnitSource, goFiles: readonly string[]): PackageUnit {
  const { goroot, goos, goarch } = env;
  const others = source.NonGoFiles ?? [];
  const isStd = source.Dir.startsWith(`${goroot.dir}/src/`) && (source.ModulePath ?? "") === "";
  const includeDirs = [`${goroot.dir}/pkg/include`];
  const asmFiles = others.filter((name) => name.endsWith(".s"));
  return {
    importPath: source.ImportPath,
    compilerPath: packageName(goFiles[0]) === "main" ? "main" : source.ImportPath,
    goFiles,
    imports: new Map(Object.entries(source.ImportMap)),
    goVersion: `go${langVersion(source.GoVersion.replace(/^go/, ""))}`,
    complete:
      !(isStd && suppliedByRuntime.has(source.ImportPath)) &&
      !others.some((name) => /\.(?:s|S|sx|f|F|for|f90|syso)$/.test(name)),
    isStd,
    ...(env.experiments.includes("regabiwrappers")
      ? { asm: { files: asmFiles, defines: [`GOOS_${goos}`, `GOARCH_${goarch}`], includeDirs } }
      : {}),
  };
}

function packageName(file: string): string {
  return parseHead(new NodeFileSystem().readFile(file)).file?.pkgName.value ?? "";
}
