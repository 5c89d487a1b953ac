/** Compiles the packages of a program that is to run, each once: what was compiled before is taken from the cache. */
import { fileURLToPath } from "node:url";
import { InternalError } from "../base/diag.ts";
import { Cache } from "../host/cache.ts";
import { cacheDir } from "../host/cache-dir.ts";
import { type KnownRun, noteRun } from "../host/known-run.ts";
import { inLittleRoom } from "../host/memory.ts";
import { readProgram, type StoredCode, type StoredProgram, storedCode, writeProgram } from "../host/program-store.ts";
import { SummaryStore, summaryKey } from "../host/summary-store.ts";
import type { Witness } from "../host/witness.ts";
import type { CoverMode } from "../load/cover.ts";
import { packageHeader, rewriteOutput } from "../load/display.ts";
import type { LoadHost } from "../load/fs.ts";
import { defaultGodebug } from "../load/godebug.ts";
import { type LoadedTest, type LoadResult, loadPackages, loadTest } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";
import { isRuntimePackage } from "../load/special.ts";
import { machineRoots, threadRoots } from "../runtime/machine.ts";
import type { ProgramOrigin } from "../runtime/options.ts";
import { firstNeeds } from "../wasm/demand.ts";
import { type LinkedModule, link } from "../wasm/link.ts";
import type { PackageObject } from "../wasm/object.ts";
import { type StringSetting, setStrings } from "../wasm/setstrings.ts";
import { jobOf, requestKeys, runInit, thisBuild } from "./analyze.ts";
import { type CompilerFlags, noCompilerFlags } from "./args.ts";
import {
  type CompileJob,
  type Dump,
  objectKey,
  readObject,
  readRemarks,
  remarksKey,
  type SiteRemarks,
} from "./backend.ts";
import { buildInfoText } from "./build-info.ts";
import { cacheLimit } from "./cache.ts";
import { type CompilingThreads, closure, compilePackages, compilingThreads } from "./compile-packages.ts";
import { embedKey } from "./embedded.ts";
import type { Job, Reply, RunInit } from "./job.ts";
import { BuildError, implicit, loadErrors, openBuild, SetupError } from "./open-build.ts";
import { hasRecords, Outlines, type PartialPackage, partialPackages, recordsOf } from "./partial.ts";
import type { AnalysisRequest } from "./run.ts";
import { flagsFor, type Settings } from "./settings.ts";

/** In bytes: of what is more in one package, so much is kept while it is compiled that the engine needs room for new objects. */
const smallSource = 1 << 20;

export interface BuiltProgram extends StoredProgram {
  readonly main: LoadedPackage;
  /** What GODEBUG is by default. */
  readonly godebug: string;
  readonly origin: ProgramOrigin;
  /** What `--dump` shows. */
  readonly dump: string;
  /** It was built in this run. */
  readonly isNew: boolean;
  /** Of a program that was built before. */
  readonly code: StoredCode | null;
  /** Which values the escape analysis found on the heap, by `file:line`. */
  remarks(): SiteRemarks;
  /** Keeps what these words alone, without flags, came to; `name` is what the program is called. */
  note(words: readonly string[], name: string): void;
}

/** Something that was in the cache when the build began is damaged, or gone since another run has tidied up: it is to be
 *  made again. */
class LostError extends BuildError {
  override name = "LostError";
}

export interface BuildRequest {
  readonly settings: Settings;
  /** Build the test program of the package. */
  readonly test: boolean;
  /** Function whose data-flow form is to be shown, "" for all; null for none. */
  readonly dump: Dump | null;
  /** The program's own packages count what they keep off the heap. */
  readonly countSaved: boolean;
  /** With the sanitizer's checks. */
  readonly check: boolean;
  /** To run on several threads. */
  readonly threads: boolean;
  /** Of tests: how what runs of the package under test is counted; null if it is not. */
  readonly cover?: CoverMode | null;
  /** String variables that are given another value. */
  readonly strings?: readonly StringSetting[];
}

