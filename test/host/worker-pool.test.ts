import { afterAll, describe, expect, it } from "vitest";
import { WorkerPool } from "../../src/host/worker-pool.ts";

/** The worker's side of the protocol, without a build step. */
const worker = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", ({ id, job }) => {
    if (job === "die") process.exit(3);
    if (job === "fail") parentPort.postMessage({ id, error: { name: "RangeError", message: "no", stack: "" } });
    else parentPort.postMessage({ id, result: job * 2 });
  });`;

describe("WorkerPool", () => {
  const pool = new WorkerPool<number | string, number>(2, worker, { eval: true });
  afterAll(() => pool.close());

  it("runs more jobs than it has threads", async () => {
    expect(await Promise.all([1, 2, 3, 4, 5].map((n) => pool.run(n)))).toEqual([2, 4, 6, 8, 10]);
  });

  it("does what can wait only when the thread has nothing else to do", async () => {
    const tellsThread = `
      const { parentPort, threadId } = require("node:worker_threads");
      parentPort.on("message", ({ id }) => parentPort.postMessage({ id, result: threadId }));`;
    const one = new WorkerPool<number, number>(1, tellsThread, { eval: true });
    const done: number[] = [];
    const thread = await one.run(0);
    const note = (n: number) => () => void done.push(n);
    const idle = [1, 2].map((n) => one.runIdle(n, thread).then(note(n)));
    // Each is only known when the one before it is done.
    await one.run(3, thread).then(note(3));
    await one.run(4, thread).then(note(4));
    await Promise.all(idle);
    await one.close();
    expect(done).toEqual([3, 4, 1, 2]);
  });

  it("passes failures on and stays in service", async () => {
    await expect(pool.run("fail")).rejects.toThrow("no");
    await expect(pool.run("die")).rejects.toThrow("a worker ended with code 3");
    expect(await pool.run(21)).toBe(42);
  });
});
