/** The program's entry: runs the command line and ends with its exit code. Its worker threads start here too. */
import { fileURLToPath } from "node:url";
import { isMainThread, workerData } from "node:worker_threads";
import { keepCode } from "../host/code-cache.ts";
import { serveProgram } from "../host/serve-program.ts";
import { serveAnalyses } from "./analyze.ts";
import { cacheLimit } from "./cache.ts";
import { crashText } from "./crash.ts";
import { main } from "./main.ts";

/** Nothing that goesc did not foresee shows as a trace of its own code. */
function crash(error: unknown): never {
  // A reader that went away (`goesc -m std | head`) is no error.
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "EPIPE" && syscall === "write") process.exit(0);
  process.stderr.write(crashText(error));
  process.exit(2);
}

function end(code: number): void {
  process.exitCode = code;
  keepCode(fileURLToPath(import.meta.url), cacheLimit());
}

if (isMainThread) {
  process.on("uncaughtException", crash);
  void main(process.argv.slice(2)).then(end, crash);
} else if ((workerData as { kind?: string }).kind === "program") serveProgram();
else serveAnalyses();
