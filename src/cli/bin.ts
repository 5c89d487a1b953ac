/** The program's entry: runs the command line and ends with its exit code. Its worker threads start here too. */
import { isMainThread, workerData } from "node:worker_threads";
import { serveProgram } from "../host/run-host.ts";
import { serveAnalyses } from "./analyze.ts";
import { main } from "./main.ts";

// A reader that went away (`goesc -m std | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else if ((workerData as { kind?: string }).kind === "program") serveProgram();
else serveAnalyses();
