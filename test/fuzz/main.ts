/** `npm run fuzz -- [--count 20000] [--seed 1] [--only N]` damages Go files and looks for crashes (mutations.ts);
 *  `npm run fuzz -- --programs N [--seed 1] [--only N] [--flags='-m -l'] [--std]` compares what goesc and the real
 *  compiler print for random programs (programs/run.ts), and makes programs that tell them apart small. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, Worker } from "node:worker_threads";
import { parseCompilerFlags } from "../../src/cli/args.ts";
import { findGoroot } from "../goroot.ts";
import { fuzzMutations } from "./mutations.ts";
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
      programs: { type: "string" },
      flags: { type: "string", default: "-m -l" },
      std: { type: "boolean", default: false },
      limit: { type: "string", default: "10" },
    },
  });
  const goroot = findGoroot();
  if (goroot === null) {
    console.error("fuzz: no Go installation found (imports are read from its sources)");
    process.exit(2);
  }
  const seed = Number(values.seed);
  const only = values.only === undefined ? null : Number(values.only);

  if (values.programs !== undefined) {
    const { m, l } = parseCompilerFlags(values.flags.split(/\s+/));
    const count = Number(values.programs);
    const { programs, lines, rejected, findings } = await runPrograms({
      goroot,
      count,
      seed,
      flags: { m, l },
      std: values.std,
      shrink: true,
      only,
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
