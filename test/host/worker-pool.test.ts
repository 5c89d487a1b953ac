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

  it("passes failures on and stays in service", async () => {
    await expect(pool.run("fail")).rejects.toThrow("no");
    await expect(pool.run("die")).rejects.toThrow("a worker ended with code 3");
    expect(await pool.run(21)).toBe(42);
  });
});
