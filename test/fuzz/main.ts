/** `npm run fuzz -- [--count 20000] [--seed 1] [--only N]` damages Go files and looks for crashes (mutations.ts);
 *  `npm run fuzz -- --programs N [--seed 1] [--only N] [--flags='-m -l'] [--std] [--pairs 30]` compares what goesc
 *  and the real compiler print for random programs (programs/run.ts), and makes programs that tell them apart small
 *  (--whole leaves them as they are). --pairs says how many of a hundred programs import a package that is generated, too; --front-end has the programs
 *  compiled by a compiler that is built from GOROOT without the generation of code, which takes most of the time and
 *  prints nothing. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, Worker } from "node:worker_threads";
import { parseCompilerFlags } from "../../src/cli/args.ts";
import { findGoroot } from "../goroot.ts";
import { fuzzMutations } from "./mutations.ts";
import { frontEnd } from "./programs/front-end.ts";
import { runPrograms } from "./programs/run.ts";

// Nested as deep as the parser allows, a tree needs more stack than the main thread has; the command does likewise.
if (isMainThread) {
  const worker = new Worker(fileURLToPath(import.meta.url), {
    argv: process.argv.slice(2),
    resourceLimits: { stackSizeMb: 256, maxOldGenerationSizeMb: 6144 },
  });
  worker.on("exit", (code) => {
    process.exitCode = code;
  });
} else {
  await fuzz();
}

async function fuzz(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      file: { type: "string" },
      programs: { type: "string" },
      flags: { type: "string", default: "-m -l" },
      std: { type: "boolean", default: false },
      limit: { type: "string", default: "10" },
      pairs: { type: "string", default: "30" },
      whole: { type: "boolean", default: false },
      "front-end": { type: "boolean", default: false },
    },
  });
  const goroot = findGoroot();
  if (goroot === null) {
    console.error("fuzz: no Go installation found (imports are read from its sources)");
    process.exit(2);
  }
  const seed = Number(values.seed);
  const only = values.only === undefined ? null : Number(values.only);

  if (values.programs !== undefined || values.file !== undefined) {
    const { m, l } = parseCompilerFlags(values.flags.split(/\s+/));
    const count = values.file === undefined ? Number(values.programs) : 1;
    const { programs, lines, rejected, findings } = await runPrograms({
      goroot,
      count,
      seed,
      flags: { m, l },
      std: values.std,
      pairs: Number(values.pairs),
      compiler: values["front-end"] ? frontEnd(goroot) : "",
      shrink: !values.whole,
      only,
      file: values.file ?? null,
      limit: Number(values.limit),
    });
    for (const text of rejected) console.log(`refused: ${text}`);
    console.log(
      `${programs} programs, seed ${seed}, ${values.flags}: ${lines} lines, ${rejected.length} programs refused by the compiler, ${findings.length} differences`,
    );
    process.exit(findings.length > 0 ? 1 : 0);
  } else {
    process.exit(fuzzMutations({ goroot, count: Number(values.count), seed, only }) > 0 ? 1 : 0);
  }
}
