/** Makes the summaries that are missing, here and with the help of other threads, packages before those that import them
 *  and the longest chains first. */
import type { LoadedPackage } from "../../load/package.ts";
import type { Helpers, SummaryReply } from "./helpers.ts";

export interface Missing {
  readonly pkg: LoadedPackage;
  /** "" if it is not to be kept. */
  readonly key: string;
  /** It consists of files as they are on disk. */
  readonly isSaved: boolean;
}

export interface Workplace {
  /** Null to do all here. */
  readonly helpers: Helpers | null;
  post(helper: number, missing: Missing): void;
  /** It was given to a helper that has not answered yet, maybe by earlier work that was interrupted. */
  isPosted(missing: Missing): boolean;
  /** Makes a summary here; calls `glance` now and then. */
  make(missing: Missing, glance: () => void): void;
  take(reply: SummaryReply): void;
  /** Throws if something else has arrived. */
  checkpoint(): void;
  progress(done: number, total: number, what: string): void;
}

class Task {
  waitsFor = 0;
  readonly importers: Task[] = [];
  /** Packages in the longest chain of importers. */
  height = 1;
  state: "waiting" | "posted" | "done" = "waiting";
  constructor(readonly missing: Missing) {}
}

/** So many jobs lie at each helper: the next one when it is done with the first. */
const jobsAhead = 2;
/** For helpers, in ms. */
const patience = 60_000;

export class SummaryWork {
  private readonly tasks = new Map<string, Task>();
  private readonly byKey = new Map<string, Task>();
  private readonly load: number[];
  private done = 0;
  /** When a helper answered last, or the work began. */
  private heard = performance.now();

  /** `missing` has packages after those that they import. */
  constructor(
    missing: readonly Missing[],
    private readonly place: Workplace,
  ) {
    for (const item of missing) {
      const task = new Task(item);
      for (const imported of new Set(item.pkg.imports.values())) {
        const dependency = this.tasks.get(imported.importPath);
        if (dependency === undefined) continue;
        dependency.importers.push(task);
        task.waitsFor++;
      }
      this.tasks.set(item.pkg.importPath, task);
      if (item.key !== "") this.byKey.set(item.key, task);
      if (place.isPosted(item)) task.state = "posted";
    }
    for (const task of [...this.tasks.values()].reverse())
      for (const importer of task.importers) task.height = Math.max(task.height, importer.height + 1);
    this.load = new Array<number>(place.helpers?.width ?? 0).fill(0);
  }

  run(): void {
    const { place, tasks } = this;
    while (this.done < tasks.size) {
      this.look(1); // the second one may be for this thread
      const task = this.next(false);
      if (task !== null) {
        task.state = "posted";
        place.make(task.missing, () => this.look(jobsAhead));
        this.finish(task);
      } else if (this.isWaiting()) {
        this.collect(10);
        place.checkpoint();
      } else return; // a cycle
    }
  }

  /** Helpers are at work. One that has said nothing for long is not counted on any more. */
  private isWaiting(): boolean {
    const posted = [...this.tasks.values()].filter(({ state }) => state === "posted");
    if (posted.length === 0) return false;
    if (performance.now() - this.heard < patience) return true;
    for (const task of posted) task.state = "waiting";
    this.load.length = 0;
    return true;
  }

  /** Takes what others have done, and gives them more. */
  private look(ahead: number): void {
    this.place.checkpoint();
    this.collect(0);
    for (let jobs = 0; jobs < ahead; jobs++) {
      for (let i = 0; i < this.load.length; i++) {
        if (this.load[i] > jobs) continue;
        const task = this.next(true);
        if (task === null) return;
        task.state = "posted";
        this.load[i]++;
        this.place.post(i, task.missing);
      }
    }
  }

  private collect(ms: number): void {
    for (const { helper, reply } of this.place.helpers?.poll(ms) ?? []) {
      if (this.load[helper] > 0) this.load[helper]--;
      this.place.take(reply);
      this.heard = performance.now();
      const task = this.byKey.get(reply.key);
      if (task !== undefined) this.finish(task);
    }
  }

  /** The task that most waits for; for a helper one that it can read. */
  private next(forHelper: boolean): Task | null {
    let best: Task | null = null;
    for (const task of this.tasks.values()) {
      if (task.state !== "waiting" || task.waitsFor > 0 || (forHelper && !task.missing.isSaved)) continue;
      if (best === null || task.height > best.height) best = task;
    }
    return best;
  }

  private finish(task: Task): void {
    if (task.state === "done") return;
    task.state = "done";
    this.done++;
    this.place.progress(this.done, this.tasks.size, task.missing.pkg.importPath);
    for (const importer of task.importers) importer.waitsFor--;
  }
}
