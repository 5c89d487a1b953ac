/** Compiles packages of a program over threads, and of the standard library only those functions that the program comes to.
 *
 *  First packages are analysed, each when those that it imports have summaries, and stay with the thread that has done so.
 *  Then the threads find out together which functions are needed (wasm/demand.ts), building them as they go. Compiling
 *  comes last, each package after those that its code calls. A package that was compiled before may turn out to lack
 *  what this program needs; then it is compiled again, with all its functions. */
import { availableParallelism } from "node:os";
import { noteUse } from "../host/code-cache.ts";
import { Budget, collectLess, optimizeLess } from "../host/jit.ts";
import { WorkerPool } from "../host/worker-pool.ts";
import type { LoadedPackage } from "../load/package.ts";
import { Demand, type News, noNews, ObjectSource } from "../wasm/demand.ts";
import type { PackageObject } from "../wasm/object.ts";
import { maxInThread, workerLimits } from "./analyze.ts";
import type { CompileJob } from "./backend.ts";
import { isStackOverflow } from "./crash.ts";
import { type Job, JobRunner, type Reply, type RunInit, type Work } from "./job.ts";
import { Task } from "./schedule.ts";

/** Bytes of source that threads hold at the same time, at most; of what is more each package is compiled, whole, right
 *  after its analysis. */
const maxHeld = 16 << 20;

/** Stands for this thread among the threads of workers. */
const here = -1;

/** For how long a thread looks for what is needed while others have the packages that it waits for, in ms. */
const idleLimit = 20;

export interface CompileRequest {
  /** All of the program. */
  readonly packages: readonly LoadedPackage[];
  /** Every package's code calls these. */
  readonly base: ReadonlySet<LoadedPackage>;
  readonly init: RunInit;
  /** The bundle that workers run. */
  readonly self: string;
  /** Threads, at most; 0 for as many as there are processors. */
  readonly jobs: number;
  /** What comes from outside (firstNeeds of wasm/demand.ts). */
  readonly needs: News;
  readonly unsaved: ReadonlyMap<string, Uint8Array>;
  /** Threads that have been started for it. */
  readonly threads: CompilingThreads | null;
  /** Finds out what there is to do besides `base`; null if that is known. */
  readonly prelude: (() => Promise<void>) | null;
  isNeeded(pkg: LoadedPackage): boolean;
  /** Functions that this program does not come to may be left out. */
  isPruned(pkg: LoadedPackage): boolean;
  /** Bytes of source, as far as it is compiled. */
  weight(pkg: LoadedPackage): number;
  job(pkg: LoadedPackage, hold: CompileJob["hold"]): Job;
  /** Takes what became of a package; false if it has errors. */
  settle(pkg: LoadedPackage, reply: Reply): boolean;
  /** What was compiled, now or before. */
  object(pkg: LoadedPackage): PackageObject;
  /** There is time to take up what was compiled. */
  readAhead(pkg: LoadedPackage): void;
}

/** Threads that have begun before it is known what there is to do: a job says which keys packages have. */
export type CompilingThreads = WorkerPool<Work, Reply | (News & { thread?: number })>;

export function compilingThreads(init: RunInit, self: string, jobs: number, most = Infinity): CompilingThreads {
  optimizeLess(Budget.Build);
  collectLess();
  const width = Math.min(Math.max(most, 1), jobs || availableParallelism());
  return new WorkerPool(width, self, { workerData: init, resourceLimits: workerLimits });
}

/** Throws nothing for errors in packages: `settle` has been told. */
export async function compilePackages(request: CompileRequest): Promise<void> {
  try {
    await new Compilation(request).run();
  } catch (error) {
    // On this thread's own stack; what it knows of packages may be half-made.
    if (!isStackOverflow(error)) throw error;
    await new Compilation({ ...request, threads: null }, false).run();
  }
}

/** A thread that holds packages, or the objects of those that are compiled. */
interface Party {
  readonly thread: number | null;
  /** How much of the log it knows. */
  heard: number;
  /** It has packages that it was not asked about, or did not come to an end with a question. */
  isFresh: boolean;
  /** Whether it is being asked while packages are analysed. */
  isAsked: boolean;
  /** `limit`: not before it has nothing else to do, and for so many milliseconds at most. */
  ask(news: News, limit?: number): Promise<News>;
}

class Compilation {
  private pool: CompilingThreads | null;
  private runner: JobRunner | null = null;
  private readonly held = new Map<LoadedPackage, number>();
  private readonly failed = new Set<LoadedPackage>();
  private readonly objects = new Map<LoadedPackage, ObjectSource>();
  private readonly parties: Party[] = [];
  private readonly known = new Demand();
  /** What was told, and by whom. */
  private readonly log: { readonly from: Party | null; readonly news: News }[] = [];
  private isEager = false;
  private isAnalysing = false;
  /** Questions that are asked meanwhile. */
  private asked: Promise<void>[] = [];

