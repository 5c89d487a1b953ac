/** Runs the analyses of a request: which packages need one, in which order, on which thread.
 *
 *  A package is ready when those it imports have summaries. Ready packages start by the length of the chain of
 *  packages that waits for them; output leaves in the order of the request, whichever is done first. */

import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { threadId, workerData } from "node:worker_threads";
import { type Build, buildOf, Cache, generationDir } from "../host/cache.ts";
import { cacheDir } from "../host/cache-dir.ts";
import { noteUse, programFile } from "../host/code-cache.ts";
import { Budget, optimizeLess } from "../host/jit.ts";
import { allocsKey, SummaryStore } from "../host/summary-store.ts";
import { serveJobs, WorkerPool } from "../host/worker-pool.ts";
import { flagOfEnv, splitTags } from "../load/load.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { PackageUnit } from "../report/analyze.ts";
import type { RemarkView } from "../report/view.ts";
import { cacheLimit } from "./cache.ts";
import { isStackOverflow } from "./crash.ts";
import { EarlyCutoff } from "./early-cutoff.ts";
import { editKey } from "./edited.ts";
import { allocsName, type Job, JobRunner, type Reply, type RunInit, type Work } from "./job.ts";
import { keptKey, readKept } from "./kept.ts";
import { type PackageKeys, packageKeys } from "./keys.ts";
import { Replay } from "./replay.ts";
import type { AnalysisRequest } from "./run.ts";
import { Task } from "./schedule.ts";
import type { Settings } from "./settings.ts";

/** Up to so many packages, or more of no more than so many bytes, are analysed in this thread: starting others would take
 *  longer. */
export const maxInThread = 2;
const maxSmall = 16;
const maxSmallBytes = 200_000;

/** Of a worker. The stack holds the recursion over trees as deep as the parser lets them be (MaxNesting); most of what
 *  a package needs is garbage when it is done, so that it pays not to copy it before. */
export const workerLimits = { stackSizeMb: 256, maxYoungGenerationSizeMb: 192 };

export async function analyzePackages(request: AnalysisRequest, keys = requestKeys(request)): Promise<void> {
  await new Run(request, runInit(request, keys), keys).run();
}

export function requestKeys(request: AnalysisRequest): PackageKeys {
  const { host, load, settings, flags, profiles } = request;
  const tags = settings.tags ?? splitTags(flagOfEnv(load.env, "tags") ?? "");
  return packageKeys(load, tags, flags, settings.goMinor ?? load.env.goroot.minor, profiles, host.fs);
}

/** What the jobs of a request share. */
export function runInit(request: AnalysisRequest, keys: PackageKeys): RunInit {
  const { load, settings } = request;
  const minor = settings.goMinor ?? load.env.goroot.minor;
  return {
    goarch: load.env.goarch,
    goroot: load.env.goroot.dir,
    goVersion: `go${load.env.goroot.version}`,
    goMinor: minor,
    goos: load.env.goos,
    embedded: load.env.goroot.embedded === undefined ? null : `${load.env.goos}/${load.env.goarch}`,
    reader: settings.reader,
    cacheDir: generationDir(cacheDir(), thisBuild()),
    profiles: request.profiles,
    keys: keys.summaries,
    replaced: request.host.replaced,
  };
}

/** The bundle that runs. */
export function thisBuild(): Build {
  return buildOf(programFile(fileURLToPath(import.meta.url)));
}

/** The worker's side. */
export function serveAnalyses(): void {
  const runner = JobRunner.create(workerData as RunInit);
  serveJobs(async (work: Work) => ({ ...(await runner).perform(work), thread: threadId }));
}

/** A reply that may have been printed before. */
interface Settled extends Reply {
  readonly printed?: Uint8Array | null;
}

const nothing = new Uint8Array();

const noReply: Reply = { out: "", errors: "", unsaved: null, missing: null };

type Execute = (job: Job) => Promise<Reply>;

class Run {
  private readonly store: SummaryStore;
  private readonly cache: Cache;
  private readonly unsaved = new Map<string, Uint8Array>();
  /** What became of packages, until it is their turn to be printed. */
  private readonly replies = new Map<LoadedPackage, Settled>();
  private readonly failed = new Set<LoadedPackage>();
  /** Packages whose output is out, or that have none. */
  private emitted = 0;
  private done = 0;
  private wanted: ReadonlySet<LoadedPackage> = new Set();
  /** Under what names the output of packages is kept. */
  private readonly keptKeys = new Map<LoadedPackage, string>();
  /** Packages whose output was kept. */
  private readonly recalled = new Set<LoadedPackage>();