/** Throws a {@link BuildError}; null for the test program of a package without tests. */
export async function buildProgram(request: BuildRequest): Promise<BuiltProgram | null> {
  const { settings } = request;
  const { host, query, overlay, witness } = openBuild(settings, request.threads);
  const load = request.test ? loadTest(host, { ...query, cover: request.cover ?? null }) : loadPackages(host, query);
  if (load === null) return null;
  for (const warning of load.warnings) process.stderr.write(`${warning}\n`);
  if (load.errors.length > 0) throw new SetupError(loadErrors(load.errors));
  const main = mainPackage(load);
  const relDir = (dir: string): string => host.paths.toSlash(host.paths.rel(host.cwd, dir) ?? dir);
  const analysis: AnalysisRequest = {
    host,
    load,
    settings: { ...settings, json: false, view: null, dump: null, debug: null },
    profiles: new Map(),
    // Package runtime is goesc's own: what it must not allocate depends on inlining.
    flags: (pkg) =>
      isRuntimePackage(pkg.compilerPath)
        ? { ...noCompilerFlags, m: 1 }
        : { ...flagsFor(settings.rules, pkg, relDir), m: 1 },
    emit: () => {},
    progress: () => {},
  };
  const godebug = godebugOf(host, load, main);
  const { dir, version } = load.env.goroot;
  const buildInfo = buildInfoText({ host, load, main, settings, test: request.test, godebug });
  const origin = { buildInfo, goVersion: `go${version.replace(/^go/, "")}`, goroot: dir };
  const build = new Build(analysis, main, overlay.id, request);
  witness.end(); // what decides on the program is known
  const built = await build.run().catch((error: unknown) => {
    if (!(error instanceof LostError)) throw error;
    build.discardDamaged();
    return new Build(analysis, main, overlay.id, request).run();
  });
  const note = (words: readonly string[], name: string): void => {
    const isWhole = load.warnings.length === 0 && load.env.goroot.embedded === undefined;
    if (isWhole) build.note(words, { name, godebug, origin }, witness);
  };
  return { ...built, godebug, origin, note };
}

/** The default of GODEBUG; of a test program, what it tests decides, with its test files. */
function godebugOf(host: LoadHost, load: LoadResult, main: LoadedPackage): string {
  const isOwn = (pkg: LoadedPackage): boolean =>
    main.variant === "" ? pkg === main : pkg !== main && pkg.dir === main.dir;
  const files = load.packages.filter(isOwn).flatMap((pkg) => pkg.goFiles);
  const { value, error } = defaultGodebug(host, load.env.goroot, load.mainSettings, files);
  if (error === "") return value;
  throw new BuildError(`${packageHeader(main.importPath)}${rewriteOutput(host, main.dir, error)}`.trimEnd());
}

function mainPackage(load: LoadResult | LoadedTest): LoadedPackage {
  if (load.requested.length !== 1) throw new BuildError("goesc run: cannot run several packages at once");
  const [main] = load.requested;
  if (main.name !== "main") throw new BuildError(`package ${main.importPath} is not a main package`);
  return main;
}

class Build {
  /** Keys of whole packages. */
  private readonly keys: ReadonlyMap<string, string>;
  private init: RunInit;
  private partial: ReadonlyMap<LoadedPackage, PartialPackage> = new Map();
  private readonly store: SummaryStore;
  private readonly unsaved = new Map<string, Uint8Array>();
  private readonly drafts: ReadonlyMap<string, Uint8Array>;
  private readonly objects = new Map<LoadedPackage, PackageObject>();
  private readonly weights = new Map<LoadedPackage, number>();
  private threads: CompilingThreads | null = null;
  private errors = "";
  private dump = "";
  private added = 0;
  /** Some package cannot be told from other versions of itself. */
  private unknown = false;

