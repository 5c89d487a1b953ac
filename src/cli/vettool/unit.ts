/** The analysis of one package for `go vet`: imports are known by their facts, and facts and findings are written where
 *  the driver wants them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { NodeFileSystem } from "../../host/node-fs.ts";
import { nodeHost } from "../../host/node-host.ts";
import { readGoEnv } from "../../load/env.ts";
import { analyzePackage, type PackageUnit } from "../../report/analyze.ts";
import { errorText } from "../../report/errors.ts";
import { Scene } from "../../report/explain/scene.ts";
import type { Finding, SourceRange } from "../../report/findings/model.ts";
import { comparePlaces, compareText } from "../../report/findings/model.ts";
import { packageFindings } from "../../report/findings/package.ts";
import { mayHavePromises } from "../../report/promises/mention.ts";
import type { Session } from "../../report/session.ts";
import { Kind } from "../../syntax/ast.ts";
import { unquote } from "../../syntax/quote.ts";
import { type Analysis, analysis, analyzeOptions, factsOf, packageUnit } from "./analysis.ts";
import { encodeFacts, type Origin, type UnitSource, type WholeFacts } from "./facts.ts";
import { Imports } from "./imports.ts";
import { factsFiles, inWork, readSources, sourceOf, unitKey } from "./later.ts";
import { type VetArgs, type VetConfig, type VetDiagnostic, vetJson } from "./protocol.ts";

/** Returns the exit code. */
export function runUnit(config: VetConfig, args: VetArgs): number {
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

function isTest(file: string): boolean {
  return file.endsWith("_test.go");
}

class Unit {
  private readonly fs = new NodeFileSystem();
  private readonly found;
  private readonly source: UnitSource;
  private readonly env = readGoEnv(nodeHost(), "");
  private readonly imports: Imports;
  /** There may be findings, which are looked for even where only the facts count. Without promises there are none. */
  private readonly wantsFindings: boolean;
  private drafts: ReadonlyMap<string, Uint8Array> = new Map();

  constructor(
    private readonly config: VetConfig,
    private readonly args: VetArgs,
  ) {
    this.found = factsFiles(config, args);
    this.source = sourceOf(config);
    this.imports = new Imports(this.found, this.env, args.l);
    this.wantsFindings = args.heap ? !config.VetxOnly : this.hasPromises();
  }

  /** The findings; a text says why there are none. */
  run(): VetDiagnostic[] | string {
    const { config, imports } = this;
    if (config.GoFiles.length === 0) {
      writeFileSync(config.VetxOutput, "");
      return [];
    }
    const problem = imports.make(Object.values(config.ImportMap));
    if (problem !== "") return problem;
    const whole = this.analyse(config.GoFiles);
    if (typeof whole === "string") return whole;
    const own = config.GoFiles.filter((name) => !isTest(name));
    // go compiles a package together with its test files, which has other functions inlined and other instances made.
    // Its own code is judged as it is built, as `goesc check` does.
    const built = own.length === config.GoFiles.length ? whole : own.length === 0 ? null : this.analyse(own);
    if (typeof built === "string") return built;
    const bytes = this.facts(whole, built);
    const found = this.wantsFindings ? diagnostics(this.findings(whole, built)) : [];
    imports.close();
    // go keeps a result under the same name whether or not anybody saw its findings: kept as a dependency, a package
    // with findings would pass when it is named. So its facts go where only this run of go finds them.
    if (config.VetxOnly && found.length > 0) this.found.writeAside(config.ImportPath, bytes);
    else this.found.write(config.VetxOutput, bytes);
    return config.VetxOnly ? [] : found;
  }

  /** A package of some of the files; a text says what is wrong with them. */
  private analyse(files: readonly string[]): Analysis | string {
    const session = this.imports.session((path) => this.drafts.get(path));
    const unit = packageUnit(this.env, this.source, files);
    return analysis(session, unit, analyzeOptions(this.args.l, this.wantsFindings), this.imports.knownAllocs());
  }

  /** Keeps what importers will ask for, and says where. */
  private facts(whole: Analysis, built: Analysis | null): Uint8Array {
    const { source, found, args } = this;
    const key = this.keyOf(source);
    const made = factsOf(whole);
    let origin: Origin = { key, seenAs: key, source };
    if (built !== null && built !== whole && built.unit.goFiles.length > 0) {
      const plain = this.keyOf(plainSource(source, built));
      this.imports.keep(plain, factsOf(built));
      if (isSeenAlike(built, whole)) origin = { ...origin, seenAs: plain };
    }
    const travels = args.whole || inWork(source, args);
    if (!travels) this.imports.keep(key, made);
    return encodeFacts(origin, found, travels ? this.withSources(made) : null);
  }

  private keyOf(source: UnitSource): string {
    return unitKey(source, readSources(source.GoFiles), this.found, this.args);
  }

  private withSources(made: Pick<WholeFacts, "summary" | "allocs">): WholeFacts {
    const files = new Map(readSources(this.source.GoFiles).map(({ name, bytes }) => [name, bytes] as const));
    return { ...made, files, packed: deflateRawSync(Buffer.concat([...files.values()])) };
  }

  private findings(whole: Analysis, built: Analysis | null): Finding[] {
    if (built === whole) return this.findingsOf(whole);
    // Elsewhere are instances of generic functions that the test asks for.
    const ofTests = this.findingsOf(whole).filter(({ range }) => isTest(range.file));
    return built === null ? ofTests : [...this.findingsOf(built), ...ofTests];
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

  private examine(session: Session, unit: PackageUnit, drafts: ReadonlyMap<string, Uint8Array>): Scene | string {
    this.drafts = drafts;
    try {
      const options = { ...analyzeOptions(this.args.l, this.wantsFindings), allocs: false, optLog: false };
      const changed = analyzePackage(session, unit, options);
      if (changed.checked === null || changed.errors.length > 0) return errorText(session.fset, changed.errors, false);
      return new Scene(session, unit.importPath, changed);
    } finally {
      this.drafts = new Map();
    }
  }
}

/** The package without its test files, as it is described where somebody imports it. */
function plainSource(source: UnitSource, built: Analysis): UnitSource {
  const written = new Set<string | null>();
  for (const { decls } of built.result.files) {
    for (const decl of decls) if (decl.kind === Kind.ImportDecl) written.add(unquote(decl.path.value));
  }
  const ImportMap = Object.fromEntries(Object.entries(source.ImportMap).filter(([path]) => written.has(path)));
  return { ...source, GoFiles: built.unit.goFiles, ImportMap };
}

/** Whether importers, which know nothing of the tests, are told the same of the package's functions with the tests. */
function isSeenAlike(built: Analysis, whole: Analysis): boolean {
  const told = functionFacts(whole);
  for (const [name, facts] of functionFacts(built)) if (told.get(name) !== facts) return false;
  const { facts } = whole;
  for (const [key, fact] of built.facts) if (JSON.stringify(facts.get(key)) !== JSON.stringify(fact)) return false;
  return true;
}

function functionFacts({ result, session }: Analysis): Map<string, string> {
  const told = new Map<string, string>();
  for (const [fn, facts] of result.facts) {
    const { filename, line, col } = session.fset.absolute(fn.pos);
    told.set(join(filename, `${line}:${col}`), JSON.stringify(facts));
  }
  return told;
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