  constructor(
    private readonly request: CompileRequest,
    private readonly mayStayHere = true,
  ) {
    this.pool = request.threads;
  }

  async run(): Promise<void> {
    const { packages, isNeeded, needs, prelude } = this.request;
    let wanted = new Set(packages.filter((pkg) => prelude !== null || isNeeded(pkg)));
    let weight = 0;
    for (const pkg of wanted) weight += this.request.weight(pkg);
    this.isEager = weight > maxHeld;
    const ask = async (news: News): Promise<News> => this.known.round(news);
    this.parties.push({ thread: null, heard: 0, isFresh: true, isAsked: false, ask });
    this.log.push({ from: null, news: needs });
    const whole = new Set<LoadedPackage>(packages.filter((pkg) => !this.request.isPruned(pkg)));
    try {
      for (let first = prelude; ; first = null) {
        await this.analyze(wanted, whole, first);
        if (this.failed.size > 0) return;
        for (const pkg of packages) if (!this.held.has(pkg)) this.addObject(pkg);
        await this.tellAll();
        wanted = this.lacking();
        if (wanted.size === 0) break;
        for (const pkg of wanted) whole.add(pkg);
      }
      await this.emitAll();
    } finally {
      // That takes a while; nobody has to wait for it.
      void this.pool?.close();
    }
  }

  private addObject(pkg: LoadedPackage): void {
    if (this.objects.has(pkg)) return;
    const source = new ObjectSource(this.request.object(pkg));
    this.objects.set(pkg, source);
    this.known.add(source);
    this.parties[0].isFresh = true;
  }

  /** Those whose objects lack a function that is asked for. */
  private lacking(): Set<LoadedPackage> {
    const lacking = new Set<LoadedPackage>();
    for (const [pkg, source] of this.objects) {
      if (!source.isLacking || this.held.has(pkg)) continue;
      source.isLacking = false;
      lacking.add(pkg);
    }
    return lacking;
  }

  // ------------------------------------------------------------------------------------------------ threads

  private async perform(work: Work, thread: number | null): Promise<Reply | News> {
    if (thread === here) return this.runner!.perform(work, false);
    return this.pool!.run(work, thread);
  }

  /** When the thread has nothing else to do. */
  private async performIdle(work: Work, thread: number): Promise<Reply | News> {
    if (thread === here) return this.runner!.perform(work, false);
    return this.pool!.runIdle(work, thread);
  }

  /** Makes threads ready for so many packages; how many of them. */
  private async start(count: number): Promise<number> {
    const { init, self, jobs } = this.request;
    if (this.pool === null && this.mayStayHere && count <= maxInThread) {
      noteUse("compile");
      this.runner ??= await JobRunner.create(init);
      return 1;
    }
    this.pool ??= compilingThreads(init, self, jobs, count);
    return this.pool.size;
  }

  // ------------------------------------------------------------------------------------------------ analysis

  /** `prelude` is done beside the packages of the base; which of the others are wanted is known after it. */
  private async analyze(
    wanted: ReadonlySet<LoadedPackage>,
    whole: ReadonlySet<LoadedPackage>,
    prelude: CompileRequest["prelude"],
  ): Promise<void> {
    if (wanted.size === 0) return;
    const width = await this.start(wanted.size);
    const { request } = this;
    const inThread = this.pool === null;
    const tasks: Task<LoadedPackage | null>[] = this.tasks(wanted, this.isEager);
    if (prelude !== null) {
      const task = new Task<LoadedPackage | null>(null, 0);
      for (const other of tasks) if (!request.base.has(other.subject!)) other.after(task);
      tasks.unshift(task);
    }
    this.isAnalysing = true;
    await Task.runAll(tasks, width, (pkg) => {
      if (pkg === null) return prelude!().then(() => this.weighAnew(tasks));
      if (prelude !== null && !request.isNeeded(pkg)) return null;
      if ([...pkg.imports.values()].some((imported) => this.failed.has(imported))) {
        this.failed.add(pkg);
        return null;
      }
      const hold = this.isEager ? null : whole.has(pkg) ? "all" : "asked";
      const settle = (reply: Reply): void => {
        if (!request.settle(pkg, reply)) this.failed.add(pkg);
        else if (hold !== null) this.hold(pkg, inThread ? here : reply.thread!);
        else if (this.objects.delete(pkg)) this.addObject(pkg);
      };
      const work = this.perform(request.job(pkg, hold), inThread ? here : null);
      return work.then((reply) => settle(reply as Reply));
    });
    this.isAnalysing = false;
    await Promise.all(this.asked.splice(0));
  }

  /** Now that it is known what is left out of packages. */
  private weighAnew(tasks: readonly Task<LoadedPackage | null>[]): void {
    for (const task of tasks) if (task.subject !== null) task.weight = this.request.weight(task.subject);
    Task.weigh(tasks);
  }