  private readonly cutoff: EarlyCutoff;
  private readonly identities: ReadonlyMap<string, readonly string[]>;
  private readonly replay: Replay | null;

  constructor(
    private readonly request: AnalysisRequest,
    private readonly init: RunInit,
    keys: PackageKeys,
  ) {
    this.store = new SummaryStore(init.cacheDir);
    this.cutoff = new EarlyCutoff(this.store, keys);
    this.identities = keys.identities;
    const { host, settings, replays = false } = request;
    this.replay = replays ? new Replay(this.store, host.cwd, [JSON.stringify(settings)]) : null;
    this.cache = new Cache(cacheDir(), cacheLimit(), thisBuild());
  }

  async run(): Promise<void> {
    const { packages } = this.request.load;
    this.wanted = new Set(packages.filter((pkg) => this.isNeeded(pkg)));
    for (const pkg of this.wanted) this.recall(pkg);
    const tasks = this.plan();
    const width = Math.min(tasks.length, this.request.settings.jobs || availableParallelism());
    const self = fileURLToPath(import.meta.url);
    const pool = new WorkerPool<Job, Reply>(width, self, { workerData: this.init, resourceLimits: workerLimits });
    try {
      await this.schedule(tasks, width, await this.executor(tasks, pool));
    } finally {
      await pool.close();
    }
    let added = this.replay?.save() ?? 0;
    for (const { subject: pkg } of tasks) {
      added +=
        this.store.size(this.init.keys.get(pkg.importPath) ?? "") + this.store.size(this.keptKeys.get(pkg) ?? "");
    }
    this.cache.added(added);
  }

  /** Who does the jobs of the tasks. */
  private async executor(tasks: readonly Task<LoadedPackage>[], pool: WorkerPool<Job, Reply>): Promise<Execute> {
    // What was analysed before, with other imports, is mostly adopted.
    const packages = tasks.map((task) => task.subject).filter((pkg) => !this.mayAdopt(pkg) || !this.cutoff.knows(pkg));
    const onPool: Execute = (job) => pool.run(job);
    if (packages.length > maxInThread && !isLittle(packages)) {
      optimizeLess(Budget.Long);
      return onPool;
    }
    if (tasks.length === 0) return onPool;
    noteUse("analyze");
    const inThread = await this.inThread(pool);
    const units: PackageUnit[] = [];
    let onThreads = false;
    return (job) => {
      units.push(job.unit);
      if (!onThreads && (units.length <= Math.max(packages.length, maxInThread) || isLittle(units)))
        return inThread(job);
      if (!onThreads) optimizeLess(Budget.Long);
      onThreads = true;
      return onPool(job);
    };
  }

  /** Takes what the package said when it was last analysed, if that is known and importers need not wait for it. */
  private recall(pkg: LoadedPackage): void {
    const key = this.init.keys.get(pkg.importPath);
    const kept = keptKey(jobOf(this.request, this.unsaved, pkg), pkg, key);
    if (kept === "" || pkg.incomplete) return;
    this.keptKeys.set(pkg, kept);
    if (pkg.compilerPath !== "main" && !this.store.has(key!)) return;
    const printed = this.replay?.get(kept) ?? null;
    const out = printed === null ? readKept(this.store, kept) : "";
    if (out === null) return;
    this.recalled.add(pkg);
    this.settle(pkg, { ...noReply, out, printed });
  }

  /** Only what was kept of a package can be adopted: its summary and its output. */
  private mayAdopt(pkg: LoadedPackage): boolean {
    return !pkg.isStd && this.keptKeys.has(pkg);
  }

  /** Takes what an earlier analysis of the package gave, if what it can see of its imports was the same then. */
  private adopt(pkg: LoadedPackage): boolean {
    const earlier = this.mayAdopt(pkg) ? this.cutoff.find(pkg) : null;
    if (earlier === null) return false;
    const { store } = this;
    const earlierKept = keptKey(jobOf(this.request, this.unsaved, pkg), pkg, earlier);
    const printed = this.replay?.get(earlierKept) ?? null;
    const out = printed === null ? readKept(store, earlierKept) : "";
    if (out === null) return false;
    if (pkg.compilerPath !== "main" && !store.link(earlier, this.init.keys.get(pkg.importPath)!)) return false;
    store.link(earlierKept, this.keptKeys.get(pkg)!);
    this.replay?.link(this.keptKeys.get(pkg)!, earlierKept);
    this.cutoff.adopted(pkg, earlier);
    this.settle(pkg, { ...noReply, out, printed });
    return true;
  }

