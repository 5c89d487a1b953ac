/** The program `goesc-vettool`: the tool of `go vet -vettool=…`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { hashHex } from "../../base/hash.ts";
import { defaultCacheLimit } from "../../host/cache.ts";
import { keepCode, noteUse, programFile } from "../../host/code-cache.ts";
import { optimizeLess } from "../../host/jit.ts";
import { parseVetArgs, type VetArgs, vetFlags } from "./protocol.ts";
import { runUnit } from "./unit.ts";

const usage = `goesc-vettool is run by go: go vet -vettool=$(which goesc-vettool) [-heap] [-fixes] [-l] [packages]
`;

const self = fileURLToPath(import.meta.url);

if (isMainThread) main(process.argv.slice(2));
else process.exitCode = runUnit(workerData as VetArgs);

function main(args: readonly string[]): void {
  if (args.length === 1 && /^--?V=full$/.test(args[0])) {
    // The hash of the program: go does again what another build has done.
    process.stdout.write(`goesc-vettool version devel goesc buildID=${hashHex(readFileSync(programFile(self)))}\n`);
    return;
  }
  if (args.length === 1 && /^--?flags$/.test(args[0])) {
    process.stdout.write(`${JSON.stringify(vetFlags)}\n`);
    return;
  }
  const parsed = parseVetArgs(args);
  if (parsed === null) {
    const fixing = args.some((arg) => /^--?(?:fix|diff)\b/.test(arg));
    process.stderr.write(
      fixing ? "goesc-vettool: go vet -fix is not supported: goesc explain -fix N -w applies an edit\n" : usage,
    );
    process.exitCode = 2;
    return;
  }
  optimizeLess();
  try {
    process.exitCode = runUnit(parsed);
    noteUse("unit");
    keepCode(self, defaultCacheLimit);
  } catch (error) {
    // A thread may have a deeper stack than this one.
    if (!(error instanceof RangeError && error.message.includes("call stack"))) throw error;
    const worker = new Worker(self, { workerData: parsed, resourceLimits: { stackSizeMb: 256 } });
    worker.on("exit", (code) => {
      process.exitCode = code;
    });
  }
}