  constructor(
    private readonly analysis: AnalysisRequest,
    private readonly main: LoadedPackage,
    overlayId: string,
    private readonly request: BuildRequest,
  ) {
    const { load } = analysis;
    const test = "mainFile" in load ? (load as LoadedTest) : null;
    const init = runInit(analysis, requestKeys(analysis));
    const keys = new Map<string, string>();
    for (const pkg of analysis.load.packages) {
      const known = init.keys.get(pkg.importPath);
      if (known === undefined) {
        // What cannot be told apart from other versions of itself is compiled in any case.
        keys.set(pkg.importPath, summaryKey(["run", String(process.pid), pkg.importPath]));
        this.unknown = true;
        continue;
      }
      const counted = request.countSaved && !pkg.isStd;
      const way = `${request.check ? "check" : "run"}${request.threads ? "-threads" : ""}${counted ? "-counted" : ""}`;
      // What imports the package under test may hold parts of it.
      const covers = test !== null && test.covered.size > 0 && (pkg.variant !== "" || pkg.dir === main.dir);
      const key = summaryKey([...(covers ? ["cover", request.cover ?? ""] : []), way, overlayId, known]);
      const embedded = embedKey({ dir: pkg.dir, patterns: pkg.embeds }, analysis.host.fs);
      keys.set(pkg.importPath, embedded === "" ? key : summaryKey(["embed", embedded, key]));
    }
    this.keys = keys;
    this.init = { ...init, keys, forRun: true };
    this.store = new SummaryStore(init.cacheDir);
    const drafts = new Map<string, Uint8Array>();
    if (test !== null) drafts.set(test.mainFile, test.source);
    for (const [file, { text }] of test?.covered ?? []) drafts.set(file, text);
    this.drafts = drafts;
  }

  async run(): Promise<Omit<BuiltProgram, "godebug" | "origin" | "note">> {
    const { main } = this;
    const packages = this.inOrder();
    const key = this.programKey(packages);
    const known = key === null ? null : this.store.read(key);
    if (known !== null) {
      const remarks = (): SiteRemarks => {
        this.useParts(packages);
        return this.remarks(packages);
      };
      return {
        main,
        ...readProgram(known),
        dump: "",
        isNew: false,
        code: storedCode(this.store, key!, cacheLimit(), thisBuild()),
        remarks,
      };
    }
    const isLarge = packages.some((pkg) => !pkg.isStd && this.weight(pkg) > smallSource);
    const build = (): Promise<LinkedModule> => this.buildAll(packages);
    const linked = await (isLarge ? build() : inLittleRoom(build));
    this.objects.clear(); // what goes on needs none of it
    const { bytes, dataEnd, saved } = linked;
    if (key !== null && this.store.write(key, writeProgram(linked))) this.added += bytes.length;
    new Cache(cacheDir(), cacheLimit(), thisBuild()).added(this.added);
    const remarks = (): SiteRemarks => this.remarks(packages);
    return { main, module: bytes, dataEnd, saved, dump: this.dump, isNew: true, code: null, remarks };
  }

  note(words: readonly string[], run: Omit<KnownRun, "program">, witness: Witness): void {
    const program = this.programKey(this.inOrder());
    if (program === null || !this.store.has(program)) return;
    const bytes = noteRun(this.store, words, { ...run, program }, witness);
    if (bytes > 0) new Cache(cacheDir(), cacheLimit(), thisBuild()).added(bytes);
  }

  /** Leaves of what is in the cache for the program only what can be read. */
  discardDamaged(): void {
    for (const key of new Set([...this.keys.values(), ...this.init.keys.values()])) {
      for (const name of recordsOf(key)) this.store.read(name);
    }
  }