  /** Runs jobs in this thread; from the first one that takes more stack than it has, on a worker. */
  private async inThread(pool: WorkerPool<Job, Reply>): Promise<Execute> {
    let runner: JobRunner | null = await JobRunner.create(this.init);
    return async (job) => {
      try {
        if (runner !== null) return runner.run(job, false);
      } catch (error) {
        if (!isStackOverflow(error)) throw error;
        runner = null; // what it knows of other packages may be half-made
      }
      return pool.run(job);
    };
  }

  /** Packages that print are analysed in any case, others if nobody has done so before: a summary keeps no remarks. */
  private isNeeded(pkg: LoadedPackage): boolean {
    if (pkg.goFiles.length === 0) return false;
    if (pkg.isRequested || this.request.flags(pkg).m > 0) return true;
    const key = this.init.keys.get(pkg.importPath);
    if (key === undefined || !this.store.has(key)) return true;
    return this.request.findings?.callees === true && !this.store.has(allocsKey(key));
  }

  /** Tasks in the order of `packages`, with their dependencies among each other. */
  private plan(): Task<LoadedPackage>[] {
    const tasks = new Map<LoadedPackage, Task<LoadedPackage>>();
    for (const pkg of this.request.load.packages) {
      if (!this.wanted.has(pkg) || this.recalled.has(pkg)) continue;
      const task = new Task(pkg, pkg.goFiles.length);
      for (const imported of new Set(pkg.imports.values())) {
        const dependency = tasks.get(imported);
        if (dependency !== undefined) task.after(dependency);
      }
      tasks.set(pkg, task);
    }
    return [...tasks.values()];
  }

  private schedule(tasks: readonly Task<LoadedPackage>[], width: number, execute: Execute): Promise<void> {
    return Task.runAll(tasks, width, (pkg) => {
      if (this.importFailed(pkg)) {
        this.failed.add(pkg);
        this.settle(pkg, noReply);
        return null;
      }
      if (this.adopt(pkg)) return null;
      this.request.progress(this.done, pkg.importPath);
      return this.perform(pkg, execute);
    });
  }

  private async perform(pkg: LoadedPackage, execute: Execute): Promise<void> {
    const digest = !pkg.isStd;
    const whole: Job = {
      ...jobOf(this.request, this.unsaved, pkg),
      keptKey: this.keptKeys.get(pkg) ?? "",
      digest,
    };
    const key = editKey(whole, pkg, this.identities.get(pkg.importPath));
    const views = key === "" ? null : this.cutoff.importedViews(pkg);
    let reply = await execute(views === null ? whole : { ...whole, edit: { key, views } });
    // Somebody removed or damaged a summary since the run was planned: do that package first.
    if (reply.missing !== null) reply = await this.repair(reply.missing, pkg, execute);
    else if (reply.edited !== undefined) {
      noteUse("edited");
      this.cutoff.edited(pkg, reply.edited.from, reply.edited.linesMoved);
    } else if (digest && reply.errors === "" && reply.unsaved === null) this.cutoff.analysed(pkg, reply.digest ?? "");
    this.settle(pkg, reply);
  }

  /** Analyses `path` again, and whatever it turns out to need, then the package that waits for it. Who else removes
   *  summaries may do so again: what is lost twice is not left to the disk. */
  private async repair(path: string, waiting: LoadedPackage, execute: Execute): Promise<Reply> {
    const stack = [path];
    const repaired = new Set<string>();
    for (;;) {
      const next = stack.pop();
      const pkg = next === undefined ? waiting : this.request.load.packages.find((p) => p.importPath === next);
      if (pkg === undefined) throw new Error(`${next} is not part of this build`);
      const hold = next !== undefined && repaired.has(next);
      const reply = await execute({ ...jobOf(this.request, this.unsaved, pkg), hold });
      if (reply.missing !== null) {
        if (next !== undefined) stack.push(next);
        stack.push(reply.missing);
        continue;
      }
      if (next === undefined) return reply;
      if (reply.errors !== "") return { ...noReply, errors: reply.errors };
      if (reply.unsaved !== null) this.unsaved.set(next, reply.unsaved);
      repaired.add(next);
    }
  }

