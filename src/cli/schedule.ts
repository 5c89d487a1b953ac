/** Runs tasks that wait for each other, several at a time: a task starts when those it waits for are done; of those
 *  that are ready, the one with the longest chain of tasks behind it goes first. */

export class Task<T> {
  /** Tasks it waits for that are not done. */
  private waiting = 0;
  private readonly dependents: Task<T>[] = [];
  /** Weight of the heaviest chain of tasks from here on. */
  private chain = 0;

  constructor(
    readonly subject: T,
    /** May change while tasks run: {@link Task.weigh}. */
    public weight: number,
  ) {}

  /** This task starts after `other`, which was made before it. */
  after(other: Task<T>): void {
    other.dependents.push(this);
    this.waiting++;
  }

  /** Finds which tasks have most to do behind them. `tasks` in an order in which each stands behind those it waits for. */
  static weigh(tasks: readonly Task<unknown>[]): void {
    for (let i = tasks.length - 1; i >= 0; i--) {
      const task = tasks[i];
      task.chain = 0;
      for (const dependent of task.dependents) task.chain = Math.max(task.chain, dependent.chain);
      task.chain += task.weight;
    }
  }

  /** `tasks` in an order in which each stands behind those it waits for. `execute` starts a task; where it returns null
   *  there was nothing to do. Rejects with the first failure. */
  static runAll<T>(
    tasks: readonly Task<T>[],
    width: number,
    execute: (subject: T) => Promise<void> | null,
  ): Promise<void> {
    Task.weigh(tasks);
    return new Promise<void>((resolve, reject) => {
      const ready = tasks.filter((task) => task.waiting === 0);
      let running = 0;
      let left = tasks.length;
      const finish = (task: Task<T>): void => {
        left--;
        for (const dependent of task.dependents) if (--dependent.waiting === 0) ready.push(dependent);
      };
      const start = (): void => {
        ready.sort((a, b) => b.chain - a.chain);
        while (running < width && ready.length > 0) {
          const task = ready.shift() as Task<T>;
          const work = execute(task.subject);
          if (work === null) {
            finish(task);
            continue;
          }
          running++;
          work.then(() => {
            running--;
            finish(task);
            start();
          }, reject);
        }
        if (left === 0) resolve();
      };
      start();
    });
  }
}
