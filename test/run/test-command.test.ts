/** `goesc test` says what `go test` says, as text and as events. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { TestEvent } from "../../src/cli/test-json.ts";
import { TestEvents } from "../../src/cli/test-json.ts";
import { findGoroot } from "../goroot.ts";

const here = dirname(fileURLToPath(import.meta.url));
const goesc = join(here, "..", "..", "dist", "goesc.js");
const cwd = join(here, "testdata", "tested");
const goroot = findGoroot();

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

const goescTest = (...args: string[]): Ran => goescIn(cwd, ...args);
const goTest = (...args: string[]): Ran => goIn(cwd, ...args);

function goescIn(cwd: string, ...args: string[]): Ran {
  return spawnSync(process.execPath, [goesc, "test", ...args], { cwd, encoding: "utf8" });
}

function goIn(cwd: string, ...args: string[]): Ran {
  const env = { ...process.env, GOFLAGS: "", CGO_ENABLED: "0" };
  return spawnSync(join(goroot ?? "", "bin", "go"), ["test", "-vet=off", "-count=1", ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
}

/** Without what differs from run to run. */
function settle(text: string): string {
  return text.replace(/\d+\.\d+s/g, "0s").replace(/0x[0-9a-f]+/g, "0x");
}

function events(text: string): string[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const { Time, Elapsed, Output, ...event } = JSON.parse(line) as TestEvent;
      expect(Time, line).toMatch(/^\d{4}-\d\d-\d\dT/);
      return JSON.stringify({ ...event, ends: Elapsed !== undefined, Output: Output && settle(Output) });
    });
}

/** Events, those about builds too, without times. */
function timed(text: string): string[] {
  const lines = text.trim().split("\n");
  return lines.map((line) => {
    const { Time, Elapsed, Output, ...event } = JSON.parse(line) as TestEvent;
    return JSON.stringify({ ...event, Output: Output && settle(Output) });
  });
}

