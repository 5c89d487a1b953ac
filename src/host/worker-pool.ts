/** A pool of worker threads that each run one job at a time.
 *
 *  The worker's file calls {@link serveJobs} with what a job does. Jobs start in the order of {@link WorkerPool.run};
 *  a job's failure rejects its promise and leaves the worker in service. */
import { parentPort, Worker, type WorkerOptions } from "node:worker_threads";

interface JobMessage<J> {
  readonly id: number;
  readonly job: J;
}

interface ReplyMessage<R> {
  readonly id: number;
  readonly result?: R;
  readonly error?: { readonly name: string; readonly message: string; readonly stack: string };
}

interface Pending<J, R> {
  readonly id: number;
  readonly job: J;
  /** The thread that has to do it; null for any. */
  readonly thread: number | null;
  /** It can wait until the thread has nothing else to do. */
  readonly idle: boolean;
  readonly resolve: (result: R) => void;
  readonly reject: (error: Error) => void;
}

interface Slot<J, R> {
  readonly worker: Worker;
  current: Pending<J, R> | null;
}

export class WorkerPool<J, R> {
  private readonly slots: Slot<J, R>[] = [];
  private readonly queue: Pending<J, R>[] = [];
  readonly size: number;
  private readonly file: URL | string;
  private readonly options: WorkerOptions;
  private nextId = 1;
  private closed = false;
  private looksForIdle = false;

  /** Threads start as jobs come, up to `size`. */
  constructor(size: number, file: URL | string, options: WorkerOptions = {}) {
    this.size = Math.max(1, size);
    this.file = file;
    this.options = options;
  }

  /** Starts all threads now, before there is something to do. */
  start(): void {
    for (let slot = this.grow(); slot !== null; slot = this.grow()) slot.worker.unref();
  }

  /** `thread` (worker_threads.threadId): the one that is to do it. */
  run(job: J, thread: number | null = null): Promise<R> {
    return this.enqueue(job, thread, false);
  }

  /** For a thread that would wait otherwise: whatever else it has to do goes first. */
  runIdle(job: J, thread: number): Promise<R> {
    return this.enqueue(job, thread, true);
  }

  private enqueue(job: J, thread: number | null, idle: boolean): Promise<R> {
    if (this.closed) return Promise.reject(new Error("the worker pool is closed"));
    return new Promise<R>((resolve, reject) => {
      this.queue.push({ id: this.nextId++, job, thread, idle, resolve, reject });
      this.dispatch();
    });
  }

  /** Ends the threads; jobs not done are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    const error = new Error("the worker pool was closed");
    for (const pending of this.queue.splice(0)) pending.reject(error);
    const slots = this.slots.splice(0);
    for (const slot of slots) slot.current?.reject(error);
    await Promise.all(slots.map((slot) => slot.worker.terminate()));
  }

  /** Who hears of a job that is done may have the next one for its thread: only then it is idle. */
  private dispatch(): void {
    this.assign(false);
    if (this.looksForIdle || this.queue.every(({ idle }) => !idle)) return;
    this.looksForIdle = true;
    setImmediate(() => {
      this.looksForIdle = false;
      this.assign(true);
    });
  }

  private assign(idle: boolean): void {
    const waiting = this.queue.splice(0);
    for (const pending of waiting) {
      if (pending.idle !== idle) {
        this.queue.push(pending);
        continue;
      }
      const { thread } = pending;
      if (thread !== null && !this.slots.some(({ worker }) => worker.threadId === thread)) {
        pending.reject(new Error("a worker ended before its work was done"));
        continue;
      }
      const slot = this.slotFor(pending);
      if (slot === null) {
        this.queue.push(pending);
        continue;
      }
      slot.current = pending;
      slot.worker.ref();
      const message: JobMessage<J> = { id: pending.id, job: pending.job };
      slot.worker.postMessage(message);
    }
  }

  private slotFor({ thread }: Pending<J, R>): Slot<J, R> | null {
    if (thread !== null) {
      const own = this.slots.find(({ worker }) => worker.threadId === thread);
      return own === undefined || own.current !== null ? null : own;
    }
    return this.slots.find((candidate) => candidate.current === null) ?? this.grow();
  }

  private grow(): Slot<J, R> | null {
    if (this.slots.length >= this.size) return null;
    const slot: Slot<J, R> = { worker: new Worker(this.file, this.options), current: null };
    slot.worker.on("message", (reply: ReplyMessage<R>) => this.finish(slot, reply));
    slot.worker.on("error", (error: Error) => this.lose(slot, error));
    slot.worker.on("exit", (code) => this.lose(slot, new Error(`a worker ended with code ${code}`)));
    this.slots.push(slot);
    return slot;
  }

  private finish(slot: Slot<J, R>, reply: ReplyMessage<R>): void {
    const pending = slot.current;
    if (pending === null || pending.id !== reply.id) return;
    slot.current = null;
    slot.worker.unref(); // an idle thread does not keep the process alive
    if (reply.error === undefined) {
      pending.resolve(reply.result as R);
    } else {
      const error = new Error(reply.error.message);
      error.name = reply.error.name;
      error.stack = reply.error.stack;
      pending.reject(error);
    }
    this.dispatch();
  }

  private lose(slot: Slot<J, R>, error: Error): void {
    const index = this.slots.indexOf(slot);
    if (index < 0) return;
    this.slots.splice(index, 1);
    slot.current?.reject(error);
    slot.current = null;
    if (!this.closed) this.dispatch();
  }
}

/** The worker's side: answers each job with what `handle` returns or throws. */
export function serveJobs<J, R>(handle: (job: J) => R | Promise<R>): void {
  const port = parentPort;
  if (port === null) throw new Error("serveJobs runs in a worker thread");
  port.on("message", async ({ id, job }: JobMessage<J>) => {
    let reply: ReplyMessage<R>;
    try {
      reply = { id, result: await handle(job) };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      reply = { id, error: { name: error.name, message: error.message, stack: error.stack ?? error.message } };
    }
    port.postMessage(reply);
  });
}
