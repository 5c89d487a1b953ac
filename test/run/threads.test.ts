/** Programs on several threads (`goesc run -threads`). Reads the built command: `npm run build` comes first. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const goesc = join(here, "..", "..", "dist", "goesc.js");
const goroot = findGoroot();

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function spawn(command: string, args: readonly string[], input = ""): Outcome {
  const env = { ...process.env, GOTRACEBACK: "all" };
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: "utf8", input, env, timeout: 240_000 });
  return { stdout, stderr, status };
}

const onThreads = (count: number, name: string, flags: readonly string[] = [], input = ""): Outcome =>
  spawn(process.execPath, [goesc, "run", `-threads=${count}`, ...flags, join(here, "threads", `${name}.go`)], input);

describe.skipIf(goroot === null || !existsSync(goesc))("threads", { timeout: 300_000 }, () => {
  let work = "";
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), "goesc-threads-"));
  });
  afterAll(() => rmSync(work, { recursive: true }));

  function native(name: string, input = ""): Outcome {
    const binary = join(work, name);
    const built = spawn(join(goroot!, "bin", "go"), ["build", "-o", binary, join(here, "threads", `${name}.go`)]);
    expect(built).toEqual({ stdout: "", stderr: "", status: 0 });
    return spawn(binary, [], input);
  }

  it("compute what the real program computes", () => {
    const want = native("work");
    expect(want.status).toBe(0);
    for (const count of [1, 2, 4]) expect(onThreads(count, "work")).toEqual(want);
  });

  it("keep the heap sound while all of them allocate", () => {
    const { stderr, status } = onThreads(3, "work", ["-check", "-gc-stress=500"]);
    expect([stderr, status]).toEqual(["", 0]);
  });

  it("take no number for an object that is free", () => {
    expect(onThreads(4, "values")).toEqual({ stdout: "", stderr: "10000\n", status: 0 });
  });

  it("run goroutines at the same time", () => {
    // Whose stack another thread is on cannot be shown.
    const { stderr, status } = onThreads(2, "apart");
    expect(status).toBe(2);
    expect(stderr).toContain("panic: seen\n");
    expect(stderr).toContain("\tgoroutine running on other thread; stack unavailable\n");
  });

  it("share the descriptors of the first one", () => {
    const input = "a\nb\n";
    expect(onThreads(3, "files", [], input)).toEqual(native("files", input));
  });

  it("find out that nobody can go on", () => {
    const { stderr, status } = onThreads(3, "deadlock");
    expect(status).toBe(2);
    expect(stderr).toContain("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\n");
    expect(stderr).toContain("\ngoroutine 7 [chan receive]:\n");
  });

  it("meet in maps", () => {
    const { stderr, status } = onThreads(2, "maps");
    expect([stderr.split("\n")[0], status]).toEqual(["fatal error: concurrent map writes", 2]);
  });

  it("are counted and do not go with a seed", () => {
    expect(onThreads(17, "maps")).toMatchObject({ status: 2, stderr: expect.stringContaining("at most 16") });
    expect(onThreads(2, "maps", ["-seed=1"])).toMatchObject({ status: 2, stderr: expect.stringContaining("-seed") });
  });
});