describe.skipIf(goroot === null || !existsSync(goesc))("goesc test", { timeout: 300_000 }, () => {
  it("gives the events of go test -json", () => {
    const [mine, real] = [goescTest("-json", "./..."), goTest("-json", "./...")];
    const of = (text: string, pkg: string): string[] =>
      events(text).filter((event) => event.includes(`"Package":"${pkg}"`));
    for (const pkg of ["tested", "tested/none", "tested/only"]) {
      expect(of(real.stdout, pkg).length).toBeGreaterThan(2);
      expect(of(mine.stdout, pkg)).toEqual(of(real.stdout, pkg));
    }
    expect(mine.status).toBe(real.status);
  });

  it("prints the same text, passes flags on, and what comes after -args", () => {
    for (const args of [
      ["-v", "-run", "Join|Extra", ".", "-args", "-extra", "x", "y"],
      ["./..."],
      ["-run=Skipped", "."],
    ]) {
      const [mine, real] = [goescTest(...args), goTest(...args)];
      expect(settle(mine.stdout), args.join(" ")).toBe(settle(real.stdout));
      expect(mine.status).toBe(real.status);
    }
  });

  it("tests a command, whose functions then carry its import path", () => {
    const [mine, real] = [goescTest("-v", "./command"), goTest("-v", "./command")];
    expect(mine.stdout).toContain("tested/command.TestDouble");
    expect(settle(mine.stdout)).toBe(settle(real.stdout));
    expect(mine.status).toBe(0);
  });

  it("takes the test files of the variant that needs no assembly", () => {
    const at = join(here, "testdata", "assembly");
    const args = [goesc, "test", "-v", "./sum"];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: at, encoding: "utf8" });
    expect(stdout).toContain("--- PASS: TestOf (");
    expect(stdout).not.toContain("TestOfAssembly");
    expect(status).toBe(0);
  });

  it("hands flags that it does not know to the test program, and words that may be their values", () => {
    for (const args of [
      ["-run=Extra", "-v", "-extra", "a", "-count=1", "b", "c", "-v"],
      [".", "-run=Extra", "-v", "-extra", "a", "b", "-short"],
      ["-run=Extra", "-v", "-extra=a", "b"],
    ]) {
      const [mine, real] = [goescTest(...args), goTest(...args)];
      expect(settle(mine.stdout), args.join(" ")).toBe(settle(real.stdout));
      expect(mine.status).toBe(real.status);
    }
    expect(goescTest("-asan", ".").stderr).toContain("goesc test has no -asan");
  });

  it("ends as go test does: without packages, and at the first that fails", () => {
    for (const args of [[], ["-failfast", "./..."]]) {
      const [mine, real] = [goescTest(...args), goTest("-p=1", ...args)];
      expect(settle(mine.stdout), args.join(" ")).toBe(settle(real.stdout));
      expect(mine.status).toBe(real.status);
    }
  });

  it("tests what can be built, and says what cannot and why, as text and as events", () => {
    const dir = mkdtempSync(join(tmpdir(), "goesc-broken-"));
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    };
    const empty = 'import "testing"\n\nfunc TestA(t *testing.T) {}\n';
    write("go.mod", "module broken\n\ngo 1.26\n");
    write("wrong/a.go", 'package wrong\n\nfunc F() int { return "x" }\n');
    write("wrong/a_test.go", `package wrong\n\n${empty}`);
    write("imports/a.go", 'package imports\n\nimport _ "broken/wrong"\n');
    write("imports/a_test.go", `package imports\n\n${empty}`);
    write("only/a_test.go", 'package only\n\nimport "testing"\n\nfunc TestA(t *testing.T) { undefined() }\n');
    write("absent/a.go", 'package absent\n\nimport _ "nowhere.example/x"\n');
    write("absent/a_test.go", `package absent\n\n${empty}`);
    write("whole/a_test.go", `package whole\n\n${empty}`);
    write("signature/a_test.go", 'package signature\n\nimport "testing"\n\nfunc TestA(b *testing.B) {}\n');
    const packages = ["./absent", "./imports", "./only", "./whole", "./wrong"];
    const lines = (text: string): string[] => settle(text).trim().split("\n").sort();
    try {
      for (const [path, mine, real] of [packages, ["./signature"]].map(
        (paths) => [paths.join(), goescIn(dir, ...paths), goIn(dir, ...paths)] as const,
      )) {
        expect(lines(mine.stdout), path).toEqual(lines(real.stdout));
        expect(lines(mine.stderr), path).toEqual(lines(real.stderr));
        expect(mine.status).toBe(1);
      }
      const [mine, real] = [goescIn(dir, "-json", ...packages), goIn(dir, "-json", ...packages)];
      const sorted = (text: string): string[] => [...timed(text)].sort();
      expect(sorted(mine.stdout)).toEqual(sorted(real.stdout));
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("accounts for allocations", () => {
    const { stderr, stdout } = goescTest("-run=Join", "-allocs", ".");
    expect(stdout).toMatch(/^ok {2}\ttested\t/);
    expect(stderr).toMatch(/^ +1 +16 .*\.\/a_test\.go:11 .*|^ *\d+ +\d+ .*\.\/a\.go:10 tested\.Join/m);
    expect(stderr).toContain("kept on the stack at");
  });

  it("says which flags of go test it has not, and why", () => {
    const { stderr, status } = goescTest("-coverpkg=x", ".");
    expect(stderr).toContain("goesc test has no -coverpkg: coverage is that of the package that is tested");
    expect(status).toBe(2);
    expect(goescTest("-gc-stress=x", ".").stderr).toContain('invalid value "x" for -gc-stress');
  });
});

describe("events of tests", () => {
  const convert = (...pieces: string[]): string[] => {
    const out: string[] = [];
    const to = new TestEvents("p", ({ Action, Test = "", Output = "" }) => out.push(`${Action} ${Test} ${Output}`));
    for (const piece of pieces) to.write(new TextEncoder().encode(piece));
    to.close(1);
    return out;
  };

  it("lines may come in pieces, and begin in the midst of others", () => {
    const whole = "\x16=== RUN   TestA\nno newline\x16--- PASS: TestA (0.00s)\n\x16PASS\nok  \tp\t0.1s\n";
    const wanted = [
      "start  ",
      "run TestA ",
      "output TestA === RUN   TestA\n",
      "output TestA no newline",
      "output TestA --- PASS: TestA (0.00s)\n",
      "pass TestA ",
      "output  PASS\n",
      "output  ok  \tp\t0.1s\n",
      "pass  ",
    ];
    expect(convert(whole)).toEqual(wanted);
    expect(convert(...whole)).toEqual(wanted);
  });

  it("what looks like a verdict without its marker is output", () => {
    const out = convert("\x16=== RUN   TestA\n--- FAIL: TestB (0.00s)\nFAIL\n\x16--- PASS: TestA (0.00s)\n\x16PASS\n");
    expect(out.filter((event) => event.startsWith("fail"))).toEqual([]);
    expect(out.at(-1)).toBe("pass  ");
  });

  it("the name of a benchmark comes before its results", () => {
    expect(convert("BenchmarkX-2   \t", " 10\t 5 ns/op\nPASS\n")).toEqual([
      "start  ",
      "output  BenchmarkX-2   \t",
      "output   10\t 5 ns/op\n",
      "output  PASS\n",
      "pass  ",
    ]);
  });
});
