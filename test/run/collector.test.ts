/** The collector while a program moves its pointers about: each cycle's marks are verified (`-check`), cycles begin all
 *  the time and go on in small steps (`-gc-stress`). Reads the built command: `npm run build` comes first. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const testdata = join(here, "collector");
const goesc = join(here, "..", "..", "dist", "goesc.js");

function run(name: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, [goesc, "run", ...flags, join(testdata, name)], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

describe.skipIf(findGoroot() === null || !existsSync(goesc))("the collector", () => {
  it.each([[[]], [["-check", "-gc-stress=7"]], [["-check", "-gc-stress=50"]]])(
    "marks what is moved about: %s",
    { timeout: 300_000 },
    (flags) => {
      const { stdout, stderr, status } = run("barriers.go", flags);
      expect(`${stdout}${stderr}`).toBe(readFileSync(join(testdata, "barriers.want"), "utf8"));
      expect(status).toBe(0);
    },
  );

  it.each([[[]], [["-check", "-gc-stress=1000"]]])(
    "takes the pages that Go takes, and counts them: %s",
    { timeout: 300_000 },
    (flags) => {
      const { stdout, stderr, status } = run("pages.go", flags);
      expect(`${stdout}${stderr}`).toBe(readFileSync(join(testdata, "pages.want"), "utf8"));
      expect(status).toBe(0);
    },
  );

  it("leaves alone what is on its way from a frame to the heap", { timeout: 300_000 }, () => {
    const { stdout, stderr } = run("frames.go", ["-gc-stress=3"]);
    expect(`${stdout}${stderr}`).toBe("0 wrong\n");
  });

  it("stops the program for moments, keeps to a memory limit, and counts", { timeout: 300_000 }, () => {
    const { stdout, stderr } = run("limits.go");
    expect(`${stdout}${stderr}`).toBe(readFileSync(join(testdata, "limits.want"), "utf8"));
  });

  it.each(["0", "1"])("sweeps after a forced cycle, with gcstoptheworld=%s", { timeout: 300_000 }, (stop) => {
    const { stdout } = run("sweeps.go", [], { GODEBUG: `gcstoptheworld=${stop}` });
    expect(stdout).toBe("freed: true\nfinalized\n");
  });

  it("collects every two minutes, and sees how long goroutines wait", { timeout: 300_000 }, () => {
    const { stdout } = run("clock.go", [], { GOESC_CLOCK: "200" });
    expect(stdout).toBe("2 collections, 0 forced\ngoroutine 7 [chan receive, 5 minutes]:\n");
  });

  it("releases what is free", { timeout: 300_000 }, () => {
    const { stdout, stderr } = run("released.go", [], { GOESC_CLOCK: "100", GODEBUG: "scavtrace=1" });
    expect(stdout).toBe("released: true true\nwithin the limit: true\n");
    expect(stderr).toMatch(/^(?:scav \d+ KiB work \(bg\), \d+ KiB work \(eager\), \d+ KiB now, \d+% util\n)+$/);
    expect(stderr).toMatch(/^scav \d{5,} KiB work/m);
  });

  it("says what it does in Go's words", { timeout: 300_000 }, () => {
    const { stderr } = run("barriers.go", [], { GODEBUG: "gctrace=1" });
    const lines = String(stderr).match(/^gc .*$/gm) ?? [];
    expect(lines.length).toBeGreaterThan(4);
    const time = String.raw`(?:\d+|0\.\d{1,3}|\d\.\d)`;
    const line = new RegExp(
      String.raw`^gc \d+ @\d+\.\d{3}s \d+%: ${time}\+${time}\+${time} ms clock, ` +
        String.raw`${time}\+${time}/${time}/${time}\+${time} ms cpu, ` +
        String.raw`\d+->\d+->\d+ MB, \d+ MB goal, \d+ MB stacks, \d+ MB globals, \d+ P(?: \(forced\))?$`,
    );
    for (const text of lines) expect(text).toMatch(line);
  });

  it("keeps to its goal while the heap grows", { timeout: 300_000 }, () => {
    const { stderr } = run("growing.go", [], { GODEBUG: "gctrace=1" });
    const cycles = [...String(stderr).matchAll(/ \d+->(\d+)->\d+ MB, (\d+) MB goal/g)];
    const large = cycles.map(([, end, goal]) => ({ end: Number(end), goal: Number(goal) })).filter((c) => c.goal >= 16);
    expect(large.length).toBeGreaterThan(1);
    expect(large.filter(({ end, goal }) => end > goal * 1.1)).toEqual([]);
  });

  it("begins late, so that little is born marked", { timeout: 300_000 }, () => {
    const { stderr } = run("growing.go", [], { GODEBUG: "gctrace=1" });
    const cycles = [...String(stderr).matchAll(/ (\d+)->\d+->(\d+) MB, (\d+) MB goal/g)];
    const marked = cycles.slice(0, -1).map(([, , after]) => Number(after));
    const starts = cycles.slice(1).map(([, start, , goal], i) => ({
      goal: Number(goal),
      way: (Number(start) - marked[i]) / (Number(goal) - marked[i]),
    }));
    const large = starts.filter(({ goal }) => goal >= 32);
    expect(large.length).toBeGreaterThan(0);
    expect(large.filter(({ way }) => way < 0.8)).toEqual([]);
  });

  it("ends as Go does when there is no more memory", { timeout: 300_000 }, () => {
    const small = run("memory.go", ["-max-memory", "64MiB"]);
    expect(small.stdout).toBe("garbage is no problem\n");
    expect(small.stderr).toMatch(
      /^runtime: out of memory: cannot allocate \d+-byte block \(\d+ in use\)\nfatal error: out of memory\n\nruntime stack:\n/,
    );
    expect(small.stderr).toMatch(/\ngoroutine 1 .*\n(?:.*\n)*main\.main\(\)\n/);
    expect(small.status).toBe(2);
  });
});
