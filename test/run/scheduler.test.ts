/** The scheduler: who runs next, and what follows from a seed. Reads the built command: `npm run build` comes first. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const goesc = join(here, "..", "..", "dist", "goesc.js");
const goroot = findGoroot();

function run(command: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: "utf8" });
  return `${stdout}${stderr}${status}`;
}

const goescRun = (name: string, ...flags: string[]): string =>
  run(process.execPath, goesc, "run", ...flags, join(here, "scheduler", `${name}.go`));

describe.skipIf(goroot === null || !existsSync(goesc))("scheduler", { timeout: 300_000 }, () => {
  it("runs goroutines in Go's order on one processor", () => {
    const work = mkdtempSync(join(tmpdir(), "goesc-scheduler-"));
    const native = join(work, "order");
    expect(run(join(goroot!, "bin", "go"), "build", "-o", native, join(here, "scheduler", "order.go"))).toBe("0");
    const want = run(native);
    rmSync(work, { recursive: true });
    expect(goescRun("order")).toBe(want);
  });

  it("goes on while a read of standard input waits", async () => {
    const child = spawn(process.execPath, [goesc, "run", join(here, "scheduler", "input.go")], { stdio: "pipe" });
    let output = "";
    const said = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!output.includes(text)) return;
          child.stdout.off("data", look);
          resolve();
        };
        child.stdout.on("data", look);
        look();
      });
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    await said("nothing\n");
    child.kill("SIGINT");
    await said("signal interrupt\n");
    child.stdin.write("one\ntwo\n");
    await said("line two\n");
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(output.replaceAll("nothing\n", "")).toBe("ready\nsignal interrupt\nline one\nline two\nend\n");
  });

  it("lets functions wait that do not check their stack", () => {
    expect(goescRun("nosplit")).toBe("7 true\n0");
  });

  it("lets others run soon while a program is busy with long rounds", () => {
    expect(goescRun("long")).toBe("true\n0");
  });

  it("repeats itself under a seed", () => {
    const first = goescRun("seeds", "-seed=1");
    expect(first.endsWith("\n0")).toBe(true);
    expect(goescRun("seeds", "-seed=1")).toBe(first);
    const other = goescRun("seeds", "-seed=2").split("\n");
    // Every line depends on it.
    first.split("\n").forEach((line, i) => {
      if (line !== "0") expect(other[i]).not.toBe(line);
    });
  });
});
