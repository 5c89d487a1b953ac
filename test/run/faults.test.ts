/** Programs that fail do it with the words and the exit code of the real toolchain's binaries, which are built and run
 *  beside them. Reads the built command: `npm run build` comes first. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findGoroot } from "../goroot.ts";
import { normalTrace, programTrace } from "./traces.ts";

const here = dirname(fileURLToPath(import.meta.url));
const goesc = join(here, "..", "..", "dist", "goesc.js");
const goroot = findGoroot();
const source = (name: string): string => join(here, "faults", `${name}.go`);

/** Recovered from, one after the other: their texts are compared. */
const recovered = `index index-negative index-array index-string index-pointer index-unsigned index-store slice-high
  slice-low slice-crossed slice-negative slice-string slice-string-low slice-string-cross slice-array slice3-max slice3-high
  slice3-low slice3-array slice-to-array slice-to-pointer nil-read nil-write nil-method nil-value-method nil-wrapper
  nil-interface nil-map nil-func divide modulo shift assert assert-nil assert-interface assert-nil-iface assert-from
  assert-stringer unhashable uncomparable make-len make-huge make-cap make-chan grow-huge repeat send-closed
  send-select-closed send-waits-closed close-nil close-closed group-negative panic-nil panic-struct`.split(/\s+/);

const fatal = `index slice-crossed nil-read nil-read-second nil-write nil-wrapper nil-interface nil-map nil-func nil-go
  nil-defer divide assert make-len send-select-closed panic-string panic-custom-error panic-stringer panic-float
  panic-complex panic-named panic-celsius panic-flag panic-struct panic-pointer panic-slice panic-nil panic-rune panic-exit
  exit-deferred nested nested-recovered recovered-then-panic repanic repanic-error repanic-wrapped repanic-twice goroutine
  goroutine-arg goexit-main goexit-deferred goexit-panic goexit-recover deadlock-receive deadlock-nil deadlock-nilsend
  deadlock-select deadlock-cases deadlock-mutex deadlock-rlock deadlock-rwlock deadlock-group deadlock-cond deadlock-several
  unlock unlock-rw runlock group-negative exit exit-256`.split(/\s+/);

/** The runtime's own frames are in these reports. */
const internal = ["overflow", "overflow-two", "panic-angry", "panic-error-nil"];

const races = ["map-writes", "map-write-read", "map-string", "map-iteration", "map-many"];

/** Signals that a program gets at once. */
type Sent = readonly NodeJS.Signals[];

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** With the nth line that it prints, the program gets the nth of `signals`. */
function run(
  command: string,
  args: readonly string[],
  signals: readonly Sent[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      const before = out.split("\n").length;
      out += data;
      for (const sent of signals.slice(before - 1, out.split("\n").length - 1))
        for (const name of sent) child.kill(name);
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
}

const goescRun = (program: string, args: readonly string[], signals?: readonly Sent[]): Promise<Outcome> =>
  run(process.execPath, [goesc, "run", source(program), ...args], signals);

/** Runs `check` for all, two at a time. */
async function inPairs<T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const work = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await check(item);
  };
  await Promise.all([work(), work()]);
}