  private async buildAll(packages: readonly LoadedPackage[]): Promise<LinkedModule> {
    this.startThreads(packages);
    if (this.threads === null) this.useParts(packages);
    let linked = await this.compileAndLink(packages);
    const { missing } = linked;
    const lacking = missing.filter((sym) =>
      [...this.partial.keys()].some((pkg) => sym.includes(`${pkg.compilerPath}.`)),
    );
    if (lacking.length > 0) {
      // Something that names did not tell.
      if (process.env.GOESC_TRACE) process.stderr.write(`goesc: compiled whole because of ${lacking.join(", ")}\n`);
      this.usePartial(new Map());
      linked = await this.compileAndLink(packages);
    }
    return linked;
  }

  /** Where not even package runtime is there, there is much to do. */
  private startThreads(packages: readonly LoadedPackage[]): void {
    const base = packages.find((pkg) => implicit.includes(pkg.importPath));
    if (base === undefined || hasRecords(this.store, this.keys.get(base.importPath)!)) return;
    this.threads = compilingThreads(this.init, fileURLToPath(import.meta.url), this.analysis.settings.jobs);
    this.threads.start();
  }

  private async compileAndLink(packages: readonly LoadedPackage[]): Promise<LinkedModule> {
    await this.compileAll(packages);
    const linked = this.link(packages);
    // What code refers to although its data-flow form did not (emittedCalls of wasm/calls.ts names what there is of that).
    const left = new Set(packages.flatMap((pkg) => this.object(pkg).left ?? []));
    const lacking = linked.missing.filter((sym) => left.has(sym));
    if (lacking.length === 0) return linked;
    await this.compileAll(packages, lacking);
    return this.link(packages);
  }

  /** Leaves out of the standard library what this program does not come to. */
  private useParts(packages: readonly LoadedPackage[], outlines = this.outlines()): void {
    if (this.request.dump !== null) return;
    const direct = new Set(packages.filter((pkg) => !isInstalled(pkg)).flatMap((pkg) => [...pkg.imports.values()]));
    const base = this.base(packages);
    const isWhole = (pkg: LoadedPackage): boolean => !isInstalled(pkg) || direct.has(pkg) || base.has(pkg);
    const { store } = this;
    const keyOf = (pkg: LoadedPackage): string => this.keys.get(pkg.importPath)!;
    this.usePartial(partialPackages({ packages, outlines, store, keyOf, isOwn: (pkg) => !isInstalled(pkg), isWhole }));
  }

  /** The same while threads have package runtime to do, which is compiled whole. */
  private async usePartsMeanwhile(packages: readonly LoadedPackage[]): Promise<void> {
    const outlines = this.outlines();
    const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    if (this.request.dump === null) await outlines.readAhead(packages, pause);
    this.useParts(packages, outlines);
  }

  private outlines(): Outlines {
    return new Outlines((path) => this.drafts.get(path) ?? this.analysis.host.fs.readFile(path));
  }

  private usePartial(partial: ReadonlyMap<LoadedPackage, PartialPackage>): void {
    this.partial = partial;
    const keys = new Map(this.keys);
    for (const [{ importPath }, { key }] of partial) keys.set(importPath, key);
    this.init = { ...this.init, keys };
    this.objects.clear();
  }

  private remarks(packages: readonly LoadedPackage[]): SiteRemarks {
    const heap = new Map<string, string>();
    for (const pkg of packages) {
      const key = remarksKey(this.init.keys.get(pkg.importPath)!);
      const bytes = this.unsaved.get(key) ?? this.store.read(key);
      if (bytes === null) continue;
      for (const [place, text] of readRemarks(bytes)) heap.set(place, text);
    }
    return heap;
  }

  /** Tells the program apart from all others; null if its packages cannot be told from other versions of themselves. */
  private programKey(packages: readonly LoadedPackage[]): string | null {
    if (this.request.dump !== null || this.drafts.size > 0 || this.unknown) return null;
    const strings = (this.request.strings ?? []).flatMap(({ variable, value }) => [variable, value]);
    const set = strings.length === 0 ? [] : [`-X ${strings.length}`, ...strings];
    return summaryKey(["program", ...set, ...packages.map((pkg) => this.keys.get(pkg.importPath)!)]);
  }

