/** `goesc test`: builds the test program of each package and runs it, as `go test` does. */
import { basename } from "node:path";
import { type ProgramJob, runInWorker } from "../host/run-host.ts";
import { TestFileError } from "../load/testmain.ts";
import { BuildError, buildProgram, type TestedPackage, testedPackages } from "./build-program.ts";
import { runOptions, splitRunArgs } from "./run-options.ts";
import { surroundings, workerFile } from "./run-program.ts";
import type { Settings } from "./settings.ts";

/** Flags of package testing; true for those that take a value. */
const testFlags: ReadonlyMap<string, boolean> = new Map([
  ...["v", "short", "failfast", "benchmem", "fullpath"].map((name) => [name, false] as const),
  ...["run", "skip", "bench", "benchtime", "count", "cpu", "list", "parallel", "shuffle", "timeout"].map(
    (name) => [name, true] as const,
  ),
]);

const defaultTimeout = "10m0s";

/** Returns the exit code. */
export async function runTests(
  args: readonly string[],
  settingsOf: (raw: readonly string[]) => Settings,
): Promise<number> {
  const { build, words, flags, test } = splitRunArgs(args, testFlags);
  const patterns = words.length === 0 ? ["."] : words;
  const settings = settingsOf([...build, "--", ...patterns]);
  // Flags of a benchmark or `-v` show what passing tests print, and so does testing what is in the current directory.
  const shows = words.length === 0 || test.some((flag) => /^-test\.(?:v=true|bench=|list=)/.test(flag));
  const timeout = test.some((flag) => flag.startsWith("-test.timeout=")) ? [] : [`-test.timeout=${defaultTimeout}`];
  const { dump: _, ...options } = runOptions(flags);
  let failed = false;
  let tested: readonly TestedPackage[];
  try {
    tested = testedPackages(settings);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  for (const { pattern, importPath, dir } of tested) {
    const started = Date.now();
    const elapsed = (): string => `${((Date.now() - started) / 1000).toFixed(3)}s`;
    try {
      const built = await buildProgram({
        settings: { ...settings, patterns: pattern },
        test: true,
        dump: null,
        countSaved: false,
        check: options.check,
      });
      if (built === null) {
        process.stdout.write(`?   \t${importPath}\t[no test files]\n`);
        continue;
      }
      const job: ProgramJob = {
        kind: "program",
        module: built.module,
        dataEnd: built.dataEnd,
        counters: [],
        options: {
          ...options,
          ...surroundings(settings),
          cwd: dir,
          args: [`/tmp/goesc/${basename(importPath)}.test`, "-test.paniconexit0", ...timeout, ...test],
        },
      };
      const output: Uint8Array[] = [];
      const result = await runInWorker(workerFile(), job, (bytes) => output.push(bytes));
      const passed = result.code === 0 && result.failure === null;
      if (shows || !passed) for (const bytes of output) process.stdout.write(bytes);
      if (result.failure !== null) process.stdout.write(`goesc: ${result.failure}\n`);
      if (passed) process.stdout.write(`ok  \t${importPath}\t${elapsed()}\n`);
      else process.stdout.write(`FAIL\t${importPath}\t${elapsed()}\n`);
      failed ||= !passed;
    } catch (error) {
      if (!(error instanceof BuildError) && !(error instanceof TestFileError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.stdout.write(`FAIL\t${importPath} [${error instanceof BuildError ? "build" : "setup"} failed]\n`);
      failed = true;
    }
  }
  if (failed) process.stdout.write("FAIL\n");
  return failed ? 1 : 0;
}
