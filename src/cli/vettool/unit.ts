/** The analysis of one package for `go vet`: imports are known by their facts, and facts and findings are written where
 *  the driver wants them. */
import { readFileSync, writeFileSync } from "node:fs";
import { NodeFileSystem } from "../../host/node-fs.ts";
import { nodeHost } from "../../host/node-host.ts";
import { readGoEnv } from "../../load/env.ts";
import { langVersion } from "../../load/gover.ts";
import { suppliedByRuntime } from "../../load/load.ts";
import type { FuncAllocs } from "../../report/allocs/collect.ts";
import { decodeAllocFacts, encodeAllocFacts } from "../../report/allocs/facts.ts";
import { type AnalyzeOptions, analyzePackage, type PackageResult, type PackageUnit } from "../../report/analyze.ts";
import { errorText } from "../../report/errors.ts";
import { Scene } from "../../report/explain/scene.ts";
import type { Finding, SourceRange } from "../../report/findings/model.ts";
import { comparePlaces, compareText } from "../../report/findings/model.ts";
import { acceptedAllocs, KnownAllocs, packageFindings } from "../../report/findings/package.ts";
import { mayHavePromises } from "../../report/promises/directives.ts";
import { Session } from "../../report/session.ts";
import { parseHead } from "../../syntax/parse.ts";
import { writePackage } from "../../types/summary-write.ts";
import { noCompilerFlags } from "../args.ts";
import { encodeFacts, FactsFiles, sideDirectory } from "./facts.ts";
import { type VetArgs, type VetConfig, type VetDiagnostic, vetJson } from "./protocol.ts";

/** Returns the exit code. */
export function runUnit(args: VetArgs): number {
  const config = JSON.parse(readFileSync(args.config, "utf8")) as VetConfig;
  const result = new Unit(config, args).run();
  if (typeof result === "string") {
    if (config.SucceedOnTypecheckFailure) return 0; // the compiler says it
    process.stderr.write(result);
    return 1;
  }
  return report(config, args, result);
}

function report(config: VetConfig, args: VetArgs, findings: readonly VetDiagnostic[]): number {
  if (args.json) {
    const text = vetJson(config.ID, findings);
    if (config.Stdout) writeFileSync(config.Stdout, text);
    else process.stdout.write(text);
    return 0;
  }
  for (const { posn, message } of findings) process.stderr.write(`${posn}: ${message}\n`);
  return findings.length > 0 ? 1 : 0;
}

/** A package as it was analysed from some files. */
interface Analysis {
  readonly session: Session;
  readonly unit: PackageUnit;
  readonly result: PackageResult;
  readonly checked: NonNullable<PackageResult["checked"]>;
  readonly known: KnownAllocs;
  readonly allocs: readonly FuncAllocs[];
  readonly facts: ReturnType<KnownAllocs["solve"]>;
}

function isTest(file: string): boolean {
  return file.endsWith("_test.go");
}

class Unit {
  private readonly fs = new NodeFileSystem();
  private readonly facts: FactsFiles;
  private readonly env = readGoEnv(nodeHost(), "");
  /** Findings are looked for, even where only the facts count. */
  private readonly wantsFindings: boolean;
  private drafts: ReadonlyMap<string, Uint8Array> = new Map();

  constructor(
    private readonly config: VetConfig,
    private readonly args: VetArgs,
  ) {
    this.facts = new FactsFiles(
      config.PackageVetx ?? {},
      Object.values(config.ImportMap),
      process.env.GOCACHE ?? "",
      sideDirectory(args.config),
    );
    this.wantsFindings = !config.VetxOnly || (!args.heap && this.hasPromises());
  }

  /** The findings; a text says why there are none. */
  run(): VetDiagnostic[] | string {
    const { config } = this;
    if (config.GoFiles.length === 0) {
      writeFileSync(config.VetxOutput, "");
      return [];
    }
    const whole = this.analyse(config.GoFiles);
    if (typeof whole === "string") return whole;
    const { session, unit, result, checked, facts } = whole;
    const summary = writePackage(checked.pkg, {
      fset: session.fset,
      files: result.files,
      facts: (fn) => result.facts.get(fn) ?? null,
      resolveImport: (path) => session.importPackage(unit.imports.get(path) ?? path),
    });
    const own = { importPath: config.ImportPath, summary, allocs: encodeAllocFacts(facts) };
    const bytes = encodeFacts(own, this.facts.imports(), [...this.facts.reachable()].sort());
    const judged = this.wantsFindings ? this.findings(whole) : [];
    if (typeof judged === "string") return judged;
    const found = diagnostics(judged);
    // go keeps a result under the same name whether or not anybody saw its findings: kept as a dependency, a package
    // with findings would pass when it is named. So its facts go where only this run of go finds them.
    if (config.VetxOnly && found.length > 0) this.facts.writeAside(config.ImportPath, bytes);
    else writeFileSync(config.VetxOutput, bytes);
    return config.VetxOnly ? [] : found;
  }

  /** A package of some of the files; a text says what is wrong with them. */
  private analyse(files: readonly string[]): Analysis | string {
    const session = this.newSession();
    const unit = this.unit(files);
    const result = analyzePackage(session, unit, this.options());
    const { checked } = result;
    if (checked === null || result.errors.length > 0) return errorText(session.fset, result.errors, false);
    const known = new KnownAllocs(this.facts.reachable(), (path) => this.allocsOf(path));
    const allocs = acceptedAllocs(session, result);
    return { session, unit, result, checked, known, allocs, facts: known.solve(session.fset, allocs) };
  }