  /** Functions that are called from outside. */
  private get roots(): readonly string[] {
    return [...machineRoots, ...(this.request.threads ? threadRoots : []), "main.main"];
  }

  /** `funcs` are needed besides what the program comes to. */
  private async compileAll(packages: readonly LoadedPackage[], funcs: readonly string[] = []): Promise<void> {
    const { analysis, init, request, threads } = this;
    this.threads = null;
    await compilePackages({
      packages,
      base: this.base(packages),
      init,
      self: fileURLToPath(import.meta.url),
      jobs: analysis.settings.jobs,
      needs: firstNeeds([...this.roots, ...funcs], request.check),
      unsaved: this.unsaved,
      threads,
      prelude: threads === null ? null : () => this.usePartsMeanwhile(packages),
      isNeeded: (pkg) => this.isNeeded(pkg),
      isPruned: (pkg) => isInstalled(pkg) && !this.isDumped(pkg),
      weight: (pkg) => this.weight(pkg),
      job: (pkg, hold) => this.job(pkg, hold),
      settle: (pkg, reply) => this.settle(pkg, reply),
      object: (pkg) => this.object(pkg),
      readAhead: (pkg) => this.readAhead(pkg),
    });
    if (this.errors !== "") throw new BuildError(this.errors.trimEnd());
  }

  /** Packages that package runtime consists of: everybody calls them. */
  private base(packages: readonly LoadedPackage[]): Set<LoadedPackage> {
    return closure(packages.filter((pkg) => implicit.includes(pkg.importPath)));
  }

  /** Bytes of the source, without what is left out. */
  private weight(pkg: LoadedPackage): number {
    let known = this.weights.get(pkg);
    if (known === undefined) {
      known = 0;
      const { fs } = this.analysis.host;
      for (const file of pkg.goFiles) known += this.drafts.get(file)?.length ?? fs.stat(file)?.size ?? 0;
      this.weights.set(pkg, known);
    }
    let cut = 0;
    for (const ranges of this.partial.get(pkg)?.edition?.cuts.values() ?? [])
      for (let k = 0; k < ranges.length; k += 2) cut += ranges[k + 1] - ranges[k];
    return known - cut;
  }

  private link(packages: readonly LoadedPackage[]): LinkedModule {
    const wrong: string[] = [];
    const objects = setStrings(
      packages.map((pkg) => this.object(pkg)),
      this.request.strings ?? [],
      (variable) => wrong.push(variable),
    );
    if (wrong.length > 0) {
      const lines = wrong.map((variable) => `${variable}: cannot set with -X: not a var of type string`);
      throw new BuildError(`# ${this.main.importPath}\n${lines.join("\n")}`);
    }
    const base = this.base(packages);
    const initOrder = [...initializationOrder([...base]), ...initializationOrder(packages, base)];
    const linked = link(objects, {
      roots: this.roots,
      threads: this.request.threads,
      names: true,
      initOrder: initOrder.map((pkg) => pkg.compilerPath),
      runtimePackages: base.size,
    });
    if (process.env.GOESC_TRACE && linked.missing.length > 0)
      process.stderr.write(`goesc: undefined symbols:\n${linked.missing.map((name) => `\t${name}\n`).join("")}`);
    return linked;
  }

  /** The packages of the program, what package runtime needs first. */
  private inOrder(): LoadedPackage[] {
    return this.analysis.load.packages.filter((pkg) => pkg.goFiles.length > 0);
  }

  private readAhead(pkg: LoadedPackage): void {
    try {
      this.object(pkg);
    } catch (error) {
      if (!(error instanceof BuildError)) throw error; // whoever needs it will say so
    }
  }

  private object(pkg: LoadedPackage): PackageObject {
    const known = this.objects.get(pkg);
    if (known !== undefined) return known;
    const key = objectKey(this.init.keys.get(pkg.importPath)!);
    const bytes = this.unsaved.get(key) ?? this.store.read(key);
    if (bytes === null) throw new LostError(`goesc: what is written to ${this.store.dir} cannot be read there`);
    const object = readObject(bytes);
    this.objects.set(pkg, object);
    return object;
  }