  private hold(pkg: LoadedPackage, thread: number): void {
    this.held.set(pkg, thread);
    const party = this.parties.find((other) => other.thread === thread);
    if (party !== undefined) party.isFresh = true;
    else {
      const ask = async (news: News, limit?: number): Promise<News> =>
        (limit === undefined
          ? await this.perform({ ask: news }, thread)
          : await this.performIdle({ ask: news, limit }, thread)) as News;
      this.parties.push({ thread, heard: 0, isFresh: true, isAsked: false, ask });
    }
    this.askIdle();
  }

  /** In an order in which each stands behind those it waits for. */
  private tasks(wanted: Iterable<LoadedPackage>, forCode: boolean): Task<LoadedPackage>[] {
    const { packages, base, weight } = this.request;
    const set = new Set(wanted);
    const tasks = new Map<LoadedPackage, Task<LoadedPackage>>();
    for (const pkg of packages) {
      if (!set.has(pkg)) continue;
      const task = new Task(pkg, weight(pkg));
      // Of the imports, one may be there while what it imports is not.
      const before = new Set(closure([...pkg.imports.values()]));
      if (forCode && !base.has(pkg)) for (const other of base) before.add(other);
      for (const imported of before) {
        const dependency = tasks.get(imported);
        if (dependency !== undefined) task.after(dependency);
      }
      tasks.set(pkg, task);
    }
    return [...tasks.values()];
  }

  // ------------------------------------------------------------------------------------------------ what is needed

  /** Until nobody has news. */
  private async tellAll(): Promise<void> {
    for (;;) {
      const rounds = this.parties
        .filter((party) => party.isFresh || party.heard < this.log.length)
        .map(async (party) => {
          const news = this.unheard(party);
          if (news !== null) this.note(party, await party.ask(news));
        });
      if (rounds.length === 0) return;
      await Promise.all(rounds);
    }
  }

  private note(party: Party, reply: News): void {
    party.isFresh ||= reply.isUnfinished === true;
    if (reply.funcs.length + reply.data.length + reply.uses.length > 0) this.log.push({ from: party, news: reply });
  }

  /** While threads wait for packages, they follow what is needed of those they have. */
  private askIdle(): void {
    for (const party of this.parties) {
      if (party.isAsked || party.thread === null || party.thread === here) continue;
      party.isAsked = true;
      const asked = this.askWhileAnalysing(party);
      asked.catch(() => {}); // somebody waits for it later
      this.asked.push(asked);
    }
  }

  private async askWhileAnalysing(party: Party): Promise<void> {
    while (this.isAnalysing) {
      const news = this.unheard(party);
      if (news === null) break;
      this.note(party, await party.ask(news, idleLimit));
      this.askIdle();
    }
    party.isAsked = false;
  }

  private unheard(party: Party): News | null {
    const { isFresh } = party;
    party.isFresh = false;
    const entries = this.log.slice(party.heard).filter(({ from }) => from !== party);
    party.heard = this.log.length;
    if (entries.length === 0) return isFresh ? noNews : null;
    return {
      funcs: entries.flatMap(({ news }) => news.funcs),
      data: entries.flatMap(({ news }) => news.data),
      uses: entries.flatMap(({ news }) => news.uses),
    };
  }

  // ------------------------------------------------------------------------------------------------ code

  private async emitAll(): Promise<void> {
    const { settle, unsaved, readAhead } = this.request;
    const tasks = this.tasks(this.held.keys(), true);
    const prepared = new Map<LoadedPackage, Promise<Reply>>();
    for (const { subject: pkg } of tasks) {
      const work = this.performIdle({ prepare: pkg.importPath }, this.held.get(pkg)!) as Promise<Reply>;
      work.catch(() => {}); // somebody waits for it later
      prepared.set(pkg, work);
    }
    // Each thread has its own to do; the pool lets them wait.
    await Task.runAll(tasks, tasks.length, async (pkg) => {
      const before = await prepared.get(pkg)!;
      let reply = before;
      if (before.errors === "") {
        const made = (await this.perform({ emit: pkg.importPath, unsaved }, this.held.get(pkg)!)) as Reply;
        reply = { ...made, out: before.out + made.out };
      }
      if (!settle(pkg, reply)) this.failed.add(pkg);
      else setImmediate(readAhead, pkg);
    });
  }
}

/** The packages and all that they import. */
export function closure(roots: readonly LoadedPackage[]): Set<LoadedPackage> {
  const seen = new Set<LoadedPackage>();
  const walk = (pkg: LoadedPackage): void => {
    if (seen.has(pkg)) return;
    seen.add(pkg);
    for (const imported of pkg.imports.values()) walk(imported);
  };
  for (const root of roots) walk(root);
  return seen;
}