  /** go compiles a package together with its test files, which has other functions inlined and other instances made. Its
   *  own code is judged as it is built, as `goesc check` does. */
  private findings(whole: Analysis): Finding[] | string {
    const { GoFiles } = this.config;
    const own = GoFiles.filter((name) => !isTest(name));
    if (own.length === GoFiles.length) return this.findingsOf(whole);
    // Elsewhere are instances of generic functions that the test asks for.
    const ofTests = this.findingsOf(whole).filter(({ range }) => isTest(range.file));
    if (own.length === 0) return ofTests;
    const built = this.analyse(own);
    return typeof built === "string" ? built : [...this.findingsOf(built), ...ofTests];
  }

  private hasPromises(): boolean {
    const decoder = new TextDecoder("latin1");
    return this.config.GoFiles.some((name) => mayHavePromises(decoder.decode(this.fs.readFile(name))));
  }

  private findingsOf({ session, unit, result, known, allocs }: Analysis): Finding[] {
    const { config } = this;
    const options = {
      root: "",
      groups: this.args.heap ? (["escape"] as const) : [],
      promises: true,
      fixes: this.args.fixes,
      sources: false,
      graphs: false,
    };
    const examine = (drafts: ReadonlyMap<string, Uint8Array>): Scene | string => this.examine(session, unit, drafts);
    return [...packageFindings(session, config.ImportPath, result, options, known, allocs, examine).findings];
  }

  private newSession(): Session {
    return new Session(
      {
        readFile: (path) => this.drafts.get(path) ?? this.fs.readFile(path),
        readSummary: (path) => this.facts.find(path)?.summary ?? null,
        goroot: this.env.goroot.dir,
      },
      this.env.goarch,
      this.env.goroot.minor,
    );
  }

  private options(): AnalyzeOptions {
    const { N, smallFrames, mutations, zeroCopy, pgo } = noCompilerFlags;
    return {
      m: 1,
      compile: { l: this.args.l ? 1 : 0, N, smallFrames, mutations, zeroCopy, pgo },
      explain: this.wantsFindings,
      comments: true,
      allocs: true,
      optLog: this.wantsFindings,
      graphs: false,
      debug: null,
    };
  }

  private unit(goFiles: readonly string[]): PackageUnit {
    const { config, env } = this;
    const { goroot, goos, goarch } = env;
    const others = config.NonGoFiles ?? [];
    const isStd = config.Dir.startsWith(`${goroot.dir}/src/`) && (config.ModulePath ?? "") === "";
    const includeDirs = [`${goroot.dir}/pkg/include`];
    const asmFiles = others.filter((name) => name.endsWith(".s"));
    return {
      importPath: config.ImportPath,
      compilerPath: this.packageName() === "main" ? "main" : config.ImportPath,
      goFiles,
      imports: new Map(Object.entries(config.ImportMap)),
      goVersion: `go${langVersion(config.GoVersion.replace(/^go/, ""))}`,
      complete:
        !(isStd && suppliedByRuntime.has(config.ImportPath)) &&
        !others.some((name) => /\.(?:s|S|sx|f|F|for|f90|syso)$/.test(name)),
      isStd,
      ...(env.experiments.includes("regabiwrappers")
        ? { asm: { files: asmFiles, defines: [`GOOS_${goos}`, `GOARCH_${goarch}`], includeDirs } }
        : {}),
    };
  }

  private packageName(): string {
    return parseHead(this.fs.readFile(this.config.GoFiles[0])).file?.pkgName.value ?? "";
  }

  private allocsOf(path: string): ReturnType<typeof decodeAllocFacts> {
    const facts = this.facts.find(path);
    return facts === null || facts.allocs.length === 0 ? null : decodeAllocFacts(facts.allocs);
  }

  private examine(session: Session, unit: PackageUnit, drafts: ReadonlyMap<string, Uint8Array>): Scene | string {
    this.drafts = drafts;
    try {
      const changed = analyzePackage(session, unit, { ...this.options(), allocs: false, optLog: false });
      if (changed.checked === null || changed.errors.length > 0) return errorText(session.fset, changed.errors, false);
      return new Scene(session, unit.importPath, changed);
    } finally {
      this.drafts = new Map();
    }
  }
}

/** In source order, as go prints them. */
function diagnostics(findings: readonly Finding[]): VetDiagnostic[] {
  const ordered = [...findings].sort((a, b) => comparePlaces(a.range, b.range) || compareText(a.message, b.message));
  return ordered
    .filter(({ rule }) => rule !== "promise-unknown")
    .map(({ rule, message, range, at, flow, related, fixes }) => ({
      category: rule,
      posn: `${range.file}:${at.line}:${at.col}`,
      end: endOf(range),
      message,
      ...(fixes.length === 0
        ? {}
        : {
            suggested_fixes: fixes.map(({ title, note, edits }) => ({
              message: note === "" ? title : `${title} Mind: ${note}`,
              edits: edits.map(({ range: place, start, end, text }) => ({
                filename: place.file,
                start,
                end,
                new: text,
              })),
            })),
          }),
      related: [...flow, ...related].flatMap(({ text, range: place }) =>
        place === null ? [] : [{ posn: `${place.file}:${place.line}:${place.col}`, end: endOf(place), message: text }],
      ),
    }));
}

function endOf({ file, endLine, endCol }: SourceRange): string {
  return `${file}:${endLine}:${endCol}`;
}