  /** The main package, or the one whose function is asked for. */
  private isDumped(pkg: LoadedPackage): boolean {
    const { dump } = this.request;
    if (dump === null) return false;
    const inOther = dump.func.includes(".") && !dump.func.startsWith("main.");
    return inOther ? dump.func.startsWith(`${pkg.importPath}.`) : pkg === this.main;
  }

  private isNeeded(pkg: LoadedPackage): boolean {
    if (this.isDumped(pkg)) return true;
    const key = this.init.keys.get(pkg.importPath)!;
    if (this.drafts.has(pkg.goFiles[0])) return true;
    return !hasRecords(this.store, key, pkg.compilerPath !== "main");
  }

  /** Takes what became of a package; false if it has errors. */
  private settle(pkg: LoadedPackage, reply: Reply): boolean {
    if (reply.missing !== null) throw new LostError(`goesc: the summary of ${reply.missing} was lost; run again`);
    if (reply.errors !== "") {
      const { host } = this.analysis;
      const name = pkg.variant === "" ? pkg.importPath : `${pkg.importPath} ${pkg.variant}`;
      this.errors += packageHeader(name) + rewriteOutput(host, pkg.dir, reply.errors);
      return false;
    }
    const key = this.init.keys.get(pkg.importPath)!;
    if (reply.unsaved !== null) this.unsaved.set(pkg.importPath, reply.unsaved);
    for (const [name, record] of reply.unsavedRecords ?? []) this.unsaved.set(name, record);
    this.objects.delete(pkg);
    this.added += this.store.size(key) + this.store.size(objectKey(key));
    this.partial.get(pkg)?.keep();
    this.dump += reply.out;
    return true;
  }

  private job(pkg: LoadedPackage, hold: CompileJob["hold"]): Job {
    const deps = closure([pkg, ...this.analysis.load.packages.filter((p) => implicit.includes(p.importPath))]);
    const flags = (p: LoadedPackage): CompilerFlags => ({ ...noCompilerFlags, ...this.analysis.flags(p) });
    const job = jobOf({ ...this.analysis, flags }, this.unsaved, pkg);
    const edition = this.partial.get(pkg)?.edition ?? null;
    return {
      ...job,
      ...(edition === null ? {} : { unit: { ...job.unit, partial: edition.unit }, cuts: edition.cuts }),
      compile: {
        deps: [...deps].map((p) => p.importPath),
        dump: this.isDumped(pkg) ? this.request.dump : null,
        countSaved: this.request.countSaved && !pkg.isStd,
        check: this.request.check,
        threads: this.request.threads,
        embeds: { dir: pkg.dir, patterns: pkg.embeds },
        hold,
      },
      drafts: this.drafts,
      keys: this.init.keys,
    };
  }
}

/** It came with Go, and is not what the request is about. */
function isInstalled(pkg: LoadedPackage): boolean {
  return pkg.isStd && !pkg.isRequested && pkg.variant === "";
}

/** Always the first in order of import paths whose imports are done; those of `done` are. */
function initializationOrder(
  packages: readonly LoadedPackage[],
  done: ReadonlySet<LoadedPackage> = new Set(),
): LoadedPackage[] {
  const order: LoadedPackage[] = [];
  const finished = new Set(done);
  const sorted = packages.filter((pkg) => !finished.has(pkg));
  sorted.sort((a, b) => (a.compilerPath < b.compilerPath ? -1 : 1));
  while (sorted.length > 0) {
    const i = sorted.findIndex((pkg) => [...pkg.imports.values()].every((imported) => finished.has(imported)));
    if (i < 0) throw new InternalError("packages import each other");
    const [next] = sorted.splice(i, 1);
    finished.add(next);
    order.push(next);
  }
  return order;
}