describe.skipIf(goroot === null || !existsSync(goesc))("faults", { timeout: 300_000 }, () => {
  let work = "";
  const native = (name: string): string => join(work, name);

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), "goesc-faults-"));
    for (const name of ["faults", "signals", "args"]) {
      const go = join(goroot!, "bin", "go");
      const { code, err } = await run(go, ["build", "-o", native(name), source(name)]);
      expect(`${code} ${err}`).toBe("0 ");
      await goescRun(name, ["exit"]); // fills the cache
    }
  }, 300_000);
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  async function compare(name: string, report: (text: string) => string): Promise<void> {
    const [want, got] = [await run(native("faults"), [name]), await goescRun("faults", [name])];
    const text = (o: Outcome): string => `${name}: ${o.code} ${o.signal}\n${o.out}--\n${report(o.err)}`;
    expect(text(got)).toBe(text(want));
  }

  it("gives what is recovered the real texts", async () => {
    const args = ["texts", ...recovered];
    const [want, got] = [await run(native("faults"), args), await goescRun("faults", args)];
    expect(got).toEqual(want);
    expect(want.out.split("\n").length).toBe(recovered.length + 1);
  });

  it("ends with the real report and code", async () => {
    await inPairs(fatal, (name) => compare(name, (text) => normalTrace(text, false)));
  });

  it("reports failures of the runtime itself", async () => {
    await inPairs(internal, (name) => compare(name, (text) => normalTrace(programTrace(text), false)));
  });

  it("shows the words of arguments", async () => {
    const names =
      `ints str many structs iface unused array bigs method value generic result index inlined cplx param loop
      moved repeat`.split(/\s+/);
    const [want, got] = [await run(native("args"), names), await goescRun("args", names)];
    expect(got.out.split("\n").length).toBeGreaterThan(100);
    expect(normalTrace(got.out, true)).toBe(normalTrace(want.out, true));
  });

  it("shows as much as GOTRACEBACK asks for", async () => {
    const levels = ["none", "single", "all", "system", "crash", "2", "other"];
    await inPairs(levels, async (level) => {
      const env = { ...process.env, GOTRACEBACK: level };
      const report = (text: string): string =>
        normalTrace(/^(?:none|single|all|other)$/.test(level) ? text : programTrace(text), false);
      for (const name of ["deadlock-several", "unlock"]) {
        const want = await run(native("faults"), [name], [], env);
        const got = await run(process.execPath, [goesc, "run", source("faults"), name], [], env);
        expect({ level, name, ...got, err: report(got.err) }).toEqual({ level, name, ...want, err: report(want.err) });
      }
    });
  });

  it("names files that are in the way, never its own", async () => {
    for (const flag of ["-memprofile=/nowhere/x", "-allocs=/nowhere/x"]) {
      const { code, err } = await run(process.execPath, [goesc, "run", flag, source("faults"), "exit-256"]);
      expect([code, err]).toEqual([2, "goesc: ENOENT: no such file or directory, open '/nowhere/x'\n"]);
    }
  });

  it("notices concurrent use of maps", async () => {
    // On one processor goroutines would hardly ever meet there.
    const env = { ...process.env, GOMAXPROCS: "2" };
    await inPairs(races, async (name) => {
      const { code, err } = await run(process.execPath, [goesc, "run", source("faults"), name], [], env);
      expect(`${name}: ${code} ${err}`).toMatch(
        /: 2 fatal error: concurrent map (?:writes|read and map write|iteration and map write)\n\ngoroutine \d+ \[running\]:\ninternal\/runtime\/maps\.fatal\(/,
      );
    });
  });

  it("runs out of memory as Go does", async () => {
    const kinds = ["list", "append", "large", "huge", "goroutines", "stack", "map"];
    await inPairs(kinds, async (kind) => {
      const args = ["run", "-max-memory=64MiB", source("memory"), kind];
      const { code, err } = await run(process.execPath, [goesc, ...args]);
      expect(`${code} ${err}`).toMatch(
        /^2 runtime: out of memory: cannot allocate \d+-byte block \(\d+ in use\)\nfatal error: out of memory\n\nruntime stack:\n(?:.*\n)*main\./,
      );
    });
  });

  it("ends what runs for too long", async () => {
    await inPairs(["spin", "spincount", "sleep"], async (kind) => {
      const args = ["run", "-timeout=300ms", source("signals"), kind];
      const { code, err } = await run(process.execPath, [goesc, ...args]);
      expect([code, err]).toEqual([124, "goesc: timeout: the program ran for 0.3 s\n"]);
    });
  });

  it("answers signals as the real program", async () => {
    const cases: [string, ...Sent[]][] = [
      ["sleep", ["SIGINT"]],
      ["spin", ["SIGTERM"]],
      ["spincount", ["SIGHUP"]],
      ["unheard", ["SIGUSR1", "SIGUSR2"], ["SIGINT"]],
      ["notify", ["SIGUSR1"], ["SIGHUP"]],
      ["notify", ["SIGINT"], ["SIGQUIT"]],
      ["context", ["SIGINT"]],
      ["ignore", ["SIGINT"]],
      ["busynotify", ["SIGINT"]],
      ["self"],
    ];
    await inPairs(cases, async ([kind, ...signals]) => {
      const want = await run(native("signals"), [kind], signals);
      expect({ kind, signals, ...(await goescRun("signals", [kind], signals)) }).toEqual({ kind, signals, ...want });
    });
  });

  it("shows its goroutines on SIGQUIT", async () => {
    await inPairs(["sleep", "spin", "chan"], async (kind) => {
      const { code, err } = await goescRun("signals", [kind], [["SIGQUIT"]]);
      expect([code, err]).toEqual([2, expect.stringMatching(/^SIGQUIT: quit\nPC=0x[0-9a-f]+ m=0 sigcode=0\n/)]);
      expect(err).toMatch(
        /\ngoroutine 1 gp=.* \[(?:sleep|running|chan receive)\]:\n(?:.*\n)*main\.main\(\)\n\t\S*signals\.go:/,
      );
    });
  });
});