  private importFailed(pkg: LoadedPackage): boolean {
    if (pkg.incomplete) return true;
    for (const imported of pkg.imports.values()) if (this.failed.has(imported)) return true;
    return false;
  }

  private emit(pkg: LoadedPackage, { out, errors, findings = null, printed = null }: Settled): void {
    const key = this.failed.has(pkg) ? "" : (this.keptKeys.get(pkg) ?? "");
    const keep = (text: Uint8Array): void => this.replay?.add(key, text);
    if (out !== "" || errors !== "" || findings !== null || (printed?.length ?? 0) > 0)
      this.request.emit({ pkg, out, errors, findings, printed, keep });
    else if (pkg.isRequested) keep(nothing); // others are not asked for what they say again
  }

  private settle(pkg: LoadedPackage, reply: Settled): void {
    this.done++;
    if (reply.errors !== "") this.failed.add(pkg);
    if (reply.unsaved !== null) this.unsaved.set(pkg.importPath, reply.unsaved);
    if (reply.unsavedAllocs) this.unsaved.set(allocsName(pkg.importPath), reply.unsavedAllocs);
    this.replies.set(pkg, reply);
    const { packages } = this.request.load;
    for (; this.emitted < packages.length; this.emitted++) {
      const next = packages[this.emitted];
      if (!this.wanted.has(next)) continue;
      const settled = this.replies.get(next);
      if (settled === undefined) return;
      this.replies.delete(next);
      this.emit(next, settled);
    }
  }
}

/** Packages that take less time than it takes to start a thread. */
function isLittle(packages: readonly { readonly goFiles: readonly string[] }[]): boolean {
  if (packages.length > maxSmall) return false;
  let bytes = 0;
  for (const { goFiles } of packages) {
    for (const file of goFiles) bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes <= maxSmallBytes;
}

/** What a package's job is in a request. */
export function jobOf(request: AnalysisRequest, unsaved: ReadonlyMap<string, Uint8Array>, pkg: LoadedPackage): Job {
  const { settings, flags } = request;
  const findings = pkg.isRequested ? (request.findings ?? null) : null;
  const records = pkg.isRequested && (settings.json || settings.view !== null || findings !== null);
  const { m, e, lang, l, N, smallFrames, mutations, zeroCopy, optLog, pgo, switches } = flags(pkg);
  const imports = new Map<string, string>();
  for (const [path, imported] of pkg.imports) imports.set(path, imported.importPath);
  return {
    unit: {
      importPath: pkg.importPath,
      compilerPath: pkg.compilerPath,
      goFiles: pkg.goFiles,
      imports,
      goVersion: lang || pkg.goVersion,
      complete: pkg.complete,
      isStd: pkg.isStd,
      ...(pkg.profile === "" ? {} : { profile: pkg.profile }),
      ...assembly(request, pkg),
    },
    analyze: {
      m: records ? Math.max(m, 1) : m,
      compile: { l, N, smallFrames, mutations, zeroCopy, pgo, switches },
      explain:
        pkg.isRequested &&
        (settings.json || settings.dump !== null || settings.view?.summary === true || findings !== null),
      optLog: optLog !== "" || findings?.options.promises === true,
      comments: request.findings?.options.promises === true,
      allocs: request.findings?.callees === true || findings?.options.promises === true,
      graphs: pkg.isRequested && (settings.dump !== null || findings?.options.graphs === true),
      debug: pkg.isRequested ? settings.debug : null,
    },
    render: { json: settings.json, dump: settings.dump, debug: settings.debug !== null, view: view(settings, pkg, m) },
    allErrors: e,
    optLogDir: optLog,
    unsaved,
    findings: findings?.options ?? null,
  };
}

function assembly(request: AnalysisRequest, pkg: LoadedPackage): Pick<PackageUnit, "asm"> {
  const { goos, goarch, experiments, goroot } = request.load.env;
  if (!experiments.includes("regabiwrappers")) return {};
  const includeDirs = [request.host.paths.join(goroot.dir, "pkg", "include")];
  return { asm: { files: pkg.asmFiles, defines: [`GOOS_${goos}`, `GOARCH_${goarch}`], includeDirs } };
}

/** Packages that say nothing are not counted either. */
function view(settings: Settings, pkg: LoadedPackage, m: number): RemarkView | null {
  return settings.view?.summary && !pkg.isRequested && m === 0 ? null : settings.view;
}
